"""Names of files of models and weights: old code, the target, new code."""

from __future__ import annotations

from pathlib import Path

import pytest
from keras_migrate.transforms.training.model_files import weights_saved_in

from keras_migrate import migrate_paths, migrate_source

HEAD = "import os\nfrom keras.callbacks import ModelCheckpoint\nfrom keras.models import Sequential\n"


def migrated(code: str, target: str = "2.21") -> tuple[str, list[str]]:
    """The new form of code that has a `model`, and the levels of the findings."""
    result = migrate_source(f"{HEAD}model = Sequential([])\n{code}\n", target=target)
    assert migrate_source(result.after, target=target).after == result.after
    levels = [each.level.value for each in result.findings if each.rule in ("KM603", "KM604")]
    return result.after.decode().partition("Sequential([])\n")[2].rstrip("\n"), levels


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("model.save_weights('w.h5')", "model.save_weights('w.weights.h5')"),
        ("model.save_weights(filepath='w.hdf5')", "model.save_weights(filepath='w.weights.h5')"),
        ('model.save_weights(d + "/w.h5", True)', 'model.save_weights(d + "/w.weights.h5", True)'),
        ("model.save_weights('w%d.h5' % 3)", "model.save_weights('w%d.weights.h5' % 3)"),
        ("model.save_weights('w{}.h5'.format(3))", "model.save_weights('w{}.weights.h5'.format(3))"),
        ("model.save_weights(f'w{n}.h5')", "model.save_weights(f'w{n}.weights.h5')"),
        ("model.save_weights(os.path.join(d, 'w'))", "model.save_weights(os.path.join(d, 'w.weights.h5'))"),
        (
            "name = 'w.h5'\nmodel.save_weights(name)\nmodel.load_weights(name)",
            "name = 'w.weights.h5'\nmodel.save_weights(name)\nmodel.load_weights(name)",
        ),
        (
            "model.save_weights('w.h5')\nos.path.exists('w.h5')\nmodel.load_weights('w.h5')",
            "model.save_weights('w.weights.h5')\nos.path.exists('w.weights.h5')\n"
            "model.load_weights('w.weights.h5')",
        ),
        (
            "model.save_weights(d + '.h5')\nmodel.load_weights(d + '.h5')\nopen(e + '.h5')",
            "model.save_weights(d + '.weights.h5')\nmodel.load_weights(d + '.weights.h5')\nopen(e + '.h5')",
        ),
        (
            "ModelCheckpoint('w.h5', save_weights_only=True)",
            "ModelCheckpoint('w.weights.h5', save_weights_only=True)",
        ),
        ("ModelCheckpoint('w.hdf5')", "ModelCheckpoint('w.h5')"),
        ("model.save('m')", "model.save('m.h5')"),
        ("model.save('a.model')", "model.save('a.h5')"),
    ],
)
def test_renamed(old: str, new: str) -> None:
    """From TensorFlow 2.16 on the name decides, and the loads of the same name follow."""
    after, levels = migrated(old)
    assert after == new
    assert levels == ["review"]


@pytest.mark.parametrize(
    "code",
    [
        "model.save_weights('w.weights.h5')",
        "model.save('m.h5')",
        "model.save('m.hdf5')",
        "ModelCheckpoint('m.h5')",
        "model.load_weights('old.h5')",
        "figure.save('picture')",
    ],
)
def test_kept(code: str) -> None:
    """What the target takes stays, and so does what others save."""
    assert migrated(code) == (code, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("model.save('m')", "model.save('m', save_format='h5')"),
        ("model.save_weights('w', True)", "model.save_weights('w', True, save_format='h5')"),
        ("model.save_weights('w.h5')", "model.save_weights('w.h5')"),
        ("ModelCheckpoint('m')", "ModelCheckpoint('m.h5')"),
    ],
)
def test_format_written_out(old: str, new: str) -> None:
    """On TensorFlow 2.15 a name without a suffix would mean another format."""
    assert migrated(old, "2.15")[0] == new


@pytest.mark.parametrize(("name", "level"), [("sys.argv[1]", "review"), ("'w%s' % x", "review")])
def test_unknown_name(name: str, level: str) -> None:
    """A name that is not known here is left to a person."""
    code = f"model.save_weights({name})"
    assert migrated(code) == (code, [level])


def test_loaded_by_name() -> None:
    """Keras 3 reads its own weights by position only."""
    code = "model.save_weights('w.h5')\nmodel.load_weights('w.h5', by_name=True)"
    assert migrated(code) == (code, ["manual"])


def test_loaded_in_another_file(tmp_path: Path) -> None:
    """A name that another file of the project saves weights under changes with it."""
    (tmp_path / "train.py").write_text(f"{HEAD}model = Sequential()\nmodel.save_weights('w.h5')\n")
    (tmp_path / "use.py").write_text(f"{HEAD}model = Sequential()\nmodel.load_weights('w.h5')\n")
    after = {each.path: each.after.decode() for each in migrate_paths(tmp_path, jobs=1).results}
    assert "save_weights('w.weights.h5')" in after["train.py"]
    assert "load_weights('w.weights.h5')" in after["use.py"]


def test_saved_names_in_text() -> None:
    """The names of other files are read off their text."""
    text = b"""m.save_weights('a.h5')
ModelCheckpoint("b.h5", verbose=1, save_weights_only=True)
ModelCheckpoint('c.h5')
m.save_weights(name)
"""
    assert weights_saved_in(text) == ("a.h5", "b.h5")
