"""Python source from bytes to text and tree: right, or refused with the rule and the line that say why."""

from __future__ import annotations

import codecs

import pytest

from keras_migrate.documents.nesting import TooDeepError, check_nesting
from keras_migrate.documents.python import DocumentError, PythonDocument


def refusal(data: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        PythonDocument.read(data).parse()
    return caught.value


READ = {
    "UTF-8": ("x = 'é'\n".encode(), "utf-8", "x = 'é'\n"),
    "byte order mark": (codecs.BOM_UTF8 + b"x = 1\n", "utf-8", "x = 1\n"),
    "byte order mark and its name": (
        codecs.BOM_UTF8 + b"# coding: utf-8-sig\n",
        "utf-8",
        "# coding: utf-8-sig\n",
    ),
    "the name without the mark": (b"# coding: utf-8-sig\n", "utf-8", "# coding: utf-8-sig\n"),
    "Latin-1": (b"# coding: latin-1\nx = '\xe9'\n", "iso-8859-1", "# coding: latin-1\nx = 'é'\n"),
    "on the second line": (b"#!/bin/x\n# vim: set fileencoding=cp1252 :\n# \x80\n", "cp1252", None),
    "Shift JIS": ("# coding: shift_jis\nx = 'あ'\n".encode("shift_jis"), "shift_jis", None),
    "KOI8-R": ("# -*- coding: koi8-r -*-\nx = 'Ж'\n".encode("koi8-r"), "koi8-r", None),
    "empty": (b"", "utf-8", ""),
}


@pytest.mark.parametrize(("data", "encoding", "text"), READ.values(), ids=READ)
def test_bytes_come_back(data: bytes, encoding: str, text: str | None) -> None:
    document = PythonDocument.read(data)
    assert document.encoding == encoding
    assert text is None or document.text == text
    assert document.encode(document.parse().code) == data


UNREADABLE = {
    "a byte that is not UTF-8": (b"x = 1\ny = '\xff'\n", 2, 6, "byte 0xff"),
    "a byte on the first line": (b"# \xff\n", 1, 3, "byte 0xff"),
    "a byte that its encoding lacks": (b"# coding: cp1252\nx = '\x81'\n", 2, 6, "byte 0x81"),
    "an unknown encoding": (b"# coding: nonsense\n", 1, 1, "unknown encoding"),
    "an unknown encoding on the second line": (b"#!x\n# coding: nonsense\n", 2, 1, "unknown encoding"),
    "two encodings": (codecs.BOM_UTF8 + b"# coding: latin-1\n", 1, 1, "Save it as UTF-8"),
    "no text encoding": (b"# coding: rot13\n", 1, 1, "not a text encoding"),
    "an encoding that always fails": (b"# coding: undefined\n", 1, 1, "undefined"),
    "an encoding with several ways to write": (b"# coding: utf-7\nx='+AGE-'\n", 1, 1, "byte for byte"),
    "UTF-16": ("x = 1\n".encode("utf-16"), 1, 1, "byte 0xff"),
    "half a surrogate pair": (b"x = '\xed\xa0\x80'\n", 1, 6, "byte 0xed"),
    "half a surrogate pair, escaped": (b"# coding: raw_unicode_escape\nx='\\ud800'\n", 2, 1, "surrogate"),
}


@pytest.mark.parametrize(("data", "line", "column", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_decoded(data: bytes, line: int, column: int, said: str) -> None:
    error = refusal(data)
    assert (error.rule, error.line, error.column) == ("KM902", line, column)
    assert said in str(error)


def test_a_text_that_the_encoding_lacks_is_not_written() -> None:
    document = PythonDocument.read(b"# coding: latin-1\n")
    with pytest.raises(DocumentError) as caught:
        document.encode("x = '€'\n")
    assert caught.value.rule == "KM902"


PYTHON_2 = {
    "print": "print x",
    "print of a string": "print 'x'",
    "print after a colon": "if x: print y",
    "except": "try:\n    pass\nexcept Error, error:\n    pass",
    "backticks": "x = `y`",
    "exec": "exec 'x'",
    "exec in": "exec code in space",
    "octal": "x = 0777",
    "long": "x = 10L",
    "long, hexadecimal": "x = 0xFFL",
    "ur": "x = ur'x'",
    "unequal": "x = 1 <> 2",
    "raise": "raise Error, 'x'",
    "tuple parameter": "def f(a, (b, c)): pass",
    "tuple parameter of a lambda": "f = lambda (a, b): a",
    "tabs among spaces": "if x:\n        a = 1\n\tb = 2",
}


@pytest.mark.parametrize("what", PYTHON_2)
def test_python_2_is_named_with_its_line(what: str) -> None:
    source = f"import keras\n\n{PYTHON_2[what]}\n"
    error = refusal(source.encode())
    line = {"except": 5, "tabs among spaces": 5}.get(what, 3)
    assert (error.rule, error.line) == ("KM904", line)
    assert "--python2 convert" in str(error)


BROKEN = {
    "a bracket that is not closed": ("x = 1\ny = (1\nz = 2\n", 2),
    "nonsense": ("x = 1\n\ny = = 2\n", 3),
    "an indentation": ("x = 1\n  y = 2\n", 2),
    "a string that is not closed": ("x = 1\ny = 'abc\n", 2),
    "a NUL byte": ("x = 1\ny = '\0'\n", 2),
    "a NUL byte on its own": ("x = 1\n\0", 2),
    "a control character": ("x = 1\n\x1a", 2),
    "a word too many": ("x = 1\nprint(x) y\n", 2),
    "a name with print in it": ("x = 1\nprinted x\n", 2),
}


@pytest.mark.parametrize(("source", "line"), BROKEN.values(), ids=BROKEN)
def test_what_does_not_parse_is_named_with_its_line(source: str, line: int) -> None:
    error = refusal(source.encode())
    assert (error.rule, error.line) == ("KM901", line)
    assert "Mend the line" in str(error)


def test_python_that_only_libcst_cannot_read() -> None:
    error = refusal(b"x = 1\n(x): int\ny = 2\n")
    assert (error.rule, error.line) == ("KM901", 2)
    assert "in another way" in str(error)


FINE = {
    "a text about except": "'''\nexcept Error, error:\n'''\n",
    "except with a tuple": "try:\n    pass\nexcept (A, b):\n    pass\n",
    "wide": "x = [" + "f(a.b + 1), " * 5000 + "]\n",
    "long": "x = 1\n" * 3000,
    "many operators in many statements": "x = a.b.c + d.e * -f\n" * 2000,
    "brackets in strings": "x = '((((((((((' \n" * 300,
    "brackets in comments": "# ((((((((((\n" * 300,
    "a wide dictionary": "x = {\n" + "    'a': b + 1,\n" * 3000 + "}\n",
    "a long line": "x = '" + "a b" * 100_000 + "'\n",
    "many branches": "if a:\n    pass\n" + "elif a:\n    pass\n" * 300,
    "many statements with branches": "if a:\n    pass\nelif b:\n    pass\n" * 1500,
}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_what_is_not_deep_is_read(source: str) -> None:
    check_nesting(source)
    assert PythonDocument.read(source.encode()).parse().code == source


def test_a_source_that_is_too_deep_names_the_line() -> None:
    with pytest.raises(TooDeepError) as caught:
        check_nesting("x = 1\ny = " + "(" * 1000 + "1" + ")" * 1000)
    assert caught.value.line == 2


def test_a_source_that_is_too_large_is_refused() -> None:
    error = refusal(b"x = [" + b"1, " * 2_000_000 + b"]\n")
    assert (error.rule, error.line) == ("KM905", 1)
    assert "too large" in str(error)


def test_a_letter_of_a_newer_unicode() -> None:
    """libcst takes it for a name, which Python does not."""
    with pytest.raises(DocumentError) as caught:
        PythonDocument.read("x = 1\n\U00013460 = 2\n".encode()).parse()
    assert caught.value.rule == "KM901"
