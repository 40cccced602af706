"""``--python2 convert`` on folders, on standard input, and where nothing can be written but the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keras_migrate.cli import main

OLD = "from keras.layers.core import Dense\nprint Dense\n"
NEW = "from tensorflow.keras.layers import Dense\nprint(Dense)\n"


def run(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["migrate", *arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def plant(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_diff_shows_both(folder: Path) -> None:
    plant(folder, train=OLD)
    result = run("--python2", "convert", "--dry-run", ".")
    assert result.exit_code == 1
    for line in (OLD + NEW).splitlines():
        assert line in result.stdout
    assert (folder / "train.py").read_text() == OLD


def test_written(folder: Path) -> None:
    plant(folder, train=OLD)
    assert run("--python2", "convert", "--write", ".").exit_code == 0
    assert (folder / "train.py").read_text() == NEW
    again = run("--python2", "convert", "--write", ".")
    assert again.exit_code == 0
    assert (folder / "train.py").read_text() == NEW


def test_reported_by_default(folder: Path) -> None:
    plant(folder, train=OLD, data="print 1\n")
    result = run("--write", ".")
    assert result.exit_code == 4
    assert "train.py:2:1 KM904" in result.stdout
    assert "--python2 convert" in result.stdout
    assert (folder / "train.py").read_text() == OLD
    assert (folder / "data.py").read_text() == "print 1\n"


def test_files_without_keras_come_along(folder: Path) -> None:
    plant(folder, train=OLD, data="for i in xrange(3): pass\n", both="x = 1\n", broken="x = (\n")
    result = run("--python2", "convert", "--write", "--report", "report.json", ".")
    assert result.exit_code == 0
    assert (folder / "data.py").read_text() == "for i in range(3): pass\n"
    assert (folder / "broken.py").read_text() == "x = (\n"
    files = {each["path"]: each for each in json.loads((folder / "report.json").read_text())["files"]}
    assert files["data.py"]["status"] == "changed"
    assert {each["rule"] for each in files["data.py"]["findings"]} == {"KM890"}
    assert not {"both.py", "broken.py"} & files.keys()


def test_what_cannot_be_converted(folder: Path) -> None:
    broken = "import keras\nprint keras\nx = = 1\n"
    plant(folder, train=broken, data=OLD)
    result = run("--python2", "convert", "--write", ".")
    assert result.exit_code == 4
    assert "train.py:3:1 KM906" in result.stdout
    assert (folder / "train.py").read_text() == broken
    assert (folder / "data.py").read_text() == NEW


def test_standard_input() -> None:
    result = run("--python2", "convert", "-", stdin=OLD)
    assert (result.exit_code, result.stdout) == (0, NEW)
    result = run("--python2", "convert", "-", stdin="print 1")
    assert (result.exit_code, result.stdout) == (0, "print(1)")


def test_modules_of_the_same_package(folder: Path) -> None:
    package = folder / "net"
    package.mkdir()
    plant(package, __init__="", layers="x = 1\n", Queue="y = 2\n")
    plant(package, model="import layers, os\nfrom layers import x\nimport Queue\nprint x\n")
    plant(folder, start="import layers\nimport Queue\nprint 1\n")
    run("--python2", "convert", "--write", ".")
    model = "import os; from . import layers\nfrom .layers import x\nfrom . import Queue\nprint(x)\n"
    assert (package / "model.py").read_text() == model
    assert (folder / "start.py").read_text() == "import layers\nimport queue\nprint(1)\n"


def test_divisions_beside_python_2(folder: Path) -> None:
    """A file that parses as both is not edited, but what it meant is said."""
    model = "from tensorflow import keras\n\nhalf = len('abcd') / 2\n"
    for name in ("old", "new"):
        (folder / name).mkdir()
        plant(folder / name, model=model)
    plant(folder / "old", train=OLD)
    assert "model.py:3:1 KM891" in run("--python2", "convert", "--write", "old").stdout
    assert (folder / "old" / "model.py").read_text() == model
    assert "KM891" not in run("--python2", "convert", "--write", "new").stdout


def test_what_a_python_2_module_offers(folder: Path) -> None:
    """Names are followed into modules that are not converted yet."""
    plant(
        folder,
        backend="import keras\nprint keras.__version__\n",
        train="from backend import keras\nkeras.layers.core.Dense(3, init='uniform')\n",
    )
    run("--python2", "convert", "--write", "--source", "1.2", ".")
    assert "keras.layers.Dense(3, kernel_initializer='uniform')" in (folder / "train.py").read_text()


def test_processes(folder: Path) -> None:
    plant(folder, **{f"train{number}": OLD for number in range(4)})
    assert run("--python2", "convert", "--write", "--jobs", "2", ".").exit_code == 0
    assert {path.read_text() for path in folder.glob("*.py")} == {NEW}


def test_nothing_else_is_written_or_said(folder: Path) -> None:
    """Neither a cache in the home folder nor messages of fissix."""
    plant(folder, train=OLD)
    home = folder / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-m", "keras_migrate", "migrate", "--python2", "convert", "-q", "--write", "."]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(home.iterdir()) == []
    assert (folder / "train.py").read_text() == NEW
