"""Rubrics of other issuers, written as YAML alone: another tree, other deductions, and indicators that departments list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from reportgen import marks
from reportgen.build import judge
from reportgen.case import Case
from tests.support.kinds import indicator, told
from tests.support.workbooks import save, workbook

KIND = """
名称: 部门整体绩效自评报告
文件名: "{{ 单位名称 }}{{ 年度 }}年度自评报告"
身份: {单位: 单位名称, 年度: 年度}
表:
  基本信息:
    竖表: true
    列: {版本: {类型: 版本}, 单位名称: {}, 年度: {类型: 年}}
  收支:
    竖表: true
    可空: true
    列:
      预算数: {单位: 万元}
      决算数: {单位: 万元}
      结转结余: {单位: 万元}
      三公预算: {单位: 万元}
      三公支出: {单位: 万元}
      采购预算: {单位: 万元}
      采购支出: {单位: 万元}
      投诉件数: {单位: 件}
      计划任务: {单位: 项}
      完成任务: {单位: 项}
      满意度: {单位: "%"}
  绩效指标:
    键: 指标名称
    可空: true
    列:
      指标名称: {}
      类别: {选项: [产出, 效益]}
      方向: {选项: [正向, 逆向]}
      目标值: {单位列: 计量单位}
      实际值: {单位列: 计量单位}
      计量单位: {}
      系数: {类型: 数}
      权重: {单位: 分}
    算:
      完成率: {算: '若(方向 = "逆向", 目标值 / 实际值, 实际值 / 目标值)', 单位: "%"}
  自评:
    键: [评定指标, 计分项]
    可空: true
    列: {评定指标: {}, 计分项: {类型: 数, 小数: 0}, 评定: {}, 评定说明: {可空: true}, 材料: {可空: true}}
  认定:
    键: [认定指标, 认定项]
    可空: true
    列: {认定指标: {}, 认定项: {类型: 数, 小数: 0}, 认定得分: {单位: 分}, 认定理由: {}, 认定依据: {}}
  失分:
    键: 失分指标
    可空: true
    列: {失分指标: {类型: 列表}, 标题: {可空: true}, 原因: {类型: 文稿}, 措施: {类型: 文稿}, 科室: {}, 时限: {}}
数据项:
  预算执行率: {算: 决算数 / 预算数, 单位: "%"}
  结转结余率: {算: 结转结余 / 预算数, 单位: "%"}
  三公控制率: {算: 三公支出 / 三公预算, 单位: "%"}
  采购执行率: {算: 采购支出 / 采购预算, 单位: "%"}
  任务完成率: {算: 完成任务 / 计划任务, 单位: "%"}
评分:
  评定: {表: 自评, 指标: 评定指标, 序号: 计分项, 结果: 评定, 理由: 评定说明, 依据: 材料}
  认定: {表: 认定, 指标: 认定指标, 序号: 认定项, 结果: 认定得分, 理由: 认定理由, 依据: 认定依据}
  失分: {表: 失分, 指标: 失分指标, 标题: 标题, 原因: 原因, 措施: 措施, 科室: 科室, 时限: 时限}
  说明句:
    按比例: "{{ 算式 }}，得{{ 得分 }}分"
    分档: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    选档: "{{ 名称 }}：{{ 判断 }}，得{{ 得分 }}分"
    逐级扣分: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    逐项扣分: "{{ 名称 }}{{ 判断 }}，得{{ 得分 }}分"
    要点: "{{ 名称 }}得{{ 得分 }}分"
    认定: "{{ 名称 }}自评认定得{{ 得分 }}分（{{ 理由 }}）"
    扣分: "，扣{{ 扣分 }}分"
    合计: "合计得{{ 得分 }}分，扣{{ 扣分 }}分。"
    原因: "原因：{{ 原因 }}"
    措施: "{{ 措施 }}（责任科室：{{ 科室 }}，时限：{{ 时限 }}）。"
    整改: "整改措施：{{ 措施 }}"
"""

TREE = """
版本: {名称: 某区2024年度, 等级: [[90, 优], [75, 良], [60, 合格], [0, 不合格]]}
指标:
  - 名称: [决策, 立项, 立项依据充分性]
    计分: [{规则: 选档, 分: 5, 名: 立项依据, 档: {充分: 5, 较充分: 3, 不充分: 0}}]
  - 名称: [决策, 目标, 绩效目标合理性]
    计分: [{规则: 要点, 分: 6, 名: 目标与职责相符}, {规则: 要点, 分: 4, 名: 指标量化可考核}]
  - 名称: [管理, 资金, 预算执行率]
    评分标准: 预算执行率低于95%的，每低1个百分点扣0.5分，扣完为止。
    口径: 不足1个百分点的，按比例扣。
    计分: [{规则: 逐级扣分, 分: 15, 名: 预算执行率, 值: 预算执行率, 起: "< 95%", 每: 1%, 扣: 0.5, 不足一级: 按比例}]
    验算:
      - {令: {预算执行率: 95%}, 得: 15}
      - {令: {预算执行率: 91.75%}, 得: 13.38}
      - {令: {预算执行率: 60%}, 得: 0}
  - 名称: [管理, 资金, “三公”经费控制率]
    计分:
      - {规则: 分档, 分: 10, 名: “三公”经费控制率, 值: 三公控制率, 档: [["<= 90%", 10], ["<= 95%", 8], ["<= 100%", 5], [其他, 0]]}
  - 名称: [管理, 资金, 政府采购执行率]
    计分:
      - {规则: 分档, 分: 10, 名: 政府采购执行率, 值: 采购执行率, 档: [["> 95%", 10], ["> 90%", 7], ["> 80%", 4], [其他, 0]]}
  - 名称: [管理, 制度, 投诉处理]
    计分: [{规则: 逐项扣分, 分: 5, 名: 有效投诉, 值: 投诉件数, 每项: 1.5}]
  - 名称: [产出和效果, 产出, 任务完成率]
    计分: [{规则: 按比例, 分: 20, 名: 任务完成率, 值: 任务完成率}]
  - 名称: [产出和效果, 产出, 结转结余率]
    计分: [{规则: 逐级扣分, 分: 10, 名: 结转结余率, 值: 结转结余率, 起: 10%, 每: 1%, 扣: 1, 不足一级: 计一级}]
  - 名称: [产出和效果, 效果, 服务对象满意度]
    计分: [{规则: 逐级扣分, 分: 15, 名: 满意度, 值: 满意度, 起: "< 90%", 每: 1%, 扣: 1, 不足一级: 不计}]
"""
LISTED = """
版本: {名称: 某市2024年度, 等级: [[90, 优], [80, 良], [60, 中], [0, 差]]}
指标:
  - 名称: [绩效, 类别, 指标名称]
    逐行: 绩效指标
    评分标准: 得分＝权重×完成率（不超过100%）×系数；逆向指标的完成率＝目标值÷实际值。
    计分:
      - 规则: 按比例
        名: 完成情况
        分: 权重
        值: 较小(100%, 完成率) * 系数
        分母为零: 满分
        说明句: "目标{{ 目标值|带单位 }}，实际{{ 实际值|带单位 }}，完成率{{ 完成率 }}（至多计100%），\\
          系数{{ 系数 }}，权重{{ 权重 }}分，得{{ 得分 }}分"
    验算:
      - {令: {完成率: 90%, 系数: 0.9, 权重: 20}, 得: 16.2}
      - {令: {完成率: 130%, 系数: 1, 权重: 20}, 得: 20}
"""
GOOD = {
    "预算数": "100", "决算数": "95", "结转结余": "10", "三公预算": "100", "三公支出": "90", "采购预算": "100", "采购支出": "95.01",
    "投诉件数": "0", "计划任务": "40", "完成任务": "40", "满意度": "90%",
}  # fmt: skip
ANSWERS = """
评定指标 | 计分项 | 评定 | 评定说明 | 材料
立项依据充分性 | 1 | 充分 |  | 批复
绩效目标合理性 | 1 | 6 |  | 目标申报表
绩效目标合理性 | 2 | 4 |  | 目标申报表
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with both editions of one kind."""
    monkeypatch.chdir(tmp_path)
    kind = tmp_path / "templates" / "district"
    for edition, text in (("tree", TREE), ("listed", LISTED)):
        (kind / edition).mkdir(parents=True)
        (kind / edition / "rubric.yaml").write_text(text, "utf-8")
    (kind / "kind.yaml").write_text(KIND, "utf-8")
    return tmp_path


def judged(folder: Path, edition: str, sheets: Mapping[str, str]) -> Case:
    basics = f"项目 | 填报内容\n版本 | district/{edition}\n单位名称 | 某区某局\n年度 | 2024"
    save(workbook({"基本信息": basics, **sheets}), folder / "材料" / "数据.xlsx")
    return judge(folder / "材料")


def tree(folder: Path, answers: str = ANSWERS, **figures: str) -> Case:
    """A department with full marks, save for these figures and answers."""
    money = "\n".join(["项目 | 填报内容", *(f"{name} | {value}" for name, value in {**GOOD, **figures}.items())])
    return judged(folder, "tree", {"收支": money, "自评": answers})


def score_of(case: Case, name: str) -> tuple[str, str]:
    one = indicator(case, name)
    assert isinstance(one.earned.value, Decimal)
    return f"{one.earned.value.normalize():f}", marks.plain(one.explanation)


# ── 决策15、管理40、产出和效果45 ──


def test_full_marks_are_a_hundred_in_the_three_parts(folder: Path) -> None:
    case = tree(folder)
    assert told(case.problems) == []
    assert case.card
    parts = [(one.name, str(one.points.value)) for one in case.card.groups if one.level == 1]
    assert parts == [("决策", "15"), ("管理", "40"), ("产出和效果", "45")]
    assert (case.card.total.value, case.card.grade.value) == (Decimal(100), "优")


@pytest.mark.parametrize(
    ("figures", "name", "earned", "explained"),
    [
        # 15 - 0.5 for each point below 95%, parts of a point counted
        ({"决算数": "94.99"}, "预算执行率", "15", ""),  # 14.995 rounds to 15: nothing was lost
        ({"决算数": "94"}, "预算执行率", "14.5", "94.00÷100.00×100%＝94.00%，小于95%（低1个百分点），得14.5分，扣0.5分。"),
        (
            {"决算数": "91.75"}, "预算执行率", "13.38",
            "91.75÷100.00×100%＝91.75%，小于95%（低3.25个百分点），得13.38分，扣1.62分。",
        ),
        ({"决算数": "65"}, "预算执行率", "0", "65.00÷100.00×100%＝65.00%，小于95%（低30个百分点），得0分，扣15分。"),
        ({"决算数": "20"}, "预算执行率", "0", "20.00÷100.00×100%＝20.00%，小于95%（低75个百分点），得0分，扣15分。"),
        # tiers closed on the right: up to 90%, (90%, 95%], (95%, 100%], above
        ({"三公支出": "90.01"}, "“三公”经费控制率", "8", "90.01÷100.00×100%＝90.01%，在90%至95%（含）之间，得8分，扣2分。"),
        ({"三公支出": "95"}, "“三公”经费控制率", "8", "95.00÷100.00×100%＝95.00%，在90%至95%（含）之间，得8分，扣2分。"),
        ({"三公支出": "95.01"}, "“三公”经费控制率", "5", "95.01÷100.00×100%＝95.01%，在95%至100%（含）之间，得5分，扣5分。"),
        ({"三公支出": "100"}, "“三公”经费控制率", "5", "100.00÷100.00×100%＝100.00%，在95%至100%（含）之间，得5分，扣5分。"),
        ({"三公支出": "100.01"}, "“三公”经费控制率", "0", "100.01÷100.00×100%＝100.01%，大于100%，得0分，扣10分。"),
        # the same from above: over 95%, (90%, 95%], (80%, 90%], the rest
        ({"采购支出": "95"}, "政府采购执行率", "7", "95.00÷100.00×100%＝95.00%，在90%至95%（含）之间，得7分，扣3分。"),
        ({"采购支出": "90"}, "政府采购执行率", "4", "90.00÷100.00×100%＝90.00%，在80%至90%（含）之间，得4分，扣6分。"),
        ({"采购支出": "80"}, "政府采购执行率", "0", "80.00÷100.00×100%＝80.00%，不高于80%，得0分，扣10分。"),
        # 1.5 for each complaint, never below 0
        ({"投诉件数": "2"}, "投诉处理", "2", "有效投诉2项，得2分，扣3分。"),
        ({"投诉件数": "4"}, "投诉处理", "0", "有效投诉4项，得0分，扣5分。"),
        ({"完成任务": "37"}, "任务完成率", "18.5", "37÷40×100%＝92.50%，得18.5分，扣1.5分。"),
        # 1 for each point above 10%, a part of a point counted as a whole one
        ({"结转结余": "10.01"}, "结转结余率", "9", "10.01÷100.00×100%＝10.01%，大于10%（高0.01个百分点，按1级计），得9分，扣1分。"),
        ({"结转结余": "12"}, "结转结余率", "8", "12.00÷100.00×100%＝12.00%，大于10%（高2个百分点，按2级计），得8分，扣2分。"),
        ({"结转结余": "30"}, "结转结余率", "0", "30.00÷100.00×100%＝30.00%，大于10%（高20个百分点，按20级计），得0分，扣10分。"),
        # 1 for each whole point below 90%
        ({"满意度": "89.01%"}, "服务对象满意度", "15", ""),
        ({"满意度": "89%"}, "服务对象满意度", "14", "满意度89.00%，小于90%（低1个百分点，按1级计），得14分，扣1分。"),
        ({"满意度": "86.5%"}, "服务对象满意度", "12", "满意度86.50%，小于90%（低3.5个百分点，按3级计），得12分，扣3分。"),
    ],
)  # fmt: skip
def test_each_indicator_and_its_edges(
    folder: Path, figures: dict[str, str], name: str, earned: str, explained: str
) -> None:
    case = tree(folder, **figures)
    assert score_of(case, name) == (earned, explained)
    assert case.card
    assert case.card.total.value == 100 - indicator(case, name).points.value + Decimal(earned)  # type: ignore[operator]


def test_indicators_judged_by_hand(folder: Path) -> None:
    case = tree(folder, ANSWERS.replace("充分 |  |", "较充分 |  |").replace("| 2 | 4 |", "| 2 | 1.5 |"))
    assert score_of(case, "立项依据充分性") == ("3", "立项依据：较充分，得3分，扣2分。")
    lost = "1.目标与职责相符得6分。2.指标量化可考核得1.5分，扣2.5分。合计得7.5分，扣2.5分。"
    assert score_of(case, "绩效目标合理性") == ("7.5", lost)


@pytest.mark.parametrize(
    ("done", "total", "grade"), [("20", "90", "优"), ("19.9", "89.95", "良"), ("0", "80", "良"), ("-", "70", "合格")]
)
def test_the_grades_are_the_issuers_words(folder: Path, done: str, total: str, grade: str) -> None:
    figures = {"完成任务": "0", "三公支出": "101"} if done == "-" else {"完成任务": done}
    case = tree(folder, **figures)
    assert case.card
    assert (case.card.total.value, case.card.grade.value) == (Decimal(total), grade)


def test_the_worst_grade(folder: Path) -> None:
    worst = {"决算数": "0", "三公支出": "101", "采购支出": "0", "投诉件数": "9", "完成任务": "0", "结转结余": "90", "满意度": "0%"}
    case = tree(folder, **worst)
    assert case.card
    assert (case.card.total.value, case.card.grade.value) == (Decimal(15), "不合格")


# ── indicators that departments list themselves ──

HEADER = "指标名称 | 类别 | 方向 | 目标值 | 实际值 | 计量单位 | 系数 | 权重"
ROWS = """
培训人次 | 产出 | 正向 | 1000 | 900 | 人次 | 1 | 30
巡查次数 | 产出 | 正向 | 50 | 65 | 次 | 1 | 20
投诉率 | 效益 | 逆向 | 2% | 2.5% | % | 1 | 20
办理时长 | 效益 | 逆向 | 10 | 8 | 天 | 0.9 | 20
安全事故 | 效益 | 逆向 | 1 | 0 | 起 | 1 | 10
"""


LOSSES = """
失分指标 | 标题 | 原因 | 措施 | 科室 | 时限
培训人次、投诉率、办理时长 |  | 讲师和窗口人员不足 | 增加讲师和窗口 | 办公室 | 六月底前
"""


def listed(folder: Path, rows: str = ROWS) -> Case:
    return judged(folder, "listed", {"绩效指标": "\n".join([HEADER, *rows.strip().splitlines()]), "失分": LOSSES})


def test_listed_indicators_earn_their_share_of_the_weight(folder: Path) -> None:
    case = listed(folder)
    assert told(case.problems) == []
    assert case.card
    assert [(one.level2, one.level3, *score_of(case, one.level3)) for one in case.card.indicators] == [
        ("产出", "培训人次", "27", "目标1,000人次，实际900人次，完成率90.00%（至多计100%），系数1，权重30分，得27分，扣3分。"),
        ("产出", "巡查次数", "20", ""),  # 130%, counted as 100%
        ("效益", "投诉率", "16", "目标2.00%，实际2.50%，完成率80.00%（至多计100%），系数1，权重20分，得16分，扣4分。"),
        ("效益", "办理时长", "18", "目标10天，实际8天，完成率125.00%（至多计100%），系数0.9，权重20分，得18分，扣2分。"),
        ("效益", "安全事故", "10", ""),  # nothing to divide by: the best that there is
    ]
    assert (case.card.total.value, case.card.grade.value) == (Decimal(91), "优")
    groups = [(one.name, str(one.points.value), str(one.earned.value)) for one in case.card.groups if one.level == 2]
    assert groups == [("产出", "50", "47.00"), ("效益", "50", "44.00")]


def test_a_lost_point_is_traced_to_its_cells(folder: Path) -> None:
    (line,) = indicator(listed(folder), "投诉率").criteria
    assert sorted(fact.places[0].mark for fact in line.evidence) == ["C4", "D4", "E4", "G4", "H4"]


def test_the_weights_must_be_a_hundred(folder: Path) -> None:
    case = listed(folder, ROWS.replace("| 1 | 30", "| 1 | 25"))
    assert told(case.problems) == ["错误 E501 数据.xlsx › 绩效指标：各指标分值合计95，应为100（这张表各行的分值，合计应为100）"]


def test_two_rows_of_one_name_are_refused(folder: Path) -> None:
    case = listed(folder, ROWS.replace("巡查次数", "培训人次"))
    assert told(case.problems)[0] == "错误 E204 数据.xlsx › 绩效指标 › A3：“培训人次”与第2行重复（请合并或删去一行）"


def test_a_rubric_whose_example_comes_out_otherwise_is_refused(folder: Path) -> None:
    rubric = folder / "templates" / "district" / "listed" / "rubric.yaml"
    rubric.write_text(LISTED.replace("得: 16.2", "得: 18"), "utf-8")
    assert told(listed(folder).problems) == [
        "错误 D05 district/listed/rubric.yaml › 第16行第45列：“指标名称”验算得16.2，与写的18不符"
    ]
