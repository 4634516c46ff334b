"""docs/reliability.md: every promise has its test, and the page is the one that the tool writes."""

from __future__ import annotations

from tests.conftest import ROOT
from tools.reliability import PROMISES, names_of_tests, page

NOTHING = {"runs": 0, "damage": {}, "results": {}, "failures": [], "slowest": 0.0}
NONE_KILLED = {"kills": 0, "midway": 0, "kept": 0, "made": 0, "faults": []}


def test_every_promise_is_held_by_a_test_that_there_is() -> None:
    assert [test for _, file, test in PROMISES if test not in names_of_tests(file)] == []


def test_the_page_is_written_by_the_tool_and_has_every_promise() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    promises, trials = page(NOTHING, NONE_KILLED).split("\n## ")
    assert text.startswith(promises)
    assert trials.splitlines()[0] in text
    assert "出错0次" in text
    assert text.rstrip().endswith("0份。")
