"""Prose in the template's own styles: how {{p …}} becomes paragraphs, headings and simple tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportgen.marks import BLOCK, BLOCK_KEY, RUN, RUN_END, RUN_TEXT
from reportgen.prose import Area, Equation, Paragraph, Picture, ProseBlock, ProseTable
from reportgen.write.blanks import present
from reportgen.write.equation import equation
from reportgen.write.language import Raw, RefusedError, laid_out
from reportgen.write.picture import picture_paragraph
from reportgen.write.tags import Element, W

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_END = "</w:p>"


class Styles:
    """The named styles that rendering writes with, by the names that Word gives them."""

    def __init__(self, root: Element | None) -> None:
        self.ids: dict[tuple[str, str], str] = {}
        self._outline: dict[str, int] = {}
        self._parents: dict[str, str] = {}
        for style in root.iter(W + "style") if root is not None else ():
            self._read(style)

    def _read(self, style: Element) -> None:
        key, name = style.get(W + "styleId", ""), value_of(style, "name").lower()
        self.ids.setdefault((style.get(W + "type", ""), name), key)
        self._parents[key] = value_of(style, "basedOn")
        outline = value_of(style, "pPr", "outlineLvl")
        if outline.isdigit():
            self._outline[key] = int(outline) + 1
        elif name.startswith("heading ") and name[8:].isdigit():
            self._outline[key] = int(name[8:])

    def heading(self, level: int) -> str:
        """The id of “heading n”, or ""."""
        return self.ids.get(("paragraph", f"heading {level}"), "")

    def level(self, key: str) -> int:
        """The outline level 1–9 of a paragraph style, own or inherited; 0 is body text."""
        seen: set[str] = set()
        while key and key not in seen:
            if key in self._outline:
                return self._outline[key] % 10
            seen.add(key)
            key = self._parents.get(key, "")
        return 0

    def paragraph(self, name: str) -> str:
        """The properties that give a paragraph the style of that name, "" when the template has none."""
        style = self.ids.get(("paragraph", name), "")
        return f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""

    @property
    def table(self) -> str:
        """The id of the table style for prose tables, or ""."""
        return self.ids.get(("table", "表格")) or self.ids.get(("table", "table grid"), "")


def value_of(element: Element, *path: str) -> str:
    """The w:val at the end of a path of w: names, or ""."""
    found = element.find("/".join(W + name for name in path))
    return "" if found is None else found.get(W + "val", "")


@dataclass(frozen=True, slots=True)
class Look:
    """How paragraphs of one level are written: opening tag, those of its runs, and block key ("" in a cell)."""

    opening: str
    plain: str
    bold: str
    block: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One {{p …}}: its looks by level (None where the template lacks the heading style), tables and equations.

    ``area`` is what a picture may take, in twips; None in a header or footer, which has no pictures.
    """

    levels: tuple[Look | None, ...]
    head: Look
    cell: Look
    equation: str
    row: str
    table_style: str
    picture: str
    width: int
    area: tuple[int, int] | None
    before_paragraph: bool


class ProseWriter:
    """Writes the values of the slots of one template."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        self._slots = slots
        self.pictures: list[Picture] = []

    def write(self, number: int, value: Any) -> Raw:
        """The XML of one slot; nothing for () or None, so that an optional slot leaves no paragraph behind."""
        if present(value) is not None and not (isinstance(value, tuple) and all(isinstance(one, ProseBlock) for one in value)):
            raise RefusedError("{{p …}} 只能放文稿；一句话请写 {{ … }}")
        return Raw("".join(self._pieces(self._slots[number], value or ())))

    def _pieces(self, slot: Slot, prose: tuple[ProseBlock, ...]) -> Iterator[str]:
        for item, following in zip(prose, [*prose[1:], None], strict=False):
            if isinstance(item, Picture):
                yield self._picture(slot, item, following)
            else:
                yield from _pieces(slot, item, following)

    def _picture(self, slot: Slot, picture: Picture, following: ProseBlock | None) -> str:
        if slot.area is None:
            raise RefusedError("页眉页脚里放不了文稿的图片")
        self.pictures.append(picture)
        captioned = isinstance(following, Paragraph) and following.text.lstrip().startswith("图")
        return _start(slot.picture) + picture_paragraph(picture, len(self.pictures), slot.area, captioned)


def _pieces(slot: Slot, item: ProseBlock, following: ProseBlock | None) -> Iterator[str]:
    if isinstance(item, Paragraph):
        yield _paragraph(slot, item)
    elif isinstance(item, Equation):
        yield f"{_start(slot.cell.block)}<w:p>{slot.equation}{equation(item.text)}{_END}"
    elif isinstance(item, ProseTable):
        yield from _table(slot, item)
        # Two tables that touch become one in Word, and nothing but a paragraph may end a cell or the body.
        if not isinstance(following, Paragraph | Picture) and not (following is None and slot.before_paragraph):
            yield _start(slot.cell.block) + "<w:p/>"


def _paragraph(slot: Slot, paragraph: Paragraph) -> str:
    look = slot.levels[paragraph.level] if paragraph.level < len(slot.levels) else None
    if look is None:
        raise RefusedError(f"模板没有样式“heading {paragraph.level}”，写不了标题“{paragraph.text[:20]}”")
    runs = (_run(look.bold if span.bold else look.plain, span.text) for span in paragraph.spans if span.text)
    return f"{_start(look.block)}{look.opening}{''.join(runs)}{_END}"


def _table(slot: Slot, table: ProseTable) -> Iterator[str]:
    columns = max((len(row) for row in table.rows), default=0)
    if not columns:
        return
    given = table.widths or (1,) * columns
    widths = [slot.width * one // sum(given) for one in given]
    style = f'<w:tblStyle w:val="{slot.table_style}"/>' if slot.table_style else ""
    borders = "" if style else f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
    yield f'<w:tbl><w:tblPr>{style}<w:tblW w:w="5000" w:type="pct"/>{borders}</w:tblPr><w:tblGrid>'
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    merged = {(row, left): area for area in table.merges for top, left, bottom, _ in [area] for row in range(top, bottom + 1)}
    for number, row in enumerate(table.rows):
        head = number < table.heads
        yield _start(slot.row) + "<w:tr><w:trPr><w:cantSplit/>" + "<w:tblHeader/>" * head + "</w:trPr>"
        column = 0
        while column < columns:
            area = merged.get((number, column), (number, column, number, column))
            properties = f'<w:tcW w:w="{sum(widths[column : area[3] + 1])}" w:type="dxa"/>{_merged(area, number)}'
            opening = _at_right(slot.cell.opening) if (number, column) in table.right and not head else ""
            text = row[column] if column < len(row) else ""
            yield f"<w:tc><w:tcPr>{properties}</w:tcPr>{_cell(slot.head if head else slot.cell, opening, text, head)}</w:tc>"
            column = area[3] + 1
        yield "</w:tr>"
    yield "</w:tbl>"


def _merged(area: Area, row: int) -> str:
    """What a cell of a merged area says of it."""
    top, left, bottom, right = area
    across = f'<w:gridSpan w:val="{right - left + 1}"/>' if right > left else ""
    down = "" if bottom == top else '<w:vMerge w:val="restart"/>' if row == top else "<w:vMerge/>"
    return across + down


def _cell(look: Look, opening: str, text: str, head: bool) -> str:
    return f"{opening or look.opening}{_run(look.bold if head else look.plain, text)}{_END}"


def _at_right(opening: str) -> str:
    """The opening of a paragraph whose text stands at the right."""
    properties = opening.removeprefix("<w:p>").removesuffix("</w:pPr>") or "<w:pPr>"
    return f'<w:p>{properties}<w:jc w:val="right"/></w:pPr>'


def _start(block: str) -> str:
    return f"{BLOCK}{block}{BLOCK_KEY}" if block else ""


def _run(opening: str, text: str) -> str:
    return f"{RUN}{opening}{RUN_TEXT}{laid_out(text)}{RUN_END}" if text else ""
