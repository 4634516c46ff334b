"""An edition says only what differs: laid over the edition that it goes by, and over its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.build import build, judge
from reportgen.commands.templates import template_cases
from reportgen.define.edition import edition_template
from reportgen.model import Fact
from tests.support.kinds import BASICS, MONEY, Library, indicator, told
from tests.support.workbooks import prose, save, workbook

CHILD = "library/town-2025"
Here = pytest.MonkeyPatch


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """What sets the folder to run in."""
    return monkeypatch


def library(folder: Path, here: Here, rubric: str, edition: str = CHILD, name: str = "") -> Library:
    """The library with one more edition, from which its submissions are made."""
    made = Library(folder)
    made.write_templates()
    path = folder / "templates" / edition / "rubric.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rubric, "utf-8")
    here.chdir(folder)
    made.sheets["基本信息"] = BASICS.replace("library/town-2024", name or edition)
    return made


def values(folder: Path) -> dict[str, str]:
    """The single facts of a submission as text."""
    case = judge(folder)
    assert case.submission, told(case.problems)
    return {name: f"{one.value}" for name, one in case.submission.facts.items() if isinstance(one, Fact)}


def test_an_edition_that_goes_by_another_has_all_of_it_with_what_it_changes(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, """\
沿用: town-2024
版本: {名称: 小镇2025年度}
指标:
  - {名称: [管理, 资金, 预算执行], 计分: [{规则: 分档, 分: 100, 名: 执行率, 值: 执行率, 档: [[">= 90%", 100], [其他, 40]]}]}
""")  # fmt: skip
    case = judge(made.write(sheets={"经费": MONEY.replace("全年支出 | 100", "全年支出 | 85")}))
    assert indicator(case, "预算执行").earned == 40
    assert case.rubric and (case.rubric.settings["名称"], case.rubric.settings["标题"]) == ("小镇2025年度", "评分表")
    assert case.card and case.card.grade == "差"


def test_the_word_template_of_the_edition_gone_by_serves_where_there_is_none(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, "沿用: town-2024\n")
    assert edition_template(CHILD) == tmp_path / "templates" / "library" / "town-2024" / "report.docx"
    assert [one.status for one in build([made.write()], tmp_path / "out")] == ["made"]


def test_what_an_edition_does_not_use_is_neither_asked_for_nor_checked(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, """\
沿用: town-2024
表:
  经费: {列: {年初预算: 不用, 全年支出: 不用}}
  活动: 不用
文稿: {主要工作: 不用}
指标:
  - {名称: [管理, 资金, 预算执行], 不用: true}
  - {名称: [管理, 资金, 规范], 计分: [{规则: 要点, 分: 100, 名: 规范}]}
""")  # fmt: skip
    made.words = "# 下年打算\n多开放。"
    answers = "评定指标 | 计分项 | 评定 | 材料\n规范 | 1 | 100 | 台账"
    folder = made.write(sheets={"经费": "项目 | 填报内容\n全年预算 | 100", "自评": answers})
    case = judge(folder)
    assert told(case.problems) == []
    assert case.card and [one.level3 for one in case.card.indicators] == ["规范"]
    assert "增长率" not in values(folder)


def test_a_sheet_that_is_not_used_is_told_of_when_it_is_there(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, "沿用: town-2024\n表: {活动: 不用}\n")
    case = judge(made.write(sheets={"活动": "活动名 | 参与率\n读书会 | 80%"}))
    assert told(case.problems) == ["提醒 E212 数据.xlsx › 活动：工作表“活动”没有用到（如是示例，请把名称改为以“示例”开头）"]


def test_an_edition_may_have_sheets_facts_and_checks_of_its_own(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, """\
沿用: town-2024
表:
  捐书: {键: 来源, 列: {来源: {}, 册数: {单位: 册}}}
  经费: {列: {购书费: {单位: 万元}}}
数据项:
  捐书总数: {算: 合计(捐书.册数), 单位: 册, 小数: 0}
勾稽:
  - {编号: B01, 须: 购书费 ≤ 全年支出, 级别: 错误, 说明: 购书费不应多于全年支出}
""")  # fmt: skip
    sheets = {"捐书": "来源 | 册数\n书店 | 120\n居民 | 80", "经费": MONEY + "购书费 | 130 | 万元\n"}
    folder = made.write(sheets=sheets)
    assert values(folder)["捐书总数"] == "200"
    assert [problem.code for problem in judge(folder).problems] == ["B01"]


def test_what_is_new_stands_behind_what_it_follows(tmp_path: Path, here: Here) -> None:
    made = library(tmp_path, here, """\
沿用: town-2024
表:
  经费: {列: {年初预算: {单位: 万元}, 捐款: {单位: 万元, 可空: true}}}
  捐书: {可空: true, 列: {来源: {}}}
指标:
  - {名称: [管理, 资金, 预算执行], 计分: [{规则: 要点, 分: 80, 名: 执行}]}
  - {名称: [管理, 资金, 节约], 计分: [{规则: 要点, 分: 20, 名: 节约}]}
""")  # fmt: skip
    case = made.judge()
    assert case.kind and case.rubric
    tables, columns = [*case.kind.tables], [*case.kind.tables["经费"].columns]
    indicators = [one.name[-1] for one in case.rubric.indicators]
    assert tables.index("捐书") == tables.index("经费") + 1
    assert columns.index("捐款") == columns.index("年初预算") + 1
    assert indicators.index("节约") == indicators.index("预算执行") + 1


def test_a_check_is_changed_or_dropped_by_its_number(tmp_path: Path, here: Here) -> None:
    made = Library(tmp_path, checks="""
- {编号: A01, 须: 全年支出 ≤ 年初预算, 级别: 错误, 说明: 支出不应多于年初预算}
- {编号: A02, 须: 全年支出 = 0, 级别: 错误, 说明: 不应有支出}
""")  # fmt: skip
    made.write_templates()
    path = tmp_path / "templates" / CHILD / "rubric.yaml"
    path.parent.mkdir()
    path.write_text("沿用: town-2024\n勾稽: [{编号: A01, 级别: 提醒}, {编号: A02, 不用: true}]\n", "utf-8")
    here.chdir(tmp_path)
    made.sheets["基本信息"] = BASICS.replace("library/town-2024", CHILD)
    assert [(one.code, one.level) for one in made.judge().problems] == [("A01", "warning")]


@pytest.mark.parametrize(
    ("rubric", "told_of"),
    [
        ("沿用: town-2023\n",
         "library/town-2025/rubric.yaml › 第1行第5列：没有“library/town-2023”这个版本，您是不是要找“library/town-2024”"),
        ("沿用: town-2025\n", "library/town-2025/rubric.yaml：“沿用”绕了一圈又回到自己"),
        ("沿用: town-2024\n表: {经废: 不用}\n", "library/town-2025/rubric.yaml › 第2行第9列：原来没有这一项，不能写“不用”"),
        ("沿用: town-2024\n表: {经费: {列: {全年支出: {单为: 元}}}}\n",
         "library/town-2025/rubric.yaml › 第2行第21列：不认识“单为”，您是不是要找“单位”"),
        ("沿用: town-2024\n表表: {}\n", "library/town-2025/rubric.yaml › 第2行第1列：不认识“表表”，您是不是要找“表”"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_the_file_where_it_stands(
    tmp_path: Path, here: Here, rubric: str, told_of: str
) -> None:
    made = library(tmp_path, here, rubric)
    first, *_ = made.judge().problems
    assert f"{first.place}：{first.message}" == told_of


EXECUTED = "[管理, 资金, 预算执行]"
SCORED = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 按比例, 分: 100, 名: 执行率, 值: 执行率}]
  验算: [{令: {执行率: 90%}, 得: 90}]
"""


@pytest.mark.parametrize(
    ("rubric", "told_of"),
    [
        ("指标: [{名称: [管理, 资金, 预算执行], 计分: [{规则: 要点, 分: 100, 名: 执行}]}]",
         "错误 第2行第27列：改了“计分”，要另写“验算”：原来的例题是照原来的计分算的"),
        ("指标: [{名称: [管理, 资金, 预算执行], 口径: 从严}]", ""),
        ("指标: [{名称: [管理, 资金, 预算执行], 计分: [{规则: 要点, 分: 90, 名: 执行}], 验算: [{评定: [9], 得: 9}]}]", ""),
        ("指标: [{名称: [管理, 资金, 预算执行率], 计分: [{规则: 要点, 分: 100, 名: 执行}]}]",
         "提醒 第2行第6列：原来没有“预算执行率”，作为新的一项加上，您是不是要找“预算执行”"),
        (f"指标: [{{名称: {EXECUTED}, 不用: true}}, {{名称: [管, 资, 预算执行率], 计分: [{{规则: 要点, 分: 1, 名: 甲}}]}}]", ""),
        ("指标: [{名称: [管理, 资金, 节约], 计分: [{规则: 要点, 分: 100, 名: 节约}]}]", ""),
        ("指标: [{名称: [管理, 资金, 预算执形], 不用: true}]",
         "错误 第2行第6列：原来没有这一项，不能写“不用”：“预算执形”，您是不是要找“预算执行”"),
        ("勾稽: [{编号: A09, 不用: true}]", "错误 第2行第6列：原来没有这一项，不能写“不用”：“A09”，您是不是要找“A01”"),
        ("版本: {满份: 120}", "提醒 第2行第6列：原来没有“满份”，作为新的一项加上，您是不是要找“满分”"),
        ("版本: {副标题: 试行}", ""),
        ("版本: {标注: 试行}", ""),
    ],
)  # fmt: skip
def test_what_an_edition_changes_by_a_slip_is_told_at_its_own_line(tmp_path: Path, here: Here, rubric: str, told_of: str) -> None:
    made = Library(tmp_path, indicators=SCORED, checks="\n- {编号: A01, 须: 全年支出 ≤ 全年预算, 级别: 错误, 说明: 超支}\n")
    made.write_templates()
    path = tmp_path / "templates" / CHILD / "rubric.yaml"
    path.parent.mkdir()
    path.write_text(f"沿用: town-2024\n{rubric}\n", "utf-8")
    here.chdir(tmp_path)
    (case,) = template_cases(path.parent)
    lines = [line for line in told(case.problems) if "E604" not in line]
    assert [line.replace(f"D02 {CHILD}/rubric.yaml › ", "") for line in lines] == [told_of] * bool(told_of)


def test_a_kind_without_scores_may_have_editions_that_change_it_too(tmp_path: Path, here: Here) -> None:
    edition = tmp_path / "templates" / "notice" / "town"
    edition.mkdir(parents=True)
    (edition.parent / "kind.yaml").write_text(
        "名称: 通知\n文件名: 通知\n身份: {单位: 馆名}\n"
        "表:\n  基本信息: {竖表: true, 列: {版本: {类型: 版本}, 馆名: {}, 电话: {}}}\n", "utf-8"
    )
    (edition / "rubric.yaml").write_text("表: {基本信息: {列: {电话: 不用}}}\n文稿: {要点: {必填: true}}\n", "utf-8")
    here.chdir(tmp_path)
    folder = tmp_path / "材料"
    save(workbook({"基本信息": "项目 | 填报内容\n版本 | notice/town\n馆名 | 镇图书馆"}), folder / "数据.xlsx")
    save(prose("# 要点\n闭馆一天。"), folder / "正文.docx")
    assert told(judge(folder).problems) == []
