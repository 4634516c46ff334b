"""How facts are written: the formats that templates, prose and explanations may name, and {{ 名称|格式 }} in prose.

Prose is never compiled: a placeholder is one name and formats, looked up. What it shows is marked with its fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from inspect import signature
from itertools import groupby, zip_longest
from typing import Any, TypeVar

from reportgen import marks, numerals
from reportgen.model import Equation, Fact

T = TypeVar("T")
_PLACEHOLDER = re.compile(r"(?:\{\{|｛｛)(.*?)(?:\}\}|｝｝)", re.DOTALL)
_ARGUMENTS = re.compile(r"[（(](.*)[)）]$")


class FormatError(ValueError):
    """A format can't show this value; the message is a bare sentence."""


def figure(fact: Fact, text: str) -> str:
    """``text`` marked as showing ``fact``; words are no figures and stay unmarked."""
    return marks.figure(fact.number, text) if isinstance(fact.value, Decimal) else text


def usual(fact: Any) -> str:
    """A fact as its unit has it; text as it is."""
    if isinstance(fact, Fact) and fact.typed:
        return fact.typed
    value = fact.value if isinstance(fact, Fact) else fact
    if isinstance(value, Decimal):
        return figure(fact, numerals.show(value, fact.unit, fact.decimals)) if isinstance(fact, Fact) else f"{value:f}"
    if isinstance(value, date):
        return numerals.date_text(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _value(thing: Any, wanted: type[T], called: str) -> T:
    """A fact's value; a complaint calls anything else by its name, or by the text as a reader sees it."""
    if isinstance(thing, Fact) and isinstance(thing.value, wanted):
        return thing.value
    raise FormatError(f"“{thing.name if isinstance(thing, Fact) else marks.plain(str(thing))}”不是{called}")


def _number(fact: Any) -> Decimal:
    return _value(fact, Decimal, "数")


def _money(unit: str, fact: Any) -> str:
    value = _number(fact)
    if fact.unit not in numerals.MONEY:
        raise FormatError(f"“{fact.name}”的单位不是元、万元或亿元，不能写成{unit}")
    amount = value * numerals.MONEY[fact.unit] / numerals.MONEY[unit]
    return figure(fact, numerals.grouped(amount, 2)) + unit


def _percent(fact: Any) -> str:
    value = _number(fact)
    if fact.unit and fact.unit not in numerals.SCALE:
        raise FormatError(f"“{fact.name}”的单位是{fact.unit}，不能写成百分比")
    return figure(fact, numerals.show(value, "%", 2))


def _with_unit(fact: Any) -> str:
    """527.00万元, 3.81%, 12.30/10万: the sign of a per cent is already there, the 1 of 1/10万 is not said."""
    _number(fact)
    return usual(fact) + ("" if fact.unit in ("%", "‰") else fact.unit.removeprefix("1"))


def _absolute(fact: Fact) -> Fact:
    return replace(fact, value=abs(_number(fact)))


def _whole(fact: Any) -> str:
    return figure(fact, numerals.show(_number(fact), fact.unit, 0))


def _fixed(fact: Any, places: Any = 2) -> str:
    shown = _number(fact) * numerals.SCALE.get(fact.unit, Decimal(1))
    return figure(fact, numerals.grouped(shown, int(places)))


def _direction(fact: Any, up: str = "增长", down: str = "下降", level: str = "持平") -> str:
    value = _number(fact)
    if not value:
        return level
    return (up if value > 0 else down) + _with_unit(_absolute(fact))


def _day(fact: Any) -> str:
    return numerals.date_text(_value(fact, date, "日期"))


def _month(fact: Any) -> str:
    return _day(fact).rpartition("月")[0] + "月"


def _chinese(number: Any) -> str:
    value = number if isinstance(number, int) else _number(number)
    if value != int(value):
        raise FormatError(f"“{number.name}”不是整数")
    return numerals.chinese(int(value))


def _lines(text: Any) -> list[str]:
    """The elements of a list; the lines of anything else."""
    if isinstance(text, Fact) and isinstance(text.value, tuple):
        return list(text.value)
    return [line for line in usual(text).split("\n") if line.strip()]


def _grouped(rows: Any, column: str) -> list[dict[str, Any]]:
    """Neighbouring rows that agree in ``column``: 序 from 1, 名, and 行, the rows themselves."""
    together = [(name, list(group)) for name, group in groupby(rows, lambda row: usual(row[column]))]
    return [{"序": number, "名": name, "行": group} for number, (name, group) in enumerate(together, 1)]


def _side_by_side(rows: Any, others: Any) -> list[dict[str, Any]]:
    """Two tables row by row, 左 and 右; where the shorter one has ended its columns are blank."""
    blanks = [dict.fromkeys(table[0], "") if table else {} for table in (rows, others)]
    pairs = zip_longest(rows, others)
    return [{"左": blanks[0] if left is None else left, "右": blanks[1] if right is None else right} for left, right in pairs]


def _equations(text: Any) -> tuple[Equation, ...]:
    return tuple(Equation(line.strip()) for line in _lines(text))


def _joined(things: Any) -> str:
    return usual(things) if isinstance(things, Fact | str) else "、".join(usual(thing) for thing in things)


def _or(thing: Any, text: str) -> Any:
    present = isinstance(thing, Fact) or (isinstance(thing, str) and thing)
    return thing if present else text


FORMATS: dict[str, Callable[..., Any]] = {
    "默认": usual,
    **{unit: partial(_money, unit) for unit in ("元", "万元", "亿元")},
    "百分比": _percent,
    "带单位": _with_unit,
    "绝对": _absolute,
    "整数": _whole,
    "小数": _fixed,
    "增减": _direction,
    "日期": _day,
    "年月": _month,
    "中文数字": _chinese,
    "分行": _lines,
    "公式": _equations,
    "分组": _grouped,
    "并列": _side_by_side,
    "顿号": _joined,
    "或": _or,
}


NOT_IN_PROSE = frozenset({"默认", "分行", "分组", "并列", "公式", "顿号"})  # what only a template needs


def nearest(name: str, names: Iterable[str]) -> str:
    """“，您是不是要找“…””, or "" when nothing is near."""
    close = get_close_matches(name, sorted(names), 1, 0.5 if len(name) < 3 else 0.6)  # 万圆 is half of 万元
    return f"，您是不是要找“{close[0]}”" if close else ""


def has_placeholder(text: str) -> bool:
    """Whether ``fill`` would have something to do."""
    return "{{" in text or "｛｛" in text


def fill(text: str, names: Callable[[str], Fact | str | None], known: Collection[str] = ()) -> tuple[str, list[str]]:
    """``text`` with its placeholders filled and marked, and a sentence for each that could not be.

    ``known`` are all names there are: one of them that has no value is blank, any other is a mistake.
    """
    complaints: list[str] = []

    def one(found: re.Match[str]) -> str:
        try:
            return _shown(found[1], names, known)
        except FormatError as error:
            complaints.append(str(error))
            return found[0]

    return (_PLACEHOLDER.sub(one, text) if has_placeholder(text) else text), complaints


def mistakes(text: str, known: Collection[str]) -> Iterator[str]:
    """A sentence for each placeholder that could never be filled: no such name, no such format."""
    for found in _PLACEHOLDER.finditer(text):
        name, formats = _parts(found[1])
        try:
            if name not in known:
                raise _unknown(name, known)
            for format_text in formats:
                _format(format_text)
        except FormatError as error:
            yield str(error)


def _parts(inside: str) -> tuple[str, list[str]]:
    name, *formats = (part.strip() for part in inside.replace("｜", "|").split("|"))
    return name, formats


def _unknown(name: str, known: Collection[str]) -> FormatError:
    return FormatError(f"没有叫“{name}”的数据项{nearest(name, known)}")


def _shown(inside: str, names: Callable[[str], Fact | str | None], known: Collection[str]) -> str:
    name, formats = _parts(inside)
    thing: Any = names(name)
    if thing is None and name not in known:
        raise _unknown(name, known)
    for format_text in formats:
        show, words = _format(format_text)
        if thing is None and show is not _or:
            break
        thing = show(thing, *words)
    if thing is None:
        raise FormatError(f"“{name}”没有数（空着，或算它要用的数空着）；可以空着的，写成“{name}|或(…)”")
    return usual(thing)


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
    return FORMATS[name], words


def _words(text: str) -> list[str]:
    return [word.strip(" \"'“”‘’") for word in re.split("[,，]", text)] if text.strip() else []
