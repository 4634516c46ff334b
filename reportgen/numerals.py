"""Exact numbers as Chinese readers read and write them. Everything is Decimal; rounding happens here only."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

SCALE = {"%": Decimal(100), "‰": Decimal(1000), "1/10万": Decimal(100_000)}
YUAN = "元"
MONEY = {YUAN: Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
DECIMALS = {"元": 2, "万元": 2, "亿元": 2, "%": 2, "‰": 2, "1/10万": 2}
UNGROUPED = ("年",)
POINTS = "分"

_NUMBER = re.compile(r"([+-]?) ?([0-9]{1,3}(?:([, ])[0-9]{3}(?:\3[0-9]{3})*)|[0-9]+)(\.[0-9]+)? ?(%?)")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_DEADLINE = re.compile(r"([0-9]{4})年(?:(1[0-2]|0?[1-9])月|年)?(?:底|末)?(?:之?前)?")
# Full-width forms and blanks only: NFKC would also turn 10² into 102 and ① into 1.
_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN = _HALF_WIDTH | {ord("−"): "-"} | dict.fromkeys(map(ord, "\u00a0\u3000\t"), " ")
_EXACT = Context(prec=200)  # rounding a figure must never fail for its length
_ONES = tuple(Decimal(1).scaleb(-places) for places in range(7))
READABLE = 10**16  # words stop at 千万亿
_DIGITS, _STEPS = "零一二三四五六七八九", "亿万千百十"
_CAPITALS, _CAPITAL_STEPS = "零壹贰叁肆伍陆柒捌玖", "亿万仟佰拾"
_SIZES = (10**8, 10**4, 1000, 100, 10)


class NotANumber(ValueError):
    """The text is not a number; its message is a sentence without a place."""


def parse_number(text: str, unit: str = "") -> tuple[Decimal, bool]:
    """A typed number and whether it carried a per-cent sign; groups of three, one sign, nothing else.

    Full-width digits and the column's own unit behind the number are accepted (the reader warns of them).
    """
    plain = text.translate(_PLAIN).strip()
    if unit and unit not in SCALE:
        plain = plain.removesuffix(unit).rstrip()
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise NotANumber(f"“{text}”不是数字")
    sign, whole, group, fraction, percent = found.groups()
    return Decimal(f"{sign}{whole.replace(group or ',', '')}{fraction or ''}"), bool(percent)


def parse_date(text: str) -> date:
    """2025-03-28, 2025/3/28, 2025.3.28 or 2025年3月28日; ValueError for anything else."""
    found = _DATE.fullmatch(text.translate(_PLAIN).replace(" ", ""))
    if not found:
        raise ValueError(text)
    year, month, day = map(int, found.groups())
    return date(year, month, day)


def parse_deadline(text: str) -> date:
    """The last day meant by 2022年6月底, 2022年底前, 2022年6月 or a full date; ValueError for anything else."""
    plain = text.translate(_PLAIN).replace(" ", "")
    found = _DEADLINE.fullmatch(plain)
    if not found:
        return parse_date(plain.removesuffix("前"))
    year, month = int(found[1]), int(found[2] or 12)
    return date(year, month, monthrange(year, month)[1])


def round_half_up(value: Decimal, places: int) -> Decimal:
    """四舍五入, as departments round, never to even; what rounds to nothing is 0, never -0."""
    rounded = value.quantize(_ONES[places] if 0 <= places <= 6 else Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    return rounded or abs(rounded)


def own_decimals(value: Decimal) -> int:
    """The decimals that the value itself has: 0.660 → 2."""
    return len(f"{value.normalize(_EXACT):f}".partition(".")[2])


def grouped(value: Decimal, places: int) -> str:
    """527711.12 → 527,711.12 (GB/T 15835: 千分撇 in the integer part)."""
    return f"{round_half_up(value, places):,f}"


def trimmed(value: Decimal, places: int) -> str:
    """A score: 1.240 → 1.24, 5.00 → 5."""
    text = f"{round_half_up(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimals(shown: Decimal, unit: str) -> int:
    """The unit's decimals; without a unit those that were typed. More than six are a quotient's: two."""
    if unit in DECIMALS:
        return DECIMALS[unit]
    own = own_decimals(shown)
    return own if own <= 6 else 2


def show(value: Decimal, unit: str, decimals: int | None = None) -> str:
    """A value in its unit's decimals, or in ``decimals``; a per cent or ‰ is a fraction inside and gets its sign."""
    shown = value * SCALE[unit] if unit in SCALE else value
    if unit == POINTS:
        return trimmed(shown, 2 if decimals is None else decimals)
    places = _decimals(shown, unit) if decimals is None else decimals
    if unit in UNGROUPED:
        return f"{round_half_up(shown, places):f}"
    return grouped(shown, places) + (unit if unit in ("%", "‰") else "")


def show_exact(value: Decimal, unit: str, decimals: int | None = None) -> str:
    """As ``show``, with up to two more decimals where they make the figure exact (96.905%), for arithmetic."""
    shown = value * SCALE.get(unit, Decimal(1))
    own, usual = own_decimals(shown), _decimals(shown, unit) if decimals is None else decimals
    return show(value, unit, own if usual < own <= usual + 2 else usual)


def _in_words(number: int, digits: str, steps: str) -> str:
    """A number of at least 0 read out, one 零 for each gap: 10,500 → 一万零五百."""
    for size, step in zip(_SIZES, steps, strict=True):
        high, low = divmod(number, size)
        if high:
            gap = digits[0] if 0 < low < size // 10 else ""
            return _in_words(high, digits, steps) + step + gap + (_in_words(low, digits, steps) if low else "")
    return digits[number]


def chinese(number: int) -> str:
    """7 → 七, 12 → 十二, 10,500 → 一万零五百; below 0 and from ``READABLE`` on the figures stay."""
    if not 0 <= number < READABLE:
        return str(number)
    text = _in_words(number, _DIGITS, _STEPS)
    return text.removeprefix("一") if text.startswith("一十") else text


def capital_count(number: int) -> str:
    """12 → 壹拾贰; below 0 and from ``READABLE`` on the figures stay."""
    return _in_words(number, _CAPITALS, _CAPITAL_STEPS) if 0 <= number < READABLE else str(number)


def capital(yuan: Decimal) -> str:
    """1409.5 → 壹仟肆佰零玖元伍角, as 《正确填写票据和结算凭证的基本规定》 has it; below ``READABLE`` 元.

    Of what that leaves open: no 整 behind 角, no 零 where a section or the 元 itself ends in 0.
    """
    cents = int(round_half_up(yuan, 2) * 100)
    whole, small = divmod(abs(cents), 100)
    text = _in_words(whole, _CAPITALS, _CAPITAL_STEPS) + "元" if whole or not small else ""
    if not small:
        text += "整"
    elif small >= 10:
        text += _CAPITALS[small // 10] + "角"
    elif text:
        text += "零"
    return "负" * (cents < 0) + text + (_CAPITALS[small % 10] + "分" if small % 10 else "")


def date_text(day: date) -> str:
    """2025年3月28日 (GB/T 9704 7.3.5: Arabic figures, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_date(day: date) -> str:
    """二〇二五年三月二十八日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{chinese(day.month)}月{chinese(day.day)}日"
