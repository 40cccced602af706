"""Runs one example with small data: ``python example.py RESULT SCRIPT [ARGUMENT …]``.

RESULT is a JSON file that says how it ended. It runs on the old stack too, so Python 3.6 has to read it.
"""

import os
import runpy
import sys

os.environ.setdefault("MPLBACKEND", "Agg")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import outcomes
import synthetic


def main():
    """Runs the script as ``__main__``."""
    result, script = sys.argv[1:3]
    sys.argv = sys.argv[2:]
    root = os.getcwd()
    synthetic.install()
    synthetic.install_files()
    synthetic.write_files()
    outcomes.seed()
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:
        if isinstance(error, SystemExit) and not error.code:
            outcomes.append(result, {"id": script, "outcome": "passed"})
            return
        outcomes.append(result, outcomes.failed(script, error, root))
        raise
    outcomes.append(result, {"id": script, "outcome": "passed"})


if __name__ == "__main__":
    main()
