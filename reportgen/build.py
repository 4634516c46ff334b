"""The page to read first: a folder is read, checked, scored and written, and every problem told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from reportgen import editions
from reportgen.case import Case, Made
from reportgen.define.edition import open_edition
from reportgen.define.kind import BASICS, EDITION
from reportgen.define.source import DefinitionError
from reportgen.judge.answers import answered
from reportgen.judge.checks import check_all
from reportgen.judge.facts import Derived, derive, fill_prose, fill_texts
from reportgen.judge.losses import add_losses
from reportgen.judge.periods import score_periods, trends
from reportgen.judge.scoring import score
from reportgen.model import ERROR, FactBook, Place, Problem, Prose, Submission
from reportgen.numerals import show
from reportgen.read.binding import normal
from reportgen.read.prose import read_prose
from reportgen.read.sheets import Sheet, read_sheets
from reportgen.read.tables import read_tables
from reportgen.shown import nearest

CODES = {
    "E001": "文件夹里没有数据.xlsx",
    "E002": "没有写版本，或没有这个版本",
    "E003": "两个报送材料文件夹同名",
    "E004": "文件夹里没有 Word 文稿，或不止一个",
}
WORKBOOK, PROSE = "数据.xlsx", "正文*.docx"
LIKELY = (PROSE, "数据*.xls*", "数据*.et")


def build(folders: Iterable[Path], out: Path, told: Callable[[Made], None] | None = None) -> list[Made]:
    """Write the report of every submission that can be written; one bad submission never stops the others.

    ``told`` hears of each as soon as it is done.
    """
    from reportgen.write.publish import publish

    found = submissions(folders)
    made = []
    for folder in found:
        case = judge(folder)
        if sum(other.resolve().name == folder.resolve().name for other in found) > 1:
            case.problems.append(Problem("E003", ERROR, Place(), f"有两个文件夹都叫“{folder.name}”", "请改名后分别生成"))
        made.append(publish(case, out))
        if told:
            told(made[-1])
    return made


def submissions(folders: Iterable[Path]) -> list[Path]:
    """The submission folders meant: a folder with a workbook, or all those inside a folder that has none.

    Inside, a folder with prose or a misnamed workbook counts too: it must be said of, not passed over.
    """
    found: list[Path] = []
    for folder in folders:
        inside = sorted({path.parent for pattern in (WORKBOOK, *LIKELY) for path in folder.glob(f"*/{pattern}")})
        found += [folder] if (folder / WORKBOOK).exists() or not inside else inside
    unique: dict[Path, Path] = {}
    for folder in found:
        unique.setdefault(folder.resolve(), folder)
    return list(unique.values())


def judge(folder: Path, overrides: Mapping[str, Decimal] | None = None) -> Case:
    """Read, check and score one submission; nothing is written, and nothing raised for what was handed in.

    ``overrides`` are single facts set by hand for a trial (score --set).
    """
    case = Case(folder)
    sheets = _read_workbook(case)
    if sheets is None or not _find_edition(case, sheets):
        return case
    assert case.kind
    book = FactBook()
    tables, problems = read_tables(sheets, case.kind.tables, WORKBOOK, book)
    case.problems += problems
    derived = derive(case.kind, tables, book, overrides or {})
    case.problems += [*derived.problems, *fill_texts(case.kind, derived)]
    prose = _read_prose(case, derived)
    case.problems += check_all(case.kind, derived)
    _score(case, derived)
    case.problems = answered(case.kind, case.problems, derived)
    case.submission = _submission(case, derived, prose)
    return case


def _read_workbook(case: Case) -> tuple[Sheet, ...] | None:
    path = case.folder / WORKBOOK
    if not path.is_file():
        hint = "请把填好的数据表放进来，文件名不要改"
        case.problems.append(Problem("E001", ERROR, Place(WORKBOOK), "文件夹里没有数据.xlsx", hint))
        return None
    _remember(case, path)
    sheets, troubles = read_sheets(path)
    case.problems += [Problem(t.code, t.level, Place(WORKBOOK, t.part, t.mark), t.message, t.hint) for t in troubles]
    return sheets or None


def _remember(case: Case, path: Path) -> None:
    with suppress(OSError):  # the reader says why a file can't be opened
        case.inputs[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()


def _find_edition(case: Case, sheets: Iterable[Sheet]) -> bool:
    """Load the kind and rubric that 基本信息 › 版本 names; whether that worked."""
    place, text = _edition_cell(sheets)
    try:
        case.kind, case.rubric = open_edition(text)
        case.edition = text
    except editions.NoEdition:
        known = list(editions.editions())
        message = f"没有“{text}”这个版本{nearest(text, known)}" if text else f"没有写{EDITION}"
        case.problems.append(Problem("E002", ERROR, place, message, f"可用的版本：{'、'.join(known)}"))
    except DefinitionError as error:
        case.problems += error.problems
    return bool(case.edition)


def _edition_cell(sheets: Iterable[Sheet]) -> tuple[Place, str]:
    """The cell beside 版本 on sheet 基本信息, and its text."""
    for sheet in sheets:
        if normal(sheet.name) == BASICS:
            for (row, column), cell in sorted(sheet.cells.items()):
                if normal(cell.text) == EDITION:
                    beside = sheet.cells.get((row, column + 1))
                    return Place(WORKBOOK, sheet.name, (beside or cell).mark), beside.text.strip() if beside else ""
    return Place(WORKBOOK, BASICS), ""


def _read_prose(case: Case, derived: Derived) -> dict[str, Prose]:
    assert case.kind
    paths = sorted(path for path in case.folder.glob(PROSE) if path.is_file())
    if not case.kind.slots:
        return {}
    if len(paths) != 1:
        what = "没有正文.docx" if not paths else f"有{len(paths)}个 Word 文稿：{'、'.join(path.name for path in paths)}"
        case.problems.append(Problem("E004", ERROR, Place(PROSE.replace("*", "")), what, "请只放一个正文.docx"))
        return {}
    _remember(case, paths[0])
    slots = {name: slot for name, slot in case.kind.slots.items() if not slot.unused}
    prose, problems = read_prose(paths[0], paths[0].name, slots)
    filled, complaints = fill_prose(prose, derived)
    case.problems += problems + complaints
    return filled


def _score(case: Case, derived: Derived) -> None:
    assert case.kind
    if case.rubric is None:
        return
    if case.kind.period_column:
        case.cards, problems = score_periods(case.kind, case.rubric, derived)
        case.problems += problems
        if case.cards:
            case.card = list(case.cards.values())[-1]
            case.trends = trends(case.cards, derived)
        return
    case.card, problems = score(case.kind, case.rubric, derived)
    case.problems += _untold(problems, case.problems)
    if case.card:
        case.card, problems = add_losses(case.kind, case.rubric, derived, case.card)
        case.problems += problems


def _untold(problems: list[Problem], before: list[Problem]) -> list[Problem]:
    """Without what scoring lacks only because a cell is wrong that was told of already."""
    known = any(problem.level == ERROR for problem in before)
    return [problem for problem in problems if not (known and problem.code == "E504" and not problem.place.mark)]


def _submission(case: Case, derived: Derived, prose: dict[str, Prose]) -> Submission:
    assert case.kind
    kind_name, _, edition = case.edition.partition("/")
    unit, year = (derived.facts.get(case.kind.identity.get(role, "")) for role in ("单位", "年度"))
    return Submission(
        case.folder.resolve().name, kind_name, edition, derived.tables, derived.facts, prose, derived.book, derived.zeros,
        str(unit.value) if unit else "", show(year.value, year.unit) if year and isinstance(year.value, Decimal) else "",
    )  # fmt: skip
