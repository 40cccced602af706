"""Names of Keras in strings, and names that are looked up: what becomes of them, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate import migrate_paths, migrate_source
from keras_migrate.findings import Level
from keras_migrate.options import Options
from keras_migrate.target import Target


def migrated(code: str, target: str = "2.21") -> tuple[str, list[tuple[str, str]]]:
    """The new code, and the rules and levels of what is said of strings."""
    result = migrate_source(code, target=target, source="2.2")
    said = [(each.rule, each.level.value) for each in result.findings if each.rule in ("KM117", "KM118")]
    return result.after.decode(), said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pytest.importorskip('keras')", "pytest.importorskip('tensorflow.keras')"),
        ('import_module("keras.preprocessing.text")', 'import_module("tensorflow.keras.preprocessing.text")'),
        ("import_module(name='keras.models')", "import_module(name='tensorflow.keras.models')"),
        ("x = __import__('keras.layers')", "x = __import__('tensorflow.keras.layers').keras"),
        ("import_module('tensorflow.contrib.keras')", "import_module('tensorflow.keras')"),
        ("import_module('keras_applications.vgg16')", "import_module('tensorflow.keras.applications.vgg16')"),
        ("find_spec('keras')", "find_spec('tensorflow')"),
        ("'keras' not in sys.modules", "'tensorflow' not in sys.modules"),
        ("k = sys.modules['keras.layers']", "k = sys.modules['tensorflow'].keras.layers"),
        (
            "mocker.patch('keras.models.Model.fit')",
            "mocker.patch('tensorflow.keras.models.Model.fit')",
        ),
        ("def f(x: 'keras.engine.topology.Layer'): pass", "def f(x: 'tensorflow.keras.layers.Layer'): pass"),
    ],
)
def test_rewritten(old: str, new: str) -> None:
    """A file that names Keras in strings alone is migrated too; what is exact needs nobody."""
    assert migrated(f"{old}\n") == (f"{new}\n", [("KM117", "rewritten")])


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("import_module('keras.legacy.interfaces')", "manual"),
        ("mock.patch('keras.backend.tensorflow_backend._get_available_gpus')", "manual"),
        ("str(type(x)) == \"<class 'keras.engine.training.Model'>\"", "manual"),
        ("type(x).__module__ == 'keras.engine.training'", "manual"),
        ("type(x).__module__.startswith('keras')", "review"),
        ("pkg_resources.get_distribution('keras').version", "review"),
        ("sys.modules['keras'] = tf.keras", "review"),
        ("sys.modules.get('keras')", "review"),
        ("mock.patch.dict('sys.modules', {'keras': None})", "review"),
        ("LAYERS = ['keras.layers.Dense']", "review"),
    ],
)
def test_left_and_reported(code: str, level: str) -> None:
    assert migrated(f"{code}\n") == (f"{code}\n", [("KM118", level)])


@pytest.mark.parametrize(
    "code",
    [
        "print('keras.layers.Dense')",
        "logging.getLogger('keras.models')",
        "warnings.filterwarnings('ignore', module='keras.models')",
        "logger.info('keras.models: {}'.format(x))",
        "packages = ['keras', 'keras.json', 'keras-contrib']",
        "path = '.keras/keras.json'",
        "'keras.layers.Dense'",
        "load_model('a.h5', custom_objects={'keras': x})",
        "keras_export('keras.layers.Dense')",
        "import_module('keras_contrib.layers')",
        "b'keras.layers.Dense'",
        "import_module('tensorflow.keras.layers')",
        "x = 'no.such.keras.layers.Dense'",
        "mock.patch('pkg.keras.layers.Dense')",
    ],
)
def test_no_names(code: str) -> None:
    """Prose, names of loggers and packages, and what is right already."""
    assert migrated(f"{code}\n") == (f"{code}\n", [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("getattr(keras.optimizers, name)", ["review"]),
        ("getattr(keras.datasets, name)", []),
        ("getattr(import_module('keras.layers'), name)", ["rewritten", "review"]),
        ("getattr(keras.layers, 'Dense')", []),
        ("getattr(keras.layers, 'ConvRNN2D')", ["manual"]),
        ("getattr(keras.layers, 'ConvRNN2D', None)", ["review"]),
        ("hasattr(keras.backend, 'set_image_dim_ordering')", ["review"]),
        ("hasattr(keras.models.Model, 'fit_generator')", ["review"]),
        ("mock.patch.object(keras.models.Model, 'fit_generator')", ["manual"]),
        ("mock.patch.object(keras.models.Model, 'fit')", []),
        ("monkeypatch.setattr(keras.backend, 'floatx', f)", ["review"]),
        ("monkeypatch.setattr(keras.models, 'load_model', f)", ["review"]),
    ],
)
def test_looked_up(code: str, said: list[str]) -> None:
    assert [level for _, level in migrated(f"import keras\n{code}\n")[1]] == said


def test_names_in_a_module_of_the_project(tmp_path: Path) -> None:
    """A mock where the project has the module stays right: what the module takes keeps its name."""
    (tmp_path / "setup.py").touch()
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "__init__.py").touch()
    module = tmp_path / "nets" / "models.py"
    module.write_text("import keras\nfrom keras.constraints import maxnorm\n\nx = maxnorm(2)\n")
    test = tmp_path / "test_models.py"
    test.write_text(
        "from unittest import mock\n\n"
        "a = mock.patch('nets.models.keras.engine.training.Model')\n"
        "b = mock.patch('nets.models.keras.models.Model')\n"
        "c = mock.patch('nets.models.maxnorm')\n"
    )
    run = migrate_paths(tmp_path, options=Options(Target("2.21")), jobs=1)
    after = {result.path: result.after.decode() for result in run.results}
    assert "'nets.models.keras.models.Model'" in after["test_models.py"].splitlines()[2]
    assert "'nets.models.keras.models.Model'" in after["test_models.py"].splitlines()[3]
    assert "import max_norm as maxnorm" in after["nets/models.py"]


def test_what_is_loaded_is_followed() -> None:
    """Names in a module that a call loads are those of the module, and keywords are checked too."""
    code = "layers = importlib.import_module('keras.layers')\nlayers.Deconv2D(3, kernel_size=3)\n"
    new, _ = migrated(code)
    assert "layers.Conv2DTranspose(3, kernel_size=3)" in new
    result = migrate_source(code.replace("Deconv2D", "Densse"), target="2.21")
    assert any(each.level is Level.MANUAL and each.line == 2 for each in result.findings)


@pytest.mark.parametrize("style", ["from", "tf"])
def test_a_second_run_changes_nothing(style: str) -> None:
    code = "import keras\nx = __import__('keras.layers')\ny: 'keras.engine.training.Model' = None\n"
    first = migrate_source(code, target="2.21", import_style=style).after
    assert migrate_source(first, target="2.21", import_style=style).after == first
