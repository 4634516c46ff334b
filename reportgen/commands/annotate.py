"""check --annotate: a copy of the clerk's workbook with every problem at its cell and a list of all in front."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.case import Case
from reportgen.model import CONFIRM, ERROR, WARNING, Place, Problem
from reportgen.read.folders import CHECKED, WORKBOOK
from reportgen.read.package import DAMAGE, RefusedError, unpack
from reportgen.say import LEVELS, check_text, problem_lines
from reportgen.write.archive import settled
from reportgen.write.files import why, write_whole
from reportgen.write.forms import lines_taken
from reportgen.write.workbook import BOX, FONT, GREY, HEAD, clean, fit_page, put

LIST = "核对结果"
COLUMNS = {"级别": 8, "代码": 8, "位置": 30, "问题": 60, "怎么改": 52, "已说明": 40}
FOOT = f"这是核对用的副本，请在{WORKBOOK}里改。文本框、按钮、图表可能没有带过来。"
COLOURS = {ERROR: "FF9999", CONFIRM: "FFC266", WARNING: "FFFF99", "answered": "B7E1A1"}  # the worst first
COMMENT_WIDTH, COMMENT_LETTERS, LINE_HEIGHT = 360, 48, 18  # pixels; a Chinese character counts as two letters
_ROW = re.compile("第([0-9]+)行")
_MARK = re.compile("[A-Z]{1,3}[1-9][0-9]*")


def write_copy(case: Case) -> Path | Problem | None:
    """The copy beside 数据.xlsx, or the problem that kept it from being written; None where there is no workbook."""
    path = case.folder / WORKBOOK
    if not path.is_file():
        return None
    book = _opened(path)
    for place, problems in _by_cell(book, case.problems).items():
        _mark(book[place.part], place.mark, problems)
    _list(book, case)
    buffer, copy = io.BytesIO(), case.folder / CHECKED
    book.save(buffer)
    try:
        write_whole(copy, settled(buffer.getvalue()))
    except OSError as error:
        hint = f"如果正打开着{CHECKED}，请关闭后再试"
        case.problems.append(Problem("E611", WARNING, Place(CHECKED), f"写不进去：{why(error)}", hint))
        return case.problems[-1]
    return copy


def _opened(path: Path) -> Workbook:
    """The workbook as openpyxl sees it, an empty one when it is none; what our reader refuses is not tried."""
    try:
        unpack(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a drop-down of a newer kind is left out, say
            return load_workbook(path, rich_text=True)
    except (RefusedError, InvalidFileException, TypeError, AttributeError, *DAMAGE):
        book = Workbook()
        book.remove(book.worksheets[0])
        return book


def _by_cell(book: Workbook, problems: Sequence[Problem]) -> dict[Place, list[Problem]]:
    """The problems that stand at a cell, by the cell; of merged cells by the one that shows."""
    found: dict[Place, list[Problem]] = {}
    for problem in problems:
        sheet = _sheet(book, problem.place)
        if sheet and _MARK.fullmatch(problem.place.mark):
            shown = _shown(sheet, problem.place.mark)
            found.setdefault(Place(WORKBOOK, sheet.title, shown), []).append(problem)
    return found


def _sheet(book: Workbook, place: Place) -> Worksheet | None:
    sheet = book[place.part] if place.file == WORKBOOK and place.part in book.sheetnames else None
    return sheet if isinstance(sheet, Worksheet) else None


def _shown(sheet: Worksheet, mark: str) -> str:
    if isinstance(sheet[mark], MergedCell):
        return next(str(area).partition(":")[0] for area in sheet.merged_cells.ranges if mark in area)
    return mark


def _state(problem: Problem) -> str:
    return "answered" if problem.answered else problem.level


def _mark(sheet: Worksheet, mark: str, problems: list[Problem]) -> None:
    """Fill the cell in the colour of its worst problem and say at it what to do; the clerk's own comment stays below."""
    cell = sheet[mark]
    cell.fill = _fill(min(map(_state, problems), key=list(COLOURS).index))
    said = [f"[{one.code}] {one.message}" + (f"\n→ {advice}" if (advice := _advice(one)) else "") for one in problems]
    if cell.comment:
        said.append(f"原来的批注：{cell.comment.text}")
    text = clean("\n\n".join(said))
    height = LINE_HEIGHT * (lines_taken(text, COMMENT_LETTERS) + 1)
    cell.comment = Comment(text, "reportgen", height=height, width=COMMENT_WIDTH)


def _fill(state: str) -> PatternFill:
    return PatternFill("solid", fgColor=COLOURS[state])


def _advice(problem: Problem) -> str:
    """What to do: the hint, and how to answer where that is possible; the reason where it has one."""
    return "；".join(part.strip() for part in (problem.hint, *list(problem_lines(problem))[1:]) if part)


def _list(book: Workbook, case: Case) -> None:
    """The first sheet: every problem, with a link to its cell."""
    for other in book.worksheets:
        other.sheet_view.tabSelected = False  # else what is typed goes into two sheets at once
    sheet = book.create_sheet(LIST, 0)
    book.active = 0
    for row, text in ((1, LIST), (2, list(check_text(case))[-1].strip())):
        _put(sheet, row, 1, text).font = Font(FONT, 14 if row == 1 else 11, bold=row == 1)
    for number, (name, width) in enumerate(COLUMNS.items(), 1):
        head = _put(sheet, 3, number, name)
        head.font, head.fill, head.border = HEAD, GREY, BOX
        sheet.column_dimensions[head.column_letter].width = width
    for row, problem in enumerate(case.problems, 4):
        _line(book, sheet, row, problem)
    _put(sheet, len(case.problems) + 5, 1, FOOT).font = HEAD
    sheet.freeze_panes = "A4"
    fit_page(sheet)


def _line(book: Workbook, sheet: Worksheet, row: int, problem: Problem) -> None:
    advice = "" if problem.answered else _advice(problem)
    texts = (LEVELS[problem.level], problem.code, str(problem.place), problem.message, advice, problem.answered)
    for column, text in enumerate(texts, 1):
        cell = _put(sheet, row, column, text)
        cell.border, cell.alignment = BOX, Alignment(vertical="center", wrap_text=True)
    sheet.cell(row, 1).fill = _fill(_state(problem))
    lines = (lines_taken(text, width - 2) for text, width in zip(texts, COLUMNS.values(), strict=True))
    sheet.row_dimensions[row].height = 15 * max(lines) + 5
    target = _sheet(book, problem.place)
    if target:
        link = sheet.cell(row, 3)
        there = "'{}'!{}".format(target.title.replace("'", "''"), _target(problem.place.mark))
        link.hyperlink = Hyperlink(ref=link.coordinate, location=there)
        link.font = Font(FONT, 11, color="0563C1", underline="single")


def _target(mark: str) -> str:
    """The cell to jump to: the one meant, the first of a row, else the sheet's first."""
    row = _ROW.fullmatch(mark)
    return mark if _MARK.fullmatch(mark) else f"A{row[1]}" if row else "A1"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = put(sheet, row, column, text or None)
    cell.font = Font(FONT, 11)
    return cell
