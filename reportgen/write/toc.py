"""目录: the template's TOC field, whose entries are written from the headings of the finished document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.write.language import escape
from reportgen.write.prose import Styles
from reportgen.write.tags import TBL, Element, P, R, T, W, inside

_LEVELS = re.compile(r'\\o\s+"(\d)-(\d)"')
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_CODE = '<w:r><w:instrText xml:space="preserve">{}</w:instrText></w:r>'
_BEGIN, _SEPARATE, _END = (_FIELD.format(kind) for kind in ("begin", "separate", "end"))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the finished document: its bookmark, level and text."""

    bookmark: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Toc:
    """The field: its instruction, the levels it lists, its styles by level, the place of its right tab."""

    instruction: str
    first: int
    last: int
    styles: Mapping[int, str]
    width: int

    def lists(self, level: int) -> bool:
        """Whether headings of this level have an entry."""
        return self.first <= level <= self.last

    def write(self, headings: Sequence[Heading], pages: Mapping[str, int]) -> str:
        """The field with an entry a heading; page numbers are blank where ``pages`` lacks the bookmark."""
        listed = [one for one in headings if self.lists(one.level)]
        opening = _BEGIN + _CODE.format(escape(self.instruction)) + _SEPARATE
        if not listed:
            return f"<w:p>{opening}{_END}</w:p>"
        entries = []
        for number, one in enumerate(listed):
            before = "" if number else opening
            after = _END if number == len(listed) - 1 else ""
            entries.append(f"<w:p>{self._properties(one.level)}{before}{_entry(one, pages)}{after}</w:p>")
        return "".join(entries)

    def _properties(self, level: int) -> str:
        style = f'<w:pStyle w:val="{self.styles[level]}"/>' if self.styles[level] else ""
        tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{self.width}"/></w:tabs>'
        return f"<w:pPr>{style}{tab}</w:pPr>"


def _entry(heading: Heading, pages: Mapping[str, int]) -> str:
    page = pages.get(heading.bookmark, "")
    code = _CODE.format(f" PAGEREF {heading.bookmark} \\h ")
    field = f"{_BEGIN}{code}{_SEPARATE}<w:r><w:t>{page}</w:t></w:r>{_END}"
    words = escape(" ".join(heading.text.split()))
    text = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r><w:r><w:tab/></w:r>'
    return f'<w:hyperlink w:anchor="{heading.bookmark}" w:history="1">{text}{field}</w:hyperlink>'


def bookmarked(block: str, bookmark: str, number: int) -> str:
    """A heading's paragraph with a bookmark round its content."""
    start = block.index("</w:pPr>") + len("</w:pPr>")
    end = block.index("</w:p>", start)
    opening = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark}"/>'
    return f'{block[:start]}{opening}{block[start:end]}<w:bookmarkEnd w:id="{number}"/>{block[end:]}'


def take_toc(root: Element, styles: Styles) -> tuple[Toc, list[Element]] | None:
    """The TOC field and the paragraphs it takes, first to last; None where there is none."""
    if (field := _field(root)) is None:
        return None
    instruction, first, last = field
    parent = first.getparent()
    assert parent is not None
    taken = list(parent)[parent.index(first) : parent.index(last) + 1]
    levels = _LEVELS.search(instruction)
    low, high = (int(levels[1]), int(levels[2])) if levels else (1, 3)
    ids = {level: styles.ids.get(("paragraph", f"toc {level}"), "") for level in range(low, high + 1)}
    return Toc(instruction, low, high, ids, text_area(root, first)[0]), taken


def _field(root: Element) -> tuple[str, Element, Element] | None:
    """Instruction, first and last paragraph of the first TOC field outside tables."""
    open_fields: list[tuple[list[str], Element]] = []
    for element in root.iter(W + "fldChar", W + "instrText", W + "fldSimple"):
        paragraph = next(inside(element, P))
        kind = element.get(W + "fldCharType", "")
        if element.tag == W + "fldSimple" and _is_toc(element.get(W + "instr", "")):
            return element.get(W + "instr", ""), paragraph, paragraph
        if kind == "begin":
            open_fields.append(([], paragraph))
        elif element.tag == W + "instrText" and open_fields:
            open_fields[-1][0].append(element.text or "")
        elif kind == "end" and open_fields:
            words, first = open_fields.pop()
            if _is_toc("".join(words)) and first.getparent() is paragraph.getparent() and not list(inside(first, TBL)):
                return "".join(words), first, paragraph
    return None


def _is_toc(instruction: str) -> bool:
    return instruction.split()[:1] == ["TOC"]


def outside_field(taken: Sequence[Element]) -> str:
    """The text that stands in the field's paragraphs before it begins or after it ends."""
    depth, text = 0, ""
    for child in (child for paragraph in taken for run in paragraph.iter(R) for child in run):
        depth += {"begin": 1, "end": -1}.get(child.get(W + "fldCharType", ""), 0)
        if child.tag == T and not depth and not list(inside(child, W + "fldSimple")):
            text += child.text or ""
    return text.strip()


def text_area(root: Element, where: Element) -> tuple[int, int]:
    """Width and height between the margins, in twentieths of a point, of the section that ``where`` stands in."""
    reached = False
    for element in root.iter():
        reached = reached or element is where
        if reached and element.tag == W + "sectPr":
            size, margin = element.find(W + "pgSz"), element.find(W + "pgMar")
            if size is not None and margin is not None:
                across, down = (
                    sum(abs(int(margin.get(W + edge, "0"))) for edge in edges) for edges in (("left", "right"), ("top", "bottom"))
                )
                return int(size.get(W + "w", "11906")) - across, int(size.get(W + "h", "16838")) - down
    return 8844, 12748
