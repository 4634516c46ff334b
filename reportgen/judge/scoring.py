"""The rubric applied: every criterion asked, settled, rounded once an indicator, and summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reportgen import formula, numerals
from reportgen.define import rules
from reportgen.define.kind import Computed, Kind
from reportgen.define.rubric import Criterion, Indicator, Rubric
from reportgen.judge.explain import explain_indicator
from reportgen.judge.facts import Derived, compute
from reportgen.model import (
    CONFIRM,
    ERROR,
    CriterionScore,
    Fact,
    Group,
    IndicatorScore,
    Place,
    Problem,
    Row,
    Scorecard,
    leaves,
)
from reportgen.shown import nearest

CODES = {
    "E501": "评分表分值合计不等于满分",
    "E502": "缺评定结果",
    "E503": "评定结果填得不对",
    "E504": "缺计分要用的数",
    "E505": "分母为0，评分表没有说怎么计",
    "E506": "自评认定不符合规定",
    "E507": "评定没有写依据及佐证材料",
    "E508": "评定或认定的指标对不上",
}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of an indicator while it is being scored, with all that its explanation may name."""

    line: rules.Line
    criterion: Criterion
    value: Fact | None = None
    answer: Fact | None = None
    row: Row | None = None
    reason: str = ""
    material: str = ""
    computed: Decimal | None = None
    granted: Row | None = None


@dataclass(slots=True)
class _Desk:
    """What scoring looks things up in, and the problems found."""

    kind: Kind
    rubric: Rubric
    derived: Derived
    answers: dict[tuple[str, int], Row]
    grants: dict[tuple[str, int], Row]
    problems: list[Problem]

    def column(self, purpose: str, role: str) -> str:
        return self.kind.purposes[purpose][role]

    def text(self, row: Row, purpose: str, role: str) -> str:
        fact = row.cells.get(self.column(purpose, role))
        return "" if fact is None else str(fact.value) if isinstance(fact.value, str) else f"{fact.value}"

    def place(self, row: Row, purpose: str, role: str) -> Place:
        return row.place_of(self.column(purpose, role))

    def complain(self, code: str, place: Place, message: str, hint: str = "", level: str = ERROR, subject: str = "") -> None:
        self.problems.append(Problem(code, level, place, message, hint, subject))


def score(kind: Kind, rubric: Rubric, derived: Derived) -> tuple[Scorecard | None, list[Problem]]:
    """The scorecard, None when an indicator could not be scored, and every problem on the way."""
    desk = _Desk(kind, rubric, derived, {}, {}, [])
    desk.answers, desk.grants = _by_line(desk, "评定"), _by_line(desk, "认定")
    scored = [one for spec in rubric.indicators for one in _indicators(desk, spec)]
    _complain_strangers(desk, {indicator.level3 for indicator in scored if indicator})
    whole = [indicator for indicator in scored if indicator is not None]
    if len(whole) < len(scored):
        return None, desk.problems
    return _scorecard(desk, whole), desk.problems


def _by_line(desk: _Desk, purpose: str) -> dict[tuple[str, int], Row]:
    lines = {}
    for row in desk.derived.tables[desk.column(purpose, "表")].rows:
        ordinal = row.cells.get(desk.column(purpose, "序号"))
        if ordinal is not None and isinstance(ordinal.value, Decimal):
            lines[desk.text(row, purpose, "指标"), int(ordinal.value)] = row
    return lines


def _complain_strangers(desk: _Desk, names: set[str]) -> None:
    """Answers for indicators or lines that the rubric does not have."""
    for purpose, lines in (("评定", desk.answers), ("认定", desk.grants)):
        for (name, _), row in lines.items():
            if names and name not in names:
                desk.complain("E508", desk.place(row, purpose, "指标"), f"评分表没有“{name}”这个指标{nearest(name, names)}")


def _indicators(desk: _Desk, spec: Indicator) -> Iterator[IndicatorScore | None]:
    rows = desk.derived.tables[spec.table].rows if spec.table else (None,)
    for row in rows:
        name = str(row.cells[spec.name[2]].value) if row and spec.name[2] in row.cells else spec.name[2]
        lines = [line for ordinal, one in enumerate(spec.criteria, 1) for line in _lines(desk, spec, name, one, ordinal, row)]
        whole = [line for line in lines if line is not None]
        yield _indicator(desk, spec, name, whole) if len(whole) == len(lines) else None


def _lines(desk: _Desk, spec: Indicator, name: str, one: Criterion, ordinal: int, row: Row | None) -> Iterator[Scored | None]:
    """The criterion's lines: one, or one for each row of its own table."""
    rows = desk.derived.tables[one.table].rows if one.table else (row,)
    for own in rows:
        scope = desk.derived.scope().within(own, one.table or spec.table) if own else desk.derived.scope()
        yield _line(desk, name, one, ordinal, own, scope)


def _line(desk: _Desk, name: str, one: Criterion, ordinal: int, row: Row | None, scope: formula.Scope) -> Scored | None:
    points = _points(one, row)
    if points is None:
        return None
    asked = rules.Asked(points)
    if one.rule.by_hand:
        scored = _by_hand(desk, name, one, ordinal, asked)
    else:
        scored = _by_value(desk, name, one, ordinal, asked, row, scope)
    grant = desk.grants.get((name, ordinal))
    return _granted(desk, name, one, ordinal, points, scored, grant) if grant else scored


def _points(one: Criterion, row: Row | None) -> Decimal | None:
    if one.points is not None:
        return one.points
    fact = row.cells.get(one.points_column) if row else None
    return fact.value if fact and isinstance(fact.value, Decimal) else None


def _by_hand(desk: _Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked) -> Scored | None:
    row = desk.answers.get((name, ordinal))
    fact = row.cells.get(desk.column("评定", "结果")) if row else None
    if row is None or fact is None:
        place = Place(_file(desk), desk.column("评定", "表"), "")
        desk.complain("E502", place, f"缺“{name}”第{ordinal}项（{one.name}）的评定", "请补填这一行")
        return None
    try:
        outcome = one.rule.score(replace(asked, answer=str(fact.value)))
    except rules.RuleError as error:
        desk.complain("E503", fact.places[0], f"“{name}”第{ordinal}项：{error}")
        return None
    material = desk.text(row, "评定", "依据")
    if not material:
        _complain_material(desk, desk.place(row, "评定", "依据"), name, ordinal)
    line = rules.Line(ordinal, one.rule, asked.points, outcome)
    return Scored(line, one, answer=fact, reason=desk.text(row, "评定", "理由"), material=material)


def _complain_material(desk: _Desk, place: Place, name: str, ordinal: int) -> None:
    message, hint = f"“{name}”第{ordinal}项没有写依据及佐证材料", "请写明材料名称和文号"
    desk.complain("E507", place, message, hint, CONFIRM, f"{name}·{ordinal}")


def _file(desk: _Desk) -> str:
    return next((table.place.file for table in desk.derived.tables.values()), "")


def _by_value(
    desk: _Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked, row: Row | None, scope: formula.Scope
) -> Scored | None:
    try:
        value = _value(desk, f"{name}.{ordinal}", one, scope)
    except formula.ZeroDenominator:
        return _on_zero(desk, name, one, ordinal, asked, row)
    except formula.Missing as missing:
        if (name, ordinal) not in desk.grants:
            hint = "请补填；确无数据的，请在自评认定里写明得分和依据"
            desk.complain("E504", missing.place, f"“{name}”计分缺“{missing.name}”", hint)
        return None
    band = row.cells.get(one.band_column) if row else None
    number = value.value if isinstance(value.value, Decimal) else ZERO
    asked = replace(asked, value=number, unit=value.unit, band=str(band.value) if band else "")
    try:
        outcome = one.rule.score(asked)
    except rules.RuleError as error:
        desk.complain("E503", value.places[0] if value.places else Place(), f"“{name}”：{error}")
        return None
    evidence = row.cells.get(one.evidence_column) if row else None
    if one.evidence_column and row and not evidence:
        _complain_material(desk, row.place_of(one.evidence_column), name, ordinal)
    line = rules.Line(ordinal, one.rule, asked.points, outcome)
    return Scored(line, one, value=value, row=row, material=str(evidence.value) if evidence else "")


def _value(desk: _Desk, name: str, one: Criterion, scope: formula.Scope) -> Fact:
    """The fact that a bare name means; anything else becomes a fact of its own."""
    assert one.value
    if one.value.op == "name":
        return scope.fact(one.value.value)
    return compute(desk.derived.book, f"{name}.值", Computed(name, one.value, "", ""), scope)


def _on_zero(desk: _Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked, row: Row | None) -> Scored | None:
    if not one.on_zero:
        if (name, ordinal) not in desk.grants:
            place = Place(_file(desk), name)
            desk.complain("E505", place, f"“{name}”第{ordinal}项分母为0，评分表没有说怎么计", "请在自评认定里写明得分和依据")
        return None
    earned = asked.points if one.on_zero == rules.FULL else ZERO
    outcome = rules.Outcome(earned, f"分母为0，按{one.on_zero}计")
    return Scored(rules.Line(ordinal, one.rule, asked.points, outcome), one, row=row)


def _granted(
    desk: _Desk, name: str, one: Criterion, ordinal: int, points: Decimal, scored: Scored | None, grant: Row
) -> Scored | None:
    """自评认定: a computed score may be lowered, a missing one replaced; both stay visible."""
    fact = grant.cells.get(desk.column("认定", "结果"))
    if fact is None or not isinstance(fact.value, Decimal):
        return None
    limit = scored.line.outcome.earned if scored else points
    if not 0 <= fact.value <= limit:
        message = f"“{name}”第{ordinal}项认定{numerals.trimmed(fact.value, 4)}分，应在0至{numerals.trimmed(limit, 4)}分之间"
        desk.complain("E506", fact.places[0], message, "自评认定只能调低计算出的得分")
        return None
    line = rules.Line(ordinal, one.rule, points, rules.Outcome(fact.value, desk.text(grant, "认定", "理由")))
    made = Scored(line, one, answer=fact, granted=grant, reason=desk.text(grant, "认定", "理由"))
    made = replace(made, material=desk.text(grant, "认定", "依据"), computed=limit if scored else None)
    return replace(made, value=scored.value, row=scored.row) if scored else made


# --- sums ----------------------------------------------------------------------------------------------------


def _indicator(desk: _Desk, spec: Indicator, name: str, lines: list[Scored]) -> IndicatorScore:
    settled = rules.settle([one.line for one in lines])
    lines = [replace(one, line=line) for one, line in zip(lines, settled, strict=True)]
    book, inputs = desk.derived.book, tuple(fact for one in lines for fact in (one.value, one.answer) if fact)
    places = tuple(dict.fromkeys(place for fact in inputs for place in fact.places))
    worth = sum((one.line.points for one in lines), ZERO)
    got = rules.indicator_points(settled, spec.decimals)
    points = book.add(f"{name}.分值", worth, unit=numerals.POINTS)
    common = {"unit": numerals.POINTS, "places": places, "inputs": inputs, "formula": "各计分项得分之和", "decimals": spec.decimals}
    earned = book.add(f"{name}.得分", got, **common)
    lost = book.add(f"{name}.扣分", worth - got, **{**common, "formula": "分值 - 得分"})
    explanation, texts = explain_indicator(spec, lines, desk.rubric.sentences, desk.derived, earned, lost)
    criteria = tuple(_criterion_score(one, text) for one, text in zip(lines, texts, strict=True))
    return IndicatorScore(*spec.name[:2], name, points, earned, lost, explanation, criteria,
                          definition=spec.definition, standard=spec.standard, reading=spec.reading)  # fmt: skip


def _criterion_score(one: Scored, text: str) -> CriterionScore:
    basis = [fact for fact in (one.value, one.answer) if fact]
    evidence = tuple(leaf for fact in basis for leaf in leaves(fact))
    line = one.line
    return CriterionScore(one.criterion.name, one.criterion.rule_name, line.points, line.outcome.earned, text,
                          one.value, evidence, one.computed, one.material)  # fmt: skip


def _scorecard(desk: _Desk, indicators: list[IndicatorScore]) -> Scorecard:
    book, worth = desk.derived.book, sum((_points_of(one.points) for one in indicators), ZERO)
    if worth != desk.rubric.points:
        message = f"各指标分值合计{numerals.trimmed(worth, 4)}，应为{numerals.trimmed(desk.rubric.points, 4)}"
        desk.complain("E501", Place(_file(desk)), message, "请核对评分表和各行的权重")
    total = _sum(desk, "总分", [one.earned for one in indicators])
    word = next((word for least, word in desk.rubric.grades if _points_of(total) >= least), "")
    grade = book.add("等级", word, places=total.places, inputs=(total,), formula="按总分对照评分等级")
    return Scorecard(total, grade, tuple(_groups(desk, indicators)), tuple(indicators))


def _points_of(fact: Fact) -> Decimal:
    assert isinstance(fact.value, Decimal)
    return fact.value


def _sum(desk: _Desk, name: str, facts: list[Fact]) -> Fact:
    places = tuple(dict.fromkeys(place for fact in facts for place in fact.places))
    value = sum((_points_of(fact) for fact in facts), ZERO)
    return desk.derived.book.add(
        name, value, unit=numerals.POINTS, places=places, inputs=tuple(facts), formula="各指标得分之和"
    )


def _groups(desk: _Desk, indicators: list[IndicatorScore]) -> Iterator[Group]:
    """Level-1 and level-2 groups in the rubric's order; a level-2 name counts under its own level 1."""
    members: dict[tuple[str, ...], list[IndicatorScore]] = {}
    for one in indicators:
        for depth in (1, 2):
            members.setdefault((one.level1, one.level2)[:depth], []).append(one)
    for key, group in members.items():
        name = "·".join(key)
        points = _sum(desk, f"{name}.分值", [one.points for one in group])
        yield Group(key[-1], len(key), points, _sum(desk, f"{name}.得分", [one.earned for one in group]), "·".join(key[:-1]))
