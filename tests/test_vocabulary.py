"""docs/vocabulary.md lists the words that the code knows, nothing more and nothing less, and its examples are true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportgen import formula, marks
from reportgen.build import judge
from reportgen.case import Case
from reportgen.define import checks, edition, kind, names, rules, tables
from reportgen.define.fields import Fields, read_yaml
from reportgen.judge.group import COMPARISONS, Group
from reportgen.judge.series import PROPERTIES, Series
from reportgen.model import Fact, FactBook
from reportgen.numerals import POINTS
from reportgen.read.folders import submissions
from reportgen.shown import FORMATS, fill, usual
from reportgen.write.chart import series_data
from reportgen.write.language import Dialect
from reportgen.write.view import view

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
KIND = TEMPLATES / "self_evaluation"
KINDS = sorted(path.parent for path in TEMPLATES.glob("*/kind.yaml"))
RUBRICS = sorted(path.parent for path in TEMPLATES.glob("*/*/rubric.yaml"))
PAGE = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of every table row under a heading, down to the next one; the header rows left out."""
    section = re.search(rf"^###? {re.escape(heading)}\n(.*?)(?=^###? |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section, f"no heading {heading}"
    lines = [line for line in section[1].splitlines() if line.startswith("| `")]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def words(heading: str) -> list[str]:
    """The words of the first column."""
    return [row[0].strip("`") for row in rows(heading)]


def ticked(cell: str) -> set[str]:
    """The words in backticks."""
    return set(re.findall("`([^`]*)`", cell))


@pytest.mark.parametrize(
    ("heading", "declared"),
    [
        ("列类型", tables.TYPES),
        ("函数", (*formula.AGGREGATES, *formula.SCALARS)),
        ("勾稽", checks.CHECKS),
        ("级别", checks.LEVELS),
        ("计分规则", rules.RULES),
        ("说明句", (*rules.RULES, *names.GENERAL)),
        ("格式", FORMATS),
        ("数列属性", PROPERTIES),
        ("数列比较", COMPARISONS),
    ],
)
def test_each_list_is_the_one_that_the_code_declares(heading: str, declared: Iterable[str]) -> None:
    assert words(heading) == list(declared)


def test_every_word_has_its_line() -> None:
    """A word without an explanation is a word that the page does not explain."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert [line for line in lines if not any(cell.strip() for cell in line[1:])] == []


# --- the keys of the YAML files ----------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every key that is asked for while YAML is read."""
    keys: set[str] = set()

    class Listening(list[str]):
        def append(self, key: str) -> None:
            keys.add(key)
            super().append(key)

    begin = Fields.__init__

    def begun(self: Fields, *given: object) -> None:
        begin(self, *given)  # type: ignore[arg-type]
        self.taken = Listening(self.taken)

    monkeypatch.setattr(Fields, "__init__", begun)
    return keys


def test_the_keys_of_kind_yaml_are_those_that_it_may_have(asked: set[str]) -> None:
    for path in KINDS:
        kind.load_kind.__wrapped__(path, path.name)
    assert {*words("kind.yaml 的键"), *words("勾稽")} == asked


def test_the_keys_of_rubric_yaml_are_those_that_it_may_have(asked: set[str]) -> None:
    named, edition_texts = set[str](), set[str]()
    for cached in (edition._load, edition._parent):
        cached.cache_clear()  # what was read before can't be heard
    for path in RUBRICS:
        loaded, rubric = edition.open_edition(f"{path.parent.name}/{path.name}")
        assert rubric
        edition_texts |= rubric.settings.keys()
        named |= loaded.single_names.union(*loaded.names.columns.values())
    parameters = {word for row in rows("计分规则") for word in ticked(row[1])}
    listed = {*words("rubric.yaml 的键"), *parameters}
    asked_of_kinds = {*words("kind.yaml 的键"), *words("勾稽")}  # an edition is laid over its kind
    assert listed <= asked  # 令 asks for facts and columns by name
    assert asked - listed - asked_of_kinds <= named | edition_texts


@pytest.mark.parametrize("row", rows("计分规则"), ids=words("计分规则"))
def test_each_rule_has_the_parameters_listed(row: list[str], asked: set[str], tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text("{}", "utf-8")
    rules.RULES[row[0].strip("`")](read_yaml(tmp_path / "rule.yaml", "rule.yaml"))
    assert ticked(row[1]) == asked


@pytest.mark.parametrize("row", rows("计分规则"), ids=words("计分规则"))
def test_each_rule_is_answered_by_whom_the_list_says(row: list[str], tmp_path: Path) -> None:
    def by_hand(text: str) -> bool:
        (tmp_path / "rule.yaml").write_text(text, "utf-8")
        return rules.RULES[row[0].strip("`")](read_yaml(tmp_path / "rule.yaml", "rule.yaml")).by_hand

    assert {"算": [False, False], "人": [True, True], "算或人": [True, False]}[row[2]] == [by_hand("{}"), by_hand("{值: 1}")]


def test_each_purpose_has_the_roles_listed() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows("kind.yaml 的键")}
    assert {name: tuple(re.findall("`([^`]*)`", listed[name])[-1].split()) for name in kind.PURPOSES} == kind.PURPOSES


def test_each_sentence_may_name_what_the_list_says() -> None:
    listed = {row[0].strip("`"): [set(cell.split()) for cell in re.findall("`([^`]*)`", row[2])] for row in rows("说明句")}
    first, *others = rules.RULES
    assert listed[first] == listed["认定"] == [set(names.RULE_NAMES)]
    assert [listed[name] for name in others] == [[]] * len(others)  # 同上
    assert listed["合计"] == [set(names.SUM_NAMES), {"合并句"}, set(names.COMBINED_NAMES - names.SUM_NAMES)]
    assert {name: listed[name] for name in names.LOSS_NAMES} == {name: [set(one)] for name, one in names.LOSS_NAMES.items()}


# --- what templates see ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    """Every shipped sample, by its kind."""
    found = [judge(folder) for folder in submissions([ROOT / "inputs"])]
    return {case.edition.partition("/")[0]: case for case in found}


@pytest.fixture(scope="module")
def case(cases: Mapping[str, Case]) -> Case:
    return cases[KIND.name]


def seen_by(case: Case) -> dict[str, Any]:
    return view(case, [problem for problem in case.problems if problem.answered])


def own_names(case: Case) -> set[str]:
    """Facts and tables, which each kind names itself."""
    assert case.kind and case.submission
    return {*case.kind.single_names, *case.submission.facts, *case.submission.tables}


def test_every_shipped_kind_has_a_sample(cases: Mapping[str, Case]) -> None:
    assert sorted(cases) == [path.name for path in KINDS]


@pytest.mark.parametrize("name", [path.name for path in KINDS])
def test_the_names_that_templates_see_are_listed(name: str, cases: Mapping[str, Case]) -> None:
    one = cases[name]
    holds = {"都有": True, "有评分": one.card is not None, "一期一评": one.trends is not None}
    listed = {row[0].strip("`") for row in rows("模板看到的名称") if holds[row[2]]}
    assert seen_by(one).keys() - own_names(one) == listed


def test_the_names_of_a_remark_are_listed(case: Case) -> None:
    line = next(row[1] for row in rows("模板看到的名称") if row[0] == "`备注`")
    assert ticked(line) == set(seen_by(case)["备注"][0])


@pytest.mark.parametrize("name", [path.parent.name for path in RUBRICS])
def test_the_names_of_scores_are_listed(name: str, cases: Mapping[str, Case]) -> None:
    one = cases[name]
    scores = seen_by(one)["评分"]
    assert one.rubric
    assert words("评分") == [key for key in scores if key not in one.rubric.settings]
    assert words("评分.指标") == list(scores["指标"][0])
    assert all(words("评分.失分") == list(loss) for loss in scores["失分"])
    line = next(row[1] for row in rows("评分") if row[0] == "`一级`")
    assert ticked(line) == {" ".join(scores["一级"][0])}


def test_losses_were_there_to_be_looked_at(case: Case) -> None:
    assert seen_by(case)["评分"]["失分"]


def test_the_names_of_what_runs_over_periods_are_listed(cases: Mapping[str, Case]) -> None:
    periodic = [one for one in cases.values() if one.trends]
    assert periodic
    for one in periodic:
        assert one.kind
        seen = seen_by(one)
        assert words("走势") == list(seen["走势"])
        columns = set[str]().union(*one.kind.names.columns.values())
        assert set(words("评分宽表")) == seen["评分宽表"][0].keys() - (columns - set(words("评分宽表")))
        assert set(words("宽表")) == {name for wide in seen["宽表"].values() for name in wide[0]} - (columns - {formula.ROW_NUMBER})


def test_the_named_styles_are_those_that_the_code_asks_for() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "reportgen" / "write").glob("*.py"))
    asked_for = {*re.findall(r"styles\.paragraph\(\"(\w+)\"\)", sources), *re.findall(r"\(\"table\", \"(表格)\"\)", sources)}
    assert {word for word in words("样式") if not word[-1].isdecimal()} == asked_for
    assert all(f"{word[:-1]}{{level}}" in sources for word in words("样式") if word[-1].isdecimal())


# --- the examples ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("函数"), ids=words("函数"))
def test_each_example_of_a_function_can_be_worked_out(row: list[str], case: Case) -> None:
    assert case.submission
    scope = formula.Scope(case.submission.facts, case.submission.tables)
    table = {"累计进度": "季度执行进度", "工作名称": "重点工作"}
    within = next((name for column, name in table.items() if column in row[2] and "." not in row[2]), "")
    if within:
        scope = scope.within(case.submission.tables[within].rows[0], within)
    formula.evaluate(formula.parse(row[2].strip("`")), scope)


@pytest.mark.parametrize("row", [row for row in rows("格式") if row[2]], ids=lambda row: str(row[0]).strip("`"))
def test_each_example_of_a_format_shows_what_the_list_says(row: list[str], case: Case) -> None:
    assert case.submission
    names: Callable[[str], object] = case.submission.facts.get
    shown, complaints = fill(row[2].strip("`"), names)  # type: ignore[arg-type]
    assert (marks.plain(shown), complaints) == (row[3], [])


def _series(name: str, book: FactBook, *values: int) -> Series:
    points = {str(year): book.add(f"{year}·{name}", Decimal(value), unit=POINTS) for year, value in enumerate(values, 2019)}
    return Series(name, points, book, full=Decimal(100))


def _told(value: Any) -> str:
    """A property's value as the list writes it."""
    if isinstance(value, dict):
        return "、".join(f"{key}：{_told(one)}" for key, one in value.items())
    if isinstance(value, list):
        return "、".join(map(_told, value))
    return value.name if isinstance(value, Series) else marks.plain(usual(value)) if isinstance(value, Fact) else str(value)


@pytest.mark.parametrize("row", rows("数列属性"), ids=words("数列属性"))
def test_each_property_of_a_series_gives_what_the_list_says(row: list[str]) -> None:
    assert "80、70、90、100" in PAGE
    assert _told(_series("甲", FactBook(), 80, 70, 90, 100)[row[0].strip("`")]) == row[2]


@pytest.mark.parametrize("row", rows("数列比较"), ids=words("数列比较"))
def test_each_comparison_of_series_gives_what_the_list_says(row: list[str]) -> None:
    assert "60、65、66、70" in PAGE
    book = FactBook()
    both = {name: _series(name, book, *values) for name, values in {"甲": (80, 70, 90, 100), "乙": (60, 65, 66, 70)}.items()}
    assert _told(Group("两项", both)[row[0].strip("`")]) == row[2]


@pytest.mark.parametrize("word", words("图"))
def test_each_example_of_a_chart_draws_something(word: str, cases: Mapping[str, Case]) -> None:
    language = Dialect(FORMATS)
    expression, objections = language.check("", word.removeprefix("图："))
    assert (word[:2], objections) == ("图：", [])
    seen = next(seen_by(one) for one in cases.values() if one.trends)
    assert series_data(language.compile_expression(expression, undefined_to_none=False)(**seen))
