"""Compares what the tool makes of a repository with what its own maintainers made of it.

    python benchmarks/maintainers.py MIRRORS
    python benchmarks/maintainers.py MIRRORS --only keract --show

``maintainers.toml`` names repositories with the commit by which their maintainers moved to tf.keras. The
state before that commit is migrated, and each run of lines that either side changed is put into one of four
groups: both came to the same code, both changed it in different ways, only they did, only the tool did.
``--show`` prints the last three, to be looked at. Repositories come from a folder of clones
(``<owner>+<name>/repo``, bare or not) or are cloned.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tomllib
from corpus import git, lay_out_commit

import keras_migrate

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Difference:
    """A run of old lines with what became of them on either side.

    Attributes:
        path: the file.
        line: the 1-based line in the old file at which it begins.
        before: the old lines.
        ours: what the tool made of them.
        theirs: what the maintainers made of them.
    """

    path: str
    line: int
    before: str
    ours: str
    theirs: str

    @property
    def group(self) -> str:
        """Who changed what: ``same``, ``differently``, ``only they`` or ``only the tool``."""
        if _plain(self.ours) == _plain(self.theirs):
            return "same"
        if _plain(self.before) == _plain(self.ours):
            return "only they"
        if _plain(self.before) == _plain(self.theirs):
            return "only the tool"
        return "differently"


def _plain(code: str) -> str:
    """Code without what does not matter to the comparison: layout, and the order of imported names."""
    lines = code.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    dedented = "\n".join(line[indent:] for line in lines)
    try:
        tree = ast.parse(dedented)
    except SyntaxError:
        return " ".join(code.split())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            node.names.sort(key=lambda alias: alias.name)
    return ast.unparse(tree)


def differences(path: str, before: str, ours: str, theirs: str) -> Iterator[Difference]:
    """The runs of lines of one file that either side changed."""
    old, new, other = before.splitlines(), ours.splitlines(), theirs.splitlines()
    to_ours, to_theirs = _blocks(old, new), _blocks(old, other)
    kept = sorted(set(to_ours) & set(to_theirs))
    at = (-1, -1, -1)
    for index in [*kept, len(old)]:
        here = (index, to_ours.get(index, len(new)), to_theirs.get(index, len(other)))
        parts = [
            "\n".join(lines[start + 1 : end])
            for lines, start, end in zip((old, new, other), at, here, strict=True)
        ]
        if not parts[0] == parts[1] == parts[2]:
            yield Difference(path, at[0] + 2, *parts)
        at = here


def _blocks(old: list[str], new: list[str]) -> dict[int, int]:
    """The lines that stayed, by their index in the old file, with their index in the new one."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return {a + k: b + k for a, b, size in matcher.get_matching_blocks() for k in range(size)}


def compare(entry: dict[str, str], mirrors: Path) -> list[Difference]:
    """All differences of one repository."""
    mirror = mirrors / entry["name"].replace("/", "+") / "repo"
    found: list[Difference] = []
    with tempfile.TemporaryDirectory() as scratch:
        if not mirror.is_dir():
            mirror = Path(scratch, "mirror")
            url = f"https://github.com/{entry['name']}"
            subprocess.run(["git", "clone", "-q", "--bare", url, str(mirror)], check=True)
        folder = Path(scratch, "before")
        if not lay_out_commit(mirror, f"{entry['after']}^", folder):
            sys.exit(f"{entry['name']}: nothing at {entry['after']}^")
        (folder / "setup.py").touch()  # the top of the project
        target = keras_migrate.Target.parse(entry.get("target", "2.15"))
        run = keras_migrate.migrate_paths([folder], options=keras_migrate.Options(target))
        after = {result.path: result.after for result in run.results}
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            old = path.read_bytes()
            theirs = git(mirror, "show", f"{entry['after']}:{name}")
            if theirs and b"keras" in old:
                texts = (data.decode("utf-8", "replace") for data in (old, after.get(name, old), theirs))
                found += differences(name, *texts)
    return found


def main() -> None:
    """Reads the command line and prints a table, and with ``--show`` the differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mirrors", type=Path, help="a folder of clones")
    parser.add_argument("--only", default="", help="only repositories with this in their name")
    parser.add_argument("--show", action="store_true", help="print what is not the same on both sides")
    given = parser.parse_args()
    groups = ("same", "differently", "only they", "only the tool")
    print("| repository | " + " | ".join(groups) + " |\n| --- |" + " --- |" * len(groups))
    shown: list[str] = []
    for entry in tomllib.loads((HERE / "maintainers.toml").read_text())["repository"]:
        if given.only not in entry["name"]:
            continue
        found = compare(entry, given.mirrors)
        counted = Counter(difference.group for difference in found)
        print(
            f"| {entry['name']} | " + " | ".join(str(counted[group]) for group in groups) + " |", flush=True
        )
        for difference in found:
            if difference.group != "same":
                shown.append(
                    f"--- {entry['name']} {difference.path}:{difference.line}: {difference.group}\n"
                    f"BEFORE\n{difference.before}\nTOOL\n{difference.ours}\nTHEY\n{difference.theirs}\n"
                )
    if given.show:
        print("\n".join(shown))


if __name__ == "__main__":
    main()
