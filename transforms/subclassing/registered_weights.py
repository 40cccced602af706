"""Weights that a layer registers itself: ``self.trainable_weights = [self.W]``."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ...values import first_parameter
from ...walk import dotted
from ..edits.line_breaks import keep_short
from ..edits.statement_edits import drop, statement_around
from ..reading.class_bodies import ClassBody, SelfUse, body_of
from .add_weight import without_slash
from .weight_creations import Creation, creation
from .weight_lists import LISTS, Registration, conditions, only_of_layers, own_names, registrations_of
from .weight_order import rearrange

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
    before=(
        "from keras import initializations\nfrom keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def build(self, input_shape):\n        self.W = initializations.get('uniform')((5, 3))\n"
        "        self.trainable_weights = [self.W]\n"
    ),
    after=(
        "from tensorflow.keras import initializers as initializations\n"
        "from tensorflow.keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def build(self, input_shape):\n        self.W = self.add_weight(name='W', shape=(5, 3),\n"
        "                                 initializer=initializations.get('uniform'))\n"
    ),
)

TRANSFORM = Transform("registered weights", REGISTERED_WEIGHTS)

Made: TypeAlias = "dict[str, list[tuple[SelfUse, Creation]]]"
"""The variables that attributes are given, with the places."""


@TRANSFORM.subclass("keras.layers.Layer", "keras.models.Model")
def register(file: File, use: ClassUse) -> None:
    """Makes the listed weights of one class by ``add_weight``, and drops the lists."""
    body = body_of(file.names, use.node)
    if not any(name in body.uses for name in LISTS) or not file.options.enabled(REGISTERED_WEIGHTS.code):
        return
    made = _made(file, body)
    registrations = list(registrations_of(body))
    ordered = {
        kind: _ordered(file, made, [each for each in registrations if each.trainable is kind])
        for kind in (True, False)
    }
    for registration in registrations:
        names = own_names(registration)
        if names is not None and all(name in made for name in names):
            found = [each for name in names for each in made[name]]
            always = _always_listed(registration, registrations)
            _convert(file, registration, found, ordered[registration.trainable], always)
        elif only_of_layers(registration):
            _leave_to_layers(file, registration)
        else:
            file.handled.add(use.node)  # its list decides which variables are trained
            _keep(file, registration)
    _report_reads(file, use, body)


def _made(file: File, body: ClassBody) -> Made:
    """The attributes that are given variables and nothing else, with those that ``add_weight`` can make."""
    found: Made = {}
    for name, uses in body.uses.items():
        creations: list[tuple[SelfUse, Creation]] = []
        stores = [use for use in uses if use.stored]
        for use in stores:
            value = use.assigned[0].value if use.assigned is not None else None
            made = creation(file, value) if value is not None else None
            if made is not None:
                creations.append((use, made))
            elif value is None or not (_is_added(value) or dotted(value) == "None"):
                break
        else:
            if stores:
                found[name] = creations
    return found


def _is_added(value: cst.BaseExpression) -> bool:
    """Whether an expression is what ``add_weight`` makes."""
    return isinstance(value, cst.Call) and (dotted(value.func) or "").endswith(".add_weight")


def _ordered(file: File, made: Made, registrations: list[Registration]) -> bool | None:
    """Whether the weights of some lists will be made in another order, that of the longest list.

    Returns:
        ``None`` where they are made in that order already.
    """
    lists = [names for each in registrations if each.replaces and (names := own_names(each)) is not None]
    longest = max(lists, key=len, default=[])
    if any(len(made.get(name, ())) != 1 for name in longest) or len(set(longest)) < len(longest):
        return None
    order = _order(file, [made[name][0] for name in longest])
    if order == sorted(order):
        return None
    hoisted = any(made[name][0][1].hoisted for name in longest)
    return not hoisted and rearrange(file, longest, {name: made[name][0][0] for name in longest})


def _always_listed(registration: Registration, registrations: list[Registration]) -> set[str]:
    """The attributes that are listed on this condition, and by another list where it does not hold."""
    around = {id(node) for node, _ in conditions(registration.use.frame)}
    return {
        name
        for other in registrations
        if other is not registration and other.trainable is registration.trainable
        if any(id(node) in around for node, _ in conditions(other.use.frame))
        for name in own_names(other) or ()
    }


def _convert(
    file: File,
    registration: Registration,
    made: list[tuple[SelfUse, Creation]],
    ordered: bool | None,
    always: set[str],
) -> None:
    """Makes weights by ``add_weight``, and drops the list.

    Args:
        file: the file.
        registration: the list.
        made: how its weights are made.
        ordered: whether they will be made in its order; ``None`` where they are already.
        always: the attributes that are listed whatever its condition says.
    """
    name = registration.use.node.attr.value
    new = [use.node.attr.value for use, found in made if found.node not in file.handled]
    listed = ", ".join(dict.fromkeys(f"`{each}`" for each in new))
    message = f"`add_weight` makes {listed} and registers them" if new else "`add_weight` has registered them"
    if not name.startswith("_"):
        message += f"; `{name}` cannot be set any more"
    elif file.target.keras3:
        message += f"; what is only listed in `{name}` is not trained any more"
    level = Level.REWRITTEN
    if ordered:
        message += ". They are made in the order of the list, which `get_weights()` and files have"
    elif ordered is False:
        level = Level.REVIEW
        message += (
            ". `get_weights()` has them in the order in which they are made, no more in that of the list"
        )
    place = statement_around(registration.statement[1])  # type: ignore[arg-type]
    if place is None:
        return
    single = [use for use, _ in made if use.node.attr.value not in always]
    if conditions(place[1]) and any(not conditions(use.frame) for use in single):
        level = Level.REVIEW
        message += ". It was listed on a condition, and is registered always now"
    if not file.report(REGISTERED_WEIGHTS, level, place[0], message, f"keras.layers.Layer.{name}"):
        return
    for use, found in made:
        if found.node not in file.handled:
            file.handled.add(found.node)
            _by_add_weight(file, use, found, trainable=registration.trainable)
    drop(file, registration.statement[0], registration.statement[1])  # type: ignore[arg-type]
    _without_empty_else(file, place[1])


def _without_empty_else(file: File, frame: Frame) -> None:
    """Drops the other way of a condition where nothing is left of it."""
    assert frame is not None
    if frame[1] is not None and isinstance(frame[1][0], cst.Else) and frame[1][1] is not None:
        file.edit(*frame[1][1], _without_else)


def _without_else(current: cst.If) -> cst.If:
    block = current.orelse.body.body if current.orelse is not None else ()
    lines = [each.body for each in block if isinstance(each, cst.SimpleStatementLine)]
    nothing = len(lines) == len(block) and all(isinstance(each, cst.Pass) for line in lines for each in line)
    return current.with_changes(orelse=None) if nothing else current


def weight_calls(file: File, body: ClassBody, name: str) -> list[tuple[cst.Call, Frame]]:
    """The calls that make the weights of an attribute, all by ``add_weight`` after ``register``.

    Returns:
        Each with the nodes around it; nothing where a weight is made in another way.
    """
    found: list[tuple[cst.Call, Frame]] = []
    for use in body.uses.get(name, ()):
        if not use.stored:
            continue
        if use.assigned is None:
            return []
        value = use.assigned[0].value
        if dotted(value) == "None":
            continue
        made = creation(file, value)
        becomes = made is not None and made.node in file.handled and not made.hoisted
        if not isinstance(value, cst.Call) or not (becomes or _is_added(value)):
            return []
        found.append((value, use.assigned))
    return found


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

    def call() -> cst.Call:
        now = found.edited(file)
        if file.target.keras3 and now.name is not None:
            now = replace(now, name=without_slash(now.name))
        return now.call(receiver, attribute, trainable=trainable, constant=constant, shape=shape)

    if not found.hoisted:
        file.edit(found.node, (assign, frame), lambda _: call())
        keep_short(file, found.node, (assign, frame))
        return
    place = statement_around(frame)
    assert place is not None
    line, around = place
    value = found.value

    def two(current: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.SimpleStatementLine]:
        assert value is not None
        first = cst.Assign([cst.AssignTarget(cst.Name(attribute))], file.current(value))
        second = assign.with_changes(value=call())
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
    told = {registration.use.node for registration in registrations_of(body)}
    for name in ("_trainable_weights", "_non_trainable_weights"):
        for read in body.uses.get(name, ()):
            place = statement_around(read.frame)
            if read.node not in told and not read.stored and place is not None:
                message = (
                    f"there is no `{name}` behind `{name[1:]}` any more. Drop the code that joins weights: "
                    "Keras finds those of `add_weight` and of layers that are attributes by itself"
                )
                file.report(REGISTERED_WEIGHTS, Level.MANUAL, place[0], message, f"keras.layers.Layer.{name}")
