"""Reads the installed TensorFlow again and compares with the table that the project ships."""

from __future__ import annotations

import gzip
import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keras_migrate import catalog
from keras_migrate.catalog import extract


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
