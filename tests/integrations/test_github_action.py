"""The GitHub Action: its steps, run as GitHub's runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixture_pairs import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
INPUT = re.compile(r"\$\{\{ inputs\.(\w+) \}\}")


def test_structure() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert ACTION["name"]
    assert ACTION["description"]
    assert all(step["shell"] == "bash" and step["run"] and step["name"] for step in STEPS)
    assert all(each["description"] and "default" in each for each in ACTION["inputs"].values())


def test_every_input_is_used_and_none_is_pasted_into_a_script() -> None:
    used = [INPUT.fullmatch(value) for step in STEPS for value in step["env"].values()]
    assert {match[1] for match in used if match} == set(ACTION["inputs"])
    assert not any("${{" in step["run"] for step in STEPS)
    for step in STEPS:
        assert all(f"${name}" in step["run"] for name in step["env"])


def check(**given: str) -> subprocess.CompletedProcess[str]:
    """Runs the step that checks, as the runner would with these inputs, with the tool that is installed."""
    inputs = {name: each["default"] for name, each in ACTION["inputs"].items()} | given
    step = STEPS[-1]
    passed = {name: INPUT.sub(lambda match: inputs[match[1]], value) for name, value in step["env"].items()}
    tool = str(Path(sys.executable).with_name("keras-migrate"))
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={**os.environ, **passed, "KERAS_MIGRATE": tool},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
class TestCheck:
    @pytest.fixture(autouse=True)
    def checkout(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copytree(ROOT / "fixtures" / "projects" / "digits", tmp_path / "digits")
        (tmp_path / ".git").mkdir()
        monkeypatch.chdir(tmp_path)

    def test_notes_findings_at_their_lines_and_passes_its_inputs_on(self, tmp_path: Path) -> None:
        Path("a b; touch c").mkdir()
        Path("a b; touch c/x.py").write_text("from keras import layers\n")
        done = check(paths="a b; touch c\ndigits/train.py\n", target="2.15", source="2.2", sarif="out.sarif")
        assert done.returncode == 1
        assert "::warning file=a b; touch c/x.py,line=1,col=1,title=KM101 moved-import::" in done.stdout
        assert "file=digits/train.py" in done.stdout
        assert "digits/model.py" not in done.stdout
        (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
        assert run["properties"]["target"] == "2.15"
        assert not (tmp_path / "c").exists()

    def test_succeeds_where_nothing_is_left(self) -> None:
        shutil.rmtree("digits")
        Path("x.py").write_text("import os\n")
        done = check()
        assert (done.returncode, done.stdout) == (0, "")
