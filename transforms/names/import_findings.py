"""The rules of import statements, and what they say of each."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from ...findings import Level, Rule
from ...scopes import ImportedName
from ...transform import File
from .bindings import Bindings, Fate, same
from .symbols import MOVED_IMPORT, MOVED_SYMBOL, REMOVED_SYMBOL, STAR_IMPORT

FALLBACK_IMPORT = Rule(
    "KM107",
    "fallback-import",
    "Collapse `try: import keras` with a fallback that is the same after the migration.",
    "Code that ran on several releases tries one import and falls back on another. In `tf.keras` both are "
    "the same import, so one is enough.",
    before="try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\n",
    after="from tensorflow import keras\n",
)
UNNEEDED_IMPORT = Rule(
    "KM108",
    "unneeded-import",
    "Remove an import that the migration left without use, or that was never used and is gone.",
    "Nothing in the file refers to it any more. Imports that the file lists in `__all__`, and those of an "
    "`__init__.py`, are kept.",
    before="from keras.layers import Dense, merge\n\nlayer = Dense(1)\n",
    after="from tensorflow.keras.layers import Dense\n\nlayer = Dense(1)\n",
)


def report(file: File, bindings: Bindings, imports: list[ImportedName]) -> None:
    """Leaves one finding for a statement that only moved, and one for each name that did more.

    Args:
        file: the file.
        bindings: what its imported names stand for.
        imports: the names of one statement.
    """
    plain: list[Fate] = []
    moved: dict[str, list[Fate]] = {}
    for imported in imports:
        fate = bindings.fates[imported]
        if fate.old is None or fate.successor is None:
            continue
        new = None if imported.star else bindings.written(fate)
        if fate.dropped:
            _report_dropped(file, fate)
        elif imported.star:
            _report_star(file, fate)
        elif not fate.bound:
            _report_gone(file, fate)
        elif new is None or same(imported, new):
            continue
        elif fate.successor.path is None:
            message = f"`{fate.old}` is gone: what is used of it is in `{fate.bound}`"
            _report(file, MOVED_SYMBOL, Level.REWRITTEN, imported.alias, message, fate)
        elif fate.successor.rule is MOVED_IMPORT:
            plain += _allowed(file, fate)
        elif fate.successor.rule is MOVED_SYMBOL and isinstance(imported.statement, cst.ImportFrom):
            moved.setdefault(fate.bound.rpartition(".")[0], []).extend(_allowed(file, fate))
        else:
            found = fate.successor
            _report(file, found.rule, found.level, imported.alias, found.message, fate)
    for module, fates in moved.items():
        if fates:
            _report_moved(file, module, fates)
    if plain:
        _report_plain(file, plain)


def _report(
    file: File,
    rule: Rule,
    level: Level,
    node: cst.CSTNode,
    message: str,
    *fates: Fate,
    symbol: str | None = None,
) -> None:
    """Leaves the finding of names that change; where it is refused, they stay and all that uses them."""
    if not file.report(rule, level, node, message, symbol or fates[0].old):
        _leave(file, rule, fates)


def _allowed(file: File, fate: Fate) -> list[Fate]:
    """A name that may change with others of its statement; none where it is refused by itself."""
    assert fate.successor is not None
    if file.allows(fate.successor.rule, fate.imported.alias):
        return [fate]
    _leave(file, fate.successor.rule, (fate,))
    return []


def _leave(file: File, rule: Rule, fates: Iterable[Fate]) -> None:
    if file.refusals is not None and file.options.enabled(rule.code):
        file.refusals.leave(fate.imported.alias for fate in fates)


def _report_moved(file: File, module: str, fates: list[Fate]) -> None:
    """Says where the names of a statement are now that went to one module."""
    first = fates[0]
    assert first.old is not None
    message, symbol = f"`{first.old}` is `{first.bound}`", first.old
    if len(fates) > 1:
        symbol = first.old.rpartition(".")[0]
        names = ", ".join(f"`{(fate.old or '').rpartition('.')[2]}`" for fate in fates)
        message = f"{names} of `{symbol}` are in `{module}`"
    _report(file, MOVED_SYMBOL, Level.REWRITTEN, first.imported.statement, message, *fates, symbol=symbol)


def _report_plain(file: File, fates: list[Fate]) -> None:
    """Says where the module of a statement is now."""
    fate = fates[0]
    was, now = fate.imported.target, fate.bound
    if isinstance(fate.imported.statement, cst.ImportFrom):
        was, now = was.rpartition(".")[0], now.rpartition(".")[0]
    elif fate.successor is not None and fate.imported.bound != was:
        now = fate.successor.path or now
    symbol = (fate.old or "").rpartition(".")[0] or fate.old
    message = f"`{was}` is `{now}`"
    _report(file, MOVED_IMPORT, Level.REWRITTEN, fate.imported.statement, message, *fates, symbol=symbol)


def _report_dropped(file: File, fate: Fate) -> None:
    """Says why an import goes away; keeps it where the rule is switched off."""
    message, level = f"`{fate.old}` is no longer used here", Level.REWRITTEN
    if fate.repeated:
        message = f"`{fate.old}` is reached through an import above"
    elif not fate.uses and not fate.abandoned:
        level = Level.REVIEW
        message = f"`{fate.old}` is not in TensorFlow {file.target}, and was imported but not used here"
    fate.dropped = file.report(UNNEEDED_IMPORT, level, fate.imported.alias, message, fate.old)
    if fate.dropped or file.refusals is None or not file.options.enabled(UNNEEDED_IMPORT.code):
        return
    if fate.repeated:
        file.refusals.leave([fate.imported.alias])
    else:
        file.refusals.keep([fate.imported.alias])


def _report_gone(file: File, fate: Fate) -> None:
    """Says what to do about an import of something that is gone."""
    assert fate.successor is not None
    message, times = fate.successor.message.rstrip("."), len(fate.uses)
    if fate.guarded:
        message += f". The `except` below it is what runs on TensorFlow {file.target}: keep that alone"
    elif times:
        message += f". Used {times} time{'s' if times != 1 else ''} here"
    level = Level.REVIEW if fate.guarded else Level.MANUAL
    file.report(fate.successor.rule, level, fate.imported.alias, message + ".", fate.old)


def _report_star(file: File, fate: Fate) -> None:
    """Says where the names of a star import are."""
    node = fate.imported.statement
    if not fate.bound:
        message = f"`{fate.old}` is gone. Import the names that are needed from `tensorflow.keras` instead"
        file.report(REMOVED_SYMBOL, Level.MANUAL, node, message, fate.old)
    elif fate.bound != fate.imported.target:
        message = f"the names of `{fate.old}` are in `{fate.bound}`"
        _report(file, STAR_IMPORT, Level.REWRITTEN, node, message, fate)
