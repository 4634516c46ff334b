"""A figure that is really 0: where something is divided by it, check says so at a cell or the report leaves the rate out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reportgen import formula
from reportgen.build import judge
from reportgen.case import Case
from reportgen.model import ERROR, Place, Row, leaves
from reportgen.write.publish import compose
from tests.support.samples import DAPENG, LONGGANG, LUOHU, SHENZHEN, change_cell, copy_of, document_text


def denominators(case: Case) -> Iterator[tuple[str, set[Place]]]:
    """Everything that divides, with the typed cells below the line: 预算执行率 and that of 调整后预算数."""
    assert case.kind and case.submission
    everywhere = formula.Scope(case.submission.facts, case.submission.tables)
    for one in case.kind.facts:
        yield from cells_below(one.name, one.node, everywhere)
    for spec in case.kind.tables.values():
        rows: tuple[Row, ...] = case.submission.tables[spec.name].rows[:1]
        for one in spec.computed if rows else ():
            yield from cells_below(f"{spec.name}.{one.name}", one.node, everywhere.within(rows[0], spec.name))


def cells_below(name: str, node: formula.Node, scope: formula.Scope) -> Iterator[tuple[str, set[Place]]]:
    for division in (part for part in node.walk() if part.op == "/"):
        inner = scope.apart()
        try:
            formula.evaluate(division.parts[1], inner)
        except formula.Missing:  # of a sheet that this edition does not have
            continue
        figures = (leaf for fact in inner.used.values() for leaf in leaves(fact) if isinstance(leaf.value, Decimal))
        cells = {place for figure in figures for place in figure.places}
        if cells:
            yield name, cells


DIVIDING = [(sample, *one) for sample in (DAPENG, LONGGANG, LUOHU, SHENZHEN) for one in denominators(judge(sample))]


@pytest.mark.parametrize(("sample", "name", "cells"), DIVIDING, ids=[f"{sample.name}-{name}" for sample, name, _ in DIVIDING])
def test_whatever_is_divided_by_may_be_0(sample: Path, name: str, cells: set[Place], tmp_path: Path) -> None:
    made = copy_of(sample, tmp_path)
    for cell in cells:
        change_cell(made / "数据.xlsx", cell.part, cell.mark, "0")
    case = judge(made)
    stopped = [problem for problem in case.problems if problem.level == ERROR]
    assert stopped or compose(case)[0], name  # as if all that is to be confirmed had been: RenderError is E705


def test_all_that_is_divided_by_is_tried() -> None:
    names = {name for _, name, _ in DIVIDING}
    assert {"年初预算收入增长率", "在编变动率", "项目支出执行率", "决算收入增减率", "单位执行情况.执行率"} <= names


@pytest.mark.parametrize(
    ("sample", "sheet", "marks", "said"),
    [
        (LUOHU, "预算", ("B6", "B7"), "收入、支出均为527,711.12万元，上年年初预算均为0。"),
        (LUOHU, "预算", ("B6",), "收入527,711.12万元，上年年初预算为0；年初部门预算支出527,711.12万元，较上年年初预算增长4.50%。"),
        (LUOHU, "预算", ("B14", "B15"), "项目支出全年预算数0.00万元，实际支出0.00万元。全年预算数不为0的"),
        (LUOHU, "人员", ("B6",), "比上年增加1,194人，主要原因是"),
        (LONGGANG, "决算", ("B4",), "万元相比，增加"),
    ],
)  # fmt: skip
def test_a_rate_that_there_is_none_of_is_left_out(
    sample: Path, sheet: str, marks: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    made = copy_of(sample, tmp_path)
    for mark in marks:
        change_cell(made / "数据.xlsx", sheet, mark, "0")
    assert said in document_text(compose(judge(made))[0])
