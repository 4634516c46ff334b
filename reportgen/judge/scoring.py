"""The rubric applied: every criterion asked, settled, rounded once an indicator, and summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reportgen import numerals
from reportgen.define import rules
from reportgen.define.indicator import Indicator
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.judge.asking import ZERO, Desk, Scored, ask
from reportgen.judge.explain import explain_indicator
from reportgen.judge.facts import Derived
from reportgen.marks import PENDING
from reportgen.model import CriterionScore, Fact, Group, IndicatorScore, Place, Problem, Row, Scorecard, frozen, leaves
from reportgen.shown import FormatError, nearest


@frozen
class Tally:
    """One indicator asked, not yet summed: its three names, the place of the last, and its lines.

    ``open`` when some could not be asked.
    """

    spec: Indicator
    name: tuple[str, str, str]
    place: Place
    lines: tuple[Scored, ...]
    open: bool


def score(kind: Kind, rubric: Rubric, derived: Derived, draft: bool) -> tuple[Scorecard | None, list[Problem]]:
    """The scorecard, None when an indicator could not be scored, and every problem on the way.

    In a draft such an indicator's score, and the sums above it, are 【待补】 instead.
    """
    desk = open_desk(kind, rubric, derived)
    desk.draft = draft
    tallies = ask_all(desk)
    _complain_strangers(desk)
    card = None if tallies is None else sum_up(desk, tallies)
    return card, desk.problems


def open_desk(kind: Kind, rubric: Rubric, derived: Derived) -> Desk:
    """What scoring looks things up in, with the hand-written answers and grants by indicator and line."""
    desk = Desk(kind, rubric, derived)
    desk.answers, desk.grants = _by_line(desk, "评定"), _by_line(desk, "认定")
    return desk


def ask_all(desk: Desk) -> list[Tally] | None:
    """Every indicator asked; None when one could not be."""
    tallies = [one for spec in desk.rubric.indicators for one in _tallies(desk, spec)]
    whole = [one for one in tallies if one is not None]
    _complain_twice(desk, whole)
    return whole if len(whole) == len(tallies) else None


def _complain_twice(desk: Desk, tallies: list[Tally]) -> None:
    """Reasons, explanations and series find an indicator by its name, so each needs its own; likewise each group."""
    seen: dict[str, Tally] = {}
    parents: dict[str, str] = {}
    for tally in tallies:
        upper, middle, name = tally.name
        if name in seen:
            desk.complain("E510", tally.place, f"有两个指标都叫“{name}”", "请改一个名称")
        if parents.setdefault(middle, upper) != upper:
            desk.complain("E510", tally.place, f"“{upper}”和“{parents[middle]}”下面都有“{middle}”", "请改一个名称")
        seen.setdefault(name, tally)


def _by_line(desk: Desk, purpose: str) -> dict[tuple[str, Decimal | int], Row]:
    lines: dict[tuple[str, Decimal | int], Row] = {}
    if purpose not in desk.kind.purposes:
        return lines
    for row in desk.derived.tables[desk.column(purpose, "表")].rows:
        ordinal = row.cells.get(desk.column(purpose, "序号"))
        if ordinal is not None and isinstance(ordinal.value, Decimal):
            lines[desk.text(row, purpose, "指标"), ordinal.value] = row
    return lines


def _complain_strangers(desk: Desk) -> None:
    """Answers for indicators or lines that the rubric does not have, or that need none."""
    known = {name: spec for spec in desk.rubric.indicators for name, _ in _named_rows(desk, spec)}
    for purpose, lines in (("评定", desk.answers), ("认定", desk.grants)):
        for (name, ordinal), row in lines.items():
            if name not in known:
                desk.complain("E508", desk.place(row, purpose, "指标"), f"评分表没有“{name}”这个指标{nearest(name, known)}")
            elif complaint := _line_complaint(known[name], ordinal, purpose):
                desk.complain("E508", desk.place(row, purpose, "序号"), f"“{name}”{complaint}", "请改正或删去这一行")


def _line_complaint(spec: Indicator, ordinal: Decimal | int, purpose: str) -> str:
    """Why the line takes no such row, "" when it does: only hand-judged lines are answered, any may be granted."""
    if ordinal not in range(1, len(spec.criteria) + 1):
        return f"只有{len(spec.criteria)}个计分项，没有第{ordinal}项"
    by_hand = spec.criteria[int(ordinal) - 1].rule.by_hand
    return "" if by_hand or purpose == "认定" else f"第{ordinal}项由系统计算，不用评定"


def _named_rows(desk: Desk, spec: Indicator) -> Iterator[tuple[str, Row | None]]:
    """The indicator's name, once or for each row of its table."""
    for row in desk.derived.tables[spec.table].rows if spec.table else (None,):
        yield _named(spec.name[2], row), row


def _named(name: str, row: Row | None) -> str:
    """A column of the row, or the name as the rubric has it."""
    return str(row.cells[name].value) if row and name in row.cells else name


def _tallies(desk: Desk, spec: Indicator) -> Iterator[Tally | None]:
    for name, row in _named_rows(desk, spec):
        lines = [line for ordinal, one in enumerate(spec.criteria, 1) for line in ask(desk, spec, name, one, ordinal, row)]
        whole = tuple(line for line in lines if line is not None)
        names = (_named(spec.name[0], row), _named(spec.name[1], row), name)
        missing, place = len(whole) < len(lines), row.place_of(spec.name[2]) if row else Place(desk.file())
        yield None if missing and not desk.draft else Tally(spec, names, place, whole, missing)


# --- sums ----------------------------------------------------------------------------------------------------


def sum_up(desk: Desk, tallies: list[Tally]) -> Scorecard:
    """The indicators summed up to the total."""
    return _scorecard(desk, [_indicator(desk, tally) for tally in tallies])


def _indicator(desk: Desk, tally: Tally) -> IndicatorScore:
    spec, name = tally.spec, desk.label + tally.name[2]
    if tally.open:
        return _open_indicator(desk, tally, name)
    settled = rules.settle([one.line for one in tally.lines])
    lines = [replace(one, line=line) for one, line in zip(tally.lines, settled, strict=True)]
    book, inputs = desk.derived.book, tuple(fact for one in lines for fact in one.basis)
    worth = sum((one.line.points for one in lines), ZERO)
    got = rules.indicator_points(settled, spec.decimals)
    points = book.add(f"{name}.分值", worth, unit=numerals.POINTS)
    common: dict[str, Any] = {"unit": numerals.POINTS, "inputs": inputs, "formula": "各计分项得分之和", "decimals": spec.decimals}
    earned = book.add(f"{name}.得分", got, **common)
    lost = book.add(f"{name}.扣分", worth - got, **{**common, "formula": "分值 - 得分"})
    try:
        explanation, texts = explain_indicator(spec, lines, desk.rubric.sentences, desk.derived, earned, lost)
    except FormatError as error:
        desk.complain("E515", Place(desk.file(), name), f"“{name}”的说明句里，{error}")
        explanation, texts = PENDING, [PENDING] * len(lines)
    criteria = tuple(_criterion_score(one, text) for one, text in zip(lines, texts, strict=True))
    return IndicatorScore(*tally.name, points, earned, lost, explanation, criteria, definition=spec.definition,
                          standard=spec.standard, reading=spec.reading, filled=any(one.filled for one in lines))  # fmt: skip


def _open_indicator(desk: Desk, tally: Tally, name: str) -> IndicatorScore:
    """An indicator of a draft that lacks something to be scored by."""
    spec, book = tally.spec, desk.derived.book
    worth = sum((one.points for one in spec.criteria if one.points), ZERO)
    points = book.add(f"{name}.分值", worth, unit=numerals.POINTS)
    earned, lost = (book.add(f"{name}.{word}", PENDING) for word in ("得分", "扣分"))
    return IndicatorScore(*tally.name, points, earned, lost, "", (), definition=spec.definition, standard=spec.standard,
                          reading=spec.reading)  # fmt: skip


def _criterion_score(one: Scored, text: str) -> CriterionScore:
    evidence = tuple(leaf for fact in one.basis for leaf in leaves(fact))
    line = one.line
    return CriterionScore(one.criterion.name, one.criterion.rule_name, line.points, line.outcome.earned, text,
                          one.value, evidence, one.before.earned if one.before else None, one.material)  # fmt: skip


def _scorecard(desk: Desk, indicators: list[IndicatorScore]) -> Scorecard:
    book, worth = desk.derived.book, sum((_points_of(one.points) for one in indicators), ZERO)
    if worth != desk.rubric.points and all(map(_is_known, indicators)):
        _complain_worth(desk, indicators, worth)
    total = _sum(desk, f"{desk.label}总分", [one.earned for one in indicators], "得分")
    word = PENDING if total.value == PENDING else _grade(desk.rubric, _points_of(total))
    grade = book.add(f"{desk.label}等级", word, inputs=(total,), formula="按总分对照评分等级")
    return Scorecard(total, grade, tuple(_groups(desk, indicators)), tuple(indicators))


def _complain_worth(desk: Desk, indicators: list[IndicatorScore], worth: Decimal) -> None:
    """The points don't sum up; where the rows of a sheet bring some, that is where to mend it, and to what sum."""
    rows = {name: spec.table for spec in desk.rubric.indicators if spec.table for name, _ in _named_rows(desk, spec)}
    theirs = sum((_points_of(one.points) for one in indicators if one.level3 in rows), ZERO)
    message = f"各指标分值合计{numerals.trimmed(worth, 4)}，应为{numerals.trimmed(desk.rubric.points, 4)}"
    if len(tables := set(rows.values())) != 1:
        desk.complain("E501", Place(desk.file()), message, "请核对评分表和各行的权重")
        return
    right = numerals.trimmed(desk.rubric.points - worth + theirs, 4)
    desk.complain("E501", desk.derived.tables[tables.pop()].place, message, f"这张表各行的分值，合计应为{right}")


def _grade(rubric: Rubric, total: Decimal) -> str:
    return next((word for least, word in rubric.grades if total >= least), "")


def _is_known(one: IndicatorScore) -> bool:
    return one.earned.value != PENDING


def _points_of(fact: Fact) -> Decimal:
    assert isinstance(fact.value, Decimal)
    return fact.value


def _sum(desk: Desk, name: str, facts: list[Fact], what: str) -> Fact:
    if any(fact.value == PENDING for fact in facts):
        return desk.derived.book.add(name, PENDING)
    value = sum((_points_of(fact) for fact in facts), ZERO)
    return desk.derived.book.add(name, value, unit=numerals.POINTS, inputs=tuple(facts), formula=f"各指标{what}之和")


def _groups(desk: Desk, indicators: list[IndicatorScore]) -> Iterator[Group]:
    """Level-1 and level-2 groups in the rubric's order; a level-2 name counts under its own level 1."""
    members: dict[tuple[str, ...], list[IndicatorScore]] = {}
    for one in indicators:
        for depth in (1, 2):
            members.setdefault((one.level1, one.level2)[:depth], []).append(one)
    for key, group in members.items():
        name = desk.label + "·".join(key)
        points = _sum(desk, f"{name}.分值", [one.points for one in group], "分值")
        earned = _sum(desk, f"{name}.得分", [one.earned for one in group], "得分")
        yield Group(key[-1], len(key), points, earned, "·".join(key[:-1]))
