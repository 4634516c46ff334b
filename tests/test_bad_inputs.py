"""Everything that people have handed in wrong, and the exact words that each gets: tests/golden/messages.txt.

``BAD`` is one small submission a line, made where it stands; every code of docs/codes.md is told by one of them. What
is proved nearer to its own module is listed in ``ELSEWHERE``, by what goes wrong.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from reportgen.build import build, judge
from reportgen.commands.gather import gather
from reportgen.model import Problem
from reportgen.read.folders import submissions
from reportgen.say import problem_lines
from tests.conftest import Record
from tests.support import bad
from tests.support.bad import (
    HEAD,
    OLE,
    Parts,
    Told,
    branches,
    definition,
    gathered,
    money,
    share,
    sheets,
    stored,
    template,
    words,
)
from tests.support.kinds import BASICS, EDITION, MONEY, Library
from tests.support.samples import LUOHU, SHENZHEN, ZHONGWEI, copy_of
from tests.support.sheets import cell, changed
from tests.support.workbooks import prose, save, workbook
from tests.test_codes import listed
from tests.test_pictures import pictured, png

# ── small hands ──


def said(text: str, change: Callable[[Any], object] = lambda _: None, **texts: str) -> Told:
    """Prose under its one required heading."""
    return words(f"# 部门主要工作情况\n{text}", change, **texts)


def hidden(book: Any) -> None:
    book["经费"].row_dimensions[3].hidden = True
    book["分馆"].sheet_state = "hidden"


def far(book: Any) -> None:
    book["经费"]["XFD1048576"] = 1
    book["经费"]["A900000"] = "又一格"


def tracked(document: Any) -> None:
    document.paragraphs[1]._p.append(
        parse_xml(f"<w:ins {nsdecls('w')} w:id='1' w:author='a'><w:r><w:t>又</w:t></w:r></w:ins>")
    )


def formula(document: Any) -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    document.paragraphs[1]._p.append(parse_xml(f"<m:oMath xmlns:m='{math}'/>"))


def cut_picture(folder: Path) -> list[Problem]:
    document = pictured()
    (part,) = (one.target_part for one in document.part.rels.values() if one.reltype.endswith("/image"))
    part._blob = png()[:18]
    save(document, folder / "made.docx")
    return bad.file("正文.docx", lambda _: (folder / "made.docx").read_bytes())(folder)


def sample(source: Path, change: Callable[[Any], object]) -> Told:
    """A shipped submission, its workbook changed."""
    return lambda folder: judge(changed(source, folder, change)).problems


def unfilled(book: Any) -> None:
    for year in range(2012, 2023):
        cell(book["原始数据"], "市域内住院率", year).value = None


def a_year_left_out(book: Any) -> None:
    book["原始数据"].delete_cols(cell(book["原始数据"], "婴儿死亡率", 2021).column)


def one_name(book: Any) -> None:
    book["效果性指标"]["A4"] = "预算执行率"


def with_rels(xml: str) -> Callable[[Parts], object]:
    """A package whose document has this relationship too."""
    name = "word/_rels/document.xml.rels"
    return lambda parts: parts.update(
        {name: parts[name].replace(b"</Relationships>", f"{xml}</Relationships>".encode())}
    )


OUTSIDE = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="http://example.com/a.dotm" TargetMode="External"/>'
)


def with_doctype(name: str) -> Callable[[Parts], object]:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]>'
    return lambda parts: parts.update({name: bomb + parts[name].partition(b"?>")[2]})


def bombed(parts: Parts) -> None:
    parts["xl/media/a.bin"] = bytes(30_000_000)


def dangling(made: Path) -> None:
    (made / "数据_汇总前.xlsx").symlink_to(made / "没有" / "a.xlsx")


def shared_formula(made: Path) -> None:
    parts = bad.parts_of(made / "数据.xlsx")
    (name,) = (name for name, part in parts.items() if b'r="A4"' in part and name.endswith("sheet3.xml"))
    first, other = (b'<c r="%s"><f t="shared"%s si="0">%s</f><v>2</v></c>' % one
                    for one in ((b"B4", b' ref="B4:D4"', b"SUM(B2:B3)"), (b"D4", b"", b"")))  # fmt: skip
    old, end = rb'(<c r="B4".*?</c>)(.*?</c>)(.*?)</row></sheetData>', b"</row></sheetData>"
    parts[name] = re.sub(old, first + rb"\2" + other + end, parts[name])
    (made / "数据.xlsx").write_bytes(bad.zipped(parts))


def with_unit(folder: str, **texts: str) -> Callable[[Path], object]:
    """A department with 东馆 in this folder, too."""
    usual = {"基本信息": BASICS.replace("小镇图书馆", "东馆"), "经费": MONEY}
    return lambda made: save(workbook(usual | texts), made / folder / "数据.xlsx")


def without_gathering(folder: Path) -> list[Problem]:
    made = copy_of(ZHONGWEI, folder)
    copy_of(ZHONGWEI, made)
    return gather(made).problems


def without(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "templates" / EDITION / name).unlink()


def two_folders(folder: Path) -> list[Problem]:
    made = Library(folder).write()
    other = made.parent / "又" / made.name
    other.mkdir(parents=True)
    for path in made.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    return list(build([made, other], folder / "build")[0].problems)


def bad_answer(folder: Path) -> list[Problem]:
    return Library(folder, checks=GIFT).judge({"审核说明": "问题代码 | 对象 | 说明\nJ09 | 馆 | 已改。"}).problems


def words_bytes(folder: Path) -> bytes:
    return save(prose("甲"), folder / "made.docx").read_bytes()


def flipped(data: bytes) -> bytes:
    """One byte of the longest part's packed data changed."""
    at = len(data) // 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def in_report(folder: Path, text: str) -> list[Problem]:
    library = Library(folder, words=f"# 部门主要工作情况\n{text}")
    return list(build([library.write()], folder / "build")[0].problems)


def slotless(folder: Path) -> list[Problem]:
    library = Library(folder, words="# 部门主要工作情况\n甲。\n# 下年打算\n乙。")
    return list(build([library.write()], folder / "build")[0].problems)


def without_total(text: str) -> Told:
    """A kind that asks for 分馆 and its 合计 row."""

    def run(folder: Path) -> list[Problem]:
        made = Library(folder).write(sheets={"分馆": text})
        kind = folder / "templates" / "library" / "kind.yaml"
        old = "合计行: 可省\n    可空: true"
        kind.write_text(kind.read_text("utf-8").replace(old, "合计行: 必填"), "utf-8")
        return judge(made).problems

    return run


def as_macro_book(folder: Path) -> list[Problem]:
    made = Library(folder).write()
    (made / "数据.xlsx").rename(made / "数据.xlsm")
    return [problem for one in submissions([made.parent]) for problem in judge(one).problems]


ODD = ("NaN", "∞", "(80)", "10²", "①")
NO_NUMBERS = ("约80", "80万元左右", "80元", "¥80", "0.8.0", "80-90", "≥80", "无", "/", "1_000", "12,34", "0x50", "八十", "1e3")
GIFT = "- {编号: J01, 须: 全年支出 ≤ 全年预算, 级别: 核实, 说明: 支出一般不超过预算}"
TIMES = "- {编号: J02, 疑似万倍: [年初预算, 全年预算, 全年支出], 级别: 核实, 说明: 可能是元填成了万元}"
BEFORE = "数据名 | 数值 | 单位 | 上年数\n新书比例 | 61.5% | % | 0.5"
PERCENT = "- {编号: J03, 疑似百分数: 活动.参与率, 级别: 核实, 说明: 百分数可能填成了小数}"
ONE = "\n- 名称: [管理, 读者, 服务]\n  计分: [{%s}]\n"
POINT = ONE % "规则: 要点, 分: 100, 名: 开放时间"
RATE = ONE % "规则: 按比例, 分: 100, 名: 执行率, 值: 执行率"
TWO = POINT.replace("100", "40") + RATE.replace("服务", "支出").replace("100", "60")
GRANT = "认定指标 | 认定项 | 认定得分 | 认定理由 | 认定依据\n服务 | 1 | {} | 甲 | 乙"
OUTCOME = "成效名 | 权重 | 比例 | 档次 | 成效依据\n借阅 | 60 | 100% | 好 | 报表"
RESTATED = "本指标没有达到要求 | 按月调度 | 办公室 | 六月底前"
WEIGHTS = (
    "\n- 名称: [产出, 效果, 成效名]\n  逐行: 成效\n  计分: [{规则: 人工评分, 分: 权重, 名: 成效, 比例: 比例, 档次: 档次, "
    "依据: 成效依据, 档: [[好, 80%, 100%], [差, 0%, 80%]]}]\n"
)
EXAMPLE = "值: 执行率}]\n    验算: [{令: {执行率: 50%}, 得: 60}]"
REST = "新馆空调安装延期，款项没有按合同节点支付 | 按月调度 | 办公室 | 六月底前"
LAST_YEAR = BASICS.replace("小镇图书馆", "东馆").replace("年度 | 2024", "年度 | 2023")
LOST = "失分指标 | 标题 | 原因 | 措施 | 科室 | 时限\n"
HALF = MONEY.replace("全年支出 | 100", "全年支出 | 50")
SAME = "馆里坚持以读者为中心，{}新建两个阅读角，持续改善借阅环境，开放时间和服务质量都有提高。"

FOOTNOTED = '<c r="B2" t="inlineStr"><is><r><t>8</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>0</t></r></is></c>'

FOOTNOTES = (
    f"<w:footnotes {nsdecls('w')}><w:footnote w:id='1'><w:p><w:r><w:t>{{{{ 馆名 }}}}</w:t></w:r></w:p></w:footnote>"
    "</w:footnotes>"
).encode()


@dataclass(frozen=True)
class Bad:
    """What somebody did, the codes that must be told of it, and how it is made."""

    title: str
    codes: str
    told: Told


BAD = (
    # files
    Bad("没有数据.xlsx", "E001", bad.file("数据.xlsx", lambda _: None)),
    Bad("数据.xlsx 存成了带宏的 .xlsm", "E001", as_macro_book),
    Bad("版本写错了一个字", "E002", sheets(基本信息=BASICS.replace("town-2024", "town-2042"))),
    Bad("两个文件夹同名", "E003", two_folders),
    Bad("没有正文.docx", "E004", bad.file("正文.docx", lambda _: None)),
    Bad("数据.xlsx 是空文件", "E102", bad.file("数据.xlsx", lambda _: b"")),
    Bad("数据.xlsx 有打开密码，或是旧版 .xls 改的名", "E103", bad.file("数据.xlsx", lambda _: OLE)),
    Bad("数据.xlsx 是系统导出的网页", "E104", bad.file("数据.xlsx", lambda _: b"<html><table><tr><td>1</td></tr></table></html>")),
    Bad("数据.xlsx 是 GB18030 的 CSV", "E105", bad.file("数据.xlsx", lambda _: "项目,数\n年初预算,80\n".encode("gb18030"))),
    Bad("数据.xlsx 是带 BOM 的 CSV", "E105", bad.file("数据.xlsx", lambda _: "项目,数\n".encode("utf-8-sig"))),
    Bad("数据.xlsx 是图片", "E106", bad.file("数据.xlsx", lambda _: png())),
    Bad("数据.xlsx 是 Word 文件改的名", "E106", lambda folder: bad.file("数据.xlsx", lambda _: words_bytes(folder))(folder)),
    Bad("数据.xlsx 下载了一半", "E107", bad.file("数据.xlsx", lambda data: data[: len(data) // 2])),
    Bad("数据.xlsx 坏了一个字节（CRC 不符）", "E107", bad.file("数据.xlsx", flipped)),
    Bad("数据.xlsx 里有 zip 炸弹", "E108", bad.package("数据.xlsx", bombed)),
    Bad("数据.xlsx 里有 DOCTYPE 和实体", "E109", bad.package("数据.xlsx", with_doctype("xl/workbook.xml"))),
    Bad("工作表里最远的一格 XFD1048576", "E110", bad.book(far)),
    Bad("公式没有算过", "E111", money("=40+40")),
    Bad("公式算出错误值", "E112", stored('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')),
    Bad("填的就是错误值", "E112", stored('<c r="B2" t="e"><v>#N/A</v></c>')),
    Bad("公式引用的格子删了", "E112", stored('<c r="B2" t="e"><f>#REF!+1</f><v>#REF!</v></c>')),
    Bad("数大到存成无穷", "E112", stored('<c r="B2"><v>1.8e309</v></c>')),
    Bad("存着 NaN", "E112", stored('<c r="B2"><v>NaN</v></c>')),
    Bad("公式引用了别的工作簿", "E113", stored('<c r="B2"><f>[1]Sheet1!A1</f><v>80</v></c>')),
    Bad("数字划掉了（删除线）", "E117", bad.book(lambda book: setattr(book["经费"]["B2"], "font", Font(strike=True)))),
    Bad("数字后面有注码（上标）", "E118 E222", stored(FOOTNOTED)),
    Bad("公式每次打开结果都变", "E116", stored('<c r="B2"><f>80+0*TODAY()</f><v>80</v></c>')),
    Bad("名称里有半个字（lone surrogate）", "E114", sheets(基本信息=BASICS.replace("小镇", "小_xD83D_镇"))),
    Bad("名称里有响铃和零宽空格", "E114", sheets(基本信息=BASICS.replace("小镇", "小_x0007_\u200b镇"))),
    Bad("名称里有自造字（私用区）", "E115", sheets(基本信息=BASICS.replace("小镇", "小\ue863镇"))),
    # sheets
    Bad("工作表改了名", "E201", bad.book(lambda book: setattr(book["经费"], "title", "经费表"))),
    Bad("没有表头", "E202", branches(head="东馆 | 1 | 1")),
    Bad("少一列", "E203", branches("东馆 | 1", head="分馆名 | 预算数")),
    Bad("列名错一个字", "E203 E209", branches("东馆 | 1 | 1", head="分馆名 | 预算额 | 支出数")),
    Bad("少一行", "E203", sheets(经费=MONEY.replace("全年支出 | 100 | 万元", ""))),
    Bad("同一列两次", "E204", branches("东馆 | 1 | 1 | 1", head=f"{HEAD} | 支出数")),
    Bad("同一单位两行", "E204", branches("东馆 | 1 | 1", "东馆 | 2 | 2")),
    Bad("同一张表两次", "E204", bad.book(lambda book: book.create_sheet("经费 "))),
    Bad("该填的空着", "E205", money("")),
    Bad("该填的填了横线", "E205", money("—")),
    Bad("合计行填了一格，另一格空着", "E205", branches("东馆 | 1 | 1", "合计 | 1 | ")),
    Bad("只有表头没有数据", "E206", without_total(HEAD)),
    Bad("缺合计行", "E207", without_total(f"{HEAD}\n东馆 | 1 | 1")),
    Bad("单位写成人民币以外的", "E208", branches("东馆 | 1 | 1", head="分馆名 | 预算数（美元） | 支出数")),
    Bad("单位是元", "E208", branches("东馆 | 10000 | 1", head="分馆名 | 预算数（元） | 支出数")),
    Bad("多一列", "E209", branches("东馆 | 1 | 1 | 2", head=f"{HEAD} | 面积")),
    Bad("隐藏的行和表", "E210", bad.book(hidden, 分馆=f"{HEAD}\n东馆 | 1 | 1")),
    Bad("数据行合并了", "E211", branches("东馆 | 1 | 1", "西馆 | ^ | 2")),
    Bad("格式刷合并，下面一格还有数", "E211", bad.book(lambda book: book["经费"].merged_cells.add("B2:B3"))),
    Bad("多一张表", "E212", sheets(临时="随手记 | 1")),
    Bad("数据行以注开头", "E213", branches("东馆 | 1 | 1", "注：新馆 | 2 | 2")),
    Bad("数据里有小计行", "E214", branches("东馆 | 1 | 1", "小计 | 1 | 1")),
    # figures
    *(Bad(f"数字填成“{text}”", "E221", money(f"'{text}")) for text in (*NO_NUMBERS, *ODD)),
    *(Bad(f"数字以文本存放“{text}”", "E222", money(f"'{text}"))
      for text in ("80", "８０．５", "1，080", "1 080", "80\u00a0", "80万元")),
    Bad("数字里有零宽空格", "E114 E222", money("'8\u200b0")),
    Bad("数字前面是全角的减号", "E227", money("'－80")),
    Bad("金额列填了百分数", "E223", money("80%")),
    Bad("年度填两位", "E224", sheets(基本信息=BASICS.replace("| 2024\n", "| 24\n"))),
    Bad("日期填了13月", "E224", sheets(基本信息=BASICS.replace("2025-03-28", "'2025.13.31"))),
    Bad("日期是没有格式的序数", "E224", sheets(基本信息=BASICS.replace("2025-03-28", "45744"))),
    Bad("不在可选项里", "E225", branches("东馆 | 1 | 1 | 三级馆", head=f"{HEAD} | 馆级")),
    Bad("数字填了 TRUE", "E226", money("TRUE")),
    Bad("数字格式成了日期", "E226", money("2025-03-28")),
    Bad("预算填了负数", "E227", money("-80")),
    Bad("格式把数缩小一千倍显示", "E228", bad.book(lambda book: setattr(book["经费"]["B2"], "number_format", "0.00,"))),
    Bad("格式按条件有时是百分数", "E228", bad.book(lambda book: setattr(book["经费"]["B2"], "number_format", "[<1]0%;0.00"))),
    Bad("数超过15位", "E229", money("1234567890123456")),
    Bad("接着写的话末尾有句号", "E230", bad.answers(POINT, "服务 | 1 | 100 | 读者满意。 | 公告")),
    Bad("元填进万元的格子（大一万倍）", "J02", sheets(TIMES, 经费=MONEY.replace("80", "800000"))),
    Bad("百分数填成小数", "J03", share("0.8762", PERCENT)),
    Bad("上年的百分数填成小数", "J03", sheets(PERCENT.replace("活动.参与率", "[业务数据.数值, 业务数据.上年数]"), 业务数据=BEFORE)),
    Bad("百分数大一百倍", "J03", share("8762%", PERCENT)),
    Bad("支出大于预算", "J01", sheets(GIFT, 经费=MONEY.replace("支出 | 100", "支出 | 101"))),
    # prose
    Bad("正文.docx 其实是 .doc", "E301", bad.file("正文.docx", lambda _: OLE)),
    Bad("正文.docx 下载了一半", "E301", bad.file("正文.docx", lambda data: data[: len(data) // 2])),
    Bad("正文.docx 里有 DOCTYPE 和实体", "E301", bad.package("正文.docx", with_doctype("word/document.xml"))),
    Bad("有没接受的修订", "E302", said("甲。", tracked)),
    Bad("缺必填的一段", "E303", words("# 下年打算\n甲。")),
    Bad("标题不认识", "E304", said("甲。\n# 存在困难\n乙。")),
    Bad("有公式", "E305", said("甲。", formula)),
    Bad("同一标题两次", "E306", said("甲。\n# 部门主要工作情况\n乙。")),
    Bad("占位的名称错了", "E307", said("支出{{ 全年支持 }}。")),
    Bad("占位用到的比率，分母是0", "E310", said("执行率{{ 执行率 }}。", 经费=MONEY.replace("| 100 |", "| 0 |"))),
    Bad("占位用到的数可以空着，也空着", "E310", said("捐赠{{ 捐赠收入 }}。", 经费=f"{MONEY}捐赠收入 | | 万元")),
    Bad("占位用到的数该填而空着，只报一次", "E205", said("支出{{ 执行率 }}。", 经费=MONEY.replace("100 | 万元", " | 万元"))),
    Bad("占位的格式错了", "E307", said("支出{{ 全年支出|万圆 }}。")),
    Bad("文字里有零宽空格", "E308", said("甲\u200b乙。")),
    Bad("文字里有自造字（私用区）", "E316", said("甲\ue863乙。")),
    Bad("图片是坏的", "E309", cut_picture),
    Bad("还有没填的××", "E311", said("新增图书××册。")),
    Bad("表里的科室还没有填", "E311", sheets(indicators=RATE, 经费=HALF, 失分=f"{LOST}服务 |  | {REST.replace('办公室', '××科')}")),
    Bad("不填占位的格子里写了占位", "E311", branches("{{ 馆名 }}东馆 | 1 | 1")),
    Bad("与上年一字不差", "E312", bad.last_year(SAME.format(""), SAME.format(""))),
    Bad("与上年一字不差，还写着上年", "E313", bad.last_year(SAME.format("2023年"), SAME.format("2023年"))),
    Bad("还写着上年的单位", "E314", bad.last_year("大镇图书馆全年开放。", "另一段", "大镇图书馆")),
    Bad("预计的时间已经过了", "E315", said("新馆预计2024年底前投入使用。")),
    # figures against each other, scores
    Bad("自动计算的数又填了一遍", "E401", sheets(业务数据="数据名 | 数值 | 单位\n执行率 | 1 | 万元")),
    Bad("审核说明对不上", "E411", bad_answer),
    Bad("权重合起来不是100", "E501", sheets(indicators=WEIGHTS, 成效=OUTCOME)),
    Bad("缺评定", "E502", sheets(indicators=POINT)),
    Bad("评定超过分值", "E503", bad.answers(POINT, "服务 | 1 | 101 |  | 公告")),
    Bad("没有计分要用的数", "E504", sheets(indicators=ONE % "规则: 达标, 分: 100, 名: 满意度, 值: 读者满意度, 须: '>= 90%'")),
    Bad("分母为0", "E505", sheets(indicators=RATE, 经费=MONEY.replace("| 100 |", "| 0 |"))),
    Bad("认定调高了", "E506", sheets(indicators=RATE, 经费=HALF, 认定=GRANT.format(60))),
    Bad("评定没有依据", "E507", bad.answers(POINT, "服务 | 1 | 100 |  | ")),
    Bad("评定的指标没有", "E508", bad.answers(POINT, "服务 | 1 | 100 |  | 公告", "服务质量 | 1 | 1 |  | 公告")),
    Bad("一个指标各年都空着", "E509", sample(SHENZHEN, unfilled)),
    Bad("说明句用到的数空着", "E515", sheets(
        indicators=RATE.replace("值: 执行率", "值: 执行率, 说明句: '{{ 捐赠收入 }}，得{{ 得分 }}分'"),
        经费=MONEY.replace("支出 | 100", "支出 | 50"),
    )),
    Bad("中间缺一年", "E514", sample(SHENZHEN, a_year_left_out)),
    Bad("两个指标同名", "E510", sample(LUOHU, one_name)),
    Bad("失分没有写原因", "E511", sheets(indicators=RATE, 经费=HALF)),
    Bad("一个指标缺评定，另一个失分没有写原因", "E502 E511", sheets(indicators=TWO, 经费=HALF)),
    Bad("失分的指标写错了", "E512 E511", sheets(indicators=RATE, 经费=HALF, 失分=f"{LOST}服务项 |  | {REST}")),
    Bad("原因只是重复扣分", "E513", sheets(indicators=RATE, 经费=HALF, 失分=f"{LOST}服务 |  | {RESTATED}")),
    # writing
    Bad("写出了程序里的记号", "E601", lambda folder: in_report(folder, "Decimal(1)")),
    Bad("输出的位置上有个同名的文件", "E602", bad.built(lambda folder: (folder / "build").write_bytes(b"x"))),
    Bad("没有 Word 模板", "E603", bad.built(without("report.docx"))),
    Bad("模板没有放文稿的位置", "E604", slotless),
    Bad("核对副本写不进去", "E611", bad.annotated),
    # gathering
    Bad("这类报告没有写怎么汇总", "E921", without_gathering),
    Bad("下属单位的年度不同", "E922", gathered(with_unit("东馆", 基本信息=LAST_YEAR))),
    Bad("一个单位交了两份", "E923", gathered(with_unit("东馆（新）"))),
    Bad("表里的单位没有材料", "E924", gathered(rows="东馆 | 1 | 1 | \n南馆 | 1 | 1 | \n合计 | ")),
    Bad("空行不够", "E925", gathered(rows="东馆 | 1 | 1 | \n合计 | 1 | 1 | \n注：以决算为准")),
    Bad("汇总后写不进去", "E926", gathered(dangling)),
    Bad("合计格子共用一个公式", "E927", gathered(shared_formula, rows="东馆 | 1 | 1 | \n西馆 | 1 | 1 | \n合计 | 2 | 2 | ")),
    Bad("下属单位缺汇总要用的数", "E928", gathered(with_unit("东馆", 经费=MONEY.replace("全年预算 | 100", "全年预算 | ")))),
    Bad("本部门的表上少一行", "E929", gathered(with_unit("东馆", 经费=f"{MONEY}捐赠收入 | 2 | 万元"))),
    # templates
    Bad("模板引用外部文件", "E701", template(change=with_rels(OUTSIDE))),
    Bad("模板里有宏", "E701", template(change=lambda parts: parts.update({"word/vbaProject.bin": b"x"}))),
    Bad("模板里有 DOCTYPE 和实体", "E701", template(change=with_doctype("word/document.xml"))),
    Bad("模板的标记没有配对", "E702", template("{% if 馆名 %}甲")),
    Bad("模板一处标记写错，一处名称写错", "E702 E705", template("{% if 馆名 = 1 %}甲{% endif %}", "{{ 馆名称 }}")),
    Bad("模板想运行程序", "E702", template("{{ ''.__class__.__mro__ }}", "{{ 馆名.upper() }}", "{% include 'x' %}")),
    Bad("模板的标记在脚注里", "E703", template(change=lambda parts: parts.update({"word/footnotes.xml": FOOTNOTES}))),
    Bad("模板的标记旁边有字", "E704", template("甲{{p 文稿.主要工作 }}")),
    Bad("模板要的名称没有", "E705", template("{{ 馆名称 }}")),
    Bad("模板的格式不合类型", "E705", template("{{ 成文日期|万元 }}", "{{ 年初预算 / 2 }}", '{% if 馆名 > 3 %}甲{% endif %}')),
    Bad("模板里一行一行写的不是表", "E705", template("{% for r in 总诊疗量 %}甲{% endfor %}", "{{ 年初预算|小数(九) }}")),
    Bad("模板要的名称有两个没有", "E705", template("{{ 馆名称 }}", "{{ 馆长名 }}", judged=True)),
    Bad("模板要的格子是空的", "E705", template("{{ 捐赠收入 }}", judged=True)),
    # definitions
    Bad("kind.yaml 的冒号是全角", "D01", definition("kind.yaml", "名称: ", "名称：")),
    Bad("kind.yaml 里用 Tab 缩进", "D01", definition("kind.yaml", "  基本信息:", "\t基本信息:")),
    Bad("kind.yaml 的键写了两次", "D02", definition("kind.yaml", "竖表: true", "竖表: true\n    竖表: true")),
    Bad("kind.yaml 的键写错了", "D02", definition("kind.yaml", "竖表: true", "竖标: true")),
    Bad("kind.yaml 里用了别名", "D02", definition("kind.yaml", "竖表: true", "竖表: &a true")),
    Bad("公式里的名称没有", "D03", definition("kind.yaml", "全年支出 / 全年预算", "全年支持 / 全年预算")),
    Bad("说明句的花括号少一半", "D03", definition("kind.yaml", '按比例: "{{ 算式 }}', '按比例: "{{ 算式 ')),
    Bad("计分的值是单位名称", "D03", definition("rubric.yaml", "值: 执行率}]", "值: 馆名}]")),
    Bad("没有千万元这个单位", "D02", definition("kind.yaml", "年初预算: {单位: 万元}", "年初预算: {单位: 千万元}")),
    Bad("金额减去百分数", "D03", definition("kind.yaml", "全年预算 - 年初预算", "全年预算 - 读者满意度")),
    Bad("计分规则的界限写错了", "D04", definition("rubric.yaml", "规则: 按比例", "规则: 达标, 须: 大于90")),
    Bad("验算的得数不对", "D05", definition("rubric.yaml", "值: 执行率}]", EXAMPLE)),
)  # fmt: skip


# ── the tests ──


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """What is told of each, run once in a folder of its own."""
    found = {}
    for one in BAD:
        with pytest.MonkeyPatch.context() as patch:
            folder = tmp_path_factory.mktemp("坏")
            patch.chdir(folder)
            found[one.title] = one.told(folder)
    return found


@pytest.mark.parametrize("one", BAD, ids=lambda one: one.title)
def test_what_is_wrong_is_told(one: Bad, messages: dict[str, list[Problem]]) -> None:
    assert {problem.code for problem in messages[one.title]} >= set(one.codes.split())


def test_the_words_of_every_message(
    messages: dict[str, list[Problem]], golden: Callable[[str, str], None], record_property: Record
) -> None:
    record_property("份坏材料", len(messages))
    pieces = (
        [title, *(line for problem in problems if not problem.answered for line in problem_lines(problem))]
        for title, problems in messages.items()
    )
    text = "\n\n".join("\n".join(lines) for lines in pieces) + "\n"
    golden("messages.txt", re.sub("（可用的版本：[^）]*）", "（可用的版本：…）", text))


def test_every_message_says_where_and_what_to_do(messages: dict[str, list[Problem]], record_property: Record) -> None:
    told = [problem for problems in messages.values() for problem in problems]
    record_property("个问题", len(told))
    assert [one for one in told if not one.place.file and one.code not in ("E003", "E601")] == []
    assert [one.message for one in told if re.search(r"[A-Za-z]{3,} [a-z]{2,} ", one.message)] == [], "English"


# What no submission can bring about here, and where it is shown instead.
UNREACHED = {
    "E101": "a file that is there and can't be opened: test_sheets.py::test_a_missing_file_is_a_trouble",
    "E605": "a report changed since it was made: test_batch.py::test_a_report_changed_by_hand_is_never_overwritten",
    "E606": "a report that is open: test_batch.py::test_a_report_open_in_word_gets_a_new_one_beside_it",
    "E607": "a process that dies: test_batch.py::test_a_submission_that_kills_its_worker_is_named_and_all_others_are_built",
}


def test_every_code_is_told_by_some_submission(messages: dict[str, list[Problem]], record_property: Record) -> None:
    told = {problem.code for problems in messages.values() for problem in problems}
    record_property("个代码", len(told))
    assert {code for code, _ in listed()} - told == set(UNREACHED)


# What else goes wrong, and the tests that hold what is done about it.
ELSEWHERE = {
    "columns, rows and lines in another order or place": "test_tables.test_moving_rows_and_columns_changes_no_fact",
    "a title above the header, notes below": "test_tables.test_a_title_above_and_notes_below_are_no_data",
    "formatting down to the last row": "test_sheets.test_formatting_to_the_last_cell_costs_nothing",
    "blank, dash and zero": "test_tables.test_blank_dash_and_zero_are_three_things",
    "per cent or fraction": "test_tables.test_a_per_cent_is_one_fact_however_it_is_typed",
    "元 typed for 万元, every cell": "test_checks.test_a_money_figure_of_the_sample_typed_in_yuan_never_passes",
    "元 typed for 万元, a whole sheet": "test_whole_sheets.test_a_whole_sheet_in_yuan_is_asked_about",
    "a denominator that is really 0": "test_zeros.test_whatever_is_divided_by_may_be_0",
    "dates of either epoch": "test_sheets.test_any_date_is_right_in_both_epochs",
    "binary noise of stored numbers": "test_sheets.test_a_number_keeps_its_digits_and_loses_binary_noise",
    "what is printed does not add up": "test_scoring.test_what_is_printed_adds_up",
    "& < > and braces in data": "test_render.test_any_text_comes_out_as_itself",
    "invisible characters of every kind": "test_sheets.test_invisible_characters_are_taken_out_with_one_warning",
    "_x000D_ and line ends": "test_sheets.test_escapes_and_line_ends_are_decoded",
    "a message that would be a formula": "test_annotate.test_a_message_is_never_a_formula",
    "every kind of file under the name of another": "test_sheets.test_what_is_no_workbook_is_said_by_kind",
    "a file cut at every 1 %": "test_sheets.test_a_file_cut_anywhere_is_an_error_and_never_a_crash",
    "a bad CRC": "test_sheets.test_flipped_bytes_never_change_a_figure_silently",
    "damaged Word files": "test_prose.test_no_damaged_file_makes_it_raise",
    "a template with macros, links, DOCTYPE": "test_template.test_unsafe_templates_are_refused",
    "tags cut by Word, curly quotes": "test_template.test_a_tag_that_word_has_split_is_one_tag",
    "None and the like in a template": "test_render.test_a_value_that_cannot_be_shown_is_a_located_problem",
    "a console that is not UTF-8": "test_environment.test_what_is_written_to_a_file_is_utf_8_whatever_the_console",
    "folders with blanks and Chinese": "test_environment.test_paths_may_have_blanks_and_chinese",
    "an alias bomb in YAML": "test_define.test_an_alias_bomb_is_refused_at_once",
    "expressions in data files": "test_formula.test_any_text_is_read_or_refused",
}


@pytest.mark.parametrize("test", ELSEWHERE.values(), ids=[*ELSEWHERE])
def test_what_is_proved_elsewhere_is_there(test: str) -> None:
    module, _, name = test.partition(".")
    assert callable(getattr(importlib.import_module(f"tests.{module}"), name))


def test_no_two_have_one_title() -> None:
    assert len({one.title for one in BAD}) == len(BAD)
