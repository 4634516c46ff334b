"""What departments write: paragraphs, tables, pictures, each with the place it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.model import NOWHERE, Place, frozen


@frozen
class Span:
    """A run of prose; ``text`` may hold {{ 名称|格式 }} until it is filled."""

    text: str
    bold: bool = False


@frozen
class Paragraph:
    """``level`` 0 is body text, 1–4 a heading 一、 （一） 1. （1）."""

    spans: tuple[Span, ...]
    level: int = 0
    place: Place = NOWHERE

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


Area = tuple[int, int, int, int]


@frozen
class ProseTable:
    """A table inside prose: rows of cell texts, the first row being its header. What a merged cell covers is "".

    ``merges`` are (top, left, bottom, right) from 0; ``widths`` the columns' in the source, in twips, () where unknown;
    ``right`` the (row, column) of the cells whose text stands at the right.
    """

    rows: tuple[tuple[str, ...], ...]
    place: Place = NOWHERE
    merges: tuple[Area, ...] = ()
    widths: tuple[int, ...] = ()
    right: frozenset[tuple[int, int]] = frozenset()

    @property
    def heads(self) -> int:
        """How many rows the header takes: two where a cell of the first reaches into the second."""
        return 2 if any(top == 0 and bottom == 1 for top, _, bottom, _ in self.merges) else 1


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula on a line of its own: 左边＝分子÷分母×倍数."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in prose, a paragraph of its own. ``kind`` is png, jpeg, gif or bmp.

    ``width``, ``height`` in EMU, 360,000 a centimetre; ``crop`` what is cut off at the left, top, right and bottom, in
    thousandths of a per cent; ``alt`` the words for who can't see it.
    """

    data: bytes = field(repr=False)
    kind: str
    width: int
    height: int
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)
    alt: str = ""
    place: Place = NOWHERE


ProseBlock = Paragraph | ProseTable | Equation | Picture
Prose = tuple[ProseBlock, ...]
