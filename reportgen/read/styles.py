"""What the styles of a Word file mean for its paragraphs: which are headings, which are in a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree as ET

from reportgen.read.numbering import W


@lru_cache(maxsize=32)  # most files come from one blank, and styles are the longest part of them
def read_styles(xml: bytes) -> tuple[Mapping[str, int], Mapping[str, tuple[str, int]]]:
    """Style id → heading level, and style id → its own list."""
    headings: dict[str, int] = {}
    lists: dict[str, tuple[str, int]] = {}
    styles = {style.get(f"{W}styleId", ""): style for style in ET.fromstring(xml).iter(f"{W}style")} if xml else {}
    for key in styles:
        for style in reversed(_line_of(styles, key)):  # the oldest first, so that its own setting wins
            outline, found = style.find(f"{W}pPr/{W}outlineLvl"), list_of(style.find(f"{W}pPr"))
            if outline is not None:
                headings[key] = int(outline.get(f"{W}val", "9")) + 1
            if found:
                lists[key] = found
    return {key: level for key, level in headings.items() if level <= 4}, lists


def _line_of(styles: Mapping[str, ET.Element], key: str) -> list[ET.Element]:
    """The style and those that it is based on, the nearest first."""
    line: list[ET.Element] = []
    while key in styles and styles[key] not in line:
        line.append(styles[key])
        based = styles[key].find(f"{W}basedOn")
        key = "" if based is None else based.get(f"{W}val", "")
    return line


def list_of(properties: ET.Element | None) -> tuple[str, int] | None:
    """The list and level that paragraph properties put it into."""
    number = None if properties is None else properties.find(f"{W}numPr")
    if number is None:
        return None
    values = {child.tag: child.get(f"{W}val", "") for child in number}
    return values.get(f"{W}numId", ""), int(values.get(f"{W}ilvl") or "0")
