"""Click in Chinese: help pages, and what is wrong with a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click


class Chinese:
    """Click's own words in help pages, in Chinese."""

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(context))  # type: ignore[attr-defined]
        formatter.write_usage(context.command_path, pieces.replace("[OPTIONS]", "[选项]"), prefix="用法：")

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(context) if isinstance(one, click.Option)]  # type: ignore[attr-defined]
        rows = [record for one in options if (record := one.get_help_record(context))]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(context, formatter)

    def get_help_option(self, context: click.Context) -> click.Option | None:
        option: click.Option | None = super().get_help_option(context)  # type: ignore[misc]
        if option:
            option.help = "显示这份帮助。"
        return option


class Command(Chinese, click.Command):
    """A command whose help is in Chinese."""


class Group(Chinese, click.Group):
    """The commands, listed in the order in which a clerk needs them."""

    command_class = Command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, self.commands[name].get_short_help_str(60)) for name in self.commands])

    def collect_usage_pieces(self, _context: click.Context) -> list[str]:
        return ["[选项]", "命令 …"]


def sentence(error: click.ClickException) -> str:
    """What is wrong with the command line, in Chinese; click's own words are English."""
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项{_near(error.option_name, error.possibilities)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        group = error.ctx.command if error.ctx else None
        near = _near(error.command_name, group.commands if isinstance(group, click.Group) else ())
        return f"没有“{error.command_name}”这个命令{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{error.param.make_metavar(error.ctx) if error.param and error.ctx else '参数'}"
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    message = error.format_message()
    for english, chinese in _SENTENCES:
        message = re.sub(english, chinese, message)
    return message


_SENTENCES = (
    (r"Option '(.+)' requires an argument\.", r"选项“\1”后面要写一个值"),
    (r"Option '(.+)' does not take a value\.", r"选项“\1”后面不要写值"),
    (r"Got unexpected extra arguments? \((.+)\)", r"多写了“\1”"),
    (r"Missing command\.", "没有写命令"),
)


def _bad_value(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    option = error.param.opts[-1] if error.param else ""
    if isinstance(kind, click.Choice):
        return f"“{option}”只能是{'、'.join(kind.choices)}"
    if isinstance(kind, click.Path):
        return f"“{option}”要写一个文件夹，写的是文件"
    if isinstance(kind, click.IntRange):
        return f"“{option}”要写一个整数，不小于{kind.min}"
    return f"“{option}”的值不对"


def _near(name: str, names: Iterable[str] | None) -> str:
    from reportgen.shown import nearest

    return nearest(name, names or ())
