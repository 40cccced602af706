"""What is written down of a program that ran; Python 3.6 has to read it."""

import json
import os
import random
import re
import sys
import traceback

import numpy as np


def seed():
    """The same random numbers in every run, as far as the stack allows."""
    number = int(os.environ.get("KERAS_SUITE_SEED", "1"))
    random.seed(number)
    np.random.seed(number)
    tf = sys.modules.get("tensorflow")
    if tf is not None:
        (tf.set_random_seed if hasattr(tf, "set_random_seed") else tf.random.set_seed)(number)


def append(path, record):
    """Adds one line of JSON to a file, at once, so that nothing is lost when the process dies."""
    with open(path, "a") as opened:
        opened.write(json.dumps(record) + "\n")


def failed(identifier, error, root):
    """The record of a program that ended with an exception.

    Args:
        identifier: which program.
        error: the exception.
        root: the folder whose files count as the program's own.
    Returns:
        The record: ``places`` are the own lines of the traceback, outermost first.
    """
    text = str(error).strip()
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    return {
        "id": identifier,
        "outcome": "failed",
        "error": type(error).__name__ + ": " + lines[0][:300],
        "message": text[:3000],
        "places": places(error, root),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[-6000:],
    }


def places(error, root):
    """The lines of the traceback in files below a folder, as ``[path, line]``, outermost first.

    TensorFlow rewrites tracebacks of functions that it converted and quotes the original place in the
    message, as ``File "…", line N``; those count too, and so do the exceptions that led to this one.
    """
    found = []
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        here = [
            [os.path.relpath(frame.filename, root).replace(os.sep, "/"), frame.lineno]
            for frame in traceback.extract_tb(error.__traceback__)
            if below(frame.filename, root)
        ]
        if isinstance(error, SyntaxError) and error.filename and below(error.filename, root):
            here.append([os.path.relpath(error.filename, root), error.lineno])
        for path, line in re.findall(r'File "([^"]+)", line (\d+)', str(error)):
            if below(path, root):
                here.append([os.path.relpath(path, root), int(line)])
        found += [place for place in here if place not in found]
        error = error.__cause__ or error.__context__
    return found


def below(path, root):
    """Whether a file is one of the program's own."""
    inside = os.path.abspath(path).startswith(os.path.abspath(root) + os.sep)
    return inside and os.path.isfile(path)
