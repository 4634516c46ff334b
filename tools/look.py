"""Show Word documents as pictures: DOCX → PDF → one PNG a page and a contact sheet.

    python tools/look.py build --out build/look
    python tools/look.py a.docx b.docx --out pages --dpi 60

All documents go through one LibreOffice call. The fonts that official documents name (仿宋_GB2312, 楷体_GB2312, …) are
seldom installed; a fontconfig file made for the call puts free look-alikes in their place.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from reportgen.write.pdf import ConversionError, convert

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


def to_pdf(documents: Sequence[Path], out: Path) -> list[Path]:
    """Convert Word documents to PDF files in `out`, in one LibreOffice call; documents of one name get numbered."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(fontconfig(), "utf-8")
        made = convert(documents, Path(folder), {"FONTCONFIG_FILE": str(fonts)})
        targets = [out / f"{name}.pdf" for name in _distinct(document.stem for document in documents)]
        return [Path(shutil.move(pdf, target)) for pdf, target in zip(made, targets, strict=True)]


def _distinct(names: Iterable[str]) -> Iterable[str]:
    """Return the names with a number added to each that came before: 报告, 报告-2."""
    seen = Counter[str]()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def to_pages(pdf: Path, out: Path, dpi: int = 60) -> list[Path]:
    """Draw each page of a PDF as `out/page-N.png`, replacing older pages there."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("page-*.png"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", pdf, out / "page"], check=True, timeout=300)
    return sorted(out.glob("page-*.png"))


def contact_sheet(pages: Sequence[Path], target: Path, columns: int = 4, width: int = 330) -> None:
    """Draw all pages side by side as one PNG, in one scale: the narrowest is so many pixels wide."""
    images = [Image.open(page).convert("RGB") for page in pages]
    scale = width / min(image.width for image in images)
    small = [image.resize((round(image.width * scale), round(image.height * scale))) for image in images]
    wide, high = max(image.width for image in small) + 6, max(image.height for image in small) + 6
    columns = min(columns, len(small))
    sheet = Image.new("RGB", (wide * columns, high * -(-len(small) // columns)), "#b0b0b0")
    for number, image in enumerate(small):
        sheet.paste(image, (number % columns * wide, number // columns * high))
    sheet.save(target)


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
            contact_sheet(pages, pdf.with_suffix(".png"))
            print(f"{document}: {len(pages)} pages in {pdf.with_suffix('')}, all on {pdf.with_suffix('.png')}")
    except (ConversionError, subprocess.SubprocessError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
