"""What models keep: the states of their layers, the list of these, and which weights are trained."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import AttributeUse, File, Transform
from ...walk import dotted
from ..reading.receivers import call_of_method, level_of

RESET_STATES = Rule(
    "KM411",
    "reset-states",
    "Reset the states of a model layer by layer.",
    "From TensorFlow 2.16 on only layers have `reset_states`, models do not.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\nmodel.reset_states()\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "for layer in model.layers:\n    if hasattr(layer, 'reset_states'):\n        layer.reset_states()\n",
    targets=">=2.16",
)
LAYERS_POP = Rule(
    "KM412",
    "layers-pop",
    "Report `model.layers.pop()`.",
    "`layers` was the model's own list up to Keras 2.2; now it is a copy, so that `pop` runs and changes "
    "nothing, and `model.layers[-1]` is another layer than before.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\nmodel.layers.pop()\n",
)
TRAINABLE = Rule(
    "KM413",
    "trainable-when-compiled",
    "Let a model that is frozen after it was compiled go on being trained.",
    "A compiled model trained what was trainable when it was compiled, which is how the discriminator of a "
    "GAN is trained alone and frozen within the whole. From TensorFlow 2.16 on what is trainable when it is "
    "first trained counts, and a frozen discriminator would silently learn nothing.",
    before=(
        "from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
        "model.compile('sgd', 'mean_squared_error')\nmodel.trainable = False\n"
        "model.train_on_batch(x, y)\n"
    ),
    after=(
        "from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
        "model.compile('sgd', 'mean_squared_error')\nmodel.trainable = False\nmodel.trainable = True\n"
        "model.train_on_batch(x, y)\nmodel.trainable = False\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("state of models", RESET_STATES, LAYERS_POP, TRAINABLE)

MODEL = "keras.models.Model"

_TRAINING = ("fit", "fit_generator", "train_on_batch")


@TRANSFORM.attribute("reset_states")
def reset_states(file: File, use: AttributeUse) -> None:
    """Resets the states of all layers that have some."""
    level, found = level_of(file, use, "model"), call_of_method(use)
    if not file.target.keras3 or level is None or found is None:
        return
    message = "models have no `reset_states` any more, their layers have"
    if not file.report(RESET_STATES, level, use.node, message, f"{MODEL}.reset_states"):
        return
    line = _line(*found)
    name = next(each for each in ("layer", "each_layer", "_layer") if each not in file.names.identifiers)
    if line is None:
        code = f"[{name}.reset_states() for {name} in _.layers if hasattr({name}, 'reset_states')]"
        listed = cst.ensure_type(cst.parse_expression(code), cst.ListComp)
        layers = cst.Attribute(use.node.value, cst.Name("layers"))
        clause = listed.for_in.with_changes(iter=layers)
        file.edit(*found, lambda node: listed.with_changes(for_in=clause, lpar=node.lpar, rpar=node.rpar))
        return
    model = file.module.code_for_node(use.node.value)
    code = (
        f"for {name} in {model}.layers:\n{file.module.default_indent}if hasattr({name}, 'reset_states'):\n"
        f"{file.module.default_indent * 2}{name}.reset_states()\n"
    )
    loop = cst.ensure_type(cst.parse_statement(code, config=file.module.config_for_parsing), cst.For)
    file.edit(*line, lambda node: loop.with_changes(leading_lines=node.leading_lines))


def _line(node: cst.CSTNode, frame: Frame) -> tuple[cst.CSTNode, Frame] | None:
    """The line that consists of an expression alone, with the nodes around it."""
    if frame is None or not isinstance(frame[0], cst.Expr) or frame[1] is None:
        return None
    line = frame[1][0]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    return line, frame[1][1]


@TRANSFORM.attribute("pop")
def report_pop(file: File, use: AttributeUse) -> None:
    """Reports that a layer is taken out of a list that is a copy."""
    owner = use.node.value
    if not isinstance(owner, cst.Attribute) or owner.attr.value != "layers":
        return
    if not file.values.can_be(owner.value, "model"):
        return
    message = (
        "`layers` is a copy now, so that `pop` changes nothing and `layers[-1]` still is the layer that was "
        "to go: use `pop()` of a `Sequential`, or go on from `layers[-2].output` and make a new `Model` of it"
    )
    file.report(LAYERS_POP, Level.MANUAL, use.node, message, f"{MODEL}.layers")


@TRANSFORM.attribute("trainable", "compile", *_TRAINING)
def _want(file: File, use: AttributeUse) -> None:
    """Asks for these attributes to be noted."""


@TRANSFORM.file
def train_frozen(file: File) -> None:
    """Makes models trainable for their own training that are frozen after they were compiled."""
    if not file.target.keras3:
        return
    lines: dict[cst.CSTNode, tuple[cst.Attribute, Frame]] = {}
    frozen = _frozen(file)
    for node, frame, _ in file.names.attributes:
        name = dotted(node.value)
        if node.attr.value in _TRAINING and name in frozen:
            place = _statement(node, frame)
            if place is not None:
                lines.setdefault(place[0], (node, place[1]))
    for line, (node, around) in lines.items():
        name = dotted(node.value) or ""
        message = (
            f"what is trainable when `{name}` is trained counts now, not when it was compiled: it is "
            "made trainable for its own training, as it was before"
        )
        if file.report(TRAINABLE, Level.REVIEW, node, message, f"{MODEL}.trainable"):
            before = _neighbour(line, around, -1) not in lines
            after = _neighbour(line, around, 1) not in lines
            _surround(file, line, around, name, before=before, after=after)


def _frozen(file: File) -> set[str]:
    """The models, by their names, that are compiled, then frozen, and never thawed again."""
    compiled: set[str] = set()
    frozen: set[str] = set()
    thawed: set[str] = set()
    for node, frame, _ in file.names.attributes:
        name = dotted(node.value)
        if name is None:
            continue
        if node.attr.value == "compile":
            compiled.add(name)
        elif node.attr.value == "trainable" and frame is not None and isinstance(frame[0], cst.AssignTarget):
            if not _assigns_false(frame):
                thawed.add(name)
            elif name in compiled and file.values.is_(node.value, "model"):
                frozen.add(name)
    return frozen - thawed


def _assigns_false(frame: Frame) -> bool:
    """Whether the assignment around a target gives it ``False``."""
    statement = frame[1][0] if frame is not None and frame[1] is not None else None
    return isinstance(statement, cst.Assign) and dotted(statement.value) == "False"


def _statement(node: cst.CSTNode, frame: Frame) -> tuple[cst.CSTNode, Frame] | None:
    """The simple statement around a node, where something can follow it."""
    while frame is not None and not isinstance(frame[0], cst.BaseStatement):
        if isinstance(frame[0], (cst.Return, cst.Raise, cst.Lambda)):
            return None
        frame = frame[1]
    if frame is None or not isinstance(frame[0], cst.SimpleStatementLine):
        return None
    return frame


def _neighbour(line: cst.CSTNode, frame: Frame, step: int) -> cst.CSTNode | None:
    """The statement before or after one in the same block."""
    block = frame[0] if frame is not None else None
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return None
    index = next(index for index, each in enumerate(block.body) if each is line) + step
    return block.body[index] if 0 <= index < len(block.body) else None


def _surround(file: File, line: cst.CSTNode, frame: Frame, name: str, *, before: bool, after: bool) -> None:
    """Thaws a model before a statement and freezes it after that."""
    thaw = cst.parse_statement(f"{name}.trainable = True\n")
    freeze = cst.parse_statement(f"{name}.trainable = False\n")

    def edit(node: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.BaseStatement]:
        made: list[cst.BaseStatement] = [node]
        if before:
            made = [thaw.with_changes(leading_lines=node.leading_lines), node.with_changes(leading_lines=())]
        if after:
            made.append(freeze)
        return cst.FlattenSentinel(made)

    file.edit(line, frame, edit)
