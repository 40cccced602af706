"""How an expression for the name of a file ends: the literal that has its suffix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ...scopes import Frame
from ...transform import File
from ...walk import dotted

_SUFFIX = re.compile(r"\.(?:h5|hdf5|hdf|hd5|H5|HDF5|keras|model|models|tf|ckpt|weights|wts|mdl|dat|bin)$")
"""What people gave files of models as a suffix."""

_DEEPEST = 5
"""How many names are followed at most."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The literal at the end of the name of a file.

    Attributes:
        node: a literal, or the last part of an f-string.
        text: its text.
    """

    node: cst.SimpleString | cst.FormattedStringText
    text: str

    @property
    def suffix(self) -> str:
        """Its suffix with the dot; empty where it has none."""
        match = _SUFFIX.search(self.text)
        return match[0] if match else ""

    def with_suffix(self, suffix: str) -> str:
        """The text with another suffix in place of its own."""
        return f"{self.text.removesuffix(self.suffix)}{suffix}"


def endings(file: File, node: cst.BaseExpression, depth: int = 0) -> list[Ending] | None:
    """Every way in which the name that an expression gives can end; ``None`` where that is not known."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, cst.SimpleString):
        return [Ending(node, str(node.raw_value))] if node.raw_value else None
    if isinstance(node, cst.ConcatenatedString):
        return endings(file, node.right, depth)
    if isinstance(node, cst.FormattedString):
        last = node.parts[-1] if node.parts else None
        return [Ending(last, last.value)] if isinstance(last, cst.FormattedStringText) else None
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, (cst.Add, cst.Divide)):
            return endings(file, node.right, depth)
        return _formatted(file, node.left, depth) if isinstance(node.operator, cst.Modulo) else None
    if isinstance(node, cst.IfExp):
        body, orelse = endings(file, node.body, depth), endings(file, node.orelse, depth)
        return None if body is None or orelse is None else body + orelse
    if isinstance(node, cst.Call):
        return _called(file, node, depth)
    if isinstance(node, (cst.Name, cst.Attribute)):
        return _named(file, node, depth)
    return None


def _called(file: File, node: cst.Call, depth: int) -> list[Ending] | None:
    """The endings of what ``format``, ``os.path.join`` and ``str`` give."""
    if isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
        return _formatted(file, node.func.value, depth)
    if (dotted(node.func) or "").rpartition(".")[2] in ("join", "joinpath", "Path", "str") and node.args:
        last = node.args[-1]
        return None if last.star or last.keyword is not None else endings(file, last.value, depth)
    return None


def _formatted(file: File, node: cst.BaseExpression, depth: int) -> list[Ending] | None:
    """The endings of a text that is filled in; ``None`` where it ends in what is filled in."""
    found = endings(file, node, depth)
    known = found is not None and not any(each.text.endswith(("}", "%s", "%d")) for each in found)
    return found if known else None


def _named(file: File, node: cst.Name | cst.Attribute, depth: int) -> list[Ending] | None:
    """The endings of what a name is assigned, if that is all that it is."""
    reference = file.names.reference(node)
    if reference is None:
        return None
    if isinstance(node, cst.Attribute):
        if reference.attributes[:-1] or reference.root.value != "self":
            return None
        given = [each for _, each, _ in file.names.stores.get(node.attr.value, ())]
    else:
        bindings = file.names.bindings(reference)
        if any(binding.given is None for binding in bindings):
            return None
        given = [binding.given for binding in bindings if binding.given is not None]
    found: list[Ending] = []
    for each in given:
        value = each.node.default if isinstance(each.node, cst.Param) else each.node
        plain = not each.path and each.how in ("value", "parameter") and isinstance(value, cst.BaseExpression)
        part = endings(file, value, depth + 1) if plain else None  # type: ignore[arg-type]
        if part is None:
            return None
        found += part
    return found or None


def frames(module: cst.Module) -> dict[cst.CSTNode, Frame]:
    """The nodes around every literal of a module that can be a name."""
    return dict(_frames(module, None))


def _frames(node: cst.CSTNode, frame: Frame) -> Iterator[tuple[cst.CSTNode, Frame]]:
    if isinstance(node, (cst.SimpleString, cst.FormattedStringText)):
        yield node, frame
        return
    for child in node.children:
        yield from _frames(child, (node, frame))
