"""``migrate --interactive``: keys, what they do, and what is written."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fixture_pairs import ROOT

from keras_migrate.cli import interactive, main

TRAIN = """\
import keras
from keras.layers import Dense

model = keras.models.Sequential([Dense(3, input_shape=(2,))])
model.compile(keras.optimizers.SGD(lr=0.1), 'mse')
keras.layers.Merge([1])
"""
OTHER = "from keras.optimizers import Adam\n\nprint(Adam(lr=0.1))\n"
MIGRATED_OTHER = "from tensorflow.keras.optimizers import Adam\n\nprint(Adam(learning_rate=0.1))\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a person at the keyboard."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(interactive, "is_possible", lambda: True)
    return tmp_path


def walk(keys: str, *arguments: str) -> Result:
    command = ["migrate", "-i", "--target", "2.21", "--source", "2.2", "--jobs", "1", *arguments]
    result = CliRunner().invoke(main, command, input=keys)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def files(folder: Path) -> dict[str, bytes]:
    found = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in found
        if ".keras-migrate" not in each.parts
    }


class TestWholeProject:
    @pytest.fixture
    def reviews(self, folder: Path) -> Path:
        shutil.copytree(ROOT / "fixtures" / "projects" / "reviews", folder / "reviews")
        return folder / "reviews"

    def test_yes_to_all_is_what_write_does(self, reviews: Path, folder: Path) -> None:
        shutil.copytree(reviews, folder / "plain")
        assert walk("y" * 60 + "\n", "reviews", "--write").exit_code == 3
        result = CliRunner().invoke(
            main, ["migrate", "plain", "--write", "--target", "2.21", "--source", "2.2", "--jobs", "1"]
        )
        assert result.exit_code == 3
        assert files(reviews) == files(folder / "plain")
        assert files(reviews) != files(ROOT / "fixtures" / "projects" / "reviews")

    def test_no_to_all_changes_nothing(self, reviews: Path) -> None:
        result = walk("n" * 80, "reviews")
        assert files(reviews) == files(ROOT / "fixtures" / "projects" / "reviews")
        assert ", 0 would change" in result.output

    def test_undo(self, reviews: Path) -> None:
        walk("y" * 60 + "\n", "reviews", "--write")
        assert CliRunner().invoke(main, ["undo", "reviews"]).exit_code == 0
        assert files(reviews) == files(ROOT / "fixtures" / "projects" / "reviews")


class TestKeys:
    def test_yes_and_no(self, folder: Path) -> None:
        """An import stays, so its uses do; the other one moves. Keys that mean nothing are passed over."""
        (folder / "train.py").write_text(TRAIN)
        result = walk("x1n yn\ny\n")
        assert result.exit_code == 3
        assert (folder / "train.py").read_text() == TRAIN.replace(
            "keras.layers import", "tensorflow.keras.layers import"
        )
        assert "1 file written" in result.output

    def test_reason_rule_and_diff_of_one_change(self, folder: Path) -> None:
        (folder / "other.py").write_text(OTHER)
        first, second, *_ = walk("yy\n").output.split("Make this change")
        assert (
            "KM101 moved-import\n  `keras.optimizers` is `tensorflow.keras.optimizers`.\n  Standalone"
            in first
        )
        assert "learning_rate" not in first
        assert "`lr` is `learning_rate` now." in second
        assert "+ from tensorflow" not in second
        assert second.startswith(" (1 of 2) [y,n,a,r,s,e,q,?]? yes\n")

    def test_all_of_the_file(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        (folder / "b.py").write_text(OTHER)
        result = walk("an\ny\n")
        assert (folder / "a.py").read_text() == MIGRATED_OTHER
        assert (folder / "b.py").read_text() == OTHER
        assert result.output.count("Make this change") == 2

    def test_all_of_the_rule(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        (folder / "b.py").write_text(OTHER)
        walk("rnn\n\n")
        assert (folder / "a.py").read_text() == MIGRATED_OTHER.replace("learning_rate", "lr")
        assert (folder / "b.py").read_text() == MIGRATED_OTHER.replace("learning_rate", "lr")

    def test_skip(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        (folder / "b.py").write_text(OTHER)
        walk("ysyy\n")
        assert (folder / "a.py").read_text() == OTHER
        assert (folder / "b.py").read_text() == MIGRATED_OTHER

    @pytest.mark.parametrize("answer", ["\n", "n\n", ""])
    def test_quit_writes_nothing_unless_asked(self, folder: Path, answer: str) -> None:
        (folder / "a.py").write_text(OTHER)
        (folder / "b.py").write_text(OTHER)
        for more in ((), ("--write",)):
            result = walk(f"yq\n{answer}", *more)
            assert files(folder) == {"a.py": OTHER.encode(), "b.py": OTHER.encode()}
            assert "Nothing was written" in result.output

    def test_quit_writes_what_was_decided_if_asked(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        (folder / "b.py").write_text(OTHER)
        walk("yqn\ny\n")
        assert (folder / "a.py").read_text() == MIGRATED_OTHER.replace("learning_rate", "lr")
        assert (folder / "b.py").read_text() == OTHER

    def test_end_of_input_is_quit(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        assert walk("").exit_code == 1
        assert (folder / "a.py").read_text() == OTHER

    def test_help(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        output = walk("?yy\n").output
        assert "leave it out, and what hangs on it" in output
        assert output.count("Standalone Keras ended with 2.3.1.") == 2

    def test_what_needs_a_person_is_shown(self, folder: Path) -> None:
        (folder / "a.py").write_text("from tensorflow import keras\n\nkeras.layers.Merge([1])\n")
        result = walk("\n")
        assert "KM105 removed-symbol manual: `keras.layers.Merge`" in " ".join(result.output.split())
        assert "[n,e,s,q,?]? next" in result.output
        assert result.exit_code == 3


class TestEditing:
    @pytest.fixture
    def editor(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """An editor that puts its own lines in the place of some."""
        script = folder.parent / "editor.py"
        script.write_text(
            "import pathlib, sys\n"
            "file = pathlib.Path(sys.argv[1])\n"
            "text = file.read_text()\n"
            f"pathlib.Path({str(folder.parent / 'seen')!r}).write_text(text)\n"
            f"exec(pathlib.Path({str(folder.parent / 'does')!r}).read_text())\n"
        )
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
        monkeypatch.delenv("VISUAL", raising=False)
        return folder.parent / "does"

    def test_new_lines(self, folder: Path, editor: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        editor.write_text("file.write_text(text.replace('learning_rate=0.1', '1e-3'))\n")
        walk("ye\n")
        assert (folder / "a.py").read_text() == MIGRATED_OTHER.replace("learning_rate=0.1", "1e-3")
        assert (folder.parent / "seen").read_text() == (
            "# ---- a.py, line 3: the new lines stand below\nprint(Adam(learning_rate=0.1))\n"
        )

    def test_no_python_is_said(self, folder: Path, editor: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        editor.write_text("file.write_text(text + '(')\n")
        result = walk("yen\nn\nn\n")
        assert "That cannot be taken: '(' was never closed" in result.output
        assert (folder / "a.py").read_text() == OTHER

    def test_places_that_cannot_be_told(self, folder: Path, editor: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        editor.write_text("file.write_text('x = 3')\n")
        assert "have to stay" in walk("yen\nn\nn\n").output

    def test_nothing_edited(self, folder: Path, editor: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        editor.write_text("")
        assert "Nothing was edited." in walk("yeyy\n").output
        assert (folder / "a.py").read_text() == MIGRATED_OTHER

    def test_no_editor(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "a.py").write_text(OTHER)
        monkeypatch.setenv("VISUAL", "/no/such/editor")
        assert "environment variable EDITOR" in " ".join(walk("eyy\n").output.split())


class TestRemembering:
    def test_if_asked(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        result = walk("yny\ny\n")
        assert "Add comments that ignore the place you left out? [y/N]" in result.output
        assert (folder / "a.py").read_text() == (
            "from tensorflow.keras.optimizers import Adam\n\n"
            "print(Adam(lr=0.1))  # keras-migrate: ignore[KM201]\n"
        )

    def test_option(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        walk("nn", "--remember", "--write")
        assert (folder / "a.py").read_text() == OTHER.replace(
            "import Adam\n", "import Adam  # keras-migrate: ignore[KM101]\n"
        )
        again = walk("n")
        assert again.output.count("Make this change") == 0

    def test_not_unless_asked(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        walk("nn\n")
        assert (folder / "a.py").read_text() == OTHER


class TestUsage:
    @pytest.mark.parametrize("other", [["--dry-run"], ["--quiet"]])
    def test_contradictions(self, other: list[str]) -> None:
        result = walk("", *other)
        assert result.exit_code == 2
        assert f"--interactive and {other[0]} contradict each other" in result.output

    def test_remember_alone(self) -> None:
        result = CliRunner().invoke(main, ["migrate", "--remember"])
        assert result.exit_code == 2
        assert "--interactive" in result.output

    def test_without_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        result = walk("y")
        assert result.exit_code == 2
        assert "--interactive asks at a terminal, and there is none here" in result.output

    def test_nothing_to_ask(self, folder: Path) -> None:
        (folder / "a.py").write_text("import os\n")
        assert walk("").exit_code == 0


def typed(folder: Path, keys: str, *arguments: str, columns: int = 100) -> tuple[int, str]:
    """What a real terminal shows where keys are pressed one after another, each when it is asked for."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "PAGER": "cat"}
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_migrate", "migrate", "-i", "--target", "2.21", *arguments],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    screen, asked, pending, pressed, at = b"", 0, list(keys), b"", 0.0
    deadline = time.monotonic() + 90
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    part = os.read(ours, 65536)
                except OSError:  # the other side is closed
                    break
                if not part:
                    break
                screen += part
            questions = len(re.findall(rb"\]\? |/N\]: |/n\]: ", screen))
            if questions > asked and pending:
                asked, pressed = questions, pending.pop(0).encode()
            elif not pressed or time.monotonic() < at + 2:
                continue
            os.write(ours, pressed)  # again where it came before the terminal was asked for a key
            at = time.monotonic()
        return process.wait(20), screen.decode("utf-8", "replace")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
class TestTerminal:
    def test_single_keys(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        code, screen = typed(folder, "?yn\r\r", "a.py")
        assert code == 3, screen
        assert (folder / "a.py").read_text() == MIGRATED_OTHER.replace("learning_rate", "lr")
        assert "\x1b[" in screen

    def test_narrow(self, folder: Path) -> None:
        """Every line fits, and the question stands by itself."""
        (folder / "a.py").write_text(OTHER)
        _, screen = typed(folder, "yy\r", "a.py", columns=50)
        lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen).replace("\r", "\n").split("\n")
        shown = lines[next(at for at, line in enumerate(lines) if "a.py" in line) :]
        questions = [at for at, line in enumerate(shown) if line.startswith("Make this change")]
        assert questions
        assert all(len(line) <= 50 for line in shown[: questions[-1] + 1])

    def test_interrupt(self, folder: Path) -> None:
        (folder / "a.py").write_text(OTHER)
        code, screen = typed(folder, "y\x03", "a.py")
        assert code == 130
        assert "Nothing was written." in screen
        assert (folder / "a.py").read_text() == OTHER
