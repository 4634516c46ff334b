"""A rubric evaluated once a period: the same indicators for each year of the data, gaps filled afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from reportgen.define import rules
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.judge.asking import Scored
from reportgen.judge.facts import Derived
from reportgen.judge.group import Group
from reportgen.judge.scoring import Tally, ask_all, open_desk, sum_up
from reportgen.judge.series import Series, in_order
from reportgen.model import ERROR, Fact, IndicatorScore, Place, Problem, Scorecard
from reportgen.numerals import show

HUNDRED = Decimal(100)


def score_periods(kind: Kind, rubric: Rubric, derived: Derived) -> tuple[dict[str, Scorecard], list[Problem]]:
    """A scorecard for each period in order; none when one could not be scored."""
    desk = open_desk(kind, rubric, derived)
    asked: dict[str, list[Tally]] = {}
    periods = _periods(kind, derived)
    desk.problems += _jumps(periods)
    for period, fact in periods.items():
        derived.facts[kind.period_name] = fact
        tallies = ask_all(desk)
        if tallies is not None:
            asked[period] = tallies
    derived.facts.pop(kind.period_name, None)
    if desk.problems:
        return {}, desk.problems
    filled = _filled(asked)
    cards = {}
    for period, tallies in filled.items():
        desk.label = f"{period}·"
        cards[period] = sum_up(desk, tallies)
    return cards, list(dict.fromkeys(desk.problems)) + list(_no_data(desk.file(), asked))


def _periods(kind: Kind, derived: Derived) -> dict[str, Fact]:
    """The periods in the data, each with the first cell that names it."""
    table, _, column = kind.period_column.partition(".")
    facts = [row.cells[column] for row in derived.tables[table].rows if column in row.cells]
    named: dict[str, Fact] = {}
    for fact in facts:
        named.setdefault(show(fact.value, fact.unit) if isinstance(fact.value, Decimal) else str(fact.value), fact)
    return {period: named[period] for period in in_order(named)}


def _jumps(periods: Mapping[str, Fact]) -> Iterator[Problem]:
    """Years that the data leave out: what the report says of the year before would be of another one."""
    for before, after in pairwise(periods):
        missing = range(int(before) + 1, int(after)) if before.isdecimal() and after.isdecimal() else ()
        if missing:
            message = f"{before}后面就是{after}，缺{'、'.join(map(str, missing))}"
            yield Problem("E514", ERROR, periods[after].places[0], message, "请补上缺的，没有数的格子可以空着")


def _filled(asked: Mapping[str, Sequence[Tally]]) -> dict[str, list[Tally]]:
    """历期最低: a gap takes the least that its own line earned in any period with data."""
    least: dict[tuple[str, int], Decimal] = {}
    for tallies in asked.values():
        for tally in tallies:
            for one in tally.lines:
                if not one.filled:
                    key, earned = (tally.name[2], one.line.ordinal), one.line.outcome.earned
                    least[key] = min(least.get(key, earned), earned)
    return {period: [_with_least(tally, least) for tally in tallies] for period, tallies in asked.items()}


def _with_least(tally: Tally, least: Mapping[tuple[str, int], Decimal]) -> Tally:
    def line(one: Scored) -> Scored:
        earned = least.get((tally.name[2], one.line.ordinal))
        if not one.filled or earned is None:
            return one
        return replace(one, line=replace(one.line, outcome=rules.Outcome(earned)))

    return replace(tally, lines=tuple(map(line, tally.lines)))


def _no_data(file: str, asked: Mapping[str, Sequence[Tally]]) -> Iterator[Problem]:
    """A line that is a gap in every period can't be filled from any."""
    lines = [(tally.name[2], one) for tallies in asked.values() for tally in tallies for one in tally.lines]
    known = {(name, one.line.ordinal) for name, one in lines if not one.filled}
    for name in dict.fromkeys(name for name, one in lines if (name, one.line.ordinal) not in known):
        yield Problem("E509", ERROR, Place(file, name), f"“{name}”各期都没有数据", "请至少填一期")


# --- series --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trends:
    """The scores as series on the scale of 0–100: the total, and each level's members by name."""

    total: Series
    levels: tuple[Group, Group, Group]
    below: Mapping[str, Group]


def trends(cards: Mapping[str, Scorecard], derived: Derived) -> Trends:
    """Series of every score. A group whose every indicator was filled in counts as filled in that period."""
    last = list(cards.values())[-1]
    total = _scaled("总分", [one.level3 for one in last.indicators], cards, derived)
    members: dict[str, list[IndicatorScore]] = {}
    for one in last.indicators:
        for name in dict.fromkeys((one.level1, one.level2, one.level3)):
            members.setdefault(name, []).append(one)
    series = {name: _scaled(name, [one.level3 for one in group], cards, derived) for name, group in members.items()}
    weights = {name: sum((_value(one.points) for one in group), Decimal(0)) for name, group in members.items()}

    def group(name: str, names: Sequence[str]) -> Group:
        return Group(name, {one: series[one] for one in dict.fromkeys(names)}, weights)

    levels = tuple(group(level, [getattr(one, level) for one in last.indicators]) for level in ("level1", "level2", "level3"))
    below = {name: group(name, [one.level3 for one in inside]) for name, inside in members.items()}
    below |= {one.level1: group(one.level1, [i.level2 for i in members[one.level1]]) for one in last.indicators}
    return Trends(total, (levels[0], levels[1], levels[2]), below)


def _scaled(name: str, names: Sequence[str], cards: Mapping[str, Scorecard], derived: Derived) -> Series:
    points: dict[str, Fact] = {}
    filled = set()
    for period, card in cards.items():
        inside = [one for one in card.indicators if one.level3 in names]
        worth = sum((_value(one.points) for one in inside), Decimal(0))
        earned = sum((_value(one.earned) for one in inside), Decimal(0))
        if not worth:  # no points to be had, told of as E501
            continue
        points[period] = derived.book.add(
            f"{period}·{name}.百分制得分", earned / worth * HUNDRED, decimals=2,
            inputs=tuple(one.earned for one in inside), formula="得分 ÷ 分值 × 100",
        )  # fmt: skip
        if all(one.filled for one in inside):
            filled.add(period)
    return Series(name, points, derived.book, frozenset(filled), HUNDRED)


def _value(fact: Fact) -> Decimal:
    assert isinstance(fact.value, Decimal)
    return fact.value
