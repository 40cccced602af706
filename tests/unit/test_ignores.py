"""Comments that leave code as it is, and what else is refused at a place of a file."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from fixture_pairs import KERAS_2, KERAS_3, RULES, all_cases

from keras_migrate import FileResult, Options, Target, migrate_paths, migrate_source
from keras_migrate.documents.python import PythonDocument
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import Level
from keras_migrate.ignores import MARK, Ignores, with_ignores
from keras_migrate.project import Project


def migrated(code: str, path: str = "a.py", **options: object) -> FileResult:
    return migrate_source(dedent(code), target="2.21", source="2.2", path=path, **options)  # type: ignore[arg-type]


def text(code: str) -> str:
    return migrated(code).after.decode()


def found(code: str) -> list[tuple[str, int]]:
    return [(each.rule, each.line) for each in migrated(code).findings]


def said_of_comments(code: str) -> list[str]:
    return [each.message for each in migrated(code).findings if each.rule == "KM913"]


class TestPlaces:
    def test_on_the_line(self) -> None:
        code = """\
            from keras.optimizers import SGD

            one = SGD(lr=0.1)  # keras-migrate: ignore[KM201]
            two = SGD(lr=0.1)
            """
        assert text(code) == dedent("""\
            from tensorflow.keras.optimizers import SGD

            one = SGD(lr=0.1)  # keras-migrate: ignore[KM201]
            two = SGD(learning_rate=0.1)
            """)
        assert found(code) == [("KM101", 1), ("KM220", 3), ("KM201", 4)]

    @pytest.mark.parametrize(
        "codes", ["[KM201, KM220]", "[KM2]", "", " [km201 KM220]", "[renamed-argument,KM220]"]
    )
    def test_rules_families_names_and_all(self, codes: str) -> None:
        code = f"from keras.optimizers import SGD\n\none = SGD(lr=0.1)  # keras-migrate: ignore{codes}\n"
        assert text(code) == code.replace("keras.opt", "tensorflow.keras.opt")
        assert found(code) == [("KM101", 1)]

    @pytest.mark.parametrize(
        "comments",
        [
            "# keras-migrate: ignore",
            "# keras-migrate: ignore[KM201]\n# keras-migrate: ignore[KM220]",
            "# Kept.\n# keras-migrate: ignore as the old one is meant\n# See above.",
        ],
    )
    def test_above(self, comments: str) -> None:
        code = f"from keras.optimizers import SGD\n\n{comments}\none = SGD(\n    lr=0.1)\ntwo = SGD(lr=0.1)\n"
        assert "\none = SGD(\n    lr=0.1)\ntwo = SGD(learning_rate=0.1)\n" in text(code)

    def test_not_above_a_blank_line(self) -> None:
        code = "from keras.optimizers import SGD\n# keras-migrate: ignore\n\none = SGD(lr=0.1)\n"
        assert text(code).endswith("SGD(learning_rate=0.1)\n")

    @pytest.mark.parametrize("line", ["one = SGD(", "    decay=0.0)"])
    def test_beside_the_first_or_last_line_of_a_statement(self, line: str) -> None:
        code = (
            "from keras.optimizers import SGD\n\none = SGD(\n    lr=0.1,\n    momentum=0.9,\n    decay=0.0)\n"
        )
        code = code.replace(line, f"{line}  # keras-migrate: ignore")
        assert text(code) == code.replace("keras.opt", "tensorflow.keras.opt")

    def test_between(self) -> None:
        code = """\
            from keras.layers import Dense

            Dense(
                3,
                # keras-migrate: ignore
                kernel_initializer='normal',
                name='a', trainable=None,
                weights=None)
            """
        assert Ignores.of(dedent(code)).refuse("KM202", 6)
        assert not Ignores.of(dedent(code)).refuse("KM202", 7)

    def test_header_of_a_block(self) -> None:
        code = """\
            from keras import backend as K

            if K.backend() == 'theano':  # keras-migrate: ignore
                print(K.image_dim_ordering())
            """
        assert "if K.backend() == 'theano':  # keras" in text(code)
        assert "K.image_data_format()" in text(code)

    def test_decorators(self) -> None:
        lines = "# keras-migrate: ignore\n@one\n@two(\n    3)\ndef f(\n    x):\n    return x\n"
        assert [Ignores.of(lines).refuse("KM101", line) for line in range(1, 8)] == [
            line in (2, 3, 4, 5, 6) for line in range(1, 8)
        ]

    def test_off_and_on(self) -> None:
        code = """\
            from keras.optimizers import SGD

            # keras-migrate: off
            one = SGD(lr=0.1)

            two = SGD(lr=0.1)
            # keras-migrate: on
            three = SGD(lr=0.1)
            # keras-migrate: off
            four = SGD(lr=0.1)
            """
        assert text(code).count("lr=0.1") == 3
        assert found(code) == [("KM101", 1), ("KM201", 8)]

    def test_text_is_no_comment(self) -> None:
        code = 'from keras.optimizers import SGD\n\none = SGD(lr=0.1), "# keras-migrate: ignore"\n'
        assert "learning_rate" in text(code)


class TestWholeFile:
    @pytest.mark.parametrize("comment", ["# keras-migrate: ignore-file", "# keras-migrate: off"])
    def test_stays(self, comment: str) -> None:
        code = (
            f'"""Shows `keras.layers.core.Dense`."""\n{comment}\nfrom keras.layers.core import *\nMerge([])\n'
        )
        code = code if "off" not in comment else f"{comment}\n{code.replace(comment, '')}"
        result = migrated(code)
        assert (result.after, result.findings) == (code.encode(), ())

    def test_python_2(self) -> None:
        code = "# keras-migrate: ignore-file\nimport keras\nprint 'old'\n"
        assert migrated(code).findings == ()

    def test_notebook(self) -> None:
        cells = ["import keras\n", "# keras-migrate: ignore-file\nkeras.layers.core.Dense(3)\n"]
        assert migrated(notebook(*cells), "a.ipynb").findings == ()


class TestImports:
    def test_name_that_stays_takes_its_uses_along(self) -> None:
        """What is reached through standalone Keras is not changed to fit tf.keras, and the check speaks."""
        code = """\
            from keras.layers import Dense, LSTM
            from keras.optimizers import Adam  # keras-migrate: ignore[KM101]

            optimizer = Adam(lr=0.1)
            layer = Dense(3, init='normal')
            """
        assert text(code) == dedent("""\
            from tensorflow.keras.layers import Dense, LSTM
            from keras.optimizers import Adam  # keras-migrate: ignore[KM101]

            optimizer = Adam(lr=0.1)
            layer = Dense(3, kernel_initializer='normal')
            """)
        assert ("KM120", 2) in found(code)
        assert ("KM120", 2) not in found(code.replace("[KM101]", "[KM101, KM120]"))

    def test_one_name_of_several(self) -> None:
        code = """\
            from keras.layers import (
                Dense,
                LSTM,  # keras-migrate: ignore
            )
            """
        new = text(code)
        assert "from tensorflow.keras.layers import (\n    Dense,\n" in new
        assert "from keras.layers import LSTM" in new

    def test_place_that_stays_keeps_its_import(self) -> None:
        """All other names are reached through imports of their own."""
        code = """\
            import keras

            one = keras.layers.core.Dense(3)  # keras-migrate: ignore
            two = keras.layers.core.Dense(3)
            """
        new = text(code)
        assert "import keras\n" in new.splitlines(keepends=True)
        assert "one = keras.layers.core.Dense(3)" in new
        assert "two = layers.Dense(3)" in new
        assert "from tensorflow.keras import layers" in new

    def test_renamed_name_that_stays_in_one_place(self) -> None:
        code = """\
            from keras.layers import Deconvolution2D

            one = Deconvolution2D(3, (2, 2))  # keras-migrate: ignore
            two = Deconvolution2D(3, (2, 2))
            """
        new = text(code)
        assert "from keras.layers import Deconvolution2D" in new
        assert "one = Deconvolution2D(3, (2, 2))" in new
        assert "two = Conv2DTranspose(3, (2, 2))" in new

    def test_fallback_that_stays(self) -> None:
        code = """\
            try:
                import keras  # keras-migrate: ignore
            except ImportError:
                from tensorflow import keras
            """
        assert text(code) == dedent(code)

    def test_unneeded_import_that_stays(self) -> None:
        code = """\
            from keras.layers import Dense, merge  # keras-migrate: ignore[KM108]

            Dense(3)
            """
        new = text(code)
        assert "from keras.layers import merge" in new
        assert "from tensorflow.keras.layers import Dense" in new

    def test_star(self) -> None:
        code = "from keras.layers.core import *  # keras-migrate: ignore\n\nDense(3)\n"
        assert text(code) == code


class TestParts:
    def test_notebook(self) -> None:
        result = migrated(
            notebook(
                "from keras.optimizers import SGD\n",
                "%time one = SGD(lr=0.1)\ntwo = SGD(lr=0.1)  # keras-migrate: ignore\nSGD(lr=1)\n",
                "SGD(lr=2)  # keras-migrate: ignore[KM302]\n",
            ),
            "a.ipynb",
        )
        sources = ["".join(cell["source"]) for cell in json.loads(result.after)["cells"]]
        assert sources[1] == (
            "%time one = SGD(learning_rate=0.1)\n"
            "two = SGD(lr=0.1)  # keras-migrate: ignore\nSGD(learning_rate=1)\n"
        )
        unused = [each.cell for each in result.findings if each.rule == "KM913"]
        assert [(cell.number, cell.line) for cell in unused if cell] == [(3, 1)]

    def test_docstring(self) -> None:
        code = '''\
            """An example.

            >>> from keras.optimizers import SGD
            >>> one = SGD(lr=0.1)  # keras-migrate: ignore
            >>> two = SGD(lr=0.1)
            """
            '''
        assert "one = SGD(lr=0.1)" in text(code)
        assert "two = SGD(learning_rate=0.1)" in text(code)

    def test_docstring_between_off_and_on(self) -> None:
        code = """\
            # keras-migrate: off
            def f():
                \'\'\'Returns a :class:`keras.layers.core.Dense`.\'\'\'
            # keras-migrate: on
            def g():
                \'\'\'Returns a :class:`keras.layers.core.Dense`.\'\'\'
            """
        assert text(code).count("`keras.layers.core.Dense`") == 1
        assert found(code) == [("KM102", 6)]

    def test_markdown(self) -> None:
        code = "from keras.optimizers import SGD\nSGD(lr=0.1)  # keras-migrate: ignore\nSGD(lr=1)\n"
        new = migrated(f"```python\n{code}```\n", "a.md").after.decode()
        assert "SGD(lr=0.1)" in new
        assert "SGD(learning_rate=1)" in new


class TestUnused:
    @pytest.mark.parametrize(
        ("comment", "message"),
        [
            ("ignore[KM302]", "`KM302` finds nothing here to ignore: delete the comment"),
            ("ignore[KM302, KM303]", "`KM302` and `KM303` find nothing here to ignore: delete the comment"),
            ("ignore", "nothing is found where `keras-migrate: ignore` speaks: delete it"),
            ("off", "nothing is found where `keras-migrate: off` speaks: delete it"),
            ("on", "`keras-migrate: on` has no `off` above it: delete it"),
            (
                "ignore[KM99999]",
                "there is no rule `KM99999`, so nothing is ignored here: perhaps `KM999` is meant",
            ),
            ("ignore[]", "`keras-migrate: ignore[]` names no rule"),
            ("ignore(KM201)", "`keras-migrate: ignore(KM201)` is not understood: write `ignore`"),
            ("ingore", "`keras-migrate: ingore` is not understood: write `ignore`"),
            ("ignore-fil", "`keras-migrate: ignore-fil` is not understood: write `ignore-file`"),
            ("please", "is not understood: write `ignore`, `ignore-file`, `off` or `on`"),
            ("off[KM2]", "`keras-migrate: off` is for all rules"),
        ],
    )
    def test_is_said(self, comment: str, message: str) -> None:
        said = migrated(f"import os\nx = 1  # keras-migrate: {comment}\n").findings
        assert [(each.rule, each.level, each.line, each.column) for each in said] == [
            ("KM913", Level.REVIEW, 2, 8)
        ]
        assert message in said[0].message

    def test_partly(self) -> None:
        code = "from keras.optimizers import SGD\nSGD(lr=1)  # keras-migrate: ignore[KM201, KM220, KM302]\n"
        assert said_of_comments(code) == ["`KM302` finds nothing here to ignore: take it out"]

    def test_not_where_its_rule_is_switched_off(self) -> None:
        code = b"from keras.optimizers import SGD\nSGD(lr=1)  # keras-migrate: ignore[KM201]\n"
        result = migrate_bytes("a.py", code, Options(select=frozenset({"KM1", "KM9"})), Project())
        assert [each.rule for each in result.findings] == ["KM101"]

    def test_beside_rules_that_are_switched_off(self) -> None:
        """A rule that is switched off everywhere is another thing than one that is refused at a place."""
        code = b"from keras.layers import Dense, merge  # keras-migrate: ignore[KM302]\nprint(Dense)\n"
        options = Options(ignore=frozenset({"KM108", "KM302"}))
        result = migrate_bytes("a.py", code, options, Project())
        assert result.after == (
            b"from tensorflow.keras.layers import Dense  # keras-migrate: ignore[KM302]\n"
            b"from keras.layers import merge\nprint(Dense)\n"
        )
        assert migrate_bytes("a.py", code, Options(ignore=frozenset({"KM1"})), Project()).after == code

    def test_can_be_ignored(self) -> None:
        assert found("x = 1  # keras-migrate: ignore[KM302, KM913]\n") == []


class TestWriting:
    @pytest.mark.parametrize(
        ("text", "line", "new"),
        [
            ("a\nb\n", 2, "a\nb  # keras-migrate: ignore[KM201]\n"),
            ("a\r\nb", 2, "a\r\nb  # keras-migrate: ignore[KM201]"),
            ("a  # noqa\n", 1, "a  # noqa  # keras-migrate: ignore[KM201]\n"),
            ("if a:\n  b = \\\n   c\n", 2, "if a:\n  # keras-migrate: ignore[KM201]\n  b = \\\n   c\n"),
            ('f("""\n""", a)\n', 1, '# keras-migrate: ignore[KM201]\nf("""\n""", a)\n'),
            ("a = '\x0c\u2028'\nb\n", 2, "a = '\x0c\u2028'\nb  # keras-migrate: ignore[KM201]\n"),
        ],
    )
    def test_place(self, text: str, line: int, new: str) -> None:
        """What is written is read again, and nothing else of the code is another."""
        written, _ = with_ignores(text, {line: ["KM201"]})
        assert written == new
        (ignore,) = Ignores.of(written).all
        assert ignore.codes == ("KM201",)

    def test_several(self) -> None:
        written, stands = with_ignores("a = \\\n  b\nc\n", {1: ["KM3"], 2: ["KM201"], 3: ["KM302", "KM201"]})
        assert written == (
            "# keras-migrate: ignore[KM3]\na = \\\n  b  # keras-migrate: ignore[KM201]\n"
            "c  # keras-migrate: ignore[KM201, KM302]\n"
        )
        assert stands == {1: 1, 2: 3, 3: 4}


class TestDependencyFiles:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "train.py").write_text("import keras\n")
        return tmp_path

    @staticmethod
    def migrated(folder: Path, name: str, text: str) -> tuple[str, list[tuple[str, int]]]:
        (folder / name).write_text(text)
        (result,) = migrate_paths(folder / name, options=Options(Target.parse("2.21")), jobs=1).results or [
            FileResult(name, text.encode(), text.encode())
        ]
        return result.after.decode(), [(each.rule, each.line) for each in result.findings]

    @pytest.mark.parametrize(
        "text",
        [
            "keras==2.2.4  # keras-migrate: ignore[KM801]\n",
            "# keras-migrate: ignore\nkeras==2.2.4\n",
            "# keras-migrate: off\nkeras==2.2.4\ntensorflow==1.14\n",
            "keras==2.2.4\n# keras-migrate: ignore-file\n",
        ],
    )
    def test_requirements(self, folder: Path, text: str) -> None:
        assert self.migrated(folder, "requirements.txt", text) == (text, [])

    def test_unused(self, folder: Path) -> None:
        text = "numpy\nkeras\nscipy  # keras-migrate: ignore[KM802]\n"
        new, said = self.migrated(folder, "requirements.txt", text)
        assert "tensorflow" in new
        assert ("KM913", 3) in said

    def test_setup(self, folder: Path) -> None:
        text = (
            "from setuptools import setup\n\nsetup(\n    install_requires=[\n"
            "        'keras',  # keras-migrate: ignore[KM801]\n"
            "        'numpy',  # keras-migrate: ignore[KM803]\n    ],\n)\n"
        )
        assert self.migrated(folder, "setup.py", text) == (text, [("KM913", 6)])


def test_only_files_with_a_comment_are_read_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras_migrate.ignores._Comments", None)
    assert text("import keras  # keras-migrate\n") == "from tensorflow import keras  # keras-migrate\n"
    assert MARK not in "keras-migrate"


READABLE = [case for case in all_cases() if not (RULES / case.rule).name.startswith(("KM89", "KM90"))]


def refusing(case_before: bytes, target: str, refuses: Callable[[str, int], bool]) -> FileResult:
    options = Options(target=Target.parse(target), refuses=refuses)
    return migrate_bytes("program.py", case_before, options, Project())


@pytest.mark.parametrize("target", [KERAS_2, KERAS_3])
def test_all_refused_is_nothing_changed(target: str) -> None:
    """What no finding explains any more is not done."""
    for case in READABLE:
        result = refusing(case.before, target, lambda code, line: True)
        assert result.after == case.before, case
        assert result.findings == (), case


@pytest.mark.parametrize("family", ["KM10", "KM11", "KM2", "KM30"])
def test_each_line_can_be_refused(family: str) -> None:
    """Nothing is found there any more, and the rest is a program still."""
    for case in READABLE:
        if not case.rule.startswith(family):
            continue
        whole = refusing(case.before, KERAS_3, lambda code, line: False)
        for place in {each.line for each in whole.findings}:
            result = refusing(case.before, KERAS_3, lambda code, line, place=place: line == place)  # type: ignore[misc]
            assert place not in {each.line for each in result.findings}, (case, place)
            ast.parse(PythonDocument.read(result.after).text)


def notebook(*sources: str) -> str:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**cell, "source": source.splitlines(keepends=True)} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_from_the_command_line(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from keras_migrate.cli import main

    (tmp_path / "a.py").write_text("x = 1  # keras-migrate: ignore[KM201]\n")
    outcome = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert "a.py:1:8" in outcome.output
    assert "KM913" in outcome.output


@pytest.mark.parametrize(
    ("name", "line", "stays"),
    [
        (
            "KM505/stateful",
            17,
            "        total = K.update_add(self.count, 1.)\n        self.add_update(total, x)\n",
        ),
        ("KM715/web_server", 19, "        self.sess = K.get_session()\n"),
        ("KM208/network", 11, "images.add(Convolution2D(4, 3, 3, border_mode='valid', subsample=(2, 2),"),
    ],
)
def test_what_a_refused_place_needs_stays_with_it(name: str, line: int, stays: str) -> None:
    """One edit that takes away what another place is written for is not made without that one."""
    before = (RULES / f"{name}.before.py").read_bytes()
    result = refusing(before, KERAS_3, lambda code, at: at == line)
    assert stays in before.decode()
    assert stays in result.after.decode()
