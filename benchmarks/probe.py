"""Tries references on the TensorFlow of the interpreter that runs this, and needs nothing but that.

Reads a JSON list of references, ``["import", "a.b"]``, ``["from", "a.b", "c"]``, ``["attribute", "a.b.c"]``
or ``["star", "a.b"]``, and of calls, ``["call", "a.B", "2", "name", …]`` with the number of positional
arguments and the keywords, from standard input; writes ``{"version": …, "results": [[ok, detail], …]}``. The
detail of a star is the list of its names, that of a failure is the first name that is not there or not taken.
"""

import contextlib
import importlib
import inspect
import io
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

STUBS = ("LegacyOptimizerWarning",)
"""Classes that stand at many paths and only raise when they are called."""


def module(path):
    """The module of that dotted path, or None."""
    try:
        return importlib.import_module(path)
    except Exception:
        return None


def follow(path):
    """Follows a dotted path with getattr, and imports where a part is a module that nobody has imported yet.

    Returns:
        The object and None, or None and the first part that is not there.
    """
    parts = path.split(".")
    current = module(parts[0])
    if current is None:
        return None, parts[0]
    for place, part in enumerate(parts[1:], 2):
        try:
            current = getattr(current, part)
        except Exception:
            current = module(".".join(parts[:place]))
        if current is None:
            return None, part
        if getattr(current, "__name__", None) in STUBS:
            return None, part
    return current, None


def bind(path, positional, keywords):
    """Binds the arguments of a call to the real signature, that of every constructor of a class included.

    Returns:
        Whether they are taken, and the first that is not; what is not there, or takes any keyword, takes all.
    """
    found, missing = follow(path)
    if missing is not None or not callable(found):
        return [True, None]
    if inspect.isclass(found):
        made = [each.__dict__["__init__"] for each in found.__mro__ if "__init__" in each.__dict__]
        skip = 1
    else:
        made, skip = [found], 0
    names, first, closed = set(), None, False
    for function in made:
        try:
            parameters = list(inspect.signature(function).parameters.values())[skip:]
        except (TypeError, ValueError):
            return [True, None]
        first = parameters if first is None else first
        names.update(
            each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
        )
        if all(each.kind is not each.VAR_KEYWORD for each in parameters):
            closed = True
            break
        if first is parameters and any(each.kind is each.VAR_POSITIONAL for each in parameters):
            return [True, None]
    places = [each for each in first if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    any_number = any(each.kind is each.VAR_POSITIONAL for each in first)
    if positional > len(places) and not any_number:
        return [False, f"argument {len(places) + 1}"]
    for name in keywords:
        if name not in names and not (is_layer(found) and taken_by_layers(name)):
            return [not closed and not inspect.isclass(found), name]
    return [True, None]


def is_layer(found):
    """Whether something is a class of layers."""
    import tensorflow as tf

    return inspect.isclass(found) and issubclass(found, tf.keras.layers.Layer)


def taken_by_layers(name):
    """Whether the base of all layers takes a keyword that its signature does not name."""
    import tensorflow as tf

    for value in (None, (3,), 3):
        try:
            tf.keras.layers.Layer(**{name: value})
            return True
        except Exception:
            continue
    return False


def attempt(reference):
    """One reference's outcome: whether it is there, and the detail."""
    kind, path = reference[0], reference[1]
    if kind == "call":
        return bind(path, int(reference[2]), reference[3:])
    found = module(path) if kind != "attribute" else None
    if kind == "import":
        return [found is not None, path.split(".")[-1]]
    if kind == "star":
        names = getattr(found, "__all__", None) or [name for name in dir(found) if not name.startswith("_")]
        return [found is not None, sorted(names) if found is not None else path.split(".")[-1]]
    if kind == "from" and found is None:
        return [False, path.split(".")[-1]]
    _, missing = follow(path if kind == "attribute" else path + "." + reference[2])
    return [missing is None, missing]


def main():
    """Answers what standard input asks."""
    references = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        import tensorflow

        results = [attempt(reference) for reference in references]
    json.dump({"version": tensorflow.__version__, "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
