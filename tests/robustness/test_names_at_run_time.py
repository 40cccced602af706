"""Random programs that bind names in every way: the resolver never claims what Python does not give."""

from __future__ import annotations

from hypothesis import HealthCheck, given, note, settings
from robustness.programs import Vocabulary, is_valid, programs
from robustness.run_time import OTHER, happens, resolved

WORDS = Vocabulary(
    names=("a", "b", "c"),
    imports=(
        "import keras as NAME",
        "import keras.layers as NAME",
        "import tensorflow.keras as NAME",
        "import os as NAME",
    ),
    bare_imports=(),
    tails=("", "", ".layers"),
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(WORDS, seeded=False).filter(is_valid))
def test_what_is_named_is_what_python_gives(source: str) -> None:
    note(source)
    said = resolved(source)
    for mark, values in happens(source).items():
        if OTHER not in said[mark]:
            assert values <= said[mark], f"mark {mark}"
