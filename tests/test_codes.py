"""Every message code means one thing, and docs/codes.md lists them all in the words of the code."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import reportgen

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"\"([DE]\d{2,3})\"")


def declared() -> dict[str, dict[str, str]]:
    """The CODES of every module that has some, by the module's name; one imported from elsewhere counts there."""
    names = [info.name for info in pkgutil.walk_packages(reportgen.__path__, "reportgen.") if "__main__" not in info.name]
    codes = {name: getattr(importlib.import_module(name), "CODES", {}) for name in names}
    first = {id(one): name for name, one in reversed(codes.items()) if one}
    return {name: one for name, one in codes.items() if one and first[id(one)] == name}


def listed() -> list[tuple[str, str]]:
    """Code and meaning of every row in docs/codes.md."""
    text = (ROOT / "docs" / "codes.md").read_text("utf-8")
    return re.findall(r"^\| `([A-Z]\d+)` \| ([^|]*) \|", text, re.MULTILINE)


def test_no_code_is_declared_twice() -> None:
    times = Counter(code for codes in declared().values() for code in codes)
    assert [code for code, count in times.items() if count > 1] == []


def test_every_code_is_on_the_page_with_its_meaning() -> None:
    assert sorted(listed()) == sorted((code, meaning) for codes in declared().values() for code, meaning in codes.items())


def test_every_code_that_is_reported_is_declared() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "reportgen").rglob("*.py")]
    reported = {code for source in sources for code in CODE.findall(source)}
    assert reported - {code for codes in declared().values() for code in codes} == set()
