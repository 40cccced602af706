"""What Python 3 takes in another sense than Python 2 did, though it parses as both.

Looked for in code that was converted already. What is sure is edited; what hangs on values that only a run
shows is told, once for each kind, with the lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_migrate.documents.python2_values import Kind, Values
from keras_migrate.findings import Level

DIVISION, MEANING = "KM891", "KM892"
"""The rules that these findings belong to."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a place.

    Attributes:
        rule: the code of the rule.
        level: how much it asks of a person.
        message: what it is and what to do.
        line: the 1-based line.
    """

    rule: str
    level: Level
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of text that becomes another one, and what to say about it.

    Attributes:
        begin: 1-based line and column in bytes where it begins.
        end: the same where it ends.
        pattern: what is replaced between these; the first match.
        text: what it becomes.
        note: what to say.
    """

    begin: tuple[int, int]
    end: tuple[int, int]
    pattern: str
    text: str
    note: Note


def look(tree: ast.Module) -> Iterator[Note | Edit]:
    """Finds what means something else now.

    Args:
        tree: the converted code.
    """
    values = Values(tree)
    if not _divides_truly(tree):
        yield from _divisions(tree, values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _call(node, values)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _import(node)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name in _METHODS:
                    message = f"Python 3 never calls `{method.name}`: {_METHODS[method.name]}"
                    yield Note(MEANING, Level.MANUAL, message, method.lineno)


def _divides_truly(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "division" for alias in node.names)
        for node in tree.body
    )


_UNSURE = (
    "`/` gave whole numbers in Python 2 where both sides are whole numbers, and gives fractions now. Write "
    "`//` where whole numbers are meant"
)
_SURE = "`/` of whole numbers gave a whole number in Python 2, which is written `//`"
_SHAPE = f"{_SURE}. Check that both are whole numbers"


def _divisions(tree: ast.Module, values: Values) -> Iterator[Note | Edit]:
    cut_off = {
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and values.qualified(node.func) in _CUT_OFF
    }
    for node in ast.walk(tree):
        if node in cut_off:
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            left, right = node.left, node.right
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
            left, right = node.target, node.value
        else:
            continue
        kinds = {values.kind(left), values.kind(right)}
        if Kind.FLOAT in kinds:
            continue
        begin, end = (left.end_lineno or 1, left.end_col_offset or 0), (right.lineno, right.col_offset)
        if kinds <= {Kind.INT, Kind.SHAPE}:
            sure = kinds == {Kind.INT}
            note = Note(
                DIVISION, Level.REWRITTEN if sure else Level.REVIEW, _SURE if sure else _SHAPE, left.lineno
            )
            yield Edit(begin, end, _SLASH, r"\1//", note)
        else:
            yield Note(DIVISION, Level.REVIEW, _UNSURE, begin[0])


_CUT_OFF = frozenset({"int", "math.floor", "numpy.floor"})
"""What makes a whole number of a fraction, so that it does not matter which of the two it is given."""
_SLASH = r"\A((?:[^/#]|#[^\n]*\n)*)/"

_METHODS = {
    "__cmp__": "define `__eq__` and `__lt__`, and decorate the class with `functools.total_ordering`",
    "__coerce__": "define the operators for both types",
    "__delslice__": "`__delitem__` gets a slice",
    "__div__": "call it `__truediv__`",
    "__getslice__": "`__getitem__` gets a slice",
    "__idiv__": "call it `__itruediv__`",
    "__rdiv__": "call it `__rtruediv__`",
    "__setslice__": "`__setitem__` gets a slice",
    "__unicode__": "call it `__str__`",
}
_GONE_MODULES = {
    "exceptions": "its names are builtin",
    "md5": "use `hashlib.md5`",
    "new": "use `types`",
    "popen2": "use `subprocess`",
    "sets": "`set` is builtin",
    "sha": "use `hashlib.sha1`",
}
_CODECS = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "rot_13", "string_escape", "uu", "zip", "zlib"}
)
_STRING_FUNCTIONS = frozenset(
    {
        "atof", "atoi", "atol", "capitalize", "center", "count", "find", "index", "join", "joinfields",
        "ljust", "lower", "lstrip", "maketrans", "replace", "rfind", "rindex", "rjust", "rstrip", "split",
        "splitfields", "strip", "swapcase", "translate", "upper", "zfill",
    }
)  # fmt: skip
_SHUFFLES = frozenset({"choice", "randint", "randrange", "sample", "shuffle"})


def _import(node: ast.Import | ast.ImportFrom) -> Iterator[Note]:
    level = getattr(node, "level", 0)
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for name in names:
        if not level and name in _GONE_MODULES:
            message = f"Python 3 has no module `{name}`: {_GONE_MODULES[name]}"
            yield Note(MEANING, Level.MANUAL, message, node.lineno)


def _call(node: ast.Call, values: Values) -> Iterator[Note | Edit]:
    name = values.qualified(node.func)
    module, _, function = name.rpartition(".")
    if name == "round" and len(node.args) == 1:
        message = (
            "`round` takes halves to the even number now (2.5 to 2) and gives an int; Python 2 took them "
            "away from zero (to 3.0). Write `numpy.floor(x + 0.5)` for positive numbers where that matters"
        )
        yield Note(MEANING, Level.REVIEW, message, node.lineno)
    elif name == "cmp":
        yield Note(MEANING, Level.MANUAL, "`cmp(a, b)` is gone: write `(a > b) - (a < b)`", node.lineno)
    elif name == "sys.setdefaultencoding":
        message = "Python 3 has no `sys.setdefaultencoding`: remove it, and the `reload` of `sys` above it"
        yield Note(MEANING, Level.MANUAL, message, node.lineno)
    elif module == "string" and function in _STRING_FUNCTIONS:
        message = f"`string.{function}` is gone: call the method of the string"
        yield Note(MEANING, Level.MANUAL, message, node.lineno)
    elif module == "random" and function in _SHUFFLES and values.calls("random.seed"):
        message = (
            "with the same seed, `random.seed(…)`, Python 3 draws and shuffles in another order than Python 2"
        )
        yield Note(MEANING, Level.REVIEW, message, node.lineno)
    elif name in ("enumerate", "list") and node.args and values.kind(node.args[0]) is Kind.SET:
        message = (
            "the order of a set of strings is another one in every run of Python 3. Where indices are kept "
            "with a model, write `sorted(…)` around it"
        )
        yield Note(MEANING, Level.REVIEW, message, node.lineno)
    yield from _files(node, name, values)
    yield from _codec(node)


def _codec(node: ast.Call) -> Iterator[Note]:
    """``'ab'.encode('hex')``."""
    if (
        not isinstance(node.func, ast.Attribute)
        or node.func.attr not in ("encode", "decode")
        or not node.args
    ):
        return
    first = node.args[0]
    if isinstance(first, ast.Constant) and str(first.value).replace("-", "_").lower() in _CODECS:
        message = f"strings have no codec {first.value!r} now: use `codecs.{node.func.attr}` on bytes"
        yield Note(MEANING, Level.MANUAL, message, node.lineno)


def _files(node: ast.Call, name: str, values: Values) -> Iterator[Note | Edit]:
    """Files that are opened as text and hold bytes, or the other way round."""
    if name in ("pickle.load", "pickle.loads") and all(each.arg != "encoding" for each in node.keywords):
        message = "pickles with arrays or strings that Python 2 wrote need `encoding='latin1'` here"
        yield Note(MEANING, Level.REVIEW, message, node.lineno)
    if name not in _OPENED or len(node.args) <= _OPENED[name][0]:
        return
    at, binary, says = _OPENED[name]
    for opened in values.opened(node.args[at]):
        mode = opened.args[1] if len(opened.args) > 1 else None
        note = Note(MEANING, Level.REWRITTEN, says, (mode or opened.args[0]).end_lineno or opened.lineno)
        if mode is None and len(opened.args) == 1 and not opened.keywords and binary:
            end = (opened.end_lineno or 1, opened.end_col_offset or 0)
            begin = (opened.args[0].end_lineno or 1, opened.args[0].end_col_offset or 0)
            yield Edit(begin, end, r"\A", ", 'rb'", note)
        elif isinstance(mode, ast.Constant) and isinstance(mode.value, str) and ("b" in mode.value) != binary:
            begin = (mode.lineno, mode.col_offset)
            end = (mode.end_lineno or 1, mode.end_col_offset or 0)
            if binary:
                yield Edit(begin, end, r"([rwa]\+?)(?=['\"])", r"\1b", note)
            else:
                newline = ", newline=''" if name.startswith("csv.") else ""
                yield Edit(begin, end, r"b(\+?)(['\"])", rf"\1\2{newline}", note)


_BYTES = "`pickle` reads and writes bytes, so the file is opened as such"
_TEXT = "this reads and writes text in Python 3, so the file is opened as such"
_OPENED = {
    "pickle.load": (0, True, _BYTES),
    "pickle.dump": (1, True, _BYTES),
    "csv.reader": (0, False, _TEXT),
    "csv.writer": (0, False, _TEXT),
    "csv.DictReader": (0, False, _TEXT),
    "csv.DictWriter": (0, False, _TEXT),
    "json.dump": (1, False, _TEXT),
}
"""Which argument is the file, whether it holds bytes, and what to say."""


def edited(lines: list[str], edits: Iterable[Edit]) -> list[str]:
    """Makes edits.

    Args:
        lines: the lines of the code, without their ends.
        edits: what to change; no edit adds or takes a line.
    """
    text = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: tuple[int, int]) -> int:
        line, column = place
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    spans = sorted({(offset(edit.begin), offset(edit.end), edit.pattern, edit.text) for edit in edits})
    for begin, end, pattern, replacement in reversed(spans):
        text = text[:begin] + re.sub(pattern, replacement, text[begin:end], count=1) + text[end:]
    return text.split("\n")
