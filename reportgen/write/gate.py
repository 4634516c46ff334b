"""The gate: what must hold of every document before it may replace another. A few milliseconds each.

It reads the finished bytes and nothing else: the zip with its checksums, every part by a strict parser, then the text
and the structure of the body by its tags. Whoever wrote them, what is wrong there would be wrong in Word.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from html import unescape
from xml.parsers import expat

from reportgen.write.archive import Entry, inflated
from reportgen.write.render import Rendered
from reportgen.write.skeleton import faults
from reportgen.write.source import DOCUMENT, DOCUMENT_RELS
from reportgen.write.template import Template

_XML = (".xml", ".rels")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝")
_BRACE = tuple(one.encode() for one in "{}｛｝")  # without one of these there is no tag to look for
# Shapes that Python gives to what should have been a word or a number; without one of these words there is none.
_PYTHONIC = ("Decimal(", "Fact(", "Undefined(", "Missing(", " object at 0x")
_PYTHON = re.compile(r"\b(?:Decimal|Fact|Undefined|Missing)\(|<[\w.]+ object at 0x")  # None, nan are words that people write
_TEXT = re.compile(rb"<w:(?:t|instrText)(?: [^>]*)?>([^<]*)")
_MARKUP = re.compile(rb"<[^>]*>")
_BLIP = re.compile(rb':blip [^>]*?:embed="([^"]*)"')
_LINK = re.compile(r'<Relationship (?=[^>]*?\bId="([^"]*)")(?=[^>]*?\bTarget="([^"]*)")')


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
                    broken += _well_formed(info.filename, parts[info.filename])
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, struct.error) as error:
        return [f"文件不完好，打不开：{error}"]
    broken += [f"{name} 有两份" for name in sorted(set(names)) if names.count(name) > 1]
    if broken or DOCUMENT not in parts:
        return broken or ["没有正文"]
    document = parts[DOCUMENT]
    checks = _words(rendered, parts), _figures(document, rendered), faults(document, len(rendered.blocks))
    return [*(line for lines in checks for line in lines), *_pictures(document, parts.get(DOCUMENT_RELS, b""), names)]


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


def _well_formed(name: str, content: bytes) -> Iterator[str]:
    if not name.endswith(_XML):
        return
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(content, True)  # with namespaces: a prefix that nobody binds is told
    except expat.ExpatError as error:
        found = _CONTROL.search(content)
        yield f"{name} 里留下了内部标记或控制字符（第 {found.start()} 字节）" if found else f"{name} 不是完好的 XML：{error}"


def _words(rendered: Rendered, parts: Mapping[str, bytes]) -> Iterator[str]:
    """No tag is left, and no Python value is printed.

    Compiling has turned every tag of the template into control characters, so braces that the rendered blocks hold
    are what somebody handed in, and stay; anywhere else they are a tag that compiling has not seen.
    """
    said = "\n".join([block.text for block in rendered.blocks])
    for name in (one for one in rendered.parts if one.endswith(_XML) and any(brace in parts[one] for brace in _BRACE)):
        for text in _TEXT.findall(parts[name]):
            words = unescape(text.decode())
            if (found := _BRACES.search(words)) and words not in said:
                yield f"{name} 里留下了没有处理的“{found[0]}”：{words[:40]}"
    for block in rendered.blocks if any(one in said for one in _PYTHONIC) else ():
        if found := _PYTHON.search(block.text):
            yield f"{block.id} 里有不该出现的“{found[0]}”：{block.text[:40]}"


def _figures(document: bytes, rendered: Rendered) -> Iterator[str]:
    """Each figure's bookmark holds what it shows, once; no two bookmarks have one id."""
    ids, names, runs = list[bytes](), list[bytes](), list[bytes]()
    for piece in document.split(b'<w:bookmarkStart w:id="')[1:]:
        head, _, rest = piece.partition(b'"/>')
        number, _, name = head.partition(b'" w:name="')
        inside, end, _ = rest.partition(b'<w:bookmarkEnd w:id="%b"/>' % number)
        ids.append(number)
        if name.startswith(b"_f") and end:
            names.append(name)
            runs.append(inside)
    held: dict[bytes, list[str]] = {}
    for name, text in zip(names, _read(runs), strict=False):
        held.setdefault(name, []).append(text)
    for figure in rendered.figures:
        found = held.get(b"_f%d" % figure.number, [])
        if found != [figure.shown]:
            said = "、".join(f"“{one}”" for one in found) or "没有书签"
            yield f"数据项“{figure.fact.name}”应显示“{figure.shown}”，文中是{said}"
    if len(set(ids)) != len(ids):
        yield "书签编号有重复"


def _read(figures: list[bytes]) -> list[str]:
    """The text of each figure's runs, all of them at one go."""
    runs = b"\0".join(figures).replace(b"<w:br/>", b"\n").replace(b"<w:tab/>", b"\t")
    return unescape(_MARKUP.sub(b"", runs).decode()).split("\0")


def _pictures(document: bytes, relations: bytes, names: Collection[str]) -> Iterator[str]:
    """Each picture of the text is in the file: Word shows a red cross for one that is not."""
    wanted = {key.decode() for key in _BLIP.findall(document)}
    links = dict(_LINK.findall(relations.decode())) if wanted else {}
    for key in wanted:
        if posixpath.normpath(posixpath.join("/word", unescape(links.get(key, "")))).lstrip("/") not in names:
            yield f"图片 {key} 不在文件里"
