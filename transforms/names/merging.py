"""Keras 1's ``merge`` and ``Merge``: a function or layer for each mode now."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..edits.alignment import bracket_column, moved
from ..edits.line_breaks import keep_short
from .merge_modes import Merging, merging_of
from .written_out import write_out

MERGE_MODE = Rule(
    "KM112",
    "merge-mode",
    "Use the function or layer for a mode of Keras 1's `merge`.",
    "`merge([a, b], mode='concat', concat_axis=1)` merged tensors by a word; `Merge` was the layer of it. "
    "Keras 2 has a function and a layer for each: `concatenate`, `add`, `multiply`, `average`, `maximum` and "
    "`dot`. A mode that is a function of one's own goes into a `Lambda`. Where the mode is only known at run "
    "time, the file gets a `merge` of its own that looks it up (KM111).",
    before=(
        "from keras.layers import Input, merge\n\na, b = Input((4,)), Input((4,))\n"
        "both = merge([a, b], mode='concat', concat_axis=1)\n"
    ),
    after=(
        "from tensorflow.keras.layers import Input\nfrom tensorflow.keras.layers import concatenate\n\n"
        "a, b = Input((4,)), Input((4,))\nboth = concatenate([a, b], axis=1)\n"
    ),
)

TRANSFORM = Transform("merging", MERGE_MODE)


@TRANSFORM.use("keras.layers.merge")
def use_function(file: File, use: Use) -> None:
    """Writes the function for the mode of a call of ``merge``."""
    if use.members or not use.sure or not use.standalone or not _is_called_function(use):
        return
    merging = merging_of(file, use)
    if merging is None:
        write_out(file, use)
    elif merging.has_odd_axes:
        _leave(file, use)
    elif merging.merged is not None:
        _write(file, use, merging, "function")


@TRANSFORM.use("keras.layers.Merge")
def use_layer(file: File, use: Use) -> None:
    """Writes the layer for the mode of ``Merge``, or the function where it merges tensors at once."""
    merging = merging_of(file, use) if use.sure and use.standalone else None
    if merging is None:
        return
    if merging.has_odd_axes:
        _leave(file, use)
    elif merging.merged is None:
        _write(file, use, merging, "layer")
    elif are_tensors(file, merging.merged):
        _write(file, use, merging, "function")


def _is_called_function(use: Use) -> bool:
    """Whether a reference is to the function: Keras 2 has a module of that name."""
    return use.call is not None or not use.reference.attributes or use.path != "keras.layers.merge"


def are_tensors(file: File, merged: cst.BaseExpression) -> bool:
    """Whether what is merged is surely a list of tensors."""
    if isinstance(merged, cst.ListComp):
        return file.values.is_(merged.elt, "tensor")
    if isinstance(merged, (cst.List, cst.Tuple)):
        return all(file.values.is_(each.value, "tensor") for each in merged.elements)
    return file.values.is_(merged, "[tensor]")


def _leave(file: File, use: Use) -> None:
    """Reports axes that a person has to write."""
    message = (
        "`dot_axes` means something else in `Dot`. In a list Keras 1 took every axis below zero for the last "
        "but one, and it multiplied batches of more than matrices as `tf.matmul` does: write "
        "`Dot(axes=…)` with the axes that are summed over, counted from 0 for the batch"
    )
    file.report(MERGE_MODE, Level.MANUAL, use.reference.node, message, use.symbol)


def _write(file: File, use: Use, merging: Merging, kind: str) -> None:
    """Asks for the call of a function or layer in the place of one."""
    place, frame = use.reference, use.reference.frame
    assert frame is not None
    old = use.symbol.rpartition(".")[2]
    shown = f"`{old}(mode='{merging.word}')`" if merging.mode else f"`{old}` by a function"
    message = f"{shown} is `{merging.leaf(kind)}` now{merging.note}"
    if not file.report(MERGE_MODE, merging.level, place.node, message, use.symbol):
        return
    name = file.imports.like(place, merging.path(kind))
    file.imports.gives_way(place, name)
    file.handled.add(merging.call)
    column = bracket_column(file, merging.call, frame[1])
    longer = len(name) - len(file.module.code_for_node(merging.call.func))
    file.edit(merging.call, frame[1], lambda current: merging.written(moved(current, column, longer), name))
    keep_short(file, merging.call, frame[1])
