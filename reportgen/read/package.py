"""A file as its parts, a workbook as its texts and formats; what is too large, unsafe or no workbook is refused as a whole."""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen.read.cells import FORMATS, clean

MAX_BYTES, MAX_RATIO, MAX_MEMBERS = 200 * 2**20, 200, 2000
CHUNK = 2**20  # of XML at a time: as a tree it takes twenty times the memory

DAMAGE = (ET.ParseError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError,
          ArithmeticError, ValueError, LookupError)  # fmt: skip  # what zipfile and expat were seen to raise

# The second is “Strict Open XML”, with the same elements.
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NAMES = ("workbook", "sst", "si", "styleSheet", "numFmts", "fonts", "cellXfs", "worksheet", "row", "col", "mergeCell")
_TAGS = {f"{{{namespace}}}{name}": name for namespace in _MAIN for name in _NAMES}


class RefusedError(Exception):
    """The file as a whole can't be read; the argument is the code."""


def unpack(path: Path) -> dict[str, bytes]:
    """Every part by lower-case name, its checksum verified; RefusedError, or what DAMAGE lists."""
    return {name.lower(): part for name, part in members(path)}


def members(path: Path) -> list[tuple[str, bytes]]:
    """Every member of a zip file as it is named; the limits hold before anything is unpacked."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RefusedError("E108")
        data = path.read_bytes()
    except OSError:
        raise RefusedError("E101") from None
    if code := _other_kind(data):
        raise RefusedError(code)
    if data.count(b"PK\1\2") > MAX_MEMBERS:  # zipfile would first list them all
        raise RefusedError("E108")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.infolist()
        squeezed = any(m.file_size > max(2**20, MAX_RATIO * m.compress_size) for m in listed)
        if squeezed or sum(m.file_size for m in listed) > MAX_BYTES:
            raise RefusedError("E108")
        parts = [(member.filename.replace("\\", "/"), archive.read(member)) for member in listed]
    for name, part in parts:  # without \0, the letters of UTF-16 read like any others
        if name.lower().endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in part.replace(b"\0", b""):
            raise RefusedError("E109")
    return parts


def _other_kind(data: bytes) -> str:
    """The code for what the first bytes show, "" for a zip archive: a file's name is often wrong."""
    if data.startswith(b"PK"):
        return ""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "E103"
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\r\n ").lower()
    if not head:
        return "E102"
    if b"<html" in head or head.startswith((b"<!doctype html", b"<table", b"<meta", b"mime-version")):
        return "E104"
    plain = data.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(rb"[\0-\x08\x0e-\x1f]", head)
    return "E105" if plain else "E106"


class Book:
    """What all sheets share: the parts, the texts, the formats by style, the styles struck out, the epoch."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        main = main_part(parts)
        if not main.endswith(".xml") or _TAGS.get((root := ET.fromstring(parts[main])).tag) != "workbook":
            raise RefusedError("E106")
        relations = {key: (kind, part) for key, kind, part in relations_of(parts, main)}
        self.sheets = list(_listed(root, relations))
        if not self.sheets:
            raise RefusedError("E106")
        self.since_1904 = any(yes(element.get("date1904")) for element in root.iterfind("{*}workbookPr"))
        part_of = dict(relations.values())
        self.strings = self._strings(part_of.get("sharedStrings"))
        self.formats, self.struck = self._styles(part_of.get("styles"))

    def _strings(self, part: str | None) -> dict[str, tuple[str, str, str]]:
        items = elements(self.parts[part], "sst") if part else ()
        return {str(number): item_held(item) for number, (_, item) in enumerate(items)}

    def _styles(self, part: str | None) -> tuple[dict[str, str], set[str]]:
        codes, formats = {str(number): code for number, code in FORMATS.items()}, {"0": ""}
        fonts, struck = set[str](), set[str]()
        for name, element in elements(self.parts[part], "styleSheet") if part else ():
            if name == "numFmts":
                codes |= {own.attrib["numFmtId"]: own.attrib["formatCode"] for own in element}
            elif name == "fonts":
                fonts = {str(i) for i, font in enumerate(element) if _struck(font)}
            else:
                formats |= {str(i): codes.get(style.get("numFmtId", "0"), "") for i, style in enumerate(element)}
                struck = {str(i) for i, style in enumerate(element) if style.get("fontId", "0") in fonts}
        return {number: "" if code in ("General", "G/通用格式") else code for number, code in formats.items()}, struck


def main_part(parts: Mapping[str, bytes]) -> str:
    """The part that a package is about, "" for none."""
    return next((part for _, kind, part in relations_of(parts, "") if kind == "officeDocument"), "")


def relations_of(parts: Mapping[str, bytes], part: str) -> Iterator[tuple[str, str, str]]:
    """(id, last word of the type, part it leads to) of each relation of a part; "" is the package."""
    folder, name = posixpath.split(part)
    for relation in ET.fromstring(parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"<none/>")):
        key, kind, target = (relation.attrib[name] for name in ("Id", "Type", "Target"))
        yield key, posixpath.basename(kind), _part(folder, target)


@lru_cache(maxsize=1024)
def _part(folder: str, target: str) -> str:
    """The part that a relation leads to from a folder of the package."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()


def _listed(workbook: ET.Element, relations: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, bool, str]]:
    """Name, visible, part of each worksheet; a chart on a sheet of its own is none."""
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        (key,) = (value for name, value in sheet.attrib.items() if name.endswith("}id"))
        kind, part = relations[key]
        if kind == "worksheet":
            yield sheet.attrib["name"], sheet.get("state", "visible") == "visible", part


def elements(data: bytes, root: str) -> Iterator[tuple[str, ET.Element]]:
    """Each finished element that ``_TAGS`` names, in order; ValueError unless all stand in a ``root``.

    The tree grows in C below an element of ours, and is looked at, and cut, once a chunk: to be told of the end of each
    element takes twice the time. What stood before a mistake in the XML comes too, then ParseError.
    """
    builder = ET.TreeBuilder()
    whole, parser = builder.start("", {}), ET.XMLParser(target=builder)
    try:
        for at in range(0, len(data), CHUNK):
            yield from _finished(whole, _last_ones(whole))
            parser.feed(data[at : at + CHUNK])
        parser.close()
    except ET.ParseError:
        yield from _finished(whole, list(iter(lambda: builder.end(""), whole)))
        raise
    yield from _finished(whole, [])
    if _TAGS.get(whole[0].tag) != root:
        raise ValueError(root)


def _last_ones(element: ET.Element) -> list[ET.Element]:
    """The last child, its last child and so on: in a tree that still grows, all that may not be finished."""
    chain = []
    while len(element):
        element = element[-1]
        chain.append(element)
    return chain


def _finished(whole: ET.Element, unfinished: list[ET.Element]) -> Iterator[tuple[str, ET.Element]]:
    """The named elements that are complete; the tree lets go of all but the last of each row of children."""
    waiting, roots = [whole], (whole, *whole)
    while waiting:
        one = waiting.pop()
        name = "" if one in roots else _TAGS.get(one.tag, "")
        if not name:
            waiting += one[::-1]
            del one[:-1]
        elif one not in unfinished:
            yield name, one


def joined(item: ET.Element) -> str:
    """The text of an <si> or <is>: its own <t> or those of its runs, without phonetic guides (<rPh>)."""
    if len(item) == 1 and item[0].tag.endswith("}t"):
        text = item[0].text or ""
        return unescaped(text) if "_x" in text else text
    texts = (item, *(child for child in item if child.tag.endswith("}r")))
    return "".join(unescaped(t.text or "") for text in texts for t in text if t.tag.endswith("}t"))


def item_held(item: ET.Element) -> tuple[str, str, str]:
    """What an <si> or <is> holds, as ``text_held`` has it; what is wrong with the looks of its runs comes first."""
    kind, text, code = text_held(joined(item))
    return kind, text, (_misread(item) if any(map(len, item)) else "") or code


def _misread(item: ET.Element) -> str:
    """E117 for words struck out, E118 for a raised figure behind another (341⁸, no 3418), or ""."""
    before = ""
    for run in (child for child in item if child.tag.endswith("}r")):
        looks, text = run.findall("{*}rPr/*"), run.findtext("{*}t") or ""
        if text.strip() and _struck(looks):
            return "E117"
        if before[-1:].isdigit() and text[:1].isdigit() and _raised(looks):
            return "E118"
        before = text
    return ""


def _struck(looks: Iterable[ET.Element]) -> bool:
    return any(one.tag.endswith("}strike") and yes(one.get("val", "1")) for one in looks)


def _raised(looks: Iterable[ET.Element]) -> bool:
    return any(one.tag.endswith("}vertAlign") and one.get("val") != "baseline" for one in looks)


def text_held(text: str) -> tuple[str, str, str]:
    """What a cell of this text holds: its kind, the text without invisible characters, and the code of that or ""."""
    if text.isprintable():
        return "text", text, ""
    text, changed = clean(text)
    return "text", text, "E114" if changed else ""


def unescaped(text: str) -> str:
    """_xHHHH_ is a character that XML can't hold; _x005F_ an underscore that would else begin one."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def yes(value: str | None) -> bool:
    """Whether an XML attribute is true."""
    return value in ("1", "true")
