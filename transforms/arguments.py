"""Arguments of calls: those that were renamed or removed, and positional ones whose slot has another meaning.

What a call meant is read off the signature of the old release, what it may say off the target's; both come from
the catalogs. Renames, removals with a reason, and values that are written in another way stand in
``arguments.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from ..catalog import LEGACY_RELEASES, Signature, Symbol, for_target, legacy, moves
from ..findings import Level, Rule
from ..target import Target
from ..transform import File, Transform, Use
from .symbols import successor
from .tables import Entry, load, matching

RENAMED_ARGUMENT = Rule(
    "KM201",
    "renamed-argument",
    "Use the name that an argument has now.",
    "Some old names fail, others are accepted and ignored: `Adam(lr=0.5)` runs on TensorFlow 2.15 with the "
    "learning rate at 0.001.",
    before="from keras.optimizers import Adam\n\noptimizer = Adam(lr=0.5)\n",
    after="from tensorflow.keras.optimizers import Adam\n\noptimizer = Adam(learning_rate=0.5)\n",
)
REMOVED_ARGUMENT = Rule(
    "KM202",
    "removed-argument",
    "Drop an argument that has no effect any more.",
    "The target does not accept it, and leaving it out means the same; the message says why.",
    before="from keras.layers import LSTM\n\nlayer = LSTM(8, implementation=2)\n",
    after="from tensorflow.keras.layers import LSTM\n\nlayer = LSTM(8)\n",
    targets=">=2.16",
)
POSITIONAL_ARGUMENT = Rule(
    "KM203",
    "positional-argument",
    "Name positional arguments whose place in the signature changed.",
    "`SGD(0.1, 0.9, 1e-6)` meant learning rate, momentum and decay; in the target the third place is `nesterov`, "
    "which takes any number for true.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, 'relu')\n",
)
CHANGED_VALUE = Rule(
    "KM204",
    "changed-value",
    "Write a value as the target knows it.",
    "The argument is the same, but the target does not know this value, or knows it under another name.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, kernel_initializer='normal')\n",
)
UNKNOWN_ARGUMENT = Rule(
    "KM205",
    "unknown-argument",
    "Report an argument that the target does not accept or ignores.",
    "The call fails on the target, or, worse, runs as if the argument were not there. It is left as it is; the "
    "message says what to do.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, foo=1)\n",
)

TRANSFORM = Transform(
    "arguments", RENAMED_ARGUMENT, REMOVED_ARGUMENT, POSITIONAL_ARGUMENT, CHANGED_VALUE, UNKNOWN_ARGUMENT
)


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[Entry]]]:
    """The entries of ``arguments.toml`` by the preferred old path of their callable and the argument's name."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for entry in load("arguments.toml")["argument"]:
        for owner in entry["of"]:
            key = owner if owner.endswith("*") else moves.canonical(owner)
            for old in entry["old"] if isinstance(entry["old"], list) else [entry["old"]]:
                found.setdefault(key, {}).setdefault(old, []).append(entry)
    return found


@lru_cache(maxsize=1024)
def entries(symbol: str) -> dict[str, list[Entry]]:
    """The table's entries for the arguments of one callable, by argument."""
    found: dict[str, list[Entry]] = {}
    table = _table()
    for key in (symbol, f"{symbol.rpartition('.')[0]}.*"):
        for old, rows in table.get(key, {}).items():
            found.setdefault(old, []).extend(rows)
    return found


@lru_cache(maxsize=1024)
def _old(path: str, symbol: str, release: str) -> Symbol | None:
    """A callable as the code's own release had it, or the nearest release that has it."""
    order = [release, *reversed([each for each in LEGACY_RELEASES if each != release])]
    for each in order:
        for name in (path, symbol):
            found = legacy(each).get(name)
            if found is not None and found.signature is not None:
                return found
    return None


@dataclass(slots=True)
class _Changes:
    """What happens to the arguments of one call, by their position in it."""

    names: dict[int, str] = field(default_factory=dict)
    values: dict[int, cst.BaseExpression] = field(default_factory=dict)
    drops: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.names or self.values or self.drops)

    def apply(self, call: cst.Call) -> cst.Call:
        """Makes the changes."""
        args: list[cst.Arg] = []
        for index, arg in enumerate(call.args):
            if index in self.drops:
                if index == len(call.args) - 1 and args:
                    args[-1] = args[-1].with_changes(
                        comma=arg.comma, whitespace_after_arg=arg.whitespace_after_arg
                    )
                continue
            if index in self.values:
                arg = arg.with_changes(value=self.values[index])
            if index in self.names:
                arg = arg.with_changes(keyword=cst.Name(self.names[index]), equal=_EQUAL)
            args.append(arg)
        return call.with_changes(args=args)


_EQUAL = cst.AssignEqual(
    whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
)


@TRANSFORM.use()
def adapt(file: File, use: Use) -> None:
    """Makes the arguments of one call mean in the target what they meant in the old release."""
    call = use.call
    if call is None or call in file.handled or not call.args:
        return
    path = successor(use.path, file.target).path
    new = for_target(file.target).get(path) if path is not None else None
    if new is None or new.signature is None or new.stub:
        return
    old = _old(use.path, use.symbol, "2.2.4")
    old_signature = old.signature if old is not None else None
    table = entries(use.symbol)
    changes = _Changes()
    shifted = False
    for index, arg in enumerate(call.args):
        if arg.star == "*":
            if use.standalone and old_signature is not None:
                _check_star(file, use, arg, index, old_signature, new.signature)
            break
        if arg.star or arg.keyword is not None or not use.standalone or old_signature is None:
            continue
        if index >= len(old_signature.positional):
            break
        name = old_signature.positional[index]
        if not shifted and _in_place(file, index, old_signature, new.signature, table):
            _value(file, use, arg, index, name, table, changes)
            continue
        if not shifted and not _nameable(file, call, index, old_signature, new.signature, table):
            _report_slots(file, use, call, index, old_signature, new.signature, table)
            break
        shifted = True
        _keyword(file, use, arg, index, name, table, new.signature, changes, written=False)
    for index, arg in enumerate(call.args):
        if arg.keyword is not None:
            _keyword(file, use, arg, index, arg.keyword.value, table, new.signature, changes, written=True)
    if changes:
        file.edit(call, use.reference.frame[1] if use.reference.frame else None, changes.apply)


def _in_place(file: File, index: int, old: Signature, new: Signature, table: dict[str, list[Entry]]) -> bool:
    """Whether a positional slot still means the same.

    It does where it has the same name, or another name that neither side knows from another place.
    """
    if index >= len(new.positional):
        return False
    was, now = old.positional[index], new.positional[index]
    entry = matching(table.get(was, ()), file.target)
    if entry is not None and "to" in entry:
        return now == entry["to"]
    return was == now or (entry is None and not new.accepts(was) and now not in old.keywords)


def _positional(call: cst.Call, start: int, slots: tuple[str, ...]) -> list[tuple[int, cst.Arg, str]]:
    """The plain positional arguments of a call from one on, with the old names of their slots."""
    return [
        (index, arg, slots[index])
        for index, arg in enumerate(call.args)
        if start <= index < len(slots) and not arg.star and arg.keyword is None
    ]


def _nameable(
    file: File, call: cst.Call, start: int, old: Signature, new: Signature, table: dict[str, list[Entry]]
) -> bool:
    """Whether all positional arguments from one on can be passed by name, or dropped."""
    if any(arg.star == "*" for arg in call.args):
        return False
    return all(
        _fits(file, arg, name, new, table) for _, arg, name in _positional(call, start, old.positional)
    )


def _fits(file: File, arg: cst.Arg, name: str, new: Signature, table: dict[str, list[Entry]]) -> bool:
    entry = _entry(file, table, name, arg)
    if entry is not None:
        return "to" in entry or bool(entry.get("drop"))
    return new.accepts(name)


def _report_slots(
    file: File,
    use: Use,
    call: cst.Call,
    start: int,
    old: Signature,
    new: Signature,
    table: dict[str, list[Entry]],
) -> None:
    """Reports positional arguments whose slots changed and that cannot all be passed by name."""
    for index, arg, name in _positional(call, start, old.positional):
        if _fits(file, arg, name, new, table):
            continue
        entry = _entry(file, table, name, arg)
        advice = entry["manual"] if entry is not None else "leave it out, or give the call what it stood for"
        message = (
            f"argument {index + 1} of `{use.symbol}` was `{name}`, which TensorFlow {file.target} does not accept: "
            f"{advice}. Pass the arguments from {start + 1} on by name"
        )
        file.report(POSITIONAL_ARGUMENT, Level.MANUAL, arg, message, f"{use.symbol}.{name}")
        return


def _entry(file: File, table: dict[str, list[Entry]], name: str, arg: cst.Arg) -> Entry | None:
    """The table's entry about an argument with the value that it has here."""
    return matching([row for row in table.get(name, ()) if _value_matches(row, arg)], file.target)


def _keyword(
    file: File,
    use: Use,
    arg: cst.Arg,
    index: int,
    name: str,
    table: dict[str, list[Entry]],
    signature: Signature,
    changes: _Changes,
    *,
    written: bool,
) -> None:
    """Decides about one argument by its old name."""
    entry = _entry(file, table, name, arg)
    shown = f"{use.symbol.rpartition('.')[2]}({name}=…)"
    symbol = f"{use.symbol}.{name}"
    level = Level.REWRITTEN if use.sure else Level.REVIEW
    if entry is not None and "to" in entry:
        message = f"`{name}` is `{entry['to']}` now. {entry.get('note', '')}".rstrip()
        if file.report(RENAMED_ARGUMENT, Level(entry.get("level", level.value)), arg, message, symbol):
            changes.names[index] = entry["to"]
        return
    if entry is not None and entry.get("drop"):
        if file.report(
            REMOVED_ARGUMENT, Level(entry.get("level", level.value)), arg, f"{shown}: {entry['note']}", symbol
        ):
            changes.drops.add(index)
            file.imports.handled_within(arg)
        return
    if entry is not None and "manual" in entry:
        file.report(UNKNOWN_ARGUMENT, Level.MANUAL, arg, f"{shown}: {entry['manual']}", symbol)
        return
    if not signature.accepts(name):
        ignored = name in signature.ignored
        what = "ignored" if ignored else "not accepted"
        message = (
            f"{shown} is {what} on TensorFlow {file.target}. Leave it out, or give the call what it stood for"
        )
        file.report(UNKNOWN_ARGUMENT, Level.MANUAL, arg, message, symbol)
        return
    if not written:
        message = f"argument {index + 1} of `{use.symbol}` was `{name}`; its place has another meaning now"
        if file.report(POSITIONAL_ARGUMENT, level, arg, message, symbol):
            changes.names[index] = name
    _value(file, use, arg, index, name, table, changes)


def _value(
    file: File,
    use: Use,
    arg: cst.Arg,
    index: int,
    name: str,
    table: dict[str, list[Entry]],
    changes: _Changes,
) -> None:
    """Writes a literal value as the target knows it."""
    literal = arg.value
    if not isinstance(literal, cst.SimpleString):
        return
    text = literal.raw_value
    for entry in table.get(name, ()):
        new = entry.get("values", {}).get(text)
        if new is None or matching([entry], file.target) is None:
            continue
        message = f"the value `{text}` of `{name}` is `{new}` now. {entry.get('note', '')}".rstrip()
        if file.report(
            CHANGED_VALUE, Level(entry.get("level", "rewritten")), arg, message, f"{use.symbol}.{name}"
        ):
            value = f"{literal.prefix}{literal.quote}{new}{literal.quote}"
            changes.values[index] = literal.with_changes(value=value)
        return


def _value_matches(entry: Entry, arg: cst.Arg) -> bool:
    """Whether an entry is about the value that is written; one with ``when`` is only about these literals."""
    if "values" in entry and not ({"to", "drop", "manual"} & entry.keys()):
        return False
    if "when" not in entry:
        return True
    return _literal(arg.value) in entry["when"]


def _literal(node: cst.BaseExpression) -> str:
    """A literal as it is written, numbers in one form."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, (cst.Integer, cst.Float)):
        return (
            repr(float(node.value.replace("_", "")))
            if not node.value.lower().startswith("0x")
            else node.value
        )
    if isinstance(node, cst.SimpleString):
        return repr(node.raw_value)
    return ""


def _check_star(file: File, use: Use, arg: cst.Arg, index: int, old: Signature, new: Signature) -> None:
    """Reports ``f(*args)`` where the slots that it can fill changed their meaning."""
    if old.positional[index:] == new.positional[index : len(old.positional)]:
        return
    first = next(
        name
        for at, name in enumerate(old.positional)
        if at >= index and (at >= len(new.positional) or new.positional[at] != name)
    )
    message = (
        f"`*` gives `{use.symbol}` positional arguments, and from `{first}` on their places have another meaning on "
        f"TensorFlow {file.target}. Pass them by name if there are so many"
    )
    file.report(POSITIONAL_ARGUMENT, Level.MANUAL, arg, message, use.symbol)
