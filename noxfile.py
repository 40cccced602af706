"""What CI runs, one session a check: ``nox`` for all of it, ``nox -l`` for the list."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
NEWEST = "2.21"
TENSORFLOWS = {"2.15": ("3.11", "3.10"), NEWEST: ("3.11", "3.12", "3.13", "3.10")}
"""TensorFlow release → the Pythons that it has wheels for, the best one first."""

OLD_PIP = "pip==21.3.1"
OLD_PINS = ("h5py<3", "scipy", "pillow")
CATALOGS = {
    "keras-1.2.2": ("3.6", ("tensorflow==1.4.0", "keras==1.2.2", "protobuf<3.20", "numpy<1.17", *OLD_PINS)),
    "keras-2.0.8": ("3.6", ("tensorflow==1.14.0", "keras==2.0.8", "protobuf<3.20", "numpy<1.17", *OLD_PINS)),
    "keras-2.1.6": ("3.6", ("tensorflow==1.14.0", "keras==2.1.6", "protobuf<3.20", "numpy<1.17", *OLD_PINS)),
    "keras-2.2.4": ("3.6", ("tensorflow==1.14.0", "keras==2.2.4", "protobuf<3.20", "numpy<1.17", *OLD_PINS)),
    "keras-2.3.1": ("3.7", ("tensorflow==1.15.0", "keras==2.3.1", "protobuf<3.21", "numpy<1.19", *OLD_PINS)),
    "tensorflow-2.15": ("3.11", ("tensorflow-cpu==2.15.1", "scipy", "pillow")),
    "tensorflow-2.16": ("3.11", ("tensorflow-cpu==2.16.*", "scipy", "pillow")),
    "tensorflow-2.18": ("3.11", ("tensorflow-cpu==2.18.*", "scipy", "pillow")),
    "tensorflow-2.21": ("3.11", ("tensorflow-cpu==2.21.0", "scipy", "pillow")),
    "tf_keras": ("3.11", ("tensorflow-cpu==2.21.0", "tf_keras", "scipy", "pillow")),
}
"""Table of the catalog → the Python that the release needs, and what is installed."""


def offer_pyenv_versions() -> None:
    """Lets ``python3.10`` and the like be found where pyenv has them but shows only one by default."""
    if "PYENV_VERSION" in os.environ or not shutil.which("pyenv"):
        return
    listed = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False)
    current = subprocess.run(["pyenv", "version-name"], capture_output=True, text=True, check=False)
    versions = [current.stdout.strip(), *listed.stdout.split()]
    if listed.returncode == 0 and current.returncode == 0:
        os.environ["PYENV_VERSION"] = ":".join(dict.fromkeys(versions))


def interpreter(versions: tuple[str, ...]) -> str:
    """The first of these Pythons that is on the path and runs; the first of all where none is."""
    for version in versions:
        found = shutil.which(f"python{version}")
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return version
    return versions[0]


offer_pyenv_versions()
nox.needs_version = ">=2024.10.9"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False  # each is skipped with a line that says so
nox.options.sessions = [
    "lint",
    "format",
    "types",
    "build",
    "readme",
    "page",
    "docs",
    *(f"tests-{version}" for version in PYTHONS if version != os.environ.get("TESTED")),
    "runtime-2.15",
    "runtime-2.21",
]
"""What ``nox`` runs; where all tests ran already on one Python, ``TESTED=3.11`` says so."""
PROJECT = nox.project.load_toml("pyproject.toml")
TESTS, LINT, TYPES, DOCS = (
    nox.project.dependency_groups(PROJECT, group) for group in ("test", "lint", "types", "docs")
)


@nox.session(python=PYTHONS, tags=["tests"])
def tests(session: nox.Session) -> None:
    """The tests that need no TensorFlow, on every Python that the tool supports.

    What becomes of the fixtures hangs on no Python: that is tried on the one that nox runs on.
    """
    session.install(".", *TESTS)
    own = session.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    paths = ["tests"] if own else ["tests/unit", "tests/integrations", "tests/robustness"]
    session.run("pytest", "-n", "auto", *(session.posargs or paths))


@nox.session(tags=["static"])
def lint(session: nox.Session) -> None:
    """ruff check."""
    session.install(*LINT)
    session.run("ruff", "check", ".")


@nox.session(name="format", tags=["static"])
def format_(session: nox.Session) -> None:
    """ruff format, as a check; ``nox -s format -- fix`` formats."""
    session.install(*LINT)
    session.run("ruff", "format", *([] if session.posargs else ["--check"]), ".")


@nox.session(tags=["static"])
def types(session: nox.Session) -> None:
    """mypy --strict on the package as it is installed, and on the examples of the page on the Python API."""
    session.install(".", *TYPES)
    page = (ROOT / "docs" / "site" / "python-api.md").read_text(encoding="utf-8")
    with session.chdir(session.create_tmp()):  # not the checkout: the package there has no transforms
        session.run("mypy", "--strict", "-p", "keras_migrate")
        for number, code in enumerate(re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)):
            example = Path(f"example_{number}.py")
            example.write_text(code, encoding="utf-8")
            session.run("mypy", "--strict", str(example))


@nox.session
def page(session: nox.Session) -> None:
    """The HTML report in a real Chromium; skipped where there is none."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        session.skip("no Chromium on the path: install Debian's package chromium, or Chrome")
    session.install(".", "playwright", *TESTS)
    session.run("pytest", "tests/page", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The site, built strictly: every link leads somewhere; ``nox -s docs -- serve`` shows it."""
    session.install(".", *DOCS)
    folder = Path(session.create_tmp()).resolve() / "site"
    arguments = session.posargs or ["build", "--strict", "--quiet", "--site-dir", str(folder)]
    session.run("mkdocs", *arguments, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def build(session: nox.Session) -> None:
    """Wheel and sdist: what is in them, and that each works from a clean environment and another folder."""
    session.install("build")
    made = Path(session.create_tmp()).resolve() / "dist"
    for leftover in (made, ROOT / "build"):  # setuptools would pack what an older build left there
        shutil.rmtree(leftover, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(made), silent=True)
    (wheel,) = made.glob("*.whl")
    (sdist,) = made.glob("*.tar.gz")
    check_wheel(session, wheel)
    check_sdist(session, sdist)
    for archive in (wheel, sdist):
        migrate_elsewhere(session, archive)


def check_wheel(session: nox.Session, wheel: Path) -> None:
    """Fails where something is missing from the wheel or does not belong there."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    if tops != {"keras_migrate"}:
        session.error(f"the wheel brings other packages along: {sorted(tops)}")
    for path in shipped():
        if path not in names:
            session.error(f"the wheel lacks {path}")
    if not any(name.endswith("licenses/LICENSE") for name in names):
        session.error("the wheel lacks the licence")


def check_sdist(session: nox.Session, sdist: Path) -> None:
    """Fails where the sdist could not be built from."""
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    for path in ("pyproject.toml", "README.md", "LICENSE", "transforms/__init__.py"):
        if path not in names:
            session.error(f"the sdist lacks {path}")


def shipped() -> list[str]:
    """Every file of the package, as the wheel has to name it."""
    kinds = ("*.py", "*.gz", "*.toml", "*.j2", "*.css", "*.js", "py.typed")
    paths = [path for kind in kinds for path in (ROOT / "keras_migrate").rglob(kind)]
    paths += [path for kind in kinds for path in (ROOT / "transforms").rglob(kind)]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [re.sub("^transforms/", "keras_migrate/transforms/", name) for name in names]


def migrate_elsewhere(session: nox.Session, archive: Path) -> None:
    """Installs an archive into an environment of its own and migrates a project with it."""
    folder = Path(session.create_tmp()).resolve() / "clean"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "fixtures" / "projects" / "digits", folder / "digits")
    session.run("python", "-m", "venv", str(folder / "env"))
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    session.run(str(programs / "pip"), "install", "-q", str(archive), external=True)
    tool = str(programs / "keras-migrate")
    with session.chdir(folder / "digits"):
        session.run(tool, "--version", external=True)
        session.run(tool, "migrate", "--write", "--quiet", external=True)
        session.run(tool, "migrate", "--dry-run", external=True)  # 0: nothing left to do


@nox.session
def readme(session: nox.Session) -> None:
    """The README's first command, in a copy of the checkout and with an empty environment."""
    in_a_copy(session, readme_commands()[0], [1])  # 1: changes would be made


@nox.session(name="readme-tests", default=False)
def readme_tests(session: nox.Session) -> None:
    """The README's test command, in the same way; CI runs it by itself."""
    in_a_copy(session, readme_commands()[1], [0])


def checkout_copy(session: nox.Session) -> Path:
    """Copies the checkout, as far as git knows or would take its files; returns where to."""
    folder = Path(session.create_tmp()).resolve() / "checkout"
    shutil.rmtree(folder, ignore_errors=True)
    listed = session.run(
        "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", external=True, silent=True
    )
    for name in filter(None, str(listed).split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def in_a_copy(session: nox.Session, command: str, success_codes: list[int]) -> None:
    """Runs a command of a shell in a copy of the checkout, with an empty environment."""
    folder = checkout_copy(session)
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if ".nox" not in part)
    environment = ["env", "-i", f"PATH={path}", f"HOME={Path.home()}"]
    with session.chdir(folder):
        session.run(*environment, "sh", "-c", command, external=True, success_codes=success_codes)


def readme_commands() -> tuple[str, str]:
    """The README's command that migrates a project as a dry run, and the one that runs the tests."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    return blocks[0], blocks[1]


@nox.session(python=False, name="catalog-check", default=False)
def catalog_check(session: nox.Session) -> None:
    """Extracts the newest TensorFlow again and compares it with the committed table."""
    session.notify(f"runtime-{NEWEST}", ["tests/catalog"])


def define_runtime(release: str, pythons: tuple[str, ...]) -> None:
    """Defines the session that executes the fixtures on one TensorFlow."""
    tensorflow = next(part for part in CATALOGS[f"tensorflow-{release}"][1] if part.startswith("tensorflow"))

    @nox.session(name=f"runtime-{release}", python=interpreter(pythons), tags=["runtime"])
    def session_of_release(session: nox.Session) -> None:
        session.install(".", tensorflow, "scipy", "pillow", *TESTS)
        default = ["tests/runtime", "tests/equivalence"] + (["tests/catalog"] if release == NEWEST else [])
        paths = session.posargs or [path for path in default if (ROOT / path).is_dir()]
        session.run("pytest", "-n", "auto", *paths)

    session_of_release.__doc__ = f"Executes fixtures, projects and old programs on TensorFlow {release}."


def define_catalog(table: str, python: str, packages: tuple[str, ...]) -> None:
    """Defines the session that makes one table of the catalog."""
    old = python in ("3.6", "3.7")

    @nox.session(
        name=f"catalog-{table}",
        python=python,
        venv_backend="venv" if old else None,  # virtualenv has given up on the old ones
        tags=["catalog"],
        default=False,
    )
    def session_of_table(session: nox.Session) -> None:
        if old:
            session.install(OLD_PIP)
        session.install(*packages)
        folder = ROOT / "keras_migrate" / "catalog"
        session.run("python", str(folder / "extract.py"), str(folder / f"{table}.json.gz"))

    session_of_table.__doc__ = f"Reads off {table} what it offers: keras_migrate/catalog/{table}.json.gz."


def define_goldens(release: str) -> None:
    """Defines the session that records the goldens of the equivalence programs on one old Keras."""
    python, packages = CATALOGS[f"keras-{release}"]

    @nox.session(
        name=f"goldens-{release}",
        python=python,
        venv_backend="venv",  # virtualenv has given up on the old ones
        tags=["goldens"],
        default=False,
    )
    def session_of_goldens(session: nox.Session) -> None:
        session.install(OLD_PIP)
        session.install(*packages)
        session.run("python", "tests/equivalence/make_goldens.py", *session.posargs)

    session_of_goldens.__doc__ = f"Records what the equivalence programs do on Keras {release}."


for _release in ("1.2.2", "2.2.4", "2.3.1"):
    define_goldens(_release)
for _release, _pythons in TENSORFLOWS.items():
    define_runtime(_release, _pythons)
for _table, (_python, _packages) in CATALOGS.items():
    define_catalog(_table, _python, _packages)


@nox.session(default=False)
def picture(session: nox.Session) -> None:
    """Makes docs/diff.svg, the README's picture, with the tool itself."""
    session.install(".")
    session.run("python", "docs/picture.py")


@nox.session(default=False)
def corpus(session: nox.Session) -> None:
    """Lays out the public repositories of the benchmarks: ``nox -s corpus -- FOLDER [--mirrors DIR]``."""
    session.install("pip")
    session.run("python", "benchmarks/corpus.py", *session.posargs)


@nox.session(default=False)
def references(session: nox.Session) -> None:
    """The referee: ``nox -s references -- FOLDER --target 2.21 --python ENV/bin/python``."""
    session.install(".")
    session.run("python", "benchmarks/references.py", *session.posargs)


@nox.session(default=False)
def notebooks(session: nox.Session) -> None:
    """Every notebook of the corpus: ``nox -s notebooks -- FOLDER --target 2.21 --python ENV/bin/python``."""
    session.install(".", *nox.project.dependency_groups(PROJECT, "benchmarks"))
    session.run("python", "benchmarks/notebooks.py", *session.posargs)


@nox.session(name="whole-repositories", default=False)
def whole_repositories(session: nox.Session) -> None:
    """Whole repositories with their own tests, before and after: ``nox -s whole-repositories -- WORK``."""
    session.install(".", "pip")
    session.run("python", "benchmarks/whole_repositories.py", *session.posargs)


@nox.session(default=False)
def speed(session: nox.Session) -> None:
    """The engine against a bare parse and print: ``nox -s speed -- FOLDER``."""
    session.install(".")
    session.run("python", "benchmarks/speed.py", *session.posargs)


@nox.session(name="bytes", default=False)
def bytes_(session: nox.Session) -> None:
    """Every byte that no finding names stays as it was: ``nox -s bytes -- FOLDER ... --target 2.21``."""
    session.install(".")
    session.run("python", "benchmarks/bytes.py", *session.posargs)


@nox.session(default=False)
def meaning(session: nox.Session) -> None:
    """A hundred thousand random programs of Keras, or so many as are said: ``nox -s meaning -- 100000``."""
    session.install(".", *TESTS)
    cases = session.posargs[0] if session.posargs else "100000"
    command = ("pytest", "tests/robustness/test_meaning.py", "--timeout=0", "--hypothesis-show-statistics")
    session.run(*command, env={"KERAS_MIGRATE_CASES": cases})


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """What small mistakes the tests do not notice, tried in a copy: ``nox -s mutation -- --sample 100``."""
    copy = checkout_copy(session)
    session.install("-e", str(copy), *TESTS, *nox.project.dependency_groups(PROJECT, "mutation"))
    with session.chdir(copy):
        session.run("python", "benchmarks/mutation.py", *session.posargs)


@nox.session(default=False)
def commands(session: nox.Session) -> None:
    """Whole commands against others of the same kind: ``nox -s commands -- CORPUS``."""
    session.install(".")
    session.run("python", "benchmarks/commands.py", *session.posargs)


@nox.session(name="other-tools", default=False)
def other_tools(session: nox.Session) -> None:
    """What else could be done: ``nox -s other-tools -- CORPUS --target 2.21 --python ENV/bin/python``."""
    session.install(".", "ast-grep-cli")
    session.run("python", "benchmarks/other_tools.py", *session.posargs)


@nox.session(name="keras-suite", default=False)
def keras_suite(session: nox.Session) -> None:
    """Keras' own examples and tests, migrated: ``nox -s keras-suite -- WORK --mirror CLONE_OF_KERAS``."""
    session.install(".")
    work, *options = session.posargs
    session.run("python", "benchmarks/keras_suite/run.py", "prepare", work, *options)
    session.run("python", "benchmarks/keras_suite/run.py", "run", work)
    session.run("python", "benchmarks/keras_suite/run.py", "report", work)
