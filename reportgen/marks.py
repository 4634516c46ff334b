"""Control characters that carry structure through plain text until the document is written.

Reading strips C0 controls from everything handed in and XML forbids them, so a mark can neither be
forged by data nor survive unnoticed: the strict gate refuses any that is left.
"""

from __future__ import annotations

import re

FIGURE, FIGURE_TEXT, FIGURE_END = "\x04", "\x05", "\x06"
RUN, RUN_TEXT, RUN_END = "\x02", "\x10", "\x03"
BLOCK, BLOCK_KEY = "\x1e", "\x1f"
CAPTION, REFERENCE, NAME_END = "\x0e", "\x0f", "\x12"

PENDING = "【待补】"  # what a draft prints where something is still missing

FIGURES = re.compile(f"{FIGURE}(\\d+){FIGURE_TEXT}([^{FIGURE}-{FIGURE_END}]*){FIGURE_END}")


def figure(number: int, text: str) -> str:
    """``text`` marked as showing fact ``number``."""
    return f"{FIGURE}{number}{FIGURE_TEXT}{text}{FIGURE_END}"


def plain(text: str) -> str:
    """``text`` as a reader sees it: the marks gone, the figures kept."""
    if FIGURE not in text:
        return text
    pieces = FIGURES.split(text)  # text, number, what is shown, text, number, …
    del pieces[1::3]
    return "".join(pieces)
