"""A sample's workbook read and changed by openpyxl, as somebody in a department would."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]


def records(folder: Path, sheet: str, first: str, down: tuple[str, ...] = ()) -> list[Row]:
    """The rows below the header that begins with ``first``; blanks in the columns ``down`` take the value above."""
    lines = list(openpyxl.load_workbook(folder / "数据.xlsx")[sheet].iter_rows(values_only=True))
    at = next(i for i, line in enumerate(lines) if line[0] == first)
    rows: list[Row] = []
    for line in lines[at + 1 :]:
        if any(value is not None for value in line):
            row = {str(name): value for name, value in zip(lines[at], line, strict=True) if name is not None}
            rows.append({name: rows[-1][name] if name in down and value is None else value for name, value in row.items()})
    return rows


@contextmanager
def opened(folder: Path) -> Iterator[openpyxl.Workbook]:
    """The workbook, saved afterwards."""
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    yield book
    book.save(folder / "数据.xlsx")


def changed(sample: Path, folder: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    """A copy of the submission with its workbook changed."""
    copy = Path(shutil.copytree(sample, folder / sample.name))
    with opened(copy) as book:
        change(book)
    return copy


def cell(sheet: Any, row: str, column: Any) -> Any:
    """The cell in the row whose first filled cells hold the text ``row``, under the header ``column``."""
    lines = list(sheet.iter_rows())
    header = next(line for line in lines if any(one.value == column for one in line))
    at = next(one.column for one in header if one.value == column)
    number = next(line[0].row for line in lines if any(one.value == row for one in line[:3]))
    return sheet.cell(number, at)


def set_form(sheet: Any, name: str, value: Any) -> None:
    """Fill the cell beside a name of a form."""
    cell(sheet, name, "填报内容").value = value
