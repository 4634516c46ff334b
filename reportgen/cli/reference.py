"""The commands for those who keep rubrics and templates: show, names, codes."""

from __future__ import annotations

from pathlib import Path

import click

from reportgen.cli.group import cli, refuse, show_lines


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
    show_lines(lines)
    refuse(problems, bool(problems) and not lines)


@cli.command()
@click.argument("kind", metavar="类型或类型/版本")
def names(kind: str) -> None:
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
        refuse(error.problems)
        return
    show_lines(table.names_text(kind, *opened))


@cli.command()
@click.argument("code", metavar="[代码]", required=False)
def codes(code: str | None) -> None:
    """说明问题代码的意思和办法；不写代码，列出全部。"""
    from reportgen.commands import codes as table
    from reportgen.shown import nearest

    lines = table.one_code(code) if code else list(table.all_codes())
    if code and not lines:
        raise click.UsageError(f"没有“{code}”这个代码{nearest(code.upper(), table.known())}")
    show_lines(lines)
