"""One definition laid over another: a kind, under the edition that an edition goes by, under its own rubric.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reportgen.define.fields import UNUSED

T = TypeVar("T")
_NAMED_BY = ("编号", "名称")


def overlay(base: Node, over: Node) -> Node:
    """Mappings key by key, lists of named entries name by name; anything else is replaced.

    不用 in the place of a mapping keeps that, marked; a list's entry marked so is taken out.
    """
    if isinstance(base, MappingNode) and isinstance(over, MappingNode):
        return _mapping(base, over.value)
    if isinstance(base, MappingNode) and isinstance(over, ScalarNode) and over.value == UNUSED:
        yes = ScalarNode("tag:yaml.org,2002:bool", "true", over.start_mark)
        return _mapping(base, [(over, yes)])
    if isinstance(base, SequenceNode) and isinstance(over, SequenceNode) and any(map(_name, over.value)):
        return _list(base, over)
    return over


def _mapping(base: MappingNode, over: Sequence[tuple[Node, Node]]) -> MappingNode:
    """The base's keys and the new ones; what an overlay says twice stays twice, to be complained of."""
    laid = {_text(pair[0]): pair for pair in over}
    own = [(key, overlay(value, laid[_text(key)][1]) if _text(key) in laid else value) for key, value in base.value]
    return MappingNode(base.tag, _woven(own, over, lambda pair: _text(pair[0])), base.start_mark, base.end_mark)


def _text(key: Node) -> str | None:
    """A key as it is written; one that is no scalar goes by none, and is complained of where the mapping is read."""
    return str(key.value) if isinstance(key, ScalarNode) else None


def _list(base: SequenceNode, over: SequenceNode) -> SequenceNode:
    laid = {_name(node): node for node in over.value if _name(node)}
    own = [overlay(node, laid[_name(node)]) if _name(node) in laid else node for node in base.value]
    kept = [node for node in _woven(own, over.value, _name) if not _dropped(node)]
    return SequenceNode(base.tag, kept, base.start_mark, base.end_mark)


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
