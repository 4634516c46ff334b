"""docs/reliability.md: every promise has its test, the README promises no more, and the page is the one that the tool writes."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter

from tests.conftest import ROOT
from tools.reliability import MUTANTS, PROMISES, figure, names_of_tests, page, place, tried_by

NOTHING = {"runs": 0, "damage": {}, "results": {}, "failures": [], "slowest": 0.0}
NONE_KILLED = {"kills": 0, "midway": 0, "kept": 0, "made": 0, "faults": []}
HELD = [one for promises in PROMISES.values() for one in promises]


def test_every_promise_is_held_by_a_test_that_there_is() -> None:
    places = [place(test) for _, test in HELD]
    assert [test for file, test in places if test not in names_of_tests(file)] == []
    assert len(set(places)) == len(places)


def test_the_readme_promises_nothing_that_is_not_on_the_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").partition("## 保证\n")[2].partition("还有做不到的")[0]
    bullets = [line.removeprefix("- ") for line in readme.splitlines() if line.startswith("- ")]
    sentences = [sentence for line in bullets for sentence in line.split("。") if sentence]
    assert len(sentences) > 6
    assert [one for one in sentences if one not in {promise for promise, _ in HELD}] == []


def test_the_page_is_written_by_the_tool_and_has_every_promise() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    tried = {test: Counter({"例": 1}) for _, test in HELD}
    promises, trials, mutants = page(tried, NOTHING, NONE_KILLED, json.loads(MUTANTS.read_text("utf-8"))).split("\n## ")
    assert re.sub(r"\| (\d+[^|\d]+) \|$", "| 1例 |", text.partition("\n## ")[0], flags=re.MULTILINE) == promises
    assert trials.splitlines()[0] in text
    assert "出错0次" in text
    assert "丢了的0份。" in text
    assert text.endswith(mutants)


def test_what_a_test_tried_is_read_from_its_run() -> None:
    said = base64.b64encode(b"    - 15 passing, 0 failing, and 2 invalid test cases").decode()
    run = f"""<testsuites><testsuite>
      <properties><property name="hypothesis-statistics-tests/test_a.py::test_whole[x]" value="{said}"/></properties>
      <testcase classname="tests.test_a" name="test_whole[x]"/>
      <testcase classname="tests.test_a" name="test_disk[1]"><properties><property name="次故障" value="7"/></properties></testcase>
      <testcase classname="tests.test_a" name="test_disk[2]"><properties><property name="次故障" value="8"/></properties></testcase>
      <testcase classname="tests.test_a" name="test_one[1]"/><testcase classname="tests.test_a" name="test_one[2]"/>
      <testcase classname="tests.test_a" name="test_broken[1]"/>
      <testcase classname="tests.test_a" name="test_broken[2]"><failure message="…"/></testcase>
      <testcase classname="tests.test_a" name="test_broken[3]"><skipped message="…"/></testcase>
    </testsuite></testsuites>"""
    tests = {f"tests/test_a.py::test_{name}": name for name in ("whole", "disk", "one", "broken")}
    assert {name: figure(counts) for name, counts in tried_by(ET.fromstring(run), tests).items()} == {
        "whole": "15组随机的数据",
        "disk": "15次故障",
        "one": "2例",
        "broken": "1例没有通过，1例跳过",
    }


def test_the_mutants_that_were_tried_are_noticed_but_for_those_listed() -> None:
    results = json.loads(MUTANTS.read_text("utf-8"))
    every, tried, killed = (sum(one[key] for one in results["modules"].values()) for key in ("mutants", "tried", "killed"))
    assert every > 3000
    assert len(results["survivors"]) == tried - killed
    assert killed > tried * 0.95
