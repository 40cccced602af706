"""The report for a person: what it says, and that no terminal, width or encoding breaks it."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.segment import Segment

from keras_migrate.findings import CellPlace, CellText, FileResult, Finding, Level, Rule
from keras_migrate.project import Project
from keras_migrate.reports import palette, terminal
from keras_migrate.reports.diff import Kind
from keras_migrate.reports.file_view import FileView
from keras_migrate.reports.terminal import Output
from keras_migrate.runner import RunResult
from keras_migrate.source import Source
from keras_migrate.target import Target

RULES = {
    code: Rule(code, name, "", "")
    for code, name in {
        "KM101": "moved-symbol",
        "KM201": "renamed-argument",
        "KM401": "removed-method",
    }.items()
}
BEFORE = '''"""A docstring
over two lines."""
from keras.layers import Dense
model.compile(SGD(lr=0.1), "mse")
y = model.predict_classes(x)
'''
AFTER = BEFORE.replace("from keras", "from tensorflow.keras").replace("lr=", "learning_rate=")
FINDINGS = (
    Finding("KM101", Level.REWRITTEN, "moved", "keras.layers.Dense", 3, 6, 3),
    Finding("KM201", Level.REVIEW, "is the rate right?", None, 4, 15, 4),
    Finding(
        "KM401",
        Level.MANUAL,
        "predict_classes is gone: take np.argmax(model.predict(x), axis=-1)",
        None,
        5,
        11,
        5,
    ),
)
RESULT = FileResult("pkg/train.py", BEFORE.encode(), AFTER.encode(), FINDINGS)
PINNED = Source("2.2", False, "setup.py asks for keras==2.2.4")
GUESSED = Source("1.2", True, "it has merge")
RUN = RunResult(Project(), results=(RESULT,), clean=("clean.py",), passed_over=3, seconds=0.25)


def console(width: int = 100, *, terminal: bool = True, color: str | None = None, **settings: Any) -> Output:
    return Output(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system=color,  # type: ignore[arg-type]
        highlight=False,
        markup=False,
        **settings,
    )


def text_of(out: Output) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def diff_text(width: int = 100, result: FileResult = RESULT, *, terminal: bool = True) -> list[str]:
    out = console(width, terminal=terminal)
    out.print(FileView(result, result.path, RULES), crop=False, soft_wrap=True)
    return text_of(out).splitlines()


def side_by_side(width: int, result: FileResult = RESULT) -> list[str]:
    out = console(width)
    out.print(FileView(result, result.path, RULES, side_by_side=True), crop=False, soft_wrap=True)
    return text_of(out).splitlines()


def segments(result: FileResult = RESULT) -> list[Segment]:
    return list(console(color="truecolor").render(FileView(result, result.path, RULES)))


class TestSideBySide:
    def test_reads_like_this(self) -> None:
        left, right = zip(*(line.split(" │ ") for line in side_by_side(150) if " │ " in line), strict=True)
        assert [line.rstrip() for line in left] == [
            '  1 """A docstring',
            '  2 over two lines."""',
            "  3 from keras.layers import Dense",
            '  4 model.compile(SGD(lr=0.1), "mse")',
            "  5 y = model.predict_classes(x)",
        ]
        assert [re.sub(" {2,}", "  ", line.strip()) for line in right] == [
            '1 """A docstring',
            '2 over two lines."""',
            "3 from tensorflow.keras.layers import Dense  KM101 moved-symbol",
            '4 model.compile(SGD(learning_rate=0.1), "mse")',
            "5 y = model.predict_classes(x)",
        ]
        assert "          ╰─ KM201 renamed-argument review: is the rate right?" in side_by_side(150)

    def test_a_note_without_room_stands_below(self) -> None:
        shown = side_by_side(100)
        (at,) = (index for index, line in enumerate(shown) if "tensorflow.keras" in line)
        assert shown[at + 1].strip() == "KM101 moved-symbol"

    def test_added_and_removed_lines_stand_alone(self) -> None:
        result = FileResult("a.py", b"import gone\nx = f(1)\n", b"x = f(2)\nimport new\n")
        pairs = [
            [side.strip() for side in line.split("│")] for line in side_by_side(100, result) if "│" in line
        ]
        assert pairs == [["1 import gone", ""], ["2 x = f(1)", "1 x = f(2)"], ["", "2 import new"]]

    @pytest.mark.parametrize("width", [100, 101, 130])
    def test_no_line_is_too_long(self, width: int) -> None:
        before = "x = " + "'é漢'" * 60 + "\n"
        shown = side_by_side(width, FileResult("a.py", before.encode(), before.replace("x", "y").encode()))
        assert max(map(cell_len, shown)) <= width

    def test_lines_stand_below_each_other_where_there_is_no_room(self) -> None:
        assert side_by_side(99) == diff_text(99)


class TestPager:
    @pytest.mark.parametrize(("lines", "is_paged"), [(3, False), (200, True)])
    def test_takes_what_is_long(self, monkeypatch: pytest.MonkeyPatch, lines: int, is_paged: bool) -> None:
        given: list[str] = []
        monkeypatch.setattr("click.echo_via_pager", lambda text, color: given.append(text))
        out = console()
        with terminal.paged(out):
            for number in range(lines):
                out.print(number)
        shown = "".join(f"{number}\n" for number in range(lines))
        assert (given, text_of(out)) == (([shown], "") if is_paged else ([], shown))


class TestDiff:
    def test_reads_like_this(self) -> None:
        assert diff_text(80, terminal=False) == [
            "── pkg/train.py ───────────────────────────── 1 rewritten · 1 review · 1 manual",
            '  1   1   """A docstring',
            '  2   2   over two lines."""',
            "  3     - from keras.layers import Dense",
            '  4     - model.compile(SGD(lr=0.1), "mse")',
            "      3 + from tensorflow.keras.layers import Dense" + " " * 29 + "KM101 moved-symbol",
            '      4 + model.compile(SGD(learning_rate=0.1), "mse")',
            "          ╰─ KM201 renamed-argument review: is the rate right?",
            "  5   5   y = model.predict_classes(x)",
            "          ╰─ KM401 removed-method manual: predict_classes is gone: "
            "take np.argmax(model.predict(x), axis=-1)",
            "",
        ]

    def test_the_rule_stands_in_the_margin(self) -> None:
        (line,) = (line for line in diff_text(100) if "KM101" in line)
        assert re.fullmatch(
            r"      3 \+ from tensorflow\.keras\.layers import Dense +KM101 moved-symbol", line
        )
        assert len(line) == 100

    def test_the_rule_stands_below_where_the_margin_has_no_room(self) -> None:
        lines = diff_text(60)
        (at,) = (index for index, line in enumerate(lines) if "KM101" in line)
        assert lines[at].strip() == "KM101 moved-symbol"
        assert lines[at - 1].endswith("import Dense")

    def test_several_rules_at_one_line_are_all_named_once(self) -> None:
        twice = (FINDINGS[0], FINDINGS[0], Finding("KM201", Level.REWRITTEN, "", None, 3, 1, 3))
        result = FileResult("a.py", BEFORE.encode(), AFTER.encode(), twice)
        assert any(
            line.endswith("KM101 moved-symbol, KM201 renamed-argument") for line in diff_text(120, result)
        )

    @pytest.mark.parametrize("width", [20, 30, 46, 59, 60, 80, 200])
    def test_no_line_is_wider_than_the_terminal_and_no_code_is_lost(self, width: int) -> None:
        long = f"x = [{', '.join(map(str, range(100)))}]  # 漢字\n"
        result = FileResult("a.py", long.encode(), long.replace("99", "100").encode(), FINDINGS[:1])
        lines = diff_text(width, result)
        assert max(map(cell_len, lines)) <= max(width, 30)
        gutter = 8 + 2 if width >= 60 else 4 + 2
        code = [
            line[gutter:].removesuffix("\n") for line in lines if not re.search("KM101|rewritten|a.py", line)
        ]
        assert "".join(code).replace(" ", "").count("98,99]#漢字") == 1

    def test_a_file_without_line_numbers_to_show_is_named_with_its_error(self) -> None:
        error = Finding("KM908", Level.ERROR, "could not be read", None, 1, 1)
        lines = diff_text(result=FileResult("a.py", b"", b"", (error,)))
        assert "1 error" in lines[0]
        assert "KM908 error: could not be read" in lines[1]

    def test_nothing_in_a_file_is_obeyed_by_the_terminal(self) -> None:
        evil = FileResult(
            "a\x1b[2J.py",
            b"x = '\x1b]0;owned\x07'\n",
            b"y\n",
            (Finding("KM401", Level.MANUAL, "\x1b[2J", None, 1, 1),),
        )
        out = console()
        terminal.show_diff(out, RunResult(Project(), results=(evil,)), RULES)
        terminal.show_summary(out, RunResult(Project(), results=(evil,)), RULES, written=False)
        assert "\x1b" not in text_of(out)

    def test_markup_of_rich_in_code_is_only_text(self) -> None:
        lines = diff_text(result=FileResult("[red].py", b"x['[bold]'] = 1\n", b"x['[/bold]'] = 2\n"))
        assert "[red].py" in lines[0]
        assert "x['[/bold]'] = 2" in lines[2]


class TestColors:
    def test_changed_lines_are_tinted_and_changed_words_more_so(self) -> None:
        (word,) = (segment for segment in segments() if segment.text == "learning_rate")
        beside = [segment for segment in segments() if segment.text.endswith(".compile(SGD(")][-1]
        assert word.style is not None
        assert beside.style is not None
        assert word.style.bgcolor == palette.CHANGED_WORD[Kind.ADDED].bgcolor
        assert word.style.bold
        assert beside.style.bgcolor == palette.TINT[Kind.ADDED].bgcolor

    def test_code_is_colored_as_python_across_lines(self) -> None:
        styles = {segment.text.strip(): segment.style for segment in segments() if segment.style}
        assert styles['over two lines."""'].color == palette.syntax_style("Literal.String", Kind.SAME).color
        assert styles["from"].color == palette.syntax_style("Keyword", Kind.ADDED).color

    @pytest.mark.parametrize("quotes", ['"""', "'''"])
    def test_a_hunk_in_the_middle_of_a_string_is_colored_as_one(self, quotes: str) -> None:
        body = "".join(f'import {i} it\'s \\{quotes} a "word"\n' for i in range(30))
        before = f"# it's a comment\nx = {quotes}{body}{quotes}\ny = 1\n"
        after = before.replace("import 20 ", "import twenty ").replace("y = 1", "y = 2")
        shown = segments(FileResult("a.py", before.encode(), after.encode()))
        (inside,) = (segment for segment in shown if segment.text.startswith("import 18"))
        (beyond,) = (segment for segment in shown if segment.text == "2")
        assert inside.style is not None
        assert beyond.style is not None
        assert inside.style.color == palette.syntax_style("Literal.String", Kind.SAME).color
        assert beyond.style.color == palette.CHANGED_WORD[Kind.ADDED].color or beyond.style.bold

    def test_a_changed_line_can_be_read_on_any_ground(self) -> None:
        for segment in segments():
            if segment.style and segment.style.bgcolor and segment.text.strip():
                assert segment.style.color is not None, segment

    def test_no_color_leaves_no_color(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        out = console(color="truecolor")
        out.print(FileView(RESULT, "a.py", RULES), crop=False)
        assert not re.search(r"\x1b\[[0-9;]*[34][0-8]", text_of(out))
        assert all(line == line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text_of(out)).splitlines())

    def test_where_it_is_no_terminal_there_is_nothing_but_text(self) -> None:
        assert not any("\x1b" in line or line != line.rstrip() for line in diff_text(terminal=False))

    @pytest.mark.parametrize(("color", "escapes"), [("auto", False), ("never", False), ("always", True)])
    def test_as_asked_for(self, monkeypatch: pytest.MonkeyPatch, color: str, escapes: bool) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        out = terminal.output(io.StringIO(), color)
        terminal.show_diff(out, RUN, RULES)
        assert ("\x1b[" in text_of(out)) is escapes


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
    def test_no_encoding_breaks_it(self, encoding: str) -> None:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        odd = FileResult("\udcff漢.py", "x = '漢字 ─'\n".encode(), "y = '漢字 ─'\n".encode(), FINDINGS[2:])
        out = terminal.output(stream)
        run = RunResult(Project(), results=(odd,))
        terminal.show_diff(out, run, RULES)
        terminal.show_summary(out, run, RULES, written=False)
        stream.flush()
        shown = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
        assert "KM401" in shown
        if encoding == "ascii":
            assert "-- ??.py ---" in shown
            assert "`- KM401" in shown


class TestSummary:
    def shown(self, run: RunResult = RUN, *, written: bool = False, width: int = 100) -> str:
        out = console(width)
        terminal.show_summary(out, run, RULES, written=written)
        return text_of(out)

    def test_counts_by_rule(self) -> None:
        rows = [line.split() for line in self.shown().splitlines() if line.strip().startswith("KM")]
        assert rows == [
            ["KM101", "moved-symbol", "1"],
            ["KM201", "renamed-argument", "1"],
            ["KM401", "removed-method", "1"],
        ]

    def test_lists_what_needs_a_person_so_that_it_can_be_clicked(self) -> None:
        assert "pkg/train.py:5:11 KM401 predict_classes is gone" in self.shown()

    def test_does_not_break_a_place_in_two(self) -> None:
        assert "pkg/train.py:5:11 KM401 predict_classes is gone" in self.shown(width=30)

    def test_lists_what_to_look_at_apart(self) -> None:
        look, _, person = self.shown().partition("Needs a person:")
        assert "pkg/train.py:4:15 KM201 is the rate right?" in look
        assert "KM201" not in person

    def test_ends_with_the_run_in_one_line(self) -> None:
        assert self.shown().splitlines()[-1] == (
            "5 files looked at, 1 would change, 1 left to a person, 0 failed; target TensorFlow 2.21; 0.2 s"
        )
        assert "1 changed," in self.shown(written=True)

    @pytest.mark.parametrize(
        ("sources", "line"),
        [
            ([PINNED], "Written for Keras 2.2: setup.py asks for keras==2.2.4."),
            ([GUESSED], "Taken to be written for Keras 1.2: it has merge; --source names another."),
            (
                [PINNED, GUESSED, PINNED],
                "Taken to be written for Keras 1.2 (1 file), 2.2 (2 files); --source names one for all.",
            ),
        ],
    )
    def test_says_what_the_code_was_taken_for_and_why(self, sources: list[Source], line: str) -> None:
        run = replace(RUN, sources={f"{number}.py": source for number, source in enumerate(sources)})
        assert self.shown(run).splitlines()[-2] == line

    def test_says_why_a_target_was_not_the_newest(self) -> None:
        run = replace(RUN, target=Target("2.15", reason="setup.py asks for tensorflow==2.15"))
        line = "Target TensorFlow 2.15: setup.py asks for tensorflow==2.15."
        assert self.shown(run).splitlines()[-2] == line

    def test_names_a_path_as_the_shell_can_open_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = RunResult(Project(str(tmp_path / "repo" / "src"), str(tmp_path)), results=(RESULT,))
        monkeypatch.chdir(tmp_path)
        assert terminal.shown_path(run, "pkg/a.py") == os.path.join("repo", "src", "pkg", "a.py")

    def test_is_short_where_nothing_was_found(self) -> None:
        run = RunResult(Project(), passed_over=1, clean=("a.py",), sources={"a.py": GUESSED})
        assert self.shown(run).splitlines() == [
            "2 files looked at, 0 would change, 0 left to a person, 0 failed; target TensorFlow 2.21; 0.0 s"
        ]


def test_notebooks_are_shown_by_their_cells(tmp_path: Path) -> None:
    moved = Finding("KM101", Level.REWRITTEN, "moved", None, 70, 12, 70, CellPlace(2, 1, 6, 1))
    gone = Finding("KM401", Level.MANUAL, "gone", None, 90, 12, 90, CellPlace(7, 3, 5, 3))
    cells = (
        CellText(2, "from keras import a", "from tensorflow.keras import a"),
        CellText(7, "1\n2\nx\n", "1\n2\nx\n"),
    )
    result = FileResult("a.ipynb", b'{"cells":', b'{"cells": ', (moved, gone), cells=cells)
    out = console(80, terminal=False)
    out.print(FileView(result, "a.ipynb", RULES), crop=False, soft_wrap=True)
    terminal.show_needs_person(out, RunResult(Project(), results=(result,)))
    shown = out.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.strip() for line in shown.splitlines()]
    assert lines.index("cell 2") < lines.index("cell 7")
    assert any(re.match(r"1\s+- from keras import a", line) for line in lines)
    assert "a.ipynb:cell 7:3:5 KM401 gone" in lines
    assert '{"cells"' not in shown
