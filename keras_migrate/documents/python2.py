"""Python 2 sources: which they are, and how one becomes Python 3.

The conversion is a text of its own between the old file and the migrated one: what is said about it is about
lines of the old file, and so is what the migration says afterwards.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from keras_migrate.documents.indentation import consistent
from keras_migrate.documents.nesting import TooDeepError, check_nesting
from keras_migrate.documents.origins import Origins, settled
from keras_migrate.documents.python import DocumentError, PythonDocument, is_python2
from keras_migrate.findings import Finding, Level, Rule

if TYPE_CHECKING:
    from keras_migrate.documents.python2_fixers import Surroundings, Tree
    from keras_migrate.documents.python2_meaning import Edit, Note

CONVERTED = Rule(
    "KM890",
    "python-2-converted",
    "Bring a Python 2 source to Python 3.",
    "With `--python2 convert`, each line that has to read differently in Python 3 is rewritten before the "
    "file is migrated; all others stay as they are.",
    before="import keras\n\nprint 'Keras', keras.__version__\n",
    after="import tensorflow as tf\n\nprint('Keras', tf.__version__)\n",
)
DIVISION = Rule(
    "KM891",
    "python-2-division",
    "Keep divisions of whole numbers, or name those that may be some.",
    "`/` gave a whole number in Python 2 where both sides are whole numbers. Where that is sure it becomes "
    "`//`. Where a side can be a fraction it stays, and the lines are named; where one surely is, nothing "
    "changes.",
    before="import keras\n\nprint 'Keras'\nsteps = len([1, 2]) / 2\n",
    after="from tensorflow import keras\n\nprint('Keras')\nsteps = len([1, 2]) // 2\n",
)
MEANING = Rule(
    "KM892",
    "python-2-meaning",
    "Name what parses in Python 3 and means something else there.",
    "Rounding, files of bytes that are opened as text, codecs and functions that are gone, the order of "
    "sets. Files that are given to `pickle` are opened as bytes.",
    before=(
        "import pickle\n\nimport keras\n\nprint 'Keras'\nwith open('vocabulary.pkl') as file:\n"
        "    words = pickle.load(file)\n"
    ),
    after=(
        "import pickle\n\nfrom tensorflow import keras\n\nprint('Keras')\n"
        "with open('vocabulary.pkl', 'rb') as file:\n    words = pickle.load(file)\n"
    ),
)
UNCONVERTED = Rule(
    "KM906",
    "python-2-unconverted",
    "Report a Python 2 file that cannot be converted.",
    "The file is untouched. Convert what the message names by hand and run again.",
)
RULES = (CONVERTED, DIVISION, MEANING, UNCONVERTED)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A Python 2 source as Python 3.

    Attributes:
        text: the source.
        origins: from which line of the old text each of its lines came.
        findings: what is to be said, with lines of the old text, and of this one as new lines.
    """

    text: str
    origins: Origins
    findings: tuple[Finding, ...]

    def traced(self, finding: Finding) -> Finding:
        """A finding about this text, as one about the old text."""
        column = self.origins.old_column(finding.line, finding.column)
        return replace(finding, line=self.origins.old_line(finding.line), column=column)

    def refusal(self, error: DocumentError) -> DocumentError:
        """An error in this text, as one in the old text."""
        line = min(max(error.line, 1), len(self.origins.new))
        return DocumentError(error.rule, str(error), self.origins.old_line(line))


def is_needed(text: str, siblings: frozenset[str] = frozenset()) -> bool:
    """Whether a source is Python 2: it does not parse as Python 3, or only Python 2 has what it uses.

    Code that says itself that it is for both, and files that merely lean on what changed its meaning (``/``,
    ``map``), are not taken for Python 2.

    Args:
        text: the source.
        siblings: the modules beside it.
    """
    tree = _parsed(text)
    if not isinstance(tree, ast.Module):
        return True
    if _ONLY_PYTHON_2.search(text) is None or _BOTH.search(text) is not None:
        return False
    return _has_print_statement(tree) or any(_only_python2(tree, _MODULES - siblings))


_BUILTINS = frozenset({"basestring", "long", "raw_input", "unichr", "unicode", "xrange"})
_METHODS = frozenset({"has_key", "iteritems", "iterkeys", "itervalues"})
_MODULES = frozenset(
    {
        "BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SocketServer", "StringIO",
        "Tkinter", "cPickle", "cStringIO", "cookielib", "httplib", "urllib2", "urlparse", "xmlrpclib",
    }
)  # fmt: skip
_ONLY_PYTHON_2 = re.compile(
    rf"\b(?:{'|'.join(sorted(_BUILTINS | _METHODS | _MODULES))})\b|^\s*print\b(?!\([^()\n]*\)\s*$)",
    re.MULTILINE,
)
_BOTH = re.compile(
    r"\b(?:six|python_version|version_info|hexversion|NameError|future_builtins|past)\b"
    r"|(?im:^[^#\n]*\b(?:is_?)?py(?:thon)?_?[23]\b)"
    r"|\bfrom\s+(?:builtins|__future__\s+import\s+\(?[^\n]*unicode_literals)\b"
)
"""How code says that it is for both."""


def _only_python2(tree: ast.Module, modules: frozenset[str]) -> Iterator[bool]:
    """Whether each place is one that fails in Python 3; imports that are tried do not count."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _reads(node)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {alias.asname or alias.name for alias in node.names}
    tried = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(map(_forgives, node.handlers))
        for each in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id in _BUILTINS - bound and id(node) not in tried
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr in _METHODS - bound and len(node.args) == (node.func.attr == "has_key")
        elif isinstance(node, ast.Import) and id(node) not in tried:
            yield any(alias.name in modules for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and id(node) not in tried:
            yield not node.level and node.module in modules


def _forgives(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches what Python 3 lacks."""
    words = ast.unparse(handler.type) if handler.type is not None else "Exception"
    return re.search(r"\b(?:Exception|(?:Import|ModuleNotFound|Attribute)Error)\b", words) is not None


def _has_print_statement(tree: ast.Module) -> bool:
    """Whether there is a ``print`` that Python 3 takes for an expression: ``print``, ``print >>f, x``."""
    future = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    }
    return "print_function" not in future and any(
        isinstance(node, ast.Expr) and _begins_with_print(node.value) for node in ast.walk(tree)
    )


def _begins_with_print(expression: ast.expr) -> bool:
    """Whether an expression begins with ``print`` and is no call of it."""
    if isinstance(expression, ast.Call):
        return False
    first: ast.AST | None = expression
    while first is not None and not isinstance(first, (ast.Name, ast.Call)):
        first = next(ast.iter_child_nodes(first), None)
    name = first.func if isinstance(first, ast.Call) else first
    return isinstance(name, ast.Name) and name.id == "print"


def _reads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _parsed(text: str) -> ast.Module | SyntaxError:
    """The tree of a text as Python 3, or what is wrong with it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, feature_version=(3, 13))
    except SyntaxError as error:
        return error
    except (ValueError, MemoryError) as error:  # a NUL byte, half a surrogate pair
        return SyntaxError(str(error), ("", 1, 1, ""))


def convert(
    text: str, location: str = "", enabled: Callable[[str], bool] = lambda code: True
) -> Conversion | None:
    """Brings a source to Python 3.

    Args:
        text: the source, a file or part of one.
        location: the absolute path of its file, by which modules beside it are found; empty where it has
            none.
        enabled: whether the rule of a code may say and edit what goes beyond the syntax.
    Returns:
        ``None`` where the source is not Python 2.
    Raises:
        DocumentError: if it is Python 2, and cannot be converted.
    """
    try:
        check_nesting(text)
    except TooDeepError:
        return None
    if not is_needed(text, _surroundings(location).siblings):
        return None
    before = _LINE_END.split(text)
    lines = before if before[-1] == "" else [*before, ""]
    conversion = _converted(lines, location, enabled)
    if conversion is None:
        return None
    origins, findings = conversion
    if before[-1] != "":
        ended = origins.new[:-1] if origins.new[-1] == "" else origins.new
        origins = Origins(tuple(before), ended, origins.numbers[: len(ended)])
    return Conversion(_joined(text, origins), origins, tuple(findings))


_LINE_END = re.compile(r"\r?\n")


def _joined(old_text: str, origins: Origins) -> str:
    """The new lines as one text, each with the line end that its old one had."""
    ends = _LINE_END.findall(old_text)
    usual = max(ends, key=ends.count, default="\n")
    pieces: list[str] = []
    for at, line in enumerate(origins.new):
        number = origins.numbers[at]
        last = at == len(origins.new) - 1
        end = ends[number - 1] if 0 < number <= len(ends) else usual
        pieces += [line] if last else [line, end]
    return "".join(pieces)


def _converted(
    lines: list[str], location: str, enabled: Callable[[str], bool]
) -> tuple[Origins, list[Finding]] | None:
    """The converted lines, and what is to be said; ``None`` where they are not Python 2."""
    from keras_migrate.documents import python2_fixers as fixers

    text = "\n".join(lines)
    error = _parsed(text)
    try:
        even = _with_even_indentation(lines)
        tree = _tree("\n".join(even), error)
    except SyntaxError as problem:
        return _not_python2(lines, error, problem) if isinstance(error, SyntaxError) else None
    if str(tree) != "\n".join(even):
        raise DocumentError(
            UNCONVERTED.code, "cannot be reproduced by fissix. Convert it by hand and run again"
        )
    said: list[tuple[int, Level, str]] = []
    origins = settled(lines, even, range(1, len(lines) + 1))
    message = "the indentation mixes tabs and spaces, which Python 3 does not take"
    said += [(line, Level.REWRITTEN, message) for line in origins.changed()]
    try:
        origins = _run(fixers.STEPS, tree, origins, _surroundings(location), said)
    except SyntaxError as problem:
        return _not_python2(lines, error, problem)
    origins = _without_new_blanks(origins)
    result = _parsed("\n".join(origins.new))
    if isinstance(result, SyntaxError):
        return _not_python2(lines, error, result, origins)
    origins, noted = _reconsidered(result, origins, enabled)
    findings = [Finding(CONVERTED.code, level, says, None, line, 1) for line, level, says in said]
    findings += noted
    placed = {_placed(finding, origins) for finding in findings}
    return origins, sorted(placed, key=lambda each: (each.line, each.rule, each.message))


def _without_new_blanks(origins: Origins) -> Origins:
    """Takes the blank lines out that stand for statements which are gone."""
    lines = zip(origins.new[:-1], origins.numbers[:-1], strict=True)
    kept = [
        (text, number)
        for text, number in lines
        if text.strip() or (number and not origins.old[number - 1].strip())
    ]
    kept.append(("", len(origins.old)))
    return Origins(origins.old, tuple(text for text, _ in kept), tuple(number for _, number in kept))


def _with_even_indentation(lines: list[str]) -> list[str]:
    from keras_migrate.documents import python2_fixers as fixers

    if not any("\t" in line for line in lines):
        return lines
    return consistent(lines, _statement_starts(fixers.tokens("\n".join(lines))))


def _statement_starts(tokens: Iterable[tuple[str, int]]) -> Iterator[int]:
    """The 0-based numbers of the lines that begin a statement."""
    begins = True
    for kind, line in tokens:
        if kind == "NEWLINE":
            begins = True
        elif begins and kind not in ("NL", "COMMENT", "INDENT", "DEDENT", "ENDMARKER"):
            begins = False
            yield line - 1


def _tree(text: str, error: ast.Module | SyntaxError) -> Tree:
    """The tree of a source in which ``print`` is a statement, or, where it cannot be one, a function.

    Raises:
        SyntaxError: if it is not Python 2.
    """
    from keras_migrate.documents import python2_fixers as fixers

    if not isinstance(error, SyntaxError):
        return fixers.parse(text, statements=_has_print_statement(error))
    try:
        return fixers.parse(text, statements=True)
    except SyntaxError as problem:
        try:
            return fixers.parse(text, statements=False)
        except SyntaxError:
            raise problem from None


def _not_python2(
    lines: list[str], error: ast.Module | SyntaxError, problem: SyntaxError, origins: Origins | None = None
) -> tuple[Origins, list[Finding]] | None:
    """Tells a broken source from a Python 2 one that cannot be converted.

    Args:
        lines: the source.
        error: what Python 3 says about it.
        problem: what fissix says about it, or Python 3 about the converted lines.
        origins: these, where there are some.
    Returns:
        ``None`` where it is none.
    Raises:
        DocumentError: if it is Python 2.
    """
    if isinstance(error, SyntaxError):
        line = lines[min(max(error.lineno or 1, 1), len(lines)) - 1]
        if not is_python2(line.strip(), error.msg or ""):
            return None
    number = problem.lineno or 1
    if origins is not None:
        number = origins.old_line(min(number, len(origins.new)))
    shown = lines[min(number, len(lines)) - 1].strip()
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    message = f"cannot be converted to Python 3: `{shown}` ({problem.msg}). Mend the line and run again"
    raise DocumentError(UNCONVERTED.code, message, number)


def _run(
    steps: Iterable[object],
    tree: Tree,
    origins: Origins,
    surroundings: Surroundings,
    said: list[tuple[int, Level, str]],
) -> Origins:
    """Takes the steps that a source needs, and notes which of its lines each has changed."""
    from keras_migrate.documents.python2_fixers import Step

    for step in steps:
        assert isinstance(step, Step)
        if not any(step.trigger.search(line) for line in origins.new):
            continue
        try:
            step.apply(tree, surroundings)
        except Exception as error:  # a fixer that stumbles over code that it was not made for
            line = next((n for n, text in enumerate(origins.old, 1) if step.trigger.search(text)), 1)
            problem = f"{step.message}, but fissix stops with {type(error).__name__}: {error}"
            raise SyntaxError(problem, ("", line, 1, "")) from None
        after = _numbered(tree, origins.old)
        said += [(line, step.level, step.message) for line in _differing(origins, after, step.trigger)]
        origins = after
    return origins


def _differing(before: Origins, after: Origins, trigger: re.Pattern[str]) -> list[int]:
    """The old lines that a step changed; where it only added lines, the first that it added them for."""
    if before.new == after.new:
        return []
    was, became = _by_line(before), _by_line(after)
    lines = sorted(line for line in was.keys() | became.keys() if line and was.get(line) != became.get(line))
    if not lines:
        texts = zip(before.numbers, before.new, strict=True)
        lines = [next((number for number, text in texts if number and trigger.search(text)), 1)]
    return lines


def _by_line(origins: Origins) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for number, text in zip(origins.numbers, origins.new, strict=True):
        texts.setdefault(number, []).append(text)
    return texts


def _numbered(tree: Tree, old: tuple[str, ...]) -> Origins:
    """The lines of a tree; each of its leaves knows the line that it came from."""
    from keras_migrate.documents.python2_fixers import leaves

    numbers = [0]
    pieces: list[str] = []
    for leaf in leaves(tree):
        value = str(leaf.value)
        pieces += (leaf.prefix, value)
        numbers += [0] * leaf.prefix.count("\n")
        known = leaf.lineno if value.strip() else 0
        numbers[-1] = numbers[-1] or known
        for below in range(1, value.count("\n") + 1):
            numbers.append(known + below if known else 0)
    lines = "".join(pieces).split("\n")
    return settled(old, lines, numbers)


def _surroundings(location: str) -> Surroundings:
    from keras_migrate.documents.python2_fixers import Surroundings

    return _in_folder(os.path.dirname(location)) if location else Surroundings()


@lru_cache(maxsize=256)
def _in_folder(folder: str) -> Surroundings:
    from keras_migrate.documents.python2_fixers import Surroundings

    try:
        with os.scandir(folder) as entries:
            names = {entry.name for entry in entries}
    except OSError:
        return Surroundings()
    modules = {name.removesuffix(".py") for name in names if name.endswith(".py")}
    packages = {name for name in names if os.path.isfile(os.path.join(folder, name, "__init__.py"))}
    return Surroundings(frozenset(modules | packages), "__init__.py" in names)


def suspected(data: bytes) -> tuple[str, ...]:
    """Says of the bytes of a file whether they are surely Python 2, as a fact for the files around it."""
    try:
        text = PythonDocument.read(data).text
        check_nesting(text)
    except (DocumentError, TooDeepError):
        return ()
    error = _parsed(text)
    if not isinstance(error, SyntaxError):
        return ()
    lines = _LINE_END.split(text)
    line = lines[min(max(error.lineno or 1, 1), len(lines)) - 1]
    return ("Python 2",) if is_python2(line.strip(), error.msg or "") else ()


def doubts(text: str, enabled: Callable[[str], bool]) -> tuple[Finding, ...]:
    """What a source of a Python 2 project meant that parses as Python 3 too; nothing is edited.

    Args:
        text: the source.
        enabled: whether the rule of a code may say something.
    """
    from keras_migrate.documents.python2_meaning import Edit, look

    tree = _parsed(text)
    if isinstance(tree, SyntaxError) or _BOTH.search(text) is not None:
        return ()
    found = [each.note if isinstance(each, Edit) else each for each in look(tree)]
    lines = tuple(_LINE_END.split(text))
    origins = Origins(lines, lines, tuple(range(1, len(lines) + 1)))
    notes = [replace(note, level=max(note.level, Level.REVIEW, key=_weight)) for note in found]
    return tuple(_placed(finding, origins) for finding in _summed_up(notes, origins) if enabled(finding.rule))


def _weight(level: Level) -> int:
    return list(Level).index(level)


def _reconsidered(
    tree: ast.Module, origins: Origins, enabled: Callable[[str], bool]
) -> tuple[Origins, list[Finding]]:
    """Edits what means something else in Python 3, and says what can."""
    from keras_migrate.documents.python2_meaning import Edit, edited, look

    notes: list[Note] = []
    edits: list[Edit] = []
    for found in look(tree):
        if not enabled(found.note.rule if isinstance(found, Edit) else found.rule):
            continue
        if isinstance(found, Edit):
            edits.append(found)
        else:
            notes.append(found)
    lines = edited(list(origins.new), edits)
    findings = [
        Finding(note.rule, note.level, note.message, None, origins.old_line(note.line), 1)
        for note in (edit.note for edit in edits)
    ]
    findings += _summed_up(notes, origins)
    return Origins(origins.old, tuple(lines), origins.numbers), findings


def _summed_up(notes: Iterable[Note], origins: Origins) -> Iterator[Finding]:
    """One finding for each kind of note, at its first line, that names the lines."""
    kinds: dict[tuple[str, Level, str], set[int]] = {}
    for note in notes:
        kinds.setdefault((note.rule, note.level, note.message), set()).add(origins.old_line(note.line))
    for (rule, level, message), found in kinds.items():
        lines = sorted(found)
        listed = f" ({_listed(lines)})" if len(lines) > 1 else ""
        yield Finding(rule, level, message + listed, None, lines[0], 1)


_MOST_LISTED = 30


def _listed(lines: list[int]) -> str:
    if len(lines) > _MOST_LISTED:
        more = len(lines) - _MOST_LISTED
        return f"lines {', '.join(map(str, lines[:_MOST_LISTED]))} and {more} more"
    return f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def _placed(finding: Finding, origins: Origins) -> Finding:
    """A finding with its column and its line in the new text."""
    text = origins.old[finding.line - 1]
    column = len(text) - len(text.lstrip()) + 1 if text.strip() else 1
    return replace(finding, column=column, new_line=origins.new_line(finding.line))
