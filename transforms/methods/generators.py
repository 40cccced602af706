"""What generators give: tuples from TensorFlow 2.16 on, where only generators and ``Sequence`` are taken."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ...values import GENERATOR, LITERAL, OBJECT
from ..calls.call_adaptation import Adaptation
from ..edits.argument_edits import written_as
from ..reading.keras_calls import Argument

GENERATOR_OUTPUT = Rule(
    "KM402",
    "generator-output",
    "Let generators give tuples, and other iterators be generators.",
    "From TensorFlow 2.16 on `fit`, `evaluate` and `predict` take a Python generator only if it yields "
    "tuples `(x, y)`, `(x, y, sample_weight)` or, for `predict`, `(x,)`; several inputs or outputs in them "
    "are a tuple too: a list fails. Other iterators, such as `zip(images, masks)` or an object with "
    "`__next__`, are not taken at all; a generator expression around them is.",
    before="from keras.models import load_model\n\n\ndef batches(x, y):\n    while True:\n"
    "        yield [x, y]\n\n\nmodel = load_model('model.h5')\n"
    "model.fit_generator(batches(x, y), steps_per_epoch=1)\n",
    after="from tensorflow.keras.models import load_model\n\n\ndef batches(x, y):\n    while True:\n"
    "        yield (x, y)\n\n\nmodel = load_model('model.h5')\n"
    "model.fit(batches(x, y), steps_per_epoch=1)\n",
    targets=">=2.16",
)

TRANSFORM = Transform("generators", GENERATOR_OUTPUT)

_ITERATORS = frozenset(
    {"cycle", "chain", "imap", "islice", "iter", "izip", "map", "repeat", "starmap", "zip"}
)
"""Builtins and members of ``itertools`` that give an iterator which is no generator."""


def adapt_source(work: Adaptation, argument: Argument, *, predicts: bool) -> None:
    """Makes what a model is given batches by fit the target, where it is known what that is.

    Args:
        work: the call of ``fit``, ``evaluate`` or ``predict``.
        argument: its data.
        predicts: whether the model only gets inputs.
    """
    file, node = work.file, argument.node.value
    if not file.target.keras3:
        if predicts:
            _adapt_generators(work, node, predicts=True)
        return
    if _is_iterator(file, node):
        _wrap(work, argument)
        return
    for value in file.values.of(node):
        decorated = isinstance(value.node, cst.FunctionDef) and not _is_plain(value.node)
        iterates = value.owner is not None and _iterates(file, value.owner)
        if (value.kind == GENERATOR and decorated) or (value.kind == OBJECT and iterates):
            _wrap(work, argument)
            return
    _adapt_generators(work, node, predicts=predicts)


def _adapt_generators(work: Adaptation, node: cst.BaseExpression, *, predicts: bool) -> None:
    """Makes the generator functions that give a value yield tuples."""
    for value in work.file.values.of(node):
        if value.kind == GENERATOR and isinstance(value.node, cst.FunctionDef):
            adapt_yields(work.file, value.node, work.call.level, predicts=predicts)


def _wrap(work: Adaptation, argument: Argument) -> None:
    """Makes a generator of another iterator."""
    message = (
        "only a real generator is taken as a source of batches now; one around this iterator gives the same"
    )
    if work.report(GENERATOR_OUTPUT, work.call.level, argument, message):
        work.changes.values[argument.index] = written_as("(batch for batch in _)", argument.index)


def _is_iterator(file: File, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether an expression is surely an iterator that is no generator."""
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        known = isinstance(name, cst.Name) and name.value in _ITERATORS
        return known and (isinstance(node.func, cst.Name) or _is_itertools(node.func))
    if not isinstance(node, cst.Name) or depth > 5:
        return False
    reference = file.names.reference(node)
    given = [binding.given for binding in file.names.bindings(reference)] if reference is not None else []
    return bool(given) and all(
        each is not None
        and each.how == "value"
        and not each.path
        and isinstance(each.node, cst.BaseExpression)
        and _is_iterator(file, each.node, depth + 1)
        for each in given
    )


def _is_itertools(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Attribute)
        and isinstance(node.value, cst.Name)
        and node.value.value == "itertools"
    )


def _iterates(file: File, owner: cst.ClassDef) -> bool:
    """Whether the instances of a class are iterators."""
    return bool({"__next__", "next"} & file.values.methods(owner).keys())


def _is_plain(function: cst.FunctionDef) -> bool:
    """Whether nothing but what makes methods static decorates a function."""
    return all(
        isinstance(each.decorator, cst.Name) and each.decorator.value in ("classmethod", "staticmethod")
        for each in function.decorators
    )


def adapt_yields(file: File, function: cst.FunctionDef, level: Level, *, predicts: bool) -> None:
    """Makes a generator function give tuples."""
    for node, frame in file.names.scopes[function].yields:
        if node in file.handled or node.value is None or isinstance(node.value, cst.From):
            continue
        file.handled.add(node)
        _adapt_output(file, node.value, (node, frame), level, predicts=predicts)


def _adapt_output(
    file: File, value: cst.BaseExpression, frame: Frame, level: Level, *, predicts: bool
) -> None:
    """Makes one thing that a generator gives a tuple."""
    if isinstance(value, cst.Tuple):
        if not file.target.keras3:
            return
        for part, around in _lists_within(file, value, frame):
            message = "several inputs or outputs of a batch are a tuple now, a list fails"
            if file.report(GENERATOR_OUTPUT, level, part, message):
                file.edit(part, around, _as_tuple)
        return
    listed = _is_list(file, value)
    if not file.target.keras3 and not (listed and not _is_single(value)):
        return
    if predicts:
        known = listed or isinstance(value, (cst.Call, cst.BinaryOperation, cst.Subscript))
        if not known and any(
            each.kind == LITERAL and isinstance(each.node, cst.Tuple) for each in file.values.of(value)
        ):
            return
        if not known:
            level = Level.REVIEW
        message = "`predict` takes the inputs of a batch in a tuple now"
        if level is Level.REVIEW:
            message += "; check that this is not one already"
        if file.report(GENERATOR_OUTPUT, level, value, message):
            file.edit(value, frame, _inputs if listed else _alone)
    elif listed:
        message = "a batch is a tuple now, a list fails"
        if file.report(GENERATOR_OUTPUT, level, value, message):
            file.edit(value, frame, _as_tuple)
            if isinstance(value, cst.List):
                for part, around in _lists_within(file, value, frame):
                    file.edit(part, around, _as_tuple)


def _lists_within(
    file: File, value: cst.Tuple | cst.List, frame: Frame
) -> Iterator[tuple[cst.BaseExpression, Frame]]:
    """The elements that are lists of arrays."""
    for element in value.elements:
        if type(element) is cst.Element and _is_list(file, element.value):
            yield element.value, (element, (value, frame))


def _is_list(file: File, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether an expression is surely a list with something in it."""
    if isinstance(node, cst.List):
        return bool(node.elements)
    if isinstance(node, cst.ListComp):
        return True
    if not isinstance(node, cst.Name) or depth > 5:
        return False
    reference = file.names.reference(node)
    given = [binding.given for binding in file.names.bindings(reference)] if reference is not None else []
    return bool(given) and all(
        each is not None
        and each.how == "value"
        and not each.path
        and isinstance(each.node, cst.BaseExpression)
        and _is_list(file, each.node, depth + 1)
        for each in given
    )


def _as_tuple(node: cst.BaseExpression) -> cst.BaseExpression:
    """A list as a tuple: the display itself with other brackets, else through ``tuple``."""
    if not isinstance(node, cst.List):
        return cst.Call(cst.Name("tuple"), [cst.Arg(node)])
    elements = list(node.elements)
    if len(elements) == 1 and not isinstance(elements[0].comma, cst.Comma):
        elements[0] = elements[0].with_changes(comma=cst.Comma())
    opening = cst.LeftParen(whitespace_after=node.lbracket.whitespace_after)
    closing = cst.RightParen(whitespace_before=node.rbracket.whitespace_before)
    return cst.Tuple(elements, lpar=[*node.lpar, opening], rpar=[closing, *node.rpar])


def _is_single(node: cst.BaseExpression) -> bool:
    """Whether an expression is a list of one element."""
    return isinstance(node, cst.List) and len(node.elements) == 1


def _alone(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression as a tuple of one."""
    return cst.Tuple([cst.Element(node, comma=cst.Comma())], lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _inputs(node: cst.BaseExpression) -> cst.BaseExpression:
    """A list of inputs as the tuple of them in a tuple of one; of a single input, that input alone."""
    if _is_single(node):
        return _as_tuple(node)
    return _alone(_as_tuple(node))


@TRANSFORM.subclass("keras.utils.Sequence")
def adapt_sequence(file: File, use: ClassUse) -> None:
    """Makes ``__getitem__`` of a ``Sequence`` give tuples of inputs and outputs."""
    method = use.methods.get("__getitem__")
    if method is None or not file.target.keras3:
        return
    level = Level.REWRITTEN if use.sure else Level.REVIEW
    around: Frame = (method, (use.node.body, (use.node, use.frame)))
    for value, frame in _returns(method.body, around):
        if isinstance(value, cst.Tuple):
            _adapt_output(file, value, frame, level, predicts=False)


def _returns(node: cst.CSTNode, frame: Frame) -> Iterator[tuple[cst.BaseExpression, Frame]]:
    """What the statements in a node return, with the nodes around it; not what functions in it return."""
    if isinstance(node, cst.Return):
        if node.value is not None:
            yield node.value, (node, frame)
    elif isinstance(node, _HOLD_STATEMENTS) and not isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        for child in node.children:
            yield from _returns(child, (node, frame))


_HOLD_STATEMENTS = (cst.BaseStatement, cst.BaseSuite, cst.Else, cst.ExceptHandler, cst.Finally)
