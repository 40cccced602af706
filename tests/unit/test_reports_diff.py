"""What is shown of a file's change: rows, changed words, and each finding at its line."""

from __future__ import annotations

import pytest

from keras_migrate.findings import CellPlace, CellText, FileResult, Finding, Level
from keras_migrate.reports.diff import Kind, Row, changed_words, diff, parts, printable


def result(before: str, after: str, *findings: Finding, encoding: str = "utf-8") -> FileResult:
    return FileResult("a.py", before.encode(encoding), after.encode(encoding), findings, encoding=encoding)


def at(line: int, new_line: int | None = None, level: Level = Level.REWRITTEN) -> Finding:
    return Finding("KM101", level, "message", None, line, 1, new_line)


def drawn(before: str, after: str, *findings: Finding) -> list[list[str]]:
    """Each hunk's rows as ``sign text``, with a ``*`` where something was found."""
    shown = diff(result(before, after, *findings))
    return [[f"{row.kind.value}{row.text}{'*' * len(row.findings)}" for row in hunk] for hunk in shown.hunks]


def numbered(count: int, **changed: str) -> str:
    """Lines called after their number, some of them otherwise."""
    return "".join(changed.get(f"l{i}", f"line {i}") + "\n" for i in range(1, count + 1))


def rows(before: str, after: str) -> list[Row]:
    return [row for hunk in diff(result(before, after)).hunks for row in hunk]


class TestHunks:
    def test_three_lines_around_a_change(self) -> None:
        assert drawn(numbered(20), numbered(20, l10="changed")) == [
            [" line 7", " line 8", " line 9", "-line 10", "+changed", " line 11", " line 12", " line 13"]
        ]

    def test_neighbours_are_one_hunk_and_distant_changes_two(self) -> None:
        assert len(drawn(numbered(40), numbered(40, l10="x", l17="y"))) == 1
        assert len(drawn(numbered(40), numbered(40, l10="x", l18="y"))) == 2

    def test_at_the_ends_of_a_file(self) -> None:
        assert drawn(numbered(9), numbered(9, l1="x")) == [["-line 1", "+x", " line 2", " line 3", " line 4"]]
        assert drawn("a\n", "") == [["-a"]]
        assert drawn("", "a\n") == [["+a"]]
        assert drawn("a\n", "a\n") == []

    def test_numbers_lines_of_both_files_from_one(self) -> None:
        assert [(row.old, row.new) for row in rows("a\nb\nc\n", "a\nx\ny\nc\n")] == [
            (1, 1),
            (2, None),
            (None, 2),
            (None, 3),
            (3, 4),
        ]

    def test_lines_are_those_of_python(self) -> None:
        # A form feed or U+2028 inside a line ends it for str.splitlines, not for Python.
        assert [
            row.new for row in rows("a\x0cb\u2028c\nold\r\nd\rlast", "a\x0cb\u2028c\nnew\r\nd\rlast")
        ] == [
            1,
            None,
            2,
            3,
            4,
        ]

    def test_a_change_of_the_line_end_alone_is_a_change(self) -> None:
        assert drawn("a", "a\n") == [["-a", "+a"]]

    @pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "utf-16"])
    def test_decodes_as_the_file_does(self, encoding: str) -> None:
        shown = diff(result("é = 1\n", "é = 2\n", encoding=encoding))
        assert [row.text for row in shown.hunks[0]] == ["é = 1", "é = 2"]

    def test_an_unknown_encoding_does_not_end_the_report(self) -> None:
        assert diff(FileResult("a.py", b"\xff a\n", b"b\n", encoding="nonsense")).hunks

    @pytest.mark.timeout(120)  # what grows with the square of the file takes many minutes
    def test_a_long_file_takes_no_long_time(self) -> None:
        lines = [f"x{i} = {i % 7}\n\n" if i % 3 else "\n" for i in range(10_000)]
        other = [line.replace("= 3", "= three") for line in lines]
        assert diff(result("".join(lines), "".join(other))).hunks


class TestChangedWords:
    def test_are_marked_on_both_sides(self) -> None:
        old, new = "    SGD(lr=0.1, decay=0)", "    SGD(learning_rate=0.1)"
        old_parts, new_parts = changed_words(old, new)
        assert [old[start:end] for start, end in old_parts] == ["lr", ", decay=0"]
        assert [new[start:end] for start, end in new_parts] == ["learning_rate"]

    def test_a_line_is_paired_with_the_one_it_resembles(self) -> None:
        removed, *added = rows(
            "from keras.layers import Dense\n", "import os\nfrom tf.keras.layers import Dense\n"
        )
        assert removed.kind is Kind.REMOVED
        assert [row.changed for row in added] == [(), ((5, 8),)]

    def test_a_line_that_resembles_nothing_has_none(self) -> None:
        assert [row.changed for row in rows("a = f(b)\n", "while True: break\n")] == [(), ()]

    def test_pairs_do_not_cross(self) -> None:
        before = "from keras.a import x\nmodel[0] = f(lr=1, n=2)\n"
        after = "model[0] = f(rate=1, n=2)\nfrom tf.keras.a import x\nend\n"
        paired = [row.text for row in rows(before, after) if row.changed]
        assert paired == ["model[0] = f(lr=1, n=2)", "model[0] = f(rate=1, n=2)"]


class TestFindings:
    def test_what_was_rewritten_stands_at_its_new_line(self) -> None:
        assert drawn("keras\nx\n", "tf.keras\nx\n", at(1, 1)) == [["-keras", "+tf.keras*", " x"]]

    def test_what_is_gone_stands_at_its_old_line(self) -> None:
        assert drawn("keras\nx\n", "x\n", at(1, None)) == [["-keras*", " x"]]

    def test_what_needs_a_person_is_shown_though_nothing_changes_there(self) -> None:
        assert drawn(numbered(9), numbered(9), at(5, 5, Level.MANUAL)) == [
            [" line 2", " line 3", " line 4", " line 5*", " line 6", " line 7", " line 8"]
        ]

    def test_what_needs_a_person_moves_with_its_line(self) -> None:
        assert drawn("b\n", "a\nb\n", at(1, 2, Level.MANUAL)) == [["+a", " b*"]]

    def test_no_finding_is_lost(self) -> None:
        shown = diff(result("a\n", "b\n", at(99, 98), at(0), at(1, 1)))
        assert len(shown.loose) == 2
        assert sum(len(row.findings) for hunk in shown.hunks for row in hunk) == 1


class TestPrintable:
    @pytest.mark.parametrize("text", ["\x1b[31mred", "a\x07b", "\u202eabc", "\x9b31m", "a\rb"])
    def test_nothing_that_a_terminal_obeys(self, text: str) -> None:
        assert "\ufffd" in printable(text)
        assert not set(printable(text)) & set("\x1b\x07\u202e\x9b\r")

    def test_tabs_are_blanks(self) -> None:
        assert printable("\tx\r\n") == "    x"


def test_parts_of_a_notebook_are_its_cells() -> None:
    place = CellPlace(3, 2, 5, 4)
    finding = Finding("KM101", Level.REWRITTEN, "moved", None, 70, 12, 72, place)
    lost = Finding("KM907", Level.ERROR, "changed", None, 1, 1)
    cells = (CellText(1, "a", "b"), CellText(3, "a\nb\n", "x\ny\na\nc\n"))
    result = FileResult("a.ipynb", b"{...}", b"{....}", (finding, lost), cells=cells)
    whole, first, third = parts(result)
    assert whole == ("", FileResult("a.ipynb", b"", b"", (lost,)))
    assert first == ("cell 1", FileResult("a.ipynb", b"a", b"b"))
    assert third[0] == "cell 3"
    assert third[1].after == b"x\ny\na\nc\n"
    assert [(each.line, each.column, each.new_line) for each in third[1].findings] == [(2, 5, 4)]


def test_parts_of_other_files_are_they_themselves() -> None:
    result = FileResult("a.py", b"a", b"b")
    assert list(parts(result)) == [("", result)]
