"""What docxtpl loses without a word, and that rendering here does not.

Each test shows docxtpl doing it today, so that an upgrade which mends it is noticed, and then ours.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, UndefinedError
from lxml import etree

from reportgen.write.gate import findings
from tests.support.words import complaints, lines, made, rows, text, word


def docxtpl(path: Path, view: Mapping[str, Any], **more: Any) -> bytes:
    """What docxtpl makes of the template."""
    template = DocxTemplate(path)
    template.render(dict(view), **more)
    stream = io.BytesIO()
    template.save(stream)
    return stream.getvalue()


def test_an_ampersand_cuts_the_text(tmp_path: Path) -> None:
    path = word(tmp_path, "由{{ 单位 }}负责")
    assert lines(docxtpl(path, {"单位": "R&D 中心"})) == ["由R 中心负责"]
    assert text(path, {"单位": "R&D 中心"}) == ["由R&D 中心负责"]


def test_what_looks_like_a_tag_takes_the_rest_of_the_document_with_it(tmp_path: Path) -> None:
    path, view = word(tmp_path, "选{{ 项 }}", "末段"), {"项": "<select>"}
    assert docx.Document(io.BytesIO(docxtpl(path, view))).element.body.sectPr is None
    data, _ = made(path, view)
    assert lines(data) == ["选<select>", "末段"]
    assert docx.Document(io.BytesIO(data)).element.body.sectPr is not None


def test_after_a_failure_the_next_report_shows_the_last_one(tmp_path: Path) -> None:
    path = word(tmp_path, "{{ 单位 }}", header="{{ 甲|length }}")
    template = DocxTemplate(path)
    with pytest.raises(TypeError):
        template.render({"单位": "甲区", "甲": 3})
    template.render({"单位": "乙区", "甲": "x"})
    assert template.docx.paragraphs[0].text == "甲区"
    assert complaints(path, {"单位": "甲区", "甲": 3}) != []
    assert text(path, {"单位": "乙区", "甲": "x"}) == ["乙区"]


def test_a_missing_name_is_a_silent_blank(tmp_path: Path) -> None:
    path = word(tmp_path, "执行率{{ 执行律 }}", header="{{ 单们 }}")
    assert lines(docxtpl(path, {})) == ["执行率"]
    assert complaints(path, {"执行率": "1", "单位": "甲"}) == [
        "report.docx › 第1段 › 执行率{{ 执行律 }}：{{ 执行律 }}：没有“执行律”，您是不是要找“执行率”"
    ]
    assert complaints(path, {"执行律": "1", "单位": "甲"}) == [
        "report.docx › 页眉第1段 › {{ 单们 }}：{{ 单们 }}：没有“单们”，您是不是要找“单位”"
    ]


def test_merging_joins_cells_of_different_groups(tmp_path: Path) -> None:
    table = (
        "| {%tr for r in 表 %} |  |\n"
        "| {% MERGE %}{{ r.名 }} | {{ r.数 }} |\n"
        "| {%tr endfor %} |  |"
    )  # fmt: skip
    view = {"表": [{"名": "产出", "数": "1"}, {"名": "产出", "数": "2"}, {"名": "效益", "数": "3"}]}
    path = word(tmp_path, table.replace("MERGE", "vm"))
    assert rows(docx.Document(io.BytesIO(docxtpl(path, view))).tables[0]) == ["产出 | 1", " | 2", " | 3"]
    assert text(word(tmp_path, table.replace("MERGE", "合并 r.名")), view) == ["产出 | 1", " | 2", "效益 | 3"]


def test_an_error_while_rendering_has_no_place(tmp_path: Path) -> None:
    path = word(tmp_path, "正文", "| 名 | 数 |\n| x | {{ r.数.值 }} |")
    with pytest.raises(UndefinedError) as error:
        docxtpl(path, {"r": {}})
    assert str(error.value) == "'dict object' has no attribute '数'"
    assert complaints(path, {"r": {}}) == ["report.docx › 表1 › 第2行第2列：{{ r.数.值 }}：没有“数”"]


@pytest.mark.parametrize(
    ("character", "seen"),
    [("\x0b", ["始终"]), ("\x00", ["始终"]), ("\x07", ["始", "终"]), ("\x0c", ["始", "", "终"]), ("\ud800", [])],
)
def test_control_characters_vanish_or_split_the_paragraph(tmp_path: Path, character: str, seen: list[str]) -> None:
    path, view = word(tmp_path, "{{ 值 }}"), {"值": f"始{character}终"}
    if seen:
        assert [line.strip() for line in lines(docxtpl(path, view))] == seen
    assert complaints(path, view) == [
        "report.docx › 第1段 › {{ 值 }}：{{ 值 }}：文字里有看不见的控制字符，请在来源处删去"
    ]


def test_a_remainder_in_a_paragraph_tag_is_not_understood(tmp_path: Path) -> None:
    path = word(tmp_path, "{%p for i in 数 %}", "{%p if i % 2 == 0 %}", "{{ i }}", "{%p endif %}", "{%p endfor %}")
    with pytest.raises(TemplateSyntaxError, match="unknown tag 'p'"):
        docxtpl(path, {"数": [1, 2]})
    assert text(path, {"数": [1, 2]}) == ["2"]


def test_a_table_inside_a_row_is_wiped(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).add_table(1, 1).cell(0, 0).text = "内表"
    table.cell(0, 1).text = "{%tr if 真 %}"
    table.cell(1, 0).text = "外表"
    table.cell(2, 0).text = "{%tr endif %}"
    document.save(str(tmp_path / "report.docx"))
    assert "内表" not in everything_in(docxtpl(tmp_path / "report.docx", {"真": "1"}))
    assert complaints(tmp_path / "report.docx") == [
        "report.docx › 表1 › 第1行第2列：{%tr if 真 %} 要独占一行，旁边还有：内表"
    ]


def test_a_table_inside_a_repeated_row_is_kept(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 1)
    table.cell(0, 0).text = "{%tr for r in 表 %}"
    inner = table.cell(1, 0).add_table(3, 1)
    for row, tag in enumerate(("{%tr for x in r %}", "{{ x }}", "{%tr endfor %}")):
        inner.cell(row, 0).text = tag
    table.cell(2, 0).text = "{%tr endfor %}"
    document.save(str(tmp_path / "report.docx"))
    view = {"表": [["甲", "乙"], ["丙"]]}
    data, rendered = made(tmp_path / "report.docx", view)
    assert everything_in(data) == everything_in(docxtpl(tmp_path / "report.docx", view)) == "甲乙丙"
    assert findings(data, rendered) == []


def everything_in(data: bytes) -> str:
    """All text of the body, tables in tables too."""
    return str(etree.tostring(docx.Document(io.BytesIO(data)).element.body, method="text", encoding="unicode"))


def test_text_beside_a_tag_is_dropped(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        "注意：{%p if 真 %}",
        "正文",
        "{%p endif %}",
        "| {%tr if 真 %} | 注意 |\n| c | d |\n| {%tr endif %} |  |",
    )
    assert lines(docxtpl(path, {"真": "1"})) == ["正文", "c | d"]
    assert complaints(path) == [
        "report.docx › 表1 › 第1行第1列：{%tr if 真 %} 要独占一行，旁边还有：注意",
        "report.docx › 第1段 › 注意：{%p if 真 %}：{%p if 真 %} 要独占一段，旁边还有：注意：",
    ]


def test_a_template_can_reach_python(tmp_path: Path) -> None:
    path = word(tmp_path, "{{ ''.__class__.__mro__[1].__name__ }}")
    assert lines(docxtpl(path, {})) == ["object"]
    assert complaints(path)[0].endswith("这里取不到“__class__”")
    assert complaints(word(tmp_path, "{{ cycler.__init__ }}"))[0].endswith("没有“cycler”")
    assert complaints(word(tmp_path, "{{ 甲.items }}"), {"甲": {}})[0].endswith("没有“items”")
    assert complaints(word(tmp_path, "{{ 甲.upper() }}"), {"甲": "a"})[0].endswith("这两个函数")


def test_braces_in_data_are_rewritten(tmp_path: Path) -> None:
    path, view = word(tmp_path, "{{ 值 }}"), {"值": "{_{ 6*7 }_}"}
    assert lines(docxtpl(path, view)) == ["{{ 6*7 }}"]
    assert text(path, view) == ["{_{ 6*7 }_}"]


FOOTNOTES = (
    '<?xml version="1.0" encoding="UTF-8"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>{{ 值 }}</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def test_data_in_a_footnote_is_run_as_a_template(tmp_path: Path) -> None:
    path = with_footnotes(word(tmp_path, "正文"))
    made_by_docxtpl = docxtpl(path, {"值": "{{ 6*7 }}"})
    assert ">42</w:t>" in zipfile.ZipFile(io.BytesIO(made_by_docxtpl)).read("word/footnotes.xml").decode()
    assert complaints(path) == ["report.docx › 脚注：不支持这里的标记：{{ 值 }}"]


def with_footnotes(path: Path) -> Path:
    """The document with two sections and a footnote that shows a value."""
    document = docx.Document(str(path))
    document.add_section()
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, FOOTNOTES.encode(), document.part.package)
    document.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes")
    document.save(str(path))
    return path
