"""How a batch fetches repositories and hands their migration over; nothing is run or touched by that."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import legacy_repositories as legacy
import pytest

from keras_migrate import runner
from keras_migrate.batch.checkout import Checkout, CheckoutError, check_out
from keras_migrate.batch.delivery import Committed, commit, patch
from keras_migrate.batch.manifest import Repository
from keras_migrate.options import Options

BYTES = {
    "crlf.py": b"from keras.layers import Dense\r\nx = 1\r\n",
    "mixed.py": b"from keras.layers import Dense\nx = 1\r\n",
    "latin.py": b"# coding: latin-1\nfrom keras.layers import Dense\nx = '\xe9'\n",
    "no_end.py": b"from keras.layers import Dense",
    "sp ace/\u00fcml\u00e4ut.py": b"from keras.layers import Dense\n",
    "ignored.py": b"from keras.layers import Dense\n",
    "marked.py": b"from keras.layers import Dense\n",
    ".gitignore": b"ignored.py\n",
    ".gitattributes": b"*.py text=auto\nmarked.py binary\ncrlf.py text eol=crlf\n",
    "data.bin": b"\0\xff\r\n",
}


def fetched(location: Path | str, folder: Path, ref: str = "") -> Checkout:
    return check_out(Repository("a", str(location), "://" in str(location), ref), str(folder / "copy"))


def migrated(checkout: Checkout) -> Committed:
    return commit(checkout, runner.run([checkout.folder], Options(), jobs=1))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without a configuration of git, but for what a test writes."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return folder


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A repository with three commits: a tag, the default branch, and another branch."""
    path = legacy.repository(tmp_path / "three", {"n.txt": "tagged"})
    legacy.git(path, "tag", "-a", "-m", "first", "v1")
    legacy.folder(path, {"n.txt": "main"})
    legacy.commit(path)
    legacy.git(path, "checkout", "-qb", "feature/x")
    legacy.folder(path, {"n.txt": "branch"})
    legacy.commit(path)
    legacy.git(path, "update-ref", "refs/pull/7/head", "HEAD")
    legacy.git(path, "checkout", "-q", "main")
    return path


class TestClones:
    @pytest.mark.parametrize(
        ("ref", "content"),
        [("", "main"), ("v1", "tagged"), ("feature/x", "branch"), ("refs/pull/7/head", "branch")],
    )
    @pytest.mark.parametrize("prefix", ["", "file://"])
    def test_a_ref_is_what_the_origin_calls_so(
        self, three: Path, tmp_path: Path, ref: str, content: str, prefix: str
    ) -> None:
        checkout = fetched(f"{prefix}{three}", tmp_path, ref)
        assert legacy.contents(Path(checkout.folder)) == {"n.txt": content.encode()}
        assert checkout.commit == legacy.git(three, "rev-parse", f"{ref or 'HEAD'}^{{commit}}")

    def test_a_commit_can_be_named(self, three: Path, tmp_path: Path) -> None:
        first = legacy.git(three, "rev-parse", "v1^{commit}")
        assert fetched(three, tmp_path, first[:10]).commit == first

    def test_the_head_of_a_work_tree_counts_and_not_what_is_uncommitted(
        self, three: Path, tmp_path: Path
    ) -> None:
        legacy.git(three, "checkout", "-q", "--detach", "v1")
        legacy.folder(three, {"n.txt": "uncommitted", "new.txt": ""})
        assert legacy.contents(Path(fetched(three, tmp_path).folder)) == {"n.txt": b"tagged"}

    def test_bare_repositories_and_linked_work_trees_are_repositories(
        self, three: Path, tmp_path: Path
    ) -> None:
        legacy.git(three, "worktree", "add", "-q", str(tmp_path / "linked"), "feature/x")
        legacy.git(tmp_path, "clone", "-q", "--bare", str(three), str(tmp_path / "bare.git"))
        (tmp_path / "1").mkdir()
        assert fetched(tmp_path / "linked", tmp_path / "1").commit == legacy.git(
            three, "rev-parse", "feature/x"
        )
        (tmp_path / "2").mkdir()
        assert fetched(tmp_path / "bare.git", tmp_path / "2").commit == legacy.git(three, "rev-parse", "main")

    def test_why_it_is_not_there(self, three: Path, tmp_path: Path) -> None:
        with pytest.raises(CheckoutError, match="no branch, tag or commit 'nowhere'"):
            fetched(three, legacy.folder(tmp_path / "0"), "nowhere")
        with pytest.raises(CheckoutError, match="does not appear to be a git repository"):
            fetched(f"file://{tmp_path}/nowhere", tmp_path)
        with pytest.raises(CheckoutError, match="no such folder"):
            fetched(tmp_path / "nowhere", tmp_path)
        with pytest.raises(CheckoutError, match="is no git repository and has no 'main'"):
            fetched(legacy.folder(tmp_path / "plain"), tmp_path, "main")
        legacy.git(tmp_path, "init", "-q", "empty")
        (tmp_path / "1").mkdir()
        with pytest.raises(CheckoutError, match="there is no commit in it"):
            fetched(tmp_path / "empty", tmp_path / "1")

    @pytest.mark.skipif(os.name != "posix", reason="the hooks are scripts of a shell")
    def test_no_hook_filter_or_submodule_does_anything(self, tmp_path: Path, home: Path) -> None:
        owned = tmp_path / "owned"
        hook = legacy.folder(home / "template" / "hooks", {"post-checkout": f"#!/bin/sh\ntouch {owned}\n"})
        legacy.folder(home / "hooks", {"post-checkout": f"#!/bin/sh\ntouch {owned}\n"})
        for each in (hook, home / "hooks"):
            (each / "post-checkout").chmod(0o755)
        (home / ".gitconfig").write_text(
            f"[init]\ntemplateDir = {home}/template\n[core]\nhooksPath = {home}/hooks\n"
            f'fsmonitor = touch {owned}\n[filter "evil"]\nsmudge = touch {owned}\nclean = touch {owned}\n'
            f"required = true\n[submodule]\nrecurse = true\n[commit]\ngpgSign = true\n"
            f'[diff "evil"]\ncommand = touch {owned}\ntextconv = touch {owned}\n[core]\nautocrlf = true\n'
        )
        source = legacy.folder(
            tmp_path / "evil",
            {
                "train.py": legacy.OLD,
                ".gitattributes": "* filter=evil diff=evil text eol=crlf\n",
                ".gitmodules": '[submodule "x"]\npath = x\nurl = ext::touch owned\n',
            },
        )
        plain = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        for command in ("init -q -b main", "add .gitmodules train.py", "commit -qm x", "add .gitattributes"):
            with pytest.MonkeyPatch.context() as patched:
                patched.setenv("GIT_CONFIG_GLOBAL", plain["GIT_CONFIG_GLOBAL"])
                legacy.git(source, *command.split())
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("GIT_CONFIG_GLOBAL", os.devnull)
            legacy.git(source, "commit", "-qm", "x")
        checkout = fetched(source, tmp_path)
        committed = migrated(checkout)
        assert b"tensorflow" in patch(checkout, committed)
        assert not owned.exists()
        assert not (Path(checkout.folder) / ".git" / "hooks").exists()

    @pytest.mark.skipif(os.name != "posix", reason="ext:: runs a program of POSIX")
    def test_git_itself_refuses_what_runs_programs(self, tmp_path: Path) -> None:
        with pytest.raises(CheckoutError, match="transport 'ext' not allowed"):
            fetched(f"ext::touch {tmp_path}/owned ://", tmp_path)
        assert not (tmp_path / "owned").exists()


class TestCopies:
    def test_a_folder_is_copied_as_it_is(self, tmp_path: Path) -> None:
        files = {
            "train.py": legacy.OLD,
            "data/a.bin": b"\0\r\n\xff",
            "deep/er/.gitignore": "*\n",
            ".env": "x",
        }
        source = legacy.folder(tmp_path / "plain", files)
        (source / "empty").mkdir()
        copy = Path(fetched(source, tmp_path).folder)
        assert legacy.contents(copy) == legacy.contents(source)
        assert (copy / "empty").is_dir()

    @pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
    def test_links_stay_links_and_pipes_are_left_out(self, tmp_path: Path) -> None:
        secret = legacy.folder(tmp_path / "outside", {"secret.py": legacy.OLD})
        source = legacy.folder(tmp_path / "plain")
        (source / "linked").symlink_to(secret)
        (source / "linked.py").symlink_to(secret / "secret.py")
        (source / "again.py").symlink_to("train.py")
        os.mkfifo(source / "pipe")
        checkout = fetched(source, tmp_path)
        copy = Path(checkout.folder)
        assert os.readlink(copy / "linked") == str(secret)
        assert os.readlink(copy / "again.py") == "train.py"
        assert not (copy / "pipe").exists()
        migrated(checkout)
        assert (copy / "train.py").read_text() == legacy.NEW
        assert (secret / "secret.py").read_text() == legacy.OLD

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_what_is_read_only_can_be_written_in_the_copy(self, tmp_path: Path) -> None:
        source = legacy.folder(tmp_path / "plain")
        (source / "train.py").chmod(0o555)
        source.chmod(0o555)
        checkout = fetched(source, tmp_path)
        source.chmod(0o755)
        migrated(checkout)
        written = Path(checkout.folder) / "train.py"
        assert written.read_text() == legacy.NEW
        assert written.stat().st_mode & stat.S_IXUSR

    def test_repositories_inside_are_files_as_all_others(self, tmp_path: Path) -> None:
        source = legacy.folder(tmp_path / "plain")
        legacy.repository(source / "vendored")
        checkout = fetched(source, tmp_path)
        change = patch(checkout, migrated(checkout)).decode()
        assert "a/train.py" in change
        assert "a/vendored/train.py" in change


class TestDelivery:
    def test_one_commit_on_a_branch_of_the_target(self, three: Path, tmp_path: Path, home: Path) -> None:
        legacy.folder(three, {"train.py": legacy.OLD, "other.py": legacy.NEEDS_PERSON})
        base = legacy.commit(three)
        checkout = fetched(three, tmp_path)
        committed = migrated(checkout)
        copy = Path(checkout.folder)
        assert (committed.branch, committed.before) == ("keras-migrate/2.21", base)
        assert legacy.git(copy, "rev-parse", "keras-migrate/2.21^") == base
        assert legacy.git(copy, "branch", "--show-current") == "keras-migrate/2.21"
        assert legacy.git(copy, "diff", "--name-only", "HEAD^") == "other.py\ntrain.py"
        assert legacy.git(copy, "status", "--porcelain", "--ignored") == ""
        assert legacy.git(copy, "log", "-1", "--format=%an %ae") == "keras-migrate keras-migrate@localhost"
        message = legacy.git(copy, "log", "-1", "--format=%B")
        assert message.startswith("Migrate from standalone Keras to tf.keras of TensorFlow 2.21\n\nMade with")
        assert message.endswith("2 files changed, 1 place needs a person.")

    def test_the_author_is_who_git_says(self, three: Path, tmp_path: Path, home: Path) -> None:
        (home / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        legacy.folder(three)
        legacy.commit(three)
        checkout = fetched(three, tmp_path)
        migrated(checkout)
        author = legacy.git(Path(checkout.folder), "log", "-1", "--format=%an %ae")
        assert author == "Ada ada@example.org"

    @pytest.mark.parametrize("kind", ["repository", "folder"])
    def test_a_patch_gives_the_same_bytes_as_the_branch(self, tmp_path: Path, kind: str) -> None:
        if kind == "folder":
            source = legacy.folder(tmp_path / "source", BYTES)
        else:
            source = legacy.folder(tmp_path / "source", {**BYTES, ".gitattributes": b""})
            legacy.git(source, "init", "-q", "-b", "main")
            legacy.commit(source)
            legacy.folder(source, {".gitattributes": BYTES[".gitattributes"]})
            legacy.git(source, "add", ".gitattributes")
            legacy.git(source, "commit", "-qm", "attributes")
        checkout = fetched(source, tmp_path)
        change = patch(checkout, migrated(checkout))
        (tmp_path / "it.patch").write_bytes(change)
        if kind == "repository":  # as the commits have them, and not as attributes would have them
            legacy.folder(source / ".git" / "info", {"attributes": "* !text !eol\n"})
            legacy.git(source, "rm", "-qr", "--cached", ".")
            legacy.git(source, "reset", "-q", "--hard")
        legacy.git(source, "apply", str(tmp_path / "it.patch"))
        after = legacy.contents(source)
        assert after == legacy.contents(Path(checkout.folder))
        assert after["crlf.py"] == b"from tensorflow.keras.layers import Dense\r\nx = 1\r\n"
        assert after["latin.py"].endswith(b"tensorflow.keras.layers import Dense\nx = '\xe9'\n")
        if kind == "folder":
            assert b"tensorflow" not in after["ignored.py"]

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names that are text")
    def test_names_need_not_be_text(self, tmp_path: Path) -> None:
        source = legacy.folder(tmp_path / "plain")
        os.rename(source / "train.py", os.fsencode(source) + b"/tr\xe4in.py")
        checkout = fetched(source, tmp_path)
        assert b"tr\\344in.py" in patch(checkout, migrated(checkout))

    def test_the_original_is_never_touched(self, three: Path, tmp_path: Path) -> None:
        legacy.folder(three)
        legacy.commit(three)
        legacy.folder(three, {"train.py": legacy.OLD + "x = 1\n"})
        everything = {p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in three.rglob("*")}
        checkout = fetched(three, tmp_path)
        migrated(checkout)
        assert everything == {
            p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in three.rglob("*")
        }
