"""Runs, blocks, slots for prose and the table of contents, marked in the tree for the pass that fills them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from reportgen.marks import BLOCK, BLOCK_KEY, RUN, RUN_END, RUN_TEXT
from reportgen.model import Place
from reportgen.write.language import CALL, laid_out
from reportgen.write.prose import Look, Slot, value_of
from reportgen.write.tags import TAG, TC, TR, Element, P, R, T, Tag, W, inside, new, own, replace_element
from reportgen.write.toc import outside_field, take_toc, text_area
from reportgen.write.tree import PartTree, Piece, expression

_CELL_MARGINS = 216
_SIMPLE = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}


def place_toc(tree: PartTree) -> None:
    """Take the TOC field out and mark where it stood."""
    found = take_toc(tree.root, tree.shared.styles) if tree.body else None
    if found is None:
        return
    tree.shared.toc, taken = found
    place = tree.places[taken[0]]
    if beside := outside_field(taken):
        tree.refuse("E704", place, f"目录旁边还有文字：{beside[:20]}", "请把它移到单独的一段")
    tree.shared.block("toc", "toc", 0, place)
    taken[0].addprevious(_mark("toc", tree))
    for element in taken:
        if next(element.iter(W + "sectPr"), None) is None:
            tree.tags.pop(element, None)
            replace_element(element)
        else:  # a section ends in the field's last paragraph: keep that
            element[:] = element.findall(W + "pPr")


def mark_blocks(tree: PartTree) -> None:
    """Mark the start of each paragraph outside tables and of each row of a table."""
    for element in list(tree.root.iter(P, TR)):
        if key := tree.block_key(element):
            kind = "row" if element.tag == TR else "paragraph"
            tree.shared.block(key, kind, _level(tree, element), tree.place_of(element))
            element.addprevious(_mark(key, tree))


def _mark(key: str, tree: PartTree) -> Element:
    return tree.insert((f"{BLOCK}{key}{BLOCK_KEY}", None))


def _level(tree: PartTree, element: Element) -> int:
    """The outline level of a paragraph, its own or its style's; 0 is body text."""
    if element.tag == TR:
        return 0
    direct = value_of(element, "pPr", "outlineLvl")
    return (int(direct) + 1) % 10 if direct else tree.shared.styles.level(value_of(element, "pPr", "pStyle"))


def slot(tree: PartTree, paragraph: Element, tag: Tag) -> Element:
    """A slot for prose, in the look of the paragraph that holds its tag."""
    shared, number, key = tree.shared, len(tree.shared.slots), tree.block_key(paragraph)
    run = next(run for run in paragraph.iter(R) if tag.source in "".join(text.text or "" for text in run.iter(T)))
    following = paragraph.getnext()
    # A paragraph that is nothing but a tag will be gone.
    stays = following is not None and following.tag == P and not any(tag.unit for tag in tree.tags.get(following, ()))
    body = _look(tree, tree.xml(paragraph.find(W + "pPr")), run.find(W + "rPr"), key, 0, tag.place)
    area = _area(tree, paragraph)
    row = shared.block(f"{key}r", "row", 0, tag.place, key) if key else ""
    shared.slots.append(
        Slot(
            levels=(body, *(_heading(tree, level, key, tag.place) for level in range(1, 5))),
            head=_look(tree, shared.styles.paragraph("表头"), None, key, 0, tag.place),
            cell=_look(tree, shared.styles.paragraph("表格正文"), None, key, 0, tag.place),
            equation=shared.styles.paragraph("公式"),
            row=row,
            table_style=shared.styles.table,
            picture=shared.block(f"{key}g", "picture", 0, tag.place, key) if key else "",
            width=area[0],
            area=area if tree.body else None,
            before_paragraph=stays,
        )
    )
    return tree.expression(f"_prose|{CALL}({number}, {tag.body})", tag)


def _area(tree: PartTree, paragraph: Element) -> tuple[int, int]:
    """What the text may take there, across and down, in twips: that of the page, or as narrow as the cell."""
    width, height = text_area(tree.root, paragraph)
    for cell in inside(paragraph, TC):
        size = cell.find(f"{W}tcPr/{W}tcW")
        if size is not None and size.get(W + "type") == "dxa":
            width = min(width, max(int(size.get(W + "w", "0")) - _CELL_MARGINS, _CELL_MARGINS))
    return width, height


def _heading(tree: PartTree, level: int, key: str, place: Place) -> Look | None:
    style = tree.shared.styles.heading(level)
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    return _look(tree, properties, None, key, level, place) if style else None


def _look(tree: PartTree, properties: str, run: Element | None, key: str, level: int, place: Place) -> Look:
    bold = deepcopy(run) if run is not None else new(W + "rPr")
    if bold.find(W + "b") is None:
        bold.insert(sum(child.tag in (W + "rStyle", W + "rFonts") for child in bold), new(W + "b"))
    block = tree.shared.block(f"{key}h{level}" if level else key, "paragraph", level, place, key) if key else ""
    return Look(f"<w:p>{properties}", tree.run_opening(run), tree.run_opening(bold), block)


def mark_runs(tree: PartTree) -> None:
    """Turn runs into marked runs: neighbours of one look become one, whatever Word has made of them."""
    for paragraph, tags in tree.tags.items():
        if tree.attached(paragraph):
            left = iter(tags)
            for run in _joined(tree, own(paragraph, R)):
                replace_element(run, list(_rewritten(tree, run, left)))


def _joined(tree: PartTree, runs: list[Element]) -> list[Element]:
    """The runs that hold text, each with the equal ones that follow it directly put into it."""
    kept: list[Element] = []
    for run in runs:
        if not any(child.tag == T or child.tag in _SIMPLE for child in run):
            continue
        before = kept[-1] if kept and run.getprevious() is kept[-1] else None
        if before is None or tree.xml(before.find(W + "rPr")) != tree.xml(run.find(W + "rPr")):
            kept.append(run)
            continue
        before.extend([child for child in run if child.tag != W + "rPr"])
        replace_element(run)
    return kept


def _rewritten(tree: PartTree, run: Element, tags: Iterator[Tag]) -> Iterator[Element]:
    """Marked text with its expressions, broken by statements and by whatever is not text."""
    properties = run.find(W + "rPr")
    pieces: list[Piece] = []
    for one in _contents(run, tags):
        if isinstance(one, Tag) and one.word == "":
            pieces.append((expression(one.body), one))
        elif isinstance(one, str):
            pieces.append((laid_out(one), None))
        else:
            yield from _marked(tree, properties, pieces)
            pieces = []
            if not isinstance(one, Tag):
                yield _alone(one, properties)
            elif one.word not in ("#", "合并") and not one.unit:  # one that could not be lifted has been reported
                yield tree.statement(one)
    yield from _marked(tree, properties, pieces)


def _contents(run: Element, tags: Iterator[Tag]) -> Iterator[str | Tag | Element]:
    """A run's texts, tags and other elements in order."""
    for child in [child for child in run if child.tag != W + "rPr"]:
        if child.tag == T:
            first, *rest = TAG.split(child.text or "")
            yield first
            for text in rest:
                yield next(tags)
                yield text
        elif child.tag in _SIMPLE and not child.attrib:
            yield _SIMPLE[str(child.tag)]
        else:
            yield child


def _marked(tree: PartTree, properties: Element | None, pieces: list[Piece]) -> Iterator[Element]:
    if any(text for text, _ in pieces):
        yield tree.insert((f"{RUN}{tree.run_opening(properties)}{RUN_TEXT}", None), *pieces, (RUN_END, None))


def _alone(child: Element, properties: Element | None) -> Element:
    """A run of its own for something that is not text."""
    run = new(R)
    if properties is not None:
        run.append(deepcopy(properties))
    run.append(child)
    return run
