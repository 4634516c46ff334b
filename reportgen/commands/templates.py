"""check for a folder under templates: its kinds, rubrics and Word templates, each mistake with its place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reportgen import editions
from reportgen.case import Case
from reportgen.define.edition import KIND, RUBRIC, TEMPLATE, edition_template, open_edition, remarks
from reportgen.define.kind import load_kind
from reportgen.define.source import DefinitionError
from reportgen.model import ERROR, Place, Problem
from reportgen.read.folders import WORKBOOK


def template_cases(folder: Path) -> list[Case]:
    """A case for each kind and edition in the folder; none when it holds no templates."""
    if (folder / WORKBOOK).exists():
        return []
    if _is_edition(folder) and not (folder / KIND).is_file():
        return [_edition_case(folder)]
    return _kind_cases(folder) or [case for path in _folders(folder) for case in _kind_cases(path)]


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _is_edition(folder: Path) -> bool:
    """Whether it has what an edition has; its kind may be one that ships."""
    place = folder.resolve()
    with editions.looked_up_in(place.parent.parent), suppress(editions.NoEdition):
        return any((place / name).is_file() for name in (RUBRIC, TEMPLATE)) and bool(editions.find(place.parent.name, KIND))
    return False


def _kind_cases(folder: Path) -> list[Case]:
    """The kind, where it is this folder that declares it, and its editions; what they share is told once."""
    inside = [_edition_case(path) for path in _folders(folder) if _is_edition(path)]
    if not (folder / KIND).is_file():
        return inside
    case = Case(folder, edition=folder.resolve().name)
    try:
        load_kind(folder, case.edition)
    except DefinitionError as error:
        case.problems += error.problems
    for other in inside:
        own = [problem for problem in other.problems if problem not in case.problems]
        if len(own) < len(other.problems):
            place = Place(f"{case.edition}/{KIND}")
            own.append(Problem("D02", ERROR, place, "这个文件有错，改好以前这个版本不能用", "错在哪里，见上面这一类型的问题"))
        other.problems = own
    return [case, *inside]


def _edition_case(folder: Path) -> Case:
    """The edition's rubric and template; where its kind is wrong, that is all there is to say."""
    from reportgen.write.lint import template_problems

    place = folder.resolve()
    case = Case(folder, edition=f"{place.parent.name}/{place.name}")
    with editions.looked_up_in(place.parent.parent):
        try:
            case.kind, case.rubric = open_edition(case.edition)
            case.problems += remarks(case.edition)
            case.problems += template_problems(edition_template(case.edition), case.kind, case.rubric)
        except DefinitionError as error:
            case.problems += error.problems
        except editions.NoEdition as error:
            missing = str(error).rpartition("/")[2]
            code, what = ("E603", " Word 模板") if missing == TEMPLATE else ("E002", "评分表")
            case.problems.append(Problem(code, ERROR, Place(missing), f"这个版本没有{what}", f"请把 {missing} 放进这个文件夹"))
    return case
