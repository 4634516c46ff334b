"""What a formula gives (a number, words, a date, a list) and in which unit, worked out before there are figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reportgen.define.tables import Column, Computed, TableSpec
from reportgen.formula import AGGREGATES, COMPARISONS, ROW_NUMBER, Node
from reportgen.model import Value
from reportgen.numerals import MONEY, SCALE

NUMBER, TEXT, DATE, LIST, TRUTH, ANY = "数", "文字", "日期", "一列名称", "是否", ""
SAMPLES: dict[str, Value] = {NUMBER: Decimal(1), TEXT: "字", DATE: date(2000, 1, 1), LIST: ("字",)}  # to try formats on
_OF_COLUMN = {"数": NUMBER, "年": NUMBER, "日期": DATE, "时限": DATE, "列表": LIST}  # every other holds words
_GIVES = {"有": TRUTH, "含": TRUTH, **dict.fromkeys(("计数", "种数", "年", "合计", "平均", "填报合计"), NUMBER)}
_SUMS = {"+": "不能相加", "-": "不能相减"}
# of a function the parts whose unit it keeps; of any other the first
_KEEPS = {"若": slice(1, None), "较大": slice(None), "较小": slice(None), "计数": slice(0), "种数": slice(0)}
_TAKES = {"合计": (NUMBER,), "平均": (NUMBER,), "填报合计": (NUMBER,), "年": (DATE, NUMBER)}


@dataclass(slots=True)
class Types:
    """By (table, name), "" for single names: the column, or what works it out."""

    known: Mapping[tuple[str, str], Column | Computed]
    open: set[tuple[str, str]] = field(default_factory=set)

    def mistakes(self, node: Node, *tables: str, gives: str = ANY, unit: str = "") -> Iterator[str]:
        """A sentence for each thing in the formula that can't be worked out, and where it does not give what it must.

        ``tables`` as in Names.unknown.
        """
        told: list[str] = []
        kind = self._of(node, tables, told)
        made = "" if told else self._unit(node, tables)
        if unit and made and _scale(unit) != _scale(made):
            told.append(f"算出来的是{made}，“单位”写的是{unit}")
        if unit and not told:
            told += self._quotient(node, tables, unit)
        if gives and kind != TRUTH and not told:  # a comparison was refused where it was read
            _expect(node, kind, (gives,), told)
        return iter(dict.fromkeys(told))

    def named(self, name: str, table: str = "") -> tuple[str, str | None]:
        """The type of a single name or of a column, and its unit: None where only the data know it."""
        found = self.known.get(self._key(name, table))
        told = found and (found.unit or isinstance(found, Computed))
        return self._named(name, table), found.unit if found and told else None

    def unit(self, node: Node, *tables: str) -> str:
        """The unit in which a figure worked out so is printed; a quotient of like units is a share."""
        if node.op != "/":
            return self._unit(node, tables)
        above, below = (self._unit(part, tables) for part in node.parts)
        return "%" if above and above == below else ""

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
            told += self._no_option(node, tables)
            self._same_unit(node, tables, "不能比较", told)
            return TRUTH
        for part, kind in zip(node.parts, kinds, strict=True):
            _expect(part, kind, (NUMBER,), told)
        if node.op in _SUMS:
            self._same_unit(node, tables, _SUMS[node.op], told)
        return NUMBER

    def _key(self, name: str, table: str) -> tuple[str, str]:
        """What a name means in a row of the table, or outside all rows."""
        above, dot, column = name.partition(".")
        return (above, column) if dot else (table, name) if (table, name) in self.known else ("", name)

    def _named(self, name: str, table: str) -> str:
        """The type of what a name means; of one going round in circles any."""
        key = self._key(name, table)
        found = self.known.get(key)
        if isinstance(found, Column):
            return _OF_COLUMN.get(found.type, TEXT)
        if found is None or key in self.open:
            return ANY
        self.open.add(key)
        kind = self._of(found.node, key[:1], [])
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

    def _unit(self, node: Node, tables: tuple[str, ...]) -> str:
        """The unit that comes out; "" of what has none, of products and quotients, and where each row says its own."""
        if node.op == "name":
            found = self.known.get(self._key(node.value, tables[-1] if tables else ""))
            return found.unit if found else ""
        parts = node.parts if node.op in (*_SUMS, "neg") else ()
        if node.op == "call":
            parts = node.parts[_KEEPS.get(node.value, slice(1))]
        return next(filter(None, (self._unit(part, tables) for part in parts)), "")

    def _quotient(self, node: Node, tables: tuple[str, ...], unit: str) -> Iterator[str]:
        """What makes a quotient come out ten thousand or a hundred times too large: 万元 by 人 is no 元, and ×100 no %."""
        if node.op == "*" and unit == "%" and any(part.op == "number" and part.value == 100 for part in node.parts):
            yield "单位是%的不用乘100"
        above, below = (self._unit(part, tables) for part in node.parts) if node.op == "/" else ("", "")
        if above not in MONEY or not below or (below in MONEY and below != above):
            return
        made = "%" if above == below else above
        if made != unit and (made in MONEY or unit in MONEY):
            yield f"{above}除以{below}，算出来的是{made}，“单位”写的是{unit}"

    def _no_option(self, node: Node, tables: tuple[str, ...]) -> Iterator[str]:
        """方向 = "反向" where the column offers 正向 and 逆向 only."""
        for name, text in (node.parts, node.parts[::-1]):
            found = self.known.get(self._key(name.value, tables[-1] if tables else "")) if name.op == "name" else None
            options = found.options if isinstance(found, Column) and text.op == "text" else ()
            if options and text.value not in options:
                yield f"“{name.value}”没有“{text.value}”这一项（可选：{'、'.join(options)}）"

    def _same_unit(self, node: Node, tables: tuple[str, ...], why: str, told: list[str]) -> None:
        units = [self._unit(part, tables) for part in node.parts]
        if all(units) and len(set(map(_scale, units))) > 1:
            told.append(f"{'，'.join(f'{_called(part)}是{unit}' for part, unit in zip(node.parts, units, strict=True))}，{why}")


def types_of(tables: Iterable[TableSpec], facts: Iterable[Computed]) -> Types:
    """What each name is: its column, or what works it out."""
    known: dict[tuple[str, str], Column | Computed] = {("", one.name): one for one in facts}
    for spec in tables:
        own: dict[str, Column | Computed] = {ROW_NUMBER: Column(ROW_NUMBER, (), "数"), **spec.columns}
        own |= {one.name: one for one in spec.computed}
        known |= {(table, name): one for table in ("", spec.name)[not spec.record :] for name, one in own.items()}
    return Types(known)


def _scale(unit: str) -> str:
    """Units alike in this may be added: each of money, all shares, and whatever is counted (3家 and 2个)."""
    return unit if unit in MONEY else "%" if unit in SCALE else ""


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
