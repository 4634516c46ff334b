"""A template's package as it comes in: refused where it is unsafe, and cleaned of known flaws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from lxml import etree

from reportgen.model import ERROR, Place, Problem
from reportgen.prose import Picture
from reportgen.write.archive import CONTENT_TYPES, DAMAGED, HEAD, OFFICE, ONE_LINK, read_parts
from reportgen.write.picture import key_of, part_of
from reportgen.write.tags import LEFT_OVER, TAG, TEXT_BOX, Element, Tag, W

DOCUMENT, CORE, STYLES = "word/document.xml", "docProps/core.xml", "word/styles.xml"
DOCUMENT_RELS = "word/_rels/document.xml.rels"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_REL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_REVISIONS = ("ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "sectPrChange")
_FIELD = W + "instrText"
_CALLED = {TEXT_BOX: "文本框", _FIELD: "域代码", W + "footnotes": "脚注", W + "endnotes": "尾注", W + "comments": "批注"}
_ITEM = re.compile(r"customXml/item(\d+)\.xml")
_ITEM_PROPS = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
# The id marks the kind of data, not the document: a fixed one keeps equal inputs equal.
_PROPERTIES = (
    HEAD + '<ds:datastoreItem ds:itemID="{{6F5D0A1C-5B0E-4E0B-9C57-7265706F7274}}"'
    ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
    '<ds:schemaRefs><ds:schemaRef ds:uri="{}"/></ds:schemaRefs></ds:datastoreItem>'
)


class TemplateError(Exception):
    """A template that can't be used; ``problems`` are all that was found, each with its place.

    ``sound`` are the parts whose other tags can be read all the same: their trees, and their tags by line.
    """

    def __init__(self, problems: tuple[Problem, ...], sound: tuple[tuple[Any, Mapping[int, Tag]], ...] = ()) -> None:
        super().__init__("\n".join(f"{one.place}：{one.message}" for one in problems))
        self.problems, self.sound = problems, sound


@dataclass
class Source:
    """The parts of a template: raw, and parsed where they are XML."""

    file: str
    raw: dict[str, bytes]
    roots: dict[str, Element] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(code, ERROR, place, message, hint))

    def xml(self, name: str) -> bytes:
        """A part as it will be written."""
        if name not in self.roots:
            return self.raw[name]
        return _written(self.roots[name])


def open_template(path: Path) -> Source:
    """Read, refuse, clean; raises TemplateError where nothing more can be said about the file."""
    source = Source(path.name, {})
    try:
        source.raw = read_parts(path)
        source.roots = {name: _parse(data) for name, data in source.raw.items() if name.endswith((".xml", ".rels"))}
    except (ValueError, etree.XMLSyntaxError) as error:
        reason = DAMAGED if isinstance(error, etree.XMLSyntaxError) else error
        raise TemplateError((Problem("E701", ERROR, Place(path.name), f"打不开模板：{reason}"),)) from error
    document = source.roots.get(DOCUMENT)
    if document is None or document.tag != W + "document" or document.nsmap.get("w") != W[1:-1]:
        hint = "请用 Word 或 WPS 另存为 .docx"
        raise TemplateError((Problem("E701", ERROR, Place(path.name), "不是普通的 Word 文档", hint),))
    if not source.roots.keys() >= {CONTENT_TYPES, DOCUMENT_RELS, "_rels/.rels"}:
        raise TemplateError((Problem("E701", ERROR, Place(path.name), f"打不开模板：{DAMAGED}"),))
    _refuse_unsafe(source)
    _refuse_unsupported_tags(source)
    _clean(source)
    return source


def _parse(data: bytes) -> Element:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("文件里有 DOCTYPE 声明，可能不安全")
    return root


def _refuse_unsafe(source: Source) -> None:
    for name in source.raw:
        if "vbaProject" in name or "activeX" in name:
            source.refuse("E701", Place(source.file, name), "模板里有宏", "请另存为不带宏的 .docx")
    for name, root in source.roots.items():
        if not name.endswith(".rels"):
            continue
        for link in root:
            if link.get("TargetMode") == "External" and not str(link.get("Type")).endswith("/hyperlink"):
                target = link.get("Target", "")
                source.refuse("E701", Place(source.file, name), f"模板引用了外部文件：{target}", "请把它嵌入模板或删去")
    if next(source.roots[DOCUMENT].iter(*(W + name for name in _REVISIONS)), None) is not None:
        source.refuse("E701", Place(source.file), "模板里有未接受的修订", "请先接受或拒绝全部修订")


def _refuse_unsupported_tags(source: Source) -> None:
    for name, root in source.roots.items():
        story = root.tag in (W + "document", W + "hdr", W + "ftr")
        for where in root.iter(TEXT_BOX, _FIELD) if story else [root] if name.startswith("word/") else []:
            text = "".join(str(one) for one in where.itertext())
            for tag in TAG.findall(text) or LEFT_OVER.findall(text)[:1]:
                place = _CALLED.get(str(where.tag), name)
                source.refuse("E703", Place(source.file, place), f"不支持这里的标记：{tag}", "请移到正文、表格或页眉页脚")


def _clean(source: Source) -> None:
    """Mend what python-docx's own template gets wrong, and see that there are core properties to write."""
    for name in [one for one in source.raw if "stylesWithEffects" in one or one.startswith("word/comments")]:
        _remove(source, name)
    settings = source.roots.get("word/settings.xml")
    for zoom in settings.iter(W + "zoom") if settings is not None else ():
        zoom.set(W + "percent", zoom.get(W + "percent") or "100")
    for override in source.roots[CONTENT_TYPES]:
        override.set("ContentType", override.get("ContentType", "").replace(".template.main+xml", ".document.main+xml"))
    if CORE not in source.raw:
        _declare(source, "/" + CORE, _CORE_TYPE)
        _link(source, "_rels/.rels", _CORE_REL, CORE)


def _remove(source: Source, name: str) -> None:
    del source.raw[name]
    source.roots.pop(name, None)
    last = name.rpartition("/")[2]
    for root, attribute in ((source.roots[CONTENT_TYPES], "PartName"), (source.roots[DOCUMENT_RELS], "Target")):
        for element in [one for one in root if str(one.get(attribute)).rpartition("/")[2] == last]:
            root.remove(element)


def add_item(source: Source, namespace: str) -> tuple[str, dict[str, bytes]]:
    """A custom XML part of a number that is free: its name, and the parts that declare it, link it and say what it is."""
    taken = {int(found[1]) for found in map(_ITEM.fullmatch, source.raw) if found}
    number = next(n for n in count(1) if n not in taken)
    item, properties = f"customXml/item{number}.xml", f"customXml/itemProps{number}.xml"
    _declare(source, f"/{properties}", _ITEM_PROPS)
    _link(source, DOCUMENT_RELS, f"{OFFICE}/customXml", f"../{item}")
    around = {name: source.xml(name) for name in (CONTENT_TYPES, DOCUMENT_RELS)}
    around[properties] = _PROPERTIES.format(namespace).encode()
    around[f"customXml/_rels/item{number}.xml.rels"] = ONE_LINK.format("customXmlProps", f"itemProps{number}.xml").encode()
    return item, around


def _declare(source: Source, part: str, kind: str) -> None:
    _append(source.roots[CONTENT_TYPES], "Override", PartName=part, ContentType=kind)


def _link(source: Source, rels: str, kind: str, target: str) -> None:
    taken = {link.get("Id") for link in source.roots[rels]}
    free = next(key for key in map("rId{}".format, count(1)) if key not in taken)
    _append(source.roots[rels], "Relationship", Id=free, Type=kind, Target=target)


def _append(root: Element, tag: str, **attributes: str) -> None:
    etree.SubElement(root, f"{{{etree.QName(root).namespace}}}{tag}", attributes)


def link_pictures(types: bytes, links: bytes, pictures: Iterable[Picture]) -> tuple[bytes, bytes]:
    """The content types and the document's links with those of the pictures; each picture once."""
    declared, linked = _parse(types), _parse(links)
    known = {one.get("Extension", "").lower() for one in declared}
    for picture in pictures:
        if picture.kind not in known:
            _append(declared, "Default", Extension=picture.kind, ContentType=f"image/{picture.kind}")
            known.add(picture.kind)
        target = part_of(picture).removeprefix("word/")
        _append(linked, "Relationship", Id=key_of(picture), Type=f"{OFFICE}/image", Target=target)
    return _written(declared), _written(linked)


def _written(root: Element) -> bytes:
    return (HEAD + etree.tostring(root, encoding="unicode")).encode()
