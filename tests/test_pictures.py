"""Pictures in the departments' Word files come out as they went in; what can't be taken over is said in plain words."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from reportgen.build import build
from reportgen.define.kind import Slot
from reportgen.prose import Paragraph, Picture, ProseTable, Span
from reportgen.read.prose import read_prose
from reportgen.write.gate import findings
from tests.support.kinds import Library, told
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tests.support.words import complaints, lines, made, word
from tests.support.workbooks import prose, save

if TYPE_CHECKING:
    from docx.document import Document

SLOTS = {"主要工作": Slot("主要工作", True, ("主要工作",))}


def png(width: int = 40, height: int = 20, colour: tuple[int, int, int] = (192, 0, 0)) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe1" + struct.pack(">H", 10) + b"Exif\0\0\0\0"
    b"\xff\xff\xc0" + struct.pack(">HBHHB", 17, 8, 20, 40, 3) + bytes(9) + b"\xff\xd9"
)  # fmt: skip
GIF = b"GIF89a" + struct.pack("<HH", 40, 20) + bytes(6)
BMP = b"BM" + bytes(12) + struct.pack("<Iii", 40, 40, -20) + bytes(28)


def pictured(data: bytes | None = None, **size: Any) -> Document:
    """主要工作 with a paragraph that holds the picture."""
    document = prose("# 主要工作\n全年开放三百天。")
    document.paragraphs[1].add_run().add_picture(io.BytesIO(data or png()), **size)
    return document


def read(document: Document, data: bytes | None = None) -> tuple[list[Any], list[str]]:
    """The blocks of 主要工作 and what is told; ``data`` takes the place of the picture's part."""
    if data is not None:
        (part,) = (one.target_part for one in document.part.rels.values() if one.reltype.endswith("/image"))
        part._blob = data
    with tempfile.TemporaryDirectory() as folder:
        slots, problems = read_prose([save(document, Path(folder) / "正文.docx")], SLOTS)
    return list(slots.get("主要工作", ())), told(problems)


# ── what is taken ──


@pytest.mark.parametrize(("data", "kind"), [(png(), "png"), (JPEG, "jpeg"), (GIF, "gif"), (BMP, "bmp")])
def test_a_picture_follows_its_paragraph_and_its_first_bytes_say_what_it_is(data: bytes, kind: str) -> None:
    (words, picture), said = read(pictured(), data)  # the part is called image1.png whatever it holds
    assert said == []
    assert isinstance(words, Paragraph)
    assert words.text == "全年开放三百天。"
    assert isinstance(picture, Picture)
    assert (picture.kind, picture.data, str(picture.place)) == (kind, data, "正文.docx › 主要工作 › 第2段")


def test_its_size_crop_and_words_are_those_in_word() -> None:
    document = pictured(width=Cm(8))
    inline = document.inline_shapes[0]._inline
    inline.docPr.set("descr", "馆舍 \n “正门” & <外景>")
    inline.graphic.graphicData.pic.blipFill.find(qn("a:blip")).addnext(parse_xml(f'<a:srcRect {nsdecls("a")} l="12500" b="3000"/>'))
    (_, picture), _ = read(document)
    assert (picture.width, picture.height) == (Cm(8), Cm(4))
    assert (picture.crop, picture.alt) == ((12500, 0, 0, 3000), "馆舍 “正门” & <外景>")


def test_a_picture_alone_in_its_paragraph_leaves_no_empty_one() -> None:
    document = prose("# 主要工作\n见图1。")
    document.add_picture(io.BytesIO(png()))
    document.add_paragraph("图1　馆舍")
    blocks, said = read(document)
    assert ([type(block).__name__ for block in blocks], said) == (["Paragraph", "Picture", "Paragraph"], [])


def test_an_old_picture_with_its_size_in_points_is_taken() -> None:
    document = pictured()
    drawing = document.inline_shapes[0]._inline.getparent()
    key = drawing.find(f".//{qn('a:blip')}").get(qn("r:embed"))
    shape = f'<v:shape alt="馆舍" style="position:absolute;width:144pt;height:1in"><v:imagedata r:id="{key}"/></v:shape>'
    names = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    drawing.getparent().replace(drawing, parse_xml(f"<w:pict {nsdecls('w', 'r')} {names}>{shape}</w:pict>"))
    (_, picture), said = read(document)
    assert (picture.width, picture.height, picture.alt, said) == (Cm(5.08), Cm(2.54), "馆舍", [])


def test_a_second_version_for_older_programs_is_not_taken_twice() -> None:
    document = pictured()
    drawing = document.inline_shapes[0]._inline.getparent()
    run = drawing.getparent()
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choice = parse_xml(f'<mc:AlternateContent {names}><mc:Choice Requires="wps"/><mc:Fallback/></mc:AlternateContent>')
    run.replace(drawing, choice)
    choice[0].append(drawing)
    choice[1].append(parse_xml(f"<w:pict {nsdecls('w')}/>"))
    blocks, said = read(document)
    assert ([type(block).__name__ for block in blocks], said) == (["Paragraph", "Picture"], [])


# ── what is refused ──

AS_PNG = "请在 Word 里选中它，剪切后用“选择性粘贴”粘成图片（PNG）"
OTHER_KIND = f"错误 E305 正文.docx › 第2段：这一段的图片不是 PNG、JPEG、GIF 或 BMP 格式，暂时不能带入报告（{AS_PNG}）"
SMALLER = "（请在 Word 里用“压缩图片”缩小（20MB、1亿像素以内））"
EMF = b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (EMF, OTHER_KIND),
        (b"\xd7\xcd\xc6\x9a" + bytes(40), OTHER_KIND),
        (b"<svg/>", OTHER_KIND),
        (b"MZ\x90\0 not a picture at all", OTHER_KIND),
        (png()[:18], "错误 E309 正文.docx › 第2段：这一段的图片已损坏（请重新插入这张图片）"),
        (JPEG[:9], "错误 E309 正文.docx › 第2段：这一段的图片已损坏（请重新插入这张图片）"),
        (b"\xff\xd8\xff\xd9", "错误 E309 正文.docx › 第2段：这一段的图片已损坏（请重新插入这张图片）"),
        (GIF + b"x" * 21 * 2**20, f"错误 E309 正文.docx › 第2段：这一段的图片太大（21MB，40×20像素）{SMALLER}"),
        (
            png()[:16] + struct.pack(">II", 60000, 60000) + png()[24:],
            f"错误 E309 正文.docx › 第2段：这一段的图片太大（0MB，60000×60000像素）{SMALLER}",
        ),
    ],
)
def test_what_is_no_such_picture_is_said(data: bytes, said: str) -> None:
    # Stored, not squeezed: a part that squeezes too well is refused with its whole file.
    document = pictured()
    assert read(document, data if len(data) < 2**20 else data[:100] + _noise(len(data) - 100))[1] == [said]


def _noise(length: int) -> bytes:
    return b"".join(hashlib.sha256(str(i).encode()).digest() for i in range(length // 32 + 1))[:length]


def test_a_linked_picture_is_said() -> None:
    document = pictured()
    blip: Any = document.inline_shapes[0]._inline.find(f".//{qn('a:blip')}")
    outside = document.part.relate_to("file:///D:/馆舍.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), outside)
    assert read(document)[1] == [
        "错误 E305 正文.docx › 第2段：这一段的图片是链接的，不在文件里（请删去后用“插入图片”重新放进来，不要选“链接到文件”）"
    ]


def test_a_turned_picture_is_said() -> None:
    document = pictured()
    document.inline_shapes[0]._inline.find(f".//{qn('a:xfrm')}").set("rot", "5400000")
    assert read(document)[1] == [f"错误 E305 正文.docx › 第2段：这一段的图片在 Word 里旋转或裁剪过，报告里会走样（{AS_PNG}）"]


@pytest.mark.parametrize(
    ("uri", "what"),
    [
        ("http://schemas.openxmlformats.org/drawingml/2006/chart", "图表"),
        ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "SmartArt 图形"),
        ("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", "图形或文本框"),
        ("http://schemas.microsoft.com/office/word/2010/wordprocessingGroup", "图形或文本框"),
    ],
)
def test_other_drawings_are_said_by_name(uri: str, what: str) -> None:
    document = prose("# 主要工作\n全年开放三百天。")
    drawn = f'<a:graphic><a:graphicData uri="{uri}"><a:t>框里的字</a:t></a:graphicData></a:graphic>'
    document.paragraphs[1].runs[0]._r.append(parse_xml(f"<w:drawing {nsdecls('w', 'a')}>{drawn}</w:drawing>"))
    blocks, said = read(document)
    assert [block.text for block in blocks] == ["全年开放三百天。"]
    assert said == [f"错误 E305 正文.docx › 第2段：这一段有{what}，暂时不能带入报告（{AS_PNG}，或改用文字、表格写明）"]


def test_a_picture_in_a_table_is_said() -> None:
    document = prose("# 主要工作\n如下表。\n| 馆 | 照片 |\n| 东馆 | |")
    document.tables[0].cell(1, 1).paragraphs[0].add_run().add_picture(io.BytesIO(png()))
    assert read(document)[1] == ["错误 E305 正文.docx › 第2段：这一段后的表格里有图片，暂时不能带入报告（请把图片移到表格外面）"]


def test_a_picture_under_no_heading_is_said() -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(png()))
    said = read(document)[1]
    assert said[0].startswith("核实 E304 正文.docx › 第1段：“图片…”不属于报告的任何一节，不会写进报告")


# ── what is written ──

RED, BLUE = Picture(png(), "png", Cm(8), Cm(4), alt="甲 & “乙”\""), Picture(png(colour=(0, 0, 192)), "png", Cm(40), Cm(10))
TEXT = Paragraph((Span("如下图。"),))
CAPTION = Paragraph((Span("图1　馆舍"),))


def media(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if name.startswith("word/media/")}


def test_pictures_stand_centred_in_paragraphs_of_their_own_no_wider_than_the_text(tmp_path: Path) -> None:
    data, rendered = made(word(tmp_path, "{{p 正文 }}", "完"), {"正文": (TEXT, RED, CAPTION, BLUE)})
    assert lines(data) == ["如下图。", "", "图1　馆舍", "", "完"]
    document = docx.Document(io.BytesIO(data))
    red, blue = document.inline_shapes
    section = document.sections[0]
    assert section.page_width and section.left_margin and section.right_margin
    assert (red.width, red.height) == (Cm(8), Cm(4))
    assert blue.width == section.page_width - section.left_margin - section.right_margin
    assert blue.height == blue.width // 4
    holder = document.paragraphs[1].paragraph_format
    assert (holder.alignment, holder.line_spacing, holder.first_line_indent, holder.keep_with_next) == (1, 1.0, 0, True)
    assert [(one.kind, one.text) for one in rendered.blocks] == [
        ("paragraph", "如下图。"), ("picture", "甲 & “乙”\""), ("paragraph", "图1　馆舍"), ("picture", ""), ("paragraph", "完"),
    ]  # fmt: skip
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_a_tall_picture_fits_on_the_page(tmp_path: Path) -> None:
    data, _ = made(word(tmp_path, "{{p 正文 }}"), {"正文": (Picture(png(), "png", Cm(10), Cm(50)),)})
    document = docx.Document(io.BytesIO(data))
    (shape,) = document.inline_shapes
    section = document.sections[0]
    assert section.page_height and section.top_margin and section.bottom_margin
    assert shape.height == section.page_height - section.top_margin - section.bottom_margin
    assert abs(shape.height - 5 * shape.width) < 5


def test_equal_pictures_are_held_once_under_a_name_that_their_contents_give(tmp_path: Path) -> None:
    path = word(tmp_path, "{{p 正文 }}", "{{p 附注 }}", "完")
    view = {"正文": (RED, BLUE), "附注": (RED,)}
    data, _ = made(path, view)
    assert media(data) == {f"word/media/picture{hashlib.sha256(one.data).hexdigest()[:24]}.png": one.data for one in (RED, BLUE)}
    assert made(path, view)[0] == data


def test_a_picture_in_a_cell_is_no_wider_than_the_cell(tmp_path: Path) -> None:
    path = word(tmp_path, "| 照片 | {{p 正文 }} |")
    data, rendered = made(path, {"正文": (BLUE,)})
    document = docx.Document(io.BytesIO(data))
    (shape,) = document.inline_shapes
    width = document.tables[0].columns[1].width
    assert width
    assert width * 0.8 < shape.width < width
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_a_picture_beside_tables_and_at_the_end_of_the_text(tmp_path: Path) -> None:
    table = ProseTable((("项目", "数"), ("甲", "1")))
    data, rendered = made(word(tmp_path, "{{p 正文 }}"), {"正文": (table, RED, table, BLUE)})
    assert lines(data) == ["项目 | 数", "甲 | 1", "", "项目 | 数", "甲 | 1", ""]
    assert (findings(data, rendered), structure_findings(data)) == ([], [])


def test_a_header_has_no_pictures(tmp_path: Path) -> None:
    assert complaints(word(tmp_path, "文", header="{{p 正文 }}"), {"正文": (RED,)})[0].endswith("页眉页脚里放不了文稿的图片")


def test_the_gate_refuses_a_picture_that_is_not_in_the_file(tmp_path: Path) -> None:
    data, rendered = made(word(tmp_path, "{{p 正文 }}", "完"), {"正文": (RED,)})
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(tmp_path / "缺.docx", "w") as broken:
        for name in package.namelist():
            if not name.startswith("word/media/"):
                broken.writestr(name, package.read(name))
    (said,) = findings((tmp_path / "缺.docx").read_bytes(), rendered)
    assert said.endswith("不在文件里")


def with_pictures(folder: Path) -> Path:
    kinds = [Picture(data, kind, Cm(2), Cm(1), crop=(1000, 0, 0, 0)) for data, kind in ((JPEG, "jpeg"), (GIF, "gif"), (BMP, "bmp"))]
    data, _ = made(word(folder, "{{p 正文 }}", "| a | {{p 正文 }} |"), {"正文": (TEXT, RED, CAPTION, BLUE, *kinds)})
    path = folder / "有图.docx"
    path.write_bytes(data)
    return path


@needs_audit
def test_a_document_with_pictures_is_valid(tmp_path: Path) -> None:
    assert audit_findings(with_pictures(tmp_path)) == []


@needs_sdk
def test_the_open_xml_sdk_agrees_about_pictures(tmp_path: Path) -> None:
    assert sdk_findings(with_pictures(tmp_path)) == []


# ── from end to end ──


def test_a_departments_picture_reaches_the_report_and_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Library(tmp_path).write()
    document = pictured()
    document.inline_shapes[0]._inline.docPr.set("descr", "馆舍外景")
    save(document, folder / "正文.docx")
    (one,) = build([folder], tmp_path / "出")
    assert (told(one.problems), one.status) == ([], "made")
    assert list(media(one.files[0].read_bytes()).values()) == [png()]
    blocks = json.loads(one.files[1].read_text("utf-8"))["blocks"]
    assert ("picture", "馆舍外景") in [(block["kind"], block["text"]) for block in blocks]


def test_a_picture_that_the_template_has_no_place_for_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Library(tmp_path).write()
    document = prose("# 主要工作\n甲。\n# 下年打算")
    document.add_picture(io.BytesIO(png()))
    save(document, folder / "正文.docx")
    (one,) = build([folder], tmp_path / "出")
    assert [problem.code for problem in one.problems] == ["E604"]
