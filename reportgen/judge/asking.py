"""Each criterion asked: its value or its hand-written answer goes to its rule, and what is missing is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reportgen import formula, numerals
from reportgen.define import rules
from reportgen.define.indicator import Criterion, Indicator
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import Computed
from reportgen.judge.facts import Derived, compute
from reportgen.model import CONFIRM, ERROR, Fact, Place, Problem, Row

CODES = {
    "E502": "缺评定结果",
    "E503": "评定结果填得不对",
    "E504": "缺计分要用的数",
    "E505": "分母为0，评分表没有说怎么计",
    "E506": "认定的得分不符合规定",
    "E507": "评定没有写依据",
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
    beside: tuple[Fact, ...] = ()
    before: rules.Outcome | None = None
    granted: Row | None = None
    filled: bool = False

    @property
    def basis(self) -> tuple[Fact, ...]:
        """The facts the line's points rest on: its value or answer, its bounds and its weight."""
        return tuple(fact for fact in (self.value, self.answer, *self.beside) if fact)


@dataclass(slots=True)
class Desk:
    """What scoring looks things up in, and the problems found. A ``draft`` keeps indicators that can't be scored yet."""

    kind: Kind
    rubric: Rubric
    derived: Derived
    answers: dict[tuple[str, Decimal | int], Row]
    grants: dict[tuple[str, Decimal | int], Row]
    problems: list[Problem]
    label: str = ""
    draft: bool = False

    def column(self, purpose: str, role: str) -> str:
        return self.kind.purposes[purpose][role]

    def text(self, row: Row, purpose: str, role: str) -> str:
        fact = row.cells.get(self.column(purpose, role))
        return "" if fact is None else str(fact.value) if isinstance(fact.value, str) else f"{fact.value}"

    def place(self, row: Row, purpose: str, role: str) -> Place:
        return row.place_of(self.column(purpose, role))

    def where(self, fact: str, indicator: str) -> Place:
        """The blank cell of a typed fact; for a computed one only the indicator can be named."""
        return self.derived.blank(fact) or Place(self.file(), indicator)

    def or_grant(self) -> str:
        """What else a department may do where its kind has a sheet for it."""
        sheet = self.kind.purposes.get("认定", {}).get("表")
        return f"；确无数据的，请在“{sheet}”里写明得分和依据" if sheet else ""

    def file(self) -> str:
        return next((table.place.file for table in self.derived.tables.values()), "")

    def complain(self, code: str, place: Place, message: str, hint: str = "", level: str = ERROR, subject: str = "") -> None:
        self.problems.append(Problem(code, level, place, message, hint, subject))


def ask(desk: Desk, spec: Indicator, name: str, one: Criterion, ordinal: int, row: Row | None) -> Iterator[Scored | None]:
    """The criterion's lines: one, or one for each row of its own table."""
    rows = desk.derived.tables[one.table].rows if one.table else (row,)
    for own in rows:
        scope = desk.derived.scope().within(own, one.table or spec.table) if own else desk.derived.scope()
        yield _line(desk, name, one, ordinal, own, scope)


def _line(desk: Desk, name: str, one: Criterion, ordinal: int, row: Row | None, scope: formula.Scope) -> Scored | None:
    points = _points(one, row)
    if points is None:
        return None
    asked = rules.Asked(points)
    if one.rule.by_hand:
        scored = _by_hand(desk, name, one, ordinal, asked)
    else:
        scored = _by_value(desk, name, one, ordinal, asked, row, scope)
    grant = desk.grants.get((name, ordinal))
    if grant:
        scored = _granted(desk, name, one, ordinal, points, scored, grant)
    return replace(scored, beside=_beside(one, row)) if scored else None


def _beside(one: Criterion, row: Row | None) -> tuple[Fact, ...]:
    columns = (*one.bound_columns, one.points_column)
    return tuple(row.cells[column] for column in columns if column in row.cells) if row else ()


def _points(one: Criterion, row: Row | None) -> Decimal | None:
    if one.points is not None:
        return one.points
    fact = row.cells.get(one.points_column) if row else None
    return fact.value if fact and isinstance(fact.value, Decimal) else None


def _by_hand(desk: Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked) -> Scored | None:
    row = desk.answers.get((name, ordinal))
    fact = row.cells.get(desk.column("评定", "结果")) if row else None
    if row is None or fact is None:
        place = desk.place(row, "评定", "结果") if row else Place(desk.file(), desk.column("评定", "表"))
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


def _complain_material(desk: Desk, place: Place, name: str, ordinal: int) -> None:
    message, hint = f"“{name}”第{ordinal}项没有写依据", "请写明依据材料的名称和文号"
    desk.complain("E507", place, message, hint, CONFIRM, f"{name}·{ordinal}")


def _by_value(
    desk: Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked, row: Row | None, scope: formula.Scope
) -> Scored | None:
    try:
        value = _value(desk, f"{name}.{ordinal}", one, scope)
    except formula.ZeroDenominator:
        return _on_zero(desk, name, one, ordinal, asked, row)
    except formula.Missing as missing:
        if getattr(one.rule, "fill", False):
            return Scored(rules.Line(ordinal, one.rule, asked.points, rules.Outcome(ZERO)), one, row=row, filled=True)
        if (name, ordinal) not in desk.grants:
            hint = f"请补填{desk.or_grant()}"
            place = missing.place if missing.place.file else desk.where(missing.name, name)
            desk.complain("E504", place, f"“{name}”计分缺“{missing.name}”", hint)
        return None
    band = row.cells.get(one.band_column) if row else None
    number = value.value if isinstance(value.value, Decimal) else ZERO
    asked = replace(asked, value=number, unit=value.unit, band=str(band.value) if band else "", bounds=_bounds(one, row))
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


def _bounds(one: Criterion, row: Row | None) -> tuple[Decimal, ...]:
    facts = [row.cells[column] for column in one.bound_columns if column in row.cells] if row else []
    return tuple(fact.value for fact in facts if isinstance(fact.value, Decimal))


def _value(desk: Desk, name: str, one: Criterion, scope: formula.Scope) -> Fact:
    """The fact that a bare name means; anything else becomes a fact of its own."""
    assert one.value
    if one.value.op == "name":
        return scope.fact(one.value.value)
    return compute(desk.derived.book, f"{name}.值", Computed(name, one.value, "评分表的“值”"), scope)


def _on_zero(desk: Desk, name: str, one: Criterion, ordinal: int, asked: rules.Asked, row: Row | None) -> Scored | None:
    if not one.on_zero:
        if (name, ordinal) not in desk.grants:
            place = Place(desk.file(), name)
            desk.complain("E505", place, f"“{name}”第{ordinal}项分母为0，评分表没有说怎么计", f"请核对{desk.or_grant()}")
        return None
    earned = asked.points if one.on_zero == rules.FULL else ZERO
    outcome = rules.Outcome(earned, f"分母为0，按{one.on_zero}计")
    return Scored(rules.Line(ordinal, one.rule, asked.points, outcome), one, row=row)


def _granted(
    desk: Desk, name: str, one: Criterion, ordinal: int, points: Decimal, scored: Scored | None, grant: Row
) -> Scored | None:
    """自评认定: a computed score may be lowered, a missing one replaced; both stay visible."""
    fact = grant.cells.get(desk.column("认定", "结果"))
    if fact is None or not isinstance(fact.value, Decimal):
        return None
    limit = scored.line.outcome.earned if scored else points
    if not 0 <= fact.value <= limit:
        message = f"“{name}”第{ordinal}项认定{numerals.trimmed(fact.value, 4)}分，应在0至{numerals.trimmed(limit, 4)}分之间"
        desk.complain("E506", fact.places[0], message, "认定只能调低计算出的得分")
        return None
    line = rules.Line(ordinal, one.rule, points, rules.Outcome(fact.value, desk.text(grant, "认定", "理由")))
    made = Scored(line, one, answer=fact, granted=grant, reason=desk.text(grant, "认定", "理由"))
    made = replace(made, material=desk.text(grant, "认定", "依据"), before=scored.line.outcome if scored else None)
    return replace(made, value=scored.value, row=scored.row) if scored else made
