"""A form: one record, its names running down the sheet, each with its value beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen import numerals
from reportgen.define.tables import Column
from reportgen.model import Fact, Place, Row, Table
from reportgen.read.binding import FREE_HEADERS, Bound, Reading, factor, is_note, normal, sheet_unit, split_unit, take
from reportgen.read.cells import Cell, mark_of
from reportgen.read.headers import column_of
from reportgen.shown import nearest

VALUE_HEADERS = ("填报内容", "内容", "数值", "填报数", "金额")
LABEL_COLUMNS = 3


def read_form(reading: Reading) -> Table:
    """The sheet as a table of one record."""
    cells: dict[str, Fact] = {}
    places: dict[str, Place] = {}
    for row, one in bind_lines(reading):
        take(reading, one, row, one.column.unit, one.column.name, cells, places)
    return Table(reading.spec.name, (Row("", cells, places, 1),), place=reading.whole())


def bind_lines(reading: Reading) -> Iterator[tuple[int, Bound]]:
    """The row of each line that the form has, and where its value stands."""
    texts = _texts(reading)
    labels = _labels(reading, texts)
    first = min((cell.row for cell in labels.values()), default=0)
    head, general = _value_header(reading, first), sheet_unit(reading, first)
    value_column = head.column if head else 0
    if not head:
        _one_value(reading, labels)
    for column in reading.spec.columns.values():
        label = labels.get(column.name)
        if label is None:
            _missing(reading, column, texts)
            continue
        at = value_column or label.column + 1
        unit = _unit_beside(reading, label, at) or (_unit_above(reading, head) if column.unit in numerals.MONEY else "")
        yield label.row, Bound(column, at, factor(reading, column, unit, label, general))
    _unused(reading, texts, labels, value_column)


def _labels(reading: Reading, texts: list[Cell]) -> dict[str, Cell]:
    """Where each declared name stands; twice is a problem."""
    wanted = reading.headers
    found: dict[str, Cell] = {}
    for cell in texts:
        column = column_of(wanted, cell)
        if column is None:
            continue
        if column.name not in found:
            found[column.name] = cell
        elif found[column.name].column == cell.column:
            first, here = found[column.name].mark, reading.place(cell.row, cell.column)
            reading.error(here, "E204", f"“{cell.text}”在{first}已经有了", "请删去多余的一行")
    return found


def _texts(reading: Reading) -> list[Cell]:
    """The text cells of the columns where names may stand, row by row."""
    named = {at: cell for at, cell in reading.sheet.cells.items() if cell.kind == "text" and at[1] <= LABEL_COLUMNS}
    return [named[at] for at in sorted(named)]


def _missing(reading: Reading, column: Column, texts: list[Cell]) -> None:
    if not column.optional:
        names = [split_unit(cell.text)[0] for cell in texts]
        near = nearest(column.headers[0], [name for name in names if normal(name) not in reading.headers])
        reading.error(reading.whole(), "E203", f"缺“{column.headers[0]}”这一行{near}", "请补上这一行，或改正它的名称")


def _unused(reading: Reading, texts: list[Cell], labels: Mapping[str, Cell], value_column: int) -> None:
    """Lines with a value whose name the kind does not know: perhaps an optional one misspelt."""
    first, columns = min((cell.row for cell in labels.values()), default=0), {cell.column for cell in labels.values()}
    known = reading.headers
    wanted = [column.headers[0] for column in reading.spec.columns.values() if column.name not in labels]
    for cell in texts:
        name = split_unit(cell.text)[0]
        beside = (cell.row, value_column or cell.column + 1) in reading.sheet.cells
        told = column_of(known, cell) or normal(name) in FREE_HEADERS or is_note(cell.text)
        if first <= cell.row and cell.column in columns and cell.column != value_column and beside and not told:
            message = f"“{cell.text}”这一行没有用到{nearest(name, wanted)}"
            reading.warn(reading.place(cell.row, cell.column), "E209", message, "如不需要可以删去")


def _value_header(reading: Reading, first: int) -> Cell | None:
    """What heads the values, 填报内容 or 金额（元）, above the first name; None when there is no such header."""
    cells = reading.sheet.cells
    above = (at for at, cell in cells.items() if at[0] < first and normal(split_unit(cell.text)[0]) in VALUE_HEADERS)
    return cells[at] if (at := min(above, default=None)) else None


def _one_value(reading: Reading, labels: Mapping[str, Cell]) -> None:
    """Without such a header figures stand beside their names only: of 上年数 and 本年数 nobody knows which is meant."""
    names = {(cell.row, cell.column) for cell in labels.values()}
    lines, figures = dict(sorted(names, reverse=True)), [at for at, cell in reading.sheet.cells.items() if cell.kind == "number"]
    apart = sorted({at for row, at in figures if lines.get(row, at) < at and (row, at - 1) not in names})
    if apart:
        marks = "、".join(mark_of(1, at)[:-1] for at in apart)
        message, hint = f"{marks}列也有数，不知道要读哪一列", f"请在要读的一列上面写表头“{VALUE_HEADERS[0]}”"
        reading.error(reading.whole(), "E202", message, hint)


def _unit_beside(reading: Reading, label: Cell, at: int) -> str:
    """The unit in the label's brackets, or in the cell right of the value, in brackets or not."""
    unit, beside = split_unit(label.text)[1], reading.sheet.cells.get((label.row, at + 1))
    if unit or not beside or beside.kind != "text":
        return unit
    name, inner = split_unit(beside.text)
    own = normal(name or inner).removeprefix("单位").lstrip(":")
    return own if len(own) <= 6 else ""


def _unit_above(reading: Reading, head: Cell | None) -> str:
    """The unit in the brackets of 金额（元） or, right of it, of 单位（元）."""
    heads = (head, reading.sheet.cells.get((head.row, head.column + 1))) if head else ()
    return next((unit for one in heads if one and (unit := split_unit(one.text)[1])), "")
