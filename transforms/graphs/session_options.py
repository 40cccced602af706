"""What a ``ConfigProto`` asked for, as TensorFlow 2 is asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import libcst as cst

from ...scopes import Frame, Scope
from ...transform import File
from ...walk import dotted
from .tensorflow_1 import tensorflow_path

_CONFIG = frozenset({"tensorflow.ConfigProto", "tensorflow.compat.v1.ConfigProto"})
_GPU = frozenset({"tensorflow.GPUOptions", "tensorflow.compat.v1.GPUOptions"})
_DEFAULT_GRAPH = frozenset({"tensorflow.get_default_graph", "tensorflow.compat.v1.get_default_graph"})
_SESSIONS = frozenset(
    {
        "tensorflow.Session",
        "tensorflow.InteractiveSession",
        "tensorflow.compat.v1.Session",
        "tensorflow.compat.v1.InteractiveSession",
    }
)


Statement: TypeAlias = "tuple[cst.BaseSmallStatement, Frame]"


class Unclear(Exception):
    """The configuration of a session is used for more than a session, or asks for what cannot be told."""


class Unseen(Unclear):
    """It is not seen in the file what makes a session."""


@dataclass
class Configuration:
    """What some code asks TensorFlow for.

    Attributes:
        options: what is asked for, by the option's name in ``ConfigProto``, ``gpu_options.allow_growth``.
        comments: the comments on the lines that ask for it.
        statements: the statements that do nothing else, with the nodes around them.
    """

    options: dict[str, cst.BaseExpression] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)

    def code(self, tensorflow: str) -> list[str]:
        """The statements that ask TensorFlow 2 for the same.

        Args:
            tensorflow: what the module is called.
        Raises:
            Unclear: for what TensorFlow 2 cannot be asked for in this way.
        """
        made: list[str] = []
        for option, value in self.options.items():
            comment = self.comments.get(option)
            made += _statements(tensorflow, option, value, f"  {comment}" if comment else "")
        return made


def _statements(tf: str, option: str, value: cst.BaseExpression, comment: str) -> Iterator[str]:
    """The statements for one option."""
    text = cst.Module([]).code_for_node(value)
    name = option.removeprefix("gpu_options.")
    if name in ("allow_growth", "allow_soft_placement", "log_device_placement"):
        default = {"allow_growth": "False", "allow_soft_placement": "True", "log_device_placement": "False"}[
            name
        ]
        if text == default:
            return
    if option == "gpu_options.allow_growth":
        yield (
            f"for gpu in {tf}.config.list_physical_devices('GPU'):\n"
            f"    {tf}.config.experimental.set_memory_growth(gpu, {text}){comment}\n"
        )
    elif option == "allow_soft_placement":
        yield f"{tf}.config.set_soft_device_placement({text}){comment}\n"
    elif option == "log_device_placement":
        yield f"{tf}.debugging.set_log_device_placement({text}){comment}\n"
    elif option in ("intra_op_parallelism_threads", "inter_op_parallelism_threads"):
        yield f"{tf}.config.threading.set_{option}({text}){comment}\n"
    elif option == "gpu_options.visible_device_list" and text.strip("'\"").isdigit():
        number = int(text.strip("'\""))
        devices = f"{tf}.config.list_physical_devices('GPU')[{number}:{number + 1}]"
        yield f"{tf}.config.set_visible_devices({devices}, 'GPU'){comment}\n"
    elif option == "device_count":
        yield from _devices(tf, value, comment)
    elif option == "gpu_options.per_process_gpu_memory_fraction":
        raise Unclear(
            "TensorFlow 2 limits the memory of a GPU in MB: write "
            "`tf.config.set_logical_device_configuration(gpu, "
            "[tf.config.LogicalDeviceConfiguration(memory_limit=4096)])` for each of "
            "`tf.config.list_physical_devices('GPU')`"
        )
    else:
        raise Unclear(f"look in `tf.config` for what takes the place of `{option}`")


def _devices(tf: str, value: cst.BaseExpression, comment: str) -> Iterator[str]:
    """The statements for a dictionary of device counts."""
    for kind, number in _items(value):
        if kind.upper() == "GPU" and isinstance(number, cst.Integer):
            devices = "[]"
            if number.value != "0":
                devices = f"{tf}.config.list_physical_devices('GPU')[:{number.value}]"
            yield f"{tf}.config.set_visible_devices({devices}, 'GPU'){comment}\n"
        elif kind.upper() != "CPU" or not isinstance(number, cst.Integer) or number.value != "1":
            raise Unclear("name the devices to use with `tf.config.set_visible_devices`")


def _items(value: cst.BaseExpression) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The keys and values of a dictionary that is written out."""
    if not isinstance(value, cst.Dict):
        raise Unclear("the options of the session are not written out")
    for element in value.elements:
        if not isinstance(element, cst.DictElement) or not isinstance(element.key, cst.SimpleString):
            raise Unclear("the options of the session are not written out")
        yield str(element.key.raw_value), element.value


def is_session(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression makes a session of TensorFlow."""
    return isinstance(node, cst.Call) and _path(file, node) in _SESSIONS


def configuration(file: File, session: cst.Call, scope: Scope) -> Configuration:
    """What a session is asked for.

    Args:
        file: the file.
        session: the call that makes it.
        scope: where it stands.
    Raises:
        Unclear: where that cannot be told, with what to do.
    """
    found = Configuration()
    for name, value in _arguments(session, ("target", "graph", "config")):
        if name == "config":
            _read_config(file, value, scope, found)
        elif not isinstance(value, cst.Call) or _path(file, value) not in _DEFAULT_GRAPH:
            raise Unclear("a session with a graph of its own cannot be given to Keras")
    return found


def _arguments(call: cst.Call, names: Sequence[str]) -> Iterator[tuple[str, cst.BaseExpression]]:
    for index, arg in enumerate(call.args):
        if arg.star or (arg.keyword is None and index >= len(names)):
            raise Unclear("the options of the session are not written out")
        yield (names[index] if arg.keyword is None else arg.keyword.value), arg.value


def _read_config(file: File, value: cst.BaseExpression, scope: Scope, found: Configuration) -> None:
    """Reads the options of a ``ConfigProto``, made here or given a name above."""
    call = _made(file, value, scope, found, "")
    if _path(file, call) not in _CONFIG:
        raise Unclear("the options of the session are not written out")
    for name, option in _arguments(call, ()):
        if name == "gpu_options":
            _read_gpu(file, option, scope, found)
        else:
            _put(found, name, option)


def _read_gpu(file: File, value: cst.BaseExpression, scope: Scope, found: Configuration) -> None:
    """Reads the options of a ``GPUOptions``."""
    if isinstance(value, cst.Dict):
        for name, option in _items(value):
            _put(found, f"gpu_options.{name}", option)
        return
    call = _made(file, value, scope, found, "gpu_options.")
    if _path(file, call) not in _GPU:
        raise Unclear("the options of the session are not written out")
    for name, option in _arguments(call, ()):
        _put(found, f"gpu_options.{name}", option)


def _put(found: Configuration, name: str, value: cst.BaseExpression, comment: str | None = None) -> None:
    if not _is_simple(value):
        raise Unclear("the options of the session are not written out")
    found.options[name] = value
    if comment:
        found.comments[name] = comment


def _is_simple(node: cst.CSTNode) -> bool:
    """Whether an expression can be written elsewhere: it is made of names and literals."""
    if isinstance(node, (cst.Call, cst.Lambda, cst.Await, cst.Yield, cst.NamedExpr)):
        return False
    return all(map(_is_simple, node.children))


def _made(file: File, value: cst.BaseExpression, scope: Scope, found: Configuration, prefix: str) -> cst.Call:
    """The call that makes a value, directly or through a name that is used for nothing else."""
    if isinstance(value, cst.Call):
        return value
    if not isinstance(value, cst.Name):
        raise Unclear("the options of the session are not written out")
    statement = assigned(file, value.value, scope)
    if statement is None:
        raise Unclear(f"`{value.value}` is not only the options of a session")
    assign, frame = statement
    assert isinstance(assign, cst.Assign)
    found.statements.append((assign, frame))
    for use in file.names.uses(value.value):
        if use.root is not value and scope.bindings[value.value] == file.names.bindings(use):
            _read_assignment(use.frame, use.node, found, prefix)
    assert isinstance(assign.value, cst.Call)
    return assign.value


def assigned(file: File, name: str, scope: Scope) -> Statement | None:
    """The statement ``name = call(…)`` that alone gives a name its value in a scope."""
    bindings = scope.bindings.get(name, [])
    given = bindings[0].given if len(bindings) == 1 else None
    if given is None or given.how != "value" or given.path or not isinstance(given.node, cst.Call):
        return None
    func = given.node.func
    reference = file.names.reference(func) if isinstance(func, (cst.Name, cst.Attribute)) else None
    if reference is None or reference.frame is None or reference.frame[1] is None:
        return None
    assign, frame = reference.frame[1]
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1 or assign.value is not given.node:
        return None
    return (assign, frame) if isinstance(assign.targets[0].target, cst.Name) else None


def _read_assignment(frame: Frame, node: cst.BaseExpression, found: Configuration, prefix: str) -> None:
    """Reads ``config.gpu_options.allow_growth = True``."""
    assign, around = frame[1] if frame is not None and frame[1] is not None else (None, None)
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1 or assign.targets[0].target is not node:
        raise Unclear("the options of the session are used for more than the session")
    name = (dotted(node) or "").partition(".")[2]
    line = around[0] if around is not None else None
    comment = line.trailing_whitespace.comment if isinstance(line, cst.SimpleStatementLine) else None
    _put(found, prefix + name, assign.value, None if comment is None else comment.value)
    found.statements.append((assign, around))


def _path(file: File, call: cst.Call) -> str | None:
    """The name of TensorFlow that a call calls."""
    if not isinstance(call.func, (cst.Name, cst.Attribute)):
        return None
    reference = file.names.reference(call.func)
    if reference is None or reference.node is not call.func:
        return None
    return tensorflow_path(file, reference)
