"""汇总.xlsx: many reports on one sheet, with scores and ranks, and all their problems on another."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import DEFAULT_FONT, Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reportgen.case import FAILED, MADE, UNCHANGED, Made
from reportgen.say import LEVELS, problem_lines
from reportgen.write.archive import settled
from reportgen.write.files import settle, write_beside
from reportgen.write.forms import Content
from reportgen.write.workbook import BOX, GREY, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SUMMARY = "汇总.xlsx"
OUTCOMES = {MADE: "已生成", UNCHANGED: "已生成", FAILED: "没有生成"}  # when it was made is no matter here
_RED = PatternFill("solid", bgColor="FFC7CE")
_HEAD, _WORDS, _NUMBER = "汇总表头", "汇总文字", "汇总得分"
_WIDE = 56  # letters, after which text wraps
Cells = Sequence[Content]


def write_summary(out: Path, made: Sequence[Made]) -> Path:
    """Write the table, beside the old one if that is open; where. Equal receipts give equal bytes. OSError."""
    book = Workbook()
    book.properties.creator, book.properties.created = "reportgen", datetime(1980, 1, 1)  # noqa: DTZ001  # no time at all
    for style in _styles():
        book.add_named_style(style)
    first = book.worksheets[0]
    first.title = "汇总"
    _outcomes(first, made)
    problems = [row for one in made for row in _problems(one)]
    _fill(book.create_sheet("问题"), ("单位", "材料", "级别", "代码", "位置", "问题", "怎么办", "已说明"), problems)
    buffer = io.BytesIO()
    book.save(buffer)
    path = write_beside(out / SUMMARY, settled(buffer.getvalue()), lambda _: True)
    settle(out)
    return path


def _styles() -> Iterator[NamedStyle]:
    """Named, because openpyxl would compare each cell's own with all others."""
    beside, middle = Alignment(None, "center", wrap_text=True), Alignment("center", "center", wrap_text=True)
    yield NamedStyle(_HEAD, Font(bold=True), GREY, BOX, middle)
    yield NamedStyle(_WORDS, DEFAULT_FONT, border=BOX, alignment=beside)
    yield NamedStyle(_NUMBER, DEFAULT_FONT, border=BOX, alignment=beside, number_format="0.00")


def _outcomes(sheet: Worksheet, made: Sequence[Made]) -> None:
    ranks = _ranks(made)
    parts = list(dict.fromkeys(name for one in made for name in one.points))
    scored = ("总分", "等级", "名次", *parts) if any(one.total for one in made) else ()
    rows: list[Cells] = []
    for one in sorted(made, key=lambda one: (one.status == FAILED, one.edition, one.year, ranks.get(one.folder, 0))):
        points = [_number(one.points.get(name, "")) for name in parts]
        scores = (_number(one.total), one.grade, ranks.get(one.folder), *points) if one.status != FAILED else ("",) * len(scored)
        why = next(problem_lines(one.blocking[0])).strip() if one.blocking and one.status == FAILED else ""
        name = one.folder.resolve().name
        head = (one.unit or name, name, one.year, one.edition, OUTCOMES[one.status])
        rows.append((*head, *(scores if scored else ()), len(one.problems), len(one.blocking), why))
    _fill(sheet, ("单位", "材料", "年度", "版本", "结果", *scored, "问题数", "要处理的", "为什么没有生成"), rows)
    sheet.conditional_formatting.add(f"E2:E{len(rows) + 1}", CellIsRule("equal", [f'"{OUTCOMES[FAILED]}"'], fill=_RED))  # type: ignore[no-untyped-call]
    if scored:
        colours = {"start_color": "F8CBAD", "mid_color": "FFFFFF", "end_color": "A9D08E"}
        scale = ColorScaleRule(start_type="min", mid_type="percentile", mid_value=50, end_type="max", **colours)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(f"F2:F{len(rows) + 1}", scale)
        _draw(sheet, sum(one.folder in ranks for one in made))


def _ranks(made: Sequence[Made]) -> dict[Path, int]:
    """The rank of each report among those of its edition and year, equals alike; drafts with open scores have none."""
    totals = {one.folder: ((one.edition, one.year), _number(one.total)) for one in made if one.status != FAILED}
    known = {folder: (group, total) for folder, (group, total) in totals.items() if isinstance(total, Decimal)}
    better, ranked = {}, Counter[tuple[str, str]]()
    for mine, times in sorted(Counter(known.values()).items(), reverse=True):
        better[mine] = ranked[mine[0]]
        ranked[mine[0]] += times
    return {folder: better[mine] + 1 for folder, mine in known.items()}


def _draw(sheet: Worksheet, count: int) -> None:
    """A bar a report, the best on top; those without a total come last in the table and are left out."""
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.legend, chart.gapWidth = "bar", 10, "总分", None, 50
    chart.add_data(Reference(sheet, min_col=6, min_row=2, max_row=count + 1))
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=count + 1))
    chart.x_axis.scaling.orientation, chart.x_axis.delete, chart.y_axis.delete = "maxMin", False, False
    chart.y_axis.scaling.min, chart.width, chart.height = 0, 24, min(5 + 0.6 * count, 60)
    if count:
        sheet.add_chart(chart, f"A{sheet.max_row + 3}")


def _problems(one: Made) -> list[Cells]:
    folder = one.folder.resolve().name
    return [
        (one.unit or folder, folder, LEVELS[told.level], told.code, str(told.place), told.message, told.hint, told.answered)
        for told in one.problems
    ]


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _fill(sheet: Worksheet, headers: Sequence[str], rows: Sequence[Cells]) -> None:
    for number, row in enumerate((headers, *rows), 1):
        for column, content in enumerate(row, 1):
            cell = put(sheet, number, column, content)
            cell.style = _HEAD if number == 1 else _NUMBER if isinstance(content, Decimal) else _WORDS
        sheet.row_dimensions[number].height = 6 + 14 * max(math.ceil(_breadth(content) / _WIDE) for content in row)
    for column, cells in enumerate(zip(headers, *rows, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(map(_breadth, cells)) + 4, _WIDE + 4)
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr, sheet.print_title_rows = PageSetupProperties(fitToPage=True), "1:1"


def _breadth(content: Content) -> int:
    """How many letters wide it is; a Chinese character is two."""
    text = str(content or "")
    return max(1, 2 * len(text) - len(text.encode("latin-1", "ignore")))

