"""Cells of a workbook changed in place: all else in the file stays as the office program wrote it (decision 0015)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lxml import etree

from reportgen.read.cells import mark_of, row_and_column
from reportgen.read.package import Book, unpack
from reportgen.write.archive import CONTENT_TYPES, deflated, read_parts, write_zip
from reportgen.write.tags import Element

_CHAIN = "calcchain.xml"
_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class Edits:
    """One sheet's new values by (row, column), None for a blank; ``likes``: a row and the row whose look it takes."""

    values: dict[tuple[int, int], Decimal | str | None] = field(default_factory=dict)
    likes: dict[int, int] = field(default_factory=dict)


class LinkedFormula(ValueError):
    """A formula serves other cells too, so it can't be replaced; the arguments are the sheet and the cell's mark."""


def patched(path: Path, edits: Mapping[str, Edits]) -> bytes:
    """The workbook with the edits, by sheet name; LinkedFormula when one can't be made.

    Results of formulas are forgotten, since a figure below them changed: Excel and WPS work them out on opening.
    """
    book, parts = Book(unpack(path)), read_parts(path)
    names = {name.replace("\\", "/").lower(): name for name in parts}
    formulas = False
    for sheet, _, part in book.sheets:
        root = _parse(parts[names[part]])
        try:
            _edit(root, edits.get(sheet, Edits()))
            forgot = _forget_results(root)
        except LinkedFormula as error:
            raise LinkedFormula(sheet, *error.args) from None
        formulas |= forgot
        if sheet in edits or forgot:
            parts[names[part]] = _written(root)
    if formulas or any(name.endswith(_CHAIN) for name in names):
        _recalculate(parts, names)
    return write_zip({name: deflated(content) for name, content in parts.items()})


def _parse(data: bytes) -> Element:
    return etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))


def _written(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _edit(root: Element, edits: Edits) -> None:
    data = root.find("{*}sheetData")
    assert data is not None, "a worksheet has its data"
    rows = _Rows(data)
    looks = {row: rows.look(model) for row, model in edits.likes.items()}
    for row, (attributes, styles) in looks.items():
        for name, value in attributes.items():
            rows.row(row).set(name, value)
        for column, style in styles.items():
            rows.cell(row, column).set("s", style)
    for (row, column), content in edits.values.items():
        _fill(rows.cell(row, column), content)
    for extent in root.findall("{*}dimension"):  # what it says may no longer be all; it need not be there
        root.remove(extent)


class _Rows:
    """The rows and cells of a sheet by their numbers, which a file need not write; new ones stand in their order."""

    def __init__(self, data: Element) -> None:
        self.data, self.namespace = data, data.tag.removesuffix("sheetData")
        self.rows: dict[int, Element] = {}
        self.cells: dict[int, dict[int, Element]] = {}
        number = 0
        for row in data.iterchildren(self.namespace + "row"):
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self.rows[number], self.cells[number] = row, {}
            column = 0
            for cell in row.iterchildren(self.namespace + "c"):
                column = row_and_column(cell.get("r", ""))[1] if cell.get("r") else column + 1
                cell.set("r", mark_of(number, column))
                self.cells[number][column] = cell

    def row(self, number: int) -> Element:
        if number not in self.rows:
            self.rows[number], self.cells[number] = etree.Element(self.namespace + "row", r=str(number)), {}
            self.data.insert(sum(one < number for one in self.rows), self.rows[number])
        self.rows[number].attrib.pop("spans", "")
        return self.rows[number]

    def cell(self, number: int, column: int) -> Element:
        row = self.row(number)
        cells = self.cells[number]
        if column not in cells:
            cells[column] = etree.Element(self.namespace + "c", r=mark_of(number, column))
            row.insert(sum(one < column for one in cells), cells[column])
        return cells[column]

    def look(self, number: int) -> tuple[dict[str, str], dict[int, str]]:
        """A row's height and the like, and the style of each of its cells."""
        row = self.rows.get(number)
        attributes = {} if row is None else {str(k): str(v) for k, v in row.attrib.items() if k not in ("r", "spans")}
        return attributes, {column: cell.get("s", "0") for column, cell in self.cells.get(number, {}).items()}


def _fill(cell: Element, value: Decimal | str | None) -> None:
    formula = cell.find("{*}f")
    if formula is not None and formula.get("t") == "array" and ":" in formula.get("ref", ""):
        raise LinkedFormula(cell.get("r"))
    for child in list(cell):
        cell.remove(child)
    for name in ("t", "cm", "vm"):
        cell.attrib.pop(name, "")
    namespace = cell.tag.removesuffix("c")
    if isinstance(value, Decimal):
        etree.SubElement(cell, namespace + "v").text = f"{value.normalize():f}"
    elif value is not None:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, namespace + "is"), namespace + "t")
        text.text = value
        text.set(_SPACE, "preserve")


def _forget_results(root: Element) -> bool:
    """Take out the results of formulas that look at other cells; 1200+300 keeps its own. Whether there were any."""
    shared, masters, forgot = dict[str, str](), set[str](), False
    for formula in root.iterfind("{*}sheetData/{*}row/{*}c/{*}f"):
        cell = formula.getparent()
        assert cell is not None
        if formula.get("t") == "shared":
            shared.setdefault(formula.get("si", ""), cell.get("r", ""))
            masters |= {formula.get("si", "")} if formula.get("ref") else set()
        if formula.get("t") or re.search("[A-Za-z]", formula.text or ""):
            forgot = True
            for result in cell.findall("{*}v"):
                cell.remove(result)
    for key in shared.keys() - masters:
        raise LinkedFormula(shared[key])
    return forgot


def _recalculate(parts: dict[str, bytes], names: Mapping[str, str]) -> None:
    """Have every formula worked out on opening: the order of calculation that the file keeps is no longer right."""
    for lower, name in names.items():
        if lower.endswith(_CHAIN):
            del parts[name]
        elif lower.endswith(("workbook.xml.rels", CONTENT_TYPES.lower())):
            root = _parse(parts[name])
            for one in list(root):
                if (one.get("Target") or one.get("PartName") or "").lower().endswith(_CHAIN):
                    root.remove(one)
            parts[name] = _written(root)
        elif lower.endswith("/workbook.xml"):
            root = _parse(parts[name])
            calculation = root.find("{*}calcPr")
            if calculation is None:
                calculation = etree.Element(root.tag.replace("workbook", "calcPr"))
                last = [one for one in root if etree.QName(one).localname in _BEFORE_CALC][-1]
                last.addnext(calculation)
            calculation.set("fullCalcOnLoad", "1")
            parts[name] = _written(root)
