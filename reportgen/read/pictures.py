"""Pictures in prose, taken out of Word's drawings. What a picture is, its first bytes say, never its name."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from reportgen.model import Place
from reportgen.prose import Picture
from reportgen.read.cells import clean

LARGEST, MOST_PIXELS = 20 * 2**20, 100_000_000
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_EMU = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "px": 9_525}
_SIZE = re.compile(r"(?:^|;)\s*(width|height):\s*([0-9.]+)(pt|in|cm|mm|px)")
_OTHERS = {"chart": "图表", "chartex": "图表", "diagram": "SmartArt 图形"}
_AS_PNG = "请在 Word 里选中它，剪切后用“选择性粘贴”粘成图片（PNG）"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the JPEG segments that tell its size


class UnfitError(ValueError):
    """A drawing that can't be taken over: the code, what is to be said, and what to do."""

    def __init__(self, message: str, hint: str, code: str = "E305") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def take_picture(drawing: ET.Element, parts: Mapping[str, bytes], place: Place) -> Picture:
    """The picture of a w:drawing or w:pict; UnfitError says why it can't be had."""
    images = [*drawing.iter(f"{_A}blip"), *drawing.iter(f"{_V}imagedata")]
    others = [one.get("uri", "").rpartition("/")[2] for one in drawing.iter(f"{_A}graphicData")]
    if len(images) != 1 or others not in ([], ["picture"]):
        what = next((_OTHERS[other] for other in others if other in _OTHERS), "图形或文本框")
        raise UnfitError(f"这一段有{what}，暂时不能带入报告", f"{_AS_PNG}，或改用文字、表格写明")
    _refuse_altered(drawing)
    key = images[0].get(f"{_R}embed") or images[0].get(f"{_R}id") or ""
    if key not in parts:
        raise UnfitError("这一段的图片是链接的，不在文件里", "请删去后用“插入图片”重新放进来，不要选“链接到文件”")
    data = parts[key]
    kind, across, down = _measured(data)
    width, height = _extent(drawing)
    if not width or not height:
        width, height = across * _EMU["px"], down * _EMU["px"]
    return Picture(data, kind, width, height, _crop(drawing), _alt(drawing), place)


def _refuse_altered(drawing: ET.Element) -> None:
    """A turned picture would come out unturned, one cropped in the old way whole."""
    settings = (one.get(name, "0") for one in drawing.iter(f"{_A}xfrm") for name in ("rot", "flipH", "flipV"))
    turned = any(setting not in ("0", "false") for setting in settings)
    cropped = any(name.startswith("crop") for one in drawing.iter(f"{_V}imagedata") for name in one.attrib)
    if turned or cropped or any("rotation:" in one.get("style", "") for one in drawing.iter(f"{_V}shape")):
        raise UnfitError("这一段的图片在 Word 里旋转或裁剪过，报告里会走样", _AS_PNG)


def _measured(data: bytes) -> tuple[str, int, int]:
    """png, jpeg, gif or bmp, with width and height in pixels."""
    try:
        kind, across, down = _header(data)
    except (struct.error, IndexError):
        kind, across, down = "cut short", 0, 0
    if not kind:
        raise UnfitError("这一段的图片不是 PNG、JPEG、GIF 或 BMP 格式，暂时不能带入报告", _AS_PNG)
    if len(data) > LARGEST or across * down > MOST_PIXELS:
        size = f"{len(data) / 2**20:.0f}MB，{across}×{down}像素"
        raise UnfitError(f"这一段的图片太大（{size}）", "请在 Word 里用“压缩图片”缩小（20MB、1亿像素以内）", "E309")
    if across <= 0 or down <= 0:
        raise UnfitError("这一段的图片已损坏", "请重新插入这张图片", "E309")
    return kind, across, down


def _header(data: bytes) -> tuple[str, int, int]:
    """What the first bytes say, "" for no kind that is taken; struct.error or IndexError where they end too early."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", *struct.unpack_from(">II", data, 16)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif", *struct.unpack_from("<HH", data, 6)
    if data.startswith(b"BM"):
        across, down = struct.unpack_from("<ii", data, 18)
        return "bmp", across, abs(down)
    return ("jpeg", *_frame(data)) if data.startswith(b"\xff\xd8\xff") else ("", 0, 0)


def _frame(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, from the first segment that tells them."""
    at = 2
    while data[at] == 0xFF and data[at + 1] not in _FRAMES:
        at += 1 if data[at + 1] == 0xFF else 2 + struct.unpack_from(">H", data, at + 2)[0]
    down, across = struct.unpack_from(">HH", data, at + 5)
    return (across, down) if data[at] == 0xFF else (0, 0)


def _extent(drawing: ET.Element) -> tuple[int, int]:
    """Width and height in EMU as Word shows it; 0 where it does not say."""
    extent = next(drawing.iter(f"{_WP}extent"), None)
    if extent is not None:
        return int(extent.get("cx", "0")), int(extent.get("cy", "0"))
    style = next((one.get("style", "") for one in drawing.iter(f"{_V}shape")), "")
    sizes = {name: float(size) * _EMU[unit] for name, size, unit in _SIZE.findall(style)}
    return int(sizes.get("width", 0)), int(sizes.get("height", 0))


def _crop(drawing: ET.Element) -> tuple[int, int, int, int]:
    """What is cut off at the left, top, right and bottom, in thousandths of a per cent."""
    cut = next(drawing.iter(f"{_A}srcRect"), None)
    left, top, right, bottom = (0 if cut is None else int(cut.get(side, "0")) for side in "ltrb")
    return left, top, right, bottom


def _alt(drawing: ET.Element) -> str:
    """可选文字, or the title where there is none."""
    named = [*drawing.iter(f"{_WP}docPr"), *drawing.iter(f"{_V}shape")]
    texts = (one.get(name, "") for name in ("descr", "alt", "title") for one in named)
    return clean(" ".join(next((text for text in texts if text.strip()), "").split()))[0]
