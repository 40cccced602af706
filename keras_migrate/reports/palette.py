"""How things look on a terminal."""

from __future__ import annotations

from rich.style import Style

from keras_migrate.findings import Level
from keras_migrate.reports.diff import Kind

TINT = {
    Kind.SAME: Style.null(),
    Kind.REMOVED: Style(color="#e6edf3", bgcolor="#3a1a1d"),
    Kind.ADDED: Style(color="#e6edf3", bgcolor="#12301f"),
}
"""The ground of a row. Changed rows set both colours, so that they can be read on a light terminal too."""

CHANGED_WORD = {
    Kind.SAME: Style.null(),
    Kind.REMOVED: Style(bgcolor="#8e2f36", bold=True),
    Kind.ADDED: Style(bgcolor="#1d6b3a", bold=True),
}

SIGN = {
    Kind.SAME: Style.null(),
    Kind.REMOVED: Style(color="#ff8f89", bgcolor="#3a1a1d", bold=True),
    Kind.ADDED: Style(color="#6fdc8c", bgcolor="#12301f", bold=True),
}

LEVEL = {
    Level.REWRITTEN: Style(color="green"),
    Level.REVIEW: Style(color="yellow"),
    Level.MANUAL: Style(color="magenta", bold=True),
    Level.ERROR: Style(color="red", bold=True),
}

PATH = Style(bold=True)
QUIET = Style(dim=True)
GUTTER = Style(dim=True)

_ON_TINT = {
    "Comment": Style(color="#9aa5b1", italic=True),
    "Keyword": Style(color="#ff9d95"),
    "Keyword.Constant": Style(color="#8ecbff"),
    "Literal.Number": Style(color="#8ecbff"),
    "Literal.String": Style(color="#a8d4ff"),
    "Name.Builtin": Style(color="#ffb977"),
    "Name.Class": Style(color="#ffb977"),
    "Name.Decorator": Style(color="#d9b3ff"),
    "Name.Function": Style(color="#d9b3ff"),
    "Operator.Word": Style(color="#ff9d95"),
}
_ON_TERMINAL = {
    "Comment": Style(dim=True, italic=True),
    "Keyword": Style(color="magenta"),
    "Keyword.Constant": Style(color="cyan"),
    "Literal.Number": Style(color="cyan"),
    "Literal.String": Style(color="green"),
    "Name.Builtin": Style(color="cyan"),
    "Name.Decorator": Style(color="blue"),
    "Operator.Word": Style(color="magenta"),
}


def syntax_style(token: str, kind: Kind) -> Style:
    """The style of a piece of code.

    Args:
        token: the name of its Pygments token, ``Name.Function``; one that is not in the table counts as the
            one it is part of.
        kind: what kind of row it stands in.
    """
    table = _ON_TERMINAL if kind is Kind.SAME else _ON_TINT
    while token:
        if token in table:
            return table[token]
        token = token.rpartition(".")[0]
    return Style.null()
