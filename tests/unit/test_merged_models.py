"""Which models that begin with ``Merge`` are written as functional ones, and which are left to a person."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source

HEAD = (
    "from keras.layers import Dense, Embedding, LSTM, Masking, Merge\n"
    "from keras.models import Model, Sequential\n"
    "left = Sequential([Dense(2, input_dim=3)])\nright = Sequential([Dense(2, input_dim=3)])\n"
)
MADE = "x = add([left(left.inputs[0]), right(right.inputs[0])])\n"


def migrated(code: str, target: str = "2.21") -> str:
    return migrate_source((HEAD + code).encode(), target=target, path="a.py").after.decode()


def levels(code: str) -> set[tuple[str, str]]:
    found = migrate_source((HEAD + code).encode(), target="2.21", path="a.py").findings
    return {(each.rule, each.level.value) for each in found}


def test_the_model_is_made_behind_the_last_layer() -> None:
    code = "m = Sequential()\nm.add(Merge([left, right], mode='sum'))\nm.add(Dense(1))\nm.summary()\n"
    assert migrated(code).endswith(
        MADE + "x = Dense(1)(x)\nm = Model(left.inputs + right.inputs, x)\nm.summary()\n"
    )
    assert ("KM113", "review") in levels(code)


@pytest.mark.parametrize("head", ["for i in range(2):", "if left:", "while not left.built:"])
def test_layers_that_are_added_in_a_block_stay_in_it(head: str) -> None:
    code = f"m = Sequential()\nm.add(Merge([left, right], mode='sum'))\n{head}\n    m.add(Dense(1))\n"
    assert migrated(code).endswith(
        f"{MADE}{head}\n    x = Dense(1)(x)\nm = Model(left.inputs + right.inputs, x)\n"
    )


def test_a_merge_that_has_a_name_first() -> None:
    code = "both = Merge([left, right], mode='sum')\nm = Sequential(name='m')\nm.add(both)\nm.add(Dense(1))\n"
    after = migrated(code)
    assert "both = add([left(left.inputs[0]), right(right.inputs[0])])\nx = both\nx = Dense(1)(x)\n" in after
    assert after.endswith("m = Model(left.inputs + right.inputs, x, name='m')\n")


def test_a_list_of_layers() -> None:
    code = "m = Sequential([Merge([left, right], mode='sum'), Dense(1)])\n"
    assert migrated(code).endswith(MADE + "x = Dense(1)(x)\nm = Model(left.inputs + right.inputs, x)\n")


def test_inputs_that_are_shared_come_once() -> None:
    code = (
        "m = Sequential()\nm.add(Merge([left, right], mode='sum'))\n"
        "n = Sequential()\nn.add(Merge([m, left], mode='ave'))\n"
    )
    after = migrated(code)
    assert "n_output = average([m(m.inputs), left(left.inputs[0])])\n" in after
    assert after.endswith("n = Model(left.inputs + right.inputs, n_output)\n")


@pytest.mark.parametrize(
    ("branch", "masked"),
    [
        ("Sequential([Embedding(9, 2, mask_zero=True, input_length=3)])", True),
        ("Sequential([Masking(input_shape=(3, 2))])", True),
        ("Sequential([Masking(input_shape=(3, 2)), LSTM(2, return_sequences=True)])", True),
        ("Sequential([Masking(input_shape=(3, 2)), LSTM(2)])", False),
        ("Sequential([Embedding(9, 2, input_length=3)])", False),
    ],
)
def test_masks_end_where_models_are_merged(branch: str, masked: bool) -> None:
    code = f"a = {branch}\nm = Sequential()\nm.add(Merge([a, left], mode='concat'))\n"
    assert ("Lambda(tf.identity)(a(a.inputs[0]))" in migrated(code)) == masked


def test_an_embedding_of_any_length_says_so_where_keras_3_asks_for_it() -> None:
    code = "a = Sequential([Embedding(9, 2)])\nm = Sequential()\nm.add(Merge([a, left], mode='concat'))\n"
    assert "Embedding(9, 2, input_shape=(None,))" in migrated(code)
    assert "Embedding(9, 2)" in migrated(code, "2.15")


@pytest.mark.parametrize(
    "code",
    [
        "m = Sequential()\nm.add(Merge([left, right], mode='sum'))\nprint(m.output_shape)\nm.add(Dense(1))\n",
        "m = Sequential()\nm.add(Merge([left.layers[0], right.layers[0]], mode='sum'))\n",
        "dense = Dense(2)\nm = Sequential()\nm.add(Merge([dense, right], mode='sum'))\n",
        "m = Sequential()\nm.add(Dense(2, input_dim=3))\nm.add(Merge([left, right], mode='sum'))\n",
        "def f(m):\n    m.add(Merge([left, right], mode='sum'))\n",
        "m = Sequential()\nif left:\n    m.add(Merge([left, right], mode='sum'))\n",
        "m = Sequential()\nm.add(Merge([left, right], mode=left.name))\n",
    ],
)
def test_what_is_not_seen_whole_is_left_to_a_person(code: str) -> None:
    assert "m.add(Merge([" in migrated(code).replace("keras.layers.Merge", "Merge").replace("tf.", "")
    assert ("KM105", "manual") in levels(code)


def test_two_models_of_one_name() -> None:
    one = "m = Sequential()\nm.add(Merge([left, right], mode='sum'))\nm.summary()\n"
    after = migrated(one + one)
    made = "m_output = add([left(left.inputs[0]), right(right.inputs[0])])\n"
    made += "m = Model(left.inputs + right.inputs, m_output)\nm.summary()\n"
    assert after.endswith(made + made)
