"""An edition by its name, self_evaluation/luohu-2024: its kind, and its rubric where the kind is scored."""

from __future__ import annotations

from reportgen import editions
from reportgen.define.kind import Kind, load_kind
from reportgen.define.rubric import Rubric, load_rubric


def open_edition(name: str) -> tuple[Kind, Rubric | None]:
    """The edition's kind and rubric. NoEdition where there is none, DefinitionError with every mistake in its files."""
    kind_name, _, edition = name.partition("/")
    if not kind_name or not edition:
        raise editions.NoEdition(name)
    kind = load_kind(editions.find(kind_name, "kind.yaml").parent, kind_name)
    path = editions.find(kind_name, edition, "rubric.yaml" if kind.scored else "report.docx")
    return kind, load_rubric(path.parent, name, kind) if kind.scored else None
