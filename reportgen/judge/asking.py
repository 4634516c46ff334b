"""Each criterion asked: its value or its hand-written answer goes to its rule, and what is missing is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportgen import formula, marks, numerals
from reportgen.define import rules
from reportgen.define.indicator import Criterion, Indicator
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import Computed
from reportgen.judge.facts import Derived, compute
from reportgen.model import CONFIRM, ERROR, Fact, Place, Problem, Row, frozen
from reportgen.shown import usual

ZERO = Decimal(0)


@frozen
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
        return tuple(fact for fact in (self.value, self.answer, *self.beside) if fact is not None)


@frozen
class Question:
    """One line that is to be scored: of which indicator (``name``), at what points, by which ``row`` of which ``table``."""

    name: str
    ordinal: int
    criterion: Criterion
    points: Decimal
    row: Row | None
    table: str

    @property
    def key(self) -> tuple[str, Decimal | int]:
        """What answers and grants find it by."""
        return self.name, self.ordinal

    @property
    def called(self) -> str:
        """How a person finds it."""
        return f"“{self.name}”第{self.ordinal}项"

    @property
    def bounds(self) -> list[Fact]:
        """The bounds that stand in the row's own columns; one of 0 counts."""
        return [fact for column in self.criterion.bound_columns if (fact := self.cell(column)) is not None]

    def cell(self, column: str) -> Fact | None:
        """What the row has in a column."""
        return self.row.cells.get(column) if self.row else None

    def line(self, outcome: rules.Outcome) -> rules.Line:
        """The line as its indicator counts it."""
        return rules.Line(self.ordinal, self.criterion.rule, self.points, outcome)


@dataclass(slots=True)
class Desk:
    """What scoring looks things up in, and the problems found. A ``draft`` keeps indicators that can't be scored yet."""

    kind: Kind
    rubric: Rubric
    derived: Derived
    answers: dict[tuple[str, Decimal | int], Row] = field(default_factory=dict)
    grants: dict[tuple[str, Decimal | int], Row] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    label: str = ""
    draft: bool = False

    def column(self, purpose: str, role: str) -> str:
        return self.kind.purposes[purpose][role]

    def text(self, row: Row, purpose: str, role: str) -> str:
        fact = row.cells.get(self.column(purpose, role))
        return "" if fact is None else marks.plain(usual(fact))

    def place(self, row: Row, purpose: str, role: str) -> Place:
        return row.place_of(self.column(purpose, role))

    def or_grant(self) -> str:
        """What else a department may do where its kind has a sheet for it."""
        sheet = self.kind.purposes.get("认定", {}).get("表")
        return f"；确无数据的，请在“{sheet}”里写明得分和依据" if sheet else ""

    def file(self) -> str:
        return next(iter(self.derived.tables.values())).place.file

    def complain(self, code: str, place: Place, message: str, hint: str = "", level: str = ERROR, subject: str = "") -> None:
        self.problems.append(Problem(code, level, place, message, hint, subject))


def ask(desk: Desk, spec: Indicator, name: str, one: Criterion, ordinal: int, row: Row | None) -> Iterator[Scored | None]:
    """The criterion's lines: one, or one for each row of its own table."""
    for own in desk.derived.tables[one.table].rows if one.table else (row,):
        points = _points(one, own)
        yield None if points is None else _line(desk, Question(name, ordinal, one, points, own, one.table or spec.table))


def _points(one: Criterion, row: Row | None) -> Decimal | None:
    if one.points is not None:
        return one.points
    fact = row.cells.get(one.points_column) if row else None
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _line(desk: Desk, asked: Question) -> Scored | None:
    scored = _by_hand(desk, asked) if asked.criterion.rule.by_hand else _by_value(desk, asked)
    if grant := desk.grants.get(asked.key):
        scored = _granted(desk, asked, scored, grant)
    weight = asked.cell(asked.criterion.points_column)
    beside = (*asked.bounds, *([] if weight is None else [weight]))
    return replace(scored, beside=beside) if scored and beside else scored


def _by_hand(desk: Desk, asked: Question) -> Scored | None:
    row = desk.answers.get(asked.key)
    fact = row.cells.get(desk.column("评定", "结果")) if row else None
    if row is None or fact is None:
        place = desk.place(row, "评定", "结果") if row else Place(desk.file(), desk.column("评定", "表"))
        desk.complain("E502", place, f"缺{asked.called}（{asked.criterion.name}）的评定", "请补填这一行")
        return None
    try:
        outcome = asked.criterion.rule.score(rules.Asked(asked.points, answer=str(fact.value)))
    except rules.RuleError as error:
        desk.complain("E503", fact.places[0], f"{asked.called}：{error}")
        return None
    material = desk.text(row, "评定", "依据")
    if not material:
        _complain_material(desk, desk.place(row, "评定", "依据"), asked)
    reason = desk.text(row, "评定", "理由")
    return Scored(asked.line(outcome), asked.criterion, answer=fact, reason=reason, material=material)


def _complain_material(desk: Desk, place: Place, asked: Question) -> None:
    message, hint = f"{asked.called}没有写依据", "请写明依据材料的名称和文号"
    desk.complain("E507", place, message, hint, CONFIRM, f"{asked.name}·{asked.ordinal}")


def _by_value(desk: Desk, asked: Question) -> Scored | None:
    one, row = asked.criterion, asked.row
    try:
        value = _value(desk, asked)
    except formula.ZeroDenominator as zero:
        return _on_zero(desk, asked, zero)
    except formula.Missing as missing:
        return _without(desk, asked, missing)
    band, bounds = asked.cell(one.band_column), tuple(f.value for f in asked.bounds if isinstance(f.value, Decimal))
    assert isinstance(value.value, Decimal), "the rubric was refused where it may be anything else"
    question = rules.Asked(asked.points, value.value, unit=value.unit, band=str(band.value) if band else "", bounds=bounds)
    try:
        outcome = one.rule.score(question)
    except rules.RuleError as error:
        desk.complain("E503", value.places[0] if value.places else Place(), f"“{asked.name}”：{error}")
        return None
    evidence = asked.cell(one.evidence_column)
    if one.evidence_column and row and not evidence:
        _complain_material(desk, row.place_of(one.evidence_column), asked)
    return Scored(asked.line(outcome), one, value=value, row=row, material=str(evidence.value) if evidence else "")


def _value(desk: Desk, asked: Question) -> Fact:
    """The fact that a bare name means; anything else becomes a fact of its own."""
    scope, node = desk.derived.scope(), asked.criterion.value
    scope = scope.within(asked.row, asked.table) if asked.row else scope
    assert node
    if node.op == "name":
        return scope.fact(node.value)
    spec = Computed(asked.name, node, "评分表的“值”", asked.criterion.unit)
    return compute(desk.derived.book, f"{asked.name}.{asked.ordinal}.值", spec, scope)


def _without(desk: Desk, asked: Question, missing: formula.Missing) -> Scored | None:
    """The line without its value: filled in later where its rule has it so, else a problem unless a grant replaces it."""
    rule = asked.criterion.rule
    if isinstance(rule, rules.Standardise) and rule.fill:
        return Scored(asked.line(rules.Outcome(ZERO)), asked.criterion, filled=True)
    if asked.key not in desk.grants:
        message = f"“{asked.name}”计分缺“{missing.name}”"
        desk.complain("E504", _place(desk, asked, missing), message, f"请补填{desk.or_grant()}")
    return None


def _place(desk: Desk, asked: Question, lacks: formula.NoValue) -> Place:
    """The cell of what is lacking, or that a computed fact lacks; where there is none only the indicator can be named."""
    if lacks.place.file:
        return lacks.place
    return desk.derived.cells.get(lacks.name) or Place(desk.file(), asked.name)


def _on_zero(desk: Desk, asked: Question, zero: formula.ZeroDenominator) -> Scored | None:
    given = asked.criterion.on_zero
    if given:
        outcome = rules.Outcome(asked.points if given == rules.FULL else ZERO, f"分母为0，按{given}计")
        return Scored(asked.line(outcome), asked.criterion, row=asked.row)
    if asked.key not in desk.grants:
        message = f"{asked.called}分母为0，评分表没有说怎么计"
        desk.complain("E505", _place(desk, asked, zero), message, f"请核对{desk.or_grant()}")
    return None


def _granted(desk: Desk, asked: Question, scored: Scored | None, grant: Row) -> Scored | None:
    """自评认定: a computed score may be lowered, a missing one replaced; both stay visible."""
    fact = grant.cells.get(desk.column("认定", "结果"))
    if fact is None or not isinstance(fact.value, Decimal):
        return None
    limit = scored.line.outcome.earned if scored else asked.points
    if not 0 <= fact.value <= limit:
        message = f"{asked.called}认定{numerals.trimmed(fact.value, 4)}分，应在0至{numerals.trimmed(limit, 4)}分之间"
        desk.complain("E506", fact.places[0], message, "认定只能调低计算出的得分")
        return None
    reason, material = desk.text(grant, "认定", "理由"), desk.text(grant, "认定", "依据")
    made = Scored(asked.line(rules.Outcome(fact.value, reason)), asked.criterion, answer=fact, granted=grant)
    made = replace(made, reason=reason, material=material, before=scored.line.outcome if scored else None)
    return replace(made, value=scored.value, row=scored.row) if scored else made
