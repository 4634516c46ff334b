"""A formula such as 死亡率＝死亡数÷活产数×1000‰ as a Word equation (OMML), each quotient as a fraction.

Only what stands outside brackets counts: a quotient reaches from the sign before it to the next × ÷ ＋ － ＝. The /
of 1/10万 is part of a number.
"""

from __future__ import annotations

from itertools import accumulate

from reportgen.write.language import escape

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_OPEN, _SHUT = "(（[［", ")）]］"
_SUMS, _DIVISION = "＋+－−-＝", "÷/／"
_FONTS = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:hint="eastAsia"/></w:rPr>'


def equation(text: str) -> str:
    """The m:oMathPara for one formula; what is no quotient stays on the line."""
    left, equals, right = text.strip().replace("=", "＝").partition("＝")
    body = _run(left + equals) + _side(right) if equals else _side(left)
    return f'<m:oMathPara xmlns:m="{_MATH}"><m:oMath>{body}</m:oMath></m:oMathPara>'


def _side(text: str) -> str:
    """The terms between ＋ － ＝, each with its quotient, if it has just one."""
    made, rest = "", ""
    for term, sign in _cut(text, _SUMS):
        quotient = _quotient(term)
        made += (_run(rest) + quotient[0] if quotient else "")
        rest = (quotient[1] if quotient else rest + term) + sign
    return made + _run(rest)


def _quotient(term: str) -> tuple[str, str] | None:
    """The fraction in OMML, and the ×… that follows it on the line; None when the term is no single quotient."""
    (over, sign), *more = _cut(term, _DIVISION)
    if not sign or len(more) != 1:
        return None
    (under, times), *rest = _cut(more[0][0], "×")
    after = times + "".join(piece + mark for piece, mark in rest)
    if not over.strip() or not under.strip():
        return None
    return f"<m:f><m:num>{_run(_bare(over))}</m:num><m:den>{_run(_bare(under))}</m:den></m:f>", after


def _cut(text: str, signs: str) -> list[tuple[str, str]]:
    """Pieces of the text and the sign that ends each, "" for the last; signs inside brackets cut nothing."""
    pieces, start = list[tuple[str, str]](), 0
    for at, (letter, depth) in enumerate(zip(text, _depths(text), strict=True)):
        if letter in signs and not depth and not (letter in "/／" and text[at - 1 : at].isdigit()):
            pieces.append((text[start:at], letter))
            start = at + 1
    return [*pieces, (text[start:], "")]


def _bare(text: str) -> str:
    """Without the one pair of brackets that holds all of it: the line of the fraction does as well."""
    text = text.strip()
    depths = _depths(text)
    whole = 0 in depths and text[0] in _OPEN and depths.index(0) == len(text) - 1
    return text[1:-1].strip() if whole else text


def _depths(text: str) -> list[int]:
    """How many brackets are open after each letter."""
    return list(accumulate((letter in _OPEN) - (letter in _SHUT) for letter in text))


def _run(text: str) -> str:
    return f'<m:r><m:rPr><m:nor/></m:rPr>{_FONTS}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>' if text else ""
