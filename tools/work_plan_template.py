"""The template of work plans: text and task list from the same rows, every number written by the template."""

from __future__ import annotations

from tools.official import FANG, LINE, LONG_WIDTH, SIZE2, SIZE5, TITLE, WIDTH, Style
from tools.pieces import SIDEWAYS, UPRIGHT, block, body, draft_state, footers, heading, own_words
from tools.word import cell, cells, head_row, package, paragraph, row, row_for_each, section, table

DATE_MIDDLE = WIDTH - 2400  # a date of seven characters that ends four characters from the edge
STYLES = (
    Style("PlanTitle", "公文标题", next="OfficialBody", font=TITLE, size=SIZE2, align="center", line=700, before=LINE),
    Style("PlanState", "公文稿次", align="center"),
    Style("PlanTitleAfter", "标题后空行"),
    Style("AttachmentNoteMore", "附件说明续行", squeeze=True, align="left", left=5),
    Style("Signature", "署名", align="left", before=2 * LINE, keep=True, tabs=(("center", DATE_MIDDLE, ""),)),
    Style("SignatureDate", "成文日期", align="left", tabs=(("center", DATE_MIDDLE, ""),)),
    Style("TableNote", "表注", font=FANG, size=SIZE5, line=0, before=80, left=2, first=-2),
)
TALL = 1400  # a section's name in two lines from top to bottom; one row has room for it where a page ends


def zhongwei_2022() -> bytes:
    """中卫市2022年深化医药卫生体制改革工作方案。"""
    parts = (opening(), goals(), tasks(), closing(), task_list(), specialties())
    return package("工作方案", "".join(parts), footers(), STYLES)


def opening() -> str:
    """The title, why there is a plan, 一、指导思想."""
    return (
        paragraph("PlanTitle", "{{ 方案名称 }}")
        + draft_state("PlanState")
        + paragraph("PlanTitleAfter")
        + body(
            "为落实国家和自治区深化医药卫生体制改革的部署，统筹推进{{ 年度 }}年全市医改重点任务，确保各项举措按期见效，"
            "结合工作实际，制定本方案。"
        )
        + own_words(1, "一、指导思想", "指导思想")
    )


def goals() -> str:
    """二、工作目标: the whole in the department's own words, then each goal."""
    return (
        heading(1, "二、工作目标")
        + own_words(2, "（一）总目标", "工作目标")
        + heading(2, "（二）具体目标")
        + body("到{{ 年度 }}年底，实现以下{{ 目标数|带单位 }}目标：")
        + block("OfficialBody", "for g in 目标", "{{ g.序号 }}.{{ g.目标内容 }}")
    )


def tasks() -> str:
    """三、工作任务及措施: each task with who does it and by when."""
    return (
        heading(1, "三、工作任务及措施")
        + body(
            "围绕上述目标，{{ 年度 }}年共安排{{ 任务数|带单位 }}工作任务，分工和时限汇总见附件1，重点专科建设名单见附件2。",
            '{%p for 节 in 任务|分组("章节") %}',
        )
        + heading(2, "（{{ 节.序|中文数字 }}）{{ 节.名 }}")
        + body(
            "{%p for t in 节.行 %}",
            "{{ t.序号 }}.**{{ t.任务名称 }}**。{{ t.内容 }}（责任领导：{{ t.责任领导|顿号 }}；牵头科室："
            "{{ t.牵头科室|顿号 }}；责任单位：{{ t.责任单位 }}；完成时限：{{ t.完成时限 }}）",
            "{%p endfor %}",
            "{%p endfor %}",
        )
    )


def closing() -> str:
    """四、工作要求, what is attached, who signs and when: the name stands over the middle of the date."""
    return (
        own_words(1, "四、工作要求", "工作要求")
        + paragraph("AttachmentNote", "附件：1.{{ 清单名称 }}")
        + paragraph("AttachmentNoteMore", "2.重点专科建设名单")
        + paragraph("Signature", "\t{{ 单位名称 }}")
        + paragraph("SignatureDate", "\t{{ 成文日期|日期 }}", section=section(footers=UPRIGHT, start=1))
    )


def task_list() -> str:
    """附件1: the tasks again, on pages laid on their side."""
    widths = (580, 600, 1500, 3766, 1250, 2240, 1400, 1420)
    assert sum(widths) == LONG_WIDTH
    names = ("序号", "章节", "任务名称", "工作内容", "责任领导", "牵头科室", "责任单位", "完成时限")
    inside = "".join(row_for_each("t in 节.行", widths, row(task_cells(widths), whole=True, height=TALL)))
    rows = [head_row(widths, names), *row_for_each('节 in 任务|分组("章节")', widths, inside)]
    return (
        paragraph("AttachmentLabel", "附件1")
        + paragraph("AttachmentTitle", "{{ 清单名称 }}")
        + table("OfficialTable", widths, rows)
        + paragraph("SectionEnd", section=section(sideways=True, footers=SIDEWAYS))
    )


def task_cells(widths: tuple[int, ...]) -> list[str]:
    """One task; the section's name runs down beside its tasks."""
    chapter = paragraph("ScoreCentre", "{% 合并 t.章节 %}（{{ 节.序|中文数字 }}）{{ t.章节 }}")
    return [
        *cells(widths[:1], ["{{ t.序号 }}"], "TableCentre"),
        cell(widths[1], chapter, upright=True),
        *cells(widths[2:4], ("{{ t.任务名称 }}", "{{ t.内容 }}"), "TableText"),
        cell(widths[4], block("TableCentre", "for 人 in t.责任领导|分行", "{{ 人 }}")),
        cell(widths[5], block("TableCentre", "for 科室 in t.牵头科室|分行", "{{ 科室 }}")),
        *cells(widths[6:], ("{{ t.责任单位 }}", "{{ t.完成时限 }}"), "TableCentre"),
    ]


def specialties() -> str:
    """附件2: the specialties and how many the goals name."""
    widths = (900, 1800, 3244, 2900)
    assert sum(widths) == WIDTH
    names = ("序号", "专科级别", "专科名称", "所在单位")
    texts = ("{{ r.序号 }}", "{% 合并 r.专科级别 %}{{ r.专科级别 }}", "{{ r.专科名称 }}", "{{ r.所在单位 }}")
    each = row(cells(widths, texts, "TableCentre"), whole=True, height=440)
    rows = [head_row(widths, names), *row_for_each("r in 重点专科", widths, each)]
    return (
        paragraph("AttachmentLabel", "附件2")
        + paragraph("AttachmentTitle", "重点专科建设名单")
        + table("OfficialTable", widths, rows)
        + paragraph(
            "TableNote",
            "注：本年度创建目标为{% for g in 目标 if g.清点级别 %}{{ g.清点级别 }}重点专科{{ g.目标数量 }}个"
            "{% if not loop.last %}、{% endif %}{% endfor %}，表列各专科均纳入本年度建设范围。"
            '{% for b in 备注 if b.代码 == "R03" %}{{ b.说明 }}{% endfor %}',
        )
        + section(footers=UPRIGHT, last=True)
    )
