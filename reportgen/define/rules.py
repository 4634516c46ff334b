"""计分规则: the closed set of ways to turn a value into points, each with its arithmetic and the words of its verdict.

A rule sees one value and the points at stake, nothing else. Every sentence of a report stands in YAML;
here are only verdicts such as “在90%（含）至100%（含）之间”, which are the rubric's own bands read out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar, Protocol

from reportgen import numerals
from reportgen.define.source import Fields

ZERO, ONE = Decimal(0), Decimal(1)
YES, NO = "是", "否"
FULL, NONE = "满分", "零分"
OTHER = "其他"


class RuleError(ValueError):
    """The answer does not suit the rule; a bare sentence, the caller knows the cell."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points earned, the verdict in the rubric's words, and whether a veto or exemption struck."""

    earned: Decimal
    verdict: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule is asked: the points at stake, the value or the hand-written answer, and the unit to show it in."""

    points: Decimal
    value: Decimal | None = None
    answer: str = ""
    unit: str = ""
    band: str = ""


class Rule(Protocol):
    """One way of scoring. ``by_hand``: it takes a person's answer instead of a value."""

    @property
    def by_hand(self) -> bool: ...

    def score(self, asked: Asked) -> Outcome: ...


def _points_answer(asked: Asked) -> Decimal:
    try:
        points, percent = numerals.parse_number(asked.answer)
    except numerals.NotANumber as error:
        raise RuleError(f"{error}，这里要填得分") from error
    if percent or not 0 <= points <= asked.points:
        raise RuleError(f"得分“{asked.answer}”应在0至{numerals.trimmed(asked.points, 2)}之间")
    return points


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a band: < 90%, >= 80%."""

    op: str
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        limit = self.limit
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[self.op]

    def limit_text(self, unit: str) -> str:
        places = numerals.own_decimals(self.limit * numerals.SCALE.get(unit, ONE))
        return numerals.show(self.limit, unit, places)

    def text(self, unit: str) -> str:
        words = {"<": "小于", "<=": "不高于", ">": "大于", ">=": "达到"}
        return words[self.op] + self.limit_text(unit)

    def opposite(self) -> Bound:
        return Bound({"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[self.op], self.limit)


def _bound(fields: Fields, text: str) -> Bound:
    for op in ("<=", ">=", "<", ">"):
        plain = text.replace("≤", "<=").replace("≥", ">=").replace("＜", "<").replace("＞", ">").strip()
        if plain.startswith(op):
            percent = plain.endswith("%")
            try:
                return Bound(op, Decimal(plain[len(op) :].strip(" %")) / (100 if percent else 1))
            except ArithmeticError:
                break
    fields.source.complain(fields.node, f"“{text}”应写成 < 90% 或 >= 60 这样的界限", "D04")
    return Bound("<", ZERO)


@dataclass(frozen=True, slots=True)
class Threshold:
    """达标: all points when the value meets the bound, else none."""

    must: Bound
    by_hand: ClassVar[bool] = False

    @classmethod
    def declared(cls, fields: Fields) -> Threshold:
        return cls(_bound(fields, fields.text("须")))

    def score(self, asked: Asked) -> Outcome:
        assert asked.value is not None
        met = self.must.holds(asked.value)
        return Outcome(asked.points if met else ZERO, (self.must if met else self.must.opposite()).text(asked.unit))


@dataclass(frozen=True, slots=True)
class Proportion:
    """按比例: points × value; above 1 it is capped, or earns nothing where the rubric says so."""

    over: str
    by_hand: ClassVar[bool] = False

    @classmethod
    def declared(cls, fields: Fields) -> Proportion:
        return cls(fields.choice("超过一", ("封顶", NONE), "封顶"))

    def score(self, asked: Asked) -> Outcome:
        assert asked.value is not None
        if asked.value > 1:
            return Outcome(ZERO if self.over == NONE else asked.points, "超过100%")
        return Outcome(max(ZERO, asked.value) * asked.points)


@dataclass(frozen=True, slots=True)
class Bands:
    """分档: the first band whose bound holds; the last may be 其他. The exact value decides, never a rounded one."""

    bands: tuple[tuple[Bound | None, Decimal], ...]
    by_hand: ClassVar[bool] = False

    @classmethod
    def declared(cls, fields: Fields) -> Bands:
        bands = []
        for node in fields.items("档"):
            pair = list(node.value) if isinstance(node.value, list) else []
            if len(pair) != 2:
                fields.source.complain(node, "每档写成 [界限, 分]", "D04")
                continue
            text = fields.source_text(pair[0])
            bands.append((None if text == OTHER else _bound(fields, text), fields.source_number(pair[1])))
        if not bands or bands[-1][0] is not None:
            fields.source.complain(fields.node, f"最后一档应是 [{OTHER}, 分]", "D04")
        return cls(tuple(bands))

    def score(self, asked: Asked) -> Outcome:
        assert asked.value is not None
        before: Bound | None = None
        for bound, points in self.bands:
            if bound is None or bound.holds(asked.value):
                return Outcome(points, _band_text(before, bound, asked.unit))
            before = bound
        raise AssertionError("the last band takes everything")

    def most(self) -> Decimal:
        return max(points for _, points in self.bands)


def _band_text(before: Bound | None, bound: Bound | None, unit: str) -> str:
    """在90%（含）至100%（含）之间; one-sided at either end."""
    if before is None or bound is None:
        return bound.text(unit) if bound else (before.opposite().text(unit) if before else "")
    sides = sorted((before.opposite(), bound), key=lambda side: side.limit)
    low, high = (side.limit_text(unit) + ("（含）" if "=" in side.op else "") for side in sides)
    return f"在{low}至{high}之间"


@dataclass(frozen=True, slots=True)
class Options:
    """选档: a person names one of the rubric's options."""

    options: dict[str, Decimal]
    by_hand: ClassVar[bool] = True

    @classmethod
    def declared(cls, fields: Fields) -> Options:
        options = {}
        for name, text in fields.pairs("档").items():
            try:
                options[name] = Decimal(text)
            except ArithmeticError:
                fields.source.complain(fields.node, f"“{name}”的分“{text}”不是数字", "D04")
        return cls(options)

    def score(self, asked: Asked) -> Outcome:
        if asked.answer not in self.options:
            raise RuleError(f"“{asked.answer}”不在可选的档里（{'、'.join(self.options)}）")
        return Outcome(self.options[asked.answer], asked.answer)

    def most(self) -> Decimal:
        return max(self.options.values(), default=ZERO)


@dataclass(frozen=True, slots=True)
class Steps:
    """逐级扣分: above ``start`` each ``step`` costs ``cost``; ``part`` says what less than a whole step costs."""

    start: Decimal
    step: Decimal
    cost: Decimal
    part: str
    by_hand: ClassVar[bool] = False

    @classmethod
    def declared(cls, fields: Fields) -> Steps:
        part = fields.choice("不足一级", ("按比例", "不计", "计一级"))
        steps = cls(fields.number("起"), fields.number("每", ONE), fields.number("扣"), part)
        if steps.step <= 0:
            fields.source.complain(fields.node, "“每”应大于0", "D04")
        return steps

    def score(self, asked: Asked) -> Outcome:
        assert asked.value is not None
        limit = Bound(">", self.start)
        if not limit.holds(asked.value):
            return Outcome(asked.points, limit.opposite().text(asked.unit))
        levels = (asked.value - self.start) / self.step
        if self.part != "按比例":
            levels = levels.to_integral_value(ROUND_FLOOR if self.part == "不计" else ROUND_CEILING)
        return Outcome(max(ZERO, asked.points - levels * self.cost), limit.text(asked.unit))


@dataclass(frozen=True, slots=True)
class Items:
    """逐项扣分: each item costs ``cost``, never below 0. The count is computed, or a person's answer."""

    cost: Decimal
    counted: bool

    @property
    def by_hand(self) -> bool:
        return not self.counted

    @classmethod
    def declared(cls, fields: Fields) -> Items:
        return cls(fields.number("每项"), "值" in fields)

    def score(self, asked: Asked) -> Outcome:
        count = asked.value if asked.value is not None else self._answer(asked.answer)
        return Outcome(max(ZERO, asked.points - count * self.cost), f"{count:f}项")

    def _answer(self, text: str) -> Decimal:
        try:
            count, percent = numerals.parse_number(text)
        except numerals.NotANumber as error:
            raise RuleError(f"{error}，这里要填项数") from error
        if percent or count < 0 or count != count.to_integral_value():
            raise RuleError(f"项数“{text}”应是不小于0的整数")
        return count


@dataclass(frozen=True, slots=True)
class Point:
    """要点: one line of a check-list; a person gives all, some or none of its points."""

    by_hand: ClassVar[bool] = True

    @classmethod
    def declared(cls, _fields: Fields) -> Point:
        return cls()

    def score(self, asked: Asked) -> Outcome:
        return Outcome(_points_answer(asked))


@dataclass(frozen=True, slots=True)
class Judged:
    """人工评分: points by hand, or a share of the points within a qualitative band (显著 80%–100%, both included)."""

    bands: dict[str, tuple[Decimal, Decimal]]
    shared: bool

    @property
    def by_hand(self) -> bool:
        return not self.shared

    @classmethod
    def declared(cls, fields: Fields) -> Judged:
        bands = {}
        for node in fields.items("档", required=False):
            name, low, high = node.value if isinstance(node.value, list) and len(node.value) == 3 else (node,) * 3
            bands[fields.source_text(name)] = (fields.source_number(low), fields.source_number(high))
        return cls(bands, "比例" in fields)

    def score(self, asked: Asked) -> Outcome:
        if not self.shared:
            return Outcome(_points_answer(asked))
        assert asked.value is not None
        low, high = self.bands.get(asked.band, (ZERO, ONE))
        if not low <= asked.value <= high:
            wanted = f"{numerals.show(low, '%', 0)}至{numerals.show(high, '%', 0)}"
            raise RuleError(f"得分比例{numerals.show(asked.value, '%')}与档次“{asked.band}”（{wanted}）不符")
        return Outcome(asked.value * asked.points, asked.band)


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: when it struck, the named criteria (or the whole indicator, ``lines`` empty) earn nothing."""

    lines: tuple[int, ...]
    by_hand: ClassVar[bool] = True

    @classmethod
    def declared(cls, fields: Fields) -> Veto:
        whole = fields.texts("范围")
        return cls(() if whole == ("指标",) else tuple(int(text) for text in whole if text.isdigit()))

    def score(self, asked: Asked) -> Outcome:
        return Outcome(ZERO, "发生" if _yes(asked.answer) else "未发生", _yes(asked.answer))


@dataclass(frozen=True, slots=True)
class Exempt:
    """不适用: when it applies, every criterion of the indicator earns its full points."""

    by_hand: ClassVar[bool] = True

    @classmethod
    def declared(cls, _fields: Fields) -> Exempt:
        return cls()

    def score(self, asked: Asked) -> Outcome:
        return Outcome(ZERO, "适用" if _yes(asked.answer) else "不涉及", _yes(asked.answer))


def _yes(answer: str) -> bool:
    if answer not in (YES, NO):
        raise RuleError(f"“{answer}”应填{YES}或{NO}")
    return answer == YES


RULES: dict[str, Callable[[Fields], Rule]] = {
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


@dataclass(frozen=True, slots=True)
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
        lines = [replace(line, outcome=replace(line.outcome, earned=line.points)) for line in lines]
    vetoed = set(_vetoed(struck, lines))
    return [replace(line, outcome=replace(line.outcome, earned=ZERO)) if line.ordinal in vetoed else line for line in lines]


def _vetoed(struck: Sequence[Rule], lines: Sequence[Line]) -> Iterator[int]:
    for rule in struck:
        if isinstance(rule, Veto):
            yield from rule.lines or {line.ordinal for line in lines}


def indicator_points(lines: Sequence[Line], decimals: int) -> Decimal:
    """An indicator's score: the exact sum of its criteria, rounded once."""
    return numerals.round_half_up(sum((line.outcome.earned for line in lines), ZERO), decimals)
