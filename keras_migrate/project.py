"""What is known of the tree that a run works on: its files, and the facts that span them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pathspec import GitIgnoreSpec
from pathspec.pattern import Pattern, RegexMatchResult

from keras_migrate import reading
from keras_migrate.documents.kinds import DOCUMENT_SUFFIXES, dependency_kind, is_history
from keras_migrate.options import Paths

MODULE_SUFFIXES = (".py", ".pyw")
CODE_SUFFIXES = (*MODULE_SUFFIXES, ".ipynb")
SUFFIXES = (*CODE_SUFFIXES, *DOCUMENT_SUFFIXES)
"""The kinds of file that are looked for in folders."""

PASSED_OVER = frozenset(
    {
        ".bzr", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".keras-migrate", ".mypy_cache", ".nox",
        ".pytest_cache", ".ruff_cache", ".svn", ".tox", "__pycache__", "__pypackages__", "build",
        "dist", "dist-packages", "node_modules", "site-packages",
    }
)  # fmt: skip
"""Folders that never hold a project's own sources."""

_TOP_MARKERS = frozenset({".git", "pyproject.toml", "setup.py"})
_FOLDER_END = "ps_d"
"""The group of pathspec's regular expressions that is the slash after a folder that they match."""
_VIRTUAL_ENVIRONMENT_MARKERS = frozenset({"pyvenv.cfg", "conda-meta"})


class BadPatternError(ValueError):
    """A pattern that is not in gitignore syntax."""


class NoCommonFolderError(ValueError):
    """Paths that no folder holds together, on two drives of Windows."""


@dataclass(frozen=True, slots=True)
class Project:
    """A root that was given, and what is known of the files below it.

    Attributes:
        root: absolute path of the folder; empty for code that has no file.
        top: absolute path of the project around it: the nearest folder from the root upwards that
            holds ``.git``, ``pyproject.toml`` or ``setup.py``; the root itself where none does, and where it
            is a link that leads out of that folder.
    """

    root: str = ""
    top: str = ""
    _own_keras: dict[str, str | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, paths: Sequence[str | os.PathLike[str]]) -> Project:
        """The project of the files and folders that were given.

        Its root is the folder given, or that of the file given; of several paths, the nearest folder
        that holds them all, so that no two files share a path relative to it.

        Args:
            paths: files and folders, at least one.
        Raises:
            NoCommonFolderError: where they are on two drives of Windows.
        """
        located = [os.path.abspath(path) for path in paths]
        folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in located]
        try:
            root = os.path.commonpath(folders)
        except ValueError as error:
            raise NoCommonFolderError(f"run once for each drive: {', '.join(sorted(folders))}") from error
        top = _top_of(root)
        return cls(root, top if reading.is_inside(root, top) else root)

    def locate(self, path: str) -> str:
        """The absolute path of a file that is named relative to the root."""
        return os.path.join(self.root, path)

    def read(self, path: str) -> bytes:
        """The bytes of a file that is named relative to the root.

        Raises:
            OSError: where it cannot be read, is no regular file, or leads out of the project.
        """
        return reading.read(self.locate(path), self.top)

    def relative(self, location: str) -> str:
        """The path of a file relative to the root, with forward slashes."""
        return os.path.relpath(location, self.root).replace(os.sep, "/")

    def own_keras(self, path: str) -> str | None:
        """The project's own ``keras`` package or module that ``import keras`` means in a file, if any.

        It is one that a folder on the file's way up to the project's top would put on the import path: the
        file's own folder, an ancestor, or an ancestor's ``src``. A folder that is a package offers nothing
        (``pkg/keras.py`` is ``pkg.keras``), and ``keras/`` without ``__init__.py`` loses to an installed
        Keras.

        Args:
            path: the file, relative to the root, with forward slashes.
        Returns:
            The path of that package or module, relative to the root.
        """
        if not self.root:
            return None
        location = os.path.normpath(self.locate(path))
        folder = os.path.dirname(location)
        found = self._own_keras_from(folder)
        if found == location:  # a script called keras.py does not import itself
            above = os.path.dirname(folder)
            found = None if folder == (self.top or self.root) else self._own_keras_from(above)
        return None if found is None else self.relative(found)

    def _own_keras_from(self, folder: str) -> str | None:
        if folder not in self._own_keras:
            found = _keras_in(folder) or _keras_in(os.path.join(folder, "src"))
            parent = os.path.dirname(folder)
            if found is None and folder != (self.top or self.root) and parent != folder:
                found = self._own_keras_from(parent)
            self._own_keras[folder] = found
        return self._own_keras[folder]


def discover(
    project: Project,
    paths: Sequence[str | os.PathLike[str]],
    excludes: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
    excluded: Paths = Paths(),  # noqa: B008 - immutable
) -> Iterator[str]:
    """Finds the files to look at.

    A file that is given is always taken. In a folder that is given, what ``.gitignore`` files leave out is
    passed over, and so are version control, virtual environments, installed packages and build results.
    Links are not followed: what they lead to is found anyway, or was not given. A folder that cannot be
    listed is itself yielded, so that whoever reads it reports why.

    Args:
        project: the project of these paths.
        paths: files and folders.
        excludes: more to pass over, in gitignore syntax relative to the project's root; they win over
            every other rule, and one that begins with ``!`` takes in again.
        wanted: which files of folders to take, by their paths with forward slashes; by default sources and
            dependency files.
        excluded: more to pass over, in the same way; ``excludes`` win over it.
    Yields:
        Paths relative to the project's root, with forward slashes, each once, in the same order every time.
    Raises:
        BadPatternError: where a pattern of ``excludes`` is not in gitignore syntax.
    """
    own = _Patterns.parse(_below(project, project.root), tuple(excludes), strict=True)
    patterns = (_Patterns.of(project, excluded), own)
    yielded: set[str] = set()
    for path in paths:
        location = os.path.abspath(path)
        walked = _walk(project, location, patterns, wanted or _is_source)
        found = walked if os.path.isdir(location) else iter((location,))
        for name in _relative(project, found):
            if name not in yielded:
                yielded.add(name)
                yield name


def _relative(project: Project, found: Iterable[str]) -> Iterator[str]:
    """Cuts the root off; what ``relpath`` does, at a fraction of its cost."""
    cut = len(project.root.rstrip(os.sep)) + 1
    for location in found:
        yield (location[cut:] or ".").replace(os.sep, "/")


def _is_source(path: str) -> bool:
    """Whether a file is one of the project's sources, documents or dependency files."""
    return not is_history(path) and (path.endswith(SUFFIXES) or dependency_kind(path) is not None)


def _walk(
    project: Project, start: str, excludes: tuple[_Patterns, ...], wanted: Callable[[str], bool]
) -> Iterator[str]:
    """Yields the absolute paths of a folder's files."""
    pending = [(start, _ignored_above(project, start))]
    while pending:
        folder, ignores = pending.pop()
        listing = _list(folder, wanted, is_start=folder == start)
        if listing is None:
            continue
        if not listing.readable:
            yield folder
            continue
        below = _below(project, folder)
        if listing.has_gitignore:
            ignores = (*ignores, _gitignore(folder, below))
        every = (*ignores, *excludes)
        few = tuple(rule for rule in every if rule.any_file)
        for name in listing.files:
            rules = few if name.endswith(SUFFIXES) else every
            if not (rules and _left_out(rules, below + name)):
                yield os.path.join(folder, name)
        for name in reversed(listing.folders):
            if _enter(name, below + name + "/", ignores, excludes):
                pending.append((os.path.join(folder, name), ignores))


@dataclass(frozen=True, slots=True)
class _Listing:
    files: list[str]
    folders: list[str]
    has_gitignore: bool = False
    readable: bool = True


def _list(folder: str, wanted: Callable[[str], bool], *, is_start: bool) -> _Listing | None:
    """What is in a folder, sorted; ``None`` for a virtual environment that was not itself given."""
    files: list[str] = []
    folders: list[str] = []
    has_gitignore = False
    around = folder.replace(os.sep, "/")
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name in _VIRTUAL_ENVIRONMENT_MARKERS and not is_start:
                    return None
                if entry.is_dir(follow_symlinks=False):
                    folders.append(name)
                elif name == ".gitignore":
                    has_gitignore = True
                elif wanted(f"{around}/{name}") and entry.is_file(follow_symlinks=False):
                    files.append(name)
    except OSError:
        return _Listing([], [], readable=False)
    return _Listing(sorted(files), sorted(folders), has_gitignore)


def _enter(name: str, below: str, ignores: tuple[_Patterns, ...], excludes: tuple[_Patterns, ...]) -> bool:
    """Whether a folder is to be looked into."""
    verdict = _verdict(excludes, below)
    if verdict is not None:
        return not verdict
    if name in PASSED_OVER or name.endswith(".egg-info"):
        return False
    return not _left_out(ignores, below)


def _left_out(rules: tuple[_Patterns, ...], below: str) -> bool:
    """Whether a path is left out; where no pattern applies it is not."""
    return _verdict(rules, below) or False


def _verdict(rules: tuple[_Patterns, ...], below: str) -> bool | None:
    """Whether a path is left out; as in git, the last file of patterns that says anything decides."""
    verdicts = (rule.verdict(below) for rule in reversed(rules))
    return next((verdict for verdict in verdicts if verdict is not None), None)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of one ``.gitignore`` file, or those of ``--exclude`` or the configuration.

    Attributes:
        base: the folder they stand in, relative to the project's top, with a slash at the end.
        every: all of them, for folders.
        for_files: those that can match a file of ours while no folder above it matches; a typical
            ``.gitignore`` has three of them among a hundred, and files are many. All of them where
            one takes in again, as that may undo what another did to a folder above.
        above: the project's top relative to the folder that they stand in, with a slash at the end, where
            that folder is above the top.
    """

    base: str
    every: GitIgnoreSpec
    for_files: GitIgnoreSpec
    above: str = ""

    @classmethod
    def parse(cls, base: str, lines: Sequence[str], *, strict: bool = False) -> _Patterns:
        if strict:
            check_patterns(lines)
        good = [line for line in lines if strict or _is_pattern(line)]
        takes_in_again = any(line.startswith("!") for line in good)
        files = good if takes_in_again else [line for line in good if _may_match_file(line)]
        return cls(base, GitIgnoreSpec.from_lines(good), GitIgnoreSpec.from_lines(files))

    @classmethod
    def of(cls, project: Project, paths: Paths) -> _Patterns:
        """Those of the configuration, whose folder may be above the project's top or below it."""
        around = os.path.join(paths.base, "")
        if paths.patterns and project.top != paths.base and project.top.startswith(around):
            above = project.top[len(around) :].replace(os.sep, "/") + "/"
            return replace(cls.parse("", paths.patterns, strict=True), above=above)
        return cls.parse(_below(project, paths.base), paths.patterns, strict=True)

    @property
    def any_file(self) -> bool:
        return bool(self.for_files.patterns)

    def verdict(self, below: str) -> bool | None:
        """Whether a path is left out (a folder's ends in a slash); ``None`` where no pattern applies."""
        if not below.startswith(self.base):
            return None
        path = self.above + below[len(self.base) :]
        if below.endswith(SUFFIXES):
            return self.for_files.check_file(path).include
        if not below.endswith("/"):
            return self.every.check_file(path).include
        matching = (each.include for each in reversed(self.every.patterns) if _matches_folder(each, path))
        return next(matching, None)


def check_patterns(lines: Iterable[str]) -> None:
    """Refuses what is not in gitignore syntax.

    Raises:
        BadPatternError: with the first such pattern.
    """
    for line in lines:
        if not _is_pattern(line):
            raise BadPatternError(f"not a pattern in gitignore syntax: {line!r}")


def _matches_folder(pattern: Pattern, path: str) -> bool:
    """Whether a pattern matches a folder itself, and not only what is in it or one around it."""
    result = pattern.match_file(path) if pattern.include is not None else None
    if not isinstance(result, RegexMatchResult):
        return False
    match = result.match
    if _FOLDER_END not in match.re.groupindex:  # `*` matches all, and `x/**` what is in `x/`
        return match.end() < len(path)
    return match.start() > 0 or match.end(_FOLDER_END) == len(path)  # `*/` matches at any slash


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _may_match_file(line: str) -> bool:
    """Whether a pattern can match a file of ours by itself, and not through a folder above it."""
    line = line.rstrip()
    if not line or line.startswith("#") or line.endswith("/"):
        return False
    literal_end = re.split(r"[*?\[\]\\/!]", line)[-1]
    return any(literal_end.endswith(suffix) or suffix.endswith(literal_end) for suffix in SUFFIXES)


def _gitignore(folder: str, base: str) -> _Patterns:
    try:
        data = reading.read(os.path.join(folder, ".gitignore"), folder)
        text = os.fsdecode(data.removeprefix(b"\xef\xbb\xbf"))
    except OSError:
        text = ""
    return _Patterns.parse(base, text.splitlines())


def _ignored_above(project: Project, start: str) -> tuple[_Patterns, ...]:
    """The patterns of the folders above the start; none if they leave out the start itself."""
    folders = []
    folder = start
    while folder != project.top and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        folders.append(folder)
    rules: tuple[_Patterns, ...] = ()
    for folder in reversed(folders):
        if os.path.isfile(os.path.join(folder, ".gitignore")):
            rules = (*rules, _gitignore(folder, _below(project, folder)))
    below = _below(project, start)
    return () if below and _left_out(rules, below) else rules


def _below(project: Project, folder: str) -> str:
    """A folder relative to the project's top, with a slash at the end; empty for the top itself."""
    path = folder[len(project.top) :].strip(os.sep).replace(os.sep, "/")
    return path + "/" if path else ""


def upwards(folder: str, top: str) -> Iterator[str]:
    """A folder and those around it, up to the top."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if folder == top or parent == folder:
            return
        folder = parent


def _top_of(folder: str) -> str:
    current = folder
    while True:
        if not _TOP_MARKERS.isdisjoint(_names(current)):
            return current
        parent = os.path.dirname(current)
        if parent == current:
            return folder
        current = parent


def _keras_in(folder: str) -> str | None:
    """The package or module ``keras`` that a folder on the import path would offer."""
    names = _names(folder)
    if "__init__.py" in names:
        return None
    if "keras" in names and os.path.isfile(os.path.join(folder, "keras", "__init__.py")):
        return os.path.join(folder, "keras")
    if "keras.py" in names:
        return os.path.join(folder, "keras.py")
    return None


def _names(folder: str) -> frozenset[str]:
    """The names in a folder as they are spelled; empty where it cannot be listed."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()
