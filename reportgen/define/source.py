"""YAML read into nodes that know their line, and taken apart field by field with every mistake collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reportgen import formula
from reportgen.model import ERROR, Place, Problem
from reportgen.shown import nearest

T = TypeVar("T")
CODES = {
    "D01": "定义文件不是正确的 YAML",
    "D02": "定义文件里有看不懂、重复、多余或缺少的项",
    "D03": "定义文件里的公式写错了，或用了没有的名字",
    "D04": "计分规则写错了",
    "D05": "评分表的验算结果不符",
}


class DefinitionError(Exception):
    """A kind or rubric that can't be used, with all that is wrong in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{problem.place}：{problem.message}" for problem in problems))
        self.problems = problems


class Source:
    """One YAML file and the problems found in it so far."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.root = self._compose(path)

    def _compose(self, path: Path) -> Node:
        try:
            root: Node | None = YAML(typ="safe", pure=True).compose(path.read_text("utf-8"))
        except MarkedYAMLError as error:
            raise DefinitionError((self._problem(error.problem_mark, f"YAML 写法有误：{error.problem}", "D01"),)) from error
        except (YAMLError, OSError, UnicodeDecodeError) as error:
            raise DefinitionError((self._problem(None, f"读不了：{error}", "D01"),)) from error
        if root is None:
            raise DefinitionError((self._problem(None, "文件是空的", "D01"),))
        return root

    def _problem(self, mark: Any, message: str, code: str) -> Problem:
        where = f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
        return Problem(code, ERROR, Place(self.name, "", where), message)

    def complain(self, node: Node, message: str, code: str = "D02") -> None:
        """Note a mistake at the node's line and column."""
        self.problems.append(self._problem(node.start_mark, message, code))

    def fields(self, node: Node | None = None) -> Fields:
        """The mapping at ``node`` (the whole file when None)."""
        return Fields(self, node or self.root)

    def finish(self) -> None:
        """Raise DefinitionError when anything was wrong."""
        if self.problems:
            raise DefinitionError(tuple(self.problems))


class Fields:
    """A mapping's fields, taken one by one; what nobody took is a mistake."""

    def __init__(self, source: Source, node: Node) -> None:
        self.source, self.node = source, node
        self.nodes: dict[str, Node] = {}
        self.taken: list[str] = []
        if not isinstance(node, MappingNode):
            source.complain(node, f"这里应是“键: 值”{_colon(node)}")
            return
        for key, value in node.value:
            self._keep(key, value)

    def _keep(self, key: Node, value: Node) -> None:
        if value.anchor or key.anchor:
            self.source.complain(value, "不要用 & 和 * 引用，请直接写出内容")
        if key.value in self.nodes:
            self.source.complain(key, f"“{key.value}”写了两次")
        self.nodes[str(key.value)] = value

    def __contains__(self, key: str) -> bool:
        return key in self.nodes

    def node_of(self, key: str, required: bool = True) -> Node | None:
        """The node under a key, marked as taken."""
        self.taken.append(key)
        if key not in self.nodes and required:
            self.source.complain(self.node, f"缺“{key}”")
        return self.nodes.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar as it is written; required when there is no default."""
        node = self.node_of(key, default is None)
        return self.source_text(node) if node is not None else default or ""

    def source_text(self, node: Node) -> str:
        """A scalar node's text; a mistake when it is a list or mapping."""
        if isinstance(node, ScalarNode):
            return str(node.value)
        self.source.complain(node, "这里应是一个值，不是列表或“键: 值”")
        return ""

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        node = self.node_of(key, required=False)
        text = "false" if node is None else self.source_text(node)
        if node is not None and text not in ("true", "false"):
            self.source.complain(node, f"“{key}”只能是 true 或 false")
        return text == "true"

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """A number, exactly as written; 24.48% is a fraction."""
        node = self.node_of(key, default is None)
        return default or Decimal(0) if node is None else self.source_number(node)

    def source_number(self, node: Node) -> Decimal:
        """A scalar node as an exact number."""
        text = self.source_text(node)
        try:
            return Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except InvalidOperation:
            self.source.complain(node, f"“{text}”不是数字")
            return Decimal(0)

    def whole(self, key: str, default: int | None = None) -> int | None:
        """A whole number, or the default."""
        return int(self.number(key)) if key in self.nodes else self._absent(key, default)

    def _absent(self, key: str, default: int | None) -> int | None:
        self.taken.append(key)
        return default

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """One of the options."""
        text = self.text(key, default)
        if text not in options and key in self.nodes:
            self.source.complain(self.nodes[key], f"“{key}”只能是{'、'.join(options)}，现为“{text}”{nearest(text, options)}")
        return text

    def items(self, key: str, required: bool = True) -> list[Node]:
        """The nodes of a list; a single scalar counts as a list of one."""
        node = self.node_of(key, required)
        if node is None:
            return []
        return list(node.value) if isinstance(node, SequenceNode) else [node]

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """A list of texts, or a single one."""
        return tuple(self.source_text(node) for node in self.items(key, required))

    def each(self, key: str, make: Callable[[Fields], T], required: bool = True) -> list[T]:
        """A list of mappings, each made into something."""
        return [self._made(node, make) for node in self.items(key, required)]

    def entries(self, key: str, required: bool = True) -> Iterator[tuple[str, Fields]]:
        """A mapping of named mappings; their leftovers are the caller's to finish."""
        node = self.node_of(key, required)
        if node is not None:
            inner = Fields(self.source, node)
            for name, value in inner.nodes.items():
                yield name, Fields(self.source, value)

    def section(self, key: str, make: Callable[[Fields], T]) -> T | None:
        """A mapping made into something; None when absent."""
        node = self.node_of(key, required=False)
        return None if node is None else self._made(node, make)

    def _made(self, node: Node, make: Callable[[Fields], T]) -> T:
        fields = Fields(self.source, node)
        made = make(fields)
        fields.finish()
        return made

    def pairs(self, key: str, required: bool = True) -> dict[str, str]:
        """A mapping of texts."""
        node = self.node_of(key, required)
        if node is None:
            return {}
        inner = Fields(self.source, node)
        return {name: inner.source_text(value) for name, value in inner.nodes.items()}

    def formula(self, key: str) -> formula.Node | None:
        """A formula, parsed; None when absent."""
        node = self.node_of(key, required=False)
        return None if node is None else self.source_formula(node)

    def source_formula(self, node: Node) -> formula.Node | None:
        """A scalar node as a formula; None, with a complaint, when it can't be read."""
        try:
            return formula.parse(self.source_text(node))
        except formula.FormulaError as error:
            self.source.complain(node, str(error), "D03")
            return None

    def finish(self) -> None:
        """Complain of every field that nobody took."""
        for key in self.nodes.keys() - set(self.taken):
            self.source.complain(self.nodes[key], f"不认识“{key}”{nearest(key, self.taken)}{_colon_in(key)}")


def _colon(node: Node) -> str:
    return _colon_in(str(node.value)) if isinstance(node, ScalarNode) else ""


def _colon_in(text: str) -> str:
    return "（冒号请用半角“: ”，后面空一格）" if "：" in text else ""
