"""Keras' own examples and tests, taken from a clone and made small enough to run."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import tomllib

HERE = Path(__file__).parent
TAGS = {"2.2.4": ("examples", "tests", "keras/utils/test_utils.py"), "1.2.2": ("examples",)}
"""The tags of Keras, and what of each is run."""

NOT_EXAMPLES = {
    "2.2.4": {
        "image_ocr": "needs a download of word lists and fonts",
        "mnist_swwae": "fails on the old stack",
        "cifar10_cnn_tfaugment2d": "fails on the old stack",
        "mnist_sklearn_wrapper": "fails on the old stack",
    },
    "1.2.2": {
        "image_ocr": "needs a download of word lists and fonts",
        "mnist_net2net": "fails on the old stack: it is written for images with their channels first",
        "mnist_sklearn_wrapper": "fails on the old stack: it needs another scikit-learn",
        "mnist_swwae": "fails on the old stack: it runs on Theano only",
        "neural_doodle": "fails on the old stack: it is Python 2",
    },
}
"""Examples that do not run on the old stack, and why."""

NOT_PUBLIC = {
    "tests/keras/backend/": "compares the backends' inner functions with each other",
    "tests/keras/engine/": "tests inner functions of keras.engine",
    "tests/keras/legacy/": "tests how Keras 2 took the arguments of Keras 1",
    "tests/test_documentation": "reads Keras' own docstrings",
    "tests/test_doc_auto_generation": "makes Keras' own documentation",
}
"""Beginnings of the paths of tests that do not test the public API, and why."""

ARGUMENTS = {
    "deep_dream": ["base.png", "dream"],
    "neural_style_transfer": ["base.png", "style.png", "transfer", "--iter", "1"],
    "neural_doodle": [
        *("--nlabels", "3", "--style-image", "style.png", "--style-mask", "mask.png"),
        *("--target-mask", "mask.png", "--target-image-prefix", "doodle"),
    ],
}
"""The command lines of examples that want one."""


def lay_out(mirror: Path, folder: Path, tag: str) -> None:
    """Writes the sources, made small, into an empty folder.

    Args:
        mirror: a git clone of keras-team/keras, bare or not, that has the tag.
        folder: what is in it is deleted.
        tag: which sources.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack(mirror, tag, folder)
    if (folder / "tests").is_dir():
        (folder / "keras/utils/test_utils.py").rename(folder / "tests/keras_test_utils.py")
        shutil.rmtree(folder / "keras")
    (folder / "requirements.txt").write_text(f"keras=={tag}\n")
    for stem in NOT_EXAMPLES[tag]:
        (folder / "examples" / f"{stem}.py").unlink()
    substitute(folder, f"substitutions-{tag}.toml")


def unpack(mirror: Path, tag: str, folder: Path) -> None:
    """Writes what of a tag is run below a folder."""
    command = ["git", "-C", str(mirror), "archive", tag, *TAGS[tag]]
    archive = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as opened:
        opened.extractall(folder, filter="data")


def substitute(folder: Path, name: str) -> None:
    """Makes the replacements of a table.

    Raises:
        SystemExit: where one of them has nothing to replace.
    """
    table = tomllib.loads((HERE / name).read_text())
    for entry in table["substitution"]:
        pattern = re.compile(entry["pattern"], re.MULTILINE)
        count = 0
        for path in sorted(folder.glob(entry["of"])):
            text, made = pattern.subn(entry["to"], path.read_bytes().decode())
            if made:
                path.write_bytes(text.encode())
            count += made
        if not count:
            raise SystemExit(f"nothing to substitute: {entry['of']}: {entry['pattern']}")
