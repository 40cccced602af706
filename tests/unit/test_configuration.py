"""The configuration of a project: where it is found, what it says, what wins, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keras_migrate import Configuration, ConfigurationError, migrate_paths
from keras_migrate.cli import main
from keras_migrate.options import Defaults, ImportStyle, Options, Paths, Python2
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

CODE = (
    "from keras.layers import LSTM\nfrom keras.optimizers import SGD\nlayer = LSTM(64)\nadam = SGD(lr=0.1)\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The top of a repository, which is the current folder."""
    top = tmp_path / "project"
    (top / ".git").mkdir(parents=True)
    monkeypatch.chdir(top)
    return top


def plant(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def options(text: str = "", *paths: str, **given: object) -> Options:
    """What a run is asked for where keras-migrate.toml says this."""
    if text:
        plant("keras-migrate.toml", text)
    project = Project.of(paths or ["."])
    return Configuration.of(paths or ["."]).options(project, **given)  # type: ignore[arg-type]


def run(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, arguments, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


class TestWhatItSays:
    def test_every_key(self, folder: Path) -> None:
        found = options(
            """
            target = "2.16+legacy"
            source = "2.1.6"
            defaults = "adopt"
            import-style = "tf"
            python2 = "convert"
            select = ["KM2", "moved-import"]
            ignore = ["km302"]
            exclude = ["vendor/", "*_old.py"]
            """
        )
        assert found == Options(
            Target("2.16", legacy=True),
            ImportStyle.ATTRIBUTE,
            frozenset({"KM2", "KM101"}),
            frozenset({"KM302"}),
            Source("2.1", guessed=False, reason="keras-migrate.toml says so"),
            Defaults.ADOPT,
            Python2.CONVERT,
            Paths(str(folder), ("vendor/", "*_old.py")),
            (),
            str(folder / "keras-migrate.toml"),
        )
        assert found.target.reason == "keras-migrate.toml names it"

    def test_nothing(self) -> None:
        assert options() == Options()
        plant("keras-migrate.toml", "")
        assert options() == Options(
            excluded=options().excluded, configuration=str(Path("keras-migrate.toml").absolute())
        )

    def test_what_the_project_pins_counts_where_it_names_no_target(self) -> None:
        plant("requirements.txt", "tensorflow==2.17.0\n")
        assert options('defaults = "adopt"').target == Target("2.17")
        assert options('target = "2.15"').target == Target("2.15")

    def test_the_command_line_wins(self) -> None:
        configured = 'target = "2.15"\ndefaults = "adopt"\nselect = ["KM1"]\nignore = ["KM102"]\n'
        found = options(
            configured + '[[overrides]]\npaths = ["*.py"]\ndefaults = "adopt"\nimport-style = "tf"\n',
            target=Target("2.18"),
            defaults=Defaults.PIN,
            select=frozenset({"KM3"}),
            ignore=frozenset({"KM302"}),
        )
        here = found.at(str(Path("a.py").absolute()))
        assert (here.target.release, here.defaults) == ("2.18", Defaults.PIN)
        assert here.import_style is ImportStyle.ATTRIBUTE
        assert (found.select, found.ignore) == ({"KM3"}, {"KM102", "KM302"})


class TestWhereItIsFound:
    def test_upwards_to_the_top_of_the_repository(self, tmp_path: Path) -> None:
        plant("sub/pyproject.toml", "[project]\nname = 'sub'\n")
        plant("sub/src/a.py", CODE)
        (tmp_path / "keras-migrate.toml").write_text('target = "2.15"\n')
        assert options("", "sub/src/a.py").target == Target()
        plant("pyproject.toml", '[tool.keras-migrate]\ntarget = "2.16"\n')
        assert options("", "sub/src/a.py").target == Target("2.16")
        plant("sub/pyproject.toml", '[tool.keras-migrate]\ntarget = "2.17"\n')
        assert options("", "sub/src").target == Target("2.17")
        assert options("", "sub", ".").target == Target("2.16")

    def test_its_own_file_wins_over_pyproject(self) -> None:
        plant("pyproject.toml", '[tool.keras-migrate]\ntarget = "2.16"\ndefaults = "adopt"\n')
        found = options('target = "2.15"')
        assert (found.target, found.defaults) == (Target("2.15"), Defaults.PIN)

    @pytest.mark.parametrize(
        "text",
        [
            "[project]\ndependencies = ['keras-migrate']\n",
            "[tool.ruff]\n",
            "this is [ not TOML",
            "tool = 1  # keras-migrate\n",
        ],
    )
    def test_a_pyproject_without_the_table_is_passed_by(self, text: str) -> None:
        plant("sub/pyproject.toml", text)
        assert options('target = "2.15"\n', "sub").target == Target("2.15")

    def test_a_file_that_is_named(self, folder: Path) -> None:
        plant("ci/strict.toml", 'target = "2.15"\nexclude = ["src/old.py"]\n')
        plant("keras-migrate.toml", 'target = "2.16"\n')
        plant("src/a.py", CODE)
        plant("src/old.py", CODE)
        report = json.loads(run("check", "--config", "ci/strict.toml", "--format", "json").stdout)
        assert (report["target"], report["configuration"]) == ("2.15", "ci/strict.toml")
        assert [file["path"] for file in report["files"]] == ["src/a.py"]
        report = json.loads(run("check", "--config", "ci/strict.toml", "--format", "json", "src").stdout)
        assert [file["path"] for file in report["files"]] == ["a.py"]

    def test_none_on_request(self) -> None:
        plant("keras-migrate.toml", 'target = "2.99"\n')
        plant("a.py", CODE)
        assert run("check").exit_code == 2
        report = json.loads(run("check", "--isolated", "--format", "json").stdout)
        assert (report["target"], report["configuration"]) == ("2.21", None)

    def test_code_from_standard_input_goes_by_that_of_the_current_folder(self) -> None:
        plant("keras-migrate.toml", 'import-style = "tf"\n')
        old = "import keras\nmodel = keras.Sequential()\n"
        assert run("migrate", "-", stdin="from keras import *\nDense(1)\n").exit_code in (0, 3)
        assert "tf" in run("migrate", "-q", "-", stdin=old).stdout


class TestWhatIsPassedOver:
    @pytest.fixture(autouse=True)
    def files(self) -> None:
        for name in ("a.py", "vendor/b.py", "src/vendor/c.py", "src/d.py"):
            plant(name, CODE)

    def looked_at(self, *paths: str, excludes: tuple[str, ...] = ()) -> list[str]:
        return [result.path for result in migrate_paths(paths or ["."], excludes=excludes).results]

    @pytest.mark.parametrize(
        ("patterns", "found"),
        [
            ('["vendor/"]', ["a.py", "src/d.py"]),
            ('["/vendor/"]', ["a.py", "src/d.py", "src/vendor/c.py"]),
            ('["src/*.py"]', ["a.py", "src/vendor/c.py", "vendor/b.py"]),
            ('["*.py", "!src/d.py"]', ["src/d.py"]),
        ],
    )
    def test_by_patterns_relative_to_its_folder(self, patterns: str, found: list[str]) -> None:
        plant("keras-migrate.toml", f"exclude = {patterns}\n")
        assert self.looked_at() == found

    def test_from_below_its_folder_and_above_the_project(self) -> None:
        plant("keras-migrate.toml", 'exclude = ["src/vendor/", "src/d.py"]\n')
        plant("src/e.py", CODE)
        assert self.looked_at("src") == ["e.py"]
        plant("src/setup.py", "")
        assert self.looked_at("src") == ["e.py"]
        assert self.looked_at("src/d.py") == ["d.py"]

    def test_beside_what_the_command_line_leaves_out(self) -> None:
        plant("keras-migrate.toml", 'exclude = ["vendor/"]\n')
        assert self.looked_at(excludes=("a.py",)) == ["src/d.py"]
        assert self.looked_at(excludes=("!/vendor/",)) == ["a.py", "src/d.py", "vendor/b.py"]

    def test_model_files_too(self) -> None:
        description = Path("vendor/model.json")
        description.write_text('{"class_name": "Sequential", "config": [], "keras_version": "2.2.4"}')
        assert "vendor/model.json" in run("models").stdout
        plant("keras-migrate.toml", 'exclude = ["vendor/"]\ntarget = "2.15"\n')
        result = run("models")
        assert "vendor" not in result.stdout
        assert "target TensorFlow 2.15" in result.stdout
        assert "target TensorFlow 2.21" in run("models", "--isolated").stdout


class TestOverrides:
    def test_each_option_that_may_differ(self) -> None:
        found = options(
            """
            ignore = ["KM404"]
            [[overrides]]
            paths = ["tests/**", "/examples/*.py"]
            ignore = ["KM302"]
            source = "1.2"
            defaults = "adopt"
            import-style = "tf"
            python2 = "convert"
            [[overrides]]
            paths = ["tests/new/"]
            defaults = "pin"
            ignore = ["KM2"]
            """
        )

        def at(path: str) -> Options:
            return found.at(str(Path(path).absolute()))

        assert at("src/a.py") is found
        assert at("src/examples/a.py") is found
        assert at("examples/sub/a.py") is found
        one = at("examples/a.py")
        assert one.ignore == {"KM404", "KM302"}
        assert one.source is not None
        assert (one.source.release, one.defaults, one.import_style, one.python2) == (
            "1.2",
            Defaults.ADOPT,
            ImportStyle.ATTRIBUTE,
            Python2.CONVERT,
        )
        both = at("tests/new/a.py")
        assert (both.ignore, both.defaults) == ({"KM404", "KM302", "KM2"}, Defaults.PIN)
        assert both.import_style is ImportStyle.ATTRIBUTE

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_in_a_run(self, jobs: int) -> None:
        plant(
            "keras-migrate.toml",
            'source = "2.2"\n[[overrides]]\npaths = ["examples/"]\nsource = "2.3"\nignore = ["KM101"]\n'
            '[[overrides]]\npaths = ["old/"]\npython2 = "convert"\n',
        )
        plant("a.py", CODE)
        plant("examples/b.py", CODE)
        plant("old/c.py", "print 'no network here'\n")
        plant("d.py", "print 'nor here'\n")
        run = migrate_paths(".", jobs=jobs)
        results = {result.path: result for result in run.results}
        assert set(results) == {"a.py", "examples/b.py", "old/c.py"}
        assert b"recurrent_activation=keras2_hard_sigmoid" in results["a.py"].after
        after = results["examples/b.py"].after.decode()
        assert after.startswith("from keras.layers import LSTM\n")
        assert "recurrent_activation" not in after
        assert b"print('no network here')" in results["old/c.py"].after
        assert (run.sources["a.py"].release, run.sources["examples/b.py"].release) == ("2.2", "2.3")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ('# one\n\ntagret = "2.15"\n', 3, "unknown key `tagret`. Did you mean `target`?"),
            ('import_style = "tf"\n', 1, "unknown key `import_style`. Did you mean `import-style`?"),
            ("verbosity = 1\n", 1, "unknown key `verbosity`. There are: target, ignore, source, defaults"),
            ('target = "2.99"\n', 1, "`target`: unknown target '2.99': name a TensorFlow release (2.15,"),
            ("target = 2.15\n", 1, '`target`: expected text in quotes, such as "2.2", not a number'),
            ('source = "2.4"\n', 1, "`source`: unknown source '2.4': name a release of standalone Keras"),
            ('defaults = "keep"\n', 1, '`defaults`: expected "pin" or "adopt", not \'keep\''),
            ("python2 = true\n", 1, '`python2`: expected text in quotes, such as "2.2", not a boolean'),
            ('ignore = "KM101"\n', 1, '`ignore`: expected an array of texts, such as ["a", "b"], not text'),
            ("ignore = [101]\n", 1, '`ignore`: expected an array of texts, such as ["a", "b"], not an'),
            ('\nignore = [\n  # no\n  "KM77",\n]\n', 2, "`ignore`: no such rule: 'KM77'. Did you mean"),
            ('exclude = ["a", "!"]\n', 1, "`exclude`: not a pattern in gitignore syntax: '!'"),
            ("overrides = 1\n", 1, "`overrides`: expected an array of tables, [[overrides]], not a number"),
            ("overrides = [1]\n", 1, "`overrides`: expected a table, not a number"),
            (
                '[[overrides]]\npaths = ["a"]\n\n[[overrides]]\nignore = ["KM1"]\n',
                4,
                "`paths` is missing",
            ),
            (
                '[[overrides]]\npaths = ["a"]\n[[overrides]]\npaths = ["b"]\n\ntarget = "2.15"\n',
                6,
                "`target` cannot be set for some paths: files that import each other have one target",
            ),
            (
                '[[overrides]]\npaths = ["a"]\ndefault = "pin"\n',
                3,
                "unknown key `default`. Did you mean `defaults`?",
            ),
        ],
    )
    def test_with_its_line_and_what_to_write(self, text: str, line: int, message: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            options(text)
        assert str(caught.value).startswith(f"keras-migrate.toml:{line}: {message}")
        Path("keras-migrate.toml").unlink()
        above = '[project]\nname = "x"\ndescription = """\n[tool.keras-migrate]\ntarget = "1"\n"""\n'
        text = text.replace("[[overrides]]", "[[tool.keras-migrate.overrides]]")
        plant("pyproject.toml", above + "[tool.keras-migrate]\n" + text)
        with pytest.raises(ConfigurationError) as caught:
            options()
        message = message.replace("[[overrides]]", "[[tool.keras-migrate.overrides]]")
        message = message.replace("`overrides`: expected a t", "`tool.keras-migrate.overrides`: expected a t")
        assert str(caught.value).startswith(f"pyproject.toml:{line + 7}: {message}")

    def test_a_table_that_is_none(self) -> None:
        plant("pyproject.toml", "[tool]\nkeras-migrate = 1\n")
        with pytest.raises(ConfigurationError, match=r"pyproject\.toml:2: `tool\.keras-migrate`: expected"):
            options()

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"target = \n", "keras-migrate.toml: is not TOML: Invalid value (at line 1, column 10)"),
            (b'target = "\xe9"\n', "keras-migrate.toml: is not TOML: 'utf-8' codec can't decode"),
        ],
    )
    def test_what_is_not_toml(self, data: bytes, message: str) -> None:
        Path("keras-migrate.toml").write_bytes(data)
        with pytest.raises(ConfigurationError) as caught:
            options()
        assert str(caught.value).startswith(message)

    def test_by_the_command_with_exit_code_2_and_before_anything_is_done(self) -> None:
        plant("a.py", CODE)
        plant("keras-migrate.toml", 'tagret = "2.15"\n')
        for command in (["check"], ["migrate", "--write"], ["models"]):
            result = run(*command)
            assert result.exit_code == 2
            assert (
                result.stderr == "Error: keras-migrate.toml:1: unknown key `tagret`. Did you mean `target`?\n"
            )
        assert Path("a.py").read_text() == CODE

    def test_a_file_that_does_not_exist_or_has_no_table(self) -> None:
        assert "nowhere.toml: cannot be read: No such file" in run("check", "--config", "nowhere.toml").stderr
        plant("pyproject.toml", "")
        assert "has no [tool.keras-migrate]" in run("check", "--config", "pyproject.toml").stderr
        both = run("check", "--config", "pyproject.toml", "--isolated")
        assert (both.exit_code, "contradict each other" in both.stderr) == (2, True)


def test_the_run_says_which_it_went_by(folder: Path) -> None:
    plant("keras-migrate.toml", 'target = "2.15"\n')
    plant("a.py", CODE)
    shown = run("migrate", "--dry-run", "--verbose", "--no-diff").stdout
    assert "keras-migrate.toml: the configuration of this run\n" in shown
    assert "Target TensorFlow 2.15: keras-migrate.toml names it." in shown
    assert migrate_paths(".").configuration == str(folder / "keras-migrate.toml")
    assert migrate_paths(".", options=Options()).configuration == ""
