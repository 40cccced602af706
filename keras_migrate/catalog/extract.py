# ruff: noqa: UP006, UP035, UP045, B905
"""Reads off an installed Keras or TensorFlow what it really offers, and writes it down as one table.

The module stands alone and runs under the interpreters that old releases need (Python 3.6 and newer), so it
is either ``python -m keras_migrate.catalog.extract OUT.json.gz`` or a plain script there. Nothing is looked
up in documentation: modules are imported, objects compared by identity, signatures inspected, and the
keywords that hide behind ``**kwargs`` are found by reading the constructors' sources and then by constructing
objects with them.

One table holds, relative to the package's root:

- ``modules``: dotted path → whether it can be imported, its members (name → number of the object, -1 for a
  plain value) and, where it differs from all public members, what ``import *`` gives; a module that can be
  imported but is no attribute of its parent is not among the parent's members;
- ``objects``: kind, real name, signature number, for classes the real names of the bases;
- ``classes``: real name → the methods and attributes that the class itself defines;
- ``signatures``: ``p`` parameters as text, ``k`` extra keywords, ``i`` ignored and ``r`` refused ones, and
  what becomes of all others where they are not refused: ``o`` accepted or not known, ``s`` swallowed.

Beside the table of a TensorFlow goes one of the names that it has outside Keras: ``names`` by module, and
``same``, the modules that have the same names as another. Beside the table of ``tf_keras`` goes one of what
changes in that list with ``TF_USE_LEGACY_KERAS=1``: its ``roots`` are the modules that are replaced with all
that is below them.
"""

import ast
import contextlib
import gzip
import importlib
import importlib.util
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import textwrap
import types
import warnings
from typing import AbstractSet, Any, Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

FORMAT = 1
NONSENSE = "no_such_keyword"
SKIPPED_SEGMENTS = {"src", "api", "protobuf", "__pycache__"}
HOME_PACKAGES = (
    "keras",
    "tf_keras",
    "keras_applications",
    "keras_preprocessing",
    "tensorflow",
    "tensorflow_core",
)
Measured = Tuple[Set[str], Set[str], Set[str], Optional[str]]
PLAIN = (int, float, complex, str, bytes, bool, type(None))

PROBES: Dict[str, List[Any]] = {  # values, unlike any default, to try a keyword with
    "activity_regularizer": ["l2"],
    "alpha": [0.37],
    "autocast": [False],
    "batch_input_shape": [(2, 3, 4), (2, 3, 4, 5), (2, 3, 4, 5, 6), (2, 3)],
    "batch_size": [7],
    "clipnorm": [0.37],
    "clipvalue": [0.37],
    "data_format": ["channels_first"],
    "decay": [0.37],
    "dtype": ["float16"],
    "dynamic": [True],
    "embeddings_data": [[1]],
    "epsilon": [0.37],
    "go_backwards": [True],
    "implementation": [0, 2, 1],
    "input_dim": [5],
    "input_dtype": ["int32"],
    "input_length": [6],
    "input_shape": [(3, 4), (3, 4, 5), (3, 4, 5, 6), (3,)],
    "learning_rate": [0.37],
    "lr": [0.37],
    "momentum": [0.37],
    "name": ["probe"],
    "period": [3],
    "reset_after": [False],
    "sparse": [True],
    "time_major": [True],
    "trainable": [False],
    "unroll": [True],
    "weights": [[1.0]],
}
PARTNERS: Dict[str, Dict[str, Any]] = {  # keywords that only mean something beside another one
    "batch_size": {"input_shape": (3, 4), "input_dim": 5},
    "input_dtype": {"input_shape": (3, 4)},
    "input_length": {"input_dim": 5},
    "force_generator": {"recurrent_dropout": 0.5},
    "rng_type": {"recurrent_dropout": 0.5},
    "seed": {"recurrent_dropout": 0.5},
}
ALWAYS_PROBED = (
    "alpha",
    "batch_input_shape",
    "batch_size",
    "clipnorm",
    "clipvalue",
    "decay",
    "embeddings_data",
    "epsilon",
    "implementation",
    "input_dim",
    "input_dtype",
    "input_length",
    "input_shape",
    "kernel_initializer",
    "learning_rate",
    "lr",
    "momentum",
    "period",
    "time_major",
    "weights",
    "write_grads",
)


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Sends what the releases print while they are imported and probed to nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in [*kept, nowhere]:
            os.close(descriptor)


def real_name(thing: Any) -> Optional[str]:
    """The module and qualified name under which an object was defined."""
    if isinstance(thing, types.ModuleType):
        return public_module(thing)
    name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", None)
    module = getattr(thing, "__module__", None)
    if not isinstance(name, str) or "<" in name:
        return None
    return f"{module}.{name}" if isinstance(module, str) else name


def public_module(module: types.ModuleType) -> str:
    """A module's name, with TensorFlow 1.15's internal root written as users write it."""
    name = module.__name__
    if name == "tensorflow_core" or name.startswith("tensorflow_core."):
        name = "tensorflow" + name[len("tensorflow_core") :]
    if name.startswith("tensorflow._api.v1."):
        name = "tensorflow." + name[len("tensorflow._api.v1.") :]
    return name


def at_home(name: Optional[str]) -> bool:
    """Whether a real name belongs to Keras or TensorFlow, so that it is worth describing."""
    return name is not None and name.split(".")[0] in HOME_PACKAGES


# --- Looking through wrappers ------------------------------------------------------------


def unwrapped(function: Any) -> Any:
    """The function that a chain of compatibility decorators and bare pass-through functions ends in.

    Keras 2 keeps it in ``_original_function``, others in ``__wrapped__``; ``keras.applications`` 2.2 and
    2.3 hide it in a closure and then call the same name in ``keras_applications``.
    """
    for _ in range(20):
        inner = function.__dict__.get("_original_function") if hasattr(function, "__dict__") else None
        inner = inner or getattr(function, "__wrapped__", None) or passed_through(function)
        if inner is None or inner is function or not callable(inner):
            return function
        function = inner
    return function


def passed_through(function: Any) -> Any:
    """What a function of only ``*args, **kwargs`` hands them on to, where that can be seen."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_argcount or code.co_flags & 0x0C != 0x0C:
        return None
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        if name in ("base_fun", "func", "fn", "f"):
            try:
                return cell.cell_contents
            except ValueError:
                return None
    tree = source_tree(function)
    body = meaningful(tree.body) if tree is not None else []
    if len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Call):
        call = body[0].value
        if len(call.args) == 1 and isinstance(call.args[0], ast.Starred) and len(call.keywords) == 1:
            return resolved(call.func, function)
    return None


def source_tree(function: Any) -> Optional[ast.FunctionDef]:
    """The syntax tree of a function, or None where its source is out of reach."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            return node
    return None


def meaningful(body: Sequence[ast.stmt]) -> List[ast.stmt]:
    """The statements of a body without its docstring."""
    statements = list(body)
    if statements and isinstance(statements[0], ast.Expr) and not isinstance(statements[0].value, ast.Call):
        del statements[0]
    return statements


def resolved(node: ast.AST, function: Any) -> Any:
    """The object that a dotted name in a function's source stands for, or None."""
    parts: List[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    found = getattr(function, "__globals__", {}).get(node.id)
    for part in parts:
        found = getattr(found, part, None)
    return found


def only_raises(thing: Any) -> bool:
    """Whether a function, or a class's constructor, does nothing but raise."""
    if inspect.isclass(thing):
        thing = thing.__dict__.get("__init__")
    if thing is None:
        return False
    tree = source_tree(unwrapped(thing))
    if tree is None:
        return False
    body = meaningful(tree.body)
    return (
        bool(body)
        and isinstance(body[-1], ast.Raise)
        and all(isinstance(one, (ast.Raise, ast.Delete)) for one in body)
    )


# --- Signatures ------------------------------------------------------------


def stable_repr(value: Any) -> str:
    """A default value as text that is the same in every process."""
    if inspect.isclass(value) or inspect.isroutine(value):
        return real_name(value) or "..."
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    return text if len(text) <= 80 else "..."


def parameters_of(function: Any, bound: bool) -> Optional[List[inspect.Parameter]]:
    """The parameters of a function looked at through its wrappers, without ``self`` where it is bound."""
    try:
        parameters = list(inspect.signature(unwrapped(function)).parameters.values())
    except (TypeError, ValueError, RecursionError):
        return None
    if bound and parameters and parameters[0].kind in (0, 1):
        parameters = parameters[1:]
    return parameters


def as_text(parameters: Sequence[inspect.Parameter]) -> List[str]:
    """Parameters as they are written, one text each, with the bare ``/`` and ``*`` between them."""
    texts: List[str] = []
    star = False
    for index, parameter in enumerate(parameters):
        if parameter.kind == parameter.KEYWORD_ONLY and not star:
            texts.append("*")
            star = True
        text = parameter.name
        if parameter.kind == parameter.VAR_POSITIONAL:
            text, star = "*" + text, True
        elif parameter.kind == parameter.VAR_KEYWORD:
            text = "**" + text
        elif parameter.default is not parameter.empty:
            text += "=" + stable_repr(parameter.default)
        texts.append(text)
        positional_only = parameter.kind == parameter.POSITIONAL_ONLY
        following = parameters[index + 1].kind if index + 1 < len(parameters) else None
        if positional_only and following != parameter.POSITIONAL_ONLY:
            texts.append("/")
    return texts


def named(parameters: Sequence[inspect.Parameter]) -> Set[str]:
    """The parameters that can be given by keyword."""
    return {
        one.name
        for one in parameters
        if one.kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    }


def literal_strings(node: ast.AST, function: Any) -> Set[str]:
    """The strings of a literal set, list or tuple, or of a global or local name that holds one."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        value = resolved(node, function)
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, (set, frozenset, list, tuple)):
        return {one for one in value if isinstance(one, str)}
    return set()


class Reading:
    """What a function's source does with its ``**kwargs``.

    Attributes:
        names: keywords that it reads by name, without those that it reads only to refuse them.
        validated: whether it refuses all others.
        calls: the calls that ``**kwargs`` is handed on to.
        helpers: functions or methods that the dictionary itself is handed to, with the position it has there.
    """

    def __init__(self, tree: ast.FunctionDef, kwargs: str, function: Any) -> None:
        self.names: Set[str] = set()
        self.validated = False
        self.calls: List[ast.Call] = []
        self.helpers: List[Tuple[ast.AST, int]] = []
        self._kwargs = kwargs
        self._sets: Dict[str, Set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found = literal_strings(node.value, function)
                if found:
                    self._sets[node.targets[0].id] = found
        self._left = {  # what is left of the keywords when known ones are taken away
            node.targets[0].id: node.value.right
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.BinOp)
            and self._is_kwargs(node.value.left)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self._call(node, function)
            elif isinstance(node, ast.Subscript) and self._is_kwargs(node.value):
                self._name(getattr(node.slice, "value", node.slice))
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
                if self._is_kwargs(node.comparators[0]):
                    self._name(node.left)
            elif isinstance(node, (ast.If, ast.For)):
                self._loop_or_test(node, function)
        self.names -= self._refused(tree)

    def _refused(self, tree: ast.FunctionDef) -> Set[str]:
        """Keywords after whose reading nothing follows but an error, if they are given."""
        origin: Dict[str, ast.AST] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                origin[node.targets[0].id] = node.value
        found: Set[str] = set()
        for node in tree.body:  # deeper ones hang on something else too
            if not isinstance(node, ast.If) or not isinstance(node.body[0], ast.Raise):
                continue
            test: Any = node.test
            if isinstance(test, ast.Compare) and self._is_kwargs(test.comparators[0]):
                found |= literal_strings(ast.List([test.left], ast.Load()), None)
                continue
            if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot):
                test = test.left
            if isinstance(test, ast.Name):
                test = origin.get(test.id)
            method = test.func if isinstance(test, ast.Call) and test.args else None
            if not isinstance(method, ast.Attribute) or method.attr not in ("pop", "get"):
                continue
            if self._is_kwargs(method.value):
                found |= literal_strings(ast.List([test.args[0]], ast.Load()), None)
        return found

    def _is_kwargs(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value if node.func.attr in ("keys", "items", "copy") else node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("list", "set"):
            node = node.args[0] if node.args else node
            return self._is_kwargs(node)
        return isinstance(node, ast.Name) and node.id == self._kwargs

    def _name(self, node: Any) -> None:
        try:
            value = node if isinstance(node, str) else ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            return
        if isinstance(value, str):
            self.names.add(value)

    def _strings(self, node: ast.AST, function: Any) -> Set[str]:
        if isinstance(node, ast.Name) and node.id in self._sets:
            return self._sets[node.id]
        return literal_strings(node, function)

    def _call(self, node: ast.Call, function: Any) -> None:
        callee: Any = node.func
        attribute = callee.attr if isinstance(callee, ast.Attribute) else ""
        plain = callee.id if isinstance(callee, ast.Name) else attribute
        if attribute in ("pop", "get", "setdefault") and self._is_kwargs(callee.value):
            if node.args:
                self._name(node.args[0])
            return
        if any(one.arg is None and self._is_kwargs(one.value) for one in node.keywords):
            self.calls.append(node)
        for position, argument in enumerate(node.args):
            if not self._is_kwargs(argument):
                continue
            if "validate_kwargs" in plain or "check_for_unexpected" in plain:
                self.validated = True
                for other in node.args:
                    self.names |= self._strings(other, function)
            elif plain not in ("len", "bool", "str", "list", "set", "dict", "sorted", "isinstance", "format"):
                self.helpers.append((node.func, position))

    def _loop_or_test(self, node: Any, function: Any) -> None:
        over = node.iter if isinstance(node, ast.For) else node.test
        left = self._left.get(over.id) if isinstance(over, ast.Name) else None
        if left is None and not self._is_kwargs(over):
            return
        raises = [one for one in ast.walk(node) if isinstance(one, (ast.Raise, ast.Assert))]
        if not raises:
            return
        self.validated = True
        if left is not None:
            self.names |= self._strings(left, function)
        if isinstance(node, ast.For):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Compare) and isinstance(inner.ops[0], ast.NotIn):
                    self.names |= self._strings(inner.comparators[0], function)


def next_constructor(cls: type, after: Optional[type]) -> Tuple[Optional[type], Any]:
    """The next class in the method resolution order that has an ``__init__`` of its own."""
    order = list(inspect.getmro(cls))
    start = order.index(after) + 1 if after in order else 0
    for one in order[start:]:
        if one is object:
            break
        if "__init__" in one.__dict__:
            return one, one.__dict__["__init__"]
    return None, None


def effective(
    function: Any, cls: Optional[type], owner: Optional[type], seen: Tuple[int, ...], bound: bool = True
) -> Tuple[Set[str], bool]:
    """All keywords that reach something, and whether others are accepted too, read from the source.

    Args:
        function: the function, method or constructor.
        cls: the class of the object, for what ``super()`` means.
        owner: the class that defines the function.
        seen: the functions that are being looked at, to stop at circles.
        bound: whether the first parameter is the object.
    """
    inner = unwrapped(function)
    parameters = parameters_of(function, bound)
    if parameters is None or id(inner) in seen:
        return set(), True
    names = named(parameters)
    variable = [one.name for one in parameters if one.kind == one.VAR_KEYWORD]
    if not variable:
        return names, False
    tree = source_tree(inner)
    if tree is None:
        return names, True
    seen = (*seen, id(inner))
    more, is_open = through(tree, variable[0], inner, cls, owner, seen)
    return names | more, is_open


def through(
    tree: ast.FunctionDef,
    variable: str,
    function: Any,
    cls: Optional[type],
    owner: Optional[type],
    seen: Tuple[int, ...],
) -> Tuple[Set[str], bool]:
    """Follows one ``**kwargs`` dictionary through a function, its helpers and the calls that get it."""
    reading = Reading(tree, variable, function)
    names = set(reading.names)
    validated = reading.validated
    for node, position in reading.helpers:
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("self", "cls")
        ):
            helper, shift = getattr(cls, node.attr, None), 1
        else:
            helper, shift = resolved(node, function), 0
        helper_tree = source_tree(unwrapped(helper)) if inspect.isroutine(helper) else None
        if helper_tree is None or position + shift >= len(helper_tree.args.args):
            continue
        inner = Reading(helper_tree, helper_tree.args.args[position + shift].arg, unwrapped(helper))
        names |= inner.names
        validated = validated or inner.validated
    outcomes = []
    for call in reading.calls:
        more, is_open = handed_on(call, function, cls, owner, seen)
        names |= more
        outcomes.append(is_open)
    if validated:
        return names, False
    return names, any(outcomes) or not outcomes


def handed_on(
    call: ast.Call, function: Any, cls: Optional[type], owner: Optional[type], seen: Tuple[int, ...]
) -> Tuple[Set[str], bool]:
    """The keywords that the callee of ``callee(..., **kwargs)`` takes and the call does not already give."""
    given = {one.arg for one in call.keywords if one.arg}
    positional = len(call.args)
    target = call.func
    if isinstance(target, ast.Attribute) and target.attr == "__init__" and cls is not None:
        value = target.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super":
            following, constructor = next_constructor(cls, owner)
        else:
            base = resolved(value, function)
            if not inspect.isclass(base):
                return set(), True
            following, constructor = next_constructor(base, None)
            positional -= 1
        if constructor is None:
            return set(), False
        names, is_open = effective(constructor, cls, following, seen)
        parameters = parameters_of(constructor, True) or []
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Call) and cls is not None:
        method = next(
            (one.__dict__[target.attr] for one in inspect.getmro(cls)[1:] if target.attr in one.__dict__),
            None,
        )
        if not inspect.isroutine(method):
            return set(), True
        names, is_open = effective(method, cls, None, seen)
        parameters = parameters_of(method, True) or []
    elif (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id in ("self", "cls")
        and target.attr != "call"  # which nearly every subclass has of its own
        and inspect.isroutine(getattr(cls, target.attr, None))
    ):
        names, is_open = effective(getattr(cls, target.attr), cls, None, seen)
        parameters = parameters_of(getattr(cls, target.attr), True) or []
    else:
        callee = resolved(target, function)
        if inspect.isclass(callee):
            following, constructor = next_constructor(callee, None)
            if constructor is None:
                return set(), True
            names, is_open = effective(constructor, callee, following, seen)
            parameters = parameters_of(constructor, True) or []
        elif inspect.isroutine(callee):
            names, is_open = effective(callee, None, None, seen, bound=False)
            parameters = parameters_of(callee, False) or []
        else:
            return set(), True
    taken = [one.name for one in parameters if one.kind == one.POSITIONAL_OR_KEYWORD][: max(positional, 0)]
    return names - given - set(taken), is_open


# --- Trying constructors ------------------------------------------------------------


class Laboratory:
    """Builds objects of one release, to measure which keywords their constructors take."""

    def __init__(self, root: types.ModuleType) -> None:
        self._layers: Any = getattr(root, "layers", None)
        self._root = root

    def _arguments(self, name: str) -> List[Any]:
        """Values with which a required parameter of this name may be satisfied, best first."""
        layers = self._layers

        def made(kind: str, *arguments: Any) -> Any:
            return getattr(layers, kind)(*arguments)

        simple: Dict[str, Callable[[], List[Any]]] = {
            "layer": lambda: [made("LSTM", 3), made("Dense", 3)],
            "forward_layer": lambda: [made("LSTM", 3)],
            "cell": lambda: [made("LSTMCell", 3)],
            "cells": lambda: [[made("LSTMCell", 3)]],
            "filepath": lambda: ["x.keras", "x.weights.h5", "x.h5"],
            "function": lambda: [abs],
            "fn": lambda: [abs],
            "target_shape": lambda: [(2, 2)],
            "dims": lambda: [(1,)],
            "axes": lambda: [1],
            "axis": lambda: [1],
            "pool_size": lambda: [2, (2, 2), (2, 2, 2)],
            "kernel_size": lambda: [3],
            "nb_filter": lambda: [3],
            "schedule": lambda: [abs],
            "name": lambda: ["probe"],
            "vocabulary": lambda: [["a", "b"]],
            "bin_boundaries": lambda: [[0.5]],
            "mask_value": lambda: [0.0],
        }
        try:
            return simple[name]() if name in simple else [3, 0.5, "x", (3, 3)]
        except Exception:
            return [3]

    def base_arguments(self, cls: type, parameters: Sequence[inspect.Parameter]) -> Optional[Dict[str, Any]]:
        """Keywords with which the class can be constructed, or None where none were found."""
        required = [
            one.name
            for one in parameters
            if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
        ]
        choices = [self._arguments(name) for name in required]
        for attempt in range(max([len(one) for one in choices] or [1])):
            arguments = {
                name: values[min(attempt, len(values) - 1)] for name, values in zip(required, choices)
            }
            try:
                cls(**arguments)
            except Exception:
                continue
            return arguments
        return None

    def graph(self, cls: type) -> Optional[Dict[str, Any]]:
        """``inputs`` and ``outputs`` of a small model, where the class is made from such a pair."""
        try:
            inputs = self._layers.Input(shape=(3,))
            arguments = {"inputs": inputs, "outputs": self._layers.Dense(2)(inputs)}
            return arguments if hasattr(cls(**arguments), "get_layer") else None
        except Exception:
            return None

    def measure(
        self,
        cls: type,
        candidates: Set[str],
        parameters: Sequence[inspect.Parameter],
        base: Optional[Dict[str, Any]] = None,
    ) -> Optional[Measured]:
        """Constructs with each candidate in turn.

        Args:
            cls: the class.
            candidates: the keywords to try.
            parameters: those of the constructor, to find arguments that it needs.
            base: the arguments to construct it with, where they are known.

        Returns:
            the keywords that do something, those that are swallowed without effect, those that were
            refused, and what became of a keyword that cannot exist ("works", "ignored", or None where it
            was refused); or None where the class could not be constructed.
        """
        base = self.base_arguments(cls, parameters) if base is None else base
        if base is None:
            return None
        first, steady = self._baseline(cls, base)
        works: Set[str] = set()
        ignored: Set[str] = set()
        refused: Set[str] = set()
        for keyword in sorted(candidates):
            outcome = self._try(cls, base, keyword, first, steady)
            for partner, values in PARTNERS.get(keyword, {}).items() if outcome == "ignored" else ():
                with contextlib.suppress(Exception):
                    richer = dict(base, **{partner: values})
                    if self._try(cls, richer, keyword, *self._baseline(cls, richer)) == "works":
                        outcome = "works"
            if outcome is not None:
                {"works": works, "ignored": ignored, "refused": refused}[outcome].add(keyword)
        unlisted = self._try(cls, base, NONSENSE, first, steady)
        return works, ignored, refused, None if unlisted == "refused" else unlisted

    def _baseline(self, cls: type, arguments: Dict[str, Any]) -> Tuple[Dict[str, str], Set[str]]:
        """An object's state, and the parts of it that are the same each time one is made."""
        states = [state(cls(**arguments)) for _ in range(3)]
        return states[0], {key for key in states[0] if all(one.get(key) == states[0][key] for one in states)}

    def _try(
        self, cls: type, base: Dict[str, Any], keyword: str, first: Dict[str, str], steady: Set[str]
    ) -> Optional[str]:
        outcome: Optional[str] = None
        for value in PROBES.get(keyword, [3, 0.37, "zeros", True, None]):
            try:
                built = state(cls(**dict(base, **{keyword: value})))
            except Exception as error:
                if outcome is None and re.search(rf"\b{re.escape(keyword)}\b", str(error)):
                    outcome = "refused"
                continue
            changed = any(built.get(key) != first[key] for key in steady) or set(built) - set(first)
            if changed:
                return "works"
            outcome = "ignored"
        return outcome


def state(thing: Any) -> Dict[str, str]:
    """What can be seen of an object, as text, to tell whether a keyword made a difference."""
    seen: Dict[str, str] = {}
    with contextlib.suppress(Exception):
        config = thing.get_config()
        seen.update(("config " + key, plain(config[key])) for key in config if key != "name")
        seen["config name"] = re.sub(r"_\d+\b", "", str(config.get("name")))
    for key, value in getattr(thing, "__dict__", {}).items():
        seen["field " + key] = re.sub(r"_\d+\b", "", plain(value))
    return seen


def plain(value: Any) -> str:
    """A value as text without addresses; a backend's variable is given by its content where it has one."""
    if type(value).__name__ in ("Variable", "ResourceVariable", "RefVariable") or hasattr(value, "numpy"):
        with contextlib.suppress(Exception):
            return str(value.numpy())
    try:
        return re.sub(r" at 0x[0-9a-f]+", "", repr(value))[:2000]
    except Exception:
        return "..."


# --- The walk ------------------------------------------------------------


class Table:
    """Gathers modules, objects, classes and signatures of one release.

    Args:
        root: the package.
        legacy: whether it is standalone Keras before 2.4, whose private names and leaked imports users do
            use.
    """

    def __init__(self, root: types.ModuleType, legacy: bool) -> None:
        self._legacy = legacy
        self._laboratory = Laboratory(root)
        self._signatures: Dict[str, int] = {}
        self._signature_rows: List[Dict[str, Any]] = []
        self._objects: Dict[int, int] = {}
        self._object_rows: List[Dict[str, Any]] = []
        self._kept: List[Any] = []
        self._classes: Dict[str, Dict[str, Any]] = {}
        self._module_paths: Dict[int, str] = {}
        self.modules: Dict[str, Dict[str, Any]] = {}

    def add_modules(
        self, found: Dict[str, Tuple[types.ModuleType, Optional[Set[str]]]], package: str
    ) -> None:
        """Records modules.

        Args:
            found: relative path → module and the names that ``import *`` gives where that is not all public
                ones.
            package: what users write in front of the relative paths.
        """
        for path in sorted(found, key=lambda one: (one.count("."), one), reverse=True):
            self._module_paths[id(found[path][0])] = path
        for path in sorted(found):
            module, hidden = found[path]
            row: Dict[str, Any] = {"members": self._members(module, path)}
            try:
                importlib.import_module(".".join(filter(None, (package, path))))
            except Exception:
                row["importable"] = 0
            public = [name for name in row["members"] if not name.startswith("_")]
            star = getattr(module, "__all__", None)
            star = sorted(star) if star is not None else sorted(set(public) - (hidden or set()))
            if star != sorted(public):
                row["star"] = star
            self.modules[path] = row

    def _members(self, module: types.ModuleType, path: str) -> Dict[str, int]:
        members = {}
        for name in sorted(set(vars(module)) | set(dir(module))):
            if name.startswith("__") or (name.startswith("_") and not self._legacy):
                continue
            if name in SKIPPED_SEGMENTS and not self._legacy:
                continue
            try:
                value = getattr(module, name)
            except Exception:
                continue
            members[name] = self._object(value)
        return members

    def _object(self, value: Any) -> int:
        if isinstance(value, PLAIN) or (isinstance(value, tuple) and not value):
            return -1
        if id(value) in self._objects:
            return self._objects[id(value)]
        if not (
            isinstance(value, types.ModuleType) or callable(value) or isinstance(value, (dict, list, set))
        ):
            return -1
        number = len(self._object_rows)
        self._objects[id(value)] = number
        self._kept.append(value)
        self._object_rows.append({})
        self._object_rows[number] = self._row(value)
        return number

    def _row(self, value: Any) -> Dict[str, Any]:
        row: Dict[str, Any] = {}
        if isinstance(value, types.ModuleType):
            row["kind"] = "module"
            if id(value) in self._module_paths:
                row["module"] = self._module_paths[id(value)]
            else:
                row["name"] = public_module(value)
            return row
        if not callable(value):
            return {"kind": "value"}
        row["kind"] = "class" if inspect.isclass(value) else "function"
        name = real_name(value if inspect.isclass(value) else unwrapped(value)) or real_name(value)
        if name:
            row["name"] = name
        if not at_home(name):
            return row
        if only_raises(value):
            row["stub"] = 1
        if inspect.isclass(value):
            signature = self._constructor(value)
            row["bases"] = [self._class(one) for one in inspect.getmro(value) if one is not object]
        else:
            signature = self._signature(value, None, None, bound=False)
        if signature is not None:
            row["signature"] = signature
        return row

    def _class(self, cls: type) -> str:
        key = real_name(cls) or cls.__name__
        if key in self._classes or not (at_home(key) or key.startswith("builtins.")):
            return key
        row: Dict[str, Any] = {"methods": {}, "attributes": []}
        self._classes[key] = row
        for name in sorted(vars(cls)):
            if name.startswith("_") and name not in ("__init__", "__call__"):
                continue
            value = vars(cls)[name]
            plainly = isinstance(value, staticmethod)
            function = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
            if inspect.isclass(function) or not callable(function):
                row["attributes"].append(name)
                continue
            signature = self._signature(function, cls, cls, bound=not plainly)
            row["methods"][name] = -1 if signature is None else signature
        return key

    def _signature(
        self, function: Any, cls: Optional[type], owner: Optional[type], bound: bool
    ) -> Optional[int]:
        parameters = parameters_of(function, bound)
        if parameters is None:
            return None
        keywords, is_open = effective(function, cls, owner, (), bound)
        return self._add(parameters, keywords - named(parameters), set(), is_open)

    def _constructor(self, cls: type) -> Optional[int]:
        owner, function = next_constructor(cls, None)
        if function is None or not inspect.isroutine(function):
            return self._add([], set(), set(), False) if function is None else None
        parameters = parameters_of(function, True)
        if parameters is None:
            return None
        if parameters and all(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters):
            functional = self._functional(cls)
            if functional is not None:
                return functional
        keywords, is_open = effective(function, cls, owner, ())
        own = named(parameters)
        extra = keywords - own
        if not any(one.kind == one.VAR_KEYWORD for one in parameters) or only_raises(cls):
            return self._add(parameters, set(), set(), is_open and only_raises(cls))
        measured = self._laboratory.measure(cls, (extra | set(ALWAYS_PROBED)) - own, parameters)
        if measured is None:
            return self._add(parameters, extra, set(), is_open)
        works, ignored, refused, unlisted = measured
        works |= extra - refused - ignored
        return self._add(parameters, works, ignored & extra if unlisted else ignored, unlisted, refused)

    def _functional(self, cls: type) -> Optional[int]:
        """The signature of ``Model(inputs, outputs)``, which sorts ``*args, **kwargs`` out itself."""
        base = self._laboratory.graph(cls)
        if base is None:
            return None
        actual = type(cls(**base))
        owner, function = next_constructor(actual, None)
        parameters = parameters_of(function, True) or []
        if "outputs" not in named(parameters):
            function = getattr(actual, "_init_graph_network", None)
            parameters = parameters_of(function, True) or []
        if "outputs" not in named(parameters):
            return None
        keywords, _ = effective(function, actual, owner, ())
        candidates = (keywords | set(ALWAYS_PROBED) | {"name", "trainable", "dtype"}) - named(parameters)
        measured = self._laboratory.measure(cls, candidates, [], base)
        if measured is None:
            return None
        works, ignored, refused, unlisted = measured
        return self._add(parameters, works, ignored & keywords if unlisted else ignored, unlisted, refused)

    def _add(
        self,
        parameters: Sequence[inspect.Parameter],
        extra: Set[str],
        ignored: Set[str],
        unlisted: Any,
        refused: AbstractSet[str] = frozenset(),
    ) -> int:
        """Stores a signature once.

        Args:
            parameters: as declared.
            extra: keywords that are taken from ``**kwargs`` and do something.
            ignored: keywords that are swallowed.
            unlisted: what becomes of others: falsy where they are refused, ``"ignored"`` where they are
                swallowed, anything else where they are accepted or where nothing is known.
            refused: keywords that raise although others do not.
        """
        row: Dict[str, Any] = {"p": as_text(parameters)}
        if extra:
            row["k"] = sorted(extra)
        if ignored:
            row["i"] = sorted(ignored)
        if unlisted:
            row["s" if unlisted == "ignored" else "o"] = 1
        if refused and unlisted:
            row["r"] = sorted(refused)
        key = json.dumps(row, sort_keys=True)
        if key not in self._signatures:
            self._signatures[key] = len(self._signature_rows)
            self._signature_rows.append(row)
        return self._signatures[key]

    def as_json(self) -> Dict[str, Any]:
        """The table, ready to be written."""
        return {
            "format": FORMAT,
            "modules": self.modules,
            "objects": self._object_rows,
            "classes": self._classes,
            "signatures": self._signature_rows,
        }


def legacy_modules(root: types.ModuleType) -> Dict[str, Tuple[types.ModuleType, Optional[Set[str]]]]:
    """All importable modules of standalone Keras, each with submodules that ``import *`` does not give."""
    found = {"": root}
    loaded = {root.__name__: set(sys.modules)}
    prefix = root.__name__ + "."
    names = sorted(one[1] for one in pkgutil.walk_packages(root.__path__, prefix, onerror=lambda _: None))
    for name in names:
        try:
            found[name[len(prefix) :]] = importlib.import_module(name)
        except Exception:
            continue
        loaded[name] = set(sys.modules)
    result: Dict[str, Tuple[types.ModuleType, Optional[Set[str]]]] = {}
    for path, module in found.items():
        name = prefix + path if path else root.__name__
        later = {
            one.rpartition(".")[2]
            for one in names
            if one.rpartition(".")[0] == name and one not in loaded[name]
        }
        own = {one.rpartition(".")[2] for one in names if one.rpartition(".")[0] == name}
        hidden = {one for one in later & own if isinstance(getattr(module, one, None), types.ModuleType)}
        result[path] = (module, hidden or None)
    return result


def modern_modules(
    root: types.ModuleType, package: str
) -> Dict[str, Tuple[types.ModuleType, Optional[Set[str]]]]:
    """All public modules that are reachable from the root as attributes or that can be imported.

    Args:
        root: the package.
        package: what users write for it.
    """
    found = {"": root}
    waiting = [("", root)]
    while waiting:
        path, module = waiting.pop(0)
        for name in sorted(dir(module)):
            if name.startswith("_") or name in SKIPPED_SEGMENTS:
                continue
            try:
                value = getattr(module, name)
            except Exception:
                continue
            if not isinstance(value, types.ModuleType) or any(value is one for one in found.values()):
                continue
            parts = value.__name__.split(".")
            if parts[0] not in ("keras", "tf_keras") or "src" in parts:
                continue
            inner = ".".join(filter(None, (path, name)))
            found[inner] = value
            waiting.append((inner, value))
    for path in [one for one in submodules(package) if attribute(root, one) is None]:
        with contextlib.suppress(Exception):
            found[path] = importlib.import_module(f"{package}.{path}")
    return {path: (module, None) for path, module in found.items()}


def submodules(package: str) -> List[str]:
    """The public modules in a package's folder and the folders in it, relative to the package."""
    found = []
    waiting = [("", list(importlib.import_module(package).__path__))]
    while waiting:
        path, folders = waiting.pop(0)
        for one in pkgutil.iter_modules(folders):
            if one.name.startswith("_") or one.name in SKIPPED_SEGMENTS:
                continue
            inner = ".".join(filter(None, (path, one.name)))
            found.append(inner)
            if one.ispkg:
                waiting.append((inner, [os.path.join(folder, one.name) for folder in folders]))
    return sorted(found)


def attribute(thing: Any, path: str) -> Any:
    """What a dotted path leads to from an object, or None."""
    for name in path.split("."):
        try:
            thing = getattr(thing, name)
        except Exception:
            return None
    return thing


def tensorflow_names(root: types.ModuleType) -> Dict[str, List[str]]:
    """Every public name below ``tensorflow`` except ``tensorflow.keras``, by module."""
    names: Dict[str, List[str]] = {}
    waiting: List[Tuple[str, Any]] = [("tensorflow", root)]
    seen: Set[str] = set()
    while waiting:
        path, module = waiting.pop(0)
        members = []
        try:
            listed = sorted(dir(module))
        except Exception:
            continue
        for name in listed:
            if name.startswith("_") or name in (
                "python",
                "core",
                "tools",
                "include",
                "compiler",
                "dtensor_api",
            ):
                continue
            try:
                value = getattr(module, name)
            except Exception:
                continue
            inner = path + "." + name
            if isinstance(value, types.ModuleType) or type(value).__name__.endswith("LazyLoader"):
                home = getattr(value, "__name__", "")
                lazy = type(value).__name__.endswith("LazyLoader")
                public = home.startswith(("tensorflow.", "tensorboard.summary", "keras", "tf_keras"))
                if not (lazy or public) or home.startswith(("tensorflow.python", "tensorflow.core")):
                    continue
                if ".src" in home:
                    continue
                members.append(name)
                if (
                    inner == "tensorflow.keras"
                    or inner in seen
                    or inner.count("compat") > 1
                    or "compat.v2" in inner
                ):
                    continue
                seen.add(inner)
                waiting.append((inner, value))
            else:
                members.append(name)
        names[path] = members
    return names


def packed(names: Dict[str, List[str]]) -> Dict[str, Any]:
    """Names by module as they are written: one text each, and the modules that have the same ones."""
    first: Dict[str, str] = {}
    for module in sorted(names):
        first.setdefault(" ".join(names[module]), module)
    texts = {module: " ".join(listed) for module, listed in names.items()}
    return {
        "format": FORMAT,
        "names": {module: text for module, text in texts.items() if first[text] == module},
        "same": {module: first[text] for module, text in texts.items() if first[text] != module},
    }


def below(module: str, roots: Sequence[str]) -> bool:
    """Whether a module is one of some others or is in one."""
    return any(module == root or module.startswith(root + ".") for root in roots)


def legacy_names() -> Dict[str, Any]:
    """What ``TF_USE_LEGACY_KERAS=1``, set in this process, changes in TensorFlow's names outside Keras."""
    import tensorflow  # type: ignore[import-untyped]

    own = tensorflow_names(tensorflow)
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "names.json.gz")
        without = {**os.environ, "TF_USE_LEGACY_KERAS": "0"}
        subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--names", output], env=without, check=True
        )
        with gzip.open(output) as stream:
            plain = json.loads(stream.read().decode("ascii"))
    roots: List[str] = []
    for module in sorted({*own, *plain}):
        if own.get(module) != plain.get(module) and not below(module, roots):
            roots.append(module)
    result = packed({module: listed for module, listed in own.items() if below(module, roots)})
    result["roots"] = roots
    result["versions"] = {"tensorflow": tensorflow.__version__}
    return result


def extract(package: str) -> Tuple[Dict[str, Any], Optional[Dict[str, Any]]]:
    """Reads one installed package.

    Args:
        package: ``keras``, ``tensorflow.keras`` or ``tf_keras``; the last with ``TF_USE_LEGACY_KERAS=1``.

    Returns:
        the table, and for TensorFlow the names of everything else that it offers, for ``tf_keras`` those of
        them that it changes.
    """
    versions = {}
    names: Optional[Dict[str, Any]] = None
    if package == "tensorflow.keras":
        import tensorflow

        dir(tensorflow.keras)
        root = sys.modules[tensorflow.keras.__name__]
        versions["tensorflow"] = tensorflow.__version__
        versions["keras"] = importlib.import_module("keras").__version__
        table = Table(root, legacy=False)
        table.add_modules(modern_modules(root, package), package)
        names = packed(tensorflow_names(tensorflow))
        names["versions"] = versions
    else:
        root = importlib.import_module(package)
        versions[package] = root.__version__
        legacy = package == "keras"
        table = Table(root, legacy=legacy)
        table.add_modules(legacy_modules(root) if legacy else modern_modules(root, package), package)
        if package == "tf_keras":
            names = legacy_names()
            names["versions"].update(versions)
    result = table.as_json()
    result["package"] = package
    result["versions"] = versions
    return result, names


def detected() -> str:
    """What is installed: ``tf_keras``, else ``tensorflow.keras`` with TensorFlow 2, else ``keras``."""
    if importlib.util.find_spec("tf_keras") is not None:
        return "tf_keras"
    import tensorflow

    return "tensorflow.keras" if int(tensorflow.__version__.split(".")[0]) >= 2 else "keras"


def write(path: str, content: Dict[str, Any]) -> None:
    """Writes a table so that the same content always gives the same bytes."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    with open(path, "wb") as stream, gzip.GzipFile("", "wb", 9, stream, 0) as packed:
        packed.write(text.encode("ascii"))


def main(arguments: Sequence[str]) -> int:
    """Runs the extraction from the command line.

    Args:
        arguments: the output path, then perhaps ``--package`` and the package.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    values = list(arguments)
    package = None
    if "--package" in values:
        index = values.index("--package")
        package = values[index + 1]
        del values[index : index + 2]
    if values[:1] == ["--names"]:  # how :func:`legacy_names` asks
        import tensorflow

        with silenced():
            write(values[1], tensorflow_names(tensorflow))
        return 0
    if len(values) != 1 or package not in (None, "keras", "tensorflow.keras", "tf_keras"):
        print("usage: extract OUT.json.gz [--package keras|tensorflow.keras|tf_keras]")
        return 2
    package = package or detected()
    if package == "tf_keras":
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
    with silenced():
        table, names = extract(package)
    write(values[0], table)
    if names is not None:
        write(values[0].replace(".json.gz", ".names.json.gz"), names)
    print(
        "{}: {} modules, {} objects, {} signatures".format(
            table["package"], len(table["modules"]), len(table["objects"]), len(table["signatures"])
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
