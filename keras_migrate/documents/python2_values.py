"""What values the expressions of a source surely have: enough to tell whole numbers from fractions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum


class Kind(Enum):
    """What an expression is in every case."""

    INT = "whole number"
    SHAPE = "whole number, as long as `.shape` is what it is of arrays"
    FLOAT = "number with a fraction"
    SET = "set"
    UNKNOWN = "unknown"


_FLOAT_METHODS = frozenset({"mean", "std", "var", "total_seconds"})
_FLOAT_FUNCTIONS = frozenset(
    {
        "arctan", "average", "cos", "cosh", "exp", "float", "float16", "float32", "float64", "linspace",
        "log", "log10", "log2", "mean", "norm", "normal", "rand", "randn", "sin", "sinh", "sqrt", "std",
        "tan", "tanh", "uniform", "var",
    }
)  # fmt: skip
_INT_FUNCTIONS = frozenset({"len", "int", "ord"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Values:
    """The names of a source and what is bound to them."""

    def __init__(self, tree: ast.Module) -> None:
        """Reads a source."""
        self._modules: dict[str, str] = {}
        self._scope: dict[ast.AST, ast.AST] = {}
        self._bound: dict[tuple[ast.AST, str], list[ast.expr | Kind]] = {}
        self._added: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        self._calls: set[str] = set()
        self._tree = tree
        self._enter(tree, tree)
        self._calls.update(self.qualified(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))

    def _enter(self, node: ast.AST, scope: ast.AST) -> None:
        self._scope[node] = scope
        self._bind(node, scope)
        inner = node if isinstance(node, _FUNCTIONS) else scope
        if isinstance(node, _FUNCTIONS):
            arguments = node.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self._set(inner, argument.arg, Kind.UNKNOWN)
            for rest in (arguments.vararg, arguments.kwarg):
                if rest is not None:
                    self._set(inner, rest.arg, Kind.UNKNOWN)
        for child in ast.iter_child_nodes(node):
            self._enter(child, inner)

    def _bind(self, node: ast.AST, scope: ast.AST) -> None:
        """Notes what a statement binds."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._modules[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                self._modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(scope, target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._added.setdefault((scope, node.target.id), []).append(node.value)
        elif isinstance(node, (ast.For, ast.comprehension)):
            self._iterate(scope, node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._assign(scope, node.optional_vars, node.context_expr)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)) and node.name:
            self._set(scope, node.name, Kind.UNKNOWN)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in node.names:
                self._set(self._tree, name, Kind.UNKNOWN)

    def _set(self, scope: ast.AST, name: str, value: ast.expr | Kind) -> None:
        self._bound.setdefault((scope, name), []).append(value)

    def _assign(self, scope: ast.AST, target: ast.AST, value: ast.expr | Kind) -> None:
        if isinstance(target, ast.Name):
            self._set(scope, target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else ()
            shape = isinstance(value, ast.Attribute) and value.attr == "shape"
            for number, each in enumerate(target.elts):
                if len(parts) == len(target.elts):
                    self._assign(scope, each, parts[number])
                else:
                    self._assign(scope, each, Kind.SHAPE if shape else Kind.UNKNOWN)
        elif isinstance(target, ast.Starred):
            self._assign(scope, target.value, Kind.UNKNOWN)

    def _iterate(self, scope: ast.AST, target: ast.AST, over: ast.expr) -> None:
        name = self.qualified(over.func) if isinstance(over, ast.Call) else ""
        if name == "range":
            self._assign(scope, target, Kind.INT)
        elif name == "enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            self._assign(scope, target.elts[0], Kind.INT)
            self._assign(scope, target.elts[1], Kind.UNKNOWN)
        else:
            self._assign(scope, target, Kind.UNKNOWN)

    def qualified(self, function: ast.expr) -> str:
        """The dotted name of a function, with the modules in it as they are called; empty for others."""
        if isinstance(function, ast.Name):
            if self._found(function):
                return ""
            return self._modules.get(function.id, function.id)
        if isinstance(function, ast.Attribute):
            head = self.qualified(function.value)
            return f"{head}.{function.attr}" if head else ""
        return ""

    def calls(self, name: str) -> bool:
        """Whether the source calls that function anywhere."""
        return name in self._calls

    def opened(self, file: ast.expr) -> Iterator[ast.Call]:
        """The calls of ``open`` that a file surely comes from."""
        found = self._found(file) if isinstance(file, ast.Name) else [file]
        for value in found:
            if isinstance(value, ast.Call) and self.qualified(value.func) == "open" and value.args:
                yield value

    def _found(self, name: ast.Name) -> list[ast.expr | Kind]:
        """What is bound to a name where it is used."""
        scope = self._scope.get(name, self._tree)
        while (scope, name.id) not in self._bound:
            if scope is self._tree:
                return []
            scope = self._scope[scope]
        return self._bound[scope, name.id]

    def kind(self, node: ast.expr, depth: int = 0) -> Kind:
        """What an expression is in every case."""
        if depth > 20:
            return Kind.UNKNOWN
        if isinstance(node, ast.Constant):
            return {int: Kind.INT, float: Kind.FLOAT}.get(type(node.value), Kind.UNKNOWN)
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            return self.kind(node.operand, depth + 1)
        if isinstance(node, ast.BinOp):
            return _combined(node.op, self.kind(node.left, depth + 1), self.kind(node.right, depth + 1))
        if isinstance(node, ast.IfExp):
            return _all_of([self.kind(node.body, depth + 1), self.kind(node.orelse, depth + 1)])
        if isinstance(node, (ast.Set, ast.SetComp)):
            return Kind.SET
        if isinstance(node, ast.Subscript):
            index = node.slice
            whole = isinstance(index, (ast.Constant, ast.UnaryOp))
            shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
            return Kind.SHAPE if whole and shape else Kind.UNKNOWN
        if isinstance(node, ast.Name):
            return self._of_name(node, depth)
        return self._of_call(node, depth) if isinstance(node, ast.Call) else Kind.UNKNOWN

    def _of_name(self, node: ast.Name, depth: int) -> Kind:
        found = self._found(node)
        kind = _all_of([each if isinstance(each, Kind) else self.kind(each, depth + 1) for each in found])
        scope = self._scope.get(node, self._tree)
        added = [*self._added.get((scope, node.id), ()), *self._added.get((self._tree, node.id), ())]
        if kind in (Kind.INT, Kind.SHAPE) and added:
            return _all_of([kind, *(self.kind(each, depth + 1) for each in added)])
        return kind

    def _of_call(self, node: ast.Call, depth: int) -> Kind:
        name = self.qualified(node.func)
        module, _, function = name.rpartition(".")
        if name in _INT_FUNCTIONS:
            return Kind.INT
        if name in ("set", "frozenset"):
            return Kind.SET
        if name in ("float", "round", "time.time") or (module == "math" and function != "factorial"):
            return Kind.FLOAT
        if name == "abs" and node.args:
            return self.kind(node.args[0], depth + 1)
        if module.partition(".")[0] == "numpy" and function in _FLOAT_FUNCTIONS:
            return Kind.FLOAT
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in _FLOAT_METHODS:
                return Kind.FLOAT
            if node.func.attr == "astype" and node.args and "float" in ast.unparse(node.args[0]):
                return Kind.FLOAT
        return Kind.UNKNOWN


def _combined(operator: ast.operator, left: Kind, right: Kind) -> Kind:
    """What an operation gives, in Python 2."""
    kinds = {left, right}
    if Kind.FLOAT in kinds:
        return Kind.FLOAT
    if not kinds <= {Kind.INT, Kind.SHAPE} or isinstance(operator, ast.Pow):
        return Kind.UNKNOWN
    return Kind.SHAPE if Kind.SHAPE in kinds else Kind.INT


def _all_of(kinds: list[Kind]) -> Kind:
    """What holds in every one of some cases."""
    if kinds and set(kinds) <= {Kind.INT, Kind.SHAPE}:
        return Kind.SHAPE if Kind.SHAPE in kinds else Kind.INT
    return kinds[0] if len(set(kinds)) == 1 else Kind.UNKNOWN
