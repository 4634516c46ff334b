"""A YAML mapping taken apart field by field; every mistake is noted where it stands, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reportgen import numerals
from reportgen.define.source import COLON, QUOTES, Source, compose
from reportgen.formula import FormulaError, parse
from reportgen.formula import Node as Formula
from reportgen.shown import nearest

T = TypeVar("T")
UNUSED = "不用"
NOTHING_TO_DROP = f"原来没有这一项，不能写“{UNUSED}”"


def read_yaml(path: Path, name: str) -> Fields:
    """The mapping that a YAML file is; ``name`` is what complaints call the file."""
    return fields_of(compose(path, name))


def fields_of(root: Node) -> Fields:
    """The mapping under a root node, with nothing found wrong in it yet."""
    return Fields(Source(root), root)


class Fields:
    """A mapping's fields, taken one by one; what nobody took is a mistake."""

    def __init__(self, source: Source, node: Node, key: Node | None = None) -> None:
        self.source, self.node, self.key = source, node, key or node
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Node] = {}
        self.taken: list[str] = []
        if not isinstance(node, MappingNode):
            lacking = isinstance(node, ScalarNode) and node.value == UNUSED
            source.complain(node, NOTHING_TO_DROP if lacking else f"这里应是“键: 值”{_colon(node)}")
            return
        for name, value in node.value:
            self._keep(name, value)

    def _keep(self, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self.source.complain(key, QUOTES)
        elif key.value in self.nodes:
            self.source.complain(key, f"“{key.value}”写了两次")
        else:
            self.nodes[str(key.value)], self.keys[str(key.value)] = value, key

    def __contains__(self, key: str) -> bool:
        return key in self.nodes

    def complain(self, message: str, key: str = "", code: str = "D02") -> None:
        """Note a mistake at the value under ``key``, or at the mapping itself."""
        self.source.complain(self.nodes.get(key, self.node), message, code)

    def wrong(self, key: str, sentences: Iterable[str]) -> None:
        """Note what is wrong with the names in the value under ``key``."""
        self.source.wrong(self.nodes.get(key, self.node), sentences)

    def node_of(self, key: str, required: bool = True) -> Node | None:
        """The node under a key, marked as taken."""
        self.taken.append(key)
        if key not in self.nodes and required:
            self.complain(f"缺“{key}”")
        return self.nodes.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar as it is written; required when there is no default."""
        node = self.node_of(key, default is None)
        if node is None:
            return default or ""
        if default is None and isinstance(node, ScalarNode) and not node.value:
            self.source.complain(self.keys[key], f"“{key}”后面是空的")
        return self.source_text(node)

    def source_text(self, node: Node) -> str:
        """A scalar node's text; a mistake when it is a list or mapping."""
        if isinstance(node, ScalarNode):
            return str(node.value)
        unquoted = isinstance(node, MappingNode) and any(isinstance(key, MappingNode) for key, _ in node.value)
        self.source.complain(node, QUOTES if unquoted else "这里应是一个值，不是列表或“键: 值”")
        return ""

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        text = self.text(key, "false")
        if text not in ("true", "false"):
            self.complain(f"“{key}”只能是 true 或 false", key)
        return text == "true"

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """A number, exactly as written; 24.48% is a fraction."""
        node = self.node_of(key, default is None)
        return default or Decimal(0) if node is None else self.source_number(node)

    def source_number(self, node: Node) -> Decimal:
        """A scalar node as an exact number."""
        text = self.source_text(node)
        try:
            value, percent = numerals.parse_number(text)
        except numerals.NotANumber as error:
            if isinstance(node, ScalarNode):
                self.source.complain(node, str(error))
            return Decimal(0)
        return value / 100 if percent else value

    def whole(self, key: str, default: int | None = None) -> int | None:
        """A whole number of at least 0, or the default."""
        node = self.node_of(key, required=False)
        if node is None:
            return default
        number = self.source_number(node)
        if number < 0 or number != int(number):
            self.complain(f"“{key}”应是不小于0的整数", key)
        return abs(int(number))

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """One of the options; "" stands for an absent key only."""
        text = self.text(key, default)
        if isinstance(self.nodes.get(key), ScalarNode) and (text not in options or not text):
            words = "、".join(filter(None, options))
            self.complain(f"“{key}”只能是{words}，现为“{text}”{nearest(text, options)}", key)
        return text

    def items(self, key: str, required: bool = True) -> list[Node]:
        """The nodes of a list; a single scalar counts as a list of one."""
        node = self.node_of(key, required)
        if node is None:
            return []
        return list(node.value) if isinstance(node, SequenceNode) else [node]

    def rows(self, key: str, length: int, wanted: str) -> Iterator[tuple[Node, list[Node]]]:
        """A list of short lists, none when absent: each one's node and its parts; a complaint when it has others."""
        for node in self.items(key, required=False):
            if isinstance(node, SequenceNode) and len(node.value) == length:
                yield node, node.value
            else:
                self.source.complain(node, wanted, "D04")

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """A list of texts, or a single one."""
        return tuple(self.source_text(node) for node in self.items(key, required))

    def each(self, key: str, make: Callable[[Fields], T], required: bool = True) -> list[T]:
        """A list of mappings, each made into something."""
        made = []
        for node in self.items(key, required):
            fields = Fields(self.source, node)
            made.append(make(fields))
            fields.finish()
        return made

    def unique(self, key: str, names: Iterable[str], message: str) -> None:
        """Complain of each element of a list that has the name of one before it."""
        seen: set[str] = set()
        for node, name in zip(self.items(key, required=False), names, strict=True):
            if name in seen:
                self.source.complain(node, message.format(name))
            seen.add(name)

    def numbered(self, key: str) -> list[tuple[str, Node, str]]:
        """A list's texts by their place from 1, or a mapping's by its keys; each with the node to complain at."""
        node = self.node_of(key, required=False)
        if isinstance(node, MappingNode) and node.value:
            inner = Fields(self.source, node)
            return [(name, inner.keys[name], self.source_text(one)) for name, one in inner.nodes.items()]
        return [(str(i), one, self.source_text(one)) for i, one in enumerate(self.items(key, required=False), 1)]

    def entries(self, key: str, required: bool = True) -> Iterator[tuple[str, Fields]]:
        """A mapping of named mappings; their leftovers are the caller's to finish."""
        inner = self.inner(key, required)
        for name, value in inner.nodes.items():
            yield name, Fields(self.source, value, inner.keys[name])

    def inner(self, key: str, required: bool = True) -> Fields:
        """The mapping under a key; an empty one when absent."""
        node = self.node_of(key, required) or MappingNode("", [], self.node.start_mark)
        return Fields(self.source, node, self.keys.get(key))

    def pairs(self, key: str, required: bool = True, known: Iterable[str] | None = None) -> dict[str, str]:
        """A mapping of texts; a name that is not among the known ones is a mistake."""
        inner = self.inner(key, required)
        inner.taken += inner.nodes if known is None else known
        inner.finish()
        return {name: inner.source_text(value) for name, value in inner.nodes.items()}

    def formula(self, key: str, required: bool = False) -> Formula | None:
        """A formula, parsed; None, with a complaint, when it can't be read."""
        node = self.node_of(key, required)
        if node is None:
            return None
        text = self.source_text(node)
        try:
            return parse(text) if text or isinstance(node, ScalarNode) else None
        except FormulaError as error:
            self.source.complain(node, str(error), "D03")
            return None

    def finish(self) -> None:
        """Complain of every field that nobody took."""
        for key in self.nodes:
            if key not in self.taken:
                self.source.complain(self.keys[key], f"不认识“{key}”{nearest(key, self.taken)}{_colon(self.keys[key])}")


def _colon(node: Node) -> str:
    return f"（{COLON}）" if isinstance(node, ScalarNode) and "：" in str(node.value) else ""
