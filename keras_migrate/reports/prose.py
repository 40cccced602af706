"""Sentences and code for a person: folded and coloured on a terminal, plain elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from keras_migrate.reports import palette
from keras_migrate.reports.diff import Kind, printable

_CODE = re.compile(r"`([^`]+)`")


def heading(console: Console, text: str, style: Style = palette.PATH) -> None:
    """Prints a line that says what comes."""
    console.print(Text(printable(text), style=style), soft_wrap=True)


def paragraph(console: Console, text: str, indent: int = 2) -> None:
    """Prints sentences of Markdown, of which only code between backticks is looked at.

    Args:
        console: where to.
        text: the sentences.
        indent: columns to the left of them.
    """
    words = _marked(printable(text), colored=console.color_system is not None)
    if console.is_terminal:
        console.print(Padding(words, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + words, soft_wrap=True)


def labelled(console: Console, rows: Iterable[tuple[str, str]], indent: int = 2) -> None:
    """Prints sentences, each behind a label; the sentences begin in the same column."""
    table = list(rows)
    width = max((len(label) for label, _ in table), default=0)
    for label, text in table:
        lead = Text(" " * indent + label.ljust(width + 2), style=palette.QUIET)
        words = _marked(printable(text), colored=console.color_system is not None)
        if not console.is_terminal:
            console.print(lead + words, soft_wrap=True)
            continue
        room = max(20, console.width - lead.cell_len)
        for number, line in enumerate(words.wrap(console, room)):
            console.print((lead if number == 0 else Text(" " * lead.cell_len)) + line, soft_wrap=True)


def code(console: Console, text: str, indent: int = 4) -> None:
    """Prints Python, highlighted where colours are seen."""
    shown = Text(text.rstrip("\n")) if console.color_system is None else _highlighted(text.rstrip("\n"))
    for line in shown.split("\n", allow_blank=True):
        console.print((Text(" " * indent) + line) if line.plain else Text(), soft_wrap=True)


def _highlighted(text: str) -> Text:
    """Python in the colours that the diff has for it."""
    from rich.syntax import Syntax

    lexer = Syntax("", "python").lexer
    assert lexer is not None
    shown = Text()
    for kind, value in lexer.get_tokens(text):
        shown.append(value, palette.syntax_style(str(kind).removeprefix("Token."), Kind.SAME))
    shown.rstrip()
    return shown


def _marked(text: str, *, colored: bool) -> Text:
    """Text with its code in another colour, or with its backticks where there are no colours."""
    if not colored:
        return Text(text)
    marked, at = Text(), 0
    for found in _CODE.finditer(text):
        marked.append(text[at : found.start()])
        marked.append(found[1], style="cyan")
        at = found.end()
    marked.append(text[at:])
    return marked
