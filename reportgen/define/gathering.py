"""汇总: how a department's table of units and its own figures are filled from the units' submissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportgen.define.fields import Fields
from reportgen.define.names import Names
from reportgen.define.tables import Column, Computed, TableSpec
from reportgen.numerals import MONEY, SCALE
from reportgen.shown import nearest

GATHERING = "汇总"


@dataclass(frozen=True, slots=True)
class Gathering:
    """``columns`` of ``table`` → the 数据项 of a unit that goes there; ``sums`` are lines of the department's own forms."""

    table: str
    columns: Mapping[str, str]
    sums: tuple[str, ...]


def read_gathering(
    fields: Fields, tables: Mapping[str, TableSpec], computed: Iterable[Computed], names: Names
) -> Gathering | None:
    """The section 汇总, None where a kind has none; every name must be there, and units must convert."""
    inner = fields.inner(GATHERING, required=False)
    if GATHERING not in fields:
        return None
    gathering = Gathering(inner.text("表"), inner.pairs("列"), inner.texts("相加", required=False))
    inner.finish()
    lines = {name: column for spec in tables.values() if spec.record for name, column in spec.columns.items()}
    typed = {name: column.unit if column.type == "数" else column.type for name, column in lines.items()}
    units = typed | {one.name: one.unit for one in computed}
    inner.wrong("表", names.no_table(gathering.table) if gathering.table else ())
    if spec := tables.get(gathering.table):
        unsuited = spec.record or spec.spread or len(spec.key) != 1
        inner.wrong("表", [f"“{spec.name}”应是一行一个单位的表，“键”只写一列"] if unsuited else ())
        inner.wrong("列", () if unsuited else _wrong_columns(gathering, spec, units, names))
    for node, name in zip(inner.items("相加", required=False), gathering.sums, strict=True):
        inner.source.wrong(node, _no_sum(name, lines))
    inner.unique("相加", gathering.sums, "“{}”写了两次")
    return gathering


def _wrong_columns(gathering: Gathering, spec: TableSpec, units: Mapping[str, str], names: Names) -> Iterator[str]:
    for name, fact in gathering.columns.items():
        column = spec.columns.get(name)
        if column is None:
            yield f"“{spec.name}”没有“{name}”这一列可填{nearest(name, spec.columns)}"
        if fact not in names.single:
            yield f"没有叫“{fact}”的数据项{nearest(fact, names.single)}"
        elif column and column.unit in SCALE:
            yield f"“{name}”是比例，由别的列算出（写在“算”里），不汇总"
        elif column and column.type == "数" and not _converts(units.get(fact, ""), column.unit):
            yield f"“{fact}”的单位是{units.get(fact) or '空的'}，不能填到“{name}”（{column.unit or '没有单位'}）"
    for name, column in spec.columns.items():
        if name not in gathering.columns and (name in spec.key or not column.optional):
            yield f"“{spec.name}”的“{name}”必填，要写它从哪个数据项来"


def _converts(unit: str, wanted: str) -> bool:
    return unit == wanted or (unit in MONEY and wanted in MONEY)


def _no_sum(name: str, lines: Mapping[str, Column]) -> Iterator[str]:
    if name not in lines:
        yield f"没有叫“{name}”的填报项{nearest(name, lines)}"
    elif lines[name].type != "数" or lines[name].unit in SCALE:
        yield f"“{name}”不是可以相加的数"
