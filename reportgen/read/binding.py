"""What forms and long tables share: names compared, units turned into the column's, one cell taken as a fact."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from reportgen import numerals
from reportgen.define.tables import Column, TableSpec
from reportgen.model import ERROR, WARNING, Fact, FactBook, Place, Problem, Value, frozen
from reportgen.read.cells import Cell, bare_format, mark_of
from reportgen.read.sheets import Sheet
from reportgen.read.values import DASHES, Remark, Unreadable, read_value, text_of

FREE_HEADERS = ("序号", "备注", "填法", "填写说明")

_UNIT = re.compile(r"[(（\[［【]([^()（）\[\]［］【】]*)[)）\]］】]$")
_DECIMALS = re.compile(r"[0#?](?:\.([0#?]*))?(?!.*[0#?])")
_TYPED_DECIMALS = re.compile(r"[.．](\d+)")
_SHEET_UNIT = re.compile(
    r"(?:^|[\s(（，,；;]|金额|货币|计量)单位"  # of figures, not 填报单位：广元市…
    r"(?:\s*[:：]\s*(?P<named>[^\s()（）:：]*元|[万亿](?![^\s)）]))|\s+(?P<bare>[百千万亿]*元))"
)
_MEASURE = re.compile("[百千万亿]*(?:[个件人次项家户张例分天岁台辆册所名篇份条吨米座套批场]次?|平方米|公里|小时)?|.*元")
_NOTE = re.compile(r"^[(（]?(注|说明|备注|填表人|填报人|制表人|审核人|负责人|联系人|填报日期)[)）]?[:：]")


@lru_cache(maxsize=4096)  # the same headers and names again and again
def normal(text: str) -> str:
    """A header or sheet name for comparing: NFKC, without blanks, quotes unified."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub("[“”‘’'\"]", "", plain)


@lru_cache(maxsize=4096)
def split_unit(text: str) -> tuple[str, str]:
    """年初预算数（万元） → 年初预算数, 万元."""
    found = _UNIT.search(text.strip())
    unit = re.sub(r"\s", "", found[1]).removeprefix("单位").lstrip(":：") if found else ""
    return (text.strip()[: found.start()], unit) if found else (text.strip(), "")


def is_note(text: str) -> bool:
    """Whether a row that begins so is a note or a signature below the table, no data."""
    return bool(_NOTE.match(text))


@dataclass(slots=True)
class Reading:
    """One sheet being read: what it is, and the problems found."""

    spec: TableSpec
    sheet: Sheet
    file: str
    book: FactBook
    problems: list[Problem] = field(default_factory=list)
    header: int = 0
    headers: dict[str, Column] = field(init=False)
    merged: dict[int, list[tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        """Every header text that the kind declares, normalised; row by row, the columns that filled merged cells cover."""
        self.headers = {normal(text): column for column in self.spec.columns.values() for text in column.headers}
        self.merged = {}
        last, _ = max(self.sheet.cells, default=(0, 0))
        for top, left, bottom, right in set(self.sheet.merges):
            for row in range(top, min(bottom, last) + 1) if (top, left) in self.sheet.cells else ():
                self.merged.setdefault(row, []).append((left, right))

    def place(self, row: int, column: int) -> Place:
        """A cell's place."""
        return Place(self.file, self.sheet.name, mark_of(row, column))

    def whole(self) -> Place:
        """The sheet's place."""
        return Place(self.file, self.sheet.name)

    def complain(self, place: Place, remark: Remark) -> None:
        """Note a remark at its place."""
        self.problems.append(Problem(remark.code, remark.level, place, remark.message, remark.hint))

    def error(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Note what has to be corrected."""
        self.complain(place, Remark(code, ERROR, message, hint))

    def warn(self, place: Place, code: str, message: str, hint: str) -> None:
        """Note what should be looked at."""
        self.complain(place, Remark(code, WARNING, message, hint))


@frozen
class Bound:
    """A column of the kind bound to a column of the sheet, with the factor for its unit."""

    column: Column
    at: int
    factor: Decimal = Decimal(1)


def sheet_unit(reading: Reading, above: int) -> Cell | None:
    """The cell above the table that says 单位：元 for all of it, as printed statements do."""
    texts = sorted((at, cell) for at, cell in reading.sheet.cells.items() if at[0] < above and cell.kind == "text")
    return next((cell for _, cell in texts if _SHEET_UNIT.search(cell.text)), None)


def factor(reading: Reading, column: Column, unit: str, header: Cell, general: Cell | None = None) -> Decimal:
    """What turns the sheet's unit into the column's; only money converts. ``general`` is the whole sheet's unit."""
    if not unit and general and column.unit in numerals.MONEY and (found := _SHEET_UNIT.search(general.text)):
        unit, header = found["named"] or found["bare"], general
    unit = _measure(unit.replace("％", "%"))
    if column.unit in numerals.MONEY and unit in ("万", "亿"):
        unit += "元"
    if not unit or not column.unit or normal(unit) == normal(column.unit):
        return Decimal(1)
    place = reading.place(header.row, header.column)
    if unit in numerals.MONEY and column.unit in numerals.MONEY:
        message = f"“{column.headers[0]}”在表上的单位是{unit}，已换算为{column.unit}"
        reading.warn(place, "E208", message, f"建议直接按{column.unit}填报")
        return numerals.MONEY[unit] / numerals.MONEY[column.unit]
    foreign = column.unit in numerals.MONEY and unit.isascii() and unit.isalpha()  # USD, RMB
    if unit in numerals.SCALE or _MEASURE.fullmatch(unit) or foreign:  # 千元, 万件; （含税） is no unit
        reading.error(place, "E208", f"“{column.headers[0]}”的单位应是{column.unit}，表上是{unit}", "请改正单位或数字")
    return Decimal(1)


def _measure(unit: str) -> str:
    """What is a unit among what stands in the brackets: 元，含公车 → 元; all of it when nothing is."""
    parts = re.split("[，,、；;]", unit)
    return next((part for part in parts if part in numerals.MONEY or (part and _MEASURE.fullmatch(part))), unit)


def take(
    reading: Reading, one: Bound, row: int, unit: str, name: str, cells: dict[str, Fact], places: dict[str, Place],
    optional: bool = False,
) -> None:  # fmt: skip
    """Read one cell into ``cells``; a blank or unreadable one leaves only its place."""
    column, cell = one.column, reading.sheet.cells.get((row, one.at))
    place = places[column.name] = reading.place(row, one.at)
    if cell is None or (column.type == "数" and cell.text.strip() in DASHES):
        if cell is None and _inside_merge(reading, row, one.at):  # even an optional value may hide in the merged area
            reading.error(place, "E211", f"“{column.headers[0]}”在合并的单元格里", "数据行请取消合并，逐格填写")
        elif not optional and not column.optional and column.type != "版本":
            _blank(reading, column, cell, place)
        return
    try:
        value, remarks = read_value(cell, column, unit, one.factor)
    except Unreadable as error:
        if error.remark.code:  # an error value was already told of when the sheet was read
            reading.complain(place, error.remark)
        return
    for remark in remarks:
        reading.complain(place, remark)
    unit = unit or ("年" if column.type == "年" else "")
    words = column.type == "时限" and (cell.kind == "text" or "d" not in bare_format(cell.format).lower())
    typed = text_of(cell) if words else ""
    decimals = _shown_decimals(cell, value, unit) if column.unit_column and column.decimals is None else column.decimals
    cells[column.name] = reading.book.add(name, value, unit=unit, places=(place,), decimals=decimals, typed=typed)


def _shown_decimals(cell: Cell, value: Value, unit: str) -> int | None:
    """In a column of mixed units each figure keeps the decimals that its cell shows: 66%, 39.5.

    A figure with one or two more than are shown keeps its own: 3.5 never becomes 4. One typed as text shows what was typed.
    """
    if cell.kind == "text":
        typed = _TYPED_DECIMALS.search(cell.text)
        return len(typed[1]) if typed else None
    code = bare_format(cell.format)
    found = None if set("E/") & set(code) else _DECIMALS.search(code)
    if not found or cell.kind != "number" or not isinstance(value, Decimal):
        return None
    places, own = found[1] or "", numerals.own_decimals(value * numerals.SCALE.get(unit, Decimal(1)))
    return own if len(places) < own <= len(places) + 2 else min(max(own, places.count("0")), len(places))


def _blank(reading: Reading, column: Column, cell: Cell | None, place: Place) -> None:
    what = "填的是横线" if cell else "没有填"
    hint = "请填写；确实为零请填 0" if column.type == "数" else "请填写"
    reading.error(place, "E205", f"“{column.headers[0]}”{what}", hint)


def _inside_merge(reading: Reading, row: int, at: int) -> bool:
    """Whether the cell is covered by a merged one that holds something."""
    return any(left <= at <= right for left, right in reading.merged.get(row, ()))
