"""What the marked expressions of a snippet are when Python runs it, and what the resolver says they are.

The snippet runs with stand-ins for Keras and TensorFlow that know nothing but their own dotted names. Where
it calls ``maybe()`` it runs once with each answer, and where it has a ``try`` it also runs without either
package, so that all values come up which a marked expression can have.
"""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Iterator
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

MOST_CHOICES = 7
"""After so many answers of ``maybe()``, the others are no, so that loops end."""


class StandIn:
    """A package, module, class or function that only knows its dotted name."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return sorted(STARS.get(self.path, ()))
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.path}.{name}")

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


class Run:
    """One run of a snippet.

    Attributes:
        seen: what each marked expression was, by the number of the mark.
        answers: what ``maybe()`` said.
    """

    def __init__(self, code: Any, answers: list[bool], missing: frozenset[str]) -> None:
        self.seen: dict[int, set[str]] = {}
        self.answers: list[bool] = []
        self.error: Exception | None = None
        self._planned = answers
        self._missing = missing
        spaces = {
            "__name__": "snippet",
            "__builtins__": {**vars(builtins), "__import__": self._import},
            "here": self._here,
            "maybe": self._maybe,
            "made": Made(),
            "run": asyncio.run,
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
        return StandIn(name if fromlist else root)

    def _here(self, value: Any, mark: int = 0) -> Any:
        known = isinstance(value, StandIn) and value.path.partition(".")[0] in ROOTS
        said = value.path if known else "None" if value is None else OTHER
        self.seen.setdefault(mark, set()).add(said)
        return value

    def _maybe(self) -> bool:
        at = len(self.answers)
        answer = self._planned[at] if at < len(self._planned) else False
        self.answers.append(answer)
        return answer


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
        for mark, values in run.seen.items():
            seen.setdefault(mark, set()).update(values)
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
