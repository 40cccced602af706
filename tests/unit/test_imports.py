"""Which imports stay, and by which names code reaches what it needs."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source

FIRST = "from keras.layers import Dense\n"
AGAIN = "from keras.layers.core import Dense\nmodel = Dense(1)\n"
NEW = "from tensorflow.keras.layers import Dense\n"


def after(code: str) -> str:
    return migrate_source(code, target="2.15").after.decode()


def test_an_import_of_what_is_there_goes() -> None:
    assert after(FIRST + AGAIN) == NEW + "model = Dense(1)\n"
    assert after(FIRST + "import os\n" + AGAIN) == NEW + "import os\nmodel = Dense(1)\n"


def test_of_three_one_stays() -> None:
    assert after(FIRST + "from keras.layers.core import Dense\n" + AGAIN) == NEW + "model = Dense(1)\n"


@pytest.mark.parametrize(
    "between",
    [
        "from mine import Dense\n",
        "from mine import *\n",
        "import tensorflow as Dense\n",
        "Dense = None\n",
        "del Dense\n",
        "def Dense():\n    pass\n",
        "class Dense:\n    pass\n",
        "for Dense in []:\n    pass\n",
    ],
)
def test_an_import_stays_where_its_name_had_another_value_meanwhile(between: str) -> None:
    assert after(FIRST + between + AGAIN) == NEW + between + NEW + "model = Dense(1)\n"


def test_the_same_binding_of_another_block_is_no_other_value() -> None:
    block = "if ready:\n    from keras.layers.core import Dense\n"
    kept = "if ready:\n    from tensorflow.keras.layers import Dense\n"
    assert after(FIRST + block + AGAIN) == NEW + kept + "model = Dense(1)\n"


def test_stars() -> None:
    star = "from tensorflow.keras.layers import *\n"
    assert after("from keras.layers import *\nfrom keras.layers.core import *\n") == star
    between = "from keras.layers import *\nDense = 1\nfrom keras.layers.core import *\n"
    assert after(between) == star + "Dense = 1\n" + star


def test_a_new_import_does_not_take_the_name_of_one_that_stays() -> None:
    code = "import keras.layers.core as layers\nmodel = layers.missing(layers.engine.topology.Layer)\n"
    assert "import layers\n" not in after(code)


def test_an_alias_of_a_module_that_is_gone_leaves_no_import_behind() -> None:
    code = "import keras.layers.core as core\nalias = core\n"
    assert after(code) == "from tensorflow.keras import layers\nalias = layers\n"
    assert after(after(code)) == after(code)


def test_a_path_through_an_alias_is_written_anew_only_where_it_moved() -> None:
    alias = "from tensorflow import keras\nL = keras.layers\n"
    assert after("import keras\nL = keras.layers\nmodel = L.Dense(1)\n") == alias + "model = L.Dense(1)\n"
    moved = after("import keras\nL = keras.layers\nmodel = L.core.Dense(1)\n")
    assert moved == alias + "model = keras.layers.Dense(1)\n"


def test_only_what_a_dropped_statement_used_loses_its_import() -> None:
    kept = "from keras import backend as K\nfrom keras.layers import Dense\n"
    dropped = "if K.backend() == 'theano':\n    y = K.floatx()\n"
    new = "from tensorflow.keras.layers import Dense\nmodel = Dense(1)\n"
    assert after(kept + dropped + "model = Dense(1)\n") == new
    session = "import tensorflow as tf\n" + kept + "K.set_session(tf.Session())\nmodel = Dense(K.floatx())\n"
    assert after(session).endswith("model = Dense(K.floatx())\n")
    assert "from tensorflow.keras import backend as K\n" in after(session)
