"""Write docs/reliability.md: each promise, the test that holds it, and how much this run of it tried.

    python -m tools.reliability --minutes 10 --times 200     # the tests of the promises, the fuzzer and the kills, then the page

Nothing on the page is typed by hand: the figures are what this run counted, the tests are looked up, and the mutants are
those of the last `make mutants`, which takes an hour of its own.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
MUTANTS = ROOT / "tests" / "mutants.json"
PROMISES: dict[str, tuple[tuple[str, str], ...]] = {
    "材料": (
        ("材料里的问题一次说全，说到单元格；说不到单元格的，说到表或段", "bad_inputs.every_message_says_where_and_what_to_do"),
        ("每种坏文件、坏数据都说得出哪里不对，每个代码都有材料引出来", "bad_inputs.every_code_is_told_by_some_submission"),
        ("说的每一句话都逐字核对过", "bad_inputs.the_words_of_every_message"),
        ("文字怎么填的，就怎么写出来", "properties.any_text_of_a_cell_stands_in_the_report_as_it_was_typed"),
        ("正文怎么写的，就怎么写出来", "properties.any_words_of_the_prose_stand_in_the_report_as_they_were_typed"),
        ("数字只有写得清楚才收，读出来就是写的那个数", "properties.what_looks_like_a_number_has_its_own_digits_or_is_refused"),
        ("行、列、表换了次序，数不变", "properties.the_order_of_columns_rows_lines_and_sheets_changes_no_fact"),
        ("有意做坏的文件在时限、内存以内拒绝", "limits.a_file_made_to_do_harm_is_refused_in_time"),
        ("样例随便弄坏，要么说出问题，要么报告是对的", "fuzz.whatever_is_damaged_is_told_or_makes_a_sound_report"),
        ("材料从来不改动", "cli.nothing_is_written_among_the_inputs"),
    ),
    "模板": (
        ("模板取不到程序里的东西，不联网，不运行程序", "template.known_ways_out_of_a_template_lead_nowhere"),
        ("模板里有宏、外部引用的，不用", "template.unsafe_templates_are_refused"),
        ("模板做起来没完没了的，到时候停下", "template.a_template_that_runs_away_is_stopped"),
        ("模板要的名称没有，不会悄悄空着", "losses.a_missing_name_is_a_silent_blank"),
    ),
    "运行": (
        ("同样的材料、同样的程序，生成的文件逐字节相同", "samples.two_builds_give_the_same_bytes"),
        ("文件里没有生成时间", "render.equal_inputs_give_equal_bytes_and_the_title_and_date_are_ours"),
        ("在哪个时区都逐字节相同", "environment.the_reports_have_the_same_bytes_in_every_time_zone"),
        ("几个进程一起做，结果和一份一份做逐字节相同", "batch.processes_write_the_same_bytes_in_the_same_order"),
        ("报告要么是完整的新文件，要么还是旧文件", "files.whichever_call_fails_there_is_the_old_file_or_the_new_one"),
        ("磁盘满了，旧文件还在", "files.a_full_disk_leaves_the_old_file_whole"),
        ("做到一半断了，再运行一次接着做，不多不少", "kill.a_batch_killed_at_random_moments_loses_nothing"),
        ("改动过的报告不覆盖", "batch.a_report_changed_by_hand_is_never_overwritten"),
        ("正在 Word 里开着的，写成另一份并说明", "batch.a_report_open_in_word_gets_a_new_one_beside_it"),
        ("一份材料弄垮了程序，只少它一份", "batch.a_submission_that_kills_its_worker_is_named_and_all_others_are_built"),
        ("两次运行同一个输出文件夹，第二次停下，说出是谁", "batch.a_second_run_stops_and_names_the_first"),
        ("文件名在 Windows、Linux、macOS 上都能用", "publish.any_title_is_a_name_that_windows_linux_and_macos_take"),
        ("窗口是什么编码，话都一样，不会因为一个字出错", "environment.what_is_written_to_a_file_is_utf_8_whatever_the_console"),
    ),
    "出文": (
        ("出文之前自己检查一遍：没有没填的标记，每个数与台账一致，表格完整", "gate.any_damage_is_named"),
        ("文件坏一个字节也看得出", "gate.a_flipped_byte_is_refused"),
        ("数据.xlsx 来的每个数都有书签，查得到单元格", "provenance.no_figure_of_four_digits_or_more_stands_in_the_report_unmarked"),
        ("改一个单元格，报告里靠它的数都跟着变", "provenance.whatever_rests_on_a_cell_follows_it"),
        ("材料里写满别处当作标记、公式、路径的字，文件照样合格", "hostile.the_open_xml_sdk_finds_nothing"),
    ),
    "分数": (
        ("金额从头到尾按十进制算，四舍五入", "numerals.rounding_is_half_up_away_from_zero"),
        ("总分是各指标得分之和，每个指标至多舍入一次", "rules.an_indicator_is_rounded_once_after_adding_up"),
        ("得分在零和满分之间，数更好不会得分更低",
         "properties.whatever_the_rule_a_score_lies_between_nothing_and_all_and_a_better_value_earns_no_less"),
        ("失了分才有扣分说明，失了分一定有：每种规则都试", "properties.an_explanation_stands_exactly_where_points_were_lost"),
    ),
}  # fmt: skip


CASE = "例"
ENDED = {"failure": "例没有通过", "error": "例没有做成", "skipped": "例跳过"}  # pytest's words for how a case ended, and ours


def names_of_tests(file: str) -> set[str]:
    """The names of a file's tests."""
    return set(re.findall(r"^def (test_\w+)", (ROOT / "tests" / file).read_text("utf-8"), re.MULTILINE))


def counted(module: str, *options: str) -> dict[str, Any]:
    """What a long run says that it did."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "counts.json"
        subprocess.run([sys.executable, "-m", module, *options, "--out", str(out)], cwd=ROOT, check=False, capture_output=True)
        found: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return found


def place(test: str) -> tuple[str, str]:
    """The file and the name of the test that stands behind a promise."""
    file, _, name = test.partition(".")
    return f"test_{file}.py", f"test_{name}"


def held(times: str) -> dict[str, Counter[str]]:
    """How much the test of each promise tried, by what it counts: its cases, what it noted itself, what hypothesis made up.

    Hypothesis makes up so many times as much as it does in `make test`."""
    tests = {f"tests/{'::'.join(place(test))}": test for promises in PROMISES.values() for _, test in promises}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "junit.xml"
        # only the older form of the file takes the properties of a test without a warning
        command = [sys.executable, "-m", "pytest", "-q", "-o", "junit_family=xunit1", f"--junitxml={out}", *tests]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True, env={**os.environ, "EXAMPLES_TIMES": times})
        return tried_by(ET.parse(out).getroot(), tests)


def tried_by(junit: ET.Element, tests: dict[str, str]) -> dict[str, Counter[str]]:
    """The same, read from what pytest wrote of its run."""
    found: dict[str, Counter[str]] = {test: Counter() for test in tests.values()}
    for case in junit.iter("testcase"):
        counts = found[tests[f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"]]
        counts[next((ENDED[child.tag] for child in case if child.tag in ENDED), CASE)] += 1
        for note in case.iter("property"):
            counts[note.get("name", "")] += int(note.get("value", ""))
    for note in junit.iterfind("testsuite/properties/property"):
        text = base64.b64decode(note.get("value", "")).decode()
        examples = sum(map(int, re.findall(r"- (\d+) passing", text)))
        found[tests[note.get("name", "").removeprefix("hypothesis-statistics-").partition("[")[0]]]["组随机的数据"] += examples
    return found


def figure(counts: Counter[str]) -> str:
    """What a test tried in words: the number of its cases only where it counts nothing else, and whatever did not pass."""
    return "，".join(f"{count}{what}" for what, count in counts.items() if what != CASE or len(counts) == 1)


def page(held: dict[str, Counter[str]], fuzzed: dict[str, Any], killed: dict[str, Any], tried: dict[str, Any]) -> str:
    """The page, from what the tests, two long runs and the mutants counted."""
    lines = ["# 说到做到", "", "由 `python -m tools.reliability` 写成，不要手改。", ""]
    lines += ["| | 保证 | 由哪个测试守着 | 这次试了 |", "|---|---|---|---|"]
    for subject, promises in PROMISES.items():
        for promise, test in promises:
            lines.append(f"| {subject} | {promise} | `tests/{'::'.join(place(test))}` | {figure(held[test])} |")
    return "\n".join([*lines, *_long_runs(fuzzed, killed), *_mutants(tried)])


def _long_runs(fuzzed: dict[str, Any], killed: dict[str, Any]) -> list[str]:
    damage = "、".join(f"{name} {count}" for name, count in fuzzed["damage"].items())
    results = "、".join(f"{name} {count}" for name, count in fuzzed["results"].items())
    faults = len(fuzzed["failures"])
    trial = f"弄坏样例再做：{fuzzed['runs']}次（{damage}）。结果：{results}；出错{faults}次，最慢{fuzzed['slowest']:.1f}秒。"
    kills = f"一批做到一半时强行中断（kill −9）：{killed['kills']}次，其中{killed['midway']}次正好做了一部分；"
    again = f"再运行一次，接着用上{killed['kept']}份，重做{killed['made']}份；半截的、多出的、丢了的{len(killed['faults'])}份。"
    return ["", "## 长时间的试验", "", f"- {trial}", f"- {kills}{again}"]


def _mutants(tried: dict[str, Any]) -> list[str]:
    """How many small changes of the program the tests noticed, by file."""
    how = f"每次改坏一个小地方（{tried['tool']}，`make mutants`），看测试发现不发现："
    lines = ["", "## 改坏程序再测", "", f"数字、计分规则、计分的程序，{how}", ""]
    lines += ["| 程序 | 改法 | 试了 | 发现 | 没发现 |", "|---|--:|--:|--:|--:|"]
    rows: dict[str, tuple[int, ...]] = {
        f"`{file}`": (one["mutants"], one["tried"], one["killed"]) for file, one in tried["modules"].items()
    }
    rows["合计"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    lines += [f"| {name} | {every} | {done} | {killed} | {done - killed} |" for name, (every, done, killed) in rows.items()]
    return [*lines, "", "没发现的列在 `tests/mutants.json`，逐个看过：[为什么](decisions/0020-mutants.md)。", ""]


def main() -> None:
    """Run the tests and both trials and write the page; exit code 1 when any of them found a fault."""
    parser = argparse.ArgumentParser(description="Write docs/reliability.md from what the runs count.")
    parser.add_argument("--minutes", default="10", help="of fuzzing (default 10)")
    parser.add_argument("--examples", default="20", help="so many times what hypothesis tries in make test (default 20)")
    parser.add_argument("--times", default="200", help="kills (default 200)")
    options = parser.parse_args()
    promises = held(options.examples)
    fuzzed = counted("tests.fuzz", "--minutes", options.minutes, "--first", "1")
    killed = counted("tests.kill", "--times", options.times)
    tried = json.loads(MUTANTS.read_text("utf-8"))
    PAGE.write_text(page(promises, fuzzed, killed, tried), "utf-8", newline="\n")
    broken = any(set(counts) & set(ENDED.values()) for counts in promises.values())
    sys.exit(bool(broken or fuzzed["failures"] or killed["faults"]))


if __name__ == "__main__":
    main()
