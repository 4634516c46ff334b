"""Layouts that people use on paper, turned into plain rows: values across the header, and levels written once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from reportgen.model import Fact, Row
from reportgen.read.binding import Bound, Reading, take
from reportgen.read.cells import Cell
from reportgen.read.values import Unreadable, read_value


@dataclass(frozen=True, slots=True)
class Across:
    """A header cell that is itself a value, such as the year 2012: where it stands and the fact it makes."""

    at: int
    fact: Fact


def take_across(reading: Reading, headers: list[Cell]) -> tuple[list[Across], list[Cell]]:
    """The headers that are values of the table's 横向 column, and those that are not."""
    if reading.spec.spread is None:
        return [], headers
    column, found, rest = reading.spec.spread[0], list[Across](), list[Cell]()
    for cell in headers:
        try:
            value, _ = read_value(cell, column, column.unit, Decimal(1))
        except Unreadable:
            rest.append(cell)
            continue
        unit = column.unit or ("年" if column.type == "年" else "")
        place = reading.place(cell.row, cell.column)
        first = next((one.fact.places[0] for one in found if one.fact.value == value), None)
        if first:
            reading.error(place, "E204", f"“{cell.text}”这一列与{first.mark}重复", "请删去多余的一列")
            continue
        fact = reading.book.add(f"{reading.spec.name}.{column.name}[{cell.text}]", value, unit=unit, places=(place,))
        found.append(Across(cell.column, fact))
    return found, rest


def spread_row(reading: Reading, row: Row, number: int, across: list[Across], before: int) -> list[Row]:
    """One row of the sheet as a row for each header value; each keeps the columns that stand beside."""
    assert reading.spec.spread
    column, held = reading.spec.spread
    rows = []
    for i, one in enumerate(across, 1):
        key = f"{row.key}·{one.fact.value}"
        cells, places = {**row.cells, column.name: one.fact}, {**row.places, column.name: one.fact.places[0]}
        take(reading, Bound(held, one.at), number, f"{reading.spec.name}[{key}].{held.name}", cells, places)
        rows.append(replace(row, key=key, cells=cells, places=places, number=before + i))
    return rows


def filled_from(reading: Reading, one: Bound, number: int) -> int:
    """The row whose cell a blank one repeats: itself, or the nearest filled one above within the table."""
    for row in range(number, reading.header, -1):
        if (row, one.at) in reading.sheet.cells:
            return row
    return number
