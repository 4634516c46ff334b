"""Try the tests by mutants: every small change of numbers, rules and scoring that no test notices is counted and listed.

    make mutants                                     # about half an hour on two cores
    python -m tools.mutants --again reportgen.numerals.x_show__mutmut_7      # some of them, after a test was added

What is changed, and by which tests it is tried, stands in pyproject.toml under [tool.mutmut]. The run leaves mutants/
behind, goes on there when it was stopped, and writes tests/mutants.json, from which docs/reliability.md is made.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "mutants.json"
KILLED = (1, 3, -24, -9, 24, 36, 152, 255)  # how mutmut keeps a failed test, a crash, or a run that never ended
NEVER_TRIED = 33


def run(*arguments: str) -> None:
    """mutmut in the repository; with CI set, hypothesis tries the same examples each time."""
    subprocess.run([sys.executable, "-m", "mutmut", "run", *arguments], cwd=ROOT, env={**os.environ, "CI": "1"}, check=False)


def outcomes(folder: Path) -> dict[str, dict[str, int | None]]:
    """How each mutant ended, by the file that it is one of."""
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        if codes := json.loads(path.read_text("utf-8"))["exit_code_by_key"]:
            found[str(path.relative_to(folder)).removesuffix(".meta")] = codes
    return found


def change(name: str, folder: Path) -> str:
    """What a mutant changes: its lines that differ, old and new."""
    command = [sys.executable, "-m", "mutmut", "show", name]
    told = subprocess.run(command, cwd=folder.parent, capture_output=True, check=True).stdout.decode("utf-8")
    lines = [line for line in told.splitlines() if re.match(r"[-+](?![-+]{2})", line)]
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines)


def counted(folder: Path) -> dict[str, Any]:
    """The figures of each file, and every survivor with its change."""
    modules = {}
    survivors: dict[str, str] = {}
    for file, codes in outcomes(folder).items():
        killed = sum(code in KILLED for code in codes.values())
        modules[file] = {"mutants": len(codes), "killed": killed}
        alive = [name for name, code in codes.items() if code not in KILLED]
        survivors |= {name: ("（没有测试用到）" if codes[name] == NEVER_TRIED else "") + change(name, folder) for name in alive}
    return {"tool": f"mutmut {version('mutmut')}", "modules": modules, "survivors": survivors}


def main() -> None:
    """Run, or run some again, and write what came of it; exit code 1 when some were not tried to the end."""
    parser = argparse.ArgumentParser(description="Count the mutants that no test notices.")
    parser.add_argument("--again", nargs="*", default=[], help="these only; all others stay as they were")
    parser.add_argument("--jobs", default="2", help="processes (default 2)")
    options = parser.parse_args()
    run("--max-children", options.jobs, *options.again)
    folder = ROOT / "mutants"
    RESULTS.write_text(json.dumps(counted(folder), ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    sys.exit(any(code is None for codes in outcomes(folder).values() for code in codes.values()))


if __name__ == "__main__":
    main()
