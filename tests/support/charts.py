"""Charts put into Word documents, and read back from them: the chart part by XML, its workbook by openpyxl."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tools.charts import Chart

if TYPE_CHECKING:
    from docx.document import Document

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Series = dict[str, dict[str, str]]


def add_chart(document: Document, alt: str, *names: str, book: bool = True, xml: str = "") -> None:
    """A paragraph with a line chart whose placeholder series have these names and whose alt text is ``alt``."""
    package, number = document.part.package, len(document.inline_shapes) + 1
    chart = Chart("@", names)
    parts = list(chart.attached(number).parts.items())
    kinds = dict(chart.attached(number).types)
    (chart_name, made), (book_name, workbook) = parts[0], parts[2]
    assert isinstance(made, str)
    assert isinstance(workbook, bytes)
    part = Part(PackURI(f"/{chart_name}"), kinds[chart_name], (xml or made).encode(), package)
    if book:
        part.relate_to(Part(PackURI(f"/{book_name}"), kinds[book_name], workbook, package), RELATIONSHIP_TYPE.PACKAGE)
    link = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    run = chart.drawing(number).replace(f'r:id="chart{number}"', f'r:id="{link}"').replace('descr="图：@"', f"descr='{alt}'")
    document.element.body.insert(-1, parse_xml(f"<w:p {nsdecls('w', 'wp', 'a', 'r')}>{run}</w:p>"))


@dataclass(frozen=True)
class Drawn:
    """A chart as it stands in a document: what the cache says, what the workbook says, and the value axis."""

    alt: str
    part: str
    root: ET.Element
    workbook: bytes

    @property
    def cache(self) -> Series:
        """Series → period → figure, from the chart part."""
        return {self._texts(one, "tx")[0]: self._points(one) for one in self.root.iter(f"{C}ser")}

    @property
    def sheet(self) -> Series:
        """The same, from the workbook."""
        head, *rows = openpyxl.load_workbook(io.BytesIO(self.workbook)).worksheets[0].iter_rows(values_only=True)
        return {
            str(name): {str(row[0]): f"{Decimal(str(row[at])):.2f}" for row in rows if row[at] is not None}
            for at, name in enumerate(head)
            if at
        }

    @property
    def ranges(self) -> list[tuple[str, str, str]]:
        """The cells that each series says its name, periods and figures come from."""
        found = ([str(one.text) for one in each.iter(f"{C}f")] for each in self.root.iter(f"{C}ser"))
        return [(name, periods, figures) for name, periods, figures in found]

    @property
    def axis(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest value that the axis shows."""
        ends = (self.root.find(f".//{C}valAx/{C}scaling/{C}{end}") for end in ("min", "max"))
        least, greatest = (Decimal(end.get("val", "")) for end in ends if end is not None)
        return least, greatest

    def _texts(self, one: ET.Element, tag: str) -> list[str]:
        return [value.text or "" for value in one.iterfind(f"{C}{tag}//{C}pt/{C}v")]

    def _points(self, one: ET.Element) -> dict[str, str]:
        periods = self._texts(one, "cat")
        points = one.findall(f"{C}val//{C}pt")
        return {periods[int(point.get("idx", ""))]: point.findtext(f"{C}v") or "" for point in points}


def drawn(document: bytes) -> list[Drawn]:
    """The charts of a document in its order."""
    return list(_drawn(zipfile.ZipFile(io.BytesIO(document))))


def _drawn(package: zipfile.ZipFile) -> Iterator[Drawn]:
    targets = _links(package, "word/document.xml")
    for inline in ET.fromstring(package.read("word/document.xml")).iter(f"{WP}inline"):
        chart, properties = inline.find(f".//{C}chart"), inline.find(f"{WP}docPr")
        if chart is not None and properties is not None:
            part = targets[chart.get(f"{R}id", "")]
            book = next(iter(_links(package, part).values()), "")
            content = package.read(book) if book else b""
            yield Drawn(properties.get("descr", ""), part, ET.fromstring(package.read(part)), content)


def _links(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    links = ET.fromstring(package.read(path)) if path in package.namelist() else ()
    return {one.get("Id", ""): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))) for one in links}
