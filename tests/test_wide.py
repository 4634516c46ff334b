"""Sheets as people lay them out: years across the header, levels written once, deadlines in words; and laid out again."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.define.kind import load_kind
from reportgen.judge.facts import Derived, derive
from reportgen.marks import plain
from reportgen.model import FactBook, Problem, Table
from reportgen.read.sheets import read_sheets
from reportgen.read.tables import read_tables
from reportgen.shown import usual
from reportgen.write.view import wide_rows, yearly
from tests.support.kinds import told
from tests.support.workbooks import save, workbook

KIND = """\
名称: 试
文件名: 试
身份: {}
表:
  原始:
    键: [指标, 年份]
    列:
      指标: {}
      单位: {可空: true}
      年份: {横向: true, 类型: 年}
      值: {类型: 数, 小数: 2, 可空: true}
  体系:
    键: 名称
    可空: true
    列:
      三级: {向下填充: true}
      四级: {向下填充: true}
      名称: {}
  季度:
    键: [单位名, 季度]
    可空: true
    列:
      单位名: {}
      季度: {横向: true, 类型: 选项, 选项: [一季度, 二季度, 三季度, 四季度]}
      支出: {单位: 万元}
  任务:
    键: 任务名
    可空: true
    列:
      任务名: {}
      时限: {类型: 时限}
      科室: {类型: 列表, 可空: true}
"""


class Read:
    """A workbook of these sheets, read."""

    def __init__(self, folder: Path, **sheets: str) -> None:
        (folder / "kind.yaml").write_text(KIND, "utf-8")
        self.kind = load_kind(folder, "试")
        path = save(workbook({"原始": "指标 | 2020\n甲 | 1", **sheets}), folder / "数据.xlsx")
        found, troubles = read_sheets(path)
        assert troubles == ()
        self.book = FactBook()
        self.tables, self.problems = read_tables(found, self.kind.tables, "数据.xlsx", self.book)

    def told(self) -> list[str]:
        return told([one for one in self.problems if not _spare(one)])

    def rows(self, name: str) -> list[str]:
        """Each row as text, its cells parted by blanks; "-" where one is blank."""
        columns = self.kind.tables[name].columns
        return [plain(" ".join(usual(row.cells[c]) if c in row.cells else "-" for c in columns)) for row in self.table(name)]

    def table(self, name: str) -> Table:
        return self.tables[name]


def _spare(problem: Problem) -> bool:
    return problem.code == "E201"


# --- across --------------------------------------------------------------------------------------------------

PLAIN = ["甲 ‰ 2020年 1.50", "甲 ‰ 2021年 1.20", "乙 % 2020年 -", "乙 % 2021年 40.00"]


def flat(read: Read) -> list[str]:
    """The rows of 原始 with the year written out."""
    return [
        f"{usual(row.cells['指标'])} {usual(row.cells['单位'])} {row.cells['年份'].value}年 "
        + (f"{row.cells['值'].value:.2f}" if "值" in row.cells else "-")
        for row in read.table("原始")
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        "指标 | 单位 | 2020 | 2021\n甲 | ‰ | 1.5 | 1.2\n乙 | % |  | 40",
        "指标 | 单位 | 2020年 | 2021年度\n甲 | ‰ | 1.5 | 1.2\n乙 | % | - | 40",
        "指标 | 单位 | '2020 | ２０２１\n甲 | ‰ | 1.5 | 1.2\n乙 | % | — | 40",
        "序号 | 指标 | 单位 | 2020 | 2021 | 备注\n1 | 甲 | ‰ | 1.5 | 1.2 | 1.2是快报数\n2 | 乙 | % |  | 40 | ",
        "原始 | < | < | <\n单位见各行 |  |  | \n指标 | 单位 | 2020 | 2021\n甲 | ‰ | 1.5 | 1.2\n乙 | % |  | 40\n注：乙自2021年起",
    ],
)
def test_years_across_the_header_become_rows(sheet: str, tmp_path: Path) -> None:
    read = Read(tmp_path, 原始=sheet)
    assert read.told() == []
    assert flat(read) == PLAIN


@given(st.permutations(["指标", "单位", "2020", "2021", "2019", "备注"]))
@settings(max_examples=15, deadline=None)
def test_columns_may_stand_in_any_order(order: list[str]) -> None:
    rows = [{"指标": "甲", "单位": "‰", "2019": "3", "2020": "1.5", "2021": "1.2", "备注": "快报"}]
    rows += [{"指标": "乙", "单位": "%", "2021": "40", "2020": "38", "2019": "37"}]
    text = "\n".join(" | ".join(cells) for cells in [order, *([row.get(name, "") for name in order] for row in rows)])
    with tempfile.TemporaryDirectory() as folder:
        read = Read(Path(folder), 原始=text)
    assert read.told() == []
    assert sorted(flat(read)) == sorted(
        [*(f"甲 ‰ {year}年 {value}" for year, value in (("2019", "3.00"), ("2020", "1.50"), ("2021", "1.20"))),
         *(f"乙 % {year}年 {value}" for year, value in (("2019", "37.00"), ("2020", "38.00"), ("2021", "40.00")))]
    )  # fmt: skip
    series = yearly(read.table("原始"), "年份", "值", read.book)
    assert {name: (one["首期"], one["末期"], one["趋势"]) for name, one in series.items()} == {
        "甲": ("2019", "2021", "持续下降"),
        "乙": ("2019", "2021", "持续上升"),
    }


def test_every_value_knows_its_own_cell_and_its_year_the_header(tmp_path: Path) -> None:
    read = Read(tmp_path, 原始="指标 | 单位 | 2020 | 2021\n甲 | ‰ | 1.5 | 1.2\n乙 | % |  | 40")
    found = [(row.key, row.place_of("年份").mark, row.place_of("值").mark) for row in read.table("原始")]
    assert found == [("甲·2020", "C1", "C2"), ("甲·2021", "D1", "D2"), ("乙·2020", "C1", "C3"), ("乙·2021", "D1", "D3")]


@pytest.mark.parametrize(
    ("sheet", "problems"),
    [
        (
            "指标 | 2020 | 2020年\n甲 | 1.5 | 1.2",
            ["错误 E204 数据.xlsx › 原始 › C1：“2020年”这一列与B1重复（请删去多余的一列）"],
        ),
        ("指标 | 2020 | 去年\n甲 | 1.5 | 1.2", ["提醒 E209 数据.xlsx › 原始 › C1：“去年”这一列没有用到（如不需要可以删去）"]),
        ("指标 | 2020\n甲 | 约1.5", ["错误 E221 数据.xlsx › 原始 › B2：“约1.5”不是数字（请只填数字，单位写在表头）"]),
        ("指标 | 2020\n甲 | 1.5\n甲 | 1.2", ["错误 E204 数据.xlsx › 原始 › A3：“甲”与第2行重复（请合并或删去一行）"]),
    ],
)
def test_what_is_wrong_in_a_wide_sheet_is_told_at_its_cell(sheet: str, problems: list[str], tmp_path: Path) -> None:
    assert Read(tmp_path, 原始=sheet).told() == problems


def test_a_wide_sheet_without_its_own_columns_says_which_it_wants(tmp_path: Path) -> None:
    read = Read(tmp_path, 季度="一季度 | 二季度\n10 | 25")
    assert read.told() == ["错误 E202 数据.xlsx › 季度：找不到表头（表头应有：单位名）"]


def test_options_may_run_across_too_and_a_blank_one_is_told(tmp_path: Path) -> None:
    read = Read(tmp_path, 季度="单位名 | 一季度 | 二季度\n东馆 | 10 | 25\n西馆 | 8 | ")
    assert read.told() == ["错误 E205 数据.xlsx › 季度 › C3：“支出”没有填（请填写；确实为零请填 0）"]
    assert read.rows("季度") == ["东馆 一季度 10.00", "东馆 二季度 25.00", "西馆 一季度 8.00", "西馆 二季度 -"]


def test_a_unit_may_stand_behind_a_value_of_the_header(tmp_path: Path) -> None:
    read = Read(tmp_path, 季度="单位名 | 一季度（万元） | 二季度（元）\n东馆 | 10 | 250000")
    assert read.told() == ["提醒 E208 数据.xlsx › 季度 › C1：“支出”在表上的单位是元，已换算为万元（建议直接按万元填报）"]
    assert read.rows("季度") == ["东馆 一季度 10.00", "东馆 二季度 25.00"]


def test_the_unit_above_a_wide_table_holds_for_all_its_figures(tmp_path: Path) -> None:
    read = Read(tmp_path, 季度="单位：元 |\n单位名 | 一季度\n东馆 | 100000")
    assert read.rows("季度") == ["东馆 一季度 10.00"]


# --- laid out again ------------------------------------------------------------------------------------------


def test_the_rows_are_laid_out_again_as_on_the_sheet(tmp_path: Path) -> None:
    read = Read(tmp_path, 原始="指标 | 单位 | 2021 | 2020\n甲 | ‰ | 1.2 | 1.5\n乙 | % | 40 | ")
    first, second = wide_rows(read.table("原始"), "年份", "值")
    assert (first["序号"], usual(first["指标"]), usual(first["单位"])) == (1, "甲", "‰")
    assert {period: value.value for period, value in first["各期"].items()} == {"2021": Decimal("1.2"), "2020": Decimal("1.5")}
    assert list(second["各期"]) == ["2021", "2020"]
    assert not second["各期"]["2020"], "a gap is blank, not missing"


def test_a_series_has_only_the_years_with_a_figure_the_earliest_first(tmp_path: Path) -> None:
    read = Read(tmp_path, 原始="指标 | 2021 | 2019 | 2020\n甲 | 3 |  | 2")
    (one,) = yearly(read.table("原始"), "年份", "值", read.book).values()
    assert one.periods == ["2020", "2021"]


def test_words_make_no_series(tmp_path: Path) -> None:
    read = Read(tmp_path, 原始="指标 | 单位 | 2021 | 2020\n甲 | ‰ | 1.2 | 1.5")
    (one,) = yearly(read.table("原始"), "年份", "单位", read.book).values()
    assert (one.periods, one["首期"]) == ([], "")


# --- levels written once -------------------------------------------------------------------------------------

LEVELS = ["质量 健康 甲", "质量 健康 乙", "质量 效率 丙", "发展 持续 丁"]


@pytest.mark.parametrize(
    "sheet",
    [
        "三级 | 四级 | 名称\n质量 | 健康 | 甲\n^ | ^ | 乙\n^ | 效率 | 丙\n发展 | 持续 | 丁",
        "三级 | 四级 | 名称\n质量 | 健康 | 甲\n |  | 乙\n | 效率 | 丙\n发展 | 持续 | 丁",
        "三级 | 四级 | 名称\n质量 | 健康 | 甲\n质量 | 健康 | 乙\n质量 | 效率 | 丙\n发展 | 持续 | 丁",
        "名称 | 四级 | 三级\n甲 | 健康 | 质量\n乙 | ^ | ^\n丙 | 效率 | ^\n丁 | 持续 | 发展",
    ],
)
def test_a_level_written_once_holds_for_the_rows_below(sheet: str, tmp_path: Path) -> None:
    read = Read(tmp_path, 体系=sheet)
    assert read.told() == []
    assert read.rows("体系") == LEVELS


def test_the_place_of_a_level_is_where_it_was_written(tmp_path: Path) -> None:
    read = Read(tmp_path, 体系="三级 | 四级 | 名称\n质量 | 健康 | 甲\n^ |  | 乙")
    assert [row.place_of("三级").mark for row in read.table("体系")] == ["A2", "A2"]


def test_a_level_that_is_blank_from_the_start_is_told(tmp_path: Path) -> None:
    read = Read(tmp_path, 体系="三级 | 四级 | 名称\n | 健康 | 甲\n质量 | 健康 | 乙")
    assert read.told() == ["错误 E205 数据.xlsx › 体系 › A2：“三级”没有填（请填写）"]


def test_a_row_of_levels_alone_is_no_row(tmp_path: Path) -> None:
    read = Read(tmp_path, 体系="三级 | 四级 | 名称\n质量 | 健康 | 甲\n^ | ^ | \n发展 | 持续 | 丁")
    assert read.rows("体系") == ["质量 健康 甲", "发展 持续 丁"]


# --- deadlines and lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2022年6月底", "2022-06-30"),
        ("2022年6月底前", "2022-06-30"),
        ("2022年6月底之前", "2022-06-30"),
        ("2022年06月末", "2022-06-30"),
        ("2022年6月", "2022-06-30"),
        ("2024年2月底", "2024-02-29"),
        ("2022年2月底", "2022-02-28"),
        ("2022年底", "2022-12-31"),
        ("2022年底前", "2022-12-31"),
        ("2022年", "2022-12-31"),
        ("2022年 6月 底", "2022-06-30"),
        ("２０２２年６月底", "2022-06-30"),
        ("2022年6月15日", "2022-06-15"),
        ("2022年6月15日前", "2022-06-15"),
        ("2022.6.15", "2022-06-15"),
    ],
)
def test_a_deadline_is_its_last_day_and_prints_as_it_was_typed(typed: str, day: str, tmp_path: Path) -> None:
    read = Read(tmp_path, 任务=f"任务名 | 时限\n挂牌 | {typed}")
    assert read.told() == []
    (row,) = read.table("任务")
    assert (str(row.cells["时限"].value), usual(row.cells["时限"])) == (day, typed)


def test_a_deadline_that_excel_knows_as_a_date_prints_as_one(tmp_path: Path) -> None:
    (row,) = Read(tmp_path, 任务="任务名 | 时限\n挂牌 | 2022-06-15").table("任务")
    assert (str(row.cells["时限"].value), usual(row.cells["时限"])) == ("2022-06-15", "2022年6月15日")


@pytest.mark.parametrize("typed", ["年底", "6月底", "长期坚持", "2022年13月底", "2022年2月30日", "22年6月底"])
def test_what_is_no_deadline_is_told(typed: str, tmp_path: Path) -> None:
    assert Read(tmp_path, 任务=f"任务名 | 时限\n挂牌 | {typed}").told() == [
        f"错误 E224 数据.xlsx › 任务 › B2：“{typed}”不是时限（请填如 2022年6月底、2022年底 或 2022年6月30日）"
    ]


@pytest.mark.parametrize("typed", ["甲科、乙科", "甲科，乙科", "甲科；乙科、", "甲科,乙科"])
def test_a_list_is_parted_by_any_usual_mark(typed: str, tmp_path: Path) -> None:
    (row,) = Read(tmp_path, 任务=f"任务名 | 时限 | 科室\n挂牌 | 2022年底 | {typed}").table("任务")
    assert row.cells["科室"].value == ("甲科", "乙科")


# --- two-level headers ---------------------------------------------------------------------------------------

ASSETS = """\
名称: 试
文件名: 试
身份: {}
表:
  资产:
    键: 项目
    列:
      级次: {类型: 数, 小数: 0}
      项目: {}
      数量单位: {可空: true}
      年初数量: {单位列: 数量单位, 表头: [年初数/数量], 可空: true}
      年初金额: {单位: 万元, 表头: [年初数/金额], 可空: true}
      年末数量: {单位列: 数量单位, 表头: [年末数/数量], 可空: true}
      年末金额: {单位: 万元, 表头: [年末数/金额]}
数据项:
  年末资产: {算: "合计(资产.年末金额, 级次 = 1)", 单位: 万元}
  房屋面积: {算: "取(资产.年末数量, 项目 = “房屋”)"}
"""
BODY = """
1 | 货币资金 | — | — | 41,252.86 | — | 39,870.13
2 | 其中：银行存款 | — | — | 41,250.11 | — | 39,869.00
1 | 房屋 | 平方米 | 662,534.20 | 120,000.00 | 662,534.20 | 118,000.00
2 | 其中：办公用房 | 平方米 | 20,000.00 | 9,000.00 | 20,000.00 | 8,800.00
1 | 车辆 | 台（辆） | 295 | 8,100.50 | 290 | 7,900.25
"""


def assets(folder: Path, header: str, body: str = BODY) -> tuple[Table, Derived, list[str]]:
    """The sheet 资产 under this header: its rows, what is worked out, and what is told save that figures are typed text."""
    (folder / "kind.yaml").write_text(ASSETS, "utf-8")
    kind = load_kind(folder, "试")
    path = save(workbook({"资产": header.strip("\n") + "\n" + body.strip("\n")}), folder / "数据.xlsx")
    book = FactBook()
    tables, problems = read_tables(read_sheets(path)[0], kind.tables, "数据.xlsx", book)
    derived = derive(kind, tables, book, {})
    return tables["资产"], derived, told([one for one in problems if one.code not in ("E222", "E201")])


TWO_LEVELS = [
    "级次 | 项目 | 数量单位 | 年初数 | < | 年末数 | <\n^ | ^ | ^ | 数量 | 金额（万元） | 数量 | 金额（万元）",
    "级次 | 项目 | 数量单位 | 年初数 |  | 年末数 | \n |  |  | 数量 | 金额 | 数量 | 金额",
    " |  |  | 年初数 | < | 年末数 | <\n级次 | 项目 | 数量单位 | 数量 | 金额 | 数量 | 金额",
    "单位：万元\n级次 | 项目 | 数量单位 | 年初数 | < | 年末数 | <\n^ | ^ | ^ | 数量 | 金额 | 数量 | 金额",
    "级次 | 项目 | 数量单位 | 年初数/数量 | 年初数／金额（万元） | 年末数 / 数量 | 年末数/金额",
    "资产情况 | < | < | < | < | < | <\n级次 | 项目 | 数量单位 | 年初数/数量 | 年初数/金额 | 年末数/数量 | 年末数/金额",
]


@pytest.mark.parametrize("header", TWO_LEVELS)
def test_a_header_of_two_levels_is_joined(header: str, tmp_path: Path) -> None:
    table, derived, said = assets(tmp_path, header)
    assert said == []
    assert [row.key for row in table] == ["货币资金", "其中：银行存款", "房屋", "其中：办公用房", "车辆"]
    cash, _, house, _, cars = (
        {name: plain(usual(fact)) + ("" if fact.unit == "万元" else fact.unit) for name, fact in row.cells.items()} for row in table
    )
    assert (cash["年初金额"], "年初数量" in cash) == ("41,252.86", False), "a dash is a blank, not a nought"
    assert (house["年初数量"], house["年末金额"]) == ("662,534.20平方米", "118,000.00")
    assert (cars["年末数量"], cars["年初金额"]) == ("290台（辆）", "8,100.50")
    assert derived.facts["年末资产"].value == Decimal("165770.38"), "39,870.13 + 118,000.00 + 7,900.25, without the 其中"
    assert derived.facts["房屋面积"].value == Decimal("662534.20")


def test_a_unit_may_stand_at_the_upper_level(tmp_path: Path) -> None:
    header = "级次 | 项目 | 数量单位 | 年初数（元） | 年末数 | <\n^ | ^ | ^ | 金额 | 数量 | 金额（万元）"
    table, _, said = assets(tmp_path, header, "1 | 货币资金 | — | 412,528,600 | — | 39,870.13")
    assert table.rows[0].cells["年初金额"].value == Decimal("41252.86")
    assert said == ["提醒 E208 数据.xlsx › 资产 › D2：“年初数/金额”在表上的单位是元，已换算为万元（建议直接按万元填报）"]


def test_a_column_beside_the_last_group_is_no_part_of_it(tmp_path: Path) -> None:
    header = "级次 | 项目 | 数量单位 | 年末数 |  | \n |  |  | 数量 | 金额 | 备注"
    table, _, said = assets(tmp_path, header, "1 | 货币资金 | — | — | 39,870.13 | 含零余额账户")
    assert said == []
    assert set(table.rows[0].cells) == {"级次", "项目", "数量单位", "年末金额"}


def test_what_is_wrong_in_a_header_of_two_levels_is_told_at_its_cell(tmp_path: Path) -> None:
    header = "级次 | 项目 | 数量单位 | 年初数 | < | 年未数 | < | 处置 | 年初数\n^ | ^ | ^ | 数量 | 金额 | 数量 | 金额 | ^ | 数量"
    assert assets(tmp_path, header, "1 | 车辆 | 台 | 2 | 30 | 2 | 28 | 无 | 3")[2] == [
        "错误 E204 数据.xlsx › 资产 › I2：表头“年初数/数量”与D2重复（请删去多余的一列）",
        "错误 E203 数据.xlsx › 资产 › 第2行：缺“年末数/金额”这一列，您是不是要找“年未数/金额”（请补上这一列，或改正表头）",
        "提醒 E209 数据.xlsx › 资产 › F2：“年未数/数量”这一列没有用到，您是不是要找“年末数/数量”（如不需要可以删去）",
        "提醒 E209 数据.xlsx › 资产 › G2：“年未数/金额”这一列没有用到（如不需要可以删去）",
        "提醒 E209 数据.xlsx › 资产 › H1：“处置”这一列没有用到（如不需要可以删去）",
    ]
