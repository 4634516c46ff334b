"""What an explanation says besides the arithmetic, and the figures in it: each a fact of its own, with its rule and cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reportgen import marks
from reportgen.build import judge
from reportgen.case import Case
from reportgen.model import Fact
from tests.support.kinds import EDITION, Library, indicator, lines_of, told
from tests.test_scoring import BRANCHES, EACH, HALF, RATE, answers, earned, explained, grants, marks_of, money, scored

RATE_OF_ONE = "- 名称: [管理, 读者, 服务]\n  计分: [{规则: 按比例, 分: 1, 名: 执行率, 值: 执行率}]"
BY_HAND = "- {规则: 要点, 分: 10, 名: 开放时间, 说明句: '{{ 名称 }}{{ 理由 }}，得{{ 得分 }}分'}"
BANDS = "- {规则: 分档, 分: 10, 名: 执行率, 值: 执行率, 档: [['>= 80%', 10], [其他, 0]]}"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def facts(case: Case, start: str) -> dict[str, Fact]:
    """The facts whose names begin so."""
    assert case.submission
    return {fact.name: fact for fact in case.submission.book.facts if fact.name.startswith(start)}


# ── what the sentences may say ──


def test_an_answer_is_explained_by_its_reason_and_rests_on_its_cell(library: Library) -> None:
    case = scored(library, BY_HAND, "10", answers("1 | 8 | 周一闭馆 | 公告"))
    (line,) = lines_of(case, "服务")
    assert explained(case) == "开放时间周一闭馆，得8分，扣2分。"
    assert (line.name, line.rule, line.material) == ("开放时间", "要点", "公告")
    assert (marks.plain(line.text), marks_of(line)) == ("开放时间周一闭馆，得8分", ["C2"])


def test_what_is_lacking_is_said_only_where_points_were_lost(library: Library) -> None:
    criteria = "- {规则: 要点, 分: 5, 名: 制度健全, 欠缺: 制度不健全}\n- {规则: 要点, 分: 5, 名: 公示及时, 欠缺: 公示不及时}"
    case = scored(library, criteria, "10", answers("1 | 5 |  | 文件", "2 | 3 |  | 网站"))
    assert explained(case) == "1.制度健全得5分。2.公示不及时得3分，扣2分。合计得8分，扣2分。"


def test_a_sentence_may_name_any_figure_of_the_report(library: Library) -> None:
    criteria = RATE.replace("}", ", 说明句: '全年支出{{ 全年支出｜万元 }}，得{{ 得分 }}分'}")
    assert explained(scored(library, criteria, "10", HALF)) == "全年支出87.62万元，得8.76分，扣1.24分。"


def test_a_figure_without_arithmetic_is_called_by_its_criterion(library: Library) -> None:
    criteria = "- {规则: 达标, 分: 10, 名: 最大的一馆, 值: 最大(分馆.支出数), 须: '>= 100'}"
    assert explained(scored(library, criteria, "10", BRANCHES)) == "最大的一馆30.00，小于100，得0分，扣10分。"


def test_a_quotient_of_like_units_is_told_as_a_share(library: Library) -> None:
    criteria = "- {规则: 达标, 分: 10, 名: 执行率, 值: 全年支出 / 全年预算, 须: '>= 90%'}"
    case = scored(library, criteria, "10", HALF)
    assert explained(case) == "87.62÷100.00×100%＝87.62%，小于90%，得0分，扣10分。"
    assert [(one.unit, one.formula) for one in facts(case, "服务.1.值").values()] == [("%", "评分表的“值”")]


def test_a_quotient_of_other_units_is_told_as_it_comes_out(library: Library) -> None:
    criteria = "- {规则: 达标, 分: 10, 名: 每百分点支出, 值: 全年支出 / 读者满意度, 须: '>= 200'}"
    case = scored(library, criteria, "10", {"经费": money("80", "100", "87.5", "读者满意度 | 50%")})
    assert explained(case) == "87.50÷50.00%＝175，小于200，得0分，扣10分。"


@pytest.mark.parametrize(
    ("joiner", "text"),
    [
        ("分号", "甲得3分；乙得6分。合计得9分，扣1分。"),
        ("序号", "1.甲得3分，扣1分。2.乙得6分。合计得9分，扣1分。"),
    ],
)
def test_criteria_are_listed_by_number_or_joined_by_semicolons(library: Library, joiner: str, text: str) -> None:
    criteria = "- {规则: 要点, 分: 4, 名: 甲}\n- {规则: 要点, 分: 6, 名: 乙}"
    case = scored(library, criteria, "10", answers("1 | 3 |  | 材料", "2 | 6 |  | 材料"), head=f"连接: {joiner}")
    assert explained(case) == text


BLANK = RATE.replace("}", ", 说明句: '捐赠{{ 捐赠收入 }}，得{{ 得分 }}分'}")


def test_a_sentence_that_names_a_blank_figure_is_told_of_and_never_printed(library: Library) -> None:
    case = scored(library, f"{BLANK}\n{RATE.replace('10', '5')}", "15", HALF)
    said = "“服务”的说明句里，“捐赠收入”没有数（空着，或算它要用的数空着）；可以空着的，写成“捐赠收入|或(…)”"
    assert told(case.problems)[0] == f"错误 E515 数据.xlsx › 服务：{said}"
    assert (indicator(case, "服务").explanation, [line.text for line in lines_of(case, "服务")]) == ("【待补】", ["【待补】"] * 2)


def test_of_a_zero_denominator_a_sentence_has_a_dash(library: Library) -> None:
    each = EACH.replace("{{ 算式 }}", "率{{ 分馆执行率 }}，{{ 判断 }}") % ", 分母为零: 零分"
    case = scored(library, each, "10", {**BRANCHES, **grants("1 | 0 | 甲 | 乙")})
    first, second = (marks.plain(line.text) for line in lines_of(case, "服务"))
    assert first == "东馆率50.00%，，得2.5分；各馆自评认定得0分（甲）"
    assert second == "西馆率—，按零分计，得0分；各馆自评认定得0分（甲）"


# ── a score that was lowered ──


def test_a_lowered_score_tells_the_verdict_that_the_rule_had_come_to(library: Library) -> None:
    case = scored(library, BANDS, "10", {**HALF, **grants("1 | 4 | 结转太多 | 决算报表")})
    computed = "87.62÷100.00×100%＝87.62%，达到80%，得10分"
    assert explained(case) == f"{computed}；执行率自评认定得4分（结转太多），扣6分。"


def test_a_lowered_score_of_a_zero_denominator_tells_what_that_meant(library: Library) -> None:
    sheets = {"经费": money("80", "0", "0"), **grants("1 | 4 | 没有预算 | 批复")}
    case = scored(library, RATE.replace("}", ", 分母为零: 满分}"), "10", sheets)
    assert explained(case) == "执行率分母为0，按满分计，得10分；执行率自评认定得4分（没有预算），扣6分。"


def test_the_score_before_it_was_lowered_is_told_in_four_decimals(library: Library) -> None:
    sheets = {"经费": money("80", "100", "87.62345"), **grants("1 | 4 | 结转太多 | 决算报表")}
    assert "，得8.7623分；" in explained(scored(library, RATE, "10", sheets))


# ── the figures in it ──


WHOLE = """
- 名称: [管理, 读者, 服务]
  指标说明: 开放情况
  评分标准: 少一天扣一分
  口径: 以公告为准
  计分: [{规则: 按比例, 分: 60, 名: 执行率, 值: 执行率}, {规则: 要点, 分: 40, 名: 开放}]
"""


def test_every_figure_of_the_scorecard_says_by_which_rule_and_from_what_it_was_made(library: Library) -> None:
    library.indicators = WHOLE
    case = library.judge({**HALF, **answers("2 | 40 |  | 公告")})
    assert case.submission
    made = [fact for fact in case.submission.book.facts if fact.formula or fact.name.endswith(".分值")]
    told_of = [(one.name, str(one.value), one.unit, one.formula, "、".join(fact.name for fact in one.inputs)) for one in made]
    assert [" | ".join(one) for one in told_of] == [
        "执行率 | 0.8762 | % | 全年支出 / 全年预算 | 全年支出、全年预算",
        "增长率 | 0.25 | % | (全年预算 - 年初预算) / 年初预算 | 全年预算、年初预算",
        "服务.分值 | 100 | 分 |  | ",
        "服务.得分 | 92.57 | 分 | 各计分项得分之和 | 执行率、自评[服务·2].评定",
        "服务.扣分 | 7.43 | 分 | 分值 - 得分 | 执行率、自评[服务·2].评定",
        "服务.1.得分 | 52.5720 | 分 | 按比例 | 执行率",
        "服务.1.扣分 | 7.43 | 分 | 分值 - 得分 | 执行率",
        "服务.2.得分 | 40 | 分 | 要点 | 自评[服务·2].评定",
        "服务.2.扣分 | 0.00 | 分 | 分值 - 得分 | 自评[服务·2].评定",
        "总分 | 92.57 | 分 | 各指标得分之和 | 服务.得分",
        "等级 | 优 |  | 按总分对照评分等级 | 总分",
        "管理.分值 | 100 | 分 | 各指标分值之和 | 服务.分值",
        "管理.得分 | 92.57 | 分 | 各指标得分之和 | 服务.得分",
        "管理·读者.分值 | 100 | 分 | 各指标分值之和 | 服务.分值",
        "管理·读者.得分 | 92.57 | 分 | 各指标得分之和 | 服务.得分",
    ]
    one = indicator(case, "服务")
    assert (one.definition, one.standard, one.reading) == ("开放情况", "少一天扣一分", "以公告为准")


def test_what_a_line_earned_and_lost_are_facts_with_their_rule_and_their_cells(library: Library) -> None:
    case = scored(library, EACH % ", 分母为零: 零分", "10", BRANCHES)
    assert {
        name: (str(fact.value), fact.unit, fact.formula, [place.mark for place in fact.places])
        for name, fact in facts(case, "服务.1").items()
        if fact.unit == "分"
    } == {
        "服务.1·东馆.得分": ("2.5", "分", "按比例", ["C2", "B2"]),
        "服务.1·东馆.扣分": ("2.50", "分", "分值 - 得分", ["C2", "B2"]),
        "服务.1·西馆.得分": ("0", "分", "按比例", []),
        "服务.1·西馆.扣分": ("5.00", "分", "分值 - 得分", []),
    }


def test_a_line_of_an_indicator_that_is_itself_a_row_is_named_by_the_indicator(library: Library) -> None:
    library.indicators = """
    - 名称: [成效, 效果, 成效名]
      逐行: 成效
      计分: [{规则: 人工评分, 名: 成效, 分: 权重, 比例: 比例, 档次: 档次, 依据: 成效依据, 档: [[好, 80%, 100%], [差, 0%, 80%]]}]
    """
    case = library.judge({"成效": "成效名 | 权重 | 比例 | 档次 | 成效依据\n借.阅量 | 100 | 90% | 好 | 报表"})
    assert {"借.阅量.1.得分", "借.阅量.1.扣分"} <= facts(case, "借.阅量").keys()


def test_the_printed_decimals_end_at_six(library: Library) -> None:
    table = "分馆名 | 预算数 | 支出数\n东馆 | 1000 | 7.49633\n西馆 | 1000 | 7.49633"
    case = scored(library, EACH.replace("分: 5", "分: 1") % "", "2", {"分馆": table})
    assert explained(case).count("，得0.007496分，") == 2


def test_a_score_in_whole_points_is_told_in_whole_points(library: Library) -> None:
    library.indicators, library.points = RATE_OF_ONE.replace("分: 1", "分: 10"), "10"
    case = rubric_changed(library, "小数: 2", "小数: 0", HALF)
    assert explained(case) == "87.62÷100.00×100%＝87.62%，得9分，扣1分。"


def test_an_unrounded_score_is_told_in_six_decimals(library: Library) -> None:
    library.indicators, library.points = RATE_OF_ONE, "1"
    case = rubric_changed(library, "小数: 2", "小数: 不取整", {"经费": money("80", "3", "1")})
    assert round(earned(case), 20) == round(Decimal(1) / 3, 20)
    assert explained(case) == "1.00÷3.00×100%＝33.33%，得0.333333分，扣0.666667分。"


# ── what can't be scored ──


def test_an_open_indicator_of_a_draft_keeps_what_the_rubric_says_of_it(library: Library) -> None:
    library.indicators = WHOLE
    case = judge(library.write(sheets=HALF), draft=True)
    one = indicator(case, "服务")
    assert (one.definition, one.standard, one.reading, one.explanation) == ("开放情况", "少一天扣一分", "以公告为准", "")
    assert {name: (str(fact.value), fact.unit) for name, fact in facts(case, "服务.").items()} == {
        "服务.分值": ("100", "分"),
        "服务.得分": ("【待补】", ""),
        "服务.扣分": ("【待补】", ""),
    }


def test_a_rubric_without_grades_gives_none(library: Library) -> None:
    case = rubric_changed(library, ", 等级: [[90, 优], [60, 中], [0, 差]]", "")
    assert case.card
    assert case.card.grade.value == ""
    assert case.card.total.value == 100


def rubric_changed(library: Library, old: str, new: str, sheets: dict[str, str] | None = None) -> Case:
    """Judged by the rubric with other words in it."""
    folder = library.write(sheets=sheets)
    rubric = library.folder / "templates" / EDITION / "rubric.yaml"
    text = rubric.read_text("utf-8")
    assert old in text
    rubric.write_text(text.replace(old, new), "utf-8")
    return judge(folder)


# ── a kind that is scored once a period ──


def by_season(text: str) -> str:
    """kind.yaml scored once an activity."""
    before, _, _ = text.partition("评分:\n")
    return f"{before}评分:\n  逐期: 活动.活动名\n  期: 季\n"


def test_a_kind_scored_by_period_has_verdicts_and_no_explanations(library: Library) -> None:
    library.change = by_season
    criteria = "- {规则: 达标, 分: 100, 名: 参与率, 值: '取(活动.参与率, 活动名 = 季)', 须: '>= 80%'}"
    case = scored(library, criteria, "100", {"活动": "活动名 | 参与率\n一季度 | 70%\n二季度 | 90%"})
    (first,), (second,) = (card.indicators for card in case.cards.values())
    assert [(one.explanation, one.criteria[0].text) for one in (first, second)] == [("", "小于80%"), ("", "达到80%")]


def test_nobody_is_sent_to_a_sheet_that_the_kind_does_not_have(library: Library) -> None:
    library.change = by_season
    criteria = "- {规则: 达标, 分: 100, 名: 参与率, 值: '取(活动.参与率, 活动名 = 季) + 读者满意度', 须: '>= 80%'}"
    case = scored(library, criteria, "100", {"活动": "活动名 | 参与率\n一季度 | 70%"})
    assert told(case.problems) == ["错误 E504 数据.xlsx › 服务：“服务”计分缺“读者满意度”（请补填）"]
    assert [problem.subject for problem in case.problems] == [""], "nobody can answer for it"


def test_a_gap_in_every_period_can_not_be_filled(library: Library) -> None:
    library.change = by_season
    columns = "方向: 档次, 下限: 权重, 上限: 比例"
    case = scored(
        library,
        f"- {{规则: 极差标准化, 逐行: 成效, 分: 100, 名: 满意度, 值: 读者满意度, 区间: [60, 100], {columns}, 缺: 历期最低}}",
        "100",
        {"活动": "活动名 | 参与率\n一季度 | 70%", "成效": "成效名 | 权重 | 比例 | 档次\n满意度 | 1 | 90% | 好"},
    )
    assert told(case.problems) == ["错误 E509 数据.xlsx › 服务：“服务”各期都没有数据（请至少填一期）"]
