"""What looks left over in words: gaps, last year's paragraphs, year and unit, forecasts that time overtook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reportgen.build import judge
from reportgen.judge.stale import fingerprint
from reportgen.model import Problem
from tests.support.kinds import Library, told
from tests.support.samples import LONGGANG, LUOHU, SHENZHEN, ZHONGWEI

CARRIED = "馆里坚持以读者为中心，{year}新建两个阅读角，持续改善借阅环境，开放时间和服务质量都有提高。"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def found(
    library: Library, words: str, *carried: str, unit: str = "小镇图书馆", year: object = 2023, answers: str = ""
) -> list[Problem]:
    """What is said of prose; with ``carried`` the workbook remembers these paragraphs of the year before."""
    library.words = f"# 部门主要工作情况\n{words}"
    folder = library.write(sheets={"审核说明": answers} if answers else {})
    if carried:
        book = openpyxl.load_workbook(folder / "数据.xlsx")
        sheet = book.create_sheet("上年")
        sheet.sheet_state = "veryHidden"
        lines = [("单位名称", unit), ("年度", year), ("段落",), *((fingerprint(one),) for one in carried)]
        for line in lines:
            sheet.append(line)
        book.save(folder / "数据.xlsx")
    return judge(folder).problems


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# ── gaps ──


@pytest.mark.parametrize(
    "gap",
    [
        *("新增图书××册", "新增图书XX册", "新增图书 xx 册", "于xx年建成", "于20××年建成", "于202X年建成", "×年×月建成"),
        *("新增图书____册", "新增图书＿＿册", "新增图书？？册", "新增图书■■册", "由某某单位承建"),
        *("新增图书待填册", "新增图书（待补充）", "新增图书数待补。", "具体情况（略）。", "（请填写新增图书数）"),
        *("【待核实】", "此处填写做法", "请在此输入内容", "单击此处添加"),
    ],
)
def test_a_gap_that_somebody_meant_to_fill_is_asked_about(library: Library, gap: str) -> None:
    (problem,) = found(library, f"全年开放三百天，{gap}")
    assert (problem.code, problem.level, problem.blocks) == ("E311", "confirm", True)
    assert str(problem.place) == "正文.docx › 主要工作 › 第2段"


@pytest.mark.parametrize(
    "words",
    [
        *("执行率＝95÷100×100%", "面积为3×5米", "短板有待补齐", "亟待补充人手", "等待补助到位", "XXL号", "文件名a_b", "二○○八年"),
        *("您看过这本书吗？", "共（略有）增长", "张×老师", "《XML入门》", "请填写问卷的读者有90人", "待定点医院确定后", "（待遇）"),
    ],
)
def test_words_that_only_look_like_a_gap_are_left_in_peace(library: Library, words: str) -> None:
    assert found(library, words) == []


def test_each_paragraph_with_gaps_is_told_once_with_the_words_around(library: Library) -> None:
    words = "一是新增图书××册，接待读者××人次，办证××个，办展××次。\n二是完好。\n三是新增座位__个。"
    assert [(one.place.mark, one.message, one.hint) for one in found(library, words)] == [
        (
            "第2段",
            "看来还没有填完：“一是新增图书××册，接待读者××…”、“…××册，接待读者××人次，办证××个…”、“…者××人次，办证××个，办展××次。”等4处",
            "请填上，或删去",
        ),
        ("第4段", "看来还没有填完：“三是新增座位__个。”", "请填上，或删去"),
    ]


def test_a_table_in_prose_and_a_cell_of_words_are_looked_at_too(library: Library) -> None:
    library.words = "# 部门主要工作情况\n各馆情况如下。\n| 馆 | 册数 |\n| 东馆 | ×× |"
    money = "项目 | 填报内容\n年初预算 | 80\n全年预算 | 100\n全年支出 | 100\n经费说明 | 因{{ 年度 }}年新建____馆"
    problems = library.judge({"经费": money}).problems
    assert [(one.code, str(one.place), one.subject) for one in problems] == [
        ("E311", "数据.xlsx › 经费 › B5", "经费说明"),
        ("E311", "正文.docx › 主要工作 › 第2段后的表", "馆 册数 东馆 ××"),
    ]


def test_a_name_or_a_date_in_a_table_is_looked_at_too(library: Library) -> None:
    rows = "失分指标 | 标题 | 原因 | 措施 | 科室 | 时限\n服务 | | 新馆延期 | 按月调度 | ××科 | ____年底前"
    told = [one for one in library.judge({"失分": rows}).problems if one.code == "E311"]
    assert [(str(one.place), one.level, one.message) for one in told] == [
        ("数据.xlsx › 失分 › E2", "confirm", "看来还没有填完：“××科”"),
        ("数据.xlsx › 失分 › F2", "confirm", "看来还没有填完：“____年底前”"),
    ]


@pytest.mark.parametrize("typed", ["{{ 馆名 }}东馆", "{% if 馆名 %}", "东馆}}", "｛｛馆名"])
def test_braces_where_nothing_is_filled_in_are_asked_about_and_left_as_they_are(library: Library, typed: str) -> None:
    case = library.judge({"分馆": f"分馆名 | 预算数 | 支出数\n{typed} | 1 | 1"})
    (problem,) = case.problems
    assert (problem.code, problem.level, str(problem.place), problem.subject) == (
        *("E311", "confirm", "数据.xlsx › 分馆 › A2", typed),
    )
    assert problem.message.endswith("会照样印出来：这一列不填占位")
    assert case.submission and case.submission.tables["分馆"].rows[0].key == typed


def test_an_answer_may_repeat_the_name_that_it_answers_for(library: Library) -> None:
    answer = "问题代码 | 对象 | 说明\nE311 | {{ 馆名 }}东馆 | 馆名就是这样。"
    case = library.judge({"分馆": "分馆名 | 预算数 | 支出数\n{{ 馆名 }}东馆 | 1 | 1", "审核说明": answer})
    assert [(one.code, one.blocks) for one in case.problems] == [("E311", False)]


def test_a_reason_in_the_answers_settles_one_paragraph(library: Library) -> None:
    library.words = "# 部门主要工作情况\n读者王××获奖。\n读者李××获奖。"
    answers = {"审核说明": "问题代码 | 对象 | 说明\nE311 | 读者王××获奖。 | 获奖读者按规定隐去名字。"}
    problems = library.judge(answers).problems
    assert [(one.place.mark, one.blocks) for one in problems] == [("第2段", False), ("第3段", True)]


def test_a_reason_stays_with_its_paragraph_when_one_is_put_above_it(library: Library) -> None:
    library.words = "# 部门主要工作情况\n读者赵××获奖。\n读者王××获奖。"
    for subject, open_ones in (("读者王××获奖。", ["第2段"]), ("第2段", ["第2段", "第3段"])):
        case = judge(library.write(sheets={"审核说明": f"问题代码 | 对象 | 说明\nE311 | {subject} | 按规定隐去名字。"}))
        assert [one.place.mark for one in case.problems if one.code == "E311" and one.blocks] == open_ones


def test_one_reason_may_settle_all_that_came_over_from_last_year_but_no_gaps(library: Library) -> None:
    first, second = CARRIED.format(year="2023年"), CARRIED.format(year="2023年底")
    answers = "问题代码 | 对象 | 说明\nE313 | 全部 | 说的都是2023年开馆时的事。\nE311 | 全部 | 没有了。"
    problems = found(library, f"{first}\n{second}\n新增__册，另有__册。", first, second, answers=answers)
    assert [(one.code, one.blocks) for one in problems] == [("E313", False), ("E313", False), ("E311", True), ("E411", False)]


# ── last year's words ──


def test_a_paragraph_unchanged_from_last_year_is_a_warning(library: Library) -> None:
    same = CARRIED.format(year="")
    (problem,) = found(library, f"今年新写的一段。\n{same}", same)
    assert (problem.code, problem.level, problem.place.mark) == ("E312", "warning", "第3段")
    assert problem.message == "这一段与上年一字不差：“馆里坚持以读者为中心，新建两个阅…”"


def test_blanks_and_the_width_of_letters_make_no_new_paragraph(library: Library) -> None:
    assert codes(found(library, CARRIED.format(year=" ") + " ", CARRIED.format(year="").replace("，", ","))) == ["E312"]


def test_placeholders_are_compared_as_written(library: Library) -> None:
    same = CARRIED.format(year="{{ 年度 }}年")
    assert codes(found(library, same, same)) == ["E312"]


def test_a_changed_paragraph_and_a_short_one_are_no_matter(library: Library) -> None:
    assert found(library, CARRIED.format(year="又") + "\n全年开放三百天。", CARRIED.format(year=""), "全年开放三百天。") == []


def test_without_last_years_sheet_nothing_is_unchanged(library: Library) -> None:
    assert found(library, CARRIED.format(year="2023年")) == []


def test_an_unchanged_paragraph_that_names_last_year_has_to_be_confirmed(library: Library) -> None:
    same = CARRIED.format(year="2023年")
    (problem,) = found(library, same, same)
    assert (problem.code, problem.blocks) == ("E313", True)
    assert problem.message == "这一段与上年一字不差，还写着“2023年”：“馆里坚持以读者为中心，2023年…”"


@pytest.mark.parametrize(("year", "code"), [(2023, "E313"), ("2023", "E313"), (2024, "E312"), ("", "E312"), ("去年", "E312")])
def test_only_a_year_before_the_reports_is_last_year(library: Library, year: object, code: str) -> None:
    same = CARRIED.format(year=f"{year}年")
    assert codes(found(library, same, same, year=year)) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("截至2023年12月底，", "E313"),
        ("2023年底，", "E313"),
        ("2023年度", "E313"),
        ("2023年，", "E313"),
        ("与2023年相比，", "E312"),
        ("比2023年多，", "E312"),
        ("2023年同比增长，", "E312"),
        ("较上年（2023年）多，", "E312"),
        ("自2023年起，", "E312"),
        ("2023年以来，", "E312"),
        ("2021—2023年，", "E312"),
        ("按《小镇2023年阅读推广方案》，", "E312"),
        ("按小文〔2023〕5号，", "E312"),
        ("按2023年版规程，", "E312"),
        ("12023年", "E312"),
    ],
)
def test_a_comparison_a_title_and_a_span_of_years_may_name_last_year(library: Library, words: str, code: str) -> None:
    same = CARRIED.format(year=words)
    assert codes(found(library, same, same)) == [code]


def test_last_years_unit_in_the_words_has_to_be_confirmed(library: Library) -> None:
    problems = found(library, "大镇图书馆全年开放。", "另一段", unit="大镇图书馆")
    assert told(problems) == [
        "核实 E314 正文.docx › 主要工作 › 第2段：还写着上年的单位“大镇图书馆”，今年是“小镇图书馆”（请改成今年的单位）"
    ]


@pytest.mark.parametrize("unit", ["小镇图书馆", "图书馆", ""])
def test_this_years_unit_is_no_other_unit(library: Library, unit: str) -> None:
    assert found(library, "小镇图书馆全年开放。", "另一段", unit=unit) == []


# ── forecasts; the report is dated 2025-03-28 ──


@pytest.mark.parametrize(
    ("words", "overtaken"),
    [
        ("新馆预计2024年底前开放。", True),
        ("新馆预计于2024年开放。", True),
        ("新馆计划于2025年2月开放。", True),
        ("新馆拟在2025年3月28日开放。", True),
        ("新馆拟2024年12月底前开放。", True),
        ("新馆预计2025年3月29日开放。", False),
        ("新馆预计2025年3月开放。", False),
        ("新馆预计2025年开放。", False),
        ("新馆计划于2025年底前开放。", False),
        ("新馆预计2024年底开放，实际提前两个月。", False),
        ("按计划于2024年10月开放。", False),
        ("按《拟于2024年开放的场馆名单》执行。", False),
        ("模拟2024年的流量。", False),
        ("预计投资三千万元，2024年底已付一半。", False),
        ("预计2024年2月31日开放。", False),
    ],
)
def test_a_forecast_whose_time_is_past_is_a_warning(library: Library, words: str, overtaken: bool) -> None:
    problems = found(library, words)
    assert codes(problems) == ["E315"] * overtaken
    assert not any(problem.blocks for problem in problems)


def test_the_forecast_is_quoted(library: Library) -> None:
    (problem,) = found(library, "西馆改造已经完成；同时，新馆预计2024年底前投入使用，届时座位翻番。")
    assert problem.message == "成文时已经过了：“同时，新馆预计2024年底前投入使用，届时…”"


@pytest.mark.parametrize("sample", [LUOHU, LONGGANG, SHENZHEN, ZHONGWEI], ids=lambda path: path.name)
def test_the_shipped_samples_have_nothing_left_over(sample: Path) -> None:
    assert [problem for problem in judge(sample).problems if problem.code.startswith("E31")] == []
