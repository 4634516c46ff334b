"""Workbooks for people to fill in, drawn with openpyxl: drop-downs, prompts, print set-up and protection.

Nothing here is traced; what staff fill in is read by ``reportgen.read``.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.properties import PageSetupProperties

from reportgen.define.tables import Column
from reportgen.read.rows import TOTAL
from reportgen.write.forms import HEADER_ROW, Content, Entry, Form, letters, levels, lines_taken

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CHOICES = "字典"
EARLIEST = "32873"  # the last day of 1989 as Excel counts them
LONGEST = 32_000  # letters in a cell

FONT, HEAD = "宋体", Font("宋体", 11, bold=True)
GREY, _EDGE = PatternFill("solid", fgColor="E7E6E6"), Side("thin", color="A6A6A6")
BOX = Border(_EDGE, _EDGE, _EDGE, _EDGE)
_OPEN, _LOCKED = Protection(locked=False), Protection(locked=True)
_ALLOWED = ("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "deleteRows", "sort", "autoFilter")
_ADVICE = {"列表": "几个名称用顿号隔开", "时限": "如 2025年6月底、2025年底 或 2025年6月30日", "年": "四位年份，如 2024",
           "日期": "如 2025-03-28", "算式": "一行一个：甲＝乙÷丙×100%"}  # fmt: skip


class Book:
    """A workbook being drawn, its drop-down lists gathered on one very hidden sheet: longer ones would break Excel."""

    def __init__(self, title: str) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.creator, self.workbook.properties.title = "reportgen", title
        self.lists: dict[tuple[str, ...], str] = {}

    def add(self, name: str, title: str, hint: str, *forms: Form) -> None:
        """A sheet: title, hint, then each form; checks and merges are those of the first, which stands at HEADER_ROW."""
        sheet, top = self.workbook.create_sheet(name), HEADER_ROW
        widths = [max(form.widths[n] for form in forms if n < len(form.widths)) for n in range(_breadth(forms))]
        _draw_head(sheet, title, hint, widths)
        for form in forms:
            top = _draw_form(sheet, top, form, widths) + 2
        for cells, column in forms[0].checks:
            for check in filter(None, [self._check(column)]):
                check.add(cells)
                sheet.add_data_validation(check)
        for cells in forms[0].merges:
            sheet.merge_cells(cells)
        _set_up_page(sheet, forms[0].first_row)
        _protect(sheet, len(widths))

    def hide(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """A very hidden sheet of texts."""
        sheet = self.workbook.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                put(sheet, number, column, text or None)
        sheet.sheet_state = "veryHidden"

    def save(self) -> bytes:
        """The file."""
        longest = max(map(len, self.lists), default=0)
        if longest:
            self.hide(CHOICES, ([one[n] if n < len(one) else "" for one in self.lists] for n in range(longest)))
        buffer = io.BytesIO()
        self.workbook.save(buffer)
        return buffer.getvalue()

    def _range(self, options: tuple[str, ...]) -> str:
        if options not in self.lists:
            letter = get_column_letter(len(self.lists) + 1)
            self.lists[options] = f"'{CHOICES}'!${letter}$1:${letter}${len(options)}"
        return self.lists[options]

    def _check(self, column: Column) -> DataValidation | None:
        """What Excel lets into the column's cells, and what it says when one is chosen."""
        unit = f"单位：{column.unit}" if column.unit else f"单位写在“{column.unit_column}”" if column.unit_column else ""
        prompt = "。".join(filter(None, [unit, column.hint or _ADVICE.get(column.type, "")]))
        check, error = self._rule(column)
        if not error and not prompt:
            return None
        check.promptTitle, check.prompt, check.showInputMessage = column.headers[0][:30], prompt[:250] or None, bool(prompt)
        check.errorTitle, check.error, check.showErrorMessage = "填写提示", f"{error}；没有的留空。"[:220], bool(error)
        return check

    def _rule(self, column: Column) -> tuple[DataValidation, str]:
        if column.options:
            return DataValidation("list", self._range(column.options)), "请从下拉列表中选择"
        if column.type == "数" and column.signed:
            return DataValidation("decimal", "-1E+15", "1E+15", operator="between"), "请只填数字"
        if column.type == "数":
            return DataValidation("decimal", "0", operator="greaterThanOrEqual"), "请只填不小于0的数字"
        if column.type == "年":
            return DataValidation("whole", "1900", "2099", operator="between"), "请填四位年份"
        if column.type == "日期":
            return DataValidation("date", EARLIEST, operator="greaterThan"), "请填日期，如 2025-03-28"
        return DataValidation(), ""


def _breadth(forms: Iterable[Form]) -> int:
    return max(len(form.headers) for form in forms)


def _draw_head(sheet: Worksheet, title: str, hint: str, widths: Sequence[int]) -> None:
    last = get_column_letter(len(widths))
    for row, text, font in ((1, title, Font(FONT, 14, bold=True)), (2, hint, Font(FONT, 9, color="808080"))):
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell = put(sheet, row, 1, text)
        cell.font, cell.alignment = font, Alignment("center" if row == 1 else "left", "center", wrap_text=True)
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[2].height = 14 * math.ceil(letters(hint) * 0.85 / sum(widths)) + 6
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def _draw_form(sheet: Worksheet, top: int, form: Form, widths: Sequence[int]) -> int:
    """Draw a form from row ``top`` on; its last row."""
    if form.caption:
        put(sheet, top, 1, form.caption).font, top = Font(FONT, 11, bold=True, color="C00000"), top + 1
    top = _draw_header(sheet, top, form)
    for number, entries in enumerate(form.rows, top + 1):
        height = max(_draw_cell(sheet, number, at, entry, form, widths[at - 1]) for at, entry in enumerate(entries, 1))
        bold = entries[0].content == TOTAL
        for at in range(1, len(entries) + 1):
            sheet.cell(number, at).font = Font(FONT, 11, bold=bold)
        if height > 1:  # other rows grow with what is typed
            sheet.row_dimensions[number].height = 15 * height + 5
    return top + len(form.rows)


def _draw_header(sheet: Worksheet, top: int, form: Form) -> int:
    """Draw the header from row ``top`` on, on two rows where one stands over others; its last row."""
    last = top + form.first_row - HEADER_ROW - 1
    for number, text in enumerate(form.headers, 1):
        for row, words in ((top, text),) if last == top else ((top, levels(text)[0] or text), (last, levels(text)[1])):
            cell = put(sheet, row, number, int(words) if words.isdigit() else words)
            cell.font, cell.border, cell.alignment = HEAD, BOX, Alignment("center", "center", wrap_text=True)
            if number in form.open:
                cell.protection = _OPEN
            else:
                cell.fill = GREY
            sheet.row_dimensions[row].height = 24
    if last > top:
        _merge_header(sheet, top, form)
    return last


def _merge_header(sheet: Worksheet, top: int, form: Form) -> None:
    """Merge an upper text over those that it heads, and a header of one level down its two rows."""
    for upper, group in groupby(enumerate(form.headers, 1), lambda one: levels(one[1])[0] or one[0]):
        numbers = [number for number, _ in group]
        down = top if isinstance(upper, str) else top + 1
        sheet.merge_cells(start_row=top, end_row=down, start_column=numbers[0], end_column=numbers[-1])


def _draw_cell(sheet: Worksheet, row: int, at: int, entry: Entry, form: Form, width: int) -> int:
    """Draw one cell of a form; how many lines its words take."""
    cell = put(sheet, row, at, entry.content)
    words = isinstance(entry.content, str) or (entry.content is None and entry.format in ("General", "@"))
    cell.border, cell.number_format = BOX, entry.format
    cell.alignment = Alignment("left" if words else "right", "center", wrap_text=words, indent=1)
    cell.protection = _LOCKED if entry.given and form.fixed else _OPEN
    if entry.given:
        cell.fill = GREY
    return lines_taken(entry.content, width - 4) if isinstance(entry.content, str) else 1


def put(sheet: Worksheet, row: int, column: int, content: Content) -> Cell:
    """Fill a cell; words stay words."""
    cell = sheet.cell(row, column, clean(content) if isinstance(content, str) else content)
    assert isinstance(cell, Cell), "what is merged into another cell is not written"
    if isinstance(content, str):
        cell.data_type = "s"  # those that begin with = are no formula
    return cell


def clean(text: str) -> str:
    """Without what no workbook can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "replace").decode())[:LONGEST]


def fit_page(sheet: Worksheet) -> None:
    """A4 on its side, one page wide."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _set_up_page(sheet: Worksheet, first_row: int) -> None:
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
    sheet.freeze_panes = f"A{first_row}"
    fit_page(sheet)
    sheet.print_title_rows = f"1:{first_row - 1}"
    sheet.print_options.horizontalCentered = True


def _protect(sheet: Worksheet, breadth: int) -> None:
    """Guidance, not security: no password. Whole columns are open, as Excel deletes a row only if all of it is."""
    rest = get_column_letter(breadth + 1)
    sheet.column_dimensions[rest] = ColumnDimension(sheet, index=rest, min=breadth + 1, max=16_384)
    for dimension in sheet.column_dimensions.values():
        dimension.protection = _OPEN
    for what in _ALLOWED:
        setattr(sheet.protection, what, False)  # False: not forbidden
    sheet.protection.sheet = True
