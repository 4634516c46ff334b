"""Reports made over a cluster: a scheduler and two workers, real processes on this machine, one of them killed."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.support.kinds import BASICS, Library
from tests.support.needs import needs
from tests.support.samples import ROOT
from tests.test_batch import contents
from tests.test_cli import run_in

INSTALLED = importlib.util.find_spec("distributed") is not None
pytestmark = needs(present=INSTALLED, reason="needs distributed: pip install '.[cluster]'")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


class Cluster:
    """A scheduler and two workers of one process each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._said(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")
        self.workers = [self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in "12"]
        for worker in self.workers:
            self._said(worker, r"(Registered to)")

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)

    def _said(self, process: subprocess.Popen[str], pattern: str) -> str:
        assert process.stderr
        for line in process.stderr:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"never said {pattern}")

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.communicate()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "elsewhere").mkdir()
    made = Cluster(tmp_path / "elsewhere")
    yield made
    made.stop()


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Forty submissions."""
    library = Library(tmp_path)
    found = [f"第{number:02}镇" for number in range(40)]
    for name in found:
        library.write(name, {"基本信息": BASICS.replace("小镇", name)})
    return found


class Build:
    """A batch over the cluster: `first` is what it printed first, `finish` waits for its code, output and messages."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        executor = cluster.address.replace("tcp", "dask")
        command = [sys.executable, "-u", "-m", "reportgen", "build", "材料", "--executor", executor]
        # unbuffered: a buffer would read beyond the first line, and communicate() would never see what it took
        self.run = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=PIPE, stderr=PIPE, bufsize=0)
        assert self.run.stdout
        self.first = self.run.stdout.readline()

    def finish(self) -> tuple[int, str, str]:
        out, err = self.run.communicate(timeout=120)
        return self.run.returncode, (self.first + out).decode(), err.decode()


def test_a_worker_killed_midway_loses_nothing_and_changes_no_byte(names: list[str], cluster: Cluster, tmp_path: Path) -> None:
    run = Build(tmp_path, cluster)
    cluster.workers[0].send_signal(signal.SIGKILL)
    code, out, err = run.finish()
    assert code == 0, err
    assert re.fullmatch("共40份：生成[0-9]+份，(没有变[0-9]+份，)?没有生成0份。", out.splitlines()[-1])  # a lost receipt: 没有变
    assert {line.split("/")[0] for line in err.splitlines()} >= {f"已完成{number}" for number in range(2, 41, 2)}
    assert [line.split("/")[1] for line in out.splitlines()[:-1]] == names
    assert run_in(tmp_path, "build", "材料", "--out", "独自").code == 0
    assert contents(tmp_path / "build") == contents(tmp_path / "独自")


def test_a_lost_scheduler_ends_the_run_and_the_next_goes_on(names: list[str], cluster: Cluster, tmp_path: Path) -> None:
    run = Build(tmp_path, cluster)
    cluster.scheduler.kill()
    code, _, err = run.finish()
    assert (code, err.splitlines()[-1]) == (1, "和调度程序断了联系；做好的都在，再运行一次就接着做。")
    counts = run_in(tmp_path, "build", "材料", "--format", "json").json()
    assert (counts["failed"], counts["made"] + counts["unchanged"], counts["unchanged"] > 0) == (0, len(names), True)


def test_a_cluster_that_is_not_there_is_said(names: list[str], tmp_path: Path) -> None:
    result = run_in(tmp_path, "build", "材料", "--executor", "dask://127.0.0.1:1", DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s")
    assert (result.code, result.out) == (1, "")
    assert result.err.splitlines()[-1] == "连不上“dask://127.0.0.1:1”，或那里还没有接上电脑。"
