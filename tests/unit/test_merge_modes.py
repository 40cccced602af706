"""The table of modes against what the targets offer, and calls of ``merge`` that have no one meaning."""

from __future__ import annotations

import pytest
from keras_migrate.transforms.tables import load

from keras_migrate import migrate_source
from keras_migrate.catalog import for_target
from keras_migrate.target import Target

MODES = {"sum", "mul", "concat", "ave", "cos", "dot", "max"}
"""The words that ``merge`` of Keras 1.2.2 knew."""


def migrated(code: str) -> str:
    return migrate_source(code.encode(), target="2.21", path="a.py").after.decode()


def findings(code: str) -> set[tuple[str, str]]:
    found = migrate_source(code.encode(), target="2.21", path="a.py").findings
    return {(each.rule, each.level.value) for each in found}


def test_every_mode_is_in_the_table() -> None:
    assert set(load("names/merge_modes.toml")) == MODES


@pytest.mark.parametrize("target", ["2.15", "2.21"])
@pytest.mark.parametrize("mode", sorted(MODES))
def test_functions_and_layers_take_what_the_table_says(mode: str, target: str) -> None:
    catalog, entry = for_target(Target(target)), load("names/merge_modes.toml")[mode]
    assert f"tensorflow.keras.layers.{entry['function']}" in catalog
    layer = catalog.get(f"tensorflow.keras.layers.{entry['layer']}")
    assert layer is not None
    assert layer.signature is not None
    for argument in [*entry.get("axis", {}).values(), *entry.get("needed", {})]:
        assert layer.signature.accepts(argument)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("merge([a, b])", "add([a, b])"),
        ("merge([a, b], 'concat', 1)", "concatenate([a, b], axis=1)"),
        ("merge(inputs=[a, b], mode='max', name='m')", "maximum(inputs=[a, b], name='m')"),
        ("merge([a, b], name='m', mode='dot')", "dot([a, b], axes=-1, name='m')"),
        ("merge([a, b], mode='dot', dot_axes=([1], [2]))", "dot([a, b], axes=(1, 2))"),
        ("merge([a, b], mode='cos')", "dot([a, b], axes=-1, normalize=True)"),
        (
            "merge([a, b], output_shape=[3], mode=lambda x: x[0], name='m')",
            "Lambda(lambda x: x[0], output_shape=(3,), name='m')([a, b])",
        ),
        ("Merge(mode='concat', concat_axis=1)([a, b])", "Concatenate(axis=1)([a, b])"),
        ("Merge(layers=None, mode='ave')([a, b])", "Average()([a, b])"),
    ],
)
def test_a_call_is_written_as_its_mode_says(old: str, new: str) -> None:
    code = f"from keras.layers import Input, Merge, merge\na = b = Input((3,))\nx = {old}\n"
    assert migrated(code).endswith(f"x = {new}\n")


def test_the_module_of_keras_2_is_no_function() -> None:
    code = "from keras.layers import merge\nx = merge.concatenate([a, b])\n"
    assert "concatenate([a, b])" in migrated(code)
    assert all(rule != "KM112" for rule, _ in findings(code))


@pytest.mark.parametrize("axes", ["[-1, -1]", "3", "(2, 3)"])
def test_axes_that_meant_something_else_are_left_to_a_person(axes: str) -> None:
    code = f"from keras.layers import merge\nx = merge([a, b], mode='dot', dot_axes={axes})\n"
    assert f"dot_axes={axes}" in migrated(code)
    assert ("KM112", "manual") in findings(code)


def test_a_mode_of_another_word_is_looked_up_at_run_time() -> None:
    code = "from keras.layers import merge\n\n\ndef f(a, b, mode):\n    return merge([a, b], mode=mode)\n"
    assert "return merge([a, b], mode=mode)" in migrated(code)
    assert ("KM111", "rewritten") in findings(code)


def test_a_layer_of_models_is_not_taken_for_one_of_tensors() -> None:
    code = (
        "from keras.layers import Merge\nfrom keras.models import Sequential\n"
        "left, right = Sequential(), Sequential()\nmerged = Merge([left, right], mode='sum')\n"
    )
    assert "Merge([left, right], mode='sum')" in migrated(code)
