"""The pass over the marks: from Jinja's stream to the XML of a part, and the document as a list of blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from itertools import count, repeat
from typing import NamedTuple

from reportgen.marks import BLOCK, BLOCK_KEY, FIGURE, FIGURE_END, FIGURE_TEXT, FIGURES, RUN, RUN_END, RUN_TEXT, plain
from reportgen.model import Fact
from reportgen.write.archive import HEAD
from reportgen.write.language import BREAK, TAB
from reportgen.write.template import Template
from reportgen.write.toc import Heading, Toc, bookmarked

_RUN_CLOSE = b"</w:t></w:r>"
_CELL_END = "</w:tc>"
_ALT = re.compile(' descr="([^"]*)"')
_BLOCK_MARK = re.compile(f"{BLOCK}[^{BLOCK_KEY}]*{BLOCK_KEY}".encode())
# The body is settled as bytes: they are searched ten times as fast as text.
_RUN, _RUN_TEXT, _RUN_END, _FIGURE, _FIGURE_TEXT, _FIGURE_END = (
    mark.encode() for mark in (RUN, RUN_TEXT, RUN_END, FIGURE, FIGURE_TEXT, FIGURE_END)
)


class Figure(NamedTuple):
    """A fact shown once in the document, under the bookmark ``_f{number}``."""

    number: int
    fact: Fact
    shown: str


class Block(NamedTuple):
    """A paragraph outside tables, a picture (its text is the alt text) or a row of a table; the numbers of its figures."""

    id: str
    kind: str
    text: str
    figures: tuple[int, ...]


@lru_cache(maxsize=4096)
def _bookmark(first_id: int, number: int) -> tuple[bytes, bytes]:
    """What stands before a figure's run and what closes that; the same for every document of a template."""
    start = f'<w:bookmarkStart w:id="{first_id + number}" w:name="_f{number}"/>'
    return start.encode(), _RUN_CLOSE + f'<w:bookmarkEnd w:id="{first_id + number}"/>'.encode()


class Writer:
    """The pass over the marks; ``headings`` as the body has them, and the fact that each of its figures has ``shown``."""

    def __init__(self, template: Template, facts: Sequence[Fact]) -> None:
        self._template, self._facts = template, facts
        self.shown: list[Fact] = []
        self.headings: list[Heading] = []

    def document(self, stream: str, pages: Mapping[str, int]) -> bytes:
        """The XML of the body."""
        if (toc := self._template.toc) is not None:
            stream = self._with_contents(stream, toc, pages)
        return _settled(self._with_bookmarks(stream.encode()))

    def furniture(self, stream: str) -> bytes:
        """The XML of a header or footer, where figures are plain text."""
        return _settled(plain(stream).encode())

    def _with_contents(self, stream: str, toc: Toc, pages: Mapping[str, int]) -> str:
        """The headings bookmarked, and the contents in their place."""
        first, *pieces = stream.split(BLOCK)
        out, at = [first], None
        for piece in pieces:
            key, _, body = piece.partition(BLOCK_KEY)
            kind = self._template.blocks[key]
            if kind.kind == "toc":
                at = len(out)
            out.append(self._head(kind.level, body, toc) if kind.level else body)
        if at is not None:
            out.insert(at, toc.write(self.headings, pages))
        return "".join(out)

    def _head(self, level: int, body: str, toc: Toc) -> str:
        """The block with a bookmark round it if it is a heading that the contents list."""
        text = _text(body)
        if not toc.lists(level) or not text.strip():
            return body
        number = len(self.headings) + 1
        self.headings.append(Heading(f"_Toc{100000000 + number}", level, text))
        # Figures count upwards from first_id, headings take the ids a million further on.
        return bookmarked(body, self.headings[-1].bookmark, self._template.first_id + 1_000_000 + number)

    def _with_bookmarks(self, stream: bytes) -> bytes:
        """Each figure in a run and a bookmark of its own; the text beside it stays in the run that it broke."""
        if _FIGURE not in stream:
            return stream
        tail, *pieces = stream.split(_FIGURE)
        out, facts, shown = list[bytes](), self._facts, self.shown
        bookmarks = map(_bookmark, repeat(self._template.first_id), count(1))
        for piece, (start, end) in zip(pieces, bookmarks, strict=False):
            before, _, run = tail.rpartition(_RUN)
            opening, _, text = run.partition(_RUN_TEXT)
            fact, _, rest = piece.partition(_FIGURE_TEXT)
            words, _, tail = rest.partition(_FIGURE_END)
            out += (before, _RUN, run, _RUN_END, start, opening, words, end) if text else (before, start, opening, words, end)
            shown.append(facts[int(fact)])
            tail = tail[1:] if tail[:1] == _RUN_END else b"".join((_RUN, opening, _RUN_TEXT, tail))
        return b"".join((*out, tail))


def _settled(data: bytes) -> bytes:
    """XML without the marks of blocks and runs."""
    data = _BLOCK_MARK.sub(b"", data).replace(_RUN, b"").replace(_RUN_TEXT, b"").replace(_RUN_END, _RUN_CLOSE)
    return HEAD.encode() + data


def figures(stream: str, facts: Sequence[Fact]) -> Iterator[Figure]:
    """The figures of the body, in order."""
    for number, (fact, shown) in enumerate(FIGURES.findall(stream), 1):
        yield Figure(number, facts[int(fact)], _unescaped(shown))


def blocks(template: Template, stream: str) -> Iterator[Block]:
    """The body as blocks; one that a loop repeats is told apart by a number."""
    times, shown = Counter[str](), 0
    for piece in stream.split(BLOCK)[1:]:
        key, _, body = piece.partition(BLOCK_KEY)
        kind = template.blocks[key]
        if kind.kind == "toc":
            continue
        times[kind.id] += 1
        name = kind.id if times[kind.id] == 1 else f"{kind.id}#{times[kind.id]}"
        before, shown = shown, shown + body.count(FIGURE)
        text = unescape(_ALT.findall(body)[0]) if kind.kind == "picture" else _text(body)
        yield Block(name, kind.kind, text.rstrip("\t") if kind.kind == "row" else text, tuple(range(before + 1, shown + 1)))


def _text(body: str) -> str:
    """What a reader sees of a block, cells parted by tabs."""
    *runs, tail = body.split(RUN_END)
    texts = []
    for run in runs:
        before, _, text = run.rpartition(RUN_TEXT)
        if _CELL_END in before:
            texts.append("\t" * before.count(_CELL_END))
        texts.append(text)
    return _unescaped(plain("".join(texts)).replace(BREAK, "\n").replace(TAB, "\t")) + "\t" * tail.count(_CELL_END)


def _unescaped(text: str) -> str:
    return unescape(text) if "&" in text else text
