"""A third kind made by hand: docs/new-kind.md followed to the letter, with the real command, in a folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from tests.support.charts import add_chart, drawn
from tests.support.samples import ROOT, document_text
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tests.support.workbooks import grid, prose, save, workbook

PAGE = (ROOT / "docs" / "new-kind.md").read_text("utf-8")
CHART = re.compile(r"（(图：.+)）")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the page."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


YAML = dict(re.findall(r"# (templates/\S+)\n(.+)", text, re.DOTALL)[0] for text in blocks("yaml"))
TEMPLATE, SHEETS, PROSE, REPORT = blocks("text")
COMMAND = blocks("")[1]


def sheets() -> dict[str, str]:
    """The workbook of the page."""
    return dict(re.findall(r"^# (\S+)\n((?:[^#].*\n)+)", SHEETS, re.MULTILINE))


def write_template(path: Path) -> None:
    """The Word template as the page says it; the chart has one placeholder series."""
    document = docx.Document()
    lines = [*TEMPLATE.strip().splitlines(), ""]
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
            continue
        if rows:
            table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
            rows = []
        chart = CHART.fullmatch(line)
        if chart:
            add_chart(document, chart[1], "系列1")
        elif line:
            document.add_paragraph(line)
    save(document, path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to run in: templates/bulletin and 材料/小镇, all from the page."""
    for name, text in YAML.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    write_template(tmp_path / "templates" / "bulletin" / "town-2024" / "report.docx")
    save(workbook(sheets()), tmp_path / "材料" / "小镇" / "数据.xlsx")
    save(prose(PROSE), tmp_path / "材料" / "小镇" / "正文.docx")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """The real command, in that folder: its exit code and what it prints; progress is told beside."""
    command = [sys.executable, "-W", "error", "-m", "reportgen", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode("utf-8")


def built(folder: Path) -> bytes:
    """The report that the command makes."""
    code, said = run(folder, "build", "材料/小镇")
    assert code == 0, said
    return (folder / "build" / "小镇" / "小镇图书馆2024年季度简报.docx").read_bytes()


def refill(folder: Path, sheet: str, text: str) -> None:
    save(workbook({**sheets(), sheet: text}), folder / "材料" / "小镇" / "数据.xlsx")


def lines(document: bytes) -> list[str]:
    return [line for line in document_text(document).splitlines() if line]


def test_the_page_shows_all_that_the_kind_consists_of() -> None:
    assert list(YAML) == ["templates/bulletin/kind.yaml", "templates/bulletin/town-2024/rubric.yaml"]
    assert all(name in blocks("")[0] for name in (*YAML, "templates/bulletin/town-2024/report.docx"))
    assert list(sheets()) == ["基本信息", "指标", "季度数据"]
    assert len(PAGE.splitlines()) < 150, "one page"


def test_the_command_says_what_the_page_says(folder: Path) -> None:
    command, _, said = COMMAND.partition("\n")
    assert run(folder, *command.removeprefix("> reportgen ").split()) == (0, said)


def test_what_the_page_makes_is_clean(folder: Path) -> None:
    code, said = run(folder, "check", "templates/bulletin")
    assert (code, said.count("共0个问题")) == (0, 2), said
    assert run(folder, "names", "bulletin/town-2024")[0] == run(folder, "show", "templates/bulletin/town-2024/rubric.yaml")[0] == 0


def test_the_report_reads_as_the_page_says(folder: Path) -> None:
    document = built(folder)
    assert lines(document) == REPORT.splitlines()
    assert structure_findings(document) == []


def test_the_chart_shows_each_indicator_by_quarter_and_the_gap(folder: Path) -> None:
    (chart,) = drawn(built(folder))
    assert chart.cache == {
        "借阅量": {"一季度": "20.00", "二季度": "50.00", "三季度": "80.00"},
        "投诉": {"一季度": "20.00", "三季度": "50.00"},
    }
    assert chart.sheet == chart.cache


@needs_sdk
@needs_audit
def test_both_validators_find_nothing(folder: Path) -> None:
    built(folder)
    (path,) = (folder / "build" / "小镇").glob("*.docx")
    assert (sdk_findings(path), audit_findings(path)) == ([], [])


def test_a_quarter_more_is_a_column_more(folder: Path) -> None:
    more = {"指标名": "四季度", "借阅量": "16", "投诉": "5"}
    refill(folder, "季度数据", "\n".join(" | ".join([*row, more[row[0]]]) for row in grid(sheets()["季度数据"])))
    document = built(folder)
    assert lines(document)[1:] == [
        "四季度综合得分56.00分，比上季降低12.00分。",
        "全年单季借阅最多18.0千册。",
        "指标 | 一季度 | 二季度 | 三季度 | 四季度",
        "借阅量 | 12.0 | 15.0 | 18.0 | 16.0",
        "投诉 | 8.0 | - | 5.0 | 5.0",
    ]
    assert list(drawn(document)[0].cache["借阅量"]) == ["一季度", "二季度", "三季度", "四季度"]


def test_the_first_quarter_has_nothing_to_compare_with(folder: Path) -> None:
    refill(folder, "季度数据", "指标名 | 一季度\n借阅量 | 12\n投诉 | 8")
    document = built(folder)
    assert lines(document)[1:3] == ["一季度综合得分20.00分。", "全年单季借阅最多12.0千册。"]
    assert drawn(document)[0].cache == {"借阅量": {"一季度": "20.00"}, "投诉": {"一季度": "20.00"}}


def test_a_template_that_does_not_ask_first_is_told_where(folder: Path) -> None:
    path = folder / "templates" / "bulletin" / "town-2024" / "report.docx"
    document = docx.Document()
    document.add_paragraph("比上季{{ 走势.总分.较上期|增减 }}。")
    save(document, path)
    refill(folder, "季度数据", "指标名 | 一季度\n借阅量 | 12\n投诉 | 8")
    code, said = run(folder, "build", "材料/小镇")
    assert code == 1
    assert "错误 E705 report.docx › 第1段 › 比上季" in said
    assert "“总分”只有1期数据，这里至少要2期；可以先判断首期和末期是否相同" in said


def test_a_check_of_the_kind_works(folder: Path) -> None:
    refill(folder, "季度数据", "指标名 | 一季度\n借阅量 | 12\n投诉 | 8\n读者数 | 3")
    code, said = run(folder, "check", "材料/小镇")
    assert code == 1
    assert "错误 B01 数据.xlsx › 季度数据 › A4：季度数据里的指标应在指标表里：没有“读者数”" in said


@pytest.mark.parametrize(
    ("name", "right", "wrong", "said"),
    [
        ("kind.yaml", "横向: true", "横象: true", "横象"),
        ("kind.yaml", "逐期: 季度数据.季度", "逐期: 季度数据.月份", "没有“月份”这一列"),
        ("town-2024/rubric.yaml", "规则: 极差标准化", "规则: 极差", "极差标准化"),
        ("town-2024/rubric.yaml", "季度 = 评分季", "季度 = 评分月", "评分月"),
    ],
)
def test_a_slip_in_the_yaml_is_told_with_its_line(name: str, right: str, wrong: str, said: str, folder: Path) -> None:
    path = folder / "templates" / "bulletin" / name
    text = path.read_text("utf-8")
    assert text.count(right) == 1
    path.write_text(text.replace(right, wrong), "utf-8")
    number = next(i for i, line in enumerate(text.splitlines(), 1) if right in line)
    code, told = run(folder, "check", "材料/小镇")
    assert code == 1
    assert said in told
    assert f"第{number}行" in told
