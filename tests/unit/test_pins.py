"""What dependency files of every kind ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate.pins import Pin, pins_in


def asked(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return [(pin.file, str(pin)) for pin in pins_in(str(folder))]


@pytest.mark.parametrize(
    ("name", "text", "pins"),
    [
        ("requirements.txt", "numpy\nKeras==2.2.4\n", ["keras==2.2.4"]),
        ("requirements.txt", "keras >= 2.0.8, <2.3  # newer ones break\n", ["keras>=2.0.8,<2.3"]),
        ("requirements.txt", "keras[visualize]==2.1.5 ; python_version<'3'\n", ["keras==2.1.5"]),
        ("requirements-gpu.txt", "tensorflow-gpu==1.12.0\n", ["tensorflow==1.12.0"]),
        ("dev_requirements.txt", "tensorflow_gpu~=1.12\n", ["tensorflow~=1.12"]),
        ("constraints.txt", "keras==2.2.4 --hash=sha256:00\n", ["keras==2.2.4"]),
        ("requirements/base.txt", "keras==2.2.4\n", ["keras==2.2.4"]),
        ("setup.py", "setup(install_requires=[\"keras>=2.0\", 'h5py'])\n", ["keras>=2.0"]),
        ("setup.py", "print 'python 2'\nsetup(extras_require={'k': ['keras == 2.1.5']})\n", ["keras==2.1.5"]),
        ("setup.cfg", "[options]\ninstall_requires =\n    keras<2.3\n", ["keras<2.3"]),
        ("pyproject.toml", '[project]\ndependencies = ["keras>=2.2,<2.3", "x"]\n', ["keras>=2.2,<2.3"]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nKeras = "~2.3"\n', ["keras>=2.3,<2.4"]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "^2.2.4"\n', ["keras>=2.2.4,<3"]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "^0.3.1"\n', ["keras>=0.3.1,<0.4"]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "2.2.4"\n', ["keras==2.2.4"]),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nkeras = {version = ">=2.1", optional = true}\n',
            ["keras>=2.1"],
        ),
        ("poetry.lock", '[[package]]\nname = "keras"\nversion = "2.3.1"\n', ["keras==2.3.1"]),
        ("Pipfile", '[packages]\nkeras = "==2.2.4"\ntensorflow = "*"\n', ["keras==2.2.4"]),
        ("Pipfile.lock", '{"default": {"keras": {"hashes": [], "version": "==2.2.4"}}}', ["keras==2.2.4"]),
        (
            "environment.yml",
            "dependencies:\n  - conda-forge::keras=2.2\n  - pip:\n    - tensorflow==1.9\n",
            ["keras==2.2.*", "tensorflow==1.9"],
        ),
        ("tox.ini", "[testenv]\ndeps =\n    old: keras==2.1.6\n", ["keras==2.1.6"]),
        (
            "Dockerfile",
            "RUN conda install -y tensorflow-gpu=1.14.0 keras=2.3.1\n",
            ["tensorflow==1.14.0", "keras==2.3.1"],
        ),
        ("Dockerfile.gpu", "FROM tensorflow/tensorflow:1.12.0-gpu-py3\n", ["tensorflow==1.12.0"]),
        (
            "requirements.txt",
            "git+https://github.com/keras-team/keras.git@2.1.6#egg=keras\n",
            ["keras==2.1.6"],
        ),
        ("docker/Dockerfile.gpu", "RUN pip install 'keras==2.2.0' h5py\n", ["keras==2.2.0"]),
        (".travis.yml", "install:\n  - pip install keras==2.2.4\n", ["keras==2.2.4"]),
        (".github/workflows/test.yml", '- run: pip install "keras<2.4"\n', ["keras<2.4"]),
    ],
)
def test_kinds_of_files(tmp_path: Path, name: str, text: str, pins: list[str]) -> None:
    assert asked(tmp_path, {name: text}) == [(name, pin) for pin in pins]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "keras\n# keras==2.2.4\nkeras-contrib==2.0.8\nplaidml-keras==0.6.4\n"),
        ("requirements.txt", "keras==$KERAS_VERSION\ntf.keras==2\n"),
        ("requirements.txt", "keras==not.a.version\n"),
        ("setup.py", 'keras_version = ">=2.0"\n'),
        ("Pipfile", '[packages]\nkeras = "*"\n'),
        ("pyproject.toml", '[project\nname = "keras==2.2.4"\n'),
        ("Pipfile.lock", '{"default": {"keras": '),
        ("train.py", '"keras==2.2.4"\n'),
        ("notes.txt", "keras==2.2.4\n"),
    ],
)
def test_what_asks_for_nothing(tmp_path: Path, name: str, text: str) -> None:
    assert asked(tmp_path, {name: text}) == []


def test_files_that_say_more_exactly_come_first(tmp_path: Path) -> None:
    files = {
        "tox.ini": "deps = keras==2.1.6\n",
        "setup.py": "'keras>=2.0'",
        "requirements.txt": "keras==2.2.4",
    }
    assert [file for file, _ in asked(tmp_path, files)] == ["requirements.txt", "setup.py", "tox.ini"]


def test_what_cannot_be_read_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    (tmp_path / "setup.py").write_bytes(b"\xff\xfe 'keras==2.2.4' \x00")
    assert [str(pin) for pin in pins_in(str(tmp_path))] == ["keras==2.2.4"]
    assert pins_in(str(tmp_path / "nowhere")) == ()


def test_allows() -> None:
    pin = Pin("requirements.txt", "keras", ">=2.0.8,<2.3")
    assert [version for version in ("2.0.7", "2.0.8", "2.2.5", "2.3.0") if pin.allows(version)] == [
        "2.0.8",
        "2.2.5",
    ]
