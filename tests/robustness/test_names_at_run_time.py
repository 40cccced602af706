"""Random programs that bind names in every way: the resolver never claims what Python does not give."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from robustness.run_time import OTHER, happens, resolved

NAMES = st.sampled_from(["a", "b", "c"])
FUNCTIONS = st.sampled_from(["f", "g"])
MODULES = st.sampled_from(["keras", "keras.layers", "tensorflow.keras", "os"])
MOST_MARKS = 12


class Program:
    """Draws the lines of one program."""

    def __init__(self, draw: Callable[[st.SearchStrategy[object]], object]) -> None:
        self._draw = draw
        self._marks = count()

    def pick(self, *choices: str) -> str:
        return str(self._draw(st.sampled_from(choices)))

    def name(self) -> str:
        return str(self._draw(NAMES))

    def mark(self) -> str:
        name = self.name()
        return f"here({self.pick(name, name, name + '.layers')}, {next(self._marks)})"

    def value(self) -> str:
        return self.pick("1", self.name(), self.name() + ".layers", "len")

    def simple(self) -> str:
        kind = self.pick(*"mmmiiiaaatwdcgGLp")
        match kind:
            case "m":
                return self.mark()
            case "i":
                return f"import {self._draw(MODULES)} as {self.name()}"
            case "a":
                return f"{self.name()} = {self.value()}"
            case "t":
                return f"{self.name()}, {self.name()} = {self.value()}, {self.value()}"
            case "w":
                return f"maybe() and ({self.name()} := {self.value()})"
            case "d":
                return f"del {self.name()}"
            case "c":
                return f"{self._draw(FUNCTIONS)}()"
            case "g":
                return f"list({self.mark()} for {self.name()} in [1])"
            case "G":
                return f"[{self.mark()} for {self.name()} in [1] if ({self.name()} := {self.value()})]"
            case "L":
                return f"(lambda {self.name()}={self.mark()}: {self.mark()})()"
        return "pass"

    def block(self, depth: int, inside: str) -> list[str]:
        lines = [
            f"    {line}"
            for _ in range(int(str(self._draw(st.integers(1, 3)))))
            for line in self.statement(depth - 1, inside)
        ]
        return lines or ["    pass"]

    def statement(self, depth: int, inside: str) -> list[str]:
        kind = self.pick(*"ssssifwFFCtmW") if depth > 0 else "s"
        match kind:
            case "i":
                lines = ["if maybe():", *self.block(depth, inside)]
                return [*lines, "else:", *self.block(depth, inside)] if self.pick("", "e") else lines
            case "f":
                return [f"for {self.name()} in range(2):", *self.block(depth, inside)]
            case "w":
                return ["while maybe():", *self.block(depth, inside)]
            case "W":
                return ["with made:", *self.block(depth, inside)]
            case "F":
                return self.function(depth, inside)
            case "C":
                return ["class A:", *self.block(depth, "class")]
            case "t":
                handler = self.pick("ImportError", "Exception", f"Exception as {self.name()}")
                return [
                    "try:",
                    *self.block(depth, inside),
                    f"except {handler}:",
                    *self.block(depth, inside),
                    *self.pick("", "finally:\n    pass").splitlines(),
                ]
            case "m":
                captured = self.name()
                return [
                    "match maybe():",
                    f"    case {self.pick(captured, '1 as ' + captured)} if maybe():",
                    *("    " + line for line in self.block(depth, inside)),
                    "    case _:",
                    *("    " + line for line in self.block(depth, inside)),
                ]
        return [self.simple()]

    def function(self, depth: int, inside: str) -> list[str]:
        name = str(self._draw(FUNCTIONS))
        parameter = self.pick("", "", f"{self.name()}=1", f"{self.name()}={self.name()}")
        declared = self.pick("", "", "global", "nonlocal" if inside == "function" else "")
        where = [f"    {declared} {self.name()}"] if declared else []
        called = [f"{name}()"] if self.pick("", "call") else []
        return [f"def {name}({parameter}):", *where, *self.block(depth, "function"), *called]


@st.composite
def programs(draw: Callable[[st.SearchStrategy[object]], object]) -> str:
    """Source of a module; some are no valid Python, such as a parameter that is declared global."""
    program = Program(draw)
    lines = [f"import {draw(MODULES)} as {draw(NAMES)}"]
    for _ in range(int(str(draw(st.integers(1, 6))))):
        lines += program.statement(3, "module")
    return "\n".join([*lines, program.mark(), ""])


def _is_valid(source: str) -> bool:
    try:
        compile(source, "snippet", "exec")
    except SyntaxError:
        return False
    return source.count("here(") <= MOST_MARKS


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(programs().filter(_is_valid))
def test_what_is_named_is_what_python_gives(source: str) -> None:
    note(source)
    said = resolved(source)
    for mark, values in happens(source).items():
        if OTHER not in said[mark]:
            assert values <= said[mark], f"mark {mark}"
