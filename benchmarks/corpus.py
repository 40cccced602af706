"""Lays out the public repositories and packages of ``corpus.tsv``, each at its pinned commit or version.

    python benchmarks/corpus.py FOLDER
    python benchmarks/corpus.py FOLDER --mirrors DIR

Each becomes a folder ``<owner>__<name>@<commit>`` or ``pypi__<name>@<version>``; one that is there already
is kept. Repositories come from a folder of clones (``<owner>+<name>/repo``, bare or not; files whose
content a partial clone lacks are left out) or are cloned; packages come through pip. Only text that a
migration may care about is written.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
KEPT = (
    ".cfg", ".in", ".ini", ".ipynb", ".json", ".lock", ".md", ".py", ".pyw", ".rst", ".toml", ".txt", ".yaml",
    ".yml", "Dockerfile", "Pipfile",
)  # fmt: skip
"""How the names of files end that are written."""


@dataclass(frozen=True)
class Entry:
    """One line of ``corpus.tsv``.

    Attributes:
        kind: ``github`` or ``pypi``.
        name: ``owner/name`` or the package's name.
        pin: the commit or the version.
        era: which Keras it was written for.
    """

    kind: str
    name: str
    pin: str
    era: str

    @property
    def folder(self) -> str:
        """The name of the folder that it is laid out in."""
        if self.kind == "pypi":
            return f"pypi__{self.name}@{self.pin}"
        return f"{self.name.replace('/', '__')}@{self.pin[:7]}"


def entries() -> list[Entry]:
    """Everything in ``corpus.tsv``."""
    with (HERE / "corpus.tsv").open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [
            Entry(kind, name, row["commit"] or row["version"], row["era"])
            for row in rows
            for kind, _, name in [row["source"].partition(":")]
        ]


def repositories(corpus: Path, only: str = "") -> list[Path]:
    """The folders of a corpus that was laid out, sorted by name."""
    return sorted(
        path
        for path in corpus.iterdir()
        if path.is_dir() and not path.name.startswith(".") and only in path.name
    )


def keras_files(corpus: Path) -> Iterator[tuple[Path, Path]]:
    """The Python files that mention Keras, each with the folder of its repository."""
    for root in repositories(corpus):
        for path in sorted(root.rglob("*.py")):
            if path.is_file() and b"keras" in path.read_bytes():
                yield root, path


def git(repository: Path, *arguments: str) -> bytes:
    """What a git command prints; nothing where it fails."""
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


def lay_out_commit(repository: Path, commit: str, folder: Path, kept: tuple[str, ...] = KEPT) -> int:
    """Writes the files of one commit whose names end as is said, ``("",)`` for all.

    Returns:
        How many files were written.
    """
    written = 0
    for line in git(repository, "ls-tree", "-r", "-z", commit).split(b"\0"):
        meta, _, name = line.decode(errors="surrogateescape").partition("\t")
        if not name.endswith(kept) or not meta.startswith("100"):  # neither links nor submodules
            continue
        blob = subprocess.run(
            ["git", "-C", str(repository), "cat-file", "blob", meta.split()[2]],
            capture_output=True,
            check=False,
        )
        if blob.returncode:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob.stdout)
        written += 1
    return written


def lay_out_repository(entry: Entry, folder: Path, mirrors: Path | None, kept: tuple[str, ...] = KEPT) -> int:
    """Writes the files of a repository, from a mirror if there is a folder of them."""
    if mirrors is not None:
        return lay_out_commit(mirrors / entry.name.replace("/", "+") / "repo", entry.pin, folder, kept)
    with tempfile.TemporaryDirectory() as clone:
        address = f"https://github.com/{entry.name}"
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", address, clone], check=False)
        return lay_out_commit(Path(clone), entry.pin, folder, kept)


def lay_out_package(entry: Entry, folder: Path, kept: tuple[str, ...] = KEPT) -> int:
    """Writes the files of a published package."""
    with tempfile.TemporaryDirectory() as downloads:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "-d",
            downloads,
        ]
        subprocess.run([*command, f"{entry.name}=={entry.pin}"], check=False)
        written = 0
        for archive in Path(downloads).iterdir():
            unpacked = Path(downloads) / "unpacked"
            if archive.name.endswith((".whl", ".zip")):
                with zipfile.ZipFile(archive) as opened:
                    opened.extractall(unpacked)
            else:
                with tarfile.open(archive) as opened:
                    opened.extractall(unpacked, filter="data")
            for path in unpacked.rglob("*"):
                if path.is_file() and path.name.endswith(kept):
                    target = folder / path.relative_to(unpacked)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
                    written += 1
        return written


def main() -> int:
    """Lays the corpus out; exits with 1 where something could not be had."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirrors", type=Path, metavar="DIR", help="folder of clones, <owner>+<name>/repo")
    parser.add_argument("--only", default="", metavar="SUBSTR", help="entries whose name contains this")
    arguments = parser.parse_args()
    failed = 0
    for entry in entries():
        folder = arguments.folder / entry.folder
        if arguments.only not in entry.name or folder.is_dir():
            continue
        if entry.kind == "pypi":
            written = lay_out_package(entry, folder)
        else:
            written = lay_out_repository(entry, folder, arguments.mirrors)
        print(
            f"{entry.folder}: {written} files" if written else f"{entry.folder}: could not be had", flush=True
        )
        failed += not written
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
