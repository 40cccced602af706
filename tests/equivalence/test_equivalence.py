"""Old programs behave as before: their goldens come from the old stack, their migration runs here.

``nox -t goldens`` records the goldens; ``python -m tests.equivalence.report`` prints what is compared.
"""

from __future__ import annotations

import pytest
from equivalence.programs import Program, all_programs, findings

pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
from equivalence.execution import RELEASE, run

from keras_migrate.findings import Level

if RELEASE not in ("2.15", "2.21"):
    pytest.skip(f"nothing is declared for TensorFlow {RELEASE}", allow_module_level=True)


def ways() -> list[pytest.param]:
    """Every program from every release that it was written for."""
    found = []
    for program in all_programs():
        for source in program.sources:
            why = program.fails(RELEASE, source)
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            found.append(pytest.param(program, source, id=f"{program}-from-{source}", marks=marks))
    return found


@pytest.mark.parametrize(("program", "source"), ways())
def test_behaves_as_before(program: Program, source: str) -> None:
    """Everything that the old stack repeats agrees, or the tool says at the right line that it cannot."""
    result = program.migrate(RELEASE, source)
    manual, review = (program.declared(level, RELEASE, source) for level in (Level.MANUAL, Level.REVIEW))
    assert findings(result, Level.MANUAL) == manual
    assert findings(result, Level.REVIEW) >= review
    if manual or review:
        assert not behaves(program, source, result.after), "what is declared to differ agrees"
        return
    assert [str(one) for one in run(program, source, result.after) if one.gating and not one.agrees] == []


def behaves(program: Program, source: str, code: bytes) -> bool:
    """Whether code runs and agrees with the golden."""
    try:
        compared = run(program, source, code)
    except Exception:
        return False
    return all(one.agrees for one in compared if one.gating)
