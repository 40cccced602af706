"""Python source files: bytes to text and tree, and back, without losing a byte."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

import libcst as cst

from keras_migrate.documents.nesting import TooDeepError, check_nesting

_BOM = "\ufeff"
_SAFE_ENCODINGS = frozenset({"utf-8", "ascii", "iso-8859-1"})
"""Encodings in which each text has one form only, so that decoding and encoding give the same bytes."""


class DocumentError(Exception):
    """A file that cannot be migrated as it is.

    Attributes:
        rule: the code of the rule that says so.
        line: the 1-based line concerned.
    """

    def __init__(self, rule: str, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.rule = rule
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class PythonDocument:
    """A source file.

    Attributes:
        text: what it says, without a byte order mark.
        encoding: how it is encoded (PEP 263).
        bom: whether it starts with a byte order mark.
        heads: how the strings begin that stand alone above each part of it that is run by itself too.
    """

    text: str
    encoding: str
    bom: bool
    heads: str = ""

    def heads_of_parts(self, module: cst.Module) -> tuple[cst.CSTNode, ...]:
        """The statements of its tree that are such strings."""
        if not self.heads:
            return ()
        return tuple(each for each in module.body if lone_string(each).startswith(self.heads))

    @classmethod
    def read(cls, data: bytes) -> PythonDocument:
        """Decodes a file.

        Raises:
            DocumentError: if its encoding is unknown or its bytes do not fit the encoding.
        """
        bom = data.startswith(codecs.BOM_UTF8)
        encoding = _encoding(data)
        try:
            text = data.decode(encoding)
            faithful = encoding in _SAFE_ENCODINGS or text.encode(encoding) == data
        except UnicodeDecodeError as error:
            raise _bad_byte(data, encoding, error) from None
        except (LookupError, ValueError) as error:
            raise DocumentError("KM902", f"cannot be decoded as {encoding}: {error}", _cookie(data)) from None
        if not faithful:
            message = f"cannot be written back as {encoding} byte for byte. Save it as UTF-8 and run again"
            raise DocumentError("KM902", message, _cookie(data))
        return cls(text.removeprefix(_BOM) if bom else text, encoding, bom)

    def parse(self) -> cst.Module:
        """The tree of the source.

        Raises:
            DocumentError: if it does not parse as Python 3, or cannot be parsed in the memory that there is.
        """
        try:
            check_nesting(self.text)
            module = _with_lost_spaces(cst.parse_module(self.text), self.text)
        except cst.ParserSyntaxError as error:
            raise _syntax_error(self.text, error.raw_line, error.raw_column) from None
        except cst.CSTValidationError:  # a letter that is one in a newer Unicode than Python's
            raise _syntax_error(self.text) from None
        except TooDeepError as error:
            raise DocumentError("KM905", f"{error}. Part it and run again", error.line) from None
        except UnicodeEncodeError as error:
            line = self.text.count("\n", 0, error.start) + 1
            raise DocumentError(
                "KM902", "has half of a surrogate pair, which is no character", line
            ) from None
        if "\0" in self.text or (_EXCEPT_COMMA.search(self.text) and not _is_python3(self.text)):
            raise _syntax_error(self.text)
        return module

    def encode(self, text: str) -> bytes:
        """The bytes of a new text in the same encoding.

        Raises:
            DocumentError: if the text has characters that the encoding lacks.
        """
        try:
            return (_BOM + text if self.bom else text).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise DocumentError("KM902", f"cannot be written as {self.encoding}: {error.reason}") from None


_HANDLER = re.compile(r"^[ \t\f]*except\b(?:[^\n:#]*[^\s:#]([ \t]+)(?=:))?", re.MULTILINE)
"""The head of a handler, and the spaces between its exception and the colon."""


class _Spaced(cst.CSTTransformer):
    """Gives handlers back the spaces before their colons."""

    def __init__(self, spaces: list[str]) -> None:
        super().__init__()
        self._spaces = iter(spaces)
        self._of: dict[cst.ExceptHandler, str] = {}

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        spaces = next(self._spaces, "")
        self._of[node] = spaces if node.name is None and node.type is not None else ""

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        spaces = self._of[original_node]
        if not spaces:
            return updated_node
        return updated_node.with_changes(whitespace_before_colon=cst.SimpleWhitespace(spaces))


def _with_lost_spaces(module: cst.Module, text: str) -> cst.Module:
    """The tree with the space of ``except Error :``, which libcst 1.9 does not keep.

    Handlers are told apart by their order alone. Where that misleads, by a line of a string that looks like
    one, the text is not reproduced and the file is refused as before.
    """
    spaces = [found[1] or "" for found in _HANDLER.finditer(text)]
    if not any(spaces):
        return module
    changed = module.visit(_Spaced(spaces))
    assert isinstance(changed, cst.Module)
    return changed if changed.code == text else module


def _encoding(data: bytes) -> str:
    """The encoding that a file declares (PEP 263)."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        try:
            data.decode()
        except UnicodeDecodeError as bad:
            if _cookie(data) == 0:
                raise _bad_byte(data, "utf-8", bad) from None
        message = (
            f"cannot be decoded: {error.msg or error}. Save it as UTF-8, or name an encoding that Python has"
        )
        raise DocumentError("KM902", message, _cookie(data) or 1) from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


def lone_string(statement: cst.CSTNode) -> str:
    """What a statement that is just a string says, with its quotes; empty where it is another."""
    if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Expr):
        value = statement.body[0].value
        if isinstance(value, cst.SimpleString):
            return value.value
    return ""


_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def _cookie(data: bytes) -> int:
    """The line that names the encoding of a file; 0 where none does."""
    lines = data[:1000].removeprefix(codecs.BOM_UTF8).splitlines()[:2]
    return next((number for number, line in enumerate(lines, 1) if _COOKIE.match(line)), 0)


def _bad_byte(data: bytes, encoding: str, error: UnicodeDecodeError) -> DocumentError:
    """What to say about a byte that does not fit the encoding."""
    line = data.count(b"\n", 0, error.start) + 1
    column = error.start - data.rfind(b"\n", 0, error.start)
    message = (
        f"cannot be decoded as {encoding}: byte 0x{data[error.start]:02x}. "
        "Save it as UTF-8, or name its encoding in a comment on the first line (PEP 263)"
    )
    return DocumentError("KM902", message, line, column)


_EXCEPT_COMMA = re.compile(r"^[ \t]*except[ \t]+[^\s:#(][^\n:#(]*,", re.MULTILINE)
"""``except Error, error:`` also parses as Python 3.14, where it means something else."""


def _is_python3(text: str) -> bool:
    """Whether a text parses as the Python 3 that TensorFlow runs on."""
    try:
        _parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _parse(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text, feature_version=(3, 13))


_NEWLINE = re.compile(r"\r\n?|\n")


def _syntax_error(text: str, line: int = 1, column: int = 0) -> DocumentError:
    """What to say about a text that does not parse.

    Python's own parser names the place better; where it has nothing to say, libcst's word counts.

    Args:
        text: the text.
        line: where libcst stopped: a line too far, unless the column is 0.
        column: the same, 0-based.
    """
    why = ""
    line, column = line - (column > 0), column + 1
    if "\0" in text:
        line, column, why = len(_NEWLINE.findall(text, 0, text.index("\0"))) + 1, 1, "it has a NUL byte"
    else:
        try:
            _parse(text)
        except SyntaxError as error:
            line, column, why = error.lineno or line, error.offset or 1, error.msg
        except (ValueError, RecursionError, MemoryError):
            why = "Python cannot read it either"
    lines = _NEWLINE.split(text)
    line, column = min(max(line, 1), len(lines)), max(column, 1)
    source = lines[line - 1].strip()
    shown = source if len(source) <= 60 else source[:57] + "..."
    if is_python2(source, why):
        message = (
            f"does not parse as Python 3, but looks like Python 2: `{shown}`. Run again with "
            "`--python2 convert` to bring it to Python 3 and migrate it"
        )
        return DocumentError("KM904", message, line, column)
    if why:
        message = f"does not parse: `{shown}` ({why}). Mend the line and run again"
    else:
        message = f"is Python that libcst cannot read: `{shown}`. Write the line in another way and run again"
    return DocumentError("KM901", message, line, column)


_PYTHON_2 = re.compile(
    r"""
      ^(?:.*[:;]\s*)?(?:print|exec)(?:\s*$|\s+[^=.\s]|\s*>>|["'])  # a statement: print x
    | ^except\b[^:]*,\s*\w+\s*:                                   # except Error, error:
    | ^(?:.*[:;]\s*)?raise\s+[\w.]+\s*,                            # raise Error, "message"
    | `[^`]+`                                                      # `x`
    | <>
    | \b0[0-7]+\b(?![.eEjJ])                                       # 0777
    | \b(?:\d+|0[xX][0-9a-fA-F]+)[lL]\b                            # 10L
    | \b[uU][rR]["']                                               # ur""
    | ^def\s+\w+\(.*(?<=[(,])\s*\([^)=]*\)\s*[,)=]                # def f(a, (b, c)):
    | \blambda\s*\([^)]*\)\s*:                                    # lambda (a, b):
    """,
    re.VERBOSE,
)


def is_python2(source: str, why: str = "") -> bool:
    """Whether a line that does not parse as Python 3 shows one of Python 2's own forms.

    Args:
        source: the line, stripped.
        why: what Python 3 says about it.
    """
    if "Missing parentheses in call to" in why or why.startswith("inconsistent use of tabs"):
        return True
    return _PYTHON_2.search(source) is not None
