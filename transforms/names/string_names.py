"""Strings that name modules and symbols of Keras, for code that finds them by these names.

`keras` is installed beside TensorFlow. A name that stays is found, then, and can be another thing than
what the migrated code uses: a test that mocks `keras.models.load_model` runs, and mocks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import libcst as cst

from ...catalog import for_target, moves
from ...findings import Level, Rule
from ...quoted import gives_root
from ...scopes import Frame, around
from ...transform import File, StringUse, Transform
from ...walk import dotted
from ..tables import load
from .symbols import module_of, split, successor, was_module

NAMED_IN_STRING = Rule(
    "KM117",
    "named-in-string",
    "Name Keras in strings as the code is to find it.",
    "What `mock.patch`, `importlib.import_module`, `pytest.importorskip` and the like are given, and what is "
    "looked up in `sys.modules`. `keras` is installed beside TensorFlow, so that an old name is found, and "
    "is not what the migrated code uses: a mock in its place has no effect, and nothing says so.",
    before=(
        "from unittest import mock\n\nfrom keras.models import Sequential\n\n"
        "with mock.patch('keras.models.Sequential.fit') as fit:\n    Sequential().fit(1, 2)\n"
        "fit.assert_called_once()\n"
    ),
    after=(
        "from unittest import mock\n\nfrom tensorflow.keras.models import Sequential\n\n"
        "with mock.patch('tensorflow.keras.models.Sequential.fit') as fit:\n    Sequential().fit(1, 2)\n"
        "fit.assert_called_once()\n"
    ),
)
UNSETTLED_NAME = Rule(
    "KM118",
    "unsettled-name",
    "Report a name of Keras that the code finds when it runs, where it may not be found.",
    "A string that names something that is gone, or of which it cannot be told who reads it; a name that is "
    "put together or comes from elsewhere (`getattr(keras.layers, name)`); the text that a class has for "
    "itself (`<class 'keras.models.Sequential'>`), which is another one in each release.",
    before="import keras\n\n\ndef optimizer(name):\n    return getattr(keras.optimizers, name)()\n",
)

TRANSFORM = Transform("string names", NAMED_IN_STRING, UNSETTLED_NAME)

_ROOT = r"keras(?:_applications|_preprocessing)?"
_WANTED = re.compile(rf"""['"](?:[\w.]+\.)?{_ROOT}(?:\.\w+)*(?:\.(?:%s|\{{\w*\}})?)?['"]|<class 'keras\.""")
_OPEN_END = re.compile(r"\.(?:%s|\{\w*\})?$")
"""The end of a name of which the rest follows when the code runs."""
_CLASS_TEXT = re.compile(r"<class '(keras(?:\.\w+)+)'>")
_OF_KERAS_ITSELF = re.compile(r"\.backend\.\w+$|\.(?:get|serialize|deserialize)$")
"""Functions that Keras' own code calls, by the modules in which it has them."""


@TRANSFORM.strings(_WANTED)
def settle(file: File, strings: Sequence[StringUse]) -> None:
    """Rewrites the strings whose readers are known, and reports those that look like names."""
    annotations = {each.node for each in file.names.quoted}
    for use in strings:
        text = str(use.node.raw_value)
        if use.node in annotations or "b" in use.node.prefix.lower():
            continue
        shown = _CLASS_TEXT.fullmatch(text)
        if shown is not None:
            _class_text(file, use, shown[1])
            continue
        reader = _reader(use)
        open_end = _OPEN_END.search(text)
        name = text if open_end is None else text[: open_end.start()]
        old = moves.normalise(name)
        if old is None:
            if reader == "patched":
                _through_project(file, use, text)
        elif open_end is not None:
            if reader in ("module", "name"):
                _open(file, use, name, old)
        elif name.startswith("tensorflow.keras") and name in for_target(file.target):
            continue
        elif reader in ("module", "package"):
            _module(file, use, text, old, reader)
        elif reader in ("in modules", "of modules"):
            _loaded(file, use, text, old, reader)
        elif reader in ("name", "patched"):
            _name(file, use, text, old, reader)
        elif reader == "modules":
            message = (
                f"the code imports `tensorflow` in the place of `{text}`: what is put or looked up here is "
                "what other packages import"
            )
            file.report(UNSETTLED_NAME, Level.REVIEW, use.node, message, old)
        elif reader == "distribution":
            message = (
                f"what is installed as `{text}` came with TensorFlow {file.target.release}: ask for "
                "`tensorflow`, and look at what its version is compared with"
            )
            file.report(UNSETTLED_NAME, Level.REVIEW, use.node, message, old)
        elif reader == "module name":
            message = f"modules of Keras have other names of their own in each release: `{text}` is none"
            level = Level.MANUAL if old.count(".") or file.target.legacy else Level.REVIEW
            file.report(UNSETTLED_NAME, level, use.node, f"{message}. Compare with `isinstance`", old)
        elif reader == "unknown":
            _unknown(file, use, text, old)


def _module(file: File, use: StringUse, text: str, old: str, reader: str) -> None:
    """The name of a module that something loads, or looks up."""
    if reader == "package" and old == "keras":
        message = f"`{text}` is part of `tensorflow`, which has to be there"
        _rewrite(file, use, Level.REWRITTEN, message, text, "tensorflow")
        return
    new = module_of(old, file.target)
    if new is None:
        file.report(UNSETTLED_NAME, Level.MANUAL, use.node, successor(old, file.target).message, old)
        return
    message, level = f"`{text}` is `{new}`", Level.REWRITTEN
    if moves.destination(old, file.target) != new:
        message = f"`{text}` is gone, and `{new}` has most of what it had: look at what is used of it"
        level = Level.REVIEW
    if _rewrite(file, use, level, message, text, new):
        _keep_root(file, use, old)


def _keep_root(file: File, use: StringUse, old: str) -> None:
    """Takes `keras` from `tensorflow` where the package at the root is what a call gives."""
    frame = use.frame[1] if use.frame is not None else None
    call = frame[0] if frame is not None else None
    if frame is not None and isinstance(call, cst.Call) and gives_root(call) and old.startswith("keras"):
        file.edit(call, frame[1], lambda node: cst.Attribute(node, cst.Name("keras")))


def _loaded(file: File, use: StringUse, text: str, old: str, reader: str) -> None:
    """The name of a module that is looked up in `sys.modules`.

    `tensorflow.keras` is there only where something imports it by that name; `from tensorflow import keras`
    does not put it there. `tensorflow` always is.
    """
    new = module_of(old, file.target)
    if new is None:
        file.report(UNSETTLED_NAME, Level.MANUAL, use.node, successor(old, file.target).message, old)
        return
    message = f"`{text}` is `{new}`, and `tensorflow` is what is loaded"
    if not _rewrite(file, use, Level.REWRITTEN, message, text, "tensorflow") or reader == "in modules":
        return
    frame = use.frame
    while frame is not None and not isinstance(frame[0], cst.Subscript):
        frame = frame[1]
    assert frame is not None

    def taken(node: cst.BaseExpression) -> cst.BaseExpression:
        for part in new.split(".")[1:]:
            node = cst.Attribute(node, cst.Name(part))
        return node

    file.edit(*frame, taken)


def _name(file: File, use: StringUse, text: str, old: str, reader: str) -> None:
    """The dotted name of anything, which something looks up or replaces."""
    found = successor(old, file.target)
    if found.path is None:
        file.report(UNSETTLED_NAME, Level.MANUAL, use.node, found.message, old)
        return
    message, level = found.message, found.level
    if reader == "patched" and was_module(old.rpartition(".")[0]):
        message, level = f"{message}. {patch_note(found.path)}", Level.REVIEW
    _rewrite(file, use, level, message, text, found.path)


def patch_note(path: str) -> str:
    """What is to be said where a test puts something in the place of a name in a module of Keras.

    Measured on TensorFlow 2.15.1 and 2.21.0 with Python 3.11: after `from tensorflow import keras`, or
    `from tensorflow.keras import models`, `import tensorflow.keras.models` makes another module of the same
    content, and `mock.patch` imports what it is given.
    """
    if _OF_KERAS_ITSELF.search(path):
        return "Keras' own code does not look there, only code that says the same: see that it is enough"
    module, _, name = path.rpartition(".")
    leaf = module.rpartition(".")[2]
    return (
        f"`import {module}` and `from tensorflow import keras` can give two copies of a module, and the mock "
        "is in one: see that it is called, or put it where the code has the module, "
        f"`'my_module.{leaf}.{name}'`"
    )


def _through_project(file: File, use: StringUse, text: str) -> None:
    """A name in a module of the project, `pkg.nets.keras.layers.Dense`."""
    whole = file.names.reexported(text)
    new = None if whole is None else successor(whole, file.target).path
    parts = text.split(".")
    for end in range(len(parts) - 1, 0, -1) if new is not None else ():
        begin = ".".join(parts[:end])
        real = file.names.reexported(begin)
        home = None if real is None else moves.destination(real, file.target)
        if home is not None and new is not None and new.startswith(home + "."):
            named = begin + new[len(home) :]
            _rewrite(file, use, Level.REWRITTEN, f"`{text}` is `{named}`", text, named)
            return


def _open(file: File, use: StringUse, text: str, old: str) -> None:
    """The beginning of a name, of which the rest follows when the code runs."""
    new = module_of(old, file.target)
    if new is None:
        file.report(UNSETTLED_NAME, Level.MANUAL, use.node, successor(old, file.target).message, old)
        return
    message = f"`{text}.…` is `{new}.…`: see that it has each name that can follow"
    _rewrite(file, use, Level.REVIEW, message, text, new)


def _unknown(file: File, use: StringUse, text: str, old: str) -> None:
    """A string that is surely the name of something in Keras, read by who knows whom."""
    symbol, rest = split(old)
    if rest or "." not in old or not moves.known(symbol):
        return
    found = successor(old, file.target)
    message = found.message if found.path is None else f"`{text}` is `{found.path}`"
    file.report(
        UNSETTLED_NAME, Level.REVIEW, use.node, f"{message}: change it if something is found by it", old
    )


def _class_text(file: File, use: StringUse, old: str) -> None:
    """What `str` gives for a class."""
    found = successor(old, file.target)
    symbol = None if found.path is None else for_target(file.target).get(found.path)
    now = f"`<class '{symbol.name}'>`" if symbol is not None and symbol.name else "another text"
    compared = any(isinstance(node, cst.Comparison) for node in around(use.frame))
    message = (
        f"the text of the class is {now} on TensorFlow {file.target}: use `isinstance`, or the class's "
        "`__name__`"
    )
    file.report(UNSETTLED_NAME, Level.MANUAL if compared else Level.REVIEW, use.node, message, old)


def _rewrite(file: File, use: StringUse, level: Level, message: str, text: str, new: str) -> bool:
    """Puts another name into a string; says whether it does."""
    symbol = moves.normalise(text) or text
    if new == text or not file.report(NAMED_IN_STRING, level, use.node, message, symbol):
        return False
    file.edit(use.node, use.frame, lambda node: node.with_changes(value=node.value.replace(text, new, 1)))
    return True


@cache
def _readers() -> Mapping[str, str]:
    return {
        name: entry["reads"] for entry in load("names/strings.toml")["function"] for name in entry["names"]
    }


def reader_of(call: cst.Call) -> str:
    """What a call does with a string that it is given first; ``unknown`` for most."""
    name = dotted(call.func) or ""
    if not name and isinstance(call.func, cst.Attribute):
        name = call.func.attr.value
    last, leaf = ".".join(name.split(".")[-2:]), name.rpartition(".")[2]
    if last in ("modules.get", "modules.pop", "modules.setdefault"):
        return "modules"
    return _readers().get(last, _readers().get(leaf, "unknown"))


_FIRST = ("name", "target", "modname", "fullname", "import_name", "dist")
"""What functions call their first argument."""


def _reader(use: StringUse) -> str:
    """What reads a string: one of the table, or

    ``in modules``, ``of modules``: whether ``sys.modules`` has it, and what it has there; ``modules``:
    something else is done there; ``module name``: it is compared with what a class says of its module;
    ``unknown``.
    """
    if any(isinstance(node, cst.Expr) and node.value is use.node for node in around(use.frame)):
        return "nothing"
    frame = _whole_name(use)
    node, outer = frame[0] if frame is not None else None, frame[1] if frame is not None else None
    if isinstance(node, cst.Arg) and outer is not None and isinstance(outer[0], cst.Call):
        call = outer[0]
        first = call.args[0] is node if node.keyword is None else node.keyword.value in _FIRST
        reader = reader_of(call)
        if _is_module_name(call.func):
            return "module name"
        if first or reader == "nothing":
            return reader
    if any(isinstance(each, cst.Call) and reader_of(each) == "nothing" for each in around(frame)):
        return "nothing"
    if isinstance(node, (cst.Comparison, cst.ComparisonTarget)):
        return _compared(use, frame)
    if isinstance(node, (cst.Index, cst.DictElement)):
        return _key(node, use, frame)
    inside = [each for each in around(frame) if isinstance(each, (cst.Annotation, cst.Subscript))]
    literal = any(isinstance(each, cst.Subscript) and _leaf(each.value) == "Literal" for each in inside)
    return "name" if not literal and any(isinstance(each, cst.Annotation) for each in inside) else "unknown"


def _whole_name(use: StringUse) -> Frame:
    """The nodes around a string, or around the expression that makes a name of it and what follows."""
    frame = use.frame
    node: cst.CSTNode = use.node
    while frame is not None:
        outer = frame[0]
        begins = isinstance(outer, cst.BinaryOperation) and outer.left is node
        formats = isinstance(outer, cst.Attribute) and outer.attr.value == "format"
        called = isinstance(outer, cst.Call) and outer.func is node and isinstance(node, cst.Attribute)
        if not (begins or formats or called):
            break
        node, frame = outer, frame[1]
    return frame


def _compared(use: StringUse, frame: Frame) -> str:
    """What reads a string that is compared with something."""
    comparison = next((each for each in around(frame) if isinstance(each, cst.Comparison)), None)
    if comparison is None:
        return "unknown"
    sides = [comparison.left, *(each.comparator for each in comparison.comparisons)]
    if any(_is_modules(side) for side in sides):
        return "in modules"
    return "module name" if any(_leaf(side) == "__module__" for side in sides) else "unknown"


def _key(node: cst.CSTNode, use: StringUse, frame: Frame) -> str:
    """What reads a string that is a key."""
    nodes = [*around(frame)]
    if isinstance(node, cst.DictElement):
        call = next((each for each in nodes if isinstance(each, cst.Call)), None)
        given = call.args[0].value if call is not None and len(call.args) > 1 else None
        modules = given is not None and (
            _is_modules(given) or (isinstance(given, cst.SimpleString) and given.raw_value == "sys.modules")
        )
        return "modules" if modules and node.key is use.node else "unknown"
    owner = next((each for each in nodes if isinstance(each, cst.Subscript)), None)
    if owner is None or not _is_modules(owner.value):
        return "unknown"
    above = nodes[nodes.index(owner) + 1]
    stored = isinstance(above, (cst.AssignTarget, cst.Del)) and getattr(above, "target", None) is owner
    return "modules" if stored else "of modules"


def _is_modules(node: cst.BaseExpression) -> bool:
    return dotted(node) in ("sys.modules", "_sys.modules")


def _is_module_name(function: cst.BaseExpression) -> bool:
    """Whether a function is a method of the name of a module: ``type(x).__module__.startswith``."""
    return isinstance(function, cst.Attribute) and _leaf(function.value) == "__module__"


def _leaf(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
