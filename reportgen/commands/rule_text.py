"""计分规则 read out: each rule as a sentence, its limits in the unit of the value that it looks at."""

from __future__ import annotations

from decimal import Decimal
from functools import singledispatch

from reportgen.define.by_hand import Exempt, Items, Judged, Options, Point, Veto
from reportgen.define.by_value import Bands, Proportion, Standardise, Steps, Threshold, band_text
from reportgen.define.rule import NONE, Rule
from reportgen.numerals import SCALE, own_decimals, show, trimmed


@singledispatch
def rule_text(rule: Rule, full: str, unit: str) -> str:
    """The rule as a sentence; ``full`` is all its points, such as 3分."""
    raise NotImplementedError((rule, full, unit))


def _points(value: Decimal) -> str:
    return f"{trimmed(value, 4)}分"


def _limit(value: Decimal, unit: str) -> str:
    """A limit with its unit and no more decimals than it has."""
    text = show(value, unit, own_decimals(value * SCALE.get(unit, Decimal(1))))
    return text if unit in ("%", "‰") else text + unit


@rule_text.register
def _(rule: Threshold, full: str, unit: str) -> str:
    return f"{rule.must.text(unit)}得{full}，否则不得分"


@rule_text.register
def _(rule: Proportion, full: str, _unit: str) -> str:
    return f"得{full}×值，超过100%的{'不得分' if rule.over == NONE else '按100%计'}"


@rule_text.register
def _(rule: Bands, _full: str, unit: str) -> str:
    before = [None, *(bound for bound, _ in rule.bands)]
    pairs = zip(before, rule.bands, strict=False)
    return "；".join(f"{band_text(last, bound, unit)}得{_points(points)}" for last, (bound, points) in pairs)


@rule_text.register
def _(rule: Steps, full: str, unit: str) -> str:
    inside, way = ("达到", "低") if rule.start.op == "<" else ("不高于", "超过")
    start, step = _limit(rule.start.limit, unit), _limit(rule.step, unit)
    return f"{inside}{start}得{full}，每{way}{step}扣{_points(rule.cost)}，不足一级{rule.part}，扣完为止"


@rule_text.register
def _(rule: Standardise, full: str, _unit: str) -> str:
    gap = "，缺数的一期取历期最低分" if rule.fill else ""
    return f"在下限与上限之间换算成{_points(rule.low)}至{_points(rule.high)}，得{full}×标准分÷{trimmed(rule.high, 2)}{gap}"


@rule_text.register
def _(rule: Options, _full: str, _unit: str) -> str:
    return "由人选定，" + "；".join(f"{name}得{_points(points)}" for name, points in rule.options.items())


@rule_text.register
def _(rule: Items, full: str, _unit: str) -> str:
    counted = "由公式算" if rule.counted else "由人填"
    return f"满分{full}，每项扣{_points(rule.cost)}，扣完为止，项数{counted}"


@rule_text.register
def _(_rule: Point, full: str, _unit: str) -> str:
    return f"由人填得分，0至{full}"


@rule_text.register
def _(rule: Judged, full: str, _unit: str) -> str:
    if not rule.shared:
        return f"由人填得分，0至{full}"
    bands = "；".join(f"{name}{_limit(low, '%')}至{_limit(high, '%')}" for name, (low, high) in rule.bands.items())
    return f"得{full}×比例" + (f"，比例应在所填的档次之内：{bands}" if bands else "")


@rule_text.register
def _(rule: Veto, _full: str, _unit: str) -> str:
    struck = f"第{'、'.join(map(str, rule.lines))}项" if rule.lines else "本指标"
    return f"由人填是或否，填是的{struck}不得分"


@rule_text.register
def _(_rule: Exempt, _full: str, _unit: str) -> str:
    return "由人填是或否，填是的本指标各项得全分"
