"""What else could be done with the same files: time and result, side by side in one run.

    python benchmarks/other_tools.py CORPUS --target 2.15 --python ENV_WITH_TF_2_15/bin/python
    python benchmarks/other_tools.py CORPUS --target 2.21 --python ENV_WITH_TF_2_21/bin/python --files 300

A tree is laid out of the files of the corpus that mention Keras: whole repositories, spread over it, up to
the number of files that is asked for. Each tool is run as a command over a copy of that tree, and timed. Then
the referee of ``references.py`` reads the references off what the tool left, and tries them on the real
TensorFlow. A reference that is not there counts as *named* where a finding of this project names it, and as
*silent* where none does.

- ``sed``: the imports renamed by three expressions, as people do it by hand;
- ``ast-grep``: its rules for the same imports, from the package ``ast-grep-cli``;
- ``libcst rename``: ``python -m libcst.tool codemod rename.RenameCommand``, ``keras`` to
  ``tensorflow.keras``;
- ``tf_upgrade_v2``: TensorFlow's own, ``--intree``, which lies beside the interpreter;
- ``keras-migrate``: this project, ``migrate --write``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from corpus import repositories
from references import Outcome, ask, parses, questions, read_off, verdict_on
from resolver import Repository, read_tree

from keras_migrate import migrate_paths
from keras_migrate.findings import FileResult
from keras_migrate.options import Options
from keras_migrate.target import Target

SED = (
    r"s/^(\s*)import keras(\s*(#.*)?)$/\1from tensorflow import keras\2/",
    r"s/^(\s*)import keras\.([A-Za-z0-9_.]+)(\s*(#.*)?)$"
    r"/\1from tensorflow import keras; import tensorflow.keras.\2\3/",
    r"s/^(\s*)(from|import) keras\b/\1\2 tensorflow.keras/",
)
AST_GREP = (
    ("import keras", "from tensorflow import keras"),
    ("import keras as $NAME", "from tensorflow import keras as $NAME"),
    *(
        (pattern.replace("PATH", path), rewrite.replace("PATH", path))
        for path in ("$A", "$A.$B", "$A.$B.$C")
        for pattern, rewrite in (
            ("import keras.PATH", "from tensorflow import keras; import tensorflow.keras.PATH"),
            ("import keras.PATH as $NAME", "import tensorflow.keras.PATH as $NAME"),
            ("from keras.PATH import $$$NAMES", "from tensorflow.keras.PATH import $$$NAMES"),
            ("from keras.PATH import *", "from tensorflow.keras.PATH import *"),
        )
    ),
    ("from keras import $$$NAMES", "from tensorflow.keras import $$$NAMES"),
)


@dataclass(frozen=True)
class Tool:
    """A tool that migrates a folder where it lies.

    Attributes:
        name: what it is called in the table.
        run: does it.
    """

    name: str
    run: Callable[[Path], None]


def call(*command: str, folder: Path) -> None:
    """Runs a command in a folder, whatever it says."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


def with_sed(folder: Path) -> None:
    """Renames imports by ``sed``."""
    files = [str(path) for path in sorted(folder.rglob("*.py"))]
    expressions = chain.from_iterable(("-e", expression) for expression in SED)
    call("sed", "-E", "-i", *expressions, *files, folder=folder)


def with_ast_grep(folder: Path) -> None:
    """Renames imports by rules of ``ast-grep``."""
    program = str(Path(sys.executable).with_name("ast-grep"))
    for pattern, rewrite in AST_GREP:
        call(program, "run", "-l", "python", "-p", pattern, "-r", rewrite, "-U", ".", folder=folder)


def with_rename(folder: Path) -> None:
    """Renames ``keras`` by the command that comes with libcst."""
    (folder / ".libcst.codemod.yaml").write_text("formatter: []\nmodules: [libcst.codemod.commands]\n")
    command = ("-m", "libcst.tool", "codemod", "rename.RenameCommand", "--jobs=1", "--no-format")
    names = ("--old_name", "keras", "--new_name", "tensorflow.keras")
    call(sys.executable, *command, *names, ".", folder=folder)


def with_upgrade_script(python: str) -> Callable[[Path], None]:
    """Runs the script of the TensorFlow of an interpreter."""
    program = str(Path(python).with_name("tf_upgrade_v2"))

    def run(folder: Path) -> None:
        report = str(folder.parent / "report.txt")
        call(program, "--intree", ".", "--inplace", "--reportfile", report, folder=folder)

    return run


def with_keras_migrate(target: Target) -> Callable[[Path], None]:
    """Runs this project."""

    def run(folder: Path) -> None:
        program = (sys.executable, "-m", "keras_migrate", "migrate", "--write", "--quiet", "--jobs", "1")
        call(*program, "--allow-dirty", "--target", str(target), ".", folder=folder)

    return run


def lay_out(corpus: Path, most: int, folder: Path) -> int:
    """Copies whole repositories, spread over the corpus: those files of theirs that mention Keras.

    Returns:
        How many files there are.
    """
    count = 0
    roots = [root for root in repositories(corpus) if "keras" not in Repository(read_tree(root)).own]
    for root in chain.from_iterable(roots[start::4] for start in range(4)):
        files = {path: data for path, data in read_tree(root).items() if b"keras" in data}
        if count + len(files) > most:
            continue
        for path, data in files.items():
            (folder / root.name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / root.name / path).write_bytes(data)
        count += len(files)
    return count


def judge(folder: Path, before: dict[str, dict[str, bytes]], found: dict[str, FileResult]) -> list[Outcome]:
    """Reads the references off what a tool left, repository by repository."""
    outcomes = []
    for name, sources in before.items():
        outputs = read_tree(folder / name)
        outcome = Outcome(name, own_keras=False)
        old, new = Repository(sources), Repository(outputs)
        for path, data in sources.items():
            after = outputs.get(path, b"")
            known = found.get(f"{name}/{path}")
            read_off(outcome, FileResult(path, data, after, known.findings if known else ()), old, new)
        outcomes.append(outcome)
    return outcomes


def broken(before: dict[str, dict[str, bytes]], folder: Path) -> int:
    """How many files parsed before and are gone, empty or no Python now."""
    return sum(
        parses(data) and not (after.strip() and parses(after)) and bool(data.strip())
        for name, sources in before.items()
        for outputs in [read_tree(folder / name)]
        for path, data in sources.items()
        for after in [outputs.get(path, b"")]
    )


def measured(tool: Tool, folder: Path) -> tuple[float, float]:
    """Runs a tool.

    Returns:
        How long it took, and the processor time of its processes, in seconds.
    """
    start, before = time.perf_counter(), os.times()
    tool.run(folder)
    took, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return took, used


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="folder with one folder a repository")
    parser.add_argument("--target", required=True, type=Target.parse)
    parser.add_argument("--python", required=True, help="interpreter with that TensorFlow installed")
    parser.add_argument("--files", type=int, default=200, help="how many files at most")
    arguments = parser.parse_args()
    tools = (
        Tool("sed", with_sed),
        Tool("ast-grep", with_ast_grep),
        Tool("libcst rename", with_rename),
        Tool("tf_upgrade_v2", with_upgrade_script(arguments.python)),
        Tool("keras-migrate", with_keras_migrate(arguments.target)),
    )
    with tempfile.TemporaryDirectory() as work:
        tree = Path(work) / "tree"
        count = lay_out(arguments.corpus, arguments.files, tree)
        before = {root.name: read_tree(root) for root in repositories(tree)}
        size = sum(len(data) for sources in before.values() for data in sources.values())
        print(f"{count} files of {len(before)} repositories, {size:,} bytes; target {arguments.target}")
        print("tool\tseconds\tof processors\tchanged\tbroken\treferences\tthere\tnamed\tsilent")
        for tool in tools:
            folder = Path(work) / tool.name.replace(" ", "_") / "tree"
            shutil.copytree(tree, folder)
            took, used = measured(tool, folder)
            found: dict[str, FileResult] = {}
            if tool.name == "keras-migrate":
                results = migrate_paths(tree, options=Options(arguments.target), jobs=1).results
                found = {result.path: result for result in results}
            outcomes = judge(folder, before, found)
            _, answers = ask(arguments.python, set(chain.from_iterable(map(questions, outcomes))))
            verdicts = [verdict_on(outcome, answers) for outcome in outcomes]
            total = sum(not place.introduced for outcome in outcomes for place in outcome.places)
            wrong = sum(len(verdict.unresolved) for verdict in verdicts)
            silent = sum(len(verdict.silent) for verdict in verdicts)
            changed = sum(
                outputs.get(path) != data
                for name, sources in before.items()
                for outputs in [read_tree(folder / name)]
                for path, data in sources.items()
            )
            columns = (f"{took:.1f}", f"{used:.1f}", changed, broken(before, folder), total)
            print(tool.name, *columns, total - wrong, wrong - silent, silent, sep="\t", flush=True)


if __name__ == "__main__":
    main()
