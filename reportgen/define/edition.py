"""An edition by its name, self_evaluation/luohu-2024: its kind, and its rubric where the kind is scored.

The edition's rubric.yaml is laid over that of the edition it goes by (沿用), and all that over kind.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from reportgen import editions
from reportgen.define.fields import fields_of
from reportgen.define.kind import Kind, read_kind
from reportgen.define.overlay import Said, overlay
from reportgen.define.rubric import RUBRIC_KEYS, Rubric, read_rubric
from reportgen.define.source import DefinitionError, compose, problem_at
from reportgen.model import ERROR, Place, Problem
from reportgen.shown import nearest

KIND, RUBRIC, TEMPLATE = "kind.yaml", "rubric.yaml", "report.docx"
EXTENDS = "沿用"


def open_edition(name: str) -> tuple[Kind, Rubric | None]:
    """The edition's kind and rubric. NoEdition where there is none, DefinitionError with every mistake in its files."""
    kind_name, _, edition = name.partition("/")
    if not kind_name or not edition:
        raise editions.NoEdition(name)
    kind_path = editions.find(kind_name, KIND)
    rubrics = tuple(_rubrics(name))
    if not rubrics:  # only a kind that is not scored may have an edition without
        editions.find(kind_name, edition, TEMPLATE)
    kind, rubric, _ = _load(kind_path, rubrics)
    if kind.scored and rubric is None:
        editions.find(kind_name, edition, RUBRIC)
    return kind, rubric


def remarks(name: str) -> tuple[Problem, ...]:
    """What may be a slip in the edition's own rubric.yaml; raises as ``open_edition`` does."""
    open_edition(name)
    found = _load(editions.find(name.partition("/")[0], KIND), tuple(_rubrics(name)))[2]
    return tuple(one for one in found if one.place.file == f"{name}/{RUBRIC}")


def edition_template(name: str) -> Path:
    """The edition's Word template, or that of the edition it goes by; NoEdition when none has one."""
    kind_name, _, edition = name.partition("/")
    own = [name, *(one for one, _ in _rubrics(name) if one != name)]
    for one in own:
        with suppress(editions.NoEdition):
            return editions.find(*one.split("/"), TEMPLATE)
    raise editions.NoEdition(f"templates/{kind_name}/{edition}/{TEMPLATE}")


def edition_files(name: str) -> dict[str, Path]:
    """Every file that the edition is made of, by its name under templates; NoEdition when one is missing."""
    kind_name = name.partition("/")[0]
    template = edition_template(name)
    files = {f"{kind_name}/{KIND}": editions.find(kind_name, KIND), "/".join(template.parts[-3:]): template}
    return files | {f"{edition}/{RUBRIC}": path for edition, path in _rubrics(name)}


def _rubrics(name: str) -> Iterator[tuple[str, Path]]:
    """The rubric.yaml of the edition and of those it goes by, the nearest first, each with its edition's name."""
    seen: set[str] = set()
    while name:
        if name in seen:
            place = Place(f"{name}/{RUBRIC}")
            raise DefinitionError((Problem("D03", ERROR, place, f"“{EXTENDS}”绕了一圈又回到自己"),))
        seen.add(name)
        try:
            path = editions.find(*name.split("/"), RUBRIC)
        except editions.NoEdition:
            return
        yield name, path
        name = _parent(path, name)


@lru_cache(maxsize=64)
def _parent(path: Path, name: str) -> str:
    """The edition that a rubric.yaml goes by, "" for none; DefinitionError when there is no such edition."""
    fields = fields_of(compose(path, f"{name}/{RUBRIC}"))
    edition = fields.text(EXTENDS, "")
    if not edition:
        return ""
    kind_name, known = name.partition("/")[0], {*editions.editions()}
    parent = f"{kind_name}/{edition.rpartition('/')[2]}"
    if parent not in known:
        fields.complain(f"没有“{parent}”这个版本{nearest(parent, known - {name})}", EXTENDS, "D03")
        fields.source.finish()
    return parent


@lru_cache(maxsize=64)
def _load(kind_path: Path, rubrics: tuple[tuple[str, Path], ...]) -> tuple[Kind, Rubric | None, tuple[Problem, ...]]:
    """The kind with all rubrics laid over it, the furthest first; and what may be a slip in them."""
    name = kind_path.parent.name
    root = compose(kind_path, f"{name}/{KIND}")
    said: Said = []
    for edition, path in reversed(rubrics):
        root = overlay(root, compose(path, f"{edition}/{RUBRIC}"), said)
    fields = fields_of(root)
    for node, message, level in said:
        if level == ERROR:
            fields.source.complain(node, message)
    kind = read_kind(name, fields, (EXTENDS, *(RUBRIC_KEYS if "评分" in fields else ())))
    rubric = read_rubric(fields, kind) if rubrics and kind.scored else None
    return kind, rubric, tuple(problem_at(node, "D02", message, level) for node, message, level in said)
