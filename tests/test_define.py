"""kind.yaml and rubric.yaml: every mistake is said at its line and column, all of them at once.

The kind is made up. Each case puts one mistake into it; ▸ marks where the mistake must be said to stand.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.define.checks import CHECKS
from reportgen.define.fields import read_yaml
from reportgen.define.kind import Kind, load_kind
from reportgen.define.rubric import Rubric, read_rubric
from reportgen.define.rules import RULES
from reportgen.define.source import DefinitionError
from reportgen.define.tables import TYPES

KIND = """\
名称: 书院年度报告
文件名: "{{ 院名 }}年度报告"
身份: {单位: 院名, 年度: 年份}
表:
  基本信息:
    竖表: true
    列: {院名: {}, 年份: {类型: 年}}
  收支:
    竖表: true
    列:
      收入: {单位: 万元}
      支出: {单位: 万元}
  斋舍:
    键: 斋名
    列: {斋名: {}, 床位: {单位: 张}, 入住: {单位: 张}, 权重: {单位: 分}, 评语: {类型: 文稿}, 等: {选项: [上, 下]}}
    算:
      入住率: {算: 入住 / 床位, 单位: "%"}
      空置率: {算: 100% - 入住率, 单位: "%"}
  打分: {键: [项目, 序], 列: {项目: {}, 序: {类型: 数}, 结论: {类型: 数}, 缘由: {}, 凭据: {}}}
  失分: {键: 项目, 列: {项目: {类型: 列表}, 题: {}, 因: {}, 改: {}, 谁: {}, 何时: {}}}
数据项:
  支出率: {算: 支出 / 收入, 单位: "%"}
  床位数: {算: 合计(斋舍.床位), 单位: 张}
勾稽:
  - {编号: K1, 须: 支出 ≤ 收入, 级别: 核实, 说明: 支出一般不超过收入}
  - {编号: K2, 逐行: 斋舍, 须: 入住 ≤ 床位, 级别: 错误, 说明: 入住不应多于床位}
  - {编号: K3, 递增: 斋舍.床位, 级别: 提醒, 说明: 床位应递增}
文稿:
  院务概况: {必填: true}
评分:
  评定: {表: 打分, 指标: 项目, 序号: 序, 结果: 结论, 理由: 缘由, 依据: 凭据}
  认定: {表: 打分, 指标: 项目, 序号: 序, 结果: 结论, 理由: 缘由, 依据: 凭据}
  失分: {表: 失分, 指标: 项目, 标题: 题, 原因: 因, 措施: 改, 科室: 谁, 时限: 何时}
  说明句:
    达标: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    按比例: "{{ 算式 }}，得{{ 得分 }}分"
    分档: "{{ 算式 }}，得{{ 得分 }}分"
    选档: "{{ 判断 }}，得{{ 得分 }}分"
    逐级扣分: "{{ 算式 }}，得{{ 得分 }}分"
    逐项扣分: "{{ 判断 }}，得{{ 得分 }}分"
    要点: "{{ 名称 }}得{{ 得分 }}分"
    人工评分: "{{ 名称 }}得{{ 得分 }}分"
    一票否决: "{{ 名称 }}：{{ 判断 }}"
    不适用: "{{ 名称 }}：{{ 判断 }}"
    认定: "认定得{{ 得分 }}分"
    扣分: "，扣{{ 扣分 }}分"
    合计: "合计得{{ 得分 }}分"
    原因: "原因：{{ 原因 }}"
    措施: "{{ 措施 }}（{{ 科室 }}）"
    整改: "整改：{{ 措施 }}"
"""

RUBRIC = """\
版本: {名称: 甲年度, 满分: 10, 等级: [[9, 优], [6, 中], [0, 差]]}
指标:
  - 名称: [院务, 收支, 支出进度]
    计分:
      - {规则: 分档, 分: 3, 名: 支出率, 值: 支出率, 档: [["< 90%", 3], ["<= 100%", 2], [其他, 0]]}
    验算:
      - {令: {支出率: 100%}, 得: 2}
  - 名称: [院务, 院规, 制度]
    计分:
      - {规则: 要点, 分: 2, 名: 制度齐备}
      - {规则: 选档, 分: 1, 名: 公示, 档: {已公示: 1, 未公示: 0}}
      - {规则: 一票否决, 名: 造假, 范围: [1]}
    验算:
      - {评定: [2, 已公示, 否], 得: 3}
      - {评定: {1: 2, 2: 未公示, 3: 是}, 得: 0}
  - 名称: [院务, 斋舍, 斋名]
    逐行: 斋舍
    计分:
      - {规则: 按比例, 分: 权重, 名: 入住率, 值: 入住率, 分母为零: 满分, 说明句: "{{ 斋名 }}{{ 算式 }}"}
    验算:
      - {令: {权重: 2, 入住率: 50%}, 得: 1}
  - 名称: [院务, 收支, 超支]
    计分:
      - {规则: 逐级扣分, 分: 2, 名: 超支, 值: 支出率, 起: 100%, 每: 1%, 扣: 0.5, 不足一级: 按比例}
"""


def kind_of(text: str) -> Kind:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kind.yaml").write_text(text, "utf-8")
        return load_kind.__wrapped__(Path(folder), "academy")


def rubric_of(text: str, kind: Kind) -> Rubric:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rubric.yaml").write_text(text, "utf-8")
        return read_rubric(read_yaml(Path(folder) / "rubric.yaml", "academy/first/rubric.yaml"), kind)


def kind_mistakes(text: str) -> list[str]:
    """What a person is told of a kind, as place：message."""
    with pytest.raises(DefinitionError) as refused:
        kind_of(text)
    assert {problem.code for problem in refused.value.problems} <= {"D01", "D02", "D03", "D04", "D05"}
    return [line.removeprefix("academy/kind.yaml › ") for line in str(refused.value).split("\n")]


def rubric_mistakes(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        rubric_of(text, kind_of(KIND))
    return [line.removeprefix("academy/first/rubric.yaml › ") for line in str(refused.value).split("\n")]


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def placed(text: str, said: list[str]) -> list[str]:
    """The sentences with their places: each stands at the next ▸, the last ▸ holding on, unless it says a place itself."""
    spots = []
    for number, line in enumerate(text.split("\n"), 1):
        spots += [f"第{number}行第{found.start() + 1 - i}列：" for i, found in enumerate(re.finditer("▸", line))]
    made = []
    for sentence in said:
        if re.match(r"第\d+行第\d+列：", sentence):
            made.append(sentence)
        else:
            made.append(spots[0] + sentence)
            spots = spots[1:] or spots
    return made


def test_the_kind_and_the_rubric_are_without_mistake() -> None:
    kind = kind_of(KIND)
    assert kind.single_names == {"院名", "年份", "收入", "支出", "支出率", "床位数"}
    assert [indicator.name[2] for indicator in rubric_of(RUBRIC, kind).indicators] == [
        "支出进度",
        "制度",
        "斋名",
        "超支",
    ]


def test_a_mistake_has_file_line_and_column() -> None:
    with pytest.raises(DefinitionError) as refused:
        kind_of(KIND.replace("支出 / 收入", "支出 / 收人"))
    (problem,) = refused.value.problems
    assert (problem.code, problem.blocks) == ("D03", True)
    assert str(problem.place) == "academy/kind.yaml › 第22行第12列"
    assert problem.message == "没有叫“收人”的数据项，您是不是要找“收入”"


# --- the YAML itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名称：甲\n文件名: 乙\n", "第1行第3列：冒号请用半角“: ”，后面空一格"),
        ("名称: 甲\n表:\n  收支：\n    竖表: true\n", "第3行第5列：冒号请用半角“: ”，后面空一格"),
        ("名称: 甲\n\t文件名: 乙\n", "第2行第1列：缩进请用空格，不要用制表符（Tab）"),
        ("名称: *甲\n", "第1行第5列：不要用 & 和 * 引用，请直接写出内容"),
        ("名称: {{ 院名 }}报告\n", "第1行第13列：以 {{ 开头的文字要放在引号里"),
        ("名称: [甲\n文件名: 乙\n", "第2行第4列：这里的写法不对，请核对缩进、引号、括号和冒号"),
        ("名称: '甲\n", "第2行第1列：这里的写法不对，请核对缩进、引号、括号和冒号"),
        ("名称: 甲\n  文件名: 乙\n", "第2行第6列：这里的写法不对，请核对缩进、引号、括号和冒号"),
        ("名称: 甲\n---\n名称: 乙\n", "第2行第1列：这里的写法不对，请核对缩进、引号、括号和冒号"),
        ("名称: 甲\n文件名: 乙\x07\n", "第2行第7列：有看不见的控制字符"),
        ("", "文件是空的"),
        ("# 只有注释\n", "文件是空的"),
    ],
)
def test_what_is_no_yaml_is_said_where_it_goes_wrong(text: str, said: str) -> None:
    (line,) = kind_mistakes(text)
    assert line.removeprefix("academy/kind.yaml：") == said


def test_a_file_in_another_encoding_or_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "kind.yaml").write_bytes("名称: 甲\n".encode("gb18030"))
    with pytest.raises(DefinitionError, match="文件不是 UTF-8 编码，请另存为 UTF-8"):
        load_kind(tmp_path, "academy")
    with pytest.raises(DefinitionError, match="打不开这个文件"):
        load_kind(tmp_path / "无", "academy")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert kind_of("\ufeff" + KIND).title == "书院年度报告"


@given(st.text(alphabet="名称表：: \n\t-[]{}\"'&*|甲1", max_size=30))
def test_whatever_the_file_holds_the_answer_is_a_list_of_mistakes(text: str) -> None:
    assert kind_mistakes(text)


# --- kind.yaml -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # keys
        ("文件名: ", "▸文件明: ", ["第1行第1列：缺“文件名”", "不认识“文件明”，您是不是要找“文件名”"]),
        ("名称: 书院年度报告\n", "", ["第1行第1列：缺“名称”"]),
        ("名称: 书院年度报告", "▸名称:", ["“名称”后面是空的"]),
        (
            "      支出: {单位: 万元}",
            "      ▸收入: {单位: 万元}",
            [
                "“收入”写了两次",
                "第22行第12列：没有叫“支出”的数据项，您是不是要找“支出率”",
                "第25行第17列：没有叫“支出”的数据项，您是不是要找“支出率”",
            ],
        ),
        ("支出: {单位: 万元}", "支出: {▸单位：万元}", ["不认识“单位：万元”（冒号请用半角“: ”，后面空一格）"]),
        ("支出: {单位: 万元}", "支出: ▸万元", ["这里应是“键: 值”"]),
        ("支出: {单位: 万元}", "支出: {单位: ▸[万元]}", ["这里应是一个值，不是列表或“键: 值”"]),
        ("支出: {单位: 万元}", "支出: {单位: ▸千万元}", ["没有“千万元”这个金额单位，只能写元、万元、亿元"]),
        ("收入, 单位: \"%\"", "收入, 单位: ▸美元", ["没有“美元”这个金额单位，只能写元、万元、亿元"]),
        ("支出: {单位: 万元}", "支出: {单位: 万元, 小数: ▸1.5}", ["“小数”应是不小于0的整数"]),
        ("支出: {单位: 万元}", "支出: {单位: 万元, 小数: ▸两}", ["“两”不是数字"]),
        (
            "{类型: 年}",
            "{类型: ▸年度}",
            [f"“类型”只能是{'、'.join(TYPES)}，现为“年度”，您是不是要找“年”"],
        ),
        ("{必填: true}", "{必填: ▸是}", ["“必填”只能是 true 或 false"]),
        (
            "    键: 斋名\n",
            "    键: 斋名\n    合计行: ▸必须\n",
            ["“合计行”只能是必填、可省，现为“必须”，您是不是要找“必填”"],
        ),
        # names
        ("床位数: ", "▸5岁床位: ", ["“5岁床位”不能作名称（不能有标点、空格，不能以数字开头）；表上的写法请放在“表头”"]),
        (
            "评语: {类型",
            "▸“评语”: {类型",
            ["““评语””不能作名称（不能有标点、空格，不能以数字开头）；表上的写法请放在“表头”"],
        ),
        ("床位数: ", "▸支出: ", ["“支出”在“收支”里已经有了，请改一个名称"]),
        ("空置率: {算", "▸床位: {算", ["“床位”在“列”里已经有了，请改一个名称"]),
        ("键: 斋名", "键: ▸斋号", ["“斋舍”没有“斋号”这一列，您是不是要找“斋名”"]),
        ("权重: {单位: 分}", "权重: {单位列: ▸单位}", ["“斋舍”没有“单位”这一列，您是不是要找“床位”"]),
        ("年度: 年份", "年度: ▸收入", ["“收入”的类型不是年，“年度”要用类型是年的一项"]),
        ("年度: 年份", "年度: ▸年分", ["“年度”写的“年分”不是数据项，您是不是要找“年份”"]),
        ("{{ 院名 }}", "{{ 院铭 }}", ["第2行第6列：没有叫“院铭”的数据项，您是不是要找“院名”"]),
        # formulas
        ("支出 / 收入", "▸支出 收入", ["公式“支出 收入”在“收入”处多了内容"]),
        ("支出 / 收入", "▸支出 > 收入", ["“算”要算出一个数，不能是比较；需要时写成 若(…, 1, 0)"]),
        ("支出率: {算: 支出 / 收入, 单位", "支出率: ▸{单位", ["缺“算”"]),
        ("合计(斋舍.床位)", "▸合计(斋屋.床位)", ["没有叫“斋屋”的表，您是不是要找“斋舍”"]),
        ("合计(斋舍.床位)", "▸合计(斋舍.床)", ["“斋舍”没有“床”这一列，您是不是要找“床位”"]),
        ("合计(斋舍.床位)", "▸斋舍.床位", ["“斋舍.床位”要放在合计(…)、取(…)这类函数里，或写在“斋舍”的逐行算式里"]),
        ("合计(斋舍.床位)", "▸床位", ["没有叫“床位”的数据项，您是不是要找“床位数”"]),
        ("合计(斋舍.床位)", "▸1 + 床位数", ["“床位数”绕了一圈又用到自己，算不出来"]),
        ("入住 / 床位", "▸入住 / 空置率", ["算“入住率”时还没有“空置率”：逐行的算式只能用填报的数和写在它前面的算式"]),
        ("入住 / 床位", "▸入住 / 床位数", ["算“入住率”时还没有“床位数”：逐行的算式只能用填报的数和写在它前面的算式"]),
        # checks
        ("支出 ≤ 收入, 级别", "▸支出 - 收入, 级别", ["“须”要写成一个比较，如 甲 = 乙"]),
        ("支出 ≤ 收入, 级别", "▸支出 ≤ 收人, 级别", ["没有叫“收人”的数据项，您是不是要找“收入”"]),
        ("级别: 核实", "级别: ▸核对", ["“级别”只能是错误、核实、提醒，现为“核对”，您是不是要找“核实”"]),
        ("级别: 核实", "级别: 核实, 容差: ▸少许", ["“少许”不是数字"]),
        ("级别: 核实", "级别: 核实, 当: ▸收入", ["“当”要写成条件，如 甲 > 乙 或 有(甲)"]),
        ("编号: K2", "编号: K1", ["第26行第5列：编号“K1”用了两次"]),
        ("逐行: 斋舍", "逐行: ▸斋屋", ["没有叫“斋屋”的表，您是不是要找“斋舍”"]),
        ("递增: 斋舍.床位", "递增: ▸床位", ["“床位”要写成“表.列”"]),
        ("递增: 斋舍.床位", "递增: ▸斋舍.铺位", ["“斋舍”没有“铺位”这一列，您是不是要找“床位”"]),
        ("递增: 斋舍.床位", "递增: 斋舍.床位, ▸当: 收入 > 0", ["不认识“当”"]),
        ("递增: 斋舍.床位", "递增: ▸斋舍.床位, 须: 支出 > 0", [f"一条勾稽要写{'、'.join(CHECKS)}中的一种"]),
        ("递增: 斋舍.床位, ", "", [f"第27行第5列：一条勾稽要写{'、'.join(CHECKS)}中的一种"]),
        (
            "递增: 斋舍.床位",
            "疑似万倍: [收入, ▸斋舍.床位]",
            ["“斋舍.床位”要放在合计(…)、取(…)这类函数里，或写在“斋舍”的逐行算式里"],
        ),
        ("递增: 斋舍.床位", "疑似万倍: [收入, ▸支岀]", ["没有叫“支岀”的数据项，您是不是要找“支出”"]),
        # scoring
        ("评定: {表: 打分", "评定: {表: ▸打份", ["没有叫“打份”的表，您是不是要找“打分”"]),
        (", 时限: 何时", "", ["第33行第7列：“失分”缺“时限”"]),
        ("时限: 何时", "时限: ▸何日", ["“失分”没有“何日”这一列，您是不是要找“何时”"]),
        ("失分, 指标: 项目", "失分, 指标: ▸题", ["“题”一列是文字，“指标”要的是一列名称"]),
        ("认定: {表: 打分, 指标: 项目, 序号: 序", "认定: {表: 打分, 指标: 项目, 序号: ▸凭据", ["“凭据”一列是文字，“序号”要的是数"]),
        ("时限: 何时", "时限: 何时, ▸地点: 何地", ["不认识“地点”"]),
        ('分档: "{{ 算式 }}', '分档: ▸"{{ 算是 }}', ["没有叫“算是”的数据项，您是不是要找“算式”"]),
        (
            '要点: "{{ 名称 }}得{{ 得分 }}分"',
            '要点: ▸"{{ 名称 }}扣{{ 扣分 }}分"',
            ["没有叫“扣分”的数据项，您是不是要找“得分”"],
        ),
        (
            '要点: "{{ 名称 }}得{{ 得分 }}分"',
            '要点: ▸"{{ 收入|万圆 }}得{{ 得分 }}分"',
            ["没有叫“万圆”的格式，您是不是要找“万元”"],
        ),
        ('要点: "{{ 名称 }}得{{ 得分 }}分"', '要点: ▸"{{ 名称|万元 }}得{{ 得分 }}分"', ["“名称”不是数"]),
        ('整改: "整改：{{ 措施 }}"', '整改: ▸"整改：{{ 措施|中文日期 }}"', ["“措施”不是日期"]),
        ('按比例: "{{ 算式 }}', '按比例: ▸"{{ 算式 ', ["“{{”没有写完整：占位要写成两对花括号中间夹名称"]),
        ('按比例: "{{ 算式 }}', '按比例: ▸"{ 算式 }', ["“{”没有写完整：占位要写成两对花括号中间夹名称"]),
        ('按比例: "{{ 算式 }}', '按比例: ▸"｛{ 算式 }｝', ["“｛{”没有写完整：占位要写成两对花括号中间夹名称"]),
        ('按比例: "{{ 算式 }}', '按比例: ▸"{% 算式 %}', ["“{%”没有写完整：占位要写成两对花括号中间夹名称"]),
        ('"{{ 院名 }}年', '▸"{{ 院名 年', ["“{{”没有写完整：占位要写成两对花括号中间夹名称"]),
        ('要点: "{{ 名称 }}得{{ 得分 }}分"', "要点: ▸{{ 名称 }}", ["以 {{ 开头的文字要放在引号里"]),
        ('    扣分: "，扣{{ 扣分 }}分"\n', "", ["第35行第5列：“说明句”缺“扣分”"]),
        ("    整改: ", "    ▸整顿: ", ["第35行第5列：“说明句”缺“整改”", "不认识“整顿”，您是不是要找“整改”"]),
    ],
)
def test_a_mistake_in_a_kind_is_said_where_it_stands(old: str, new: str, said: list[str]) -> None:
    assert kind_mistakes(changed(KIND, old, new.replace("▸", ""))) == placed(changed(KIND, old, new), said)


HOUSES = """\
  院舍:
    键: 舍名
    列: {舍名: {}, 收: {单位: 元}, 住: {单位: 张}, 率: {单位: "%", 可空: true}}
    算: {均: {算: 收 / 住}}
"""
GATHERED = changed(KIND, "  失分: {键", HOUSES + "  失分: {键") + """\
汇总: {表: 院舍, 列: {舍名: 院名, 收: 收入, 住: 床位数}, 相加: [收入, 支出]}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{表: 院舍", "{表: ▸院屋", ["没有叫“院屋”的表，您是不是要找“院舍”"]),
        ("{表: 院舍", "{表: ▸收支", ["“收支”应是一行一个单位的表，“键”只写一列"]),
        ("汇总: {表: 院舍, ", "汇总: ▸{", ["缺“表”"]),
        ("收: 收入", "均: 收入, 收: 收入", ["“院舍”没有“均”这一列可填"]),
        ("收: 收入", "收: 收人", ["没有叫“收人”的数据项，您是不是要找“收入”"]),
        ("收: 收入", "收: 院名", ["“院名”的单位是文字，不能填到“收”（元）"]),
        ("收: 收入", "收: 床位数", ["“床位数”的单位是张，不能填到“收”（元）"]),
        ("住: 床位数", "住: 床位数, 率: 支出率", ["“率”是比例，由别的列算出（写在“算”里），不汇总"]),
        (", 住: 床位数", "", ["“院舍”的“住”必填，要写它从哪个数据项来"]),
        ("舍名: 院名, ", "", ["“院舍”的“舍名”必填，要写它从哪个数据项来"]),
        ("相加: [收入, 支出]", "相加: [收入, ▸支出率]", ["没有叫“支出率”的填报项，您是不是要找“支出”"]),
        ("相加: [收入, 支出]", "相加: [收入, ▸院名]", ["“院名”不是可以相加的数"]),
        ("相加: [收入, 支出]", "相加: [收入, ▸收入]", ["“收入”写了两次"]),
        ("相加: [收入, 支出]", "▸合计: [收入, 支出]", ["不认识“合计”"]),
    ],
)
def test_a_mistake_in_how_units_are_gathered_is_said_where_it_stands(old: str, new: str, said: list[str]) -> None:
    if "▸" not in new:  # what is wrong with the columns is said where they are written
        said = [f"第55行第16列：{one}" for one in said]
    assert kind_mistakes(changed(GATHERED, old, new.replace("▸", ""))) == placed(changed(GATHERED, old, new), said)


def test_how_units_are_gathered_is_read() -> None:
    gathering = kind_of(GATHERED).gathering
    assert gathering
    assert (gathering.table, gathering.columns["收"], gathering.sums) == ("院舍", "收入", ("收入", "支出"))
    assert kind_of(KIND).gathering is None


def with_formula(formula: str) -> str:
    """The kind with this formula as its last 数据项."""
    return changed(KIND, "床位数: {算: 合计(斋舍.床位), 单位: 张}", f"斋数: {{算: 计数(斋舍)}}\n  数: {{算: '{formula}'}}")


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("院名 + 1", "“院名”是文字，这里要的是数"),
        ("-院名", "“院名”是文字，这里要的是数"),
        ("合计(斋舍.斋名)", "“斋舍.斋名”是文字，这里要的是数"),
        ("合计(斋舍.床位, 斋名 > 3)", "“斋名”是文字，“3”是数，不能比较"),
        ("取(斋舍.斋名, 床位 = 1) * 2", "取(…)是文字，这里要的是数"),
        ("较大(院名, 2)", "“院名”是文字，“2”是数，放不进同一个较大(…)"),
        ("若(收入 > 支出, 1, 院名)", "“1”是数，“院名”是文字，放不进同一个若(…)"),
        ('若(含(收入, "甲"), 1, 2)', "“收入”是数，这里要的是文字或一列名称"),
        ("年(院名)", "“院名”是文字，这里要的是日期或数"),
        ("院名", "“院名”是文字，这里要的是数"),
        ("取(斋舍.斋名, 床位 = 1)", "取(…)是文字，这里要的是数"),
        ('若(收入 > 支出, "多", "少")', "若(…)是文字，这里要的是数"),
    ],
)
def test_what_can_not_be_worked_out_is_said_before_there_are_figures(formula: str, sentence: str) -> None:
    assert [one.partition("：")[2] for one in kind_mistakes(with_formula(formula))] == [sentence]


@pytest.mark.parametrize(
    "formula",
    [
        "-斋数",
        "收入 / (支出率 + 年份)",
        '合计(斋舍.床位, 斋名 = "东斋")',
        "取(斋舍.床位, 斋名 = 院名) * 2",
        '若(含(院名, "甲"), 1, 2)',
        "最大(斋舍.入住率) / 计数(斋舍) + 种数(斋舍.斋名)",
    ],
)
def test_what_can_be_worked_out_is_no_mistake(formula: str) -> None:
    assert kind_of(with_formula(formula)).facts


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("收入 + 床位数", "“收入”是万元，“床位数”是张，不能相加"),
        ("收入 - 支出率", "“收入”是万元，“支出率”是%，不能相减"),
        ("(收入 + 支出) - 床位数", "算式是万元，“床位数”是张，不能相减"),
        ("合计(斋舍.床位) + 收入", "合计(…)是张，“收入”是万元，不能相加"),
        ("若(收入 > 床位数, 1, 2)", "“收入”是万元，“床位数”是张，不能比较"),
    ],
)
def test_figures_of_different_units_are_not_added(formula: str, sentence: str) -> None:
    assert [one.partition("：")[2] for one in kind_mistakes(with_beds(formula))] == [sentence]


def with_beds(formula: str) -> str:
    return changed(KIND, "合计(斋舍.床位), 单位: 张}", f"合计(斋舍.床位), 单位: 张}}\n  数: {{算: '{formula}'}}")


@pytest.mark.parametrize("formula", ["床位数 + 计数(斋舍)", "收入 - 2", "支出率 + 收入 / 支出", "床位数 + 合计(斋舍.权重)"])
def test_what_is_counted_and_what_has_no_unit_may_be_added(formula: str) -> None:
    assert kind_of(with_beds(formula)).facts


@pytest.mark.parametrize(("formula", "unit", "made"), [("收入 - 支出", "元", "万元"), ("合计(斋舍.床位)", "万元", "张")])
def test_a_formula_is_in_the_unit_that_it_is_said_to_be_in(formula: str, unit: str, made: str) -> None:
    text = changed(KIND, "合计(斋舍.床位), 单位: 张", f"{formula}, 单位: {unit}")
    assert kind_mistakes(text) == [f"第23行第12列：算出来的是{made}，“单位”写的是{unit}"]


@pytest.mark.parametrize(
    ("formula", "unit", "said"),
    [
        ("收入 / 床位数", "元", "万元除以张，算出来的是万元，“单位”写的是元"),
        ("收入 / 床位数", '"%"', "万元除以张，算出来的是万元，“单位”写的是%"),
        ("支出 / 收入", "万元", "万元除以万元，算出来的是%，“单位”写的是万元"),
        ("支出 / 收入 * 100", '"%"', "单位是%的不用乘100"),
        ("100 * (支出 / 收入)", '"%"', "单位是%的不用乘100"),
    ],
)
def test_a_quotient_is_in_the_unit_that_comes_out(formula: str, unit: str, said: str) -> None:
    assert kind_mistakes(with_beds(f"{formula}', 单位: {unit}, 小数: '2"))[0].partition("：")[2] == said


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("收入 / 床位数", "万元"),
        ("收入 * 10000 / 床位数", "元"),
        ("支出 / 收入", '"%"'),
        ("支出 / 收入", "倍"),
        ("床位数 / 收入", "张"),
    ],
)
def test_a_quotient_may_be_in_any_unit_that_it_can_have(formula: str, unit: str) -> None:
    assert kind_of(with_beds(f"{formula}', 单位: {unit}, 小数: '2")).facts


@pytest.mark.parametrize("condition", ['等 = "中"', '"中" != 等'])
def test_an_option_is_compared_with_one_that_there_is(condition: str) -> None:
    text = changed(KIND, "入住 / 床位, 单位", f"'若({condition}, 入住, 0) / 床位', 单位")
    assert [one.partition("：")[2] for one in kind_mistakes(text)] == ["“等”没有“中”这一项（可选：上、下）"]


def test_a_column_worked_out_from_the_others_is_a_number() -> None:
    text = changed(KIND, "100% - 入住率", "评语")
    assert kind_mistakes(text) == ["第18行第16列：“评语”是文字，这里要的是数"]


def test_facts_that_rest_on_each_other_are_refused() -> None:
    text = changed(changed(KIND, "支出 / 收入", "床位数 / 收入"), "合计(斋舍.床位)", "支出率 × 2")
    assert kind_mistakes(text) == [
        "第22行第12列：“支出率”绕了一圈又用到自己，算不出来",
        "第23行第12列：“床位数”绕了一圈又用到自己，算不出来",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("{院名: {}, 年份: {类型: 年}}", "{院名: &空 {}, 年份: *空}", "第7行第13列"),
        ("[项目, 序]", "[&键 项目, *键]", "第19行第12列"),
    ],
)
def test_anchors_are_refused_wherever_they_stand(old: str, new: str, place: str) -> None:
    assert f"{place}：不要用 & 和 * 引用，请直接写出内容" in kind_mistakes(changed(KIND, old, new))


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)
    )
    assert "第13行第4列：不要用 & 和 * 引用，请直接写出内容" in kind_mistakes(bomb)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file() -> None:
    text = changed(KIND, "年度: 年份", "年度: 年分")
    text = changed(text, "入住 / 床位", "入住 ÷÷ 床位")
    text = changed(text, "级别: 核实", "级别: 核对")
    text = changed(text, "评定: {表: 打分", "评定: {表: 打份")
    assert [line.partition("：")[0] for line in kind_mistakes(text)] == [
        "第3行第18列",
        "第17行第16列",
        "第25行第30列",
        "第31行第11列",
    ]


# --- rubric.yaml ---------------------------------------------------------------------------------------------

BANDS = '[["< 90%", 3], ["<= 100%", 2], [其他, 0]]'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # the head
        ("版本: {", "▸板本: {", ["缺“版本”", "不认识“板本”，您是不是要找“版本”"]),
        ("[9, 优]", "[▸九, 优]", ["“九”不是数字", "第1行第36列：“等级”应从高到低写"]),
        ("[9, 优], [6, 中]", "[6, 中], ▸[9, 优]", ["“等级”应从高到低写"]),
        ("[9, 优], [6, 中]", "[9, 优], ▸[9, 中]", ["“等级”应从高到低写"]),
        ("[9, 优], [6, 中]", "[9, 优], ▸中", ["每个等级写成 [最低分, 等级]"]),
        (", [0, 差]", "", ["第1行第27列：“等级”的最后一个应从0分起"]),
        # indicators
        ("[院务, 收支, 支出进度]", "▸[院务, 支出进度]", ["“名称”应是 [一级, 二级, 三级]"]),
        ("[院务, 收支, 超支]", "[院务, 收支, 支出进度]", ["第22行第5列：有两个指标都叫“支出进度”"]),
        ("[院务, 斋舍, 斋名]", "▸[院务, 斋舍, 住宿]", ["逐行的指标，第三个名称要写“斋舍”的列名"]),
        ("    逐行: 斋舍\n", "    逐行: ▸斋屋\n", ["没有叫“斋屋”的表，您是不是要找“斋舍”"]),
        (
            "    逐行: 斋舍\n",
            "    逐行: 斋舍\n    连接: ▸逗号\n",
            ["“连接”只能是序号、分号，现为“逗号”，您是不是要找“序号”"],
        ),
        (
            "    逐行: 斋舍\n",
            '    逐行: 斋舍\n    合并句: ▸"{{ 各项 }}{{ 得份 }}"\n',
            ["没有叫“得份”的数据项，您是不是要找“得分”"],
        ),
        # criteria
        ("分: 权重", "分: ▸评语", ["“评语”一列是文字，这里要的是数"]),
        ("<= 100%", "<= 100", ["第5行第14列：“值”是百分数，界限要带百分号，如 95%、每1%"]),
        ("每: 1%", "每: 1", ["第24行第14列：“值”是百分数，界限要带百分号，如 95%、每1%"]),
        ("起: 100%", "起: 100", ["第24行第14列：“值”是百分数，界限要带百分号，如 95%、每1%"]),
        ("值: 入住率", "值: ▸入住", ["按比例的“值”要是百分数，现在是张"]),
        (
            "规则: 要点",
            "规则: ▸要领",
            [f"“规则”只能是{'、'.join(RULES)}，现为“要领”，您是不是要找“要点”"],
        ),
        ("分: 2, 名: 制度齐备", "名: 制度齐备", ["第10行第9列：缺“分”"]),
        ("分: 2, 名: 制度齐备", "分: ▸两分, 名: 制度齐备", ["“两分”不是数字"]),
        ("分: 2, 名: 制度齐备", "分: 2", ["第10行第9列：缺“名”"]),
        ("名: 制度齐备", "名: 制度齐备, ▸值: 支出率", ["不认识“值”"]),
        ("名: 制度齐备", "名: 制度齐备, ▸档: [[好, 1]]", ["不认识“档”"]),
        ("名: 制度齐备", "名: 制度齐备, ▸分母为零: 满分", ["不认识“分母为零”"]),
        ("名: 造假", "名: 造假, ▸分: 1", ["不认识“分”"]),
        ("值: 支出率, 档", "档", ["第5行第9列：缺“值”"]),
        ("值: 支出率, 档", "值: ▸支岀率, 档", ["没有叫“支岀率”的数据项，您是不是要找“支出率”"]),
        ("值: 支出率, 档", "值: ▸支出率 > 1, 档", ["“值”要算出一个数，不能是比较"]),
        ("值: 支出率, 档", "值: ▸支出率 /, 档", ["公式“支出率 /”在“结尾”处看不懂"]),
        ("分: 权重", "分: ▸权", ["“斋舍”没有“权”这一列，您是不是要找“权重”"]),
        ("分母为零: 满分", "分母为零: ▸不计", ["“分母为零”只能是满分、零分，现为“不计”"]),
        ("分母为零: 满分", "依据: ▸凭据", ["“斋舍”没有“凭据”这一列"]),
        ("{{ 斋名 }}{{ 算式 }}", "{{ 斋号 }}{{ 算式 }}", ["第19行第57列：没有叫“斋号”的数据项，您是不是要找“斋名”"]),
        # bands, options, steps and vetoes
        (BANDS, '[["< 90%", 3], ▸["<= 100%", 2]]', ["最后一档应是 [其他, 分]"]),
        (BANDS, '[["< 90%", 3], [其他, 0], ▸["<= 100%", 2]]', ["最后一档应是 [其他, 分]", "“其他”后面不能再有档"]),
        (BANDS, '[["< 90%", 3], ▸["<= 80%", 2], [其他, 0]]', ["各档应从一头往另一头写，这一档与上一档接不上"]),
        (BANDS, '[["< 90%", 3], ▸["> 100%", 2], [其他, 0]]', ["各档应从一头往另一头写，这一档与上一档接不上"]),
        (BANDS, '[[▸"90%以下", 3], [其他, 0]]', ["“90%以下”应写成 < 90% 或 >= 60 这样的界限"]),
        (BANDS, '[▸["< 90%"], [其他, 0]]', ["第5行第21列：最高一档是0分，与“分: 3”不一致", "每档写成 [界限, 分]"]),
        (BANDS, '[["< 90%", 2.5], ["<= 100%", 2], [其他, 0]]', ["第5行第21列：最高一档是2.5分，与“分: 3”不一致"]),
        (BANDS, '▸[["< 90%", 3], ["<= 100%", 2], [其他, -1]]', ["各档的分不能小于0"]),
        (
            "{已公示: 1, 未公示: 0}",
            "{已公示: ▸一, 未公示: 0}",
            ["第11行第21列：最高一档是0分，与“分: 1”不一致", "“一”不是数字"],
        ),
        ("范围: [1]", "范围: ▸[4]", ["“范围”里的4不是本指标的计分项（共3项）"]),
        ("范围: [1]", "范围: ▸全部", ["“范围”写指标，或计分项的序号，如 [1, 2]"]),
        ("每: 1%", "每: ▸0%", ["“每”应大于0"]),
        ("扣: 0.5", "扣: ▸-0.5", ["“扣”应大于0"]),
        (", 不足一级: 按比例", "", ["第24行第9列：缺“不足一级”"]),
        # worked examples
        ("支出率: 100%}, 得: 2", "支出率: 100%}, 得: ▸3", ["“支出进度”验算得2，与写的3不符"]),
        ("支出率: 100%}, 得: 2", "支出率: 一百}, 得: 2", ["第7行第9列：验算的“支出率”：“一百”不是数字"]),
        ("支出率: 100%}, 得: 2", "支岀率: 100%}, 得: 2", ["第7行第9列：验算缺“支出率”的值"]),
        ("支出率: 100%}, 得: 2", "支出率: 100%, ▸收入: 1}, 得: 2", ["本指标计分用不到“收入”"]),
        ("支出率: 100%}, 得: 2", "支出率: 100%}", ["第7行第9列：缺“得”"]),
        ("令: {支出率: 100%}", "令: ▸支出率", ["第7行第9列：验算缺“支出率”的值", "这里应是“键: 值”"]),
        ("[2, 已公示, 否]", "[2, 已公示]", ["第14行第9列：验算缺第3项的评定"]),
        ("[2, 已公示, 否]", "[2, 公示过, 否]", ["第14行第9列：验算第2项：“公示过”不在可选的档里（已公示、未公示）"]),
        ("名: 支出率, 值: 支出率, 档", "名: 支出率, 值: ▸院名, 档", ["“院名”是文字，这里要的是数"]),
        ("值: 入住率, 分母", "值: ▸斋名, 分母", ["“斋名”是文字，这里要的是数"]),
        ("值: 支出率, 起", '值: ▸\'若(收入 > 支出, "多", "少")\', 起', ["若(…)是文字，这里要的是数"]),
        ("[2, 已公示, 否]", "[2, 已公示, 否, ▸1]", ["第4项不是人工评定的计分项"]),
        (
            "{1: 2, 2: 未公示, 3: 是}",
            "{1: 2, ▸二: 未公示, 3: 是}",
            ["第15行第9列：验算缺第2项的评定", "第二项不是人工评定的计分项"],
        ),
    ],
)
def test_a_mistake_in_a_rubric_is_said_where_it_stands(old: str, new: str, said: list[str]) -> None:
    assert rubric_mistakes(changed(RUBRIC, old, new.replace("▸", ""))) == placed(changed(RUBRIC, old, new), said)


def test_an_edition_may_reword_a_sentence_but_not_misname_it() -> None:
    reworded = rubric_of(RUBRIC + '说明句:\n  要点: "{{ 名称 }}：{{ 得分 }}"\n', kind_of(KIND))
    assert reworded.sentences["要点"] == "{{ 名称 }}：{{ 得分 }}"
    assert rubric_mistakes(RUBRIC + '说明句:\n  要领: "{{ 名称 }}"\n  合计: "{{ 得分数 }}"\n') == [
        "第26行第3列：不认识“要领”，您是不是要找“要点”",
        "第27行第7列：没有叫“得分数”的数据项，您是不是要找“得分”",
    ]


def test_a_sentence_is_asked_for_where_a_rule_has_none() -> None:
    kind = kind_of(changed(KIND, '    要点: "{{ 名称 }}得{{ 得分 }}分"\n', ""))
    with pytest.raises(DefinitionError, match="没有“要点”的说明句，请在“说明句”里加一句"):
        rubric_of(RUBRIC, kind)


def test_examples_are_scored_only_when_the_indicator_is_sound() -> None:
    text = changed(changed(RUBRIC, "值: 支出率, 档", "值: 支岀率, 档"), "支出率: 100%}, 得: 2", "支出率: 100%}, 得: 3")
    assert rubric_mistakes(text) == ["第5行第35列：没有叫“支岀率”的数据项，您是不是要找“支出率”"]


def test_all_mistakes_of_a_rubric_are_said_at_once() -> None:
    text = changed(RUBRIC, "支出率: 100%}, 得: 2", "支出率: 100%}, 得: 3")
    text = changed(text, "范围: [1]", "范围: [4]")
    text = changed(text, "分: 权重", "分: 权")
    assert [line.partition("：")[0] for line in rubric_mistakes(text)] == [
        "第7行第29列",
        "第12行第31列",
        "第19行第22列",
    ]
