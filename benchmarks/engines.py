"""The engines that run in Python, each timed on request: ``python engines.py FOLDER NAME…``.

A line on stdin is engine, number of the set and perhaps a file to write, parted by tabs; the answer is the milliseconds
of processor time that this document took, from values to the bytes of the .docx: what else the machine does in the
meantime doesn't count, and the threads of a garbage collector do. The first line printed has the versions.
"""

from __future__ import annotations

import io
import json
import sys
import time
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

Engine = Callable[[int], bytes]
DAY = date(2025, 12, 31)


def docxtpl(folder: Path, sets: list[dict[str, Any]]) -> Engine:
    """A fresh object a document, as its documentation has it; rust-docxtpl goes by the same name."""
    from docxtpl import DocxTemplate

    template = (folder / "jinja.docx").read_bytes()

    def make(number: int) -> bytes:
        paper, file = DocxTemplate(io.BytesIO(template)), io.BytesIO()
        paper.render(sets[number], autoescape=True)
        paper.save(file)
        return file.getvalue()

    return make


def by_hand(_folder: Path, sets: list[dict[str, Any]]) -> Engine:
    """python-docx without a template: every paragraph and cell added by a script."""
    from paper import document, filled

    return lambda number: document(filled(sets[number]))


def reportgen(folder: Path, sets: list[dict[str, Any]], provenance: bool, gate: bool) -> Engine:
    """Ours on docxtpl's template. With provenance the numbers are numbers, written out and bookmarked as they are shown."""
    from reportgen.formats import FORMATS
    from reportgen.model import FactBook
    from reportgen.write.gate import findings
    from reportgen.write.package import pack
    from reportgen.write.render import render
    from reportgen.write.template import compile_template

    template = compile_template(folder / "jinja.docx", FORMATS)
    books = [FactBook() for _ in sets]
    views = [_traced(one, book) for one, book in zip(sets, books, strict=True)] if provenance else sets

    def make(number: int) -> bytes:
        rendered = render(template, views[number], books[number].facts)
        made = pack(template, rendered, "工作报告", DAY, provenance)
        if gate and (wrong := findings(made, rendered)):
            raise SystemExit("\n".join(wrong))
        return made

    return make


def _traced(values: Any, book: Any, name: str = "") -> Any:
    """The same values with every amount a fact that rests on a cell."""
    from reportgen.model import Place

    if isinstance(values, dict):
        return {key: _traced(value, book, f"{name}.{key}".strip(".")) for key, value in values.items()}
    if isinstance(values, list):
        return [_traced(value, book, f"{name}.{number}") for number, value in enumerate(values, 1)]
    if "." not in values:
        return values
    place = Place("数据.xlsx", name.partition(".")[0], f"C{len(book.facts) + 3}")
    return book.add(name, Decimal(values.replace(",", "")), unit="万元", places=(place,))


def floor(folder: Path, sets: list[dict[str, Any]], deflate: Callable[[bytes], bytes]) -> Engine:
    """No engine: finished XML compressed and put into a zip beside the parts that are always the same."""
    from reportgen.formats import FORMATS
    from reportgen.write.archive import Entry, deflated, write_zip
    from reportgen.write.render import render
    from reportgen.write.template import compile_template

    template = compile_template(folder / "jinja.docx", FORMATS)
    parts = [{**render(template, one, ()).parts, "docProps/core.xml": b"<core/>" * 60} for one in sets]
    if deflate is deflated:
        return lambda number: write_zip({**template.static, **{name: deflated(part) for name, part in parts[number].items()}})

    def make(number: int) -> bytes:
        entries = {name: Entry(deflate(part), zlib.crc32(part), len(part)) for name, part in parts[number].items()}
        return write_zip({**template.static, **entries})

    return make


def _zlib(level: int) -> Callable[[bytes], bytes]:
    def squeeze(part: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        return packer.compress(part) + packer.flush()

    return squeeze


def _isal(level: int) -> Callable[[bytes], bytes]:
    from isal import isal_zlib

    return lambda part: isal_zlib.compress(part, level, -15)


def _libdeflate(level: int) -> Callable[[bytes], bytes]:
    from deflate import deflate_compress

    return lambda part: bytes(deflate_compress(part, level))


def _chosen() -> Callable[[bytes], Any]:
    from reportgen.write.archive import deflated

    return deflated


FLOORS: dict[str, Callable[[], Callable[[bytes], Any]]] = {
    "floor": _chosen,
    "floor zlib 1": lambda: _zlib(1), "floor zlib 6": lambda: _zlib(6),
    "floor libdeflate 1": lambda: _libdeflate(1), "floor libdeflate 6": lambda: _libdeflate(6),
    "floor isal 1": lambda: _isal(1),
}  # fmt: skip
PEERS: dict[str, tuple[str, Callable[[Path, list[dict[str, Any]]], Engine]]] = {
    "docxtpl": ("docxtpl", docxtpl),
    "rust-docxtpl": ("rust-docxtpl", docxtpl),
    "python-docx": ("python-docx", by_hand),
    "reportgen": ("reportgen", lambda folder, sets: reportgen(folder, sets, False, False)),
    "reportgen traced": ("reportgen", lambda folder, sets: reportgen(folder, sets, True, False)),
    "reportgen gate": ("reportgen", lambda folder, sets: reportgen(folder, sets, False, True)),
    "reportgen traced gate": ("reportgen", lambda folder, sets: reportgen(folder, sets, True, True)),
}


def _engine(name: str, folder: Path, sets: list[dict[str, Any]]) -> tuple[str, Engine]:
    if name in FLOORS:
        return version("reportgen"), floor(folder, sets, FLOORS[name]())
    package, make = PEERS[name]
    return version(package), make(folder, sets)


def main() -> None:
    """Answer until stdin ends; an engine that isn't installed is left out and said so."""
    folder = Path(sys.argv[1])
    sets = json.loads((folder / "contents.json").read_text("utf-8"))
    engines, versions = {}, {}
    for name in sys.argv[2:]:
        try:
            versions[name], engines[name] = _engine(name, folder, sets)
        except ImportError as error:
            print(f"{name}: {error}", file=sys.stderr)
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        name, number, *file = line.rstrip("\n").split("\t")
        start = time.process_time()
        made = engines[name](int(number))
        took = (time.process_time() - start) * 1000
        if file:
            Path(file[0]).write_bytes(made)
        print(took, flush=True)


if __name__ == "__main__":
    main()
