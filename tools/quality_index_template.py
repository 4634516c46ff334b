"""The template of quality-index reports: every figure and every word about a figure follows from the data.

The sentences choose their words by conditions on the series of scores (走势) and of raw figures (原始), so that a
changed figure changes the text; what only people know comes from the department's own words.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.charts import Chart
from tools.official import HEI, LINE, LONG_WIDTH, SIZE3, SIZE4, SIZE5, SIZE_SMALL5, Style
from tools.pieces import (
    SIDEWAYS,
    UPRIGHT,
    block,
    body,
    captioned,
    contents,
    draft_state,
    footers,
    heading,
    optional_slot,
    own_words,
)
from tools.word import BREAK, cells, head_row, package, paragraph, row, row_for_each, runs, section, table

STYLES = (
    Style("CoverUnit", "封面单位", size=SIZE3, align="center", line=LINE, before=5400),
    Style("CoverMonth", "封面年月", size=SIZE3, align="center", line=LINE),
    Style("Equation", "公式", size=SIZE4, align="center", line=0, before=140, after=140),
    Style("WholeHead", "不跨页表头", font=HEI, size=SIZE5, align="center", line=0, keep=True),
    Style("WholeCentre", "不跨页居中", size=SIZE5, align="center", line=0, keep=True),
    Style("TableNote", "表注", size=SIZE_SMALL5, align="left", line=0, before=40, left=2, first=-2),
    Style("TableNoteMore", "表注续行", size=SIZE_SMALL5, align="left", line=0, before=20, left=2),
)
TOTAL, LEVEL3, LEVEL4, SINGLE = "走势.总分", "走势.一级", "走势.二级", "走势.三级"
LOOK3 = ("质量水平", "发展能力", "质量获得感")
LOOK4 = ("居民健康水平", "医疗服务效率", "医疗服务质量", "持续发展", "顾客满意度")
SPAN = "{{ @.首期 }}—{{ @.末期 }}年"

# Phrases about a series, which takes the place of @.
TREND = '{% if @.趋势 == "基本持平" %}基本持平{% else %}呈{{ @.趋势 }}趋势{% endif %}'
MOVE = (
    "由{{ @.首期 }}年的{{ @.首 }}分{% if @.增减 > 0 %}上升到{% elif @.增减 < 0 %}下降到{% else %}变为{% endif %}"
    "{{ @.末期 }}年的{{ @.末 }}分"
)
GAIN = (
    "{% if @.增减 > 0 %}累计提高{{ @.增减|绝对 }}分{% elif @.增减 < 0 %}累计降低{{ @.增减|绝对 }}分"
    "{% else %}首尾持平{% endif %}"
)
GROWTH = "年均复合增长率为{{ @.年均增长率 }}"
LATEST = (
    "{% if @.较上期 > 0 %}比上年提高{{ @.较上期|绝对 }}分{% elif @.较上期 < 0 %}比上年降低{{ @.较上期|绝对 }}分"
    "{% else %}与上年持平{% endif %}"
)
LATEST_WORD = "{% if @.较上期 > 0 %}较上年提高{% elif @.较上期 < 0 %}较上年有所回落{% else %}与上年持平{% endif %}"
HIGH = (
    "{% if @.最高期 == @.末期 %}为{{ @.首期 }}年以来的最高水平{% if @.首次满分期 == @.末期 %}，并首次达到满分{% endif %}"
    "{% else %}历年最高为{{ @.最高期 }}年的{{ @.最高 }}分{% endif %}"
)
RUN = "{% if @.连升期数 > 1 %}，已连续{{ @.连升期数 }}年上升{% endif %}"


def of(series: str, *phrases: str) -> str:
    """Phrases about a series."""
    return "".join(phrases).replace("@", series)


def shenzhen_2022() -> bytes:
    """2022年度深圳市卫生健康质量指数测评分析报告。"""
    charts = Charts()
    front = (cover(), contents(3), part_one(), part_two(), raw_data(), scores())
    parts = (*front, analysis(charts), summary(), measures())
    attached = [chart.attached(number) for number, chart in enumerate(charts.drawn, 1)]
    return package("质量指数测评分析报告", "".join(parts), footers(), STYLES, attached)


class Charts:
    """The charts in the order drawn."""

    def __init__(self) -> None:
        self.drawn: list[Chart] = []

    def figure(self, shows: str, name: str, title: str, series: tuple[str, ...] = ("得分",), high: int = 64) -> str:
        """A chart in its line, and its caption below."""
        self.drawn.append(Chart(shows, series, high))
        drawing = self.drawn[-1].drawing(len(self.drawn))
        caption = f'{{{{ 题注("图", "{name}") }}}}　{title}'
        return paragraph("Figure", content=drawing) + paragraph("FigureTitle", caption)


def cover() -> str:
    """What it belongs to, title, who made it, when."""
    title = runs("{{ 年度 }}年度{{ 指数名称 }}测评") + BREAK + runs("分析报告")
    return (
        paragraph("AttachmentLabel", "附件")
        + paragraph("Title", content=title)
        + draft_state()
        + paragraph("CoverUnit", "{{ 单位名称 }}")
        + paragraph("CoverMonth", "{{ 成文日期|年月 }}", section=section())
    )


def part_one() -> str:
    """一、项目概述。"""
    return (
        heading(1, "一、项目概述")
        + own_words(2, "（一）研究背景", "研究背景")
        + own_words(2, "（二）研究目的及意义", "研究目的及意义")
    )


def part_two() -> str:
    """二、the system of indicators, where the figures come from, what each indicator is."""
    note = "注：带*号的为逆向指标，数值越低得分越高；百分数为权重。"
    return (
        heading(1, "二、{{ 二级指数名称 }}体系的构建与完善")
        + own_words(2, "（一）指标体系的构建与完善", "指标体系的构建与完善")
        + body(
            "{{ 指数名称 }}由{{ 三级数|带单位 }}三级指标、{{ 四级数|带单位 }}四级指标和{{ 指标数|带单位 }}观测指标构成，"
            '各级指标和权重见{{ 见("指标体系") }}。'
        )
        + captioned("表", "指标体系", "{{ 指数名称 }}指标体系", system_table() + paragraph("TableNote", note))
        + own_words(2, "（二）数据来源", "数据来源")
        + heading(2, "（三）指标释义")
        + definitions()
    )


def system_table() -> str:
    """表1: the indicators with their weights; a point of 100 is a per cent."""
    widths = (1000, 1250, 1500, 1700, 2494, 900)
    names = ("一级指标", "二级指标", "三级指标", "四级指标", "观测指标", "权重")
    texts = (
        "{% 合并 一级指数名称 %}{{ 一级指数名称 }}",
        "{% 合并 二级指数名称 %}{{ 二级指数名称 }}",
        "{% 合并 r.一级 %}{{ r.一级 }}（{{ r.一级分值 }}%）",
        "{% 合并 r.二级 %}{{ r.二级 }}（{{ r.二级分值 }}%）",
        f"{of_indicator('r.三级', STAR)}{{{{ r.三级 }}}}",
        "{{ r.分值 }}%",
    )
    each = row_for_each("r in 评分.指标", widths, row(cells(widths, texts, "WholeCentre"), whole=True))
    return table("OfficialTable", widths, [head_row(widths, names, "WholeHead"), *each])


STAR = '{% if k.方向 == "逆向" %}*{% endif %}'


def of_indicator(name: str, text: str) -> str:
    """Text that uses k, the row of 指标体系 with this name."""
    return f"{{% for k in 指标体系 if k.名称 == {name} %}}{text}{{% endfor %}}"


def definitions() -> str:
    """Each indicator under a heading of its own."""
    return (
        body("{%p for r in 指标体系 %}")
        + heading(3, "{{ loop.index }}.{{ r.名称 }}")
        + body("{{ r.释义 }}", "指标单位：{{ r.单位 }}", "{%p if r.计算公式 %}", "计算公式：")
        + paragraph("Equation", "{{p r.计算公式|公式 }}")
        + body("{%p endif %}", "数据来源：{{ r.数据来源 }}", "{%p endfor %}")
    )


# --- the data ---


def raw_data() -> str:
    """三、（一）: what was collected; 表2 on a page laid on its side."""
    return (
        heading(1, "三、{{ 指数名称 }}测评分析")
        + own_words(2, "（一）原始数据采集", "原始数据采集")
        + body('{{ 首年 }}—{{ 末年 }}年各观测指标的原始数据见{{ 见("原始数据") }}，当年没有开展统计的，用“—”表示。')
        + paragraph("SectionEnd", section=section(footers=UPRIGHT, start=1))
        + paragraph("TableTitle", '{{ 题注("表", "原始数据") }}　{{ 首年 }}—{{ 末年 }}年{{ 二级指数名称 }}原始数据')
        + raw_table()
        + paragraph("SectionEnd", section=section(sideways=True, footers=SIDEWAYS))
    )


LEVELS = (1050, 1210, 1990, 760)  # 三级, 四级, 观测指标, 单位
UNITLESS = (1050, 1210, 2420)
YEAR = (LONG_WIDTH - sum(LEVELS)) // 11


def raw_table() -> str:
    """表2: a column a year, as many as the data have."""
    figures = '{% for w in 宽表.原始数据 if w.指标 == r.名称 %}{{ w.各期[年]|或("—") }}{% endfor %}'
    return by_year("指标体系", ("r.三级", "r.四级", "r.名称", "r.单位"), figures)


def score_table() -> str:
    """表4: the standard scores."""
    figures = "{% if r.填充[年] %}△{% endif %}{{ r.各期[年] }}"
    return by_year("评分宽表", ("r.一级", "r.二级", "r.三级"), figures)


def by_year(rows: str, levels: tuple[str, ...], figures: str) -> str:
    """A table whose last column is repeated for each year, and which fills the width whatever their number."""
    beside = LEVELS if len(levels) == len(LEVELS) else UNITLESS
    widths = (*beside, YEAR, YEAR, YEAR)

    def with_years(texts: Sequence[str], year: str) -> tuple[str, ...]:
        return (*texts, "{%tc for 年 in 各期 %}", year, "{%tc endfor %}")

    head = ("三级指标", "四级指标", "观测指标", "单位")[: len(levels)]
    names = [f"{{{{ {one} }}}}" for one in levels]
    names[:2] = (f"{{% 合并 {one} %}}{{{{ {one} }}}}" for one in levels[:2])
    each = row(cells(widths, with_years(names, figures), "ScoreCentre"), whole=True, height=540)
    top = head_row(widths, with_years(head, "{{ 年 }}"), "ScoreHead")
    return table("ScoreTable", widths, [top, *row_for_each(f"r in {rows}", widths, each, "ScoreText")], fill=True)


def scores() -> str:
    """三、（二）: how raw figures become scores, the index year by year; 表3 and 表4 on pages laid on their side."""
    each = "{% for 年 in 各期 %}{{ 年 }}年{{ 走势.总分[年] }}分{% if not loop.last %}、{% endif %}{% endfor %}"
    return (
        heading(2, "（二）指标标准化得分")
        + optional_slot("指标标准化得分")
        + body("标准化得分按下列公式计算，结果低于60分的按60分计，高于100分的按100分计：")
        + paragraph("Equation", '{{p "正向指标得分＝（当年数据－下限）÷（上限－下限）×40＋60"|公式 }}')
        + paragraph("Equation", '{{p "逆向指标得分＝（上限－当年数据）÷（上限－下限）×40＋60"|公式 }}')
        + body(
            '各指标的上限、下限及设定依据见{{ 见("上下限") }}，各年标准化得分见{{ 见("标准化得分") }}。',
            f"各观测指标得分按权重加总，即为当年的质量指数。各年测评结果为：{each}。",
        )
        + paragraph("SectionEnd", section=section(footers=UPRIGHT))
        + paragraph("TableTitle", '{{ 题注("表", "上下限") }}　{{ 年度 }}年{{ 二级指数名称 }}标准化上下限及设定依据')
        + bounds_table()
        + paragraph("TableNote", "注：带*号的为逆向指标。")
        + block("TableNoteMore", 'for b in 备注 if b.代码 == "Z03" or b.代码 == "Z04"', "{{ b.说明 }}")
        + paragraph("SectionEnd", section=section(sideways=True, footers=SIDEWAYS))
        + paragraph("TableTitle", '{{ 题注("表", "标准化得分") }}　{{ 首年 }}—{{ 末年 }}年{{ 二级指数名称 }}标准化得分')
        + score_table()
        + paragraph(
            "TableNote",
            "注：1.得分范围为60—100分。2.带△号的为填充值：该指标当年没有统计，以其历年最低得分填充，"
            "不代表当年实际水平。",
        )
        + paragraph("SectionEnd", section=section(sideways=True, footers=SIDEWAYS))
    )


def bounds_table() -> str:
    """表3."""
    rest = LONG_WIDTH - sum(LEVELS) - 2 * 860
    widths = (*LEVELS, 860, 860, rest)
    names = ("三级指标", "四级指标", "观测指标", "单位", "上限", "下限", "设定依据")
    texts = (
        "{% 合并 r.三级 %}{{ r.三级 }}",
        "{% 合并 r.四级 %}{{ r.四级 }}",
        '{% if r.方向 == "逆向" %}*{% endif %}{{ r.名称 }}',
        "{{ r.单位 }}",
        "{{ r.上限 }}",
        "{{ r.下限 }}",
    )
    each = cells(widths[:6], texts, "ScoreCentre") + cells(widths[6:], ["{{ r.依据说明 }}"], "ScoreText")
    loop = row_for_each("r in 指标体系", widths, row(each, whole=True), "ScoreText")
    return table("ScoreTable", widths, [head_row(widths, names, "ScoreHead"), *loop])


# --- the analysis ---


def analysis(charts: Charts) -> str:
    """三、（三）: the index, then each 三级 indicator with what it consists of."""
    return (
        heading(2, "（三）{{ 指数名称 }}分析")
        + overall(charts)
        + level(charts)
        + ability(charts)
        + satisfaction(charts)
    )


def overall(charts: Charts) -> str:
    """1.总体趋势分析."""
    return (
        heading(3, "1.总体趋势分析")
        + heading(4, of(TOTAL, "（1）{{ 指数名称 }}", TREND))
        + body(
            of(TOTAL, SPAN, "，{{ 指数名称 }}", TREND, "，", MOVE, "，", GAIN, "，", GROWTH, "（", see("总体走势"), "）。"
               "{{ @.末期 }}年得分", LATEST, "，", HIGH, RUN, "。")
            + falls(TOTAL, LEVEL3, "三级")
        )
        + charts.figure(TOTAL, "总体走势", of(TOTAL, SPAN, "{{ 指数名称 }}走势"))
        + optional_slot("总体分析")
        + heading(4, f"（2）各三级指标中，{{{{ {LEVEL3}.最快.名称 }}}}得分增长最快")
        + body(comparison(LEVEL3, "三级", "三级数", "三级走势"))
        + charts.figure(LEVEL3, "三级走势", of(TOTAL, SPAN, "{{ 二级指数名称 }}各三级指标得分"), LOOK3, 80)
        + heading(4, f"（3）各四级指标中，{{{{ {LEVEL4}.最快.名称 }}}}得分增长最快")
        + body(comparison(LEVEL4, "四级", "四级数", "四级走势"))
        + charts.figure(LEVEL4, "四级走势", of(TOTAL, SPAN, "{{ 二级指数名称 }}各四级指标得分"), LOOK4, 88)
    )  # fmt: skip


def see(name: str) -> str:
    """A reference to a caption."""
    return f'见{{{{ 见("{name}") }}}}'


def falls(series: str, group: str, called: str) -> str:
    """The years that fell, each with the member that pulled it down most where there are several."""
    several = f"{{% if {group}.各项|length > 1 %}}"
    drag = f"{{{{ {group}.拖累[y].名称 }}}}"

    def why(before: str, after: str) -> str:
        return f"{several}{{% if y in {group}.拖累 %}}{before}{drag}{after}{{% endif %}}{{% endif %}}"

    return of(
        series,
        "{% if @.回落期|length == 1 %}{% for y in @.回落期 %}各年中仅{{ y }}年得分较上年有所回落",
        why("，主要受", "影响"),
        "{% endfor %}。{% elif @.回落期 %}得分较上年回落的年份有：{% for y in @.回落期 %}{{ y }}年",
        why("（", "）"),
        "{% if not loop.last %}、{% endif %}{% endfor %}",
        f"{several}，括号内为对回落影响最大的{called}指标{{% endif %}}。",
        "{% else %}各年得分均未较上年回落。{% endif %}",
    )


def comparison(group: str, called: str, number: str, figure: str) -> str:
    """The members by rate of growth, and how they stand in the last year."""
    each = of("s", "{{ s.名称 }}（", MOVE, "，", GROWTH, "）")
    return (
        f"{{{{ 二级指数名称 }}}}下设{{{{ {number}|带单位 }}}}{called}指标，得分走势{see(figure)}。"
        "按年均复合增长率由高到低，依次为："
        f"{{% for s in {group}.排名 %}}{each}{{% if not loop.last %}}、{{% endif %}}{{% endfor %}}。"
        + of(
            TOTAL,
            "从{{ @.末期 }}年得分看，",
            listed(group, "s.末 >= 90", "{{ s.名称 }}", "达到90分以上", "没有指标达到90分"),
            listed(group, "s.末 < 90", "{{ s.名称 }}（{{ s.末 }}分）", "不足90分", "", "；"),
            "。",
        )
    )


def listed(group: str, condition: str, each: str, end: str, none: str, before: str = "") -> str:
    """Those members of a group that fulfil a condition, joined, with what is said of them; or what is said of none."""
    opening = f"{{% if loop.first %}}{before}{{% endif %}}" if before else ""
    return (
        f"{{% for s in {group}.各项 if {condition} %}}{opening}{each}{{% if loop.last %}}{end}{{% else %}}、{{% endif %}}"
        f"{{% else %}}{none}{{% endfor %}}"
    )


def raw_changes(group: str) -> str:
    """What the raw figures of a group's indicators are, each with its change; per cents differ by 百分点."""
    raw = "历年.原始数据[s.名称]"
    unit = '{% if k.单位 == "1/10万" %}/10万{% else %}{{ k.单位 }}{% endif %}'
    step = '{% if k.单位 == "%" %}个百分点{% elif k.单位 == "‰" %}个千分点{% else %}' + unit + "{% endif %}"
    change = of(
        raw,
        f"{{% if @.较上期 > 0 %}}比上年上升{{{{ @.较上期|绝对 }}}}{step}"
        f"{{% elif @.较上期 < 0 %}}比上年下降{{{{ @.较上期|绝对 }}}}{step}{{% else %}}与上年持平{{% endif %}}",
    )
    standing = of(raw, STANDING.replace("@@", unit))
    stated = f"为{{{{ {raw}.末 }}}}{unit}，{change}{standing}"
    latest = f"{{% if {raw}.末期 == {TOTAL}.末期 %}}{stated}{{% else %}}当年没有数据{{% endif %}}"
    each = of_indicator("s.名称", f"{{{{ s.名称 }}}}{latest}")
    return (
        f"从原始数据看，{{{{ {TOTAL}.末期 }}}}年，"
        f"{{% for s in {group}.各项 %}}{each}{{% if loop.last %}}。{{% else %}}；{{% endif %}}{{% endfor %}}"
    )


# Where the last raw figure stands to the marks it is measured by; k is the indicator's row, s its scores.
WORSE = '(k.方向 == "逆向" and @.较上期 > 0 or k.方向 != "逆向" and @.较上期 < 0)'
STANDING = (
    "{% if s.首次满分期 == s.末期 %}，首次达到满分标准{% elif s.末 == 100 %}，"
    f"{{% if {WORSE} %}}但仍{{% endif %}}达到满分标准"
    '{% elif k.方向 == "逆向" and @.末 > k.上限 %}，'
    '未达到{% if k.上限依据 == "规划目标" %}控制目标{% else %}最低标准{% endif %}（不高于{{ k.上限 }}@@）'
    '{% elif k.方向 != "逆向" and @.末 < k.下限 %}，'
    '未达到{% if k.下限依据 == "规划目标" %}控制目标{% else %}最低标准{% endif %}（不低于{{ k.下限 }}@@）{% endif %}'
)


def members(group: str, called: str) -> str:
    """What an indicator consists of."""
    names = f"{{% for s in {group}.各项 %}}{{{{ s.名称 }}}}{{% if not loop.last %}}、{{% endif %}}{{% endfor %}}"
    return f"下设{{{{ {group}.各项|length }}}}个{called}指标，即{names}。"


def down(name: str) -> str:
    """The group of what stands below an indicator."""
    return f'走势.下级["{name}"]'


def result(charts: Charts, series: str, name: str, opening: str, group: str, called: str) -> str:
    """What an indicator consists of, its whole course in two sentences, the years that fell; its chart."""
    course = of(
        series,
        SPAN, f"，{name}得分", TREND, "，", MOVE, "，", GAIN, "，", GROWTH, f"（{see(name)}）。",
        "{{ @.末期 }}年得分", LATEST, "，", HIGH, RUN, "。",
    )  # fmt: skip
    text = body(opening + members(group, called) + course + falls(series, group, called))
    return text + charts.figure(series, name, of(series, SPAN, f"{name}得分"))


def blame(name: str) -> str:
    """In a heading: the member to which a fall in the last year is due."""
    series, group = f"走势.二级.{name}", down(name)
    return of(
        series,
        f"{{% if @.末期 in {group}.拖累 %}}，主要受{{{{ {group}.拖累[@.末期].名称 }}}}影响{{% endif %}}",
    )


def level(charts: Charts) -> str:
    """2.质量水平: itself, then its three 四级 indicators."""
    series, group = "走势.一级.质量水平", down("质量水平")
    return (
        heading(3, "2.质量水平测评结果")
        + heading(4, of(series, "（1）质量水平得分总体", TREND, "，{{ @.末期 }}年", LATEST_WORD))
        + result(charts, series, "质量水平", "质量水平", group, "四级")
        + level4(charts, 2, "居民健康水平")
        + level4(charts, 3, "医疗服务效率")
        + level4(charts, 4, "医疗服务质量")
    )


def level4(charts: Charts, number: int, name: str) -> str:
    """A 四级 indicator: its course, what pulled it down, its raw figures."""
    series, group = f"走势.二级.{name}", down(name)
    return (
        heading(4, of(series, f"（{number}）{{{{ @.末期 }}}}年{name}得分", LATEST_WORD, blame(name)))
        + result(charts, series, name, name, group, "观测")
        + body(raw_changes(group))
    )


def ability(charts: Charts) -> str:
    """3.发展能力."""
    series, group = "走势.一级.发展能力", down("持续发展")
    opening = "发展能力衡量卫生健康资源的供给水平和后劲，以持续发展1个四级指标反映，"
    return (
        heading(3, "3.发展能力测评结果")
        + heading(4, of(series, "（1）发展能力得分总体", TREND, "，{{ @.末期 }}年", LATEST_WORD))
        + result(charts, series, "发展能力", opening, group, "观测")
        + heading(4, "（2）人均卫生资源变化情况")
        + body(raw_changes(group))
    )


def satisfaction(charts: Charts) -> str:
    """4.质量获得感."""
    series, group = "走势.一级.质量获得感", down("顾客满意度")
    return (
        heading(3, "4.质量获得感测评结果")
        + result(charts, series, "质量获得感", "质量获得感从患者的感受检验服务质量，", group, "观测")
        + body(raw_changes(group))
    )


def summary() -> str:
    """四、总结: what the scores say, then the department's own words."""
    return (
        heading(1, "四、总结")
        + body(
            of(TOTAL, "{{ @.末期 }}年，{{ 指数名称 }}为{{ @.末 }}分，", LATEST, "，", HIGH, "。")
            + f"各三级指标中，{{{{ {LEVEL3}.最快.名称 }}}}年均增长最快，{{{{ {LEVEL3}.最慢.名称 }}}}年均增长最慢。"
            + "与上年相比，四级指标中"
            + listed(LEVEL4, "s.较上期 > 0", "{{ s.名称 }}", "得分提高", "没有指标得分提高")
            + listed(LEVEL4, "s.较上期 < 0", "{{ s.名称 }}（降低{{ s.较上期|绝对 }}分）", "得分回落", "", "，")
            + "。观测指标中，"
            + listed(SINGLE, "s.末 == 100", "{{ s.名称 }}", "达到满分", "没有指标达到满分")
            + listed(SINGLE, "s.末 < 90", "{{ s.名称 }}（{{ s.末 }}分）", "低于90分，还有提升空间", "", "；")
            + "。"
        )
        + optional_slot("总结")
    )


def measures() -> str:
    """五、下一步工作措施, in the department's own words."""
    return own_words(1, "五、下一步工作措施", "下一步工作措施") + section(footers=UPRIGHT, last=True)
