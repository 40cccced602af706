"""What the values of a program are taken to be."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import libcst as cst
import pytest

from keras_migrate import transforms
from keras_migrate.engine import ROOTS
from keras_migrate.names import Names
from keras_migrate.project import Project
from keras_migrate.reexports import outside
from keras_migrate.values import Outside, Value, Values


def values_of(code: str, elsewhere: Outside | None = None) -> list[tuple[Value, ...]]:
    """The values of what the calls of ``look`` in some code are given."""
    module = cst.parse_module(dedent(code))
    names = Names(module, ROOTS)
    values = Values(names, transforms.values, *([elsewhere] if elsewhere else []))
    looks = names._uses["look"]
    return [values.of(use.called.args[0].value) for use in looks if use.called is not None]


def kinds(code: str) -> list[set[str]]:
    return [{value.kind for value in found} for found in values_of(code)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from keras.models import Sequential\nlook(Sequential())", {"model"}),
        ("import keras\nm = keras.models.load_model('m.h5')\nlook(m)", {"model"}),
        (
            "from keras.models import Model\nif a:\n    m = Model()\nelse:\n    m = f()\nlook(m)",
            {"model", ""},
        ),
        ("from keras.layers import Input, Dense\nx = Dense(3)(Input((2,)))\nlook(x * 2)", {"tensor"}),
        ("from keras.models import Sequential\nfor l in Sequential().layers:\n    look(l)", {"layer"}),
        ("from keras.models import Sequential\nlook(Sequential().layers[-1].output)", {"tensor"}),
        (
            "from keras.models import Sequential\nh = Sequential().fit(x)\nlook(h.history)",
            {"history dictionary"},
        ),
        ("from keras.models import Model\nlook(Model.from_config(c))", {"model"}),
        ("from keras.applications.vgg16 import VGG16\nlook(VGG16())", {"model"}),
        ("from keras.optimizers import Adam\na, b = 1, Adam()\nlook(b)", {"optimizer"}),
        ("from keras.models import Sequential\nm = Sequential()\nm = 3\nlook(m)", {"literal"}),
        ("def f(model, x):\n    look(model)", {"model"}),
        ("def f(x):\n    look(x)", {""}),
        ("look(nowhere)", {""}),
        ("m = m2 = f(m2)\nlook(m)", {""}),
    ],
)
def test_kind_of_an_expression(code: str, expected: set[str]) -> None:
    assert kinds(code) == [expected]


def test_what_a_function_returns() -> None:
    code = """
    from keras.models import Model
    def build(n):
        if n:
            return Model(), 3
        return None
    m, n = build(3)
    look(m)
    look(build)
    """
    assert kinds(code) == [{"model"}, {"function"}]


def test_attributes_of_self_and_methods() -> None:
    code = """
    from keras.models import Model
    from keras.callbacks import Callback
    class Net:
        def __init__(self):
            self.net = self.build()
        def build(self):
            return Model()
        def run(self):
            look(self.net.optimizer)
    class Best(Callback):
        def on_epoch_end(self, epoch, logs):
            look(self.model)
    class Other:
        def run(self):
            look(self.model)
    look(Net().net)
    """
    assert kinds(code) == [{"optimizer"}, {"model"}, {""}, {"model"}]


def test_a_parameter_by_its_name_is_a_guess() -> None:
    ((value,),) = values_of("def f(my_model):\n    look(my_model)")
    assert (value.kind, value.sure) == ("model", False)


def test_a_parameter_by_its_annotation_is_not() -> None:
    ((value,),) = values_of("import keras\ndef f(m: keras.Model):\n    look(m)")
    assert (value.kind, value.sure) == ("model", True)


def test_lineage_through_a_class_of_the_file() -> None:
    module = cst.parse_module("from keras.layers import LSTM\nclass A(LSTM): pass\nclass B(A): pass\n")
    names = Names(module, ROOTS)
    values = Values(names, transforms.values)
    lineages = [values.lineage(node).lineage for node, _, _ in names.classes]
    assert lineages[0] == lineages[1]
    assert lineages[0][0] == "keras.layers.LSTM"
    assert "keras.layers.Layer" in lineages[0]


def test_functions_and_classes_of_other_modules(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    nets = "import keras\ndef build():\n    return keras.Sequential()\nclass Mine(keras.layers.Layer): pass\n"
    (tmp_path / "nets.py").write_text(nets)
    elsewhere = outside(Project.of([tmp_path]), "train.py", ROOTS)
    code = """
    import nets
    from nets import Mine, build
    look(build())
    look(nets.build())
    look(Mine())
    look(nets.other())
    """
    found = values_of(code, elsewhere)
    assert [{value.kind for value in each} for each in found] == [{"model"}, {"model"}, {"layer"}, {""}]
