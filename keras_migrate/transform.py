"""What a transform is, what it sees of a file, and the single walk that makes all edits.

A transform registers functions by what they want to see: references to a symbol, calls of it, classes derived
from it, an attribute name. The functions look at the original nodes, report findings and ask for edits; one
pruned walk of a libcst transformer then makes all of them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import libcst as cst

from keras_migrate.facts import Elsewhere, Nearby, no_others, nowhere
from keras_migrate.findings import Level, Rule
from keras_migrate.names import Names
from keras_migrate.quoted import Quoted
from keras_migrate.refusals import Refusals
from keras_migrate.scopes import Frame, ImportedName, Reference, Scope
from keras_migrate.values import Values

if TYPE_CHECKING:
    from keras_migrate.options import Options
    from keras_migrate.source import Source
    from keras_migrate.target import Target
    from keras_migrate.transforms.names.imports import ImportPlan

Edit: TypeAlias = "Callable[[Any], Any]"
"""From the current form of a node, its parts already edited, to its new form."""


@dataclass(frozen=True, slots=True)
class Use:
    """A reference that stands for one known symbol.

    Attributes:
        reference: where.
        symbol: the key of the symbol in the tables: its preferred path in standalone Keras.
        path: the path by which the code reaches it, normalised to ``keras.…``.
        members: the attributes that follow the symbol, ``("from_config",)``.
        sure: false where the name can also stand for something else at run time.
        standalone: false where the code reaches it through TensorFlow.
    """

    reference: Reference
    symbol: str
    path: str
    members: tuple[str, ...]
    sure: bool
    standalone: bool

    @property
    def call(self) -> cst.Call | None:
        """The call of the symbol itself, if this is one."""
        return None if self.members else self.reference.called


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """A wanted attribute name on a receiver that is not known to be a module.

    Attributes:
        node: the attribute expression, ``model.fit_generator``.
        frame: the nodes around it.
        scope: where it stands.
    """

    node: cst.Attribute
    frame: Frame
    scope: Scope


@dataclass(frozen=True, slots=True)
class ClassUse:
    """A class of the project that derives from one of Keras, directly or through others of the project.

    Attributes:
        node: its definition.
        frame: the nodes around it.
        lineage: the classes of Keras that it derives from by canonical symbols, nearest first.
        sure: false where some base is not known.
        standalone: false where the code reaches its bases through TensorFlow.
        methods: the methods that it defines itself, by name.
    """

    node: cst.ClassDef
    frame: Frame
    lineage: tuple[str, ...]
    sure: bool
    standalone: bool
    methods: Mapping[str, cst.FunctionDef]

    def derives(self, *symbols: str) -> bool:
        """Whether it derives from any of some classes of Keras, by canonical symbols."""
        return any(symbol in self.lineage for symbol in symbols)


@dataclass(frozen=True, slots=True)
class StringUse:
    """A string literal that some transform wants to see.

    Attributes:
        node: the literal.
        frame: the nodes around it.
        scope: where it stands.
    """

    node: cst.SimpleString
    frame: Frame
    scope: Scope


class Transform:
    """A named family of rules and the functions that apply them."""

    def __init__(self, name: str, *rules: Rule) -> None:
        """Names the family.

        Args:
            name: what the family is called, in the plural of what it changes: ``arguments``.
            rules: every rule that its functions report.
        """
        self.name = name
        self.rules = rules
        self.on_file: list[FileHandler] = []
        self.on_end: list[FileHandler] = []
        self.on_use: dict[str, list[UseHandler]] = {}
        self.on_any_use: list[UseHandler] = []
        self.on_attribute: dict[str, list[AttributeHandler]] = {}
        self.on_subclass: dict[str, list[ClassHandler]] = {}
        self.on_strings: list[tuple[re.Pattern[str], StringsHandler]] = []
        self.on_package: dict[str, list[PackageHandler]] = {}

    def mapped(self, change: Callable[[Callable[..., None]], Callable[..., None]]) -> Transform:
        """The same transform with each of its functions changed in the same way."""
        made = Transform(self.name, *self.rules)
        made.on_file = [change(each) for each in self.on_file]
        made.on_end = [change(each) for each in self.on_end]
        made.on_use = {key: [change(each) for each in found] for key, found in self.on_use.items()}
        made.on_any_use = [change(each) for each in self.on_any_use]
        made.on_attribute = {
            key: [change(each) for each in found] for key, found in self.on_attribute.items()
        }
        made.on_subclass = {key: [change(each) for each in found] for key, found in self.on_subclass.items()}
        made.on_strings = [(pattern, change(each)) for pattern, each in self.on_strings]
        return made

    def file(self, function: _FileHandlerT) -> _FileHandlerT:
        """Registers a function for a whole file, called before all others."""
        self.on_file.append(function)
        return function

    def end(self, function: _FileHandlerT) -> _FileHandlerT:
        """Registers a function for a whole file, called after all others, to see their findings."""
        self.on_end.append(function)
        return function

    def use(self, *symbols: str) -> Callable[[_UseHandlerT], _UseHandlerT]:
        """Registers a function for references to any of some symbols; no symbols means every one."""

        def register(function: _UseHandlerT) -> _UseHandlerT:
            if not symbols:
                self.on_any_use.append(function)
            for symbol in symbols:
                self.on_use.setdefault(symbol, []).append(function)
            return function

        return register

    def attribute(self, *names: str) -> Callable[[_AttributeHandlerT], _AttributeHandlerT]:
        """Registers a function for an attribute name on any receiver that is not a Keras module."""

        def register(function: _AttributeHandlerT) -> _AttributeHandlerT:
            for name in names:
                self.on_attribute.setdefault(name, []).append(function)
            return function

        return register

    def strings(self, pattern: re.Pattern[str]) -> Callable[[_StringsHandlerT], _StringsHandlerT]:
        """Registers a function for the string literals of a file in which a pattern finds something.

        It is called once for a file that has any, with all of them. The pattern sees them with their quotes.
        """

        def register(function: _StringsHandlerT) -> _StringsHandlerT:
            self.on_strings.append((pattern, function))
            return function

        return register

    def package(self, *names: str) -> Callable[[_PackageHandlerT], _PackageHandlerT]:
        """Registers a function for the imports of other packages, by the first parts of their names."""

        def register(function: _PackageHandlerT) -> _PackageHandlerT:
            for name in names:
                self.on_package.setdefault(name, []).append(function)
            return function

        return register

    def subclass(self, *symbols: str) -> Callable[[_ClassHandlerT], _ClassHandlerT]:
        """Registers a function for the project's classes that derive from any of some classes of Keras.

        It is called once for a class, however many of the symbols it derives from.
        """

        def register(function: _ClassHandlerT) -> _ClassHandlerT:
            for symbol in symbols:
                self.on_subclass.setdefault(symbol, []).append(function)
            return function

        return register


@dataclass(slots=True)
class Report:
    """A finding whose place in the file is still a node."""

    rule: str
    level: Level
    message: str
    symbol: str | None
    node: cst.CSTNode


@dataclass(slots=True)
class File:
    """One file on its way: what transforms look at, and where they leave findings and edits.

    Attributes:
        path: relative to the project's root.
        module: the tree as it was read.
        code: its text.
        names: what its names stand for.
        options: what the run was asked for.
        source: the release that the code was written for.
        values: what its expressions are.
        nearby: asks the project's files for facts, nearest first, until some have an answer.
        elsewhere: asks the project's other files for facts, one by one.
        reports: the findings so far.
        handled: nodes that some transform has decided about; later ones leave them alone.
        abandoned: the imported names, by their nodes, that only code which never runs may need.
        refusals: what is to stay as it is; ``None`` where nothing is.
        heads: the statements above parts of it that are run by themselves too, the cells of a notebook.
        kept: the qualified names of standalone Keras that imports which stay as they are lead to.
        guard: put around each edit that is asked for; ``None`` for none.
        extended: whether an edit was guarded, so that the result has to be checked.
    """

    path: str
    module: cst.Module
    code: str
    names: Names
    options: Options
    source: Source
    values: Values
    nearby: Nearby = nowhere
    elsewhere: Elsewhere = no_others
    heads: tuple[cst.CSTNode, ...] = ()
    refusals: Refusals | None = None
    imports: ImportPlan = field(init=False)
    reports: list[Report] = field(default_factory=list)
    handled: set[cst.CSTNode] = field(default_factory=set)
    abandoned: frozenset[cst.CSTNode] = frozenset()
    edits: dict[cst.CSTNode, list[Edit]] = field(default_factory=dict)
    entered: set[cst.CSTNode] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    guard: Callable[[Edit], Edit] | None = None
    extended: bool = False

    @property
    def target(self) -> Target:
        """The TensorFlow release to migrate to."""
        return self.options.target

    def part_of(self, frame: Frame) -> int:
        """Which of the parts that are run by themselves too something is in, by the nodes around it."""
        if not self.heads:
            return 0
        while frame is not None and frame[1] is not None and frame[1][1] is not None:
            frame = frame[1]
        statement = frame[0] if frame is not None else None
        before = itertools.takewhile(lambda each: each is not statement, self.module.body)
        return sum(each in self.heads for each in before)

    @property
    def guess_note(self) -> str:
        """To be appended to a message that hangs on the source release; empty where that is no guess."""
        return self.source.note

    def level_if_guessed(self, level: Level) -> Level:
        """The level of an edit that hangs on the source release: ``review`` at least where that is a guess.

        Args:
            level: its level where the release is known.
        """
        return Level.REVIEW if self.source.guessed and level is Level.REWRITTEN else level

    def allows(self, rule: Rule, node: cst.CSTNode) -> bool:
        """Whether a rule may change or report something: it is switched on, and not refused at the place.

        Args:
            rule: the rule.
            node: where; a node of the original tree.
        """
        if not self.options.enabled(rule.code):
            return False
        return self.refusals is None or not self.refusals.at(rule.code, self.names.text_of(node) or node)

    def ask(self, handle: Callable[..., None], *seen: object, about: cst.CSTNode | None = None) -> None:
        """Lets a function of a transform look at something, and takes care that its edits are explained.

        Args:
            handle: the function.
            seen: what it is to look at, besides the file.
            about: the node that this is about; ``None`` for the whole file.
        """
        refusals = self.refusals
        if refusals is None:
            handle(self, *seen)
            return
        if (handle, about) in refusals.undone:
            refusals.again(refusals.undone[handle, about])
            return
        refused, explained, edits = len(refusals.hits), self._explanations(), self._size()
        handle(self, *seen)
        if len(refusals.hits) > refused and self._size() > edits and self._explanations() == explained:
            refusals.undo((handle, about), refused)

    def _explanations(self) -> int:
        """How many findings explain an edit."""
        return sum(report.level is not Level.MANUAL for report in self.reports)

    def _size(self) -> int:
        """How many edits there are."""
        return sum(map(len, self.edits.values()))

    def report(
        self, rule: Rule, level: Level, node: cst.CSTNode, message: str, symbol: str | None = None
    ) -> bool:
        """Leaves a finding.

        Args:
            rule: the rule that found it.
            level: how much it asks of a person.
            node: where; a reference, call, argument, import name or statement of the original tree.
            message: what happened or what to do.
            symbol: the qualified name concerned.
        Returns:
            Whether the rule is allowed here; where it is not, nothing may be changed for it.
        """
        if not self.allows(rule, node):
            return False
        self.reports.append(Report(rule.code, level, message, symbol, self.names.text_of(node) or node))
        return True

    def edit(self, node: cst.CSTNode, frame: Frame, edit: Edit) -> None:
        """Asks for a node to be replaced.

        Args:
            node: a node of the original tree.
            frame: the nodes around it.
            edit: makes its new form from its current one.
        """
        if self.guard is not None:
            edit, self.extended = self.guard(edit), True
        self.edits.setdefault(node, []).append(edit)
        around: Frame = (node, frame)
        while around is not None and around[0] not in self.entered:
            self.entered.add(around[0])
            around = around[1]

    def current(self, node: _NodeT) -> _NodeT:
        """A part of the tree with the edits that were asked for in it; for edits that put it elsewhere.

        Args:
            node: a node of the original tree; asked for while the edits are made, not before.
        """
        changed = node.visit(self._editor())
        assert isinstance(changed, type(node))
        return changed

    def edited(self) -> cst.Module:
        """The tree with all edits made; the same object where there are none."""
        if not self.edits:
            return self.module
        changed = self.module.visit(self._editor())
        assert isinstance(changed, cst.Module)
        return changed

    def _editor(self) -> _Editor:
        return _Editor(self.edits, self.entered, {each.node: each for each in self.names.quoted})


_NodeT = TypeVar("_NodeT", bound=cst.CSTNode)

FileHandler: TypeAlias = "Callable[[File], None]"
UseHandler: TypeAlias = "Callable[[File, Use], None]"
AttributeHandler: TypeAlias = "Callable[[File, AttributeUse], None]"
ClassHandler: TypeAlias = "Callable[[File, ClassUse], None]"
StringsHandler: TypeAlias = "Callable[[File, Sequence[StringUse]], None]"
PackageHandler: TypeAlias = "Callable[[File, ImportedName], None]"
_FileHandlerT = TypeVar("_FileHandlerT", bound=Callable[[File], None])
_UseHandlerT = TypeVar("_UseHandlerT", bound=Callable[[File, Use], None])
_AttributeHandlerT = TypeVar("_AttributeHandlerT", bound=Callable[[File, AttributeUse], None])
_ClassHandlerT = TypeVar("_ClassHandlerT", bound=Callable[[File, ClassUse], None])

_StringsHandlerT = TypeVar("_StringsHandlerT", bound=Callable[[File, Sequence[StringUse]], None])
_PackageHandlerT = TypeVar("_PackageHandlerT", bound=Callable[[File, ImportedName], None])


class _Editor(cst.CSTTransformer):
    """Enters only the way to the nodes that have edits, and makes them from the inside out."""

    def __init__(
        self,
        edits: Mapping[cst.CSTNode, list[Edit]],
        entered: set[cst.CSTNode],
        quoted: Mapping[cst.CSTNode, Quoted],
    ) -> None:
        super().__init__()
        self._edits = edits
        self._entered = entered
        self._quoted = quoted

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._entered

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        quoted = self._quoted.get(original_node) if original_node in self._entered else None
        if quoted is not None:
            expressions = [part.expression.visit(self) for part in quoted.parts]
            kept = [each for each in expressions if isinstance(each, cst.CSTNode)]
            updated_node = updated_node.with_changes(value=quoted.written(kept))
        for edit in self._edits.get(original_node, ()):
            updated_node = edit(updated_node)
        if type(updated_node) is cst.IndentedBlock and not updated_node.body:
            return updated_node.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])
        return updated_node

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        return None

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All transforms in order, with one table to look up what they registered."""

    transforms: tuple[Transform, ...]
    on_file: tuple[FileHandler, ...]
    on_end: tuple[FileHandler, ...]
    on_use: Mapping[str, tuple[UseHandler, ...]]
    on_any_use: tuple[UseHandler, ...]
    on_attribute: Mapping[str, tuple[AttributeHandler, ...]]
    on_subclass: Mapping[str, tuple[ClassHandler, ...]]
    on_strings: tuple[tuple[re.Pattern[str], StringsHandler], ...]
    on_package: Mapping[str, tuple[PackageHandler, ...]]

    @classmethod
    def of(cls, transforms: tuple[Transform, ...]) -> Pipeline:
        """Merges the tables of transforms, earlier ones first."""
        on_use: dict[str, tuple[UseHandler, ...]] = {}
        on_attribute: dict[str, tuple[AttributeHandler, ...]] = {}
        on_subclass: dict[str, tuple[ClassHandler, ...]] = {}
        on_package: dict[str, tuple[PackageHandler, ...]] = {}
        for transform in transforms:
            for symbol, functions in transform.on_use.items():
                on_use[symbol] = (*on_use.get(symbol, ()), *functions)
            for name, handlers in transform.on_attribute.items():
                on_attribute[name] = (*on_attribute.get(name, ()), *handlers)
            for symbol, classes in transform.on_subclass.items():
                on_subclass[symbol] = (*on_subclass.get(symbol, ()), *classes)
            for name, packages in transform.on_package.items():
                on_package[name] = (*on_package.get(name, ()), *packages)
        on_any = tuple(function for transform in transforms for function in transform.on_any_use)
        on_file = tuple(function for transform in transforms for function in transform.on_file)
        on_end = tuple(function for transform in transforms for function in transform.on_end)
        on_strings = tuple(wanted for transform in transforms for wanted in transform.on_strings)
        return cls(
            transforms, on_file, on_end, on_use, on_any, on_attribute, on_subclass, on_strings, on_package
        )

    def wanted_strings(self) -> re.Pattern[str] | None:
        """Finds something in every string literal that any transform wants to see."""
        patterns = dict.fromkeys(pattern.pattern for pattern, _ in self.on_strings)
        return re.compile("|".join(f"(?:{each})" for each in patterns)) if patterns else None


@lru_cache(maxsize=1)
def pipeline() -> Pipeline:
    """The transforms in the order in which they run: those of the package, then those of others.

    Raises:
        PluginError: where one of another package cannot be used.
    """
    from keras_migrate import transforms
    from keras_migrate.plugins import plugins

    return Pipeline.of((*transforms.ORDER, *(plugin.guarded() for plugin in plugins())))
