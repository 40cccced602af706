"""Runs one program and keeps what it says of itself: the same code on the old stack and on the new.

A program is a plain script. It imports from ``recording`` what it needs here:

- ``fix_weights(model)`` gives a model weights that hang on place and shape alone, and keeps their number;
- ``keep(name, value)`` keeps a value: floats are compared within 1e-5, everything else exactly;
- ``keep_training(name, value)`` keeps what came of training, compared within 1e-4;
- ``keep_raced(name, value)`` keeps what came of training that counts its steps, as evidence;
- ``keep_history(history)`` keeps the keys of a history, and its values as training;
- ``old_weights(model, path)`` and ``old_model(model, path)`` leave a file there that the old stack saved.

The module runs under Python 3.6 and needs nothing but numpy.
"""

import json
import linecache
import os
import shutil
import sys
import types

import numpy as np

EXACT, PREDICTION, TRAINING, KEYS = "exact", "prediction", "training", "keys"
"""How a kept value is to be compared."""

MOST = 256
"""How many numbers one kept value may have; goldens are to be small."""


class Recording:
    """What one run of one program keeps, in the order in which it came.

    Args:
        name: of the program.
        files: the folder with the files that the old stack saved.
        old: whether this is the old stack, which saves them.
        layout: `keras1_weights` where the old stack is Keras 1.

    Attributes:
        kept: name of the value → how it is compared and what it is, as JSON has it.
    """

    def __init__(self, name, files, old, layout=None):
        self.name = name
        self.files = files
        self.old = old
        self.layout = layout
        self.kept = {}

    def fix_weights(self, model, name="model"):
        """Sets the weights of a model from a seed, and keeps how many it has and of which shapes."""
        for place, layer in enumerate(layer for layer in leaves(model) if layer.weights):
            names = [one.name for one in layer.weights]
            fixed = [fixed_weight(place, i, names[i], shape) for i, shape in enumerate(self._shapes(layer))]
            layer.set_weights(self.layout.in_layout_of_1(layer, fixed) if self.layout else fixed)
        self._describe(model, name)

    def _shapes(self, layer):
        """The shapes of a layer's weights, as Keras 2 lays them out."""
        if self.layout:
            return [one.shape for one in self.layout.in_layout_of_2(layer, layer.get_weights())]
        return [tuple(int(size) for size in one.shape) for one in layer.weights]

    def _describe(self, model, name):
        """Keeps how many weights a model has and of which shapes."""
        self._keep(name + " parameters", EXACT, int(model.count_params()))
        if self.layout:
            weights = sorted(list(shape) for layer in leaves(model) for shape in self._shapes(layer))
        else:
            weights = sorted([int(size) for size in one.shape] for one in model.get_weights())
        self._keep(name + " weights", EXACT, weights)
        if type(model).__name__ in (
            "Functional",
            "Model",
            "Sequential",
        ):  # not for a class of the program's own
            shapes = model.output_shape
            shapes = shapes if isinstance(shapes, list) else [shapes]
            self._keep(name + " output shapes", EXACT, [list(shape) for shape in shapes])

    def keep(self, name, value):
        """Keeps a value: floats and arrays of them to be compared within 1e-5, everything else exactly."""
        self._keep(name, PREDICTION if is_float(value) else EXACT, value)

    def keep_training(self, name, value):
        """Keeps a number or numbers that came of training."""
        self._keep(name, TRAINING, value)

    def keep_raced(self, name, value):
        """Keeps what came of training that counts its steps, as evidence.

        Old Keras reads the count and raises it in no fixed order: the result is the same in each run of one
        graph, and another in the next graph.
        """
        self._keep(name, TRAINING, value)
        self.kept[name]["repeats"] = False

    def keep_history(self, history, name="history"):
        """Keeps which keys the history of a training has, and its values."""
        values = history.history
        self._keep(name + " keys", KEYS, sorted(values))
        for key in sorted(values):
            self._keep(name + " " + key, TRAINING, values[key])

    def old_weights(self, model, path):
        """Leaves the weights of a model in a file as the old stack saves them."""
        self._old_file(model, path, model.save_weights)

    def old_model(self, model, path):
        """Leaves a whole model in a file as the old stack saves it."""
        self._old_file(model, path, model.save)

    def _old_file(self, model, path, save):
        stored = os.path.join(self.files, self.name + "." + os.path.basename(path))
        if self.old:
            self.fix_weights(model, "saved model")
            save(path)
            shutil.copy(path, stored)
        else:
            self._describe(model, "saved model")
            shutil.copy(stored, path)

    def _keep(self, name, how, value):
        if name in self.kept:
            raise ValueError("kept twice: " + name)
        if is_float(value) or how == TRAINING:
            value = np.asarray(value, dtype="float64")
            if value.size > MOST:
                raise ValueError(f"too many numbers to keep: {value.size} of {name}")
            value = rounded(value.tolist())
        else:
            value = plain(value)
        self.kept[name] = {"how": how, "value": value}


def is_float(value):
    """Whether a value is a float, or an array or nested list of floats."""
    try:
        return np.asarray(value).dtype.kind == "f"
    except ValueError:  # lists of different lengths
        return False


def plain(value):
    """A value of nothing but what JSON has."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def rounded(value):
    """Floats with eight significant digits, which is what float32 has, so that goldens stay small."""
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.8g}")


def leaves(model, seen=None):
    """The layers of a model, models within it taken apart.

    Args:
        model: has ``layers``. A `Merge` of Keras 1 has them as well, which can be layers of the model too.
        seen: the layers that came already, each of which is to come once.
    """
    seen = [] if seen is None else seen
    for layer in model.layers:
        if getattr(layer, "layers", None) and not hasattr(layer, "cell"):
            yield from leaves(layer, seen)
        elif not any(layer is one for one in seen):
            seen.append(layer)
            yield layer


def fixed_weight(place, number, name, shape):
    """The value of one weight.

    Args:
        place: of its layer among those of the model that have weights.
        number: of the weight in the layer.
        name: of the weight; a variance has to be positive, also where Keras 1 calls it ``running_std``.
        shape: of the weight.
    """
    low, high = (0.2, 1.2) if "variance" in name or "running_std" in name else (-0.6, 0.6)
    return np.random.RandomState(1000 * place + number).uniform(low, high, shape).astype("float32")


def execute(code, path, recording):
    """Executes a program in the current folder.

    TensorFlow compiles functions from their source, so that it has to find the code that runs here under the
    path, and not what is in the file.

    Args:
        code: its source, text or bytes.
        path: what tracebacks call it.
        recording: the `Recording` that it keeps its values in.
    """
    module = types.ModuleType("program_" + recording.name)
    before = {name: sys.modules.get(name) for name in ("recording", module.__name__)}
    sys.modules["recording"] = recording
    sys.modules[module.__name__] = module
    lines = (code if isinstance(code, str) else code.decode("utf-8")).splitlines(True)
    linecache.cache[path] = (len(code), None, lines, path)
    try:
        exec(compile(code, path, "exec"), module.__dict__)
    finally:
        for name, known in before.items():
            if known is None:
                del sys.modules[name]
            else:
                sys.modules[name] = known


if __name__ == "__main__":  # NAME FILES CODE OUT: one program in a process of its own
    alone = Recording(sys.argv[1], sys.argv[2], False)
    with open(sys.argv[3]) as code_file:
        execute(code_file.read(), sys.argv[3], alone)
    with open(sys.argv[4], "w") as out_file:
        json.dump(alone.kept, out_file)
