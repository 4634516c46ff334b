"""Switches and fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parent.parent
Record = Callable[[str, object], None]  # pytest's record_property: how much a test tried, for docs/reliability.md
TIMES = int(os.environ.get("EXAMPLES_TIMES", "1"))  # more of hypothesis's examples, for tools/reliability.py

settings.register_profile("times", settings(), max_examples=settings().max_examples * TIMES)
settings.load_profile("times")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden texts with what comes out now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/golden/<name>; ``pytest --update`` rewrites it, and git diff shows what changed."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert text == path.read_text("utf-8"), f"{name} differs; if meant, run pytest --update"

    return compare
