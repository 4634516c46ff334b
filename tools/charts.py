"""Native line charts for templates: Word draws the chart part, 编辑数据 opens the workbook in it.

Both hold placeholder figures; a report puts its own in and keeps the look: fonts of official documents, lines that
are told apart without colour too, a light grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reportgen.write.archive import HEAD, OFFICE
from tools.official import SONG
from tools.word import PACKAGE, Attached, relationships, zipped

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
MILLIMETRE = 36_000  # in English Metric Units
SIZE, SMALL = 1050, 900  # 五号 and 小五, in hundredths of a point
GRID, AXIS = "D9D9D9", "7F7F7F"
PERIODS = ("2020", "2021", "2022")
LOOKS = (
    ("1F4E79", "circle", "solid"),
    ("C55A11", "square", "dash"),
    ("548235", "triangle", "sysDot"),
    ("7F6000", "diamond", "lgDash"),
    ("7030A0", "x", "dashDot"),
    ("404040", "star", "lgDashDot"),
)


@dataclass(frozen=True)
class Chart:
    """A line chart: what it is to show (an expression for the alt text), and the names of its placeholder series."""

    shows: str
    names: tuple[str, ...]
    high: int = 75

    def drawing(self, number: int) -> str:
        """The run that holds the chart in its line; ``number`` is unique in the document."""
        extent = f'cx="{150 * MILLIMETRE}" cy="{self.high * MILLIMETRE}"'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" name="图表{number}"'
            f" descr={quoteattr(f'图：{self.shows}')}/><wp:cNvGraphicFramePr/><a:graphic>"
            f'<a:graphicData uri="{CHART}"><c:chart xmlns:c="{CHART}" r:id="chart{number}"/></a:graphicData>'
            "</a:graphic></wp:inline></w:drawing></w:r>"
        )

    def attached(self, number: int) -> Attached:
        """The parts of the package: chart, its relationship, its workbook."""
        chart, book = f"charts/chart{number}.xml", f"Microsoft_Excel_Sheet{number}.xlsx"
        parts: dict[str, str | bytes] = {
            f"word/{chart}": HEAD + self.xml(),
            f"word/charts/_rels/chart{number}.xml.rels": relationships([("rId1", f"{OFFICE}/package", f"../embeddings/{book}")]),
            f"word/embeddings/{book}": workbook(self._figures()),
        }
        kinds = ((f"word/{chart}", CHART_TYPE), (f"word/embeddings/{book}", f"{SHEET_TYPE}.sheet"))
        return Attached(f"chart{number}", "chart", chart, kinds, parts)

    def _figures(self) -> list[list[str | int]]:
        """The placeholder table: periods down, series across."""
        rows: list[list[str | int]] = [["", *self.names]]
        for down, period in enumerate(PERIODS):
            rows.append([period, *(70 + 8 * down - 3 * across for across in range(len(self.names)))])
        return rows

    def xml(self) -> str:
        """The c:chartSpace."""
        head, *rows = self._figures()
        lines = "".join(
            _series(number, str(name), [int(row[number + 1]) for row in rows], labelled=len(self.names) == 1)
            for number, name in enumerate(head[1:])
        )
        legend = f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text(SMALL)}</c:legend>'
        return (
            f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}"><c:date1904 val="0"/>'
            '<c:lang val="zh-CN"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
            '<c:layout/><c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'{lines}<c:marker val="1"/><c:axId val="101"/><c:axId val="102"/></c:lineChart>{_axes()}'
            "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
            + (legend if len(self.names) > 1 else "")
            + '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
            f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(SIZE)}"
            '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
        )


def _series(number: int, name: str, values: Sequence[int], labelled: bool) -> str:
    colour, symbol, dash = LOOKS[number % len(LOOKS)]
    column, last = chr(ord("B") + number), len(PERIODS) + 1
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    line = f'<a:ln w="22225" cap="rnd">{fill}<a:prstDash val="{dash}"/><a:round/></a:ln>'
    edge = f'<a:ln w="9525">{fill}<a:prstDash val="solid"/></a:ln>'
    inside = "<a:noFill/>" if symbol in ("x", "star") else fill
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>'
        f"<c:tx>{_cache('str', f'Sheet1!${column}$1', [name])}</c:tx><c:spPr>{line}</c:spPr>"
        f'<c:marker><c:symbol val="{symbol}"/><c:size val="6"/><c:spPr>{inside}{edge}</c:spPr></c:marker>'
        + (_labels() if labelled else "")
        + f"<c:cat>{_cache('str', f'Sheet1!$A$2:$A${last}', PERIODS)}</c:cat>"
        f"<c:val>{_cache('num', f'Sheet1!${column}$2:${column}${last}', values)}</c:val>"
        '<c:smooth val="0"/></c:ser>'
    )


def _cache(kind: str, cells: str, values: Sequence[object]) -> str:
    """A reference to the workbook with what stands there."""
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(str(each))}</c:v></c:pt>' for n, each in enumerate(values))
    form = "<c:formatCode>0.00</c:formatCode>" if kind == "num" else ""
    cache = f'<c:{kind}Cache>{form}<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache>'
    return f"<c:{kind}Ref><c:f>{cells}</c:f>{cache}</c:{kind}Ref>"


def _labels() -> str:
    """The figure above each point, and nothing else."""
    hidden = "".join(f'<c:show{what} val="0"/>' for what in ("CatName", "SerName", "Percent", "BubbleSize"))
    return (
        '<c:dLbls><c:numFmt formatCode="0.00" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_text(SMALL)}<c:dLblPos val="t"/><c:showLegendKey val="0"/><c:showVal val="1"/>{hidden}</c:dLbls>'
    )


def _axes() -> str:
    """Years below, points on the left from a little under the least figure."""
    line = f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{AXIS}"/></a:solidFill></a:ln>'
    grid = f'<a:ln w="6350"><a:solidFill><a:srgbClr val="{GRID}"/></a:solidFill></a:ln>'
    ticks = '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
    look = f"<c:spPr><a:noFill/>{line}</c:spPr>{_text(SMALL)}"
    return (
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/>{ticks}{look}'
        '<c:crossAx val="102"/><c:crosses val="min"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/><c:min val="50"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr>{grid}</c:spPr>'
        f'</c:majorGridlines>{_title("得分（分）")}<c:numFmt formatCode="0" sourceLinked="0"/>{ticks}{look}'
        '<c:crossAx val="101"/><c:crosses val="min"/><c:crossBetween val="between"/><c:majorUnit val="10"/></c:valAx>'
    )


def _title(text: str) -> str:
    """What an axis shows, along it."""
    run = f'<a:r><a:rPr lang="zh-CN" sz="{SMALL}" b="0">{_fonts()}</a:rPr><a:t>{text}</a:t></a:r>'
    frame = '<a:bodyPr rot="-5400000" vert="horz"/>'
    rich = f'<c:rich>{frame}<a:p><a:pPr><a:defRPr sz="{SMALL}" b="0"/></a:pPr>{run}</a:p></c:rich>'
    return f'<c:title><c:tx>{rich}</c:tx><c:overlay val="0"/></c:title>'


def _text(size: int) -> str:
    """Black, upright; figures and letters in one font, Chinese in the other."""
    look = f'<a:defRPr sz="{size}" b="0">{_fonts()}</a:defRPr>'
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr>{look}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'


def _fonts() -> str:
    black = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    return f'{black}<a:latin typeface="Times New Roman"/><a:ea typeface="{SONG}"/>'


def workbook(rows: Sequence[Sequence[str | int]]) -> bytes:
    """The least .xlsx that Excel opens: one sheet."""
    body = "".join(f'<row r="{down}">{_cells(down, row)}</row>' for down, row in enumerate(rows, 1))
    kinds = {"xl/workbook.xml": "sheet.main", "xl/worksheets/sheet1.xml": "worksheet"}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{SHEET_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}content-types">{rels}{overrides}</Types>',
            "_rels/.rels": relationships([("rId1", f"{OFFICE}/officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="Sheet1"'
            ' sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relationships([("rId1", f"{OFFICE}/worksheet", "worksheets/sheet1.xml")]),
            "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{SHEET}"><sheetData>{body}</sheetData></worksheet>',
        }
    )


def _cells(down: int, row: Sequence[str | int]) -> str:
    return "".join(_cell(f"{chr(ord('A') + across)}{down}", content) for across, content in enumerate(row))


def _cell(mark: str, content: str | int) -> str:
    if isinstance(content, int):
        return f'<c r="{mark}"><v>{content}</v></c>'
    return f'<c r="{mark}" t="inlineStr"><is><t>{escape(content)}</t></is></c>' if content else ""
