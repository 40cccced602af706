"""Where a string is the name of something that Keras logs: what it is looked up in, or passed on to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from ...scopes import Frame, Reference
from ...transform import File, StringUse
from ...values import CLASS, FUNCTION
from ...walk import dotted

_WATCHERS = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ReduceLROnPlateau": 0,
    "keras.callbacks.ModelCheckpoint": 1,
}
"""The callbacks that watch a metric, and the slot of its name."""

_LOOKUPS = frozenset({"get", "pop", "setdefault"})
_NAMES_OF_LOGS = frozenset({"logs", "log", "history", "hist", "history_dict", "hist_dict", "train_history"})
_LOGGED = frozenset({"loss", "val_loss"})
_AROUND = (cst.BinaryOperation, cst.BooleanOperation, cst.IfExp)
_DEEPEST = 4
"""How many names a string is followed through at most."""


class Place(NamedTuple):
    """A place where a string is the name of something logged.

    Attributes:
        sure: false where that is likely only.
        doubt: what to check then.
        watched: whether it is the name of what a callback watches.
    """

    sure: bool
    doubt: str = ""
    watched: bool = False


_SURE = Place(True)
_WATCHED = Place(True, watched=True)


def place_of(file: File, use: StringUse, *, template: bool) -> Place | None:
    """What a string is the name of.

    Args:
        file: the file.
        use: the string.
        template: whether the name is a field in it.
    Returns:
        The place; ``None`` where it is not, or not likely, something that Keras logs.
    """
    return _template(use) if template else _place(file, use.node, use.frame, 0)


def alternatives(file: File, use: StringUse) -> str:
    """The code of the choice that a string is part of: ``'acc' if … else …``, ``logs.get('acc', …)``."""
    frame = use.frame
    found: cst.CSTNode | None = None
    while frame is not None and isinstance(frame[0], (cst.BaseExpression, cst.Arg, cst.ComparisonTarget)):
        node = frame[0]
        looked_up = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        if isinstance(node, (cst.IfExp, cst.BooleanOperation)) or (
            looked_up and node.func.attr.value in _LOOKUPS  # type: ignore[union-attr]
        ):
            found = node
        frame = frame[1]
    return file.module.code_for_node(found) if found is not None else ""


def _template(use: StringUse) -> Place | None:
    """The place of a field: in a name of checkpoints, which Keras fills in."""
    frame, text = use.frame, use.node
    while frame is not None and isinstance(frame[0], (*_AROUND, cst.ConcatenatedString)):
        frame = frame[1]
    if frame is not None and isinstance(frame[0], cst.Attribute) and frame[0].attr.value == "format":
        return _filled_in(frame)
    around = use.frame
    while around is not None and not isinstance(around[0], cst.BaseSmallStatement):
        if isinstance(around[0], cst.Call) and (dotted(around[0].func) or "").endswith("ModelCheckpoint"):
            return _SURE
        around = around[1]
    if "{epoch" in text.value or text.value.strip("'\"").endswith((".h5", ".hdf5", ".keras")):
        return _SURE
    return Place(False, "Check that it is part of a name of checkpoints")


def _filled_in(frame: Frame) -> Place | None:
    """The place of a field that ``format`` fills in: one of logs only where these are given whole."""
    assert frame is not None
    call = frame[1][0] if frame[1] is not None else None
    if not isinstance(call, cst.Call):
        return None
    return _SURE if any(arg.star == "**" and dotted(arg.value) == "logs" for arg in call.args) else None


def _place(file: File, node: cst.BaseExpression, frame: Frame, depth: int) -> Place | None:
    """The place of an expression that gives the name."""
    while frame is not None and isinstance(frame[0], _AROUND):
        node, frame = frame[0], frame[1]
    if frame is None or depth > _DEEPEST:
        return None
    parent, outer = frame
    if isinstance(parent, cst.Index):
        return _subscript(file, outer)
    if isinstance(parent, cst.Arg):
        return _argument(file, parent, outer, depth)
    if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
        return _comparison(file, node, frame)
    if isinstance(parent, cst.FormattedStringExpression) and outer is not None and outer[1] is not None:
        assert isinstance(outer[0], cst.FormattedString)
        return _place(file, outer[0], outer[1], depth)
    if isinstance(parent, cst.Element):
        return _element(file, node, outer, depth)
    if isinstance(parent, cst.DictElement):
        return _member(parent, node)
    if isinstance(parent, cst.Param):
        if parent.default is not node:
            return None
        return (
            _WATCHED if "monitor" in parent.name.value else _bound(file, [parent.name.value], parent, depth)
        )
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        return _assigned(file, parent, node, depth)
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
        return _bound(file, list(_names(parent.target)), node, depth)
    return None


def _subscript(file: File, frame: Frame) -> Place | None:
    """The place in ``history.history[…]``."""
    subscript = frame[1][0] if frame is not None and frame[1] is not None else None
    return _log(file, subscript.value) if isinstance(subscript, cst.Subscript) else None


def _argument(file: File, arg: cst.Arg, frame: Frame, depth: int) -> Place | None:
    """The place of an argument: of ``logs.get``, of a callback that watches, of a function of the file."""
    assert frame is not None
    call = frame[0]
    if not isinstance(call, cst.Call):
        return None
    function = call.func
    if isinstance(function, cst.Attribute):
        if function.attr.value in _LOOKUPS and call.args[0] is arg:
            return _log(file, function.value)
        if function.attr.value == "index" and (dotted(function.value) or "").endswith("metrics_names"):
            return _SURE
        if function.attr.value == "format" and isinstance(function.value, cst.SimpleString):
            return _place(file, call, frame[1], depth)
    keyword = arg.keyword.value if arg.keyword is not None else None
    if keyword == "monitor":
        return _WATCHED
    slot = call.args.index(arg)
    for value in file.values.of(function):
        if (
            value.kind == CLASS
            and keyword is None
            and any(
                _WATCHERS.get(symbol) == slot for symbol in (value.symbol, *value.lineage) if not value.owner
            )
        ):
            return _WATCHED
        if value.kind == FUNCTION and isinstance(value.node, cst.FunctionDef):
            param = _parameter(value.node, keyword, slot)
            if param is not None:
                return _bound(file, [param.name.value], param, depth)
    return None


def _parameter(function: cst.FunctionDef, keyword: str | None, slot: int) -> cst.Param | None:
    """The parameter that gets an argument."""
    params = [*function.params.posonly_params, *function.params.params]
    if keyword is None:
        return params[slot] if slot < len(params) else None
    named = (*params, *function.params.kwonly_params)
    return next((param for param in named if param.name.value == keyword), None)


def _comparison(file: File, node: cst.BaseExpression, frame: Frame) -> Place | None:
    """The place in ``'acc' in logs`` and ``key == 'acc'``, where the keys of a log are gone through."""
    assert frame is not None
    comparison = frame[0] if isinstance(frame[0], cst.Comparison) else frame[1][0] if frame[1] else None
    if not isinstance(comparison, cst.Comparison) or len(comparison.comparisons) != 1:
        return None
    target = comparison.comparisons[0]
    other = target.comparator if comparison.left is node else comparison.left
    if isinstance(target.operator, (cst.In, cst.NotIn)) and other is target.comparator:
        return _log(file, _without_keys(other))
    reference = file.names.reference(other) if isinstance(other, (cst.Name, cst.Attribute)) else None
    if reference is None or not isinstance(other, cst.Name):
        return None
    for binding in file.names.bindings(reference):
        given = binding.given
        if given is not None and given.how == "item" and isinstance(given.node, cst.BaseExpression):
            return _log(file, _without_keys(given.node))
    return None


def _without_keys(node: cst.BaseExpression) -> cst.BaseExpression:
    """``logs`` for ``logs.keys()``, ``logs.items()`` and ``list(logs)``."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args:
        return node.func.value if node.func.attr.value in ("keys", "items") else node
    if isinstance(node, cst.Call) and dotted(node.func) in ("list", "sorted", "set") and len(node.args) == 1:
        return _without_keys(node.args[0].value)
    return node


def _element(file: File, node: cst.BaseExpression, frame: Frame, depth: int) -> Place | None:
    """The place of a member of a list: what the list is for, or what else is in it."""
    assert frame is not None
    holder = frame[0]
    if not isinstance(holder, (cst.List, cst.Tuple, cst.Set)):
        return None
    found = _place(file, holder, frame[1], depth)
    if found is not None:
        return found
    beside = [element.value for element in holder.elements]
    outer = frame[1]
    if outer is not None and isinstance(outer[0], cst.Element) and outer[1] is not None:
        rows = outer[1][0]
        if isinstance(rows, (cst.List, cst.Tuple, cst.Set)):
            beside = [part for row in rows.elements for part in _parts(row.value)]
    return _likely(beside)


def _parts(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(node, (cst.List, cst.Tuple)):
        yield from (element.value for element in node.elements)


def _likely(beside: list[cst.BaseExpression]) -> Place | None:
    """A likely place where one of the strings beside is the name of a logged loss."""
    if any(isinstance(each, cst.SimpleString) and each.raw_value in _LOGGED for each in beside):
        return Place(False, "Check that the list is one of names in logs")
    return None


def _member(member: cst.DictElement, node: cst.BaseExpression) -> Place | None:
    """The place of a value for 'monitor' in a dict; keys of the program's own are left to it."""
    key = member.key
    named = isinstance(key, cst.SimpleString) and key.raw_value == "monitor"
    return _WATCHED if named and member.value is node else None


def _assigned(
    file: File, statement: cst.Assign | cst.AnnAssign, node: cst.BaseExpression, depth: int
) -> Place | None:
    """The place of what is assigned to names: where these are used."""
    targets = (
        [target.target for target in statement.targets]
        if isinstance(statement, cst.Assign)
        else [statement.target]
    )
    names = [name for target in targets for name in _names(target)]
    last = [(dotted(target) or "").rpartition(".")[2] for target in targets]
    if any("monitor" in name.lower() for name in last):
        return _WATCHED
    return _bound(file, names, node, depth)


def _names(node: cst.BaseExpression) -> Iterator[str]:
    """The names that a target binds."""
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _names(element.value)


def _bound(file: File, names: list[str], source: cst.CSTNode, depth: int) -> Place | None:
    """The place where a name is used that is bound to an expression, or to the members of one."""
    found: Place | None = None
    for name in names:
        for reference in file.names.uses(name):
            if not isinstance(reference.node, cst.Name) or not _gets(file, reference, source):
                continue
            place = _place(file, reference.node, reference.frame, depth + 1)
            if place is not None and (found is None or place.sure):
                found = place
    return found


def _gets(file: File, reference: Reference, source: cst.CSTNode) -> bool:
    """Whether a reference can have its value from an expression or parameter."""
    return any(
        binding.given is not None and binding.given.node is source
        for binding in file.names.bindings(reference)
    )


def _log(file: File, node: cst.BaseExpression) -> Place | None:
    """Whether an expression is a history or the logs of a callback."""
    if isinstance(node, cst.Call) and dotted(node.func) in ("pd.DataFrame", "pandas.DataFrame", "DataFrame"):
        return _log(file, node.args[0].value) if node.args else None
    values = file.values.of(node)
    if all(value.kind == "history dictionary" and value.sure for value in values):
        return _SURE
    if any(value.kind == "history dictionary" for value in values):
        return _SURE
    if isinstance(node, cst.Attribute):
        return _SURE if node.attr.value == "history" else None
    if not isinstance(node, cst.Name):
        return None
    if node.value == "logs":
        return _SURE
    assigned = _assigned_log(file, node)
    if assigned is not None:
        return assigned
    if node.value in _NAMES_OF_LOGS:
        return Place(False, f"Check that `{node.value}` is a history, and one that was made anew")
    return None


def _assigned_log(file: File, node: cst.Name) -> Place | None:
    """The same for a name that is assigned from ``….history``, or from a table of pandas that holds one."""
    reference = file.names.reference(node)
    bindings = file.names.bindings(reference) if reference is not None else ()
    for binding in bindings:
        given = binding.given
        if given is not None and isinstance(given.node, (cst.Call, cst.Attribute)) and not given.path:
            return _log(file, given.node)
    return None
