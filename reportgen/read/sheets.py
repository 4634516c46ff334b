"""An .xlsx workbook as sheets of located cells, in one pass over its XML.

A cell keeps together what figures need: the digits as stored, whether a formula made them, and the number format that
tells 0.9567 from 95.67%. No library gives all three in one reading; ``benchmarks/read_workbook.py`` has the times.
"""

from __future__ import annotations

import datetime
import io
import lzma
import math
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

MAX_BYTES, MAX_RATIO, MAX_MEMBERS, MAX_ROWS, MAX_COLUMNS = 200 * 2**20, 200, 2000, 20_000, 500

_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx"
_TABLE = {  # code → what is wrong, what to do
    "E101": ("文件打不开", "请确认文件还在，且没有被其他程序占用"),
    "E102": ("文件是空的", "请重新取得这个文件"),
    "E103": ("文件有打开密码，或是旧版 .xls、.et 格式", "请取消密码，或另存为 .xlsx"),
    "E104": ("文件其实是网页", _SAVE_AS),
    "E105": ("文件其实是纯文本（如 CSV）", _SAVE_AS),
    "E106": ("文件不是 Excel 工作簿", _SAVE_AS),
    "E107": ("文件不完整或已损坏", "请重新取得这个文件，或用 Excel、WPS 打开修复后另存为 .xlsx"),
    "E108": ("文件过大", "请删去图片和不用的工作表，再保存一次"),
    "E109": ("文件里夹带了表格用不到的声明（DOCTYPE）", _SAVE_AS),
    "E110": (f"内容超出了可读的范围（{MAX_ROWS} 行、{MAX_COLUMNS} 列）", "请把数据移到前面的行列，或删去多余的内容"),
    "E111": ("公式还没有算出结果", "请用 Excel 或 WPS 打开并保存一次"),
    "E112": ("单元格里是错误值", "请改正公式或它引用的数，再保存一次"),
    "E113": ("公式引用了另一个工作簿", "请核对这个数是不是最新的，最好改为直接填数"),
    "E114": ("文字里有看不见的字符，已去掉", "请核对这段文字"),
}
CODES = {code: meaning for code, (meaning, _) in _TABLE.items()}
_WARNINGS = ("E113", "E114")
_DAMAGE = (ET.ParseError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError,
           ArithmeticError, ValueError, LookupError)  # fmt: skip  # what zipfile and expat were seen to raise

# The second is “Strict Open XML”, with the same elements.
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NAMES = ("workbook", "sst", "si", "styleSheet", "numFmts", "cellXfs", "worksheet", "row", "col", "mergeCell")
_TAGS = {f"{{{namespace}}}{name}": name for namespace in _MAIN for name in _NAMES}

# Formats that a file names by number only. How they look depends on the country; these are the Chinese ones.
_DATE, _MONTH, _DAY, _TIME = "yyyy/m/d", 'yyyy"年"m"月"', 'm"月"d"日"', "h:mm:ss"
_FORMATS = (
    {1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@"}
    | dict.fromkeys((3, 5, 6, 37, 38, 41, 42), "#,##0") | dict.fromkeys((4, 7, 8, 39, 40, 43, 44), "#,##0.00")
    | dict.fromkeys((14, 15, 22, 30, 31), _DATE) | dict.fromkeys((17, 27, 36, 50, 52, 57), _MONTH)
    | dict.fromkeys((16, 28, 29, 51, 53, 54, 58), _DAY)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), _TIME)
)  # fmt: skip
_NOT_DATE_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*!].')  # quoted words, [colours], escaped and padding characters

_MARK = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_OTHER_WORKBOOK = re.compile(r"(?<![\w\]])\[[0-9]+\]\w*!|'[^'\[]*\[[0-9]+\][^']*'!")
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(  # controls, half characters, direction marks, zero widths; a joiner may stand inside an emoji
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    f"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell; blank ones don't exist. ``row`` and ``column`` count from 1.

    ``kind`` is "text", "number", "bool" ("TRUE", "FALSE") or "error" ("#DIV/0!"; "" for a formula never worked out);
    each error has its Trouble. ``text`` of a number is the digits as stored. ``format`` is "" for General.
    """

    row: int
    column: int
    kind: str
    text: str
    formula: bool
    format: str
    since_1904: bool = False

    @property
    def mark(self) -> str:
        """Its address as Excel shows it, such as C7."""
        return _mark(self.row, self.column)

    def number(self) -> Decimal:
        """The exact value; beyond 15 digits only binary noise is stored, and Excel rounds it off too.

        Raises ValueError for a cell of another kind.
        """
        if self.kind != "number":
            raise ValueError(self.mark)
        value = Decimal(self.text)
        if len(value.as_tuple().digits) > 15:
            value = Decimal(f"{float(value):.15g}")
        return value or Decimal(0)  # never minus zero

    def date(self) -> datetime.date | None:
        """The day, without the time; None for anything but a number shown as a date."""
        if self.kind != "number" or not _is_date(self.format):
            return None
        days = math.floor(self.number()) + 1462 * self.since_1904
        if not 0 < days < 2_958_466:
            return None
        return datetime.date(1899, 12, 30) + datetime.timedelta(days + (days < 60))  # Excel holds 1900 for a leap year


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: (row, column) → Cell; merges as (first row, first column, last row, last column), all from 1."""

    name: str
    visible: bool
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong: ``level`` is "error" or "warning"; ``part`` the sheet and ``mark`` the cell, "" for all of it."""

    code: str
    level: str
    part: str
    mark: str
    message: str
    hint: str


def read_sheets(path: Path) -> tuple[tuple[Sheet, ...], tuple[Trouble, ...]]:
    """Every worksheet, hidden ones too, and all that is wrong, by sheet, row and column. No file makes it raise."""
    try:
        book = _Book(_unpack(path))
    except _RefusedError as refused:
        return (), (_trouble(str(refused)),)
    except _DAMAGE:
        return (), (_trouble("E107"),)
    read = [_SheetReader(book, name).read(visible, part) for name, visible, part in book.sheets]
    return tuple(sheet for sheet, _ in read), tuple(trouble for _, troubles in read for trouble in troubles)


class _RefusedError(Exception):
    """The file as a whole can't be read; the argument is the code."""


def _trouble(code: str, part: str = "", mark: str = "", detail: str = "") -> Trouble:
    level = "warning" if code in _WARNINGS else "error"
    return Trouble(code, level, part, mark, CODES[code] + detail, _TABLE[code][1])


def _unpack(path: Path) -> dict[str, bytes]:
    """Every part by lower-case name, its checksum verified; the limits hold before anything is unpacked."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _RefusedError("E108")
        data = path.read_bytes()
    except OSError:
        raise _RefusedError("E101") from None
    if code := _other_kind(data):
        raise _RefusedError(code)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        squeezed = any(m.file_size > max(2**20, MAX_RATIO * m.compress_size) for m in members)
        if squeezed or len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_BYTES:
            raise _RefusedError("E108")
        parts = {member.filename.replace("\\", "/").lower(): archive.read(member) for member in members}
    for name, part in parts.items():  # without \0, the letters of UTF-16 read like any others
        if name.endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in part.replace(b"\0", b""):
            raise _RefusedError("E109")
    return parts


def _other_kind(data: bytes) -> str:
    """The code for what the first bytes show, "" for a zip archive: a file's name is often wrong."""
    if data.startswith(b"PK"):
        return ""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "E103"
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\r\n ").lower()
    if not head:
        return "E102"
    if b"<html" in head or head.startswith((b"<!doctype html", b"<table", b"<meta", b"mime-version")):
        return "E104"
    plain = data.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(rb"[\0-\x08\x0e-\x1f]", head)
    return "E105" if plain else "E106"


class _Book:
    """What all sheets share: the parts, the texts, the formats by style, the epoch."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        main = next((part for _, kind, part in self._relations("") if kind == "officeDocument"), "")
        if not main.endswith(".xml") or _TAGS.get((root := ET.fromstring(parts[main])).tag) != "workbook":
            raise _RefusedError("E106")
        relations = {key: (kind, part) for key, kind, part in self._relations(main)}
        self.sheets = list(_listed(root, relations))
        if not self.sheets:
            raise _RefusedError("E106")
        self.since_1904 = any(_yes(element.get("date1904")) for element in root.iterfind("{*}workbookPr"))
        part_of = dict(relations.values())
        self.strings, self.formats = self._strings(part_of.get("sharedStrings")), self._formats(part_of.get("styles"))

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """(id, last word of the type, part it leads to) of each relation of a part; "" is the package."""
        folder, name = posixpath.split(part)
        for relation in ET.fromstring(self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"<none/>")):
            target = posixpath.normpath(posixpath.join("/", folder, relation.attrib["Target"]))
            yield relation.attrib["Id"], posixpath.basename(relation.attrib["Type"]), target.lstrip("/").lower()

    def _strings(self, part: str | None) -> dict[str, tuple[str, bool]]:
        items = _elements(self.parts[part], "sst") if part else ()
        return {str(number): clean(_joined(item)) for number, (_, item) in enumerate(items)}

    def _formats(self, part: str | None) -> dict[str, str]:
        codes, formats = {str(number): code for number, code in _FORMATS.items()}, {"0": ""}
        for name, element in _elements(self.parts[part], "styleSheet") if part else ():
            if name == "numFmts":
                codes |= {own.attrib["numFmtId"]: own.attrib["formatCode"] for own in element}
            else:
                formats |= {str(i): codes.get(style.get("numFmtId", "0"), "") for i, style in enumerate(element)}
        return {number: "" if code in ("General", "G/通用格式") else code for number, code in formats.items()}


def _listed(workbook: ET.Element, relations: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, bool, str]]:
    """Name, visible, part of each worksheet; a chart on a sheet of its own is none."""
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        (key,) = (value for name, value in sheet.attrib.items() if name.endswith("}id"))
        kind, part = relations[key]
        if kind == "worksheet":
            yield sheet.attrib["name"], sheet.get("state", "visible") == "visible", part


class _SheetReader:
    """One worksheet while its elements go by."""

    def __init__(self, book: _Book, name: str) -> None:
        self.book, self.name, self.row, self.too_far = book, name, 0, False
        self.cells: dict[tuple[int, int], Cell] = {}
        self.hidden_rows: set[int] = set()
        self.troubles: list[tuple[int, int, Trouble]] = []

    def read(self, visible: bool, part: str) -> tuple[Sheet, list[Trouble]]:
        """The sheet with all that could be read, and its troubles in the order of the cells."""
        merges, hidden_columns = [], set[int]()
        try:
            for kind, element in _elements(self.book.parts[part], "worksheet"):
                if kind == "row":
                    self._take_row(element)
                elif kind == "mergeCell":
                    first, _, last = element.attrib["ref"].partition(":")
                    merges.append((*_place(first), *_place(last or first)))
                elif _yes(element.get("hidden")):
                    first, last = element.attrib["min"], element.attrib["max"]
                    hidden_columns.update(range(max(int(first), 1), min(int(last), MAX_COLUMNS) + 1))
        except _DAMAGE:
            self.troubles.append((0, 0, _trouble("E107", self.name)))
        hidden = frozenset(self.hidden_rows), frozenset(hidden_columns)
        sheet = Sheet(self.name, visible, self.cells, tuple(merges), *hidden)
        return sheet, [trouble for *_, trouble in sorted(self.troubles, key=lambda found: found[:2])]

    def _take_row(self, element: ET.Element) -> None:
        self.row = row = int(element.get("r") or self.row + 1)
        if row <= MAX_ROWS and _yes(element.get("hidden")):
            self.hidden_rows.add(row)
        column = 0
        for c in element:
            mark = c.get("r")
            row, column = _place(mark) if mark else (row, column + 1)
            if len(c):  # a cell that is only formatted holds nothing
                self._take_cell(c, row, column)

    def _take_cell(self, c: ET.Element, row: int, column: int) -> None:
        stored_as, formula = c.get("t", "n"), c.find(c.tag[:-1] + "f")
        stored = _stored(c, stored_as)
        if stored is None and formula is None:
            return
        kind, text, code = ("error", "", "E111") if stored is None else self._content(stored_as, stored)
        filled = kind == "error" or bool(text.strip())
        if filled and (row > MAX_ROWS or column > MAX_COLUMNS):
            code, self.too_far = "" if self.too_far else "E110", True  # the first is enough: they come by the thousand
        elif filled:
            shown = self.book.formats[c.get("s", "0")]
            shown = _DATE if stored_as == "d" and not _is_date(shown) else shown
            self.cells[row, column] = Cell(row, column, kind, text, formula is not None, shown, self.book.since_1904)
        self._judge(code, row, column, text, "" if formula is None else formula.text or "")

    def _judge(self, code: str, row: int, column: int, text: str, formula: str) -> None:
        if _OTHER_WORKBOOK.search(formula):
            self._report("E113", row, column)
        if code == "E112":
            self._report(code, row, column, f"：{text[:80]}" + (f"（公式 ={formula[:80]}）" if formula else ""))
        elif code:
            self._report(code, row, column)

    def _report(self, code: str, row: int, column: int, detail: str = "") -> None:
        self.troubles.append((row, column, _trouble(code, self.name, _mark(row, column), detail)))

    def _content(self, stored_as: str, stored: str) -> tuple[str, str, str]:
        """What a cell holds: kind, text, and the code of its trouble or ""."""
        if stored_as in ("s", "str", "inlineStr"):
            text, changed = self.book.strings[stored] if stored_as == "s" else clean(stored)
            return "text", text, "E114" if changed else ""
        if stored_as == "b":
            return "bool", "TRUE" if _yes(stored) else "FALSE", ""
        if stored_as == "d":
            stored = _serial(stored, self.book.since_1904)
        if stored_as != "e" and _NUMBER.fullmatch(stored) and math.isfinite(float(stored)):
            return "number", stored, ""
        return "error", stored, "E112"


def _elements(data: bytes, root: str) -> Iterator[tuple[str, ET.Element]]:
    """Each finished element that ``_TAGS`` names, emptied after use; ValueError unless all stand in a ``root``."""
    name: str | None = None
    for _, element in ET.iterparse(io.BytesIO(data)):
        name = _TAGS.get(element.tag)
        if name and name != root:
            yield name, element
            element.clear()
    if name != root:
        raise ValueError(root)


def _stored(c: ET.Element, stored_as: str) -> str | None:
    """What the XML of a cell holds, None for nothing; text may be "" as the result of a formula."""
    value = c.find(c.tag[:-1] + ("is" if stored_as == "inlineStr" else "v"))
    if value is None or stored_as == "inlineStr":
        return None if value is None else _joined(value)
    return _unescaped(value.text or "") if stored_as == "str" else value.text


def _joined(item: ET.Element) -> str:
    """The text of an <si> or <is>: its own <t> or those of its runs, without phonetic guides (<rPh>)."""
    texts = (item, *(child for child in item if child.tag.endswith("}r")))
    return "".join(_unescaped(t.text or "") for text in texts for t in text if t.tag.endswith("}t"))


def _unescaped(text: str) -> str:
    """_xHHHH_ is a character that XML can't hold; _x005F_ an underscore that would else begin one."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def clean(text: str) -> tuple[str, bool]:
    """The text without invisible characters and with \\n for every line end; whether anything was taken out."""
    if text.isascii() and text.isprintable():
        return text, False
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    clean = _INVISIBLE.sub("", paired)
    return clean, clean != paired


def _serial(iso: str, since_1904: bool) -> str:
    """An ISO 8601 date as the day number that is usual; what is no date as it is."""
    try:
        when = datetime.datetime.fromisoformat(iso)
    except ValueError:
        return iso
    days = when.toordinal() - 693_594 - 1462 * since_1904
    part = datetime.timedelta(hours=when.hour, minutes=when.minute, seconds=when.second) / datetime.timedelta(1)
    return f"{days - (days <= 60 and not since_1904) + part:.15g}"


@lru_cache
def _is_date(code: str) -> bool:
    """Whether a number format shows a day, month or year; "m" beside hours or seconds is minutes."""
    letters = _NOT_DATE_CODE.sub("", code[:255].lower()).partition(";")[0]
    return "y" in letters or "d" in letters or ("m" in letters and not set("hs") & set(letters))


def _place(mark: str) -> tuple[int, int]:
    """C7 → (7, 3); ValueError for anything else."""
    if not (found := _MARK.fullmatch(mark)):
        raise ValueError(mark)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _mark(row: int, column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def _yes(value: str | None) -> bool:
    return value in ("1", "true")
