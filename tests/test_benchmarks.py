"""The published speeds are those that were measured: every table is made from results.json."""

from __future__ import annotations

import json
from copy import deepcopy

from benchmarks.tables import full, short, shown
from tests.conftest import ROOT

RESULTS = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))


def test_the_tables_say_what_was_measured() -> None:
    assert shown(ROOT / "benchmarks" / "README.md") == full(RESULTS)
    assert shown(ROOT / "README.md") == short(RESULTS)


def test_another_measurement_makes_other_tables() -> None:
    other = deepcopy(RESULTS)
    other["rendering"]["engines"]["docxtpl"]["ms"] *= 2
    other["missing"].append("carbone")
    assert full(other) != full(RESULTS) and short(other) != short(RESULTS)
    assert "没有参加：carbone" in full(other)
