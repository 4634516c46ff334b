"""Filling a template: one Jinja render a part, then one pass over the marks.

The pass gives every figure a bookmark, every caption its number and the table of contents its entries, and
knows the document as a list of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import count, repeat
from typing import Any

import jinja2

from reportgen.marks import (
    BLOCK,
    BLOCK_KEY,
    CAPTION,
    FIGURE,
    FIGURE_END,
    FIGURE_TEXT,
    NAME_END,
    REFERENCE,
    RUN,
    RUN_END,
    RUN_TEXT,
    plain,
)
from reportgen.model import ERROR, Fact, Place, Problem
from reportgen.write.language import Helper, Missing, Raw, RefusedError, absent
from reportgen.write.prose import ProseWriter
from reportgen.write.source import DOCUMENT
from reportgen.write.template import Part, Template
from reportgen.write.toc import Heading, bookmarked
from reportgen.write.tree import BlockKind

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RUN_CLOSE = "</w:t></w:r>"
_BREAK, _TAB = (f'</w:t><w:{name}/><w:t xml:space="preserve">' for name in ("br", "tab"))
_CAPTIONS = re.compile(f"{CAPTION}([^{NAME_END}]*){NAME_END}([^{NAME_END}]*){NAME_END}")
_REFERENCES = re.compile(f"{REFERENCE}([^{NAME_END}]*){NAME_END}")
_CELL_END = "</w:tc>"
_RUNTIME = (
    jinja2.TemplateError, RefusedError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact shown once in the document, under the bookmark ``_f{number}``."""

    number: int
    fact: Fact
    shown: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph outside tables or a row of a table: its text as read and the numbers of its figures."""

    id: str
    kind: str
    text: str
    figures: tuple[int, ...]


@dataclass(frozen=True)
class Rendered:
    """A rendered document: the parts that have tags, its blocks, figures and headings in order."""

    parts: Mapping[str, bytes]
    blocks: tuple[Block, ...]
    figures: tuple[Figure, ...]
    headings: tuple[Heading, ...] = ()


class RenderError(Exception):
    """A value that was asked for and is not there, or can't be printed; ``problem`` says where and what."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.place} {problem.message}")
        self.problem = problem


def render(
    template: Template, view: Mapping[str, Any], facts: Sequence[Fact], pages: Mapping[str, int] | None = None
) -> Rendered:
    """Fill the template from ``view``; ``facts[n]`` is the fact that a figure marked n shows.

    ``pages`` gives page numbers for the table of contents by heading bookmark. Raises RenderError.
    """
    streams = {part.name: _stream(template, part, view) for part in template.parts}
    if template.captions:
        labels = _labels(template, streams[DOCUMENT])
        streams = {name: _referring(template, name, text, labels) for name, text in streams.items()}
    writer = _Writer(template, facts)
    texts = {name: writer.furniture(text) for name, text in streams.items() if name != DOCUMENT}
    texts[DOCUMENT] = writer.document(streams[DOCUMENT], pages or {})
    parts = {name: (_HEAD + text).encode() for name, text in texts.items()}
    return Rendered(parts, tuple(writer.blocks), writer.figures(), tuple(writer.headings))


class _Merges(Helper):
    """合并: what the cells above hold, by table and column; forgotten where a table begins."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._above: dict[tuple[int, int], tuple[int, tuple[Any, ...]]] = {}
        self._on: dict[tuple[int, int], bool] = {}

    def start(self, table: int) -> Raw:
        self._row[table] = 0
        self._above = {where: above for where, above in self._above.items() if where[0] != table}
        return Raw("")

    def step(self, table: int) -> Raw:
        self._row[table] += 1
        return Raw("")

    def merge(self, table: int, column: int, key: tuple[Any, ...]) -> Raw:
        for one in key:
            if isinstance(one, Missing):
                one.fail()
        row, where = self._row[table], (table, column)
        self._on[where] = self._above.get(where) == (row - 1, key)
        self._above[where] = (row, key)
        return Raw("<w:vMerge/>" if self._on[where] else '<w:vMerge w:val="restart"/>')

    def goes_on(self, table: int, column: int) -> bool:
        return self._on[table, column]


def _stream(template: Template, part: Part, view: Mapping[str, Any]) -> str:
    """The part as Jinja gives it, marks and all."""
    merges, prose = _Merges(), ProseWriter(template.slots)
    helpers = {"_start": merges.start, "_step": merges.step, "_merge": merges.merge, "_goes_on": merges.goes_on}
    context = part.jinja.new_context({**view, **helpers, "_prose": prose.write})
    try:
        return "".join(part.jinja.root_render_func(context))
    except _RUNTIME as error:
        raise RenderError(_problem(template, part, view, error)) from error


def _problem(template: Template, part: Part, view: Mapping[str, Any], error: Exception) -> Problem:
    """Where in the template the error arose, and what it says in Chinese."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is part.jinja:
            line = part.jinja.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    tag = part.tags.get(max((one for one in part.tags if one <= line), default=0))
    place = tag.place if tag else Place(template.file)
    return Problem("E505", ERROR, place, f"{tag.source if tag else part.name}：{_sentence(view, error)}")


def _sentence(view: Mapping[str, Any], error: Exception) -> str:
    said = str(error)
    top = re.fullmatch("没有“(.+)”", said)
    if top:
        return absent(top[1], view)
    return said if re.search("[一-鿿]", said) else f"这里算不出来（{said}）"


def _labels(template: Template, document: str) -> dict[str, str]:
    """Caption name → label such as 表2, numbered in document order."""
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    for found in _CAPTIONS.finditer(document):
        kind, name = found.groups()
        counts[kind] = counts.get(kind, 0) + 1
        if name in labels:
            raise _misnamed(template, document, found.start(), f"题注“{name}”定义了两次")
        labels[name] = f"{kind}{counts[kind]}"
    return labels


def _referring(template: Template, part: str, text: str, labels: Mapping[str, str]) -> str:
    def label(found: re.Match[str]) -> str:
        name = found[found.lastindex or 1]
        if name not in labels:
            raise _misnamed(template, text if part == DOCUMENT else "", found.start(), f"题注里{absent(name, labels)}")
        return labels[name]

    return _REFERENCES.sub(label, _CAPTIONS.sub(label, text))


def _misnamed(template: Template, text: str, index: int, message: str) -> RenderError:
    key = text[text.rfind(BLOCK, 0, index) + 1 :].partition(BLOCK_KEY)[0]
    place = template.blocks[key].place if key in template.blocks else Place(template.file)
    return RenderError(Problem("E505", ERROR, place, message))


@lru_cache(maxsize=4096)
def _bookmark(first_id: int, number: int) -> tuple[str, str]:
    """What stands before a figure's run and what closes that; the same for every document of a template."""
    start = f'<w:bookmarkStart w:id="{first_id + number}" w:name="_f{number}"/>'
    return start, f'{_RUN_CLOSE}<w:bookmarkEnd w:id="{first_id + number}"/>'


class _Writer:
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
        if kind.kind == "row":
            text = text.rstrip("\t")
        elif kind.level and self._template.toc is not None:
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
