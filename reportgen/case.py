"""One submission on its way through the program: what every stage has found so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.judge.losses import full_explanation
from reportgen.judge.periods import Trends
from reportgen.model import CONFIRM, WARNING, Problem, Scorecard, Submission

SHOWN = 5  # so many places of one problem are listed

MADE, UNCHANGED, FAILED = "made", "unchanged", "failed"


@dataclass(slots=True)
class Case:
    """One submission on its way: what is known of it so far, and every problem met.

    ``cards`` and ``trends`` only where the rubric is evaluated once a period; ``card`` is then the last one.
    A ``draft`` is made of what there is: what is missing is marked, and blocks nothing.
    """

    folder: Path
    draft: bool = False
    problems: list[Problem] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    edition: str = ""
    kind: Kind | None = None
    rubric: Rubric | None = None
    submission: Submission | None = None
    card: Scorecard | None = None
    cards: dict[str, Scorecard] = field(default_factory=dict)
    trends: Trends | None = None

    @property
    def blocked(self) -> bool:
        """Whether any problem keeps the report from being written."""
        return any(problem.blocks for problem in self.problems)

    @property
    def ready(self) -> bool:
        """Whether everything is there that a document is made from."""
        return bool(self.submission and self.kind and (self.card or self.draft or not self.kind.scored))

    def explanations(self) -> dict[str, str]:
        """The full explanation of each indicator that lost points, by its name."""
        if not self.rubric or not self.card:
            return {}
        return {one.level3: full_explanation(one, self.rubric) for one in self.card.indicators}


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: the report of one submission under ``out``.

    ``twin``: another one has the same name. ``dry``: only say what would be made. ``force``: even what has not changed.
    """

    folder: Path
    out: Path
    draft: bool = False
    force: bool = False
    dry: bool = False
    twin: bool = False
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one submission: a receipt, small enough to go from process to process.

    ``files``: the document and its ledger. ``left``: older documents that still stand there. ``total`` and ``points``
    (of the level-1 indicators, by name) as shown, "" and {} where nothing is scored. ``contents``: the document has a
    table of contents, whose page numbers only Word can fill in. ``pending``: how many places a draft still has open.
    ``why``: what a dry run would make it for.
    """

    folder: Path
    status: str
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()
    edition: str = ""
    unit: str = ""
    year: str = ""
    total: str = ""
    grade: str = ""
    points: dict[str, str] = field(default_factory=dict)
    contents: bool = False
    pending: int = 0
    draft: bool = False
    why: str = ""

    @property
    def blocking(self) -> list[Problem]:
        """The problems that keep, or should have kept, the report from being written."""
        return [problem for problem in self.problems if problem.blocks]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and sheet as they first come, then by row and column, or by paragraph."""
    first: dict[tuple[str, ...], int] = {}
    for number, problem in enumerate(listed := list(problems)):
        first.setdefault((problem.place.file,), number)
        first.setdefault((problem.place.file, problem.place.part), number)

    def position(one: Problem) -> tuple[int | str, ...]:
        column, row = re.fullmatch(r"(\D*)(\d*).*", one.place.mark, re.DOTALL).groups()  # type: ignore[union-attr]
        return first[one.place.file,], first[one.place.file, one.place.part], int(row or 0), len(column), column

    return sorted(listed, key=position)


def together(problems: Iterable[Problem]) -> Iterator[Problem]:
    """In order, those that say the same on one sheet as one: B2、B3、B4、B5、B6等37处.

    Many warnings of one code are one too, the first for an example; what needs an answer of its own stays alone.
    """
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for one in in_order(problems):
        own = one.message if one.level != WARNING else "", one.subject if one.level == CONFIRM else ""
        key = one.code, one.level, one.place.file, one.place.part, one.hint, one.answered, *own
        alike.setdefault(key, []).append(one)
    for group in alike.values():
        same = len({one.message for one in group}) == 1
        if len(group) == 1 or not (same or len(group) > SHOWN):
            yield from group
            continue
        marks = "、".join(dict.fromkeys(one.place.mark for one in group[:SHOWN] if one.place.mark))
        place = replace(group[0].place, mark=marks + (f"等{len(group)}处" if len(group) > SHOWN else ""))
        yield replace(group[0], place=place, message=("" if same else "如") + group[0].message)
