"""Word prose as blocks under the headings that the kind knows, whatever their style and number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from reportgen.define.kind import Slot
from reportgen.model import CONFIRM, ERROR, Place, Problem
from reportgen.prose import Paragraph, Picture, Prose
from reportgen.read.binding import normal
from reportgen.read.blocks import Block, Document, open_document, read_blocks
from reportgen.read.headings import NUMBERS
from reportgen.read.package import DAMAGE, RefusedError

_YEAR = re.compile(r"^\d{4}年度?")


def read_prose(paths: Iterable[Path], slots: Mapping[str, Slot]) -> tuple[dict[str, Prose], list[Problem]]:
    """Prose by slot name from all the files, and all problems; a slot with nothing under its heading has no entry."""
    prose: dict[str, Prose] = {}
    problems: list[Problem] = []
    files, begun = list[str](), dict[str, Place]()
    for path in paths:
        files.append(path.name)
        found, said = _read_file(path, slots)
        problems += said
        for name, blocks in found.items():
            problems += _in_two_files(name, begun[name], blocks[0].place) if name in begun else ()
            prose[name], begun[name] = blocks, blocks[0].place
    if not any(problem.code == "E301" for problem in problems):
        problems += [_missing(slot, files) for slot in slots.values() if slot.required and slot.name not in prose]
    return prose, problems


def _read_file(path: Path, slots: Mapping[str, Slot]) -> tuple[dict[str, tuple[Block, ...]], list[Problem]]:
    try:
        document = open_document(path, path.name)
        blocks = list(read_blocks(document))
    except (RefusedError, *DAMAGE):
        message, hint = "Word 文稿打不开，可能设了密码、已损坏，或不是 .docx 格式", "请用 Word 或 WPS 打开，另存为 .docx"
        return {}, [Problem("E301", ERROR, Place(path.name), message, hint)]
    return _by_slot(document, blocks, slots), document.problems


def _in_two_files(name: str, *places: Place) -> Iterator[Problem]:
    for here, there in zip(places, reversed(places), strict=True):
        message = f"“{name}”在{there.file}里也有内容"
        yield Problem("E306", ERROR, here, message, "请把两处合并到一个文件里，另一处删去")


def _missing(slot: Slot, files: list[str]) -> Problem:
    """One file is named; of several none is at fault."""
    heading = slot.headings[0]
    place, where = (Place(files[0], heading), "") if len(files) == 1 else (Place("", heading), "其中一个")
    return Problem("E303", ERROR, place, f"缺“{heading}”的文稿", f"请在{where} Word 文稿里写上这个标题和它的内容")


def heading_name(text: str) -> str:
    """A heading's own words: （三）2024年部门预算编制情况。 → 部门预算编制情况."""
    plain = text.strip().rstrip("。．. ")
    for _, pattern in NUMBERS:
        plain = pattern.sub("", plain, count=1) if pattern.match(plain) else plain
    return normal(_YEAR.sub("", plain))


def _by_slot(document: Document, blocks: list[Block], slots: Mapping[str, Slot]) -> dict[str, tuple[Block, ...]]:
    """Blocks under the slot whose heading came last; a heading no deeper than the slot's own ends it."""
    wanted = {normal(heading): slot.name for slot in slots.values() for heading in slot.headings}
    found: dict[str, list[Block]] = {}
    current, depth, homeless = "", 0, ""
    for block, after in zip_longest(blocks, blocks[1:]):
        level = block.level if isinstance(block, Paragraph) else 0
        name = wanted.get(heading_name(block.text), "") if isinstance(block, Paragraph) and level else ""
        if isinstance(block, Paragraph) and name:
            if name in found:
                _complain_twice(document, block)
            current, depth = name, level
            found.setdefault(name, [])
        elif level and (level <= depth or not current):
            current, homeless = "", block.text if isinstance(block, Paragraph) else ""
            if found and not _leads_on(level, after):
                _complain_homeless(document, block, "")
        elif current:
            found[current].append(replace(block, place=Place(block.place.file, current, block.place.mark)))
        else:
            _complain_homeless(document, block, homeless)
    return {name: tuple(blocks) for name, blocks in found.items() if blocks}


def _leads_on(level: int, after: Block | None) -> bool:
    """Whether something stands under a heading of the level: a deeper one, or a text, which is told of itself."""
    following = after.level if isinstance(after, Paragraph) else 0
    return after is not None and not 0 < following <= level


def _complain_twice(document: Document, block: Paragraph) -> None:
    place = replace(block.place, part=block.text)
    document.problems.append(Problem("E306", ERROR, place, f"标题“{block.text}”出现两次", "请把两处合并"))


def _complain_homeless(document: Document, block: Block, heading: str) -> None:
    words = block.text[:16] if isinstance(block, Paragraph) else "图片" if isinstance(block, Picture) else "表格"
    where = f"“{heading}”下的" if heading else ""
    message = f"{where}“{words}…”不属于报告的任何一节，不会写进报告"
    hint = "请移到对应的标题下，或改正标题的文字"
    document.problems.append(Problem("E304", CONFIRM, block.place, message, hint, heading or words))
