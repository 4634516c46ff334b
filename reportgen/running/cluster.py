"""Processes on several machines, by dask.distributed (the extra ``cluster``).

Every machine needs the same program, and the inputs, templates and output folder under the same paths: what is sent is
where to look, what comes back is a receipt.
"""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError
from typing import Any

from reportgen.running.loop import Engine, EngineLost

SCHEME = "dask://"
SECONDS = 20  # for the scheduler to answer, and for the first worker to come


def cluster(address: str) -> Engine:
    """An engine of all the workers at a scheduler, dask://HOST:PORT. EngineLost when it can't be had."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what of it matters to people, we say ourselves
    try:
        from distributed import KilledWorker
    except ImportError as error:
        raise EngineLost("没有装几台电脑一起做要用的程序：请先 pip install 'reportgen[cluster]'") from error
    client = _client(address)
    window = 3 * sum(client.nthreads().values())

    def start() -> Any:
        return client.get_executor(pure=False)  # pure: equal calls would be merged

    def close(executor: Any) -> None:
        executor.shutdown(wait=False)

    return Engine(start, close, window, (KilledWorker,), lambda: client.status == "running", (CancelledError,))


def _client(address: str) -> Any:
    from distributed import Client

    try:
        client = Client(address.replace(SCHEME, "tcp://", 1), timeout=SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineLost(f"连不上“{address}”，或那里还没有接上电脑") from error
    return client
