"""rubric.yaml: one issuer's year of indicators, each with its criteria and worked examples (验算)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from reportgen import formula
from reportgen.define import rules
from reportgen.define.kind import Kind, TableSpec, unknown_names
from reportgen.define.source import Fields, Source
from reportgen.model import Fact
from reportgen.shown import nearest

JOINERS = {"序号": "。", "分号": "；"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """计分项. ``points`` is None where ``points_column`` of the indicator's row says them."""

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
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Rubric:
    """评分表. ``grades`` from best to worst; ``settings`` are the edition's texts for the template."""

    settings: Mapping[str, str]
    points: Decimal
    grades: tuple[tuple[Decimal, str], ...]
    indicators: tuple[Indicator, ...]
    sentences: Mapping[str, str]


@lru_cache(maxsize=64)
def load_rubric(path: Path, name: str, kind: Kind) -> Rubric:
    """The rubric in ``path``/rubric.yaml; DefinitionError with every mistake, failed worked examples among them."""
    source = Source(path / "rubric.yaml", f"{name}/rubric.yaml")
    fields = source.fields()
    head = fields.section("版本", _head) or _head(Fields(source, source.root))
    decimals = int(head[0].get("小数", "2"))
    indicators = tuple(fields.each("指标", lambda inner: _indicator(inner, kind, decimals)))
    sentences = {**kind.sentences, **fields.pairs("说明句", required=False)}
    fields.finish()
    source.finish()
    return Rubric(head[0], head[1], head[2], indicators, sentences)


def _head(fields: Fields) -> tuple[dict[str, str], Decimal, tuple[tuple[Decimal, str], ...]]:
    points, grades = fields.number("满分", Decimal(100)), []
    for node in fields.items("等级"):
        least, word = node.value if isinstance(node, SequenceNode) and len(node.value) == 2 else (node, node)
        grades.append((fields.source_number(least), fields.source_text(word)))
    if [least for least, _ in grades] != sorted((least for least, _ in grades), reverse=True):
        fields.source.complain(fields.node, "“等级”应从高到低写")
    settings = {key: fields.text(key) for key in fields.nodes if key not in ("满分", "等级")}
    return settings, points, tuple(grades)


def _indicator(fields: Fields, kind: Kind, decimals: int) -> Indicator:
    name = fields.texts("名称")
    if len(name) != 3:
        fields.source.complain(fields.node, "“名称”应是 [一级, 二级, 三级]")
        name = ("", "", "".join(name))
    table = fields.text("逐行", "")
    criteria = tuple(fields.each("计分", lambda inner: _criterion(inner, kind, table)))
    indicator = Indicator(
        (name[0], name[1], name[2]),
        criteria,
        table,
        fields.text("指标说明", ""),
        fields.text("评分标准", ""),
        fields.text("口径", ""),
        fields.text("合并句", ""),
        fields.choice("连接", tuple(JOINERS), "序号"),
        fields.whole("小数", decimals) or 0,
    )
    for node in fields.items("验算", required=False):
        _check_example(Fields(fields.source, node), indicator)
    return indicator


def _criterion(fields: Fields, kind: Kind, indicator_table: str) -> Criterion:
    rule_name = fields.choice("规则", tuple(rules.RULES))
    rule = rules.RULES.get(rule_name, rules.Point.declared)(fields)
    table = fields.text("逐行", "")
    points, column = _points(fields)
    criterion = Criterion(
        fields.text("名"),
        rule_name,
        rule,
        points,
        column,
        fields.formula("比例" if isinstance(rule, rules.Judged) else "值"),
        table,
        fields.text("说明句", ""),
        fields.choice("分母为零", ("", rules.FULL, rules.NONE), ""),
        fields.text("档次", ""),
        fields.text("依据", ""),
    )
    _check_criterion(fields, criterion, kind, table or indicator_table)
    return criterion


def _points(fields: Fields) -> tuple[Decimal | None, str]:
    text = fields.text("分", "0")
    return (fields.number("分", Decimal(0)), "") if text.replace(".", "").isdigit() else (None, text)


def _check_criterion(fields: Fields, criterion: Criterion, kind: Kind, table: str) -> None:
    """A rule by value needs 值; bands can't give more than 分; every name must exist."""
    if not criterion.rule.by_hand and criterion.value is None:
        fields.source.complain(fields.node, f"规则“{criterion.rule_name}”缺“值”", "D04")
    most = getattr(criterion.rule, "most", None)
    if most and criterion.points is not None and most() != criterion.points:
        fields.source.complain(fields.node, f"最高一档的分与“分: {criterion.points}”不一致", "D04")
    if criterion.value:
        columns = {name: _columns(spec) for name, spec in kind.tables.items()}
        for sentence in unknown_names(criterion.value, kind.single_names, columns, table):
            fields.source.complain(fields.node, sentence, "D03")
    for column in (criterion.points_column, criterion.band_column, criterion.evidence_column):
        known = _columns(kind.tables[table]) if table in kind.tables else set()
        if column and column not in known:
            fields.source.complain(fields.node, f"“{table}”没有“{column}”这一列{nearest(column, known)}", "D03")


def _columns(spec: TableSpec) -> set[str]:
    return {*spec.columns, *(one.name for one in spec.computed), formula.ROW_NUMBER}


# --- worked examples ----------------------------------------------------------------------------------------


def _check_example(fields: Fields, indicator: Indicator) -> None:
    """Score the example by the same rules; a different result refuses the rubric."""
    wanted = fields.number("得")
    given = _given(fields)
    answers = _example_answers(fields)
    fields.finish()
    try:
        lines = rules.settle(list(_example_lines(indicator, given, answers)))
    except (rules.RuleError, formula.Missing, LookupError) as error:
        fields.source.complain(fields.node, f"验算缺内容或填错：{error}", "D05")
        return
    got = rules.indicator_points(lines, indicator.decimals)
    if got != wanted:
        fields.source.complain(fields.node, f"“{indicator.name[2]}”验算得{got:f}，与写的{wanted:f}不符", "D05")


def _given(fields: Fields) -> dict[str, list[str]]:
    node = fields.node_of("令", required=False)
    if not isinstance(node, MappingNode):
        return {}
    inner = Fields(fields.source, node)
    return {name: [inner.source_text(one) for one in inner.items(name)] for name in inner.nodes}


def _example_answers(fields: Fields) -> dict[int, str]:
    node = fields.node_of("评定", required=False)
    if isinstance(node, MappingNode):
        return {int(key): text for key, text in fields.pairs("评定").items()}
    return dict(enumerate(fields.texts("评定", required=False), 1)) if node else {}


def _example_lines(indicator: Indicator, given: dict[str, list[str]], answers: dict[int, str]) -> Iterator[rules.Line]:
    for ordinal, criterion in enumerate(indicator.criteria, 1):
        for scope in _example_scopes(criterion, given):
            points = criterion.points
            if points is None:
                points = Decimal(given[criterion.points_column][0])
            asked = rules.Asked(points, answer=answers.get(ordinal, ""), unit="%")
            if criterion.value is not None:
                value = formula.evaluate(criterion.value, scope)
                band = given.get(criterion.band_column, [""])[0]
                asked = replace(asked, value=value, band=band)
            elif not asked.answer:
                raise LookupError(f"第{ordinal}项没有评定")
            yield rules.Line(ordinal, criterion.rule, points, criterion.rule.score(asked))


def _example_scopes(criterion: Criterion, given: dict[str, list[str]]) -> list[formula.Scope]:
    """One scope for each value that the example gives to a per-row criterion; one in all for any other."""
    names = {node.value for node in criterion.value.walk() if node.op == "name"} if criterion.value else set()
    count = max((len(given[name]) for name in names if name in given), default=1) if criterion.table else 1
    return [formula.Scope({name: _fact(name, texts[min(i, len(texts) - 1)]) for name, texts in given.items()}, {}) for i in range(count)]


def _fact(name: str, text: str) -> Fact:
    try:
        number = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ArithmeticError:
        return Fact(0, name, text)
    return Fact(0, name, number)


def hand_lines(rubric: Rubric) -> Iterator[tuple[Indicator, int, Criterion]]:
    """Every criterion that a person answers, with its ordinal, in order."""
    for indicator in rubric.indicators:
        for ordinal, criterion in enumerate(indicator.criteria, 1):
            if criterion.rule.by_hand:
                yield indicator, ordinal, criterion
