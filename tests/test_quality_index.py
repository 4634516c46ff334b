"""深圳 2022 end to end: an index worked out again from the raw table, and a report that follows from it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import docx
import pytest

from reportgen import say
from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.write.publish import compose
from tests.support.charts import drawn
from tests.support.kinds import told
from tests.support.samples import SHENZHEN, document_text
from tests.support.sheets import Row, cell, changed, records, set_form
from tests.support.structure import structure_findings

if TYPE_CHECKING:
    import openpyxl

    Change = Callable[[openpyxl.Workbook], object]

YEARS = tuple(range(2012, 2023))
GAP = "市域内住院率"  # there are no figures before 2015
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(SHENZHEN)


@pytest.fixture(scope="module")
def document(case: Case) -> bytes:
    return compose(case)[0]


def test_only_the_bound_above_its_series_remains_and_has_its_reason(case: Case) -> None:
    found = [(one.code, one.subject, str(one.place), bool(one.answered)) for one in case.problems]
    assert found == [("Z03", "基层医疗机构总诊疗量占比", "数据.xlsx › 指标体系 › G9", True)]


# --- the index again, from the cells -------------------------------------------------------------------------


def exactly(value: Any) -> Fraction:
    """A cell's number as it is typed: 83.53 and not the nearest binary fraction."""
    return Fraction(str(value))


def two_places(value: Fraction) -> str:
    """Rounded half up, without zeros that say nothing."""
    cents = int(value * 100 + Fraction(1, 2))
    text = f"{cents // 100}.{cents % 100:02d}"
    return text.rstrip("0").rstrip(".")


def mark(row: Row, value: Any) -> Fraction:
    """极差标准化 on the scale of 60–100."""
    upper, lower, figure = exactly(row["上限"]), exactly(row["下限"]), exactly(value)
    way = figure - lower if row["方向"] == "正向" else upper - figure
    return min(max(60 + way / (upper - lower) * 40, Fraction(60)), Fraction(100))


@cache
def recomputed(folder: Path, years: tuple[int, ...] = YEARS) -> tuple[list[Row], dict[str, dict[int, Fraction]]]:
    """The indicators, and the mark of each in each year; a gap takes the least of the indicator's own."""
    system = records(folder, "指标体系", "三级", down=("三级", "四级"))
    raw = {row["指标"]: row for row in records(folder, "原始数据", "指标")}
    marks = {}
    for row in system:
        figures = {year: raw[row["名称"]][str(year)] for year in years}
        own = {year: mark(row, value) for year, value in figures.items() if value is not None}
        marks[row["名称"]] = {year: own.get(year, min(own.values())) for year in years}
    return system, marks


def weighted(names: Sequence[str], folder: Path, year: int, years: tuple[int, ...] = YEARS) -> Fraction:
    """The marks of these indicators in one year, by weight."""
    system, marks = recomputed(folder, years)
    weights = {row["名称"]: exactly(row["权重（%）"]) for row in system if row["名称"] in names}
    return sum((weights[name] * marks[name][year] for name in weights), Fraction(0)) / sum(weights.values())


def members(folder: Path, level: str, name: str) -> list[str]:
    return [row["名称"] for row in recomputed(folder)[0] if row[level] == name]


def scored(folder: Path) -> dict[str, Any]:
    return dict(say.score_json([judge(folder)])["submissions"][0])


def test_every_year_and_level_is_what_the_raw_table_gives() -> None:
    system, marks = recomputed(SHENZHEN)
    levels = [(1, "三级"), (2, "四级")]
    groups = [(level, column, name) for level, column in levels for name in dict.fromkeys(row[column] for row in system)]
    expected = [
        {
            "year": str(year),
            "total": two_places(weighted(list(marks), SHENZHEN, year)),
            "groups": [
                {"name": name, "level": level, "earned": two_places(weighted(members(SHENZHEN, column, name), SHENZHEN, year))}
                for level, column, name in groups
            ],
            "indicators": [{"name": name, "earned": two_places(marks[name][year])} for name in marks],
        }
        for year in YEARS
    ]
    assert len(marks) == 11
    assert [name for _, _, name in groups] == [
        *("质量水平", "发展能力", "质量获得感"),
        *("居民健康水平", "医疗服务效率", "医疗服务质量", "持续发展", "顾客满意度"),
    ]
    assert scored(SHENZHEN)["series"] == expected


def test_the_index_is_the_one_that_exact_arithmetic_gives() -> None:
    result = scored(SHENZHEN)
    totals = {one["year"]: one["total"] for one in result["series"]}
    assert (result["total"], totals["2012"], totals["2022"]) == ("90.56", "69.13", "90.56")
    last = {one["name"]: one["earned"] for one in result["series"][-1]["groups"] if one["level"] == 1}
    assert last == {"质量水平": "91.99", "发展能力": "90.29", "质量获得感": "88.24"}


def test_the_card_of_the_last_year_is_the_score() -> None:
    result = scored(SHENZHEN)
    assert (result["unit"], result["year"], result["edition"]) == ("深圳市卫生健康委员会", "2022", "shenzhen-2022")
    assert {one["name"]: (one["points"], one["earned"]) for one in result["groups"] if one["level"] == 1} == {
        name: (points, two_places(weighted(members(SHENZHEN, "三级", name), SHENZHEN, 2022) * int(points) / 100))
        for name, points in (("质量水平", "40"), ("发展能力", "40"), ("质量获得感", "20"))
    }
    assert [one["level3"] for one in result["indicators"]] == list(recomputed(SHENZHEN)[1])


def test_a_gap_takes_the_least_that_its_own_indicator_earned(case: Case) -> None:
    least = min(recomputed(SHENZHEN)[1][GAP].values())
    filled = [(year, one.filled) for year, card in case.cards.items() for one in card.indicators if one.level3 == GAP]
    assert [year for year, was in filled if was] == ["2012", "2013", "2014"]
    assert {one["indicators"][6]["earned"] for one in scored(SHENZHEN)["series"][:4]} == {two_places(least)} == {"83.49"}
    assert not any(one.filled for card in case.cards.values() for one in card.indicators if one.level3 != GAP)


# --- charts --------------------------------------------------------------------------------------------------

CHARTS = {
    "走势.总分": ["总分"],
    "走势.一级": ["质量水平", "发展能力", "质量获得感"],
    "走势.二级": ["居民健康水平", "医疗服务效率", "医疗服务质量", "持续发展", "顾客满意度"],
    "走势.一级.质量水平": ["质量水平"],
    "走势.二级.居民健康水平": ["居民健康水平"],
    "走势.二级.医疗服务效率": ["医疗服务效率"],
    "走势.二级.医疗服务质量": ["医疗服务质量"],
    "走势.一级.发展能力": ["发展能力"],
    "走势.一级.质量获得感": ["质量获得感"],
}


def test_there_are_nine_charts_each_with_its_own_series(document: bytes) -> None:
    charts = drawn(document)
    assert {one.alt.removeprefix("图："): list(one.cache) for one in charts} == CHARTS
    assert len({tuple(one.cache) for one in charts}) == len({one.part for one in charts}) == 9


@pytest.mark.parametrize("number", range(9))
def test_what_a_chart_draws_is_its_workbook_and_the_scores_of_the_report(number: int, document: bytes) -> None:
    chart = drawn(document)[number]
    assert chart.sheet == chart.cache
    for name, points in chart.cache.items():
        level = next((column for column in ("三级", "四级") if members(SHENZHEN, column, name)), "")
        inside = members(SHENZHEN, level, name) if level else list(recomputed(SHENZHEN)[1])
        expected = {str(year): two_places(weighted(inside, SHENZHEN, year)) for year in YEARS}
        years = YEARS[3:] if inside == [GAP] else YEARS
        assert {year: two_places(exactly(value)) for year, value in points.items()} == {
            str(year): expected[str(year)] for year in years
        }
        assert all(re.fullmatch(r"\d+\.\d\d", value) for value in points.values())


@pytest.mark.parametrize("number", range(9))
def test_the_axis_of_a_chart_holds_all_of_it(number: int, document: bytes) -> None:
    chart = drawn(document)[number]
    figures = [float(value) for points in chart.cache.values() for value in points.values()]
    least, greatest = map(float, chart.axis)
    assert least <= min(figures) <= max(figures) <= greatest
    assert greatest - least <= 2 * (max(figures) - min(figures)), "the lines fill the chart"


def test_filled_years_stay_out_of_the_chart_that_is_all_filled(document: bytes) -> None:
    chart = next(one for one in drawn(document) if list(one.cache) == ["医疗服务质量"])
    assert list(chart.cache["医疗服务质量"]) == list(map(str, YEARS[3:]))
    several = next(one for one in drawn(document) if len(one.cache) == 5)
    assert [name for name, points in several.cache.items() if len(points) < 11] == ["医疗服务质量"]


def test_the_score_table_shows_what_the_charts_draw(document: bytes) -> None:
    table = score_table(document)
    marks = recomputed(SHENZHEN)[1]
    for row in table[1:]:
        shown = [two_places(exactly(FILLED.sub("", text))) for text in row[-11:]]
        assert shown == [two_places(marks[row[2]][year]) for year in YEARS]
    starred = {row[2]: [str(year) for year, text in zip(YEARS, row[-11:], strict=True) if FILLED.match(text)] for row in table[1:]}
    assert {name: years for name, years in starred.items() if years} == {GAP: ["2012", "2013", "2014"]}


FILLED = re.compile(r"^[^\d-]+")  # the sign before a figure that was filled in


def score_table(document: bytes) -> list[list[str]]:
    """The table of marks: of the two with a column a year, the one whose last row ends as the marks do."""
    wide = [rows for rows in tables(document) if rows[0][-1] == "2022"]
    assert len(wide) == 2
    return wide[1]


def tables(document: bytes) -> list[list[list[str]]]:
    """The tables as rows of texts; a cell that goes on with the one above is empty."""
    found = docx.Document(io.BytesIO(document)).tables
    return [[["".join(t.text or "" for t in one.iter(f"{W}t")) for one in row._tr.tc_lst] for row in table.rows] for table in found]


# --- equations -----------------------------------------------------------------------------------------------


def body(document: bytes) -> ET.Element:
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml"))


def written(element: ET.Element) -> str:
    """An equation as text: a fraction as 甲÷乙."""
    if element.tag == f"{M}f":
        over, under = (element.find(f"{M}{part}") for part in ("num", "den"))
        assert over is not None
        assert under is not None
        assert written(over)
        assert written(under)
        return f"{written(over)}÷{written(under)}"
    return element.text or "" if element.tag == f"{M}t" else "".join(map(written, element))


def test_each_formula_line_is_one_equation_with_its_fraction(document: bytes) -> None:
    cells = [row["计算公式"] or "" for row in records(SHENZHEN, "指标体系", "三级")]
    formulas = [line.strip() for text in cells for line in text.splitlines()]
    assert len(formulas) == 11, "one indicator has two formulas, one has none"
    found = list(body(document).iter(f"{M}oMathPara"))
    definitions, scale = found[:-2], found[-2:]
    plain = str.maketrans("", "", "（）()")
    assert [written(one).translate(plain) for one in definitions] == [text.translate(plain) for text in formulas]
    assert [len(list(one.iter(f"{M}f"))) for one in definitions] == [text.count("÷") for text in formulas]
    assert [written(one) for one in scale] == [
        "正向指标得分＝当年数据－下限÷上限－下限×40＋60",
        "逆向指标得分＝上限－当年数据÷上限－下限×40＋60",
    ]


def test_one_per_100000_is_a_unit_and_no_fraction(document: bytes) -> None:
    found = next(one for one in body(document).iter(f"{M}oMathPara") if "孕产妇" in written(one))
    texts = [one.text for one in found.iter(f"{M}t")]
    assert texts == ["孕产妇死亡率（1/10万）＝", "孕产妇死亡数", "活产数", "×100000"]


# --- other figures, other words ------------------------------------------------------------------------------


class Changed:
    """The report of the sample with figures changed; ``(指标, 年): value``."""

    def __init__(self, folder: Path, figures: dict[tuple[str, int], float | None], **bounds: float) -> None:
        def change(book: openpyxl.Workbook) -> None:
            for (name, year), value in figures.items():
                cell(book["原始数据"], name, year).value = value
            for name, value in bounds.items():
                cell(book["指标体系"], name, "上限").value = value

        self.case = judge(changed(SHENZHEN, folder, change))
        blocking = [one for one in self.case.problems if one.blocks]
        assert blocking == [], told(blocking)
        self.document = compose(self.case)[0]
        self.lines = document_text(self.document).splitlines()

    def has(self, *texts: str) -> None:
        for text in texts:
            assert any(text in line for line in self.lines), text

    def lacks(self, *texts: str) -> None:
        for text in texts:
            assert not any(text in line for line in self.lines), text


def test_a_better_figure_changes_the_heading_and_the_cause(tmp_path: Path, document: bytes) -> None:
    before = document_text(document)
    assert "（2）2022年居民健康水平得分较上年有所回落，主要受孕产妇死亡率影响" in before
    assert "孕产妇死亡率为7.21/10万，比上年上升5.30/10万" in before
    now = Changed(tmp_path, {("孕产妇死亡率", 2022): 1.5})
    now.has(
        "（2）2022年居民健康水平得分较上年提高",
        "（1）质量水平得分总体呈波动上升趋势，2022年较上年提高",
        "孕产妇死亡率为1.50/10万，比上年下降0.41/10万，达到满分标准",
        "观测指标中，婴儿死亡率、孕产妇死亡率、出院患者平均住院日、每万人口全科医师数量达到满分；",
        "得分较上年回落的年份有：2013年（婴儿死亡率）、2016年（孕产妇死亡率），括号内为对回落影响最大的观测指标。",
    )
    now.lacks("主要受孕产妇死亡率影响", "得分回落", "孕产妇死亡率（60.00分）")


def test_a_fall_of_the_index_changes_the_words_of_its_trend(tmp_path: Path) -> None:
    worse = {("婴儿死亡率", 2022): 2.5, ("平均期望寿命", 2022): 79.5, ("居民健康素养水平", 2022): 7.4}
    worse |= {("每千人口医疗卫生机构床位数", 2022): 2.34, ("每千人口执业医师数量", 2022): 2.0, ("每万人口全科医师数量", 2022): 1.2}
    now = Changed(tmp_path, {**worse, ("医疗机构患者满意度", 2022): 60.0, ("基层医疗机构总诊疗量占比", 2022): 36.6})
    now.has(
        "（1）深圳市卫生健康质量指数呈波动下降趋势",
        "下降到2022年的",
        "累计降低",
        "2022年得分比上年降低",
        "历年最高为2021年的89.27分。得分较上年回落的年份有：2013年（质量获得感）、2022年（",
        "没有指标达到90分",
    )
    now.lacks("为2012年以来的最高水平，已连续", "深圳市卫生健康质量指数呈波动上升趋势")


def test_a_steady_rise_is_called_one(tmp_path: Path) -> None:
    now = Changed(tmp_path, {("医疗机构患者满意度", year): 80 + year - 2012 for year in YEARS})
    now.has("质量获得感得分呈持续上升趋势，由2012年的80.00分上升到2022年的90.00分，累计提高10.00分", "各年得分均未较上年回落。")


def test_the_first_full_mark_is_said_once(tmp_path: Path, document: bytes) -> None:
    assert "每千人口执业医师数量为2.67人，比上年上升0.09人；" in document_text(document)
    now = Changed(tmp_path, {("每千人口执业医师数量", 2022): 3.01})
    now.has("每千人口执业医师数量为3.01人，比上年上升0.43人，首次达到满分标准；")
    again = Changed(tmp_path / "又", {("每千人口执业医师数量", 2021): 3.0, ("每千人口执业医师数量", 2022): 3.01})
    again.has("每千人口执业医师数量为3.01人，比上年上升0.01人，达到满分标准；")


def test_no_change_is_said_to_be_none(tmp_path: Path) -> None:
    now = Changed(tmp_path, {("市域内住院率", 2022): 97.7})
    now.has("（4）2022年医疗服务质量得分与上年持平", "2022年，市域内住院率为97.70%，与上年持平。")


def test_another_gap_is_filled_marked_and_left_out_of_its_chart(tmp_path: Path) -> None:
    now = Changed(tmp_path, {("医疗机构患者满意度", 2020): None})
    chart = next(one for one in drawn(now.document) if list(one.cache) == ["质量获得感"])
    assert "2020" not in chart.cache["质量获得感"]
    assert chart.sheet == chart.cache
    row = next(row for row in score_table(now.document) if "医疗机构患者满意度" in row)
    assert [FILLED.sub("", text) for text in row[-11:] if FILLED.match(text)] == ["76.79"]


def test_a_bound_moves_the_scores_and_says_so_in_its_table(tmp_path: Path) -> None:
    now = Changed(tmp_path, {}, 每千人口执业医师数量=4.0)
    now.has(" | 每千人口执业医师数量 | 人 | 4.00 | 2.00 | ", "每千人口执业医师数量（73.40分）")


# --- one more year -------------------------------------------------------------------------------------------

NEXT = {
    "婴儿死亡率": 1.1,
    "孕产妇死亡率": 4.5,
    "平均期望寿命": 84.2,
    "居民健康素养水平": 49,
    "出院患者平均住院日": 7.2,
    "基层医疗机构总诊疗量占比": 44.8,
    "市域内住院率": 98.5,
    "每千人口医疗卫生机构床位数": 3.9,
    "每千人口执业医师数量": 2.8,
    "每万人口全科医师数量": 5.2,
    "医疗机构患者满意度": 89,
}


def with_2023(book: openpyxl.Workbook) -> None:
    """A column 2023 before 备注, and the year of the report."""
    sheet: Any = book["原始数据"]
    at = cell(sheet, "指标", 2022).column + 1
    header = cell(sheet, "指标", 2022).row
    for row in range(header, sheet.max_row + 1):
        note, name = sheet.cell(row, at), sheet.cell(row, 1).value
        sheet.cell(row, at + 1).value = note.value
        note.value = 2023 if row == header else NEXT[name]
    set_form(book["基本信息"], "年度", 2023)


def test_a_year_more_is_a_column_more(tmp_path: Path) -> None:
    folder = changed(SHENZHEN, tmp_path, with_2023)
    case = judge(folder)
    assert [(one.code, one.subject) for one in case.problems if one.blocks] == []
    years = (*YEARS, 2023)
    document, _ = compose(case)
    text = document_text(document)
    names = list(NEXT)
    assert case.card is not None
    total = f"{float(two_places(weighted(names, folder, 2023, years))):.2f}"
    totals = [two_places(weighted(names, folder, year, years)) for year in years]
    assert [one["total"] for one in scored(folder)["series"]] == totals
    assert f"2023年，深圳市卫生健康质量指数为{total}分" in text
    for said in ("2012—2023年各观测指标的原始数据见表2", "（2）2023年居民健康水平得分较上年提高", f"、2023年{total}分。"):
        assert said in text, said
    assert sum(line.endswith(" | ".join(["", *map(str, years)])) for line in text.splitlines()) == 2
    assert {tuple(points) for one in drawn(document) for points in one.cache.values()} == {
        tuple(map(str, years)),
        tuple(map(str, years[3:])),
    }
    assert structure_findings(document) == []
    assert {width.get(f"{W}type") for width in _widths_with(document, 12)} == {"pct"}, "narrower columns, no wider table"


def _widths_with(document: bytes, columns: int) -> list[ET.Element]:
    """The width of each table that has so many columns or more."""
    found = [one for one in body(document).iter(f"{W}tbl") if len(one.findall(f"{W}tblGrid/{W}gridCol")) >= columns]
    return [width for one in found if (width := one.find(f"{W}tblPr/{W}tblW")) is not None]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda book: set_form(book["基本信息"], "年度", 2023),
            "错误 Z06 数据.xlsx › 基本信息 › B7：最后一年的数据应是报告年度：末年2022，年度2023",
        ),
        (
            lambda book: setattr(cell(book["原始数据"], "婴儿死亡率", "指标"), "value", "婴儿死亡"),
            "错误 Z07 数据.xlsx › 原始数据 › A4：原始数据里的指标应在指标体系里：没有“婴儿死亡”，您是不是要找“婴儿死亡率”",
        ),
        (
            lambda book: setattr(cell(book["指标体系"], "婴儿死亡率", "权重（%）"), "value", 0.07),
            "错误 Z01 数据.xlsx › 指标体系 › D4：各指标权重之和应为100%",
        ),
        (
            lambda book: setattr(cell(book["指标体系"], "婴儿死亡率", "下限"), "value", 2.5),
            "错误 Z02 数据.xlsx › 指标体系 › H4：下限应小于上限：下限2.50，上限2.50",
        ),
        (
            lambda book: setattr(cell(book["原始数据"], "婴儿死亡率", "计量单位"), "value", "%"),
            "核实 Z05 数据.xlsx › 指标体系 › E4：原始数据的单位应与指标体系一致：单位‰，%",
        ),
        (
            lambda book: setattr(cell(book["各级权重"], "发展能力", "层级权重（%）"), "value", 0.41),
            "错误 Z08 数据.xlsx › 各级权重 › C5：三级指标的权重应等于其下各指标权重之和：层级权重41%",
        ),
        (
            lambda book: setattr(cell(book["指标体系"], "婴儿死亡率", "单位"), "value", "岁"),
            "核实 Z10 数据.xlsx › 指标体系 › M4：计算公式里应写明与“单位”一列相同的单位",
        ),
    ],
)
def test_what_does_not_agree_is_told_at_its_cell(change: Change, problem: str, tmp_path: Path) -> None:
    case = judge(changed(SHENZHEN, tmp_path, change))
    assert case.blocked
    assert any(line.startswith(problem) for line in told(case.problems)), told(case.problems)


def test_a_list_of_no_indicators_is_told_and_nothing_is_divided_by_nothing(tmp_path: Path) -> None:
    def empty(book: openpyxl.Workbook) -> None:
        sheet = book["指标体系"]
        sheet.delete_rows(4, sheet.max_row)

    folder = changed(SHENZHEN, tmp_path, empty)
    assert "错误 E206 数据.xlsx › 指标体系：没有数据行（请填写后再试）" in told(judge(folder).problems)
    assert build([folder], tmp_path / "build")[0].status == "failed"


def test_an_indicator_without_any_figure_can_not_be_filled(tmp_path: Path) -> None:
    def empty(book: openpyxl.Workbook) -> None:
        for year in YEARS:
            cell(book["原始数据"], GAP, year).value = None

    problems = told(judge(changed(SHENZHEN, tmp_path, empty)).problems)
    assert "错误 E509 数据.xlsx › 市域内住院率：“市域内住院率”各期都没有数据（请至少填一期）" in problems


