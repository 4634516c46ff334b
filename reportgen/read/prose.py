"""正文.docx as blocks under the headings that the kind knows. Only words are taken; the look is the template's."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen.define.kind import Slot
from reportgen.model import CONFIRM, ERROR, WARNING, Paragraph, Place, Problem, Prose, ProseTable, Span
from reportgen.read.numbering import Numbering, W, read_numbering
from reportgen.read.cells import clean
from reportgen.read.tables import normal

CODES = {
    "E301": "Word 文稿打不开",
    "E302": "文稿里有没处理的修订",
    "E303": "缺一段必填的文稿",
    "E304": "文稿里有一段不知道放到哪里",
    "E305": "文稿里有暂时不能带入报告的内容",
    "E306": "文稿的同一标题出现两次",
    "E307": "文稿或表格里的占位名称不认识",
    "E308": "文字里有看不见的字符，已去掉",
}
_PATTERNS = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (1, r"[一二三四五六七八九十]+、\s*"),
        (2, r"[（(][一二三四五六七八九十]+[）)]\s*"),
        (3, r"\d{1,2}(?:[.．]|、)\s*(?!\d)"),
        (4, r"[（(]\d{1,2}[）)]\s*"),
    )
)
_YEAR = re.compile(r"^\d{4}年度?")
HEADING_LENGTH = 40
_UNSUPPORTED = {"drawing": "图片", "pict": "图片", "object": "嵌入对象", "footnoteReference": "脚注",
                "endnoteReference": "尾注", "oMath": "公式", "txbxContent": "文本框"}  # fmt: skip


@dataclass(slots=True)
class _Document:
    """One Word file being read."""

    file: str
    numbering: Numbering
    heading_styles: Mapping[str, int]
    style_lists: Mapping[str, tuple[str, int]]
    problems: list[Problem] = field(default_factory=list)
    ordinal: int = 0

    def complain(self, code: str, level: str, message: str, hint: str, mark: str = "") -> None:
        place = Place(self.file, "", mark or f"第{self.ordinal}段")
        self.problems.append(Problem(code, level, place, message, hint))


def read_prose(path: Path, file: str, slots: Mapping[str, Slot]) -> tuple[dict[str, Prose], list[Problem]]:
    """Prose by slot name and all problems; a slot whose heading is missing or empty has no entry."""
    try:
        with zipfile.ZipFile(path) as package:
            document, body = _open(package, file)
    except (OSError, KeyError, zipfile.BadZipFile, ET.ParseError, ValueError, RuntimeError, NotImplementedError) as error:
        hint = "请用 Word 或 WPS 打开，另存为 .docx"
        return {}, [Problem("E301", ERROR, Place(file), f"Word 文稿打不开（{type(error).__name__}）", hint)]
    prose = _by_slot(document, list(_blocks(document, body)), slots)
    for slot in slots.values():
        if slot.required and slot.name not in prose:
            where = Place(file, slot.headings[0])
            document.problems.append(
                Problem("E303", ERROR, where, f"缺“{slot.headings[0]}”的文稿", "请在 Word 文稿里写上这个标题和它的内容")
            )
    return prose, document.problems


def _open(package: zipfile.ZipFile, file: str) -> tuple[_Document, ET.Element]:
    names = set(package.namelist())
    parts = {name: package.read(f"word/{name}.xml") if f"word/{name}.xml" in names else b"" for name in ("numbering", "styles")}
    xml = package.read("word/document.xml")
    if any(b"<!DOCTYPE" in part for part in (xml, *parts.values())):
        raise ValueError("DOCTYPE")
    headings, lists = _styles(parts["styles"])
    body = ET.fromstring(xml).find(f"{W}body")
    if body is None:
        raise ValueError("no body")
    return _Document(file, read_numbering(parts["numbering"]), headings, lists), body


def _styles(xml: bytes) -> tuple[dict[str, int], dict[str, tuple[str, int]]]:
    """Style id → heading level, and style id → its own list."""
    headings: dict[str, int] = {}
    lists: dict[str, tuple[str, int]] = {}
    for style in ET.fromstring(xml).iter(f"{W}style") if xml else ():
        key = style.get(f"{W}styleId", "")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None and int(outline.get(f"{W}val", "9")) < 4:
            headings[key] = int(outline.get(f"{W}val", "0")) + 1
        found = _list_of(style.find(f"{W}pPr"))
        if found:
            lists[key] = found
    return headings, lists


def _list_of(properties: ET.Element | None) -> tuple[str, int] | None:
    number = None if properties is None else properties.find(f"{W}numPr")
    if number is None:
        return None
    values = {child.tag: child.get(f"{W}val", "") for child in number}
    return values.get(f"{W}numId", ""), int(values.get(f"{W}ilvl") or "0")


# --- blocks --------------------------------------------------------------------------------------------------


def _blocks(document: _Document, body: ET.Element) -> Iterator[Paragraph | ProseTable]:
    for element in _content(body):
        if element.tag == f"{W}p":
            document.ordinal += 1
            paragraph = _paragraph(document, element)
            if paragraph.text.strip():
                yield paragraph
        elif element.tag == f"{W}tbl":
            yield _table(document, element)


def _content(body: ET.Element) -> Iterator[ET.Element]:
    """The body's blocks, those inside content controls too."""
    for element in body:
        if element.tag == f"{W}sdt":
            inner = element.find(f"{W}sdtContent")
            yield from _content(inner) if inner is not None else ()
        else:
            yield element


def _paragraph(document: _Document, element: ET.Element) -> Paragraph:
    style = element.find(f"{W}pPr/{W}pStyle")
    style_id = "" if style is None else style.get(f"{W}val", "")
    listed = _list_of(element.find(f"{W}pPr")) or document.style_lists.get(style_id)
    label = document.numbering.label(*listed) if listed else ""
    spans = _joined([Span(label)] if label else [], _spans(document, element))
    text = "".join(span.text for span in spans)
    level = _level(text, document.heading_styles.get(style_id, 0))
    return Paragraph(tuple(spans), level, Place(document.file, "", f"第{document.ordinal}段"))


def _level(text: str, style_level: int) -> int:
    """By its text first (一、 （一） 1. （1）), whatever its style; a styled heading without number by its style."""
    short = len(text.strip()) <= HEADING_LENGTH and not text.strip().endswith(("。", "；", "，", "：", "、"))
    if not short and not style_level:
        return 0
    return next((level for level, pattern in _PATTERNS if pattern.match(text.strip())), style_level)


def _spans(document: _Document, element: ET.Element) -> Iterator[Span]:
    for child in element:
        name = child.tag.removeprefix(W)
        if name in ("ins", "del", "moveFrom", "moveTo"):
            document.complain("E302", ERROR, "这一段有没处理的修订", "请在 Word 里接受或拒绝全部修订后再试")
        if name in ("pPr", "del", "moveFrom", "rPr", "instrText"):
            continue
        if name == "r":
            yield Span(_run_text(document, child), _bold(child))
        elif name.rpartition("}")[2] in _UNSUPPORTED:
            _refuse(document, name.rpartition("}")[2])
        else:
            yield from _spans(document, child)


def _run_text(document: _Document, run: ET.Element) -> str:
    text = ""
    for child in run.iter():
        name = child.tag.rpartition("}")[2]
        if name == "t":
            text += child.text or ""
        elif name in ("tab", "br", "cr", "noBreakHyphen"):
            text += {"tab": "\t" if child.tag == f"{W}tab" else "", "noBreakHyphen": "-"}.get(name, "\n")
        elif name in _UNSUPPORTED:
            _refuse(document, name)
            break
    cleaned, changed = clean(text)
    if changed:
        document.complain("E308", WARNING, "这一段有看不见的字符，已去掉", "请核对这段文字")
    return cleaned


def _refuse(document: _Document, name: str) -> None:
    document.complain("E305", ERROR, f"这一段有{_UNSUPPORTED[name]}，暂时不能带入报告", "请改用文字或表格写明")


def _bold(run: ET.Element) -> bool:
    bold = run.find(f"{W}rPr/{W}b")
    return bold is not None and bold.get(f"{W}val", "1") not in ("0", "false", "off")


def _joined(start: list[Span], spans: Iterator[Span]) -> list[Span]:
    """Neighbours of one look as one span; a placeholder split over looks stays in the span where it began."""
    joined = start
    for span in spans:
        if not span.text:
            continue
        last = joined[-1] if joined else None
        if last and (last.bold == span.bold or _open_placeholder(last.text)):
            joined[-1] = replace(last, text=last.text + span.text)
        else:
            joined.append(span)
    return joined


def _open_placeholder(text: str) -> bool:
    opened = max(text.rfind("{{"), text.rfind("｛｛"))
    return opened >= 0 and max(text.rfind("}}"), text.rfind("｝｝")) < opened


def _table(document: _Document, element: ET.Element) -> ProseTable:
    if element.find(f".//{W}tc//{W}tbl") is not None or element.find(f".//{W}vMerge") is not None:
        document.complain("E305", ERROR, "这里有合并单元格或嵌套的表格，暂时不能带入报告", "请改为每格独立的简单表格")
    rows = tuple(
        tuple("\n".join(_cell_texts(document, cell)) for cell in row.iter(f"{W}tc")) for row in element.iter(f"{W}tr")
    )
    width = max((len(row) for row in rows), default=0)
    padded = tuple(row + ("",) * (width - len(row)) for row in rows)
    return ProseTable(padded, Place(document.file, "", f"第{document.ordinal}段后的表"))


def _cell_texts(document: _Document, cell: ET.Element) -> Iterator[str]:
    for paragraph in cell.iter(f"{W}p"):
        yield "".join(span.text for span in _spans(document, paragraph))


# --- slots ---------------------------------------------------------------------------------------------------


def heading_name(text: str) -> str:
    """A heading's own words: （三）2024年部门预算编制情况。 → 部门预算编制情况."""
    plain = text.strip().rstrip("。．. ")
    for _, pattern in _PATTERNS:
        plain = pattern.sub("", plain, count=1) if pattern.match(plain) else plain
    return normal(_YEAR.sub("", plain))


def _by_slot(document: _Document, blocks: list[Paragraph | ProseTable], slots: Mapping[str, Slot]) -> dict[str, Prose]:
    """Blocks under the slot whose heading came last; a heading no deeper than the slot's own ends it."""
    wanted = {normal(heading): slot.name for slot in slots.values() for heading in slot.headings}
    found: dict[str, list[Paragraph | ProseTable]] = {}
    current, depth, homeless = "", 0, ""
    for block in blocks:
        level = block.level if isinstance(block, Paragraph) else 0
        name = wanted.get(heading_name(block.text), "") if isinstance(block, Paragraph) and level else ""
        if isinstance(block, Paragraph) and name:
            if name in found:
                _complain_twice(document, block)
            current, depth = name, level
            found.setdefault(name, [])
        elif level and (level <= depth or not current):
            current, homeless = "", block.text if isinstance(block, Paragraph) else ""
        elif current:
            found[current].append(_within(block, name=current))
        else:
            _complain_homeless(document, block, homeless)
    return {name: tuple(blocks) for name, blocks in found.items() if blocks}


def _within(block: Paragraph | ProseTable, name: str) -> Paragraph | ProseTable:
    return replace(block, place=replace(block.place, part=name))


def _complain_twice(document: _Document, block: Paragraph) -> None:
    place = replace(block.place, part=block.text)
    document.problems.append(Problem("E306", ERROR, place, f"标题“{block.text}”出现两次", "请把两处合并"))


def _complain_homeless(document: _Document, block: Paragraph | ProseTable, heading: str) -> None:
    words = block.text[:16] if isinstance(block, Paragraph) else "表格"
    where = f"“{heading}”下的" if heading else ""
    message = f"{where}“{words}…”不属于报告的任何一节，不会写进报告"
    document.problems.append(Problem("E304", CONFIRM, block.place, message, "请移到对应的标题下，或改正标题的文字"))
