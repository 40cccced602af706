"""Documents: what is Python in them, what is left alone, and what stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate import FileResult, Level, Options, Status, migrate_source
from keras_migrate.project import Project, discover
from keras_migrate.runner import run

IMPORT = "from keras.layers.core import Dense"
NEW = "from tensorflow.keras.layers import Dense"


def migrated(text: str | bytes, path: str = "a.md") -> FileResult:
    data = text if isinstance(text, bytes) else text.encode()
    return migrate_source(data, target="2.21", source="2.2", path=path)


def after(text: str, path: str = "a.md") -> str:
    return migrated(text, path).after.decode()


class TestWhatIsPython:
    @pytest.mark.parametrize(
        "info", ["python", "py", "Python3", "{.python}", "{python}", "{code-block} python", "py lines=1", ""]
    )
    def test_fences(self, info: str) -> None:
        assert after(f"```{info}\n{IMPORT}\n```\n") == f"```{info}\n{NEW}\n```\n"

    @pytest.mark.parametrize("info", ["js", "text", "diff", "yaml"])
    def test_other_languages_stay(self, info: str) -> None:
        text = f"```{info}\n{IMPORT}\n```\n"
        assert after(text) == text

    @pytest.mark.parametrize("body", ["see keras.layers.core", "import keras.layers.core from x"])
    def test_unlabelled_fences_that_are_none_stay(self, body: str) -> None:
        result = migrated(f"```\n{body}\n```\n")
        assert result.after == result.before
        assert not result.findings

    def test_prose_stays(self) -> None:
        text = f"{IMPORT}\n\nUse `keras.layers.core` and **keras.layers.core.Dense**.\n"
        assert after(text) == text

    @pytest.mark.parametrize(
        "line", [".. code-block:: python", ".. code:: python3", "So::", ".. sourcecode:: py"]
    )
    def test_restructured_text(self, line: str) -> None:
        assert after(f"{line}\n\n    {IMPORT}\n\nEnd\n", "a.rst") == f"{line}\n\n    {NEW}\n\nEnd\n"

    def test_text_below_a_literal_block_is_prose(self) -> None:
        text = f"So::\n\n    x = 1\n\n{IMPORT}\n"
        assert after(text, "a.rst") == text


class TestOneProgram:
    def test_names_of_earlier_blocks_are_known(self) -> None:
        text = "```python\nfrom keras.optimizers import SGD\n```\n\n```python\nSGD(lr=0.1)\n```\n"
        assert "SGD(learning_rate=0.1)" in after(text)

    def test_a_block_gets_the_imports_that_it_needs(self) -> None:
        block = "```python\nfrom keras.optimizers import SGD\n\nsgd = SGD(lr=0.1, decay=1e-6)\n```\n"
        first, second = after(f"{block}\n{block}").split("\n\n```python\n")
        assert "import InverseTimeDecay" in first
        assert "import InverseTimeDecay" in second

    def test_a_broken_statement_stops_nothing_else(self) -> None:
        text = f"```python\n{IMPORT}\nmodel.fit(<your data>)\nprint model\n...\nEpoch 1/10\n```\n"
        result = migrated(text)
        assert result.after.decode() == text.replace(IMPORT, NEW)
        assert [each.level for each in result.findings] == [Level.REWRITTEN]

    def test_a_broken_statement_that_names_keras_is_left_to_a_person(self) -> None:
        text = f"# a\n\n```python\n{IMPORT}\nx = keras.layers.Dense(3) 4\n```\n"
        result = migrated(text)
        assert result.after.decode() == text.replace(IMPORT, NEW)
        assert [(each.rule, each.level, each.line) for each in result.findings] == [
            ("KM102", Level.REWRITTEN, 4),
            ("KM901", Level.MANUAL, 5),
        ]
        assert result.status is Status.CHANGED

    def test_placeholders_are_not_named_by_what_stands_for_them(self) -> None:
        text = "```python\nfrom keras.models import load_model\nmodel = load_model(<path>)\n```\n"
        assert all("ipython_" not in each.message for each in migrated(text).findings)


class TestSessions:
    def test_added_lines_get_prompts(self) -> None:
        text = "```\n>>> from keras import backend as K\n>>> K.tf.log(1.0)\nout\n```\n"
        lines = after(text).splitlines()
        assert lines[-2] == "out"
        assert all(line.startswith(">>> ") for line in lines[1:-2])

    def test_what_was_printed_stays(self) -> None:
        text = "Text.\n\n>>> import keras.layers.core\nimport keras.layers.core\n\nkeras.layers.core\n"
        assert after(text, "a.rst").count("keras.layers.core") == 2

    def test_docstrings(self) -> None:
        text = f'def f():\n    """F.\n\n    >>> {IMPORT}\n    >>> Dense(3, init="he_normal")\n    """\n'
        assert after(text, "a.py") == text.replace(IMPORT, NEW).replace("init=", "kernel_initializer=")

    def test_lines_below_a_docstring_keep_their_places(self) -> None:
        text = (
            '"""\n>>> from keras.optimizers import SGD\n>>> SGD(decay=0.1)\n"""\n'
            "from keras.layers.core import Dense\n"
        )
        result = migrated(text, "a.py")
        places = [(each.line, each.new_line) for each in result.findings if each.rule == "KM102"]
        assert places == [(5, result.after.decode().splitlines().index(NEW) + 1)]

    def test_escapes_in_docstrings_stay(self) -> None:
        example = f'>>> {IMPORT}; "\\n"'
        text = f'import keras\n\n\ndef f():\n    """\n    {example}\n    """\n'
        assert after(text, "a.py") == text.replace("import keras\n", "from tensorflow import keras\n")


class TestBytes:
    @pytest.mark.parametrize("data", [
        b"\xef\xbb\xbfA  \r\n```python\r\n" + IMPORT.encode() + b"\r\n\r\nDense(3)  \r\n```\r\nEnd  ",
        b"\ta\n\n~~~py\n" + IMPORT.encode() + b"\n\n\n   \nx = Dense(3)\n~~~\n\x0c\n",
        b"- a\n\n\t```python\n\t" + IMPORT.encode() + b"\n\t```\n",
        b"```python\n" + IMPORT.encode(),
    ])  # fmt: skip
    def test_all_else_stays(self, data: bytes) -> None:
        result = migrated(data)
        assert result.after == data.replace(IMPORT.encode(), NEW.encode())

    def test_what_is_not_utf8_is_refused(self) -> None:
        result = migrated(b"```python\nimport keras # \xe9\n```\n")
        assert [(each.rule, each.level, each.line) for each in result.findings] == [("KM902", Level.ERROR, 2)]


class TestProject:
    def test_documents_are_found_but_for_histories(self, tmp_path: Path) -> None:
        for name in ("README.md", "a.rst", "b.markdown", "c.mdown", "d.txt", "CHANGELOG.md", "HISTORY.rst"):
            (tmp_path / name).write_text(f"```python\n{IMPORT}\n```\n")
        found = list(discover(Project.of([tmp_path]), [tmp_path]))
        assert found == ["README.md", "a.rst", "b.markdown", "c.mdown"]
        assert not run([tmp_path / "CHANGELOG.md"], Options()).changed

    def test_commands_install_what_the_code_needs(self, tmp_path: Path) -> None:
        (tmp_path / "model.py").write_text(f"{IMPORT}\n")
        old = (
            "```console\n$ pip install keras==2.2.4 h5py\nCollecting keras==2.2.4\n```\n\n"
            "    pip install -U keras tensorflow\n\nRun `pip install keras`.\n\n"
            "```js\npip install keras\n```\n"
        )
        (tmp_path / "README.md").write_text(old)
        (result,) = [each for each in run([tmp_path], Options()).changed if each.path == "README.md"]
        new = old.replace("install keras==2.2.4 h5py", "install tensorflow~=2.21.0 h5py")
        assert result.after.decode() == new.replace("-U keras tensorflow", "-U tensorflow")
        assert [(each.rule, each.line, each.new_line) for each in result.findings] == [
            ("KM801", 2, 2),
            ("KM801", 6, None),
        ]

    def test_commands_of_code_without_keras_stay(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("```sh\npip install keras\n```\n")
        assert not run([tmp_path], Options()).changed
