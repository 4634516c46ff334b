"""A Word template, compiled once: its structure is settled on the XML tree, and filling it is one string pass.

In the compiled source every run is ``\\x02 opening tags \\x10 text \\x03``, and every block begins ``\\x1e key \\x1f``;
see ``render``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta, nodes

from reportgen.write.archive import Entry, deflated
from reportgen.write.chart import ChartSlot, find_charts
from reportgen.write.language import FUNCTIONS, Dialect
from reportgen.write.lift import lift, lift_columns, merge_cells, read_tags, settle
from reportgen.write.prose import Slot, Styles
from reportgen.write.runs import mark_blocks, mark_runs, place_toc
from reportgen.write.source import CORE, STYLES, TemplateError, add_item, open_template
from reportgen.write.tags import LEFT_OVER, TAG, Element, T, Tag, W
from reportgen.write.toc import Toc
from reportgen.write.tree import BlockKind, PartTree, Shared

NAMESPACE = "urn:reportgen:provenance"
_STORIES = (W + "document", W + "hdr", W + "ftr")
_BOOKMARK = W + "bookmarkStart"


@dataclass(frozen=True, slots=True)
class Part:
    """One part with tags, compiled; ``tags`` by the line of the compiled source on which each stands."""

    name: str
    tree: nodes.Template
    jinja: jinja2.Template
    tags: Mapping[int, Tag]


@dataclass(frozen=True)
class Template:
    """A compiled template. ``names`` are the top-level names it uses.

    ``static`` are the parts that never change, ``traced`` those beside or instead of them where the provenance is
    written, as part ``item``; ``first_id`` is the first free bookmark id.
    """

    file: str
    names: frozenset[str]
    parts: tuple[Part, ...]
    blocks: Mapping[str, BlockKind]
    slots: tuple[Slot, ...]
    toc: Toc | None
    captions: bool
    static: Mapping[str, Entry]
    traced: Mapping[str, Entry]
    item: str
    first_id: int
    charts: tuple[ChartSlot, ...] = ()


def compile_template(path: Path, formats: Mapping[str, Callable[..., Any]]) -> Template:
    """Compile a .docx; ``formats`` are the filters it may use. Raises TemplateError with every problem found."""
    source = open_template(path)
    shared = Shared(source, Dialect(formats), Styles(source.roots.get(STYLES)))
    stories = {name: root for name, root in source.roots.items() if root.tag in _STORIES}
    ids = [one.get(W + "id", "") for root in stories.values() for one in root.iter(_BOOKMARK)]
    drafts = {name: _arranged(PartTree(shared, root)) for name, root in stories.items() if _is_dynamic(root)}
    charts = tuple(find_charts(source, shared.language))
    if source.problems:
        raise TemplateError(tuple(source.problems), tuple(_sound(shared.language, drafts.values())))
    drawn = {name for chart in charts for name in (chart.part, chart.workbook)}
    trees = {name: shared.language.parse(text) for name, (text, _) in drafts.items()}
    used = set[str]().union(*map(meta.find_undeclared_variables, trees.values()))
    static = {name: deflated(source.xml(name), 9) for name in sorted(source.raw) if name not in {CORE, *drafts, *drawn}}
    item, around = add_item(source, NAMESPACE)  # after ``static``: only what carries the provenance is declared to have it
    return Template(
        file=path.name,
        names=frozenset(name for name in used if not name.startswith("_")),
        parts=tuple(Part(name, trees[name], shared.language.from_string(trees[name]), tags) for name, (_, tags) in drafts.items()),
        blocks=shared.blocks,
        slots=tuple(shared.slots),
        toc=shared.toc,
        captions=any(name in text for text, _ in drafts.values() for name in FUNCTIONS),
        static=static,
        traced={name: deflated(part, 9) for name, part in around.items()},
        item=item,
        first_id=1 + max((int(number) for number in ids if number.isdigit()), default=0),
        charts=charts,
    )


def _sound(language: Dialect, drafts: Iterable[tuple[str, dict[int, Tag]]]) -> Iterator[tuple[nodes.Template, dict[int, Tag]]]:
    """The parts that can be read although some of their tags can't; one with an open end can't."""
    for text, tags in drafts:
        with suppress(jinja2.TemplateSyntaxError):
            yield language.parse(text), tags


def _is_dynamic(root: Element) -> bool:
    """The body always; a header or footer if anything in it looks like a tag."""
    text = "".join(text.text or "" for text in root.iter(T))
    return root.tag == W + "document" or TAG.search(text) is not None or LEFT_OVER.search(text) is not None


def _arranged(tree: PartTree) -> tuple[str, dict[int, Tag]]:
    """Settle the structure of one part; its Jinja source and the tag on each line of that."""
    read_tags(tree)
    place_toc(tree)
    lift_columns(tree)
    for unit in ("tr", "tc", "p"):
        lift(tree, unit)
    merge_cells(tree)
    mark_blocks(tree)
    mark_runs(tree)
    settle(tree)
    return tree.written()
