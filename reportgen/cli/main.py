"""The program's entry: no traceback reaches a user."""

from __future__ import annotations

import sys

import click

from reportgen.chinese import sentence
from reportgen.cli import making, reference
from reportgen.cli.group import INTERRUPTED, PROBLEMS, USAGE, Stopped, cli

__all__ = ["cli", "main", "making", "reference"]


def main() -> None:
    """Run the command line; no traceback reaches a user unless --debug asks for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A redirected Windows console is cp936: write UTF-8 there, and never fail on a rare character.
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        _take_chinese_names()
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except Stopped as error:
        click.echo(f"{error.message}。", err=True)
        sys.exit(PROBLEMS)
    except click.ClickException as error:
        click.echo(f"用法不对：{sentence(error)}。请看 reportgen --help", err=True)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。已经写好的文件都是完整的，再运行一次就接着做。", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        advice = "请用 reportgen --debug 加原来的命令重试，并把结果发给维护人员"
        click.echo(f"程序出了意外的错误（{type(error).__name__}：{error}）。{advice}。", err=True)
        sys.exit(PROBLEMS)


def _take_chinese_names() -> None:
    """Stopped where the system is set to take English file names only: every file here has a Chinese one."""
    try:
        "数据.xlsx".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError as error:
        raise Stopped("这里的系统设置不认中文文件名。请设置环境变量 PYTHONUTF8=1 再运行") from error
