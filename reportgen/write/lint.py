"""What is wrong with a Word template before there are figures: names that can't be there, prose without a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import nodes

from reportgen.define.kind import Kind
from reportgen.define.rubric import Rubric
from reportgen.define.types import TEXT
from reportgen.model import ERROR, WARNING, Place, Problem
from reportgen.shown import FORMATS, NOT_IN_PROSE
from reportgen.write.language import ARITHMETIC, EXPR, EXPR_END, FUNCTIONS, SEVERAL, absent
from reportgen.write.shape import BARE, IN_LOOP, LEAF, LINES, RESERVED, Shape, grouped, prose_name, shape, side_by_side
from reportgen.write.source import TemplateError
from reportgen.write.tags import Tag
from reportgen.write.template import Template, compile_template
from reportgen.write.trial import formatted, incomparable

Scope = dict[str, Shape | None]
Spot = tuple[Place, str]
_SUM = nodes.Add | nodes.Sub | nodes.Mul | nodes.Div | nodes.FloorDiv | nodes.Mod | nodes.Pow | nodes.Neg | nodes.Pos
_AMONG = ("in", "notin")
_OF_MANY = ("分组", "并列", "length")
_OF_NAMES = ("同比", "占比", "或")  # formats that may have names of facts in their brackets
_SPLIT = "一格里有几个名称的，请加 |分行"


def template_problems(path: Path, kind: Kind, rubric: Rubric | None) -> list[Problem]:
    """All that is wrong with the template; of one with a mark that can't be read, the names in all others."""
    walker = _Walker(shape(kind, rubric), [name for name, spec in kind.tables.items() if spec.named])
    try:
        template = compile_template(path, FORMATS)
    except TemplateError as error:
        for tree, tags in error.sound:
            walker.read(tree, tags)
        return [*error.problems, *walker.found.values()]
    for part in template.parts:
        walker.read(part.tree, part.tags)
    for chart in template.charts:
        walker.spots = {0: (chart.place, f"图：{chart.place.mark}")}
        language = template.parts[0].jinja.environment
        source = f"{EXPR}{chart.source}{EXPR_END}"
        walker.walk(language.parse(source).find(nodes.Output).nodes[0], {})  # type: ignore[union-attr]
    walker.check_references()
    return [*walker.found.values(), *_slots(template, kind)]


class _Walker:
    """Each name of a template looked up in what it will see; a complaint wherever that can't be."""

    def __init__(self, root: Shape, naming: list[str]) -> None:
        self.root, self.naming = root, naming
        self.spots: Mapping[int, Spot] = {}
        self.found: dict[tuple[Place, str], Problem] = {}
        self.captions, self.references = set[str](), list[tuple[str, Spot]]()

    def read(self, tree: nodes.Template, tags: Mapping[int, Tag]) -> None:
        """Look at all of a part."""
        self.spots = {line: (tag.place, tag.source) for line, tag in tags.items()}
        self.walk(tree, {})

    def spot(self, node: nodes.Node) -> Spot:
        """The tag that a node stands in."""
        return self.spots[max((line for line in self.spots if line <= node.lineno), default=min(self.spots))]

    def complain(self, spot: Spot, message: str, hint: str = "", level: str = ERROR) -> None:
        """Note what is wrong at a tag, once."""
        place, source = spot
        self.found.setdefault((place, message), Problem("E705", level, place, f"{source}：{message}", hint))

    def walk(self, node: nodes.Node, scope: Scope) -> Shape | None:
        """Look at a node and all below it; what it gives, None when that can't be said."""
        match node:
            case nodes.Name(ctx="load"):
                return self.name(node, scope)
            case nodes.Getattr():
                return self.below(node, self.held(node.node, scope), node.attr)
            case nodes.Getitem():
                return self.item(node, scope)
            case nodes.Filter():
                return self.filtered(node, scope)
            case nodes.For():
                self.loop(node, scope)
            case nodes.Assign(target=nodes.Name(name=name)):
                scope[name] = self.walk(node.node, scope)
            case nodes.Output():
                self.printed(node, scope)
            case nodes.Const():
                return constant(node.value)
            case nodes.Compare():
                self.compared(node, scope)
            case _:

                self.caption(node)
                given = [self.walk(child, scope) for child in node.iter_child_nodes()]
                self.reckoned(node, [one for one in given if one and one is not BARE])
        return None

    def reckoned(self, node: nodes.Node, given: list[Shape]) -> None:
        """Complain of sums with what is no bare number."""
        if isinstance(node, _SUM) and any(one.type or not one.leaf for one in given):
            self.complain(self.spot(node), ARITHMETIC)

    def held(self, node: nodes.Node, scope: Scope) -> Shape | None:
        """What others are taken out of: a name that only the data know never is that."""
        return self.name(node, scope, sheet=False) if isinstance(node, nodes.Name) else self.walk(node, scope)

    def name(self, node: nodes.Name, scope: Scope, sheet: bool = True) -> Shape | None:
        """What a name stands for; ``sheet``: it may be one that a sheet brings."""
        name = node.name
        if name in scope or name in self.root.names:
            return scope[name] if name in scope else self.root.names[name]
        if name in FUNCTIONS or name.startswith("_"):
            return None
        message = absent(name, [*scope, *self.root.names])
        if sheet and self.root.others and name not in RESERVED:
            hint = f"要用它，须在数据.xlsx 的“{'”或“'.join(self.naming)}”表里填有这一项"
            self.complain(self.spot(node), message, hint, WARNING)
            return self.root.others
        self.complain(self.spot(node), message)
        return None

    def below(self, node: nodes.Getattr | nodes.Getitem, holder: Shape | None, name: str) -> Shape | None:
        """What a name after a dot or in brackets gives."""
        if holder is None:
            return None
        if name in holder.names:
            return holder.names[name]
        if holder.leaf or (holder.each and not holder.others):
            rows = holder.each and name in holder.each.names
            hint = f"表要逐行写：{{% for r in 表 %}}{{{{ r.{name} }}}}{{% endfor %}}" if rows else ""
            self.complain(self.spot(node), f"这里取不到“{name}”", hint)
        elif holder.others is None:
            self.complain(self.spot(node), absent(name, holder.names))
        elif isinstance(node, nodes.Getattr) and get_close_matches(name, holder.names):
            self.complain(self.spot(node), absent(name, holder.names), f'确有这个名称的，请写成 ["{name}"]', WARNING)
        return holder.others

    def item(self, node: nodes.Getitem, scope: Scope) -> Shape | None:
        holder, wanted = self.held(node.node, scope), node.arg
        if isinstance(wanted, nodes.Const) and isinstance(wanted.value, str):
            return self.below(node, holder, wanted.value)
        self.walk(wanted, scope)
        return holder and (holder.others or holder.each)

    def filtered(self, node: nodes.Filter, scope: Scope) -> Shape | None:
        given = (self.held if node.name in _OF_MANY else self.walk)(node.node, scope) if node.node else None
        more = [(self.walk if node.name in _OF_NAMES else self.held)(one, scope) for one in node.args]
        if node.name == "并列":
            return side_by_side(given, more[0] if more else None)
        if node.name == "分组":
            rows = given.each if given else None
            for one in node.args:
                if rows and isinstance(one, nodes.Const) and one.value not in rows.names:
                    self.complain(self.spot(node), absent(str(one.value), rows.names))
            return grouped(given) if given else None
        if node.name == "length" and given and given.type:
            self.complain(self.spot(node), "这不是一组内容，数不出有几个", _SPLIT)
        if node.name in ("或", "分行", "公式"):
            return given if node.name == "或" else LINES
        return LEAF if node.name not in FORMATS or node.name in NOT_IN_PROSE else self.formatted(node, given, more)

    def formatted(self, node: nodes.Filter, given: Shape | None, more: list[Shape | None]) -> Shape:
        """What a format gives; a complaint when there is no such value that it can show."""
        known = zip(node.args, more, strict=True)
        words = [one.value if isinstance(one, nodes.Const) else (called(one), given) for one, given in known]
        said, made = formatted(node.name, (called(node.node), given), words)
        if given and not given.leaf:
            said = SEVERAL
        if said:
            self.complain(self.spot(node), said)
        return made or LEAF

    def compared(self, node: nodes.Compare, scope: Scope) -> None:
        """Complain where no answer can come out."""
        sides = [(called(one), self.walk(one, scope)) for one in (node.expr, *(other.expr for other in node.ops))]
        said = "" if any(one.op in _AMONG for one in node.ops) else incomparable(sides)
        if said:
            self.complain(self.spot(node), said)

    def loop(self, node: nodes.For, scope: Scope) -> None:
        items = self.held(node.iter, scope)
        if items and not items.each:
            self.complain(self.spot(node), "for 后面应是一张表或一组内容", _SPLIT if items.leaf else "")
        inner: Scope = {**scope, "loop": IN_LOOP}
        for name in node.target.find_all(nodes.Name) if not isinstance(node.target, nodes.Name) else [node.target]:
            inner[name.name] = items.each if items and name is node.target else None
        for one in [*([node.test] if node.test else []), *node.body]:
            self.walk(one, inner)
        for one in node.else_:
            self.walk(one, dict(scope))

    def printed(self, node: nodes.Output, scope: Scope) -> None:
        for one in node.nodes:
            given = self.walk(one, scope)
            if given and not given.leaf:
                self.complain(self.spot(one), SEVERAL)

    def caption(self, node: nodes.Node) -> None:
        """Note a caption or a reference to one."""
        match node:
            case nodes.Call(node=nodes.Name(name="题注"), args=[_, nodes.Const(value=name)]):
                self.captions.add(name)
            case nodes.Call(node=nodes.Name(name="见"), args=[nodes.Const(value=name)]):
                self.references.append((name, self.spot(node)))
            case nodes.Call(node=nodes.Name(name="题注")):
                self.captions.add("")  # a name that only the data know

    def check_references(self) -> None:
        """Complain of each reference to a caption that is not in the template."""
        for name, spot in self.references:
            if name not in self.captions and "" not in self.captions:
                self.complain(spot, f"题注里{absent(name, self.captions)}")


def constant(value: Any) -> Shape:
    """What is written out in a tag; what is compared with "" is asked whether it is blank, whatever it be."""
    if isinstance(value, str) and value:
        return Shape(type=TEXT, unit="")
    return BARE if type(value) in (int, float) else LEAF


def called(node: nodes.Node | None) -> str:
    """A value as the template writes it."""
    match node:
        case nodes.Name(name=name) | nodes.Getattr(attr=name) | nodes.Const(value=name):
            return str(name)
        case nodes.Filter():
            return f"{called(node.node)}|{node.name}"
    return "这个值"


# --- places for prose ------------------------------------------------------------------------------------------


def _slots(template: Template, kind: Kind) -> Iterator[Problem]:
    """Prose that has no place would vanish."""
    placed = {name for part in template.parts for name in _placed(part.tree)}
    for name, slot in kind.slots.items():
        if not (slot.unused or name in placed or "" in placed):
            hint = f"请在该放的地方加一段 {{{{p {prose_name(name)} }}}}"
            level = ERROR if slot.required else WARNING
            yield Problem("E604", level, Place(template.file), f"没有放“{name}”这段文稿的位置", hint)


def _placed(tree: nodes.Template) -> Iterator[str]:
    """Each prose that is written out, not only asked for in a condition; "" for one that only the data know."""
    for one in (inner for output in tree.find_all(nodes.Output) for inner in output.find_all(nodes.Expr)):
        match one:
            case nodes.Getattr(node=nodes.Name(name="文稿")):
                yield one.attr
            case nodes.Getitem(node=nodes.Name(name="文稿")):
                yield str(one.arg.value) if isinstance(one.arg, nodes.Const) else ""
