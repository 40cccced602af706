"""A pytest plugin that serves small data and writes down how each test ended; Python 3.6 has to read it.

``KERAS_SUITE_RESULT`` names the file, ``KERAS_SUITE_ROOT`` the folder whose files count as the tests' own and
``KERAS_SUITE_SECONDS`` how long one test may take.
"""

import os
import signal

import outcomes
import pytest
import synthetic

RESULT = os.environ["KERAS_SUITE_RESULT"]
ROOT = os.environ["KERAS_SUITE_ROOT"]
SECONDS = int(os.environ["KERAS_SUITE_SECONDS"])


class TooSlow(BaseException):
    """The test took longer than it may."""


def pytest_configure(config):
    """Puts the small data in place before anything is imported."""
    synthetic.install()


def pytest_collection_finish(session):
    """Writes down which tests there are."""
    for item in session.items:
        outcomes.append(RESULT, {"id": item.nodeid, "outcome": "collected"})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """Seeds, and bounds the time."""
    outcomes.append(RESULT, {"id": item.nodeid, "outcome": "started"})
    outcomes.seed()

    def stop(signum, frame):
        raise TooSlow(f"took more than {SECONDS} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Writes down how a test ended; what fails before or after it counts as its failure."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        outcomes.append(RESULT, outcomes.failed(item.nodeid, call.excinfo.value, ROOT))
    elif report.skipped:
        outcomes.append(RESULT, {"id": item.nodeid, "outcome": "skipped"})
    elif call.when == "call":
        outcomes.append(RESULT, {"id": item.nodeid, "outcome": "passed"})


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    """Writes down why a file could not be imported."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        error = report.longrepr
        call = getattr(report, "call", None)
        value = call.excinfo.value if call is not None and call.excinfo is not None else None
        cause = getattr(value, "__cause__", None) or value
        record = (
            outcomes.failed(collector.nodeid, cause, ROOT)
            if cause is not None
            else {
                "id": collector.nodeid,
                "outcome": "failed",
                "error": str(error).strip().splitlines()[-1][:300],
                "message": str(error)[-3000:],
                "places": [],
                "traceback": str(error)[-6000:],
            }
        )
        outcomes.append(RESULT, dict(record, collecting=True))
