"""What one file of a project takes from another, and what others take from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keras_migrate import FileResult, migrate_paths
from keras_migrate.import_lines import ImportLine, import_lines
from keras_migrate.module_files import module_file
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.reached_files import names_or_reaches_keras
from keras_migrate.target import Target


def migrated(folder: Path, files: dict[str, str]) -> dict[str, FileResult]:
    """What becomes of the files of a project."""
    (folder / "setup.py").touch()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    run = migrate_paths(folder, options=Options(Target("2.21")), jobs=1)
    return {result.path: result for result in run.results}


BUILD = """
from keras.models import Sequential
from keras.layers import Dense


def build():
    model = Sequential([Dense(3, input_dim=4)])
    model.compile('sgd', 'mse', metrics=['accuracy'])
    return model
"""
SHIM = "import keras.backend as K\nfrom keras import layers\nfrom keras.layers import Dense, Convolution2D\n"


@pytest.mark.parametrize(
    ("files", "code", "expected"),
    [
        ({"shim.py": SHIM}, "from shim import Dense\nDense(output_dim=3)\n", "Dense(units=3)"),
        ({"shim.py": SHIM}, "from shim import *\nDense(output_dim=3)\n", "Dense(units=3)"),
        ({"shim.py": SHIM}, "import shim as s\ns.layers.Dense(output_dim=3)\n", "s.layers.Dense(units=3)"),
        (
            {"pkg/__init__.py": "", "pkg/shim.py": SHIM},
            "from pkg import shim\nshim.K.tf.zeros(3)\n",
            "\ntf.zeros(3)",
        ),
        (
            {"pkg/__init__.py": "from .shim import *\n", "pkg/shim.py": SHIM},
            "from pkg import Dense as D\nD(output_dim=3)\n",
            "D(units=3)",
        ),
        (
            {"src/nets.py": BUILD},
            "from nets import build\nbuild().fit_generator(g, 3)\n",
            ".fit(g, steps_per_epoch=3)",
        ),
        (
            {"space/nets.py": BUILD},
            "import space.nets\nspace.nets.build().fit_generator(g, 3)\n",
            ".fit(g, steps_per_epoch=3)",
        ),
        (
            {
                "nets.py": BUILD,
                "held.py": "from nets import build\nclass T:\n def __init__(s):\n  s.net = build()\n",
            },
            "from held import T\nT().net.fit_generator(g, 3)\n",
            "T().net.fit(g, steps_per_epoch=3)",
        ),
        (
            {"nets.py": BUILD},
            "from nets import build\nhistory = build().fit(x)\nprint(history.history['acc'])\n",
            "history.history['accuracy']",
        ),
        (
            {
                "a.py": "from b import K\nimport keras\n",
                "b.py": "from a import other\nfrom keras import backend as K\n",
            },
            "from a import K\nK.tf.zeros(3)\n",
            "\ntf.zeros(3)",
        ),
    ],
)
def test_a_file_that_names_no_keras(tmp_path: Path, files: dict[str, str], code: str, expected: str) -> None:
    results = migrated(tmp_path, {**files, "use.py": code})
    assert expected in results["use.py"].after.decode()


@pytest.mark.parametrize(
    "code",
    [
        "import other\nother.run().fit_generator(g, 3)\nother.save_weights('a.h5')\n",
        "from nets import helper\nmodel.fit_generator(g, 3)\nhistory['acc']\n",
        "import numpy as np\nmodel.save_weights('m.h5')\n",
        "import nets\nthis does not parse\n",
    ],
)
def test_a_file_that_takes_nothing_of_keras_is_not_read(tmp_path: Path, code: str) -> None:
    files = {"nets.py": f"{BUILD}\n\ndef helper():\n    return 3\n", "other.py": "def run():\n    return 3\n"}
    assert "use.py" not in migrated(tmp_path, {**files, "use.py": code})


def test_what_others_take_stays(tmp_path: Path) -> None:
    """A renamed symbol keeps its old name for them, and a star gives what it gave."""
    shim = "from keras.layers import Deconvolution2D, Dense\nfrom keras.layers.core import *\n"
    results = migrated(
        tmp_path, {"shim.py": shim, "use.py": "from shim import Deconvolution2D, Flatten\nFlatten()\n"}
    )
    after = results["shim.py"].after.decode()
    assert "Deconvolution2D" in after
    assert "import *" in after or "Flatten" in after


def test_what_only_the_old_star_gave_stays_for_others(tmp_path: Path) -> None:
    """A file takes all of another one, which had a name by a star import that does not give it any more."""
    shim = "from keras.layers import *\n\nx = Input((8, 8, 3))\n"
    use = "from shim import *\ny = Deconvolution2D(3, 3, strides=2)(x)\n"
    results = migrated(tmp_path, {"shim.py": shim, "use.py": use})
    after = results["shim.py"].after.decode().splitlines()
    assert after[:2] == [
        "from tensorflow.keras.layers import *",
        "from tensorflow.keras.layers import Conv2DTranspose as Deconvolution2D",
    ]
    assert "MaxoutDense" not in results["shim.py"].after.decode()


def test_an_import_stays_for_a_notebook(tmp_path: Path) -> None:
    """What only a notebook uses of a module is not taken for unused."""
    notebook = json.dumps(
        {
            "cells": [code_cell("from tools import *\n", "K.set_floatx('float32')")],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 2,
        }
    )
    tools = "import keras.backend as K\n\n\ndef limit():\n    K.get_session().close()\n"
    results = migrated(tmp_path, {"tools.py": tools, "use.ipynb": notebook})
    assert b"import tensorflow.keras.backend as K" in results["tools.py"].after


def code_cell(*lines: str) -> dict[str, object]:
    """A cell of a notebook."""
    return {
        "cell_type": "code",
        "source": list(lines),
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }


def test_notebooks_take_from_files(tmp_path: Path) -> None:
    cell = code_cell("from nets import build\n", "build().fit_generator(g, 3)")
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
    results = migrated(tmp_path, {"nets.py": BUILD, "use.ipynb": json.dumps(notebook)})
    assert b"build().fit(g, steps_per_epoch=3)" in results["use.ipynb"].after


def test_import_lines() -> None:
    code = b"""
import a.b, c as d  # and more
from ..e import (
    f, g as h,  # one
    i,
)
from . import *
from j import k, \\
    l
x = 1; import m
important = 3
from n import o; p = 1
"""
    assert list(import_lines(code)) == [
        ImportLine("a.b", "", "a"),
        ImportLine("c", "", "d"),
        ImportLine("..e", "f", "f"),
        ImportLine("..e", "g", "h"),
        ImportLine("..e", "i", "i"),
        ImportLine(".", "*", "*"),
        ImportLine("j", "k", "k"),
        ImportLine("j", "l", "l"),
        ImportLine("m", "", "m"),
        ImportLine("n", "o", "o"),
    ]


def test_relative_imports_end_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "above.py").touch()
    top = tmp_path / "top"
    (top / "pkg").mkdir(parents=True)
    (top / "beside.py").touch()
    assert module_file("..beside", str(top / "pkg"), str(top)) == str(top / "beside.py")
    assert module_file("...above", str(top / "pkg"), str(top)) is None


def test_files_that_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import b\n")
    (tmp_path / "b.py").write_text("import a\n")
    project = Project.of([tmp_path])
    assert not names_or_reaches_keras(project, "a.py", b"import b\n")


def test_only_what_the_old_star_gave_is_handed_on(tmp_path: Path) -> None:
    """The new star would hide the `LSTM` of the project; `GRU` never came from the old one."""
    shim = "LSTM = 1\nfrom keras.layers.core import *\n"
    results = migrated(tmp_path, {"shim.py": shim, "main.py": "from shim import LSTM, Dense, GRU\n"})
    assert results["shim.py"].after == b"LSTM = 1\nfrom tensorflow.keras.layers import Dense\n"
