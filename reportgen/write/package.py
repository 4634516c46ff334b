"""The document as a .docx file: the same bytes for the same report, with the provenance of its figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from reportgen.model import Fact
from reportgen.write.archive import CONTENT_TYPES, HEAD, ONE_LINK, deflated, inflated, write_zip
from reportgen.write.fill import Figure
from reportgen.write.picture import part_of, unique
from reportgen.write.render import Rendered
from reportgen.write.source import CORE, DOCUMENT_RELS, link_pictures
from reportgen.write.template import Template

NAMESPACE = "urn:reportgen:provenance"
# Brackets and quotes of our own are \x01, \x02 and \x03 while the data between them are still to be escaped.
_ESCAPES = tuple(
    (raw.encode(), escaped.encode())
    for raw, escaped in (
        ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"), ("\r", "&#13;"),
        ("\x01", "<"), ("\x02", ">"), ("\x03", '"'),
    )
)  # fmt: skip
_CORE = (
    HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{}</dcterms:modified></cp:coreProperties>'
)
# The id marks the kind of data, not the document: a fixed one keeps equal inputs equal.
_ITEM_PROPS = (
    HEAD + '<ds:datastoreItem ds:itemID="{6F5D0A1C-5B0E-4E0B-9C57-7265706F7274}"'
    ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
    f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
)


def pack(template: Template, rendered: Rendered, title: str, created: date, provenance: bool = True) -> bytes:
    """The bytes of the .docx; title and dates come from the arguments alone.

    With ``provenance`` a custom XML part says for every figure what it shows and which cells that rests on.
    """
    day = f"{created:%Y-%m-%d}T00:00:00Z"
    parts = dict(rendered.parts) | {CORE: _CORE.format(_escape(title).decode(), day, day).encode()}
    entries = dict(template.static)
    if provenance:
        item = template.item
        entries |= template.traced
        entries[f"customXml/item{item}.xml"] = deflated(HEAD.encode() + provenance_map(rendered.figures))
        parts[f"customXml/itemProps{item}.xml"] = _ITEM_PROPS.encode()
        parts[f"customXml/_rels/item{item}.xml.rels"] = ONE_LINK.format("customXmlProps", f"itemProps{item}.xml").encode()
    if pictures := unique(rendered.pictures):
        types, links = link_pictures(inflated(entries[CONTENT_TYPES]), inflated(entries[DOCUMENT_RELS]), pictures)
        parts |= {CONTENT_TYPES: types, DOCUMENT_RELS: links}
        entries |= {part_of(one): deflated(one.data) for one in pictures}
    return write_zip(entries | {name: deflated(content) for name, content in parts.items()})


def provenance_map(figures: Iterable[Figure]) -> bytes:
    """figure (bookmark, what is shown) → fact (name, value, unit, formula, inputs) → cells."""
    facts: dict[int, Fact] = {}
    lines = []
    for number, fact, shown in figures:
        _collect(fact, facts)
        lines.append(f"\x01figure bookmark=\x03_f{number}\x03 shown=\x03{shown}\x03 fact=\x03{fact.number}\x03/\x02")
    lines += (_fact(facts[number]) for number in sorted(facts))
    return f'<map xmlns="{NAMESPACE}" version="1">'.encode() + _escape("".join(lines)) + b"</map>"


def _collect(fact: Fact, facts: dict[int, Fact]) -> None:
    """The fact and all that it was computed from."""
    if fact.number not in facts:
        facts[fact.number] = fact
        for one in fact.inputs:
            _collect(one, facts)


def _fact(fact: Fact) -> str:
    more = f" formula=\x03{fact.formula}\x03" if fact.formula else ""
    if fact.inputs:
        more += f" inputs=\x03{' '.join(str(one.number) for one in fact.inputs)}\x03"
    cells = "".join(
        [f"\x01cell file=\x03{one.file}\x03 part=\x03{one.part}\x03 mark=\x03{one.mark}\x03/\x02" for one in fact.places]
    )
    named = f"\x01fact id=\x03{fact.number}\x03 name=\x03{fact.name}\x03"
    return f"{named} value=\x03{_value(fact)}\x03 unit=\x03{fact.unit}\x03{more}\x02{cells}\x01/fact\x02"


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
