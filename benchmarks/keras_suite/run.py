"""Keras' own examples and tests, on the stack of their time and, migrated, on today's TensorFlow.

    python benchmarks/keras_suite/run.py prepare WORK --mirror CLONE_OF_KERAS [--tag 1.2.2]
    python benchmarks/keras_suite/run.py run WORK
    python benchmarks/keras_suite/run.py report WORK

CLONE_OF_KERAS is a git clone of https://github.com/keras-team/keras that has the tags. Of 2.2.4 the examples
and the tests are run, of 1.2.2 the examples. WORK is a folder outside the checkout, one for each tag; the
virtual environments, the sources, what is made of them, and the results go there. Nothing of Keras' sources
is kept in this repository. Python 3.6 and 3.11 have to be on the path.

Every variant starts from the same sources, in which ``substitutions-TAG.toml`` has shortened the training,
and runs with the same small data in place of downloads (``served/synthetic.py``). A test counts if it passes
on the old stack and is one of the public API (``sources.py`` says which are not). ``report`` gives the reason
of each failure that is left: a finding of the tool on a line of its traceback or in a function that this
passes through, or a difference in Keras itself, listed in ``differences.toml``. ``run`` runs only what
changed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import environments
from execution import Results, run
from report import ORIGINAL, explained, ranked, results_path, table
from sources import TAGS, lay_out
from variants import OLD, TARGETS, VARIANTS, migrate


def prepare(arguments: argparse.Namespace) -> None:
    """Makes the environments, and lays out the sources."""
    environments.make(arguments.work / "environments", arguments.tag)
    lay_out(arguments.mirror, arguments.work / "source", arguments.tag)


def run_all(arguments: argparse.Namespace) -> None:
    """Migrates and runs what has changed."""
    for variant in arguments.variant or [ORIGINAL, *VARIANTS]:
        for target in [OLD] if variant == ORIGINAL else arguments.target or TARGETS:
            environment = arguments.work / "environments" / target
            folder = arguments.work / "variants" / f"{variant}-{target}"
            print(f"# {variant} on {target}", flush=True)
            migrate(arguments.work / "source", folder, variant, environment, target)
            results = Results(results_path(arguments.work, variant, target))
            python = environment / "bin" / "python"
            run(folder, python, results, arguments.jobs, arguments.only, arguments.again)


def tell(arguments: argparse.Namespace) -> None:
    """Prints the table, and what is left."""
    print(table(arguments.work))
    if arguments.ranked:
        print(ranked(arguments.work))
    else:
        print(explained(arguments.work))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    stages = parser.add_subparsers(required=True)
    stage = stages.add_parser("prepare", help="make the environments, and lay out the sources, made small")
    stage.add_argument("work", type=Path)
    stage.add_argument("--mirror", type=Path, required=True, help="a clone of keras-team/keras")
    stage.add_argument("--tag", choices=TAGS, default="2.2.4", help="which Keras")
    stage.set_defaults(function=prepare)
    stage = stages.add_parser("run", help="migrate, and run what has changed since it last ran")
    stage.add_argument("work", type=Path)
    stage.add_argument("--variant", action="append", choices=[ORIGINAL, *VARIANTS], help="all by default")
    stage.add_argument("--target", action="append", choices=TARGETS, help="both by default")
    stage.add_argument("--only", default="", help="part of a path: run only these files")
    stage.add_argument("--again", action="store_true", help="run what has not changed as well")
    stage.add_argument("--jobs", type=int, default=1, help="files that run at once")
    stage.set_defaults(function=run_all)
    stage = stages.add_parser("report", help="print what passes, and why the rest does not")
    stage.add_argument("work", type=Path)
    stage.add_argument("--ranked", action="store_true", help="errors by how often they occur")
    stage.set_defaults(function=tell)
    arguments = parser.parse_args()
    arguments.work = arguments.work.resolve()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
