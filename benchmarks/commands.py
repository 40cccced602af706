"""Whole commands against others of the same kind: each ratio from runs that take turns.

    python benchmarks/commands.py CORPUS

- passing over: 20,000 files without Keras, against ``grep -rl keras --include=*.py`` on the same warm tree;
- start: ``--version`` and ``--help`` against ``python -c 'import click'``; a dry run over one file against
  ``python -c 'import libcst'``;
- two processes: 200 files that mention Keras, ``--jobs 2`` against ``--jobs 1``;
- memory: the most that the greatest process of a run holds, for 200 files and for 20,000;
- growth: one generated file of 50,000 lines against one of 5,000.

Times are those of a clock, the least of several runs: other programs only ever add to them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from corpus import keras_files

TOOL = (sys.executable, "-m", "keras_migrate")
DRY_RUN = (*TOOL, "migrate", "--dry-run", "--quiet", "--no-pager")
PLAIN = "def area(width, height):\n    return width * height\n\n\nclass Shape:\n    sides = 4\n"
"""What the files without Keras are made of."""
IMPORTS = "from keras.layers import Dense, Dropout\nfrom keras.models import Sequential\n"
FUNCTION = """

def build{number}(width):
    model = Sequential()
    model.add(Dense(output_dim=width, input_dim={number}, activation='relu', init='uniform'))
    model.add(Dropout(p=0.5))
    model.compile(loss='mse', optimizer='sgd', metrics=['accuracy'])
    history = model.fit(x[{number}:], y, nb_epoch=3)
    return model, history.history['val_acc']
"""
"""What the generated files are made of."""


def once(command: Sequence[str], folder: Path) -> float:
    """Runs a command and returns how long it took, in seconds."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    took = time.perf_counter() - start
    if done.returncode not in (0, 1, 3, 4) or b"Traceback" in done.stderr:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.decode()}")
    return took


def compare(what: str, ours: Sequence[str], theirs: Sequence[str], folder: Path, repeats: int) -> None:
    """Prints how long two commands take, and the ratio."""
    once(ours, folder), once(theirs, folder)  # both trees are warm then
    pairs = [(once(ours, folder), once(theirs, folder)) for _ in range(repeats)]
    mine, other = (min(times) for times in zip(*pairs, strict=True))
    print(f"{what}\t{mine:.2f} s\t{other:.2f} s\t{mine / other:.2f}", flush=True)


def plain_tree(folder: Path, files: int) -> Path:
    """Writes a tree of packages without Keras, a hundred files each."""
    for number in range(files):
        package = folder / f"package{number // 100:03}"
        package.mkdir(parents=True, exist_ok=True)
        (package / f"module{number % 100:02}.py").write_text(PLAIN * (1 + number % 40))
    return folder


def keras_tree(folder: Path, corpus: Path, files: int) -> Path:
    """Copies files that mention Keras, spread over the corpus, each into a folder of its own."""
    found = list(keras_files(corpus))
    for number, (_, path) in enumerate(found[:: max(1, len(found) // files)][:files]):
        target = folder / f"project{number:03}"
        target.mkdir(parents=True)
        shutil.copy(path, target / path.name)
    return folder


def peak(command: Sequence[str], folder: Path) -> float:
    """The most memory that one process of a command held, in MiB."""
    child = os.fork()
    if child == 0:
        once(command, folder)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        (folder.parent / "peak").write_text(str(used))
        os._exit(0)
    os.waitpid(child, 0)
    return int((folder.parent / "peak").read_text()) / 1024


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="folder with one folder a repository")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    repeats = arguments.repeats
    python = sys.executable
    with tempfile.TemporaryDirectory() as work:
        root = Path(work)
        plain = plain_tree(root / "plain" / "tree", 20_000)
        keras = keras_tree(root / "keras" / "tree", arguments.corpus, 200)
        one = keras_tree(root / "one" / "tree", arguments.corpus, 1)
        print("what\tthis\tagainst\tratio")
        grep = ("grep", "-rl", "keras", "--include=*.py", ".")
        compare("20,000 files without Keras, against grep", DRY_RUN, grep, plain, repeats)
        click = (python, "-c", "import click")
        compare("--version, against importing click", (*TOOL, "--version"), click, root, repeats)
        compare("--help, against importing click", (*TOOL, "--help"), click, root, repeats)
        libcst = (python, "-c", "import libcst")
        compare("one file, against importing libcst", DRY_RUN, libcst, one, repeats)
        two, single = (*DRY_RUN, "--jobs", "2"), (*DRY_RUN, "--jobs", "1")
        compare("200 files, two processes against one", two, single, keras, min(repeats, 3))
        long, short = (root / name / "tree" for name in ("long", "short"))
        for folder, lines in ((long, 50_000), (short, 5_000)):
            folder.mkdir(parents=True)
            functions = range(lines // FUNCTION.count("\n"))
            text = IMPORTS + "".join(FUNCTION.format(number=number) for number in functions)
            (folder / "generated.py").write_text(text)
        compare("50,000 lines, against 5,000", DRY_RUN, (*DRY_RUN, str(short)), long, 2)
        for name, folder in (("200 files that mention Keras", keras), ("20,000 files without", plain)):
            print(f"memory, {name}, two processes\t{peak(two, folder):.0f} MiB in the greatest of them")


if __name__ == "__main__":
    main()
