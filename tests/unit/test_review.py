"""Changes one by one: what makes one, what each does by itself, and what becomes of refused ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent

import pytest

from keras_migrate import FileResult, Options
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import Finding, Level
from keras_migrate.project import Project
from keras_migrate.review import Change, FileReview, LostEditError, changes
from keras_migrate.source import Source

OPTIONS = Options(source=Source("2.2", False, ""))

OLD = """\
    import keras
    from keras.layers.core import Dense

    model = keras.models.Sequential()
    model.add(keras.layers.core.Dropout(0.1))
    model.add(Dense(3, init='normal'))
    model.compile(keras.optimizers.SGD(lr=0.1), 'mse')
    keras.utils.np_utils.normalize([1])
    keras.layers.Merge([1])
    """


def works(path: str, data: bytes) -> Callable[[Callable[[str, int], bool]], FileResult]:
    return lambda refuses: migrate_bytes(path, data, replace(OPTIONS, refuses=refuses), Project())


def review(code: str = OLD, path: str = "a.py") -> FileReview:
    migrate = works(path, dedent(code).encode())
    return FileReview(migrate(lambda code, line: False), migrate)


def places(change: Change) -> list[tuple[str, int]]:
    return [(each.rule, each.line) for each in change.findings]


def the(made: FileReview, rule: str, line: int) -> Change:
    return next(each for each in made.pending() if (rule, line) in places(each))


def text(result: FileResult) -> str:
    return result.after.decode()


def different(result: FileResult) -> list[str]:
    old, new = result.before.decode().splitlines(), text(result).splitlines()
    return [f"-{line}" for line in old if line not in new] + [f"+{line}" for line in new if line not in old]


class TestChanges:
    def test_import_with_the_names_reached_through_it(self) -> None:
        found = [places(each) for each in review().pending()]
        assert [("KM101", 1), ("KM102", 5), ("KM102", 8)] in found
        assert [("KM102", 2)] in found
        assert [("KM201", 7)] in found

    def test_import_statements_of_one_name(self) -> None:
        found = changes(
            review("import keras.layers\nimport keras.models\nkeras.models.Model\n").first.findings
        )
        assert [{line for _, line in places(each)} for each in found] == [{1, 2}]

    def test_one_rule_on_one_line(self) -> None:
        found = [
            Finding("KM301", Level.REVIEW, "one", None, 3, 1),
            Finding("KM301", Level.REWRITTEN, "two", None, 3, 9),
            Finding("KM302", Level.REWRITTEN, "three", None, 3, 9),
        ]
        assert [len(each.findings) for each in changes(found)] == [2, 1]

    def test_what_bundles_share_a_place_with_is_one(self) -> None:
        found = [
            Finding("KM101", Level.REWRITTEN, "", None, 1, 1, bundle=1),
            Finding("KM101", Level.REWRITTEN, "", None, 2, 1, bundle=2),
            Finding("KM102", Level.REWRITTEN, "", None, 5, 1, bundle=1),
            Finding("KM102", Level.REWRITTEN, "", None, 5, 9, bundle=2),
        ]
        assert [len(each.findings) for each in changes(found)] == [4]

    def test_what_needs_a_person_is_by_itself(self) -> None:
        manual = [each for each in review().pending() if each.is_manual]
        assert [places(each) for each in manual] == [[("KM105", 9)]]


class TestAlone:
    def test_import(self) -> None:
        """Neither the values of arguments nor other imports are to be seen."""
        made = review()
        assert different(made.alone(the(made, "KM101", 1))) == [
            "-import keras",
            "-model.add(keras.layers.core.Dropout(0.1))",
            "-keras.utils.np_utils.normalize([1])",
            "+from tensorflow import keras",
            "+model.add(keras.layers.Dropout(0.1))",
            "+keras.utils.normalize([1])",
        ]

    def test_argument(self) -> None:
        made = review()
        assert different(made.alone(the(made, "KM201", 7))) == [
            "-model.compile(keras.optimizers.SGD(lr=0.1), 'mse')",
            "+model.compile(keras.optimizers.SGD(learning_rate=0.1), 'mse')",
        ]

    def test_only_its_own_findings(self) -> None:
        made = review()
        change = the(made, "KM201", 7)
        assert [each.rule for each in made.alone(change).findings] == ["KM201"]

    def test_what_needs_a_person(self) -> None:
        made = review()
        shown = made.alone(the(made, "KM105", 9))
        assert shown.before == shown.after


class TestDecisions:
    def test_all_accepted_is_what_the_run_worked_out(self) -> None:
        made = review()
        while made.pending():
            made.accept(made.pending()[0])
        assert made.finished() == made.first

    def test_all_refused_is_the_old_file(self) -> None:
        made = review()
        while made.pending():
            made.refuse(made.pending()[0])
        assert text(made.finished()) == dedent(OLD)

    def test_refused_argument(self) -> None:
        made = review()
        assert made.refuse(the(made, "KM201", 7))
        made.refuse_pending()
        assert made.finished().after == made.first.before

        made = review()
        made.refuse(the(made, "KM201", 7))
        assert "SGD(lr=0.1)" in text(made.finished())
        assert "from tensorflow import keras" in text(made.finished())

    def test_what_hangs_on_a_refused_import_is_not_asked(self) -> None:
        made = review()
        made.refuse(the(made, "KM101", 1))
        assert ("KM201", 7) not in [place for each in made.pending() for place in places(each)]
        assert "import keras\n" in text(made.finished())
        assert "from tensorflow.keras.layers import Dense" in text(made.finished())

    def test_what_comes_of_refusing_is_not_asked(self) -> None:
        """The check of the result speaks, but only at the end."""
        made = review()
        made.refuse(the(made, "KM101", 1))
        assert "KM120" in {each.rule for each in made.finished().findings}
        assert "KM120" not in {each.rule for change in made.pending() for each in change.findings}

    def test_file_that_is_left(self) -> None:
        made = review()
        made.accept(made.pending()[0])
        made.left = True
        assert text(made.finished()) == dedent(OLD)
        assert {each.level for each in made.finished().findings} == {Level.MANUAL}

    def test_what_cannot_be_refused(self) -> None:
        made = review()
        made.migrate = lambda refuses: made.first
        assert not made.refuse(the(made, "KM201", 7))
        made.refuse_pending()
        assert made.left


class TestEdits:
    def test_lines_of_a_change(self) -> None:
        made = review()
        change = the(made, "KM201", 7)
        (stretch,) = made.proposal(change)
        assert (
            stretch.text == "model.compile(keras.optimizers.SGD(learning_rate=0.1), 'mse')\n" or stretch.old
        )
        made.edit(change, [replace(stretch, text="model.compile('sgd')\n")])
        assert "\nmodel.compile('sgd')\n" in text(made.finished())
        assert text(made.finished()).startswith("from tensorflow import keras\n")

    def test_longer_and_gone(self) -> None:
        made = review("import os\nfrom keras.layers import Dense\nx = Dense(3)\n")
        (change,) = made.pending()
        (stretch,) = made.proposal(change)
        made.edit(change, [replace(stretch, text="import a\nimport b\n")])
        assert text(made.finished()) == "import os\nimport a\nimport b\nx = Dense(3)\n"
        made = review("import os\nfrom keras.layers import Dense\nx = Dense(3)\n")
        made.edit(change, [replace(stretch, text="")])
        assert text(made.finished()) == "import os\nx = Dense(3)\n"

    def test_other_changes_of_the_lines_are_settled(self) -> None:
        made = review("from keras.optimizers import SGD\n\nx = SGD(lr=0.1, decay=0.1)\n")
        change = next(each for each in made.pending() if each.findings[0].line == 3)
        made.edit(change, made.proposal(change))
        assert {each.findings[0].line for each in made.pending()} == {1}

    def test_stays_where_it_is_when_others_are_refused(self) -> None:
        code = "from keras.optimizers import SGD\n\nx = 1\ny = SGD(lr=0.1)\nz = 2\nprint(SGD(lr=0.2))\n"
        made = review(code)
        change = the(made, "KM201", 6)
        made.edit(change, [replace(each, text="print(3)\n") for each in made.proposal(change)])
        made.refuse(the(made, "KM201", 4))
        made.refuse(the(made, "KM101", 1))
        assert text(made.finished()) == code.replace("print(SGD(lr=0.2))", "print(3)")

    def test_place_that_needs_a_person(self) -> None:
        made = review()
        change = the(made, "KM105", 9)
        (stretch,) = made.proposal(change)
        assert stretch.text == "keras.layers.Merge([1])\n"
        made.edit(change, [replace(stretch, text="keras.layers.Add()([1])\n")])
        assert text(made.finished()).endswith("\nkeras.layers.Add()([1])\n")
        assert "KM105" not in {each.rule for each in made.finished().findings}

    def test_no_python(self) -> None:
        made = review()
        stretches = made.proposal(the(made, "KM201", 7))
        assert made.problem(stretches) is None
        assert "never closed" in (made.problem([replace(each, text="print(\n") for each in stretches]) or "")

    def test_lost(self) -> None:
        """What was written by hand is never put in another place."""
        made = review("from keras.optimizers import SGD\nx = SGD(lr=0.1)\n")
        change = the(made, "KM201", 2)
        (stretch,) = made.proposal(change)
        assert list(stretch.old) == [0, 1]
        made.edit(change, [replace(stretch, old=range(1, 2), text="x = 3\n")])
        with pytest.raises(LostEditError):
            made.finished()


class TestRemembered:
    @staticmethod
    def remembered(made: FileReview) -> FileResult:
        path = made.first.path
        return made.remembered(lambda data: migrate_bytes(path, data, OPTIONS, Project()))

    def test_beside_the_line(self) -> None:
        made = review()
        made.refuse(the(made, "KM201", 7))
        result = self.remembered(made)
        assert "SGD(lr=0.1), 'mse')  # keras-migrate: ignore[KM201]\n" in text(result)
        again = migrate_bytes("a.py", result.after, OPTIONS, Project())
        assert again.after == result.after
        assert "KM913" not in {each.rule for each in again.findings}

    def test_import_alone_where_that_is_enough(self) -> None:
        made = review("from keras.layers import Deconvolution2D\n\nx = Deconvolution2D(3, (1, 1))\n")
        made.refuse_pending()
        assert text(self.remembered(made)) == (
            "from keras.layers import Deconvolution2D  # keras-migrate: ignore[KM103]\n"
            "\nx = Deconvolution2D(3, (1, 1))\n"
        )

    def test_above_a_line_that_takes_no_comment(self) -> None:
        code = "if True:\n    x = [1] + \\\n        [SGD(lr=1), \\\n         3]\n"
        made = review(f"from keras.optimizers import SGD\n\n{code}")
        made.refuse(the(made, "KM201", 5))
        assert "    # keras-migrate: ignore[KM201]\n    x = [1] + \\\n" in text(self.remembered(made))

    def test_notebook(self) -> None:
        made = review(NOTEBOOK, "a.ipynb")
        made.refuse(next(each for each in made.pending() if each.rules == ("KM201",)))
        cells = json.loads(self.remembered(made).after)["cells"]
        assert "".join(cells[1]["source"]) == "%time x = SGD(lr=0.1)  # keras-migrate: ignore[KM201]\nx"

    def test_not_in_a_document(self) -> None:
        made = review("```python\nimport keras\n```\n", "a.md")
        made.refuse_pending()
        assert self.remembered(made).after == made.first.before


NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in (["from keras.optimizers import SGD"], ["%time x = SGD(lr=0.1)\n", "x"])
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
)


class TestNotebooks:
    def test_refused(self) -> None:
        made = review(NOTEBOOK, "a.ipynb")
        assert made.refuse(next(each for each in made.pending() if each.rules == ("KM201",)))
        cells = json.loads(made.finished().after)["cells"]
        assert "".join(cells[1]["source"]) == "%time x = SGD(lr=0.1)\nx"

    def test_alone(self) -> None:
        made = review(NOTEBOOK, "a.ipynb")
        shown = made.alone(next(each for each in made.pending() if each.rules == ("KM201",)))
        assert [(cell.number, cell.after) for cell in shown.cells] == [
            (2, "%time x = SGD(learning_rate=0.1)\nx")
        ]

    def test_edited(self) -> None:
        made = review(NOTEBOOK, "a.ipynb")
        change = next(each for each in made.pending() if each.rules == ("KM201",))
        made.edit(change, [replace(each, text="x = 1\n") for each in made.proposal(change)])
        cells = json.loads(made.finished().after)["cells"]
        assert "".join(cells[1]["source"]) == "x = 1\nx"
