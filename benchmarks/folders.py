"""Folder → document on disk, and how that grows: ``python folders.py WORK INPUTS [DOCUMENTS]`` prints JSON.

Beside ``reportgen build`` stands the job written plainly: openpyxl reads the workbook, python-docx the prose, docxtpl
fills a template. It is spared all thinking: every figure comes to it worked out, nothing is checked, scored or traced.
Its document must have the same text. Times are processor time, so that what else the machine does doesn't count.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docxtpl import DocxTemplate
from paper import text_of

from reportgen.build import build

STEPS = (10, 100, 1000, 10_000)
_FIGURE = re.compile(
    r'(<w:bookmarkStart w:id="(\d+)" w:name="_f(\d+)"/>.*?<w:t[^>]*>)([^<]*)(</w:t></w:r><w:bookmarkEnd w:id="\2"/>)'
)


def plain_template(made: Path, template: Path) -> dict[str, str]:
    """Our document with a tag in the place of every figure; the figures."""
    figures: dict[str, str] = {}

    def tag(found: re.Match[str]) -> str:
        figures[f"f{found[3]}"] = unescape(found[4])
        return f"{found[1]}{{{{ f{found[3]} }}}}{found[5]}"

    with zipfile.ZipFile(made) as old, zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, _FIGURE.sub(tag, part.decode()) if name == "word/document.xml" else part)
    return figures


def plainly(folder: Path, template: Path, figures: dict[str, str], out: Path) -> None:
    """The job as most would write it."""
    book = openpyxl.load_workbook(folder / "数据.xlsx", data_only=True)
    values = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    prose = [paragraph.text for path in sorted(folder.glob("正文*.docx")) for paragraph in docx.Document(str(path)).paragraphs]
    paper = DocxTemplate(template)
    paper.render({**figures, "数据": values, "正文": prose}, autoescape=True)
    paper.save(out)


def side_by_side(folder: Path, work: Path, rounds: int) -> dict[str, Any]:
    """{"reportgen": ms, "plain": ms, "figures": number}, medians, in turn."""
    document = _document(folder, work / "out")
    figures = plain_template(document, work / "plain.docx")
    jobs: dict[str, Callable[[], object]] = {
        "reportgen": lambda: build([folder], work / "out"),
        "plain": lambda: plainly(folder, work / "plain.docx", figures, work / "plainly.docx"),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 2):
        for name, job in jobs.items():
            shutil.rmtree(work / "out", ignore_errors=True)  # what is there already need not be made again
            start = time.process_time()
            job()
            times[name] += [(time.process_time() - start) * 1000] if turn > 1 else []
    if text_of((work / "plainly.docx").read_bytes()) != text_of(_document(folder, work / "out").read_bytes()):
        raise SystemExit("the plain job gives another text")
    return {**{name: round(statistics.median(each), 1) for name, each in times.items()}, "figures": len(figures)}


def _document(folder: Path, out: Path) -> Path:
    (made,) = build([folder], out)
    return next(path for path in made.files if path.suffix == ".docx")


def growth(folder: Path, work: Path, documents: int) -> list[dict[str, float]]:
    """At 10, 100, … documents of one run: milliseconds a document since the last step, MiB of memory in use."""
    many = work / "many"
    shutil.rmtree(many, ignore_errors=True)
    for number in range(documents):
        shutil.copytree(folder, many / f"{number + 1:05}")
    steps: list[dict[str, float]] = []
    last = 0, time.process_time()
    done = 0

    def told(_made: object) -> None:
        nonlocal done, last
        done += 1
        if done in STEPS:
            now = time.process_time()
            steps.append({"documents": done, "ms": round((now - last[1]) * 1000 / (done - last[0]), 1), "mib": round(_memory(), 1)})
            last = done, now

    build([many], work / "grown", told)
    shutil.rmtree(many)
    shutil.rmtree(work / "grown")
    return steps


def _memory() -> float:
    """Resident memory in MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0


def start_up(rounds: int) -> dict[str, float]:
    """Medians of a whole process, wall milliseconds, in turn: --help, and nothing but ``import click``."""
    commands = {"help": ["-m", "reportgen", "--help"], "click": ["-c", "import click"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)
            times[name] += [(time.perf_counter() - start) * 1000] if turn else []
    return {name: round(statistics.median(each), 1) for name, each in times.items()}


def main() -> None:
    """Measure and print."""
    work, folder, documents = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    found = {"job": side_by_side(folder, work, 15), "growth": growth(folder, work, documents), "start": start_up(15)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
