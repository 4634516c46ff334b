"""Plain text in columns, as a terminal shows it: a Chinese character is two wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

WIDEST = 32  # a longer cell sticks out rather than push all others away


def width(text: str) -> int:
    """How many columns a terminal needs for the text."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1 for letter in text)


def aligned(rows: Iterable[Sequence[str]], indent: str = "", between: str = "  ") -> Iterator[str]:
    """A line a row, its cells under each other; a line break inside a cell shows as ↵."""
    cells = [[cell.replace("\n", "↵") for cell in row] for row in rows]
    count = max(map(len, cells), default=0)
    fits = [[width(row[i]) for row in cells if i < len(row) and width(row[i]) <= WIDEST] for i in range(count)]
    wide = [max(column, default=0) for column in fits]
    for row in cells:
        padded = (cell + " " * (wide[i] - width(cell)) for i, cell in enumerate(row))
        yield f"{indent}{between.join(padded)}".rstrip()
