"""Layouts that people use on paper, turned into plain rows: values across the header, and levels written once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from reportgen import numerals
from reportgen.define.tables import Column
from reportgen.model import Fact, Row
from reportgen.read.binding import Bound, Reading, factor, split_unit, take
from reportgen.read.cells import Cell
from reportgen.read.values import Unreadable, read_value


@dataclass(frozen=True, slots=True)
class Across:
    """A header cell that is itself a value, such as the year 2012 or 第一季度（元）: where it stands and the fact it makes.

    ``factor`` turns the unit written behind it into that of the figures below.
    """

    at: int
    fact: Fact
    factor: Decimal


def take_across(reading: Reading, headers: list[Cell], general: Cell | None) -> tuple[list[Across], list[Cell]]:
    """The headers that are values of the table's 横向 column, and those that are not; ``general`` has the sheet's unit."""
    if reading.spec.spread is None:
        return [], headers
    (column, held), found, rest = reading.spec.spread, list[Across](), list[Cell]()
    for cell in headers:
        own, behind = _split_unit(cell.text, held)
        try:
            value, _ = read_value(replace(cell, text=own), column, column.unit, Decimal(1))
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
        found.append(Across(cell.column, fact, factor(reading, held, behind, cell, general)))
    return found, rest


def _split_unit(text: str, held: Column) -> tuple[str, str]:
    """The value and a unit of the figures below it, where there is one; other words in brackets are part of the value."""
    own, unit = split_unit(text)
    return (own, unit) if unit and (unit == held.unit or {unit, held.unit} <= {*numerals.MONEY}) else (text, "")


def spread_row(reading: Reading, row: Row, number: int, across: list[Across], before: int) -> list[Row]:
    """One row of the sheet as a row for each header value; each keeps the columns that stand beside."""
    assert reading.spec.spread
    column, held = reading.spec.spread
    rows = []
    for i, one in enumerate(across, 1):
        key = f"{row.key}·{one.fact.value}"
        cells, places = {**row.cells, column.name: one.fact}, {**row.places, column.name: one.fact.places[0]}
        name = f"{reading.spec.name}[{key}].{held.name}"
        take(reading, Bound(held, one.at, one.factor), number, held.unit, name, cells, places)
        rows.append(replace(row, key=key, cells=cells, places=places, number=before + i))
    return rows


def filled_rows(reading: Reading, down: Mapping[str, int], number: int) -> dict[str, int]:
    """For each 向下填充 column (``down``: where each stands) the row whose cell holds: this one, or the nearest filled above.

    Not above where the level before it (in the kind's order) begins: a new upper level needs a new lower one.
    """
    rows, first = dict[str, int](), reading.header + 1
    for name, at in down.items():
        filled = (row for row in range(number, first - 1, -1) if (row, at) in reading.sheet.cells)
        rows[name] = first = next(filled, number)
    return rows
