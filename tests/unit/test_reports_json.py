"""The JSON report: its core never changes."""

from __future__ import annotations

import json

from keras_migrate import __version__
from keras_migrate.findings import CellPlace, FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.reports import json_report
from keras_migrate.runner import RunResult
from keras_migrate.source import Source
from keras_migrate.target import Target

RUN = RunResult(
    Project("/root", "/root"),
    Target("2.16", legacy=True),
    (
        FileResult("z.py", b"a", b"b", (Finding("KM101", Level.REWRITTEN, "moved", "keras.Model", 3, 7, 4),)),
        FileResult("m.py", b"a", b"a", (Finding("KM401", Level.MANUAL, "gone", None, 1, 1),)),
        FileResult("f.py", b"a", b"a", (Finding("KM999", Level.ERROR, "broken", None, 1, 1),)),
        FileResult("s.py", b"a", b"a", (), skipped=True),
        FileResult("u.py", b"a", b"a", (Finding("KM201", Level.REVIEW, "look", None, 1, 1),)),
    ),
    ("c.py",),
    passed_over=7,
    seconds=1.5,
    sources={
        "z.py": Source("2.2", False, "setup.py asks for keras==2.2.4"),
        "m.py": Source("1.2", True, "it has merge"),
        "c.py": Source("2.2", False, "setup.py asks for keras==2.2.4"),
        "s.py": Source(),
    },
)


def test_core() -> None:
    document = json.loads(json_report.report(RUN))
    assert document["tool"] == {"name": "keras-migrate", "version": __version__}
    assert document["target"] == "2.16+legacy"
    assert document["files"][-1] == {
        "path": "z.py",
        "status": "changed",
        "source": "2.2",
        "findings": [
            {
                "rule": "KM101",
                "level": "rewritten",
                "message": "moved",
                "symbol": "keras.Model",
                "line": 3,
                "column": 7,
                "new_line": 4,
            }
        ],
    }


def test_places_in_notebooks_name_their_cell() -> None:
    finding = Finding("KM101", Level.REWRITTEN, "moved", None, 70, 12, 71, CellPlace(3, 2, 6, 3))
    result = FileResult("a.ipynb", b"{}", b"{ }", (finding,))
    (file,) = json_report.document(RunResult(Project(), results=(result,)))["files"]
    assert file["findings"][0]["line"] == 70
    assert file["findings"][0]["cell"] == {"number": 3, "line": 2, "column": 6, "new_line": 3}


def test_source_and_target_with_their_reasons() -> None:
    document = json_report.document(RUN)
    assert document["source"] == {
        "release": "2.2",
        "guessed": False,
        "reason": "setup.py asks for keras==2.2.4",
        "files": {"1.2": 1, "2.2": 3},
    }
    assert document["target_reason"] is None
    pinned = Target("2.15", reason="setup.py asks for tensorflow==2.15")
    assert json_report.document(RunResult(Project(), pinned))["target_reason"] == pinned.reason
    assert json_report.document(RunResult(Project(), pinned))["source"] is None


def test_every_file_that_mentions_keras_by_path() -> None:
    assert [(file["path"], file["status"]) for file in json_report.document(RUN)["files"]] == [
        ("c.py", "unchanged"),
        ("f.py", "failed"),
        ("m.py", "manual"),
        ("s.py", "skipped"),
        ("u.py", "unchanged"),
        ("z.py", "changed"),
    ]


def test_summary() -> None:
    assert json_report.document(RUN)["summary"] == {
        "files": 13,
        "without_keras": 7,
        "changed": 1,
        "unchanged": 2,
        "manual": 1,
        "failed": 1,
        "skipped": 1,
        "rules": {
            "KM101": {"rewritten": 1, "review": 0, "manual": 0, "error": 0},
            "KM201": {"rewritten": 0, "review": 1, "manual": 0, "error": 0},
            "KM401": {"rewritten": 0, "review": 0, "manual": 1, "error": 0},
            "KM999": {"rewritten": 0, "review": 0, "manual": 0, "error": 1},
        },
    }


def test_the_same_run_gives_the_same_bytes_and_any_path_is_written() -> None:
    odd = RunResult(Project(), results=(FileResult("\udcff\n.py", b"a", b"b"),), seconds=0.1)
    assert json_report.report(odd).isascii()
    assert json_report.report(RUN) == json_report.report(RUN)
