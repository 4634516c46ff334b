"""The sheets that a kind declares: their columns, keys and computed columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reportgen import formula
from reportgen.define.fields import UNUSED, Fields
from reportgen.define.source import YamlNode
from reportgen.numerals import MONEY, YUAN
from reportgen.shown import nearest

TYPES = ("文字", "文稿", "短语", "数", "年", "日期", "时限", "选项", "列表", "算式", "版本")
LONGEST_NAME = 31  # Excel takes no longer name for a sheet
ANSWERS, ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT = "审核说明", "问题代码", "对象", "说明"


@dataclass(frozen=True, slots=True)
class Column:
    """One column (or line of a form): its header texts, type and unit.

    ``spread`` (横向): its values run across the header row and the column after it holds what stands below them;
    ``down`` (向下填充): a blank takes the value above; ``refers`` (引用): 表.列 where each value must occur;
    ``unused`` (不用): this edition does not ask for it, though formulas may name it; ``lasting`` (不随年变): next year's
    workbook starts with this year's value.
    """

    name: str
    headers: tuple[str, ...]
    type: str = "文字"
    unit: str = ""
    unit_column: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    decimals: int | None = None
    hint: str = ""
    spread: bool = False
    down: bool = False
    refers: str = ""
    signed: bool = False
    unused: bool = False
    lasting: bool = False

    @property
    def prose(self) -> bool:
        """Whether it holds words of the report, in which {{ 名称 }} is filled in."""
        return self.type in ("文稿", "短语")


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
    """A sheet. ``record`` is a form laid down the sheet; ``named`` says which columns make single facts of rows.

    ``unused`` (不用): this edition has no such sheet, though formulas may name its columns.
    ``hint`` (提示) is what stands above the sheet for those who fill it in.
    """

    name: str
    columns: Mapping[str, Column]
    record: bool = False
    key: tuple[str, ...] = ()
    total: str = ""
    optional: bool = False
    computed: tuple[Computed, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    unused: bool = False
    hint: str = ""
    lasting: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What formulas may call the values of a row."""
        return frozenset({*self.columns, *(one.name for one in self.computed), formula.ROW_NUMBER})

    @property
    def words(self) -> list[Column]:
        """The columns whose words may be printed, prose and names alike; 审核说明 only repeats what it answers."""
        return [one for one in self.columns.values() if one.prose or (one.type == "文字" and self.name != ANSWERS)]

    @property
    def asked(self) -> TableSpec:
        """The table with only those columns that the edition asks for."""
        columns = {name: column for name, column in self.columns.items() if not column.unused}
        return self if len(columns) == len(self.columns) else replace(self, columns=columns)

    @property
    def spread(self) -> tuple[Column, Column] | None:
        """The column whose values run across the sheet and the one that holds what is below, if there are such."""
        columns = list(self.columns.values())
        return next(((one, columns[i + 1]) for i, one in enumerate(columns[:-1]) if one.spread), None)


def read_table(name: str, fields: Fields) -> tuple[TableSpec, list[tuple[Computed, YamlNode]]]:
    """The table, and its formulas with their YAML nodes: they can be checked only when every name is known."""
    identifier(name, fields)
    if len(name) > LONGEST_NAME:
        fields.source.complain(fields.key, f"“{name}”太长，工作表的名称最多{LONGEST_NAME}个字")
    columns = {key: _column(key, inner) for key, inner in fields.entries("列")}
    computed = [read_computed(key, inner) for key, inner in fields.entries("算", required=False)]
    spec = TableSpec(
        name,
        columns,
        record=fields.flag("竖表"),
        key=fields.texts("键", required=False),
        total=fields.choice("合计行", ("", "必填", "可省"), ""),
        optional=fields.flag("可空"),
        computed=tuple(one for one, _ in computed),
        named=fields.pairs("成项", required=False),
        unused=fields.flag(UNUSED),
        hint=fields.text("提示", ""),
        lasting=fields.flag("不随年变"),
    )
    _check_columns(spec, fields)
    if any(one.spread for one in columns.values()) and (not spec.spread or spec.spread[1] is not [*columns.values()][-1]):
        fields.complain("“横向”的列后面要有且只有一列，放表格里的值", "列")
    fields.finish()
    return spec, [(one, node) for one, node in computed if one.name not in columns]


def _check_columns(spec: TableSpec, fields: Fields) -> None:
    """What names a column must name one of the table's own."""
    nodes = [*fields.items("键", required=False), *fields.inner("成项", required=False).nodes.values()]
    nodes += [column.nodes["单位列"] for _, column in fields.entries("列", required=False) if "单位列" in column]
    for node in nodes:
        text = fields.source_text(node)
        if text not in spec.columns:
            fields.source.complain(node, f"“{spec.name}”没有“{text}”这一列{nearest(text, spec.columns)}")
    for name, key in fields.inner("算", required=False).keys.items():
        if name in spec.columns:
            fields.source.complain(key, f"“{name}”在“列”里已经有了，请改一个名称")


def _column(name: str, fields: Fields) -> Column:
    identifier(name, fields)
    unit, unit_column = _unit(fields), fields.text("单位列", "")
    kind = "数" if unit or unit_column else "选项" if "选项" in fields else "文字"
    column = Column(
        name,
        (*fields.texts("表头", required=False), name),
        fields.choice("类型", TYPES, kind),
        unit,
        unit_column,
        fields.texts("选项", required=False),
        fields.flag("可空"),
        fields.whole("小数"),
        fields.text("提示", ""),
        fields.flag("横向"),
        fields.flag("向下填充"),
        fields.text("引用", ""),
        fields.flag("可负"),
        fields.flag(UNUSED),
        fields.flag("不随年变"),
    )
    if (column.type == "选项") != bool(column.options):
        fields.complain("类型“选项”和“选项: [甲, 乙]”要一起写", "选项" if column.options else "类型")
    fields.finish()
    return column


def _unit(fields: Fields) -> str:
    """单位; of money only those that figures can be turned into."""
    unit = fields.text("单位", "")
    if unit.endswith(YUAN) and unit not in MONEY:
        fields.complain(f"没有“{unit}”这个金额单位，只能写{'、'.join(MONEY)}", "单位")
    return unit


def identifier(name: str, fields: Fields) -> None:
    """Complain of a name that formulas and templates could not write."""
    if not formula.identifier(name):
        sentence = f"“{name}”不能作名称（不能有标点、空格，不能以数字开头）；表上的写法请放在“表头”"
        fields.source.complain(fields.key, sentence)


def read_computed(name: str, fields: Fields) -> tuple[Computed, YamlNode]:
    """A formula by its name, and the YAML node where it stands."""
    identifier(name, fields)
    node, text = fields.formula("算", required=True), fields.text("算", "")
    if node and formula.truth(node):
        fields.complain("“算”要算出一个数，不能是比较；需要时写成 若(…, 1, 0)", "算", "D03")
    computed = Computed(name, node or formula.Node("number"), text, _unit(fields), fields.whole("小数"))
    fields.finish()
    return computed, fields.nodes.get("算", fields.node)


def answers_table() -> TableSpec:
    """The sheet that answers 核实性 problems, the same for every kind."""
    names = (ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT)
    columns = {name: Column(name, (name,), optional=name == ANSWER_SUBJECT) for name in names}
    hint = "核对提示确属实际情况的，在这里逐条说明；对象栏填提示中的行名，没有行名的留空。"
    return TableSpec(ANSWERS, columns, optional=True, hint=hint)
