"""Error messages of programs written for old Keras lead to the rule that treats their cause.

``error_texts/messages.tsv`` has the messages that 321 snippets of old idioms, and some more, gave on
TensorFlow 2.15.1 and 2.21.0 when they were prefixed with ``tensorflow.`` and run, each with the rule that it
must lead to first.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from keras_migrate.transforms.answers.error_texts import looks_like_an_error, meaning_of, message_in
from keras_migrate.transforms.tables import Entry, load

from keras_migrate.answers import Kind
from keras_migrate.explain import explain
from keras_migrate.registry import all_rules

TABLE: list[Entry] = load("answers/error_texts.toml")["error"]
with (Path(__file__).parent / "error_texts" / "messages.tsv").open(encoding="utf-8", newline="") as file:
    MESSAGES = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

TRACEBACK = """\
Epoch 1/1
Traceback (most recent call last):
  File "train.py", line 12, in <module>
    print(history.history['val_acc'])
          ~~~~~~~~~~~~~~~^^^^^^^^^^^
KeyError: 'val_acc'
"""
PYTEST = """\
>       from keras.layers.core import Dense
E       ModuleNotFoundError: No module named 'keras.layers.core'

test_model.py:1: ModuleNotFoundError
"""


@pytest.mark.parametrize(
    "row", MESSAGES, ids=[f"{number}-{row['name']}-{row['target']}" for number, row in enumerate(MESSAGES)]
)
def test_measured_messages(row: dict[str, str]) -> None:
    first, *_ = explain(row["message"])
    assert first.kind is Kind.ERROR
    assert (first.rules[0] if first.rules else "-") == row["rule"]
    assert first.text


def test_how_many_messages_lead_to_a_rule() -> None:
    """Nearly all do; the others are no matter of a migration, and the answer says what to do."""
    plain = [row for row in MESSAGES if row["rule"] == "-"]
    print(f"{len(MESSAGES)} messages, {len(MESSAGES) - len(plain)} lead to a rule")
    assert {row["name"] for row in plain} == {"K.sym_ops", "x.add_loss_ops", "ut.idg", "ut.idg_next"}


@pytest.mark.parametrize("entry", TABLE, ids=[entry["messages"][0][:60] for entry in TABLE])
def test_entries(entry: Entry) -> None:
    """Each entry is the one that its own messages find, and names rules that there are."""
    assert entry.keys() <= {"pattern", "rules", "otherwise", "targets", "do", "messages"}
    assert set(entry.get("rules", ())) | set(entry.get("otherwise", ())) <= set(all_rules())
    assert entry.get("targets", "") in ("", ">=2.16", "<2.16")
    for message in entry["messages"]:
        found = meaning_of(message)
        assert found is not None
        assert found.do == entry["do"], message


def test_groups_are_known() -> None:
    known = {"symbol", "module", "name", "bare", "member", "argument", "owner", "method", "word", "kind"}
    for entry in TABLE:
        assert set(re.compile(entry["pattern"]).groupindex) <= known, entry["pattern"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TRACEBACK, "KeyError: 'val_acc'"),
        (PYTEST, "ModuleNotFoundError: No module named 'keras.layers.core'"),
        ("tensorflow.python.framework.errors_impl.NotFoundError: a\n  b", None),
        ("\x1b[31mValueError\x1b[0m: a\nb", "ValueError: a b"),
        ("No module named 'keras'", "No module named 'keras'"),
    ],
)
def test_message_in_a_traceback(text: str, message: str | None) -> None:
    assert message_in(text) == (message or " ".join(text.split()))


def test_what_looks_like_an_error() -> None:
    assert looks_like_an_error("NotImplementedError:")
    assert looks_like_an_error("KeyError")
    assert not looks_like_an_error("np_utils.to_categorical")
    assert not looks_like_an_error("KM101")


def test_a_traceback_is_explained() -> None:
    assert explain(TRACEBACK)[0].rules == ("KM601",)
    assert explain(PYTEST)[1].subject == "keras.layers.core"
