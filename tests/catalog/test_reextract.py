"""Reads the installed TensorFlow again and compares with the table that the project ships."""

from __future__ import annotations

import gzip
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keras_migrate import catalog
from keras_migrate.catalog import extract
from keras_migrate.target import Target

LOOK = """
import functools, importlib, json, sys
import tensorflow

def there(path):
    try:
        functools.reduce(getattr, path.split(".")[1:], tensorflow)
    except Exception:
        return False
    return True

def importable(path):
    try:
        importlib.import_module(path)
    except Exception:
        return False
    return True

paths, modules = json.load(sys.stdin)
attributes = [path for path in paths if there(path)]
imported = [path for path in modules if importable(path)]
with open(sys.argv[1], "w") as stream:
    json.dump([attributes, imported], stream)
"""


def table(path: Path) -> dict[str, Any]:
    """Reads a table."""
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content


def described(content: dict[str, Any]) -> dict[str, Any]:
    """A table as path → what it says, so that a difference can be read."""
    signatures = content["signatures"]
    found = {}
    for module, row in content["modules"].items():
        for name, number in row["members"].items():
            one = dict(content["objects"][number]) if number >= 0 else {"kind": "value"}
            if "signature" in one:
                one["signature"] = signatures[one["signature"]]
            found[f"{module}.{name}"] = one
    return found


def installed() -> str:
    """The table of the TensorFlow that is installed, or a skip that says why there is nothing to compare."""
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed in this environment")
    version = next(
        found
        for name in ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos")
        if (found := _version(name)) is not None
    )
    release = ".".join(version.split(".")[:2])
    if release not in catalog.TENSORFLOW_RELEASES:
        pytest.skip(f"there is no table of its own for TensorFlow {version}")
    shipped = catalog.load(f"tensorflow-{release}").versions
    present = {"tensorflow": version, "keras": _version("keras")}
    if present != shipped:
        pytest.skip(f"the table is of {shipped}, here is {present}")
    return f"tensorflow-{release}"


def installed_legacy() -> str:
    """The release of TensorFlow beside which the ``tf_keras`` of the table is installed, or a skip."""
    if importlib.util.find_spec("tf_keras") is None:
        pytest.skip("tf_keras is not installed in this environment")
    version = installed().removeprefix("tensorflow-")
    shipped, present = catalog.load("tf_keras").versions["tf_keras"], _version("tf_keras")
    if present != shipped:
        pytest.skip(f"the table is of tf_keras {shipped}, here is {present}")
    return version


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def test_the_shipped_table_is_what_the_release_offers(tmp_path: Path) -> None:
    name = installed()
    script = Path(extract.__file__)
    fresh = tmp_path / f"{name}.json.gz"
    subprocess.run([sys.executable, str(script), str(fresh), "--package", "tensorflow.keras"], check=True)
    shipped = script.parent / fresh.name
    before, after = described(table(shipped)), described(table(fresh))
    assert before.keys() == after.keys()
    assert {path: (before[path], after[path]) for path in before if before[path] != after[path]} == {}
    assert table(shipped) == table(fresh)
    names = f"{name}.names.json.gz"
    assert table(script.parent / names) == table(tmp_path / names)


def test_the_shipped_table_of_tf_keras_is_what_it_offers(tmp_path: Path) -> None:
    installed_legacy()
    script = Path(extract.__file__)
    fresh = tmp_path / "tf_keras.json.gz"
    subprocess.run([sys.executable, str(script), str(fresh), "--package", "tf_keras"], check=True)
    assert table(script.parent / fresh.name) == table(fresh)
    names = "tf_keras.names.json.gz"
    assert table(script.parent / names) == table(tmp_path / names)


@pytest.mark.parametrize("legacy", [False, True], ids=["plain", "legacy"])
def test_every_path_of_any_release_is_there_or_not_as_the_tables_say(legacy: bool, tmp_path: Path) -> None:
    release = installed_legacy() if legacy else installed().removeprefix("tensorflow-")
    target, script = Target(release, legacy), Path(extract.__file__)
    keras: set[str] = set()
    others: set[str] = set()
    for one in (*map(Target, catalog.TENSORFLOW_RELEASES), Target(release, legacy=True)):
        keras.update(catalog.for_target(one))
        content = table(script.parent / f"{'tf_keras' if one.legacy else f'tensorflow-{one}'}.names.json.gz")
        for module in (*content["names"], *content["same"]):
            others.update(f"{module}.{name}" for name in catalog.tensorflow_members(module, one))
    others = {path for path in others if path != "tensorflow.keras"}
    modules = {path for path in keras if any(other.startswith(path + ".") for other in keras)}
    shipped = catalog.for_target(target)
    expected = {path for path in keras if shipped.reachable(path)}
    expected |= {path for path in others if catalog.tensorflow_has(path, target)}

    output = tmp_path / "found.json"
    subprocess.run(
        [sys.executable, "-c", LOOK, str(output)],
        input=json.dumps([sorted(keras | others), sorted(modules)]),
        env={**os.environ, "TF_USE_LEGACY_KERAS": str(int(legacy)), "TF_CPP_MIN_LOG_LEVEL": "3"},
        text=True,
        check=True,
    )
    attributes, imported = json.loads(output.read_text())
    assert sorted(set(attributes) - expected) == []
    assert sorted(expected - set(attributes)) == []
    assert set(imported) == {path for path in modules if shipped.importable(path)}
