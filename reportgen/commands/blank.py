"""The workbook that staff fill in, from the kind and the rubric: what is known from the start is filled in already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportgen.commands.guide import EXAMPLE, GUIDE, examples, guide
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import ANSWERS, Column, TableSpec
from reportgen.numerals import trimmed
from reportgen.read.cells import mark_of
from reportgen.read.rows import TOTAL
from reportgen.write.forms import HEADER_ROW, HINT, Entry, Form, across, headers_across, listing, upright, with_editions
from reportgen.write.workbook import Book

BLANK_ROWS, SPARE_ROWS = 12, 3
HOW = "填法"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a new workbook holds from the start, by table: values of forms, rows of long tables, headers laid across."""

    values: dict[str, dict[str, Entry]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Entry]]] = field(default_factory=dict)
    across: dict[str, tuple[str, ...]] = field(default_factory=dict)


def draw(kind: Kind, rubric: Rubric | None, edition: str, filled: Filled) -> Book:
    """The workbook: how to fill it in, every table, and an example."""
    book = Book("数据")
    book.add(GUIDE, f"{kind.title} · {GUIDE}", "从左到右，一张一张填。", guide(kind))
    for table in kind.tables.values():
        book.add(table.name, f"{kind.title} · {table.name}", _hint(table), _form(kind, rubric, edition, filled, table))
    book.add(EXAMPLE, f"{EXAMPLE}：只供参考，不会读取", "数和名称都是编的，只看写法。", *examples(kind, edition))
    return book


def _hint(table: TableSpec) -> str:
    """What to know of a table; the hints of a form stand beside its lines."""
    hints = [f"{one.headers[0]}：{one.hint}" for one in table.columns.values() if one.hint and not table.record]
    return " ".join([table.hint or HINT, *hints])


def _form(kind: Kind, rubric: Rubric | None, edition: str, filled: Filled, table: TableSpec) -> Form:
    columns = with_editions(table, kind.name)
    if table.record:
        given = {one.name: Entry(edition) for one in columns if one.type == "版本"}
        return upright(columns, {**filled.values.get(table.name, {}), **given})
    if rubric and table.name == kind.purposes.get("评定", {}).get("表"):
        return _judging(kind.purposes["评定"], rubric, columns)
    headers = filled.across.get(table.name) or headers_across(table, edition)
    options = _options(table)
    rows = filled.rows.get(table.name) or options
    blank = 0 if options else max(SPARE_ROWS, BLANK_ROWS - len(rows))
    total = [{columns[0].name: Entry(TOTAL, given=True)}] if table.total else []
    form = listing(across(columns, headers), [*rows, *total], table.name != ANSWERS, blank)
    before = next((n for n, one in enumerate(columns, 1) if one.spread), 0)
    return replace(form, open=tuple(range(before, before + len(headers))) if before else ())


def _options(table: TableSpec) -> list[dict[str, Entry]]:
    """A row for each option where these are the table's key."""
    key = table.columns[table.key[0]] if len(table.key) == 1 else None
    return [{key.name: Entry(option, given=True)} for option in key.options] if key else []


def _judging(roles: Mapping[str, str], rubric: Rubric, columns: list[Column]) -> Form:
    """A row for every criterion that a person judges, with what is to be filled in."""
    asked = [
        (indicator.name[2], ordinal, criterion)
        for indicator in rubric.indicators if not indicator.table
        for ordinal, criterion in enumerate(indicator.criteria, 1) if criterion.rule.by_hand
    ]  # fmt: skip
    at, answer = next((at, column) for at, column in enumerate(columns) if column.name == roles["结果"])
    columns = [*columns[:at], Column(HOW, (HOW,), "文稿"), *columns[at:]]
    rows, checks = [], []
    for number, (name, ordinal, criterion) in enumerate(asked, HEADER_ROW + 1):
        how, options = criterion.rule.asks(trimmed(criterion.points or Decimal(0), 2))
        texts = {roles["指标"]: Entry(name, given=True), HOW: Entry(f"{criterion.name}：{how}", given=True)}
        rows.append({**texts, roles["序号"]: Entry(ordinal, "0", given=True), roles["结果"]: Entry()})
        asked_for = replace(answer, type="选项" if options else "数", options=options, hint=how)
        checks.append((mark_of(number, at + 2), asked_for))
    form = listing(columns, rows)
    return replace(form, checks=[*(check for check in form.checks if check[1] is not answer), *checks])
