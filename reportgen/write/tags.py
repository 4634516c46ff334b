"""The tags of a template as they stand in Word: found, joined where Word has split them, and placed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from reportgen.model import Place

Element = etree._Element
NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NS}}}"
P, R, T, TBL, TR, TC = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc"))
TEXT_BOX = W + "txbxContent"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛|｝｝|｛%|%｝|｛％|％｝|\{％|％\}")  # what a tag written wrongly looks like
_PARTS = re.compile(r"\{(?P<kind>[{%#])(?:(?P<unit>p|tr|tc|r)(?=\s))?(?P<body>.*?)[}%#]\}", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
# What Word leaves between and inside runs; none of it belongs in a report made from the template.
_NOISE = ("proofErr", "lastRenderedPageBreak", "commentRangeStart", "commentRangeEnd", "commentReference")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. ``unit`` is what it takes with it: "" itself, p its paragraph, tr its row, tc its cell.

    ``word`` is a statement's first word; "" marks an expression, "#" a comment.
    """

    source: str
    unit: str
    word: str
    body: str
    place: Place


def parse_tag(source: str, place: Place) -> Tag:
    """The tag that ``source``, a match of TAG, spells."""
    parts = _PARTS.fullmatch(source)
    assert parts is not None
    body, kind = parts["body"].strip(), parts["kind"]
    word = _WORD.match(body)
    return Tag(source, parts["unit"] or "", {"{": "", "#": "#"}.get(kind, word[0] if word else "?"), body, place)


def replace_element(element: Element, others: Iterable[Element] = ()) -> None:
    """Put others, or nothing, where an element stands."""
    for other in others:
        element.addprevious(other)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def new(name: str) -> Element:
    """An empty element, written with the prefix that everything of Word's has."""
    return etree.Element(name, nsmap={"w": NS})


def inside(element: Element, *names: str) -> Iterator[Element]:
    """The ancestors of these names, nearest first."""
    return (one for one in element.iterancestors() if one.tag in names)


def own(element: Element, name: str) -> list[Element]:
    """The elements of this name in a paragraph, cell, row or table itself, not in another one inside it."""
    return [one for one in element.iter(name) if next(inside(one, str(element.tag))) is element]


def text_of(paragraph: Element) -> str:
    """The paragraph's own text, not that of text boxes anchored in it."""
    return "".join(text.text or "" for text in own(paragraph, T))


def join_tags(paragraph: Element) -> None:
    """Move each tag that Word has split wholly into the run that its first character stands in."""
    pieces = own(paragraph, T)
    whole = "".join(piece.text or "" for piece in pieces)
    owners = [index for index, piece in enumerate(pieces) for _ in piece.text or ""]
    for tag in TAG.finditer(whole):
        owners[tag.start() : tag.end()] = [owners[tag.start()]] * len(tag[0])
    joined = [""] * len(pieces)
    for owner, letter in zip(owners, whole, strict=True):
        joined[owner] += letter
    for piece, text in zip(pieces, joined, strict=True):
        piece.text = text


def strip_noise(root: Element) -> None:
    """Remove proofing marks, comments, revision ids and the blanks between elements."""
    for element in list(root.iter(*(W + name for name in _NOISE))):
        replace_element(element)
    for element in root.iter(etree.Element):
        for name in [str(key) for key in element.attrib if _is_revision_id(str(key))]:
            del element.attrib[name]
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None


def _is_revision_id(name: str) -> bool:
    """Ids that must be unique in a document, or that tell who edited when: a loop would repeat them."""
    local = name.rpartition("}")[2]
    return local in ("paraId", "textId") or local.startswith("rsid")


def places(root: Element, file: str, part: str) -> dict[Element, Place]:
    """Where each paragraph stands, as a person would count: 第3段, or 表2 and its row and cell.

    ``part`` names a header or footer; "" is the body.
    """
    found: dict[Element, Place] = {}
    outermost = (table for table in root.iter(TBL) if next(inside(table, TBL), None) is None)
    tables = {table: number for number, table in enumerate(outermost, 1)}
    outside = 0
    for paragraph in root.iter(P):
        around = list(inside(paragraph, TBL))
        if around:
            here, mark = f"表{tables[around[-1]]}", _cell_mark(paragraph, around[-1])
        else:
            outside += 1
            here, mark = f"第{outside}段", text_of(paragraph)[:20]
        found[paragraph] = Place(file, f"{part}{here}", mark)
    return found


def _cell_mark(paragraph: Element, table: Element) -> str:
    chain = [paragraph, *inside(paragraph, TC, TR, TBL)]
    cell, row = chain[chain.index(table) - 2], chain[chain.index(table) - 1]
    return f"第{own(table, TR).index(row) + 1}行第{own(row, TC).index(cell) + 1}列"
