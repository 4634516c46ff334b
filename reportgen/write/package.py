"""The document as a .docx file: the same bytes for the same report, with the provenance of its figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from reportgen.model import Fact
from reportgen.write.archive import deflated, write_zip
from reportgen.write.render import Figure, Rendered
from reportgen.write.source import CORE
from reportgen.write.template import Template

NAMESPACE = "urn:reportgen:provenance"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Brackets and quotes of our own while the data between them are still to be escaped.
_OPEN, _CLOSE, _Q = "\x01", "\x02", "\x03"
_ESCAPES = (
    ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"), ("\r", "&#13;"),
    (_OPEN, "<"), (_CLOSE, ">"), (_Q, '"'),
)  # fmt: skip
_CORE = (
    _HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{}</dcterms:modified></cp:coreProperties>'
)
_ITEM_RELS = (
    _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"'
    ' Target="itemProps{}.xml"/></Relationships>'
)
# The id marks the kind of data, not the document: a fixed one keeps equal inputs equal.
_ITEM_PROPS = (
    _HEAD + '<ds:datastoreItem ds:itemID="{6F5D0A1C-5B0E-4E0B-9C57-7265706F7274}"'
    ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
    f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
)


def pack(template: Template, rendered: Rendered, title: str, created: date, provenance: bool = True) -> bytes:
    """The bytes of the .docx; title and dates come from the arguments alone.

    With ``provenance`` a custom XML part says for every figure what it shows and which cells that rests on.
    """
    day = f"{created:%Y-%m-%d}T00:00:00Z"
    parts = dict(rendered.parts) | {CORE: _CORE.format(_escape(title), day, day).encode()}
    entries = dict(template.static)
    if provenance:
        item = template.item
        entries |= template.traced
        # Read by machines alone and as long as the document: packed fast rather than small.
        entries[f"customXml/item{item}.xml"] = deflated((_HEAD + provenance_map(rendered.figures)).encode(), level=1)
        parts[f"customXml/itemProps{item}.xml"] = _ITEM_PROPS.encode()
        parts[f"customXml/_rels/item{item}.xml.rels"] = _ITEM_RELS.format(item).encode()
    return write_zip(entries | {name: deflated(content) for name, content in parts.items()})


def provenance_map(figures: Iterable[Figure]) -> str:
    """figure (bookmark, what is shown) → fact (name, value, unit, formula, inputs) → cells."""
    facts: dict[int, Fact] = {}
    lines = []
    for one in figures:
        _collect(one.fact, facts)
        lines.append(
            f"{_OPEN}figure bookmark={_Q}_f{one.number}{_Q} shown={_Q}{one.shown}{_Q} fact={_Q}{one.fact.number}{_Q}/{_CLOSE}"
        )
    lines += (_fact(facts[number]) for number in sorted(facts))
    return f'<map xmlns="{NAMESPACE}" version="1">{_escape("".join(lines))}</map>'


def _collect(fact: Fact, facts: dict[int, Fact]) -> None:
    """The fact and all that it was computed from."""
    if fact.number not in facts:
        facts[fact.number] = fact
        for one in fact.inputs:
            _collect(one, facts)


def _fact(fact: Fact) -> str:
    more = f" formula={_Q}{fact.formula}{_Q}" if fact.formula else ""
    if fact.inputs:
        more += f" inputs={_Q}{' '.join(str(one.number) for one in fact.inputs)}{_Q}"
    start = f"{_OPEN}fact id={_Q}{fact.number}{_Q} name={_Q}{fact.name}{_Q} value={_Q}{_value(fact)}{_Q} unit={_Q}{fact.unit}{_Q}"
    cells = [
        f"{_OPEN}cell file={_Q}{one.file}{_Q} part={_Q}{one.part}{_Q} mark={_Q}{one.mark}{_Q}/{_CLOSE}"
        for one in fact.places
    ]
    return f"{start}{more}{_CLOSE}{''.join(cells)}{_OPEN}/fact{_CLOSE}"


def _value(fact: Fact) -> str:
    if isinstance(fact.value, Decimal):
        return format(fact.value, "f")
    return "、".join(fact.value) if isinstance(fact.value, tuple) else str(fact.value)


def _escape(text: str) -> str:
    """Data escaped in one go for the whole map; our own brackets and quotes come last."""
    for raw, escaped in _ESCAPES:
        text = text.replace(raw, escaped)
    return text
