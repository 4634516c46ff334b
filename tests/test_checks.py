"""勾稽关系: each shape at its edges, the answers that departments give, and figures typed in the wrong unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reportgen.build import judge
from reportgen.model import Problem
from tests.support.kinds import KIND, Library, told
from tests.support.samples import LUOHU, change_cell, copy_of


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def checked(library: Library, check: str, sheets: dict[str, str]) -> list[Problem]:
    """What one check says of the submission (and whatever else is wrong with it)."""
    library.checks = check
    return library.judge(sheets).problems


def money(first: str, adjusted: str = "100", spent: str = "100", *more: str) -> dict[str, str]:
    """经费 with these figures."""
    lines = ("项目 | 填报内容", f"年初预算 | {first}", f"全年预算 | {adjusted}", f"全年支出 | {spent}", *more)
    return {"经费": "\n".join(lines)}


BRANCHES = """
分馆名 | 预算数 | 支出数
东馆 | 60 | 55.5
西馆 | 40 | 40
合计 | {budget} | {spent}
"""


def branches(budget: str = "100", spent: str = "95.5") -> dict[str, str]:
    return {"分馆": BRANCHES.format(budget=budget, spent=spent)}


# ── 须 ──

BALANCE = "- {编号: J01, 须: 年初预算 = 全年预算, 容差: 0.005, 级别: 错误, 说明: 两数应一致}"


@pytest.mark.parametrize(
    ("typed", "broken"), [("100", False), ("100.005", False), ("99.995", False), ("100.0051", True), ("99.9949", True)]
)
def test_a_stated_tolerance_includes_its_edge(library: Library, typed: str, broken: bool) -> None:
    assert [one.code for one in checked(library, BALANCE, money(typed))] == ["J01"] * broken


def test_both_sides_and_the_difference_are_shown_with_every_cell(library: Library) -> None:
    assert told(checked(library, BALANCE, money("101.5"))) == [
        "错误 J01 数据.xlsx › 经费 › B2：两数应一致：年初预算101.50，全年预算100.00，相差1.50（涉及：经费 B3）"
    ]


def test_a_side_that_is_nothing_is_shown_as_its_figure_would_be(library: Library) -> None:
    check = "- {编号: J01, 须: 执行率 = 增长率, 级别: 错误, 说明: 两率应一致}"
    problem = checked(library, check, money("80", "100", "0"))[0]
    assert problem.message == "两率应一致：执行率0.00%，增长率25.00%，相差25.00%"


@pytest.mark.parametrize(("level", "word"), [("错误", "错误"), ("核实", "核实"), ("提醒", "提醒")])
def test_a_check_has_the_level_that_the_kind_gives_it(library: Library, level: str, word: str) -> None:
    (problem,) = checked(library, BALANCE.replace("级别: 错误", f"级别: {level}"), money("101"))
    assert told([problem])[0].startswith(f"{word} J01 ")
    assert problem.blocks is (level != "提醒")


SUM = "- {编号: J02, 须: 合计(分馆.预算数) = 填报合计(分馆.预算数), 容差: 合计, 级别: 错误, 说明: 各馆之和应等于合计}"


@pytest.mark.parametrize(
    ("total", "broken"), [("100", False), ("100.015", False), ("99.985", False), ("100.0151", True), ("99.9849", True)]
)
def test_a_sum_may_be_off_by_half_a_cent_for_each_addend_and_the_total(library: Library, total: str, broken: bool) -> None:
    assert [one.code for one in checked(library, SUM, branches(total))] == ["J02"] * broken


def test_a_broken_sum_points_to_the_typed_total(library: Library) -> None:
    assert told(checked(library, SUM, branches("101"))) == [
        "错误 J02 数据.xlsx › 分馆 › B4：各馆之和应等于合计：60.00＋40.00＝100.00，合计行101.00，相差1.00（涉及：分馆 B2、分馆 B3）"
    ]


@pytest.mark.parametrize(("third", "broken"), [("20%", False), ("20.02%", False), ("20.0201%", True), ("22%", True)])
def test_the_tolerance_of_per_cents_is_in_their_shown_unit(library: Library, third: str, broken: bool) -> None:
    check = "- {编号: J03, 须: 合计(活动.参与率) = 100%, 容差: 合计, 级别: 错误, 说明: 合计应为100%}"
    text = f"活动名 | 参与率\n甲 | 50%\n乙 | 30%\n丙 | {third}\n丁 | 0%"
    assert [one.code for one in checked(library, check, {"活动": text})] == ["J03"] * broken


def test_a_check_of_every_row_names_the_row(library: Library) -> None:
    check = "- {编号: J04, 逐行: 分馆, 须: 支出数 ≤ 预算数, 级别: 核实, 说明: 支出一般不超过预算}"
    text = "分馆名 | 预算数 | 支出数\n东馆 | 60 | 60\n西馆 | 40 | 40.01\n南馆 | 40 | 41"
    problems = checked(library, check, {"分馆": text})
    assert told(problems) == [
        "核实 J04 数据.xlsx › 分馆 › C3：支出一般不超过预算：支出数40.01，预算数40.00（涉及：分馆 B3）",
        "核实 J04 数据.xlsx › 分馆 › C4：支出一般不超过预算：支出数41.00，预算数40.00（涉及：分馆 B4）",
    ]
    assert [one.subject for one in problems] == ["西馆", "南馆"]


@pytest.mark.parametrize(("gift", "codes"), [("捐赠收入 | 200", ["J05"]), ("捐赠收入 | 20", []), ("捐赠收入 | ", []), ("", [])])
def test_a_condition_says_when_the_check_holds(library: Library, gift: str, codes: list[str]) -> None:
    check = "- {编号: J05, 须: 捐赠收入 ≤ 全年预算, 当: 有(捐赠收入), 级别: 核实, 说明: 捐赠一般不超过预算}"
    assert [one.code for one in checked(library, check, money("80", "100", "100", gift))] == codes


def test_a_relation_with_a_blank_side_says_nothing_beside_the_blank(library: Library) -> None:
    assert [one.code for one in checked(library, BALANCE, money(""))] == ["E205"]


def test_a_relation_with_a_zero_denominator_says_nothing(library: Library) -> None:
    check = "- {编号: J06, 须: 执行率 ≤ 100%, 级别: 错误, 说明: 执行率不应超过100%}"
    assert "J06" not in [one.code for one in checked(library, check, money("80", "0", "10"))]


@pytest.mark.parametrize(
    ("told_of", "said"), [("宣传周", []), ("", ["核实 J07 数据.xlsx › 经费 › B6：增减较多，要写说明：增长率25.00%"])]
)
def test_a_word_that_a_change_asks_for_is_missed_where_it_should_stand(library: Library, told_of: str, said: list[str]) -> None:
    check = '- {编号: J07, 须: 有(经费说明), 当: "较大(增长率, -增长率) ≥ 10%", 级别: 核实, 说明: 增减较多，要写说明}'
    found = checked(library, check, money("80", "100", "100", "读者满意度 | 90%", f"经费说明 | {told_of}"))
    assert told(found) == said


def test_where_the_form_has_no_line_for_the_word_a_figure_that_asks_for_it_is_named(library: Library) -> None:
    check = "- {编号: J07, 须: 有(经费说明), 当: 增长率 ≥ 10%, 级别: 核实, 说明: 要写说明}"
    assert [(one.code, one.place.mark) for one in checked(library, check, money("80"))] == [("J07", "B3")]


def test_a_word_missed_in_a_row_is_missed_in_that_row(library: Library) -> None:
    check = "- {编号: J08, 逐行: 分馆, 须: 有(馆级), 当: 支出数 ≥ 50, 级别: 核实, 说明: 大馆要写馆级}"
    rows = "分馆名 | 预算数 | 支出数 | 馆级\n东馆 | 60 | 50 |\n西馆 | 60 | 49 |\n南馆 | 60 | 55 | 一级馆"
    found = checked(library, check, {"分馆": rows})
    assert told(found) == ["核实 J08 数据.xlsx › 分馆 › D2：大馆要写馆级：支出数50.00"]
    assert found[0].subject == "东馆"


def test_a_word_that_is_always_asked_for_needs_no_condition(library: Library) -> None:
    check = "- {编号: J09, 逐行: 分馆, 须: 有(馆级), 级别: 错误, 说明: 要写馆级}"
    found = checked(library, check, {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 50"})
    assert told(found) == ["错误 J09 数据.xlsx › 分馆 › 第2行：要写馆级"]


# ── 递增 ──


@pytest.mark.parametrize(("rates", "marks"), [(("1%", "2%", "2%", "3%"), []), (("5%", "4%", "6%", "3%"), ["B3", "B5"])])
def test_a_rising_column_may_rest_but_not_fall(library: Library, rates: tuple[str, ...], marks: list[str]) -> None:
    check = "- {编号: J11, 递增: 活动.参与率, 级别: 核实, 说明: 一般不应下降}"
    text = "活动名 | 参与率\n" + "\n".join(f"第{i}期 | {rate}" for i, rate in enumerate(rates, 1))
    problems = checked(library, check, {"活动": text})
    assert [one.place.mark for one in problems] == marks
    if marks:
        assert told(problems)[0] == "核实 J11 数据.xlsx › 活动 › B3：一般不应下降：5.00%之后是4.00%"


# ── 疑似百分数 ──

PERCENT = "- {编号: J21, 疑似百分数: 活动.参与率, 级别: 核实, 说明: 百分数可能填成了小数}"


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("87.62%", ""),
        ("87.62", ""),
        ("0%", ""),
        ("1.51%", ""),
        ("300%", ""),
        ("0.8762", "0.88%"),
        ("'0.8762", "0.88%"),
        ("1.5%", "1.50%"),
        ("300.01%", "300.01%"),
        ("8762%", "8,762.00%"),
    ],
)
def test_a_per_cent_typed_in_the_wrong_form_is_asked_about(library: Library, typed: str, read_as: str) -> None:
    said = [line for line in told(checked(library, PERCENT, {"活动": f"活动名 | 参与率\n讲座 | {typed}"})) if "J21" in line]
    advice = f"（如果确是{read_as}，请在审核说明里写明）"
    assert said == ([f"核实 J21 数据.xlsx › 活动 › B2：百分数可能填成了小数：读出来是{read_as}{advice}"] if read_as else [])


def test_figures_of_other_units_in_the_column_are_left_alone(library: Library) -> None:
    check = PERCENT.replace("活动.参与率", "业务数据.数值")
    text = "数据名 | 数值 | 单位\n藏书 | 12.5 | 万册\n新书比例 | 0.5 | %"
    assert [one.subject for one in checked(library, check, {"业务数据": text})] == ["新书比例"]


def test_several_columns_are_looked_at_and_one_answer_settles_a_row(library: Library) -> None:
    check = PERCENT.replace("活动.参与率", "[业务数据.数值, 业务数据.上年数]")
    rows = "数据名 | 数值 | 单位 | 上年数\n新书比例 | 61.5% | % | 0.5\n破损率 | 0.2% | ％ | 0.3%\n藏书 | 12.5 | 万册 | 0.5"
    answer = "问题代码 | 对象 | 说明\nJ21 | 破损率 | 确实只有千分之几。"
    problems = checked(library, check, {"业务数据": rows, "审核说明": answer})
    assert [(one.place.mark, one.subject, one.blocks) for one in problems] == [
        *(("B3", "破损率", False), ("D2", "新书比例", True), ("D3", "破损率", False)),
    ]


# ── 疑似万倍 ──

TIMES = "- {编号: J31, 疑似万倍: [年初预算, 全年预算, 全年支出], 级别: 核实, 说明: 可能是元填成了万元}"


@pytest.mark.parametrize(("first", "suspect"), [("99999.99", False), ("100000", True), ("800000", True), ("0", False)])
def test_a_figure_a_thousand_times_its_peers_is_asked_about(library: Library, first: str, suspect: bool) -> None:
    assert [one.subject for one in checked(library, TIMES, money(first))] == ["年初预算"] * suspect


def test_the_figure_is_shown_with_its_unit(library: Library) -> None:
    assert told(checked(library, TIMES, money("800000"))) == [
        "核实 J31 数据.xlsx › 经费 › B2：可能是元填成了万元：年初预算800,000.00万元（请核对单位）"
    ]


def test_a_row_is_compared_with_itself_only(library: Library) -> None:
    check = "- {编号: J32, 逐行: 分馆, 疑似万倍: [预算数, 支出数], 级别: 核实, 说明: 可能是元填成了万元}"
    text = "分馆名 | 预算数 | 支出数\n总馆 | 600000 | 550000\n东馆 | 60 | 550000"
    problems = checked(library, check, {"分馆": text})
    assert [(one.subject, one.place.mark) for one in problems] == [("东馆", "C3")]


def money_cells() -> list[tuple[str, str, str]]:
    """(sheet, cell, what it holds) of every money figure in the sample: those whose unit is 万元."""
    book = openpyxl.load_workbook(LUOHU / "数据.xlsx")
    return [
        (sheet.title, cell.coordinate, str(cell.value))
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and _unit(sheet, cell) == "万元"
    ]


def _unit(sheet: object, cell: object) -> str:
    """The unit in the cell on the right, or in the header above."""
    beside = sheet.cell(cell.row, cell.column + 1).value  # type: ignore[attr-defined]
    headers = [str(sheet.cell(row, cell.column).value) for row in range(1, cell.row)]  # type: ignore[attr-defined]
    return "万元" if beside == "万元" or any("（万元）" in header for header in headers) else ""


def test_the_sample_has_money_cells_to_try() -> None:
    assert len(money_cells()) >= 30


@pytest.mark.parametrize(("sheet", "mark", "typed"), money_cells())
def test_a_money_figure_of_the_sample_typed_in_yuan_never_passes(sheet: str, mark: str, typed: str, tmp_path: Path) -> None:
    folder = copy_of(LUOHU, tmp_path)
    change_cell(folder / "数据.xlsx", sheet, mark, f"{Decimal(typed) * 10_000:f}")
    case = judge(folder)
    assert case.blocked, "nothing was said of a figure ten thousand times too large"


# ── answers in 审核说明 ──

ANSWERED = """
- {编号: J41, 逐行: 分馆, 须: 支出数 ≤ 预算数, 级别: 核实, 说明: 支出一般不超过预算}
- {编号: J42, 须: 年初预算 ≤ 全年预算, 级别: 核实, 说明: 预算一般不调减}
- {编号: J43, 须: 全年支出 ≤ 全年预算, 级别: 错误, 说明: 支出不应超过预算}
"""
OVER = {"分馆": "分馆名 | 预算数 | 支出数\n东馆 | 60 | 61\n西馆 | 40 | 41", **money("180")}


def answers(library: Library, *rows: str) -> tuple[dict[str, str], list[str]]:
    """The answer that each of the problems got, and the warnings about answers that met nothing."""
    sheet = {"审核说明": "\n".join(["问题代码 | 对象 | 说明", *rows])}
    problems = checked(library, ANSWERED, {**OVER, **sheet})
    given = {f"{one.code} {one.subject}".strip(): one.answered for one in problems if one.answered}
    return given, told([one for one in problems if one.code == "E411"])


def test_an_answer_finds_its_problem_by_code(library: Library) -> None:
    assert answers(library, "J42 |  | 年中调减。") == ({"J42": "年中调减。"}, [])


@pytest.mark.parametrize("subject", ["东馆", "C2", "分馆!C2"])
def test_an_answer_finds_its_problem_by_row_or_cell(library: Library, subject: str) -> None:
    assert answers(library, f"J41 | {subject} | 追加了人员。") == ({"J41 东馆": "追加了人员。"}, [])


def test_each_row_has_its_own_answer(library: Library) -> None:
    assert answers(library, "J41 | 东馆 | 甲。", "J41 | 西馆 | 乙。") == ({"J41 东馆": "甲。", "J41 西馆": "乙。"}, [])


def test_an_answer_to_several_must_say_which(library: Library) -> None:
    assert answers(library, "J41 |  | 追加了人员。") == (
        {},
        ["提醒 E411 数据.xlsx › 审核说明 › A2：“J41”有2处，请在“对象”写明是哪一处（东馆、西馆）（每处写一行）"],
    )


def test_an_answer_to_nothing_is_said(library: Library) -> None:
    advice = "（如果问题已经改好，可以删去这一行）"
    assert answers(library, "J41 | 南馆 | 甲。", "J44 |  | 乙。") == (
        {},
        [
            f"提醒 E411 数据.xlsx › 审核说明 › A2：“J41 南馆”没有对应的问题，您是不是要找“西馆”{advice}",
            f"提醒 E411 数据.xlsx › 审核说明 › A3：“J44”没有对应的问题，您是不是要找“J42”{advice}",
        ],
    )


def test_an_error_can_not_be_answered(library: Library) -> None:
    library.checks = ANSWERED
    case = library.judge({**money("80", "100", "101"), "审核说明": "问题代码 | 对象 | 说明\nJ43 |  | 已请示。"})
    assert [(one.code, one.answered) for one in case.problems] == [("J43", ""), ("E411", "")]
    assert case.blocked


def test_only_a_reason_opens_the_way(library: Library) -> None:
    library.checks = ANSWERED
    assert library.judge(money("180")).blocked
    assert not library.judge({**money("180"), "审核说明": "问题代码 | 对象 | 说明\nJ42 |  | 年中调减。"}).blocked
    assert library.judge({**money("180"), "审核说明": "问题代码 | 对象 | 说明\nJ42 |  | "}).blocked


# ── 近似重名 ──

NEAR = "- {编号: J51, 近似重名: 分馆.分馆名, 级别: 核实, 说明: 疑为同一馆的两种写法}"


def names_of(*names: str) -> dict[str, str]:
    """分馆 with these names."""
    return {"分馆": "\n".join(["分馆名 | 预算数 | 支出数", *(f"{name} | 60 | 55" for name in names)])}


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("规划信息科", "规划信息与财务科", True),
        ("规划信息与财务科", "规划信息科", True),
        ("医政医改科", "医政医改课", True),
        ("疾病防控与基层卫生科", "疾控与基层卫生科", True),
        ("健康促进科", "健康教育科", False),
        ("规划信息科", "信息规划科", False),
        ("法制科", "法治科", False),  # short names differ by one character and are two offices
        ("办公室", "办公室（人事科）", False),
        ("老年健康科", "规划信息与财务科", False),
    ],
)
def test_two_writings_that_are_likely_one_name_are_asked_about(library: Library, one: str, other: str, near: bool) -> None:
    lines = told(checked(library, NEAR, names_of(one, other)))
    assert lines == [f"核实 J51 数据.xlsx › 分馆 › A3：疑为同一馆的两种写法：“{other}”与A2的“{one}”"] * near


def test_each_writing_is_asked_about_once_where_it_first_stands(library: Library) -> None:
    library.checks = NEAR.replace("分馆.分馆名", "自评.材料")
    rows = "评定指标 | 计分项 | 评定 | 材料\n甲 | 1 | 好 | 工作总结\n乙 | 1 | 好 | 工作总结报告\n丙 | 1 | 好 | 工作总结报告"
    problems = [one for one in library.judge({"自评": rows}).problems if one.code == "J51"]
    assert [(one.place.mark, one.subject) for one in problems] == [("D3", "乙·1")]


@pytest.mark.parametrize("alias", ["规划信息科", "规划信息与财务科"])
def test_a_writing_on_the_list_of_aliases_is_known(library: Library, alias: str) -> None:
    check = NEAR.replace("近似重名: 分馆.分馆名", "近似重名: 分馆.分馆名, 别名: 业务数据.数据名")
    known = {"业务数据": f"数据名 | 数值 | 单位\n{alias} | 1 | 个"}
    names = names_of("规划信息科", "规划信息与财务科")
    assert [one.code for one in checked(library, check, names)] == ["J51"]
    assert [one.code for one in checked(library, check, {**names, **known})] == []


# ── 引用存在 ──

DANGLING = "- {编号: J61, 引用存在: 活动.活动名, 级别: 错误, 说明: 应是分馆名}"


@pytest.fixture
def referring(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library whose 活动 name one or more 分馆."""
    wanted = "活动名: {类型: 列表, 引用: 分馆.分馆名, 可空: true}"
    monkeypatch.setattr("tests.support.kinds.KIND", KIND.replace("活动名: {}", wanted))
    return library


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (["东馆"], []),
        (["东馆、西区馆"], []),
        ([" 东馆 ； 西区馆 "], []),
        (["西区"], ["错误 J61 数据.xlsx › 活动 › A2：应是分馆名：没有“西区”，您是不是要找“西区馆”"]),
        (["东馆、南馆楼"], ["错误 J61 数据.xlsx › 活动 › A2：应是分馆名：没有“南馆楼”"]),
        (["东馆", "讲座、北楼"], [f"错误 J61 数据.xlsx › 活动 › A3：应是分馆名：没有“{name}”" for name in ("讲座", "北楼")]),
        (["讲座", "讲座、东馆"], ["错误 J61 数据.xlsx › 活动 › A2：应是分馆名：没有“讲座”"]),
    ],
)
def test_what_is_referred_to_must_be_there(referring: Library, typed: list[str], problems: list[str]) -> None:
    rows = "\n".join(["活动名 | 参与率", *(f"{text} | 50%" for text in typed)])
    found = checked(referring, DANGLING, {**names_of("东馆", "西区馆"), "活动": rows})
    assert told([one for one in found if one.code == "J61"]) == problems


def test_a_blank_refers_to_nothing(referring: Library) -> None:
    found = checked(referring, DANGLING, {**names_of("东馆"), "活动": "活动名 | 参与率\n | 50%"})
    assert [one.code for one in found if one.code == "J61"] == []
