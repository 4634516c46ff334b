"""The page to read first: a folder is read, checked, scored and written, and every problem told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from reportgen import editions
from reportgen.case import FAILED, Case, Made, Order
from reportgen.define.edition import open_edition
from reportgen.define.kind import BASICS, DRAFT, EDITION, FINAL, STAGE
from reportgen.define.source import DefinitionError
from reportgen.judge.answers import answered
from reportgen.judge.checks import check_all
from reportgen.judge.facts import Derived, derive
from reportgen.judge.losses import add_losses
from reportgen.judge.periods import score_periods, trends
from reportgen.judge.placeholders import fill_prose, fill_texts
from reportgen.judge.scoring import score
from reportgen.judge.stale import left_over
from reportgen.marks import PENDING
from reportgen.model import CONFIRM, ERROR, WARNING, FactBook, Place, Problem, Submission
from reportgen.numerals import show
from reportgen.prose import Prose
from reportgen.read.binding import normal
from reportgen.read.folders import WORKBOOK, prose_files, submissions
from reportgen.read.prose import read_prose
from reportgen.read.sheets import Sheet, read_sheets
from reportgen.read.tables import read_tables
from reportgen.shown import nearest
from reportgen.write.files import digest, safe_name


def build(
    folders: Iterable[Path], out: Path, told: Callable[[Made], None] = lambda _: None, draft: bool = False, force: bool = False
) -> list[Made]:
    """Write the report of every submission that can be written, one after the other; ``told`` hears of each when done.

    One bad submission never stops the others. A ``draft`` is written whatever is missing; what has not changed since it
    was made is left alone, save by ``force``. The command adds what many need: a lock, processes, a table (batch.py).
    """
    made = []
    for order in orders(folders, out, draft=draft, force=force):
        made.append(make(order))
        told(made[-1])
    return made


def orders(folders: Iterable[Path], out: Path, **options: bool) -> list[Order]:
    """What to make; ``options`` are Order's own."""
    found = submissions(folders)
    times = Counter(map(_folded, found))
    return [Order(folder, out, twin=times[_folded(folder)] > 1, **options) for folder in found]


def _folded(folder: Path) -> str:
    """The output folder's name as Windows and macOS tell names apart."""
    return safe_name(folder.resolve().name).casefold()


def make(order: Order) -> Made:
    """One submission's report, or why there is none."""
    from reportgen.write.earlier import read_earlier
    from reportgen.write.publish import outcome, publish

    earlier = read_earlier(order.out / safe_name(order.folder.resolve().name))
    why = "要求重做" if order.force else earlier.changes(_inputs(order.folder, earlier.edition), order.draft)
    if not why and not order.twin:
        with suppress(LookupError, TypeError, AttributeError):  # a ledger that somebody has changed tells nothing
            return earlier.unchanged(order)
    case = judge(order.folder, draft=order.draft)
    if order.twin:
        message = f"有两个文件夹都叫“{order.folder.resolve().name}”"
        hint = "请改名后分别生成；只有大小写不同的也算同名"
        case.problems.append(Problem("E003", ERROR, Place(), message, hint))
        return outcome(case, FAILED, why="有问题" if order.dry else "")  # not even as a draft: they share a folder
    return publish(case, earlier, (why or "新") if order.dry else "")


def _inputs(folder: Path, edition: str) -> dict[str, str]:
    """The files that a submission of this edition is read from, and their sha256."""
    try:
        slots = open_edition(edition)[0].slots
    except (editions.NoEdition, DefinitionError):
        slots = {}
    return {path.name: digest(path) for path in (folder / WORKBOOK, *(prose_files(folder) if slots else ()))}


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
    case.problems += derived.problems
    case.problems += _untold(list(fill_texts(case.kind, derived)), case.problems)
    written = _read_prose(case)
    prose, complaints = fill_prose(written, derived)
    case.problems += [*_untold(complaints, case.problems), *left_over(case.kind, derived, tables, written, sheets)]
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
            fact = replace(fact, value=DRAFT) if fact else derived.book.add(name, DRAFT)
            derived.facts[name] = derived.book.facts[fact.number] = fact  # the sheet's own word is in the book too
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
    if sha256 := digest(path):  # the reader says why a file can't be opened
        case.inputs[path.name] = sha256


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
    paths = prose_files(case.folder) if case.kind.slots else []
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
    card = case.card
    if not card:  # what is lost for sure is asked about all the same
        derived = replace(derived, book=FactBook(derived.book.facts))
        card, _ = score(case.kind, case.rubric, derived, draft=True)
    if card:
        before = answered(case.kind, [*case.problems], derived)
        card, problems = add_losses(case.kind, case.rubric, derived, card, case.draft, before)
        case.card = case.card and card
        case.problems += problems


def _untold(problems: list[Problem], before: list[Problem]) -> list[Problem]:
    """Without what is lacking only because a cell is blank or wrong that was told of already."""
    wrong = {problem.place for problem in before if problem.level == ERROR}

    def told(one: Problem) -> bool:
        cell = one.lacks or one.place
        return cell in wrong if cell.mark else bool(wrong) and one.code == "E504"

    return [problem for problem in problems if not told(problem)]


def _submission(case: Case, derived: Derived, prose: dict[str, Prose]) -> Submission:
    assert case.kind
    kind_name, _, edition = case.edition.partition("/")
    unit, year = (derived.facts.get(case.kind.identity.get(role, "")) for role in ("单位", "年度"))
    return Submission(
        case.folder.resolve().name, kind_name, edition, derived.tables, derived.facts, prose, derived.book, derived.zeros,
        str(unit.value) if unit else "", show(year.value, year.unit) if year and isinstance(year.value, Decimal) else "",
    )  # fmt: skip
