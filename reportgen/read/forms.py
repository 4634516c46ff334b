"""A form: one record, its names running down the sheet, each with its value beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.define.tables import Column
from reportgen.model import Fact, Place, Row, Table
from reportgen.read.binding import FREE_HEADERS, Bound, Reading, factor, is_note, normal, sheet_unit, split_unit, take
from reportgen.read.cells import Cell
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
    value_column, general = _value_column(reading, first), sheet_unit(reading, first)
    for column in reading.spec.columns.values():
        label = labels.get(column.name)
        if label is None:
            _missing(reading, column, texts)
            continue
        at = value_column or label.column + 1
        yield label.row, Bound(column, at, factor(reading, column, _unit_beside(reading, label, at), label, general))
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


def _value_column(reading: Reading, first: int) -> int:
    """The column headed 填报内容, above the first name; 0 when there is no such header."""
    above = (at for at, cell in reading.sheet.cells.items() if at[0] < first and normal(cell.text) in VALUE_HEADERS)
    _, column = min(above, default=(0, 0))
    return column


def _unit_beside(reading: Reading, label: Cell, at: int) -> str:
    """The unit in the label's brackets, or in the cell right of the value."""
    unit = split_unit(label.text)[1]
    beside = reading.sheet.cells.get((label.row, at + 1))
    return unit or (normal(beside.text) if beside and beside.kind == "text" and len(beside.text.strip()) <= 6 else "")
