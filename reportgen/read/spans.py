"""The runs of a paragraph as spans: alike neighbours joined, no blanks at the start."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.prose import Span


def unindented(spans: Iterator[Span]) -> Iterator[Span]:
    """Without the blanks typed at the start to indent it: the template has an indent of its own."""
    begun = False
    for span in spans:
        text = span.text if begun else span.text.lstrip(" \t\u3000\u00a0")
        begun = begun or bool(text)
        yield span if text == span.text else Span(text, span.bold)


def joined(start: list[Span], spans: Iterator[Span]) -> list[Span]:
    """Neighbours of one look as one span; a placeholder split over looks stays in the span where it began."""
    done = start
    for span in spans:
        if not span.text:
            continue
        last = done[-1] if done else None
        if last and (last.bold == span.bold or _open_placeholder(last.text)):
            done[-1] = Span(last.text + span.text, last.bold)
        else:
            done.append(span)
    return done


def _open_placeholder(text: str) -> bool:
    opened = max(text.rfind("{{"), text.rfind("｛｛"))
    return opened >= 0 and max(text.rfind("}}"), text.rfind("｝｝")) < opened
