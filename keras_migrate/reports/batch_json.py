"""What came of a batch as JSON, for other programs. Fields are only ever added."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from keras_migrate import __version__
from keras_migrate.batch.results import BatchResult, Outcome


def report(batch: BatchResult) -> str:
    """The report, with a line end."""
    return json.dumps(document(batch), indent=2) + "\n"


def document(batch: BatchResult) -> dict[str, Any]:
    """The same as plain data; paths are relative to the output folder."""
    outcomes = {outcome.value: len(batch.of_outcome(outcome)) for outcome in Outcome}
    return {
        "tool": {"name": "keras-migrate", "version": __version__},
        "manifest": batch.manifest,
        "output": batch.folder,
        "repositories": [
            {**asdict(result), "earlier": result.name in batch.earlier} for result in batch.results
        ],
        "summary": {
            "repositories": len(batch.results),
            **outcomes,
            "files": dict(batch.files()),
            "findings": dict(batch.findings()),
        },
    }
