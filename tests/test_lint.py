"""A template is checked before there are figures: every name in it must be one that reports will have."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from jinja2 import Undefined

from reportgen import editions
from reportgen.build import judge
from reportgen.commands.templates import template_cases
from reportgen.define.edition import open_edition
from reportgen.judge.series import Series
from reportgen.model import Fact
from reportgen.write.lint import template_problems
from reportgen.write.shape import Shape, shape
from reportgen.write.view import view
from tests.support.kinds import EDITION, Library
from tests.support.samples import LONGGANG, LUOHU, ROOT, SHENZHEN, ZHONGWEI
from tests.support.words import word
from tests.test_cli import run_in

IN_SHEET = "要用它，须在数据.xlsx 的“业务数据”表里填有这一项"
PLACES = ("{{p 文稿.主要工作 }}", "{{p 文稿.下年打算 }}")


def problems(folder: Path, *blocks: str, header: str = "", places: Iterable[str] = PLACES) -> list[str]:
    """What is wrong with a template of the town library made of these blocks."""
    return _told(folder, word(folder, *blocks, *places, header=header))


def _told(folder: Path, path: Path) -> list[str]:
    library = Library(folder)
    library.write_templates()
    with editions.looked_up_in(folder / "templates"):
        kind, rubric = open_edition(EDITION)
    found = template_problems(path, kind, rubric)
    return [f"{one.level} {one.code} {one.place.part}：{one.message}" + (f"（{one.hint}）" if one.hint else "") for one in found]


KINDS = sorted(path.parent for path in (ROOT / "templates").glob("*/kind.yaml"))


@pytest.mark.parametrize("folder", KINDS, ids=lambda one: one.name)
def test_the_shipped_templates_are_clean(folder: Path) -> None:
    cases = template_cases(folder)
    assert len(cases) > 1
    assert [problem for case in cases for problem in case.problems] == []


def test_a_template_that_uses_all_kinds_of_names_is_clean(tmp_path: Path) -> None:
    blocks = [
        "{{ 馆名 }}{{ 年度 }}执行率{{ 执行率|百分比 }}，{{ 填报合计.分馆.预算数 }}，{{ 捐赠收入|或('无') }}",
        "{{ 评分.总分 }}{{ 评分.等级 }}{{ 评分.标题 }}{% for 一 in 评分.一级 %}{{ 一.名称 }}{% endfor %}，见{{ 见('各馆') }}",
        "{{ 题注('表', '各馆') }}{% set 多 = 分馆|length %}{% if 多 > 1 %}{{ 多 }}家{% endif %}{{ 评分.指标[0].三级 }}",
        "{% for g in 分馆|分组('馆级') %}{{ g.名 }}{% for r in g.行 if r.预算数 > 0 %}{{ loop.index }}{% endfor %}{% endfor %}",
        "{% for r in 分馆 %}{{ r.分馆执行率 }}{% else %}无{% endfor %}",
        "{% for b in 备注 %}{{ b.说明 }}{% endfor %}{% for x in 评分.失分 %}{{ x.标题 }}{% endfor %}",
        """| 馆 | 支出 |
           | {%tr for r in 分馆 %} | |
           | {% 合并 r.分馆名 %}{{ r.分馆名 }}{{ r.序号 }} | {{ r.支出数 }} |
           | {%tr endfor %} | |""",
    ]
    assert problems(tmp_path, *blocks, header="{{ 馆名 }}") == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ 年初预祘 }}",
         f"warning E705 第1段：{{{{ 年初预祘 }}}}：没有“年初预祘”，您是不是要找“年初预算”（{IN_SHEET}）"),
        ("{{ 评分.总份 }}", "error E705 第1段：{{ 评分.总份 }}：没有“总份”，您是不是要找“总分”"),
        ("{{ 填报合计.分馆.支出 }}", "error E705 第1段：{{ 填报合计.分馆.支出 }}：没有“支出”，您是不是要找“支出数”"),
        ("{{ 填报合计.活动.参与率 }}", "error E705 第1段：{{ 填报合计.活动.参与率 }}：没有“活动”"),
        ("{% for r in 分馆 %}{{ r.预算 }}{% endfor %}", "error E705 第1段：{{ r.预算 }}：没有“预算”，您是不是要找“预算数”"),
        ("{% for r in 分馆 if r.决算 > 0 %}{{ r.预算数 }}{% endfor %}",
         "error E705 第1段：{% for r in 分馆 if r.决算 > 0 %}：没有“决算”"),
        ("{% for r in 分馆 %}{{ loop.length }}{% endfor %}{{ loop.index }}",
         "error E705 第1段：{{ loop.index }}：没有“loop”"),
        ("{% for r in 评分.指标 %}{{ r.三级指标 }}{% endfor %}",
         "error E705 第1段：{{ r.三级指标 }}：没有“三级指标”，您是不是要找“三级”"),
        ("{% for g in 分馆|分组('级别') %}{{ g.名 }}{% endfor %}",
         "error E705 第1段：{% for g in 分馆|分组('级别') %}：没有“级别”，您是不是要找“馆级”"),
        ("{{ 分馆.预算数 }}",
         "error E705 第1段：{{ 分馆.预算数 }}：这里取不到“预算数”（表要逐行写：{% for r in 表 %}{{ r.预算数 }}{% endfor %}）"),
        ("{{ 馆名.简称 }}", "error E705 第1段：{{ 馆名.简称 }}：这里取不到“简称”"),
        ("{{ 分馆 }}", "error E705 第1段：{{ 分馆 }}：这是一组内容，不能直接写进一句话；文稿请用 {{p …}}，列表请用 {% for %}"),
        ("{% for r in 年度 %}x{% endfor %}",
         "error E705 第1段：{% for r in 年度 %}：for 后面应是一张表或一组内容（一格里有几个名称的，请加 |分行）"),
        ("{% if 年度 > 2 and 走势.总分 %}x{% endif %}",
         "error E705 第1段：{% if 年度 > 2 and 走势.总分 %}：没有“走势”"),
        ("{{ 见('各馆') }}{{ 题注('表', '各分馆') }}",
         "error E705 第1段：{{ 见('各馆') }}：题注里没有“各馆”，您是不是要找“各分馆”"),
        ("{{ 年初预算 / 2 }}", "error E705 第1段：{{ 年初预算 / 2 }}：模板里只能对序号做加减乘除，指标的计算请写在 kind.yaml"),
        ("{{ -年初预算 }}", "error E705 第1段：{{ -年初预算 }}：模板里只能对序号做加减乘除，指标的计算请写在 kind.yaml"),
        ("{{ 成文日期|万元 }}", "error E705 第1段：{{ 成文日期|万元 }}：“成文日期”不是数"),
        ("{{ 馆名|小数(2) }}", "error E705 第1段：{{ 馆名|小数(2) }}：“馆名”不是数"),
        ("{{ 执行率|万元 }}", "error E705 第1段：{{ 执行率|万元 }}：“执行率”的单位不是元、万元或亿元，不能写成万元"),
        ("{{ 年初预算|日期 }}", "error E705 第1段：{{ 年初预算|日期 }}：“年初预算”不是日期"),
        ("{{ 年初预算|万元|小数 }}", "error E705 第1段：{{ 年初预算|万元|小数 }}：“年初预算|万元”不是数"),
        ("{{ 年初预算|小数('九') }}", "error E705 第1段：{{ 年初预算|小数('九') }}：“小数”的括号里要写0到10的整数，现为“九”"),
        ("{{ 年初预算|整数(1) }}", "error E705 第1段：{{ 年初预算|整数(1) }}：格式“整数”的括号里不是这样写"),
        ("{{ 年初预算|占比(执行率) }}",
         "error E705 第1段：{{ 年初预算|占比(执行率) }}：“年初预算”和“执行率”的单位不同（万元、%），算不出占比"),
        ("{% for r in 分馆 %}{{ r.馆级|百分比 }}{% endfor %}", "error E705 第1段：{{ r.馆级|百分比 }}：“馆级”不是数"),
        ("{{ 分馆|万元 }}",
         "error E705 第1段：{{ 分馆|万元 }}：这是一组内容，不能直接写进一句话；文稿请用 {{p …}}，列表请用 {% for %}"),
        ("{{ 馆名|length }}",
         "error E705 第1段：{{ 馆名|length }}：这不是一组内容，数不出有几个（一格里有几个名称的，请加 |分行）"),
        ('{% if 年初预算 > "三" %}x{% endif %}',
         'error E705 第1段：{% if 年初预算 > "三" %}：“年初预算”是数，“三”是文字，不能比较'),
        ('{% if 年度 == "2024" %}x{% endif %}',
         'error E705 第1段：{% if 年度 == "2024" %}：“年度”是数，“2024”是文字，不能比较'),
        ("{% if 成文日期 > 年度 %}x{% endif %}",
         "error E705 第1段：{% if 成文日期 > 年度 %}：“成文日期”是日期，“年度”是数，不能比较"),
        ("{% if 分馆 > 3 %}x{% endif %}", "error E705 第1段：{% if 分馆 > 3 %}：“分馆”是一组内容，不能比较"),
        ("{{ 年初预算|万圆 }}", "error E702 第1段：{{ 年初预算|万圆 }}：格式里没有“万圆”，您是不是要找“万元”"),
        ("｛｛ 馆名 ｝｝", "error E702 第1段：标记不完整：｛｛ 馆名 ｝｝（标记要用半角花括号和半角百分号）"),
        ("{{ 馆名 ", "error E702 第1段：标记不完整：{{ 馆名（花括号要成对写）"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    assert problems(tmp_path, text) == [complaint]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 读者总数|万元 }}{% if 读者总数 > 3 and 读者总数 != '' %}{{ 读者总数|占比(年初预算) }}{% endif %}",
        "{% for r in 业务数据 %}{{ r.数值|万元 }}{{ r.数值|百分比 }}{{ r.数值|同比 }}{{ r.序号 + 1 }}{% endfor %}",
        "{% if 馆名 != '' and 年度 >= 2024 and 年初预算 > 全年预算 %}{{ 年初预算|绝对|万元 }}{{ 执行率|小数(1) }}{% endif %}",
        "{% set n = 3 %}{{ n + 1 }}{{ n|中文数字 }}{{ 年初预算|占比(全年预算)|小数(1) }}{{ 年度|整数 }}",
    ],
)
def test_what_may_come_out_right_is_left_alone(tmp_path: Path, text: str) -> None:
    assert [one for one in problems(tmp_path, text) if not one.startswith("warning")] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{% for r in 分馆情况 %}{{ r.预算数 }}{% endfor %}", "error E705 第1段：{% for r in 分馆情况 %}：没有“分馆情况”"),
        ("{% for r in 总诊疗量 %}x{% endfor %}", "error E705 第1段：{% for r in 总诊疗量 %}：没有“总诊疗量”"),
        ("{{ r.分馆名 }}", "error E705 第1段：{{ r.分馆名 }}：没有“r”"),
        ("{{ 年初预算|小数(九) }}", "error E705 第1段：{{ 年初预算|小数(九) }}：没有“九”"),
        ("{{ 活跃读者|length }}", "error E705 第1段：{{ 活跃读者|length }}：没有“活跃读者”"),
    ],
)
def test_only_a_name_that_stands_alone_may_come_from_the_sheet(tmp_path: Path, text: str, complaint: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.partition("，您是不是要找")[0] == complaint


def test_a_mistake_in_a_cell_and_in_the_header_has_its_place(tmp_path: Path) -> None:
    table = """| 馆 | 支出 |
               | {%tr for r in 分馆 %} | |
               | {% 合并 r.馆名 %}{{ r.分馆名 }} | {{ r.支出 }} |
               | {%tr endfor %} | |"""
    assert sorted(problems(tmp_path, table, header="{{ 评分.总份 }}")) == [
        "error E705 表1：{% 合并 r.馆名 %}：没有“馆名”，您是不是要找“分馆名”",
        "error E705 表1：{{ r.支出 }}：没有“支出”，您是不是要找“支出数”",
        "error E705 页眉第1段：{{ 评分.总份 }}：没有“总份”，您是不是要找“总分”",
    ]


@pytest.mark.parametrize(
    "slip",
    [
        "{{ 馆名|万圆 }}",
        "{{ 馆名",
        "{% if 馆名 = 1 %}甲{% endif %}",
        "{% for r in 分馆| %}{{ r.什么 }}{% endfor %}",
        "{% set 甲 = %}{{ 甲 }}",
        "{% include 'x' %}",
        "{%- if 馆名 %}",
    ],
)
def test_a_slip_of_the_pen_hides_no_wrong_name(tmp_path: Path, slip: str) -> None:
    found = problems(tmp_path, "{{ 评分.总份 }}", slip, "{{ r.甲 }}", header="{{ 评分.等极 }}")
    assert [one for one in found if "E705" in one] == [
        "error E705 第1段：{{ 评分.总份 }}：没有“总份”，您是不是要找“总分”",
        "error E705 第3段：{{ r.甲 }}：没有“r”",
        "error E705 页眉第1段：{{ 评分.等极 }}：没有“等极”，您是不是要找“等级”",
    ]
    assert {one.split("：")[0] for one in found if "E705" not in one} <= {"error E702 第2段", "error E703 第2段"}
    assert len(found) > 3


def test_where_an_end_is_lacking_the_other_parts_are_looked_at(tmp_path: Path) -> None:
    found = problems(tmp_path, "{% if 馆名 %}甲", header="{{ 评分.等极 }}")
    assert [one.partition("：")[0] for one in found] == ["error E702 第1段", "error E705 页眉第1段"]


def test_every_unknown_name_is_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "{{ 评分.甲 }}{{ 评分.乙 }}", "{{ 评分.甲 }}")) == 3


@pytest.mark.parametrize("text", ["{{ 馆名 }}", "｛｛ 馆名 ｝｝", "{{ 馆名 "])
def test_a_mark_in_a_text_box_or_a_field_is_refused(tmp_path: Path, text: str) -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run()
    box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    run._r.append(parse_xml(f"<w:pict {nsdecls('w')}>{box}</w:pict>"))
    run._r.append(parse_xml(f"<w:instrText {nsdecls('w')}>TITLE {text}</w:instrText>"))
    document.save(str(tmp_path / "report.docx"))
    found = _told(tmp_path, tmp_path / "report.docx")
    refused = [one.partition("：")[0] for one in found if "请移到正文、表格或页眉页脚" in one]
    assert refused == ["error E703 文本框", "error E703 域代码"]


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("图：走势.总分", "图：走势.总份", ["error 图：走势.总份：没有“总份”，您是不是要找“总分”"]),
        ("走势.总分.连升期数", "走势.总分.连升月数",
         ["warning {% if 走势.总分.连升月数 > 1 %}：没有“连升月数”，您是不是要找“连升期数”"]),
        ("走势.一级.最慢.名称", "走势.一级.最慢者.名称", ["warning {{ 走势.一级.最慢者.名称 }}：没有“最慢者”，您是不是要找“最慢”"]),
        ("走势.总分.连升期数", "走势.总分.一季度", []),  # a period that only the data know
        ("w.各期[年]", "w.各年[年]", ['error {{ w.各年[年]|或("—") }}：没有“各年”，您是不是要找“各期”']),
    ],
)  # fmt: skip
def test_mistakes_in_series_and_charts_are_told(tmp_path: Path, written: str, instead: str, told: list[str]) -> None:
    shipped, path = ROOT / "templates" / "quality_index", tmp_path / "report.docx"
    with zipfile.ZipFile(shipped / "shenzhen-2022" / "report.docx") as old, zipfile.ZipFile(path, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        assert written.encode() in parts["word/document.xml"]
        parts["word/document.xml"] = parts["word/document.xml"].replace(written.encode(), instead.encode())
        for name, data in parts.items():
            new.writestr(name, data)
    found = template_problems(path, *open_edition(f"{shipped.name}/shenzhen-2022"))
    assert [f"{one.level} {one.message}" for one in found] == told


# --- prose ------------------------------------------------------------------------------------------------------


def test_prose_without_a_place_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path, "空", places=()) == [
        "error E604 ：没有放“主要工作”这段文稿的位置（请在该放的地方加一段 {{p 文稿.主要工作 }}）",
        "warning E604 ：没有放“下年打算”这段文稿的位置（请在该放的地方加一段 {{p 文稿.下年打算 }}）",
    ]


def test_asking_whether_there_is_prose_is_no_place_for_it(tmp_path: Path) -> None:
    found = problems(tmp_path, "{% if 文稿.下年打算 %}有打算{% endif %}", places=PLACES[:1])
    assert [one.partition("（")[0] for one in found] == ["warning E604 ：没有放“下年打算”这段文稿的位置"]


def test_prose_that_is_no_slot_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, "{{p 文稿.主要工程 }}")
    assert found == ["error E705 第1段：{{p 文稿.主要工程 }}：没有“主要工程”，您是不是要找“主要工作”"]


# --- the shapes are those of what templates see --------------------------------------------------------------------


@pytest.mark.parametrize("sample", [LUOHU, LONGGANG, SHENZHEN, ZHONGWEI], ids=lambda one: one.name)
def test_what_lint_knows_of_is_what_templates_see(sample: Path) -> None:
    case = judge(sample)
    assert case.kind
    seen = view(case, [problem for problem in case.problems if problem.answered])
    seen.pop(case.kind.period_name, None)  # the period being scored: blank whenever a template looks
    assert differences(seen, shape(case.kind, case.rubric), "") == []


def differences(seen: Any, known: Shape | None, where: str) -> list[str]:
    """Where the view has what the shape has not, or the other way round; figures of a series may be lacking."""
    if known is None or isinstance(seen, Fact | str | int | Undefined | tuple):
        return []
    if isinstance(seen, list):
        return [one for row in seen for one in differences(row, known.each, f"{where}[]")] if known.each else [f"{where}: rows"]
    names = [name for name in seen if name != "名称"] if not isinstance(seen, Series) else []
    extra = [f"{where}.{name}: not in the shape" for name in names if name not in known.names and not known.others]
    lacking = [f"{where}.{name}: never seen" for name in known.names if name not in seen and where != ".填报合计"]
    below = [differences(seen[name], known.names.get(name, known.others), f"{where}.{name}") for name in names]
    return list(dict.fromkeys([*extra, *lacking, *(one for several in below for one in several)]))


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.write_templates()
    return library


@pytest.mark.parametrize(
    ("folder", "entries"),
    [
        ("templates", ["templates/library", "templates/library/town-2024"]),
        ("templates/library", ["templates/library", "templates/library/town-2024"]),
        ("templates/library/town-2024", ["templates/library/town-2024"]),
    ],
)
def test_check_takes_a_folder_of_templates(library: Library, folder: str, entries: list[str]) -> None:
    result = run_in(library.folder, "check", folder)
    assert [line for line in result.out.splitlines() if line[0] != " "] == entries
    assert "提醒 E604 report.docx：没有放“下年打算”这段文稿的位置（请在该放的地方加一段 {{p 文稿.下年打算 }}）" in result.out
    assert result.out.endswith("1个提醒。可以使用。\n")
    assert result.code == 0


def test_every_mistake_of_kind_rubric_and_template_is_told_once(library: Library) -> None:
    edition = library.folder / "templates" / EDITION
    kind, rubric = edition.parent / "kind.yaml", edition / "rubric.yaml"
    kind.write_text(kind.read_text("utf-8").replace("竖表: true", "竖标: true", 1), "utf-8")
    rubric.write_text(rubric.read_text("utf-8").replace("规则: 按比例", "规则: 按比列"), "utf-8")
    told = json.loads(run_in(library.folder, "check", "templates", "--format", "json").out)["submissions"]
    heads = [(one["folder"], one["kind"], one["edition"]) for one in told]
    assert heads == [("library", "library", ""), ("town-2024", "library", "town-2024")]
    assert [one["place"]["file"] for one in told[0]["problems"]] == ["library/kind.yaml"] * len(told[0]["problems"])
    assert [one["message"] for one in told[1]["problems"]] == ["这个文件有错，改好以前这个版本不能用"]
    assert "可以使用" not in run_in(library.folder, "check", "templates/library").out
    kind.write_text(kind.read_text("utf-8").replace("竖标: true", "竖表: true"), "utf-8")
    result = run_in(library.folder, "check", "templates")
    assert "错误 D02 library/town-2024/rubric.yaml › 第4行第" in result.out
    assert (result.out.count("D02"), result.code) == (1, 1)


def test_an_edition_of_a_shipped_kind_is_checked_where_it_lies(tmp_path: Path) -> None:
    edition = tmp_path / "templates" / "work_plan" / "ours-2025"
    edition.mkdir(parents=True)
    word(edition, "{{ 方案名程 }}")
    result = run_in(tmp_path, "check", "templates")
    assert "错误 E705 report.docx › 第1段 › {{ 方案名程 }}：{{ 方案名程 }}：没有“方案名程”，您是不是要找“方案名称”" in result.out
    assert result.code == 1


def test_an_edition_without_its_files_is_told(library: Library) -> None:
    edition = library.folder / "templates" / EDITION
    (edition / "report.docx").unlink()
    assert "错误 E603 report.docx：这个版本没有 Word 模板" in run_in(library.folder, "check", "templates").out
    library.write_templates()
    (edition / "rubric.yaml").unlink()
    assert "错误 E002 rubric.yaml：这个版本没有评分表" in run_in(library.folder, "check", "templates").out
