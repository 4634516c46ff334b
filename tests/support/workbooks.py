"""Workbooks and Word prose from small texts, so that a test shows what was handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl

if TYPE_CHECKING:
    from docx.document import Document

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)%")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def grid(text: str) -> list[list[str]]:
    """The cells of a text table: a line a row, cells parted by |; blank lines around it don't count, inside they do."""
    lines = text.strip("\n").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def first_row(sheet: Any) -> int:
    """Where the rows of a sheet drawn by the program begin: below one header row, or two."""
    return 5 if "A3:A4" in {str(cells) for cells in sheet.merged_cells.ranges} else 4


def workbook(sheets: Mapping[str, str]) -> openpyxl.Workbook:
    """A workbook of text tables, one a sheet.

    A cell is text, save: ``12.5`` a number; ``87.62%`` a number shown as a per cent; ``2025-03-28`` a date; ``TRUE`` a
    truth value; ``=A1`` a formula without its result; ``'12.5`` text whatever it looks like; ``<`` merged with the
    cell on its left, ``^`` with the one above; nothing a blank cell.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(grid(text), 1):
            for column, content in enumerate(cells, 1):
                put(sheet, row, column, content)
    return book


def put(sheet: Any, row: int, column: int, text: str) -> None:
    if text in ("<", "^"):
        first = (row, column - 1) if text == "<" else (row - 1, column)
        sheet.merge_cells(start_row=first[0], start_column=first[1], end_row=row, end_column=column)
        return
    cell = sheet.cell(row, column)
    if text.startswith("'"):
        cell.value, cell.data_type = text[1:], "s"
    elif _NUMBER.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    elif found := _PERCENT.fullmatch(text):
        cell.value, cell.number_format = round(float(found[1]) / 100, 10), "0.00%"
    elif found := _DATE.fullmatch(text):
        cell.value, cell.number_format = date(*map(int, found.groups())), "yyyy-mm-dd"
    elif text:
        cell.value = True if text == "TRUE" else text


def prose(text: str) -> Document:
    """A Word document: ``# `` a heading of level 1 (``## `` 2 …), ``**bold**``, lines that begin with | a table."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.strip("\n").splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        if line.strip():
            _add_line(document, line.strip())
    return document


def _add_table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for made, texts in zip(table.rows, rows, strict=True):
        for cell, content in zip(made.cells, texts, strict=True):
            cell.text = content


def _add_line(document: Document, line: str) -> None:
    if line.startswith("#"):
        marks, _, text = line.partition(" ")
        document.add_heading(text, len(marks))
        return
    paragraph = document.add_paragraph()
    for i, piece in enumerate(_BOLD.split(line)):
        if piece:
            paragraph.add_run(piece).bold = bool(i % 2) or None


def save(thing: openpyxl.Workbook | Document, path: Path) -> Path:
    """The file, its folder made first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    thing.save(str(path))
    return path
