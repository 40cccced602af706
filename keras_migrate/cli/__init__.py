"""The command line: one module a command, imported when the command is used."""

from __future__ import annotations

import click

from keras_migrate import __version__
from keras_migrate.cli.pages import EXIT_CODES, Entry, group


@group(
    {
        "batch": Entry("keras_migrate.cli.batch", "Migrate many repositories, each to a branch or a patch."),
        "check": Entry("keras_migrate.cli.check", "Report what is left to do, for CI; write nothing."),
        "doctor": Entry(
            "keras_migrate.cli.doctor", "Say which Keras and TensorFlow a Python has, and what does not fit."
        ),
        "explain": Entry(
            "keras_migrate.cli.explain", "Explain a rule, a name of old Keras, or an error message."
        ),
        "rules": Entry("keras_migrate.cli.rules", "List what is known, rule by rule."),
        "migrate": Entry(
            "keras_migrate.cli.migrate", "Show, and on request make, the changes that code for Keras needs."
        ),
        "models": Entry(
            "keras_migrate.cli.models",
            "Say which TensorFlow loads model files, and write copies that yours loads.",
        ),
        "undo": Entry("keras_migrate.cli.undo", "Bring back what files were before a run."),
    },
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, "-V", "--version", message="keras-migrate %(version)s")
def main() -> None:
    """Migrate code written for standalone Keras ('import keras') to tf.keras.

    Nothing is written unless you ask for it. Start with a look at what would change:

    \b
      keras-migrate migrate --dry-run path/to/project
    """
