"""Numbers: what is accepted as one, how it is rounded, and how it is written."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.numerals import (
    NotANumber,
    capital,
    capital_count,
    chinese,
    chinese_date,
    date_text,
    grouped,
    own_decimals,
    parse_date,
    parse_deadline,
    parse_number,
    round_half_up,
    show,
    show_exact,
    trimmed,
)

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)
PLACES = st.integers(0, 6)


@pytest.mark.parametrize(
    ("typed", "unit", "number", "percent"),
    [
        ("0", "", "0", False),
        ("4800", "", "4800", False),
        ("-5", "", "-5", False),
        ("+5", "", "5", False),
        ("－5", "", "-5", False),
        ("−5", "", "-5", False),
        ("＋5", "", "5", False),
        ("- 5", "", "-5", False),
        ("007", "", "7", False),
        ("12.50", "", "12.50", False),
        ("0.5", "", "0.5", False),
        ("１２３．４５", "", "123.45", False),
        ("1,234.5", "", "1234.5", False),
        ("1，234", "", "1234", False),
        ("12,345,678", "", "12345678", False),
        ("12 345 678", "", "12345678", False),
        ("1\u3000234", "", "1234", False),
        ("1\u00a0234.5", "", "1234.5", False),
        ("  42\t", "", "42", False),
        ("\u300042\u3000", "", "42", False),
        ("87.62%", "%", "87.62", True),
        ("87.62 %", "%", "87.62", True),
        ("５％", "%", "5", True),
        ("527.11万元", "万元", "527.11", False),
        ("527.11 万元", "万元", "527.11", False),
        ("527.11　 万元", "万元", "527.11", False),
        ("9家", "家", "9", False),
        ("30㎡", "㎡", "30", False),
    ],
)
def test_a_number_is_read(typed: str, unit: str, number: str, percent: bool) -> None:
    assert parse_number(typed, unit) == (Decimal(number), percent)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "—",
        "/",
        "无",
        "一百",
        "约100",
        "100左右",
        "100-120",
        "100～120",
        "≥95%",
        "¥100",
        "￥100",
        "100元",
        "1e5",
        "1E5",
        "0x1F",
        "NaN",
        "Infinity",
        "1_000",
        "12,34",
        "1,2345",
        "1234,567",
        ",123",
        "1,234 567",
        "12 34",
        "10 20",
        "1.2.3",
        "1.",
        ".5",
        "--5",
        "+-5",
        "5-",
        "(12.5)",
        "50%%",
        "%50",
        "10²",
        "①",
        "½",
        "٣",
        "1\u200b2",
    ],
)
def test_what_is_no_number_is_refused_and_quoted(typed: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(typed)
    assert str(refused.value) == f"“{typed}”不是数字"


@pytest.mark.parametrize(("typed", "unit"), [("5万元", "元"), ("5‰", "‰"), ("5元", ""), ("万元", "万元")])
def test_another_unit_behind_the_number_is_refused(typed: str, unit: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, unit)


@given(AMOUNTS, PLACES)
def test_a_number_read_back_from_how_it_was_written_is_the_same(amount: Decimal, places: int) -> None:
    rounded = round_half_up(amount, places)
    assert parse_number(grouped(amount, places)) == (rounded, False)
    assert parse_number(trimmed(amount, places)) == (rounded, False)
    assert parse_number(show(amount / 100, "%", places)) == (rounded, True)


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    with contextlib.suppress(NotANumber):
        assert parse_number(text)[0].is_finite()


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.675", 2, "2.68"),
        ("2.6749", 2, "2.67"),
        ("1.005", 2, "1.01"),
        ("5.814300", 2, "5.81"),
        ("0.004", 2, "0.00"),
        ("-0.004", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("1234567890123456789012345678901234.565", 2, "1234567890123456789012345678901234.57"),
    ],
)
def test_rounding_is_half_up_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == rounded


@given(AMOUNTS, PLACES)
def test_rounding_never_moves_by_more_than_half_a_unit(amount: Decimal, places: int) -> None:
    assert abs(round_half_up(amount, places) - amount) <= Decimal(1).scaleb(-places) / 2


@given(AMOUNTS, PLACES)
def test_rounding_again_changes_nothing(amount: Decimal, places: int) -> None:
    once = round_half_up(amount, places)
    assert str(round_half_up(once, places)) == str(once)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "shown"),
    [
        ("527711.12", "万元", None, "527,711.12"),
        ("0.005", "万元", None, "0.01"),
        ("-1234.5", "元", None, "-1,234.50"),
        ("-0.001", "万元", None, "0.00"),
        ("0.8762", "%", None, "87.62%"),
        ("0.87625", "%", None, "87.63%"),
        ("-0.00001", "%", None, "0.00%"),
        ("0.25", "%", 0, "25%"),
        ("0.0031", "‰", None, "3.10‰"),
        ("0.000123", "1/10万", None, "12.30"),
        ("335", "件", None, "335"),
        ("10221", "人", None, "10,221"),
        ("10221.5", "人", None, "10,221.5"),
        ("10221.5", "人", 0, "10,222"),
        ("0.3333333333333333333333333333", "", None, "0.33"),
        ("0.123456", "", None, "0.123456"),
        ("0.1234567", "", 7, "0.1234567"),
        ("2024", "年", None, "2024"),
        ("1.240", "分", None, "1.24"),
        ("5.00", "分", None, "5"),
        ("0.8762", "分", 4, "0.8762"),
        ("-0.001", "分", None, "0"),
    ],
)
def test_a_value_is_shown_in_its_unit(value: str, unit: str, decimals: int | None, shown: str) -> None:
    assert show(Decimal(value), unit, decimals) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.96905", "%", "96.905%"),
        ("0.969051", "%", "96.9051%"),
        ("0.9690513", "%", "96.91%"),
        ("0.87", "%", "87.00%"),
        ("12.345", "万元", "12.345"),
        ("0.123456", "", "0.123456"),
        ("0.1234567", "", "0.12"),
        ("3.3333333333333333333333333333", "", "3.33"),
    ],
)
def test_arithmetic_shows_up_to_two_more_decimals_where_that_is_exact(value: str, unit: str, shown: str) -> None:
    assert show_exact(Decimal(value), unit) == shown


@pytest.mark.parametrize(("decimals", "shown"), [(0, "50.5%"), (1, "50.5%"), (2, "50.50%"), (None, "50.50%")])
def test_arithmetic_starts_from_the_decimals_that_were_asked_for(decimals: int | None, shown: str) -> None:
    assert show_exact(Decimal("0.505"), "%", decimals) == shown


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("100", 0, "100"),
        ("100.00", 2, "100"),
        ("1.20", 2, "1.2"),
        ("0", 2, "0"),
        ("-0.004", 2, "0"),
        ("-1.50", 2, "-1.5"),
    ],
)
def test_a_score_is_written_without_idle_zeros(value: str, places: int, text: str) -> None:
    assert trimmed(Decimal(value), places) == text


@given(AMOUNTS, PLACES, st.sampled_from(["万元", "%", "‰", "人", "分", "年", ""]))
def test_nothing_is_ever_shown_as_minus_nothing(amount: Decimal, places: int, unit: str) -> None:
    shown = show(amount, unit, places)
    assert not shown.startswith("-") or re.search("[1-9]", shown)


@pytest.mark.parametrize(
    ("value", "decimals"), [("0.660", 2), ("5", 0), ("500", 0), ("5E+2", 0), ("0", 0), ("1.05", 2), (f"0.{'1' * 40}", 40)]
)
def test_own_decimals_are_those_that_say_something(value: str, decimals: int) -> None:
    assert own_decimals(Decimal(value)) == decimals


# --- Chinese numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (1000, "一千"),
        (1005, "一千零五"),
        (1010, "一千零一十"),
        (1100, "一千一百"),
        (9999, "九千九百九十九"),
    ],
)
def test_a_number_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


DIGIT = "[一二三四五六七八九]"
GRAMMAR = re.compile(f"零|(?:({DIGIT})千)?(?:(零(?=.))?({DIGIT})百)?(?:(零(?=.))?({DIGIT})?十)?(?:(零)?({DIGIT}))?")


def value_of(text: str) -> int:
    """The number that a Chinese numeral means: each digit counts by the step behind it, and 十 alone is 10."""
    steps = {"千": 1000, "百": 100, "十": 10}
    total, digit = 0, 0
    for sign in text:
        if sign in steps:
            total += (digit or 1) * steps[sign]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + digit


def test_every_number_below_ten_thousand_is_well_formed_and_means_itself() -> None:
    for number in range(10_000):
        text = chinese(number)
        assert GRAMMAR.fullmatch(text), (number, text)
        assert value_of(text) == number
        assert "零零" not in text
        assert text == "零" or not text.endswith("零")
        assert ("零" in text) == (number == 0 or re.search("[1-9]0+[1-9]", str(number)) is not None)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (10_000, "一万"),
        (10_500, "一万零五百"),
        (15_000, "一万五千"),
        (100_000, "十万"),
        (100_010, "十万零一十"),
        (110_000, "十一万"),
        (1_000_001, "一百万零一"),
        (20_030_405, "二千零三万零四百零五"),
        (100_000_000, "一亿"),
        (100_010_000, "一亿零一万"),
        (1_050_000_000, "十亿五千万"),
        (1_000_000_000_000, "一万亿"),
        (1_000_000_000_001, "一万亿零一"),
    ],
)
def test_a_large_number_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize("number", [-1, 10**16])
def test_beyond_its_range_a_number_stays_in_figures(number: int) -> None:
    assert chinese(number) == str(number)


CAPITAL_DIGITS, CAPITAL_STEPS = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}


def cents_of(text: str) -> int:
    """What an amount in capitals means, in 分: an own reading, by sections that 万 and 亿 close."""
    sign = -1 if text.startswith("负") else 1
    yuan, _, small = text.removeprefix("负").removesuffix("整").rpartition("元")
    cents = sum(CAPITAL_DIGITS.index(digit) * (10 if step == "角" else 1) for digit, step in re.findall("(.)([角分])", small))
    total = section = digit = 0
    for word in yuan:
        if word in CAPITAL_DIGITS:
            digit = CAPITAL_DIGITS.index(word)
        elif word in CAPITAL_STEPS:
            section, digit = section + digit * CAPITAL_STEPS[word], 0
        elif word == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return sign * (100 * (total + section + digit) + cents)


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        # the examples of 《正确填写票据和结算凭证的基本规定》
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # what it says of 整, and of amounts without 元
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        ("1000", "壹仟元整"),
        ("10", "壹拾元整"),
        ("0", "零元整"),
        ("0.50", "伍角"),
        ("0.05", "伍分"),
        ("0.004", "零元整"),
        ("-0.004", "零元整"),
        ("-12.30", "负壹拾贰元叁角"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("5000010000.00", "伍拾亿零壹万元整"),
        ("1000000000000.01", "壹万亿元零壹分"),
        ("0.995", "壹元整"),
    ],
)
def test_an_amount_in_capitals(yuan: str, text: str) -> None:
    assert capital(Decimal(yuan)) == text


@given(st.decimals(-10**16 + 1, 10**16 - 1, places=2) | st.decimals(0, 100_000, places=2))
def test_an_amount_in_capitals_means_itself(yuan: Decimal) -> None:
    text = capital(yuan)
    assert cents_of(text) == yuan * 100
    assert "零零" not in text
    assert text.endswith("整") == (yuan == int(yuan))


@given(st.integers(10_000, 10**16 - 1))
def test_a_large_number_reads_as_its_amount_in_capitals_does(number: int) -> None:
    plainer = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
    plain = capital(Decimal(number)).removesuffix("元整").translate(plainer)
    assert chinese(number) == (plain.removeprefix("一") if plain.startswith("一十") else plain)


# --- dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "2025-03-28",
        "2025/3/28",
        "2025.3.28",
        "2025年3月28日",
        "2025 年 3 月 28 日",
        "２０２５－３－２８",
        "2025年3月28",
    ],
)
def test_a_date_is_read(typed: str) -> None:
    assert parse_date(typed) == date(2025, 3, 28)


@pytest.mark.parametrize(
    "typed", ["", "2025年13月1日", "2025-02-30", "25-3-28", "2025年3月", "28/3/2025", "明年", "45000"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(typed)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_read_back_from_how_it_was_written_is_the_same(day: date) -> None:
    assert parse_date(date_text(day)) == day


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("2022年6月底", date(2022, 6, 30)), ("2022年6月底前", date(2022, 6, 30)), ("2022年6月末", date(2022, 6, 30)),
        ("2022年06月", date(2022, 6, 30)), ("2022年12月之前", date(2022, 12, 31)), ("2022年10月", date(2022, 10, 31)),
        ("2024年2月底", date(2024, 2, 29)), ("2023年2月底", date(2023, 2, 28)),
        ("2022年底", date(2022, 12, 31)), ("2022年底前", date(2022, 12, 31)), ("2022年", date(2022, 12, 31)),
        ("２０２２ 年 ６ 月底", date(2022, 6, 30)),
        ("2022年6月30日", date(2022, 6, 30)), ("2022年6月15日前", date(2022, 6, 15)), ("2022-06-15", date(2022, 6, 15)),
    ],
)  # fmt: skip
def test_a_deadline_is_the_last_day_that_it_leaves(typed: str, last: date) -> None:
    assert parse_deadline(typed) == last


@pytest.mark.parametrize("typed", ["", "六月底", "2022年13月", "2022年0月底", "22年底", "2022年6月31日", "长期", "2022年6月底后"])
def test_what_is_no_deadline_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_deadline(typed)


def test_a_date_is_written_without_leading_zeros() -> None:
    assert date_text(date(2025, 3, 8)) == "2025年3月8日"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 3, 1), "二〇二四年三月一日"),
        (date(2010, 10, 31), "二〇一〇年十月三十一日"),
        (date(2025, 12, 20), "二〇二五年十二月二十日"),
    ],
)
def test_a_date_in_chinese_figures(day: date, text: str) -> None:
    assert chinese_date(day) == text


@pytest.mark.parametrize(
    ("number", "words"), [(0, "零"), (1, "壹"), (12, "壹拾贰"), (-1, "-1"), (10**16, "10000000000000000")]
)
def test_counts_in_capitals(number: int, words: str) -> None:
    assert capital_count(number) == words
