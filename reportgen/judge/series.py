"""A figure over the years, and the words that follow from it, each by its stated rule (docs/vocabulary.md).

A template chooses its words by these properties; no sentence of a report stands here. Periods whose figure was
filled in for want of data stay out of every property. What can't be said of the figures there are (较上期 of a
single period) is NoFigure when a template asks for it; 首期 is "" when there is no period at all, and equals 末期
when there is one, so that a template can ask first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from reportgen.model import Fact, FactBook
from reportgen.numerals import SCALE, show

FLAT = Decimal("0.01")  # a change of less than a hundredth of the first figure is 基本持平


class NoFigure(ValueError):
    """What a template asks for can't be said of these figures; the message is a bare sentence."""


def in_order(periods: Iterable[str]) -> list[str]:
    """Years and other numbers by size; periods with names (一季度) as they stand."""
    once = list(dict.fromkeys(periods))
    return sorted(once, key=int) if all(one.isdecimal() for one in once) else once


@dataclass(frozen=True)
class Series(Mapping[str, Any]):
    """One figure by period. Its properties are worked out when a template asks for them."""

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
        """The periods with a figure of their own, the earliest first."""
        return in_order(period for period in self.points if period not in self.filled)

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last period."""
        self.needs(1)
        return self.periods[0], self.periods[-1]

    def needs(self, count: int) -> None:
        """NoFigure when there are fewer periods."""
        if len(self.periods) < count:
            have = f"只有{len(self.periods)}期数据" if self.periods else "没有数据"
            raise NoFigure(f"“{self.name}”{have}，这里至少要{count}期；可以先判断首期和末期是否相同")

    def value(self, period: str) -> Decimal:
        """The figure of a period."""
        value = self.points[period].value
        assert isinstance(value, Decimal)
        return value

    def shown(self, period: str) -> Decimal:
        """The figure as it is printed: differences are taken between these, as a reader does."""
        fact = self.points[period]
        printed = Decimal(show(self.value(period), fact.unit, fact.decimals).replace(",", "").rstrip("%‰"))
        return printed / SCALE.get(fact.unit, Decimal(1))

    def fact(self, role: str, value: Decimal, inputs: tuple[Fact, ...], unit: str | None = None, rule: str = "") -> Fact:
        """A figure worked out from the series, as a fact of its own."""
        own = inputs[0]
        unit, decimals = (own.unit, own.decimals) if unit is None else (unit, 2)
        return self.book.add(
            f"{self.name}.{role}", value, unit=unit, decimals=decimals, inputs=inputs, formula=rule or role
        )


def _end(at: int) -> Callable[[Series], str]:
    """首期 or 末期, "" when there is none."""
    return lambda one: one.ends[at] if one.periods else ""


def _change(one: Series) -> Fact:
    first, last = one.ends
    return one.fact("增减", one.shown(last) - one.shown(first), (one.points[last], one.points[first]), rule="末 - 首")


def _growth(one: Series) -> Fact:
    """年均复合增长率: (末 ÷ 首) to the power 1 ÷ years, less 1; named periods are counted."""
    one.needs(2)
    first, last = one.ends
    if one.value(first) <= 0 or one.value(last) < 0:
        raise NoFigure(f"“{one.name}”{first}的数不大于0或{last}的数小于0，算不出年均增长率")
    years = int(last) - int(first) if first.isdecimal() and last.isdecimal() else len(one.periods) - 1
    value = (one.value(last) / one.value(first)) ** (Decimal(1) / years) - 1
    return one.fact("年均增长率", value, (one.points[last], one.points[first]), "%", "(末 ÷ 首)^(1 ÷ 年数) - 1")


def _trend(one: Series) -> str:
    """持续上升, 波动上升, 持续下降, 波动下降 or 基本持平: by the ends, and by whether every step goes the same way."""
    one.needs(2)
    steps = _steps(one)
    first, last = (one.value(period) for period in one.ends)
    if first == last or abs(last - first) < abs(first) * FLAT:
        return "基本持平"
    rising = last > first
    steady = all(step >= 0 for step in steps) if rising else all(step <= 0 for step in steps)
    return ("持续" if steady else "波动") + ("上升" if rising else "下降")


def _steps(one: Series) -> list[Decimal]:
    return [one.value(after) - one.value(before) for before, after in pairwise(one.periods)]


def _before(one: Series) -> Fact:
    one.needs(2)
    return one.points[one.periods[-2]]


def _latest_change(one: Series) -> Fact:
    one.needs(2)
    before, last = one.periods[-2:]
    inputs = (one.points[last], one.points[before])
    return one.fact("较上期", one.shown(last) - one.shown(before), inputs, rule="末 - 上期")


def _extreme(best: Callable[..., str]) -> Callable[[Series], str]:
    """The period of the greatest or least figure, the latest of several; "" when there is none."""
    return lambda one: best(reversed(one.periods), key=one.value, default="")


def _record(one: Series) -> int:
    """1 when the last figure is above every earlier one."""
    figures = [one.value(period) for period in one.periods]
    return int(len(figures) > 1 and figures[-1] > max(figures[:-1]))


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


def _at(which: str) -> Callable[[Series], Fact]:
    """The figure of the period that another property names."""

    def figure(one: Series) -> Fact:
        one.needs(1)
        return one.points[one[which]]

    return figure


PROPERTIES: dict[str, Callable[[Series], Any]] = {
    "名称": lambda one: one.name,
    "首期": _end(0),
    "末期": _end(1),
    "首": _at("首期"),
    "末": _at("末期"),
    "上期": _before,
    "增减": _change,
    "较上期": _latest_change,
    "年均增长率": _growth,
    "趋势": _trend,
    "最高期": _extreme(max),
    "最低期": _extreme(min),
    "最高": _at("最高期"),
    "最低": _at("最低期"),
    "创新高": _record,
    "回落期": _falls,
    "连升期数": _rises,
    "首次满分期": _first_full,
}
