"""gather: units' submissions into their department's workbook, cell by cell, and nothing else of it touched."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportgen.build import build, judge
from reportgen.commands.gather import Gathered, gather, told
from reportgen.read.folders import submissions
from reportgen.write.archive import deflated, read_parts, write_zip
from tests.conftest import ROOT
from tests.support.kinds import BASICS, MONEY, Library
from tests.support.kinds import told as problem_lines
from tests.support.validators import audit_findings, needs_audit
from tests.support.workbooks import prose, save, workbook

HEADER = "分馆名 | 预算数（万元） | 支出数（万元） | 备注"
EMPTY = f"{HEADER}\n合计 | "
FULL_MARKS = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 达标, 分: 100, 名: 支出, 值: 全年支出, 须: '>= 0'}]
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path, indicators=FULL_MARKS)


def department(library: Library, branches: str = EMPTY, money: str = MONEY) -> Path:
    """材料/总馆 with this table of branches."""
    library.write("总馆", {"基本信息": BASICS.replace("小镇图书馆", "总馆"), "经费": money, "分馆": branches})
    return Path("材料/总馆")


def unit(folder: Path, name: str, budget: str, spent: str, more: str = "", basics: str = BASICS) -> Path:
    """A unit's own submission: its budget at the start of the year was 10 less than that of the whole year."""
    money = f"项目 | 填报内容\n年初预算 | {float(budget) - 10:g}\n全年预算 | {budget}\n全年支出 | {spent}\n{more}"
    sheets = {"基本信息": basics.replace("小镇图书馆", name), "经费": money}
    save(workbook(sheets), folder / name / "数据.xlsx")
    save(prose("# 主要工作\n全年开放。"), folder / name / "正文.docx")
    return folder / name


def two(library: Library, branches: str = EMPTY, money: str = MONEY) -> Path:
    folder = department(library, branches, money)
    unit(folder, "东馆", "60", "30.5")
    unit(folder, "西馆", "40.25", "40")
    return folder


def seen(folder: Path, sheet: str = "分馆") -> list[str]:
    """The sheet's rows as another program reads them."""
    rows = openpyxl.load_workbook(folder / "数据.xlsx")[sheet].iter_rows(values_only=True)
    return [" | ".join("" if value is None else str(value) for value in row).rstrip(" |") for row in rows]


def said(done: Gathered) -> list[str]:
    return [line.strip() for line in told(done)]


def refused(folder: Path) -> list[str]:
    """What is said of a department that can't be filled; its workbook stays as it was."""
    before = (folder / "数据.xlsx").read_bytes()
    done = gather(folder)
    assert (done.failed, done.changes, done.backup) == (True, [], None)
    assert (folder / "数据.xlsx").read_bytes() == before
    assert not list(folder.glob("*汇总前*"))
    return said(done)


# ── what is filled ──


def test_the_table_and_the_lines_of_the_department_are_filled_and_each_cell_is_told(library: Library) -> None:
    folder = two(library)
    assert said(gather(folder)) == [
        f"已汇总 {folder}：2家下属单位，改了12格，原来的另存为数据_汇总前.xlsx",
        "数据.xlsx › 分馆 › A2：合计 → 东馆",
        "数据.xlsx › 分馆 › B2：（空） → 60",
        "数据.xlsx › 分馆 › C2：（空） → 30.5",
        "数据.xlsx › 分馆 › A3：（空） → 西馆",
        "数据.xlsx › 分馆 › B3：（空） → 40.25",
        "数据.xlsx › 分馆 › C3：（空） → 40",
        "数据.xlsx › 分馆 › A4：（空） → 合计",
        "数据.xlsx › 分馆 › B4：（空） → 100.25",
        "数据.xlsx › 分馆 › C4：（空） → 70.5",
        "数据.xlsx › 经费 › B2：80 → 80.25",
        "数据.xlsx › 经费 › B3：100 → 100.25",
        "数据.xlsx › 经费 › B4：100 → 70.5",
    ]


def test_what_was_filled_is_what_check_finds_right(library: Library) -> None:
    library.checks = """
    - {编号: J01, 须: 填报合计(分馆.预算数) = 全年预算, 级别: 错误, 说明: 合计应等于全年预算}
    - {编号: J02, 须: 合计(分馆.支出数) = 全年支出, 级别: 错误, 说明: 各馆之和应等于全年支出}
    """
    folder = two(library)
    gather(folder)
    case = judge(folder)
    assert problem_lines(case.problems) == []
    assert case.submission
    assert [row.key for row in case.submission.tables["分馆"].rows] == ["东馆", "西馆"]


def test_the_second_time_nothing_changes(library: Library) -> None:
    folder = two(library)
    gather(folder)
    before = (folder / "数据.xlsx").read_bytes()
    assert said(gather(folder)) == [f"没有改动 {folder}：2家下属单位的数都已经在里面了"]
    assert (folder / "数据.xlsx").read_bytes() == before
    assert len(list(folder.glob("*汇总前*"))) == 1


def test_what_was_there_before_is_kept_beside_under_a_number_of_its_own(library: Library) -> None:
    folder = two(library)
    first = (folder / "数据.xlsx").read_bytes()
    gather(folder)
    second = (folder / "数据.xlsx").read_bytes()
    unit(folder, "东馆", "60", "31")
    assert said(gather(folder))[0].endswith("改了3格，原来的另存为数据_汇总前2.xlsx")
    assert (folder / "数据_汇总前.xlsx").read_bytes() == first
    assert (folder / "数据_汇总前2.xlsx").read_bytes() == second
    assert submissions([folder]) == [folder]


def test_units_keep_the_row_that_they_have_and_new_ones_follow_in_the_order_of_their_folders(library: Library) -> None:
    folder = two(library, f"{HEADER}\n西馆 | 1 | 1 | 已迁址\n | | |\n | | |\n合计 | 1 | 1 | 以决算为准")
    unit(folder, "北馆", "20", "20")
    gather(folder)
    assert seen(folder) == [
        HEADER, "西馆 | 40.25 | 40 | 已迁址", "东馆 | 60 | 30.5", "北馆 | 20 | 20", "合计 | 120.25 | 90.5 | 以决算为准"
    ]  # fmt: skip


def test_the_total_moves_down_as_it_looks_where_the_rows_do_not_suffice(library: Library) -> None:
    folder = two(library, f"{HEADER}\n东馆 | 1 | 1 |\n合计 | 1 | 1 | 以决算为准")
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    for row, height in ((2, 20), (3, 33)):
        book["分馆"].row_dimensions[row].height = height
        book["分馆"].cell(row, 2).number_format = "#,##0.00" if row == 2 else "0.0"
    save(book, folder / "数据.xlsx")
    gather(folder)
    assert seen(folder)[1:] == ["东馆 | 60 | 30.5", "西馆 | 40.25 | 40", "合计 | 100.25 | 70.5 | 以决算为准"]
    sheet = openpyxl.load_workbook(folder / "数据.xlsx")["分馆"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [20, 20, 33]
    assert [sheet.cell(row, 2).number_format for row in (2, 3, 4)] == ["#,##0.00", "#,##0.00", "0.0"]


def test_a_table_without_total_gets_none_where_the_kind_does_not_ask_for_it(library: Library) -> None:
    folder = two(library, f"{HEADER}\n东馆 | 1 | 1 |")
    gather(folder)
    assert seen(folder)[1:] == ["东馆 | 60 | 30.5", "西馆 | 40.25 | 40"]


def test_units_may_stand_in_a_folder_of_their_own(library: Library) -> None:
    folder = department(library)
    unit(folder / "下属单位", "东馆", "60", "30.5")
    gather(folder)
    assert seen(folder)[1:] == ["东馆 | 60 | 30.5", "合计 | 60 | 30.5"]


def test_amounts_are_written_in_the_sheets_own_unit(library: Library) -> None:
    folder = two(library, "分馆名 | 预算数（元） | 支出数（亿元）\n合计 | | ")
    gather(folder)
    assert seen(folder)[1:] == ["东馆 | 600000 | 0.00305", "西馆 | 402500 | 0.004", "合计 | 1002500 | 0.00705"]
    assert said(gather(folder))[0].startswith("没有改动")


def test_sums_are_exact_and_names_come_as_they_are(library: Library) -> None:
    folder = department(library)
    for name, budget in (("R&D<一>馆", "10.1"), ("𠮷馆", "10.2"), ("３号馆", "10.3")):
        unit(folder, name, budget, "0.1")
    gather(folder)
    *branches, total = seen(folder)[1:]
    assert branches == ["R&D<一>馆 | 10.1 | 0.1", "３号馆 | 10.3 | 0.1", "𠮷馆 | 10.2 | 0.1"]
    assert total == "合计 | 30.6 | 0.3"


def test_a_figure_that_no_unit_has_is_left_alone(library: Library) -> None:
    folder = two(library, money=MONEY + "捐赠收入 | 7 | 万元")
    gather(folder)
    assert seen(folder, "经费")[-1] == "捐赠收入 | 7 | 万元"
    unit(folder, "东馆", "60", "30.5", "捐赠收入 | 2.5")
    gather(folder)
    assert seen(folder, "经费")[-1] == "捐赠收入 | 2.5 | 万元"


# ── formulas and the rest of the file ──


def with_formulas(library: Library) -> Path:
    """A 合计 row of formulas and two formulas elsewhere, worked out by the office program that saved them."""
    folder = two(library, f"{HEADER}\n东馆 | 1 | 1 |\n西馆 | 1 | 1 |\n合计 | =SUM(B2:B3) | =SUM(C2:C3) |",
                 MONEY + "捐赠收入 | =3+4 | 万元\n读者满意度 | =B4/B3 | %")  # fmt: skip
    path = folder / "数据.xlsx"
    parts = read_parts(path)
    for formula, result in (("SUM(B2:B3)", "2"), ("SUM(C2:C3)", "2"), ("3+4", "7"), ("B4/B3", "1")):
        name = next(name for name, part in parts.items() if f"<f>{formula}</f>".encode() in part)
        worked_out = f"<f>{formula}</f><v>{result}</v>".encode()
        parts[name] = re.sub(rf"<f>{re.escape(formula)}</f>(<v ?/>|<v></v>)".encode(), worked_out, parts[name])
    chain = '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="B4" i="3"/></calcChain>'
    parts["xl/calcChain.xml"] = chain.encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    listed = f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", listed.encode())
    path.write_bytes(write_zip({name: deflated(part) for name, part in parts.items()}))
    return folder


def test_a_total_that_was_a_formula_becomes_its_value(library: Library) -> None:
    folder = with_formulas(library)
    assert "数据.xlsx › 分馆 › B4：2（公式） → 100.25" in said(gather(folder))
    assert seen(folder)[-1] == "合计 | 100.25 | 70.5"


def test_results_that_rest_on_what_changed_are_asked_for_anew(library: Library) -> None:
    folder = with_formulas(library)
    gather(folder)
    assert problem_lines(judge(folder).problems) == [
        "错误 E111 数据.xlsx › 经费 › B6：公式还没有算出结果（请用 Excel 或 WPS 打开并保存一次）"
    ]
    with zipfile.ZipFile(folder / "数据.xlsx") as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read("[Content_Types].xml")
        assert b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")
        assert b"<f>3+4</f><v>7</v>" in archive.read("xl/worksheets/sheet2.xml")


def test_a_formula_that_others_share_is_not_torn_out(library: Library) -> None:
    folder = with_formulas(library)
    path = folder / "数据.xlsx"
    parts = read_parts(path)
    name = next(name for name, part in parts.items() if b"SUM(B2:B3)" in part)
    first, other = b'<f t="shared" ref="B4:D4" si="0">SUM(B2:B3)</f>', b'<c r="D4"><f t="shared" si="0"/><v>2</v></c></row>'
    parts[name] = parts[name].replace(b"<f>SUM(B2:B3)</f>", first).replace(b"</row></sheetData>", other + b"</sheetData>")
    path.write_bytes(write_zip({name: deflated(part) for name, part in parts.items()}))
    assert refused(folder)[1] == "错误 E927 数据.xlsx › 分馆 › D4：要改的格子与别的格子共用一个公式（请把这几格的公式改成数后再试）"


def test_whatever_else_the_file_holds_stays_as_it_was(library: Library) -> None:
    """Text boxes, drop-down lists of newer programs, macros' leftovers: what no library would carry over."""
    folder = two(library)
    path = folder / "数据.xlsx"
    parts = read_parts(path)
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:a xmlns:x14="urn:x14"/></ext></extLst>'
    for name in list(parts):
        if name.startswith("xl/worksheets/"):
            parts[name] = parts[name].replace(b"</worksheet>", extension + b"</worksheet>")
    parts["xl/drawings/drawing1.xml"] = b"<xdr:wsDr xmlns:xdr='urn:x'>text box</xdr:wsDr>"
    path.write_bytes(write_zip({name: deflated(part) for name, part in parts.items()}))
    gather(folder)
    after = read_parts(path)
    assert after.keys() == parts.keys()
    assert {name for name in after if after[name] != parts[name]} == {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
    assert all(extension in part for name, part in after.items() if name.startswith("xl/worksheets/"))


def test_a_file_that_leaves_out_addresses_is_filled_all_the_same(library: Library) -> None:
    folder = two(library)
    path = folder / "数据.xlsx"
    parts = read_parts(path)
    bare = {name: re.sub(rb'(<row|<c) r="[A-Z]*\d+"', rb"\1", part) for name, part in parts.items()}
    assert bare != parts
    path.write_bytes(write_zip({name: deflated(part) for name, part in bare.items()}))
    gather(folder)
    assert seen(folder)[1:] == ["东馆 | 60 | 30.5", "西馆 | 40.25 | 40", "合计 | 100.25 | 70.5"]


@needs_audit
def test_the_file_is_as_valid_as_it_was(library: Library) -> None:
    folder = two(library)
    gather(folder)
    before, after = (audit_findings(folder / name) for name in ("数据_汇总前.xlsx", "数据.xlsx"))
    assert [re.sub(r"\d+ inline", "", line) for line in after] == [re.sub(r"\d+ inline", "", line) for line in before]


# ── what is refused ──


def test_a_unit_with_an_error_blocks_its_department_and_is_told_by_its_folder(library: Library) -> None:
    folder = two(library)
    unit(folder, "西馆", "40.25", "约40")
    assert refused(folder) == [
        f"下属单位 {folder / '西馆'}",
        "错误 E221 数据.xlsx › 经费 › B4：“约40”不是数字（请只填数字，单位写在表头）",
        "错误 E928 数据.xlsx：汇总要用的“全年支出”没有数（请补填，或补填算它要用的数）",
        f"没有汇总 {folder}",
    ]


def test_what_is_to_be_confirmed_in_a_unit_is_told_and_does_not_block(library: Library) -> None:
    library.checks = "- {编号: J01, 须: 全年支出 > 35, 级别: 核实, 说明: 支出偏少}"
    folder = two(library)
    first, second, *_, done = said(gather(folder))[:4]
    assert first == f"下属单位 {folder / '东馆'}"
    assert second.startswith("核实 J01 数据.xlsx")
    assert done.startswith("已汇总")


def test_words_that_are_missing_in_a_unit_do_not_concern_its_figures(library: Library) -> None:
    folder = two(library)
    (folder / "东馆" / "正文.docx").unlink()
    assert said(gather(folder))[0].startswith("已汇总")


def test_a_folder_whose_workbook_is_misnamed_is_not_passed_over(library: Library) -> None:
    folder = two(library)
    (folder / "西馆" / "数据.xlsx").rename(folder / "西馆" / "数据（终稿）.xlsx")
    assert refused(folder)[:2] == [
        f"下属单位 {folder / '西馆'}",
        "错误 E001 数据.xlsx：文件夹里没有数据.xlsx（请把填好的数据表放进来，文件名不要改）",
    ]


def test_another_year_is_refused(library: Library) -> None:
    folder = two(library)
    unit(folder, "西馆", "40.25", "40", basics=BASICS.replace("年度 | 2024", "年度 | 2023"))
    assert refused(folder)[1] == "错误 E922 数据.xlsx › 基本信息：年度是“2023”，本部门是“2024”（请改成一样的）"


def test_another_edition_is_refused(library: Library) -> None:
    folder = two(library)
    shutil.copytree("templates/library/town-2024", "templates/library/town-2023")
    unit(folder, "西馆", "40.25", "40", basics=BASICS.replace("town-2024", "town-2023"))
    message = "版本是“library/town-2023”，本部门是“library/town-2024”（请改成一样的）"
    assert refused(folder)[1] == f"错误 E922 数据.xlsx › 基本信息：{message}"


def test_one_unit_in_two_folders_is_refused(library: Library) -> None:
    folder = two(library)
    shutil.copytree(folder / "东馆", folder / "东馆（新）")
    message = "“东馆”在文件夹“东馆”里也有一份（请改正名称，或移走一份）"
    assert refused(folder)[:2] == [f"下属单位 {folder / '东馆（新）'}", f"错误 E923 数据.xlsx › 基本信息：{message}"]


def test_a_row_of_a_unit_that_handed_in_nothing_is_refused(library: Library) -> None:
    folder = two(library, f"{HEADER}\n东馆 | 1 | 1 |\n南馆 | 5 | 5 |\n合计 | 6 | 6 |")
    hint = "请把它的材料放进来；已经没有这个单位的，删去这一行"
    assert refused(folder) == [f"没有汇总 {folder}", f"错误 E924 数据.xlsx › 分馆 › A3：没有“南馆”的材料（{hint}）"]


@pytest.mark.parametrize(
    "branches",
    [
        f"{HEADER}\n东馆 | 1 | 1 |\n合计 | 1 | 1 |\n注：以决算为准",
        f"{HEADER}\n东馆 | 1 | 1 |\n合计 | 1 | 1 | =B3/C3",
        f"{HEADER}\n东馆 | 1 | 1 |\n合计 | 1 | 1 | 以决算为准\n | | | ^",
    ],
)
def test_where_the_total_can_not_move_rows_are_asked_for(library: Library, branches: str) -> None:
    folder = two(library, branches)
    message = "第3行上面的空行不够，还差1行（请在第3行上面插入1个空行后再试）"
    assert refused(folder)[1] == f"错误 E925 数据.xlsx › 分馆 › A3：{message}"


def test_a_department_whose_table_can_not_be_found_is_refused(library: Library) -> None:
    folder = two(library, "馆 | 预算 | 支出")
    assert refused(folder)[1].startswith("错误 E202 数据.xlsx › 分馆：找不到表头")


def test_a_department_without_the_sheet_or_the_line_is_told_what_to_add(library: Library) -> None:
    folder = two(library)
    unit(folder, "东馆", "60", "30.5", "捐赠收入 | 2")
    assert refused(folder)[1] == "错误 E929 数据.xlsx：下属单位填了“捐赠收入”，本部门的表上没有这一行（请补上这一行）"
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    del book["分馆"]
    save(book, folder / "数据.xlsx")
    assert refused(folder)[1] == "错误 E929 数据.xlsx：没有“分馆”这张表（请补上这张表和它的表头）"


def test_a_kind_that_says_nothing_of_units_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "中卫"
    shutil.copytree(ROOT / "inputs" / "zhongwei-2022", folder)
    shutil.copytree(ROOT / "inputs" / "zhongwei-2022", folder / "下属")
    assert refused(folder)[-1] == "错误 E921 work_plan/kind.yaml：这类报告没有写怎么汇总（请维护 kind.yaml 的人补上“汇总”）"


def test_a_folder_without_units_is_left_alone(library: Library) -> None:
    folder = department(library)
    where = "里面没有下属单位的材料（应是“单位文件夹/数据.xlsx”，或放在“下属单位”里）"
    assert said(gather(folder)) == [f"没有汇总 {folder}：{where}"]


# ── beside the other commands ──


def test_units_are_no_submissions_of_their_department_but_are_when_named(library: Library) -> None:
    folder = two(library)
    unit(folder / "下属单位", "南馆", "20", "20")
    assert submissions([folder]) == submissions([folder.parent]) == [folder]
    assert submissions([folder / "东馆"]) == [folder / "东馆"]
    (made,) = build([folder / "东馆"], Path("build"))
    assert (made.status, problem_lines(made.problems)) == ("made", [])


def test_the_shipped_self_evaluation_gathers_and_its_relations_hold(tmp_path: Path) -> None:
    """Two copies of the sample as units: every figure of the department is twice theirs."""
    sample, folder = ROOT / "inputs" / "luohu-2024", tmp_path / "局"
    for name, to in (("局", folder), ("甲院", folder / "甲院"), ("乙院", folder / "乙院")):
        shutil.copytree(sample, to)
        book = openpyxl.load_workbook(to / "数据.xlsx")
        book["基本信息"]["B4" if book["基本信息"]["A4"].value == "单位名称" else "B5"].value = name
        if name == "局":
            book["单位执行情况"].delete_rows(4, 5)
        save(book, to / "数据.xlsx")
    done = gather(folder)
    assert not done.failed, said(done)
    assert seen(folder, "单位执行情况")[3:6] == [
        "乙院 | 527711.12 | 571010.03 | 500333.67",
        "甲院 | 527711.12 | 571010.03 | 500333.67",
        "合计 | 1055422.24 | 1142020.06 | 1000667.34",
    ]
    case = judge(folder)
    assert [str(problem) for problem in case.problems if problem.blocks] == []
    assert said(gather(folder))[0].startswith("没有改动")
