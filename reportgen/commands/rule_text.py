"""计分规则 read out: each rule as a sentence, its limits in the unit of the value that it looks at."""

from __future__ import annotations

from decimal import Decimal

from reportgen.define.by_hand import Exempt, Items, Judged, Options, Point, Veto
from reportgen.define.by_value import Bands, Proportion, Standardise, Steps, Threshold, band_text
from reportgen.define.rule import NONE, Rule
from reportgen.numerals import SCALE, own_decimals, show, trimmed


def rule_text(rule: Rule, full: str, unit: str) -> str:
    """The rule as a sentence; ``full`` is all its points, such as 3分."""
    match rule:
        case Threshold():
            return f"{rule.must.text(unit)}得{full}，否则不得分"
        case Proportion():
            return f"得{full}×值，超过100%的{'不得分' if rule.over == NONE else '按100%计'}"
        case Bands():
            before = [None, *(bound for bound, _ in rule.bands)]
            pairs = zip(before, rule.bands, strict=False)
            return "；".join(f"{band_text(last, bound, unit)}得{_points(points)}" for last, (bound, points) in pairs)
        case Steps():
            inside, way = ("达到", "低") if rule.start.op == "<" else ("不高于", "超过")
            start, step = _limit(rule.start.limit, unit), _limit(rule.step, unit)
            return f"{inside}{start}得{full}，每{way}{step}扣{_points(rule.cost)}，不足一级{rule.part}，扣完为止"
        case Standardise():
            low, high, whole = _points(rule.low), _points(rule.high), trimmed(rule.high, 2)
            gap = "，缺数的一期取历期最低分" if rule.fill else ""
            return f"在下限与上限之间换算成{low}至{high}，得{full}×标准分÷{whole}{gap}"
    return _by_hand(rule, full)


def _by_hand(rule: Rule, full: str) -> str:
    match rule:
        case Options():
            said = "选定，" + "；".join(f"{name}得{_points(points)}" for name, points in rule.options.items())
        case Judged() if rule.shared:
            bands = "；".join(f"{name}{_limit(low, '%')}至{_limit(high, '%')}" for name, (low, high) in rule.bands.items())
            return f"得{full}×比例" + (f"，比例应在所填的档次之内：{bands}" if bands else "")
        case Items():
            counted = "由公式算" if rule.counted else "由人填"
            return f"满分{full}，每项扣{_points(rule.cost)}，扣完为止，项数{counted}"
        case Judged() | Point():
            said = f"填得分，0至{full}"
        case Veto():
            struck = f"第{'、'.join(map(str, rule.lines))}项" if rule.lines else "本指标"
            said = f"填是或否，填是的{struck}不得分"
        case Exempt():
            said = "填是或否，填是的本指标各项得全分"
        case _:
            raise NotImplementedError(rule)
    return f"由人{said}"


def _points(value: Decimal) -> str:
    return f"{trimmed(value, 4)}分"


def _limit(value: Decimal, unit: str) -> str:
    """A limit with its unit and no more decimals than it has."""
    text = show(value, unit, own_decimals(value * SCALE.get(unit, Decimal(1))))
    return text if unit in ("%", "‰") else text + unit
