"""Which paragraphs of a Word file are headings, and of what level."""

from __future__ import annotations

import re

NUMBERS = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (1, r"(?:[一二三四五六七八九十]+|[壹贰叁肆伍陆柒捌玖拾]+)、\s*"),
        (2, r"[（(][一二三四五六七八九十]+[）)]\s*"),
        (3, r"\d{1,2}(?:[.．]|、)\s*(?!\d(?!\d{3}年))"),  # 1.5亿元 is no heading, 1.2024年预算 is one
        (4, r"[（(]\d{1,2}[）)]\s*"),
    )
)
HEADING_LENGTH = 40


def level_of(text: str, style_level: int, own_level: int) -> int:
    """By its text first (一、 （一） 1. （1）), whatever its style; a heading without number by its own level or its style.

    Whole paragraphs are given a level of their own too, to be seen beside the text: those are no headings.
    """
    text = text.strip()
    short = len(text) <= HEADING_LENGTH and not text.endswith(("。", "；", "，", "：", "、"))
    if not short and not style_level:
        return 0
    unnumbered = own_level if short and own_level else style_level
    return next((level for level, pattern in NUMBERS if pattern.match(text)), unnumbered)
