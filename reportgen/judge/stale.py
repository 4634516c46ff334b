"""What looks left over or unfinished in words: gaps, last year's text, year and unit, forecasts that time overtook."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reportgen.define.kind import Kind
from reportgen.judge.facts import Derived
from reportgen.model import CONFIRM, WARNING, Place, Problem, Table, frozen
from reportgen.numerals import parse_deadline
from reportgen.prose import Paragraph, Prose, ProseTable
from reportgen.read.sheets import Sheet

LAST_YEAR = "上年"  # a sheet that nobody sees: B1 the unit, B2 the year, from A4 down the marks of its paragraphs
SHORT, AROUND, BEGINNING = 30, 8, 12
_TITLE, _SENTENCE = re.compile("《[^》]*》"), re.compile("[。；！？;!?\n]")
_GAP = re.compile(  # where it may begin at all comes first: most letters are passed over at once
    r"(?=[×✕╳XxＸｘ0-9_＿●■□△▲?？某（(\[【待此请点单])(?:"
    r"[×✕╳]{2,}|(?<![A-Za-z0-9])[XxＸｘ]{2,}(?![A-Za-z0-9]|染色体)|(?<![0-9])[0-9]{2,3}[XxＸｘ×]{1,2}年|[Xx×]年[Xx×]{1,2}月"
    r"|[_＿]{2,}|[●■□△▲]{2,}|[?？]{2,}|某某|[（(]略[）)]|(?<![有亟等期急尚仍])待填"
    r"|(?<![有亟等期急尚仍])待补充?(?=[）)\]】，,。；;、：\s]|$)"
    r"|[（(\[【](?:待(?:定|补|填|核|确认|更新|提供|完善)|请(?:填|补|输入|插入|写)|填写|此处)[^）)\]】]{0,30}[）)\]】]"
    r"|此处(?:应|请|需)?(?:填|写|插|补|添|输)|请在此|(?:点击|单击)(?:此处|这里))"
)
_COMPARED = re.compile(  # or tells since when something is so, or over which years
    r"同比|上年|上一年|去年|往年|相比|对比|[比较与自从由][0-9]{4}年|[0-9]{4}年[度末底]?(?:[0-9]{1,2}月)?(?:以来|起)|(?:[-—–~]|(?<!截)至)[0-9]{4}年"
)
_FORECAST = re.compile(
    r"(?=[预计拟])(?:预计|(?<![按照原])计划[于在到]|(?<![模虚草])拟[于在到]?)[^，,、（）()0-9]{0,12}?"
    r"(?P<when>[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日|底)?|底)?)"
)
_DONE = re.compile("实际|已于|已经|已在|提前|如期|推迟|延期|原计划|原定")


@frozen
class Passage:
    """One paragraph or cell of words as written, and how 审核说明 names it."""

    text: str
    place: Place
    subject: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the workbook still knows of the year before."""

    unit: str
    year: int
    marks: frozenset[str]


def fingerprint(text: str) -> str:
    """What a paragraph is known by from one year to the next, whatever its blanks and the width of its letters."""
    return hashlib.sha256(_bare(text).encode()).hexdigest()[:16]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def left_over(
    kind: Kind, derived: Derived, tables: Mapping[str, Table], prose: Mapping[str, Prose], sheets: Iterable[Sheet]
) -> Iterator[Problem]:
    """All that looks left over or unfinished; ``tables`` and ``prose`` as written, their placeholders not yet filled."""
    identity = {role: fact.value for role, name in kind.identity.items() if (fact := derived.facts.get(name))}
    before, today = None if LAST_YEAR in kind.tables else _before(sheets), identity.get("成文日期")
    for passage in [*_cells(kind, tables), *_paragraphs(prose)]:
        yield from _gaps(passage)
        if before:
            yield from _unchanged(passage, before, identity.get("年度"))
            yield from _other_unit(passage, before, str(identity.get("单位", "")))
        if isinstance(today, date):
            yield from _overtaken(passage, today)


def _cells(kind: Kind, tables: Mapping[str, Table]) -> Iterator[Passage]:
    """Every cell whose words may be printed: an unfinished name in a table is no better than one in a sentence."""
    for spec in kind.tables.values():
        columns = [column.name for column in spec.words]
        for row in tables[spec.name].rows:
            for fact in (row.cells[name] for name in columns if name in row.cells):
                yield Passage(str(fact.value), fact.places[0], row.key or fact.name)


def _paragraphs(prose: Mapping[str, Prose]) -> Iterator[Passage]:
    for block in (block for blocks in prose.values() for block in blocks):
        if isinstance(block, Paragraph):
            yield Passage(block.text, block.place, _beginning(block.text))
        elif isinstance(block, ProseTable):
            text = "\n".join(cell for row in block.rows for cell in row)
            yield Passage(text, block.place, _beginning(text))


def _beginning(text: str) -> str:
    """What an answer finds a paragraph by: its first words stay with it when others are put above it."""
    return text.strip().replace("\n", " ")[:BEGINNING]


def _before(sheets: Iterable[Sheet]) -> Before | None:
    sheet = next((one for one in sheets if one.name == LAST_YEAR), None)
    if sheet is None:
        return None
    unit, year = (sheet.cells[row, 2].text.strip() if (row, 2) in sheet.cells else "" for row in (1, 2))
    marks = frozenset(cell.text for (row, column), cell in sheet.cells.items() if row > 3 and column == 1)
    return Before(_bare(unit), int(year) if year.isdecimal() else 0, marks)


def _gaps(passage: Passage) -> Iterator[Problem]:
    found = list(_GAP.finditer(passage.text))
    if found:
        shown = "、".join(dict.fromkeys(f"“{_around(passage.text, one)}”" for one in found[:3]))
        more = f"等{len(found)}处" if len(found) > 3 else ""
        yield _problem("E311", CONFIRM, passage, f"看来还没有填完：{shown}{more}", "请填上，或删去")


def _around(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - AROUND), found.end() + AROUND
    return "…" * (start > 0) + text[start:end].replace("\n", " ") + "…" * (end < len(text))


def _unchanged(passage: Passage, before: Before, year: object) -> Iterator[Problem]:
    if len(_bare(passage.text)) <= SHORT or fingerprint(passage.text) not in before.marks:
        return
    old = f"{before.year}年"
    if isinstance(year, Decimal) and year > before.year and any(_of_that_year(one, old) for one in _sentences(passage.text)):
        hint = "请核对这一段，把年份和内容改成今年的"
        yield _problem("E313", CONFIRM, passage, f"这一段与上年一字不差，还写着“{old}”：“{passage.text[:16]}…”", hint)
    else:
        hint = "请看看是否还合今年的情况"
        yield _problem("E312", WARNING, passage, f"这一段与上年一字不差：“{passage.text[:16]}…”", hint)


def _sentences(text: str) -> list[str]:
    return _SENTENCE.split(_TITLE.sub("", text))


def _of_that_year(sentence: str, year: str) -> bool:
    """Whether the sentence speaks of that year, and not to compare with it or to tell since when something is so."""
    return bool(re.search(f"(?<![0-9]){year}(?!版|第[0-9]+号)", sentence)) and not _COMPARED.search(sentence)


def _other_unit(passage: Passage, before: Before, unit: str) -> Iterator[Problem]:
    text = _bare(passage.text).replace(_bare(unit), "") if unit else ""
    if before.unit and before.unit in text:
        message = f"还写着上年的单位“{before.unit}”，今年是“{unit}”"
        yield _problem("E314", CONFIRM, passage, message, "请改成今年的单位")


def _overtaken(passage: Passage, today: date) -> Iterator[Problem]:
    for sentence in _sentences(passage.text):
        for found in _FORECAST.finditer(sentence):
            if _last_day(found["when"]) <= today and not _DONE.search(sentence):
                message = f"成文时已经过了：“{_around(sentence, found)}”"
                yield _problem("E315", WARNING, passage, message, "请写明实际结果，或改正时间")


def _last_day(text: str) -> date:
    try:
        return parse_deadline(text)
    except ValueError:  # the 31st of June
        return date.max


def _problem(code: str, level: str, passage: Passage, message: str, hint: str) -> Problem:
    return Problem(code, level, passage.place, message, hint, passage.subject)
