"""Filling a template: one Jinja render a part, then one pass over the marks.

The pass gives every figure a bookmark, every caption its number and the table of contents its entries, and
knows the document as a list of blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from traceback import walk_tb
from typing import Any

import jinja2

from reportgen.marks import BLOCK, BLOCK_KEY, CAPTION, NAME_END, REFERENCE
from reportgen.model import ERROR, Fact, Place, Problem
from reportgen.prose import Picture
from reportgen.write.blanks import present
from reportgen.write.fill import Block, Figure, Writer, blocks, figures
from reportgen.write.language import ARITHMETIC, MOST_TEXT, Raw, RefusedError, Steps, absent
from reportgen.write.prose import ProseWriter
from reportgen.write.source import DOCUMENT
from reportgen.write.template import Part, Template
from reportgen.write.toc import Heading

_CAPTIONS = re.compile(f"{CAPTION}([^{NAME_END}]*){NAME_END}([^{NAME_END}]*){NAME_END}")
_REFERENCES = re.compile(f"{REFERENCE}([^{NAME_END}]*){NAME_END}")
_RUNTIME = (jinja2.TemplateError, RefusedError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_PYTHON = {  # what Python says of the slips that only the data bring out
    "not supported between": "两边不是一类，不能比较",
    "not iterable": "for 后面应是一张表或一组内容",
    "has no len": "这不是一组内容，数不出有几个",
    "argument": "格式的括号里不是这样写",
    "bad operand": ARITHMETIC,
    "by zero": "除数是0，算不出来",
}

_Keys = dict[int, tuple[Any, ...]]


@dataclass(frozen=True)
class Rendered:
    """A rendered document: the parts that have tags; its headings and pictures, and the fact of each figure, in order.

    ``stream`` is the body with its marks still in; from that its figures and blocks are read when they are asked for.
    """

    parts: Mapping[str, bytes]
    template: Template
    stream: str
    facts: Sequence[Fact]
    shown: tuple[Fact, ...]
    headings: tuple[Heading, ...]
    pictures: tuple[Picture, ...]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """What the bookmarks of the body show, in order."""
        return tuple(figures(self.stream, self.facts))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The body as blocks, in order."""
        return tuple(blocks(self.template, self.stream))


class RenderError(Exception):
    """A value that was asked for and is not there, or can't be printed; ``problem`` says where and what."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.place} {problem.message}")
        self.problem, self.problems = problem, (problem,)


def render(template: Template, view: Mapping[str, Any], facts: Sequence[Fact], pages: Mapping[str, int] | None = None) -> Rendered:
    """Fill the template from ``view``; ``facts[n]`` is the fact that a figure marked n shows.

    ``pages`` gives page numbers for the table of contents by heading bookmark. Raises RenderError.
    """
    prose = ProseWriter(template.slots)
    streams = {part.name: _stream(template, part, view, prose) for part in template.parts}
    if template.captions:
        labels = _labels(template, streams[DOCUMENT])
        streams = {name: _referring(template, name, text, labels) for name, text in streams.items()}
    writer = Writer(template, facts)
    parts = {name: writer.furniture(text) for name, text in streams.items() if name != DOCUMENT}
    parts |= {DOCUMENT: writer.document(streams[DOCUMENT], pages or {})} | _charts(template, view)
    seen = tuple(writer.shown), tuple(writer.headings), tuple(prose.pictures)
    return Rendered(parts, template, streams[DOCUMENT], facts, *seen)


def _charts(template: Template, view: Mapping[str, Any]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for chart in template.charts:
        try:
            parts |= chart.fill(view)
        except _RUNTIME as error:
            raise RenderError(Problem("E705", ERROR, chart.place, _sentence(view, error))) from error
    return parts


class _Merges:
    """合并: what the cells above hold, by table and column; forgotten where a table begins."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[_Keys, _Keys]] = {}  # by table: the row above and this one

    def start(self, table: int) -> Raw:
        self._rows[table] = {}, {}
        return Raw("")

    def step(self, table: int) -> Raw:
        self._rows[table] = self._rows[table][1], {}
        return Raw("")

    def merge(self, table: int, column: int, key: tuple[Any, ...]) -> Raw:
        for one in key:
            present(one)
        self._rows[table][1][column] = key
        return Raw("<w:vMerge/>" if self.goes_on(table, column) else '<w:vMerge w:val="restart"/>')

    def goes_on(self, table: int, column: int) -> bool:
        above, here = self._rows[table]
        return above.get(column) == here[column]


def _stream(template: Template, part: Part, view: Mapping[str, Any], prose: ProseWriter) -> str:
    """The part as Jinja gives it, marks and all."""
    merges = _Merges()
    helpers = {"_steps": Steps(), "_start": merges.start, "_step": merges.step, "_merge": merges.merge, "_goes_on": merges.goes_on}
    context = part.jinja.new_context({**view, **helpers, "_prose": prose.write})
    pieces, left = part.jinja.root_render_func(context), MOST_TEXT
    texts: list[str] = []
    try:
        while some := list(islice(pieces, 1000)):  # a thousand at a time: what is too long must not fill the memory first
            texts.append("".join(some))
            left -= len(texts[-1])
            if left < 0:
                raise RefusedError(f"内容超过了{MOST_TEXT // 10_000}万字，请看循环是不是写多了")
        return "".join(texts)
    except _RUNTIME as error:
        raise RenderError(_problem(template, part, view, error)) from error


def _problem(template: Template, part: Part, view: Mapping[str, Any], error: Exception) -> Problem:
    """Where in the template the error arose, and what it says in Chinese."""
    frames = walk_tb(error.__traceback__)
    own = [line for frame, line in frames if frame.f_globals.get("__jinja_template__") is part.jinja]
    line = part.jinja.get_corresponding_lineno(own[-1]) if own else 0
    tag = part.tags.get(max((one for one in part.tags if one <= line), default=0))
    place = tag.place if tag else Place(template.file)
    return Problem("E705", ERROR, place, f"{tag.source if tag else part.name}：{_sentence(view, error)}")


def _sentence(view: Mapping[str, Any], error: Exception) -> str:
    said = str(error)
    if top := re.fullmatch("没有“(.+)”", said):
        return absent(top[1], view)
    if re.search("[一-鿿]", said):
        return said
    why = (chinese for words, chinese in _PYTHON.items() if words in said)
    return next(why, "这里算不出来，请检查这个标记的写法")


def _labels(template: Template, document: str) -> dict[str, str]:
    """Caption name → label such as 表2, numbered in document order."""
    counts, labels = Counter[str](), dict[str, str]()
    for found in _CAPTIONS.finditer(document):
        kind, name = found.groups()
        counts[kind] += 1
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
    return RenderError(Problem("E705", ERROR, place, message))
