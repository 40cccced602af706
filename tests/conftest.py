"""Options of the whole test suite."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--update-fixtures`` and ``--all-steps``."""
    parser.addoption(
        "--update-fixtures",
        action="store_true",
        help="rewrite the after and findings files of fixtures/rules from what the tool does now",
    )
    parser.addoption(
        "--all-steps",
        action="store_true",
        help="stop writing at every step and not only at some (tests/robustness/test_stopped_writes.py)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Settles what TensorFlow reads once, when it is first imported, and what commands inherit.

    It is kept quiet and on the processor. A tool that is started as a command need not be compiled each time.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a shell runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    # Convolutions over channels_first need oneDNN, which older processors are not given by themselves.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
