"""What must hold of every input: nothing lost on the way, scores within bounds, order and units of no matter."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.define.rules import RULES, Asked, Rule, RuleError
from reportgen.model import Problem
from reportgen.numerals import DECIMALS, NotANumber, parse_number, round_half_up, show
from reportgen.numerals import MONEY as MONEY_UNITS
from tests.conftest import TIMES
from tests.support.kinds import BASICS, MONEY, Library, told
from tests.support.samples import LUOHU, SHENZHEN, ZHONGWEI, change_cell, document_text
from tests.support.sheets import changed
from tests.support.workbooks import prose, save
from tests.test_rules import rule

if TYPE_CHECKING:
    import openpyxl

# Whole submissions take a tenth of a second each: few of them, and none spent on making a failure smaller.
SLOW = settings(
    max_examples=12 * TIMES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# ── numbers ──

AMOUNTS = st.decimals(-(10**12), 10**12, places=6, allow_nan=False)
UNITS = [*DECIMALS, "人", "分", ""]
WIDE = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
NARROW = {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)}


@given(AMOUNTS, st.sampled_from(["%", "‰", "1/10万", *MONEY_UNITS, "人", ""]), st.integers(0, 6))
def test_what_is_shown_reads_back_as_what_was_shown(amount: Decimal, unit: str, places: int) -> None:
    scaled = {"%": 100, "‰": 1000, "1/10万": 100_000}.get(unit, 1)
    shown = show(amount, unit, places).removesuffix("‰")
    assert parse_number(shown, unit)[0] == round_half_up(amount * scaled, places)
    assert parse_number(shown.translate(WIDE), unit)[0] == round_half_up(amount * scaled, places)


@given(st.text("0123456789,，.．-−+％% 　万元eE_０９一½²∞#()", max_size=10), st.sampled_from(["", "万元", "%", "人"]))
def test_what_looks_like_a_number_has_its_own_digits_or_is_refused(text: str, unit: str) -> None:
    with suppress(NotANumber):
        value, _ = parse_number(text, unit)
        digits = "".join(one for one in text.translate(NARROW) if one.isascii() and one.isdigit())
        assert f"{abs(value):f}".replace(".", "") == digits.lstrip("0").rjust(
            len(f"{abs(value):f}".replace(".", "")), "0"
        )


# ── scores ──

POINTS = st.decimals(0, 100, places=2, allow_nan=False)
RATES = st.decimals(-2, 5, places=4, allow_nan=False)
STEP = st.decimals("0.0001", 2, places=4, allow_nan=False)
LIMITS = st.lists(st.decimals(-1, 3, places=3, allow_nan=False), min_size=1, max_size=5, unique=True)
ANSWERS = st.sampled_from(["0", "1", "2.5", "100", "-1", "好", "差", "", "是", "否", "50%", "1e2", "３"]) | st.text(
    max_size=4
)


BY_VALUE = ["达标", "按比例", "零分", "分档", "逐级扣分", "逐项扣分"]


@st.composite
def by_value(draw: st.DrawFn, points: Decimal) -> tuple[Rule, int]:
    """Any rule that a figure decides, with any parameters; 1 where more is better, -1 where less is, 0 where neither."""
    name = draw(st.sampled_from(BY_VALUE))
    op = draw(st.sampled_from(["<", "<=", ">", ">="]))
    if name == "达标":
        return rule(name, f'{{须: "{op} {draw(RATES)}"}}'), 1 if op[0] == ">" else -1
    if name == "零分":
        return rule("按比例", "{超过一: 零分}"), 0
    if name == "分档":
        limits = sorted(draw(LIMITS), reverse=op[0] == ">")
        given = sorted(
            draw(st.lists(st.decimals(0, points, places=2), min_size=len(limits), max_size=len(limits))), reverse=True
        )
        bands = "".join(f'["{op} {limit}", {award}], ' for limit, award in zip(limits, given, strict=True))
        return rule(name, f"{{档: [{bands}[其他, 0]]}}"), 1 if op[0] == ">" else -1
    if name == "逐级扣分":
        part = draw(st.sampled_from(["按比例", "不计", "计一级"]))
        start = f'"{op} {draw(RATES)}"'
        return rule(name, f"{{起: {start}, 每: {draw(STEP)}, 扣: {draw(STEP)}, 不足一级: {part}}}"), 1 if op[
            0
        ] == "<" else -1
    if name == "逐项扣分":
        return rule(name, f"{{每项: {draw(STEP)}, 值: 项数}}"), -1
    return rule(name), 1


@settings(deadline=None)
@given(st.data(), POINTS, RATES, RATES)
def test_whatever_the_rule_a_score_lies_between_nothing_and_all_and_a_better_value_earns_no_less(
    data: st.DataObject, points: Decimal, one: Decimal, other: Decimal
) -> None:
    made, direction = data.draw(by_value(points))
    low, high = (made.score(Asked(points, value=value, unit="%")).earned for value in sorted((one, other)))
    assert 0 <= low <= points
    assert 0 <= high <= points
    assert direction * low <= direction * high


@settings(deadline=None)
@given(POINTS, RATES, RATES, RATES, st.sampled_from(["正向", "逆向"]), st.integers(0, 99))
def test_a_standardised_score_lies_between_nothing_and_all(
    points: Decimal, value: Decimal, one: Decimal, other: Decimal, direction: str, low: int
) -> None:
    made = rule("极差标准化", f"{{区间: [{low}, 100]}}")
    asked = Asked(points, value=value, band=direction, bounds=(one, other))
    if one < other:
        assert points * low / 100 <= made.score(asked).earned <= points
    else:
        with pytest.raises(RuleError):
            made.score(asked)


@given(POINTS, ANSWERS, RATES)
def test_whatever_a_person_answers_it_is_refused_in_words_or_gives_no_more_than_there_is(
    points: Decimal, answer: str, value: Decimal
) -> None:
    for name, made in BY_HAND.items():
        most = max(points, Decimal(1)) if name == "选档" else points  # what an option gives, the rubric says
        with suppress(RuleError):
            assert 0 <= made.score(Asked(points, value=value, answer=answer, band=answer)).earned <= most


BY_HAND = {
    "选档": rule("选档", "{档: {好: 1, 差: 0}}"),
    **{name: rule(name) for name in ("要点", "人工评分", "不适用")},
    "逐项扣分": rule("逐项扣分", "{每项: 0.3}"),
    "一票否决": rule("一票否决", "{范围: 指标}"),
    "按档评分": rule("人工评分", "{比例: 列, 档: [[好, 80%, 100%], [差, 0%, 80%]]}"),
}
# What else these two dicts try, under names of their own: the proportion that earns nothing beyond 1, shares in bands.
OURS = {"零分", "按档评分"}


def test_every_rule_there_is_is_tried_with_whatever_value_or_answer() -> None:
    assert {*BY_VALUE, *BY_HAND, "极差标准化"} - OURS == set(RULES)


# Each rule as the one that decides of 100 points: its parameters, and whether a figure (value) or a person (answer) does.
ASKED = {
    "达标": "值: 执行率, 须: '>= 90%'",
    "按比例": "值: 执行率, 超过一: 封顶",
    "分档": "值: 执行率, 档: [['>= 100%', 100], ['>= 50%', 33.33], [其他, 0]]",
    "逐级扣分": "值: 执行率, 起: '< 95%', 每: 3%, 扣: 7, 不足一级: 计一级",
    "逐项扣分": "值: 执行率, 每项: 0.7",
    "极差标准化": "值: 全年支出, 逐行: 分馆, 下限: 支出数, 上限: 预算数, 区间: [60, 100], 说明句: '{{ 算式 }}，得{{ 得分 }}分'",
    "选档": "档: {好: 100, 中: 33.335, 差: 0}",
    "要点": "",
    "人工评分": "",
    "一票否决": "范围: 指标",
    "不适用": "",
}
ANSWERED = {
    "选档": st.sampled_from(["好", "中", "差"]),
    **{name: st.decimals(0, 100, places=3).map(str) | st.just("100") for name in ("要点", "人工评分")},
    **{name: st.sampled_from(["是", "否"]) for name in ("一票否决", "不适用")},
}
BESIDE = ("一票否决", "不适用")  # these have no points of their own: a line of a check-list stands before them


@settings(SLOW, max_examples=8 * TIMES)
@pytest.mark.parametrize("name", ASKED)
@given(data=st.data(), spent=st.integers(0, 12_000) | st.sampled_from([0, 10_000, 9_999, 10_001]))
def test_an_explanation_stands_exactly_where_points_were_lost(
    name: str, data: st.DataObject, spent: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = "{规则: 要点, 分: 100, 名: 台账}, " if name in BESIDE else ""
    points = "" if name in BESIDE else ", 分: 100"
    criteria = f"{first}{{规则: {name}{points}, 名: 执行, {ASKED[name]}}}"
    answers = [data.draw(st.sampled_from(["100", "99.99", "0"]))] if name in BESIDE else []
    answers += [data.draw(ANSWERED[name])] if name in ANSWERED else []
    rows = "".join(f"\n执行 | {at} | '{answer} | 台账" for at, answer in enumerate(answers, 1))
    sheets = {"经费": MONEY.replace("支出 | 100", f"支出 | {spent / 100}"), "分馆": "分馆名 | 预算数 | 支出数\n东馆 | 100 | 0"}
    sheets |= {"自评": f"评定指标 | 计分项 | 评定 | 材料{rows}"} if rows else {}
    case = judged(tmp_path_factory, sheets, indicators=f"- 名称: [管理, 资金, 执行]\n  计分: [{criteria}]")
    assert case.card, told(case.problems)
    (one,) = case.card.indicators
    assert 0 <= one.earned.value <= one.points.value == 100  # type: ignore[operator]
    assert one.earned.value + one.lost.value == one.points.value  # type: ignore[operator]
    assert bool(one.explanation) is (one.earned < one.points) is bool(one.lost)
    assert [problem.code for problem in case.problems] == ["E511"] * bool(one.lost)


def test_every_rule_there_is_is_tried_for_its_explanation() -> None:
    assert set(ASKED) == set(RULES)


def judged(factory: pytest.TempPathFactory, texts: Mapping[str, str], **more: Any) -> Case:
    """A submission in a folder of its own, judged."""
    with pytest.MonkeyPatch.context() as patch:
        library = Library(factory.mktemp("馆"), **more)
        patch.chdir(library.folder)
        return library.judge(texts)


# ── order and units ──

BRANCHES = [["分馆名", "预算数（万元）", "支出数（万元）", "馆级", "备注"], ["东馆", "60", "30.5", "一级馆", "甲"],
            ["西馆", "40.25", "40", "二级馆", ""], ["R&D馆", "0.01", "0", "", "乙"]]  # fmt: skip


def facts_of(case: Case) -> dict[str, Any]:
    """Every fact's value by name, but for the places in line."""
    assert case.submission, told(case.problems)
    return {fact.name: fact.value for fact in case.submission.book.facts if not fact.name.endswith("序号")}


def table(rows: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


@SLOW
@given(
    columns=st.permutations(range(5)),
    rows=st.permutations(range(1, 4)),
    sheets=st.permutations(range(3)),
    lines=st.permutations(range(3)),
    extra=st.booleans(),
)
def test_the_order_of_columns_rows_lines_and_sheets_changes_no_fact(
    columns: list[int],
    rows: list[int],
    sheets: list[int],
    lines: list[int],
    extra: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    moved = [[BRANCHES[row][column] for column in columns] + ["x"] * extra for row in (0, *rows)]
    money = MONEY.strip().splitlines()
    texts = {"基本信息": BASICS, "经费": "\n".join([money[0], *(money[1:][at] for at in lines)]), "分馆": table(moved)}
    ordered = {name: texts[name] for name in (list(texts)[at] for at in sheets)} | (
        {"另一张": "随手 | 记"} if extra else {}
    )
    plain = judged(tmp_path_factory, {"分馆": table(BRANCHES)})
    assert facts_of(judged(tmp_path_factory, {}, sheets=ordered)) == facts_of(plain)


@SLOW
@given(figures=st.lists(st.integers(1, 10**9), min_size=3, max_size=3), unit=st.sampled_from(["元", "亿元"]))
def test_another_unit_with_its_header_changed_gives_the_same_report(
    figures: list[int], unit: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def report(unit: str) -> bytes:
        factor = Decimal({"元": "10000", "万元": "1", "亿元": "0.0001"}[unit])
        rows = zip(("年初预算", "全年预算", "全年支出"), figures, strict=True)
        text = "\n".join(
            ["项目 | 填报内容 | 单位", *(f"{name} | {Decimal(one) / 100 * factor:f} | {unit}" for name, one in rows)]
        )
        return written(tmp_path_factory.mktemp("馆"), {"经费": text})[0]

    assert report(unit) == report("万元")


def written(
    folder: Path, sheets: Mapping[str, str], words: str = "", change: Any = None
) -> tuple[bytes, list[Problem]]:
    """The report of a submission, as a draft so that a loss needs no cause, and what is told of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        library = Library(folder)
        made = library.write(sheets=sheets)
        if words:
            save(prose(words), made / "正文.docx")
        if change:
            change(made)
        (one,) = build([made], folder / "build", draft=True)
        assert one.files, told(one.problems)
        return one.files[0].read_bytes(), list(one.problems)


def in_yuan(book: openpyxl.Workbook) -> None:
    """Every money figure of the workbook in 元, and said so."""
    for sheet in book.worksheets:
        for row in list(sheet.iter_rows()):
            for one in row:
                if isinstance(one.value, str) and "（万元）" in one.value and one.row == 3:
                    one.value = one.value.replace("万元", "元")
                    _times(sheet.cell(below, one.column) for below in range(4, sheet.max_row + 1))
                elif one.value == "万元" and one.column == 3:
                    one.value = "元"
                    _times([sheet.cell(one.row, 2), *([sheet.cell(one.row, 5)] if sheet.title == "业务数据" else [])])


def _times(cells: Any) -> None:
    for cell in cells:
        if isinstance(cell.value, int | float):
            cell.value = float(Decimal(str(cell.value)) * 10_000)


def backwards(book: openpyxl.Workbook) -> None:
    """The sheets the other way round."""
    book._sheets.reverse()  # type: ignore[attr-defined]


@pytest.mark.parametrize("sample", [LUOHU, SHENZHEN, ZHONGWEI], ids=lambda one: one.name)
def test_the_order_of_sheets_changes_no_byte_of_a_real_report(sample: Path, tmp_path: Path) -> None:
    assert _report(changed(sample, tmp_path, backwards), tmp_path) == _report(sample, tmp_path)


def test_a_real_submission_in_yuan_gives_the_same_report(tmp_path: Path) -> None:
    assert _report(changed(LUOHU, tmp_path, in_yuan), tmp_path) == _report(LUOHU, tmp_path)


def _report(folder: Path, out: Path) -> bytes:
    (made,) = build([folder], out / "build")
    assert made.status == "made", told(made.problems)
    return made.files[0].read_bytes()


# ── text ──

KEPT = st.characters(
    exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
) | st.sampled_from(
    [*"&<>\"'{}% \n㐀", "𠮷", "𠀋", "👨‍👩‍👧", "🇨🇳", "\ue000", "é", "R&D", "{{ 年度 }}", "_x0041_", "=1+1", "\ufffd"]
)
TAKEN = st.sampled_from(
    [*map(chr, range(9)), "\x0b", "\x0c", "\x1f", "\x7f", "\x85", "\ud83d", "\u200b", "\u202e", "\ufeff", "\ufffe"]
)


def stored(text: str) -> str:
    """The text in a cell's XML, written as Excel writes what XML can't hold."""
    coded = (f"_x{ord(one):04X}_" if (ord(one) < 32 and one != "\n") or 0xD7FF < ord(one) < 0xE000 or one == "\ufffe" else one
             for one in text.replace("_x", "_x005F_x"))  # fmt: skip
    return escape("".join(coded))


@settings(SLOW, max_examples=15 * TIMES)
@given(pieces=st.lists(st.tuples(KEPT, st.none() | TAKEN), min_size=1, max_size=12))
def test_any_text_of_a_cell_stands_in_the_report_as_it_was_typed(
    pieces: list[tuple[str, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "馆" + "".join(kept + (taken or "") for kept, taken in pieces) + "名"
    kept = "馆" + "".join(kept for kept, _ in pieces) + "名"
    data, problems = written(
        tmp_path_factory.mktemp("馆"),
        {},
        change=lambda made: change_cell(made / "数据.xlsx", "基本信息", "B3", stored(text)),
    )
    assert document_text(data).startswith(f"{kept}2024年度执行率为100.00%")
    codes = {one.code for one in problems}
    assert ("E114" in codes) is any(taken for _, taken in pieces)
    assert ("E115" in codes) is any(category(one) == "Co" for one in kept)


WORDS = KEPT.filter(lambda one: not set(one) & set("{}×xXＸｘ_＿?？■□*待略此单"))


@settings(SLOW, max_examples=15 * TIMES)
@given(
    pieces=st.lists(st.tuples(WORDS, st.none() | st.sampled_from("\u200b\u202e\ufeff\u2060")), min_size=1, max_size=12)
)
def test_any_words_of_the_prose_stand_in_the_report_as_they_were_typed(
    pieces: list[tuple[str, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def put(made: Path) -> None:
        document = prose("# 部门主要工作情况\n此处换掉")
        document.paragraphs[1].runs[0].text = "文" + "".join(kept + (taken or "") for kept, taken in pieces) + "。"
        save(document, made / "正文.docx")

    data, problems = written(tmp_path_factory.mktemp("馆"), {}, change=put)
    assert "文" + "".join(kept for kept, _ in pieces) + "。\n" in document_text(data)
    codes = {one.code for one in problems}
    assert ("E308" in codes) is any(taken for _, taken in pieces)
    assert ("E316" in codes) is any(category(one) == "Co" for kept, _ in pieces for one in kept)


def test_a_money_figure_ten_thousand_times_too_large_is_asked_about_in_every_kind_that_has_money() -> None:
    """Which kinds have money, and that each asks: the cells themselves are tried in test_checks."""
    for sample in (LUOHU, SHENZHEN, ZHONGWEI):
        case = judge(sample)
        assert case.kind
        money = [one for spec in case.kind.tables.values() for one in spec.columns.values() if one.unit in MONEY_UNITS]
        assert not money or any(check.written.get("疑似万倍") for check in case.kind.checks), sample.name
