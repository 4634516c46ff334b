"""A whole sheet typed in 元 for 万元: its figures agree with each other, so that only a figure beside it can tell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportgen.build import judge
from tests.support.samples import LONGGANG, LUOHU
from tests.support.sheets import changed

BUDGET = ("预算", "单位执行情况")  # which have to agree with each other
LONGGANG_BUDGET = ("预算", "收入预算", "支出预算", "决算", "决算收入", "决算支出", "项目完成情况")


def in_yuan(book: Any, names: tuple[str, ...]) -> None:
    """Every figure of 万元 on these sheets ten thousand times as large."""
    for sheet in (book[name] for name in names):
        for row in sheet.iter_rows():
            for cell in row:
                above = "".join(str(sheet.cell(at, cell.column).value) for at in range(1, cell.row))
                money = sheet.cell(cell.row, cell.column + 1).value == "万元" or "（万元）" in above
                if money and isinstance(cell.value, int | float):
                    cell.value = float(Decimal(str(cell.value)) * 10_000)


@pytest.mark.parametrize(
    ("sample", "sheets", "code"),
    [
        (LUOHU, BUDGET, "J24"),
        (LUOHU, ("资产",), "J25"),
        (LUOHU, ("政府采购",), "J26"),
        (LUOHU, ("公用经费",), "J27"),
        (LUOHU, (*BUDGET, "资产", "政府采购", "公用经费"), "J24"),
        (LONGGANG, LONGGANG_BUDGET, "J24"),
        (LONGGANG, ("政府采购",), "J26"),
        (LONGGANG, ("公用经费", "三公经费明细"), "J27"),
    ],
)
def test_a_whole_sheet_in_yuan_is_asked_about(sample: Path, sheets: tuple[str, ...], code: str, tmp_path: Path) -> None:
    folder = changed(sample, tmp_path, lambda book: in_yuan(book, sheets))
    assert code in [problem.code for problem in judge(folder).problems if problem.blocks]


def test_the_message_shows_the_figures(tmp_path: Path) -> None:
    folder = changed(LUOHU, tmp_path, lambda book: in_yuan(book, BUDGET))
    (told,) = (problem for problem in judge(folder).problems if problem.code == "J24")
    assert (told.place.mark, told.message) == (
        "B8",
        "人均预算超过1亿元，预算表可能是元填成了万元：调整后预算数5,710,100,300.00，1,194×10000＝11,940,000.00",
    )
