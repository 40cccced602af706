"""The calls whose arguments go to a callable of Keras.

A class of Keras is called by its name, by ``functools.partial``, and by the ``__init__`` of a class that is
derived from it; all three are read in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from ...catalog import moves
from ...findings import Level
from ...names import Names
from ...scopes import Frame, Origin, Reference
from ...transform import AttributeUse, ClassUse, File, Use
from ...walk import dotted
from ..calls.keras1_arguments import KERAS1_ARGUMENT, Meaning, meanings
from ..names.symbols import split

_STANDALONE = ("keras", "keras_applications", "keras_preprocessing")
"""The packages whose positional slots are those of the catalogs; TensorFlow's own early copies had others."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call.

    Attributes:
        index: its position among the arguments of the call's node.
        node: the argument.
        name: its keyword, or the name of its slot in the old signature.
    """

    index: int
    node: cst.Arg
    name: str


@dataclass(frozen=True, slots=True)
class KerasCall:
    """One call whose arguments go to a callable of Keras.

    Attributes:
        node: the call.
        frame: the nodes around it.
        first: how many of its arguments come before (``self``, the first argument of ``partial``).
        place: where its findings are; ``None`` for the argument concerned.
        symbol: the key of the callable in the tables.
        path: the path by which the code reaches it.
        sure: false where it can be something else at run time.
        standalone: whether the code is written for standalone Keras.
        reference: where the code names the callable.
        keras1: what arguments in the words of Keras 1 are called in Keras 2, by their position.
    """

    node: cst.Call
    frame: Frame
    first: int
    place: cst.CSTNode | None
    symbol: str
    path: str
    sure: bool
    standalone: bool
    reference: Reference
    keras1: Mapping[int, Meaning] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the callable is called without its module."""
        return self.symbol.rpartition(".")[2]

    @property
    def positional(self) -> list[cst.Arg]:
        """The positional arguments before any ``*args``, those before ``first`` left out."""
        found: list[cst.Arg] = []
        for index, arg in enumerate(self.node.args):
            if index < self.first:
                continue
            meaning = self.keras1.get(index)
            if arg.star or arg.keyword is not None or (meaning is not None and not meaning.slot):
                break
            found.append(arg)
        return found

    def slots(self, names: Sequence[str]) -> list[Argument]:
        """The positional arguments as far as there are names for them."""
        return [
            Argument(self.first + slot, arg, name)
            for slot, (arg, name) in enumerate(zip(self.positional, names, strict=False))
        ]

    @property
    def keywords(self) -> Iterator[Argument]:
        """The arguments that are given by keyword, or were by position and only Keras 1 took them so."""
        for index, arg in enumerate(self.node.args):
            meaning = self.keras1.get(index)
            if index < self.first or (meaning is not None and (meaning.slot or not meaning.name)):
                continue
            if meaning is not None:
                yield Argument(index, arg, meaning.name)
            elif arg.keyword is not None:
                yield Argument(index, arg, arg.keyword.value)

    @property
    def written(self) -> set[str]:
        """The names of the arguments that are given by keyword."""
        return {argument.name for argument in self.keywords}

    @property
    def star(self) -> int | None:
        """The position of the first ``*args``, if there is one."""
        args = enumerate(self.node.args)
        return next((index for index, arg in args if arg.star == "*" and index >= self.first), None)

    @property
    def applied(self) -> bool:
        """Whether what the call makes is called at once: ``Embedding(9, 3)(x)``."""
        return self.frame is not None and type(self.frame[0]) is cst.Call and self.frame[0].func is self.node

    @property
    def level(self) -> Level:
        """The level of what is changed here and means the same."""
        return Level.REWRITTEN if self.sure else Level.REVIEW


def call_of(file: File, use: Use) -> KerasCall | None:
    """The call that a reference is about, if it is about one."""
    frame = use.reference.frame
    if frame is None:
        return None
    first, place = 0, None
    if use.call is not None:
        node, around = use.call, frame[1]
    elif use.members == ("__init__",) and use.reference.called is not None:
        node, around, first = use.reference.called, frame[1], 1
    elif not use.members and _is_partial(frame):
        assert frame[1] is not None
        outer, around = frame[1]
        assert isinstance(outer, cst.Call)
        node, first, place = outer, 1, use.reference.node
    else:
        return None
    reference, standalone = use.reference, is_standalone(file, use.reference)
    keras1 = _keras1(file, node, first, use.path, use.symbol) if standalone else {}
    return KerasCall(
        node, around, first, place, use.symbol, use.path, use.sure, standalone, reference, keras1
    )


def _keras1(file: File, node: cst.Call, first: int, path: str, symbol: str) -> dict[int, Meaning]:
    """What arguments in the words of Keras 1 mean, unless any of them is to be left."""
    if not file.options.enabled(KERAS1_ARGUMENT.code):
        return {}
    found = meanings(node, first, path, symbol, likely=file.source.version < (2, 0))
    return found if all(file.allows(KERAS1_ARGUMENT, node.args[index]) for index in found) else {}


def _is_partial(frame: Frame) -> bool:
    """Whether a place is the first argument of ``functools.partial``."""
    if frame is None or type(frame[0]) is not cst.Arg or frame[1] is None:
        return False
    outer = frame[1][0]
    if type(outer) is not cst.Call or not outer.args or outer.args[0] is not frame[0]:
        return False
    return (dotted(outer.func) or "").rpartition(".")[2] == "partial"


def is_standalone(file: File, reference: Reference) -> bool:
    """Whether a reference can be to standalone Keras."""
    return _can_be_standalone(file.names, reference)


def _can_be_standalone(names: Names, reference: Reference) -> bool:
    return any(map(_is_standalone, names.origins(reference)))


def imported_reference(file: File, module: str = "keras") -> Reference | None:
    """A reference that has its name by an import of standalone Keras at the top of the module.

    Args:
        file: the file.
        module: where it is to come from, if there is one from there.
    """
    return _imported_reference(file.names, module)


@lru_cache(maxsize=4)
def _imported_reference(names: Names, module: str) -> Reference | None:
    found: Reference | None = None
    for reference in names.references:
        imports = [binding.imported for binding in names.bindings(reference)]
        tops = [each for each in imports if each is not None and each.scope.kind == "module"]
        if len(tops) != len(imports) or not _can_be_standalone(names, reference):
            continue
        if any(each.bound.startswith(module) for each in tops):
            return reference
        found = found or reference
    return found


def _is_standalone(origin: Origin) -> bool:
    """Whether something comes from standalone Keras."""
    return origin.name.partition(".")[0] in _STANDALONE


def super_call(file: File, attribute: AttributeUse) -> KerasCall | None:
    """The call of ``super().__init__`` in a class derived from one class of Keras alone."""
    if attribute.frame is None or not isinstance(attribute.node.value, cst.Call):
        return None
    node, frame = attribute.frame
    if type(node) is not cst.Call or node.func is not attribute.node:
        return None
    owner = class_around(frame)
    if owner is None or len(owner.bases) != 1 or not _is_super(attribute.node.value, owner):
        return None
    base = _base(file, owner)
    return None if base is None else _by_base(file, node, frame, base)


def derived_calls(file: File, use: ClassUse) -> Iterator[KerasCall]:
    """The calls in its file of a class that has the constructor of one class of Keras."""
    owner = use.node
    while True:
        constructor = file.values.methods(owner).get("__init__")
        if len(owner.bases) != 1 or (constructor is not None and not _hands_on(constructor)):
            return
        base = _base(file, owner)
        if base is not None:
            break
        owners = {value.owner for value in file.values.of(owner.bases[0].value)}
        outer = owners.pop() if len(owners) == 1 else None
        if outer is None or outer is owner:
            return
        owner = outer
    for reference in file.names.uses(use.node.name.value):
        call = reference.called
        if call is None or reference.attributes or reference.frame is None:
            continue
        if all(value.owner is use.node for value in file.values.of(call.func)):
            made = _by_base(file, call, reference.frame[1], base)
            if made is not None:
                yield made


def _hands_on(constructor: cst.FunctionDef) -> bool:
    """Whether a constructor takes ``*args, **kwargs`` alone, and hands them on to that of the base."""
    params = constructor.params
    args, others = params.star_arg, (*params.params[1:], *params.kwonly_params, *params.posonly_params)
    if others or not isinstance(args, cst.Param) or params.star_kwarg is None:
        return False
    taken = [("*", args.name.value), ("**", params.star_kwarg.name.value)]
    for statement in constructor.body.body:
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        call = small.value if isinstance(small, cst.Expr) else None
        name = call.func if isinstance(call, cst.Call) else None
        if isinstance(call, cst.Call) and isinstance(name, cst.Attribute) and name.attr.value == "__init__":
            return [(arg.star, dotted(arg.value)) for arg in call.args] == taken
    return False


def _by_base(file: File, node: cst.Call, frame: Frame, base: Reference) -> KerasCall | None:
    """A call whose arguments go to the constructor of the base of a class."""
    origin = file.names.origins(base)[0]
    old = moves.normalise(origin.name)
    if old is None:
        return None
    path, members = split(old)
    if members:
        return None
    symbol, standalone = moves.canonical(path), _is_standalone(origin)
    keras1 = _keras1(file, node, 0, path, symbol) if standalone else {}
    return KerasCall(node, frame, 0, None, symbol, path, True, standalone, base, keras1)


def class_around(frame: Frame) -> cst.ClassDef | None:
    """The class whose method a place is in."""
    while frame is not None:
        if type(frame[0]) is cst.ClassDef:
            return frame[0]
        frame = frame[1]
    return None


def _is_super(call: cst.Call, owner: cst.ClassDef) -> bool:
    """Whether a call is ``super()`` or ``super(Owner, self)``."""
    if dotted(call.func) != "super":
        return False
    return not call.args or dotted(call.args[0].value) == owner.name.value


def _base(file: File, owner: cst.ClassDef) -> Reference | None:
    """The reference that is the base of a class, if it stands for one thing."""
    for reference in file.names.references:
        if reference.subclass is owner:
            return reference if len(file.names.origins(reference)) == 1 else None
    return None
