"""Every notebook of the corpus, migrated with the repository that it is in.

    python benchmarks/notebooks.py CORPUS --target 2.15 --python ENV_WITH_TF_2_15/bin/python
    python benchmarks/notebooks.py CORPUS --target 2.21 --python ENV_WITH_TF_2_21/bin/python --show

Each repository that holds a notebook is migrated in a copy, written, and migrated again. Of each notebook is
asked: is it valid by :mod:`nbformat` if it was before; is everything but the changed lines of its cells the
same, byte for byte; is every Keras reference of its joined cells there on the real TensorFlow, or named by a
finding (the referee of ``references.py``, on Python as IPython itself makes it of cells); and does the second
run change nothing, in the notebook or in any other file of its repository? ``--show`` prints the changes.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
from corpus import repositories
from IPython.core.inputtransformer2 import TransformerManager
from references import Answers, Outcome, ask, questions, read_off, verdict_on
from resolver import Repository, read_tree

from keras_migrate import migrate_paths
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.options import Options
from keras_migrate.runner import RunResult
from keras_migrate.target import Target

IN_THE_NOTEBOOK = re.compile(r"([ \t]*)%%?(?:capture|prun|time|timeit)\b(?:[ \t]+-\w+)*[ \t]*(.*)", re.DOTALL)
"""A magic behind which, or in whose cell, Python of the notebook stands."""


@dataclass(frozen=True)
class Joined:
    """The cells of a notebook as one module.

    Attributes:
        code: the module; every line of a cell has a line in it.
        begins: for each cell of code, by its number, how many lines stand above it.
        unread: how many cells are not Python 3.
    """

    code: bytes
    begins: dict[int, int]
    unread: int


def cells_of(data: bytes) -> list[dict[str, Any]]:
    """All cells of a notebook of format 3 or 4."""
    read = json.loads(data)
    sheets = read.get("worksheets", [read])
    return [cell for sheet in sheets for cell in sheet.get("cells", ())]


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell."""
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)


def as_python(source: str) -> str:
    """A cell as IPython runs it, and the Python that its magics time."""
    lines = source.splitlines(keepends=True)
    for at, line in enumerate(lines):
        magic = IN_THE_NOTEBOOK.fullmatch(line)
        if magic and (at == 0 or not line.startswith("%%")):
            lines[at] = magic[1] + magic[2] if magic[2].strip() and not line.startswith("%%") else "\n"
    return str(TransformerManager().transform_cell("".join(lines)))


def joined(data: bytes) -> Joined:
    """Joins the cells of a notebook."""
    text, begins, unread = "from IPython import get_ipython\n", {}, 0
    for number, cell in enumerate(cells_of(data), 1):
        if cell["cell_type"] != "code":
            continue
        source = source_of(cell).replace("\r\n", "\n")
        begins[number] = text.count("\n")
        code = as_python(source)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(code)
        except (SyntaxError, ValueError):
            unread += 1
            code = ""
        code += "\n" * (source.count("\n") + 1 - code.count("\n"))
        text += code
    return Joined(text.encode("utf-8", "replace"), begins, unread)


def as_module(result: FileResult, path: str) -> FileResult:
    """The result for a notebook as one for the module that its cells are."""
    begins = joined(result.after).begins

    def placed(finding: Finding) -> Finding:
        cell = finding.cell
        new_line = None
        if cell is not None and cell.new_line is not None and cell.number in begins:
            new_line = begins[cell.number] + cell.new_line
        return replace(finding, new_line=new_line)

    before, after = joined(result.before).code, joined(result.after).code
    return FileResult(path, before, after, tuple(map(placed, result.findings)))


SOURCE = re.compile(r'"(?:source|input)"\s*:\s*')
"""The key before a cell's text; in a string of the JSON its quotes would have backslashes."""
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def parted(data: bytes) -> tuple[str, list[str]]:
    """The JSON of a notebook without its cells' texts, and those as they are written."""
    text = data.decode("utf-8-sig")
    around, sources, at = "", [], 0
    while match := SOURCE.search(text, at):
        _, end = json.JSONDecoder().raw_decode(text, match.end())
        around += text[at : match.end()]
        sources.append(text[match.end() : end])
        at = end
    return around + text[at:], sources


def written_lines(source: str) -> list[str]:
    """The lines of a cell's text as the JSON writes them."""
    text = "".join(literal[1:-1] for literal in LITERAL.findall(source))
    return re.findall(r"(?:[^\\]|\\[^n])*?\\n|(?:[^\\]|\\[^n])+", text)


def read_lines(written: list[str]) -> list[str]:
    """The same lines as they read."""
    return [json.loads(f'"{line}"', strict=False) for line in written]


def disturbed(before: bytes, after: bytes) -> str:
    """What differs beside the changed lines of cells; empty where nothing does."""
    old_around, old_sources = parted(before)
    new_around, new_sources = parted(after)
    if old_around != new_around:
        return "something outside the cells' texts"
    for number, (old, new) in enumerate(zip(old_sources, new_sources, strict=True), 1):
        old_lines, new_lines = written_lines(old), written_lines(new)
        matcher = difflib.SequenceMatcher(None, read_lines(old_lines), read_lines(new_lines), autojunk=False)
        for block in matcher.get_matching_blocks():
            if old_lines[block.a : block.a + block.size] != new_lines[block.b : block.b + block.size]:
                return f"how an unchanged line of text {number} is written"
        if len(LITERAL.findall(old)) > 2 and not glue(new) <= glue(old):
            return f"what stands between the lines of text {number}"
    return ""


def glue(source: str) -> set[str]:
    """What stands between the lines of a cell's text."""
    return set(LITERAL.split(source)[1:-1])


def invalid(data: bytes) -> str:
    """Why a file is no valid notebook; empty where it is one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.validate(nbformat.reads(data.decode("utf-8-sig"), as_version=nbformat.NO_CONVERT))
    except Exception as error:
        return str(error).strip().splitlines()[0]
    return ""


@dataclass
class Judged:
    """What the migration of the notebooks of one repository gave.

    Attributes:
        outcome: what the referee needs.
        row: the counts so far.
        broken: what went wrong, by notebook.
        diffs: the changes of each notebook, to be read.
    """

    outcome: Outcome
    row: Row
    broken: list[str] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)


@dataclass
class Row:
    """One line of the table."""

    notebooks: int = 0
    no_json: int = 0
    about_keras: int = 0
    changed: int = 0
    cells: int = 0
    unread: int = 0
    references: int = 0
    resolved: int = 0
    flagged: int = 0
    silent: int = 0
    calls: int = 0
    refused: int = 0
    unnamed: int = 0
    manual: int = 0
    broken: int = 0


def run_and_write(root: Path, options: Options) -> RunResult:
    """Migrates a folder and writes what came of it."""
    result = migrate_paths(root, options=options, jobs=1)
    for each in result.changed:
        (root / each.path).write_bytes(each.after)
    return result


def notebooks_of(root: Path) -> dict[str, bytes]:
    """The files below a folder that are called notebooks, by their path with forward slashes.

    The copies that Jupyter keeps in ``.ipynb_checkpoints`` are passed over, as the tool does.
    """
    paths = sorted(path for path in root.rglob("*.ipynb") if path.is_file())
    paths = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def is_json(data: bytes) -> bool:
    """Whether a file can be read as a notebook at all."""
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def with_modules(root: Path) -> Repository:
    """A folder as the referee reads it, its notebooks as modules beside its own."""
    modules = {f"{path}.py": joined(data).code for path, data in notebooks_of(root).items() if is_json(data)}
    return Repository({**read_tree(root), **modules})


def judge(root: Path, target: Target) -> Judged:
    """Migrates one repository in a copy, twice, and looks at what became of its notebooks."""
    options = Options(target)
    judged = Judged(Outcome(root.name, own_keras=False), Row())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / root.name
        shutil.copytree(root, copy)
        old, before = notebooks_of(copy), with_modules(copy)
        results = {each.path: each for each in run_and_write(copy, options).results}
        after = with_modules(copy)
        again = run_and_write(copy, options)
    judged.broken += [f"{root.name}/{each.path}: a second run changes it" for each in again.changed]
    for path, data in old.items():
        result = results.get(path) or FileResult(path, data, data)
        if not is_json(data):
            judged.row.no_json += 1
            if result.changed or (b"keras" in data and not result.findings):
                judged.broken.append(f"{root.name}/{path}: is no JSON, and that is not said")
            continue
        judged.broken += [f"{root.name}/{path}: {problem}" for problem in problems(result)]
        count(judged.row, result)
        read_off(judged.outcome, as_module(result, f"{path}.py"), before, after)
        if result.findings or result.changed:
            judged.diffs.append("\n".join(shown(root.name, result)))
    judged.broken += [f"{each}: left unbound" for each in judged.outcome.lost]
    judged.broken += [f"{each}: does not parse" for each in judged.outcome.unparsable]
    return judged


def count(row: Row, result: FileResult) -> None:
    """Adds a notebook to the counts."""
    module = joined(result.after)
    row.notebooks += 1
    row.about_keras += any("keras" in source_of(cell) for cell in cells_of(result.before))
    row.changed += result.changed
    row.cells += len(module.begins)
    row.unread += module.unread
    row.manual += sum(finding.level is Level.MANUAL for finding in result.findings)


def problems(result: FileResult) -> Iterator[str]:
    """What is wrong with a migrated notebook as a file."""
    for finding in result.findings:
        if finding.level is Level.ERROR:
            yield f"{finding.rule} {finding.message}"
    if (now := invalid(result.after)) and not invalid(result.before):
        yield f"no valid notebook any more: {now}"
    if found := disturbed(result.before, result.after):
        yield f"changed {found}"
    if joined(result.after).unread > joined(result.before).unread:
        yield "a cell does not parse any more"


def shown(repository: str, result: FileResult) -> Iterator[str]:
    """The changes of a notebook and the findings that ask for a person, cell by cell."""
    yield f"=== {repository}/{result.path}"
    for cell in result.cells:
        lines = difflib.unified_diff(cell.before.splitlines(), cell.after.splitlines(), lineterm="", n=3)
        yield f"--- cell {cell.number}"
        yield from list(lines)[2:]
        for finding in result.findings:
            if finding.cell and finding.cell.number == cell.number and finding.level is not Level.REWRITTEN:
                yield f"    {finding.rule} {finding.level.value} line {finding.cell.line}: {finding.message}"


def settle(judged: Judged, answers: Answers) -> None:
    """Adds what the real TensorFlow says to the counts."""
    verdict, row = verdict_on(judged.outcome, answers), judged.row
    row.references = sum(not place.introduced for place in judged.outcome.places)
    row.silent = len(verdict.silent)
    row.flagged = len(verdict.unresolved) - row.silent
    row.resolved = row.references - len(verdict.unresolved)
    row.calls = len(judged.outcome.calls)
    row.refused = len(verdict.refused)
    unnamed = verdict.unnamed(answers)
    row.unnamed = len(unnamed)
    judged.broken += [f"{place}: silent" for place in verdict.silent]
    judged.broken += [f"{place}: brought in, and not there" for place in verdict.introduced]
    judged.broken += [f"{each}: refused, and no finding says so" for each in unnamed]
    row.broken = len(judged.broken)


def main() -> int:
    """Prints the table and each failure; exits with 1 where there is one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="folder with one folder a repository")
    parser.add_argument("--target", required=True, type=Target.parse)
    parser.add_argument("--python", required=True, help="interpreter with that TensorFlow installed")
    parser.add_argument("--only", default="", metavar="SUBSTR", help="repositories whose name contains this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print the changes of every notebook")
    arguments = parser.parse_args()

    roots = [root for root in repositories(arguments.corpus, arguments.only) if notebooks_of(root)]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        outcomes = list(pool.map(judge, roots, [arguments.target] * len(roots)))
    asked = set(chain.from_iterable(questions(judged.outcome) for judged in outcomes))
    version, answers = ask(arguments.python, asked)
    for judged in outcomes:
        settle(judged, answers)
        if arguments.show:
            print("\n".join(judged.diffs))
    total: Counter[str] = Counter()
    columns = list(asdict(Row()))
    print(f"target {arguments.target} on TensorFlow {version}")
    print("\t".join(["repository", *columns]))
    for judged in outcomes:
        total.update(asdict(judged.row))
        print("\t".join([judged.outcome.repository, *map(str, asdict(judged.row).values())]))
    print("\t".join(["all", *(str(total[column]) for column in columns)]))
    failures = [failure for judged in outcomes for failure in judged.broken]
    print(f"\nfailures: {len(failures)}")
    print("\n".join(f"  {failure}" for failure in failures))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
