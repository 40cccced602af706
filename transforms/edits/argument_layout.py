"""Where added arguments go in a call, and added parameters in a function."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

_NONE = cst.SimpleWhitespace("")
TIGHT = cst.AssignEqual(whitespace_before=_NONE, whitespace_after=_NONE)
"""The sign of equality of an argument or a default, without space around it."""


def appended(call: cst.Call, added: Sequence[cst.Arg]) -> cst.Call:
    """A call with more arguments at its end, laid out as those that it has."""
    args = list(call.args)
    between = _separator(call)
    packed = any(isinstance(space, cst.SimpleWhitespace) for space in _spaces(call))
    for index, arg in enumerate(added):
        _append(args, arg, cst.SimpleWhitespace(" ") if packed and index else between)
    return call.with_changes(args=args)


def _append(args: list[cst.Arg], added: cst.Arg, between: cst.BaseParenthesizableWhitespace) -> None:
    """Puts one argument behind the others, with some space before it."""
    if not args:
        args.append(added)
        return
    last = args[-1]
    if isinstance(last.comma, cst.Comma):  # a trailing one, which stays at the end
        closing = last.comma.whitespace_after
        added = added.with_changes(comma=cst.Comma(whitespace_after=_uncommented(closing)))
        between = _commented_as(between, closing)
    else:
        closing = last.whitespace_after_arg
        added = added.with_changes(whitespace_after_arg=_uncommented(closing))
        between = _commented_as(between, closing)
        last = last.with_changes(whitespace_after_arg=_NONE)
    args[-1] = last.with_changes(comma=cst.Comma(whitespace_after=between))
    args.append(added)


def _spaces(call: cst.Call) -> list[cst.BaseParenthesizableWhitespace]:
    """The space between the arguments of a call."""
    return [arg.comma.whitespace_after for arg in call.args[:-1] if isinstance(arg.comma, cst.Comma)]


def _separator(call: cst.Call) -> cst.BaseParenthesizableWhitespace:
    """The space before an argument that is added: a line of its own where any argument begins a line."""
    broken = [
        space
        for space in (call.whitespace_before_args, *_spaces(call))
        if isinstance(space, cst.ParenthesizedWhitespace)
    ]
    return _uncommented(broken[-1]) if broken else cst.SimpleWhitespace(" ")


def _uncommented(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """Some space without the comments in it."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    return cst.ParenthesizedWhitespace(indent=space.indent, last_line=space.last_line)


def _commented_as(
    space: cst.BaseParenthesizableWhitespace, commented: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """Some space with the comments of another one in it."""
    if not isinstance(commented, cst.ParenthesizedWhitespace):
        return space
    if commented.first_line.comment is None and not any(line.comment for line in commented.empty_lines):
        return space
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return commented
    return space.with_changes(first_line=commented.first_line, empty_lines=commented.empty_lines)


def keyword(name: str, value: cst.BaseExpression) -> cst.Arg:
    """An argument that is given by keyword."""
    return cst.Arg(value, keyword=cst.Name(name), equal=TIGHT)


def optional_parameter(params: cst.Parameters, name: str) -> cst.Parameters:
    """Parameters with one more behind the positional ones, which is ``None`` where it is not given."""
    added = cst.Param(cst.Name(name), default=cst.Name("None"), equal=TIGHT)
    return params.with_changes(params=[*params.params, added])
