"""How facts are written: every format, and the placeholders in prose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import marks
from reportgen.model import Fact, Value
from reportgen.prose import Equation
from reportgen.shown import FORMATS, NOT_IN_PROSE, FormatError, fill, has_placeholder, mistakes, nearest, usual


def fact(value: Value, unit: str = "", decimals: int | None = None) -> Fact:
    return Fact(7, "甲", value, unit=unit, decimals=decimals)


def number(text: str, unit: str = "", decimals: int | None = None) -> Fact:
    return fact(Decimal(text), unit, decimals=decimals)


FACTS: Mapping[str, Fact] = {
    one.name: one
    for one in (
        Fact(1, "全年支出", Decimal("527.114"), unit="万元"),
        Fact(2, "执行率", Decimal("0.8762"), unit="%"),
        Fact(3, "增减额", Decimal("-12.5"), unit="万元"),
        Fact(4, "馆名", "镇图书馆"),
        Fact(5, "分馆数", Decimal(12), unit="家"),
        Fact(6, "成文日期", date(2025, 3, 8)),
        Fact(7, "项目", ("借阅", "讲座")),
    )
}
BLANK = "捐赠收入"


def filled(text: str) -> str:
    done, complaints = fill(text, FACTS.get, {*FACTS, BLANK})
    assert complaints == []
    return marks.plain(done)


def complaint(text: str) -> str:
    done, (error,) = fill(text, FACTS.get, {*FACTS, BLANK})
    assert done == text, "what can't be filled stays as it was typed"
    return str(error)


# --- formats -------------------------------------------------------------------------------------------------

SHOWN = [
    ("默认", (), number("527711.124", "万元"), "527,711.12"),
    ("默认", (), number("0.8762", "%"), "87.62%"),
    ("默认", (), number("0.25", "%", decimals=0), "25%"),
    ("默认", (), fact("镇图书馆"), "镇图书馆"),
    ("默认", (), fact(("借阅", "讲座")), "借阅、讲座"),
    ("默认", (), fact(date(2025, 3, 8)), "2025年3月8日"),
    ("元", (), number("12.5", "万元"), "125,000.00元"),
    ("万元", (), number("125000", "元"), "12.50万元"),
    ("万元", (), number("-12.5", "万元"), "-12.50万元"),
    ("亿元", (), number("527711.12", "万元"), "52.77亿元"),
    ("大写金额", (), number("12.345678", "万元"), "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    ("大写金额", (), number("-3", "亿元"), "负叁亿元整"),
    ("千分比", (), number("0.00066"), "0.66‰"),
    ("千分比", (), number("0.0031", "%"), "3.10‰"),
    ("个百分点", (), number("0.032", "%"), "3.20个百分点"),
    ("个百分点", (), number("-0.032", "%"), "-3.20个百分点"),
    ("个百分点", ("提高", "降低"), number("-0.032", "%"), "降低3.20个百分点"),
    ("个百分点", ("提高", "降低"), number("0", "%"), "持平"),
    ("百分比", (), number("0.87625", "%", decimals=4), "87.63%"),
    ("百分比", (), number("0.5"), "50.00%"),
    ("带单位", (), number("335", "件"), "335件"),
    ("带单位", (), number("12.5", "万元"), "12.50万元"),
    ("带单位", (), number("0.8762", "%"), "87.62%"),
    ("带单位", (), number("0.0031", "‰"), "3.10‰"),
    ("带单位", (), number("0.000123", "1/10万"), "12.30/10万"),
    ("整数", (), number("43298.95", "万元"), "43,299"),
    ("整数", (), number("0.8762", "%"), "88%"),
    ("整数", (), number("2024", "年"), "2024"),
    ("小数", ("1",), number("67", "分", decimals=2), "67.0"),
    ("小数", (), number("0.0381", "%"), "3.81"),
    ("增减", (), number("0.0381", "%"), "增长3.81%"),
    ("增减", (), number("-0.0381", "%"), "下降3.81%"),
    ("增减", (), number("-12.5", "万元"), "下降12.50万元"),
    ("增减", (), number("0", "万元"), "持平"),
    ("增减", ("增加", "减少"), number("-3", "人"), "减少3人"),
    ("增减", ("多", "少", "没有变化"), number("0", "人"), "没有变化"),
    ("日期", (), fact(date(2025, 3, 8)), "2025年3月8日"),
    ("年月", (), fact(date(2025, 3, 8)), "2025年3月"),
    ("中文日期", (), fact(date(2024, 3, 20)), "二〇二四年三月二十日"),
    ("中文年月", (), fact(date(2024, 3, 20)), "二〇二四年三月"),
    ("中文数字", (), number("12", "家"), "十二"),
    ("中文数字", (), number("10500", "人"), "一万零五百"),
    ("中文数字", (), 7, "七"),
    ("分行", (), fact("甲\n\n乙"), ["甲", "乙"]),
    ("公式", (), fact("甲＝乙÷丙\n丙＝丁"), (Equation("甲＝乙÷丙"), Equation("丙＝丁"))),
    ("顿号", (), [fact("甲"), number("2", "项")], "甲、2"),
    ("顿号", (), fact("镇图书馆"), "镇图书馆"),
    ("或", ("没有",), fact("镇图书馆"), "镇图书馆"),
    ("或", ("没有",), number("0", "件"), "0"),
    ("或", ("没有",), None, "没有"),
    ("或", ("没有",), "", "没有"),
]


@pytest.mark.parametrize(("name", "words", "thing", "text"), SHOWN)
def test_a_format_shows(name: str, words: tuple[str, ...], thing: object, text: object) -> None:
    shown = FORMATS[name](thing, *words)
    assert (shown if isinstance(shown, list | tuple) else marks.plain(usual(shown))) == text


def test_the_absolute_value_may_be_formatted_further() -> None:
    assert marks.plain(FORMATS["万元"](FORMATS["绝对"](number("-12.5", "万元")))) == "12.50万元"


def test_every_format_is_shown_above() -> None:
    assert {name for name, *_ in SHOWN} | {"绝对", "分组", "并列", "同比", "占比"} == set(FORMATS)


def test_neighbours_that_agree_in_a_column_are_grouped() -> None:
    rows = [{"章": fact("甲"), "事": fact("一")}, {"章": fact("甲"), "事": fact("二")}, {"章": fact("乙"), "事": fact("三")}]
    grouped = FORMATS["分组"](rows, "章")
    assert [(one["序"], one["名"], len(one["行"])) for one in grouped] == [(1, "甲", 2), (2, "乙", 1)]


@pytest.mark.parametrize(
    ("name", "thing", "sentence"),
    [
        ("元", number("3", "人"), "“甲”的单位不是元、万元或亿元，不能写成元"),
        ("亿元", fact("镇图书馆"), "“甲”不是数"),
        ("百分比", number("3", "万元"), "“甲”的单位是万元，不能写成百分比"),
        ("百分比", fact("镇图书馆"), "“甲”不是数"),
        ("千分比", number("3", "万元"), "“甲”的单位是万元，不能写成千分比"),
        ("个百分点", number("3", "万元"), "“甲”的单位是万元，不能写成百分点"),
        ("大写金额", number("3", "人"), "“甲”的单位不是元、万元或亿元，不能写成大写金额"),
        ("大写金额", number("100000000", "亿元"), "“甲”太大，不能写成大写金额"),
        ("中文日期", number("3", "人"), "“甲”不是日期"),
        ("带单位", fact(date(2025, 3, 8)), "“甲”不是数"),
        ("绝对", fact("镇图书馆"), "“甲”不是数"),
        ("整数", "八十", "“八十”不是数"),
        ("增减", fact("镇图书馆"), "“甲”不是数"),
        ("日期", number("3", "人"), "“甲”不是日期"),
        ("年月", fact("2025年3月"), "“甲”不是日期"),
        ("中文数字", number("2.5", "人"), "“甲”不是整数"),
        ("中文数字", fact("十二"), "“甲”不是数"),
    ],
)
def test_a_format_that_does_not_suit_says_so(name: str, thing: object, sentence: str) -> None:
    with pytest.raises(FormatError) as refused:
        FORMATS[name](thing)
    assert str(refused.value) == sentence


# --- placeholders --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("全年支出{{ 全年支出 }}万元。", "全年支出527.11万元。"),
        ("全年支出{{全年支出|万元}}。", "全年支出527.11万元。"),
        ("全年支出｛｛ 全年支出｜万元 ｝｝。", "全年支出527.11万元。"),
        ("{{ 馆名 }}共{{ 分馆数|带单位 }}，即{{ 分馆数|中文数字 }}家。", "镇图书馆共12家，即十二家。"),
        ("比上年{{ 增减额|绝对|万元 }}", "比上年12.50万元"),
        ("比上年{{ 增减额|增减(增加,减少) }}", "比上年减少12.50万元"),
        ("比上年{{ 增减额|增减（“增加”，“减少”） }}", "比上年减少12.50万元"),
        ("比上年{{ 增减额|增减 (增加, 减少) }}", "比上年减少12.50万元"),
        ("{{ 成文日期|年月 }}，{{ 项目 }}", "2025年3月，借阅、讲座"),
        ("捐赠{{ 捐赠收入|或(没有) }}", "捐赠没有"),
        ('{{ 馆名|或("本馆") }}', "镇图书馆"),
        ("{{ \n执行率\n }}", "87.62%"),
    ],
)
def test_a_placeholder_is_filled(typed: str, read: str) -> None:
    assert filled(typed) == read


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("{{ 全年支岀 }}", "没有叫“全年支岀”的数据项，您是不是要找“全年支出”"),
        ("{{ 完全不同 }}", "没有叫“完全不同”的数据项"),
        ("{{ }}", "没有叫“”的数据项"),
        ("{{ 完全不同|或(没有) }}", "没有叫“完全不同”的数据项"),
        ("{{ 捐赠收入 }}", "“捐赠收入”没有数（空着，或算它要用的数空着）；可以空着的，写成“捐赠收入|或(…)”"),
        ("{{ 捐赠收入|万元 }}", "“捐赠收入”没有数（空着，或算它要用的数空着）；可以空着的，写成“捐赠收入|或(…)”"),
        ("{{ 执行率|百分之 }}", "没有叫“百分之”的格式，您是不是要找“百分比”"),
        ("{{ 执行率|upper }}", "没有叫“upper”的格式"),
        ("{{ 执行率|默认 }}", "没有叫“默认”的格式"),
        ("{{ 馆名|分行 }}", "没有叫“分行”的格式"),
        ("{{ 馆名|万元 }}", "“馆名”不是数"),
        ("{{ 全年支出|万元|亿元 }}", "“527.11万元”不是数"),
        ("{{ 全年支出|万元(2) }}", "格式“万元”的括号里不是这样写"),
        ("{{ 馆名|或 }}", "格式“或”的括号里不是这样写"),
        ("{{ 执行率|小数(两位) }}", "“小数”的括号里要写0到10的整数，现为“两位”"),
        ("{{ 执行率|小数(-1) }}", "“小数”的括号里要写0到10的整数，现为“-1”"),
        ("{{ 执行率|小数(²) }}", "“小数”的括号里要写0到10的整数，现为“²”"),
        ("{{ 执行率|小数(99999999) }}", "“小数”的括号里要写0到10的整数，现为“99999999”"),
        ("{{ 馆名|个百分点(高) }}", "“馆名”不是数"),
        ("{{ 增减额|增减(a,b,c,d) }}", "格式“增减”的括号里不是这样写"),
        ("{{ 7 * 7 }}", "没有叫“7 * 7”的数据项"),
        ("{{ 馆名.__class__ }}", "没有叫“馆名.__class__”的数据项"),
    ],
)
def test_what_can_not_be_filled_is_said_and_stays(typed: str, sentence: str) -> None:
    assert complaint(typed) == sentence


def test_several_mistakes_in_one_sentence_are_all_said() -> None:
    done, complaints = fill("{{ 甲 }}和{{ 分馆数 }}和{{ 馆名|元 }}", FACTS.get, FACTS)
    assert marks.plain(done) == "{{ 甲 }}和12和{{ 馆名|元 }}"
    assert [str(one) for one in complaints] == ["没有叫“甲”的数据项", "“馆名”不是数"]


def test_each_figure_is_marked_with_its_fact_and_words_are_not() -> None:
    done, _ = fill("{{ 馆名 }}支出{{ 全年支出|万元 }}，执行{{ 执行率 }}，{{ 增减额|绝对 }}", FACTS.get)
    assert marks.FIGURES.findall(done) == [("1", "527.11"), ("2", "87.62%"), ("3", "12.50")]
    assert done.startswith("镇图书馆支出" + marks.figure(1, "527.11") + "万元")
    assert marks.plain(done) == "镇图书馆支出527.11万元，执行87.62%，12.50"


def test_a_filled_text_is_not_filled_again() -> None:
    sly = {"甲": fact("{{ 全年支出 }}")}
    assert fill("{{ 甲 }}", sly.get) == ("{{ 全年支出 }}", [])


@pytest.mark.parametrize(
    "typed", ["{ 全年支出 }", "{{ 全年支出 }", "{% if 1 %}", "}} {{", "｛全年支出｝", "{{", "100%", "{#注#}"]
)
def test_what_is_no_placeholder_stays_as_typed(typed: str) -> None:
    assert fill(typed, FACTS.get) == (typed, [])


@given(st.sampled_from(sorted(FACTS)), st.sampled_from(sorted(FORMATS)), st.text(alphabet="0a甲，,(（)）²- ", max_size=4))
def test_whatever_stands_in_brackets_is_shown_or_complained_of(name: str, form: str, words: str) -> None:
    done, complaints = fill(f"{{{{ {name}|{form}({words}) }}}}", FACTS.get, FACTS)
    assert len(complaints) == ("{{" in done)


@given(st.text(alphabet=st.sampled_from("甲乙{}｛｝|｜ %#()\n0")))
def test_text_without_a_whole_placeholder_is_untouched(text: str) -> None:
    done, complaints = fill(text, lambda _: None)
    assert done == text
    assert bool(complaints) <= has_placeholder(text)


@given(
    st.lists(st.tuples(st.integers(0, 999), st.text(alphabet="0123456789,.%-", min_size=1)), max_size=4),
    st.text("甲乙丙。"),
)
def test_plain_undoes_marks(figures: list[tuple[int, str]], words: str) -> None:
    marked = words.join(marks.figure(one, text) for one, text in figures)
    assert marks.plain(marked) == words.join(text for _, text in figures)
    assert marks.plain(words) == words


# --- before there is anything to fill ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("{{ 甲 }}，得{{ 得分 }}分", []),
        ("{{ 得份 }}", ["没有叫“得份”的数据项，您是不是要找“得分”"]),
        ("{{ 得分|万圆整 }}", ["没有叫“万圆整”的格式"]),
        ("{{ 得分|小数(二) }}", ["“小数”的括号里要写0到10的整数，现为“二”"]),
        ("{{ 得分|占比(甲) }}{{ 甲|同比(得分) }}", []),
        ("{{ 得分|占比(丙) }}", ["没有叫“丙”的数据项"]),
        ("{{ 得分|占比 }}", ["格式“占比”的括号里不是这样写"]),
        ("{{ 得分|或 }}{{ 乙 }}", ["格式“或”的括号里不是这样写", "没有叫“乙”的数据项"]),
    ],
)
def test_a_sentence_is_checked_before_there_are_facts(sentence: str, wrong: list[str]) -> None:
    assert list(mistakes(sentence, {"甲", "得分"})) == wrong


def test_formats_for_templates_only_are_formats() -> None:
    assert set(FORMATS) >= NOT_IN_PROSE


@pytest.mark.parametrize(
    ("name", "hint"), [("全年支岀", "，您是不是要找“全年支出”"), ("年支出", "，您是不是要找“全年支出”"), ("天气", "")]
)
def test_the_nearest_name_is_offered_when_one_is_near(name: str, hint: str) -> None:
    assert nearest(name, ["执行率", "全年支出"]) == hint


def test_two_tables_stand_side_by_side_and_the_shorter_one_is_blank_where_it_has_ended() -> None:
    income = [{"项目": fact("财政拨款"), "数": number("3", "万元")}]
    spending = [{"科目": fact("教育")}, {"科目": fact("卫生")}]
    pairs = FORMATS["并列"](income, spending)
    assert [usual(pair["右"]["科目"]) for pair in pairs] == ["教育", "卫生"]
    assert [usual(pair["左"]["项目"]) for pair in pairs] == ["财政拨款", ""]
    assert FORMATS["或"](pairs[1]["左"]["数"], "—") == "—"
    assert FORMATS["并列"]([], []) == []
