"""Files that are the old ones or the new ones, never half of either, whatever happens while they are written."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

PREFIX, SUFFIX = ".~reportgen-", ".tmp"
PATIENCE = 2.5  # seconds: scanners and indexers on Windows let go of a file sooner, Word does not
COPIES = 9
_WHY = {
    errno.ENOSPC: "磁盘满了", errno.EFBIG: "磁盘满了", errno.EROFS: "这个磁盘只能读",
    errno.EACCES: "没有权限，或正被其他程序打开", errno.EPERM: "没有权限，或正被其他程序打开",
    errno.EEXIST: "有一个同名的文件", errno.ENOTDIR: "有一个同名的文件", errno.EISDIR: "有一个同名的文件夹",
    errno.ENOENT: "没有这个文件夹", errno.ENAMETOOLONG: "文件夹和文件名太长",
}  # fmt: skip
_UNSAFE, _EDGES = re.compile(r'[<>:"/\\|?*]'), re.compile(r"^[\s.]+|[\s.]+$")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)")
LONGEST_PATH = 240  # what Word opens on Windows, with some room for the folder to be moved


def safe_name(text: str) -> str:
    """A file name that every system takes: no forbidden or unseen characters, no reserved name, at most 80 characters."""
    seen = "".join(one for one in text if unicodedata.category(one)[0] != "C")  # first: what they part may belong together
    name = _EDGES.sub("", _UNSAFE.sub("_", unicodedata.normalize("NFC", seen)))
    name = f"_{name}" if _RESERVED.match(name) else name
    return _EDGES.sub("", name.encode()[:240].decode(errors="ignore")[:80]) or "报告"  # Linux counts bytes


def cannot_stand(path: Path) -> tuple[str, str] | None:
    """Why a document may not be written there, and what to do: its folder is a link to elsewhere, or the path too long."""
    folder, length = path.parent, len(str(path.absolute()))
    if folder.resolve().parent != folder.parent.resolve():
        return f"“{folder}”是指到别处的链接", "请改名或删去这个链接"
    if length > LONGEST_PATH:
        return f"路径有{length}个字，太长了，Word 会打不开", "请用 --out 换一个短些的文件夹"
    return None


def why(error: OSError) -> str:
    """Why a file could not be written, in Chinese where the reason is a usual one."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


def write_whole(path: Path, data: bytes, patience: float = PATIENCE) -> None:
    """Write beside, flush to disk, read back, rename: the old file or the new one, never half a file. OSError.

    The names of all that was renamed in the folder so far are on disk as well when it returns.
    """
    _replace(path, data, patience)
    settle(path.parent)


def _replace(path: Path, data: bytes, patience: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
    beside = Path(name)
    try:
        _fill(handle, data)
        if beside.read_bytes() != data:
            raise OSError(None, "写进去的和读出来的不一样，请检查磁盘", str(path))
        beside.chmod(0o666 & ~_umask())  # a temporary file is its owner's alone; a report is for colleagues too
        _rename(beside, path, patience)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_beside(path: Path, data: bytes, ours: Callable[[Path], bool]) -> Path:
    """Write to ``path``, or to 名称(1) … where a program holds that open; which it was. ``ours``: may be replaced. OSError.

    As whole as write_whole; that the new name is on disk too is left to whatever is written there next, or to settle.
    """
    if digest(path) == hashlib.sha256(data).hexdigest():
        return path
    try:
        _replace(path, data, 0 if holder(path) is not None else PATIENCE)
        return path
    except PermissionError:
        for other in _numbered(path):
            if not other.exists() or ours(other):
                with suppress(PermissionError):
                    _replace(other, data, 0)
                    return other
        raise


def holder(path: Path) -> str | None:
    """Who has the file open in Word or Excel, by the ~$ file that these put beside it: a name, "" when it says none."""
    for cut in range(3):  # a long name loses its first letters there
        with suppress(OSError):
            note = path.with_name(f"~${path.name[cut:]}").read_bytes()
            return note[1 : 1 + note[0]].decode("gb18030", "replace").strip() if note else ""
    return None


def sweep(folder: Path) -> None:
    """Remove what interrupted runs left in the folder and those in it: nobody else writes while we hold its lock."""
    for pattern in (f"{PREFIX}*{SUFFIX}", f"*/{PREFIX}*{SUFFIX}"):
        for path in folder.glob(pattern):
            with suppress(OSError):
                path.unlink()


def digest(path: Path) -> str:
    """The file's sha256 in hex, "" when there is none to read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _numbered(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.stem}({number}){path.suffix}") for number in range(1, COPIES + 1))


def _fill(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename(beside: Path, path: Path, patience: float) -> None:
    until = time.monotonic() + patience
    for attempt in count(1):
        try:
            beside.replace(path)
            return
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(min(0.1 * attempt, 0.5))


def settle(folder: Path) -> None:
    """Flush the new names to disk too; Windows has no such call, and some file systems refuse it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
