"""Processes on this machine."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

from reportgen.running.loop import Engine


class _Pool(ProcessPoolExecutor):
    """Ctrl+C is for the run, which lets its workers finish what they have in hand."""

    def submit(self, *arguments: Any, **more: Any) -> Future[Any]:
        with _undisturbed():  # here workers are started, and a blocked signal stays blocked in them
            return super().submit(*arguments, **more)


def pool(workers: int) -> Engine:
    """An engine of so many worker processes."""

    def start() -> Executor:
        return _Pool(workers, get_context("spawn"), initializer=_settle_in)

    return Engine(
        start, lambda executor: executor.shutdown(wait=True, cancel_futures=True), 3 * workers, (BrokenProcessPool,)
    )


def _settle_in() -> None:
    """In a worker: leave Ctrl+C to the run, and end when it ends, even when it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _undisturbed() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
