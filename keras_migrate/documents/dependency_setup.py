"""Requirements in a ``setup.py``: the lists that ``setup()`` is given, wherever they are written."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import accumulate

from keras_migrate.documents.python import DocumentError
from keras_migrate.documents.requirements import Context, Group, Insertion, Requirement, Span, python, read

_LISTS = frozenset({"install_requires", "tests_require", "setup_requires"})
_TABLES = frozenset({"extras_require"})
_PYTHON = "python_requires"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def in_setup(text: str) -> Iterator[Group]:
    """The requirements of a ``setup.py``, a group for each list.

    Raises:
        DocumentError: if it does not parse.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise DocumentError("KM901", f"does not parse: {error}", line or 1) from None
    yield from _Setup(text, module).groups()


class _Setup:
    """One ``setup.py``."""

    def __init__(self, text: str, module: ast.Module) -> None:
        self._text = text
        lines = _LINE.findall(text)
        self._starts = list(accumulate((len(line) for line in lines), initial=0))
        self._lines = lines
        self._nodes = list(ast.walk(module))
        self._assigned: dict[str, list[ast.expr]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._assigned.setdefault(target.id, []).append(node.value)
            elif isinstance(node, (ast.AugAssign, ast.AnnAssign)) and isinstance(node.target, ast.Name):
                if node.value is not None:
                    self._assigned.setdefault(node.target.id, []).append(node.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                receiver = node.func.value
                if node.func.attr in ("append", "extend") and isinstance(receiver, ast.Name) and node.args:
                    self._assigned.setdefault(receiver.id, []).append(node.args[0])

    def groups(self) -> Iterator[Group]:
        seen: set[ast.AST] = set()
        for value in self._given():
            for items, listed in self._lists(value, seen):
                group = self._group(items, listed=listed)
                if group is not None:
                    yield group
        for node in self._nodes:
            if not (isinstance(node, ast.keyword) and node.arg == _PYTHON):
                continue
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield python(node.value.value, self._span(node.value))

    def _given(self) -> Iterator[ast.expr]:
        """The values that are lists of requirements."""
        for node in self._nodes:
            if isinstance(node, ast.keyword) and node.arg is not None:
                yield from self._named(node.arg, node.value)
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield from self._named(key.value, value)
        for name, values in self._assigned.items():
            for value in values:
                yield from self._named(name, value)

    def _named(self, name: str, value: ast.expr) -> Iterator[ast.expr]:
        if name in _LISTS:
            yield value
        elif name in _TABLES:
            tables = self._assigned.get(value.id, []) if isinstance(value, ast.Name) else [value]
            for table in tables:
                if isinstance(table, ast.Dict):
                    yield from table.values
                elif isinstance(table, ast.Call):  # dict(gpu=[…])
                    yield from (keyword.value for keyword in table.keywords)
            if isinstance(value, ast.Name):  # extras['all'] = […]
                for node in self._nodes:
                    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                        owner = node.targets[0].value
                        if isinstance(owner, ast.Name) and owner.id == value.id:
                            yield node.value

    def _lists(self, value: ast.expr, seen: set[ast.AST]) -> Iterator[tuple[list[ast.expr], bool]]:
        """The items that a value is made of, each once, and whether they stand in a list."""
        if value in seen:
            return
        seen.add(value)
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            yield list(value.elts), True
        elif isinstance(value, ast.BinOp):
            yield from self._lists(value.left, seen)
            yield from self._lists(value.right, seen)
        elif isinstance(value, ast.IfExp):
            yield from self._lists(value.body, seen)
            yield from self._lists(value.orelse, seen)
        elif isinstance(value, ast.Name):
            for each in self._assigned.get(value.id, ()):
                yield from self._lists(each, seen)
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield [value], False

    def _group(self, items: list[ast.expr], *, listed: bool) -> Group | None:
        requirements: list[Requirement] = []
        positions: list[int] = []
        for number, item in enumerate(items):
            found = self._requirement(item, len(items), listed=listed)
            if found is not None:
                requirements.append(found)
                positions.append(number)
        if not requirements:
            return None
        spans = tuple(map(self._span, items))
        return Group(tuple(requirements), spans, tuple(positions), may_be_empty=listed)

    def _requirement(self, item: ast.expr, count: int, *, listed: bool) -> Requirement | None:
        if not (isinstance(item, ast.Constant) and isinstance(item.value, str)):
            return None
        start, end = self._span(item)
        written = self._text[start:end]
        quote = written[-1]
        at = written.find(quote) + 1
        if written[at:-1] != item.value or written[:at].strip("rRuU") != quote:
            return None  # put together from parts, or with escapes
        template = f", {written[:at]}{{name}}{{version}}{quote}"
        indent = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        if not indent.strip() and count > 1:
            template = f",\n{indent}{template[2:]}"
            if "\r\n" in self._text:
                template = template.replace("\n", "\r\n")
        insertion = Insertion(end, template) if listed else None
        return read(self._text, start + at, end - 1, Context(), insertion)

    def _span(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _at(self, line: int, column: int) -> int:
        """The place of a line and a column in UTF-8 bytes, as ``ast`` counts them."""
        bom = 1 if line == 1 and self._text.startswith("\ufeff") else 0
        before = self._lines[line - 1][bom:].encode()[:column].decode()
        return self._starts[line - 1] + bom + len(before)
