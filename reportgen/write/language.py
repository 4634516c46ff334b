"""What a template may say: a few Jinja statements, the formats, and one place that writes values.

The compiled source uses control characters as delimiters, so nothing in a document's own XML, and nothing
that a value holds, is ever read as a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import wraps
from operator import length_hint
from typing import Any

from jinja2 import TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.marks import CAPTION, NAME_END, PENDING, REFERENCE
from reportgen.model import Fact, Row
from reportgen.write.blanks import Blank, Missing, Open, Spare, present

EXPR, EXPR_END, STMT, STMT_END, NOTE, NOTE_END = "\x15", "\x16", "\x13", "\x14", "\x17", "\x18"
STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor", "set", "合并")
COUNTED, CALL = "_counted", "_call"  # what compiled templates do by themselves
MOST_STEPS, MOST_TEXT, LARGEST = 2_000_000, 20_000_000, 10**15
LOOP = frozenset(("index", "first", "last", "length"))
FUNCTIONS = {"题注": 2, "见": 1}
# Each statement is read alone, between what makes it whole, so that every wrong one is reported.
PROBES = {
    "if": f"{{}}{STMT}endif{STMT_END}",
    "elif": f"{STMT}if 1{STMT_END}{{}}{STMT}endif{STMT_END}",
    "else": f"{STMT}if 1{STMT_END}{{}}{STMT}endif{STMT_END}",
    "endif": f"{STMT}if 1{STMT_END}{{}}",
    "for": f"{{}}{STMT}endfor{STMT_END}",
    "endfor": f"{STMT}for x in x{STMT_END}{{}}",
}
# Everything that XML text can't hold as it is; the marks of figures pass.
_CONTROLS = "\x00-\x03\x07\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL, _FORBIDDEN = re.compile(f"[&<>\t\n{_CONTROLS}]"), re.compile(f"[{_CONTROLS}]")
BREAK, TAB = (f'</w:t><w:{name}/><w:t xml:space="preserve">' for name in ("br", "tab"))
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


SEVERAL = "这是一组内容，不能直接写进一句话；文稿请用 {{p …}}，列表请用 {% for %}"
ARITHMETIC = "模板里只能对序号做加减乘除，指标的计算请写在 kind.yaml"


class RefusedError(Exception):
    """A value that must not be printed, with the reason in Chinese."""


class Raw(str):
    """XML or marks of our own making: not to be escaped again."""

    __slots__ = ()


def absent(name: str, known: Collection[Any]) -> str:
    """“没有…” with the nearest name that there is, if one is near."""
    near = get_close_matches(name, [one for one in known if isinstance(one, str)], n=1, cutoff=0.5)
    return f"没有“{name}”" + (f"，您是不是要找“{near[0]}”" if near else "")


def escape(text: str) -> str:
    """XML text for ``text``; refuses what XML can't hold."""
    if _FORBIDDEN.search(text):
        raise RefusedError("文字里有看不见的控制字符，请在来源处删去")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def laid_out(text: str) -> str:
    """XML of a run's text, line breaks and tabs as Word writes them."""
    return escape(text).replace("\n", BREAK).replace("\t", TAB)


def caption(kind: str, name: str) -> Raw:
    """题注("表", "名称"): the next number of its kind, known by its name."""
    return Raw(f"{CAPTION}{escape(kind)}{NAME_END}{name}{NAME_END}")


def reference(name: str) -> Raw:
    """见("名称"): the label of a caption that may come later."""
    return Raw(f"{REFERENCE}{name}{NAME_END}")


def instead(value: Any, text: str) -> Any:
    """或: ``text`` where a cell is blank."""
    return text if isinstance(value, Blank) or value == "" else value


class Steps:
    """How often the loops of one part may go round before they are taken for endless."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def take(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise RefusedError(f"循环超过了{MOST_STEPS // 10_000}万次，请看是不是一层套一层写多了")


@pass_context
def counted(context: Context, items: Any) -> Any:
    """What a loop goes over, its steps taken from those that are left."""
    context.parent["_steps"].take(length_hint(items, 1))
    return items


def call(function: Callable[..., Any], *values: Any) -> Any:
    """A function of our own for a compiled template, as a filter: without what Jinja asks before every call."""
    return function(*values)


class Dialect(ImmutableSandboxedEnvironment):
    """Jinja where ``a.b`` reaches the items of mappings and the cells of rows, and no Python attribute."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self, formats: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(
            STMT, STMT_END, EXPR, EXPR_END, NOTE, NOTE_END,
            undefined=Missing, finalize=_finalizer(formats), autoescape=False, keep_trailing_newline=True,
        )  # fmt: skip
        self.globals = {"题注": caption, "见": reference}
        self.formats = {name: _past_blanks(one) for name, one in formats.items()} | {"或": instead, "length": len}
        self.filters = self.formats | {COUNTED: counted, CALL: call}
        self.tests = {}

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of a mapping or list, a cell of a row, or loop.index and the like; else Missing."""
        if type(obj) is dict and argument in obj:
            return obj[argument]
        if isinstance(obj, Open):
            return obj
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else Missing(hint=absent(str(argument), obj))
        if isinstance(obj, Row):
            return _cell(obj, argument)
        if isinstance(obj, LoopContext) and argument in LOOP:
            return getattr(obj, argument)
        present(obj)
        return _listed(obj, argument)

    getattr = getitem  # type: ignore[assignment]

    def is_safe_callable(self, obj: Any) -> bool:
        """Only our own."""
        return obj in (caption, reference)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on loop.index and other whole numbers; the report's figures are computed in kind.yaml."""
        if type(left) is int and type(right) is int and operator != "**":
            made = super().call_binop(context, operator, left, right)
            if abs(made) > LARGEST:
                raise RefusedError("算出来的序号太大了")
            return made
        raise RefusedError(ARITHMETIC)

    def _generate(self, source: nodes.Template, *more: Any, **named: Any) -> str:
        """Compile with every loop's steps counted; the tree is given back as it was."""
        loops = {loop: loop.iter for loop in source.find_all(nodes.For)}
        for loop in loops:
            loop.iter = nodes.Filter(loop.iter, COUNTED, [], [], None, None, lineno=loop.lineno).set_environment(self)
        try:
            return super()._generate(source, *more, **named)
        finally:
            for loop, items in loops.items():
                loop.iter = items

    def check(self, word: str, body: str) -> tuple[str, list[str]]:
        """Read one tag alone. Returns its source, quotes made straight if need be, and what is wrong with it.

        ``word`` is its statement, or "" for an expression.
        """
        for source in dict.fromkeys((body, body.translate(_STRAIGHT))):
            tag = f"{STMT}{source} {STMT_END}" if word else f"{EXPR}{source} {EXPR_END}"
            try:
                tree = self.parse(PROBES.get(word, "{}").format(tag))
            except (TemplateSyntaxError, ValueError, RecursionError):  # a number of 5,000 digits, a thousand brackets
                continue
            return source, list(self._objections(tree))
        return body, ["这个标记写得不对，请检查引号、括号是否成对，竖线后面是不是格式名"]

    def _objections(self, tree: nodes.Template) -> Iterator[str]:
        for name in tree.find_all(nodes.Name):
            if name.name.startswith("_"):
                yield f"名称不能以下划线开头：“{name.name}”"
        for one in tree.find_all(nodes.Filter):
            if one.name not in self.formats:
                yield "格式里" + absent(one.name, self.formats)
        for test in tree.find_all(nodes.Test):
            yield f"不支持 is {test.name}，请直接写比较"
        for call in tree.find_all(nodes.Call):
            named = call.node.name if isinstance(call.node, nodes.Name) else ""
            if FUNCTIONS.get(named) != len(call.args) or call.kwargs or call.dyn_args or call.dyn_kwargs:
                yield '只能用 题注("表", "名称") 和 见("名称") 这两个函数'
        if tree.find(nodes.Concat) or tree.find(nodes.Slice):
            yield "不支持用 ~ 拼接或用 [a:b] 截取，请分开写成几个标记"


def _listed(obj: Any, argument: Any) -> Any:
    if isinstance(obj, (list, tuple)) and isinstance(argument, int):
        return obj[argument] if -len(obj) <= argument < len(obj) else Missing(hint=f"没有第 {argument + 1} 项")
    return Missing(hint=f"这里取不到“{argument}”")


def _cell(row: Row, column: Any) -> Any:
    if column in row.cells:
        return row.cells[column]
    if column in row.places:
        return Blank(hint=f'“{column}”是空的（{row.places[column]}）；可以为空的格子请写 {column}|或("—")')
    return Missing(hint=absent(str(column), {**row.places, **row.cells}))


def _past_blanks(one: Callable[..., Any]) -> Callable[..., Any]:
    """A format leaves a blank cell blank, so that 或 may follow it."""

    @wraps(one)
    def formatted(value: Any, *more: Any, **named: Any) -> Any:
        return value if isinstance(value, Undefined) else one(value, *more, **named)

    return formatted


def _finalizer(formats: Mapping[str, Callable[..., Any]]) -> Callable[[Any], str]:
    """The one place through which every printed value goes: facts are shown, text escaped once, the rest refused."""
    default = formats.get("默认")

    def finalize(value: Any) -> str:
        if type(value) is Fact and default is not None:
            value = default(value)
        kind = type(value)
        if kind is str:
            return value if _SPECIAL.search(value) is None else laid_out(value)
        if kind is Raw or kind is int:
            return str(value)
        if kind is Open or kind is Spare:
            return PENDING
        raise RefusedError(_why_not(present(value)))

    return finalize


def _why_not(value: Any) -> str:
    if value is None:
        return "没有值，不能写进报告"
    if isinstance(value, tuple | list | Mapping | Row):
        return SEVERAL
    return "这个值没有格式，不能写进报告；请加上格式，如 |万元"
