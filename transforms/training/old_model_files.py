"""Whole models in files that old Keras wrote, which Keras 3 reads in part only."""

from __future__ import annotations

import re

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..reading.file_names import endings

OLD_MODEL_FILE = Rule(
    "KM613",
    "old-model-file",
    "Report whole models that are loaded from files which the project does not write itself.",
    "A program that saves a model before it loads it writes the file anew. A file that came with the project "
    "or from the net was written by old Keras, and TensorFlow from 2.16 on does not read all of these "
    "rightly: a `Sequential` takes other shapes, compiled ones can fail without `compile=False`, and "
    "`'hard_sigmoid'`, which was the default in LSTM and GRU, is another function there, without a word. "
    "`keras-migrate models` says what a file needs, and with `--fix` writes a copy that is read. TensorFlow "
    "2.15 reads the files of Keras 2 as they are. Those of Keras 1 are read by none: there, and elsewhere, "
    "`load_weights` into a model that is built by code works.",
    before="from keras.models import load_model\n\nmodel = load_model('downloaded.h5')\n",
    targets=">=2.16",
)

TRANSFORM = Transform("old model files", OLD_MODEL_FILE)

_SAVING = re.compile(
    rb"(?:(?<!np)(?<!numpy)\.save|\bsave_model|\bModelCheckpoint)\(([^()]*(?:\([^()]*\))?[^()]*)\)"
)
_LITERAL = re.compile(rb"""(['"])(?:[^'"\n]*[/\\])?([^'"\n/\\]+)\1""")
_IDENTIFIER = re.compile(rb"\b[A-Za-z_]\w*\b(?!\s*[=(.])")
_FILLED_IN = re.compile(r"[{%]")


def saved_names(data: bytes) -> tuple[str, ...]:
    """The last parts of the names under which the text of a file saves models, as far as they are literals.

    Returns:
        The names, templates among them; an empty one stands for all that are not known.
    """
    found: dict[bytes, None] = {}
    for match in _SAVING.finditer(data):
        found[b""] = None
        found.update((literal[2], None) for literal in _LITERAL.finditer(match[1]))
        for name in _IDENTIFIER.findall(_LITERAL.sub(b"", match[1])):
            for assigned in re.finditer(rb"\b" + name + rb"\s*=(.*)", data):
                found.update((literal[2], None) for literal in _LITERAL.finditer(assigned[1]))
    return tuple(name.decode("utf-8", "replace") for name in found)


@TRANSFORM.use("keras.models.load_model")
def report_old_file(file: File, use: Use) -> None:
    """Reports that a model is loaded that nothing in the project saves."""
    call = use.call
    if not file.target.keras3 or call is None or not call.args or not use.standalone or not use.sure:
        return
    name = call.args[0].value
    found = endings(file, name)
    saved = {each for facts in file.nearby(saved_names) for each in facts}
    saved.update(saved_names(file.code.encode()))
    if found is None and saved:
        return
    if found is not None and all(_is_saved(ending.text, saved) for ending in found):
        return
    message = (
        f"nothing here saves `{file.module.code_for_node(name)}`. If old Keras wrote it, TensorFlow "
        f"{file.target} may not read it, or read another `hard_sigmoid` from it. `keras-migrate models` "
        "reads "
        f"such files and says what they need{_of_release(file)}"
    )
    file.report(OLD_MODEL_FILE, Level.REVIEW, use.reference.node, message, use.symbol)


def _of_release(file: File) -> str:
    """What can be said of a file of the release that the code was written for."""
    if file.source.version < (2, 0):
        return (
            ". A model that Keras 1 saved is read by no `tf.keras`: build it by code, which this run "
            "migrates, "
            "and `load_weights` from the file"
        )
    return ", and with `--fix` writes copies that are read"


def _is_saved(text: str, saved: set[str]) -> bool:
    """Whether the end of a name is one under which the project saves, or comes of a template for these."""
    last = re.split(r"[/\\]", text)[-1]
    if last in saved or text.endswith(".keras"):
        return True
    starts = (_FILLED_IN.split(name)[0] for name in saved if _FILLED_IN.search(name))
    return any(start and last.startswith(start) for start in starts)
