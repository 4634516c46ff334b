"""The document as a .docx file: the same bytes for the same report, with the provenance of its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from reportgen.model import Fact
from reportgen.write.archive import CONTENT_TYPES, HEAD, deflated, inflated, write_zip
from reportgen.write.picture import part_of, unique
from reportgen.write.render import Rendered
from reportgen.write.source import CORE, DOCUMENT_RELS, link_pictures
from reportgen.write.template import NAMESPACE, Template

# Brackets and quotes of our own are \x01, \x02 and \x03 while the data between them are still to be escaped.
_ESCAPES = tuple(
    (raw.encode(), escaped.encode())
    for raw, escaped in (
        ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"), ("\r", "&#13;"),
        ("\x01", "<"), ("\x02", ">"), ("\x03", '"'),
    )
)  # fmt: skip
_SHEET = "\x01sheet id=\x03{}\x03 file=\x03{}\x03 part=\x03{}\x03/\x02"
_CORE = (
    HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{}</dcterms:modified></cp:coreProperties>'
)


def pack(template: Template, rendered: Rendered, title: str, created: date, provenance: bool = True) -> bytes:
    """The bytes of the .docx; title and dates come from the arguments alone.

    With ``provenance`` a custom XML part says for every figure which cells it rests on.
    """
    day = f"{created:%Y-%m-%d}T00:00:00Z"
    parts = dict(rendered.parts) | {CORE: _CORE.format(_escape(title).decode(), day, day).encode()}
    entries = dict(template.static)
    if provenance:
        entries |= template.traced
        parts[template.item] = HEAD.encode() + provenance_map(rendered.shown)
    if pictures := unique(rendered.pictures):
        types, links = link_pictures(inflated(entries[CONTENT_TYPES]), inflated(entries[DOCUMENT_RELS]), pictures)
        parts |= {CONTENT_TYPES: types, DOCUMENT_RELS: links}
        entries |= {part_of(one): deflated(one.data) for one in pictures}
    return write_zip(entries | {name: deflated(content) for name, content in parts.items()})


def provenance_map(shown: Sequence[Fact]) -> bytes:
    """Which fact each figure shows, the n-th for the bookmark ``_f``n; what facts are worked out from, down to the cells.

    A fact has its inputs, or its cells as sheet!cell.
    """
    facts: dict[int, Fact] = {}
    sheets = _Numbers()
    for fact in shown:
        _collect(fact, facts)
    told = [_fact(facts[number], sheets) for number in sorted(facts)]
    heads = [_SHEET.format(number, *sheet) for sheet, number in sheets.items()]
    lines = (f"\x01figures facts=\x03{' '.join([str(fact.number) for fact in shown])}\x03/\x02", *heads, *told)
    return f'<map xmlns="{NAMESPACE}" version="2">'.encode() + _escape("".join(lines)) + b"</map>"


class _Numbers(dict[tuple[str, str], int]):
    """Sheets of files, numbered as they come."""

    def __missing__(self, sheet: tuple[str, str]) -> int:
        return self.setdefault(sheet, len(self) + 1)


def _collect(fact: Fact, facts: dict[int, Fact]) -> None:
    """The fact and all that it was computed from."""
    if fact.number not in facts:
        facts[fact.number] = fact
        for one in fact.inputs:
            _collect(one, facts)


def _fact(fact: Fact, sheets: _Numbers) -> str:
    """One that was worked out names what it was worked out from, any other its cells."""
    more = f" formula=\x03{fact.formula}\x03" if fact.formula else ""
    if fact.inputs:
        more += f" inputs=\x03{' '.join([str(one.number) for one in fact.inputs])}\x03"
    elif fact.places:
        cells = [f"{sheets[one.file, one.part]}!{one.mark}" for one in fact.places]
        more += f" cells=\x03{' '.join(cells)}\x03"
    named = f"\x01fact id=\x03{fact.number}\x03 name=\x03{fact.name}\x03"
    return f"{named} value=\x03{_value(fact)}\x03 unit=\x03{fact.unit}\x03{more}/\x02"


def _value(fact: Fact) -> str:
    if isinstance(fact.value, Decimal):
        return format(fact.value, "f")
    return "、".join(fact.value) if isinstance(fact.value, tuple) else str(fact.value)


def _escape(text: str) -> bytes:
    """Data escaped in one go for the whole map; our own brackets and quotes come last."""
    data = text.encode()
    for raw, escaped in _ESCAPES:
        data = data.replace(raw, escaped)
    return data
