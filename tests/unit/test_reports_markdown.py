"""The Markdown report: what a pull request shows of a run."""

from __future__ import annotations

import re

from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.reports import markdown_report
from keras_migrate.runner import RunResult

BEFORE = "from keras.layers import Dense\n\n\n```\n"
FINDINGS = (
    Finding("KM101", Level.REWRITTEN, "moved", "keras.layers", 1, 1, 1),
    Finding("KM105", Level.MANUAL, "`<b>` is gone: <img> *now*", None, 4, 1, 4),
)


def result(path: str = "a.py", before: str = BEFORE) -> FileResult:
    return FileResult(
        path, before.encode(), before.replace("keras", "tensorflow.keras", 1).encode(), FINDINGS
    )


def report(*results: FileResult) -> str:
    return markdown_report.report(RunResult(Project(), results=results))


def test_reads_like_this() -> None:
    text = report(result())
    assert "1 file looked at, 1 changed, 1 left to a person, 0 failed." in text
    assert "### Needs a person (1)\n\n- [ ] `a.py:4` **KM105** `<b>` is gone: \\<img\\> \\*now\\*\n" in text
    assert "-from keras.layers import Dense\n+from tensorflow.keras.layers import Dense\n" in text


def test_a_fence_is_longer_than_any_in_the_code() -> None:
    fences = re.findall(r"^(`+)diff\n", report(result()), re.M)
    assert fences == ["````"]


def test_a_name_is_no_markup() -> None:
    text = report(result("<script>`x`.py"))
    assert "<script>" not in text.replace("`` <script>`x`.py:4 ``", "")


def test_what_is_too_long_is_named_and_left_out() -> None:
    long = BEFORE + "\n".join(f"x{i} = {'y' * 70}" for i in range(400))
    changed = [
        FileResult(f"f{number}.py", long.encode(), long.replace("x", "z").encode(), FINDINGS[:1])
        for number in range(20)
    ]
    text = report(*changed)
    assert len(text) < 65_536
    assert re.search(r"Too long to be shown here: \d+ of 20 changed files\.", text)


def test_many_places_are_counted() -> None:
    many = tuple(Finding("KM105", Level.MANUAL, "gone", None, 1, 1, 1) for _ in range(150))
    text = report(FileResult("a.py", b"x\n", b"x\n", many))
    assert "- and 50 more" in text
