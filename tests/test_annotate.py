"""check --annotate: a copy of the workbook with the problems at their cells; the workbook itself is left alone."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from reportgen.build import judge
from reportgen.commands.annotate import write_copy
from reportgen.read.folders import submissions
from tests.support.kinds import Library
from tests.support.samples import LUOHU, copy_of
from tests.test_cli import run_in

RED, ORANGE, YELLOW, GREEN = "FF9999", "FFC266", "FFFF99", "B7E1A1"
CHECKS = """
- {编号: J01, 须: 年初预算 = 全年预算, 级别: 核实, 说明: 两数应一致}
- {编号: J02, 须: 年初预算 ≤ 全年支出, 级别: 提醒, 说明: 支出一般更多}
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def copied(folder: Path) -> Any:
    """The copy, opened again as a spreadsheet program would."""
    copy = write_copy(judge(folder))
    assert copy == folder / "数据_核对.xlsx"
    return openpyxl.load_workbook(folder / "数据_核对.xlsx", rich_text=True)


def money(first: object = 80, spent: object = 100, note: str = "") -> dict[str, str]:
    return {"经费": f"项目 | 填报内容\n年初预算 | {first}\n全年预算 | 100\n全年支出 | {spent}\n经费说明 | {note}"}


def colour(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type else ""


def lines(book: Any) -> list[list[str]]:
    """The table of 核对结果 below its header."""
    rows = [[value or "" for value in row] for row in book.worksheets[0].iter_rows(min_row=4, values_only=True)]
    return [row for row in rows if row[1]]


def test_a_cell_says_what_is_wrong_with_it_and_what_to_do(library: Library) -> None:
    book = copied(library.write(sheets=money("约80")))
    cell = book["经费"]["B2"]
    assert (cell.value, colour(cell)) == ("约80", RED)
    assert cell.comment.text == "[E221] “约80”不是数字\n→ 请只填数字，单位写在表头"
    assert colour(book["经费"]["B3"]) == ""


def test_several_problems_of_a_cell_are_joined_and_the_worst_gives_the_colour(library: Library) -> None:
    library.checks = CHECKS
    cell = copied(library.write(sheets=money("'120")))["经费"]["B2"]
    assert colour(cell) == ORANGE
    first, second, third = cell.comment.text.split("\n\n")
    assert (first[:6], second[:5], third[:5]) == ("[E222]", "[J01]", "[J02]")
    assert "属实的，请在“审核说明”表写明：问题代码 J01" in second


def test_the_box_of_a_comment_grows_with_its_text(library: Library) -> None:
    copied(library.write(sheets=money("约80", note="新增××册，" + "接待读者××人次，" * 9)))
    with zipfile.ZipFile(library.folder / "材料" / "小镇" / "数据_核对.xlsx") as package:
        drawing = package.read("xl/drawings/commentsDrawing1.vml").decode()
    sizes = re.findall(r"width:(\d+)px;height:(\d+)px", drawing)
    assert [int(width) for width, _ in sizes] == [360, 360]
    assert 40 < int(sizes[0][1]) < int(sizes[1][1]) < 300


def test_an_answered_problem_is_green_and_a_hint_alone_yellow(library: Library) -> None:
    library.checks = CHECKS
    answers = {"审核说明": "问题代码 | 对象 | 说明\nJ01 | | 年中追加。"}
    book = copied(library.write(sheets={**money(80), **answers}))
    assert colour(book["经费"]["B2"]) == GREEN
    assert [line[-1] for line in lines(book)] == ["年中追加。"]
    assert colour(copied(library.write("乙", {**money("'100")}))["经费"]["B2"]) == YELLOW


def test_the_first_sheet_lists_every_problem_and_leads_to_its_cell(library: Library) -> None:
    library.words = "# 部门主要工作情况\n新增××册。"
    book = copied(library.write(sheets={**money("约80"), "杂项": "甲"}))
    sheet = book.worksheets[0]
    assert (sheet.title, book.active) == ("核对结果", sheet)
    assert [one.sheet_view.tabSelected for one in book.worksheets[1:]] == [False] * len(book.worksheets[1:])
    assert [line[:4] for line in lines(book)] == [
        ["错误", "E221", "数据.xlsx › 经费 › B2", "“约80”不是数字"],
        ["提醒", "E212", "数据.xlsx › 杂项", "工作表“杂项”没有用到"],
        ["核实", "E311", "正文.docx › 主要工作 › 第2段", "看来还没有填完：“新增××册。”"],
    ]
    links = [row[2].hyperlink and row[2].hyperlink.location for row in sheet.iter_rows(min_row=4, max_row=6)]
    assert links == ["'经费'!B2", "'杂项'!A1", None]
    assert "共3个问题：1个错误、1个核实（已说明0个）、1个提醒。不能生成报告" in sheet["A2"].value
    assert sheet.cell(sheet.max_row, 1).value.startswith("这是核对用的副本，请在数据.xlsx里改")


def test_a_row_without_the_column_is_led_to_its_first_cell(library: Library) -> None:
    library.checks = "- {编号: J09, 逐行: 分馆, 须: 有(馆级), 级别: 提醒, 说明: 要写馆级}"
    book = copied(library.write(sheets={"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 50"}))
    assert book.worksheets[0]["C4"].hyperlink.location == "'分馆'!A2"


def test_a_problem_inside_merged_cells_is_shown_at_the_cell_that_shows(library: Library) -> None:
    book = copied(library.write(sheets={"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 50\n西馆 | ^ | 40"}))
    assert book["分馆"]["B2"].comment.text.startswith("[E211]")
    assert colour(book["分馆"]["B2"]) == RED


def test_nothing_of_the_workbook_is_changed_or_lost(library: Library) -> None:
    folder = library.write(sheets=money("约80"))
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    sheet = book["经费"]
    sheet["D1"], sheet["D2"], sheet["D3"] = 123456789012345, "=B3*2", "'007"
    sheet["D4"] = CellRichText("红", TextBlock(InlineFont(b=True), "R&D <甲>"), "４")
    sheet["D5"], sheet["D5"].number_format = 0.12345678901234, "0.00%"
    sheet["B2"].comment = Comment("会计：待批复", "张")
    sheet["D6"].comment = Comment("别处的批注", "李")
    book.create_sheet("上年").sheet_state = "veryHidden"
    book.save(folder / "数据.xlsx")
    before = (folder / "数据.xlsx").read_bytes()
    made = copied(folder)
    assert (folder / "数据.xlsx").read_bytes() == before
    again, first = made["经费"], openpyxl.load_workbook(folder / "数据.xlsx", rich_text=True)["经费"]
    assert [[cell.value for cell in row] for row in again] == [[cell.value for cell in row] for row in first]
    assert str(again["D4"].value) == "红R&D <甲>４"
    assert again["D5"].number_format == "0.00%"
    assert again["B2"].comment.text.endswith("\n\n原来的批注：会计：待批复")
    assert again["D6"].comment.text == "别处的批注"
    assert made["上年"].sheet_state == "veryHidden"


def test_the_copy_of_a_real_submission_holds_what_it_held(tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    made, first = copied(folder), openpyxl.load_workbook(folder / "数据.xlsx")
    assert made.sheetnames == ["核对结果", *first.sheetnames]
    for sheet in first.worksheets:
        assert [[cell.value for cell in row] for row in made[sheet.title]] == [[cell.value for cell in row] for row in sheet]


def test_equal_workbooks_give_equal_copies(library: Library) -> None:
    folder = library.write(sheets=money("约80"))
    copies = []
    for _ in range(2):
        write_copy(judge(folder))
        copies.append((folder / "数据_核对.xlsx").read_bytes())
    assert copies[0] == copies[1]


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04 broken", b"<html>"])
def test_a_workbook_that_cannot_be_opened_gives_the_list_alone(library: Library, content: bytes) -> None:
    folder = library.write()
    (folder / "数据.xlsx").write_bytes(content)
    book = copied(folder)
    assert book.sheetnames == ["核对结果"]
    assert [line[1][:3] for line in lines(book)] == ["E10"]
    assert (folder / "数据.xlsx").read_bytes() == content


def test_a_message_is_never_a_formula(library: Library) -> None:
    sheet = copied(library.write(sheets={**money(), "=1+1": "甲"})).worksheets[0]
    texts = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in texts} == {"s"}


# ── the command ──


def test_the_command_says_where_the_copy_is(library: Library) -> None:
    folder = library.write(sheets=money())
    done = run_in(library.folder, "check", "--annotate", "材料/小镇")
    assert (done.code, done.out.splitlines()[-1]) == (0, "问题已标在 材料/小镇/数据_核对.xlsx，请对照着在数据.xlsx 里改。")
    assert (folder / "数据_核对.xlsx").exists()


def test_json_stays_json(library: Library) -> None:
    folder = library.write(sheets=money("约80"))
    done = run_in(library.folder, "check", "--annotate", "--format", "json", "材料")
    assert (done.code, len(json.loads(done.out)["submissions"])) == (1, 1)
    assert (folder / "数据_核对.xlsx").exists()


def test_without_the_option_nothing_is_written(library: Library) -> None:
    folder = library.write(sheets=money("约80"))
    run_in(library.folder, "check", "材料")
    assert not (folder / "数据_核对.xlsx").exists()


def test_a_copy_that_cannot_be_written_is_told_and_the_verdict_stays(library: Library) -> None:
    folder = library.write(sheets=money())
    (folder / "数据_核对.xlsx").mkdir()  # as little to be replaced as a file that Excel holds open
    done = run_in(library.folder, "check", "--annotate", "材料")
    assert done.code == 1
    assert "提醒 E611 数据_核对.xlsx：写不进去：" in done.out
    assert "如果正打开着数据_核对.xlsx，请关闭后再试" in done.out
    assert "可以生成报告" in done.out
    assert [path.name for path in folder.iterdir() if path.name.endswith(".tmp")] == []


def test_the_copy_is_no_submission(library: Library) -> None:
    folder = library.write(sheets=money())
    write_copy(judge(folder))
    assert submissions([folder.parent]) == [folder]
    assert judge(folder).problems == []
    assert set(judge(folder).inputs) == {"数据.xlsx", "正文.docx"}
    for name in ("数据.xlsx", "正文.docx"):
        (folder / name).unlink()
    assert submissions([folder.parent]) == [folder.parent]


def test_a_folder_without_a_workbook_gets_no_copy(library: Library) -> None:
    folder = library.write()
    (folder / "数据.xlsx").unlink()
    assert write_copy(judge(folder)) is None
    assert not (folder / "数据_核对.xlsx").exists()
