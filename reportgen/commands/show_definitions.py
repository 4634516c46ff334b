"""kind.yaml and rubric.yaml read out: sheets, formulas, checks; indicators with their points and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from reportgen.commands.columns import aligned
from reportgen.commands.names import columns, computed_name, filled, name_lines, slot_name
from reportgen.define.checks import Check
from reportgen.define.indicator import Criterion, Indicator
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import TableSpec
from reportgen.numerals import trimmed
from reportgen.say import LEVELS


def kind_lines(kind: Kind) -> Iterator[str]:
    """A kind: what is filled in, worked out, checked and written."""
    yield f"{kind.title}（{kind.name}），生成的文件叫 {kind.file_name}"
    yield f"要填的表，{len(kind.tables)}张："
    for spec in kind.tables.values():
        yield f"  {spec.name}{_features(spec)}"
        yield from name_lines(filled(spec) if spec.record else columns(spec), "    ")
    yield f"算出来的数据项，{len(kind.facts)}个："
    yield from name_lines(tuple(map(computed_name, kind.facts)), "  ")
    yield f"勾稽，{len(kind.checks)}条："
    yield from aligned(map(_check, kind.checks), "  ")
    yield f"文稿，{len(kind.slots)}段："
    slots = ((slot_name(one), one.headings) for one in kind.slots.values())
    yield from aligned(([name, needed, f"标题：{'、'.join(headings)}"] for (name, _, needed), headings in slots), "  ")
    yield _scoring(kind)


def _check(check: Check) -> tuple[str, ...]:
    relation = "；".join(f"{key} {text}" for key, text in check.written.items())
    return check.code, LEVELS[check.level], check.message, relation


def _features(spec: TableSpec) -> str:
    """（竖表，可以没有）; what sets a sheet apart."""
    across = f"“{spec.spread[0].name}”横着写" if spec.spread else ""
    features = ["一项一行" if spec.record else "", f"键是{'、'.join(spec.key)}" if spec.key else "", across,
                f"合计行{spec.total}" if spec.total else "", "可以没有" if spec.optional else ""]  # fmt: skip
    said = "，".join(filter(None, features))
    return f"（{said}）" if said else ""


def _scoring(kind: Kind) -> str:
    if not kind.scored:
        return "不计分。"
    if kind.period_column:
        return f"一期一评：“{kind.period_column}”里的各期，正在算的一期叫“{kind.period_name}”。"
    tables = {purpose: roles.get("表") for purpose, roles in kind.purposes.items()}
    return "计分：" + "，".join(f"{purpose}填在“{table}”表" for purpose, table in tables.items() if table) + "。"


# --- the rubric ----------------------------------------------------------------------------------------------------


def rubric_lines(name: str, kind: Kind, rubric: Rubric) -> Iterator[str]:
    """A rubric: its indicators as a tree, each with points, rules, readings."""
    yield f"{rubric.settings.get('名称', name)}评分表（{name}）"
    yield f"  {_adding_up(rubric)}"
    if rubric.grades:
        yield f"  等级：{'，'.join(f'{trimmed(least, 2)}分以上{grade}' for least, grade in rubric.grades)}"
    for first, inside in groupby(rubric.indicators, key=lambda one: _level(kind, one, 0)):
        several = list(inside)
        yield f"{first}　{_sum(several)}"
        for second, lowest in groupby(several, key=lambda one: _level(kind, one, 1)):
            own = list(lowest)
            yield f"  {second}　{_sum(own)}"
            for one in own:
                yield from _indicator(one)


def _level(kind: Kind, one: Indicator, level: int) -> str:
    """A level's name; for an indicator a row it may be a column."""
    name = one.name[level]
    return f"“{name}”一列的各项" if one.table and name in kind.tables[one.table].names else name


def _adding_up(rubric: Rubric) -> str:
    count = sum(not one.table for one in rubric.indicators)
    counts = [f"{count}个指标"] * bool(count) + [f"“{one.table}”表每行一个指标" for one in rubric.indicators if one.table]
    known = not any(criterion.table or one.table for one in rubric.indicators for criterion in one.criteria)
    same = sum(criterion.points or 0 for one in rubric.indicators for criterion in one.criteria) == rubric.points
    verdict = ("与满分相符" if same else "与满分不符") if known else "是否等于满分，计分时核对"
    return f"{'，'.join(counts)}；合计{_sum(rubric.indicators)}；满分{trimmed(rubric.points, 2)}分，{verdict}"


def _sum(indicators: Iterable[Indicator]) -> str:
    """The points that are fixed, and those that come with each row of a sheet: 2分＋“季度执行进度”表每行1分."""
    fixed, rows = Decimal(0), dict[str, None]()
    for table, criterion in ((criterion.table or one.table, criterion) for one in indicators for criterion in one.criteria):
        if table:
            rows[f"“{table}”表每行{_points(criterion)}"] = None
        else:
            fixed += criterion.points or 0
    return "＋".join([f"{trimmed(fixed, 2)}分"] * bool(fixed or not rows) + list(rows))


def _points(criterion: Criterion) -> str:
    return f"“{criterion.points_column}”" if criterion.points is None else f"{trimmed(criterion.points, 2)}分"


def _indicator(one: Indicator) -> Iterator[str]:
    name = f"“{one.name[2]}”一列的各项" if one.table else one.name[2]
    rounding = "不取整" if one.decimals is None else f"{one.decimals}位小数"
    yield f"    {name}　{_sum([one])}（{rounding}，验算{one.examples}例）"
    for ordinal, criterion in enumerate(one.criteria, 1):
        points = _points(criterion)
        said = criterion.rule.read_out(points, criterion.unit)
        yield f"      {ordinal}. {criterion.name}　{points}　{criterion.rule_name}：{said}"
        if criterion.text:
            rows = f"，“{criterion.table}”表每行计一次" if criterion.table else ""
            zero = f"，分母为零得{criterion.on_zero}" if criterion.on_zero else ""
            yield f"         值＝{criterion.text}{rows}{zero}"
    if one.reading:
        yield f"      口径：{one.reading}"
