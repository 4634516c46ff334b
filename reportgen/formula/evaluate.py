"""A formula's value, over the submission's facts and one row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import partial
from typing import Any, NoReturn

from reportgen.formula.parse import AGGREGATES, ROW_NUMBER, Node
from reportgen.model import NOWHERE, Fact, Place, Row, Table


class NoValue(Exception):
    """What a formula lacks to be worked out: its name, and the place where it stands or should stand."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name)
        self.name, self.place = name, place


class Missing(NoValue):
    """A value that the formula needs is blank."""


class ZeroDenominator(NoValue):
    """A division by 0, which stands at the place; only the rule that asked knows what this means."""


@dataclass(slots=True)
class Scope:
    """What names mean: the submission's facts, its tables, and, inside a row, the row's own columns first.

    ``chosen`` are the rows that aggregates run over here, looked for once.
    """

    facts: Mapping[str, Fact]
    tables: Mapping[str, Table]
    row: Row | None = None
    outer: dict[str, Row] = field(default_factory=dict)
    used: dict[int, Fact] = field(default_factory=dict)
    zeros: frozenset[tuple[str, str]] = frozenset()
    chosen: dict[Node, list[Row]] = field(default_factory=dict)

    def within(self, row: Row, table: str = "") -> Scope:
        """The scope of one row; what it uses counts as used here."""
        return Scope(self.facts, self.tables, row, {**self.outer, table: row}, self.used, self.zeros)

    def apart(self) -> Scope:
        """The same scope; what this one uses counts for itself only."""
        return Scope(self.facts, self.tables, self.row, self.outer, {}, self.zeros, self.chosen)

    def fact(self, name: str) -> Fact:
        """The fact a name means; Missing when it is blank."""
        if "." in name:
            table, _, column = name.partition(".")
            return self.cell(self.outer[table], column)
        row = self.row
        if row and (name in row.cells or name in row.places or (row.key, name) in self.zeros):
            return self.cell(row, name)  # be it blank, or a computed one that would have divided by 0
        if name not in self.facts:
            self._absent("", name, NOWHERE)
        return self.use(self.facts[name])

    def cell(self, row: Row, column: str) -> Fact:
        """The fact in a row's column; Missing when it is blank."""
        fact = row.cells.get(column)
        if fact is None:
            self._absent(row.key, column, row.place_of(column))
        self.used[fact.number] = fact
        return fact

    def _absent(self, key: str, name: str, place: Place) -> NoReturn:
        raise (ZeroDenominator if (key, name) in self.zeros else Missing)(name, place)

    def use(self, fact: Fact) -> Fact:
        """The fact, which counts as used from here on."""
        self.used[fact.number] = fact
        return fact


Run = Callable[[Scope], Any]


def evaluate(node: Node, scope: Scope) -> Any:
    """The formula's value: Decimal, text, date or bool. Raises Missing or ZeroDenominator."""
    return (node.run or _compiled(node))(scope)


def _compiled(node: Node) -> Run:
    """The formula as a function of its scope, made once: a condition is asked of every row of a table."""
    run = _function(node)
    object.__setattr__(node, "run", run)
    return run


def _function(node: Node) -> Run:
    if node.op in ("number", "text"):
        return lambda _: node.value
    if node.op == "name":
        return _name(node.value)
    if node.op == "call":
        return partial(_call, node)
    if node.op == "neg":
        inner = _compiled(node.parts[0])
        return lambda scope: -inner(scope)
    return _operation(node.op, *map(_compiled, node.parts))


def _name(name: str) -> Run:
    table, _, column = name.rpartition(".")
    if table:
        return lambda scope: scope.cell(scope.outer[table], column).value
    return _row_number if name == ROW_NUMBER else lambda scope: scope.fact(name).value


def _operation(op: str, left: Run, right: Run) -> Run:
    operate = _OPERATIONS[op]

    def run(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        try:
            return operate(one, other)
        except (DivisionByZero, InvalidOperation) as error:
            raise ZeroDenominator(op, _first_place(right, scope.apart())) from error

    return run


def _first_place(run: Run, scope: Scope) -> Place:
    """The first cell that the value rests on."""
    run(scope)
    return next((fact.places[0] for fact in scope.used.values() if fact.places), NOWHERE)


def _row_number(scope: Scope) -> Any:
    return Decimal(scope.row.number) if scope.row else scope.fact(ROW_NUMBER).value


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _call(node: Node, scope: Scope) -> Any:
    if node.value in AGGREGATES:
        return _aggregate(node, scope)
    if node.value == "有":
        return _present(node.parts[0], scope)
    if node.value == "若":
        return evaluate(node.parts[1 if evaluate(node.parts[0], scope) else 2], scope)
    return _FUNCTIONS[node.value](*(evaluate(part, scope) for part in node.parts))


def _year(value: Any) -> Decimal:
    return Decimal(value.year if isinstance(value, date) else value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {"年": _year, "含": operator.contains, "较大": max, "较小": min}


def _present(node: Node, scope: Scope) -> bool:
    try:
        scope.fact(node.value)
    except (Missing, ZeroDenominator):
        return False
    return True


def column_facts(node: Node, scope: Scope) -> list[Fact]:
    """The cells an aggregate runs over, blanks left out; each counts as used."""
    table, _, column = node.parts[0].value.partition(".")
    rows = scope.chosen.get(node)
    if rows is None:
        rows = scope.chosen[node] = _chosen(table, node.parts[1:], scope)
    cells = [row.cells[column] for row in rows if column in row.cells] if column else []
    return [scope.use(cell) for cell in cells]


def _chosen(table: str, conditions: tuple[Node, ...], scope: Scope, counting: bool = False) -> list[Row]:
    """The rows that meet the conditions. What was only looked at to choose them is evidence for a count alone."""
    # 表.列 means the row outside, also where that is one of the same table
    called = "" if table in scope.outer else table
    inner = Scope(scope.facts, scope.tables, None, dict(scope.outer), scope.used if counting else {}, scope.zeros)
    tests, rows = [condition.run or _compiled(condition) for condition in conditions], []
    for row in scope.tables[table].rows:
        inner.row = inner.outer[called] = row
        inner.chosen = {}
        if _met(tests, inner):
            rows.append(row)
    return rows


def _met(tests: list[Run], scope: Scope) -> bool:
    try:
        for test in tests:
            if not test(scope):
                return False
    except Missing:
        return False
    return True


def _aggregate(node: Node, scope: Scope) -> Any:
    table, _, column = node.parts[0].value.partition(".")
    if node.value == "填报合计":
        return _typed_total(table, column, scope)
    if node.value == "计数" and not column:
        return Decimal(len(_chosen(table, node.parts[1:], scope, counting=True)))
    values = [fact.value for fact in column_facts(node, scope)]
    if node.value in ("计数", "种数"):
        flat = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
        return Decimal(len(set(flat)) if node.value == "种数" else len(values))
    if not values:
        raise Missing(f"{table}.{column}", scope.tables[table].place)
    return _FOLDS[node.value](values)


_FOLDS: dict[str, Callable[[list[Any]], Any]] = {
    "合计": lambda values: sum(values, Decimal(0)),
    "平均": lambda values: sum(values, Decimal(0)) / len(values),
    "取": lambda values: values[0],
    "最大": max,
    "最小": min,
}


def _typed_total(table: str, column: str, scope: Scope) -> Any:
    total = scope.tables[table].total
    if total is None or column not in total.cells:
        raise Missing(f"{table}.{column}", total.place_of(column) if total else scope.tables[table].place)
    return scope.use(total.cells[column]).value
