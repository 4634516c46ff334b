"""Write the shipped submissions: `数据.xlsx` and `正文*.docx` under `inputs`, from the texts in `tools/samples`.

    python -m tools.make_samples               # all of them
    python -m tools.make_samples luohu-2024

Which sheets and columns there are, their units and choices, is read from the kind. Equal texts give equal bytes.
"""

from __future__ import annotations

import argparse
import io
import math
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from reportgen.define import tables
from reportgen.define.edition import open_edition
from reportgen.define.kind import EDITION
from tools.samples import dapeng_2021, luohu_2024, shenzhen_2022, zhongwei_2022

if TYPE_CHECKING:
    from docx.styles.style import ParagraphStyle
    from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parent.parent
MADE = datetime(2025, 1, 1)  # noqa: DTZ001 - what the files say of their making; never the present time

NOTE, TOTAL = "备注", "合计"
ITEM, FILLED, UNIT = "项目", "填报内容", "计量单位"
HEADER_ROW = 3
LAST_ROW = 203  # drop-downs reach this far

HINT = "白色格子为填报区，单位见表头，金额保留两位小数；备注栏只供说明，不作为数据读取。"
NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?%?")
WORDS = ("文字", "文稿", "列表", "选项", "版本", "算式")

FONT = "宋体"
GREY, EDGE = PatternFill("solid", fgColor="E7E6E6"), Side("thin", color="A6A6A6")
BOX = Border(EDGE, EDGE, EDGE, EDGE)


class Sample(NamedTuple):
    """What a module of `tools.samples` holds."""

    kind: str
    title: str  # stands behind each sheet's name
    hints: Mapping[str, str]
    sheets: Mapping[str, str]
    answers: str
    prose: str | Mapping[str, str]  # one text, or several by file name


SAMPLES = {
    "dapeng-2021": Sample(
        "self_evaluation", "2021年度", dapeng_2021.HINTS, dapeng_2021.SHEETS, dapeng_2021.ANSWERS, dapeng_2021.PROSE
    ),
    "luohu-2024": Sample(
        "self_evaluation", "2024年度", luohu_2024.HINTS, luohu_2024.SHEETS, luohu_2024.ANSWERS, luohu_2024.PROSE
    ),
    "shenzhen-2022": Sample(
        "quality_index",
        "2022年度",
        shenzhen_2022.HINTS,
        shenzhen_2022.SHEETS,
        shenzhen_2022.ANSWERS,
        shenzhen_2022.PROSE,
    ),
    "zhongwei-2022": Sample(
        "work_plan", "2022年度", zhongwei_2022.HINTS, zhongwei_2022.SHEETS, zhongwei_2022.ANSWERS, zhongwei_2022.PROSE
    ),
}


# ── from text to values ──


def records(text: str) -> list[dict[str, str]]:
    """Return the rows of a text: a table with `|` between cells, or blocks of `名称：内容` with blank lines between.

    A name that a block has twice is a cell of several lines.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if "|" in lines[0]:
        header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines if line)
        return [dict(zip(header, row, strict=True)) for row in rows]
    blocks = "\n".join(lines).split("\n\n")
    return [_block(block) for block in blocks]


def _block(text: str) -> dict[str, str]:
    row: dict[str, str] = {}
    for line in filter(None, text.splitlines()):
        name, _, content = line.partition("：")
        row[name] = f"{row[name]}\n{content}" if name in row else content
    return row


@dataclass(frozen=True)
class Column:
    """A column as the kind declares it."""

    name: str
    type: str = ""
    unit: str = ""
    unit_column: str = ""
    decimals: int | None = None
    choices: Sequence[str] = ()
    hint: str = ""
    shown: str = ""
    filled_down: bool = False
    across: bool = False

    @classmethod
    def declared(cls, column: tables.Column) -> Column:
        """A column of the kind; what answers a check is running text."""
        words = column.name == tables.ANSWER_TEXT
        return cls(
            column.name,
            "文稿" if words else column.type,
            column.unit,
            column.unit_column,
            column.decimals,
            column.options,
            column.hint,
            column.headers[0],
            column.down,
            column.spread,
        )

    @property
    def header(self) -> str:
        """The header as a sheet shows it, with the unit."""
        return f"{self.shown}（{self.unit}）" if self.unit else self.shown

    @property
    def wide(self) -> bool:
        """Whether it holds running text or formulas."""
        return self.type in ("文稿", "算式")


class Value(NamedTuple):
    """A cell's content and number format."""

    content: str | int | Decimal | date | None
    format: str = "General"


def value(column: Column, text: str, unit: str) -> Value:
    """Return what a cell holds: a date, a number in its unit's format, or text."""
    if not text:
        return Value(None)
    if column.type == "日期":
        return Value(date.fromisoformat(text), 'yyyy"年"m"月"d"日"')
    if column.type == "年":
        return Value(int(text), "0")
    if column.type in WORDS or not NUMBER.fullmatch(text):
        return Value(text)
    number = Decimal(text.rstrip("%").replace(",", ""))
    if text.endswith("%"):
        return Value(number / 100, _decimals("0", _places(column, number, 2)) + "%")
    return Value(number, _number_format(column, number, unit))


def _number_format(column: Column, number: Decimal, unit: str) -> str:
    if not unit and not column.decimals:
        return "General"
    return _decimals("#,##0", _places(column, number, 2 if unit == "万元" else None))


def _places(column: Column, number: Decimal, usual: int | None) -> int:
    """The decimals of the column, or the unit's usual ones; in a column of mixed units those typed."""
    if column.decimals is not None:
        return column.decimals
    typed = max(0, -int(number.as_tuple().exponent))
    return typed if usual is None or column.unit_column else usual


def _decimals(whole: str, decimals: int) -> str:
    return whole + ("." + "0" * decimals if decimals else "")


# ── the workbook ──


@dataclass
class Form:
    """A sheet before it is drawn: headers, rows of values, choices by (row, column), widths, and merged cells."""

    headers: list[str]
    widths: list[int]
    rows: list[list[Value]] = field(default_factory=list)
    choices: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)


def upright(columns: Sequence[Column], filled: Sequence[Mapping[str, str]]) -> Form:
    """Return the form of one record: names down column A."""
    form = Form([ITEM, FILLED, UNIT, NOTE], [26, 44, 10, 52])
    by_name = {row[ITEM]: row for row in filled}
    _refuse_unknown(by_name, columns)
    for number, column in enumerate(columns, HEADER_ROW + 1):
        row = by_name.get(column.name, {})
        content = value(column, row.get(FILLED, ""), column.unit)
        note = row.get(NOTE, "") or column.hint
        form.rows.append([Value(column.shown), content, Value(column.unit or None), Value(note or None)])
        if column.choices:
            form.choices.append((f"B{number}", column.choices))
    return form


def listing(columns: Sequence[Column], filled: Sequence[Mapping[str, str]], note: bool = True) -> Form:
    """Return the form of a long table; a period gets a column where the kind lays periods across."""
    columns = list(_spread(columns, filled))
    notes = [Column(NOTE, "文稿", shown=NOTE)] if note else []
    shown = [*columns, *notes]
    for row in filled:
        _refuse_unknown(row, shown)
    form = Form([column.header for column in shown], [])
    form.rows = [[value(c, row.get(c.name, ""), row.get(c.unit_column, c.unit)) for c in shown] for row in filled]
    form.widths = [_width(column, [row[n] for row in form.rows]) for n, column in enumerate(shown)]
    for letter, column in zip(map(get_column_letter, range(1, len(shown) + 1)), shown, strict=True):
        if column.choices:
            form.choices.append((f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}", column.choices))
    form.merges = list(_merges(shown, filled))
    return form


def _spread(columns: Sequence[Column], filled: Sequence[Mapping[str, str]]) -> Iterator[Column]:
    """Yield the columns, the one for periods and the one for figures replaced by a column of figures a period."""
    across = next((number for number, column in enumerate(columns) if column.across), len(columns))
    yield from columns[:across]
    if across < len(columns):
        known = {NOTE, *(column.name for column in columns)}
        periods = [name for name in filled[0] if name not in known]
        yield from (replace(columns[across + 1], name=period, shown=period, unit="") for period in periods)
    yield from columns[across + 2 :]


def _merges(columns: Sequence[Column], filled: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield the cells to merge: equal ones below each other in columns that are filled down, left ones bounding."""
    above: list[str] = []
    for letter, column in zip(map(get_column_letter, range(1, len(columns) + 1)), columns, strict=True):
        if column.filled_down:
            above.append(column.name)
            keys = [tuple(row[name] for name in above) for row in filled]
            starts = [n for n, key in enumerate(keys) if n == 0 or keys[n - 1] != key]
            for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
                if end - start > 1:
                    yield f"{letter}{HEADER_ROW + 1 + start}:{letter}{HEADER_ROW + end}"


def _refuse_unknown(names: Mapping[str, Any], columns: Sequence[Column]) -> None:
    unknown = set(names) - {column.name for column in columns}
    if unknown:
        raise ValueError(f"not in the kind: {'、'.join(sorted(unknown))}")


def _width(column: Column, values: Sequence[Value]) -> int:
    """Return a width in characters: what the header and the contents ask for, within reason."""
    wanted = max([_letters(column.header), *(_letters(each.content) for each in values)]) + 4
    return min(max(wanted, 12), 52 if column.wide else 40)


def _letters(content: object) -> int:
    """Return how wide a content prints, its widest line; a Chinese character counts as two."""
    return max(map(_width_of, _lines(content)), default=0)


def _width_of(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)


def _lines(content: object) -> list[str]:
    return [] if content is None else str(content).split("\n")


def draw(sheet: Worksheet, title: str, hint: str, form: Form) -> None:
    """Draw a form on an empty sheet: title, hint, header, rows."""
    last = get_column_letter(len(form.headers))
    for row, text, font in ((1, title, Font(FONT, 14, bold=True)), (2, hint, Font(FONT, 9, color="808080"))):
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell = sheet.cell(row, 1, text)
        cell.font = font
        cell.alignment = Alignment("center" if row == 1 else "left", "center", wrap_text=True)
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[2].height = 14 * math.ceil(_letters(hint) * 0.85 / sum(form.widths)) + 6
    for number, width in enumerate(form.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, text in enumerate(form.headers, 1):
        cell = sheet.cell(HEADER_ROW, number, int(text) if text.isdigit() else text)
        cell.font, cell.fill, cell.border = Font(FONT, 11, bold=True), GREY, BOX
        cell.alignment = Alignment("center", "center", wrap_text=True)
    sheet.row_dimensions[HEADER_ROW].height = 24
    for number, values in enumerate(form.rows, HEADER_ROW + 1):
        _draw_row(sheet, number, values, form.widths)
    for cells in form.merges:
        sheet.merge_cells(cells)
    _draw_page(sheet, form)


def _draw_row(sheet: Worksheet, number: int, values: Sequence[Value], widths: Sequence[int]) -> None:
    bold = values[0].content == TOTAL
    lines = 1
    for column, (each, width) in enumerate(zip(values, widths, strict=True), 1):
        cell = sheet.cell(number, column, each.content)
        cell.font, cell.border, cell.number_format = Font(FONT, 11, bold=bold), BOX, each.format
        words = each.content is None or isinstance(each.content, str)
        cell.alignment = Alignment("left" if words else "right", "center", wrap_text=words, indent=1)
        if words:
            lines = max(lines, sum(math.ceil(_width_of(line) / (width - 4)) for line in _lines(each.content)))
    sheet.row_dimensions[number].height = 15 * lines + 5


def _draw_page(sheet: Worksheet, form: Form) -> None:
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    for cells, choices in form.choices:
        check = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        check.showErrorMessage, check.errorTitle = True, "请从下拉列表中选择"
        check.error = "可选：" + "、".join(choices)
        check.add(cells)
        sheet.add_data_validation(check)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEADER_ROW}"
    sheet.print_options.horizontalCentered = True


def workbook(name: str, sample: Sample) -> Workbook:
    """Return the workbook of a sample, its sheets in the order of the kind."""
    kind, _ = open_edition(f"{sample.kind}/{name}")
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet, form in _forms(sample, {name: spec for name, spec in kind.tables.items() if not spec.unused}):
        hint = sample.hints.get(sheet, HINT)
        draw(book.create_sheet(sheet), f"{sheet}（{sample.title}）", hint, form)
    book.properties.creator, book.properties.title = "reportgen", "数据"
    book.properties.created = MADE
    return book


def _forms(sample: Sample, specs: Mapping[str, tables.TableSpec]) -> Iterator[tuple[str, Form]]:
    _refuse_unknown(sample.sheets, [Column(name) for name in specs])
    for name, spec in specs.items():
        columns = [_column(sample, column) for column in spec.asked.columns.values()]
        if name == tables.ANSWERS:
            yield name, listing(columns, records(sample.answers), note=False)
        else:
            yield name, (upright if spec.record else listing)(columns, records(sample.sheets[name]))


def _column(sample: Sample, declared: tables.Column) -> Column:
    """A column to be drawn; one of editions offers those of the kind."""
    if declared.type == EDITION:
        editions = sorted(each.name for each in (ROOT / "templates" / sample.kind).iterdir() if each.is_dir())
        declared = replace(declared, options=tuple(f"{sample.kind}/{edition}" for edition in editions))
    return Column.declared(declared)


# ── the prose ──


def prose(text: str) -> Any:
    """Return a Word document of a text: `#` marks headings, `**` bold words, a line is a paragraph."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
    _style(document.styles["Normal"], "宋体", 12, bold=False)
    for level, font, size in ((1, "黑体", 16), (2, "黑体", 14), (3, "宋体", 12), (4, "宋体", 12)):
        _style(document.styles[f"Heading {level}"], font, size, bold=level == 3)
    for line in filter(None, map(str.strip, text.splitlines())):
        marks, _, words = line.partition(" ")
        if marks and not marks.strip("#"):
            document.add_heading(words, len(marks))
        else:
            _paragraph(document, line)
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]  # a copy of the styles for Word 2010, by now out of step with them
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "reportgen", "正文", ""
    properties.created = properties.modified = MADE
    return document


def _style(style: ParagraphStyle, font: str, size: int, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]  # the fonts of the theme win over those named
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)


def _paragraph(document: Any, line: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for number, words in enumerate(line.split("**")):
        if words:
            paragraph.add_run(words).bold = True if number % 2 else None


# ── the files ──


def settled(data: bytes) -> bytes:
    """Return a package with nothing in it that tells when it was made."""
    target = io.BytesIO()
    stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            entry = zipfile.ZipInfo(name)  # dated 1980
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o600 << 16, zipfile.ZIP_DEFLATED
            package.writestr(entry, part)
    return target.getvalue()


def write(document: Any, path: Path) -> None:
    """Save a workbook or a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(settled(buffer.getvalue()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write the shipped submissions.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones (default: all)")
    parser.add_argument("--out", type=Path, default=ROOT / "inputs", metavar="DIR", help="default: inputs")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(SAMPLES)
    if unknown:
        parser.error(f"no such sample: {', '.join(sorted(unknown))}")
    for name in options.names or SAMPLES:
        sample = SAMPLES[name]
        write(workbook(name, sample), options.out / name / "数据.xlsx")
        texts = {"正文.docx": sample.prose} if isinstance(sample.prose, str) else sample.prose
        for file, text in texts.items():
            write(prose(text), options.out / name / file)
        print(options.out / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
