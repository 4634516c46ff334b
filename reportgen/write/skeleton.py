"""The structure of a document as letters, one for each tag of a kind; what must hold of it is said as patterns of letters.

Table, row, cell and paragraph are T R C P, closed by t r c p; X is a text box, S a control for content, G a column of the
table's grid, + a column that a row has besides its cells; ( and ) begin and end a field, I is its instruction, O that of
the table of contents, F a whole field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = {b"tbl": "T", b"tr": "R", b"tc": "C", b"p": "P", b"txbxContent": "X", b"sdt": "S", b"gridCol": "G"}
_FIELDS = {b"begin": "(", b"end": ")"}
_TAG = re.compile(
    rb"<(/?w:(?:t(?:bl|r|c|xbxContent)|p|sdt|grid(?:Col|Span|Before|After)|fldChar)(?:[ /][^>]*)?(?=>)"
    rb"|w:instrText(?: [^>]*)?>(?:\s*TOC\b)?)"
)
_READ = re.compile(rb'(/?)w:(\w+)(?:.*? w:(?:val|fldCharType)="(\w+)")?', re.DOTALL)
_WRONG = {
    "表格没有行": re.compile("T(?!(?:Gg)*[RS])"),
    "表格行没有格子": re.compile(r"R(?!\+*[CS])"),
    "有的格子没有以段落结尾": re.compile("(?<![ps])c"),
}
_TABLE, _BOX, _FIELD = re.compile("T([^Tt]*)t"), re.compile("X[^Xx]*x"), re.compile(r"\(I([^()O]*)\)")
_CONTENTS = re.compile(r"P[^Pp]*\(O(?:[^Pp)]*pP(?=[^Pp]*[F)]))*[^Pp)]*\)[^Pp]*p")  # an entry holds a field, or ends this one


def faults(document: bytes, blocks: int) -> Iterator[str]:
    """What Word would not open: tables have rows, rows cells, cells end with a paragraph, rows fill the columns.

    And that there are as many ``blocks``, paragraphs outside tables and rows, as planned; the contents' own don't count.
    """
    whole = rest = "".join(map(_letter, _TAG.findall(document)))
    yield from (said for said, wrong in _WRONG.items() if wrong.search(whole))
    while tables := list(_TABLE.finditer(rest)):  # those that hold no other first
        for table in tables:
            if _is_uneven(table[1]):
                yield f"第 {whole.count('T', 0, table.start()) + 1} 个表格有一行的列数与表格不同"
        rest = _TABLE.sub(_rows, rest)
    number = _blocks(rest)
    if number != blocks:
        yield f"应有 {blocks} 个段落和表格行，文中有 {number} 个"


@lru_cache(maxsize=4096)
def _letter(tag: bytes) -> str:
    found = _READ.match(tag)
    assert found
    closing, name, value = found.groups()
    if name not in _LETTERS:
        wide = name.startswith(b"grid") and int(value or 1) - (name == b"gridSpan")
        instruction = "" if name != b"instrText" else "O" if tag.endswith(b"TOC") else "I"
        return "+" * wide or _FIELDS.get(value, instruction)
    letter = _LETTERS[name]
    return letter.lower() if closing else letter + letter.lower() if tag.endswith(b"/") else letter


def _is_uneven(table: str) -> bool:
    """Whether a row takes other columns than the table has."""
    columns = table.count("G")
    return any(row.count("C") + row.count("+") != columns for row in table.split("r")[:-1])


def _rows(table: re.Match[str]) -> str:
    """Nothing of a table but its rows; what follows stays where it is."""
    return ("R" * table[1].count("r")).ljust(len(table[0]))


def _blocks(letters: str) -> int:
    """The paragraphs, and the rows that tables have left; not what text boxes hold, nor the contents from first to last."""
    for pattern, by in ((_BOX, ""), (_FIELD, r"F\1")):
        while (shorter := pattern.sub(by, letters)) != letters:
            letters = shorter
    letters = _CONTENTS.sub("", letters)
    return letters.count("P") + letters.count("R")
