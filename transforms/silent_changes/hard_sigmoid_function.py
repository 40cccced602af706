"""The function that is the hard sigmoid of Keras 2, defined in the code that needs it on Keras 3.

Models write the names of their activations into their configurations, and are made from these again by
``Bidirectional``, ``clone_model`` and ``load_model``, so it is registered, under a name that Keras has not.
"""

from __future__ import annotations

from itertools import takewhile

import libcst as cst

from ...scopes import Frame, Reference
from ...transform import File
from ..edits import definitions

NAME = "keras2_hard_sigmoid"
"""What the function is called, and registered as."""

_DEFINITION = """\
@{tensorflow}.keras.utils.register_keras_serializable()
def {name}(x):
    return {tensorflow}.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
"""


def definable(file: File, reference: Reference, place: Frame = None) -> bool:
    """Whether the function can be defined so that it is there where it is needed.

    Args:
        file: the file.
        reference: the use of Keras whose import leads to TensorFlow.
        place: the node that needs it and the nodes around it, where that is not the reference.
    """
    if _is_there(file):
        return True
    return definitions.definable(file, reference, NAME, place) and not _tensorflow_comes_late(file)


def defined(file: File, reference: Reference, place: Frame = None) -> str:
    """The name of the function; asks for it to be defined where it is not yet.

    Args:
        file: a file in which it is `definable` for the same place.
        reference: the use of Keras whose import leads to TensorFlow.
        place: the node that needs it and the nodes around it, where that is not the reference.
    """
    if not _is_there(file):
        tensorflow = file.imports.name_for("tensorflow.clip_by_value", reference).rpartition(".")[0]
        code = _DEFINITION.format(tensorflow=tensorflow, name=NAME)
        definitions.define(file, reference, NAME, code, place)
    return NAME


def _is_there(file: File) -> bool:
    """Whether an earlier run defined the function."""
    body = file.module.body
    return any(isinstance(each, cst.FunctionDef) and each.name.value == NAME for each in body)


def _tensorflow_comes_late(file: File) -> bool:
    """Whether the module imports TensorFlow under a condition, or below its first function or class."""
    body = file.module.body
    above = takewhile(lambda each: not isinstance(each, (cst.FunctionDef, cst.ClassDef)), body)
    early = {id(each) for each in above}
    return any(
        imported.bound == "tensorflow"
        and imported.scope.kind == "module"
        and (imported.frame is None or id(imported.frame[0]) not in early)
        for imported in file.names.imports
    )
