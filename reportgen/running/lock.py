"""One run at a time on one output folder; the system lets go of the lock when its holder ends, however it ends."""

from __future__ import annotations

import errno
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from reportgen.write.files import why

NAME = ".~reportgen.lock"
_FAR = 1 << 30  # the byte that is locked lies beyond the note in the file, which others may read


class Taken(Exception):
    """Another run holds the folder, or it can't be written in; the message says so."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder, made if need be, and gone again if nothing was put in it. Taken."""
    path, new = folder / NAME, not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _acquire(path)
    except OSError as error:
        raise Taken(f"写不进“{folder}”：{why(error)}。请用 --out 换一个文件夹") from error
    try:
        yield
    finally:
        _release(path, handle)
        if new:
            with suppress(OSError):
                folder.rmdir()


def _acquire(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _lock(handle):
            os.close(handle)
            raise Taken(f"“{path.parent}”正由另一次运行使用{_note(path)}。请等它做完再试，或用 --out 换一个文件夹")
        with suppress(OSError):
            if os.path.samestat(os.fstat(handle), path.stat()):  # not one that its holder has just removed
                break
        os.close(handle)
    started = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    note = f"（进程{os.getpid()}，电脑{platform.node()}，{started}开始，命令：{' '.join(sys.argv)}）"
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, note.encode("utf-8", "replace"))
    return handle


def _note(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _release(path: Path, handle: int) -> None:
    if sys.platform == "win32":  # where an open file can't be removed
        os.close(handle)
        with suppress(OSError):
            path.unlink()
    else:  # where another run could take the file up between closing and removing it
        path.unlink(missing_ok=True)
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:  # a file system that knows no locks can't keep two runs apart, but takes one
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        return True
