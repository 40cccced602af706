"""Prints a tree while noting where things stand, and splices changed statements into the old text.

libcst can print a tree, and has a provider that tells every node's position at twice the cost of parsing.
Here a tree is printed once, noting only the places that are asked for, as offsets in characters; after a
migration only the statements that differ are printed again and put in the place of the old ones. All other
text is the old text, by construction.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from operator import itemgetter

import libcst as cst
from libcst._nodes.internal import CodegenState

from keras_migrate.likeness import alike

_STATEMENT_TYPES = frozenset(
    {
        cst.SimpleStatementLine,
        cst.ClassDef,
        cst.For,
        cst.FunctionDef,
        cst.If,
        cst.Match,
        cst.Try,
        cst.TryStar,
        cst.While,
        cst.With,
    }
)
_BLOCKS = (
    cst.IndentedBlock,
    cst.Else,
    cst.Finally,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.If,
    cst.MatchCase,
)


class _State(CodegenState):
    """A printer that notes where wanted nodes and statements begin and end, and how these are indented."""

    __slots__ = ("begins", "ends", "indents", "wanted")

    def __init__(
        self, module: cst.Module, wanted: Container[cst.CSTNode], indent: Sequence[str] = ()
    ) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.indent_tokens.extend(indent)
        self.wanted = wanted
        self.begins: dict[cst.CSTNode, int] = {}
        self.ends: dict[cst.CSTNode, int] = {}
        self.indents: dict[cst.CSTNode, tuple[str, ...]] = {}

    def before_codegen(self, node: cst.CSTNode) -> None:
        statement = type(node) in _STATEMENT_TYPES
        if statement or node in self.wanted:
            self.begins[node] = len(self.tokens)
            if statement:
                self.indents[node] = tuple(self.indent_tokens)

    def after_codegen(self, node: cst.CSTNode) -> None:
        if node in self.begins:
            self.ends[node] = len(self.tokens)


class _EveryNode:
    """Has every node that there is."""

    def __contains__(self, node: object) -> bool:
        return isinstance(node, cst.CSTNode)


EVERY_NODE = _EveryNode()
"""To be asked for where the place of any node may be."""


class Printed:
    """A printed module and where the wanted nodes stand in it.

    Attributes:
        text: the whole text.
    """

    def __init__(self, module: cst.Module, wanted: Container[cst.CSTNode]) -> None:
        """Prints a module.

        Args:
            module: the tree.
            wanted: the nodes whose places will be asked for, besides all statements.
        """
        state = _State(module, wanted)
        module._codegen(state)
        self._module = module
        self._state = state
        self.text = "".join(state.tokens)
        self._offsets: list[int] | None = None
        self._lines = _line_starts(self.text)

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a wanted node begins and ends, in characters; a statement includes the comments above it.

        Raises:
            KeyError: if the node was not asked for or is not part of the module.
        """
        if self._offsets is None:
            self._offsets = [0, *accumulate(map(len, self._state.tokens))]
        last = len(self._offsets) - 1  # a module without a final newline takes the last token back
        begin, end = self._state.begins[node], self._state.ends[node]
        return self._offsets[min(begin, last)], self._offsets[min(end, last)]

    def knows(self, node: cst.CSTNode) -> bool:
        """Whether the place of a node was noted."""
        return node in self._state.begins

    def position(self, node: cst.CSTNode) -> tuple[int, int]:
        """The 1-based line and column at which a wanted node begins.

        A statement begins below the comments above it, and behind its indentation.
        """
        line, column = self.place(self.span(node)[0])
        indent = sum(map(len, self._state.indents.get(node, ())))
        return line + len(getattr(node, "leading_lines", ())), column + indent

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def indent(self, statement: cst.CSTNode) -> tuple[str, ...]:
        """The indentation that a wanted statement was printed with."""
        return self._state.indents[statement]


@dataclass(frozen=True, slots=True)
class Splice:
    """A piece of the old text and what stands in its place."""

    begin: int
    end: int
    text: str
    nodes: dict[cst.CSTNode, int]
    """Where wanted nodes begin within ``text``."""


class Spliced:
    """The text of a changed tree, and how its lines follow from those of the old text.

    Attributes:
        text: the new text.
    """

    def __init__(self, old: Printed, new: cst.Module, wanted: Collection[cst.CSTNode]) -> None:
        """Prints what changed.

        Args:
            old: the old tree, printed.
            new: the tree that the old one was turned into; what did not change is the same node.
            wanted: nodes of the new tree whose places will be asked for.
        """
        self._old = old
        self._splices = list(_splices(old, new, wanted))
        pieces: list[str] = []
        at = 0
        for splice in self._splices:
            pieces += (old.text[at : splice.begin], splice.text)
            at = splice.end
        pieces.append(old.text[at:])
        self.text = "".join(pieces)
        if self._splices and (not self.text or self._splices[-1].end == len(old.text)):
            self.text = _ended(self.text, new)
        self._lines = _line_starts(self.text)
        self._pairs: list[tuple[int, int, int, int]] | None = None

    def position(self, node: cst.CSTNode) -> tuple[int, int] | None:
        """The 1-based line and column of a wanted node in the new text; ``None`` where it is not in it."""
        shift = 0
        for splice in self._splices:
            if node in splice.nodes:
                return self._place(splice.begin + shift + splice.nodes[node])
            shift += len(splice.text) - (splice.end - splice.begin)
        if self._old.knows(node):
            return self._place(self._shifted(self._old.span(node)[0]))
        return None

    def _shifted(self, offset: int) -> int:
        for splice in reversed(self._splices):
            if splice.end <= offset:
                return offset + sum(
                    len(each.text) - (each.end - each.begin) for each in self._splices if each.end <= offset
                )
        return offset

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def new_line(self, line: int) -> int | None:
        """The line of the new text that an old line became; ``None`` where it is gone."""
        runs = self._matching()
        begin, end, new_begin, new_end = runs[max(0, bisect_right(runs, line, key=itemgetter(0)) - 1)]
        if not begin <= line < end:
            return line
        if new_begin + line - begin > len(self._lines):
            return None
        if end - begin == new_end - new_begin:
            return new_begin + line - begin
        return min(new_begin + line - begin, new_end - 1) if new_end > new_begin else None

    def old_line(self, line: int) -> int:
        """The line of the old text that a line of the new text came from, or the nearest one."""
        for begin, end, new_begin, new_end in self._matching():
            if new_begin <= line < new_end:
                return min(max(begin, min(begin + line - new_begin, end - 1)), len(self._old._lines))
        return line

    def _matching(self) -> list[tuple[int, int, int, int]]:
        """Runs of lines, old and new, that correspond, in order; there is one at least."""
        if self._pairs is None:
            self._pairs = list(self._match())
        return self._pairs

    def _match(self) -> Iterator[tuple[int, int, int, int]]:
        old_at = new_at = 1
        for begin, end, new_begin, new_end in self._changed():
            before = _lines(self._old.text[begin:end])
            after = _lines(self.text[new_begin:new_end])
            first = self._old.place(begin)[0]
            new_first = new_at + first - old_at
            yield old_at, first, new_at, new_first
            for a, b, c, d in _aligned(before, after):
                yield first + a, first + b, new_first + c, new_first + d
            old_at, new_at = first + len(before), new_first + len(after)
        rest = len(self._old._lines) + 2 - old_at
        yield old_at, old_at + rest, new_at, new_at + rest

    def _changed(self) -> Iterator[tuple[int, int, int, int]]:
        """What the splices replaced and what stands there now, in whole lines; what touches is one."""
        shift = 0
        pieces: list[tuple[int, int, int, int]] = []
        for splice in self._splices:
            piece = (splice.begin, splice.end, splice.begin + shift, splice.begin + shift + len(splice.text))
            shift += len(splice.text) - (splice.end - splice.begin)
            if pieces and pieces[-1][1] == splice.begin:
                piece = (pieces[-1][0], piece[1], pieces[-1][2], piece[3])
                pieces.pop()
            pieces.append(piece)
        return iter(pieces)


_NEWLINE = re.compile(r"\r\n?|\n")
_LAST_NEWLINE = re.compile(r"(?:\r\n?|\n)\Z")


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _NEWLINE.finditer(text))]


def _lines(text: str) -> list[str]:
    lines = _NEWLINE.split(text)
    return lines if lines[-1] else lines[:-1]


def _ended(text: str, module: cst.Module) -> str:
    """A text with the end that a module is to have: one line end, or none."""
    if not module.has_trailing_newline:
        return _LAST_NEWLINE.sub("", text)
    return text or module.default_newline


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that correspond, held together by the lines that both texts have just once."""
    counts, new_counts = Counter(before), Counter(after)
    place = {line: number for number, line in enumerate(after)}
    a = c = 0
    for b, line in enumerate(before):
        d = place.get(line, -1)
        if counts[line] == 1 and d >= c and new_counts[line] == 1:
            yield from _compared(before, after, a, b, c, d)
            yield b, b + 1, d, d + 1
            a, c = b + 1, d + 1
    yield from _compared(before, after, a, len(before), c, len(after))


def _compared(
    before: Sequence[str], after: Sequence[str], a: int, b: int, c: int, d: int
) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that correspond, of a range of each text."""
    for _, i, j, k, m in SequenceMatcher(None, before[a:b], after[c:d], autojunk=False).get_opcodes():
        yield from _paired(before, after, a + i, a + j, c + k, c + m)


def _paired(
    before: Sequence[str], after: Sequence[str], a: int, b: int, c: int, d: int
) -> Iterator[tuple[int, int, int, int]]:
    """The same for lines that all changed; more or fewer of them are held together by those alike."""
    pairs = alike(before[a:b], after[c:d]) if 0 < b - a != d - c > 0 else ()
    begin, new_begin = a, c
    for one, other in pairs:
        yield begin, a + one, new_begin, c + other
        begin, new_begin = a + one + 1, c + other + 1
        yield begin - 1, begin, new_begin - 1, new_begin
    yield begin, b, new_begin, d


def _same(one: Sequence[cst.CSTNode], other: Sequence[cst.CSTNode]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _splices(old: Printed, new: cst.Module, wanted: Collection[cst.CSTNode]) -> Iterator[Splice]:
    module = old._module
    if new is module:
        return
    if not (_same(new.header, module.header) and _same(new.footer, module.footer)):
        raise ValueError("the comments around a module's statements cannot be changed")
    yield from _block(old, new, module.body, new.body, wanted, ())


def _block(
    old: Printed,
    new: cst.Module,
    before: Sequence[cst.CSTNode],
    after: Sequence[cst.CSTNode],
    wanted: Collection[cst.CSTNode],
    indent: tuple[str, ...],
) -> Iterator[Splice]:
    """Splices for a list of statements, some of which were kept, replaced, removed or added."""
    for a, b, c, d in _differences(before, after):
        old_part, new_part = before[a:b], after[c:d]
        if len(old_part) == len(new_part):
            for one, other in zip(old_part, new_part, strict=True):
                yield from _statement(old, new, one, other, wanted)
            continue
        if old_part:
            begin, end = old.span(old_part[0])[0], old.span(old_part[-1])[1]
            around = old.indent(old_part[0])
        else:
            neighbour = before[a] if a < len(before) else before[a - 1]
            around = old.indent(neighbour)
            begin = end = old.span(neighbour)[0 if a < len(before) else 1]
        yield _printed(old, new, new_part, wanted, around, begin, end)


def _differences(
    before: Sequence[cst.CSTNode], after: Sequence[cst.CSTNode]
) -> Iterator[tuple[int, int, int, int]]:
    """The ranges of two lists of statements that differ, between the statements that were kept in order."""
    kept = {id(node) for node in before} & {id(node) for node in after}
    a = c = 0
    while a < len(before) or c < len(after):
        b, d = a, c
        while b < len(before) and id(before[b]) not in kept:
            b += 1
        while d < len(after) and id(after[d]) not in kept:
            d += 1
        if b > a or d > c:
            yield a, b, c, d
        a, c = b + 1, d + 1


def _statement(
    old: Printed, new: cst.Module, before: cst.CSTNode, after: cst.CSTNode, wanted: Collection[cst.CSTNode]
) -> Iterator[Splice]:
    """Splices for one statement that became another: only its body where only that differs."""
    if type(before) is type(after) and isinstance(before, cst.BaseCompoundStatement):
        blocks = list(_changed_blocks(before, after))
        if blocks and all(blocks):
            for pair in blocks:
                assert pair is not None
                yield from _block(old, new, pair[0].body, pair[1].body, wanted, ())
            return
    begin, end = old.span(before)
    yield _printed(old, new, (after,), wanted, old.indent(before), begin, end)


def _changed_blocks(
    before: cst.CSTNode, after: cst.CSTNode
) -> Iterator[tuple[cst.IndentedBlock, cst.IndentedBlock] | None]:
    """The pairs of indented blocks that differ between two statements; ``None`` for any other difference."""
    for field in before.__dataclass_fields__:
        one, other = getattr(before, field), getattr(after, field)
        if one is other:
            continue
        if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            if len(one) != len(other):
                yield None
                continue
            pairs = list(zip(one, other, strict=True))
        else:
            pairs = [(one, other)]
        for left, right in pairs:
            if left is right:
                continue
            if isinstance(left, cst.IndentedBlock) and isinstance(right, cst.IndentedBlock):
                whole = (
                    left.header is right.header
                    and _same(left.footer, right.footer)
                    and left.indent == right.indent
                )
                yield (left, right) if whole and left.body and right.body else None
            elif type(left) is type(right) and isinstance(left, _BLOCKS):
                yield from _changed_blocks(left, right)
            else:
                yield None


def _printed(
    old: Printed,
    new: cst.Module,
    statements: Sequence[cst.CSTNode],
    wanted: Collection[cst.CSTNode],
    indent: tuple[str, ...],
    begin: int,
    end: int,
) -> Splice:
    state = _State(new, wanted, indent)
    for statement in statements:
        statement._codegen(state)
    text = "".join(state.tokens)
    if end == len(old.text) and not old.text.endswith("\n") and end > begin and text.endswith("\n"):
        text = text.removesuffix(new.default_newline)
    offsets = [0, *accumulate(map(len, state.tokens))]
    return Splice(begin, end, text, {node: offsets[at] for node, at in state.begins.items()})
