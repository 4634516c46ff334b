"""Long tables laid out again as people print them: a row a key, a column a period."""

from __future__ import annotations

from typing import Any

from reportgen.formula import ROW_NUMBER
from reportgen.judge.series import Series
from reportgen.model import Fact, FactBook, Row, Table
from reportgen.numerals import show
from reportgen.shown import usual
from reportgen.write.language import Blank

PERIODS = "各期"


def wide_rows(table: Table, spread: str, held: str) -> list[dict[str, Any]]:
    """The rows as on the sheet: the columns beside, and 各期 with what column ``held`` has under each ``spread``."""
    rows: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        period, key = row.cells[spread], _key(row)
        beside = {name: fact for name, fact in row.cells.items() if name not in (spread, held)}
        wide = rows.setdefault(key, {ROW_NUMBER: len(rows) + 1, **beside, PERIODS: {}})
        blank = Blank(hint=f"{row.place_of(held)}是空的；可以为空的格子请加 |或(\"-\")")
        wide[PERIODS][_label(period)] = row.cells.get(held, blank)
    return list(rows.values())


def _label(period: Fact) -> str:
    return usual(period) if isinstance(period.value, str) else show(period.value, period.unit)  # type: ignore[arg-type]


def yearly(table: Table, spread: str, held: str, book: FactBook) -> dict[str, Series]:
    """The figures that stand beside each key as a series of their own, by that key."""
    points: dict[str, dict[str, Fact]] = {}
    for row in table.rows:
        own = points.setdefault(_key(row), {})
        if held in row.cells:
            own[_label(row.cells[spread])] = row.cells[held]
    return {name: Series(name, own, book) for name, own in points.items()}


def _key(row: Row) -> str:
    """The row's key without its period."""
    return row.key.rpartition("·")[0]
