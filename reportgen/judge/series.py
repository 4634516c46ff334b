"""Figures over the years, and the words that follow from them, each by its stated rule (docs/vocabulary.md).

A template chooses its words by these properties; no sentence stands here. Periods whose figure was filled in
for want of data stay out of every property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from reportgen.model import Fact, FactBook
from reportgen.numerals import round_half_up

PLACES = 2
FLAT = Decimal("0.01")  # a change of less than a hundredth of the first figure is 基本持平


@dataclass(frozen=True)
class Series(Mapping[str, Any]):
    """One figure by period, in order. Its properties are worked out when a template asks for them."""

    name: str
    points: Mapping[str, Fact]
    book: FactBook
    filled: frozenset[str] = frozenset()
    full: Decimal | None = None
    known: dict[str, Any] = field(default_factory=dict, compare=False)

    def __getitem__(self, key: str) -> Any:
        if key not in PROPERTIES:
            return self.points[key]
        if key not in self.known:
            self.known[key] = PROPERTIES[key](self)
        return self.known[key]

    def __iter__(self) -> Iterator[str]:
        yield from (*PROPERTIES, *self.points)

    def __len__(self) -> int:
        return len(PROPERTIES) + len(self.points)

    @cached_property
    def periods(self) -> list[str]:
        """The periods with a figure of their own."""
        return [period for period in self.points if period not in self.filled]

    def value(self, period: str) -> Decimal:
        """The figure of a period."""
        value = self.points[period].value
        assert isinstance(value, Decimal)
        return value

    def shown(self, period: str) -> Decimal:
        """The figure as it is printed: differences are taken between these, as a reader does."""
        decimals = self.points[period].decimals
        return round_half_up(self.value(period), PLACES if decimals is None else decimals)

    def fact(self, role: str, value: Decimal, inputs: tuple[Fact, ...], unit: str | None = None, rule: str = "") -> Fact:
        """A figure worked out from the series, as a fact of its own."""
        places = tuple(dict.fromkeys(place for one in inputs for place in one.places))
        own = inputs[0]
        unit, decimals = (own.unit, own.decimals) if unit is None else (unit, 2)
        return self.book.add(
            f"{self.name}.{role}", value, unit=unit, decimals=decimals, inputs=inputs, places=places, formula=rule or role
        )


def _ends(one: Series) -> tuple[str, str]:
    return one.periods[0], one.periods[-1]


def _change(one: Series) -> Fact:
    first, last = (one.points[period] for period in _ends(one))
    return one.fact("增减", one.shown(_ends(one)[1]) - one.shown(_ends(one)[0]), (last, first), rule="末 - 首")


def _growth(one: Series) -> Fact:
    """年均复合增长率: (末 ÷ 首) to the power 1 ÷ years, less 1."""
    first, last = _ends(one)
    years = int(last) - int(first)
    ratio = one.value(last) / one.value(first)
    value = ratio ** (Decimal(1) / years) - 1 if years and ratio > 0 else Decimal(0)
    return one.fact("年均增长率", value, (one.points[last], one.points[first]), "%", "(末 ÷ 首)^(1 ÷ 年数) - 1")


def _trend(one: Series) -> str:
    """持续上升, 波动上升, 持续下降, 波动下降 or 基本持平: by the ends, and by whether every step goes the same way."""
    steps = _steps(one)
    first, last = (one.value(period) for period in _ends(one))
    if abs(last - first) < abs(first) * FLAT:
        return "基本持平"
    rising = last > first
    steady = all(step >= 0 for step in steps) if rising else all(step <= 0 for step in steps)
    return ("持续" if steady else "波动") + ("上升" if rising else "下降")


def _steps(one: Series) -> list[Decimal]:
    return [one.value(after) - one.value(before) for before, after in pairwise(one.periods)]


def _latest_change(one: Series) -> Fact:
    before, last = one.points[one.periods[-2]], one.points[one.periods[-1]]
    return one.fact("较上期", one.shown(one.periods[-1]) - one.shown(one.periods[-2]), (last, before), rule="末 - 上期")


def _extreme(best: Callable[..., str]) -> Callable[[Series], str]:
    """The period of the greatest or least figure; the latest of several."""
    return lambda one: best(reversed(one.periods), key=one.value)


def _falls(one: Series) -> list[str]:
    return [after for before, after in pairwise(one.periods) if one.value(after) < one.value(before)]


def _rises(one: Series) -> int:
    """How many periods in a row, up to the last, rose."""
    count = 0
    for step in reversed(_steps(one)):
        if step <= 0:
            break
        count += 1
    return count


def _first_full(one: Series) -> str:
    """The first period at the full mark, "" when there is none."""
    return next((period for period in one.periods if one.full is not None and one.value(period) >= one.full), "")


PROPERTIES: dict[str, Callable[[Series], Any]] = {
    "名称": lambda one: one.name,
    "首期": lambda one: _ends(one)[0],
    "末期": lambda one: _ends(one)[1],
    "首": lambda one: one.points[_ends(one)[0]],
    "末": lambda one: one.points[_ends(one)[1]],
    "上期": lambda one: one.points[one.periods[-2]],
    "增减": _change,
    "较上期": _latest_change,
    "年均增长率": _growth,
    "趋势": _trend,
    "最高期": _extreme(max),
    "最低期": _extreme(min),
    "最高": lambda one: one.points[one["最高期"]],
    "最低": lambda one: one.points[one["最低期"]],
    "创新高": lambda one: int(one["最高期"] == one.periods[-1] and _steps(one)[-1] > 0),
    "回落期": _falls,
    "连升期数": _rises,
    "首次满分期": _first_full,
}


@dataclass(frozen=True)
class Group(Mapping[str, Any]):
    """Series side by side, in the rubric's order: the members by name, and what comparing them gives."""

    name: str
    members: Mapping[str, Series]
    weights: Mapping[str, Decimal] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return COMPARISONS[key](self) if key in COMPARISONS else self.members[key]

    def __iter__(self) -> Iterator[str]:
        yield from (*COMPARISONS, *self.members)

    def __len__(self) -> int:
        return len(COMPARISONS) + len(self.members)

    def ranked(self) -> list[Series]:
        """By 年均复合增长率, the fastest first; equal ones in the rubric's order."""
        return sorted(self.members.values(), key=lambda one: -one["年均增长率"].value)


def _draggers(group: Group) -> dict[str, Series]:
    """For each period in which the weighted sum fell: the member that pulled it down most, by weight × its fall."""
    periods = next(iter(group.members.values())).periods if group.members else []
    found = {}
    for before, after in pairwise(periods):
        moves = {name: _move(group, name, before, after) for name in group.members}
        if sum(moves.values(), Decimal(0)) < 0:
            found[after] = group.members[min(moves, key=lambda name: moves[name])]
    return found


def _move(group: Group, name: str, before: str, after: str) -> Decimal:
    one = group.members[name]
    if before not in one.points or after not in one.points:
        return Decimal(0)
    return group.weights.get(name, Decimal(1)) * (one.value(after) - one.value(before))


COMPARISONS: dict[str, Callable[[Group], Any]] = {
    "各项": lambda group: list(group.members.values()),
    "排名": lambda group: group.ranked(),
    "最快": lambda group: group.ranked()[0],
    "最慢": lambda group: group.ranked()[-1],
    "拖累": _draggers,
}
