"""Each entry of ``transforms/symbols.toml`` is about something that was, and points at something that is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from keras_migrate.transforms.names.symbols import split, successor, table
from keras_migrate.transforms.tables import Entry, applies, load

from keras_migrate.catalog import LEGACY_RELEASES, for_target, legacy, moves, tensorflow_has
from keras_migrate.findings import Level
from keras_migrate.target import Target

ENTRIES: list[Entry] = load("names/symbols.toml")["symbol"]
TARGETS = [Target.parse(text) for text in ("2.15", "2.16", "2.18", "2.21", "2.21+legacy")]
SPECIFIERS = {"": TARGETS, "<2.16": [TARGETS[0], TARGETS[4]], ">=2.16": TARGETS[1:4]}

NOT_IN_A_CATALOG = {
    "keras.__version__": "a dunder, which catalogs leave out",
    "keras.applications._KERAS_BACKEND": "of the package keras_applications",
    "keras.applications._KERAS_LAYERS": "of the package keras_applications",
    "keras.applications._KERAS_MODELS": "of the package keras_applications",
    "keras.applications._KERAS_UTILS": "of the package keras_applications",
    "keras.applications.correct_pad": "of the package keras_applications",
    "keras.applications.get_keras_submodule": "of the package keras_applications",
    "keras.applications.get_submodules_from_kwargs": "of the package keras_applications",
    "keras.applications.imagenet_utils.correct_pad": "of the package keras_applications",
    "keras.applications.imagenet_utils.get_submodules_from_kwargs": "of the package keras_applications",
    "keras.applications.resnext": "of the package keras_applications",
    "keras.applications.resnext.*": "of the package keras_applications",
    "keras.applications.set_keras_submodules": "of the package keras_applications",
    "keras.backend.C": "only with the CNTK backend",
    "keras.backend.T": "only with the Theano backend",
    "keras.backend.cntk_backend": "needs CNTK to be imported",
    "keras.backend.cntk_backend.*": "needs CNTK to be imported",
    "keras.backend.get_graph": "of tensorflow.python.keras",
    "keras.backend.pattern_broadcast": "only with the Theano backend",
    "keras.backend.theano": "only with the Theano backend",
    "keras.backend_config.epsilon": "of tensorflow.python.keras",
    "keras.backend_config.floatx": "of tensorflow.python.keras",
    "keras.backend_config.image_data_format": "of tensorflow.python.keras",
    "keras.layers.containers": "Keras 0",
    "keras.layers.containers.*": "Keras 0",
    "keras.models.Graph": "Keras 0",
    "keras.optimizer_v2.learning_rate_schedule.LearningRateSchedule": "of tensorflow.python.keras",
    "keras.optimizer_v2.optimizer_v2.OptimizerV2": "of tensorflow.python.keras",
    "keras.preprocessing.get_keras_submodule": "of the package keras_preprocessing",
    "keras.preprocessing.set_keras_submodules": "of the package keras_preprocessing",
    "keras.preprocessing.text.base_filter": "Keras 1.0",
    "keras.utils.theano_utils": "Keras 0",
    "keras.utils.theano_utils.*": "Keras 0",
    "keras.utils.visualize_util.plot": "needs pydot to be imported",
}
"""Old paths that no catalog holds, and why."""

ELSEWHERE = {
    "numpy.flip",
    "scikeras.wrappers.KerasClassifier",
    "scikeras.wrappers.KerasRegressor",
    "tensorflow.__version__",
}
"""New names that no catalog holds."""

DELIBERATE = {
    "keras.backend.gradients": "it is there, but raises when it is called",
    "keras.optimizers.Nadam": "that of TensorFlow 2.15 divides by zero in its first step",
    "keras.losses.cosine_proximity": "up to Keras 2.0 it was another function",
}
"""Symbols that the catalogs know and that are in the table all the same."""


def name(entry: Entry) -> str:
    """An entry in the names of tests."""
    return f"{entry['old'][0]}{entry.get('targets', '')}"


each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=name)


def covered(old: str) -> Iterator[str]:
    """The old paths that an entry's path stands for: itself, or all of a module."""
    if not old.endswith(".*"):
        yield old
        return
    module = old.removesuffix(".*")
    for release in LEGACY_RELEASES:
        for leaf in legacy(release).members(module):
            yield f"{module}.{leaf}"


@each_entry
def test_keys(entry: Entry) -> None:
    """An entry says what to use or what to do, one of the two, and nothing that is not read."""
    assert entry.keys() <= {"old", "targets", "to", "level", "note", "manual"}
    assert ("to" in entry) != ("manual" in entry)
    assert "to" in entry or not {"level", "note"} & entry.keys()
    assert "note" in entry or "level" not in entry, "a review says at what to look"
    assert entry.get("level", "review") == Level.REVIEW.value
    assert entry.get("targets", "") in SPECIFIERS
    assert all(applies(entry.get("targets", ""), target) for target in SPECIFIERS[entry.get("targets", "")])


@each_entry
def test_old_names_were_there(entry: Entry) -> None:
    """Each old path was in some release of Keras."""
    for old in entry["old"]:
        if old in NOT_IN_A_CATALOG:
            assert not moves.known(old)
        else:
            path = old.removesuffix(".*")
            in_keras_2 = entry.get("targets") == ">=2.16" and f"tensorflow.{path}" in for_target(TARGETS[0])
            assert moves.known(path) or in_keras_2, f"{old} was in no known release"


@each_entry
def test_new_name_is_there(entry: Entry) -> None:
    """Each new name is in every target that the entry is about, and can be called where the old one could."""
    if "to" not in entry:
        return
    for target in SPECIFIERS[entry.get("targets", "")]:
        new = entry["to"]
        if new.startswith("tensorflow.keras."):
            symbol = for_target(target).get(new)
            assert symbol is not None, f"{new} is not in {target}"
            assert not symbol.stub, f"{new} is only a stub in {target}"
        elif new.startswith("tensorflow.compat.v1.keras."):
            # TensorFlow's own names are those without tf_keras, which stands behind this with +legacy
            assert target.legacy or tensorflow_has(new, target)
        else:
            assert new in ELSEWHERE or tensorflow_has(new, target), f"{new} is not in {target}"


@each_entry
def test_entry_is_needed(entry: Entry) -> None:
    """The catalogs alone would not give the same, on some target that the entry is about."""
    targets = SPECIFIERS[entry.get("targets", "")]
    computed = {
        moves.destination(path, target) for old in entry["old"] for path in covered(old) for target in targets
    }
    if entry["old"][0] in DELIBERATE:
        assert None not in computed
    else:
        assert not computed or None in computed, f"the catalogs know {entry['old']}: {computed}"


def test_every_entry_is_reached() -> None:
    """For each old path and target the first entry that fits is the one that is meant."""
    for key, entries in table().items():
        fitting = [[entry for entry in entries if applies(entry.get("targets", ""), t)] for t in TARGETS]
        assert all(len(found) <= 1 for found in fitting), f"{key}: entries that can never be taken"


@each_entry
def test_old_names_lead_to_the_entry(entry: Entry) -> None:
    """Looking an old path up gives what the entry says."""
    for target in SPECIFIERS[entry.get("targets", "")]:
        for old in entry["old"]:
            path = old.replace("*", "something") if old.endswith(".*") else old
            found = successor(path, target)
            assert split(path) == (path, ())
            assert found.path == entry.get("to")
            assert found.message.endswith(entry.get("manual", entry.get("note", "takes its place")))


@each_entry
def test_texts(entry: Entry) -> None:
    """Texts are sentences of their own, without a full stop, and their code is closed."""
    text = entry.get("manual", entry.get("note"))
    if text is None:
        return
    assert text[0].isupper() or text[0] == "`"
    assert text[-1] not in ".,:; "
    assert text.count("`") % 2 == 0
    assert text.split() == text.split(" ")


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_every_gone_symbol_has_advice(target: Target) -> None:
    """Whatever old Keras had, the tool has it or says what to do; a public name has advice of its own."""
    for release in LEGACY_RELEASES:
        for path in legacy(release):
            found = successor(path, target)
            assert found.path or found.message
            assert "nor in any known release" not in found.message


def test_internal_helpers() -> None:
    """A helper without an entry: which file of which release to take it from."""
    found = successor("keras.utils.generic_utils.transpose_shape", Target("2.21"))
    assert found.path is None
    assert found.message == (
        "`keras.utils.generic_utils.transpose_shape` is not in TensorFlow 2.21. It was internal to Keras: "
        "do without it, or copy it from Keras 2.3.1 (`keras/utils/generic_utils.py`)"
    )


def test_slips() -> None:
    """A name that was never there, with the nearest that is."""
    never = "is not in TensorFlow 2.21, nor in any known release of Keras"
    assert successor("keras.layers.Densse", Target("2.21")).message == (
        f"`keras.layers.Densse` {never}: perhaps `Dense` is meant"
    )
    assert successor("keras.layers.Xyzzy", Target("2.21")).message == (
        f"`keras.layers.Xyzzy` {never}: look for its name"
    )


def test_names_of_tf_keras_that_left() -> None:
    """What tf.keras had as Keras 2 is not called unknown on Keras 3."""
    assert successor("keras.metrics.MeanTensor", Target("2.15")).path == "tensorflow.keras.metrics.MeanTensor"
    assert successor("keras.metrics.MeanTensor", Target("2.21")).message == (
        "`keras.metrics.MeanTensor` is not in TensorFlow 2.21. Keras 3 dropped it: do without it, "
        "or stay with Keras 2 (`--target 2.21+legacy`)"
    )


def test_names_of_other_libraries() -> None:
    """A private module of TensorFlow that the backend let through."""
    found = successor("keras.backend.control_flow_ops", Target("2.21"))
    assert found.message.startswith(
        "`keras.backend.control_flow_ops` is not in TensorFlow 2.21. It was `tensorflow."
    )


def test_path_of_one_old_release() -> None:
    """A path that only an early release had is followed through the path that stands for its object."""
    found = successor("keras.applications.vgg16.get_source_inputs", Target("2.21"))
    assert found.path == "tensorflow.keras.utils.get_source_inputs"


def test_every_alias_of_an_object() -> None:
    """One old path in the table stands for all paths of the object, and members follow it."""
    target = Target("2.21")
    assert successor("keras.layers.cudnn_recurrent.CuDNNLSTM", target).path == "tensorflow.keras.layers.LSTM"
    assert (
        successor("keras.layers.CuDNNLSTM.from_config", target).path
        == "tensorflow.keras.layers.LSTM.from_config"
    )
    assert (
        successor("keras.backend.tensorflow_backend.logsumexp", target).path == "tensorflow.reduce_logsumexp"
    )


def test_what_every_module_has() -> None:
    """Names with two underscores go with their module."""
    target = Target("2.21")
    assert successor("keras.__name__", target).path == "tensorflow.keras.__name__"
    assert successor("keras.backend.__dict__", target).path == "tensorflow.keras.backend.__dict__"
    assert successor("keras.__version__", target).path == "tensorflow.__version__"


def test_names_that_share_a_path() -> None:
    """``merge`` is a function in Keras 1 and a module in Keras 2: what is in the module has moved."""
    target = Target("2.21")
    assert successor("keras.layers.merge", target).path is None
    assert successor("keras.layers.merge.add", target).path == "tensorflow.keras.layers.add"
