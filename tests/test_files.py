"""One file on disk: the old one or the new one whatever fails, and nobody's work lost."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.write.files import PREFIX, holder, sweep, write_beside, write_whole
from tests.conftest import Record
from tests.support.samples import ROOT

OLD, NEW = b"old " * 1000, b"new " * 2000
CALLS = ("open", "write", "fsync", "close", "chmod", "replace")


class Fails:
    """The operating system, of whose calls the n-th fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, error: int) -> None:
        self.left, self.error, self.failed = number, error, ""
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.failed = name
                if name == "close":
                    real(*arguments)  # a close that fails has closed
                raise OSError(self.error, os.strerror(self.error))
            return real(*arguments, **more)

        return call


@pytest.mark.parametrize("before", [OLD, None])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EPERM])
def test_whichever_call_fails_there_is_the_old_file_or_the_new_one(
    before: bytes | None, error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    path, failed = tmp_path / "报告.docx", []
    for number in range(1, 100):
        if before is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(before)
        with monkeypatch.context() as patch:
            disk = Fails(patch, number, error)
            try:
                write_whole(path, NEW, patience=0)
                written = True
            except OSError:
                written = False
        found = path.read_bytes() if path.exists() else None
        assert found == (NEW if written else before)
        assert [one.name for one in tmp_path.iterdir()] == ([path.name] if found is not None else [])
        if not disk.failed:
            break
        failed.append(disk.failed)
    record_property("次故障", len(failed))
    assert set(failed) == set(CALLS)  # each was made to fail at least once
    assert written


def test_a_write_in_pieces_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, bytes(data)[:7]))
    write_whole(tmp_path / "报告.docx", NEW)
    assert (tmp_path / "报告.docx").read_bytes() == NEW


def test_a_disk_that_keeps_something_else_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "报告.docx").write_bytes(OLD)
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, bytes(data).replace(b"new", b"nev")))
    with pytest.raises(OSError, match="报告"):
        write_whole(tmp_path / "报告.docx", NEW)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("报告.docx", OLD)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file to set")
@pytest.mark.parametrize("room", [0, 1, 4096, len(NEW) - 1])
def test_a_full_disk_leaves_the_old_file_whole(room: int, tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(OLD)
    code = "from pathlib import Path; from reportgen.write.files import write_whole; write_whole(Path('报告.docx'), b'new ' * 2000)"

    def small() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, preexec_fn=small, capture_output=True, check=False
    )
    assert b"File too large" in done.stderr
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("报告.docx", OLD)]


def test_a_report_can_be_read_by_colleagues(tmp_path: Path) -> None:
    write_whole(tmp_path / "报告.docx", NEW)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "报告.docx").stat().st_mode) == 0o666 & ~mask


# --- open in Word --------------------------------------------------------------------------------------------


def held(monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> None:
    """The file can't be replaced so many times, as when Word or a scanner has it open on Windows."""
    left, replace = [times], os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target).name == name and left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "另一个程序正在使用此文件")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)


def test_a_file_held_for_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held(monkeypatch, "报告.docx", 3)
    assert write_beside(tmp_path / "报告.docx", NEW, lambda _: False).name == "报告.docx"
    assert [one.name for one in tmp_path.iterdir()] == ["报告.docx"]


def test_a_file_that_stays_open_gets_the_new_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "报告.docx").write_bytes(OLD)
    (tmp_path / "报告(1).docx").write_bytes(b"somebody's")
    held(monkeypatch, "报告.docx", 1000)
    monkeypatch.setattr("reportgen.write.files.PATIENCE", 0.05)
    assert write_beside(tmp_path / "报告.docx", NEW, lambda path: path.read_bytes() != b"somebody's").name == "报告(2).docx"
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        "报告.docx": OLD,
        "报告(1).docx": b"somebody's",
        "报告(2).docx": NEW,
    }


def test_what_is_the_same_already_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "报告.docx").write_bytes(NEW)
    held(monkeypatch, "报告.docx", 1000)
    assert write_beside(tmp_path / "报告.docx", NEW, lambda _: False).name == "报告.docx"


def owner_file(name: str) -> bytes:
    """What Word puts beside an open document: the length of the user's name, the name, padding."""
    raw = name.encode("gb18030")
    return bytes([len(raw)]) + raw.ljust(53, b" ") + b"\0" * 108


@pytest.mark.parametrize(
    ("document", "beside"),
    [("甲.docx", "~$甲.docx"), ("小镇图书馆.docx", "~$图书馆.docx"), ("甲乙丙.docx", "~$乙丙.docx")],
)
def test_word_says_who_has_it_open(document: str, beside: str, tmp_path: Path) -> None:
    assert holder(tmp_path / document) is None
    (tmp_path / beside).write_bytes(owner_file("张三"))
    assert holder(tmp_path / document) == "张三"
    (tmp_path / beside).write_bytes(b"")
    assert holder(tmp_path / document) == ""


def test_only_our_own_leavings_are_swept(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    ours = [tmp_path / f"{PREFIX}x.tmp", tmp_path / "甲" / f"{PREFIX}y.tmp"]
    others = [tmp_path / "草稿.tmp", tmp_path / "甲" / "~$报告.docx", tmp_path / "甲" / ".~lock.报告.docx#"]
    for path in (*ours, *others):
        path.write_bytes(b"")
    sweep(tmp_path)
    assert [path for path in (*ours, *others) if path.exists()] == others
