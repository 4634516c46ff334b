"""大鹏 2021 end to end: an edition whose scoring table is lost, with prose from two departments and a table by quarter."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from reportgen import say
from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.write.publish import compose
from tests.support.samples import DAPENG, change_cell, copy_of, document_text

Cell = tuple[str, str, str]


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(DAPENG)


@pytest.fixture(scope="module")
def text(case: Case) -> str:
    return document_text(compose(case)[0])


def changed(folder: Path, *cells: Cell) -> Case:
    """The submission judged with these cells rewritten."""
    copy = copy_of(DAPENG, folder)
    for sheet, mark, value in cells:
        change_cell(copy / "数据.xlsx", sheet, mark, value)
    return judge(copy)


def found(case: Case) -> list[tuple[str, str, bool]]:
    return [(problem.code, str(problem.place), bool(problem.answered)) for problem in case.problems]


def test_the_scores_are_those_published(case: Case) -> None:
    scored = say.score_json([case])["submissions"][0]
    assert (scored["total"], scored["grade"], scored["year"]) == ("93.5", "优秀", "2021")
    firsts = [(one["name"], one["earned"], one["points"]) for one in scored["groups"] if one["level"] == 1]
    assert firsts == [("部门决策", "17", "20"), ("部门管理", "20", "21"), ("部门绩效", "56.5", "59")]


def test_each_level_says_its_rate(text: str) -> None:
    assert (
        "部门整体支出绩效评价得分为93.5分，绩效评价等级为优秀。其中，部门决策指标得分为17分，得分率为85.00%；"
        "部门管理指标得分为20分，得分率为95.24%；部门绩效指标得分为56.5分，得分率为95.76%。" in text
    )


def test_the_figures_are_worked_out_exactly(case: Case) -> None:
    assert case.submission
    facts = case.submission.facts
    assert facts["年度满意度"].value == Decimal("91.235")
    assert facts["预算执行率"].value == Decimal("39685.46") / Decimal("39575.55")
    shown = {
        name: say.usual_plain(facts[name]) for name in ("年度满意度", "预算执行率", "项目完成率", "三公经费控制率")
    }
    assert shown == {"年度满意度": "91.24", "预算执行率": "100.28%", "项目完成率": "98.41%", "三公经费控制率": "96.28%"}


def test_only_the_findings_of_the_published_figures_remain_and_each_has_its_reason(case: Case) -> None:
    assert found(case) == [
        ("J10", "数据.xlsx › 季度执行进度 › B7", True),
        ("P01", "数据.xlsx › 预算 › B6", True),
        ("J46", "数据.xlsx › 政府采购 › B5", True),
    ]


def test_whatever_the_lost_scoring_table_must_have_said_is_marked_as_a_show(case: Case, text: str) -> None:
    assert case.card
    mark = "示范，非官方评分表"
    assert all(mark in words for one in case.card.indicators for words in (one.definition, one.standard, one.reading))
    rows = [line for line in text.splitlines() if re.match(r"部门(决策|管理|绩效) \| ", line)]
    assert [row.count(mark) for row in rows] == [2, 2, 2]
    assert all(one.reason and one.remedy for one in case.card.indicators)


def test_tables_are_numbered_through_and_named_by_their_numbers(text: str) -> None:
    titles = ["表1　2021年重点工作完成情况", "表2　2021年各单位项目完成情况", "表3　2021年各医院满意度得分"]
    assert [line for line in text.splitlines() if re.match("表[0-9]　", line)] == titles
    assert re.findall("见表([0-9])", text) == ["1", "2", "3"]


def test_the_table_by_quarter_has_its_means(text: str) -> None:
    first = text.index("医院名称 | ")
    lines = [line.split(" | ") for line in text[first:].splitlines()[1:7]]
    assert [line[1:] for line in lines] == [
        ["第一季度", "第二季度", "第三季度", "第四季度"],
        ["91.08", "90.58", "90.49", "91.13"],
        ["92.41", "91.52", "89.50", "92.78"],
        ["93.50", "91.55", "90.53", "89.75"],
        ["92.33", "91.22", "90.17", "91.22"],
        ["91.24"],
    ]


# --- two departments -------------------------------------------------------------------------------------------


def test_the_words_of_both_departments_come_in_and_both_files_are_in_the_ledger(tmp_path: Path, text: str) -> None:
    made = build([DAPENG], tmp_path)[0]
    assert [path.name for path in made.files] == [
        "深圳市大鹏新区医疗健康集团2021年度部门整体支出绩效自评报告（定稿）.docx",
        "台账.json",
    ]
    assert set(json.loads(made.files[1].read_text("utf-8"))["inputs"]) == {"数据.xlsx", "正文.docx", "正文-医务科.docx"}
    assert "一是立项有论证。" in text  # 正文.docx
    assert "一是责任到岗。" in text  # 正文-医务科.docx


def test_without_the_words_of_one_department_its_parts_are_missing(tmp_path: Path) -> None:
    folder = copy_of(DAPENG, tmp_path)
    (folder / "正文-医务科.docx").unlink()
    missing = [problem.place.part for problem in judge(folder).problems if problem.code == "E303"]
    assert missing == ["主要履职目标", "主要履职情况", "效果性", "群众信访处理情况", "满意度情况"]


# --- words follow the figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("预算", "B6", "38000")], "预算执行率为96.02%，资金执行情况总体良好。"),
        ([("预算", "B6", "30000")], "预算执行率为75.80%，支出进度有待加快。"),
        ([("预算", "B5", "22044.68")], "年初部门预算为22,044.68万元，年中没有调整。"),
        ([("预算", "B5", "20000")], "比年初减少2,044.68万元，调整率为9.28%"),
        ([("政府采购", "B5", "103")], "实际采购金额103.00万元，与采购预算一致。"),
        ([("政府采购", "B5", "0")], "实际采购金额0.00万元，没有超过采购预算。"),
        ([("公用经费", "B4", "0"), ("公用经费", "B5", "0")], "“三公”经费预算0.00万元，实际支出0.00万元。"),
        ([("公用经费", "B5", "17")], "支出率为105.26%，超过预算。"),
        ([("季度执行进度", "B6", "0.75")], "与序时进度相比，各季度均达到要求。"),
        ([("季度执行进度", "B5", "0.4")], "与序时进度相比，二季度、三季度没有达到要求。"),
        ([("重点工作", "B5", "未完成")], "重点工作7项，截至年底，1项没有完成，见表1。"),
        ([("项目完成情况", "C7", "15"), ("项目完成情况", "C8", "63")], "按时完成63个，完成率为100.00%，"),
    ],
)
def test_sentences_follow_the_figures(cells: list[Cell], said: str, tmp_path: Path) -> None:
    assert said in document_text(compose(changed(tmp_path, *cells))[0])


def test_a_full_score_needs_no_reason(tmp_path: Path) -> None:
    case = changed(
        tmp_path, *(("自评情况", mark, points) for mark, points in (("C4", "20"), ("C5", "21"), ("C6", "59")))
    )
    words = document_text(compose(case)[0])
    assert "得分为100分" in words
    assert words.count("没有扣分。") == 3
    assert "扣分情况和整改措施见附件" not in words


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (("项目完成情况", "B8", "64"), "P02"),
        (("项目完成情况", "C8", "61"), "P03"),
        (("医院满意度", "C5", "191.52"), "P04"),
    ],
)
def test_what_only_this_edition_checks_is_told(cell: Cell, code: str, tmp_path: Path) -> None:
    assert [problem.code for problem in changed(tmp_path, cell).problems if problem.blocks] == [code]
