"""Results as people read them on a screen, and as JSON for other programs (contracts: docs/commands.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from reportgen import marks, numerals
from reportgen.case import Case, in_order, together
from reportgen.model import CONFIRM, ERROR, WARNING, Fact, IndicatorScore, Problem, Scorecard, leaves
from reportgen.shown import usual
from reportgen.write.ledger import problem_json, scorecard_json, series_json

LEVELS = {ERROR: "错误", CONFIRM: "核实", WARNING: "提醒"}


def _title(case: Case) -> str:
    known = case.submission
    return titled(case.folder, known.unit if known else "", known.year if known else "", case.edition)


def titled(folder: Path, unit: str, year: str, edition: str) -> str:
    """A submission as it is told of: its folder, and whose it is where that is known."""
    return f"{folder}（{unit}，{year}年，{edition}）" if unit else f"{folder}"


def problem_lines(problem: Problem) -> Iterator[str]:
    """错误 E221 数据.xlsx › 预算 › B7：“约4800”不是数字（请只填数字，单位写在表头）."""
    hint = f"（{problem.hint}）" if problem.hint else ""
    where = f"{problem.place}：" if str(problem.place) else ""
    yield f"  {LEVELS[problem.level]} {problem.code} {where}{problem.message}{hint}"
    if problem.answered:
        yield f"       已说明：{problem.answered}"
    elif problem.level == CONFIRM:
        subject = f"，对象“{problem.subject}”" if problem.subject else ""
        yield f"       属实的，请在“审核说明”表写明：问题代码 {problem.code}{subject}，再写说明"


def check_text(case: Case) -> Iterator[str]:
    """Every problem of one submission, then the count and whether a report can be made."""
    yield _title(case)
    for problem in (listed := list(together(case.problems))):
        yield from problem_lines(problem)
    if any(problem.place.mark.endswith("处") for problem in listed) and case.inputs:
        yield "  没有列全的位置，加上 --annotate，会标在数据_核对.xlsx 里。"
    counts = {level: sum(problem.level == level for problem in case.problems) for level in LEVELS}
    told = sum(bool(problem.answered) for problem in case.problems)
    verdict = "不能生成报告，请先处理错误和没有说明的核实项" if case.blocked else "可以生成报告"
    if not case.inputs and case.edition:  # a kind or an edition: nothing was handed in
        verdict = "还不能用，请先改好错误" if case.blocked else "可以使用"
    yield (
        f"  共{len(case.problems)}个问题：{counts[ERROR]}个错误、{counts[CONFIRM]}个核实（已说明{told}个）、"
        f"{counts[WARNING]}个提醒。{verdict}。"
    )


def _head(case: Case) -> dict[str, Any]:
    known = case.submission
    kind, _, edition = case.edition.partition("/")
    unit, year = (known.unit, known.year) if known else ("", "")
    return {"folder": case.folder.resolve().name, "kind": kind, "edition": edition, "unit": unit, "year": year}


def check_json(cases: Sequence[Case]) -> dict[str, Any]:
    """check --format json."""
    return {"submissions": [{**_head(case), "problems": [problem_json(one) for one in in_order(case.problems)]} for case in cases]}


def score_json(cases: Sequence[Case]) -> dict[str, Any]:
    """score --format json; a submission that can't be scored has its head and problems only."""
    return {"submissions": [_scored(case) for case in cases]}


def _scored(case: Case) -> dict[str, Any]:
    if case.card is None:
        return {**_head(case), "problems": [problem_json(one) for one in case.problems]}
    return {**_head(case), **scorecard_json(case.card, case.explanations()), **series_json(case.cards, case.trends)}


def _total(card: Scorecard) -> str:
    return usual_plain(card.total) + (f"，{card.grade.value}" if card.grade.value else "")


def usual_plain(fact: Fact) -> str:
    """A fact as shown, without marks."""
    return marks.plain(usual(fact))


def score_text(case: Case, trial: bool = False) -> Iterator[str]:
    """The scorecard as an indented list, each loss explained."""
    yield _title(case) + ("　【测算，不保存】" if trial else "")
    if case.card is None:
        yield "  还不能计分：" if case.kind is None or case.kind.scored else "  这类报告没有评分表。"
        for problem in case.problems:
            if problem.blocks:
                yield from problem_lines(problem)
        return
    wrong = sum(problem.blocks for problem in case.problems)
    if wrong:
        yield f"  注意：还有{wrong}个问题没有处理，得分可能会变；请看 reportgen check"
    groups = {(group.parent, group.name): group for group in case.card.groups}
    explanations = case.explanations()
    seen: set[tuple[str, str]] = set()
    for one in case.card.indicators:
        for key, depth in ((("", one.level1), 1), ((one.level1, one.level2), 2)):
            if key not in seen:
                seen.add(key)
                yield f"{'  ' * depth}{key[1]}  {usual_plain(groups[key].earned)}/{usual_plain(groups[key].points)}"
        yield from _indicator_lines(one, explanations.get(one.level3, ""))
    yield f"  总分 {_total(case.card)}"


def _indicator_lines(one: IndicatorScore, explanation: str) -> Iterator[str]:
    yield f"      {one.level3}  {usual_plain(one.earned)}/{usual_plain(one.points)}"
    if explanation:
        yield f"        {marks.plain(explanation)}"


# --- explain ---------------------------------------------------------------------------------------------------


def explain_json(case: Case, name: str) -> dict[str, Any] | None:
    """What explain found under a name: facts with their cells, and the indicator of that name; None when nothing."""
    facts = [_fact_json(fact) for fact in named(case, name)]
    scored = [one for one in case.card.indicators if one.level3 == name] if case.card else []
    cards = [dict(row) for row in scorecard_json(case.card, case.explanations())["indicators"]] if case.card else []
    indicators = [row | {"reading": one.reading} for row in cards for one in scored if row["level3"] == one.level3]
    return {**_head(case), "name": name, "facts": facts, "indicators": indicators} if facts or indicators else None


def named(case: Case, name: str) -> list[Fact]:
    """The facts of that name: single ones, and cells written 表[行].列 or 表.列."""
    if not case.submission:
        return []
    wanted = (name, f"{name}.得分")
    facts = case.submission.book.facts
    found = [fact for fact in facts if fact.name in wanted or name in (_column_of(fact.name), _of_period(case, fact.name))]
    return list({fact.number: fact for fact in found}.values())


def _of_period(case: Case, name: str) -> str:
    """2022·总分 → 总分, where the rubric is evaluated once a period."""
    period, _, rest = name.partition("·")
    return rest if period in case.cards else ""


def names(case: Case) -> list[str]:
    """Every name that explain takes."""
    facts = [fact.name for fact in case.submission.book.facts] if case.submission else []
    indicators = [one.level3 for one in case.card.indicators] if case.card else []
    return list(dict.fromkeys(name for name in (*indicators, *map(_column_of, facts), *facts) if name))


def unknown_yet(case: Case) -> set[str]:
    """Names that the kind and rubric have, though nothing stands behind them here: blank, or wrong somewhere."""
    indicators = {one.name[2] for one in case.rubric.indicators} if case.rubric else set()
    return indicators | (case.kind.single_names if case.kind else set())


def _column_of(name: str) -> str:
    """单位执行情况[甲].决算数 → 单位执行情况.决算数."""
    table, _, rest = name.partition("[")
    return f"{table}.{rest.rpartition('].')[2]}" if rest else ""


def _fact_json(fact: Fact) -> dict[str, Any]:
    from reportgen.write.ledger import evidence_json, value_text

    return {
        "name": fact.name,
        "value": value_text(fact.value),
        "unit": fact.unit,
        "formula": fact.formula,
        "arithmetic": marks.plain(fact.arithmetic),
        "cells": [evidence_json(leaf) for leaf in leaves(fact) if leaf.places],
    }


def explain_text(case: Case, name: str) -> Iterator[str]:
    """Where a fact or a score comes from, down to the cells."""
    for fact in named(case, name):
        if fact.name == name or not fact.name.endswith(".得分"):
            yield from _fact_lines(fact)
    for one in case.card.indicators if case.card else ():
        if one.level3 == name:
            yield from _score_lines(case, one)


def _fact_lines(fact: Fact) -> Iterator[str]:
    unit = "" if fact.unit in numerals.SCALE else fact.unit
    yield f"{fact.name}＝{usual_plain(fact)}{unit}"
    if fact.formula:
        yield f"  公式：{fact.formula}"
    if fact.arithmetic:
        yield f"  算式：{marks.plain(fact.arithmetic)}"
    yield from _cell_lines(fact, "  ")


def _cell_lines(fact: Fact, indent: str) -> Iterator[str]:
    for leaf in leaves(fact):
        if leaf.places:
            unit = "" if leaf.unit in numerals.SCALE else leaf.unit
            yield f"{indent}来自 {leaf.places[0]}：{leaf.name.rpartition('.')[2]} {usual_plain(leaf)}{unit}"


def _score_lines(case: Case, one: IndicatorScore) -> Iterator[str]:
    yield f"{one.level1} › {one.level2} › {one.level3}：得{usual_plain(one.earned)}分（满分{usual_plain(one.points)}分）"
    for criterion in one.criteria:
        earned, points = numerals.trimmed(criterion.earned, 4), numerals.trimmed(criterion.points, 4)
        yield f"  {criterion.rule}　{marks.plain(criterion.text)}　[{earned}/{points}]"
        for fact in criterion.evidence:
            yield from _cell_lines(fact, "    ")
        if criterion.material:
            yield f"    依据：{marks.plain(criterion.material)}"
    if one.reading:
        yield f"  口径：{one.reading}"
    explanation = case.explanations().get(one.level3)
    if explanation:
        yield f"  {marks.plain(explanation)}"
