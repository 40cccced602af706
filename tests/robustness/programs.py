"""Random programs that bind names in every way that Python has, and say what marked expressions are.

They run with what `run_time` gives them: ``here(expression, number)`` marks an expression, ``maybe()`` is
true or false, ``kept(…)`` decorates without doing anything, and so on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from hypothesis import strategies as st

MOST_MARKS = 12
FUNCTIONS = ("f", "g")


@dataclass(frozen=True)
class Vocabulary:
    """What programs are made of.

    Attributes:
        names: the variables.
        imports: imports that bind one of them; ``NAME`` stands for it.
        bare_imports: those that bind what they name, or ``*``.
        tails: what may follow a variable.
        handlers: what follows ``except``; ``NAME`` stands for a variable.
        context: what blocks are entered with.
    """

    names: Sequence[str]
    imports: Sequence[str]
    bare_imports: Sequence[str]
    tails: Sequence[str]
    handlers: Sequence[str] = ("ImportError", "Exception", "Exception as NAME")
    context: str = "made"


class Program:
    """Draws the lines of one program."""

    def __init__(self, vocabulary: Vocabulary, pick: Callable[[Sequence[str]], str]) -> None:
        self._words = vocabulary
        self._pick = pick
        self._marks = count()

    def pick(self, *choices: str) -> str:
        return self._pick(choices)

    def name(self) -> str:
        return self._pick(self._words.names)

    def reached(self) -> str:
        """A variable, or what is reached through one."""
        return self.name() + self._pick(self._words.tails)

    def mark(self) -> str:
        return f"here({self.reached()}, {next(self._marks)})"

    def value(self) -> str:
        return self.pick("1", "len", self.reached(), self.reached(), self.reached())

    def imported(self, inside: str) -> str:
        """An import; a star is only allowed in the module itself."""
        allowed = [each for each in self._words.bare_imports if inside == "module" or "*" not in each]
        if allowed and self.pick("", "", "bare"):
            return self._pick(allowed)
        return self._pick(self._words.imports).replace("NAME", self.name())

    def simple(self, inside: str) -> str:
        """A statement of one line."""
        kind = self.pick(*"mmmmiiiiaaaAtTwdccgGlLspD;")
        match kind:
            case "m":
                return self.mark()
            case "i":
                return self.imported(inside)
            case "a":
                return f"{self.name()} = {self.value()}"
            case "A":
                return f"{self.name()}: {self.mark()} = {self.value()}"
            case "t":
                return f"{self.name()}, {self.name()} = {self.value()}, {self.value()}"
            case "T":
                return f"{self.name()} = {self.name()} = {self.value()}"
            case "w":
                return f"maybe() and ({self.name()} := {self.value()})"
            case "d":
                return f"del {self.name()}"
            case "c":
                return f"call({self._pick(FUNCTIONS)})"
            case "g":
                return f"list({self.mark()} for {self.name()} in [1])"
            case "G":
                return f"[{self.mark()} for {self.name()} in [1] if ({self.name()} := {self.value()})]"
            case "l":
                return f"{self.name()} = bool({self.mark()}) if maybe() else 1"
            case "L":
                return f"(lambda {self.name()}={self.mark()}: {self.mark()})()"
            case "s":
                return f'made(*[{self.mark()}], **{{"k": {self.mark()}}})'
            case "D":
                return f'f"{{{self.mark()}}} keras.layers"  # keras.layers'
            case "r":
                return "maybe() and fail()"
            case ";":
                return f"{self.imported(inside)}; {self.mark()}"
        return "pass"

    def block(self, depth: int, inside: str) -> list[str]:
        """One to three indented statements."""
        size = int(self.pick("1", "2", "3"))
        return [f"    {line}" for _ in range(size) for line in self.statement(depth - 1, inside)]

    def statement(self, depth: int, inside: str) -> list[str]:
        """A statement and all that is in it.

        Args:
            depth: how many blocks may stand within each other in it.
            inside: ``module``, ``function``, ``async`` or ``class``.
        """
        kind = self.pick(*"ssssssifwFFFCtmW") if depth > 0 else "s"
        turn = self.pick("", "async ") if inside == "async" else ""
        match kind:
            case "i":
                lines = ["if maybe():", *self.block(depth, inside)]
                return [*lines, "else:", *self.block(depth, inside)] if self.pick("", "e") else lines
            case "f":
                many = "once()" if turn else "range(2)"
                return [f"{turn}for {self.name()} in {many}:", *self.block(depth, inside)]
            case "w":
                return ["while maybe():", *self.block(depth, inside)]
            case "W":
                bound = self.pick("", "", f" as {self.name()}")
                return [f"{turn}with {self._words.context}{bound}:", *self.block(depth, inside)]
            case "F":
                return self.function(depth, inside)
            case "C":
                base = self.pick("", f"(base({self.mark()}))")
                return [*self.decorators(), f"class A{base}:", *self.block(depth, "class")]
            case "t":
                handler = self._pick(self._words.handlers).replace("NAME", self.name())
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
                    f"match {self.pick('maybe()', self.mark())}:",
                    f"    case {self.pick(captured, '1 as ' + captured)} if maybe():",
                    *("    " + line for line in self.block(depth, inside)),
                    "    case _:",
                    *("    " + line for line in self.block(depth, inside)),
                ]
        return [self.simple(inside)]

    def decorators(self) -> list[str]:
        return [f"@kept({self.mark()})"] if self.pick("", "", "kept") else []

    def function(self, depth: int, inside: str) -> list[str]:
        name = self._pick(FUNCTIONS)
        nested = inside in ("function", "async")
        parameter = self.pick("", "", f"{self.name()}=1", "*", "->")
        result = ""
        if parameter == "*":
            parameter = f"*{self.name()}, **{self.name()}"
        elif parameter == "->":
            parameter, result = f"{self.name()}: {self.mark()} = len", f" -> {self.mark()}"
        declared = self.pick("", "", "global", "nonlocal" if nested else "")
        where = [f"    {declared} {self.name()}"] if declared else []
        called = [f"call({name})"] if self.pick("", "call") else []
        turn = self.pick("", "", "async ")
        return [
            *self.decorators(),
            f"{turn}def {name}({parameter}){result}:",
            *where,
            *self.block(depth, "async" if turn else "function"),
            *called,
        ]


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any], vocabulary: Vocabulary, *, seeded: bool) -> str:
    """Source of a module; some are no valid Python, such as a parameter that is declared global.

    Args:
        draw: what hypothesis gives.
        vocabulary: what it is made of.
        seeded: whether hypothesis draws one number that decides everything, which takes a tenth of the time
            but leaves nothing to shrink.
    """
    if seeded:
        pick = random.Random(draw(st.integers(0, 2**64))).choice
    else:

        def pick(choices: Sequence[str]) -> str:
            return str(draw(st.sampled_from(choices)))

    program = Program(vocabulary, pick)
    lines = [program.imported("module") for _ in range(int(program.pick("1", "2", "3")))]
    for _ in range(int(program.pick("1", "2", "3", "4"))):
        lines += program.statement(2, "module")
    return "\n".join([*lines, program.mark(), ""])


def is_valid(source: str) -> bool:
    """Whether Python compiles a program, and running it in every way takes no time."""
    try:
        compile(source, "snippet", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return source.count("here(") <= MOST_MARKS
