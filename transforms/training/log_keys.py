"""Names of metrics where a program reads them from logs: histories, ``monitor=``, names of checkpoints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, StringUse, Transform
from .compiled_metrics import Metric, changed_names, logged, metrics_nearby, metrics_of_file, statement_number
from .identifiers import renamed
from .log_places import Place, alternatives, place_of

LOG_KEY = Rule(
    "KM601",
    "log-key",
    "Read metrics from logs under the names that they have now.",
    "Keras up to 2.2 logged `'accuracy'` and `'acc'` as `acc`, `'mse'` as `mean_squared_error`. Now a metric "
    "is logged under the name that `metrics=` has for it. A history that is asked for the old name raises "
    "`KeyError`; `EarlyStopping`, `ReduceLROnPlateau` and `ModelCheckpoint` that watch it only warn on "
    "TensorFlow 2.15, and never act. What `metrics=` says in the file, or else in the files around it, "
    "decides what the keys become in histories, `logs`, `monitor=`, names of checkpoint files, and lists, "
    "variables and defaults that get there.",
    before="from keras.callbacks import EarlyStopping\n\n"
    "model.compile('sgd', 'mse', metrics=['accuracy'])\n"
    "history = model.fit(x, y, validation_split=0.2, callbacks=[EarlyStopping('val_acc')])\n"
    "print(history.history['val_acc'])\n",
    after="from tensorflow.keras.callbacks import EarlyStopping\n\n"
    "model.compile('sgd', 'mse', metrics=['accuracy'])\n"
    "history = model.fit(x, y, validation_split=0.2, callbacks=[EarlyStopping('val_accuracy')])\n"
    "print(history.history['val_accuracy'])\n",
)

LEARNING_RATE_KEY = Rule(
    "KM602",
    "learning-rate-key",
    "Read the learning rate from logs as `learning_rate`.",
    "`ReduceLROnPlateau` and `LearningRateScheduler` log the learning rate: as `lr` up to TensorFlow 2.15, "
    "as `learning_rate` from 2.16 on.",
    before="from keras.callbacks import LearningRateScheduler\n\n"
    "history = model.fit(x, y, callbacks=[LearningRateScheduler(schedule)])\n"
    "print(history.history['lr'])\n",
    after="from tensorflow.keras.callbacks import LearningRateScheduler\n\n"
    "history = model.fit(x, y, callbacks=[LearningRateScheduler(schedule)])\n"
    "print(history.history['learning_rate'])\n",
    targets=">=2.16",
)

TRANSFORM = Transform("log keys", LOG_KEY, LEARNING_RATE_KEY)

_NAMES = "|".join(changed_names())
_WANTED = re.compile(rf"""['"{{_](?:{_NAMES})['":}}!]""")
_KEY = re.compile(rf"(?P<val>val_)?(?:(?P<output>\w*)_)?(?P<base>{_NAMES})")
_FIELD = re.compile(rf"\{{(?P<key>(?:\w+_)?(?:{_NAMES}))(?=[:}}!])")
_AUTOMATIC = re.compile(
    r"(?:activation|conv\dd|dense|dropout|flatten|lambda|lstm|gru|model|sequential|reshape|time_distributed"
    r"|global_\w+|\w+_pooling\dd)_\d+"
)
"""What Keras called layers that were given no name."""


class _Verdict(NamedTuple):
    """What became of the name of a metric.

    Attributes:
        new: what it is now; ``None`` where that cannot be told.
        near: whether the file itself says so.
        names: what ``metrics=`` has for it.
        output: whether ``metrics=`` names the output as well.
    """

    new: str | None
    near: bool
    names: tuple[str, ...] = ()
    output: bool = False


@TRANSFORM.strings(_WANTED)
def rename_keys(file: File, strings: Sequence[StringUse]) -> None:
    """Renames every key that is read from a log."""
    if not file.source.guessed and file.source.version >= (2, 3):
        return
    own = metrics_of_file(file)
    verdicts: dict[tuple[str, str], _Verdict] = {}
    for use in strings:
        for key in dict.fromkeys(_keys(use.node)):
            place = place_of(file, use, template=key != use.node.raw_value)
            parts = _KEY.fullmatch(key)
            if place is None or parts is None:
                continue
            known = (parts["base"], parts["output"] or "")
            if known not in verdicts:
                verdicts[known] = _verdict(file, own, *known)
            verdict = verdicts[known]
            if verdict.new is None and verdict.near:
                verdict = _verdict_so_far(file, use, verdict, *known)
            _rename(file, use, key, place, verdict)


def _verdict_so_far(file: File, use: StringUse, verdict: _Verdict, base: str, output: str) -> _Verdict:
    """What became of a name by what runs before it is looked up, where that is sure; else the same again."""
    if use.scope.kind != "module" or use.frame is None or not isinstance(use.frame[0], cst.Index):
        return verdict
    metrics = metrics_of_file(file, statement_number(file, use.frame))
    so_far = _verdict(file, metrics, base, output)
    return so_far if so_far.near and so_far.new is not None else verdict


def _keys(node: cst.SimpleString) -> list[str]:
    """The names of metrics that a text is, or has as fields: ``{val_acc:.2f}``."""
    text = str(node.raw_value)
    return [text] if _KEY.fullmatch(text) else [field["key"] for field in _FIELD.finditer(text)]


def _verdict(file: File, own: tuple[Metric, ...], base: str, output: str) -> _Verdict:
    """What became of a name, by the nearest code that compiles a model with such a metric."""
    near = True
    for metrics in (own, *metrics_nearby(file)):
        if output and any(not metric.string and metric.name == f"{output}_{base}" for metric in metrics):
            return _Verdict(base, near)  # a function of that name
        matching = [metric for metric in metrics if logged(metric, file.target)[0] == base]
        of_output = [metric for metric in matching if output and metric.output == output]
        matching = of_output or matching
        news = {logged(metric, file.target)[1] for metric in matching}
        if news:
            names = tuple(sorted(metric.name for metric in matching))
            return _Verdict(news.pop() if len(news) == 1 else None, near, names, bool(of_output))
        near = False
    return _Verdict(None, near)


def _rename(file: File, use: StringUse, key: str, place: Place, verdict: _Verdict) -> None:
    parts = _KEY.fullmatch(key)
    assert parts is not None
    base, output = parts["base"], parts["output"] or ""
    if verdict.new == base:
        return
    if verdict.new is None:
        _undecided(file, use, key, base, place, verdict)
        return
    new = f"{key.removesuffix(base)}{verdict.new}"
    if f"'{new}'" in alternatives(file, use).replace('"', "'"):
        return  # the code knows both names
    if _AUTOMATIC.fullmatch(output):
        message = (
            f"`'{key}'` names a layer that Keras gave a name by itself, and tf.keras counts these in another "
            f"way: the first is '{output.rpartition('_')[0]}'. Give the layer a name of your own, and write "
            f"`'{new.replace(output, 'its_name')}'`"
        )
        file.report(LOG_KEY, Level.MANUAL, use.node, message)
        return
    given = ", ".join(f"'{name}'" for name in dict.fromkeys(verdict.names))
    message = f"`'{key}'` is logged as `'{new}'` now, by the name that `metrics=` has for it: {given}"
    level = Level.REWRITTEN
    if not verdict.near:
        level = Level.REVIEW
        message += ", in the files around this one"
    if not place.sure or (output and not verdict.output):
        level = Level.REVIEW
        doubt = place.doubt or f"Check that '{output}' is the name of an output"
        message += f". {doubt}"
    if file.report(LOG_KEY, level, use.node, message):
        template = key != use.node.raw_value
        old, written = (f"{{{key}", f"{{{new}") if template else (key, new)
        file.edit(use.node, use.frame, lambda node: renamed(node, old, written))


def _undecided(file: File, use: StringUse, key: str, base: str, place: Place, verdict: _Verdict) -> None:
    """Says what to do where ``metrics=`` is not known, or says several things."""
    if not place.sure:
        return
    new = f"{key.removesuffix(base)}{'accuracy' if base == 'acc' else 'mse'}"
    example = ("accuracy", "acc") if base == "acc" else ("mse", base)
    if len(set(verdict.names)) > 1:
        given = " and ".join(f"'{name}'" for name in dict.fromkeys(verdict.names))
        message = (
            f"A metric is logged under the name that `metrics=` has for it now, and there are {given}: write "
            f"`'{key}'` as the model at hand has it, or use one name throughout"
        )
    elif base in ("acc", "mean_squared_error"):
        message = (
            f"A metric is logged under the name that `metrics=` has for it now, which is not known here: "
            f"write `'{new}'` for `metrics=['{example[0]}']`; for ['{example[1]}'] it is right"
        )
    else:
        message = (
            f"A metric is logged under the name that `metrics=` has for it now, which is not known here: "
            f"write what that is in place of '{base}'"
        )
    file.report(LOG_KEY, Level.MANUAL, use.node, message)


@TRANSFORM.strings(re.compile(r"""^['"]lr['"]$"""))
def rename_learning_rate(file: File, strings: Sequence[StringUse]) -> None:
    """Renames the key of the learning rate where callbacks of Keras log it."""
    callbacks = {"LearningRateScheduler", "ReduceLROnPlateau"} & file.names.identifiers
    if not file.target.keras3 or not callbacks or _logs_it_itself(file):
        return
    for use in strings:
        place = place_of(file, use, template=False)
        if place is None or not place.sure or place.watched:
            continue
        message = f"`{min(callbacks)}` logs the learning rate as 'learning_rate' now"
        if file.report(LEARNING_RATE_KEY, Level.REWRITTEN, use.node, message):
            file.edit(use.node, use.frame, lambda node: renamed(node, "lr", "learning_rate"))


_OWN_LEARNING_RATE = re.compile(r"""\[\s*['"]lr['"]\s*\]\s*=[^=]|['"]lr['"]\s*:|\blr\s*=\s*[^,)]*\.lr\b""")


def _logs_it_itself(file: File) -> bool:
    """Whether a file puts the learning rate into logs under that name."""
    return _OWN_LEARNING_RATE.search(file.code) is not None
