"""Rules that turn a figure into points: 达标, 按比例, 分档, 逐级扣分, 极差标准化. The exact value decides, never a rounded one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reportgen import numerals
from reportgen.define.fields import Fields
from reportgen.define.limits import Bound, band_text, points_text, read_bound, with_unit
from reportgen.define.rule import NONE, ONE, ZERO, Asked, Outcome, Rule, RuleError, positive
from reportgen.define.source import YamlNode

OTHER = "其他"
FALLING, LOWEST = "逆向", "历期最低"
_PARTS = {"%": "个百分点", "‰": "个千分点"}


@dataclass(frozen=True, slots=True)
class Threshold(Rule):
    """达标: all points when the value meets the bound, else none."""

    must: Bound

    @classmethod
    def declared(cls, fields: Fields) -> Threshold:
        node = fields.node_of("须")
        return cls(read_bound(fields, node) if node else Bound("<", ZERO))

    def score(self, asked: Asked) -> Outcome:
        met = self.must.holds(asked.value)
        return Outcome(asked.points if met else ZERO, (self.must if met else self.must.opposite()).text(asked.unit))

    def past_shares(self) -> bool:
        return self.must.past_shares()

    def read_out(self, full: str, unit: str) -> str:
        return f"{self.must.text(unit)}得{full}，否则不得分"


@dataclass(frozen=True, slots=True)
class Proportion(Rule):
    """按比例: points × value; above 1 it is capped, or earns nothing where the rubric says so."""

    over: str

    @classmethod
    def declared(cls, fields: Fields) -> Proportion:
        return cls(fields.choice("超过一", ("封顶", NONE), "封顶"))

    def score(self, asked: Asked) -> Outcome:
        if asked.value > 1:
            return Outcome(ZERO if self.over == NONE else asked.points, "超过100%")
        return Outcome(max(ZERO, asked.value) * asked.points)

    def read_out(self, full: str, _unit: str) -> str:
        return f"得{full}×值，超过100%的{'不得分' if self.over == NONE else '按100%计'}"


@dataclass(frozen=True, slots=True)
class Bands(Rule):
    """分档: the first band whose bound holds; the last is 其他."""

    bands: tuple[tuple[Bound | None, Decimal], ...]

    @classmethod
    def declared(cls, fields: Fields) -> Bands:
        nodes, bands = fields.items("档"), []
        for _, (limit, points) in fields.rows("档", 2, "每档写成 [界限, 分]"):
            bound = None if limit.value == OTHER else read_bound(fields, limit)
            bands.append((bound, fields.source_number(points)))
        if nodes and len(bands) == len(nodes):
            _check_order(fields, nodes, [bound for bound, _ in bands])
        return cls(tuple(bands))

    def score(self, asked: Asked) -> Outcome:
        before: Bound | None = None
        for bound, points in self.bands:
            if bound is None or bound.holds(asked.value):
                return Outcome(points, band_text(before, bound, asked.unit))
            before = bound
        raise AssertionError("the last band takes everything")

    def awards(self) -> list[Decimal]:
        return [points for _, points in self.bands]

    def past_shares(self) -> bool:
        return any(bound.past_shares() for bound, _ in self.bands if bound)

    def read_out(self, _full: str, unit: str) -> str:
        pairs = zip([None, *(bound for bound, _ in self.bands)], self.bands, strict=False)
        return "；".join(f"{band_text(last, bound, unit)}得{points_text(points)}" for last, (bound, points) in pairs)


def _check_order(fields: Fields, nodes: list[YamlNode], bounds: list[Bound | None]) -> None:
    """Each band must take more than the one before it; a band that nothing could reach is a slip."""
    if bounds[-1] is not None:
        fields.source.complain(nodes[-1], f"最后一档应是 [{OTHER}, 分]", "D04")
    for node, before, bound in zip(nodes[1:], bounds, bounds[1:], strict=False):
        if before is None:
            fields.source.complain(node, f"“{OTHER}”后面不能再有档", "D04")
        elif bound and not bound.widens(before):
            fields.source.complain(node, "各档应从一头往另一头写，这一档与上一档接不上", "D04")


@dataclass(frozen=True, slots=True)
class Steps(Rule):
    """逐级扣分: beyond ``start`` each ``step`` costs ``cost``; ``part`` says what less than a whole step costs."""

    start: Bound
    step: Decimal
    cost: Decimal
    part: str

    @classmethod
    def declared(cls, fields: Fields) -> Steps:
        part = fields.choice("不足一级", ("按比例", "不计", "计一级"))
        return cls(_start(fields), positive(fields, "每", ONE), positive(fields, "扣"), part)

    def score(self, asked: Asked) -> Outcome:
        if not self.start.holds(asked.value):
            return Outcome(asked.points, self.start.opposite().text(asked.unit))
        beyond = abs(asked.value - self.start.limit)
        levels = self.levels(beyond)
        apart = ("低" if self.start.op[0] == "<" else "高") + self.apart(beyond, asked.unit)
        counted = "" if self.part == "按比例" else f"，按{levels:f}级计"
        return Outcome(max(ZERO, asked.points - levels * self.cost), f"{self.start.text(asked.unit)}（{apart}{counted}）")

    def past_shares(self) -> bool:
        return self.start.past_shares() or self.step >= 1

    def read_out(self, full: str, unit: str) -> str:
        inside, way = ("达到", "低") if self.start.op == "<" else ("不高于", "超过")
        loses = f"每{way}{with_unit(self.step, unit)}扣{points_text(self.cost)}"
        return f"{inside}{with_unit(self.start.limit, unit)}得{full}，{loses}，不足一级{self.part}，扣完为止"

    def levels(self, beyond: Decimal) -> Decimal:
        """How many steps lie in a distance beyond the start."""
        steps = beyond / self.step
        if self.part == "按比例":
            return steps
        return steps.to_integral_value(ROUND_FLOOR if self.part == "不计" else ROUND_CEILING)

    def apart(self, beyond: Decimal, unit: str) -> str:
        """3.25个百分点, with the fewest decimals (2, 4, 6) that leave the count of steps as it is."""
        scale = numerals.SCALE.get(unit, ONE)
        for places in (2, 4, 6):
            shown = numerals.round_half_up(beyond * scale, places)
            if shown and (self.part == "按比例" or self.levels(shown / scale) == self.levels(beyond)):
                break
        return numerals.trimmed(shown, places) + _PARTS.get(unit, unit.removeprefix("1"))


def _start(fields: Fields) -> Bound:
    """Where losing begins: a bound, or a number to lie above."""
    node = fields.node_of("起")
    if node is None or not fields.source_text(node).strip().startswith(("<", ">", "≤", "≥", "＜", "＞")):
        return Bound(">", fields.number("起") if node else ZERO)
    bound = read_bound(fields, node)
    return Bound(bound.op[0], bound.limit)  # at the bound itself there is no step yet


@dataclass(frozen=True, slots=True)
class Standardise(Rule):
    """极差标准化: low + (x - lower) ÷ (upper - lower) × (high - low), mirrored for 逆向, kept within low and high.

    A figure earns its share of the points on the scale to ``high``. ``fill``: a period without data takes the
    least score of the indicator's own other periods.
    """

    band_key = "方向"
    bound_keys = ("下限", "上限")
    low: Decimal
    high: Decimal
    fill: bool

    @classmethod
    def declared(cls, fields: Fields) -> Standardise:
        ends = [fields.source_number(node) for node in fields.items("区间")]
        if len(ends) != 2 or not 0 <= ends[0] < ends[1]:
            fields.complain("“区间”要写成 [最低分, 最高分]", "区间", "D04")
            ends = [Decimal(0), Decimal(100)]
        return cls(ends[0], ends[1], fields.choice("缺", ("", LOWEST), "") == LOWEST)

    def score(self, asked: Asked) -> Outcome:
        if len(asked.bounds) != 2 or asked.bounds[0] >= asked.bounds[1]:
            raise RuleError("下限应小于上限")
        lower, upper = asked.bounds
        way = asked.value - lower if asked.band != FALLING else upper - asked.value
        mark = min(max(self.low + way / (upper - lower) * (self.high - self.low), self.low), self.high)
        return Outcome(asked.points * mark / self.high, f"标准化得{numerals.trimmed(mark, 2)}分")

    def read_out(self, full: str, _unit: str) -> str:
        low, high, whole = points_text(self.low), points_text(self.high), numerals.trimmed(self.high, 2)
        gap = "，缺数的一期取历期最低分" if self.fill else ""
        return f"在下限与上限之间换算成{low}至{high}，得{full}×标准分÷{whole}{gap}"
