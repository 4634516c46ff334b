"""docs/vocabulary.md lists the words that the code knows, nothing more and nothing less, and its examples are true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from reportgen import formula, marks
from reportgen.build import Case, judge
from reportgen.define import kind, rules
from reportgen.define.fields import Fields, read_yaml
from reportgen.define.rubric import load_rubric
from reportgen.shown import FORMATS, fill
from reportgen.write.view import view
from tests.support.samples import LUOHU

ROOT = Path(__file__).parent.parent
KIND = ROOT / "templates" / "self_evaluation"
PAGE = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of every table row under a heading, the header rows left out."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
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
        ("列类型", kind.TYPES),
        ("函数", (*formula.AGGREGATES, *formula.SCALARS)),
        ("勾稽", kind.CHECKS),
        ("级别", kind.LEVELS),
        ("计分规则", rules.RULES),
        ("格式", FORMATS),
    ],
)
def test_each_list_is_the_one_that_the_code_declares(heading: str, declared: Iterable[str]) -> None:
    assert words(heading) == list(declared)


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
    kind.load_kind.__wrapped__(KIND, "self_evaluation")
    assert {*words("kind.yaml 的键"), *words("勾稽")} == asked


def test_the_keys_of_rubric_yaml_are_those_that_it_may_have(asked: set[str]) -> None:
    loaded = kind.load_kind(KIND, "self_evaluation")
    asked.clear()
    load_rubric.__wrapped__(KIND / "luohu-2024", "self_evaluation/luohu-2024", loaded)
    parameters = {word for row in rows("计分规则") for word in ticked(row[1])}
    listed = {*words("rubric.yaml 的键"), *parameters}
    names = {*loaded.single_names, *(column for table in loaded.tables.values() for column in table.columns)}
    computed = {one.name for table in loaded.tables.values() for one in table.computed}
    own_to_the_edition = {"标题"}
    assert listed <= asked  # 令 asks for facts and columns by name
    assert asked - listed <= names | computed | own_to_the_edition


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


def test_each_sentence_of_a_kind_is_listed() -> None:
    assert set(words("说明句")) == set(kind.load_kind(KIND, "self_evaluation").sentences)


# --- what templates see ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def case() -> Case:
    return judge(LUOHU)


def test_the_names_that_templates_see_are_listed(case: Case) -> None:
    assert case.kind and case.rubric and case.submission and case.card
    seen = view(case.kind, case.rubric, case.submission, case.card, [one for one in case.problems if one.answered])
    own = {*case.kind.single_names, *case.submission.facts, *case.submission.tables}
    scores = seen["评分"]
    listed = words("模板看到的名称")
    wanted = [*(seen.keys() - own), *(scores.keys() - case.rubric.settings.keys()), *scores["指标"][0], *scores["失分"][0]]
    assert sorted(listed) == sorted(wanted)
    assert ticked("".join(row[1] for row in rows("模板看到的名称") if row[0] == "`备注`")) == set(seen["备注"][0])
    assert "`名称 分值 得分`" in PAGE
    assert list(scores["一级"][0]) == ["名称", "分值", "得分"]


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
