"""龙岗 2022 end to end: an edition laid over 罗湖's, with a two-sided budget, headers on two levels and a list of evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import say
from reportgen.build import judge
from reportgen.case import Case
from reportgen.write.publish import compose
from tests.support.samples import LONGGANG, change_cell, copy_of, document_text


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(LONGGANG)


def changed(folder: Path, *cells: tuple[str, str, str]) -> Path:
    """A copy of the submission with cells rewritten: (sheet, mark, value)."""
    made = copy_of(LONGGANG, folder)
    for sheet, mark, value in cells:
        change_cell(made / "数据.xlsx", sheet, mark, value)
    return made


def blocking(folder: Path) -> list[str]:
    """The codes of what stops the report."""
    return [problem.code for problem in judge(folder).problems if problem.blocks]


def text_of(folder: Path) -> str:
    """The document that comes of a submission."""
    return document_text(compose(judge(folder))[0])


def test_the_scores_are_those_that_the_rules_give(case: Case) -> None:
    scored = say.score_json([case])["submissions"][0]
    earned = {one["level3"]: one["earned"] for one in scored["indicators"]}
    assert (scored["total"], scored["grade"], scored["year"]) == ("93", "优", "2022")
    assert {name: points for name, points in earned.items() if points in ("0", "2", "4")} == {
        "政府采购执行情况": "2", "项目实施程序": "2", "项目监管": "2", "资产管理安全性": "2",
        "编外人员控制率": "0", "公用经费控制率": "4", "公众或服务对象满意度": "2",
    }  # fmt: skip
    assert {one["name"]: one["earned"] for one in scored["groups"] if one["level"] == 1} == {
        "部门决策": "20", "部门管理": "19", "部门绩效": "54",
    }  # fmt: skip


def test_the_tree_of_indicators_is_the_districts_own(case: Case) -> None:
    assert case.card
    names = [one.level3 for one in case.card.indicators]
    assert len(names) == 21
    assert names[-3:] == ["社会、经济、生态效益及可持续发展影响等", "群众信访办理情况", "公众或服务对象满意度"]


def test_only_the_two_counts_of_staff_differ_and_each_has_its_reason(case: Case) -> None:
    found = [(problem.code, str(problem.place), bool(problem.answered)) for problem in case.problems]
    assert found == [("J11", "数据.xlsx › 评分用人数 › B4", True), ("J12", "数据.xlsx › 评分用人数 › B5", True)]


@pytest.mark.parametrize(
    ("sheet", "mark", "value", "codes"),
    [
        ("收入预算", "C4", "359947.31", ["J71"]),
        ("收入预算", "C12", "7715.36", ["J72"]),
        ("收入预算", "C14", "943603.72", ["J01", "J72"]),
        ("支出预算", "C6", "10338.83", ["J73"]),
        ("支出预算", "C12", "1", ["J74"]),
        ("决算收入", "B4", "369012.04", ["J75"]),
        ("决算支出", "B5", "406904.13", ["J76"]),
        ("三公经费明细", "B7", "2.16", ["J77"]),
        ("三公经费明细", "C5", "268.59", ["J78"]),
        ("资产", "B5", "450460.66", ["J81"]),
        ("人员", "B6", "72", ["J86"]),
        ("重点任务", "C5", "4", ["J87"]),
    ],
)
def test_figures_that_do_not_agree_are_told(sheet: str, mark: str, value: str, codes: list[str], tmp_path: Path) -> None:
    assert blocking(changed(tmp_path, (sheet, mark, value))) == codes


def test_a_part_may_not_be_more_than_its_whole(tmp_path: Path) -> None:
    book = judge(LONGGANG).submission
    assert book
    row = next(one for one in book.tables["资产情况"].rows if "所属项目" in one.cells)
    mark = row.cells["年末金额"].places[0].mark
    assert blocking(changed(tmp_path, ("资产情况", mark, "178996.31"))) == ["J85"]


# --- sentences follow the figures ------------------------------------------------------------------------------


def test_a_year_with_less_money_says_so(tmp_path: Path) -> None:
    words = text_of(changed(tmp_path, ("决算", "B4", "1200000"), ("决算", "B5", "1132801.94")))
    assert "与上年决算收入1,200,000.00万元相比，减少69,671.80万元，下降5.81%。" in words
    assert "与上年决算支出1,132,801.94万元相比，持平。" in words


def test_nothing_is_said_of_petitions_that_nobody_made(tmp_path: Path) -> None:
    words = text_of(changed(tmp_path, *(("信访", mark, "0") for mark in ("B4", "B5", "B6"))))
    assert "2022年，没有受理群众信访。公众满意度调查中，" in words


def test_a_shown_loss_goes_when_the_figure_is_corrected(tmp_path: Path) -> None:
    words = text_of(changed(tmp_path, ("公用经费", "B5", "250"), ("三公经费明细", "C5", "250")))
    assert "综合得分94分" in words
    assert "公用经费控制率（扣1分）" in words
    assert "1.“三公”经费250.00÷286.24×100%＝87.34%，小于90%，得3分。" in words


def test_a_report_without_a_list_of_evidence_has_one_attachment(case: Case) -> None:
    assert case.card
    bare = [replace(one, criteria=tuple(replace(line, material="") for line in one.criteria)) for one in case.card.indicators]
    words = document_text(compose(replace(case, card=replace(case.card, indicators=tuple(bare))))[0])
    assert document_text(compose(case)[0]).count("佐证材料清单") == 3  # contents, note, title
    assert "佐证材料清单" not in words
    assert "附表：部门整体支出绩效评价指标评分表" in words
