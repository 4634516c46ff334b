"""The command line as users and their scripts meet it: exit codes, Chinese words, JSON shapes, and never a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import cli
from reportgen.commands.pages import tables
from tests.support.kinds import BASICS, MONEY, Library
from tests.support.samples import LUOHU, ROOT, copy_of
from tests.support.workbooks import prose, save, workbook

USAGE = "。请看 reportgen --help\n"


@dataclass(frozen=True)
class Result:
    """What a run gave."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


def run_in(folder: Path, *arguments: str, **environment: str) -> Result:
    """The program run as a user does, in a process of its own; no run may show a traceback."""
    command = [sys.executable, "-W", "error", "-m", "reportgen", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=folder, capture_output=True, env=given, timeout=120, check=False)
    result = Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in result.out + result.err
    return result


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the program in the test's folder."""
    return lambda *arguments, **environment: run_in(tmp_path, *arguments, **environment)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


BROKEN = MONEY.replace("80", "约4800")
BROKEN_LINE = "错误 E221 数据.xlsx › 经费 › B2：“约4800”不是数字（请只填数字，单位写在表头）"


# ── help ──

COMMANDS = {
    "new": "做一份空的数据.xlsx 和正文.docx，照着填就行；已有的文件不动。",
    "check": "检查报送材料，列出全部问题和位置；也检查 templates 里的类型和版本。",
    "score": "计算评分表：每个指标的得分、失分和理由。",
    "build": "生成报告和台账；有问题的材料不生成，也不影响其他的。",
    "explain": "说明一个数或一个得分从哪里来，一直追到单元格。",
    "gather": "把下属单位的材料汇总到本部门的数据.xlsx，原来的另存一份。",
    "show": "把评分表、类型、工作簿或 Word 文件写成文字。",
    "names": "列出模板和正文能用的全部名称和格式。",
    "codes": "说明问题代码的意思和办法；不写代码，列出全部。",
}
ENGLISH = re.compile(r"Usage|Options|Commands|Show this|Error|Missing|Arguments|default|DIRECTORY|PATH|TEXT\b")


def test_the_help_lists_every_command_in_chinese(run: Run) -> None:
    for option in ("--help", "-h"):
        result = run(option)
        assert result.code == 0
        for name, sentence in COMMANDS.items():
            assert re.search(rf"{name} +{sentence}", result.out)
        assert not ENGLISH.search(result.out)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_its_help_in_chinese(command: str, run: Run) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert COMMANDS[command] in result.out
    assert "显示这份帮助。" in result.out
    assert not ENGLISH.search(result.out)


def test_every_command_and_option_is_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    listed = re.findall(r"^\| `(-*[a-z]+(?:-[a-z]+)*)", page, re.MULTILINE)
    parameters = [one for command in (cli, *cli.commands.values()) for one in command.params]
    options = {option for one in parameters for option in one.opts if option.startswith("--")}
    assert sorted(COMMANDS) == sorted(cli.commands) == sorted(name for name in listed if name[0] != "-")
    assert sorted(options) == sorted(name for name in listed if name[0] == "-")
    with_format = next(line for line in page.splitlines() if line.startswith("| `--format"))
    asked = {name for name, command in cli.commands.items() if any(one.name == "form" for one in command.params)}
    assert {name for name in COMMANDS if f"`{name}`" in with_format} == asked


def test_every_code_that_the_help_names_is_on_the_page_of_codes(run: Run) -> None:
    helps = "".join(run(*name, "--help").out for name in ([], *([name] for name in COMMANDS)))
    assert set(re.findall(r"\b[A-Z]\d{2,3}\b", helps)) <= {row[0] for _, rows in tables("codes.md") for row in rows}


def test_no_argument_shows_the_help_as_wrong_usage(run: Run) -> None:
    result = run()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("用法：")


def test_the_version(run: Run) -> None:
    result = run("--version")
    assert (result.code, re.fullmatch(r"reportgen \d+\.\d+\.\d+\n", result.out) is not None) == (0, True)


# ── wrong usage ──


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check"], "缺少文件夹…"),
        (["explain", "."], "缺少名称"),
        (["chek", "."], "没有“chek”这个命令，您是不是要找“check”"),
        (["check", "--fromat", "json", "."], "没有“--fromat”这个选项，您是不是要找“--format”"),
        (["check", "--format", "xml", "."], "“--format”只能是text、json"),
        (["check", "--format"], "选项“--format”后面要写一个值"),
        (["build", ".", "--out"], "选项“--out”后面要写一个值"),
        (["build", ".", "--out", "清单.txt"], "“--out”要写一个文件夹，写的是文件"),
        (["--debug=1", "check", "."], "选项“--debug”后面不要写值"),
        (["explain", ".", "甲", "乙"], "多写了“乙”"),
        (["explain", ".", "甲", "乙", "丙"], "多写了“乙 丙”"),
        (["check", "没有"], "没有“没有”这个文件夹"),
        (["check", "清单.txt"], "“清单.txt”是文件，请给出它所在的文件夹"),
        (["explain", "没有", "甲"], "没有“没有”这个文件夹"),
        (["score", ".", "--set"], "选项“--set”后面要写一个值"),
        (["score", ".", "--set", "全年支出"], "--set 全年支出：应写成 名称=值"),
        (["score", ".", "--set", "=3"], "--set =3：应写成 名称=值"),
        (["score", ".", "--set", "全年支出=很多"], "--set 全年支出=很多：“很多”不是数字"),
    ],
)
def test_wrong_usage_is_said_in_chinese(arguments: list[str], sentence: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "清单.txt").write_text("甲", "utf-8")
    assert run(*arguments) == Result(2, "", f"用法不对：{sentence}{USAGE}")


# ── check ──


def test_a_sound_submission_passes(run: Run, library: Library) -> None:
    library.write()
    result = run("check", "材料")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "材料/小镇（小镇图书馆，2024年，library/town-2024）\n  共0个问题：0个错误、0个核实（已说明0个）、0个提醒。可以生成报告。\n"
    )


def test_every_problem_is_shown_with_its_place_and_advice(run: Run, library: Library) -> None:
    library.checks = "- {编号: J01, 须: 全年支出 ≤ 全年预算, 级别: 核实, 说明: 支出一般不超过预算}"
    library.write(sheets={"经费": MONEY.replace("支出 | 100", "支出 | 101"), "自评": "评定指标 | 计分项 | 评定\n服务 | 1 | 1"})
    result = run("check", "材料/小镇")
    assert result.code == 1
    assert result.out.splitlines() == [
        "材料/小镇（小镇图书馆，2024年，library/town-2024）",
        "  核实 J01 数据.xlsx › 经费 › B4：支出一般不超过预算：全年支出101.00，全年预算100.00（涉及：经费 B3）",
        "       属实的，请在“审核说明”表写明：问题代码 J01，再写说明",
        "  错误 E508 数据.xlsx › 自评 › A2：评分表没有“服务”这个指标",
        "  共2个问题：1个错误、1个核实（已说明0个）、0个提醒。不能生成报告，请先处理错误和没有说明的核实项。",
    ]


def test_warnings_alone_are_no_failure(run: Run, library: Library) -> None:
    library.write(sheets={"经费": MONEY.replace("| 80 |", "| '80 |")})
    assert run("check", "材料").code == 0


# ── JSON ──

TEXT = str
HEAD = {"folder": TEXT, "kind": TEXT, "edition": TEXT, "unit": TEXT, "year": TEXT}
PLACE = {"file": TEXT, "part": TEXT, "mark": TEXT}
PROBLEM = {"place": PLACE, "level": TEXT, "code": TEXT, "message": TEXT, "hint": TEXT, "answered": TEXT}
EVIDENCE = {"name": TEXT, "value": TEXT, "unit": TEXT, "place": PLACE}
CRITERION = {"text": TEXT, "rule": TEXT, "points": TEXT, "earned": TEXT, "value": TEXT, "unit": TEXT, "evidence": [EVIDENCE]}
INDICATOR = {"level1": TEXT, "level2": TEXT, "level3": TEXT, "points": TEXT, "earned": TEXT, "lost": TEXT,
             "explanation": TEXT, "reason": TEXT, "remedy": TEXT, "criteria": [CRITERION]}  # fmt: skip
GROUP = {"name": TEXT, "level": int, "points": TEXT, "earned": TEXT}
SHAPES: dict[str, Any] = {
    "check": {"submissions": [{**HEAD, "problems": [PROBLEM]}]},
    "score": {"submissions": [{**HEAD, "total": TEXT, "grade": TEXT, "groups": [GROUP], "indicators": [INDICATOR]}]},
    "build": {
        "submissions": [{"folder": TEXT, "status": TEXT, "files": [TEXT], "problems": [PROBLEM]}],
        "asked": int,
        "made": int,
        "unchanged": int,
        "failed": int,
    },
}
OPTIONAL = {"value": (TEXT, type(None))}  # what a hand-judged line has none of


def differences(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Where a JSON value has other keys or types than the contract."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or set(wanted) - set(found):
            return [f"{where}: {found!r} lacks {set(wanted) - set(found)}"]
        return [one for key in wanted for one in differences(found[key], OPTIONAL.get(key, wanted[key]), f"{where}.{key}")]
    if isinstance(wanted, list):
        if not isinstance(found, list):
            return [f"{where}: {found!r} is no list"]
        return [line for i, one in enumerate(found) for line in differences(one, wanted[0], f"{where}[{i}]")]
    return [] if isinstance(found, wanted) and not isinstance(found, bool) else [f"{where}: {found!r}"]


@pytest.mark.parametrize("command", SHAPES)
def test_json_has_the_promised_shape(command: str, run: Run) -> None:
    result = run(command, str(LUOHU), "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert differences(result.json(), SHAPES[command]) == []


@pytest.mark.parametrize("command", ["check", "build"])
def test_json_of_a_broken_submission_has_the_promised_shape(command: str, run: Run, library: Library) -> None:
    library.write(sheets={"经费": BROKEN})
    result = run(command, "材料", "--format", "json")
    assert result.code == 1
    assert differences(result.json(), SHAPES[command]) == []


def test_check_in_json(run: Run, library: Library) -> None:
    library.write(sheets={"经费": BROKEN})
    assert run("check", "材料", "--format", "json").json() == {
        "submissions": [
            {
                "folder": "小镇",
                "kind": "library",
                "edition": "town-2024",
                "unit": "小镇图书馆",
                "year": "2024",
                "problems": [
                    {
                        "place": {"file": "数据.xlsx", "part": "经费", "mark": "B2"},
                        "level": "error",
                        "code": "E221",
                        "message": "“约4800”不是数字",
                        "hint": "请只填数字，单位写在表头",
                        "answered": "",
                    }
                ],
            }
        ]
    }


def test_score_in_json_has_exact_values_and_rounded_scores(run: Run, library: Library) -> None:
    library.write(sheets={"经费": "项目 | 填报内容\n年初预算 | 80\n全年预算 | 300\n全年支出 | 200"})
    (scored,) = run("score", "材料", "--format", "json").json()["submissions"]
    (one,) = scored["indicators"]
    assert (scored["total"], scored["grade"], one["earned"], one["lost"], one["points"]) == ("66.67", "中", "66.67", "33.33", "100")
    (line,) = one["criteria"]
    assert (line["text"], line["rule"], line["unit"], line["value"][:8]) == ("执行率", "按比例", "%", "0.666666")
    assert line["evidence"] == [
        {"name": name, "value": value, "unit": "万元", "place": {"file": "数据.xlsx", "part": "经费", "mark": mark}}
        for name, value, mark in (("全年支出", "200", "B4"), ("全年预算", "300", "B3"))
    ]


def test_a_submission_that_can_not_be_scored_has_its_problems_instead(run: Run, library: Library) -> None:
    library.write(sheets={"经费": BROKEN.replace("全年支出 | 100", "全年支出 | ")})
    result = run("score", "材料", "--format", "json")
    (one,) = result.json()["submissions"]
    assert (result.code, "total" in one, [problem["code"] for problem in one["problems"]]) == (1, False, ["E221", "E205"])


# ── score --set ──


def test_a_trial_is_marked_and_changes_the_score_only(run: Run, library: Library) -> None:
    library.write()
    result = run("score", "材料", "--set", "全年支出=55.5", "--set", "全年预算＝111")
    assert result.code == 0
    assert result.out.splitlines()[0].endswith("　【测算，不保存】")
    assert result.out.splitlines()[-1] == "  总分 50，差"
    assert run("score", "材料").out.splitlines()[-1] == "  总分 100，优"


def test_a_worked_out_fact_and_a_blank_one_can_be_tried_too(run: Run, library: Library) -> None:
    library.write(sheets={"经费": MONEY + "读者满意度 | | %"})
    assert run("score", "材料", "--set", "执行率=61.5%").out.splitlines()[-1] == "  总分 61.5，中"
    assert run("score", "材料", "--set", "读者满意度=90%").code == 0


@pytest.mark.parametrize(
    ("trial", "sentence"),
    [
        ("全年之出=3", "没有叫“全年之出”的数据项，您是不是要找“全年支出”"),
        ("执行率=0.9", "“执行率”是百分数，请写成 90% 这样"),
        ("全年支出=90%", "“全年支出”不是百分数，不要带 %"),
    ],
)
def test_a_trial_that_makes_no_sense_is_refused(trial: str, sentence: str, run: Run, library: Library) -> None:
    library.write()
    assert run("score", "材料", "--set", trial) == Result(2, "", f"用法不对：{sentence}{USAGE}")


# ── explain ──


def test_a_fact_is_explained_down_to_its_cells(run: Run, library: Library) -> None:
    library.write()
    result = run("explain", "材料/小镇", "增长率")
    assert (result.code, result.out.splitlines()) == (
        0,
        [
            "增长率＝25.00%",
            "  公式：(全年预算 - 年初预算) / 年初预算",
            "  算式：(100.00－80.00)÷80.00×100%＝25.00%",
            "  来自 数据.xlsx › 经费 › B3：全年预算 100.00万元",
            "  来自 数据.xlsx › 经费 › B2：年初预算 80.00万元",
        ],
    )


def test_an_indicator_is_explained_by_its_criteria(run: Run, library: Library) -> None:
    library.write(sheets={"经费": MONEY.replace("支出 | 100", "支出 | 90")})
    lines = run("explain", "材料/小镇", "预算执行").out.splitlines()
    assert lines[:2] == [
        "管理 › 资金 › 预算执行：得90分（满分100分）",
        "  按比例　90.00÷100.00×100%＝90.00%，得90分　[90/100]",
    ]


def test_a_column_is_explained_cell_by_cell(run: Run, library: Library) -> None:
    library.write(sheets={"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 30\n西馆 | 40 | 40"})
    out = run("explain", "材料/小镇", "分馆.支出数").out
    assert [line for line in out.splitlines() if "来自" in line] == [
        "  来自 数据.xlsx › 分馆 › C2：支出数 30.00万元",
        "  来自 数据.xlsx › 分馆 › C3：支出数 40.00万元",
    ]
    assert run("explain", "材料/小镇", "分馆[西馆].支出数").out.splitlines()[0] == "分馆[西馆].支出数＝40.00万元"


def test_what_is_explained_in_json(run: Run, library: Library) -> None:
    library.write()
    found = run("explain", "材料/小镇", "执行率", "--format", "json").json()
    assert (found["name"], found["folder"], found["indicators"]) == ("执行率", "小镇", [])
    (fact,) = found["facts"]
    assert (fact["value"], fact["unit"], fact["formula"]) == ("1", "%", "全年支出 / 全年预算")
    assert [cell["place"]["mark"] for cell in fact["cells"]] == ["B4", "B3"]


@pytest.mark.parametrize(("name", "near"), [("执行律", "执行率"), ("预算的执行", "预算执行"), ("完全不相干", "")])
def test_an_unknown_name_is_said_with_the_nearest(name: str, near: str, run: Run, library: Library) -> None:
    library.write()
    advice = f"，您是不是要找“{near}”" if near else ""
    assert run("explain", "材料/小镇", name).err == f"用法不对：没有叫“{name}”的数据项或指标{advice}{USAGE}"


def test_a_name_that_can_not_be_worked_out_yet_is_no_unknown_one(run: Run, library: Library) -> None:
    folder = library.write(sheets={"经费": MONEY.replace("全年支出 | 100", "全年支出 | ")})
    for name in ("执行率", "全年支出", "预算执行"):
        result = run("explain", str(folder), name)
        assert (result.code, result.err) == (1, "")
        assert result.out == (
            f"“{name}”还没有数：没有填，或要用的数没有填、填错了。请先检查：reportgen check {folder}\n"
        )


def test_one_submission_at_a_time_is_explained(run: Run, library: Library) -> None:
    library.write("甲馆")
    library.write("乙馆")
    assert run("explain", "材料", "执行率") == Result(2, "", f"用法不对：“材料”里有2份材料，请指明其中一份{USAGE}")


def test_a_submission_that_can_not_be_read_is_said_instead_of_explained(run: Run, library: Library) -> None:
    (library.write() / "数据.xlsx").write_bytes(b"")
    result = run("explain", "材料", "执行率")
    assert (result.code, "错误 E102 数据.xlsx：文件是空的" in result.out) == (1, True)


# ── build ──


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_report_and_its_ledger_are_written(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    result = run("build", "材料")
    assert (result.code, result.out) == (
        0,
        "已生成 build/小镇/小镇图书馆2024年度自评报告.docx，100分，优\n共1份：生成1份，没有生成0份。\n",
    )
    assert files(tmp_path / "build") == ["小镇/台账.json", "小镇/小镇图书馆2024年度自评报告.docx"]


def test_a_broken_submission_is_named_and_the_good_one_built(run: Run, library: Library, tmp_path: Path) -> None:
    library.write("东镇", {"经费": BROKEN})
    library.write("西镇")
    result = run("build", "材料", "--out", "报告")
    assert result.code == 1
    assert result.out.splitlines() == [
        "没有生成 材料/东镇（小镇图书馆，2024年，library/town-2024）",
        f"  {BROKEN_LINE}",
        "已生成 报告/西镇/小镇图书馆2024年度自评报告.docx，100分，优",
        "共2份：生成1份，没有生成1份。",
    ]
    assert files(tmp_path / "报告") == ["汇总.xlsx", "西镇/台账.json", "西镇/小镇图书馆2024年度自评报告.docx"]


def test_the_counts_in_json(run: Run, library: Library) -> None:
    library.write("东镇", {"经费": BROKEN})
    library.write("西镇")
    found = run("build", "材料", "--format", "json").json()
    outcomes = [(one["folder"], one["status"], len(one["files"])) for one in found["submissions"]]
    assert outcomes == [("东镇", "failed", 0), ("西镇", "made", 2)]
    assert (found["asked"], found["made"] + found["unchanged"] + found["failed"], found["failed"]) == (2, 2, 1)


def test_two_folders_of_one_name_are_both_refused(run: Run, library: Library, tmp_path: Path) -> None:
    first = library.write("小镇")
    shutil.copytree(first, tmp_path / "另一批" / "小镇")
    assert run("build", "材料", "另一批", "--draft").code == 1
    result = run("build", "材料", "另一批")
    assert result.code == 1
    assert result.out.count("错误 E003 有两个文件夹都叫“小镇”（请改名后分别生成；只有大小写不同的也算同名）") == 2
    assert files(tmp_path / "build") == ["汇总.xlsx"]


def test_a_folder_named_twice_is_built_once(run: Run, library: Library) -> None:
    library.write()
    assert run("build", "材料/小镇", "材料").out.splitlines()[-1] == "共1份：生成1份，没有生成0份。"


# ── folders and files as they come ──


def test_a_folder_without_a_workbook_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    result = run("check", "空")
    assert result.code == 1
    assert "错误 E001 数据.xlsx：文件夹里没有数据.xlsx（请把填好的数据表放进来，文件名不要改）" in result.out


@pytest.mark.parametrize("name", ["正文.docx", "数据表.xlsx", "数据.xls"])
def test_a_folder_that_lacks_its_workbook_is_not_passed_over(name: str, run: Run, library: Library, tmp_path: Path) -> None:
    library.write("西镇")
    (tmp_path / "材料" / "东镇").mkdir()
    (tmp_path / "材料" / "东镇" / name).write_bytes(b"x")
    result = run("build", "材料")
    assert (result.code, result.out.splitlines()[0], result.out.splitlines()[-1]) == (
        1,
        "没有生成 材料/东镇",
        "共2份：生成1份，没有生成1份。",
    )


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            [],
            "错误 E004 正文.docx：没有正文.docx（请把文稿放进来，文件名以“正文”开头，如 正文.docx、正文-办公室.docx）",
        ),
        (["正文终稿.docx", "~$正文.docx"], ""),
    ],
)
def test_there_is_a_word_file(names: list[str], sentence: str, run: Run, library: Library) -> None:
    folder = library.write()
    (folder / "正文.docx").unlink()
    for name in names:
        save(prose("# 主要工作\n全年开放三百天。"), folder / name)
    result = run("check", "材料")
    assert (result.code, sentence in result.out) == (1 if sentence else 0, True)


@pytest.mark.parametrize(
    ("edition", "sentence"),
    [
        ("library/town-2025", "没有“library/town-2025”这个版本，您是不是要找“library/town-2024”"),
        ("town-2024", "没有“town-2024”这个版本"),
        ("", "没有写版本"),
        ("../../etc/passwd", "没有“../../etc/passwd”这个版本"),
        ("x" * 400 + "/y", "这个版本"),
    ],
)
def test_an_edition_that_is_not_there_is_said_with_those_that_are(edition: str, sentence: str, run: Run, library: Library) -> None:
    library.write(sheets={"基本信息": f"版本 | {edition}\n馆名 | 小镇图书馆\n年度 | 2024"})
    result = run("check", "材料")
    assert result.code == 1
    place = r"错误 E002 数据.xlsx › 基本信息 › \w\d"
    assert re.search(rf"{place}：.*{re.escape(sentence)}.*可用的版本：library/town-2024、", result.out)


GARBAGE = [b"", b"PK\x03\x04", b"\0" * 100, b"<html></html>", "部门,金额\n".encode("gb18030"), bytes(range(256)) * 40]


@pytest.mark.parametrize("name", ["数据.xlsx", "正文.docx"])
@pytest.mark.parametrize("data", GARBAGE)
def test_a_garbage_file_is_one_problem(name: str, data: bytes, run: Run, library: Library) -> None:
    (library.write() / name).write_bytes(data)
    result = run("check", "材料", "--format", "json")
    (one,) = result.json()["submissions"]
    assert result.code == 1
    assert {problem["place"]["file"] for problem in one["problems"]} == {name}
    assert len(one["problems"]) == 1


@pytest.mark.parametrize("name", ["数据.xlsx", "正文.docx"])
def test_a_folder_in_a_files_place_is_a_problem(name: str, run: Run, library: Library) -> None:
    folder = library.write()
    (folder / name).unlink()
    (folder / name).mkdir()
    result = run("build", "材料/小镇")
    assert (result.code, "程序出了意外" in result.err) == (1, False)


def test_an_empty_workbook_is_said_in_full(run: Run, library: Library) -> None:
    folder = library.write()
    save(workbook({"Sheet1": ""}), folder / "数据.xlsx")
    assert "错误 E002 数据.xlsx › 基本信息：没有写版本" in run("check", "材料").out


def test_a_broken_definition_is_said_with_its_line(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    rubric = tmp_path / "templates" / "library" / "town-2024" / "rubric.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("按比例", "按比列"), "utf-8")
    result = run("check", "材料")
    assert result.code == 1
    assert re.search(r"错误 D0\d library/town-2024/rubric.yaml › 第\d+行第\d+列：“规则”只能是.*您是不是要找“按比例”", result.out)


def test_nothing_is_written_among_the_inputs(run: Run, tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for command in ("check", "score", "build"):
        assert run(command, folder.name).code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# ── gather ──


def test_gather_fills_the_department_and_says_so_by_its_exit_code(run: Run, library: Library) -> None:
    library.indicators = "- 名称: [管理, 资金, 支出]\n  计分: [{规则: 达标, 分: 100, 名: 支出, 值: 全年支出, 须: '>= 0'}]"
    folder = library.write("总馆", {"分馆": "分馆名 | 预算数 | 支出数\n合计 |  | "})
    library.write("总馆/东馆", {"基本信息": BASICS.replace("小镇", "东"), "经费": MONEY.replace("100", "60")})
    first, again = run("gather", str(folder)), run("gather", str(folder.parent))
    assert (first.code, first.out.splitlines()[0]) == (0, f"已汇总 {folder}：1家下属单位，改了8格，原来的另存为数据_汇总前.xlsx")
    assert (again.code, again.out) == (0, f"没有改动 {folder}：1家下属单位的数都已经在里面了\n")
    library.write("总馆/东馆", {"基本信息": BASICS.replace("小镇", "东"), "经费": BROKEN})
    assert run("gather", str(folder)).code == 1


# ── many problems at once ──

MANY = "分馆名 | 预算数 | 支出数\n" + "\n".join(f"{n}号馆 | '{n} | " for n in range(1, 38))


def test_what_is_wrong_many_times_is_told_once_with_the_first_places_and_the_count(run: Run, library: Library) -> None:
    library.write(sheets={"分馆": MANY, "经费": MONEY.replace("80", "约80").replace("支出 | 100", "支出 | ")})
    assert run("check", "材料/小镇").out.splitlines()[1:] == [
        "  错误 E221 数据.xlsx › 经费 › B2：“约80”不是数字（请只填数字，单位写在表头）",
        "  错误 E205 数据.xlsx › 经费 › B4：“全年支出”没有填（请填写；确实为零请填 0）",
        "  提醒 E222 数据.xlsx › 分馆 › B2、B3、B4、B5、B6等37处：如“1”是文本，已按数字1读（请改为数值格式）",
        "  错误 E205 数据.xlsx › 分馆 › C2、C3、C4、C5、C6等37处：““支出”决算数”没有填（请填写；确实为零请填 0）",
        "  没有列全的位置，加上 --annotate，会标在数据_核对.xlsx 里。",
        "  共76个问题：39个错误、0个核实（已说明0个）、37个提醒。不能生成报告，请先处理错误和没有说明的核实项。",
    ]


def test_json_keeps_every_problem_in_the_order_of_file_sheet_row_and_column(run: Run, library: Library) -> None:
    library.write(sheets={"分馆": MANY, "经费": MONEY.replace("80", "约80")})
    problems = run("check", "材料/小镇", "--format", "json").json()["submissions"][0]["problems"]
    marks = [(one["place"]["part"], one["place"]["mark"]) for one in problems]
    assert marks == [("经费", "B2"), *(("分馆", f"{column}{row}") for row in range(2, 39) for column in "BC")]


def test_what_needs_an_answer_of_its_own_stays_alone(run: Run, library: Library) -> None:
    library.words = "# 部门主要工作情况\n" + "\n".join(f"新增图书××册，第{n}批。" for n in range(8))
    library.write()
    assert run("check", "材料/小镇").out.count("核实 E311") == 8
