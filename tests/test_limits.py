"""Files made to use up memory or time are refused within 1.5 GB and a few seconds, in a process of their own."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.conftest import ROOT
from tests.support.bad import Parts, parts_of, zipped
from tests.support.workbooks import save, workbook

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on memory")
MEMORY, SECONDS = 1_500 * 2**20, 5
READ = f"""
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
path, began = Path(sys.argv[1]), time.process_time()
if path.suffix == ".xlsx":
    from reportgen.read.sheets import read_sheets
    print(*sorted({{trouble.code for trouble in read_sheets(path)[1]}}))
elif path.stem == "report":
    from reportgen.formats import FORMATS
    from reportgen.write.source import TemplateError
    from reportgen.write.template import compile_template
    try:
        compile_template(path, FORMATS)
    except TemplateError as error:
        print(*sorted({{problem.code for problem in error.problems}}))
else:
    from reportgen.read.prose import read_prose
    print(*sorted({{problem.code for problem in read_prose([path], {{}})[1]}}))
print(time.process_time() - began, file=sys.stderr)
"""


def plain(path: Path) -> Parts:
    """A small sound file of the kind that the name says."""
    if path.suffix == ".xlsx":
        return parts_of(save(workbook({"表": "甲 | 1"}), path))
    return parts_of(save(docx.Document(), path))


def with_bomb(path: Path) -> bytes:
    """A member that unpacks to a thousand times its size."""
    return zipped({**plain(path), "media/a.bin": bytes(40 * 2**20)})


def with_many_members(path: Path) -> bytes:
    """A million empty members, listed by a directory of 50 MB."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0)
    listed = b"".join(entry + b"%06d" % number for number in range(1_000_000))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 6, 0) + b"000000"
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, len(listed), len(local), 0)
    return local + listed + end


def nested(path: Path) -> bytes:
    """A bomb inside a package inside the package: never opened."""
    return zipped({**plain(path), "media/a.zip": zipped({"b.zip": zipped({"c.bin": bytes(50 * 2**20)})})})


def overlapping(path: Path) -> bytes:
    """A thousand members that are all one: its bytes count each time."""
    made = io.BytesIO(zipped({**plain(path), "media/a.bin": os.urandom(2**20)}))
    with zipfile.ZipFile(made) as package:
        (one,) = (member for member in package.infolist() if member.filename.endswith("a.bin"))
    data = made.getvalue()
    at = data.rindex(b"PK\1\2", 0, data.rindex(b"media/a.bin"))
    entry = data[at : at + 46 + len(one.filename)]
    start = data.index(b"PK\1\2")
    end = data.rindex(b"PK\5\6")
    listed = data[start:end] + b"".join(entry.replace(b"a.bin", b"%05d" % number) for number in range(1000))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1010, 1010, len(listed), start, 0)
    return data[:start] + listed + tail


def deep(path: Path) -> bytes:
    """Elements a hundred thousand deep."""
    parts = plain(path)
    name = "xl/worksheets/sheet1.xml" if path.suffix == ".xlsx" else "word/document.xml"
    tag = b"sheetData" if path.suffix == ".xlsx" else b"w:body"
    inner = b"a" if path.suffix == ".xlsx" else b"w:smartTag"
    start = parts[name].index(b"<" + tag) + len(tag) + 2
    body = b"<" + inner + b">"
    return zipped({**parts, name: parts[name][:start] + body * 100_000 + body.replace(b"<", b"</") * 100_000 + parts[name][start:]})


def long_sheet(path: Path) -> bytes:
    """A hundred and fifty thousand rows, each of them filled."""
    parts = plain(path)
    name = "xl/worksheets/sheet1.xml"
    head, tail = parts[name].split(b"</sheetData>")
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919 % 100_003) for n in range(2, 150_000))
    return zipped({**parts, name: head + rows + b"</sheetData>" + tail})


def far_cells(path: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["XFD1048576"], sheet["A1"] = 1, "甲"
    return save(book, path).read_bytes()


WORKBOOK, PROSE, TEMPLATE = "数据.xlsx", "正文.docx", "report.docx"


@pytest.mark.parametrize(
    ("make", "name", "codes"),
    [
        *((with_bomb, name, codes) for name, codes in ((WORKBOOK, "E108"), (PROSE, "E301"), (TEMPLATE, "E701"))),
        (with_many_members, WORKBOOK, "E108"),
        (with_many_members, TEMPLATE, "E701"),
        (overlapping, WORKBOOK, "E108"),
        (overlapping, PROSE, "E301"),
        (nested, WORKBOOK, ""),
        (nested, PROSE, ""),
        (deep, WORKBOOK, ""),
        (deep, PROSE, "E301"),
        (deep, TEMPLATE, "E701"),
        (long_sheet, WORKBOOK, "E110"),
        (far_cells, WORKBOOK, "E110"),
    ],
)  # fmt: skip
def test_a_file_made_to_do_harm_is_refused_in_time(
    make: Callable[[Path], bytes], name: str, codes: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    data = make(path)
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-600:]
    assert done.stdout.strip() == codes
    assert float(done.stderr.split()[-1]) < SECONDS
