"""Sheets to tables of facts, bound by header text and never by position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportgen.define.tables import TableSpec
from reportgen.model import ERROR, WARNING, FactBook, Place, Problem, Table
from reportgen.read.binding import Reading, normal
from reportgen.read.cells import mark_of
from reportgen.read.forms import read_form
from reportgen.read.rows import read_rows
from reportgen.read.sheets import Sheet
from reportgen.shown import nearest

FREE_SHEETS = ("示例", "填表说明", "说明")


def read_tables(
    sheets: Iterable[Sheet], specs: Mapping[str, TableSpec], file: str, book: FactBook
) -> tuple[dict[str, Table], list[Problem]]:
    """Every declared table found in the workbook, and all that is wrong with them, in the kind's order."""
    found, problems = _by_name(sheets, file)
    tables: dict[str, Table] = {}
    for spec in specs.values():
        sheet = None if spec.unused else found.pop(normal(spec.name), None)
        if sheet is None:
            tables[spec.name] = Table(spec.name, (), place=Place(file, spec.name))
            if not spec.optional and not spec.unused:
                problems.append(_no_sheet(spec.name, _others(found, specs), file))
            continue
        reading = Reading(spec.asked, sheet, file, book)
        _hidden(reading)
        _covered(reading)
        tables[spec.name] = read_form(reading) if spec.record else read_rows(reading)
        problems += reading.problems
    return tables, problems + [_spare(sheet, file) for sheet in found.values() if not _free(sheet)]


def _by_name(sheets: Iterable[Sheet], file: str) -> tuple[dict[str, Sheet], list[Problem]]:
    """The sheets by normalised name; Excel lets 预算 and “预算 ” stand side by side."""
    found: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for sheet in sheets:
        first = found.setdefault(normal(sheet.name), sheet)
        if first is not sheet:
            message = f"工作表“{sheet.name}”与“{first.name}”重名"
            problems.append(Problem("E204", ERROR, Place(file, sheet.name), message, "请删去或改名其中一张"))
    return found, problems


def _others(found: Mapping[str, Sheet], specs: Mapping[str, TableSpec]) -> list[str]:
    """Names of the sheets that belong to no table: one may be the missing one, misspelt."""
    known = {normal(name) for name in specs}
    return [sheet.name for name, sheet in found.items() if name not in known]


def _free(sheet: Sheet) -> bool:
    return not sheet.visible or sheet.name.startswith(FREE_SHEETS)


def _no_sheet(name: str, others: list[str], file: str) -> Problem:
    return Problem("E201", ERROR, Place(file), f"缺工作表“{name}”{nearest(name, others)}", "请补上，或把工作表改回这个名称")


def _spare(sheet: Sheet, file: str) -> Problem:
    message = f"工作表“{sheet.name}”没有用到"
    return Problem("E212", WARNING, Place(file, sheet.name), message, "如是示例，请把名称改为以“示例”开头")


def _covered(reading: Reading) -> None:
    """Tell of what stands under a merged cell: the format painter leaves it there, and nobody has seen it."""
    cells = reading.sheet.cells
    last_row, last_column = max((row for row, _ in cells), default=0), max((column for _, column in cells), default=0)
    for top, left, bottom, right in sorted(set(reading.sheet.merges)):
        rows, columns = range(top, min(bottom, last_row) + 1), range(left, min(right, last_column) + 1)
        shown = cells.get((top, left))
        for at in ((row, column) for row in rows for column in columns if (row, column) in cells):
            same = shown and cells[at].kind == "text" and cells[at].text == shown.text  # 产出 over 产出 says it once for both
            if at != (top, left) and not same:
                area = f"{mark_of(top, left)}:{mark_of(bottom, right)}"
                reading.error(reading.place(*at), "E211", f"里面的内容被合并的单元格{area}盖住了，看不见", "请取消合并后核对")


def _hidden(reading: Reading) -> None:
    sheet = reading.sheet
    if not sheet.visible or sheet.hidden_rows or sheet.hidden_columns:
        what = "工作表" if not sheet.visible else "行或列"
        reading.warn(reading.whole(), "E210", f"有隐藏的{what}，其中的数据也已读取", "请核对后取消隐藏")
