"""A Word table as a full grid of cells, its merged ones as rectangles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from reportgen.model import Place
from reportgen.prose import Area, ProseTable
from reportgen.read.numbering import W


def read_grid(table: ET.Element, text: Callable[[ET.Element], str], place: Place) -> ProseTable:
    """The table; ``text`` gives the words of a cell. What a merged cell covers is empty, as it is in Word."""
    texts: dict[tuple[int, int], str] = {}
    areas: list[list[int]] = []
    open_above: dict[int, list[int]] = {}
    right = set[tuple[int, int]]()
    for cell, row, column, last in _cells(table):
        merge, above, words = cell.find(f"{W}tcPr/{W}vMerge"), open_above.pop(column, None), text(cell)
        if merge is not None and merge.get(f"{W}val") != "restart" and above and above[3] == last:
            above[2] = row
        else:
            above = [row, column, row, last]
            areas.append(above)
            texts[row, column] = words
            right |= {(row, column)} if _at_right(cell) else set()
        if merge is not None:
            open_above[column] = above
    height, width = (1 + max((area[at] for area in areas), default=-1) for at in (2, 3))
    rows = tuple(tuple(texts.get((row, column), "") for column in range(width)) for row in range(height))
    merges: tuple[Area, ...] = tuple((a, b, c, d) for a, b, c, d in areas if (a, b) != (c, d))
    return ProseTable(rows, place, merges, _widths(table, width), frozenset(right))


def _cells(table: ET.Element) -> Iterator[tuple[ET.Element, int, int, int]]:
    """Each cell with its row, its first and its last column, from 0."""
    for row, element in enumerate(table.iter(f"{W}tr")):
        column = 0
        for cell in element.iter(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            last = column if span is None else column + max(1, int(span.get(f"{W}val", "1"))) - 1
            yield cell, row, column, last
            column = last + 1


def _widths(table: ET.Element, columns: int) -> tuple[int, ...]:
    """The widths of the columns in the source; () where it does not give them all."""
    widths = tuple(int(column.get(f"{W}w", "0")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol"))
    return widths if len(widths) == columns and all(width > 0 for width in widths) else ()


def _at_right(cell: ET.Element) -> bool:
    """Whether the first words of a cell stand at the right."""
    worded = next((one for one in cell.iterfind(f"{W}p") if one.find(f".//{W}t") is not None), None)
    aligned = None if worded is None else worded.find(f"{W}pPr/{W}jc")
    return aligned is not None and aligned.get(f"{W}val") in ("right", "end")
