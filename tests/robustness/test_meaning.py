"""Random modules with Keras in them: what comes out means what went in.

Two kinds: programs that run (`programs`), whose every marked expression has to be the same object of Keras
before and after; and modules that hypothesmith makes from Python's grammar, with names of Keras sprinkled in.

``KERAS_MIGRATE_CASES`` is how many programs there are in place of 150; there is a module for every hundred.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Callable, Iterator
from itertools import zip_longest
from keyword import iskeyword

import hypothesmith
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from keras_migrate.transforms.names import symbols
from robustness.programs import Vocabulary, is_valid, programs
from robustness.run_time import NOWHERE, Library, Run

from keras_migrate import FileResult, Level, Status, Target, migrate_source
from keras_migrate.catalog import Catalog, for_target, moves

CASES = int(os.environ.get("KERAS_MIGRATE_CASES", "0")) or None
TARGETS = st.sampled_from(["2.15", "2.21"])
MOST_RUNS = 12

WORDS = Vocabulary(
    names=("a", "b", "keras", "layers", "Dense", "tf"),
    imports=(
        "import keras as NAME",
        "import keras as NAME, os",
        "import os as NAME",
        "import keras.layers as NAME",
        "import keras.layers.core as NAME",
        "import tensorflow as NAME",
        "import tensorflow.keras as NAME",
        "from keras import layers as NAME",
        "from keras import models, backend as NAME",
        "from keras.layers import Dense as NAME",
        "from keras.layers import (LSTM, Dense as NAME)",
        "from keras.layers.core import Dense as NAME, Activation",
        "from keras.engine.topology import Layer as NAME",
        "from keras.engine import Layer, InputSpec as NAME",
        "from keras.utils.np_utils import to_categorical as NAME",
        "from keras.preprocessing import image as NAME",
        "from tensorflow import keras as NAME",
        "from tensorflow.keras.layers import Dense as NAME",
        "from tensorflow.python.keras.layers import Dense as NAME",
        "from os import path as NAME",
    ),
    bare_imports=(
        "import keras",
        "import keras.layers",
        "import keras.layers.core, os",
        "import keras.engine.topology",
        "import tensorflow.keras",
        "from keras import layers",
        "from keras.layers import Dense",
        "from keras.layers import *",
        "from keras.layers.core import *",
        "from keras.models import *",
        "from keras.wrappers.scikit_learn import KerasClassifier",
        "from tensorflow import keras",
    ),
    tails=(
        "", "", "", "", ".layers", ".layers", ".layers.Dense", ".Dense", ".layers.core.Dense", ".core",
        ".backend.epsilon", ".models.Sequential", ".utils.np_utils.to_categorical", ".engine.topology.Layer",
        ".engine", ".wrappers.scikit_learn", ".layers.merge", ".keras", ".keras.layers.Dense", ".path",
    ),
    handlers=("ImportError", "LookupError", "LookupError as NAME"),
    context="opened",
)  # fmt: skip


def budget(share: int, part: int = 1) -> settings:
    """How many cases a test tries: its share, or a part of what the environment asks for."""
    quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=share)
    return quiet if CASES is None else settings(quiet, max_examples=max(1, CASES // part), database=None)


def had(path: str) -> bool:
    """Whether some old Keras has a name, or what stands for all other packages."""
    old = moves.normalise(path)
    if old is None:
        return path == "os.path" or not path.startswith("os.")
    return old == "keras" or bool(moves.known(old))


def installed(target: str) -> Library:
    """A TensorFlow beside an old Keras, as far as the catalogs know them."""
    catalog = for_target(Target.parse(target))

    def has(path: str) -> bool:
        return path in catalog if path.startswith("tensorflow.keras.") else had(path)

    return Library(has, lambda path: catalog.star(path) or symbols.star(moves.normalise(path) or path))


OLD = Library(had, lambda path: symbols.star(moves.normalise(path) or path))


def successor(path: str, target: str) -> str | None:
    """What has the place of an old name in a target; ``None`` where nothing has."""
    old = moves.normalise(path)
    return path if old is None else symbols.successor(old, Target.parse(target)).path


def same_object(path: str, other: str, catalog: Catalog) -> bool:
    """Whether two names of a target lead to one object."""
    symbol = catalog.get(path)
    version1 = path.replace("tensorflow.", "tensorflow.compat.v1.", 1)
    return other in (path, version1) or (symbol is not None and other in catalog.paths_of(symbol))


def runs(source: str, library: Library, most: int) -> Iterator[Run]:
    """Runs a program in some of the ways in which it can go."""
    code = compile(source, "snippet", "exec", dont_inherit=True)
    pending: list[list[bool]] = [[]]
    for _ in range(most):
        if not pending:
            return
        planned = pending.pop(0)
        run = Run(code, planned, library=library)
        yield run
        pending += [[*run.answers[:at], True] for at in range(len(planned), min(len(run.answers), 6))]


def differences(result: FileResult, target: str) -> Iterator[str]:
    """Where a migrated program means something else, and no finding hands that to a person."""
    catalog = for_target(Target.parse(target))
    reported = any(finding.level is Level.MANUAL for finding in result.findings)
    new = compile(result.after, "migrated", "exec", dont_inherit=True)
    library = installed(target)
    for run in runs(result.before.decode(), OLD, MOST_RUNS):
        again = Run(new, run.answers, library=library)
        for old, now in zip_longest(run.trace, again.trace):
            if old is None:
                if run.error is None:
                    yield f"{now} came up only after"
                break
            if now is None:
                if not (again.error and (reported or isinstance(again.error, RecursionError))):
                    yield f"{old} came up only before; then {again.error!r}"
                break
            wanted = successor(old[1], target)
            if now[0] != old[0]:
                yield f"{now} came up in place of {old}"
                break
            if old[1] == NOWHERE or (wanted is not None and same_object(wanted, now[1], catalog)):
                continue
            if not reported or now[1] not in (old[1], NOWHERE):
                yield f"mark {old[0]} was {old[1]} and is {now[1]}, not {wanted}"
        else:
            if again.error and not (run.error or reported):
                yield f"raises {again.error!r}"


@budget(150)
@given(programs(WORDS, seeded=CASES is not None).filter(is_valid), TARGETS)
def test_a_program_gets_the_same_objects(source: str, target: str) -> None:
    result = migrate_source(source, target=target)
    note(f"target {target}\n{source}\nbecame\n{result.after.decode()}")
    note("\n".join(f"{each.line} {each.rule} {each.level.value} {each.message}" for each in result.findings))
    assert result.status is not Status.FAILED
    assert list(differences(result, target)) == []
    if all(had(finding.symbol) for finding in result.findings if finding.symbol):
        assert migrate_source(result.after, target=target).after == result.after


KERAS = {
    "keras": "import keras",
    "k": "import keras as k",
    "layers": "from keras import layers",
    "Dense": "from keras.layers.core import Dense",
    "Layer": "from keras.engine.topology import Layer",
    "to_categorical": "from keras.utils.np_utils import to_categorical",
    "tf": "import tensorflow as tf",
}
"""What is sprinkled in, by how it is imported."""


WORD = re.compile(r"""\b[A-Za-z_]\w*\b(?!["'])""")


@st.composite
def sprinkled(draw: Callable[[st.SearchStrategy[str]], str]) -> str:
    """A module from Python's grammar in which some words became names of Keras, below imports of some."""
    renamed: dict[str, str] = {}

    def sprinkle(word: re.Match[str]) -> str:
        text = word[0]
        if iskeyword(text):
            return text
        if text not in renamed:
            renamed[text] = draw(st.sampled_from([text, *KERAS]))
        return renamed[text]

    source = WORD.sub(sprinkle, draw(hypothesmith.from_node()))
    imports = [line for name, line in KERAS.items() if name in renamed.values()]
    return "\n".join([*imports, source])


def tree(source: str | bytes) -> ast.Module | None:
    """What Python makes of a module, if it is one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def unconcerned(module: ast.Module) -> list[str]:
    """The statements of a module that have nothing to do with Keras, not even through other names."""
    words = {each: set(WORD.findall(ast.unparse(each))) for each in module.body}
    reached = set(KERAS)
    while more := {word for each in words.values() if each & reached for word in each} - reached:
        reached |= more
    return [ast.dump(each) for each in module.body if not words[each] & reached]


@budget(20, part=100)
@given(hypothesmith.from_node())
def test_a_module_without_keras_stays(source: str) -> None:
    data = (source + "\n# keras\n").encode("utf-8", "surrogatepass")
    assert migrate_source(data).after == data


@budget(20, part=100)
@given(sprinkled().filter(tree), TARGETS)
def test_what_does_not_touch_keras_stays(source: str, target: str) -> None:
    result = migrate_source(source, target=target)
    note(f"target {target}\n{source}\nbecame\n{result.after!r}")
    if result.status is Status.FAILED:
        assert result.after == result.before
        return
    before, after = tree(result.before), tree(result.after)
    assert before is not None
    assert after is not None
    left = iter([ast.dump(each) for each in after.body])
    assert all(each in left for each in unconcerned(before))
    assert migrate_source(result.after, target=target).after == result.after
