"""The benchmark document: 22 pages, 5 tables, a scoring table of 26 × 9, about 900 values, in each engine's own syntax."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

SETS = 10  # different contents, so that no engine lives off the last one
PARAGRAPHS, IN_EACH = 96, (2, 3)
TABLES = {"t1": 8, "t2": 14, "t3": 20, "t4": 10, "t5": 16}
COLUMNS = ("名称", "年初预算数", "调整后预算数", "决算数", "上年决算数", "增减额")
SCORES, ROWS = ("一级", "二级", "三级", "分值", "目标值", "实际值", "得分", "扣分", "说明"), 26
WORDS = frozenset({"t1.c1", "t2.c1", "t3.c1", "t4.c1", "t5.c1", "s.c1", "s.c2", "s.c3", "s.c9"})
SUBJECTS = [
    "各预算单位", "区本级", "街道办事处", "直属事业单位", "财政部门", "主管部门", "基层医疗机构", "义务教育学校",
    "社区服务中心", "项目实施单位",
]  # fmt: skip
DEEDS = [
    "按照年初确定的目标有序推进各项工作", "严格执行财务管理制度和内部控制规范", "结合实际调整支出结构并压减一般性开支",
    "落实上级部署的重点任务并按季度通报进展", "对照绩效目标开展自评和整改", "组织对重大项目的现场核查和抽查",
    "完善政府采购和合同管理流程", "加快项目前期工作和资金支付进度", "健全资产台账并开展年度盘点",
    "主动公开部门预算和决算信息", "委托第三方机构开展满意度调查",
]  # fmt: skip
RESULTS = [
    "预算执行总体平稳", "资金使用合规有效", "项目按期完成并通过验收", "服务对象满意度有所提高", "结转结余资金进一步压减",
    "存量资产得到盘活", "部分项目因招标流拍进度偏慢", "年中追加事项较多影响了执行进度", "社会效益较为明显",
    "数据报送的及时性和准确性有待加强",
]  # fmt: skip
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Syntax:
    """How an engine writes a value, and a table whose one row stands for all; rows of the texts of cells."""

    value: Callable[[str], str]
    rows: Callable[[str, tuple[str, ...]], list[list[str]]]


def _bracketed(value: str, loop: str, end: str) -> Syntax:
    """The loop opens in the row's first cell and closes in its last."""

    def rows(table: str, columns: tuple[str, ...]) -> list[list[str]]:
        cells = [value.format(one) for one in columns]
        return [[loop.format(table) + cells[0], *cells[1:-1], cells[-1] + end.format(table)]]

    return Syntax(value.format, rows)


def _around(value: str, cell: str, before: str, after: str) -> Syntax:
    """The loop stands in rows of its own; every tag of such a row is in its first cell."""

    def rows(table: str, columns: tuple[str, ...]) -> list[list[str]]:
        rest = [""] * (len(columns) - 1)
        return [[before.format(table), *rest], [cell.format(one) for one in columns], [after.format(table), *rest]]

    return Syntax(value.format, rows)


def _indexed(table: str, columns: tuple[str, ...]) -> list[list[str]]:
    return [[f"{{d.{table}[{index}].{one}}}" for one in columns] for index in ("i", "i+1")]


SYNTAXES = {
    "jinja": _around("{{{{ {} }}}}", "{{{{ r.{} }}}}", "{{%tr for r in {} %}}", "{{%tr endfor %}}"),
    "docxtemplater": _bracketed("{{{}}}", "{{#{}}}", "{{/{}}}"),
    "easy-template-x": _bracketed("{{{}}}", "{{#{}}}", "{{/{}}}"),
    "docx-templates": _around("{{INS {}}}", "{{INS $r.{}}}", "{{FOR r IN {}}}", "{{END-FOR r}}"),
    "carbone": Syntax("{{d.{}}}".format, _indexed),
}


def filled(data: dict[str, Any]) -> Syntax:
    """The finished document, written by hand with python-docx."""
    return Syntax(lambda name: data[name], lambda table, columns: [[row[one] for one in columns] for row in data[table]])


def contents(number: int) -> dict[str, Any]:
    """Set ``number`` of values by name, as text; a table is a list of rows, each {"c1": …}."""
    dice = random.Random(number)

    def money() -> str:
        return f"{dice.randrange(1_000, 900_000_000) / 100:,.2f}"

    data: dict[str, Any] = {"unit": f"第{number}区 R&D 中心<本级>", "year": str(2000 + number)}
    data |= {f"v{one}": money() for one in range(sum(_values(each) for each in range(PARAGRAPHS)))}
    for table, length in TABLES.items():
        data[table] = [_row(table, len(COLUMNS), line, money) for line in range(1, length + 1)]
    data["s"] = [_row("s", len(SCORES), line, money) for line in range(1, ROWS + 1)]
    return data


def _row(table: str, width: int, line: int, money: Callable[[], str]) -> dict[str, str]:
    names = [f"c{number}" for number in range(1, width + 1)]
    return {name: f"第{line}项 {table} & {name}" if f"{table}.{name}" in WORDS else money() for name in names}


def _values(paragraph: int) -> int:
    return IN_EACH[paragraph % 2]


def document(syntax: Syntax) -> bytes:
    """The .docx in one syntax."""
    paper = docx.Document()
    paper.sections[0].header.paragraphs[0].text = f"{syntax.value('unit')}　{syntax.value('year')}年度"
    paper.sections[0].footer.paragraphs[0].text = "内部资料"
    paper.add_heading(f"{syntax.value('unit')}工作报告", 0)
    names = (syntax.value(f"v{number}") for number in range(10_000))
    dice = random.Random(0)
    for number in range(PARAGRAPHS):
        if number % 16 == 0:
            paper.add_heading(f"{number // 16 + 1}. 工作情况", 1)
            _table(paper, syntax, number // 16)
        _run(paper.add_paragraph(), "".join(_sentence(dice, [next(names) for _ in range(_values(number))])), 14)
    paper.add_picture(io.BytesIO(_noise(96)), width=Cm(8))
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _sentence(dice: random.Random, values: list[str]) -> Iterator[str]:
    """A sentence for each value; the words are never quite the same, so that they compress as people's words do."""
    for value in values:
        deeds, amount = dice.sample(DEEDS, 2), dice.choice(("安排", "实际支出", "较上年增加", "收回", "调整为"))
        yield f"{dice.choice(SUBJECTS)}{deeds[0]}，{deeds[1]}，全年{amount}{value}万元，{dice.choice(RESULTS)}。"


def _table(paper: Any, syntax: Syntax, number: int) -> None:
    names = (*TABLES, "s")
    if number >= len(names):
        return
    heads = SCORES if names[number] == "s" else COLUMNS
    columns = tuple(f"c{one}" for one in range(1, len(heads) + 1))
    rows = [list(heads), *syntax.rows(names[number], columns)]
    table = paper.add_table(len(rows), len(heads), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _run(cell.paragraphs[0], text, 10)


def _run(paragraph: Any, text: str, size: float) -> None:
    """A run that says its font itself, as official documents do."""
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    run._r.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")


def _noise(side: int) -> bytes:
    """A picture that can't be made smaller: a logo's or a scan's share of the file."""
    raw = b"".join(b"\0" + random.Random(row).randbytes(side * 3) for row in range(side))
    pieces = ((b"IHDR", struct.pack(">2I5B", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in pieces)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def text_of(file: bytes) -> list[str]:
    """Every paragraph that says something, the header's first: what the engines must agree in."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        stories = sorted(name for name in archive.namelist() if name.startswith(("word/header", "word/footer")))
        return [line for name in (*stories, "word/document.xml") for line in _lines(archive.read(name))]


def _lines(part: bytes) -> Iterator[str]:
    for paragraph in ET.fromstring(part).iter(_W + "p"):
        if text := "".join(one.text or "" for one in paragraph.iter(_W + "t")).strip():
            yield text
