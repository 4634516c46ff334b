"""codes: what each problem code means and what to do, from docs/codes.md; and the cross-checks of every kind there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from reportgen import editions
from reportgen.commands.columns import aligned
from reportgen.commands.names import open_kind
from reportgen.commands.pages import tables
from reportgen.define.checks import Check
from reportgen.define.kind import Kind
from reportgen.define.source import DefinitionError
from reportgen.model import CONFIRM
from reportgen.say import LEVELS

_ANSWER = "填错了就改；属实的，在“审核说明”表写明问题代码 {} 和理由"


def known() -> list[str]:
    """Every code."""
    return [row[0] for _, rows in tables("codes.md") for row in rows] + [check.code for kind in kinds() for check in kind.checks]


def kinds() -> Iterator[Kind]:
    """Every kind there is that can be read."""
    for name in editions.kinds():
        with suppress(DefinitionError):
            yield open_kind(name)[0]


def all_codes() -> Iterator[str]:
    """Every code, group by group: code, level, meaning, what to do."""
    for heading, rows in tables("codes.md"):
        yield heading
        yield from aligned(([code, level, meaning, advice] for code, meaning, level, advice in rows), "  ")
    for kind in kinds():
        if kind.checks:
            yield f"勾稽：{kind.title}（{kind.name}）"
            yield from aligned(([check.code, LEVELS[check.level], check.message] for check in kind.checks), "  ")


def one_code(code: str) -> list[str]:
    """All about one code, however it is typed (e221, Ｅ221); nothing when there is none."""
    wanted = unicodedata.normalize("NFKC", code).strip().upper()
    lines: list[str] = []
    for heading, rows in tables("codes.md"):
        for found, meaning, level, advice in rows:
            if found == wanted:
                lines += [f"{found}　{meaning}", *aligned([("级别", level), ("怎么办", advice), ("属于", heading)], "  ")]
    for kind in kinds():
        for check in kind.checks:
            if check.code.upper() == wanted:
                lines += [f"{check.code}　{check.message}", *_check_lines(kind, check)]
    return lines


def _check_lines(kind: Kind, check: Check) -> Iterator[str]:
    advice = _ANSWER.format(check.code) if check.level == CONFIRM else "核对相关的数，填错了就改"
    rows = [("级别", LEVELS[check.level]), *check.written.items(), ("怎么办", advice)]
    yield from aligned([*rows, ("属于", f"{kind.title}（{kind.name}）的勾稽")], "  ")
