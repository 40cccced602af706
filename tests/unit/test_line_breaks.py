"""How a statement is broken that became too long, and where added arguments go."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_migrate.engine import migrate_bytes
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target


def migrated(code: str) -> str:
    """The new form of code that has LSTM, Dense, Sequential and SGD, without its imports."""
    imports = "from keras.layers import Bidirectional, Dense, LSTM\nfrom keras.models import Sequential\n"
    whole = f"{imports}from keras.optimizers import SGD\n#\n{dedent(code)}"
    options = Options(Target("2.15"), source=Source.parse("2.2"))
    result = migrate_bytes("a.py", whole.encode(), options, Project())
    return result.after.decode().partition("#\n")[2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "x = LSTM(8)\n",
            "x = LSTM(8, recurrent_activation='hard_sigmoid')\n",
            id="short",
        ),
        pytest.param(
            """\
            if x:
                model.add(LSTM(64, return_sequences=True, input_shape=(None, 20)))
            """,
            """\
            if x:
                model.add(LSTM(64, return_sequences=True, input_shape=(None, 20),
                               recurrent_activation='hard_sigmoid'))
            """,
            id="beside the bracket",
        ),
        pytest.param(
            """\
            model.add(LSTM(64, return_sequences=True, input_shape=(None, 20), dropout=0.25, name='first'))
            """,
            """\
            model.add(LSTM(64, return_sequences=True, input_shape=(None, 20), dropout=0.25, name='first',
                           recurrent_activation='hard_sigmoid'))
            """,
            id="the length that lines have there",
        ),
        pytest.param(
            """\
            x = LSTM(  # one
                64,  # two
            )
            """,
            """\
            x = LSTM(  # one
                64,  # two
                recurrent_activation='hard_sigmoid',
            )
            """,
            id="a line for each argument",
        ),
        pytest.param(
            """\
            x = LSTM(
                64  # units
            )
            """,
            """\
            x = LSTM(
                64,  # units
                recurrent_activation='hard_sigmoid'
            )
            """,
            id="no comma at the end",
        ),
        pytest.param(
            """\
            x = LSTM(64,
                     return_sequences=True)(words)
            """,
            """\
            x = LSTM(64,
                     return_sequences=True,
                     recurrent_activation='hard_sigmoid')(words)
            """,
            id="aligned",
        ),
        pytest.param(
            """\
            model = Sequential([Dense(8, input_shape=(None, 20)), LSTM(64), Dense(1)])
            """,
            """\
            model = Sequential([Dense(8, input_shape=(None, 20)),
                                LSTM(64, recurrent_activation='hard_sigmoid'), Dense(1)])
            """,
            id="list",
        ),
        pytest.param(
            """\
            model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=1.0, decay=1e-6),
                          metrics=['accuracy'])
            """,
            """\
            model.compile(loss='categorical_crossentropy',
                          optimizer=SGD(learning_rate=InverseTimeDecay(1.0, decay_steps=1, decay_rate=1e-6)),
                          metrics=['accuracy'])
            """,
            id="where the outer call is broken already",
        ),
        pytest.param(
            """\
            x = SGD(lr=0.1, decay=1e-6, momentum=0.9, nesterov=True)  # slow and with a long comment
            """,
            """\
            x = SGD(learning_rate=InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6),
                    momentum=0.9, nesterov=True)  # slow and with a long comment
            """,
            id="a comment behind",
        ),
        pytest.param(
            """\
            recurrent_layer_number_one = Bidirectional(LSTM(number_of_units_of_it))(inputs)
            """,
            """\
            recurrent_layer_number_one = Bidirectional(
                LSTM(number_of_units_of_it, recurrent_activation='hard_sigmoid'))(inputs)
            """,
            id="below the bracket",
        ),
    ],
)
def test_layout(old: str, new: str) -> None:
    """The new line is as one would have written it."""
    assert migrated(old) == dedent(new)


def test_lines_of_old_stay() -> None:
    """A line that was long before stays as it is, beside one that is broken."""
    long = "f('" + "x" * 90 + "', 1)"
    new = migrated(f"x = [LSTM(64),\n     {long}]\n")
    assert new == f"x = [LSTM(64, recurrent_activation='hard_sigmoid'),\n     {long}]\n"
