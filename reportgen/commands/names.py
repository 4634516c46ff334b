"""names: every name that a template or prose of a kind may use, in groups, each with its unit and a hint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen import editions
from reportgen.commands.columns import aligned
from reportgen.commands.pages import tables
from reportgen.define.edition import open_edition
from reportgen.define.kind import Kind, Slot, load_kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import Column, Computed, TableSpec
from reportgen.formula import ROW_NUMBER
from reportgen.shown import NOT_IN_PROSE
from reportgen.write.shape import prose_name, shape
from reportgen.write.view import PERIODS

_EVERYWHERE, _TEMPLATE = "模板、正文都能用", "只在模板里用"
_ROWS = _TEMPLATE + "：{{% for r in {} %}}，写作 r.名称"
_BY_SCORE = ("评分", "评分.指标", "评分.失分", "走势", "评分宽表")
Name = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Names of one sort: (name as it is written, unit, hint)."""

    title: str
    use: str
    names: tuple[Name, ...]


def open_kind(name: str) -> tuple[Kind, Rubric | None]:
    """The kind of 类型 or 类型/版本, and the edition's rubric. NoEdition, DefinitionError."""
    if "/" in name:
        return open_edition(name)
    return load_kind(editions.find(name, "kind.yaml").parent, name), None


def groups(kind: Kind, rubric: Rubric | None) -> list[Group]:
    """What was filled in, what is worked out, tables, prose, scores, formats."""
    records = [spec for spec in kind.tables.values() if spec.record]
    rows = [spec for spec in kind.tables.values() if not spec.record]
    found = [
        *(Group(f"{spec.name}表填的", _EVERYWHERE, filled(spec)) for spec in records),
        *(Group(f"{spec.name}表每行一项", _EVERYWHERE, _named(spec)) for spec in rows if spec.named),
        Group("算出来的", _EVERYWHERE, tuple(map(computed_name, kind.facts))),
        *(Group(f"{spec.name}表", f"{_ROWS.format(spec.name)}，另有 r.{ROW_NUMBER}", columns(spec)) for spec in rows),
        Group("合计行", _TEMPLATE, tuple(_total(spec) for spec in rows if spec.total)),
        Group("文稿", f"{_TEMPLATE}：{{{{p 文稿.名称 }}}}", tuple(map(slot_name, kind.slots.values()))),
        *(_wide(spec) for spec in rows if spec.spread),
        *_scores(kind, rubric),
        Group("格式", f"{_EVERYWHERE}，写作 {{{{ 名称|格式 }}}}", tuple(_formats())),
    ]
    return [group for group in found if group.names]


def slot_name(slot: Slot) -> Name:
    """A place for prose as templates write it."""
    return prose_name(slot.name), "", "必填" if slot.required else "可以不写"


def computed_name(one: Computed) -> Name:
    """What is worked out, and how."""
    return one.name, one.unit, f"＝{one.text}"


def _column_name(one: Column) -> Name:
    """A column, its unit and what may be filled in."""
    sheet = "" if one.headers[0] == one.name else f"表头：{one.headers[0]}"
    kind = "" if one.type in ("数", "文字", "选项") else one.type
    hints = [sheet, kind, "、".join(one.options), one.hint]
    return one.name, one.unit or (f"见{one.unit_column}" if one.unit_column else ""), "；".join(
        filter(None, [*hints, "可以不填" if one.optional else ""]))  # fmt: skip


def filled(spec: TableSpec) -> tuple[Name, ...]:
    """The columns that are filled in."""
    return tuple(map(_column_name, spec.columns.values()))


def columns(spec: TableSpec) -> tuple[Name, ...]:
    """A table's columns, then those worked out."""
    return *filled(spec), *map(computed_name, spec.computed)


def _named(spec: TableSpec) -> tuple[Name, ...]:
    """Names that the workbook gives: a row's key, and the key with another column's name."""
    key = "、".join(spec.key)
    others = [column for role, column in spec.named.items() if role not in ("名称", "数值")]
    beside = [(f"〔{key}〕{column}", "", f"同一行“{column}”的数") for column in others]
    return (f"〔{key}〕", "", f"“{key}”一列填的名称"), *beside


def _total(spec: TableSpec) -> Name:
    return f"填报合计.{spec.name}.列名", "", f"“{spec.name}”表填的合计行" + ("，可以没有" if spec.total == "可省" else "")


def _wide(spec: TableSpec) -> Group:
    """A table with a column that runs across, as on the sheet and as series."""
    rows = f"宽表.{spec.name}", "", f"照表上的样子，一行一个：{{% for r in 宽表.{spec.name} %}}，各格写作 r.{PERIODS}[…]"
    return Group(f"{spec.name}表横看", _TEMPLATE, (rows, (f'历年.{spec.name}["名称"]', "", "一个名称的历年数列")))


def _scores(kind: Kind, rubric: Rubric | None) -> Iterator[Group]:
    """What comes with answers, scores and periods, in the words of the vocabulary."""
    pages, known = dict(tables("vocabulary.md")), shape(kind, rubric).names
    general = [row for row in pages["模板看到的名称"] if row[0] in known and row[0] in ("备注", PERIODS, *_BY_SCORE)]
    yield Group("另外", _TEMPLATE, tuple((name, "", meaning) for name, meaning, _ in general))
    own = tuple((key, "", f"这一版写的是 {text}") for key, text in rubric.settings.items()) if rubric else ()
    for title in _BY_SCORE:
        if title.partition(".")[0] in known and not (title == "评分.失分" and kind.period_column):
            use = _ROWS.format(title) if title not in ("评分", "走势") else f"{_TEMPLATE}：写作 {title}.名称"
            words = tuple((name, "", meaning) for name, meaning in pages[title])
            yield Group(title, use, words + (own if title == "评分" else ()))
    for title in ("数列属性", "数列比较") if kind.period_column or any(spec.spread for spec in kind.tables.values()) else ():
        yield Group(title, _TEMPLATE, tuple((name, "", rule) for name, rule, _ in pages[title]))


def _formats() -> Iterator[Name]:
    for name, meaning, example, _ in dict(tables("vocabulary.md"))["格式"]:
        if name not in NOT_IN_PROSE:
            yield name, "", f"{meaning}，如 {example}"


def names_text(name: str, kind: Kind, rubric: Rubric | None) -> Iterator[str]:
    """The groups as text in columns."""
    yield f"{kind.title}（{name}）"
    for group in groups(kind, rubric):
        yield f"{group.title}（{group.use}）"
        yield from name_lines(group.names, "  ")


def name_lines(names: tuple[Name, ...], indent: str) -> Iterator[str]:
    """Names in columns; without that of the units where none has one."""
    unit = any(unit for _, unit, _ in names)
    return aligned((one if unit else (one[0], one[2]) for one in names), indent)

