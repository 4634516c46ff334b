"""A template is read whole: what is wrong with it is said at once, each fault with its place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import process_time

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reportgen.write.source import TemplateError
from reportgen.write.template import compile_template
from tests.support.words import FORMATS, complaints, text, word


def test_the_names_that_a_template_uses_are_known(tmp_path: Path) -> None:
    path = word(
        tmp_path, "{{ 单位 }}{% if 说明 %}，{{ 说明.原因 }}{% endif %}", "| {{ 预算|万元 }} | x |", header="{{ 年度 }}"
    )
    assert compile_template(path, FORMATS).names == {"单位", "说明", "预算", "年度"}


def test_a_tag_that_word_has_split_is_one_tag(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("由{")
    for piece in ("{ 单", "位", " }", "}负责"):
        paragraph._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="7" w:name="b{len(paragraph._p)}"/>'))
        paragraph._p.append(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))
        paragraph.add_run(piece).bold = True
    document.save(str(tmp_path / "report.docx"))
    assert text(tmp_path / "report.docx", {"单位": "区教育局"}) == ["由区教育局负责"]


def test_curly_quotes_that_word_makes_are_quotes_only_where_they_must_be(tmp_path: Path) -> None:
    path = word(tmp_path, "{% if 类型 == “甲” %}甲类{% endif %}", '{% if 名称 == "“三公”经费" %}三公{% endif %}')
    assert text(path, {"类型": "甲", "名称": "“三公”经费"}) == ["甲类", "三公"]


def test_every_fault_is_reported_with_its_place(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        "第一段 {{ 单位 ",
        "｛｛ 单位 ｝｝",
        "{{ 预算|万圆 }}",
        "{% vm %}",
        "{% include 'x' %}",
        "{{ 单位.lower() }}",
        "{{ 甲 ~ 乙 }}",
        "{%p if 甲 %}",
        """| 名称 | 数 |
           | {%tr for r in 表 %}多余 | |
           | {{ r.名称 + }} | {{ _r }} |""",
    )
    assert complaints(path) == [
        "report.docx › 第1段 › 第一段 {{ 单位 ：标记不完整：第一段 {{ 单位",
        "report.docx › 第2段 › ｛｛ 单位 ｝｝：标记不完整：｛｛ 单位 ｝｝",
        "report.docx › 第3段 › {{ 预算|万圆 }}：{{ 预算|万圆 }}：格式里没有“万圆”，您是不是要找“万元”",
        "report.docx › 第4段 › {% vm %}：{% vm %}：不支持 vm；合并同类单元格请用 {% 合并 表达式 %}",
        "report.docx › 第5段 › {% include 'x' %}：{% include 'x' %}：不支持 include；可以用 if、for、set 和 合并",
        'report.docx › 第6段 › {{ 单位.lower() }}：{{ 单位.lower() }}：只能用 题注("表", "名称") 和 见("名称") 这两个函数',
        "report.docx › 第7段 › {{ 甲 ~ 乙 }}：{{ 甲 ~ 乙 }}：不支持用 ~ 拼接或用 [a:b] 截取，请分开写成几个标记",
        "report.docx › 表1 › 第3行第1列：{{ r.名称 + }}：这个标记写得不对，请检查引号、括号是否成对，竖线后面是不是格式名",
        "report.docx › 表1 › 第3行第2列：{{ _r }}：名称不能以下划线开头：“_r”",
        "report.docx › 表1 › 第2行第1列：{%tr for r in 表 %} 要独占一行，旁边还有：多余",
        "report.docx › 表1 › 第2行第1列：{%tr for r in 表 %} 没有结束",
        "report.docx › 第8段 › {%p if 甲 %}：{%p if 甲 %} 没有结束",
    ]


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        (["{% if 甲 %}开头", "结尾{% endif %}"], "{% if 甲 %} 没有结束"),
        (["{%p for r in 表 %}", "{%p endif %}"], "{%p endif %} 没有与它对应的开头"),
        (["{%p else %}"], "{%p else %} 不在 if 里面"),
        (["{%tr for r in 表 %}"], "{%tr for r in 表 %} 只能写在表格里"),
        (["{% 合并 r.名称 %}"], "合并 要写在表格的格子里"),
        (["文字{{p 正文 }}"], "{{p 正文 }} 要独占一段，旁边还有：文字"),
        (["{{r 正文 }}"], "不支持这种写法"),
        (["{%- if 甲 %}{% endif %}"], "不支持 {%- 和 -%} 这类去空白的写法"),
        (["{{ 见('表', '名') }}"], "只能用 题注"),
        (["{{ 甲 is defined }}"], "不支持 is defined"),
        (["{{ 甲[1:2] }}"], "不支持用 ~ 拼接"),
    ],
)
def test_what_would_break_the_document_is_refused(tmp_path: Path, blocks: list[str], complaint: str) -> None:
    assert any(complaint in one for one in complaints(word(tmp_path, *blocks)))


def test_a_row_without_the_columns_of_the_others_is_refused(tmp_path: Path) -> None:
    path = word(
        tmp_path,
        """| 年度 | {%tc for y in 年 %} | {{ y }} | {%tc endfor %} |
           | 说明 | a | b | c |""",
    )
    assert complaints(path) == ["report.docx › 表1 › 第2行第1列：这一行没有 {%tc %}，列数会与别的行不同"]


def test_tags_in_text_boxes_are_refused(tmp_path: Path) -> None:
    document = docx.Document()
    box = (
        f"<w:pict {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><v:shape><v:textbox><w:txbxContent><w:p><w:r>"
        "<w:t>{{ 单位 }}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    document.add_paragraph("正文").runs[0]._r.append(parse_xml(box))
    document.save(str(tmp_path / "report.docx"))
    assert complaints(tmp_path / "report.docx") == ["report.docx › 文本框：不支持这里的标记：{{ 单位 }}"]


def repacked(path: Path, changes: dict[str, tuple[str, str]], added: dict[str, bytes] | None = None) -> Path:
    """The same file with some text replaced in some parts, and parts added."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            before, after = changes.get(name, ("", ""))
            new.writestr(name, old.read(name).replace(before.encode(), after.encode(), 1) if before else old.read(name))
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return path


RELS = "word/_rels/document.xml.rels"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = f'<Relationship Id="rId99" Type="{KINDS}/{{}}" Target="{{}}" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("part", "before", "after", "complaint"),
    [
        ("word/document.xml", "<w:document", '<!DOCTYPE w [<!ENTITY e "x">]><w:document', "DOCTYPE"),
        (
            RELS,
            "</Relationships>",
            LINK.format("image", "http://x/y.png") + "</Relationships>",
            "外部文件：http://x/y.png",
        ),
        (RELS, "</Relationships>", LINK.format("attachedTemplate", "x.dotm") + "</Relationships>", "外部文件：x.dotm"),
        ("word/document.xml", "<w:r>", '<w:ins w:id="1" w:author="a"/><w:r>', "未接受的修订"),
    ],
)
def test_unsafe_templates_are_refused(tmp_path: Path, part: str, before: str, after: str, complaint: str) -> None:
    path = repacked(word(tmp_path, "正文"), {part: (before, after)})
    assert [complaint in one for one in complaints(path)] == [True]


def test_macros_are_refused_and_hyperlinks_are_not(tmp_path: Path) -> None:
    assert "宏" in complaints(repacked(word(tmp_path, "正文"), {}, {"word/vbaProject.bin": b"x"}))[0]
    link = LINK.format("hyperlink", "http://x") + "</Relationships>"
    assert complaints(repacked(word(tmp_path, "正文"), {RELS: ("</Relationships>", link)})) == []


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_document_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    with pytest.raises(TemplateError, match="打不开模板"):
        compile_template(path, FORMATS)


def test_a_header_that_writes_its_tag_wrongly_is_found_too(tmp_path: Path) -> None:
    assert complaints(word(tmp_path, "正文", header="{{ 单位")) == [
        "report.docx › 页眉第1段 › {{ 单位：标记不完整：{{ 单位"
    ]


# ── what a template may not do ──


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ().__class__.__bases__[0] }}",
        "{{ 数.__class__ }}",
        "{{ 数['__class__'] }}",
        "{{ 题注.__globals__ }}",
        "{{ 题注['__globals__'] }}",
        "{{ self.__init__.__globals__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(数) }}",
        "{{ '{0.__class__}'|format(数) }}",
        "{{ [].append(1) }}",
        "{{ lipsum.__globals__['os'] }}",
        "{{ cycler }}{{ joiner }}{{ namespace }}{{ dict }}{{ range }}",
        "{{ range(9) }}",
        "{{ _steps.left }}",
        "{% for x in 表 %}{{ loop.__init__ }}{{ loop(表) }}{% endfor %}",
        "{% for x in 表 recursive %}{{ loop(x) }}{% endfor %}",
        "{% import 'os' as x %}",
        "{% include '/etc/passwd' %}",
        "{% extends 'x' %}",
        "{% macro x() %}{% endmacro %}",
        "{% set 数.x = 1 %}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%99999999d' % 1 }}",
    ],
)
def test_known_ways_out_of_a_template_lead_nowhere(tmp_path: Path, tag: str) -> None:
    said = complaints(word(tmp_path, tag), {"数": 3, "表": ["甲"]})
    assert said
    assert "root:" not in "".join(said)


ROWS = [str(one) for one in range(200)]
NESTED = "{% for a in 表 %}{% for b in 表 %}{% for c in 表 %}{% for d in 表 %}甲{% endfor %}{% endfor %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (NESTED.replace("甲", ""), "循环超过了200万次"),
        (NESTED, "内容超过了2000万字"),  # each letter comes with what its run looks like
        ("{% for a in 表 %}{% for b in 表 %}{{ 长 }}{% endfor %}{% endfor %}", "内容超过了2000万字"),
        ("{% set n = 9 %}" + "{% set n = n * n %}" * 60 + "{{ n }}", "算出来的序号太大了"),
        ("{{ " + "9" * 5000 + " }}", "这个标记写得不对"),
        ("{{ " + "(" * 3000 + "数" + ")" * 3000 + " }}", "这个标记写得不对"),
    ],
)
def test_a_template_that_runs_away_is_stopped(tmp_path: Path, block: str, said: str) -> None:
    began = process_time()
    (one,) = complaints(word(tmp_path, block), {"表": ROWS, "长": "长" * 5000})
    assert said in one
    assert one.startswith("report.docx")
    assert process_time() - began < 10


def test_counting_steps_leaves_loops_as_they_are(tmp_path: Path) -> None:
    block = "{% for a in 表 if a != '2' %}{{ loop.index }}/{{ loop.length }}{{ a }}{% if loop.last %}。{% endif %}"
    block += "{% else %}无{% endfor %}"
    assert text(word(tmp_path, block), {"表": ["1", "2", "3"]}) == ["1/212/23。"]
    assert text(word(tmp_path, block), {"表": []}) == ["无"]


def test_a_template_too_large_to_unpack_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path, "正文")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/a.bin", bytes(30_000_000))
    assert complaints(path) == ["report.docx：打不开模板：文件过大"]


@pytest.mark.parametrize("lost", ["[Content_Types].xml", "_rels/.rels", RELS])
def test_a_template_that_lacks_what_holds_it_together_is_refused(tmp_path: Path, lost: str) -> None:
    path = word(tmp_path, "正文")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name != lost:
                new.writestr(name, old.read(name))
    assert complaints(path) == ["report.docx：打不开模板：不是完好的 .docx 文件，请用 Word 或 WPS 打开后另存"]


def test_a_template_whose_xml_is_cut_is_refused_in_chinese(tmp_path: Path) -> None:
    path = repacked(word(tmp_path, "正文"), {"word/document.xml": ("</w:body>", "")})
    assert complaints(path) == ["report.docx：打不开模板：不是完好的 .docx 文件，请用 Word 或 WPS 打开后另存"]
