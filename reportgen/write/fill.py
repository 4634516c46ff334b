"""The pass over the marks: from Jinja's stream to the XML of a part, and the document as a list of blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import count, repeat

from reportgen.marks import BLOCK, BLOCK_KEY, FIGURE, FIGURE_END, FIGURE_TEXT, RUN, RUN_END, RUN_TEXT, plain
from reportgen.model import Fact
from reportgen.write.template import Template
from reportgen.write.toc import Heading, bookmarked
from reportgen.write.tree import BlockKind

_RUN_CLOSE = "</w:t></w:r>"
_BREAK, _TAB = (f'</w:t><w:{name}/><w:t xml:space="preserve">' for name in ("br", "tab"))
_CELL_END = "</w:tc>"
_ALT = re.compile(' descr="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact shown once in the document, under the bookmark ``_f{number}``."""

    number: int
    fact: Fact
    shown: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph outside tables, a picture (its text is the alt text) or a row of a table; the numbers of its figures."""

    id: str
    kind: str
    text: str
    figures: tuple[int, ...]


@lru_cache(maxsize=4096)
def _bookmark(first_id: int, number: int) -> tuple[str, str]:
    """What stands before a figure's run and what closes that; the same for every document of a template."""
    start = f'<w:bookmarkStart w:id="{first_id + number}" w:name="_f{number}"/>'
    return start, f'{_RUN_CLOSE}<w:bookmarkEnd w:id="{first_id + number}"/>'


class Writer:
    """The pass over the marks."""

    def __init__(self, template: Template, facts: Sequence[Fact]) -> None:
        self._template, self._facts = template, facts
        self._runs, self._kinds = template.runs, template.blocks
        self._times: dict[str, int] = {}
        self._toc = -1
        self._out: list[str] = []
        self.blocks: list[Block] = []
        self._shown: list[tuple[str, str]] = []
        self._bookmarks = map(_bookmark, repeat(template.first_id), count(1))
        self.headings: list[Heading] = []

    def document(self, stream: str, pages: Mapping[str, int]) -> str:
        """The XML of the body."""
        first, *pieces = stream.split(BLOCK)
        self._out = [first]
        for piece in pieces:
            key, _, body = piece.partition(BLOCK_KEY)
            self._block(self._kinds[key], body)
        if self._template.toc is not None and self._toc >= 0:
            self._out[self._toc] = self._template.toc.write(self.headings, pages)
        return "".join(self._out)

    def figures(self) -> tuple[Figure, ...]:
        """What the document shows, in order."""
        facts = self._facts
        shown = ((facts[int(fact)], unescape(text) if "&" in text else text) for fact, text in self._shown)
        return tuple(Figure(number, fact, text) for number, (fact, text) in enumerate(shown, 1))

    def furniture(self, stream: str) -> str:
        """The XML of a header or footer, where figures are plain text."""
        first, *pieces = stream.split(RUN)
        out = [first]
        for piece in pieces:
            key, _, rest = piece.partition(RUN_TEXT)
            text, _, tail = rest.partition(RUN_END)
            out += (self._runs[key], _laid_out(plain(text)), _RUN_CLOSE, tail)
        return "".join(out)

    def _block(self, kind: BlockKind, body: str) -> None:
        if kind.kind == "toc":
            self._toc = len(self._out)
            self._out += ("", body)
            return
        before, begun = len(self._shown), len(self._out)
        text = self._fill(body)
        if "&" in text:
            text = unescape(text)
        times = self._times[kind.id] = self._times.get(kind.id, 0) + 1
        name = kind.id if times == 1 else f"{kind.id}#{times}"
        numbers = tuple(range(before + 1, len(self._shown) + 1))
        if kind.kind == "picture":
            text = unescape(_ALT.findall(body)[0])
        elif kind.kind == "row":
            text = text.rstrip("\t")
        elif kind.level:
            self._head(kind.level, text, begun)
        self.blocks.append(Block(name, kind.kind, text, numbers))

    def _fill(self, body: str) -> str:
        """Write the block's runs and return its text, cells parted by tabs."""
        runs, texts = self._runs, []
        first, *pieces = body.split(RUN)
        out = [first]
        if _CELL_END in first:
            texts.append("\t" * first.count(_CELL_END))
        for piece in pieces:
            key, _, rest = piece.partition(RUN_TEXT)
            text, _, tail = rest.partition(RUN_END)
            if FIGURE in text:
                self._figures(runs[key], text, out, texts)
                out.append(tail)
            else:
                out.append(f"{runs[key]}{_laid_out(text)}{_RUN_CLOSE}{tail}")
                texts.append(text)
            if _CELL_END in tail:
                texts.append("\t" * tail.count(_CELL_END))
        self._out.append("".join(out))
        return "".join(texts)

    def _figures(self, opening: str, text: str, out: list[str], texts: list[str]) -> None:
        """Write a run that shows facts: each has a run and a bookmark of its own."""
        before, *pieces = text.split(FIGURE)
        if before:
            out.append(f"{opening}{_laid_out(before)}{_RUN_CLOSE}")
            texts.append(before)
        for piece in pieces:
            fact, _, rest = piece.partition(FIGURE_TEXT)
            shown, _, after = rest.partition(FIGURE_END)
            self._shown.append((fact, shown))
            start, end = next(self._bookmarks)
            out.append(f"{start}{opening}{_laid_out(shown)}{end}")
            texts.append(shown)
            if after:
                out.append(f"{opening}{_laid_out(after)}{_RUN_CLOSE}")
                texts.append(after)

    def _head(self, level: int, text: str, begun: int) -> None:
        """Note a heading that the contents list and put their bookmark round it."""
        toc = self._template.toc
        if toc is None or not toc.lists(level) or not text.strip():
            return
        number = len(self.headings) + 1
        bookmark = f"_Toc{100000000 + number}"
        self.headings.append(Heading(bookmark, level, text))
        block = "".join(self._out[begun:])
        # Figures count upwards from first_id, headings take the ids a million further on.
        self._out[begun:] = [bookmarked(block, bookmark, self._template.first_id + 1_000_000 + number)]


def _laid_out(text: str) -> str:
    """Line breaks and tabs as Word writes them."""
    if "\n" not in text and "\t" not in text:
        return text
    return text.replace("\n", _BREAK).replace("\t", _TAB)
