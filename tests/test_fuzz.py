"""A few seeds of the fuzzer in every run of the tests; python -m tests.fuzz tries more."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.conftest import Record
from tests.fuzz import Outcome, fuzz, summary


def test_whatever_is_damaged_is_told_or_makes_a_sound_report(record_property: Record) -> None:
    outcomes = fuzz(range(1, 26), until=time.monotonic() + 20)
    record_property("份弄坏的材料", len(outcomes))
    assert len(outcomes) > 2
    assert summary(outcomes)["failures"] == []


def test_a_seed_always_damages_the_same() -> None:
    first, again = fuzz([7]) + fuzz([7])
    assert (first.damage, first.result) == (again.damage, again.result)


def test_a_failure_is_counted_and_told_with_its_seed(tmp_path: Path) -> None:
    counts = summary([Outcome(1, "小镇 数据.xlsx flip", "report", 0.1), Outcome(2, "小镇 正文.docx cut", "traceback", 0.2, "…")])
    (tmp_path / "fuzz.json").write_text(json.dumps(counts), "utf-8")
    assert counts["results"] == {"report": 1, "traceback": 1}
    assert [one["seed"] for one in json.loads((tmp_path / "fuzz.json").read_text("utf-8"))["failures"]] == [2]
