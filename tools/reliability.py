"""Write docs/reliability.md: each promise, the test that holds it, and what the runs counted.

    python -m tools.reliability --minutes 10 --times 200     # runs the fuzzer and the kills, then writes the page

Nothing on the page is typed by hand: the figures are what this run counted, the tests are looked up.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
PROMISES = (
    ("同样的材料、同样的程序，生成的文件逐字节相同", "test_samples.py", "test_two_builds_give_the_same_bytes"),
    ("几个进程一起做，结果和一份一份做逐字节相同", "test_batch.py", "test_processes_write_the_same_bytes_in_the_same_order"),
    ("文字怎么填的，就怎么写出来", "test_properties.py", "test_any_text_of_a_cell_stands_in_the_report_as_it_was_typed"),
    ("正文怎么写的，就怎么写出来", "test_properties.py", "test_any_words_of_the_prose_stand_in_the_report_as_they_were_typed"),
    ("数字只有写得清楚才收，读出来就是写的那个数", "test_properties.py",
     "test_what_looks_like_a_number_has_its_own_digits_or_is_refused"),
    ("行、列、表换了次序，数不变", "test_properties.py", "test_the_order_of_columns_rows_lines_and_sheets_changes_no_fact"),
    ("得分在零和满分之间，数更好不会得分更低", "test_properties.py",
     "test_whatever_the_rule_a_score_lies_between_nothing_and_all_and_a_better_value_earns_no_less"),
    ("失了分才有扣分说明，失了分一定有", "test_properties.py", "test_an_explanation_stands_exactly_where_points_were_lost"),
    ("改一个单元格，报告里靠它的数都跟着变", "test_provenance.py", "test_whatever_rests_on_a_cell_follows_it"),
    ("每种坏文件、坏数据都说得出哪里不对", "test_bad_inputs.py", "test_the_words_of_every_message"),
    ("有意做坏的文件在时限、内存以内拒绝", "test_limits.py", "test_a_file_made_to_do_harm_is_refused_in_time"),
    ("文件名在 Windows、Linux、macOS 上都能用", "test_publish.py", "test_any_title_is_a_name_that_windows_linux_and_macos_take"),
    ("出文之前检查每份文件，坏一个字节也看得出", "test_gate.py", "test_a_flipped_byte_is_refused"),
    ("写文件时哪一步出错，都是旧文件或新文件", "test_files.py", "test_whichever_call_fails_there_is_the_old_file_or_the_new_one"),
    ("磁盘满了，旧文件还在", "test_files.py", "test_a_full_disk_leaves_the_old_file_whole"),
    ("改动过的报告不覆盖", "test_batch.py", "test_a_report_changed_by_hand_is_never_overwritten"),
    ("一份材料弄垮了程序，只少它一份", "test_batch.py",
     "test_a_submission_that_kills_its_worker_is_named_and_all_others_are_built"),
    ("两次运行同一个输出文件夹，第二次停下，说出是谁", "test_batch.py", "test_a_second_run_stops_and_names_the_first"),
)  # fmt: skip


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


def page(fuzzed: dict[str, Any], killed: dict[str, Any]) -> str:
    """The page, from what two runs counted."""
    lines = ["# 说到做到", "", "由 `python -m tools.reliability` 写成，不要手改。", "", "| 保证 | 由哪个测试守着 |", "|---|---|"]
    lines += [f"| {promise} | `tests/{file}::{test}` |" for promise, file, test in PROMISES]
    damage = "、".join(f"{name} {count}" for name, count in fuzzed["damage"].items())
    results = "、".join(f"{name} {count}" for name, count in fuzzed["results"].items())
    faults = len(fuzzed["failures"])
    trial = f"弄坏样例再做：{fuzzed['runs']}次（{damage}）。结果：{results}；出错{faults}次，最慢{fuzzed['slowest']:.1f}秒。"
    kills = f"一批做到一半时强行中断（kill −9）：{killed['kills']}次，其中{killed['midway']}次正好做了一部分；"
    again = f"再运行一次，接着用上{killed['kept']}份，重做{killed['made']}份；半截的、多出的、丢了的{len(killed['faults'])}份。"
    lines += ["", "## 长时间的试验", "", f"- {trial}", f"- {kills}{again}", ""]
    return "\n".join(lines)


def main() -> None:
    """Run both trials and write the page; exit code 1 when either found a fault."""
    parser = argparse.ArgumentParser(description="Write docs/reliability.md from what the runs count.")
    parser.add_argument("--minutes", default="10", help="of fuzzing (default 10)")
    parser.add_argument("--times", default="200", help="kills (default 200)")
    options = parser.parse_args()
    fuzzed = counted("tests.fuzz", "--minutes", options.minutes, "--first", "1")
    killed = counted("tests.kill", "--times", options.times)
    PAGE.write_text(page(fuzzed, killed), "utf-8", newline="\n")
    sys.exit(bool(fuzzed["failures"] or killed["faults"]))


if __name__ == "__main__":
    main()
