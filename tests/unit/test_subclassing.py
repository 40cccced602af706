"""What becomes of classes that derive from Keras: old code, new code, the reason behind them."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from keras_migrate import Options, Target, migrate_source
from keras_migrate.engine import migrate_bytes
from keras_migrate.project import Project

IMPORTS = """\
import numpy as np
from keras import backend as K
from keras.callbacks import Callback
from keras.layers import Dense, Layer, LSTM
from keras.metrics import Metric
from keras.models import Model
from keras.utils import Sequence
"""


def migrated(code: str, target: str = "2.21") -> tuple[str, list[tuple[str, str]]]:
    """The new form of code below some imports, and the rules and levels of the family's findings."""
    result = migrate_source(IMPORTS + dedent(code), target=target)
    assert migrate_source(result.after, target=target).after == result.after
    found = [(each.rule, each.level.value) for each in result.findings if each.rule.startswith("KM5")]
    text = result.after.decode()
    return text[text.index("class ") :], found


def in_method(statements: str, method: str = "build(self, input_shape)", base: str = "Layer") -> str:
    """A class with one method of some statements."""
    return f"class A({base}):\n    def {method}:\n" + indent(dedent(statements).strip("\n") + "\n", " " * 8)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "self.add_weight('W', (3,))",
            "self.add_weight(name='W', shape=(3,))",
            "Keras 2 begins with the name",
        ),
        (
            "self.add_weight((3,), 'one')",
            "self.add_weight(shape=(3,), initializer='one')",
            "Keras 1 with the shape",
        ),
        (
            "self.add_weight((3,), name='W', initializer='one')",
            "self.add_weight(shape=(3,), name='W', initializer='one')",
            "a shape is seen by its form",
        ),
        (
            "self.add_weight(self.name + '_W', s, None, 'one', None, False)",
            "self.add_weight(name=self.name + '_W', shape=s, dtype=None, initializer='one', "
            "regularizer=None, trainable=False)",
            "all slots of Keras 2",
        ),
        ("self.add_weight(shape=(n), name='W')", "self.add_weight(shape=(n), name='W')", "n may be a tuple"),
        ("self.add_weight(shape=(3), name='W')", "self.add_weight(shape=(3,), name='W')", "3 is none"),
        (
            "self.add_weight(shape=input_shape[1:], name='W')",
            "self.add_weight(shape=input_shape[1:], name='W')",
            "a part of a shape is a shape",
        ),
        ("self.add_weight(*a)", "self.add_weight(*a)", "who knows"),
        ("graph.add_weight('a', (1, 2))", "graph.add_weight('a', (1, 2))", "no layer"),
    ],
)
def test_add_weight(old: str, new: str, reason: str) -> None:
    text, _ = migrated(in_method(old))
    assert text == in_method(new), reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            """
            self.W = K.variable(np.zeros((3, 2)), name='W')
            self.trainable_weights = [self.W]
            """,
            "self.W = self.add_weight(name='W', shape=(3, 2), initializer='zeros')",
            "zeros of a shape",
        ),
        (
            """
            self.W = self.init((3, 2), name='W')
            self._trainable_weights.append(self.W)
            """,
            "self.W = self.add_weight(name='W', shape=(3, 2), initializer=self.init)",
            "an initializer of Keras 1 made a variable",
        ),
        (
            """
            if self.bias:
                self.b = K.zeros(3)
                self.trainable_weights = [self.b]
            """,
            """
            if self.bias:
                self.b = self.add_weight(name='b', shape=(3,), initializer='zeros')
            """,
            "a number is a shape too",
        ),
        ("self.trainable_weights = []", "pass", "nothing is left of the method"),
        (
            """
            self.W = self.make()
            self.trainable_weights = [self.W]
            """,
            """
            self.W = self.make()
            self.trainable_weights = [self.W]
            """,
            "it is not known how it is made",
        ),
        (
            """
            self.W = K.random_normal_variable((2,), 0., 1.)
            self.trainable_weights = [self.W]
            """,
            """
            W = K.random_normal_variable((2,), 0., 1.)
            self.W = self.add_weight(name='W', shape=np.shape(W), initializer=initializers.Constant(W))
            """,
            "random values are those that it is made with",
        ),
    ],
)
def test_registered_weights(old: str, new: str, reason: str) -> None:
    text, _ = migrated(in_method(old))
    assert text == in_method(new), reason


def test_weights_are_made_in_the_order_of_their_list() -> None:
    text, found = migrated(
        in_method(
            """
            # first
            self.a = K.zeros((1,))
            self.b = K.zeros((2,))
            self.trainable_weights = [self.b, self.a]
            """
        )
    )
    assert text == in_method(
        """
        self.b = self.add_weight(name='b', shape=(2,), initializer='zeros')
        # first
        self.a = self.add_weight(name='a', shape=(1,), initializer='zeros')
        """
    )
    assert found == [("KM502", "rewritten")]


@pytest.mark.parametrize(
    ("between", "second"),
    [
        ("n = 2", "K.zeros((n,))"),
        ("pass", "K.zeros((1,))"),
        ("", "K.variable(2. * np.ones(K.int_shape(self.a)))"),
    ],
)
def test_order_of_weights_is_a_review_where_one_may_need_the_other(between: str, second: str) -> None:
    _, found = migrated(
        in_method(
            f"""
            self.a = K.zeros((1,))
            {between}
            self.b = {second}
            self.trainable_weights = [self.b, self.a]
            """
        )
    )
    assert found == [("KM502", "review")]


def test_variables_that_are_only_kept_are_left_where_keras_leaves_them() -> None:
    code = in_method("self.a = K.variable(0.)")
    assert migrated(code, "2.21") == (code, [])
    text, found = migrated(code, "2.15")
    assert "tf.Variable(0., dtype=K.floatx(), trainable=False)" in text
    assert found == [("KM503", "review")]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "self.add_update([(self.a, self.a + 1)], x)",
            "if training:\n    self.a.assign(self.a + 1)",
            "updates ran in training alone",
        ),
        (
            "self.add_update(K.moving_average_update(self.a, v - 1, self.m))",
            "if training:\n    self.a.assign(self.a * self.m + (v - 1) * (1. - self.m))",
            "the moving average written out",
        ),
    ],
)
def test_updates(old: str, new: str, reason: str) -> None:
    text, _ = migrated(in_method(old, "call(self, x)"))
    assert text == in_method(new, "call(self, x, training=None)"), reason


def test_updates_outside_call_are_left_to_a_person() -> None:
    code = in_method("self.add_update([(self.a, self.a + 1)], x)", "step(self, x)")
    assert migrated(code) == (code, [("KM505", "manual")])


@pytest.mark.parametrize(
    ("code", "expected", "reason"),
    [
        (
            "class A(Layer):\n    def f(self):\n        self.path = 1\n        return self.path\n",
            "path_",
            "own",
        ),
        ("class A(Callback):\n    def f(self):\n        self.model = 1\n", "_model", "behind it"),
        ("class A(Sequence):\n    def f(self):\n        self.num_batches = 1\n", "num_batches_", "own"),
        ("class A(object):\n    def f(self):\n        self.path = 1\n", "path", "nothing of Keras"),
        (
            "class A(Layer):\n    path = None\n    def f(self):\n        self.path = 1\n",
            "path",
            "the class itself has the attribute",
        ),
    ],
)
def test_read_only_attributes(code: str, expected: str, reason: str) -> None:
    text, _ = migrated(code)
    assert f"self.{expected} = 1\n" in text, reason


def test_a_class_that_calls_its_base_by_name_is_left() -> None:
    code = "class A(Sequence):\n    def __init__(self):\n        Sequence.__init__(self)\n"
    assert migrated(code) == (code, [])


def test_constructor_of_a_sequence_is_called_in_the_style_of_its_class() -> None:
    text, _ = migrated(
        """
        class A(Sequence):
            def __init__(self): self.x = 1
            def on_epoch_end(self):
                super(A, self).on_epoch_end()
        """
    )
    assert "    def __init__(self):\n        super(A, self).__init__()\n        self.x = 1\n" in text


def test_first_parameter_of_a_recurrent_call_is_renamed_where_it_is_meant() -> None:
    text, _ = migrated(in_method("return f(x=x.x, g=lambda x: x, h=lambda y: x)", "call(self, x)", "LSTM"))
    assert "def call(self, sequences, initial_state=None):" in text
    assert "return f(x=sequences.x, g=lambda x: x, h=lambda y: sequences)" in text


@pytest.mark.parametrize("rule", ["KM501", "KM504"])
def test_rules_can_be_switched_off(rule: str) -> None:
    code = {
        "KM501": in_method("self.add_weight('W', (3,))"),
        "KM504": "class A(Layer):\n    def get_output_shape_for(self, s):\n        return s\n",
    }[rule]
    options = Options(Target("2.21"), ignore=frozenset({rule}))
    result = migrate_bytes("a.py", (IMPORTS + code).encode(), options, Project())
    assert result.after.decode().endswith(code)
