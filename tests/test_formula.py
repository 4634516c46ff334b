"""The arithmetic that staff write: read, worked out, and written out with its numbers."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import marks
from reportgen.formula import (
    AGGREGATES,
    SCALARS,
    FormulaError,
    Missing,
    Node,
    Scope,
    ZeroDenominator,
    capped,
    evaluate,
    identifier,
    parse,
    truth,
    written,
)
from reportgen.model import Fact, Place, Row, Table, Value
from reportgen.shown import usual


def told(node: Node) -> str:
    """A tree with every operation in brackets, to see how it was read."""
    if node.op in ("name", "text"):
        return f'"{node.value}"' if node.op == "text" else str(node.value)
    if node.op == "number":
        return f"{node.value:f}"
    inside = [told(part) for part in node.parts]
    if node.op == "call":
        return f"{node.value}({', '.join(inside)})"
    return f"-{inside[0]}" if node.op == "neg" else f"({inside[0]} {node.op} {inside[1]})"


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("甲", "甲"),
        ("12", "12"),
        ("12.50", "12.50"),
        ("25%", "0.25"),
        ("87.62％", "0.8762"),
        ("甲 + 乙 * 丙", "(甲 + (乙 * 丙))"),
        ("(甲 + 乙) * 丙", "((甲 + 乙) * 丙)"),
        ("甲 - 乙 - 丙", "((甲 - 乙) - 丙)"),
        ("甲 / 乙 / 丙", "((甲 / 乙) / 丙)"),
        ("甲 - 乙 * 丙 + 丁", "((甲 - (乙 * 丙)) + 丁)"),
        ("-甲 + 乙", "(-甲 + 乙)"),
        ("甲 * -乙", "(甲 * -乙)"),
        ("甲 + 乙 = 丙 - 丁", "((甲 + 乙) = (丙 - 丁))"),
        ("甲 × 乙 ÷ 丙", "((甲 * 乙) / 丙)"),
        ("甲 ＋ 乙 － 丙", "((甲 + 乙) - 丙)"),
        ("甲 ≥ 乙", "(甲 >= 乙)"),
        ("甲 ≤ 90%", "(甲 <= 0.9)"),
        ("甲 ＝ 乙", "(甲 = 乙)"),
        ("甲 ≠ 乙", "(甲 != 乙)"),
        ("甲 ＜ 乙", "(甲 < 乙)"),
        ("（甲 ＋ 乙）×2", "((甲 + 乙) * 2)"),
        ("若（甲 > 乙，甲，乙）", "若((甲 > 乙), 甲, 乙)"),
        ('计数(表, 列 = "甲，乙（丙）×1")', '计数(表, (列 = "甲，乙（丙）×1"))'),
        ("计数(表, 列 = “甲≥乙”)", '计数(表, (列 = "甲≥乙"))'),
        ("合计(表.列)", "合计(表.列)"),
        ("合计(表.列, 甲 > 1, 乙 < 2)", "合计(表.列, (甲 > 1), (乙 < 2))"),
        ("  甲+乙  ", "(甲 + 乙)"),
    ],
)
def test_a_formula_is_read(formula: str, tree: str) -> None:
    assert told(parse(formula)) == tree


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("", "公式“”在“结尾”处看不懂"),
        ("甲 +", "公式“甲 +”在“结尾”处看不懂"),
        ("+ 甲", "公式“+ 甲”在“+”处看不懂"),
        ("甲 乙", "公式“甲 乙”在“乙”处多了内容"),
        ("甲 * / 乙", "公式“甲 * / 乙”在“/”处看不懂"),
        ("(甲 + 乙", "公式“(甲 + 乙”缺“)”，遇到的是“结尾”"),
        ("甲)", "公式“甲)”在“)”处多了内容"),
        ("3万元", "公式“3万元”在“万元”处多了内容"),
        ("甲 & 乙", "公式“甲 & 乙”在“& 乙”处看不懂"),
        ("甲 ** 乙", "公式“甲 ** 乙”在“*”处看不懂"),
        ('列 = "甲', '公式“列 = "甲”在“"甲”处看不懂'),
        ("__import__('os')", "公式“__import__('os')”在“'os')”处看不懂"),
        ("甲.乙.丙", "公式“甲.乙.丙”在“.丙”处看不懂"),
        (
            "总和(表.列)",
            "没有叫“总和”的函数（有：合计、平均、最大、最小、计数、种数、取、填报合计、若、较大、较小、含、有、年）",
        ),
        ("若(甲 > 乙, 丙)", "若(…)应有3项，现有2项"),
        ("年(甲, 乙)", "年(…)应有1项，现有2项"),
        ("若(甲, 乙, 丙)", "若(…)的第一项应是比较，如 甲 > 乙"),
        ("有(甲 + 乙)", "有(…)里只能写一个名称"),
        ("合计()", "合计(…)的第一项应是“表.列”（计数可以只写表名）"),
        ("合计(表)", "合计(…)的第一项应是“表.列”（计数可以只写表名）"),
        ("平均(甲 + 乙)", "平均(…)的第一项应是“表.列”（计数可以只写表名）"),
        ("合计(表.列, 列)", "合计(…)第一项之后应是条件，如 甲 > 乙"),
        ("填报合计(表.列, 列 > 1)", "填报合计(…)是填报的那一行合计，不能带条件"),
        ("合计(表.列, 甲 > 1", "公式“合计(表.列, 甲 > 1”缺“)”，遇到的是“结尾”"),
        ("合计(表.列 甲 > 1)", "公式“合计(表.列 甲 > 1)”缺“)”，遇到的是“甲”"),
        ("1 < 甲 < 5", "公式“1 < 甲 < 5”把比较的结果又拿来计算或比较，请分开写"),
        ("(甲 > 1) + 1", "公式“(甲 > 1) + 1”把比较的结果又拿来计算或比较，请分开写"),
        ("-(甲 = 乙)", "公式“-(甲 = 乙)”把比较的结果又拿来计算或比较，请分开写"),
    ],
)
def test_a_wrong_formula_is_refused_with_a_sentence(formula: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(formula)
    assert str(refused.value) == sentence


@given(st.text(alphabet='甲乙.1+-*/()（），,%= "“”<>≥合计有若', max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        node = parse(text)
    except FormulaError:
        return
    assert isinstance(node, Node)


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("年初预算数", True),
        ("A类", True),
        ("Ａ类", False),
        ("5岁以下", False),
        ("“三公”经费", False),
        ("甲 乙", False),
        ("甲.乙", False),
    ],
)
def test_a_name_must_be_writable_in_formulas_and_templates(name: str, fit: bool) -> None:
    assert identifier(name) is fit


@pytest.mark.parametrize(
    ("formula", "yes_or_no"),
    [("甲 > 1", True), ("含(甲, 乙)", True), ("有(甲)", True), ("甲", False), ("若(甲 > 1, 1, 0)", False)],
)
def test_what_says_yes_or_no_is_known(formula: str, yes_or_no: bool) -> None:
    assert truth(parse(formula)) is yes_or_no


# --- values --------------------------------------------------------------------------------------------------


def fact(number: int, name: str, value: str | date | tuple[str, ...], unit: str = "") -> Fact:
    made: Value = value
    if isinstance(value, str) and value.lstrip("-").replace(".", "").isdigit():
        made = Decimal(value)
    return Fact(number, name, made, unit=unit, places=(Place("数据.xlsx", "表", f"B{number}"),))


def rows(*lines: Mapping[str, str | tuple[str, ...]], start: int = 100) -> tuple[Row, ...]:
    """Rows of a table; "" is a blank cell."""
    made = []
    for i, line in enumerate(lines):
        places = {
            name: Place("数据.xlsx", "表", f"{column}{i + 2}") for column, name in zip("ABCDEF", line, strict=False)
        }
        cells = {
            name: fact(start + 10 * i + j, name, value) for j, (name, value) in enumerate(line.items()) if value != ""
        }
        made.append(Row(str(line["馆"]) if "馆" in line else str(i), cells, places, i + 1))
    return tuple(made)


BRANCHES = Table(
    "分馆",
    rows(
        {"馆": "东馆", "预算": "10", "支出": "9", "类": "大"},
        {"馆": "西馆", "预算": "20", "支出": "", "类": "小"},
        {"馆": "南馆", "预算": "30", "支出": "-3", "类": "大"},
    ),
    total=rows({"馆": "合计", "预算": "61", "支出": ""}, start=200)[0],
    place=Place("数据.xlsx", "分馆", ""),
)
EVENTS = Table(
    "活动",
    rows(
        {"名": "讲座", "办": ("东馆", "西馆")},
        {"名": "展览", "办": ("东馆",)},
        start=300,
    ),
)
FACTS = {
    one.name: one
    for one in (
        fact(1, "甲", "6"),
        fact(2, "乙", "4"),
        fact(3, "零", "0"),
        fact(4, "负", "-5"),
        fact(5, "称呼", "镇图书馆"),
        fact(6, "日子", date(2024, 5, 1)),
    )
}


def scope() -> Scope:
    return Scope(FACTS, {"分馆": BRANCHES, "活动": EVENTS})


def value(formula: str, around: Scope | None = None) -> object:
    return evaluate(parse(formula), around or scope())


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("甲 + 乙 × 2", Decimal(14)),
        ("(甲 - 乙) / 乙", Decimal("0.5")),
        ("-负", Decimal(5)),
        ("甲 × 25%", Decimal("1.5")),
        ("甲 > 乙", True),
        ("甲 = 6.00", True),
        ("甲 ≠ 6", False),
        ('称呼 = "镇图书馆"', True),
        ("合计(分馆.预算)", Decimal(60)),
        ("合计(分馆.支出)", Decimal(6)),
        ('合计(分馆.预算, 类 = "大")', Decimal(40)),
        ('合计(分馆.预算, 类 = "大", 预算 > 10)', Decimal(30)),
        ("平均(分馆.预算)", Decimal(20)),
        ("平均(分馆.支出)", Decimal(3)),
        ("最大(分馆.预算)", Decimal(30)),
        ("最小(分馆.支出)", Decimal(-3)),
        ("计数(分馆)", Decimal(3)),
        ("计数(分馆.支出)", Decimal(2)),
        ("计数(分馆, 支出 < 100)", Decimal(2)),
        ('计数(分馆, 类 = "中")', Decimal(0)),
        ("种数(分馆.类)", Decimal(2)),
        ("种数(活动.办)", Decimal(2)),
        ('取(分馆.预算, 馆 = "西馆")', Decimal(20)),
        ("填报合计(分馆.预算)", Decimal(61)),
        ("若(甲 > 乙, 1, 2)", Decimal(1)),
        ("若(甲 < 乙, 1 / 零, 2)", Decimal(2)),
        ("较大(甲, 乙)", Decimal(6)),
        ("较小(100%, 甲 / 乙)", Decimal(1)),
        ('含(称呼, "图书")', True),
        ('计数(活动, 含(办, "西馆"))', Decimal(1)),
        ("有(甲)", True),
        ("有(未填)", False),
        ("有(零)", True),
        ("年(日子)", Decimal(2024)),
        ("年(日子) = 2024", True),
    ],
)
def test_a_formula_has_its_value(formula: str, result: object) -> None:
    assert value(formula) == result


def test_every_function_is_worked_out_above() -> None:
    (marker,) = (mark for mark in test_a_formula_has_its_value.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    called = {node.value for formula, _ in marker.args[1] for node in parse(formula).walk() if node.op == "call"}
    assert called == {*AGGREGATES, *SCALARS}


def test_in_a_row_its_own_columns_come_first_and_rows_are_counted() -> None:
    shadowed = Scope({**FACTS, "预算": fact(9, "预算", "999")}, {"分馆": BRANCHES})
    second = shadowed.within(BRANCHES.rows[1], "分馆")
    assert value("预算 + 甲", second) == 26
    assert value("序号 × 25%", second) == Decimal("0.5")
    assert value("预算", shadowed) == 999


def test_a_column_of_the_table_around_means_the_row_around() -> None:
    east = scope().within(BRANCHES.rows[0], "分馆")
    west = scope().within(BRANCHES.rows[1], "分馆")
    assert value("计数(活动, 含(办, 分馆.馆))", east) == 2
    assert value("计数(活动, 含(办, 分馆.馆))", west) == 1


@pytest.mark.parametrize(
    "formula",
    ["未填", "甲 + 未填", "未填 / 零", "填报合计(分馆.支出)", '合计(分馆.预算, 类 = "中")', "若(甲 > 乙, 未填, 1)"],
)
def test_a_blank_is_missing_never_0(formula: str) -> None:
    with pytest.raises(Missing):
        value(formula)


def test_what_is_missing_knows_its_cell() -> None:
    with pytest.raises(Missing) as missing:
        value("预算 - 支出", scope().within(BRANCHES.rows[1], "分馆"))
    assert (missing.value.name, str(missing.value.place)) == ("支出", "数据.xlsx › 表 › C3")


def test_a_blank_in_a_row_is_not_looked_up_outside() -> None:
    around = Scope({**FACTS, "支出": fact(9, "支出", "999")}, {"分馆": BRANCHES})
    with pytest.raises(Missing):
        value("支出", around.within(BRANCHES.rows[1], "分馆"))


@pytest.mark.parametrize("formula", ["甲 / 零", "零 / 零", "1 / (甲 - 6)", "若(甲 / 零 > 1, 1, 2)"])
def test_a_zero_denominator_is_its_own_outcome(formula: str) -> None:
    with pytest.raises(ZeroDenominator):
        value(formula)


def test_what_rests_on_a_zero_denominator_has_one_too() -> None:
    around = Scope({**FACTS, "执行率": fact(9, "执行率", "1")}, {}, zeros=frozenset({("", "率"), ("东馆", "执行率")}))
    with pytest.raises(ZeroDenominator):
        value("率 × 2", around)
    with pytest.raises(ZeroDenominator):
        value("执行率", around.within(BRANCHES.rows[0], "分馆"))
    assert value("有(率)", around) is False


def used(formula: str) -> set[str]:
    around = scope()
    evaluate(parse(formula), around)
    return {f"{one.name}{one.value}" for one in around.used.values()}


def test_what_was_used_is_remembered_and_what_was_only_looked_at_is_not() -> None:
    assert used("甲 + 乙") == {"甲6", "乙4"}
    assert used('合计(分馆.预算, 类 = "大")') == {"预算10", "预算30"}
    assert used('计数(分馆, 类 = "大")') == {"类大", "类小"}
    assert used("填报合计(分馆.预算)") == {"预算61"}


# --- written out ---------------------------------------------------------------------------------------------


def line(formula: str, around: Scope | None = None) -> str:
    return written(
        parse(formula),
        around or scope(),
        lambda one: f"{one.value:f}" if isinstance(one.value, Decimal) else str(one.value),
    )


@pytest.mark.parametrize(
    ("formula", "arithmetic"),
    [
        ("甲 / 乙", "6÷4"),
        ("(甲 - 乙) / 乙", "(6－4)÷4"),
        ("甲 - (乙 - 零)", "6－(4－0)"),
        ("甲 - (乙 + 零)", "6－(4＋0)"),
        ("甲 + (乙 - 零)", "6＋4－0"),
        ("(甲 + 乙) - 零", "6＋4－0"),
        ("甲 / (乙 / 2)", "6÷(4÷2)"),
        ("甲 / (乙 * 2)", "6÷(4×2)"),
        ("甲 * (乙 / 2)", "6×4÷2"),
        ("(甲 / 乙) / 2", "6÷4÷2"),
        ("(甲 + 乙) * (甲 - 乙)", "(6＋4)×(6－4)"),
        ("甲 × 25% × 0.5", "6×25%×0.5"),
        ("甲 + 1", "6＋1"),
        ("负 + 甲", "-5＋6"),
        ("甲 - 负", "6－(-5)"),
        ("甲 × 负", "6×(-5)"),
        ("-甲 + 乙", "－6＋4"),
        ("-(甲 - 乙)", "－(6－4)"),
        ("甲 - -乙", "6－(－4)"),
        ("合计(分馆.预算)", "10＋20＋30"),
        ("合计(分馆.支出)", "9＋(-3)"),
        ("合计(分馆.预算) / 甲", "(10＋20＋30)÷6"),
        ("合计(分馆.预算) + 甲", "10＋20＋30＋6"),
        ("甲 - 合计(分馆.预算)", "6－(10＋20＋30)"),
        ('合计(分馆.预算, 馆 = "东馆") / 甲', "10÷6"),
        ("平均(分馆.预算)", "(10＋20＋30)÷3"),
        ("平均(分馆.预算) × 2", "(10＋20＋30)÷3×2"),
        ("甲 / 平均(分馆.预算)", "6÷((10＋20＋30)÷3)"),
        ('平均(分馆.预算, 馆 = "东馆")', "10"),
        ("最大(分馆.预算) - 最小(分馆.预算)", "30－10"),
        ('取(分馆.预算, 馆 = "西馆") / 填报合计(分馆.预算)', "20÷61"),
        ("计数(分馆) / 种数(分馆.类)", "3÷2"),
        ("年(日子) - 2020", "2024－2020"),
        ("若(甲 > 乙, 甲 / 乙, 0)", "6÷4"),
        ("若(甲 < 乙, 甲 / 乙, 乙 - 甲) / 2", "(4－6)÷2"),
        ("较大(甲, 乙) / 较小(甲 - 乙, 甲)", "6÷(6－4)"),
    ],
)
def test_a_formula_is_written_with_its_numbers(formula: str, arithmetic: str) -> None:
    assert line(formula) == arithmetic


def test_a_row_is_written_with_its_own_numbers() -> None:
    assert line("预算 ÷ (序号 × 25%)", scope().within(BRANCHES.rows[1], "分馆")) == "20÷(2×25%)"


def test_minus_signs_are_seen_through_marks() -> None:
    text = written(parse("甲 - 负"), scope(), usual)
    assert marks.plain(text) == "6－(-5)"
    assert marks.FIGURES.findall(text) == [("1", "6"), ("4", "-5")]


@pytest.mark.parametrize(
    ("formula", "inner", "limit"),
    [
        ("较小(100%, 甲 / 乙)", "(甲 / 乙)", Decimal(1)),
        ("较小(乙 / 甲, 100%)", "(乙 / 甲)", None),
        ("较大(0, 乙 - 甲)", "(乙 - 甲)", Decimal(0)),
        ("较小(100%, 甲 / 6)", "(甲 / 6)", None),
        ("较小(甲, 乙)", "较小(甲, 乙)", None),
        ("甲 / 乙", "(甲 / 乙)", None),
    ],
)
def test_a_cap_is_told_apart_from_what_it_caps(formula: str, inner: str, limit: Decimal | None) -> None:
    node, taken = capped(parse(formula), scope())
    assert (told(node), taken) == (inner, limit)


# --- random arithmetic ---------------------------------------------------------------------------------------

NUMBERS = st.integers(-99, 99).map(Decimal)
TREES = st.recursive(
    st.sampled_from([*"abcd"]), lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner), max_leaves=8
)
Number = TypeVar("Number", Decimal, Fraction)
Tree: TypeAlias = "str | tuple[str, Tree, Tree]"


def spelled(tree: Tree) -> str:
    return tree if isinstance(tree, str) else f"({spelled(tree[1])} {tree[0]} {spelled(tree[2])})"


def worked(tree: Tree, numbers: Mapping[str, Number]) -> Number:
    if isinstance(tree, str):
        return numbers[tree]
    operate = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[tree[0]]
    result: Number = operate(worked(tree[1], numbers), worked(tree[2], numbers))
    return result


def exact(text: str) -> Fraction:
    """Arithmetic read back as a reader checks it; Python's own grammar is the judge of the brackets."""
    signs = str.maketrans("＋－×÷", "+-*/")
    return Fraction(eval(re.sub(r"\d+", r"Fraction(\g<0>)", text.translate(signs)), {"Fraction": Fraction}))


def as_fraction(tree: Tree, numbers: Mapping[str, Decimal]) -> Fraction:
    return worked(tree, {name: Fraction(number) for name, number in numbers.items()})


@given(TREES, st.fixed_dictionaries(dict.fromkeys("abcd", NUMBERS)))
def test_random_arithmetic_comes_out_as_decimal_says(tree: Tree, numbers: dict[str, Decimal]) -> None:
    facts = {name: Fact(i, name, number) for i, (name, number) in enumerate(numbers.items())}
    try:
        expected = worked(tree, numbers)
    except ArithmeticError:
        with pytest.raises(ZeroDenominator):
            evaluate(parse(spelled(tree)), Scope(facts, {}))
        return
    assert evaluate(parse(spelled(tree)), Scope(facts, {})) == expected


@given(TREES, st.fixed_dictionaries(dict.fromkeys("abcd", NUMBERS)))
def test_random_arithmetic_written_out_and_read_back_has_the_same_value(
    tree: Tree, numbers: dict[str, Decimal]
) -> None:
    facts = {name: Fact(i, name, number) for i, (name, number) in enumerate(numbers.items())}
    try:
        expected = as_fraction(tree, numbers)
    except ZeroDivisionError:
        return
    text = written(parse(spelled(tree)), Scope(facts, {}), usual)
    assert exact(marks.plain(text)) == expected
