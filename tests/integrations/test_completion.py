"""Completion in the shells: what their scripts ask for, what they get, and the scripts themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_pairs import ROOT

from keras_migrate.source import KNOWN_SOURCES
from keras_migrate.target import KNOWN_RELEASES

PAGE = (ROOT / "docs" / "site" / "shell.md").read_text(encoding="utf-8")
LINES = dict(re.findall(r"^\| (bash|zsh|fish)[^|]*\|[^|]*\| `(.*)` \|$", PAGE, re.M))
"""The line that the page tells the users of each shell to write."""


ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
"""An environment in which ``keras-migrate`` is the one that is tested."""


def ask(shell: str, *words: str) -> list[str]:
    """What the command answers the script of a shell; the last word is to be completed."""
    last = words[-1] if shell == "fish" else str(len(words))
    asked = {
        **ENVIRONMENT,
        "_KERAS_MIGRATE_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(["keras-migrate", *words]),
        "COMP_CWORD": last,
    }
    done = subprocess.run(["keras-migrate"], env=asked, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="the command is a script for sh")
class TestWhatIsOffered:
    @pytest.mark.parametrize(
        ("words", "offered"),
        [
            (("mi",), ["migrate"]),
            (("migrate", "--target", "2.1"), [each for each in KNOWN_RELEASES if each.startswith("2.1")]),
            (("explain", "--target", "2.21"), ["2.21", "2.21+legacy"]),
            (("check", "--source", ""), list(KNOWN_SOURCES)),
            (("migrate", "--defaults", ""), ["pin", "adopt"]),
            (
                (
                    "migrate",
                    "--import-s",
                ),
                ["--import-style"],
            ),
            (("explain", "km40"), [f"KM40{number}" for number in range(1, 10)]),
            (("rules", "KM999"), ["KM999"]),
            (("check", "--ignore", "KM101,KM999"), ["KM101,KM999"]),
        ],
    )
    def test_words(self, words: tuple[str, ...], offered: list[str]) -> None:
        found = [line.removeprefix("plain,") for line in ask("bash", *words)]
        assert found[: len(offered)] == offered
        assert all(each.lower().startswith(words[-1].lower()) for each in found)

    def test_paths_are_left_to_the_shell(self) -> None:
        for words in (
            ("migrate", "src"),
            ("check", "--config", "ci"),
            ("doctor", "--python", ".venv"),
            ("migrate", "--report", "x"),
        ):
            assert ask("bash", *words) == [f"file,{words[-1]}"]

    def test_rules_are_explained_where_the_shell_shows_it(self) -> None:
        summary = "Import from `tensorflow.keras` what was imported from `keras`."
        assert ask("fish", "explain", "KM101") == [f"plain,KM101\t{summary}"]
        assert ask("zsh", "explain", "KM101") == ["plain", "KM101", summary]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_of_the_page(shell: str) -> None:
    """The line makes the shell know the completion; bash completes with it."""
    path = shutil.which(shell)
    line = LINES[shell].replace("\\|", "|")
    if path is None:  # what the line has the shell read is there at least
        variable = re.search(r"(\w+)=(\w+) keras-migrate", line)
        assert variable is not None
        asked = {**ENVIRONMENT, variable[1]: variable[2]}
        done = subprocess.run(["keras-migrate"], env=asked, capture_output=True, text=True, check=True)
        assert f"_KERAS_MIGRATE_COMPLETE={shell}_complete" in done.stdout
        pytest.skip(f"no {shell} here: only what it would read was looked at")
    scripts = {
        "bash": f"{line}\ncomplete -p keras-migrate\n"
        "COMP_WORDS=(keras-migrate migrate --target 2.20) COMP_CWORD=3\n"
        '_keras_migrate_completion keras-migrate\nprintf "%s\\n" "${COMPREPLY[@]}"\n',
        "zsh": f"autoload -Uz compinit && compinit -u\n{line}\nprint $_comps[keras-migrate]\n",
        "fish": f'{line}\ncomplete -C "keras-migrate migrate --target 2.20"\n',
    }
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}
    command = [path, *options[shell], "-c", scripts[shell]]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if shell == "zsh":
        assert "_keras_migrate_completion" in done.stdout
    else:
        assert done.stdout.split()[-2:] == ["2.20", "2.20+legacy"]
