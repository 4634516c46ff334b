"""The tables of docs/codes.md and docs/vocabulary.md, which ship with the program: what they say is said once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_CELLS, _MARKUP = re.compile(r"(?<!\\)\|"), re.compile(r"`|\*\*|\[([^\]]*)\]\([^)]*\)")


def tables(page: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each heading of a page that has a table of words under it, and the cells of its rows as plain text."""
    path = next(one for one in (_PACKAGE / page, _PACKAGE.parent / "docs" / page) if one.is_file())
    for section in re.split(r"^#+ ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        heading, *lines = section.splitlines()
        if rows := [_cells(line) for line in lines if line.startswith("| `")]:
            yield heading, rows


def _cells(line: str) -> list[str]:
    cells = _CELLS.split(line)[1:-1]
    return [_MARKUP.sub(lambda found: found[1] or "", cell.strip()).replace("\\|", "|") for cell in cells]
