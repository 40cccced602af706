"""What IPython adds to Python is masked and put back."""

from __future__ import annotations

import ast

import pytest

from keras_migrate.documents.ipython import mask, unmasked

STEM = "ipython_"


def restored(source: str) -> str:
    """A cell masked and unmasked again."""
    masked = mask(source, f"{STEM}1_")
    lines = [unmasked(line, STEM, masked.commands) for line in masked.text.split("\n")]
    assert None not in lines
    return "\n".join(line for line in lines if line is not None)


COMMANDS = [
    "%matplotlib inline",
    "% matplotlib inline",
    "!pip install -q keras==2.1.0",
    "! ls 'don",
    "!!ls",
    "model.fit?",
    "model.fit??",
    "?model.fit",
    "??model.fit",
    "%timeit?",
    "layers[0].call?",
    "np.*load*?",
    "files = !ls data",
    "a, b = !ls",
    "x = %sql select 1",
    "table['a'] = !ls",
    "!wget a \\\n  b \\\n  c",
    "files = !ls \\\n  -l",
    "%time model.fit(x, y)",
    "%timeit -n 3 -r2 model.predict(x)",
    "%prun model.fit(x)",
    "%time x = f(1)  # once",
    ",print a b",
    "/print a",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("cell", ["{}", "{}\n", "import os\n{}\nx = 1\n", "x = '''\n%s\n'''\n{}"])
def test_commands_are_masked_and_put_back(command: str, cell: str) -> None:
    source = cell.format(command)
    masked = mask(source, f"{STEM}1_")
    ast.parse(masked.text)
    assert len(masked.commands) == 1
    assert restored(source) == source


@pytest.mark.parametrize("command", ["!mkdir a", "%cd a", "files = !ls", "%time f(x)", "f?"])
def test_commands_in_blocks_keep_their_indentation(command: str) -> None:
    source = f"for x in y:\n    if x:\n        {command}\n    z(x)\n"
    masked = mask(source, f"{STEM}1_")
    assert ast.dump(ast.parse(masked.text)).count("If(") == 1
    assert restored(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "y = (a\n     % b)\n",
        "y = a \\\n  % b\n",
        "x %= 3\n",
        "a = b != c\n",
        'text = """\n%matplotlib inline\n!ls\nwhat?\n"""\n',
        "f('x = !ls')\n",
        "f(a=\n  1, b = '%s' % c)\n",
        "print('100 %')  # what?\n",
        "'It\\'s' # don't\n",
        "",
        "\n\n",
    ],
)
def test_python_stays_as_it_is(source: str) -> None:
    masked = mask(source, f"{STEM}1_")
    assert masked.text == source
    assert not masked.commands


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 3 x = 1", "%%capture out", "%%prun"])
def test_python_below_cell_magics_is_read(magic: str) -> None:
    source = f"\n{magic}\nmodel.fit(x)\n"
    masked = mask(source, f"{STEM}1_")
    assert masked.python
    assert masked.text.endswith("model.fit(x)\n")
    assert masked.magic in masked.text
    assert restored(source) == source


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile a.py", "%%html", "%%javascript", "%%", "%%unknown"])
def test_other_cell_magics_are_not_python(magic: str) -> None:
    source = f"{magic}\nimport keras\n"
    assert not mask(source, f"{STEM}1_").python
    assert restored(source) == source


def test_lines_and_columns_are_those_of_the_cell() -> None:
    masked = mask("!a \\\n  b\nx = (1,\n  2)\n%time f(x)\n", f"{STEM}1_")
    assert masked.text.count("\n") == len(masked.lines)
    assert masked.lines == (1, 3, 4, 5)
    assert masked.shifts == {4: len("%time ")}


def test_what_has_become_several_lines_is_not_put_back_in_part() -> None:
    masked = mask("%time f(x)", f"{STEM}1_")
    (name,) = masked.commands
    assert unmasked(f"  x)  # {name}", STEM, masked.commands) is None
    assert unmasked(f"f({name})", STEM, masked.commands) is None
