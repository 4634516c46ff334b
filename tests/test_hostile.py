"""Real submissions with hostile words in every long cell and paragraph: the documents are sound, and say those words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

from reportgen.build import build
from reportgen.case import Made
from tests.support.kinds import told
from tests.support.samples import DAPENG, LUOHU, SHENZHEN, ZHONGWEI, document_text
from tests.support.sheets import changed
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tests.support.workbooks import save

# What is markup, a formula, a path, an escape or a format elsewhere, and characters that few programs take.
HOSTILE = (
    "&amp;<w:p/>]]>\"'</w:t> & < > {_{ 7*7 }_} =HYPERLINK(\"http://a\") %s ../.. \\n $HOME"
    " 𠮷𠀋 👨\u200d👩\u200d👧 \ue000 e\u0301 \ufffd ∑ㅤﷺ"
)
SAMPLES = (LUOHU, DAPENG, SHENZHEN, ZHONGWEI)


def spoil(book: Any) -> None:
    """The hostile words behind every text that is more than a name or an option."""
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=4, min_col=2):
            for cell in row:
                if isinstance(cell.value, str) and len(cell.value) > 16 and not cell.value.startswith("="):
                    cell.value += HOSTILE


def spoil_words(path: Path) -> int:
    """The same behind every long paragraph of a Word file; how many there were."""
    document = docx.Document(str(path))
    long = [one for one in document.paragraphs if len(one.text) > 40 and "Heading" not in str(one.style and one.style.name)]
    for one in long:
        one.add_run(HOSTILE)
    save(document, path)
    return len(long)


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda one: one.name)
def spoilt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, int]:
    """A sample's report, made of hostile words, and in how many paragraphs of prose they stood."""
    folder = changed(request.param, tmp_path_factory.mktemp("敌"), spoil)
    times = sum(spoil_words(path) for path in folder.glob("正文*.docx"))
    (made,) = build([folder], folder.parent / "build", draft=True)
    assert made.files, told(made.problems)
    return made, times


def test_the_words_stand_there_as_they_were_written(spoilt: tuple[Made, int]) -> None:
    made, times = spoilt
    assert document_text(made.files[0].read_bytes()).count(HOSTILE) >= times


def test_the_document_has_no_structural_flaw(spoilt: tuple[Made, int]) -> None:
    assert structure_findings(spoilt[0].files[0].read_bytes()) == []


@needs_audit
def test_openxml_audit_finds_nothing(spoilt: tuple[Made, int]) -> None:
    assert audit_findings(spoilt[0].files[0]) == []


@needs_sdk
def test_the_open_xml_sdk_finds_nothing(spoilt: tuple[Made, int]) -> None:
    assert sdk_findings(spoilt[0].files[0]) == []
