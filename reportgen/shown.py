"""{{ 名称|格式 }} in prose, in cells of type 文稿 and in sentences of YAML; and the nearest name to a wrong one.

Prose is never compiled: a placeholder is one name and formats, looked up. What it shows is marked with its fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from inspect import signature
from typing import Any, TypeVar

from reportgen.formats import COMPARING, FORMATS, NOT_IN_PROSE, FormatError, NoValue, fixed, instead, places_of, usual
from reportgen.model import Fact

__all__ = ["FORMATS", "NOT_IN_PROSE", "FormatError", "NoValue", "fill", "half_written", "has_placeholder", "mistakes", "nearest",
           "usual"]  # fmt: skip

T = TypeVar("T")
_PLACEHOLDER = re.compile(r"(?:\{\{|｛｛)((?:(?!\{\{|｛｛).)*?)(?:\}\}|｝｝)", re.DOTALL)
_BRACES = re.compile("[{}｛｝]+[%％]?")
_ARGUMENTS = re.compile(r"[（(](.*)[)）]$")


def nearest(name: str, names: Iterable[str]) -> str:
    """“，您是不是要找“…””, or "" when nothing is near."""
    close = get_close_matches(name, sorted(names), 1, 0.5 if len(name) < 3 else 0.6)  # 万圆 is half of 万元
    return f"，您是不是要找“{close[0]}”" if close else ""


def has_placeholder(text: str) -> bool:
    """Whether ``fill`` would have something to do."""
    return "{{" in text or "｛｛" in text


def fill(
    text: str, names: Callable[[str], Fact | str | None], known: Collection[str] = (), gap: str = ""
) -> tuple[str, list[FormatError]]:
    """``text`` with its placeholders filled and marked, and what is wrong with each that could not be.

    ``known`` are all names there are: one of them that has no value is blank, any other is a mistake. What could not be
    filled stays as it is, or becomes the ``gap``.
    """
    complaints: list[FormatError] = []

    def one(found: re.Match[str]) -> str:
        try:
            return _shown(found[1], names, known)
        except FormatError as error:
            complaints.append(error)
            return gap or found[0]

    return (_PLACEHOLDER.sub(one, text) if has_placeholder(text) else text), complaints


def half_written(stray: str) -> str:
    """What is said of braces that found no partners."""
    return f"“{stray}”没有写完整：占位要写成两对花括号中间夹名称"


def mistakes(text: str, known: Collection[str]) -> Iterator[str]:
    """A sentence for each placeholder that could never be filled: no such name, no such format, half of its braces."""
    if stray := _BRACES.search(_PLACEHOLDER.sub("", text)):
        yield half_written(stray[0])
    for found in _PLACEHOLDER.finditer(text):
        name, formats = _parts(found[1])
        try:
            shown = [_format(format_text) for format_text in formats]
            for one in (name, *(word for show, words in shown if show in COMPARING for word in words)):
                if one not in known:
                    raise _unknown(one, known)
        except FormatError as error:
            yield str(error)


@lru_cache(maxsize=4096)
def _parts(inside: str) -> tuple[str, list[str]]:
    name, *formats = (part.strip() for part in inside.replace("｜", "|").split("|"))
    return name, formats


def _unknown(name: str, known: Collection[str]) -> FormatError:
    return FormatError(f"没有叫“{name}”的数据项{nearest(name, known)}")


def _shown(inside: str, names: Callable[[str], Fact | str | None], known: Collection[str]) -> str:
    def found(name: str) -> Fact | str | None:
        thing = names(name)
        if thing is None and name not in known:
            raise _unknown(name, known)
        return thing

    name, formats = _parts(inside)
    thing: Any = found(name)
    for format_text in formats:
        show, words = _format(format_text)
        if thing is None and show is not instead:
            break
        thing = show(thing, *(_filled(found(word), word) if show in COMPARING else word for word in words))
    return usual(_filled(thing, name))


def _filled(thing: T | None, name: str) -> T:
    if thing is None:
        raise NoValue(name)
    return thing


@lru_cache(maxsize=4096)
def _format(text: str) -> tuple[Callable[..., Any], list[str]]:
    """The format and its arguments; FormatError when prose has no such format or it takes no such arguments."""
    arguments = _ARGUMENTS.search(text)
    name, words = _ARGUMENTS.sub("", text).strip(), _words(arguments[1] if arguments else "")
    if name not in FORMATS or name in NOT_IN_PROSE:
        raise FormatError(f"没有叫“{name}”的格式{nearest(name, FORMATS.keys() - NOT_IN_PROSE)}")
    try:
        signature(FORMATS[name]).bind(None, *words)
    except TypeError as error:
        raise FormatError(f"格式“{name}”的括号里不是这样写") from error
    if FORMATS[name] is fixed and words:
        places_of(*words)
    return FORMATS[name], words


def _words(text: str) -> list[str]:
    return [word.strip(" \"'“”‘’") for word in re.split("[,，]", text)] if text.strip() else []
