"""Transforms of other packages, installed and run as their users do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_pairs import ROOT

ACME = ROOT / "fixtures" / "plugins" / "acme_transforms"
OLD = (ACME / "datasets.before.py").read_text()
NEW = (ACME / "datasets.after.py").read_text()


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the example package is installed."""
    source = shutil.copytree(ACME, tmp_path_factory.mktemp("source") / "acme")
    installed = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(installed), str(source)], check=True, timeout=120)
    return installed


def package(folder: Path, name: str, code: str, value: str = "") -> Path:
    """A package of one module as an installer would leave it in a folder."""
    folder.mkdir(exist_ok=True)
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(code)
    metadata = folder / f"{module}-0.3.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.3\n")
    entry_point = f"[keras_migrate.transforms]\nmine = {value or module + ':TRANSFORM'}\n"
    (metadata / "entry_points.txt").write_text(entry_point)
    return folder


def run(
    installed: Path, *arguments: str, folder: Path, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-m", "keras_migrate", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


class TestTheExample:
    def test_migrates(self, acme: Path, tmp_path: Path) -> None:
        done = run(acme, "migrate", "-", folder=tmp_path, stdin=OLD)
        assert (done.returncode, done.stdout) == (3, NEW)
        assert "6:10 ACME001 downloads its files" in done.stderr
        again = run(acme, "migrate", "-", folder=tmp_path, stdin=NEW)
        assert again.stdout == NEW

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_in_all_processes(self, acme: Path, tmp_path: Path, jobs: str) -> None:
        for number in range(20):
            (tmp_path / f"m{number}.py").write_text(OLD)
        done = run(acme, "migrate", "--write", "--quiet", "--jobs", jobs, folder=tmp_path)
        assert done.returncode == 3
        assert {path.read_text() for path in tmp_path.glob("*.py")} == {NEW}

    def test_its_rule_is_one_like_all_others(self, acme: Path, tmp_path: Path) -> None:
        (tmp_path / "train.py").write_text(OLD)
        assert run(acme, "rules", "ACME", folder=tmp_path).stdout.startswith("ACME001  shared-dataset")
        explained = run(acme, "explain", "shared-dataset", folder=tmp_path).stdout
        assert "cannot: the files are in" in explained
        assert 'mnist.load_data("/srv/datasets/mnist.npz")' in explained
        assert "train.py:3:26 ACME001 shared-dataset rewritten" in run(acme, "check", folder=tmp_path).stdout
        (sarif,) = json.loads(run(acme, "check", "--format", "sarif", folder=tmp_path).stdout)["runs"]
        (rule,) = [each for each in sarif["tool"]["driver"]["rules"] if each["id"] == "ACME001"]
        assert rule["shortDescription"]["text"] == "Read datasets of Keras from Acme's share."
        assert "ACME001" in {result["ruleId"] for result in sarif["results"] if "fixes" in result}

    @pytest.mark.parametrize("words", ["ACME001", "ACME", "shared-dataset"])
    def test_it_can_be_switched_off(self, acme: Path, tmp_path: Path, words: str) -> None:
        done = run(acme, "migrate", "--ignore", words, "-", folder=tmp_path, stdin=OLD)
        assert (done.returncode, done.stdout.count("/srv"), done.stderr) == (0, 0, "")
        (tmp_path / "keras-migrate.toml").write_text(f'select = ["{words}"]\n')
        done = run(acme, "migrate", "--quiet", "-", folder=tmp_path, stdin=OLD)
        assert "from keras.datasets import" in done.stdout
        assert done.stdout.count("/srv") == 2

    def test_without_it_nothing_is_left(self, tmp_path: Path) -> None:
        done = run(tmp_path, "migrate", "-", folder=tmp_path, stdin=OLD)
        assert "/srv" not in done.stdout
        assert run(tmp_path, "explain", "ACME001", folder=tmp_path).returncode == 2


GOOD = """
from keras_migrate.findings import Level, Rule
from keras_migrate.transform import File, Transform, Use

RULE = Rule("ACME001", "my-rule", "Do it.", "Because.")
TRANSFORM = Transform("mine", RULE)
"""


class TestOneThatFails:
    @pytest.mark.parametrize(
        ("handler", "reason"),
        [
            ("raise KeyError('lost')", "KeyError: 'lost'"),
            (
                "file.edit(use.reference.node, use.reference.frame, lambda node: node.nothing)",
                "AttributeError: 'Name' object has no attribute 'nothing'",
            ),
        ],
    )
    def test_on_a_file_leaves_that_alone_and_names_the_package(
        self, tmp_path: Path, handler: str, reason: str
    ) -> None:
        code = GOOD + f"\n@TRANSFORM.use('keras.layers.Dense')\ndef look(file, use):\n    {handler}\n"
        installed = package(tmp_path / "installed", "bad-transforms", code)
        project = tmp_path / "project"
        project.mkdir()
        (project / "a.py").write_text("from keras.layers import Dense\n\nDense(1)\n")
        (project / "b.py").write_text("from keras.layers import Flatten\n")
        done = run(installed, "migrate", "--write", "--quiet", folder=project)
        assert done.returncode == 4
        failed = f"KM912 the transform `mine` of bad-transforms 0.3 failed: {reason}"
        assert failed in done.stdout
        assert (project / "a.py").read_text() == "from keras.layers import Dense\n\nDense(1)\n"
        assert (project / "b.py").read_text() == "from tensorflow.keras.layers import Flatten\n"

    def test_what_would_be_no_python_is_not_written(self, tmp_path: Path) -> None:
        edit = "lambda node: node.with_changes(value='class')"
        code = (
            GOOD + "\n@TRANSFORM.use('keras.layers.Dense')\ndef look(file, use):\n"
            f"    file.edit(use.reference.node, use.reference.frame, {edit})\n"
        )
        installed = package(tmp_path / "installed", "bad-transforms", code)
        old = "from keras.layers import Dense\n\nDense(1)\n"
        done = run(installed, "migrate", "-", folder=tmp_path, stdin=old)
        assert (done.returncode, done.stdout) == (4, old)
        assert "KM912 with the edits of transforms of other packages it would be no Python" in done.stderr


class TestOneThatIsRefused:
    @pytest.mark.parametrize(
        ("code", "value", "reason"),
        [
            ("1 / 0\n", "", "cannot be loaded (mine_too:TRANSFORM): ZeroDivisionError: division by zero"),
            (GOOD, "mine_too:NOTHING", "cannot be loaded (mine_too:NOTHING): AttributeError: module"),
            (
                GOOD,
                "nowhere:TRANSFORM",
                "cannot be loaded (nowhere:TRANSFORM): ModuleNotFoundError: No module",
            ),
            (GOOD, "mine_too:RULE", "(mine_too:RULE) is no keras_migrate.transform.Transform but Rule"),
            (
                GOOD.replace("ACME001", "KM101"),
                "",
                "has the rule KM101: KM begins the codes of keras-migrate",
            ),
            (GOOD.replace("ACME001", "acme"), "", "has Rule(code='acme', name='my-rule'"),
        ],
    )
    def test_ends_the_command_with_the_name_of_its_package(
        self, tmp_path: Path, code: str, value: str, reason: str
    ) -> None:
        installed = package(tmp_path / "installed", "mine-too", code, value)
        (tmp_path / "a.py").write_text("import keras\n")
        for command in (["check", "a.py"], ["migrate", "--write", "a.py"], ["rules"], ["explain", "KM101"]):
            done = run(installed, *command, folder=tmp_path)
            assert done.returncode == 4
            assert done.stderr.startswith(f"Error: the transform `mine` of mine-too 0.3 {reason}")
            assert "Traceback" not in done.stderr
        assert (tmp_path / "a.py").read_text() == "import keras\n"
        assert run(installed, "--version", folder=tmp_path).returncode == 0

    def test_a_code_that_another_package_has(self, acme: Path, tmp_path: Path) -> None:
        installed = package(tmp_path / "installed", "zeta", GOOD)
        both = Path(os.pathsep.join([str(installed), str(acme)]))
        done = run(both, "rules", folder=tmp_path)
        assert done.returncode == 4
        assert "of zeta 0.3 has the rule ACME001, and so has the transform `acme` of acme" in done.stderr
