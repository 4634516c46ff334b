"""A formula written out with its numbers, as a reader checks it by hand: (10,221－9,800)÷9,800."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from reportgen import marks
from reportgen.formula.evaluate import Scope, column_facts, evaluate
from reportgen.formula.parse import BINDING, ROW_NUMBER, Node
from reportgen.model import Fact

_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_SUM, _PRODUCT, _ATOM = BINDING["+"], BINDING["*"], 9
Written = tuple[str, int]


def written(node: Node, scope: Scope, show: Callable[[Fact], str]) -> str:
    """The formula with numbers for names, the numbers shown by ``show``."""
    return _Writer(scope, show).write(node)[0]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Each part is written together with how tightly it binds, so that brackets stand where they are needed only."""

    scope: Scope
    show: Callable[[Fact], str]

    def write(self, node: Node) -> Written:
        if node.op in _SIGNS:
            (left, right), power = node.parts, BINDING[node.op]
            tight = power + (node.op in "-/")  # a－(b－c), a÷(b÷c)
            return self.within(left, power) + _SIGNS[node.op] + self.within(right, tight, True), power
        if node.op == "neg":
            return "－" + self.within(node.parts[0], _PRODUCT, True), _SUM
        if node.op == "call":
            return self.call(node)
        if node.op == "name" and not (node.value == ROW_NUMBER and self.scope.row):
            return self.show(self.scope.fact(node.value)), _ATOM
        return node.text or self.plain(node), _ATOM

    def within(self, part: Node, power: int, after_sign: bool = False) -> str:
        """A part as an operand: in brackets when it binds less, or when its minus would stand behind a sign."""
        text, own = self.write(part)
        minus = after_sign and marks.plain(text).startswith(("-", "－"))
        return f"({text})" if own < power or minus else text

    def plain(self, node: Node) -> str:
        value = evaluate(node, self.scope)
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def call(self, node: Node) -> Written:
        if node.value in ("若", "较大", "较小"):
            return self.write(self.taken(node))
        if node.value in ("合计", "平均"):
            return self.sum(node)
        if node.value in ("取", "最大", "最小", "填报合计"):
            return self.show(self.picked(node)), _ATOM
        return self.plain(node), _ATOM

    def taken(self, node: Node) -> Node:
        """The branch that was taken, or the greater or smaller part."""
        aside = self.scope.apart()
        if node.value == "若":
            return node.parts[1 if evaluate(node.parts[0], aside) else 2]
        value = evaluate(node, aside)
        return next(part for part in node.parts if evaluate(part, aside) == value)

    def sum(self, node: Node) -> Written:
        first, *others = (self.show(cell) for cell in column_facts(node, self.scope))
        text = "＋".join((first, *(f"({one})" if marks.plain(one).startswith("-") else one for one in others)))
        if not others:
            return text, _ATOM
        return (f"({text})÷{len(others) + 1}", _PRODUCT) if node.value == "平均" else (text, _SUM)

    def picked(self, node: Node) -> Fact:
        """The one cell whose value the call gives."""
        inner = self.scope.apart()
        value = evaluate(node, inner)
        return self.scope.use(next(fact for fact in inner.used.values() if fact.value == value))


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
