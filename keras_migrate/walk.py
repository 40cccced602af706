"""One read-only walk over a tree, which collects what its names are bound to and used for.

It visits only the meaningful fields of nodes, no whitespace, commas or parentheses, so that it costs a small
part of parsing. What names mean is worked out afterwards, for those that matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import libcst as cst

from keras_migrate.quoted import Quoted, annotation_in_string, annotations_in_comment, loaded_module
from keras_migrate.scopes import Binding, Branch, Frame, Given, ImportedName, Loaded, Reference, Scope, Value


def dotted(node: cst.BaseExpression | None) -> str | None:
    """The text of a chain of plain names, ``a.b.c``; ``None`` for any other expression."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is not cst.Name:
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


_OF_TYPES = frozenset(
    {"Callable", "Dict", "Iterable", "List", "Optional", "Sequence", "Tuple", "Type", "Union"}
)
"""Generic types of ``typing``, which make types of strings outside annotations too."""

_LEAVES = frozenset(
    {
        cst.Integer,
        cst.Float,
        cst.Imaginary,
        cst.Ellipsis,
        cst.FormattedStringText,
        cst.TemplatedStringText,
        cst.Pass,
        cst.Break,
        cst.Continue,
    }
)

_CHILDREN: dict[type, tuple[str, ...]] = {
    cst.ConcatenatedString: ("left", "right"),
    cst.FormattedString: ("parts",),
    cst.FormattedStringExpression: ("expression", "format_spec"),
    cst.TemplatedString: ("parts",),
    cst.TemplatedStringExpression: ("expression", "format_spec"),
    cst.UnaryOperation: ("expression",),
    cst.BinaryOperation: ("left", "right"),
    cst.BooleanOperation: ("left", "right"),
    cst.Comparison: ("left", "comparisons"),
    cst.ComparisonTarget: ("comparator",),
    cst.Call: ("func", "args"),
    cst.Arg: ("value",),
    cst.SubscriptElement: ("slice",),
    cst.Index: ("value",),
    cst.Slice: ("lower", "upper", "step"),
    cst.Await: ("expression",),
    cst.From: ("item",),
    cst.Tuple: ("elements",),
    cst.List: ("elements",),
    cst.Set: ("elements",),
    cst.Element: ("value",),
    cst.StarredElement: ("value",),
    cst.Dict: ("elements",),
    cst.DictElement: ("key", "value"),
    cst.StarredDictElement: ("value",),
    cst.SimpleStatementLine: ("body",),
    cst.SimpleStatementSuite: ("body",),
    cst.IndentedBlock: ("body",),
    cst.Expr: ("value",),
    cst.Raise: ("exc", "cause"),
    cst.Assert: ("test", "msg"),
    cst.Else: ("body",),
    cst.Finally: ("body",),
    cst.Decorator: ("decorator",),
    cst.MatchValue: ("value",),
    cst.MatchSingleton: (),
    cst.MatchList: ("patterns",),
    cst.MatchTuple: ("patterns",),
    cst.MatchSequenceElement: ("value",),
    cst.MatchOr: ("patterns",),
    cst.MatchOrElement: ("pattern",),
    cst.MatchKeywordElement: ("pattern",),
    cst.MatchMappingElement: ("key", "pattern"),
}


def nodes_of(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all that is in it, each before what is in it itself, in the order of the code."""
    yield node
    for child in node.children:
        yield from nodes_of(child)


class Walk:
    """Collects scopes, bindings and references of a module in one pass, without looking at what they mean."""

    def __init__(
        self,
        wanted_attributes: frozenset[str],
        unreachable: frozenset[cst.CSTNode] = frozenset(),
        wanted_strings: re.Pattern[str] | None = None,
    ) -> None:
        self.wanted = wanted_attributes
        self.wanted_strings = wanted_strings
        self.unreachable = unreachable
        self.scope = Scope("module", None)
        self.branch: Branch | None = None
        self.order = 0
        self.imports: list[ImportedName] = []
        self.references: dict[str, list[Reference]] = {}
        self.assigned_from: dict[str, list[str]] = {}
        self.identifiers: set[str] = set()
        self.classes: list[tuple[cst.ClassDef, Frame, Scope]] = []
        self.attributes: list[tuple[cst.Attribute, Frame, Scope]] = []
        self.strings: list[tuple[cst.SimpleString, Frame, Scope]] = []
        self.scopes: dict[cst.CSTNode, Scope] = {}
        self.stores: dict[str, list[tuple[cst.Attribute, Given, Scope]]] = {}
        self.exported: set[str] = set()
        self.nonlocals: list[tuple[Scope, str, Binding]] = []
        self.quoted: list[Quoted] = []
        self.loaded: list[tuple[str, str]] = []
        self.annotating = False
        """Whether the strings in what is walked are annotations."""
        self.lazy = False
        """Whether what is walked runs at another time than its scope: a walrus in a generator."""
        self.special: dict[type, Callable[[Any, Frame], object]] = {
            cst.Name: self.name,
            cst.SimpleString: self.string,
            cst.Annotation: self.annotation,
            cst.Subscript: self.subscript,
            cst.Attribute: self.attribute,
            cst.Assign: self.assign,
            cst.AnnAssign: self.annotated,
            cst.AugAssign: self.augmented,
            cst.Del: self.delete,
            cst.NamedExpr: self.walrus,
            cst.Import: self.import_,
            cst.ImportFrom: self.import_from,
            cst.If: self.if_,
            cst.IfExp: self.if_expression,
            cst.While: self.while_,
            cst.For: self.for_,
            cst.Try: self.try_,
            cst.TryStar: self.try_,
            cst.With: self.with_,
            cst.Match: self.match,
            cst.MatchAs: self.match_as,
            cst.MatchStar: self.match_star,
            cst.MatchMapping: self.match_mapping,
            cst.MatchClass: self.match_class,
            cst.FunctionDef: self.function,
            cst.Lambda: self.lambda_,
            cst.ClassDef: self.class_,
            cst.Global: self.global_,
            cst.Nonlocal: self.nonlocal_,
            cst.ListComp: self.comprehension,
            cst.SetComp: self.comprehension,
            cst.GeneratorExp: self.comprehension,
            cst.DictComp: self.comprehension,
            cst.TypeAlias: self.type_alias,
            cst.Return: self.return_,
            cst.Yield: self.yield_,
        }

    def module(self, module: cst.Module) -> None:
        """Walks the whole module."""
        frame: Frame = (module, None)
        for statement in module.body:
            self.visit(statement, frame)
        for scope, name, binding in self.nonlocals:
            owner = scope.outer
            while owner is not None and (owner.kind == "class" or name not in owner.bindings):
                owner = owner.outer
            if owner is not None:
                owner.aside.setdefault(name, []).append(binding)
        for use in self.references.get("__all__", ()):
            if use.attributes in (("append",), ("extend",)) and use.called is not None:
                for arg in use.called.args:
                    self.export(arg.value)

    def visit(self, node: cst.CSTNode, frame: Frame) -> None:
        """Walks one node, whatever it is."""
        kind = type(node)
        if kind in _LEAVES:
            return
        special = self.special.get(kind)
        if special is not None:
            special(node, frame)
            return
        fields = _CHILDREN.get(kind)
        if fields is None:
            return
        inner = (node, frame)
        for field in fields:
            child = getattr(node, field)
            if child is None:
                continue
            if isinstance(child, cst.CSTNode):
                self.visit(child, inner)
            elif isinstance(child, (list, tuple)):
                for item in child:
                    self.visit(item, inner)

    def each(self, nodes: Iterable[cst.CSTNode], frame: Frame) -> None:
        """Walks several nodes in order."""
        for node in nodes:
            self.visit(node, frame)

    def bind(self, name: str, **what: Any) -> None:
        """Notes that a name gets a value here."""
        self.order += 1
        self.identifiers.add(name)
        scope = self.scope
        declared = scope.elsewhere.get(name)
        binding = Binding(self.order, self.branch, **what)
        if declared == "nonlocal":
            self.nonlocals.append((scope, name, binding))
        elif declared == "global":
            scope.module.aside.setdefault(name, []).append(binding)
        else:
            (scope.aside if self.lazy else scope.bindings).setdefault(name, []).append(binding)

    def string(self, node: cst.SimpleString, frame: Frame) -> None:
        if self.wanted_strings is not None and self.wanted_strings.search(node.value):
            self.strings.append((node, frame, self.scope))
        quoted = annotation_in_string(node, frame, expected=self.annotating)
        if quoted is not None:
            self.walk_quoted(quoted, (node, frame))

    def walk_quoted(self, quoted: Quoted, frame: Frame) -> None:
        """Walks the expressions in a string or comment."""
        self.quoted.append(quoted)
        annotating, self.annotating = self.annotating, False
        for part in quoted.parts:
            self.visit(part.expression, frame)
        self.annotating = annotating

    def annotation(self, node: cst.Annotation, frame: Frame) -> None:
        annotating, self.annotating = self.annotating, True
        self.visit(node.annotation, (node, frame))
        self.annotating = annotating

    def subscript(self, node: cst.Subscript, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.value, inner)
        annotating = self.annotating
        name = (dotted(node.value) or "").rpartition(".")[2]
        if name in _OF_TYPES:
            self.annotating = True
        elif name == "Literal":
            self.annotating = False
        self.each(node.slice, inner)
        self.annotating = annotating

    def name(self, node: cst.Name, frame: Frame) -> None:
        self.reference(node, node, (), frame)

    def reference(
        self, node: cst.Name | cst.Attribute, root: cst.Name, attributes: tuple[str, ...], frame: Frame
    ) -> Reference:
        """Notes a use of a name."""
        self.order += 1
        made = Reference(node, root, attributes, self.scope, self.order, self.branch, frame)
        uses = self.references.get(root.value)
        if uses is None:
            self.references[root.value] = [made]
            self.identifiers.add(root.value)
        else:
            uses.append(made)
        return made

    def attribute(self, node: cst.Attribute, frame: Frame) -> Reference | None:
        """Notes a chain of attributes; returns its reference where it starts at a name."""
        attributes: list[str] = []
        current: cst.BaseExpression = node
        inner = frame
        while type(current) is cst.Attribute:
            name = current.attr.value
            attributes.append(name)
            if name in self.wanted:
                self.attributes.append((current, inner, self.scope))
            inner = (current, inner)
            current = current.value
        if type(current) is cst.Name:
            attributes.reverse()
            return self.reference(node, current, tuple(attributes), frame)
        self.visit(current, inner)
        return None

    def value(self, node: cst.BaseExpression | None, frame: Frame) -> Value:
        """Walks the value of an assignment; returns what of it is plain chains of names."""
        kind = type(node)
        if kind is cst.Name:
            return self.reference(node, node, (), frame)  # type: ignore[arg-type]
        if kind is cst.Attribute:
            return self.attribute(node, frame) or self.loading(node)  # type: ignore[arg-type]
        if kind is cst.Call:
            self.visit(node, frame)  # type: ignore[arg-type]
            return self.loading(node)  # type: ignore[arg-type]
        if isinstance(node, (cst.Tuple, cst.List)):
            inner = (node, frame)
            values = [self.value(element.value, (element, inner)) for element in node.elements]
            return None if any(type(element) is not cst.Element for element in node.elements) else values
        if node is not None:
            self.visit(node, frame)
        return None

    def loading(self, node: cst.BaseExpression) -> Loaded | None:
        """The module that an expression loads by its name."""
        name = loaded_module(node)
        return Loaded(name) if name else None

    def assign(self, node: cst.Assign, frame: Frame) -> None:
        inner = (node, frame)
        value = self.value(node.value, inner)
        for target in node.targets:
            self.assigned(target.target, (target, inner), value, node.value)
        if frame is not None and isinstance(frame[0], cst.SimpleStatementLine):
            self.comment(frame[0].trailing_whitespace, frame)

    def comment(self, space: cst.TrailingWhitespace | cst.EmptyLine, frame: Frame) -> None:
        """Walks the types that a comment gives."""
        if space.comment is not None:
            quoted = annotations_in_comment(space.comment)
            if quoted is not None:
                self.walk_quoted(quoted, (space.comment, (space, frame)))

    def signature_comment(self, body: cst.BaseSuite, frame: Frame) -> None:
        """Walks the types that a comment below the head of a function gives."""
        if isinstance(body, cst.IndentedBlock):
            inner = (body, frame)
            self.comment(body.header, inner)
            for line in getattr(body.body[0], "leading_lines", ())[:1]:
                self.comment(line, (body.body[0], inner))

    def annotated(self, node: cst.AnnAssign, frame: Frame) -> None:
        inner = (node, frame)
        if node.value is not None:
            value = self.value(node.value, inner)
            self.assigned(node.target, inner, value, node.value)
        self.visit(node.annotation, inner)

    def assigned(
        self, target: cst.BaseExpression, frame: Frame, value: Value, expression: cst.BaseExpression
    ) -> None:
        """Binds a target of an assignment."""
        if type(target) is cst.Name and target.value == "__all__":
            self.export(expression)
        self.target(target, frame, value, Given("value", expression))

    def augmented(self, node: cst.AugAssign, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.value, inner)
        if type(node.target) is cst.Name:
            if node.target.value == "__all__":
                self.export(node.value)
            self.bind(node.target.value)
        else:
            self.visit(node.target, inner)

    def walrus(self, node: cst.NamedExpr, frame: Frame) -> None:
        inner = (node, frame)
        value = self.value(node.value, inner)
        scope, branch = self.scope, self.branch
        if _perhaps(frame):
            self.branch = Branch(branch, node, 0, False, False)
        while self.scope.kind in ("comprehension", "generator") and self.scope.outer is not None:
            self.lazy = self.lazy or self.scope.kind == "generator"
            self.scope = self.scope.outer
        self.target(node.target, inner, value, Given("value", node.value))
        self.scope, self.branch, self.lazy = scope, branch, False

    def target(
        self, node: cst.CSTNode, frame: Frame, value: Value = None, given: Given | None = None
    ) -> None:
        """Binds what an assignment, loop or ``with`` assigns to."""
        if type(node) is cst.Name:
            if isinstance(value, Loaded):
                self.loaded.append((node.value, value.name))
                self.bind(node.value, loaded=value.name, given=given)
            elif not isinstance(value, Reference):
                self.bind(node.value, given=given)
            elif value.root.value == "None" and not value.attributes:
                self.bind(node.value, nothing=True)
            else:
                self.assigned_from.setdefault(value.root.value, []).append(node.value)
                self.bind(node.value, value=value, given=given)
        elif isinstance(node, (cst.Tuple, cst.List)):
            self.unpack(node, (node, frame), value, given)
        elif isinstance(node, (cst.Element, cst.StarredElement)):
            self.target(node.value, (node, frame))
        else:
            if type(node) is cst.Attribute and given is not None:
                self.stores.setdefault(node.attr.value, []).append((node, given, self.scope))
            self.visit(node, frame)

    def unpack(self, node: cst.Tuple | cst.List, frame: Frame, value: Value, given: Given | None) -> None:
        """Binds ``a, b = c, d`` pairwise."""
        values: list[Value] = [None] * len(node.elements)
        if isinstance(value, list) and len(value) == len(values):
            values = value
        for index, (element, part) in enumerate(zip(node.elements, values, strict=True)):
            if type(element) is cst.Element:
                self.target(element.value, (element, frame), part, _taken_out(given, index, len(values)))
            else:
                self.target(element, frame)

    def export(self, expression: cst.BaseExpression) -> None:
        """Notes the names of ``__all__``."""
        if isinstance(expression, (cst.List, cst.Tuple)):
            for element in expression.elements:
                self.export(element.value)
        elif isinstance(expression, cst.BinaryOperation):
            self.export(expression.left)
            self.export(expression.right)
        elif isinstance(expression, cst.SimpleString):
            self.exported.add(str(expression.raw_value))

    def delete(self, node: cst.Del, frame: Frame) -> None:
        inner = (node, frame)
        targets: list[cst.BaseExpression] = [node.target]
        if isinstance(node.target, (cst.Tuple, cst.List)):
            targets = [element.value for element in node.target.elements]
        for target in targets:
            self.visit(target, inner)
            if type(target) is cst.Name:
                self.bind(target.value)

    def import_(self, node: cst.Import, frame: Frame) -> None:
        for alias in node.names:
            target = dotted(alias.name) or ""
            if alias.asname is not None:
                local = _bound_name(alias.asname)
                bound = target
            else:
                local = bound = target.partition(".")[0]
            self.imported(node, alias, local, target, bound, frame)

    def import_from(self, node: cst.ImportFrom, frame: Frame) -> None:
        module = "." * len(node.relative) + (dotted(node.module) or "")
        if isinstance(node.names, cst.ImportStar):
            self.order += 1
            star = ImportedName(node, node, "*", module, module, self.scope, self.order, self.branch, frame)
            self.scope.stars.append(star)
            self.imports.append(star)
            return
        for alias in node.names:
            name = dotted(alias.name) or ""
            local = _bound_name(alias.asname) if alias.asname is not None else name
            target = f"{module}{'' if module.endswith('.') else '.'}{name}"
            self.imported(node, alias, local, target, target, frame)

    def imported(
        self,
        node: cst.Import | cst.ImportFrom,
        alias: cst.ImportAlias,
        local: str,
        target: str,
        bound: str,
        frame: Frame,
    ) -> None:
        """Binds a name of an import statement."""
        made = ImportedName(node, alias, local, target, bound, self.scope, self.order + 1, self.branch, frame)
        self.bind(local, imported=made)
        self.imports.append(made)

    def arm(
        self,
        statement: cst.CSTNode,
        number: int,
        exclusive: bool,
        loops: bool,
        nodes: Iterable[cst.CSTNode],
        frame: Frame,
    ) -> None:
        """Walks what runs only in one arm of a statement."""
        outer = self.branch
        self.branch = Branch(outer, statement, number, exclusive, loops)
        self.each(nodes, frame)
        self.branch = outer

    def if_(self, node: cst.If, frame: Frame) -> None:
        inner = (node, frame)
        if node.test not in self.unreachable:
            self.visit(node.test, inner)
        if node.body not in self.unreachable:
            self.arm(node, 0, True, False, (node.body,), inner)
        if node.orelse is not None and node.orelse not in self.unreachable:
            self.arm(node, 1, True, False, (node.orelse,), inner)

    def if_expression(self, node: cst.IfExp, frame: Frame) -> None:
        inner = (node, frame)
        self.each(
            (part for part in (node.test, node.body, node.orelse) if part not in self.unreachable), inner
        )

    def while_(self, node: cst.While, frame: Frame) -> None:
        inner = (node, frame)
        self.arm(node, 0, False, True, (node.test, node.body), inner)
        if node.orelse is not None:
            self.visit(node.orelse, inner)

    def for_(self, node: cst.For, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.iter, inner)
        outer = self.branch
        self.branch = Branch(outer, node, 0, False, True)
        self.target(node.target, inner, given=Given("item", node.iter))
        self.visit(node.body, inner)
        self.branch = outer
        if node.orelse is not None:
            self.visit(node.orelse, inner)

    def try_(self, node: cst.Try | cst.TryStar, frame: Frame) -> None:
        inner = (node, frame)
        after = () if node.orelse is None else (node.orelse,)
        self.arm(node, 0, False, False, (node.body, *after), inner)
        handlers: Sequence[cst.ExceptHandler | cst.ExceptStarHandler] = node.handlers
        for number, handler in enumerate(handlers, 1):
            outer = self.branch
            self.branch = Branch(outer, node, number, True, False)
            around = (handler, inner)
            if handler.type is not None:
                self.visit(handler.type, around)
            if handler.name is not None:
                self.target(handler.name.name, around)
            self.visit(handler.body, around)
            self.branch = outer
        if node.finalbody is not None:
            self.visit(node.finalbody, inner)

    def with_(self, node: cst.With, frame: Frame) -> None:
        inner = (node, frame)
        for item in node.items:
            self.visit(item.item, (item, inner))
            if item.asname is not None:
                self.target(item.asname.name, (item, inner), given=Given("entered", item.item))
        self.arm(node, 0, False, False, (node.body,), inner)  # ``suppress`` and the like go on after an error

    def match(self, node: cst.Match, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.subject, inner)
        for number, case in enumerate(node.cases):
            tried = (case.pattern,) if case.guard is None else (case.pattern, case.guard)
            self.arm(node, number, False, False, tried, (case, inner))
            self.arm(node, number, True, False, (case.body,), (case, inner))

    def match_as(self, node: cst.MatchAs, frame: Frame) -> None:
        if node.pattern is not None:
            self.visit(node.pattern, (node, frame))
        if node.name is not None:
            self.bind(node.name.value)

    def match_star(self, node: cst.MatchStar, frame: Frame) -> None:
        if node.name is not None:
            self.bind(node.name.value)

    def match_mapping(self, node: cst.MatchMapping, frame: Frame) -> None:
        self.each(node.elements, (node, frame))
        if node.rest is not None:
            self.bind(node.rest.value)

    def match_class(self, node: cst.MatchClass, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.cls, inner)
        self.each(node.patterns, inner)
        self.each(node.kwds, inner)

    def function(self, node: cst.FunctionDef, frame: Frame) -> None:
        inner = (node, frame)
        self.each(node.decorators, inner)
        self.defaults(node.params, inner)
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("types", node.type_parameters, inner)
        self.annotations(node, inner)
        self.signature_comment(node.body, inner)
        types, self.scope = self.scope, outer
        self.bind(node.name.value, given=Given("function", node))
        self.scope = types
        self.enter_function(node, (node.body,), inner)
        self.scope = outer

    def lambda_(self, node: cst.Lambda, frame: Frame) -> None:
        inner = (node, frame)
        self.defaults(node.params, inner)
        self.enter_function(node, (node.body,), inner)
        self.scopes[node].returns.append(node.body)

    def defaults(self, params: cst.Parameters, frame: Frame) -> None:
        """Walks the defaults of a function's parameters, which are worked out where it is defined."""
        inner = (params, frame)
        for param in _parameters(params):
            if param.default is not None:
                self.visit(param.default, (param, inner))

    def annotations(self, node: cst.FunctionDef, frame: Frame) -> None:
        """Walks the annotations of a function."""
        inner = (node.params, frame)
        for param in _parameters(node.params):
            if param.annotation is not None:
                self.visit(param.annotation, (param, inner))
        if node.returns is not None:
            self.visit(node.returns, frame)

    def enter_types(self, kind: str, parameters: cst.TypeParameters, frame: Frame) -> None:
        """Makes a scope for the type parameters of a function, class or alias."""
        self.scope = Scope(kind, self.scope)
        inner = (parameters, frame)
        for each in parameters.params:
            self.bind(each.param.name.value)
            if isinstance(each.param, cst.TypeVar) and each.param.bound is not None:
                self.visit(each.param.bound, (each.param, (each, inner)))
            if each.default is not None:
                self.visit(each.default, (each, inner))

    def enter_function(
        self, node: cst.FunctionDef | cst.Lambda, body: Iterable[cst.CSTNode], frame: Frame
    ) -> None:
        """Walks a function's body in a scope of its own."""
        outer, branch = self.scope, self.branch
        self.scope, self.branch = Scope("function", outer, node), None
        self.scopes[node] = self.scope
        for param in _parameters(node.params):
            self.bind(param.name.value, given=Given("parameter", param), scope=self.scope)
        self.each(body, frame)
        self.scope, self.branch = outer, branch

    def class_(self, node: cst.ClassDef, frame: Frame) -> None:
        self.classes.append((node, frame, self.scope))
        inner = (node, frame)
        self.each(node.decorators, inner)
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("types", node.type_parameters, inner)
        self.each(node.bases, inner)
        self.each(node.keywords, inner)
        self.scope = Scope("class", self.scope, node)
        self.scopes[node] = self.scope
        self.visit(node.body, inner)
        self.scope = outer
        self.bind(node.name.value, given=Given("class", node))

    def return_(self, node: cst.Return, frame: Frame) -> None:
        if node.value is not None:
            self.scope.returns.append(node.value)
            self.visit(node.value, (node, frame))

    def yield_(self, node: cst.Yield, frame: Frame) -> None:
        self.scope.yields.append((node, frame))
        if node.value is not None:
            self.visit(node.value, (node, frame))

    def global_(self, node: cst.Global, frame: Frame) -> None:
        if self.scope.outer is not None:  # in the module itself it says nothing
            self.scope.elsewhere.update((item.name.value, "global") for item in node.names)

    def nonlocal_(self, node: cst.Nonlocal, frame: Frame) -> None:
        self.scope.elsewhere.update((item.name.value, "nonlocal") for item in node.names)

    def comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, frame: Frame
    ) -> None:
        inner = (node, frame)
        scope, branch = self.scope, self.branch
        clause: cst.CompFor | None = node.for_in
        self.visit(node.for_in.iter, (node.for_in, inner))
        self.scope = Scope("generator" if type(node) is cst.GeneratorExp else "comprehension", scope)
        self.branch = Branch(branch, node, 0, False, True)
        around: Frame = inner
        while clause is not None:
            around = (clause, around)
            if clause is not node.for_in:
                self.visit(clause.iter, around)
            self.target(clause.target, around, given=Given("item", clause.iter))
            for condition in clause.ifs:
                self.visit(condition.test, (condition, around))
            clause = clause.inner_for_in
        if isinstance(node, cst.DictComp):
            self.visit(node.key, inner)
            self.visit(node.value, inner)
        else:
            self.visit(node.elt, inner)
        self.scope, self.branch = scope, branch

    def type_alias(self, node: cst.TypeAlias, frame: Frame) -> None:
        inner = (node, frame)
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("alias", node.type_parameters, inner)
        else:
            self.scope = Scope("alias", outer)
        self.visit(node.value, inner)
        self.scope = outer
        self.bind(node.name.value)


_EXPRESSIONS = (
    cst.BaseExpression,
    cst.Arg,
    cst.BaseElement,
    cst.ComparisonTarget,
    cst.Index,
    cst.SubscriptElement,
)
_CONDITIONAL = (cst.BooleanOperation, cst.IfExp, cst.Comparison)


def _taken_out(given: Given | None, index: int, length: int) -> Given | None:
    """What one of several targets is given when a value is unpacked."""
    if given is None:
        return None
    node = given.node
    if isinstance(node, (cst.Tuple, cst.List)) and given.how == "value" and not given.path:
        plain = len(node.elements) == length and all(type(each) is cst.Element for each in node.elements)
        return Given("value", node.elements[index].value) if plain else None
    return Given(given.how, node, (*given.path, index))


def _perhaps(frame: Frame) -> bool:
    """Whether an expression within some nodes is perhaps not worked out when its statement runs."""
    while frame is not None and isinstance(frame[0], _EXPRESSIONS):
        if isinstance(frame[0], _CONDITIONAL):
            return True
        frame = frame[1]
    return False


def _parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg is not None:
        yield params.star_kwarg


def _bound_name(asname: cst.AsName) -> str:
    assert isinstance(asname.name, cst.Name)
    return asname.name.value
