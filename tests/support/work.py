"""Work for processes to do in tests, some of which kills its process."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    number: int
    dies: bool = False


def work(task: Task) -> int:
    """The task's number, unless it ends its process as a crash in C would."""
    if task.dies:
        os._exit(9)
    return task.number


def again(task: Task) -> Task:
    return task


def lost(_task: Task) -> int:
    return -1
