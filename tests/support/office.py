"""Documents as LibreOffice shows them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from reportgen.write.pdf import office
from tests.support.needs import needs
from tools.look import to_pdf

needs_office = needs(
    present=office() is not None and shutil.which("pdftotext") is not None,
    reason="needs LibreOffice and pdftotext (tools/install_debian.sh)",
)


def pdf_text(document: bytes) -> str:
    """Return the text of a Word document as it stands on its pages; a form feed ends each page."""
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(document)
        (pdf,) = to_pdf([source], Path(folder))
        done = subprocess.run(["pdftotext", "-enc", "UTF-8", pdf, "-"], check=True, capture_output=True, timeout=60)
        return done.stdout.decode("utf-8")
