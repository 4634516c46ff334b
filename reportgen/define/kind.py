"""kind.yaml: the sheets of a report kind, its facts, its cross-checks and its prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from reportgen.define.checks import Check, read_check
from reportgen.define.fields import UNUSED, Fields, read_yaml
from reportgen.define.gathering import Gathering, read_gathering
from reportgen.define.names import GENERAL, Names
from reportgen.define.rules import RULES
from reportgen.define.source import Source, YamlNode
from reportgen.define.tables import ANSWERS, Computed, TableSpec, answers_table, read_computed, read_table
from reportgen.define.types import LIST, NUMBER, Types, types_of
from reportgen.shown import mistakes, nearest

Formulas: TypeAlias = list[tuple[Computed, YamlNode]]
PURPOSES = {
    "评定": ("表", "指标", "序号", "结果", "理由", "依据"),
    "认定": ("表", "指标", "序号", "结果", "理由", "依据"),
    "失分": ("表", "指标", "标题", "原因", "措施", "科室", "时限"),
}
HOLDS = {("评定", "序号"): NUMBER, ("认定", "序号"): NUMBER, ("认定", "结果"): NUMBER, ("失分", "指标"): LIST}
BASICS, EDITION = "基本信息", "版本"
FACTS = "数据项"
TYPED = {"年度": "年", "成文日期": "日期"}  # what the file's name and the year before are worked out from
STAGE, DRAFT, FINAL = "稿次", "草稿", "定稿"  # a role of 身份, and two of the values it may have


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for prose: the heading that opens it in 正文.docx. ``unused``: this edition asks for none."""

    name: str
    required: bool
    headings: tuple[str, ...]
    unused: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """报告类型; compared by identity, as each is loaded once.

    With ``period_column`` (表.列) its rubric is evaluated once for each value there, which formulas call
    ``period_name``. A kind that is not ``scored`` has no rubric at all.
    """

    name: str
    title: str
    file_name: str
    identity: Mapping[str, str]
    tables: Mapping[str, TableSpec]
    facts: tuple[Computed, ...]
    checks: tuple[Check, ...]
    slots: Mapping[str, Slot]
    purposes: Mapping[str, Mapping[str, str]]
    sentences: Mapping[str, str]
    names: Names
    period_column: str = ""
    period_name: str = ""
    scored: bool = True
    gathering: Gathering | None = None

    @property
    def single_names(self) -> frozenset[str]:
        """Every name that stands for one fact."""
        return self.names.single

    @property
    def headers(self) -> dict[str, str]:
        """What forms call a single name that is no name itself, and the name: “三公”经费预算数, 三公经费预算数."""
        lines = (one for spec in self.tables.values() if spec.record for one in spec.columns.values())
        pairs = [(header, one.name) for one in lines for header in one.headers if header not in self.single_names]
        often = Counter(header for header, _ in pairs)
        return {header: name for header, name in pairs if often[header] == 1}  # of two lines none is meant for sure


@lru_cache(maxsize=32)
def load_kind(path: Path, name: str) -> Kind:
    """The kind declared in ``path``/kind.yaml alone; DefinitionError with every mistake at its line."""
    return read_kind(name, read_yaml(path / "kind.yaml", f"{name}/kind.yaml"))


def read_kind(name: str, fields: Fields, besides: Iterable[str] = ()) -> Kind:
    """The kind that the fields declare, ``besides`` being keys that others will read; DefinitionError as above."""
    kind = _kind(name, fields)
    fields.taken += besides
    fields.finish()
    fields.source.finish()
    return kind


def _kind(name: str, fields: Fields) -> Kind:
    title, file_name = fields.text("名称"), fields.text("文件名")
    columns, tables = {}, {}
    singles: dict[str, str] = {}
    for key, inner in fields.entries("表"):
        tables[key], columns[key] = read_table(key, inner)
        if tables[key].record:
            _keep_singles(inner.inner("列"), key, singles)
    typed = frozenset(singles)
    tables[ANSWERS] = answers_table()
    _keep_singles(fields.inner(FACTS, required=False), FACTS, singles)
    facts = [read_computed(key, inner) for key, inner in fields.entries(FACTS, required=False)]
    period = _period(fields)
    sound = not fields.source.found  # of a column with a mistake nobody knows the type
    types = types_of(tables.values(), [one for one, _ in facts]) if sound else Types({})
    names = Names(frozenset({*singles, *filter(None, period[1:])}), {key: table.names for key, table in tables.items()}, types)
    _check_columns(fields.source, columns, names, typed)
    _check_facts(fields.source, facts, names)
    checks = fields.each("勾稽", lambda inner: read_check(inner, names), required=False)
    # 审核说明 answers a check by its number
    fields.unique("勾稽", (check.code for check in checks), "编号“{}”用了两次")
    _check_references(fields, checks, tables, names)
    identity = _identity(fields, names)
    fields.wrong("文件名", mistakes(file_name, names.single))
    slots = {key: _slot(key, inner) for key, inner in fields.entries("文稿", required=False)}
    purposes, sentences = _scoring(fields, names)
    computed = tuple(one for one, _ in facts)
    gathering = read_gathering(fields, tables, computed, names)
    return Kind(name, title, file_name, identity, tables, computed, tuple(checks), slots, purposes, sentences, names,
                *period, scored="评分" in fields, gathering=gathering)  # fmt: skip


def _period(fields: Fields) -> tuple[str, str]:
    """The column whose values are the periods of scoring, and the name of the one being scored; "" for neither."""
    inner = fields.inner("评分", required=False)
    return (inner.text("逐期", ""), inner.text("期", "")) if "逐期" in inner else ("", "")


def _keep_singles(fields: Fields, where: str, singles: dict[str, str]) -> None:
    """Single names are unique in the whole kind."""
    for name, key in fields.keys.items():
        if name in singles:
            fields.source.complain(key, f"“{name}”在“{singles[name]}”里已经有了，请改一个名称")
        singles.setdefault(name, where)


# --- formulas ------------------------------------------------------------------------------------------------


def _check_columns(source: Source, tables: Mapping[str, Formulas], names: Names, typed: frozenset[str]) -> None:
    """Every name must exist and have its value by then: columns are worked out one after the other, before 数据项."""
    for table, columns in tables.items():
        later = {one.name for one, _ in columns}
        for one, node in columns:
            source.wrong(node, names.wrong(one.node, table, gives=NUMBER, unit=one.unit))
            source.wrong(node, _too_early(one, later | (names.single - typed) - names.columns[table]))
            later.discard(one.name)


def _check_facts(source: Source, facts: Formulas, names: Names) -> None:
    for one, node in facts:
        source.wrong(node, names.wrong(one.node, gives=NUMBER, unit=one.unit))
    for one, node in _circular(facts):
        source.complain(node, f"“{one.name}”绕了一圈又用到自己，算不出来", "D03")


def _too_early(one: Computed, later: set[str] | frozenset[str]) -> Iterator[str]:
    for name in sorted(one.node.names() & later):
        yield f"算“{one.name}”时还没有“{name}”：逐行的算式只能用填报的数和写在它前面的算式"


def _circular(left: Formulas) -> Formulas:
    """The facts left over when those that rest on none of the others are taken away again and again."""
    while True:
        open_names = {one.name for one, _ in left}
        still = [(one, node) for one, node in left if one.node.names() & open_names]
        if len(still) == len(left):
            return left
        left = still


# --- the rest ------------------------------------------------------------------------------------------------


def _check_references(fields: Fields, checks: list[Check], tables: Mapping[str, TableSpec], names: Names) -> None:
    """A check 引用存在 looks at a column that says by 引用 where its values must occur."""
    for node, check in zip(fields.items("勾稽", required=False), checks, strict=True):
        table, _, column = check.columns[0].partition(".") if check.shape == "引用存在" and check.columns else ("", "", "")
        found = tables[table].columns.get(column) if table in tables else None
        if found and "." not in found.refers:
            fields.source.complain(node, f"“{table}.{column}”要在列里写“引用: 表.列”", "D03")
        elif found:
            fields.source.wrong(node, names.no_column(*found.refers.partition(".")[::2]))


def _identity(fields: Fields, names: Names) -> dict[str, str]:
    inner, identity = fields.inner("身份"), fields.pairs("身份", required=False)
    for name, text in identity.items():
        if text not in names.single:
            inner.complain(f"“{name}”写的“{text}”不是数据项{nearest(text, names.single)}", name, "D03")
        column, wanted = names.types.known.get(("", text)), TYPED.get(name)
        if wanted and column and getattr(column, "type", "") != wanted:
            inner.complain(f"“{text}”的类型不是{wanted}，“{name}”要用类型是{wanted}的一项", name, "D03")
    return identity


def _slot(name: str, fields: Fields) -> Slot:
    headings = (*fields.texts("标题", required=False), name)
    slot = Slot(name, fields.flag("必填"), headings, fields.flag(UNUSED))
    fields.finish()
    return slot


def _scoring(fields: Fields, names: Names) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    inner = fields.inner("评分", required=False)
    if "逐期" in inner:
        table, _, column = inner.text("逐期").partition(".")
        inner.wrong("逐期", names.no_column(table, column) if column else ["“逐期”要写成“表.列”"])
        inner.text("期")
        inner.finish()
    if "评分" not in fields or "逐期" in inner:
        return {}, {}
    purposes = {purpose: _purpose(inner, purpose, names) for purpose in PURPOSES}
    sentences = read_sentences(inner, names)
    for key in GENERAL:
        if key not in sentences:
            inner.complain(f"“说明句”缺“{key}”", "说明句")
    inner.finish()
    return purposes, sentences


def _purpose(fields: Fields, purpose: str, names: Names) -> dict[str, str]:
    """Which table serves the purpose, and which of its columns each role."""
    inner, wanted = fields.inner(purpose), PURPOSES[purpose]
    roles = fields.pairs(purpose, required=False, known=wanted)
    table = roles.get("表", "")
    for role in wanted if purpose in fields else ():
        if not roles.get(role):
            inner.complain(f"“{purpose}”缺“{role}”")
        elif role == "表":
            inner.wrong(role, names.no_table(table))
        elif table in names.columns:
            inner.wrong(role, list(names.no_column(table, roles[role])) or _holds(purpose, role, table, roles[role], names))
    return roles


def _holds(purpose: str, role: str, table: str, column: str, names: Names) -> Iterator[str]:
    """A sentence where the column can't hold what the role needs: answers are looked up by it."""
    kind, wanted = names.types.named(column, table)[0], HOLDS.get((purpose, role))
    if wanted and kind and kind != wanted:
        yield f"“{column}”一列是{kind}，“{role}”要的是{wanted}"


def read_sentences(fields: Fields, names: Names) -> dict[str, str]:
    """说明句: one for each rule, and the general ones; every placeholder must be one that will be filled."""
    known = (*RULES, *GENERAL)
    sentences = fields.pairs("说明句", required=False, known=known)
    inner = fields.inner("说明句", required=False)
    for key in sentences.keys() & set(known):
        inner.wrong(key, names.wrong_sentence(key, sentences[key]))
    return sentences
