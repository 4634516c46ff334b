"""Kill −9 at random moments of a batch, then run it again: every document once, none half, nothing left behind.

    python -m tests.kill --times 200 --out kills.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.kinds import BASICS, Library
from tests.support.samples import ROOT

SUBMISSIONS = 12


def command(jobs: int) -> list[str]:
    return [sys.executable, "-m", "reportgen", "build", "材料", "--jobs", str(jobs), "--format", "json"]


def run(folder: Path, jobs: int) -> dict[str, Any]:
    """A run that is left in peace; what it says."""
    done = subprocess.run(command(jobs), cwd=folder, env=_environment(), capture_output=True, check=False, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def kill_one(folder: Path, jobs: int, after: float, whole_group: bool) -> bool:
    """A run killed after so many seconds, with its workers or alone; whether it was still running."""
    process = subprocess.Popen(
        command(jobs), cwd=folder, env=_environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after)
    running = process.poll() is None
    if running:
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
    process.wait()
    return running


def state(out: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files that count, and the names of what a killed run may leave for the next to clear up."""
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    temps = [name for name in files if Path(name).name.startswith(".~reportgen")]
    return {name: path.read_bytes() for name, path in files.items() if name not in temps}, temps


def faults(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    """What is wrong with the files of a killed run: any that is not, byte for byte, as an undisturbed run makes it."""
    return [f"{name}: half, or a third thing" for name, data in found.items() if data != wanted.get(name)]


def trials(folder: Path, times: int, seed: int) -> dict[str, Any]:
    """The counts over so many kills; the list of faults should be empty."""
    random_ = random.Random(seed)
    library = Library(folder)
    for number in range(SUBMISSIONS):
        library.write(f"第{number:02}镇", {"基本信息": BASICS.replace("小镇", f"第{number:02}镇")})
    began = time.monotonic()
    run(folder, 1)
    whole = time.monotonic() - began
    wanted, _ = state(folder / "build")
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    while counts["kills"] < times:
        _clear(folder / "build")
        jobs, group = random_.choice((1, 2)), random_.random() < 0.5
        killed = kill_one(folder, jobs, random_.uniform(0.4, 1.3) * whole, group)
        found, temps = state(folder / "build")
        wrong += [f"{counts['kills']}: {fault}" for fault in faults(found, wanted)]
        told = run(folder, jobs)
        after, left = state(folder / "build")
        if after != wanted or left or told["asked"] != told["made"] + told["unchanged"] or told["asked"] != SUBMISSIONS:
            wrong.append(f"{counts['kills']}: after the second run {sorted(after.keys() ^ wanted.keys())} {left} {told}"[:500])
        documents = sum(name.endswith(".docx") for name in found)
        counts.update(kills=killed, finished=not killed, midway=0 < documents < SUBMISSIONS, temps=len(temps))
        counts.update(kept=told["unchanged"], made=told["made"])
    sound = all(zipfile.ZipFile(path).testzip() is None for path in (folder / "build").rglob("*.docx"))
    return {"seed": seed, "sound": sound, **counts, "faults": wrong}


def _clear(out: Path) -> None:
    for path in sorted(out.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def main() -> None:
    """Run the trials; exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = trials(Path(folder), given.times, given.seed)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(text, "utf-8")
    print(text)
    sys.exit(bool(result["faults"]))


if __name__ == "__main__":
    main()
