"""Python source files: bytes to text and tree, and back, without losing a byte."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass

import libcst as cst

_BOM = "\ufeff"


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
    """

    text: str
    encoding: str
    bom: bool

    @classmethod
    def read(cls, data: bytes) -> PythonDocument:
        """Decodes a file.

        Raises:
            DocumentError: if its encoding is unknown or its bytes do not fit the encoding.
        """
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except SyntaxError as error:
            raise DocumentError("KM902", f"cannot be decoded: {error.msg or error}") from None
        bom = encoding == "utf-8-sig"
        if bom:
            encoding = "utf-8"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = (
                f"cannot be decoded as {encoding}: byte 0x{data[error.start]:02x}. "
                "Save it as UTF-8, or name its encoding in a comment on the first line (PEP 263)"
            )
            raise DocumentError("KM902", message, line) from None
        return cls(text.removeprefix(_BOM) if bom else text, encoding, bom)

    def parse(self) -> cst.Module:
        """The tree of the source.

        Raises:
            DocumentError: if it does not parse as Python 3.
        """
        try:
            return cst.parse_module(self.text)
        except cst.ParserSyntaxError as error:
            raise _syntax_error(self.text, error.raw_line, error.raw_column + 1) from None
        except RecursionError:
            raise DocumentError("KM905", "is nested too deeply to be read") from None

    def encode(self, text: str) -> bytes:
        """The bytes of a new text in the same encoding.

        Raises:
            DocumentError: if the text has characters that the encoding lacks.
        """
        try:
            return (_BOM + text if self.bom else text).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise DocumentError("KM902", f"cannot be written as {self.encoding}: {error.reason}") from None


def _syntax_error(text: str, line: int, column: int) -> DocumentError:
    """What to say about a line that does not parse."""
    lines = text.split("\n")
    source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    shown = source if len(source) <= 60 else source[:57] + "..."
    if _is_python2(source):
        message = (
            f"does not parse as Python 3, but looks like Python 2: `{shown}`. Convert the file to Python 3 first "
            "(for instance with `fissix -w FILE` or `2to3 -w FILE`) and run again"
        )
        return DocumentError("KM904", message, line, column)
    return DocumentError("KM901", f"does not parse: `{shown}`. Mend the line and run again", line, column)


def _is_python2(source: str) -> bool:
    """Whether a line that does not parse as Python 3 shows one of Python 2's own forms."""
    if source.startswith(("print ", "exec ")):
        return True
    if source.startswith("except ") and "," in source and " as " not in source:
        return True
    if source.startswith("raise ") and "," in source:
        return True
    if "`" in source or "<>" in source or source.startswith("print>>"):
        return True
    head = source.partition("#")[0]
    return (
        any(
            head[at - 1 : at].isdigit() and (at == len(head) or not head[at].isalnum())
            for at in (head.find(mark) for mark in ("L,", "L)", "L "))
            if at > 0
        )
        or " print " in f" {head}"
    )
