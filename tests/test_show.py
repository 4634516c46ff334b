"""show says what is in a file as plain text: nothing left out, nothing changed, hidden things marked."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from reportgen.commands.columns import aligned, width
from reportgen.commands.show import show
from reportgen.define.fields import read_yaml
from reportgen.define.rules import RULES
from reportgen.shown import FORMATS
from reportgen.write.template import compile_template
from tests.support.kinds import EDITION, Library
from tests.support.samples import LUOHU, ROOT
from tests.support.words import word
from tests.support.workbooks import save, workbook
from tests.test_cli import run_in

TEMPLATES = ROOT / "templates"


def shown(path: Path) -> list[str]:
    lines, problems = show(path)
    assert problems == []
    return lines


# --- rubric -------------------------------------------------------------------------------------------------------

INDICATORS = """
- 名称: [管理, 资金, 预算执行]
  口径: 按全年预算数算
  计分:
    - {规则: 分档, 分: 6, 名: 执行率, 值: 执行率, 档: [["< 90%", 0], ["< 100%", 4.5], [其他, 6]]}
    - {规则: 一票否决, 名: 截留挪用, 范围: 指标}
  验算:
    - {令: {执行率: 95%}, 评定: {2: 否}, 得: 4.5}
    - {令: {执行率: 95%}, 评定: {2: 是}, 得: 0}
- 名称: [管理, 资金, 分馆执行]
  计分: [{规则: 按比例, 逐行: 分馆, 分: 2, 名: 各馆, 值: 分馆执行率, 分母为零: 零分}]
- 名称: [成效, 服务, 成效名]
  逐行: 成效
  小数: 1
  计分: [{规则: 人工评分, 分: 权重, 名: 成效, 比例: 比例, 档次: 档次, 档: [[好, 80%, 100%], [差, 0%, 80%]]}]
"""


def test_a_rubric_is_a_tree_of_indicators_with_points_rules_and_readings(tmp_path: Path) -> None:
    Library(tmp_path, indicators=INDICATORS, points="100").write_templates()
    assert shown(tmp_path / "templates" / EDITION / "rubric.yaml") == [
        "小镇2024年度评分表（library/town-2024）",
        "  2个指标，“成效”表每行一个指标；合计6分＋“分馆”表每行2分＋“成效”表每行“权重”；满分100分，是否等于满分，计分时核对",
        "  等级：90分以上优，60分以上中，0分以上差",
        "管理　6分＋“分馆”表每行2分",
        "  资金　6分＋“分馆”表每行2分",
        "    预算执行　6分（2位小数，验算2例）",
        "      1. 执行率　6分　分档：小于90%得0分；在90%（含）至100%之间得4.5分；达到100%得6分",
        "         值＝执行率",
        "      2. 截留挪用　0分　一票否决：由人填是或否，填是的本指标不得分",
        "      口径：按全年预算数算",
        "    分馆执行　“分馆”表每行2分（2位小数，验算0例）",
        "      1. 各馆　2分　按比例：得2分×值，超过100%的按100%计",
        "         值＝分馆执行率，“分馆”表每行计一次，分母为零得零分",
        "成效　“成效”表每行“权重”",
        "  服务　“成效”表每行“权重”",
        "    “成效名”一列的各项　“成效”表每行“权重”（1位小数，验算0例）",
        "      1. 成效　“权重”　人工评分：得“权重”×比例，比例应在所填的档次之内：好80%至100%；差0%至80%",
        "         值＝比例",
    ]


@pytest.mark.parametrize(("points", "verdict"), [("100", "与满分相符"), ("90", "与满分不符")])
def test_points_are_added_up(tmp_path: Path, points: str, verdict: str) -> None:
    Library(tmp_path, points=points).write_templates()
    lines = shown(tmp_path / "templates" / EDITION / "rubric.yaml")
    assert lines[1] == f"  1个指标；合计100分；满分{points}分，{verdict}"


@pytest.mark.parametrize(
    ("rule", "yaml", "sentence"),
    [
        ("极差标准化", "{区间: [60, 100], 缺: 历期最低}",
         "在下限与上限之间换算成60分至100分，得3分×标准分÷100，缺数的一期取历期最低分"),
        ("达标", '{须: "<= 95.5%"}', "不高于95.5%得3分，否则不得分"),
        ("按比例", "{超过一: 零分}", "得3分×值，超过100%的不得分"),
        ("分档", '{档: [[">= 90%", 3], [">= 80%", 1.5], [其他, 0]]}', "达到90%得3分；在80%（含）至90%之间得1.5分；小于80%得0分"),
        ("选档", "{档: {公开: 3, 未公开: 0}}", "由人选定，公开得3分；未公开得0分"),
        ("逐级扣分", "{起: 10%, 每: 1%, 扣: 0.1, 不足一级: 按比例}",
         "不高于10%得3分，每超过1%扣0.1分，不足一级按比例，扣完为止"),
        ("逐级扣分", '{起: "< 95%", 每: 1%, 扣: 0.5, 不足一级: 计一级}',
         "达到95%得3分，每低1%扣0.5分，不足一级计一级，扣完为止"),
        ("逐项扣分", "{每项: 0.5}", "满分3分，每项扣0.5分，扣完为止，项数由人填"),
        ("逐项扣分", "{每项: 1, 值: 件数}", "满分3分，每项扣1分，扣完为止，项数由公式算"),
        ("要点", "{}", "由人填得分，0至3分"),
        ("人工评分", "{}", "由人填得分，0至3分"),
        ("人工评分", "{比例: 比例}", "得3分×比例"),
        ("人工评分", "{比例: 比例, 档: [[好, 80%, 100%], [差, 0%, 80%]]}",
         "得3分×比例，比例应在所填的档次之内：好80%至100%；差0%至80%"),
        ("一票否决", "{范围: [1, 3]}", "由人填是或否，填是的第1、3项不得分"),
        ("不适用", "{}", "由人填是或否，填是的本指标各项得全分"),
    ],
)  # fmt: skip
def test_each_rule_is_read_out(tmp_path: Path, rule: str, yaml: str, sentence: str) -> None:
    (tmp_path / "rule.yaml").write_text(yaml, "utf-8")
    fields = read_yaml(tmp_path / "rule.yaml", "rule.yaml")
    assert RULES[rule](fields).read_out("3分", "%") == sentence
    assert fields.source.found == {}


DEFINITIONS = sorted([*TEMPLATES.glob("*/*/rubric.yaml"), *TEMPLATES.glob("*/kind.yaml")])


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.parent.name)
def test_all_that_ships_can_be_shown(path: Path) -> None:
    assert len(shown(path)) > 5


def test_the_numbers_of_a_limit_keep_their_unit(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text("{起: 10000, 每: 2.5, 扣: 1, 不足一级: 不计}", "utf-8")
    rule = RULES["逐级扣分"](read_yaml(tmp_path / "rule.yaml", "rule.yaml"))
    assert rule.read_out("3分", "万元") == "不高于10,000万元得3分，每超过2.5万元扣1分，不足一级不计，扣完为止"
    assert rule.read_out("3分", "").startswith(f"不高于{Decimal(10000):,}得3分")


# --- kind ---------------------------------------------------------------------------------------------------------


def test_a_kind_is_its_sheets_formulas_checks_and_prose(tmp_path: Path) -> None:
    check = "- {编号: J01, 逐行: 分馆, 须: 支出数 ≤ 预算数, 级别: 核实, 说明: 支出一般不超过预算}"
    Library(tmp_path, checks=check).write_templates()
    lines = shown(tmp_path / "templates" / "library" / "kind.yaml")
    for line in (
        "图书馆年度自评报告（library），生成的文件叫 {{ 馆名 }}{{ 年度 }}年度自评报告",
        "要填的表，10张：",
        "  经费（一项一行）",
        "    读者满意度  %     可以不填",
        "  分馆（键是分馆名，合计行可省，可以没有）",
        "    分馆执行率  %     ＝支出数 / 预算数",
        "    馆级              一级馆、二级馆；可以不填",
        "勾稽，1条：",
        "  J01  核实  支出一般不超过预算  逐行 分馆；须 支出数 ≤ 预算数",
        "文稿，2段：",
        "  文稿.主要工作  必填      标题：部门主要工作情况、主要工作",
        "计分：评定填在“自评”表，认定填在“认定”表，失分填在“失分”表。",
    ):
        assert line in lines


def test_a_definition_with_mistakes_shows_the_mistakes(tmp_path: Path) -> None:
    Library(tmp_path).write_templates()
    rubric = tmp_path / "templates" / EDITION / "rubric.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("规则: 按比例", "规则: 按比列"), "utf-8")
    result = run_in(tmp_path, "show", f"templates/{EDITION}/rubric.yaml")
    assert (result.code, result.out.count("\n")) == (1, 1)
    assert result.out.startswith("  错误 D02 library/town-2024/rubric.yaml › ")


# --- workbook -----------------------------------------------------------------------------------------------------


def test_a_workbook_is_its_cells_with_row_numbers_and_column_letters(tmp_path: Path) -> None:
    sheets = {
        "预算": """
项目 | 数 | 率 | 日期 | 旁注
年初预算 | 527711.12 | 87.62% | 2025-03-28 | '012
大项 | < | | |
R&D <甲> １２ | 0.1 | | | =B2*2""",
        "底稿": "甲",
    }
    book = workbook(sheets)
    book["预算"].row_dimensions[2].hidden = True
    book["预算"].column_dimensions["C"].hidden = True
    book["预算"]["D4"].value, book["预算"]["D4"].number_format = 9.55, '0.00"%"'
    book["预算"]["C4"].value, book["预算"]["C4"].number_format = 12345, "#,##0,"
    book["底稿"].sheet_state = "hidden"
    lines, problems = show(save(book, tmp_path / "数据.xlsx"))
    assert lines == [
        "工作表“预算”",
        "             A              B          C（隐藏）             D                       E",
        "  1          项目           数         率                    日期                    旁注",
        "  2（隐藏）  年初预算       527711.12  0.8762〔87.62%〕      45744〔2025年3月28日〕  '012",
        "  3          大项",
        '  4          R&D <甲> １２  0.1        12345〔格式 #,##0,〕  9.55〔格式 0.00"%"〕    ƒ',
        "  合并的单元格：A3:B3",
        "工作表“底稿”（隐藏）",
        "     A",
        "  1  甲",
    ]
    assert [(one.code, str(one.place)) for one in problems] == [("E111", "数据.xlsx › 预算 › E4")]


def test_the_shipped_workbook_can_be_shown(tmp_path: Path) -> None:
    result = run_in(tmp_path, "show", str(LUOHU / "数据.xlsx"))
    assert result.code == 0
    assert "  7  四季度                    0.8762〔87.62%〕  低于三季度，见“审核说明”" in result.out.splitlines()


# --- Word files ---------------------------------------------------------------------------------------------------


def test_a_template_shows_its_headings_tables_and_tags(tmp_path: Path) -> None:
    table = """| 馆 | 支出 |
               | {%tr for r in 分馆 %} | |
               | {{ r.分馆名 }} | {{ r.支出数 }} |
               | {%tr endfor %} | |"""
    blocks = ["# 一、总体", "{{ 馆名 }}，R&D <甲>", "", table, "## （一）分馆", "{{p 文稿.主要工作 }}"]
    path = word(tmp_path, *blocks, header="{{ 年度 }}年")
    assert shown(path) == [
        "[页眉] {{ 年度 }}年",
        "[1] # 一、总体",
        "[2] {{ 馆名 }}，R&D <甲>",
        "[表1]",
        "  1 | 馆                    | 支出",
        "  2 | {%tr for r in 分馆 %} |",
        "  3 | {{ r.分馆名 }}        | {{ r.支出数 }}",
        "  4 | {%tr endfor %}        |",
        "[4] ## （一）分馆",
        "[5] {{p 文稿.主要工作 }}",
    ]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/*/report.docx")), ids=lambda path: path.parent.name)
def test_the_numbers_of_paragraphs_are_those_of_problems(path: Path) -> None:
    texts = {found[1]: found[2] for line in shown(path) if (found := re.match(r"\[(\d+)\] (.*)", line))}
    tags = [tag for part in compile_template(path, FORMATS).parts for tag in part.tags.values()]
    places = [(found[1], tag.source) for tag in tags if (found := re.fullmatch(r"第(\d+)段", tag.place.part))]
    assert len(places) > 20
    assert [(number, source) for number, source in places if source not in texts.get(number, "")] == []


def test_what_has_no_words_is_said_to_be_there(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("看图")
    document.add_picture(str(ROOT / "docs" / "images" / "work_plan.png"))
    path = save(document, tmp_path / "文.docx")
    assert shown(path) == ["[1] 看图", "[图]"]


# --- other files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("没有.xlsx", "没有“没有.xlsx”这个文件"),
        ("夹", "“夹”是文件夹，请给出里面的一个文件"),
        ("清单.txt", "“清单.txt”看不了；可以看 kind.yaml、rubric.yaml、.xlsx 和 .docx"),
        ("夹/rubric.yaml", "上一层文件夹里没有 kind.yaml，读不懂这份评分表"),
    ],
)
def test_what_can_not_be_shown_is_wrong_usage(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "夹").mkdir()
    for file in ("清单.txt", "夹/rubric.yaml"):
        (tmp_path / file).write_text("甲", "utf-8")
    result = run_in(tmp_path, "show", name)
    assert (result.code, result.out, result.err) == (2, "", f"用法不对：{told}。请看 reportgen --help\n")


@pytest.mark.parametrize(("name", "code"), [("坏.xlsx", "E106"), ("坏.docx", "E301")])
def test_a_file_that_can_not_be_read_is_a_problem(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\0\0")
    result = run_in(tmp_path, "show", name)
    assert (result.code, result.out.startswith(f"  错误 {code} {name}：")) == (1, True)


# --- columns ------------------------------------------------------------------------------------------------------


def test_columns_stand_under_each_other_whatever_the_letters() -> None:
    assert width("预算ab（甲）") == 12
    assert list(aligned([["预算", "1"], ["a", "2"], ["长" * 30, "3"], ["x\ny", "4"]])) == [
        "预算  1",
        "a     2",
        "长" * 30 + "  3",
        "x↵y   4",
    ]
