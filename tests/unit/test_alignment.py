"""Lines below the bracket of a call that gets another name."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = merge([a,\n           b],\n          mode='max')", "x = maximum([a,\n             b])"),
        (
            "x = merge([a,\n           b],\n          mode='concat',\n          name='x')",
            "x = concatenate([a,\n                 b],\n                name='x')",
        ),
        ("x = merge([a, b],\n          name='x')", "x = add([a, b],\n        name='x')"),
        ("x = merge(\n    [a,\n     b], name='x')", "x = add(\n    [a,\n     b], name='x')"),
        ("x = merge([\n    a,\n    b,\n], mode='max')", "x = maximum([\n    a,\n    b,\n])"),
    ],
)
def test_lines_below_the_bracket_move_with_it(old: str, new: str) -> None:
    result = migrate_source(f"from keras.layers import merge\n{old}\n", target="2.21")
    assert result.after.decode().endswith(f"\n{new}\n")
