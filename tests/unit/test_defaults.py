"""What becomes of arguments that are not written and whose default is another one now."""

from __future__ import annotations

import pytest

from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import Finding
from keras_migrate.options import Defaults, Options
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

LAYERS = "from keras.layers import GRU, LSTM\n"


def migrated(
    code: str, target: str = "2.15", source: str = "2.2", **more: object
) -> tuple[str, list[Finding]]:
    """The new form of code below its imports, and the findings that are not about names."""
    options = Options(Target.parse(target), source=Source.parse(source) if source else None, **more)  # type: ignore[arg-type]
    result = migrate_bytes("a.py", code.encode(), options, Project())
    again = migrate_bytes("a.py", result.after, options, Project())
    assert again.after == result.after
    return result.after.decode(), [each for each in result.findings if not each.rule.startswith("KM1")]


def last_line(code: str, target: str = "2.15", source: str = "2.2") -> str:
    """The last line of the new form of code."""
    return migrated(code, target, source)[0].splitlines()[-1]


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("1.2", ", recurrent_activation='hard_sigmoid', reset_after=False"),
        ("2.0", ", recurrent_activation='hard_sigmoid', reset_after=False"),
        ("2.1", ", recurrent_activation='hard_sigmoid', reset_after=False"),
        ("2.2", ", recurrent_activation='hard_sigmoid', reset_after=False"),
        ("2.3", ", reset_after=False"),
    ],
)
def test_the_source_decides(source: str, arguments: str) -> None:
    """What was unwritten depends on the release that the code was written for."""
    new, findings = migrated(f"{LAYERS}layer = GRU(8)\n", source=source)
    assert new.splitlines()[-1] == f"layer = GRU(8{arguments})"
    assert {each.level.value for each in findings} == {"rewritten"}


def test_a_guess_is_a_review() -> None:
    """What hangs on a guess is to be looked at, and says so; what was always the same is not."""
    _, findings = migrated(f"{LAYERS}layer = GRU(8)\n", source="")
    levels = {each.symbol: each.level.value for each in findings}
    assert levels == {
        "keras.layers.GRU.recurrent_activation": "review",
        "keras.layers.GRU.reset_after": "rewritten",
    }
    said = {each.symbol: "--source" in each.message for each in findings}
    assert list(said.values()) == [each == "review" for each in levels.values()]


def test_adopted() -> None:
    """With the new defaults nothing is written, and each place reported."""
    code = "from keras.models import Model\nfrom keras.optimizers import Adadelta\nAdadelta()\n"
    code += "Model().compile('adagrad', 'mse')\n"
    new, findings = migrated(code, defaults=Defaults.ADOPT)
    assert new == code.replace("from keras", "from tensorflow.keras")
    assert [(each.rule, each.level.value, each.line) for each in findings] == [
        ("KM301", "review", 3),
        ("KM303", "review", 4),
    ]
    assert all("The new" in each.message for each in findings)


@pytest.mark.parametrize(
    "given",
    [
        "LSTM(8, recurrent_activation=gate)",
        "LSTM(8, inner_activation='sigmoid')",
        "LSTM.from_config(config)",
        "isinstance(layer, (LSTM, GRU))",
        "type(layer) is LSTM or layer.__class__ == GRU",
        "load_model('a', custom_objects={'LSTM': LSTM})",
        "LSTM.__name__",
    ],
)
def test_nothing_to_write(given: str) -> None:
    """What is given, and what is no call, stays as it is."""
    _, findings = migrated(f"{LAYERS}{given}\n")
    assert [each for each in findings if each.rule == "KM301"] == []


@pytest.mark.parametrize(
    "code",
    [
        "{'lstm': LSTM}",
        "build(cell=LSTM)",
        "layer = LSTM if flag else GRU",
        "self.cell = LSTM",
        "return_(LSTM)",
    ],
)
def test_passed_on(code: str) -> None:
    """A class that is called elsewhere is for a person."""
    new, findings = migrated(f"{LAYERS}{code}\n")
    assert new.splitlines()[-1] == code
    assert {(each.rule, each.level.value) for each in findings} == {("KM301", "manual")}


def test_called_by_another_name() -> None:
    """A call by a name that the class was assigned to is a call of it."""
    assert last_line(f"{LAYERS}Cell = LSTM\nCell(8)\n") == "Cell(8, recurrent_activation='hard_sigmoid')"


def test_subclass() -> None:
    """A class with an ``__init__`` passes on what it was; one without is for a person."""
    code = f"{LAYERS}class A(LSTM):\n    def __init__(self):\n        super().__init__(8)\n"
    new, findings = migrated(code)
    assert new.endswith("super().__init__(8, recurrent_activation='hard_sigmoid')\n")
    assert [each.level.value for each in findings] == ["rewritten"]
    _, findings = migrated(f"{LAYERS}class A(LSTM):\n    pass\n")
    assert [each.level.value for each in findings] == ["manual"]
    assert "in the calls of `A`" in findings[0].message


def test_only_standalone_keras() -> None:
    """Code that is written for tf.keras has its defaults already."""
    code = "from tensorflow.keras.layers import GRU\nGRU(8)\n"
    assert migrated(code) == (code, [])


def test_on_a_release_with_the_old_default() -> None:
    """Only what is another default in the target is written: that of ConvLSTM2D changed with Keras 3."""
    code = "from keras.layers import ConvLSTM2D\nlayer = ConvLSTM2D(8, 3)\n"
    assert last_line(code, "2.15") == "layer = ConvLSTM2D(8, 3)"
    assert last_line(code, "2.21+legacy") == "layer = ConvLSTM2D(8, 3)"
    assert last_line(code, "2.16") == "layer = ConvLSTM2D(8, 3, recurrent_activation=keras2_hard_sigmoid)"


def test_rules_can_be_switched_off() -> None:
    """Without the rule nothing is changed; without that of the hard sigmoid its name is written."""
    code = f"{LAYERS}LSTM(8)\n"
    assert migrated(code, ignore=frozenset({"KM301"}))[0].splitlines()[-1] == "LSTM(8)"
    new, _ = migrated(code, "2.21", ignore=frozenset({"KM302"}))
    assert new.splitlines()[-1] == "LSTM(8, recurrent_activation='hard_sigmoid')"


def test_quotes_of_the_call() -> None:
    """A written value has the quotes that the call has."""
    line = last_line(f'{LAYERS}LSTM(8, activation="tanh")\n')
    assert line == 'LSTM(8, activation="tanh", recurrent_activation="hard_sigmoid")'


def test_cudnn_layers_had_the_new_defaults() -> None:
    """What takes the place of the cuDNN layers is called as they were."""
    assert last_line("from keras.layers import CuDNNGRU\nlayer = CuDNNGRU(8)\n") == "layer = GRU(8)"


def test_decay_comes_first() -> None:
    """The rate that a decay starts from is not written twice."""
    line = last_line("from keras.optimizers import Adadelta\nAdadelta(decay=1e-3)\n")
    assert line == "Adadelta(learning_rate=InverseTimeDecay(1.0, decay_steps=1, decay_rate=1e-3))"


@pytest.mark.parametrize(
    "other",
    [
        "K.set_value(model.optimizer.lr, 0.1)",
        "model.optimizer.lr = 0.1",
        "optimizer.learning_rate.assign(0.1)",
        "model.optimizer.lr *= 0.5",
        "callbacks.LearningRateScheduler(rate)",
    ],
)
def test_a_rate_that_is_set(other: str) -> None:
    """A schedule could not be set, so the decay is for a person, and the unwritten rate is written."""
    code = f"from keras import backend as K, callbacks\nfrom keras.optimizers import Adadelta\n{other}\n"
    new, findings = migrated(f"{code}Adadelta(decay=1e-3)\n")
    assert new.splitlines()[-1] == "Adadelta(decay=1e-3, learning_rate=1.0)"
    assert ("KM205", "manual") in {(each.rule, each.level.value) for each in findings}


def test_a_rate_that_is_read() -> None:
    """A rate that is only read can be a schedule's."""
    code = (
        "from keras import backend as K\nfrom keras.optimizers import SGD\nK.get_value(model.optimizer.lr)\n"
    )
    line = last_line(f"{code}SGD(lr=0.5, decay=rate / 10)\n")
    assert line == "SGD(learning_rate=InverseTimeDecay(0.5, decay_steps=1, decay_rate=rate / 10))"
