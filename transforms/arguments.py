"""Arguments of calls: renamed and removed ones, and positional ones whose place has another meaning.

What a call meant is read off the signature of the old release, what it may say off the target's; both come
from the catalogs. Renames, removals with a reason, and values that are written in another way stand in
``arguments.toml``.

A class of Keras is called by its name, by ``functools.partial``, and by the ``__init__`` of a class that is
derived from it; all three are read in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import libcst as cst

from ..catalog import LEGACY_RELEASES, Signature, for_target, legacy, moves
from ..findings import Level, Rule
from ..names import Frame, dotted
from ..transform import AttributeUse, File, Transform, Use
from .symbols import split, successor
from .tables import Entry, applies, load

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
    "The target does not accept it, and leaving it out means the same; the message says why. Where something "
    "is lost with it, the finding is a review and says what.",
    before="from keras.layers import LSTM\n\nlayer = LSTM(8, implementation=2)\n",
    after="from tensorflow.keras.layers import LSTM\n\nlayer = LSTM(8)\n",
    targets=">=2.16",
)
POSITIONAL_ARGUMENT = Rule(
    "KM203",
    "positional-argument",
    "Name positional arguments whose place in the signature changed.",
    "`RMSprop(0.1, 0.9, 1e-6)` meant learning rate, rho and epsilon; in the target the third place is "
    "`momentum`. `Conv2D(64, 3, 3)` was a kernel of 3 by 3 in every release of Keras up to 2.3.1; in the "
    "target the third place is `strides`.",
    before="from keras.layers import Conv2D\n\nlayer = Conv2D(64, 3, 3)\n",
    after="from tensorflow.keras.layers import Conv2D\n\nlayer = Conv2D(64, (3, 3))\n",
)
CHANGED_VALUE = Rule(
    "KM204",
    "changed-value",
    "Write a value as the target knows it.",
    "The argument is the same, but the target does not know this value, or knows it under another name.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, kernel_constraint='maxnorm')\n",
    after="from tensorflow.keras.layers import Dense\n\nlayer = Dense(8, kernel_constraint='max_norm')\n",
    targets=">=2.16",
)
UNKNOWN_ARGUMENT = Rule(
    "KM205",
    "unknown-argument",
    "Report an argument that the target does not accept or ignores.",
    "The call fails on the target, or, worse, runs as if the argument were not there. It is left as it is; "
    "the message says what to do.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, foo=1)\n",
)

TRANSFORM = Transform(
    "arguments", RENAMED_ARGUMENT, REMOVED_ARGUMENT, POSITIONAL_ARGUMENT, CHANGED_VALUE, UNKNOWN_ARGUMENT
)

STANDALONE = ("keras", "keras_applications", "keras_preprocessing")
"""The packages whose positional slots are those of the catalogs; TensorFlow's own early copies had others."""

Value: TypeAlias = "Callable[[Sequence[cst.BaseExpression]], cst.BaseExpression]"
"""Makes the new value of an argument from the values of all arguments of its call, their own edits made."""


@dataclass(frozen=True, slots=True)
class Keras1:
    """What Keras 1 called the arguments of a callable.

    Attributes:
        positional: how many arguments Keras 2 takes by position; ``None`` where it does not care.
        renamed: Keras 1 names and the Keras 2 names of the same.
        hints: what to do about the others.
    """

    positional: int | None
    renamed: dict[str, str]
    hints: dict[str, str]


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[Entry]]]:
    """The entries of ``arguments.toml`` by the key of their callable and the argument's old name."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for entry in load("arguments.toml")["argument"]:
        for owner in entry["of"]:
            key = owner if owner.endswith("*") else moves.canonical(owner)
            for old in entry["old"]:
                found.setdefault(key, {}).setdefault(old, []).append(entry)
    return found


@lru_cache(maxsize=1024)
def entries(symbol: str) -> dict[str, list[Entry]]:
    """The table's entries for one callable by argument; its own before those of its whole module."""
    found: dict[str, list[Entry]] = {}
    table = _table()
    for key in (symbol, f"{symbol.rpartition('.')[0]}.*"):
        for old, rows in table.get(key, {}).items():
            found.setdefault(old, []).extend(rows)
    return found


@lru_cache(maxsize=1024)
def _entries(symbol: str, path: str) -> dict[str, list[Entry]]:
    """The table's entries for a callable, and for what took its place in the target."""
    old = moves.normalise(path)
    successors = entries(moves.canonical(old)) if old is not None else {}
    return {**successors, **entries(symbol)}


@lru_cache(maxsize=1)
def _keras1_table() -> dict[str, Keras1]:
    found: dict[str, Keras1] = {}
    for row in load("arguments.toml")["keras1"]:
        for owner in row["of"]:
            found[moves.canonical(owner)] = Keras1(
                row.get("positional"), row.get("renamed", {}), row.get("hints", {})
            )
    return found


def keras1(symbol: str) -> Keras1:
    """What Keras 1 called the arguments of a callable."""
    return _keras1_table().get(symbol, Keras1(None, {}, {}))


@lru_cache(maxsize=1)
def _tables() -> dict[str, frozenset[str]]:
    """The lists of callables in ``arguments.toml`` that some function here treats in a way of its own."""
    return {
        name: frozenset(moves.canonical(owner) for owner in owners)
        for name, owners in load("arguments.toml")["special"].items()
    }


@lru_cache(maxsize=1024)
def _old(path: str, symbol: str, release: str) -> Signature | None:
    """The signature of a callable as the code's own release had it, or the nearest release that has it."""
    order = [release, *reversed([each for each in LEGACY_RELEASES if each != release])]
    for each in order:
        for name in (path, symbol):
            found = legacy(each).get(name)
            if found is not None and found.signature is not None:
                return found.signature
    return None


@dataclass(frozen=True, slots=True)
class _Call:
    """One call whose arguments go to a callable of Keras.

    Attributes:
        node: the call.
        frame: the nodes around it.
        first: how many of its arguments come before (``self``, the first argument of ``partial``).
        place: where its findings are; ``None`` for the argument concerned.
        symbol: the key of the callable in the tables.
        path: the path by which the code reaches it.
        sure: false where it can be something else at run time.
        standalone: whether the code is written for standalone Keras.
    """

    node: cst.Call
    frame: Frame
    first: int
    place: cst.CSTNode | None
    symbol: str
    path: str
    sure: bool
    standalone: bool

    @property
    def args(self) -> Iterator[tuple[int, cst.Arg]]:
        """The arguments by their position in the call."""
        return ((index, arg) for index, arg in enumerate(self.node.args) if index >= self.first)

    @property
    def applied(self) -> bool:
        """Whether what the call makes is called at once: ``Embedding(9, 3)(x)``."""
        return self.frame is not None and type(self.frame[0]) is cst.Call and self.frame[0].func is self.node

    @property
    def starred(self) -> bool:
        """Whether ``*args`` is among its arguments."""
        return any(arg.star == "*" for _, arg in self.args)

    @property
    def level(self) -> Level:
        """The level of what is changed here and means the same."""
        return Level.REWRITTEN if self.sure else Level.REVIEW


@dataclass(slots=True)
class _Changes:
    """What happens to the arguments of one call, by their position in it."""

    names: dict[int, str] = field(default_factory=dict)
    values: dict[int, Value] = field(default_factory=dict)
    drops: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.names or self.values or self.drops)

    def apply(self, call: cst.Call) -> cst.Call:
        """Makes the changes."""
        given = [arg.value for arg in call.args]
        args: list[cst.Arg] = []
        for index, arg in enumerate(call.args):
            if index in self.values:
                arg = arg.with_changes(value=self.values[index](given))
            if index in self.names:
                arg = arg.with_changes(keyword=cst.Name(self.names[index]), equal=_EQUAL)
            args.append(arg)
        before = call.whitespace_before_args
        for index in sorted(self.drops, reverse=True):
            before = drop(args, index, before)
        return call.with_changes(args=args, whitespace_before_args=before)


_EQUAL = cst.AssignEqual(
    whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
)


def drop(
    args: list[cst.Arg], index: int, before: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """Takes one argument out of a call.

    A comment at the end of the argument's line goes with it; those on lines of their own stay.

    Args:
        args: the call's arguments, which are changed.
        index: the argument's position.
        before: the space before the first argument.

    Returns:
        The new space before the first argument.
    """
    gone = args.pop(index)
    comma = gone.comma if isinstance(gone.comma, cst.Comma) else None
    after = comma.whitespace_after if comma is not None else gone.whitespace_after_arg
    if not args and not _commented(before) and not _commented(after, line=False):
        return cst.SimpleWhitespace("")
    if index == 0:
        return _joined(before, after) if not args or _commented(after, line=False) else before
    last = args[index - 1]
    kept = last.comma if isinstance(last.comma, cst.Comma) else cst.Comma()
    between = kept.whitespace_after
    if index < len(args) or _commented(between):
        kept = kept.with_changes(whitespace_after=_joined(between, after))
        args[index - 1] = last.with_changes(comma=kept)
    elif comma is not None:
        closing = _joined(between, after) if isinstance(after, cst.ParenthesizedWhitespace) else after
        args[index - 1] = last.with_changes(comma=kept.with_changes(whitespace_after=closing))
    else:
        args[index - 1] = last.with_changes(comma=gone.comma, whitespace_after_arg=gone.whitespace_after_arg)
    return before


def _commented(space: cst.BaseParenthesizableWhitespace, *, line: bool = True) -> bool:
    """Whether there is a comment in some space, with ``line`` also at the end of its first line."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return False
    own = any(each.comment is not None for each in space.empty_lines)
    return own or (line and space.first_line.comment is not None)


def _joined(
    before: cst.BaseParenthesizableWhitespace, after: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """The space that is left where what stood between two spaces is gone."""
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after
    lines = [*before.empty_lines, *after.empty_lines]
    return before.with_changes(empty_lines=lines, indent=after.indent, last_line=after.last_line)


@TRANSFORM.use()
def adapt(file: File, use: Use) -> None:
    """Makes the arguments of one call mean in the target what they meant in the old release."""
    call = _call(file, use)
    if call is not None and call.node not in file.handled:
        _adapt(file, call)


@TRANSFORM.attribute("__init__")
def adapt_super(file: File, attribute: AttributeUse) -> None:
    """The same for ``super().__init__(…)`` in a class derived from one class of Keras."""
    if attribute.frame is None or not isinstance(attribute.node.value, cst.Call):
        return
    node, frame = attribute.frame
    if type(node) is not cst.Call or node.func is not attribute.node or not node.args:
        return
    owner = _class_around(frame)
    if owner is None or len(owner.bases) != 1 or not _is_super(attribute.node.value, owner):
        return
    for reference in file.names.references:
        if reference.subclass is owner:
            origins = file.names.origins(reference)
            names = {old for origin in origins if (old := moves.normalise(origin.name)) is not None}
            if len(names) == 1 and len(origins) == 1:
                path, members = split(*names)
                if not members:
                    standalone = origins[0].name.partition(".")[0] in STANDALONE
                    symbol = moves.canonical(path)
                    _adapt(file, _Call(node, frame, 0, attribute.node, symbol, path, True, standalone))
            return


def _class_around(frame: Frame) -> cst.ClassDef | None:
    """The class whose method a place is in."""
    while frame is not None:
        if type(frame[0]) is cst.ClassDef:
            return frame[0]
        frame = frame[1]
    return None


def _is_super(call: cst.Call, owner: cst.ClassDef) -> bool:
    """Whether a call is ``super()`` or ``super(Owner, self)``."""
    if dotted(call.func) != "super":
        return False
    return not call.args or dotted(call.args[0].value) == owner.name.value


def _call(file: File, use: Use) -> _Call | None:
    """The call that a reference is about, if it is about one."""
    frame = use.reference.frame
    if frame is None:
        return None
    first, place = 0, None
    if use.call is not None:
        node, around = use.call, frame[1]
    elif use.members == ("__init__",) and use.reference.called is not None:
        node, around, first = use.reference.called, frame[1], 1
    elif not use.members and _is_partial(frame):
        assert frame[1] is not None
        outer, around = frame[1]
        assert isinstance(outer, cst.Call)
        node, first, place = outer, 1, use.reference.node
    else:
        return None
    if len(node.args) <= first:
        return None
    origins = file.names.origins(use.reference)
    standalone = any(origin.name.partition(".")[0] in STANDALONE for origin in origins)
    return _Call(node, around, first, place, use.symbol, use.path, use.sure, standalone)


def _is_partial(frame: Frame) -> bool:
    """Whether a place is the first argument of ``functools.partial``."""
    if frame is None or type(frame[0]) is not cst.Arg or frame[1] is None:
        return False
    outer = frame[1][0]
    if type(outer) is not cst.Call or not outer.args or outer.args[0] is not frame[0]:
        return False
    return (dotted(outer.func) or "").rpartition(".")[2] == "partial"


def _adapt(file: File, call: _Call) -> None:
    """Decides about every argument of a call, and asks for the edit."""
    path = successor(call.path, file.target).path
    new = for_target(file.target).get(path) if path is not None else None
    if new is None or new.signature is None or new.stub:
        return
    assert path is not None
    table = _entries(call.symbol, path)
    work = _Work(file, call, _signature_meant(call), new.signature, table, _Changes())
    work.kernel()
    work.input_shape()
    if call.standalone and work.old is not None:
        work.positional(work.old)
    for index, arg in call.args:
        if arg.keyword is not None and index not in work.done:
            work.keyword(index, arg, arg.keyword.value, written=True)
    if work.changes:
        file.edit(call.node, call.frame, work.changes.apply)


def _signature_meant(call: _Call) -> Signature | None:
    """The old signature that a call was written by.

    Optimizers lost positional slots in Keras 2.3: a truth value where 2.2 has a number is written by 2.3.
    """
    old = _old(call.path, call.symbol, "2.2.4")
    newer = _old(call.path, call.symbol, "2.3.1")
    if old is None or newer is None or old.positional == newer.positional:
        return old
    for index, arg in call.args:
        at = index - call.first
        if arg.star or arg.keyword is not None or at >= min(len(old.positional), len(newer.positional)):
            break
        if literal(arg.value) in ("True", "False"):
            defaults = old.default(old.positional[at]), newer.default(newer.positional[at])
            if defaults[0] not in ("True", "False") and defaults[1] in ("True", "False"):
                return newer
    return old


@dataclass(slots=True)
class _Work:
    """One call on its way.

    Attributes:
        old: the signature that it was written by.
        new: the signature that it has in the target.
        table: the table's entries by argument.
        changes: what was decided.
        done: the arguments that are decided about.
    """

    file: File
    call: _Call
    old: Signature | None
    new: Signature
    table: dict[str, list[Entry]]
    changes: _Changes
    done: set[int] = field(default_factory=set)

    @property
    def written(self) -> set[str]:
        """The keywords in the call."""
        return {arg.keyword.value for _, arg in self.call.args if arg.keyword is not None}

    def plain(self) -> list[tuple[int, cst.Arg]]:
        """The positional arguments before any ``*args``."""
        found: list[tuple[int, cst.Arg]] = []
        for index, arg in self.call.args:
            if arg.star or arg.keyword is not None:
                break
            found.append((index, arg))
        return found

    def report(self, rule: Rule, level: Level, arg: cst.Arg, message: str, name: str) -> bool:
        """Leaves a finding about one argument."""
        return self.file.report(rule, level, self.call.place or arg, message, f"{self.call.symbol}.{name}")

    def entry(self, name: str, arg: cst.Arg) -> Entry | None:
        """The table's entry about an argument with the value that it has here."""
        for entry in self.table.get(name, ()):
            if "values" in entry or not applies(entry.get("targets", ""), self.file.target):
                continue
            if entry.get("standalone", self.call.standalone) != self.call.standalone:
                continue
            if entry.get("applied", self.call.applied) != self.call.applied:
                continue
            if "when" in entry and literal(arg.value) not in entry["when"]:
                continue
            if "given" in entry and entry["given"] not in self.written:
                continue
            if entry.get("refused") and self.new.accepts(name):
                continue
            if "to" in entry and not self.new.accepts(entry["to"]):
                continue
            return entry
        return None

    def kernel(self) -> None:
        """Makes one kernel size of those that Keras 2 still took one by one: ``Conv2D(64, 3, 3)``."""
        kind = next((size for size in (2, 3) if self.call.symbol in _tables()[f"kernel{size}"]), 0)
        plain = self.plain()
        if not kind or not self.call.standalone or len(plain) < 1 + kind:
            return
        sizes = plain[1 : 1 + kind]
        if any(isinstance(arg.value, (cst.Tuple, cst.List, cst.BaseString)) for _, arg in sizes):
            return
        if self.call.symbol in _tables()["output_shape"] and len(plain) == 2 + kind:
            index, arg = plain[-1]
            message = "`output_shape` is computed from the input; Keras 2 paid no heed to it either"
            if not self.report(REMOVED_ARGUMENT, self.call.level, arg, message, "output_shape"):
                return
            self.changes.drops.add(index)
        elif len(plain) > 1 + kind:
            return
        code = ", ".join(self.code(arg.value) for _, arg in sizes)
        index, arg = sizes[0]
        name = self.call.symbol.rpartition(".")[2]
        self.done.update(each for each, _ in plain)
        clash = sorted(self.written & {"padding", "strides", "data_format"})
        if clash and kind == 2:
            message = (
                f"Keras 2 refuses `{name}(…, {code}, {clash[0]}=…)`: are these the sizes of a kernel, or its "
                f"size and `strides`? Write `kernel_size=({code})`, or `strides=` with its name"
            )
            self.report(POSITIONAL_ARGUMENT, Level.MANUAL, arg, message, "kernel_size")
            return
        message = (
            f"`{code}` was the kernel's size; by position, the target takes the second number for `strides`"
        )
        if self.report(POSITIONAL_ARGUMENT, self.call.level, arg, message, "kernel_size"):
            self.changes.values[index] = _tuple_of([each for each, _ in sizes])
            self.changes.drops.update(each for each, _ in sizes[1:])

    def input_shape(self) -> None:
        """Writes ``input_dim`` and ``input_length`` of a layer over sequences as ``input_shape``."""
        if self.call.symbol not in _tables()["sequences"] or "input_dim" not in self.written:
            return
        if {"input_shape", "batch_input_shape"} & self.written or not self.new.accepts("input_shape"):
            return
        at = {arg.keyword.value: (index, arg) for index, arg in self.call.args if arg.keyword is not None}
        index, arg = at["input_dim"]
        length = at.get("input_length")
        message = "`input_dim` of a layer over sequences, with `input_length`, is `input_shape` now"
        if self.report(RENAMED_ARGUMENT, self.call.level, arg, message, "input_dim"):
            self.changes.names[index] = "input_shape"
            self.changes.values[index] = _tuple_of([length[0] if length else None, index])
            self.done.add(index)
            if length:
                self.changes.drops.add(length[0])
                self.done.add(length[0])

    def positional(self, old: Signature) -> None:
        """Decides about the positional arguments."""
        names = old.positional
        plain = [(index, arg) for index, arg in self.plain() if index not in self.done]
        limit = keras1(self.call.symbol).positional
        beyond = limit is not None and len(self.plain()) > limit and not self.done
        if limit is not None and beyond and self._beyond(limit):
            return
        shifted = False
        for index, arg in plain:
            at = index - self.call.first
            if at >= len(names):
                return
            name = names[at]
            if not shifted and self._in_place(at, arg, old):
                self.value(index, arg, name)
                continue
            if not shifted and not self._nameable(at, names):
                self._report_slots(at, names)
                return
            if not all(self.file.options.enabled(rule.code) for rule in _BY_NAME):
                return
            shifted = True
            self.keyword(index, arg, name, written=False)
        if self.call.starred and limit is None:
            self._check_star(old)

    def _beyond(self, limit: int) -> bool:
        """Reports a positional argument that only Keras 1 takes, if it had another meaning there."""
        index, arg = self.plain()[limit]
        at = index - self.call.first
        first = legacy("1.2.2").get(self.call.path) or legacy("1.2.2").get(self.call.symbol)
        if first is None or first.signature is None or at >= len(first.signature.positional):
            return False
        name = first.signature.positional[at]
        now = self.new.positional[at] if at < len(self.new.positional) else None
        renamed = keras1(self.call.symbol).renamed.get(name, name)
        if renamed == now or any(isinstance(each.value, cst.Tuple) for _, each in self.plain()[1:]):
            return False
        advice = f"write `{renamed}={self.code(arg.value)}`" if self.new.accepts(renamed) else "leave it out"
        shown = self.call.symbol.rpartition(".")[2]
        message = (
            f"argument {at + 1} of `{shown}` was `{name}` in Keras 1 and is `{now}` now; Keras 2 takes only "
            f"{limit} by position. If the code is Keras 1, {advice}"
        )
        self.report(POSITIONAL_ARGUMENT, Level.MANUAL, arg, message, name)
        return True

    def _in_place(self, at: int, arg: cst.Arg, old: Signature) -> bool:
        """Whether a positional slot still means the same.

        It does where it has the same name, or another name that neither side knows from another place.
        """
        if at >= len(self.new.positional):
            return False
        was, now = old.positional[at], self.new.positional[at]
        entry = self.entry(was, arg)
        if entry is not None:
            return now == entry.get("to") and "value" not in entry
        return was == now or (not self.new.accepts(was) and now not in old.keywords)

    def _slots(self, start: int, slots: tuple[str, ...]) -> list[tuple[int, cst.Arg, str]]:
        """The positional arguments from one slot on, with the old names of their slots."""
        return [
            (index, arg, slots[index - self.call.first])
            for index, arg in self.plain()
            if start <= index - self.call.first < len(slots)
        ]

    def _nameable(self, start: int, slots: tuple[str, ...]) -> bool:
        """Whether all positional arguments from one slot on can be passed by name, or dropped."""
        if self.call.starred or self.call.place is not None:
            return False
        taken = list(self.written)
        for _, arg, name in self._slots(start, slots):
            if not self._fits(arg, name):
                return False
            entry = self.entry(name, arg) or {}
            if not entry.get("drop"):
                taken.append(entry.get("to", name))
        return len(set(taken)) == len(taken)

    def _fits(self, arg: cst.Arg, name: str) -> bool:
        """Whether an argument can be passed by name, or dropped."""
        entry = self.entry(name, arg)
        if entry is not None:
            return "to" in entry or bool(entry.get("drop"))
        return self.new.accepts(name)

    def _report_slots(self, start: int, slots: tuple[str, ...]) -> None:
        """Reports positional arguments whose slots changed and that cannot all be passed by name."""
        given = self._slots(start, slots)
        stuck = next((each for each in given if not self._fits(each[1], each[2])), None)
        if stuck is None:
            _, arg, name = given[0]
            problem, advice = f"was `{name}`, and its place has another meaning", ""
        else:
            _, arg, name = stuck
            entry = self.entry(name, arg)
            what = (
                self.advice(entry)
                if entry is not None
                else "leave it out, or give the call what it stood for"
            )
            problem, advice = f"was `{name}`, which is not accepted", f": {what}"
        at = next(index for index, each, _ in given if each is arg) - self.call.first + 1
        message = (
            f"argument {at} of `{self.call.symbol}` {problem} on TensorFlow {self.file.target}{advice}. "
            f"Pass the arguments from {start + 1} on by name"
        )
        self.report(POSITIONAL_ARGUMENT, Level.MANUAL, arg, message, name)

    def keyword(self, index: int, arg: cst.Arg, name: str, *, written: bool) -> None:
        """Decides about one argument by its old name."""
        entry = self.entry(name, arg)
        shown = f"{self.call.symbol.rpartition('.')[2]}({name}=…)"
        if entry is not None and "to" in entry:
            self._rename(index, arg, name, entry)
            return
        if entry is not None and entry.get("drop"):
            level = Level(entry.get("level", self.call.level.value))
            if self.report(REMOVED_ARGUMENT, level, arg, f"{shown}: {entry['note']}", name):
                self.changes.drops.add(index)
                self.file.imports.handled_within(arg)
            return
        if entry is not None and "manual" in entry:
            self.report(UNKNOWN_ARGUMENT, Level.MANUAL, arg, f"{shown}: {self.advice(entry)}", name)
            return
        if not self.new.accepts(name):
            what = "is ignored" if name in self.new.ignored else "is not accepted"
            message = f"{shown} {what} on TensorFlow {self.file.target}. {self._unknown(name)}"
            self.report(UNKNOWN_ARGUMENT, Level.MANUAL, arg, message, name)
            return
        if not written:
            at = index - self.call.first + 1
            message = f"argument {at} of `{self.call.symbol}` was `{name}`; its place has another meaning now"
            if self.report(POSITIONAL_ARGUMENT, self.call.level, arg, message, name):
                self.changes.names[index] = name
        self.value(index, arg, name)

    def _unknown(self, name: str) -> str:
        """What to do about an argument that nothing is known of but Keras 1."""
        first = keras1(self.call.symbol)
        if name in first.renamed:
            new = first.renamed[name]
            values = (
                ", 'channels_last' for 'tf' and 'channels_first' for 'th'" if new == "data_format" else ""
            )
            return f"`{name}` is Keras 1: write `{new}=`{values}"
        if name in first.hints:
            return f"`{name}` is Keras 1: {first.hints[name]}"
        return "Leave it out, or give the call what it stood for"

    def _rename(self, index: int, arg: cst.Arg, name: str, entry: Entry) -> None:
        """Gives an argument another name, and where the entry says so another value."""
        new = str(entry["to"])
        symbol = self.call.symbol.rpartition(".")[2]
        if new in self.written or new in self.changes.names.values():
            message = f"{symbol}({name}=…, {new}=…): both are the same argument now; keep one"
            self.report(UNKNOWN_ARGUMENT, Level.MANUAL, arg, message, name)
            return
        message = f"`{name}` is `{new}` now. {entry.get('note', '')}".rstrip()
        if not self.report(
            RENAMED_ARGUMENT, Level(entry.get("level", self.call.level.value)), arg, message, name
        ):
            return
        self.changes.names[index] = new
        if "value" in entry:
            self.changes.values[index] = _written_as(entry["value"], index)

    def value(self, index: int, arg: cst.Arg, name: str) -> None:
        """Writes a literal value as the target knows it."""
        given = arg.value
        if not isinstance(given, cst.SimpleString):
            return
        for entry in self.table.get(name, ()):
            new = entry.get("values", {}).get(given.raw_value)
            if new is None or not applies(entry.get("targets", ""), self.file.target):
                continue
            message = (
                f"the value `{given.raw_value}` of `{name}` is `{new}` now. {entry.get('note', '')}".rstrip()
            )
            level = Level(entry.get("level", self.call.level.value))
            if self.report(CHANGED_VALUE, level, arg, message, name):
                self.changes.values[index] = _always(
                    given.with_changes(value=f"{given.prefix}{given.quote}{new}{given.quote}")
                )
            return

    def advice(self, entry: Entry) -> str:
        """What an entry says to do, with the call's own arguments in it."""
        values: dict[str, str] = {}
        if self.old is not None:
            for parameter in self.old.parameters:
                if parameter.default is not None:
                    values[parameter.name] = parameter.default
            for (_, arg), name in zip(self.plain(), self.old.positional, strict=False):
                values[name] = self.code(arg.value)
        for _, arg in self.call.args:
            if arg.keyword is not None:
                values[arg.keyword.value] = self.code(arg.value)
        for name, rows in self.table.items():
            for row in rows:
                if row.get("to") in values and row["to"] in self.written:
                    values[name] = values[row["to"]]
        return str(entry["manual"]).format_map(_Known(values))

    def code(self, node: cst.BaseExpression) -> str:
        """The code of an expression on one line."""
        return " ".join(self.file.module.code_for_node(node).split())

    def _check_star(self, old: Signature) -> None:
        """Reports ``f(*args)`` where the slots that it can fill changed their meaning."""
        index, star = next((index, arg) for index, arg in self.call.args if arg.star == "*")
        start = index - self.call.first
        pairs = zip(old.positional[start:], self.new.positional[start:], strict=False)
        first = next((was for was, now in pairs if was != now and self.new.accepts(was)), None)
        if first is None:
            return
        message = (
            f"`*` gives `{self.call.symbol}` positional arguments, and from `{first}` on their places have "
            f"another meaning on TensorFlow {self.file.target}. Pass them by name if there are so many"
        )
        self.report(POSITIONAL_ARGUMENT, Level.MANUAL, star, message, first)


_BY_NAME = (RENAMED_ARGUMENT, REMOVED_ARGUMENT, POSITIONAL_ARGUMENT)
"""The rules that pass positional arguments by name together, or not at all."""


class _Known(dict[str, str]):
    """The values to fill into a message; what is not known stays a name."""

    def __missing__(self, key: str) -> str:
        return key


class _Fill(cst.CSTTransformer):
    """Puts an expression in the place of ``_``."""

    def __init__(self, value: cst.BaseExpression) -> None:
        super().__init__()
        self._value = value

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._value if original_node.value == "_" else updated_node


def _written_as(template: str, index: int) -> Value:
    """The value of an argument by a template in which ``_`` is the old one."""

    def make(given: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
        value = given[index]
        if template == "_[1:]":
            assert isinstance(value, (cst.Tuple, cst.List))
            rest = list(value.elements[1:])
            if len(rest) == 1 and isinstance(value, cst.Tuple):
                rest[0] = rest[0].with_changes(comma=cst.Comma())
            return value.with_changes(elements=rest)
        filled = cst.parse_expression(template).visit(_Fill(value))
        assert isinstance(filled, cst.BaseExpression)
        return filled

    return make


def _always(value: cst.BaseExpression) -> Value:
    """The value whatever the arguments are."""
    return lambda _: value


def _tuple_of(indexes: Sequence[int | None]) -> Value:
    """A tuple of the values of some arguments, ``None`` for what is not given."""

    def make(given: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
        values = [cst.Name("None") if index is None else given[index] for index in indexes]
        return cst.Tuple(
            [cst.Element(value) for value in values], lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
        )

    return make


def literal(node: cst.BaseExpression) -> str:
    """A literal in the form in which ``when`` writes it; empty for anything else.

    Numbers are written as floats, a tuple or list only by how it begins: ``(None, …)``.
    """
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, (cst.Integer, cst.Float)):
        try:
            return repr(float(node.value.replace("_", "")))
        except ValueError:  # 0x10, 0b1
            return node.value
    if isinstance(node, cst.SimpleString):
        return repr(node.raw_value)
    if isinstance(node, (cst.Tuple, cst.List)) and len(node.elements) > 1:
        first = node.elements[0]
        if isinstance(first, cst.Element) and dotted(first.value) == "None":
            return "(None, …)"
    return ""
