"""Reports as PDF, by LibreOffice where it is installed: page numbers and line breaks are its own, not Word's."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reportgen.write.files import write_whole

PROGRAMS = ("soffice", "libreoffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
SECONDS = 120  # for the first document; each further one may take a tenth of that


class ConversionError(Exception):
    """No PDF could be made; the message says why and what to do."""


def to_pdf(documents: Sequence[Path]) -> list[Path]:
    """A PDF beside each document, all made by one run of LibreOffice. Raises ConversionError."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise ConversionError("没有找到 LibreOffice，没有另存 PDF；也可以用 Word 或 WPS 打开报告后另存为 PDF。")
    made = []
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        copies = [Path(folder, f"{number}.docx") for number in range(len(documents))]
        for document, copy in zip(documents, copies, strict=True):
            shutil.copyfile(document, copy)
        _convert(program, copies, Path(folder))
        for document, copy in zip(documents, copies, strict=True):
            if not copy.with_suffix(".pdf").exists():
                raise ConversionError(f"“{document}”没能转成 PDF；请用 Word 或 WPS 打开后另存为 PDF。")
            made.append(document.with_suffix(".pdf"))
            write_whole(made[-1], copy.with_suffix(".pdf").read_bytes())
    return made


def _convert(program: str, copies: Sequence[Path], folder: Path) -> None:
    """Run LibreOffice with a profile of its own, so that one already open is left alone."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, copies)]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=SECONDS * (1 + len(copies) / 10))
    except (OSError, subprocess.SubprocessError) as error:
        raise ConversionError("LibreOffice 没能转换，没有另存 PDF；请用 Word 或 WPS 打开报告后另存为 PDF。") from error
