"""A batch killed at any moment goes on where it stopped: see tests/kill.py, which also runs for longer on its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import Record
from tests.kill import trials


@pytest.mark.skipif(sys.platform == "win32", reason="kills groups of processes as POSIX has them")
def test_a_batch_killed_at_random_moments_loses_nothing(tmp_path: Path, record_property: Record) -> None:
    counts = trials(tmp_path, times=20, seed=20)
    assert counts["faults"] == []
    assert counts["sound"]
    assert counts["kills"] == 20
    record_property("次中断", counts["kills"])
    assert counts["midway"] >= 1
    assert counts["kept"] >= 1
