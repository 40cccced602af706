"""The table of functions that are written out."""

import ast
import re

import pytest
from keras_migrate.transforms.tables import load

from keras_migrate import migrate_source
from keras_migrate.catalog import moves, tensorflow_has
from keras_migrate.target import Target

ENTRIES = load("names/written_out.toml")["function"]
PATHS = [(old, entry) for entry in ENTRIES for old in entry["old"]]


@pytest.mark.parametrize(("old", "entry"), PATHS, ids=[old for old, _ in PATHS])
def test_an_old_path_was_there_and_is_gone(old, entry):
    assert moves.known(old)
    if entry.get("asked"):
        return  # only some uses of it need it
    for target in ("2.15", "2.21"):
        assert moves.destination(old, Target(target)) is None


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["old"][0] for entry in ENTRIES])
def test_the_code_is_one_definition_and_all_it_needs_is_there(entry):
    code = re.sub(r"<(\w+)>", r"\1", entry["code"].replace("<name>", entry["name"]))
    (definition,) = ast.parse(code).body
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    assert definition.name == entry["name"]
    for path in entry.get("needs", {}).values():
        assert tensorflow_has(path, Target("2.15"))
        assert tensorflow_has(path, Target("2.21"))


def test_a_taken_name_is_not_taken_again():
    result = migrate_source(
        "from keras.utils import conv_utils\n\n"
        "def normalize_tuple(x):\n    return conv_utils.normalize_tuple(x, 2, 'size')\n"
    )
    text = result.after.decode()
    assert "def keras_normalize_tuple(value, n, name):" in text
    assert "return keras_normalize_tuple(x, 2, 'size')" in text


def test_a_function_that_imports_it_gets_it():
    result = migrate_source(
        "def convert(x):\n    from keras.utils.generic_utils import to_list\n    return to_list(x)\n"
    )
    text = result.after.decode()
    assert "    def to_list(x, allow_tuple=False):" in text
    assert "import" not in text
