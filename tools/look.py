"""Show Word documents as pictures: DOCX → PDF → one PNG a page and a contact sheet.

    python tools/look.py build --out build/look
    python tools/look.py a.docx b.docx --out pages --dpi 60

All documents go through one LibreOffice call. The fonts that official documents name (仿宋_GB2312, 楷体_GB2312, …) are
seldom installed; a fontconfig file made for the call puts free look-alikes in their place. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CACHE = Path(os.environ.get("REPORTGEN_CACHE") or Path(__file__).resolve().parent.parent / ".cache")
FONTS = CACHE / "fonts"

# What a document names → what stands in for it. A character that the stand-in lacks comes from the fallback.
STAND_INS = {
    "仿宋_GB2312": "FandolFang R",
    "仿宋": "FandolFang R",
    "FangSong": "FandolFang R",
    "FangSong_GB2312": "FandolFang R",
    "楷体_GB2312": "FandolKai",
    "楷体": "FandolKai",
    "KaiTi": "FandolKai",
    "KaiTi_GB2312": "FandolKai",
    "黑体": "FandolHei",
    "SimHei": "FandolHei",
    "宋体": "FandolSong",
    "SimSun": "FandolSong",
    "方正小标宋简体": "Noto Serif CJK SC:bold",
    "方正小标宋_GBK": "Noto Serif CJK SC:bold",
}
FALLBACK = "Noto Serif CJK SC"

FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">{system}</include>
  <dir>{fonts}</dir>
{rules}
</fontconfig>
"""
ALIAS = '  <alias binding="same"><family>{name}</family><prefer>{families}</prefer></alias>'
BOLD = (
    '  <match target="pattern"><test name="family"><string>{name}</string></test>'
    '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit></match>'
)


class LookError(Exception):
    """A document could not be shown; the message says which and why."""


def soffice() -> str | None:
    """Return the path of LibreOffice's command, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def fontconfig(fonts: Path = FONTS) -> str:
    """Return a fontconfig file that adds a font folder and the stand-ins to the system's own settings."""
    system = os.environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf"
    rules = [rule for name, stand_in in STAND_INS.items() for rule in _font_rules(name, stand_in)]
    return FONTCONFIG.format(system=escape(system), fonts=escape(str(fonts)), rules="\n".join(rules))


def _font_rules(name: str, stand_in: str) -> list[str]:
    """Return the rules for one font name: bold first where asked for, while the pattern still has that name."""
    family, _, weight = stand_in.partition(":")
    families = "".join(f"<family>{each}</family>" for each in dict.fromkeys((family, FALLBACK)))
    alias = ALIAS.format(name=name, families=families)
    return [BOLD.format(name=name), alias] if weight else [alias]


def to_pdf(documents: Sequence[Path], out: Path, timeout: float = 300) -> list[Path]:
    """Convert Word documents to PDF files in `out`, in one LibreOffice call; documents of one name get numbered."""
    program = soffice()
    if program is None:
        raise LookError("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    out.mkdir(parents=True, exist_ok=True)
    targets = [out / f"{name}.pdf" for name in _distinct([document.stem for document in documents])]
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        work = Path(folder)
        (work / "fonts.conf").write_text(fontconfig(), "utf-8")
        copies = [shutil.copyfile(document, work / f"{n}.docx") for n, document in enumerate(documents)]
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        command: list[str | Path] = [
            program,
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            work,
            *copies,
        ]
        log = run(command, timeout, {**os.environ, "FONTCONFIG_FILE": str(work / "fonts.conf")})
        for document, copy, target in zip(documents, copies, targets, strict=True):
            made = copy.with_suffix(".pdf")
            if not made.exists():
                raise LookError(f"LibreOffice made no PDF of {document}:\n{log}")
            shutil.move(made, target)
    return targets


def _distinct(names: Iterable[str]) -> list[str]:
    """Return the names with a number added to each that came before: 报告, 报告-2."""
    used: set[str] = set()
    result = []
    for name in names:
        candidate, n = name, 1
        while candidate in used:
            n += 1
            candidate = f"{name}-{n}"
        used.add(candidate)
        result.append(candidate)
    return result


def run(command: Sequence[str | Path], timeout: float, environment: Mapping[str, str] | None = None) -> str:
    """Run a command, end it with all its children when time is up, and return what it printed."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    with process:
        try:
            printed, _ = process.communicate(timeout=timeout)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise LookError(f"{command[0]} did not finish within {timeout:g} s") from error
            raise
    if process.returncode:
        raise LookError(f"{command[0]} failed ({process.returncode}):\n{printed}")
    return printed


def to_pages(pdf: Path, out: Path, dpi: int = 60) -> list[Path]:
    """Draw each page of a PDF as `out/page-N.png`, replacing older pages there."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("page-*.png"):
        old.unlink()
    run(["pdftoppm", "-r", str(dpi), "-png", pdf, out / "page"], timeout=300)
    return sorted(out.glob("page-*.png"))


@dataclass(frozen=True)
class Picture:
    """An RGB picture as rows of bytes."""

    width: int
    rows: list[bytes]

    @classmethod
    def from_ppm(cls, data: bytes) -> Picture:
        """Read the binary PPM that pdftoppm writes."""
        _, size, _, pixels = data.split(b"\n", 3)
        width, height = map(int, size.split())
        return cls(width, [pixels[y * width * 3 : (y + 1) * width * 3] for y in range(height)])

    def padded(self, width: int, height: int) -> list[bytes]:
        """Return the rows, filled up with grey to the given size."""
        grey = b"\xb0"
        rows = [row + grey * (3 * (width - self.width)) for row in self.rows]
        return rows + [grey * (3 * width)] * (height - len(rows))

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        header = self.width.to_bytes(4) + len(self.rows).to_bytes(4) + b"\x08\x02\x00\x00\x00"
        pixels = zlib.compress(b"".join(b"\x00" + row for row in self.rows), 6)
        chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4) for kind, body in chunks
        )


def contact_sheet(pdf: Path, target: Path, columns: int = 4, dpi: int = 40) -> None:
    """Draw all pages of a PDF side by side as one PNG."""
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        run(["pdftoppm", "-r", str(dpi), pdf, Path(folder) / "page"], timeout=300)
        pages = [Picture.from_ppm(page.read_bytes()) for page in sorted(Path(folder).glob("page-*.ppm"))]
    width = max(page.width for page in pages) + 6
    height = max(len(page.rows) for page in pages) + 6
    columns = min(columns, len(pages))
    rows: list[bytes] = []
    for start in range(0, len(pages), columns):
        line = [page.padded(width, height) for page in pages[start : start + columns]]
        line += [Picture(0, []).padded(width, height)] * (columns - len(line))
        rows += map(b"".join, zip(*line, strict=True))
    target.write_bytes(Picture(width * columns, rows).png())


def _documents(paths: Iterable[Path]) -> list[Path]:
    """Return the given documents and, of a folder, all documents below it but Word's lock files."""
    found = [document for path in paths for document in (sorted(path.rglob("*.docx")) if path.is_dir() else [path])]
    return [document for document in found if not document.name.startswith("~$")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Show Word documents as pictures.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="a .docx file, or a folder with some")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for PDF files and pictures")
    parser.add_argument("--dpi", type=int, default=60, help="resolution of the pages (default 60)")
    options = parser.parse_args(arguments)
    for path in options.paths:
        if not path.exists():
            parser.error(f"{path} does not exist")
    documents = _documents(options.paths)
    if not documents:
        print("no .docx file found", file=sys.stderr)
        return 1
    if not FONTS.is_dir():
        print("Fandol fonts not found, one typeface stands for all: run tools/install_fonts.sh", file=sys.stderr)
    try:
        for document, pdf in zip(documents, to_pdf(documents, options.out), strict=True):
            pages = to_pages(pdf, pdf.with_suffix(""), options.dpi)
            contact_sheet(pdf, pdf.with_suffix(".png"))
            print(f"{document}: {len(pages)} pages in {pdf.with_suffix('')}, all on {pdf.with_suffix('.png')}")
    except (LookError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
