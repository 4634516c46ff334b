"""The shape of the code: imports run one way, heavy libraries stay in their place, no kind's names in Python."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import formula
from reportgen.define import kind as kinds
from reportgen.define.edition import open_edition
from reportgen.define.tables import ANSWERS
from tests.conftest import ROOT

PACKAGE = ROOT / "reportgen"
LAYERS = (
    *("marks", "model", "prose", "numerals", "formats", "shown", "formula", "editions"),
    *("define", "read", "judge", "case", "write", "running", "build", "batch", "say", "receipts", "commands", "chinese", "cli"),
)
FENCED = {
    "ruamel": {f"define/{name}.py" for name in ("source", "fields", "overlay")},
    "lxml": {f"write/{name}.py" for name in ("tags", "template", "source", "tree", "chart", "gate", "patch")},
    "jinja2": {f"write/{name}.py" for name in ("template", "blanks", "language", "render", "lint")},
    "click": {"chinese.py", *(f"cli/{name}.py" for name in ("group", "making", "reference", "main"))},
    "openpyxl": {"commands/annotate.py", "commands/summary.py", "write/workbook.py"},
    "docx": {"write/manuscript.py"},
    "docxtpl": set(),
    "distributed": set(),
}


def _modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name not in ("__main__.py", "__init__.py"))


def _imports(path: Path) -> set[str]:
    """What a module imports when it is loaded: not inside functions, not for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _layer(module: str) -> int:
    name = module.split(".")[1] if module.startswith("reportgen.") else ""
    return LAYERS.index(name) if name in LAYERS else -1


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = _layer("reportgen." + path.relative_to(PACKAGE).as_posix().removesuffix(".py").replace("/", "."))
    assert own >= 0, "every module belongs to a layer"
    later = {name for name in _imports(path) if _layer(name) > own}
    assert later == set()


def test_each_heavy_library_stays_in_its_place() -> None:
    used: dict[str, set[str]] = {library: set() for library in FENCED}
    for path in _modules():
        for name in _imports(path):
            if name.split(".")[0] in used:
                used[name.split(".")[0]].add(path.relative_to(PACKAGE).as_posix())
    assert {library: places - FENCED[library] for library, places in used.items() if places - FENCED[library]} == {}


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, reportgen.cli; print(','.join(sorted(set(m.split('.')[0] for m in sys.modules))))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip().split(",")
    assert set(loaded) & {"lxml", "jinja2", "ruamel", "openpyxl", "docx", "docxtpl", "decimal", "json"} == set()


# --- no name of a kind in Python -----------------------------------------------------------------------------


def _vocabulary() -> set[str]:
    """Words of the language itself (docs/vocabulary.md), which kinds may happen to use as names too."""
    return set(re.findall(r"`([^`|]+)`", (ROOT / "docs" / "vocabulary.md").read_text("utf-8")))


def _names_in_templates() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "templates").glob("*/kind.yaml"):
        kind = kinds.load_kind(path.parent, path.parent.name)
        names |= {path.parent.name, *kind.tables, *kind.slots, *(fact.name for fact in kind.facts)} - {ANSWERS}
        for table in kind.tables.values():
            if table.name != ANSWERS:
                names |= {header for column in table.columns.values() for header in column.headers}
                names |= {one.name for one in table.computed}
        for rubric_path in path.parent.glob("*/rubric.yaml"):
            names.add(rubric_path.parent.name)
            _, rubric = open_edition(f"{path.parent.name}/{rubric_path.parent.name}")
            for indicator in rubric.indicators if rubric else ():
                names |= {*indicator.name, *(criterion.name for criterion in indicator.criteria)}
    return names


def _words_in_code() -> str:
    """Every string and identifier of the product code; docstrings and comments may give examples."""
    words = []
    for path in _modules():
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {id(node.body[0].value) for node in ast.walk(tree)
                      if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
                      and isinstance(node.body[0], ast.Expr)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                words.append(node.value)
            elif isinstance(node, ast.Name):
                words.append(node.id)
    return "\n".join(words)


def test_no_kind_edition_sheet_field_or_indicator_name_stands_in_the_code() -> None:
    names = {name for name in _names_in_templates() if formula.identifier(name) or len(name) > 3} - _vocabulary()
    assert len(names) > 150
    code = _words_in_code()
    exact = set(code.split("\n"))
    assert {name for name in names if name in exact or (len(name) > 3 and name in code)} == set()


def test_the_code_stays_small() -> None:
    """Files of at most 260 lines, functions of at most 40: a reason for a second look, not a style."""
    long_files = {str(path.relative_to(PACKAGE)): n for path in _modules() if (n := path.read_text("utf-8").count("\n")) > 260}
    assert long_files == {}
    lengths = {
        f"{path.relative_to(PACKAGE)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    }
    assert {name: length for name, length in lengths.items() if length > 40} == {}
