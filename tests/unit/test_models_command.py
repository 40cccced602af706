"""``keras-migrate models``: what is read, what is said, what is written, and the exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import pytest
from click.testing import CliRunner, Result
from fixture_pairs import ROOT
from keras_migrate.transforms.models.verdicts import Era, era_of, judge

from keras_migrate.cli import main
from keras_migrate.model_files import descriptions, hdf5
from keras_migrate.target import Target

FILES = ROOT / "fixtures" / "models"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def models(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["models", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def plant(name: str, path: str, folder: str = "keras-2.2.4") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / folder / name, path)


def sequential(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}, **more}


def dense(**config: Any) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu", **config}}


def loads(described: dict[str, Any], target: str = "2.21") -> tuple[str, list[str]]:
    saved = descriptions.read_json("m.json", json.dumps(described).encode())
    assert saved is not None
    judgement = judge(saved, Target.parse(target))
    return judgement.loads, [concern.rule.code for concern in judgement.concerns]


class TestExitCodes:
    def test_0_where_the_target_loads_everything(self) -> None:
        plant("convolutions.h5", "model.h5")
        assert models("--target", "2.15").exit_code == 0

    def test_1_where_copies_would_be_written_and_0_once_they_are(self) -> None:
        plant("convolutions.h5", "model.h5")
        assert models().exit_code == 1
        assert models("--fix").exit_code == 0
        assert models().exit_code == 0
        assert models("--fix").exit_code == 0
        assert sorted(path.name for path in Path().iterdir()) == ["model.h5", "model.tf-2.21.h5"]

    def test_2_where_there_is_no_such_file(self) -> None:
        assert models("nowhere.h5").exit_code == 2

    def test_3_where_a_person_is_needed(self) -> None:
        plant("function.h5", "model.h5")
        assert models("--fix").exit_code == 3
        assert not Path("model.tf-2.21.h5").exists()

    def test_4_where_a_file_cannot_be_read(self) -> None:
        Path("model.h5").write_bytes(hdf5.SIGNATURE + b"cut off")
        result = models()
        assert result.exit_code == 4
        assert "KM844" in result.output


class TestCopies:
    def test_hold_the_same_weights_and_no_training_configuration(self) -> None:
        plant("dense.h5", "model.h5")
        before = Path("model.h5").read_bytes()
        models("--fix")
        assert Path("model.h5").read_bytes() == before
        with h5py.File("model.h5") as old, h5py.File("model.tf-2.21.h5") as new:
            assert set(new) == {"model_weights"}
            assert "training_config" not in new.attrs
            assert json.loads(new.attrs["model_config"])["config"]["layers"][0]["class_name"] == "InputLayer"
            kernel = "model_weights/dense_1/dense_1/kernel:0"
            assert (new[kernel][()] == old[kernel][()]).all()

    def test_never_take_the_place_of_another_file(self) -> None:
        plant("dense.h5", "model.h5")
        Path("model.tf-2.21.h5").write_text("mine")
        result = models("model.h5", "--fix")
        assert result.exit_code == 4
        assert "is another file" in result.output
        assert Path("model.tf-2.21.h5").read_text() == "mine"

    def test_of_yaml_are_json(self) -> None:
        plant("nested_text.yaml", "model.yaml")
        assert models("--fix", "--target", "2.15").exit_code == 0
        assert json.loads(Path("model.tf-2.15.json").read_text())["keras_version"] == "2.2.4"

    def test_of_weights_only_have_another_name(self) -> None:
        plant("nested_weights.h5", "model.weights.h5")
        models("--fix")
        assert Path("model.tf-2.21.h5").read_bytes() == Path("model.weights.h5").read_bytes()


class TestReading:
    def test_other_files_of_folders_are_passed_over(self) -> None:
        Path("package.json").write_text('{"name": "x", "class_name": 3}')
        Path("ci.yml").write_text("on: push\n")
        with h5py.File("data.h5", "w") as file:
            file["images"] = [1, 2]
        result = models()
        assert result.exit_code == 0
        assert "0 model files looked at" in result.output

    def test_a_file_that_is_named_has_to_be_a_model(self) -> None:
        Path("package.json").write_text("{}")
        result = models("package.json")
        assert result.exit_code == 4
        assert "KM849" in result.output

    def test_yaml_makes_no_objects(self) -> None:
        Path("evil.yaml").write_text(
            "class_name: Sequential\nconfig: !!python/object/apply:os.mkdir ['made']\n"
        )
        result = models()
        assert result.exit_code == 4
        assert "line 2" in result.output
        assert not Path("made").exists()

    def test_json_that_is_broken_is_named_with_its_line(self) -> None:
        Path("model.json").write_text('{"class_name": "Sequential",\n "config": [}')
        result = models()
        assert result.exit_code == 4
        assert "line 2: no JSON" in result.output

    def test_without_h5py_the_message_says_how_to_install_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "h5py", None)
        plant("dense.h5", "model.h5")
        plant("nested.json", "model.json")
        result = models()
        assert result.exit_code == 4
        assert "pip install 'keras-migrate[models]'" in result.output
        assert "model.json: Keras 2.2.4" in result.output

    def test_a_report_says_the_same(self) -> None:
        plant("gates.h5", "a/model.h5")
        models("a", "--report", "report.json")
        (file,) = json.loads(Path("report.json").read_text())["files"]
        assert file["path"] == "model.h5"
        assert file["status"] == "changed"
        assert file["model"]["loads"]["2.15"] == file["model"]["loads"]["2.16+legacy"] == "as it is"
        assert {finding["rule"] for finding in file["findings"]} == {"KM831", "KM836"}

    def test_names_of_layers_that_are_stored_in_parts(self, tmp_path: Path) -> None:
        with h5py.File("w.h5", "w") as file:
            file.attrs["layer_names"] = [b"a"]
            group = file.create_group("a")
            group.attrs["weight_names0"] = [b"a/kernel:0"]
            group.attrs["weight_names1"] = [b"a/bias:0"]
        saved = hdf5.read("w.h5", Path("w.h5").read_bytes())
        assert saved is not None
        assert saved.weights == {"a": ("a/kernel:0", "a/bias:0")}


class TestEras:
    @pytest.mark.parametrize(
        ("described", "era"),
        [
            (sequential(dense(), keras_version="2.2.4"), Era.KERAS_2),
            (sequential(dense()), Era.KERAS_2),
            (sequential(dense(init="uniform")), Era.KERAS_1),
            (sequential(dense(), keras_version="1.0.8"), Era.KERAS_1),
            (sequential(dense(), keras_version="2.2.4-tf"), Era.TF_KERAS),
            (sequential(dense(), keras_version="2.15.0"), Era.TF_KERAS),
            (sequential(dense(), keras_version="3.3.3"), Era.KERAS_3),
            ({"name": "Sequential", "layers": [{"name": "Dense"}]}, Era.KERAS_1),
        ],
    )
    def test_by_version_or_shape(self, described: dict[str, Any], era: Era) -> None:
        saved = descriptions.read_json("m.json", json.dumps(described).encode())
        assert saved is not None
        assert era_of(saved) is era

    def test_of_weights_by_their_names(self) -> None:
        data = (FILES / "keras-1.2.2" / "gates_weights.h5").read_bytes()
        saved = hdf5.read("w.h5", data)
        assert saved is not None
        assert era_of(saved) is Era.KERAS_1


class TestVerdicts:
    def test_what_keras_3_wrote_is_left_alone(self) -> None:
        assert loads(sequential(dense(), keras_version="3.3.3")) == ("as it is", [])

    def test_own_classes_are_named_wherever_they_are(self) -> None:
        own = {"class_name": "Mine", "config": {"name": "m"}}
        wrapped = {"class_name": "TimeDistributed", "config": {"name": "t", "layer": own}}
        described = sequential(wrapped, dense(kernel_initializer={"class_name": "MyStart", "config": {}}))
        saved = descriptions.read_json("m.json", json.dumps(described).encode())
        assert saved is not None
        (concern,) = judge(saved, Target("2.15")).concerns
        assert concern.rule.code == "KM834"
        assert "'Mine', 'MyStart'" in concern.message

    def test_names_with_a_slash_are_for_code(self) -> None:
        assert loads(sequential(dense(name="a/b"))) == ("by code", ["KM841"])
        assert loads(sequential(dense(name="a/b")), "2.15") == ("as it is", [])

    def test_bilinear_resizing_is_said(self) -> None:
        layer = {"class_name": "UpSampling2D", "config": {"name": "u", "interpolation": "bilinear"}}
        assert loads(sequential(layer), "2.15") == ("as it is", ["KM838"])
