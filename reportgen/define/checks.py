"""勾稽 as declared: one comparison, or one of the few relations that arithmetic can't say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from reportgen import formula
from reportgen.define.fields import Fields
from reportgen.define.names import Names
from reportgen.define.source import YamlNode
from reportgen.model import CONFIRM, ERROR, WARNING

LEVELS = {"错误": ERROR, "核实": CONFIRM, "提醒": WARNING}
CHECKS = ("须", "递增", "疑似万倍", "疑似百分数", "近似重名", "引用存在")
OVER_COLUMNS = ("递增", "疑似百分数", "近似重名", "引用存在")
SUMS = "合计"
_HEAD = ("编号", "级别", "说明")


@dataclass(frozen=True, slots=True)
class Check:
    """A cross-check; ``shape`` is one of CHECKS, ``columns`` what the shapes other than 须 look at.

    ``written`` is the relation as it stands in kind.yaml, key by key.
    """

    code: str
    shape: str
    level: str
    message: str
    must: formula.Node | None = None
    when: formula.Node | None = None
    table: str = ""
    tolerance: str = ""
    columns: tuple[str, ...] = ()
    aliases: str = ""
    written: Mapping[str, str] = field(default_factory=dict)


def read_check(fields: Fields, names: Names) -> Check:
    """One cross-check; every name in it must exist."""
    shape = _shape(fields)
    per_row = shape not in OVER_COLUMNS
    check = Check(
        fields.text("编号"),
        shape,
        LEVELS.get(fields.choice("级别", tuple(LEVELS)), ERROR),
        fields.text("说明"),
        must=fields.formula("须") if shape == "须" else None,
        when=fields.formula("当") if per_row else None,
        table=fields.text("逐行", "") if per_row else "",
        tolerance=_tolerance(fields) if shape == "须" else "",
        columns=fields.texts(shape) if shape != "须" and shape in fields else (),
        aliases=fields.text("别名", "") if shape == "近似重名" else "",
    )
    relation = [key for key in fields.nodes if key in fields.taken and key not in _HEAD]
    check = replace(check, written={key: "、".join(fields.texts(key)) for key in relation})
    if check.must and not formula.truth(check.must):
        fields.complain("“须”要写成一个比较，如 甲 = 乙", "须", "D03")
    if check.when and not formula.truth(check.when):
        fields.complain("“当”要写成条件，如 甲 > 乙 或 有(甲)", "当", "D03")
    for node, sentences in _unknown(fields, check, names):
        fields.source.wrong(node, sentences)
    return check


def _shape(fields: Fields) -> str:
    shapes = [shape for shape in CHECKS if shape in fields]
    if len(shapes) != 1:
        fields.complain(f"一条勾稽要写{'、'.join(CHECKS)}中的一种", shapes[1] if shapes else "")
        fields.taken += shapes
    return shapes[0] if shapes else CHECKS[0]


def _tolerance(fields: Fields) -> str:
    text = fields.text("容差", "")
    if text != SUMS and "容差" in fields:
        fields.number("容差")
    return text


def _unknown(fields: Fields, check: Check, names: Names) -> Iterator[tuple[YamlNode, Iterator[str]]]:
    """Each place in the check that names something, with what is wrong there."""
    if check.table:
        yield fields.nodes["逐行"], names.no_table(check.table)
    for key, node in (("须", check.must), ("当", check.when)):
        if node and (not check.table or check.table in names.columns):
            yield fields.nodes[key], names.wrong(node, check.table)
    places = fields.items(check.shape) if check.columns else []
    for place, text in zip(places, check.columns, strict=True):
        yield place, _unknown_column(text, check, names)
    if check.aliases:
        yield fields.nodes["别名"], _unknown_column(check.aliases, check, names)


def _unknown_column(text: str, check: Check, names: Names) -> Iterator[str]:
    table, dot, column = text.partition(".")
    if check.shape in OVER_COLUMNS and not (dot and column):
        yield f"“{text}”要写成“表.列”"
    elif dot and check.shape in OVER_COLUMNS:
        yield from names.no_column(table, column)
    else:
        yield from names.unknown(formula.Node("name", text), check.table)
