"""reportgen new: an empty 数据.xlsx and 正文.docx for an edition, laid out for those who fill them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.build import judge
from reportgen.case import Case
from reportgen.commands.blank import Filled, draw
from reportgen.commands.carry import carry, memory, read_words, stale
from reportgen.commands.guide import GUIDE, prose_advice
from reportgen.commands.outline import already, outline
from reportgen.define.edition import open_edition
from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.judge.stale import LAST_YEAR, fingerprint
from reportgen.read.folders import PROSE, WORKBOOK, prose_name
from reportgen.say import problem_lines
from reportgen.write.files import write_whole
from reportgen.write.manuscript import highlighted, outlined
from reportgen.write.workbook import Book

MOST = 10  # lines of a sort on the screen


def new(edition: str, folder: Path, last: Path | None = None) -> tuple[list[str], bool]:
    """Write both files, from ``last`` year's folder if there is one ("" is its edition); what to tell, and whether they
    were written. NoEdition, DefinitionError for a wrong edition.
    """
    case = judge(last) if last else None
    if case and (found := _unreadable(case)):
        return found, False
    edition = edition or (case.edition if case else "")
    kind, rubric = open_edition(edition)
    kind = _in_use(kind)
    if case and case.kind and case.kind.name != kind.name:
        return [f"{last} 是另一种报告（{case.kind.title}），带不过来"], False
    if found := _existing(folder):
        return found, False
    book, prose, lines = _carried(kind, rubric, edition, case) if case else _blank(kind, rubric, edition)
    write_whole(folder / WORKBOOK, book.save())
    for name, data in prose.items():
        write_whole(folder / name, data)
    made = "、".join(str(folder / name) for name in (WORKBOOK, *prose))
    return [f"已做好 {made}", *lines, f"填好以后检查：reportgen check {folder}"], True


def _blank(kind: Kind, rubric: Rubric | None, edition: str) -> tuple[Book, dict[str, bytes], list[str]]:
    prose = _outlined(kind, edition)
    where = "；文字写在正文.docx 的各个标题下面" if prose else ""
    return draw(kind, rubric, edition, Filled()), prose, [f"先看数据.xlsx 的“{GUIDE}”表{where}"]


def _carried(kind: Kind, rubric: Rubric | None, edition: str, case: Case) -> tuple[Book, dict[str, bytes], list[str]]:
    assert case.submission
    taken, words = carry(kind, case), read_words(case.folder)
    book = draw(kind, rubric, edition, taken.filled)
    book.hide(LAST_YEAR, memory(case, words))
    prose = {path.name: highlighted(path, lambda text: fingerprint(text) in words.headings) for path in words.files}
    lines = [
        f"由 {case.folder} 带入：名称等文字{taken.names}处，上年数{taken.figures}个；今年的数、评定、原因和措施都空着，要重新填",
        f"文稿{len(words.paragraphs)}段，都标了黄底：改好一段，去掉一段的黄底",
        *_listed(taken.left()),
        *_listed(stale(words, case.submission.year)),
    ]
    return book, prose or _outlined(kind, edition), lines


def _outlined(kind: Kind, edition: str) -> dict[str, bytes]:
    """正文.docx with its headings, where the kind takes any prose."""
    return {prose_name(): outlined(outline(kind, edition), prose_advice(kind), already(kind, edition))} if kind.slots else {}


def _listed(lines: list[str]) -> list[str]:
    """At most so many lines of a sort, indented."""
    more = [f"  ……还有{len(lines) - MOST}处"] if len(lines) > MOST else []
    return [*(f"  {line}" for line in lines[:MOST]), *more]


def _unreadable(case: Case) -> list[str]:
    """Why nothing can be taken over from last year's folder; nothing when it can."""
    if case.submission is None or any(one.code == "E301" for one in case.problems):
        return [f"{case.folder} 读不出来，没有做：", *(line for one in case.problems for line in problem_lines(one))]
    return []


def _in_use(kind: Kind) -> Kind:
    """The kind without what the edition does not use."""
    tables = {name: table.asked for name, table in kind.tables.items() if not table.unused}
    return replace(kind, tables=tables, slots={name: slot for name, slot in kind.slots.items() if not slot.unused})


def _existing(folder: Path) -> list[str]:
    """A line for each file in the way: nothing is ever overwritten."""
    found = [path for path in (folder / WORKBOOK, *sorted(folder.glob(PROSE))) if path.exists()]
    return [f"{path} 已经有了，没有动它；请换一个文件夹，或先把它移走" for path in found]
