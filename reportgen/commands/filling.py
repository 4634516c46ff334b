"""What gather writes into which cells: found by header text as reading finds them, and only where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import TypeAlias

from reportgen.case import Case
from reportgen.define.gathering import Gathering
from reportgen.define.kind import Kind
from reportgen.model import ERROR, Fact, FactBook, Place, Problem, Row, Submission
from reportgen.numerals import MONEY
from reportgen.read.binding import Bound, Reading, normal
from reportgen.read.cells import Cell, mark_of, row_and_column
from reportgen.read.forms import bind_lines
from reportgen.read.rows import TOTAL, bind_columns
from reportgen.read.sheets import Sheet
from reportgen.say import usual_plain
from reportgen.write.patch import Edits

Value: TypeAlias = Decimal | str


@dataclass(frozen=True, slots=True)
class Change:
    """One cell before and after, as printed."""

    place: Place
    old: str
    new: str


@dataclass(slots=True)
class Filling:
    """What is to be written into one department's workbook, and what stands in the way."""

    file: str
    kind: Kind
    gathering: Gathering
    submission: Submission
    sheets: Mapping[str, Sheet]
    edits: dict[str, Edits] = field(default_factory=lambda: defaultdict(Edits))  # by the sheet's name
    problems: list[Problem] = field(default_factory=list)

    def fill(self, units: Mapping[str, Case]) -> None:
        """Plan the whole workbook; ``units`` by name, in the order in which new ones are to stand."""
        if normal(self.gathering.table) in self.sheets:
            self.fill_table(units)
        else:
            self.lacks(f"没有“{self.gathering.table}”这张表", "请补上这张表和它的表头")
        if not self.problems:
            self.fill_sums(units.values())

    def fill_table(self, units: Mapping[str, Case]) -> None:
        """A row for each unit, its own where it has one, and the 合计 row as values."""
        reading = self.reading(self.gathering.table)
        bound, spec, sheet = bind_columns(reading), reading.spec, reading.sheet
        own = self.own_rows(units)
        if self.problems:
            return
        rows = {name: _row_of(row, spec.key[0]) for name, row in own.items()}
        total, last = self.submission.tables[spec.name].total, max(rows.values(), default=reading.header)
        at_total, begins = _row_of(total, spec.key[0]), total is None and spec.total == "必填"
        missing = [*(name for name in units if name not in rows), *[TOTAL] * begins]
        free, moved = self.room(reading, bound, last, at_total, len(missing))
        if self.problems:
            return
        rows |= dict(zip(missing, free, strict=True))
        if begins:
            self.write(sheet, rows[TOTAL], bound[spec.key[0]].at, TOTAL)
        at_total = rows.pop(TOTAL, at_total + moved)
        for name, number in rows.items():
            self.fill_row(reading, number, bound, self.values(bound, units[name]), own.get(name))
        if at_total:
            self.fill_row(reading, at_total, bound, self.totals(bound, units.values()), None if moved else total)

    def fill_row(
        self, reading: Reading, number: int, bound: Mapping[str, Bound], values: Mapping[str, Value], was: Row | None
    ) -> None:
        """A row of the table; one that was there already keeps its name as written."""
        for column, value in values.items():
            if was is None or column not in reading.spec.key:
                self.put(reading.sheet, number, bound[column], value, was.cells.get(column) if was else None)

    def fill_sums(self, units: Iterable[Case]) -> None:
        """The department's own lines that are the sum over its units."""
        lines: dict[str, tuple[Sheet, int, Bound]] = {}
        for spec in self.kind.tables.values():
            if spec.record and normal(spec.name) in self.sheets:
                reading = self.reading(spec.name)
                lines |= {one.column.name: (reading.sheet, row, one) for row, one in bind_lines(reading)}
        known = [unit.submission.facts for unit in units if unit.submission]
        for name in self.gathering.sums:
            values = [facts[name].value for facts in known if name in facts]
            numbers = [value for value in values if isinstance(value, Decimal)]
            if numbers and name in lines:
                self.put(*lines[name], sum(numbers, Decimal(0)), self.submission.facts.get(name))
            elif numbers:
                self.lacks(f"下属单位填了“{name}”，本部门的表上没有这一行", "请补上这一行")

    # --- where ---

    def lacks(self, message: str, hint: str) -> None:
        """Note that there is no cell for a figure."""
        self.problems.append(Problem("E929", ERROR, Place(self.file), message, hint))

    def reading(self, name: str) -> Reading:
        """A table's sheet, to be bound."""
        return Reading(self.kind.tables[name], self.sheets[normal(name)], self.file, FactBook())

    def own_rows(self, units: Iterable[str]) -> dict[str, Row]:
        """The row that each unit has already; one of nobody's is a problem, as its figures would be in no sum."""
        names, own = {normal(name): name for name in units}, dict[str, Row]()
        for row in self.submission.tables[self.gathering.table].rows:
            if normal(row.key) in names:
                own[names[normal(row.key)]] = row
            else:
                place = row.place_of(self.kind.tables[self.gathering.table].key[0])
                hint = "请把它的材料放进来；已经没有这个单位的，删去这一行"
                self.problems.append(Problem("E924", ERROR, place, f"没有“{row.key}”的材料", hint))
        return own

    def room(
        self, reading: Reading, bound: Mapping[str, Bound], last: int, total: int, wanted: int
    ) -> tuple[list[int], int]:
        """So many rows below the last one, and by how much the 合计 row moves down for them."""
        sheet, columns = reading.sheet, {one.at for one in bound.values()}
        below = [row for row, at in sheet.cells if row > last and (at in columns or row == total)]
        end = min(below, default=last + wanted + 1)
        lacking = max(0, wanted - (end - last - 1))
        targets = {bound[column].at for column in self.gathering.columns if column in bound}
        if lacking and not (end == total and _movable(sheet, total, targets)):
            message, hint = f"第{end}行上面的空行不够，还差{lacking}行", f"请在第{end}行上面插入{lacking}个空行后再试"
            self.problems.append(Problem("E925", ERROR, reading.place(end, min(columns)), message, hint))
            return [], 0
        model = last if last > reading.header else total
        for row in range(last + 1, last + 1 + wanted) if model else ():
            if row >= end or not below:
                self.edits[sheet.name].likes[row] = model
        if lacking:
            self.move(sheet, total, total + lacking)
        return list(range(last + 1, last + 1 + wanted)), lacking

    def move(self, sheet: Sheet, total: int, to: int) -> None:
        """The 合计 row further down, as it is; its figures are written afterwards."""
        self.edits[sheet.name].likes[to] = total
        for at, cell in sorted((at, cell) for (row, at), cell in sheet.cells.items() if row == total):
            self.write(sheet, total, at, None)
            self.write(sheet, to, at, cell.number() if cell.kind == "number" else cell.text)

    # --- what ---

    def values(self, bound: Collection[str], unit: Case) -> dict[str, Value]:
        """What a unit's row holds, by column."""
        columns = self.kind.tables[self.gathering.table].columns
        return {
            name: self.number(name, unit) if columns[name].type == "数" else usual_plain(self.fact(name, unit))
            for name in self.gathering.columns
            if name in bound
        }

    def totals(self, bound: Mapping[str, Bound], units: Collection[Case]) -> dict[str, Value]:
        """What the 合计 row holds, by column."""
        numbers = [name for name in self.gathering.columns if name in bound and bound[name].column.type == "数"]
        return {name: sum((self.number(name, unit) for unit in units), Decimal(0)) for name in numbers}

    def fact(self, column: str, unit: Case) -> Fact:
        """The unit's fact for a column."""
        assert unit.submission
        return unit.submission.facts[self.gathering.columns[column]]

    def number(self, column: str, unit: Case) -> Decimal:
        """The unit's figure for a column, in that column's unit."""
        fact, wanted = self.fact(column, unit), self.kind.tables[self.gathering.table].columns[column].unit
        assert isinstance(fact.value, Decimal)
        return fact.value if fact.unit == wanted else fact.value * MONEY[fact.unit] / MONEY[wanted]

    def put(self, sheet: Sheet, row: int, one: Bound, value: Value, was: Fact | None) -> None:
        """Plan one cell in the sheet's own unit, unless it reads so already; a formula becomes its value."""
        cell = sheet.cells.get((row, one.at))
        if was is None or was.value != value or (cell and cell.formula):
            self.write(sheet, row, one.at, value / one.factor if isinstance(value, Decimal) else value)

    def write(self, sheet: Sheet, row: int, at: int, value: Value | None) -> None:
        """Plan one cell as it is to be stored; the last word on it counts."""
        self.edits[sheet.name].values[row, at] = value

    def changes(self) -> Iterator[Change]:
        """What the edits change, sheet by sheet, from top to bottom."""
        for name, edits in self.edits.items():
            for (row, at), value in sorted(edits.values.items(), key=itemgetter(0)):
                new = f"{value.normalize():,f}" if isinstance(value, Decimal) else value or "（空）"
                old = _printed(self.sheets[normal(name)].cells.get((row, at)))
                yield Change(Place(self.file, name, mark_of(row, at)), old, new)

def _row_of(row: Row | None, key: str) -> int:
    """The row's number on its sheet, 0 for none."""
    return row_and_column(row.place_of(key).mark)[0] if row else 0


def _movable(sheet: Sheet, total: int, targets: Collection[int]) -> bool:
    """Whether the 合计 row is the last of its sheet, without merged cells, and no formula of it but will be written anew."""
    formulas = {at for (row, at), cell in sheet.cells.items() if row == total and cell.formula}
    return (
        all(row <= total for row, _ in sheet.cells)
        and all(bottom < total for _, _, bottom, _ in sheet.merges)
        and formulas <= set(targets)
    )


def _printed(cell: Cell | None) -> str:
    if cell is None:
        return "（空）"
    return (f"{cell.number():,f}" if cell.kind == "number" else cell.text) + "（公式）" * cell.formula
