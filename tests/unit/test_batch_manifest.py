"""The manifest of a batch: what it can say, and what is said about one that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keras_migrate.batch.manifest import ManifestError, Repository, Settings, read
from keras_migrate.options import Defaults, ImportStyle, Python2
from keras_migrate.target import Target


def text(folder: Path, content: str, name: str = "repositories.txt") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def toml(folder: Path, content: str) -> Path:
    return text(folder, content, "fleet.toml")


def refusal(path: Path) -> str:
    with pytest.raises(ManifestError) as caught:
        read(path)
    return str(caught.value).removeprefix(os.fspath(path))


class TestText:
    def test_a_line_is_a_path_or_a_url_with_a_ref_after_a_hash(self, tmp_path: Path) -> None:
        manifest = text(
            tmp_path,
            "\ufeff# our models\n\nmodels/digits\n  ../other models#v1.0  # with a blank\n"
            "https://example.org/a/reviews.git#feature/keras#2\ngit@example.org:b/words.git\n"
            f"{tmp_path}/absolute/\n",
        )
        found = [(each.name, each.location, each.is_url, each.ref) for each in read(manifest)]
        assert found == [
            ("digits", str(tmp_path / "models" / "digits"), False, ""),
            ("other-models", str(tmp_path.parent / "other models"), False, "v1.0"),
            ("reviews", "https://example.org/a/reviews.git", True, "feature/keras#2"),
            ("words", "git@example.org:b/words.git", True, ""),
            ("absolute", str(tmp_path / "absolute"), False, ""),
        ]

    def test_home_folders_are_understood(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        (found,) = read(text(tmp_path, "~/digits\n"))
        assert found.location == str(tmp_path / "digits")

    @pytest.mark.parametrize(
        "line",
        [
            "ext::sh -c touch% /tmp/owned",
            "ext::touch",
            "--upload-pack=touch",
            "-oProxyCommand=touch",
            "ssh://-oProxyCommand=touch/x",
            "ssh://user@-oProxyCommand=touch/x",
            "javascript://x/y",
            "fd::17/x",
            "https://",
        ],
    )
    def test_what_would_run_a_program_is_refused(self, tmp_path: Path, line: str) -> None:
        said = refusal(text(tmp_path, f"good\n{line}\n"))
        assert said.startswith(":2: ")
        assert "no URL" in said

    @pytest.mark.parametrize("ref", ["--force", "a b", "a..b:c", "x^{tree}", "*"])
    def test_what_is_no_ref_is_refused(self, tmp_path: Path, ref: str) -> None:
        assert refusal(text(tmp_path, f"digits#{ref}\n")) == f":1: {ref!r} is no branch, tag or commit"

    def test_a_hash_without_a_ref_is_refused(self, tmp_path: Path) -> None:
        assert refusal(text(tmp_path, "digits#\n")).startswith(":1: a branch, tag or commit has to follow")

    @pytest.mark.parametrize("second", ["other/digits", "other/digits.git", "other/DIGITS"])
    def test_names_are_unique_on_every_file_system(self, tmp_path: Path, second: str) -> None:
        said = refusal(text(tmp_path, f"digits\n\n{second}\n"))
        assert said.startswith(":3: the name ")
        assert "line 1" in said

    def test_an_empty_manifest_is_refused(self, tmp_path: Path) -> None:
        assert refusal(text(tmp_path, "# nothing yet\n")).startswith(":1: it names no repository")

    def test_one_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert "cannot be read: No such file" in refusal(tmp_path / "nowhere.txt")

    def test_one_that_is_not_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bytes").write_bytes(b"\xff\xfe")
        assert "is not UTF-8" in refusal(tmp_path / "bytes")


class TestToml:
    def test_an_entry_says_all_that_the_command_can(self, tmp_path: Path) -> None:
        (found,) = read(
            toml(
                tmp_path,
                '[[repository]]\nurl = "https://example.org/a.git"\nref = "main"\nname = "first"\n'
                'target = "2.16+legacy"\nsource = "1.2"\ndefaults = "adopt"\npython2 = "convert"\n'
                'import-style = "tf"\nselect = ["KM1", "renamed-argument"]\nignore = "KM105"\n'
                'exclude = ["data/", "*.ipynb"]\n',
            )
        )
        settings = found.settings
        assert (found.name, found.location, found.ref) == ("first", "https://example.org/a.git", "main")
        assert str(settings.target) == "2.16+legacy"
        assert settings.source is not None
        assert settings.source.release == "1.2"
        assert (settings.defaults, settings.python2) == (Defaults.ADOPT, Python2.CONVERT)
        assert settings.import_style is ImportStyle.ATTRIBUTE
        assert (settings.select, settings.ignore) == ({"KM1", "KM201"}, {"KM105"})
        assert settings.exclude == ("data/", "*.ipynb")

    def test_an_entry_wins_over_the_top_and_the_top_over_the_command(self, tmp_path: Path) -> None:
        manifest = toml(
            tmp_path,
            'target = "2.15"\n[[repository]]\npath = "a"\n[[repository]]\npath = "b"\ntarget = "2.18"\n',
        )
        first, second = read(manifest, Settings(Target("2.21"), exclude=("x",)))
        assert [str(each.settings.target) for each in (first, second)] == ["2.15", "2.18"]
        assert first.settings.exclude == ("x",)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (
                '[[repository]]\npath = "a"\n\ntarrget = "2.15"\n',
                ":4: unknown key 'tarrget'. Did you",
            ),
            (
                '[[repository]]\npath = "a"\n[[repository]]\npath = "b"\nreff = "x"\n',
                ":5: unknown key 'reff'. Did you mean 'ref'?",
            ),
            (
                'import_style = "tf"\n[[repository]]\npath = "a"\n',
                ":1: unknown key 'import_style'. Did you mean 'import-style'?",
            ),
            (
                'ref = "x"\n[[repository]]\npath = "a"\n',
                ":1: 'ref' is said of one repository: write",
            ),
            ('[[repository]]\npath = "a"\nzzz = 1\n', ":3: unknown key 'zzz'. There is: target, "),
            ('[[repository]]\npath = "a"\ntarget = 2.15\n', ":3: target: text in quotes is expected"),
            ('[[repository]]\npath = "a"\ntarget = "1.0"\n', ":3: target: unknown target '1.0'"),
            ('[[repository]]\npath = "a"\nsource = "3"\n', ":3: source: unknown source '3'"),
            ('[[repository]]\npath = "a"\ndefaults = "x"\n', ":3: defaults: 'x' is not 'pin' or 'adopt'"),
            ('[[repository]]\npath = "a"\nselect = ["KM9999"]\n', ":3: select: no such rule: 'KM9999'"),
            ('[[repository]]\npath = "a"\nselect = 1\n', ":3: select: a list of texts is expected"),
            ('[[repository]]\npath = "a"\nexclude = ["!"]\n', ":3: exclude: not a pattern"),
            ('[[repository]]\nname = "a"\n', ":1: name either a 'path' or a 'url'"),
            ('[[repository]]\npath = "a"\nurl = "file:///a"\n', ":3: name either a 'path' or a 'url'"),
            ("[[repository]]\npath = 1\n", ":2: path: text in quotes is expected"),
            ('[[repository]]\nurl = "../a"\n', ":2: '../a' is no URL"),
            ('[[repository]]\nurl = "ext::sh"\n', ":2: 'ext::sh' is no URL"),
            ('[[repository]]\npath = "a"\nref = "-f"\n', ":3: '-f' is no branch, tag or commit"),
            (
                '[[repository]]\npath = "a"\n[[repository]]\npath = "x/a"\n',
                ":4: the name 'a' is taken by",
            ),
            ('[repository]\npath = "a"\n', ":1: a repository is written as [[repository]]"),
            ('[[repository]]\npath = "a\n', ":2: not TOML: "),
            ('target = "2.15"\n', ":1: it names no repository"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, tmp_path: Path, content: str, said: str) -> None:
        assert refusal(toml(tmp_path, content)).startswith(said)

    @pytest.mark.parametrize(
        "name", ["../x", "..", ".", "", "a/b", "a\\\\b", ".git", "-x", "nul", "a.", "NUL.x"]
    )
    def test_a_name_is_that_of_one_folder(self, tmp_path: Path, name: str) -> None:
        manifest = toml(tmp_path, f'[[repository]]\npath = "a"\nname = "{name}"\n')
        assert "cannot be the name of a folder" in refusal(manifest)
        assert refusal(manifest).startswith(":3: ")

    @pytest.mark.parametrize("path", ["/", "x/.git/.."])
    def test_a_path_without_a_name_at_its_end_has_to_be_given_one(self, tmp_path: Path, path: str) -> None:
        manifest = toml(tmp_path, f'[[repository]]\npath = "{path}"\n')
        if path == "/":
            assert "give it a 'name'" in refusal(manifest)
        else:
            assert read(manifest)[0].name == "x"


class TestFingerprint:
    BASE = Repository("a", "/x/a")

    def test_it_is_the_same_for_the_same(self) -> None:
        assert self.BASE.fingerprint("1") == Repository("a", "/x/a").fingerprint("1")

    @pytest.mark.parametrize(
        "other",
        [
            Repository("a", "/x/b"),
            Repository("a", "/x/a", ref="main"),
            Repository("a", "/x/a", settings=Settings(Target("2.15"))),
            Repository("a", "/x/a", settings=Settings(Target("2.16"))),
            Repository("a", "/x/a", settings=Settings(Target("2.16", legacy=True))),
            Repository("a", "/x/a", settings=Settings(select=frozenset({"KM1"}))),
            Repository("a", "/x/a", settings=Settings(exclude=("x",))),
            Repository("a", "/x/a", settings=Settings(defaults=Defaults.ADOPT)),
        ],
    )
    def test_it_changes_with_the_entry(self, other: Repository) -> None:
        assert other.fingerprint("1") != self.BASE.fingerprint("1")

    def test_it_changes_with_the_tool(self) -> None:
        assert self.BASE.fingerprint("1") != self.BASE.fingerprint("2")


def test_passwords_are_not_shown() -> None:
    assert Repository("a", "https://me:secret@example.org/a.git", True).shown == "https://example.org/a.git"
    assert Repository("a", "ssh://git@example.org/a.git", True).shown == "ssh://git@example.org/a.git"
