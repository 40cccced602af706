"""Tries references on the TensorFlow of the interpreter that runs this, and needs nothing but that.

Reads a JSON list of references, ``["import", "a.b"]``, ``["from", "a.b", "c"]``, ``["attribute", "a.b.c"]``
or ``["star", "a.b"]``, from standard input; writes ``{"version": …, "results": [[ok, detail], …]}``. The
detail of a star is the list of its names, that of a failure is the first name that is not there.
"""

import contextlib
import importlib
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


def attempt(reference):
    """One reference's outcome: whether it is there, and the detail."""
    kind, path = reference[0], reference[1]
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
