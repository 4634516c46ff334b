"""One part of a template while it is compiled: Word's tree, and what has been put into it.

Each insertion is a processing instruction with a number, so that no template text has to be escaped twice and
no regex ever reads XML. Written out, the tree is Jinja source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from reportgen.model import Place
from reportgen.write.language import EXPR, EXPR_END, STMT, STMT_END, Dialect
from reportgen.write.prose import Slot, Styles
from reportgen.write.source import Source
from reportgen.write.tags import TBL, TC, TR, Element, P, Tag, W, inside, own, places, strip_noise
from reportgen.write.toc import Toc

_INSERTION = re.compile(r"<\?t (\d+)\?>")
_NUMBER = re.compile(r"\d+")
Piece = tuple[str, Tag | None]


@dataclass(frozen=True, slots=True)
class BlockKind:
    """What a block key stands for: id, paragraph, picture or row, outline level (0: no heading), place in the template."""

    id: str
    kind: str
    level: int
    place: Place


@dataclass
class Shared:
    """What the parts of one template have in common while it is compiled."""

    source: Source
    language: Dialect
    styles: Styles
    blocks: dict[str, BlockKind] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    toc: Toc | None = None

    def block(self, key: str, kind: str, level: int, place: Place, number: str = "") -> str:
        """Note a block and return its key; ``number`` is its id where several keys share one."""
        self.blocks[key] = BlockKind(number or key, kind, level, place)
        return key


class PartTree:
    """The tree of the body, a header or a footer; ``tags`` by paragraph, ``columns`` of cells, ``grids`` of tables."""

    def __init__(self, shared: Shared, root: Element) -> None:
        self.shared, self.root = shared, root
        self.body = root.tag == W + "document"
        label = "" if self.body else "页眉" if root.tag == W + "hdr" else "页脚"
        strip_noise(root)
        self.places = places(root, shared.source.file, label)
        self.columns = {cell: _column(cell) for cell in root.iter(TC)}
        self.grids = {table: list(table.iterfind(f"{W}tblGrid/{W}gridCol")) for table in root.iter(TBL)}
        self.tags: dict[Element, list[Tag]] = {}
        self._insertions: list[tuple[Piece, ...]] = []

    def refuse(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Note a problem of the template."""
        self.shared.source.refuse(code, place, message, hint)

    def insert(self, *pieces: Piece) -> Element:
        """A processing instruction that stands for pieces of Jinja source, each with the tag it comes from."""
        self._insertions.append(pieces)
        return etree.ProcessingInstruction("t", str(len(self._insertions) - 1))

    def statement(self, tag: Tag) -> Element:
        """The insertion of {% … %}; a comment leaves nothing."""
        return self.insert(("" if tag.word == "#" else f"{STMT}\n{tag.body} {STMT_END}", tag))

    def expression(self, body: str, tag: Tag) -> Element:
        """The insertion of {{ … }}."""
        return self.insert((expression(body), tag))

    def tag_at(self, element: Element) -> Tag | None:
        """The tag that an element stands for, if it is an insertion."""
        return self._insertions[int(element.text or "0")][0][1] if is_insertion(element) else None

    def tags_in(self, element: Element) -> Iterator[Tag]:
        """The tags of all paragraphs inside."""
        for paragraph in element.iter(P):
            yield from self.tags.get(paragraph, ())

    def tags_of(self, cell: Element) -> list[Tag]:
        """The cell's tags, not those of a table inside it."""
        return [tag for paragraph in own(cell, P) for tag in self.tags.get(paragraph, ())]

    def place_of(self, element: Element) -> Place:
        """The place of a paragraph, or of an element's first."""
        return self.places[next(element.iter(P))]

    def attached(self, element: Element) -> bool:
        """Whether an element still stands in the tree."""
        return any(one is self.root for one in element.iterancestors())

    def block_key(self, element: Element) -> str:
        """p12 for a paragraph or r3.2 for a row, counted in the template; "" for what is no block by itself."""
        around = [one.tag for one in inside(element, TBL, W + "txbxContent")]
        if not self.body or around != ([TBL] if element.tag == TR else []):
            return ""
        place = self.place_of(element)
        numbers = _NUMBER.findall(place.part + (place.mark if element.tag == TR else ""))
        return f"r{numbers[0]}.{numbers[1]}" if element.tag == TR else f"p{numbers[0]}"

    def run_opening(self, properties: Element | None) -> str:
        """What opens a run with these properties, up to its text."""
        return f'<w:r>{self.xml(properties)}<w:t xml:space="preserve">'

    def xml(self, element: Element | None) -> str:
        """An element as text, without the namespaces that the part's root declares; "" for none."""
        if element is None:
            return ""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        for prefix, uri in self.root.nsmap.items():
            text = text.replace(f' xmlns:{prefix}="{uri}"', "")
        return text

    def written(self) -> tuple[str, dict[int, Tag]]:
        """The Jinja source, and which tag stands on which of its lines."""
        out, lines, line = list[str](), dict[int, Tag](), 1
        for index, piece in enumerate(_INSERTION.split(etree.tostring(self.root, encoding="unicode"))):
            for text, tag in self._insertions[int(piece)] if index % 2 else ((piece, None),):
                out.append(text)
                if tag is not None:
                    lines[line + 1] = tag
                line += text.count("\n")
        return "".join(out), lines


def expression(body: str) -> str:
    """Jinja source; the line break gives every tag a line of its own, by which a runtime error finds it."""
    return f"{EXPR}\n{body} {EXPR_END}"


def is_insertion(element: Element) -> bool:
    """Whether an element is ours."""
    return isinstance(element, etree._ProcessingInstruction)


def _column(cell: Element) -> int:
    """The grid column where a cell begins."""
    spans = (one.find(f"{W}tcPr/{W}gridSpan") for one in cell.itersiblings(TC, preceding=True))
    return sum(1 if span is None else int(span.get(W + "val", "1")) for span in spans)
