"""Places in notebooks as a person sees them, for reports whose places are lines of files."""

from __future__ import annotations

from keras_migrate.findings import Finding


def cell_place(finding: Finding) -> str | None:
    """The cell and the line in it; ``None`` outside of notebooks."""
    cell = finding.cell
    return None if cell is None else f"cell {cell.number}, line {cell.line}"


def message(finding: Finding) -> str:
    """The message of a finding, in notebooks with its place there."""
    place = cell_place(finding)
    return finding.message if place is None else f"{place}: {finding.message}"
