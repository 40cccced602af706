"""Prints what a TensorFlow release requires, as an entry of ``transforms/tensorflow_requirements.toml``.

Run it with the Python of an environment that has the release, or give it reports of pip::

    python extract_requirements.py
    pip install --dry-run --no-deps --ignore-installed --report report.json tensorflow-cpu==2.20.0
    python extract_requirements.py report.json
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from collections.abc import Iterator

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)[ \t]*\(?(?P<version>[^;)]*)\)?[ \t]*(?:;(?P<marker>.*))?")
_PYTHON = "Programming Language :: Python :: 3."


def entry(version: str, classifiers: list[str], requirements: list[str]) -> str:
    """The entry of one release.

    Args:
        version: of the distribution.
        classifiers: of its metadata.
        requirements: its ``Requires-Dist``.
    """
    pythons = sorted(int(each.removeprefix(_PYTHON)) for each in classifiers if each.startswith(_PYTHON))
    lines = [
        "[[release]]",
        f'version = "{version}"',
        f"python = {json.dumps([f'3.{minor}' for minor in pythons])}",
        "[release.requires]",
    ]
    asked: dict[str, str] = {}
    for name, specifier in _asked(requirements):
        asked.setdefault(name, specifier)
    return "\n".join((*lines, *(f'{name} = "{asked[name]}"' for name in sorted(asked)))) + "\n"


def _asked(requirements: list[str]) -> Iterator[tuple[str, str]]:
    """Packages and their versions, but for those of extras and of one platform or Python only."""
    for requirement in requirements:
        match = _REQUIREMENT.fullmatch(requirement)
        assert match is not None, requirement
        marker = match["marker"] or ""
        if match["version"].strip() and not re.search("extra|platform", marker):
            yield re.sub(r"[-_.]+", "-", match["name"]).lower(), match["version"].strip()


def main(reports: list[str]) -> None:
    """Prints the entries of reports, or of the release that is installed."""
    for report in reports:
        with open(report, encoding="utf-8") as file:
            metadata = json.load(file)["install"][0]["metadata"]
        print(entry(metadata["version"], metadata["classifier"], metadata["requires_dist"]))
    if not reports:
        installed = importlib.metadata.distribution("tensorflow-cpu")
        classifiers = installed.metadata.get_all("Classifier") or []
        print(entry(installed.version, classifiers, installed.requires or []))


if __name__ == "__main__":
    main(sys.argv[1:])
