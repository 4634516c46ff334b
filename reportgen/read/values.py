"""One cell to one value, by its column's type and unit. Nothing is guessed: what is not understood is said."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from reportgen import numerals
from reportgen.define.tables import Column
from reportgen.model import ERROR, WARNING, Value, frozen
from reportgen.read.cells import Cell, bare_format, is_date, sections

EARLIEST = 1990
LARGEST = Decimal(10) ** 15  # Excel keeps no more than 15 digits
_SHRUNK = re.compile(r"[0#?.],+(?![0#?,])")  # 0.00, shows thousands
_SHRUNK_BY_POINT = re.compile(r'[0#?](?:[\\!]\.|"\.")[0#?]')  # 0!.0000 shows 万
_UNPRINTED = re.compile("[_*].")  # blank of a character's width, or one repeated
STOPS = "。；，、"  # what can't stand where the report goes on
DASHES = ("—", "——", "-", "－", "–")


@frozen
class Remark:
    """What is to be said of a cell; the caller knows which."""

    code: str
    level: str
    message: str
    hint: str = ""


class Unreadable(ValueError):
    """The cell can't be taken; carries its Remark."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.remark = Remark(code, ERROR, message, hint)


def read_value(cell: Cell, column: Column, unit: str, factor: Decimal) -> tuple[Value, tuple[Remark, ...]]:
    """The cell's value in the column's unit; Unreadable when it is none. ``factor`` turns the sheet's unit into ours."""
    if cell.kind == "error":
        raise Unreadable("", cell.text, "")
    if cell.kind == "number" and not _alike(cell.format):
        message = f"“{cell.text}”的格式“{cell.format}”按条件显示成不同的样子"
        raise Unreadable("E228", message, "请改成常规数字格式")
    if column.type == "数":
        value, remarks = _number(cell, unit)
        if value < 0 and not column.signed:
            raise Unreadable("E227", f"“{cell.text}”是负数", "这里应填不小于0的数，请核对正负号")
        return (value * factor).normalize() + 0, remarks  # without idle zeros: 100元 is 0.01万元, not 0.0100
    if column.type in _DATED:
        return _DATED[column.type](cell), ()
    text = text_of(cell)
    if column.type == "短语":
        return _phrase(text)
    if column.type == "列表":
        return tuple(part.strip() for part in re.split("[、,，;；\n]", text) if part.strip()), ()
    if column.type == "选项" and text not in column.options:
        raise Unreadable("E225", f"“{text}”不在可选项里", f"请选：{'、'.join(column.options)}")
    return text, ()


def text_of(cell: Cell) -> str:
    """Text as typed; a number in a text column as it stands, a date as a date."""
    if cell.kind != "number":
        return cell.text.strip()
    if day := cell.date():
        return day_text(day, cell.format)
    value = _not_too_large(cell.number(), cell.text)
    if "%" in bare_format(cell.format):
        return numerals.show(value, "%", None)
    return f"{value.normalize():f}{'%' * _shows_percent(cell.format)}"


def day_text(day: date, code: str) -> str:
    """A date as its format shows it: 2025年12月 typed into Excel is stored as the first of that month, 2025年 of January."""
    letters = bare_format(code).lower()
    if "d" in letters or "y" not in letters:
        return numerals.date_text(day)
    return f"{day.year}年{day.month}月" if "m" in letters else f"{day.year}年"


def _phrase(text: str) -> tuple[str, tuple[Remark, ...]]:
    """Words that the report goes on after: a stop of their own would print twice."""
    phrase = text.rstrip(STOPS)
    if phrase == text:
        return text, ()
    message = f"末尾的“{text[len(phrase):]}”没有用，报告里它后面还有字"
    return phrase, (Remark("E230", WARNING, message, "可以删去"),)


@lru_cache
def _shows_percent(code: str) -> bool:
    """Whether a number format shows a per-cent sign: one that scales, or one only printed, as 0.00"%" does."""
    return any(sign in _UNPRINTED.sub("", code) for sign in "%％")


def _not_too_large(value: Decimal, text: str) -> Decimal:
    if abs(value) >= LARGEST:
        raise Unreadable("E229", f"“{text}”这个数太大（超过15位）", "请核对这个数；编号请以文本填写")
    return value


def _number(cell: Cell, unit: str) -> tuple[Decimal, tuple[Remark, ...]]:
    if cell.kind == "bool" or cell.date():
        raise Unreadable("E226", f"“{text_of(cell)}”不是数字", "请只填数字，并把单元格格式改为“数值”")
    if cell.kind == "number":
        return _stored(cell, unit), ()
    try:
        value, percent = numerals.parse_number(cell.text, unit)
    except numerals.NotANumber as error:
        raise Unreadable("E221", str(error), "请只填数字，单位写在表头") from error
    remark = Remark("E222", WARNING, f"“{cell.text}”是文本，已按数字{value:f}读", "请改为数值格式")
    return _scaled(_not_too_large(value, cell.text), percent, unit, cell.text), (remark,)


@lru_cache
def shrinks(code: str) -> bool:
    """Whether a number format shows the number a thousand or ten thousand times smaller."""
    return bool(_SHRUNK.search(bare_format(code)) or _SHRUNK_BY_POINT.search(code))


@lru_cache
def _alike(code: str) -> bool:
    """Whether a format's conditions leave open only how a figure looks, never what it is."""
    return len({(is_date(one), "%" in bare_format(one), _shows_percent(one), shrinks(one)) for one in sections(code)}) == 1


def _stored(cell: Cell, unit: str) -> Decimal:
    """A number cell; one that shows 9.55 with a % only printed is 9.55 in a column of per cents."""
    if shrinks(cell.format):
        message = f"“{cell.text}”的格式“{cell.format}”把数缩小了显示"
        raise Unreadable("E228", message, "请改成常规数字格式并核对单位")
    percent = "%" in bare_format(cell.format) or (unit != "%" and _shows_percent(cell.format))
    return _scaled(_not_too_large(cell.number(), cell.text), percent, unit, cell.text)


def _scaled(value: Decimal, percent: bool, unit: str, text: str) -> Decimal:
    """A per cent becomes its fraction; a % sign in a column of another unit is a mistake."""
    if percent and unit != "%":
        raise Unreadable("E223", f"“{text}”带百分号，而这一列的单位是“{unit or '无'}”", "请核对是否填错了列")
    if unit == "%":
        # Excel keeps a cell shown as 87.62% as the fraction; typed text 87.62% does not.
        return value if percent and not text.rstrip().endswith(("%", "％")) else value / 100
    return value / numerals.SCALE[unit] if unit in numerals.SCALE else value


def _year(cell: Cell) -> Decimal:
    text = unicodedata.normalize("NFKC", text_of(cell)).strip().removesuffix("年度").removesuffix("年")
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise Unreadable("E224", f"“{cell.text}”不是四位年份", "请填如 2024")
    return Decimal(text)


def _date(cell: Cell) -> Value:
    day = cell.date()
    try:
        day = day or numerals.parse_date(text_of(cell))
        if day.year < EARLIEST:  # 2026.5 in a cell that shows dates
            raise ValueError(day)
        return day
    except ValueError as error:
        raise Unreadable("E224", f"“{cell.text}”不是日期", "请填如 2025-03-28 或 2025年3月28日") from error


def _deadline(cell: Cell) -> Value:
    try:
        return numerals.parse_deadline(text_of(cell))
    except ValueError as error:
        raise Unreadable("E224", f"“{cell.text}”不是时限", "请填如 2022年6月底、2022年底 或 2022年6月30日") from error


_DATED = {"年": _year, "日期": _date, "时限": _deadline}
