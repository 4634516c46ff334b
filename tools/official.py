"""The named styles and measures of official documents after GB/T 9704-2012: every look a template or the renderer uses.

Sizes are half-points, lengths twips (1 mm = 56.7), indents characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
SUBSTITUTES = {FANG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun", TITLE: "华文中宋"}
SIZE2, SIZE3, SIZE4, SIZE_SMALL4, SIZE5, SIZE_SMALL5 = 44, 32, 28, 24, 21, 18
LINE = 579  # 28.95 pt: 22 lines in 225 mm; 29 pt gives 21
SQUEEZE = -5  # 28 characters of 16 pt are wider than 156 mm
SHORT_EDGE, LONG_EDGE = 11906, 16838
TOP, RIGHT, BOTTOM, LEFT = 2098, 1474, 1984, 1588  # 天头 37, 26, 35, 订口 28 mm
WIDTH = SHORT_EDGE - LEFT - RIGHT  # 版心 156 mm
LONG_WIDTH = LONG_EDGE - TOP - BOTTOM  # 225 mm: the width of a page laid on its side
FOOTER = 1417  # 25 mm, so that the dash stands 7 mm below the text


@dataclass(frozen=True)
class Style:
    """A paragraph style. Indents are in characters of its size; `line` is exact, 0 means single; the rest is twips."""

    key: str
    name: str
    based: str = "Normal"
    next: str = ""
    font: str = ""
    latin: str = ""
    size: int = SIZE3
    bold: bool = False
    squeeze: bool = False
    align: str = "both"
    line: int = LINE
    before: int = 0
    after: int = 0
    left: float = 0
    right: float = 0
    first: float = 0
    keep: bool = False
    page: bool = False  # begins a page
    level: int = 0
    tabs: tuple[tuple[str, int, str], ...] = ()

    def xml(self) -> str:
        """The w:style element."""
        custom = "" if self.name.isascii() else ' w:customStyle="1"'
        default = ' w:default="1"' if self.key == "Normal" else ""
        based = f'<w:basedOn w:val="{self.based}"/>' if not default else ""
        following = f'<w:next w:val="{self.next}"/>' if self.next else ""
        return (
            f'<w:style w:type="paragraph"{default}{custom} w:styleId="{self.key}"><w:name w:val="{self.name}"/>'
            f'{based}{following}<w:uiPriority w:val="1"/><w:qFormat/>'
            f"<w:pPr>{self._paragraph()}</w:pPr><w:rPr>{self._run()}</w:rPr></w:style>"
        )

    def _paragraph(self) -> str:
        keep = "<w:keepNext/><w:keepLines/>" if self.keep else ""
        tabs = "".join(f'<w:tab w:val="{kind}"{leader(dots)} w:pos="{at}"/>' for kind, at, dots in self.tabs)
        rule = f'w:line="{self.line}" w:lineRule="exact"' if self.line else 'w:line="240" w:lineRule="auto"'
        return (
            keep
            + ("<w:pageBreakBefore/>" if self.page else "")
            + "<w:widowControl/>"
            + (f"<w:tabs>{tabs}</w:tabs>" if tabs else "")
            + ("" if self.line else '<w:snapToGrid w:val="0"/>')
            + f'<w:spacing w:before="{self.before}" w:after="{self.after}" {rule}/>'
            + self._indent()
            + f'<w:jc w:val="{self.align}"/>'
            + (f'<w:outlineLvl w:val="{self.level - 1}"/>' if self.level else "")
        )

    def _indent(self) -> str:
        """Word goes by the characters, other programs by the twips: both are needed."""
        hanging = self.first < 0
        sides = {"left": self.left, "right": self.right, "hanging" if hanging else "firstLine": abs(self.first)}
        marks = " ".join(
            f'w:{side}Chars="{characters * 100:.0f}" w:{side}="{characters * self.size * 10:.0f}"'
            for side, characters in sides.items()
        )
        return f"<w:ind {marks}/>"

    def _run(self) -> str:
        latin = self.latin or "Times New Roman"
        fonts = f'<w:rFonts w:ascii="{latin}" w:eastAsia="{self.font or FANG}" w:hAnsi="{latin}" w:cs="{latin}"/>'
        bold = "<w:b/><w:bCs/>" if self.bold else ""
        squeeze = f'<w:spacing w:val="{SQUEEZE}"/>' if self.squeeze else ""
        return f'{fonts}{bold}{squeeze}<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>'


def leader(dots: str) -> str:
    """The attribute that fills a tab with dots or a line."""
    return f' w:leader="{dots}"' if dots else ""


def heading(level: int, font: str, bold: bool = False) -> Style:
    """一、 （一） 1. （1）: a line of its own, indented as text, never last on a page."""
    look = Style(f"Heading{level}", f"heading {level}", next="OfficialBody", squeeze=True, first=2, keep=True)
    return replace(look, font=font, bold=bold, level=level)


def contents(level: int, font: str) -> Style:
    """An entry of the table of contents: dots, then the page."""
    dots = (("right", WIDTH, "dot"),)
    return Style(f"TOC{level}", f"toc {level}", font=font, align="left", left=2 * (level - 1), tabs=dots)


def cell(key: str, name: str, align: str, size: int = SIZE5, font: str = FANG) -> Style:
    """Text in a table: single spacing, no indent."""
    return Style(key, name, align=align, size=size, font=font, line=0)


def page_number(key: str, name: str, align: str, left: int = 0, right: int = 0) -> Style:
    """4号宋体, one character in from the edge of the text."""
    look = Style(key, name, based="Footer", font=SONG, latin=SONG, size=SIZE4, line=0)
    return replace(look, align=align, left=left, right=right)


def cover_line(key: str, name: str, before: int = 0) -> Style:
    """A line to be filled by hand: the label, then a rule; a long name goes on under its beginning."""
    rule = (("left", 3680, ""), ("right", 8000, "underscore"))
    return Style(key, name, align="left", line=800, before=before, left=11.5, first=-9.5, tabs=rule)


STYLES = (
    Style("Normal", "Normal", line=0),
    Style("OfficialBody", "公文正文", squeeze=True, first=2),
    heading(1, HEI),
    heading(2, KAI),
    heading(3, FANG, bold=True),
    heading(4, FANG),
    Style("Title", "Title", next="OfficialBody", font=TITLE, size=SIZE2, align="center", line=700, before=2268),
    Style("CoverState", "封面稿次", font=KAI, align="center"),
    cover_line("CoverFirst", "封面首栏", before=2200),
    cover_line("CoverLine", "封面栏"),
    Style("CoverDate", "封面日期", align="center", before=1600),
    Style("TOCHeading", "TOC Heading", next="TOC1", font=TITLE, size=SIZE2, align="center", line=700, after=LINE),
    contents(1, HEI),
    contents(2, FANG),
    contents(3, FANG),
    Style("SectionEnd", "分节", line=20),
    Style("TableTitle", "表题", next="TableUnit", font=HEI, size=SIZE_SMALL4, align="center", line=0, before=180,
          after=60, keep=True),
    Style("TableUnit", "单位行", size=SIZE5, align="right", line=0, after=40, keep=True),
    cell("TableHead", "表头", "center", font=HEI),
    cell("TableText", "表格正文", "left"),
    cell("TableCentre", "表格居中", "center"),
    cell("TableNumber", "表格数字", "right"),
    Style("TableAfter", "表后空行", size=SIZE5, line=290),
    Style("Figure", "图片", align="center", line=0, before=120, keep=True),
    Style("FigureTitle", "图题", font=HEI, size=SIZE_SMALL4, align="center", line=0, after=180),
    Style("AttachmentNote", "附件说明", squeeze=True, align="left", before=LINE, left=5, first=-3),
    Style("AttachmentLabel", "附件标签", next="AttachmentTitle", font=HEI, align="left", keep=True),
    Style("AttachmentTitle", "附件标题", next="OfficialBody", font=TITLE, size=SIZE2, align="center", line=700,
          before=LINE, after=200, keep=True, level=1),
    cell("ScoreHead", "评分表头", "center", font=HEI, size=SIZE_SMALL5),
    cell("ScoreText", "评分表正文", "left", size=SIZE_SMALL5),
    cell("ScoreCentre", "评分表居中", "center", size=SIZE_SMALL5),
    Style("Footer", "footer", font=SONG, latin=SONG, size=SIZE4, align="left", line=0),
    page_number("FooterOdd", "单页页码", "right", right=1),
    page_number("FooterEven", "双页页码", "left", left=1),
    page_number("FooterSideOdd", "横排单页页码", "right"),
    page_number("FooterSideEven", "横排双页页码", "left"),
)  # fmt: skip


OTHER_STYLES = """
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:uiPriority w:val="1"/><w:qFormat/>
<w:rPr><w:b/><w:bCs/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="AttachmentMark"><w:name w:val="附件字样"/>
<w:uiPriority w:val="1"/><w:qFormat/><w:rPr><w:rFonts w:eastAsia="黑体"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:uiPriority w:val="99"/></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>
<w:uiPriority w:val="99"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>
<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
"""

# Single black lines of 0.5 pt, no shading, text half-way up its cell.
TABLE_STYLE = """
<w:style w:type="table" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="1"/><w:qFormat/>
<w:tblPr><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>
<w:top w:w="{above}" w:type="dxa"/><w:left w:w="{beside}" w:type="dxa"/>
<w:bottom w:w="{above}" w:type="dxa"/><w:right w:w="{beside}" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>
"""

DEFAULTS = f"""
<w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="Times New Roman" w:eastAsia="{FANG}" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>
<w:sz w:val="{SIZE3}"/><w:szCs w:val="{SIZE3}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>
<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1"
w:defQFormat="0" w:count="376"/>
"""

# Charts take their colours from it; styles name their fonts themselves.
COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "44546A", "lt2": "E7E6E6", "accent1": "4472C4", "accent2": "ED7D31",
    "accent3": "A5A5A5", "accent4": "FFC000", "accent5": "5B9BD5", "accent6": "70AD47", "hlink": "0563C1",
    "folHlink": "954F72",
}  # fmt: skip
THEME_FONT = f'<a:latin typeface="Times New Roman"/><a:ea typeface="{FANG}"/><a:cs typeface=""/>'
THEME_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'


def table_style(key: str, name: str, above: int, beside: int) -> str:
    """The w:style of a table with so much space round the text of each cell."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    return TABLE_STYLE.format(key=key, name=name, lines=lines, above=above, beside=beside)


def styles_xml(more: Iterable[Style] = ()) -> str:
    """All that stands inside w:styles; ``more`` come after the styles that every template has."""
    tables = table_style("OfficialTable", "表格", 40, 57) + table_style("ScoreTable", "评分表", 28, 57)
    return DEFAULTS + "".join(style.xml() for style in (*STYLES, *more)) + OTHER_STYLES + tables


def theme_xml() -> str:
    """All that stands inside a:theme: the least that Word accepts."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in COLOURS.items())
    lines = f'<a:ln w="6350">{THEME_FILL}</a:ln>' * 3
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'<a:themeElements><a:clrScheme name="公文">{colours}</a:clrScheme><a:fontScheme name="公文">'
        f"<a:majorFont>{THEME_FONT}</a:majorFont><a:minorFont>{THEME_FONT}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{THEME_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{lines}'
        f"</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{THEME_FILL * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements>"
    )
