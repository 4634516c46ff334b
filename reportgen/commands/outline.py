"""The headings of an empty 正文.docx, in the order and with the numbers of the edition's Word template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from reportgen import editions
from reportgen.define.edition import edition_template
from reportgen.define.kind import Kind, Slot
from reportgen.prose import Paragraph
from reportgen.read.binding import normal
from reportgen.read.blocks import open_document, read_blocks
from reportgen.read.prose import heading_name

_SLOT = re.compile(r"文稿(?:\.(\w+)|\[[\"“]([^\"”]+)[\"”]\])")
_TAG = re.compile(r"\{\{.*?\}\}(?:年度?)?")  # a heading with {{ 年度 }}年 reads well without both
_FIGURE = re.compile(r"\{\{\s*(\w+)")
_DEEPEST, _MANY = 4, 10


def outline(kind: Kind, edition: str) -> Iterator[tuple[int, str]]:
    """(level, text) of every heading that 正文.docx needs: those of its slots, and the ones above them in the report."""
    waiting = dict(kind.slots)
    written = set[str]()
    trail: list[tuple[int, str]] = []
    for paragraph in _paragraphs(edition):
        if paragraph.level:
            trail = [*(one for one in trail if one[0] < paragraph.level), _heading(paragraph)]
        for found in _SLOT.finditer(paragraph.text):
            slot = waiting.pop(found[1] or found[2], None)
            for level, text in _down_to(slot, trail) if slot else ():
                if text not in written:
                    yield level, text
                written.add(text)
    yield from ((1, slot.headings[0]) for slot in waiting.values())


def already(kind: Kind, edition: str) -> dict[str, str]:
    """By heading, the figures that the report gives there without anybody writing them, so that nobody does."""
    typed = {name for spec in kind.tables.values() if spec.record for name, one in spec.columns.items() if one.type == "数"}
    figures = typed | {one.name for one in kind.facts}
    names: dict[str, dict[str, None]] = {}
    heading = ""
    for paragraph in _paragraphs(edition):
        heading = _heading(paragraph)[1] if paragraph.level else heading
        told = names.setdefault(heading, {})
        told |= dict.fromkeys(one[1] for one in _FIGURE.finditer(paragraph.text) if one[1] in figures)
    return {
        heading: f"程序在这里会写：{'、'.join([*told][:_MANY])}{'等' if len(told) > _MANY else ''}。不用再写一遍。"
        for heading, told in names.items() if told
    }  # fmt: skip


def _paragraphs(edition: str) -> Iterator[Paragraph]:
    """The template's paragraphs; none when the edition has no template yet."""
    try:
        path = edition_template(edition)
    except editions.NoEdition:
        return
    blocks = read_blocks(open_document(path, path.name))
    yield from (block for block in blocks if isinstance(block, Paragraph))


def _heading(paragraph: Paragraph) -> tuple[int, str]:
    """Its level and words, "" for words that only the report's figures can choose."""
    return paragraph.level, "" if "{%" in paragraph.text else _TAG.sub("", paragraph.text).strip()


def _down_to(slot: Slot, trail: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The headings that lead to the slot: down to its own, or with one of its own below the last."""
    names = {normal(heading) for heading in slot.headings}
    level = 0
    for level, text in takewhile(lambda heading: heading[1], trail):
        yield level, text
        if heading_name(text) in names:
            return
    yield min(level + 1, _DEEPEST), slot.headings[0]
