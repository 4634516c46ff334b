"""Sheets to long tables of facts, bound by header text and never by position."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportgen import numerals
from reportgen.define.kind import Column, TableSpec
from reportgen.model import ERROR, WARNING, Fact, FactBook, Place, Problem, Row, Table
from reportgen.read.cells import Cell
from reportgen.read.sheets import Sheet
from reportgen.read.values import DASHES, Remark, Unreadable, read_value
from reportgen.shown import nearest

CODES = {
    "E201": "缺工作表",
    "E202": "找不到表头",
    "E203": "缺列或缺行",
    "E204": "同一名称出现两次",
    "E205": "应填的单元格是空的",
    "E206": "没有数据行",
    "E207": "缺合计行",
    "E208": "表头单位与要求不符",
    "E209": "有用不到的列",
    "E210": "有隐藏的工作表、行或列，也照常读取",
    "E211": "数据行里有合并的单元格",
    "E212": "有用不到的工作表",
}
TOTAL = "合计"
FREE_HEADERS = ("序号", "备注", "填法", "填写说明")
FREE_SHEETS = ("示例", "填表说明", "说明")
VALUE_HEADERS = ("填报内容", "内容", "数值", "填报数", "金额")
HEADER_ROWS = 20

_UNIT = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]$")
_NOTE = re.compile(r"^[\(（]?(注|说明|备注)[\)）]?[:：]")


def normal(text: str) -> str:
    """A header or sheet name for comparing: NFKC, without blanks, quotes unified."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub("[“”‘’'\"]", "", plain)


def split_unit(text: str) -> tuple[str, str]:
    """年初预算数（万元） → 年初预算数, 万元."""
    found = _UNIT.search(text.strip())
    unit = found[1].removeprefix("单位").lstrip(":：") if found else ""
    return (text.strip()[: found.start()], unit) if found else (text.strip(), "")


@dataclass(slots=True)
class _Reading:
    """One sheet being read: what it is, and the problems found."""

    spec: TableSpec
    sheet: Sheet
    file: str
    book: FactBook
    problems: list[Problem] = field(default_factory=list)

    def place(self, row: int, column: int) -> Place:
        return Place(self.file, self.sheet.name, Cell(row, column, "", "", False, "").mark)

    def complain(self, place: Place, remark: Remark, subject: str = "") -> None:
        self.problems.append(Problem(remark.code, remark.level, place, remark.message, remark.hint, subject))

    def error(self, place: Place, code: str, message: str, hint: str = "", subject: str = "") -> None:
        self.complain(place, Remark(code, ERROR, message, hint), subject)

    def whole(self) -> Place:
        return Place(self.file, self.sheet.name)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A column of the kind bound to a column of the sheet, with the factor for its unit."""

    column: Column
    at: int
    factor: Decimal = Decimal(1)


def read_tables(
    sheets: Iterable[Sheet], specs: Mapping[str, TableSpec], file: str, book: FactBook
) -> tuple[dict[str, Table], list[Problem]]:
    """Every declared table found in the workbook, and all that is wrong with them, in the kind's order."""
    found = {normal(sheet.name): sheet for sheet in sheets}
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for spec in specs.values():
        sheet = found.pop(normal(spec.name), None)
        if sheet is None:
            tables[spec.name] = Table(spec.name, (), place=Place(file, spec.name))
            if not spec.optional:
                problems.append(_no_sheet(spec.name, [one.name for one in found.values()], file))
            continue
        reading = _Reading(spec, sheet, file, book)
        _hidden(reading)
        tables[spec.name] = _record(reading) if spec.record else _long(reading)
        problems += reading.problems
    return tables, problems + [_spare(sheet, file) for sheet in found.values() if not _free(sheet)]


def _free(sheet: Sheet) -> bool:
    return not sheet.visible or sheet.name.startswith(FREE_SHEETS)


def _no_sheet(name: str, others: list[str], file: str) -> Problem:
    return Problem("E201", ERROR, Place(file), f"缺工作表“{name}”{nearest(name, others)}", "请补上，或把工作表改回这个名称")


def _spare(sheet: Sheet, file: str) -> Problem:
    message = f"工作表“{sheet.name}”没有用到"
    return Problem("E212", WARNING, Place(file, sheet.name), message, "如是示例，请把名称改为以“示例”开头")


def _hidden(reading: _Reading) -> None:
    sheet = reading.sheet
    if not sheet.visible or sheet.hidden_rows or sheet.hidden_columns:
        what = "工作表" if not sheet.visible else "行或列"
        reading.complain(reading.whole(), Remark("E210", WARNING, f"有隐藏的{what}，其中的数据也已读取", "请核对后取消隐藏"))


# --- a form: one record, names running down ----------------------------------------------------------------


def _record(reading: _Reading) -> Table:
    labels = _labels(reading)
    value_column = _value_column(reading, labels)
    cells: dict[str, Fact] = {}
    places: dict[str, Place] = {}
    for column in reading.spec.columns.values():
        label = labels.get(column.name)
        if label is None:
            if not column.optional:
                reading.error(reading.whole(), "E203", f"缺“{column.headers[0]}”这一行{_near_label(reading, column)}")
            continue
        at = value_column or label.column + 1
        factor = _factor(reading, column, _unit_beside(reading, label, at), label)
        _take(reading, _Bound(column, at, factor), label.row, column.name, cells, places)
    row = Row("", cells, places, 1)
    return Table(reading.spec.name, (row,), place=reading.whole())


def _labels(reading: _Reading) -> dict[str, Cell]:
    """Where each declared name stands; twice is a problem."""
    wanted = {normal(text): column.name for column in reading.spec.columns.values() for text in column.headers}
    found: dict[str, Cell] = {}
    for (row, column), cell in sorted(reading.sheet.cells.items()):
        name = wanted.get(normal(split_unit(cell.text)[0])) if cell.kind == "text" and column <= 3 else None
        if name in found and found[name].column == column:
            first, here = found[name].mark, reading.place(row, column)
            reading.error(here, "E204", f"“{cell.text}”在{first}已经有了", "请删去多余的一行")
        elif name and name not in found:
            found[name] = cell
    return found


def _near_label(reading: _Reading, column: Column) -> str:
    texts = [split_unit(cell.text)[0] for cell in reading.sheet.cells.values() if cell.kind == "text" and cell.column <= 3]
    known = {normal(header) for one in reading.spec.columns.values() for header in one.headers}
    return nearest(column.headers[0], [text for text in texts if normal(text) not in known])


def _value_column(reading: _Reading, labels: Mapping[str, Cell]) -> int:
    """The column headed 填报内容, above the first name; 0 when there is no such header."""
    first = min((cell.row for cell in labels.values()), default=0)
    for (row, column), cell in sorted(reading.sheet.cells.items()):
        if row < first and normal(cell.text) in VALUE_HEADERS:
            return column
    return 0


def _unit_beside(reading: _Reading, label: Cell, at: int) -> str:
    """The unit in the label's brackets, or in the cell right of the value."""
    unit = split_unit(label.text)[1]
    beside = reading.sheet.cells.get((label.row, at + 1))
    return unit or (beside.text.strip() if beside and beside.kind == "text" and len(beside.text.strip()) <= 6 else "")


def _factor(reading: _Reading, column: Column, unit: str, header: Cell) -> Decimal:
    """What turns the sheet's unit into the column's; only money converts."""
    if not unit or not column.unit or normal(unit) == normal(column.unit):
        return Decimal(1)
    place = reading.place(header.row, header.column)
    if unit in numerals.MONEY and column.unit in numerals.MONEY:
        message = f"表上单位是{unit}，已换算为{column.unit}"
        reading.complain(place, Remark("E208", WARNING, message, f"建议直接按{column.unit}填报"))
        return numerals.MONEY[unit] / numerals.MONEY[column.unit]
    if unit in (*numerals.MONEY, *numerals.SCALE):
        reading.error(place, "E208", f"“{column.headers[0]}”的单位应是{column.unit}，表上是{unit}", "请改正单位或数字")
    return Decimal(1)


# --- a long table: names running across --------------------------------------------------------------------


def _long(reading: _Reading) -> Table:
    header = _header_row(reading)
    if not header:
        texts = "、".join(column.headers[0] for column in reading.spec.columns.values())
        reading.error(reading.whole(), "E202", "找不到表头", f"表头应有：{texts}")
        return Table(reading.spec.name, (), place=reading.whole())
    bound = _bind(reading, header)
    last = max(row for row, _ in reading.sheet.cells)
    rows, total = _rows(reading, bound, range(header + 1, last + 1))
    if not rows and not reading.spec.optional:
        reading.error(reading.whole(), "E206", "没有数据行", "请填写后再试")
    if total is None and reading.spec.total == "必填":
        reading.error(reading.whole(), "E207", "缺合计行", "请在最后一行的第一列填“合计”，并填上各列合计数")
    return Table(reading.spec.name, tuple(rows), total, reading.whole())


def _known(reading: _Reading) -> dict[str, Column]:
    return {normal(text): column for column in reading.spec.columns.values() for text in column.headers}


def _header_row(reading: _Reading) -> int:
    """The row with the most declared headers among the first rows; 0 when fewer than half are there."""
    known, score = _known(reading), dict[int, set[str]]()
    for (row, _), cell in reading.sheet.cells.items():
        column = known.get(normal(split_unit(cell.text)[0])) if row <= HEADER_ROWS else None
        if column:
            score.setdefault(row, set()).add(column.name)
    best = max(score, key=lambda row: (len(score[row]), -row), default=0)
    return best if best and 2 * len(score[best]) >= len(reading.spec.columns) else 0


def _bind(reading: _Reading, header: int) -> list[_Bound]:
    known, bound, unknown = _known(reading), dict[str, _Bound](), list[Cell]()
    for (row, at), cell in sorted(reading.sheet.cells.items()):
        if row != header:
            continue
        name, unit = split_unit(cell.text)
        column = known.get(normal(name)) or known.get(normal(cell.text))
        if column is None:
            unknown += [] if name in FREE_HEADERS else [cell]
        elif column.name in bound:
            first = reading.place(header, bound[column.name].at).mark
            reading.error(reading.place(row, at), "E204", f"表头“{cell.text}”与{first}重复", "请删去多余的一列")
        else:
            bound[column.name] = _Bound(column, at, _factor(reading, column, unit, cell))
    _unbound(reading, header, bound, unknown)
    return list(bound.values())


def _unbound(reading: _Reading, header: int, bound: Mapping[str, _Bound], unknown: list[Cell]) -> None:
    texts = [split_unit(cell.text)[0] for cell in unknown]
    missing = [column for column in reading.spec.columns.values() if column.name not in bound and not column.optional]
    for column in missing:
        place = Place(reading.file, reading.sheet.name, f"第{header}行")
        reading.error(place, "E203", f"缺“{column.headers[0]}”这一列{nearest(column.headers[0], texts)}", "请补上这一列，或改正表头")
    for cell in unknown:
        place = reading.place(cell.row, cell.column)
        reading.complain(place, Remark("E209", WARNING, f"“{cell.text}”这一列没有用到", "如不需要可以删去"))


def _rows(reading: _Reading, bound: list[_Bound], span: range) -> tuple[list[Row], Row | None]:
    filled = {row for row, at in reading.sheet.cells if row in span and at in {one.at for one in bound}}
    first = min((one.at for one in bound), default=1)
    rows: list[Row] = []
    total: Row | None = None
    seen: dict[str, int] = {}
    for number in sorted(filled):
        lead = _lead(reading, number, first)
        if _NOTE.match(lead):
            continue
        if normal(lead) == TOTAL:
            total = _row(reading, bound, number, 0, is_total=True)
            continue
        row = _row(reading, bound, number, len(rows) + 1)
        if row.key and row.key in seen:
            reading.error(row.place_of(reading.spec.key[0]), "E204", f"“{row.key}”与第{seen[row.key]}行重复", "请合并或删去一行")
        seen.setdefault(row.key, number)
        rows.append(row)
    return rows, total


def _lead(reading: _Reading, row: int, first: int) -> str:
    """The row's first text, from column A to the first bound column: where 合计 or 注： stands."""
    texts = (reading.sheet.cells.get((row, at)) for at in range(1, first + 1))
    return next((cell.text.strip() for cell in texts if cell and cell.kind == "text"), "")


def _row(reading: _Reading, bound: list[_Bound], number: int, ordinal: int, is_total: bool = False) -> Row:
    cells: dict[str, Fact] = {}
    places: dict[str, Place] = {}
    key = TOTAL if is_total else _key(reading, bound, number)
    units = {one.column.name: reading.sheet.cells.get((number, one.at)) for one in bound}
    for one in bound:
        if is_total and (one.column.type != "数" or one.column.name in reading.spec.key):
            continue
        unit_cell = units.get(one.column.unit_column)
        column = replace(one.column, unit=unit_cell.text.strip()) if unit_cell else one.column
        column = replace(column, optional=True) if is_total else column
        _take(reading, replace(one, column=column), number, f"{reading.spec.name}[{key}].{column.name}", cells, places)
    return Row(key, cells, places, ordinal)


def _key(reading: _Reading, bound: list[_Bound], number: int) -> str:
    by_name = {one.column.name: one.at for one in bound}
    parts = [reading.sheet.cells.get((number, by_name.get(name, 0))) for name in reading.spec.key]
    return "·".join(part.text.strip() for part in parts if part) or f"第{number}行"


def _take(reading: _Reading, one: _Bound, row: int, name: str, cells: dict[str, Fact], places: dict[str, Place]) -> None:
    """Read one cell into ``cells``; a blank or unreadable one leaves only its place."""
    column, cell = one.column, reading.sheet.cells.get((row, one.at))
    place = places[column.name] = reading.place(row, one.at)
    blank = cell is None or (column.type == "数" and cell.text.strip() in DASHES)
    if blank or cell is None:
        _blank(reading, column, cell, place, name)
        return
    try:
        value, remarks = read_value(cell, column, column.unit, one.factor)
    except Unreadable as error:
        if error.remark.code:
            reading.complain(place, error.remark)
        return
    for remark in remarks:
        reading.complain(place, remark)
    unit = column.unit or ("年" if column.type == "年" else "")
    cells[column.name] = reading.book.add(name, value, unit=unit, places=(place,), decimals=column.decimals)


def _blank(reading: _Reading, column: Column, cell: Cell | None, place: Place, name: str) -> None:
    if column.optional or column.type == "版本":
        return
    if cell is None and _inside_merge(reading.sheet, place):
        reading.error(place, "E211", f"“{column.headers[0]}”在合并的单元格里", "数据行请取消合并，逐格填写")
    else:
        what = "填的是横线" if cell else "没有填"
        reading.error(place, "E205", f"“{column.headers[0]}”{what}", "请填写；确实为零请填 0")


def _inside_merge(sheet: Sheet, place: Place) -> bool:
    found = re.fullmatch(r"([A-Z]+)(\d+)", place.mark)
    if not found or not sheet.merges:
        return False
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - 64
    row = int(found[2])
    return any(top <= row <= bottom and left <= at <= right for top, left, bottom, right in sheet.merges)
