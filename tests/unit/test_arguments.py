"""What becomes of the arguments of calls: old call above, new call below, the reason between them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_migrate import migrate_source
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import FileResult
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.target import Target

IMPORTS = """\
import keras
from functools import partial
from keras.layers import *
from keras.optimizers import Adam, RMSprop, SGD
"""


def result_of(call: str, target: str) -> FileResult:
    """What becomes of some code, without the rules that write out what optimizers and defaults were."""
    options = Options(Target.parse(target), ignore=frozenset({"KM206", "KM3"}))
    return migrate_bytes("a.py", (IMPORTS + dedent(call)).encode(), options, Project())


def migrated(call: str, target: str = "2.21") -> tuple[str, list[str]]:
    """The new form of some code, and what the rules about arguments say to it."""
    result = result_of(call, target)
    text = result.after.decode()
    body = text[text.index("RMSprop, SGD\n") + len("RMSprop, SGD\n") :]
    found = [each for each in result.findings if each.rule.startswith("KM2")]
    return body, [f"{each.rule} {each.level.value}" for each in found]


def message(call: str, target: str = "2.21") -> str:
    """What the rules about arguments say to a call."""
    result = result_of(call, target)
    return "\n".join(each.message for each in result.findings if each.rule.startswith("KM2"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Adam(lr=0.5)", "Adam(learning_rate=0.5)", "another name"),
        ("Adam( lr = 0.5 )", "Adam( learning_rate = 0.5 )", "the space inside the call stays"),
        ("Adam(lr=(0.5))", "Adam(learning_rate=(0.5))", "parentheses stay"),
        ("Adam(lr=Adam(lr=1))", "Adam(learning_rate=Adam(learning_rate=1))", "one call in another"),
        ("Adam(**k, lr=1)", "Adam(**k, learning_rate=1)", "after two stars"),
        ("SGD(0.1, 0.9, 0., True)", "SGD(0.1, 0.9, nesterov=True)", "a place in the middle is gone"),
        ("SGD(0.1, 0.9, 0.)", "SGD(0.1, 0.9)", "the last place is gone"),
        ("SGD(0.1, 0.9, True)", "SGD(0.1, 0.9, True)", "Keras 2.3 has no decay before nesterov"),
        ("RMSprop(0.1, 0.9, 1e-6)", "RMSprop(0.1, 0.9, epsilon=1e-6)", "momentum came between"),
        ("RMSprop(0.1, rho=0.9)", "RMSprop(0.1, rho=0.9)", "names have no place"),
        ("SGD(clipnorm=1.)", "SGD(global_clipnorm=1.)", "Keras took the norm of all gradients"),
        ("Conv2D(8, 3, 3)", "Conv2D(8, (3, 3))", "the kernel's two sizes"),
        ("Conv2D(8, (3, 3))", "Conv2D(8, (3, 3))", "they are one already"),
        ("Conv2D(8, 3)", "Conv2D(8, 3)", "one size for both"),
        ("Conv2D(8, *k)", "Conv2D(8, *k)", "nobody knows"),
        ("Conv2D(n, k + 1, f(2))", "Conv2D(n, (k + 1, f(2)))", "Keras 2 refuses all but numbers here"),
        ("Conv3D(8, 3, 4, 5)", "Conv3D(8, (3, 4, 5))", "three sizes"),
        ("Conv1D(8, 3)", "Conv1D(8, 3)", "there is only one"),
        ("LSTM(8, implementation=2)", "LSTM(8)", "the last one is dropped"),
        ("LSTM(implementation=2, units=8)", "LSTM(units=8)", "the first one is dropped"),
        ("LSTM(8, implementation=2, name='a')", "LSTM(8, name='a')", "the middle one is dropped"),
        ("LSTM(8, implementation=2,)", "LSTM(8,)", "a comma at the end stays"),
        (
            "Embedding(9, 3, input_length=n)",
            "Embedding(9, 3, input_shape=(n,))",
            "so that the model is built",
        ),
        ("Embedding(9, 3, input_length=n)(x)", "Embedding(9, 3)(x)", "the tensor knows its length"),
        ("Embedding(9, 3, weights=[w])", "Embedding(9, 3, weights=[w])", "this layer still takes weights"),
        ("Dense(2, batch_input_shape=(None, 4))", "Dense(2, input_shape=(4,))", "any number of samples"),
        ("GRU(2, input_dim=3)", "GRU(2, input_shape=(None, 3))", "a sequence of any length"),
        ("LeakyReLU(0.1)", "LeakyReLU(0.1)", "the same place under another name"),
        (
            "Dense(2, kernel_constraint=u'maxnorm')",
            "Dense(2, kernel_constraint=u'max_norm')",
            "a prefix stays",
        ),
        ("partial(Adam, lr=1)", "partial(Adam, learning_rate=1)", "a class that is called later"),
        ("map(Adam, lr)", "map(Adam, lr)", "not a call of it"),
    ],
)
def test_call(old: str, new: str, reason: str) -> None:
    """The old call becomes the new one."""
    assert migrated(f"x = {old}\n")[0] == f"x = {new}\n", reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "Adam(lr     = 3,\n     beta_1 = 0.3)",
            "Adam(learning_rate = 3,\n     beta_1 = 0.3)",
            "spaces stay",
        ),
        (
            "f = keras.models.Model(output     = 3)",
            "f = keras.models.Model(outputs    = 3)",
            "what stands in a column stays in it",
        ),
        (
            """\
            x = LSTM(8,
                     implementation=2,  # fast
                     # found by this name
                     name='a')
            """,
            """\
            x = LSTM(8,
                     # found by this name
                     name='a')
            """,
            "a comment beside the argument goes with it, one above the next stays",
        ),
        (
            """\
            x = LSTM(
                8,  # units
                implementation=2,  # fast
            )
            """,
            """\
            x = LSTM(
                8,  # units
            )
            """,
            "the comment of the argument before stays",
        ),
        (
            """\
            x = LSTM(8,  # units
                     implementation=2)
            """,
            """\
            x = LSTM(8,  # units
                     )
            """,
            "a comment needs a line end after it",
        ),
        (
            """\
            x = LSTM(
                8,
                implementation=2
            )
            """,
            """\
            x = LSTM(
                8
            )
            """,
            "no comma where there was none",
        ),
        (
            """\
            x = LSTM(8, implementation=2,
                     name='a')
            """,
            """\
            x = LSTM(8,
                     name='a')
            """,
            "what follows stays on its line",
        ),
        (
            """\
            x = SGD(
                decay=0.,
            )
            """,
            """\
            x = SGD()
            """,
            "nothing is left",
        ),
        (
            """\
            class Mine(SGD):
                def __init__(self, lr=1, **kwargs):
                    if lr:
                        super(Mine, self).__init__(lr=lr, **kwargs)
                    super().__init__(lr=lr)
                    SGD.__init__(self, lr=lr, decay=0.)
            """,
            """\
            class Mine(SGD):
                def __init__(self, lr=1, **kwargs):
                    if lr:
                        super(Mine, self).__init__(learning_rate=lr, **kwargs)
                    super().__init__(learning_rate=lr)
                    SGD.__init__(self, learning_rate=lr)
            """,
            "a derived class calls the constructor in three ways",
        ),
        (
            """\
            class Mine(Mixin, SGD):
                def __init__(self, lr=1):
                    super().__init__(lr=lr)
            """,
            """\
            class Mine(Mixin, SGD):
                def __init__(self, lr=1):
                    super().__init__(lr=lr)
            """,
            "with several bases, nobody knows whose constructor it is",
        ),
    ],
)
def test_layout(old: str, new: str, reason: str) -> None:
    """What stays keeps its lines and comments."""
    assert migrated(old)[0] == dedent(new), reason


@pytest.mark.parametrize(
    ("call", "rules", "reason"),
    [
        ("Adam(lr=1, learning_rate=2)", ["KM205 manual"], "both names: nobody knows which one counts"),
        ("Adam(decay=d)", ["KM205 manual"], "a number that may not be 0"),
        ("SGD(0.1, 0.9, d)", ["KM203 manual"], "the same, by position"),
        ("SGD(0.1, 0.9, 1e-6, True)", ["KM203 manual"], "nothing of the call is changed in part"),
        ("Conv2D(8, 3, 3, padding='same')", ["KM203 manual"], "Keras 2 refuses to guess, and so do we"),
        ("Dense(8, 'uniform')", ["KM203 manual"], "an initializer in Keras 1, an activation now"),
        ("Dense(8, colour=1)", ["KM205 manual"], "no release knows it"),
        ("LSTM(8, batch_input_shape=(2, 3, 4))", ["KM205 manual"], "the batch needs an Input of its own"),
        ("Dense(8, weights=w)", ["KM205 manual"], "only when the layer is built"),
        ("keras.preprocessing.image.load_img(p, True, (3, 3))", ["KM203 manual"], "two names would be one"),
        ("partial(SGD, 0.1, 0.9, 0., True)", ["KM203 manual"], "positional arguments may follow"),
    ],
)
def test_left_to_a_person(call: str, rules: list[str], reason: str) -> None:
    """The call stays as it is, with a finding."""
    assert migrated(f"x = {call}\n") == (f"x = {call}\n", rules), reason


def test_messages_say_what_to_write() -> None:
    """With the arguments of the call itself."""
    assert "InverseTimeDecay(rate, 1, 1e-6)" in message("Adam(lr=rate, decay=1e-6)\n")
    assert "InverseTimeDecay(0.001, 1, 1e-6)" in message("Adam(decay=1e-6)\n")
    assert "Input(batch_shape=(2, n))" in message("Dense(8, batch_input_shape=(2,\n  n))\n")
    assert "`border_mode` is `padding`" in message("Conv2D(8, 3, border_mode='same')\n")
    assert "`data_format` since Keras 2, and `'tf'` is `'channels_last'`" in message(
        "Conv2D(8, 3, dim_ordering='tf')\n"
    )


def test_old_behaviour_is_that_of_standalone_keras_only() -> None:
    """In code that is written for tf.keras, positions and clipping always had their own meaning."""
    code = (
        "import tensorflow as tf\n"
        "x = tf.keras.layers.Conv2D(8, 3, 3)\n"
        "y = tf.keras.optimizers.SGD(clipnorm=1.)\n"
    )
    assert migrate_source(code, target="2.21").after.decode() == code
    early = "from tensorflow.python.keras.layers import Conv2D\nx = Conv2D(8, 3, 3)\n"
    assert "Conv2D(8, 3, 3)" in migrate_source(early, target="2.21").after.decode()


def test_a_name_that_can_be_two_things() -> None:
    """What is changed where the name is not sure to be Keras' is a review."""
    code = (
        "try:\n    from keras.optimizers import Adam\nexcept ImportError:\n    Adam = f()\nx = Adam(lr=1)\n"
    )
    result = migrate_source(code, target="2.21")
    assert "Adam(learning_rate=1)" in result.after.decode()
    assert [each.level.value for each in result.findings if each.rule == "KM201"] == ["review"]
