"""The listings of Markdown: fences and indented code, also in lists and quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_migrate.documents.listings import Listing, Row, language


def listings(lines: Sequence[str]) -> Iterator[Listing]:
    """The listings of a text.

    Args:
        lines: its lines, without their ends.
    """
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").parse("\n".join(lines)):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        start = token.map[0] + (token.type == "fence")
        codes = token.content.removesuffix("\n").split("\n") if token.content else []
        rows = [_row(lines, start + at, code) for at, code in enumerate(codes)]
        whole = [row for row in rows if row is not None]
        if whole and len(whole) == len(rows):
            found = Listing(language(token.info), tuple(whole))
            yield _without_options(found) if token.info.lstrip().startswith("{") else found


def _row(lines: Sequence[str], at: int, code: str) -> Row | None:
    """A line of a listing where it stands; ``None`` where tabs hide it."""
    line = lines[at] if at < len(lines) else ""
    if not code:
        return Row(at, line, "") if not line.strip(" \t>") else None
    return Row(at, line[: -len(code)], code) if line.endswith(code) else None


def _without_options(listing: Listing) -> Listing:
    """A directive of MyST without the options that stand above its code."""
    at = 0
    while at < len(listing.rows) and listing.rows[at].code.startswith(":"):
        at += 1
    return Listing(listing.language, listing.rows[at:])
