"""What stands in a template for a value that is not there: a name nobody knows, a blank cell, a draft's gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined

from reportgen.marks import PENDING


class Missing(StrictUndefined):
    """A name that does not exist: any use of it fails with a sentence in Chinese."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or f"没有“{self._undefined_name}”"


class Blank(Missing):
    """A cell left blank: false in a condition, refused when printed."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class Open(Blank):
    """What a draft still lacks: printed as 【待补】, alone where it stands for many, and like nothing else."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __bool__(self) -> bool:  # type: ignore[override]
        return type(self) is Open

    def __eq__(self, _other: object) -> bool:  # type: ignore[override]
        return False

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return iter((self,))

    def __getitem__(self, _key: object) -> Open:  # type: ignore[override]
        return self

    def __len__(self) -> int:  # type: ignore[override]
        return 1

    def __str__(self) -> str:  # type: ignore[override]
        return PENDING

    def __ne__(self, _other: object) -> bool:  # type: ignore[override]
        return True

    def _no(self, _other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _no  # type: ignore[assignment]


class Spare(Open):
    """What may be blank for good: false in a draft's conditions, as elsewhere."""

    __slots__ = ()


def present(value: Any) -> Any:
    """The value; one that does not exist fails as any use of it does."""
    if isinstance(value, Missing) and not isinstance(value, Open):
        value._fail_with_undefined_error()
    return value
