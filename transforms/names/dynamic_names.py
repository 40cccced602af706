"""Names of Keras that code looks up when it runs: `getattr(keras.layers, name)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import libcst as cst

from ...catalog import for_target, legacy, moves
from ...findings import Level
from ...quoted import loaded_module
from ...scopes import Frame, around
from ...source import Source
from ...target import Target
from ...transform import File, StringUse, Transform, Use
from ...verify import target_has
from ...walk import dotted
from ..calls.decay import DECAY
from ..calls.named_arguments import RENAMED_ARGUMENT
from .string_names import NAMED_IN_STRING, UNSETTLED_NAME, patch_note
from .symbols import module_of, successor, was_module

TRANSFORM = Transform("dynamic names", NAMED_IN_STRING, UNSETTLED_NAME, RENAMED_ARGUMENT, DECAY)

_LOOK_UPS = ("getattr", "hasattr", "setattr", "delattr", "patch.object")
_REPLACING = ("setattr", "patch.object")
_SHOWN = 6
"""So many names of those that are gone are said."""


@TRANSFORM.strings(re.compile(r"""['"]keras[\w.]+['"]"""))
def look_up_in_loaded(file: File, strings: Sequence[StringUse]) -> None:
    """Reports a name that is looked up in a module where it is loaded."""
    for use in strings:
        nodes = [*islice(around(use.frame), 4)]
        if len(nodes) < 4 or not isinstance(nodes[1], cst.Call) or not isinstance(nodes[3], cst.Call):
            continue
        old = moves.normalise(loaded_module(nodes[1]) or "")
        call = nodes[3]
        asks = dotted(call.func) == "getattr" and len(call.args) > 1 and call.args[0] is nodes[2]
        if old is not None and asks and not isinstance(call.args[1].value, cst.SimpleString):
            _any_name(file, call, old)


@TRANSFORM.use()
def look_up(file: File, use: Use) -> None:
    """Rewrites or reports a name that is looked up in something of Keras."""
    frame = use.reference.frame
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return
    call = frame[1][0]
    if not isinstance(call, cst.Call) or len(call.args) < 2 or call.args[0] is not frame[0]:
        return
    function = ".".join((dotted(call.func) or "").split(".")[-2:])
    function = function if function in _LOOK_UPS else function.rpartition(".")[2]
    if function not in _LOOK_UPS:
        return
    owner = ".".join((use.path, *use.members))
    name = call.args[1].value
    if isinstance(name, cst.SimpleString):
        _known_name(file, function, call, (call, frame[1][1]), owner)
    elif was_module(owner):
        _any_name(file, call, owner)
    if function == "getattr" and owner == "keras.optimizers":
        for made in _calls(file, call, frame[1][1]):
            _optimizer(file, *made)


def _known_name(file: File, function: str, call: cst.Call, frame: Frame, owner: str) -> None:
    """A name that is written out."""
    node = call.args[1].value
    assert isinstance(node, cst.SimpleString)
    name = str(node.raw_value)
    probes = function == "hasattr" or (function == "getattr" and len(call.args) > 2)
    gone = Level.REVIEW if probes else Level.MANUAL
    note = ": the code goes the way for that" if probes else ""
    if not was_module(owner):
        new = moves.destination(owner, file.target)
        if new is not None and not target_has(f"{new}.{name}", file.target):
            message = f"`{new}` has no `{name}` on TensorFlow {file.target}{note}"
            file.report(UNSETTLED_NAME, gone, node, message, f"{owner}.{name}")
        return
    old = f"{owner}.{name}"
    found = successor(old, file.target)
    home = module_of(owner, file.target)
    if found.path is None or home is None or found.path.rpartition(".")[0] != home:
        if found.path is not None and home is not None and f"{home}.{name}" in for_target(file.target):
            return
        message = f"`{old}` is not in TensorFlow {file.target}{note}" if probes else found.message
        file.report(UNSETTLED_NAME, gone, node, message, old)
        return
    leaf = found.path.rpartition(".")[2]
    if leaf != name and file.report(NAMED_IN_STRING, found.level, node, found.message, old):
        inner: Frame = (call.args[1], frame)
        file.edit(node, inner, lambda each: each.with_changes(value=each.value.replace(name, leaf)))
    if function in _REPLACING:
        file.report(UNSETTLED_NAME, Level.REVIEW, node, patch_note(found.path), old)


def _any_name(file: File, call: cst.Call, owner: str) -> None:
    """A name that is known only when the code runs: says which are not found any more."""
    message = lost_names(owner, file.source, file.target)
    if message:
        file.report(UNSETTLED_NAME, Level.REVIEW, call.args[1], message, owner)


@lru_cache(maxsize=256)
def lost_names(module: str, source: Source, target: Target) -> str:
    """What to say of the names that a module had and has no more; empty where it has them all.

    Args:
        module: its name, normalised to ``keras.…``.
        source: the release of Keras that the code was written for.
        target: the TensorFlow release to migrate to.
    """
    renamed, gone = [], []
    for name, new in _lost(module, source, target):
        if new is None:
            gone.append(f"`{name}`")
        else:
            renamed.append(f"`{name}` (now `{new}`)")
    lost = [*renamed, *gone]
    if not lost:
        return ""
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    return (
        f"any name can be asked for here, and `{module_of(module, target) or module}` has no "
        f"{', '.join(lost[:_SHOWN])}{more}: see that none of them is"
    )


def _lost(module: str, source: Source, target: Target) -> Iterator[tuple[str, str | None]]:
    """The names of a module's own that it has no more, and what they are called there now."""
    old, new = legacy(source.catalog), for_target(target)
    home = module_of(module, target)
    names = sorted(old.members(module))
    package = any(old.importable(f"{module}.{name}") for name in names)
    for name in names:
        symbol = old.get(f"{module}.{name}")
        if symbol is None or symbol.kind not in ("class", "function") or name.startswith("_"):
            continue
        own = moves.normalise(symbol.name or "") or ""
        elsewhere = own.split(".")[1:2] != module.split(".")[1:2]
        for_itself = package and own == f"{module}.{name}"
        if elsewhere or for_itself or f"{home}.{name}" in new:
            continue
        there = moves.destination(f"{module}.{name}", target)
        yield name, there.rpartition(".")[2] if there is not None and there.startswith(f"{home}.") else None


def _calls(file: File, call: cst.Call, frame: Frame) -> Iterator[tuple[cst.Call, Frame]]:
    """The calls of what a call gives: of itself, and of the names that it is assigned to."""
    node = frame[0] if frame is not None else None
    if isinstance(node, cst.Call) and node.func is call and frame is not None:
        yield node, frame[1]
    if not isinstance(node, cst.Assign):
        return
    for target in node.targets:
        if isinstance(target.target, cst.Name):
            for use in file.names.uses(target.target.value):
                values = [each.given.node if each.given else None for each in file.names.bindings(use)]
                if use.called is not None and use.frame is not None and values == [call]:
                    yield use.called, use.frame[1]


def _optimizer(file: File, call: cst.Call, frame: Frame) -> None:
    """The arguments of an optimizer that is known only when the code runs."""
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword is not None else ""
        if keyword == "lr":
            message = "`lr` is `learning_rate`, for every optimizer"
            if file.report(RENAMED_ARGUMENT, Level.REWRITTEN, arg, message, "keras.optimizers.Optimizer.lr"):
                file.edit(arg, (call, frame), _renamed)
        elif keyword == "decay":
            effect = "ignored" if file.target.keras3 else "refused"
            message = (
                f"`decay` is {effect} on TensorFlow {file.target}: give the optimizer "
                "`learning_rate=keras.optimizers.schedules.InverseTimeDecay(rate, 1, decay)`"
            )
            file.report(DECAY, Level.MANUAL, arg, message, "keras.optimizers.Optimizer.decay")


def _renamed(arg: cst.Arg) -> cst.Arg:
    return arg.with_changes(keyword=cst.Name("learning_rate"))
