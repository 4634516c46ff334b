"""Departments' Word prose: headings are known by their words, and what can't be taken over is said, never dropped."""

from __future__ import annotations

import copy
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import marks
from reportgen.build import judge
from reportgen.define.kind import Slot
from reportgen.prose import Paragraph, ProseTable
from reportgen.read.prose import heading_name, read_prose
from tests.support.kinds import Library, told
from tests.support.workbooks import prose, save

if TYPE_CHECKING:
    from docx.document import Document

SLOTS = {
    "主要工作": Slot("主要工作", True, ("部门主要工作情况", "主要工作")),
    "下年打算": Slot("下年打算", False, ("下年打算",)),
}
MOVE = "（请移到对应的标题下，或改正标题的文字）"
MISSING = "错误 E303 正文.docx › 部门主要工作情况：缺“部门主要工作情况”的文稿（请在 Word 文稿里写上这个标题和它的内容）"


def read(document: Document | str) -> tuple[dict[str, list[str]], list[str]]:
    """Each slot as lines, and what is told. A heading begins with one # for each level; a table row is in bars."""
    made = prose(document) if isinstance(document, str) else document
    with tempfile.TemporaryDirectory() as folder:
        slots, problems = read_prose([save(made, Path(folder) / "正文.docx")], SLOTS)
    return {name: [line for block in blocks for line in _lines(block)] for name, blocks in slots.items()}, told(problems)


def _lines(block: object) -> list[str]:
    if isinstance(block, ProseTable):
        return [f"|{'|'.join(row)}|" for row in block.rows]
    assert isinstance(block, Paragraph)
    spans = "".join(f"**{span.text}**" if span.bold else span.text for span in block.spans)
    return [f"{'#' * block.level} {spans}" if block.level else spans]


def within(*lines: str) -> list[str]:
    """What 主要工作 holds when these lines stand under its heading and nothing is wrong."""
    slots, said = read("\n".join(["# 主要工作", *lines]))
    assert said == []
    return slots["主要工作"]


def words(*texts: str) -> Document:
    """Paragraphs in no particular style."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return document


# ── headings ──


@pytest.mark.parametrize(
    "heading",
    [
        "主要工作",
        "部门主要工作情况",
        "部门 主要工作情况",
        "一、主要工作",
        "（二）主要工作",
        "(三)部门主要工作情况",
        "1.主要工作",
        "2、主要工作",
        "（4）主要工作",
        "2024年部门主要工作情况",
        "2024年度部门主要工作情况",
        "一、2024年主要工作",
        "1.2024年主要工作",
        "十二、 主要工作。",
    ],
)
def test_a_heading_is_known_by_its_own_words(heading: str) -> None:
    assert read(f"# {heading}\n全年开放三百天。") == ({"主要工作": ["全年开放三百天。"]}, [])


@pytest.mark.parametrize("heading", ["一、主要工作", "（一）主要工作", "1.主要工作", "（1）主要工作", "1.2024年主要工作"])
@pytest.mark.parametrize("style", ["Normal", "Title", "List Paragraph", "Heading 4"])
def test_a_numbered_heading_needs_no_style(heading: str, style: str) -> None:
    document = words(heading, "全年开放三百天。")
    document.paragraphs[0].style = style
    assert read(document) == ({"主要工作": ["全年开放三百天。"]}, [])


def test_unnumbered_words_in_no_style_are_no_heading() -> None:
    assert read(words("主要工作", "全年开放三百天。")) == (
        {},
        [
            f"核实 E304 正文.docx › 第1段：“主要工作…”不属于报告的任何一节，不会写进报告{MOVE}",
            f"核实 E304 正文.docx › 第2段：“全年开放三百天。…”不属于报告的任何一节，不会写进报告{MOVE}",
            MISSING,
        ],
    )


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、读者服务", 1),
        ("（一）读者服务", 2),
        ("1.读者服务", 3),
        ("1．读者服务", 3),
        ("（1）读者服务", 4),
        ("1.2024年读者服务", 3),
        ("1.5亿元用于新馆", 0),
        ("2024年开放三百天", 0),
        ("一是延长开放时间", 0),
        ("1.延长开放时间，全年开放三百天。", 0),
        ("（一）" + "长" * 40, 0),
    ],
)
def test_what_makes_a_heading_below_the_slot(line: str, level: int) -> None:
    lines = read(words("一、主要工作", "全年开放三百天。", line, "正文。"))[0]["主要工作"] if level != 1 else None
    if lines is None:
        assert read(words("一、主要工作", "全年开放三百天。", line))[0]["主要工作"] == ["全年开放三百天。"]
    else:
        assert lines == ["全年开放三百天。", f"{'#' * level} {line}" if level else line, "正文。"]


def outlined(document: Document, index: int, level: int) -> None:
    """Give a paragraph an outline level of its own, as 段落 › 大纲级别 does; 0 is the first."""
    properties = document.paragraphs[index]._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>'))


def test_an_outline_level_of_its_own_makes_a_paragraph_a_heading() -> None:
    document = words("主要工作", "甲。", "读者服务", "乙。", "下年打算", "丙。")
    for index, level in ((0, 0), (2, 1), (4, 0)):
        outlined(document, index, level)
    assert read(document) == ({"主要工作": ["甲。", "## 读者服务", "乙。"], "下年打算": ["丙。"]}, [])


def test_an_outline_level_of_its_own_goes_before_that_of_the_style() -> None:
    document = prose("# 主要工作\n甲。\n# 读者服务\n乙。")
    outlined(document, 2, 2)
    assert read(document) == ({"主要工作": ["甲。", "### 读者服务", "乙。"]}, [])


@pytest.mark.parametrize(("line", "level"), [("全年开放三百天，接待读者。", 1), ("读者服务", 9), ("读者服务", 4)])
def test_a_sentence_and_a_level_too_deep_are_no_headings(line: str, level: int) -> None:
    document = words("一、主要工作", line)
    outlined(document, 1, level)
    assert read(document) == ({"主要工作": [line]}, [])


def test_a_heading_no_deeper_than_the_slots_own_ends_it() -> None:
    slots, said = read("## （一）主要工作\n甲。\n### 1.服务\n乙。\n## （二）其他事项\n丙。\n# 二、下年打算\n丁。")
    assert slots == {"主要工作": ["甲。", "### 1.服务", "乙。"], "下年打算": ["丁。"]}
    assert said == [
        f"核实 E304 正文.docx › 第6段：“（二）其他事项”下的“丙。…”不属于报告的任何一节，不会写进报告{MOVE}"
    ]


def test_chapter_headings_without_text_of_their_own_are_fine() -> None:
    assert read("# 一、部门基本情况\n## （一）主要工作\n甲。\n# 二、其他\n## （一）下年打算\n乙。") == (
        {"主要工作": ["甲。"], "下年打算": ["乙。"]},
        [],
    )


def test_an_unknown_heading_with_nothing_under_it_is_said() -> None:
    _, said = read("一、概况\n（一）主要工作\n甲。\n（二）全年无群众集体上访")
    assert said == [f"核实 E304 正文.docx › 第4段：“（二）全年无群众集体上访…”不属于报告的任何一节，不会写进报告{MOVE}"]
    _, said = read("（一）主要工作\n甲。\n（二）全年无上访\n（三）下年打算\n乙。")
    assert [line.split(" ")[1] for line in said] == ["E304"]
    assert read("（一）主要工作\n甲。\n二、其他\n（一）下年打算\n乙。")[1] == []


def test_a_required_heading_that_is_absent_or_empty_is_missing() -> None:
    assert read("# 下年打算\n乙。") == ({"下年打算": ["乙。"]}, [MISSING])
    assert read("# 主要工作\n# 下年打算\n乙。") == ({"下年打算": ["乙。"]}, [MISSING])


def test_a_heading_twice_is_said_where_it_comes_again() -> None:
    slots, said = read("# 一、主要工作\n甲。\n# 二、下年打算\n乙。\n# 三、部门主要工作情况\n丙。")
    assert slots["主要工作"] == ["甲。", "丙。"]
    assert said == ["错误 E306 正文.docx › 三、部门主要工作情况 › 第5段：标题“三、部门主要工作情况”出现两次（请把两处合并）"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("（三）2024年部门预算编制情况。", "部门预算编制情况"), ("一、“三公”经费", "三公经费"), ("1. 2024 年工作", "2024年工作")],
)
def test_the_words_of_a_heading(text: str, name: str) -> None:
    assert heading_name(text) == name


# ── automatic numbers ──


def numbered(document: Document, levels: list[tuple[str, str]], paragraphs: list[tuple[int, int]]) -> None:
    """Give the document a list with (format, text) for each level, and put (paragraph, level) into it."""
    root = document.part.numbering_part.element
    made = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{made}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="88"><w:abstractNumId w:val="77"/></w:num>'))
    for index, level in paragraphs:
        properties = document.paragraphs[index]._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="88"/></w:numPr>'))


def listed(number: int) -> Any:
    """A paragraph's property that puts it into the list."""
    return parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')


ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'


@pytest.mark.parametrize(("override", "lines"), [("", ["3.丙。", "4.丁。"]), (ANEW, ["5.丙。", "6.丁。"])])
def test_lists_of_one_kind_count_on_unless_they_begin_anew(override: str, lines: list[str]) -> None:
    document = words("一、主要工作", "甲。", "乙。", "丙。", "丁。")
    numbered(document, [("decimal", "%1.")], [(1, 0), (2, 0)])
    root = document.part.numbering_part.element
    more = f'<w:abstractNumId w:val="77"/>{override}'
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="89">{more}</w:num>'))
    for paragraph in document.paragraphs[3:]:
        paragraph._p.get_or_add_pPr().append(listed(89))
    assert read(document)[0]["主要工作"] == ["1.甲。", "2.乙。", *lines]


@pytest.mark.parametrize(("kind", "labels"), [("upperRoman", ["I", "II", "III", "IV"]), ("lowerRoman", ["i", "ii", "iii", "iv"])])
def test_roman_numbers(kind: str, labels: list[str]) -> None:
    document = words("一、主要工作", "甲。", "甲。", "甲。", "甲。")
    numbered(document, [(kind, "%1.")], [(i, 0) for i in range(1, 5)])
    assert read(document)[0]["主要工作"] == [f"{label}.甲。" for label in labels]


def test_the_number_of_a_style_is_inherited() -> None:
    document = words("一、主要工作", "甲。", "乙。")
    numbered(document, [("decimal", "%1.")], [])
    parent: Any = document.styles["List Paragraph"]
    parent.element.get_or_add_pPr().append(listed(88))
    child: Any = document.styles.add_style("我的列表", 1)
    child.base_style = parent
    for paragraph in document.paragraphs[1:]:
        paragraph.style = child
    assert read(document)[0]["主要工作"] == ["1.甲。", "2.乙。"]


def test_automatic_numbers_are_worked_out_and_make_headings() -> None:
    document = words("概况", "主要工作", "服务", "甲。", "场馆", "乙。", "下年打算", "丙。")
    levels = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
    numbered(document, levels, [(0, 0), (1, 1), (2, 2), (4, 2), (6, 1)])
    assert read(document) == ({"主要工作": ["### 1.服务", "甲。", "### 2.场馆", "乙。"], "下年打算": ["丙。"]}, [])


def test_a_deeper_number_starts_again_after_a_higher_one() -> None:
    document = words("主要工作", "甲", "乙", "丙", "丁", "戊")
    levels = [("chineseCounting", "%1、"), ("decimal", "%2."), ("decimal", "（%3）")]
    numbered(document, levels, list(enumerate((0, 1, 2, 2, 1, 2))))
    assert read(document)[0]["主要工作"] == ["### 1.甲", "#### （1）乙", "#### （2）丙", "### 2.丁", "#### （1）戊"]


def test_a_bullet_is_left_out_and_told_once() -> None:
    document = words("一、主要工作", "延长开放时间", "增设分馆")
    numbered(document, [("bullet", "●")], [(1, 0), (2, 0)])
    assert read(document) == (
        {"主要工作": ["延长开放时间", "增设分馆"]},
        [
            "提醒 E305 正文.docx › 第2段：从这一段起有项目符号，报告里会变成普通段落（需要分条的，请写成“一是”“（1）”这样）"
        ],
    )


@pytest.mark.parametrize(
    ("kind", "text", "labels"),
    [
        ("chineseCountingThousand", "（%1）", ["（九）", "（十）", "（十一）"]),
        ("japaneseCounting", "%1、", ["九、", "十、", "十一、"]),
        ("ideographDigital", "%1、", ["九、", "一〇、", "一一、"]),
        ("decimalEnclosedCircleChinese", "%1", ["⑨", "⑩", "⑪"]),
        ("decimalEnclosedParen", "%1", ["⑼", "⑽", "⑾"]),
        ("decimalEnclosedFullstop", "%1", ["⒐", "⒑", "⒒"]),
        ("decimalFullWidth", "%1．", ["９．", "１０．", "１１．"]),
        ("ideographTraditional", "%1、", ["壬、", "癸、", "11、"]),
        ("lowerLetter", "%1)", ["i)", "j)", "k)"]),
        ("chineseLegalSimplified", "%1、", ["玖、", "壹拾、", "壹拾壹、"]),
        ("ideographEnclosedCircle", "%1", ["㊈", "㊉", "11"]),
    ],
)
def test_the_number_formats_that_word_and_wps_offer(kind: str, text: str, labels: list[str]) -> None:
    sentence = "全年开放三百天，接待读者。"
    document = words("一、主要工作", *[sentence] * 11)
    numbered(document, [(kind, text)], [(i, 0) for i in range(1, 12)])
    assert read(document)[0]["主要工作"][8:] == [f"{label}{sentence}" for label in labels]


def set_level(document: Document, level: int, setting: str) -> None:
    """Put a setting such as w:isLgl into a level of the list."""
    root = document.part.numbering_part.element
    root.find(qn("w:abstractNum"))[level].insert(1, parse_xml(setting.replace("/>", f' {nsdecls("w")}/>')))


@pytest.mark.parametrize(("setting", "label"), [("<w:isLgl/>", "1.1"), ('<w:isLgl w:val="0"/>', "一.1")])
def test_a_level_may_show_all_its_numbers_in_arabic_figures(setting: str, label: str) -> None:
    document = words("主要工作", "甲。", "乙。")
    document.paragraphs[0].style = "Heading 1"
    numbered(document, [("chineseCounting", "第%1条　"), ("decimal", "%1.%2　")], [(1, 0), (2, 1)])
    set_level(document, 1, setting)
    assert read(document) == ({"主要工作": ["第一条　甲。", f"{label}　乙。"]}, [])


@pytest.mark.parametrize(
    ("setting", "labels"),
    [
        ('<w:lvlRestart w:val="0"/>', ["1.", "2.", "3.", "4."]),
        ('<w:lvlRestart w:val="1"/>', ["1.", "2.", "3.", "1."]),
        ('<w:lvlRestart w:val="2"/>', ["1.", "2.", "1.", "1."]),
    ],
)
def test_a_level_begins_again_only_after_those_it_names(setting: str, labels: list[str]) -> None:
    document = words("一、主要工作", *["全年开放三百天。"] * 8)
    levels = [("chineseCounting", "第%1章"), ("chineseCounting", "第%2节"), ("decimal", "%3.")]
    numbered(document, levels, list(enumerate((0, 1, 2, 2, 1, 2, 0, 2), 1)))
    set_level(document, 2, setting)
    lines = read(document)[0]["主要工作"]
    assert [line.removesuffix("全年开放三百天。") for line in lines if line[0] != "第"] == labels


STRANGE = (
    "提醒 E305 正文.docx › 第2段：从这一段起有认不出格式的自动编号，报告里会写成1、2、3"
    "（请核对；要别的写法，请换一种编号，或直接打出编号）"
)


def test_a_number_format_that_is_not_known_is_told_once() -> None:
    document = words("一、主要工作", "甲。", "乙。")
    numbered(document, [("ideographZodiac", "%1.")], [(1, 0), (2, 0)])
    assert read(document) == ({"主要工作": ["1.甲。", "2.乙。"]}, [STRANGE])


def test_a_number_format_of_ones_own_is_told_too() -> None:
    document = words("一、主要工作", "甲。", "乙。")
    numbered(document, [("decimal", "%1.")], [(1, 0), (2, 0)])
    level = document.part.numbering_part.element.find(qn("w:abstractNum"))[0]
    own = '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
    level.replace(level.find(qn("w:numFmt")), parse_xml(f'<a:Choice xmlns:a="urn:a" {nsdecls("w")}>{own}</a:Choice>'))
    assert read(document) == ({"主要工作": ["1.甲。", "2.乙。"]}, [STRANGE])


def test_a_heading_may_be_numbered_in_capitals() -> None:
    document = words("主要工作", "甲。", "下年打算", "乙。")
    numbered(document, [("chineseLegalSimplified", "%1、")], [(0, 0), (2, 0)])
    assert read(document) == ({"主要工作": ["甲。"], "下年打算": ["乙。"]}, [])


def test_a_list_that_refers_to_a_list_style_is_numbered_as_that() -> None:
    document = words("一、主要工作", "甲。", "乙。")
    numbered(document, [("decimal", "%1.")], [])
    root = document.part.numbering_part.element
    defined = root.find(qn("w:abstractNum"))
    defined.insert(0, parse_xml(f'<w:styleLink {nsdecls("w")} w:val="清单"/>'))
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="78"><w:numStyleLink w:val="清单"/></w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="78"/></w:num>'))
    for paragraph in document.paragraphs[1:]:
        paragraph._p.get_or_add_pPr().append(listed(90))
    assert read(document)[0]["主要工作"] == ["1.甲。", "2.乙。"]


def test_the_number_of_a_style_counts_too() -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    numbered(document, [("chineseCounting", "%1、")], [])
    style: Any = document.styles["Heading 1"]
    style.element.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="88"/></w:numPr>'))
    assert read(document) == ({"主要工作": ["全年开放三百天。"]}, [])


# ── words ──


def test_bold_lead_ins_stay_bold() -> None:
    assert within("**一是延长开放时间。**全年开放**三百**天。") == ["**一是延长开放时间。**全年开放**三百**天。"]


def test_neighbouring_runs_of_one_look_are_one_span() -> None:
    document = prose("# 主要工作")
    paragraph = document.add_paragraph()
    for piece in ("全年", "开放", "三百天。"):
        paragraph.add_run(piece).italic = True
    with tempfile.TemporaryDirectory() as folder:
        slots, _ = read_prose([save(document, Path(folder) / "正文.docx")], SLOTS)
    (block,) = slots["主要工作"]
    assert isinstance(block, Paragraph)
    assert [span.text for span in block.spans] == ["全年开放三百天。"]


@pytest.mark.parametrize("pieces", ["执行率{{ 执行率/ }}，", "执行率{{/ 执行率 /}}，", "执行率｛｛ 执/行率 ｝｝，"])
def test_a_placeholder_split_over_looks_is_whole_again(
    pieces: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Library(tmp_path).write()
    document = prose("# 主要工作")
    paragraph = document.add_paragraph()
    for i, piece in enumerate(pieces.split("/")):
        paragraph.add_run(piece).bold = bool(i % 2) or None
    save(document, folder / "正文.docx")
    case = judge(folder)
    assert case.submission
    (block,) = case.submission.prose["主要工作"]
    assert isinstance(block, Paragraph)
    assert marks.plain(block.text) == "执行率100.00%，"


def test_an_unknown_placeholder_is_said_with_the_nearest_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = Library(tmp_path, words="# 主要工作\n支出{{ 全年之出 }}，{{ 全年支出|万元钱 }}。").judge()
    where, advice = "错误 E307 正文.docx › 主要工作 › 第2段：", "（请改正名称，可用的是表上的项目名和自动计算的数据项）"
    assert told(case.problems) == [
        f"{where}没有叫“全年之出”的数据项，您是不是要找“全年支出”{advice}",
        f"{where}没有叫“万元钱”的格式，您是不是要找“万元”{advice}",
    ]


def test_a_placeholder_may_say_what_the_sheet_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = Library(tmp_path, words="# 主要工作\n预算{{ 调整后预算|亿元 }}，{{ 分馆支出 }}。").judge()
    assert case.submission
    (block,) = case.submission.prose["主要工作"]
    assert isinstance(block, Paragraph)
    assert marks.plain(block.text).startswith("预算0.01亿元，")
    assert [problem.message for problem in case.problems] == ["没有叫“分馆支出”的数据项"]


PRINTABLE = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"])


@settings(max_examples=60, deadline=None)
@given(st.text(PRINTABLE, min_size=1, max_size=30).filter(str.strip))
def test_any_words_come_out_as_they_went_in(text: str) -> None:
    document = prose("# 主要工作")
    document.add_paragraph(f"全年，{text}。")
    assert read(document) == ({"主要工作": [f"全年，{text}。"]}, [])


def test_tabs_and_line_breaks_are_kept() -> None:
    document = prose("# 主要工作")
    document.add_paragraph("甲\t乙").add_run().add_break()
    document.paragraphs[-1].add_run("丙。")
    assert read(document)[0]["主要工作"] == ["甲\t乙\n丙。"]


def test_a_page_break_is_no_line_break() -> None:
    document = prose("# 主要工作")
    paragraph = document.add_paragraph()
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    paragraph.add_run("甲。")
    assert read(document)[0]["主要工作"] == ["甲。"]


@pytest.mark.parametrize("line", ["　　甲。", "　　**一是**甲。", "\t甲。"])
def test_blanks_typed_as_an_indent_are_left_to_the_template(line: str) -> None:
    document = prose("# 主要工作")
    for i, piece in enumerate(line.split("**")):
        document.add_paragraph() if not i else None
        document.paragraphs[-1].add_run(piece).bold = bool(i % 2) or None
    assert read(document)[0]["主要工作"] == [line.strip()]


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\ufeff"])
def test_invisible_characters_are_taken_out_with_one_warning(character: str) -> None:
    assert read(f"# 主要工作\n全{character}年**开{character}放**。") == (
        {"主要工作": ["全年**开放**。"]},
        ["提醒 E308 正文.docx › 第2段：这一段有看不见的字符，已去掉（请核对这段文字）"],
    )


def test_characters_without_a_standard_code_are_kept_and_told_once_a_paragraph() -> None:
    assert read("# 主要工作\n王\ue863**同\ue863志**。") == (
        {"主要工作": ["王\ue863**同\ue863志**。"]},
        ["提醒 E316 正文.docx › 第2段：这一段有自造字，别的电脑上可能是空白：U+E863（请换成标准字；没有标准字的，成文后核对）"],
    )


def test_words_inside_links_fields_and_content_controls_are_taken() -> None:
    document = prose("# 主要工作\n甲乙丙。")
    paragraph = document.paragraphs[1]._p
    for wrapper in ("w:hyperlink", "w:fldSimple", "w:smartTag"):
        run = copy.deepcopy(paragraph.r_lst[0])
        made = OxmlElement(wrapper)
        made.append(run)
        paragraph.append(made)
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph.addprevious(control)
    content.append(paragraph)
    control.append(content)
    assert read(document)[0]["主要工作"] == ["甲乙丙。" * 4]


def test_blocks_inside_custom_markup_are_taken() -> None:
    document = prose("# 主要工作\n甲。")
    wrapper = OxmlElement("w:customXml")
    paragraph = document.paragraphs[1]._p
    paragraph.addprevious(wrapper)
    wrapper.append(paragraph)
    assert read(document) == ({"主要工作": ["甲。"]}, [])


# ── tables ──


def test_automatic_numbers_in_a_table_are_kept() -> None:
    document = prose("# 主要工作\n如下表。\n| 序号 | 馆 |\n| | 东馆 |\n| | 西馆 |")
    numbered(document, [("decimal", "%1")], [])
    for row in document.tables[0].rows[1:]:
        row.cells[0].paragraphs[0]._p.get_or_add_pPr().append(listed(88))
    assert read(document)[0]["主要工作"] == ["如下表。", "|序号|馆|", "|1|东馆|", "|2|西馆|"]


@pytest.mark.parametrize(("parent", "tag"), [("tc", "hMerge"), ("tr", "gridBefore")])
def test_a_table_whose_cells_are_shifted_is_refused(parent: str, tag: str) -> None:
    document = prose("# 主要工作\n如下表。\n| 馆 | 天数 |\n| 东馆 | 300 |")
    row: Any = document.tables[0].rows[1]._tr
    properties = row.get_or_add_trPr() if parent == "tr" else row.tc_lst[0].get_or_add_tcPr()
    properties.append(OxmlElement(f"w:{tag}"))
    assert [line.split(" ")[1] for line in read(document)[1]] == ["E305"]


def test_a_simple_table_stays_where_it_stands() -> None:
    assert within("如下表。", "| 馆 | 天数 |", "| 东馆 | 300 |", "此外。") == ["如下表。", "|馆|天数|", "|东馆|300|", "此外。"]


ASSETS = """
# 主要工作
如下表。
| 项目 | 年初数 | | 年末数 |
| | 数量 | 金额 | 金额 |
| 房屋 | 6 | 662.53 | 118.00 |
| 合计 | | 662.53 | 118.00 |
"""
MERGED = [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((3, 0), (3, 1))]


def merged() -> Document:
    """A table whose header has two rows, with a merged cell below too."""
    document = prose(ASSETS)
    table = document.tables[0]
    for first, last in MERGED:
        table.cell(*first).merge(table.cell(*last))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, (3000, 1000, 2000, 2000), strict=True):
        column.w = Twips(width)
    for row in (2, 3):
        table.cell(row, 2).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def test_merged_cells_widths_and_figures_at_the_right_are_those_of_the_source() -> None:
    with tempfile.TemporaryDirectory() as folder:
        slots, problems = read_prose([save(merged(), Path(folder) / "正文.docx")], SLOTS)
    assert problems == []
    _, table = slots["主要工作"]
    assert isinstance(table, ProseTable)
    assert ["|".join(row) for row in table.rows] == [
        "项目|年初数||年末数", "|数量|金额|金额", "房屋|6|662.53|118.00", "合计||662.53|118.00",
    ]  # fmt: skip
    assert table.merges == ((0, 0, 1, 0), (0, 1, 0, 2), (3, 0, 3, 1))
    assert (table.widths, table.right, table.heads) == ((3000, 1000, 2000, 2000), frozenset({(2, 2), (3, 2)}), 2)


def test_cells_merged_in_both_directions_and_one_below_another() -> None:
    document = prose("# 主要工作\n如下表。\n| 甲 | | 乙 |\n| | | 丙 |\n| 丁 | | 戊 |\n| | | 己 |")
    table = document.tables[0]
    table.cell(0, 0).merge(table.cell(1, 1))
    table.cell(2, 0).merge(table.cell(3, 1))
    with tempfile.TemporaryDirectory() as folder:
        slots, _ = read_prose([save(document, Path(folder) / "正文.docx")], SLOTS)
    assert isinstance(slots["主要工作"][1], ProseTable)
    assert slots["主要工作"][1].merges == ((0, 0, 1, 1), (2, 0, 3, 1))


def test_a_table_within_a_table_is_refused() -> None:
    document = prose("# 主要工作\n如下表。\n| 馆 | 天数 |\n| 东馆 | 300 |")
    document.tables[0].cell(1, 1).add_table(1, 1)
    assert read(document)[1] == [
        "错误 E305 正文.docx › 第2段：这一段后的表格里有嵌套的表格，或有的行缩进了，暂时不能带入报告（请改为各行对齐的一张表格）"
    ]


def test_a_table_under_no_heading_is_said() -> None:
    assert read("| 馆 | 天数 |\n# 主要工作\n甲。")[1] == [
        f"核实 E304 正文.docx › 第0段后的表：“表格…”不属于报告的任何一节，不会写进报告{MOVE}"
    ]


# ── what can't be taken over ──


def with_inside(tag: str, inner: str = "") -> Document:
    """主要工作 with a paragraph whose run holds the element."""
    document = prose("# 主要工作\n全年开放三百天。")
    document.paragraphs[1].runs[0]._r.append(parse_xml(f'<w:{tag} {nsdecls("w")}>{inner}</w:{tag}>'))
    return document


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("object", "嵌入对象"),
        ("footnoteReference", "脚注"),
        ("endnoteReference", "尾注"),
        ("sym", "特殊符号"),
        ("ruby", "拼音标注"),
    ],
)
def test_objects_and_notes_are_refused_where_they_stand(tag: str, word: str) -> None:
    slots, said = read(with_inside(tag))
    assert slots == {"主要工作": ["全年开放三百天。"]}
    assert said == [f"错误 E305 正文.docx › 第2段：这一段有{word}，暂时不能带入报告（请改用文字或表格写明）"]


def test_a_formula_is_refused() -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    document.paragraphs[1]._p.append(parse_xml(f'<m:oMath {nsdecls("m")}/>'))
    assert read(document)[1] == ["错误 E305 正文.docx › 第2段：这一段有公式，暂时不能带入报告（请改用文字或表格写明）"]


def with_field(*pieces: str) -> Document:
    """主要工作 with a field between 开放 and 天: its code, begin, separate and end as Word stores them."""
    document = prose("# 主要工作\n开放")
    paragraph = document.paragraphs[1]
    for piece in pieces:
        mark = piece in ("begin", "separate", "end")
        inner = f'<w:fldChar w:fldCharType="{piece}"/>' if mark else f"<w:instrText>{piece}</w:instrText>"
        inner = f"<w:t>{piece[1:]}</w:t>" if piece.startswith("=") else inner
        paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}>{inner}</w:r>'))
    paragraph.add_run("天。")
    return document


@pytest.mark.parametrize(
    ("pieces", "what"),
    [
        (("begin", r" EQ \o\ac(○,21) ", "end"), "带圈字符或分式（域代码 EQ）"),
        (("begin", " e", r"q\f(1,2)", "end"), "带圈字符或分式（域代码 EQ）"),
        (("begin", " SYMBOL 82 ", "separate", "=R", "end"), "特殊符号（域代码 SYMBOL）"),
        (("begin", " FORMCHECKBOX ", "end"), "复选框（域代码 FORMCHECKBOX）"),
        (("begin", " FORMCHECKBOX ", "separate", "end"), "复选框（域代码 FORMCHECKBOX）"),
        (("begin", " FORMDROPDOWN ", "end"), "下拉框（域代码 FORMDROPDOWN）"),
        (("begin", " LISTNUM ", "end"), "还没有结果的域（域代码 LISTNUM）"),
        (("begin", " IF ", "begin", " REF 甲 ", "end", " = 1 ", "end"), "还没有结果的域（域代码 IF）"),
        (("begin", " HYPERLINK ", "separate", "begin", r" EQ \x(1) ", "end", "end"), "带圈字符或分式（域代码 EQ）"),
    ],
)
def test_a_field_whose_words_are_not_in_the_file_is_refused(pieces: tuple[str, ...], what: str) -> None:
    said = [f"错误 E305 正文.docx › 第2段：这一段有{what}，暂时不能带入报告（请改成普通文字）"]
    assert read(with_field(*pieces))[1] == said


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        (("begin", " DATE ", "separate", "=300", "end"), "开放300天。"),
        (("begin", " PAGE ", "end"), "开放天。"),
        (("begin", " XE 甲 ", "end"), "开放天。"),
        (("begin", " SEQ 表 ", "end"), "开放天。"),
        (("begin", " ADDIN EN.CITE ", "begin", " ADDIN EN.CITE.DATA ", "end", "separate", "=300", "end"), "开放300天。"),
    ],
)
def test_a_field_with_words_or_with_none_to_show_is_taken(pieces: tuple[str, ...], line: str) -> None:
    assert read(with_field(*pieces)) == ({"主要工作": [line]}, [])


def test_a_field_in_a_table_and_a_short_one_without_words_are_refused() -> None:
    document = prose("# 主要工作\n如下表。\n| 馆 | 天数 |\n| 东馆 | 300 |")
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" DATE "/>')
    document.tables[0].cell(1, 1).paragraphs[0]._p.append(field)
    assert read(document)[1] == [
        "错误 E305 正文.docx › 第2段：这一段有还没有结果的域（域代码 DATE），暂时不能带入报告（请改成普通文字）"
    ]


STRUCK = [
    ("strike", "错误 E305 正文.docx › 第2段：这一段有删除线的文字（不要的请删去；要写进报告的请取消删除线）"),
    ("vanish", "错误 E305 正文.docx › 第2段：这一段有隐藏的文字（不要的请删去；要写进报告的请取消隐藏）"),
]


@pytest.mark.parametrize("kind", [WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.PARAGRAPH])
@pytest.mark.parametrize(("look", "said"), STRUCK)
def test_what_a_style_strikes_or_hides_is_refused(kind: WD_STYLE_TYPE, look: str, said: str) -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    parent, style = (document.styles.add_style(name, kind) for name in ("作废", "作废二"))
    parent.element.get_or_add_rPr().append(OxmlElement(f"w:{look}"))
    style.base_style = parent
    paragraph = document.paragraphs[1]
    if kind == WD_STYLE_TYPE.CHARACTER:
        paragraph.runs[0].style = style
    else:
        paragraph.style = style
    assert read(document)[1] == [said]


def test_what_a_style_strikes_may_be_kept_by_the_words_themselves() -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    style: Any = document.styles.add_style("作废", WD_STYLE_TYPE.CHARACTER)
    style.font.strike = True
    document.paragraphs[1].runs[0].style = style
    document.paragraphs[1].runs[0].font.strike = False
    assert read(document) == ({"主要工作": ["全年开放三百天。"]}, [])


TRACKED = "错误 E302 正文.docx › 第2段：这一段有没处理的修订（请在 Word 里接受或拒绝全部修订后再试）"


@pytest.mark.parametrize("change", ["ins", "del", "moveFrom", "moveTo"])
def test_a_tracked_change_is_said_once_a_paragraph(change: str) -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    paragraph = document.paragraphs[1]._p
    for _ in range(2):
        wrapper = OxmlElement(f"w:{change}")
        wrapper.append(copy.deepcopy(paragraph.r_lst[0]))
        paragraph.append(wrapper)
    assert read(document)[1] == [TRACKED]


def test_a_tracked_end_of_a_paragraph_is_said() -> None:
    document = prose("# 主要工作\n全年开放三百天。\n次段。")
    document.paragraphs[1]._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del/></w:rPr>'))
    assert read(document)[1] == [TRACKED]


def test_a_tracked_row_of_a_table_is_said() -> None:
    document = prose("# 主要工作\n如下表。\n| 馆 | 天数 |\n| 东馆 | 300 |")
    document.tables[0].rows[1]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    assert read(document)[1] == [TRACKED]


def test_a_changed_format_is_no_change_of_words() -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    document.paragraphs[1].runs[0]._r.get_or_add_rPr().append(OxmlElement("w:rPrChange"))
    assert read(document) == ({"主要工作": ["全年开放三百天。"]}, [])


# ── files ──

BROKEN = "错误 E301 正文.docx：Word 文稿打不开，可能设了密码、已损坏，或不是 .docx 格式（请用 Word 或 WPS 打开，另存为 .docx）"


def read_file(data: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "正文.docx"
        path.write_bytes(data)
        slots, problems = read_prose([path], SLOTS)
    assert slots == {}
    return told(problems)


def sound() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save(prose("# 主要工作\n甲。"), Path(folder) / "正文.docx").read_bytes()


def with_part(name: str, content: bytes) -> bytes:
    """A sound document with one part replaced."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "正文.docx"
        path.write_bytes(sound())
        with zipfile.ZipFile(path) as package:
            parts = {one: package.read(one) for one in package.namelist()}
        with zipfile.ZipFile(path, "w") as package:
            for one, data in {**parts, name: content}.items():
                package.writestr(one, data)
        return path.read_bytes()


def test_the_parts_may_have_any_name() -> None:
    document = prose("# 主要工作\n甲。\n乙。")
    numbered(document, [("decimal", "%1.")], [(1, 0), (2, 0)])
    parts = {"document2": document.part, "numbering2": document.part.numbering_part, "styles2": document.part._styles_part}
    for name, part in parts.items():
        part.partname = PackURI(f"/word/{name}.xml")
    assert read(document) == ({"主要工作": ["1.甲。", "2.乙。"]}, [])


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", OLE, "部门主要工作".encode(), b"{\\rtf1"])
def test_what_is_no_word_file_is_said(data: bytes) -> None:
    assert read_file(data) == [BROKEN]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/document.xml", b"<w:document"),
        ("word/document.xml", b"<a/>"),
        ("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("word/styles.xml", b"<w:styles"),
        ("word/numbering.xml", b"<"),
        ("docProps/core.xml", b"<!DOCTYPE a><a/>"),
        ("word/media/a.png", b"\0" * 30_000_000),
    ],
)
def test_a_damaged_or_unsafe_part_is_said(part: str, content: bytes) -> None:
    if part.endswith("png"):  # only a packed part can be a bomb
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "正文.docx"
            path.write_bytes(sound())
            with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
                package.writestr(part, content)
            assert read_file(path.read_bytes()) == [BROKEN]
        return
    assert read_file(with_part(part, content)) == [BROKEN]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damaged_file_makes_it_raise(data: st.DataObject) -> None:
    whole = sound()
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    broken = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "正文.docx"
        path.write_bytes(broken)
        slots, problems = read_prose([path], SLOTS)
    assert slots or problems




# ── several files ──


def read_files(folder: Path, files: dict[str, str]) -> tuple[dict[str, list[str]], list[str]]:
    """What these Word files give together."""
    slots, problems = read_prose([save(prose(text), folder / name) for name, text in files.items()], SLOTS)
    return {name: [line for block in blocks for line in _lines(block)] for name, blocks in slots.items()}, told(problems)


def test_each_department_may_hand_in_a_file_of_its_own(tmp_path: Path) -> None:
    files = {"正文-医政科.docx": "# 主要工作\n甲。", "正文_规划科.docx": "# 主要工作\n# 下年打算\n乙。"}
    assert read_files(tmp_path, files) == ({"主要工作": ["甲。"], "下年打算": ["乙。"]}, [])


def test_one_slot_filled_in_two_files_is_told_at_both_places(tmp_path: Path) -> None:
    files = {"正文-医政科.docx": "# 主要工作\n甲。", "正文.docx": "# 下年打算\n乙。\n# 部门主要工作情况\n丙。"}
    assert read_files(tmp_path, files)[1] == [
        "错误 E306 正文-医政科.docx › 主要工作 › 第2段：“主要工作”在正文.docx里也有内容（请把两处合并到一个文件里，另一处删去）",
        "错误 E306 正文.docx › 主要工作 › 第4段：“主要工作”在正文-医政科.docx里也有内容（请把两处合并到一个文件里，另一处删去）",
    ]


def test_what_no_file_holds_is_missing_once(tmp_path: Path) -> None:
    files = {"正文-医政科.docx": "# 下年打算\n甲。", "正文.docx": "# 主要工作"}
    assert read_files(tmp_path, files)[1] == [
        "错误 E303 部门主要工作情况：缺“部门主要工作情况”的文稿（请在其中一个 Word 文稿里写上这个标题和它的内容）"
    ]


def test_a_file_that_does_not_open_is_told_and_nothing_else_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "正文.doc").write_bytes(OLE)
    good = save(prose("# 下年打算\n甲。"), tmp_path / "正文-办公室.docx")
    assert told(read_prose([good, tmp_path / "正文.doc"], SLOTS)[1]) == [BROKEN.replace("正文.docx", "正文.doc")]


def test_every_word_file_of_the_folder_is_read_and_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Library(tmp_path).write()
    save(prose("# 下年打算\n乙。"), folder / "正文-办公室.docx")
    for name in ("~$正文.docx", "正文.doc", "正文.txt"):
        (folder / name).write_bytes(OLE)
    case = judge(folder)
    assert told(case.problems) == []
    assert case.submission
    assert list(case.submission.prose) == ["下年打算", "主要工作"]
    assert list(case.inputs) == ["数据.xlsx", "正文-办公室.docx", "正文.docx"]
