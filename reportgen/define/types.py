"""What a formula gives (a number, words, a date, a list), worked out from its columns before there are figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reportgen.formula import AGGREGATES, COMPARISONS, Node

NUMBER, TEXT, DATE, LIST, TRUTH, ANY = "数", "文字", "日期", "一列名称", "是否", ""
_OF_COLUMN = {"数": NUMBER, "年": NUMBER, "日期": DATE, "时限": DATE, "列表": LIST}  # every other holds words
_GIVES = {"有": TRUTH, "含": TRUTH, **dict.fromkeys(("计数", "种数", "年", "合计", "平均", "填报合计"), NUMBER)}
_TAKES = {"合计": (NUMBER,), "平均": (NUMBER,), "填报合计": (NUMBER,), "年": (DATE, NUMBER)}


@dataclass(slots=True)
class Types:
    """By (table, name), "" for single names: a column's type, or the formula that works it out."""

    known: Mapping[tuple[str, str], str | Node]
    open: set[tuple[str, str]] = field(default_factory=set)

    def mistakes(self, node: Node, *tables: str, gives: str = ANY) -> Iterator[str]:
        """A sentence for each thing in the formula that can't be worked out, and where it does not give what it must.

        ``tables`` as in Names.unknown.
        """
        told: list[str] = []
        kind = self._of(node, tables, told)
        if gives and kind != TRUTH and not told:  # a comparison was refused where it was read
            _expect(node, kind, (gives,), told)
        return iter(dict.fromkeys(told))

    def _of(self, node: Node, tables: tuple[str, ...], told: list[str]) -> str:
        if node.op in ("number", "text"):
            return NUMBER if node.op == "number" else TEXT
        if node.op == "name":
            return self._named(node.value, tables[-1] if tables else "")
        if node.op == "call" and node.value in AGGREGATES:
            return self._over_rows(node, tables, told)
        kinds = [self._of(part, tables, told) for part in node.parts]
        if node.op == "call":
            return _call(node, kinds, told)
        if node.op in COMPARISONS:
            _alike(node.parts, kinds, told, "不能比较")
            return TRUTH
        for part, kind in zip(node.parts, kinds, strict=True):
            _expect(part, kind, (NUMBER,), told)
        return NUMBER

    def _named(self, name: str, table: str) -> str:
        """The type of what a name means in a row of the table, or outside all rows; of one going round in circles any."""
        above, dot, column = name.partition(".")
        key = (above, column) if dot else (table, name) if (table, name) in self.known else ("", name)
        found = self.known.get(key, ANY)
        if isinstance(found, str):
            return found and _OF_COLUMN.get(found, TEXT)
        if key in self.open:
            return ANY
        self.open.add(key)
        kind = self._of(found, key[:1], [])
        self.open.discard(key)
        return kind

    def _over_rows(self, node: Node, tables: tuple[str, ...], told: list[str]) -> str:
        first, *conditions = node.parts
        table, dot, _ = first.value.partition(".")
        for part in conditions:
            self._of(part, (*tables, table), told)
        kind = self._named(first.value, "") if dot else ANY
        _expect(first, kind, _TAKES.get(node.value, ()), told)
        return _GIVES.get(node.value, kind)


def _call(node: Node, kinds: list[str], told: list[str]) -> str:
    if node.value in ("若", "较大", "较小"):
        values = slice(1 if node.value == "若" else 0, None)
        _alike(node.parts[values], kinds[values], told, f"放不进同一个{node.value}(…)")
        return next(filter(None, kinds[values]), ANY)
    if node.value == "含":
        _expect(node.parts[0], kinds[0], (TEXT, LIST), told)
        _expect(node.parts[1], kinds[1], (TEXT,), told)
    else:
        _expect(node.parts[0], kinds[0], _TAKES.get(node.value, ()), told)
    return _GIVES[node.value]


def _expect(part: Node, kind: str, wanted: tuple[str, ...], told: list[str]) -> None:
    if wanted and kind and kind not in wanted:
        told.append(f"{_called(part)}是{kind}，这里要的是{'或'.join(wanted)}")


def _alike(parts: tuple[Node, ...], kinds: list[str], told: list[str], why: str) -> None:
    known = [(part, kind) for part, kind in zip(parts, kinds, strict=True) if kind]
    if len({kind for _, kind in known}) > 1:
        told.append(f"{'，'.join(f'{_called(part)}是{kind}' for part, kind in known)}，{why}")


def _called(part: Node) -> str:
    if part.op == "call":
        return f"{part.value}(…)"
    return f"“{part.text or part.value}”" if part.op in ("name", "number", "text") else "算式"
