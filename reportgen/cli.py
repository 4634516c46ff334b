"""The command line, in Chinese. Heavy modules are imported by the command that needs them, so --help is quick."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from reportgen import __version__
from reportgen.chinese import Group, sentence

DONE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130


_folders = click.argument("folders", nargs=-1, required=True, metavar="文件夹…", type=click.Path(path_type=Path))
_folder = click.Path(path_type=Path, file_okay=False)
_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出给人看（text）或给程序用（json）。"
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="出现意外错误时显示技术细节。")
@click.version_option(__version__, prog_name="reportgen", message="%(prog)s %(version)s", help="显示版本号。")
def cli(debug: bool) -> None:
    """由数据表、文稿和评分表生成规范的 Word 报告。

    文件夹里放一份数据.xlsx 和正文.docx（可以有几份）；也可以给一个装着许多这样文件夹的文件夹。
    """


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="类型/版本 文件夹")
@click.option("--from", "last", metavar="上年文件夹", type=_folder, help="由上年的材料带入名称、上年数和文字；版本不写就同上年。")
def new(names: tuple[str, ...], last: Path | None) -> None:
    """做一份空的数据.xlsx 和正文.docx，照着填就行；已有的文件不动。"""
    from reportgen import editions, say
    from reportgen.commands.new import new as make
    from reportgen.define.source import DefinitionError
    from reportgen.shown import nearest

    if len(names) != 2 and not (last and len(names) == 1):
        raise click.UsageError("应写成 reportgen new 类型/版本 文件夹")
    edition, folder = names[0] if len(names) == 2 else "", Path(names[-1])
    _exists(tuple(one for one in (last, folder) if one and (one == last or one.exists())))
    try:
        lines, made = make(edition, folder, last)
    except editions.NoEdition:
        known = list(editions.editions())
        wrong = f"没有“{edition}”这个版本{nearest(edition, known)}（可用的版本：{'、'.join(known)}）"
        raise click.UsageError(wrong) from None
    except DefinitionError as error:
        lines, made = [line for problem in error.problems for line in say.problem_lines(problem)], False
    except OSError as error:
        lines, made = [f"写不进“{folder}”：{error.strerror}"], False
    _print(lines)
    _exit(not made)


@cli.command()
@_folders
@_format
@click.option("--annotate", is_flag=True, help="另写一份数据_核对.xlsx：数据.xlsx 的副本，问题标在格子上。")
def check(folders: tuple[Path, ...], form: str, annotate: bool) -> None:
    """检查报送材料，列出全部问题和位置；也检查 templates 里的类型和版本。"""
    from reportgen import say
    from reportgen.commands.templates import template_cases

    _exists(folders)
    templates = {folder: template_cases(folder) for folder in folders}
    cases = [case for found in templates.values() for case in found]
    others = tuple(folder for folder, found in templates.items() if not found)
    cases += _judged(others) if others else []
    copies = _copies(cases) if annotate else []
    _print(say.check_json(cases) if form == "json" else (line for case in cases for line in say.check_text(case)))
    for copy in copies if form == "text" else ():
        if isinstance(copy, Path):
            click.echo(f"问题已标在 {copy}，请对照着在数据.xlsx 里改。")
    _exit(any(case.blocked for case in cases) or not all(isinstance(copy, Path) for copy in copies))


def _copies(cases: list[Any]) -> list[Any]:
    from reportgen.commands.annotate import write_copy

    return [copy for case in cases if (copy := write_copy(case))]


@cli.command()
@_folders
@_format
@click.option("--set", "sets", multiple=True, metavar="名称=值", help="按假设的数测算得分，可以写几次；只看不存。")
def score(folders: tuple[Path, ...], form: str, sets: tuple[str, ...]) -> None:
    """计算评分表：每个指标的得分、失分和理由。"""
    from reportgen import say

    trial = dict(_assignment(text) for text in sets)
    cases = _judged(folders, {name: number / 100 if percent else number for name, (number, percent) in trial.items()})
    for case in cases:
        _check_trial(case, trial)
    result = say.score_json(cases) if form == "json" else (one for case in cases for one in say.score_text(case, bool(trial)))
    _print(result)
    _exit(any(not case.ready for case in cases))


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
@_folders
@_format
@click.option("--out", type=_folder, default=Path("build"), metavar="文件夹", help="写到哪个文件夹，不写就是 build。")
@click.option("--draft", is_flag=True, help="先出草稿：有问题的材料也生成，缺的地方写【待补】。")
@click.option("--pdf", is_flag=True, help="另存一份 PDF（要装有 LibreOffice）。")
def build(folders: tuple[Path, ...], form: str, out: Path, draft: bool, pdf: bool) -> None:
    """生成报告和台账；有问题的材料不生成，也不影响其他的。"""
    from reportgen import say
    from reportgen.build import build as build_all

    _exists(folders)
    made = build_all(folders, out, lambda one: None if form == "json" else _print(say.made_text(one)), draft)
    complaint = _pdf([one.files[0] for one in made if one.files]) if pdf else ""
    if form == "json":
        _print(say.build_json(made))
    else:
        failed = sum(one.status == "failed" for one in made)
        if any(one.contents for one in made):
            click.echo("目录的页码要在 Word 里更新：打开报告，按 Ctrl+A 全选，再按 F9。")
        click.echo(f"共{len(made)}份：生成{len(made) - failed}份，没有生成{failed}份。")
    if complaint:
        click.echo(complaint, err=True)
    _exit(bool(complaint) or any(one.status == "failed" for one in made))


def _pdf(documents: list[Path]) -> str:
    """Save each document as a PDF beside it; what went wrong, or ""."""
    from reportgen.write.pdf import ConversionError, to_pdf

    try:
        to_pdf(documents)
    except ConversionError as error:
        return str(error)
    return ""


@cli.command()
@click.argument("where", metavar="文件夹", type=click.Path(path_type=Path))
@click.argument("name", metavar="名称")
@_format
def explain(where: Path, name: str, form: str) -> None:
    """说明一个数或一个得分从哪里来，一直追到单元格。"""
    from reportgen import say
    from reportgen.shown import nearest

    case, *others = _judged((where,))
    if others:
        raise click.UsageError(f"“{where}”里有{len(others) + 1}份材料，请指明其中一份")
    if case.submission is None:
        _print(say.check_json([case]) if form == "json" else say.check_text(case))
        _exit(True)
    found = say.explain_json(case, name)
    if found is None:
        raise click.UsageError(f"没有叫“{name}”的数据项或指标{nearest(name, say.names(case))}")
    _print(found if form == "json" else say.explain_text(case, name))


@cli.command()
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """把评分表、类型、工作簿或 Word 文件写成文字。"""
    from reportgen.commands import show as viewer

    if not file.is_file():
        raise click.UsageError(f"“{file}”是文件夹，请给出里面的一个文件" if file.exists() else f"没有“{file}”这个文件")
    try:
        lines, problems = viewer.show(file)
    except viewer.Unknown as error:
        raise click.UsageError(str(error)) from error
    _print(lines)
    _refuse(problems, bool(problems) and not lines)


@cli.command()
@click.argument("kind", metavar="类型或类型/版本")
@_format
def names(kind: str, form: str) -> None:
    """列出模板和正文能用的全部名称和格式。"""
    from reportgen import editions
    from reportgen.commands import names as table
    from reportgen.define.source import DefinitionError
    from reportgen.shown import nearest

    try:
        opened = table.open_kind(kind)
    except editions.NoEdition as error:
        raise click.UsageError(f"没有“{kind}”这个类型或版本{nearest(kind, [*editions.kinds(), *editions.editions()])}") from error
    except DefinitionError as error:
        _refuse(error.problems)
        return
    _print(table.names_json(kind, *opened) if form == "json" else table.names_text(kind, *opened))


@cli.command()
@click.argument("code", metavar="[代码]", required=False)
def codes(code: str | None) -> None:
    """说明问题代码的意思和办法；不写代码，列出全部。"""
    from reportgen.commands import codes as table
    from reportgen.shown import nearest

    lines = table.one_code(code) if code else list(table.all_codes())
    if code and not lines:
        raise click.UsageError(f"没有“{code}”这个代码{nearest(code.upper(), table.known())}")
    _print(lines)


def _judged(folders: tuple[Path, ...], overrides: dict[str, Decimal] | None = None) -> list[Any]:
    from reportgen.build import judge, submissions

    _exists(folders)
    return [judge(folder, overrides) for folder in submissions(folders)]


def _exists(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        if not folder.is_dir():
            what = f"“{folder}”是文件，请给出它所在的文件夹" if folder.exists() else f"没有“{folder}”这个文件夹"
            raise click.UsageError(what)


def _print(result: dict[str, Any] | Iterable[str]) -> None:
    lines = [json.dumps(result, ensure_ascii=False, indent=1)] if isinstance(result, dict) else result
    for line in lines:
        click.echo(line)


def _refuse(problems: Iterable[Any], blocked: bool = True) -> None:
    """Tell what is wrong with a file; the exit code says whether that kept it from being read."""
    from reportgen import say

    _print(line for problem in problems for line in say.problem_lines(problem))
    _exit(blocked)


def _exit(blocked: bool) -> None:
    click.get_current_context().exit(PROBLEMS if blocked else DONE)


def main() -> None:
    """Run the command line; no traceback reaches a user unless --debug asks for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A redirected Windows console is cp936: write UTF-8 there, and never fail on a rare character.
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except click.ClickException as error:
        click.echo(f"用法不对：{sentence(error)}。请看 reportgen --help", err=True)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        advice = "请用 reportgen --debug 加原来的命令重试，并把结果发给维护人员"
        click.echo(f"程序出了意外的错误（{type(error).__name__}：{error}）。{advice}。", err=True)
        sys.exit(PROBLEMS)
