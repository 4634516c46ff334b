"""Word's automatic numbers, worked out: they are not in the text, and a heading without its number would be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from reportgen import numerals

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def _letters(number: int) -> str:
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else str(number)


def _nothing(_: int) -> str:
    return ""


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": numerals.chinese,
    "chineseCountingThousand": numerals.chinese,
    "japaneseCounting": numerals.chinese,
    "ideographDigital": numerals.chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "decimalFullWidth": str,
    "none": _nothing,
    "bullet": _nothing,
}


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of one document, counting as its paragraphs go by."""

    levels: dict[str, dict[int, _Level]]
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, list_id: str, level: int) -> str:
        """The number that Word shows before the next paragraph of this list, "" for a bullet or none."""
        levels = self.levels.get(list_id)
        if not levels or level not in levels:
            return ""
        counts = self.counters.setdefault(list_id, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return self._written(levels, counts, level)

    def _written(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        def one(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            writer = _WRITERS.get(levels[at].format, str)
            return writer(counts.get(at, levels[at].start))

        return "" if levels[level].format in ("bullet", "none") else re.sub(r"%(\d)", one, levels[level].text)


def read_numbering(xml: bytes) -> Numbering:
    """The lists of word/numbering.xml; b"" gives none."""
    if not xml:
        return Numbering({})
    root = ET.fromstring(xml)
    abstract = {one.get(f"{W}abstractNumId"): _levels(one) for one in root.iter(f"{W}abstractNum")}
    lists: dict[str, dict[int, _Level]] = {}
    for number in root.iter(f"{W}num"):
        link = number.find(f"{W}abstractNumId")
        if link is not None:
            lists[number.get(f"{W}numId", "")] = abstract.get(link.get(f"{W}val"), {})
    return Numbering(lists)


def _levels(abstract: ET.Element) -> dict[int, _Level]:
    return {int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.iter(f"{W}lvl")}


def _level(level: ET.Element) -> _Level:
    values = {tag: level.find(f"{W}{tag}") for tag in ("numFmt", "lvlText", "start")}
    texts = {tag: "" if one is None else one.get(f"{W}val", "") for tag, one in values.items()}
    return _Level(texts["numFmt"] or "decimal", texts["lvlText"], int(texts["start"] or "1"))
