"""Whatever bytes come in: unchanged where there is nothing to do, or refused, and never an exception.

``KERAS_MIGRATE_ALL_FILES=1`` takes the whole standard library in place of a sample.
"""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
import sysconfig
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_migrate import FileResult, Status, migrate_source

SAMPLE = 60
IMPORT = b"import keras.layers.core\n"


def library() -> list[Path]:
    """Python files of the standard library, or a sample of them that is always the same."""
    files = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    files = [path for path in files if "site-packages" not in path.parts and path.stat().st_size < 200_000]
    if os.environ.get("KERAS_MIGRATE_ALL_FILES"):
        return files
    return random.Random(0).sample(files, SAMPLE)


def is_python(data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def rules(result: FileResult) -> list[str]:
    return [finding.rule for finding in result.findings]


@pytest.mark.parametrize("path", library(), ids=lambda path: path.name)
def test_files_without_keras_come_back_as_they_were(path: Path) -> None:
    """A comment at their end names it, so that they are read, parsed and printed all the same."""
    data = path.read_bytes() + b"\n# keras\n"
    result = migrate_source(data)
    assert result.after == data
    if result.findings and is_python(data):
        (finding,) = result.findings
        assert finding.rule in ("KM903", "KM905") or "libcst cannot read" in finding.message


STRINGS = {
    "in a comment": b"# keras\nx = 1\n",
    "in a string": b"x = 'import keras'\n",
    "in a docstring": b'"""import keras\n\nfrom keras import layers\n"""\n',
    "in a name": b"my_keras = 1\nx.keras = my_keras\n",
    "of another package": b"from keras_tuner import Hyperband\nimport autokeras\n",
}


@pytest.mark.parametrize("data", STRINGS.values(), ids=STRINGS)
def test_keras_as_a_word_only(data: bytes) -> None:
    assert migrate_source(data) == FileResult("<string>", data, data)


MIGRATED = {
    "a byte order mark": b"\xef\xbb\xbfimport keras.layers.core\n",
    "CRLF": b"x = 1\r\nimport keras.layers.core\r\ny = 2\r\n",
    "mixed ends": b"x = 1\r\nimport keras.layers.core\ny = 2\r\nz = 3\n",
    "a lone CR": b"import keras.layers.core\nx = 1\ry = 2\n",
    "a form feed": b"x = 1\n\x0c\nimport keras.layers.core\n",
    "Latin-1": b"# coding: latin-1\nx = '\xe9'\nimport keras.layers.core\n",
    "Shift JIS": "# coding: shift_jis\nx = 'あ'\nimport keras.layers.core\n".encode("shift_jis"),
    "GBK with a CRLF": "# -*- coding: gbk -*-\r\nx = '中'\r\nimport keras.layers.core\r\n".encode("gbk"),
    "EUC-JP": "# vim: set fileencoding=euc-jp :\nx = 'あ'\nimport keras.layers.core\n".encode("euc-jp"),
    "Windows 1251": "# coding: cp1251\nimport keras.layers.core\nx = 'да'\n".encode("cp1251"),
    "an encoding below": b"#!/usr/bin/python\n# coding: latin-1\nimport keras.layers.core  # \xe9\n",
    "a byte order mark and CRLF": b"\xef\xbb\xbf# coding: utf-8\r\nimport keras.layers.core\r\n",
    "CRLF in a string": b'import keras.layers.core\r\nx = """a\r\nb\n"""\r\n',
    "form feeds between": b"import keras.layers.core\n\x0c\ndef f():\n\x0c    pass\n",
    "spaces that libcst loses": (
        b"import keras.layers.core\ntry :\n    pass\nexcept (A, B) :\n    try:\n        pass\n"
        b"    except C as c :\n        pass\n    except D\t:\n        pass\n"
        b"except  :\n    pass\nfinally :\n    pass\n"
    ),
    "tabs and spaces": b"if x:\n\tif y:\n\t    import keras.layers.core\n\t    y = 1\n\tz = 2\n",
    "an empty last line with spaces": b"import keras.layers.core\n   ",
    "a comment without an end": b"import keras.layers.core\n# end",
    "10 MB of lines": b"import keras.layers.core\n" + b"# a comment that says nothing at all\n" * 280_000,
    "no final newline": b"x = 1\nimport keras.layers.core",
    "no final newline, one line": b"import keras.layers.core",
    "tabs": b"if x:\n\timport keras.layers.core\n\ty = 1\n",
    "a line of 5 MB": b"import keras.layers.core\nx = '" + b"a" * 5_000_000 + b"'\n",
    "half deep": b"import keras.layers.core\nx = " + b"(" * 60 + b"1" + b")" * 60 + b"\n",
}


@pytest.mark.parametrize("data", MIGRATED.values(), ids=MIGRATED)
def test_only_the_import_changes(data: bytes) -> None:
    result = migrate_source(data)
    assert result.status is Status.CHANGED
    before, after = data.split(b"import keras.layers.core")
    assert result.after.startswith(before)
    assert result.after.endswith(after)
    assert b"tensorflow" in result.after[len(before) : len(result.after) - len(after)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\r\n",
        b" ",
        b"\x0c",
        b"\xef\xbb\xbf",
        b"\\\n",
        b"# keras",
        b"\xef\xbb\xbf# keras",
        "import keras".encode("utf-16"),
    ],
)
def test_files_with_nothing_for_python_in_them_stay(data: bytes) -> None:
    assert migrate_source(data) == FileResult("<string>", data, data)


REFUSED = {
    "a NUL byte": (IMPORT + b"x = '\0'\n", "KM901", 2),
    "invalid UTF-8": (IMPORT + b"x = '\xff'\n", "KM902", 2),
    "a NUL byte alone": (b"\0# keras\n", "KM901", 1),
    "invalid UTF-8 below a byte order mark": (b"\xef\xbb\xbf" + IMPORT + b"# \xff\n", "KM902", 2),
    "a byte that is none of ASCII": (b"# coding: ascii\n" + IMPORT + b"# \xe9\n", "KM902", 3),
    "half of a character": (b"# coding: shift_jis\n" + IMPORT + b"x = '\x82'\n", "KM902", 3),
    "another encoding than the byte order mark": (b"\xef\xbb\xbf# coding: latin-1\n" + IMPORT, "KM902", 1),
    "an encoding that is no text": (b"# coding: zlib\n" + IMPORT, "KM902", 1),
    "UTF-7, in which a text has several forms": (
        b"# coding: utf-7\n" + IMPORT + b"x = '+AGE-'\n",
        "KM902",
        1,
    ),
    "spaces after tabs of another width": (b"if x:\n        y\n\tz\n" + IMPORT, "KM904", 3),
    "an unknown encoding": (b"# coding: nonsense\n" + IMPORT, "KM902", 1),
    "CR only": (b"import keras.layers.core\rx = 1\r", "KM903", 1),
    "a form feed first": (b"\x0cimport keras.layers.core\n", "KM903", 1),
    "Python 2": (IMPORT + b"\nprint x\n", "KM904", 3),
    "5 MB of numbers on a line": (IMPORT + b"x = [" + b"1," * 2_500_000 + b"]\n", "KM905", 2),
}


@pytest.mark.parametrize(("data", "rule", "line"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_untouched(data: bytes, rule: str, line: int) -> None:
    result = migrate_source(data)
    assert result.status is Status.FAILED
    assert result.after == data
    assert [(finding.rule, finding.line) for finding in result.findings] == [(rule, line)]


DEEP = {
    "parentheses": "'(' * N + '1' + ')' * N",
    "lists": "'[' * N + '1' + ']' * N",
    "brackets that stay open": "'(' * N",
    "additions": "'+'.join(['1'] * N)",
    "powers": "'**'.join(['1'] * N)",
    "signs": "'-' * N + '1'",
    "nots": "'not ' * N + '1'",
    "ands": "' and '.join(['1'] * N)",
    "comparisons": "'<'.join(['1'] * N)",
    "attributes": "'a' + '.b' * N",
    "calls": "'a' + '()' * N",
    "subscripts": "'a' + '[0]' * N",
    "conditions": "'1 if a else ' * N + '2'",
    "lambdas": "'lambda: ' * N + '2'",
    "strings": "'(' + '\"a\" ' * N + ')'",
    "strings on lines": "'(' + '\"a\"\\n' * N + ')'",
    "targets": "'y = ' * N + '2'",
    "formats": "'f\"' + '{a:' * N + '}' * N + '\"'",
    "formatted brackets": "'f\"{' + '(' * N + '1' + ')' * N + '}\"'",
    "branches": "'1\\nif a: pass\\n' + 'elif a: pass\\n' * N",
    "blocks": "'1\\n' + ''.join(' ' * n + 'if a:\\n' for n in range(N // 10)) + ' ' * (N // 10) + 'pass'",
    "patterns": "'1\\nmatch a:\\n  case ' + '[' * N + ']' * N + ': pass'",
    "deletions": "'1\\ndel ' + '(' * N + 'a' + ')' * N",
}

_SCRIPT = """
import sys
from keras_migrate import migrate_source
for N in (300, 3000, 10000):
    data = ("import keras\\nx = " + eval(sys.argv[1]) + "\\n").encode()
    result = migrate_source(data)
    rules = [finding.rule for finding in result.findings if finding.level.value == "error"]
    assert rules in ([], ["KM905"], ["KM901"]), rules
    assert not rules or result.after == data
    assert rules or N < 3000, N
print("survived")
"""


@pytest.mark.parametrize("expression", DEEP.values(), ids=DEEP)
def test_deep_code_is_refused_and_does_not_end_the_interpreter(expression: str, tmp_path: Path) -> None:
    """In a process of its own: where the native parser overflows the stack, the interpreter is gone."""
    command = [sys.executable, "-c", _SCRIPT, expression]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "survived\n"), done.stderr[-2000:]


_TEXT = (
    "import keras\n", "from keras.layers import (Dense,\n", ")", "x = keras.layers.Dense(\n", "if x:\n",
    "    ", "\t", "\n", "\r", "\r\n", "\x0c", "\\", "'", '"""', "#", "\0", "\ufeff", "f'{keras}'", "lambda:",
    "`", ";", ":", "pass", "print x\n", "@", "# coding: latin-1\n", "é",
)  # fmt: skip
PIECES = st.sampled_from([*(text.encode() for text in _TEXT), b"\xff", b"\xe9"])


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.lists(PIECES, max_size=12).map(b"".join), st.binary(max_size=80).map(IMPORT.__add__)))
def test_any_bytes(data: bytes) -> None:
    result = migrate_source(data)
    if result.status is Status.FAILED:
        assert result.after == data
        assert all(1 <= finding.line <= len(data.splitlines()) + 1 for finding in result.findings)
    else:
        assert is_python(result.after) == is_python(data)
