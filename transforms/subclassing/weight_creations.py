"""How Keras 1 and 2 made the variables of a layer, and the ``add_weight`` call that makes the same one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from ...scopes import Reference
from ...transform import File
from ...walk import dotted
from ..edits.argument_layout import keyword

_FILLED = {
    "keras.backend.zeros": "zeros",
    "keras.backend.ones": "ones",
    "numpy.zeros": "zeros",
    "numpy.ones": "ones",
    "np.zeros": "zeros",
    "np.ones": "ones",
}
"""Functions that fill a shape, and the initializer that does the same."""

_RANDOM = ("keras.backend.random_normal_variable", "keras.backend.random_uniform_variable")
"""Functions that make a variable of random values."""

_PLAIN = (cst.Name, cst.Attribute, cst.Integer, cst.Float)
"""Expressions that can be written twice."""


@dataclass(frozen=True, slots=True)
class Creation:
    """One expression that makes a variable.

    Attributes:
        node: the expression.
        shape: the shape that it is made with; ``None`` where it takes that of its value.
        initializer: the callee or string that fills it; ``None`` where it is made from a value.
        value: what it is made from, where that is not an initializer.
        name: the name that it is given, if it is given one.
        dtype: the type that it is given, if it is given one.
        backend: the reference to the backend function that makes it, if one does.
    """

    node: cst.Call
    shape: cst.BaseExpression | None = None
    initializer: cst.BaseExpression | None = None
    value: cst.BaseExpression | None = None
    name: cst.BaseExpression | None = None
    dtype: cst.BaseExpression | None = None
    backend: Reference | None = None

    @property
    def hoisted(self) -> bool:
        """Whether its value has to be kept under a name of its own, because it is needed twice."""
        return self.value is not None and not isinstance(self.value, _PLAIN)

    def edited(self, file: File) -> Creation:
        """The same with the edits made that were asked for in it; to be asked for while edits are made."""
        parts = ("shape", "initializer", "value", "name", "dtype")
        given = {part: node for part in parts if (node := getattr(self, part)) is not None}
        return replace(self, **{part: file.current(node) for part, node in given.items()})

    def call(
        self, receiver: str, attribute: str, *, trainable: bool, constant: str = "", shape: str = ""
    ) -> cst.Call:
        """The call of ``add_weight`` that makes the same variable.

        Args:
            receiver: what the method calls its instance.
            attribute: where the variable is stored, its name where it has none.
            trainable: whether it is trained.
            constant: how the code reaches the initializer ``Constant``.
            shape: the code of the shape of its value.
        """
        name = self.name or cst.SimpleString(repr(attribute))
        initializer = self.initializer
        if initializer is None:
            value = cst.Name(attribute) if self.hoisted else self.value
            assert value is not None
            initializer = cst.Call(cst.parse_expression(constant), [cst.Arg(value)])
        parts = [
            ("name", name),
            ("shape", self.shape or cst.parse_expression(shape)),
            ("dtype", self.dtype),
            ("initializer", initializer),
            ("trainable", None if trainable else cst.Name("False")),
        ]
        args = [keyword(key, value) for key, value in parts if value is not None]
        return cst.Call(cst.Attribute(cst.Name(receiver), cst.Name("add_weight")), args)


def creation(file: File, node: cst.BaseExpression) -> Creation | None:
    """How an expression makes a variable, where ``add_weight`` can make the same one."""
    if not isinstance(node, cst.Call) or any(arg.star for arg in node.args):
        return None
    symbol = _function(file, node)
    if symbol == "keras.backend.variable":
        given = _arguments(node, ("value", "dtype", "name"))
        return None if given is None or "value" not in given else _from_value(file, node, given)
    if symbol in ("keras.backend.zeros", "keras.backend.ones"):
        given = _arguments(node, ("shape", "dtype", "name"))
        return None if given is None or "shape" not in given else _filled(file, node, given, _FILLED[symbol])
    if symbol in _RANDOM:
        return Creation(node, value=node, backend=_reference(file, node))
    if _is_initializer(file, node.func):
        given = _arguments(node, ("shape", "name"))
        if given is not None and "shape" in given:
            return Creation(node, given["shape"], node.func, name=given.get("name"))
    return None


def _from_value(file: File, node: cst.Call, given: dict[str, cst.BaseExpression]) -> Creation:
    """``K.variable(value)``: from an initializer, a filled array, or any other value."""
    value = given["value"]
    named = {"name": given.get("name"), "dtype": given.get("dtype"), "backend": _reference(file, node)}
    if isinstance(value, cst.Call) and not any(arg.star for arg in value.args):
        inner = _arguments(value, ("shape", "dtype"))
        filled = _FILLED.get(_function(file, value))
        if inner is not None and "shape" in inner and (filled or "dtype" not in inner):
            if filled is not None:
                return Creation(node, _tuple(inner["shape"]), _text(filled), **named)  # type: ignore[arg-type]
            if _is_initializer(file, value.func):
                return Creation(node, inner["shape"], value.func, **named)  # type: ignore[arg-type]
    return Creation(node, value=value, **named)  # type: ignore[arg-type]


def _filled(file: File, node: cst.Call, given: dict[str, cst.BaseExpression], initializer: str) -> Creation:
    """``K.zeros(shape)``."""
    return Creation(
        node,
        _tuple(given["shape"]),
        _text(initializer),
        name=given.get("name"),
        dtype=given.get("dtype"),
        backend=_reference(file, node),
    )


def _text(word: str) -> cst.SimpleString:
    return cst.SimpleString(repr(word))


def _tuple(shape: cst.BaseExpression) -> cst.BaseExpression:
    """A shape as a tuple, where it is written as a number."""
    if isinstance(shape, cst.Integer):
        return cst.Tuple([cst.Element(shape.with_changes(lpar=(), rpar=()), comma=cst.Comma())])
    return shape


def _arguments(call: cst.Call, slots: tuple[str, ...]) -> dict[str, cst.BaseExpression] | None:
    """The arguments of a call by name; ``None`` where it has others."""
    found: dict[str, cst.BaseExpression] = {}
    for index, arg in enumerate(call.args):
        if arg.keyword is not None:
            name = arg.keyword.value
        elif index < len(slots):
            name = slots[index]
        else:
            return None
        if name not in slots:
            return None
        found[name] = arg.value
    return found


def _function(file: File, call: cst.Call) -> str:
    """The canonical name of what is called, where that is a function of Keras; of numpy as it is written."""
    symbols = {value.symbol for value in file.values.of(call.func)}
    if len(symbols) == 1 and (symbol := symbols.pop()):
        return symbol
    return dotted(call.func) or ""


def _reference(file: File, call: cst.Call) -> Reference | None:
    assert isinstance(call.func, (cst.Name, cst.Attribute))
    return file.names.reference(call.func)


def _is_initializer(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression is an initializer: by what it is, or by what it is called."""
    if file.values.is_(node, "initializer"):
        return True
    name = (dotted(node) or "").rpartition(".")[2]
    own = isinstance(node, cst.Attribute) and (name == "init" or name.endswith(("_init", "initializer")))
    return own and file.values.kinds(node) <= {"", "initializer"}
