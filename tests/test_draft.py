"""Drafts and states: 草稿 is made of what there is, 定稿 leaves nothing open."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from reportgen.build import build, judge
from reportgen.case import Made
from reportgen.say import score_json
from reportgen.write.pdf import PROGRAMS, ConversionError, to_pdf
from tests.support.kinds import BASICS, MONEY, Library, told
from tests.support.needs import needs
from tests.support.samples import DAPENG, LONGGANG, LUOHU, SHENZHEN, ZHONGWEI, change_cell, copy_of, document_text
from tests.support.workbooks import first_row, prose, save

JUDGED = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 按比例, 分: 60, 名: 执行率, 值: 执行率}]
- 名称: [管理, 制度, 规范]
  计分: [{规则: 要点, 分: 40, 名: 规范}]
"""
ANSWERED = "评定指标 | 计分项 | 评定 | 材料\n规范 | 1 | 40 | 台账"
STAGES = "      稿次: {选项: [草稿, 送审稿, 定稿], 可空: true}\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library whose report has states, a table and a list of losses."""
    monkeypatch.chdir(tmp_path)
    made = Library(tmp_path, indicators=JUDGED)
    made.write_templates()
    kind = tmp_path / "templates" / "library" / "kind.yaml"
    text = kind.read_text("utf-8").replace("      馆名: {}\n", "      馆名: {}\n" + STAGES, 1)
    kind.write_text(text.replace("成文日期: 成文日期}", "成文日期: 成文日期, 稿次: 稿次}"), "utf-8")
    template = docx.Document()
    for line in (
        "{{ 馆名 }}（{{ 稿次 }}）",
        "全年支出{{ 全年支出|万元 }}，{% if 执行率 < 0.9 %}执行偏慢{% else %}执行率为{{ 执行率 }}{% endif %}。",
        "{% if 捐赠收入 %}另收到捐赠{{ 捐赠收入|万元 }}。{% endif %}得{{ 评分.总分 }}分，{{ 评分.等级 }}。",
        "{%p for r in 评分.指标 %}", "{{ r.三级 }}：{{ r.得分 }}", "{%p endfor %}",
        "{%p for f in 评分.失分 %}", "{{ f.标题 }}：{{ f.原因 }}{{ f.措施 }}", "{%p endfor %}",
        "{{p 文稿.主要工作 }}", "{{p 文稿.下年打算 }}",
    ):  # fmt: skip
        template.add_paragraph(line)
    save(template, tmp_path / "templates" / "library" / "town-2024" / "report.docx")
    made.write_templates = lambda: None  # type: ignore[method-assign]  # what stands there is this one now
    return made


def drafted(folder: Path, out: Path) -> tuple[Made, str]:
    """The draft of a submission, and its text."""
    (made,) = build([folder], out, draft=True)
    assert made.status == "made", told(made.problems)
    return made, document_text(made.files[0].read_bytes())


def test_a_draft_is_made_of_what_there_is_and_marks_what_is_missing(library: Library, tmp_path: Path) -> None:
    library.words = "# 下年打算\n全年支出{{ 全年支持 }}。"
    folder = library.write(sheets={"经费": MONEY.replace("全年支出 | 100", "全年支出 | ")})
    assert [one.status for one in build([folder], tmp_path / "out")] == ["failed"]
    made, text = drafted(folder, tmp_path / "out")
    assert text == """\
小镇图书馆（草稿）
全年支出【待补】，执行率为【待补】。
得【待补】分，【待补】。
预算执行：【待补】
规范：【待补】
【待补】：【待补】【待补】
【待补】
全年支出【待补】。
"""
    assert made.pending == 11
    assert made.files[0].name == "小镇图书馆2024年度自评报告.docx"


def test_what_could_be_scored_is_scored_and_what_was_lost_waits_for_its_cause(library: Library, tmp_path: Path) -> None:
    sheets = {"经费": MONEY.replace("全年支出 | 100", "全年支出 | 95"), "自评": ANSWERED}
    _, text = drafted(library.write(sheets=sheets), tmp_path / "out")
    assert "得97分，优。\n预算执行：57\n规范：40\n预算执行：【待补】【待补】\n" in text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("预算执行 |  | 新馆空调安装延期 | ", "预算执行：新馆空调安装延期。【待补】\n规范：【待补】【待补】\n"),
        ("规范 | 制度 |  | 年内补齐", "预算执行：【待补】【待补】\n制度：【待补】年内补齐（责任科室：办公室，时限：六月底前）。\n"),
    ],
    ids=["a cause without its remedy", "a remedy without its cause"],
)
def test_what_is_told_of_a_loss_stands_and_only_the_rest_waits(library: Library, tmp_path: Path, row: str, said: str) -> None:
    losses = f"失分指标 | 标题 | 原因 | 措施 | 科室 | 时限\n{row} | 办公室 | 六月底前"
    spent, answered = MONEY.replace("全年支出 | 100", "全年支出 | 95"), ANSWERED.replace("| 40 |", "| 20 |")
    _, text = drafted(library.write(sheets={"经费": spent, "自评": answered, "失分": losses}), tmp_path / "out")
    assert said in text


def test_one_open_indicator_leaves_only_itself_and_the_sums_above_it_open(library: Library, tmp_path: Path) -> None:
    _, text = drafted(library.write(), tmp_path / "out")
    assert "得【待补】分，【待补】。\n预算执行：60\n规范：【待补】\n" in text


def test_the_ledger_of_a_draft_lists_what_was_open(library: Library, tmp_path: Path) -> None:
    made, _ = drafted(library.write(), tmp_path / "out")
    ledger = made.files[1].read_text("utf-8")
    assert '"E502"' in ledger
    assert '"total": "【待补】"' in ledger


def test_a_draft_changes_nothing_in_what_check_and_score_say(library: Library) -> None:
    folder = library.write()
    assert [one.code for one in judge(folder).problems] == ["E502"]
    assert "total" not in score_json([judge(folder)])["submissions"][0]


@pytest.mark.parametrize("sample", [LUOHU, LONGGANG, DAPENG, SHENZHEN, ZHONGWEI], ids=lambda path: path.name)
def test_every_kind_has_a_draft_even_when_nothing_is_filled_in(sample: Path, tmp_path: Path) -> None:
    import openpyxl

    folder = copy_of(sample, tmp_path)
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    for sheet in book.worksheets:
        by_line = sheet.cell(3, 1).value == "项目"
        for row in sheet.iter_rows(min_row=first_row(sheet)):
            for cell in row:
                if sheet.title != "基本信息" and (not by_line or cell.column == 2) and hasattr(cell, "column_letter"):
                    cell.value = None
    book.save(folder / "数据.xlsx")
    save(prose(""), folder / "正文.docx")
    made, text = drafted(folder, tmp_path / "out")
    assert text.count("【待补】") >= made.pending > 10  # headings stand in the contents again


# --- 定稿 ----------------------------------------------------------------------------------------------------


def stage(name: str) -> str:
    return BASICS + f"稿次 | {name}\n"


SPARE = {"闲表": "随手记"}


def test_a_final_report_leaves_no_remark_open(library: Library) -> None:
    review = judge(library.write(sheets={**SPARE, "自评": ANSWERED, "基本信息": stage("送审稿")}))
    said = "E212 数据.xlsx › 闲表：工作表“闲表”没有用到（如是示例，请把名称改为以“示例”开头）"
    assert (told(review.problems), review.blocked) == ([f"提醒 {said}"], False)
    final = judge(library.write(sheets={**SPARE, "自评": ANSWERED, "基本信息": stage("定稿")}))
    assert (told(final.problems), final.blocked) == ([f"核实 {said}"], True)


def test_what_a_final_report_asks_may_be_answered(library: Library) -> None:
    sheets = {
        **SPARE, "基本信息": stage("定稿"), "自评": ANSWERED,
        "审核说明": "问题代码 | 对象 | 说明\nE212 | | 留作备查",
    }  # fmt: skip
    case = judge(library.write(sheets=sheets))
    assert [(one.code, one.answered) for one in case.problems] == [("E212", "留作备查")]
    assert not case.blocked


def test_a_cell_that_only_needs_a_look_is_answered_by_its_address(library: Library) -> None:
    sheets = {"基本信息": stage("定稿"), "自评": ANSWERED,
              "经费": MONEY.replace("年初预算 | 80", "年初预算 | '80"),
              "审核说明": "问题代码 | 对象 | 说明\nE222 | 经费!B2 | 系统导出的是文本，数值无误"}  # fmt: skip
    assert not judge(library.write(sheets=sheets)).blocked


def test_a_final_report_stays_a_draft_when_a_draft_is_asked_for(tmp_path: Path) -> None:
    folder = copy_of(SHENZHEN, tmp_path)
    change_cell(folder / "数据.xlsx", "基本信息", "B5", "")
    made, _ = drafted(folder, tmp_path / "out")
    assert made.files[0].name.endswith("（草稿）.docx")


# --- PDF -----------------------------------------------------------------------------------------------------


@needs(present=bool(shutil.which("soffice")), reason="LibreOffice is not installed")
def test_a_pdf_stands_beside_each_report(library: Library, tmp_path: Path) -> None:
    made = build([library.write("甲"), library.write("乙")], tmp_path / "out", draft=True)
    pdfs = to_pdf([one.files[0] for one in made])
    assert [path.parent.name for path in pdfs] == ["甲", "乙"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in pdfs)


def test_without_libreoffice_it_is_said_and_the_report_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not any(Path(program).exists() for program in PROGRAMS if "/" in program)
    with pytest.raises(ConversionError, match="没有找到 LibreOffice"):
        to_pdf([tmp_path / "报告.docx"])
