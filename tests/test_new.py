"""reportgen new: a blank workbook and manuscript that read without a complaint about their shape, and fill up to a report."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from reportgen.build import build, judge
from reportgen.commands.new import new
from reportgen.define.edition import open_edition
from reportgen.define.tables import Column
from reportgen.editions import editions
from reportgen.read.sheets import read_sheets
from reportgen.write.forms import Entry, Form, listing
from reportgen.write.workbook import Book
from tests.support.kinds import BASICS, EDITION, MONEY, WORDS, Library, told
from tests.support.samples import ROOT, document_text
from tests.support.sheets import changed
from tests.support.validators import audit_findings, needs_audit
from tests.support.workbooks import first_row, grid, prose, save
from tests.test_cli import USAGE, run_in

SAMPLES = {
    "luohu-2024": "self_evaluation",
    "longgang-2022": "self_evaluation",
    "shenzhen-2022": "quality_index",
    "zhongwei-2022": "work_plan",
}
SHIPPED = sorted(path.parent for path in (ROOT / "templates").glob("*/*/report.docx"))
UNFILLED = {"E205", "E206", "E303", "E502", "E504"}
JUDGED = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 按比例, 分: 80, 名: 执行率, 值: 执行率}]
- 名称: [管理, 制度, 制度建设]
  计分:
    - {规则: 要点, 分: 10, 名: 有制度}
    - {规则: 选档, 分: 10, 名: 已公开, 档: {公开: 10, 未公开: 0}}
    - {规则: 一票否决, 范围: 指标, 名: 有违规}
    - {规则: 逐项扣分, 分: 0, 每项: 1, 名: 有缺漏}
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The town library, its folder the current one."""
    made = Library(tmp_path)
    made.write_templates()
    monkeypatch.chdir(tmp_path)
    return made


def opened(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "数据.xlsx")


def header_row(sheet: Any) -> dict[str, int]:
    """Where each header of a drawn sheet stands, the unit in brackets left out, one under another joined."""
    names: dict[str, int] = {}
    above = ""
    for cells in sheet.iter_cols(min_row=3, max_row=first_row(sheet) - 1):
        above = cells[0].value or above
        if any(cell.value is not None for cell in cells):
            texts = [above, *(cell.value for cell in cells[1:] if cell.value is not None)]
            names["/".join(str(text).partition("（")[0] for text in texts)] = cells[0].column
    return names


def fill(folder: Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    """Type the rows of each sheet (the first its headers) into the workbook, as a clerk does: beside names that stand there."""
    book = opened(folder)
    for name, (headers, *rows) in sheets.items():
        at = header_row(book[name])
        for row in rows:
            values = {at[header]: value for header, value in zip(headers, row, strict=True) if value not in (None, "")}
            number = _row_for(book[name], at, headers, row)
            for column, value in values.items():
                _type(book[name].cell(number, column), value)
    save(book, folder / "数据.xlsx")


def _type(cell: Any, value: Any) -> None:
    """As Excel takes it: 66% typed into a cell of no particular format is 0.66 shown as 66%."""
    if isinstance(value, str) and re.fullmatch(r"[0-9.]+%", value):
        places = len(value.partition(".")[2].rstrip("%"))
        cell.value = float(Decimal(value[:-1]) / 100)
        if cell.number_format == "General":
            cell.number_format = f"0.{'0' * places}%" if places else "0%"
    else:
        cell.value = value


def _row_for(sheet: Any, at: Mapping[str, int], headers: list[str], row: list[Any]) -> int:
    """The row that begins alike, of a form or among those that stand ready, or else the first without any content."""
    found = []
    for number in range(first_row(sheet), 300):
        texts = [sheet.cell(number, at[header]).value for header in headers]
        given = texts[:1] if headers[0] == "项目" else [text for text in texts if text is not None]
        if given == row[: len(given)]:
            found.append((not given, number))
    return min(found)[1]


def typed(text: str) -> list[list[Any]]:
    """The rows of a text table, whole numbers as numbers."""
    return [[int(cell) if cell.isdigit() else cell for cell in row[:2]] for row in grid(text)]


# --- blank ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", SHIPPED, ids=lambda path: path.name)
def test_a_blank_pair_of_a_shipped_edition_lacks_only_what_is_to_be_filled_in(edition: Path, tmp_path: Path) -> None:
    name = f"{edition.parent.name}/{edition.name}"
    assert new(name, tmp_path)[1]
    case = judge(tmp_path)
    kind, _ = open_edition(name)
    assert {problem.code for problem in case.problems} <= UNFILLED, told(case.problems)
    ruled = (cell for sheet in opened(tmp_path) for row in sheet["A4:Z200"] for cell in row if cell.border.left.style)
    blank = sum(cell.value is None for cell in ruled)
    assert len(kind.tables) < len(case.problems) <= blank + len(kind.slots)
    assert len({(problem.place, problem.message) for problem in case.problems}) == len(case.problems)
    assert len([one for one in case.problems if one.place.mark]) == len({one.place for one in case.problems if one.place.mark})


def test_a_blank_pair_says_of_the_library_what_it_lacks(library: Library) -> None:
    new(EDITION, library.folder / "新")
    assert told(judge(library.folder / "新").problems) == [
        "错误 E205 数据.xlsx › 基本信息 › B5：“馆名”没有填（请填写）",
        "错误 E205 数据.xlsx › 基本信息 › B6：“年度”没有填（请填写）",
        "错误 E205 数据.xlsx › 经费 › B4：“年初预算”没有填（请填写；确实为零请填 0）",
        "错误 E205 数据.xlsx › 经费 › B5：“调整后预算”没有填（请填写；确实为零请填 0）",
        "错误 E205 数据.xlsx › 经费 › B6：“全年支出”没有填（请填写；确实为零请填 0）",
        "错误 E303 正文.docx › 部门主要工作情况：缺“部门主要工作情况”的文稿（请在 Word 文稿里写上这个标题和它的内容）",
    ]


def test_hand_judged_criteria_stand_ready_with_what_to_fill_in(library: Library) -> None:
    other = Library(library.folder / "别处", indicators=JUDGED)
    other.write_templates()
    shutil.copytree(other.folder / "templates" / "library", library.folder / "templates" / "library2")
    new("library2/town-2024", library.folder / "新")
    sheet = opened(library.folder / "新")["自评"]
    assert [[cell.value for cell in row] for row in sheet["A3:D7"]] == [
        ["评定指标", "计分项", "填法", "评定"],
        ["制度建设", 1, "有制度：填得分，0—10", None],
        ["制度建设", 2, "已公开：填公开、未公开之一", None],
        ["制度建设", 3, "有违规：填是或否", None],
        ["制度建设", 4, "有缺漏：填项数，没有的填 0", None],
    ]
    assert [choices(sheet, mark) for mark in ("D4", "D5", "D6")] == [[], ["公开", "未公开"], ["是", "否"]]


def test_options_that_are_the_key_stand_ready_and_years_run_across(tmp_path: Path) -> None:
    new("self_evaluation/luohu-2024", tmp_path / "甲")
    assert [row[0].value for row in opened(tmp_path / "甲")["季度执行进度"]["A4:A7"]] == ["一季度", "二季度", "三季度", "四季度"]
    new("quality_index/shenzhen-2022", tmp_path / "乙")
    assert [cell.value for cell in opened(tmp_path / "乙")["原始数据"][3]][2:7] == [2018, 2019, 2020, 2021, 2022]


def test_the_example_and_the_guide_are_never_data(library: Library) -> None:
    new(EDITION, library.folder / "新")
    case = judge(library.folder / "新")
    assert case.submission
    assert {fact.places[0].part for fact in case.submission.book.facts if fact.places} == {"基本信息"}
    book = opened(library.folder / "新")
    assert book["示例"]["A1"].value == "示例：只供参考，不会读取"
    assert book.sheetnames[0] == "填表说明"


# --- what Excel is told -------------------------------------------------------------------------------------------


def check_of(sheet: Any, mark: str) -> Any:
    """The one data validation that holds for a cell."""
    found = [one for one in sheet.data_validations.dataValidation if mark in one.sqref]
    assert len(found) <= 1, "Excel repairs a file whose checks overlap"
    return found[0] if found else None


def choices(sheet: Any, mark: str) -> list[str]:
    """What the drop-down of a cell offers."""
    check = check_of(sheet, mark)
    if check is None or check.type != "list":
        return []
    where, _, cells = check.formula1.partition("!")
    return [row[0].value for row in sheet.parent[where.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("edition", SHIPPED, ids=lambda path: path.name)
def test_every_drop_down_reads_its_choices_from_the_hidden_list(edition: Path, tmp_path: Path) -> None:
    new(f"{edition.parent.name}/{edition.name}", tmp_path)
    book = opened(tmp_path)
    assert book["字典"].sheet_state == "veryHidden"
    kind, _ = open_edition(f"{edition.parent.name}/{edition.name}")
    for table in kind.tables.values():
        for name, column in table.asked.columns.items() if not (table.record or table.unused) else ():
            if column.options and not column.spread:  # one laid across has no header of its own
                at = header_row(book[table.name])[column.headers[0]]
                assert choices(book[table.name], f"{openpyxl.utils.get_column_letter(at)}4") == list(column.options), name
    assert choices(book["基本信息"], "B4") == [name for name in editions() if name.startswith(f"{edition.parent.name}/")]


def test_a_long_list_and_a_formula_like_word_come_out_as_they_went_in(tmp_path: Path) -> None:
    options = tuple(f"选项{'很长' * 10}{n}" for n in range(60))
    book = Book("试")
    rows = [{"类": Entry("=1+1")}, {"类": Entry("R&D <甲>")}]
    book.add("甲", "题", "说明", listing([Column("类", ("类",), "选项", options=options)], rows))
    (tmp_path / "试.xlsx").write_bytes(book.save())
    sheet = openpyxl.load_workbook(tmp_path / "试.xlsx")["甲"]
    assert choices(sheet, "A4") == list(options)
    read, troubles = read_sheets(tmp_path / "试.xlsx")
    assert not troubles
    assert [read[0].cells[row, 1].text for row in (4, 5)] == ["=1+1", "R&D <甲>"]


def test_numbers_dates_and_years_are_asked_for_as_such(library: Library) -> None:
    new(EDITION, library.folder / "新")
    book = opened(library.folder / "新")
    budget, year, day = check_of(book["经费"], "B4"), check_of(book["基本信息"], "B6"), check_of(book["基本信息"], "B7")
    assert (budget.type, budget.operator, budget.formula1, budget.prompt) == ("decimal", "greaterThanOrEqual", "0", "单位：万元")
    assert (year.type, year.formula1, year.formula2) == ("whole", "1900", "2099")
    assert day.type == "date"


def test_a_clerk_may_insert_rows_and_sort_but_not_change_headers(library: Library) -> None:
    new(EDITION, library.folder / "新")
    book = opened(library.folder / "新")
    for sheet in book:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert sheet.protection.password is None
            allowed = ("insertRows", "deleteRows", "sort", "formatCells", "formatColumns")
            assert not any(getattr(sheet.protection, what) for what in allowed)
            assert sheet["A3"].protection.locked
            assert all(not one.protection.locked for one in sheet.column_dimensions.values())
    branches, money = book["分馆"], book["经费"]
    assert not any(cell.protection.locked for row in branches["A4:Z15"] for cell in row if cell.has_style)
    assert (money["A4"].protection.locked, money["B4"].protection.locked) == (True, False)
    assert max(one.max or 0 for one in branches.column_dimensions.values()) == 16_384


# --- filled in ------------------------------------------------------------------------------------------------


def test_a_filled_pair_gives_the_report(library: Library) -> None:
    folder = library.folder / "新"
    new(EDITION, folder)
    fill(folder, {"基本信息": typed(BASICS), "经费": typed(MONEY.replace("全年预算", "调整后预算"))})
    save(prose(WORDS), folder / "正文.docx")
    (made,) = build([folder], library.folder / "out")
    assert made.status == "made", told(made.problems)
    assert "小镇图书馆2024年度执行率为100.00%，得100分。" in document_text(made.files[0].read_bytes())


@pytest.mark.parametrize(("sample", "kind"), SAMPLES.items(), ids=list(SAMPLES))
def test_a_blank_pair_filled_like_a_sample_gives_the_same_report(sample: str, kind: str, tmp_path: Path) -> None:
    made_from = ROOT / "inputs" / sample
    folder = tmp_path / sample
    new(f"{kind}/{sample}", folder)
    given = openpyxl.load_workbook(made_from / "数据.xlsx")
    sheets: dict[str, list[list[Any]]] = {}
    for sheet in given:
        if sheet.sheet_state == "visible":
            headers = list(header_row(sheet))
            rows = [[_typed(cell) for cell in row[: len(headers)]] for row in sheet.iter_rows(min_row=first_row(sheet))]
            sheets[sheet.title] = [headers, *rows]
    _lay_across(folder, sheets)
    fill(folder, sheets)
    shutil.copy(made_from / "正文.docx", folder / "正文.docx")
    (mine,), (theirs,) = build([folder], tmp_path / "甲"), build([made_from], tmp_path / "乙")
    assert mine.status == "made", told(mine.problems)
    shown = [document_text(one.files[0].read_bytes()) for one in (mine, theirs)]
    # 1.0 and 99.20% typed into cells of no format show as 1 and 99.2%
    plain = [re.sub(r"(?<=\d)\.(\d*?)0+(?!\d)", r".\1", text) for text in shown]
    assert plain[0].replace(".", "") == plain[1].replace(".", "")


def _typed(cell: Any) -> Any:
    """What was typed into a sample's cell."""
    percent = "%" in cell.number_format and not isinstance(cell.value, str) and cell.value is not None
    return f"{(Decimal(str(cell.value)) * 100).normalize():f}%" if percent else cell.value


def _lay_across(folder: Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    """Type the years that the sample has into the open headers, in place of those proposed; more go behind the last."""
    book = opened(folder)
    for name, (headers, *_) in sheets.items():
        sheet: Any = book[name]
        open_cells = [cell for cell in sheet[3] if not cell.protection.locked]
        years = [header for header in headers if header.isdigit()]
        for number, year in enumerate(years):
            at = open_cells[number].column if number < len(open_cells) else sheet.max_column + 1
            sheet.cell(3, at, int(year))
    save(book, folder / "数据.xlsx")


def test_inserted_rows_and_blank_ruled_rows_are_no_trouble(library: Library) -> None:
    folder = library.folder / "新"
    new(EDITION, folder)
    fill(folder, {"基本信息": typed(BASICS), "经费": typed(MONEY.replace("全年预算", "调整后预算"))})
    book = opened(folder)
    sheet = book["分馆"]
    assert sheet["A16"].value == "合计"
    sheet.insert_rows(5, 3)
    filled: list[tuple[int, tuple[str | int, ...]]] = [(4, ("东馆", 10, 9)), (9, ("西馆", 20, 18)), (19, ("合计", 30, 27))]
    for number, values in filled:
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value
    save(book, folder / "数据.xlsx")
    case = judge(folder)
    assert {one.code for one in case.problems} == {"E303"}, told(case.problems)
    assert case.submission
    table = case.submission.tables["分馆"]
    assert [row.key for row in table] == ["东馆", "西馆"]
    assert table.total and table.total.cells["支出数"].value == 27


@pytest.mark.parametrize("edition", SHIPPED, ids=lambda path: path.name)
def test_words_under_each_heading_come_into_their_slot(edition: Path, tmp_path: Path) -> None:
    name = f"{edition.parent.name}/{edition.name}"
    new(name, tmp_path)
    document = docx.Document(str(tmp_path / "正文.docx"))
    for paragraph in document.paragraphs:
        if not paragraph.text:
            paragraph.add_run("这里写一句话。")
    document.save(str(tmp_path / "正文.docx"))
    case = judge(tmp_path)
    kind, _ = open_edition(name)
    assert "E304" not in {problem.code for problem in case.problems}
    assert case.submission
    assert set(case.submission.prose) == {name for name, slot in kind.slots.items() if not slot.unused}
    assert all([block.text for block in blocks] == ["这里写一句话。"] for blocks in case.submission.prose.values())  # type: ignore[union-attr]


def test_headings_have_the_numbers_of_the_report_and_no_tags(tmp_path: Path) -> None:
    new("self_evaluation/luohu-2024", tmp_path)
    headings = [one.text for one in docx.Document(str(tmp_path / "正文.docx")).paragraphs if one.text]
    assert headings[:2] == ["一、部门基本情况", "（一）部门主要职能"]
    assert headings[3:5] == ["（三）部门预算编制情况", "1.预算编制管理"]
    assert not any("{" in heading for heading in headings)


def test_a_heading_says_which_figures_the_report_gives_there_already(tmp_path: Path) -> None:
    new("self_evaluation/luohu-2024", tmp_path)
    document = docx.Document(str(tmp_path / "正文.docx"))
    notes = [one.text for one in document.comments]
    assert "程序在这里会写：采购计划金额、实际采购金额、采购执行率、采购冻结金额。不用再写一遍。" in notes
    assert any(note.endswith("三季度进度等。不用再写一遍。") for note in notes)  # ten of them and no more


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_tells_what_it_made_and_what_comes_next(library: Library) -> None:
    result = run_in(library.folder, "new", EDITION, "新")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "已做好 新/数据.xlsx、新/正文.docx\n"
        "先看数据.xlsx 的“填表说明”表；文字写在正文.docx 的各个标题下面\n"
        "填好以后检查：reportgen check 新\n"
    )


@pytest.mark.parametrize("file", ["数据.xlsx", "正文.docx", "正文-财务.docx"])
def test_nothing_is_ever_overwritten(library: Library, file: str) -> None:
    (library.folder / "新").mkdir()
    (library.folder / "新" / file).write_text("已有的内容", "utf-8")
    result = run_in(library.folder, "new", EDITION, "新")
    assert (result.code, result.out) == (1, f"新/{file} 已经有了，没有动它；请换一个文件夹，或先把它移走\n")
    assert [(path.name, path.read_text("utf-8")) for path in (library.folder / "新").iterdir()] == [(file, "已有的内容")]


def test_an_unknown_edition_is_told_with_the_nearest_and_all(library: Library) -> None:
    result = run_in(library.folder, "new", "library/town-2042", "新")
    assert result.code == 2
    said = "用法不对：没有“library/town-2042”这个版本，您是不是要找“library/town-2024”（可用的版本：library/town-2024、"
    assert result.err.startswith(said)
    assert result.err.endswith(USAGE)
    assert not (library.folder / "新").exists()


def test_a_file_in_place_of_the_folder_is_told(library: Library) -> None:
    (library.folder / "新").write_text("", "utf-8")
    result = run_in(library.folder, "new", EDITION, "新")
    assert (result.code, result.err) == (2, "用法不对：“新”是文件，请给出它所在的文件夹" + USAGE)


def test_form_rows_that_are_given_are_grey() -> None:
    form = Form(["甲"], [12], [[Entry("一", given=True)], [Entry("二")]])
    book = Book("试")
    book.add("甲", "题", "说明", form)
    sheet = book.workbook["甲"]
    assert [sheet[mark].fill.fill_type for mark in ("A3", "A4", "A5")] == ["solid", "solid", None]


# --- from last year -----------------------------------------------------------------------------------------------


LAST_YEAR = {
    "基本信息": BASICS,
    "经费": MONEY,
    "分馆": "分馆名 | 预算数 | “支出”决算数 | 馆级 | 开馆日期\n东馆 | 30 | 20 | 一级馆 | 2001-05-01\n西馆 | 50 | 40 | 二级馆 |",
    "业务数据": "数据名 | 数值 | 单位\n进馆人次 | 120 | 人次\n满意率 | 95% | %",
    "失分": "失分指标 | 标题 | 原因 | 措施 | 科室 | 时限\n预算执行 | 执行慢 | 招标晚 | 早招标 | 办公室 | 2025年",
}


def column(sheet: Any, letter: str) -> list[Any]:
    """What stands below the header of a column, down to the last filled cell."""
    values = [cell.value for cell in sheet[letter]][3:]
    while values and values[-1] is None:
        values.pop()
    return values


def from_last_year(folder: Path, last: Path, *edition: str) -> openpyxl.Workbook:
    lines, made = new("".join(edition), folder, last)
    assert made, lines
    return opened(folder)


def test_names_stay_and_figures_judgements_and_reasons_do_not(library: Library) -> None:
    book = from_last_year(library.folder / "新", library.write("上年", LAST_YEAR))
    assert column(book["基本信息"], "B") == [EDITION, "小镇图书馆", 2025]
    assert column(book["经费"], "B") == []
    assert [column(book["分馆"], letter) for letter in "ABCDE"] == [["东馆", "西馆", *[None] * 10, "合计"], [], [], [], []]
    assert [column(book["业务数据"], letter) for letter in "ABC"] == [["进馆人次", "满意率"], [], ["人次", "%"]]
    assert column(book["失分"], "A") == []


def test_last_years_figures_come_into_the_cells_that_ask_for_them(tmp_path: Path) -> None:
    book = from_last_year(tmp_path / "新", ROOT / "inputs" / "luohu-2024")
    by_name = {row[0].value: row[1].value for name in ("基本信息", "预算", "人员") for row in book[name].iter_rows(min_row=4)}
    assert by_name["上年年初预算收入"] == 527711.12
    assert (by_name["上年在编人数"], by_name["上年编外人数"]) != (None, None)
    assert (by_name["年初预算收入"], by_name["在编人数"], by_name["稿次"], by_name["成文日期"]) == (None, None, None, None)
    assert (by_name["年度"], by_name["单位名称"]) == (2025, "深圳市罗湖区卫生健康局")
    figures, at = book["业务数据"], header_row(book["业务数据"])
    last = openpyxl.load_workbook(ROOT / "inputs" / "luohu-2024" / "数据.xlsx")["业务数据"]
    there = header_row(last)
    for row in range(4, last.max_row + 1):
        old, made = last.cell(row, there["数值"]), figures.cell(row, at["上年数"])
        assert (old.value, "%" in old.number_format) == (made.value, "%" in made.number_format)
        assert figures.cell(row, at["数据名称"]).value == last.cell(row, there["数据名称"]).value
        assert figures.cell(row, at["数值"]).value is None
    assert column(book["自评情况"], "D") == []


def test_a_figure_of_nothing_is_a_figure_of_last_year_too(tmp_path: Path) -> None:
    folder = changed(ROOT / "inputs" / "luohu-2024", tmp_path, nobody_left)
    book = from_last_year(tmp_path / "新", folder)
    assert {row[0].value: row[1].value for row in book["人员"].iter_rows(min_row=4)}["上年在编人数"] == 0


def nobody_left(book: openpyxl.Workbook) -> None:
    (cell,) = [row[1] for row in book["人员"].iter_rows(min_row=4) if row[0].value == "在编人数"]
    cell.value = 0


def test_a_table_across_keeps_its_years_and_gets_the_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "新"
    book = from_last_year(folder, ROOT / "inputs" / "shenzhen-2022")
    headers = [cell.value for cell in book["原始数据"][3]]
    assert headers[2:-1] == [*range(2012, 2024)]
    before = openpyxl.load_workbook(ROOT / "inputs" / "shenzhen-2022" / "数据.xlsx")["原始数据"]
    for row in range(4, 15):
        assert [cell.value for cell in book["原始数据"][row]][:13] == [cell.value for cell in before[row]][:13]
    assert {problem.code for problem in judge(folder).problems} <= {"E205", "E312", "Z03", "Z11"}


def test_the_words_come_along_in_yellow_and_their_prints_are_kept(tmp_path: Path) -> None:
    book = from_last_year(tmp_path / "新", ROOT / "inputs" / "luohu-2024")
    before, after = (docx.Document(str(one / "正文.docx")) for one in (ROOT / "inputs" / "luohu-2024", tmp_path / "新"))
    assert [one.text for one in after.paragraphs] == [one.text for one in before.paragraphs]
    marked = [{str(run.font.highlight_color) for run in one.runs if run.text} for one in after.paragraphs if one.text]
    headings = [one.style is not None and str(one.style.name).startswith("Heading") for one in after.paragraphs if one.text]
    assert all(colours == ({"None"} if heading else {"YELLOW (7)"}) for colours, heading in zip(marked, headings, strict=True))
    sheet = book["上年"]
    assert sheet.sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in sheet["A1:B3"]] == [
        ["单位名称", "深圳市罗湖区卫生健康局"], ["年度", "2024"], ["段落", None],
    ]  # fmt: skip
    words = [one.text for one in before.paragraphs if one.text and not str(one.style and one.style.name).startswith("Heading")]
    plain = [re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for text in words]
    assert [row[0].value for row in sheet["A4:A300"] if row[0].value] == [sha256(one.encode()).hexdigest()[:16] for one in plain]


def test_the_command_tells_what_was_taken_over_and_what_speaks_of_last_year(library: Library) -> None:
    library.words = "# 部门主要工作情况\n2024年全年开放三百天。\n办展十次。"
    notice = {"活动": "活动名 | 参与率\n2024年读书节 | 50%"}
    last = library.write("上年", {**LAST_YEAR, **notice})
    result = run_in(library.folder, "new", "新", "--from", str(last.relative_to(library.folder)))
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "已做好 新/数据.xlsx、新/正文.docx\n"
        "由 材料/上年 带入：名称等文字8处，上年数2个；今年的数、评定、原因和措施都空着，要重新填\n"
        "文稿2段，都标了黄底：改好一段，去掉一段的黄底\n"
        "  正文.docx › 第2段：还写着2024年：“2024年全年开放三百天。…”\n"
        "填好以后检查：reportgen check 新\n"
    )


def test_last_years_folder_must_be_readable_and_of_the_same_kind(library: Library) -> None:
    (library.folder / "空").mkdir()
    result = run_in(library.folder, "new", "新", "--from", "空")
    assert result.code == 1
    assert result.out.startswith("空 读不出来，没有做：\n  错误 E001")
    library.write("上年")
    result = run_in(library.folder, "new", "work_plan/zhongwei-2022", "新", "--from", "材料/上年")
    assert (result.code, result.out) == (1, "材料/上年 是另一种报告（图书馆年度自评报告），带不过来\n")
    assert run_in(library.folder, "new", "新").err == "用法不对：应写成 reportgen new 类型/版本 文件夹" + USAGE
    assert not (library.folder / "新").exists()


@needs_audit
@pytest.mark.parametrize("edition", [EDITION, "self_evaluation/luohu-2024"])
def test_the_blank_manuscript_is_a_sound_word_file(edition: str, library: Library) -> None:
    new(edition, library.folder / "新")
    assert audit_findings(library.folder / "新" / "正文.docx") == []
