"""Many submissions: kept from a second run, made over processes or machines, told in order, none ever lost."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from reportgen.build import make
from reportgen.case import FAILED, Made, Order
from reportgen.model import ERROR, Place, Problem
from reportgen.running.lock import locked
from reportgen.running.loop import Batch, Engine
from reportgen.write.files import sweep


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Keep other runs away from ``out``, and clear up after those that were cut short, workers of this one too. Taken."""
    with locked(out):
        sweep(out)
        try:
            yield
        finally:
            sweep(out)


def batch(orders: Sequence[Order], jobs: int = 1, executor: str = "") -> Iterator[Made]:
    """What came of every order, in order, as soon as it is known: in ``jobs`` processes (0: one a core) or on a cluster.

    Whatever dies, each order has its receipt. EngineLost when a whole cluster is gone.
    """
    engine = _engine(jobs, executor, len(orders))
    if engine is None:
        return map(attempt, orders)
    work = partial(_attempt_at, str(Path.cwd()))  # where templates are looked up, and what paths are relative to
    return Batch(work, engine, again=lambda order: replace(order, force=True), lost=_lost).run(orders)


def _engine(jobs: int, executor: str, many: int) -> Engine | None:
    """None for this very process, which is the quickest for a few."""
    if executor:
        from reportgen.running.cluster import cluster

        return cluster(executor)
    from reportgen.running.pool import pool

    workers = min(jobs or os.cpu_count() or 1, many)
    return pool(workers) if workers > 1 else None


def attempt(order: Order) -> Made:
    """Make one; a fault of the program's own costs this one alone."""
    try:
        return make(order)
    except Exception as error:
        if order.debug:
            raise
        return _lost(order, f"（{type(error).__name__}：{error}）")


def _attempt_at(home: str, order: Order) -> Made:
    os.chdir(home)
    return attempt(order)


def _lost(order: Order, why: str = "") -> Made:
    hint = "请用 reportgen --debug build 单独生成这一份，把结果发给维护人员"
    return Made(order.folder, FAILED, (Problem("E607", ERROR, Place(), f"生成这一份时程序意外中断{why}", hint),))
