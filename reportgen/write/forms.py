"""What sheets for people to fill in hold before they are drawn: forms and long tables made from a kind's columns."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from reportgen.define.tables import Column, TableSpec
from reportgen.editions import editions
from reportgen.numerals import DECIMALS
from reportgen.read.cells import mark_of
from reportgen.read.forms import VALUE_HEADERS
from reportgen.read.headers import JOINT
from reportgen.read.rows import TOTAL

NOTE, ITEM, FILLED, UNIT = "备注", "项目", VALUE_HEADERS[0], "计量单位"
HEADER_ROW = 3
YEARS = 5  # side by side in a blank sheet
LAST_ROW = 203  # drop-downs and number checks reach this far
HINT = "白色格子为填报区，单位见表头，金额保留两位小数；备注栏只供说明，不作为数据读取。"
DATE_FORMAT = 'yyyy"年"m"月"d"日"'


Content: TypeAlias = str | int | Decimal | date | None


class Entry(NamedTuple):
    """A cell: its content, number format, and whether it is ``given``: grey, not to be filled in."""

    content: Content = None
    format: str = "General"
    given: bool = False


@dataclass
class Form:
    """A sheet before it is drawn. ``checks``: cells and the column whose values they may hold.

    ``fixed``: what is given is locked too (rows of a long table are not: they may be deleted). ``open`` are the headers,
    from 1, that people fill in themselves; ``caption`` is a line above them.
    """

    headers: list[str]
    widths: list[int]
    rows: list[list[Entry]] = field(default_factory=list)
    checks: list[tuple[str, Column]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    fixed: bool = False
    open: tuple[int, ...] = ()
    caption: str = ""

    @property
    def first_row(self) -> int:
        """Where its rows begin when it stands at HEADER_ROW: a header that is 上级/下级 takes two rows."""
        return HEADER_ROW + 1 + any(upper for upper, _ in map(levels, self.headers))


def decimals(whole: str, places: int) -> str:
    """A number format: #,##0 and 2 → #,##0.00."""
    return whole + ("." + "0" * places if places else "")


def blank_format(column: Column) -> str:
    """The number format of a cell still to be filled in; General shows what is typed, @ keeps a name a name."""
    if column.type != "数":
        return {"年": "0", "日期": DATE_FORMAT, "文字": "@", "列表": "@", "时限": "@"}.get(column.type, "General")
    places = DECIMALS.get(column.unit) if column.decimals is None else column.decimals
    if places is None:
        return "General"
    return decimals("0", places) + "%" if column.unit == "%" else decimals("#,##0", places)


def header(column: Column) -> str:
    """The header as a sheet shows it, with the unit."""
    return f"{column.headers[0]}（{column.unit}）" if column.unit else column.headers[0]


def levels(header: str) -> tuple[str, str]:
    """What stands above and below in a header's two rows: 年初数/金额（万元） → 年初数, 金额（万元）; no upper: "" above."""
    upper, joint, _ = header.partition("（")[0].partition(JOINT)
    return (upper, header[len(upper) + len(joint) :]) if joint else ("", header)


def upright(columns: Iterable[Column], values: Mapping[str, Entry], notes: Mapping[str, str] | None = None) -> Form:
    """The form of one record: names down column A, a column's hint as its note."""
    form = Form([ITEM, FILLED, UNIT, NOTE], [26, 44, 10, 52], fixed=True)
    for number, column in enumerate(columns, HEADER_ROW + 1):
        note = (notes or {}).get(column.name, "") or column.hint
        filled = values.get(column.name, Entry(None, blank_format(column)))
        name, unit = Entry(column.headers[0], given=True), Entry(column.unit or None, given=True)
        form.rows.append([name, filled, unit, Entry(note or None)])
        form.checks.append((f"B{number}", column))
    return form


def listing(columns: Iterable[Column], rows: Iterable[Mapping[str, Entry]], note: bool = True, blank: int = 0) -> Form:
    """The form of a long table, ``blank`` ruled rows before its 合计 row; a cell that a row lacks is blank."""
    shown = list(columns)
    if note and NOTE not in [column.headers[0] for column in shown]:
        shown.append(Column(NOTE, (NOTE,)))
    filled = [[row.get(c.name, Entry(None, blank_format(c))) for c in shown] for row in rows]
    totals = [row for row in filled if row[0].content == TOTAL]
    empty = [[Entry(None, blank_format(column)) for column in shown] for _ in range(blank)]
    form = Form([header(column) for column in shown], [])
    form.rows = [*(row for row in filled if row not in totals), *empty, *totals]
    form.widths = [_width(column, [row[n] for row in form.rows]) for n, column in enumerate(shown)]
    for at, column in enumerate(shown, 1):
        form.checks.append((f"{mark_of(form.first_row, at)}:{mark_of(LAST_ROW, at)}", column))
    form.merges = list(_merges(shown, filled, form.first_row))
    return form


def with_editions(table: TableSpec, kind: str) -> list[Column]:
    """The table's columns; one that takes an edition offers those of the kind."""
    known = tuple(one for one in editions() if one.startswith(f"{kind}/"))
    return [replace(one, options=known) if one.type == "版本" else one for one in table.columns.values()]


def headers_across(table: TableSpec, edition: str) -> tuple[str, ...]:
    """What stands across the sheet of a table with a 横向 column: its options, or the years up to the edition's."""
    if table.spread is None:
        return ()
    column = table.spread[0]
    if column.type != "年":
        return column.options or tuple(f"{column.headers[0]}{n}" for n in range(1, YEARS + 1))
    found = re.findall(r"(?:19|20)\d\d", edition)
    last = int(found[-1]) if found else datetime.now(UTC).year - 1
    return tuple(str(year) for year in range(last - YEARS + 1, last + 1))


def across(columns: Iterable[Column], values: Iterable[str]) -> Iterator[Column]:
    """The columns, the 横向 one and the one after it replaced by one column a value."""
    columns = list(columns)
    at = next((number for number, column in enumerate(columns) if column.spread), len(columns))
    yield from columns[:at]
    if at < len(columns):
        yield from (replace(columns[at + 1], name=value, headers=(value,)) for value in values)
    yield from columns[at + 2 :]


def _merges(columns: Sequence[Column], rows: Sequence[Sequence[Entry]], first: int) -> Iterator[str]:
    """Equal cells below each other in columns that are filled down, left ones bounding."""
    above: list[int] = []
    for at, column in enumerate(columns):
        if column.down and rows:
            above.append(at)
            keys = [tuple(row[n].content for n in above) for row in rows]
            starts = [n for n, key in enumerate(keys) if n == 0 or keys[n - 1] != key]
            for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
                if end - start > 1 and keys[start][-1] is not None:
                    yield f"{mark_of(first + start, at + 1)}:{mark_of(first - 1 + end, at + 1)}"


def _width(column: Column, entries: Sequence[Entry]) -> int:
    """In characters: what the header and the contents ask for, within reason; room for words still to come."""
    running = column.prose or column.type == "算式" or column.name == NOTE
    empty = all(entry.content in (None, TOTAL) for entry in entries)
    room = 12 if not empty or column.type == "数" else 36 if running else 24 if column.type in ("文字", "列表") else 14
    wanted = max([letters(header(column)), *(letters(entry.content) for entry in entries)]) + 4
    return min(max(wanted, room), 52 if running else 40)


def letters(content: object) -> int:
    """How wide a content prints, its widest line; a Chinese character counts as two."""
    return max(map(_width_of, "" if content is None else str(content).split("\n")), default=0)


def lines_taken(text: str, letters: float) -> int:
    """How many lines a text takes where so many letters fit into one."""
    return sum(max(1, math.ceil(_width_of(line) / letters)) for line in text.split("\n"))


def _width_of(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)
