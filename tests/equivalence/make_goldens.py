"""Runs every program on the old stack of this interpreter and writes its goldens.

A plain script for Python 3.6 and newer: ``python make_goldens.py [PROGRAM ...]``. Every program is run in
two processes, twice in each; what then differs does not repeat on the old stack itself, and is marked so.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import traceback

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
PROCESSES, RUNS = 2, 2
NOISE = 2e-6
"""What one run on the old stack may differ from another, relative to the value, and still repeat."""


def chosen(release, names):
    """The programs to run on this release, as paths."""
    paths = sorted(glob.glob(os.path.join(HERE, "programs", "*.py")))
    paths = [path for path in paths if not names or name_of(path) in names]
    return [path for path in paths if release in sources(path)]


def name_of(path):
    """A program's name."""
    return os.path.splitext(os.path.basename(path))[0]


def sources(path):
    """The releases that a program was written for."""
    with open(path) as file:
        found = re.search(r"^# sources: (.+)$", file.read(), re.M)
    return found.group(1).split() if found else ["2.2.4", "2.3.1"]


def one_thread():
    """Begins a session in which the order of operations does not depend on threads."""
    import tensorflow as tf
    from keras import backend as K

    K.clear_session()
    config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    K.set_session(tf.Session(config=config))


def gradients_first():
    """Lets Keras 1 compute all gradients before it changes a weight.

    TensorFlow 1.4 takes them in any order, and a gradient that goes through a kernel which has changed
    already is another one.
    """
    import tensorflow as tf
    from keras import optimizers

    compute = optimizers.Optimizer.get_gradients
    optimizers.Optimizer.get_gradients = lambda self, loss, params: tf.tuple(compute(self, loss, params))


def work(out, goldens, paths):
    """Runs programs in this process and writes what each run kept to a file."""
    import keras
    import keras1_weights
    import tensorflow as tf
    from recording import Recording, execute

    tf.logging.set_verbosity(tf.logging.ERROR)
    layout = keras1_weights if keras.__version__.startswith("1.") else None
    if layout:
        gradients_first()
    done = {}
    for path in paths:
        name = name_of(path)
        done[name] = []
        for attempt in range(RUNS):
            one_thread()
            np.random.seed(os.getpid() % 1000 + attempt)  # what the program does not seed shows itself
            recording = Recording(name, goldens, True, layout)
            with tempfile.TemporaryDirectory() as folder, open(path) as file:
                os.chdir(folder)
                try:
                    execute(file.read(), path, recording)
                    done[name].append(json.loads(json.dumps(recording.kept)))
                except Exception:
                    print("== " + name + "\n" + traceback.format_exc(), file=sys.stderr)
                    break
                finally:
                    os.chdir(HERE)
        with open(out, "w") as file:
            json.dump(done, file)


def merged(runs):
    """One golden of several runs: the values of the first, and which of them do not repeat."""
    golden = []
    for name, first in runs[0].items():
        entry = dict(name=name, **first)
        if not all(repeats(first["value"], run[name]["value"]) for run in runs[1:]):
            entry["repeats"] = False
        golden.append(entry)
    return golden


def repeats(one, other):
    """Whether two runs agree on a value."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(repeats, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) <= NOISE * max(1.0, abs(one))
    return one == other


def text_of(golden):
    """A golden as JSON, one kept value a line."""
    return "[\n" + ",\n".join(" " + json.dumps(entry, sort_keys=True) for entry in golden) + "\n]\n"


def main(arguments):
    """Runs the workers and writes the goldens.

    Returns:
        The exit status: 1 where a program failed.
    """
    import keras

    release = keras.__version__
    goldens = os.path.join(HERE, "goldens", release)
    if arguments[:1] == ["--worker"]:
        work(arguments[1], goldens, arguments[2:])
        return 0
    if not os.path.isdir(goldens):
        os.makedirs(goldens)
    paths = chosen(release, arguments)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(PROCESSES):
            out = os.path.join(folder, f"{number}.json")
            environment = dict(
                os.environ,
                PYTHONHASHSEED=str(number),
                TF_CPP_MIN_LOG_LEVEL="3",
                KERAS_BACKEND="tensorflow",
                HOME=folder,  # where Keras looks for the defaults of its user
            )
            command = [sys.executable, "-W", "ignore", os.path.abspath(__file__), "--worker", out]
            subprocess.check_call(command + paths, env=environment)
            with open(out) as file:
                results.append(json.load(file))
    failed = 0
    for path in paths:
        runs = [kept for result in results for kept in result[name_of(path)]]
        if len(runs) < PROCESSES * RUNS:
            print(f"{name_of(path)} failed on Keras {release}")
            failed = 1
            continue
        with open(os.path.join(goldens, name_of(path) + ".json"), "w") as file:
            file.write(text_of(merged(runs)))
    print(f"{len(paths)} programs on Keras {release}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
