"""What becomes of ``image_dim_ordering``: old code, new code, the reason between or after them."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from keras_migrate import ImportStyle, Options, Target, migrate_source
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import Level
from keras_migrate.project import Project

OLD = "{'channels_first': 'th', 'channels_last': 'tf'}[K.image_data_format()]"
NEW = "{'th': 'channels_first', 'tf': 'channels_last'}"


def migrated(code: str) -> tuple[str, list[str]]:
    """The new form of code that has the backend as ``K``, and the levels of the rule's findings."""
    result = migrate_source(f"from keras import backend as K\n{code}\n")
    again = migrate_source(result.after)
    assert again.after == result.after
    levels = [each.level.value for each in result.findings if each.rule == "KM701"]
    return result.after.decode().partition("\n")[2].rstrip("\n"), levels


def with_options(code: str, **options: frozenset[str]) -> tuple[str, list[str]]:
    """The new form of code, and the rules of the findings."""
    result = migrate_bytes("a.py", code.encode(), Options(Target("2.21"), **options), Project())
    return result.after.decode(), [each.rule for each in result.findings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("K.image_dim_ordering() == 'th'", "K.image_data_format() == 'channels_first'"),
        ('K.image_dim_ordering()!="tf"', 'K.image_data_format()!="channels_last"'),
        ("r'th' == K.image_dim_ordering()", "r'channels_first' == K.image_data_format()"),
        ("(K.image_dim_ordering()) == ('th')", "(K.image_data_format()) == ('channels_first')"),
        ("K.image_dim_ordering() in {'th'}", "K.image_data_format() in {'channels_first'}"),
        ("K.image_dim_ordering() not in ['tf', ]", "K.image_data_format() not in ['channels_last', ]"),
        ("K.common.image_dim_ordering() == 'th'", "K.image_data_format() == 'channels_first'"),
        ("f\"{K.image_dim_ordering() == 'th'}\"", "f\"{K.image_data_format() == 'channels_first'}\""),
        ("K.set_image_dim_ordering('th')", "K.set_image_data_format('channels_first')"),
        (
            "K.set_image_dim_ordering(dim_ordering='tf')",
            "K.set_image_data_format(data_format='channels_last')",
        ),
        (
            "K.set_image_dim_ordering('tf' if x else 'th',)",
            "K.set_image_data_format('channels_last' if x else 'channels_first',)",
        ),
    ],
)
def test_rewritten(old: str, new: str) -> None:
    """Where only literals are concerned, the code is what one would write by hand."""
    assert migrated(old) == (new, ["rewritten"])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("x = K.image_dim_ordering()", f"x = {OLD}", "other modules can import it"),
        ("f((K.image_dim_ordering()))", f"f(({OLD}))", "parentheses stay"),
        ("K.image_dim_ordering() == x", f"{OLD} == x", "another value"),
        ("K.image_dim_ordering() == 'th' == x", f"{OLD} == 'th' == x", "a chain"),
        ("K.image_dim_ordering() in ('th', x)", f"{OLD} in ('th', x)", "not all of it is known"),
        ("K.image_dim_ordering() in ('th', *x)", f"{OLD} in ('th', *x)", "nor here"),
        ("K.image_dim_ordering() in 'th, tf'", f"{OLD} in 'th, tf'", "a part of a text"),
        ("'th' in K.image_dim_ordering()", f"'th' in {OLD}", "the same the other way round"),
        ("K.image_dim_ordering() == b'th'", f"{OLD} == b'th'", "never equal to bytes"),
        ("K.image_dim_ordering() is 'th'", f"{OLD} is 'th'", "the same object"),
        ("K.image_dim_ordering() < 'th'", f"{OLD} < 'th'", "an order of texts"),
        ("K.image_dim_ordering().upper()", f"{OLD}.upper()", "a method of texts"),
        ("K.set_image_dim_ordering(x)", f"K.set_image_data_format({NEW}[x])", "any value"),
        (
            "K.set_image_dim_ordering('th' if x else y)",
            f"K.set_image_data_format({NEW}['th' if x else y])",
            "",
        ),
    ],
)
def test_looked_up(old: str, new: str, reason: str) -> None:
    """Where the value goes elsewhere, it is translated there and then."""
    assert migrated(old) == (new, ["review"]), reason


def test_one_in_the_other() -> None:
    """Setting what is asked for: the inner table first."""
    old = "K.set_image_dim_ordering(K.image_dim_ordering())"
    assert migrated(old) == (f"K.set_image_data_format({NEW}[{OLD}])", ["review", "review"])


@pytest.mark.parametrize(
    "code",
    [
        "f = K.image_dim_ordering",
        "map(K.set_image_dim_ordering, x)",
        "f'{K.image_dim_ordering()}'",
        "K.set_image_dim_ordering('channels_last')",
        "K.set_image_dim_ordering(*x)",
        "K.set_image_dim_ordering(order='th')",
        "K.image_dim_ordering(1)",
    ],
)
def test_left_alone(code: str) -> None:
    """What is not a plain call is left as it is, and reported as gone."""
    assert migrated(code) == (code, [])
    found = migrate_source(f"from keras import backend as K\n{code}\n").findings
    manual = [each.rule for each in found if each.level is Level.MANUAL]
    assert manual == ["KM105"]


def in_function(body: str) -> str:
    """A function that keeps the order of axes in ``o``."""
    return "def f(a, b):\n    o = K.image_dim_ordering()\n" + indent(dedent(body), "    ")


@pytest.mark.parametrize(
    "body",
    [
        "return o == 'th'",
        "return [o != 'th' and x for x in a]",
        "def g():\n    return o in ('tf', 'th')",
        "a.o = b(o=1)\nassert 'th' == o",
    ],
)
def test_local_name(body: str) -> None:
    """A local name of which nothing but comparisons is known takes the new words."""
    new = in_function(body).replace("image_dim_ordering", "image_data_format")
    new = new.replace("'th'", "'channels_first'").replace("'tf'", "'channels_last'")
    assert migrated(in_function(body)) == (new, ["rewritten"])


@pytest.mark.parametrize(
    "body",
    [
        "return o",
        "return o == 'th' or a(o)",
        "o = a\nreturn o == 'th'",
        "for o in a: pass\nreturn o == 'th'",
        "global o\nreturn o == 'th'",
        "return o == 'th', locals()",
        "return o == 'th', f'{o}'",
        "def g(o):\n    return o == 'th'",
        "return o == a",
        "pass",
    ],
)
def test_local_name_that_is_more(body: str) -> None:
    """Any other use, or none, and the name keeps the old words."""
    new = in_function(body).replace("K.image_dim_ordering()", OLD)
    assert migrated(in_function(body)) == (new, ["review"])


def test_class_is_not_a_function() -> None:
    """What a class assigns is seen from outside."""
    code = "def f():\n    class A:\n        o = {}\n        p = o == 'th'"
    assert migrated(code.format("K.image_dim_ordering()")) == (code.replace("{}", OLD), ["review"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import keras\nkeras.backend.{}", "from tensorflow import keras\nkeras.backend.{}"),
        ("import keras.backend as B\nB.{}", "import tensorflow.keras.backend as B\nB.{}"),
        ("import keras\nB = keras.backend\nB.{}", "from tensorflow import keras\nB = keras.backend\nB.{}"),
        (
            "from keras.backend import image_dim_ordering as order\norder()",
            "from tensorflow.keras.backend import image_data_format\n{}",
        ),
        (
            "from keras.backend import common as C\nC.{}",
            "from tensorflow.keras import backend\nbackend.{}",
        ),
        (
            "import keras.backend as K\nfrom keras.backend import common as C\nK.floatx()\nC.{}",
            "import tensorflow.keras.backend as K\nK.floatx()\nK.{}",
        ),
    ],
)
def test_reached(before: str, after: str) -> None:
    """The function is reached by the name that the code has for the backend, else it is imported."""
    code = before.format("image_dim_ordering()") + " == 'th'\n"
    expected = after.format("image_data_format()") + " == 'channels_first'\n"
    assert migrate_source(code).after.decode() == expected


def test_attribute_style() -> None:
    """``--import-style tf`` reaches everything through TensorFlow."""
    code = "from keras import backend as K\nx = K.image_dim_ordering() == 'th'\n"
    after = migrate_source(code, import_style=ImportStyle.ATTRIBUTE).after.decode()
    assert after.endswith("x = tf.keras.backend.image_data_format() == 'channels_first'\n")


def test_name_that_can_be_something_else() -> None:
    """A name that is perhaps not Keras is left to a person."""
    code = "if a:\n    from keras import backend as K\nelse:\n    K = b\nK.set_image_dim_ordering('th')\n"
    result = migrate_source(code)
    assert b"K.set_image_dim_ordering('th')" in result.after
    assert "KM701" not in [each.rule for each in result.findings]


def test_switched_off() -> None:
    """Without the rule its code stays as it is, and is reported as gone."""
    code = "from keras import backend as K\nK.set_image_dim_ordering('th')\nx = K.image_dim_ordering()\n"
    after = code.replace("from keras", "from tensorflow.keras")
    assert with_options(code, ignore=frozenset({"KM701", "KM723"})) == (after, ["KM101", "KM105", "KM105"])
    assert with_options(code, select=frozenset({"KM101"})) == (after, ["KM101"])


def test_word_that_was_never_given() -> None:
    """A comparison with a new word was never true; the message says so."""
    result = migrate_source("import keras.backend as K\nx = K.image_dim_ordering() == 'channels_first'\n")
    assert result.findings[1].level.value == "review"
    assert "gives 'th' or 'tf', never 'channels_first'" in result.findings[1].message
