"""Typed facts to all facts: computed columns and 数据项."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportgen import formula, marks, numerals
from reportgen.define.kind import Kind
from reportgen.define.tables import Computed, TableSpec
from reportgen.model import ERROR, Fact, FactBook, Place, Problem, Row, Table
from reportgen.shown import usual


@dataclass(slots=True)
class Derived:
    """Everything that can be named: tables with computed columns, single facts, and zero denominators.

    ``gap`` is what a draft writes for a placeholder that can't be filled. ``cells`` are where single names stand or
    should stand, a computed one's the blank cell it lacks. ``headers`` are what sheets call names: prose may too.
    """

    book: FactBook
    tables: dict[str, Table]
    facts: dict[str, Fact] = field(default_factory=dict)
    zeros: frozenset[tuple[str, str]] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    declared: frozenset[str] = frozenset()
    gap: str = ""
    cells: dict[str, Place] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Every single name there is, blank ones among them: prose may say {{ 名称|或(…) }} for those."""
        return self.declared | self.facts.keys() | self.cells.keys() | self.headers.keys()

    def find(self, name: str) -> Fact | None:
        """A single fact by its name, or by what the sheet calls it."""
        return self.facts.get(self.headers.get(name, name))

    def scope(self) -> formula.Scope:
        """A fresh scope over everything."""
        return formula.Scope(self.facts, self.tables, zeros=self.zeros)


def derive(kind: Kind, tables: Mapping[str, Table], book: FactBook, overrides: Mapping[str, Decimal]) -> Derived:
    """Work out all facts. ``overrides`` (score --set) replace single facts by name before anything uses them."""
    derived = Derived(book, dict(tables), declared=kind.single_names, headers=kind.headers)
    for spec in kind.tables.values():
        _single_facts(derived, spec)
    units = {name: column.unit for spec in kind.tables.values() if spec.record for name, column in spec.columns.items()}
    units |= {name: fact.unit for name, fact in derived.facts.items()}
    for name, value in overrides.items():
        if name in units:  # a blank one too: what it would give is just what a trial asks
            before = derived.facts[name].before if name in derived.facts else None
            derived.facts[name] = book.add(name, value, unit=units[name], formula="测算", before=before)
    for spec in kind.tables.values():
        if spec.computed:
            derived.tables[spec.name] = _with_columns(derived, spec)
    _named_facts(derived, kind.facts, overrides)
    return derived


def _single_facts(derived: Derived, spec: TableSpec) -> None:
    """A form's lines, and the rows of a table whose columns name facts (成项)."""
    table = derived.tables[spec.name]
    if spec.named:
        derived.tables[spec.name] = replace(table, rows=tuple(_named_row(spec, row) for row in table.rows))
    columns = [column for role, column in spec.named.items() if role != "名称"]
    for row in derived.tables[spec.name].rows:
        derived.cells |= row.places if spec.record else {row.key + c: row.place_of(c) for c in columns}
        if "数值" in spec.named:
            derived.cells[row.key] = row.place_of(spec.named["数值"])
        for column in row.cells if spec.record else columns:
            if column in row.cells:
                _keep(derived, row.cells[column].name, row.cells[column])


def _named_row(spec: TableSpec, row: Row) -> Row:
    """A row of a 成项 table: its figure is called as the row's key, and knows that of the year before."""
    columns = {role: column for role, column in spec.named.items() if role != "名称" and column in row.cells}
    figure = columns.pop("数值", "")
    named = {column: row.cells[column].called(row.key + column) for column in columns.values()}
    if figure:
        named[figure] = row.cells[figure].called(row.key, named.get(columns.get("上年", "")))
    return Row(row.key, {**row.cells, **named}, row.places, row.number)


def _keep(derived: Derived, name: str, fact: Fact) -> None:
    if name in derived.facts:
        first = derived.facts[name].places[0]
        message = f"“{name}”在{first}已经有了"
        derived.problems.append(Problem("E401", ERROR, fact.places[0], message, "请改一个名称"))
        return
    derived.facts[name] = fact
    derived.book.facts[fact.number] = fact


def _with_columns(derived: Derived, spec: TableSpec) -> Table:
    table = derived.tables[spec.name]
    rows = tuple(_with_computed(derived, spec, row) for row in table.rows)
    total = _with_computed(derived, spec, table.total) if table.total else None
    return replace(table, rows=rows, total=total)


def _with_computed(derived: Derived, spec: TableSpec, row: Row) -> Row:
    for one in spec.computed:
        scope = derived.scope().within(row, spec.name)
        try:
            fact = compute(derived.book, f"{spec.name}[{row.key}].{one.name}", one, scope)
        except formula.Missing as missing:
            row = _without(row, one.name, missing.place)
            continue
        except formula.ZeroDenominator as zero:
            derived.zeros |= {(row.key, one.name)}
            row = _without(row, one.name, zero.place)
            continue
        row = Row(row.key, {**row.cells, one.name: fact}, row.places, row.number)
    return row


def _without(row: Row, name: str, place: Place) -> Row:
    """The row with a place for the column that could not be worked out, so that it is looked for here and nowhere else."""
    return replace(row, places={**row.places, name: place})


def _named_facts(derived: Derived, specs: Iterable[Computed], overrides: Mapping[str, Decimal]) -> None:
    """数据项 in whatever order they were written: pass again while a pass still brings one."""
    pending = [spec for spec in specs if not _overridden(derived, spec, overrides)]
    while pending:
        left = [spec for spec in pending if not _computed(derived, spec)]
        if len(left) == len(pending):
            return
        pending = left


def _overridden(derived: Derived, spec: Computed, overrides: Mapping[str, Decimal]) -> bool:
    if spec.name in overrides:
        derived.facts[spec.name] = derived.book.add(spec.name, overrides[spec.name], unit=spec.unit, formula="测算")
    return spec.name in overrides


def _computed(derived: Derived, spec: Computed) -> bool:
    """Whether the fact could be worked out; a blank below it leaves it out, as the blank was already said."""
    if spec.name in derived.facts:
        first = derived.facts[spec.name].places[:1] or (Place(),)
        message = f"“{spec.name}”是自动计算的，不要再填"
        derived.problems.append(Problem("E401", ERROR, first[0], message, "请改一个名称"))
        return True
    try:
        derived.facts[spec.name] = compute(derived.book, spec.name, spec, derived.scope())
    except formula.Missing as missing:
        place = missing.place if missing.place.mark else derived.cells.get(missing.name)
        derived.cells |= {spec.name: place} if place else {}
        return False
    except formula.ZeroDenominator as zero:
        derived.zeros |= {("", spec.name)}
        derived.cells |= {spec.name: zero.place} if zero.place.mark else {}
    return True


def compute(book: FactBook, name: str, spec: Computed, scope: formula.Scope) -> Fact:
    """One fact by its formula, with the facts it used and its arithmetic written out."""
    value = formula.evaluate(spec.node, scope)
    inputs = tuple(scope.used.values())
    number = len(book.facts)
    arithmetic = _arithmetic(spec, scope, number, value) if isinstance(value, Decimal) else ""
    return book.add(
        name, value, unit=spec.unit, formula=spec.text, decimals=spec.decimals, inputs=inputs, arithmetic=arithmetic
    )


def _arithmetic(spec: Computed, scope: formula.Scope, number: int, value: Decimal) -> str:
    inner, limit = formula.capped(spec.node, scope)
    fresh = scope.apart()
    text = formula.written(inner, fresh, usual)
    if spec.unit == "%" and inner.op == "/" and all(fact.unit != "%" for fact in fresh.used.values()):
        text += "×100%"
    inner_value = formula.evaluate(inner, fresh) if limit is not None else value
    shown = numerals.show_exact(inner_value, spec.unit, spec.decimals)
    if marks.plain(text) == shown:
        return ""
    if limit is None:
        return f"{text}＝{marks.figure(number, shown)}"
    return f"{text}＝{shown}，按{marks.figure(number, numerals.show(limit, spec.unit, 0))}计"
