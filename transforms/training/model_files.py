"""Names of the files that models and weights are saved to and loaded from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import AttributeUse, File, Transform, Use
from ...walk import dotted
from ..edits.argument_layout import appended, keyword
from ..reading.file_names import Ending, endings, frames
from ..reading.receivers import call_of_method, level_of

WEIGHTS_FILE = Rule(
    "KM603",
    "weights-file",
    "Save weights to files whose names end in `.weights.h5`.",
    "From TensorFlow 2.16 on `save_weights`, and `ModelCheckpoint` with `save_weights_only=True`, take no "
    "other name. The names are changed where they are written, and where the project loads them. Files that "
    "were saved before keep their names: by these they are loaded as before, while a file that ends in "
    "`.weights.h5` is taken to be of the new kind. Up to 2.15 a name without `.h5` means another format, so "
    "the old one is written out.",
    before="from keras.models import Sequential\n\nmodel = Sequential(layers)\n"
    "model.save_weights('model.h5')\nmodel.load_weights('model.h5')\n",
    after="from tensorflow.keras.models import Sequential\n\nmodel = Sequential(layers)\n"
    "model.save_weights('model.weights.h5')\nmodel.load_weights('model.weights.h5')\n",
)

MODEL_FILE = Rule(
    "KM604",
    "model-file",
    "Save models to HDF5 files as before.",
    "Keras wrote HDF5 whatever a file was called. Up to TensorFlow 2.15 a name that does not end in `.h5` or "
    "`.hdf5` is that of a folder in another format, so the old format is written out. From 2.16 on such a "
    "name is refused, and `ModelCheckpoint` refuses `.hdf5` as well, so the names get `.h5`, also where the "
    "project loads them.",
    before="from keras.models import Sequential\n\nmodel = Sequential()\nmodel.save('model')\n",
    after="from tensorflow.keras.models import Sequential\n\nmodel = Sequential()\nmodel.save('model.h5')\n",
)

TRANSFORM = Transform("model files", WEIGHTS_FILE, MODEL_FILE)

_HDF5 = (".h5", ".hdf5", ".keras")
"""What ``save`` takes for the name of a file."""

_WEIGHTS = ".weights.h5"


@dataclass(frozen=True, slots=True)
class _Save:
    """A place where a file is written.

    Attributes:
        node: the call.
        frame: the nodes around it.
        name: the argument with the name.
        what: what is called.
        weights: whether only weights are written.
        accepts: the suffixes that the target takes.
        formatted: whether the format can be said by an argument.
    """

    node: cst.Call
    frame: Frame
    name: cst.Arg
    what: str
    weights: bool
    accepts: tuple[str, ...]
    formatted: bool

    @property
    def rule(self) -> Rule:
        """The rule that it is about."""
        return WEIGHTS_FILE if self.weights else MODEL_FILE


@TRANSFORM.attribute("save_weights", "save")
def save(file: File, use: AttributeUse) -> None:
    """Mends the name in ``model.save_weights(…)`` and ``model.save(…)``."""
    method = use.node.attr.value
    found = call_of_method(use)
    weights = method == "save_weights"
    if found is None or level_of(file, use, "model", unique=weights) is None:
        return
    call, frame = found
    name = _argument(call, 0, "filepath")
    if name is None or _argument(call, None, "save_format") is not None:
        return
    accepts = _HDF5 if not weights or not file.target.keras3 else (_WEIGHTS,)
    _mend(file, _Save(call, frame, name, method, weights, accepts, not file.target.keras3))


@TRANSFORM.use("keras.models.save_model")
def save_model(file: File, use: Use) -> None:
    """Mends the name in ``save_model(model, …)``."""
    if use.call is None or use.reference.frame is None:
        return
    name = _argument(use.call, 1, "filepath")
    if name is not None and _argument(use.call, None, "save_format") is None:
        around = use.reference.frame[1]
        _mend(file, _Save(use.call, around, name, "save_model", False, _HDF5, not file.target.keras3))


@TRANSFORM.use("keras.callbacks.ModelCheckpoint")
def checkpoint(file: File, use: Use) -> None:
    """Mends the name in ``ModelCheckpoint(…)``."""
    if use.call is None or use.reference.frame is None:
        return
    name = _argument(use.call, 0, "filepath")
    only = _argument(use.call, 4, "save_weights_only")
    said = dotted(only.value) if only is not None else "False"
    if name is None or said not in ("True", "False"):
        return
    weights = said == "True"
    accepts: tuple[str, ...] = _HDF5
    if file.target.keras3:
        accepts = (_WEIGHTS,) if weights else (".h5", ".keras")
    saved = _Save(use.call, use.reference.frame[1], name, "ModelCheckpoint", weights, accepts, False)
    _say_first_epoch(file, saved)
    _mend(file, saved)


def _say_first_epoch(file: File, saved: _Save) -> None:
    """Says that the number of the epoch in the name of a checkpoint is greater by one than in Keras 2.0."""
    if file.source.version > (2, 0) or "{epoch" not in file.module.code_for_node(saved.name.value):
        return
    message = (
        "`{epoch}` in the name of a checkpoint was 0 in the first epoch up to Keras 2.0 and is 1 now: see "
        f"that what loads the files names them so{file.guess_note}"
    )
    file.report(saved.rule, Level.REVIEW, saved.name, message)


def _argument(call: cst.Call, slot: int | None, name: str) -> cst.Arg | None:
    """An argument by its slot or name."""
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword.value == name if arg.keyword is not None else index == slot:
            return arg
    return None


def _mend(file: File, saved: _Save) -> None:
    """Gives a file the name or the format that it needs."""
    found = endings(file, saved.name.value)
    if found is None:
        _ask(file, saved)
        return
    wrong = [ending for ending in found if not ending.text.endswith(saved.accepts)]
    if not wrong:
        return
    if saved.formatted:
        _say_format(file, saved)
        return
    if saved.weights and (by_name := _loaded_by_name(file, wrong)) is not None:
        message = (
            "`load_weights(…, by_name=True)` does not read what `save_weights` writes now, but it does read "
            "whole models: write `save(…, include_optimizer=False)` in place of `save_weights(…)`, and keep "
            f"the name {by_name}"
        )
        file.report(WEIGHTS_FILE, Level.MANUAL, saved.name, message)
        return
    _rename(file, saved, wrong)


def _ask(file: File, saved: _Save) -> None:
    """Says what a name that is not known here has to be."""
    if saved.weights and file.target.keras3:
        message = (
            f"`{saved.what}` only takes names that end in '.weights.h5' now. Left as it is: see that "
            f"`{file.module.code_for_node(saved.name.value)}` does, here and where the weights are loaded"
        )
        file.report(WEIGHTS_FILE, Level.REVIEW, saved.name, message)


def _say_format(file: File, saved: _Save) -> None:
    """Writes HDF5 out as the format."""
    message = (
        f"`{saved.what}` takes the format from the name now, and without '.h5' that is TensorFlow's own: "
        "HDF5 is written out"
    )
    if file.report(saved.rule, Level.REWRITTEN, saved.name, message):
        file.edit(saved.node, saved.frame, _with_format)


def _with_format(call: cst.Call) -> cst.Call:
    return appended(call, [keyword("save_format", cst.SimpleString("'h5'"))])


def _rename(file: File, saved: _Save, wrong: list[Ending]) -> None:
    """Changes the name where it is written, and where the same name stands in the file."""
    suffix = _WEIGHTS if saved.weights else ".h5"
    fresh = [ending for ending in wrong if ending.node not in file.handled]
    if not fresh:
        return
    old, new = fresh[0].text, fresh[0].with_suffix(suffix)
    if file.target.keras3:
        message = f"`{saved.what}` takes no name that ends like '{old}' now: it is '{new}'"
    else:
        message = f"`{saved.what}` writes TensorFlow's own format to a name like '{old}' now: it is '{new}'"
    if saved.weights:
        message += (
            ", also where this file loads it. Files that were saved before keep their names, and are loaded "
            "by these as before"
        )
    else:
        message += ", also where this file loads it"
    if not file.report(saved.rule, Level.REVIEW, saved.name, message):
        return
    around = frames(file.module)
    for ending in fresh:
        _replace(file, ending, around[ending.node], suffix)
    _rename_loads(file, saved, fresh, suffix, around)


def _replace(file: File, ending: Ending, frame: Frame, suffix: str) -> None:
    file.handled.add(ending.node)
    file.edit(ending.node, frame, _with_suffix(ending.suffix, suffix))


def _with_suffix(old: str, new: str) -> Callable[[cst.CSTNode], cst.CSTNode]:
    def edit(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, (cst.SimpleString, cst.FormattedStringText))
        quote = node.quote if isinstance(node, cst.SimpleString) else ""
        return node.with_changes(value=f"{node.value.removesuffix(quote).removesuffix(old)}{new}{quote}")

    return edit


def _rename_loads(
    file: File, saved: _Save, fresh: list[Ending], suffix: str, around: dict[cst.CSTNode, Frame]
) -> None:
    """Changes the same name elsewhere in the file, and the same expression where it is loaded."""
    texts = {ending.text for ending in fresh if "." in ending.text.lstrip(".")}
    for node, frame in around.items():
        if not isinstance(node, cst.SimpleString) or node in file.handled or node.raw_value not in texts:
            continue
        if frame is not None and not isinstance(frame[0], cst.Expr):
            _replace(file, Ending(node, str(node.raw_value)), frame, suffix)
    code = file.module.code_for_node(saved.name.value)
    for call in _loads(file):
        name = _argument(call, 0, "filepath")
        if name is None or file.module.code_for_node(name.value) != code:
            continue
        for ending in endings(file, name.value) or ():
            if ending.node not in file.handled and not ending.text.endswith(suffix):
                _replace(file, ending, around[ending.node], suffix)


def _loads(file: File) -> list[cst.Call]:
    """The calls that load weights or models."""
    found = [
        frame[0]
        for node, frame, _ in file.names.attributes
        if node.attr.value == "load_weights" and frame is not None and isinstance(frame[0], cst.Call)
    ]
    found += [
        call
        for reference in file.names.references
        if (call := reference.called) is not None and reference.attributes[-1:] == ("load_model",)
    ]
    found += [call for reference in file.names.uses("load_model") if (call := reference.called) is not None]
    return found


def _loaded_by_name(file: File, wrong: list[Ending]) -> str | None:
    """The name, if the file loads any of some by the names of layers."""
    for call in _loads(file):
        by_name = _argument(call, None, "by_name")
        name = _argument(call, 0, "filepath")
        if by_name is None or dotted(by_name.value) == "False" or name is None:
            continue
        texts = {ending.text for ending in endings(file, name.value) or ()}
        for ending in wrong:
            if ending.text in texts:
                return f"'{ending.text}'"
    return None


_SAVED = re.compile(
    rb"""(?:save_weights\(\s*(?:filepath\s*=\s*)?|ModelCheckpoint\((?=[^()]*save_weights_only\s*=\s*True)\s*"""
    rb"""(?:filepath\s*=\s*)?)(['"])([^'"\n]+)\1"""
)


def weights_saved_in(data: bytes) -> tuple[str, ...]:
    """The names under which the text of a file saves weights, as far as they are literals."""
    if b"save_weights" not in data:
        return ()
    return tuple(dict.fromkeys(match[2].decode("utf-8", "replace") for match in _SAVED.finditer(data)))


@TRANSFORM.attribute("load_weights")
def load(file: File, use: AttributeUse) -> None:
    """Changes a name under which another file of the project saves weights."""
    found = call_of_method(use)
    if not file.target.keras3 or found is None or level_of(file, use, "model", unique=True) is None:
        return
    call, frame = found
    name = _argument(call, 0, "filepath")
    by_name = _argument(call, None, "by_name")
    if name is None or not isinstance(name.value, cst.SimpleString) or by_name is not None:
        return
    text = str(name.value.raw_value)
    if text.endswith(_WEIGHTS) or name.value in file.handled:
        return
    if not any(text in names for names in file.nearby(weights_saved_in)):
        return
    if text in weights_saved_in(file.code.encode()):
        return  # it changes with the place where it is saved
    ending = Ending(name.value, text)
    message = (
        f"Another file of the project saves these weights, under a name that is "
        f"'{ending.with_suffix(_WEIGHTS)}' now. A file that was saved before keeps its name: load it by that"
    )
    if file.report(WEIGHTS_FILE, Level.REVIEW, name, message):
        _replace(file, ending, (name, (call, frame)), _WEIGHTS)
