"""The gate refuses a document that is damaged, however little."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reportgen.model import Fact
from reportgen.write.gate import findings
from reportgen.write.render import Rendered
from reportgen.write.skeleton import faults
from tests.conftest import Record
from tests.support.words import made, word


@pytest.fixture
def sound(tmp_path: Path) -> tuple[bytes, Rendered]:
    path = word(tmp_path, "# 一、概况", "预算{{ 预算|万元 }}", "| 名 | {{ 预算 }} |", header="{{ 单位 }}")
    return made(path, {"预算": Fact(0, "预算", Decimal(30)), "单位": "甲"}, [Fact(0, "预算", Decimal(30))])


def changed(data: bytes, part: str, before: str, after: str) -> bytes:
    """The same package with one thing replaced in one part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            assert name != part or before in content
            new.writestr(
                name,
                (content.replace(before, after, 1) if name == part else content).encode("utf-8", "surrogateescape"),
            )
    return stream.getvalue()


def test_a_sound_document_passes(sound: tuple[bytes, Rendered]) -> None:
    assert findings(*sound) == []


DOCUMENT = "word/document.xml"
BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def table(*cells: str) -> str:
    """A table of one column, whatever its one row holds."""
    row = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{row}</w:tr></w:tbl>"




@pytest.mark.parametrize(
    ("part", "before", "after", "said"),
    [
        (DOCUMENT, "30.00万元", "31.00万元", "数据项“预算”应显示“30.00万元”，文中是“31.00万元”"),
        (DOCUMENT, '"_f1"', '"_f9"', "数据项“预算”应显示“30.00万元”，文中是没有书签"),
        (DOCUMENT, '<w:bookmarkStart w:id="2"', '<w:bookmarkStart w:id="3"', "书签编号有重复"),
        (DOCUMENT, "<w:p>", "<w:p/><w:p>", "应有 3 个段落和表格行，文中有 4 个"),
        (DOCUMENT, "预算</w:t>", "{{ 预算 }}</w:t>", "word/document.xml 里留下了没有处理的“{{”：{{ 预算 }}"),
        (DOCUMENT, "预算</w:t>", "｛｛预算｝｝</w:t>", "word/document.xml 里留下了没有处理的“｛｛”：｛｛预算｝｝"),
        (DOCUMENT, "预算</w:t>", "\x04预算</w:t>", "word/document.xml 里留下了内部标记或控制字符"),
        (DOCUMENT, "预算</w:t>", "预算<w:t>", "word/document.xml 不是完好的 XML：mismatched tag"),
        (
            DOCUMENT,
            "预算</w:t>",
            "&#4;</w:t>",
            "word/document.xml 不是完好的 XML：reference to invalid character number",
        ),
        (DOCUMENT, "<w:gridCol", "<w:gridCol/><w:gridCol", "第 1 个表格有一行的列数与表格不同"),
        (DOCUMENT, "</w:p></w:tc>", "</w:p><w:tbl/></w:tc>", "有的格子没有以段落结尾"),
        (DOCUMENT, "</w:p></w:tc>", "</w:p><w:tbl/></w:tc>", "表格没有行"),
        (DOCUMENT, "</w:tr>", "</w:tr><w:tr/>", "表格行没有格子"),
        (DOCUMENT, "<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/>', "第 1 个表格有一行的列数与表格不同"),
        (DOCUMENT, "</w:p></w:tc>", f"</w:p>{table('<w:p/>', '<w:p/>')}<w:p/></w:tc>", "第 2 个表格有一行的列数与表格不同"),
        (DOCUMENT, '<w:bookmarkEnd w:id="2"/>', "", "数据项“预算”应显示“30.00万元”，文中是没有书签"),
        (DOCUMENT, "<w:p>", "<other:p/><w:p>", "word/document.xml 不是完好的 XML：unbound prefix"),
        ("word/styles.xml", "</w:styles>", "", "word/styles.xml 不是完好的 XML：no element found"),
        ("word/header1.xml", "甲", "{% 甲", "word/header1.xml 里留下了没有处理的“{%”：{% 甲"),
    ],
)
def test_any_damage_is_named(sound: tuple[bytes, Rendered], part: str, before: str, after: str, said: str) -> None:
    data, rendered = sound
    found = findings(changed(data, part, before, after), rendered)
    assert any(one.startswith(said) for one in found), found


def body(content: str) -> bytes:
    return f"<w:document><w:body>{content}</w:body></w:document>".encode()


def field(instruction: str, *, ends: bool = True) -> str:
    return f'{BEGIN}<w:r><w:instrText> {instruction}</w:instrText></w:r>{END if ends else ""}'


@pytest.mark.parametrize(
    ("content", "blocks"),
    [
        ("<w:p/><w:p><w:pPr/><w:r/></w:p>", 2),
        (f"<w:p>{field('REF 表1')}</w:p>", 1),
        (table("<w:p/>"), 1),
        (table(table("<w:p/>") + "<w:p/>"), 1),
        (f"<w:p><w:r><w:txbxContent>{table('<w:p/>')}<w:p/></w:txbxContent></w:r></w:p>", 1),
        ("<w:sdt><w:sdtContent><w:p/><w:p/></w:sdtContent></w:sdt>", 2),
        (f"<w:p>{field('TOC', ends=False)}{field('PAGEREF')}</w:p><w:p>{field('PAGEREF')}{END}</w:p><w:p/>", 1),
        (f"<w:p>{field('TOC', ends=False)}</w:p><w:p/><w:p>{field('PAGEREF')}{END}</w:p>", 3),
        (f"<w:p>{field('TOC', ends=False)}</w:p><w:p>{BEGIN}{END}</w:p><w:p>{field('PAGEREF')}{END}</w:p>", 1),
    ],
)  # fmt: skip
def test_blocks_are_paragraphs_and_rows_wherever_they_stand_save_in_tables_text_boxes_and_the_contents(
    content: str, blocks: int
) -> None:
    assert list(faults(body(content), blocks)) == []


@pytest.mark.parametrize("value", ["Decimal('3')", "<a.b object at 0x7f>"])
def test_what_only_python_writes_is_refused(tmp_path: Path, value: str) -> None:
    said = [one.partition("：")[0] for one in findings(*made(word(tmp_path, "共{{ 甲 }} 个"), {"甲": f" {value}"}))]
    assert said == [f"p1 里有不该出现的“{value.partition(chr(39))[0] if value.startswith('D') else value[:17]}”"]


@pytest.mark.parametrize("word_", ["None", "nano级", "Undefined", "Missing"])
def test_words_that_people_write_pass(tmp_path: Path, word_: str) -> None:
    """A Python value can't be printed in the first place (language.Dialect refuses it); these are somebody's words."""
    assert findings(*made(word(tmp_path, "共{{ 甲 }} 个"), {"甲": f" {word_}"})) == []


@pytest.mark.parametrize("keep", [0, 1, 100, -30, -1])
def test_a_file_cut_short_is_refused(sound: tuple[bytes, Rendered], keep: int) -> None:
    data, rendered = sound
    assert findings(data[:keep], rendered)[0].startswith("文件不完好")


def packed(data: bytes) -> Iterator[tuple[str, range]]:
    """Where the packed bytes of each part lie."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for one in package.infolist():
            lengths = data[one.header_offset + 26 : one.header_offset + 30]
            start = one.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
            yield one.filename, range(start, start + one.compress_size)


def test_a_flipped_byte_is_refused(sound: tuple[bytes, Rendered], record_property: Record) -> None:
    """In each part the first and nine more: all of their bits, since one may be only padding; the last few only say the end."""
    data, rendered = sound
    places = [(name, at) for name, where in packed(data) for at in where[: len(where) - 8 : max(1, len(where) // 9)]]
    for name, at in places:
        flipped = data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]
        assert findings(flipped, rendered), f"{name}, byte {at} of the file"
    record_property("个字节", len(places))
