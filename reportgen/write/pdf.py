"""Reports as PDF, by LibreOffice where it is installed: page numbers and line breaks are its own, not Word's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportgen.write.files import write_whole

PROGRAMS = ("soffice", "libreoffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
SECONDS = 120  # for the first document; each further one may take a tenth of that


class ConversionError(Exception):
    """No PDF could be made; the message says why and what to do."""


def to_pdf(documents: Sequence[Path]) -> list[Path]:
    """A PDF beside each document, all made by one run of LibreOffice. Raises ConversionError."""
    targets = [document.with_suffix(".pdf") for document in documents]
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        for made, target in zip(convert(documents, Path(folder)), targets, strict=True):
            write_whole(target, made.read_bytes())
    return targets


def convert(documents: Sequence[Path], folder: Path, settings: Mapping[str, str] | None = None) -> list[Path]:
    """The documents as numbered PDFs in ``folder``; ``settings`` join LibreOffice's environment. Raises ConversionError.

    LibreOffice runs with a profile of its own, so that one already open is left alone.
    """
    program = office()
    if program is None:
        raise ConversionError("没有找到 LibreOffice，没有另存 PDF；也可以用 Word 或 WPS 打开报告后另存为 PDF。")
    copies = [shutil.copyfile(document, folder / f"{number}.docx") for number, document in enumerate(documents)]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, copies)]
    seconds, environment = SECONDS * (1 + len(copies) / 10), {**os.environ, **(settings or {})}
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=seconds, env=environment)
    except (OSError, subprocess.SubprocessError) as error:
        raise ConversionError("LibreOffice 没能转换，没有另存 PDF；请用 Word 或 WPS 打开报告后另存为 PDF。") from error
    made = [copy.with_suffix(".pdf") for copy in copies]
    for document, pdf in zip(documents, made, strict=True):
        if not pdf.exists():
            raise ConversionError(f"“{document}”没能转成 PDF；请用 Word 或 WPS 打开后另存为 PDF。")
    return made


def office() -> str | None:
    """LibreOffice's command, None where it is not installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
