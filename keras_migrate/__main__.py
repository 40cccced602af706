"""``python -m keras_migrate`` is the command ``keras-migrate``."""

from keras_migrate.cli import main

if __name__ == "__main__":
    main(prog_name="python -m keras_migrate")
