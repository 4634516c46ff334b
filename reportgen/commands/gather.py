"""gather: a department's table of units and its totals, filled from the submissions of its units."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from reportgen.build import judge
from reportgen.case import Case
from reportgen.commands.filling import Change, Filling
from reportgen.define.gathering import GATHERING
from reportgen.define.kind import BASICS
from reportgen.model import CONFIRM, ERROR, Place, Problem
from reportgen.read.binding import normal
from reportgen.read.folders import PROSE, WORKBOOK, inside
from reportgen.read.sheets import read_sheets
from reportgen.say import problem_lines
from reportgen.write.files import why, write_whole
from reportgen.write.patch import LinkedFormula, patched

UNITS = "下属单位"
_SHAPE = ("E201", "E202", "E203", "E204", "E211", "E214")  # nothing can be filled before these are put right


@dataclass(slots=True)
class Gathered:
    """What came of one department; ``backup`` is the workbook as it was, None while nothing is written."""

    folder: Path
    units: list[Case]
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    backup: Path | None = None

    @property
    def failed(self) -> bool:
        """Whether anything kept the workbook from being filled."""
        return bool(self.problems) or any(_blocks(problem) for unit in self.units for problem in unit.problems)


def gather(folder: Path) -> Gathered:
    """Fill the department's workbook from its units' own, which stand in the folders inside: all of it or nothing."""
    units = [judge(one) for one in (*inside(folder), *inside(folder / UNITS)) if one != folder / UNITS]
    result = Gathered(folder, units)
    if not units:
        return result
    department = judge(folder)
    result.problems = _obstacles(department)
    _compare(department, units)
    if not result.failed:
        _fill(result, department)
    return result


def _blocks(problem: Problem) -> bool:
    """Figures in doubt; what is wrong with a unit's words does not concern them."""
    return problem.level == ERROR and not fnmatch(problem.place.file, PROSE)


# --- what must be right before anything is filled ------------------------------------------------------------


def _obstacles(department: Case) -> list[Problem]:
    if department.submission is None or department.kind is None:
        return [problem for problem in department.problems if _blocks(problem)]
    if department.kind.gathering is None:
        place, hint = Place(f"{department.kind.name}/kind.yaml"), f"请维护 kind.yaml 的人补上“{GATHERING}”"
        return [Problem("E921", ERROR, place, "这类报告没有写怎么汇总", hint)]
    return [problem for problem in department.problems if problem.code in _SHAPE and _blocks(problem)]


def _compare(department: Case, units: Iterable[Case]) -> None:
    """Add to each unit's own problems those that show only beside the others."""
    seen: dict[str, Case] = {}
    for unit in units:
        if unit.submission and department.submission:
            unit.problems += _mismatches(department, unit)
            first = seen.setdefault(normal(unit.submission.unit), unit)
            if first is not unit:
                message = f"“{unit.submission.unit}”在文件夹“{first.folder.name}”里也有一份"
                unit.problems.append(Problem("E923", ERROR, Place(WORKBOOK, BASICS), message, "请改正名称，或移走一份"))


def _mismatches(department: Case, unit: Case) -> Iterator[Problem]:
    assert department.submission and department.kind and unit.submission
    years = "年度", department.submission.year, unit.submission.year
    for what, wanted, found in (("版本", department.edition, unit.edition), years):
        if found != wanted:
            message = f"{what}是“{found}”，本部门是“{wanted}”"
            yield Problem("E922", ERROR, Place(WORKBOOK, BASICS), message, "请改成一样的")
    gathering = department.kind.gathering
    for name in gathering.columns.values() if gathering and unit.kind is department.kind else ():
        if name not in unit.submission.facts:
            yield Problem("E928", ERROR, Place(WORKBOOK), f"汇总要用的“{name}”没有数", "请补填，或补填算它要用的数")


# --- writing -------------------------------------------------------------------------------------------------


def _fill(result: Gathered, department: Case) -> None:
    assert department.kind and department.kind.gathering and department.submission
    path = result.folder / WORKBOOK
    sheets = {normal(sheet.name): sheet for sheet in read_sheets(path)[0]}
    filling = Filling(WORKBOOK, department.kind, department.kind.gathering, department.submission, sheets)
    filling.fill({unit.submission.unit: unit for unit in result.units if unit.submission})
    result.problems = filling.problems
    changes = list(filling.changes())
    if not changes or filling.problems:
        return
    try:
        data = patched(path, filling.edits)
        result.backup = _backup(path)
        write_whole(path, data)
        result.changes = changes
    except LinkedFormula as error:
        hint = "请把这几格的公式改成数后再试"
        result.problems = [Problem("E927", ERROR, Place(WORKBOOK, *error.args), "要改的格子与别的格子共用一个公式", hint)]
    except OSError as error:
        hint = "请关闭打开着的数据.xlsx 后再试"
        result.problems = [Problem("E926", ERROR, Place(WORKBOOK), f"写不进去：{why(error)}", hint)]


def _backup(path: Path) -> Path:
    """A copy beside it under a name not yet taken: 数据_汇总前.xlsx, 数据_汇总前2.xlsx …; no command reads such a name."""
    number, name = 1, f"{path.stem}_汇总前"
    while (copy := path.with_name(f"{name}{number if number > 1 else ''}{path.suffix}")).exists():
        number += 1
    shutil.copy2(path, copy)
    return copy


# --- telling -------------------------------------------------------------------------------------------------


def told(one: Gathered) -> Iterator[str]:
    """What was done to a department's workbook, cell by cell, or why not."""
    for unit in one.units:
        problems = [problem for problem in unit.problems if _blocks(problem) or (problem.level == CONFIRM and problem.blocks)]
        if problems:
            yield f"下属单位 {unit.folder}"
            for problem in problems:
                yield from problem_lines(problem)
    if one.failed:
        yield f"没有汇总 {one.folder}"
        for problem in one.problems:
            yield from problem_lines(problem)
    elif not one.units:
        yield f"没有汇总 {one.folder}：里面没有下属单位的材料（应是“单位文件夹/{WORKBOOK}”，或放在“{UNITS}”里）"
    elif not one.changes:
        yield f"没有改动 {one.folder}：{len(one.units)}家下属单位的数都已经在里面了"
    else:
        backup = one.backup.name if one.backup else ""
        yield f"已汇总 {one.folder}：{len(one.units)}家下属单位，改了{len(one.changes)}格，原来的另存为{backup}"
        for change in one.changes:
            yield f"  {change.place}：{change.old} → {change.new}"
