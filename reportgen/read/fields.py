"""Word's fields whose words are not in the file: Word draws them from a code, and a reader of texts sees nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from reportgen.read.numbering import W

_CALLED = {"EQ": "带圈字符或分式", "SYMBOL": "特殊符号", "FORMCHECKBOX": "复选框", "FORMDROPDOWN": "下拉框"}
# What shows nothing, or what Word counts only when it lays out the pages.
_HARMLESS = ("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "TOA", "INDEX", "XE", "TC", "TA", "RD", "SEQ", "SET",
             "ADVANCE", "PRIVATE", "ADDIN")  # fmt: skip


@dataclass(slots=True)
class _Field:
    code: str = ""
    answered: bool = False


def unseen_fields(paragraph: ET.Element) -> Iterator[str]:
    """What each field of a paragraph is, in Chinese, if its words can't be taken from the file."""
    for field in _fields(paragraph):
        name = next(iter(field.code.upper().replace("\\", " ").split()), "")
        if name in _CALLED or (name and name not in _HARMLESS and not field.answered):
            yield f"{_CALLED.get(name, '还没有结果的域')}（域代码 {name}）"


def _fields(paragraph: ET.Element) -> Iterator[_Field]:
    """The fields that end in the paragraph, not those that only help to write the code of another."""
    begun: list[_Field] = []
    for element in paragraph.iter():
        kind = element.get(f"{W}fldCharType") if element.tag == f"{W}fldChar" else ""
        if element.tag == f"{W}fldSimple":
            yield _Field(element.get(f"{W}instr", ""), answered=element.find(f".//{W}t") is not None)
        elif kind == "begin":
            begun.append(_Field())
        elif begun and element.tag == f"{W}instrText":
            begun[-1].code += element.text or ""
        elif begun and kind == "separate":
            begun[-1].answered = True
        elif begun and kind == "end":
            field = begun.pop()
            if all(outer.answered for outer in begun):
                yield field
