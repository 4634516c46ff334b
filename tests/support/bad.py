"""What people hand in wrong, one small made-up submission each, and how a folder of it is run.

A way of breaking takes an empty folder (also the working folder) and gives what is told of what it made there.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx

from reportgen.build import build, judge
from reportgen.commands.annotate import write_copy
from reportgen.commands.gather import gather
from reportgen.commands.templates import template_cases
from reportgen.judge.stale import fingerprint
from reportgen.model import Problem
from tests.support.kinds import BASICS, EDITION, EXECUTION, MONEY, WORDS, Library
from tests.support.samples import change_cell
from tests.support.workbooks import prose, save, workbook

if TYPE_CHECKING:
    from docx.document import Document

Told = Callable[[Path], list[Problem]]
Parts = dict[str, bytes]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
HEAD = "分馆名 | 预算数 | 支出数"
CAUSE = "新馆空调安装延期，款项没有按合同节点支付 | 按月调度 | 办公室 | 六月底前"


def parts_of(path: Path) -> Parts:
    """Every part of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def sheets(checks: str = "", indicators: str = EXECUTION, **texts: str) -> Told:
    """The usual submission with these sheets."""
    return lambda folder: Library(folder, checks=checks, indicators=indicators).judge(texts).problems


def money(cell: str, name: str = "年初预算") -> Told:
    """The usual submission with one figure written otherwise."""
    lines = [f"{name} | {cell} | 万元" if line.startswith(name) else line for line in MONEY.splitlines()]
    return sheets(经费="\n".join(lines))


def branches(*rows: str, head: str = HEAD) -> Told:
    """The usual submission with a long table of these rows."""
    return sheets(分馆="\n".join((head, *rows)))


def share(cell: str, checks: str = "") -> Told:
    """The usual submission with one per cent."""
    return sheets(checks, 活动=f"活动名 | 参与率\n讲座 | {cell}")


def answers(indicators: str, *rows: str, **more: str) -> Told:
    """A rubric with hand-given answers, and these answers."""
    return sheets(indicators=indicators, 自评="\n".join(("评定指标 | 计分项 | 评定 | 评定说明 | 材料", *rows)), **more)


def book(change: Callable[[Any], object], **texts: str) -> Told:
    """The usual submission, its workbook changed by openpyxl."""

    def run(folder: Path) -> list[Problem]:
        library = Library(folder)
        made = library.write(sheets=texts)
        wanted = workbook({**library.sheets, **texts})
        change(wanted)
        save(wanted, made / "数据.xlsx")
        return judge(made).problems

    return run


def stored(xml: str, at: str = "B2") -> Told:
    """The usual submission, one cell of 经费 as this XML."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        change_cell(made / "数据.xlsx", "经费", at, "1")
        parts = parts_of(made / "数据.xlsx")
        name = "xl/worksheets/sheet2.xml"
        head, _, tail = parts[name].decode().partition(f'<c r="{at}"')
        parts[name] = (head + xml + tail.partition("</c>")[2]).encode()
        (made / "数据.xlsx").write_bytes(zipped(parts))
        return judge(made).problems

    return run


def file(name: str, change: Callable[[bytes], bytes | None]) -> Told:
    """The usual submission, one file's bytes otherwise; None takes it away."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        data = change((made / name).read_bytes() if (made / name).exists() else b"")
        (made / name).unlink(missing_ok=True)
        if data is not None:
            (made / name).write_bytes(data)
        return judge(made).problems

    return run


def package(name: str, change: Callable[[Parts], object]) -> Told:
    """The usual submission, one package's parts changed in place."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        parts = parts_of(made / name)
        change(parts)
        (made / name).write_bytes(zipped(parts))
        return judge(made).problems

    return run


def words(text: str, change: Callable[[Document], object] = lambda _: None, **texts: str) -> Told:
    """The usual submission with this prose, and these sheets."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write(sheets=texts)
        document = prose(text)
        change(document)
        save(document, made / "正文.docx")
        return judge(made).problems

    return run


def last_year(text: str, carried: str, unit: str = "小镇图书馆") -> Told:
    """Prose beside a workbook that remembers the year before."""

    def remember(made: Any) -> None:
        sheet = made.create_sheet("上年")
        sheet.sheet_state = "veryHidden"
        for line in (("单位名称", unit), ("年度", 2023), ("段落",), (fingerprint(carried),)):
            sheet.append(line)

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        wanted = workbook(Library(folder).sheets)
        remember(wanted)
        save(wanted, made / "数据.xlsx")
        save(prose(f"# 部门主要工作情况\n{text}"), made / "正文.docx")
        return judge(made).problems

    return run


def definition(name: str, old: str, new: str) -> Told:
    """The kind or rubric with one text written otherwise."""

    def run(folder: Path) -> list[Problem]:
        Library(folder).write_templates()
        (path,) = folder.glob(f"templates/library/**/{name}")
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return [problem for case in template_cases(folder / "templates") for problem in case.problems]

    return run


def template(*blocks: str, change: Callable[[Parts], object] = lambda _: None, judged: bool = False) -> Told:
    """The usual Word template with these paragraphs in front; ``judged``: filled, else only looked at."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        path = folder / "templates" / EDITION / "report.docx"
        document = docx.Document()
        for block in (*blocks, "{{p 文稿.主要工作 }}", "{{p 文稿.下年打算 }}"):
            document.add_paragraph(block)
        parts = parts_of(save(document, path))
        change(parts)
        path.write_bytes(zipped(parts))
        if judged:
            return list(build([made], folder / "build")[0].problems)
        return [problem for case in template_cases(path.parent) for problem in case.problems]

    return run


def built(prepare: Callable[[Path], object]) -> Told:
    """The usual submission built after something was done in the folder."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write()
        prepare(folder)
        return list(build([made], folder / "build")[0].problems)

    return run


def annotated(folder: Path) -> list[Problem]:
    """The marked copy can't be written: something else has its name."""
    made = Library(folder).write(sheets={"经费": MONEY.replace("80", "约80")})
    (made / "数据_核对.xlsx").mkdir()
    case = judge(made)
    write_copy(case)
    return case.problems


def gathered(change: Callable[[Path], object] = lambda _: None, rows: str = "合计 | ", **department: str) -> Told:
    """A department with two units, changed."""

    def run(folder: Path) -> list[Problem]:
        library = Library(folder, indicators=EXECUTION.replace("按比例", "达标").replace("值:", "须: '>= 0', 值:"))
        own = {"基本信息": BASICS.replace("小镇图书馆", "总馆"), "分馆": f"{HEAD} | 备注\n{rows}", **department}
        made = library.write("总馆", own)
        for name in ("东馆", "西馆"):
            save(workbook({"基本信息": BASICS.replace("小镇图书馆", name), "经费": MONEY}), made / name / "数据.xlsx")
            save(prose(WORDS), made / name / "正文.docx")
        change(made)
        done = gather(made)
        return [*done.problems, *(problem for case in done.units for problem in case.problems)]

    return run
