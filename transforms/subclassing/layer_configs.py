"""What a layer's ``get_config`` says of its initializers, regularizers and constraints."""

from __future__ import annotations

from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ...walk import dotted
from ..edits.line_breaks import keep_short
from ..reading.class_bodies import SelfUse, body_of

SERIALIZED_OBJECT = Rule(
    "KM517",
    "serialized-object",
    "Write initializers, regularizers and constraints to a layer's configuration by `serialize`.",
    "Initializers of Keras 1 were functions, of which `get_config` gave the `__name__`. They are objects "
    "now, which have none. What `get_config` of a regularizer or constraint gives does not name its class "
    "any more, so that `get` cannot make one of it. `serialize` gives what `get` takes.",
    before=(
        "from keras import initializations\nfrom keras.layers import Layer\n\n\nclass Mine(Layer):\n"
        "    def __init__(self, init='uniform', **kwargs):\n"
        "        super(Mine, self).__init__(**kwargs)\n        self.init = initializations.get(init)\n\n"
        "    def get_config(self):\n        return {'init': self.init.__name__}\n"
    ),
    after=(
        "from tensorflow.keras import initializers as initializations\n"
        "from tensorflow.keras.layers import Layer\n\n\nclass Mine(Layer):\n"
        "    def __init__(self, init='uniform', **kwargs):\n"
        "        super(Mine, self).__init__(**kwargs)\n        self.init = initializations.get(init)\n\n"
        "    def get_config(self):\n        return {'init': initializations.serialize(self.init)}\n"
    ),
)

TRANSFORM = Transform("layer configurations", SERIALIZED_OBJECT)

_MODULES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}


@TRANSFORM.subclass("keras.layers.Layer")
def serialize(file: File, use: ClassUse) -> None:
    """Serializes what the methods of one class write to a configuration."""
    if not use.standalone:
        return
    for uses in body_of(file.names, use.node).uses.values():
        for each in uses:
            found = _written(file, each)
            if found is not None:
                _serialize(file, each, *found)


def _written(file: File, use: SelfUse) -> tuple[str, cst.BaseExpression, Frame] | None:
    """The kind of object of which a use writes a name or configuration, and all of what it writes."""
    assert use.frame is not None
    attribute, frame = use.frame
    if not isinstance(attribute, cst.Attribute) or frame is None:
        return None
    kinds = file.values.kinds(use.node)
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    if kind == "initializer" and attribute.attr.value == "__name__":
        return kind, attribute, frame
    call, outer = frame
    if kind not in ("regularizer", "constraint") or attribute.attr.value != "get_config" or outer is None:
        return None
    if not isinstance(call, cst.Call) or call.args or file.source.version >= (2, 0):
        return None
    choice = outer[0]
    if isinstance(choice, cst.IfExp) and choice.body is call and _says_whether(choice, dotted(use.node)):
        return kind, choice, outer[1]
    return kind, call, outer


def _says_whether(choice: cst.IfExp, name: str | None) -> bool:
    """Whether a choice is that between an object and ``None``, where there is none."""
    test = choice.test
    if isinstance(test, cst.Comparison) and isinstance(
        test.comparisons[0].operator, (cst.IsNot, cst.NotEqual)
    ):
        test = test.left if dotted(test.comparisons[0].comparator) == "None" else test
    return dotted(test) == name and dotted(choice.orelse) == "None"


def _serialize(file: File, use: SelfUse, kind: str, node: cst.BaseExpression, frame: Frame) -> None:
    """Writes one object by ``serialize``."""
    made = next(value.node for value in file.values.of(use.node))
    reference = (
        file.names.reference(made.func)
        if isinstance(made, cst.Call) and isinstance(made.func, (cst.Name, cst.Attribute))
        else None
    )
    if reference is None:
        return
    attribute = use.node.attr.value
    message = f"`serialize` gives of `{attribute}` what `{_MODULES[kind]}.get` takes"
    symbol = f"keras.{_MODULES[kind]}.serialize"
    if file.report(SERIALIZED_OBJECT, Level.REWRITTEN, node, message, symbol):
        name = file.imports.name_for(f"tensorflow.{symbol}", reference)
        file.edit(node, frame, partial(_call, file, name, use.node))
        keep_short(file, node, frame)


def _call(file: File, name: str, node: cst.BaseExpression, current: cst.BaseExpression) -> cst.BaseExpression:
    """A call of ``serialize``."""
    return cst.Call(cst.parse_expression(name), [cst.Arg(file.current(node))])
