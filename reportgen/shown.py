"""How facts are written: the formats that templates, prose and explanations may name, and {{ 名称|格式 }} in prose.

Prose is never compiled: a placeholder is one name and formats, looked up. What it shows is marked with its fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from reportgen import marks, numerals
from reportgen.model import Fact

_PLACEHOLDER = re.compile(r"(?:\{\{|｛｛)(.*?)(?:\}\}|｝｝)", re.DOTALL)
_ARGUMENTS = re.compile(r"[（(](.*)[)）]$")


class FormatError(ValueError):
    """A format can't show this value; the message is a bare sentence."""


def figure(fact: Fact, text: str) -> str:
    """``text`` marked as showing ``fact``; words are no figures and stay unmarked."""
    return marks.figure(fact.number, text) if isinstance(fact.value, Decimal) else text


def usual(fact: Any) -> str:
    """A fact as its unit has it; text as it is."""
    value = fact.value if isinstance(fact, Fact) else fact
    if isinstance(value, Decimal):
        return figure(fact, numerals.show(value, fact.unit, fact.decimals)) if isinstance(fact, Fact) else f"{value:f}"
    if isinstance(value, date):
        return numerals.date_text(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _number(fact: Any) -> Decimal:
    if not isinstance(fact, Fact) or not isinstance(fact.value, Decimal):
        raise FormatError(f"“{getattr(fact, 'name', fact)}”不是数")
    return fact.value


def _money(unit: str) -> Callable[[Any], str]:
    def show(fact: Any) -> str:
        value = _number(fact)
        if fact.unit not in numerals.MONEY:
            raise FormatError(f"“{fact.name}”的单位不是元、万元或亿元，不能写成{unit}")
        amount = value * numerals.MONEY[fact.unit] / numerals.MONEY[unit]
        return figure(fact, numerals.grouped(amount, 2)) + unit

    return show


def _percent(fact: Any) -> str:
    return figure(fact, numerals.show(_number(fact), "%", 2))


def _with_unit(fact: Any) -> str:
    _number(fact)
    return usual(fact) + ("" if fact.unit in ("%", "‰") else fact.unit)


def _absolute(fact: Any) -> Fact:
    shown: Fact = replace(fact, value=abs(_number(fact)))
    return shown


def _whole(fact: Any) -> str:
    return figure(fact, numerals.grouped(_number(fact), 0))


def _direction(fact: Any, up: str = "增长", down: str = "下降", level: str = "持平") -> str:
    value = _number(fact)
    if not value:
        return level
    shown = usual(_absolute(fact)) if fact.unit == "%" else _with_unit(_absolute(fact))
    return (up if value > 0 else down) + shown


def _day(fact: Any) -> str:
    if not isinstance(fact, Fact) or not isinstance(fact.value, date):
        raise FormatError(f"“{getattr(fact, 'name', fact)}”不是日期")
    return numerals.date_text(fact.value)


def _month(fact: Any) -> str:
    return _day(fact).rpartition("月")[0] + "月"


def _chinese(number: Any) -> str:
    return numerals.chinese(int(_number(number) if isinstance(number, Fact) else number))


def _lines(text: Any) -> list[str]:
    return [line for line in usual(text).split("\n") if line.strip()]


def _joined(things: Iterable[Any]) -> str:
    return "、".join(usual(thing) for thing in things)


def _or(thing: Any, text: str) -> Any:
    present = isinstance(thing, Fact) or (isinstance(thing, str) and thing)
    return thing if present else text


FORMATS: dict[str, Callable[..., Any]] = {
    "默认": usual,
    "元": _money("元"),
    "万元": _money("万元"),
    "亿元": _money("亿元"),
    "百分比": _percent,
    "带单位": _with_unit,
    "绝对": _absolute,
    "整数": _whole,
    "增减": _direction,
    "日期": _day,
    "年月": _month,
    "中文数字": _chinese,
    "分行": _lines,
    "顿号": _joined,
    "或": _or,
}


def nearest(name: str, names: Iterable[str]) -> str:
    """“，您是不是要找“…””, or "" when nothing is near."""
    close = get_close_matches(name, list(names), 1, 0.6)
    return f"，您是不是要找“{close[0]}”" if close else ""


def has_placeholder(text: str) -> bool:
    """Whether ``fill`` would have something to do."""
    return "{{" in text or "｛｛" in text


def fill(text: str, names: Callable[[str], Fact | str | None], known: Iterable[str] = ()) -> tuple[str, list[str]]:
    """``text`` with its placeholders filled and marked, and a sentence for each that could not be."""
    complaints: list[str] = []

    def one(found: re.Match[str]) -> str:
        try:
            return _shown(found[1], names, known)
        except FormatError as error:
            complaints.append(str(error))
            return found[0]

    return (_PLACEHOLDER.sub(one, text) if has_placeholder(text) else text), complaints


def _shown(inside: str, names: Callable[[str], Fact | str | None], known: Iterable[str]) -> str:
    name, *formats = (part.strip() for part in inside.replace("｜", "|").split("|"))
    thing: Any = names(name)
    if thing is None:
        raise FormatError(f"没有叫“{name}”的数据项{nearest(name, known)}")
    for format_text in formats:
        arguments = _ARGUMENTS.search(format_text)
        format_name = _ARGUMENTS.sub("", format_text)
        if format_name not in FORMATS or format_name == "默认":
            raise FormatError(f"没有叫“{format_name}”的格式{nearest(format_name, FORMATS)}")
        thing = FORMATS[format_name](thing, *_words(arguments[1] if arguments else ""))
    return usual(thing)


def _words(text: str) -> list[str]:
    return [word.strip(" \"'“”‘’") for word in re.split("[,，]", text)] if text.strip() else []
