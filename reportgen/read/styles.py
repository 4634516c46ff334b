"""What the styles of a Word file mean for its words: which are headings, in a list, struck out or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree as ET

from reportgen.read.numbering import W

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Styles:
    """By style id: the heading level, the list it puts a paragraph into, how its words look."""

    headings: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    looks: dict[str, dict[str, str]] = field(default_factory=dict)


@lru_cache(maxsize=32)  # most files come from one blank, and styles are the longest part of them
def read_styles(xml: bytes) -> Styles:
    """What each style sets, or has from the style that it is based on; b"" gives none."""
    found = Styles()
    styles = {style.get(f"{W}styleId", ""): style for style in ET.fromstring(xml).iter(f"{W}style")} if xml else {}
    for key in styles:
        for style in reversed(_line_of(styles, key)):  # the oldest first, so that its own setting wins
            properties = style.find(f"{W}pPr")
            outline, listed = _outline(properties), list_of(properties)
            if outline:
                found.headings[key] = outline if outline <= DEEPEST else 0
            if listed:
                found.lists[key] = listed
            found.looks[key] = found.looks.get(key, {}) | look_of(style)
    return found


def _line_of(styles: Mapping[str, ET.Element], key: str) -> list[ET.Element]:
    """The style and those that it is based on, the nearest first."""
    line: list[ET.Element] = []
    while key in styles and styles[key] not in line:
        line.append(styles[key])
        based = styles[key].find(f"{W}basedOn")
        key = "" if based is None else based.get(f"{W}val", "")
    return line


def _outline(properties: ET.Element | None) -> int:
    """The outline level that paragraph properties set, from 1 on; 0 where they set none."""
    outline = None if properties is None else properties.find(f"{W}outlineLvl")
    return 0 if outline is None else int(outline.get(f"{W}val", "9")) + 1


def outline_of(properties: ET.Element | None) -> int:
    """The heading level that paragraph properties set by themselves, 0 for none."""
    level = _outline(properties)
    return level if level <= DEEPEST else 0


def look_of(element: ET.Element) -> dict[str, str]:
    """How a run or style looks: what it sets, and to what; "1" where only the name stands. The first of a name counts."""
    return {one.tag: one.get(f"{W}val", "1") for looks in element.findall(f"{W}rPr")[::-1] for one in looks[::-1]}


def list_of(properties: ET.Element | None) -> tuple[str, int] | None:
    """The list and level that paragraph properties put it into."""
    number = None if properties is None else properties.find(f"{W}numPr")
    if number is None:
        return None
    values = {child.tag: child.get(f"{W}val", "") for child in number}
    return values.get(f"{W}numId", ""), int(values.get(f"{W}ilvl") or "0")
