"""Try the tests by mutants: every small change of numbers, rules and scoring that no test notices is counted and listed.

    make mutants                                    # about an hour on two quiet cores, most of it for the scoring
    python -m tools.mutants --groups 数字 --minutes 20      # one group, or as far as it gets; it goes on another time

Each group has a copy of the repository under .cache/mutants, where mutmut works. tests/mutants.json is what all that was
tried so far came to; docs/reliability.md is made from it.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "mutants.json"
LIKE_KILLED = (1, 3, -24, 24, 152, 255)  # how mutmut notes a test that failed, or a run that never came to its end
NEVER_USED = 33


@dataclass(frozen=True)
class Group:
    """Files of the program, and the quick tests that are nearest to them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]

    def settings(self) -> str:
        """setup.cfg for mutmut."""
        lists = {
            "source_paths": ["reportgen"],
            "only_mutate": [f"reportgen/{name}.py" for name in self.files],
            "pytest_add_cli_args_test_selection": [f"tests/test_{name}" for name in self.tests],
            "also_copy": ["docs", "inputs", "templates", "tools", "benchmarks", *(path.name for path in ROOT.glob("*.md"))],
        }
        return "[mutmut]\n" + "".join(f"{key}=\n" + "".join(f"    {one}\n" for one in lists[key]) for key in lists)


GROUPS = {
    "数字": Group(("numerals", "read/values"), ("numerals.py", "shown.py", "tables.py")),
    "规则": Group(tuple(f"define/{name}" for name in ("rule", "rules", "by_value", "by_hand")),
                ("rules.py", "show.py::test_each_rule_is_read_out", "show.py::test_the_numbers_of_a_limit_keep_their_unit",
                 "new.py::test_hand_judged_criteria_stand_ready_with_what_to_fill_in")),
    "计分": Group(
        tuple(f"judge/{name}" for name in ("asking", "scoring", "explain", "losses", "group")),
        ("scoring.py", "explained.py", "series.py", "other_rubrics.py",
         "draft.py::test_a_draft_is_made_of_what_there_is_and_marks_what_is_missing",
         "draft.py::test_what_is_told_of_a_loss_stands_and_only_the_rest_waits",
         "draft.py::test_one_open_indicator_leaves_only_itself_and_the_sums_above_it_open",
         "quality_index.py::test_a_gap_takes_the_least_that_its_own_indicator_earned"),
    ),
}  # fmt: skip


def place(name: str) -> Path:
    """Where a group is tried."""
    return ROOT / ".cache" / "mutants" / name


def run(name: str, jobs: str, seconds: float | None, again: bool) -> None:
    """Go on with a group, or try its survivors again; with CI set, hypothesis tries the same examples each time."""
    unneeded = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
    shutil.copytree(ROOT, place(name), ignore=unneeded, dirs_exist_ok=True)
    (place(name) / "setup.cfg").write_text(GROUPS[name].settings(), "utf-8")
    every = {mutant: code for codes in outcomes(name).values() for mutant, code in codes.items()}
    chosen = [mutant for mutant, code in every.items() if again and code not in (None, *LIKE_KILLED)]
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", jobs, *chosen]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=place(name), env={**os.environ, "CI": "1"}, check=False, timeout=seconds)


def outcomes(name: str) -> dict[str, dict[str, int | None]]:
    """How each mutant of a group ended, None for one not tried yet, by the file that it is one of."""
    folder, found = place(name) / "mutants", {}
    for file in GROUPS[name].files:
        path = folder / "reportgen" / f"{file}.py.meta"
        if path.exists():
            found[f"reportgen/{file}.py"] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return found


def functions(path: Path) -> dict[str, list[str]]:
    """The lines of every function of a file, by its name; the number that mutmut gave it is left out of them."""
    source = path.read_text("utf-8")
    lines = [re.sub(r"__mutmut_(orig|\d+)", "", line).strip() for line in source.splitlines()]
    found = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef)]
    return {one.name: lines[one.lineno - 1 : one.end_lineno] for one in found}


def change(mutant: str, known: dict[str, list[str]]) -> str:
    """What a mutant changes: its lines that differ, old and new."""
    name = mutant.rpartition(".")[2]
    old, new = known[f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"], known[name]
    return "\n".join(line for line in difflib.ndiff(old, new) if line[0] in "-+")


def counted() -> dict[str, Any]:
    """The figures of each file, and every survivor with its change."""
    modules: dict[str, dict[str, int]] = {}
    survivors: dict[str, str] = {}
    for name in GROUPS:
        for file, codes in outcomes(name).items():
            tried = {mutant: code for mutant, code in codes.items() if code is not None}
            alive = [mutant for mutant, code in tried.items() if code not in LIKE_KILLED]
            modules[file] = {"mutants": len(codes), "tried": len(tried), "killed": len(tried) - len(alive)}
            known = functions(place(name) / "mutants" / file)
            survivors |= {one: "（没有测试用到）" * (tried[one] == NEVER_USED) + change(one, known) for one in alive}
    return {"tool": f"mutmut {version('mutmut')}", "modules": modules, "survivors": survivors}


def main() -> None:
    """Go on with the groups and write what came of all."""
    parser = argparse.ArgumentParser(description="Count the mutants that no test notices.")
    parser.add_argument("--groups", nargs="*", choices=[*GROUPS], default=[*GROUPS], help="these only (default all)")
    parser.add_argument("--minutes", type=float, help="at most so many for each group")
    parser.add_argument("--again", action="store_true", help="only those that no test noticed, after a test was added")
    parser.add_argument("--jobs", default="2", help="processes (default 2)")
    options = parser.parse_args()
    for name in options.groups:
        run(name, options.jobs, options.minutes and options.minutes * 60, options.again)
    RESULTS.write_text(json.dumps(counted(), ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
