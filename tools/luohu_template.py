"""The Word template of 深圳市罗湖区2024年度部门整体绩效自评报告, and the pieces that its sister editions share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tools.official import LINE, LONG_WIDTH, SIZE2, TITLE, Style
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
    last_words,
    optional_slot,
    own_words,
    slot,
    told_if,
)
from tools.word import cell, cells, head, head_row, lines, package, paragraph, row, row_for_each, section, table

STYLES = (  # 附件 and its title in one paragraph, so that the contents name both
    Style("AttachmentHead", "附件标签和标题", next="OfficialBody", font=TITLE, size=SIZE2, align="left", line=LINE,
          after=200, keep=True, level=1, tabs=(("center", LONG_WIDTH // 2, ""),)),
)  # fmt: skip


def luohu_2024() -> bytes:
    """深圳市罗湖区2024年度部门整体绩效自评报告。"""
    parts = (cover(), contents(), opening(), part_one(), part_two(), part_three(), attachment())
    return package("部门整体绩效自评报告", "".join(parts), footers(), STYLES)


def cover() -> str:
    """Title, fields to be filled by hand, room for the seal, date."""
    return (
        paragraph("Title", "{{ 年度 }}年度部门整体绩效自评报告")
        + draft_state()
        + paragraph("CoverFirst", "部门名称（公章）：\t{{ 单位名称 }}")
        + lines("CoverLine", *(f"{label}：\t\t" for label in ("填报人", "单位负责人", "联系电话")))
        + paragraph("CoverDate", "{{ 成文日期|日期 }}", section=section())
    )


def opening() -> str:
    """What was asked for, and the result."""
    return body(
        "根据《{{ 通知名称 }}》（{{ 通知文号 }}）的部署，{{ 单位名称 }}（以下简称“{{ 单位简称 }}”）对{{ 年度 }}年度"
        "部门整体支出的预算安排、资金使用和履职成效进行了绩效自评。经自评，综合得分{{ 评分.总分 }}分，评价等级为"
        "“{{ 评分.等级 }}”。现将有关情况报告如下。"
    )


def part_one() -> str:
    """一、部门基本情况。"""
    return (
        heading(1, "一、部门基本情况")
        + heading(2, "（一）部门主要职能")
        + body(
            "{{ 单位简称 }}级别为{{ 单位级别 }}，纳入本次自评范围的单位共{{ 下属单位数|带单位 }}，分别是"
            "{% for r in 单位执行情况 %}{{ r.单位名称 }}{% if not loop.last %}、{% endif %}{% endfor %}。"
        )
        + slot("部门主要职能")
        + own_words(2, "（二）年度总体工作和重点工作任务", "年度总体工作和重点工作任务")
        + heading(2, "（三）{{ 年度 }}年部门预算编制情况")
        + budgeting()
        + heading(2, "（四）{{ 年度 }}年部门预算执行情况")
        + execution()
        + management()
    )


def budgeting() -> str:
    """The budget as first approved and as adjusted."""
    return (
        own_words(3, "1.预算编制管理", "预算编制管理")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}{% if 年初预算收入 == 年初预算支出 and 上年年初预算收入 == 上年年初预算支出 %}"
            "年初部门预算收入、支出均为" + beside_last_year("收入", "均")
            + "{% else %}年初部门预算收入" + beside_last_year("收入") + "；年初部门预算支出" + beside_last_year("支出")
            + "{% endif %}" + reason("年初预算变动原因") + "。",
            "全年调整后预算数为{{ 调整后预算数|万元 }}，其中本年度收入{{ 本年度收入|万元 }}、使用非财政拨款结余"
            "{{ 使用非财政拨款结余|万元 }}、年初结转结余{{ 年初结转结余|万元 }}。{% if 年中调整额 == 0 %}年中预算未作"
            "调整。{% else %}与年初预算相比，年中{% if 年中调整额 > 0 %}调增{% else %}调减{% endif %}"
            + told_if("年初预算收入", "{{ 年中调整额|绝对|万元 }}", "，调整比例为{{ 年中调整比例|绝对|百分比 }}")
            + "，主要原因是{{ 调整原因 }}。{% endif %}" + answers("J03"),
        )
        + own_words(3, "2.绩效目标管理", "绩效目标管理")
    )


def beside_last_year(side: str, both: str = "") -> str:
    """The budget first approved beside that of the year before, which a new department did not have."""
    rate = f'{{{{ 年初预算{side}增长率|增减("增长","下降") }}}}'
    compared = f"，较上年年初预算{both}{rate}", f"，上年年初预算{both}为0"
    return told_if(f"上年年初预算{side}", f"{{{{ 年初预算{side}|万元 }}}}", *compared)


def execution() -> str:
    """The budget as carried out, unit by unit."""
    return (
        body(
            "{{ 年度 }}年，{{ 单位简称 }}调整后预算数{{ 调整后预算数|万元 }}，全年实际支出"
            + told_if("调整后预算数", "{{ 全年支出|万元 }}", "，预算执行率为{{ 预算执行率|百分比 }}")
            + '，各单位的执行情况见{{ 见("各单位预算执行情况") }}。'
        )
        + captioned("表1-", "各单位预算执行情况", "各单位预算执行情况表", execution_table(), "单位：万元")
    )


def execution_table() -> str:
    """表1-1."""
    widths = (560, 3540, 1260, 1260, 1260, 964)
    columns = ("序号", "单位名称", "年初预算数", "全年预算数", "决算数", "执行率")

    def numbers(owner: str) -> list[str]:
        typed = (f"{{{{ {owner}.{name} }}}}" for name in columns[2:-1])
        return cells(widths[2:], [*typed, f'{{{{ {owner}.{columns[-1]}|或("—") }}}}'], "TableNumber")

    name = cells(widths[:1], ["{{ r.序号 }}"], "TableCentre") + cells(widths[1:2], ["{{ r.单位名称 }}"], "TableText")
    each = row_for_each("r in 单位执行情况", widths, row([*name, *numbers("r")], whole=True))
    total = [cell(widths[0] + widths[1], paragraph("TableCentre", "合计"), span=2), *numbers("填报合计.单位执行情况")]
    return table("OfficialTable", widths, [head_row(widths, columns), *each, row(total, whole=True)])


def management() -> str:
    """1.–7. under （四）."""
    return (
        own_words(3, "1.政府采购执行情况", "政府采购执行情况")
        + body(
            "{{ 年度 }}年，{{ 单位简称 }}{% if 采购计划金额 %}采购计划金额{{ 采购计划金额|万元 }}，实际采购金额"
            "{{ 实际采购金额|万元 }}，采购执行率为{{ 采购执行率|百分比 }}。{% if 采购冻结金额 %}采购计划中有"
            "{{ 采购冻结金额|万元 }}因资金冻结未能支出。{% endif %}{% else %}未安排政府采购计划。{% endif %}"
        )
        + own_words(3, "2.预决算信息公开", "预决算信息公开")
        + own_words(3, "3.财务合规性", "财务合规性")
        + body(
            "{{ 年度 }}年，项目之间、科目之间调整调剂资金累计"
            + told_if("年初预算收入", "{{ 调剂资金累计|万元 }}", transferred("年初预算收入"), "。")
        )
        + own_words(3, "4.项目管理情况", "项目管理情况")
        + own_words(3, "5.资产管理情况", "资产管理情况")
        + body(
            "年内共盘查资产{{ 盘查资产|带单位 }}，其中固定资产{{ 固定资产|带单位 }}、无形资产{{ 无形资产|带单位 }}，"
            "资产原值合计{{ 资产原值|万元 }}。年末固定资产总额{{ 固定资产总额|万元 }}，其中在用"
            + told_if("固定资产总额", "{{ 在用固定资产总额|万元 }}", "，固定资产利用率为{{ 固定资产利用率|百分比 }}")
            + "。"
        )
        + heading(3, "6.人员管理情况")
        + body(
            "截至{{ 年度 }}年12月31日，核定编制{{ 核定编制数|带单位 }}，年末在编在职{{ 在编人数|带单位 }}，"
            + change("在编变动")
            + "退休人员{{ 退休人数|带单位 }}，其中由单位发放退休费的{{ 发放退休费人数|带单位 }}；离休人员"
            "{{ 离休人数|带单位 }}。其他人员{{ 编外人数|带单位 }}，" + change("编外变动")
        )
        + optional_slot("人员管理情况")
        + own_words(3, "7.制度管理", "制度管理")
    )


def transferred(budget: str) -> str:
    """What was moved between projects, as a share of the budget, and whether that is allowed."""
    return (
        f"，相当于{budget}的{{{{ 调剂比例|百分比 }}}}，{{% if 调剂比例 <= 0.1 %}}未超过{{% else %}}超过{{% endif %}}"
        "10%的规定比例。"
    )


def change(name: str) -> str:
    """How many more or fewer people than a year ago, and why; no rate where there were none."""
    before, rate = f"上年{name.removesuffix('变动')}人数", f'，{{{{ {name}率|增减("增长","下降") }}}}'
    return (
        f"{{% if {name} == 0 %}}与上年持平。{{% else %}}比上年{{% if {name} > 0 %}}增加{{% else %}}减少{{% endif %}}"
        f"{told_if(before, f'{{{{ {name}|绝对|带单位 }}}}', rate)}{reason(f'{name}原因')}。{{% endif %}}"
    )


def reason(name: str) -> str:
    """The words for why, where a reason was given."""
    return f"{{% if {name} %}}，主要原因是{{{{ {name} }}}}{{% endif %}}"


def part_two() -> str:
    """二、部门主要履职绩效分析。"""
    return (
        heading(1, "二、部门主要履职绩效分析")
        + own_words(2, "（一）主要履职目标", "主要履职目标")
        + own_words(2, "（二）主要履职情况", "主要履职情况")
        + heading(2, "（三）部门履职绩效情况")
        + heading(3, "1.经济性指标")
        + body(
            "{{ 年度 }}年，“三公”经费全年预算数{{ 三公经费预算数|万元 }}，实际支出{{ 三公经费支出数|万元 }}"
            "{% if 三公经费预算数 %}，控制率为{{ 三公经费控制率|百分比 }}{% endif %}；日常公用经费全年预算数"
            "{{ 日常公用经费预算数|万元 }}，实际支出{{ 日常公用经费支出数|万元 }}{% if 日常公用经费预算数 %}，控制率为"
            "{{ 日常公用经费控制率|百分比 }}{% endif %}。"
        )
        + heading(3, "2.效率性指标")
        + efficiency()
        + optional_slot("效率性指标")
        + own_words(3, "3.效果性", "效果性")
        + heading(3, "4.满意度")
        + satisfaction()
        + slot("满意度")
    )


def efficiency() -> str:
    """Projects, quarterly progress and the tasks set from above."""
    return body(
        "**一是项目完成及时情况。**{{ 年度 }}年，项目支出全年预算数{{ 项目支出预算数|万元 }}，实际支出"
        + told_if("项目支出预算数", "{{ 项目支出决算数|万元 }}", "，执行率为{{ 项目支出执行率|百分比 }}")
        + "。全年预算数不为0的二级项目共{{ 计划项目总数|带单位 }}，执行率达到90%的视为完成，其中"
        + told_if(
            "计划项目总数",
            "{{ 完成项目总数|带单位 }}已完成",
            "，{% if 未完成项目数 %}{{ 未完成项目数|带单位 }}未完成，{% endif %}项目完成率为{{ 项目完成率|百分比 }}",
        )
        + "。",
        "**二是预算执行进度。**一、二、三季度末累计支出进度（不含冻结金额）" + by_quarter() + answers("J09"),
        "**三是重点工作完成情况。**{{ 年度 }}年承担上级交办的重点工作{{ 重点工作数|带单位 }}，"
        "{% if 未完成重点工作数 %}其中{{ 未完成重点工作数|带单位 }}未按期完成{% else %}均按期完成{% endif %}。",
    )


def by_quarter() -> str:
    """Progress at the end of each quarter, and beside the time that had passed."""
    return (
        "分别为{{ 一季度进度|百分比 }}、{{ 二季度进度|百分比 }}和{{ 三季度进度|百分比 }}，"
        "全年为{{ 全年执行进度|百分比 }}；" + behind_time("未达到要求")
    )


def behind_time(said: str) -> str:
    """The quarters that were behind the time that had passed."""
    return (
        "与序时进度相比，{% for r in 季度执行进度 if r.累计进度 < r.序时进度 %}{{ r.季度 }}{% if loop.last %}" + said
        + "{% else %}、{% endif %}{% else %}各季度均达到要求{% endfor %}。"
    )  # fmt: skip


def satisfaction() -> str:
    """Petitions by channel, answers, and the survey if there was one."""
    return body(
        "{{ 年度 }}年，{{ 单位简称 }}共受理群众信访{{ 受理信访件|带单位 }}，其中省信访平台{{ 省平台件|带单位 }}、市级"
        "部门转办{{ 市转办件|带单位 }}、来信来电来访等其他渠道{{ 其他渠道件|带单位 }}；"
        "已回复{{ 已回复件|带单位 }}，{% if 按期回复件 == 已回复件 %}均按期回复{% else %}其中按期回复"
        "{{ 按期回复件|带单位 }}{% endif %}。"
        "{% if 公众满意度 %}公众或服务对象满意度为{{ 公众满意度|百分比 }}。{% endif %}"
    )


def part_three() -> str:
    """三、总体评价和整改措施, with the note on the attachment."""
    return (
        heading(1, "三、总体评价和整改措施")
        + own_words(2, "（一）预算绩效管理工作主要经验和做法", "预算绩效管理工作主要经验和做法")
        + heading(2, "（二）部门整体支出绩效存在问题及改进措施")
        + body("{%p if 评分.失分 %}", "{%p for f in 评分.失分 %}")
        + heading(3, "{{ loop.index }}.{{ f.标题 }}")
        + body(
            "**存在问题：**{{ f.原因 }}",
            "**评分情况（{% if f.项数 > 1 %}{{ f.项数 }}项指标，{% endif %}总分{{ f.分值 }}分）：**{{ f.说明 }}",
            "**改进措施：**{{ f.措施 }}",
            "{%p endfor %}",
            "{%p else %}",
            "本次自评各项指标均为满分，没有需要说明的扣分事项。",
            "{%p endif %}",
        )
        + last_words(2, "（三）后续工作计划、相关建议等", "后续工作计划、相关建议等")
        + paragraph("AttachmentNote", "附件：{{ 评分.标题 }}", section=section(footers=UPRIGHT, start=1))
    )


def attachment() -> str:
    """附件: the scoring table, on pages laid on their side."""
    return (
        attachment_head("AttachmentHead", "附件　", "{{ 评分.标题 }}")
        + score_table()
        + paragraph("SectionEnd")
        + section(sideways=True, footers=SIDEWAYS, last=True)
    )


def score_table() -> str:
    """Nine columns: three levels with their points, what is meant, how it is scored, the score."""
    widths = (560, 560, 560, 560, 1560, 560, 2660, 4980, 756)

    def last(label: str, shown: str) -> str:
        beside = cell(sum(widths[:-1]), paragraph("ScoreCentre", label), span=8)
        return row([beside, *cells(widths[-1:], [shown], "ScoreCentre")], whole=True)

    total = last("综合评分", "{{ 评分.总分 }}"), last("评分等级", "{{ 评分.等级 }}")
    each = row_for_each("r in 评分.指标", widths, row(score_cells(widths), whole=True), "ScoreText")
    return table("ScoreTable", widths, [*score_header(widths), *each, *total])


def score_header(widths: tuple[int, ...], names: Sequence[str] = ("指标说明", "参考评分标准", "分数")) -> list[str]:
    """The three header rows: the levels, then the columns of these ``names``."""
    score_head = partial(head, style="ScoreHead")
    tall = tuple(zip(widths[6:], names, strict=True))
    going_on = [score_head(width, merge="continue") for width, _ in tall]
    levels = [score_head(sum(widths[2 * n : 2 * n + 2]), f"{name}级指标", span=2) for n, name in enumerate("一二三")]
    pairs = cells(widths[:6], ("名称", "参考分值") * 3, "ScoreHead")
    first = [score_head(sum(widths[:6]), "评价指标", span=6), *(score_head(w, text, merge="restart") for w, text in tall)]
    return [row(cells, header=True) for cells in (first, levels + going_on, pairs + going_on)]


def score_cells(widths: tuple[int, ...]) -> list[str]:
    """One indicator; names and points of the upper levels are merged down."""
    upper = (("一级", "一级"), ("一级", "一级分值"), ("二级", "二级"), ("二级", "二级分值"))
    merged = (f"{{% 合并 r.{level} %}}{{{{ r.{name} }}}}" for level, name in upper)
    return [
        *cells(widths[:6], (*merged, "{{ r.三级 }}", "{{ r.分值 }}"), "ScoreCentre"),
        *cells(widths[6:7], ["{{ r.指标说明 }}"], "ScoreText"),
        cell(widths[7], block("ScoreText", "for 行 in r.评分标准|分行", "{{ 行 }}")),
        *cells(widths[8:9], ["{{ r.得分 }}"], "ScoreCentre"),
    ]
