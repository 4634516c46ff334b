"""Native charts: a styled placeholder in the template, found by its alt text “图：…”, gets the data and keeps its look.

The alt text is an expression for a Series or a Group. Word draws the cache in the chart part and edits the embedded
workbook, so both are written from the same numbers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from lxml import etree

from reportgen.judge.group import Group
from reportgen.judge.series import Series, in_order
from reportgen.marks import PENDING
from reportgen.model import Place
from reportgen.numerals import SCALE, round_half_up
from reportgen.write.archive import CONTENT_TYPES, HEAD, OFFICE, ONE_LINK, deflated, write_zip
from reportgen.write.blanks import Open, present
from reportgen.write.language import Dialect, RefusedError, escape
from reportgen.write.source import DOCUMENT, DOCUMENT_RELS, Source
from reportgen.write.tags import Element, replace_element

_ALT_TEXT = re.compile(r"图\s*[：:]\s*")  # what Word calls 替换文字; either colon
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_BEFORE_DATA = ("idx", "order", "tx", "spPr", "invertIfNegative", "marker", "dPt", "dLbls", "trendline", "errBars")
_COLOURS = ("1F4E79", "C55A11", "548235", "7F6000", "7030A0", "404040")
_PLACES, MOST = 2, 20

Data = list[tuple[str, dict[str, Decimal]]]


@dataclass(frozen=True, slots=True)
class ChartSlot:
    """One placeholder: its part, its workbook, what to draw, and where it stands."""

    part: str
    workbook: str
    chart: bytes
    expression: Callable[..., Any]
    source: str
    place: Place

    def fill(self, view: Mapping[str, Any]) -> dict[str, bytes]:
        """The chart part and its workbook with the view's data; RefusedError when there is none."""
        value = present(self.expression(**view))
        data = [(PENDING, {PENDING: Decimal(0)})] if isinstance(value, Open) else series_data(value)
        return {self.part: _with_data(self.chart, data), self.workbook: workbook(data)}


def find_charts(source: Source, language: Dialect) -> list[ChartSlot]:
    """The placeholders of a template; one whose expression can't be read is a problem."""
    targets = {link.get("Id"): posixpath.normpath(f"word/{link.get('Target', '')}") for link in source.roots[DOCUMENT_RELS]}
    slots: list[ChartSlot] = []
    for inline in source.roots[DOCUMENT].iter(f"{_WP}inline", f"{_WP}anchor"):
        properties, chart = inline.find(f"{_WP}docPr"), next(inline.iter(f"{C}chart"), None)
        alt = "" if properties is None else properties.get("descr", "").strip()
        wanted = _ALT_TEXT.match(alt)
        if chart is not None and wanted:
            slots += _slot(source, language, targets.get(chart.get(f"{{{OFFICE}}}id"), ""), alt[wanted.end() :])
    return slots


def _slot(source: Source, language: Dialect, part: str, expression: str) -> Iterator[ChartSlot]:
    place = Place(source.file, "图", expression)
    checked, objections = language.check("", expression)
    workbook = _workbook_of(source, part)
    if not workbook or part not in source.roots:
        objections = [*objections, "图里没有数据表，请在 Word 里重新插入图表"]
    elif next(source.roots[part].iter(f"{C}ser"), None) is None:
        objections = [*objections, "图里一个数列也没有，请在 Word 里至少留一个作样子"]
    for objection in objections:
        source.refuse("E704", place, objection)
    if not objections:
        compiled = language.compile_expression(checked, undefined_to_none=False)
        yield ChartSlot(part, workbook, source.xml(part), compiled, checked, place)


def _workbook_of(source: Source, part: str) -> str:
    folder, _, name = part.rpartition("/")
    targets = (link.get("Target", "") for link in source.roots.get(f"{folder}/_rels/{name}.rels", ()))
    return next((posixpath.normpath(f"{folder}/{one}") for one in targets if one.endswith(".xlsx")), "")


def series_data(value: Any) -> Data:
    """(name, period → figure as on the axis) for a Series or each member of a Group; filled-in periods are left out."""
    members = list(value.members.values()) if isinstance(value, Group) else [value]
    if not members or not all(isinstance(one, Series) for one in members):
        raise RefusedError("图的说明文字要写一个历年数列或一组数列，如 图：走势.总分")
    if len(members) > MOST or not any(one.periods for one in members):
        raise RefusedError(f"图里有{len(members)}个数列，最多{MOST}个" if len(members) > MOST else "没有数据，画不出图")
    return [(one.name, {period: _drawn(one, period) for period in one.periods}) for one in members]


def _drawn(one: Series, period: str) -> Decimal:
    """A per cent is drawn as 87.62, with two decimals like everything else."""
    return round_half_up(one.value(period) * SCALE.get(one.points[period].unit, Decimal(1)), _PLACES)


def _periods(data: Data) -> list[str]:
    return in_order(period for _, points in data for period in points)


# --- the chart part --------------------------------------------------------------------------------------------


def _with_data(chart: bytes, data: Data) -> bytes:
    root = etree.fromstring(chart)
    plot = next(one.getparent() for one in root.iter(f"{C}ser"))
    assert plot is not None
    styled = plot.findall(f"{C}ser")
    at = plot.index(styled[0])
    for old in list(root.iter(f"{C}ser")):
        replace_element(old)
    for number, (name, points) in enumerate(data):
        look = deepcopy(styled[min(number, len(styled) - 1)])
        if number >= len(styled):
            _recolour(look, _COLOURS[number % len(_COLOURS)])
            _drop(look, "extLst")  # holds an id that no two series may share
        plot.insert(at + number, _series(look, number, name, points, _periods(data)))
    _scale(root, [value for _, points in data for value in points.values()])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _recolour(look: Element, colour: str) -> None:
    for fill in look.iter(f"{_A}srgbClr", f"{_A}schemeClr"):
        fill.tag = f"{_A}srgbClr"
        fill.set("val", colour)


def _series(look: Element, number: int, name: str, points: Mapping[str, Decimal], periods: Sequence[str]) -> Element:
    """The placeholder's series with its own name, categories and values; order as the schema wants it."""
    _drop(look, "idx", "order", "tx", "cat", "val")
    column, last = chr(ord("B") + number), len(periods) + 1
    title = _element("tx", _reference("str", f"Sheet1!${column}$1", [name]))
    look[:0] = [_element("idx", val=str(number)), _element("order", val=str(number)), title]
    at = sum(etree.QName(child).localname in _BEFORE_DATA for child in look)
    values = [f"{points[period]:f}" if period in points else None for period in periods]
    look[at:at] = [
        _element("cat", _reference("str", f"Sheet1!$A$2:$A${last}", periods)),
        _element("val", _reference("num", f"Sheet1!${column}$2:${column}${last}", values)),
    ]
    return look


def _drop(parent: Element, *tags: str) -> None:
    for old in [child for tag in tags for child in parent.findall(f"{C}{tag}")]:
        parent.remove(old)


def _element(tag: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    made = etree.Element(f"{C}{tag}", attributes)
    made.text = text
    made.extend(children)
    return made


def _reference(kind: str, cells: str, values: Sequence[str | None]) -> Element:
    """A strRef or numRef with its cache; a gap has no point."""
    points = [_element("pt", _element("v", text=value), idx=str(i)) for i, value in enumerate(values) if value is not None]
    head = [_element("formatCode", text="0.00")] if kind == "num" else []
    cache = _element(f"{kind}Cache", *head, _element("ptCount", val=str(len(values))), *points)
    return _element(f"{kind}Ref", _element("f", text=cells), cache)


def _scale(root: Element, values: list[Decimal]) -> None:
    """The value axis from just below the least to just above the greatest figure, in a few even steps."""
    axis = root.find(f".//{C}valAx")
    scaling = axis.find(f"{C}scaling") if axis is not None else None
    if axis is None or scaling is None:
        return
    low, high, step = nice_scale(min(values), max(values))
    _drop(scaling, "max", "min")
    scaling.extend([_element("max", val=f"{high:f}"), _element("min", val=f"{low:f}")])
    _drop(axis, "majorUnit")
    crossing = axis.find(f"{C}crossBetween")
    if crossing is not None:
        crossing.addnext(_element("majorUnit", val=f"{step:f}"))


def nice_scale(least: Decimal, greatest: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """(low, high, step) with low ≤ least and greatest ≤ high, all multiples of a step 1, 2 or 5 × 10ⁿ."""
    span = (greatest - least) or abs(greatest) or Decimal(1)
    power = Decimal(1).scaleb((span / 5).adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 6)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    high = (greatest / step).to_integral_value(ROUND_CEILING) * step
    return low, high if high > low else low + step, step


# --- the embedded workbook -------------------------------------------------------------------------------------

_SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED = {
    CONTENT_TYPES: HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": ONE_LINK.format("officeDocument", "xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": ONE_LINK.format("worksheet", "worksheets/sheet1.xml"),
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{_SHEET_NS}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def workbook(data: Data) -> bytes:
    """A minimal .xlsx of periods down and series across: what 编辑数据 opens. Equal data give equal bytes."""
    rows = [["", *(name for name, _ in data)]]
    rows += [[period, *(points.get(period, "") for _, points in data)] for period in _periods(data)]  # type: ignore[list-item]
    body = "".join(f'<row r="{r}">{"".join(_cells(r, row))}</row>' for r, row in enumerate(rows, 1))
    sheet = f'{HEAD}<worksheet xmlns="{_SHEET_NS}"><sheetData>{body}</sheetData></worksheet>'
    parts = {**_FIXED, "xl/worksheets/sheet1.xml": sheet}
    return write_zip({name: deflated(xml.encode()) for name, xml in parts.items()})


def _cells(number: int, row: Sequence[Any]) -> Iterator[str]:
    for i, value in enumerate(row):
        mark = f"{chr(ord('A') + i)}{number}"
        if isinstance(value, Decimal):
            yield f'<c r="{mark}"><v>{value:f}</v></c>'
        elif value:
            yield f'<c r="{mark}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
