"""What the README and the site show is what happens."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_pairs import ROOT

import keras_migrate
from keras_migrate import Configuration, migrate_source

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "site").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)(?: title=\"(.*?)\")?\n(.*?)^```$", re.M | re.S)


def blocks(page: Path, kind: str) -> list[str]:
    """The fenced blocks of a kind in a page."""
    return [text for found, _, text in BLOCK.findall(page.read_text(encoding="utf-8")) if found == kind]


def matches(shown: str, printed: str) -> bool:
    """Whether output is as shown, but for blanks that end lines; ``...`` stands for anything."""
    printed = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("..."))
    return re.fullmatch(pattern, printed, re.S) is not None


@pytest.mark.parametrize(
    "block", [pytest.param(text, id=page.stem) for page in PAGES for text in blocks(page, "console")]
)
def test_console(block: str, tmp_path: Path) -> None:
    """Each command prints what is shown below it, one after the other in one folder."""
    shutil.copytree(ROOT / "fixtures" / "projects" / "digits", tmp_path / "digits")
    shutil.copy(ROOT / "fixtures" / "notebooks" / "digits.before.ipynb", tmp_path / "digits.ipynb")
    (tmp_path / "saved").mkdir()
    for name in ("dense.h5", "function.h5"):
        shutil.copy(ROOT / "fixtures" / "models" / "keras-2.2.4" / name, tmp_path / "saved" / name)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
        if (shows := re.fullmatch(r"cat (\w+\.(?:py|rst|toml|txt))", command)) is not None:
            (tmp_path / shows[1]).write_text(shown)
        environment = {**os.environ, "PATH": path}
        shell = ["sh", "-c", command + " 2>&1"]
        done = subprocess.run(
            shell, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        assert matches(shown, done.stdout), f"$ {command}\n{done.stdout}"


def test_files() -> None:
    """What is shown under the name of a file of the example package is that file."""
    page = ROOT / "docs" / "site" / "writing-a-transform.md"
    shown = {name: text for _, name, text in BLOCK.findall(page.read_text(encoding="utf-8")) if name}
    files = (ROOT / "fixtures" / "plugins" / "acme_transforms").glob("*.*")
    assert shown == {path.name: path.read_text(encoding="utf-8") for path in files}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=page.stem)
        for page in PAGES
        for text in blocks(page, "toml")
        if "[build-system]" not in text and "[[repository]]" not in text
    ],
)
def test_configuration(text: str, tmp_path: Path) -> None:
    """What is shown as a configuration is understood, and says something."""
    name = "pyproject.toml" if "[tool.keras-migrate]" in text else "keras-migrate.toml"
    (tmp_path / name).write_text(text)
    found = Configuration.of([tmp_path])
    assert found.file == str(tmp_path / name)
    assert found != Configuration(found.file)


def test_the_first_page() -> None:
    """The code on the site's first page becomes what stands below it."""
    before, after = blocks(ROOT / "docs" / "site" / "index.md", "python")
    assert migrate_source(before).after.decode() == after


API = (ROOT / "docs" / "site" / "python-api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "shown"), re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", API, re.M | re.S)
)
def test_python_api(code: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example from Python prints what is shown below it."""
    shutil.copytree(ROOT / "fixtures" / "projects" / "digits", tmp_path / "digits")
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "python-api.md", "exec"), {"__name__": "__main__"})
    assert printed.getvalue() == shown


def test_the_python_api_is_shown_whole() -> None:
    """Every example has its output, and every public name but those that only annotate is on the page."""
    assert API.count("```python\n") == API.count("```text\n") == 4
    for name in set(keras_migrate.__all__) - {"__version__"}:
        assert re.search(rf"\b{name}\b", API), name


@pytest.mark.parametrize(
    "code", [pytest.param(text, id=page.stem) for page in PAGES[1:] for text in blocks(page, "python")]
)
def test_code_is_python(code: str) -> None:
    """Code for Python on the site can be read as such."""
    compile(code, "page", "exec")
