"""The page to read first: a folder is read, checked, scored and written, and every problem told at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from reportgen import editions
from reportgen.case import Case, Made
from reportgen.define.edition import open_edition
from reportgen.define.kind import BASICS, DRAFT, EDITION, FINAL, STAGE
from reportgen.define.source import DefinitionError
from reportgen.judge.answers import answered
from reportgen.judge.checks import check_all
from reportgen.judge.facts import Derived, derive, fill_prose, fill_texts
from reportgen.judge.losses import add_losses
from reportgen.judge.periods import score_periods, trends
from reportgen.judge.scoring import score
from reportgen.judge.stale import left_over
from reportgen.marks import PENDING
from reportgen.model import CONFIRM, ERROR, WARNING, FactBook, Place, Problem, Submission
from reportgen.numerals import show
from reportgen.prose import Prose
from reportgen.read.binding import normal
from reportgen.read.prose import read_prose
from reportgen.read.sheets import Sheet, read_sheets
from reportgen.read.tables import read_tables
from reportgen.shown import nearest

CODES = {
    "E001": "文件夹里没有数据.xlsx",
    "E002": "没有写版本，或没有这个版本",
    "E003": "两个报送材料文件夹同名",
    "E004": "文件夹里没有 Word 文稿",
}
WORKBOOK, PROSE = "数据.xlsx", "正文*.docx"
WORD = (".docx", ".docm", ".doc", ".wps", ".rtf")
CHECKED = "数据_核对.xlsx"  # the copy that check --annotate makes is no submission
LIKELY = (PROSE, "数据*.xls*", "数据*.et")


def build(
    folders: Iterable[Path], out: Path, told: Callable[[Made], None] | None = None, draft: bool = False
) -> list[Made]:
    """Write the report of every submission that can be written; one bad submission never stops the others.

    ``told`` hears of each as soon as it is done. A ``draft`` is written whatever is missing.
    """
    from reportgen.write.publish import publish, safe_name

    found = submissions(folders)
    names = Counter(safe_name(folder.resolve().name).casefold() for folder in found)
    made = []
    for folder in found:
        case = judge(folder, draft=draft)
        if names[safe_name(folder.resolve().name).casefold()] > 1:
            message, hint = f"有两个文件夹都叫“{folder.name}”", "请改名后分别生成；只有大小写不同的也算同名"
            case.problems.append(Problem("E003", ERROR, Place(), message, hint))
        made.append(publish(case, out))
        if told:
            told(made[-1])
    return made


def prose_name() -> str:
    """What the prose is usually called: 正文.docx."""
    return PROSE.replace("*", "")


def submissions(folders: Iterable[Path]) -> list[Path]:
    """The submission folders meant: a folder with a workbook, or all those inside a folder that has none.

    Inside, a folder with prose or a misnamed workbook counts too: it must be said of, not passed over.
    """
    found: list[Path] = []
    for folder in folders:
        within = inside(folder)
        found += [folder] if (folder / WORKBOOK).exists() or not within else within
    unique: dict[Path, Path] = {}
    for folder in found:
        unique.setdefault(folder.resolve(), folder)
    return list(unique.values())


def inside(folder: Path) -> list[Path]:
    """The folders one level down that hold a submission, or something that was meant to be one."""
    files = (path for pattern in (WORKBOOK, *LIKELY) for path in folder.glob(f"*/{pattern}"))
    return sorted({path.parent for path in files if path.name != CHECKED})


def judge(folder: Path, overrides: Mapping[str, Decimal] | None = None, draft: bool = False) -> Case:
    """Read, check and score one submission; nothing is written, and nothing raised for what was handed in.

    ``overrides`` are single facts set by hand for a trial (score --set).
    """
    case = Case(folder, draft)
    sheets = _read_workbook(case)
    if sheets is None or not _find_edition(case, sheets):
        return case
    assert case.kind
    book = FactBook()
    tables, problems = read_tables(sheets, case.kind.tables, WORKBOOK, book)
    case.problems += problems
    derived = derive(case.kind, tables, book, overrides or {})
    stage = _stage(case, derived)
    case.problems += [*derived.problems, *fill_texts(case.kind, derived)]
    written = _read_prose(case)
    prose, complaints = fill_prose(written, derived)
    case.problems += [*complaints, *left_over(case.kind, derived, tables, written, sheets)]
    case.problems += check_all(case.kind, derived)
    _score(case, derived)
    if stage == FINAL:
        case.problems = [_to_confirm(problem) for problem in case.problems]
    case.problems = answered(case.kind, case.problems, derived)
    case.submission = _submission(case, derived, prose)
    return case


def _stage(case: Case, derived: Derived) -> str:
    """稿次, "" where the kind has none; a draft says that it is one, whatever the sheet says."""
    assert case.kind
    name = case.kind.identity.get(STAGE, "")
    fact = derived.facts.get(name)
    if case.draft:
        derived.gap = PENDING
        if name:
            derived.facts[name] = replace(fact, value=DRAFT) if fact else derived.book.add(name, DRAFT)
        return DRAFT
    return str(fact.value) if fact else ""


def _to_confirm(problem: Problem) -> Problem:
    """定稿 leaves nothing open: what elsewhere only informs must be mended or answered there."""
    if problem.level != WARNING:
        return problem
    place = problem.place
    return replace(problem, level=CONFIRM, subject=problem.subject or (place.mark and f"{place.part}!{place.mark}"))


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


def _read_prose(case: Case) -> dict[str, Prose]:
    """Prose by slot as the departments wrote it, placeholders not yet filled."""
    assert case.kind
    paths = _prose_files(case.folder) if case.kind.slots else []
    if case.kind.slots and not paths:
        hint = "请把文稿放进来，文件名以“正文”开头，如 正文.docx、正文-办公室.docx"
        case.problems.append(Problem("E004", ERROR, Place("正文.docx"), "没有正文.docx", hint))
        return {}
    for path in paths:
        _remember(case, path)
    slots = {name: slot for name, slot in case.kind.slots.items() if not slot.unused}
    prose, problems = read_prose(paths, slots)
    case.problems += problems
    return prose


def _prose_files(folder: Path) -> list[Path]:
    """Every department's Word file; an older format counts, to be told of, unless it was saved as .docx too."""
    found = sorted(path for path in folder.glob("正文*") if path.suffix.lower() in WORD and path.is_file())
    saved = {path.stem for path in found if path.suffix.lower() == ".docx"}
    return [path for path in found if path.suffix.lower() == ".docx" or path.stem not in saved]


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
    case.card, problems = score(case.kind, case.rubric, derived, case.draft)
    case.problems += _untold(problems, case.problems)
    if case.card:
        case.card, problems = add_losses(case.kind, case.rubric, derived, case.card, case.draft)
        case.problems += problems


def _untold(problems: list[Problem], before: list[Problem]) -> list[Problem]:
    """Without what scoring lacks only because a cell is blank or wrong that was told of already."""
    wrong = {problem.place for problem in before if problem.level == ERROR}

    def told(one: Problem) -> bool:
        return one.place in wrong if one.place.mark else bool(wrong) and one.code == "E504"

    return [problem for problem in problems if not told(problem)]


def _submission(case: Case, derived: Derived, prose: dict[str, Prose]) -> Submission:
    assert case.kind
    kind_name, _, edition = case.edition.partition("/")
    unit, year = (derived.facts.get(case.kind.identity.get(role, "")) for role in ("单位", "年度"))
    return Submission(
        case.folder.resolve().name, kind_name, edition, derived.tables, derived.facts, prose, derived.book, derived.zeros,
        str(unit.value) if unit else "", show(year.value, year.unit) if year and isinstance(year.value, Decimal) else "",
    )  # fmt: skip
