"""The texts of a header row; where the kind declares 上级/下级, each joined with the text that stands above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from reportgen.define.tables import Column
from reportgen.read.binding import FREE_HEADERS, Reading, normal, split_unit
from reportgen.read.cells import Cell

HEADER_ROWS = 20
JOINT = "/"


def header_rows(reading: Reading) -> dict[int, list[Cell]]:
    """What each of the first rows would say as the header, from left to right."""
    rows: dict[int, dict[int, Cell]] = {}
    for row, at in sorted(key for key in reading.sheet.cells if key[0] <= HEADER_ROWS):
        rows.setdefault(row, {})[at] = reading.sheet.cells[row, at]
    two_levels = any(JOINT in name for name in reading.headers)
    return {row: _joined(reading, rows.get(row - 1, {}) if two_levels else {}, own) for row, own in rows.items()}


def column_of(known: Mapping[str, Column], cell: Cell) -> Column | None:
    """The declared column that a header text names, with or without its unit."""
    bare, whole = _names(cell.text)
    return known.get(bare) or known.get(whole)


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, str]:
    """What a header may be called: without its unit, and as it stands."""
    return normal(split_unit(text)[0]), normal(text)


def _joined(reading: Reading, above: Mapping[int, Cell], own: Mapping[int, Cell]) -> list[Cell]:
    """The row's texts under those above it; as they stand unless at least one pair is declared."""
    if not above:
        return list(own.values())
    known, pairs = reading.headers, dict[int, Cell]()
    for at, cell in own.items():
        upper = _upper(reading, above, own, at)
        pairs[at] = _pair(upper, cell) if upper else cell
    if not any(column_of(known, pair) for at, pair in pairs.items() if pair is not own[at]):
        return list(own.values())
    for at, cell in own.items():  # 备注 beside the last group is not part of it
        alone = column_of(known, cell) or normal(split_unit(cell.text)[0]) in FREE_HEADERS
        pairs[at] = cell if alone and not column_of(known, pairs[at]) else pairs[at]
    return [cell for _, cell in sorted({**above, **pairs}.items())]


def _upper(reading: Reading, above: Mapping[int, Cell], own: Mapping[int, Cell], at: int) -> Cell | None:
    """The text over a column: in its own cell, the merged one, or the nearest on the left that heads a column too."""
    if at in above:
        return above[at]
    row = next(iter(above.values())).row
    for top, left, bottom, right in reading.sheet.merges:
        if top <= row <= bottom and left <= at <= right:
            return above.get(left)
    left = max((one for one in above if one < at), default=0)
    merged = any(top <= row <= bottom and first <= left <= last for top, first, bottom, last in reading.sheet.merges)
    return above[left] if left in own and not merged else None


def _pair(upper: Cell, lower: Cell) -> Cell:
    """年初数 over 金额（万元） → 年初数/金额（万元）; a unit above holds for what is below."""
    name, unit = split_unit(upper.text)
    unit = f"（{unit}）" if unit and not split_unit(lower.text)[1] else ""
    return replace(lower, text=f"{name}{JOINT}{lower.text.strip()}{unit}")
