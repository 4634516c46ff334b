"""The rubric applied to a small submission: who must answer what, what zero means, how points add up and are explained."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import marks
from reportgen.case import Case
from reportgen.model import CriterionScore
from reportgen.numerals import round_half_up
from reportgen.write.ledger import scorecard_json
from tests.support.kinds import Library, indicator, lines_of, told


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def scored(library: Library, criteria: str, points: str, sheets: dict[str, str] | None = None, head: str = "") -> Case:
    """One indicator, 服务, with these criteria, judged; ``head`` are more of its fields."""
    lines = ["- 名称: [管理, 读者, 服务]", textwrap.indent(textwrap.dedent(head).strip(), "  "), "  计分:"]
    lines.append(textwrap.indent(textwrap.dedent(criteria).strip(), "    "))
    library.indicators = "\n".join(line for line in lines if line.strip())
    library.points = points
    return library.judge(sheets)


def money(first: str, adjusted: str, spent: str, *more: str) -> str:
    """Sheet 经费 with these figures."""
    return "\n".join(("项目 | 填报内容", f"年初预算 | {first}", f"全年预算 | {adjusted}", f"全年支出 | {spent}", *more))


def answers(*rows: str) -> dict[str, str]:
    """Sheet 自评; a row is the criterion's number, the answer, its explanation and its evidence."""
    return {"自评": "\n".join(["评定指标 | 计分项 | 评定 | 评定说明 | 材料", *(f"服务 | {row}" for row in rows)])}


def grants(*rows: str) -> dict[str, str]:
    """Sheet 认定; a row is the criterion's number, the points, the reason and the evidence."""
    return {"认定": "\n".join(["认定指标 | 认定项 | 认定得分 | 认定理由 | 认定依据", *(f"服务 | {row}" for row in rows)])}


def earned(case: Case, name: str = "服务") -> Decimal:
    value = indicator(case, name).earned.value
    assert isinstance(value, Decimal)
    return value


def explained(case: Case, name: str = "服务") -> str:
    return marks.plain(indicator(case, name).explanation)


def scoring_problems(case: Case) -> list[str]:
    """What scoring says; missing causes are another matter."""
    return [line for line in told(case.problems) if " E511 " not in line]


# ── answers by hand ──

POINTS = "- {规则: 要点, 分: 4, 名: 开放时间}\n- {规则: 逐项扣分, 分: 6, 每项: 2, 名: 投诉}"


def test_answers_are_found_by_indicator_and_number_in_any_order(library: Library) -> None:
    case = scored(library, POINTS, "10", answers("2 | 1 |  | 台账", "1 | 3.5 | 周一闭馆 | 公告"))
    assert (earned(case), [one.earned for one in lines_of(case, "服务")]) == (Decimal("7.5"), [Decimal("3.5"), 4])


def test_a_missing_answer_is_asked_for_and_nothing_is_scored(library: Library) -> None:
    case = scored(library, POINTS, "10", answers("1 | 4 |  | 公告"))
    assert case.card is None
    assert told(case.problems) == ["错误 E502 数据.xlsx › 自评：缺“服务”第2项（投诉）的评定（请补填这一行）"]


def test_a_row_without_its_answer_is_told_of_once_at_its_cell(library: Library) -> None:
    case = scored(library, POINTS, "10", answers("1 |  |  | 公告", "2 | 0 |  | 台账"))
    assert told(case.problems) == ["错误 E205 数据.xlsx › 自评 › C2：“评定”没有填（请填写）"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1 | 5 |  | 公告", "得分“5”应在0至4之间"),
        ("1 | -1 |  | 公告", "得分“-1”应在0至4之间"),
        ("1 | 好 |  | 公告", "“好”不是数字，这里要填得分"),
        ("1 | 50% |  | 公告", "“50.00%”带百分号，这里要填得分"),
        ("2 | 1.5 |  | 台账", "项数“1.5”应是不小于0的整数"),
        ("2 | 无 |  | 台账", "“无”不是数字，这里要填项数"),
    ],
)
def test_an_answer_that_does_not_suit_is_said_at_its_cell(library: Library, row: str, sentence: str) -> None:
    other = "2 | 0 |  | 台账" if row.startswith("1") else "1 | 4 |  | 公告"
    case = scored(library, POINTS, "10", answers(row, other))
    assert scoring_problems(case) == [f"错误 E503 数据.xlsx › 自评 › C2：“服务”第{row[0]}项：{sentence}"]


def test_an_option_must_be_one_of_the_rubric(library: Library) -> None:
    criteria = "- {规则: 选档, 分: 10, 名: 公开, 档: {按时公开: 10, 迟公开: 5, 未公开: 0}}"
    assert earned(scored(library, criteria, "10", answers("1 | 迟公开 |  | 网站"))) == 5
    case = scored(library, criteria, "10", answers("1 | 公开了 |  | 网站"))
    assert told(case.problems) == [
        "错误 E503 数据.xlsx › 自评 › C2：“服务”第1项：“公开了”不在可选的档里（按时公开、迟公开、未公开）"
    ]


def test_an_answer_without_evidence_must_be_confirmed(library: Library) -> None:
    sheets = answers("1 | 4 |  | ", "2 | 0 |  | 台账")
    case = scored(library, POINTS, "10", sheets)
    assert told(case.problems) == ["核实 E507 数据.xlsx › 自评 › E2：“服务”第1项没有写依据（请写明依据材料的名称和文号）"]
    case = library.judge({**sheets, "审核说明": "问题代码 | 对象 | 说明\nE507 | 服务·1 | 开放时间在馆门口公示。"})
    assert not case.blocked


def test_answers_that_the_rubric_does_not_ask_for_are_said(library: Library) -> None:
    criteria = POINTS.replace("分: 4", "分: 2") + "\n- {规则: 按比例, 分: 2, 名: 执行率, 值: 执行率}"
    sheets = answers("1 | 2 |  | 公告", "2 | 0 |  | 台账", "3 | 2 |  | 报表", "4 | 1 |  | 无", "1.5 | 1 |  | 无", "0 | 1 |  | 无")
    sheets["自评"] += "\n服务质量 | 1 | 1 |  | 无"
    delete = "（请改正或删去这一行）"
    assert told(scored(library, criteria, "10", sheets).problems) == [
        f"错误 E508 数据.xlsx › 自评 › B4：“服务”第3项由系统计算，不用评定{delete}",
        f"错误 E508 数据.xlsx › 自评 › B5：“服务”只有3个计分项，没有第4项{delete}",
        f"错误 E508 数据.xlsx › 自评 › B6：“服务”只有3个计分项，没有第1.5项{delete}",
        f"错误 E508 数据.xlsx › 自评 › B7：“服务”只有3个计分项，没有第0项{delete}",
        "错误 E508 数据.xlsx › 自评 › A8：评分表没有“服务质量”这个指标，您是不是要找“服务”",
    ]


def test_one_missing_answer_does_not_make_strangers_of_the_others(library: Library) -> None:
    library.indicators = """
    - 名称: [管理, 读者, 服务]
      计分: [{规则: 要点, 分: 4, 名: 甲}, {规则: 要点, 分: 6, 名: 乙}]
    - 名称: [管理, 读者, 环境]
      计分: [{规则: 要点, 分: 90, 名: 丙}]
    """
    case = library.judge({"自评": "评定指标 | 计分项 | 评定 | 材料\n服务 | 1 | 4 | 公告\n环境 | 1 | 90 | 照片"})
    assert told(case.problems) == ["错误 E502 数据.xlsx › 自评：缺“服务”第2项（乙）的评定（请补填这一行）"]


# ── veto and exemption ──

VETO = "- {规则: 要点, 分: 4, 名: 甲}\n- {规则: 要点, 分: 6, 名: 乙}\n- {规则: 一票否决, 范围: %s, 名: 挪用资金}"


@pytest.mark.parametrize(
    ("scope", "struck", "points", "text"),
    [
        ("指标", "否", "10", ""),
        ("指标", "是", "0", "1.甲得0分，扣4分。2.乙得0分，扣6分。3.挪用资金：发生，得0分。合计得0分，扣10分。"),
        ("[2]", "是", "4", "1.甲得4分。2.乙得0分，扣6分。3.挪用资金：发生，得0分。合计得4分，扣6分。"),
        ("[2]", "否", "10", ""),
    ],
)
def test_a_veto_takes_what_it_names(library: Library, scope: str, struck: str, points: str, text: str) -> None:
    case = scored(library, VETO % scope, "10", answers("1 | 4 |  | 材料", "2 | 6 |  | 材料", f"3 | {struck} |  | 材料"))
    assert (earned(case), explained(case)) == (Decimal(points), text)


def test_a_veto_that_did_not_strike_is_not_told_of(library: Library) -> None:
    case = scored(library, VETO % "指标", "10", answers("1 | 3 |  | 材料", "2 | 6 |  | 材料", "3 | 否 |  | 材料"))
    assert explained(case) == "1.甲得3分，扣1分。2.乙得6分。合计得9分，扣1分。"


def test_a_veto_is_answered_yes_or_no(library: Library) -> None:
    case = scored(library, VETO % "指标", "10", answers("1 | 4 |  | 材料", "2 | 6 |  | 材料", "3 | 无 |  | 材料"))
    assert told(case.problems) == ["错误 E503 数据.xlsx › 自评 › C4：“服务”第3项：“无”应填是或否"]


def test_an_exemption_gives_full_points_whatever_was_answered(library: Library) -> None:
    criteria = "- {规则: 要点, 分: 10, 名: 甲}\n- {规则: 不适用, 名: 涉密}"
    case = scored(library, criteria, "10", answers("1 | 0 |  | 材料", "2 | 是 |  | 文件"))
    assert (earned(case), explained(case)) == (Decimal(10), "")
    assert earned(scored(library, criteria, "10", answers("1 | 0 |  | 材料", "2 | 否 |  | 文件"))) == 0


# ── 自评认定 ──

RATE = "- {规则: 按比例, 分: 10, 名: 执行率, 值: 执行率}"
HALF = {"经费": money("80", "100", "87.62")}


def test_a_score_may_be_lowered_with_a_reason_and_both_stay_visible(library: Library) -> None:
    case = scored(library, RATE, "10", {**HALF, **grants("1 | 5 | 结转太多 | 决算报表")})
    (line,) = lines_of(case, "服务")
    assert (line.earned, line.computed, line.material) == (Decimal(5), Decimal("8.762"), "决算报表")
    assert explained(case) == "87.62÷100.00×100%＝87.62%，得8.762分；执行率自评认定得5分（结转太多），扣5分。"


@pytest.mark.parametrize(
    ("spent", "points", "limit"), [("87.62", "9", "8.762"), ("87.62", "8.7621", "8.762"), ("100", "11", "10")]
)
def test_a_score_is_never_raised(library: Library, spent: str, points: str, limit: str) -> None:
    case = scored(library, RATE, "10", {"经费": money("80", "100", spent), **grants(f"1 | {points} | 应当更高 | 无")})
    assert case.card is None
    assert told(case.problems) == [
        f"错误 E506 数据.xlsx › 认定 › C2：“服务”第1项认定{points}分，应在0至{limit}分之间（认定只能调低计算出的得分）"
    ]


@pytest.mark.parametrize("points", ["0", "0.5", "8.762"])
def test_a_score_may_be_lowered_to_anything_down_to_nothing_or_left_as_it_is(library: Library, points: str) -> None:
    case = scored(library, RATE, "10", {**HALF, **grants(f"1 | {points} | 结转太多 | 决算报表")})
    (line,) = lines_of(case, "服务")
    assert line.earned == Decimal(points)
    assert marks_of(line) == ["B4", "B3", "C2"]


def marks_of(line: CriterionScore) -> list[str]:
    """The cells that a criterion's points rest on."""
    return [place.mark for fact in line.evidence for place in fact.places]


def test_what_is_nothing_is_evidence_too(library: Library) -> None:
    case = scored(library, RATE, "10", {"经费": money("80", "100", "0")})
    (line,) = lines_of(case, "服务")
    assert case.card
    (shown,) = scorecard_json(case.card, {})["indicators"][0]["criteria"]
    assert (shown["value"], shown["unit"], len(shown["evidence"])) == ("0", "%", 2)
    assert (line.earned, marks_of(line)) == (Decimal(0), ["B4", "B3"])


def test_a_lowered_score_that_is_refused_is_said_in_four_decimals(library: Library) -> None:
    case = scored(library, RATE, "10", {"经费": money("80", "100", "87.62345"), **grants("1 | 9.123456 | 甲 | 乙")})
    (problem,) = case.problems
    assert problem.message == "“服务”第1项认定9.1235分，应在0至8.7623分之间"


def test_a_lowered_score_of_a_row_still_names_its_row(library: Library) -> None:
    table = {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 30"}
    case = scored(library, EACH % "", "5", {**table, **grants("1 | 1 | 结转太多 | 决算报表")})
    granted = "各馆自评认定得1分（结转太多），扣4分。"
    assert explained(case) == f"东馆30.00÷60.00×100%＝50.00%，得2.5分；{granted}"


def test_a_sentence_may_say_the_reason_of_a_lowered_score_as_its_verdict(library: Library) -> None:
    library.change = lambda text: text.replace("自评认定得{{ 得分 }}分（{{ 理由 }}）", "认定得{{ 得分 }}分：{{ 判断 }}")
    case = scored(library, RATE, "10", {**HALF, **grants("1 | 5 | 结转太多 | 决算报表")})
    assert explained(case).endswith("；执行率认定得5分：结转太多，扣5分。")


def test_a_score_below_nought_is_refused_at_its_cell(library: Library) -> None:
    case = scored(library, RATE, "10", {"经费": money("80", "100", "100"), **grants("1 | -1 | 应当更低 | 无")})
    assert case.card is None
    assert told(case.problems) == ["错误 E227 数据.xlsx › 认定 › C2：“-1”是负数（这里应填不小于0的数，请核对正负号）"]


def test_a_score_may_stand_in_for_missing_data(library: Library) -> None:
    criteria = "- {规则: 分档, 分: 6, 名: 满意度, 值: 读者满意度, 档: [['>= 90%', 6], [其他, 1]]}"
    blank = {"经费": money("80", "100", "100", "读者满意度 | ")}
    case = scored(library, criteria, "6", {**blank, **grants("1 | 2 | 没有调查 | 留言簿")})
    (line,) = lines_of(case, "服务")
    assert (line.earned, line.computed, line.value) == (Decimal(2), None, None)
    assert explained(case) == "满意度自评认定得2分（没有调查），扣4分。"


def test_missing_data_without_it_are_asked_for_at_their_cell(library: Library) -> None:
    criteria = "- {规则: 分档, 分: 6, 名: 满意度, 值: 读者满意度, 档: [['>= 90%', 6], [其他, 1]]}"
    case = scored(library, criteria, "6", {"经费": money("80", "100", "100", "读者满意度 | ")})
    assert told(case.problems) == [
        "错误 E504 数据.xlsx › 经费 › B5：“服务”计分缺“读者满意度”（请补填；确无数据的，请在“认定”里写明得分和依据）"
    ]


def test_missing_data_that_have_no_cell_are_asked_for_by_the_indicator(library: Library) -> None:
    criteria = "- {规则: 达标, 分: 6, 名: 捐赠, 值: 捐赠收入, 须: '>= 1'}"
    advice = "（请补填；确无数据的，请在“认定”里写明得分和依据）"
    assert told(scored(library, criteria, "6").problems) == [f"错误 E504 数据.xlsx › 服务：“服务”计分缺“捐赠收入”{advice}"]


LAST_YEAR = "数据名 | 数值 | 单位 | 上年数\n藏书 | 12 | 万册 | 10\n座位 | 80 | 个 | "


def test_a_blank_that_may_be_left_is_asked_for_at_its_cell_where_points_rest_on_it(library: Library) -> None:
    criteria = "- {规则: 按比例, 逐行: 业务数据, 分: 5, 名: 各项, 值: 数值 / 上年数}"
    (problem,) = scored(library, criteria, "10", {"业务数据": LAST_YEAR}).problems
    assert (problem.code, problem.place.part, problem.place.mark) == ("E504", "业务数据", "D3")


def test_a_score_for_an_unknown_indicator_is_said(library: Library) -> None:
    sheet = {"认定": "认定指标 | 认定项 | 认定得分 | 认定理由 | 认定依据\n服务项 | 1 | 2 | 甲 | 乙"}
    assert told(scored(library, RATE, "10", sheet).problems) == [
        "错误 E508 数据.xlsx › 认定 › A2：评分表没有“服务项”这个指标，您是不是要找“服务”"
    ]


# ── zero denominators ──

ZERO = {"经费": money("80", "0", "0")}


@pytest.mark.parametrize(("meaning", "points"), [("满分", "10"), ("零分", "0")])
def test_the_rubric_says_what_a_zero_denominator_means(library: Library, meaning: str, points: str) -> None:
    case = scored(library, RATE.replace("}", f", 分母为零: {meaning}}}"), "10", ZERO)
    assert earned(case) == Decimal(points)
    assert explained(case) == ("" if meaning == "满分" else "执行率分母为0，按零分计，得0分，扣10分。")


def test_what_a_zero_denominator_meant_may_be_told_as_the_verdict(library: Library) -> None:
    criteria = "- {规则: 达标, 分: 10, 名: 执行率, 值: 执行率, 须: '>= 90%', 分母为零: 零分}"
    assert explained(scored(library, criteria, "10", ZERO)) == "执行率分母为0，按零分计，得0分，扣10分。"


def test_a_zero_denominator_that_means_nothing_is_asked_about(library: Library) -> None:
    advice = "分母为0，评分表没有说怎么计（请核对；确无数据的，请在“认定”里写明得分和依据）"
    assert told(scored(library, RATE, "10", ZERO).problems) == [f"错误 E505 数据.xlsx › 经费 › B3：“服务”第1项{advice}"]
    assert earned(scored(library, RATE, "10", {**ZERO, **grants("1 | 7 | 没有预算 | 批复")})) == 7


EACH = "- {规则: 按比例, 逐行: 分馆, 分: 5, 名: 各馆, 值: 分馆执行率%s, 说明句: '{{ 分馆名 }}{{ 算式 }}，得{{ 得分 }}分'}"
BRANCHES = {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 30\n西馆 | 0 | 0"}


def test_a_zero_that_no_cell_holds_is_asked_about_by_its_indicator(library: Library) -> None:
    (problem,) = scored(library, "- {规则: 按比例, 分: 10, 名: 执行率, 值: 全年支出 / (1 - 1)}", "10").problems
    assert (problem.code, str(problem.place)) == ("E505", "数据.xlsx › 服务")


def test_a_row_with_a_zero_denominator_is_known_as_one(library: Library) -> None:
    assert earned(scored(library, EACH % ", 分母为零: 满分", "10", BRANCHES)) == Decimal("7.5")


def test_a_row_with_a_zero_denominator_is_told_of_by_its_name(library: Library) -> None:
    case = scored(library, EACH % ", 分母为零: 零分", "10", BRANCHES)
    assert explained(case).startswith("1.东馆30.00÷60.00×100%＝50.00%，得2.5分，扣2.5分。2.西馆分母为0，按零分计，得0分，扣5分。")


LATE = (
    "- {规则: 达标, 分: 5, 名: 甲, 值: 执行率, 须: '>= 90%', 分母为零: 零分, "
    "说明句: '执行率{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分'}"
)


def test_a_sentence_that_names_its_subject_does_not_name_it_twice(library: Library) -> None:
    assert explained(scored(library, LATE, "5", ZERO)) == "执行率分母为0，按零分计，得0分，扣5分。"


def test_a_row_with_a_zero_denominator_that_means_nothing_is_asked_about(library: Library) -> None:
    (problem,) = scored(library, EACH % "", "10", BRANCHES).problems
    assert (problem.code, str(problem.place)) == ("E505", "数据.xlsx › 分馆 › B3")


def test_a_quotient_written_in_the_rubric_has_its_zero_denominator_at_its_cell_too(library: Library) -> None:
    criteria = "- {规则: 按比例, 分: 10, 名: 执行率, 值: 全年支出 / (全年预算 * 2)}"
    (problem,) = scored(library, criteria, "10", ZERO).problems
    assert (problem.code, str(problem.place)) == ("E505", "数据.xlsx › 经费 › B3")


def test_a_blank_in_a_row_is_asked_for_once_where_it_stands(library: Library) -> None:
    case = scored(library, EACH % "", "10", {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 30\n西馆 | 40 | "})
    assert [(one.code, str(one.place)) for one in case.problems] == [("E205", "数据.xlsx › 分馆 › C3")]


# ── adding up ──


def test_a_criterion_may_ask_every_row_of_a_table(library: Library) -> None:
    case = scored(library, EACH % "", "10", {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 30\n西馆 | 40 | 40"})
    east, west = "1.东馆30.00÷60.00×100%＝50.00%，得2.5分，扣2.5分。", "2.西馆40.00÷40.00×100%＝100.00%，得5分。"
    assert explained(case) == f"{east}{west}合计得7.5分，扣2.5分。"


OUTCOMES = """
- 名称: [成效, 效果, 成效名]
  逐行: 成效
  计分: [{规则: 人工评分, 名: 成效, 分: 权重, 比例: 比例, 档次: 档次, 依据: 成效依据, 档: [[好, 80%, 100%], [差, 0%, 80%]]}]
"""


def test_an_indicator_may_be_made_of_every_row(library: Library) -> None:
    library.indicators = OUTCOMES
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 60 | 100% | 好 | 报表\n读者数 | 40 | 60% | 差 | 报表"
    case = library.judge({"成效": table})
    assert case.card
    given = [(one.level3, one.earned.value, one.points.value) for one in case.card.indicators]
    assert given == [("借阅量", Decimal(60), Decimal(60)), ("读者数", Decimal(24), Decimal(40))]


def test_an_indicator_that_is_a_row_has_its_evidence_in_its_own_column(library: Library) -> None:
    library.indicators = OUTCOMES
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 60 | 100% | 好 | 报表\n读者数 | 40 | 100% | 好 | "
    case = library.judge({"成效": table})
    assert [lines_of(case, name)[0].material for name in ("借阅量", "读者数")] == ["报表", ""]
    assert told(case.problems) == ["核实 E507 数据.xlsx › 成效 › E3：“读者数”第1项没有写依据（请写明依据材料的名称和文号）"]
    assert [problem.subject for problem in case.problems] == ["读者数·1"]


def test_the_upper_levels_may_be_columns_too(library: Library) -> None:
    library.indicators = OUTCOMES.replace("[成效, 效果, 成效名]", "[档次, 成效依据, 成效名]")
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 60 | 100% | 好 | 报表\n读者数 | 40 | 60% | 差 | 台账"
    case = library.judge({"成效": table})
    assert case.card
    assert [(one.level1, one.level2) for one in case.card.indicators] == [("好", "报表"), ("差", "台账")]


def test_a_row_without_its_weight_or_its_number_is_told_of_once(library: Library) -> None:
    library.indicators = OUTCOMES + "- 名称: [管理, 读者, 服务]\n  计分: [{规则: 要点, 分: 40, 名: 甲}]\n"
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | | 100% | 好 | 报表\n读者数 | 60 | 100% | 好 | 报表"
    case = library.judge({"成效": table, **answers("1 | 40 |  | 公告", " | 3 |  | 公告")})
    assert sorted(told(case.problems)) == [
        "错误 E205 数据.xlsx › 成效 › B2：“权重”没有填（请填写；确实为零请填 0）",
        "错误 E205 数据.xlsx › 自评 › B3：“计分项”没有填（请填写；确实为零请填 0）",
    ]


def test_a_row_without_any_weight_earns_nothing_and_keeps_nobody_from_being_scored(library: Library) -> None:
    library.indicators = OUTCOMES
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 100 | 90% | 好 | 报表\n读者数 | 0 | 60% | 差 | 报表"
    case = library.judge({"成效": table})
    assert case.card
    assert [str(one.earned.value) for one in case.card.indicators] == ["90.00", "0.00"]
    assert case.card.total.value == 90


def test_rows_must_bring_the_points_that_the_rubric_has(library: Library) -> None:
    library.indicators = OUTCOMES
    case = library.judge({"成效": "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 60 | 100% | 好 | 报表"})
    assert told(case.problems) == ["错误 E501 数据.xlsx › 成效：各指标分值合计60，应为100（这张表各行的分值，合计应为100）"]


def test_rows_that_only_bring_criteria_are_looked_at_in_the_rubric_too(library: Library) -> None:
    three = {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 60\n西馆 | 40 | 40\n南馆 | 1 | 1"}
    said = "各指标分值合计15，应为10（请核对评分表和各行的权重）"
    assert told(scored(library, EACH % "", "10", three).problems) == [f"错误 E501 数据.xlsx：{said}"]


def test_points_that_do_not_add_up_are_said_in_four_decimals(library: Library) -> None:
    library.indicators, library.points = OUTCOMES, "100.00004"
    case = library.judge({"成效": "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 60.00004 | 100% | 好 | 报表"})
    said = "各指标分值合计60，应为100（这张表各行的分值，合计应为100）"
    assert scoring_problems(case) == [f"错误 E501 数据.xlsx › 成效：{said}"]


def test_indicators_and_groups_need_names_of_their_own(library: Library) -> None:
    library.indicators = """
    - 名称: [管理, 效果, 借阅量]
      计分: [{规则: 按比例, 分: 20, 名: 执行率, 值: 执行率}]
    - 名称: [管理, 秩序, 安静]
      计分: [{规则: 要点, 分: 20, 名: 安静}]
    """ + textwrap.indent(textwrap.dedent(OUTCOMES), "    ")
    table = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 40 | 100% | 好 | 报表\n读者数 | 20 | 100% | 好 | 报表"
    answered = "评定指标 | 计分项 | 评定 | 材料\n安静 | 1 | 20 | 记录"
    assert told(library.judge({"成效": table, "自评": answered}).problems) == [
        "错误 E510 数据.xlsx › 成效 › A2：有两个指标都叫“借阅量”（请改一个名称）",
        "错误 E510 数据.xlsx › 成效 › A2：“成效”和“管理”下面都有“效果”（请改一个名称）",
        "错误 E510 数据.xlsx › 成效 › A3：“成效”和“管理”下面都有“效果”（请改一个名称）",
    ]


def test_a_share_must_suit_its_band(library: Library) -> None:
    library.indicators = OUTCOMES
    case = library.judge({"成效": "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅量 | 100 | 79.99% | 好 | 报表"})
    assert told(case.problems) == [
        "错误 E503 数据.xlsx › 成效 › C2：“借阅量”：比例79.99%与档次“好”（80%至100%）不符"
    ]


def test_criteria_are_printed_with_enough_decimals_to_add_up(library: Library) -> None:
    criteria = "- {规则: 按比例, 分: 1, 名: 执行率, 值: 执行率}\n- {规则: 按比例, 分: 2, 名: 参与率, 值: 读者满意度}"
    figures = {"经费": money("80", "100", "87.62", "读者满意度 | 96.905%")}
    case = scored(library, criteria, "3", figures)
    assert earned(case) == Decimal("2.81")  # not 0.88 + 1.94
    first, second = "87.62÷100.00×100%＝87.62%，得0.8762分，扣0.1238分", "参与率96.91%，得1.9381分，扣0.0619分"
    assert explained(case) == f"1.{first}。2.{second}。合计得2.81分，扣0.19分。"


@pytest.mark.parametrize(("budget", "spent", "printed"), [("3", "1", "0.3333"), ("1000", "7.496", "0.007496")])
def test_criteria_are_printed_with_the_fewest_decimals_that_add_up(
    library: Library, budget: str, spent: str, printed: str
) -> None:
    table = f"分馆名 | 预算数 | 支出数\n东馆 | {budget} | {spent}\n西馆 | {budget} | {spent}"
    case = scored(library, EACH.replace("分: 5", "分: 1") % "", "2", {"分馆": table})
    assert explained(case).count(f"，得{printed}分，") == 2


@settings(max_examples=40, deadline=None)
@given(rates=st.lists(st.integers(0, 10_000), min_size=2, max_size=5))
def test_what_is_printed_adds_up(rates: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        library = Library(tmp_path_factory.mktemp("馆"))
        patch.chdir(library.folder)
        table = "\n".join(["分馆名 | 预算数 | 支出数", *(f"第{i}馆 | 100 | {rate / 100}" for i, rate in enumerate(rates))])
        criteria = "- {规则: 按比例, 逐行: 分馆, 分: 1, 名: 各馆, 值: 分馆执行率, 说明句: '{{ 得分 }}分'}"
        case = scored(library, criteria, str(len(rates)), {"分馆": table})
    text = explained(case)
    assert bool(text) is (earned(case) != len(rates))  # what rounding gives back was not lost
    if text:
        printed = [Decimal(piece.split("分")[0].split(".", 1)[1]) for piece in text.split("。")[: len(rates)]]
        assert round_half_up(sum(printed, Decimal(0)), 2) == earned(case)


def test_groups_add_up_their_indicators_and_the_total_is_the_sum_of_rounded_scores(library: Library) -> None:
    library.indicators = """
    - 名称: [管理, 读者, 甲]
      计分: [{规则: 按比例, 分: 33, 名: 甲, 值: 执行率}]
    - 名称: [管理, 读者, 乙]
      计分: [{规则: 按比例, 分: 33, 名: 乙, 值: 执行率}]
    - 名称: [成效, 读者, 丙]
      计分: [{规则: 按比例, 分: 34, 名: 丙, 值: 执行率}]
    """
    case = library.judge({"经费": money("80", "3", "1")})
    assert case.card
    assert [(one.level, one.parent, one.name, str(one.earned.value), str(one.points.value)) for one in case.card.groups] == [
        (1, "", "管理", "22.00", "66"),
        (2, "管理", "读者", "22.00", "66"),
        (1, "", "成效", "11.33", "34"),
        (2, "成效", "读者", "11.33", "34"),
    ]
    assert case.card.total.value == Decimal("33.33")


@pytest.mark.parametrize(
    ("spent", "grade"), [("90", "优"), ("89.995", "优"), ("89.994", "中"), ("60", "中"), ("59.99", "差"), ("0", "差")]
)
def test_the_grade_goes_by_the_total_as_it_is_printed(library: Library, spent: str, grade: str) -> None:
    case = library.judge({"经费": money("80", "100", spent)})
    assert case.card
    assert case.card.grade.value == grade


# ── explanations and losses ──


@settings(max_examples=25, deadline=None)
@given(spent=st.integers(0, 12_000))
def test_an_explanation_stands_exactly_where_points_were_lost(spent: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        library = Library(tmp_path_factory.mktemp("馆"))
        patch.chdir(library.folder)
        case = library.judge({"经费": money("80", "100", str(spent / 100))})
    assert case.card
    (one,) = case.card.indicators
    assert bool(one.explanation) is (one.earned < one.points) is bool(one.lost)


TWO = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 按比例, 分: 50, 名: 执行率, 值: 执行率}]
- 名称: [管理, 读者, 读者服务]
  计分: [{规则: 要点, 分: 30, 名: 开放时间}]
- 名称: [管理, 读者, 读者环境]
  计分: [{规则: 要点, 分: 20, 名: 座位}]
"""
LOSSES = "失分指标 | 标题 | 原因 | 措施 | 科室 | 时限"
CAUSE = "新馆空调安装延期，款项没有按合同节点支付"


def lost(library: Library, *rows: str, **more: str) -> Case:
    """预算执行 and 读者服务 lose points, 读者环境 doesn't; these are the causes given."""
    library.indicators = TWO
    answered = "评定指标 | 计分项 | 评定 | 材料\n读者服务 | 1 | 20 | 公告\n读者环境 | 1 | 20 | 照片"
    sheets = {"经费": money("80", "100", "50"), "自评": answered, "失分": "\n".join([LOSSES, *rows])}
    return library.judge(sheets | more)


def test_every_loss_needs_a_cause_and_a_remedy(library: Library) -> None:
    case = lost(library, f"预算执行 |  | {CAUSE} |  | 财务科 | 六月底前")
    assert told(case.problems) == [
        "错误 E511 数据.xlsx › 失分：“预算执行”扣了25分，还没有写原因和措施（请在“失分”里补一行）",
        "错误 E511 数据.xlsx › 失分：“读者服务”扣了10分，还没有写原因和措施（请在“失分”里补一行）",
    ]
    assert case.card, "a missing cause stops the report, not the score"
    assert [problem.subject for problem in case.problems] == ["预算执行", "读者服务"]


def test_one_block_may_tell_of_several_indicators(library: Library) -> None:
    case = lost(library, f"预算执行、读者服务 | 新馆进度 | {CAUSE} | 按月调度。 | 财务科、办公室 | 六月底前")
    assert told(case.problems) == []
    assert case.card
    (block,) = case.card.losses
    assert (block.title, [one.level3 for one in block.indicators]) == ("新馆进度", ["预算执行", "读者服务"])
    assert {(one.reason, one.remedy) for one in block.indicators} == {(block.reason, block.remedy)}
    assert (block.reason, block.remedy) == (f"{CAUSE}。", "按月调度（责任科室：财务科、办公室，时限：六月底前）。")
    told_of_both = f"原因：{CAUSE}。整改措施：按月调度（责任科室：财务科、办公室，时限：六月底前）。"
    assert {name: marks.plain(text) for name, text in case.explanations().items()} == {
        "预算执行": f"50.00÷100.00×100%＝50.00%，得25分，扣25分。{told_of_both}",
        "读者服务": f"开放时间得20分，扣10分。{told_of_both}",
        "读者环境": "",
    }


def test_an_indicator_without_a_cause_is_explained_by_its_arithmetic_alone(library: Library) -> None:
    case = lost(library, f"预算执行 |  | {CAUSE} | 启用排架系统X。 | 财务科 | 六月底前")
    assert {name: marks.plain(text) for name, text in case.explanations().items()} == {
        "预算执行": "50.00÷100.00×100%＝50.00%，得25分，扣25分。原因：新馆空调安装延期，款项没有按合同节点支付。"
        "整改措施：启用排架系统X（责任科室：财务科，时限：六月底前）。",
        "读者服务": "开放时间得20分，扣10分。",
        "读者环境": "",
    }


@pytest.mark.parametrize("end", ["", "。"])
def test_a_cause_ends_with_one_full_stop(library: Library, end: str) -> None:
    case = lost(library, f"预算执行、读者服务 |  | {CAUSE}{end} | 按月调度 | 办公室 | 六月底前")
    assert case.card
    (block,) = case.card.losses
    assert (block.title, block.reason) == ("预算执行、读者服务", f"{CAUSE}。")


def test_blocks_stand_in_the_rubrics_order_and_are_named_after_their_indicators(library: Library) -> None:
    rest = f"{CAUSE} | 按月调度 | 办公室 | 六月底前"
    case = lost(library, f"读者服务 |  | {rest}", f"预算执行 |  | {rest}")
    assert case.card
    assert [block.title for block in case.card.losses] == ["预算执行", "读者服务"]


def test_causes_for_what_was_not_lost_or_is_not_there_or_was_told_are_said(library: Library) -> None:
    rest = f"{CAUSE} | 按月调度 | 办公室 | 六月底前"
    names = ("预算执行、读者服务", "读者环境", "预算的执行", "读者服务")
    case = lost(library, *(f"{name} |  | {rest}" for name in names))
    assert told(case.problems) == [
        "提醒 E512 数据.xlsx › 失分 › A3：“读者环境”没有失分，这一条不会写进报告（可以删去）",
        "错误 E512 数据.xlsx › 失分 › A4：评分表没有“预算的执行”这个指标，您是不是要找“预算执行”",
        "错误 E512 数据.xlsx › 失分 › A5：“读者服务”写了两次（请合并成一条）",
    ]


@pytest.mark.parametrize(
    ("cause", "restates"),
    [
        ("预算执行未达到标准，扣25分", True),
        ("本指标没有达到要求", True),
        ("因为预算执行率较低，所以未得满分。", True),
        (CAUSE, False),
        ("冻结资金当年无法支付", False),
        ("空调安装延期", False),  # six characters of its own are enough
        ("空调装延期", True),
    ],
)
def test_a_cause_that_only_restates_the_loss_must_be_confirmed(library: Library, cause: str, restates: bool) -> None:
    rest = "按月调度 | 办公室 | 六月底前"
    case = lost(library, f"预算执行 |  | {cause} | {rest}", f"读者服务 |  | {CAUSE} | {rest}")
    expected = ["核实 E513 数据.xlsx › 失分 › C2：“预算执行”的原因太短，或只是重复了扣分结果（请写明为什么会这样）"]
    assert told(case.problems) == expected * restates


def test_a_cause_may_be_as_short_as_that_when_somebody_answers_for_it(library: Library) -> None:
    rest = "按月调度 | 办公室 | 六月底前"
    causes = (f"预算执行 |  | 本指标没有达到要求 | {rest}", f"读者服务 |  | {CAUSE} | {rest}")
    answered = "问题代码 | 对象 | 说明\nE513 | 预算执行 | 原因就是这样，已与财务科核对。"
    assert lost(library, *causes).blocked
    assert not lost(library, *causes, 审核说明=answered).blocked


DOUBT = "- {编号: J01, 须: 全年支出 ≤ 全年预算, 级别: 核实, 说明: 支出一般不超过预算}"
SPENT = {"经费": money("80", "100", "150"), "失分": f"{LOSSES}\n服务 |  | {CAUSE} | 按月调度 | 办公室 | 六月底前"}


@pytest.mark.parametrize(
    ("check", "answer", "codes"),
    [
        ("", "", ["E512"]),
        (DOUBT, "", ["J01"]),
        (DOUBT, "J01 |  | 追加的款项年底才到账。", ["E512", "J01"]),
    ],
    ids=["nothing else is wrong", "the figure is doubted", "the figure is settled"],
)
def test_a_cause_is_not_called_needless_while_the_figure_is_doubted(
    library: Library, check: str, answer: str, codes: list[str]
) -> None:
    library.checks = check
    given = {"审核说明": f"问题代码 | 对象 | 说明\n{answer}"} if answer else {}
    assert sorted(one.code for one in scored(library, RATE, "10", {**SPENT, **given}).problems) == codes


@pytest.mark.parametrize("end", ["", "。", "；", "，", "；。", ";"])
def test_a_cause_and_a_remedy_end_with_one_stop_whatever_was_typed(library: Library, end: str) -> None:
    case = lost(library, f"预算执行、读者服务 |  | {CAUSE}{end} | 按月调度{end} | 办公室 | 六月底前")
    assert case.card
    (block,) = case.card.losses
    assert (block.reason, block.remedy) == (f"{CAUSE}。", "按月调度（责任科室：办公室，时限：六月底前）。")


def test_a_cause_may_name_facts(library: Library) -> None:
    rest = "按月调度 | 办公室 | 六月底前"
    cause = "新馆款项{{ 全年支出｜万元 }}之外都没有付清"
    case = lost(library, f"预算执行 |  | {cause} | {rest}", f"读者服务 |  | {CAUSE} | {rest}")
    assert case.card
    assert marks.plain(indicator(case, "预算执行").reason) == "新馆款项50.00万元之外都没有付清。"
