"""The commands that clerks use: new, check, score, build, explain, gather.

Heavy modules are imported by the command that needs them, so that --help is quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.group import FOLDER, FOLDERS, FORMAT, Stopped, cli, exists, judged, leave, show_lines

if TYPE_CHECKING:
    from decimal import Decimal


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="类型/版本 文件夹")
@click.option(
    "--from", "last", metavar="上年文件夹", type=FOLDER, help="由上年的材料带入名称、上年数和文字；版本不写就同上年。"
)
def new(names: tuple[str, ...], last: Path | None) -> None:
    """做一份空的数据.xlsx 和正文.docx，照着填就行；已有的文件不动。"""
    from reportgen import editions, say
    from reportgen.commands.new import new as make
    from reportgen.define.source import DefinitionError
    from reportgen.shown import nearest
    from reportgen.write.files import why

    if len(names) != 2 and not (last and len(names) == 1):
        raise click.UsageError("应写成 reportgen new 类型/版本 文件夹")
    edition, folder = names[0] if len(names) == 2 else "", Path(names[-1])
    exists(tuple(one for one in (last, folder) if one and (one == last or one.exists())))
    try:
        lines, made = make(edition, folder, last)
    except editions.NoEdition:
        known = list(editions.editions())
        wrong = f"没有“{edition}”这个版本{nearest(edition, known)}（可用的版本：{'、'.join(known)}）"
        raise click.UsageError(wrong) from None
    except DefinitionError as error:
        lines, made = [line for problem in error.problems for line in say.problem_lines(problem)], False
    except OSError as error:
        lines, made = [f"写不进“{folder}”：{why(error)}"], False
    show_lines(lines)
    leave(not made)


@cli.command()
@FOLDERS
@FORMAT
@click.option("--annotate", is_flag=True, help="另写一份数据_核对.xlsx：数据.xlsx 的副本，问题标在格子上。")
def check(folders: tuple[Path, ...], form: str, annotate: bool) -> None:
    """检查报送材料，列出全部问题和位置；也检查 templates 里的类型和版本。"""
    from reportgen import say
    from reportgen.commands.templates import template_cases

    exists(folders)
    templates = {folder: template_cases(folder) for folder in folders}
    cases = [case for found in templates.values() for case in found]
    others = tuple(folder for folder, found in templates.items() if not found)
    cases += judged(others) if others else []
    copies = _copies(cases) if annotate else []
    show_lines(say.check_json(cases) if form == "json" else (line for case in cases for line in say.check_text(case)))
    for copy in copies if form == "text" else ():
        if isinstance(copy, Path):
            click.echo(f"问题已标在 {copy}，请对照着在数据.xlsx 里改。")
    leave(any(case.blocked for case in cases) or not all(isinstance(copy, Path) for copy in copies))


def _copies(cases: list[Any]) -> list[Any]:
    from reportgen.commands.annotate import write_copy

    return [copy for case in cases if (copy := write_copy(case))]


@cli.command()
@FOLDERS
@FORMAT
@click.option("--set", "sets", multiple=True, metavar="名称=值", help="按假设的数测算得分，可以写几次；只看不存。")
def score(folders: tuple[Path, ...], form: str, sets: tuple[str, ...]) -> None:
    """计算评分表：每个指标的得分、失分和理由。"""
    from reportgen import say

    trial = dict(_assignment(text) for text in sets)
    cases = judged(folders, {name: number / 100 if percent else number for name, (number, percent) in trial.items()})
    for case in cases:
        _check_trial(case, trial)
    result = (
        say.score_json(cases)
        if form == "json"
        else (one for case in cases for one in say.score_text(case, bool(trial)))
    )
    show_lines(result)
    leave(any(not case.ready for case in cases))


def _assignment(text: str) -> tuple[str, tuple[Decimal, bool]]:
    """名称=值 as the name, the number and whether it is a per cent."""
    from reportgen.numerals import NotANumber, parse_number

    name, equals, value = text.replace("＝", "=", 1).partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"--set {text}：应写成 名称=值")
    try:
        return name.strip(), parse_number(value)
    except NotANumber as error:
        raise click.UsageError(f"--set {text}：{error}") from error


def _check_trial(case: Any, trial: dict[str, tuple[Decimal, bool]]) -> None:
    """Each name must be there, and a per cent be written as one: 0.9 could mean 90% or 0.9%."""
    from reportgen.shown import nearest

    facts = case.submission.facts if case.submission else {}
    for name, (_, percent) in trial.items() if facts else ():
        if name not in facts:
            raise click.UsageError(f"没有叫“{name}”的数据项{nearest(name, facts)}")
        if (facts[name].unit == "%") != percent:
            raise click.UsageError(f"“{name}”{'不是百分数，不要带 %' if percent else '是百分数，请写成 90% 这样'}")


@cli.command()
@FOLDERS
@FORMAT
@click.option("--out", type=FOLDER, default=Path("build"), metavar="文件夹", help="写到哪个文件夹，不写就是 build。")
@click.option("--draft", is_flag=True, help="先出草稿：有问题的材料也生成，缺的地方写【待补】。")
@click.option("--pdf", is_flag=True, help="另存一份 PDF（要装有 LibreOffice）。")
@click.option(
    "--jobs", type=click.IntRange(0), default=1, metavar="份数", help="几份一起做，不写就是 1；0 是有几个核就几份。"
)
@click.option("--force", is_flag=True, help="没有变的也重新生成。")
@click.option("--dry-run", "dry", is_flag=True, help="只说会生成哪些、为什么，什么也不写。")
@click.option("--executor", default="", metavar="地址", help="交给几台电脑一起做，如 dask://10.0.0.5:8786。")
def build(
    folders: tuple[Path, ...],
    form: str,
    out: Path,
    draft: bool,
    pdf: bool,
    jobs: int,
    force: bool,
    dry: bool,
    executor: str,
) -> None:
    """生成报告和台账；有问题的材料不生成，也不影响其他的。"""
    from reportgen import receipts
    from reportgen.batch import batch, held
    from reportgen.build import orders
    from reportgen.running.lock import Taken
    from reportgen.running.loop import EngineLost

    exists(folders)
    if executor and not executor.startswith("dask://"):
        raise click.UsageError(f"--executor {executor}：应写成 dask://电脑:端口")
    found = orders(
        folders, out, draft=draft, force=force, dry=dry, debug=click.get_current_context().find_root().params["debug"]
    )
    try:
        with nullcontext() if dry else held(out):
            made = _told(batch(found, jobs, executor), len(found), form)
            complaints = [] if dry else [*_summed_up(out, made), *(_pdf(made) if pdf else [])]
    except (Taken, EngineLost) as error:
        raise Stopped(str(error)) from error
    if form == "json":
        show_lines(receipts.build_json(made))
    else:
        show_lines(receipts.ending(made, dry))
    for complaint in complaints:
        click.echo(complaint, err=True)
    leave(bool(complaints) or any(one.status == "failed" for one in made))


def _told(results: Iterator[Any], many: int, form: str) -> list[Any]:
    """All results, each told as it comes."""
    from reportgen import receipts
    from reportgen.cli.progress import Progress

    made, progress = [], Progress(many)
    for one in results:
        made.append(one)
        progress.step()
        show_lines(receipts.made_text(one, many >= receipts.MANY) if form == "text" else ())
        progress.show()
    return made


def _summed_up(out: Path, made: list[Any]) -> list[str]:
    """Write 汇总.xlsx when there is more than one; what went wrong."""
    from reportgen.commands.summary import SUMMARY, write_summary
    from reportgen.write.files import why

    try:
        path = write_summary(out, made) if len(made) > 1 else out
    except OSError as error:
        return [f"汇总写不进“{out}”：{why(error)}。"]
    return [] if path.name in (SUMMARY, out.name) else [f"{SUMMARY} 正开着，新的汇总写在 {path.name}。"]


def _pdf(made: list[Any]) -> list[str]:
    """Save each new document as a PDF beside it; what went wrong."""
    from reportgen.write.pdf import ConversionError, to_pdf

    documents = [one.files[0] for one in made if one.files]
    new = {one.files[0] for one in made if one.status == "made"}
    wanted = [path for path in documents if path in new or not path.with_suffix(".pdf").exists()]
    try:
        to_pdf(wanted) if wanted else ()
    except ConversionError as error:
        return [str(error)]
    return []


@cli.command()
@click.argument("where", metavar="文件夹", type=click.Path(path_type=Path))
@click.argument("name", metavar="名称")
@FORMAT
def explain(where: Path, name: str, form: str) -> None:
    """说明一个数或一个得分从哪里来，一直追到单元格。"""
    from reportgen import say
    from reportgen.shown import nearest

    case, *others = judged((where,))
    if others:
        raise click.UsageError(f"“{where}”里有{len(others) + 1}份材料，请指明其中一份")
    if case.submission is None:
        show_lines(say.check_json([case]) if form == "json" else say.check_text(case))
        leave(True)
    found = say.explain_json(case, name)
    if found is None and name in say.unknown_yet(case):
        lines = [f"“{name}”还没有数：没有填，或要用的数没有填、填错了。请先检查：reportgen check {where}"]
        show_lines(say.check_json([case]) if form == "json" else lines)
        leave(True)
    if found is None:
        raise click.UsageError(f"没有叫“{name}”的数据项或指标{nearest(name, say.names(case))}")
    show_lines(found if form == "json" else say.explain_text(case, name))


@cli.command()
@FOLDERS
def gather(folders: tuple[Path, ...]) -> None:
    """把下属单位的材料汇总到本部门的数据.xlsx，原来的另存一份。"""
    from reportgen.commands import gather as command
    from reportgen.read.folders import submissions

    exists(folders)
    failed = False
    for folder in submissions(folders):
        done = command.gather(folder)
        failed |= done.failed
        show_lines(command.told(done))
    leave(failed)
