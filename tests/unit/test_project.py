"""Which files a run looks at, and when ``keras`` is the project's own."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_migrate.project import BadPatternError, Project, discover


def plant(root: Path, *paths: str, **texts: str) -> None:
    """Makes files, with the folders that they need."""
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("import keras\n")
    for path, text in texts.items():
        (root / path).write_text(text)


def found(root: Path, *paths: str | Path, excludes: tuple[str, ...] = ()) -> list[str]:
    given = paths or (root,)
    return list(discover(Project.of(given), given, excludes))


class TestWhatIsLookedAt:
    def test_python_files_at_any_depth_in_the_same_order_every_time(self, tmp_path: Path) -> None:
        plant(tmp_path, "z.py", "a.py", "window.pyw", "b/c/d.py", "b/a.py", "notes.txt", "script")
        assert found(tmp_path) == ["a.py", "window.pyw", "z.py", "b/a.py", "b/c/d.py"]

    @pytest.mark.parametrize(
        "folder",
        [
            "build",
            "dist",
            ".git",
            ".hg",
            ".tox",
            ".nox",
            "node_modules",
            "__pycache__",
            ".eggs",
            "some.egg-info",
            "lib/python3.6/site-packages",
            "lib/python3/dist-packages",
            ".keras-migrate",
        ],
    )
    def test_not_what_tools_put_there(self, tmp_path: Path, folder: str) -> None:
        plant(tmp_path, "a.py", f"{folder}/b.py", f"deep/{folder}/c.py", f"{folder}.py")
        assert f"{folder}.py" in found(tmp_path)
        assert not [path for path in found(tmp_path) if f"{folder}/" in path]

    @pytest.mark.parametrize("marker", ["pyvenv.cfg", "conda-meta/history"])
    def test_not_a_virtual_environment_whatever_its_name(self, tmp_path: Path, marker: str) -> None:
        plant(tmp_path, "a.py", "mine/bin/tool.py", f"mine/{marker}")
        assert found(tmp_path) == ["a.py"]

    def test_a_project_made_into_a_virtual_environment_is_looked_at_when_given(self, tmp_path: Path) -> None:
        plant(tmp_path, "a.py", "pyvenv.cfg")
        assert found(tmp_path) == ["a.py"]

    def test_a_file_that_is_given_is_always_taken(self, tmp_path: Path) -> None:
        plant(tmp_path, "build/a.py", "script", ".gitignore")
        (tmp_path / ".gitignore").write_text("*\n")
        assert found(tmp_path, tmp_path / "build" / "a.py", tmp_path / "script") == ["build/a.py", "script"]

    def test_a_folder_that_is_given_is_always_looked_into(self, tmp_path: Path) -> None:
        plant(tmp_path, "pyproject.toml", "build/a.py", "build/build/b.py")
        (tmp_path / ".gitignore").write_text("build\n")
        assert found(tmp_path, tmp_path / "build") == ["a.py"]

    def test_each_file_once_though_given_twice(self, tmp_path: Path) -> None:
        plant(tmp_path, "src/a.py", "src/b.py")
        assert found(tmp_path, tmp_path / "src" / "b.py", tmp_path / "src", tmp_path) == [
            "src/b.py",
            "src/a.py",
        ]

    def test_a_folder_that_cannot_be_listed_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plant(tmp_path, "a.py", "closed/b.py")
        scandir = os.scandir

        def refusing(folder: str) -> Iterator[os.DirEntry[str]]:
            if folder.endswith("closed"):
                raise PermissionError
            return scandir(folder)

        monkeypatch.setattr(os, "scandir", refusing)
        assert found(tmp_path) == ["a.py", "closed"]


class TestGitignore:
    def test_files_and_folders_are_passed_over(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            "a.py",
            "local_settings.py",
            "env/b.py",
            "data/c.py",
            "pkg/local_settings.py",
            "x_gen.py",
        )
        (tmp_path / ".gitignore").write_text("# comment\nlocal_settings.py\nenv/\n/data\n*_gen.p[y]\n*.pyc\n")
        assert found(tmp_path) == ["a.py"]

    def test_a_nested_one_has_the_last_word_in_its_folder(self, tmp_path: Path) -> None:
        plant(tmp_path, "gen_a.py", "pkg/gen_b.py", "pkg/own.py", "other/own.py")
        (tmp_path / ".gitignore").write_text("gen_*.py\n")
        (tmp_path / "pkg" / ".gitignore").write_text("!gen_b.py\n/own.py\n")
        assert found(tmp_path) == ["other/own.py", "pkg/gen_b.py"]

    def test_a_folder_taken_in_again_keeps_its_files(self, tmp_path: Path) -> None:
        plant(tmp_path, "src_a/a.py", "src_b/b.py")
        (tmp_path / ".gitignore").write_text("src*\n!src_b/\n")
        assert found(tmp_path) == ["src_b/b.py"]

    def test_a_list_of_what_is_not_left_out(self, tmp_path: Path) -> None:
        plant(
            tmp_path, "a.py", "lib/b.py", "lib/model/c.py", "scripts/d.py", "data/e.py", "scripts/deep/f.py"
        )
        (tmp_path / ".gitignore").write_text("*\n!*.py\n!lib/\n!lib/*\n!scripts\n*.pyc\n")
        assert found(tmp_path) == ["a.py", "lib/b.py", "lib/model/c.py", "scripts/d.py"]

    def test_what_is_in_a_folder_and_not_the_folder(self, tmp_path: Path) -> None:
        plant(tmp_path, "gen/a.py", "gen/kept/b.py", "gen/kept/c.py", "gen/d/e.py")
        (tmp_path / ".gitignore").write_text("gen/*\n!gen/kept/\nc.py\n")
        assert found(tmp_path) == ["gen/kept/b.py"]

    @pytest.mark.parametrize("line", ["pkg/**", "pkg/*", "*/", "**/", "/*/", "*", "p*g", "**/pkg", "/pkg"])
    def test_ways_to_name_what_is_in_a_folder(self, tmp_path: Path, line: str) -> None:
        plant(tmp_path, "pkg/one/b.py", "pkg/c.py")
        (tmp_path / ".gitignore").write_text(f"{line}\n")
        assert found(tmp_path) == []

    def test_what_is_below_a_folder_left_out_cannot_be_taken_in_again(self, tmp_path: Path) -> None:
        plant(tmp_path, "out/keep.py", "a.py")
        (tmp_path / ".gitignore").write_text("out/\n!out/keep.py\n")
        assert found(tmp_path) == ["a.py"]

    def test_those_above_a_folder_that_is_given_count_up_to_the_project(self, tmp_path: Path) -> None:
        plant(tmp_path, "repo/.git/HEAD", "repo/src/a.py", "repo/src/gen.py", "repo/src/deep/no.py")
        (tmp_path / ".gitignore").write_text("a.py\n")
        (tmp_path / "repo" / ".gitignore").write_text("gen.py\nsrc/deep\n")
        assert found(tmp_path, tmp_path / "repo" / "src") == ["a.py"]

    def test_lines_that_are_no_patterns_are_passed_over(self, tmp_path: Path) -> None:
        plant(tmp_path, "a.py", "b.py")
        (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfb.py\r\n!\n\xff\xfe\n   \n")
        assert found(tmp_path) == ["a.py"]


class TestExclude:
    @pytest.mark.parametrize(
        ("pattern", "left"),
        [
            ("tests", ["a.py", "pkg/b.py"]),
            ("tests/", ["a.py", "pkg/b.py"]),
            ("/b.py", ["a.py", "pkg/b.py", "pkg/tests/d.py", "tests/c.py"]),
            ("pkg/*.py", ["a.py", "pkg/tests/d.py", "tests/c.py"]),
            ("**/d.py", ["a.py", "pkg/b.py", "tests/c.py"]),
        ],
    )
    def test_gitignore_syntax_relative_to_the_root(
        self, tmp_path: Path, pattern: str, left: list[str]
    ) -> None:
        plant(tmp_path, "a.py", "pkg/b.py", "pkg/tests/d.py", "tests/c.py")
        assert found(tmp_path, excludes=(pattern,)) == left

    def test_the_root_is_the_folder_given_not_the_project(self, tmp_path: Path) -> None:
        plant(tmp_path, "pyproject.toml", "src/a.py", "src/b.py")
        assert found(tmp_path, tmp_path / "src", excludes=("/a.py",)) == ["b.py"]

    def test_takes_in_again_with_an_exclamation_mark(self, tmp_path: Path) -> None:
        plant(tmp_path, "build/a.py", "gen/b.py")
        (tmp_path / ".gitignore").write_text("gen\n")
        assert found(tmp_path, excludes=("!build", "!gen")) == ["build/a.py", "gen/b.py"]

    def test_nonsense_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(BadPatternError, match="'!'"):
            found(tmp_path, excludes=("!",))


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
class TestLinks:
    def test_to_folders_are_not_followed(self, tmp_path: Path) -> None:
        plant(tmp_path, "pkg/a.py")
        (tmp_path / "pkg" / "loop").symlink_to(tmp_path)
        (tmp_path / "again").symlink_to(tmp_path / "pkg")
        assert found(tmp_path) == ["pkg/a.py"]

    def test_to_files_are_not_followed(self, tmp_path: Path) -> None:
        plant(tmp_path, "z.py", "build/b.py")
        (tmp_path / "a.py").symlink_to("z.py")
        (tmp_path / "c.py").symlink_to("build/b.py")
        (tmp_path / "nowhere.py").symlink_to("missing.py")
        assert found(tmp_path) == ["z.py"]

    def test_out_of_what_was_given_are_not_followed(self, tmp_path: Path) -> None:
        plant(tmp_path, "setup.py", "shared/s.py", "src/a.py")
        (tmp_path / "src" / "one.py").symlink_to("../shared/s.py")
        assert found(tmp_path, tmp_path / "src") == ["a.py"]

    def test_that_are_given_are_taken_where_they_stay_in_the_project(self, tmp_path: Path) -> None:
        plant(tmp_path, "foreign.py", "repo/setup.py", "repo/real.py")
        inside, outside = tmp_path / "repo" / "inside.py", tmp_path / "repo" / "outside.py"
        inside.symlink_to("real.py")
        outside.symlink_to("../foreign.py")
        assert found(tmp_path, inside) == ["inside.py"]
        assert Project.of([inside]).read("inside.py") == b"import keras\n"
        with pytest.raises(OSError, match=r"it leads out of .*repo, to .*foreign.py: name that file itself"):
            Project.of([outside]).read("outside.py")

    def test_a_root_that_leads_out_of_the_project_around_it_is_its_own(self, tmp_path: Path) -> None:
        plant(tmp_path, "repo/setup.py", "elsewhere/a.py")
        (tmp_path / "repo" / "sub").symlink_to("../elsewhere")
        project = Project.of([tmp_path / "repo" / "sub"])
        assert project.top == project.root
        assert project.read("a.py") == b"import keras\n"


class TestRoot:
    def test_of_a_folder_is_the_folder(self, tmp_path: Path) -> None:
        plant(tmp_path, "src/a.py")
        assert Project.of([tmp_path / "src"]).root == str(tmp_path / "src")

    def test_of_a_file_is_its_folder(self, tmp_path: Path) -> None:
        plant(tmp_path, "src/a.py")
        assert Project.of([tmp_path / "src" / "a.py"]).root == str(tmp_path / "src")

    def test_of_several_paths_keeps_their_files_apart(self, tmp_path: Path) -> None:
        plant(tmp_path, "one/a.py", "two/a.py")
        assert found(tmp_path, tmp_path / "one", tmp_path / "two" / "a.py") == ["one/a.py", "two/a.py"]

    @pytest.mark.parametrize("marker", [".git/HEAD", "pyproject.toml", "setup.py"])
    def test_the_project_around_it(self, tmp_path: Path, marker: str) -> None:
        plant(tmp_path, f"repo/{marker}", "repo/src/pkg/a.py")
        assert Project.of([tmp_path / "repo" / "src" / "pkg"]).top == str(tmp_path / "repo")


class TestOwnKeras:
    @pytest.mark.parametrize(
        ("own", "file", "expected"),
        [
            # a package beside the file, above it, or in src
            ("keras/__init__.py", "train.py", "keras"),
            ("keras/__init__.py", "scripts/deep/train.py", "keras"),
            ("src/keras/__init__.py", "tests/test_it.py", "src/keras"),
            ("keras/__init__.py", "keras/layers/core.py", "keras"),
            ("keras.py", "train.py", "keras.py"),
            ("lib/keras.py", "lib/train.py", "lib/keras.py"),
            # not on the way up from the file
            ("lib/keras.py", "train.py", None),
            ("other/keras/__init__.py", "lib/train.py", None),
            # a folder without __init__.py loses to an installed keras
            ("examples/keras/train.py", "examples/run.py", None),
            # a script does not import itself
            ("keras.py", "keras.py", None),
        ],
    )
    def test_what_import_keras_means(self, tmp_path: Path, own: str, file: str, expected: str | None) -> None:
        plant(tmp_path, "pyproject.toml", own, file)
        assert Project.of([tmp_path]).own_keras(file) == expected

    def test_a_module_of_a_package_is_not_called_keras(self, tmp_path: Path) -> None:
        plant(tmp_path, "pkg/__init__.py", "pkg/keras.py", "pkg/train.py", "pkg/sub/keras/__init__.py")
        project = Project.of([tmp_path])
        assert project.own_keras("pkg/train.py") is None
        assert project.own_keras("pkg/keras.py") is None

    def test_is_seen_from_a_subfolder_that_is_given(self, tmp_path: Path) -> None:
        plant(tmp_path, "repo/.git/HEAD", "repo/keras/__init__.py", "repo/examples/train.py", "keras.py")
        project = Project.of([tmp_path / "repo" / "examples"])
        assert project.own_keras("train.py") == "../keras"

    def test_is_not_looked_for_outside_the_project(self, tmp_path: Path) -> None:
        plant(tmp_path, "keras/__init__.py", "repo/.git/HEAD", "repo/train.py")
        assert Project.of([tmp_path / "repo"]).own_keras("train.py") is None

    def test_code_without_a_file_has_none(self) -> None:
        assert Project().own_keras("<stdin>") is None

    def test_goes_to_other_processes(self, tmp_path: Path) -> None:
        plant(tmp_path, "keras.py", "train.py")
        project = Project.of([tmp_path])
        project.own_keras("train.py")
        assert pickle.loads(pickle.dumps(project)) == project
        assert pickle.loads(pickle.dumps(project)).own_keras("train.py") == "keras.py"
