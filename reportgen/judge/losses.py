"""Causes and remedies for lost points: what 失分说明 must hold, and the blocks of 存在的问题及改进措施."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportgen import marks
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.judge.facts import Derived
from reportgen.marks import PENDING
from reportgen.model import CONFIRM, ERROR, WARNING, IndicatorScore, Loss, Place, Problem, Row, Scorecard, leaves
from reportgen.shown import fill, nearest, usual

_RESTATING = re.compile(
    r"本?该?指标|扣\d*分|得\d*分|满分|未得|没有|未能|达到|达标|标准|要求|执行率|完成率|比率|"
    r"较低|偏低|不足|不高|因为|由于|所以|导致|分值|目标|低于|高于|[我局单位的了是未为在]"
)
_STOPS = "。；，、;, "
_HAN = re.compile(r"[一-鿿]")
LEAST_WORDS = 6


def add_losses(
    kind: Kind, rubric: Rubric, derived: Derived, card: Scorecard, draft: bool, before: Sequence[Problem]
) -> tuple[Scorecard, list[Problem]]:
    """The scorecard with its loss blocks and each indicator's reason and remedy; what is missing as problems.

    In a draft what is missing is 【待补】 too. ``before`` are the problems found so far.
    """
    names, problems = kind.purposes["失分"], list[Problem]()
    table = derived.tables[names["表"]]
    by_name = {one.level3: one for one in card.indicators}
    doubted = _doubted(card, before)
    blocks: list[Loss] = []
    told: set[str] = set()
    for row in table.rows:
        cell = row.cells.get(names["指标"])
        asked = cell.value if cell and isinstance(cell.value, tuple) else ()
        found = _strangers(asked, by_name, row.place_of(names["指标"]), told)
        problems += (one for one in found if one.subject not in doubted)
        lost = tuple(by_name[name] for name in asked if name in by_name and by_name[name].lost)
        if lost:
            problems += _restating(row, names, lost)
            blocks.append(_block(row, names, lost, rubric))
    uncovered = list(_uncovered(card, blocks))
    problems += [_no_cause(one, table.place) for one in uncovered]
    if draft:
        blocks = [replace(block, reason=block.reason or PENDING, remedy=block.remedy or PENDING) for block in blocks]
        blocks += [Loss(one.level3, (one,), PENDING, PENDING) for one in uncovered if one.level3 not in told]
    order = {id(one): i for i, one in enumerate(card.indicators)}
    blocks.sort(key=lambda block: order[id(block.indicators[0])])
    return _with_reasons(card, blocks), problems


def _doubted(card: Scorecard, before: Sequence[Problem]) -> set[str]:
    """The indicators whose figures somebody is still asked about: what they lose is not settled."""
    wrong = {problem.place for problem in before if problem.blocks and problem.place.mark}
    return {one.level3 for one in card.indicators if any(wrong & {*leaf.places} for leaf in leaves(one.lost))}


def _text(row: Row, column: str) -> str:
    fact = row.cells.get(column)
    return usual(fact).strip() if fact else ""


def _strangers(
    asked: tuple[str, ...], by_name: dict[str, IndicatorScore], place: Place, told: set[str]
) -> Iterator[Problem]:
    for name in asked:
        if name in told:
            yield Problem("E512", ERROR, place, f"“{name}”写了两次", "请合并成一条")
        told.add(name)
        if name not in by_name:
            yield Problem("E512", ERROR, place, f"评分表没有“{name}”这个指标{nearest(name, by_name)}")
        elif not by_name[name].lost:
            yield Problem("E512", WARNING, place, f"“{name}”没有失分，这一条不会写进报告", "可以删去", name)


def _restating(row: Row, names: Mapping[str, str], lost: tuple[IndicatorScore, ...]) -> Iterator[Problem]:
    """A cause that says only that points were lost is no cause."""
    column = names["原因"]
    rest = marks.plain(_text(row, column))
    for one in lost:
        rest = rest.replace(one.level3, "")
    if rest and len(_HAN.findall(_RESTATING.sub("", rest))) < LEAST_WORDS:
        message = f"“{lost[0].level3}”的原因太短，或只是重复了扣分结果"
        yield Problem("E513", CONFIRM, row.place_of(column), message, "请写明为什么会这样", row.key)


def _block(row: Row, names: Mapping[str, str], lost: tuple[IndicatorScore, ...], rubric: Rubric) -> Loss:
    parts = {role: _text(row, column) for role, column in names.items()}
    parts |= {role: parts[role].rstrip(_STOPS) for role in ("原因", "措施")}  # the sentence has its own
    remedy = fill(rubric.sentences["措施"], parts.get)[0] if parts["措施"] else ""
    reason = parts["原因"] and f"{parts['原因']}。"
    return Loss(parts["标题"] or "、".join(one.level3 for one in lost), lost, reason, remedy)


def _uncovered(card: Scorecard, blocks: list[Loss]) -> Iterator[IndicatorScore]:
    """The indicators that lost points and have no cause or no remedy."""
    covered = {one.level3 for block in blocks for one in block.indicators if block.reason and block.remedy}
    yield from (one for one in card.indicators if one.lost and one.lost.value != PENDING and one.level3 not in covered)


def _no_cause(one: IndicatorScore, place: Place) -> Problem:
    message = f"“{one.level3}”扣了{marks.plain(usual(one.lost))}分，还没有写原因和措施"
    return Problem("E511", ERROR, place, message, f"请在“{place.part}”里补一行", one.level3)


def _with_reasons(card: Scorecard, blocks: list[Loss]) -> Scorecard:
    told = {one.level3: block for block in blocks for one in block.indicators}
    indicators = tuple(
        replace(one, reason=told[one.level3].reason, remedy=told[one.level3].remedy) if one.level3 in told else one
        for one in card.indicators
    )
    again = {one.level3: one for one in indicators}
    losses = tuple(replace(block, indicators=tuple(again[one.level3] for one in block.indicators)) for block in blocks)
    return replace(card, indicators=indicators, losses=losses)


def full_explanation(one: IndicatorScore, rubric: Rubric) -> str:
    """The whole cell 扣分情况及整改情况说明: arithmetic, cause, remedy."""
    if not one.explanation:
        return ""
    reason = fill(rubric.sentences["原因"], {"原因": one.reason}.get)[0] if one.reason else ""
    remedy = fill(rubric.sentences["整改"], {"措施": one.remedy}.get)[0] if one.remedy else ""
    return one.explanation + reason + remedy
