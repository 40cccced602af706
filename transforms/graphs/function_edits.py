"""The edits that make models of functions of a graph, and of calls of them."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from ...scopes import Frame
from ...transform import File
from ..edits.argument_layout import keyword
from .training_phase import phase


@dataclass(frozen=True, slots=True)
class Computation:
    """What a call of ``K.function`` makes.

    Attributes:
        inputs: its inputs but the phase; ``None`` where they are not written out.
        outputs: its outputs; ``None`` where they are not written out.
        phase: whether the learning phase is its last input.
    """

    inputs: int | None
    outputs: int | None
    phase: bool


def edit(
    file: File,
    call: cst.Call,
    frame: Frame,
    slots: tuple[int, int],
    made: Computation,
    names: tuple[str, str],
    calls: list[tuple[cst.Call, Frame]] | None,
) -> None:
    """Asks for the model in place of the function, and for calls of it."""
    model, flatten = names
    alone = frame is not None and isinstance(frame[0], (cst.Assign, cst.Return, cst.Arg, cst.Element))

    def written(current: cst.Call) -> cst.BaseExpression:
        inputs = _inputs(current.args[slots[0]].value, made)
        outputs = current.args[slots[1]].value
        if made.outputs == 1:
            outputs = _only(outputs)
        new = cst.Call(cst.parse_expression(model), [cst.Arg(inputs, comma=_COMMA), cst.Arg(outputs)])
        same = new if calls is not None else _like_before(new, made, flatten)
        if isinstance(same, cst.Lambda) and not alone and not current.lpar:
            return same.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return same.with_changes(lpar=current.lpar, rpar=current.rpar)

    if file.target.keras3:
        _reach_tensors(file, call, frame)
    file.edit(call, frame, written)
    for node, outer in calls or ():
        assert outer is not None
        subscript = outer[0]
        if made.outputs == 1 and isinstance(subscript, cst.Subscript) and _is_first(subscript, node):
            file.edit(node, outer, lambda current: _called(current, made, flatten))
            file.edit(subscript, outer[1], lambda current: current.value)
        elif made.outputs == 1:
            file.edit(node, outer, lambda current: cst.List([cst.Element(_called(current, made, flatten))]))
        else:
            file.edit(node, outer, lambda current: _called(current, made, flatten))


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _only(node: cst.BaseExpression) -> cst.BaseExpression:
    """The one element of a list or tuple."""
    assert isinstance(node, (cst.List, cst.Tuple))
    return node.elements[0].value


def _inputs(node: cst.BaseExpression, made: Computation) -> cst.BaseExpression:
    """The inputs of the model: without the phase, and one alone without its list."""
    if made.phase and isinstance(node, cst.BinaryOperation):
        return node.left
    if not isinstance(node, (cst.List, cst.Tuple)):
        return node
    elements = list(node.elements[:-1] if made.phase else node.elements)
    if len(elements) == 1:
        return elements[0].value
    elements[-1] = elements[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(elements=elements)


def _reach_tensors(file: File, call: cst.Call, frame: Frame) -> None:
    """Asks for ``model.inputs[0]`` and ``model.outputs[0]`` where ``Sequential`` of Keras 3 has no other way.

    That is ``model.input`` and ``model.output``, and ``model.layers[0].input``, which an input layer does not
    have there.
    """
    for arg in call.args:
        if isinstance(arg.value, (cst.List, cst.Tuple)):
            inside: Frame = (arg.value, (arg, (call, frame)))
            for element in arg.value.elements:
                model = _model_of(file, element.value)
                if model is not None:
                    file.edit(element.value, (element, inside), _plural)


def _model_of(file: File, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The model whose only input or output an expression is."""
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("input", "output"):
        return None
    owner = node.value
    if node.attr.value == "input" and isinstance(owner, cst.Subscript) and _is_first(owner, owner.value):
        layers = owner.value
        return layers.value if isinstance(layers, cst.Attribute) and layers.attr.value == "layers" else None
    return owner if file.values.can_be(owner, "model") else None


def _plural(current: cst.BaseExpression) -> cst.BaseExpression:
    """``x.inputs[0]`` for ``x.input`` or ``x.layers[0].input``."""
    if not isinstance(current, cst.Attribute) or current.attr.value not in ("input", "output"):
        return current
    owner = current.value
    if isinstance(owner, cst.Subscript) and isinstance(owner.value, cst.Attribute):
        owner = owner.value.value
    all_of_them = cst.Attribute(owner, cst.Name(f"{current.attr.value}s"))
    return cst.Subscript(all_of_them, [cst.SubscriptElement(cst.Index(cst.Integer("0")))])


def _is_first(node: cst.Subscript, value: cst.BaseExpression) -> bool:
    """Whether a subscript is ``value[0]``."""
    if node.value is not value or len(node.slice) != 1:
        return False
    index = node.slice[0].slice
    return isinstance(index, cst.Index) and isinstance(index.value, cst.Integer) and index.value.value == "0"


def _called(current: cst.Call, made: Computation, flatten: str) -> cst.BaseExpression:
    """A call of the model that gives what the function gave, a single output without its list."""
    value, training = _given(current.args[0].value, made)
    if training is None or phase(training) is False:
        batch = cst.Attribute(current.func, cst.Name("predict_on_batch"))
        new = current.with_changes(func=batch, args=[cst.Arg(value)])
        return new if made.outputs is not None else cst.Call(cst.parse_expression(flatten), [cst.Arg(new)])
    flag: cst.BaseExpression = cst.Name("True")
    if phase(training) is None:
        flag = cst.Call(cst.Name("bool"), [cst.Arg(training)])
    new = current.with_changes(args=[cst.Arg(value, comma=_COMMA), keyword("training", flag)])
    if made.outputs == 1:
        return cst.Call(cst.Attribute(new, cst.Name("numpy")))
    if made.outputs is None:
        new = cst.Call(cst.parse_expression(flatten), [cst.Arg(new)])
    return cst.parse_expression("[each.numpy() for each in x]").with_changes(
        for_in=cst.CompFor(cst.Name("each"), new)
    )


def _given(
    value: cst.BaseExpression, made: Computation
) -> tuple[cst.BaseExpression, cst.BaseExpression | None]:
    """The inputs that a call gives the model, one alone without its list, and the phase."""
    if not isinstance(value, (cst.List, cst.Tuple)):
        if made.phase and isinstance(value, cst.BinaryOperation):
            return value.left, _only(value.right)
        return value, None
    elements = list(value.elements)
    training = elements.pop().value if made.phase else None
    if len(elements) == 1 and made.inputs == 1:
        return elements[0].value, training
    if elements:
        elements[-1] = elements[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return value.with_changes(elements=elements), training


def _like_before(model: cst.Call, made: Computation, flatten: str) -> cst.BaseExpression:
    """A function that takes and gives lists as the old one did."""
    if made.phase:
        result = "model(inputs[:-1], training=bool(inputs[-1]))"
        if made.outputs == 1:
            text = f"[{result}.numpy()]"
        elif made.outputs is None:
            text = f"[each.numpy() for each in {flatten}({result})]"
        else:
            text = f"[each.numpy() for each in {result}]"
    elif made.outputs == 1:
        text = "[model.predict_on_batch(inputs)]"
    elif made.outputs is None:
        text = f"{flatten}(model.predict_on_batch(inputs))"
    else:
        return cst.Attribute(model, cst.Name("predict_on_batch"))
    new = cst.parse_expression(f"lambda inputs, model=None: {text}")
    assert isinstance(new, cst.Lambda)
    first, default = new.params.params
    params = [first, default.with_changes(default=model)]
    return new.with_changes(params=new.params.with_changes(params=params))
