"""One judged submission to files: the document and its ledger, each whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from reportgen import editions, marks
from reportgen.case import Case, Made
from reportgen.define.edition import TEMPLATE, edition_template
from reportgen.model import ERROR, Place, Problem, Submission
from reportgen.prose import Paragraph, Picture
from reportgen.shown import FORMATS, fill
from reportgen.write.gate import findings
from reportgen.write.ledger import ledger, scorecard_json, series_json
from reportgen.write.package import pack
from reportgen.write.render import Rendered, RenderError, render
from reportgen.write.source import TemplateError
from reportgen.write.template import Template, compile_template
from reportgen.write.view import view

CODES = {
    "E601": "报告没能通过出文前的检查",
    "E602": "报告文件写不进去",
    "E603": "这个版本没有 Word 模板",
    "E604": "Word 模板里没有放这段文稿的位置",
}
LEDGER = "台账.json"
_WHY = {
    errno.ENOSPC: "磁盘满了", errno.EFBIG: "磁盘满了", errno.EROFS: "这个磁盘只能读",
    errno.EACCES: "没有权限，或正被其他程序打开", errno.EPERM: "没有权限，或正被其他程序打开",
    errno.EEXIST: "有一个同名的文件", errno.ENOTDIR: "有一个同名的文件", errno.EISDIR: "有一个同名的文件夹",
    errno.ENOENT: "没有这个文件夹", errno.ENAMETOOLONG: "文件夹和文件名太长",
}  # fmt: skip
_UNSAFE, _EDGES = re.compile(r'[<>:"/\\|?*]'), re.compile(r"^[\s.]+|[\s.]+$")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)")
LONGEST_PATH = 240  # what Word opens on Windows, with some room for the folder to be moved


def publish(case: Case, out: Path) -> Made:
    """Write the document and ledger under ``out``/<folder>; a blocked submission writes nothing, save as a draft."""
    if (case.blocked and not case.draft) or not case.ready or not case.submission:
        return _failed(case)
    try:
        document, record = compose(case)
    except (TemplateError, RenderError) as error:
        return _failed(case, *error.problems)
    except editions.NoEdition:
        hint = f"请把 {TEMPLATE} 放到这个版本的文件夹里"
        return _failed(case, Problem("E603", ERROR, Place(TEMPLATE), CODES["E603"], hint))
    complaints = [Problem("E601", ERROR, Place(), one, "请联系维护模板的人") for one in findings(document, record)]
    if complaints := [*complaints, *_lost_prose(case.submission, record)]:
        return _failed(case, *complaints)
    folder = out / safe_name(case.submission.folder)
    files = (folder / f"{safe_name(title(case))}.docx", folder / LEDGER)
    if said := _not_written(out, {files[0]: document, files[1]: _ledger(case, record)}):
        return _failed(case, Problem("E602", ERROR, Place(files[0].name), *said))
    pending = sum(block.text.count(marks.PENDING) for block in record.blocks)
    return Made(case, "made", files, template_of(case.edition).toc is not None, pending)


def _not_written(out: Path, files: Mapping[Path, bytes]) -> tuple[str, str] | None:
    """Write the files; why that could not be, and what to do, or None."""
    report = next(iter(files))
    length = len(str(report.absolute()))
    if report.parent.resolve().parent != out.resolve():
        return f"“{report.parent}”是指到别处的链接", "请改名或删去这个链接"
    if length > LONGEST_PATH:
        return f"路径有{length}个字，太长了，Word 会打不开", "请用 --out 换一个短些的文件夹"
    try:
        for path, data in files.items():
            write_whole(path, data)
    except OSError as error:
        return f"写不进去：{why(error)}", "请关闭打开着的报告后再试"
    return None


def _failed(case: Case, *problems: Problem) -> Made:
    case.problems += problems
    return Made(case, "failed")


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


def _ledger(case: Case, rendered: Rendered) -> bytes:
    assert case.submission
    card = scorecard_json(case.card, case.explanations()) if case.card else {}
    return ledger(case.submission, card | series_json(case.cards, case.trends), rendered, case.problems, case.inputs)


def safe_name(text: str) -> str:
    """A file name that every system takes: no forbidden or unseen characters, no reserved name, at most 80 characters."""
    seen = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one)[0] != "C")
    name = _EDGES.sub("", _UNSAFE.sub("_", seen))
    name = f"_{name}" if _RESERVED.match(name) else name
    return _EDGES.sub("", name.encode()[:240].decode(errors="ignore")[:80]) or "报告"  # Linux counts bytes


def why(error: OSError) -> str:
    """Why a file could not be written, in Chinese where the reason is a usual one."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: the old file or the new one, never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".~reportgen-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())  # a temporary file is its owner's alone; a report is for colleagues too
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
