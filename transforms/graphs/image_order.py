"""The order of an image's axes: Keras 1's ``image_dim_ordering()`` and its words ``'th'`` and ``'tf'``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...options import ImportStyle
from ...scopes import Frame, Reference
from ...statements import name_node
from ...transform import AttributeUse, File, Transform, Use
from ..calls.keras1_arguments import keras1
from ..names.written_out import WRITTEN_OUT
from ..reading.keras_calls import super_call

IMAGE_DIM_ORDERING = Rule(
    "KM701",
    "image-dim-ordering",
    "Ask for `image_data_format()`, and write its words for `'th'` and `'tf'`.",
    "Keras 1 said `'th'` and `'tf'` for the order of an image's axes, Keras 2 says `'channels_first'` and "
    "`'channels_last'`. Comparisons and settings are written with the new words. Where the code keeps the "
    "value or passes it on, it still gets the old words, because what is done with them is elsewhere; the "
    "finding is a review then.",
    before="from keras import backend as K\n\naxis = 1 if K.image_dim_ordering() == 'th' else -1\n",
    after="from tensorflow.keras import backend as K\n\n"
    "axis = 1 if K.image_data_format() == 'channels_first' else -1\n",
)

TRANSFORM = Transform("image order", IMAGE_DIM_ORDERING)

WORDS = {"th": "channels_first", "tf": "channels_last"}
"""What Keras 1 said, and what the target says."""

_OLD_WORDS = "{'channels_first': 'th', 'channels_last': 'tf'}"
_NEW_WORDS = "{'th': 'channels_first', 'tf': 'channels_last'}"

_TABLE_WITH_DEFAULT = "{'th': 'channels_first', 'tf': 'channels_last', 'default': None}"
_ARGUMENT = "dim_ordering"
_WRITTEN_OUT = frozenset({moves.canonical("keras.applications.imagenet_utils._obtain_input_shape")})
"""What is written into the module with the argument of Keras 2."""

_LOOKS_AT_LOCALS = frozenset({"eval", "exec", "locals", "vars"})
"""Functions that can read a local name without naming it."""

Place: TypeAlias = "tuple[cst.CSTNode, Frame]"
"""A node with the nodes around it."""


@TRANSFORM.use("keras.backend.image_dim_ordering", "keras.backend.common.image_dim_ordering")
def ask(file: File, use: Use) -> None:
    """Asks for the order of axes by its new name, and in the new words where its use is known."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or call.args or not use.sure:
        return
    where = frame[1]
    words = _words_beside(file, call, where)
    local = None
    if words is None:
        local, words = _only_compared(file, call, where)
    if words is None and _in_string(where):
        return
    if not _report(file, use, *_says(call, where, local, exact=words is not None)):
        return
    _rename(file, use, "image_data_format")
    if words is None:
        file.edit(call, where, lambda node: _looked_up(_OLD_WORDS, node))
    else:
        _translate(file, words)


@TRANSFORM.use()
def pass_on(file: File, use: Use) -> None:
    """Passes an order of axes that is not known here to Keras in the new words."""
    call, frame = use.call, use.reference.frame
    if call is not None and use.sure and _takes_order(use.symbol):
        _pass_on(file, use.symbol, call, frame)


@TRANSFORM.attribute("__init__")
def pass_on_to_base(file: File, attribute: AttributeUse) -> None:
    """The same for ``super().__init__(…)`` in a class derived from one class of Keras."""
    call = super_call(file, attribute)
    if call is not None and _takes_order(call.symbol):
        _pass_on(file, call.symbol, call.node, attribute.frame)


def _pass_on(file: File, symbol: str, call: cst.Call, frame: Frame) -> None:
    """Passes the order of axes in one call on in the new words."""
    for arg in call.args:
        if arg.keyword is None or arg.keyword.value != _ARGUMENT or arg.value in file.handled:
            continue
        inside: Frame = (arg, frame)
        if symbol in _WRITTEN_OUT and file.allows(WRITTEN_OUT, call):
            file.edit(arg, frame, lambda node: node.with_changes(keyword=cst.Name("data_format")))
        if _asks(file, arg.value):
            file.handled.add(arg.value)
            continue
        if isinstance(arg.value, cst.SimpleString) or _is_none(arg.value) or _in_string(frame):
            continue
        words = _words(arg.value, inside)
        code = file.module.code_for_node(arg.value)
        message = f"`{_ARGUMENT}` is `data_format` since Keras 2, "
        if words is None:
            message += f"which does not know 'th' and 'tf': the value of `{code}` is looked up in a table"
        else:
            message += "'th' is 'channels_first' and 'tf' is 'channels_last'"
        if not file.report(IMAGE_DIM_ORDERING, Level.REWRITTEN, arg, message, f"{symbol}.{_ARGUMENT}"):
            continue
        file.handled.add(arg.value)
        if words is None:
            table = _TABLE_WITH_DEFAULT if _has_default(file) else _NEW_WORDS
            file.edit(arg.value, inside, partial(_looked_up, table))
        else:
            _translate(file, words)


def _takes_order(symbol: str) -> bool:
    """Whether a callable takes the order of axes by the name that Keras 1 had for it."""
    return symbol in _WRITTEN_OUT or keras1(symbol).renamed.get(_ARGUMENT) == "data_format"


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _asks(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression asks Keras for the order of axes."""
    return isinstance(node, cst.Call) and any(
        value.symbol.endswith("image_dim_ordering") for value in file.values.of(node.func)
    )


def _has_default(file: File) -> bool:
    """Whether a file says 'default', which was a third word for an order of axes."""
    return any(literal in file.code for literal in ("'default'", '"default"'))


@TRANSFORM.use("keras.backend.set_image_dim_ordering", "keras.backend.common.set_image_dim_ordering")
def give(file: File, use: Use) -> None:
    """Sets the order of axes by its new name and in the new words."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or not use.sure or len(call.args) != 1:
        return
    arg = call.args[0]
    if arg.star or (arg.keyword is not None and arg.keyword.value != "dim_ordering"):
        return
    inside: Frame = (arg, frame)
    words = _words(arg.value, inside)
    if words is None and (isinstance(arg.value, cst.SimpleString) or _in_string(frame)):
        return
    message = "`set_image_dim_ordering` is `set_image_data_format` now, "
    if words is None:
        message += (
            "which does not know 'th' and 'tf'. The value is looked up in a table: exact, but better write "
            "'channels_first' and 'channels_last' where it comes from"
        )
    else:
        message += "'th' is 'channels_first' and 'tf' is 'channels_last'"
    if not _report(file, use, Level.REVIEW if words is None else Level.REWRITTEN, message):
        return
    _rename(file, use, "set_image_data_format")
    if arg.keyword is not None:
        file.edit(arg, frame, lambda node: node.with_changes(keyword=cst.Name("data_format")))
    if words is None:
        file.edit(arg, frame, lambda node: node.with_changes(value=_looked_up(_NEW_WORDS, node.value)))
    else:
        _translate(file, words)


def _says(call: cst.Call, frame: Frame, local: str | None, *, exact: bool) -> tuple[Level, str]:
    """The level and message for one call of ``image_dim_ordering``."""
    message = "`image_dim_ordering()` is `image_data_format()` now, "
    if exact:
        message += "'th' is 'channels_first' and 'tf' is 'channels_last'"
        return Level.REWRITTEN, f"{message}, also where `{local}` is used" if local else message
    strange = next((word for word in _strings_beside(call, frame) if word not in WORDS), None)
    if strange is not None:
        return Level.REVIEW, (
            f"`image_dim_ordering()` gives 'th' or 'tf', never '{strange}', and that stays so. If the "
            "comparison is a slip, write `image_data_format()` and compare with its words"
        )
    return Level.REVIEW, (
        f"{message}which does not say 'th' and 'tf'. Here the value is still one of these: exact, but better "
        "write `image_data_format()`, and 'channels_first' and 'channels_last' in the code that uses it"
    )


def _report(file: File, use: Use, level: Level, message: str) -> bool:
    return file.report(IMAGE_DIM_ORDERING, level, use.reference.node, message, use.path)


def _rename(file: File, use: Use, name: str) -> None:
    """Reaches a function of the target's backend where a reference stands."""
    reference = use.reference
    new = _in_same_module(file, reference, name)
    new = new or file.imports.name_for(f"tensorflow.keras.backend.{name}", reference)
    file.imports.gives_way(reference, new)
    replacement = name_node(new)
    file.edit(
        reference.node,
        reference.frame,
        lambda node: replacement.with_changes(lpar=node.lpar, rpar=node.rpar),
    )


def _in_same_module(file: File, reference: Reference, name: str) -> str | None:
    """How to reach a function by the name that the code has for the backend, if it has one."""
    if file.options.import_style is ImportStyle.ATTRIBUTE:
        return None
    own = 2 if reference.attributes[-2:-1] == ("common",) else 1
    head = reference.attributes[:-own]
    modules = {moves.normalise(origin.name.rsplit(".", own)[0]) for origin in file.names.origins(reference)}
    if not reference.attributes or head not in ((), ("backend",)) or modules != {"keras.backend"}:
        return None
    return ".".join((reference.root.value, *head, name))


def _translate(file: File, words: Sequence[Place]) -> None:
    """Writes literals in the new words, with their prefixes and quotes."""
    for node, frame in words:
        file.edit(node, frame, _translated)


def _translated(node: cst.SimpleString) -> cst.SimpleString:
    return node.with_changes(value=f"{node.prefix}{node.quote}{WORDS[node.raw_value]}{node.quote}")


def _looked_up(table: str, key: cst.BaseExpression) -> cst.Subscript:
    """``{…}[key]``, in the parentheses of the key."""
    inner = key.with_changes(lpar=(), rpar=()) if isinstance(key, cst.Call) else key
    return cst.Subscript(
        cst.parse_expression(table),
        [cst.SubscriptElement(cst.Index(inner))],
        lpar=key.lpar if inner is not key else (),
        rpar=key.rpar if inner is not key else (),
    )


def _words(node: cst.BaseExpression, frame: Frame) -> list[Place] | None:
    """The literals of Keras 1 of which an expression is one; ``None`` if it can be another value."""
    if isinstance(node, cst.SimpleString):
        return [(node, frame)] if node.raw_value in WORDS and "b" not in node.prefix.lower() else None
    if isinstance(node, cst.IfExp):
        inside: Frame = (node, frame)
        body, orelse = _words(node.body, inside), _words(node.orelse, inside)
        return None if body is None or orelse is None else body + orelse
    return None


def _members(node: cst.BaseExpression, frame: Frame) -> list[Place] | None:
    """The literals in a tuple, list or set of nothing else."""
    if not isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return None
    inside: Frame = (node, frame)
    found: list[Place] = []
    for element in node.elements:
        words = _words(element.value, (element, inside)) if type(element) is cst.Element else None
        if words is None:
            return None
        found += words
    return found


def _comparison(node: cst.BaseExpression, frame: Frame) -> tuple[cst.Comparison, Frame] | None:
    """The comparison of two things of which an expression is one."""
    if frame is None:
        return None
    if type(frame[0]) is cst.ComparisonTarget and frame[1] is not None:
        frame = frame[1]
    around = frame[0]
    if isinstance(around, cst.Comparison) and len(around.comparisons) == 1:
        return around, frame[1]
    return None


def compared_with(node: cst.BaseExpression, frame: Frame) -> list[Place] | None:
    """The literals of Keras 1 with which an expression is compared; ``None`` if there is more to it."""
    found = _comparison(node, frame)
    if found is None:
        return None
    comparison, outer = found
    inside: Frame = (comparison, outer)
    target = comparison.comparisons[0]
    equal = isinstance(target.operator, (cst.Equal, cst.NotEqual))
    if target.comparator is node:
        return _words(comparison.left, inside) if equal else None
    if equal:
        return _words(target.comparator, (target, inside))
    if isinstance(target.operator, (cst.In, cst.NotIn)):
        return _members(target.comparator, (target, inside))
    return None


def _strings_beside(node: cst.BaseExpression, frame: Frame) -> Iterator[str]:
    """The texts with which an expression is compared, whatever they are."""
    found = _comparison(node, frame)
    if found is None:
        return
    comparison, _ = found
    for side in (comparison.left, comparison.comparisons[0].comparator):
        members = side.elements if isinstance(side, (cst.Tuple, cst.List, cst.Set)) else ()
        for each in (side, *(member.value for member in members)):
            if isinstance(each, cst.SimpleString):
                yield each.raw_value


def _words_beside(file: File, node: cst.BaseExpression, frame: Frame) -> list[Place] | None:
    """The literals of Keras 1 with which an expression is compared: none where it is an argument of Keras.

    ``None`` if there is more to it.
    """
    if frame is not None and _is_order(file, frame):
        file.handled.add(node)
        return []
    return compared_with(node, frame)


def _is_order(file: File, frame: Frame) -> bool:
    """Whether a place is the argument of a callable of Keras for the order of axes."""
    assert frame is not None
    arg = frame[0]
    if not isinstance(arg, cst.Arg) or arg.keyword is None or arg.keyword.value != _ARGUMENT:
        return False
    call = frame[1][0] if frame[1] is not None else None
    return isinstance(call, cst.Call) and all(
        _takes_order(value.symbol) for value in file.values.of(call.func)
    )


def _only_compared(file: File, call: cst.Call, frame: Frame) -> tuple[str | None, list[Place] | None]:
    """A local name that a call is assigned to, and the literals with which it is compared everywhere.

    Only a name of a function that is assigned nowhere else, and is used for nothing else but as an argument
    of Keras.
    """
    nothing = None, None
    if frame is None or not isinstance(frame[0], cst.Assign) or len(frame[0].targets) != 1:
        return nothing
    target = frame[0].targets[0].target
    function = _function_around(frame)
    if function is None or not isinstance(target, cst.Name):
        return nothing
    found: list[Place] = []
    passed: list[cst.Name] = []
    for name, around in _names_within(*function):
        if name is target:
            continue
        if name.value in _LOOKS_AT_LOCALS:
            return nothing
        if name.value != target.value:
            continue
        if around is not None and _is_order(file, around):
            passed.append(name)
            continue
        words = compared_with(name, around)
        if words is None:
            return nothing
        found += words
    file.handled.update(passed)
    return (target.value, found) if found or passed else nothing


def _function_around(frame: Frame) -> Place | None:
    """The function whose local names a statement binds."""
    while frame is not None and not isinstance(frame[0], (cst.FunctionDef, cst.ClassDef)):
        frame = frame[1]
    return frame if frame is not None and isinstance(frame[0], cst.FunctionDef) else None


def _names_within(node: cst.CSTNode, frame: Frame) -> Iterator[tuple[cst.Name, Frame]]:
    """Every name in a node, but those of attributes and keywords, with the nodes around it."""
    if isinstance(node, cst.Name):
        yield node, frame
        return
    skipped = getattr(node, {cst.Attribute: "attr", cst.Arg: "keyword"}.get(type(node), ""), None)
    for child in node.children:
        if child is not skipped:
            yield from _names_within(child, (node, frame))


def _in_string(frame: Frame) -> bool:
    """Whether a place is in an f-string, where braces and quotes mean something else."""
    while frame is not None and not isinstance(frame[0], cst.BaseStatement):
        if isinstance(frame[0], (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            return True
        frame = frame[1]
    return False
