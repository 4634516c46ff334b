"""Figures over the years: each property of a series, and of several side by side, by its stated rule."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.judge.group import Group
from reportgen.judge.series import NoFigure, Series, in_order
from reportgen.marks import plain
from reportgen.model import Fact, FactBook, Place
from reportgen.shown import usual

BOOK = FactBook()


def series(figures: str, filled: str = "", full: str = "100", name: str = "指数", unit: str = "分") -> Series:
    """``2020=70 2021=75.5`` as a series; ``filled`` are the periods whose figure was filled in for want of data."""
    pairs = [pair.split("=") for pair in figures.split()]
    points = {period: fact(value, unit, f"{name}{period}") for period, value in pairs}
    return Series(name, points, BOOK, frozenset(filled.split()), Decimal(full))


def fact(value: str, unit: str, name: str) -> Fact:
    number = Decimal(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    return BOOK.add(name, number, unit=unit, places=(Place("数据.xlsx", "原始数据", name),))


def shown(thing: object) -> str:
    return plain(usual(thing))


# --- one series ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "trend"),
    [
        ("2020=70 2021=75 2022=80", "持续上升"),
        ("2020=70 2021=70 2022=80", "持续上升"),
        ("2020=70 2021=69.99 2022=80", "波动上升"),
        ("2020=80 2021=75 2022=70", "持续下降"),
        ("2020=80 2021=80 2022=70", "持续下降"),
        ("2020=80 2021=81 2022=70", "波动下降"),
        ("2020=80 2021=99 2022=80", "基本持平"),
        ("2020=100 2021=80 2022=100.99", "基本持平"),
        ("2020=100 2021=80 2022=99.01", "基本持平"),
        ("2020=100 2022=101", "持续上升"),
        ("2020=100 2022=99", "持续下降"),
        ("2020=0 2021=5 2022=0", "基本持平"),
        ("2020=0 2022=0.01", "持续上升"),
        ("2022=70 2020=80 2021=75", "持续下降"),
    ],
)
def test_a_trend_goes_by_the_ends_and_by_every_step(figures: str, trend: str) -> None:
    assert series(figures)["趋势"] == trend


@pytest.mark.parametrize(
    ("figures", "highest", "lowest", "record"),
    [
        ("2020=70 2021=75 2022=80", "2022", "2020", 1),
        ("2020=80 2021=75 2022=80", "2022", "2021", 0),
        ("2020=80 2021=80 2022=80", "2022", "2022", 0),
        ("2020=70 2021=90 2022=80", "2021", "2020", 0),
        ("2020=70 2021=70 2022=90", "2022", "2021", 1),
        ("2022=80 2020=90", "2020", "2022", 0),
        ("2020=70", "2020", "2020", 0),
    ],
)
def test_the_extremes_are_the_latest_of_equal_ones_and_a_record_beats_all_before(
    figures: str, highest: str, lowest: str, record: int
) -> None:
    one = series(figures)
    assert (one["最高期"], one["最低期"], one["创新高"]) == (highest, lowest, record)
    assert (one["最高"], one["最低"]) == (one[highest], one[lowest])


@pytest.mark.parametrize(
    ("figures", "falls", "rises"),
    [
        ("2020=70 2021=75 2022=80", [], 2),
        ("2019=90 2020=70 2021=75 2022=80", ["2020"], 2),
        ("2020=70 2021=75 2022=75", [], 0),
        ("2020=75 2021=75 2022=76", [], 1),
        ("2020=75 2021=74.999 2022=74.998", ["2021", "2022"], 0),
        ("2022=3 2020=1 2021=2", [], 2),
        ("2020=70", [], 0),
        ("", [], 0),
    ],
)
def test_a_fall_is_a_figure_below_the_one_before_and_rises_are_counted_from_the_end(
    figures: str, falls: list[str], rises: int
) -> None:
    one = series(figures)
    assert (one["回落期"], one["连升期数"]) == (falls, rises)


@pytest.mark.parametrize(
    ("figures", "first"),
    [("2020=99.999 2021=100 2022=100", "2021"), ("2020=100", "2020"), ("2020=99", ""), ("2021=100 2020=100", "2020"), ("", "")],
)
def test_the_first_full_mark_is_exact(figures: str, first: str) -> None:
    assert series(figures)["首次满分期"] == first


@pytest.mark.parametrize(
    ("figures", "unit", "change", "latest"),
    [
        ("2020=70 2021=72 2022=75.5", "分", "5.5", "3.5"),
        ("2020=70.004 2021=70.005 2022=70.014", "分", "0.01", "0"),  # 70、70.01、70.01 as printed
        ("2020=50% 2021=51.234% 2022=55.555%", "%", "5.56%", "4.33%"),  # 50.00%、51.23%、55.56%
        ("2020=1.236 2021=1.235 2022=1.237", "", "0.001", "0.002"),
        ("2020=12345.6 2022=12345.1", "元", "-0.50", "-0.50"),
    ],
)
def test_differences_are_those_of_the_printed_figures(figures: str, unit: str, change: str, latest: str) -> None:
    one = series(figures, unit=unit)
    assert (shown(one["增减"]), shown(one["较上期"])) == (change, latest)


@pytest.mark.parametrize(
    ("figures", "rate"),
    [
        ("2012=69.13 2022=90.56", "2.74%"),
        ("2020=100 2021=110 2022=121", "10.00%"),
        ("2020=100 2022=121", "10.00%"),  # a year without a figure counts as a year
        ("2022=121 2020=100", "10.00%"),
        ("2020=100 2021=50", "-50.00%"),
        ("2020=100 2021=100", "0.00%"),
        ("2020=100 2021=0", "-100.00%"),
        ("一季度=100 二季度=110 三季度=121", "10.00%"),
    ],
)
def test_the_rate_of_growth_is_compound(figures: str, rate: str) -> None:
    assert shown(series(figures)["年均增长率"]) == rate


def test_periods_are_put_in_order_and_filled_ones_left_out() -> None:
    one = series("2023=60 2021=80 2020=60 2022=90", filled="2020 2023")
    assert one.periods == ["2021", "2022"]
    ends = [shown(one[name]) for name in ("首期", "末期", "首", "末", "上期", "最低期", "增减", "年均增长率", "趋势")]
    assert ends == ["2021", "2022", "80", "90", "80", "2021", "10", "12.50%", "持续上升"]
    assert shown(one["2023"]) == "60", "a filled figure is still there by its period"


def test_named_periods_keep_the_order_in_which_they_stand() -> None:
    one = series("一季度=70 二季度=72 三季度=71 四季度=74")
    assert (one["首期"], one["末期"], one["回落期"]) == ("一季度", "四季度", ["三季度"])


@given(st.permutations(["9", "10", "2020", "2021"]))
def test_numbered_periods_are_ordered_by_size(periods: list[str]) -> None:
    assert in_order(periods) == ["9", "10", "2020", "2021"]


@pytest.mark.parametrize(
    ("name", "formula", "inputs"),
    [
        ("增减", "末 - 首", ["指数2022", "指数2020"]),
        ("较上期", "末 - 上期", ["指数2022", "指数2021"]),
        ("年均增长率", "(末 ÷ 首)^(1 ÷ 年数) - 1", ["指数2022", "指数2020"]),
    ],
)
def test_a_figure_worked_out_says_how_and_from_which_cells(name: str, formula: str, inputs: list[str]) -> None:
    one = series("2020=70 2021=72 2022=75")[name]
    assert (one.name, one.formula, [each.name for each in one.inputs]) == (f"指数.{name}", formula, inputs)
    assert [place.mark for place in one.places] == inputs


def test_a_property_is_one_fact_however_often_it_is_asked_for() -> None:
    one = series("2020=70 2021=72")
    assert one["增减"] is one["增减"]


ONE = {
    "首期": "2022",
    "末期": "2022",
    "首": "70",
    "末": "70",
    "增减": "0",
    "最高期": "2022",
    "最低期": "2022",
    "最高": "70",
    "最低": "70",
    "首次满分期": "",
}


def test_with_one_period_there_is_no_trend_and_nothing_before() -> None:
    one = series("2022=70")
    assert {name: shown(one[name]) for name in ONE} == ONE
    for name in ("上期", "较上期", "年均增长率", "趋势"):
        with pytest.raises(NoFigure, match="“指数”只有1期数据，这里至少要2期"):
            one[name]


def test_with_no_period_a_template_can_ask_and_is_told() -> None:
    for one in (series(""), series("2021=60 2022=60", filled="2021 2022")):
        asked = [one[name] for name in ("首期", "末期", "最高期", "最低期", "首次满分期", "创新高", "连升期数")]
        assert asked == ["", "", "", "", "", 0, 0]
        for name in ("首", "末", "上期", "增减", "较上期", "年均增长率", "趋势", "最高", "最低"):
            with pytest.raises(NoFigure, match="“指数”没有数据，这里至少要"):
                one[name]


@pytest.mark.parametrize("figures", ["2020=0 2021=5", "2020=0 2021=0", "2020=-1 2021=5", "2020=5 2021=-1"])
def test_nothing_grows_at_a_rate_from_zero_or_through_it(figures: str) -> None:
    with pytest.raises(NoFigure, match="“指数”2020的数不大于0或2021的数小于0，算不出年均增长率"):
        series(figures)["年均增长率"]


# --- several side by side ------------------------------------------------------------------------------------


def group(figures: Mapping[str, str], weights: Mapping[str, int] | None = None, filled: Mapping[str, str] | None = None) -> Group:
    members = {name: series(text, (filled or {}).get(name, ""), name=name) for name, text in figures.items()}
    return Group("各项", members, {name: Decimal(weight) for name, weight in (weights or {}).items()})


def names(group_: Group, key: str) -> list[str]:
    return [one.name for one in group_[key]]


def test_members_are_ranked_by_their_rate_and_equal_ones_keep_their_order() -> None:
    made = group({"甲": "2020=50 2021=55", "乙": "2020=50 2021=60", "丙": "2020=100 2021=110", "丁": "2020=50 2021=40"})
    assert names(made, "各项") == ["甲", "乙", "丙", "丁"]
    assert names(made, "排名") == ["乙", "甲", "丙", "丁"]
    assert (made["最快"].name, made["最慢"].name) == ("乙", "丁")
    assert made["丙"].name == "丙"


def test_a_member_without_a_rate_is_ranked_last_and_is_neither_fastest_nor_slowest() -> None:
    made = group({"甲": "2020=0 2021=9", "乙": "2020=50 2021=60", "丙": "2021=9", "丁": "2020=50 2021=40"})
    assert names(made, "排名") == ["乙", "丁", "甲", "丙"]
    assert (made["最快"].name, made["最慢"].name) == ("乙", "丁")


@pytest.mark.parametrize("figures", [{}, {"甲": "2022=70"}, {"甲": ""}])
def test_without_any_rate_there_is_no_fastest(figures: dict[str, str]) -> None:
    for key in ("最快", "最慢"):
        with pytest.raises(NoFigure, match="“各项”没有一项算得出年均增长率"):
            group(figures)[key]


def test_who_pulled_the_sum_down_is_told_by_weight_times_fall() -> None:
    figures = {"甲": "2020=80 2021=78 2022=90", "乙": "2020=80 2021=75 2022=74"}
    heavy = group(figures, {"甲": 90, "乙": 10})["拖累"]
    even = group(figures)["拖累"]
    assert {period: one.name for period, one in heavy.items()} == {"2021": "甲"}
    assert {period: one.name for period, one in even.items()} == {"2021": "乙"}, "in 2022 the sum rose"


@pytest.mark.parametrize(("last", "pulled"), [("81", {}), ("80.5", {"2021": "甲"}), ("81.5", {})])
def test_only_a_fall_of_the_sum_itself_is_anybodys_doing(last: str, pulled: dict[str, str]) -> None:
    made = group({"甲": "2020=80 2021=79", "乙": f"2020=80 2021={last}"})
    assert {period: one.name for period, one in made["拖累"].items()} == pulled


def test_a_member_without_a_figure_before_or_after_moved_nothing() -> None:
    made = group({"甲": "2020=80 2021=79", "乙": "2021=80 2022=70", "丙": "2020=80"})
    assert {period: one.name for period, one in made["拖累"].items()} == {"2021": "甲", "2022": "乙"}


def test_a_member_that_nobody_weighed_counts_once() -> None:
    made = group({"甲": "2020=80 2021=78", "乙": "2020=80 2021=77"}, {"甲": 2})
    assert made["拖累"]["2021"].name == "甲", "4 against 3"


def test_a_group_lists_its_comparisons_and_then_its_members() -> None:
    made = group({"甲": "2020=80", "乙": "2020=81"})
    assert [*made] == ["各项", "排名", "最快", "最慢", "拖累", "甲", "乙"]
    assert len(made) == 7


def test_of_equal_falls_the_first_member_is_named() -> None:
    made = group({"甲": "2020=80 2021=79", "乙": "2020=80 2021=79"})
    assert made["拖累"]["2021"].name == "甲"


def test_a_fall_counts_in_years_where_the_first_member_was_filled_in() -> None:
    made = group({"甲": "2019=60 2020=60 2021=70", "乙": "2019=80 2020=75 2021=60"}, filled={"甲": "2019 2020"})
    assert {period: one.name for period, one in made["拖累"].items()} == {"2020": "乙", "2021": "乙"}


def test_an_empty_group_has_nothing_to_tell() -> None:
    assert (group({})["各项"], group({})["排名"], group({})["拖累"]) == ([], [], {})
