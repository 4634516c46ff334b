"""Write the shipped submissions: `数据.xlsx` and `正文*.docx` under `inputs`, from the texts in `tools/samples`.

    python -m tools.make_samples               # all of them
    python -m tools.make_samples luohu-2024

Which sheets and columns there are, their units and choices, is read from the kind. Equal texts give equal bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from reportgen.define.edition import open_edition
from reportgen.define.kind import BASICS, EDITION
from reportgen.define.tables import ANSWERS, Column, TableSpec
from reportgen.write.archive import settled
from reportgen.write.forms import (
    DATE_FORMAT,
    FILLED,
    HINT,
    ITEM,
    NOTE,
    Entry,
    Form,
    across,
    decimals,
    listing,
    upright,
    with_editions,
)
from reportgen.write.manuscript import manuscript, saved
from reportgen.write.workbook import Book
from tools.samples import dapeng_2021, longgang_2022, luohu_2024, shenzhen_2022, zhongwei_2022

if TYPE_CHECKING:
    from docx.document import Document

ROOT = Path(__file__).resolve().parent.parent
MADE = datetime(2025, 1, 1)  # noqa: DTZ001 - what the files say of their making; never the present time

NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?%?")
WORDS = ("文稿", "列表", "选项", "版本", "算式", "时限")


class Sample(NamedTuple):
    """What a module of `tools.samples` holds."""

    sheets: Mapping[str, str]
    answers: str
    prose: str | Mapping[str, str]  # one text, or several by file name
    hints: Mapping[str, str] = {}  # above a sheet, where the kind's own hint will not do


SAMPLES = {
    "dapeng-2021": Sample(dapeng_2021.SHEETS, dapeng_2021.ANSWERS, dapeng_2021.PROSE),
    "longgang-2022": Sample(longgang_2022.SHEETS, longgang_2022.ANSWERS, longgang_2022.PROSE),
    "luohu-2024": Sample(luohu_2024.SHEETS, luohu_2024.ANSWERS, luohu_2024.PROSE),
    "shenzhen-2022": Sample(shenzhen_2022.SHEETS, shenzhen_2022.ANSWERS, shenzhen_2022.PROSE),
    "zhongwei-2022": Sample(zhongwei_2022.SHEETS, zhongwei_2022.ANSWERS, zhongwei_2022.PROSE),
}


# ── from text to values ──


def records(text: str) -> list[dict[str, str]]:
    """Return the rows of a text: a table with `|` between cells, or blocks of `名称：内容` with blank lines between.

    A name that a block has twice is a cell of several lines.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if "|" in lines[0]:
        header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines if line)
        return [dict(zip(header, row, strict=True)) for row in rows]
    blocks = "\n".join(lines).split("\n\n")
    return [_block(block) for block in blocks]


def _block(text: str) -> dict[str, str]:
    row: dict[str, str] = {}
    for line in filter(None, text.splitlines()):
        name, _, content = line.partition("：")
        row[name] = f"{row[name]}\n{content}" if name in row else content
    return row


def value(column: Column, text: str, unit: str) -> Entry:
    """Return what a cell holds: a date, a number in its unit's format, or text."""
    if not text:
        return Entry()
    if column.type == "日期":
        return Entry(date.fromisoformat(text), DATE_FORMAT)
    if column.type == "年":
        return Entry(int(text), "0")
    if column.type in WORDS or not NUMBER.fullmatch(text):
        return Entry(text)
    number = Decimal(text.rstrip("%").replace(",", ""))
    if text.endswith("%"):
        return Entry(number / 100, decimals("0", _places(column, number, 2)) + "%")
    return Entry(number, _number_format(column, number, unit))


def _number_format(column: Column, number: Decimal, unit: str) -> str:
    if not unit and not column.decimals:
        return "General"
    return decimals("#,##0", _places(column, number, 2 if unit == "万元" else None))


def _places(column: Column, number: Decimal, usual: int | None) -> int:
    """The decimals of the column, or the unit's usual ones; in a column of mixed units those typed."""
    if column.decimals is not None:
        return column.decimals
    typed = max(0, -int(number.as_tuple().exponent))
    return typed if usual is None or column.unit_column else usual


# ── the workbook ──


def workbook(sample: Sample) -> Book:
    """Return the workbook of a sample, its sheets in the order of the kind."""
    basics = {row[ITEM]: row[FILLED] for row in records(sample.sheets[BASICS])}
    kind = open_edition(basics[EDITION])[0]
    _refuse_unknown([*sample.sheets, ANSWERS], kind.tables)
    book = Book("数据")
    for name, spec in kind.tables.items():
        if spec.unused:
            continue
        table = spec.asked
        filled = records(sample.answers if name == ANSWERS else sample.sheets[name])
        hint = sample.hints.get(name) or table.hint or HINT
        book.add(name, f"{name}（{basics['年度']}年度）", hint, _form(kind.name, table, filled))
    book.workbook.properties.created = MADE
    return book


def _form(kind: str, table: TableSpec, filled: Sequence[Mapping[str, str]]) -> Form:
    if table.record:
        by_name = {row[ITEM]: row for row in filled}
        _refuse_unknown(by_name, table.columns)
        values = {name: value(table.columns[name], row.get(FILLED, ""), table.columns[name].unit) for name, row in by_name.items()}
        return upright(with_editions(table, kind), values, {name: row.get(NOTE, "") for name, row in by_name.items()})
    columns = list(across(table.columns.values(), [name for name in next(iter(filled), {}) if name not in (*table.columns, NOTE)]))
    known = {column.name: column for column in columns} | {NOTE: Column(NOTE, (NOTE,))}
    for row in filled:
        _refuse_unknown(row, known)
    rows = [{n: value(c, row.get(n, ""), row.get(c.unit_column, c.unit)) for n, c in known.items()} for row in filled]
    return listing(columns, rows, note=table.name != ANSWERS)


def _refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    unknown = set(names) - set(known)
    if unknown:
        raise ValueError(f"not in the kind: {'、'.join(sorted(unknown))}")


# ── the prose ──


def prose(text: str) -> Document:
    """Return a Word document of a text: `#` marks headings, `**` bold words, a line is a paragraph."""
    document = manuscript()
    for line in filter(None, map(str.strip, text.splitlines())):
        marks, _, words = line.partition(" ")
        if marks and not marks.strip("#"):
            document.add_heading(words, len(marks))
        else:
            _paragraph(document, line)
    document.core_properties.created = MADE
    return document


def _paragraph(document: Document, line: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for number, words in enumerate(line.split("**")):
        if words:
            paragraph.add_run(words).bold = True if number % 2 else None


# ── the files ──


def write(data: bytes, path: Path) -> None:
    """Write a workbook or a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(settled(data))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write the shipped submissions.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones (default: all)")
    parser.add_argument("--out", type=Path, default=ROOT / "inputs", metavar="DIR", help="default: inputs")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(SAMPLES)
    if unknown:
        parser.error(f"no such sample: {', '.join(sorted(unknown))}")
    for name in options.names or SAMPLES:
        write(workbook(SAMPLES[name]).save(), options.out / name / "数据.xlsx")
        words = SAMPLES[name].prose
        for file, text in ({"正文.docx": words} if isinstance(words, str) else words).items():
            write(saved(prose(text)), options.out / name / file)
        print(options.out / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
