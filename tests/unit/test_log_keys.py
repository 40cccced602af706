"""Names of metrics in logs: what a program compiles with, and what becomes of the keys that read it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from keras_migrate.transforms.training.compiled_metrics import changed_names, metrics_in

from keras_migrate import migrate_paths, migrate_source

HEAD = "from keras.callbacks import Callback, EarlyStopping, ModelCheckpoint, ReduceLROnPlateau\n"
ACCURACY = "model.compile('sgd', 'mse', metrics=['accuracy'])\n"


def migrated(code: str, compiled: str = ACCURACY, **options: str) -> tuple[str, list[str]]:
    """The new form of code behind a line that compiles a model, and the levels of its findings."""
    before = HEAD + compiled + dedent(code)
    result = migrate_source(before, **options)
    assert migrate_source(result.after, **options).after == result.after
    after = result.after.decode()
    levels = [each.level.value for each in result.findings if each.rule in ("KM601", "KM602")]
    return after.partition("metrics=")[2].partition("\n")[2].rstrip("\n"), levels


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("h.history['acc']", "h.history['accuracy']"),
        ('self.h.history["val_acc"][-1]', 'self.h.history["val_accuracy"][-1]'),
        ("model.fit(x).history.get('acc', [])", "model.fit(x).history.get('accuracy', [])"),
        ("log = model.fit(x).history\nlog['acc']", "log = model.fit(x).history\nlog['accuracy']"),
        ("h = a.history\n'acc' in h.keys()", "h = a.history\n'accuracy' in h.keys()"),
        ("pd.DataFrame(h.history)['acc']", "pd.DataFrame(h.history)['accuracy']"),
        ("EarlyStopping('val_acc')", "EarlyStopping('val_accuracy')"),
        ("ReduceLROnPlateau(monitor='acc')", "ReduceLROnPlateau(monitor='accuracy')"),
        ("ModelCheckpoint('a.h5', 'val_acc')", "ModelCheckpoint('a.h5', 'val_accuracy')"),
        ("train(monitor='val_acc')", "train(monitor='val_accuracy')"),
        ("monitor = 'val_acc'", "monitor = 'val_accuracy'"),
        ("options = {'monitor': 'val_acc'}", "options = {'monitor': 'val_accuracy'}"),
        ("f = 'w.{epoch}-{val_acc:.2f}.h5'", "f = 'w.{epoch}-{val_accuracy:.2f}.h5'"),
        ("for k in ['acc', 'loss']:\n    h.history[k]", "for k in ['accuracy', 'loss']:\n    h.history[k]"),
        ("[h.history[k] for k in ('acc',)]", "[h.history[k] for k in ('accuracy',)]"),
        ("k = 'acc'\nh.history['val_' + k]", "k = 'accuracy'\nh.history['val_' + k]"),
        ("def f(h, k='acc'):\n    h.history[k]", "def f(h, k='accuracy'):\n    h.history[k]"),
        (
            "def f(h, k):\n    h.history[k]\nf(a, 'acc')\nf(a, k='acc')",
            "def f(h, k):\n    h.history[k]\nf(a, 'accuracy')\nf(a, k='accuracy')",
        ),
        (
            "def f(logs):\n    for k in logs:\n        k == 'acc'",
            "def f(logs):\n    for k in logs:\n        k == 'accuracy'",
        ),
        ("plot(h.history['acc'], 'accuracy')", "plot(h.history['accuracy'], 'accuracy')"),
        ("print('{acc:.2f}'.format(**logs))", "print('{accuracy:.2f}'.format(**logs))"),
    ],
)
def test_keys_are_renamed(old: str, new: str) -> None:
    """Wherever a key reaches a history, the logs of a callback, or what a callback watches."""
    after, levels = migrated(old)
    assert after == new
    assert set(levels) == {"rewritten"}


@pytest.mark.parametrize(
    "code",
    [
        "plt.plot(x, label='acc')",
        "results = {'acc': 1, 'loss': 2}",
        "results = {}\nresults['acc'] = 1",
        "print('{acc:.2f}'.format(acc=1))",
        "parser.add_argument('acc')",
        "key = 'acc' if 'acc' in h.history else 'accuracy'",
        "h = model.fit(x).history\nh.get('acc', h.get('accuracy'))",
        "h.history['my_accelerator']",
    ],
)
def test_other_strings_stay(code: str) -> None:
    """A string that is no key of a log is nobody's business."""
    assert migrated(code) == (code, [])


@pytest.mark.parametrize(
    ("metrics", "old", "new"),
    [
        ("['acc']", "acc", "acc"),
        ("['mse']", "mean_squared_error", "mse"),
        ("['mean_squared_error']", "mean_squared_error", "mean_squared_error"),
        ("['MAE']", "val_mean_absolute_error", "val_MAE"),
        ("{'sex': 'accuracy', 'age': 'acc'}", "sex_acc", "sex_accuracy"),
        ("{'sex': 'accuracy', 'age': 'acc'}", "age_acc", "age_acc"),
        ("{'sex': ['mae', 'accuracy']}", "val_sex_acc", "val_sex_accuracy"),
    ],
)
def test_metrics_decide(metrics: str, old: str, new: str) -> None:
    """A metric is logged by the name that is given for it."""
    after, levels = migrated(f"h.history['{old}']", f"model.compile('sgd', 'mse', metrics={metrics})\n")
    assert after == f"h.history['{new}']"
    assert levels == (["rewritten"] if old != new else [])


def test_function_of_that_name() -> None:
    """A function is logged by its own name, in every release."""
    code = "def acc(t, p):\n    return p\n\n\nmodel.compile('sgd', 'mse', metrics=[acc])\nh.history['acc']\n"
    result = migrate_source(HEAD + code)
    assert [each.rule for each in result.findings] == ["KM101"]


def test_list_that_is_passed_on() -> None:
    """A list beside the names of losses is taken for one of keys, for a person to check."""
    after, levels = migrated("REPORT = [('loss', 'min'), ('acc', 'max')]")
    assert after == "REPORT = [('loss', 'min'), ('accuracy', 'max')]"
    assert levels == ["review"]


@pytest.mark.parametrize(
    "compiled",
    ["model.compile('sgd', metrics=metrics)\n", "model.compile('sgd', metrics=['acc', 'accuracy'])\n"],
)
def test_undecided(compiled: str) -> None:
    """Where `metrics=` does not decide, a person has to."""
    code = "h.history['val_acc']"
    assert migrated(code, compiled) == (code, ["manual"])


def test_keras_2_3() -> None:
    """Code that is known to be written for 2.3 has the keys of today."""
    code = "h.history['acc']"
    assert migrated(code, source="2.3") == (code, [])


@pytest.mark.parametrize(("target", "key"), [("2.15", "lr"), ("2.21", "learning_rate")])
def test_learning_rate(target: str, key: str) -> None:
    """The callbacks of Keras 3 log the learning rate by another name."""
    code = "h = model.fit(x, callbacks=[ReduceLROnPlateau()])\nh.history['lr']"
    assert migrated(code, target=target)[0] == code.replace("'lr'", f"'{key}'")


class TestAcrossFiles:
    """What another file of the project compiles with decides too, the nearest first."""

    def migrated(self, folder: Path, files: dict[str, str], name: str) -> tuple[str, list[str]]:
        """The new form of one of some files, and the messages about its keys."""
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        results = {each.path: each for each in migrate_paths(folder, jobs=1).results}
        found = results[name]
        return found.after.decode(), [each.message for each in found.findings if each.rule == "KM601"]

    def test_other_file(self, tmp_path: Path) -> None:
        """One file compiles, another reads the history."""
        files = {
            "train.py": HEAD + ACCURACY,
            "plots/curves.py": HEAD + "def plot(h):\n    h.history['acc']\n",
        }
        after, messages = self.migrated(tmp_path, files, "plots/curves.py")
        assert "h.history['accuracy']" in after
        assert messages[0].endswith(": 'accuracy', in the files around this one")

    def test_nearest_decides(self, tmp_path: Path) -> None:
        """The metrics of the own folder count before those of the folders around it."""
        files = {
            "a/train.py": HEAD + "model.compile('sgd', metrics=['acc'])\n",
            "b/train.py": HEAD + ACCURACY,
            "a/plot.py": HEAD + "h.history['acc']\n",
        }
        after, messages = self.migrated(tmp_path, files, "a/plot.py")
        assert "h.history['acc']" in after
        assert messages == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("m.compile('sgd', metrics=['accuracy', mae])", (":'accuracy'", ":mae")),
        ("m.compile(metrics={'a': 'acc', 'b': ['mse']})", ("a:'acc'", "b:'mse'")),
        ("def f(metrics=[keras.metrics.mse]): m.compile()", (":mse",)),
        ("m.compile(metrics=[Precision(), f(1)])", ()),
        ("metrics = ['accuracy']", ()),
        ("m.compile(metrics=['accuracy'", ()),
    ],
)
def test_metrics_in_text(text: str, facts: tuple[str, ...]) -> None:
    """The metrics of other files are read off their text."""
    assert metrics_in(text.encode()) == facts


def test_changed_names() -> None:
    """The longest names come first, so that none is taken for the end of another."""
    names = changed_names()
    assert {"acc", "mean_squared_error"} <= set(names)
    assert list(names) == sorted(names, key=lambda name: (-len(name), name))
