"""勾稽关系: the relations that must hold between figures, and the answers that departments gave to 核实性 ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from statistics import median

from reportgen import formula, marks, numerals
from reportgen.define.checks import Check
from reportgen.define.kind import Kind
from reportgen.judge.facts import Derived
from reportgen.model import Fact, Place, Problem, Row, leaves
from reportgen.shown import nearest, usual

SUM_TOLERANCE = Decimal("0.005")
_COUNTED = {"填报合计": "合计行", "计数": "清点数", "种数": "清点数"}
SUSPECT_TIMES = 1000
SUSPECT_LOW, SUSPECT_HIGH = Decimal("0.015"), Decimal(3)


def check_all(kind: Kind, derived: Derived) -> list[Problem]:
    """Every relation of the kind that does not hold, in the kind's order."""
    return [problem for check in kind.checks for problem in _one(kind, check, derived)]


def _one(kind: Kind, check: Check, derived: Derived) -> Iterator[Problem]:
    if check.shape != "引用存在":
        return _SHAPES[check.shape](check, derived)
    table, _, column = check.columns[0].partition(".")
    return _dangling(check, derived, kind.tables[table].columns[column].refers)


def _scopes(check: Check, derived: Derived) -> Iterator[tuple[formula.Scope, Row | None]]:
    """One scope, or one for each row; only where the condition 当 holds."""
    rows = derived.tables[check.table].rows if check.table else (None,)
    for row in rows:
        scope = derived.scope().within(row, check.table) if row else derived.scope()
        try:
            if check.when is None or formula.evaluate(check.when, scope):
                scope.used.clear()
                yield scope, row
        except (formula.Missing, formula.ZeroDenominator):
            continue


# --- 须: one comparison --------------------------------------------------------------------------------------


def _comparison(check: Check, derived: Derived) -> Iterator[Problem]:
    assert check.must
    for scope, row in _scopes(check, derived):
        try:
            if check.must.value == "有":
                yield from _lacking(check, scope, row, derived)
                continue
            broken = _broken(check, scope)
        except (formula.Missing, formula.ZeroDenominator):
            continue  # a blank or a zero was already said where it stands
        if broken:
            yield _problem(check, scope, broken, row)


def _lacking(check: Check, scope: formula.Scope, row: Row | None, derived: Derived) -> Iterator[Problem]:
    """有(…) of a blank: the problem stands where it should be filled in, with the figures that ask for it."""
    assert check.must
    if formula.evaluate(check.must, scope):
        return
    if check.when:
        formula.evaluate(check.when, scope)
    asking = list(scope.used.values())
    figures = "，".join(f"{fact.name.rpartition('.')[2]}{_shown(fact)}" for fact in asking)
    name = check.must.parts[0].value
    place = row.places.get(name) if row else derived.cells.get(name)
    place = place or next((one for fact in asking for one in fact.places), Place())
    message = check.message + (f"：{figures}" if figures else "")
    yield Problem(check.code, check.level, place, message, subject=row.key if row else "")


def _broken(check: Check, scope: formula.Scope) -> str:
    """"" when the comparison holds, else both sides with their numbers."""
    assert check.must
    if check.must.op == "call":
        return "" if formula.evaluate(check.must, scope) else "、".join(_side(part, scope) for part in check.must.parts)
    left, right = (formula.evaluate(part, scope) for part in check.must.parts)
    if check.must.op == "=" and isinstance(left, Decimal):
        if abs(left - right) <= _tolerance(check, scope):
            return ""
    elif formula.evaluate(check.must, scope):
        return ""
    sides = [_side(part, scope) for part in check.must.parts]
    apart = f"，相差{_plain(abs(left - right), scope)}" if isinstance(left, Decimal) and check.must.op == "=" else ""
    return f"{sides[0]}，{sides[1]}{apart}"


def _tolerance(check: Check, scope: formula.Scope) -> Decimal:
    """A stated number; for sums half a unit of the last shown decimal for each addend and the total."""
    if check.tolerance == "合计":
        units = [fact.unit for fact in scope.used.values() if isinstance(fact.value, Decimal)]
        return SUM_TOLERANCE * len(units) / numerals.SCALE.get(units[0] if units else "", Decimal(1))
    text = check.tolerance or "0"
    return Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def _side(node: formula.Node, scope: formula.Scope) -> str:
    """年中调整额43,298.95, or 571,010.03－527,711.12＝43,298.91."""
    value = formula.evaluate(node, scope)
    text = marks.plain(formula.written(node, scope.apart(), usual))
    shown = _plain(value, scope)
    name = node.value if node.op == "name" else _COUNTED.get(node.value, "") if node.op == "call" else ""
    return f"{name}{shown}" if name or text == shown else f"{text}＝{shown}"


def _plain(value: object, scope: formula.Scope) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    first = next((fact for fact in scope.used.values() if isinstance(fact.value, Decimal)), None)
    unit, decimals = ("", None) if first is None else (first.unit, first.decimals)
    return numerals.show_exact(value, unit, decimals)


def _problem(check: Check, scope: formula.Scope, detail: str, row: Row | None) -> Problem:
    places = [place for fact in scope.used.values() for leaf in leaves(fact) for place in leaf.places]
    assert check.must
    own = [place for place in places if row and place in row.places.values()]
    first = _single_place(check.must, scope, row) or next(iter([*own, *places]), Place())
    others = [f"{place.part} {place.mark}" for place in dict.fromkeys(places) if place != first]
    hint = f"涉及：{'、'.join(others[:6])}" if others else ""
    return Problem(check.code, check.level, first, f"{check.message}：{detail}", hint, row.key if row else "")


def _single_place(must: formula.Node, scope: formula.Scope, row: Row | None) -> Place | None:
    """The typed figure that a worked-out side is held against: where a correction most likely belongs.

    In a check that goes row by row that is a cell of the row.
    """
    for part in must.parts:
        if part.op == "name" or part.value == "填报合计":
            inner = scope.apart()
            formula.evaluate(part, inner)
            used = list(inner.used.values())
            typed = len(used) == 1 and not used[0].inputs and used[0].places
            if typed and (row is None or used[0].places[0] in row.places.values()):
                return used[0].places[0]
    return None


# --- the shapes that arithmetic can't say --------------------------------------------------------------------


def _column(check: Check, derived: Derived) -> list[tuple[Row, Fact]]:
    table, _, column = check.columns[0].partition(".")
    return [(row, row.cells[column]) for row in derived.tables[table].rows if column in row.cells]


def _rising(check: Check, derived: Derived) -> Iterator[Problem]:
    """递增: no value below the one before it."""
    cells = _column(check, derived)
    for (_, before), (row, cell) in pairwise(cells):
        if cell < before:
            detail = f"{_shown(before)}之后是{_shown(cell)}"
            yield Problem(check.code, check.level, cell.places[0], f"{check.message}：{detail}", subject=row.key)


def _suspect_percent(check: Check, derived: Derived) -> Iterator[Problem]:
    """疑似百分数: 0.8762 typed for 87.62 (or 8762% for 87.62%)."""
    for row, cell in (pair for one in check.columns for pair in _column(replace(check, columns=(one,)), derived)):
        assert isinstance(cell.value, Decimal)
        if cell.unit != "%":  # a column may hold figures of several units
            continue
        if 0 < cell.value <= SUSPECT_LOW or cell.value > SUSPECT_HIGH:
            hint = f"如果确是{_shown(cell)}，请在审核说明里写明"
            yield Problem(check.code, check.level, cell.places[0], f"{check.message}：读出来是{_shown(cell)}", hint, row.key)


def _suspect_unit(check: Check, derived: Derived) -> Iterator[Problem]:
    """疑似万倍: a figure a thousand times the median of its peers was probably typed in 元."""
    for scope, row in _scopes(check, derived):
        peers = list(_present(check.columns, scope))
        for fact in peers:
            others = [abs(_number(other)) for other in peers if other is not fact and other.value]
            if others and abs(_number(fact)) >= SUSPECT_TIMES * median(others):
                detail = f"{fact.name.rpartition('.')[2]}{_shown(fact)}{fact.unit}"
                subject = row.key if row else fact.name
                yield Problem(check.code, check.level, fact.places[0], f"{check.message}：{detail}", "请核对单位", subject)


def _present(columns: tuple[str, ...], scope: formula.Scope) -> Iterator[Fact]:
    for name in columns:
        try:
            yield scope.fact(name)
        except (formula.Missing, formula.ZeroDenominator):
            continue


def _number(fact: Fact) -> Decimal:
    assert isinstance(fact.value, Decimal)
    return fact.value


def _near_names(check: Check, derived: Derived) -> Iterator[Problem]:
    """近似重名: two writings so alike that they are likely one name; an alias list says which are known."""
    aliases = _column(replace(check, columns=(check.aliases,)), derived) if check.aliases else []
    known = {str(alias.value) for _, alias in aliases}
    first: dict[str, Fact] = {}
    for row, cell in _column(check, derived):
        for name in _texts(cell):
            near = "" if name in first or name in known else next((one for one in first if _alike(name, one)), "")
            if near and near not in known:
                message = f"{check.message}：“{name}”与{first[near].places[0].mark}的“{near}”"
                yield Problem(check.code, check.level, cell.places[0], message, subject=row.key)
            first.setdefault(name, cell)


def _texts(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else (str(fact.value),)


def _alike(one: str, other: str) -> bool:
    """One holds all characters of the other in order (规划信息科, 规划信息与财务科), or differs by a single one."""
    short, long = sorted((one, other), key=len)
    left = iter(long)
    return len(short) > 3 and (all(letter in left for letter in short) or _apart(short, long) <= 1)


def _apart(short: str, long: str) -> int:
    return sum(a != b for a, b in zip(short, long, strict=False)) if len(short) == len(long) else 2


def _dangling(check: Check, derived: Derived, refers: str) -> Iterator[Problem]:
    """引用存在: each value must occur in the column it refers to."""
    known = {name for _, cell in _column(replace(check, columns=(refers,)), derived) for name in _texts(cell)}
    seen: set[str] = set()
    for row, cell in _column(check, derived):
        for name in _texts(cell):
            if name not in known and name not in seen:
                seen.add(name)
                message = f"{check.message}：没有“{name}”{nearest(name, known)}"
                yield Problem(check.code, check.level, cell.places[0], message, subject=row.key)


def _shown(fact: Fact) -> str:
    return marks.plain(usual(fact))


_SHAPES: dict[str, Callable[[Check, Derived], Iterator[Problem]]] = {
    "须": _comparison,
    "递增": _rising,
    "疑似万倍": _suspect_unit,
    "疑似百分数": _suspect_percent,
    "近似重名": _near_names,
}
