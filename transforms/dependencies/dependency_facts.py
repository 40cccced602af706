"""What the code of a project says of the packages that it needs."""

from __future__ import annotations

import re

from ...facts import Facts

STANDALONE, THROUGH_TENSORFLOW, KERAS_OF_TENSORFLOW = "keras", "tensorflow", "tf.keras"
WRAPPERS = "wrappers for scikit-learn"
"""What code says of what it needs; also the backends that it imports, by their names."""

_BEGIN = rb"(?:^|\\n|;|\")[ \t]*"
_PACKAGES = rb"(?:keras|keras_applications|keras_preprocessing)"
_STANDALONE = re.compile(
    _BEGIN
    + rb"(?:import[ \t]+(?:[\w., \t]+,[ \t]*)?"
    + _PACKAGES
    + rb"(?![\w])|from[ \t]+"
    + _PACKAGES
    + rb"(?:\.[\w.]+)?[ \t]+import\b)",
    re.MULTILINE,
)
_TENSORFLOW_IMPORT = re.compile(_BEGIN + rb"(?:import|from)[ \t]+(?:tensorflow|tf_keras)\b", re.MULTILINE)
BACKENDS = ("theano", "cntk")
_BACKEND_IMPORTS = {
    name: re.compile(_BEGIN + rb"(?:import|from)[ \t]+" + name.encode() + rb"\b", re.MULTILINE)
    for name in BACKENDS
}


def needs(data: bytes) -> Facts:
    """What the bytes of a Python file say of what it needs."""
    found = []
    if b"keras" in data and _STANDALONE.search(data) is not None:
        found.append(STANDALONE)
    if b"wrappers" in data and re.search(rb"wrappers\.scikit_learn|scikeras", data) is not None:
        found.append(WRAPPERS)
    if b"tensorflow" in data and _TENSORFLOW_IMPORT.search(data) is not None:
        found += [THROUGH_TENSORFLOW, *([KERAS_OF_TENSORFLOW] if b"keras" in data else [])]
    found += [
        name for name, pattern in _BACKEND_IMPORTS.items() if name.encode() in data and pattern.search(data)
    ]
    return tuple(found)
