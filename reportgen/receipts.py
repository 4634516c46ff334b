"""What came of a build, as people read it on a screen and as JSON for other programs (contracts: docs/commands.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportgen import marks, numerals
from reportgen.case import FAILED, MADE, UNCHANGED, Made, together
from reportgen.say import problem_lines, titled
from reportgen.write.earlier import NOTICES
from reportgen.write.ledger import problem_json

MANY = 20  # from here on a screenful at the end says it all
PAGE = 30  # lines of that for what was not made


def build_json(made: Sequence[Made]) -> dict[str, Any]:
    """build --format json: asked = made + unchanged + failed; ``why`` only of a dry run."""
    rows = [
        {
            "folder": one.folder.resolve().name,
            "status": one.status,
            "files": [path.as_posix() for path in one.files],
            "problems": [problem_json(problem) for problem in one.problems],
            **({"why": one.why} if one.why else {}),
        }
        for one in made
    ]
    return {"submissions": rows, "asked": len(made), **_counts(made)}


def _counts(made: Sequence[Made]) -> dict[str, int]:
    counts = {status: sum(one.status == status for one in made) for status in (MADE, UNCHANGED, FAILED)}
    assert sum(counts.values()) == len(made), "every submission is made, unchanged or failed"
    return counts


def made_text(one: Made, many: bool = False) -> Iterator[str]:
    """One submission's outcome; only what blocks, and what became of older documents, is told in full.

    Of ``many`` what blocks is only counted.
    """
    if one.why:
        yield f"{'将生成' if one.status == MADE else '不能生成'} {one.folder}：{one.why}"
    elif one.status == FAILED:
        yield f"没有生成 {titled(one.folder, one.unit, one.year, one.edition)}{f'：{_short(one)}' if many else ''}"
    else:
        yield _done(one)
    told = (p for p in one.problems if p.code in NOTICES or (one.status == FAILED and p.blocks and not many))
    for problem in together(told):
        yield from problem_lines(problem)
    if one.left:
        yield f"  上次生成的“{'”“'.join(path.name for path in one.left)}”还在，没有动。"


def _done(one: Made) -> str:
    total = f"，{one.total}{numerals.POINTS}{f'，{one.grade}' if one.grade else ''}"
    draft = f"；待补{one.pending}处，还有{len(one.blocking)}个问题没有处理" if one.draft else ""
    verb = f"已生成{'草稿' if one.draft else ''}" if one.status == MADE else "没有变"
    return f"{verb} {one.files[0]}{total if one.total not in ('', marks.PENDING) else ''}{draft}"


def _short(one: Made) -> str:
    """How many problems block, and the first of them."""
    first = next(problem_lines(one.blocking[0])).strip() if one.blocking else ""
    return f"{len(one.blocking)}个问题{'，' if len(one.blocking) < 2 else '，第一个是 '}{first}"


def ending(made: Sequence[Made], dry: bool = False) -> Iterator[str]:
    """The last lines, a screenful after a long run: what was not made and why, then how many of each."""
    failed = [one for one in made if one.status == FAILED]
    if failed and len(made) >= MANY:
        yield f"没有生成的{len(failed)}份："
        yield from (f"  {one.folder}：{_short(one)}" for one in failed[:PAGE])
        if len(failed) > PAGE:
            yield f"  其余{len(failed) - PAGE}份见汇总.xlsx 的“问题”表。"
    if any(one.contents for one in made) and not dry:
        yield "目录的页码要在 Word 里更新：打开报告，按 Ctrl+A 全选，再按 F9。"
    yield _count(made, dry)


def _count(made: Sequence[Made], dry: bool) -> str:
    count = _counts(made)
    same = f"没有变{count[UNCHANGED]}份，" if count[UNCHANGED] else ""
    verbs = ("将生成", "不能生成") if dry else ("生成", "没有生成")
    return f"共{len(made)}份：{verbs[0]}{count[MADE]}份，{same}{verbs[1]}{count[FAILED]}份。"
