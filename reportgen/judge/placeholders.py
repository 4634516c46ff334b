"""The placeholders in what departments wrote, in cells and in Word, filled with facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.define.kind import Kind
from reportgen.judge.facts import Derived
from reportgen.model import CONFIRM, ERROR, Fact, Place, Problem, Row, Table
from reportgen.prose import Paragraph, Prose, ProseBlock, ProseTable, Span
from reportgen.shown import FormatError, NoValue, fill, half_written, has_placeholder

_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝")


def fill_texts(kind: Kind, derived: Derived) -> Iterator[Problem]:
    """Fill {{ }} in the columns that hold prose; facts and rows are replaced in place."""
    for spec in kind.tables.values():
        columns = [column.name for column in spec.columns.values() if column.prose]
        table = derived.tables[spec.name]
        literal = [column.name for column in spec.words if not column.prose]
        yield from _printed_as_typed(table, literal)
        if columns and any(has_placeholder(str(row.cells[c].value)) for row in table.rows for c in columns if c in row.cells):
            rows = []
            for row in table.rows:
                cells, problems = _filled_cells(derived, row, columns)
                yield from problems
                rows.append(replace(row, cells=cells))
            derived.tables[spec.name] = replace(table, rows=tuple(rows))
            derived.facts.update({name: derived.book.facts[fact.number] for name, fact in derived.facts.items()})


def _printed_as_typed(table: Table, columns: list[str]) -> Iterator[Problem]:
    """Braces in a name or a date: nothing is filled in there, so somebody has mistaken the column, or means them."""
    for row in table.rows:
        for fact in (row.cells[name] for name in columns if name in row.cells):
            if found := _STRAY.search(str(fact.value)):
                message = f"“{found[0]}”会照样印出来：这一列不填占位"
                yield Problem("E311", CONFIRM, fact.places[0], message, "请直接写出要印的字", row.key or fact.name)


def _filled_cells(derived: Derived, row: Row, columns: list[str]) -> tuple[dict[str, Fact], list[Problem]]:
    """The row with its texts filled; a placeholder may name the row's own columns too."""
    cells, problems = dict(row.cells), []
    names = {*derived.names, *row.places}

    def known(name: str) -> Fact | None:
        return row.cells[name] if name in row.cells else derived.find(name)

    for column in columns:
        if column in cells:
            text, complaints = fill(str(cells[column].value), known, names, derived.gap)
            complaints = complaints or _half_written(text)
            problems += [_unfilled(cells[column].places[0], one, derived) for one in complaints]
            if text == cells[column].value:
                continue
            cells[column] = replace(cells[column], value=text)
            derived.book.facts[cells[column].number] = replace(derived.book.facts[cells[column].number], value=text)
    return cells, problems


def fill_prose(prose: Mapping[str, Prose], derived: Derived) -> tuple[dict[str, Prose], list[Problem]]:
    """Fill {{ }} in the departments' Word text."""
    problems, names = list[Problem](), derived.names

    def filled(text: str, place: Place) -> str:
        done, complaints = fill(text, derived.find, names, derived.gap)
        problems.extend(_unfilled(place, one, derived) for one in complaints or _half_written(done))
        return done

    def block(one: ProseBlock) -> ProseBlock:
        if isinstance(one, Paragraph):
            return Paragraph(tuple(Span(filled(span.text, one.place), span.bold) for span in one.spans), one.level, one.place)
        if isinstance(one, ProseTable):
            return replace(one, rows=tuple(tuple(filled(cell, one.place) for cell in row) for row in one.rows))
        return one

    return {slot: tuple(map(block, blocks)) for slot, blocks in prose.items()}, problems


def _half_written(text: str) -> list[FormatError]:
    """A brace that found no partner, or a tag that only templates know: in prose it is a slip, never meant."""
    found = _STRAY.search(text)
    return [FormatError(half_written(found[0]))] if found else []


def _unfilled(place: Place, error: FormatError, derived: Derived) -> Problem:
    """The problem stands where the words are; one of a blank knows the cell."""
    message = str(error)
    if isinstance(error, NoValue):
        name = derived.headers.get(error.name, error.name)
        cell, advice = derived.cells.get(name), "分母是0，请核对" if ("", name) in derived.zeros else "请填上"
        return Problem("E310", ERROR, place, message, f"{advice}{cell}" if cell else "请补上它要用的数", lacks=cell)
    names = "请改正名称，可用的是表上的项目名和自动计算的数据项"
    return Problem("E307", ERROR, place, message, names if message.startswith("没有叫") else "请改正这个占位，或它用到的数")
