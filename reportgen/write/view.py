"""All that a template may see, by the names that templates use; docs/vocabulary.md lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reportgen.case import Case
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import Column
from reportgen.formula import ROW_NUMBER
from reportgen.judge.losses import full_explanation
from reportgen.judge.periods import Trends
from reportgen.judge.series import Series
from reportgen.marks import PENDING
from reportgen.model import (
    Fact,
    FactBook,
    Group,
    IndicatorScore,
    Loss,
    Problem,
    Row,
    Scorecard,
    Submission,
    Table,
)
from reportgen.numerals import POINTS, show
from reportgen.prose import Paragraph, Span
from reportgen.shown import usual
from reportgen.write.blanks import Blank, Open, Spare
from reportgen.write.language import FUNCTIONS

PERIODS = "各期"
_EMPTY = '“{}”是空的；可以为空的数请写 {}|或("—")，或先用 if 判断'


def view(case: Case, remarks: Sequence[Problem]) -> dict[str, Any]:
    """Single facts and tables by name; 填报合计, 文稿 and 备注; 评分, 走势 and 各期 where there is a rubric."""
    assert case.kind and case.submission
    submission, kind = case.submission, case.kind
    names: dict[str, Any] = {name: Blank(hint=_EMPTY.format(name, name)) for name in kind.single_names}
    names |= {name: fact for name, fact in submission.facts.items() if name not in FUNCTIONS}
    tables = {name: table for name, table in submission.tables.items() if not kind.tables[name].record}
    names |= {name: [_row(row) for row in table.rows] for name, table in tables.items()}
    names["填报合计"] = {name: _row(table.total) for name, table in tables.items() if table.total}
    names["文稿"] = {slot: submission.prose.get(slot, ()) for slot in kind.slots}
    names["备注"] = [_remark(problem) for problem in remarks]
    wide = {name: (spec.spread[0].name, spec.spread[1].name) for name, spec in kind.tables.items() if spec.spread}
    names["宽表"] = {name: wide_rows(submission.tables[name], *columns) for name, columns in wide.items()}
    names["历年"] = {name: yearly(submission.tables[name], *columns, submission.book) for name, columns in wide.items()}
    if case.draft:
        _leave_open(names, kind, tables)
    if case.card and case.rubric:
        names["评分"] = _scores(case.rubric, case.card, submission)
    if case.card and case.rubric and case.trends:
        names |= _periods(case.trends, case.card, _beside(case.rubric, submission))
    return names


def _leave_open(names: dict[str, Any], kind: Kind, tables: Mapping[str, Table]) -> None:
    """Mark what a draft lacks: blank cells, whole rows and totals of sheets, slots of prose, scores."""
    gaps = {column.name: _gap(column) for spec in kind.tables.values() for column in spec.columns.values() if spec.record}
    names |= {name: gaps.get(name, Open()) for name, value in names.items() if isinstance(value, Blank)}
    for name, spec in kind.tables.items():
        if name in tables and not spec.unused:
            empty = {column: _gap(spec.columns.get(column)) for column in spec.names}
            rows = [empty] if not spec.optional and not tables[name].rows else []
            names[name] = rows or [{**empty, **_filled(row)} for row in names[name]]
            names["填报合计"][name] = {**empty, **_filled(names["填报合计"].get(name, {}))}
            if rows:
                names["宽表"][name] = names["历年"][name] = Open()
    for slot in kind.slots.values():
        if slot.required and not slot.unused:
            names["文稿"][slot.name] = names["文稿"][slot.name] or (Paragraph((Span(PENDING),)),)
    names |= dict.fromkeys(("评分", PERIODS, "走势", "评分宽表"), Open())


def _gap(column: Column | None) -> Open:
    """A blank cell of a draft: one that may be blank is no gap to be told of in a condition."""
    return Spare() if column and (column.optional or column.unused) else Open()


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not isinstance(value, Blank)}


def _beside(rubric: Rubric, submission: Submission) -> dict[str, Mapping[str, Any]]:
    """The row that made each indicator, by the indicator's name."""
    pairs = [(spec.name[2], row) for spec in rubric.indicators if spec.table for row in submission.tables[spec.table].rows]
    return {usual(row.cells[column]): _row(row) for column, row in pairs if column in row.cells}


def _periods(trends: Trends, card: Scorecard, beside: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    levels = dict(zip(("一级", "二级", "三级"), trends.levels, strict=True))
    table = [{**beside.get(one.level3, {}), **_score_row(one, trends)} for one in card.indicators]
    trend = {"总分": trends.total, **levels, "下级": trends.below}
    return {PERIODS: list(trends.total.points), "走势": trend, "评分宽表": table}


def _score_row(one: IndicatorScore, trends: Trends) -> dict[str, Any]:
    """One indicator with its 0–100 score in each period, and whether that was filled in."""
    series = trends.levels[2].members[one.level3]
    filled = {period: period in series.filled for period in series.points}
    names = {"一级": one.level1, "二级": one.level2, "三级": one.level3, "分值": one.points}
    return {**names, PERIODS: dict(series.points), "填充": filled}


def _remark(problem: Problem) -> dict[str, str]:
    return {"代码": problem.code, "对象": problem.subject or str(problem.place), "说明": problem.answered}


def _row(row: Row) -> Mapping[str, Any]:
    blanks = {
        name: Blank(hint=f"“{name}”是空的（{place}）") for name, place in row.places.items() if name not in row.cells
    }
    return {ROW_NUMBER: row.number, **row.cells, **blanks}


def _scores(rubric: Rubric, card: Scorecard, submission: Submission) -> dict[str, Any]:
    groups = {(group.parent, group.name): group for group in card.groups}
    firsts = [_first(one, submission.book) for one in card.groups if one.level == 1]
    return {
        **rubric.settings,
        "总分": card.total,
        "等级": card.grade,
        "一级": firsts,
        "指标": [_indicator(one, groups, rubric) for one in card.indicators],
        "失分": [_loss(one, submission) for one in card.losses] or (Open() if card.total.value == PENDING else []),
        "佐证": [{"指标": one.level3, "计分项": line.name, "材料": line.material} for one in card.indicators
               for line in one.criteria if line.material],
    }  # fmt: skip


def _first(one: Group, book: FactBook) -> dict[str, Any]:
    """A level-1 group with its points, what it earned, and the rate of that."""
    names: dict[str, Any] = {"名称": one.name, "分值": one.points, "得分": one.earned}
    worth, got = one.points.value, one.earned.value
    if isinstance(worth, Decimal) and isinstance(got, Decimal) and worth:
        inputs = (one.earned, one.points)
        names["得分率"] = book.add(f"{one.name}.得分率", got / worth, unit="%", inputs=inputs, formula="得分 ÷ 分值")
    elif got == PENDING:
        names["得分率"] = Open()
    return names


def _indicator(one: IndicatorScore, groups: Mapping[tuple[str, str], Any], rubric: Rubric) -> dict[str, Any]:
    return {
        "一级": one.level1,
        "一级分值": groups["", one.level1].points,
        "二级": one.level2,
        "二级分值": groups[one.level1, one.level2].points,
        "三级": one.level3,
        "分值": one.points,
        "得分": one.earned,
        "扣分": one.lost,
        "指标说明": one.definition,
        "评分标准": one.standard,
        "口径": one.reading,
        "说明": one.explanation,
        "原因": one.reason,
        "措施": one.remedy,
        "扣分说明": full_explanation(one, rubric),
    }


def _loss(loss: Loss, submission: Submission) -> dict[str, Any]:
    several = len(loss.indicators) > 1
    texts = [f"{one.level3}：{one.explanation}" if several else one.explanation for one in loss.indicators]
    points, earned, lost = (_sum(submission, loss, role) for role in ("points", "earned", "lost"))
    return {"标题": loss.title, "项数": len(loss.indicators), "原因": loss.reason, "措施": loss.remedy, "说明": "".join(texts),
            "分值": points, "得分": earned, "扣分": lost}  # fmt: skip


def _sum(submission: Submission, loss: Loss, role: str) -> Fact:
    """One indicator's own figure, or the sum over the indicators that share the block."""
    facts: list[Fact] = [getattr(one, role) for one in loss.indicators]
    if len(facts) == 1:
        return facts[0]
    value = sum((fact.value for fact in facts if isinstance(fact.value, Decimal)), Decimal(0))
    name = f"{loss.title}.{facts[0].name.rpartition('.')[2]}"
    return submission.book.add(name, value, unit=POINTS, inputs=tuple(facts), formula="各指标之和")


# --- long tables laid out again as people print them: a row a key, a column a period ---------------------------


def wide_rows(table: Table, spread: str, held: str) -> list[dict[str, Any]]:
    """The rows as on the sheet: the columns beside, and 各期 with what column ``held`` has under each ``spread``."""
    rows: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        period, key = row.cells[spread], _key(row)
        beside = {name: fact for name, fact in row.cells.items() if name not in (spread, held)}
        wide = rows.setdefault(key, {ROW_NUMBER: len(rows) + 1, **beside, PERIODS: {}})
        blank = Blank(hint=f"{row.place_of(held)}是空的；可以为空的格子请加 |或(\"-\")")
        wide[PERIODS][_label(period)] = row.cells.get(held, blank)
    return list(rows.values())


def _label(period: Fact) -> str:
    return usual(period) if isinstance(period.value, str) else show(period.value, period.unit)  # type: ignore[arg-type]


def yearly(table: Table, spread: str, held: str, book: FactBook) -> dict[str, Series]:
    """The figures that stand beside each key as a series of their own, by that key; of words there are none."""
    points: dict[str, dict[str, Fact]] = {}
    for row in table.rows:
        own = points.setdefault(_key(row), {})
        if held in row.cells and isinstance(row.cells[held].value, Decimal):
            own[_label(row.cells[spread])] = row.cells[held]
    return {name: Series(name, own, book) for name, own in points.items()}


def _key(row: Row) -> str:
    """The row's key without its period."""
    return row.key.rpartition("·")[0]
