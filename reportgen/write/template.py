"""A Word template, compiled once: its structure is settled on the XML tree, and filling it is one string pass.

In the compiled source every run is ``\\x02 key \\x10 text \\x03``, where the key stands for the run's formatting,
and every block begins ``\\x1e key \\x1f``; see ``render``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta

from reportgen.model import Place, Problem
from reportgen.write.archive import CONTENT_TYPES, Entry, deflated
from reportgen.write.language import FUNCTIONS, Dialect
from reportgen.write.layout import PartCompiler
from reportgen.write.prose import Slot, Styles
from reportgen.write.source import (
    CORE,
    DOCUMENT,
    DOCUMENT_RELS,
    STYLES,
    Source,
    TemplateError,
    add_relationship,
    add_type,
    open_template,
    safe_name,
)
from reportgen.write.tags import Element, Tag, W
from reportgen.write.toc import Toc

_ITEM = r"customXml/item(\d+)\.xml"
_ITEM_PROPS = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


@dataclass(frozen=True, slots=True)
class BlockKind:
    """What a block key stands for: id, paragraph or row, outline level (0: no heading), place in the template."""

    id: str
    kind: str
    level: int
    place: Place


@dataclass(frozen=True, slots=True)
class Part:
    """One part with tags, compiled; ``tags`` by the line of the compiled source on which each stands."""

    name: str
    jinja: jinja2.Template
    tags: Mapping[int, Tag]


@dataclass(frozen=True)
class Template:
    """A compiled template. ``names`` are the top-level names it uses.

    ``runs`` are the opening tags by run key; ``static`` the parts that never change, ``traced`` those that
    replace them where the provenance is written, as customXml item ``item``; ``first_id`` the first free bookmark id.
    """

    file: str
    names: frozenset[str]
    parts: tuple[Part, ...]
    runs: Mapping[str, str]
    blocks: Mapping[str, BlockKind]
    slots: tuple[Slot, ...]
    toc: Toc | None
    captions: bool
    static: Mapping[str, Entry]
    traced: Mapping[str, Entry]
    item: int
    first_id: int


@dataclass
class Shared:
    """What the parts of one template have in common while it is compiled."""

    source: Source
    language: Dialect
    styles: Styles
    runs: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, BlockKind] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    toc: Toc | None = None

    def run_key(self, opening: str) -> str:
        """The key of a run's opening tags; equal ones share a key."""
        return self.runs.setdefault(opening, str(len(self.runs)))

    def block(self, key: str, kind: str, level: int, place: Place, number: str = "") -> str:
        """Note a block and return its key; ``number`` is its id where several keys share one."""
        self.blocks[key] = BlockKind(number or key, kind, level, place)
        return key


def compile_template(path: Path, formats: Mapping[str, Callable[..., Any]]) -> Template:
    """Compile a .docx; ``formats`` are the filters it may use. Raises TemplateError with every problem found."""
    source = open_template(path)
    shared = Shared(source, Dialect(formats), Styles(source.roots.get(STYLES)))
    stories = {name: root for name, root in source.roots.items() if root.tag in (W + "document", W + "hdr", W + "ftr")}
    first_id = 1 + max((_bookmark_id(one) for root in stories.values() for one in root.iter(W + "bookmarkStart")), default=0)
    compilers = [PartCompiler(shared, name, root) for name, root in stories.items()]
    drafts = [compiler.arrange() for compiler in compilers if compiler.dynamic]
    if source.problems:
        raise TemplateError(tuple(source.problems))
    parts = tuple(_compile(shared, name, text, tags) for name, text, tags in drafts)
    static = {name for name in source.raw if name != CORE} - {part.name for part in parts}
    plain = {name: deflated(source.xml(name)) for name in sorted(static)}
    item, traced = _traced(source)
    runs = {key: opening for opening, key in shared.runs.items()}
    return Template(
        path.name, frozenset(shared.names), parts, runs, shared.blocks, tuple(shared.slots), shared.toc,
        any(name in text for _, text, _ in drafts for name in FUNCTIONS), plain, traced, item, first_id,
    )  # fmt: skip


def _bookmark_id(element: Element) -> int:
    number = element.get(W + "id", "")
    return int(number) if number.isdigit() else 0


def _compile(shared: Shared, name: str, text: str, tags: Mapping[int, Tag]) -> Part:
    tree = shared.language.parse(text)
    shared.names |= {one for one in meta.find_undeclared_variables(tree) if not one.startswith("_")}
    return Part(name, shared.language.from_string(tree), tags)


def _traced(source: Source) -> tuple[int, dict[str, Entry]]:
    """The number of the customXml item for the provenance, and the parts that change where it is there."""
    item = safe_name(_ITEM, iter(source.raw))
    add_type(source, f"/customXml/itemProps{item}.xml", _ITEM_PROPS)
    add_relationship(source.roots[DOCUMENT_RELS], "customXml", f"../customXml/item{item}.xml")
    return item, {name: deflated(source.xml(name)) for name in (CONTENT_TYPES, DOCUMENT_RELS)}


__all__ = ["BlockKind", "Part", "Problem", "Template", "TemplateError", "compile_template"]
