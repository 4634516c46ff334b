"""How facts are written: the formats that templates, prose and explanations may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby, zip_longest
from typing import Any, TypeVar

from reportgen import marks, numerals
from reportgen.model import Fact
from reportgen.prose import Equation

T = TypeVar("T")
PLACES = [str(places) for places in range(11)]


class FormatError(ValueError):
    """A format can't show this value; the message is a bare sentence."""


class NoValue(FormatError):
    """There is no value to show: ``name`` is blank."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”没有数（空着，或算它要用的数空着）；可以空着的，写成“{name}|或(…)”")
        self.name = name


def figure(fact: Fact, text: str) -> str:
    """``text`` marked as showing ``fact``; words are no figures and stay unmarked."""
    return marks.figure(fact.number, text) if isinstance(fact.value, Decimal) else text


def usual(fact: Any) -> str:
    """A fact as its unit has it; text as it is."""
    if not isinstance(fact, Fact):
        return _text(fact)
    if fact.typed:
        return fact.typed
    if isinstance(fact.value, Decimal):
        return marks.figure(fact.number, numerals.show(fact.value, fact.unit, fact.decimals))
    return _text(fact.value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
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


def _yuan(fact: Any, called: str) -> Decimal:
    value = _number(fact)
    if fact.unit not in numerals.MONEY:
        raise FormatError(f"“{fact.name}”的单位不是元、万元或亿元，不能写成{called}")
    return value * numerals.MONEY[fact.unit]


def _money(unit: str, fact: Any) -> str:
    return figure(fact, numerals.grouped(_yuan(fact, unit) / numerals.MONEY[unit], 2)) + unit


def _capital(fact: Any) -> str:
    yuan = _yuan(fact, "大写金额")
    if abs(yuan) >= numerals.READABLE:
        raise FormatError(f"“{fact.name}”太大，不能写成大写金额")
    return figure(fact, numerals.capital(yuan))


def _share(called: str, unit: str, fact: Any) -> str:
    value = _number(fact)
    if fact.unit and fact.unit not in numerals.SCALE:
        raise FormatError(f"“{fact.name}”的单位是{fact.unit}，不能写成{called}")
    return figure(fact, numerals.show(value, unit, 2))


def _points(fact: Any, up: str = "", down: str = "", level: str = "持平") -> str:
    """3.20个百分点, the difference of two per cents; with words for up and down as 增减 has them."""
    if up:
        return _direction(fact, up, down, level, show=_points)
    return _share("百分点", "%", fact).replace("%", "") + "个百分点"


def _with_unit(fact: Any) -> str:
    """527.00万元, 3.81%, 12.30/10万: the sign of a per cent is already there, the 1 of 1/10万 is not said."""
    _number(fact)
    return usual(fact) + ("" if fact.unit in ("%", "‰") else fact.unit.removeprefix("1"))


def _absolute(fact: Fact) -> Fact:
    return replace(fact, value=abs(_number(fact)))


def _whole(fact: Any) -> str:
    return figure(fact, numerals.show(_number(fact), fact.unit, 0))


def fixed(fact: Any, places: Any = 2) -> str:
    """The bare number in so many decimals."""
    shown = _number(fact) * numerals.SCALE.get(fact.unit, Decimal(1))
    return figure(fact, numerals.grouped(shown, places_of(places)))


def places_of(typed: Any) -> int:
    """The decimals that 小数 is asked for."""
    if str(typed) not in PLACES:
        raise FormatError(f"“小数”的括号里要写0到{PLACES[-1]}的整数，现为“{typed}”")
    return int(typed)


def _direction(
    fact: Any, up: str = "增长", down: str = "下降", level: str = "持平", *, show: Callable[[Fact], str] = _with_unit
) -> str:
    value = _number(fact)
    if not value:
        return level
    return (up if value > 0 else down) + show(_absolute(fact))


def _over_year(fact: Any, base: Any = None) -> str:
    """同比增长9.55%; of a per cent, the difference: 同比增长3.20个百分点."""
    own, before = _number(fact), fact.before if base is None else base
    if before is None:
        raise FormatError(f"“{fact.name}”没有上年数，算不出同比；请补填，或写成“同比(上年数的名称)”")
    if fact.unit == "%":
        change = own - _alike(fact, before, "同比")[1]
        return "同比" + _points(_worked("同比", "{0} - {1}", "{0}－{1}", change, fact, before), "增长", "下降")
    own, earlier = _alike(fact, before, "同比", least=True)
    rate = (own - earlier) / earlier
    return "同比" + _direction(_worked("同比", "({0} - {1}) / {1}", "({0}－{1})÷{1}×100%", rate, fact, before))


def _share_of(fact: Any, whole: Any) -> Fact:
    """The figure as a per cent of another."""
    own, all_of_it = _alike(fact, whole, "占比", least=True)
    return _worked(f"占{whole.name}的比重", "{0} / {1}", "{0}÷{1}×100%", own / all_of_it, fact, whole)


def _alike(fact: Any, base: Any, called: str, least: bool = False) -> tuple[Decimal, Decimal]:
    """Both numbers in one unit; ``least``: what is divided by must be above 0."""
    own, other = _number(fact), _number(base)
    if fact.unit in numerals.MONEY and base.unit in numerals.MONEY:
        own, other = own * numerals.MONEY[fact.unit], other * numerals.MONEY[base.unit]
    elif fact.unit != base.unit:
        raise FormatError(f"“{fact.name}”和“{base.name}”的单位不同（{fact.unit or '无'}、{base.unit or '无'}），算不出{called}")
    if least and other <= 0:
        raise FormatError(f"“{base.name}”是{marks.plain(usual(base))}，不大于0，算不出{called}")
    return own, other


def _worked(name: str, formula: str, arithmetic: str, value: Decimal, *inputs: Fact) -> Fact:
    """The per cent worked out from both, a fact of its own; asked for again, it is the same one."""
    book, called = inputs[0].book, inputs[0].name + name
    assert book, "every fact of a submission is in its book"
    same = [one for one in book.facts if (one.name, one.value, one.inputs) == (called, value, inputs)]
    if same:
        return same[0]
    shown = [usual(one) if inputs[0].unit == inputs[1].unit else _with_unit(one) for one in inputs]  # 万元÷亿元
    text = f"{arithmetic.format(*shown)}＝{marks.figure(len(book.facts), numerals.show(value, '%'))}"
    words = formula.format(*(one.name for one in inputs))
    return book.add(called, value, unit="%", formula=words, inputs=inputs, arithmetic=text)


def _day(written: Callable[[date], str], fact: Any) -> str:
    return written(_value(fact, date, "日期"))


def _month(written: Callable[[date], str], fact: Any) -> str:
    return _day(written, fact).rpartition("月")[0] + "月"


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


def instead(thing: Any, text: str) -> Any:
    """The text where there is no value."""
    present = isinstance(thing, Fact) or (isinstance(thing, str) and thing)
    return thing if present else text


FORMATS: dict[str, Callable[..., Any]] = {
    "默认": usual,
    **{unit: partial(_money, unit) for unit in ("元", "万元", "亿元")},
    "大写金额": _capital,
    "百分比": partial(_share, "百分比", "%"),
    "千分比": partial(_share, "千分比", "‰"),
    "个百分点": _points,
    "带单位": _with_unit,
    "绝对": _absolute,
    "整数": _whole,
    "小数": fixed,
    "增减": _direction,
    "同比": _over_year,
    "占比": _share_of,
    "日期": partial(_day, numerals.date_text),
    "年月": partial(_month, numerals.date_text),
    "中文日期": partial(_day, numerals.chinese_date),
    "中文年月": partial(_month, numerals.chinese_date),
    "中文数字": _chinese,
    "分行": _lines,
    "公式": _equations,
    "分组": _grouped,
    "并列": _side_by_side,
    "顿号": _joined,
    "或": instead,
}


COMPARING = (_over_year, _share_of)  # in their brackets stand names of facts
NOT_IN_PROSE = frozenset({"默认", "分行", "分组", "并列", "公式", "顿号"})  # what only a template needs
