"""What is left of code that asks which backend Keras runs on."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_migrate import migrate_source

IMPORT = "from tensorflow.keras import backend as K\n"


def migrated(code: str) -> str:
    """The migration of some lines, without the import of the backend above them."""
    before = IMPORT + dedent(code)
    after = migrate_source(before.encode(), target="2.21").after.decode()
    return after.removeprefix(IMPORT)


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ("K.backend() == 'tensorflow'", True),
        ("'theano' == K.backend()", False),
        ("K.backend() != 'cntk'", True),
        ("not K.backend() == 'theano'", True),
        ("K.backend() in ['theano', 'cntk']", False),
        ("K.backend() not in ('theano', 'cntk')", True),
        ("K.backend() == 'tensorflow' or fast", True),
        ("fast and K.backend() == 'theano'", False),
        ("K._BACKEND == 'theano'", False),
    ],
)
def test_known_conditions(condition: str, runs: bool) -> None:
    """A condition that only the backend decides leaves one arm."""
    code = f"if {condition}:\n    x = 1\nelse:\n    x = 2\n"
    assert migrated(code).endswith("x = 1\n" if runs else "x = 2\n")
    assert "if" not in migrated(code)


@pytest.mark.parametrize(
    "condition",
    [
        "K.backend() == 'tensorflow' and fast",
        "fast() and K.backend() == 'theano'",
        "K.backend() == name",
        "K.backend() in names",
        "K.backend().startswith('t')",
        "K.backend",
        "backend() == 'theano'",
    ],
)
def test_other_conditions(condition: str) -> None:
    """A condition that something else decides too, or that does something, stays."""
    code = f"if {condition}:\n    x = 1\nelse:\n    x = 2\n"
    assert migrated(code) == code


def test_chain() -> None:
    """Of a chain the arms that can run are left, in order."""
    code = """\
        if a:
            x = 1
        elif K.backend() == 'theano':
            x = 2
        elif b:
            x = 3
        elif K.backend() == 'tensorflow':
            x = 4
        else:
            x = 5
        """
    left = """\
        if a:
            x = 1
        elif b:
            x = 3
        else:
            x = 4
        """
    assert migrated(code) == dedent(left)


def test_only_arm() -> None:
    """An `if` that always holds and has no other arm is left alone, unless the arm above it went away."""
    alone = "if K.backend() == 'tensorflow':\n    x = 1\n"
    assert migrated(alone) == alone
    assert migrated(
        "if K.backend() == 'theano':\n    x = 2\nelif K.backend() == 'tensorflow':\n    x = 1\n"
    ) == ("x = 1\n")


def test_block_keeps_a_statement() -> None:
    """A block that had nothing else keeps a `pass`."""
    code = "def f():\n    if K.backend() == 'theano':\n        g()\n\nf()\nx = K.floatx()\n"
    assert migrated(code) == "def f():\n    pass\n\nf()\nx = K.floatx()\n"


def test_blank_lines() -> None:
    """The blank lines around what goes away stay between statements, but not on top of a block."""
    code = """\
        def f():
            if K.backend() == 'theano':
                g()

            a()

            # only there
            if K.backend() == 'theano':
                g()
            b(K)
            if K.backend() == 'theano':
                g()

            c()
        """
    left = """\
        def f():
            a()

            b(K)

            c()
        """
    assert migrated(code) == dedent(left)


def test_comment_at_the_end() -> None:
    """An arm that ends with a comment outside its statements is not taken apart."""
    code = """\
        if K.backend() == 'tensorflow':
            x = 1
            # later
        else:
            x = 2
        """
    assert migrated(code) == dedent(code)


def test_imports_of_what_goes_away() -> None:
    """An import that only code for another backend needed goes with it."""
    code = """\
        from keras.utils.generic_utils import has_arg, Progbar
        if K.backend() == 'theano':
            has_arg(f, 'x')
        """
    assert migrated(code) == "from tensorflow.keras.utils import Progbar\n"
