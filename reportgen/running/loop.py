"""The one loop that every engine shares: a window of work in hand, and no item lost when a worker dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
LOOK = 10.0  # seconds without a result after which the engine is asked whether it is still there
GONE = "和调度程序断了联系；做好的都在，再运行一次就接着做"


class EngineLost(Exception):
    """The engine is gone and will answer no more; the message says so."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs the work: how it is opened and closed, how many items it is handed at a time, how its dead are told."""

    start: Callable[[], Executor]
    close: Callable[[Executor], None]
    window: int
    dead: tuple[type[BaseException], ...]
    alive: Callable[[], bool] = lambda: True
    gone: tuple[type[BaseException], ...] = ()  # what its results turn into when it is lost altogether


class Batch(Generic[Item, Result]):
    """Work on items by an engine. Iterate for the results, in the order of the items.

    What is in hand when a worker dies is suspect: it is done again (as ``again`` makes it) after the rest, one at a
    time; whatever then kills its worker alone has the result ``lost``.
    """

    def __init__(
        self,
        work: Callable[[Item], Result],
        engine: Engine,
        again: Callable[[Item], Item],
        lost: Callable[[Item], Result],
    ) -> None:
        self.work, self.engine, self.again, self.lost = work, engine, again, lost
        self.queue: deque[tuple[int, Item]] = deque()
        self.suspects: deque[tuple[int, Item]] = deque()

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        """Every item's result, each once, in order. EngineLost."""
        ready: dict[int, Result] = {}
        self.queue.extend(enumerate(items))
        told = 0
        for number, result in self._all():
            ready[number] = result
            while told in ready:
                yield ready.pop(told)
                told += 1
        assert told == len(items), "every item has a result"

    def _all(self) -> Iterator[tuple[int, Result]]:
        alone = False
        while self.queue or self.suspects:
            if not self.queue:
                self.queue, self.suspects, alone = self.suspects, deque(), True
            executor = self.engine.start()
            try:
                yield from self._some(executor, alone)
            finally:
                self.engine.close(executor)

    def _some(self, executor: Executor, alone: bool) -> Iterator[tuple[int, Result]]:
        """Results until the queue is empty or a worker has died."""
        live: dict[Future[Result], tuple[int, Item]] = {}
        died = False
        while live or (self.queue and not died):
            while self.queue and not died and len(live) < (1 if alone else self.engine.window):
                number, item = self.queue[0]
                try:
                    live[executor.submit(self.work, item)] = number, item
                    self.queue.popleft()  # only now: an item that could not be handed over is not lost
                except self.engine.dead:
                    died = True
            for future in self._finished(live):
                number, item = live.pop(future)
                try:
                    yield number, future.result()
                except self.engine.gone as error:
                    raise EngineLost(GONE) from error
                except self.engine.dead:
                    died = True
                    if alone:
                        yield number, self.lost(item)
                    else:
                        self.suspects.append((number, self.again(item)))

    def _finished(self, live: dict[Future[Result], tuple[int, Item]]) -> set[Future[Result]]:
        done = wait(live, LOOK, FIRST_COMPLETED).done if live else set()
        if live and not done and not self.engine.alive():
            raise EngineLost(GONE)
        return done
