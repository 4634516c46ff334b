"""What a rubric is made of: indicators, and the criteria that earn their points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportgen import formula
from reportgen.define import rules

JOINERS = {"序号": "。", "分号": "；"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """计分项. ``lacking`` (欠缺) is how it is called where points were lost.

    ``points`` is None where ``points_column`` of the indicator's row says them.
    """

    name: str
    rule_name: str
    rule: rules.Rule
    points: Decimal | None
    points_column: str = ""
    value: formula.Node | None = None
    table: str = ""
    sentence: str = ""
    on_zero: str = ""
    band_column: str = ""
    evidence_column: str = ""
    bound_columns: tuple[str, ...] = ()
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """三级指标, or one a row of ``table`` whose ``name[2]`` is then a column."""

    name: tuple[str, str, str]
    criteria: tuple[Criterion, ...]
    table: str = ""
    definition: str = ""
    standard: str = ""
    reading: str = ""
    combined: str = ""
    joiner: str = "序号"
    decimals: int | None = 2
