"""A repository can neither make the tool run its code, nor write to the terminal, nor hang it.

That it cannot lead the tool out of its root is in ``test_faults.py``, and that names and code are text in the
HTML report is in ``tests/page``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import fake_engine
import pytest
from click.testing import CliRunner, Result

from keras_migrate import migrate_source, reading, runner
from keras_migrate.cli import main
from keras_migrate.cli.exit_codes import FAILED, NOTHING_LEFT
from keras_migrate.options import Options
from keras_migrate.reports.formats import FORMATS

OLD = "from keras.layers import Dense\n"
MAKES_MARK = "import os\nopen({mark!r}, 'a').close()\n"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that is there if any code of the repository was run."""
    return tmp_path / "mark"


@pytest.fixture
def repository(tmp_path: Path, mark: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository whose every module leaves a mark when it is run."""
    top = tmp_path / "repository"
    top.mkdir()
    monkeypatch.chdir(top)
    return top


def invoke(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


class TestCode:
    """Nothing of the repository is imported or executed."""

    TAKEN = (
        "click", "conftest", "fissix", "h5py", "jinja2", "keras", "libcst", "markdown_it", "multiprocessing",
        "packaging", "pathspec", "pickle", "rich", "rich_click", "ruamel", "setup", "sitecustomize",
        "tensorflow", "tomli", "usercustomize", "yaml",
    )  # fmt: skip
    COMMANDS = (
        ("migrate", "--write", "--quiet", "--jobs", "2", "--report", "report.html"),
        ("undo",),
        ("doctor", "."),
        ("models",),
    )

    def plant(self, mark: Path) -> None:
        code = "from keras.layers import Dense\n" + MAKES_MARK.format(mark=str(mark))
        for name in self.TAKEN:
            Path(f"{name}.py").write_text(code)
        (Path("pkg") / "keras_migrate").mkdir(parents=True)
        for path in ("pkg/__init__.py", "pkg/keras_migrate/__init__.py", "pkg/__main__.py"):
            Path(path).write_text(code)
        entry = Path("evil-1.0.dist-info")
        entry.mkdir()
        (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
        (entry / "entry_points.txt").write_text("[keras_migrate.transforms]\nevil = conftest:x\n")
        Path("pyproject.toml").write_text('[build-system]\nbuild-backend = "setup"\nbackend-path = ["."]\n')

    def run(self, program: list[str], mark: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        for command in self.COMMANDS:
            done = subprocess.run([*program, *command], env=environment, capture_output=True, text=True)
            assert done.returncode in (0, 1, 3, 4), (command, done.stderr)
            assert "Traceback" not in done.stderr
            assert not mark.exists(), command

    def test_of_the_folder_is_not_run_by_the_command(self, repository: Path, mark: Path) -> None:
        script = Path(sys.executable).with_name("keras-migrate")
        if not script.exists():
            pytest.skip("keras-migrate is not installed as a command")
        self.plant(mark)
        own = repository / "keras_migrate"
        own.mkdir()
        (own / "__init__.py").write_text(MAKES_MARK.format(mark=str(mark)))
        self.run([str(script)], mark)

    def test_of_the_folder_is_not_run_by_the_module(self, repository: Path, mark: Path) -> None:
        self.plant(mark)
        self.run([sys.executable, "-m", "keras_migrate"], mark)

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 always looks into the current folder")
    def test_of_the_folder_is_not_run_by_processes_that_are_started(
        self, repository: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.plant(mark)
        monkeypatch.setattr(runner, "_can_fork", lambda: False)
        result = runner.run([repository], Options(), jobs=2, migrate=fake_engine.rename)
        assert len(result.changed) == len(self.TAKEN) + 3
        assert not mark.exists()
        assert "PYTHONSAFEPATH" not in os.environ


@pytest.mark.skipif(os.name != "posix", reason="scripts of a shell")
class TestGit:
    """Git says whether files are committed, and a repository's configuration can make it run commands."""

    def git(self, *arguments: str) -> None:
        names = {
            f"GIT_{who}_{what}": "a@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **names})

    def plant(self, mark: Path) -> str:
        """A repository with a committed file; returns a command that leaves a mark."""
        script = mark.with_name("evil.sh")
        script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
        script.chmod(0o755)
        Path("a.py").write_text(OLD)
        Path("b.py").write_text(OLD)
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "All")
        return str(script)

    def assert_quiet(self, mark: Path) -> None:
        os.utime("a.py", (1, 1))  # makes git look into the file
        Path("b.py").write_text(OLD + "# mine\n")
        result = invoke("migrate", "--write", "--jobs", "1")
        assert result.exit_code == FAILED
        assert "1 file has changes that are not committed:\n  b.py\n" in result.stderr
        assert not mark.exists()

    def test_monitor(self, repository: Path, mark: Path) -> None:
        self.git("init", "-q")
        evil = self.plant(mark)
        self.git("config", "core.fsmonitor", evil)
        self.assert_quiet(mark)

    def test_hooks(self, repository: Path, mark: Path) -> None:
        evil = self.plant(mark)
        hooks = repository / "hooks"
        hooks.mkdir()
        for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
            (hooks / name).symlink_to(evil)
        self.git("config", "core.hooksPath", str(hooks))
        self.assert_quiet(mark)

    @pytest.mark.parametrize("kind", ["clean", "process"])
    @pytest.mark.parametrize("included", [False, True])
    def test_filters(self, repository: Path, mark: Path, kind: str, included: bool) -> None:
        evil = self.plant(mark)
        Path(".git/info/attributes").write_text("*.py filter=evil.one\n")
        if included:
            Path("more.cfg").write_text(f'[filter "evil.one"]\n{kind} = {evil}\nrequired = true\n')
            self.git("config", "include.path", "../more.cfg")
        else:
            self.git("config", f"filter.evil.one.{kind}", evil)
            self.git("config", "filter.evil.one.required", "true")
        self.assert_quiet(mark)

    def test_fetching_what_a_partial_clone_lacks(self, repository: Path, mark: Path) -> None:
        evil = self.plant(mark)
        for name, value in {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": str(repository),
            "remote.origin.promisor": "true",
            "remote.origin.uploadpack": evil,
        }.items():
            self.git("config", name, value)
        for path in Path(".git/objects").glob("??/*"):
            path.unlink()
        invoke("migrate", "--write", "--jobs", "1")
        assert not mark.exists()

    def test_control_characters_in_what_it_says_do_not_reach_the_terminal(
        self, repository: Path, mark: Path
    ) -> None:
        self.plant(mark)
        Path(".git/config").write_text("[core]\n\x1b]0;owned\x07 = = =\n")
        result = invoke("migrate", "--write", "--jobs", "1")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", result.stderr)


class TestData:
    def test_yaml_makes_no_objects(self, repository: Path, mark: Path) -> None:
        Path("model.yaml").write_text(
            f"class_name: Sequential\nconfig: !!python/object/apply:os.system ['touch {mark}']\n"
        )
        result = invoke("models", "model.yaml")
        assert result.exit_code == FAILED
        assert "could not determine a constructor" in result.stdout
        assert not mark.exists()

    @pytest.mark.timeout(60)
    def test_yaml_that_repeats_itself_without_end_is_refused(self, repository: Path) -> None:
        laughs = "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(12))
        Path("bomb.yaml").write_text(f"class_name: Sequential\na0: &a0 [x]\n{laughs}config: *a12\n")
        Path("round.yaml").write_text("class_name: Sequential\nconfig: &a [*a]\n")
        result = invoke("models")
        assert result.exit_code == FAILED
        assert result.stdout.count("too deep or too large for an architecture") == 2

    @pytest.mark.parametrize("depth", [500, 2_500, 100_000])
    def test_deep_json_is_a_finding(self, repository: Path, depth: int) -> None:
        nest = '{"config":' * depth + "1" + "}" * depth
        Path("model.json").write_text('{"class_name": "Sequential", "config": ' + nest + "}")
        assert invoke("models", "model.json").exit_code == FAILED

    @pytest.mark.parametrize("where", ["metadata", "outputs", "cells"])
    @pytest.mark.parametrize("depth", [500, 2_500, 100_000])
    def test_deep_notebooks_are_right_or_a_finding(self, where: str, depth: int) -> None:
        nest = "[" * depth + "]" * depth
        cell = '{"cell_type": "code", "source": "import keras", "outputs": ' + (
            nest if where == "outputs" else "[]"
        )
        cells = nest if where == "cells" else f"[{cell}}}]"
        data = f'{{"cells": {cells}, "metadata": {nest if where == "metadata" else "{}"}, "x": "keras"}}'
        result = migrate_source(data, path="a.ipynb")
        assert result.findings[0].rule in ("KM101", "KM905", "KM910")
        if result.changed:
            assert result.after.decode() == data.replace("import keras", "from tensorflow import keras")

    @pytest.mark.parametrize(
        "name",
        [
            "requirements.txt",
            "setup.py",
            "setup.cfg",
            "pyproject.toml",
            "environment.yml",
            "Pipfile.lock",
            "tox.ini",
        ],
    )
    @pytest.mark.timeout(60)
    def test_odd_dependency_files_cost_themselves_at_most(self, repository: Path, name: str) -> None:
        odd = (
            "[" * 100_000,
            "a=" + "{a=" * 10_000,
            " " * 5_000 + "keras",
            "keras" + "==" * 50_000,
            "x(" * 5_000,
        )
        for text in odd:
            Path(name).write_text(f"keras==2.2.4\n{text}\n")
            Path("a.py").write_text(OLD)
            result = invoke("migrate", "--dry-run", "--quiet", "--jobs", "1")
            assert result.exit_code in (1, 3, FAILED), result.output
            assert "KM999" not in result.stdout


NATIVE = "import keras\n\nmatch keras:\n    case " + "(" * 60 + "x" + ")" * 60 + ":\n        pass\n"
"""A line on which libcst's native parser tries out 2 to the power of 60 ways."""


@pytest.mark.skipif(not hasattr(__import__("signal"), "setitimer"), reason="no file can be given up here")
@pytest.mark.timeout(120)
class TestTime:
    MESSAGE = (
        "took longer than 0.5 s, and was left alone. Part its longest expression, give it more time with "
        "--time-limit, or leave it out with --exclude"
    )

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_of_a_file_is_limited(self, repository: Path, monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.endless)
        for name in ("a.py", "endless.py", "z.py"):
            Path(name).write_text(OLD)
        result = invoke("migrate", "--write", "--quiet", "--jobs", jobs, "--time-limit", "0.5")
        assert (result.exit_code, result.stdout) == (FAILED, f"endless.py:1:1 KM914 {self.MESSAGE}\n")
        assert {path.name for path in repository.glob("*.py") if "tensorflow" in path.read_text()} == {
            "a.py",
            "z.py",
        }

    @pytest.mark.skipif(
        sys.platform != "linux", reason="native code can be stopped where processes are forked"
    )
    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_of_native_code_is_limited(self, repository: Path, jobs: str) -> None:
        for name, code in {"a.py": OLD, "native.py": NATIVE, "z.py": OLD}.items():
            Path(name).write_text(code)
        program = [sys.executable, "-m", "keras_migrate", "migrate", "--write", "--quiet"]
        done = subprocess.run(
            [*program, "--jobs", jobs, "--time-limit", "0.5"], capture_output=True, text=True, timeout=100
        )
        assert (done.returncode, done.stdout) == (FAILED, f"native.py:1:1 KM914 {self.MESSAGE}\n"), (
            done.stderr
        )
        assert Path("native.py").read_text() == NATIVE
        assert "tensorflow" in Path("z.py").read_text()

    def test_of_looking_for_what_a_file_was_written_for_is_limited(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def look(*_: object) -> None:
            time.sleep(60)

        monkeypatch.setattr("keras_migrate.sources.Sources.look", look)
        Path("a.py").write_text(OLD)
        result = invoke("migrate", "--dry-run", "--quiet", "--jobs", "1", "--time-limit", "0.5")
        assert (result.exit_code, result.stdout) == (FAILED, f"a.py:1:1 KM914 {self.MESSAGE}\n")

    def test_has_to_be_more_than_none(self) -> None:
        assert invoke("migrate", "--time-limit", "0").exit_code == 2

    @pytest.mark.parametrize(
        "code",
        [
            "import keras\n" + "x = 1  # padding to the right\n" * 5_000,
            "import keras\n\nx = " + "'a' " * 100_000 + "\n",
            "import keras\n\nkeras.layers.Dense(" + "9" * 100_000 + ")\n",
            "import keras\n\nkeras.models.Sequential([keras.layers.Dense(9 ** 9 ** 9)] * 10 ** 10)\n",
            "import keras\n" + "`" * 10_001 + "\n",
            "import keras\nexcept " + "a" * 50_000 + ", b\n",
            "import keras\nx = 1" + " " * 100_000 + "\n",
            "import keras\n" + "\\\n" * 20_000 + "\n",
            "import keras\n\nm = keras.models.Sequential()\na0 = m\n"
            + "".join(f"a{i + 1} = a{i} if x else a{i}\n" for i in range(60))
            + "a60.fit_generator(g)\n",
        ],
        ids=["lines", "strings", "integer", "power", "ticks", "except", "spaces", "continued", "branches"],
    )
    def test_odd_code_takes_seconds(self, code: str) -> None:
        for python2 in ("report", "convert"):
            started = time.process_time()
            migrate_source(code, python2=python2)
            assert time.process_time() - started < 30  # a hundred times what it takes


EVIL = "[red]x[/red]\x1b]0;owned\x07\x1b[31m\r::error::%0A::set-env\u202e\x9b2J\u2028<script>"
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.skipif(os.name != "posix", reason="such names are for POSIX")
class TestTerminal:
    """No name and no code of a repository is obeyed by a terminal, by rich, by Markdown or by a CI."""

    @pytest.fixture(autouse=True)
    def plant(self, repository: Path) -> None:
        folder = Path(f"{EVIL.replace('/', '')}\n::error::owned")
        folder.mkdir()
        code = (
            f"from keras.layers import Dense, gone_{'x'}\nx = '''{EVIL}'''  # keras\nDense(init='{EVIL}')\n"
        )
        cells = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": []}]
        (folder / "a.py").write_text(code, newline="")
        (folder / f"{EVIL.replace('/', '')}.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
        (folder / "broken.py").write_text(f"import keras\n({EVIL}\n", newline="")
        (folder / "py2.py").write_text(f"import keras\nprint '{EVIL}'\n", newline="")
        (folder / "README.md").write_text(f"# {EVIL}\n\n```python\n{code}```\n", newline="")
        (folder / "requirements.txt").write_text(f"keras==2.2.4  # {EVIL}\n", newline="")
        (folder / "model.json").write_text(
            json.dumps({"class_name": EVIL, "config": {}, "keras_version": EVIL})
        )

    def assert_harmless(self, text: str) -> None:
        found = CONTROLS.search(text)
        assert found is None, text[max(0, found.start() - 80) : found.end() + 20]
        assert not any(line.startswith("::") for line in text.split("\n"))

    @pytest.mark.parametrize(
        "arguments",
        [
            ("migrate", "--dry-run"),
            ("migrate", "--dry-run", "--side-by-side", "--verbose"),
            ("migrate", "--dry-run", "--python2", "convert"),
            ("check",),
            ("check", "--format", "markdown"),
            ("models",),
            ("doctor", "."),
        ],
        ids=" ".join,
    )
    def test_is_not_told_to_do_anything(self, arguments: tuple[str, ...]) -> None:
        result = invoke(*arguments, *(("--jobs", "1") if arguments[0] in ("migrate", "check") else ()))
        assert result.stdout
        self.assert_harmless(result.stdout)
        self.assert_harmless(result.stderr)

    def test_markup_of_rich_is_text(self) -> None:
        assert "[red]x[/red]" in invoke("migrate", "--dry-run", "--jobs", "1").stdout

    def test_neither_when_writing_nor_when_undoing(self) -> None:
        for arguments in (
            ("migrate", "--write", "--diff"),
            ("undo", "--list"),
            ("undo",),
            ("undo", "--complete"),
        ):
            result = invoke(*arguments)
            assert result.stdout
            self.assert_harmless(result.stdout + result.stderr)

    def test_github_is_given_one_command_a_finding(self) -> None:
        lines = invoke("check", "--format", "github", "--jobs", "1").stdout.rstrip("\n").split("\n")
        findings = json.loads(invoke("check", "--format", "json", "--jobs", "1").stdout)["files"]
        assert len(lines) == sum(len(each["findings"]) for each in findings) > 5
        for line in lines:
            assert re.match(r"::(notice|warning|error) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::", line)
            assert "\r" not in line

    @pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("github", "text", "markdown")])
    def test_every_report_can_be_read(self, name: str) -> None:
        text = invoke("check", "--format", name, "--jobs", "1").stdout
        if name == "junit":
            ElementTree.fromstring(text)
        elif name != "html":
            json.loads(text)
            self.assert_harmless(text)


def test_hostile_journals_are_refused(repository: Path) -> None:
    Path("a.py").write_text(OLD)
    assert invoke("migrate", "--write", "--quiet", "--jobs", "1").exit_code == NOTHING_LEFT
    (index,) = Path(".keras-migrate/journal").glob("*/journal.json")
    good = json.loads(index.read_text())
    for change in (
        {"created": "\x1b]0;owned\x07"},
        {"created": 3},
        {"files": {"path": "a.py"}},
        {"files": [{"path": 3, "before": "", "after": ""}]},
        {"files": [{"path": "../a.py", "before": "", "after": ""}]},
        {"status": []},
        {"format": "x"},
    ):
        index.write_text(json.dumps({**good, **change}))
        assert invoke("undo").exit_code == FAILED, change
        assert invoke("undo", "--list").exit_code == NOTHING_LEFT
    index.write_text("[" * 100_000)
    assert invoke("undo").exit_code == FAILED
    index.unlink()
    os.mkfifo(index)
    assert "No run is recorded" in invoke("undo", "--list").stdout
    assert reading.LARGEST > 10_000_000
