"""What the marked expressions of a snippet are when Python runs it, and what the resolver says they are.

The snippet runs with stand-ins for Keras and TensorFlow that know nothing but their own dotted names. Where
it calls ``maybe()`` it runs once with each answer, and where it has a ``try`` it also runs without either
package, so that all values come up which a marked expression can have.
"""

from __future__ import annotations

import asyncio
import builtins
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import libcst as cst

from keras_migrate.names import Names

ROOTS = frozenset({"keras", "tensorflow"})
STARS = {
    "keras.layers": frozenset({"Dense", "LSTM"}),
    "keras.backend": frozenset({"mean", "K"}),
    "tensorflow.keras.layers": frozenset({"Dense", "LSTM"}),
}
"""What ``import *`` gives."""

OTHER = "?"
"""Anything that is not of Keras or TensorFlow."""

NOWHERE = "nowhere"
"""An attribute that no package has."""

MOST_CHOICES = 7
"""After so many answers of ``maybe()``, the others are no, so that loops end."""


@dataclass(frozen=True)
class Library:
    """What is installed: by default everything that is asked for.

    Attributes:
        has: whether there is something under a dotted name.
        star: what ``import *`` gives from a module.
    """

    has: Callable[[str], bool] = lambda path: True
    star: Callable[[str], Iterable[str]] = lambda path: STARS.get(path, ())


class StandIn:
    """A package, module, class or function that only knows its dotted name."""

    def __init__(self, path: str, library: Library = Library()) -> None:
        self.path = path
        self._library = library

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return sorted(self._library.star(self.path))
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self.path}.{name}" if self.path != NOWHERE else NOWHERE
        return StandIn(path if self._library.has(path) else NOWHERE, self._library)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __call__(self, *args: Any, **kwargs: Any) -> Made:
        return Made()


class Made:
    """What comes out of a call: a layer, a decorated function, a context."""

    def __call__(self, *args: Any, **kwargs: Any) -> Made:
        return Made()

    def __enter__(self) -> Made:
        return Made()

    def __exit__(self, *error: object) -> bool:
        return True

    async def __aenter__(self) -> Made:
        return Made()

    async def __aexit__(self, *error: object) -> bool:
        return True


class Once:
    """Gives one value to an asynchronous loop."""

    def __init__(self) -> None:
        self._left = [1]

    def __aiter__(self) -> Once:
        return self

    async def __anext__(self) -> int:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


class Run:
    """One run of a snippet.

    Attributes:
        trace: the marks that it came by, each with what the expression was.
        answers: what ``maybe()`` said.
        error: what ended it early.
    """

    def __init__(
        self,
        code: Any,
        answers: list[bool],
        missing: frozenset[str] = frozenset(),
        library: Library = Library(),
    ) -> None:
        self.trace: list[tuple[int, str]] = []
        self.answers: list[bool] = []
        self.error: Exception | None = None
        self._planned = answers
        self._missing = missing
        self._library = library
        spaces = {
            "__name__": "snippet",
            "__builtins__": {**vars(builtins), "__import__": self._import},
            "here": self._here,
            "maybe": self._maybe,
            "made": Made(),
            "opened": nullcontext(Made()),
            "fail": _fail,
            "run": asyncio.run,
            "once": Once,
            "call": _call,
            "base": lambda *values: object,
            "kept": lambda *values: lambda kept: kept,
        }
        try:
            exec(code, spaces)
        except Exception as error:
            self.error = error

    def _import(self, name: str, *rest: Any) -> StandIn:
        fromlist = rest[2] if len(rest) > 2 else ()
        root = name.partition(".")[0]
        if root in self._missing:
            raise ModuleNotFoundError(name)
        return StandIn(name if fromlist else root, self._library)

    def _here(self, value: Any, mark: int = 0) -> Any:
        said = value.path if isinstance(value, StandIn) else "None" if value is None else OTHER
        self.trace.append((mark, said))
        return value

    def _maybe(self) -> bool:
        at = len(self.answers)
        answer = self._planned[at] if at < len(self._planned) else False
        self.answers.append(answer)
        return answer


def _fail() -> None:
    """Raises what a handler in a snippet may wait for."""
    raise LookupError


def _call(function: Any) -> None:
    """Calls a function of a snippet; an asynchronous one waits for nothing, so it ends at once."""
    called = function()
    if inspect.iscoroutine(called):
        with suppress(StopIteration):
            called.send(None)


def runs(source: str) -> Iterator[Run]:
    """Runs a snippet in every way in which it can go."""
    code = compile(source, "snippet", "exec", dont_inherit=True)
    trials = [frozenset[str]()]
    if "try" in source or "suppress" in source:
        trials += [frozenset({"keras"}), frozenset({"tensorflow"}), frozenset({"keras", "tensorflow"})]
    for missing in trials:
        pending: list[list[bool]] = [[]]
        while pending:
            planned = pending.pop()
            run = Run(code, planned, missing)
            yield run
            for at in range(len(planned), min(len(run.answers), MOST_CHOICES)):
                pending.append([*run.answers[:at], True])


def happens(source: str) -> dict[int, set[str]]:
    """Everything that each marked expression can be at run time; ``None`` beside other values is left out."""
    seen: dict[int, set[str]] = {}
    for run in runs(source):
        for mark, value in run.trace:
            known = value == "None" or value.partition(".")[0] in ROOTS
            seen.setdefault(mark, set()).add(value if known else OTHER)
    return {mark: values - {"None"} or {OTHER} for mark, values in seen.items()}


def resolved(source: str) -> dict[int, set[str]]:
    """Everything that the resolver says each marked expression can be."""
    module = cst.parse_module(source)
    names = Names(module, ROOTS, star_names=STARS.get)
    said: dict[int, set[str]] = {mark: set() for mark in marks(module)}
    for reference in names.references:
        mark = _mark(reference.frame)
        if mark is not None:
            said[mark].update(origin.name or OTHER for origin in names.origins(reference))
    return {mark: values or {OTHER} for mark, values in said.items()}


def marks(node: cst.CSTNode) -> Iterator[int]:
    """The numbers of the marks in a tree."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "here":
        yield _number(node)
    for child in node.children:
        yield from marks(child)


def _mark(frame: Any) -> int | None:
    """The number of the mark that an expression directly within some nodes has."""
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return None
    call = frame[1][0]
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name) or call.func.value != "here":
        return None
    return _number(call) if frame[0] is call.args[0] else None


def _number(call: cst.Call) -> int:
    if len(call.args) < 2:
        return 0
    number = call.args[1].value
    assert isinstance(number, cst.Integer)
    return int(number.value)
