"""What IPython adds to Python: magics, shell lines and questions, masked so that the rest can be read.

A masked line is a call that stands for it, or the Python that it holds with a comment behind that stands for
the rest. Both are put back where the new code has them.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_RUNS_PYTHON = frozenset({"capture", "memit", "prun", "px", "snakeviz", "time", "timeit"})
"""Magics whose line or cell is Python that runs in the notebook itself."""

_CELL_MAGIC = re.compile(r"%%(\w+)(.*)")
_COMMAND = re.compile(r"[ \t]*(?:[%!].|\?{1,2}\S|[,;/][ \t]*[A-Za-z_])")
"""The begin of a line that is not Python."""
_ASSIGNED = re.compile(r"([\w.,* \t]+(?:\[[^\]\n]*\][ \t]*)?=[ \t]*)([!%][^=\n].*)", re.DOTALL)
"""``files = !ls``"""
_QUESTION = re.compile(r"[ \t]*%{0,2}[A-Za-z_][\w.*]*(?:\[[^\]\n]*\][\w.*]*)*\?{1,2}[ \t]*(?:#.*)?\n?")
"""``model.fit?``"""
_PYTHON_BEHIND = re.compile(
    rf"([ \t]*)(%(?:{'|'.join(sorted(_RUNS_PYTHON))})(?:[ \t]+-\w+(?:[ \t]*\d+)?)*[ \t]+)(\S[^\n]*)\n?"
)
"""``%time model.fit(x, y)``"""
_TOKEN = re.compile(
    r'''
      (?P<string>
        """ (?: [^"\\] | \\. | "(?!"") )* (?: """ | \Z )
      | \'{3} (?: [^'\\] | \\. | '(?!'') )* (?: \'{3} | \Z )
      | " (?: [^"\\\n] | \\. )* "?
      | ' (?: [^'\\\n] | \\. )* '? )
    | (?P<skip> \#[^\n]* | \\\n )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> \n )
    | [^"'\#\\()\[\]{}\n]+
    | .
    ''',
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A line that is not Python, with those that a backslash joins to it.

    Attributes:
        text: the line, or the part of it, that is masked.
        line: its 1-based line in the cell.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Masked:
    """The code of a cell as Python.

    Attributes:
        text: the code.
        lines: for each of its lines the 1-based line of the cell that it came from.
        shifts: how many columns further left than in the cell the code of some of its lines stands.
        commands: what is masked, by the name of what stands for it.
        python: whether it is Python that runs in the notebook; else all of it is masked.
        magic: what stands for the magic on its first line; empty where there is none.
    """

    text: str
    lines: tuple[int, ...]
    shifts: Mapping[int, int]
    commands: Mapping[str, Command]
    python: bool = True
    magic: str = ""


def mask(source: str, stem: str) -> Masked:
    """Masks what is not Python in a cell.

    Args:
        source: the code of the cell; its lines end in ``\\n``.
        stem: begins the names that stand for what is masked, and is in no code.
    """
    pieces = list(_split(source))
    first = next((piece.text for piece in pieces if piece.text.strip()), "")
    magic = _CELL_MAGIC.match(first)
    if first.startswith("%%") and (magic is None or magic[1] not in _RUNS_PYTHON):
        return masked_wholly(source, stem)
    texts: list[str] = []
    lines: list[int] = []
    shifts: dict[int, int] = {}
    commands: dict[str, Command] = {}
    for piece in pieces:
        name = f"{stem}{len(commands)}_"
        stand_in = _stand_in(piece.text.removesuffix("\n"), name) if _is_command(piece.text, 0) else None
        if stand_in is None:
            texts.append(piece.text)
            lines += range(piece.line, piece.line + piece.text.count("\n") + (piece.text[-1] != "\n"))
            continue
        if stand_in.shift:
            shifts[len(lines) + 1] = stand_in.shift
        commands[name] = Command(stand_in.command, piece.line)
        texts.append(stand_in.text + ("\n" if piece.text.endswith("\n") else ""))
        lines.append(piece.line)
    leading = next(iter(commands), "") if magic is not None else ""
    return Masked("".join(texts), tuple(lines), shifts, commands, magic=leading)


def masked_wholly(source: str, stem: str) -> Masked:
    """A cell that is not to be read as Python."""
    name = f"{stem}0_"
    return Masked(f"{name}()", (1,), {}, {name: Command(source, 1)}, python=False)


def unmasked(line: str, stem: str, commands: Mapping[str, Command]) -> str | None:
    """A line of new code with what was masked put back; ``None`` where it cannot be.

    Args:
        line: the line, without its end.
        stem: what the names begin with that stand for what is masked.
        commands: what is masked, by those names.
    """
    while stem in line:
        match = re.search(rf"{stem}\d+_\d+_", line)
        if match is None or match[0] not in commands:
            return None
        text = commands[match[0]].text
        code = line.removesuffix(f"  # {match[0]}")
        if code != line:
            statement = code.lstrip()
            if not is_python(statement):
                return None
            line = code[: len(code) - len(statement)] + text + statement
        elif line[match.end() :].startswith("()"):
            line = line[: match.start()] + text + line[match.end() + 2 :]
        else:
            return None
    return line


class _Piece(NamedTuple):
    """One line, or several that a bracket, a string or a backslash holds together, and its number."""

    text: str
    line: int


def logical_lines(source: str) -> Iterator[str]:
    """The lines of some code, those that brackets, strings or backslashes hold together as one."""
    return (piece.text for piece in _split(source))


def _split(source: str) -> Iterator[_Piece]:
    at, line = 0, 1
    while at < len(source):
        end = _end_of_command(source, at) if _is_command(source, at) else _end_of_code(source, at)
        yield _Piece(source[at:end], line)
        line += source.count("\n", at, end)
        at = end


def _is_command(source: str, at: int) -> bool:
    """Whether a line that begins somewhere is not Python."""
    end = source.find("\n", at)
    line = source[at : end if end >= 0 else len(source)]
    return bool(_COMMAND.match(line) or _ASSIGNED.match(line) or _QUESTION.fullmatch(line))


def _end_of_command(source: str, at: int) -> int:
    while True:
        end = source.find("\n", at)
        if end < 0:
            return len(source)
        if source[end - 1] != "\\":
            return end + 1
        at = end + 1


def _end_of_code(source: str, at: int) -> int:
    depth = 0
    for match in _TOKEN.finditer(source, at):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "end" and depth == 0:
            return match.end()
    return len(source)


class _StandIn(NamedTuple):
    """What takes the place of a line, what of the line is masked, and how far the rest moves to the left."""

    text: str
    command: str
    shift: int = 0


def _stand_in(text: str, name: str) -> _StandIn:
    timed = _PYTHON_BEHIND.fullmatch(text)
    if timed is not None and is_python(timed[3].rstrip()):
        return _StandIn(f"{timed[1]}{timed[3].rstrip()}  # {name}", timed[2], len(timed[2]))
    assigned = _ASSIGNED.fullmatch(text)
    if assigned is not None:
        return _StandIn(f"{assigned[1]}{name}()", assigned[2])
    command = text.lstrip()
    return _StandIn(f"{text[: len(text) - len(command)]}{name}()", command)


def is_python(code: str) -> bool:
    """Whether code can be read by itself."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
