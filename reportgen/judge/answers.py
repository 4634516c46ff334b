"""审核说明: the reasons that departments give for what they were asked to confirm."""

from __future__ import annotations

from dataclasses import replace

from reportgen.define.kind import Kind
from reportgen.define.tables import ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT, ANSWERS
from reportgen.judge.facts import Derived
from reportgen.model import CONFIRM, ERROR, WARNING, Problem, Row
from reportgen.shown import nearest

ALL, CARRIED = "全部", ("E312", "E313")  # one reason may answer for all paragraphs that came over from last year


def answered(kind: Kind, problems: list[Problem], derived: Derived) -> list[Problem]:
    """The problems with the reasons that 审核说明 gives; an answer to nothing is itself a warning.

    While there are errors a check may not have run at all, so its answer is left in peace.
    """
    silent = {check.code for check in kind.checks} - {one.code for one in problems}
    checks = silent if any(one.level == ERROR for one in problems) else set()
    for row in derived.tables[ANSWERS].rows:
        code, subject, text = (str(row.cells[name].value) if name in row.cells else "" for name in
                               (ANSWER_CODE, ANSWER_SUBJECT, ANSWER_TEXT))  # fmt: skip
        hit = [i for i, problem in enumerate(problems) if _meant(problem, code, subject)]
        if (not hit and code not in checks) or (len(hit) > 1 and not subject):
            problems = [*problems, _no_match(row, code, subject, problems, hit)]
        for i in hit if text and (subject or len(hit) == 1) else ():
            problems[i] = replace(problems[i], answered=text)
    return problems


def _meant(problem: Problem, code: str, subject: str) -> bool:
    if problem.level != CONFIRM or problem.code != code:
        return False
    place = problem.place
    # 第5段 is another paragraph as soon as one is put above it; a cell moves with its workbook, and is seen there
    cell = () if problem.subject and place.file.endswith(".docx") else (place.mark, f"{place.part}!{place.mark}")
    return subject in ("", problem.subject, *cell) or (subject == ALL and code in CARRIED)


def _no_match(row: Row, code: str, subject: str, problems: list[Problem], hit: list[int]) -> Problem:
    if hit:
        which = "、".join(problems[i].subject or problems[i].place.mark for i in hit[:6])
        message = f"“{code}”有{len(hit)}处，请在“{ANSWER_SUBJECT}”写明是哪一处（{which}）"
        hint = f"每处写一行；理由都一样的，“{ANSWER_SUBJECT}”写“{ALL}”" if code in CARRIED else "每处写一行"
        return Problem("E411", WARNING, row.place_of(ANSWER_CODE), message, hint)
    open_ones = [problem for problem in problems if problem.level == CONFIRM]
    subjects = [problem.subject for problem in open_ones if problem.code == code]
    near = nearest(subject, subjects) if subjects else nearest(code, {problem.code for problem in open_ones})
    message = f"“{code}{' ' + subject if subject else ''}”没有对应的问题{near}"
    return Problem("E411", WARNING, row.place_of(ANSWER_CODE), message, "如果问题已经改好，可以删去这一行")
