"""Zip files of Word documents: read with care, written the same bytes each time."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.read.package import DAMAGE, RefusedError, members

DAMAGED = "不是完好的 .docx 文件，请用 Word 或 WPS 打开后另存"
_REFUSED = {"E101": "文件不在，或正被其他程序占用", "E108": "文件过大", "E109": "文件里有 DOCTYPE 声明，可能不安全"}
CONTENT_TYPES = "[Content_Types].xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# The links of a part that has just one: what kind it is and where it leads.
ONE_LINK = (
    f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/{{}}" Target="{{}}"/></Relationships>'
)
# 1980-01-01, the earliest date that a zip file knows: equal contents give equal bytes.
_DATE = (1 << 5) | 1
_FLAGS, _DEFLATED, _VERSION = 0x800, 8, 20
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Entry:
    """One part, deflated."""

    data: bytes
    crc: int
    size: int


def deflated(content: bytes, level: int = 1) -> Entry:
    """``content`` as a zip entry: level 1 takes half the time of 6, a template's own parts are worth 9."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return Entry(packer.compress(content) + packer.flush(), zlib.crc32(content), len(content))


def inflated(entry: Entry) -> bytes:
    """What a zip entry holds."""
    return zlib.decompress(entry.data, -15)


def read_parts(path: Path) -> dict[str, bytes]:
    """Every part by name, within the limits of what is handed in; raises ValueError with a reason in Chinese."""
    try:
        parts = [(name, part) for name, part in members(path) if not name.endswith("/")]
    except RefusedError as error:
        raise ValueError(_REFUSED.get(str(error), DAMAGED)) from error
    except DAMAGE as error:
        raise ValueError(DAMAGED) from error
    if len(dict(parts)) != len(parts):
        raise ValueError("文件里有重名的部件")
    return dict(parts)


def settled(data: bytes) -> bytes:
    """A package that a library has just made, without the time when it was: equal contents give equal bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", core)
    return write_zip({name: deflated(part) for name, part in parts.items()})


def write_zip(entries: Mapping[str, Entry]) -> bytes:
    """A zip file of the entries, content types first, then by name."""
    local, central, offset = [], [], 0
    for name in sorted(entries, key=lambda one: (one != CONTENT_TYPES, one != "_rels/.rels", one)):
        entry, raw = entries[name], name.encode()
        common = (_FLAGS, _DEFLATED, 0, _DATE, entry.crc, len(entry.data), entry.size, len(raw), 0)
        head = _LOCAL.pack(b"PK\x03\x04", _VERSION, *common) + raw
        local += [head, entry.data]
        central.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *common, 0, 0, 0, 0, offset) + raw)
        offset += len(head) + len(entry.data)
    size = sum(map(len, central))
    end = _END.pack(b"PK\x05\x06", 0, 0, len(central), len(central), size, offset, 0)
    return b"".join((*local, *central, end))
