"""Where kinds and editions are found: ./templates first, then the ones that ship, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

SHIPPED = (Path(__file__).parent / "templates", Path(__file__).parent.parent / "templates")


class NoEdition(ValueError):
    """No such kind or edition; the message is a bare sentence."""


_first: ContextVar[tuple[Path, ...]] = ContextVar("first", default=())


@contextmanager
def looked_up_in(root: Path) -> Iterator[None]:
    """For as long as this lasts, ``root`` is the nearest of the folders that hold kinds."""
    token = _first.set((root,))
    try:
        yield
    finally:
        _first.reset(token)


def roots() -> list[Path]:
    """The folders that may hold kinds, nearest first."""
    return [root for root in (*_first.get(), Path.cwd() / "templates", *SHIPPED) if root.is_dir()]


def editions() -> Iterator[str]:
    """Every kind/edition there is, each once."""
    files = (path for root in roots() for name in ("rubric.yaml", "report.docx") for path in root.glob(f"*/*/{name}"))
    names = {f"{path.parent.parent.name}/{path.parent.name}" for path in files}
    yield from sorted(names)


def kinds() -> list[str]:
    """Every kind there is, each once."""
    return sorted({path.parent.name for root in roots() for path in root.glob("*/kind.yaml")})


def find(*parts: str) -> Path:
    """The folder that holds templates/…; its last part is a file's name. NoEdition when there is none."""
    for root in roots():
        path = root.joinpath(*parts)
        with suppress(OSError, ValueError):  # what was typed may be no possible file name at all
            if path.is_file() and _holds(root, path):
                return path
    raise NoEdition(f"templates/{'/'.join(parts)}")


@lru_cache(maxsize=256)
def _holds(root: Path, path: Path) -> bool:
    """Whether the path leads nowhere else, by .. or a link: slow to tell, and asked ten times a report."""
    return root.resolve() in path.resolve().parents
