"""Rules that take a person's answer: 选档, 要点, 一票否决, 不适用; and 逐项扣分, 人工评分, which may take a figure instead."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportgen import numerals
from reportgen.define.fields import Fields
from reportgen.define.limits import points_text, with_unit
from reportgen.define.rule import ONE, ZERO, Asked, ByHand, Outcome, Rule, RuleError, YesOrNo, positive

WHOLE = "指标"
_BY_HAND = "由人填得分，0至{}"


def _answered(asked: Asked, unit: str, wanted: str) -> Decimal:
    """The answer as a number, its unit allowed behind it."""
    try:
        number, percent = numerals.parse_number(asked.answer, unit)
    except numerals.NotANumber as error:
        raise RuleError(f"{error}，这里要填{wanted}") from error
    if percent:
        raise RuleError(f"“{asked.answer}”带百分号，这里要填{wanted}")
    return number


def _points_answer(asked: Asked) -> Decimal:
    points = _answered(asked, numerals.POINTS, "得分")
    if not 0 <= points <= asked.points:
        raise RuleError(f"得分“{asked.answer}”应在0至{numerals.trimmed(asked.points, numerals.own_decimals(asked.points))}之间")
    return points


@dataclass(frozen=True, slots=True)
class Options(ByHand):
    """选档: a person names one of the rubric's options."""

    options: dict[str, Decimal]

    @classmethod
    def declared(cls, fields: Fields) -> Options:
        inner = fields.inner("档")
        return cls({name: inner.source_number(node) for name, node in inner.nodes.items()})

    def score(self, asked: Asked) -> Outcome:
        if asked.answer not in self.options:
            raise RuleError(f"“{asked.answer}”不在可选的档里（{'、'.join(self.options)}）")
        return Outcome(self.options[asked.answer], asked.answer)

    def awards(self) -> list[Decimal]:
        return list(self.options.values())

    def read_out(self, _full: str, _unit: str) -> str:
        return "由人选定，" + "；".join(f"{name}得{points_text(points)}" for name, points in self.options.items())

    def asks(self, _points: str) -> tuple[str, tuple[str, ...]]:
        return f"填{'、'.join(self.options)}之一", tuple(self.options)


@dataclass(frozen=True, slots=True)
class Items(Rule):
    """逐项扣分: each item costs ``cost``, never below 0. The count is computed, or a person's answer."""

    cost: Decimal
    counted: bool

    @property
    def by_hand(self) -> bool:
        return not self.counted

    @classmethod
    def declared(cls, fields: Fields) -> Items:
        return cls(positive(fields, "每项"), "值" in fields)

    def score(self, asked: Asked) -> Outcome:
        count = max(ZERO, asked.value) if self.counted else self._answer(asked)
        verdict = f"{numerals.trimmed(count, numerals.own_decimals(count))}项"
        return Outcome(max(ZERO, asked.points - count * self.cost), verdict)

    def read_out(self, full: str, _unit: str) -> str:
        counted = "由公式算" if self.counted else "由人填"
        return f"满分{full}，每项扣{points_text(self.cost)}，扣完为止，项数{counted}"

    def asks(self, _points: str) -> tuple[str, tuple[str, ...]]:
        return "填项数，没有的填 0", ()

    def _answer(self, asked: Asked) -> Decimal:
        count = _answered(asked, "项", "项数")
        if count < 0 or count != count.to_integral_value():
            raise RuleError(f"项数“{asked.answer}”应是不小于0的整数")
        return count


@dataclass(frozen=True, slots=True)
class Point(ByHand):
    """要点: one line of a check-list; a person gives all, some or none of its points."""

    def score(self, asked: Asked) -> Outcome:
        return Outcome(_points_answer(asked))

    def read_out(self, full: str, _unit: str) -> str:
        return _BY_HAND.format(full)


@dataclass(frozen=True, slots=True)
class Judged(Rule):
    """人工评分: points by hand, or a share of the points within a qualitative band (显著 80%–100%, both included)."""

    value_key = "比例"
    band_key = "档次"
    bands: dict[str, tuple[Decimal, Decimal]]
    shared: bool

    @property
    def by_hand(self) -> bool:
        return not self.shared

    @classmethod
    def declared(cls, fields: Fields) -> Judged:
        shared, bands = "比例" in fields, {}
        if fields.items("档", required=False) and not shared:
            fields.complain("写了“档”，要同时写“比例”", "档", "D04")
        for node, (name, low, high) in fields.rows("档", 3, "每档写成 [档名, 最低比例, 最高比例]"):
            least, most = fields.source_number(low), fields.source_number(high)
            if not 0 <= least <= most <= 1:
                fields.source.complain(node, "最低比例、最高比例应在0%至100%之间，从低到高", "D04")
            bands[fields.source_text(name)] = least, most
        return cls(bands, shared)

    def score(self, asked: Asked) -> Outcome:
        if not self.shared:
            return Outcome(_points_answer(asked))
        if self.bands and asked.band not in self.bands:
            raise RuleError(f"档次“{asked.band}”不在可选的档里（{'、'.join(self.bands)}）")
        low, high = self.bands.get(asked.band, (ZERO, ONE))
        if not low <= asked.value <= high:
            wanted = f"{numerals.show_exact(low, '%', 0)}至{numerals.show_exact(high, '%', 0)}"
            band = f"档次“{asked.band}”（{wanted}）" if self.bands else wanted
            raise RuleError(f"比例{numerals.show_exact(asked.value, '%')}与{band}不符")
        return Outcome(asked.value * asked.points, asked.band)

    def read_out(self, full: str, _unit: str) -> str:
        if not self.shared:
            return _BY_HAND.format(full)
        bands = "；".join(f"{name}{with_unit(low, '%')}至{with_unit(high, '%')}" for name, (low, high) in self.bands.items())
        return f"得{full}×比例" + (f"，比例应在所填的档次之内：{bands}" if bands else "")


@dataclass(frozen=True, slots=True)
class Veto(YesOrNo):
    """一票否决: when it struck, the named criteria (or the whole indicator, ``lines`` empty) earn nothing."""

    lines: tuple[int, ...]

    @classmethod
    def declared(cls, fields: Fields) -> Veto:
        texts = fields.texts("范围")
        if texts == (WHOLE,):
            return cls(())
        if "范围" in fields and not (texts and all(text.isdecimal() for text in texts)):
            fields.complain(f"“范围”写{WHOLE}，或计分项的序号，如 [1, 2]", "范围", "D04")
        return cls(tuple(int(text) for text in texts if text.isdecimal()))

    def score(self, asked: Asked) -> Outcome:
        struck = self.struck(asked)
        return Outcome(ZERO, "发生" if struck else "未发生", struck)

    def read_out(self, _full: str, _unit: str) -> str:
        struck = f"第{'、'.join(map(str, self.lines))}项" if self.lines else "本指标"
        return f"由人填是或否，填是的{struck}不得分"


@dataclass(frozen=True, slots=True)
class Exempt(YesOrNo):
    """不适用: when it applies, every criterion of the indicator earns its full points."""

    def score(self, asked: Asked) -> Outcome:
        struck = self.struck(asked)
        return Outcome(ZERO, "适用" if struck else "不涉及", struck)

    def read_out(self, _full: str, _unit: str) -> str:
        return "由人填是或否，填是的本指标各项得全分"
