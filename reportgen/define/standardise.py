"""极差标准化: a figure of any unit on one scale, by the bounds that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from reportgen import numerals
from reportgen.define.fields import Fields
from reportgen.define.rule import Asked, Outcome, RuleError

RISING, FALLING = "正向", "逆向"
LOWEST = "历期最低"


@dataclass(frozen=True, slots=True)
class Standardise:
    """low + (x - lower) ÷ (upper - lower) × (high - low), mirrored for 逆向, kept within low and high.

    A figure earns its share of the points on the scale to ``high``. ``fill``: a period without data takes the
    least score of the indicator's own other periods.
    """

    low: Decimal
    high: Decimal
    fill: bool
    by_hand: ClassVar[bool] = False

    @classmethod
    def declared(cls, fields: Fields) -> Standardise:
        ends = [fields.source_number(node) for node in fields.items("区间")]
        if len(ends) != 2 or not 0 <= ends[0] < ends[1]:
            fields.complain("“区间”要写成 [最低分, 最高分]", "区间", "D04")
            ends = [Decimal(0), Decimal(100)]
        return cls(ends[0], ends[1], fields.choice("缺", ("", LOWEST), "") == LOWEST)

    def score(self, asked: Asked) -> Outcome:
        assert asked.value is not None
        if len(asked.bounds) != 2 or asked.bounds[0] >= asked.bounds[1]:
            raise RuleError("下限应小于上限")
        lower, upper = asked.bounds
        way = asked.value - lower if asked.band != FALLING else upper - asked.value
        mark = min(max(self.low + way / (upper - lower) * (self.high - self.low), self.low), self.high)
        return Outcome(asked.points * mark / self.high, f"标准化得{numerals.trimmed(mark, 2)}分")
