"""Word's XML in small pieces, and the package that holds them: the same bytes each time, no author, no theme.

A template tag always stands in one run of its own, so that no program tears it apart.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from reportgen.write.archive import HEAD, OFFICE
from tools import official

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.{uri}"'
    for prefix, uri in {
        "w": "openxmlformats.org/wordprocessingml/2006/main",
        "r": "openxmlformats.org/officeDocument/2006/relationships",
        "wp": "openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "openxmlformats.org/drawingml/2006/main",
        "wps": "microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "openxmlformats.org/markup-compatibility/2006",
    }.items()
)
EMU = 635  # a twip in English Metric Units
TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\t|\*\*)")
BREAK = "<w:r><w:br/></w:r>"
EPOCH = (1980, 1, 1, 0, 0, 0)


def run(text: str, style: str = "") -> str:
    """A run; a tab becomes Word's tab."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    inside = "<w:tab/>" if text == "\t" else f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    return f"<w:r>{look}{inside}</w:r>"


def runs(text: str, style: str = "") -> str:
    """Text with a run for each tag; **so** is strong, the rest has the character ``style``."""
    made, strong = "", False
    for piece in filter(None, TAG.split(text)):
        if piece == "**":
            strong = not strong
        else:
            made += run(piece, "Strong" if strong else style)
    return made


def paragraph(style: str, text: str = "", section: str = "", content: str = "") -> str:
    """A paragraph of a named style; ``section`` ends a section with it."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{section}</w:pPr>{runs(text)}{content}</w:p>'


def lines(style: str, *texts: str) -> str:
    """Paragraphs of one style."""
    return "".join(paragraph(style, text) for text in texts)


def field(code: str, shown: str) -> str:
    """A complex field and what it shows until it is brought up to date."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def section(sideways: bool = False, footers: Sequence[str] = (), start: int = 0, last: bool = False) -> str:
    """A section's properties; a page laid on its side keeps each margin on its own edge of the paper."""
    wide, high = official.SHORT_EDGE, official.LONG_EDGE
    top, right, bottom, left = official.TOP, official.RIGHT, official.BOTTOM, official.LEFT
    if sideways:
        wide, high = high, wide
        top, right, bottom, left = left, top, right, bottom
    turned = ' w:orient="landscape"' if sideways else ""
    kinds = zip(("default", "even"), footers, strict=False)
    return (
        "<w:sectPr>"
        + "".join(f'<w:footerReference w:type="{kind}" r:id="{part}"/>' for kind, part in kinds)
        + ("" if last else '<w:type w:val="nextPage"/>')
        + f'<w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        + f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="850"'
        + f' w:footer="{567 if sideways else official.FOOTER}" w:gutter="0"/>'
        + (f'<w:pgNumType w:start="{start}"/>' if start else "")
        + ("" if sideways else f'<w:docGrid w:type="lines" w:linePitch="{official.LINE}"/>')
        + "</w:sectPr>"
    )


def cell(width: int, content: str, span: int = 1, merge: str = "", upright: bool = False) -> str:
    """A table cell; ``merge`` is restart or continue; ``upright`` has the text run from top to bottom."""
    joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    middle = ('<w:textDirection w:val="tbRlV"/>' if upright else "") + '<w:vAlign w:val="center"/>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{joined}{down}{middle}</w:tcPr>{content}</w:tc>'


def row(cells: Iterable[str], header: bool = False, whole: bool = False, height: int = 0) -> str:
    """A table row: a header is repeated on each page, a ``whole`` one isn't torn by a page's end."""
    least = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    marks = ("<w:cantSplit/>" if header or whole else "") + least + ("<w:tblHeader/>" if header else "")
    look = f"<w:trPr>{marks}</w:trPr>" if marks else ""
    return f"<w:tr>{look}{''.join(cells)}</w:tr>"


def tag_row(tag: str, widths: Sequence[int], style: str) -> str:
    """A row that holds a control tag alone."""
    return row([cell(sum(widths), paragraph(style, tag), span=len(widths))])


def cells(widths: Iterable[int], texts: Iterable[str], style: str) -> list[str]:
    """Cells of one style."""
    return styled(widths, ((style, text) for text in texts))


def styled(widths: Iterable[int], parts: Iterable[tuple[str, str]]) -> list[str]:
    """Cells with a style of its own each: (style, text)."""
    return [cell(width, paragraph(*part)) for width, part in zip(widths, parts, strict=True)]


def head(width: int, text: str = "", span: int = 1, merge: str = "", style: str = "TableHead") -> str:
    """A cell of a header on several rows."""
    return cell(width, paragraph(style, text), span, merge)


def head_row(widths: Iterable[int], names: Iterable[str], style: str = "TableHead") -> str:
    """The row of a table's header."""
    return row(cells(widths, names, style), header=True)


def row_for_each(loop: str, widths: Sequence[int], each: str, style: str = "TableText") -> list[str]:
    """A row repeated: ``loop`` is as in ``r in 任务``."""
    return [tag_row(f"{{%tr for {loop} %}}", widths, style), each, tag_row("{%tr endfor %}", widths, style)]


def table(style: str, widths: Sequence[int], rows: Iterable[str], fill: bool = False) -> str:
    """A table whose width, grid and cells agree; one that is to ``fill`` the text's width may get more columns."""
    width = 'w:w="5000" w:type="pct"' if fill else f'w:w="{sum(widths)}" w:type="dxa"'
    layout = "autofit" if fill else "fixed"
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW {width}/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="{layout}"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0"'
        ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def page_number(style: str) -> str:
    """— 1 —"""
    return paragraph(style, content=run("— ") + field("PAGE", "1") + run(" —"))


def side_page_number(style: str, at: tuple[int, int], size: tuple[int, int], number: int) -> str:
    """— 1 — on a page laid on its side, where the other pages have it once the paper is upright: a turned text box."""
    (x, y), (wide, high) = at, size
    extent = f'cx="{wide * EMU}" cy="{high * EMU}"'
    drawing = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"'
        ' layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{x * EMU}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{y * EMU}</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{9000 + number}" name="页码{number}"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{page_number(style)}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/>'
        "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
    )
    box = f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{drawing}</w:drawing></mc:Choice>'
    return paragraph("Footer", content=f"<w:r>{box}</mc:AlternateContent></w:r>")


def part(root: str, inside: str) -> str:
    """A part of the package: its root element with the namespaces."""
    return f"{HEAD}<{root} {NAMESPACES}>{inside}</{root.partition(' ')[0]}>"


SETTINGS = """
<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>
<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>
<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>
<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification"
w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>
"""
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>zh-CN</dc:language>'
    "</cp:coreProperties>"
)
APP = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
THEME = "application/vnd.openxmlformats-officedocument.theme"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def font_table() -> str:
    """The fonts a document names, each with what may stand in for it."""
    return "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in official.SUBSTITUTES.items()
    )


def relationships(targets: Iterable[tuple[str, str, str]]) -> str:
    """A .rels part from (id, type, target)."""
    lines = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{to}"/>' for key, kind, to in targets)
    return f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">{lines}</Relationships>'


def content_types(parts: Iterable[tuple[str, str]]) -> str:
    """The package's list of what each part is."""
    lines = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{lines}</Types>'
    )


class Attached(NamedTuple):
    """What the body refers to by a relationship, such as a chart: its parts and what they are."""

    key: str
    kind: str
    target: str
    types: Sequence[tuple[str, str]]
    parts: Mapping[str, str | bytes]


def package(
    title: str,
    body: str,
    footers: Sequence[str],
    more: Sequence[official.Style] = (),
    attached: Sequence[Attached] = (),
) -> bytes:
    """The .docx; footer n has the relationship id footer<n>; ``more`` are the styles that only this template has."""
    names = [f"footer{n}" for n in range(1, len(footers) + 1)]
    own = {name: name for name in ("styles", "settings", "fontTable", "theme")} | dict.fromkeys(names, "footer")
    inside = {
        "styles": part("w:styles", official.styles_xml(more)),
        "settings": part("w:settings", SETTINGS),
        "fontTable": part("w:fonts", font_table()),
        "theme": part('a:theme name="公文"', official.theme_xml()),
        **{name: part("w:ftr", footer) for name, footer in zip(names, footers, strict=True)},
    }
    properties = "application/vnd.openxmlformats-package.core-properties+xml"
    extended = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    kinds = [("word/document.xml", f"{WORD}document.main+xml")]
    kinds += [(f"word/{name}.xml", f"{THEME if kind == 'theme' else WORD + kind}+xml") for name, kind in own.items()]
    kinds += [each for one in attached for each in one.types]
    kinds += [("docProps/core.xml", properties), ("docProps/app.xml", extended)]
    links = [(name, f"{OFFICE}/{kind}", f"{name}.xml") for name, kind in own.items()]
    links += [(one.key, f"{OFFICE}/{one.kind}", one.target) for one in attached]
    top = [
        ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
        ("rId2", f"{PACKAGE}relationships/metadata/core-properties", "docProps/core.xml"),
        ("rId3", f"{OFFICE}/extended-properties", "docProps/app.xml"),
    ]
    return zipped(
        {
            "[Content_Types].xml": content_types(kinds),
            "_rels/.rels": relationships(top),
            "word/document.xml": part("w:document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": relationships(links),
            **{f"word/{name}.xml": xml for name, xml in inside.items()},
            **{name: content for one in attached for name, content in one.parts.items()},
            "docProps/core.xml": HEAD + CORE.format(title=escape(title)),
            "docProps/app.xml": HEAD + APP,
        }
    )


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file without dates."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            data = content if isinstance(content, bytes) else content.encode()
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()
