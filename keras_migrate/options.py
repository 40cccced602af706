"""What a run is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from keras_migrate.source import Source
from keras_migrate.target import Target

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class ImportStyle(str, Enum):
    """How the migrated code reaches Keras."""

    FROM = "from"
    """``from tensorflow.keras.layers import Dense``"""
    ATTRIBUTE = "tf"
    """``import tensorflow as tf`` and ``tf.keras.layers.Dense``"""


class Defaults(str, Enum):
    """What becomes of a default that is another one now."""

    PIN = "pin"
    """The old value is written out."""
    ADOPT = "adopt"
    """The new one is taken, and each place reported."""


class Python2(str, Enum):
    """What becomes of a Python 2 source."""

    REPORT = "report"
    """It is left alone, and the line named that does not parse."""
    CONVERT = "convert"
    """It is brought to Python 3, and migrated."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Files and folders that are named by patterns.

    Attributes:
        base: absolute path of the folder that the patterns are relative to.
        patterns: in gitignore syntax.
    """

    base: str = ""
    patterns: tuple[str, ...] = ()

    def __contains__(self, location: str) -> bool:
        """Whether a file is one of them, by its absolute path."""
        inside = os.path.join(self.base, "")
        return location.startswith(inside) and _spec(self.patterns).match_file(location[len(inside) :])


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


@dataclass(frozen=True, slots=True)
class Override:
    """What a run does otherwise in some files; ``None`` where it is as everywhere else.

    Attributes:
        paths: the files.
        ignore: rule codes or prefixes of codes not to apply there either.
        source: the release that they were written for.
        defaults: what becomes of a default that is another one now.
        import_style: how the migrated code reaches Keras.
        python2: what becomes of Python 2 sources.
    """

    paths: Paths
    ignore: frozenset[str] = frozenset()
    source: Source | None = None
    defaults: Defaults | None = None
    import_style: ImportStyle | None = None
    python2: Python2 | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for.

    Attributes:
        target: the TensorFlow release to migrate to.
        source: the release that the code was written for; ``None`` to find out.
        defaults: what becomes of a default that is another one now.
        import_style: how the migrated code reaches Keras.
        select: rule codes or prefixes of codes (``KM2``) to apply; empty means all.
        ignore: rule codes or prefixes of codes not to apply; wins over ``select``.
        python2: what becomes of Python 2 sources.
        excluded: what is passed over in folders.
        overrides: what is done otherwise in some files; of two that say different things the later wins.
        configuration: absolute path of the file that says some of this; empty where none does.
        refuses: whether a rule, by its code, is refused on a line of the file; ``None`` for nothing at all.
    """

    target: Target = field(default_factory=Target)
    import_style: ImportStyle = ImportStyle.FROM
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    source: Source | None = None
    defaults: Defaults = Defaults.PIN
    python2: Python2 = Python2.REPORT
    excluded: Paths = field(default_factory=Paths)
    overrides: tuple[Override, ...] = ()
    configuration: str = ""
    refuses: Callable[[str, int], bool] | None = field(default=None, compare=False)

    def at(self, location: str) -> Options:
        """The same for one file: with what is done otherwise there.

        Args:
            location: its absolute path.
        """
        options = self
        for each in self.overrides:
            if location in each.paths:
                options = replace(
                    options,
                    ignore=options.ignore | each.ignore,
                    source=each.source or options.source,
                    defaults=each.defaults or options.defaults,
                    import_style=each.import_style or options.import_style,
                    python2=each.python2 or options.python2,
                )
        return options

    def enabled(self, code: str) -> bool:
        """Whether the rule of that code may change or report anything."""
        if any(code.startswith(prefix) for prefix in self.ignore):
            return False
        return not self.select or any(code.startswith(prefix) for prefix in self.select)

    def allows(self, code: str, line: int) -> bool:
        """Whether the rule of that code may change or report anything on a line of the file."""
        return self.enabled(code) and (self.refuses is None or not self.refuses(code, line))

    def on_lines(self, old_line: Callable[[int], int]) -> Options:
        """The same for a text that was made from another one.

        Args:
            old_line: where a line of the text was in the other one.
        """
        refuses = self.refuses
        if refuses is None:
            return self
        return replace(self, refuses=lambda code, line: refuses(code, old_line(line)))
