"""``--interactive``: a run's changes one by one, each to be taken, left out or edited."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from keras_migrate.findings import FileResult, Level, Status

if TYPE_CHECKING:
    from keras_migrate.findings import Rule
    from keras_migrate.options import Options
    from keras_migrate.reports.terminal import Output
    from keras_migrate.review import Change, FileReview, Stretch
    from keras_migrate.runner import RunResult

KEYS = (
    ("y", "yes", "make this change"),
    ("n", "no", "leave it out, and what hangs on it"),
    ("a", "all", "make all that are left in this file"),
    ("r", "rule", "make all of this rule, in all files"),
    ("s", "skip", "leave this file as it is, also what you said yes to"),
    ("e", "edit", "write the new lines yourself, in your editor"),
    ("q", "quit", "stop here; what was not decided is left out"),
    ("?", "help", "show this"),
)
MANUAL_KEYS = (
    ("n", "next", "go on; nothing is changed here"),
    ("e", "edit", "change the lines yourself, in your editor"),
    ("s", "skip", "leave this file as it is, also what you said yes to"),
    ("q", "quit", "stop here; what was not decided is left out"),
    ("?", "help", "show this"),
)


def is_possible() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@dataclass
class Session:
    """A walk through the changes of a run.

    Attributes:
        run: the run.
        options: what it was asked for.
        rules: every rule by its code.
        out: where changes are shown.
        side_by_side: whether old and new lines are to stand beside each other where there is room.
        pager: whether a change that is longer than the terminal is shown in a pager.
        reviews: what was decided, by the path of the file.
        taken: the codes of the rules of which all changes are made.
        explained: the codes of the rules that were explained already.
        stopped: whether the person left before the end.
    """

    run: RunResult
    options: Options
    rules: Mapping[str, Rule]
    out: Output
    side_by_side: bool = False
    pager: bool = True
    reviews: dict[str, FileReview] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    explained: set[str] = field(default_factory=set)
    stopped: bool = False

    def walk(self) -> RunResult:
        """Asks about every change.

        Returns:
            The run with what was decided.
        """
        from keras_migrate.review import FileReview

        for result in self.run.results:
            if result.status in (Status.FAILED, Status.SKIPPED):
                continue
            review = FileReview(result, self._again(result))
            self.reviews[result.path] = review
            if self.stopped:
                review.left = True
            else:
                self._file(review)
        return self._decided(lambda review: review.finished())

    @property
    def refused(self) -> int:
        """How many places were refused that comments can remember."""
        return sum(
            len(review.refused) for review in self.reviews.values() if review.can_remember and not review.left
        )

    def remembered(self) -> RunResult:
        """The run with what was decided, and with comments that say what was refused."""
        return self._decided(lambda review: review.remembered(self._of_text(review.first)))

    def _decided(self, result_of: Callable[[FileReview], FileResult]) -> RunResult:
        from keras_migrate.review import LostEditError

        results = []
        for result in self.run.results:
            review = self.reviews.get(result.path)
            try:
                results.append(result if review is None else result_of(review))
            except LostEditError:
                assert review is not None
                self._lost(review)
                results.append(replace(review.first, after=review.first.before, cells=()))
        return replace(self.run, results=tuple(results))

    def _again(self, result: FileResult) -> Callable[[Callable[[str, int], bool]], FileResult]:
        """Works a file out again with places refused."""
        from keras_migrate.engine import migrate_bytes

        options = replace(self.options, source=self.run.sources.get(result.path) or self.options.source)
        return lambda refuses: migrate_bytes(
            result.path, result.before, replace(options, refuses=refuses), self.run.project
        )

    def _of_text(self, result: FileResult) -> Callable[[bytes], FileResult]:
        from keras_migrate.engine import migrate_bytes

        options = replace(self.options, source=self.run.sources.get(result.path) or self.options.source)
        return lambda data: migrate_bytes(result.path, data, options, self.run.project)

    def _file(self, review: FileReview) -> None:
        """Asks about the changes of one file."""
        number = 0
        while (pending := review.pending()) and not (review.left or self.stopped):
            change = pending[0]
            if not change.is_manual and set(change.rules) <= self.taken:
                review.accept(change)
                continue
            number += 1
            self._change(review, change, number, number + len(pending) - 1)
        if self.stopped and review.decided:
            review.refuse_pending()
        elif self.stopped:
            review.left = True

    def _change(self, review: FileReview, change: Change, number: int, count: int) -> None:
        """Shows one change and asks about it until something is decided."""
        shown = review.alone(change)
        self._show(shown, change)
        asks = shown.after != shown.before
        keys = KEYS if asks else MANUAL_KEYS
        question = "Make this change" if asks else "Nothing to decide here"
        while True:
            key = self._key(f"{question} ({number} of {count})", keys)
            if key == "e":
                if self._edit(review, change):
                    return
            elif key == "?":
                self._help(keys, change)
            elif key == "n" and asks:
                if review.refuse(change):
                    return
                self._say("This cannot be left out by itself. With s the whole file stays as it is.")
            else:
                self._decide(review, change, key)
                return

    def _decide(self, review: FileReview, change: Change, key: str) -> None:
        if key == "s":
            review.left = True
        elif key == "q":
            self.stopped = True
        elif key == "a":
            while pending := [each for each in review.pending() if not each.is_manual]:
                for each in pending:
                    review.accept(each)
        else:
            if key == "r":
                self.taken.update(change.rules)
            review.accept(change)

    def _show(self, shown: FileResult, change: Change) -> None:
        """Shows what a change does, why, and what its rules are about."""
        from keras_migrate.reports import prose, terminal
        from keras_migrate.reports.file_view import FileView

        path = terminal.shown_path(self.run, shown.path)
        with terminal.paged(self.out) if self.pager else nullcontext():
            self.out.print()
            view = FileView(shown, path, self.rules, self.side_by_side)
            self.out.print(view, crop=False, soft_wrap=True)
            for rule in filter(None, map(self.rules.get, change.rules)):
                prose.heading(self.out, f"{rule.code} {rule.name}")
                for reason in _reasons(shown, rule.code):
                    prose.paragraph(self.out, reason)
                if rule.code not in self.explained:
                    prose.paragraph(self.out, rule.explanation)
            self.out.print()
        self.explained.update(change.rules)

    def _key(self, question: str, keys: Sequence[tuple[str, str, str]]) -> str:
        """Asks for a key until it is one of those that mean something."""
        letters = [key for key, _, _ in keys]
        click.echo(f"{question} [{','.join(letters)}]? ", nl=False)
        while True:
            try:
                pressed = click.getchar()
            except EOFError:
                pressed = ""
            key = "q" if pressed in ("", "\x04") else pressed.lower()
            if key in ("\r", "\n", " ") and keys is MANUAL_KEYS:
                key = "n"
            if key == "y" and keys is MANUAL_KEYS:
                key = "n"
            if key in letters:
                click.echo(next(word for letter, word, _ in keys if letter == key))
                return key

    def _help(self, keys: Sequence[tuple[str, str, str]], change: Change) -> None:
        """Says what the keys do, and explains the rules of a change again."""
        from keras_migrate.reports import prose

        self.out.print()
        for rule in filter(None, map(self.rules.get, change.rules)):
            prose.heading(self.out, f"{rule.code} {rule.name}")
            prose.paragraph(self.out, rule.explanation)
        prose.labelled(self.out, [(key, text) for key, _, text in keys])

    def _say(self, text: str) -> None:
        from keras_migrate.reports import prose

        prose.paragraph(self.out, text, indent=0)

    def _edit(self, review: FileReview, change: Change) -> bool:
        """Lets the person write the lines of a change; whether something came of it."""
        proposal = review.proposal(change)
        text = _sheet(review, proposal)
        while True:
            try:
                edited = click.edit(text, extension=".py", require_save=False)
            except click.ClickException as error:
                self._say(f"{error.message}. Name an editor in the environment variable EDITOR.")
                return False
            if edited is None or edited == text:
                self._say("Nothing was edited.")
                return False
            made = _read_sheet(edited, proposal)
            if made is None:
                problem = "the lines that begin with '# ----' part the places and have to stay"
            else:
                problem = review.problem(made) or ""
            if made is not None and not problem:
                review.edit(change, made)
                return True
            text = edited
            try:
                again = click.confirm(f"That cannot be taken: {problem}. Edit again?", default=True)
            except click.Abort:
                again = False
            if not again:
                return False

    def _lost(self, review: FileReview) -> None:
        from keras_migrate.reports.terminal import shown_path

        path = shown_path(self.run, review.first.path)
        self._say(
            f"{path} is left as it is: lines that you edited became others by what you refused later. "
            "This is what you wrote:"
        )
        for edit in review.edits:
            click.echo(edit.text, nl=False)


_MOST_REASONS = 5


def _reasons(shown: FileResult, code: str) -> list[str]:
    """What the findings of a rule say that the diff leaves out, as sentences."""
    said = dict.fromkeys(
        each.message for each in shown.findings if each.rule == code and each.level is Level.REWRITTEN
    )
    more = len(said) - _MOST_REASONS
    sentences = [f"{message[0].upper()}{message[1:].rstrip('.')}." for message in said]
    return [*sentences[:_MOST_REASONS], *([f"And {more} more."] if more > 0 else [])]


_RULER = "# ---- "


def _sheet(review: FileReview, proposal: Sequence[Stretch]) -> str:
    """What the editor shows: the new lines of each place below a line that names it."""
    pieces = []
    for each in proposal:
        cell = f", cell {each.part}" if each.part else ""
        first, last = each.old.start + 1, each.old.stop
        where = f"line {first}" if last <= first else f"lines {first} to {last}"
        pieces.append(f"{_RULER}{review.first.path}{cell}, {where}: the new lines stand below\n")
        text = each.text
        pieces.append(text if not text or text.endswith("\n") else f"{text}\n")
    return "".join(pieces)


def _read_sheet(text: str, proposal: Sequence[Stretch]) -> list[Stretch] | None:
    """The lines from the editor, place by place; ``None`` where the places cannot be told."""
    found: list[list[str]] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(_RULER):
            found.append([])
        elif found:
            found[-1].append(line)
        elif line.strip():
            return None
    if len(found) != len(proposal):
        return None
    made = []
    for each, new in zip(proposal, found, strict=True):
        joined = "".join(new)
        if "\r\n" in each.text:
            joined = joined.replace("\r\n", "\n").replace("\n", "\r\n")
        if each.text and not each.text.endswith(("\n", "\r")):
            joined = joined.rstrip("\r\n")
        made.append(replace(each, text=joined))
    return made
