"""Code in strings and comments: annotations as text, and the names of modules that calls load."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from keras_migrate.scopes import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An expression and the part of a text that it was read from."""

    start: int
    end: int
    expression: cst.BaseExpression


@dataclass(frozen=True, slots=True, eq=False)
class Quoted:
    """A string or comment that holds expressions.

    Attributes:
        node: the string or comment.
        parts: the expressions, with their places in its text.
    """

    node: cst.SimpleString | cst.Comment
    parts: tuple[Part, ...]

    def written(self, expressions: Iterable[cst.CSTNode]) -> str:
        """The text with other expressions in the places of these."""
        text, at = self.node.value, 0
        pieces: list[str] = []
        for part, expression in zip(self.parts, expressions, strict=True):
            pieces += (text[at : part.start], cst.Module([]).code_for_node(expression))
            at = part.end
        return "".join((*pieces, text[at:]))


_SIMPLE = re.compile(r"""(?P<quotes>'''|\"""|'|")(?P<text>[^\\\n]+)(?P=quotes)""")
_NAME = re.compile(r"[A-Za-z_]")
_TYPE_COMMENT = re.compile(r"#\s*type:\s*(?!ignore\b)(?P<text>[^#]*[^#\s])")
_SIGNATURE = re.compile(r"\((?P<parameters>.*)\)\s*->\s*(?P<returns>.+)")


def annotation_in_string(node: cst.SimpleString, frame: Frame, *, expected: bool) -> Quoted | None:
    """The annotation that a string is; ``None`` where it is none.

    Args:
        node: the string.
        frame: the nodes around it.
        expected: whether it stands in an annotation.
    """
    if not (expected or _is_type_argument(frame)):
        return None
    match = _SIMPLE.fullmatch(node.value)
    part = None if match is None else _part(node.value, *match.span("text"))
    return None if part is None else Quoted(node, (part,))


def annotations_in_comment(node: cst.Comment) -> Quoted | None:
    """The annotations of a type comment: that of a name, or those of a function's parameters and result."""
    match = _TYPE_COMMENT.match(node.value)
    if match is None:
        return None
    start, end = match.span("text")
    signature = _SIGNATURE.fullmatch(node.value, start, end)
    if signature is None:
        part = _part(node.value, start, end)
        return None if part is None else Quoted(node, (part,))
    spans = [signature.span("parameters"), signature.span("returns")]
    parts = [_part(node.value, *span) for span in spans if node.value[slice(*span)].strip(" .")]
    found = tuple(part for part in parts if part is not None)
    return Quoted(node, found) if found and len(found) == len(parts) else None


def loaded_module(call: cst.BaseExpression) -> str | None:
    """The module that a call loads and gives by a name that is written out, or what is taken from it.

    Args:
        call: ``importlib.import_module('keras.layers')``, ``__import__('keras.layers').layers``.
    Returns:
        A dotted name; ``None`` for other expressions.
    """
    if isinstance(call, cst.Attribute):
        module = loaded_module(call.value)
        return f"{module}.{call.attr.value}" if module else None
    if not isinstance(call, cst.Call):
        return None
    function = _leaf(call.func)
    if function not in ("import_module", "__import__", "importorskip") or not call.args:
        return None
    first = call.args[0]
    if first.keyword is not None or first.star or not isinstance(first.value, cst.SimpleString):
        return None
    name = first.value.raw_value
    if gives_root(call):
        name = name.partition(".")[0]
    return None if name.startswith(".") else str(name)


def gives_root(call: cst.Call) -> bool:
    """Whether a call that loads a module gives the package at its root: ``__import__('keras.layers')``."""
    listed = len(call.args) > 3 or any(_keyword(each) == "fromlist" for each in call.args)
    return _leaf(call.func) == "__import__" and not listed


def _part(text: str, start: int, end: int) -> Part | None:
    if _NAME.search(text, start, end) is None:
        return None
    try:
        return Part(start, end, cst.parse_expression(text[start:end]))
    except (cst.ParserSyntaxError, RecursionError):
        return None


def _is_type_argument(frame: Frame) -> bool:
    """Whether a string is the type in ``cast('Model', x)`` or ``TypeVar('T', bound='Model')``."""
    if frame is None or frame[1] is None:
        return False
    argument, call = frame[0], frame[1][0]
    if not isinstance(argument, cst.Arg) or not isinstance(call, cst.Call):
        return False
    if _keyword(argument) == "bound":
        return _leaf(call.func) == "TypeVar"
    return call.args[0] is argument and len(call.args) == 2 and _leaf(call.func) == "cast"


def _keyword(argument: cst.Arg) -> str:
    return argument.keyword.value if argument.keyword is not None else ""


def _leaf(function: cst.BaseExpression) -> str:
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""
