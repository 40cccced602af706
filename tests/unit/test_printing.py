"""What is printed again is exactly what the new tree says, and places are told right in both texts.

The snippets have every layout that a statement can stand in; random statements of them are replaced, removed
and added, and names within them changed. Each name occurs on one line only, so that lines can be followed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_migrate import migrate_source
from keras_migrate.printing import Printed, Spliced

LAYOUTS = {
    "plain": "a1 = 1\nb1 = 2\nc1 = 3\n",
    "comments": "#!/bin/x\n# one\n\na1 = 1  # two\n\n# three\nb1 = 2\n# four\n\n# five\n",
    "docstring": '"""Doc."""\nfrom __future__ import a1\n\nimport b1\nimport c1, d1\n',
    "decorators": "@a1\n# why\n@b1(c1)\ndef d1(e1=f1):\n    # in\n    g1 = 1\n\n    return h1\n\n\ni1 = 2\n",
    "nested": "class a1(b1):\n    def c1(self):\n        if d1:\n            e1()\n            f1()\n"
    "        # end\n    g1 = 1\nh1 = 2\n",
    "semicolons": "a1 = 1; b1 = 2\nif c1: d1(); e1();\nf1 = 3 ;g1 = 4  # why\n",
    "one-line suites": "if a1: import b1\nelif c1: d1 = 1\nelse: e1 = 2\nfor f1 in g1: h1()\n"
    "class i1: pass\n",
    "tabs": "if a1:\n\tb1 = 1\n\tif c1:\n\t\td1 = 2\n\te1 = 3\nf1 = 4\n",
    "odd indents": "if a1:\n  b1 = 1\n  if c1:\n       d1 = 2\n       e1 = 2\nelse:\n   f1 = 4\n",
    "CRLF": "a1 = 1\r\nif b1:\r\n    c1 = 2\r\n    # c\r\n\r\nd1 = 3\r\n",
    "mixed line ends": "a1 = 1\r\nif b1:\n    c1 = 2\r\n    d1 = 3\ne1 = 4\r\n",
    "form feeds": "a1 = 1\n\x0c\nb1 = 2\n\x0c\n# c\ndef c1():\n    d1()\n\x0c\ne1 = 1\n",
    "no final newline": "a1 = 1\nif b1:\n    c1 = 2\n    d1 = 3",
    "no final newline, one line": "a1 = 1",
    "no final newline, CRLF": "a1 = 1\r\nb1 = 2",
    "no final newline, suite": "if a1: b1()",
    "no final newline, comment": "if a1:\n    b1()\n    # last",
    "only spaces at the end": "if a1:\n    b1()\n    ",
    "continuations": "a1 = 1 + \\\n    b1\nfrom c1 import d1, \\\n    e1\nif f1 and \\\n  g1:\n    h1()\n",
    "brackets": "a1(\n    b1,  # c\n    c1,\n)\nfrom d1 import (\n    e1,\n    # why\n    f1,\n)\n",
    "try": "try:\n    import a1\nexcept b1:\n    c1 = None\n    # c\nelse:\n    d1()\nfinally:\n"
    "    # f\n    e1()\nf1 = 1\n",
    "with, while, for": "with a1 as b1:\n    c1()\nwhile d1:\n    e1()\nelse:\n    f1()\n"
    "async def g1():\n    async for h1 in i1:\n        j1()\n",
    "match": "match a1:\n    case b1 if c1:\n        d1()\n        e1()\n    case _:\n        f1()\n",
    "comment after a block": "if a1:\n    b1()\n    # in the block\n# after the block\n\nc1 = 1\n",
    "comment after a nested block": "def a1():\n    if b1:\n        c1()\n    # of a1\n        # odd\n"
    "# of none\nd1 = 1\n",
    "strings": 'a1 = """\nx\n  y\n"""\nb1 = f"{c1}"\n',
    "empty": "",
    "only a comment": "# nothing\n",
    "only a comment, no newline": "# nothing",
    "blank lines": "\n\n\na1 = 1\n\n\n\nb1 = 2\n\n",
}


def _new(name: str, leading: Sequence[cst.EmptyLine] = ()) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Expr(cst.Name(name))], leading_lines=leading)


_WAYS = ("replace", "remove", "before", "after", "both", "split", "comment")
_CHANGED = (cst.SimpleStatementLine, cst.BaseCompoundStatement, cst.Name, cst.Expr)


class Mutation(cst.CSTTransformer):
    """Replaces, removes and adds random statements, and changes random names; enters only the way to them."""

    def __init__(self, module: cst.Module, seed: int, rate: float) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._chosen: set[cst.CSTNode] = set()
        self._entered: set[cst.CSTNode] = set()
        self._made = 0
        self._choose(module, (), rate)

    def _choose(self, node: cst.CSTNode, around: tuple[cst.CSTNode, ...], rate: float) -> None:
        is_elif = isinstance(node, cst.If) and bool(around) and isinstance(around[-1], cst.If)
        if isinstance(node, _CHANGED) and not is_elif and self._random.random() < rate:
            self._chosen.add(node)
            self._entered.update((*around, node))
        for child in node.children:
            self._choose(child, (*around, node), rate)

    def _fresh(self) -> str:
        self._made += 1
        return f"new{self._made}"

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._entered

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        if original_node not in self._chosen:
            return updated_node
        if isinstance(updated_node, cst.Name):
            return updated_node.with_changes(value=self._fresh())
        if isinstance(updated_node, cst.Expr):
            return cst.FlattenSentinel([updated_node, cst.Expr(cst.Name(self._fresh()))])
        return self._statement(updated_node)

    def _statement(self, left: Any) -> Any:
        match self._random.choice(_WAYS):
            case "replace":
                return _new(self._fresh(), left.leading_lines)
            case "remove":
                return cst.RemoveFromParent()
            case "before":
                return cst.FlattenSentinel([_new(self._fresh()), left])
            case "after":
                return cst.FlattenSentinel([left, _new(self._fresh())])
            case "both":
                first = _new(self._fresh(), left.leading_lines)
                return cst.FlattenSentinel([first, left.with_changes(leading_lines=()), _new(self._fresh())])
            case "split":
                return cst.FlattenSentinel([_new(self._fresh()), _new(self._fresh())])
        comment = cst.EmptyLine(comment=cst.Comment("# more"))
        return left.with_changes(leading_lines=[*left.leading_lines, comment])


def _names(node: cst.CSTNode) -> list[cst.Name]:
    found = [node] if isinstance(node, cst.Name) else []
    return [*found, *(name for child in node.children for name in _names(child))]


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n?|\n", text)


def _check(source: str, seed: int, rate: float) -> None:
    module = cst.parse_module(source)
    printed = Printed(module, set(_names(module)))
    assert printed.text == source
    for name in _names(module):
        line, column = printed.position(name)
        assert _lines(source)[line - 1][column - 1 :].startswith(name.value)
    new = module.visit(Mutation(module, seed, rate))
    spliced = Spliced(printed, new, set(_names(new)))
    assert spliced.text == new.code
    for name in _names(new):
        place = spliced.position(name)
        assert place is not None
        assert _lines(new.code)[place[0] - 1][place[1] - 1 :].startswith(name.value)
    _check_lines(source, new.code, spliced)


def _check_lines(before: str, after: str, spliced: Spliced) -> None:
    """Lines that are in both texts, and in each only once, are told to be the same."""
    old, new = _lines(before), _lines(after)
    for number, line in enumerate(old, 1):
        if re.search(r"\w\d", line) and old.count(line) == new.count(line) == 1:
            assert spliced.new_line(number) == new.index(line) + 1
            assert spliced.old_line(new.index(line) + 1) == number
    for number in range(1, len(old) + 1):
        told = spliced.new_line(number)
        assert told is None or 1 <= told <= len(new)
    for number in range(1, len(new) + 1):
        assert 1 <= spliced.old_line(number) <= len(old)


@pytest.mark.parametrize("source", LAYOUTS.values(), ids=LAYOUTS)
def test_nothing_changed(source: str) -> None:
    module = cst.parse_module(source)
    spliced = Spliced(Printed(module, ()), module, ())
    assert spliced.text == source
    lines = range(1, len(_lines(source)) + 1)
    assert [spliced.new_line(line) for line in lines] == list(lines)
    assert [spliced.old_line(line) for line in lines] == list(lines)


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.8])
@pytest.mark.parametrize("source", LAYOUTS.values(), ids=LAYOUTS)
def test_random_changes(source: str, rate: float) -> None:
    for seed in range(25):
        _check(source, seed, rate)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(list(LAYOUTS.values())), min_size=1, max_size=5), st.integers(0, 10**6))
def test_random_changes_of_longer_files(parts: list[str], seed: int) -> None:
    whole = [part if part.endswith(("\n", "\r\n")) else part + "\n" for part in parts]
    numbered = [re.sub(r"\b([a-z])1\b", rf"\g<1>{number}1", part) for number, part in enumerate(whole)]
    source = "".join(part for part in numbered if "__future__" not in part)
    _check(source, seed, 0.15)


class Removal(cst.CSTTransformer):
    """Removes the statements that name something."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        if any(name.value == self._name for name in _names(original_node)):
            return cst.RemoveFromParent()
        return updated_node


def test_a_removed_line_has_no_new_line() -> None:
    module = cst.parse_module("a = 1\nb = 2\nc = 3\n")
    spliced = Spliced(Printed(module, ()), module.visit(Removal("b")), ())
    assert [spliced.new_line(line) for line in (1, 2, 3)] == [1, None, 2]
    assert [spliced.old_line(line) for line in (1, 2)] == [1, 3]


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        (
            "from keras.utils import conv_utils\nfrom keras.utils.np_utils import to_categorical\n",
            {("KM108", None), ("KM102", "from tensorflow.keras.utils import to_categorical")},
        ),
        (
            "from keras.layers import Dense\nfrom keras.layers.recurrent import LSTM\nx = LSTM(3)\n",
            {
                ("KM101", "from tensorflow.keras.layers import Dense"),
                ("KM102", "from tensorflow.keras.layers import LSTM"),
            },
        ),
    ],
    ids=["one goes", "one comes"],
)
def test_a_line_is_the_one_it_resembles(imports: str, expected: set[tuple[str, str | None]]) -> None:
    result = migrate_source(imports, target="2.21", source="2.2")
    new = result.after.decode().splitlines()
    found = [each for each in result.findings if each.line < 3]
    assert {(each.rule, each.new_line and new[each.new_line - 1]) for each in found} == expected


def test_the_position_of_a_statement_is_below_its_comments() -> None:
    module = cst.parse_module("# one\n\n# two\na = 1\n")
    printed = Printed(module, ())
    assert printed.position(module.body[0]) == (4, 1)


def test_the_position_within_a_block_is_behind_its_indentation() -> None:
    module = cst.parse_module("if x:\n    # why\n    a = 1\n")
    (block,) = module.body
    assert isinstance(block, cst.If)
    assert isinstance(block.body, cst.IndentedBlock)
    assert Printed(module, ()).position(block.body.body[0]) == (3, 5)


def test_what_was_not_asked_for_has_no_place() -> None:
    module = cst.parse_module("a = 1\n")
    printed = Printed(module, ())
    (name,) = _names(module)
    assert not printed.knows(name)
    with pytest.raises(KeyError):
        printed.span(name)
    assert Spliced(printed, module, ()).position(name) is None
