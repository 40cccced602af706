"""What code and pins say of the release that the code was written for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from keras_migrate.transforms.reading.evidence import (
    agreed,
    bounds,
    contemporary,
    evidence,
    pinned,
    source_of,
)
from keras_migrate.transforms.tables import load

from keras_migrate.catalog import LEGACY_RELEASES, Catalog, Signature, legacy
from keras_migrate.pins import Pin
from keras_migrate.source import KNOWN_SOURCES, Source, UnknownSourceError, series, weigh

TABLE = load("reading/evidence.toml")
SINCE_2 = frozenset(KNOWN_SOURCES[1:])


def releases(code: str) -> set[str] | None:
    found = evidence(code.encode())
    return None if found is None else set(found.releases)


class TestTable:
    @pytest.mark.parametrize(
        ("name", "claimed"),
        [(name, entry["releases"]) for entry in TABLE["keyword"] for name in entry["names"]],
    )
    def test_a_keyword_was_declared_in_these_releases_and_no_others(
        self, name: str, claimed: list[str]
    ) -> None:
        assert [series(release) for release in LEGACY_RELEASES if name in parameters(release)] == claimed

    def test_the_idioms_find_the_code_that_they_show(self) -> None:
        found = {
            entry["shown"]: [
                code for code in IDIOMS[entry["shown"]] if evidence(b"import keras\n" + code) is None
            ]
            for entry in TABLE["idiom"]
        }
        assert found == {shown: [] for shown in IDIOMS}

    def test_uncatalogued_modules_have_no_table_in_later_releases(self) -> None:
        assert all(module not in legacy("2.3.1") for module in TABLE["uncatalogued"]["modules"])


IDIOMS = {
    "Convolution2D(filters, rows, columns)": [
        b"Convolution2D(64, 3, 3)",
        b"Conv2D(nb_filter, 3, 3, name='a')",
    ],
    "show_accuracy=": [b"model.evaluate(x, y, show_accuracy=True)"],
    "merge(…, mode=)": [b"merge([x, y], mode='concat')", b"Merge([\n    a,\n    b], mode='sum')"],
    "Model(input=, output=)": [b"Model(input=x, output=y)", b"Model(input=[a, b],\n      output=c)"],
    "get_output_shape_for": [b"    def get_output_shape_for(self, shape):"],
    "keras.utils.visualize_util": [
        b"from keras.utils.visualize_util import plot",
        b"from keras.utils import np_utils, visualize_util",
    ],
    "keras.models.Graph": [b"from keras.models import Sequential, Graph"],
    "epochs=": [b"model.fit(x, y, epochs=3)", b"m.fit_generator(f(x), g(y),\n    epochs=3)"],
    "padding='same'": [b"Conv2D(8, (3, 3), padding='same')", b'MaxPooling1D(2, padding="valid")'],
    "Conv2D(filters, (rows, columns))": [b"Conv2D(8, (3, 3))", b"Convolution2D(2 * n, (k, k))"],
    "compute_output_shape": [b"    def compute_output_shape(self, input_shape):"],
    "val_accuracy": [b"plt.plot(history['val_accuracy'])"],
    "learning_rate=": [b"Adam(learning_rate=0.1)", b"optimizers.SGD(momentum=0.9, learning_rate=rate)"],
    "val_acc": [b"ModelCheckpoint(path, monitor='val_acc')"],
}


@cache
def parameters(release: str) -> set[str]:
    """Every parameter that a release declared, but for what it kept for Keras 1 and the backend."""
    catalog = legacy(release)
    found = (signature for path in catalog for signature in signatures(catalog, path))
    return {parameter.name for signature in found for parameter in signature.parameters}


def signatures(catalog: Catalog, path: str) -> Iterator[Signature]:
    symbol = catalog.get(path)
    if symbol is not None and not str(symbol.name).startswith(("keras.legacy", "keras.backend")):
        yield from filter(None, (symbol.signature, *symbol.methods.values()))


class TestCode:
    def test_that_does_not_import_keras_says_nothing(self) -> None:
        assert (
            releases("from tensorflow.keras.layers import Dense\nDense(3, kernel_initializer='zeros')\n")
            is None
        )

    def test_may_have_keras_from_a_module_of_its_own(self) -> None:
        assert releases("from .backend import keras\nkeras.layers.GRU(8, reset_after=True)\n") == {
            "2.1",
            "2.2",
            "2.3",
        }

    def test_that_any_release_ran_says_nothing(self) -> None:
        assert releases("from keras.layers import Dense\nDense(3)\n") is None

    def test_imports_are_looked_up_in_the_catalogs(self) -> None:
        assert releases("from keras.layers import (\n    Dense,  # one\n    ReLU as R,\n)\n") == {
            "2.2",
            "2.3",
        }
        assert releases("import keras.initializations\n") == {"1.2"}
        assert releases("from keras.backend import \\\n    set_image_dim_ordering\n") == {
            "1.2",
            "2.0",
            "2.1",
            "2.2",
        }

    def test_an_import_in_a_try_is_one_way_among_others(self) -> None:
        code = "try:\n    from keras import initializations\nexcept ImportError:\n    pass\n"
        assert releases(code) is None

    def test_keywords_count_in_calls_and_not_in_definitions(self) -> None:
        assert releases("import keras\nborder_mode = 'same'\ndef f(x, border_mode='same'): pass\n") is None
        assert releases("import keras\nf(x,\n  border_mode='same')\n") == {"1.2"}

    def test_keras_1_idioms_give_way_to_what_only_keras_2_has(self) -> None:
        code = "from keras.layers import Conv2DTranspose\nmodel.fit(x, y, nb_epoch=3)\n"
        assert releases(code) == SINCE_2

    def test_idioms_of_both_say_nothing(self) -> None:
        code = "import keras\ndef compute_output_shape(self): pass\ndef get_output_shape_for(self): pass\n"
        assert releases(code) is None

    def test_imports_that_no_release_had_together_are_counted(self) -> None:
        code = "from keras import initializations\nfrom keras.layers import ReLU, Softmax\n"
        assert releases(code) == {"2.2", "2.3"}

    @pytest.mark.parametrize(
        "line",
        [
            "import tensorflow.keras as tk",
            "x = tf.keras.layers.Dense(3)",
            "from tensorflow import keras as tk",
        ],
    )
    def test_what_may_be_for_tf_keras_does_not_count(self, line: str) -> None:
        assert releases(f"import keras\n{line}\nAdam(learning_rate=0.1)\nhistory['val_accuracy']\n") is None
        assert releases(f"from keras.layers import ReLU\n{line}\n") == {"2.2", "2.3"}

    def test_a_backend_that_is_in_no_catalog_says_nothing(self) -> None:
        assert releases("from keras.backend import theano_backend\n") is None

    def test_the_reason_names_what_says_most(self) -> None:
        code = b"from keras.layers import ReLU\nDense(3, kernel_initializer='zeros')\n"
        assert source_of(code).reason == "it has keras.layers.ReLU (Keras from 2.2 on)"

    def test_the_release_is_the_newest_up_to_2_2(self) -> None:
        assert source_of(b"import keras\n").release == "2.2"
        assert source_of(b"from keras.layers import Dense, Merge\n").release == "2.1"
        assert source_of(b"from keras.metrics import AUC\n").release == "2.3"

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\xfe\x00keras", b"from keras import", b"from keras import (\n" * 99]
    )
    def test_any_bytes(self, data: bytes) -> None:
        assert source_of(data) == Source()


def pins(*specifiers: str) -> list[Pin]:
    return [Pin("requirements.txt", "keras", specifier) for specifier in specifiers]


class TestPins:
    @pytest.mark.parametrize(
        ("specifier", "release"),
        [
            ("==2.2.4", "2.2"),
            ("==1.0.8", "1.2"),
            ("==0.3.1", "1.2"),
            ("~=2.1.3", "2.1"),
            (">=2.0.8,<2.3", "2.2"),
            ("<=2.3.1", "2.3"),
            ("<2.4", "2.3"),
            (">=2.3", "2.3"),
            ("<2", "1.2"),
        ],
    )
    def test_that_leave_no_doubt(self, specifier: str, release: str) -> None:
        found = pinned(pins(specifier))
        assert found == Source(release, False, f"requirements.txt asks for keras{specifier}")

    @pytest.mark.parametrize("specifier", [">=2.0.8", "!=2.2.3", ">=2.0,<3", "==2.15.0", ">=3"])
    def test_that_name_no_release(self, specifier: str) -> None:
        assert pinned(pins(specifier)) is None

    def test_of_several_an_exact_one_counts_before_a_bound(self) -> None:
        found = pinned(pins("<2.4", "==2.1.6", "==2.2.4"))
        assert found is not None
        assert found.release == "2.2"

    def test_of_several_the_file_that_says_more_exactly_counts(self) -> None:
        found = pinned(
            [Pin("setup.py", "keras", "==2.3.1", 4), Pin("requirements.txt", "keras", "==2.2.4", 0)]
        )
        assert found is not None
        assert found.release == "2.2"

    def test_a_lower_bound_rules_out_what_is_older(self) -> None:
        guess = weigh(bounds(pins(">=2.1")))
        assert (guess.release, guess.guessed) == ("2.2", True)
        assert weigh((*bounds(pins(">=2.1")), *bounds(pins("<2.2")))).release == "2.1"

    def test_keras_after_2_3_is_nearest_to_that(self) -> None:
        guess = weigh(bounds(pins(">=2.13")))
        assert guess.release == "2.3"
        assert guess.reason == "requirements.txt asks for keras>=2.13, to which that is the nearest"

    @pytest.mark.parametrize(
        ("specifiers", "release"),
        [
            (["==1.3.0"], "2.0"),
            (["==1.4.0rc1"], "2.1"),
            (["==1.14.0"], "2.2"),
            (["==1.15.0"], "2.2"),
            (["==1.14.0", "==2.0"], "2.3"),
            ([">=2.1"], "2.3"),
            ([">=1.3"], "2.2"),
            (["==0.12.1"], "1.2"),
        ],
    )
    def test_tensorflow_names_its_contemporary(self, specifiers: list[str], release: str) -> None:
        found = [Pin("requirements.txt", "tensorflow", specifier) for specifier in specifiers]
        assert weigh(contemporary(found)).release == release


class TestProject:
    def test_most_files_decide(self) -> None:
        old, new = evidence(b"import keras\nf(x, nb_epoch=1)"), evidence(b"from keras.layers import ReLU\n")
        assert old is not None
        assert new is not None
        together = agreed({old: 1, new: 2})
        assert together is not None
        assert together.releases == new.releases

    def test_one_file_that_needs_2_3_decides_for_those_that_any_release_runs(self) -> None:
        auc, any_2 = (
            evidence(b"from keras.metrics import AUC\n"),
            evidence(b"from keras import initializers\n"),
        )
        assert auc is not None
        assert any_2 is not None
        together = agreed({any_2: 9, auc: 1})
        assert together is not None
        assert together.releases == {"2.3"}

    def test_what_can_run_most_files_counts_before_what_they_look_like(self) -> None:
        old, new = evidence(b"import keras\nf(x, nb_epoch=1)"), evidence(b"from keras import initializers\n")
        assert old is not None
        assert new is not None
        together = agreed({old: 5, new: 1})
        assert together is not None
        assert together.releases == SINCE_2

    def test_nothing_says_nothing(self) -> None:
        assert agreed({}) is None


class TestSource:
    @pytest.mark.parametrize(
        ("text", "release"), [("2.2", "2.2"), ("2.2.4", "2.2"), ("1", "1.2"), ("0.3", "1.2")]
    )
    def test_parse(self, text: str, release: str) -> None:
        source = Source.parse(text)
        assert (source.release, source.guessed, source.note) == (release, False, "")

    @pytest.mark.parametrize("text", ["2", "2.4", "3.0", "tensorflow", ""])
    def test_unknown(self, text: str) -> None:
        with pytest.raises(UnknownSourceError, match=r"1\.2, 2\.0, 2\.1, 2\.2, 2\.3"):
            Source.parse(text)

    def test_a_guess_says_so(self) -> None:
        note = Source("1.2", True, "it has nb_epoch= (Keras 1.2)").note
        assert (
            note
            == ". Taken to be written for Keras 1.2, as it has nb_epoch= (Keras 1.2); --source names another"
        )
