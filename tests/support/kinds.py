"""A made-up kind: the yearly self-evaluation of a town library. Tests add the checks and indicators that they ask of."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import docx

from reportgen.build import judge
from reportgen.case import Case
from reportgen.define.kind import Kind, load_kind
from reportgen.model import CriterionScore, IndicatorScore, Problem
from reportgen.say import problem_lines
from tests.support.workbooks import prose, save, workbook

EDITION = "library/town-2024"
KIND = """\
名称: 图书馆年度自评报告
文件名: "{{ 馆名 }}{{ 年度 }}年度自评报告"
身份: {单位: 馆名, 年度: 年度, 成文日期: 成文日期}
表:
  基本信息:
    竖表: true
    列:
      版本: {类型: 版本}
      馆名: {}
      年度: {类型: 年}
      成文日期: {类型: 日期, 可空: true}
  经费:
    竖表: true
    列:
      年初预算: {单位: 万元}
      全年预算: {单位: 万元, 表头: [调整后预算]}
      全年支出: {单位: 万元}
      捐赠收入: {单位: 万元, 可空: true}
      读者满意度: {单位: "%", 可空: true}
      经费说明: {类型: 文稿, 可空: true}
  分馆:
    键: 分馆名
    合计行: 可省
    可空: true
    列:
      分馆名: {}
      预算数: {单位: 万元}
      支出数: {单位: 万元, 表头: [“支出”决算数]}
      馆级: {选项: [一级馆, 二级馆], 可空: true}
      开馆日期: {类型: 日期, 可空: true}
    算:
      分馆执行率: {算: 支出数 / 预算数, 单位: "%"}
  活动:
    键: 活动名
    可空: true
    列:
      活动名: {}
      参与率: {单位: "%"}
  成效:
    键: 成效名
    可空: true
    列:
      成效名: {}
      权重: {单位: 分}
      比例: {单位: "%"}
      档次: {选项: [好, 差]}
      成效依据: {可空: true}
  业务数据:
    键: 数据名
    可空: true
    列:
      数据名: {}
      数值: {单位列: 单位}
      单位: {}
      上年数: {单位列: 单位, 可空: true}
    成项: {名称: 数据名, 数值: 数值, 上年: 上年数}
  自评:
    键: [评定指标, 计分项]
    可空: true
    列:
      评定指标: {}
      计分项: {类型: 数, 小数: 0}
      评定: {}
      评定说明: {类型: 短语, 可空: true}
      材料: {可空: true}
  认定:
    键: [认定指标, 认定项]
    可空: true
    列:
      认定指标: {}
      认定项: {类型: 数, 小数: 0}
      认定得分: {单位: 分}
      认定理由: {}
      认定依据: {}
  失分:
    键: 失分指标
    可空: true
    列:
      失分指标: {类型: 列表}
      标题: {可空: true}
      原因: {类型: 文稿, 可空: true}
      措施: {类型: 文稿, 可空: true}
      科室: {}
      时限: {}
数据项:
  执行率: {算: 全年支出 / 全年预算, 单位: "%"}
  增长率: {算: (全年预算 - 年初预算) / 年初预算, 单位: "%"}
勾稽:
{checks}
汇总:
  表: 分馆
  列: {分馆名: 馆名, 预算数: 全年预算, 支出数: 全年支出}
  相加: [年初预算, 全年预算, 全年支出, 捐赠收入]
文稿:
  主要工作: {必填: true, 标题: [部门主要工作情况]}
  下年打算: {}
评分:
  评定: {表: 自评, 指标: 评定指标, 序号: 计分项, 结果: 评定, 理由: 评定说明, 依据: 材料}
  认定: {表: 认定, 指标: 认定指标, 序号: 认定项, 结果: 认定得分, 理由: 认定理由, 依据: 认定依据}
  失分: {表: 失分, 指标: 失分指标, 标题: 标题, 原因: 原因, 措施: 措施, 科室: 科室, 时限: 时限}
  说明句:
    达标: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    按比例: "{{ 算式 }}，得{{ 得分 }}分"
    分档: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    选档: "{{ 名称 }}：{{ 判断 }}，得{{ 得分 }}分"
    逐级扣分: "{{ 算式 }}，{{ 判断 }}，得{{ 得分 }}分"
    逐项扣分: "{{ 名称 }}{{ 判断 }}，得{{ 得分 }}分"
    要点: "{{ 名称 }}得{{ 得分 }}分"
    人工评分: "{{ 名称 }}得{{ 得分 }}分"
    一票否决: "{{ 名称 }}：{{ 判断 }}，得0分"
    不适用: "{{ 名称 }}：{{ 判断 }}，按满分计，得{{ 得分 }}分"
    认定: "{{ 名称 }}自评认定得{{ 得分 }}分（{{ 理由 }}）"
    扣分: "，扣{{ 扣分 }}分"
    合计: "合计得{{ 得分 }}分，扣{{ 扣分 }}分。"
    原因: "原因：{{ 原因 }}"
    措施: "{{ 措施 }}（责任科室：{{ 科室 }}，时限：{{ 时限 }}）。"
    整改: "整改措施：{{ 措施 }}"
"""
RUBRIC = """\
版本: {{名称: 小镇2024年度, 标题: 评分表, 小数: 2, 满分: {points}, 等级: [[90, 优], [60, 中], [0, 差]]}}
指标:
{indicators}
"""
EXECUTION = """
- 名称: [管理, 资金, 预算执行]
  计分: [{规则: 按比例, 分: 100, 名: 执行率, 值: 执行率}]
"""
BASICS = f"""
项目 | 填报内容
版本 | {EDITION}
馆名 | 小镇图书馆
年度 | 2024
成文日期 | 2025-03-28
"""
MONEY = """
项目 | 填报内容 | 单位
年初预算 | 80 | 万元
全年预算 | 100 | 万元
全年支出 | 100 | 万元
"""
OPTIONAL = ("分馆", "活动", "成效", "业务数据", "自评", "认定", "失分")
WORDS = """
# 部门主要工作情况
全年开放三百天。
"""


def kind_text(checks: str = "") -> str:
    """kind.yaml with these cross-checks."""
    return KIND.replace("勾稽:\n{checks}\n", "勾稽:\n" + _indented(checks) + "\n" if checks.strip() else "")


def rubric_text(indicators: str = EXECUTION, points: str = "100") -> str:
    """rubric.yaml with these indicators."""
    return RUBRIC.format(points=points, indicators=_indented(indicators))


def _indented(text: str) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n"), "  ")


@dataclass
class Library:
    """A folder to run in: its templates/, and submissions written from texts. Chain the with_… to say what differs."""

    folder: Path
    checks: str = ""
    indicators: str = EXECUTION
    points: str = "100"
    sheets: dict[str, str] = field(default_factory=lambda: {"基本信息": BASICS, "经费": MONEY})
    words: str = WORDS
    change: Callable[[str], str] = str  # what a test has otherwise in kind.yaml

    def kind(self) -> Kind:
        """The kind, written and loaded."""
        self.write_templates()
        return load_kind(self.folder / "templates" / "library", "library")

    def write_templates(self) -> None:
        """templates/library with its edition: kind, rubric, and the smallest Word template."""
        edition = self.folder / "templates" / EDITION
        edition.mkdir(parents=True, exist_ok=True)
        _write_once(edition.parent / "kind.yaml", self.change(kind_text(self.checks)))
        _write_once(edition / "rubric.yaml", rubric_text(self.indicators, self.points))
        template = docx.Document()
        template.add_paragraph("{{ 馆名 }}{{ 年度 }}年度执行率为{{ 执行率 }}，得{{ 评分.总分 }}分。")
        template.add_paragraph("{{p 文稿.主要工作 }}")
        save(template, edition / "report.docx")

    def write(self, name: str = "小镇", sheets: Mapping[str, str] | None = None) -> Path:
        """The submission's folder; ``sheets`` are added to the usual ones, or replace them."""
        self.write_templates()
        folder = self.folder / "材料" / name
        save(workbook({**self.sheets, **(sheets or {})}), folder / "数据.xlsx")
        save(prose(self.words), folder / "正文.docx")
        return folder

    def judge(self, sheets: Mapping[str, str] | None = None) -> Case:
        """The submission, judged."""
        return judge(self.write(sheets=sheets))


def _write_once(path: Path, text: str) -> None:
    """A kind is loaded once a process, so a folder can't have another one later."""
    if path.exists():
        assert path.read_text("utf-8") == text, "another kind or rubric needs another folder"
    path.write_text(text, "utf-8")


@cache
def plain_kind() -> Kind:
    """The kind as it stands, for reading alone."""
    with tempfile.TemporaryDirectory() as folder:
        return Library(Path(folder)).kind()


def told(problems: list[Problem] | tuple[Problem, ...]) -> list[str]:
    """Each problem as the user reads it, without the advice on how to answer: 错误 E205 数据.xlsx › 经费 › B2：…"""
    return [next(problem_lines(problem)).strip() for problem in problems]


def indicator(case: Case, name: str) -> IndicatorScore:
    """The scored indicator of that name."""
    assert case.card, told(case.problems)
    return next(one for one in case.card.indicators if one.level3 == name)


def lines_of(case: Case, name: str) -> list[CriterionScore]:
    """The indicator's scored criteria."""
    return list(indicator(case, name).criteria)
