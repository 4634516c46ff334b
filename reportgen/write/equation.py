"""A formula such as 死亡率＝死亡数÷活产数×1000‰ as a Word equation (OMML), its quotient as a fraction."""

from __future__ import annotations

import re

from reportgen.write.language import escape

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_QUOTIENT = re.compile(r"(?P<over>[^÷]+)÷(?P<under>[^÷×]+)(?P<rest>(?:×.+)?)")
_FONTS = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:hint="eastAsia"/></w:rPr>'


def equation(text: str) -> str:
    """The m:oMathPara for one formula; what is no quotient stays on the line."""
    left, equals, right = text.replace("=", "＝").partition("＝")
    body = _run(left + equals) + _side(right) if equals else _side(left)
    return f'<m:oMathPara xmlns:m="{_MATH}"><m:oMath>{body}</m:oMath></m:oMathPara>'


def _side(text: str) -> str:
    found = _QUOTIENT.fullmatch(re.sub("[/／]", "÷", text.strip()))
    if not found:
        return _run(text)
    over, under = (_run(found[name].strip().strip("()（）")) for name in ("over", "under"))
    return f"<m:f><m:num>{over}</m:num><m:den>{under}</m:den></m:f>" + _run(found["rest"])


def _run(text: str) -> str:
    return f'<m:r><m:rPr><m:nor/></m:rPr>{_FONTS}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>' if text else ""
