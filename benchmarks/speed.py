"""What the whole engine costs, in units of parsing and printing the same files with bare libcst.

    python benchmarks/speed.py CORPUS
    python benchmarks/speed.py CORPUS --profile
    python benchmarks/speed.py CORPUS --rename 25

One process, processor time, garbage collection as Python has it by default. The files are all those of the
corpus that mention Keras, that libcst parses and that the engine does not leave alone. Unit and engine
take turns, so that a machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import libcst
from corpus import keras_files
from libcst.codemod import CodemodContext
from libcst.codemod.commands.rename import RenameCommand

from keras_migrate.engine import Options, migrate_bytes
from keras_migrate.project import Project
from keras_migrate.target import Target


@dataclass(frozen=True)
class Source:
    """One file to measure with.

    Attributes:
        project: the repository that it is in.
        path: where it lies there.
        data: its bytes.
    """

    project: Project
    path: str
    data: bytes


def parse_and_print(source: Source) -> None:
    """The unit."""
    assert libcst.parse_module(source.data).bytes is not None


def engine(target: Target) -> Callable[[Source], None]:
    """The whole engine with all of its rules, verification and findings."""
    options = Options(target)

    def run(source: Source) -> None:
        migrate_bytes(source.path, source.data, options, source.project)

    return run


def rename(source: Source) -> None:
    """libcst's own rename command, for comparison."""
    command = RenameCommand(CodemodContext(), old_name="keras", new_name="tensorflow.keras")
    assert command.transform_module(libcst.parse_module(source.data)).bytes is not None


def seconds(work: Callable[[Source], None], sources: list[Source]) -> float:
    """How long a piece of work takes over all files, in processor time: other programs do not count."""
    start = time.process_time()
    for source in sources:
        work(source)
    return time.process_time() - start


def load(corpus: Path, limit: int | None) -> list[Source]:
    """The files that mention Keras, that libcst parses and that the engine does not leave alone.

    Args:
        corpus: where they are.
        limit: only about so many, spread over the corpus.
    """
    sources = []
    projects: dict[Path, Project] = {}
    for root, path in keras_files(corpus):
        project = projects.setdefault(root, Project.of([root]))
        source = Source(project, path.relative_to(root).as_posix(), path.read_bytes())
        if project.own_keras(source.path) is not None:
            continue
        try:
            libcst.parse_module(source.data)
        except Exception:
            continue
        sources.append(source)
    return sources[:: max(1, len(sources) // limit)] if limit else sources


def compare(name: str, work: Callable[[Source], None], sources: list[Source], repeats: int) -> None:
    """Prints what a piece of work costs in units."""
    pairs = [(seconds(parse_and_print, sources), seconds(work, sources)) for _ in range(repeats)]
    units, works = zip(*pairs, strict=True)
    ratios = [work / unit for unit, work in pairs]
    print(
        f"{name}: {min(works):.2f} s against {min(units):.2f} s for parse and print, "
        f"{min(works) / min(units):.2f} units (median of {repeats} pairs {statistics.median(ratios):.2f}, "
        f"from {min(ratios):.2f} to {max(ratios):.2f})",
        flush=True,
    )


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="folder with one folder a repository")
    parser.add_argument("--target", default=Target(), type=Target.parse)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=int, metavar="N", help="only about N files, spread over the corpus")
    parser.add_argument("--profile", action="store_true", help="show where the engine's time goes instead")
    parser.add_argument(
        "--rename", type=int, metavar="N", help="libcst's rename command on about N files instead"
    )
    arguments = parser.parse_args()

    sources = load(arguments.corpus, arguments.rename or arguments.limit)
    size = sum(len(source.data) for source in sources)
    print(f"{len(sources)} files, {size:,} bytes, target {arguments.target}")
    work = engine(arguments.target)
    if arguments.rename:
        compare("libcst's rename command", rename, sources, repeats=1)
        return
    seconds(work, sources)  # tables load on first use
    if arguments.profile:
        with cProfile.Profile() as profile:
            seconds(work, sources)
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
        return
    compare("engine", work, sources, arguments.repeats)


if __name__ == "__main__":
    main()
