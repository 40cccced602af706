"""One call on its way: what it meant, what the target takes, and what is decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from ...catalog import Signature, for_target
from ...findings import Level, Rule
from ...transform import File
from ..edits.argument_edits import Changes
from ..names.symbols import successor
from ..reading.keras_calls import Argument, KerasCall
from ..tables import Entry, applies
from .argument_tables import entries, literal, old_signature

_TRUTH_VALUES = ("True", "False")


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One call on its way.

    Attributes:
        file: the file that it is in.
        call: the call.
        old: the signature that it was written by; ``None`` where no old release has one.
        new: the signature that it has in the target.
        table: the table's entries by argument.
        changes: what is decided.
    """

    file: File
    call: KerasCall
    old: Signature | None
    new: Signature
    table: dict[str, list[Entry]]
    changes: Changes = field(default_factory=Changes)

    @classmethod
    def of(cls, file: File, call: KerasCall) -> Adaptation | None:
        """Looks up what is known of a call; ``None`` where the target's signature is not."""
        path = successor(call.path, file.target).path
        new = for_target(file.target).get(path) if path is not None else None
        if path is None or new is None or new.signature is None or new.stub:
            return None
        return cls(file, call, signature_meant(file, call), new.signature, entries(call.symbol, path))

    def entry(self, argument: Argument) -> Entry | None:
        """The table's entry about an argument with the value that it has here, if it is not about values."""
        rows = self.table.get(argument.name, ())
        return next((entry for entry in rows if self._holds(entry, argument)), None)

    def _holds(self, entry: Entry, argument: Argument) -> bool:
        """Whether all conditions of an entry hold."""
        return (
            "values" not in entry
            and applies(entry.get("targets", ""), self.file.target)
            and entry.get("standalone", self.call.standalone) == self.call.standalone
            and entry.get("applied", self.call.applied) == self.call.applied
            and ("when" not in entry or literal(argument.node.value) in entry["when"])
            and ("given" not in entry or entry["given"] in self.call.written)
            and not (entry.get("refused") and self.new.accepts(argument.name))
            and ("to" not in entry or self.new.accepts(entry["to"]))
        )

    def new_value(self, argument: Argument, value: str) -> Entry | None:
        """The table's entry about a literal string that is called something else in the target."""
        for entry in self.table.get(argument.name, ()):
            if value in entry.get("values", ()) and applies(entry.get("targets", ""), self.file.target):
                return entry
        return None

    def level(self, entry: Entry) -> Level:
        """The level of what is changed by an entry."""
        return Level(entry["level"]) if "level" in entry else self.call.level

    def report(self, rule: Rule, level: Level, argument: Argument, message: str) -> bool:
        """Leaves a finding about one argument.

        Returns:
            Whether the rule is switched on; where it is not, nothing may be changed for it.
        """
        place = self.call.place or argument.node
        return self.file.report(rule, level, place, message, f"{self.call.symbol}.{argument.name}")

    def code(self, node: cst.BaseExpression) -> str:
        """The code of an expression on one line."""
        return " ".join(self.file.module.code_for_node(node).split())

    def advice(self, entry: Entry) -> str:
        """What an entry says to do, with the call's own arguments in it."""
        written = {argument.name: self.code(argument.node.value) for argument in self.call.keywords}
        values: dict[str, str] = {}
        if self.old is not None:
            for parameter in self.old.parameters:
                if parameter.default is not None:
                    values[parameter.name] = parameter.default
            for argument in self.call.slots(self.old.positional):
                values[argument.name] = self.code(argument.node.value)
        values.update(written)
        for name, rows in self.table.items():
            for row in rows:
                if row.get("to") in written:
                    values[name] = values[row["to"]]
        return str(entry["manual"]).format_map(_Known(values))


class _Known(dict[str, str]):
    """The values to fill into a message; what is not known stays a name."""

    def __missing__(self, key: str) -> str:
        return key


def _release_meant(file: File) -> str:
    """The release by whose positional slots a file is read.

    Those of Keras 1 are those of 2.2.4 wherever both could be called alike; what could not is reported.
    """
    known = not file.source.guessed and file.source.version >= (2, 0)
    return file.source.catalog if known else "2.2.4"


def signature_meant(file: File, call: KerasCall) -> Signature | None:
    """The old signature that a call was written by.

    Optimizers lost positional slots in Keras 2.3: where the release is a guess, a truth value where 2.2 has a
    number is written by 2.3.
    """
    old = old_signature(call.path, call.symbol, _release_meant(file))
    newer = old_signature(call.path, call.symbol, "2.3.1") if file.source.guessed else None
    if old is None or newer is None or old.positional == newer.positional:
        return old
    for arg, was, now in zip(call.positional, old.positional, newer.positional, strict=False):
        if (
            literal(arg.value) in _TRUTH_VALUES
            and old.default(was) not in _TRUTH_VALUES
            and newer.default(now) in _TRUTH_VALUES
        ):
            return newer
    return old
