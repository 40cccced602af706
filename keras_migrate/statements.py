"""Surgery on import statements: other modules and names, with everything else kept as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import binds, without how it is written.

    Attributes:
        module: the module part of ``from module import name``; empty for ``import name``.
        name: the imported name; a dotted module for ``import name``.
        asname: the local name, where it is not ``name``.
    """

    module: str
    name: str
    asname: str | None = None

    @property
    def local(self) -> str:
        """The name that is bound."""
        return self.asname or (self.name if self.module else self.name.partition(".")[0])

    @property
    def path(self) -> str:
        """The qualified name that is imported."""
        return f"{self.module}.{self.name}" if self.module else self.name


Change = Imported | None
"""What an imported name becomes; ``None`` where it goes away."""


def name_node(dotted: str) -> cst.Name | cst.Attribute:
    """The expression for a dotted name."""
    first, *rest = dotted.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        node = cst.Attribute(node, cst.Name(part))
    return node


def from_statement(module: str, names: Sequence[Imported]) -> cst.ImportFrom:
    """``from module import a, b as c``."""
    return cst.ImportFrom(module=name_node(module), names=[_alias(name) for name in names])


def import_statement(imported: Imported) -> cst.Import:
    """``import a.b`` or ``import a.b as c``."""
    return cst.Import(names=[_alias(imported)])


def statement(imported: Imported) -> cst.Import | cst.ImportFrom:
    """The statement that imports one name."""
    return from_statement(imported.module, [imported]) if imported.module else import_statement(imported)


def rewritten_from(
    node: cst.ImportFrom, changes: Mapping[cst.ImportAlias, Change]
) -> list[cst.Import | cst.ImportFrom]:
    """A ``from … import …`` statement with some of its names changed.

    The names that stay together in one module keep the statement, with its layout and comments; those that go
    elsewhere follow in statements of their own.

    Args:
        node: the statement.
        changes: what its names become; names that are not in it stay as they are.
    Returns:
        The statements that take its place, possibly none.
    """
    if isinstance(node.names, cst.ImportStar):
        return [node]
    groups: dict[str | None, list[tuple[cst.ImportAlias, Imported | None]]] = {}
    for alias in node.names:
        if alias not in changes:
            groups.setdefault(None, []).append((alias, None))
            continue
        change = changes[alias]
        if change is not None:
            groups.setdefault(change.module, []).append((alias, change))
    if not groups:
        return []
    keeps = max(groups, key=lambda module: len(groups[module]))
    if "" in groups and keeps == "":
        keeps = next((module for module in groups if module != ""), "")
    made: list[cst.Import | cst.ImportFrom] = []
    for module, members in groups.items():
        if module == keeps and module != "":
            made.insert(0, _kept_from(node, module, members))
        elif module is None:
            rest = [alias.with_changes(comma=cst.MaybeSentinel.DEFAULT) for alias, _ in members]
            made.append(cst.ImportFrom(module=node.module, names=rest, relative=node.relative))
        elif module == "":
            made += [import_statement(change) for _, change in members if change is not None]
        else:
            made.append(from_statement(module, [change for _, change in members if change is not None]))
    return made


def _kept_from(
    node: cst.ImportFrom, module: str | None, members: list[tuple[cst.ImportAlias, Imported | None]]
) -> cst.ImportFrom:
    """The statement itself with the names that stay in it."""
    assert not isinstance(node.names, cst.ImportStar)
    chosen = dict(members)
    names: list[cst.ImportAlias] = []
    for alias in node.names:
        if alias not in chosen:
            continue
        change = chosen[alias]
        names.append(alias if change is None else _renamed(alias, change))
    last = node.names[-1]
    if names and last not in chosen:
        names[-1] = names[-1].with_changes(comma=_last_comma(names[-1].comma, last.comma))
    changed = node.with_changes(names=names)
    if module is not None:
        changed = changed.with_changes(module=_moved(node.module, module), relative=())
    return changed


def _last_comma(
    own: cst.Comma | cst.MaybeSentinel, last: cst.Comma | cst.MaybeSentinel
) -> cst.Comma | cst.MaybeSentinel:
    """The comma of a name that became the last: its own comment, and the layout of the one that was last."""
    space = own.whitespace_after if isinstance(own, cst.Comma) else None
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return last.with_changes(whitespace_after=_plain(last)) if isinstance(last, cst.Comma) else last
    if isinstance(last, cst.Comma) and isinstance(last.whitespace_after, cst.ParenthesizedWhitespace):
        return last.with_changes(
            whitespace_after=last.whitespace_after.with_changes(first_line=space.first_line)
        )
    return last if space.first_line.comment is None else own


def _plain(comma: cst.Comma) -> cst.BaseParenthesizableWhitespace:
    """The space after a comma without a comment that was about another name."""
    space = comma.whitespace_after
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(first_line=space.first_line.with_changes(comment=None))
    return space


def _moved(node: cst.Attribute | cst.Name | None, module: str) -> cst.Name | cst.Attribute:
    """The module of a statement, replaced with the space around the old one kept."""
    new = name_node(module)
    if node is None:
        return new
    return new.with_changes(lpar=node.lpar, rpar=node.rpar)


def rewritten_import(
    node: cst.Import, changes: Mapping[cst.ImportAlias, Change]
) -> list[cst.Import | cst.ImportFrom]:
    """An ``import a, b as c`` statement with some of its names changed.

    Args:
        node: the statement.
        changes: what its names become; names that are not in it stay as they are.
    Returns:
        The statements that take its place, possibly none, in the order of the names.
    """
    moved = [change for alias in node.names if (change := changes.get(alias)) is not None and change.module]
    names: list[cst.ImportAlias] = []
    for alias in node.names:
        if alias not in changes:
            names.append(alias)
            continue
        change = changes[alias]
        if change is not None and not change.module:
            names.append(_renamed(alias, change))
    kept: list[cst.Import | cst.ImportFrom] = []
    if names:
        kept = [
            node.with_changes(names=[*names[:-1], names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
        ]
    ours: list[cst.Import | cst.ImportFrom] = [statement(change) for change in moved]
    first = changes.get(node.names[0])
    return [*ours, *kept] if first is not None and first.module else [*kept, *ours]


def _alias(imported: Imported) -> cst.ImportAlias:
    asname = None if imported.asname in (None, imported.name) else cst.AsName(cst.Name(imported.asname or ""))
    return cst.ImportAlias(name=name_node(imported.name), asname=asname)


def _renamed(alias: cst.ImportAlias, imported: Imported) -> cst.ImportAlias:
    """An alias with another name, keeping its comma and the comments after it."""
    new = _alias(imported)
    if alias.asname is not None and new.asname is not None:
        return alias.with_changes(name=new.name, asname=alias.asname.with_changes(name=new.asname.name))
    return alias.with_changes(name=new.name, asname=new.asname)


def binds(node: cst.CSTNode) -> list[Imported] | None:
    """What an import statement binds; ``None`` for any other statement, a star or a relative import."""
    if isinstance(node, cst.SimpleStatementLine):
        found: list[Imported] = []
        for small in node.body:
            part = binds(small)
            if part is None:
                return None
            found += part
        return found
    if isinstance(node, cst.Import):
        return [Imported("", _code(alias.name), _asname(alias)) for alias in node.names]
    if isinstance(node, cst.ImportFrom) and not node.relative and not isinstance(node.names, cst.ImportStar):
        module = _code(node.module) if node.module is not None else ""
        return [Imported(module, _code(alias.name), _asname(alias)) for alias in node.names]
    return None


def _asname(alias: cst.ImportAlias) -> str | None:
    return alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else None


def _code(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_code(node.value)}.{node.attr.value}"
    assert isinstance(node, cst.Name)
    return node.value


def starts_code(module: cst.Module) -> int:
    """The index of the first statement after a module's docstring and ``__future__`` imports."""
    index = 0
    for position, line in enumerate(module.body):
        if not isinstance(line, cst.SimpleStatementLine):
            break
        first = line.body[0]
        docstring = (
            position == 0
            and isinstance(first, cst.Expr)
            and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))
        )
        future = (
            isinstance(first, cst.ImportFrom)
            and first.module is not None
            and isinstance(first.module, cst.Name)
            and first.module.value == "__future__"
        )
        if not docstring and not future:
            break
        index = position + 1
    return index
