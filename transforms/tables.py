"""Reads the hand-written tables of the transforms."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from ..target import Target

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Entry: TypeAlias = dict[str, Any]
"""One entry of a table, as TOML has it."""


@cache
def load(name: str) -> dict[str, Any]:
    """The contents of a table.

    Args:
        name: its file, from the folder of the transforms: ``calls/arguments.toml``.
    """
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def applies(specifier: str, target: Target) -> bool:
    """Whether a target is among the releases that an entry is about.

    Args:
        specifier: ``>=2.16`` or ``<2.16`` as a release of TensorFlow; empty for all. A target with legacy
            Keras counts as 2.15, which it behaves as.
    """
    if not specifier:
        return True
    version = (2, 15) if target.legacy else target.version
    for sign, compare in (
        (">=", version.__ge__),
        ("<", version.__lt__),
    ):
        if specifier.startswith(sign):
            major, minor = specifier.removeprefix(sign).split(".")
            return compare((int(major), int(minor)))
    raise ValueError(f"cannot read the releases {specifier!r}: write >=2.16 or <2.16")


def matching(entries: Iterable[Entry], target: Target) -> Entry | None:
    """The first entry that is about a target."""
    return next((entry for entry in entries if applies(entry.get("targets", ""), target)), None)
