"""What a template may do with each name, as far as kind and rubric alone can say: ``view`` gives the same with figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.tables import TableSpec
from reportgen.define.types import NUMBER
from reportgen.formula import ROW_NUMBER
from reportgen.judge.group import COMPARISONS
from reportgen.judge.series import PROPERTIES
from reportgen.write.language import LOOP
from reportgen.write.view import PERIODS


@dataclass(frozen=True)
class Shape:
    """``names`` may follow a dot; ``each`` is what a loop gives; ``others`` what names give that only the data know.

    A shape of None is one that nothing is known of; one without anything is a figure or a text: ``type`` says which
    (define/types.py, "" not known), ``unit`` None when only the data know it.
    """

    names: Mapping[str, Shape | None] = field(default_factory=dict)
    each: Shape | None = None
    others: Shape | None = None
    type: str = ""
    unit: str | None = None

    @property
    def leaf(self) -> bool:
        """Whether it is a single thing to be printed."""
        return not (self.names or self.each or self.others)


def of(names: Iterable[str], others: Shape | None = None, **special: Shape | None) -> Shape:
    """What holds single things by these names."""
    return Shape(dict.fromkeys(names, LEAF) | special, others=others)


LEAF = Shape()
BARE = Shape(type=NUMBER)  # a number written out, to be reckoned with
LINES = Shape(each=LEAF)
_BY_PERIOD = Shape(others=LEAF)
_SERIES = of(PROPERTIES, LEAF, 回落期=LINES)
_MANY = Shape(each=_SERIES)
_GROUP = of(COMPARISONS, _SERIES, 各项=_MANY, 排名=_MANY, 最快=_SERIES, 最慢=_SERIES, 拖累=Shape(each=LEAF, others=_SERIES))
_LEVELS = ("一级", "二级", "三级")
_TRENDS = Shape({"总分": _SERIES, **dict.fromkeys(_LEVELS, _GROUP), "下级": Shape(others=_GROUP)})
_INDICATOR = (
    *("一级", "一级分值", "二级", "二级分值", "三级", "分值", "得分", "扣分", "指标说明", "评分标准"),
    *("口径", "说明", "原因", "措施", "扣分说明"),
)
_LOSS = ("标题", "项数", "原因", "措施", "说明", "分值", "得分", "扣分")
IN_LOOP = of(LOOP)
# What no fact of a sheet is meant by, whatever the kind.
RESERVED = frozenset({"loop", "填报合计", "文稿", "备注", "宽表", "历年", "评分", PERIODS, "走势", "评分宽表"})


def prose_name(slot: str) -> str:
    """A place for prose as templates write it."""
    return f"文稿.{slot}" if slot.isidentifier() else f'文稿["{slot}"]'


def grouped(rows: Shape) -> Shape:
    """What 分组 makes of rows."""
    return Shape(each=of(("序", "名"), 行=rows))


def side_by_side(left: Shape | None, right: Shape | None) -> Shape:
    """What 并列 makes of two tables."""
    return Shape(each=Shape({"左": left and left.each, "右": right and right.each}))


def shape(kind: Kind, rubric: Rubric | None) -> Shape:
    """All that a template of the kind sees; without its rubric what hangs on the edition is not known."""
    tables = {name: spec for name, spec in kind.tables.items() if not spec.record}
    wide = {name: spec for name, spec in tables.items() if spec.spread}
    names: dict[str, Shape | None] = {
        **_typed(kind, kind.single_names - {kind.period_name}),
        **{name: Shape(each=_row(kind, spec)) for name, spec in tables.items()},
        "填报合计": Shape({name: _row(kind, spec) for name, spec in tables.items() if spec.total}),
        "文稿": Shape(dict.fromkeys(kind.slots, LINES)),
        "备注": Shape(each=of(("代码", "对象", "说明"))),
        "宽表": Shape({name: _wide(kind, spec) for name, spec in wide.items()}),
        "历年": Shape(dict.fromkeys(wide, Shape(others=_SERIES))),
    }
    if kind.scored:
        names["评分"] = _scores(rubric) if rubric else None
    if kind.period_column:
        names |= {PERIODS: LINES, "走势": _TRENDS, "评分宽表": _score_table(kind, rubric) if rubric else None}
    return Shape(names, others=LEAF if any(spec.named for spec in tables.values()) else None)


def _typed(kind: Kind, names: Iterable[str], table: str = "") -> dict[str, Shape | None]:
    """Single things with what is known of their values."""
    known = {name: kind.names.types.named(name, table) for name in names}
    return {name: Shape(type=type_, unit=unit) for name, (type_, unit) in known.items()}


def _row(kind: Kind, spec: TableSpec) -> Shape:
    """A row of a table; its number is a bare one, to be reckoned with."""
    return Shape(_typed(kind, spec.names, spec.name) | {ROW_NUMBER: LEAF})


def _wide(kind: Kind, spec: TableSpec) -> Shape:
    """A table as on the sheet: the columns beside, and what stands under each heading."""
    across = {column.name for column in spec.spread or ()}
    beside = {name: one for name, one in _row(kind, spec).names.items() if name not in across}
    return Shape(each=Shape(beside | {PERIODS: _BY_PERIOD}))


def _scores(rubric: Rubric) -> Shape:
    rows = {"一级": ("名称", "分值", "得分", "得分率"), "指标": _INDICATOR, "失分": _LOSS, "佐证": ("指标", "计分项", "材料")}
    return of((*rubric.settings, "总分", "等级"), **{name: Shape(each=of(columns)) for name, columns in rows.items()})


def _score_table(kind: Kind, rubric: Rubric) -> Shape:
    """One row an indicator, with the columns of the rows that made it."""
    beside = set[str]().union(*(kind.tables[one.table].names for one in rubric.indicators if one.table))
    return Shape(each=of((*beside, *_LEVELS, "分值"), **{PERIODS: _BY_PERIOD, "填充": _BY_PERIOD}))
