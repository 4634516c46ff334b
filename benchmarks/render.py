"""Template → bytes: every engine makes the same document, in turn, on one core; then the same text is asserted."""

from __future__ import annotations

import json
import os
import statistics
from pathlib import Path
from typing import Any

from paper import SETS, SYNTAXES, contents, document, text_of
from peers import Worker

WARM, IN_A_ROW, RUN_IN = 10, 8, 2


def prepare(folder: Path) -> None:
    """The templates in every syntax, and the contents."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, syntax in SYNTAXES.items():
        (folder / f"{name}.docx").write_bytes(document(syntax))
    (folder / "contents.json").write_text(json.dumps([contents(number) for number in range(SETS)]), "utf-8")


def one_core() -> bool:
    """Hold this process and those it will start to one core; whether the system can."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def agreed(engines: dict[str, Worker], folder: Path) -> tuple[dict[str, Worker], dict[str, str], dict[str, int]]:
    """The engines whose text is the same as ours in every set; why others are out; the size of the file in bytes."""
    wanted: dict[int, list[str]] = {}
    kept, out, sizes = {}, {}, {}
    for name, worker in engines.items():
        file = folder / f"{name}.made.docx"
        for number in range(SETS):
            worker.ask(name, number, file)
            text = text_of(file.read_bytes())
            if wanted.setdefault(number, text) != text and "floor" not in name:
                pair = next((pair for pair in zip(wanted[number], text, strict=False) if pair[0] != pair[1]), ("", ""))
                out[name] = f"other text: {pair[1]!r} instead of {pair[0]!r}"
        sizes[name] = file.stat().st_size
        if name not in out:
            kept[name] = worker
    return kept, out, sizes


def measure(engines: dict[str, Worker], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each, some documents in a row, turn by turn; neither the first ``WARM`` nor a turn's first count."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    for name, worker in engines.items():
        for number in range(WARM):
            worker.ask(name, number % SETS)
    for turn in range(rounds):
        for name, worker in engines.items():
            times[name] += [worker.ask(name, (turn + one) % SETS) for one in range(IN_A_ROW)][RUN_IN:]
    return times


def rendering(engines: dict[str, Worker], folder: Path, rounds: int) -> dict[str, Any]:
    """{"engines": {name: {"version", "ms", "bytes"}}, "out": {name: why}}."""
    kept, out, sizes = agreed(engines, folder)
    medians = {name: round(statistics.median(times), 3) for name, times in measure(kept, rounds).items()}
    found = {name: {"version": kept[name].versions[name], "ms": ms, "bytes": sizes[name]} for name, ms in medians.items()}
    return {"engines": found, "out": out}
