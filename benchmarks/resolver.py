"""Finds every reference to Keras in a file with nothing but :mod:`ast`.

This is the referee's own reading of Python's scoping: it shares no code with the tool that it judges. It
follows imports in every form, assignment aliases, names shadowed by parameters and locals, comprehensions,
class scopes, ``global`` and ``nonlocal``, star imports, and what a module of the same repository
re-exports.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

KERAS_ROOTS = (
    "tensorflow.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.python.keras",
    "tensorflow.contrib.keras",
    "keras",
    "keras_applications",
    "keras_preprocessing",
)


def is_keras(path: str) -> bool:
    """Whether a dotted path lies in Keras, in whichever package."""
    return any(path == root or path.startswith(root + ".") for root in KERAS_ROOTS)


@dataclass(frozen=True)
class Reference:
    """One place that reaches into TensorFlow or Keras.

    Attributes:
        kind: ``import``, ``from``, ``attribute`` or ``star``.
        path: dotted path; of the module for ``from``.
        name: the imported name of ``from``, else empty.
        first_line: where the statement begins.
        last_line: where the reference ends.
        guarded: inside a ``try`` whose handler catches a failed import or attribute.
    """

    kind: str
    path: str
    name: str
    first_line: int
    last_line: int
    guarded: bool

    @property
    def question(self) -> tuple[str, ...]:
        """What to ask of the real TensorFlow."""
        return (self.kind, self.path, self.name) if self.kind == "from" else (self.kind, self.path)

    @property
    def full(self) -> str:
        """The whole dotted path."""
        return f"{self.path}.{self.name}" if self.name else self.path


@dataclass(frozen=True)
class Call:
    """One call of something in Keras.

    Attributes:
        path: dotted path of what is called.
        positional: how many arguments are given by position.
        keywords: the names of the others.
        first_line: where it begins.
        last_line: where it ends.
    """

    path: str
    positional: int
    keywords: tuple[str, ...]
    first_line: int
    last_line: int

    @property
    def question(self) -> tuple[str, ...]:
        """What to ask of the real TensorFlow."""
        return ("call", self.path, str(self.positional), *self.keywords)


@dataclass(frozen=True)
class ProjectModule:
    """A module of the same repository, as a value that a name can have."""

    file: str


Value = str | ProjectModule | None
"""What a name stands for: a dotted path outside the repository, a module inside it, or something else."""


@dataclass
class Binding:
    """One place that binds a name.

    Attributes:
        line: where.
        values: what the name may stand for then.
        certain: whether the place is always passed (not inside if, try, for, while or with).
        until: the last line of the loop that binds the name for each turn; 0 for all others.
    """

    line: int
    values: tuple[Value, ...]
    certain: bool
    until: int = 0


@dataclass
class Scope:
    """One scope: what it binds, and where it looks for the rest."""

    parent: Scope | None
    is_class: bool = False
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Scope | None] = field(default_factory=dict)

    def module(self) -> Scope:
        """The scope of the whole file."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def home(self, name: str) -> Scope | None:
        """The scope whose binding a use of the name here means."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.elsewhere:
                return scope.elsewhere[name]
            if name in scope.bindings and (scope is self or not scope.is_class):
                return scope
            scope = scope.parent
        return None

    def values(self, name: str, line: int) -> tuple[Value, ...]:
        """What a name used here at that line may stand for."""
        home = self.home(name)
        if home is None:
            return ()
        bound = home.bindings.get(name, [])
        if home is self:
            earlier = sorted((b for b in bound if b.line <= line), key=lambda b: b.line)
            if earlier:
                last = max((i for i, b in enumerate(earlier) if b.certain or line <= b.until), default=0)
                bound = earlier[last:]
        found: list[Value] = []
        for binding in bound:
            found += [value for value in binding.values if value not in found]
        return tuple(found)


class Repository:
    """The Python files of one repository, for what its modules re-export."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        """Takes the files by their path below the root, with forward slashes."""
        self.sources = sources
        self.readers: dict[str, FileReader | None] = {}
        self.by_name: dict[str, str] = {}
        for path in sorted(
            sources, key=len, reverse=True
        ):  # of two that share a name, the one nearer the root
            folder = PurePosixPath(path).parent
            parts = [PurePosixPath(path).stem]
            while str(folder) != "." and f"{folder}/__init__.py" in sources:
                parts.insert(0, folder.name)
                folder = folder.parent
            self.by_name[".".join(parts).removesuffix(".__init__")] = path
        self.own = frozenset(root for root in KERAS_ROOTS if root in self.by_name)
        """Roots of Keras that are packages or modules of the repository itself."""

    def inside(self, name: str) -> ProjectModule | None:
        """The file that an absolute import means, if the repository has it."""
        return ProjectModule(self.by_name[name]) if name in self.by_name else None

    def concerns(self, path: str) -> bool:
        """Whether a dotted path lies in TensorFlow or Keras, and not in the repository itself."""
        top = path.split(".")[0]
        return top not in self.own and (top == "tensorflow" or is_keras(path))

    def reader(self, file: str) -> FileReader | None:
        """The reading of one file; None where it is not Python that this interpreter parses."""
        if file not in self.readers:
            self.readers[file] = None
            try:
                tree = ast.parse(self.sources[file])
            except (SyntaxError, ValueError, RecursionError):
                return None
            self.readers[file] = FileReader(self, file, tree)
        return self.readers[file]

    def absolute(self, file: str, node: ast.ImportFrom) -> Value:
        """The module that a ``from`` import names: a file of the repository, or a dotted path outside it."""
        if not node.level:
            return self.inside(node.module or "") or node.module
        folder = PurePosixPath(file).parent
        for _ in range(node.level - 1):
            folder = folder.parent
        path = folder.joinpath(*(node.module or "").split(".")) if node.module else folder
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate.removeprefix("./") in self.sources:
                return ProjectModule(candidate.removeprefix("./"))
        return None

    def binds(self, module: ProjectModule, name: str) -> bool:
        """Whether a module of the repository has a name, as far as can be known."""
        reader = self.reader(module.file)
        if name == "*" or reader is None or reader.stars or reader.foreign_star or self.member(module, name):
            return True
        return name in reader.module.bindings

    def member(
        self, module: ProjectModule, name: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> tuple[Value, ...]:
        """What a name of a module of the repository may stand for."""
        if (module.file, name) in seen:
            return ()
        if PurePosixPath(module.file).name == "__init__.py":
            folder = PurePosixPath(module.file).parent
            for candidate in (f"{folder}/{name}.py", f"{folder}/{name}/__init__.py"):
                if candidate.removeprefix("./") in self.sources:
                    return (ProjectModule(candidate.removeprefix("./")),)
        reader = self.reader(module.file)
        if reader is None:
            return ()
        found: list[Value] = []
        for binding in reader.module.bindings.get(name, []):
            found += [value for value in binding.values if value not in found]
        return tuple(found)


GUARDS = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException", "NameError"}
BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.AsyncFor, ast.AsyncWith)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class FileReader:
    """One file: first what every scope binds, then what every expression refers to."""

    def __init__(self, repository: Repository, file: str, tree: ast.Module) -> None:
        """Reads the bindings of the file; the references are read when they are asked for."""
        self.repository = repository
        self.file = file
        self.tree = tree
        self.module = Scope(None)
        self.scopes: dict[ast.AST, Scope] = {}
        self.stars: list[str] = []
        self.foreign_star = False
        self.pending: list[tuple[Scope, str, int, ast.expr, bool]] = []
        self._bind_body(tree, self.module, certain=True)
        # Aliases of aliases may stand in any order (a function may use what is assigned below it).
        for _ in range(3):
            for scope, name, line, value, certain in self.pending:
                for binding in scope.bindings[name]:
                    if binding.line == line and binding.certain == certain and binding.values == (None,):
                        found = tuple(v for v in self._values(value, scope) if v is not None)
                        binding.values = found or (None,)

    def _bind(self, scope: Scope, name: str, line: int, values: tuple[Value, ...], certain: bool) -> None:
        if name in scope.elsewhere:
            home = scope.elsewhere[name]
            if home is not None:
                home.bindings.setdefault(name, []).append(Binding(line, values, False))
            return
        scope.bindings.setdefault(name, []).append(Binding(line, values, certain))

    def _bind_body(self, node: ast.AST, scope: Scope, certain: bool) -> None:
        for statement in ast.iter_child_nodes(node):
            if isinstance(statement, ast.Global):
                scope.elsewhere.update(dict.fromkeys(statement.names, scope.module()))
            elif isinstance(statement, ast.Nonlocal):
                outer = scope.parent
                for name in statement.names:
                    scope.elsewhere[name] = outer.home(name) if outer else None
        for child in ast.iter_child_nodes(node):
            self._bind_node(child, scope, certain)

    def _bind_node(self, node: ast.AST, scope: Scope, certain: bool) -> None:
        self.scopes[node] = scope
        if isinstance(node, ast.Import):
            self._bind_import(node, scope, certain)
        elif isinstance(node, ast.ImportFrom):
            self._bind_from(node, scope, certain)
        elif isinstance(node, FUNCTIONS):
            if not isinstance(node, ast.Lambda):
                self._bind(scope, node.name, node.lineno, (None,), certain)
                for decorator in node.decorator_list:
                    self._bind_node(decorator, scope, certain)
                if node.returns:
                    self._bind_node(node.returns, scope, certain)
            inner = Scope(scope)
            arguments = node.args
            for default in [*arguments.defaults, *filter(None, arguments.kw_defaults)]:
                self._bind_node(default, scope, certain)
            for argument in _arguments(arguments):
                inner.bindings.setdefault(argument.arg, []).append(Binding(node.lineno, (None,), True))
                if argument.annotation:
                    self._bind_node(argument.annotation, scope, certain)
            if isinstance(node, ast.Lambda):
                self._bind_node(node.body, inner, True)
            else:
                self._bind_body(ast.Module(node.body, []), inner, True)
        elif isinstance(node, ast.ClassDef):
            self._bind(scope, node.name, node.lineno, (None,), certain)
            for expression in [*node.bases, *(k.value for k in node.keywords), *node.decorator_list]:
                self._bind_node(expression, scope, certain)
            self._bind_body(ast.Module(node.body, []), Scope(scope, is_class=True), True)
        elif isinstance(node, COMPREHENSIONS):
            self._bind_node(node.generators[0].iter, scope, certain)
            inner = Scope(scope)
            for place, generator in enumerate(node.generators):
                self._bind_node(generator.target, inner, True)
                if place:
                    self._bind_node(generator.iter, inner, True)
                for condition in generator.ifs:
                    self._bind_node(condition, inner, True)
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            for part in parts:
                self._bind_node(part, inner, True)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self._bind_target(target, node.value, scope, certain)
            for child in ast.iter_child_nodes(node):
                if child not in targets or not isinstance(child, ast.Name | ast.Tuple | ast.List):
                    self._bind_node(child, scope, certain)
            for target in targets:
                if isinstance(target, ast.Tuple | ast.List):
                    for element in target.elts:
                        if not isinstance(element, ast.Name):
                            self._bind_node(element, scope, certain)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                self._bind(scope, node.id, node.lineno, (None,), certain)
        elif isinstance(node, ast.ExceptHandler):
            if node.name:
                self._bind(scope, node.name, node.lineno, (None,), False)
            self._bind_body(node, scope, False)
        else:
            self._bind_body(node, scope, certain and not isinstance(node, BRANCHES))
            if isinstance(node, ast.For | ast.AsyncFor):
                self._hold_in_loop(node, scope)

    def _hold_in_loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        """What a loop binds for each turn is sure in its body."""
        for target in ast.walk(node.target):
            if isinstance(target, ast.Name):
                for binding in scope.bindings.get(target.id, ()):
                    if binding.line == target.lineno:
                        binding.until = node.body[-1].end_lineno or 0

    def _bind_import(self, node: ast.Import, scope: Scope, certain: bool) -> None:
        for alias in node.names:
            target = alias.name if alias.asname else alias.name.split(".")[0]
            value: Value = self.repository.inside(target) or target
            self._bind(scope, alias.asname or target, node.lineno, (value,), certain)

    def _bind_from(self, node: ast.ImportFrom, scope: Scope, certain: bool) -> None:
        module = self.repository.absolute(self.file, node)
        for alias in node.names:
            if alias.name == "*":
                self._bind_star(module, scope, node.lineno, certain)
                continue
            values: tuple[Value, ...] = (None,)
            if isinstance(module, ProjectModule):
                values = self.repository.member(module, alias.name) or (None,)
            elif module:
                values = (f"{module}.{alias.name}",)
            self._bind(scope, alias.asname or alias.name, node.lineno, values, certain)

    def _bind_star(self, module: Value, scope: Scope, line: int, certain: bool) -> None:
        if isinstance(module, str) and is_keras(module):
            self.stars.append(module)
        elif isinstance(module, ProjectModule) and (reader := self.repository.reader(module.file)):
            for name, bindings in list(reader.module.bindings.items()):
                if not name.startswith("_"):
                    values = tuple(value for binding in bindings for value in binding.values)
                    self._bind(scope, name, line, values, certain)
            self.stars += reader.stars
            self.foreign_star |= reader.foreign_star
        else:
            self.foreign_star = True

    def _bind_target(self, target: ast.expr, value: ast.expr | None, scope: Scope, certain: bool) -> None:
        if isinstance(target, ast.Name):
            if value is None:
                return
            self._bind(scope, target.id, target.lineno, (None,), certain)
            if isinstance(value, ast.Name | ast.Attribute) and target.id in scope.bindings:
                self.pending.append((scope, target.id, target.lineno, value, certain))
        elif isinstance(target, ast.Tuple | ast.List):
            same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            values = (
                value.elts
                if same and isinstance(value, ast.Tuple | ast.List)
                else [ast.Constant(None)] * len(target.elts)
            )
            for element, part in zip(target.elts, values, strict=True):
                if isinstance(element, ast.Starred):
                    element = element.value
                self._bind_target(element, part, scope, certain)

    def _values(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """What an expression may stand for."""
        if isinstance(node, ast.Name):
            return scope.values(node.id, node.lineno)
        if isinstance(node, ast.Attribute):
            found: list[Value] = []
            for value in self._values(node.value, scope):
                if isinstance(value, ProjectModule):
                    found += self.repository.member(value, node.attr)
                elif value is not None:
                    found.append(f"{value}.{node.attr}")
            return tuple(dict.fromkeys(found))
        return ()

    def references(self) -> list[Reference]:
        """Every reference to TensorFlow or Keras in the file, in order."""
        found: dict[tuple[str, str, str, int], Reference] = {}
        for reference in self._walk(self.tree, 0, guarded=False):
            found.setdefault((reference.kind, reference.path, reference.name, reference.last_line), reference)
        return sorted(found.values(), key=lambda reference: (reference.last_line, reference.full))

    def _walk(self, node: ast.AST, first_line: int, guarded: bool) -> Iterator[Reference]:
        if isinstance(node, ast.stmt):
            first_line = node.lineno
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and node.decorator_list
            ):
                first_line = node.decorator_list[0].lineno
        if isinstance(node, ast.Import):
            for alias in node.names:
                if self.repository.concerns(alias.name):
                    yield Reference(
                        "import", alias.name, "", node.lineno, alias.end_lineno or node.lineno, guarded
                    )
            return
        if isinstance(node, ast.ImportFrom):
            if not node.level and self.repository.concerns(node.module or ""):
                module = node.module or ""
                for alias in node.names:
                    last = alias.end_lineno or node.lineno
                    if alias.name == "*":
                        yield Reference("star", module, "", node.lineno, last, guarded)
                    else:
                        yield Reference("from", module, alias.name, node.lineno, last, guarded)
            return
        if isinstance(node, ast.Attribute):
            values = self._values(node, self.scopes.get(node, self.module))
            if values:
                last = node.end_lineno or node.lineno
                for value in values:
                    if isinstance(value, str) and self.repository.concerns(value):
                        stored = not isinstance(node.ctx, ast.Load)
                        path = value.rpartition(".")[0] if stored else value
                        yield Reference("attribute", path, "", min(first_line, node.lineno), last, guarded)
                return
        if (
            isinstance(node, ast.Call)
            and (name := _imported_by_call(node))
            and self.repository.concerns(name)
        ):
            yield Reference("import", name, "", node.lineno, node.lineno, guarded)
        tried = node.body if isinstance(node, ast.Try) and any(map(_catches, node.handlers)) else []
        for child in ast.iter_child_nodes(node):
            yield from self._walk(child, first_line, guarded or child in tried)

    def calls(self) -> Iterator[Call]:
        """Every call of something that is surely in Keras, with arguments that are all to be seen."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call) or node not in self.scopes:
                continue
            values = self._values(node.func, self.scopes[node])
            path = values[0] if len(values) == 1 else None
            starred = any(isinstance(each, ast.Starred) for each in node.args)
            names = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
            if not isinstance(path, str) or starred or len(names) < len(node.keywords):
                continue
            if is_keras(path) and self.repository.concerns(path):
                last = node.end_lineno or node.lineno
                yield Call(path, len(node.args), tuple(names), node.lineno, last)

    def unbound(self) -> dict[str, tuple[int, int]]:
        """Names that nothing in the file binds, with the lines of their first use."""
        found: dict[str, tuple[int, int]] = {}
        for node in ast.walk(self.tree):
            if (
                not isinstance(node, ast.Name)
                or not isinstance(node.ctx, ast.Load)
                or node not in self.scopes
            ):
                continue
            known = hasattr(builtins, node.id) or node.id.startswith("__")
            if not known and self.scopes[node].home(node.id) is None:
                found.setdefault(node.id, (node.lineno, node.end_lineno or node.lineno))
        return found

    def early(self) -> dict[str, int]:
        """Names that code of the module's own flow uses above all that binds them, with the line."""
        found: dict[str, int] = {}
        for node, scope in self.scopes.items():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and scope is self.module:
                bound = self.module.bindings.get(node.id, ())
                if bound and all(binding.line > node.lineno for binding in bound):
                    found.setdefault(node.id, node.lineno)
        return found

    def taken_from_project(self) -> set[tuple[str, str]]:
        """What the file imports from others of the repository that they do not bind: path and name."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                module = self.repository.absolute(self.file, node)
                for alias in node.names:
                    if isinstance(module, ProjectModule) and not self.repository.binds(module, alias.name):
                        found.add((module.file, alias.name))
        return found


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _imported_by_call(node: ast.Call) -> str | None:
    """The module that ``importlib.import_module("…")`` or ``__import__("…")`` names."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in ("import_module", "__import__") and node.args:
        argument = node.args[0]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
    return None


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in GUARDS for kind in types)


def read_tree(root: Path) -> dict[str, bytes]:
    """The Python files below a folder, by their path with forward slashes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*.py"))
        if path.is_file() and not path.is_symlink()
    }
