"""The ledger says what the report was made of, in JSON that any program reads."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from reportgen.model import FactBook, Place, Submission
from reportgen.write.ledger import ledger
from tests.support.words import made, word

ODD = '“甲” "乙"\\\n丙\t<丁>\x7f'


def record(tmp_path: Path, book: FactBook, **view: Any) -> dict[str, Any]:
    """The ledger of a report that says {{ 话 }}, read back; a key that stands twice is a fault."""
    _, rendered = made(word(tmp_path, "{{ 话 }}"), {"话": "", **view}, book.facts)
    submission = Submission("材料", "self_evaluation", "luohu-2024", {}, {}, {}, book)
    return dict(json.loads(ledger(submission, {}, rendered, [], {}, {}), object_pairs_hook=_once))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_every_text_comes_back_as_it_went_in(tmp_path: Path) -> None:
    book = FactBook()
    book.add(ODD, ODD, unit=ODD, formula=ODD, arithmetic=ODD, places=(Place(ODD, ODD, ODD),))
    written = record(tmp_path, book, 话=ODD)
    (fact,), (block,) = written["facts"], written["blocks"]
    assert {fact.pop(name) for name in ("name", "value", "unit", "shown", "formula", "arithmetic")} == {ODD}
    assert fact == {"number": 0, "inputs": [], "places": [{"file": ODD, "part": ODD, "mark": ODD}]}
    assert block["text"] == ODD


def test_a_cell_that_a_fact_rests_on_twice_stands_once(tmp_path: Path) -> None:
    book, cells = FactBook(), [Place("数据.xlsx", "预算", mark) for mark in ("B4", "B5")]
    paid, planned = (book.add(cell.mark, Decimal(3), places=(cell,)) for cell in cells)
    rate = book.add("执行率", Decimal(1), inputs=(paid, planned), formula="决算数 / 预算数")
    book.add("相差", Decimal(0), inputs=(rate, paid), formula="执行率 - 决算数")
    facts = record(tmp_path, book)["facts"]
    assert [[place["mark"] for place in fact["places"]] for fact in facts] == [["B4"], ["B5"], ["B4", "B5"], ["B4", "B5"]]
    assert [fact["inputs"] for fact in facts] == [[], [], [0, 1], [2, 0]]


def test_lists_and_numbers_are_said_as_the_contract_has_them(tmp_path: Path) -> None:
    book = FactBook()
    book.add("科室", ("办公室", "财务科"))
    book.add("执行率", Decimal("0.8762"), unit="%")
    facts = record(tmp_path, book)["facts"]
    assert [(fact["value"], fact["shown"]) for fact in facts] == [(["办公室", "财务科"], "办公室、财务科"), ("0.8762", "87.62%")]
