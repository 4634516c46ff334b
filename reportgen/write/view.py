"""All that a template may see, by the names that templates use; docs/vocabulary.md lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.formula import ROW_NUMBER
from reportgen.judge.losses import full_explanation
from reportgen.model import Fact, IndicatorScore, Loss, Problem, Row, Scorecard, Submission
from reportgen.numerals import POINTS
from reportgen.write.language import Blank


def view(
    kind: Kind, rubric: Rubric, submission: Submission, card: Scorecard, remarks: Sequence[Problem]
) -> dict[str, Any]:
    """Single facts and tables by name, 填报合计, 评分, 文稿 and 备注."""
    names: dict[str, Any] = {name: _blank(name) for name in kind.single_names}
    names |= submission.facts
    tables = {name: table for name, table in submission.tables.items() if not kind.tables[name].record}
    names |= {name: [_row(row) for row in table.rows] for name, table in tables.items()}
    names["填报合计"] = {name: _row(table.total) for name, table in tables.items() if table.total}
    names["文稿"] = {slot: submission.prose.get(slot, ()) for slot in kind.slots}
    names["评分"] = _scores(rubric, card, submission)
    names["备注"] = [{"对象": problem.subject or str(problem.place), "说明": problem.answered} for problem in remarks]
    return names


def _blank(name: str) -> Blank:
    return Blank(hint=f'“{name}”是空的；可以为空的数请写 {name}|或("—")，或先用 if 判断')


def _row(row: Row) -> Mapping[str, Any]:
    blanks = {
        name: Blank(hint=f"“{name}”是空的（{place}）") for name, place in row.places.items() if name not in row.cells
    }
    return {ROW_NUMBER: row.number, **row.cells, **blanks}


def _scores(rubric: Rubric, card: Scorecard, submission: Submission) -> dict[str, Any]:
    groups = {(group.parent, group.name): group for group in card.groups}
    firsts = [{"名称": one.name, "分值": one.points, "得分": one.earned} for one in card.groups if one.level == 1]
    return {
        **rubric.settings,
        "总分": card.total,
        "等级": card.grade,
        "一级": firsts,
        "指标": [_indicator(one, groups, rubric) for one in card.indicators],
        "失分": [_loss(one, submission) for one in card.losses],
    }


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
    return {"标题": loss.title, "原因": loss.reason, "措施": loss.remedy, "说明": "".join(texts),
            "分值": points, "得分": earned, "扣分": lost}  # fmt: skip


def _sum(submission: Submission, loss: Loss, role: str) -> Fact:
    """One indicator's own figure, or the sum over the indicators that share the block."""
    facts: list[Fact] = [getattr(one, role) for one in loss.indicators]
    if len(facts) == 1:
        return facts[0]
    value = sum((fact.value for fact in facts if isinstance(fact.value, Decimal)), Decimal(0))
    places = tuple(dict.fromkeys(place for fact in facts for place in fact.places))
    name = f"{loss.title}.{facts[0].name.rpartition('.')[2]}"
    return submission.book.add(name, value, unit=POINTS, places=places, inputs=tuple(facts), formula="各指标之和")
