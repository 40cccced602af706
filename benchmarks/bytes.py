"""Whether every byte that no finding names stays as it was, over all Python files of some folders.

    python benchmarks/bytes.py FOLDER ...
    python benchmarks/bytes.py FOLDER ... --target 2.15 --mentioning

Each file is migrated by itself, without the project around it: a folder that has a ``keras`` of its own is
left alone otherwise. A file that does not mention Keras gets a last line that does, in a comment, so that it
is parsed and printed too; it has to come back as it was. In a file that changes, each run of lines that are
not as they were has to be named, and where it has several statements, each of them is looked at, too: those
that are not named by themselves, but only with others of their run, are counted. Old lines are named

- where they belong to a statement, or the head of a compound one, on which a finding stands; where the head
  of a compound one is gone, all that stands in it is named with the head;
- where they are empty, a comment, an import, or a ``try`` or ``except``, and others of the run are named;
- where they only moved, to a run beside them that is named.

New lines alone are named where a finding stands on them, on the statement above or below, or on the head of
the function that they are in; a new definition where a finding says its name; and a new import anywhere.

A file that is refused has to come back as it was. It is an exception where Python itself can read it.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from keras_migrate import FileResult, Options, Status, Target
from keras_migrate.engine import migrate_bytes
from keras_migrate.project import Project

PASSED_OVER = frozenset({"site-packages", "__pycache__"})
"""Folders below the given ones that are not looked into."""

MENTION = b"\n# keras\n"


def python_files(folder: Path) -> list[Path]:
    """The Python files below a folder, sorted."""
    return sorted(
        path
        for path in folder.rglob("*.py")
        if path.is_file() and not PASSED_OVER.intersection(path.relative_to(folder).parts)
    )


def tree(text: str | bytes) -> ast.Module | None:
    """What Python makes of a source, if it can read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class Statement:
    """One statement of a source.

    Attributes:
        head: its lines; of a compound one those above its body, with decorators.
        whole: all of its lines.
        compound: whether it has a body.
        imports: whether it is an import.
        defines: the name that it defines as a function or class.
    """

    head: range
    whole: range
    compound: bool
    imports: bool
    defines: str


def statements(text: str) -> list[Statement]:
    """Every statement of a source; none where Python cannot read it."""
    module = tree(text)
    found = []
    for node in ast.walk(module) if module is not None else ():
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            end = node.end_lineno or node.lineno
            body = getattr(node, "body", None)
            head = range(first, max(node.lineno, body[0].lineno - 1 if body else end) + 1)
            imports = isinstance(node, ast.Import | ast.ImportFrom)
            found.append(
                Statement(head, range(first, end + 1), bool(body), imports, getattr(node, "name", ""))
            )
    return found


class Side:
    """One version of a file, and which of its lines findings name."""

    def __init__(self, text: str, lines: set[int]) -> None:
        self.lines = LINE.split(text)
        self.statements = statements(text)
        self.named = set(lines)
        self.imports: set[int] = set()
        for each in self.statements:
            if lines.intersection(each.head):
                self.named.update(each.head)
            if each.imports:
                self.imports.update(each.whole)
        self.idle = {number for number, line in enumerate(self.lines, 1) if IDLE.match(line)} | self.imports

    def without_head(self, changed: set[int], left: set[str]) -> set[int]:
        """The lines of compound statements whose named heads are gone, of which only some lines are left."""
        found: set[int] = set()
        for each in self.statements:
            gone = each.compound and self.named.intersection(each.head) and changed.issuperset(each.head)
            if gone and self.lines[each.head[0] - 1].strip() not in left:
                found.update(each.whole)
        return found

    def around(self, line: int) -> set[int]:
        """The lines of the statements above and below a place, and of the heads of those that it is in."""
        found: set[int] = set()
        for step, number in ((-1, line - 1), (1, line)):
            while 0 < number <= len(self.lines) and IDLE.match(self.lines[number - 1]):
                number += step
            found.add(number)
        for each in self.statements:
            if each.compound and each.whole.start < line <= each.whole.stop:
                found.update(each.head)
        return found


LINE = re.compile(r"\r\n|\n|\r")
IDLE = re.compile(r"\s*(?:try\s*:|except\b.*:|else\s*:|pass)?\s*(?:#.*)?$")


def unnamed(result: FileResult) -> Iterator[tuple[bool, str]]:
    """The runs of lines that are not as they were and that findings do not name line by line.

    Returns:
        Of each, whether some of its lines are named, and what it was and became.
    """
    before, after = (data.decode(result.encoding) for data in (result.before, result.after))
    old = Side(before, {finding.line for finding in result.findings})
    new = Side(after, {finding.new_line for finding in result.findings if finding.new_line})
    said = {word for finding in result.findings for word in re.findall(r"\w+", finding.message)}
    defined = {line for each in new.statements if each.defines in said for line in each.whole}
    hunks = SequenceMatcher(None, old.lines, new.lines, autojunk=False).get_opcodes()
    hunks = [hunk for hunk in hunks if hunk[0] != "equal"]
    changed = {line for _, a, b, _, _ in hunks for line in range(a + 1, b + 1)}
    for at, (_, a, b, c, d) in enumerate(hunks):
        gone, come = set(range(a + 1, b + 1)), set(range(c + 1, d + 1))
        named = old.named | old.without_head(changed, {new.lines[line - 1].strip() for line in come})
        beside = [text for hunk in hunks[max(0, at - 1) : at + 2] for text in new.lines[hunk[3] : hunk[4]]]
        some = bool(gone & named or come & new.named)
        if some or gone <= old.idle:
            left = gone - named - old.idle
        else:
            left = {line for line in gone if old.lines[line - 1] not in beside}
        if not gone and not some and not old.around(a + 1) & named:
            left = come - new.idle - defined
        if left:
            yield some, f"line {a + 1}: {old.lines[a:b]} became {new.lines[c:d]}"


def look_at(path: Path, options: Options) -> tuple[str, int, list[str]]:
    """Migrates a file.

    Returns:
        What became of it, how many runs of lines are named in part only, and the exceptions.
    """
    data = path.read_bytes()
    if b"keras" not in data:
        data += MENTION
    try:
        result = migrate_bytes(path.name, data, options, Project())
    except Exception:
        return "crashed", 0, [traceback.format_exc()]
    if result.status is Status.FAILED:
        (finding,) = result.findings
        exceptions = [] if result.after == data else ["refused, and changed all the same"]
        if tree(data) is not None:
            exceptions.append(f"refused though Python reads it: line {finding.line} {finding.message}")
        return f"refused ({finding.rule})", 0, exceptions
    if result.after != data:
        runs = list(unnamed(result))
        return "changed", sum(some for some, _ in runs), [text for some, text in runs if not some]
    return "with findings only" if result.findings else "identical", 0, []


def main() -> None:
    """Prints what became of the files of each folder, and the exceptions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--target", default=Target(), type=Target.parse)
    parser.add_argument("--mentioning", action="store_true", help="only files that mention Keras")
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)

    options = Options(arguments.target)
    bad = 0
    for folder in arguments.folders:
        counts: Counter[str] = Counter()
        size = in_part = 0
        for path in python_files(folder):
            if arguments.mentioning and b"keras" not in path.read_bytes():
                continue
            size += path.stat().st_size
            outcome, some, exceptions = look_at(path, options)
            in_part += some
            counts[outcome] += 1
            bad += len(exceptions)
            for exception in exceptions:
                print(f"{path}: {exception}", flush=True)
        listed = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
        print(
            f"{folder}, target {arguments.target}: {counts.total()} files, {size:,} bytes: {listed}; "
            f"{in_part} runs of lines named in part",
            flush=True,
        )
    print(f"{bad} exceptions")
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
