"""What becomes of the files in which a project says what it needs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from fixture_pairs import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras_migrate.transforms import dependencies

from keras_migrate.documents.kinds import document_kind
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import FileResult, Level, Status
from keras_migrate.options import Options
from keras_migrate.project import Project, discover
from keras_migrate.runner import run
from keras_migrate.target import Target

STANDALONE = "from keras.layers import Dense\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose code imports standalone Keras."""
    (tmp_path / "model.py").write_text(STANDALONE)
    return tmp_path


def migrate(folder: Path, path: str, data: str | bytes, target: str = "2.21") -> FileResult:
    """Works out a file, and makes sure that a second run changes nothing and findings have lines."""
    project, options = Project.of([folder]), Options(Target.parse(target))
    before = data.encode() if isinstance(data, str) else data
    result = migrate_bytes(path, before, options, project)
    assert migrate_bytes(path, result.after, options, project).after == result.after
    for finding in result.findings:
        assert 1 <= finding.line <= before.count(b"\n") + before.count(b"\r") + 1
        if finding.new_line is not None:
            assert 1 <= finding.new_line <= result.after.count(b"\n") + 1
    return result


def becomes(folder: Path, path: str, before: str, after: str, target: str = "2.21") -> FileResult:
    result = migrate(folder, path, before, target)
    assert result.after.decode() == after
    return result


def said(result: FileResult) -> list[tuple[str, Level, int]]:
    return [(finding.rule, finding.level, finding.line) for finding in result.findings]


class TestRanges:
    """What TensorFlow is asked for, by target and by what was asked for."""

    @pytest.mark.parametrize(
        ("target", "before", "after"),
        [
            ("2.21", "keras", "tensorflow>=2.21"),
            ("2.21", "Keras>=2.0,<2.3", "tensorflow>=2.21"),
            ("2.21", "keras == 2.2.4", "tensorflow == 2.21.*"),
            ("2.18", "keras~=2.2", "tensorflow>=2.18"),
            ("2.15", "keras", "tensorflow>=2.15,<2.16"),
            ("2.15", "keras==2.2.4", "tensorflow==2.15.*"),
            ("2.15", "keras; python_version < '4'", "tensorflow>=2.15,<2.16; python_version < '4'"),
            ("2.21", "keras[visualize]", "tensorflow[visualize]>=2.21"),
        ],
    )
    def test_keras_alone(self, folder: Path, target: str, before: str, after: str) -> None:
        becomes(folder, "requirements.txt", before, after, target)

    @pytest.mark.parametrize(
        ("target", "before", "after"),
        [
            ("2.21", "tensorflow", "tensorflow"),
            ("2.21", "tensorflow>=1.4", "tensorflow>=1.4"),
            ("2.21", "tensorflow>=1.4,<2", "tensorflow>=2.21"),
            ("2.21", "tensorflow==1.15", "tensorflow==2.21.*"),
            ("2.21", "tensorflow-cpu==1.15", "tensorflow-cpu==2.21.*"),
            ("2.21", "tensorflow_gpu==1.15", "tensorflow==2.21.*"),
            ("2.21", "tensorflow-gpu", "tensorflow"),
            ("2.15", "tensorflow", "tensorflow>=2.15,<2.16"),
            ("2.15", "tensorflow>=2.15,<2.16", "tensorflow>=2.15,<2.16"),
            ("2.15", "tensorflow==2.15.1", "tensorflow==2.15.1"),
            ("2.15", "tensorflow~=2.4", "tensorflow>=2.15,<2.16"),
            ("2.21", "tensorflow-addons", "tensorflow-addons"),
        ],
    )
    def test_tensorflow(self, folder: Path, target: str, before: str, after: str) -> None:
        becomes(folder, "requirements.txt", before, after, target)

    def test_gpu_says_how_cuda_comes_along(self, folder: Path) -> None:
        (finding,) = migrate(folder, "requirements.txt", "tensorflow-gpu==1.14\n").findings
        assert finding.level is Level.REVIEW
        assert "tensorflow[and-cuda]" in finding.message

    def test_legacy_needs_tf_keras(self, folder: Path) -> None:
        before, after = "keras==2.2.4\ntensorflow==1.14\n", "tf_keras==2.21.*\ntensorflow==2.21.*\n"
        becomes(folder, "requirements.txt", before, after, "2.21+legacy")
        before, after = "a\nkeras\nb\n", "a\ntensorflow>=2.21\ntf_keras>=2.21\nb\n"
        becomes(folder, "requirements.txt", before, after, "2.21+legacy")
        becomes(folder, "requirements.txt", "keras", "tensorflow>=2.21\ntf_keras>=2.21", "2.21+legacy")

    def test_wrappers_need_scikeras(self, folder: Path) -> None:
        (folder / "search.py").write_text("from keras.wrappers.scikit_learn import KerasClassifier\n")
        before = "keras\r\ntensorflow==1.14\r\n"
        becomes(folder, "requirements.txt", before, "scikeras>=0.13\r\ntensorflow==2.21.*\r\n")
        after = "scikeras>=0.12,<0.13\r\ntensorflow==2.15.*\r\n"
        becomes(folder, "requirements.txt", before, after, "2.15")
        becomes(folder, "requirements.txt", "keras\nscikeras\ntensorflow\n", "scikeras\ntensorflow\n")
        before = "setup(install_requires=['keras', 'theano'])\n"
        becomes(
            folder, "setup.py", before, "setup(install_requires=['tensorflow>=2.21', 'scikeras>=0.13'])\n"
        )


class TestWhatStays:
    """Where nothing is decided."""

    @pytest.mark.parametrize(
        "code", ["import tensorflow as tf\ntf.keras\n", "import torch\n", "# import keras\n"]
    )
    def test_without_standalone_keras(self, tmp_path: Path, code: str) -> None:
        (tmp_path / "model.py").write_text(code)
        assert (
            migrate(tmp_path, "requirements.txt", "keras==2.2.4\ntensorflow<2\nnumpy==1.1\n").findings == ()
        )

    def test_keras_of_the_project_itself(self, folder: Path) -> None:
        (folder / "keras").mkdir()
        (folder / "keras" / "__init__.py").touch()
        result = migrate(folder, "requirements.txt", "keras==2.2.4\n")
        assert not result.changed

    def test_keras_3(self, folder: Path) -> None:
        becomes(folder, "requirements.txt", "keras>=3\n", "keras>=3\n")
        result = migrate(folder, "requirements.txt", "keras==3.0\ntensorflow\n")
        assert said(result) == [("KM804", Level.MANUAL, 1)]

    def test_code_in_notebooks_counts(self, tmp_path: Path) -> None:
        cell = {"cell_type": "code", "metadata": {}, "source": ["import numpy\n", "import keras\n"]}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
        (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
        becomes(tmp_path, "requirements.txt", "keras\n", "tensorflow>=2.21\n")

    def test_nearest_code_counts(self, folder: Path) -> None:
        (folder / "new").mkdir()
        (folder / "new" / "a.py").write_text("import tensorflow as tf\n")
        (folder / "docs").mkdir()
        assert not migrate(folder, "new/requirements.txt", "keras\n").changed
        becomes(folder, "docs/requirements.txt", "keras\n", "tensorflow>=2.21\n")

    def test_what_only_others_need(self, folder: Path) -> None:
        (folder / "search.py").write_text(
            "from keras.wrappers.scikit_learn import KerasClassifier\nimport cntk\n"
        )
        (folder / "own").mkdir()
        (folder / "own" / "a.py").write_text(STANDALONE)
        becomes(folder, "own/requirements.txt", "keras\ncntk\ntheano\n", "tensorflow>=2.21\ncntk\n")

    def test_backends_that_code_imports(self, folder: Path) -> None:
        (folder / "a.py").write_text("import theano.tensor as T\n")
        becomes(folder, "requirements.txt", "Theano==1.0\ncntk\nx\n", "Theano==1.0\nx\n")

    def test_backends_that_no_code_imports(self, folder: Path) -> None:
        becomes(folder, "requirements.txt", "Theano==1.0\ncntk\nx\n", "x\n")

    def test_rules_that_are_switched_off(self, folder: Path) -> None:
        options = Options(ignore=frozenset({"KM801", "KM804"}))
        data = b"keras\ntensorflow<2\nnumpy==1.16\n"
        result = migrate_bytes("requirements.txt", data, options, Project.of([folder]))
        assert result.after == b"keras\ntensorflow>=2.21\nnumpy==1.16\n"
        assert [finding.rule for finding in result.findings] == ["KM802"]

    def test_conflicts_of_migrated_projects_are_still_named(self, tmp_path: Path) -> None:
        (tmp_path / "model.py").write_text("from tensorflow.keras.layers import Dense\n")
        text = "tensorflow>=2.21\nh5py<3\nkeras-rl\nkeras==2.2.4\ntheano\n"
        result = migrate(tmp_path, "requirements.txt", text)
        assert said(result) == [("KM804", Level.MANUAL, 2), ("KM805", Level.MANUAL, 3)]
        assert not result.changed


class TestLines:
    """requirements.txt, setup.cfg, tox.ini, environment.yml."""

    def test_layout_stays(self, folder: Path) -> None:
        becomes(
            folder,
            "requirements/base.in",
            "# Keras\r\n-r other.txt\r\n\r\nnumpy  # keras needs it\r\n  keras >= 2.0 # old\r\n"
            "--index-url https://x.org/keras\r\ntheano",
            "# Keras\r\n-r other.txt\r\n\r\nnumpy  # keras needs it\r\n  tensorflow >= 2.21 # old\r\n"
            "--index-url https://x.org/keras\r\n",
        )

    def test_family_goes_together(self, folder: Path) -> None:
        before = "Keras-Applications==1.0.8\nkeras==2.3.1\nKeras_Preprocessing==1.1\nsix\n"
        becomes(folder, "requirements-dev.txt", before, "tensorflow==2.21.*\nsix\n")

    def test_markers(self, folder: Path) -> None:
        before = "keras\ntensorflow-gpu<2; sys_platform == 'linux'\ntensorflow<2; sys_platform != 'linux'\n"
        after = (
            "tensorflow>=2.21\ntensorflow>=2.21; sys_platform == 'linux'\n"
            "tensorflow>=2.21; sys_platform != 'linux'\n"
        )
        becomes(folder, "requirements.txt", before, after)

    @pytest.mark.parametrize(
        "line",
        [
            "keras==2.2.4 --hash=sha256:00",
            "keras==2.2.4 \\\n    --hash=sha256:00",
            "git+https://github.com/keras-team/keras.git@2.2.4#egg=keras",
            "-e git+https://github.com/fchollet/keras.git#egg=Keras",
            "keras @ https://x.org/k.zip",
            "https://storage.googleapis.com/tensorflow/linux/cpu/tensorflow-0.12.1-cp27-none-linux_x86_64.whl",
            "keras==${KERAS}",
        ],
    )
    def test_undecided(self, folder: Path, line: str) -> None:
        result = migrate(folder, "constraints.txt", f"numpy\n{line}\n")
        assert not result.changed
        assert said(result) == [("KM806", Level.MANUAL, 2)]

    def test_utf_16(self, folder: Path) -> None:
        data = "\ufeffkeras==2.2.4\r\n".encode("utf-16-le")
        assert migrate(folder, "requirements.txt", data).after == "\ufefftensorflow==2.21.*\r\n".encode(
            "utf-16-le"
        )

    def test_bytes_that_are_no_text(self, folder: Path) -> None:
        result = migrate(folder, "requirements.txt", b"keras\n\xff\n")
        assert (result.status, result.changed) == (Status.FAILED, False)

    def test_setup_cfg(self, folder: Path) -> None:
        before = (
            "[metadata]\nname = keras\n[options]\npython_requires = <3.8\ninstall_requires =\n    keras>=2\n"
            "    h5py\n[options.extras_require]\ngpu =\n\ttensorflow-gpu<2\n"
        )
        after = (
            "[metadata]\nname = keras\n[options]\npython_requires = <3.8\ninstall_requires =\n    "
            "tensorflow>=2.21\n    h5py\n[options.extras_require]\ngpu =\n\ttensorflow>=2.21\n"
        )
        result = becomes(folder, "setup.cfg", before, after)
        assert ("KM804", Level.MANUAL, 4) in said(result)

    def test_tox(self, folder: Path) -> None:
        before = (
            "[tox]\nenvlist = py36-keras\n[testenv]\ndeps = -rrequirements.txt\n    keras==2.2.4\n"
            "    py27: tensorflow==1.4\ncommands = pip install keras\n"
        )
        after = (
            "[tox]\nenvlist = py36-keras\n[testenv]\ndeps = -rrequirements.txt\n    tensorflow==2.21.*\n"
            "    py27: tensorflow==2.21.*\ncommands = pip install tensorflow~=2.21\n"
        )
        becomes(folder, "tox.ini", before, after)

    @pytest.mark.parametrize(("target", "exact", "open_"), [("2.15", "=", "="), ("2.21", "=", ">=")])
    def test_environment(self, folder: Path, target: str, exact: str, open_: str) -> None:
        before = (
            "name: keras\nchannels:\n  - keras\ndependencies:\n  - python=3.11\n"
            "  - conda-forge::keras=2.2.4=py36_0  # old\n  - numpy\n"
        )
        after = before.replace("conda-forge::keras=2.2.4=py36_0", f"conda-forge::tensorflow{exact}{target}")
        becomes(folder, "environment.yml", before, after, target)
        before = "dependencies:\n- keras\n- pip:\n  - x\n"
        becomes(folder, "env.yaml", before, before.replace("keras", f"tensorflow{open_}{target}"), target)

    def test_environment_with_pip(self, folder: Path) -> None:
        before = "dependencies:\n  - keras\n  - pip:\n    - 'tensorflow==1.14'\n  - theano\nprefix: keras\n"
        after = "dependencies:\n  - pip:\n    - 'tensorflow==2.21.*'\nprefix: keras\n"
        becomes(folder, "environment.yml", before, after)


class TestTables:
    """pyproject.toml, Pipfile, lock files."""

    def test_pep_621(self, folder: Path) -> None:
        before = """\
[build-system]
requires = ["setuptools", "keras"]  # keras

[project]
name = "keras"
requires-python = "<3.9"
dependencies = [
    "numpy",  # first
    'keras>=2.0', # second
    "theano",
    # third
    "h5py<3"
]
optional-dependencies.gpu = ["tensorflow-gpu<2", "theano"]

[dependency-groups]
test = ["keras==2.2.4", {include-group = "x"}]
[tool.other]
dependencies = ["keras"]
"""
        after = """\
[build-system]
requires = ["setuptools", "tensorflow>=2.21"]  # keras

[project]
name = "keras"
requires-python = "<3.9"
dependencies = [
    "numpy",  # first
    'tensorflow>=2.21', # second
    # third
    "h5py<3"
]
optional-dependencies.gpu = ["tensorflow>=2.21"]

[dependency-groups]
test = ["tensorflow==2.21.*", {include-group = "x"}]
[tool.other]
dependencies = ["keras"]
"""
        result = becomes(folder, "pyproject.toml", before, after)
        manual = [finding.line for finding in result.findings if finding.level is Level.MANUAL]
        assert manual == [6, 12]

    @pytest.mark.parametrize(("target", "version"), [("2.15", "~2.15"), ("2.21", "^2.21")])
    def test_poetry(self, folder: Path, target: str, version: str) -> None:
        before = (
            '[tool.poetry.dependencies]\npython = "~3.11"\n"keras" = "^2.2"\ntensorflow = '
            '{ version = "^1.14", optional = true }\n[tool.poetry.group.dev.dependencies]\nkeras = "^2.0"\n'
        ).replace('"keras"', "keras")
        after = (
            '[tool.poetry.dependencies]\npython = "~3.11"\ntensorflow = '
            f'{{ version = "{version}", optional = true }}\n[tool.poetry.group.dev.dependencies]\n'
            f'tensorflow = "{version}"\n'
        )
        becomes(folder, "pyproject.toml", before, after, target)

    def test_poetry_with_pythons_that_it_would_have_to_lock(self, folder: Path) -> None:
        result = migrate(folder, "pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.6"\n')
        assert said(result) == [("KM804", Level.MANUAL, 2)]
        assert '">=3.10,<3.14"' in result.findings[0].message

    @pytest.mark.parametrize(
        "text",
        [
            '[tool.poetry.dependencies.keras]\nversion = "^2.2"\n',
            '[tool.poetry.dependencies]\nkeras = {git = "https://x.org"}\n',
            '[tool.poetry.dependencies]\nkeras = "^2.2"\n[tool.poetry.extras]\nold = ["keras"]\n',
        ],
    )
    def test_poetry_undecided(self, folder: Path, text: str) -> None:
        result = migrate(folder, "pyproject.toml", text)
        assert not result.changed
        assert said(result) == [("KM806", Level.MANUAL, 2)]

    def test_pipfile(self, folder: Path) -> None:
        before = '[packages]\nkeras = "==2.2.4"\nnumpy = "*"\n[dev-packages]\ntensorflow = "<2"\n'
        after = '[packages]\ntensorflow = "==2.21.*"\nnumpy = "*"\n[dev-packages]\ntensorflow = ">=2.21"\n'
        becomes(folder, "Pipfile", before, after)
        becomes(
            folder,
            "Pipfile",
            '[packages]\nkeras = "*"\n',
            '[packages]\ntensorflow = ">=2.21"\ntf_keras = ">=2.21"\n',
            "2.21+legacy",
        )

    def test_locks(self, folder: Path) -> None:
        lock = '{"default": {\n"keras": {"version": "==2.2.4"},\n"six": {}}}'
        assert said(migrate(folder, "Pipfile.lock", lock)) == [("KM806", Level.MANUAL, 2)]
        lock = '[[package]]\nname = "tensorflow"\nversion = "1.15.0"\n'
        assert said(migrate(folder, "poetry.lock", lock)) == [("KM806", Level.MANUAL, 2)]

    def test_broken(self, folder: Path) -> None:
        result = migrate(folder, "pyproject.toml", '[project]\ndependencies = ["keras"\n[x]\n')
        assert (result.status, result.changed) == (Status.FAILED, False)


class TestSetup:
    """setup.py."""

    def test_lists_wherever_they_are(self, folder: Path) -> None:
        before = '''\
"""keras"""
from setuptools import setup
REQUIRED = [
    'numpy', 'keras>=2.0',
    # é comment
    u"theano",  # gone
    "h5py",
]
extras = {"gpu": ["tensorflow-gpu"], 'test': ('keras', 'pytest')}
install_requires = ["Keras"] if True else []
config = {"setup_requires": ['numpy', 'theano']}
setup(name='keras', install_requires=REQUIRED + ["x"], extras_require=extras, keywords=["keras"])
'''
        after = '''\
"""keras"""
from setuptools import setup
REQUIRED = [
    'numpy', 'tensorflow>=2.21',
    # é comment
    "h5py",
]
extras = {"gpu": ["tensorflow"], 'test': ('tensorflow>=2.21', 'pytest')}
install_requires = ["tensorflow>=2.21"] if True else []
config = {"setup_requires": ['numpy']}
setup(name='keras', install_requires=REQUIRED + ["x"], extras_require=extras, keywords=["keras"])
'''
        becomes(folder, "setup.py", before, after)

    def test_its_code_is_migrated_too(self, folder: Path) -> None:
        before = "import keras\nsetup(install_requires=['keras'], version=keras.__version__)\n"
        result = migrate(folder, "setup.py", before)
        assert b"import keras\n" not in result.after
        assert b"install_requires=['tensorflow>=2.21']" in result.after

    def test_single_strings(self, folder: Path) -> None:
        before = "r = []\nr.append('keras')\nr.append('theano')\n"
        before += (
            "setup(install_requires=r, tests_require = 'keras==2', extras_require=dict(gpu=['keras']))\n"
        )
        after = "r = []\nr.append('tensorflow>=2.21')\nr.append('theano')\nsetup(install_requires=r, "
        after += "tests_require = 'tensorflow==2.21.*', extras_require=dict(gpu=['tensorflow>=2.21']))\n"
        result = becomes(folder, "setup.py", before, after)
        assert ("KM803", Level.MANUAL, 3) in said(result)

    def test_python_2(self, folder: Path) -> None:
        result = migrate(folder, "setup.py", "print 'x'\nsetup(install_requires=['tensorflow<2'])\n")
        assert (result.changed, result.findings) == (False, ())

    def test_python_requires(self, folder: Path) -> None:
        result = migrate(folder, "setup.py", "setup(python_requires='>=3.5,<3.8', x='keras')\n")
        assert said(result) == [("KM804", Level.MANUAL, 1)]
        assert migrate(folder, "setup.py", "setup(python_requires='>=3.5', x='keras')\n").findings == ()

    def test_what_is_put_together(self, folder: Path) -> None:
        text = "v = '2'\nsetup(install_requires=['ker' 'as', f'keras=={v}', open('r').read()])\n"
        assert not migrate(folder, "setup.py", text).changed


class TestCommands:
    """Dockerfiles, CI files, shell scripts."""

    @pytest.mark.parametrize(
        ("path", "before", "after"),
        [
            ("a.sh", "pip install keras\n", "pip install tensorflow~=2.21\n"),
            ("a.sh", "pip3 install -U keras==2.2.4 six;\n", "pip3 install -U tensorflow~=2.21.0 six;\n"),
            ("a.sh", 'pip install "keras>=2" && x\n', 'pip install "tensorflow>=2.21" && x\n'),
            ("a.sh", "pip install numpy theano # keras\n", "pip install numpy # keras\n"),
            ("a.sh", "# pip install keras\n", "# pip install keras\n"),
            ("a.sh", "pip install -r keras\n", "pip install -r keras\n"),
            ("a.sh", "conda install -y keras theano\n", "conda install -y tensorflow=2.21\n"),
            (
                "a.sh",
                "conda create -n keras python=3.11 keras\n",
                "conda create -n keras python=3.11 tensorflow=2.21\n",
            ),
            (
                ".travis.yml",
                "install:\n  - pip install keras\n",
                "install:\n  - pip install tensorflow~=2.21\n",
            ),
            (
                "appveyor.yml",
                '  - "python -m pip install keras six"\n',
                '  - "python -m pip install tensorflow~=2.21 six"\n',
            ),
            (
                ".github/workflows/a.yml",
                "run: |\n  pip install 'keras' x\n",
                "run: |\n  pip install 'tensorflow>=2.21' x\n",
            ),
            (
                ".circleci/config.yml",
                "command: pip install keras\n",
                "command: pip install tensorflow~=2.21\n",
            ),
            (".gitlab-ci.yml", "- (pip install keras)\n", "- (pip install tensorflow~=2.21)\n"),
            (
                "Dockerfile.gpu",
                "RUN pip install keras \\\n    tensorflow-gpu==1.4 \\\r\n    theano && rm x\n",
                "RUN pip install tensorflow~=2.21.0 && rm x\n",
            ),
        ],
    )
    def test_command(self, folder: Path, path: str, before: str, after: str) -> None:
        becomes(folder, path, before, after)

    @pytest.mark.parametrize(
        "command",
        [
            "pip install keras==$VERSION",
            "pip install --no-deps keras",
            "pip install git+git://github.com/fchollet/keras.git",
            "pip install https://github.com/fchollet/keras/archive/2.2.4.tar.gz",
        ],
    )
    def test_undecided(self, folder: Path, command: str) -> None:
        result = migrate(folder, "a.sh", f"x\n{command}\n")
        assert not result.changed
        assert said(result) == [("KM806", Level.MANUAL, 2)]

    def test_command_that_would_be_empty(self, folder: Path) -> None:
        result = migrate(folder, "a.sh", "pip install theano\n")
        assert not result.changed
        assert said(result) == [("KM803", Level.MANUAL, 1)]

    def test_last_line_of_command(self, folder: Path) -> None:
        before = "RUN pip install \\\n    x \\\n    theano\nCOPY . .\n"
        becomes(folder, "Dockerfile", before, "RUN pip install \\\n    x\nCOPY . .\n")

    def test_pythons_of_ci(self, folder: Path) -> None:
        text = "python:\n  - 2.7\n  - '3.6'  # keras\n  - 3.11\n  - 2.7.9\ninstall: x\n"
        result = migrate(folder, ".travis.yml", text)
        assert said(result) == [("KM804", Level.MANUAL, 2), ("KM804", Level.MANUAL, 3)]
        text = "matrix:\n  python-version: [3.6, '3.10', pypy-3.6]\n"
        assert said(migrate(folder, ".github/workflows/x.yml", text)) == [("KM804", Level.MANUAL, 2)]

    @pytest.mark.parametrize(
        ("image", "findings"),
        [
            ("tensorflow/tensorflow:1.12.0-gpu-py3", 1),
            ("tensorflow/tensorflow:2.21.0", 0),
            ("tensorflow/tensorflow:latest", 0),
            ("python:3.6", 1),
            ("python:3.11-slim", 0),
            ("python:3", 0),
            ("ubuntu:16.04", 0),
        ],
    )
    def test_image(self, folder: Path, image: str, findings: int) -> None:
        result = migrate(folder, "Dockerfile", f"FROM {image} AS keras\n")
        assert said(result) == [("KM804", Level.MANUAL, 1)] * findings


class TestConflicts:
    """What cannot be installed with the target."""

    @pytest.mark.parametrize(
        ("target", "requirement", "conflicts"),
        [
            ("2.21", "numpy==1.16", True),
            ("2.21", "numpy>=1.16", False),
            ("2.15", "numpy>=2", True),
            ("2.21", "numpy>=2", False),
            ("2.21", "h5py<3", True),
            ("2.15", "h5py<3", False),
            ("2.21", "protobuf<3.20", True),
            ("2.21", "protobuf~=6.32", False),
            ("2.21", "scipy==1.2", True),
            ("2.21", "scipy<1.8", False),
            ("2.15", "scipy==1.5.4", False),
        ],
    )
    def test_version(self, folder: Path, target: str, requirement: str, conflicts: bool) -> None:
        expected = [("KM804", Level.MANUAL, 1)] if conflicts else []
        assert said(migrate(folder, "requirements.txt", requirement, target)) == expected

    @pytest.mark.parametrize(
        ("requirement", "found"),
        [
            ("keras-rl==0.4", True),
            ("keras_contrib", True),
            ("keras-bert==0.40.0", True),
            ("keras-bert", False),
            ("keras-rl2", False),
            ("keras-tuner", False),
        ],
    )
    def test_third_party(self, folder: Path, requirement: str, found: bool) -> None:
        expected = [("KM805", Level.MANUAL, 1)] if found else []
        assert said(migrate(folder, "requirements.txt", requirement)) == expected


PROJECTS = ROOT / "fixtures" / "projects"


@pytest.mark.parametrize("target", ["2.15", "2.21"])
def test_project(target: str, tmp_path: Path) -> None:
    """All dependency files of a project become what is beside it."""
    expected = PROJECTS / f"reviews.after.{target}"
    project = Project.of([PROJECTS / "reviews"])
    options = Options(Target.parse(target))
    found = 0
    for path in discover(project, [project.root]):
        if not path.startswith("reviews/") and document_kind(path) is None:
            before = Path(project.locate(path)).read_bytes()
            after = migrate_bytes(path, before, options, project).after
            assert after.decode() == (expected / path).read_text(), path
            found += 1
    assert found == sum(each.is_file() for each in expected.rglob("*"))


def test_folder(folder: Path) -> None:
    """Dependency files are found in folders, but for those that are ignored, and worked out with the code."""
    for path in ("requirements.txt", "a/Dockerfile", ".github/workflows/x.yml", "notes.txt", "local.sh"):
        os.makedirs((folder / path).parent, exist_ok=True)
        (folder / path).write_text("pip install keras\n" if "require" not in path else "keras\n")
    (folder / "setup.py").write_text("setup(install_requires=['numpy==1.16'])\n")
    (folder / ".gitignore").write_text("local.*\n")
    found = list(discover(Project.of([folder]), [folder]))
    assert found == ["model.py", "requirements.txt", "setup.py", ".github/workflows/x.yml", "a/Dockerfile"]
    result = run([folder], Options())
    assert {each.path for each in result.changed} == {*found} - {"setup.py"}
    assert result.needs_person


def test_folder_without_keras(tmp_path: Path) -> None:
    """Where no code has to do with Keras, conflicts are none of our business."""
    (tmp_path / "requirements.txt").write_text("numpy==1.16\n")
    (tmp_path / "a.py").write_text("import numpy\n")
    result = run([tmp_path], Options())
    assert (result.results, result.passed_over) == ((), 2)


_NOISE = st.sampled_from(
    [
        "",
        "numpy",
        "numpy>=1.26  # keras",
        "# keras==2.2.4",
        "-r keras.txt",
        "six ; python_version<'3'",
        "keras-preprocess",
        "mykeras==1",
        "tensorflow-hub",
        "x @ https://x.org/keras",
        "é",
        "a\\",
        "[",
        "'",
        "- keras-x",
        "\t",
        "--pre",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(_NOISE, max_size=5),
    after=st.lists(_NOISE, max_size=5),
    eol=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    name=st.sampled_from(["requirements.txt", "requirements/x.in"]),
)
def test_bytes_around_stay(
    folder: Path, before: list[str], after: list[str], eol: str, last: bool, name: str
) -> None:
    """All bytes but those of the requirement stay."""
    before = [each for each in before if each != "a\\"]
    old, new = (
        eol.join((*before, each, *after)) + eol * last for each in ("keras==2.2.4", "tensorflow==2.21.*")
    )
    assert migrate(folder, name, old).after.decode() == new


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet="keras tnoflw=<>2.\n\r\\'\"[](),;#-:{}$&|pi stal", max_size=80),
    path=st.sampled_from(
        [
            "requirements.txt",
            "setup.cfg",
            "tox.ini",
            "environment.yml",
            "setup.py",
            "Dockerfile",
            ".travis.yml",
            "Pipfile",
        ]
    ),
)
def test_anything_is_read(folder: Path, text: str, path: str) -> None:
    """Whatever is in a file: no exception, and a second run changes nothing."""
    head = {
        "setup.cfg": "[options]\ninstall_requires =\n keras\n",
        "environment.yml": "dependencies:\n - keras\n",
    }
    migrate(folder, path, head.get(path, "pip install keras ") + text)


def test_table_of_packages() -> None:
    """Every package is named once, as packages are compared, with what to do."""
    from keras_migrate.transforms.tables import load

    from keras_migrate.documents.requirements import canonical
    from keras_migrate.target import KNOWN_RELEASES

    names = [name for entry in load("dependencies/dependencies.toml")["package"] for name in entry["names"]]
    assert len(names) == len(set(names))
    assert names == [canonical(name) for name in names]
    assert all(entry["note"][-1] != "." for entry in load("dependencies/dependencies.toml")["package"])
    releases = [entry["version"] for entry in load("dependencies/tensorflow_requirements.toml")["release"]]
    assert [release.rpartition(".")[0] for release in releases] == list(KNOWN_RELEASES)
    assert dependencies.RULES
