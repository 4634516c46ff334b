"""计分规则: each one's arithmetic at and beside its edges, the words of its verdict, and how an indicator settles."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportgen.define.fields import read_yaml
from reportgen.define.rules import (
    RULES,
    Asked,
    Bands,
    Exempt,
    Line,
    Options,
    Outcome,
    Point,
    Rule,
    RuleError,
    Veto,
    indicator_points,
    settle,
)
from reportgen.define.source import DefinitionError

RATES = st.decimals(min_value=-1, max_value=3, places=6, allow_nan=False)
POINTS = st.decimals(min_value=0, max_value=20, places=2, allow_nan=False)


def rule(name: str, parameters: str = "{}") -> Rule:
    """The rule as a rubric declares it; the parameters must be without mistake."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rule.yaml"
        path.write_text(parameters, "utf-8")
        fields = read_yaml(path, "rule.yaml")
        made = RULES[name](fields)
        fields.source.finish()
    return made


def exactly(text: str) -> Decimal:
    return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def scored(made: Rule, points: str, value: str, unit: str = "%") -> tuple[str, str]:
    outcome = made.score(Asked(exactly(points), value=exactly(value), unit=unit))
    return f"{outcome.earned.normalize():f}", outcome.verdict


def answered(made: Rule, points: str, answer: str) -> tuple[str, str, bool]:
    outcome = made.score(Asked(exactly(points), answer=answer))
    return f"{outcome.earned.normalize():f}", outcome.verdict, outcome.struck


def refused(made: Rule, points: str, answer: str) -> str:
    with pytest.raises(RuleError) as error:
        made.score(Asked(exactly(points), answer=answer))
    return str(error.value)


# --- 达标 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("must", "value", "earned", "verdict"),
    [
        (">= 100%", "100%", "2", "达到100%"),
        (">= 100%", "99.999999%", "0", "小于100%"),
        ("≥100％", "100%", "2", "达到100%"),
        ("> 0.5%", "0.5%", "0", "不高于0.5%"),
        ("> 0.5%", "0.5000001%", "2", "大于0.5%"),
        ("<= 100%", "100%", "2", "不高于100%"),
        ("<= 100%", "100.000001%", "0", "大于100%"),
        ("< 5%", "4.9999%", "2", "小于5%"),
        ("< 5%", "5%", "0", "达到5%"),
    ],
)
def test_a_threshold_gives_all_or_nothing(must: str, value: str, earned: str, verdict: str) -> None:
    assert scored(rule("达标", f'{{须: "{must}"}}'), "2", value) == (earned, verdict)


def test_a_threshold_in_another_unit_reads_in_that_unit() -> None:
    assert scored(rule("达标", '{须: ">= 1200"}'), "2", "1199.99", "万元") == ("0", "小于1,200")


# --- 按比例 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "value", "earned", "verdict"),
    [
        ("{}", "0%", "0", ""),
        ("{}", "24.48%", "0.2448", ""),
        ("{}", "99.9999%", "0.999999", ""),
        ("{}", "100%", "1", ""),
        ("{}", "100.0001%", "1", "超过100%"),
        ("{超过一: 封顶}", "250%", "1", "超过100%"),
        ("{超过一: 零分}", "100%", "1", ""),
        ("{超过一: 零分}", "100.0001%", "0", "超过100%"),
        ("{}", "-10%", "0", ""),
    ],
)
def test_a_proportion_is_exact_and_stops_at_all_points(parameters: str, value: str, earned: str, verdict: str) -> None:
    assert scored(rule("按比例", parameters), "1", value) == (earned, verdict)


# --- 分档 ----------------------------------------------------------------------------------------------------

FROM_BELOW = '{档: [["< 90%", 3], ["<= 100%", 2], [其他, 0]]}'
FROM_ABOVE = '{档: [[">= 95%", 6], ["> 90%", 4], [">= 80%", 2], [其他, 1]]}'


@pytest.mark.parametrize(
    ("bands", "value", "earned", "verdict"),
    [
        (FROM_BELOW, "0%", "3", "小于90%"),
        (FROM_BELOW, "89.9999999%", "3", "小于90%"),
        (FROM_BELOW, "89.996%", "3", "小于90%"),  # shown as 90.00%, and yet below
        (FROM_BELOW, "90%", "2", "在90%（含）至100%（含）之间"),
        (FROM_BELOW, "100%", "2", "在90%（含）至100%（含）之间"),
        (FROM_BELOW, "100.0000001%", "0", "大于100%"),
        (FROM_ABOVE, "95%", "6", "达到95%"),
        (FROM_ABOVE, "94.9999%", "4", "在90%至95%之间"),
        (FROM_ABOVE, "90.0001%", "4", "在90%至95%之间"),
        (FROM_ABOVE, "90%", "2", "在80%（含）至90%（含）之间"),
        (FROM_ABOVE, "80%", "2", "在80%（含）至90%（含）之间"),
        (FROM_ABOVE, "79.9999%", "1", "小于80%"),
        ('{档: [["< 5%", 2], ["<= 5%", 1], [其他, 0]]}', "5%", "1", "等于5%"),
        ("{档: [[其他, 3]]}", "5%", "3", ""),
    ],
)
def test_the_exact_value_decides_its_band(bands: str, value: str, earned: str, verdict: str) -> None:
    assert scored(rule("分档", bands), "6", value) == (earned, verdict)


# --- 选档 ----------------------------------------------------------------------------------------------------

OPTIONS = "{档: {按规定公开: 1.5, 公开但不符要求: 1, 未公开: 0}}"


@pytest.mark.parametrize(("answer", "earned"), [("按规定公开", "1.5"), ("公开但不符要求", "1"), ("未公开", "0")])
def test_an_option_gives_what_the_rubric_says(answer: str, earned: str) -> None:
    assert answered(rule("选档", OPTIONS), "1.5", answer) == (earned, answer, False)


@pytest.mark.parametrize(("name", "parameters", "awards"), [("选档", OPTIONS, "1.5 1 0"), ("分档", FROM_BELOW, "3 2 0")])
def test_what_each_option_or_band_gives_is_known_beforehand(name: str, parameters: str, awards: str) -> None:
    made = rule(name, parameters)
    assert isinstance(made, Options | Bands)
    assert made.awards() == [exactly(one) for one in awards.split()]


def test_another_option_is_refused() -> None:
    assert refused(rule("选档", OPTIONS), "1.5", "公开") == "“公开”不在可选的档里（按规定公开、公开但不符要求、未公开）"


# --- 逐级扣分 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "value", "earned", "verdict"),
    [
        ("按比例", "10%", "1", "不高于10%"),
        ("按比例", "10.5%", "0.95", "大于10%（高0.5个百分点）"),
        ("按比例", "12%", "0.8", "大于10%（高2个百分点）"),
        ("按比例", "20%", "0", "大于10%（高10个百分点）"),
        ("按比例", "35%", "0", "大于10%（高25个百分点）"),
        ("不计", "10%", "1", "不高于10%"),
        ("不计", "10.9999%", "1", "大于10%（高0.9999个百分点，按0级计）"),
        ("不计", "11%", "0.9", "大于10%（高1个百分点，按1级计）"),
        ("不计", "12.5%", "0.8", "大于10%（高2.5个百分点，按2级计）"),
        ("计一级", "10%", "1", "不高于10%"),
        ("计一级", "10.0001%", "0.9", "大于10%（高0.0001个百分点，按1级计）"),
        ("计一级", "11%", "0.9", "大于10%（高1个百分点，按1级计）"),
        ("计一级", "11.0001%", "0.8", "大于10%（高1.0001个百分点，按2级计）"),
        ("计一级", "35%", "0", "大于10%（高25个百分点，按25级计）"),
        ("按比例", "10.125%", "0.9875", "大于10%（高0.13个百分点）"),
        ("计一级", "11.12345%", "0.8", "大于10%（高1.12个百分点，按2级计）"),
        ("计一级", "11.00012%", "0.8", "大于10%（高1.0001个百分点，按2级计）"),
        ("计一级", "11.0000012%", "0.8", "大于10%（高1.000001个百分点，按2级计）"),
    ],
)
def test_each_step_above_the_start_costs_the_same(part: str, value: str, earned: str, verdict: str) -> None:
    made = rule("逐级扣分", f"{{起: 10%, 每: 1%, 扣: 0.1, 不足一级: {part}}}")
    assert scored(made, "1", value) == (earned, verdict)


@pytest.mark.parametrize(
    ("start", "value", "earned", "verdict"),
    [
        ('"< 95%"', "95%", "15", "达到95%"),
        ('"< 95%"', "94.5%", "14.75", "小于95%（低0.5个百分点）"),
        ('"< 95%"', "91.75%", "13.375", "小于95%（低3.25个百分点）"),
        ('"＜ 95％"', "65%", "0", "小于95%（低30个百分点）"),
        ('"> 95%"', "96%", "14.5", "大于95%（高1个百分点）"),
        ('"<= 95%"', "95%", "15", "达到95%"),
        ('"≤ 95%"', "94%", "14.5", "小于95%（低1个百分点）"),
        ('"≥ 95%"', "96%", "14.5", "大于95%（高1个百分点）"),
        ('"＞ 95％"', "96%", "14.5", "大于95%（高1个百分点）"),
    ],
)
def test_steps_may_lead_down_from_a_bound(start: str, value: str, earned: str, verdict: str) -> None:
    made = rule("逐级扣分", f"{{起: {start}, 每: 1%, 扣: 0.5, 不足一级: 按比例}}")
    assert scored(made, "15", value) == (earned, verdict)


@pytest.mark.parametrize(
    ("parameters", "value", "unit", "earned", "verdict"),
    [
        ("{起: 3, 扣: 1, 不足一级: 不计}", "5", "天", "8", "大于3（高2天，按2级计）"),  # a step is 1 where none is said
        ('{起: "> 0.0001", 每: 0.00001, 扣: 1, 不足一级: 按比例}', "0.00012", "1/10万", "8", "大于10（高2/10万）"),
    ],
)
def test_steps_are_counted_in_the_units_own_words(
    parameters: str, value: str, unit: str, earned: str, verdict: str
) -> None:
    assert scored(rule("逐级扣分", parameters), "10", value, unit) == (earned, verdict)


def test_the_start_of_steps_must_be_a_number_or_a_bound() -> None:
    with pytest.raises(DefinitionError, match="“< 九成”应写成 < 90% 或 >= 60 这样的界限"):
        rule("逐级扣分", '{起: "< 九成", 每: 1%, 扣: 0.5, 不足一级: 按比例}')
    with pytest.raises(DefinitionError, match="“九成”不是数字"):
        rule("逐级扣分", "{起: 九成, 每: 1%, 扣: 0.5, 不足一级: 按比例}")


# --- 逐项扣分 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "earned", "verdict"),
    [
        ("0", "5", "0项"),
        ("1", "4", "1项"),
        ("2项", "3", "2项"),
        ("5", "0", "5项"),
        ("7", "0", "7项"),
        ("２", "3", "2项"),
    ],
)
def test_each_item_that_a_person_counts_costs_the_same(answer: str, earned: str, verdict: str) -> None:
    assert answered(rule("逐项扣分", "{每项: 1}"), "5", answer) == (earned, verdict, False)


@pytest.mark.parametrize(
    ("count", "earned", "verdict"),
    [("0", "8", "0项"), ("1", "4", "1项"), ("3", "0", "3项"), ("2.0", "0", "2项"), ("-1", "8", "0项")],
)
def test_each_item_that_is_worked_out_costs_the_same(count: str, earned: str, verdict: str) -> None:
    assert scored(rule("逐项扣分", "{每项: 4, 值: 未完成数}"), "8", count, "项") == (earned, verdict)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("两项", "“两项”不是数字，这里要填项数"),
        ("1.5", "项数“1.5”应是不小于0的整数"),
        ("-1", "项数“-1”应是不小于0的整数"),
        ("5%", "“5%”带百分号，这里要填项数"),
    ],
)
def test_what_is_no_count_is_refused(answer: str, sentence: str) -> None:
    assert refused(rule("逐项扣分", "{每项: 1}"), "5", answer) == sentence


# --- 要点, 人工评分 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["要点", "人工评分"])
@pytest.mark.parametrize(("answer", "earned"), [("0", "0"), ("0.5", "0.5"), ("2", "2"), ("1.5分", "1.5"), ("１", "1")])
def test_points_given_by_hand_count(name: str, answer: str, earned: str) -> None:
    assert answered(rule(name), "2", answer) == (earned, "", False)


@pytest.mark.parametrize("name", ["要点", "人工评分"])
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("2.01", "得分“2.01”应在0至2之间"),
        ("-0.5", "得分“-0.5”应在0至2之间"),
        ("100%", "“100%”带百分号，这里要填得分"),
        ("好", "“好”不是数字，这里要填得分"),
        ("", "“”不是数字，这里要填得分"),
    ],
)
def test_points_beyond_what_is_at_stake_are_refused(name: str, answer: str, sentence: str) -> None:
    assert refused(rule(name), "2", answer) == sentence


def test_what_is_at_stake_is_said_with_all_its_decimals() -> None:
    assert refused(rule("要点"), "1.125", "1.13") == "得分“1.13”应在0至1.125之间"


SHARES = "{比例: 得分比例, 档: [[显著, 80%, 100%], [明显, 60%, 80%], [一般, 0%, 60%]]}"


@pytest.mark.parametrize(
    ("band", "share", "earned"),
    [
        ("显著", "100%", "5"),
        ("显著", "80%", "4"),
        ("明显", "80%", "4"),
        ("明显", "60%", "3"),
        ("一般", "60%", "3"),
        ("一般", "0%", "0"),
    ],
)
def test_a_share_within_its_band_counts_both_ends_included(band: str, share: str, earned: str) -> None:
    outcome = rule("人工评分", SHARES).score(Asked(Decimal(5), value=exactly(share), band=band))
    assert (outcome.earned, outcome.verdict) == (exactly(earned), band)


@pytest.mark.parametrize(
    ("band", "share", "sentence"),
    [
        ("显著", "79.999%", "比例79.999%与档次“显著”（80%至100%）不符"),
        ("显著", "100.01%", "比例100.01%与档次“显著”（80%至100%）不符"),
        ("明显", "59.99%", "比例59.99%与档次“明显”（60%至80%）不符"),
        ("一般", "-1%", "比例-1.00%与档次“一般”（0%至60%）不符"),
        ("很好", "90%", "档次“很好”不在可选的档里（显著、明显、一般）"),
        ("", "90%", "档次“”不在可选的档里（显著、明显、一般）"),
    ],
)
def test_a_share_that_does_not_suit_its_band_is_refused(band: str, share: str, sentence: str) -> None:
    with pytest.raises(RuleError) as error:
        rule("人工评分", SHARES).score(Asked(Decimal(5), value=exactly(share), band=band))
    assert str(error.value) == sentence


def test_a_share_without_bands_lies_between_nothing_and_all() -> None:
    with pytest.raises(RuleError) as error:
        rule("人工评分", "{比例: 得分比例}").score(Asked(Decimal(5), value=Decimal("1.2")))
    assert str(error.value) == "比例120.00%与0%至100%不符"


# --- 一票否决, 不适用 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "answer", "verdict", "struck"),
    [
        ("一票否决", "{范围: 指标}", "是", "发生", True),
        ("一票否决", "{范围: [1, 2]}", "否", "未发生", False),
        ("不适用", "{}", "是", "适用", True),
        ("不适用", "{}", "否", "不涉及", False),
    ],
)
def test_a_yes_strikes_and_a_no_does_not(name: str, parameters: str, answer: str, verdict: str, struck: bool) -> None:
    assert answered(rule(name, parameters), "0", answer) == ("0", verdict, struck)


def test_a_veto_names_the_whole_indicator_or_some_of_its_lines() -> None:
    assert rule("一票否决", "{范围: 指标}") == Veto(())
    assert rule("一票否决", "{范围: 2}") == Veto((2,))
    assert rule("一票否决", "{范围: [1, 3]}") == Veto((1, 3))


@pytest.mark.parametrize("name", ["一票否决", "不适用"])
@pytest.mark.parametrize("answer", ["", "有", "YES", "是的"])
def test_only_yes_or_no_is_taken(name: str, answer: str) -> None:
    assert refused(rule(name, "{范围: 指标}" if name == "一票否决" else "{}"), "0", answer) == f"“{answer}”应填是或否"


def lines(*earned: str, rule_made: Rule | None = None, struck: bool = True) -> list[Line]:
    """要点 lines of 2 points each that earned so much, and last the veto or exemption."""
    made = [Line(i, Point(), Decimal(2), Outcome(exactly(text))) for i, text in enumerate(earned, 1)]
    if rule_made:
        made.append(Line(len(made) + 1, rule_made, Decimal(0), Outcome(Decimal(0), struck=struck)))
    return made


def earned(settled: list[Line]) -> list[str]:
    return [f"{line.outcome.earned.normalize():f}" for line in settled]


def test_nothing_changes_while_nothing_struck() -> None:
    assert earned(settle(lines("2", "1", rule_made=Veto(()), struck=False))) == ["2", "1", "0"]
    assert earned(settle(lines("2", "1", rule_made=Exempt(), struck=False))) == ["2", "1", "0"]


def test_a_veto_takes_the_whole_indicator_or_the_lines_it_names() -> None:
    assert earned(settle(lines("2", "1", "2", rule_made=Veto(())))) == ["0", "0", "0", "0"]
    assert earned(settle(lines("2", "1", "2", rule_made=Veto((2,))))) == ["2", "0", "2", "0"]
    assert earned(settle(lines("2", "1", "2", rule_made=Veto((1, 3))))) == ["0", "1", "0", "0"]


def test_a_veto_takes_every_row_of_a_criterion_that_has_several() -> None:
    rows = [Line(1, Point(), Decimal(1), Outcome(Decimal(1))) for _ in range(4)]
    veto = Line(2, Veto((1,)), Decimal(0), Outcome(Decimal(0), struck=True))
    assert earned(settle([*rows, veto])) == ["0"] * 5


def test_an_exemption_gives_every_line_its_points() -> None:
    assert earned(settle(lines("0", "1", rule_made=Exempt()))) == ["2", "2", "0"]


def test_a_veto_is_stronger_than_an_exemption() -> None:
    both = [*lines("0", "1", rule_made=Exempt()), Line(4, Veto((1,)), Decimal(0), Outcome(Decimal(0), struck=True))]
    assert earned(settle(both)) == ["0", "2", "0", "0"]


# --- the indicator -------------------------------------------------------------------------------------------


def test_an_indicator_is_rounded_once_after_adding_up() -> None:
    thirds = [Line(i, Point(), Decimal(1), Outcome(Decimal("0.335"))) for i in (1, 2, 3)]
    assert indicator_points(thirds, 2) == Decimal("1.01"), "rounded one by one it would be 1.02"
    quarters = [
        Line(1, Point(), Decimal(4), Outcome(Decimal("3.8762"))),
        Line(2, Point(), Decimal(2), Outcome(Decimal("1.9381"))),
    ]
    assert indicator_points(quarters, 2) == Decimal("5.81")


def test_an_indicator_of_a_rubric_without_decimals_is_not_rounded() -> None:
    thirds = [Line(i, Point(), Decimal(1), Outcome(Decimal("0.3333333"))) for i in (1, 2)]
    assert indicator_points(thirds, None) == Decimal("0.6666666")


@given(st.lists(POINTS, max_size=6), st.integers(0, 3))
def test_rounding_moves_an_indicator_by_half_a_unit_at_most(parts: list[Decimal], decimals: int) -> None:
    made = [Line(i, Point(), part, Outcome(part)) for i, part in enumerate(parts, 1)]
    assert abs(indicator_points(made, decimals) - sum(parts, Decimal(0))) <= Decimal(1).scaleb(-decimals) / 2


# --- whatever the value --------------------------------------------------------------------------------------

BY_VALUE = {
    "达标": rule("达标", '{须: ">= 95%"}'),
    "按比例": rule("按比例"),
    "按比例，超过一零分": rule("按比例", "{超过一: 零分}"),
    "逐级扣分，按比例": rule("逐级扣分", "{起: 10%, 每: 1%, 扣: 0.1, 不足一级: 按比例}"),
    "逐级扣分，不计": rule("逐级扣分", "{起: 10%, 每: 3%, 扣: 0.7, 不足一级: 不计}"),
    "逐级扣分，计一级": rule("逐级扣分", "{起: 10%, 每: 3%, 扣: 0.7, 不足一级: 计一级}"),
    "逐项扣分": rule("逐项扣分", "{每项: 0.3, 值: 项数}"),
}


@given(st.sampled_from([*BY_VALUE]), POINTS, RATES)
def test_no_rule_gives_less_than_nothing_or_more_than_all(name: str, points: Decimal, value: Decimal) -> None:
    assert 0 <= BY_VALUE[name].score(Asked(points, value=value, unit="%")).earned <= points


@given(RATES)
def test_no_band_gives_less_than_nothing_or_more_than_the_best(value: Decimal) -> None:
    assert 0 <= rule_of_bands.score(Asked(Decimal(6), value=value, unit="%")).earned <= 6


rule_of_bands = rule("分档", FROM_ABOVE)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("达标", 1),
        ("按比例", 1),
        ("逐级扣分，按比例", -1),
        ("逐级扣分，不计", -1),
        ("逐级扣分，计一级", -1),
        ("逐项扣分", -1),
    ],
)
@given(points=POINTS, one=RATES, other=RATES)
def test_a_better_value_never_earns_less(
    name: str, direction: int, points: Decimal, one: Decimal, other: Decimal
) -> None:
    worse, better = sorted((one, other), key=lambda value: direction * value)
    got = [BY_VALUE[name].score(Asked(points, value=value)).earned for value in (worse, better)]
    assert got[0] <= got[1]


@given(RATES, RATES)
def test_bands_from_above_never_give_less_for_more(one: Decimal, other: Decimal) -> None:
    assume(one <= other)
    got = [rule_of_bands.score(Asked(Decimal(6), value=value)).earned for value in (one, other)]
    assert got[0] <= got[1]


@given(POINTS, RATES)
def test_a_finer_way_of_counting_steps_lies_between_the_coarse_ones(points: Decimal, value: Decimal) -> None:
    ways = [
        rule_made.score(Asked(points, value=value)).earned
        for rule_made in (STEPS["计一级"], STEPS["按比例"], STEPS["不计"])
    ]
    assert ways == sorted(ways)


STEPS = {
    part: rule("逐级扣分", f"{{起: 10%, 每: 1%, 扣: 0.1, 不足一级: {part}}}") for part in ("计一级", "按比例", "不计")
}


@given(st.lists(st.tuples(POINTS, st.booleans()), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_settled_lines_stay_between_nothing_and_their_points(
    parts: list[tuple[Decimal, bool]], exempt: bool, veto: bool
) -> None:
    made = [
        Line(i, Point(), points, Outcome(points if full else Decimal(0))) for i, (points, full) in enumerate(parts, 1)
    ]
    made.append(Line(len(made) + 1, Exempt(), Decimal(0), Outcome(Decimal(0), struck=exempt)))
    made.append(Line(len(made) + 1, Veto((1,)), Decimal(0), Outcome(Decimal(0), struck=veto)))
    settled = settle(made)
    assert all(0 <= line.outcome.earned <= line.points for line in settled)
    assert not veto or settled[0].outcome.earned == 0
    assert not exempt or all(line.outcome.earned == line.points for line in settled[1:])


# --- what a rubric may not say -------------------------------------------------------------------------------


def mistakes(name: str, parameters: str) -> list[str]:
    """What is wrong with a rule as a rubric declares it: code, place, message."""
    with pytest.raises(DefinitionError) as error:
        rule(name, parameters)
    return [f"{one.code} {one.place.mark} {one.message}" for one in error.value.problems]


BANDS_APART = "各档应从一头往另一头写，这一档与上一档接不上"
INTERVAL = "“区间”要写成 [最低分, 最高分]"
SHARE_ENDS = "最低比例、最高比例应在0%至100%之间，从低到高"
SCOPE = "“范围”写指标，或计分项的序号，如 [1, 2]"


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("达标", "{}", ["D02 第1行第1列 缺“须”"]),
        ("达标", "{须: 90%}", ["D04 第1行第5列 “90%”应写成 < 90% 或 >= 60 这样的界限"]),
        ("达标", "{须: 九成}", ["D04 第1行第5列 “九成”应写成 < 90% 或 >= 60 这样的界限"]),
        ("达标", '{须: "= 90%"}', ["D04 第1行第5列 “= 90%”应写成 < 90% 或 >= 60 这样的界限"]),
        ("按比例", "{超过一: 满分}", ["D02 第1行第7列 “超过一”只能是封顶、零分，现为“满分”，您是不是要找“零分”"]),
        ("分档", "{}", ["D02 第1行第1列 缺“档”"]),
        ("分档", '{档: [["< 5%"], [其他, 0]]}', ["D04 第1行第6列 每档写成 [界限, 分]"]),
        ("分档", '{档: [["< 5%", 1]]}', ["D04 第1行第6列 最后一档应是 [其他, 分]"]),
        ("分档", '{档: [["< 5%", 2], [其他, 1], [其他, 0]]}', ["D04 第1行第28列 “其他”后面不能再有档"]),
        ("分档", '{档: [["<= 5%", 2], ["<= 5%", 1], [其他, 0]]}', [f"D04 第1行第20列 {BANDS_APART}"]),
        ("分档", '{档: [["< 5%", 2], ["< 5%", 1], [其他, 0]]}', [f"D04 第1行第19列 {BANDS_APART}"]),
        ("分档", '{档: [["<= 5%", 2], ["< 5%", 1], [其他, 0]]}', [f"D04 第1行第20列 {BANDS_APART}"]),
        ("分档", '{档: [["< 5%", 2], ["> 8%", 1], [其他, 0]]}', [f"D04 第1行第19列 {BANDS_APART}"]),
        ("分档", '{档: [[">= 5%", 2], [">= 8%", 1], [其他, 0]]}', [f"D04 第1行第20列 {BANDS_APART}"]),
        ("选档", "{}", ["D02 第1行第1列 缺“档”"]),
        ("选档", "{档: {好: 很多}}", ["D02 第1行第9列 “很多”不是数字"]),
        ("逐级扣分", "{}", ["D02 第1行第1列 缺“不足一级”", "D02 第1行第1列 缺“起”", "D02 第1行第1列 缺“扣”"]),
        ("逐级扣分", "{起: 1, 每: 0, 扣: -1, 不足一级: 进一}",
         ["D04 第1行第11列 “每”应大于0", "D04 第1行第17列 “扣”应大于0",
          "D02 第1行第27列 “不足一级”只能是按比例、不计、计一级，现为“进一”"]),
        ("逐项扣分", "{}", ["D02 第1行第1列 缺“每项”"]),
        ("逐项扣分", "{每项: 0}", ["D04 第1行第6列 “每项”应大于0"]),
        ("人工评分", "{档: [[好, 80%, 100%]]}", ["D04 第1行第5列 写了“档”，要同时写“比例”"]),
        ("人工评分", "{比例: 列, 档: [[好, 80%]]}", ["D04 第1行第13列 每档写成 [档名, 最低比例, 最高比例]"]),
        ("人工评分", "{比例: 列, 档: [[好, 80%, 101%]]}", [f"D04 第1行第13列 {SHARE_ENDS}"]),
        ("人工评分", "{比例: 列, 档: [[好, 90%, 80%]]}", [f"D04 第1行第13列 {SHARE_ENDS}"]),
        ("人工评分", "{比例: 列, 档: [[好, -1%, 80%]]}", [f"D04 第1行第13列 {SHARE_ENDS}"]),
        ("一票否决", "{}", ["D02 第1行第1列 缺“范围”"]),
        ("一票否决", "{范围: 全部}", [f"D04 第1行第6列 {SCOPE}"]),
        ("一票否决", "{范围: []}", [f"D04 第1行第6列 {SCOPE}"]),
        ("一票否决", "{范围: [1, 二]}", [f"D04 第1行第6列 {SCOPE}"]),
        ("极差标准化", "{}", ["D02 第1行第1列 缺“区间”", f"D04 第1行第1列 {INTERVAL}"]),
        ("极差标准化", "{区间: [60, 60]}", [f"D04 第1行第6列 {INTERVAL}"]),
        ("极差标准化", "{区间: [60, 80, 100]}", [f"D04 第1行第6列 {INTERVAL}"]),
        ("极差标准化", "{区间: [60, 100], 缺: 平均}", ["D02 第1行第20列 “缺”只能是历期最低，现为“平均”"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_told_with_its_place_and_what_is_wanted(name: str, parameters: str, said: list[str]) -> None:
    assert mistakes(name, parameters) == said


def test_a_band_of_shares_may_be_one_share() -> None:
    outcome = rule("人工评分", "{比例: 列, 档: [[好, 80%, 80%]]}").score(Asked(Decimal(5), value=exactly("80%"), band="好"))
    assert outcome.earned == 4


# --- 极差标准化 ----------------------------------------------------------------------------------------------


def standardised(
    value: str, lower: str, upper: str, direction: str, parameters: str = "{区间: [60, 100]}", points: str = "100"
) -> str:
    asked = Asked(exactly(points), value=exactly(value), band=direction, bounds=(exactly(lower), exactly(upper)))
    return f"{rule('极差标准化', parameters).score(asked).earned.normalize():f}"


@pytest.mark.parametrize(
    ("value", "rising", "falling"),
    [
        ("2", "60", "100"),
        ("2.5", "70", "90"),
        ("3", "80", "80"),
        ("3.75", "95", "65"),
        ("4", "100", "60"),
        ("1.99", "60", "100"),
        ("-5", "60", "100"),
        ("4.01", "100", "60"),
        ("400", "100", "60"),
    ],
)
def test_a_figure_lies_on_the_scale_between_its_bounds_and_never_beyond(value: str, rising: str, falling: str) -> None:
    assert standardised(value, "2", "4", "正向") == rising
    assert standardised(value, "2", "4", "逆向") == falling


@pytest.mark.parametrize(
    ("parameters", "points", "earned"),
    [
        ("{区间: [60, 100]}", "6", "4.5"),  # 75 of 100, of 6 points
        ("{区间: [0, 100]}", "6", "2.25"),
        ("{区间: [0, 1]}", "6", "2.25"),
        ("{区间: [50, 100], 缺: 历期最低}", "100", "68.75"),
    ],
)
def test_the_share_of_the_scale_is_the_share_of_the_points(parameters: str, points: str, earned: str) -> None:
    assert standardised("37.5", "0", "100", "正向", parameters, points) == earned


def test_what_a_figure_got_on_the_scale_is_said_in_two_decimals() -> None:
    asked = Asked(Decimal(6), value=Decimal(1), band="正向", bounds=(Decimal(0), Decimal(3)))
    assert rule("极差标准化", "{区间: [60, 100]}").score(asked).verdict == "标准化得73.33分"


@pytest.mark.parametrize(("lower", "upper"), [("4", "4"), ("4", "2")])
def test_bounds_the_wrong_way_round_are_refused(lower: str, upper: str) -> None:
    with pytest.raises(RuleError, match=r"^下限应小于上限$"):
        standardised("3", lower, upper, "正向")


def test_a_missing_bound_is_refused() -> None:
    with pytest.raises(RuleError, match="下限应小于上限"):
        rule("极差标准化", "{区间: [60, 100]}").score(Asked(Decimal(100), value=Decimal(3), bounds=(Decimal(2),)))


@pytest.mark.parametrize("interval", ["[100, 60]", "[60]", "[-1, 100]", "60"])
def test_an_interval_that_is_none_is_a_mistake_of_the_rubric(interval: str) -> None:
    with pytest.raises(DefinitionError, match="区间"):
        rule("极差标准化", f"{{区间: {interval}}}")


@pytest.mark.parametrize(("parameters", "fills"), [("{区间: [60, 100]}", False), ("{区间: [60, 100], 缺: 历期最低}", True)])
def test_only_a_rubric_that_says_so_fills_gaps(parameters: str, fills: bool) -> None:
    assert getattr(rule("极差标准化", parameters), "fill", None) is fills


@given(RATES, RATES, RATES, RATES)
def test_the_two_directions_mirror_each_other(one: Decimal, other: Decimal, lower: Decimal, upper: Decimal) -> None:
    assume(lower < upper)
    made = rule("极差标准化", "{区间: [60, 100]}")

    def mark(value: Decimal, direction: str) -> Decimal:
        return made.score(Asked(Decimal(100), value=value, band=direction, bounds=(lower, upper))).earned

    assert all(60 <= mark(one, way) <= 100 for way in ("正向", "逆向"))
    assert abs(mark(one, "正向") + mark(one, "逆向") - 160) < Decimal("1e-20")
    less, more = sorted((one, other))
    assert mark(less, "正向") <= mark(more, "正向")
    assert mark(less, "逆向") >= mark(more, "逆向")


@pytest.mark.parametrize(
    ("name", "yaml", "past"),
    [
        ("达标", "{须: '>= 95'}", True),
        ("达标", "{须: '>= 10'}", True),
        ("达标", "{须: '>= -10'}", True),
        ("达标", "{须: '>= 999%'}", False),
        ("分档", "{档: [['>= 90', 3], ['>= 80%', 2], [其他, 0]]}", True),
        ("分档", "{档: [['>= 90%', 3], ['>= 80%', 2], [其他, 0]]}", False),
        ("逐级扣分", "{起: '< 95', 每: 1%, 扣: 1, 不足一级: 不计}", True),
        ("逐级扣分", "{起: '< 95%', 每: 1, 扣: 1, 不足一级: 不计}", True),
        ("逐级扣分", "{起: '< 95%', 每: 99%, 扣: 1, 不足一级: 不计}", False),
        ("按比例", "{}", False),
    ],
)
def test_a_limit_of_95_is_not_meant_for_a_share(name: str, yaml: str, past: bool) -> None:
    assert rule(name, yaml).past_shares() is past
