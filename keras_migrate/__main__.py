"""``python -m keras_migrate`` is the command ``keras-migrate``."""

import sys

if __name__ == "__main__":
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        del sys.path[0]  # the current folder: what is called click.py there is not to be run

    from keras_migrate.cli import main

    main(prog_name="python -m keras_migrate")
