"""check for a folder under templates: its kinds, rubrics and Word templates, each mistake with its place."""

from __future__ import annotations

from pathlib import Path

from reportgen import editions
from reportgen.build import WORKBOOK
from reportgen.case import Case
from reportgen.define.kind import load_kind
from reportgen.define.rubric import load_rubric
from reportgen.define.source import DefinitionError
from reportgen.model import ERROR, Place, Problem

KIND, RUBRIC, TEMPLATE = "kind.yaml", "rubric.yaml", "report.docx"


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
    own = any((folder / name).is_file() for name in (RUBRIC, TEMPLATE))
    return own and file_of(folder.resolve().parent, KIND) is not None


def file_of(folder: Path, name: str) -> Path | None:
    """The file, or the one of the same name that would be used in its place: editions are looked up file by file."""
    if (folder / name).is_file():
        return folder / name
    parts = folder.resolve().parts[-2:] if name != KIND else folder.resolve().parts[-1:]
    try:
        return editions.find(*parts, name)
    except editions.NoEdition:
        return None


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
        other.problems = [problem for problem in other.problems if problem not in case.problems]
    return [case, *inside]


def _edition_case(folder: Path) -> Case:
    """The edition's rubric and template; where its kind is wrong, that is all there is to say."""
    from reportgen.write.lint import template_problems

    place = folder.resolve()
    case = Case(folder, edition=f"{place.parent.name}/{place.name}")
    kind_file, rubric_file, template = file_of(place.parent, KIND), file_of(place, RUBRIC), file_of(place, TEMPLATE)
    try:
        assert kind_file
        case.kind = load_kind(kind_file.parent, place.parent.name)
        if case.kind.scored and rubric_file:
            case.rubric = load_rubric(rubric_file.parent, case.edition, case.kind)
        elif case.kind.scored:
            case.problems.append(Problem("E002", ERROR, Place(RUBRIC), "这个版本没有评分表", f"请把 {RUBRIC} 放进这个文件夹"))
    except DefinitionError as error:
        case.problems += error.problems
    if not template:
        case.problems.append(Problem("E603", ERROR, Place(TEMPLATE), "这个版本没有 Word 模板", f"请把 {TEMPLATE} 放进这个文件夹"))
    elif case.kind:
        case.problems += template_problems(template, case.kind, case.rubric)
    return case
