"""The HTML report in a real Chromium: it loads without a word, filters, opens files, and stays quick."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keras_migrate import migrate_paths
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.reports import html_report
from keras_migrate.runner import RunResult

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: nox -s page")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("needs Chromium on the path", allow_module_level=True)

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
CODE = "from keras.layers import Dense\nx = 1\ny = 2\nz = 3\nDense(3)\n"


def run(count: int) -> RunResult:
    """A run with so many changed files, one of them hostile, one that needs a person."""
    results = []
    for number in range(count):
        code = CODE + (f"print('{EVIL}')  # keras\n" if number == 1 else "")
        found = [Finding("KM101", Level.REWRITTEN, "`keras` moved", "keras.layers", 1, 1, 1)]
        if number == 2:
            found.append(Finding("KM105", Level.MANUAL, f"gone: {EVIL}", None, 5, 1, 5))
        name = EVIL.replace("/", "") if number == 1 else f"module_{number}"
        new = code.replace("keras", "tensorflow.keras")
        results.append(FileResult(f"pkg{number % 7}/{name}.py", code.encode(), new.encode(), tuple(found)))
    return RunResult(Project(), results=tuple(results), seconds=1.0)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


class Opened:
    """A report in a tab, and all that the tab complained of or asked a network for."""

    def __init__(self, browser: Any, folder: Path, shown: RunResult) -> None:
        path = folder / "report.html"
        path.write_text(html_report.report(shown), encoding="utf-8")
        self.page = browser.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def shown(self) -> int:
        count = self.page.locator(".file:not([hidden])").count()
        assert isinstance(count, int)
        return count


@pytest.fixture
def small(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(browser, tmp_path, run(20))
    yield opened
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert len(opened.requests) == 1
    opened.page.close()


def test_opens_a_file_side_by_side(small: Opened) -> None:
    file = small.page.locator(".file", has_text="module_3.py")
    file.locator("summary").click()
    cells = file.locator(".diff tr").first.locator("td").all_inner_texts()
    assert cells == ["1", "from keras.layers import Dense", "1", "from tensorflow.keras.layers import Dense"]
    assert file.locator("mark").all_inner_texts() == ["tensorflow."]


def test_filters_by_text_level_rule_and_folder(small: Opened) -> None:
    page = small.page
    assert small.shown() == 20
    page.locator("#search").fill("module_1")
    sync_api.expect(page.locator(".file:not([hidden])")).to_have_count(10)
    page.keyboard.press("Escape")
    assert small.shown() == 20
    page.locator("[data-level=manual]").click()
    assert small.shown() == 1
    page.keyboard.press("Escape")
    page.locator(".bar", has_text="KM105").click()
    assert small.shown() == 1
    page.keyboard.press("Escape")
    page.locator(".bar", has_text="pkg0").click()
    assert small.shown() == 3


def test_a_place_that_needs_a_person_leads_to_its_file(small: Opened) -> None:
    small.page.locator(".people.manual a").first.click()
    file = small.page.locator(".file[open]")
    assert "module_2.py" in file.locator(".path").inner_text()
    assert "KM105" in file.inner_text()


def test_goes_by_keyboard(small: Opened) -> None:
    for _ in range(3):
        small.page.keyboard.press("j")
    small.page.keyboard.press("k")
    small.page.keyboard.press("Enter")
    assert small.page.locator(".file").nth(1).get_attribute("open") is not None
    small.page.keyboard.press("/")
    assert small.page.evaluate("document.activeElement.id") == "search"


def test_hostile_names_and_code_are_text(small: Opened) -> None:
    small.page.locator("#all").click()
    sync_api.expect(small.page.locator(".diff")).to_have_count(20, timeout=20_000)
    assert small.page.locator("img").count() == 0
    assert small.page.title() != "owned"
    assert EVIL in small.page.locator(".people.manual").inner_text()


def test_a_hostile_repository_is_text(browser: Any, tmp_path: Path) -> None:
    """All of it through the tool itself: names of folders and files, code, notebooks, documents, pins."""
    inside = EVIL.replace("/", "")
    folder = tmp_path / "repository" / f"{inside}</script>".replace("/", "") / "{{ 7 * 7 }}"
    folder.mkdir(parents=True)
    string = json.dumps(f"</script>{EVIL}<!--{{{{ 7 * 7 }}}}")
    code = f"from keras.layers import Dense, Gone  # {EVIL}\nx = {string}\nDense(3, init={string})\n"
    cells = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": []}]
    (folder / f"{inside}.py").write_text(code)
    (folder / f"{inside}.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
    (folder / "broken.py").write_text(f"import keras\n({EVIL}\n")
    (folder / "README.md").write_text(f"# Keras {EVIL}\n\n```python\n{code}```\n")
    (folder / "requirements.txt").write_text(f"keras==2.2.4 # {EVIL}\n")
    opened = Opened(browser, tmp_path, migrate_paths([tmp_path / "repository"], jobs=1))
    opened.page.locator("#all").click()
    assert opened.shown() >= 4
    assert opened.page.locator("img").count() == 0
    assert opened.page.locator("script").count() == 2  # the data and the page's own
    assert opened.page.title() != "owned"
    text = opened.page.locator("body").inner_text()
    assert "{{ 7 * 7 }}" in text
    assert "onerror" in text
    assert opened.complaints == []
    opened.page.close()


def test_two_thousand_files_stay_usable(browser: Any, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, run(2000))
    page = opened.page
    page.locator("#search").fill("module_1999")
    sync_api.expect(page.locator(".file:not([hidden])")).to_have_count(1, timeout=20_000)
    page.keyboard.press("Escape")
    assert opened.shown() == 2000
    assert page.evaluate("document.querySelectorAll('*').length") < 20_000  # diffs are made when opened
    assert opened.complaints == []


def test_prints(small: Opened) -> None:
    small.page.locator(".file summary").first.click()
    assert len(small.page.pdf()) > 10_000
