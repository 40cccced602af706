"""What the doctor says of environments that hold what their metadata says, and what of a project."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from keras_migrate.transforms.dependencies.installed_packages import editor, meaning, problems, target

from keras_migrate.cli import main
from keras_migrate.installed import Installed, NoPythonError, installed


def has(
    *, python: str = "3.11.7", legacy: bool = False, requires: Iterable[str] = (), **packages: str
) -> Installed:
    """A Python with some packages; underscores stand for hyphens."""
    versions = {name.replace("_", "-"): version for name, version in packages.items()}
    asked = {name: tuple(requires) for name in versions if name.startswith("tensorflow")}
    return Installed("python", python, versions, asked, legacy)


KERAS_2 = has(tensorflow="2.15.1", keras="2.15.0", numpy="1.26.4")
KERAS_3 = has(tensorflow="2.21.0", keras="3.12.0", numpy="2.2.0")


@pytest.mark.parametrize(
    ("environment", "says", "fits"),
    [
        (has(), "no TensorFlow", None),
        (has(tensorflow="1.15.0", keras="2.3.1", python="3.7.16"), "TensorFlow 1.15 itself", None),
        (has(tensorflow="2.4.0", python="3.8.1"), "Keras 2, as it is up to TensorFlow 2.15", "2.15"),
        (KERAS_2, "(keras 2.15.0)", "2.15"),
        (has(tensorflow_cpu="2.15.1", keras="2.15.0"), "Keras 2", "2.15"),
        (KERAS_3, "Keras 3, from TensorFlow 2.16 on (keras 3.12.0)", "2.21"),
        (
            has(tensorflow="2.16.2", keras="3.4.0", tf_keras="2.16.0", legacy=True),
            "(tf_keras 2.16.0)",
            "2.16+legacy",
        ),
    ],
)
def test_meaning_and_target(environment: Installed, says: str, fits: str | None) -> None:
    assert says in meaning(environment)
    found = target(environment)
    assert (None if found is None else str(found)) == fits


@pytest.mark.parametrize("environment", [KERAS_2, KERAS_3])
def test_what_fits_has_no_problem(environment: Installed) -> None:
    assert list(problems(environment)) == []
    assert "no folder `tensorflow/keras`" in editor(environment)


@pytest.mark.parametrize(
    ("environment", "what", "do"),
    [
        (has(tensorflow="2.15.1", keras="3.4.0"), "Keras 3.4.0 beside TensorFlow 2.15", "keras==2.15.*"),
        (has(tensorflow="2.15.1", keras="2.3.1"), "two libraries", "keras==2.15.*"),
        (has(tensorflow="2.3.0", keras="2.3.1", python="3.8.1"), "two libraries", "pip uninstall keras"),
        (has(tensorflow="2.21.0", keras="2.3.1"), "two libraries", "keras>=3"),
        (has(tensorflow="2.21.0", keras="2.15.0"), "whose `tf.keras` is Keras 3", "keras>=3"),
        (has(tensorflow="2.21.0"), "without Keras", "keras>=3"),
        (has(tensorflow="2.17.1", keras="3.4.0", legacy=True), "`tf_keras` is not there", "tf_keras==2.17.*"),
        (
            has(tensorflow="2.21.0", keras="3.4.0", tf_keras="2.16.0"),
            "made for another TensorFlow",
            "tf_keras==2.21.*",
        ),
        (
            has(tensorflow="2.15.1", tensorflow_gpu="2.10.0", keras="2.15.0"),
            "tensorflow 2.15.1 and tensorflow-gpu 2.10.0 put their files in the same place",
            "pip uninstall tensorflow tensorflow-gpu",
        ),
        (has(tensorflow="2.15.1", keras="2.15.0", numpy="2.1.0"), "numpy 2.1.0", "numpy"),
        (
            has(tensorflow="2.13.0", keras="2.13.1", numpy="2.1.0", requires=["numpy<=1.24.3,>=1.22"]),
            "requires `numpy<=1.24.3,>=1.22`",
            "numpy<=1.24.3",
        ),
        (
            has(tensorflow="2.15.1", keras="2.15.0", python="3.13.1"),
            "Python 3.9 to 3.11, and this is 3.13.1",
            "2.21",
        ),
        (has(python="3.15.0"), "this is 3.15.0", "Take Python 3.13"),
        (has(tensorflow="1.15.0", python="3.7.16"), "what old code ran on", "new environment"),
        (has(tensorflow="2.21.0", keras="3.4.0", scikeras="0.12.0"), "is for Keras 2", "scikeras>=0.13"),
        (has(tensorflow="2.15.1", keras="2.15.0", scikeras="0.13.0"), "is for Keras 3", "<0.13"),
        (has(tensorflow="2.21.0", keras="3.4.0", keras_preprocessing="1.1.2"), "standalone", "uninstall"),
    ],
)
def test_problems(environment: Installed, what: str, do: str) -> None:
    found = list(problems(environment))
    assert any(what in each.what and do in each.do for each in found), found


def test_parts_of_tensorflow_are_no_second_one() -> None:
    parts = has(tensorflow="2.15.1", tensorflow_intel="2.15.1", keras="2.15.0")
    assert list(problems(parts)) == []


def test_requirements_for_other_pythons_do_not_count() -> None:
    asked = ["numpy<1.24; python_version < '3.9'", "numpy<2; python_version >= '3.9'", "???"]
    environment = has(tensorflow="2.15.1", keras="2.15.0", numpy="1.26.4", requires=asked)
    assert list(problems(environment)) == []


def plant(folder: Path, packages: Mapping[str, str]) -> None:
    """Writes the metadata of packages as installers leave it."""
    for name, version in packages.items():
        info = folder / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A program that runs this Python with a ``site-packages`` of its own in front."""
    program = tmp_path / "environment" / "bin" / "python"
    program.parent.mkdir(parents=True)
    code = "import json, sys; sys.path = [sys.argv[1]]; sys.version_info = (3, 11, 7); exec(sys.argv[4])"
    site = tmp_path / "site-packages"
    site.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" {site} "$@"\n')
    program.chmod(0o755)
    return program


def doctor(*arguments: object, **environment: str) -> Result:
    result = CliRunner(env={"TF_USE_LEGACY_KERAS": None, **environment}).invoke(
        main, ["doctor", *map(str, arguments)]
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script of sh")
class TestCommand:
    def test_reads_the_metadata_of_that_python(self, python: Path, tmp_path: Path) -> None:
        plant(tmp_path / "site-packages", {"tensorflow": "2.15.1", "Keras": "3.4.0", "NumPy": "1.26.4"})
        done = doctor("--python", python)
        assert done.exit_code == 3
        assert "tensorflow  2.15.1" in done.output
        assert "Keras 3.4.0 beside TensorFlow 2.15" in done.output
        assert "--target 2.15" in done.output

    def test_json_and_the_folder_of_an_environment(self, python: Path, tmp_path: Path) -> None:
        plant(
            tmp_path / "site-packages", {"tensorflow_cpu": "2.20.0", "keras": "3.12.0", "tf_keras": "2.20.0"}
        )
        done = doctor("--python", python.parent.parent, "--format", "json", TF_USE_LEGACY_KERAS="1")
        found = json.loads(done.output)
        assert done.exit_code == 0
        assert found["packages"] == {"tensorflow-cpu": "2.20.0", "keras": "3.12.0", "tf-keras": "2.20.0"}
        assert (found["target"], found["legacy_keras"], found["problems"]) == ("2.20+legacy", True, [])
        assert found["project"] is None

    def test_a_project(self, python: Path, tmp_path: Path) -> None:
        plant(tmp_path / "site-packages", {"tensorflow": "2.21.0", "keras": "3.12.0"})
        project = tmp_path / "project"
        project.mkdir()
        (project / "requirements.txt").write_text("tensorflow==2.16.1\n")
        done = doctor("--python", python, project)
        assert "tensorflow==2.16.1  in requirements.txt" in done.output
        assert "Its target is TensorFlow 2.16, because requirements.txt asks for" in done.output
        assert "this Python has another" in done.output
        found = json.loads(doctor("--python", python, "--format", "json", project).output)
        assert found["project"]["target"] == "2.16"


def test_this_python_by_default() -> None:
    assert installed().version == ".".join(map(str, sys.version_info[:3]))
    assert "click" in installed().packages


def test_nothing_of_keras_is_imported() -> None:
    doctor()
    assert "tensorflow" not in sys.modules
    assert "keras" not in sys.modules


def test_what_is_no_python(tmp_path: Path) -> None:
    with pytest.raises(NoPythonError, match="cannot be run"):
        installed(str(tmp_path / "nothing"))
    with pytest.raises(NoPythonError, match="folder without a Python"):
        installed(str(tmp_path))
    done = doctor("--python", tmp_path)
    assert done.exit_code == 2
    assert "folder without a Python" in done.output
    assert doctor(tmp_path / "nothing").exit_code == 2
