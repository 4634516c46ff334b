"""One definition laid over another: a kind, under the edition that an edition goes by, under its own rubric.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reportgen.define.fields import NOTHING_TO_DROP, UNUSED
from reportgen.model import ERROR, WARNING
from reportgen.shown import nearest

T = TypeVar("T")
Said = list[tuple[Node, str, str]]  # what is wrong with an overlay: where, what, level
_NUMBER, _NAME = _NAMED_BY = ("编号", "名称")
_SETTINGS, _SCORING, _EXAMPLES = "版本", "计分", "验算"
_MEANING = frozenset({"满分", "等级", "小数"})


def overlay(base: Node, over: Node, said: Said) -> Node:
    """Mappings key by key, lists of named entries name by name; anything else is replaced.

    不用 in the place of a mapping keeps that, marked; a list's entry marked so is taken out. What is wrong with that is
    put into ``said``.
    """
    if isinstance(base, MappingNode) and isinstance(over, MappingNode):
        return _mapping(base, over.value, said)
    if isinstance(base, MappingNode) and isinstance(over, ScalarNode) and over.value == UNUSED:
        yes = ScalarNode("tag:yaml.org,2002:bool", "true", over.start_mark)
        return _mapping(base, [(over, yes)], said)
    if isinstance(base, SequenceNode) and isinstance(over, SequenceNode) and any(map(_name, over.value)):
        return _list(base, over, said)
    return over


def _mapping(base: MappingNode, over: Sequence[tuple[Node, Node]], said: Said) -> MappingNode:
    """The base's keys and the new ones; what an overlay says twice stays twice, to be complained of."""
    laid = {_text(pair[0]): pair for pair in over}
    own = [(key, overlay(value, laid[_text(key)][1], said) if _text(key) in laid else value) for key, value in base.value]
    if _SETTINGS in laid:  # where any key may stand, beside those that mean something
        _say_new(_keys(laid[_SETTINGS][1]), _MEANING, said)
    if _SCORING in laid and _EXAMPLES not in laid and _EXAMPLES in _keys(base):
        own = [pair for pair in own if _text(pair[0]) != _EXAMPLES]
        message = f"改了“{_SCORING}”，要另写“{_EXAMPLES}”：原来的例题是照原来的计分算的"
        said.append((laid[_SCORING][0], message, ERROR))
    return MappingNode(base.tag, _woven(own, over, lambda pair: _text(pair[0])), base.start_mark, base.end_mark)


def _text(key: Node) -> str | None:
    """A key as it is written; one that is no scalar goes by none, and is complained of where the mapping is read."""
    return str(key.value) if isinstance(key, ScalarNode) else None


def _list(base: SequenceNode, over: SequenceNode, said: Said) -> SequenceNode:
    laid = {_name(node): node for node in over.value if _name(node)}
    own = [overlay(node, laid[_name(node)], said) if _name(node) in laid else node for node in base.value]
    _say_new(laid, {_name(node) for node in base.value}, said)
    kept = [node for node in _woven(own, over.value, _name) if not _dropped(node)]
    return SequenceNode(base.tag, kept, base.start_mark, base.end_mark)


def _say_new(laid: dict[str, Node], known: Set[str], said: Said) -> None:
    """What is new can't be dropped, and may be a slip for one that the overlay leaves alone; numbers are all near."""
    for name, node in laid.items():
        if name not in known and _dropped(node):
            said.append((node, f"{NOTHING_TO_DROP}：“{name}”{nearest(name, known)}", ERROR))
        elif name not in known and (near := nearest(name, known - laid.keys())) and _NUMBER not in _keys(node):
            said.append((node, f"原来没有“{name}”，作为新的一项加上{near}", WARNING))


def _keys(node: Node) -> dict[str, Node]:
    """The keys of a mapping by their texts; none of anything else."""
    return {text: key for key, _ in node.value if (text := _text(key))} if isinstance(node, MappingNode) else {}


def _woven(own: Sequence[T], over: Sequence[T], name: Callable[[T], str | None]) -> list[T]:
    """The base's own with the new ones, each behind the one it follows in the overlay; at the end if it follows none."""
    woven, at = list(own), len(own)
    known, laid = {name(one) for one in own}, {name(one): one for one in over}
    for one in over:
        key = name(one)
        if key and key in known and laid[key] is one:
            at = [name(each) for each in woven].index(key)
        else:
            woven.insert(at, one)
        at += 1
    return woven


def _name(node: Node) -> str:
    """What an entry of a list goes by: its 编号, or its 名称 (of [一级, 二级, 三级] the last); "" for none."""
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if key.value in _NAMED_BY:
            last = value.value[-1] if isinstance(value, SequenceNode) and value.value else value
            return str(last.value) if isinstance(last, ScalarNode) else ""
    return ""


def _dropped(node: Node) -> bool:
    """Whether an entry is marked 不用: true."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return any(key.value == UNUSED and value.value == "true" for key, value in pairs)
