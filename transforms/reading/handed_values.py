"""What the calls of a function give its parameters, within one file."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...scopes import Binding, Reference
from ...transform import File


def parameter_of(file: File, reference: Reference) -> Binding | None:
    """The parameter of a function that a name always stands for, if it is one."""
    bindings = [] if reference.attributes else file.names.bindings(reference)
    given = bindings[0].given if len(bindings) == 1 else None
    return bindings[0] if given is not None and isinstance(given.node, cst.Param) else None


def handed(file: File, parameter: Binding) -> Iterator[cst.BaseExpression | None]:
    """What each call of the function in its file gives a parameter.

    Args:
        file: the file.
        parameter: what binds it.
    Yields:
        The expression, or that of its default; ``None`` where it cannot be told.
    """
    function = parameter.scope.node if parameter.scope is not None else None
    given = parameter.given
    if not isinstance(function, cst.FunctionDef) or given is None or not isinstance(given.node, cst.Param):
        yield None
        return
    name = given.node.name.value
    names = [param.name.value for param in function.params.params]
    for use in file.names.uses(function.name.value):
        call = use.called
        yield _given(call, name, names, given.node.default) if call and not use.attributes else None


def _given(
    call: cst.Call, name: str, names: list[str], default: cst.BaseExpression | None
) -> cst.BaseExpression | None:
    """What one call gives a parameter."""
    starred = False
    for at, arg in enumerate(call.args):
        starred = starred or bool(arg.star)
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
        if arg.keyword is None and not starred and names[at : at + 1] == [name]:
            return arg.value
    return None if starred else default
