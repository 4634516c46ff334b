"""What a rubric is made of: indicators, the criteria that earn their points, and 验算, the worked examples.

An example is scored by the same rules; one that comes out otherwise refuses the rubric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reportgen import formula, numerals
from reportgen.define import rules
from reportgen.define.fields import Fields
from reportgen.model import Fact
from reportgen.shown import nearest

JOINERS = {"序号": "。", "分号": "；"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """计分项. ``lacking`` (欠缺) is how it is called where points were lost.

    ``points`` is None where ``points_column`` of the indicator's row says them; ``text`` is ``value`` as written,
    ``unit`` that in which it comes out, "" where only the data know.
    """

    name: str
    rule_name: str
    rule: rules.Rule
    points: Decimal | None
    points_column: str = ""
    value: formula.Node | None = None
    table: str = ""
    sentence: str = ""
    on_zero: str = ""
    band_column: str = ""
    evidence_column: str = ""
    bound_columns: tuple[str, ...] = ()
    lacking: str = ""
    text: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """三级指标, or one a row of ``table`` whose ``name[2]`` is then a column."""

    name: tuple[str, str, str]
    criteria: tuple[Criterion, ...]
    table: str = ""
    definition: str = ""
    standard: str = ""
    reading: str = ""
    combined: str = ""
    joiner: str = "序号"
    decimals: int | None = 2
    examples: int = 0


# --- worked examples -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Example:
    """What an example gives: values by name (several for a criterion of several rows), answers by ordinal."""

    given: Mapping[str, list[str]]
    answers: Mapping[int, str]
    used: set[str] = field(default_factory=set)


class _Unscored(ValueError):
    """The example can't be scored; a bare sentence."""


def check_examples(fields: Fields, indicator: Indicator, sound: bool) -> None:
    """Score every example; while the indicator itself has mistakes there is nothing to score yet."""
    for node in fields.items("验算", required=False):
        inner = Fields(fields.source, node)
        example, wanted = _Example(_given(inner), _answers(inner, indicator)), inner.number("得")
        inner.finish()
        if sound and "得" in inner:
            _check(inner, indicator, example, wanted)


def _check(fields: Fields, indicator: Indicator, example: _Example, wanted: Decimal) -> None:
    try:
        got = rules.indicator_points(rules.settle(list(_lines(indicator, example))), indicator.decimals)
    except _Unscored as error:
        fields.complain(f"验算{error}", code="D05")
        return
    if got != wanted:
        right = numerals.trimmed(got, 6 if indicator.decimals is None else indicator.decimals)
        fields.complain(f"“{indicator.name[2]}”验算得{right}，与写的{wanted:f}不符", "得", "D05")
    for name, key in fields.inner("令", required=False).keys.items():
        if name not in example.used:
            fields.source.complain(key, f"本指标计分用不到“{name}”{nearest(name, example.used)}", "D05")


def _given(fields: Fields) -> dict[str, list[str]]:
    inner = fields.inner("令", required=False)
    return {name: [fields.source_text(one) for one in inner.items(name)] for name in inner.nodes}


def _answers(fields: Fields, indicator: Indicator) -> dict[int, str]:
    """评定: a list in the order of the criteria, or {ordinal: answer}."""
    found = fields.numbered("评定")
    by_hand = {str(i) for i, criterion in enumerate(indicator.criteria, 1) if criterion.rule.by_hand}
    for key, place, _ in found:
        if key not in by_hand:
            fields.source.complain(place, f"第{key}项不是人工评定的计分项", "D05")
    return {int(key): text for key, _, text in found if key in by_hand}


def _lines(indicator: Indicator, example: _Example) -> Iterator[rules.Line]:
    for ordinal, criterion in enumerate(indicator.criteria, 1):
        for at in range(_count(criterion, example)):
            points = criterion.points if criterion.points is not None else _number(example, criterion.points_column, at)
            yield rules.Line(ordinal, criterion.rule, points, _outcome(ordinal, criterion, points, example, at))


def _count(criterion: Criterion, example: _Example) -> int:
    """As many lines as the example gives values to a criterion of several rows; else one."""
    names = criterion.value.names() if criterion.value and criterion.table else ()
    return max((len(example.given[name]) for name in names if name in example.given), default=1)


def _outcome(ordinal: int, criterion: Criterion, points: Decimal, example: _Example, at: int) -> rules.Outcome:
    try:
        if criterion.value is None:
            if ordinal not in example.answers:
                raise _Unscored(f"缺第{ordinal}项的评定")
            return criterion.rule.score(rules.Asked(points, answer=example.answers[ordinal]))
        value = _value(criterion.value, example, at)
        band = _text(example, criterion.band_column, at) if criterion.band_column else ""
        bounds = tuple(_number(example, column, at) for column in criterion.bound_columns)
        return criterion.rule.score(rules.Asked(points, value=value, unit="%", band=band, bounds=bounds))
    except formula.ZeroDenominator:
        if not criterion.on_zero:
            raise _Unscored(f"第{ordinal}项的分母为0，而“分母为零”没有写") from None
        return rules.Outcome(points if criterion.on_zero == rules.FULL else Decimal(0))
    except rules.RuleError as error:
        raise _Unscored(f"第{ordinal}项：{error}") from error


def _value(node: formula.Node, example: _Example, at: int) -> Decimal:
    if any(part.op == "call" and part.value in formula.AGGREGATES for part in node.walk()):
        raise _Unscored("不能算合计、计数等，请把这个“值”先写成数据项")
    facts = {name: Fact(0, name, _number(example, name, at)) for name in sorted(node.names())}
    value = formula.evaluate(node, formula.Scope(facts, {}))
    return value if isinstance(value, Decimal) else Decimal(0)


def _text(example: _Example, name: str, at: int) -> str:
    if name not in example.given:
        raise _Unscored(f"缺“{name}”的值")
    example.used.add(name)
    texts = example.given[name]
    return texts[min(at, len(texts) - 1)] if texts else ""


def _number(example: _Example, name: str, at: int) -> Decimal:
    text = _text(example, name, at)
    try:
        number, percent = numerals.parse_number(text)
    except numerals.NotANumber as error:
        raise _Unscored(f"的“{name}”：{error}") from error
    return number / 100 if percent else number
