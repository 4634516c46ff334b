"""``make bench``: install the peers, measure, write results.json and the tables made from it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers import CACHE, installed, workers
from render import one_core, prepare, rendering
from tables import HERE, full, put, short

SAMPLE = HERE.parent / "inputs" / "luohu-2024"


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return f"{names[0] if names else platform.machine()}，{os.cpu_count()} 核，{platform.system()}"


def _node() -> str:
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _folders(python: Path, documents: int) -> dict[str, Any]:
    script = [str(python), str(HERE / "folders.py"), str(CACHE / "folders"), str(SAMPLE), str(documents)]
    found: dict[str, Any] = json.loads(subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return found


def main() -> None:
    """Everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="turns; each engine makes eight documents a turn")
    parser.add_argument("--documents", type=int, default=1000, help="how many reports the long run makes (10000 takes its time)")
    asked = parser.parse_args()
    pythons, missing = installed()
    prepare(CACHE / "work")
    one_core()
    results: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(), "machine": _machine(), "python": platform.python_version(),
        "node": _node(), "rounds": asked.rounds, "missing": missing,
    }  # fmt: skip
    with workers(pythons, CACHE / "work") as engines:
        results["rendering"] = rendering(engines, CACHE / "work", asked.rounds)
    results["folders"] = _folders(pythons["main"], asked.documents)
    (HERE / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    put(HERE / "README.md", full(results))
    put(HERE.parent / "README.md", short(results))


if __name__ == "__main__":
    main()
