"""The arithmetic that staff write in kind.yaml: 全年支出 / 调整后预算数, 合计(表.列, 条件).

Two scopes only: the submission's single facts, and one row. No loops, no user functions, no text-building.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, NoReturn

from reportgen import numerals
from reportgen.model import Fact, Place, Row, Table


class FormulaError(ValueError):
    """The formula itself is wrong; the message is a bare sentence."""


class Missing(Exception):
    """A value that the formula needs is blank: its name, and the place where it should stand."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name)
        self.name, self.place = name, place


class ZeroDenominator(Exception):
    """A division by 0; only the rule that asked knows what this means."""


@dataclass(frozen=True, slots=True)
class Node:
    """A parsed formula: ``op`` is number, text, name, call, neg, not, or the operator itself."""

    op: str
    value: Any = None
    parts: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


AGGREGATES = ("合计", "平均", "最大", "最小", "计数", "种数", "取", "填报合计")
SCALARS = {"若": 3, "较大": 2, "较小": 2, "含": 2, "有": 1, "年": 1}
ROW_NUMBER = "序号"

_TOKEN = re.compile(r"""\s*(?:(\d+(?:\.\d+)?%?)|"([^"]*)"|([^\W\d]\w*(?:\.[^\W\d]\w*)?)|(<=|>=|!=|[-+*/()=<>,]))""")
_SAME = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "＝": "=", "×": "*", "÷": "/", "（": "(", "）": ")", "，": ",",
                       "＋": "+", "－": "-", "“": '"', "”": '"', "＜": "<", "＞": ">", "％": "%"})  # fmt: skip
_BINDING = {"=": 1, "!=": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3}
COMPARISONS = frozenset(name for name, power in _BINDING.items() if power == 1)


def identifier(name: str) -> bool:
    """Whether a declared name can stand in formulas and templates alike: unchanged by NFKC, an identifier."""
    return name.isidentifier() and unicodedata.normalize("NFKC", name) == name


def parse(text: str) -> Node:
    """The formula's tree; FormulaError with what is wrong."""
    return _Parser(text).whole()


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0

    def whole(self) -> Node:
        node = self.expression(0)
        if self.at < len(self.tokens):
            raise FormulaError(f"公式“{self.text}”在“{self.tokens[self.at][1]}”处多了内容")
        return node

    def take(self, wanted: str = "") -> tuple[str, str]:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "结尾")
        if wanted and text != wanted:
            raise FormulaError(f"公式“{self.text}”缺“{wanted}”，遇到的是“{text}”")
        self.at += 1
        return kind, text

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] == "op" else ""

    def expression(self, power: int) -> Node:
        left = self.operand()
        while _BINDING.get(self.peek(), 0) > power:
            op = self.take()[1]
            left = Node(op, None, (left, self.expression(_BINDING[op])))
        return left

    def operand(self) -> Node:
        kind, text = self.take()
        if kind == "number":
            percent = text.endswith("%")
            return Node("number", Decimal(text.rstrip("%")) / (100 if percent else 1), ())
        if kind == "text":
            return Node("text", text)
        if text == "-":
            return Node("neg", None, (self.expression(2),))
        if text == "(":
            inner = self.expression(0)
            self.take(")")
            return inner
        if kind == "name":
            return self.call(text) if self.peek() == "(" else Node("name", text)
        raise FormulaError(f"公式“{self.text}”在“{text}”处看不懂")

    def call(self, name: str) -> Node:
        self.take("(")
        parts: list[Node] = []
        while self.peek() != ")":
            if parts:
                self.take(",")
            parts.append(self.expression(0))
        self.take(")")
        _check_call(name, parts)
        return Node("call", name, tuple(parts))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Tokens of the formula; operators are unified outside quoted text only."""
    pieces = re.split(r'("[^"]*"|“[^”]*”)', text)
    plain = "".join(f'"{piece[1:-1]}"' if i % 2 else piece.translate(_SAME) for i, piece in enumerate(pieces)).rstrip()
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if not found:
            raise FormulaError(f"公式“{text}”在“{plain[at:].strip()[:8]}”处看不懂")
        at = found.end()
        kind = ("number", "text", "name", "op")[(found.lastindex or 1) - 1]
        yield kind, found[found.lastindex or 1]


def _check_call(name: str, parts: list[Node]) -> None:
    if name in AGGREGATES:
        if not parts or parts[0].op != "name":
            raise FormulaError(f"{name}(…)的第一项应是“表.列”（计数可以只写表名）")
    elif name not in SCALARS:
        raise FormulaError(f"没有叫“{name}”的函数（有：{'、'.join((*AGGREGATES, *SCALARS))}）")
    elif len(parts) != SCALARS[name]:
        raise FormulaError(f"{name}(…)应有{SCALARS[name]}项，现有{len(parts)}项")


@dataclass(slots=True)
class Scope:
    """What names mean: the submission's facts, its tables, and, inside a row, the row's own columns first."""

    facts: Mapping[str, Fact]
    tables: Mapping[str, Table]
    row: Row | None = None
    outer: Mapping[str, Row] = field(default_factory=dict)
    used: dict[int, Fact] = field(default_factory=dict)
    zeros: frozenset[tuple[str, str]] = frozenset()

    def within(self, row: Row, table: str = "") -> Scope:
        """The scope of one row; what it uses counts as used here."""
        return Scope(self.facts, self.tables, row, {**self.outer, table: row}, self.used, self.zeros)

    def fact(self, name: str) -> Fact:
        """The fact a name means; Missing when it is blank."""
        if "." in name:
            table, _, column = name.partition(".")
            return self._cell(self.outer[table], column)
        if self.row and (name in self.row.cells or name in self.row.places):
            return self._cell(self.row, name)
        if name not in self.facts:
            self._absent("", name, Place())
        return self._use(self.facts[name])

    def _cell(self, row: Row, column: str) -> Fact:
        if column not in row.cells:
            self._absent(row.key, column, row.place_of(column))
        return self._use(row.cells[column])

    def _absent(self, key: str, name: str, place: Place) -> NoReturn:
        raise ZeroDenominator(name) if (key, name) in self.zeros else Missing(name, place)

    def _use(self, fact: Fact) -> Fact:
        self.used[fact.number] = fact
        return fact


def evaluate(node: Node, scope: Scope) -> Any:
    """The formula's value: Decimal, text, date or bool. Raises Missing or ZeroDenominator."""
    if node.op in ("number", "text"):
        return node.value
    if node.op == "name":
        if node.value == ROW_NUMBER and scope.row:
            return Decimal(scope.row.number)
        return scope.fact(node.value).value
    if node.op == "call":
        return _call(node, scope)
    if node.op == "neg":
        return -evaluate(node.parts[0], scope)
    return _operate(node.op, *(evaluate(part, scope) for part in node.parts))


def _operate(op: str, left: Any, right: Any) -> Any:
    try:
        return _OPERATIONS[op](left, right)
    except (DivisionByZero, InvalidOperation) as error:
        raise ZeroDenominator(op) from error


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _call(node: Node, scope: Scope) -> Any:
    if node.value in AGGREGATES:
        return _aggregate(node, scope)
    if node.value == "有":
        return _present(node.parts[0], scope)
    if node.value == "若":
        return evaluate(node.parts[1 if evaluate(node.parts[0], scope) else 2], scope)
    values = [evaluate(part, scope) for part in node.parts]
    if node.value == "年":
        return Decimal(values[0].year if isinstance(values[0], date) else values[0])
    if node.value == "含":
        return values[1] in values[0]
    return max(values) if node.value == "较大" else min(values)


def _present(node: Node, scope: Scope) -> bool:
    try:
        scope.fact(node.value)
    except Missing:
        return False
    return True


def column_facts(node: Node, scope: Scope) -> list[Fact]:
    """The cells an aggregate runs over, blanks left out; each counts as used."""
    table, _, column = node.parts[0].value.partition(".")
    rows = [row for row in scope.tables[table].rows if _chosen(row, table, node.parts[1:], scope)]
    cells = [row.cells[column] for row in rows if column in row.cells] if column else []
    for cell in cells:
        scope.used[cell.number] = cell
    return cells


def _chosen(row: Row, table: str, conditions: tuple[Node, ...], scope: Scope, counting: bool = False) -> bool:
    """Whether the row meets the conditions. What was only looked at to choose it is evidence for a count alone."""
    inner = scope.within(row, table)
    inner.used = scope.used if counting else {}
    try:
        return all(evaluate(condition, inner) for condition in conditions)
    except Missing:
        return False


def _aggregate(node: Node, scope: Scope) -> Any:
    table, _, column = node.parts[0].value.partition(".")
    if node.value == "填报合计":
        return _typed_total(table, column, scope)
    if node.value == "计数" and not column:
        return Decimal(sum(_chosen(row, table, node.parts[1:], scope, True) for row in scope.tables[table].rows))
    values = [fact.value for fact in column_facts(node, scope)]
    if node.value in ("计数", "种数"):
        flat = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
        return Decimal(len(set(flat)) if node.value == "种数" else len(values))
    if not values:
        raise Missing(f"{table}.{column}", scope.tables[table].place)
    return _fold(node.value, values)


def _fold(name: str, values: list[Any]) -> Any:
    if name == "合计":
        return sum(values, Decimal(0))
    if name == "平均":
        return sum(values, Decimal(0)) / len(values)
    if name == "取":
        return values[0]
    return max(values) if name == "最大" else min(values)


def _typed_total(table: str, column: str, scope: Scope) -> Any:
    total = scope.tables[table].total
    if total is None or column not in total.cells:
        raise Missing(f"{table}.{column}", total.place_of(column) if total else scope.tables[table].place)
    fact = total.cells[column]
    scope.used[fact.number] = fact
    return fact.value


# --- writing a formula with its numbers, as a reader checks it by hand -------------------------------------


def written(node: Node, scope: Scope, show: Callable[[Fact], str]) -> str:
    """The formula with numbers for names: (a－b)÷c, the numbers shown by ``show``."""
    if node.op == "name" and not (node.value == ROW_NUMBER and scope.row):
        return show(scope.fact(node.value))
    if node.op in ("+", "-", "*", "/"):
        left, right = (_bracketed(part, node, side, scope, show) for side, part in enumerate(node.parts))
        return left + {"+": "＋", "-": "－", "*": "×", "/": "÷"}[node.op] + right
    if node.op == "call" and node.value in ("合计", "平均"):
        return _written_sum(node, scope, show)
    if node.op == "call" and node.value in ("取", "填报合计"):
        inner = Scope(scope.facts, scope.tables, scope.row, scope.outer, zeros=scope.zeros)
        evaluate(node, inner)
        chosen = [fact for fact in inner.used.values() if isinstance(fact.value, Decimal)]
        return show(chosen[-1]) if chosen else _literal(node, scope)
    return _literal(node, scope)


def _bracketed(part: Node, node: Node, side: int, scope: Scope, show: Callable[[Fact], str]) -> str:
    text = written(part, scope, show)
    loose = part.op in ("+", "-") and (node.op in ("*", "/") or (side and node.op == "-"))
    loose = loose or (part.op in ("*", "/") and node.op == "/" and bool(side))
    summed = part.op == "call" and part.value == "合计" and "＋" in text and (node.op != "+" or bool(side))
    return f"({text})" if loose or summed else text


def _written_sum(node: Node, scope: Scope, show: Callable[[Fact], str]) -> str:
    cells = column_facts(node, scope)
    text = "＋".join(show(cell) for cell in cells)
    return f"({text})÷{len(cells)}" if node.value == "平均" and len(cells) > 1 else text


def _literal(node: Node, scope: Scope) -> str:
    value = evaluate(node, scope)
    if node.op == "number" and isinstance(value, Decimal) and 0 < value <= 1:
        return numerals.show(value, "%", numerals.own_decimals(value * 100))
    return f"{value:,f}" if isinstance(value, Decimal) else str(value)


def capped(node: Node, scope: Scope) -> tuple[Node, Decimal | None]:
    """For 较小/较大(常数, 式): the expression, and the constant if that was the one taken; else the node, None."""
    if node.op != "call" or node.value not in ("较小", "较大"):
        return node, None
    constants = [part for part in node.parts if part.op == "number"]
    if len(constants) != 1:
        return node, None
    inner = node.parts[1 - node.parts.index(constants[0])]
    limit: Decimal = constants[0].value
    return inner, (limit if evaluate(node, scope) == limit != evaluate(inner, scope) else None)
