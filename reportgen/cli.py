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

    文件夹里放一份数据.xlsx 和一份正文.docx；也可以给一个装着许多这样文件夹的文件夹。
    """


@cli.command()
@_folders
@_format
def check(folders: tuple[Path, ...], form: str) -> None:
    """检查报送材料，列出全部问题和位置。"""
    from reportgen import say

    cases = _judged(folders)
    _print(say.check_json(cases) if form == "json" else (line for case in cases for line in say.check_text(case)))
    _exit(any(case.blocked for case in cases))


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
def build(folders: tuple[Path, ...], form: str, out: Path) -> None:
    """生成报告和台账；有问题的材料不生成，也不影响其他的。"""
    from reportgen import say
    from reportgen.build import build as build_all

    _exists(folders)
    made = build_all(folders, out, lambda one: None if form == "json" else _print(say.made_text(one)))
    if form == "json":
        _print(say.build_json(made))
    else:
        failed = sum(one.status == "failed" for one in made)
        if any(one.contents for one in made):
            click.echo("目录的页码要在 Word 里更新：打开报告，按 Ctrl+A 全选，再按 F9。")
        click.echo(f"共{len(made)}份：生成{len(made) - failed}份，没有生成{failed}份。")
    _exit(any(one.status == "failed" for one in made))


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
@_folders
def gather(folders: tuple[Path, ...]) -> None:
    """把下属单位的材料汇总到本部门的数据.xlsx，原来的另存一份。"""
    from reportgen.build import submissions
    from reportgen.commands import gather as command

    _exists(folders)
    failed = False
    for folder in submissions(folders):
        done = command.gather(folder)
        failed |= done.failed
        _print(command.told(done))
    _exit(failed)


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
