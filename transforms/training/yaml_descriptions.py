"""Descriptions of models as YAML, read by the program that writes them."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use

YAML_DESCRIPTION = Rule(
    "KM619",
    "yaml-description",
    "Read the description of a model as JSON where the program writes it as JSON now.",
    "`to_yaml` and `model_from_yaml` are gone. Where `model.to_yaml()` becomes `model.to_json()`, what the "
    "program describes has to be read with `model_from_json`. YAML files that the old program left are not "
    "read by it: save the models once more, or keep their weights and build them in code.",
    before="from keras.models import model_from_yaml\n\ncopy = model_from_yaml(model.to_yaml())\n",
    after="from tensorflow.keras.models import model_from_json\n\ncopy = model_from_json(model.to_json())\n",
)

TRANSFORM = Transform("descriptions as YAML", YAML_DESCRIPTION)


@TRANSFORM.use("keras.models.model_from_yaml")
def read_json(file: File, use: Use) -> None:
    """Calls ``model_from_json`` in a file that describes models itself."""
    reference = use.reference
    if use.members or not use.sure or not _writes_descriptions(file):
        return
    message = (
        "descriptions of models are written as JSON here now, and read as JSON. A YAML file that the old "
        "program left has to be made anew"
    )
    if not file.report(YAML_DESCRIPTION, Level.REVIEW, reference.node, message, use.symbol):
        return
    new = file.imports.name_for("tensorflow.keras.models.model_from_json", reference)
    file.imports.gives_way(reference, new)
    file.edit(reference.node, reference.frame, lambda _: cst.parse_expression(new))


def _writes_descriptions(file: File) -> bool:
    """Whether a file calls ``to_yaml``, which becomes ``to_json``."""
    return any(node.attr.value == "to_yaml" for node, _, _ in file.names.attributes)
