"""The shipped samples, and copies of them with one cell changed."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent.parent
DAPENG = ROOT / "inputs" / "dapeng-2021"
LUOHU = ROOT / "inputs" / "luohu-2024"
LONGGANG = ROOT / "inputs" / "longgang-2022"
SHENZHEN = ROOT / "inputs" / "shenzhen-2022"
ZHONGWEI = ROOT / "inputs" / "zhongwei-2022"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def copy_of(sample: Path, folder: Path) -> Path:
    """A copy of the submission in ``folder``."""
    return Path(shutil.copytree(sample, folder / sample.name))


def change_cell(workbook: Path, sheet: str, mark: str, value: str) -> None:
    """Rewrite one cell's stored number (or, for text, make it an inline string), touching nothing else."""
    parts = {}
    with zipfile.ZipFile(workbook) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
    part = _part_of(parts, sheet)
    parts[part] = _with_cell(parts[part].decode(), mark, value).encode()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _part_of(parts: dict[str, bytes], sheet: str) -> str:
    book = ET.fromstring(parts["xl/workbook.xml"])
    rels = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])
    ids = {one.get("name"): value for one in book.iter() for key, value in one.attrib.items() if key.endswith("}id")}
    targets = {one.get("Id"): one.get("Target", "") for one in rels}
    return "xl/" + targets[ids[sheet]].removeprefix("/xl/")


def _with_cell(xml: str, mark: str, value: str) -> str:
    found = re.search(rf'<c r="{mark}"([^>]*?)(/>|>(.*?)</c>)', xml, re.DOTALL)
    assert found, f"no cell {mark}"
    kept = re.sub(r'\s+t="[^"]*"', "", found[1])
    number = re.fullmatch(r"-?\d+(\.\d+)?", value)
    new = f'<c r="{mark}"{kept}><v>{value}</v></c>' if number else f'<c r="{mark}"{kept} t="inlineStr"><is><t>{value}</t></is></c>'
    return xml[: found.start()] + new + xml[found.end() :]


def document_text(data: bytes) -> str:
    """The body as text: a line a paragraph, a line a table row with its cells between bars."""
    import io

    body = ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")).find(f"{W}body")
    assert body is not None
    return "\n".join(line for element in body for line in _lines(element)) + "\n"


def _lines(element: ET.Element) -> list[str]:
    if element.tag == f"{W}p":
        return [_paragraph(element)]
    if element.tag == f"{W}tbl":
        rows = ([_cell(cell) for cell in row.iter(f"{W}tc")] for row in element.iter(f"{W}tr"))
        return [" | ".join(row) for row in rows]
    return [line for child in element for line in _lines(child)] if element.tag in (f"{W}sdt", f"{W}sdtContent") else []


def _cell(element: ET.Element) -> str:
    return "".join(map(_paragraph, element.iter(f"{W}p")))


def _paragraph(element: ET.Element) -> str:
    breaks = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(one.text or "" if one.tag == f"{W}t" else breaks.get(one.tag, "") for one in element.iter())
