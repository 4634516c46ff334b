"""A Word file as paragraphs, pictures and simple tables. Only words are taken; the look is the template's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen.model import ERROR, WARNING, Place, Problem
from reportgen.prose import Paragraph, Picture, ProseTable, Span
from reportgen.read.cells import clean, private
from reportgen.read.fields import unseen_fields
from reportgen.read.grid import read_grid
from reportgen.read.headings import level_of
from reportgen.read.numbering import Numbering, W, read_numbering
from reportgen.read.package import main_part, relations_of, unpack
from reportgen.read.pictures import UnfitError, take_picture
from reportgen.read.spans import joined, unindented
from reportgen.read.styles import Styles, list_of, look_of, outline_of, read_styles

_DRAWN = ("drawing", "pict")
_UNSUPPORTED = {"object": "嵌入对象", "footnoteReference": "脚注", "sym": "特殊符号",
                "endnoteReference": "尾注", "oMath": "公式", "txbxContent": "文本框", "altChunk": "嵌入的文件",
                "ruby": "拼音标注"}  # fmt: skip
_WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TRACKED = ("ins", "del", "moveFrom", "moveTo")
_TRACKED_END = tuple(f"{W}{name}" for name in _TRACKED)
_PROPERTIES, _LOOK, _RUN, _TEXT, _VAL = (f"{W}{name}" for name in ("pPr", "rPr", "r", "t", "val"))
_STYLE, _CHARACTERS = f"{W}pStyle", f"{W}rStyle"
_STRUCK = {"strike": "删除线", "dstrike": "删除线", "vanish": "隐藏"}
_TRACKED_ROWS = tuple(f".//{W}{inside}/{W}{name}" for inside in ("trPr", "tcPr") for name in ("ins", "del", "cellIns", "cellDel"))
_UNEVEN = tuple(f".//{W}{path}" for path in (f"tc//{W}tbl", "hMerge", "gridBefore"))
_WRAPPERS = ("customXml", "smartTag", *_TRACKED)

Block = Paragraph | ProseTable | Picture


@dataclass(slots=True)
class Document:
    """One Word file being read."""

    file: str
    body: ET.Element
    numbering: Numbering
    styles: Styles
    parts: Mapping[str, bytes]
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ordinal: int = 0

    def place(self) -> Place:
        """The place of the paragraph at hand."""
        return Place(self.file, "", f"第{self.ordinal}段")

    def complain(self, code: str, level: str, message: str, hint: str) -> None:
        """Note a problem of the paragraph at hand, once."""
        problem = Problem(code, level, self.place(), message, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def remark(self, message: str, hint: str) -> None:
        """Note what comes out otherwise from the paragraph at hand on; once a file is enough."""
        if all(problem.message != message for problem in self.problems):
            self.complain("E305", WARNING, message, hint)

    def tracked(self) -> None:
        """Note that a change waits to be accepted or rejected."""
        self.complain("E302", ERROR, "这一段有没处理的修订", "请在 Word 里接受或拒绝全部修订后再试")

    def refuse(self, name: str) -> None:
        """Note what can't be taken over."""
        self.complain("E305", ERROR, f"这一段有{_UNSUPPORTED[name]}，暂时不能带入报告", "请改用文字或表格写明")

    def draw(self, element: ET.Element) -> None:
        """Take the picture of a drawing, or say why it can't be taken."""
        try:
            self.pictures.append(take_picture(element, self.parts, self.place()))
        except UnfitError as error:
            self.complain(error.code, ERROR, error.message, error.hint)

    def drawn(self) -> list[Picture]:
        """The pictures taken since they were last asked for."""
        taken, self.pictures = self.pictures, []
        return taken


def open_document(path: Path, file: str) -> Document:
    """The file's body and what its paragraphs need; raises for what is no sound Word file."""
    parts = unpack(path)
    main = main_part(parts)
    body = ET.fromstring(parts[main]).find(f"{W}body")
    if body is None:
        raise ValueError("no body")
    relations = [(key, kind, parts[part]) for key, kind, part in relations_of(parts, main) if part in parts]
    linked, by_kind = {key: part for key, _, part in relations}, {kind: part for _, kind, part in relations}
    numbering, styles = read_numbering(by_kind.get("numbering", b"")), read_styles(by_kind.get("styles", b""))
    return Document(file, body, numbering, styles, linked)


def read_blocks(document: Document) -> Iterator[Block]:
    """Every paragraph with words in it, the pictures that stood in it, and every table, in order."""
    for element in _content(document, document.body):
        if element.tag == f"{W}p":
            document.ordinal += 1
            paragraph = _paragraph(document, element)
            if paragraph.text.strip():
                yield paragraph
            yield from document.drawn()
        elif element.tag == f"{W}tbl":
            yield _table(document, element)


def _content(document: Document, parent: Iterable[ET.Element]) -> Iterator[ET.Element]:
    """The body's blocks, those inside content controls and other wrappers too."""
    for element in parent:
        name = element.tag.removeprefix(W)
        if name == "sdt":
            yield from _content(document, element.findall(f"{W}sdtContent/*"))
        elif name in _WRAPPERS:
            yield from _content(document, element)
        elif name == "altChunk":
            document.refuse(name)
        else:
            yield element


def _paragraph(document: Document, element: ET.Element) -> Paragraph:
    properties = element.find(_PROPERTIES)
    label = _label(document, properties)
    spans = joined([Span(label)] if label else [], unindented(_worded(document, element)))
    text = "".join(span.text for span in spans)
    level = level_of(text, document.styles.headings.get(_style_of(properties), 0), outline_of(properties))
    end = None if properties is None else properties.find(_LOOK)
    if end is not None and any(end.find(tag) is not None for tag in _TRACKED_END):
        document.tracked()  # the paragraph's end itself was put in or taken out
    return Paragraph(tuple(spans), level, document.place())


def _style_of(properties: ET.Element | None, tag: str = _STYLE) -> str:
    style = None if properties is None else properties.find(tag)
    return "" if style is None else style.get(_VAL, "")


def _label(document: Document, properties: ET.Element | None) -> str:
    """The automatic number before a paragraph of these properties, "" for none."""
    listed = list_of(properties) or document.styles.lists.get(_style_of(properties))
    if not listed:
        return ""
    if document.numbering.bulleted(*listed):
        document.remark("从这一段起有项目符号，报告里会变成普通段落", "需要分条的，请写成“一是”“（1）”这样")
    if document.numbering.unfamiliar(*listed):
        document.remark("从这一段起有认不出格式的自动编号，报告里会写成1、2、3", "请核对；要别的写法，请换一种编号，或直接打出编号")
    return document.numbering.label(*listed)


def _worded(document: Document, paragraph: ET.Element) -> Iterator[Span]:
    """The words of a paragraph; what its style does to them, and what they hide, is said."""
    look = document.styles.looks.get(_style_of(paragraph.find(_PROPERTIES)))
    if look and paragraph.find(f".//{_TEXT}") is not None:
        _heed_look(document, look)
    for what in unseen_fields(paragraph):
        document.complain("E305", ERROR, f"这一段有{what}，暂时不能带入报告", "请改成普通文字")
    yield from _spans(document, paragraph)


def _spans(document: Document, element: ET.Element) -> Iterator[Span]:
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in _TRACKED:
            document.tracked()
        if name in ("pPr", "del", "moveFrom", "rPr", "instrText", "Fallback"):
            continue
        if child.tag == _RUN:
            look = look_of(child)
            yield Span(_run_text(document, child, look), _on(look, "b"))
        elif name in _UNSUPPORTED:
            document.refuse(name)
        else:
            yield from _spans(document, child)


def _run_text(document: Document, run: ET.Element, look: dict[str, str]) -> str:
    text = ""
    if look and run.find(_TEXT) is not None:
        _heed_look(document, document.styles.looks.get(_style_of(run.find(_LOOK), _CHARACTERS), {}) | look)
    for child in _inside(run):
        name = child.tag.rpartition("}")[2]
        if name == "t":
            text += child.text or ""
        elif name in _WRITTEN and child.get(f"{W}type") not in ("page", "column"):
            text += _WRITTEN[name]
        elif name in _DRAWN:
            document.draw(child)
        elif name in _UNSUPPORTED:
            document.refuse(name)
    cleaned, changed = clean(text)
    if changed:
        document.complain("E308", WARNING, "这一段有看不见的字符，已去掉", "请核对这段文字")
    if rare := private(cleaned):
        message = f"这一段有自造字，别的电脑上可能是空白：{rare}"
        document.complain("E316", WARNING, message, "请换成标准字；没有标准字的，成文后核对")
    return cleaned


def _inside(run: ET.Element) -> Iterator[ET.Element]:
    """What a run holds, not the insides of drawings and the like, nor a second version for older programs."""
    for child in run:
        name = child.tag.rpartition("}")[2]
        if name != "Fallback":
            yield child
            if len(child) and name not in (*_DRAWN, *_UNSUPPORTED):
                yield from _inside(child)


def _on(look: Mapping[str, str], name: str) -> bool:
    """Whether a look has what is either on or off."""
    return look.get(f"{W}{name}", "0") not in ("0", "false", "off")


def _heed_look(document: Document, look: Mapping[str, str]) -> None:
    """Looks that change what a reader takes from the words."""
    for name, what in _STRUCK.items():
        if _on(look, name):
            document.complain("E305", ERROR, f"这一段有{what}的文字", f"不要的请删去；要写进报告的请取消{what}")
    if look.get(f"{W}vertAlign") in ("superscript", "subscript"):
        document.complain("E305", WARNING, "这一段有上标或下标，报告里会变成普通文字", "可以改用 ²、㎡ 这样的字符")


def _table(document: Document, element: ET.Element) -> ProseTable:
    if any(element.find(path) is not None for path in _UNEVEN):
        message = "这一段后的表格里有嵌套的表格，或有的行缩进了，暂时不能带入报告"
        document.complain("E305", ERROR, message, "请改为各行对齐的一张表格")
    if any(element.find(path) is not None for path in _TRACKED_ROWS):
        document.tracked()
    place = Place(document.file, "", f"第{document.ordinal}段后的表")
    table = read_grid(element, lambda cell: "\n".join(_cell_texts(document, cell)).strip("\n"), place)
    if document.drawn():
        document.complain("E305", ERROR, "这一段后的表格里有图片，暂时不能带入报告", "请把图片移到表格外面")
    return table


def _cell_texts(document: Document, cell: ET.Element) -> Iterator[str]:
    for paragraph in cell.iter(f"{W}p"):
        yield _label(document, paragraph.find(_PROPERTIES)) + "".join(span.text for span in _worded(document, paragraph))
