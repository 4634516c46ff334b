"""中卫 2022 end to end: the text and the task list from the same rows, and every number written by the template."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest

from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.write.publish import compose
from tests.support.kinds import told
from tests.support.samples import ZHONGWEI, document_text
from tests.support.sheets import cell, changed, records, set_form
from tests.support.structure import structure_findings

if TYPE_CHECKING:
    import openpyxl

    Change = Callable[[openpyxl.Workbook], object]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = re.compile(
    r"(?P<序号>\d+)\.(?P<任务名称>.+?)。(?P<内容>.+)（责任领导：(?P<责任领导>.+?)；牵头科室：(?P<牵头科室>.+?)；"
    r"责任单位：(?P<责任单位>.+?)；完成时限：(?P<完成时限>.+?)）"
)
LISTED = ("序号", "章节", "任务名称", "内容", "责任领导", "牵头科室", "责任单位", "完成时限")


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(ZHONGWEI)


@pytest.fixture(scope="module")
def document(case: Case) -> bytes:
    return compose(case)[0]


def made(folder: Path, change: Change) -> bytes:
    """The report of the sample with its workbook changed."""
    case = judge(changed(ZHONGWEI, folder, change))
    assert [line for line, one in zip(told(case.problems), case.problems, strict=True) if one.blocks] == []
    return compose(case)[0]


def problems(folder: Path, change: Change) -> list[str]:
    return told(judge(changed(ZHONGWEI, folder, change)).problems)


# --- the same tasks twice ------------------------------------------------------------------------------------


def in_body(document: bytes) -> list[dict[str, str]]:
    """Each task as the text says it, with the section that it stands in."""
    found, section = [], ""
    lines = document_text(document).splitlines()
    start, end = lines.index("三、工作任务及措施"), lines.index("四、工作要求")
    for line in lines[start + 2 : end]:
        task = BODY.fullmatch(line)
        if task is None:
            section = line
        else:
            found.append({"章节": section, **task.groupdict()})
    return found


def in_list(document: bytes) -> list[dict[str, str]]:
    """Each task as 附件1 lists it; what stands in lines of a cell is joined as the text does."""
    rows = task_table(document).findall(f"{W}tr")[1:]
    found: list[dict[str, str]] = []
    for row in rows:
        texts = ["、".join(map(text_of, one.findall(f"{W}p"))) for one in row.findall(f"{W}tc")]
        task = dict(zip(LISTED, texts, strict=True))
        found.append({**task, "章节": task["章节"] or found[-1]["章节"]})
    return found


def task_table(document: bytes) -> ET.Element:
    body = ET.fromstring(ZipFile(io.BytesIO(document)).read("word/document.xml"))
    return next(one for one in body.iter(f"{W}tbl") if text_of(one).startswith("序号章节任务名称"))


def text_of(element: ET.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def test_there_are_22_tasks_and_both_places_say_so(document: bytes) -> None:
    typed = [row["任务名称"] for row in records(ZHONGWEI, "任务", "章节", down=("章节",))]
    assert len(typed) == 22
    assert [task["任务名称"] for task in in_body(document)] == typed
    assert [task["任务名称"] for task in in_list(document)] == typed
    assert "2022年共安排22项工作任务" in document_text(document)


@pytest.mark.parametrize("number", range(22))
def test_the_text_and_the_list_agree_task_by_task(number: int, document: bytes) -> None:
    task = in_body(document)[number]
    assert task == in_list(document)[number]
    row = records(ZHONGWEI, "任务", "章节", down=("章节",))[number]
    assert {name: task[name] for name in LISTED[2:]} == {name: row[name] for name in LISTED[2:]}
    assert (task["序号"], task["章节"].partition("）")[2]) == (str(number + 1), row["章节"])


def test_each_leader_and_office_has_a_line_of_its_own_in_the_list(document: bytes) -> None:
    second = task_table(document).findall(f"{W}tr")[2].findall(f"{W}tc")
    assert [[text_of(line) for line in one.findall(f"{W}p")] for one in second[4:6]] == [
        ["分管领导乙", "分管领导甲"],
        ["规划信息与财务科", "医政医改科"],
    ]


# --- numbers -------------------------------------------------------------------------------------------------

NEW = ("试行临床药师制度", "在二级以上医院试行临床药师制度。", "分管领导甲", "医政医改科", "市直各医疗卫生单位", "2022年9月底")


def insert(book: openpyxl.Workbook) -> None:
    """A task in the middle of the second section, as somebody types it who has un-merged the section's cell."""
    sheet: Any = book["任务"]
    for area in list(sheet.merged_cells.ranges):
        if area.min_col == area.max_col == 1:
            sheet.unmerge_cells(str(area))
    at = cell(sheet, "促进优质医疗资源下沉", "任务名称").row
    sheet.insert_rows(at)
    for column, text in enumerate(NEW, 2):
        sheet.cell(at, column).value = text


def test_a_task_in_the_middle_moves_every_number_after_it(document: bytes, tmp_path: Path) -> None:
    now = made(tmp_path, insert)
    before = [task["任务名称"] for task in in_list(document)]
    expected = [*before[:10], NEW[0], *before[10:]]
    for tasks in (in_body(now), in_list(now)):
        assert [(task["序号"], task["任务名称"]) for task in tasks] == [(str(i), name) for i, name in enumerate(expected, 1)]
        assert [task["章节"] for task in tasks[8:13]] == ["（一）借鉴学习三明医改经验"] + ["（二）推动做实分级诊疗"] * 4
    text = document_text(now)
    assert "2022年共安排23项工作任务" in text
    assert "把23项任务分解到月份" in text, "the number in the department's own prose follows too"
    assert "22项" not in text
    assert structure_findings(now) == []


def test_a_section_more_takes_the_next_chinese_number(tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        insert(book)
        sheet: Any = book["任务"]
        sheet.cell(cell(sheet, "加强医改宣传", "任务名称").row, 1).value = "做好宣传引导"

    now = made(tmp_path, rename)
    names = list(dict.fromkeys(task["章节"] for task in in_body(now)))
    assert names == [
        "（一）借鉴学习三明医改经验",
        "（二）推动做实分级诊疗",
        "（三）推动公立医院高质量发展",
        "（四）做好宣传引导",
    ]
    assert names == list(dict.fromkeys(task["章节"] for task in in_list(now)))


HEADING = re.compile(r"([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.|（\d+）)")


def test_no_heading_number_repeats_under_one_heading(document: bytes) -> None:
    parsed = docx.Document(io.BytesIO(document))
    seen: dict[tuple[str, ...], list[str]] = {}
    path: list[str] = []
    for paragraph in parsed.paragraphs:
        style = paragraph.style.name if paragraph.style else ""
        if style and style.lower().startswith("heading "):
            level = int(style[8:])
            path = [*path[: level - 1], paragraph.text]
            number = HEADING.match(paragraph.text)
            assert number, paragraph.text
            seen.setdefault(tuple(path[:-1]), []).append(number[1])
    assert seen[()] == ["一、", "二、", "三、", "四、"]
    assert all(len(set(numbers)) == len(numbers) for numbers in seen.values())


# --- the section's name beside its tasks ---------------------------------------------------------------------


def test_each_section_is_one_merged_cell_with_its_name_written_downwards(document: bytes) -> None:
    rows = task_table(document).findall(f"{W}tr")[1:]
    merges = [one.find(f"{W}tc[2]/{W}tcPr/{W}vMerge") for one in rows]
    starts = [i for i, one in enumerate(merges) if one is not None and one.get(f"{W}val") == "restart"]
    assert None not in merges
    assert starts == [0, 9, 12], "9, 3 and 10 tasks"
    sections = list(dict.fromkeys(row["章节"] for row in records(ZHONGWEI, "任务", "章节", down=("章节",))))
    names = [text_of(one.findall(f"{W}tc")[1]) for one in rows]
    assert [name.partition("）")[2] for name in names if name] == sections
    assert [i for i, name in enumerate(names) if name] == starts
    directions = {one.get(f"{W}val") for row in rows for one in row.findall(f"{W}tc[2]/{W}tcPr/{W}textDirection")}
    assert directions == {"tbRlV"}


# --- checks --------------------------------------------------------------------------------------------------


def put(row: str, column: str, value: object, sheet: str = "任务") -> Change:
    """A change of one cell."""

    def change(book: openpyxl.Workbook) -> None:
        cell(book[sheet], row, column).value = value

    return change


def test_only_the_longer_list_of_specialties_remains_and_has_its_reason(case: Case) -> None:
    assert [(one.code, one.subject, bool(one.answered)) for one in case.problems] == [("R03", "M6", True)]


TASK = "健全分级诊疗体系"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (put(TASK, "责任领导", None), "错误 E205 数据.xlsx › 任务 › D13：“责任领导”没有填（请填写）"),
        (put(TASK, "牵头科室", None), "错误 E205 数据.xlsx › 任务 › E13：“牵头科室”没有填（请填写）"),
        (put(TASK, "责任单位", None), "错误 E205 数据.xlsx › 任务 › F13：“责任单位”没有填（请填写）"),
        (put(TASK, "完成时限", None), "错误 E205 数据.xlsx › 任务 › G13：“完成时限”没有填（请填写）"),
        (put(TASK, "完成时限", "长期"), "错误 E224 数据.xlsx › 任务 › G13：“长期”不是时限"),
        (put(TASK, "服务目标", "M11"), "错误 R05 数据.xlsx › 任务 › H13：服务目标应是目标表里的编号：没有“M11”"),
        (put(TASK, "服务目标", "M1、M12"), "错误 R05 数据.xlsx › 任务 › H13：服务目标应是目标表里的编号：没有“M12”"),
        (put(TASK, "牵头科室", "医政医改课"), "核实 R04 数据.xlsx › 任务 › E13：疑为同一科室的两种写法：“医政医改课”与E4的"),
        (put("M5", "目标数量", 3, "目标"), "核实 R03 数据.xlsx › 目标 › C8：目标数量应与重点专科清单一致：目标数量3，"),
    ],
)
def test_what_is_missing_or_does_not_agree_is_named_at_its_cell(change: Change, problem: str, tmp_path: Path) -> None:
    folder = changed(ZHONGWEI, tmp_path, change)
    case = judge(folder)
    lines = told(case.problems)
    assert [line for line in lines if line.startswith(problem)], lines
    assert case.blocked
    assert build([folder], tmp_path / "build")[0].status == "failed"
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("typed", ["2023年6月底", "2021年底", "2023年1月1日"])
def test_a_deadline_in_another_year_is_named_with_its_task_and_cell(typed: str, tmp_path: Path) -> None:
    found = judge(changed(ZHONGWEI, tmp_path, put(TASK, "完成时限", typed))).problems
    (broken,) = [one for one in found if one.code == "R01"]
    assert (broken.level, broken.subject) == ("error", TASK)
    assert "完成时限应在本年度内" in broken.message
    assert "G13" in f"{broken.place}{broken.hint}"


def test_a_goal_that_no_task_serves_is_asked_about(tmp_path: Path) -> None:
    def forget(book: openpyxl.Workbook) -> None:
        for line in book["任务"].iter_rows(min_row=4, min_col=8, max_col=8):
            if line[0].value:
                line[0].value = "、".join(one for one in str(line[0].value).split("、") if one != "M9") or None

    found = judge(changed(ZHONGWEI, tmp_path, forget)).problems
    (broken,) = [one for one in found if one.code == "R02"]
    assert (broken.level, broken.subject) == ("confirm", "M9")
    assert "每项目标应有任务支撑" in broken.message
    assert "A12" in f"{broken.place}{broken.hint}"


def test_the_two_ways_of_writing_an_office_are_told_unless_the_list_knows_them(case: Case, tmp_path: Path) -> None:
    assert "R04" not in [one.code for one in case.problems]

    def without(book: openpyxl.Workbook) -> None:
        sheet: Any = book["科室别名"]
        sheet.delete_rows(cell(sheet, "规划信息科", "别名").row)

    lines = [line for line in problems(tmp_path, without) if "R04" in line]
    assert lines == ["核实 R04 数据.xlsx › 任务 › E19：疑为同一科室的两种写法：“规划信息科”与E5的“规划信息与财务科”"]


def test_the_alias_may_stand_first_in_the_sheet(tmp_path: Path) -> None:
    change = put("建立高效的管理决策机制", "牵头科室", "规划信息科")
    assert [line for line in problems(tmp_path, change) if "R04" in line] == []


def test_the_list_of_specialties_is_counted(tmp_path: Path, document: bytes) -> None:
    assert "创建自治区级重点专科2个。" in document_text(document)
    assert "自治区级重点专科2个、市级重点专科10个" in document_text(document)

    def one_less(book: openpyxl.Workbook) -> None:
        sheet: Any = book["重点专科"]
        sheet.delete_rows(cell(sheet, "脾胃病科", "专科名称").row)
        cell(book["目标"], "M5", "目标数量").value = 1

    now = document_text(made(tmp_path, one_less))
    assert "创建自治区级重点专科1个。" in now
    assert "自治区级重点专科1个、市级重点专科10个" in now


# --- the document --------------------------------------------------------------------------------------------


def test_a_draft_says_so(tmp_path: Path) -> None:
    now = document_text(made(tmp_path, lambda book: set_form(book["基本信息"], "稿次", "送审稿"))).splitlines()
    assert now[:2] == ["2022年深化医药卫生体制改革工作方案", "（送审稿）"]
