"""`hinge` and its kin, which take labels of 0 for -1 since Keras 2.3."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ..reading.receivers import call_of_method, level_of
from .identifiers import arguments_of_compile

HINGE_LABELS = Rule(
    "KM614",
    "hinge-labels",
    "Report hinge losses and metrics, which read labels of 0 and 1 otherwise.",
    "`hinge` and `squared_hinge` are for labels of -1 and 1. Keras up to 2.2 took others as they were; now "
    "labels that are only 0 and 1 are taken for -1 and 1, so that the loss, what it trains, and the metric "
    "are others. With labels of -1 and 1 nothing changes.",
    before=(
        "import numpy as np\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.compile('sgd', loss='hinge')\nmodel.fit(x, np.array([0, 1, 1]))\n"
    ),
)

TRANSFORM = Transform("hinge labels", HINGE_LABELS)

_NAMES = ("hinge", "squared_hinge")
_MODULES = ("keras.losses.", "keras.metrics.")
_ARGUMENTS = ("loss", "metrics", "weighted_metrics")


@TRANSFORM.attribute("compile")
def report_hinge(file: File, use: AttributeUse) -> None:
    """Reports that a model is compiled with one of them."""
    found = call_of_method(use)
    if found is None or (not file.source.guessed and file.source.version >= (2, 3)):
        return
    values = file.values.of(use.node.value)
    if level_of(file, use, "model") is None or not all(value.standalone for value in values):
        return
    for name, value, _ in arguments_of_compile(*found):
        for node in _members(value) if name in _ARGUMENTS else ():
            _report(file, node)


def _members(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """A loss or metric, or those in a list or dictionary."""
    if isinstance(node, (cst.List, cst.Tuple, cst.Dict)):
        for element in node.elements:
            yield from _members(element.value)
    else:
        yield node


def _report(file: File, node: cst.BaseExpression) -> None:
    """Reports one loss or metric, where it is one of them."""
    names = [node.raw_value] if isinstance(node, cst.SimpleString) else []
    if isinstance(node, (cst.Name, cst.Attribute)):
        symbols = (value.symbol for value in file.values.of(node))
        names = [each.rpartition(".")[2] for each in symbols if each.startswith(_MODULES)]
    name = next((each for each in names if each in _NAMES), None)
    if name is not None:
        message = (
            f"`{name}` takes labels that are only 0 and 1 for -1 and 1 now; up to Keras 2.2 it took them as "
            f"they were. With labels of -1 and 1 it is the same{file.guess_note}"
        )
        file.report(HINGE_LABELS, Level.REVIEW, node, message, f"keras.losses.{name}")
