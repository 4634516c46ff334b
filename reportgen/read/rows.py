"""A long table: its names running across, one row a record, a 合计 row kept apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from reportgen.define.tables import Column
from reportgen.model import Fact, Place, Row, Table
from reportgen.read.binding import FREE_HEADERS, Bound, Reading, factor, is_note, normal, sheet_unit, split_unit, take
from reportgen.read.cells import Cell
from reportgen.read.headers import column_of, header_rows
from reportgen.read.wide import Across, filled_rows, spread_row, take_across
from reportgen.shown import nearest

TOTAL, TOTALS, PART = "合计", frozenset({"合计", "总计", "共计", "合计数", "总计数"}), "小计"
_WHOLE = re.compile(r"0*([0-9]+)(?:\.0+)?")


def read_rows(reading: Reading) -> Table:
    """The sheet as a table of rows."""
    headers = header_rows(reading)
    header = _header_row(reading, headers)
    if not header:
        texts = "、".join(column.headers[0] for column in _named(reading))
        reading.error(reading.whole(), "E202", "找不到表头", f"表头应有：{texts}")
        return Table(reading.spec.name, (), place=reading.whole())
    reading.header = header
    bound, across = _bind(reading, header, headers[header])
    last, _ = max(reading.sheet.cells)
    rows, total = _rows(reading, bound, range(header + 1, last + 1), across)
    if not rows and not reading.spec.optional:
        reading.error(reading.whole(), "E206", "没有数据行", "请填写后再试")
    if total is None and reading.spec.total == "必填":
        reading.error(reading.whole(), "E207", "缺合计行", "请在最后一行的第一列填“合计”，并填上各列合计数")
    return Table(reading.spec.name, tuple(rows), total, reading.whole())


def bind_columns(reading: Reading) -> dict[str, Bound]:
    """Where each column of the table stands, nothing without a header row; that is set in ``reading``."""
    headers = header_rows(reading)
    reading.header = row = _header_row(reading, headers)
    return {one.column.name: one for one in _bind(reading, row, headers[row])[0]} if row else {}


def _header_row(reading: Reading, headers: Mapping[int, list[Cell]]) -> int:
    """The row with the most declared headers among the first rows; 0 when fewer than half of the required are there."""
    known = reading.headers
    score = {row: len({column.name for cell in cells if (column := column_of(known, cell))}) for row, cells in headers.items()}
    best = max(score, key=lambda row: (score[row], -row), default=0)
    required = sum(not column.optional for column in _named(reading))
    return best if best and score[best] and 2 * score[best] >= required else 0


def _named(reading: Reading) -> list[Column]:
    """The columns whose names stand in the header; of 横向 ones the values stand there."""
    spread = reading.spec.spread or ()
    return [column for column in reading.spec.columns.values() if column not in spread]


def _bind(reading: Reading, header: int, cells: list[Cell]) -> tuple[list[Bound], list[Across]]:
    known, bound, unknown = reading.headers, dict[str, Bound](), list[Cell]()
    general = sheet_unit(reading, header)
    for cell in cells:
        name, unit = split_unit(cell.text)
        column = column_of(known, cell)
        if column is None:
            unknown += [] if normal(name) in FREE_HEADERS else [cell]
        elif column.name in bound:
            here, first = reading.place(cell.row, cell.column), reading.place(header, bound[column.name].at).mark
            reading.error(here, "E204", f"表头“{cell.text}”与{first}重复", "请删去多余的一列")
        else:
            bound[column.name] = Bound(column, cell.column, factor(reading, column, unit, cell, general))
    across, unknown = take_across(reading, unknown, general)
    _unbound(reading, header, bound, unknown)
    return list(bound.values()), across


def _unbound(reading: Reading, header: int, bound: Mapping[str, Bound], unknown: list[Cell]) -> None:
    texts = [split_unit(cell.text)[0] for cell in unknown]
    absent = [column for column in _named(reading) if column.name not in bound]
    for column in absent:
        if not column.optional:
            place = Place(reading.file, reading.sheet.name, f"第{header}行")
            message = f"缺“{column.headers[0]}”这一列{nearest(column.headers[0], texts)}"
            reading.error(place, "E203", message, "请补上这一列，或改正表头")
    spare = [column.headers[0] for column in absent if column.optional]
    for cell in unknown:
        message = f"“{cell.text}”这一列没有用到{nearest(split_unit(cell.text)[0], spare)}"
        reading.warn(reading.place(cell.row, cell.column), "E209", message, "如不需要可以删去")


class _Layout:
    """Where everything stands in the rows of one sheet, worked out once for all of them."""

    def __init__(self, reading: Reading, bound: list[Bound]) -> None:
        spec, at = reading.spec, {one.column.name: one.at for one in bound}
        self.bound = bound
        self.units = {one.column.name: at.get(one.column.unit_column, 0) for one in bound}
        self.keys = [at[name] for name in spec.key if name in at]
        # 合计 or 注： may stand from column A to the first bound one, and in those of the key
        self.leads = sorted({*range(1, min(at.values()) + 1), *self.keys})
        self.down = {name: at[name] for name, column in spec.columns.items() if column.down and name in at}
        self.lacking = [name for name in spec.columns if name not in at]
        others = [column for name, column in spec.columns.items() if name not in spec.key]
        self.alike = all(column.type == "数" and (column.unit or column.unit_column) for column in others)


def _rows(reading: Reading, bound: list[Bound], span: range, across: list[Across]) -> tuple[list[Row], Row | None]:
    columns = {one.at for one in bound if not one.column.down} or {one.at for one in bound}
    filled = {row for row, at in reading.sheet.cells if row in span and at in columns}
    layout = _Layout(reading, bound)
    rows: list[Row] = []
    total: Row | None = None
    seen: dict[str, int] = {}
    for number in sorted(filled):
        leads = _leads(reading, layout, number)
        is_total = not TOTALS.isdisjoint(leads.values())
        if _passed_over(reading, layout, number, leads, is_total):
            continue
        begun = is_total and len(filled) > 1 and _total_begun(reading, layout, number)
        row = _row(reading, layout, number, 0 if is_total else len(rows) + 1, is_total, begun)
        _complain_twice(reading, row, number, seen)
        if is_total:
            total = total or row
        elif across:
            rows += spread_row(reading, row, number, across, len(rows))
        else:
            rows.append(row)
    return rows, total


def _complain_twice(reading: Reading, row: Row, number: int, seen: dict[str, int]) -> None:
    key = "·".join(_alike(part) for part in row.key.split("·"))
    if key in seen:
        place = row.place_of(reading.spec.key[0]) if reading.spec.key else reading.whole()
        reading.error(place, "E204", f"“{row.key}”与第{seen[key]}行重复", "请合并或删去一行")
    seen.setdefault(key, number)


@lru_cache(maxsize=4096)
def _alike(part: str) -> str:
    """A key for comparing: 02, １ and 1.0 are whole numbers however they are written; 1.10 is not 1.1."""
    plain = unicodedata.normalize("NFKC", part).strip()
    found = _WHOLE.fullmatch(plain)
    return found[1] if found else plain


def _leads(reading: Reading, layout: _Layout, row: int) -> dict[int, str]:
    """The row's texts where 合计 or 注： may stand."""
    cells = ((at, reading.sheet.cells.get((row, at))) for at in layout.leads)
    return {at: _bare(cell.text) for at, cell in cells if cell and cell.kind == "text"}


def _bare(text: str) -> str:
    """合 计（个）： → 合计."""
    return normal(split_unit(text.rstrip(" :：　"))[0]).rstrip(":")


def _passed_over(reading: Reading, layout: _Layout, number: int, leads: Mapping[int, str], is_total: bool) -> bool:
    """Whether the row is a note or a 小计; what is not read as data though it looks so is told."""
    first = min(leads, default=0)
    text = reading.sheet.cells[number, first].text.strip() if first else ""
    note, at = is_note(text), first or layout.bound[0].at
    if PART in leads.values():
        reading.error(reading.place(number, at), "E214", f"第{number}行是小计，小计行不能放在数据里", "请删去小计行")
        return True
    if layout.alike and any(lead.startswith("其中") for lead in leads.values()):  # no column of its own tells it apart
        reading.error(reading.place(number, at), "E214", f"第{number}行是“其中”，它的数已经算在上面的行里", "请删去这一行")
        return True
    if (is_total and not reading.spec.total) or (note and _filled_beside(reading, layout, number, first)):
        message = f"第{number}行以“{text[:16]}”开头，这一行没有当作数据读"
        reading.warn(reading.place(number, at), "E213", message, "如果是数据，请改第一格的文字；不是，可以不管")
    return note


def _filled_beside(reading: Reading, layout: _Layout, number: int, first: int) -> bool:
    """Whether a note's row holds more than such words as 填表人：."""
    beside = [reading.sheet.cells.get((number, one.at)) for one in layout.bound if one.at != first]
    return any(cell and not (cell.kind == "text" and re.search("[:：]", cell.text)) for cell in beside)


def _total_begun(reading: Reading, layout: _Layout, number: int) -> bool:
    """Whether the 合计 row has to be filled: an empty one that may be left out counts as left out."""
    figures = (one.at for one in layout.bound if one.column.type == "数")
    return reading.spec.total == "必填" or (bool(reading.spec.total) and any((number, at) in reading.sheet.cells for at in figures))


def _row(reading: Reading, layout: _Layout, number: int, ordinal: int, is_total: bool, begun: bool) -> Row:
    """One row; a 合计 row once ``begun`` is whole, save for shares and figures of mixed units, which don't add up."""
    spec, sheet = reading.spec, reading.sheet.cells
    cells: dict[str, Fact] = {}
    places: dict[str, Place] = {}
    key = TOTAL if is_total else _key(reading, layout, number)
    repeated = filled_rows(reading, layout.down, number) if layout.down else {}
    for one in layout.bound:
        column = one.column
        if is_total and (column.type != "数" or column.name in spec.key):
            places[column.name] = reading.place(number, one.at)
            continue
        own = sheet.get((number, layout.units[column.name]))
        unit = own.text.strip().replace("％", "%") if own else column.unit
        name, at_row = f"{spec.name}[{key}].{column.name}", repeated.get(column.name, number)
        spare = is_total and (not begun or column.unit == "%" or bool(column.unit_column))
        take(reading, one, at_row, unit, name, cells, places, optional=spare)
    for name in layout.lacking:  # an optional column that the sheet lacks is blank, not unknown
        places[name] = Place(reading.file, reading.sheet.name, f"第{number}行")
    return Row(key, cells, places, ordinal)


def _key(reading: Reading, layout: _Layout, number: int) -> str:
    parts = [reading.sheet.cells.get((number, at)) for at in layout.keys]
    return "·".join(part.text.strip() for part in parts if part) or f"第{number}行"
