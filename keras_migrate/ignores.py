"""Comments that leave code as it is: ``# keras-migrate: ignore[KM201]``, ``off``, ``on`` and ``ignore-file``.

They are looked for only in texts that have ``keras-migrate:`` in them.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from keras_migrate.findings import Finding, Level, Rule
from keras_migrate.options import Options

UNUSED_IGNORE = Rule(
    "KM913",
    "unused-ignore",
    "Report a comment that ignores nothing, or that says what no comment says.",
    "`# keras-migrate: ignore[KM201]` leaves the line as the rule found it, and its finding out. Where the "
    "rule finds nothing there any more the comment can go. A comment with a rule that does not exist, or "
    "with another word than `ignore`, `ignore-file`, `off` and `on`, has no effect.",
    before="import os  # keras-migrate: ignore[KM101]\n",
)

MARK = "keras-migrate:"
_DIRECTIVES = ("ignore", "ignore-file", "off", "on")
_COMMENT = re.compile(r"#\s*keras-migrate:\s*(?P<word>[\w-]*)(?:\s*\[(?P<codes>[^\]]*)\])?(?P<rest>.*)")


@dataclass(slots=True)
class Ignore:
    """One comment, and the lines for which it speaks.

    Attributes:
        line: where it stands, counted from 1.
        column: where in that line, counted from 1.
        word: ``ignore`` or ``off``.
        codes: the rules, or families of rules, that it names as it names them; none for all rules.
        first: the first line for which it speaks.
        last: the last one.
        used: the codes that kept something from being changed or reported; the word itself for all rules.
    """

    line: int
    column: int
    word: str
    codes: tuple[str, ...]
    first: int
    last: int
    used: set[str] = field(default_factory=set)

    def matching(self, code: str, line: int) -> list[str]:
        """What in the comment speaks for a rule on a line."""
        if not self.first <= line <= self.last:
            return []
        return [each for each in self.codes if code.startswith(each)] if self.codes else [self.word]


@dataclass(slots=True)
class Ignores:
    """The comments of one text.

    Attributes:
        all: those that leave something as it is.
        malformed: what is to be said of those that have no effect.
        whole: whether the whole text is to stay as it is.
    """

    all: list[Ignore] = field(default_factory=list)
    malformed: list[Finding] = field(default_factory=list)
    whole: bool = False

    @classmethod
    def of(cls, text: str) -> Ignores:
        """Reads the comments of Python code; of code that does not parse, those above the error."""
        found = cls()
        if MARK in text:
            found._read(_Comments(text))
        return found

    @classmethod
    def of_lines(cls, text: str) -> Ignores:
        """Reads the comments of a text that is no Python: each speaks for its line or the one below."""
        found = cls()
        if MARK in text:
            found._read(_Lines(text))
        return found

    def __bool__(self) -> bool:
        return bool(self.all or self.malformed)

    def refuse(self, code: str, line: int) -> bool:
        """Whether a rule is ignored on a line; what ignores it is in use from then on."""
        refused = False
        for ignore in self.all:
            matching = ignore.matching(code, line)
            ignore.used.update(matching)
            refused = refused or bool(matching)
        return refused

    def forget(self) -> None:
        """Forgets what is in use."""
        for ignore in self.all:
            ignore.used.clear()

    def in_use(self, line: int) -> bool:
        """Whether the comment on a line ignored anything."""
        return any(ignore.used for ignore in self.all if ignore.line == line)

    def _named(self, code: str, line: int) -> bool:
        """Whether a comment ignores a rule on a line by its code; one for all rules is not meant."""
        return any(ignore.codes and ignore.matching(code, line) for ignore in self.all)

    def findings(self, options: Options, new_line: Callable[[int], int | None]) -> Iterator[Finding]:
        """What is to be said of the comments once the text was worked out.

        Args:
            options: what the run was asked for; a comment for rules that it leaves out is not called unused.
            new_line: where a line of the text is in the new one.
        """
        used = [ignore for ignore in self.all if UNUSED_IGNORE.code in ignore.codes]
        for ignore in used:
            ignore.used.add(UNUSED_IGNORE.code)
        said = [*self.malformed, *(each for ignore in self.all for each in _unused(ignore, options))]
        for each in said:
            line = each.line
            if options.allows(UNUSED_IGNORE.code, line) and not self._named(UNUSED_IGNORE.code, line):
                yield _finding(line, each.column, each.message, new_line(line))

    def within(self, options: Options) -> Options:
        """What a run was asked for, where the comments refuse something too."""
        if not self:
            return options
        asked = options.refuses or (lambda code, line: False)
        return replace(options, refuses=lambda code, line: self.refuse(code, line) or asked(code, line))

    def _read(self, read: _Comments | _Lines) -> None:
        region: Ignore | None = None
        for line, column, comment in read.comments:
            match = _COMMENT.search(comment)
            if match is None:
                continue
            column += match.start()
            word, named = match["word"], match["codes"]
            wrong = _malformed(match)
            if wrong is None and word == "on" and region is None:
                wrong = "`keras-migrate: on` has no `off` above it: delete it"
            if wrong is not None:
                self.malformed.append(_finding(line, column, wrong))
            elif word == "ignore-file":
                self.whole = True
            elif word == "ignore":
                codes = () if named is None else tuple(filter(None, map(_code, _words(named))))
                first, last = read.spoken_for(line)
                self.all.append(Ignore(line, column, word, codes, first, last))
            elif word == "off" and region is None:
                region = Ignore(line, column, word, (), line, sys.maxsize)
                self.all.append(region)
            elif word == "on" and region is not None:
                region.last, region = line, None


def _finding(line: int, column: int, message: str, new_line: int | None = None) -> Finding:
    return Finding(UNUSED_IGNORE.code, Level.REVIEW, message, None, line, column, new_line)


def _unused(ignore: Ignore, options: Options) -> Iterator[Finding]:
    """What is to be said of a comment that did nothing, or of its codes that did not."""
    if not ignore.codes:
        unused = not ignore.used and not (options.select or options.ignore)
        if unused:
            message = f"nothing is found where `keras-migrate: {ignore.word}` speaks: delete it"
            yield _finding(ignore.line, ignore.column, message)
        return
    idle = [code for code in ignore.codes if code not in ignore.used and options.enabled(code)]
    if idle:
        names = " and ".join(f"`{code}`" for code in idle)
        whole = len(idle) == len(ignore.codes)
        rest = "delete the comment" if whole else f"take {'it' if len(idle) == 1 else 'them'} out"
        find = "finds" if len(idle) == 1 else "find"
        yield _finding(ignore.line, ignore.column, f"{names} {find} nothing here to ignore: {rest}")


def _malformed(match: re.Match[str]) -> str | None:
    """Why a comment has no effect, and what to write; ``None`` where it is well formed."""
    word, named, rest = match["word"], match["codes"], match["rest"]
    if word not in _DIRECTIVES or (rest and rest[0] not in " \t#"):
        said = f"{word}{rest.split()[0]}" if rest and rest[0] not in " \t#" else word
        close = get_close_matches(word, _DIRECTIVES, 1)
        hint = f"write `{close[0]}`" if close else "write `ignore`, `ignore-file`, `off` or `on`"
        return f"`keras-migrate: {said}` is not understood: {hint}"
    if named is None:
        return None
    if word != "ignore":
        return f"`keras-migrate: {word}` is for all rules. Write `ignore[{named}]` beside each line"
    if not _words(named):
        return "`keras-migrate: ignore[]` names no rule: write `ignore[KM201]`, or `ignore` for all rules"
    unknown = next((each for each in _words(named) if _code(each) is None), None)
    if unknown is None:
        return None
    rules = _rules()
    names = rules.values()
    close = get_close_matches(unknown.upper(), rules, 1) or get_close_matches(unknown.lower(), names, 1)
    hint = f"perhaps `{close[0]}` is meant" if close else "`keras-migrate rules` lists them"
    return f"there is no rule `{unknown}`, so nothing is ignored here: {hint}"


def _words(codes: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", codes) if word]


def _code(word: str) -> str | None:
    """The code, or the beginning of codes, of a rule named by it or by its name."""
    rules = _rules()
    for code, name in rules.items():
        if word.lower() == name:
            return code
    code = word.upper()
    known = code.startswith("KM") and any(each.startswith(code) for each in rules)
    return code if known else None


def _rules() -> dict[str, str]:
    """The names of all rules by their codes."""
    from keras_migrate.registry import all_rules

    return {code: rule.name for code, rule in all_rules().items()}


_LAYOUT = frozenset({tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})


class _Comments:
    """The comments of a text, and the statements around them.

    Attributes:
        comments: their lines and columns, counted from 1, and what they say.
        closed: the lines at whose end no comment can stand.
    """

    def __init__(self, text: str) -> None:
        self.comments: list[tuple[int, int, str]] = []
        self.closed = {row for row, line in enumerate(_rows(text), 1) if line.rstrip("\r\n").endswith("\\")}
        self._alone: set[int] = set()
        self._statements: list[tuple[int, int, bool]] = []
        """The first and last line of each statement, of compound ones of their headers; if it decorates."""
        begun: tuple[int, bool] | None = None
        row = 0
        for token in _tokens(text):
            if token.type in _LAYOUT:
                continue
            row = token.end[0]
            self.closed.update(range(token.start[0], row))
            if token.type == tokenize.COMMENT:
                self.comments.append((row, token.start[1] + 1, token.string))
                if not token.line[: token.start[1]].strip():
                    self._alone.add(row)
            elif token.type != tokenize.NEWLINE:
                begun = begun or (token.start[0], token.string == "@")
            elif begun is not None:
                self._statements.append((begun[0], token.start[0], begun[1]))
                begun = None
        if begun is not None:
            self._statements.append((begun[0], row, begun[1]))

    def statement(self, line: int) -> tuple[int, int]:
        """The first and last line of the statement, or header, that a line is in; else the line itself."""
        around = ((first, last) for first, last, _ in self._statements if first <= line <= last)
        return next(around, (line, line))

    def spoken_for(self, line: int) -> tuple[int, int]:
        """The first and last line for which a comment on a line speaks.

        That is the whole statement beside its first or last line and below it, else the line itself.
        """
        if line in self._alone:
            line = next(row for row in range(line + 1, line + len(self._alone) + 2) if row not in self._alone)
        for at, (first, last, _) in enumerate(self._statements):
            if first == line:
                while self._statements[at][2] and at + 1 < len(self._statements):
                    at += 1
                return first, max(last, self._statements[at][1])
            if last == line:
                return first, last
        return line, line


class _Lines:
    """The comments of a text that is no Python.

    Attributes:
        comments: their lines and columns, counted from 1, and what they say.
    """

    def __init__(self, text: str) -> None:
        self._lines = _rows(text)
        self.comments = [
            (row, match.start() + 1, match[0])
            for row, line in enumerate(self._lines, 1)
            if (match := _COMMENT.search(line)) is not None
        ]

    def spoken_for(self, line: int) -> tuple[int, int]:
        """The first and last line for which a comment on a line speaks: its own, or the one below it."""
        if self._lines[line - 1].lstrip().startswith("#"):
            line += 1
        return line, line


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def with_ignores(text: str, wanted: Mapping[int, Sequence[str]]) -> tuple[str, dict[int, int]]:
    """Code with comments that ignore rules.

    A comment stands beside its line; where that is no place for one, in a text over several lines or before
    a line that a backslash joins, above the statement.

    Args:
        text: the code.
        wanted: the codes of rules by the lines, counted from 1, on which to ignore them.
    Returns:
        The code, and for each of the lines the line on which its comment stands.
    """
    if not wanted:
        return text, {}
    read = _Comments(text)
    lines = _rows(text)
    above: dict[int, list[int]] = {}
    for line in sorted(wanted):
        if line > len(lines) or line in read.closed:
            above.setdefault(read.statement(line)[0], []).append(line)
    made: list[str] = []
    stands: dict[int, int] = {}
    for number, old in enumerate(lines, 1):
        body = old.rstrip("\r\n")
        if number in above:
            codes = [code for line in above[number] for code in wanted[line]]
            made.append(_indent(body) + _comment(codes) + (old[len(body) :] or "\n"))
            stands.update(dict.fromkeys(above[number], len(made)))
        if number in wanted and number not in read.closed:
            made.append(f"{body.rstrip()}  {_comment(wanted[number])}{old[len(body) :]}")
            stands[number] = len(made)
        else:
            made.append(old)
    return "".join(made), stands


def _rows(text: str) -> list[str]:
    """The lines of a text as the tokenizer counts them, with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _comment(codes: Iterable[str]) -> str:
    return f"# keras-migrate: ignore[{', '.join(sorted(set(codes)))}]"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
