"""Tags lifted out of Word's tree: checked, put where their paragraph, row or cell stood, and paired."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace

from reportgen.write.language import CALL, EXPR, EXPR_END, STATEMENTS, STMT, STMT_END
from reportgen.write.runs import slot
from reportgen.write.tags import (
    LEFT_OVER,
    TAG,
    TBL,
    TC,
    TEXT_BOX,
    TR,
    Element,
    P,
    T,
    Tag,
    W,
    inside,
    join_tags,
    new,
    own,
    parse_tag,
    replace_element,
    text_of,
)
from reportgen.write.tree import PartTree, is_insertion

_HOLDERS = {"tr": (TR, "行"), "tc": (TC, "格"), "p": (P, "段")}
_MORE = tuple(W + name for name in ("drawing", "pict", "object", "fldChar", "fldSimple", "sectPr", "footnoteReference"))
_BEFORE_MERGE = tuple(W + name for name in ("cnfStyle", "tcW", "gridSpan", "hMerge"))
_OF_DOCXTPL = ("vm", "hm", "colspan", "cellbg")
_BOOKMARKS = (W + "bookmarkStart", W + "bookmarkEnd")
_NAMING = re.compile(r"(?:for|set)\s+([^\W\d]\w*)")
# Bookmark names that Word or rendering gives anew.
_OURS = re.compile(r"_GoBack|_f\d+|_Toc\d+")


def read_tags(tree: PartTree) -> None:
    """Find, join and check the tags of every paragraph."""
    for paragraph, place in tree.places.items():
        if next(inside(paragraph, TEXT_BOX), None) is None:
            join_tags(paragraph)
            text = text_of(paragraph)
            left_over = TAG.sub("", text)
            if LEFT_OVER.search(left_over):
                hint = "标记要用半角花括号和半角百分号" if re.search("[｛｝％]", left_over) else "花括号要成对写"
                tree.refuse("E702", place, f"标记不完整：{left_over.strip()[:40]}", hint)
            in_cell = next(inside(paragraph, TC), None) is not None
            found = (parse_tag(source, place) for source in TAG.findall(text))
            tree.tags[paragraph] = [_checked(tree, tag, in_cell) for tag in found]


def _checked(tree: PartTree, tag: Tag, in_cell: bool) -> Tag:
    """The tag with its quotes made straight; its faults are noted."""
    if tag.word == "#":
        return tag
    if message := _unsupported(tag, in_cell):
        tree.refuse("E703", tag.place, f"{tag.source}：{message}")
        return _stand_in(tag)
    word, body = ("", tag.body.removeprefix("合并")) if tag.word == "合并" else (tag.word, tag.body)
    body, complaints = tree.shared.language.check(word, body)
    for complaint in complaints:
        tree.refuse("E702", tag.place, f"{tag.source}：{complaint}")
    return _stand_in(tag) if complaints else replace(tag, body=body)


def _stand_in(tag: Tag) -> Tag:
    """In the place of a tag that was refused: one of which nothing is known, so that those around it can be looked at."""
    bodies = {"if": "if _", "elif": "elif _", "else": "else", "endif": "endif", "endfor": "endfor", "": "_", "合并": "_"}
    if naming := _NAMING.match(tag.body):
        bodies |= {"for": f"for {naming[1]} in _", "set": f"set {naming[1]} = _"}
    return replace(tag, body=bodies[tag.word]) if tag.word in bodies else replace(tag, word="#")


def _unsupported(tag: Tag, in_cell: bool) -> str:
    """Why the tag can't be used at all, or ""."""
    if not tag.body:
        return "标记里没有内容"
    if tag.source[2] in "-+" or tag.source[-3] in "-+":
        return "不支持 {%- 和 -%} 这类去空白的写法"
    if tag.word == "" and tag.unit not in ("", "p"):
        return "不支持这种写法"
    if tag.word and tag.word not in STATEMENTS:
        instead = "合并同类单元格请用 {% 合并 表达式 %}" if tag.word in _OF_DOCXTPL else "可以用 if、for、set 和 合并"
        return f"不支持 {tag.word}；{instead}"
    if tag.word == "合并" and (tag.unit or not in_cell):
        return "合并 要写在表格的格子里，前面不加 p、tr、tc"
    return ""


def lift(tree: PartTree, unit: str) -> None:
    """Put each tag of this unit where its paragraph, row or cell stands, and a slot where {{p …}} stands."""
    name, called = _HOLDERS[unit]
    for paragraph, tag in [(one, tag) for one, tags in tree.tags.items() for tag in tags if tag.unit == unit]:
        holder = paragraph if name == P else next(inside(paragraph, name), None)
        if holder is None:
            tree.refuse("E703", tag.place, f"{tag.source} 只能写在表格里")
            continue
        if beside := _beside(holder, tag):
            hint = f"请把其余内容移到别的{called}"
            tree.refuse("E704", tag.place, f"{tag.source} 要独占一{called}，旁边还有：{beside}", hint)
        if tree.attached(holder):
            replace_element(holder, [tree.statement(tag) if tag.word else slot(tree, paragraph, tag)])
            tree.tags[paragraph] = []


def _beside(holder: Element, tag: Tag) -> str:
    """What else the holder of a tag holds."""
    text = "".join(text.text or "" for text in holder.iter(T)).replace(tag.source, "", 1).strip()
    more = next(holder.iter(*_MORE), None)
    return text[:20] if text else "" if more is None else "图片、域或分节符"


def lift_columns(tree: PartTree) -> None:
    """{%tc %}: where it first stands in a table, the column goes with the cell; every row must have it."""
    first: dict[Element, Element] = {}
    for cell in [cell for cell in tree.columns if any(tag.unit == "tc" for tag in tree.tags_of(cell))]:
        table, row = next(inside(cell, TBL)), next(inside(cell, TR))
        grid, column = tree.grids[table], tree.columns[cell]
        if first.setdefault(table, row) is row and column < len(grid):
            replace_element(grid[column], [tree.statement(tag) for tag in tree.tags_of(cell)])
    for table in first:
        for row in own(table, TR):
            if not any(tag.unit in ("tc", "tr") for tag in tree.tags_in(row)):
                tree.refuse("E703", tree.place_of(row), "这一行没有 {%tc %}，列数会与别的行不同")


def merge_cells(tree: PartTree) -> None:
    """{% 合并 %}: a cell goes on with the one above while its key, and the keys to its left, stay the same."""
    for number, table in enumerate(list(tree.root.iter(TBL))):
        merging = False
        for row in own(table, TR):
            keys = ""
            for cell in row.findall(TC):
                for tag in [tag for tag in tree.tags_of(cell) if tag.word == "合并"]:
                    keys, merging = f"{keys}{tag.body}, ", True
                    _merge_cell(tree, cell, tag, f"{number}, {tree.columns[cell]}", keys)
        if merging:
            for row in own(table, TR):
                row.addprevious(tree.insert((f"{EXPR}_step|{CALL}({number}){EXPR_END}", None)))
            table[0].addprevious(tree.insert((f"{EXPR}_start|{CALL}({number}){EXPR_END}", None)))


def _merge_cell(tree: PartTree, cell: Element, tag: Tag, where: str, keys: str) -> None:
    """Put w:vMerge at its place in the schema, and an empty paragraph for the content where the cell goes on."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        properties = new(W + "tcPr")
        cell.insert(0, properties)
    for old in properties.findall(W + "vMerge"):
        properties.remove(old)
    index = sum(child.tag in _BEFORE_MERGE for child in properties)
    properties.insert(index, tree.expression(f"_merge|{CALL}({where}, ({keys}))", tag))
    empty, style = new(P), cell.find(f"{P}/{W}pPr")
    if style is not None:
        empty.append(deepcopy(style))
    goes_on = f"{STMT}if _goes_on|{CALL}({where}){STMT_END}{tree.xml(empty)}{STMT}else{STMT_END}"
    properties.addnext(tree.insert((goes_on, None)))
    cell.append(tree.insert((f"{STMT}endif{STMT_END}", None)))


def settle(tree: PartTree) -> None:
    """See that every if and for ends among its siblings; drop the bookmarks that a loop would repeat."""
    _settle(tree, tree.root, repeated=False)
    starts = [one for one in tree.root.iter(_BOOKMARKS[0]) if not _OURS.fullmatch(one.get(W + "name", ""))]
    ends = {one.get(W + "id") for one in tree.root.iter(_BOOKMARKS[1])}
    whole = {one.get(W + "id") for one in starts} & ends
    for mark in [one for one in tree.root.iter(*_BOOKMARKS) if one.get(W + "id") not in whole]:
        replace_element(mark)


def _settle(tree: PartTree, parent: Element, *, repeated: bool) -> None:
    opened: list[Tag] = []
    for child in list(parent):
        if is_insertion(child):
            if tag := tree.tag_at(child):
                _nest(tree, opened, tag)
        elif child.tag in _BOOKMARKS and (repeated or opened):
            parent.remove(child)
        else:
            _settle(tree, child, repeated=repeated or bool(opened))
    for tag in opened:
        tree.refuse("E702", tag.place, f"{tag.source} 没有结束", _paired(tag))


def _nest(tree: PartTree, opened: list[Tag], tag: Tag) -> None:
    if tag.word in ("if", "for"):
        opened.append(tag)
    elif tag.word in ("endif", "endfor"):
        if opened and opened[-1].word == tag.word[3:]:
            opened.pop()
        else:
            tree.refuse("E702", tag.place, f"{tag.source} 没有与它对应的开头", _paired(tag))
    elif tag.word in ("else", "elif") and not opened:
        tree.refuse("E702", tag.place, f"{tag.source} 不在 if 里面", _paired(tag))


def _paired(tag: Tag) -> str:
    where = {"": "同一段", "p": "同一层的段落之间", "tr": "同一个表格", "tc": "同一行"}[tag.unit]
    return f"开头和结尾要用同样的写法 {{%{tag.unit} … %}}，并在{where}里"
