"""Notebooks: all cells are one program, and only its changed lines change in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from notebook_files import code_cell, document, migrated, notebook, sources, text_cell, written

from keras_migrate import FileResult, Level, Python2, Status, migrate_paths, migrate_source
from keras_migrate.documents.notebook import Notebook
from keras_migrate.documents.program import Program

IMPORT = "from keras.layers.core import Dense"
MOVED = "from tensorflow.keras.layers import Dense"


def found(result: FileResult, *levels: Level) -> list[tuple[str, int, int]]:
    """Rule, cell and line of the findings of some levels, by default all."""
    return [
        (each.rule, each.cell.number, each.cell.line)
        for each in result.findings
        if each.cell is not None and each.level in (levels or Level)
    ]


class TestProgram:
    def test_names_of_one_cell_are_known_in_others(self) -> None:
        data = notebook(
            "import keras as k", text_cell("# keras"), "layers = k.layers", "layers.Dense(output_dim=3)"
        )
        assert sources(migrated(data).after) == [
            "import tensorflow.keras as k",
            "# keras",
            "layers = k.layers",
            "layers.Dense(units=3)",
        ]

    def test_imports_of_each_cell_stay(self) -> None:
        uses = "keras.Model, keras.backend.eval, keras.models.Model"
        cell = f"import keras\nimport keras.backend\nimport keras.models\n{uses}"
        once = f"from tensorflow import keras\n{uses}"
        assert sources(migrated(notebook(cell, cell)).after) == [once, once]

    def test_models_of_one_cell_are_known_in_others(self) -> None:
        data = notebook(
            "from keras.models import Sequential\nmodel = Sequential()",
            "%%time\nmodel.fit_generator(g, 3)",
        )
        assert sources(migrated(data).after)[1] == "%%time\nmodel.fit(g, steps_per_epoch=3)"

    def test_new_imports_go_where_keras_is_imported_and_below_magics(self) -> None:
        data = notebook("%matplotlib inline", "\n%%time\nimport keras\nprint(keras.__version__)")
        first, second = sources(migrated(data).after)
        assert first == "%matplotlib inline"
        assert second == "\n%%time\nimport tensorflow as tf\nprint(tf.__version__)"

    def test_functions_go_where_keras_is_imported_last(self) -> None:
        """Not below an import for something else, nor behind the cell that needs them."""
        made = "from keras.layers import LSTM\nx = 1"
        drawn = "import matplotlib.pyplot as plt\nplt.plot(x)"
        after = sources(migrated(notebook("import keras", made, drawn, "LSTM(3)")).after)
        assert "def keras2_hard_sigmoid" in after[1]
        assert after[2] == drawn
        assert after[3].startswith("LSTM(3, recurrent_activation=keras2_hard_sigmoid")

    def test_names_come_from_imports_above(self) -> None:
        made = "from keras import models\nmodel = models.Sequential()\nmodel.compile('rmsprop', 'mse')"
        after = sources(migrated(notebook("import keras", made, "from keras import optimizers")).after)
        assert "model.compile(keras.optimizers.RMSprop(" in after[1]

    def test_lines_for_ipython_stay(self) -> None:
        lines = (
            "!pip list\nfiles = !ls\nif files:\n    !rm {files[0]}\nDense?\n"
            "%time layer = Dense(output_dim=3)\n?Dense"
        )
        after = sources(migrated(notebook(IMPORT, lines)).after)
        assert after == [MOVED, lines.replace("output_dim", "units")]

    def test_a_cell_that_loses_all_its_code(self) -> None:
        data = notebook("from keras import backend as K", "K.set_learning_phase(0)", "K.eval(1)")
        assert sources(migrated(data).after) == ["from tensorflow.keras import backend as K", "", "K.eval(1)"]

    def test_other_languages_are_not_touched(self) -> None:
        for metadata in (
            {"kernelspec": {"language": "R", "name": "ir"}},
            {"language_info": {"name": "julia"}},
        ):
            data = written(document(IMPORT, metadata=metadata))
            result = migrated(data)
            assert (result.after, result.findings) == (data, ())

    def test_names_of_the_stand_ins_are_free(self) -> None:
        data = notebook("ipython_1 = 'ipython_'", "!ls", IMPORT)
        assert sources(migrated(data).after) == ["ipython_1 = 'ipython_'", "!ls", MOVED]


class TestCellsThatStay:
    @pytest.mark.parametrize(
        "broken", ["x = (", "'''", "x = \\", "if x:", "text of a letter", "x\ry", "\fx\n\f"]
    )
    def test_broken_ones_do_not_stop_the_others(self, broken: str) -> None:
        result = migrated(notebook("%matplotlib inline\n" + broken, IMPORT, "Dense(output_dim=3)"))
        assert sources(result.after)[1:] == [MOVED, "Dense(units=3)"]
        assert sources(result.after)[0] == "%matplotlib inline\n" + broken
        ((_, number, _),) = found(result, Level.MANUAL)
        assert number == 1
        assert result.status is Status.CHANGED

    def test_python_2_is_named_with_its_line(self) -> None:
        result = migrated(notebook(IMPORT, "%matplotlib inline\n\nprint 'x'"))
        assert found(result, Level.MANUAL) == [("KM904", 2, 3)]

    def test_python_2_is_converted_on_request(self) -> None:
        data = notebook(IMPORT + "\nprint 'a'", "!ls\nfor i in xrange(3):\n    print i, Dense(output_dim=i)")
        result = migrated(data, python2=Python2.CONVERT)
        assert sources(result.after) == [
            MOVED + "\nprint('a')",
            "!ls\nfor i in range(3):\n    print(i, Dense(units=i))",
        ]
        assert ("KM890", 2, 3) in found(result)
        assert not found(result, Level.MANUAL)

    def test_without_keras_only_what_is_python_2_is_looked_at(self) -> None:
        broken, old = notebook("x = ("), notebook("x = (", "print 1")
        assert not migrated(broken, python2=Python2.CONVERT).findings
        assert sources(migrated(old, python2=Python2.CONVERT).after) == ["x = (", "print(1)"]
        assert migrated(old).after == old

    def test_programs_of_their_own(self) -> None:
        cell = f"%%writefile train.py\n\n{IMPORT}\n"
        result = migrated(notebook(IMPORT, cell))
        assert sources(result.after) == [MOVED, cell]
        assert found(result, Level.MANUAL) == [("KM812", 2, 3)]

    def test_timed_lines_stay_one_line(self) -> None:
        line = (
            "%time model.add(keras.layers.LSTM(3, return_sequences=True, output_dim=3, input_shape=(3, 4)))"
        )
        result = migrated(notebook("import keras", line), target="2.15")
        lines = sources(result.after)[1].split("\n")
        assert len(lines) == 1
        assert lines[0].startswith("%time model.add(keras.layers.LSTM(3, ")
        assert "recurrent_activation='hard_sigmoid'" in lines[0]

    def test_a_timed_line_that_has_to_be_two(self) -> None:
        program = Program.of(Notebook.read(notebook(IMPORT, "%time f(1)", "x")))
        text = program.text.replace("f(1)", 'f("""\n""")').replace("keras.layers.core", "b")
        result = program.migrated(text, ())
        assert sources(result.file.data) == ["from b import Dense", "%time f(1)", "x"]
        assert [(each.rule, each.cell and each.cell.number) for each in result.findings] == [("KM911", 2)]

    def test_what_is_no_notebook_is_an_error(self) -> None:
        data = notebook(IMPORT)[:-60]
        result = migrated(data)
        assert (result.after, result.status) == (data, Status.FAILED)
        assert [each.rule for each in result.findings] == ["KM910"]
        assert migrated(b"[]").findings[0].rule == "KM910"
        assert migrated(b"\xff").findings[0].rule == "KM902"

    def test_a_keras_of_the_projects_own(self, tmp_path: Path) -> None:
        (tmp_path / "keras").mkdir()
        (tmp_path / "keras" / "__init__.py").touch()
        (tmp_path / "a.ipynb").write_bytes(notebook("x = 1", IMPORT))
        (result,) = migrate_paths(tmp_path).results
        assert result.status is Status.SKIPPED
        (finding,) = result.findings
        assert IMPORT in result.before.decode().split("\n")[finding.line - 1]


class TestPaths:
    def test_notebooks_are_found_beside_modules(self, tmp_path: Path) -> None:
        (tmp_path / ".ipynb_checkpoints").mkdir()
        for name in ("a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb"):
            (tmp_path / name).write_bytes(notebook(IMPORT))
        (tmp_path / "b.py").write_text(IMPORT)
        assert [result.path for result in migrate_paths(tmp_path).changed] == ["a.ipynb", "b.py"]

    def test_the_version_that_a_cell_showed_counts(self, tmp_path: Path) -> None:
        shown = {"output_type": "execute_result", "data": {"text/plain": ["'2.3.1'"]}}
        cells = (code_cell("import keras\nkeras.__version__", outputs=[shown]), "keras.layers.LSTM(3)")
        (tmp_path / "a.ipynb").write_bytes(notebook("1", *cells))
        run = migrate_paths(tmp_path)
        assert (run.source.release, run.source.reason) == ("2.3", "cell 2 of a.ipynb showed Keras 2.3.1")

    def test_code_says_for_which_release_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "a.ipynb").write_bytes(notebook(IMPORT, "model.fit(x, y, nb_epoch=3)"))
        assert migrate_paths(tmp_path).source.release == "1.2"


class TestCommands:
    @pytest.mark.parametrize(
        "line",
        [
            "!pip install keras==2.1.0",
            "%pip install -q 'keras<2.3' h5py",
            "!{sys.executable} -m pip install Keras",
            "!pip3 install tensorflow-gpu==1.13.1",
            "!conda install -y keras",
        ],
    )
    def test_installs(self, line: str) -> None:
        result = migrated(notebook(IMPORT, f"import sys\n{line}"), target="2.15")
        assert found(result, Level.REVIEW) == [("KM810", 2, 2)]
        (message,) = [each.message for each in result.findings if each.rule == "KM810"]
        assert "`tensorflow==2.15.*`" in message

    @pytest.mark.parametrize(
        "line",
        ["!pip install h5py keras_contrib", "!pip install tensorflow==2.21.0", "!cat keras", "!pip list"],
    )
    def test_other_installs_are_not_named(self, line: str) -> None:
        assert not found(migrated(notebook(IMPORT, line)), Level.REVIEW)

    def test_legacy_takes_two_packages(self) -> None:
        result = migrated(notebook(IMPORT, "%%bash\nls\npip install keras\n"), target="2.18+legacy")
        (finding,) = [each for each in result.findings if each.rule == "KM810"]
        assert "`tensorflow==2.18.*` and `tf_keras==2.18.*`" in finding.message
        assert finding.cell is not None
        assert finding.cell.line == 3

    def test_tensorflow_of_colab(self) -> None:
        assert found(migrated(notebook("%tensorflow_version 1.x", IMPORT)), Level.MANUAL) == [("KM811", 1, 1)]


class TestFile:
    def test_nothing_to_do(self) -> None:
        data = notebook("import keras_contrib", "print('keras', 'é')")
        assert migrated(data).after == data

    @pytest.mark.parametrize("indent", [None, 1, 2, 4])
    @pytest.mark.parametrize("ascii_only", [False, True])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_only_the_changed_lines_change(self, indent: int | None, ascii_only: bool, ending: str) -> None:
        cell = code_cell(f"# é 😀 </>\nx = 'ü'\n{IMPORT}\n# ñ", outputs=[{"keras": [1.50, "é"]}])
        text = json.dumps(document("'''é'''", cell), indent=indent, ensure_ascii=ascii_only)
        data = text.replace("\n", ending).encode()
        assert migrated(data).after == data.replace(IMPORT.encode(), MOVED.encode())

    def test_escapes_stay_in_changed_lines(self) -> None:
        data = notebook(f"{IMPORT}  # é < / x")
        data = data.replace("é".encode(), b"\\u00E9").replace(b"< /", b"\\u003c \\/")
        assert migrated(data).after == data.replace(IMPORT.encode(), MOVED.encode())

    def test_added_lines_look_like_the_others(self) -> None:
        old = "import keras\nx = keras.__version__, keras.layers\n"
        new = "import tensorflow as tf\nfrom tensorflow import keras\nx = tf.__version__, keras.layers\n"
        for indent in (None, 1, 3):
            result = migrated(written(document(old, "1\n"), indent))
            assert result.after == written(document(new, "1\n"), indent)

    def test_text_in_one_string(self) -> None:
        cell = {**code_cell(""), "source": f"x = 1\n{IMPORT}\nDense(output_dim=3)"}
        result = migrated(notebook(cell))
        assert json.loads(result.after)["cells"][0]["source"] == f"x = 1\n{MOVED}\nDense(units=3)"
        assert [each.line for each in result.findings] == [8, 8]

    def test_line_ends_of_windows_in_the_code(self) -> None:
        data = notebook(f"x = 1\r\n{IMPORT}\r\nDense(output_dim=3)\r\n")
        assert sources(migrated(data).after) == [f"x = 1\r\n{MOVED}\r\nDense(units=3)\r\n"]

    def test_byte_order_mark_stays(self) -> None:
        data = b"\xef\xbb\xbf" + notebook(IMPORT)
        assert migrated(data).after == data.replace(IMPORT.encode(), MOVED.encode())

    def test_format_3(self) -> None:
        def version3(source: str) -> dict[str, Any]:
            return {
                "cell_type": "code", "collapsed": False, "input": [source], "language": "python",
                "metadata": {}, "outputs": [], "prompt_number": 1,
            }  # fmt: skip

        value = {
            "metadata": {"name": ""},
            "nbformat": 3,
            "nbformat_minor": 0,
            "worksheets": [
                {"cells": [version3(IMPORT)], "metadata": {}},
                {"cells": [version3("Dense(output_dim=3)")], "metadata": {}},
            ],
        }
        data = written(value)
        result = migrated(data)
        assert result.after == data.replace(IMPORT.encode(), MOVED.encode()).replace(b"output_dim", b"units")
        assert {number for _, number, _ in found(result)} == {1, 2}

    def test_second_run_changes_nothing(self) -> None:
        result = migrated(notebook("import keras\nkeras.__version__", f"{IMPORT}\nDense(output_dim=3)"))
        assert not migrated(result.after).changed


class TestFindings:
    def test_lines_are_those_of_the_file(self) -> None:
        data = notebook("x = 1", f"!ls\n  \nif x:\n    {IMPORT}\n    %time Dense(output_dim=3)")
        result = migrated(data)
        old, new = data.decode().split("\n"), result.after.decode().split("\n")
        moved, renamed = result.findings
        assert old[moved.line - 1].strip().startswith('"    from keras.layers.core')
        assert new[(moved.new_line or 0) - 1].strip().startswith('"    from tensorflow.keras')
        assert old[renamed.line - 1][renamed.column - 1 :].startswith("output_dim")
        assert renamed.cell is not None
        assert (renamed.cell.number, renamed.cell.line, renamed.cell.new_line) == (2, 5, 5)
        assert "    %time Dense(output_dim=3)"[renamed.cell.column - 1 :].startswith("output_dim")

    def test_lines_that_stay_move_with_the_cell(self) -> None:
        source = "import keras\nx = keras.__version__, keras.layers\n!pip install keras"
        (finding,) = [each for each in migrated(notebook(source)).findings if each.rule == "KM810"]
        assert finding.cell is not None
        assert (finding.cell.line, finding.cell.new_line) == (3, 4)

    def test_cells_are_counted_with_those_of_text(self) -> None:
        assert found(migrated(notebook(text_cell("x"), "1", IMPORT))) == [("KM102", 3, 1)]


def test_code_without_a_file_name_is_looked_at() -> None:
    assert sources(migrate_source(notebook(IMPORT)).after) == [MOVED]
    listing = b'{"a": "from keras.layers.core import Dense"}'
    assert migrate_source(listing).after == listing


@pytest.mark.parametrize("source", ["\n\x0c", "x\n\x0c\ny", "\x0c", "x = 1\n\x0cy = 2"])
def test_a_form_feed_stops_its_own_cell_at_most(source: str) -> None:
    """It can get lost between others where it is kept in a cell alone."""
    result = migrated(notebook(IMPORT, source))
    assert result.status is Status.CHANGED
    assert sources(result.after)[1] == source
