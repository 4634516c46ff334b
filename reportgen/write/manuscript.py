"""正文.docx for people to write in, made with python-docx; how the report looks is its template's business."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_HEADINGS = ((1, "黑体", 16), (2, "黑体", 14), (3, "宋体", 12), (4, "宋体", 12))


def manuscript() -> Document:
    """An empty document of A4 pages with headings of four levels."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
    _style(document.styles["Normal"], "宋体", 12, bold=False)
    for level, font, size in _HEADINGS:
        _style(document.styles[f"Heading {level}"], font, size, bold=level == 3)
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]  # a copy of the styles for Word 2010, by now out of step with them
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "reportgen", "正文", ""
    return document


def outlined(headings: Iterable[tuple[int, str]], advice: str, notes: Mapping[str, str]) -> bytes:
    """正文.docx with nothing but headings (level, text); the advice is a comment on the first, the notes on theirs."""
    document, ordered = manuscript(), list(headings)
    document.styles.add_style("CommentReference", WD_STYLE_TYPE.CHARACTER)  # python-docx uses it without making it
    for (level, text), (below, _) in zip(ordered, [*ordered[1:], (0, "")], strict=True):
        heading = document.add_heading(text, level)
        for note in (advice if text == ordered[0][1] else "", notes.get(text, "")):
            if note:
                document.add_comment(heading.runs, note, author="reportgen", initials="RG")
        if below <= level:  # nothing stands right below a heading of others
            document.add_paragraph().paragraph_format.first_line_indent = Pt(24)
    return saved(document)


def highlighted(path: Path, spared: Callable[[str], bool]) -> bytes:
    """A copy of a manuscript with every paragraph yellow but those ``spared`` by their text: still to be gone through."""
    document = docx.Document(str(path))
    for paragraph in document.element.body.iter(qn("w:p")):
        if not spared("".join(text.text or "" for text in paragraph.iter(qn("w:t")))):
            for run in paragraph.iter(qn("w:r")):
                Run(run, document).font.highlight_color = WD_COLOR_INDEX.YELLOW
    return saved(document)


def saved(document: Document) -> bytes:
    """The file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _style(style: ParagraphStyle, font: str, size: int, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]  # the fonts of the theme win over those named
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
