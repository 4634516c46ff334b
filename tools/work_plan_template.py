"""The template of work plans: text and task list from the same rows, every number written by the template."""

from __future__ import annotations

from tools.official import FANG, LINE, LONG_WIDTH, SIZE2, SIZE5, TITLE, WIDTH, Style
from tools.pieces import body, footers, heading, slot
from tools.word import cell, package, paragraph, row, section, table, tag_row

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
        + paragraph("PlanState", '{%p if 稿次 != "定稿" %}')
        + paragraph("PlanState", "（{{ 稿次 }}）")
        + paragraph("PlanState", "{%p endif %}")
        + paragraph("PlanTitleAfter")
        + body(
            "为落实国家和自治区深化医药卫生体制改革的部署，统筹推进{{ 年度 }}年全市医改重点任务，确保各项举措按期见效，"
            "结合工作实际，制定本方案。"
        )
        + heading(1, "一、指导思想")
        + slot("指导思想")
    )


def goals() -> str:
    """二、工作目标: the whole in the department's own words, then each goal."""
    return (
        heading(1, "二、工作目标")
        + heading(2, "（一）总目标")
        + slot("工作目标")
        + heading(2, "（二）具体目标")
        + body("到{{ 年度 }}年底，实现以下{{ 目标数|带单位 }}目标：")
        + body("{%p for g in 目标 %}", "{{ g.序号 }}.{{ g.目标内容 }}", "{%p endfor %}")
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
        heading(1, "四、工作要求")
        + slot("工作要求")
        + paragraph("AttachmentNote", "附件：1.{{ 清单名称 }}")
        + paragraph("AttachmentNoteMore", "2.重点专科建设名单")
        + paragraph("Signature", "\t{{ 单位名称 }}")
        + paragraph(
            "SignatureDate",
            "\t{{ 成文日期|日期 }}",
            section=section(footers=("footer1", "footer2"), start=1),
        )
    )


def task_list() -> str:
    """附件1: the tasks again, on pages laid on their side."""
    widths = (580, 600, 1500, 3766, 1250, 2240, 1400, 1420)
    assert sum(widths) == LONG_WIDTH
    names = ("序号", "章节", "任务名称", "工作内容", "责任领导", "牵头科室", "责任单位", "完成时限")
    rows = [
        row([cell(w, paragraph("TableHead", name)) for w, name in zip(widths, names, strict=True)], header=True),
        tag_row('{%tr for 节 in 任务|分组("章节") %}', widths, "TableText"),
        tag_row("{%tr for t in 节.行 %}", widths, "TableText"),
        row(task_cells(widths), whole=True, height=TALL),
        tag_row("{%tr endfor %}", widths, "TableText"),
        tag_row("{%tr endfor %}", widths, "TableText"),
    ]
    return (
        paragraph("AttachmentLabel", "附件1")
        + paragraph("AttachmentTitle", "{{ 清单名称 }}")
        + table("OfficialTable", widths, rows)
        + paragraph("SectionEnd", section=section(sideways=True, footers=("footer3", "footer4")))
    )


def task_cells(widths: tuple[int, ...]) -> list[str]:
    """One task; the section's name runs down beside its tasks."""
    texts = (
        ("TableCentre", "{{ t.序号 }}"),
        ("ScoreCentre", "{% 合并 t.章节 %}（{{ 节.序|中文数字 }}）{{ t.章节 }}"),
        ("TableText", "{{ t.任务名称 }}"),
        ("TableText", "{{ t.内容 }}"),
    )
    cells = [
        cell(width, paragraph(style, text), upright="合并" in text)
        for width, (style, text) in zip(widths[:4], texts, strict=True)
    ]
    return [
        *cells,
        cell(widths[4], lines("人", "t.责任领导")),
        cell(widths[5], lines("科室", "t.牵头科室")),
        cell(widths[6], paragraph("TableCentre", "{{ t.责任单位 }}")),
        cell(widths[7], paragraph("TableCentre", "{{ t.完成时限 }}")),
    ]


def lines(name: str, source: str) -> str:
    """A paragraph for each name of a list."""
    tags = (f"{{%p for {name} in {source}|分行 %}}", f"{{{{ {name} }}}}", "{%p endfor %}")
    return "".join(paragraph("TableCentre", tag) for tag in tags)


def specialties() -> str:
    """附件2: the specialties and how many the goals name."""
    widths = (900, 1800, 3244, 2900)
    assert sum(widths) == WIDTH
    names = ("序号", "专科级别", "专科名称", "所在单位")
    texts = ("{{ r.序号 }}", "{% 合并 r.专科级别 %}{{ r.专科级别 }}", "{{ r.专科名称 }}", "{{ r.所在单位 }}")
    each = [cell(w, paragraph("TableCentre", text)) for w, text in zip(widths, texts, strict=True)]
    rows = [
        row([cell(w, paragraph("TableHead", name)) for w, name in zip(widths, names, strict=True)], header=True),
        tag_row("{%tr for r in 重点专科 %}", widths, "TableText"),
        row(each, whole=True, height=440),
        tag_row("{%tr endfor %}", widths, "TableText"),
    ]
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
        + section(footers=("footer1", "footer2"), last=True)
    )
