"""What the stages hand to each other: frozen values, each with the place it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import total_ordering
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from reportgen.prose import Prose

Value = Decimal | str | date | tuple[str, ...]
T = TypeVar("T")

ERROR, CONFIRM, WARNING = "error", "confirm", "warning"


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A frozen dataclass to the type checker, a plain one when running: for what is made by the thousand.

    Freezing costs a call for each field of each one made, four times the rest.
    """
    return dataclass(slots=True, unsafe_hash="__hash__" not in vars(cls))(cls)


@frozen
class Place:
    """位置: file › sheet or heading › cell or paragraph; the file is relative to the submission."""

    file: str = ""
    part: str = ""
    mark: str = ""

    def __str__(self) -> str:
        return " › ".join(piece for piece in (self.file, self.part, self.mark) if piece)


NOWHERE = Place()


@frozen
class Problem:
    """问题: something a person has to correct; ``answered`` is the reason given in 审核说明, "" while there is none.

    ``subject`` is the row's key, by which that reason finds it after rows have moved. ``lacks`` is the blank cell that
    causes it, where it shows somewhere else.
    """

    code: str
    level: str
    place: Place
    message: str
    hint: str = ""
    subject: str = ""
    answered: str = ""
    lacks: Place | None = None

    @property
    def blocks(self) -> bool:
        """强制性 always, 核实性 until a reason stands, 提示性 never."""
        return self.level == ERROR or (self.level == CONFIRM and not self.answered)


@total_ordering
@frozen
class Fact:
    """数据项: a named value. ``places`` are the cells it rests on; a per cent is a fraction.

    ``number`` is its index in ``book``; figures in the document refer to it. ``formula`` is "" for what was typed;
    ``arithmetic`` is the same with its numbers, marked, as a reader checks it: 3,418.63÷13,966.91×100%＝24.48%.
    ``inputs`` are the facts it was worked out from, ``before`` is the same figure a year earlier. ``typed`` is how it
    prints where that differs from its value (2022年6月底). They compare as their values, so a template may ask ``率 > 0``.
    """

    number: int
    name: str
    value: Value
    unit: str = ""
    places: tuple[Place, ...] = ()
    formula: str = ""
    decimals: int | None = None
    inputs: tuple[Fact, ...] = ()
    arithmetic: str = ""
    typed: str = ""
    before: Fact | None = None
    book: FactBook | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, Fact) else other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: Any) -> bool:
        mine: Any = self.value
        return bool(mine < (other.value if isinstance(other, Fact) else other))

    def __bool__(self) -> bool:
        return bool(self.value)

    def called(self, name: str, before: Fact | None = None) -> Fact:
        """The same fact by another name, with that of the year before."""
        return Fact(self.number, name, self.value, self.unit, self.places, self.formula, self.decimals, self.inputs,
                    self.arithmetic, self.typed, before, self.book)  # fmt: skip


class FactBook:
    """Every fact of one submission in the order made; the ledger and the document number them alike."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.facts = [*facts]

    def add(
        self, name: str, value: Value, *, unit: str = "", places: tuple[Place, ...] | None = None, formula: str = "",
        decimals: int | None = None, inputs: tuple[Fact, ...] = (), arithmetic: str = "", typed: str = "",
        before: Fact | None = None,
    ) -> Fact:  # fmt: skip
        """Make the next fact. One worked out rests on the cells of its ``inputs``."""
        if places is None:
            places = tuple(dict.fromkeys(place for one in inputs for place in one.places))
        number = len(self.facts)
        fact = Fact(number, name, value, unit, places, formula, decimals, inputs, arithmetic, typed, before, self)
        self.facts.append(fact)
        return fact


def leaves(fact: Fact) -> Iterator[Fact]:
    """The typed facts that a fact rests on, itself when it was typed, each once."""
    seen: set[int] = set()
    waiting = [fact]
    for one in waiting:  # which grows meanwhile
        if one.number not in seen:
            seen.add(one.number)
            waiting.extend(one.inputs)
            if not one.formula:
                yield one


@frozen
class Row:
    """One row of a long table: column name → fact. A blank cell has no fact, but ``place_of`` still names it."""

    key: str
    cells: Mapping[str, Fact]
    places: Mapping[str, Place]
    number: int = 0

    def place_of(self, column: str) -> Place:
        """Where the column's cell is, or would be."""
        return self.places.get(column, NOWHERE)


@frozen
class Table:
    """A sheet as a long table; ``total`` is the 合计 row that staff typed, kept apart."""

    name: str
    rows: tuple[Row, ...]
    total: Row | None = None
    place: Place = NOWHERE

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


@frozen
class Submission:
    """报送材料 as read: tables, single facts by name, prose by slot; ``zeros`` are the (row key, name) divided by 0."""

    folder: str
    kind: str
    edition: str
    tables: Mapping[str, Table]
    facts: Mapping[str, Fact]
    prose: Mapping[str, Prose]
    book: FactBook
    zeros: frozenset[tuple[str, str]] = frozenset()  # the rule that needs one says what it means
    unit: str = ""
    year: str = ""


@frozen
class CriterionScore:
    """One 计分项: what was asked, what it gave, and the facts it rests on. ``text`` is its explanation, marked."""

    name: str
    rule: str
    points: Decimal
    earned: Decimal
    text: str
    value: Fact | None = None
    evidence: tuple[Fact, ...] = ()
    computed: Decimal | None = None
    material: str = ""


@frozen
class IndicatorScore:
    """One 三级指标. ``points``, ``earned``, ``lost`` are facts, so that the document can show and trace them."""

    level1: str
    level2: str
    level3: str
    points: Fact
    earned: Fact
    lost: Fact
    explanation: str
    criteria: tuple[CriterionScore, ...]
    reason: str = ""
    remedy: str = ""
    definition: str = ""
    standard: str = ""
    reading: str = ""
    filled: bool = False


@frozen
class Group:
    """A 一级 or 二级 indicator: its points and what its indicators earned."""

    name: str
    level: int
    points: Fact
    earned: Fact
    parent: str = ""


@frozen
class Loss:
    """One block of 存在的问题及改进措施: several indicators may share one cause."""

    title: str
    indicators: tuple[IndicatorScore, ...]
    reason: str
    remedy: str


@frozen
class Scorecard:
    """评分表, scored."""

    total: Fact
    grade: Fact
    groups: tuple[Group, ...]
    indicators: tuple[IndicatorScore, ...]
    losses: tuple[Loss, ...] = ()
