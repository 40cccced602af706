"""The programs use all of Keras 2.2.4 and 2.3.1 that has a counterpart, and there are enough of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import libcst as cst
import pytest
from equivalence.programs import GOLDENS, SOURCES, Program, all_programs
from keras_migrate.transforms.names import symbols

from keras_migrate.catalog import Symbol, legacy
from keras_migrate.names import Names
from keras_migrate.target import Target

TARGETS = tuple(map(Target.parse, ("2.15", "2.21")))
MODULES = (
    "layers",
    "optimizers",
    "losses",
    "metrics",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
)
PLUMBING = frozenset(
    {
        "deserialize",
        "serialize",
        "deserialize_keras_object",
        "serialize_keras_object",
        "get",
    }
)
"""What every one of the modules has to find the others by name."""

CANNOT_RUN = {
    "CuDNNGRU": "needs a graphics card",
    "CuDNNLSTM": "needs a graphics card",
    "MeanIoU": "Keras 2.3.1 refuses it on TensorFlow 1",
}
"""What has a counterpart and no golden, and why."""

BY_NAME = {
    "activation": "activations",
    "recurrent_activation": "activations",
    "optimizer": "optimizers",
    "loss": "losses",
    "metrics": "metrics",
    "weighted_metrics": "metrics",
}
"""Argument → the module that its strings are names of."""
BY_PLACE = {"Activation": ("activations",), "compile": ("optimizers", "losses")}
"""Function → the modules that its positional strings are names of."""
ENDINGS = {"_initializer": "initializers", "_regularizer": "regularizers", "_constraint": "constraints"}


@cache
def offered(release: str) -> dict[str, str]:
    """What a release offers that has a counterpart on some target: name of the definition → a path of it."""
    catalog = legacy(release)
    found: dict[str, str] = {}
    for module in MODULES:
        for leaf in sorted(catalog.star(f"keras.{module}") - PLUMBING - CANNOT_RUN.keys()):
            symbol = catalog.get(f"keras.{module}.{leaf}")
            if symbol is not None and of_its_own(symbol, module) and has_counterpart(symbol):
                found.setdefault(f"{module}: {symbol.name}", symbol.path)
    return found


def of_its_own(symbol: Symbol, module: str) -> bool:
    """Whether a symbol is a class or function of Keras' own that belongs to the module."""
    if symbol.kind not in ("class", "function") or not (symbol.name or "").startswith("keras."):
        return False
    home = symbol.name.split(".")[1]
    return home == module or (module == "layers" and home in ("engine", "legacy"))


def has_counterpart(symbol: Symbol) -> bool:
    """Whether some target has what stands for it."""
    return any(symbols.successor(symbol.path, target).path is not None for target in TARGETS)


def used(program: Program, release: str) -> set[str]:
    """What a program uses of a release, as `offered` names it."""
    catalog = legacy(release)
    paths = {*referenced(program), *named(program)}
    found = set()
    for path in paths:
        symbol = catalog.get(catalog.split(path)[0])
        if symbol is not None:
            found |= {f"{one.split('.')[1]}: {symbol.name}" for one in (path, *symbol.paths)}
    return found


def referenced(program: Program) -> Iterator[str]:
    """The qualified names that a program refers to."""
    names = Names(cst.parse_module(program.text), frozenset({"keras"}))
    for reference in names.references:
        for origin in names.origins(reference):
            yield origin.name


def named(program: Program) -> Iterator[str]:
    """The paths of what a program names by a string: ``activation='relu'``, ``compile('sgd', 'mse')``."""
    for call in ast.walk(ast.parse(program.text)):
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            name = keyword.arg or ""
            module = BY_NAME.get(name) or next((ENDINGS[end] for end in ENDINGS if name.endswith(end)), None)
            for text in strings(keyword.value) if module else ():
                yield f"keras.{module}.{text}"
        function = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for module, argument in zip(BY_PLACE.get(function, ()), call.args, strict=False):
            for text in strings(argument):
                yield f"keras.{module}.{text}"


def strings(node: ast.expr) -> Iterator[str]:
    """The strings of a literal, of a list, or of the values of a dictionary."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from strings(element)
    elif isinstance(node, ast.Dict):
        for element in node.values:
            yield from strings(element)


@pytest.mark.parametrize("release", SOURCES)
def test_everything_is_used(release: str) -> None:
    """Each class and function is used by at least one program of its release."""
    seen = {
        name for program in all_programs() if release in program.sources for name in used(program, release)
    }
    missing = {path for name, path in offered(release).items() if name not in seen}
    assert len(offered(release)) > 100
    assert sorted(missing) == []


def test_there_are_enough_programs() -> None:
    """At least sixty programs, ten of which read a file that the old stack saved."""
    assert len(all_programs()) >= 60
    for source in SOURCES:
        assert len(list((GOLDENS / source).glob("*.h5"))) >= 10


def test_there_are_enough_programs_of_keras_1() -> None:
    """At least thirty programs, five of which read a file that Keras 1 saved."""
    assert len([program for program in all_programs() if program.sources == ("1.2.2",)]) >= 30
    assert len(list((GOLDENS / "1.2.2").glob("*.h5"))) >= 5


@pytest.mark.parametrize("program", all_programs(), ids=str)
def test_program_has_goldens(program: Program) -> None:
    """Each release that a program was written for has run it; nothing in it is seeded unseen."""
    assert [
        source for source in program.sources if not (GOLDENS / source / f"{program.name}.json").is_file()
    ] == []
    assert "np.random.seed" not in program.text, (
        "what is drawn after it repeats on the old stack, and on no other"
    )


def test_goldens_are_small() -> None:
    """All that is kept together."""
    assert sum(path.stat().st_size for path in GOLDENS.rglob("*") if path.is_file()) < 1_000_000


def test_goldens_have_programs() -> None:
    """No golden outlives its program."""
    names = {program.name for program in all_programs()}
    assert {path.name.split(".")[0] for path in GOLDENS.rglob("*") if path.is_file()} <= names
