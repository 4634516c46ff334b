"""A YAML file read into nodes that know their line, and the mistakes found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from reportgen.model import ERROR, Place, Problem

COLON = "冒号请用半角“: ”，后面空一格"
QUOTES = "以 {{ 开头的文字要放在引号里"
_ANCHOR = "不要用 & 和 * 引用，请直接写出内容"
YamlNode: TypeAlias = Node
_WIDE_COLON = re.compile(r"""^[ -]*[^\s"'“：:#-][^\s"'：:#]*(：)""")


class DefinitionError(Exception):
    """A kind or rubric that can't be used, with all that is wrong in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{problem.place}：{problem.message}" for problem in problems))
        self.problems = problems


def compose(path: Path, name: str) -> Node:
    """A YAML file's root node; each node knows ``name`` and its line. DefinitionError where it is no YAML."""
    text = ""
    try:
        text = path.read_text("utf-8-sig")
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _unreadable(name, *_syntax(error, text.split("\n"))) from error
    except UnicodeDecodeError as error:
        raise _unreadable(name, "文件不是 UTF-8 编码，请另存为 UTF-8") from error
    except OSError as error:
        raise _unreadable(name, "打不开这个文件") from error
    except YAMLError as error:
        before = text[: getattr(error, "position", 0)]
        raise _unreadable(name, "有看不见的控制字符", before.count("\n"), len(before.rpartition("\n")[2])) from error
    if root is None:
        raise _unreadable(name, "文件是空的")
    for node in _all(root, set()):
        node.start_mark.name = name
    return root


def _unreadable(name: str, message: str, line: int | None = None, column: int = 0) -> DefinitionError:
    return DefinitionError((Problem("D01", ERROR, _place(name, line, column), message),))


def _place(name: str, line: int | None, column: int) -> Place:
    return Place(name, "", "" if line is None else f"第{line + 1}行第{column + 1}列")


def _all(node: Node, seen: set[int]) -> Iterator[Node]:
    """Every node once, whatever points at it."""
    if id(node) not in seen:
        seen.add(id(node))
        yield node
        for inner in _inside(node):
            yield from _all(inner, seen)


def problem_at(node: YamlNode, code: str, message: str, level: str = ERROR) -> Problem:
    """A problem at the node's line and column."""
    return Problem(code, level, _place(node.start_mark.name, node.start_mark.line, node.start_mark.column), message)


class Source:
    """A definition, of one file or several laid over each other, and the mistakes found in it, by file and line."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.found: dict[tuple[str, int, int, str], Problem] = {}
        for node in _all(root, set()):
            if node.anchor:
                self.complain(node, _ANCHOR)

    def complain(self, node: Node, message: str, code: str = "D02") -> None:
        """Note a mistake at the node's line and column."""
        mark = node.start_mark
        self.found[mark.name, mark.line, mark.column, message] = problem_at(node, code, message)

    def wrong(self, node: Node, sentences: Iterable[str]) -> None:
        """Note what is wrong with the names at the node."""
        for sentence in sentences:
            self.complain(node, sentence, "D03")

    def finish(self) -> None:
        """Raise DefinitionError when anything was wrong, in the files' order."""
        if self.found:
            raise DefinitionError(tuple(self.found[key] for key in sorted(self.found, key=lambda key: key[:3])))


def _inside(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _syntax(error: MarkedYAMLError, lines: list[str]) -> tuple[str, int, int]:
    """What a person did wrong, where; the parser often notices one line later."""
    mark: Any = error.problem_mark or error.context_mark
    line = lines[mark.line] if mark.line < len(lines) else ""
    for at in (mark.line, mark.line - 1):
        wide = _WIDE_COLON.match(lines[at]) if 0 <= at < len(lines) else None
        if wide:
            return COLON, at, wide.start(1)
    message = "这里的写法不对，请核对缩进、引号、括号和冒号"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        message = "缩进请用空格，不要用制表符（Tab）"
    elif "alias" in str(error.problem):
        message = _ANCHOR
    elif "{{" in line:
        message = QUOTES
    return message, mark.line, mark.column
