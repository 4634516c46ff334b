"""Series side by side, and what comparing them gives, each by its stated rule (docs/vocabulary.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from reportgen.judge.series import NoFigure, Series, in_order


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
        """By 年均复合增长率, the fastest first; equal ones in the rubric's order, and last those that have none."""
        rated = self.rated()
        return [*rated, *(one for one in self.members.values() if not any(one is other for other in rated))]

    def rated(self) -> list[Series]:
        """Those with a rate of growth, the fastest first."""
        rates = {name: _rate(one) for name, one in self.members.items()}
        known = {name: rate for name, rate in rates.items() if rate is not None}
        return [self.members[name] for name in sorted(known, key=lambda name: -known[name])]


def _rate(one: Series) -> Decimal | None:
    try:
        value = one["年均增长率"].value
    except NoFigure:
        return None
    assert isinstance(value, Decimal)
    return value


def _rated(at: int) -> Callable[[Group], Series]:
    """最快 or 最慢."""

    def one(group: Group) -> Series:
        rated = group.rated()
        if not rated:
            raise NoFigure(f"“{group.name}”没有一项算得出年均增长率（至少要2期数据，首期大于0）")
        return rated[at]

    return one


def _draggers(group: Group) -> dict[str, Series]:
    """For each period in which the weighted sum fell: the member that pulled it down most, by weight × its fall."""
    found = {}
    for before, after in pairwise(in_order(period for one in group.members.values() for period in one.points)):
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
    "最快": _rated(0),
    "最慢": _rated(-1),
    "拖累": _draggers,
}
