"""The gate: what must hold of every document before it may replace another. A few milliseconds each."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from html import unescape
from typing import cast
from xml.parsers import expat

from lxml import etree

from reportgen.write.archive import OFFICE, Entry, inflated
from reportgen.write.render import Rendered
from reportgen.write.source import DOCUMENT, DOCUMENT_RELS
from reportgen.write.tags import TBL, TC, TR, Element, T, W
from reportgen.write.template import Template

_XML = (".xml", ".rels")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝")
_BRACE = tuple(one.encode() for one in "{}｛｝")  # without one of these there is no tag to look for
# Shapes that Python gives to what should have been a word or a number.
_PYTHON = re.compile(r"\b(?:Decimal|Fact|Undefined|Missing)\(|<[\w.]+ object at 0x")  # None, nan are words that people write
_FIGURE = re.compile(rb'<w:bookmarkStart w:id="(\d+)" w:name="_f(\d+)"/>(.*?)<w:bookmarkEnd w:id="\1"/>')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)|<w:(br|tab)/>")
_BLIP, _EMBED = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip", f"{{{OFFICE}}}embed"
_OUTSIDE = "[not(ancestor::w:tbl or ancestor::w:txbxContent)]"
# XPath runs in C: a few hundred Python calls a document instead of tens of thousands.
_ROWS = "count(//w:tr[not(ancestor::w:tr or ancestor::w:txbxContent)])"
_PARAGRAPHS = f"count(//w:p{_OUTSIDE})"
_WITH_CODES = f"//w:p{_OUTSIDE}[w:r/w:instrText or w:hyperlink/w:r/w:instrText or w:r/w:fldChar]"
_BAD_TABLES = {
    "表格没有行": "count(//w:tbl[not(w:tr or w:sdt)])",
    "表格行没有格子": "count(//w:tr[not(w:tc or w:sdt)])",
    "有的格子没有以段落结尾": "count(//w:tc[not(*[last()][self::w:p or self::w:sdt])])",
}
_WIDTHS = "w:tc/w:tcPr/w:gridSpan | w:trPr/w:gridBefore | w:trPr/w:gridAfter"


def findings(data: bytes, rendered: Rendered) -> list[str]:
    """What is wrong with a finished document, in Chinese sentences; nothing where it is sound."""
    names, parts, broken = list[str](), dict[str, bytes](), list[str]()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                names.append(info.filename)
                if entry := _of_template(data, info, rendered.template):
                    broken += _looked_at(info.filename, entry)
                else:
                    parts[info.filename] = archive.read(info)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, struct.error) as error:
        return [f"文件不完好，打不开：{error}"]
    broken += [f"{name} 有两份" for name in sorted(set(names)) if names.count(name) > 1]
    roots, torn = _parsed(parts)
    if broken or torn or DOCUMENT not in roots:
        return [*broken, *torn] or ["没有正文"]
    root = roots[DOCUMENT]
    checked = (_words(rendered, parts, roots), _figures(parts[DOCUMENT], rendered), _blocks(root, rendered), _tables(root))
    return [*(line for lines in checked for line in lines), *_pictures(root, roots.get(DOCUMENT_RELS, ()), names)]


def _of_template(data: bytes, info: zipfile.ZipInfo, template: Template) -> Entry | None:
    """The part as it stands in the file, if it is one of the template's own; what links to pictures is read anew."""
    name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    entry = Entry(data[start : start + info.compress_size], info.CRC, info.file_size)
    own = (template.static.get(info.filename), template.traced.get(info.filename))
    return entry if entry in own and info.filename != DOCUMENT_RELS else None


@lru_cache(maxsize=512)
def _looked_at(name: str, entry: Entry) -> tuple[str, ...]:
    """What is wrong with a part of a template: the same in every report, so it is looked at once."""
    return tuple(_well_formed(name, inflated(entry)))


def _parsed(parts: dict[str, bytes]) -> tuple[dict[str, Element], list[str]]:
    """The roots of the XML among the parts, and what is wrong with the others."""
    roots, torn = dict[str, Element](), list[str]()
    for name in (name for name in parts if name.endswith(_XML)):
        try:
            roots[name] = etree.fromstring(parts[name])
        except etree.XMLSyntaxError as error:
            torn += list(_well_formed(name, parts[name])) or [f"{name} 不是完好的 XML：{error}"]
    return roots, torn


def _well_formed(name: str, content: bytes) -> Iterator[str]:
    if not name.endswith(_XML):
        return
    if found := _CONTROL.search(content):
        yield f"{name} 里留下了内部标记或控制字符（第 {found.start()} 字节）"
        return
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        yield f"{name} 不是完好的 XML：{error}"


def _words(rendered: Rendered, parts: dict[str, bytes], roots: dict[str, Element]) -> Iterator[str]:
    """No tag is left, and no Python value is printed.

    Compiling has turned every tag of the template into control characters, so braces that the rendered blocks hold
    are what somebody handed in, and stay; anywhere else they are a tag that compiling has not seen.
    """
    known = "\n".join(block.text for block in rendered.blocks if _BRACES.search(block.text))
    for name in (one for one in rendered.parts if one in roots and any(brace in parts[one] for brace in _BRACE)):
        for text in roots[name].iter(T, W + "instrText"):
            words = text.text or ""
            if words not in known and (found := _BRACES.search(words)):
                yield f"{name} 里留下了没有处理的“{found[0]}”：{words[:40]}"
    for block in rendered.blocks:
        if found := _PYTHON.search(block.text):
            yield f"{block.id} 里有不该出现的“{found[0]}”：{block.text[:40]}"


def _figures(document: bytes, rendered: Rendered) -> Iterator[str]:
    """Each figure's bookmark holds what it shows, once; no two bookmarks have one id."""
    held: dict[int, list[str]] = {}
    for _, number, runs in _FIGURE.findall(document):
        held.setdefault(int(number), []).append(_read(runs.decode()))
    for figure in rendered.figures:
        found = held.get(figure.number, [])
        if found != [figure.shown]:
            said = "、".join(f"“{one}”" for one in found) or "没有书签"
            yield f"数据项“{figure.fact.name}”应显示“{figure.shown}”，文中是{said}"
    ids = re.findall(rb'<w:bookmarkStart w:id="(\d+)"', document)
    if len(set(ids)) != len(ids):
        yield "书签编号有重复"


def _read(runs: str) -> str:
    """The text of runs."""
    pieces = _TEXT.findall(runs)
    return unescape("".join(text or {"br": "\n", "tab": "\t"}.get(name, "") for text, name in pieces))


def _blocks(root: Element, rendered: Rendered) -> Iterator[str]:
    """As many paragraphs outside tables, and rows, as were planned; the contents' own entries don't count."""
    number = _count(root, _ROWS) + _count(root, _PARAGRAPHS) - sum(1 for _ in _contents(root))
    if number != len(rendered.blocks):
        yield f"应有 {len(rendered.blocks)} 个段落和表格行，文中有 {number} 个"


def _contents(root: Element) -> Iterator[Element]:
    """The paragraphs of the table of contents: from the one where its field begins until it ends."""
    depth = 0
    for paragraph in _find(root, _WITH_CODES):
        if depth or "".join(code.text or "" for code in paragraph.iter(W + "instrText")).split()[:1] == ["TOC"]:
            kinds = [field.get(W + "fldCharType") for field in paragraph.iter(W + "fldChar")]
            depth += kinds.count("begin") - kinds.count("end")
            yield paragraph


def _tables(root: Element) -> Iterator[str]:
    """Tables have rows, rows cells, cells end with a paragraph, rows fill the columns: Word opens nothing else."""
    yield from (said for said, wrong in _BAD_TABLES.items() if _count(root, wrong))
    for number, table in enumerate(root.iter(TBL), 1):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        if any(_width(row) != columns for row in table.iterfind(TR)):
            yield f"第 {number} 个表格有一行的列数与表格不同"


def _width(row: Element) -> int:
    """How many columns a row fills."""
    width = len(row.findall(TC))
    for one in _find(row, _WIDTHS):
        width += int(one.get(W + "val", "1")) - (one.tag == W + "gridSpan")
    return width


def _pictures(root: Element, relations: Iterable[Element], names: Collection[str]) -> Iterator[str]:
    """Each picture of the text is in the file: Word shows a red cross for one that is not."""
    links = {one.get("Id"): one for one in relations}
    for key in {blip.get(_EMBED) for blip in root.iter(_BLIP)} - {None}:
        target = links[key].get("Target", "") if key in links else ""
        if posixpath.normpath(posixpath.join("/word", target)).lstrip("/") not in names:
            yield f"图片 {key} 不在文件里"


@cache
def _path(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"w": W[1:-1]})


def _count(root: Element, path: str) -> int:
    return int(cast("float", _path(path)(root)))


def _find(root: Element, path: str) -> list[Element]:
    return cast("list[Element]", _path(path)(root))
