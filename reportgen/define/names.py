"""What formulas and sentences of a kind may name, and a sentence for every name that means nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen import formula
from reportgen.define.types import ANY, NUMBER, SAMPLES, TEXT, Types
from reportgen.model import Fact, FactBook
from reportgen.numerals import POINTS
from reportgen.shown import fill, mistakes, nearest

RULE_NAMES = frozenset({"名称", "算式", "判断", "得分", "理由"})
SUM_NAMES = frozenset({"得分", "扣分"})
COMBINED_NAMES = SUM_NAMES | {"各项"}
LOSS_NAMES = {
    "扣分": frozenset({"扣分"}),
    "原因": frozenset({"原因"}),
    "措施": frozenset({"指标", "标题", "原因", "措施", "科室", "时限"}),
    "整改": frozenset({"措施"}),
}
GENERAL = ("认定", "合计", *LOSS_NAMES)


@dataclass(frozen=True, slots=True)
class Names:
    """The submission's single facts, and the columns of each table, 序号 among them."""

    single: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    types: Types

    def row(self, table: str = "") -> frozenset[str]:
        """What a bare name may be in a row of ``table``, or outside all rows."""
        return self.single | self.columns.get(table, frozenset())

    def wrong(self, node: formula.Node, *tables: str, gives: str = ANY, unit: str = "") -> Iterator[str]:
        """A sentence for each name that means nothing or, when all mean something, for each thing that can't be worked out.

        ``gives`` is the type that has to come out, ``unit`` the unit it is said to be in.
        """
        unknown = list(self.unknown(node, *tables))
        yield from unknown or self.types.mistakes(node, *tables, gives=gives, unit=unit)

    def unknown(self, node: formula.Node, *tables: str) -> Iterator[str]:
        """A sentence for each name that means nothing; ``tables`` are those of the rows around, the innermost last, "" none."""
        if node.op == "name":
            yield from self._unknown_name(node.value, tables)
        elif node.op == "call" and node.value in formula.AGGREGATES:
            first, *conditions = node.parts
            table, _, column = first.value.partition(".")
            yield from self.no_column(table, column)
            for part in conditions if table in self.columns else ():
                yield from self.unknown(part, *tables, table)
        else:
            for part in node.parts:
                yield from self.unknown(part, *tables)

    def _unknown_name(self, name: str, tables: tuple[str, ...]) -> Iterator[str]:
        table, dot, column = name.partition(".")
        here = self.row(tables[-1] if tables else "")
        if dot and table in self.columns and table not in tables:
            yield f"“{name}”要放在合计(…)、取(…)这类函数里，或写在“{table}”的逐行算式里"
        elif dot:
            yield from self.no_column(table, column)
        elif name not in here:
            yield f"没有叫“{name}”的数据项{nearest(name, here)}"

    def no_table(self, table: str) -> Iterator[str]:
        """A sentence when there is no such table."""
        if table not in self.columns:
            yield f"没有叫“{table}”的表{nearest(table, self.columns)}"

    def no_column(self, table: str, column: str) -> Iterator[str]:
        """A sentence when there is no such table, or no such column in it; "" is no column to look for."""
        yield from self.no_table(table)
        if column and table in self.columns and column not in self.columns[table]:
            yield f"“{table}”没有“{column}”这一列{nearest(column, self.columns[table])}"

    def wrong_sentence(self, key: str, text: str, table: str = "") -> Iterator[str]:
        """A sentence for each wrong placeholder in the 说明句 under ``key``: a rule's name, or one of GENERAL."""
        own = LOSS_NAMES.get(key) or (SUM_NAMES if key == "合计" else RULE_NAMES)
        wrong = list(mistakes(text, own if key in LOSS_NAMES else self.row(table) | own))
        yield from wrong or map(str, fill(text, lambda name: self._sample(name, own, table))[1])

    def _sample(self, name: str, own: frozenset[str], table: str) -> Fact | str:
        """Something of the kind that will stand for the name, to try its formats on."""
        if name in own and name not in SUM_NAMES:
            return name
        kind, unit = (NUMBER, POINTS) if name in own else self.types.named(name, table)
        return FactBook().add(name, SAMPLES[kind], unit=unit or "") if kind in SAMPLES and kind != TEXT else name
