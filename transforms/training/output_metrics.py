"""Metrics of models with several outputs: to which they belong, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import AttributeUse, File, Transform
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..reading.last_layers import outputs
from ..reading.receivers import call_of_method, level_of
from .compiled_metrics import logged, metrics_given
from .identifiers import arguments_of_compile

FLAT_METRICS = Rule(
    "KM611",
    "flat-metrics",
    "Give each of several outputs the metrics that all of them had.",
    "A plain list in `metrics=` was for every output of a model. From TensorFlow 2.16 on its first member "
    "is for the first output, its second for the second: with as many metrics as outputs that measures "
    "something else without a word, and with another number `compile` or the training fails. A list for "
    "each output means the same everywhere.",
    before="from keras.models import Model\n\nmodel = Model(inputs, [age, gender])\n"
    "model.compile('sgd', 'mse', metrics=['mae', 'mape'])\n",
    after="from tensorflow.keras.models import Model\n\nmodel = Model(inputs, [age, gender])\n"
    "model.compile('sgd', 'mse', metrics=[['mae', 'mape']] * 2)\n",
    targets=">=2.16",
)

RESULT_ORDER = Rule(
    "KM612",
    "result-order",
    "Take the results of models with several outputs in the order in which they came.",
    "`evaluate`, `train_on_batch` and `test_on_batch` of a model with several outputs give the loss, the "
    "losses of the outputs, and their metrics: in the order of the outputs, and from TensorFlow 2.16 on in "
    "that of the alphabet. Where the file names outputs and metrics, the results are taken by name.",
    before=(
        "from keras.layers import Dense, Input\nfrom keras.models import Model\n\ninputs = Input((4,))\n"
        "model = Model(inputs, [Dense(1, name='price')(inputs), Dense(1, name='age')(inputs)])\n"
        "model.compile('sgd', 'mean_squared_error', metrics={'price': ['mae'], 'age': ['mae']})\n"
        "results = model.evaluate(x, [prices, ages])\n"
    ),
    after=(
        "from tensorflow.keras.layers import Dense, Input\nfrom tensorflow.keras.models import Model\n\n"
        "inputs = Input((4,))\n"
        "model = Model(inputs, [Dense(1, name='price')(inputs), Dense(1, name='age')(inputs)])\n"
        "model.compile('sgd', 'mean_squared_error', metrics={'price': ['mae'], 'age': ['mae']})\n"
        "results = list(map(model.evaluate(x, [prices, ages], return_dict=True).get,\n"
        "                   ['loss', 'price_loss', 'age_loss', 'price_mae', 'age_mae']))\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("metrics of outputs", FLAT_METRICS, RESULT_ORDER)

_MODEL = "keras.models.Model"
_ARGUMENTS = ("metrics", "weighted_metrics")


@TRANSFORM.attribute("compile")
def nest(file: File, use: AttributeUse) -> None:
    """Writes the metrics once for each output."""
    found = call_of_method(use)
    if not file.target.keras3 or found is None or not _is_old(file, use):
        return
    number = len(outputs(file, use.node.value)) or _losses(found[0])
    if number < 2:
        return
    for name, value, frame in arguments_of_compile(*found):
        if name not in _ARGUMENTS or not _is_flat(file, value):
            continue
        message = (
            f"a plain list in `{name}` was for all {number} outputs, and now has a member for each: it is "
            "written once for each output"
        )
        if file.report(FLAT_METRICS, Level.REWRITTEN, value, message, f"{_MODEL}.compile.{name}"):
            file.edit(value, frame, lambda node: _repeated(node, number))
            keep_short(file, value, frame)


def _is_old(file: File, use: AttributeUse) -> bool:
    """Whether the receiver is, or can be, a model of standalone Keras."""
    values = file.values.of(use.node.value)
    return level_of(file, use, "model") is not None and all(value.standalone for value in values)


def _losses(call: cst.Call) -> int:
    """The number of outputs by the losses that ``compile`` is given; 0 where they do not tell."""
    for name, value, _ in arguments_of_compile(call, None):
        if name == "loss" and isinstance(value, (cst.List, cst.Tuple, cst.Dict)):
            return len(value.elements)
    return 0


def _is_flat(file: File, node: cst.BaseExpression) -> bool:
    """Whether an argument is a list of metrics that does not say for which output they are."""
    if not isinstance(node, cst.List):
        values = file.values.of(node) if isinstance(node, (cst.Name, cst.Attribute)) else ()
        lists = [value.node for value in values if isinstance(value.node, cst.List)]
        return len(lists) == len(values) > 0 and all(_is_flat(file, each) for each in lists)
    if not node.elements:
        return False
    nested = (cst.List, cst.Tuple, cst.Dict, cst.BaseComp)
    return not any(isinstance(element.value, nested) for element in node.elements)


def _repeated(node: cst.BaseExpression, number: int) -> cst.BaseExpression:
    """A list of a list of metrics for each output; objects that keep a state are made for each of them."""
    if isinstance(node, cst.List) and any(isinstance(each.value, cst.Call) for each in node.elements):
        made = cst.ensure_type(cst.parse_expression(f"[_ for _ in range({number})]"), cst.ListComp)
        return made.with_changes(elt=node)
    inner = cst.List([cst.Element(node)])
    return cst.BinaryOperation(inner, cst.Multiply(), cst.Integer(str(number)))


@TRANSFORM.attribute("evaluate", "evaluate_generator", "train_on_batch", "test_on_batch")
def order(file: File, use: AttributeUse) -> None:
    """Takes results by their names, in the order in which they came."""
    found = call_of_method(use)
    if not file.target.keras3 or found is None or not _is_read(found[1]) or not _is_old(file, use):
        return
    call, frame = found
    if any(arg.keyword is not None and arg.keyword.value == "return_dict" for arg in call.args):
        return
    names = outputs(file, use.node.value)
    compiled = _compiled(file, use.node.value)
    if len(names) < 2 or not compiled:
        return
    keys = _keys(file, names, compiled[0]) if len(compiled) == 1 else None
    first = 1 + len(names)
    if keys is not None and keys[first:] == sorted(keys[first:]):
        return
    method = use.node.attr.value.removesuffix("_generator")
    message = f"`{method}` gives the metrics of several outputs by the alphabet now, not by output"
    if keys is None:
        message += (
            ". Not all of their names are known here: where the order matters, pass `return_dict=True`, and "
            "read each by the name of its output, an underscore and that of the metric"
        )
        file.report(RESULT_ORDER, Level.REVIEW, use.node, message, f"{_MODEL}.{method}")
        return
    message += ": they are taken by name, in the order in which they came"
    if file.report(RESULT_ORDER, Level.REWRITTEN, use.node, message, f"{_MODEL}.{method}"):
        file.edit(call, frame, lambda node: _by_name(node, keys))
        keep_short(file, call, frame)


def _is_read(frame: Frame) -> bool:
    """Whether anything but the first of the results of a call is used."""
    if frame is None or isinstance(frame[0], cst.Expr):
        return False
    if isinstance(frame[0], cst.Subscript):
        index = frame[0].slice[0].slice
        return not (isinstance(index, cst.Index) and getattr(index.value, "value", "") == "0")
    return True


def _compiled(file: File, model: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The metrics that a model is compiled with anywhere in the file."""
    made = file.values.of(model)[0].node
    found = []
    for node, frame, _ in file.names.attributes:
        if node.attr.value != "compile" or frame is None or not isinstance(frame[0], cst.Call):
            continue
        if any(value.node is made for value in file.values.of(node.value)):
            for name, value, _ in arguments_of_compile(frame[0], frame[1]):
                if name in _ARGUMENTS:
                    found.append(value)
    return found


def _keys(file: File, names: Sequence[str], metrics: cst.BaseExpression) -> list[str] | None:
    """The names of all results in the old order; ``None`` where one is not known."""
    if "" in names or len(set(names)) < len(names):
        return None
    keys = ["loss", *(f"{name}_loss" for name in names)]
    for index, name in enumerate(names):
        given = list(_of_output(file, metrics, index, name))
        if None in given:
            return None
        keys += [f"{name}_{metric}" for metric in given]
    return keys if len(set(keys)) == len(keys) else None


def _of_output(file: File, node: cst.BaseExpression, index: int, name: str) -> Iterator[str | None]:
    """The names of the metrics of one output, ``None`` for one that cannot be told."""
    if isinstance(node, cst.Dict):
        for member in node.elements:
            key = member.key if isinstance(member, cst.DictElement) else None
            if not isinstance(key, cst.SimpleString):
                yield None
            elif key.raw_value == name:
                yield from _logged(file, member.value)
        return
    elements = node.elements if isinstance(node, (cst.List, cst.Tuple)) else ()
    if any(isinstance(element.value, (cst.List, cst.Tuple)) for element in elements):
        if index < len(elements):
            yield from _logged(file, elements[index].value)
    else:
        yield from _logged(file, node)


def _logged(file: File, node: cst.BaseExpression) -> Iterator[str | None]:
    """The names in logs of one metric or a list of some."""
    if isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield from _logged(file, element.value)
        return
    found = list(metrics_given(file, node))
    yield logged(found[0], file.target)[1] if len(found) == 1 else None


def _by_name(call: cst.Call, keys: Sequence[str]) -> cst.Call:
    """``list(map(model.evaluate(…, return_dict=True).get, [keys]))`` for a call."""
    named = appended(call.with_changes(lpar=(), rpar=()), [keyword("return_dict", cst.Name("True"))])
    listed = cst.List([cst.Element(cst.SimpleString(repr(key))) for key in keys])
    taken = cst.Call(cst.Name("map"), [cst.Arg(cst.Attribute(named, cst.Name("get"))), cst.Arg(listed)])
    return cst.Call(cst.Name("list"), [cst.Arg(taken)], lpar=call.lpar, rpar=call.rpar)
