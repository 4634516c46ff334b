"""台账.json: what went into a report, so that it can be explained, compared and regenerated."""

from __future__ import annotations

import json
import json.encoder
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reportgen import __version__, marks, numerals
from reportgen.judge.periods import Trends
from reportgen.model import CriterionScore, Fact, IndicatorScore, Place, Problem, Scorecard, Submission, Value
from reportgen.shown import usual
from reportgen.write.fill import Block, Figure
from reportgen.write.render import Rendered


def number_text(value: Decimal) -> str:
    """A number for JSON: exact, never in exponents."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_text(value: Value) -> str | list[str]:
    """Any value for JSON: numbers and dates as text, lists as lists; marks of filled prose taken out."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else marks.plain(value)


def place_json(place: Place) -> dict[str, str]:
    """A place relative to its submission."""
    return {"file": place.file, "part": place.part, "mark": place.mark}


def problem_json(problem: Problem) -> dict[str, Any]:
    """One problem as ``check --format json`` gives it."""
    told = {name: getattr(problem, name) for name in ("level", "code", "message", "hint", "answered")}
    return {"place": place_json(problem.place), **told}


def evidence_json(fact: Fact) -> dict[str, Any]:
    """A fact that a score rests on, with the cell it stands in."""
    place = place_json(fact.places[0]) if fact.places else place_json(Place())
    return {"name": fact.name, "value": value_text(fact.value), "unit": fact.unit, "place": place}


def scorecard_json(card: Scorecard, explanations: Mapping[str, str]) -> dict[str, Any]:
    """Total, grade, groups and indicators as ``score --format json`` gives them."""
    indicators = [_indicator_json(one, explanations.get(one.level3, "")) for one in card.indicators]
    return {**scores_json(card), "indicators": indicators}


def scores_json(card: Scorecard) -> dict[str, Any]:
    """Total, grade and groups."""
    groups = [
        {"name": one.name, "level": one.level, "points": _points(one.points), "earned": _points(one.earned)}
        for one in card.groups
    ]
    return {"total": _points(card.total), "grade": str(card.grade.value), "groups": groups}


def series_json(cards: Mapping[str, Scorecard], trends: Trends | None) -> dict[str, Any]:
    """{"series": …} where the rubric was evaluated once a period; groups and indicators on the 0–100 scale."""
    if trends is None:
        return {}
    return {"series": [_period_json(period, card, trends) for period, card in cards.items()]}


def _period_json(period: str, card: Scorecard, trends: Trends) -> dict[str, Any]:
    groups = [
        {"name": name, "level": level, "earned": _points(one.points[period])}
        for level, group in enumerate(trends.levels[:2], 1)
        for name, one in group.members.items()
    ]
    indicators = [{"name": name, "earned": _points(one.points[period])} for name, one in trends.levels[2].members.items()]
    return {"year": period, "total": _points(card.total), "groups": groups, "indicators": indicators}


def _points(fact: Fact) -> str:
    if not isinstance(fact.value, Decimal):  # a draft's, still open
        return str(fact.value)
    return numerals.trimmed(fact.value, 2 if fact.decimals is None else fact.decimals)


def _indicator_json(one: IndicatorScore, explanation: str) -> dict[str, Any]:
    return {
        "level1": one.level1,
        "level2": one.level2,
        "level3": one.level3,
        "points": _points(one.points),
        "earned": _points(one.earned),
        "lost": _points(one.lost),
        "explanation": marks.plain(explanation),
        "reason": marks.plain(one.reason),
        "remedy": marks.plain(one.remedy),
        "criteria": [_criterion_json(criterion) for criterion in one.criteria],
    }


def _criterion_json(one: CriterionScore) -> dict[str, Any]:
    return {
        "text": one.name,
        "rule": one.rule,
        "points": number_text(one.points),
        "earned": numerals.trimmed(one.earned, 6),
        "value": value_text(one.value.value) if one.value is not None else None,
        "unit": one.value.unit if one.value is not None else "",
        "evidence": [evidence_json(fact) for fact in one.evidence],
    }


def ledger(
    submission: Submission,
    scorecard: Mapping[str, Any],
    rendered: Rendered,
    problems: Sequence[Problem],
    inputs: Mapping[str, str],
    state: Mapping[str, Any],
) -> bytes:
    """The ledger as JSON bytes; equal inputs give equal bytes. ``inputs`` are the files read and their sha256.

    ``state`` is what the next run compares with.
    """
    head = {
        "program": __version__,
        "edition": f"{submission.kind}/{submission.edition}",
        "unit": submission.unit,
        "year": submission.year,
        "inputs": dict(sorted(inputs.items())),
        **state,
    }
    record = {key: _json(value) for key, value in head.items()} | {
        "facts": _lines(map(_fact_line, submission.book.facts)),
        "scorecard": _json(scorecard),
        "problems": _lines(_json(problem_json(problem)) for problem in problems),
        "blocks": _lines(map(_block_line, rendered.blocks)),
        "figures": _lines(map(_figure_line, rendered.figures)),
    }
    return ("{\n" + ",\n".join([f'"{key}": {text}' for key, text in record.items()]) + "\n}\n").encode()


_json = json.JSONEncoder(ensure_ascii=False).encode  # dumps would make an encoder every time
_text = json.encoder.encode_basestring


def _lines(items: Iterable[str]) -> str:
    """A list with one item a line, so that two ledgers can be compared by line."""
    return "[\n" + ",\n".join(items) + "\n]"


# The thousand lines of one shape are written out: with dicts and an encoder they would take three times as long.


def _fact_line(fact: Fact) -> str:
    value, shown, arithmetic = value_text(fact.value), marks.plain(usual(fact)), marks.plain(fact.arithmetic)
    cells = [f'{{"file": {_text(one.file)}, "part": {_text(one.part)}, "mark": {_text(one.mark)}}}' for one in fact.places]
    return (
        f'{{"number": {fact.number}, "name": {_text(fact.name)}, "value": {_json(value)}, "unit": {_text(fact.unit)}, '
        f'"shown": {_text(shown)}, "formula": {_text(fact.formula)}, "arithmetic": {_text(arithmetic)}, '
        f'"inputs": {[one.number for one in fact.inputs]}, "places": [{", ".join(cells)}]}}'
    )


def _block_line(block: Block) -> str:
    text, figures = _text(block.text), list(block.figures)
    return f'{{"id": {_text(block.id)}, "kind": {_text(block.kind)}, "text": {text}, "figures": {figures}}}'


def _figure_line(figure: Figure) -> str:
    return f'{{"number": {figure.number}, "fact": {figure.fact.number}, "shown": {_text(figure.shown)}}}'
