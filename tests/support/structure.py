"""Our own checks of a Word document: what opens with a repair prompt in Word though a schema allows it.

Each check takes the opened package and yields findings as plain lines; `structure_findings` runs them all.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
W = f"{{{NS['w']}}}"
R = f"{{{NS['r']}}}"
STORIES = {W + name for name in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")}
BLOCKS = {W + name for name in ("p", "tbl", "sdt", "customXml")}
# Runs, rows and cells may stand inside content controls; a table inside a cell has rows and cells of its own.
ROWS = "w:tr | w:sdt/w:sdtContent/w:tr"
CELLS = "w:tc | w:sdt/w:sdtContent/w:tc"
STYLE_KINDS = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
TEMPLATE_TAG = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

Element = etree._Element


class Package:
    """An opened Word document: its parts, and those of them that hold text."""

    def __init__(self, document: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(document))
        self.names = self.zip.namelist()

    @cached_property
    def parts(self) -> dict[str, Element]:
        """Every XML part by its name."""
        return {name: etree.fromstring(self.zip.read(name)) for name in self.names if name.endswith((".xml", ".rels"))}

    @cached_property
    def stories(self) -> dict[str, Element]:
        """The parts that hold text: body, headers, footers, notes."""
        return {name: root for name, root in self.parts.items() if root.tag in STORIES}

    def in_stories(self, path: str) -> Iterator[tuple[str, Element]]:
        """Yield each element that an XPath finds in a story, with the name of its part."""
        for name, root in self.stories.items():
            for element in _find(root, path):
                yield name, element

    def declared(self, part: str, path: str) -> set[str]:
        """Return the attribute values that an XPath finds in a part, or nothing where the part is absent."""
        root = self.parts.get(part)
        return set() if root is None else set(_values(root, path))


def structure_findings(document: bytes) -> list[str]:
    """Return everything our checks hold against a document; an empty list is what one wants."""
    try:
        package = Package(document)
        return [finding for check in CHECKS for finding in check(package)]
    except zipfile.BadZipFile as error:
        return [f"not a zip file: {error}"]
    except etree.XMLSyntaxError as error:
        return [f"a part is not well-formed XML: {error}"]


def zip_names(package: Package) -> Iterator[str]:
    """No two entries of the zip file have one name."""
    for name in _repeated(package.names):
        yield f"zip: {name} is there more than once"


def cells(package: Package) -> Iterator[str]:
    """A cell ends with a paragraph."""
    for name, cell in package.in_stories("//w:tc"):
        blocks = [child for child in cell if child.tag in BLOCKS]
        if not blocks or blocks[-1].tag == W + "tbl":
            yield f"{name}: {_at(cell)} does not end with a paragraph"


def rows(package: Package) -> Iterator[str]:
    """A table has rows and a row has cells."""
    for name, table in package.in_stories("//w:tbl"):
        if not _find(table, ROWS):
            yield f"{name}: {_at(table)} has no rows"
    for name, row in package.in_stories("//w:tr"):
        if not _find(row, CELLS):
            yield f"{name}: {_at(row)} has no cells"


def spans(package: Package) -> Iterator[str]:
    """The cells of each row fill exactly the columns that the table declares."""
    for name, table in package.in_stories("//w:tbl"):
        columns = len(_find(table, "w:tblGrid/w:gridCol"))
        for row in _find(table, ROWS):
            filled = _skipped(row, "gridBefore") + sum(map(_span, _find(row, CELLS))) + _skipped(row, "gridAfter")
            if filled != columns:
                yield f"{name}: {_at(row)} fills {filled} columns of {columns}"


def vertical_merges(package: Package) -> Iterator[str]:
    """A cell that goes on with a vertical merge stands under a merged cell of the same columns."""
    for name, table in package.in_stories("//w:tbl"):
        above: set[tuple[int, int]] = set()
        for row in _find(table, ROWS):
            column, merged = _skipped(row, "gridBefore"), set()
            for cell in _find(row, CELLS):
                place = (column, _span(cell))
                column += place[1]
                for merge in _find(cell, "w:tcPr/w:vMerge"):
                    merged.add(place)
                    if merge.get(W + "val", "continue") == "continue" and place not in above:
                        yield f"{name}: {_at(cell)} goes on with a vertical merge that nothing above it starts"
            above = merged


def bookmarks(package: Package) -> Iterator[str]:
    """Each bookmark starts once and ends once, after its start, in one part; names and ids are unique."""
    names: list[str] = []
    ids: list[str] = []
    for part, root in package.stories.items():
        started: list[str] = []
        ended: set[str] = set()
        for mark in root.iter(W + "bookmarkStart", W + "bookmarkEnd"):
            number = mark.get(W + "id", "")
            if mark.tag == W + "bookmarkStart":
                started.append(number)
                names.append(mark.get(W + "name", ""))
            elif number not in started or number in ended:
                yield f"{part}: bookmark {number} ends without a start"
            else:
                ended.add(number)
        for number in started:
            if number not in ended:
                yield f"{part}: bookmark {number} has no end"
        ids += started
    yield from (f"bookmark name {name} is used more than once" for name in _repeated(names))
    yield from (f"bookmark id {number} is used more than once" for number in _repeated(ids))


def fields(package: Package) -> Iterator[str]:
    """Each complex field begins, separates at most once, and ends; an instruction stands only inside one."""
    for part, root in package.stories.items():
        open_fields: list[str] = []
        for element in root.iter(W + "fldChar", W + "instrText"):
            kind = element.get(W + "fldCharType", "instruction")
            if kind == "begin":
                open_fields.append("begin")
            elif not open_fields or (kind != "end" and open_fields[-1] == "separate"):
                yield f"{part}: {_at(element)} is a field's {kind} out of place"
            elif kind == "end":
                open_fields.pop()
            elif kind == "separate":
                open_fields[-1] = "separate"
        if open_fields:
            yield f"{part}: {len(open_fields)} field(s) without an end"


def drawing_ids(package: Package) -> Iterator[str]:
    """Each drawing has an id of its own; what stands in for older programs does not count."""
    drawings = package.in_stories("//wp:docPr[not(ancestor::mc:Fallback)]")
    yield from (
        f"drawing id {number} is used more than once" for number in _repeated(d.get("id", "") for _, d in drawings)
    )


def styles(package: Package) -> Iterator[str]:
    """Each style that is named is declared, as a style of that kind."""
    for reference, kind in STYLE_KINDS.items():
        declared = package.declared("word/styles.xml", f"w:style[@w:type='{kind}']/@w:styleId")
        for name, root in package.parts.items():
            for used in sorted({element.get(W + "val", "") for element in root.iter(W + reference)} - declared):
                yield f"{name}: {kind} style {used} is not declared"
    declared = package.declared("word/styles.xml", "w:style/@w:styleId")
    for used in sorted(
        package.declared("word/styles.xml", "w:style/*[self::w:basedOn or self::w:next or self::w:link]/@w:val")
    ):
        if used not in declared:
            yield f"word/styles.xml: style {used} is not declared"


def numberings(package: Package) -> Iterator[str]:
    """Each numbering that is used is declared, down to its levels; 0 means none."""
    declared = package.declared("word/numbering.xml", "w:num/@w:numId") | {"0"}
    for name, root in package.parts.items():
        used = set(_values(root, "//w:numPr/w:numId/@w:val"))
        yield from (f"{name}: numbering {number} is not declared" for number in sorted(used - declared))
    levels = package.declared("word/numbering.xml", "w:abstractNum/@w:abstractNumId")
    for number in sorted(package.declared("word/numbering.xml", "w:num/w:abstractNumId/@w:val") - levels):
        yield f"word/numbering.xml: abstract numbering {number} is not declared"


def template_tags(package: Package) -> Iterator[str]:
    """No tag of the template is left, even one cut into several runs."""
    for name, root in package.parts.items():
        for paragraph in _find(root, "//w:p | //a:p"):
            text = "".join(_values(paragraph, ".//w:t/text() | .//w:instrText/text() | .//a:t/text()"))
            if TEMPLATE_TAG.search(text):
                yield f"{name}: template tag left in “{text}”"


def relationships(package: Package) -> Iterator[str]:
    """Each relationship that is used is declared, and leads to a part that is there."""
    for name, root in package.parts.items():
        folder, file = posixpath.split(name)
        declared = package.parts.get(f"{folder}/_rels/{file}.rels")
        links = {} if declared is None else {link.get("Id", ""): link for link in declared}
        used = set(_values(root, "//@r:id | //@r:embed | //@r:link"))
        yield from (f"{name}: relationship {number} is not declared" for number in sorted(used - set(links)))
        for link in links.values():
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
            if link.get("TargetMode") != "External" and target not in package.names:
                yield f"{name}: relationship to {target}, which is not there"


CHECKS: list[Callable[[Package], Iterable[str]]] = [
    zip_names,
    cells,
    rows,
    spans,
    vertical_merges,
    bookmarks,
    fields,
    drawing_ids,
    styles,
    numberings,
    template_tags,
    relationships,
]


def _find(element: Element, path: str) -> list[Element]:
    """Return the elements that an XPath finds."""
    found = element.xpath(path, namespaces=NS)
    return [each for each in found if isinstance(each, Element)] if isinstance(found, list) else []


def _values(element: Element, path: str) -> list[str]:
    """Return the attribute values or texts that an XPath finds."""
    found = element.xpath(path, namespaces=NS)
    return [str(each) for each in found] if isinstance(found, list) else []


def _at(element: Element) -> str:
    """Return where an element stands, with the usual prefixes."""
    return str(element.getroottree().getpath(element))


def _span(cell: Element) -> int:
    """Return how many columns a cell takes."""
    return next((int(span.get(W + "val", "1")) for span in _find(cell, "w:tcPr/w:gridSpan")), 1)


def _skipped(row: Element, side: str) -> int:
    """Return how many columns a row leaves out before or after its cells."""
    return sum(int(skip.get(W + "val", "0")) for skip in _find(row, f"w:trPr/w:{side}"))


def _repeated(values: Iterable[str]) -> list[str]:
    """Return the values that occur more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
