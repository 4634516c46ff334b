"""show: a rubric, a kind, a workbook or a Word file as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen import editions, numerals
from reportgen.commands.columns import aligned
from reportgen.commands.show_definitions import kind_lines, rubric_lines
from reportgen.define.edition import KIND, RUBRIC, open_edition
from reportgen.define.kind import load_kind
from reportgen.define.source import DefinitionError
from reportgen.model import ERROR, Place, Problem
from reportgen.prose import Paragraph, Picture, ProseTable
from reportgen.read.blocks import Document, open_document, read_blocks
from reportgen.read.cells import Cell, bare_format, mark_of
from reportgen.read.package import DAMAGE, RefusedError, unpack
from reportgen.read.sheets import Sheet, read_sheets
from reportgen.read.values import day_text, shrinks

_FURNITURE = re.compile(r"word/(header|footer)\d*\.xml")
_CALLED = {"header": "页眉", "footer": "页脚"}


Shown = tuple[list[str], list[Problem]]


class Unknown(ValueError):
    """Not a file that can be shown; the message is a bare sentence."""


def show(path: Path) -> Shown:
    """The file as text, and what is wrong with it; no text when it can't be read. Unknown for a file of another sort."""
    if path.name in (KIND, RUBRIC):
        try:
            return list(_definition(path.resolve())), []
        except DefinitionError as error:
            return [], list(error.problems)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path)
    if path.suffix.lower() in (".docx", ".docm"):
        return _document(path)
    raise Unknown(f"“{path.name}”看不了；可以看 {KIND}、{RUBRIC}、.xlsx 和 .docx")


def _definition(path: Path) -> Iterator[str]:
    if path.name == KIND:
        return kind_lines(load_kind(path.parent, path.parent.name))
    name = f"{path.parent.parent.name}/{path.parent.name}"
    try:
        with editions.looked_up_in(path.parent.parent.parent):
            kind, rubric = open_edition(name)
    except editions.NoEdition as error:
        raise Unknown(f"上一层文件夹里没有 {KIND}，读不懂这份评分表") from error
    return rubric_lines(name, kind, rubric) if rubric else kind_lines(kind)


# --- workbooks ------------------------------------------------------------------------------------------------------


def _workbook(path: Path) -> Shown:
    sheets, troubles = read_sheets(path)
    problems = [Problem(one.code, one.level, Place(path.name, one.part, one.mark), one.message, one.hint) for one in troubles]
    return [line for sheet in sheets for line in _sheet(sheet)], problems


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"工作表“{sheet.name}”" + ("" if sheet.visible else "（隐藏）")
    yield from aligned(_grid(sheet), "  ") if sheet.cells else ["  （空的）"]
    if sheet.merges:
        yield f"  合并的单元格：{'、'.join(f'{mark_of(*one[:2])}:{mark_of(*one[2:])}' for one in sheet.merges)}"


def _grid(sheet: Sheet) -> Iterator[list[str]]:
    """Column letters, then each row that holds something with its number; hidden ones are marked."""
    columns = sorted({column for _, column in sheet.cells})
    yield ["", *(_heading(mark_of(1, one)[:-1], one in sheet.hidden_columns) for one in columns)]
    for row in sorted({row for row, _ in sheet.cells}):
        cells = (sheet.cells.get((row, column)) for column in columns)
        yield [_heading(str(row), row in sheet.hidden_rows), *(cell_text(cell) if cell else "" for cell in cells)]


def _heading(text: str, hidden: bool) -> str:
    return text + ("（隐藏）" if hidden else "")


def cell_text(cell: Cell) -> str:
    """What is read; what is shown beside it where that means something else; a formula's result is marked ƒ."""
    text = f"{cell.number():f}" if cell.kind == "number" else cell.text
    if cell.kind == "text" and _looks_like_number(text):
        text = f"'{text}"  # as Excel marks figures stored as text
    elif cell.kind == "number" and (day := cell.date()):
        text += f"〔{day_text(day, cell.format)}〕"
    elif cell.kind == "number" and "%" in bare_format(cell.format):
        text += f"〔{numerals.show_exact(cell.number(), '%')}〕"
    elif cell.kind == "number" and ("%" in cell.format or shrinks(cell.format)):
        text += f"〔格式 {cell.format}〕"  # the sign is only printed, or the figure shown smaller than it is
    return text + ("ƒ" if cell.formula else "")


def _looks_like_number(text: str) -> bool:
    try:
        return bool(numerals.parse_number(text))
    except numerals.NotANumber:
        return False


# --- Word files -----------------------------------------------------------------------------------------------------


def _document(path: Path) -> Shown:
    try:
        document = open_document(path, path.name)
        lines = [*_furniture(path, document), *_blocks(document)]
    except (RefusedError, *DAMAGE):
        hint = "可能设了密码、已损坏，或不是 .docx 格式；请用 Word 或 WPS 打开，另存为 .docx"
        return [], [Problem("E301", ERROR, Place(path.name), "Word 文件打不开", hint)]
    unseen = [f"（{one.place.mark}：{one.message.partition('，')[0]}）" for one in document.problems]
    return lines + unseen or ["（空的）"], []


def _furniture(path: Path, document: Document) -> Iterator[str]:
    """Headers and footers that say something, each once."""
    parts = unpack(path)
    lines = dict[str, None]()
    for name in sorted(filter(_FURNITURE.fullmatch, parts)):
        part = replace(document, body=ET.fromstring(parts[name]), problems=[])
        lines |= {f"[{_CALLED[name[5:11]]}] {text}": None for text in _texts(part)}
    yield from lines


def _texts(document: Document) -> Iterator[str]:
    for block in read_blocks(document):
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, ProseTable):
            yield " | ".join(cell for row in block.rows for cell in row)


def _blocks(document: Document) -> Iterator[str]:
    """Paragraphs by their number, headings with #; tables with the numbers of their rows."""
    tables = 0
    for block in read_blocks(document):
        if isinstance(block, Paragraph):
            number = re.sub(r"\D", "", block.place.mark)
            yield f"[{number}] {'#' * block.level}{' ' if block.level else ''}{block.text}".replace("\n", "↵").rstrip()
        elif isinstance(block, Picture):
            yield f"[图] {block.alt}".rstrip()
        else:
            tables += 1
            yield f"[表{tables}]"
            yield from aligned(([str(row), *cells] for row, cells in enumerate(block.rows, 1)), "  ", " | ")
