"""Makes ``docs/diff.svg``, the README's picture: what the tool prints for a file of the legacy project."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from keras_migrate import migrate_paths
from keras_migrate.registry import all_rules
from keras_migrate.reports import terminal

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "diff.svg"
FILE = "digits/model.py"
WIDTH = 100


def picture() -> str:
    """The picture as SVG, the same for the same code."""
    before = os.getcwd()
    os.chdir(ROOT / "fixtures" / "projects" / "digits")
    try:
        run = replace(migrate_paths([FILE]), seconds=0.1)  # all else is the same from run to run
        console = Console(
            record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False, markup=False
        )
        terminal.show_diff(console, run, all_rules())
        terminal.show_summary(console, run, all_rules(), written=False)
    finally:
        os.chdir(before)
    svg = console.export_svg(title=f"keras-migrate migrate {FILE}", theme=DIMMED_MONOKAI, unique_id="diff")
    # rich's fonts would be loaded from elsewhere; those of the reader will do.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.S)
    return svg.replace("Fira Code", "Fira Code, Menlo, Consolas, DejaVu Sans Mono")


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")
