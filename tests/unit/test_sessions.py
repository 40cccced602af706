"""What sessions were configured for, as TensorFlow 2 is asked for it."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source

HEAD = "import tensorflow as tf\nfrom keras import backend as K\n"


def migrated(code: str) -> tuple[str, list[str]]:
    """The migration of some lines below the imports, and the levels of what is said of sessions."""
    result = migrate_source((HEAD + code).encode(), target="2.21")
    text = result.after.decode().removeprefix("import tensorflow as tf\n")
    text = text.removeprefix("from tensorflow.keras import backend as K\n")
    return text, [each.level.value for each in result.findings if each.rule in ("KM704", "KM705")]


def session(options: str) -> str:
    """A session with options, given to Keras."""
    return f"K.set_session(tf.Session(config=tf.ConfigProto({options})))\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("", ""),
        ("allow_soft_placement=True, log_device_placement=False", ""),
        ("log_device_placement=True", "tf.debugging.set_log_device_placement(True)\n"),
        ("allow_soft_placement=False", "tf.config.set_soft_device_placement(False)\n"),
        ("inter_op_parallelism_threads=2", "tf.config.threading.set_inter_op_parallelism_threads(2)\n"),
        ("device_count={'GPU': 0, 'CPU': 1}", "tf.config.set_visible_devices([], 'GPU')\n"),
        (
            "device_count={'GPU': 2}",
            "tf.config.set_visible_devices(tf.config.list_physical_devices('GPU')[:2], 'GPU')\n",
        ),
        (
            "gpu_options=tf.GPUOptions(allow_growth=grow)",
            "for gpu in tf.config.list_physical_devices('GPU'):\n"
            "    tf.config.experimental.set_memory_growth(gpu, grow)\n",
        ),
        (
            "gpu_options={'visible_device_list': '1'}",
            "tf.config.set_visible_devices(tf.config.list_physical_devices('GPU')[1:2], 'GPU')\n",
        ),
    ],
)
def test_options(options: str, code: str) -> None:
    """Each option is asked for on its own, but those that are so by themselves."""
    assert migrated(session(options)) == (code, ["rewritten"])


@pytest.mark.parametrize(
    "options",
    [
        "gpu_options=tf.GPUOptions(per_process_gpu_memory_fraction=0.5)",
        "device_count={'CPU': 4}",
        "device_count=counts()",
        "use_per_session_threads=True",
        "**options",
    ],
)
def test_options_for_a_person(options: str) -> None:
    """What cannot be asked for in the same way is left as it is."""
    assert migrated(session(options)) == (session(options), ["manual"])


@pytest.mark.parametrize(
    "code",
    [
        "sess = tf.Session()\nK.set_session(sess)\nsess.run(train, feed_dict={x: y})\n",
        "with tf.Session() as sess:\n    K.set_session(sess)\n",
        "K.set_session(make())\n",
        "sess = tf.Session(graph=graph)\nK.set_session(sess)\n",
    ],
)
def test_sessions_for_a_person(code: str) -> None:
    """A session that does more than hold options is left."""
    after, levels = migrated(code)
    assert levels == ["manual"]
    assert "K.set_session(" in after


def test_late_options() -> None:
    """Options that come after the first tensor are pointed out."""
    code = "x = K.ones((2, 2))\n" + session("intra_op_parallelism_threads=1")
    assert migrated(code)[1] == ["review"]


def test_order_of_values() -> None:
    """Options are asked for where their values are known."""
    code = (
        "config = tf.ConfigProto()\ngrow = ask()\nconfig.gpu_options.allow_growth = grow\n"
        "K.set_session(tf.Session(config=config))\n"
    )
    assert migrated(code)[0] == (
        "grow = ask()\nfor gpu in tf.config.list_physical_devices('GPU'):\n"
        "    tf.config.experimental.set_memory_growth(gpu, grow)\n"
    )


@pytest.mark.parametrize(("comment", "stays"), [("# a new session", False), ("# the data", True)])
def test_comments(comment: str, stays: bool) -> None:
    """A comment about a session goes with it, another one stays."""
    code = f"x = 1\n{comment}\nsess = tf.Session()\nK.set_session(sess)\ny = 2\n"
    assert migrated(code)[0] == (f"x = 1\n{comment}\ny = 2\n" if stays else "x = 1\ny = 2\n")
