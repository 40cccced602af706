"""The rules about model files."""

from __future__ import annotations

from ...findings import Rule

KERAS_1 = Rule(
    "KM830",
    "keras-1-model-file",
    "Report models that Keras 1 wrote, which no `tf.keras` reads.",
    "Their configurations have the arguments of Keras 1 (`output_dim`, `border_mode`). Build the model in "
    "code, which "
    "`keras-migrate migrate` brings to your target, and `load_weights` from the same file.",
)
OLD_CONFIGURATION = Rule(
    "KM831",
    "old-configuration",
    "Bring configurations of Keras 2 to the form that Keras 3 reads.",
    "From TensorFlow 2.16 on, a `Sequential` that takes its shape from its first layer, wrapped layers, "
    "nested models, "
    "functions of the project's own and all of JSON are not read as Keras 2 wrote them. `--fix` writes a "
    "copy that is; weights "
    "stay as they are.",
    targets=">=2.16",
)
TRAINING = Rule(
    "KM832",
    "old-training-configuration",
    "Leave out what a model was compiled with where the target does not read it.",
    "`load_model(…, compile=False)` passes over it, and the copy of `--fix` has none. Compile the model anew "
    "to train it; the "
    "state of the optimizer begins anew.",
)
BYTECODE = Rule(
    "KM833",
    "lambda-bytecode",
    "Report `Lambda` layers whose functions are in the file as bytecode of an old Python.",
    "Old Keras stored the bytecode of the function. Another Python cannot run it, whatever `safe_mode` says. "
    "Build the model in "
    "code, with the function there, and `load_weights` from the file.",
)
CUSTOM_OBJECTS = Rule(
    "KM834",
    "custom-objects-in-file",
    "Name the classes and functions of the project's own that a model needs to load.",
    "Hand them to `load_model` or `model_from_json` as `custom_objects`, or register them.",
)
REMOVED_LAYER = Rule(
    "KM835",
    "removed-layer",
    "Report layers that the target has no more.",
    "Models with them load up to TensorFlow 2.15 and with `TF_USE_LEGACY_KERAS=1`. Elsewhere write the layer "
    "as a class and hand it "
    "to `load_model` as `custom_objects`, or build the model in code without it.",
)
HARD_SIGMOID = Rule(
    "KM836",
    "hard-sigmoid-in-file",
    "Keep the old `hard_sigmoid` of models that were saved with it.",
    "It was the default of `LSTM` and `GRU` up to Keras 2.2. Keras 3 has another function under that name, "
    "and reads the file without "
    "a word. The copy of `--fix` names the function that migrated code registers.",
    targets=">=2.16",
)
SEVERAL_INPUTS = Rule(
    "KM837",
    "initial-state-in-file",
    "Report recurrent layers that are fed with their initial state.",
    "Keras 3 does not read how Keras 2 wrote such a call. Build the model in code and `load_weights` from "
    "the file.",
    targets=">=2.16",
)
BILINEAR = Rule(
    "KM838",
    "bilinear-in-file",
    "Report models that resize bilinearly.",
    "TensorFlow 1 counted pixels from their corners: `UpSampling2D(interpolation='bilinear')` gives other "
    "values on every target.",
)
WEIGHTS = Rule(
    "KM839",
    "weights-file-name",
    "Report files of weights that the target takes for another kind.",
    "On all targets a name that ends in `.weights.h5` is that of the new kind. A file of old "
    "weights is loaded by a name that "
    "ends in `.h5` alone; `--fix` writes it under such a name.",
)
YAML_FILE = Rule(
    "KM840",
    "yaml-model-file",
    "Bring architectures in YAML to JSON.",
    "`model_from_yaml` is gone. `--fix` writes the same as JSON, for `model_from_json`.",
)
LAYER_NAME = Rule(
    "KM841",
    "slash-in-layer-name",
    "Report layers whose names have a slash.",
    "Keras 3 refuses such names. Build the model in code with other names, and `load_weights` from the file.",
    targets=">=2.16",
)
NO_SHAPE = Rule(
    "KM842",
    "unknown-input-shape",
    "Report models whose files do not say what they are fed with.",
    "Keras 2 did not store an `InputLayer` that a `Sequential` began with. Build the model in code and "
    "`load_weights` from the file.",
)
GATE_WEIGHTS = Rule(
    "KM843",
    "weights-by-gate",
    "Report recurrent weights of Keras 1, which had an array for each gate.",
    "TensorFlow 2.15 puts them together when it loads them; from 2.16 on they are refused.",
    targets=">=2.16",
)
UNREADABLE = Rule(
    "KM844",
    "unreadable-model-file",
    "Report model files that cannot be read.",
    "The file is cut off, is not what its name says, or is YAML with objects of Python in it, which are "
    "never made.",
)
COPY_FAILED = Rule(
    "KM845",
    "copy-not-written",
    "Report copies that could not be written.",
    "The operating system refused, or another file has the name. Make room, or give yourself the permission, "
    "or move that "
    "file away, and run again.",
)
OPTIMIZER_STATE = Rule(
    "KM846",
    "optimizer-state-in-file",
    "Say that the state of the optimizer in a model file is not taken over.",
    "A model that is trained on begins with new averages of its gradients.",
)
RECURRENT_DEFAULTS = Rule(
    "KM847",
    "recurrent-weights",
    "Name the old defaults that recurrent weights were trained with.",
    "A file of weights does not say how its layers were made. Up to Keras 2.2 `LSTM` and `GRU` had "
    "`recurrent_activation='hard_sigmoid'`, and `GRU` had no `reset_after`; with today's defaults the same "
    "weights give other "
    "predictions, or do not fit. `keras-migrate migrate` writes the old ones out.",
)
MISSING_LIBRARY = Rule(
    "KM848",
    "missing-h5py",
    "Report HDF5 files that cannot be read as h5py is not installed.",
    "`pip install 'keras-migrate[models]'` installs it.",
)
NO_MODEL = Rule(
    "KM849",
    "no-model-file",
    "Report files that were named and hold no model of Keras.",
    "In folders such files are passed over.",
)

RULES = (
    KERAS_1,
    OLD_CONFIGURATION,
    TRAINING,
    BYTECODE,
    CUSTOM_OBJECTS,
    REMOVED_LAYER,
    HARD_SIGMOID,
    SEVERAL_INPUTS,
    BILINEAR,
    WEIGHTS,
    YAML_FILE,
    LAYER_NAME,
    NO_SHAPE,
    GATE_WEIGHTS,
    UNREADABLE,
    COPY_FAILED,
    OPTIMIZER_STATE,
    RECURRENT_DEFAULTS,
    MISSING_LIBRARY,
    NO_MODEL,
)
