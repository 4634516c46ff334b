"""罗湖 2024 end to end: the figures that it must give, and the document that comes of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest

from reportgen import marks, say
from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.model import CriterionScore
from reportgen.write.publish import compose
from tests.support.samples import LUOHU, ROOT, change_cell, copy_of, document_text
from tests.support.sheets import cell


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(LUOHU)


def test_the_scores_are_those_that_the_rules_give(case: Case) -> None:
    scored = say.score_json([case])["submissions"][0]
    earned = {one["level3"]: one["earned"] for one in scored["indicators"]}
    assert (scored["total"], scored["grade"], scored["year"]) == ("89.03", "良", "2024")
    assert earned["政府采购执行情况"] == "1.24"
    assert earned["预算执行率"] == "5.81"
    assert earned["项目完成及时性"] == "4.98"
    assert {one["name"]: one["earned"] for one in scored["groups"] if one["level"] == 1} == {
        "部门决策": "18",
        "部门管理": "18.24",
        "部门绩效": "52.79",
    }
    assert len(scored["indicators"]) == 25


def test_only_the_findings_of_the_published_figures_remain_and_each_has_its_reason(case: Case) -> None:
    found = [(problem.code, str(problem.place), bool(problem.answered)) for problem in case.problems]
    assert found == [("J03", "数据.xlsx › 预算 › B12", True), ("J09", "数据.xlsx › 季度执行进度 › B7", True)]


# --- every computed criterion again, from its evidence cells alone ------------------------------------------


def _half_up(value: Decimal, places: str = "0.01") -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP)


def _bands(value: Decimal, *bands: tuple[str, str, str]) -> Decimal:
    """The first (op, limit, points) that holds."""
    def holds(op: str, limit: Decimal) -> bool:
        return {"<": value < limit, "<=": value <= limit, ">=": value >= limit, "": True}[op]

    return next(Decimal(points) for op, limit, points in bands if holds(op, Decimal(limit or 0)))


def _rate(e: dict[str, Decimal], part: str, whole: str) -> Decimal:
    return e[part] / e[whole]


def _quarter(e: dict[str, Decimal], due: str) -> Decimal:
    return min(Decimal(1), next(iter(e.values())) / Decimal(due))


def _of(e: dict[str, Decimal], word: str) -> Decimal:
    return next(value for name, value in e.items() if word in name)


_PUBLIC = (("<", "0.9", "3"), ("<=", "1", "2"), ("", "", "0"))
RECOMPUTED: dict[tuple[str, int], Callable[[dict[str, Decimal]], Decimal]] = {
    ("政府采购执行情况", 0): lambda e: _rate(e, "实际采购金额", "采购计划金额"),
    ("财务合规性", 1): lambda e: 1 - max(Decimal(0), _rate(e, "调剂资金累计", "年初预算收入") - Decimal("0.1")) * 10,
    ("固定资产利用率", 0): lambda e: _bands(_rate(e, "在用固定资产总额", "固定资产总额"), (">=", "0.9", "1"), ("", "", "0")),
    ("财政供养人员控制率", 0): lambda e: _bands(_rate(e, "评分在编人数", "核定编制数"), ("<=", "1", "1"), ("", "", "0")),
    ("编外人员控制率", 0): lambda e: _bands(
        e["评分编外人数"] / (e["评分编外人数"] + e["评分在编人数"]), ("<", "0.05", "1"), ("<=", "0.1", "0.5"), ("", "", "0")
    ),
    ("公用经费控制率", 0): lambda e: _bands(_rate(e, "三公经费支出数", "三公经费预算数"), *_PUBLIC),
    ("公用经费控制率", 1): lambda e: _bands(_rate(e, "日常公用经费支出数", "日常公用经费预算数"), *_PUBLIC),
    ("预算执行率", 0): lambda e: _quarter(e, "0.25"),
    ("预算执行率", 1): lambda e: _quarter(e, "0.5"),
    ("预算执行率", 2): lambda e: _quarter(e, "0.75"),
    ("预算执行率", 3): lambda e: _quarter(e, "1"),
    ("预算执行率", 4): lambda e: sum(
        (min(Decimal(1), value / (Decimal(i + 1) / 4)) for i, value in enumerate(e.values())), Decimal(0)
    ) / 4 * 2,
    ("重点工作完成情况", 0): lambda _: Decimal(8),
    ("项目完成及时性", 0): lambda e: 6 * _of(e, "已完成") / _of(e, "计划"),
    ("群众信访办理情况", 1): lambda e: Decimal(_rate(e, "已回复件", "受理信访件") >= 1),
    ("群众信访办理情况", 2): lambda e: Decimal(_rate(e, "按期回复件", "受理信访件") >= 1),
}  # fmt: skip


def _computed(case: Case) -> list[tuple[tuple[str, int], CriterionScore]]:
    assert case.card
    scored = [((one.level3, i), line) for one in case.card.indicators for i, line in enumerate(one.criteria)]
    return [(key, line) for key, line in scored if line.value is not None and line.rule != "人工评分"]


def test_each_computed_criterion_follows_from_its_evidence_cells_alone(case: Case) -> None:
    lines = _computed(case)
    assert {key for key, _ in lines} == set(RECOMPUTED)
    for key, line in lines:
        evidence = {fact.name: fact.value for fact in line.evidence}
        assert all(fact.places[0].mark for fact in line.evidence), key
        numbers = {name: value for name, value in evidence.items() if isinstance(value, Decimal)}
        assert _half_up(RECOMPUTED[key](numbers), "0.000001") == _half_up(line.earned, "0.000001"), key


# --- files ---------------------------------------------------------------------------------------------------


def test_the_ledger_knows_every_figure_and_block(tmp_path: Path) -> None:
    made = build([LUOHU], tmp_path)[0]
    ledger = json.loads(made.files[1].read_text("utf-8"))
    assert set(ledger["inputs"]) == {"数据.xlsx", "正文.docx"}
    numbered = {figure["number"]: figure["shown"] for figure in ledger["figures"]}
    assert len(numbered) == len(ledger["figures"]) > 300
    for block in ledger["blocks"]:
        assert all(numbered[number] in block["text"] for number in block["figures"]), block["id"]


def test_a_spoiled_cell_stops_that_folder_only(tmp_path: Path) -> None:
    good = copy_of(LUOHU, tmp_path / "材料")
    bad = good.rename(good.with_name("坏区"))
    good = copy_of(LUOHU, tmp_path / "材料")
    change_cell(bad / "数据.xlsx", "单位执行情况", "D5", "约4800")
    made = {one.folder.name: one for one in build([tmp_path / "材料"], tmp_path / "build")}
    assert made["坏区"].status == "failed"
    blocking = [problem for problem in made["坏区"].problems if problem.blocks]
    assert str(blocking[0].place) == "数据.xlsx › 单位执行情况 › D5"
    assert blocking[0].message == "“约4800”不是数字"
    assert not (tmp_path / "build" / "坏区").exists()
    assert made[good.name].status == "made"
    assert all(path.exists() for path in made[good.name].files)


# --- changes from last year ------------------------------------------------------------------------------------


GROWN = "年初预算收入增长率31.93%，年初预算支出增长率4.50%"


@pytest.mark.parametrize(
    ("sheet", "mark", "value", "told"),
    [
        ("业务数据", "E4", "3500000", ["J54 F4 较上年增减10%以上，要写变动原因：总诊疗量3,962,838，总诊疗量上年数3,500,000"]),
        ("业务数据", "E4", "0", []),
        ("业务数据", "E4", "3605000", []),
        ("业务数据", "E4", "4500000", ["J54 F4 较上年增减10%以上，要写变动原因：总诊疗量3,962,838，总诊疗量上年数4,500,000"]),
        ("人员", "B6", "1400", []),
        ("预算", "B7", "504986", []),
        ("预算", "B6", "400000", ["J51 B17 年初预算较上年增减10%以上，要写年初预算变动原因：" + GROWN]),
    ],
)
def test_a_change_of_a_tenth_asks_for_its_reason(sheet: str, mark: str, value: str, told: list[str], tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    change_cell(folder / "数据.xlsx", sheet, mark, value)
    changes = [problem for problem in judge(folder).problems if problem.code in ("J51", "J52", "J53", "J54")]
    assert [f"{one.code} {one.place.mark} {one.message}" for one in changes] == told
    assert all(one.blocks for one in changes)


@pytest.mark.parametrize(("year", "asked"), [("2024", []), ("2023", ["J45"]), ("2025", ["J45"])])
def test_a_year_that_is_not_the_one_before_the_report_is_asked_about(year: str, asked: list[str], tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    cell(book["基本信息"], "年度", "填报内容").value = int(year)
    book.save(folder / "数据.xlsx")
    assert [problem.code for problem in judge(folder).problems if problem.blocks and problem.code == "J45"] == asked


@pytest.mark.parametrize("end", ["", "。"])
def test_a_lost_outcome_says_what_its_level_rests_on(end: str, tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    cell(book["效果性指标"], "推进大健康招商引资", "成效依据").value = f"引进康复机构2家{end}"
    book.save(folder / "数据.xlsx")
    case = judge(folder)
    told = marks.plain(case.explanations()["推进大健康招商引资"])
    assert told.startswith("成效显著（引进康复机构2家），得权重分的80.00%，即4分，扣1分。")
    assert "E230" in [one.code for one in case.problems] if end else True


def test_the_sentence_gives_a_reason_only_where_there_is_one(tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    book["人员"].delete_rows(7)  # 在编变动原因
    cell(book["预算"], "年初预算变动原因", "填报内容").value = "新增社区医院开办经费"
    cell(book["业务数据"], "四级手术量", "变动原因").value = "住院手术增至{{ 住院手术量 }}例"
    book.save(folder / "数据.xlsx")
    case = judge(folder)
    assert [problem for problem in case.problems if problem.blocks] == []
    text = document_text(compose(case)[0])
    assert "在编在职1,194人，比上年减少61人，下降4.86%。退休人员" in text
    assert "比上年减少7人，下降0.16%，主要原因是少数聘用人员年内离职。" in text
    assert "较上年年初预算均增长4.50%，主要原因是新增社区医院开办经费。" in text
    assert "同比增长25.12%（住院手术增至18,705例）；" in text


# --- what must never pass in silence ---------------------------------------------------------------------------


def test_prose_that_the_template_has_no_place_for_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import docx

    edition = shutil.copytree(ROOT / "templates", tmp_path / "templates") / "self_evaluation" / "luohu-2024"
    template = docx.Document(str(edition / "report.docx"))
    (place,) = [one for one in template.paragraphs if one.text == "{{p 文稿.制度管理 }}"]
    for run in place.runs:
        run.text = ""
    template.save(str(edition / "report.docx"))
    monkeypatch.chdir(tmp_path)
    made = build([LUOHU], tmp_path / "build")[0]
    told = [(problem.code, problem.message) for problem in made.problems if problem.blocks]
    assert (made.status, told) == ("failed", [("E604", "“制度管理”的文稿没有写进报告")])


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("执行率为{{ 预算执行率 }，", "“{{”没有写完整：占位要写成两对花括号中间夹名称"),
        ("{% if 1 %}执行较好{% endif %}", "“{%”没有写完整：占位要写成两对花括号中间夹名称"),
    ],
)
def test_a_half_written_placeholder_in_prose_is_told(slip: str, said: str, tmp_path: Path) -> None:
    import docx

    folder = copy_of(LUOHU, tmp_path)
    prose = docx.Document(str(folder / "正文.docx"))
    next(one for one in prose.paragraphs if len(one.text) > 40).runs[0].text += slip
    prose.save(str(folder / "正文.docx"))
    assert [problem.message for problem in judge(folder).problems if problem.blocks] == [said]


def test_struck_out_words_in_prose_are_told(tmp_path: Path) -> None:
    import docx

    folder = copy_of(LUOHU, tmp_path)
    prose = docx.Document(str(folder / "正文.docx"))
    next(one for one in prose.paragraphs if len(one.text) > 40).add_run("这一句不要了。").font.strike = True
    prose.save(str(folder / "正文.docx"))
    assert [problem.message for problem in judge(folder).problems if problem.blocks] == ["这一段有删除线的文字"]


def test_two_indicators_of_one_name_are_told(tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    change_cell(folder / "数据.xlsx", "效果性指标", "A4", "预算执行率")
    told = [problem.message for problem in judge(folder).problems if problem.code == "E510"]
    assert told == ["有两个指标都叫“预算执行率”"]


def test_a_report_can_be_read_by_colleagues(tmp_path: Path) -> None:
    files = build([LUOHU], tmp_path)[0].files
    beside = tmp_path / "任意.txt"
    beside.write_text("", "utf-8")
    assert {path.stat().st_mode for path in files} == {beside.stat().st_mode}
