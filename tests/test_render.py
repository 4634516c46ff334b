"""What a template and a view give, read back by python-docx as text."""

from __future__ import annotations

import io
import itertools
import re
import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.marks import figure
from reportgen.model import Fact, FactBook, Place, Row
from reportgen.prose import Paragraph, ProseTable, Span
from reportgen.write.gate import findings
from reportgen.write.package import pack
from reportgen.write.render import render
from reportgen.write.template import compile_template
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tests.support.words import FORMATS, complaints, lines, made, text, word


def test_values_come_out_as_they_are(tmp_path: Path) -> None:
    path = word(tmp_path, "由{{ 单位 }}负责。", header="{{ 单位 }}")
    data, _ = made(path, {"单位": "R&D <中心>\n二部\t{{ 6*7 }}"})
    assert lines(data) == ["由R&D <中心>\n二部\t{{ 6*7 }}负责。"]
    assert docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "R&D <中心>\n二部\t{{ 6*7 }}"


def test_conditions_and_loops_of_all_three_widths(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        "{% if 数 > 1 %}多{% else %}少{% endif %}：{% for x in 名单 %}{{ x }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "{%p for x in 名单 %}",
        "{%p if loop.index % 2 == 1 %}",
        "（{{ loop.index }}）{{ x }}",
        "{%p endif %}",
        "{%p endfor %}",
        "| 年度 | {%tc for y in 年 %} | {{ y }}年 | {%tc endfor %} |\n"
        "| {%tr for r in 表 %} |  |  |  |\n"
        "| {{ r.名 }} | {%tc for y in 年 %} | {{ r[y] }} | {%tc endfor %} |\n"
        "| {%tr endfor %} |  |  |  |",
    )
    table = [{"名": "甲", "2023": "1", "2024": "2"}, {"名": "乙", "2023": "3", "2024": "4"}]
    data, rendered = made(path, {"数": 2, "名单": ["子", "丑", "寅"], "年": ["2023", "2024"], "表": table})
    assert lines(data) == ["多：子、丑、寅", "（1）子", "（3）寅", "年度 | 2023年 | 2024年", "甲 | 1 | 2", "乙 | 3 | 4"]
    assert findings(data, rendered) == []
    assert structure_findings(data) == []


def test_every_figure_has_a_bookmark_of_its_own(tmp_path: Path) -> None:
    book = FactBook()
    budget = book.add("预算", Decimal("1234.5"), unit="万元", places=(Place("数据.xlsx", "预算", "C7"),))
    said = f"其中{figure(0, '1,234.50')}万元为{figure(0, '本级')}"
    path = word(tmp_path, "预算{{ 预算|万元 }}，{{ 说明 }}。", "| {{ 预算 }} | x |", header="{{ 预算 }}")
    data, rendered = made(path, {"预算": budget, "说明": said}, book.facts)
    assert lines(data) == ["预算1,234.50万元，其中1,234.50万元为本级。", "1234.5 | x"]
    assert [(one.number, one.fact.name, one.shown) for one in rendered.figures] == [
        (1, "预算", "1,234.50万元"),
        (2, "预算", "1,234.50"),
        (3, "预算", "本级"),
        (4, "预算", "1234.5"),
    ]
    assert [(one.id, one.kind, one.text, one.figures) for one in rendered.blocks] == [
        ("p1", "paragraph", "预算1,234.50万元，其中1,234.50万元为本级。", (1, 2, 3)),
        ("r1.1", "row", "1234.5\tx", (4,)),
    ]
    assert bookmarks(data) == {"_f1": "1,234.50万元", "_f2": "1,234.50", "_f3": "本级", "_f4": "1234.5"}
    assert docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "1234.5"


def test_the_package_says_where_each_figure_comes_from(tmp_path: Path) -> None:
    book = FactBook()
    spent = book.add("支出", Decimal(30), places=tuple(Place("数据.xlsx", "预算 & 决算", mark) for mark in ("C8", "C9")))
    rate = book.add("执行率", Decimal("0.25"), unit="%", formula="支出 / 预算", inputs=(spent,))
    text = word(tmp_path, "{{ 执行率|百分比 }}", "是{{ 执行率|百分比 }}，支出{{ 支出 }}")
    data, rendered = made(text, {"执行率": rate, "支出": spent}, book.facts)
    assert part(data, "customXml/item2.xml").partition("?>\n")[2] == (
        '<map xmlns="urn:reportgen:provenance" version="2"><figures facts="1 1 0"/>'
        '<sheet id="1" file="数据.xlsx" part="预算 &amp; 决算"/><fact id="0" name="支出" value="30" unit="" cells="1!C8 1!C9"/>'
        '<fact id="1" name="执行率" value="0.25" unit="%" formula="支出 / 预算" inputs="0"/></map>'
    )
    bare = pack(compile_template(tmp_path / "report.docx", FORMATS), rendered, "x", date(2024, 1, 1), provenance=False)
    assert "provenance" not in "".join(part(bare, name) for name in names(bare) if name.startswith("customXml"))


def test_equal_inputs_give_equal_bytes_and_the_title_and_date_are_ours(tmp_path: Path) -> None:
    path = word(tmp_path, "{{ 甲 }}")
    assert made(path, {"甲": "一"})[0] == made(path, {"甲": "一"})[0]
    properties = docx.Document(io.BytesIO(made(path, {"甲": "一"})[0])).core_properties
    assert (properties.title, str(properties.created), properties.author) == ("标题", "2024-03-01 00:00:00+00:00", "")


MERGED = (
    "| 一级 | 二级 | 数 |\n"
    "| {%tr for r in 表 %} |  |  |\n"
    "| {% 合并 r.一级 %}{{ r.一级 }} | {% 合并 r.二级 %}{{ r.二级 }} | {{ r.数 }} |\n"
    "| {%tr endfor %} |  |  |"
)


def test_cells_merge_within_their_group_and_not_across(tmp_path: Path) -> None:
    table = [("产出", "质量"), ("产出", "质量"), ("效益", "质量"), ("效益", "满意"), ("产出", "满意")]
    view = {"表": [{"一级": one, "二级": two, "数": str(n)} for n, (one, two) in enumerate(table)]}
    assert text(word(tmp_path, MERGED), view) == [
        "一级 | 二级 | 数",
        "产出 | 质量 | 0",
        " |  | 1",
        "效益 | 质量 | 2",
        " | 满意 | 3",
        "产出 | 满意 | 4",
    ]


def test_merging_begins_anew_in_each_table(tmp_path: Path) -> None:
    path = word(tmp_path, "{%p for t in 组 %}", "{{ t.名 }}", MERGED.replace("in 表", "in t.表"), "{%p endfor %}")
    row = {"一级": "产出", "二级": "质量", "数": "1"}
    data, rendered = made(path, {"组": [{"名": "甲", "表": [row]}, {"名": "乙", "表": [row]}]})
    assert lines(data) == ["甲", "一级 | 二级 | 数", "产出 | 质量 | 1", "乙", "一级 | 二级 | 数", "产出 | 质量 | 1"]
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from("子丑"))))
def test_merged_groups_are_those_that_grouping_level_by_level_gives(table: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = word(Path(folder), MERGED)
        data, _ = made(path, {"表": [{"一级": one, "二级": two, "数": "0"} for one, two in table]})
    expected = []
    for one, group in itertools.groupby(table, key=lambda row: row[0]):
        first = one
        for two, members in itertools.groupby(group, key=lambda row: row[1]):
            for number, _ in enumerate(members):
                expected.append(f"{first} | {two if number == 0 else ''} | 0")
                first = ""
    assert lines(data)[1:] == expected
    assert structure_findings(data) == []


def test_captions_are_numbered_and_found_by_name_even_before_they_stand(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        "见{{ 见(“支出”) }}和{{ 见('趋势') }}。",
        "{%p for 名 in 名单 %}",
        "{{ 题注('表', 名) }} {{ 名 }}",
        "{%p endfor %}",
        "{{ 题注('图', '趋势') }}",
        header="见{{ 见('支出') }}",
    )
    data, _ = made(path, {"名单": ["收入", "支出"]})
    assert lines(data) == ["见表2和图1。", "表1 收入", "表2 支出", "图1"]
    assert docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "见表2"


def test_a_reference_to_no_caption_is_a_located_problem(tmp_path: Path) -> None:
    path = word(tmp_path, "正文", "见{{ 见('支处') }}。", "{{ 题注('表', '支出') }}")
    assert complaints(path) == ["report.docx › 第2段 › 见{{ 见('支处') }}。：题注里没有“支处”，您是不是要找“支出”"]


PROSE = (
    Paragraph((Span("一、概况"),), level=1),
    Paragraph((Span("主要职责。", bold=True), Span(f"支出{figure(0, '30')}万元 & <其他>"))),
    ProseTable((("项目", "数"), ("甲", "1"), ("乙",))),
)


def test_prose_takes_the_look_of_the_template(tmp_path: Path) -> None:
    document = docx.Document()
    run = document.add_paragraph("", style="Quote").add_run("{{p 正文 }}")
    run.font.size = 203200
    document.add_paragraph("{{p 附注 }}")
    document.save(str(tmp_path / "report.docx"))
    facts = [Fact(0, "支出", Decimal(30))]
    data, rendered = made(tmp_path / "report.docx", {"正文": PROSE, "附注": ()}, facts)
    assert lines(data) == ["一、概况", "主要职责。支出30万元 & <其他>", "项目 | 数", "甲 | 1", "乙 | ", ""]
    heading, body, *_ = docx.Document(io.BytesIO(data)).paragraphs
    assert (heading.style and heading.style.name, body.style and body.style.name) == ("Heading 1", "Quote")
    assert [(run.text, run.bold, run.font.size) for run in body.runs] == [
        ("主要职责。", True, 203200),
        ("支出", None, 203200),
        ("30", None, 203200),
        ("万元 & <其他>", None, 203200),
    ]
    assert [one.id for one in rendered.blocks] == ["p1", "p1#2", "p1#3", "p1#4", "p1#5", "p1#6"]
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_a_table_of_prose_keeps_its_merges_widths_and_sides(tmp_path: Path) -> None:
    table = ProseTable(
        (("项目", "年初数", ""), ("", "数量", "金额"), ("房屋", "6", "662.53"), ("合计", "", "662.53")),
        merges=((0, 0, 1, 0), (0, 1, 0, 2), (3, 0, 3, 1)),
        widths=(3000, 1000, 2000),
        right=frozenset({(0, 2), (2, 2), (3, 2)}),
    )
    data, rendered = made(word(tmp_path, "{{p 正文 }}", "完"), {"正文": (table,)})
    assert lines(data) == ["项目 | 年初数", " | 数量 | 金额", "房屋 | 6 | 662.53", "合计 | 662.53", "完"]
    (written,) = docx.Document(io.BytesIO(data)).tables
    assert written.cell(1, 0).text == "项目"
    assert written.cell(3, 1).text == "合计"
    first, second, third = (column.width or 0 for column in written.columns)
    assert abs(first - 3 * second) < 2000
    assert abs(third - 2 * second) < 2000
    assert [written.cell(row, 2).paragraphs[0].alignment for row in range(4)] == [None, None, 2, 2]
    assert [row._tr.find(".//{*}tblHeader") is not None for row in written.rows] == [True, True, False, False]
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_prose_in_a_cell_is_part_of_its_row(tmp_path: Path) -> None:
    data, rendered = made(word(tmp_path, "| 说明 | {{p 正文 }} |"), {"正文": PROSE}, [Fact(0, "支出", Decimal(30))])
    assert [one.id for one in rendered.blocks] == ["r1.1"]
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_a_blank_cell_is_refused_unless_something_stands_for_it(tmp_path: Path) -> None:
    row = Row(
        "甲", {"名": Fact(0, "名", "甲")}, {"名": Place("数据.xlsx", "表", "A2"), "率": Place("数据.xlsx", "表", "B2")}
    )
    asked = word(tmp_path, "{% if r.率 %}{{ r.率|百分比 }}{% else %}未填{% endif %}，{{ r.率|百分比|或('—') }}")
    assert text(asked, {"r": row}) == ["未填，—"]
    assert complaints(word(tmp_path, "| {{ r.率|百分比 }} | x |"), {"r": row}) == [
        'report.docx › 表1 › 第1行第1列：{{ r.率|百分比 }}：“率”是空的（数据.xlsx › 表 › B2）；可以为空的格子请写 率|或("—")'
    ]


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ 单们 }}", "没有“单们”，您是不是要找“单位”"),
        ("{{ r.执行律 }}", "没有“执行律”，您是不是要找“执行率”"),
        ("{{ r.执行率.甲 }}", "这里取不到“甲”"),
        ("{{ 空 }}", "没有值，不能写进报告"),
        ("{{ 真 }}", "这个值没有格式，不能写进报告；请加上格式，如 |万元"),
        ("{{ 小数 }}", "这个值没有格式，不能写进报告；请加上格式，如 |万元"),
        ("{{ r }}", "这是一组内容，不能直接写进一句话；文稿请用 {{p …}}，列表请用 {% for %}"),
        ("{{ 小数 * 2 }}", "模板里只能对序号做加减乘除，指标的计算请写在 kind.yaml"),
        ("{{ 单位 > 3 }}", "两边不是一类，不能比较"),
        ("{% for x in 数 %}x{% endfor %}", "for 后面应是一张表或一组内容"),
        ("{{ 数|length }}", "这不是一组内容，数不出有几个"),
        ("{{ -数 }}", "模板里只能对序号做加减乘除，指标的计算请写在 kind.yaml"),
        ("{{ 数|万元(1, 2, 3) }}", "格式的括号里不是这样写"),
        ("{{ 1 // 0 }}", "除数是0，算不出来"),
        ("{{ 表[5] }}", "没有第 6 项"),
    ],
)
def test_a_value_that_cannot_be_shown_is_a_located_problem(tmp_path: Path, tag: str, said: str) -> None:
    figure = Fact(0, "数", Decimal(3), unit="万元")
    view = {"单位": "甲", "r": {"执行率": "1"}, "空": None, "真": True, "小数": 0.5, "表": ["a"], "数": figure}
    path = word(tmp_path, "正文", f"| 名 | 数 |\n| x | {tag} |")
    first = tag.partition("}x{")[0] + "}" * ("}x{" in tag)
    assert complaints(path, view) == [f"report.docx › 表1 › 第2行第2列：{first}：{said}"]


def with_contents(folder: Path) -> Path:
    """A template with a table of contents over three levels, headings of its own and prose."""
    document = docx.Document()
    begin, separate = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate"))
    code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h </w:instrText></w:r>'
    field = f"<w:p {nsdecls('w')}>{begin}{code}{separate}<w:r><w:t>旧目录</w:t></w:r></w:p>"
    end = f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    body = document.element.body
    body.insert(0, parse_xml(field))
    body.insert(1, parse_xml(end))
    document.add_heading("一、{{ 单位 }}概况", 1)
    document.add_paragraph("{{p 正文 }}")
    document.add_heading("（三）小节不列", 3)
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def test_the_contents_list_the_headings_of_the_finished_document(tmp_path: Path) -> None:
    prose = (Paragraph((Span("（一）职责"),), level=2), Paragraph((Span("正文"),)))
    template = compile_template(with_contents(tmp_path), FORMATS)
    rendered = render(template, {"单位": "R&D", "正文": prose}, [])
    assert [(one.bookmark, one.level, one.text) for one in rendered.headings] == [
        ("_Toc100000001", 1, "一、R&D概况"),
        ("_Toc100000002", 2, "（一）职责"),
    ]
    again = render(template, {"单位": "R&D", "正文": prose}, [], {one.bookmark: 3 for one in rendered.headings})
    data = pack(template, again, "标题", date(2024, 3, 1))
    assert lines(data) == ["一、R&D概况\t3", "（一）职责\t3", "一、R&D概况", "（一）职责", "正文", "（三）小节不列"]
    assert bookmarks(data) == {"_Toc100000001": "一、R&D概况", "_Toc100000002": "（一）职责"}
    assert [one.text for one in again.blocks] == ["一、R&D概况", "（一）职责", "正文", "（三）小节不列"]
    assert (findings(data, again), structure_findings(data)) == ([], [])


def test_a_plain_template_gives_what_docxtpl_gives(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        "# 一、{{ 单位 }}",
        "{% if 数 > 1 %}有{{ 数 }}个{% else %}没有{% endif %}：{% for x in 名单 %}{{ x }}；{% endfor %}",
        "{%p for x in 名单 %}",
        "第{{ loop.index }}个是{{ x }}。",
        "{%p endfor %}",
        "| 名 | {%tc for y in 年 %} | {{ y }} | {%tc endfor %} |\n"
        "| {%tr for r in 表 %} |  |  |  |\n"
        "| {{ r.名 }} | {%tc for y in 年 %} | {{ r[y] }} | {%tc endfor %} |\n"
        "| {%tr endfor %} |  |  |  |",
        header="{{ 单位 }}",
    )
    view = {
        "单位": "R&D\n<中心>",
        "数": 2,
        "名单": ["子", "丑"],
        "年": ["甲", "乙"],
        "表": [{"名": "一", "甲": "1", "乙": "2"}, {"名": "二", "甲": "3", "乙": "4"}],
    }
    oracle = DocxTemplate(path)
    oracle.render(view, autoescape=True)
    stream = io.BytesIO()
    oracle.save(stream)
    assert text(path, view) == lines(stream.getvalue())


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
        | st.sampled_from("\n\t&<>{}%\"'")
    )
)
def test_any_text_comes_out_as_itself(value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = word(Path(folder), "始{{ 值 }}终", "{{p 文 }}", "| {{ 值 }} | x |")
        data, rendered = made(path, {"值": value, "文": (Paragraph((Span(f"始{value}终"),)),)})
    assert lines(data) == [f"始{value}终", f"始{value}终", f"{value} | x"]
    assert [one.text for one in rendered.blocks] == [f"始{value}终", f"始{value}终", f"{value}\tx"]


@needs_audit
def test_a_document_with_everything_is_valid(tmp_path: Path) -> None:
    assert audit_findings(everything(tmp_path)) == []


@needs_sdk
def test_the_open_xml_sdk_agrees(tmp_path: Path) -> None:
    assert sdk_findings(everything(tmp_path)) == []


def everything(folder: Path) -> Path:
    """A document with contents, prose, merged cells, figures and captions."""
    document = docx.Document(str(with_contents(folder)))
    cells = [line.strip("|").split(" | ") for line in MERGED.splitlines()]
    table = document.add_table(len(cells), 3, style="Table Grid")
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, one in zip(row.cells, texts, strict=True):
            cell.text = one
    document.add_paragraph("{{ 题注('表', '甲') }}：{{ 支出|万元 }}")
    document.sections[0].footer.paragraphs[0].text = "{{ 单位 }}"
    document.save(str(folder / "report.docx"))
    facts = [Fact(0, "支出", Decimal(30), places=(Place("数据.xlsx", "预算", "C8"),))]
    table_rows = [{"一级": "甲", "二级": two, "数": facts[0]} for two in "子子丑"]
    view = {"单位": "R&D", "正文": PROSE, "表": table_rows, "支出": facts[0]}
    data, rendered = made(folder / "report.docx", view, facts)
    assert (findings(data, rendered), structure_findings(data)) == ([], [])
    assert "ns0:" not in part(data, "word/document.xml"), "everything of Word's is written with its own prefix"
    (folder / "made.docx").write_bytes(data)
    return folder / "made.docx"


def names(data: bytes) -> list[str]:
    """The parts of a package."""
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def part(data: bytes, name: str) -> str:
    """One part as text."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def bookmarks(data: bytes) -> dict[str, str]:
    """What stands between the ends of each bookmark of the body."""
    found = re.findall(
        r'<w:bookmarkStart w:id="(\d+)" w:name="(\w+)"/>(.*?)<w:bookmarkEnd w:id="\1"/>',
        part(data, "word/document.xml"),
    )
    return {name: re.sub("<[^>]*>", "", runs).replace("&amp;", "&") for _, name, runs in found}
