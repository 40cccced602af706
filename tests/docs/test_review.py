"""The page on reviews shows what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from fixture_pairs import KERAS_3, ROOT

from keras_migrate import migrate_source
from keras_migrate.cli import interactive, main

PAGE = (ROOT / "docs" / "site" / "review.md").read_text(encoding="utf-8")
TRAIN = """\
import keras
from keras.layers.core import Dense

model = keras.models.Sequential([Dense(3, input_shape=(2,))])
model.compile(keras.optimizers.SGD(lr=0.1), "mse")
"""


def block(kind: str, word: str) -> str:
    """The fenced block of a kind with a word in it."""
    (found,) = [text for text in re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.M | re.S) if word in text]
    return str(found)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is printed where the last change of a program is reached."""
    monkeypatch.setattr(interactive, "is_possible", lambda: True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(TRAIN)
    arguments = ["migrate", "--interactive", "--target", KERAS_3, "--source", "2.2", "train.py"]
    return CliRunner().invoke(main, arguments, input="yyy?").output


def test_change(session: str) -> None:
    assert block("text", "Make this change").strip() in session


def test_keys() -> None:
    rows = re.findall(r"^\| `(.)` \| (.*) \|$", PAGE, re.M)
    assert [key for key, _ in rows] == [key for key, _, _ in interactive.KEYS]
    for (_, shown), (_, _, text) in zip(rows, interactive.KEYS, strict=True):
        assert shown.startswith(text) or text == "show this"


def test_comments() -> None:
    """The import stays for the reference that does, and the others are reached in another way."""
    result = migrate_source(block("python", "keras-migrate: off"), target=KERAS_3, source="2.2")
    new = result.after.decode()
    assert "SGD(lr=0.1)  # keras" in new
    assert "\nimport keras\n" in f"\n{new}"
    assert "three = keras.layers.core.Dense(3)" in new
    assert "two = layers.LSTM(\n    4,\n    return_sequences=True,\n)" in new
    assert "KM913" not in {each.rule for each in result.findings}
