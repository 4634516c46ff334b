"""Limits that values are held against, as rubrics write them and as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportgen import numerals
from reportgen.define.fields import Fields
from reportgen.define.source import YamlNode

PAST_SHARES = 10  # no share is held against 1000%
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "＜": "<", "＞": ">", "％": "%"})


def points_text(value: Decimal) -> str:
    """Points as a rule's sentence has them: 0.5分."""
    return f"{numerals.trimmed(value, 4)}分"


def limit_text(value: Decimal, unit: str) -> str:
    """A limit with no more decimals than it has: 90%; an amount without its unit."""
    return numerals.show(value, unit, numerals.own_decimals(value * numerals.SCALE.get(unit, Decimal(1))))


def with_unit(value: Decimal, unit: str) -> str:
    """A limit with its unit: 90%, 10,000万元."""
    return limit_text(value, unit) + ("" if unit in ("%", "‰") else unit)


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a band: < 90%, >= 80%."""

    op: str
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        limit = self.limit
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[self.op]

    def text(self, unit: str) -> str:
        words = {"<": "小于", "<=": "不高于", ">": "大于", ">=": "达到"}
        return words[self.op] + limit_text(self.limit, unit)

    def past_shares(self) -> bool:
        """Whether it can't be meant for a share: 95 where 95% is."""
        return abs(self.limit) >= PAST_SHARES

    def opposite(self) -> Bound:
        return Bound({"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[self.op], self.limit)

    def widens(self, before: Bound) -> bool:
        """Whether this bound takes all that the one before it takes, and more."""
        if before.op[0] != self.op[0]:
            return False
        sign = 1 if self.op[0] == "<" else -1
        return (sign * before.limit, "=" in before.op) < (sign * self.limit, "=" in self.op)


def read_bound(fields: Fields, node: YamlNode) -> Bound:
    """A bound as written, ≤ and ％ too; a complaint, and < 0, for anything else."""
    text = fields.source_text(node)
    plain = text.translate(_SIGNS).strip()
    op = next((op for op in ("<=", ">=", "<", ">") if plain.startswith(op)), "")
    try:
        limit, percent = numerals.parse_number(plain.removeprefix(op))
    except numerals.NotANumber:
        op = ""
    if not op:
        fields.source.complain(node, f"“{text}”应写成 < 90% 或 >= 60 这样的界限", "D04")
        return Bound("<", Decimal(0))
    return Bound(op, limit / 100 if percent else limit)


def band_text(before: Bound | None, bound: Bound | None, unit: str) -> str:
    """在90%（含）至100%（含）之间; one-sided at either end."""
    if before is None or bound is None:
        return bound.text(unit) if bound else (before.opposite().text(unit) if before else "")
    if before.limit == bound.limit:
        return f"等于{limit_text(bound.limit, unit)}"
    sides = sorted((before.opposite(), bound), key=lambda side: side.limit)
    low, high = (limit_text(side.limit, unit) + ("（含）" if "=" in side.op else "") for side in sides)
    return f"在{low}至{high}之间"
