"""names lists what templates and prose may use: each name listed can be used, and none that can be used is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import editions
from reportgen.commands.names import Group, groups, names_text, open_kind
from reportgen.shown import FORMATS, NOT_IN_PROSE
from reportgen.write.lint import template_problems
from tests.support.kinds import Library
from tests.support.words import word
from tests.test_cli import run_in

EDITIONS = sorted(editions.editions())


EXPECTED = """
经费表填的（模板、正文都能用）
  年初预算    万元
  捐赠收入    万元  可以不填
  读者满意度  %     可以不填
  经费说明          文稿；可以不填
业务数据表每行一项（模板、正文都能用）
  〔数据名〕        “数据名”一列填的名称
分馆表（只在模板里用：{% for r in 分馆 %}，写作 r.名称，另有 r.序号）
  预算数      万元
  馆级              一级馆、二级馆；可以不填
  分馆执行率  %     ＝支出数 / 预算数
合计行（只在模板里用）
  填报合计.分馆.列名  “分馆”表填的合计行，可以没有
文稿（只在模板里用：{{p 文稿.名称 }}）
  文稿.主要工作  必填
  文稿.下年打算  可以不写
  标题  这一版写的是 评分表
  万元      换算成万元，带单位，如 {{ 年中调整额|万元 }}
"""


def named(found: list[Group], *titles: str) -> list[str]:
    return [name for group in found for name, _, _ in group.names if group.title in titles]


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_single_facts_and_formats_are_listed_for_prose(edition: str) -> None:
    kind, rubric = open_kind(edition)
    found = [name for group in groups(kind, rubric) if "正文" in group.use for name, _, _ in group.names if name[0] != "〔"]
    assert sorted(found) == sorted({*kind.single_names, *FORMATS} - NOT_IN_PROSE - {kind.period_name})


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_template_of_all_the_names_listed_is_clean(edition: str, tmp_path: Path) -> None:
    kind, rubric = open_kind(edition)
    found = groups(kind, rubric)
    blocks = [f"{{{{ {name} }}}}" for group in found if group.title[-2:] in ("填的", "来的") for name, _, _ in group.names]
    blocks += [f"{{{{p {name} }}}}" for name in named(found, "文稿")]
    for table in (spec.name for spec in kind.tables.values() if not spec.record):
        cells = "".join(f"{{{{ r.{name} }}}}" for name in named(found, f"{table}表"))
        blocks.append(f"{{% for r in {table} %}}{{{{ r.序号 }}}}{cells}{{% endfor %}}")
    for rows in ("评分.指标", "评分.失分", "评分宽表"):
        cells = "".join(f"{{% if r.{name} %}}有{{% endif %}}" for name in named(found, rows))
        blocks += [f"{{% for r in {rows} %}}{cells}{{% endfor %}}"] if cells else []
    blocks += [f"{{% if {title}.{name} %}}有{{% endif %}}" for title in ("评分", "走势") for name in named(found, title)]
    assert template_problems(word(tmp_path, *blocks), kind, rubric) == []
    assert len(blocks) > 10


def test_each_name_has_its_unit_and_its_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Library(tmp_path).write_templates()
    monkeypatch.chdir(tmp_path)
    lines = list(names_text("library/town-2024", *open_kind("library/town-2024")))
    assert lines[0] == "图书馆年度自评报告（library/town-2024）"
    assert [line for line in lines if line in EXPECTED.splitlines()] == EXPECTED.strip().splitlines()


def test_a_kind_alone_is_enough(tmp_path: Path) -> None:
    lines = run_in(tmp_path, "names", "work_plan").out.splitlines()
    assert lines[0] == "工作方案（work_plan）"
    assert ["任务数", "项", "＝计数(任务)"] in [line.split() for line in lines]


def test_an_unknown_kind_is_wrong_usage_with_the_nearest(tmp_path: Path) -> None:
    near_misses = {"work-plan": "work_plan", "work_plan/zhongwei-2023": "work_plan/zhongwei-2022", "../work_plan": "work_plan"}
    for typed, near in near_misses.items():
        result = run_in(tmp_path, "names", typed)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"用法不对：没有“{typed}”这个类型或版本，您是不是要找“{near}”")


def test_a_kind_with_mistakes_is_told_like_a_submission_with_problems(tmp_path: Path) -> None:
    kind = tmp_path / "templates" / "ours" / "kind.yaml"
    kind.parent.mkdir(parents=True)
    kind.write_text("名称：坏的", "utf-8")
    result = run_in(tmp_path, "names", "ours")
    assert (result.code, result.out.startswith("  错误 D0"), result.err) == (1, True, "")
