"""Why a score is what it is: the arithmetic with its numbers, the band met, the points, in the kind's sentences."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reportgen import numerals
from reportgen.define import rules
from reportgen.define.indicator import JOINERS, Indicator
from reportgen.judge.asking import Scored
from reportgen.judge.facts import Derived
from reportgen.model import Fact, Row
from reportgen.shown import fill, usual


def explain_indicator(
    spec: Indicator, lines: Sequence[Scored], sentences: Mapping[str, str], derived: Derived, earned: Fact, lost: Fact
) -> tuple[str, list[str]]:
    """The indicator's explanation, "" when nothing was lost, and each line's own sentence (marked text).

    FormatError when a sentence names a figure that is blank; of a zero denominator it is a dash.
    """
    if not sentences:
        return "", [one.line.outcome.verdict for one in lines]
    places = _decimals([one.line.outcome.earned for one in lines], earned, 2 if spec.decimals is None else spec.decimals)
    facts = [_line_facts(derived, one, places, earned) for one in lines]
    texts = [_sentence(one, sentences, derived, *both) for one, both in zip(lines, facts, strict=True)]
    if not lost:
        return "", texts
    told = [i for i, one in enumerate(lines) if _worth_telling(one)]
    if spec.joiner == "分号":
        body = JOINERS[spec.joiner].join(texts[i] for i in told)
    else:
        body = _listed([texts[i] + _loss(facts[i][1], sentences) for i in told])
    if len(told) == 1 and not spec.combined:
        return f"{body}。", texts
    combined = spec.combined or "{{ 各项 }}。" + sentences["合计"]
    return _filled(combined, {"各项": body, "得分": earned, "扣分": lost}, derived), texts


def _decimals(earned: Sequence[Decimal], whole: Fact, least: int) -> int:
    """The fewest decimals (2, 4, 6 …) at which the printed criteria add up to the printed indicator."""
    for places in (least, least + 2):
        total = sum((numerals.round_half_up(one, places) for one in earned), Decimal(0))
        if numerals.round_half_up(total, least) == whole.value:
            return places
    return least + 4


def _line_facts(derived: Derived, one: Scored, places: int, whole: Fact) -> tuple[Fact, Fact]:
    """What the line earned and lost, as facts of their own, so that the figures in the sentence can be traced.

    The loss is what the printed score leaves of the points: 得13.38分，扣1.62分, never 1.63.
    """
    key = f"·{one.row.key}" if one.row and one.criterion.table else ""
    name = f"{whole.name.rpartition('.')[0]}.{one.line.ordinal}{key}"
    more: dict[str, Any] = {"unit": numerals.POINTS, "inputs": one.basis, "decimals": places}
    earned = one.line.outcome.earned
    got = derived.book.add(f"{name}.得分", earned, formula=one.criterion.rule_name, **more)
    lost = one.line.points - numerals.round_half_up(earned, places)
    return got, derived.book.add(f"{name}.扣分", lost, formula="分值 - 得分", **more)


def _worth_telling(one: Scored) -> bool:
    """A veto or exemption is told of only when it struck."""
    return one.line.outcome.struck or not isinstance(one.line.rule, rules.Veto | rules.Exempt)


def _sentence(one: Scored, sentences: Mapping[str, str], derived: Derived, earned: Fact, lost: Fact) -> str:
    """The rule's sentence; for a grant the grant's, after the rule's own where a score had been worked out."""
    own = one.criterion.sentence or sentences[one.criterion.rule_name]
    names: dict[str, Fact | str] = {
        "名称": one.criterion.lacking if one.criterion.lacking and lost else one.criterion.name,
        "算式": one.criterion.name if one.value is None else _arithmetic(one, one.value),
        "判断": one.line.outcome.verdict,
        "得分": earned,
        "理由": one.reason,
    }
    gap = "—" if one.value is None and one.criterion.value else ""  # of a zero denominator there is no figure
    if not one.granted:
        return _filled(own, names | _reckoning(one, one.line.outcome.verdict, own), derived, one.row, gap)
    granted = _filled(sentences["认定"], names, derived)
    if one.before is None:
        return granted
    computed = names | _reckoning(one, one.before.verdict, own) | {"得分": numerals.trimmed(one.before.earned, 4)}
    return f"{_filled(own, computed, derived, one.row, gap)}；{granted}"


def _reckoning(one: Scored, verdict: str, sentence: str) -> dict[str, Fact | str]:
    """判断; of a zero denominator 算式 is 分母为0 and 判断 按满分计, both in one where the sentence has no 判断."""
    if one.value is not None or one.criterion.value is None:
        return {"判断": verdict}
    subject = "" if one.criterion.sentence else one.criterion.name  # its own sentence names it already
    why, _, counted = verdict.partition("，")
    return {"算式": subject + (why if "判断" in sentence else verdict), "判断": counted}


def _arithmetic(one: Scored, value: Fact) -> str:
    return value.arithmetic or one.criterion.name + usual(value)


def _loss(lost: Fact, sentences: Mapping[str, str]) -> str:
    return fill(sentences["扣分"], {"扣分": lost}.get)[0] if lost else ""


def _listed(texts: list[str]) -> str:
    """One alone as it is; several numbered 1. 2. 3."""
    return texts[0] if len(texts) == 1 else "。".join(f"{i}.{text}" for i, text in enumerate(texts, 1))


def _filled(template: str, names: Mapping[str, Fact | str], derived: Derived, row: Row | None = None, gap: str = "") -> str:
    """The sentence with its own names first, then the row's columns, then all facts; FormatError for a blank one."""
    known = ChainMap[str, Any](dict(names), dict(row.cells) if row else {}, derived.facts)
    text, wrong = fill(template, known.get, derived.names | (row.places.keys() if row else frozenset()), gap)
    if wrong and not gap:
        raise wrong[0]
    return text
