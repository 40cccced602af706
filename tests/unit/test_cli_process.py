"""The command as the shell runs it: terminals, pipes and the time it takes to start."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_migrate.writer import JOURNAL_FOLDER

OLD = "from keras.layers import Dense\n"
NEW = "from tensorflow.keras.layers import Dense\n"
COMMAND = [sys.executable, "-m", "keras_migrate"]
ENVIRONMENT = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
ENVIRONMENT.pop("NO_COLOR", None)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one file."""
    (tmp_path / "train.py").write_text(OLD)
    return tmp_path


def run(folder: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        **settings,
    )


class TestWithoutATerminal:
    def test_it_is_a_dry_run_that_asks_nothing(self, project: Path) -> None:
        done = run(project, "migrate")
        assert done.returncode == 1
        assert "[y/N]" not in done.stdout
        assert "\x1b" not in done.stdout
        assert done.stderr == ""
        assert (project / "train.py").read_text() == OLD

    def test_write_writes(self, project: Path) -> None:
        assert run(project, "migrate", "--write").returncode == 0
        assert (project / "train.py").read_text() == NEW
        assert run(project, "migrate", "--write").stdout.startswith("1 file looked at, 0 changed")

    def test_a_pipe_that_closes_early_leaves_no_traceback_and_the_right_exit_code(
        self, tmp_path: Path
    ) -> None:
        for number in range(100):
            (tmp_path / f"m{number}.py").write_text(OLD + "x = 1\n" * 30)
        command = [*COMMAND, "migrate", "--diff", "--write", "."]
        with subprocess.Popen(
            command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            errors = process.stderr.read()
        assert errors == ""
        assert process.returncode == 0
        assert (tmp_path / "m99.py").read_text() == NEW + "x = 1\n" * 30

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_any_output_encoding_will_do(self, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "train.py").write_text(OLD + "x = '漢字'\n", encoding="utf-8")
        environment = {**ENVIRONMENT, "PYTHONIOENCODING": encoding}
        done = subprocess.run(
            [*COMMAND, "migrate"], cwd=tmp_path, env=environment, capture_output=True, timeout=60
        )
        assert done.returncode == 1, done.stderr
        assert "tensorflow" in done.stdout.decode(encoding)

    def test_code_is_filtered_through_standard_input(self, project: Path) -> None:
        with open(project / "train.py", "rb") as code:
            done = subprocess.run(
                [*COMMAND, "migrate", "-"],
                cwd=project,
                stdin=code,
                env=ENVIRONMENT,
                capture_output=True,
                timeout=60,
                check=True,
            )
        assert done.stdout.decode() == NEW
        assert done.stderr == b""

    @pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
    def test_an_interrupt_stops_it_without_a_traceback(self, tmp_path: Path) -> None:
        for number in range(400):
            (tmp_path / f"m{number}.py").write_text(OLD + "x = [f(i) for i in range(10)]\n" * 400)
        with subprocess.Popen(
            [*COMMAND, "migrate", "--write", "--jobs", "2"],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as process:
            time.sleep(1.5)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the run
            out, errors = process.communicate(timeout=30)
        assert process.returncode == 130, (out, errors)
        assert errors == "\nStopped. Nothing was written.\n"
        assert {path.read_text().splitlines()[0] for path in tmp_path.glob("*.py")} == {OLD.strip()}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
class TestOnATerminal:
    def talk(
        self,
        folder: Path,
        *arguments: str,
        answer: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        """Runs the command on a terminal, answers its question, and returns exit code and screen."""
        import pty

        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env=environment or ENVIRONMENT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )
        os.close(theirs)
        screen = b""
        deadline = time.monotonic() + 60
        again = deadline
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
                if answer is not None and b"[y/N]" in screen:
                    os.write(ours, answer.encode())
                    # Python loses an interrupt that comes while an object is being finalised: press again
                    again = time.monotonic() + 5 if answer == "\x03" else deadline
                    answer = None
                elif time.monotonic() > again:
                    os.write(ours, b"\x03")
                    again += 5
            return process.wait(10), screen.decode("utf-8", "replace")
        finally:
            process.kill()
            process.wait()
            os.close(ours)

    def test_it_shows_the_changes_and_asks_and_writes_on_yes(self, project: Path) -> None:
        code, screen = self.talk(project, "migrate", answer="y\n")
        assert (
            screen.index("+ ") < screen.index("KM101") < screen.index("Write these changes to 1 file? [y/N]")
        )
        assert "1 file written." in screen
        assert (code, (project / "train.py").read_text()) == (0, NEW)

    def test_the_question_names_changes_that_are_not_committed(self, project: Path) -> None:
        subprocess.run(["git", "init", "-q"], cwd=project, check=True)
        (project / "other.py").write_text(OLD)
        _, screen = self.talk(project, "migrate", answer="n\n")
        question = "Write these changes to 2 files, 2 of which have changes that are not committed"
        assert question in " ".join(screen.split())
        assert "(other.py, train.py)? [y/N]" in " ".join(screen.split())
        code, screen = self.talk(project, "migrate", "--allow-dirty", answer="y\n")
        assert "Write these changes to 2 files? [y/N]" in screen
        assert (code, (project / "train.py").read_text()) == (0, NEW)

    @pytest.mark.parametrize("answer", ["n\n", "\n", "\x04", "\x03"])
    def test_anything_but_yes_writes_nothing(self, project: Path, answer: str) -> None:
        code, screen = self.talk(project, "migrate", answer=answer)
        assert (code, (project / "train.py").read_text()) == (1, OLD)
        assert not (project / JOURNAL_FOLDER).exists()
        assert "Traceback" not in screen

    @pytest.mark.parametrize(("option", "code", "text"), [("--dry-run", 1, OLD), ("--write", 0, NEW)])
    def test_it_does_not_ask_when_it_was_told(self, project: Path, option: str, code: int, text: str) -> None:
        returned, screen = self.talk(project, "migrate", option)
        assert "[y/N]" not in screen
        assert (returned, (project / "train.py").read_text()) == (code, text)

    def test_it_does_not_ask_when_there_is_nothing_to_write(self, project: Path) -> None:
        (project / "train.py").write_text(NEW)
        code, screen = self.talk(project, "migrate")
        assert code == 0
        assert "[y/N]" not in screen

    def test_it_does_not_ask_when_its_output_is_piped(self, project: Path) -> None:
        done = run(project, "migrate")
        assert "[y/N]" not in done.stdout

    def test_colors_unless_told_otherwise(self, project: Path) -> None:
        color = re.compile(r"\x1b\[[0-9;]*[34]8;")
        assert color.search(self.talk(project, "migrate", "--dry-run")[1])
        assert not color.search(self.talk(project, "migrate", "--dry-run", "--color", "never")[1])
        silent = {**ENVIRONMENT, "NO_COLOR": "1"}
        assert not color.search(self.talk(project, "migrate", "--dry-run", environment=silent)[1])

    def test_a_narrow_one_is_not_overrun(self, project: Path) -> None:
        narrow = {**ENVIRONMENT, "COLUMNS": "40"}
        _, screen = self.talk(project, "migrate", "--dry-run", "--color", "never", environment=narrow)
        diff = screen.replace("\r\n", "\n").partition("\n rule")[0].splitlines()
        assert max(map(len, diff)) <= 40

    def test_a_long_run_shows_a_bar_that_vanishes(self, tmp_path: Path) -> None:
        for number in range(60):
            (tmp_path / f"m{number}.py").write_text(OLD + "x = [f(i) for i in range(10)]\n" * 300)
        _, screen = self.talk(tmp_path, "migrate", "--dry-run", "--no-diff", "--jobs", "1")
        assert "Migrating" in screen
        assert screen.rindex("\x1b[2K") > screen.rindex("Migrating")  # the line is erased

    def test_the_help_page_is_styled(self, project: Path) -> None:
        code, screen = self.talk(project, "migrate", "--help")
        assert code == 0
        assert "─ Options ─" in unstyled(screen)
        assert "--dry-run" in unstyled(screen)
        assert "─ Commands ─" in unstyled(self.talk(project, "--help")[1])


class TestStart:
    @pytest.mark.parametrize(
        "arguments",
        [("--version",), ("--help",), ("migrate", "--help"), ("check", "--help"), ("undo", "--help")],
    )
    def test_imports_nothing_heavy(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        command = [sys.executable, "-X", "importtime", "-m", "keras_migrate", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
        imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
        assert "click" in imported
        assert not imported & {"libcst", "rich", "rich_click", "pathspec", "concurrent.futures", "json"}

    def test_a_run_without_keras_does_not_load_the_engine(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("import os\n")
        command = [sys.executable, "-X", "importtime", "-m", "keras_migrate", "migrate"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
        imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
        assert "libcst" not in imported


def heed_interrupts() -> None:
    """Makes ^C on standard input interrupt this process, whatever its parent does about interrupts."""
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def unstyled(screen: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", screen)
