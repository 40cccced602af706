"""Which kind of file is which."""

from __future__ import annotations

import os


def is_notebook(path: str, data: bytes) -> bool:
    """Whether a file is a notebook; code that comes without the name of a file is looked at.

    Args:
        path: what it is called.
        data: its bytes.
    """
    ending = os.path.splitext(path)[1]
    if ending:
        return ending == ".ipynb"
    return data.lstrip()[:1] == b"{" and b'"nbformat"' in data
