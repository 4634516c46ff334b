"""reportgen new: an empty 数据.xlsx and 正文.docx for an edition, laid out for those who fill them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.build import PROSE, WORKBOOK, prose_name
from reportgen.commands.blank import Filled, draw
from reportgen.commands.guide import GUIDE, prose_advice
from reportgen.commands.outline import outline
from reportgen.define.edition import open_edition
from reportgen.define.kind import Kind
from reportgen.write.manuscript import outlined
from reportgen.write.publish import write_whole


def new(edition: str, folder: Path) -> tuple[list[str], bool]:
    """Write both files; what to tell, and whether they were written. NoEdition, DefinitionError for a wrong edition."""
    kind, rubric = open_edition(edition)
    kind = _in_use(kind)
    if found := _existing(folder):
        return found, False
    write_whole(folder / WORKBOOK, draw(kind, rubric, edition, Filled()).save())
    lines = [f"已做好 {folder / WORKBOOK}：先看“{GUIDE}”表"]
    if kind.slots:
        write_whole(folder / prose_name(), outlined(outline(kind, edition), prose_advice(kind)))
        lines.append(f"已做好 {folder / prose_name()}：在各个标题下面写文字")
    return [*lines, f"填好以后检查：reportgen check {folder}"], True


def _in_use(kind: Kind) -> Kind:
    """The kind without what the edition does not use."""
    tables = {name: table.asked for name, table in kind.tables.items() if not table.unused}
    return replace(kind, tables=tables, slots={name: slot for name, slot in kind.slots.items() if not slot.unused})


def _existing(folder: Path) -> list[str]:
    """A line for each file in the way: nothing is ever overwritten."""
    found = [path for path in (folder / WORKBOOK, *sorted(folder.glob(PROSE))) if path.exists()]
    return [f"{path} 已经有了，没有动它；请换一个文件夹，或先把它移走" for path in found]
