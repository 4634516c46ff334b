"""One judged submission to files: the document and its ledger, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen import editions, marks
from reportgen.case import FAILED, MADE, Case, Made
from reportgen.define.edition import TEMPLATE, edition_template
from reportgen.model import ERROR, WARNING, Place, Problem, Submission
from reportgen.prose import Paragraph, Picture
from reportgen.shown import FORMATS, fill
from reportgen.write.earlier import LEDGER, NOTICES, Earlier, receipt, sha256
from reportgen.write.files import cannot_stand, holder, safe_name, why, write_beside, write_whole
from reportgen.write.gate import findings
from reportgen.write.ledger import ledger, scorecard_json, scores_json, series_json
from reportgen.write.lint import template_problems
from reportgen.write.package import pack
from reportgen.write.render import Rendered, RenderError, render
from reportgen.write.source import TemplateError
from reportgen.write.template import Template, compile_template
from reportgen.write.view import view


def publish(case: Case, earlier: Earlier, dry: str = "") -> Made:
    """Write the document and ledger over ``earlier``; a blocked submission writes nothing, save as a draft.

    ``dry``: why it would be made; nothing is written then.
    """
    prepared = _prepared(case)
    if prepared and dry:
        return outcome(case, MADE, why=dry)
    if prepared:
        wanted = earlier.folder / f"{safe_name(title(case))}.docx"
        trouble = cannot_stand(wanted)
        try:
            if not trouble:
                return _published(case, earlier, wanted, *prepared)
        except OSError as error:
            trouble = f"写不进去：{why(error)}", "请关闭打开着的报告后再试"
        assert trouble
        case.problems.append(Problem("E602", ERROR, Place(wanted.name), *trouble))
    return outcome(case, FAILED, left=tuple(earlier.standing()), why="有问题" if dry else "")


def _prepared(case: Case) -> tuple[bytes, Rendered] | None:
    """The document's bytes and what is in it, None where it must not be written; the case then has the reason."""
    if (case.blocked and not case.draft) or not case.ready or not case.submission:
        return None
    try:
        document, record = compose(case)
    except (TemplateError, RenderError) as error:
        case.problems += _faults(case, error.problems)
        return None
    except editions.NoEdition:
        hint = f"请把 {TEMPLATE} 放到这个版本的文件夹里"
        case.problems.append(Problem("E603", ERROR, Place(TEMPLATE), "这个版本没有 Word 模板", hint))
        return None
    complaints = [Problem("E601", ERROR, Place(), one, "请联系维护模板的人") for one in findings(document, record)]
    complaints += _lost_prose(case.submission, record)
    case.problems += complaints
    return None if complaints else (document, record)


def _faults(case: Case, raised: Sequence[Problem]) -> Iterator[Problem]:
    """What stopped the rendering, and all else that is wrong with the template: told at once."""
    assert case.kind
    yield from raised
    found = template_problems(edition_template(case.edition), case.kind, case.rubric)
    yield from (one for one in found if one.place not in {told.place for told in raised})


def _published(case: Case, earlier: Earlier, wanted: Path, document: bytes, record: Rendered) -> Made:
    path, state = _write(wanted, document, case, earlier)
    write_whole(earlier.folder / LEDGER, _ledger(case, record, state))
    pending = sum(block.text.count(marks.PENDING) for block in record.blocks)
    left = tuple(one for one in earlier.standing(path.name) if one != wanted)
    more = {"contents": record.template.toc is not None, "pending": pending, "left": left}
    return outcome(case, MADE, files=(path, earlier.folder / LEDGER), **more)


def _write(wanted: Path, document: bytes, case: Case, earlier: Earlier) -> tuple[Path, dict[str, Any]]:
    """Write the document where it loses nobody's work, and say so; the file, and what the next run has to know."""
    free = earlier.free(wanted, document)
    if free != wanted:
        message = f"生成以后有人改动过，没有覆盖；新的是“{free.name}”"
        case.problems.append(Problem("E605", WARNING, Place(wanted.name), message, "请比较两份，留下要的一份"))
    path = write_beside(free, document, earlier.wrote)
    if path != free:
        message = f"正开着{f'（{name}）' if (name := holder(free)) else ''}，写不进去；新的是“{path.name}”"
        case.problems.append(Problem("E606", WARNING, Place(free.name), message, "请关闭旧的，改用新的"))
    return path, earlier.state(path, sha256(document), case)


def outcome(case: Case, status: str, **more: Any) -> Made:
    """The receipt of a case."""
    known = case.submission
    who = {"edition": case.edition, "unit": known.unit if known else "", "year": known.year if known else ""}
    card = scores_json(case.card) if case.card else {}
    return receipt(case.folder, status, case.problems, {**who, "scorecard": card}, draft=case.draft, **more)


def _lost_prose(submission: Submission, rendered: Rendered) -> Iterator[Problem]:
    """Prose that the template has no place for: a department's words never vanish without a word."""
    texts = {block.text for block in rendered.blocks}
    for slot, prose in submission.prose.items():
        first = next((one for one in prose if isinstance(one, Paragraph | Picture)), None)
        written = first in rendered.pictures if isinstance(first, Picture) else first and marks.plain(first.text) in texts
        if first and not written:
            yield Problem("E604", ERROR, first.place, f"“{slot}”的文稿没有写进报告", "Word 模板里没有它的位置，请补上")


def compose(case: Case) -> tuple[bytes, Rendered]:
    """The document's bytes and what is in it, whatever problems the case has. TemplateError or RenderError."""
    assert case.kind and case.submission
    remarks = [problem for problem in case.problems if problem.answered]
    template = template_of(case.edition)
    rendered = render(template, view(case, remarks), case.submission.book.facts)
    return pack(template, rendered, title(case), _created(case)), rendered


def template_of(edition: str) -> Template:
    """The edition's Word template, compiled once a process and again when the file changes."""
    path = edition_template(edition)
    return _compiled(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _compiled(path: Path, _changed: int) -> Template:
    return compile_template(path, FORMATS)


def title(case: Case) -> str:
    """The report's title by the kind's pattern, which is also its file name."""
    assert case.kind and case.submission
    return marks.plain(fill(case.kind.file_name, case.submission.facts.get, gap=marks.PENDING)[0])


def _created(case: Case) -> date:
    """成文日期: the only date in the document; without one the year's last day."""
    assert case.kind and case.submission
    fact = case.submission.facts.get(case.kind.identity.get("成文日期", ""))
    return fact.value if fact and isinstance(fact.value, date) else date(int(case.submission.year or "2000"), 12, 31)


def _ledger(case: Case, rendered: Rendered, state: Mapping[str, Any]) -> bytes:
    assert case.submission
    problems = [problem for problem in case.problems if problem.code not in NOTICES]  # of this run, not of the report
    card = scorecard_json(case.card, case.explanations()) if case.card else {}
    return ledger(case.submission, card | series_json(case.cards, case.trends), rendered, problems, case.inputs, state)
