"""Every number in the report hangs on its cells: change one, and all that rests on it changes, and nothing else stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from reportgen.build import judge
from reportgen.case import Case
from reportgen.write.publish import _ledger, compose
from tests.conftest import Record
from tests.support.samples import LUOHU, change_cell, copy_of, document_text

Cell = tuple[str, str]


@dataclass(frozen=True)
class Built:
    """One composed report: its facts by name, the cells under each, what the figures show, and the rest of the text."""

    facts: dict[str, dict[str, Any]]
    cells: dict[str, set[Cell]]
    figures: list[tuple[str, str]]
    between: str
    mapped: set[tuple[str, str]]


def _built(case: Case, path: Path) -> Built:
    """Composed whatever problems the change has caused: a cross-check must not hide a figure that doesn't follow."""
    document, rendered = compose(case)
    path.write_bytes(document)
    facts = {fact["name"]: fact for fact in json.loads(_ledger(case, rendered, {}))["facts"]}
    cells = {name: {(place["part"], place["mark"]) for place in fact["places"]} for name, fact in facts.items()}
    figures = [(figure.fact.name, figure.shown) for figure in rendered.figures]
    return Built(facts, cells, figures, _between_figures(document), _mapped(path))


def _between_figures(document: bytes) -> str:
    """The body with every bookmarked figure taken out."""
    import io

    with ZipFile(io.BytesIO(document)) as package:
        xml = package.read("word/document.xml").decode()
    bare = re.sub(r'<w:bookmarkStart [^>]*w:name="_f\d+"/>.*?<w:bookmarkEnd [^>]*/>', "<w:r><w:t>◇</w:t></w:r>", xml)
    return _text(bare)


def _text(xml: str) -> str:
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", part)) for part in xml.split("</w:p>"))


def _mapped(path: Path) -> set[tuple[str, str]]:
    """(fact, value) in the custom XML that travels inside the document."""
    with ZipFile(path) as package:
        parts = [package.read(name) for name in package.namelist() if re.fullmatch(r"customXml/item\d+\.xml", name)]
    roots = [ET.fromstring(part) for part in parts]
    root = next(root for root in roots if root.tag == "{urn:reportgen:provenance}provenance" or "provenance" in root.tag)
    return {(one.get("name", ""), one.get("value", "")) for one in root.iter() if one.get("name") and one.get("value")}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return _built(judge(LUOHU), tmp_path_factory.mktemp("original") / "report.docx")


def _numeric_cells(case: Case) -> dict[Cell, Decimal]:
    """Every typed number of the workbook with its stored value."""
    from reportgen.read.sheets import read_sheets

    sheets, _ = read_sheets(case.folder / "数据.xlsx")
    return {(s.name, c.mark): c.number() for s in sheets for c in s.cells.values() if c.kind == "number" and not c.date()}


def _others(value: Decimal) -> Iterator[str]:
    """Values to try: some cross a band or a cap, some stay within what a scored cell may hold."""
    for changed in (value * Decimal("1.37"), value * Decimal("0.31"), value * 3, value * Decimal("0.9"), value * Decimal("1.1"),
                    value + 1, value - 1, value + Decimal("0.5"), value / 100, value * 100):  # fmt: skip
        whole = value == value.to_integral_value() and abs(value) >= 10
        yield f"{changed.to_integral_value() if whole else changed.normalize():f}"


def test_whatever_rests_on_a_cell_follows_it(original: Built, tmp_path: Path, record_property: Record) -> None:
    shown_cells = {cell for name, _ in original.figures for cell in original.cells[name]}
    numbers = _numeric_cells(judge(LUOHU))
    reaching = sorted(shown_cells & set(numbers))
    assert len(reaching) > 150, "the loop below must really go over the report's numbers"
    record_property("个单元格", len(reaching))
    folder = copy_of(LUOHU, tmp_path)
    pristine = (folder / "数据.xlsx").read_bytes()
    stuck = {cell: _unmoved(cell, numbers[cell], original, folder, pristine) for cell in reaching}
    assert {cell: names for cell, names in stuck.items() if names} == {}


def _unmoved(cell: Cell, value: Decimal, original: Built, folder: Path, pristine: bytes) -> set[str]:
    """The facts over the cell that no trial moved. Each trial also looks for remains of the old figures."""
    left = {name for name, cells in original.cells.items() if cell in cells} - {"等级"}  # one cell seldom moves a grade
    left -= {name for name in left if name.endswith(".扣分") and original.facts[name]["value"] == "0"}  # nothing of any weight
    for other in _others(value):
        (folder / "数据.xlsx").write_bytes(pristine)
        change_cell(folder / "数据.xlsx", *cell, other)
        case = judge(folder)
        if case.card is None or any(problem.code[:3] == "E22" for problem in case.problems):
            continue  # no such year, no such score: nothing is built from a value that its column can't hold
        after = _built(case, folder / "report.docx")
        _no_remains(cell, original, after)
        left -= {name for name in left if _differs(original.facts[name], after.facts.get(name))}
        if not left:
            break
    return left


def _differs(before: dict[str, Any], after: dict[str, Any] | None) -> bool:
    return after is None or before["value"] != after["value"]


def _no_remains(cell: Cell, before: Built, after: Built) -> None:
    """The old figures of the facts that changed are gone, unless another fact shows the same."""
    over = [name for name, cells in before.cells.items() if cell in cells]
    changed = {name for name in over if _differs(before.facts[name], after.facts.get(name))}
    for name, shown in {(name, shown) for name, shown in before.figures if name in changed}:
        now = [text for other, text in after.figures if other == name]
        if name in after.facts and after.facts[name]["shown"] != before.facts[name]["shown"]:
            assert shown not in now, (cell, name, shown)
        assert (name, before.facts[name]["value"]) not in after.mapped, (cell, name)
        if len(re.sub(r"\D", "", shown)) >= 4 and before.facts[name]["unit"] != "年":  # departments write years in words
            assert not re.search(rf"(?<![\d,.]){re.escape(shown)}(?![\d,.])", after.between), (cell, name, shown)


def test_no_figure_of_four_digits_or_more_stands_in_the_report_unmarked(original: Built, record_property: Record) -> None:
    """Years, dates and numbers of documents are words; every other figure comes from a fact."""
    plain = re.sub(r"\d{4}(?=年|—|－)|〔\d{4}〕\d+号", "", original.between)
    assert re.findall(r"\d[\d,]{3,}(?:\.\d+)?%?", plain) == []
    record_property("个带书签的数", len(original.figures))


def test_the_document_text_and_the_figures_agree(original: Built) -> None:
    text = document_text(compose(judge(LUOHU))[0])
    assert all(shown in text for _, shown in original.figures)
