"""What becomes of functions of a graph, in the shapes that code makes and calls them."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source

HEAD = "from keras import backend as K\nfrom keras.models import Model\n"
TAIL = "from tensorflow.keras.models import Model\n"


def migrated(code: str, target: str = "2.21") -> tuple[str, list[str]]:
    """The migration of some lines below the imports, and the levels of what was found for KM708 and KM709."""
    result = migrate_source((HEAD + code).encode(), target=target)
    after = result.after.decode().partition(TAIL)[2]
    return after, [each.level.value for each in result.findings if each.rule in ("KM708", "KM709")]


@pytest.mark.parametrize(
    ("made", "called"),
    [
        ("f = K.function([a], [b])\ny = f([x])[0]\n", "f = Model(a, b)\ny = f.predict_on_batch(x)\n"),
        ("f = K.function([a], [b])\ny = f([x])\n", "f = Model(a, b)\ny = [f.predict_on_batch(x)]\n"),
        (
            "f = K.function([a, b], [c])\ny, = f([x, z])\n",
            "f = Model([a, b], c)\ny, = [f.predict_on_batch([x, z])]\n",
        ),
        (
            "f = K.function([a], [b, c])\ny, z = f([x])\n",
            "f = Model(a, [b, c])\ny, z = f.predict_on_batch(x)\n",
        ),
        (
            "f = K.function([a, K.learning_phase()], [b])\ny = f([x, 1])[0]\n",
            "f = Model(a, b)\ny = f(x, training=True).numpy()\n",
        ),
        (
            "f = K.function([a, K.learning_phase()], [b, c])\ny, z = f([x, phase])\n",
            "f = Model(a, [b, c])\ny, z = [each.numpy() for each in f(x, training=bool(phase))]\n",
        ),
        (
            "def f(a, b):\n    return K.function(inputs=[a], outputs=[b])\n",
            "def f(a, b):\n    return lambda inputs, model=Model(a, b): [model.predict_on_batch(inputs)]\n",
        ),
        (
            "self.f = K.function([a], [b, c])\n",
            "self.f = Model(a, [b, c]).predict_on_batch\n",
        ),
        (
            "f = K.function([a], [b])\ng = f\ny = g([x])\n",
            "f = lambda inputs, model=Model(a, b): [model.predict_on_batch(inputs)]\ng = f\ny = g([x])\n",
        ),
        (
            "y = K.function([model.layers[0].input], [b])([x])[0]\n",
            "y = Model(model.inputs[0], b).predict_on_batch(x)\n",
        ),
    ],
)
def test_models(made: str, called: str) -> None:
    """A function is a model, and gives lists of arrays where it gave them."""
    assert migrated(made) == (called, ["review"])


@pytest.mark.parametrize(
    "code",
    [
        "f = K.function([a], [b], updates=updates)\n",
        "f = K.function(*args)\n",
        "f = K.function([], [b])\n",
    ],
)
def test_left(code: str) -> None:
    """What a model cannot do is left with the advice of the table."""
    before = HEAD + code
    result = migrate_source(before.encode(), target="2.21")
    assert result.after.decode().endswith(code)
    assert [each.level.value for each in result.findings if each.symbol == "keras.backend.function"] == [
        "manual"
    ]


@pytest.mark.parametrize(
    "outputs",
    ["[g]", "[loss, g]", "[loss] + gs", "both"],
)
def test_gradients(outputs: str) -> None:
    """A function that gives gradients is left, whichever way they get into its outputs."""
    code = (
        "def run(a, loss):\n    gs = K.gradients(loss, a)\n    g = gs[0]\n    both = [loss]\n    both += gs\n"
        f"    return K.function([a], {outputs})\n"
    )
    after, levels = migrated(code)
    assert f"K.function([a], {outputs})" in result_of(code)
    assert levels == ["manual"], after


def result_of(code: str) -> str:
    """The whole migrated text."""
    return migrate_source((HEAD + code).encode(), target="2.21").after.decode()


def test_keras_2_keeps_functions() -> None:
    """On Keras 2 only a function that has the phase as an input is a model."""
    kept = "f = K.function([a], [b])\n"
    assert kept in migrate_source((HEAD + kept).encode(), target="2.15").after.decode()
    phased = "f = K.function([a, K.learning_phase()], [b])\ny = f([x, 0])[0]\n"
    assert migrated(phased, "2.15") == ("f = Model(a, b)\ny = f.predict_on_batch(x)\n", ["review"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = K.placeholder(ndim=1)\n", "x = Input(batch_shape=(None,))\n"),
        ("x = K.placeholder((2, 3), name='x')\n", "x = Input(batch_shape=(2, 3), name='x')\n"),
        ("x = K.placeholder(shape=s, sparse=True)\n", "x = Input(batch_shape=s, sparse=True)\n"),
    ],
)
def test_placeholders(before: str, after: str) -> None:
    """A placeholder is an input with its batch shape."""
    head = "from keras import backend as K\nfrom keras.layers import Input\n"
    text = migrate_source((head + before).encode(), target="2.21").after.decode()
    assert text == "from tensorflow.keras.layers import Input\n" + after


@pytest.mark.parametrize("other", ["K.gradients(y, x)", "K.get_session()"])
def test_placeholders_of_graphs(other: str) -> None:
    """A placeholder that feeds a graph is left."""
    code = f"x = K.placeholder((2, 3))\ndef f(y):\n    return {other}\n"
    assert "K.placeholder((2, 3))" in result_of(code)
