"""The other engines, each installed under .cache/bench and never beside the project's own dependencies."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "bench"
NPM = {"docxtemplater": ["docxtemplater@3", "pizzip@3"], "easy-template-x": ["easy-template-x@7"],
       "carbone": ["carbone@3"], "docx-templates": ["docx-templates@4"]}  # fmt: skip
OWN = ("reportgen", "reportgen traced", "reportgen gate", "reportgen traced gate")
FLOORS = ("floor", "floor zlib 1", "floor zlib 6", "floor libdeflate 1", "floor libdeflate 6", "floor isal 1")


@dataclass
class Worker:
    """A process that renders one document a request; ``versions`` by the engines it has."""

    process: subprocess.Popen[str]
    versions: dict[str, str] = field(default_factory=dict)

    def ask(self, *words: object) -> float:
        """Milliseconds; RuntimeError if the engine failed."""
        out, back = _ends(self.process)
        out.write("\t".join(map(str, words)) + "\n")
        out.flush()
        if not (answer := back.readline()):
            raise RuntimeError(f"{words[0]} stopped")
        return float(answer)


def _ends(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin and process.stdout
    return process.stdin, process.stdout


def installed() -> tuple[dict[str, Path], list[str]]:
    """The Python of each environment by its name, and what could not be installed."""
    pythons, missing = {}, []
    for name, packages in {"main": ["docxtpl", "isal", "deflate"], "rust": ["rust-docxtpl"]}.items():
        pythons[name], failed = _environment(CACHE / name, packages)
        missing += failed
    return pythons, [*missing, *_node_modules()]


def _environment(folder: Path, packages: list[str]) -> tuple[Path, list[str]]:
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    own = ["--editable", str(HERE.parent)]
    jobs = ([*own] if folder.name == "main" else [], *([one] for one in packages))
    return python, [job[-1] for job in jobs if job and not _runs([str(python), "-m", "pip", "install", "--quiet", *job], HERE)]


def _node_modules() -> list[str]:
    folder = CACHE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}')
    npm = "npm.cmd" if sys.platform == "win32" else "npm"
    packages = [one for ones in NPM.values() for one in ones]
    common = [npm, "install", "--no-audit", "--no-fund", "--silent"]
    if _runs([*common, *packages], folder):
        return []
    return [name for name, ones in NPM.items() if not _runs([*common, *ones], folder)]


def _runs(command: list[str], folder: Path) -> bool:
    try:
        return subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def workers(pythons: dict[str, Path], folder: Path) -> Iterator[dict[str, Worker]]:
    """The worker of each engine, in the order of the table; they share one core where the system can hold them to it."""
    script = str(HERE / "engines.py")
    commands = (
        [str(pythons["main"]), script, str(folder), *OWN, "docxtpl", "python-docx", *FLOORS],
        [str(pythons["rust"]), script, str(folder), "rust-docxtpl"],
        ["node", str(HERE / "engines.mjs"), str(folder), str(CACHE / "node")],
    )
    started = [one for one in map(_started, commands) if one]
    try:
        yield {name: one for one in started for name in one.versions}
    finally:
        for one in started:
            one.process.stdin.close() if one.process.stdin else None
            one.process.wait()


def _started(command: list[str]) -> Worker | None:
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)
    except OSError:
        return None
    first = _ends(process)[1].readline()
    return Worker(process, json.loads(first)) if first else None
