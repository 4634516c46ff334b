"""What is installed from the wheel makes the same bytes as the checkout, in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT
from tests.support.samples import LUOHU, copy_of


def _run(*command: str, cwd: Path, **environment: str) -> None:
    environment = {**os.environ, **environment}
    done = subprocess.run([sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wheel_in_an_empty_folder_builds_the_same_bytes(tmp_path: Path) -> None:
    dist, site, empty = (tmp_path / name for name in ("dist", "site", "empty"))
    _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(ROOT), cwd=ROOT)
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        package.extractall(site)
    empty.mkdir()
    copy_of(LUOHU, empty)
    code = "import reportgen, sys; from reportgen.cli import main; assert sys.argv.pop(1) in reportgen.__file__; main()"
    _run("-c", code, str(site), "build", "luohu-2024", cwd=empty, PYTHONPATH=str(site))
    _run("-c", code, str(site), "codes", "E221", cwd=empty, PYTHONPATH=str(site))
    _run("-c", code, str(site), "names", "work_plan", cwd=empty, PYTHONPATH=str(site))
    _run("-m", "reportgen", "build", str(LUOHU), "--out", str(tmp_path / "here"), cwd=ROOT)
    made = {path.name: path.read_bytes() for path in (empty / "build" / "luohu-2024").iterdir()}
    assert len(made) == 2
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "here" / "luohu-2024").iterdir()}
