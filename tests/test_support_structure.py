"""Each check of a document's structure passes a sound document and catches its own kind of damage."""

from __future__ import annotations

import io
import warnings
import zipfile

import docx
import pytest

from tests.support.structure import structure_findings

SOUND = (
    '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/></w:tblGrid>'
    '<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>'
    "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr>'
    '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>'
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:bookmarkStart w:id="1" w:name="_Toc1"/>'
    '<w:r><w:t>一、基本情况</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGEREF _Toc1 </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
SPAN_2 = '<w:gridSpan w:val="2"/>'
DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="图"/></wp:inline></w:drawing></w:r></w:p>'
)


def document(body: str = SOUND) -> bytes:
    """Return a Word document with the given body before its last section."""
    made = io.BytesIO()
    docx.Document().save(made)
    return edited(made.getvalue(), "word/document.xml", "<w:sectPr", body + "<w:sectPr")


def edited(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a document with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(name, content)
    return made.getvalue()


def test_sound_document_has_no_findings() -> None:
    assert structure_findings(document()) == []


def test_same_drawing_for_older_programs_is_no_second_drawing() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    fallback = f"<mc:AlternateContent {mc}><mc:Fallback>{DRAWING}</mc:Fallback></mc:AlternateContent>"
    assert structure_findings(document(DRAWING + fallback)) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        pytest.param("<w:tc><w:p/></w:tc></w:tr>", "<w:tc/></w:tr>", "does not end with a paragraph", id="empty cell"),
        pytest.param(
            f"{SPAN_2}</w:tcPr><w:p/>",
            f"{SPAN_2}</w:tcPr><w:p/><w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
            "does not end with a paragraph",
            id="cell ends with a table",
        ),
        pytest.param("</w:tr></w:tbl>", "</w:tr><w:tr/></w:tbl>", "has no cells", id="row without cells"),
        pytest.param("<w:p><w:pPr>", "<w:tbl><w:tblPr/></w:tbl><w:p><w:pPr>", "has no rows", id="table without rows"),
        pytest.param(SPAN_2, '<w:gridSpan w:val="3"/>', "fills 3 columns of 2", id="span too wide"),
        pytest.param('<w:trPr><w:gridBefore w:val="1"/></w:trPr>', "", "fills 1 columns of 2", id="cell missing"),
        pytest.param('<w:vMerge w:val="restart"/>', "", "nothing above it starts", id="merge without a start"),
        pytest.param('<w:bookmarkEnd w:id="1"/>', "", "bookmark 1 has no end", id="bookmark without an end"),
        pytest.param(
            '<w:bookmarkStart w:id="1" w:name="_Toc1"/>', "", "bookmark 1 ends without a start", id="bookmark end alone"
        ),
        pytest.param(
            '<w:bookmarkEnd w:id="1"/>',
            '<w:bookmarkEnd w:id="1"/><w:bookmarkEnd w:id="1"/>',
            "bookmark 1 ends without a start",
            id="bookmark ends twice",
        ),
        pytest.param(
            "</w:tbl>",
            '</w:tbl><w:p><w:bookmarkStart w:id="1" w:name="other"/><w:bookmarkEnd w:id="1"/></w:p>',
            "bookmark id 1 is used more than once",
            id="bookmark id twice",
        ),
        pytest.param(
            "</w:tbl>",
            '</w:tbl><w:p><w:bookmarkStart w:id="2" w:name="_Toc1"/><w:bookmarkEnd w:id="2"/></w:p>',
            "bookmark name _Toc1 is used more than once",
            id="bookmark name twice",
        ),
        pytest.param('<w:fldChar w:fldCharType="end"/>', "", "1 field(s) without an end", id="field without an end"),
        pytest.param('<w:fldChar w:fldCharType="begin"/>', "", "instruction out of place", id="field without a start"),
        pytest.param(
            "<w:t>1</w:t>", '<w:fldChar w:fldCharType="separate"/>', "separate out of place", id="field parted twice"
        ),
        pytest.param(
            "</w:tbl>", f"</w:tbl>{DRAWING * 2}", "drawing id 7 is used more than once", id="drawing id twice"
        ),
        pytest.param('"Heading1"', '"Heading99"', "paragraph style Heading99 is not declared", id="unknown style"),
        pytest.param(
            '"Heading1"', '"TableGrid"', "paragraph style TableGrid is not declared", id="style of other kind"
        ),
        pytest.param(
            "<w:pPr>",
            '<w:pPr><w:numPr><w:numId w:val="99"/></w:numPr>',
            "numbering 99 is not declared",
            id="unknown numbering",
        ),
        pytest.param("一、基本情况", "{{ 单位 }}", "template tag left in “{{ 单位 }}”", id="tag left"),
        pytest.param(
            "一、基本情况", "{</w:t></w:r><w:r><w:t>% if", "template tag left in “{% if”", id="tag in two runs"
        ),
        pytest.param(
            "<w:t>1</w:t>",
            '<w:drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/>',
            "relationship rId99 is not declared",
            id="unknown relationship",
        ),
    ],
)
def test_damage_in_the_body_is_found(old: str, new: str, finding: str) -> None:
    assert old in SOUND
    assert finding in "\n".join(structure_findings(document(SOUND.replace(old, new, 1))))


@pytest.mark.parametrize(
    ("part", "old", "new", "finding"),
    [
        pytest.param(
            "word/styles.xml",
            '<w:basedOn w:val="Normal"/>',
            '<w:basedOn w:val="Lost"/>',
            "style Lost is not declared",
            id="base style",
        ),
        pytest.param(
            "word/numbering.xml",
            '<w:abstractNumId w:val="',
            '<w:abstractNumId w:val="99',
            "abstract numbering 99",
            id="abstract numbering",
        ),
        pytest.param(
            "word/_rels/document.xml.rels", 'Target="styles.xml"', 'Target="lost.xml"', "word/lost.xml", id="lost part"
        ),
        pytest.param("word/document.xml", "</w:body>", "", "not well-formed", id="broken XML"),
    ],
)
def test_damage_in_other_parts_is_found(part: str, old: str, new: str, finding: str) -> None:
    assert finding in "\n".join(structure_findings(edited(document(), part, old, new)))


def test_zip_entry_twice_is_found() -> None:
    made = io.BytesIO(document())
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a") as archive:
        warnings.simplefilter("ignore", UserWarning)
        archive.writestr("word/document.xml", archive.read("word/document.xml"))
    assert structure_findings(made.getvalue()) == ["zip: word/document.xml is there more than once"]


def test_other_files_are_no_documents() -> None:
    assert structure_findings(b"not a document") == ["not a zip file: File is not a zip file"]
