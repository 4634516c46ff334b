"""One part of a template, from Word's tree to Jinja source: tags lifted out, merges, runs and blocks marked.

Everything structural is decided here, on the tree. Each insertion is a processing instruction with a number,
so that no template text has to be escaped twice and no regex ever reads XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.marks import BLOCK, BLOCK_KEY, RUN, RUN_END, RUN_TEXT
from reportgen.model import Place
from reportgen.write.language import EXPR, EXPR_END, STATEMENTS, STMT, STMT_END, absent, escape
from reportgen.write.prose import Look, Slot, value_of
from reportgen.write.tags import (
    TAG,
    TBL,
    TC,
    TEXT_BOX,
    TR,
    Element,
    P,
    R,
    T,
    Tag,
    W,
    inside,
    join_tags,
    parse_tag,
    places,
    strip_noise,
    text_of,
)
from reportgen.write.toc import outside_field, take_toc, text_width

if TYPE_CHECKING:
    from reportgen.write.template import Shared

_INSERTION = re.compile(r"<\?t (\d+)\?>")
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝|｛％|％｝|\{％|％\}")
_HOLDERS = {"tr": (TR, "行"), "tc": (TC, "格"), "p": (P, "段")}
_MORE = tuple(W + name for name in ("drawing", "pict", "object", "fldChar", "fldSimple", "sectPr", "footnoteReference"))
_BEFORE_MERGE = tuple(W + name for name in ("cnfStyle", "tcW", "gridSpan", "hMerge"))
_SIMPLE = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}
_OF_DOCXTPL = ("vm", "hm", "colspan", "cellbg")
_OURS = re.compile(r"_GoBack|_f\d+|_Toc\d+")
_MARKS = (W + "bookmarkStart", W + "bookmarkEnd")


class PartCompiler:
    """Compiles the body, a header or a footer; problems go to ``shared.source``."""

    def __init__(self, shared: Shared, name: str, root: Element) -> None:
        self.shared, self.name, self.root = shared, name, root
        self.body = root.tag == W + "document"
        label = "" if self.body else "页眉" if root.tag == W + "hdr" else "页脚"
        self.places = places(root, shared.source.file, label)
        self.insertions: list[tuple[str, Tag | None]] = []
        text = "".join(text_of(paragraph) for paragraph in self.places)
        self.dynamic = self.body or TAG.search(text) is not None or _LEFT_OVER.search(text) is not None

    def arrange(self) -> tuple[str, str, dict[int, Tag]]:
        """Rework the tree; return the part's name, its Jinja source and the tag on each line of that."""
        strip_noise(self.root)
        self.columns = {cell: _column(cell) for cell in self.root.iter(TC)}
        self.grids = {table: list(table.iterfind(f"{W}tblGrid/{W}gridCol")) for table in self.root.iter(TBL)}
        self.tags = {one: self._tags(one, place) for one, place in self.places.items() if not _boxed(one)}
        self._place_toc()
        self._lift_columns()
        for unit in ("tr", "p"):
            for paragraph, tags in list(self.tags.items()):
                for tag in [tag for tag in tags if tag.unit == unit]:
                    self._lift(paragraph, tag)
        for number, table in enumerate(list(self.root.iter(TBL))):
            self._merge_cells(number, table)
        self._mark_blocks()
        for paragraph, tags in self.tags.items():
            if _attached(paragraph, self.root):
                self._rewrite(paragraph, tags)
        self._settle(self.root, repeated=False)
        _pair_bookmarks(self.root)
        return self.name, *self._assemble()

    def _refuse(self, code: str, place: Place, message: str, hint: str = "") -> None:
        self.shared.source.refuse(code, place, message, hint)

    # Reading

    def _tags(self, paragraph: Element, place: Place) -> list[Tag]:
        """The paragraph's tags, joined and checked."""
        join_tags(paragraph)
        text = text_of(paragraph)
        rest = TAG.sub("", text)
        if _LEFT_OVER.search(rest):
            hint = "标记要用半角花括号" if "｛" in rest or "｝" in rest else "花括号要成对写"
            self._refuse("E502", place, f"标记不完整：{rest.strip()[:40]}", hint)
        return [self._checked(parse_tag(found[0], place), paragraph) for found in TAG.finditer(text)]

    def _checked(self, tag: Tag, paragraph: Element) -> Tag:
        if tag.word == "#":
            return tag
        if message := _unsupported(tag, next(inside(paragraph, TC), None) is not None):
            self._refuse("E503", tag.place, f"{tag.source}：{message}")
            return tag
        merging = tag.word == "合并"
        body, complaints = self.shared.language.check("" if merging else tag.word, tag.body[2:] if merging else tag.body)
        for complaint in complaints:
            self._refuse("E502", tag.place, f"{tag.source}：{complaint}")
        return replace(tag, body=body)

    # Lifting tags out of paragraphs, rows and cells

    def _insert(self, source: str, tag: Tag | None = None) -> Element:
        """A processing instruction that stands for ``source``."""
        self.insertions.append((source, tag))
        return etree.ProcessingInstruction("t", str(len(self.insertions) - 1))

    def _statement(self, tag: Tag) -> Element:
        return self._insert("" if tag.word == "#" else f"{STMT}\n{tag.body} {STMT_END}", tag)

    def _expression(self, body: str, tag: Tag) -> Element:
        # The line break inside the tag gives every tag a line of its own, by which a runtime error finds it.
        return self._insert(f"{EXPR}\n{body} {EXPR_END}", tag)

    def _lift(self, paragraph: Element, tag: Tag) -> None:
        """Put the tag in the place of the paragraph, row or cell that holds it."""
        name, called = _HOLDERS[tag.unit]
        holder = paragraph if name == P else next(inside(paragraph, name), None)
        if holder is None:
            self._refuse("E503", tag.place, f"{tag.source} 只能写在表格里")
        elif beside := _beside(holder, tag):
            self._refuse("E504", tag.place, f"{tag.source} 要独占一{called}，旁边还有：{beside}", f"请把其余内容移到别的{called}")
        else:
            expression = tag.unit == "p" and tag.word == ""
            _replace(holder, [self._prose(paragraph, tag) if expression else self._statement(tag)])
            self.tags[paragraph] = []

    def _lift_columns(self) -> None:
        """{%tc %}: take the cell and, in the first such row of a table, its column."""
        rows: dict[Element, Element] = {}
        for paragraph, tags in list(self.tags.items()):
            for tag in [tag for tag in tags if tag.unit == "tc"]:
                cell, table = next(inside(paragraph, TC), None), next(inside(paragraph, TBL), None)
                if cell is not None and table is not None:
                    row = next(inside(cell, TR))
                    grid, column = self.grids[table], self.columns[cell]
                    if rows.setdefault(table, row) is row and column < len(grid):
                        _replace(grid[column], [self._statement(tag)])
                self._lift(paragraph, tag)
        for table in rows:
            for number, row in enumerate(_rows(table), 1):
                if not _has_insertion(row) and not any(tag.unit == "tr" for tag in self._tags_in(row)):
                    place = self.places[next(row.iter(P))]
                    self._refuse("E503", place, f"第{number}行没有 {{%tc %}}，列数会与别的行不同")

    def _tags_in(self, element: Element) -> Iterator[Tag]:
        for paragraph in element.iter(P):
            yield from self.tags.get(paragraph, ())

    # Merging cells

    def _merge_cells(self, number: int, table: Element) -> None:
        """{% 合并 %}: cells go on with the one above while their key, and the keys to their left, stay the same."""
        merging = False
        for row in _rows(table):
            keys = ""
            for cell in [one for one in row if one.tag == TC]:
                for tag in [tag for tag in self._tags_of(cell) if tag.word == "合并"]:
                    keys, merging = f"{keys}{tag.body}, ", True
                    self._merge_cell(cell, tag, f"{number}, {self.columns[cell]}", keys)
        if merging:
            for row in _rows(table):
                row.addprevious(self._insert(f"{EXPR}_step({number}){EXPR_END}"))
            table[0].addprevious(self._insert(f"{EXPR}_start({number}){EXPR_END}"))

    def _tags_of(self, cell: Element) -> list[Tag]:
        """The cell's tags, not those of a table inside it."""
        own = [one for one in cell.iter(P) if next(inside(one, TC)) is cell]
        return [tag for paragraph in own for tag in self.tags.get(paragraph, ())]

    def _merge_cell(self, cell: Element, tag: Tag, where: str, keys: str) -> None:
        properties = cell.find(W + "tcPr")
        if properties is None:
            properties = etree.Element(W + "tcPr")
            cell.insert(0, properties)
        for old in properties.findall(W + "vMerge"):
            properties.remove(old)
        index = sum(child.tag in _BEFORE_MERGE for child in properties)
        properties.insert(index, self._expression(f"_merge({where}, ({keys}))", tag))
        empty = etree.Element(P)
        style = cell.find(f"{P}/{W}pPr")
        if style is not None:
            empty.append(deepcopy(style))
        goes_on = f"{STMT}if _goes_on({where}){STMT_END}{self._xml(empty)}{STMT}else{STMT_END}"
        properties.addnext(self._insert(goes_on))
        cell.append(self._insert(f"{STMT}endif{STMT_END}"))

    # Prose, contents, blocks, runs

    def _prose(self, paragraph: Element, tag: Tag) -> Element:
        """A slot for prose, in the look of the paragraph that holds its tag."""
        shared, number = self.shared, len(self.shared.slots)
        run = next(run for run in paragraph.iter(R) if tag.source in "".join(text.text or "" for text in run.iter(T)))
        key = self._block_key(paragraph)
        following = paragraph.getnext()
        plain = self._look(self._xml_of(paragraph.find(W + "pPr")), run.find(W + "rPr"), key, 0, tag.place)
        headings = (self._heading(level, key, tag.place) for level in range(1, 5))
        shared.slots.append(
            Slot(
                (plain, *headings),
                self._look("", None, key, 0, tag.place),
                shared.block(f"{key}r", "row", 0, tag.place, key) if key else "",
                shared.styles.table,
                text_width(self.root, paragraph),
                following is not None and following.tag == P and not self._tags_in_one(following),
            )
        )
        return self._expression(f"_prose({number}, {tag.body})", tag)

    def _tags_in_one(self, paragraph: Element) -> bool:
        return any(tag.unit == "p" for tag in self.tags.get(paragraph, ()))

    def _heading(self, level: int, key: str, place: Place) -> Look | None:
        style = self.shared.styles.heading(level)
        return self._look(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>', None, key, level, place) if style else None

    def _look(self, properties: str, run: Element | None, key: str, level: int, place: Place) -> Look:
        bold = deepcopy(run) if run is not None else etree.Element(W + "rPr")
        if bold.find(W + "b") is None:
            index = sum(child.tag in (W + "rStyle", W + "rFonts") for child in bold)
            bold.insert(index, etree.Element(W + "b"))
        block = self.shared.block(f"{key}h{level}" if level else key, "paragraph", level, place, key) if key else ""
        return Look(f"<w:p>{properties}", self._run_key(run), self._run_key(bold), block)

    def _run_key(self, properties: Element | None) -> str:
        return self.shared.run_key(f'<w:r>{self._xml_of(properties)}<w:t xml:space="preserve">')

    def _xml_of(self, element: Element | None) -> str:
        return "" if element is None else self._xml(element)

    def _xml(self, element: Element) -> str:
        """An element as text, without the namespaces that the part's root declares."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        for prefix, uri in self.root.nsmap.items():
            text = text.replace(f' xmlns:{prefix}="{uri}"', "")
        return text

    def _block_key(self, element: Element) -> str:
        """p12 or r3.2, counted in the template; "" inside a table's row or in a header."""
        place = self.places[element if element.tag == P else next(element.iter(P))]
        if not self.body or next(inside(element, TBL, TEXT_BOX), None) is not None and element.tag == P:
            return ""
        numbers = re.findall(r"\d+", place.part + (place.mark if element.tag == TR else ""))
        return f"r{numbers[0]}.{numbers[1]}" if element.tag == TR else f"p{numbers[0]}"

    def _mark_blocks(self) -> None:
        for element in list(self.root.iter(P, TR)) if self.body else []:
            around = [one.tag for one in inside(element, TBL, TEXT_BOX)]
            if around != ([TBL] if element.tag == TR else []):
                continue
            kind = "row" if element.tag == TR else "paragraph"
            place = self.places[next(element.iter(P))]
            key = self.shared.block(self._block_key(element), kind, self._level(element), place)
            element.addprevious(self._insert(f"{BLOCK}{key}{BLOCK_KEY}"))

    def _level(self, element: Element) -> int:
        if element.tag != P:
            return 0
        direct = value_of(element, "pPr", "outlineLvl")
        return (int(direct) + 1) % 10 if direct else self.shared.styles.level(value_of(element, "pPr", "pStyle"))

    def _place_toc(self) -> None:
        found = take_toc(self.root, self.shared.styles) if self.body else None
        if found is None:
            return
        self.shared.toc, taken = found
        place = self.places[taken[0]]
        if outside_field(taken):
            self._refuse("E504", place, f"目录旁边还有文字：{outside_field(taken)[:20]}", "请把它移到单独的一段")
        self.shared.block("toc", "toc", 0, place)
        taken[0].addprevious(self._insert(f"{BLOCK}toc{BLOCK_KEY}"))
        for element in taken:
            if next(element.iter(W + "sectPr"), None) is None:
                _replace(element, [])
            else:  # a section ends in the field's last paragraph: keep that
                for child in [child for child in element if child.tag != W + "pPr"]:
                    element.remove(child)

    def _rewrite(self, paragraph: Element, tags: list[Tag]) -> None:
        """Turn the paragraph's runs into marked runs, one for each tag and for each stretch of text."""
        left = iter(tags)
        for run in [run for run in paragraph.iter(R) if next(inside(run, P)) is paragraph]:
            if any(child.tag == T or child.tag in _SIMPLE for child in run):
                _replace(run, list(self._pieces(run, left)))

    def _pieces(self, run: Element, tags: Iterator[Tag]) -> Iterator[Element]:
        properties, text = run.find(W + "rPr"), ""
        for child in [child for child in run if child is not properties]:
            if child.tag == T:
                first, *rest = TAG.split(child.text or "")
                text += first
                for literal in rest:
                    yield from self._text(properties, text)
                    yield from self._inline(properties, next(tags))
                    text = literal
            elif child.tag in _SIMPLE and not child.attrib:
                text += _SIMPLE[str(child.tag)]
            else:
                yield from self._text(properties, text)
                text = ""
                yield _alone(child, properties)
        yield from self._text(properties, text)

    def _text(self, properties: Element | None, text: str) -> Iterator[Element]:
        if text:
            yield self._insert(f"{RUN}{self._run_key(properties)}{RUN_TEXT}{escape(text)}{RUN_END}")

    def _inline(self, properties: Element | None, tag: Tag) -> Iterator[Element]:
        if tag.word == "":
            start = f"{RUN}{self._run_key(properties)}{RUN_TEXT}"
            yield self._insert(f"{start}{EXPR}\n{tag.body} {EXPR_END}{RUN_END}", tag)
        elif tag.word not in ("#", "合并"):
            yield self._statement(tag)

    # Checking and writing out

    def _settle(self, parent: Element, *, repeated: bool) -> None:
        """See that every if and for ends among its siblings, and drop bookmarks that a loop would repeat."""
        opened: list[Tag] = []
        for child in list(parent):
            tag = self._tag_of(child)
            if tag is not None and tag.word in STATEMENTS:
                self._nest(opened, tag)
            elif child.tag in _MARKS and (repeated or opened):
                parent.remove(child)
            else:
                self._settle(child, repeated=repeated or bool(opened))
        for tag in opened:
            self._refuse("E502", tag.place, f"{tag.source} 没有结束", _ENDING.format(tag.word, tag.unit))

    def _tag_of(self, element: Element) -> Tag | None:
        if element.tag is not etree.ProcessingInstruction:
            return None
        return self.insertions[int(element.text or "0")][1]

    def _nest(self, opened: list[Tag], tag: Tag) -> None:
        if tag.word in ("if", "for"):
            opened.append(tag)
        elif tag.word == "endif" or tag.word == "endfor":
            if opened and "end" + opened[-1].word == tag.word:
                opened.pop()
            else:
                self._refuse("E502", tag.place, f"{tag.source} 没有与它对应的开头", _ENDING.format(tag.word[3:], tag.unit))
        elif tag.word in ("else", "elif") and not opened:
            self._refuse("E502", tag.place, f"{tag.source} 不在 if 里面")

    def _assemble(self) -> tuple[str, dict[int, Tag]]:
        """The Jinja source, and which tag stands on which of its lines."""
        pieces = _INSERTION.split(etree.tostring(self.root, encoding="unicode"))
        lines: dict[int, Tag] = {}
        line = 1
        for index, piece in enumerate(pieces):
            if index % 2:
                pieces[index], tag = self.insertions[int(piece)]
                if tag is not None:
                    lines[line + 1] = tag
            line += pieces[index].count("\n")
        return "".join(pieces), lines


_ENDING = "开头和结尾要在同一段、同一表格或同一行里，写法相同：{{%{1} {0} … %}} … {{%{1} end{0} %}}"


def _unsupported(tag: Tag, in_cell: bool) -> str:
    """Why the tag can't be used at all, or ""."""
    if tag.body[:1] in "-+" or tag.body[-1:] in "-+":
        return "不支持 {%- 和 -%} 这类去空白的写法" if tag.body else "标记里没有内容"
    if tag.word == "" and tag.unit not in ("", "p"):
        return "不支持这种写法"
    if tag.word and tag.word not in STATEMENTS:
        instead = "合并同类单元格请用 {% 合并 表达式 %}" if tag.word in _OF_DOCXTPL else absent(tag.word, STATEMENTS)
        return f"不支持 {tag.word}；{instead}"
    if tag.word == "合并" and (tag.unit or not in_cell):
        return "合并 要写在表格的格子里，前面不加 p、tr、tc"
    return ""


def _beside(holder: Element, tag: Tag) -> str:
    """What else the holder of a tag holds."""
    text = "".join(text.text or "" for text in holder.iter(T)).replace(tag.source, "", 1).strip()
    more = next(holder.iter(*_MORE), None)
    return text[:20] if text else "" if more is None else "图片、域或分节符"


def _replace(element: Element, others: list[Element]) -> None:
    for other in others:
        element.addprevious(other)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _alone(child: Element, properties: Element | None) -> Element:
    """A run of its own for something that is not text."""
    run = etree.Element(R)
    if properties is not None:
        run.append(deepcopy(properties))
    run.append(child)
    return run


def _rows(table: Element) -> list[Element]:
    return [row for row in table.iter(TR) if next(inside(row, TBL)) is table]


def _column(cell: Element) -> int:
    """The grid column where a cell begins."""
    before = [one for one in cell.itersiblings(TC, preceding=True)]
    return sum(int(value_of(one, "tcPr", "gridSpan") or 1) for one in before)


def _has_insertion(row: Element) -> bool:
    return any(child.tag is etree.ProcessingInstruction for child in row)


def _boxed(paragraph: Element) -> bool:
    return next(inside(paragraph, TEXT_BOX), None) is not None


def _attached(element: Element, root: Element) -> bool:
    return element is root or any(one is root for one in element.iterancestors())


def _pair_bookmarks(root: Element) -> None:
    """Drop bookmarks that have lost an end, and those whose names are ours to give."""
    starts = {one.get(W + "id") for one in root.iter(_MARKS[0]) if not _OURS.fullmatch(one.get(W + "name", ""))}
    whole = starts & {one.get(W + "id") for one in root.iter(_MARKS[1])}
    for mark in list(root.iter(*_MARKS)):
        if mark.get(W + "id") not in whole:
            _replace(mark, [])
