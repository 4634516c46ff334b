"""The gate: what must hold of every document before it may replace another. A few milliseconds each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from lxml import etree

from reportgen.write.render import Rendered
from reportgen.write.source import DOCUMENT
from reportgen.write.tags import TBL, TC, TEXT_BOX, TR, Element, P, T, W, inside

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝")
# Shapes that Python gives to what should have been a word or a number.
_PYTHON = re.compile(r"\b(?:None|Undefined|Missing|nan|NaN|Decimal\(|Fact\()|<[\w.]+ object at 0x")


def findings(data: bytes, rendered: Rendered) -> list[str]:
    """What is wrong with a finished document, in Chinese sentences; nothing where it is sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            parts = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        return [f"文件不完好，打不开：{error}"]
    broken = [f"{name} 有两份" for name in sorted(set(names)) if names.count(name) > 1]
    broken += [line for name, content in parts.items() for line in _well_formed(name, content)]
    if broken or DOCUMENT not in parts:
        return broken or ["没有正文"]
    root = etree.fromstring(parts[DOCUMENT])
    return [*_words(rendered, parts), *_figures(root, rendered), *_blocks(root, rendered), *_tables(root)]


def _well_formed(name: str, content: bytes) -> Iterator[str]:
    if not name.endswith((".xml", ".rels")):
        return
    if found := _CONTROL.search(content):
        yield f"{name} 里留下了内部标记或控制字符（第 {found.start()} 字节）"
        return
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        yield f"{name} 不是完好的 XML：{error}"


def _words(rendered: Rendered, parts: dict[str, bytes]) -> Iterator[str]:
    """No tag is left, and no Python value is printed."""
    for name in (name for name in rendered.parts if b"{" in parts[name] or "｛".encode() in parts[name]):
        for text in etree.fromstring(parts[name]).iter(T, W + "instrText"):
            if found := _BRACES.search(text.text or ""):
                yield f"{name} 里留下了没有处理的“{found[0]}”：{(text.text or '')[:40]}"
    for block in rendered.blocks:
        if found := _PYTHON.search(block.text):
            yield f"{block.id} 里有不该出现的“{found[0]}”：{block.text[:40]}"


def _figures(root: Element, rendered: Rendered) -> Iterator[str]:
    """Each figure's bookmark holds what it shows, once."""
    held = {one.get(W + "name", ""): one for one in root.iter(W + "bookmarkStart")}
    for figure in rendered.figures:
        start = held.get(f"_f{figure.number}")
        if start is None or (text := _held(start)) != figure.shown:
            found = "没有书签" if start is None else f"是“{text}”"
            yield f"数据项“{figure.fact.name}”应显示“{figure.shown}”，文中{found}"
    ids = [one.get(W + "id") for one in root.iter(W + "bookmarkStart")]
    if len(set(ids)) != len(ids):
        yield "书签编号有重复"


def _held(start: Element) -> str:
    """The text between a bookmark's start and its end, which follow one another in one paragraph."""
    text = ""
    for element in start.itersiblings():
        if element.tag == W + "bookmarkEnd":
            break
        text += "".join({W + "br": "\n", W + "tab": "\t"}.get(str(one.tag), one.text or "") for one in element)
    return text


def _blocks(root: Element, rendered: Rendered) -> Iterator[str]:
    """As many paragraphs outside tables, and rows, as were planned; the contents' own entries don't count."""
    count = sum(1 for row in root.iter(TR) if next(inside(row, TR, TEXT_BOX), None) is None)
    depth = 0
    for paragraph in (one for one in root.iter(P) if next(inside(one, TBL, TEXT_BOX), None) is None):
        codes = "".join(code.text or "" for code in paragraph.iter(W + "instrText"))
        in_contents = depth > 0 or codes.split()[:1] == ["TOC"]
        if in_contents:
            kinds = [field.get(W + "fldCharType") for field in paragraph.iter(W + "fldChar")]
            depth += kinds.count("begin") - kinds.count("end")
        count += not in_contents
    if count != len(rendered.blocks):
        yield f"应有 {len(rendered.blocks)} 个段落和表格行，文中有 {count} 个"


def _tables(root: Element) -> Iterator[str]:
    """Tables have rows, rows have cells, cells end with a paragraph: Word can't open anything else."""
    for element, name, child in ((TBL, "表格没有行", TR), (TR, "表格行没有格子", TC)):
        if any(next(one.iter(child), None) is None for one in root.iter(element)):
            yield name
    if any(not len(cell) or cell[-1].tag not in (P, W + "sdt") for cell in root.iter(TC)):
        yield "有的格子没有以段落结尾"
    for number, table in enumerate(root.iter(TBL), 1):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.iterfind(TR):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iterfind(TC)]
            sides = [one for side in ("gridBefore", "gridAfter") for one in row.iterfind(f"{W}trPr/{W}{side}")]
            width = sum(1 if span is None else int(span.get(W + "val", "1")) for span in spans)
            if width + sum(int(side.get(W + "val", "0")) for side in sides) != columns:
                yield f"第 {number} 个表格有一行的列数与表格不同"
                break
