"""Workbooks read cell by cell; openpyxl writes what it can and judges, the rest is XML written here."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from reportgen.read import package
from reportgen.read.cells import Cell
from reportgen.read.sheets import MAX_COLUMNS, MAX_ROWS, Sheet, Trouble, read_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

Result = tuple[tuple[Sheet, ...], tuple[Trouble, ...]]


def parts_of(rows: str, strings: str = "", main: str = MAIN, office: str = OFFICE, epoch: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet, 表1, whose <sheetData> holds ``rows``."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    relation = '<Relationship Id="{}" Type="' + office + '/{}" Target="{}"/>'
    workbook_relations = (("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml"))
    return {
        "_rels/.rels": f'{head}<Relationships xmlns="{RELATIONS}">'
        + relation.format("r1", "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{RELATIONS}">'
        + "".join(relation.format(*each) for each in workbook_relations)
        + "</Relationships>",
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr{epoch}/>'
        '<sheets><sheet name="表1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "数据.xlsx"
        path.write_bytes(data)
        return read_sheets(path)


def read_rows(rows: str, strings: str = "", epoch: str = "") -> tuple[dict[str, Cell], tuple[Trouble, ...]]:
    """The cells of 表1 by mark."""
    sheets, troubles = read(zipped(parts_of(rows, strings, epoch=epoch)))
    return {cell.mark: cell for sheet in sheets for cell in sheet.cells.values()}, troubles


def row(*cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def book_with(*values: object) -> openpyxl.Workbook:
    """A workbook with the values in A1, B1, …"""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(values))
    return book


def codes(troubles: tuple[Trouble, ...]) -> list[str]:
    return [trouble.code for trouble in troubles]


@cache
def realistic() -> bytes:
    book = openpyxl.Workbook()
    money = book.active
    assert money is not None
    money.title = "预算执行"
    money.append(["部门", "预算数（万元）", "执行率", "日期", "编号", "完成"])
    money.append(["教育局 ", 527711.12, 0.9567, date(2024, 12, 31), "007", True])
    money.append(["第一行\n第二行", 0.1 + 0.2, 1e-9, date(1900, 1, 1), 123456789012345, False])
    money.append([None, -5, 97.20000000000000284, datetime.fromisoformat("2024-02-29T12:30"), "&<>\"'", None])
    money["B2"].number_format = "#,##0.00"
    money["C2"].number_format = "0.00%"
    money["B3"].number_format = '0.00"万元"'
    money["D3"].number_format = 'yyyy"年"m"月"d"日"'
    money.merge_cells("A5:C6")
    money["A5"] = "合并"
    money.row_dimensions[3].hidden = True
    money.column_dimensions.group("G", "I", hidden=True)
    book.create_sheet("字典").sheet_state = "veryHidden"
    book.create_sheet("草稿").sheet_state = "hidden"
    return saved(book)


# ── openpyxl as the judge ──


def test_a_realistic_workbook_reads_as_openpyxl_reads_it() -> None:
    sheets, troubles = read(realistic())
    oracle = openpyxl.load_workbook(io.BytesIO(realistic()))
    assert troubles == ()
    assert [sheet.name for sheet in sheets] == [sheet.title for sheet in oracle.worksheets]
    assert [sheet.visible for sheet in sheets] == [True, False, False]
    for sheet, expected in zip(sheets, oracle.worksheets, strict=True):
        filled = {(c.row, c.column): c for line in expected.iter_rows() for c in line if c.value is not None}
        assert filled.keys() == sheet.cells.keys()
        for place, cell in sheet.cells.items():
            assert_same(cell, filled[place])
        areas = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in expected.merged_cells.ranges]
        assert sorted(sheet.merges) == sorted(areas)


def assert_same(cell: Cell, expected: openpyxl.cell.cell.Cell) -> None:
    value = expected.value
    assert cell.mark == expected.coordinate
    assert cell.format == ("" if expected.number_format == "General" else expected.number_format)
    if isinstance(value, bool):
        assert (cell.kind, cell.text) == ("bool", str(value).upper())
    elif isinstance(value, datetime):
        assert cell.date() == value.date()
    elif isinstance(value, int | float):
        assert (cell.kind, cell.number()) == ("number", Decimal(f"{value:.15g}"))
    else:
        assert (cell.kind, cell.text) == ("text", value)


def test_hidden_rows_and_columns_are_known() -> None:
    (sheet, *_), _ = read(realistic())
    assert sheet.hidden_rows == {3}
    assert sheet.hidden_columns == {7, 8, 9}


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co"]), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(TEXT.filter(lambda text: text.strip() and not text.startswith("=") and "_x" not in text and text[0] != "#"))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    (sheet,), troubles = read(saved(book_with(text)))
    assert (sheet.cells[1, 1].text, troubles) == (text, ())


@settings(max_examples=150, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_a_decimal_of_up_to_15_digits_is_exact(number: Decimal) -> None:
    (sheet,), troubles = read(saved(book_with(float(number))))
    assert (sheet.cells[1, 1].number(), troubles) == (number, ())


@settings(max_examples=150, deadline=None)
@given(st.dates(min_value=date(1900, 3, 1)), st.booleans())
def test_any_date_is_right_in_both_epochs(day: date, since_1904: bool) -> None:
    book = openpyxl.Workbook()
    if since_1904 and day > date(1904, 1, 1):
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = day
    (read_sheet,), _ = read(saved(book))
    assert read_sheet.cells[1, 1].date() == day


# ── numbers ──


@pytest.mark.parametrize(
    ("stored", "exact"),
    [
        ("527711.12", "527711.12"),
        ("0.30000000000000004", "0.3"),
        ("97.20000000000000284", "97.2"),
        ("9.5670000000000005E-2", "0.09567"),
        ("123456789012345", "123456789012345"),
        ("1E3", "1000"),
        ("-0", "0"),
    ],
)
def test_a_number_keeps_its_digits_and_loses_binary_noise(stored: str, exact: str) -> None:
    cells, _ = read_rows(row(f'<c r="A1"><v>{stored}</v></c>'))
    assert cells["A1"].text == stored
    assert cells["A1"].number() == Decimal(exact)
    assert not cells["A1"].number().is_signed()


@pytest.mark.parametrize("stored", ["NaN", "INF", "1E999", "１２", "1_0", "1,5"])
def test_what_is_no_finite_number_is_an_error(stored: str) -> None:
    cells, troubles = read_rows(row(f'<c r="B1"><v>{stored}</v></c>'))
    assert cells["B1"].kind == "error"
    assert [(t.code, t.mark) for t in troubles] == [("E112", "B1")]


def test_only_numbers_have_a_number() -> None:
    (sheet,), _ = read(saved(book_with("12", True)))
    for cell in sheet.cells.values():
        assert cell.date() is None
        with pytest.raises(ValueError, match=cell.mark):
            cell.number()


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"', True),
        ("[$-804]m/d;@", True),
        ("mmm", True),
        ("0.00", False),
        ("h:mm", False),
        ("[h]:mm:ss", False),
        ('0.00"day"', False),
        ("[Red]0.00", False),
        (r"0\d", False),
        ("@", False),
    ],
)
def test_a_date_is_a_number_with_a_date_format(code: str, is_date: bool) -> None:
    book = book_with(45657)
    book.worksheets[0]["A1"].number_format = code
    (sheet,), _ = read(saved(book))
    assert sheet.cells[1, 1].date() == (date(2024, 12, 31) if is_date else None)


@pytest.mark.parametrize(
    ("number", "code"),
    [(9, "0%"), (10, "0.00%"), (4, "#,##0.00"), (31, "yyyy/m/d"), (57, 'yyyy"年"m"月"'), (58, 'm"月"d"日"'), (49, "@")],
)
def test_formats_named_by_number_are_those_of_chinese_excel(number: int, code: str) -> None:
    parts = parts_of(row('<c r="A1" s="1"><v>45657</v></c>'))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="/xl/Styles.xml"/></Rel'
    )
    (sheet,), _ = read(zipped(parts))
    assert sheet.cells[1, 1].format == code


@pytest.mark.parametrize(
    ("stored", "epoch", "day"),
    [
        ("2024-12-31", "", date(2024, 12, 31)),
        ("2024-12-31T18:00:00", ' date1904="1"', date(2024, 12, 31)),
        ("1900-01-05Z", "", None),
        ("1900-01-05", "", date(1900, 1, 5)),
    ],
)
def test_dates_written_out_are_read_too(stored: str, epoch: str, day: date | None) -> None:
    cells, troubles = read_rows(row(f'<c r="A1" t="d"><v>{stored}</v></c>'), epoch=epoch)
    assert cells["A1"].date() == day
    assert codes(troubles) == ([] if day else ["E112"])


# ── text ──


def test_rich_text_is_joined() -> None:
    text = CellRichText("绩效", TextBlock(InlineFont(b=True), "自评"), "报告 ")
    (sheet,), _ = read(saved(book_with(text)))
    assert sheet.cells[1, 1].text == "绩效自评报告 "


def test_phonetic_guides_are_skipped_and_blanks_kept() -> None:
    strings = '<si><r><t xml:space="preserve"> 東</t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>トウ</t></rPh></si>'
    cells, _ = read_rows(row('<c r="A1" t="s"><v>0</v></c>'), strings)
    assert cells["A1"].text == " 東京"


def test_what_is_struck_out_is_an_error_at_its_cell() -> None:
    book = book_with("留", "划", 12, CellRichText("预算", TextBlock(InlineFont(strike=True), "60"), "55"), " ", "=1")
    for mark in ("B1", "C1", "D1", "E1", "F1", "G1"):
        book.worksheets[0][mark].font = Font(strike=True)
    book.worksheets[0]["A1"].font = Font(strike=False)
    _, troubles = read(saved(book))
    assert [(t.code, t.level, t.mark) for t in troubles] == [
        ("E117", "error", "B1"), ("E117", "error", "C1"), ("E117", "error", "D1"), ("E111", "error", "F1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ("<r><t>341</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>8</t></r>", "E118"),
        ("<r><t>约10</t></r><r><rPr><vertAlign val='subscript'/></rPr><t>3</t></r><r><t>个</t></r>", "E118"),
        ("<r><t>120m</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r>", ""),
        ("<r><t>34</t></r><r><rPr><vertAlign val='baseline'/></rPr><t>18</t></r>", ""),
        ("<r><rPr><strike/></rPr><t>341</t></r>", "E117"),
        ("<r><rPr><strike val='0'/></rPr><t>341</t></r>", ""),
        ("<r><t>341</t></r><r><rPr><strike/></rPr><t> </t></r>", ""),
    ],
)
def test_words_struck_out_and_figures_raised_behind_others_are_not_read_as_plain(runs: str, code: str) -> None:
    for cell in ('<c r="A1" t="s"><v>0</v></c>', f'<c r="A1" t="inlineStr"><is>{runs}</is></c>'):
        _, troubles = read_rows(row(cell), f"<si>{runs}</si>")
        assert [(t.code, t.level, t.mark) for t in troubles] == [(code, "error", "A1")] * bool(code)


def test_inline_strings_and_text_results_are_text() -> None:
    inline = '<c t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'
    cells, troubles = read_rows(
        row(inline, '<c t="str"><f>A1</f><v>丙</v></c>', '<c t="str"><f>""</f><v></v></c>')
    )
    assert [(c.mark, c.text, c.formula) for c in cells.values()] == [("A1", "甲乙", False), ("B1", "丙", True)]
    assert troubles == ()


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("一_x000D_\n二", "一\n二"),
        ("一&#13;二", "一\n二"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a_b_x12", "a_b_x12"),
        ("\u3000 𠮷", "\u3000 𠮷"),
    ],
)
def test_escapes_and_line_ends_are_decoded(stored: str, text: str) -> None:
    for cell in ('<c r="A1" t="s"><v>0</v></c>', f'<c r="A1" t="inlineStr"><is><t>{stored}</t></is></c>'):
        cells, troubles = read_rows(row(cell), f"<si><t>{stored}</t></si>")
        assert (cells["A1"].text, troubles) == (text, ())


@pytest.mark.parametrize(
    "stored",
    ["_x0000_", "_x0004_", "\x85", "_xD800_", "_xFFFE_", "\u200b", "\u202e", "\u2066", "\ufeff", "\u200d"],
)
def test_invisible_characters_are_taken_out_with_one_warning(stored: str) -> None:
    cells, troubles = read_rows(row('<c r="A1" t="s"><v>0</v></c>'), f"<si><t>{stored}甲{stored}乙</t></si>")
    assert cells["A1"].text == "甲乙"
    assert [(t.code, t.level, t.part, t.mark) for t in troubles] == [("E114", "warning", "表1", "A1")]


@pytest.mark.parametrize(("character", "code"), [("\ue000", "U+E000"), ("\uf8ff", "U+F8FF"), ("\U000f0000", "U+F0000")])
def test_characters_without_a_standard_code_are_kept_and_told(character: str, code: str) -> None:
    cells, troubles = read_rows(row('<c r="A1" t="s"><v>0</v></c>'), f"<si><t>王{character}{character}同志</t></si>")
    assert cells["A1"].text == f"王{character}{character}同志"
    assert [(t.code, t.level, t.mark, t.message.partition("：")[2]) for t in troubles] == [("E115", "warning", "A1", code)]


def test_what_was_taken_out_and_what_no_font_shows_are_two_warnings() -> None:
    _, troubles = read_rows(row('<c r="A1" t="s"><v>0</v></c>'), "<si><t>王\u200b\ue863</t></si>")
    assert [t.code for t in troubles] == ["E114", "E115"]


def test_blank_text_is_no_cell() -> None:
    (sheet,), troubles = read(saved(book_with(" ", "\u3000\n", "\u00a0", "甲")))
    assert [cell.mark for cell in sheet.cells.values()] == ["D1"]
    assert troubles == ()


# ── formulas and errors ──


def test_a_formula_never_worked_out_is_an_error_at_its_cell() -> None:
    (sheet,), troubles = read(saved(book_with(1, "=A1*2")))
    assert sheet.cells[1, 2] == Cell(1, 2, "error", "", True, "")
    (trouble,) = troubles
    assert (trouble.code, trouble.level, trouble.part, trouble.mark) == ("E111", "error", "Sheet", "B1")
    assert (trouble.message, trouble.hint) == ("公式还没有算出结果", "请用 Excel 或 WPS 打开并保存一次")


def test_a_formula_with_its_result_is_a_number() -> None:
    cells, troubles = read_rows(row('<c r="A1"><f>1+1</f><v>2</v></c>'))
    assert cells["A1"] == Cell(1, 1, "number", "2", True, "")
    assert troubles == ()


def test_an_error_value_names_its_formula() -> None:
    cells, troubles = read_rows(
        row('<c r="A1" t="e"><f>B1/C1</f><v>#DIV/0!</v></c>', '<c r="B1" t="e"><v>#N/A</v></c>')
    )
    assert [(c.kind, c.text) for c in cells.values()] == [("error", "#DIV/0!"), ("error", "#N/A")]
    assert [t.message for t in troubles] == ["单元格里是错误值：#DIV/0!（公式 =B1/C1）", "单元格里是错误值：#N/A"]


@pytest.mark.parametrize(
    ("formula", "foreign"),
    [
        ("[1]Sheet1!A1", True),
        ("SUM('D:\\[2]决算 表'!A1)", True),
        ("'[1]决算 表'!A1*2", True),
        ("[3]!合计", True),
        ("表[2024]+Sheet2!A1", False),
        ("表[[#This Row],[数]]", False),
        ("'决算 表'!A1", False),
    ],
)
def test_a_formula_into_another_workbook_is_a_warning(formula: str, foreign: bool) -> None:
    cells, troubles = read_rows(row(f'<c r="A1"><f>{formula}</f><v>5</v></c>'))
    assert cells["A1"].number() == 5
    assert [(t.code, t.level) for t in troubles] == ([("E113", "warning")] * foreign)


@pytest.mark.parametrize(
    ("formula", "changes"),
    [("YEAR(TODAY())", True), ("now( )", True), ("RAND()*10", True), ("RANDBETWEEN(1,9)", True), ("SUM(B1:B2)", False),
     ("VLOOKUP(A1,NOWHERE,2)", False), ("BRAND(1)", False)],
)  # fmt: skip
def test_a_formula_that_is_another_figure_each_day_is_a_warning(formula: str, changes: bool) -> None:
    cells, troubles = read_rows(row(f'<c r="A1"><f>{formula}</f><v>5</v></c>'))
    assert cells["A1"].number() == 5
    assert [(t.code, t.level, t.mark) for t in troubles] == [("E116", "warning", "A1")] * changes


def test_all_troubles_come_in_the_order_of_sheets_rows_and_columns() -> None:
    book = book_with("=1", "好", "=2")
    book.create_sheet("乙").append(["=3"])
    book.worksheets[0].append(["=4"])
    _, troubles = read(saved(book))
    assert [(t.part, t.mark) for t in troubles] == [("Sheet", "A1"), ("Sheet", "C1"), ("Sheet", "A2"), ("乙", "A1")]


# ── shape ──


def test_cells_without_addresses_follow_one_another() -> None:
    rows = '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c r="B2"><v>4</v></c><c><v>5</v></c></row>'
    cells, _ = read_rows(rows)
    assert list(cells) == ["A1", "C1", "B2", "C2"]


def test_formatting_to_the_last_cell_costs_nothing() -> None:
    rows = row('<c r="A1"><v>1</v></c>') + '<row r="1048576" hidden="1"><c r="XFD1048576" s="0"/></row>'
    (sheet,), troubles = read(zipped(parts_of(rows)))
    assert (len(sheet.cells), sheet.hidden_rows, troubles) == (1, frozenset(), ())


def test_content_too_far_out_is_one_error() -> None:
    column = get_column_letter(MAX_COLUMNS + 1)
    last = get_column_letter(MAX_COLUMNS)
    rows = "".join(
        f'<row r="{number}"><c r="{letters}{number}"><v>1</v></c></row>'
        for number, letters in [(1, last), (2, column), (MAX_ROWS, "A"), (MAX_ROWS + 1, "A")]
    )
    cells, troubles = read_rows(rows)
    assert list(cells) == [f"{last}1", f"A{MAX_ROWS}"]
    assert [(t.code, t.mark) for t in troubles] == [("E110", f"{column}2")]


def test_strict_open_xml_reads_the_same() -> None:
    rows, strings = row('<c r="A1" t="s"><v>0</v></c><c r="B1"><v>2.50</v></c>'), "<si><t>甲</t></si>"
    strict = read(zipped(parts_of(rows, strings, main=STRICT, office=STRICT_OFFICE)))
    assert strict == read(zipped(parts_of(rows, strings)))
    assert [cell.text for cell in strict[0][0].cells.values()] == ["甲", "2.50"]


def test_prefixes_and_foreign_elements_of_the_same_name_do_no_harm() -> None:
    parts = parts_of("")
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:d="urn:drawing"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData><x:controls><d:col>0</d:col><d:row>7</d:row></x:controls></x:worksheet>"
    )
    (sheet,), troubles = read(zipped(parts))
    assert (list(sheet.cells), troubles) == ([(1, 1)], ())


# ── files that are something else ──

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E102"),
        (b"\xef\xbb\xbf \r\n", "E102"),
        (OLE, "E103"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "E104"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "E104"),
        ("部门,金额\n教育局,12\n".encode("gb18030"), "E105"),
        ("部门\t金额".encode("utf-16"), "E105"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "E106"),
        (zipped({"a.txt": "甲"}), "E106"),
        (zipped({}), "E106"),
        (b"PK\x03\x04", "E107"),
    ],
)
def test_what_is_no_workbook_is_said_by_kind(data: bytes, code: str) -> None:
    sheets, troubles = read(data)
    assert (sheets, codes(troubles)) == ((), [code])
    assert troubles[0].hint


def test_a_word_document_renamed_is_no_workbook() -> None:
    parts = parts_of("") | {"xl/workbook.xml": '<w:document xmlns:w="urn:word"/>'}
    assert codes(read(zipped(parts))[1]) == ["E106"]


def test_a_workbook_of_charts_only_is_no_workbook() -> None:
    parts = parts_of("")
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace("/worksheet\"", "/chartsheet\"")
    assert codes(read(zipped(parts))[1]) == ["E106"]


def test_a_missing_file_is_a_trouble() -> None:
    assert codes(read_sheets(Path("没有这个文件.xlsx"))[1]) == ["E101"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/app.xml"])
def test_any_part_with_a_document_type_is_refused(part: str, encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'.encode(encoding)
    assert codes(read(zipped({**parts_of(""), part: bomb}))[1]) == ["E109"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({**parts_of(""), "xl/media/a.png": b"\0" * 3_000_000})
    many = zipped({**parts_of(""), **{f"{number}": "" for number in range(2000)}})
    assert codes(read(bomb)[1]) == codes(read(many)[1]) == ["E108"]


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("xl/workbook.xml", "<workbook"),
        ("xl/workbook.xml", '<?xml version="1.0" encoding="utf-7"?><a/>'),
        ("xl/sharedStrings.xml", "<sst/>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship/></Relationships>"),
    ],
)
def test_malformed_xml_is_one_trouble_of_the_file(part: str, xml: str) -> None:
    sheets, troubles = read(zipped({**parts_of(""), part: xml}))
    assert (sheets, codes(troubles)) == ((), ["E107"])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1">',
        row('<c r="7"><v>1</v></c>'),
        row('<c r="A1" t="s"><v>-1</v></c>'),
        row('<c r="A1" s="9"><v>1</v></c>'),
        row('<c r="A1" t="s"><v>0</v></c>'),
    ],
)
def test_a_damaged_sheet_is_one_trouble_of_that_sheet(rows: str) -> None:
    _, troubles = read(zipped(parts_of(rows)))
    assert [(t.code, t.part, t.mark) for t in troubles] == [("E107", "表1", "")]


@pytest.mark.parametrize("chunk", [1, 7, 50, 2**20])
@pytest.mark.parametrize("cut", ["", "</row><row r=", '<row r="4"><c r="A4"><v>4</v></c>', "<row", "</sheetDat>"])
def test_the_rows_before_the_damage_are_read_however_the_xml_is_portioned(
    cut: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "CHUNK", chunk)
    rows = "".join(row(f'<c r="A{number}"><v>{number}</v></c>', number=number) for number in (1, 2, 3))
    cells, troubles = read_rows(rows + cut)
    assert {mark: cell.text for mark, cell in cells.items()} == {"A1": "1", "A2": "2", "A3": "3"}
    assert codes(troubles) == (["E107"] if cut else [])


@pytest.mark.parametrize("chunk", [1, 100, 5000])
def test_a_workbook_reads_the_same_in_portions_of_any_size(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(realistic())
    monkeypatch.setattr(package, "CHUNK", chunk)
    assert read(realistic()) == whole


def test_a_sheet_without_its_part_is_damaged() -> None:
    parts = parts_of("")
    del parts["xl/worksheets/sheet1.xml"]
    assert codes(read(zipped(parts))[1]) == ["E107"]


# ── damage of every sort ──


@pytest.mark.parametrize("percent", range(100))
def test_a_file_cut_anywhere_is_an_error_and_never_a_crash(percent: int) -> None:
    whole = realistic()
    sheets, troubles = read(whole[: len(whole) * percent // 100])
    assert sheets == ()
    assert [trouble.level for trouble in troubles] == ["error"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_never_change_a_figure_silently(flips: list[tuple[int, int]]) -> None:
    whole = bytearray(realistic())
    for place, byte in flips:
        whole[place % len(whole)] = byte
    sheets, troubles = read(bytes(whole))
    good, _ = read(realistic())
    assert troubles or {s.name: s.cells for s in sheets} == {s.name: s.cells for s in good}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(parts_of(""))),
    st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_flipped_bytes_inside_a_part_never_crash(part: str, flips: list[tuple[int, int]]) -> None:
    parts: dict[str, str | bytes] = {**parts_of(row('<c r="A1" t="s"><v>0</v></c>'), "<si><t>甲</t></si>")}
    flipped = bytearray(str(parts[part]).encode())
    for place, byte in flips:
        flipped[place % len(flipped)] = byte
    parts[part] = bytes(flipped)
    sheets, troubles = read(zipped(parts))
    assert sheets or troubles


def test_every_trouble_has_a_known_code_and_says_what_to_do() -> None:
    rows = row('<c r="A1"><f>1</f></c>', '<c r="B1" t="e"><v>#REF!</v></c>', '<c r="C1" t="str"><v>\u200b甲</v></c>')
    for data in (b"", OLE, b"a,b", zipped({}), b"PK", zipped(parts_of(rows))):
        for trouble in read(data)[1]:
            assert trouble.message
            assert trouble.hint
