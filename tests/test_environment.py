"""Whatever the console, the locale, the time zone and the folders are called: the same words, the same bytes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Record
from tests.support.kinds import BASICS, Library
from tests.support.samples import LUOHU, SHENZHEN, ZHONGWEI
from tests.test_cli import Run, files, run_in

NAME = "小镇图书馆2024年度自评报告.docx"
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux terminal and its capabilities")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return lambda *arguments, **environment: run_in(tmp_path, *arguments, **environment)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {name: (folder / name).read_bytes() for name in files(folder)}


# ── consoles and locales ──

ENVIRONMENTS = {
    "a Chinese Windows console": {"PYTHONIOENCODING": "cp936", "PYTHONUTF8": "0"},
    "one that stops at what it lacks": {"PYTHONIOENCODING": "cp936:strict"},
    "the C locale": {"LC_ALL": "C"},
    "the POSIX locale": {"LC_ALL": "POSIX", "LANG": "zh_CN.GBK"},
    "a console of plain ASCII": {"LC_ALL": "C", "PYTHONIOENCODING": "ascii:strict"},
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=[*ENVIRONMENTS])
def test_what_is_written_to_a_file_is_utf_8_whatever_the_console(environment: dict[str, str], run: Run, library: Library) -> None:
    library.write("小镇𠮷", {"基本信息": BASICS.replace("小镇", "小镇𠮷🏛")})
    for arguments in (["check", "材料"], ["build", "材料", "--force"]):
        strange = run(*arguments, **environment)
        assert (strange.code, strange.out, strange.err) == (0, run(*arguments).out, "")
    assert strange.out.startswith(f"已生成 build/小镇𠮷/{NAME.replace('小镇', '小镇𠮷🏛')}，100分，优")
    assert run("check", **environment).err == "用法不对：缺少文件夹…。请看 reportgen --help\n"


def shown(folder: Path, *arguments: str, **environment: str) -> bytes:
    """What a run shows on a terminal, byte for byte."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reportgen", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=given) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 4096):
                pieces.append(piece)
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0, b"".join(pieces)
    return b"".join(pieces)


@linux
def test_a_chinese_console_shows_chinese_and_a_mark_for_what_it_lacks(library: Library, tmp_path: Path) -> None:
    library.write("小镇𠮷")
    said = shown(tmp_path, "build", "材料", PYTHONIOENCODING="cp936", PYTHONUTF8="0").decode("cp936")
    assert f"已生成 build/小镇?/{NAME}，100分，优" in said


def test_a_system_that_takes_english_names_only_is_told_how_to_go_on(run: Run, library: Library) -> None:
    library.write()
    result = run("build", "材料", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    if sys.platform != "win32":
        said = "这里的系统设置不认中文文件名。请设置环境变量 PYTHONUTF8=1 再运行。\n"
        assert (result.code, result.out, result.err) == (1, "", said)


# ── time zones ──


def test_the_reports_have_the_same_bytes_in_every_time_zone(tmp_path: Path, record_property: Record) -> None:
    """Kiritimati is fourteen hours ahead of Greenwich, Adak ten behind it: it is never the same day in both."""
    samples = [str(one) for one in (LUOHU, SHENZHEN, ZHONGWEI)]
    for zone in ("Pacific/Kiritimati", "America/Adak"):
        assert run_in(tmp_path, "build", *samples, "--out", zone, TZ=zone).code == 0
    east, west = (bytes_of(tmp_path / zone) for zone in ("Pacific/Kiritimati", "America/Adak"))
    record_property("个文件", len(east))
    assert len(east) == 7  # three reports, their ledgers, and the table of all
    assert east == west


def test_the_reports_have_the_same_bytes_whatever_the_locale_and_the_order_of_sets(tmp_path: Path) -> None:
    for name, more in (("甲", {"PYTHONHASHSEED": "1", "LC_ALL": "C"}), ("乙", {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"})):
        assert run_in(tmp_path, "build", str(LUOHU), "--out", name, **more).code == 0
    assert bytes_of(tmp_path / "甲") == bytes_of(tmp_path / "乙")


# ── folders ──


def test_paths_may_have_blanks_and_chinese(run: Run, library: Library, tmp_path: Path) -> None:
    library.write("小 镇（2024年）#1")
    result = run("build", "材料/小 镇（2024年）#1", "--out", "输出 文件夹/报告")
    assert result.code == 0
    assert files(tmp_path / "输出 文件夹") == [f"报告/小 镇（2024年）#1/{name}" for name in ("台账.json", NAME)]


@pytest.mark.parametrize("odd", ["100% 完成", "甲&乙=丙;$HOME", "'引号' \"双\"", "[a-z]*？", "-rf", "𠮷🏛", "e\u0301"])
def test_paths_may_have_what_shells_and_patterns_mean_something_by(
    odd: str, run: Run, library: Library, tmp_path: Path
) -> None:
    library.write(odd)
    assert run("build", f"材料/{odd}").out.endswith("共1份：生成1份，没有生成0份。\n")
    assert len(files(tmp_path / "build")) == 2


def test_a_folder_whose_name_is_as_long_as_names_may_be_gets_its_report(
    run: Run, library: Library, tmp_path: Path
) -> None:
    library.write("长" * 85)  # 255 bytes, where Linux stops
    assert run("build", "材料").code == 0
    assert files(tmp_path / "build") == [f"{'长' * 80}/{name}" for name in ("台账.json", NAME)]


@pytest.mark.parametrize("where", ["材料", "材料/小镇", "别处/里面"])
def test_it_may_be_run_from_anywhere(where: str, library: Library, tmp_path: Path) -> None:
    library.write()
    (tmp_path / where).mkdir(parents=True, exist_ok=True)
    (tmp_path / where / "templates").symlink_to(tmp_path / "templates")
    relative = os.path.relpath(tmp_path / "材料" / "小镇", tmp_path / where)
    assert run_in(tmp_path / where, "build", relative, "--out", str(tmp_path / "甲")).code == 0
    assert run_in(tmp_path, "build", "材料/小镇", "--out", "乙").code == 0
    assert bytes_of(tmp_path / "甲") == bytes_of(tmp_path / "乙")


# ── a folder that nothing may be written in ──


def without_privilege() -> None:
    """From here on even root is held to what a file's mode says: the capabilities to override it are given up."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@linux
@pytest.mark.parametrize("there", [".", "小镇"], ids=["no folder can be made", "the report's own folder"])
def test_a_read_only_output_folder_is_said_and_left_as_it_was(there: str, library: Library, tmp_path: Path) -> None:
    library.write()
    closed = tmp_path / "build" / there
    closed.mkdir(parents=True)
    (closed / "旧.txt").write_text("旧", "utf-8")
    closed.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", "build", "材料"], cwd=tmp_path, capture_output=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=without_privilege,
    )  # fmt: skip
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode == 1
    assert "没有权限" in said, said
    assert "Traceback" not in said
    assert [path.name for path in closed.iterdir()] == ["旧.txt"]
