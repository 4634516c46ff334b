"""What every 计分规则 is asked and answers, and the words that rubrics and answers share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from reportgen.define.fields import Fields
from reportgen.model import frozen

ZERO, ONE = Decimal(0), Decimal(1)
YES, NO = "是", "否"
FULL, NONE = "满分", "零分"


class RuleError(ValueError):
    """The answer does not suit the rule; a bare sentence, the caller knows the cell."""


@frozen
class Outcome:
    """Points earned, the verdict in the rubric's words, and whether a veto or exemption struck."""

    earned: Decimal
    verdict: str = ""
    struck: bool = False


@frozen
class Asked:
    """What a rule is asked: the points at stake, the value or the hand-written answer, and the unit to show it in."""

    points: Decimal
    value: Decimal = ZERO
    answer: str = ""
    unit: str = ""
    band: str = ""
    bounds: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of scoring, and how it is read out. ``by_hand``: it takes a person's answer instead of a value.

    ``value_key`` is what rubrics call the value; ``band_key`` and ``bound_keys`` name columns that go with it.
    """

    value_key: ClassVar[str] = "值"
    band_key: ClassVar[str] = ""
    bound_keys: ClassVar[tuple[str, ...]] = ()

    @property
    def by_hand(self) -> bool:
        return False

    @classmethod
    def declared(cls, _fields: Fields) -> Self:
        """The rule with its parameters; without any here."""
        return cls()

    def score(self, asked: Asked) -> Outcome:
        raise NotImplementedError

    def awards(self) -> list[Decimal]:
        """The points that its own bands or options name."""
        return []

    def past_shares(self) -> bool:
        """Whether a limit can't be meant for a share: 95 where 95% is."""
        return False

    def read_out(self, full: str, unit: str) -> str:
        """The rule as a sentence; ``full`` is all its points, such as 3分, ``unit`` that of the value."""
        raise NotImplementedError

    def asks(self, points: str) -> tuple[str, tuple[str, ...]]:
        """What a person is to fill in, and the choices if there are any."""
        return f"填得分，0—{points}", ()


@dataclass(frozen=True, slots=True)
class ByHand(Rule):
    """A rule that always takes a person's answer."""

    @property
    def by_hand(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class YesOrNo(ByHand):
    """A rule that strikes when a person says so."""

    def struck(self, asked: Asked) -> bool:
        if asked.answer not in (YES, NO):
            raise RuleError(f"“{asked.answer}”应填{YES}或{NO}")
        return asked.answer == YES

    def asks(self, _points: str) -> tuple[str, tuple[str, ...]]:
        return f"填{YES}或{NO}", (YES, NO)


def positive(fields: Fields, key: str, default: Decimal | None = None) -> Decimal:
    """A number above 0; a complaint, and 0.01, of which nobody complains again, for any other."""
    number = fields.number(key, default)
    if key in fields and number <= 0:
        fields.complain(f"“{key}”应大于0", key, "D04")
    return number if number > 0 else Decimal("0.01")
