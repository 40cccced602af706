"""Optimizers that are compiled into more than one model, or again into the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Binding, Branch, Frame, Reference, Scope
from ...transform import AttributeUse, File, Transform
from ...values import Value
from ..calls.argument_tables import literal
from ..reading.handed_values import handed, parameter_of
from ..reading.receivers import chain
from ..training.identifiers import arguments_of_compile

SHARED_OPTIMIZER = Rule(
    "KM414",
    "shared-optimizer",
    "Give each `compile` an optimizer of its own.",
    "Every `compile` of Keras made new slots (momenta, averages of gradients) for its model, so that one "
    "optimizer could be compiled into several models, as in many GANs, and again after more layers were "
    "made trainable. Now an optimizer keeps the slots of the weights that it met first, and training the "
    "other model stops with `KeyError` or `Unknown variable`. All but the first `compile` get a copy of the "
    "optimizer. The count of steps was one for all models and is each model's own: that changes a little "
    "where the optimizer uses it (Adam, Adamax, Nadam, `decay`).",
    before="from keras.optimizers import SGD\n\nopt = SGD(0.1, momentum=0.9)\n"
    "discriminator.compile(optimizer=opt, loss='mse')\ngan.compile(optimizer=opt, loss='mse')\n",
    after="from tensorflow.keras.optimizers import SGD\n\nopt = SGD(0.1, momentum=0.9)\n"
    "discriminator.compile(optimizer=opt, loss='mse')\n"
    "gan.compile(optimizer=opt.from_config(opt.get_config()), loss='mse')\n",
)

TRANSFORM = Transform("shared optimizers", SHARED_OPTIMIZER)

_COUNTING = frozenset(f"keras.optimizers.{name}" for name in ("Adam", "Adamax", "Nadam"))
"""The optimizers whose step depends on how many there were."""


class _Compilation(NamedTuple):
    """A ``compile`` with an optimizer that was made before.

    Attributes:
        made: the calls that made the optimizer, one where it is not a parameter.
        owner: what stands for the optimizer: the call that made it, or the parameter.
        symbols: their classes.
        given: the expression for it.
        frame: the nodes around that.
        reference: the same as a reference.
    """

    made: tuple[cst.Call, ...]
    owner: cst.CSTNode
    symbols: frozenset[str]
    given: cst.Name | cst.Attribute
    frame: Frame
    reference: Reference


@TRANSFORM.attribute("compile", "lr")
def _want(file: File, use: AttributeUse) -> None:
    """Asks for these attributes to be noted."""


@TRANSFORM.file
def copy_shared(file: File) -> None:
    """Gives every ``compile`` but the first a copy of an optimizer."""
    met: dict[cst.CSTNode, list[_Compilation]] = {}
    for found in _compilations(file):
        earlier = met.setdefault(found.owner, [])
        if any(not _exclude(each.reference.branch, found.reference.branch) for each in earlier) or (
            _runs_again(file, found)
        ):
            _copy(file, found)
        earlier.append(found)


def _compilations(file: File) -> Iterator[_Compilation]:
    """The compilations with an optimizer of Keras that the file makes, in program order."""
    for node, frame, _ in file.names.attributes:
        if node.attr.value != "compile" or frame is None:
            continue
        call = frame[0]
        if not isinstance(call, cst.Call) or call.func is not node:
            continue
        for name, given, around in arguments_of_compile(call, frame[1]):
            if name != "optimizer" or not isinstance(given, (cst.Name, cst.Attribute)) or not chain(given):
                continue
            reference = file.names.reference(given)
            if reference is None:
                continue
            parameter = parameter_of(file, reference)
            owner: cst.CSTNode | None
            if parameter is None or parameter.given is None:
                values = file.values.of(given)
                owner = values[0].node if len(values) == 1 else None
                if not isinstance(owner, cst.Call) or not _is_assigned(file, reference, owner):
                    continue
            else:
                values, owner = _handed(file, parameter), parameter.given.node
            made = tuple(each.node for each in values if isinstance(each.node, cst.Call))
            if values and len(made) == len(values) and all(map(_is_known, values)):
                symbols = frozenset(each.symbol for each in values)
                yield _Compilation(made, owner, symbols, given, around, reference)


def _is_known(value: Value) -> bool:
    """Whether a value is an optimizer of Keras itself."""
    return value.kind == "optimizer" and value.standalone and not value.owner


def _handed(file: File, parameter: Binding) -> tuple[Value, ...]:
    """The optimizers that a parameter can be; empty where one of them cannot be told."""
    found: list[Value] = []
    for each in handed(file, parameter):
        values = file.values.of(each) if each is not None else ()
        if len(values) != 1:
            return ()
        found += values
    return tuple(found)


def _is_assigned(file: File, reference: Reference, made: cst.Call) -> bool:
    """Whether a name is given the optimizer itself: what a function gives can be another each time."""
    if reference.attributes:
        stores = file.names.stores.get(reference.attributes[-1], ())
        return any(given.node is made for _, given, _ in stores)
    return any(
        binding.given is not None and binding.given.node is made for binding in file.names.bindings(reference)
    )


def _exclude(one: Branch | None, other: Branch | None) -> bool:
    """Whether at most one of two places runs: they are in different arms of one statement."""
    arms = {id(branch.statement): branch for branch in _outwards(one)}
    for branch in _outwards(other):
        same = arms.get(id(branch.statement))
        if same is not None:
            return same.arm != branch.arm and same.exclusive and branch.exclusive
    return False


def _outwards(branch: Branch | None) -> Iterator[Branch]:
    while branch is not None:
        yield branch
        branch = branch.outer


def _runs_again(file: File, found: _Compilation) -> bool:
    """Whether a place can run again with one optimizer, which is made outside of the loop or function."""
    bindings = file.names.bindings(found.reference)
    around = {id(branch.statement) for binding in bindings for branch in _outwards(binding.branch)}
    place = found.reference
    if any(branch.loops and id(branch.statement) not in around for branch in _outwards(place.branch)):
        return True
    scope: Scope | None = place.scope
    while scope is not None and place.root.value not in scope.bindings:
        if isinstance(scope.node, cst.FunctionDef) and _is_called_again(file, scope.node.name.value):
            return True
        scope = scope.outer
    return False


def _is_called_again(file: File, function: str) -> bool:
    """Whether a function is called in several places of the file, or in a loop."""
    calls = [use for use in file.names.uses(function) if use.called is not None]
    return len(calls) > 1 or any(branch.loops for use in calls for branch in _outwards(use.branch))


def _copy(file: File, found: _Compilation) -> None:
    """Compiles with a copy of an optimizer."""
    code = file.module.code_for_node(found.given)
    message = (
        "an optimizer keeps the momenta and averages of one set of weights now and fails on any other, while "
        f"each `compile` had its own: this one gets a copy of `{code}` with the same settings"
    )
    level = Level.REWRITTEN
    if _counts(found):
        level = Level.REVIEW
        message += ". Its count of steps is its own as well, which was one for all"
    if any(_sets_rate(file, made) for made in found.made):
        level = Level.REVIEW
        message += (
            f". Where the program sets the learning rate of `{code}`, it has to set that of the copy too"
        )
    if file.report(SHARED_OPTIMIZER, level, found.given, message, min(found.symbols)):
        file.edit(found.given, found.frame, _copied)


def _counts(found: _Compilation) -> bool:
    """Whether the steps of an optimizer depend on how many there were."""
    decays = any(
        arg.keyword is not None and arg.keyword.value == "decay" and literal(arg.value) not in ("0.0", "None")
        for made in found.made
        for arg in made.args
    )
    return decays or bool(found.symbols & _COUNTING)


def _sets_rate(file: File, made: cst.Call) -> bool:
    """Whether the file reaches for the learning rate of an optimizer."""
    return any(
        node.attr.value == "lr" and any(value.node is made for value in file.values.of(node.value))
        for node, _, _ in file.names.attributes
    )


def _copied(given: cst.Name | cst.Attribute) -> cst.Call:
    """``opt.from_config(opt.get_config())`` for ``opt``."""
    bare = given.with_changes(lpar=(), rpar=())
    settings = cst.Call(cst.Attribute(bare.deep_clone(), cst.Name("get_config")))
    return cst.Call(cst.Attribute(bare, cst.Name("from_config")), [cst.Arg(settings)])
