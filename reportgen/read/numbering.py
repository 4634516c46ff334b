"""Word's automatic numbers, worked out: they are not in the text, and a heading without its number would be lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from xml.etree import ElementTree as ET

from reportgen import numerals

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _letters(number: int) -> str:
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    signs = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    text = ""
    for sign, worth in zip(signs, (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), strict=True):
        times, number = divmod(number, worth)
        text += sign * times
    return text


def _digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _series(first: str, count: int) -> Callable[[int], str]:
    """Characters that follow one another from ``first``, such as ⑴ to ⒇; beyond them plain digits."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _stems(number: int) -> str:
    return "甲乙丙丁戊己庚辛壬癸"[number - 1] if 0 < number <= 10 else str(number)


def _nothing(_: int) -> str:
    return ""


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": numerals.chinese,
    "chineseCountingThousand": numerals.chinese,
    "japaneseCounting": numerals.chinese,
    "taiwaneseCounting": numerals.chinese,
    "taiwaneseCountingThousand": numerals.chinese,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "chineseLegalSimplified": numerals.capital_count,
    "ideographTraditional": _stems,
    "ideographEnclosedCircle": _series("㊀", 10),
    "decimalEnclosedCircle": _series("①", 20),
    "decimalEnclosedCircleChinese": _series("①", 20),
    "decimalEnclosedParen": _series("⑴", 20),
    "decimalEnclosedFullstop": _series("⒈", 20),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)}),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "none": _nothing,
    "bullet": _nothing,
}


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    restart: int
    legal: bool


@dataclass(frozen=True, slots=True)
class _List:
    """One use of an abstract list. All its uses count on together, save the levels that begin anew here."""

    abstract: str
    levels: dict[int, _Level]
    anew: frozenset[int]


@dataclass(slots=True)
class Numbering:
    """The lists of one document, counting as its paragraphs go by."""

    lists: dict[str, _List]
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, level: int) -> str:
        """The number that Word shows before the next paragraph of this list, "" for a bullet or none."""
        one = self.lists.get(list_id)
        if not one or level not in one.levels:
            return ""
        levels, counts = one.levels, self.counters.setdefault(one.abstract, {})
        if level in one.anew and (list_id, level) not in self.begun:
            counts.pop(level, None)
        self.begun.add((list_id, level))
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [at for at in counts if at > level and (at not in levels or level < levels[at].restart)]:
            del counts[deeper]
        return self._written(levels, counts, level)

    def bulleted(self, list_id: str, level: int) -> bool:
        """Whether Word shows a bullet before the paragraphs of this list."""
        one = self.lists.get(list_id)
        return bool(one and level in one.levels and one.levels[level].format == "bullet")

    def unfamiliar(self, list_id: str, level: int) -> bool:
        """Whether a number before the paragraphs of this list is in a format that is not known here."""
        one = self.lists.get(list_id)
        shown = one.levels.get(level) if one else None
        if not one or not shown or shown.legal or shown.format in ("bullet", "none"):
            return False
        return any(one.levels[int(at) - 1].format not in _WRITERS for at in re.findall(r"%(\d)", shown.text))

    def _written(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        def one(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            writer = str if levels[level].legal else _WRITERS.get(levels[at].format, str)
            return writer(counts.get(at, levels[at].start))

        return "" if levels[level].format in ("bullet", "none") else re.sub(r"%(\d)", one, levels[level].text)


def read_numbering(xml: bytes) -> Numbering:
    """The lists of word/numbering.xml, none of them begun; b"" gives none."""
    return Numbering(_lists(xml) if xml else {})


@lru_cache(maxsize=32)  # most files come from one blank
def _lists(xml: bytes) -> dict[str, _List]:
    root = ET.fromstring(xml)
    styled = {link.get(f"{W}val"): one for one in root.iter(f"{W}abstractNum") if (link := one.find(f"{W}styleLink")) is not None}
    abstract = {one.get(f"{W}abstractNumId", ""): _levels(_defining(one, styled)) for one in root.iter(f"{W}abstractNum")}
    lists: dict[str, _List] = {}
    for number in root.iter(f"{W}num"):
        link = number.find(f"{W}abstractNumId")
        if link is not None:
            key = link.get(f"{W}val", "")
            lists[number.get(f"{W}numId", "")] = _list(key, abstract.get(key, {}), number)
    return lists


def _defining(abstract: ET.Element, styled: Mapping[str | None, ET.Element]) -> ET.Element:
    """A list that only refers to a list style has its levels there."""
    link = abstract.find(f"{W}numStyleLink")
    return abstract if link is None else styled.get(link.get(f"{W}val"), abstract)


def _list(key: str, levels: dict[int, _Level], number: ET.Element) -> _List:
    """The abstract list's levels, with what this use of it sets otherwise."""
    own, anew = dict(levels), set[int]()
    for override in number.iter(f"{W}lvlOverride"):
        at, start = int(override.get(f"{W}ilvl", "0")), override.find(f"{W}startOverride")
        own |= _levels(override)
        if start is not None and at in own:
            own[at] = replace(own[at], start=int(start.get(f"{W}val", "1")))
            anew.add(at)
    return _List(key, own, frozenset(anew))


def _levels(abstract: ET.Element) -> dict[int, _Level]:
    return {int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.iter(f"{W}lvl")}


def _level(level: ET.Element) -> _Level:
    def value(tag: str, usual: str, bare: str = "") -> str:
        one = level.find(f".//{W}{tag}")  # a format of one's own stands deeper, beside one for older programs
        return usual if one is None else one.get(f"{W}val", bare) or usual

    legal = value("isLgl", "0", bare="1") not in ("0", "false", "off")
    start, restart = int(value("start", "1")), int(value("lvlRestart", "9"))
    return _Level(value("numFmt", "decimal"), value("lvlText", ""), start, restart, legal)
