"""The two sheets of a new 数据.xlsx that are for reading: how to fill it in, and an example that is never data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reportgen.define.kind import BASICS, Kind
from reportgen.define.tables import ANSWERS, Column, TableSpec
from reportgen.numerals import MONEY
from reportgen.read.folders import WORKBOOK, prose_name
from reportgen.read.rows import TOTAL
from reportgen.write.forms import DATE_FORMAT, Entry, Form, across, blank_format, headers_across, listing, upright

GUIDE, EXAMPLE = "填表说明", "示例"
ADVICE = (
    ("颜色", "白色的格子要填，灰色的格子不用改。表头和项目名称锁着，没有密码；确实要改，在“审阅”里撤销工作表保护。"),
    ("数字", "只填数字，不写“约”“多”，也不写单位；单位在表头、项目旁边或“计量单位”一栏。没有的留空，确实是零的填 0。"),
    ("百分数", "照样填 87.62%。"),
    ("增减行", "一行一条的表可以插入行、删除行；空着的行不要紧，“合计”行放在最后。列的先后可以换，表头的字不要改。"),
    ("备注", "备注栏给人看，不作为数据读取。"),
    ("文字里的数", "正文.docx 和说明文字里用到表里的数，写成 {{{{ {name}|格式 }}}}，如 {{{{ {name}{form} }}}}：数改了，话跟着改。"),
    ("审核说明", "检查时列为“核实”的：填错的改数；属实的，在“审核说明”表写明问题代码、对象和理由。"),
    ("示例", "“示例”表只供参考，不会读取，可以删去。"),
    ("下一步", "保存并关闭，运行 reportgen check 文件夹，照提示改；显示“可以生成报告”以后，运行 reportgen build 文件夹。"),
)  # fmt: skip
WHO = {"评定": "评分的人", "认定": "评分的人", "失分": "失了分的科室"}


def guide(kind: Kind) -> Form:
    """填表说明: the rules, then every sheet and every heading of the prose."""
    lines = [line for table in kind.tables.values() if table.record for line in table.columns.values() if line.unit in MONEY]
    name, form = (lines[0].name, f"|{lines[0].unit}") if lines else ("名称", "")
    rows = [("怎么填", what, "", text.format(name=name, form=form)) for what, text in ADVICE]
    whose = {kind.purposes.get(purpose, {}).get("表", ""): who for purpose, who in WHO.items()}
    whose |= {BASICS: "办公室", ANSWERS: "办公室"}
    for table in kind.tables.values():
        must = "没有的可以不填。" if table.optional else "必填。"
        rows.append((WORKBOOK, table.name, whose.get(table.name, "管这张表的科室"), must + table.hint))
    for slot in kind.slots.values():
        rows += [(prose_name(), slot.headings[0], "业务科室", "必写。" if slot.required else "可以不写。")]
    return Form(["类别", "名称", "谁来填", "说明"], [12, 36, 22, 112], [[Entry(text or None) for text in row] for row in rows])


def prose_advice(kind: Kind) -> str:
    """What those who write the prose must know, short enough for a comment."""
    free = "、".join(f"“{slot.headings[0]}”" for slot in kind.slots.values() if not slot.required)
    may = f"{free}可以不写，其余都要写。" if free else "每个标题下面都要写。"
    return (
        f"在各个标题下面写文字，标题不要改。{may}数据.xlsx 里有的数不要手打，写成 {{{{ 名称|格式 }}}}。"
        "版式由程序统一，图片、脚注带不进报告。这条批注不会读取。"
    )  # fmt: skip


def examples(kind: Kind, edition: str) -> list[Form]:
    """One small table of each shape that the kind has, filled in with made-up figures."""
    tables = [table for table in kind.tables.values() if table.name not in (BASICS, ANSWERS)]
    first = {(table.record, table.spread is not None): table for table in reversed(tables)}
    return [_example(table, edition) for table in reversed(first.values())]


def _example(table: TableSpec, edition: str) -> Form:
    columns = list(table.columns.values())
    if table.record:
        form = upright(columns[:5], {one.name: _sample(one, n % 2) for n, one in enumerate(columns[:5])})
        return replace(form, fixed=False, checks=[], caption=f"一项一行的表，如“{table.name}”：单位已经写好，只填数")
    shown = list(across(columns if table.spread else columns[:6], headers_across(table, edition)))
    rows = [{one.name: _sample(one, n) for one in shown} for n in range(2)]
    if table.total:
        sums = {one.name: _sample(one, 2) for one in shown if one.type == "数" and one.unit != "%"}
        rows.append({**sums, shown[0].name: Entry(TOTAL, given=True)})
    form = listing(shown, rows)
    return replace(form, checks=[], merges=[], caption=f"一行一条的表，如“{table.name}”：一条一行，条数不限")


def _sample(column: Column, n: int) -> Entry:
    """A made-up value: the first, the second, or the sum of the two."""
    if column.type == "数":
        number = (Decimal("62.75"), Decimal("31.5"), Decimal("94.25"))[n].quantize(Decimal(1 if column.decimals == 0 else "0.01"))
        return Entry(number / 100 if column.unit == "%" else number, blank_format(column))
    if column.options:
        return Entry(column.options[n % len(column.options)])
    kinds = {
        "年": Entry(2023 + n, "0"),
        "日期": Entry(date(2025, 3, 28), DATE_FORMAT),
        "时限": Entry("2025年6月底"),
        "列表": Entry("甲、乙"),
        "文稿": Entry("写一两句完整的话，以句号结束。"),
        "短语": Entry("半句话，末尾没有句号"),
        "算式": Entry("甲率＝甲数÷乙数×100%"),
    }
    return kinds.get(column.type, Entry(f"{column.headers[0]}{'甲乙'[n]}"))
