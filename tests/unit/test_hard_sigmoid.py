"""Where the old hard sigmoid is defined on Keras 3, and what takes its name."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import Finding
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

DEFINITION = """\
@tf.keras.utils.register_keras_serializable()
def keras2_hard_sigmoid(x):
    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
"""


def migrated(code: str, target: str = "2.21") -> tuple[str, list[Finding]]:
    """The new form of code, and the findings about the function."""
    options = Options(Target.parse(target), source=Source.parse("2.2"))
    result = migrate_bytes("a.py", dedent(code).encode(), options, Project())
    again = migrate_bytes("a.py", result.after, options, Project())
    assert again.after == result.after
    return result.after.decode(), [each for each in result.findings if each.rule in ("KM301", "KM302")]


def test_below_the_imports_once() -> None:
    """The function stands between the imports and the first statement, whose comments stay with it."""
    new, findings = migrated("""\
        import os
        from keras.layers import Dense, LSTM

        # two layers
        layers = [LSTM(8), LSTM(9)]
        layers.append(Dense(8, activation='hard_sigmoid'))
        """)
    head, _, tail = new.partition(DEFINITION)
    assert head == "import os\nimport tensorflow as tf\nfrom tensorflow.keras.layers import Dense, LSTM\n\n\n"
    assert tail.startswith("\n\n# two layers\nlayers = [LSTM(8, recurrent_activation=keras2_hard_sigmoid),")
    assert tail.endswith("layers.append(Dense(8, activation=keras2_hard_sigmoid))\n")
    assert [each.level.value for each in findings] == ["rewritten"] * 3


def test_in_the_function_that_imports_keras() -> None:
    """A module that does not import Keras still does not."""
    new, _ = migrated("""\
        def build():
            from keras.layers import LSTM
            return LSTM(8)
        """)
    assert new == dedent("""\
        def build():
            from tensorflow.keras.layers import LSTM
            import tensorflow as tf

            @tf.keras.utils.register_keras_serializable()
            def keras2_hard_sigmoid(x):
                return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)

            return LSTM(8, recurrent_activation=keras2_hard_sigmoid)
        """)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            "from keras.layers import LSTM\ndef f():\n    return LSTM(8)\nimport tensorflow as tf\n",
            id="TensorFlow is imported too late for it",
        ),
        pytest.param(
            "class A:\n    from keras.layers import LSTM\n    layer = LSTM(8)\n",
            id="functions in a class are no functions elsewhere in it",
        ),
        pytest.param("from keras.layers import LSTM; layer = LSTM(8)\n", id="no line between"),
    ],
)
def test_no_place_for_it(code: str) -> None:
    """Where it cannot be defined in time, a person has to."""
    new, findings = migrated(code)
    assert "keras2_hard_sigmoid" not in new
    assert [(each.rule, each.level.value) for each in findings] == [("KM301", "manual")]


def test_a_function_of_an_earlier_run() -> None:
    """It is used again by code that was added since."""
    new, _ = migrated(
        f"import tensorflow as tf\nfrom keras.layers import LSTM\n\n\n{DEFINITION}\n\nLSTM(8)\n"
    )
    assert new.count("def keras2_hard_sigmoid") == 1
    assert new.endswith("LSTM(8, recurrent_activation=keras2_hard_sigmoid)\n")


@pytest.mark.parametrize("target", ["2.15", "2.21+legacy"])
def test_nothing_on_keras_2(target: str) -> None:
    """There the name stands for what it always stood for."""
    code = "from keras.layers import Activation\nlayer = Activation('hard_sigmoid')\nname = 'hard_sigmoid'\n"
    assert migrated(code, target) == (code.replace("from keras", "from tensorflow.keras"), [])


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("Dense(8, activation='hard_sigmoid')", ["rewritten"]),
        ("partial(Dense, activation='hard_sigmoid')", ["rewritten"]),
        ("build(Dense, activation='hard_sigmoid')", ["review"]),
        ("build('hard_sigmoid')", ["manual"]),
        ("name = 'hard_sigmoid'", ["manual"]),
        ("name == 'hard_sigmoid'", []),
        ("{'hard_sigmoid': 1}", []),
        ("{'activation': 'hard_sigmoid'}", ["manual"]),
        ("'a hard_sigmoid'", []),
    ],
)
def test_names(code: str, levels: list[str]) -> None:
    """In calls of Keras the name is an activation; elsewhere it most likely is one."""
    _, findings = migrated(f"from functools import partial\nfrom keras.layers import Dense\n{code}\n")
    assert [each.level.value for each in findings] == levels
