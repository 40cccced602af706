"""Weights that a layer registers itself: ``self.trainable_weights = [self.W]``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from ..findings import Level, Rule
from ..scopes import Frame
from ..transform import ClassUse, File, Transform
from ..values import first_parameter
from ..walk import dotted
from .add_weight import without_slash
from .class_bodies import ClassBody, SelfUse, body_of
from .statement_edits import drop, statement_around
from .weight_creations import Creation, creation

REGISTERED_WEIGHTS = Rule(
    "KM502",
    "registered-weights",
    "Make the weights that a layer lists in `trainable_weights` by `add_weight`.",
    "Keras 1 and 2 let a layer make variables with an initializer or `K.variable` and list them in "
    "`self.trainable_weights`. In tf.keras that attribute cannot be set, and from TensorFlow 2.16 on "
    "`self._trainable_weights` is an attribute like any other: what stands in it is not trained, without an "
    "error. `add_weight` makes the same variable and registers it. Variables whose making cannot be written "
    "as `add_weight` stay as they are; on TensorFlow 2.15 the list goes to `_trainable_weights`, which means "
    "the same there.",
    before="self.W = self.init((5, 3))\nself.trainable_weights = [self.W]\n",
    after="self.W = self.add_weight(name='W', shape=(5, 3), initializer=self.init)\n",
)

TRANSFORM = Transform("registered weights", REGISTERED_WEIGHTS)

_LISTS = {
    "trainable_weights": True,
    "_trainable_weights": True,
    "non_trainable_weights": False,
    "_non_trainable_weights": False,
}
"""The attributes that list weights, and whether those are trained."""


_REGISTERED = "what is listed is registered already, as `add_weight` made it"


@dataclass(frozen=True, slots=True)
class Registration:
    """One place that lists weights.

    Attributes:
        use: the list, ``self.trainable_weights``.
        statement: the statement, perhaps within a longer line, and the nodes around it.
        added: what it adds, where that can be told.
        trainable: whether what is listed is trained.
        replaces: whether it gives the list another value.
    """

    use: SelfUse
    statement: tuple[cst.BaseSmallStatement, tuple[cst.CSTNode, object]]
    added: tuple[cst.BaseExpression, ...] | None
    trainable: bool
    replaces: bool


@TRANSFORM.subclass("keras.layers.Layer", "keras.models.Model")
def register(file: File, use: ClassUse) -> None:
    """Makes the listed weights of one class by ``add_weight``, and drops the lists."""
    body = body_of(file.names, use.node)
    if not any(name in body.uses for name in _LISTS):
        return
    made = _made(file, body)
    for registration in _registrations(body):
        names = _own_names(registration)
        if names is not None and all(name in made for name in names):
            _convert(file, registration, [each for name in names for each in made[name]])
        elif _only_of_layers(registration):
            _leave_to_layers(file, registration)
        else:
            file.handled.add(use.node)  # its list decides which variables are trained
            _keep(file, registration)
    _report_reads(file, use, body)


def _registrations(body: ClassBody) -> Iterator[Registration]:
    """Every place that lists weights, in the order of the class."""
    for name, trainable in _LISTS.items():
        for use in body.uses.get(name, ()):
            assigned = use.assigned
            if assigned is not None:
                elements = _elements(assigned[0].value)
                yield Registration(use, assigned, elements, trainable, True)  # type: ignore[arg-type]
                continue
            assert use.frame is not None
            around, frame = use.frame
            if isinstance(around, cst.AugAssign) and around.target is use.node and frame is not None:
                yield Registration(use, (around, frame), _elements(around.value), trainable, False)
                continue
            method = _list_method(use)
            if method is not None:
                yield Registration(use, *method, trainable, False)


def _list_method(
    use: SelfUse,
) -> tuple[tuple[cst.Expr, tuple[cst.CSTNode, object]], tuple[cst.BaseExpression, ...] | None] | None:
    """The statement ``self.trainable_weights.append(…)`` or ``.extend(…)``, and what that adds."""
    assert use.frame is not None
    attribute, frame = use.frame
    if not isinstance(attribute, cst.Attribute) or frame is None or frame[1] is None:
        return None
    call, (statement, around) = frame[0], frame[1]
    if not isinstance(call, cst.Call) or not isinstance(statement, cst.Expr) or len(call.args) != 1:
        return None
    value = call.args[0].value
    if around is None or attribute.attr.value not in ("append", "extend"):
        return None
    added = (value,) if attribute.attr.value == "append" else _elements(value)
    return (statement, around), added


def _elements(value: cst.BaseExpression) -> tuple[cst.BaseExpression, ...] | None:
    """The elements of a list in which nothing is unpacked; a list of layers' weights as itself."""
    if isinstance(value, (cst.List, cst.Tuple)):
        plain = all(type(element) is cst.Element for element in value.elements)
        return tuple(element.value for element in value.elements) if plain else None
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add):
        left, right = _elements(value.left), _elements(value.right)
        return None if left is None or right is None else left + right
    return (value,) if isinstance(value, cst.Attribute) and value.attr.value in _LISTS else None


def _made(file: File, body: ClassBody) -> dict[str, list[tuple[SelfUse, Creation]]]:
    """The attributes that are given variables and nothing else, with those that ``add_weight`` can make."""
    found: dict[str, list[tuple[SelfUse, Creation]]] = {}
    for name, uses in body.uses.items():
        creations: list[tuple[SelfUse, Creation]] = []
        stores = [use for use in uses if use.stored]
        for use in stores:
            value = use.assigned[0].value if use.assigned is not None else None
            made = creation(file, value) if value is not None else None
            if made is not None:
                creations.append((use, made))
            elif value is None or not _is_added(value):
                break
        else:
            if stores:
                found[name] = creations
    return found


def _is_added(value: cst.BaseExpression) -> bool:
    """Whether an expression is what ``add_weight`` makes."""
    return isinstance(value, cst.Call) and (dotted(value.func) or "").endswith(".add_weight")


def _own_names(registration: Registration) -> list[str] | None:
    """The attributes of ``self`` that are listed, if nothing else is."""
    if not registration.added:
        return None
    names: list[str] = []
    receiver = first_parameter(registration.use.method)
    for element in registration.added:
        parts = (dotted(element) or "").split(".")
        if len(parts) != 2 or parts[0] != receiver:
            return None
        names.append(parts[1])
    return names


def _only_of_layers(registration: Registration) -> bool:
    """Whether what is listed are weights of other layers, or nothing."""
    added = registration.added
    return added is not None and all(
        isinstance(each, cst.Attribute) and each.attr.value in _LISTS for each in added
    )


def _convert(file: File, registration: Registration, made: list[tuple[SelfUse, Creation]]) -> None:
    """Makes weights by ``add_weight``, and drops the list."""
    name = registration.use.node.attr.value
    listed = ", ".join(dict.fromkeys(f"`{use.node.attr.value}`" for use, _ in made))
    message = (
        f"`add_weight` makes {listed} and registers them" if made else "`add_weight` has registered them"
    )
    if not name.startswith("_"):
        message += f"; `{name}` cannot be set any more"
    elif file.target.keras3:
        message += f"; what is only listed in `{name}` is not trained any more"
    level = Level.REWRITTEN
    order = _order(file, made)
    if order != sorted(order):
        level = Level.REVIEW
        message += (
            ". `get_weights()` has them in the order in which they are made, no more in that of the list"
        )
    place = statement_around(registration.statement[1])  # type: ignore[arg-type]
    if place is None:
        return
    if _is_conditional(place[1]) and any(not _is_conditional(use.frame) for use, _ in made):
        level = Level.REVIEW
        message += ". It was listed on a condition, and is registered always now"
    if not file.report(REGISTERED_WEIGHTS, level, place[0], message, f"keras.layers.Layer.{name}"):
        return
    for use, found in made:
        if found.node not in file.handled:
            file.handled.add(found.node)
            _by_add_weight(file, use, found, trainable=registration.trainable)
    drop(file, registration.statement[0], registration.statement[1])  # type: ignore[arg-type]


def _is_conditional(frame: Frame) -> bool:
    """Whether a place in a method is under a condition."""
    while frame is not None and not isinstance(frame[0], cst.FunctionDef):
        if isinstance(frame[0], cst.If):
            return True
        frame = frame[1]
    return False


def _order(file: File, made: list[tuple[SelfUse, Creation]]) -> list[int]:
    """When each of some variables is made."""
    found: list[int] = []
    for use, _ in made:
        reference = file.names.reference(use.node)
        found.append(reference.order if reference is not None else 0)
    return found


def _by_add_weight(file: File, use: SelfUse, found: Creation, *, trainable: bool) -> None:
    """Writes the making of one variable as ``add_weight``."""
    assert use.assigned is not None
    assign, frame = use.assigned
    attribute = use.node.attr.value
    receiver = first_parameter(use.method) or "self"
    constant = shape = ""
    if found.value is not None:
        assert found.backend is not None
        constant = file.imports.name_for("tensorflow.keras.initializers.Constant", found.backend)
        code = attribute if found.hoisted else file.module.code_for_node(found.value)
        shape = _shape_of(file, code, found)
    if file.target.keras3 and found.name is not None:
        found = replace(found, name=without_slash(found.name))
    call = found.call(receiver, attribute, trainable=trainable, constant=constant, shape=shape)
    if not found.hoisted:
        file.edit(found.node, (assign, frame), lambda _: call)
        return
    place = statement_around(frame)
    assert place is not None
    line, around = place
    value = found.value

    def two(current: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.SimpleStatementLine]:
        first = cst.Assign([cst.AssignTarget(cst.Name(attribute))], value)  # type: ignore[arg-type]
        second = assign.with_changes(value=call)
        return cst.FlattenSentinel(
            [
                current.with_changes(body=[first], trailing_whitespace=cst.TrailingWhitespace()),
                current.with_changes(body=[second], leading_lines=()),
            ]
        )

    file.edit(line, around, two)


def _shape_of(file: File, code: str, found: Creation) -> str:
    """The code of the shape of a value."""
    for name in ("np", "numpy"):
        if name in file.names.identifiers:
            return f"{name}.shape({code})"
    assert found.backend is not None
    return f"{file.imports.name_for('tensorflow.keras.backend.int_shape', found.backend)}({code})"


def _leave_to_layers(file: File, registration: Registration) -> None:
    """Drops a list of the weights of layers that are attributes: they are found without it."""
    name = registration.use.node.attr.value
    place = statement_around(registration.statement[1])  # type: ignore[arg-type]
    message = f"`{name}` is left to Keras, which finds the weights of layers that are attributes by itself"
    if registration.added:
        message += ": check that all of them are, or stand in a list that is"
    level = Level.REVIEW if registration.added else Level.REWRITTEN
    if place is not None and file.report(
        REGISTERED_WEIGHTS, level, place[0], message, f"keras.layers.Layer.{name}"
    ):
        drop(file, registration.statement[0], registration.statement[1])  # type: ignore[arg-type]


def _keep(file: File, registration: Registration) -> None:
    """Leaves a list whose weights cannot be made by ``add_weight``."""
    use = registration.use
    name = use.node.attr.value
    place = statement_around(registration.statement[1])  # type: ignore[arg-type]
    if place is None:
        return
    symbol = f"keras.layers.Layer.{name}"
    if file.target.keras3:
        trained = "" if registration.trainable else ", trainable=False"
        message = (
            f"`{name}` cannot be set, and a variable that is only listed is not trained. Make each of its "
            f"weights with `self.add_weight(name=…, shape=…, initializer=…{trained})`, which registers it"
        )
        file.report(REGISTERED_WEIGHTS, Level.MANUAL, place[0], message, symbol)
        return
    if name.startswith("_"):
        return
    message = f"`{name}` cannot be set; the list behind it, `_{name}`, means the same on this target"
    if file.report(REGISTERED_WEIGHTS, Level.REWRITTEN, place[0], message, symbol):
        file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name(f"_{name}")))


def _report_reads(file: File, use: ClassUse, body: ClassBody) -> None:
    """Reports reads of the lists that only Keras 2 has behind the properties."""
    if not file.target.keras3:
        return
    told = {registration.use.node for registration in _registrations(body)}
    for name in ("_trainable_weights", "_non_trainable_weights"):
        for read in body.uses.get(name, ()):
            place = statement_around(read.frame)
            if read.node not in told and not read.stored and place is not None:
                message = (
                    f"there is no `{name}` behind `{name[1:]}` any more. Drop the code that joins weights: "
                    "Keras finds those of `add_weight` and of layers that are attributes by itself"
                )
                file.report(REGISTERED_WEIGHTS, Level.MANUAL, place[0], message, f"keras.layers.Layer.{name}")
