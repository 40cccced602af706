"""The run for a person at a terminal: the diff, the summary, and what is left to do."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TextIO

from rich import box
from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from keras_migrate.findings import FileResult, Finding, Level, Rule, Status
from keras_migrate.reports import palette
from keras_migrate.reports.diff import FileDiff, Kind, Row, diff, lines, parts, printable
from keras_migrate.runner import RuleCount, RunResult

_PLAIN_WIDTH = 80
"""Where nothing is folded: rulers are this long, and rule codes stand at the end of them."""
_NARROW = 60
"""Terminals with fewer columns show one line number, not two."""
_LONGEST_HIGHLIGHTED = 400_000
"""Characters; colours in a longer file are not worth the wait."""

_STRING = re.compile(
    r'''
      \#[^\n]*
    | """ (?: [^"\\] | \\. | "(?!"") )* (?: """ | \Z )
    | \'{3} (?: [^'\\] | \\. | '(?!'') )* (?: \'{3} | \Z )
    | " (?: [^"\\\n] | \\. )* "?
    | ' (?: [^'\\\n] | \\. )* '?
    ''',
    re.DOTALL | re.VERBOSE,
)
"""Strings, and comments, in which quotes begin none."""

Piece = tuple[str, Style]


class Output(Console):
    """A console whose reader may go away (``| head``) without ending the run."""

    def on_broken_pipe(self) -> None:
        """Writes to nowhere from now on; files are still written and the exit code still counts."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, self.file.fileno())
        except (OSError, ValueError):
            self.file = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        finally:
            os.close(nowhere)


def output(stream: TextIO, color: str = "auto") -> Output:
    """A console on a stream, which cannot fail for what the stream's encoding lacks.

    Args:
        stream: where to write.
        color: ``always``, ``never``, or ``auto``: on a terminal, if ``NO_COLOR`` is not set.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    if color == "never":
        return Output(file=stream, color_system=None, highlight=False, markup=False, emoji=False)
    if color == "always":
        return Output(
            file=stream, force_terminal=True, no_color=False, highlight=False, markup=False, emoji=False
        )
    return Output(file=stream, highlight=False, markup=False, emoji=False)


def show_diff(console: Console, run: RunResult, rules: Mapping[str, Rule]) -> None:
    """Shows what changes in each file, and under each line what a person has to do there."""
    for result in run.results:
        if result.changed or any(f.level in (Level.MANUAL, Level.ERROR) for f in result.findings):
            console.print(FileView(result, shown_path(run, result.path), rules), crop=False, soft_wrap=True)


def show_summary(console: Console, run: RunResult, rules: Mapping[str, Rule], *, written: bool) -> None:
    """Shows the findings by rule, what to look at, what needs a person, and the run in one line.

    Args:
        console: where to.
        run: the run.
        rules: every rule by its code.
        written: whether the changes were written.
    """
    counts = run.by_rule()
    if counts:
        console.print(_table(console, counts, rules))
    show_review(console, run, heading=True)
    show_needs_person(console, run, heading=True)
    for line in assumptions(run):
        _print(console, line)
    _print(console, closing_line(run, written=written))


def show_needs_person(console: Console, run: RunResult, *, heading: bool = False) -> None:
    """Lists what could not be processed and what cannot be done mechanically, each with its place."""
    _list(console, run, Level.ERROR, "Could not be processed:" if heading else "")
    _list(console, run, Level.MANUAL, "Needs a person:" if heading else "")


def show_review(console: Console, run: RunResult, *, heading: bool = False) -> None:
    """Lists what was changed and deserves a look, each with its place."""
    _list(console, run, Level.REVIEW, "Changed, but have a look:" if heading else "")


def show_written(console: Console, run: RunResult) -> None:
    """Says how many files were written, and which could not be."""
    _list(console, run, Level.ERROR, "Could not be processed:")
    _print(console, f"{_files(len(run.changed))} written.")


def show_files(console: Console, run: RunResult) -> None:
    """Lists the files that stay as they are."""
    for result in run.of_status(Status.SKIPPED):
        reason = "; ".join(finding.message for finding in result.findings)
        _print(console, f"{shown_path(run, result.path)}: skipped: {reason}", palette.QUIET)
    for result in run.of_status(Status.UNCHANGED):
        _print(console, f"{shown_path(run, result.path)}: unchanged", palette.QUIET)
    for path in run.clean:
        _print(console, f"{shown_path(run, path)}: unchanged", palette.QUIET)
    verb = "does" if run.passed_over == 1 else "do"
    _print(console, f"{_files(run.passed_over)} {verb} not mention Keras", palette.QUIET)


def assumptions(run: RunResult) -> Iterator[str]:
    """What the run went by that the user did not say: the old release and the target, and why."""
    if run.sources and run.results:
        yield _written_for(run)
    if run.target.reason:
        yield f"Target TensorFlow {run.target}: {run.target.reason}."


def _written_for(run: RunResult) -> str:
    guessed = any(source.guessed for source in run.sources.values())
    lead = "Taken to be written for Keras" if guessed else "Written for Keras"
    releases = run.source_releases()
    if len(releases) == 1:
        other = "; --source names another" if guessed else ""
        return f"{lead} {run.source.release}: {run.source.reason}{other}."
    counts = ", ".join(f"{release} ({_files(number)})" for release, number in sorted(releases.items()))
    return f"{lead} {counts}; --source names one for all."


def closing_line(run: RunResult, *, written: bool) -> str:
    """The run in one line."""
    changed, skipped = len(run.changed), len(run.of_status(Status.SKIPPED))
    left = len({result.path for result, _ in run.at_level(Level.MANUAL)})
    parts = [
        f"{_files(run.seen)} looked at",
        f"{changed} {'changed' if written else 'would change'}",
        f"{left} left to a person",
        f"{len(run.failed)} failed",
        *([f"{skipped} skipped"] if skipped else []),
    ]
    return f"{', '.join(parts)}; target TensorFlow {run.target}; {run.seconds:.1f} s"


def shown_path(run: RunResult, path: str) -> str:
    """A file's path as a terminal can open it: from the current folder, or absolute where that is shorter."""
    if not run.root:
        return printable(path)
    location = run.project.locate(path)
    try:
        relative = os.path.relpath(location)
    except ValueError:
        return printable(location)
    return printable(min(relative, location, key=len))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _print(console: Console, text: str, style: Style | None = None) -> None:
    console.print(Text(printable(text), style=style or ""), soft_wrap=True)


def _list(console: Console, run: RunResult, level: Level, heading: str) -> None:
    found = run.at_level(level)
    if found and heading:
        _print(console, heading, palette.LEVEL[level])
    for result, finding in found:
        place = f"{shown_path(run, result.path)}:{_place(finding)}"
        line = Text.assemble(
            (place, palette.PATH), " ", (finding.rule, palette.LEVEL[level]), " ", printable(finding.message)
        )
        console.print(line, soft_wrap=True)
    if found and heading:
        console.print()


def _place(finding: Finding) -> str:
    """The place of a finding in its file; in a notebook that of its cell, which is what a person sees."""
    cell = finding.cell
    if cell is None:
        return f"{finding.line}:{finding.column}"
    return f"cell {cell.number}:{cell.line}:{cell.column}"


def _table(console: Console, counts: Mapping[str, RuleCount], rules: Mapping[str, Rule]) -> Table:
    levels = [level for level in Level if level is not Level.ERROR or any(c.error for c in counts.values())]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("rule", no_wrap=True)
    named = console.width >= _NARROW
    if named:
        table.add_column("name", overflow="fold")
    for level in levels:
        table.add_column(level.value, justify="right", style=palette.LEVEL[level], no_wrap=True)
    for code, count in counts.items():
        numbers = [getattr(count, level.value) for level in levels]
        names = [_name(code, rules)] if named else []
        table.add_row(code, *names, *(str(number) if number else "" for number in numbers))
    return table


def _name(code: str, rules: Mapping[str, Rule]) -> str:
    return rules[code].name if code in rules else ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand on a line.

    Attributes:
        width: columns of the terminal; ``None`` where lines are not folded.
        digits: columns of a line number.
        two_numbers: whether the old and the new number are both shown.
        colored: whether colors will be seen.
        ruler: the character that rulers are made of.
        bullet: stands before a message.
        dot: stands between counts.
    """

    width: int | None
    digits: int
    two_numbers: bool
    colored: bool
    ruler: str
    bullet: str
    dot: str

    @classmethod
    def of(cls, console: Console, options: ConsoleOptions, last_line: int) -> _Layout:
        unicode = not options.ascii_only
        width = options.max_width if console.is_terminal else None
        return cls(
            width,
            max(3, len(str(last_line))),
            width is None or width >= _NARROW,
            console.color_system is not None and not console.no_color,
            "─" if unicode else "-",
            "╰─" if unicode else "`-",
            "·" if unicode else "|",
        )

    @property
    def gutter(self) -> int:
        """Columns before the code."""
        return (self.digits + 1) * (2 if self.two_numbers else 1) + 2

    @property
    def code_width(self) -> int | None:
        """Columns for the code; ``None`` for as many as it has."""
        return None if self.width is None else max(8, self.width - self.gutter)

    def numbers(self, row: Row) -> str:
        if self.two_numbers:
            return f"{row.old or '':>{self.digits}} {row.new or '':>{self.digits}} "
        return f"{row.new or row.old or '':>{self.digits}} "


@dataclass(frozen=True, slots=True)
class FileView:
    """What changes in one file, to be printed with rich.

    Attributes:
        result: the file.
        path: how to name it.
        rules: every rule by its code.
    """

    result: FileResult
    path: str
    rules: Mapping[str, Rule]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        found = [(title, part, diff(part)) for title, part in parts(self.result)]
        layout = _Layout.of(console, options, max(_last_line(shown) for _, _, shown in found))
        yield from _as_segments(self._header(layout))
        for title, part, shown in found:
            code = _Highlighted.of(part, shown) if layout.colored else _Highlighted({}, {})
            yield from _as_segments(self._lines(title, shown, layout, code))
        yield Segment.line()

    def _lines(
        self, title: str, shown: FileDiff, layout: _Layout, code: _Highlighted
    ) -> Iterator[list[Piece]]:
        if title:
            yield [(" " * (layout.gutter - 2) + title, palette.QUIET)]
        for finding in shown.loose:
            yield from self._message(finding, layout)
        for index, hunk in enumerate(shown.hunks):
            if index:
                yield [(" " * (layout.gutter - 2) + (layout.dot * 3), palette.QUIET)]
            for row in hunk:
                yield from self._row(row, layout, code)

    def _header(self, layout: _Layout) -> Iterator[list[Piece]]:
        counts = f" {layout.dot} ".join(_level_counts(self.result.findings))
        width = layout.width or _PLAIN_WIDTH
        room = width - cell_len(self.path) - cell_len(counts) - 8
        if room < 0:
            yield from _folded([(self.path, palette.PATH)], layout.width)
            yield [(counts, palette.QUIET)]
            return
        lead, ruler = layout.ruler * 2, layout.ruler * (room + 2)
        yield [
            (f"{lead} ", palette.QUIET),
            (self.path, palette.PATH),
            (f" {ruler}", palette.QUIET),
            (f" {counts}" if counts else "", palette.QUIET),
        ]

    def _row(self, row: Row, layout: _Layout, code: _Highlighted) -> Iterator[list[Piece]]:
        note = self._note(row)
        folded = list(_folded(_code_pieces(row, code.tokens(row)), layout.code_width))
        beside = len(folded) == 1 and _fits(_width(folded[0]), note, layout.code_width)
        for index, pieces in enumerate(folded):
            numbers = layout.numbers(row) if index == 0 else " " * (layout.gutter - 2)
            sign = f"{row.kind.value} " if index == 0 else "  "
            line = [(numbers, palette.GUTTER), (sign, palette.SIGN[row.kind]), *pieces]
            yield _stripped(line + _margin(row.kind, _width(pieces), note if beside else "", layout))
        if note and not beside:
            yield [(" " * layout.gutter + note, palette.QUIET)]
        for finding in row.findings:
            if finding.level is not Level.REWRITTEN:
                yield from self._message(finding, layout)

    def _note(self, row: Row) -> str:
        """The rules that changed a line; rules with more to say have a message below."""
        codes = dict.fromkeys(f.rule for f in row.findings if f.level is Level.REWRITTEN)
        return ", ".join(f"{code} {_name(code, self.rules)}".rstrip() for code in codes)

    def _message(self, finding: Finding, layout: _Layout) -> Iterator[list[Piece]]:
        style = palette.LEVEL[finding.level]
        indent = " " * layout.gutter
        lead = f"{layout.bullet} {finding.rule} {_name(finding.rule, self.rules)}".rstrip()
        text = f"{finding.level.value}: {printable(finding.message)}"
        if layout.code_width is None:
            yield [(indent, Style.null()), (f"{lead} {text}", style)]
            return
        for index, line in enumerate(_wrapped(f"{lead} {text}", layout.code_width)):
            yield [(indent if index == 0 else indent + "   ", Style.null()), (line, style)]


def _level_counts(findings: Iterable[Finding]) -> list[str]:
    found = [finding.level for finding in findings]
    return [f"{found.count(level)} {level.value}" for level in Level if level in found]


def _last_line(shown: FileDiff) -> int:
    return max((max(row.old or 0, row.new or 0) for hunk in shown.hunks for row in hunk), default=0)


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Breaks a message between words; continuation lines are three columns shorter."""
    line = ""
    room = width
    for word in text.split():
        for part in chop_cells(word, max(4, width - 3)):
            joined = f"{line} {part}" if line else part
            if line and cell_len(joined) > room:
                yield line
                line, room = part, width - 3
            else:
                line = joined
    yield line


Token = tuple[int, int, str]
"""Start and end of a piece of code in its line, and the name of its Pygments token."""


@dataclass(frozen=True, slots=True)
class _Highlighted:
    """The tokens of a file's old and new lines, by line number."""

    old: Mapping[int, Sequence[Token]]
    new: Mapping[int, Sequence[Token]]

    @classmethod
    def of(cls, result: FileResult, shown: FileDiff) -> _Highlighted:
        return cls(
            _tokens(
                lines(result.before, result.encoding), [_span(row.old for row in h) for h in shown.hunks]
            ),
            _tokens(lines(result.after, result.encoding), [_span(row.new for row in h) for h in shown.hunks]),
        )

    def tokens(self, row: Row) -> Sequence[Token]:
        if row.new is not None:
            return self.new.get(row.new, ())
        return self.old.get(row.old or 0, ())


def _span(numbers: Iterable[int | None]) -> tuple[int, int]:
    """The first and last of some line numbers; an empty span where there is none."""
    known = [number for number in numbers if number is not None]
    return (min(known), max(known)) if known else (1, 0)


def _tokens(code: Sequence[str], spans: Iterable[tuple[int, int]]) -> dict[int, list[Token]]:
    """The tokens of some stretches of a file, by line number; the rest costs too much to look at."""
    shown = [printable(line) for line in code]
    strings = _strings_over_lines(shown)
    tokens: dict[int, list[Token]] = {}
    for first, last in spans:
        start = next((opened for opened, closed in strings if opened < first <= closed), first)
        text = "\n".join(shown[start - 1 : last])
        if len(text) <= _LONGEST_HIGHLIGHTED:
            _lex(text, start, tokens)
    return tokens


def _lex(text: str, line: int, tokens: dict[int, list[Token]]) -> None:
    """Adds the tokens of a text that begins at a line."""
    from rich.syntax import Syntax

    lexer = Syntax("", "python").lexer
    assert lexer is not None
    column = 0
    for kind, value in lexer.get_tokens(text):
        name = str(kind).removeprefix("Token.")
        for index, part in enumerate(value.split("\n")):
            if index:
                line, column = line + 1, 0
            if part:
                tokens.setdefault(line, []).append((column, column + len(part), name))
                column += len(part)


def _strings_over_lines(code: Sequence[str]) -> list[tuple[int, int]]:
    """First and last lines of the strings that go over several, so that none is entered in its middle."""
    text = "\n".join(code)
    found = []
    line, counted = 1, 0
    for match in _STRING.finditer(text):
        inside = match.group().count("\n")
        if inside:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            found.append((line, line + inside))
    return found


def _code_pieces(row: Row, tokens: Sequence[Token]) -> list[Piece]:
    """A line of code in pieces of one style each: its ground, its syntax and its changed words."""
    tint, changed = palette.TINT[row.kind], palette.CHANGED_WORD[row.kind]
    edges = {0, len(row.text)}
    edges.update(edge for start, end, _ in tokens for edge in (start, end))
    edges.update(edge for part in row.changed for edge in part)
    cuts = sorted(edge for edge in edges if edge <= len(row.text))
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        style = tint + palette.syntax_style(_token_at(tokens, start), row.kind)
        if any(part_start <= start < part_end for part_start, part_end in row.changed):
            style += changed
        if pieces and pieces[-1][1] == style:
            pieces[-1] = (pieces[-1][0] + row.text[start:end], style)
        else:
            pieces.append((row.text[start:end], style))
    return pieces


def _token_at(tokens: Sequence[Token], offset: int) -> str:
    return next((name for start, end, name in tokens if start <= offset < end), "")


def _folded(pieces: Sequence[Piece], width: int | None) -> Iterator[list[Piece]]:
    """Breaks a line where the terminal ends."""
    if width is None or _width(pieces) <= width:
        yield list(pieces)
        return
    line: list[Piece] = []
    room = width
    for text, style in pieces:
        while text:
            head = _head(text, room)
            if head:
                line.append((head, style))
                text, room = text[len(head) :], room - cell_len(head)
            if text:
                yield line
                line, room = [], width
    if line:
        yield line


def _head(text: str, width: int) -> str:
    """As much of a text as fits."""
    if width <= 0:
        return ""
    head = chop_cells(text, width)[0] if cell_len(text) > width else text
    return head if cell_len(head) <= width else ""


def _fits(code: int, note: str, room: int | None) -> bool:
    """Whether a note has its place beside the code."""
    return room is None or code + 2 + cell_len(note) <= room


def _margin(kind: Kind, code: int, note: str, layout: _Layout) -> list[Piece]:
    """What fills a line up to its right end: the row's ground and the note."""
    if layout.code_width is None:
        if not note:
            return []
        room = max(2, _PLAIN_WIDTH - layout.gutter - code)
        return [(" " * room + note, palette.QUIET)]
    if not (note or layout.colored):
        return []
    space = layout.code_width - code - cell_len(note)
    return [(" " * max(0, space), palette.TINT[kind]), (note, palette.TINT[kind] + palette.QUIET)]


def _stripped(line: list[Piece]) -> list[Piece]:
    """A line without blanks at its end that nobody would see."""
    while line and not line[-1][0].strip() and line[-1][1].bgcolor is None:
        line = line[:-1]
    if line and line[-1][1].bgcolor is None:
        line = [*line[:-1], (line[-1][0].rstrip(), line[-1][1])]
    return line


def _width(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _as_segments(rows: Iterable[list[Piece]]) -> Iterator[Segment]:
    for pieces in rows:
        yield from (Segment(text, style) for text, style in pieces if text)
        yield Segment.line()
