"""计分规则: the closed set of ways to turn a value or an answer into points, and how an indicator's lines settle.

A rule sees one value and the points at stake, nothing else. Every sentence of a report stands in YAML;
here are only verdicts such as “在90%（含）至100%（含）之间”, which are the rubric's own bands read out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from reportgen import numerals
from reportgen.define.by_hand import Exempt, Items, Judged, Options, Point, Veto
from reportgen.define.by_value import Bands, Proportion, Standardise, Steps, Threshold
from reportgen.define.fields import Fields
from reportgen.define.rule import FULL, NONE, ZERO, Asked, Outcome, Rule, RuleError
from reportgen.model import frozen

__all__ = ["FULL", "NONE", "Asked", "Bands", "Exempt", "Judged", "Options", "Outcome", "Point", "Rule", "RuleError",
           "Standardise", "Veto"]  # fmt: skip

RULES: dict[str, Callable[[Fields], Rule]] = {
    "极差标准化": Standardise.declared,
    "达标": Threshold.declared,
    "按比例": Proportion.declared,
    "分档": Bands.declared,
    "选档": Options.declared,
    "逐级扣分": Steps.declared,
    "逐项扣分": Items.declared,
    "要点": Point.declared,
    "人工评分": Judged.declared,
    "一票否决": Veto.declared,
    "不适用": Exempt.declared,
}


@frozen
class Line:
    """A criterion's place in its indicator (1-based), the points at stake and what came out."""

    ordinal: int
    rule: Rule
    points: Decimal
    outcome: Outcome


def settle(lines: Sequence[Line]) -> list[Line]:
    """Exemptions first (full points), then vetoes (none), applied to the other lines."""
    struck = [line.rule for line in lines if line.outcome.struck]
    if any(isinstance(rule, Exempt) for rule in struck):
        lines = [_earning(line, line.points) for line in lines]
    every = [line.ordinal for line in lines]
    vetoed = {ordinal for rule in struck if isinstance(rule, Veto) for ordinal in rule.lines or every}
    return [_earning(line, ZERO) if line.ordinal in vetoed else line for line in lines]


def _earning(line: Line, points: Decimal) -> Line:
    return replace(line, outcome=replace(line.outcome, earned=points))


def indicator_points(lines: Sequence[Line], decimals: int | None) -> Decimal:
    """An indicator's score: the exact sum of its criteria, rounded once, or not at all."""
    total = sum((line.outcome.earned for line in lines), ZERO)
    return total if decimals is None else numerals.round_half_up(total, decimals)
