"""Formulas as Word equations: what is a quotient stands as a fraction, all else on the line, and no sign is lost."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.prose import Equation
from reportgen.write.equation import equation
from tests.support.structure import structure_findings
from tests.support.words import made, word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def read(text: str) -> str:
    """The equation as text, a fraction in square brackets: ``率＝[甲|乙]×100%``."""
    return math(ET.fromstring(f'<m xmlns:w="{W}">{equation(text)}</m>'))


def math(element: ET.Element) -> str:
    if element.tag == f"{M}f":
        over, under = (element.find(f"{M}{part}") for part in ("num", "den"))
        assert over is not None
        assert under is not None
        return f"[{math(over)}|{math(under)}]"
    return element.text or "" if element.tag == f"{M}t" else "".join(map(math, element))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("死亡率（‰）＝死亡数÷活产数×1000‰", "死亡率（‰）＝[死亡数|活产数]×1000‰"),
        ("死亡率（1/10万）＝死亡数÷活产数×100000", "死亡率（1/10万）＝[死亡数|活产数]×100000"),
        ("死亡率＝死亡数÷活产数×1/10万", "死亡率＝[死亡数|活产数]×1/10万"),
        ("死亡率 = 死亡数/活产数", "死亡率 ＝[死亡数|活产数]"),
        ("平均住院日＝占用总床日数÷出院人数", "平均住院日＝[占用总床日数|出院人数]"),
        ("得分＝（当年－下限）÷（上限－下限）×40＋60", "得分＝[当年－下限|上限－下限]×40＋60"),
        ("得分＝60＋（当年－下限）÷（上限－下限）×40", "得分＝60＋[当年－下限|上限－下限]×40"),
        ("率＝（甲＋乙）×（丙＋丁）÷戊", "率＝[（甲＋乙）×（丙＋丁）|戊]"),
        ("率＝甲÷（乙×丙）×100%", "率＝[甲|乙×丙]×100%"),
        ("每千人口医师＝医师数（人）÷常住人口（千人）", "每千人口医师＝[医师数（人）|常住人口（千人）]"),
        ("和＝甲÷乙＋丙÷丁", "和＝[甲|乙]＋[丙|丁]"),
        ("率＝甲÷乙×100%＝丙", "率＝[甲|乙]×100%＝丙"),
        ("比＝甲÷乙÷丙", "比＝甲÷乙÷丙"),
        ("甲÷乙", "[甲|乙]"),
        ("床位数＝实有床位数", "床位数＝实有床位数"),
        ("率＝÷乙", "率＝÷乙"),
        ("（甲÷乙）", "（甲÷乙）"),
        ("率＝甲<乙>&丙÷丁", "率＝[甲<乙>&丙|丁]"),
    ],
)
def test_each_quotient_is_a_fraction_and_the_rest_stays_on_the_line(text: str, shown: str) -> None:
    assert read(text) == shown


@given(st.text("甲乙（）()＋－×÷＝/1 ", max_size=16))
def test_no_letter_is_lost_but_brackets_round_a_whole_side_of_a_fraction(text: str) -> None:
    kept = str.maketrans("", "", "（）()÷/[|] ")
    assert read(text).translate(kept) == text.translate(kept)


def test_each_line_of_a_cell_becomes_a_paragraph_with_one_equation(tmp_path: Path) -> None:
    path = word(tmp_path, "计算公式：", "{{p 公式 }}", "数据来源：年鉴。")
    document, rendered = made(path, {"公式": (Equation("甲率＝甲÷丙"), Equation("乙率＝乙÷丙×100%"))})
    assert structure_findings(document) == []
    body = ET.fromstring(rendered.parts["word/document.xml"])
    maths = list(body.iter(f"{M}oMathPara"))
    assert [math(one) for one in maths] == ["甲率＝[甲|丙]", "乙率＝[乙|丙]×100%"]
    assert [block.text for block in rendered.blocks if block.text] == ["计算公式：", "数据来源：年鉴。"]
