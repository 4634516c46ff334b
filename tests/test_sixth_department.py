"""A department that no sample knows, from nothing: `new`, what a clerk types, `check`, `build`; the total worked out by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from reportgen.build import build, judge
from reportgen.commands.new import new
from tests.support.kinds import told
from tests.support.samples import document_text
from tests.support.workbooks import grid, put, save

NAME = "云溪区卫生健康局"
TYPED = """
# 基本信息
单位名称 | 云溪区卫生健康局
单位简称 | 我局
年度 | 2024
稿次 | 送审稿
成文日期 | 2025-03-20
通知名称 | 云溪区财政局关于开展2024年度部门整体支出绩效自评的通知
通知文号 | 云财〔2025〕8号
单位级别 | 正科级
# 预算
年初预算收入 | 42000
年初预算支出 | 42000
上年年初预算收入 | 40000
上年年初预算支出 | 40000
调整后预算数 | 45000
本年度收入 | 43500
使用非财政拨款结余 | 500
年初结转结余 | 1000
年中调整额 | 3000
调剂资金累计 | 5250
项目支出预算数 | 9000
项目支出决算数 | 8100
调整原因 | 上级转移支付资金年中陆续下达
# 单位执行情况
单位名称 | 年初预算数（万元） | 全年预算数（万元） | 决算数（万元）
局本级 | 5000 | 5400 | 5130
区人民医院 | 30000 | 32000 | 31360
区疾病预防控制中心 | 7000 | 7600 | 6710
合计 | 42000 | 45000 | 43200
# 季度执行进度
季度 | 累计进度（%）
一季度 | 20%
二季度 | 50%
三季度 | 69%
四季度 | 96%
# 政府采购
采购指标资金 | 2000
实际采购金额 | 1850
# 公用经费
“三公”经费预算数 | 80
“三公”经费支出数 | 72
日常公用经费预算数 | 6000
日常公用经费支出数 | 5340
# 资产
盘查资产 | 5200
固定资产 | 5000
无形资产 | 200
资产原值 | 12000
固定资产总额 | 10000
在用固定资产总额 | 8800
# 人员
核定编制数 | 800
在编人数 | 780
上年在编人数 | 790
退休人数 | 300
发放退休费人数 | 120
离休人数 | 0
其他人员 | 50
上年编外人数 | 60
编外变动原因 | 后勤服务改为整体外包，不再另聘人员
# 评分用人数
评分在编人数 | 780
评分编外人数 | 50
# 项目完成情况
填报口径 | 计划完成项目数（个） | 已完成项目数（个）
局本级 | 15 | 15
下属单位 | 25 | 23
合计 | 40 | 38
# 重点工作
工作名称 | 交办单位 | 完成情况
紧密型医共体建设 | 区委、区政府 | 按期完成
区中医院改扩建 | 区政府 | 未完成
适龄女生疫苗免费接种 | 市卫生健康委 | 按期完成
# 信访
受理信访件 | 120
省平台件 | 20
市转办件 | 30
其他渠道件 | 70
已回复件 | 120
按期回复件 | 117
# 满意度
公众满意度 | 91.2%
# 效果性指标
效果指标 | 效益类别 | 权重分（分） | 成效档次 | 得分比例（%） | 成效依据
提升基层诊疗能力 | 社会效益 | 8 | 显著 | 100% | 基层诊疗量占比达到{{ 基层诊疗量占比 }}
减轻群众用药负担 | 社会效益 | 6 | 显著 | 90% | 集采药品全年节约｛｛ 集采节约金额｜万元 ｝｝
培育健康产业 | 经济效益 | 5 | 明显 | 70% | 引进康复机构2家，尚处筹建阶段
医疗废物规范处置 | 生态效益 | 4 | 显著 | 80% | 小诊所收运时间还不够固定
培养全科医生 | 可持续影响 | 2 | 显著 | 100% | 全年完成转岗培训30人
# 业务数据
数据名称 | 数值 | 计量单位 | 截止日期 | 上年数 | 变动原因 | 来源科室
总诊疗量 | 1234567 | 人次 | 2024年12月底 | 1200000 |  | 医政科
基层诊疗量占比 | 61.5% | % | 2024年12月底 | 58% |  | 基层卫生科
集采节约金额 | 860.5 | 万元 | 2024年12月底 | 700 | 新一批集采药品年初落地 | 药政科
# 自评情况
评定指标 | 计分项 | 评定 | 评定说明 | 佐证材料
预算编制合理性 | 1 | 1 | | 预算编制方案
预算编制合理性 | 2 | 1 | | 预算批复
预算编制合理性 | 3 | 0.5 | 两个专项没有细化到具体支出 | 专项资金明细表
预算编制合理性 | 4 | 1 | | 预算批复
预算编制合理性 | 5 | 1 | | 评审意见
预算编制规范性 | 1 | 1 | 一个新增项目没有做事前评估 | 项目入库材料
绩效目标完整性 | 1 | 0 | | 绩效目标申报表
绩效指标明确性 | 1 | 2 | | 绩效目标申报表
绩效指标明确性 | 2 | 2 | | 绩效目标申报表
绩效指标明确性 | 3 | 1 | | 绩效目标申报表
绩效指标明确性 | 4 | 1 | | 绩效目标申报表
绩效指标明确性 | 5 | 1 | | 目标测算说明
政府采购执行情况 | 2 | 1 | | 采购管理办法
财务合规性 | 1 | 1 | | 财务管理制度
财务合规性 | 3 | 1 | | 会计账簿
财务合规性 | 4 | 否 | | 内部审计报告
预决算信息公开 | 1 | 按规定公开 | | 预算公开页面
预决算信息公开 | 2 | 公开但不符要求 | 决算公开晚了三天 | 决算公开页面
预决算信息公开 | 3 | 否 | | 公开情况表
项目实施程序 | 1 | 1 | | 会议纪要
项目实施程序 | 2 | 1 | | 合同和验收报告
项目监管 | 1 | 1 | | 监控报告
项目监管 | 2 | 0.5 | 下半年只检查了一次 | 检查记录
项目监管 | 3 | 否 | | 检查记录
资产管理安全性 | 1 | 1 | | 资产年报
资产管理安全性 | 2 | 1 | | 处置批复
管理制度健全性 | 1 | 0.5 | | 内控手册
管理制度健全性 | 2 | 1.5 | | 内控评价报告
管理制度健全性 | 3 | 1 | | 绩效管理办法
群众信访办理情况 | 1 | 1 | | 信访工作制度
# 失分说明
失分指标 | 问题标题 | 失分原因 | 整改措施 | 责任科室 | 整改时限
预算编制合理性、预算编制规范性 | 预算编制不够细 | 申报时间紧，业务科室只报了总数。 | 提前布置，逐项写细。 | 财务科 | 2025年9月底
政府采购执行情况 | | 两项设备招标流标，年底前来不及重招。 | 采购计划上半年报完。 | 办公室 | 2025年6月底
财务合规性 | | 年中公共卫生任务调整较多，项目间调剂增加。 | 预算编制时预留应急事项。 | 财务科 | 2025年底
预决算信息公开 | | 经办人员更换，没有交接公开时限。 | 公开事项列入岗位交接单。 | 办公室 | 2025年6月底
项目监管 | | 检查人员抽调参加专项工作。 | 按季度安排检查并留存记录。 | 财务科 | 2025年底
固定资产利用率 | | 老院区设备搬迁后停用，尚未处置。 | 年内完成闲置设备调剂和报废。 | 办公室 | 2025年10月底
编外人员控制率 | | 基层医疗机构编制核定较早，临床人手不足。 | 逐年减少编外聘用。 | 人事科 | 2026年底
公用经费控制率 | | 下半年公务用车维修集中。 | 车辆维修按季度排定。 | 办公室 | 2025年底
预算执行率 | | 一季度多数项目还在走审批。 | 项目前期工作提前到上年完成。 | 财务科 | 2025年3月底
重点工作完成情况 | | 改扩建用地手续年底才批复。 | 倒排工期，按月通报进度。 | 规划科 | 2026年6月底
项目完成及时性 | | 两个信息化项目等待统一平台接口。 | 与平台单位约定接口时间。 | 信息科 | 2025年8月底
减轻群众用药负担、培育健康产业、医疗废物规范处置 | 成效还不均衡 | 部分工作起步晚，投入分散。 | 按效果安排项目。 | 医政科 | 2025年底
群众信访办理情况 | | 三件涉及多个部门，会商时间长。 | 建立联席办理机制。 | 办公室 | 2025年6月底
公众或服务对象满意度 | | 候诊时间仍然偏长。 | 推行分时段预约。 | 医政科 | 2025年底
"""
WORDS = {
    "（二）年度总体工作和重点工作任务": "2024年，我局重点推进医共体建设，全年总诊疗量{{ 总诊疗量 }}人次，{{ 总诊疗量|同比 }}。",
    "3.效果性": "集采药品全年节约{{ 集采节约金额|亿元 }}。",
    "1.政府采购执行情况": "全年采购{{ 实际采购金额|万元 }}，执行率{{ 采购执行率 }}。",
}
PLAIN = "本项工作按规定开展，制度健全，执行到位。"
BY_HAND = {
    "预算编制合理性": "1 + 1 + 0.5 + 1 + 1",
    "预算编制规范性": "5 - 1",
    "绩效目标完整性": "3",
    "绩效指标明确性": "2 + 2 + 1 + 1 + 1",
    "政府采购执行情况": "1.93",  # 1850 of 2000 is 92.5 %: 0.925 + 1 = 1.925, half up
    "财务合规性": "1 + 0.75 + 1",  # 5250 of 42000 is 12.5 %, 2.5 points over 10 %, 0.1 each
    "预决算信息公开": "1.5 + 1",
    "项目实施程序": "2",
    "项目监管": "1 + 0.5",
    "资产管理安全性": "2",
    "固定资产利用率": "0.7",  # 88 %
    "财政供养人员控制率": "1",  # 780 of 800
    "编外人员控制率": "0.5",  # 50 of 830 is 6.02 %
    "管理制度健全性": "0.5 + 1.5 + 1",
    "公用经费控制率": "2 + 3",  # 90 % and 89 %
    "预算执行率": "0.80 + 1 + 0.92 + 0.96 + 2 * 0.92",  # 20÷25, 50÷50, 69÷75, 96÷100, and twice their average
    "重点工作完成情况": "8 - 4",
    "项目完成及时性": "5.70",  # 38 of 40 is 95 %, of 6 points
    "提升基层诊疗能力": "8",
    "减轻群众用药负担": "5.4",
    "培育健康产业": "3.5",
    "医疗废物规范处置": "3.2",
    "培养全科医生": "2",
    "群众信访办理情况": "1 + 1 + 0",
    "公众或服务对象满意度": "4",
}
TOTAL = "84.70"  # 18.50 + 17.88 + 48.32, added up on paper


def typed() -> dict[str, list[list[str]]]:
    """What is typed into each sheet."""
    parts = (part.partition("\n") for part in TYPED.split("# ")[1:])
    return {name.strip(): grid(text) for name, _, text in parts}


def fill(sheet: Any, rows: list[list[str]]) -> None:
    """Type a form's values beside their names; a list's rows under the headers, over what `new` has put there."""
    names = {sheet.cell(row, 1).value: row for row in range(4, sheet.max_row + 1)}
    headers = {sheet.cell(3, column).value: column for column in range(1, sheet.max_column + 1)}
    if "填报内容" in headers:
        for name, value in rows:
            put(sheet, names[name], 2, value)
        return
    for number, row in enumerate(rows[1:], 4):
        at = names["合计"] if row[0] == "合计" else number
        for header, value in zip(rows[0], row, strict=False):
            put(sheet, at, headers[header], value)


def write_words(path: Path) -> None:
    """One sentence under every heading that has a blank line below it."""
    document = docx.Document(str(path))
    lines = document.paragraphs
    for heading, below in pairwise(lines):
        if heading.text and not below.text:
            below.text = WORDS.get(heading.text, PLAIN)
    save(document, path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sixth") / NAME
    new("self_evaluation/luohu-2024", made, None)
    book = openpyxl.load_workbook(made / "数据.xlsx")
    for name, rows in typed().items():
        fill(book[name], rows)
    book.save(made / "数据.xlsx")
    write_words(made / "正文.docx")
    return made


def test_a_draft_of_a_report_that_is_ready_says_that_it_is_one(folder: Path, tmp_path: Path) -> None:
    (made,) = build([folder], tmp_path, draft=True)
    assert made.files[0].name.endswith("（草稿）.docx")
    assert "（草稿）" in document_text(made.files[0].read_bytes())


def test_nothing_is_left_to_mend(folder: Path) -> None:
    assert told(judge(folder).problems) == []


def test_every_score_is_the_one_worked_out_by_hand(folder: Path) -> None:
    card = judge(folder).card
    assert card
    exact = {one.level3: one.earned.value for one in card.indicators}
    assert exact == {name: sum_of(text) for name, text in BY_HAND.items()}
    assert (card.total.value, card.grade.value) == (Decimal(TOTAL), "良")


def sum_of(text: str) -> Decimal:
    """A sum as written down: 8 - 4, 0.80 + 1 + 2 * 0.92."""
    total = Decimal()
    for term in text.replace("- ", "+ -").split("+"):
        factors = [Decimal(one.strip()) for one in term.split("*")]
        total += factors[0] * (factors[1] if len(factors) > 1 else 1)
    return total


def test_the_report_is_written_with_its_figures_and_ledger(folder: Path, tmp_path: Path) -> None:
    (made,) = build([folder], tmp_path)
    assert [path.name for path in made.files] == [f"{NAME}2024年度部门整体绩效自评报告（送审稿）.docx", "台账.json"]
    text = document_text(made.files[0].read_bytes())
    for said in (
        "全年总诊疗量1,234,567人次，同比增长2.88%。",
        "全年采购1,850.00万元，执行率92.50%。",
        "集采药品全年节约0.09亿元。",
        "综合评分 | 84.7\n评分等级 | 良",
    ):
        assert said in text, said
    assert json.loads(made.files[1].read_text("utf-8"))["scorecard"]["total"] == "84.7"
