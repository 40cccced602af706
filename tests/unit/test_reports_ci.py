"""The reports for CI: each can be read by what it is made for, whatever is in names and messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as XML

import pytest
from fixture_pairs import ROOT
from jsonschema import Draft4Validator

from keras_migrate import migrate_paths
from keras_migrate.findings import CellPlace, FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.registry import all_rules
from keras_migrate.reports import formats, sarif
from keras_migrate.reports.fingerprints import fingerprints
from keras_migrate.runner import RunResult

SCHEMA = Draft4Validator(json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))
NASTY = "100%, a:b\r\nsecond \x00\x1b[31m\x7f\ufffe\ud800 <&\"']]> ünï"
MOVED = Finding("KM101", Level.REWRITTEN, "moved", "keras", 1, 1, 1)
LOOK = Finding("KM301", Level.REVIEW, "look", None, 2, 3, 2)
GONE = Finding("KM105", Level.MANUAL, NASTY, "keras.gone", 2, 1, 2)
BROKEN = Finding("KM901", Level.ERROR, "does not parse", None, 7, 1)
OWN = Finding("KM110", Level.REVIEW, "own keras", "keras", 1, 1, 1)
IN_CELL = Finding("KM201", Level.REWRITTEN, "renamed", None, 12, 9, 12, CellPlace(3, 2, 6, 2))
RUN = RunResult(
    Project("/nowhere/root", "/nowhere/root"),
    results=(
        FileResult("changed.py", b"a\nb\n", b"A\nb\n", (MOVED, LOOK)),
        FileResult("with a, comma%:#.py", b"a\nb\n", b"a\nb\n", (GONE,)),
        FileResult("broken.py", b"(", b"(", (BROKEN,)),
        FileResult("own.py", b"import keras\n", b"import keras\n", (OWN,), skipped=True),
        FileResult("seen.py", b"a\nb\n", b"a\nb\n", (LOOK,)),
        FileResult("note.ipynb", b"{}" + b"\n" * 20, b"{ }" + b"\n" * 20, (IN_CELL,)),
    ),
    clean=("clean.py",),
    passed_over=2,
)


@pytest.fixture(scope="module")
def projects() -> RunResult:
    """What the engine makes of the projects and notebooks that come with the tool."""
    return migrate_paths(
        [
            ROOT / "fixtures" / "projects" / "digits",
            ROOT / "fixtures" / "projects" / "reviews",
            *sorted((ROOT / "fixtures" / "notebooks").glob("*.before.ipynb")),
        ],
        jobs=1,
    )


class TestSarif:
    @pytest.mark.parametrize("run", [RUN, RunResult(Project("/nowhere"))])
    def test_is_valid(self, run: RunResult) -> None:
        SCHEMA.validate(json.loads(formats.report("sarif", run)))

    def test_of_real_projects_is_valid(self, projects: RunResult) -> None:
        SCHEMA.validate(json.loads(formats.report("sarif", projects)))

    def test_schema_can_refuse(self) -> None:
        assert not SCHEMA.is_valid({**sarif.document(RUN), "version": "2.0"})

    def test_results_name_rule_place_and_weight(self) -> None:
        (run,) = sarif.document(RUN)["runs"]
        rules = run["tool"]["driver"]["rules"]
        found = {(rules[each["ruleIndex"]]["id"], each["ruleId"], each["level"]) for each in run["results"]}
        assert found == {
            ("KM101", "KM101", "warning"),
            ("KM301", "KM301", "warning"),
            ("KM105", "KM105", "error"),
            ("KM901", "KM901", "error"),
            ("KM110", "KM110", "note"),
            ("KM301", "KM301", "note"),
            ("KM201", "KM201", "warning"),
        }
        in_cell = run["results"][-1]
        assert in_cell["message"]["text"] == "cell 3, line 2: renamed"
        assert in_cell["locations"][0]["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 9}
        assert run["invocations"] == [{"executionSuccessful": False}]

    def test_paths_are_uris(self) -> None:
        (run,) = sarif.document(RUN)["runs"]
        uri = run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "with%20a%2C%20comma%25%3A%23.py"
        assert unquote(uri) == "with a, comma%:#.py"

    def test_rules_carry_their_texts(self) -> None:
        (run,) = sarif.document(RUN)["runs"]
        (moved,) = (each for each in run["tool"]["driver"]["rules"] if each["id"] == "KM101")
        rule = all_rules()["KM101"]
        assert moved["name"] == rule.name
        assert moved["shortDescription"]["text"] == rule.summary
        assert moved["fullDescription"]["markdown"] == rule.explanation
        assert rule.before.strip() in moved["help"]["markdown"]
        assert rule.after.strip() in moved["help"]["text"]

    def test_all_fixes_together_make_the_new_files(self, projects: RunResult) -> None:
        assert len(projects.changed) > 10
        for result in projects.changed:
            assert fixed(result) == result.after.decode(result.encoding), result.path

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("a\nb\nc\n", "a\nB\nc\n"),
            ("a\nb\nc", "a\nb\nC"),
            ("a\nb\nc", "a\nb\nc\n"),
            ("a\nb\nc\n", "a\nb\nc"),
            ("a\nb\n", "a\nb\nc\nd\n"),
            ("a\nb", "a\nb\nc\n"),
            ("a\r\nb\r\n", "new\r\na\r\nB\r\n"),
            ("a\rb\n", "a\rB\n"),
            ("a\nb\nc\n", ""),
            ("x\ny\nz\nw\n", "X\nmore\nY\nZ\nw\n"),
            ("\ufeffä\nb\n", "\ufeffö\nb\n"),
        ],
    )
    @pytest.mark.parametrize("places", [((1, 1),), ((1, 1), (2, 2), (3, 4)), ((2, None), (9, 9))])
    def test_fixes_are_exact(
        self, before: str, after: str, places: tuple[tuple[int, int | None], ...]
    ) -> None:
        findings = tuple(
            Finding("KM101", Level.REWRITTEN, "moved", None, line, 1, new) for line, new in places
        )
        result = FileResult("a.py", before.encode(), after.encode(), findings)
        assert fixed(result) == after

    def test_each_finding_has_the_fix_of_its_own_line(self) -> None:
        findings = tuple(Finding("KM101", Level.REWRITTEN, "", None, line, 1, line + 1) for line in (1, 2, 3))
        result = FileResult("a.py", b"a\nb\nc\n", b"top\nA\nB\nC\n", findings)
        starts = [
            change["deletedRegion"]["startLine"]
            for each in results_of(result)
            for change in each["fixes"][0]["artifactChanges"][0]["replacements"]
        ]
        assert starts == [1, 2, 3]

    def test_once_written_places_are_those_of_the_new_file_and_nothing_is_left_to_fix(self) -> None:
        old = b"import keras.backend\nimport os\nfrom keras import gone\n"
        findings = (
            Finding("KM101", Level.REWRITTEN, "moved", "keras", 1, 5, None),
            Finding("KM105", Level.MANUAL, "is gone", "keras.gone", 3, 7, 2),
        )
        result = FileResult("a.py", old, b"import os\nfrom keras import gone\n", findings)
        failed = replace(result, path="b.py")
        run = RunResult(Project(), results=(result, failed))
        failure = Finding("KM909", Level.ERROR, "could not be written", None, 1, 1)
        written = sarif.document(run.once_written({"b.py": failure}))
        SCHEMA.validate(written)
        places = [
            (
                each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                each["locations"][0]["physicalLocation"].get("region", {}).get("startLine"),
                each["level"],
            )
            for each in written["runs"][0]["results"]
        ]
        assert places[:2] == [("a.py", None, "note"), ("a.py", 2, "error")]
        assert [line for path, line, _ in places if path == "b.py"] == [1, 3, 1]
        assert not any("fixes" in each for each in written["runs"][0]["results"][:2])


def results_of(result: FileResult) -> list[dict[str, Any]]:
    (run,) = sarif.document(RunResult(Project("/nowhere"), results=(result,)))["runs"]
    found = run["results"]
    assert isinstance(found, list)
    return found


def fixed(result: FileResult) -> str:
    """A file after all fixes of its results, as a reader of SARIF applies them."""
    text = result.before.decode(result.encoding)
    lead = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    starts = [0, *ends]
    edits = []
    for each in results_of(result):
        for fix in each.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            for replacement in change["replacements"]:
                region = replacement["deletedRegion"]
                start = starts[region["startLine"] - 1] + region["startColumn"] - 1
                end = starts[region["endLine"] - 1] + region["endColumn"] - 1
                assert start <= end <= len(text)
                edits.append((start, end, replacement.get("insertedContent", {}).get("text", "")))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return lead + text


class TestGithub:
    def commands(self, run: RunResult) -> Iterator[tuple[str, dict[str, str], str]]:
        """Commands as the runner of GitHub Actions reads them."""
        for line in formats.report("github", run).splitlines():
            match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
            assert match is not None, line
            properties = dict(part.split("=", 1) for part in match[2].split(","))
            for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
                properties = {name: value.replace(escape, character) for name, value in properties.items()}
            message = match[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            yield match[1], properties, message

    def test_says_everything(self) -> None:
        moved, _, gone, *_ = self.commands(RUN)
        name = all_rules()["KM101"].name
        assert moved == (
            "warning",
            {"file": "changed.py", "line": "1", "col": "1", "title": f"KM101 {name}"},
            "moved",
        )
        assert gone[0] == "error"
        assert gone[1]["file"] == "with a, comma%:#.py"
        assert gone[2].startswith("100%, a:b\r\nsecond ")

    def test_is_empty_where_nothing_is_left(self) -> None:
        assert formats.report("github", RunResult(Project("/nowhere"))) == ""


class TestGitlab:
    def test_has_what_gitlab_asks_for(self) -> None:
        entries = json.loads(formats.report("gitlab", RUN))
        assert [entry["severity"] for entry in entries] == [
            "minor", "major", "critical", "blocker", "info", "info", "minor",
        ]  # fmt: skip
        assert all(entry["description"] and entry["check_name"] for entry in entries)
        assert entries[0]["location"] == {"path": "changed.py", "lines": {"begin": 1}}
        assert len({entry["fingerprint"] for entry in entries}) == len(entries)

    def test_is_an_empty_list_where_nothing_is_left(self) -> None:
        assert json.loads(formats.report("gitlab", RunResult(Project("/nowhere")))) == []


class TestFingerprints:
    def test_stay_when_lines_move_and_messages_change(self) -> None:
        old = FileResult("a.py", b"x = 1\nfit()\nfit()\n", b"", (found(2), found(3)))
        new = FileResult("a.py", b"\n\nx = 1\n  fit()\nfit()\n", b"", (found(4, "other"), found(5, "words")))
        assert fingerprints(old, "a.py") == fingerprints(new, "a.py")

    def test_tell_files_rules_and_lines_apart(self) -> None:
        result = FileResult(
            "a.py", b"fit()\nfit()\nx\n", b"", (found(1), found(2), found(3), found(3, rule="KM2"))
        )
        assert len({*fingerprints(result, "a.py"), *fingerprints(result, "b.py")}) == 8


def found(line: int, message: str = "", rule: str = "KM1") -> Finding:
    return Finding(rule, Level.MANUAL, message, None, line, 1, line)


class TestJunit:
    def test_is_well_formed_and_counts(self) -> None:
        suites = XML.fromstring(formats.report("junit", RUN).encode("utf-8"))
        counts = {name: suites.get(name) for name in ("tests", "failures", "errors", "skipped")}
        assert counts == {"tests": "8", "failures": "4", "errors": "1", "skipped": "1"}
        assert [suite.get("name") for suite in suites] == [
            "changed.py", "with a, comma%:#.py", "broken.py", "own.py", "seen.py", "note.ipynb", "clean.py",
        ]  # fmt: skip

    def test_what_xml_cannot_hold_is_replaced(self) -> None:
        suites = XML.fromstring(formats.report("junit", RUN).encode("utf-8"))
        (failure,) = suites[1].iter("failure")
        assert failure.get("message") == NASTY.translate(dict.fromkeys((0, 0x1B, 0xFFFE, 0xD800), "\ufffd"))


class TestText:
    def test_has_a_line_for_each_finding_and_what_to_do(self) -> None:
        text = formats.report("text", RUN)
        assert "changed.py:1:1 KM101 moved-import rewritten: moved\n" in text
        assert "note.ipynb:cell 3:2:6 KM201" in text
        assert text.endswith("Run 'keras-migrate migrate' to see these changes and to make them.\n")
        assert "\x1b" not in text


class TestPaths:
    def test_begin_at_the_top_of_the_repository(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ".git").mkdir()
        (tmp_path / "pkg" / "src").mkdir(parents=True)
        (tmp_path / "pkg" / "pyproject.toml").write_text("")
        (tmp_path / "pkg" / "src" / "a.py").write_text("import keras\n")
        monkeypatch.chdir(tmp_path / "pkg")
        (entry, *_) = json.loads(formats.report("gitlab", migrate_paths("src")))
        assert entry["location"]["path"] == "pkg/src/a.py"

    def test_without_a_repository_begin_at_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "src").mkdir()
        (tmp_path / "src" / "a.py").write_text("import keras\n")
        monkeypatch.chdir(tmp_path)
        assert "file=src/a.py," in formats.report("github", migrate_paths("src"))


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.json", "json"), ("a.SARIF", "sarif"), ("a.sarif.json", "sarif"), ("a.xml", None), ("json", None)],
)
def test_names_of_files_decide_where_they_can(path: str, name: str | None) -> None:
    assert formats.format_of_file(path) == name
