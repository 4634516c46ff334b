"""What a format or a comparison makes of values that are not there yet: tried with made-up ones of the same type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen.define.types import NUMBER, SAMPLES, TEXT
from reportgen.formats import FORMATS, FormatError
from reportgen.model import Fact, FactBook
from reportgen.numerals import YUAN
from reportgen.write.shape import BARE, Shape

Named = tuple[str, Shape | None]  # how the template calls it, and what is known of it
_UNITS = ("", "%", YUAN)  # one of each sort, where only the data know the unit


def formatted(name: str, given: Named, more: Sequence[Named | str | int]) -> tuple[str, Shape | None]:
    """What is wrong with the format of a value, "" where nothing is; and what it gives, None when that can't be said."""
    known = [one[1] for one in (given, *more) if isinstance(one, tuple)]
    if not all(one and one.type and one is not BARE for one in known):
        return "", None
    said = ""
    for unit in _UNITS:
        book = FactBook()
        first, *others = (_sample(book, *one, unit) if isinstance(one, tuple) else one for one in (given, *more))
        try:
            return "", _given(FORMATS[name](first, *others))
        except FormatError as error:
            said = said or str(error)
        except TypeError:
            return f"格式“{name}”的括号里不是这样写", None
    return said, None


def _sample(book: FactBook, called: str, known: Shape | None, unit: str) -> Fact:
    """A fact as there will be one, that of the year before included."""
    assert known
    value, unit = SAMPLES[known.type], unit if known.unit is None else known.unit
    return book.add(called, value, unit=unit, before=book.add(called, value, unit=unit))


def _given(made: Any) -> Shape | None:
    if isinstance(made, Fact):
        return Shape(type=NUMBER, unit=made.unit)
    return Shape(type=TEXT, unit="") if isinstance(made, str) else None


def incomparable(sides: Sequence[Named]) -> str:
    """Why the sides of a comparison can't be compared, "" where they can as far as is known."""
    several = [called for called, known in sides if known and not known.leaf]
    if several:
        return f"“{several[0]}”是一组内容，不能比较"
    typed = [(called, known.type) for called, known in sides if known and known.type]
    if len({kind for _, kind in typed}) < 2:
        return ""
    return f"{'，'.join(f'“{called}”是{kind}' for called, kind in typed)}，不能比较"
