"""Pictures as Word holds them: one paragraph each, one part of the package for all that are equal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction

from reportgen.prose import Picture
from reportgen.write.archive import OFFICE
from reportgen.write.language import escape

EMU_PER_TWIP = 635
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_FIRST_ID = 1_000_000_000  # beyond what templates number their own drawings with


def key_of(picture: Picture) -> str:
    """The name of a picture's part and link, by its contents alone."""
    return f"picture{hashlib.sha256(picture.data).hexdigest()[:24]}"


def part_of(picture: Picture) -> str:
    """The part's name in the package."""
    return f"word/media/{key_of(picture)}.{picture.kind}"


def unique(pictures: Iterable[Picture]) -> list[Picture]:
    """Pictures without those equal to an earlier one."""
    return list({part_of(one): one for one in pictures}.values())


def picture_paragraph(picture: Picture, number: int, area: tuple[int, int], keep: bool) -> str:
    """A centred paragraph of the picture, within ``area`` twips across and down; ``keep`` it with the next one."""
    sizes = (picture.width, picture.height)
    scale = min(Fraction(1), *(Fraction(most * EMU_PER_TWIP, size) for most, size in zip(area, sizes, strict=True)))
    across, down = (max(1, int(size * scale)) for size in sizes)
    # Without its own line spacing, a style's fixed one would cut the picture to the height of a line.
    properties = (
        f'<w:pPr>{"<w:keepNext/>" * keep}<w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/>'
        '<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
    )
    return f"<w:p>{properties}<w:r><w:drawing>{_inline(picture, number, across, down)}</w:drawing></w:r></w:p>"


def _inline(picture: Picture, number: int, across: int, down: int) -> str:
    alt, size = escape(picture.alt).replace('"', "&quot;"), f'cx="{across}" cy="{down}"'
    crop = "".join(f' {side}="{cut}"' for side, cut in zip("ltrb", picture.crop, strict=True) if cut)
    return (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{_FIRST_ID + number}" name="图片 {number}" descr="{alt}"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="0" name="图片 {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="{key_of(picture)}"/><a:srcRect{crop}/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline>"
    )
