"""Small Word documents from text, and back: ``# 标题`` is a heading, lines that begin with ``|`` are a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reportgen.marks import figure
from reportgen.model import Fact
from reportgen.write.package import pack
from reportgen.write.render import Rendered, RenderError, render
from reportgen.write.source import TemplateError
from reportgen.write.template import compile_template

if TYPE_CHECKING:
    from docx.document import Document

FORMATS = {
    "默认": lambda fact: figure(fact.number, str(fact.value)),
    "万元": lambda fact: figure(fact.number, f"{fact.value:,.2f}万元"),
    "百分比": lambda fact: figure(fact.number, f"{fact.value:.2%}"),
}


def word(folder: Path, *blocks: str, header: str = "") -> Path:
    """A .docx of these paragraphs, headings and tables."""
    document = docx.Document()
    for block in blocks:
        _add(document, block)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    path = folder / "report.docx"
    document.save(str(path))
    return path


def _add(document: Document, block: str) -> None:
    if block.startswith("|"):
        cells = [[cell.strip() for cell in line.strip()[1:-1].split(" | ")] for line in block.splitlines()]
        table = document.add_table(len(cells), len(cells[0]), style="Table Grid")
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    elif block.startswith("#"):
        marks, _, text = block.partition(" ")
        document.add_heading(text, len(marks))
    else:
        document.add_paragraph(block)


def made(path: Path, view: Mapping[str, Any], facts: Sequence[Fact] = ()) -> tuple[bytes, Rendered]:
    """The document that a template gives for a view."""
    template = compile_template(path, FORMATS)
    rendered = render(template, view, facts)
    return pack(template, rendered, "标题", date(2024, 3, 1)), rendered


def lines(data: bytes) -> list[str]:
    """The document as text, read by python-docx: a line a paragraph, a line a row with its cells parted by “ | ”."""
    return list(_lines(docx.Document(io.BytesIO(data))))


def _lines(document: Document) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        else:
            yield from rows(item)


def rows(table: Table) -> list[str]:
    """A table's rows; a cell that goes on with the one above is empty."""
    return [" | ".join(_Cell(cell, table).text for cell in row._tr.tc_lst) for row in table.rows]


def text(path: Path, view: Mapping[str, Any], facts: Sequence[Fact] = ()) -> list[str]:
    """What a template gives for a view, as text."""
    return lines(made(path, view, facts)[0])


def complaints(path: Path, view: Mapping[str, Any] | None = None) -> list[str]:
    """Why a template can't be used, or can't be filled from this view: where, then what."""
    try:
        made(path, view or {})
    except TemplateError as error:
        return [f"{one.place}：{one.message}" for one in error.problems]
    except RenderError as error:
        return [f"{error.problem.place}：{error.problem.message}"]
    return []
