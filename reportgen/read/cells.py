"""One filled cell of a workbook: its exact number, its day, its address; and text without invisible characters."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from functools import lru_cache

from reportgen.model import frozen

# Formats that a file names by number only. How they look depends on the country; these are the Chinese ones.
DATE, _MONTH, _DAY, _TIME = "yyyy/m/d", 'yyyy"年"m"月"', 'm"月"d"日"', "h:mm:ss"
FORMATS = (
    {1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@"}
    | dict.fromkeys((3, 5, 6, 37, 38, 41, 42), "#,##0") | dict.fromkeys((4, 7, 8, 39, 40, 43, 44), "#,##0.00")
    | dict.fromkeys((14, 15, 22, 30, 31), DATE) | dict.fromkeys((17, 27, 36, 50, 52, 57), _MONTH)
    | dict.fromkeys((16, 28, 29, 51, 53, 54, 58), _DAY)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), _TIME)
)  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*!].')  # quoted words, [colours], escaped and padding characters
_SECTION = re.compile(r'(?:"[^"]*"|[\\_!*].|[^;])+')
_CONDITION = re.compile(r"\[[<>=]")
_FIGURE = re.compile("(?i)[0#?gymdhs]")  # g as in General
_MARK = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(  # controls, half characters, direction marks, zero widths; a joiner may stand inside an emoji
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    f"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")


@frozen
class Cell:
    """A filled cell; blank ones don't exist. ``row`` and ``column`` count from 1.

    ``kind`` is "text", "number", "bool" ("TRUE", "FALSE") or "error" ("#DIV/0!"; "" for a formula never worked out);
    each error has its Trouble. ``text`` of a number is the digits as stored. ``format`` is "" for General.
    """

    row: int
    column: int
    kind: str
    text: str
    formula: bool
    format: str
    since_1904: bool = False

    @property
    def mark(self) -> str:
        """Its address as Excel shows it, such as C7."""
        return mark_of(self.row, self.column)

    def number(self) -> Decimal:
        """The exact value; beyond 15 digits only binary noise is stored, and Excel rounds it off too.

        Raises ValueError for a cell of another kind.
        """
        if self.kind != "number":
            raise ValueError(self.mark)
        value = Decimal(self.text)
        if len(self.text) > 15 and len(value.as_tuple().digits) > 15:
            value = Decimal(f"{float(value):.15g}")
        return value or Decimal(0)  # never minus zero

    def date(self) -> datetime.date | None:
        """The day, without the time; None for anything but a number shown as a date."""
        if self.kind != "number" or not is_date(self.format):
            return None
        days = math.floor(self.number()) + 1462 * self.since_1904
        if not 0 < days < 2_958_466:
            return None
        return datetime.date(1899, 12, 30) + datetime.timedelta(days + (days < 60))  # Excel holds 1900 for a leap year


@lru_cache
def sections(code: str) -> tuple[str, ...]:
    """Where a format with conditions shows a figure: [=0]"-";0.00% → 0.00%; any other format as it is."""
    if not _CONDITION.search(code):
        return (code,)
    found = (one for one in _SECTION.findall(code[:255]) if "[=0]" not in one)  # nought is nought in any of them
    return tuple(one for one in found if _FIGURE.search(_LITERAL.sub("", one))) or (code,)


@lru_cache
def bare_format(code: str) -> str:
    """A number format's first section, for figures above zero, without what it only prints: 0.0"%";-0.0 → 0.0."""
    return _LITERAL.sub("", sections(code)[0][:255]).partition(";")[0]


@lru_cache
def is_date(code: str) -> bool:
    """Whether a number format shows a day, month or year; "m" beside hours or seconds is minutes."""
    letters = bare_format(code).lower()
    return "y" in letters or "d" in letters or ("m" in letters and not set("hs") & set(letters))


def serial(iso: str, since_1904: bool) -> str:
    """An ISO 8601 date as the day number that is usual; what is no date as it is."""
    try:
        when = datetime.datetime.fromisoformat(iso)
    except ValueError:
        return iso
    days = when.toordinal() - 693_594 - 1462 * since_1904
    part = datetime.timedelta(hours=when.hour, minutes=when.minute, seconds=when.second) / datetime.timedelta(1)
    return f"{days - (days <= 60 and not since_1904) + part:.15g}"


@lru_cache(maxsize=16_384)  # the same few thousand addresses in every sheet of every workbook
def row_and_column(mark: str) -> tuple[int, int]:
    """C7 → (7, 3); ValueError for anything else."""
    if not (found := _MARK.fullmatch(mark)):
        raise ValueError(mark)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


@lru_cache(maxsize=16_384)
def mark_of(row: int, column: int) -> str:
    """(7, 3) → C7."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def clean(text: str) -> tuple[str, bool]:
    """The text without invisible characters and with \\n for every line end; whether anything was taken out."""
    if text.isprintable():  # to Python, none of the invisible ones is
        return text, False
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    clean = _INVISIBLE.sub("", paired)
    return clean, clean != paired


def private(text: str) -> str:
    """The characters without a standard code, which only the typist's own fonts show, as U+E863; "" for none."""
    if text.isprintable():  # to Python, none of them is
        return ""
    return "、".join(f"U+{ord(one):04X}" for one in dict.fromkeys(_PRIVATE.findall(text)))
