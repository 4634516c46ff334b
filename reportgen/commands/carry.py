"""new --from: what a new year takes over from last year's submission: names, last year's figures as such, the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from reportgen.case import Case
from reportgen.commands.blank import Filled
from reportgen.define.kind import BASICS, Kind
from reportgen.define.tables import ANSWERS, Column, TableSpec
from reportgen.judge.stale import fingerprint
from reportgen.model import Fact, Row
from reportgen.numerals import SCALE
from reportgen.prose import Paragraph
from reportgen.read.binding import normal
from reportgen.read.blocks import open_document, read_blocks
from reportgen.read.folders import PROSE
from reportgen.write.forms import Entry, blank_format, decimals

OF_LAST_YEAR = re.compile("上年度?(.+)")
UNIT, YEAR, PARAGRAPH = "单位名称", "年度", "段落"
NAMES = ("文字", "列表")
DATED = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Carried:
    """What was taken over: ``filled`` for the workbook; how many names and figures; the words left behind, by column."""

    filled: Filled
    names: int = 0
    figures: int = 0
    dated: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, table: TableSpec, one: Column, fact: Fact | None) -> Entry | None:
        """A word taken over as it stands; not one that speaks of a year, unless it is a name or lasts."""
        if fact and DATED.search(str(fact.value)) and not (one.name in table.key or one.lasting or table.lasting):
            self.dated.setdefault(f"{table.name} › {one.headers[0]}", []).append(str(fact.value))
            return None
        self.names += fact is not None
        return entry(one, fact) if fact is not None else None

    def figure(self, one: Column, fact: Fact | None) -> Entry | None:
        """A figure of last year in the column that asks for it."""
        self.figures += fact is not None
        return entry(one, fact) if fact is not None else None

    def left(self) -> list[str]:
        """A line for each column with words that speak of a year."""
        many = {where: f"等{len(texts)}处" if len(texts) > 1 else "" for where, texts in self.dated.items()}
        return [f"{where}：上年填的“{self.dated[where][0]}”{many[where]}写着年份，没有带入" for where in self.dated]


def carry(kind: Kind, case: Case) -> Carried:
    """Last year's ``case`` as the start of this year's workbook; the edition may be another one of the same kind."""
    assert case.submission
    found = Carried(Filled())
    year = int(case.submission.year) + 1 if case.submission.year else 0
    judged = {roles.get("表") for roles in kind.purposes.values()} | {ANSWERS}
    for table in kind.tables.values():
        last = case.submission.tables.get(table.name)
        if table.record:
            found.filled.values[table.name] = dict(_form(kind, table, case.submission.facts, year, found))
        elif last and table.name not in judged:
            found.filled.rows[table.name] = [row for row in _rows(table, last.rows, found) if row]
            found.filled.across[table.name] = _across(table, last.rows, year)
    return found


def _form(kind: Kind, table: TableSpec, facts: Mapping[str, Fact], year: int, found: Carried) -> Iterator[tuple[str, Entry]]:
    changing = {name for role, name in kind.identity.items() if role != "单位"}
    for name, one in table.columns.items():
        before = _before(one, table, facts)
        made = found.figure(one, before)
        if name == kind.identity.get("年度") and year:
            made = Entry(year, "0")
        elif one.lasting or table.lasting or (table.name == BASICS and one.type in (*NAMES, "选项") and name not in changing):
            made = made or found.keep(table, one, facts.get(name))
        if made:
            yield name, made


def _before(one: Column, table: TableSpec, known: Mapping[str, Fact]) -> Fact | None:
    """Last year's figure that a column such as 上年预算数 asks for, by its name or by one of its headers."""
    if table.named.get("上年") == one.name:
        return known.get(table.named["数值"])
    names = {normal(header): column.name for column in table.columns.values() for header in column.headers}
    asked = [match[1] for header in one.headers if (match := OF_LAST_YEAR.fullmatch(normal(header)))]
    return next((known[name] for text in asked for name in (names.get(text, text),) if name in known), None)


def _rows(table: TableSpec, rows: Iterable[Row], found: Carried) -> Iterator[dict[str, Entry]]:
    """Last year's rows with what stays; what ran across the sheet is one row again."""
    spread = table.spread
    wide: dict[str, dict[str, Entry]] = {}
    for row in rows:
        at = str(row.cells[spread[0].name].value) if spread else ""
        key = row.key.removesuffix(f"·{at}")
        if key not in wide:
            wide[key] = dict(_row(table, row, found))
        if spread and spread[0].type == "年" and spread[1].name in row.cells:
            wide[key][at] = entry(spread[1], row.cells[spread[1].name])
            found.figures += 1
    yield from wide.values()


def _row(table: TableSpec, row: Row, found: Carried) -> Iterator[tuple[str, Entry]]:
    for one in (one for one in table.columns.values() if one not in (table.spread or ())):
        made = found.figure(one, _before(one, table, row.cells))
        if made is None and (one.name in table.key or one.type in NAMES or one.lasting or table.lasting):
            made = found.keep(table, one, row.cells.get(one.name))
        if made:
            yield one.name, made


def _across(table: TableSpec, rows: Iterable[Row], year: int) -> tuple[str, ...]:
    """The headers of last year, and the new year behind years."""
    if table.spread is None:
        return ()
    seen = dict.fromkeys(str(row.cells[table.spread[0].name].value) for row in rows)
    new = [str(year)] if table.spread[0].type == "年" and year else []
    return tuple(dict.fromkeys([*seen, *new]))


def entry(column: Column, fact: Fact) -> Entry:
    """A fact as a cell holds it; last year's per cent stays one where the units stand in a column of their own."""
    value = fact.value
    if isinstance(value, tuple):
        return Entry("、".join(value), blank_format(column))
    if isinstance(value, date):
        return Entry(fact.typed or value, blank_format(column))
    if isinstance(value, str):
        return Entry(value, "@" if column.type in NAMES else "General")
    if fact.unit == "%":
        return Entry(value, decimals("0", 2 if fact.decimals is None else fact.decimals) + "%")
    return Entry(Decimal(value) * SCALE.get(fact.unit, Decimal(1)), blank_format(column))


# --- the words -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Last year's prose: its files, the marks of its headings, and its paragraphs with their places."""

    files: tuple[Path, ...]
    headings: frozenset[str]
    paragraphs: tuple[Paragraph, ...]


def read_words(folder: Path) -> Words:
    """Every 正文*.docx of the folder; raises DAMAGE or RefusedError for one that can't be read."""
    files = tuple(sorted(folder.glob(PROSE)))
    blocks = [block for path in files for block in read_blocks(open_document(path, path.name))]
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    headings = frozenset(fingerprint(one.text) for one in texts if one.level)
    return Words(files, headings, tuple(one for one in texts if not one.level))


def memory(case: Case, words: Words) -> list[list[str]]:
    """The rows of the hidden sheet 上年, by which checks know what still is last year's."""
    assert case.submission
    marks = ([fingerprint(one.text)] for one in words.paragraphs)
    return [[UNIT, case.submission.unit], [YEAR, case.submission.year], [PARAGRAPH], *marks]


def stale(words: Words, year: str) -> list[str]:
    """A line for each paragraph that names last year."""
    return [f"{one.place}：还写着{year}年：“{one.text[:24]}…”" for one in words.paragraphs if year and f"{year}年" in one.text]
