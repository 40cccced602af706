"""Which release each file of a tree was written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.sources import Sources

ANY = "from keras.layers import Dense\n"
KERAS_1 = "from keras.layers import Dense\nmodel.fit(x, y, nb_epoch=3)\n"
KERAS_2 = "from keras import initializers\n"
KERAS_2_3 = "from keras.metrics import AUC\n"


def sources(root: Path, files: dict[str, str | bytes]) -> dict[str, Source]:
    """The release of every ``.py`` file that is not part of the set-up."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode() if isinstance(text, str) else text)
    code = [name for name in files if name.endswith(".py") and not name.endswith("setup.py")]
    decided = Sources(Project.of([root]))
    found = {name: decided.look(name, (root / name).read_bytes()) for name in code}
    return {name: source or decided.settle(name) for name, source in found.items()}


def releases(root: Path, files: dict[str, str | bytes]) -> dict[str, str]:
    return {name: source.release for name, source in sources(root, files).items()}


class TestPins:
    def test_decide_against_the_code(self, tmp_path: Path) -> None:
        found = sources(tmp_path, {"requirements.txt": "keras==2.1.6", "src/a.py": KERAS_1})
        assert found == {"src/a.py": Source("2.1", False, "requirements.txt asks for keras==2.1.6")}

    def test_of_the_nearest_folder_count(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {
            "one/requirements.txt": "keras==1.2.2",
            "one/pkg/a.py": ANY,
            "two/setup.py": "setup(install_requires=['keras==2.3.1'])",
            "two/docs/requirements.txt": "sphinx==1.8",
            "two/docs/b.py": ANY,
        }
        found = sources(tmp_path, files)
        assert {name: source.release for name, source in found.items()} == {
            "one/pkg/a.py": "1.2",
            "two/docs/b.py": "2.3",
        }
        assert found["two/docs/b.py"].reason == "two/setup.py asks for keras==2.3.1"

    def test_above_the_root_count(self, tmp_path: Path) -> None:
        (tmp_path / "setup.py").write_text("setup(install_requires=['keras==2.0.8'])")
        (tmp_path / "src").mkdir()
        assert releases(tmp_path / "src", {"a.py": ANY}) == {"a.py": "2.0"}

    def test_a_lower_bound_limits_what_the_code_says(self, tmp_path: Path) -> None:
        assert releases(tmp_path, {"requirements.txt": "keras>=2.1", "a.py": KERAS_1}) == {"a.py": "2.2"}


class TestWithoutPins:
    def test_nothing_says_otherwise(self, tmp_path: Path) -> None:
        assert sources(tmp_path, {"a.py": ANY}) == {"a.py": Source()}

    def test_a_file_speaks_for_itself_and_the_others_for_the_rest(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {
            "README.md": "", "old.py": KERAS_1, "new.py": KERAS_2_3, "two.py": KERAS_2, "any.py": ANY
        }  # fmt: skip
        assert releases(tmp_path, files) == {
            "old.py": "1.2",
            "new.py": "2.3",
            "two.py": "2.3",
            "any.py": "2.3",
        }

    def test_folders_of_a_folder_are_projects_of_their_own(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {
            "one/a.py": ANY, "one/pkg/b.py": KERAS_1, "two/a.py": ANY, "two/pkg/b.py": KERAS_2_3
        }  # fmt: skip
        assert releases(tmp_path, files) == {
            "one/a.py": "1.2",
            "one/pkg/b.py": "1.2",
            "two/a.py": "2.3",
            "two/pkg/b.py": "2.3",
        }

    def test_folders_of_a_project_are_not(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {"LICENSE": "", "one/a.py": ANY, "two/b.py": KERAS_2_3}
        assert releases(tmp_path, files) == {"one/a.py": "2.3", "two/b.py": "2.3"}

    def test_the_version_of_a_readme(self, tmp_path: Path) -> None:
        found = sources(tmp_path, {"README.md": "- Python 3.5\n- Keras 2.1.5\n", "a.py": KERAS_2})
        assert found == {"a.py": Source("2.1", True, "README.md names Keras 2.1.5")}

    @pytest.mark.parametrize("text", ["Keras >= 2.0", "Keras 2.x", "tf.keras 2.0", "Keras-contrib 2.0.8"])
    def test_what_is_no_version_in_a_readme(self, tmp_path: Path, text: str) -> None:
        assert sources(tmp_path, {"README.md": text, "a.py": ANY}) == {"a.py": Source()}

    def test_the_code_counts_before_the_readme(self, tmp_path: Path) -> None:
        assert releases(tmp_path, {"README.md": "Keras 1.2", "a.py": KERAS_2}) == {"a.py": "2.2"}

    def test_tensorflow_names_its_contemporary(self, tmp_path: Path) -> None:
        assert releases(tmp_path, {"requirements.txt": "tensorflow==1.3.0", "a.py": KERAS_2}) == {
            "a.py": "2.0"
        }


HDF5 = (
    b"\x89HDF\r\n\x1a\n" + bytes(300) + b"keras_version\0\0\0" + bytes(64)
    + b"GCOL\x01\0\0\0\0\x10\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\x002.0.8\0\0\0" + bytes(500)
)  # fmt: skip
"""The outlines of a file that Keras 2.0.8 saved."""


class TestModelFiles:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("weights.h5", HDF5),
            ("models/mnist.hdf5", HDF5),
            (
                "model.json",
                b'{"class_name": "Sequential", "keras_version": "2.0.8", "backend": "tensorflow"}',
            ),
            ("model.json", b'"{\\"keras_version\\": \\"2.0.8\\"}"'),
            ("model.json", b" " * 200_000 + b'"keras_version": "2.0.8"}'),
            ("saved_model/arch.yaml", b"backend: tensorflow\nkeras_version: 2.0.8\n"),
        ],
    )
    def test_say_what_they_were_saved_with(self, tmp_path: Path, name: str, data: bytes) -> None:
        found = sources(tmp_path, {name: data, "a.py": ANY})
        assert found == {"a.py": Source("2.0", True, f"{name} was saved with Keras 2.0.8")}

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("model.json", b'{"keras_version": "2.1.6-tf"}'),
            ("model.json", b'{"keras_version": "2.13.1"}'),
            ("data.h5", b"\x89HDF\r\n\x1a\n" + HDF5[400:]),
            ("data/deep/model.json", b'{"keras_version": "2.0.8"}'),
        ],
    )
    def test_what_says_nothing(self, tmp_path: Path, name: str, data: bytes) -> None:
        assert sources(tmp_path, {name: data, "a.py": ANY}) == {"a.py": Source()}
