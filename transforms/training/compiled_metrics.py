"""Under which names the metrics of a program were logged, and are.

Keras up to 2.2 logged a metric under the name of the function that it stood for: 'accuracy' and 'acc' both as
``acc``, 'mse' as ``mean_squared_error``. Since 2.3 it is the name that ``metrics=`` has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import libcst as cst

from ...scopes import Frame
from ...target import Target
from ...transform import File
from ...values import FUNCTION
from ...walk import dotted
from ..tables import load
from .identifiers import arguments_of_compile, crossentropy, entry_for


class Metric(NamedTuple):
    """A metric that a model is compiled with.

    Attributes:
        name: the string that is given for it, or the name of the function.
        string: whether it is given as a string.
        output: the output that it is for, where that is said.
        written: what is written for it in the target, where that depends on the loss.
    """

    name: str
    string: bool
    output: str = ""
    written: str = ""


def logged(metric: Metric, target: Target) -> tuple[str, str]:
    """The name under which Keras up to 2.2 logged a metric, and the one under which the target does."""
    table = load("training/metric_names.toml")
    if not metric.string:
        old, new = table["functions"].get(metric.name, (metric.name, metric.name))
        return str(old), str(new)
    entry = entry_for("metric", metric.name, "2.2", target)
    new = entry.get("new") or metric.written or metric.name if entry is not None else metric.name
    return str(table["logged"].get(metric.name, metric.name)), str(new)


def changed_names() -> tuple[str, ...]:
    """The names in old logs that can be others in those of a target, longest first."""
    table = load("training/metric_names.toml")
    changed = {*table["logged"].values(), *(old for old, new in table["functions"].values() if old != new)}
    return tuple(sorted(changed, key=lambda name: (-len(name), name)))


def metrics_of_file(file: File, until: int | None = None) -> tuple[Metric, ...]:
    """The metrics that a file itself compiles models with, as far as they can be told.

    Args:
        file: the file.
        until: the number of a statement of the module; what surely runs after it is left out.
    """
    found: dict[Metric, None] = {}
    for node, frame, scope in file.names.attributes:
        if node.attr.value != "compile" or frame is None or not isinstance(frame[0], cst.Call):
            continue
        if until is not None and scope.kind == "module" and statement_number(file, frame) > until:
            continue
        if frame[0].func is node:
            for name, value, _ in arguments_of_compile(frame[0], frame[1]):
                if name in ("metrics", "weighted_metrics"):
                    for metric in metrics_given(file, value):
                        found[metric._replace(written=crossentropy(metric.name, frame[0]) or "")] = None
    return tuple(found) or tuple(_parsed(metrics_in(file.code.encode())))


def statement_number(file: File, frame: Frame) -> int:
    """Which statement of the module what has these nodes around it is part of, counted from 0."""
    node: cst.CSTNode = file.module
    while frame is not None and frame[1] is not None:
        node, frame = frame
    return next((at for at, each in enumerate(file.module.body) if each is node), -1)


def metrics_nearby(file: File) -> Iterator[tuple[Metric, ...]]:
    """The metrics that the files around compile models with, those of nearer folders first."""
    for facts in file.nearby(metrics_in):
        yield tuple(_parsed(facts))


_WRITTEN = re.compile(rb"\bmetrics\s*=\s*([\[({])", re.IGNORECASE)
_STRING = re.compile(rb"""(['"])(\w+)\1(\s*:)?""")
_FUNCTION = re.compile(rb"(?<![\w.'\"])([A-Za-z_][\w.]*)\b(?!\s*[(\w.:'\"])")
_LONGEST = 500
"""How many bytes a list of metrics has at most."""


def metrics_in(data: bytes) -> tuple[str, ...]:
    """The metrics in the text of a file, wherever it has ``metrics=[…]`` or ``metrics={…}``.

    Returns:
        One text for each: its output, a colon, its name, with quotes where it is a string.
    """
    if b"metrics" not in data or b"compile" not in data:
        return ()
    found: dict[str, None] = {}
    for match in _WRITTEN.finditer(data):
        text = _bracketed(data, match.start(1))
        output = b""
        strings = list(_STRING.finditer(text))
        for string in strings:
            if string[3]:
                output = string[2]
            else:
                found[f"{output.decode()}:'{string[2].decode()}'"] = None
        for function in _FUNCTION.finditer(_STRING.sub(b"''", text)):
            found[f":{function[1].decode().rpartition('.')[2]}"] = None
    return tuple(found)


def _bracketed(data: bytes, start: int) -> bytes:
    """What stands between a bracket and the one that closes it."""
    depth = 0
    for index in range(start, min(start + _LONGEST, len(data))):
        byte = data[index : index + 1]
        if byte in b"[({":
            depth += 1
        elif byte in b"])}":
            depth -= 1
            if depth == 0:
                return data[start + 1 : index]
    return b""


def _parsed(facts: Iterable[str]) -> Iterator[Metric]:
    for fact in facts:
        output, _, name = fact.partition(":")
        yield Metric(name.strip("'"), name.startswith("'"), output)


def metrics_given(file: File, node: cst.BaseExpression, output: str = "") -> Iterator[Metric]:
    """The metrics in an argument of ``compile``, as far as they can be told.

    Args:
        file: the file.
        node: a string, function, list or dictionary.
        output: the output that they are for, where that is known.
    """
    if isinstance(node, cst.SimpleString):
        yield Metric(str(node.raw_value), True, output)
    elif isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield from metrics_given(file, element.value, output)
    elif isinstance(node, cst.Dict):
        for member in node.elements:
            key = member.key if isinstance(member, cst.DictElement) else None
            named = str(key.raw_value) if isinstance(key, cst.SimpleString) else ""
            yield from metrics_given(file, member.value, named)
    elif isinstance(node, (cst.Name, cst.Attribute)):
        for value in file.values.of(node):
            if isinstance(value.node, (cst.SimpleString, cst.List, cst.Tuple, cst.Dict)):
                yield from metrics_given(file, value.node, output)
            elif value.kind == FUNCTION and isinstance(value.node, cst.FunctionDef):
                yield Metric(value.node.name.value, False, output)
            elif value.kind == FUNCTION and value.symbol:
                yield Metric(value.symbol.rpartition(".")[2], False, output)
            elif not value.kind and file.names.reference(node) is not None:
                yield Metric((dotted(node) or "").rpartition(".")[2], False, output)
