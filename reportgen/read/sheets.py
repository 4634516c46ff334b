"""An .xlsx workbook as sheets of located cells, in one pass over its XML.

A cell keeps together what figures need: the digits as stored, whether a formula made them, and the number format that
tells 0.9567 from 95.67%. No library gives all three in one reading; ``benchmarks/read_workbook.py`` has the times.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen.read.cells import DATE, Cell, is_date, mark_of, private, row_and_column, serial
from reportgen.read.package import DAMAGE, Book, RefusedError, elements, item_held, text_held, unescaped, unpack, yes

MAX_ROWS, MAX_COLUMNS = 20_000, 500

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
    "E115": ("文字里有自造字，别的电脑上可能是空白", "请换成标准字；没有标准字的，成文后核对"),
    "E116": ("公式的结果每次打开都会变", "请改为直接填数"),
    "E117": ("单元格里有删除线", "请删去划掉的内容；没有作废的，取消删除线"),
    "E118": ("数字后面有上标或下标的数字，读出来会连成一个数", "请删去上下标，或改用文字说明"),
}
_WARNINGS = ("E113", "E114", "E115", "E116")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_CHANGING = re.compile(r"(?i)\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\s*\(")
_OTHER_WORKBOOK = re.compile(r"(?<![\w\]])\[[0-9]+\]\w*!|'[^'\[]*\[[0-9]+\][^']*'!")


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
        book = Book(unpack(path))
    except RefusedError as refused:
        return (), (_trouble(str(refused)),)
    except DAMAGE:
        return (), (_trouble("E107"),)
    read = [_SheetReader(book, name).read(visible, part) for name, visible, part in book.sheets]
    return tuple(sheet for sheet, _ in read), tuple(trouble for _, troubles in read for trouble in troubles)


def _trouble(code: str, part: str = "", mark: str = "", detail: str = "") -> Trouble:
    level = "warning" if code in _WARNINGS else "error"
    return Trouble(code, level, part, mark, _TABLE[code][0] + detail, _TABLE[code][1])


class _SheetReader:
    """One worksheet while its elements go by."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name, self.row, self.too_far = book, name, 0, False
        self.cells: dict[tuple[int, int], Cell] = {}
        self.hidden_rows: set[int] = set()
        self.troubles: list[tuple[int, int, Trouble]] = []

    def read(self, visible: bool, part: str) -> tuple[Sheet, list[Trouble]]:
        """The sheet with all that could be read, and its troubles in the order of the cells."""
        merges, hidden_columns = [], set[int]()
        try:
            for kind, element in elements(self.book.parts[part], "worksheet"):
                if kind == "row":
                    self._take_row(element)
                elif kind == "mergeCell":
                    first, _, last = element.attrib["ref"].partition(":")
                    merges.append((*row_and_column(first), *row_and_column(last or first)))
                elif yes(element.get("hidden")):
                    first, last = element.attrib["min"], element.attrib["max"]
                    hidden_columns.update(range(max(int(first), 1), min(int(last), MAX_COLUMNS) + 1))
        except DAMAGE:
            self.troubles.append((0, 0, _trouble("E107", self.name)))
        hidden = frozenset(self.hidden_rows), frozenset(hidden_columns)
        sheet = Sheet(self.name, visible, self.cells, tuple(merges), *hidden)
        return sheet, [trouble for *_, trouble in sorted(self.troubles, key=lambda found: found[:2])]

    def _take_row(self, element: ET.Element) -> None:
        self.row = row = int(element.get("r") or self.row + 1)
        if row <= MAX_ROWS and yes(element.get("hidden")):
            self.hidden_rows.add(row)
        column, tags = 0, _inside(element.tag)
        for c in element:
            mark = c.get("r")
            row, column = row_and_column(mark) if mark else (row, column + 1)
            if len(c):  # a cell that is only formatted holds nothing
                self._take_cell(c, row, column, tags)

    def _take_cell(self, c: ET.Element, row: int, column: int, tags: tuple[str, str, str]) -> None:
        formula, held = c.find(tags[2]), self._held(c, tags)
        if held is None and formula is None:
            return
        kind, text, code = held or ("error", "", "E111")
        filled = kind == "error" or bool(text.strip())
        if filled and (row > MAX_ROWS or column > MAX_COLUMNS):
            code, self.too_far = "" if self.too_far else "E110", True  # the first is enough: they come by the thousand
        elif filled:
            style = c.get("s", "0")
            code = "E117" if style in self.book.struck and kind != "error" else code
            shown = self.book.formats[style]
            shown = DATE if c.get("t") == "d" and not is_date(shown) else shown
            self.cells[row, column] = Cell(row, column, kind, text, formula is not None, shown, self.book.since_1904)
        if code or formula is not None or not text.isprintable():
            self._judge(code, row, column, text, "" if formula is None else formula.text or "")

    def _judge(self, code: str, row: int, column: int, text: str, formula: str) -> None:
        if formula and _OTHER_WORKBOOK.search(formula):
            self._report("E113", row, column)
        if formula and _CHANGING.search(formula):
            self._report("E116", row, column)
        if code == "E112":
            self._report(code, row, column, f"：{text[:80]}" + (f"（公式 ={formula[:80]}）" if formula else ""))
        elif code:
            self._report(code, row, column)
        if rare := private(text):
            self._report("E115", row, column, f"：{rare}")

    def _report(self, code: str, row: int, column: int, detail: str = "") -> None:
        self.troubles.append((row, column, _trouble(code, self.name, mark_of(row, column), detail)))

    def _held(self, c: ET.Element, tags: tuple[str, str, str]) -> tuple[str, str, str] | None:
        """What a cell holds: kind, text (it may be "" as the result of a formula), and the code of its trouble or ""."""
        stored_as = c.get("t", "n")
        value = c.find(tags[stored_as == "inlineStr"])
        if value is None:
            return None
        if stored_as == "inlineStr":
            return item_held(value)
        if stored_as == "str":
            return text_held(unescaped(value.text or ""))
        return None if value.text is None else self._figure(stored_as, value.text)

    def _figure(self, stored_as: str, stored: str) -> tuple[str, str, str]:
        if stored_as == "s":
            return self.book.strings[stored]
        if stored_as == "b":
            return "bool", "TRUE" if yes(stored) else "FALSE", ""
        if stored_as == "d":
            stored = serial(stored, self.book.since_1904)
        if stored_as != "e" and _NUMBER.fullmatch(stored) and math.isfinite(float(stored)):
            return "number", stored, ""
        return "error", stored, "E112"


@lru_cache
def _inside(row: str) -> tuple[str, str, str]:
    """The tags of a cell's value, text and formula, in the namespace of its row."""
    space = row.removesuffix("row")
    return f"{space}v", f"{space}is", f"{space}f"
