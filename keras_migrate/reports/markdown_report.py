"""The run as Markdown, for the description of a pull request: totals, what needs a person, and the diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_migrate import __version__
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.registry import all_rules
from keras_migrate.reports.diff import Kind, diff, parts, printable
from keras_migrate.reports.terminal import assumptions, closing_line
from keras_migrate.runner import RunResult

LONGEST = 60_000
"""Characters; code hosts take descriptions of some 65,000."""
_MOST_PLACES = 100
"""Places that are listed below one heading."""
_MARKUP = re.compile(r"([\\*_\[\]<>#|~])")


def report(run: RunResult) -> str:
    """The report of a run; diffs that would make it too long are left out, and named.

    Args:
        run: the run, with what went wrong in writing added if it was written.
    Returns:
        Markdown, at most `LONGEST` characters of diffs and lists, with a line end.
    """
    lines = [f"## Migration to TensorFlow {run.target}", "", *_head(run)]
    lines += _places(run, Level.ERROR, "Could not be processed")
    lines += _places(run, Level.MANUAL, "Needs a person")
    lines += _places(run, Level.REVIEW, "Changed, but have a look")
    lines += _table(run)
    text = "\n".join(lines)
    left_out = []
    for result in run.changed:
        shown = "\n".join(_file(result))
        if len(text) + len(shown) > LONGEST:
            left_out.append(result.path)
            continue
        text += "\n" + shown
    if left_out:
        text += f"\n\nToo long to be shown here: {len(left_out)} of {len(run.changed)} changed files.\n"
    return f"{text.rstrip()}\n\n<sub>keras-migrate {__version__}</sub>\n"


def _head(run: RunResult) -> Iterator[str]:
    yield _escaped(closing_line(run, written=True).partition("; target")[0]) + "."
    yield from (_escaped(printable(line)) for line in assumptions(run))
    yield ""


def _places(run: RunResult, level: Level, heading: str) -> Iterator[str]:
    """The places of a level as a list that can be ticked off."""
    found = run.at_level(level)
    if not found:
        return
    yield f"### {heading} ({len(found)})"
    yield ""
    for result, finding in found[:_MOST_PLACES]:
        place = _code(f"{printable(result.path)}:{_line(finding)}")
        yield f"- [ ] {place} **{finding.rule}** {_prose(printable(finding.message))}"
    if len(found) > _MOST_PLACES:
        yield f"- and {len(found) - _MOST_PLACES} more"
    yield ""


def _table(run: RunResult) -> Iterator[str]:
    counts = run.by_rule()
    if not counts:
        return
    rules = all_rules()
    levels = [level for level in Level if any(getattr(count, level.value) for count in counts.values())]
    yield f"| rule | | {' | '.join(level.value for level in levels)} |"
    yield "| --- | --- |" + " ---: |" * len(levels)
    for code, count in counts.items():
        numbers = " | ".join(str(getattr(count, level.value) or "") for level in levels)
        summary = _prose(rules[code].summary) if code in rules else ""
        yield f"| {code} | {summary.replace('|', chr(92) + '|')} | {numbers} |"
    yield ""


def _file(result: FileResult) -> Iterator[str]:
    """The diff of a file, folded away."""
    yield "<details>"
    yield f"<summary><code>{_html(printable(result.path))}</code></summary>"
    yield ""
    shown = [line for title, part in parts(result) for line in _hunks(title, part)]
    fence = "`" * max(3, 1 + max((len(run) for line in shown for run in re.findall("`+", line)), default=0))
    yield f"{fence}diff"
    yield from shown
    yield fence
    yield ""
    yield "</details>"


def _hunks(title: str, result: FileResult) -> Iterator[str]:
    for hunk in diff(result).hunks:
        if all(row.kind is Kind.SAME for row in hunk):
            continue
        first = next((row for row in hunk if row.new is not None), hunk[0])
        yield f"@@ {title or f'line {first.new or first.old}'} @@"
        yield from (f"{row.kind.value}{row.text}".rstrip() for row in hunk)


def _line(finding: Finding) -> str:
    cell = finding.cell
    return f"{finding.line}" if cell is None else f"cell {cell.number}:{cell.line}"


def _prose(text: str) -> str:
    """A message with what is between backticks as it is, and nothing else that Markdown would obey."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return _escaped(text.replace("`", "'"))
    return "`".join(piece if index % 2 else _escaped(piece) for index, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Text as code, whatever backticks it has."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
