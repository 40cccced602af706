"""Whether a target loads a model file, and what to do where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ...catalog import for_target
from ...catalog import load as catalog
from ...findings import Rule
from ...model_files.saved_model import Config, Form, SavedModel
from ...target import Target
from ..tables import load
from . import rules
from .configurations import all_layers, input_shape, is_described, is_model, layers_of
from .keras3_configs import HARD_SIGMOID, TABLE, converted, counted_from_one

_OLD = "keras-2.3.1"
_BYTECODE = re.compile(r"lambda|raw")


class Era(str, Enum):
    """Which Keras wrote a file, as far as it matters."""

    KERAS_1 = "Keras 1"
    KERAS_2 = "Keras 2"
    TF_KERAS = "tf.keras of TensorFlow 1 or 2"
    KERAS_3 = "Keras 3"


class Need(str, Enum):
    """What a concern asks for."""

    COPY = "copy"
    """A copy with another configuration."""
    CODE = "code"
    """Something that only a person can do."""
    LOOK = "look"
    """It loads, and a person should know something."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing about a model file on a target.

    Attributes:
        rule: what it is.
        need: what it asks for.
        message: what to do, for the target.
    """

    rule: Rule
    need: Need
    message: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of a model file on a target.

    Attributes:
        concerns: what is to be said; those that ask for a copy only where a copy is all it takes.
        config: the architecture of the copy; ``None`` where a copy is not needed or no help.
    """

    concerns: tuple[Concern, ...]
    config: Config | None = None

    @property
    def loads(self) -> str:
        """How the target loads it: ``as it is``, ``copy`` or ``by code``."""
        needs = {concern.need for concern in self.concerns}
        return "by code" if Need.CODE in needs else "copy" if Need.COPY in needs else "as it is"


def era_of(saved: SavedModel) -> Era:
    """Which Keras wrote a file: by the version that it names, else by the shape of what is in it."""
    version = saved.keras_version or ""
    if version.startswith(("0.", "1.")):
        return Era.KERAS_1
    if version.startswith("3."):
        return Era.KERAS_3
    if not version and _looks_like_keras_1(saved):
        return Era.KERAS_1
    if version.endswith("-tf") or re.match(r"2\.(?:[4-9]|1\d)\.", version):
        return Era.TF_KERAS
    return Era.KERAS_2


def judge(saved: SavedModel, target: Target) -> Judgement:
    """Finds out whether a target loads a model file.

    Args:
        saved: the file.
        target: the release.
    """
    era = era_of(saved)
    if saved.config is None:
        return Judgement(tuple(_of_weights(saved, era, target)))
    if era is Era.KERAS_1:
        return Judgement(tuple(_of_keras_1(saved, target)))
    if era is Era.KERAS_3:
        return Judgement(())
    concerns = [*_of_architecture(saved, saved.config, target), *_of_training(saved, target)]
    if any(concern.need is Need.CODE for concern in concerns):
        return Judgement(tuple(concern for concern in concerns if concern.need is not Need.COPY))
    if not any(concern.need is Need.COPY for concern in concerns):
        return Judgement(tuple(concerns))
    builtin = _Builtin(target)
    config = converted(saved.config, builtin) if target.keras3 else saved.config
    return Judgement(tuple(concerns), config)


@dataclass(frozen=True, slots=True)
class _Builtin:
    """Whether a target has a layer of a name, and reads it from a configuration."""

    target: Target

    def __call__(self, name: str) -> bool:
        if self.target.keras3 and name in load(TABLE)["keras3"]["unreadable"]:
            return False
        return f"tensorflow.keras.layers.{name}" in for_target(self.target)


def _looks_like_keras_1(saved: SavedModel) -> bool:
    table = load(TABLE)["keras1"]
    if saved.config is None:
        names = [name for layer in (saved.weights or {}).values() for name in layer]
        return any(name.split(":")[0].endswith(tuple(table["weights"])) for name in names)
    if "class_name" not in saved.config:
        return True
    for layer in all_layers(saved.config):
        config = layer["config"]
        keys = config.keys() if isinstance(config, dict) else ()
        if layer["class_name"] in table["classes"] or any(key in keys for key in table["keys"]):
            return True
    return False


def _of_weights(saved: SavedModel, era: Era, target: Target) -> Iterator[Concern]:
    """What is to be said of a file of weights."""
    if era is Era.KERAS_1:
        yield from _gate_weights(saved, target)
    yield from _recurrent_defaults(saved, era)
    if era is not Era.KERAS_3 and saved.name.endswith(".weights.h5"):
        yield Concern(
            rules.WEIGHTS,
            Need.COPY,
            f"TensorFlow {target} takes a name that ends in '.weights.h5' for that of another kind of file, "
            "and this "
            "one is of the old kind: it needs a name that ends in '.h5' alone",
        )


def _recurrent_defaults(saved: SavedModel, era: Era) -> Iterator[Concern]:
    version = saved.keras_version or "1"
    if era not in (Era.KERAS_1, Era.KERAS_2) or version.startswith("2.3"):
        return
    gated = load(TABLE)["keras1"]["recurrent_weights"] + ["/recurrent_kernel"]
    layers = [
        layer
        for layer, names in (saved.weights or {}).items()
        if any(name.split(":")[0].endswith(tuple(gated)) for name in names)
    ]
    if layers:
        yield Concern(
            rules.RECURRENT_DEFAULTS,
            Need.LOOK,
            f"{_names(layers)} may have been trained with defaults that are others now: see that an LSTM or "
            "GRU is made with "
            "`recurrent_activation='hard_sigmoid'` (the old function), and a GRU with `reset_after=False`",
        )


def _of_keras_1(saved: SavedModel, target: Target) -> Iterator[Concern]:
    """What is to be said of an architecture of Keras 1."""
    message = (
        f"Keras {saved.keras_version or 1} wrote this model, and `tf.keras` does not read its configuration: "
        "build the model in "
        "code"
    )
    if saved.weights is not None:
        message += (
            ", and `load_weights` from this file"
            if not any(True for _ in _gate_weights(saved, target))
            else ", and give it the weights"
        )
    yield Concern(rules.KERAS_1, Need.CODE, message)
    yield from _gate_weights(saved, target)


def _gate_weights(saved: SavedModel, target: Target) -> Iterator[Concern]:
    ends = tuple(load(TABLE)["keras1"]["recurrent_weights"])
    layers = [
        layer
        for layer, names in (saved.weights or {}).items()
        if any(name.split(":")[0].endswith(ends) for name in names)
    ]
    if target.keras3 and layers:
        yield Concern(
            rules.GATE_WEIGHTS,
            Need.CODE,
            f"the weights of {_names(layers)} have an array for each gate, which TensorFlow {target} "
            "refuses: `load_weights` "
            "with TensorFlow 2.15, where they are put together, and `save_weights` there",
        )


def _of_architecture(saved: SavedModel, config: Config, target: Target) -> Iterator[Concern]:
    builtin = _Builtin(target)
    layers = list(all_layers(config))
    yield from _bytecode(saved, layers)
    yield from _unknown_shapes(saved, config)
    yield from _custom_objects(layers, builtin, target)
    yield from _bilinear(layers)
    if target.keras3:
        yield from _names_with_slash(layers, target)
        yield from _initial_states(saved, layers, target)
        yield from _hard_sigmoids(layers, target)
        yield from _old_configuration(saved, config, layers, builtin, target)
    if saved.form is Form.YAML:
        yield Concern(
            rules.YAML_FILE,
            Need.COPY,
            "`model_from_yaml` is gone: read the architecture as JSON, with `model_from_json`",
        )


def _bytecode(saved: SavedModel, layers: Iterable[Config]) -> Iterator[Concern]:
    for layer in layers:
        if layer["class_name"] != "Lambda":
            continue
        config = layer["config"]
        kind = str(config.get("function_type", "")) or ("lambda" if _is_code(config.get("function")) else "")
        if _BYTECODE.match(kind) or _BYTECODE.match(str(config.get("output_shape_type", ""))):
            after = ", and `load_weights` from this file" if saved.weights is not None else ""
            yield Concern(
                rules.BYTECODE,
                Need.CODE,
                f"the function of the Lambda layer '{config.get('name')}' is bytecode of the Python that "
                "saved it, which no other "
                f"reads, with `safe_mode=False` either: build the model in code{after}",
            )


def _is_code(function: Any) -> bool:
    return isinstance(function, (list, dict))


def _unknown_shapes(saved: SavedModel, config: Config) -> Iterator[Concern]:
    if not is_model(config) or config["class_name"] != "Sequential" or saved.weights is None:
        return
    inner = config["config"]
    built = isinstance(inner, dict) and inner.get("build_input_shape")
    if not built and input_shape(config) is None and any(saved.weights.values()):
        yield Concern(
            rules.NO_SHAPE,
            Need.CODE,
            "the file does not say what shape the model is fed with: build the model in code, and "
            "`load_weights` from this file",
        )


def _custom_objects(layers: Iterable[Config], builtin: _Builtin, target: Target) -> Iterator[Concern]:
    removed: dict[str, None] = {}
    custom: dict[str, None] = {}
    for layer in layers:
        name = layer["class_name"]
        if not (is_model(layer) or builtin(name)):
            known = f"keras.layers.{name}" in catalog(_OLD)
            (removed if known else custom)[name] = None
        if isinstance(layer["config"], dict):
            custom.update(dict.fromkeys(_custom_in(layer["config"], target)))
    if removed:
        yield Concern(
            rules.REMOVED_LAYER,
            Need.CODE,
            f"TensorFlow {target} has no {_names(removed)}: build the model in code without it and "
            "`load_weights`, or write the "
            "layer as a class and hand it over as "
            f"`custom_objects`{'; 2.15 and +legacy have it' if target.keras3 else ''}",
        )
    if custom:
        yield Concern(
            rules.CUSTOM_OBJECTS,
            Need.LOOK,
            f"loading it needs `custom_objects` for {_names(custom)}, or these registered with "
            "`@tf.keras.utils.register_keras_serializable()`",
        )


def _custom_in(config: Config, target: Target) -> Iterator[str]:
    """The names of functions and objects in a layer's configuration that are not Keras' own."""
    table = load(TABLE)
    for key, value in config.items():
        named = key in table["activations"]["keys"] and isinstance(value, str)
        if named and f"tensorflow.keras.activations.{value}" not in for_target(target):
            yield value
        for module, ends in table["objects"].items():
            if key.endswith(tuple(ends)) and is_described(value):
                name = value["class_name"]
                if f"tensorflow.keras.{module}.{name}" not in for_target(target):
                    yield name


def _bilinear(layers: Iterable[Config]) -> Iterator[Concern]:
    found = [
        layer["config"].get("name")
        for layer in layers
        if layer["class_name"] == "UpSampling2D" and layer["config"].get("interpolation") == "bilinear"
    ]
    if found:
        yield Concern(
            rules.BILINEAR,
            Need.LOOK,
            f"{_names(found)} resizes bilinearly, which TensorFlow 1 did with other values: compare the "
            "predictions, and put a "
            "layer with `tf.compat.v1.image.resize_bilinear` in its place if they matter",
        )


def _names_with_slash(layers: Iterable[Config], target: Target) -> Iterator[Concern]:
    found = [name for layer in layers if "/" in (name := str(_inner(layer).get("name") or ""))]
    if found:
        yield Concern(
            rules.LAYER_NAME,
            Need.CODE,
            f"TensorFlow {target} refuses the name of {_names(found)}: build the model in code with names "
            "that have no '/', and "
            "`load_weights` from this file",
        )


def _initial_states(saved: SavedModel, layers: Iterable[Config], target: Target) -> Iterator[Concern]:
    for layer in layers:
        recurrent = layer["class_name"] in _RECURRENT
        calls = layer.get("inbound_nodes", [])
        if recurrent and any(_inputs(call) > 1 for call in calls):
            after = ", and `load_weights` from this file" if saved.weights is not None else ""
            yield Concern(
                rules.SEVERAL_INPUTS,
                Need.CODE,
                f"TensorFlow {target} does not read how '{layer.get('name')}' is fed with its initial state: "
                "build the model in "
                f"code{after}",
            )


_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM2D", "Bidirectional", "CuDNNLSTM", "CuDNNGRU")


def _inputs(call: Any) -> int:
    return len(call) if isinstance(call, list) else 1


def _hard_sigmoids(layers: Iterable[Config], target: Target) -> Iterator[Concern]:
    keys = load(TABLE)["activations"]["keys"]
    found = [
        str(_inner(layer).get("name") or layer["class_name"])
        for layer in layers
        if any(_inner(layer).get(key) == "hard_sigmoid" for key in keys)
    ]
    if found:
        yield Concern(
            rules.HARD_SIGMOID,
            Need.COPY,
            f"{_names(dict.fromkeys(found))} is saved with 'hard_sigmoid', which is another function in "
            f"TensorFlow {target}: the copy "
            f"needs the old one registered as '{HARD_SIGMOID}', as migrated code has it",
        )


def _old_configuration(
    saved: SavedModel, config: Config, layers: list[Config], builtin: _Builtin, target: Target
) -> Iterator[Concern]:
    reasons = list(dict.fromkeys(_reasons(saved, layers, builtin)))
    if reasons:
        yield Concern(
            rules.OLD_CONFIGURATION,
            Need.COPY,
            f"TensorFlow {target} does not read {', '.join(reasons)} as it is written here",
        )


def _reasons(saved: SavedModel, layers: list[Config], builtin: _Builtin) -> Iterator[str]:
    text = saved.form is not Form.HDF5
    if text and any("module" not in layer for layer in layers):
        yield "JSON without the modules of the layers"
    for layer in layers:
        if is_model(layer):
            yield from _reasons_of_model(layer)
        else:
            inner = [value for value in _inner(layer).values() if is_described(value)]
            inner += [value for value in _inner(layer).get("cells") or () if is_described(value)]
            wrapped = [each for each in inner if builtin(each["class_name"]) or is_model(each)]
            if any("module" not in each for each in wrapped):
                yield f"the layer in '{_inner(layer).get('name')}'"
            known = load(TABLE)["keras3"]["activations"]
            keys = load(TABLE)["activations"]["keys"]
            names = [_inner(layer).get(key) for key in keys]
            for name in names:
                if isinstance(name, str) and name not in known and name != "hard_sigmoid":
                    yield f"the function '{name}'"


def _reasons_of_model(model: Config) -> Iterator[str]:
    layers = layers_of(model)
    if model["class_name"] != "Sequential":
        if counted_from_one(model):
            yield "calls of models within the model"
        return
    if isinstance(model["config"], list):
        yield "a `Sequential` without a name"
    if layers and layers[0]["class_name"] != "InputLayer" and input_shape(layers[0]) is not None:
        yield "a `Sequential` that takes its shape from its first layer"


def _of_training(saved: SavedModel, target: Target) -> Iterator[Concern]:
    training = saved.training
    if training is None:
        return
    said = _described_training(training)
    if target.keras3:
        yield Concern(
            rules.TRAINING,
            Need.COPY,
            f"TensorFlow {target} does not read what the model was compiled with: the copy is not compiled; "
            "to train it, compile "
            f"it anew with {said}",
        )
        return
    unknown = [name for name in _losses(training.get("loss")) if not _is_known("losses", name, target)]
    gone = [name for name in unknown if f"keras.losses.{name}" in catalog(_OLD)]
    if gone:
        yield Concern(
            rules.TRAINING,
            Need.COPY,
            f"TensorFlow {target} has no loss {_names(gone)}: `load_model(…, compile=False)`, or take the "
            "copy, which is not "
            f"compiled, and compile it anew with {said}",
        )
        return
    special = load(TABLE)["metrics"]["special"]
    metrics = [
        name
        for name in _losses(training.get("metrics"))
        if name not in special
        and not _is_known("metrics", name, target)
        and not _is_known("losses", name, target)
        and f"keras.metrics.{name}" not in catalog(_OLD)
    ]
    if unknown or metrics:
        yield Concern(
            rules.CUSTOM_OBJECTS,
            Need.LOOK,
            f"it was compiled with {_names(dict.fromkeys([*unknown, *metrics]))}: hand it over as "
            "`custom_objects`, or "
            "`load_model(…, compile=False)`",
        )
    if saved.optimizer_state:
        yield Concern(
            rules.OPTIMIZER_STATE,
            Need.LOOK,
            f"TensorFlow {target} can pass over the state of the optimizer with a warning: a training that "
            "goes on may begin with "
            "new averages of the gradients",
        )


def _is_known(module: str, name: str, target: Target) -> bool:
    return f"tensorflow.keras.{module}.{name}" in for_target(target)


def _losses(value: Any) -> Iterator[str]:
    """The names of losses or metrics, in whatever they are nested."""
    if isinstance(value, str):
        yield value
    elif is_described(value):
        yield value["class_name"]
    elif isinstance(value, dict):
        for each in value.values():
            yield from _losses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _losses(each)


def _described_training(training: Config) -> str:
    optimizer = training.get("optimizer_config") or {}
    settings = dict(optimizer.get("config") or {})
    if "lr" in settings:
        settings = {"learning_rate": settings.pop("lr"), **settings}
    if not settings.get("decay"):
        settings.pop("decay", None)
    said = ", ".join(
        f"{key}={_number(value)}" for key, value in settings.items() if value is not None and key != "name"
    )
    parts = [f"{optimizer.get('class_name', 'the optimizer')}({said})"]
    parts += [f"{key}={training[key]!r}" for key in ("loss", "metrics", "loss_weights") if training.get(key)]
    return ", ".join(parts)


def _number(value: Any) -> str:
    """A number as its author wrote it: old Keras read it back from 32 bits."""
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def _inner(layer: Config) -> Config:
    config = layer["config"]
    return config if isinstance(config, dict) else {}


def _names(names: Iterable[Any]) -> str:
    return ", ".join(f"'{name}'" for name in names)
