"""The outside tools that tests lean on do what the tests believe."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import qn

from tests.support import needs as needs_module
from tests.support.needs import needs
from tests.support.office import needs_office, pdf_text
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings
from tools import look

if TYPE_CHECKING:
    from pathlib import Path

needs_fonts = needs(present=look.FONTS.is_dir(), reason="needs the Fandol fonts (tools/install_fonts.sh)")


def save(path: Path, *paragraphs: str) -> Path:
    """Save a Word document with the given paragraphs, each on a page of its own."""
    document = docx.Document()
    for paragraph in paragraphs:
        added = document.add_paragraph(paragraph)
        added.paragraph_format.page_break_before = added.text != paragraphs[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def save_misplaced_property(path: Path) -> Path:
    """Save a Word document in which a paragraph property stands where none may stand."""
    document = docx.Document()
    run = document.add_paragraph().add_run("错位")
    run._r.append(run._r.makeelement(qn("w:jc"), {qn("w:val"): "center"}))
    document.save(str(path))
    return path


@needs_office
def test_pdf_text_gives_the_words_page_by_page(tmp_path: Path) -> None:
    pages = pdf_text(save(tmp_path / "a.docx", "第一页", "第二页").read_bytes()).split("\f")
    assert [page.strip() for page in pages] == ["第一页", "第二页", ""]


@needs_office
def test_look_draws_every_page_and_keeps_documents_of_one_name_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "甲" / "报告.docx", "一", "二")
    save(tmp_path / "乙" / "报告.docx", "一")
    (tmp_path / "乙" / "~$报告.docx").write_bytes(b"lock")
    out = tmp_path / "out"
    assert look.main([str(tmp_path / "甲"), str(tmp_path / "乙"), "--out", str(out), "--dpi", "30"]) == 0
    assert sorted(str(made.relative_to(out)) for made in out.rglob("*.*")) == [
        "报告-2.pdf",
        "报告-2.png",
        "报告-2/page-1.png",
        "报告.pdf",
        "报告.png",
        "报告/page-1.png",
        "报告/page-2.png",
    ]
    assert all(made.read_bytes().startswith(b"\x89PNG\r\n") for made in out.rglob("*.png"))
    assert "2 pages" in capsys.readouterr().out


@needs_office
@needs_fonts
def test_official_fonts_have_stand_ins(tmp_path: Path) -> None:
    document = docx.Document()
    for name in ("仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"):
        run = document.add_paragraph().add_run("深圳市")
        run.font.name = name
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    document.save(str(tmp_path / "fonts.docx"))
    (pdf,) = look.to_pdf([tmp_path / "fonts.docx"], tmp_path)
    fonts = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout
    for name in ("FandolFang", "FandolKai", "FandolHei", "FandolSong", "NotoSerifCJK"):
        assert name in fonts


def test_look_says_when_there_is_nothing_to_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert look.main([str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "no .docx file found\n"


def test_look_names_a_document_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        look.main([str(tmp_path / "没有.docx"), "--out", str(tmp_path / "out")])
    assert "没有.docx does not exist" in capsys.readouterr().err


@needs_sdk
def test_sdk_tells_sound_from_broken(tmp_path: Path) -> None:
    assert sdk_findings(save(tmp_path / "sound.docx", "正文")) == []
    assert "jc" in "\n".join(sdk_findings(save_misplaced_property(tmp_path / "broken.docx")))
    (tmp_path / "other.docx").write_bytes(b"text")
    assert sdk_findings(tmp_path / "other.docx") == ["File contains corrupted data."]


@needs_audit
def test_audit_tells_sound_from_broken(tmp_path: Path) -> None:
    sound = audit_findings(save(tmp_path / "sound.docx", "正文"))
    assert [finding for finding in sound if "stylesWithEffects" not in finding] == []  # python-docx's own template
    assert "jc" in "\n".join(audit_findings(save_misplaced_property(tmp_path / "broken.docx")))


@pytest.mark.parametrize(
    ("present", "required", "skipped"), [(True, False, False), (False, False, True), (False, True, False)]
)
def test_missing_tools_skip_unless_they_are_required(
    monkeypatch: pytest.MonkeyPatch, present: bool, required: bool, skipped: bool
) -> None:
    monkeypatch.setattr(needs_module, "REQUIRED", required)
    assert needs(present=present, reason="…").args == (skipped,)
