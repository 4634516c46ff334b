"""The Word template of 深圳市龙岗区2022年度部门整体绩效自评报告: an attachment to the bureau's notice, two lists behind it."""

from __future__ import annotations

from dataclasses import replace

from tools.luohu_template import STYLES, by_quarter, score_cells, score_header, transferred
from tools.official import HEI, KAI, Style
from tools.pieces import (
    SIDEWAYS,
    UPRIGHT,
    answers,
    attachment_head,
    block,
    body,
    captioned,
    contents,
    draft_state,
    footers,
    heading,
    losses,
    own_words,
    slot,
    told_if,
)
from tools.word import (
    BREAK,
    cell,
    cells,
    head,
    head_row,
    lines,
    package,
    paragraph,
    row,
    row_for_each,
    runs,
    section,
    styled,
    table,
)

EVIDENCE = "佐证材料清单"
MORE = (
    *STYLES,
    *(replace(style, key="NextAttachmentHead", name="又一附件标签和标题", page=True) for style in STYLES),
    Style("CoverLabel", "封面附件", next="Title", font=HEI, align="left"),
    Style("SystemName", "封面系统", font=KAI, align="center", line=700),
)


def longgang_2022() -> bytes:
    """深圳市龙岗区2022年度部门整体绩效自评报告。"""
    parts = (cover(), contents(), part_one(), part_two(), part_three(), attachments())
    return package("部门整体绩效自评报告", "".join(parts), footers(), MORE)


def cover() -> str:
    """附件1, the title, for which system, fields to be filled by hand, date."""
    return (
        paragraph("CoverLabel", "附件1")
        + paragraph("Title", "{{ 年度 }}年度部门整体绩效自评报告")
        + block("SystemName", "if 系统名称", "（{{ 系统名称 }}）")
        + draft_state()
        + paragraph("CoverFirst", "部门名称（公章）：\t{{ 单位名称 }}")
        + lines("CoverLine", "填报人：\t\t", "联系电话：\t\t")
        + paragraph("CoverDate", "{{ 成文日期|日期 }}", section=section())
    )


def part_one() -> str:
    """一、部门（单位）基本情况。"""
    return (
        heading(1, "一、部门（单位）基本情况。")
        + own_words(2, "（一）部门（单位）主要职能。", "部门主要职能")
        + own_words(2, "（二）年度总体工作和重点工作任务。", "年度总体工作和重点工作任务")
        + own_words(2, "（三）{{ 年度 }}年部门（单位）预算编制情况。", "预算编制管理")
        + budget()
        + heading(2, "（四）{{ 年度 }}年部门（单位）预算执行情况。")
        + money()
        + projects()
        + assets()
        + staff()
        + own_words(3, "5.制度管理。", "制度管理")
    )


def budget() -> str:
    """What was approved for the year, income beside expenditure."""
    return (
        body(
            "{{ 年度 }}年，{{ 单位简称 }}年初预算收入总计{{ 收入总计|万元 }}，支出总计{{ 支出总计|万元 }}，具体构成见"
            '{{ 见("部门收支年初预算总表") }}。'
        )
        + captioned("表", "部门收支年初预算总表", "部门收支年初预算总表", budget_table(), "编制单位：万元")
    )


def budget_table() -> str:
    """Four columns: 收入项目, its budget, 支出项目, its budget."""
    widths = (3270, 1300, 2974, 1300)
    sides = (("左", "收入项目"), ("左", "年初预算数"), ("右", "支出项目"), ("右", "年初预算数"))
    texts = (f'{{{{ r.{side}.{name}|或("") }}}}' for side, name in sides)
    each = styled(widths, zip(("TableText", "TableNumber") * 2, texts, strict=True))
    halves = [head(sum(widths[:2]), name, span=2) for name in ("收入", "支出")]
    year = paragraph("TableHead", "{{ 年度 }}年初") + paragraph("TableHead", "预算数")
    names = [
        each
        for side, at in (("收入", 0), ("支出", 2))
        for each in (head(widths[at], f"{side}项目"), cell(widths[at + 1], year))
    ]
    loop = row_for_each("r in 收入预算|并列(支出预算)", widths, row(each, whole=True))
    return table("OfficialTable", widths, [row(halves, header=True), row(names, header=True), *loop])


def money() -> str:
    """1.资金管理: spending, procurement, final accounts, “三公”, disclosure."""
    return (
        heading(3, "1.资金管理。")
        + own_words(4, "（1）资金支出管理。", "财务合规性")
        + body(
            "{{ 年度 }}年，项目之间、科目之间调整调剂资金累计"
            + told_if("收入总计", "{{ 调剂资金累计|万元 }}", transferred("年初预算收入总计"), "。")
        )
        + own_words(4, "（2）政府采购执行情况。", "政府采购执行情况")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}{% if 采购计划金额 %}政府采购计划金额{{ 采购计划金额|万元 }}，实际采购金额"
            "{{ 实际采购金额|万元 }}，采购执行率为{{ 采购执行率|百分比 }}。{% else %}未安排政府采购计划。{% endif %}"
        )
        + heading(4, "（3）收入支出决算情况。")
        + body(accounts("收入", "本年收入"), accounts("支出", "本年支出"))
        + heading(4, "（4）“三公”经费支出情况。")
        + body(
            "{{ 年度 }}年度“三公”经费预算{{ 三公经费预算数|万元 }}，实际支出{{ 三公经费支出数|万元 }}"
            "{% if 三公经费预算数 %}，预算执行率为{{ 三公经费控制率|百分比 }}{% endif %}。其中："
            "{% for r in 三公经费明细 %}{{ r.费用项目 }}预算数{{ r.预算数|万元 }}，实际支出{{ r.支出数|万元 }}"
            "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
            "日常公用经费调整预算数{{ 日常公用经费预算数|万元 }}，决算数{{ 日常公用经费支出数|万元 }}"
            "{% if 日常公用经费预算数 %}，控制率为{{ 日常公用经费控制率|百分比 }}{% endif %}。",
        )
        + own_words(4, "（5）预决算信息公开情况。", "预决算信息公开")
    )


def accounts(side: str, called: str) -> str:
    """Income or expenditure as settled: the parts that are not nil, and the year before."""
    sheet, item = f"决算{side}", f"{side}项目"
    rate = f'，{{{{ {sheet}增减率|增减("增长","下降") }}}}'
    change = told_if(f"上年{sheet}", f"{{{{ {sheet}增减额|绝对|万元 }}}}", rate)
    part = told_if(f"{sheet}合计", "{{ r.决算数|万元 }}", "，占{{ r.占比|百分比 }}")
    return (
        f"{{{{ 年度 }}}}年决算{called}合计{{{{ {sheet}合计|万元 }}}}{{% for r in {sheet} if r.决算数 %}}{{% if loop.first"
        f" %}}，其中：{{% endif %}}{{{{ r.{item} }}}}{part}"
        f"{{% if not loop.last %}}；{{% endif %}}{{% endfor %}}。与上年决算{side}{{{{ 上年{sheet}|万元 }}}}相比，"
        f"{{% if {sheet}增减额 == 0 %}}持平。{{% else %}}{{% if {sheet}增减额 > 0 %}}增加{{% else %}}减少{{% endif %}}"
        f"{change}。{{% endif %}}"
    )


def projects() -> str:
    """2.项目管理."""
    return (
        own_words(3, "2.项目管理。", "项目管理情况")
        + body(
            "{{ 年度 }}年，项目支出财政拨款年初预算数{{ 项目支出财政拨款年初预算数|万元 }}；纳入绩效自评的项目"
            "{{ 计划项目总数|带单位 }}，涉及资金{{ 自评项目金额|万元 }}，年内完成{{ 完成项目总数|带单位 }}，"
            "{% if 未完成项目数 %}{{ 未完成项目数|带单位 }}未按计划完成，项目完成率为{{ 项目完成率|百分比 }}"
            "{% else %}全部按计划时间完成{% endif %}。"
        )
    )


def assets() -> str:
    """3.资产管理, with the table of assets."""
    return (
        own_words(3, "3.资产管理。", "资产管理情况")
        + body(
            "截至{{ 年度 }}年12月31日，国有资产总额{{ 国有资产总额|万元 }}，其中流动资产{{ 流动资产|万元 }}，非流动资产"
            "{{ 非流动资产|万元 }}；固定资产总额{{ 固定资产总额|万元 }}，其中在用{{ 在用固定资产总额|万元 }}"
            "{% if 固定资产总额 %}，固定资产利用率为{{ 固定资产利用率|百分比 }}{% endif %}。主要资产的年初、年末数见"
            '{{ 见("资产情况表") }}。'
        )
        + captioned("表", "资产情况表", "资产情况表", assets_table())
    )


def assets_table() -> str:
    """Headers on two levels: at the year's beginning and end, how many and how much."""
    widths = (2904, 1400, 1570, 1400, 1570)
    item = "{% if r.所属项目 %}　　{% endif %}{{ r.资产项目 }}{% if r.计量单位 %}（{{ r.计量单位 }}）{% endif %}"
    names = [f"{at}{what}" for at in ("年初", "年末") for what in ("数量", "金额")]
    figures = (f'{{{{ r.{name}|或("—") }}}}' for name in names)
    each = cells(widths[:1], [item], "TableText") + cells(widths[1:], figures, "TableNumber")
    first = [
        head(widths[0], "项目", merge="restart"),
        *(head(sum(widths[1:3]), f"{at}数", 2) for at in ("年初", "年末")),
    ]
    second = [head(widths[0], merge="continue")]
    second += [head(w, name) for w, name in zip(widths[1:], ("数量", "金额（万元）") * 2, strict=True)]
    loop = row_for_each("r in 资产情况", widths, row(each, whole=True))
    return table("OfficialTable", widths, [row(first, header=True), row(second, header=True), *loop])


def staff() -> str:
    """4.人员管理, with the answers where the scores rest on other counts."""
    return heading(3, "4.人员管理。") + body(
        "{{ 年度 }}年年末由财政拨款开支的实有人数{{ 实有人数|带单位 }}，其中：行政人员{{ 行政人员|带单位 }}，参照公务员法"
        "管理事业人员{{ 参公人员|带单位 }}，非参公事业人员{{ 非参公人员|带单位 }}，离休人员{{ 离休人数|带单位 }}，退休人员"
        "{{ 退休人数|带单位 }}。年末其他人员{{ 编外人数|带单位 }}。",
        "评分所用的在编人数为{{ 评分在编人数|带单位 }}，核定编制数为"
        + told_if("核定编制数", "{{ 核定编制数|带单位 }}", "，财政供养人员控制率为{{ 财政供养人员控制率|百分比 }}")
        + "。"
        + answers("J11")
        + "评分所用的编外人数为"
        + told_if(
            "评分编外人数 or 评分在编人数",
            "{{ 评分编外人数|带单位 }}",
            "，编外人员控制率为{{ 编外人员控制率|百分比 }}",
        )
        + "。"
        + answers("J12"),
    )


def part_two() -> str:
    """二、部门（单位）主要履职绩效分析。"""
    return (
        heading(1, "二、部门（单位）主要履职绩效分析。")
        + own_words(2, "（一）主要履职目标。", "主要履职目标")
        + own_words(2, "（二）主要履职情况。", "主要履职情况")
        + heading(2, "（三）部门（单位）履职绩效情况。")
        + body(
            "{{ 年度 }}年，财政拨款全年预算数{{ 财政拨款全年预算数|万元 }}，实际支出{{ 财政拨款实际支出|万元 }}"
            "{% if 财政拨款全年预算数 %}，预算执行率为{{ 预算执行率|百分比 }}{% endif %}，其中项目支出"
            "{{ 财政拨款项目支出|万元 }}。一、二、三季度末累计支出进度" + by_quarter(),
            "上级交办的重点工作共{{ 重点工作数|带单位 }}，其中{% for r in 重点任务 %}{{ r.任务类别 }}{{ r.任务数|带单位 }}"
            "{% if not loop.last %}、{% endif %}{% endfor %}，{% if 未完成重点工作数 %}{{ 未完成重点工作数|带单位 }}未按期"
            "完成{% else %}均按期完成{% endif %}。",
        )
        + satisfaction()
        + slot("履职绩效情况")
    )


def satisfaction() -> str:
    """Petitions and what the public thinks, quarter by quarter."""
    return body(
        "{{ 年度 }}年，{% if 受理信访件 %}共受理群众信访{{ 受理信访件|带单位 }}，{% if 已回复件 == 受理信访件 %}全部办理回复"
        "{% else %}已办理回复{{ 已回复件|带单位 }}{% endif %}，{% if 按期回复件 == 已回复件 %}没有超期{% else %}其中按期"
        "回复{{ 按期回复件|带单位 }}{% endif %}{% else %}没有受理群众信访{% endif %}。{% for r in 季度满意度 if r.满意度得分 %}"
        "{% if loop.first %}公众满意度调查中，{% endif %}{{ r.季度 }}得分{{ r.满意度得分|小数 }}分{% if r.全市排名 %}，"
        "全市排名第{{ r.全市排名 }}{% endif %}{% if loop.last %}。{% else %}；{% endif %}{% endfor %}"
    )


def part_three() -> str:
    """三、总体评价和整改措施, the department's own words on problems, and the result."""
    return (
        heading(1, "三、总体评价和整改措施。")
        + own_words(2, "（一）预算绩效管理工作主要经验、做法。", "预算绩效管理工作主要经验和做法")
        + body(
            "对照评分标准逐项自评，{{ 年度 }}年度部门整体支出绩效综合得分{{ 评分.总分 }}分，评价等级为“{{ 评分.等级 }}”，其中"
            "{% for g in 评分.一级 %}{{ g.名称 }}{{ g.得分 }}分（满分{{ g.分值 }}分）{% if not loop.last %}、{% endif %}"
            "{% endfor %}。"
        )
        + heading(2, "（二）部门整体支出绩效存在问题及改进措施。")
        + body(
            "{% for f in 评分.失分 %}{% if loop.first %}本次自评失分的指标有：{% endif %}{{ f.标题 }}"
            "（扣{{ f.扣分 }}分）{% if loop.last %}。各项的扣分原因和整改措施见附表{% if 评分.佐证 %}1{% endif %}。"
            "{% else %}、{% endif %}"
            "{% else %}本次自评各项指标均为满分。{% endfor %}"
        )
        + slot("存在问题和改进措施")
        + own_words(2, "（三）后续工作计划、相关建议等。", "后续工作计划、相关建议等")
        + paragraph("AttachmentNote", section=section(footers=UPRIGHT, start=1), content=attachment_note())
    )


def attachment_note() -> str:
    """附表：one name, or two below each other."""
    first = "附表：{% if 评分.佐证 %}1.{% endif %}{{ 评分.标题 }}{% if 评分.佐证 %}"
    return runs(first) + BREAK + runs(f"2.{EVIDENCE}{{% endif %}}")


def attachments() -> str:
    """附表1 and, where evidence was named, 附表2, on pages laid on their side."""
    return (
        attachment_head("AttachmentHead", "附表{% if 评分.佐证 %}1{% endif %}　", "{{ 评分.标题 }}")
        + score_table()
        + paragraph("SectionEnd", "{%p if 评分.佐证 %}")
        + attachment_head("NextAttachmentHead", "附表2　", EVIDENCE)
        + evidence_table()
        + paragraph("SectionEnd", "{%p endif %}")
        + paragraph("SectionEnd")
        + section(sideways=True, footers=SIDEWAYS, last=True)
    )


def score_table() -> str:
    """Ten columns: as the rubric has them, then the score and what was lost, why and what is done about it."""
    widths = (480, 480, 480, 480, 1150, 480, 1980, 3520, 560, 3146)
    total = [
        cell(sum(widths[:8]), paragraph("ScoreCentre", "总分"), span=8),
        *styled(widths[8:], (("ScoreCentre", "{{ 评分.总分 }}"), ("ScoreText", "评价等级：{{ 评分.等级 }}"))),
    ]
    header = score_header(widths, ("指标说明", "参考评分标准", "得分情况", "扣分情况及整改情况说明"))
    each = row([*score_cells(widths), losses(widths[9], "")], whole=True)
    loop = row_for_each("r in 评分.指标", widths, each, "ScoreText")
    return table("ScoreTable", widths, [*header, *loop, row(total, whole=True)])


def evidence_table() -> str:
    """What each judgement by hand rests on."""
    widths = (600, 3400, 3700, 5056)
    names = ("序号", "指标", "计分项", "佐证材料")
    texts = ("{% 合并 r.指标 %}{{ r.指标 }}", "{{ r.计分项 }}", "{{ r.材料 }}")
    each = cells(widths[:1], ["{{ loop.index }}"], "ScoreCentre") + cells(widths[1:], texts, "ScoreText")
    loop = row_for_each("r in 评分.佐证", widths, row(each, whole=True))
    return table("ScoreTable", widths, [head_row(widths, names, "ScoreHead"), *loop])
