"""The Word template of 深圳市大鹏新区医疗健康集团2021年度部门整体支出绩效自评报告."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from tools import official
from tools.luohu_template import STYLES, behind_time
from tools.pieces import (
    SIDEWAYS,
    UPRIGHT,
    answers,
    attachment_head,
    body,
    captioned,
    contents,
    draft_state,
    footers,
    heading,
    losses,
    own_words,
    slot,
)
from tools.word import (
    BREAK,
    cell,
    cells,
    head,
    head_row,
    package,
    paragraph,
    row,
    row_for_each,
    runs,
    section,
    styled,
    table,
)

Text = tuple[str, str]  # a paragraph's style and words

TITLE = "{{ 年度 }}年度部门整体支出绩效自评报告"
OWN_STYLES = (
    *STYLES,
    *(  # a short table stays on one page, each line with the next; so do the last words and the note on the attachment
        replace(style, key=f"Kept{style.key}", name=f"{style.name}同页", keep=True)
        for style in official.STYLES
        if style.key in ("TableHead", "TableText", "TableCentre", "OfficialBody")
    ),
    official.Style("CoverFoot", "封面落款", align="center", before=7400),
)
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
MEANS = ("一季度满意度", "二季度满意度", "三季度满意度", "四季度满意度")


def dapeng_2021() -> bytes:
    """深圳市大鹏新区医疗健康集团2021年度部门整体支出绩效自评报告。"""
    parts = (cover(), contents(), part_one(), part_two(), part_three(), part_four(), attachment())
    return package("部门整体支出绩效自评报告", "".join(parts), footers(), OWN_STYLES)


def cover() -> str:
    """Unit, title and date; nothing to be filled by hand."""
    return (
        paragraph("Title", content=runs("{{ 单位名称 }}") + BREAK + runs(TITLE))
        + draft_state()
        + paragraph("CoverFoot", "{{ 成文日期|日期 }}", section=section())
    )


# ── 一、 ──


def part_one() -> str:
    """一、部门（单位）基本情况。"""
    return (
        heading(1, "一、部门（单位）基本情况")
        + own_words(2, "（一）部门主要职能", "部门主要职能")
        + own_words(2, "（二）年度总体工作和重点工作任务", "年度总体工作和重点工作任务")
        + heading(2, "（三）{{ 年度 }}年部门预算编制情况")
        + own_words(3, "1.部门预算编制合理性和规范性", "预算编制管理")
        + own_words(3, "2.绩效目标设置完整明确", "绩效目标管理")
        + heading(2, "（四）{{ 年度 }}年部门预算执行情况")
        + heading(3, "1.资金管理情况")
        + money()
        + own_words(3, "2.项目管理情况", "项目管理情况")
        + own_words(3, "3.资产管理情况", "资产管理情况")
        + body(
            "截至{{ 年度 }}年12月31日，固定资产账面价值{{ 固定资产总额|万元 }}，无形资产账面价值"
            "{{ 无形资产账面价值|万元 }}。"
        )
        + own_words(3, "4.制度管理情况", "制度管理")
    )


def money() -> str:
    """（1）–（4） under 资金管理情况."""
    return (
        heading(4, "（1）资金支出")
        + body(
            "{{ 单位简称 }}（含本级和所属医院）{{ 年度 }}年年初部门预算为{{ 年初预算收入|万元 }}，"
            "{% if 预算增减额 == 0 %}年中没有调整{% else %}调整后预算为{{ 调整后预算数|万元 }}，比年初"
            "{% if 预算增减额 > 0 %}增加{% else %}减少{% endif %}{{ 预算增减额|绝对|万元 }}，"
            "{% if 年初预算收入 %}调整率为{{ 预算调整率|绝对|百分比 }}，{% endif %}主要原因是{{ 调整原因 }}{% endif %}。",
            "全年实际支出{{ 全年支出|万元 }}{% if 调整后预算数 %}，预算执行率为{{ 预算执行率|百分比 }}，"
            "{% if 预算执行率 > 1 %}实际支出高于调整后预算{% elif 预算执行率 >= 0.9 %}资金执行情况总体良好"
            "{% else %}支出进度有待加快{% endif %}{% endif %}。" + answers("P01"),
        )
        + own_words(4, "（2）政府采购执行情况", "政府采购执行情况")
        + body(
            "{{ 年度 }}年，采购预算金额{{ 采购计划金额|万元 }}，实际采购金额{{ 实际采购金额|万元 }}，"
            "{% if 实际采购金额 > 采购计划金额 %}实际采购高于采购预算{% elif 实际采购金额 == 采购计划金额 %}"
            "与采购预算一致{% else %}没有超过采购预算{% endif %}。{% if 追加采购项目 %}当年追加采购项目预算"
            "{{ 追加采购金额|万元 }}，包括{% for r in 追加采购项目 %}{{ r.追加项目 }}{{ r.追加金额|万元 }}"
            "{% if not loop.last %}、{% endif %}{% endfor %}。{% endif %}" + answers("J46")
        )
        + own_words(4, "（3）财务合规性", "财务合规性")
        + own_words(4, "（4）预决算信息公开", "预决算信息公开")
    )


# ── 二、 ──


def part_two() -> str:
    """二、部门（单位）主要履职绩效分析。"""
    return (
        heading(1, "二、部门（单位）主要履职绩效分析")
        + own_words(2, "（一）主要履职目标", "主要履职目标")
        + own_words(2, "（二）主要履职情况", "主要履职情况")
        + heading(2, "（三）部门履职绩效情况")
        + heading(3, "1.经济性")
        + economy()
        + heading(3, "2.效率性")
        + efficiency()
        + own_words(3, "3.效果性", "效果性")
        + heading(3, "4.公平性")
        + fairness()
    )


def spent(name: str, rate: str) -> str:
    """What was paid out, and its share of the budget with a word on it, for there may be no budget."""
    return (
        f"实际支出{{{{ {name}支出数|万元 }}}}{{% if {name}预算数 %}}，支出率为{{{{ {rate}|百分比 }}}}，"
        f"{{% if {rate} > 1 %}}超过预算{{% else %}}没有超过预算，控制情况良好{{% endif %}}{{% endif %}}。"
    )


def economy() -> str:
    """Running costs and the three public expenses."""
    return (
        heading(4, "（1）公用经费")
        + body(
            "{{ 年度 }}年，公用经费年初预算{{ 年初公用经费预算数|万元 }}，调整后预算{{ 日常公用经费预算数|万元 }}，"
            + spent("日常公用经费", "日常公用经费控制率")
        )
        + heading(4, "（2）“三公”经费支出")
        + body("{{ 年度 }}年，“三公”经费预算{{ 三公经费预算数|万元 }}，" + spent("三公经费", "三公经费控制率"))
    )


def efficiency() -> str:
    """Progress by quarter, the tasks, and the projects of each unit."""
    return (
        heading(4, "（1）预算执行率")
        + body(
            "{{ 年度 }}年，各季度末累计预算执行率为{% for r in 季度执行进度 %}{{ r.季度 }}"
            "{{ r.累计进度|百分比 }}{% if not loop.last %}、{% endif %}{% endfor %}。"
            + behind_time("没有达到要求")
            + answers("J10")
        )
        + heading(4, "（2）重点工作完成情况")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}安排重点工作{{ 重点工作数|带单位 }}，截至年底，"
            "{% if 未完成重点工作数 %}{{ 未完成重点工作数|带单位 }}没有完成{% else %}全部完成{% endif %}，"
            '见{{ 见("重点工作") }}。'
        )
        + captioned("表", "重点工作", "{{ 年度 }}年重点工作完成情况", task_table())
        + heading(4, "（3）项目完成及时性")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}本级和所属医院共有项目{{ 计划项目总数|带单位 }}，按时完成"
            "{{ 完成项目总数|带单位 }}{% if 未完成项目数 %}，未按时完成{{ 未完成项目数|带单位 }}{% endif %}，"
            '{% if 计划项目总数 %}完成率为{{ 项目完成率|百分比 }}，{% endif %}各单位的情况见{{ 见("项目完成") }}。'
        )
        + captioned("表", "项目完成", "{{ 年度 }}年各单位项目完成情况", project_table())
    )


def task_table() -> str:
    """表1: each task and whether it was done."""
    widths = (800, 6400, 1644)
    heads = ("序号", "重点工作名称", "完成情况")
    each = (("TableCentre", "{{ r.序号 }}"), ("TableText", "{{ r.工作名称 }}"), ("TableCentre", "{{ r.完成情况 }}"))
    return listing(widths, heads, "重点工作", each)


def project_table() -> str:
    """表2: projects planned and done, unit by unit, and all together."""
    widths = (4200, 1400, 1844, 1400)
    heads = ("名称", "项目数", "已经完成项目数", "完成率")
    columns = ("计划完成项目数", "已完成项目数", "完成率")

    def numbers(owner: str, style: str) -> list[Text]:
        return [(style, f'{{{{ {owner}.{name}|或("—") }}}}') for name in columns]

    each = [("KeptTableText", "{{ r.填报口径 }}"), *numbers("r", "KeptTableCentre")]
    total = [("TableCentre", "合计"), *numbers("填报合计.项目完成情况", "TableCentre")]
    return listing(widths, heads, "项目完成情况", each, total)


def listing(
    widths: tuple[int, ...],
    heads: tuple[str, ...],
    rows: str,
    each: Sequence[Text],
    total: Sequence[Text] = (),
) -> str:
    """A table with one line of heads, a line for each of ``rows``, and a last one with the totals."""
    loop = row_for_each(f"r in {rows}", widths, row(styled(widths, each), whole=True))
    last = [row(styled(widths, total), whole=True)] if total else []
    return table("OfficialTable", widths, [head_row(widths, heads, "KeptTableHead"), *loop, *last])


def fairness() -> str:
    """Petitions, and what patients said of each hospital."""
    return (
        own_words(4, "（1）群众信访处理情况", "群众信访处理情况")
        + heading(4, "（2）满意度情况")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}各医院总体满意度年度平均值为{{ 年度满意度|小数 }}分，各季度得分见"
            '{{ 见("满意度") }}。'
        )
        + captioned("表", "满意度", "{{ 年度 }}年各医院满意度得分", satisfaction_table())
        + slot("满意度")
    )


def satisfaction_table() -> str:
    """表3: hospital by quarter, the mean of each quarter, and the mean of the year across the last line."""
    widths = (3644, 1300, 1300, 1300, 1300)
    name, *quarters = widths

    def line(first: str, texts: Sequence[str], style: str = "KeptTableCentre") -> str:
        return row(cells(widths[:1], [first], style) + cells(quarters, texts, "KeptTableCentre"), whole=True)

    kept_head = partial(head, style="KeptTableHead")
    upper = [kept_head(name, "医院名称", merge="restart"), kept_head(sum(quarters), "总体满意度（分）", span=4)]
    lower = [kept_head(name, merge="continue"), *cells(quarters, QUARTERS, "KeptTableHead")]
    each = line("{{ r.医院 }}", [f'{{{{ r.各期["{quarter}"]|小数 }}}}' for quarter in QUARTERS], "KeptTableText")
    year = cell(sum(quarters), paragraph("TableCentre", "{{ 年度满意度|小数 }}"), span=4)
    rows = [
        row(upper, header=True),
        row(lower, header=True),
        *row_for_each("r in 宽表.医院满意度", widths, each),
        line("平均值", [f"{{{{ {mean}|小数 }}}}" for mean in MEANS]),
        row([*cells(widths[:1], ["年度平均值"], "TableCentre"), year], whole=True),
    ]
    return table("OfficialTable", widths, rows)


# ── 三、 四、 ──


def part_three() -> str:
    """三、总体评价和整改措施; the problems in the unit's own words."""
    return (
        heading(1, "三、总体评价和整改措施")
        + own_words(2, "（一）预算绩效管理工作主要经验、做法", "预算绩效管理工作主要经验和做法")
        + own_words(2, "（二）部门整体支出绩效存在问题及改进措施", "存在问题及改进措施")
        + own_words(2, "（三）后续工作计划、相关建议等", "后续工作计划、相关建议等")
    )


def part_four() -> str:
    """四、 the result, and what each level 1 earned; with the note on the attachment."""
    return (
        heading(1, "四、部门整体支出绩效评价指标评分情况")
        + paragraph(
            "KeptOfficialBody",
            "{{ 年度 }}年，{{ 单位简称 }}部门整体支出绩效评价得分为{{ 评分.总分 }}分，绩效评价等级为{{ 评分.等级 }}。其中，"
            "{% for g in 评分.一级 %}{{ g.名称 }}指标得分为{{ g.得分 }}分，得分率为{{ g.得分率 }}"
            "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}"
            "{% if 评分.失分 %}各指标的扣分情况和整改措施见附件。{% endif %}",
        )
        + paragraph(
            "AttachmentNote",
            "附件：{{ 评分.标题 }}（{{ 评分.标注 }}）",
            section=section(footers=UPRIGHT, start=1),
        )
    )


def attachment() -> str:
    """附件: what is known of the scoring table, on pages laid on their side."""
    return (
        attachment_head("AttachmentHead", "附件　", "{{ 评分.标题 }}")
        + paragraph("TableUnit", "（{{ 评分.标注 }}）")
        + score_table()
        + paragraph("SectionEnd")
        + section(sideways=True, footers=SIDEWAYS, last=True)
    )


def score_table() -> str:
    """A row for each level-1 indicator: points, what is meant, how it was scored, the score, what was lost and why."""
    widths = (1100, 640, 2100, 2200, 640, 6076)
    heads = ("一级指标", "分值", "指标说明", "评分标准", "得分", "扣分情况及整改措施说明")
    each = (
        ("ScoreCentre", "{{ r.一级 }}"),
        ("ScoreCentre", "{{ r.分值 }}"),
        ("ScoreText", "{{ r.指标说明 }}"),
        ("ScoreText", "{{ r.评分标准 }}"),
        ("ScoreCentre", "{{ r.得分 }}"),
    )
    line = row([*styled(widths[:-1], each), losses(widths[-1], "没有扣分。")], whole=True)
    loop = row_for_each("r in 评分.指标", widths, line, "ScoreText")
    totals = (total(widths, *one) for one in (("综合评分", "总分"), ("评价等级", "等级")))
    return table("ScoreTable", widths, [head_row(widths, heads, "ScoreHead"), *loop, *totals])


def total(widths: tuple[int, ...], label: str, name: str) -> str:
    """A line under the table: its label across, then what all together came to."""
    parts = ((sum(widths[:4]), 4, label), (sum(widths[4:]), 2, f"{{{{ 评分.{name} }}}}"))
    return row([cell(width, paragraph("ScoreCentre", text), span) for width, span, text in parts], whole=True)
