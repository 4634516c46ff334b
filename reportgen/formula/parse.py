"""A formula's text to its tree, with what is wrong said in one sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


class FormulaError(ValueError):
    """The formula itself is wrong; the message is a bare sentence."""


@dataclass(frozen=True, slots=True)
class Node:
    """A parsed formula: ``op`` is number, text, name, call, neg, or the operator itself.

    ``text`` is a number as it was written, 25% or 0.25; ``run`` gives its value once it has been compiled (evaluate.py).
    """

    op: str
    value: Any = None
    parts: tuple[Node, ...] = ()
    text: str = field(default="", compare=False)
    run: Callable[[Any], Any] | None = field(default=None, init=False, repr=False, compare=False)

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def names(self) -> set[str]:
        """Every name in it, 表.列 among them."""
        return {part.value for part in self.walk() if part.op == "name"}


AGGREGATES = ("合计", "平均", "最大", "最小", "计数", "种数", "取", "填报合计")
SCALARS = {"若": 3, "较大": 2, "较小": 2, "含": 2, "有": 1, "年": 1}
ROW_NUMBER = "序号"

_TOKEN = re.compile(r"""\s*(?:(\d+(?:\.\d+)?%?)|"([^"]*)"|([^\W\d]\w*(?:\.[^\W\d]\w*)?)|(<=|>=|!=|[-+*/()=<>,]))""")
_SAME = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "＝": "=", "×": "*", "÷": "/", "（": "(", "）": ")", "，": ",",
                       "＋": "+", "－": "-", "“": '"', "”": '"', "＜": "<", "＞": ">", "％": "%"})  # fmt: skip
BINDING = {"=": 1, "!=": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3}
COMPARISONS = frozenset(name for name, power in BINDING.items() if power == 1)
QUESTIONS = ("含", "有")


def identifier(name: str) -> bool:
    """Whether a declared name can stand in formulas and templates alike: unchanged by NFKC, an identifier."""
    return name.isidentifier() and unicodedata.normalize("NFKC", name) == name


def truth(node: Node) -> bool:
    """Whether the formula says yes or no instead of giving a value."""
    return node.op in COMPARISONS or (node.op == "call" and node.value in QUESTIONS)


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
        while BINDING.get(self.peek(), 0) > power:
            op = self.take()[1]
            left = Node(op, None, (self.number(left), self.number(self.expression(BINDING[op]))))
        return left

    def number(self, operand: Node) -> Node:
        """An operand; 1 < 甲 < 5 would compare a yes with 5, and be true whatever 甲 is."""
        if truth(operand):
            raise FormulaError(f"公式“{self.text}”把比较的结果又拿来计算或比较，请分开写")
        return operand

    def operand(self) -> Node:
        kind, text = self.take()
        if kind == "number":
            return Node("number", Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1), text=text)
        if kind == "text":
            return Node("text", text)
        if text == "-":
            return Node("neg", None, (self.number(self.expression(2)),))
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
        while self.peek() == "," if parts else self.peek() != ")":
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


def _check_call(name: str, parts: Sequence[Node]) -> None:
    if name in AGGREGATES:
        _check_aggregate(name, parts)
    elif name not in SCALARS:
        raise FormulaError(f"没有叫“{name}”的函数（有：{'、'.join((*AGGREGATES, *SCALARS))}）")
    elif len(parts) != SCALARS[name]:
        raise FormulaError(f"{name}(…)应有{SCALARS[name]}项，现有{len(parts)}项")
    elif name == "有" and parts[0].op != "name":
        raise FormulaError("有(…)里只能写一个名称")
    elif name == "若" and not truth(parts[0]):
        raise FormulaError("若(…)的第一项应是比较，如 甲 > 乙")


def _check_aggregate(name: str, parts: Sequence[Node]) -> None:
    if not parts or parts[0].op != "name" or ("." not in parts[0].value and name != "计数"):
        raise FormulaError(f"{name}(…)的第一项应是“表.列”（计数可以只写表名）")
    if name == "填报合计" and len(parts) > 1:
        raise FormulaError("填报合计(…)是填报的那一行合计，不能带条件")
    if not all(map(truth, parts[1:])):
        raise FormulaError(f"{name}(…)第一项之后应是条件，如 甲 > 乙")
