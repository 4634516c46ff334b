"""Native charts: the placeholder keeps its look and gets the data, in what Word draws and in what 编辑数据 opens."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.judge.group import Group
from reportgen.judge.series import Series
from reportgen.model import FactBook
from reportgen.write.chart import nice_scale
from tests.support.charts import C, Drawn, add_chart, drawn
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tests.support.words import complaints, made
from tools.charts import Chart

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def series(name: str, figures: str, filled: str = "", unit: str = "分") -> Series:
    """``2020=70 2021=75.5`` as a series."""
    book = FactBook()
    points = {period: book.add(name, Decimal(value), unit=unit) for period, value in (one.split("=") for one in figures.split())}
    return Series(name, points, book, frozenset(filled.split()))


def group(*members: Series) -> Group:
    return Group("各项", {one.name: one for one in members})


def template(folder: Path, alt: str, *names: str, **more: Any) -> Path:
    """A document with a line of text and one chart."""
    document = docx.Document()
    document.add_paragraph("见图。")
    add_chart(document, alt, *names, **more)
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def filled(folder: Path, shows: Any, *names: str, **more: Any) -> Drawn:
    """The chart that comes of a placeholder with series of these names."""
    document, _ = made(template(folder, "图：数列", *(names or ("得分",)), **more), {"数列": shows})
    assert structure_findings(document) == []
    (chart,) = drawn(document)
    return chart


# --- the scale -----------------------------------------------------------------------------------------------

FIGURES = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


@given(st.lists(FIGURES, min_size=1, max_size=6))
def test_the_axis_holds_every_figure_in_a_few_round_steps(figures: list[Decimal]) -> None:
    low, high, step = nice_scale(min(figures), max(figures))
    assert low <= min(figures) <= max(figures) <= high
    assert low < high
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}
    assert low % step == high % step == 0
    assert 1 <= (high - low) / step <= 8


@pytest.mark.parametrize(
    ("least", "greatest", "scale"),
    [
        ("69.13", "90.56", ("65", "95", "5")),
        ("60", "100", ("60", "100", "10")),
        ("83.49", "90.48", ("82", "92", "2")),
        ("0", "0", ("0", "0.2", "0.2")),
        ("90", "90", ("80", "100", "20")),
        ("-3", "2", ("-3", "2", "1")),
        ("1.06", "1.18", ("1.06", "1.18", "0.02")),
    ],
)
def test_the_axis_begins_just_below_and_ends_just_above(least: str, greatest: str, scale: tuple[str, str, str]) -> None:
    assert nice_scale(Decimal(least), Decimal(greatest)) == tuple(map(Decimal, scale))


# --- the data ------------------------------------------------------------------------------------------------


def test_the_cache_and_the_workbook_hold_the_same_figures(tmp_path: Path) -> None:
    chart = filled(tmp_path, group(series("甲", "2020=70 2021=75.005"), series("乙", "2020=60.2 2021=61")), "一", "二")
    assert chart.cache == {"甲": {"2020": "70.00", "2021": "75.01"}, "乙": {"2020": "60.20", "2021": "61.00"}}
    assert chart.sheet == chart.cache
    assert chart.ranges == [
        ("Sheet1!$B$1", "Sheet1!$A$2:$A$3", "Sheet1!$B$2:$B$3"),
        ("Sheet1!$C$1", "Sheet1!$A$2:$A$3", "Sheet1!$C$2:$C$3"),
    ]
    assert chart.axis == (Decimal(60), Decimal(80))


def test_a_period_without_a_figure_is_a_gap_in_both(tmp_path: Path) -> None:
    chart = filled(tmp_path, group(series("甲", "2020=70 2021=71 2022=72"), series("乙", "2022=81 2020=80", filled="2020")))
    assert chart.cache == {"甲": {"2020": "70.00", "2021": "71.00", "2022": "72.00"}, "乙": {"2022": "81.00"}}
    assert chart.sheet == chart.cache
    assert [one.get("val") for one in chart.root.iter(f"{C}ptCount")] == ["1", "3", "3"] * 2


def test_years_are_in_order_and_named_periods_as_they_stand(tmp_path: Path) -> None:
    assert list(filled(tmp_path, series("甲", "2022=3 2020=1 2021=2")).cache["甲"]) == ["2020", "2021", "2022"]
    quarters = "一季度=1 二季度=2 三季度=3 四季度=4"
    assert list(filled(tmp_path, series("甲", quarters)).sheet["甲"]) == ["一季度", "二季度", "三季度", "四季度"]


def test_a_per_cent_is_drawn_as_it_is_printed(tmp_path: Path) -> None:
    assert filled(tmp_path, series("甲", "2020=0.87624 2021=0.9", unit="%")).cache == {"甲": {"2020": "87.62", "2021": "90.00"}}


def test_a_name_with_markup_stays_text(tmp_path: Path) -> None:
    chart = filled(tmp_path, series("甲<乙>&丙", "2020=1 2021=2"))
    assert list(chart.cache) == list(chart.sheet) == ["甲<乙>&丙"]


# --- the look ------------------------------------------------------------------------------------------------


def looks(chart: Drawn) -> list[str]:
    """How each series is drawn: its line and its markers."""
    found = []
    for one in chart.root.iter(f"{C}ser"):
        parts = (one.find(f"{C}spPr"), one.find(f"{C}marker"), one.find(f"{C}dLbls"), one.find(f"{C}smooth"))
        found.append("".join(ET.tostring(part, "unicode") for part in parts if part is not None))
    return found


def colours(chart: Drawn) -> list[str]:
    return [next(one.iter(f"{A}srgbClr")).get("val", "") for one in chart.root.iter(f"{C}ser")]


def test_the_placeholder_keeps_its_look(tmp_path: Path) -> None:
    before = drawn(template(tmp_path, "图：数列", "一", "二").read_bytes())[0]
    after = filled(tmp_path, group(series("甲", "2020=70 2021=75"), series("乙", "2020=60 2021=61")), "一", "二")
    assert looks(after) == looks(before)
    for path in ("legend", "plotArea/catAx", "plotArea/valAx/title", "plotArea/valAx/majorGridlines", "plotArea/valAx/txPr"):
        full = "/".join(f"{C}{tag}" for tag in f"chart/{path}".split("/"))
        kept, now = ([ET.tostring(one) for one in chart.root.iterfind(full)] for chart in (before, after))
        assert kept == now
        assert kept


def test_fewer_series_than_placeholders_leave_none_behind(tmp_path: Path) -> None:
    chart = filled(tmp_path, series("甲", "2020=70 2021=75"), "一", "二", "三")
    assert list(chart.cache) == list(chart.sheet) == ["甲"]


def test_more_series_than_placeholders_go_on_like_the_last_in_other_colours(tmp_path: Path) -> None:
    many = group(*(series(name, f"2020={i} 2021={i + 2}") for i, name in enumerate("甲乙丙丁戊", 1)))
    placeholder = Chart("", ("一", "二")).xml().replace("</c:ser>", "<c:extLst><c:ext uri='x'/></c:extLst></c:ser>")
    chart = filled(tmp_path, many, "一", "二", xml=placeholder)
    assert list(chart.cache) == list(chart.sheet) == [*"甲乙丙丁戊"]
    assert len(set(colours(chart))) == 5
    assert [[one.find(f"{C}{tag}").get("val") for tag in ("idx", "order")] for one in chart.root.iter(f"{C}ser")] == [  # type: ignore[union-attr]
        [str(i), str(i)] for i in range(5)
    ]
    assert len(list(chart.root.iter(f"{C}ext"))) == 2, "an id of Word's own is not copied"


@needs_sdk
@needs_audit
def test_such_a_document_is_valid(tmp_path: Path) -> None:
    many = group(*(series(name, f"2020={i} 2021={i + 2}") for i, name in enumerate("甲乙丙", 1)), series("丁", "2021=3"))
    path = tmp_path / "made.docx"
    path.write_bytes(made(template(tmp_path, "图：数列", "一", "二"), {"数列": many})[0])
    assert (sdk_findings(path), audit_findings(path)) == ([], [])


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    path = template(tmp_path, "图：数列", "一")
    assert len({made(path, {"数列": series("甲", "2020=70 2021=75")})[0] for _ in range(2)}) == 1


# --- which charts, and what is wrong with them ---------------------------------------------------------------


@pytest.mark.parametrize("alt", ["图：数列", "图:数列", " 图 ： 数列 "])
def test_either_colon_will_do(tmp_path: Path, alt: str) -> None:
    document, _ = made(template(tmp_path, alt, "一"), {"数列": series("甲", "2020=70 2021=75")})
    assert list(drawn(document)[0].cache) == ["甲"]


@pytest.mark.parametrize("alt", ["", "本馆示意图", "图"])
def test_a_chart_that_asks_for_nothing_stays_as_it_is(tmp_path: Path, alt: str) -> None:
    path = template(tmp_path, alt, "一")
    before, after = drawn(path.read_bytes())[0], drawn(made(path, {})[0])[0]
    assert (after.cache, after.sheet, after.axis) == (before.cache, before.sheet, before.axis)


@pytest.mark.parametrize(
    ("alt", "more", "complaint"),
    [
        ("图：数列|万圆", {}, "图 › 数列|万圆：格式里没有“万圆”，您是不是要找“万元”"),
        ("图：数列[", {}, "图 › 数列[：这个标记写得不对，请检查引号、括号是否成对，竖线后面是不是格式名"),
        ("图：", {}, "图：这个标记写得不对，请检查引号、括号是否成对，竖线后面是不是格式名"),
        ("图：数列", {"book": False}, "图 › 数列：图里没有数据表，请在 Word 里重新插入图表"),
        ("图：数例", {}, "图 › 数例：没有“数例”，您是不是要找“数列”"),
        ("图：数列.总分", {}, "图 › 数列.总分：没有“总分”"),
        ("图：单位", {}, "图 › 单位：图的说明文字要写一个历年数列或一组数列，如 图：走势.总分"),
        ("图：空组", {}, "图 › 空组：图的说明文字要写一个历年数列或一组数列，如 图：走势.总分"),
        ("图：空列", {}, "图 › 空列：没有数据，画不出图"),
        ("图：一大组", {}, "图 › 一大组：图里有21个数列，最多20个"),
    ],
)
def test_what_is_wrong_with_a_chart_is_told_at_its_place(tmp_path: Path, alt: str, more: dict[str, Any], complaint: str) -> None:
    view = {
        "数列": series("甲", "2020=70 2021=75"),
        "单位": "区教育局",
        "空组": group(),
        "空列": series("甲", "2020=60", filled="2020"),
        "一大组": group(*(series(f"第{i}项", "2020=70") for i in range(21))),
    }
    assert complaints(template(tmp_path, alt, "一", **more), view) == [f"report.docx › {complaint}"]


def test_a_chart_without_any_series_can_show_nothing(tmp_path: Path) -> None:
    xml = Chart("", ("一",)).xml()
    empty = xml[: xml.index("<c:ser>")] + xml[xml.index("</c:ser>") + len("</c:ser>") :]
    assert complaints(template(tmp_path, "图：数列", "一", xml=empty), {}) == [
        "report.docx › 图 › 数列：图里一个数列也没有，请在 Word 里至少留一个作样子"
    ]


def test_a_chart_whose_part_is_gone_from_the_file_is_told(tmp_path: Path) -> None:
    path = template(tmp_path, "图：数列", "一")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if "/charts/chart" not in name}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert complaints(path, {}) == ["report.docx › 图 › 数列：图里没有数据表，请在 Word 里重新插入图表"]
