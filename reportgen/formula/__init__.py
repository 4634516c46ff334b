"""The arithmetic that staff write in kind.yaml: 全年支出 / 调整后预算数, 合计(表.列, 条件).

Two scopes only: the submission's single facts, and one row. No loops, no user functions, no text-building.
"""

from reportgen.formula.evaluate import Missing, NoValue, Scope, ZeroDenominator, evaluate
from reportgen.formula.parse import (
           AGGREGATES,
           COMPARISONS,
           ROW_NUMBER,
           SCALARS,
           FormulaError,
           Node,
           identifier,
           parse,
           truth,
)
from reportgen.formula.written import capped, written

__all__ = ["AGGREGATES", "COMPARISONS", "ROW_NUMBER", "SCALARS", "FormulaError", "Missing", "NoValue", "Node", "Scope",
           "ZeroDenominator", "capped", "evaluate", "identifier", "parse", "truth", "written"]  # fmt: skip
