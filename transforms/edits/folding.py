"""Conditions that are known: an ``if`` gives way to the arm that runs."""

from __future__ import annotations

from typing import Any

import libcst as cst

from ...scopes import Frame
from ...transform import File
from .statement_edits import close_gap, unwrapped


def is_elif(node: cst.If, frame: Frame) -> bool:
    """Whether a statement is the ``elif`` of another one."""
    return frame is not None and isinstance(frame[0], cst.If) and frame[0].orelse is node


def keeps_comments(node: cst.If | cst.IfExp, value: bool) -> bool:
    """Whether the arm that stays can stand alone: no comment hangs at its end, outside its statements."""
    if isinstance(node, cst.IfExp):
        return True
    live = node.body if value else node.orelse.body if isinstance(node.orelse, cst.Else) else None
    footer = live.footer if isinstance(live, cst.IndentedBlock) else ()
    return not any(line.comment for line in footer)


def fold(file: File, node: cst.If | cst.IfExp, frame: Frame, value: bool) -> None:
    """Asks for a condition to give way to the arm that it leads to."""
    if isinstance(node, cst.IfExp):
        file.edit(node, frame, lambda current: _chosen(current, value))
    elif is_elif(node, frame):
        file.edit(node, frame, _else if value else _rest)
    else:
        file.edit(node, frame, _body if value else _without)
        if not value and node.orelse is None:
            close_gap(file, node, frame)


def _chosen(current: cst.IfExp, value: bool) -> cst.BaseExpression:
    """The value of a conditional expression that is known, in its parentheses where it needs them."""
    chosen = current.body if value else current.orelse
    simple = isinstance(chosen, (cst.Name, cst.BaseNumber, cst.SimpleString, cst.List, cst.Dict, cst.Set))
    if simple or not current.lpar:
        return chosen
    return chosen.with_changes(
        lpar=[*current.lpar, *chosen.lpar],
        rpar=[*chosen.rpar, *current.rpar],
    )


def _else(current: cst.If) -> cst.Else:
    """An ``elif`` that always holds."""
    return cst.Else(body=current.body, leading_lines=current.leading_lines)


def _rest(current: cst.If) -> cst.If | cst.Else | cst.RemovalSentinel:
    """What follows an ``elif`` that never holds."""
    return cst.RemoveFromParent() if current.orelse is None else current.orelse


def _body(current: cst.If) -> Any:
    """The statements of an ``if`` that always holds."""
    return unwrapped(current.body, current.leading_lines)


def _without(current: cst.If) -> Any:
    """What is left of an ``if`` that never holds."""
    rest = current.orelse
    if rest is None:
        return cst.RemoveFromParent()
    if isinstance(rest, cst.If):
        return rest.with_changes(leading_lines=current.leading_lines)
    return unwrapped(rest.body, current.leading_lines)
