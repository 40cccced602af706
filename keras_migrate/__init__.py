"""Migrates repositories written for standalone Keras to ``tf.keras``.

The same from Python as from the command line:

>>> from keras_migrate import migrate_source
>>> result = migrate_source("from keras.layers.core import Dense\\n", target="2.15")
>>> print(result.after.decode(), end="")
from tensorflow.keras.layers import Dense
>>> [finding.rule for finding in result.findings]
['KM102']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_migrate.findings import FileResult, Finding, Level, Rule, Status
from keras_migrate.options import Defaults, ImportStyle, Options, Python2
from keras_migrate.source import Source, UnknownSourceError
from keras_migrate.target import Target, UnknownTargetError

if TYPE_CHECKING:
    from keras_migrate.configuration import Configuration, ConfigurationError
    from keras_migrate.project import Project
    from keras_migrate.runner import RunResult, migrate_paths

__all__ = [
    "Configuration",
    "ConfigurationError",
    "Defaults",
    "FileResult",
    "Finding",
    "ImportStyle",
    "Level",
    "Options",
    "Project",
    "Python2",
    "Rule",
    "RunResult",
    "Source",
    "Status",
    "Target",
    "UnknownSourceError",
    "UnknownTargetError",
    "__version__",
    "migrate_paths",
    "migrate_source",
]

__version__ = "0.1.0"


_LATER = {
    "Configuration": "keras_migrate.configuration",
    "ConfigurationError": "keras_migrate.configuration",
    "Project": "keras_migrate.project",
    "RunResult": "keras_migrate.runner",
    "migrate_paths": "keras_migrate.runner",
}
"""Public names whose modules take a moment to load."""


def migrate_source(
    code: str | bytes,
    *,
    target: str | Target = Target(),  # noqa: B008 - immutable
    source: str | Source | None = None,
    defaults: Defaults = Defaults.PIN,
    import_style: ImportStyle = ImportStyle.FROM,
    python2: Python2 | str = Python2.REPORT,
    path: str = "<string>",
) -> FileResult:
    """Migrates one module that has no file.

    Args:
        code: its source; text, or bytes as a file would have them.
        target: the TensorFlow release to migrate to, ``"2.15"``, or a `Target`.
        source: the release of Keras that it was written for, ``"2.2"``, or a `Source`; by default what it
            looks like.
        defaults: what becomes of a default that is another one now.
        import_style: how the migrated code reaches Keras.
        python2: what becomes of Python 2 code; ``"convert"`` brings it to Python 3 first.
        path: what the findings of reports call it.
    Returns:
        The new source in ``after`` (bytes) and what is to be said about it in ``findings``. Code that cannot
        be processed comes back as it was, with a finding of level ``error``.
    Raises:
        UnknownTargetError: if ``target`` names no known release.
        UnknownSourceError: if ``source`` names none.
    """
    from keras_migrate.engine import migrate_bytes
    from keras_migrate.project import Project

    options = Options(
        target if isinstance(target, Target) else Target.parse(target),
        import_style,
        source=Source.parse(source) if isinstance(source, str) else source,
        defaults=defaults,
        python2=Python2(python2),
    )
    data = code.encode("utf-8", "surrogatepass") if isinstance(code, str) else code
    return migrate_bytes(path, data, options, Project())


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
