"""The command line's group, and what its commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen import __version__
from reportgen.chinese import Group

if TYPE_CHECKING:
    from decimal import Decimal

DONE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130


class Stopped(click.ClickException):
    """The run could not go on; the message is for people, and no usage is wrong."""


FOLDERS = click.argument("folders", nargs=-1, required=True, metavar="文件夹…", type=click.Path(path_type=Path))
FOLDER = click.Path(path_type=Path, file_okay=False)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出给人看（text）或给程序用（json）。",
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="出现意外错误时显示技术细节。")
@click.version_option(__version__, prog_name="reportgen", message="%(prog)s %(version)s", help="显示版本号。")
def cli(debug: bool) -> None:
    """由数据表、文稿和评分表生成规范的 Word 报告。

    文件夹里放一份数据.xlsx 和正文.docx（可以有几份）；也可以给一个装着许多这样文件夹的文件夹。
    """


def judged(folders: tuple[Path, ...], overrides: dict[str, Decimal] | None = None) -> list[Any]:
    """Every submission in the folders, judged."""
    from reportgen.build import judge
    from reportgen.read.folders import submissions

    exists(folders)
    return [judge(folder, overrides) for folder in submissions(folders)]


def exists(folders: tuple[Path, ...]) -> None:
    """UsageError for what is no folder."""
    for folder in folders:
        if not folder.is_dir():
            what = f"“{folder}”是文件，请给出它所在的文件夹" if folder.exists() else f"没有“{folder}”这个文件夹"
            raise click.UsageError(what)


def show_lines(result: dict[str, Any] | Iterable[str]) -> None:
    """JSON, or lines of text, to standard output."""
    import json

    lines = [json.dumps(result, ensure_ascii=False, indent=1)] if isinstance(result, dict) else result
    for line in lines:
        click.echo(line)


def refuse(problems: Iterable[Any], blocked: bool = True) -> None:
    """Tell what is wrong with a file; the exit code says whether that kept it from being read."""
    from reportgen import say

    show_lines(line for problem in problems for line in say.problem_lines(problem))
    leave(blocked)


def leave(blocked: bool) -> None:
    """End with the exit code that says whether something blocked."""
    click.get_current_context().exit(PROBLEMS if blocked else DONE)
