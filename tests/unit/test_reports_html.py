"""The HTML page: complete in itself, and nothing of a repository becomes markup in it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.reports import html_report
from keras_migrate.runner import RunResult

EVIL = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"
BEFORE = f"from keras.layers import Dense  # {EVIL}\nmodel.run()\n"
RESULT = FileResult(
    f"pkg/{EVIL}.py",
    BEFORE.encode(),
    BEFORE.replace("from keras", "from tensorflow.keras").encode(),
    (
        Finding("KM101", Level.REWRITTEN, "moved", "keras.layers", 1, 1, 1),
        Finding("KM105", Level.MANUAL, f"`run` is gone: {EVIL} & `x`", None, 2, 1, 2),
    ),
)
RUN = RunResult(Project(), results=(RESULT,), passed_over=3)


class Page(HTMLParser):
    """The tags of a page, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def data_of(page: Page) -> Any:
    return json.loads(page.scripts[0])


def test_nothing_of_a_repository_becomes_markup() -> None:
    page = Page(html_report.report(RUN))
    assert len(page.scripts) == 2
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    (file,) = data_of(page)["files"]
    assert EVIL in file["path"]
    assert EVIL in file["parts"][0]["hunks"][0][0]["old"][0]


def test_it_needs_no_network() -> None:
    text = html_report.report(RunResult(Project(), results=(FileResult("a.py", b"x\n", b"y\n"),)))
    page = Page(text)
    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if "src" in attrs]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|https?:", text)
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_it_says_what_needs_a_person_without_a_script() -> None:
    static = html_report.report(RUN).partition('<script type="application/json"')[0]
    assert "Needs a person" in static
    assert "<code>run</code> is gone: &lt;/script&gt;" in static


def test_every_finding_is_in_the_data_at_its_line() -> None:
    (file,) = data_of(Page(html_report.report(RUN)))["files"]
    (hunk,) = file["parts"][0]["hunks"]
    assert [(pair["numbers"], [found[0] for found in pair["findings"]]) for pair in hunk] == [
        ([1, 1], ["KM101"]),
        ([2, 2], ["KM105"]),
    ]
    assert file["levels"] == [0, 1, 0, 1]


def test_a_clean_run_says_so() -> None:
    assert "Nothing is left for a person" in html_report.report(RunResult(Project(), passed_over=2))
