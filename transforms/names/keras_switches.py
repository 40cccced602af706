"""Switches between standalone Keras and ``tf.keras``: ``if os.environ.get('TF_KERAS')`` around imports."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Binding, Frame, ImportedName, Reference, around
from ...transform import File, Transform
from ...walk import dotted, nodes_of
from ..edits.folding import fold, keeps_comments
from ..edits.statement_edits import drop
from ..reading.taken_names import ALL, taken_from

KERAS_SWITCH = Rule(
    "KM116",
    "keras-switch",
    "Keep the one arm of a switch between Keras and `tf.keras` that runs now.",
    "Packages for both asked an environment variable such as `TF_KERAS`, or a flag made from it, which Keras "
    "to import. After the migration there is only `tf.keras`: the arm for it stays, without the condition, "
    "and so do the names that it sets, because other modules ask for them. A flag that other code reads is "
    "what it is with `tf.keras`. What only the condition needed, an `import os`, goes away with it.",
    before="import os\nimport numpy as np\n\n"
    "if os.environ.get('TF_KERAS', '0') != '0':\n    from tensorflow import keras\n"
    "else:\n    import keras\n",
    after="import numpy as np\n\nfrom tensorflow import keras\n",
)

TRANSFORM = Transform("keras switches", KERAS_SWITCH)

_HARMLESS_CALLS = frozenset({"get", "getenv", "strtobool", "int", "bool", "str", "lower", "strip", "upper"})


def folded(file: File, removed: frozenset[cst.CSTNode]) -> frozenset[cst.CSTNode]:
    """Takes out the arms for standalone Keras of the switches of a file.

    Args:
        file: the file; findings are left there and edits asked for.
        removed: what goes away already.
    Returns:
        The conditions and arms of ``if`` statements that go away.
    """
    gone: set[cst.CSTNode] = set()
    flags: dict[str, bool] = {}
    for node, frame in _switches(file):
        if any(outer in gone or outer in removed for outer in (node, *around(frame))):
            continue
        value = _through_tensorflow(file, node)
        if value is None or not keeps_comments(node, value) or not _asks_for_keras(file, node.test):
            continue
        test = cst.Module([]).code_for_node(node.test)
        message = f"`{test}` asked which Keras to import, and there is one now: what is for tf.keras stays"
        if not file.report(KERAS_SWITCH, Level.REWRITTEN, node, message):
            continue
        dead = node.orelse if value else node.body
        assert dead is not None
        gone.update((node.test, dead))
        fold(file, node, frame, value)
        flags.update(_flag(node.test, value))
    if gone:
        _settle(file, gone, flags)
    return frozenset(gone)


def _flag(test: cst.BaseExpression, value: bool) -> dict[str, bool]:
    """The flag that a condition asks, with its value."""
    while isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        test, value = test.expression, not value
    return {test.value: value} if isinstance(test, cst.Name) else {}


def _switches(file: File) -> Iterator[tuple[cst.If, Frame]]:
    """The statements with two arms that import Keras, the outer ones first."""
    found: dict[cst.If, Frame] = {}
    for imported in file.names.imports:
        frame = imported.frame
        while frame is not None:
            node = frame[0]
            if isinstance(node, cst.If) and isinstance(node.orelse, cst.Else):
                above = frame[1][0] if frame[1] is not None else None
                if not (isinstance(above, cst.If) and above.orelse is node):
                    found[node] = frame[1]
            frame = frame[1]
    yield from sorted(found.items(), key=lambda each: len(list(around(each[1]))))


def _through_tensorflow(file: File, node: cst.If) -> bool | None:
    """Whether it is the first arm that imports Keras through TensorFlow; ``None`` if both or none do."""
    assert node.orelse is not None
    first, second = (set(_ways(file, arm)) for arm in (node.body, node.orelse))
    if (first, second) == ({True}, {False}):
        return True
    return False if (first, second) == ({False}, {True}) else None


def _ways(file: File, arm: cst.CSTNode) -> Iterator[bool]:
    """For each import of Keras in an arm, whether it goes through TensorFlow."""
    for imported in file.names.imports:
        if arm in around(imported.frame):
            root, *rest = imported.target.split(".")
            if root == "keras" or "keras" in rest:
                yield root == "tensorflow"


def _asks_for_keras(file: File, test: cst.BaseExpression) -> bool:
    """Whether a condition is about which Keras there is, and working it out does nothing else."""
    if "keras" not in cst.Module([]).code_for_node(test).lower():
        return False
    return not any(
        isinstance(each, cst.Call) and (dotted(each.func) or "").rpartition(".")[2] not in _HARMLESS_CALLS
        for each in nodes_of(test)
    ) and not any(isinstance(each, (cst.Await, cst.NamedExpr, cst.Yield)) for each in nodes_of(test))


def _settle(file: File, gone: set[cst.CSTNode], flags: dict[str, bool]) -> None:
    """Lets go of what only the conditions needed, and gives flags that others read their value."""
    settled: set[str] = set()
    while True:
        named = {each.value for node in gone for each in nodes_of(node) if isinstance(each, cst.Name)}
        fresh = [name for name in sorted(named - settled) if _settles(file, name, gone, flags)]
        if not fresh:
            break
        settled.update(fresh)
    body = file.module.body
    first = next((at for at, line in enumerate(body) if line not in gone), 0)
    if first:
        file.edit(body[first], (file.module, None), _on_top)


def _on_top(current: Any) -> Any:
    """A statement, or those that took its place, without blank lines above."""
    if isinstance(current, cst.FlattenSentinel):
        first, *others = current
        return cst.FlattenSentinel([_on_top(first), *others])
    if not hasattr(current, "leading_lines"):
        return current
    lines = itertools.dropwhile(lambda line: line.comment is None, current.leading_lines)
    return current.with_changes(leading_lines=list(lines))


def _settles(file: File, name: str, gone: set[cst.CSTNode], flags: dict[str, bool]) -> bool:
    """Lets go of a name of the module, or gives it its value; tells whether anything was done."""
    bindings = file.names.scope.bindings.get(name, [])
    binding = bindings[0] if len(bindings) == 1 else None
    if binding is None or binding.branch is not None or name in file.names.scope.aside:
        return False
    needed = _needed(file, name, gone)
    if binding.imported is not None:
        return not needed and _drop_import(file, binding.imported, gone)
    return (name in flags or not needed) and _settle_flag(
        file, binding, gone, flags[name] if needed else None
    )


def _needed(file: File, name: str, gone: set[cst.CSTNode]) -> bool:
    """Whether anything that stays uses a name, here or in another module."""
    uses: list[Reference] = [*file.names.uses(name)]
    if not uses or not all(any(node in gone for node in (use.node, *around(use.frame))) for use in uses):
        return True
    if file.path.endswith("__init__.py") or name in file.names.exported:
        return True
    taken = taken_from(file)
    return name in taken or (ALL in taken and not file.names.exported)


def _drop_import(file: File, imported: ImportedName, gone: set[cst.CSTNode]) -> bool:
    """Takes an import out that has nothing to do with Keras and is not needed any more."""
    statement = imported.statement
    if isinstance(statement.names, cst.ImportStar) or imported in file.names.imports:
        return False
    if len(statement.names) == 1:
        drop(file, statement, imported.frame)
        line = imported.frame[0] if imported.frame is not None else None
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            gone.add(line)
        return True
    alias = imported.alias
    file.edit(statement, imported.frame, lambda current: _without(current, alias))
    return True


def _without(
    current: cst.Import | cst.ImportFrom, alias: cst.CSTNode
) -> cst.Import | cst.ImportFrom | cst.RemovalSentinel:
    """An import statement without one of its names."""
    assert not isinstance(current.names, cst.ImportStar)
    left = [each for each in current.names if each is not alias]
    if not left:
        return cst.RemoveFromParent()
    left[-1] = left[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return current.with_changes(names=left)


def _settle_flag(file: File, binding: Binding, gone: set[cst.CSTNode], value: bool | None) -> bool:
    """Takes out the assignment that makes a flag, or writes the value that it has with ``tf.keras``."""
    made = binding.given.node if binding.given is not None else None
    if not isinstance(made, cst.BaseExpression) or binding.given is None or binding.given.path:
        return False
    for statement in file.module.body:
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if not isinstance(small, cst.Assign) or small.value is not made or len(small.targets) != 1:
            continue
        if not isinstance(small.targets[0].target, cst.Name) or not _asks_for_keras(file, made):
            return False
        frame: Frame = (statement, (file.module, None))
        gone.add(made)
        if value is None:
            drop(file, small, frame)
            gone.add(statement)
        else:
            message = f"`{small.targets[0].target.value}` is {value} with tf.keras, and other code reads it"
            file.report(KERAS_SWITCH, Level.REWRITTEN, small, message)
            file.edit(made, (small, frame), lambda _: cst.Name(str(value)))
        return True
    return False
