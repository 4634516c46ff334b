"""rubric.yaml: one issuer's year of indicators, each with its criteria and worked examples (验算)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reportgen import formula
from reportgen.define import rules
from reportgen.define.fields import Fields
from reportgen.define.indicator import JOINERS, Criterion, Indicator, check_examples
from reportgen.define.kind import Kind, read_sentences
from reportgen.define.names import COMBINED_NAMES
from reportgen.define.rule import YesOrNo
from reportgen.define.source import YamlNode
from reportgen.define.types import NUMBER
from reportgen.shown import mistakes

UNROUNDED, PROPORTION = "不取整", "按比例"
RUBRIC_KEYS = ("版本", "指标", "说明句")
Grades = tuple[tuple[Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """评分表. ``grades`` from best to worst; ``settings`` are the edition's texts for the template."""

    settings: Mapping[str, str]
    points: Decimal
    grades: Grades
    indicators: tuple[Indicator, ...]
    sentences: Mapping[str, str]


def read_rubric(fields: Fields, kind: Kind) -> Rubric:
    """The rubric that the fields declare; DefinitionError with every mistake, failed worked examples among them."""
    sentences = {**kind.sentences, **read_sentences(fields, kind.names)}
    head = fields.inner("版本")
    settings, points, grades, decimals = _head(head)
    head.finish()
    indicators = tuple(fields.each("指标", lambda inner: _Reader(inner, kind, sentences).indicator(decimals)))
    # answers and reasons find their indicator by its name
    fields.unique("指标", (indicator.name[2] for indicator in indicators), "有两个指标都叫“{}”")
    fields.finish()
    fields.source.finish()
    return Rubric(settings, points, grades, indicators, sentences)


def _head(fields: Fields) -> tuple[dict[str, str], Decimal, Grades, int | None]:
    points = fields.number("满分", Decimal(100))
    decimals = None if fields.text("小数", "") == UNROUNDED else fields.whole("小数", 2)
    grades: list[tuple[Decimal, str]] = []
    for node, (least, grade) in fields.rows("等级", 2, "每个等级写成 [最低分, 等级]"):
        grades.append((fields.source_number(least), fields.source_text(grade)))
        if len(grades) > 1 and grades[-1][0] >= grades[-2][0]:
            fields.source.complain(node, "“等级”应从高到低写", "D04")
    if grades and grades[-1][0] > 0:
        fields.complain("“等级”的最后一个应从0分起", "等级", "D04")
    settings = {key: fields.text(key) for key in fields.nodes if key not in ("满分", "等级")}
    return settings, points, tuple(grades), decimals


class _Reader:
    """One indicator while it is read."""

    def __init__(self, fields: Fields, kind: Kind, sentences: Mapping[str, str]) -> None:
        self.fields, self.names, self.sentences = fields, kind.names, sentences
        self.by_period = bool(kind.period_column)

    def indicator(self, decimals: int | None) -> Indicator:
        fields, before = self.fields, len(self.fields.source.found)
        name = self.name()
        table = self.table(fields)
        if table and name[2] not in self.names.columns.get(table, (name[2],)):
            fields.complain(f"逐行的指标，第三个名称要写“{table}”的列名", "名称", "D03")
        criteria = tuple(fields.each("计分", lambda inner: self.criterion(inner, table)))
        combined = fields.text("合并句", "")
        fields.wrong("合并句", mistakes(combined, self.names.single | COMBINED_NAMES))
        for node, criterion in zip(fields.items("计分", required=False), criteria, strict=True):
            self.check_veto(node, criterion, len(criteria))
        indicator = Indicator(
            name,
            criteria,
            table,
            fields.text("指标说明", ""),
            fields.text("评分标准", ""),
            fields.text("口径", ""),
            combined,
            fields.choice("连接", tuple(JOINERS), "序号"),
            fields.whole("小数", decimals),
            len(fields.items("验算", required=False)),
        )
        check_examples(fields, indicator, sound=len(fields.source.found) == before)
        return indicator

    def name(self) -> tuple[str, str, str]:
        parts = self.fields.texts("名称")
        if len(parts) == 3:
            return parts[0], parts[1], parts[2]
        if "名称" in self.fields:
            self.fields.complain("“名称”应是 [一级, 二级, 三级]", "名称")
        return "", "", "".join(parts)

    def table(self, fields: Fields) -> str:
        table = fields.text("逐行", "")
        fields.wrong("逐行", self.names.no_table(table) if table else ())
        return table

    def check_veto(self, node: YamlNode, criterion: Criterion, count: int) -> None:
        """一票否决 strikes lines that there are."""
        for line in criterion.rule.lines if isinstance(criterion.rule, rules.Veto) else ():
            if not 1 <= line <= count:
                place = Fields(self.fields.source, node).nodes.get("范围", node)
                self.fields.source.complain(place, f"“范围”里的{line}不是本指标的计分项（共{count}项）", "D04")

    def criterion(self, fields: Fields, indicator_table: str) -> Criterion:
        rule_name = fields.choice("规则", tuple(rules.RULES))
        if rule_name not in rules.RULES:
            fields.taken += fields.nodes  # the parameters belong to a rule that nobody knows yet
        rule = rules.RULES.get(rule_name, rules.Point.declared)(fields)
        table = self.table(fields) or indicator_table
        by_row = bool(table) and not rule.by_hand
        points, points_column = self.points(fields, rule, table)
        value = None if rule.by_hand else fields.formula(rule.value_key, required=rule_name in rules.RULES)
        criterion = Criterion(
            fields.text("名"),
            rule_name,
            rule,
            points,
            points_column,
            value,
            fields.text("逐行", ""),
            fields.text("说明句", ""),
            "" if rule.by_hand else fields.choice("分母为零", ("", rules.FULL, rules.NONE), ""),
            self.column(fields, rule.band_key, table) if by_row and rule.band_key else "",
            self.column(fields, "依据", table) if by_row else "",
            tuple(self.column(fields, key, table) for key in rule.bound_keys),
            fields.text("欠缺", ""),
            "" if rule.by_hand else fields.text(rule.value_key, ""),
            self.names.types.unit(value, table) if value else "",
        )
        self.check(fields, criterion, table)
        self.check_scale(fields, criterion)
        return criterion

    def points(self, fields: Fields, rule: rules.Rule, table: str) -> tuple[Decimal | None, str]:
        """分: a number, or the column that says it; a veto and an exemption have no points of their own."""
        if isinstance(rule, YesOrNo):
            return Decimal(0), ""
        text = fields.text("分")
        if not table or text[:1].isdigit() or not text:
            return (fields.number("分", Decimal(0)) if text else Decimal(0)), ""
        column = self.column(fields, "分", table)
        kind = self.names.types.named(column, table)[0]
        fields.wrong("分", [f"“{column}”一列是{kind}，这里要的是{NUMBER}"] if kind not in (NUMBER, "") else ())
        return None, column

    def column(self, fields: Fields, key: str, table: str) -> str:
        """A column's name; a table that is none was already complained of where it is named."""
        text = fields.text(key, "")
        fields.wrong(key, self.names.no_column(table, text) if text and table in self.names.columns else ())
        return text

    def check_scale(self, fields: Fields, criterion: Criterion) -> None:
        """极差标准化 needs both its bounds, and gaps can be filled only where there are other periods."""
        for key, column in zip(criterion.rule.bound_keys, criterion.bound_columns, strict=True):
            if not column:
                fields.complain(f"规则“{criterion.rule_name}”缺“{key}”（写列名）", code="D04")
        if isinstance(criterion.rule, rules.Standardise) and criterion.rule.fill and not self.by_period:
            fields.complain("“缺”只能用在逐期评分的报告里", "缺", "D04")

    def check(self, fields: Fields, criterion: Criterion, table: str) -> None:
        """The awards of bands and options must suit 分; every name must exist; there must be a sentence to say it in."""
        known = not table or table in self.names.columns
        awards, value_key = criterion.rule.awards(), criterion.rule.value_key
        if awards and criterion.points is None:
            fields.complain("档里已经写了分，“分”应是数字", "分", "D04")
        elif awards and max(awards) != criterion.points:
            fields.complain(f"最高一档是{max(awards)}分，与“分: {criterion.points}”不一致", "分", "D04")
        if awards and min(awards) < 0:
            fields.complain("各档的分不能小于0", "档", "D04")
        if criterion.value:
            fields.wrong(value_key, self.names.wrong(criterion.value, table, gives=NUMBER) if known else ())
            if formula.truth(criterion.value):
                fields.complain(f"“{value_key}”要算出一个数，不能是比较", value_key, "D03")
        if criterion.unit == "%" and criterion.rule.past_shares():
            fields.complain(f"“{value_key}”是百分数，界限要带百分号，如 95%、每1%", "规则", "D04")
        if criterion.rule_name == PROPORTION and criterion.unit not in ("%", ""):
            fields.complain(f"按比例的“{value_key}”要是百分数，现在是{criterion.unit}", value_key, "D04")
        if criterion.sentence:
            wrong = self.names.wrong_sentence(criterion.rule_name, criterion.sentence, table)
            fields.wrong("说明句", wrong if known else ())
        elif self.sentences and criterion.rule_name in rules.RULES and criterion.rule_name not in self.sentences:
            fields.complain(f"没有“{criterion.rule_name}”的说明句，请在“说明句”里加一句", "规则")
