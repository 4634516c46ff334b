"""Skip a test where an outside tool is missing, except where the tools are promised."""

from __future__ import annotations

import os

import pytest

REQUIRED = os.environ.get("REPORTGEN_REQUIRE_TOOLS") == "1"


def needs(*, present: bool, reason: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test whose tool is absent; with REPORTGEN_REQUIRE_TOOLS=1 the test runs and fails."""
    return pytest.mark.skipif(not present and not REQUIRED, reason=reason)
