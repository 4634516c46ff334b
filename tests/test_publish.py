"""Where a report is written: a name that every system takes, under the folder asked for, all of it or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.build import build
from reportgen.write.files import safe_name, write_whole
from tests.conftest import ROOT
from tests.support.kinds import BASICS, Library, told

RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {f"{one}{n}" for one in ("COM", "LPT") for n in "0123456789¹²³"}
ODD = [*"<>:\"/\\|?*. conCON1\n\0\u200b\ue000馆𠮷é", "..", "AUX", "lpt1.", "\ud83d", "e\u0301", "\u0301", "\u3000"]
TEXT = st.text(max_size=120) | st.lists(st.sampled_from(ODD), max_size=99).map("".join)


@given(TEXT)
def test_any_title_is_a_name_that_windows_linux_and_macos_take(title: str) -> None:
    name = safe_name(title)
    assert 0 < len(name) <= 80
    assert len(f"{name}.docx".encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert [one for one in name if unicodedata.category(one)[0] == "C"] == []
    assert name == name.strip().strip(".").strip()
    assert name.partition(".")[0].strip().upper() not in RESERVED
    assert Path("build", name).parent == Path("build")
    assert Path("build", name).name == unicodedata.normalize("NFC", name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("深圳市罗湖区卫生健康局2024年度报告（送审稿）", "深圳市罗湖区卫生健康局2024年度报告（送审稿）"),
        ("R&D 中心：2024/2025年报告", "R&D 中心：2024_2025年报告"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("Aux.报告", "_Aux.报告"),
        ("报告. . ", "报告"),
        ("\u202e\u200b\ue000", "报告"),
        ("𠮷" * 90, "𠮷" * 60),
    ],
)
def test_a_title_keeps_what_it_can(title: str, name: str) -> None:
    assert safe_name(title) == name


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def test_a_unit_with_a_long_and_rare_name_gets_its_report(library: Library) -> None:
    (made,) = build([library.write(sheets={"基本信息": BASICS.replace("小镇图书馆", "𠮷" * 100)})], Path("build"))
    assert made.files[0].exists()
    assert made.files[0].name == "𠮷" * 60 + ".docx"


@pytest.mark.parametrize(("one", "other"), [("Branch", "branch"), ("馆é", "馆e\u0301"), ("a:b", "a_b")])
def test_two_folders_whose_reports_would_lie_in_one_are_both_told(library: Library, one: str, other: str) -> None:
    folders = [library.write(f"{one}"), library.write(f"又/{other}")]
    outcomes = build(folders, Path("build"))
    assert [made.status for made in outcomes] == ["failed", "failed"]
    assert told(outcomes[1].problems) == [
        f"错误 E003 有两个文件夹都叫“{other}”（请改名后分别生成；只有大小写不同的也算同名）"
    ]


def test_a_path_that_word_can_not_open_is_told(library: Library) -> None:
    out = Path("长" * 80) / ("长" * 80) / ("长" * 80)
    (made,) = build([library.write()], out)
    (problem,) = made.problems
    assert (made.status, problem.code) == ("failed", "E602")
    assert problem.message.startswith("路径有")
    assert not out.exists()


def test_the_folder_for_reports_may_be_a_link_but_none_inside_it(library: Library, tmp_path: Path) -> None:
    submission = library.write()
    (tmp_path / "真").mkdir()
    (tmp_path / "别处").mkdir()
    (tmp_path / "build").symlink_to(tmp_path / "真")
    assert build([submission], Path("build"))[0].status == "made"
    for path in (tmp_path / "真" / "小镇").iterdir():
        path.unlink()
    (tmp_path / "真" / "小镇").rmdir()
    (tmp_path / "真" / "小镇").symlink_to(tmp_path / "别处")
    (made,) = build([submission], Path("build"))
    assert [problem.code for problem in made.problems] == ["E602"]
    assert list((tmp_path / "别处").iterdir()) == []


def test_a_link_in_the_place_of_a_report_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "原文.docx").write_bytes(b"theirs")
    (tmp_path / "报告.docx").symlink_to(tmp_path / "原文.docx")
    write_whole(tmp_path / "报告.docx", b"ours")
    assert (tmp_path / "原文.docx").read_bytes() == b"theirs"
    assert (tmp_path / "报告.docx").read_bytes() == b"ours"
    assert not (tmp_path / "报告.docx").is_symlink()


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
from reportgen.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_leaves_the_old_report_and_no_remains(library: Library, tmp_path: Path) -> None:
    (old,) = build([library.write()], Path("build"))
    before = old.files[0].read_bytes()
    library.write(sheets={"基本信息": BASICS.replace("2025-03-28", "2025-03-29")})
    command = [sys.executable, "-c", FULL_DISK, "build", "材料/小镇"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert "写不进去：磁盘满了" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
    assert old.files[0].read_bytes() == before
    assert sorted(path.name for path in old.files[0].parent.iterdir()) == sorted(path.name for path in old.files)
