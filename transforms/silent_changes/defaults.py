"""Arguments that are not written, and whose default is another one now: the old value is written out.

Which defaults changed follows from the signatures of the releases (changed_defaults.py); which of them matter
stands in ``defaults.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...options import Defaults
from ...scopes import Frame, Reference
from ...transform import AttributeUse, File, Transform, Use
from ...walk import dotted
from ..calls.call_adaptation import signature_meant
from ..calls.decay import becomes_schedule
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import KerasCall, call_of, is_standalone, super_call
from .changed_defaults import ChangedDefault, changed_defaults, symbols
from .hard_sigmoid import HARD_SIGMOID, MANUALLY
from .hard_sigmoid_function import NAME, definable, defined

CHANGED_DEFAULT = Rule(
    "KM301",
    "changed-default",
    "Write out a default that is another one now.",
    "`LSTM(64)` had a hard sigmoid at its gates up to Keras 2.2.5 and has a sigmoid now; `Adadelta()` had a "
    "learning rate of 1.0 and has one of 0.001. Nothing fails, and the numbers are others. What the release "
    "that the code was written for (`--source`) meant is written out where it is not the same any more. "
    "`--defaults adopt` takes the new defaults and reports each place. A class that is passed on without "
    "being called, or that is called with `**kwargs`, is reported.",
    before="from keras.layers import GRU\n\nlayer = GRU(8, recurrent_activation='sigmoid')\n",
    after="from tensorflow.keras.layers import GRU\n\n"
    "layer = GRU(8, recurrent_activation='sigmoid', reset_after=False)\n",
)

TRANSFORM = Transform("defaults", CHANGED_DEFAULT)

_PARTS = (cst.BaseExpression, cst.Arg, cst.BaseElement, cst.BaseDictElement)
"""What expressions are made of."""

_ABOUT_TYPES = ("callable", "isinstance", "issubclass", "type")
"""Functions that do not call what they are given."""


@TRANSFORM.use(*symbols())
def keep_defaults(file: File, use: Use) -> None:
    """Decides about the unwritten arguments of one call, or reports a reference that is not called."""
    if not is_standalone(file, use.reference):
        return
    changes = changed_defaults(use.path, use.symbol, file.source, file.target)
    call = call_of(file, use) if changes else None
    if call is not None:
        _keep(file, call, changes)
    elif changes and not use.members and _is_passed_on(file, use.reference):
        given = _handed_on(use.reference)
        left = changes if given is None else _keep_handed_on(file, use, changes, *given)
        _report_reference(file, use, left)


@TRANSFORM.attribute("__init__")
def keep_super_defaults(file: File, attribute: AttributeUse) -> None:
    """The same for ``super().__init__(…)`` in a class derived from one class of Keras."""
    call = super_call(file, attribute)
    if call is not None and call.standalone:
        _keep(file, call, changed_defaults(call.path, call.symbol, file.source, file.target))


def _keep(file: File, call: KerasCall, changes: Sequence[ChangedDefault]) -> None:
    """Decides about the changed defaults of one call."""
    missing = [change for change in changes if not change.names & _given(file, call)]
    starred = [arg for arg in call.node.args[call.first :] if arg.star]
    kept = [change for change in missing if _decide(file, call, change, starred)]
    if kept:
        values = [arg.value for arg in call.node.args]
        added = [keyword(change.argument, _value(file, call.reference, values, change)) for change in kept]
        file.edit(call.node, call.frame, lambda current: appended(current, added))
        keep_short(file, call.node, call.frame)


def _given(file: File, call: KerasCall) -> set[str]:
    """The names of the arguments that a call gives."""
    old = signature_meant(file, call)
    given = {argument.name for argument in call.slots(old.positional)} if old is not None else set()
    given |= call.written
    return given | {"learning_rate"} if becomes_schedule(file, call) else given


def _decide(file: File, call: KerasCall, change: ChangedDefault, starred: Sequence[cst.Arg]) -> bool:
    """Reports one changed default of a call.

    Returns:
        Whether the old value is to be written out.
    """
    place = call.place or (call.reference.node if call.reference.called is call.node else call.node.func)
    symbol = f"{call.symbol}.{change.argument}"
    message = _said(file, call.name, change)
    note = "" if change.certain else file.guess_note
    if file.options.defaults is Defaults.ADOPT and change.new:
        message = f"{message}. The new default is taken{note}"
        file.report(CHANGED_DEFAULT, Level.REVIEW, place, message, symbol)
        return False
    shown = _shown(file, change)
    if starred:
        code = file.module.code_for_node(starred[0].with_changes(comma=cst.MaybeSentinel.DEFAULT))
        message = f"{message}. Where `{code}` does not give it, write {shown}{note}"
        file.report(CHANGED_DEFAULT, Level.REVIEW, place, message, symbol)
        return False
    if _is_hard_sigmoid(file, change) and not definable(file, call.reference):
        message = f"{message}. Write {shown}{note}"
        file.report(CHANGED_DEFAULT, Level.MANUAL, place, message, symbol)
        return False
    level = call.level if change.certain else file.level_if_guessed(call.level)
    if _is_hard_sigmoid(file, change):
        message = f"{message}. `{NAME}` is the hard sigmoid of Keras 2"
    return file.report(CHANGED_DEFAULT, level, place, f"{message}{note}", symbol)


def _said(file: File, name: str, change: ChangedDefault) -> str:
    """What changed and why it matters, as a sentence without its full stop."""
    old, new = _code(change.old), _code(change.new)
    if not change.new:
        return f"`{name}` without `{change.argument}` meant {old}. {change.why} on TensorFlow {file.target}"
    return (
        f"`{name}` without `{change.argument}` meant {old} and means {new} on TensorFlow {file.target}. "
        f"{change.why}"
    )


def _code(text: str) -> str:
    """A value as messages show it."""
    return text if text[:1] in "'\"" else f"`{text}`"


def _shown(file: File, change: ChangedDefault) -> str:
    """What to write to have the old default, as messages show it."""
    if _is_hard_sigmoid(file, change):
        return f"`{change.argument}=` with {MANUALLY}"
    return f"`{change.argument}={change.old}`"


def _is_hard_sigmoid(file: File, change: ChangedDefault) -> bool:
    """Whether the old default is the hard sigmoid, and the target's is another function."""
    named = change.old == "'hard_sigmoid'"
    return named and file.target.keras3 and file.options.enabled(HARD_SIGMOID.code)


def _value(
    file: File, reference: Reference, beside: Iterable[cst.BaseExpression | None], change: ChangedDefault
) -> cst.BaseExpression:
    """The old default as an expression, to be written beside others."""
    if _is_hard_sigmoid(file, change):
        return cst.Name(defined(file, reference))
    return _in_quotes(change.old, beside)


def _in_quotes(code: str, beside: Iterable[cst.BaseExpression | None]) -> cst.BaseExpression:
    """Code as an expression, in the quotes that the strings beside it are written with."""
    strings = (each for each in beside if isinstance(each, cst.SimpleString))
    quote = next((each.quote for each in strings if len(each.quote) == 1), "'")
    return cst.parse_expression(code.replace("'", quote))


def _handed_on(reference: Reference) -> tuple[cst.Dict, Frame] | None:
    """The arguments in ``f(Class, kwargs={…})``, with the nodes around them."""
    arg, around = (reference.frame or (None, None))[:2]
    call = around[0] if around is not None else None
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return None
    for each in call.args:
        named = each.keyword is not None and each.keyword.value == "kwargs"
        if named and isinstance(each.value, cst.Dict) and _has_plain_keys(each.value):
            return each.value, (each, around)
    return None


def _has_plain_keys(node: cst.Dict) -> bool:
    """Whether all keys of a dictionary are written as strings."""
    return all(
        isinstance(entry, cst.DictElement) and isinstance(entry.key, cst.SimpleString)
        for entry in node.elements
    )


def _keep_handed_on(
    file: File, use: Use, changes: Sequence[ChangedDefault], given: cst.Dict, frame: Frame
) -> list[ChangedDefault]:
    """Writes old defaults into the arguments that are handed on with a class.

    Returns:
        The changed defaults that are left to be reported.
    """
    keys = [entry.key for entry in given.elements if isinstance(entry, cst.DictElement)]
    names = {key.evaluated_value for key in keys if isinstance(key, cst.SimpleString)}
    left = []
    for change in changes:
        if names & change.names:
            continue
        adopted = file.options.defaults is Defaults.ADOPT and change.new
        if adopted or (_is_hard_sigmoid(file, change) and not definable(file, use.reference)):
            left.append(change)
            continue
        name = use.symbol.rpartition(".")[2]
        note = "" if change.certain else file.guess_note
        message = f"{_said(file, name, change)}. It is written into `kwargs`{note}"
        symbol = f"{use.symbol}.{change.argument}"
        if file.report(CHANGED_DEFAULT, Level.REVIEW, use.reference.node, message, symbol):
            key = _in_quotes(f"'{change.argument}'", keys)
            entry = cst.DictElement(key, _value(file, use.reference, keys, change))
            file.edit(given, frame, partial(_with_entry, entry))
    return left


def _with_entry(entry: cst.DictElement, node: cst.Dict) -> cst.Dict:
    """A dictionary with one more entry at its end, laid out like the others."""
    elements = list(node.elements)
    if elements and isinstance(elements[-1].comma, cst.MaybeSentinel):
        comma = elements[0].comma
        if isinstance(comma, cst.MaybeSentinel):
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        elements[-1] = elements[-1].with_changes(comma=comma)
    return node.with_changes(elements=[*elements, entry])


def _report_reference(file: File, use: Use, changes: Sequence[ChangedDefault]) -> None:
    """Reports a class whose defaults changed and that is not called where it is named."""
    name = use.symbol.rpartition(".")[2]
    owner = use.reference.subclass
    where = f"in the calls of `{owner.name.value}`" if owner is not None else "where it is called"
    for change in changes:
        note = "" if change.certain else file.guess_note
        symbol = f"{use.symbol}.{change.argument}"
        message = _said(file, name, change)
        if file.options.defaults is Defaults.ADOPT and change.new:
            message = f"{message}. The new default is taken{note}"
            file.report(CHANGED_DEFAULT, Level.REVIEW, use.reference.node, message, symbol)
            continue
        message = f"{message}. Write {_shown(file, change)} {where}{note}"
        file.report(CHANGED_DEFAULT, Level.MANUAL, use.reference.node, message, symbol)


def _is_passed_on(file: File, reference: Reference) -> bool:
    """Whether a class that is named, but not called there, can be called elsewhere without being seen."""
    owner = reference.subclass
    if owner is not None:
        return "__init__" not in file.values.methods(owner)
    around = reference.frame[0] if reference.frame is not None else None
    if isinstance(around, cst.Assign) and all(isinstance(each.target, cst.Name) for each in around.targets):
        return False  # calls by the assigned name are seen
    if isinstance(around, (cst.Annotation, cst.Comparison, cst.ComparisonTarget, cst.Expr)):
        return False
    return not any(_only_names(node) for node in _around(reference.frame))


def _around(frame: Frame) -> list[cst.CSTNode]:
    """The expressions that a place is part of, innermost first."""
    found: list[cst.CSTNode] = []
    while frame is not None and isinstance(frame[0], _PARTS):
        found.append(frame[0])
        frame = frame[1]
    return found


def _only_names(node: cst.CSTNode) -> bool:
    """Whether classes within an expression are compared or looked up by name, not called."""
    if isinstance(node, cst.Call):
        return dotted(node.func) in _ABOUT_TYPES
    if isinstance(node, cst.Arg) and node.keyword is not None:
        return node.keyword.value == "custom_objects"
    return isinstance(node, (cst.Comparison, cst.ComparisonTarget))
