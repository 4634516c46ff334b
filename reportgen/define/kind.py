"""kind.yaml: the sheets of a report kind, its facts, its cross-checks and its prose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from reportgen import formula
from reportgen.define.source import Fields, Source
from reportgen.model import CONFIRM, ERROR, WARNING
from reportgen.shown import nearest

TYPES = ("文字", "文稿", "数", "年", "日期", "选项", "列表", "版本")
LEVELS = {"错误": ERROR, "核实": CONFIRM, "提醒": WARNING}
CHECKS = ("须", "递增", "疑似万倍", "疑似百分数")
PURPOSES = {
    "评定": ("表", "指标", "序号", "结果", "理由", "依据"),
    "认定": ("表", "指标", "序号", "结果", "理由", "依据"),
    "失分": ("表", "指标", "标题", "原因", "措施", "科室", "时限"),
}
BASICS, EDITION = "基本信息", "版本"
ANSWERS, ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT = "审核说明", "问题代码", "对象", "说明"


@dataclass(frozen=True, slots=True)
class Column:
    """One column (or line of a form): its header texts, type and unit."""

    name: str
    headers: tuple[str, ...]
    type: str = "文字"
    unit: str = ""
    unit_column: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    decimals: int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """A formula with the unit and decimals of what it gives."""

    name: str
    node: formula.Node
    text: str
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A sheet. ``record`` is a form laid down the sheet; ``named`` says which columns make single facts of rows."""

    name: str
    columns: Mapping[str, Column]
    record: bool = False
    key: tuple[str, ...] = ()
    total: str = ""
    optional: bool = False
    computed: tuple[Computed, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """A cross-check; ``shape`` is one of CHECKS, ``columns`` what the shapes other than 须 look at."""

    code: str
    shape: str
    level: str
    message: str
    must: formula.Node | None = None
    when: formula.Node | None = None
    table: str = ""
    tolerance: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for prose: the heading that opens it in 正文.docx."""

    name: str
    required: bool
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """报告类型; compared by identity, as each is loaded once."""

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

    @property
    def single_names(self) -> set[str]:
        """Every name that stands for one fact."""
        typed = {name for table in self.tables.values() if table.record for name in table.columns}
        return typed | {fact.name for fact in self.facts}


@lru_cache(maxsize=32)
def load_kind(path: Path, name: str) -> Kind:
    """The kind declared in ``path``/kind.yaml; DefinitionError with every mistake at its line."""
    source = Source(path / "kind.yaml", f"{name}/kind.yaml")
    fields = source.fields()
    kind = _kind(name, fields)
    fields.finish()
    source.finish()
    return kind


def _kind(name: str, fields: Fields) -> Kind:
    title = fields.text("名称")
    file_name = fields.text("文件名")
    identity = fields.pairs("身份")
    tables = {spec.name: spec for spec in (_table(key, inner) for key, inner in fields.entries("表"))}
    tables[ANSWERS] = _answers()
    facts = tuple(_computed(fields, "数据项"))
    known = _Names(tables, facts)
    _check_formulas(fields, known)
    checks = tuple(fields.each("勾稽", lambda inner: _check(inner, known), required=False))
    slots = {key: _slot(key, inner) for key, inner in fields.entries("文稿", required=False)}
    purposes, sentences = _scoring(fields)
    return Kind(name, title, file_name, identity, tables, facts, checks, slots, purposes, sentences)


def _table(name: str, fields: Fields) -> TableSpec:
    columns = {key: _column(key, inner) for key, inner in fields.entries("列")}
    spec = TableSpec(
        name,
        columns,
        record=fields.flag("竖表"),
        key=fields.texts("键", required=False),
        total=fields.choice("合计行", ("", "必填", "可省"), ""),
        optional=fields.flag("可空"),
        computed=tuple(_computed(fields, "算")),
        named=fields.pairs("成项", required=False),
    )
    for column in (*spec.key, *spec.named.values()):
        if column not in columns:
            fields.source.complain(fields.node, f"“{name}”没有“{column}”这一列{nearest(column, columns)}")
    fields.finish()
    return spec


def _column(name: str, fields: Fields) -> Column:
    _identifier(name, fields)
    unit, unit_column = fields.text("单位", ""), fields.text("单位列", "")
    kind = "数" if unit or unit_column else "选项" if "选项" in fields else "文字"
    headers = fields.texts("表头", required=False)
    column = Column(
        name,
        (*headers, name),
        fields.choice("类型", TYPES, kind),
        unit,
        unit_column,
        fields.texts("选项", required=False),
        fields.flag("可空"),
        fields.whole("小数"),
        fields.text("提示", ""),
    )
    fields.finish()
    return column


def _identifier(name: str, fields: Fields) -> None:
    if not formula.identifier(name):
        fields.source.complain(fields.node, f"“{name}”不能作名称（不能有标点、空格，不能以数字开头）；表上的写法请放在“表头”")


def _computed(fields: Fields, key: str) -> Iterable[Computed]:
    for name, inner in fields.entries(key, required=False):
        _identifier(name, inner)
        text = inner.text("算")
        node = inner.formula("算") or formula.Node("number")
        unit, decimals = inner.text("单位", ""), inner.whole("小数")
        inner.finish()
        yield Computed(name, node, text, unit, decimals)


def _answers() -> TableSpec:
    """The sheet that answers 核实性 problems, the same for every kind."""
    names = (ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT)
    columns = {name: Column(name, (name,), optional=name == ANSWER_SUBJECT) for name in names}
    return TableSpec(ANSWERS, columns, optional=True)


@dataclass(frozen=True, slots=True)
class _Names:
    """What a formula may name."""

    tables: Mapping[str, TableSpec]
    facts: tuple[Computed, ...]

    def single(self) -> set[str]:
        typed = {name for table in self.tables.values() if table.record for name in table.columns}
        return typed | {fact.name for fact in self.facts}

    def columns(self, table: str) -> set[str]:
        spec = self.tables.get(table)
        return {*spec.columns, *(one.name for one in spec.computed), formula.ROW_NUMBER} if spec else set()


def _check_formulas(fields: Fields, known: _Names) -> None:
    """Every name in 数据项 and 算 must exist; 数据项 may use only facts above them or typed ones."""
    for fact in known.facts:
        _complain_unknown(fields, fact.node, known, "")
    for table in known.tables.values():
        for one in table.computed:
            _complain_unknown(fields, one.node, known, table.name)


def _complain_unknown(fields: Fields, node: formula.Node, known: _Names, table: str) -> None:
    for sentence in unknown_names(node, known.single(), {name: known.columns(name) for name in known.tables}, table):
        fields.source.complain(fields.node, sentence, "D03")


def unknown_names(
    node: formula.Node, single: set[str], columns: Mapping[str, set[str]], table: str = ""
) -> Iterable[str]:
    """A sentence for each name in a formula that means nothing; ``table`` is the row's own table."""
    if node.op == "call" and node.value in formula.AGGREGATES:
        target, _, column = node.parts[0].value.partition(".")
        if target not in columns:
            yield f"没有叫“{target}”的表{nearest(target, columns)}"
            return
        if column and column not in columns[target]:
            yield f"“{target}”没有“{column}”这一列{nearest(column, columns[target])}"
        for part in node.parts[1:]:
            yield from unknown_names(part, single | columns.get(table, set()), columns, target)
        return
    if node.op == "name" and "." not in node.value:
        allowed = single | columns.get(table, set())
        if node.value not in allowed:
            yield f"没有叫“{node.value}”的数据项{nearest(node.value, allowed)}"
    for part in node.parts:
        yield from unknown_names(part, single, columns, table)


def _check(fields: Fields, known: _Names) -> Check:
    shapes = [shape for shape in CHECKS if shape in fields]
    if len(shapes) != 1:
        fields.source.complain(fields.node, f"一条勾稽要写{'、'.join(CHECKS)}中的一种")
    shape = shapes[0] if shapes else CHECKS[0]
    check = Check(
        fields.text("编号"),
        shape,
        LEVELS.get(fields.choice("级别", tuple(LEVELS)), ERROR),
        fields.text("说明"),
        must=fields.formula("须") if shape == "须" else None,
        when=fields.formula("当"),
        table=fields.text("逐行", ""),
        tolerance=fields.text("容差", "") if shape == "须" else "",
        columns=fields.texts(shape) if shape != "须" else (),
    )
    for node in (check.must, check.when):
        if node:
            _complain_unknown(fields, node, known, check.table)
    if check.must and check.must.op not in formula.COMPARISONS:
        fields.source.complain(fields.node, "“须”要写成一个比较，如 甲 = 乙")
    return check


def _slot(name: str, fields: Fields) -> Slot:
    slot = Slot(name, fields.flag("必填"), (*fields.texts("标题", required=False), name))
    fields.finish()
    return slot


def _scoring(fields: Fields) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    node = fields.node_of("评分", required=False)
    if node is None:
        return {}, {}
    inner = Fields(fields.source, node)
    purposes = {name: inner.pairs(name) for name in PURPOSES}
    for name, wanted in PURPOSES.items():
        for role in wanted:
            if role not in purposes[name]:
                inner.source.complain(inner.nodes.get(name, node), f"“{name}”缺“{role}”")
    sentences = inner.pairs("说明句")
    inner.finish()
    return purposes, sentences


