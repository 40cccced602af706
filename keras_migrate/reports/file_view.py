"""What changes in one file, with the rules beside the lines that they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from keras_migrate.findings import FileResult, Finding, Level, Rule
from keras_migrate.reports import palette
from keras_migrate.reports.diff import FileDiff, Kind, Pair, Row, diff, parts, printable, sides
from keras_migrate.reports.highlighting import Highlighted, code_pieces
from keras_migrate.reports.layout import PLAIN_WIDTH, Layout
from keras_migrate.reports.side_by_side import side_by_side
from keras_migrate.reports.styled import Piece, as_segments, columns, folded, stripped, wrapped


@dataclass(frozen=True, slots=True)
class FileView:
    """What changes in one file, to be printed with rich.

    Attributes:
        result: the file.
        path: how to name it.
        rules: every rule by its code.
        side_by_side: whether old and new lines are to stand beside each other where there is room.
    """

    result: FileResult
    path: str
    rules: Mapping[str, Rule]
    side_by_side: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        found = [(title, part, diff(part)) for title, part in parts(self.result)]
        layout = Layout.of(
            console, options, max(_last_line(shown) for _, _, shown in found), side_by_side=self.side_by_side
        )
        yield from as_segments(self._header(layout))
        for title, part, shown in found:
            code = Highlighted.of(part, shown) if layout.colored else Highlighted({}, {})
            yield from as_segments(self._lines(title, shown, layout, code))
        yield Segment.line()

    def _lines(self, title: str, shown: FileDiff, layout: Layout, code: Highlighted) -> Iterator[list[Piece]]:
        if title:
            yield [(" " * (layout.gutter - 2) + title, palette.QUIET)]
        for finding in shown.loose:
            yield from self._message(finding, layout)
        for index, hunk in enumerate(shown.hunks):
            if index:
                yield [(" " * (layout.gutter - 2) + (layout.dot * 3), palette.QUIET)]
            if layout.two_sides:
                for pair in sides(hunk):
                    yield from self._pair(pair, layout, code)
            else:
                for row in hunk:
                    yield from self._row(row, layout, code)

    def _header(self, layout: Layout) -> Iterator[list[Piece]]:
        counts = f" {layout.dot} ".join(_level_counts(self.result.findings))
        room = (layout.width or PLAIN_WIDTH) - cell_len(self.path) - cell_len(counts) - 8
        if room < 0:
            yield from folded([(self.path, palette.PATH)], layout.width)
            yield [(counts, palette.QUIET)]
            return
        lead, ruler = layout.ruler * 2, layout.ruler * (room + 2)
        yield [
            (f"{lead} ", palette.QUIET),
            (self.path, palette.PATH),
            (f" {ruler}", palette.QUIET),
            (f" {counts}" if counts else "", palette.QUIET),
        ]

    def _row(self, row: Row, layout: Layout, code: Highlighted) -> Iterator[list[Piece]]:
        note = self._note(row)
        lines = list(folded(code_pieces(row, code.tokens(row)), layout.code_width))
        beside = len(lines) == 1 and _fits(columns(lines[0]), note, layout.code_width)
        for index, pieces in enumerate(lines):
            numbers = layout.numbers(row) if index == 0 else " " * (layout.gutter - 2)
            sign = f"{row.kind.value} " if index == 0 else "  "
            line = [(numbers, palette.GUTTER), (sign, palette.SIGN[row.kind]), *pieces]
            yield stripped(line + _margin(row.kind, columns(pieces), note if beside else "", layout))
        if note and not beside:
            yield [(" " * layout.gutter + note, palette.QUIET)]
        yield from self._messages(row, layout)

    def _pair(self, pair: Pair, layout: Layout, code: Highlighted) -> Iterator[list[Piece]]:
        """An old line and the new one beside it."""
        rows = [row for row in dict.fromkeys(pair) if row is not None]
        notes = ", ".join(filter(None, map(self._note, rows)))
        yield from side_by_side(pair, notes, layout, code)
        for row in rows:
            yield from self._messages(row, layout)

    def _messages(self, row: Row, layout: Layout) -> Iterator[list[Piece]]:
        """What there is to say of a line beyond the rules that changed it."""
        for finding in row.findings:
            if finding.level is not Level.REWRITTEN:
                yield from self._message(finding, layout)

    def _note(self, row: Row) -> str:
        """The rules that changed a line; rules with more to say have a message below."""
        codes = dict.fromkeys(f.rule for f in row.findings if f.level is Level.REWRITTEN)
        return ", ".join(f"{code} {name_of(code, self.rules)}".rstrip() for code in codes)

    def _message(self, finding: Finding, layout: Layout) -> Iterator[list[Piece]]:
        style = palette.LEVEL[finding.level]
        indent = " " * layout.gutter
        lead = f"{layout.bullet} {finding.rule} {name_of(finding.rule, self.rules)}".rstrip()
        text = f"{finding.level.value}: {printable(finding.message)}"
        if layout.code_width is None:
            yield [(indent, Style.null()), (f"{lead} {text}", style)]
            return
        for index, line in enumerate(wrapped(f"{lead} {text}", layout.code_width)):
            yield [(indent if index == 0 else indent + "   ", Style.null()), (line, style)]


def name_of(code: str, rules: Mapping[str, Rule]) -> str:
    """The name of a rule by its code; empty for one that is not known."""
    return rules[code].name if code in rules else ""


def _level_counts(findings: Iterable[Finding]) -> list[str]:
    found = [finding.level for finding in findings]
    return [f"{found.count(level)} {level.value}" for level in Level if level in found]


def _last_line(shown: FileDiff) -> int:
    return max((max(row.old or 0, row.new or 0) for hunk in shown.hunks for row in hunk), default=0)


def _fits(code: int, note: str, room: int | None) -> bool:
    """Whether a note has its place beside the code."""
    return room is None or code + 2 + cell_len(note) <= room


def _margin(kind: Kind, code: int, note: str, layout: Layout) -> list[Piece]:
    """What fills a line up to its right end: the row's ground and the note."""
    if layout.code_width is None:
        if not note:
            return []
        room = max(2, PLAIN_WIDTH - layout.gutter - code)
        return [(" " * room + note, palette.QUIET)]
    if not (note or layout.colored):
        return []
    space = layout.code_width - code - cell_len(note)
    return [(" " * max(0, space), palette.TINT[kind]), (note, palette.TINT[kind] + palette.QUIET)]
