"""Sheets become facts by their header texts alone; whatever can't be bound or read is said with its cell."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import process_time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.define.tables import Column
from reportgen.model import FactBook, Table, Value
from reportgen.read.cells import Cell, bare_format
from reportgen.read.sheets import Sheet, read_sheets
from reportgen.read.tables import read_tables
from reportgen.read.values import Remark, Unreadable, read_value
from tests.support.kinds import plain_kind, told
from tests.support.workbooks import save, workbook

Read = tuple[dict[str, Table], list[str]]


def read(book: Mapping[str, str] | openpyxl.Workbook, *more: str) -> Read:
    """The tables whose sheets are in the workbook, and those named besides; and what is told of them."""
    made = book if isinstance(book, openpyxl.Workbook) else workbook(book)
    kind = plain_kind()
    specs = {name: spec for name, spec in kind.tables.items() if name in (*made.sheetnames, *more)}
    with tempfile.TemporaryDirectory() as folder:
        sheets, troubles = read_sheets(save(made, Path(folder) / "数据.xlsx"))
    assert [one for one in troubles if one.level == "error"] == []
    tables, problems = read_tables(sheets, specs, "数据.xlsx", FactBook())
    return tables, told(problems)


def form(text: str, name: str = "经费") -> tuple[dict[str, Value], list[str]]:
    """What one form gives by name, and what is told."""
    tables, said = read({name: text})
    return {key: fact.value for key, fact in tables[name].rows[0].cells.items()}, said


def rows(text: str, name: str = "分馆") -> tuple[list[dict[str, Value]], list[str]]:
    """What the rows of a long table give, and what is told."""
    tables, said = read({name: text})
    return [{key: fact.value for key, fact in row.cells.items()} for row in tables[name]], said


def one_value(cell: str, header: str = "预算数（万元）") -> tuple[Value | None, list[str]]:
    """What one cell gives in a money column of 分馆."""
    given, said = rows(f"分馆名 | {header} | 支出数\n东馆 | {cell} | 1")
    return given[0].get("预算数"), said


def one_percent(cell: str) -> tuple[Value | None, list[str]]:
    """What one cell gives in the per-cent column of 活动."""
    given, said = rows(f"活动名 | 参与率\n讲座 | {cell}", "活动")
    return given[0].get("参与率"), said


MONEY = {"年初预算": Decimal(80), "全年预算": Decimal("100.5"), "全年支出": Decimal(99)}
BRANCHES = """
分馆名 | 预算数 | 支出数
东馆 | 60 | 55.5
西馆 | 40 | 40
"""
EAST, WEST = ({"分馆名": "东馆", "预算数": Decimal(60), "支出数": Decimal("55.5")},
              {"分馆名": "西馆", "预算数": Decimal(40), "支出数": Decimal(40)})  # fmt: skip


# ── binding ──


def test_a_form_is_read_by_the_names_beside_its_values() -> None:
    assert form("项目 | 填报内容 | 单位\n年初预算 | 80 | 万元\n全年预算 | 100.5 | 万元\n全年支出 | 99 | 万元") == (MONEY, [])


def test_the_value_column_is_the_one_headed_so_wherever_it_stands() -> None:
    text = "序号 | 项目 | 单位 | 填报内容\n1 | 年初预算 | 万元 | 80\n2 | 全年预算 | 万元 | 100.5\n3 | 全年支出 | 万元 | 99"
    assert form(text) == (MONEY, [])


def test_a_form_without_headers_has_its_values_right_of_the_names() -> None:
    assert form("年初预算（万元） | 80\n全年预算（万元） | 100.5\n全年支出（万元） | 99") == (MONEY, [])


def test_a_form_may_use_another_header_text() -> None:
    assert form("年初预算 | 80\n调整后预算 | 100.5\n全年支出 | 99") == (MONEY, [])


def test_every_fact_knows_its_cell_name_and_unit() -> None:
    tables, _ = read({"分馆": BRANCHES})
    fact = tables["分馆"].rows[0].cells["支出数"]
    assert (fact.name, fact.unit, str(fact.places[0])) == ("分馆[东馆].支出数", "万元", "数据.xlsx › 分馆 › C2")


def test_a_title_above_and_notes_below_are_no_data() -> None:
    text = f"小镇图书馆分馆情况表\n金额以万元为单位\n\n{BRANCHES.strip()}\n注：不含流动书车\n填表人：馆办"
    assert rows(text) == ([EAST, WEST], [])


@pytest.mark.parametrize("word", ["合计", "合 计", "总计"])
def test_the_total_row_is_kept_apart(word: str) -> None:
    tables, said = read({"分馆": f"{BRANCHES}{word} | 100 | 95.5"})
    total = tables["分馆"].total
    assert total is not None
    assert {key: fact.value for key, fact in total.cells.items()} == {"预算数": Decimal(100), "支出数": Decimal("95.5")}
    assert (len(tables["分馆"].rows), said) == (2, [])


@pytest.mark.parametrize(
    ("total", "said"),
    [
        ("合计 | 100 | ", ["错误 E205 数据.xlsx › 分馆 › C4：“支出数”没有填（请填写；确实为零请填 0）"]),
        ("合计 | 100 | —", ["错误 E205 数据.xlsx › 分馆 › C4：“支出数”填的是横线（请填写；确实为零请填 0）"]),
        ("合计 | | ", []),
    ],
    ids=["one cell blank", "one cell a dash", "left out, though its word is there"],
)
def test_a_total_row_once_begun_is_filled(total: str, said: list[str]) -> None:
    assert rows(f"{BRANCHES}{total}")[1] == [one.replace("支出数", "“支出”决算数") for one in said]


def test_a_total_may_stand_in_a_column_of_its_own() -> None:
    text = "序号 | 分馆名 | 预算数 | 支出数\n1 | 东馆 | 60 | 55.5\n2 | 西馆 | 40 | 40\n合计 | < | 100 | 95.5"
    tables, said = read({"分馆": text})
    assert (tables["分馆"].total is not None, len(tables["分馆"].rows), said) == (True, 2, [])


def test_two_totals_are_one_too_many() -> None:
    assert rows(f"{BRANCHES}合计 | 100 | 95.5\n总计 | 100 | 95.5")[1] == [
        "错误 E204 数据.xlsx › 分馆 › A5：“合计”与第4行重复（请合并或删去一行）"
    ]


@pytest.mark.parametrize("word", ["合计：", "合计:", " 总 计 ："])
def test_a_total_may_have_a_colon_and_stand_in_a_key_column_further_right(word: str) -> None:
    tables, said = read({"分馆": f"预算数 | 分馆名 | 支出数\n60 | 东馆 | 55.5\n60 | {word} | 55.5"})
    assert (tables["分馆"].total is not None, len(tables["分馆"].rows), said) == (True, 1, [])


def test_a_part_total_among_the_data_is_an_error() -> None:
    given, said = rows(f"{BRANCHES}小计： | 100 | 95.5")
    assert given == [EAST, WEST]
    assert said == ["错误 E214 数据.xlsx › 分馆 › A4：第4行是小计，小计行不能放在数据里（请删去小计行）"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("活动", "活动名 | 参与率\n讲座 | 9%\n合计 | 9%"),
        ("分馆", f"{BRANCHES}说明：新馆 | 1 | 1"),
        ("分馆", f"{BRANCHES}联系人：甲 | 1"),
    ],
)
def test_a_row_that_is_passed_over_though_it_holds_data_is_said(name: str, text: str) -> None:
    lead = text.splitlines()[-1].partition(" |")[0]
    row = len(text.strip().splitlines())
    advice = "如果是数据，请改第一格的文字；不是，可以不管"
    assert rows(text, name)[1] == [
        f"提醒 E213 数据.xlsx › {name} › A{row}：第{row}行以“{lead}”开头，这一行没有当作数据读（{advice}）"
    ]


def test_signatures_side_by_side_are_no_data() -> None:
    assert rows(f"{BRANCHES}填表人：甲 | 审核人：乙 | 日期：2025年1月") == ([EAST, WEST], [])


def test_header_texts_match_whatever_their_width_blanks_quotes_and_line_breaks() -> None:
    book = workbook({"分馆": "分馆名 |  | \n东馆 | 60 | 55.5\n西馆 | 40 | 40"})
    book["分馆"]["B1"], book["分馆"]["C1"] = "预 算\n数(万元)", "\"支出\"决算数［万元］"
    tables, said = read(book)
    assert ([row.cells["支出数"].value for row in tables["分馆"]], said) == ([Decimal("55.5"), Decimal(40)], [])


def test_free_columns_are_passed_over() -> None:
    assert rows("序号 | 分馆名 | 预算数 | 备 注 | 支出数\n1 | 东馆 | 60 | 新馆 | 55.5\n2 | 西馆 | 40 |  | 40") == ([EAST, WEST], [])


HEADERS = ("分馆名", "预算数（万元）", "支出数（万元）", "馆级", "开馆日期", "备注")
CELLS = (
    ("东馆", "60", "55.5", "一级馆", "2001-05-01", "甲"),
    ("西馆", "40", "40", "二级馆", "", ""),
    ("南馆", "7", "", "", "2020-01-31", "丙"),
)


@settings(max_examples=60, deadline=None)
@given(
    columns=st.permutations(range(len(HEADERS))),
    order=st.permutations(range(len(CELLS))),
    above=st.integers(0, 5),
    left=st.integers(0, 3),
)
def test_moving_rows_and_columns_changes_no_fact(columns: list[int], order: list[int], above: int, left: int) -> None:
    lines = [HEADERS, *(CELLS[i] for i in order)]
    table = "\n".join("".join(["|"] * left) + "|".join(line[i] for i in columns) for line in lines)
    title = ["小镇图书馆分馆情况表"] * min(above, 1) + [" "] * (above - 1)
    tables, said = read({"分馆": "\n".join([*title, table])})
    facts = {row.key: {key: fact.value for key, fact in row.cells.items()} for row in tables["分馆"]}
    assert facts == {
        "东馆": {"分馆名": "东馆", "预算数": 60, "支出数": Decimal("55.5"), "馆级": "一级馆", "开馆日期": date(2001, 5, 1)},
        "西馆": {"分馆名": "西馆", "预算数": 40, "支出数": 40, "馆级": "二级馆"},
        "南馆": {"分馆名": "南馆", "预算数": 7, "开馆日期": date(2020, 1, 31)},
    }
    assert [line.split("：", 1)[1] for line in said] == ["““支出”决算数”没有填（请填写；确实为零请填 0）"]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(3)), gap=st.integers(0, 2))
def test_moving_the_lines_of_a_form_changes_no_fact(order: list[int], gap: int) -> None:
    lines = ["年初预算 | 80 | 万元", "全年预算 | 100.5 | 万元", "全年支出 | 99 | 万元"]
    assert form("\n".join(["项目 | 填报内容 | 单位", *[""] * gap, *(lines[i] for i in order)])) == (MONEY, [])


# ── sheets ──


def test_a_missing_sheet_is_said_with_the_nearest_name() -> None:
    _, said = read({"经 费表": "年初预算 | 80"}, "经费")
    assert said == [
        "错误 E201 数据.xlsx：缺工作表“经费”，您是不是要找“经 费表”（请补上，或把工作表改回这个名称）",
        "提醒 E212 数据.xlsx › 经 费表：工作表“经 费表”没有用到（如是示例，请把名称改为以“示例”开头）",
    ]


def test_a_sheet_of_another_table_is_never_proposed() -> None:
    _, said = read({"经费": "年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99", "基本信": "馆名 | 小镇"}, "基本信息")
    assert said[0] == "错误 E201 数据.xlsx：缺工作表“基本信息”，您是不是要找“基本信”（请补上，或把工作表改回这个名称）"


def test_a_sheet_may_have_blanks_in_its_name_and_optional_ones_may_be_absent() -> None:
    tables, said = read({" 经 费 ": "年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99"}, "经费", "活动")
    assert (len(tables["经费"].rows), len(tables["活动"].rows), said) == (1, 0, [])


def test_two_sheets_of_one_name_are_both_named() -> None:
    _, said = read({"经费": "年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99", "经费 ": "年初预算 | 1"})
    assert said == ["错误 E204 数据.xlsx › 经费 ：工作表“经费 ”与“经费”重名（请删去或改名其中一张）"]


def test_examples_and_hidden_helpers_need_no_purpose() -> None:
    book = workbook({"分馆": BRANCHES, "示例": "随便", "说明": "填法", "字典": "一级馆"})
    book["字典"].sheet_state = "veryHidden"
    assert read(book)[1] == []


def test_hidden_things_are_read_and_said() -> None:
    book = workbook({"分馆": BRANCHES, "经费": "年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99"})
    book["分馆"].row_dimensions[2].hidden = True
    book["经费"].sheet_state = "hidden"
    tables, said = read(book)
    assert [row.key for row in tables["分馆"]] == ["东馆", "西馆"]
    assert said == [
        "提醒 E210 数据.xlsx › 经费：有隐藏的工作表，其中的数据也已读取（请核对后取消隐藏）",
        "提醒 E210 数据.xlsx › 分馆：有隐藏的行或列，其中的数据也已读取（请核对后取消隐藏）",
    ]


# ── missing and double ──


def test_a_missing_column_is_said_with_the_nearest_header_of_its_row() -> None:
    _, said = rows("分馆情况表\n分馆名 | 预算资金数 | 支出数\n东馆 | 60 | 55.5")
    assert said == [
        "错误 E203 数据.xlsx › 分馆 › 第2行：缺“预算数”这一列，您是不是要找“预算资金数”（请补上这一列，或改正表头）",
        "提醒 E209 数据.xlsx › 分馆 › B2：“预算资金数”这一列没有用到（如不需要可以删去）",
    ]


def test_an_optional_column_misspelt_is_not_lost_in_silence() -> None:
    _, said = rows("分馆名 | 预算数 | 支出数 | 开馆的日期\n东馆 | 60 | 55.5 | 2001-05-01")
    assert said == ["提醒 E209 数据.xlsx › 分馆 › D1：“开馆的日期”这一列没有用到，您是不是要找“开馆日期”（如不需要可以删去）"]


def test_a_missing_line_is_said_with_the_nearest_name() -> None:
    _, said = form("年初预算数 | 80\n全年预算 | 100.5\n全年支出 | 99")
    assert said == ["错误 E203 数据.xlsx › 经费：缺“年初预算”这一行，您是不是要找“年初预算数”（请补上这一行，或改正它的名称）"]


def test_an_optional_line_misspelt_is_not_lost_in_silence() -> None:
    lines = ("年初预算 | 80", "全年预算 | 100.5", "捐赠的收入 | 3", "全年支出 | 99", "备注 | 无", "注：均为万元 | 1")
    given, said = form("\n".join(("项目 | 填报内容", *lines)))
    assert given == MONEY
    assert said == ["提醒 E209 数据.xlsx › 经费 › A4：“捐赠的收入”这一行没有用到，您是不是要找“捐赠收入”（如不需要可以删去）"]


def test_a_header_twice_names_both_cells() -> None:
    assert rows("分馆名 | 预算数 | 支出数 | “支出”决算数\n东馆 | 60 | 55.5 | 55")[1] == [
        "错误 E204 数据.xlsx › 分馆 › D1：表头““支出”决算数”与C1重复（请删去多余的一列）"
    ]


def test_a_line_twice_names_both_cells() -> None:
    assert form("年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99\n调整后预算 | 7") == (
        MONEY,
        ["错误 E204 数据.xlsx › 经费 › A4：“调整后预算”在A2已经有了（请删去多余的一行）"],
    )


def test_a_key_twice_names_both_rows() -> None:
    assert rows(f"{BRANCHES}东馆 | 1 | 1")[1] == ["错误 E204 数据.xlsx › 分馆 › A4：“东馆”与第2行重复（请合并或删去一行）"]


@pytest.mark.parametrize("again", ["'02", "'２", "'2.0", "2"])
def test_a_key_is_one_however_its_number_is_written(again: str) -> None:
    told_of = again.removeprefix("'")
    assert rows(f"分馆名 | 预算数 | 支出数\n2 | 60 | 55.5\n{again} | 1 | 1")[1] == [
        f"错误 E204 数据.xlsx › 分馆 › A3：“{told_of}”与第2行重复（请合并或删去一行）"
    ]


def test_keys_with_a_point_stay_apart() -> None:
    assert rows("分馆名 | 预算数 | 支出数\n'1.1 | 60 | 55.5\n'1.10 | 1 | 1")[1] == []


def test_no_header_at_all() -> None:
    assert rows("东馆 | 60 | 55.5")[1] == [
        "错误 E202 数据.xlsx › 分馆：找不到表头（表头应有：分馆名、预算数、“支出”决算数、馆级、开馆日期）"
    ]


def test_a_required_table_with_headers_only_and_without_its_total(tmp_path: Path) -> None:
    from dataclasses import replace

    spec = replace(plain_kind().tables["分馆"], optional=False, total="必填")
    sheets, _ = read_sheets(save(workbook({"分馆": "分馆名 | 预算数 | 支出数"}), tmp_path / "数据.xlsx"))
    assert told(read_tables(sheets, {"分馆": spec}, "数据.xlsx", FactBook())[1]) == [
        "错误 E206 数据.xlsx › 分馆：没有数据行（请填写后再试）",
        "错误 E207 数据.xlsx › 分馆：缺合计行（请在最后一行的第一列填“合计”，并填上各列合计数）",
    ]


# ── blank, dash, zero ──


def test_blank_dash_and_zero_are_three_things() -> None:
    assert one_value("0") == (Decimal(0), [])
    assert one_value("") == (None, ["错误 E205 数据.xlsx › 分馆 › B2：“预算数”没有填（请填写；确实为零请填 0）"])
    assert one_value("—") == (None, ["错误 E205 数据.xlsx › 分馆 › B2：“预算数”填的是横线（请填写；确实为零请填 0）"])


def test_an_optional_value_may_be_blank_or_a_dash() -> None:
    for text in ("捐赠收入 | ", "捐赠收入 | —", "读者满意度 | －"):
        assert form(f"年初预算 | 80\n全年预算 | 100.5\n全年支出 | 99\n{text}") == (MONEY, [])


DEADLINE = Column("时限", ("时限",), type="时限")


def text_cell(text: str) -> Cell:
    return Cell(2, 3, "text", text, formula=False, format="")


def test_a_deadline_is_the_last_day_that_its_words_leave() -> None:
    assert read_value(text_cell("2022年6月底前"), DEADLINE, "", Decimal(1)) == (date(2022, 6, 30), ())


FIGURE, SIGNED = Column("数", ("数",), type="数"), Column("数", ("数",), type="数", signed=True)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [("5", "‰", "0.005"), ("12", "1/10万", "0.00012"), ("87.62% ", "%", "0.8762"), ("87.62", "%", "0.8762"), ("80", "人", "80")],
)
def test_a_typed_figure_is_read_in_its_unit_and_told_of(typed: str, unit: str, value: str) -> None:
    digits = typed.strip().rstrip("%")
    remark = Remark("E222", "warning", f"“{typed}”是文本，已按数字{digits}读", "请改为数值格式")
    assert read_value(text_cell(typed), FIGURE, unit, Decimal(1)) == (Decimal(value), (remark,))


def test_a_figure_below_nought_is_refused_where_the_kind_does_not_allow_it() -> None:
    assert read_value(text_cell("-80"), SIGNED, "人", Decimal(1))[0] == -80
    with pytest.raises(Unreadable) as error:
        read_value(text_cell("-80"), FIGURE, "人", Decimal(1))
    assert error.value.remark == Remark("E227", "error", "“-80”是负数", "这里应填不小于0的数，请核对正负号")


def test_a_per_cent_in_a_column_without_a_unit_says_that_it_has_none() -> None:
    with pytest.raises(Unreadable, match="“80%”带百分号，而这一列的单位是“无”"):
        read_value(text_cell("80%"), FIGURE, "", Decimal(1))


@pytest.mark.parametrize(("typed", "taken"), [("1990-01-01", True), ("1989-12-31", False)])
def test_dates_begin_with_1990(typed: str, taken: bool) -> None:
    column = Column("日期", ("日期",), type="日期")
    if taken:
        assert read_value(text_cell(typed), column, "", Decimal(1)) == (date.fromisoformat(typed), ())
    else:
        with pytest.raises(Unreadable, match=f"“{typed}”不是日期"):
            read_value(text_cell(typed), column, "", Decimal(1))


def test_a_number_too_long_for_a_text_is_quoted() -> None:
    cell = Cell(2, 3, "number", "4403000000000001", formula=False, format="")
    with pytest.raises(Unreadable, match="“4403000000000001”这个数太大"):
        read_value(cell, Column("编号", ("编号",)), "", Decimal(1))


@pytest.mark.parametrize(("stop", "told_of"), [("", False), ("。", True), ("；。", True), ("）", False)])
def test_words_that_the_report_goes_on_after_lose_their_own_stop(stop: str, told_of: bool) -> None:
    given, said = rows(f"评定指标 | 计分项 | 评定 | 评定说明 | 材料\n服务 | 1 | 3 | 。周一闭馆{stop} | 公告。", "自评")
    assert (given[0]["评定说明"], given[0]["材料"]) == (f"。周一闭馆{'' if told_of else stop}", "公告。")
    assert said == [f"提醒 E230 数据.xlsx › 自评 › D2：末尾的“{stop}”没有用，报告里它后面还有字（可以删去）"] * told_of


def test_a_deadline_that_is_none_says_how_to_write_one() -> None:
    with pytest.raises(Unreadable) as error:
        read_value(text_cell("尽快"), DEADLINE, "", Decimal(1))
    wanted = "请填如 2022年6月底、2022年底 或 2022年6月30日"
    assert error.value.remark == Remark("E224", "error", "“尽快”不是时限", wanted)


@pytest.mark.parametrize(
    ("stored", "shown_as", "text"),
    [("0.8762", "0.00%", "87.62%"), ("0.876", "0%", "87.60%"), ("9.5", '0.0"%"', "9.5%"), ("10.0", "", "10"), ("007", "@", "7")],
)
def test_a_number_in_a_text_column_is_written_as_it_shows(stored: str, shown_as: str, text: str) -> None:
    assert read_value(Cell(1, 1, "number", stored, False, shown_as), Column("名", ()), "", Decimal(1)) == (text, ())


def test_a_number_too_large_for_a_text_is_quoted_as_it_is_stored() -> None:
    with pytest.raises(Unreadable, match="“1e16”这个数太大"):
        read_value(Cell(1, 1, "number", "1e16", False, ""), Column("名", ()), "", Decimal(1))


def test_a_blank_text_is_not_asked_to_be_zero() -> None:
    assert form("馆名 | \n年度 | 2024", "基本信息")[1] == [
        "错误 E203 数据.xlsx › 基本信息：缺“版本”这一行（请补上这一行，或改正它的名称）",
        "错误 E205 数据.xlsx › 基本信息 › B1：“馆名”没有填（请填写）",
    ]


def test_a_value_hidden_by_a_merged_cell_is_asked_for() -> None:
    assert rows("分馆名 | 预算数 | 支出数\n东馆 | 60 | 55.5\n西馆 | ^ | 40")[1] == [
        "错误 E211 数据.xlsx › 分馆 › B3：“预算数”在合并的单元格里（数据行请取消合并，逐格填写）"
    ]
    assert rows("分馆名 | 预算数 | 支出数 | 馆级\n东馆 | 60 | 55.5 | 一级馆\n西馆 | 40 | 40 | ^")[1] == [
        "错误 E211 数据.xlsx › 分馆 › D3：“馆级”在合并的单元格里（数据行请取消合并，逐格填写）"
    ]


def test_a_value_left_under_a_merged_cell_is_told_of_at_its_place() -> None:
    """The title covers blanks, C3:C4 another figure, D3:D4 the same words, and a merge reaches to the last cell."""
    def cell(row: int, column: int, text: str) -> Cell:
        return Cell(row, column, "number" if text.isdigit() else "text", text, False, "")

    lines = ("分馆名", "预算数", "支出数", "馆级"), ("东馆", "60", "55", "一级馆"), ("西馆", "40", "40", "一级馆")
    cells = {(row, at): cell(row, at, text) for row, line in enumerate(lines, 2) for at, text in enumerate(line, 1)}
    cells[1, 1] = cell(1, 1, "分馆情况表")
    merges = (1, 1, 1, 3), (3, 3, 4, 3), (3, 4, 4, 4), (7, 1, 1_048_576, 16_384)
    sheet = Sheet("分馆", True, cells, merges, frozenset(), frozenset())
    tables, problems = read_tables([sheet], {"分馆": plain_kind().tables["分馆"]}, "数据.xlsx", FactBook())
    assert len(tables["分馆"].rows) == 2
    assert told(problems) == [
        "错误 E211 数据.xlsx › 分馆 › C4：里面的内容被合并的单元格C3:C4盖住了，看不见（请取消合并后核对）"
    ]


def test_thousands_of_merged_cells_cost_nothing() -> None:
    texts = {(1, 1): "分馆名", (1, 2): "预算数", (1, 3): "支出数", (1, 4): "馆级"}
    texts |= {(row, column): f"{row}" for row in range(2, 5002) for column in (1, 2, 3, 6)}
    cells = {at: Cell(*at, "text" if at[0] == 1 else "number", text, False, "") for at, text in texts.items()}
    merges = tuple((row, 6, row, 7) for row in range(2, 5002))
    sheet = Sheet("分馆", True, cells, merges, frozenset(), frozenset())
    began = process_time()
    tables, problems = read_tables([sheet], {"分馆": plain_kind().tables["分馆"]}, "数据.xlsx", FactBook())
    assert (len(tables["分馆"].rows), problems) == (5000, [])
    assert process_time() - began < 8


def test_a_wide_answer_cell_merged_over_blanks_is_no_trouble() -> None:
    assert form("项目 | 填报内容 | < \n年初预算 | 80 | <\n全年预算 | 100.5 | <\n捐赠收入 |  | <\n全年支出 | 99 | <") == (MONEY, [])


# ── units ──


def test_money_in_yuan_is_converted_and_said() -> None:
    assert one_value("600000", "预算数（元）") == (
        Decimal(60),
        ["提醒 E208 数据.xlsx › 分馆 › B1：“预算数”在表上的单位是元，已换算为万元（建议直接按万元填报）"],
    )


@pytest.mark.parametrize("header", ["预算数（ 元 ）", "预算数(单位：元)", "预算数［元］"])
def test_a_unit_is_found_in_any_brackets(header: str) -> None:
    assert one_value("600000", header)[0] == 60


@pytest.mark.parametrize(("header", "figure"), [("预算数（万）", "60"), ("预算数（亿）", "0.006")])
def test_a_magnitude_alone_is_one_of_yuan(header: str, figure: str) -> None:
    value, said = one_value(figure, header)
    assert value == 60
    assert [line.split(" ")[1] for line in said] == ([] if "万" in header else ["E208"])


@pytest.mark.parametrize("remark", ["含税", "全年", "必填", "2024年", "不含流动书车"])
def test_words_in_brackets_that_are_no_unit_are_passed_over(remark: str) -> None:
    assert one_value("60", f"预算数（{remark}）") == (Decimal(60), [])


@pytest.mark.parametrize("above", ["单位：元", "单位 元", "金额单位 ：元", "（单位　元）"])
def test_the_unit_of_a_whole_sheet_may_stand_above_the_table(above: str) -> None:
    given, said = rows(f"编制单位：馆办 | | {above}\n分馆名 | 预算数 | 支出数（万元）\n东馆 | 600000 | 55.5")
    assert given == [EAST]
    assert said == ["提醒 E208 数据.xlsx › 分馆 › C1：“预算数”在表上的单位是元，已换算为万元（建议直接按万元填报）"]


def test_the_unit_of_a_whole_form_may_stand_above_it_too() -> None:
    given, said = form("金额单位：亿元\n年初预算 | 0.008\n全年预算 | 0.01005\n全年支出 | 99 | 万元")
    assert (given, [line.split(" ")[1] for line in said]) == (MONEY, ["E208", "E208"])


def test_the_units_of_a_form_stand_beside_the_values() -> None:
    given, said = form("项目 | 填报内容 | 单位\n年初预算 | 800000 | 元\n全年预算 | 100.5 | 万元\n全年支出 | 0.0099 | 亿元")
    assert given == MONEY
    assert said == [
        "提醒 E208 数据.xlsx › 经费 › A2：“年初预算”在表上的单位是元，已换算为万元（建议直接按万元填报）",
        "提醒 E208 数据.xlsx › 经费 › A4：“全年支出”在表上的单位是亿元，已换算为万元（建议直接按万元填报）",
    ]


FORM = ("年初预算", "全年预算", "全年支出")


@pytest.mark.parametrize(
    ("head", "beside", "said"),
    [
        ("项目 | 填报内容（元） |", "", True),
        ("项目 | 金额(元) |", "", True),
        ("项目 | 金额 | 单位（元）", "", True),
        ("项目 | 金额 | 单位", "（元）", True),
        ("项目 | 金额 | 单位", "元（保留两位小数）", True),
        ("项目 | 金额 | 单位", "单位：元", True),
        ("项目 | 金额（元） | 单位", "万元", False),
    ],
)
def test_the_unit_of_a_form_may_stand_in_its_headers_or_in_brackets(head: str, beside: str, said: bool) -> None:
    given, told_of = form("\n".join([head, *(f"{name} | 520000 | {beside}" for name in FORM)]))
    assert set(given.values()) == {Decimal(52 if said else 520000)}
    assert [line.split("：")[0] for line in told_of] == [f"提醒 E208 数据.xlsx › 经费 › A{row}" for row in (2, 3, 4)] * said


def test_a_unit_may_stand_with_other_words_in_its_brackets() -> None:
    given, said = form("项目 | 金额\n年初预算（元，含公车） | 520000\n全年预算（含公车，元） | 10000\n全年支出 | 1")
    assert given == {"年初预算": 52, "全年预算": 1, "全年支出": 1}
    assert len(said) == 2


@pytest.mark.parametrize("unit", ["RMB", "USD", "美元", "人民币元"])
def test_money_of_another_name_is_asked_about(unit: str) -> None:
    _, said = form(f"项目 | 金额 | 单位\n年初预算 | 80 | {unit}\n全年预算 | 100 | 万元\n全年支出 | 100 | 万元")
    assert said == [f"错误 E208 数据.xlsx › 经费 › A2：“年初预算”的单位应是万元，表上是{unit}（请改正单位或数字）"]


@pytest.mark.parametrize("heads", ["上年数 | 本年数", "2023年 | 2024年", "上年金额 | 今年", " | "])
def test_of_two_columns_of_figures_one_must_be_headed(heads: str) -> None:
    _, said = form(f"项目 | {heads}\n年初预算 | 70 | 80\n全年预算 | 90 | 100\n全年支出 | 90 | 100")
    assert said == ["错误 E202 数据.xlsx › 经费：C列也有数，不知道要读哪一列（请在要读的一列上面写表头“填报内容”）"]


def test_the_column_of_this_year_may_be_headed_with_its_unit() -> None:
    given, said = form("项目 | 上年金额 | 金额（万元）\n年初预算 | 70 | 80\n全年预算 | 90 | 100\n全年支出 | 90 | 100")
    assert given == {"年初预算": 80, "全年预算": 100, "全年支出": 100}
    assert said == []


def test_names_and_values_may_stand_side_by_side() -> None:
    given, said = form("年初预算 | 80 | 全年预算 | 100\n全年支出 | 90")
    assert given == {"年初预算": 80, "全年预算": 100, "全年支出": 90}
    assert said == []


@pytest.mark.parametrize("above", ["填报单位：广元市图书馆　　单位：万元", "编制单位：三元区图书馆", "报送单位: 亿利图书馆"])
def test_the_name_of_a_department_is_no_unit(above: str) -> None:
    given, said = rows(f"{above}\n分馆名 | 预算数 | 支出数\n东馆 | 60 | 30")
    assert given[0]["预算数"] == 60
    assert said == []


@pytest.mark.parametrize("word", ["其中：市级", "其中:市级", "　其中　市级"])
def test_a_part_of_the_row_above_is_no_row_where_nothing_tells_it_apart(word: str) -> None:
    _, said = rows(f"活动名 | 参与率\n讲座 | 50%\n{word} | 20%", "活动")
    assert said == ["错误 E214 数据.xlsx › 活动 › A3：第3行是“其中”，它的数已经算在上面的行里（请删去这一行）"]


@pytest.mark.parametrize("word", ["共计", "合计数", "合 计（个）", "总计：", "合计（个）："])
def test_a_total_may_be_called_otherwise(word: str) -> None:
    given, said = rows(f"分馆名 | 预算数 | 支出数\n东馆 | 60 | 30\n{word} | 60 | 30")
    assert ([one["分馆名"] for one in given], said) == (["东馆"], [])


@pytest.mark.parametrize("unit", ["%", "％", "千元", "美元", "‰", "件", "万件", "人次", "百"])
def test_another_unit_is_an_error_not_a_guess(unit: str) -> None:
    assert one_value("60", f"预算数（{unit}）")[1] == [
        f"错误 E208 数据.xlsx › 分馆 › B1：“预算数”的单位应是万元，表上是{unit.replace('％', '%')}（请改正单位或数字）"
    ]


def test_a_row_may_name_its_own_unit() -> None:
    tables, said = read({"业务数据": "数据名 | 数值 | 单位\n藏书 | 12.5 | 万册\n借阅率 | 87.62% | %\n续借率 | 9.5 | ％"})
    facts = [row.cells["数值"] for row in tables["业务数据"]]
    assert [(fact.value, fact.unit) for fact in facts] == [
        (Decimal("12.5"), "万册"),
        (Decimal("0.8762"), "%"),
        (Decimal("0.095"), "%"),
    ]
    assert said == []


# ── numbers ──


@pytest.mark.parametrize("text", ["'60", "６０", "'60.00", "'６０．０", "60万元", " '60 "])
def test_a_number_stored_as_text_is_read_with_a_warning(text: str) -> None:
    value, said = one_value(text)
    shown = text.strip().removeprefix("'")
    assert value == 60
    assert [line.split("已按")[0] for line in said] == [f"提醒 E222 数据.xlsx › 分馆 › B2：“{shown}”是文本，"]


def test_groups_of_three_are_read_others_refused() -> None:
    assert one_value("'1,234.50")[0] == Decimal("1234.5")
    assert one_value("'12,34")[1] == ["错误 E221 数据.xlsx › 分馆 › B2：“12,34”不是数字（请只填数字，单位写在表头）"]


@pytest.mark.parametrize("text", ["约4800", "≥95", "100-120", "无", "/", "60元", "1_000", "(12.5)", "1e3", "60 万"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert one_value(text) == (None, [f"错误 E221 数据.xlsx › 分馆 › B2：“{text}”不是数字（请只填数字，单位写在表头）"])


def test_a_truth_value_and_a_date_are_no_numbers() -> None:
    advice = "不是数字（请只填数字，并把单元格格式改为“数值”）"
    assert one_value("TRUE") == (None, [f"错误 E226 数据.xlsx › 分馆 › B2：“TRUE”{advice}"])
    assert one_value("2025-03-28") == (None, [f"错误 E226 数据.xlsx › 分馆 › B2：“2025年3月28日”{advice}"])


@pytest.mark.parametrize("text", ["87.62%", "87.62", "'87.62%", "'87.62", "'８７．６２％"])
def test_a_per_cent_is_one_fact_however_it_is_typed(text: str) -> None:
    assert one_percent(text)[0] == Decimal("0.8762")


def test_a_per_cent_shown_a_hundred_times_too_large_is_read_as_it_shows() -> None:
    assert one_percent("8762%") == (Decimal("87.62"), [])  # 疑似百分数 asks about it


def test_a_per_cent_in_a_money_column_is_a_mistake() -> None:
    advice = "带百分号，而这一列的单位是“万元”（请核对是否填错了列）"
    assert one_value("60%")[1] == [f"错误 E223 数据.xlsx › 分馆 › B2：“0.6”{advice}"]
    assert one_value("'60%")[1] == [f"错误 E223 数据.xlsx › 分馆 › B2：“60%”{advice}"]


def shown(value: float, code: str, name: str = "分馆") -> tuple[Value | None, list[str]]:
    """What a number cell of that format gives in 分馆.预算数, 活动.参与率 or 失分.原因."""
    heads = {"分馆": "分馆名 | 支出数 | 预算数", "活动": "活动名 | 参与率", "失分": "失分指标 | 标题 | 措施 | 科室 | 时限 | 原因"}
    columns = heads[name].count("|") + 1
    made = workbook({name: f"{heads[name]}\n甲{' | 1' * (columns - 2)} | 0"})
    made[name].cell(2, columns, value).number_format = code
    tables, said = read(made)
    fact = tables[name].rows[0].cells.get(heads[name].rpartition("| ")[2])
    return fact.value if fact else None, said


@pytest.mark.parametrize("code", ['0.00"%"', "0.00\\%", "0.00_%", '0.0"％";-0.0"％"'])
def test_a_per_cent_sign_that_is_only_printed_scales_nothing(code: str) -> None:
    assert shown(9.55, code, "活动") == (Decimal("0.0955"), [])


def test_a_per_cent_sign_that_is_only_printed_has_no_place_beside_money() -> None:
    advice = "带百分号，而这一列的单位是“万元”（请核对是否填错了列）"
    assert shown(9.5, '0.00"%"')[1] == [f"错误 E223 数据.xlsx › 分馆 › C2：“9.5”{advice}"]
    assert shown(9.5, "0.00_%;-0.00_%") == (Decimal("9.5"), [])
    assert shown(9.55, '0.00"%"', "失分")[0] == "9.55%"


@pytest.mark.parametrize("code", ["0!.0000", "0\\.0000", '0"."0000"万"', "0.00,", "#,##0,", '#,##0.0,,"百万"', "0,;-0,"])
def test_a_format_that_shows_a_figure_smaller_is_refused(code: str) -> None:
    assert shown(600000, code) == (
        None,
        [f"错误 E228 数据.xlsx › 分馆 › C2：“600000”的格式“{code}”把数缩小了显示（请改成常规数字格式并核对单位）"],
    )


@pytest.mark.parametrize("code", ["#,##0", "#,##0.00", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', '#,##0"元"'])
def test_usual_formats_show_a_figure_as_it_is(code: str) -> None:
    assert shown(600000, code) == (Decimal(600000), [])


@pytest.mark.parametrize(
    ("code", "value"),
    [('[=0]"-";0.00%', "2.5"), ('[=0]0;[<0.005]"不足1%";0.0%', "2.5"), ("[<1]0.00%;[Red]0.0%;@", "2.5"), ('[=0]"-";0.00', "0.025")],
)
def test_a_format_with_conditions_is_that_of_the_sections_that_show_figures(code: str, value: str) -> None:
    assert shown(2.5, code, "活动") == (Decimal(value), [])


@pytest.mark.parametrize("code", ["[<1]0.00%;0.00", '[>=1]0.0"%";0.00', "[<1]0.00;yyyy/m/d", "[<10]General;0.00,"])
def test_a_format_whose_conditions_change_what_a_figure_is_is_refused(code: str) -> None:
    message = f"“2.5”的格式“{code}”按条件显示成不同的样子（请改成常规数字格式）"
    assert shown(2.5, code, "活动") == (None, [f"错误 E228 数据.xlsx › 活动 › B2：{message}"])
    assert shown(2.5, code, "失分")[0] is None


@pytest.mark.parametrize("text", ["1000000000000000", "'1000000000000000"])
def test_a_figure_of_more_than_15_digits_is_refused(text: str) -> None:
    advice = "这个数太大（超过15位）（请核对这个数；编号请以文本填写）"
    assert one_value(text) == (None, [f"错误 E229 数据.xlsx › 分馆 › B2：“{text.removeprefix(chr(39))}”{advice}"])
    assert one_value("999999999999999") == (Decimal(999999999999999), [])


@pytest.mark.parametrize(
    ("value", "code", "decimals"),
    [(39.5, "0.0;-0.000", 1), (39.5, "0.0##", 1), (39.25, "0.0#", 2), (39.25, "0", 2), (39, "0.#", 0), (39.123456, "0.0#", 2)],
)
def test_a_figure_keeps_the_decimals_that_its_format_shows(value: float, code: str, decimals: int) -> None:
    made = workbook({"业务数据": "数据名 | 数值 | 单位\n藏书 | 0 | 万册"})
    made["业务数据"].cell(2, 2, value).number_format = code
    assert read(made)[0]["业务数据"].rows[0].cells["数值"].decimals == decimals


def test_a_format_without_what_it_only_prints() -> None:
    assert bare_format('[Red]_(#,##0.0"%"\\x!.* _);(0)') == "#,##0.0"


# ── options, dates, years, lists, text ──


def test_an_option_must_be_one_of_the_list() -> None:
    given, said = rows("分馆名 | 预算数 | 支出数 | 馆级\n东馆 | 60 | 55.5 | 一级分馆")
    assert given == [EAST]
    assert said == ["错误 E225 数据.xlsx › 分馆 › D2：“一级分馆”不在可选项里（请选：一级馆、二级馆）"]


@pytest.mark.parametrize("text", ["2025-03-28", "'2025-03-28", "2025/3/28", "2025.3.28", "2025年3月28日", "２０２５年3月28日"])
def test_a_date_is_one_fact_however_it_is_typed(text: str) -> None:
    given, said = rows(f"分馆名 | 预算数 | 支出数 | 开馆日期\n东馆 | 60 | 55.5 | {text}")
    assert (given[0]["开馆日期"], said) == (date(2025, 3, 28), [])


@pytest.mark.parametrize("text", ["2025年13月1日", "2025/02/30", "45000", "2025年3月", "去年"])
def test_what_is_no_date_is_refused(text: str) -> None:
    _, said = rows(f"分馆名 | 预算数 | 支出数 | 开馆日期\n东馆 | 60 | 55.5 | {text}")
    assert said == [f"错误 E224 数据.xlsx › 分馆 › D2：“{text}”不是日期（请填如 2025-03-28 或 2025年3月28日）"]


@pytest.mark.parametrize("text", ["2024", "2024年", "'2024", "２０２４年度"])
def test_a_year_is_one_fact_however_it_is_typed(text: str) -> None:
    given, said = form(f"版本 | 甲\n馆名 | 乙\n年度 | {text}", "基本信息")
    assert (given["年度"], said) == (Decimal(2024), [])


@pytest.mark.parametrize("text", ["24", "二〇二四", "20245"])
def test_a_year_has_four_figures(text: str) -> None:
    _, said = form(f"版本 | 甲\n馆名 | 乙\n年度 | {text}", "基本信息")
    assert said == [f"错误 E224 数据.xlsx › 基本信息 › B3：“{text}”不是四位年份（请填如 2024）"]


FIRST_OF_2025_12 = 45992
MONTH, YEAR, DAY, BARE_DAY = 'yyyy"年"m"月"', 'yyyy"年"', "[$-804]yyyy/m/d;@", 'm"月"d"日"'


@pytest.mark.parametrize(
    ("code", "text"),
    [(MONTH, "2025年12月"), (YEAR, "2025年"), (DAY, "2025年12月1日"), (BARE_DAY, "2025年12月1日")],
)
def test_a_date_in_a_text_column_has_no_day_that_its_cell_does_not_show(code: str, text: str) -> None:
    assert shown(FIRST_OF_2025_12, code, "失分") == (text, [])


@pytest.mark.parametrize(
    ("code", "last_day", "typed"),
    [(MONTH, date(2025, 12, 31), "2025年12月"), (YEAR, date(2025, 12, 31), "2025年"), (DAY, date(2025, 12, 1), "")],
)
def test_a_month_that_excel_took_for_a_date_is_a_deadline_at_its_end(code: str, last_day: date, typed: str) -> None:
    spec = plain_kind().tables["分馆"]
    spec = replace(spec, columns={**spec.columns, "开馆日期": replace(spec.columns["开馆日期"], type="时限")})
    heads = {(1, at): Cell(1, at, "text", text, False, "") for at, text in enumerate(("分馆名", "预算数", "支出数", "开馆日期"), 1)}
    given = enumerate((("text", "东馆"), ("number", "1"), ("number", "1")), 1)
    cells = {(2, at): Cell(2, at, kind, text, False, "") for at, (kind, text) in given}
    cells[2, 4] = Cell(2, 4, "number", str(FIRST_OF_2025_12), False, code)
    sheet = Sheet("分馆", True, heads | cells, (), frozenset(), frozenset())
    tables, problems = read_tables([sheet], {"分馆": spec}, "数据.xlsx", FactBook())
    fact = tables["分馆"].rows[0].cells["开馆日期"]
    assert (fact.value, fact.typed, problems) == (last_day, typed, [])


def test_a_full_date_is_wanted_where_the_column_is_of_dates() -> None:
    cell = Cell(2, 3, "number", str(FIRST_OF_2025_12), formula=False, format=MONTH)
    assert read_value(cell, Column("日期", ("日期",), type="日期"), "", Decimal(1)) == (date(2025, 12, 1), ())


@pytest.mark.parametrize(("code", "year"), [(YEAR, Decimal(2025)), (MONTH, None), (DAY, None)])
def test_a_date_cell_that_shows_its_year_only_is_that_year(code: str, year: Decimal | None) -> None:
    made = workbook({"基本信息": f"版本 | 甲\n馆名 | 乙\n年度 | {FIRST_OF_2025_12}"})
    made["基本信息"]["B3"].number_format = code
    fact = read(made)[0]["基本信息"].rows[0].cells.get("年度")
    assert (fact.value if fact else None) == year


def test_a_list_is_parted_by_any_usual_sign() -> None:
    tables, _ = read({"失分": "失分指标 | 原因 | 措施 | 科室 | 时限\n甲、乙，丙;丁 | 一 | 二 | 三 | 四"})
    assert tables["失分"].rows[0].cells["失分指标"].value == ("甲", "乙", "丙", "丁")


def test_figures_and_dates_in_a_text_column_stay_as_they_show() -> None:
    given, _ = rows("失分指标 | 原因 | 措施 | 科室 | 时限\n甲 | 12.50 | 87.62% | 007 | 2025-03-28", "失分")
    assert [given[0][name] for name in ("原因", "措施", "科室", "时限")] == ["12.5", "87.62%", "7", "2025年3月28日"]


def test_a_formula_without_its_result_is_told_once(tmp_path: Path) -> None:
    sheets, troubles = read_sheets(save(workbook({"分馆": f"{BRANCHES}南馆 | =B2 | 1"}), tmp_path / "数据.xlsx"))
    tables, problems = read_tables(sheets, {"分馆": plain_kind().tables["分馆"]}, "数据.xlsx", FactBook())
    assert ([(one.code, one.mark) for one in troubles], told(problems)) == ([("E111", "B4")], [])
    assert "预算数" not in tables["分馆"].rows[2].cells
