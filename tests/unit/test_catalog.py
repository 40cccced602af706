"""What the catalog says about releases, and where it says that symbols moved. Needs no TensorFlow."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate import catalog
from keras_migrate.catalog import extract, moves
from keras_migrate.target import KNOWN_RELEASES, Target

KERAS2 = Target("2.15")
KERAS3 = Target("2.21")
LEGACY = Target("2.21", legacy=True)
TARGETS = (KERAS2, KERAS3, LEGACY)
TABLES = (
    *(f"keras-{release}" for release in catalog.LEGACY_RELEASES),
    *(f"tensorflow-{release}" for release in catalog.TENSORFLOW_RELEASES),
    "tf_keras",
)


def signature(path: str, target: Target) -> catalog.Signature:
    """The signature of something that the target has."""
    symbol = catalog.for_target(target).get(f"tensorflow.{path}")
    assert symbol is not None
    assert symbol.signature is not None
    return symbol.signature


def old(path: str, release: str) -> catalog.Symbol:
    """Something that a legacy release has."""
    symbol = catalog.legacy(release).get(path)
    assert symbol is not None
    return symbol


class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_every_symbol_can_be_looked_up(self, name: str) -> None:
        table = catalog.load(name)
        paths = list(table)
        assert len(paths) > 500
        for path in paths:
            symbol = table.get(path)
            assert symbol is not None, path
            assert path in symbol.paths, path
            assert all(table.get(other) is not None for other in symbol.paths), path

    def test_what_is_written_does_not_depend_on_when_it_is_written(self, tmp_path: Path) -> None:
        one, two = tmp_path / "one.json.gz", tmp_path / "two.json.gz"
        extract.write(str(one), {"b": [1], "a": "é"})
        extract.write(str(two), {"a": "é", "b": [1]})
        assert one.read_bytes() == two.read_bytes()

    def test_an_unknown_table_is_said_to_be_unknown(self) -> None:
        with pytest.raises(catalog.UnknownCatalogError, match=r"keras-3\.0"):
            catalog.load("keras-3.0")

    @pytest.mark.parametrize("release", KNOWN_RELEASES)
    def test_every_target_has_a_catalog(self, release: str) -> None:
        assert catalog.for_target(Target(release)).root == "tensorflow.keras"
        assert catalog.for_target(Target(release)).get("tensorflow.keras.layers.Dense")

    def test_a_release_without_a_table_is_read_from_the_older_one(self) -> None:
        assert catalog.for_target(Target("2.17")) is catalog.for_target(Target("2.16"))
        assert catalog.for_target(Target("2.20")) is catalog.for_target(Target("2.18"))

    def test_a_legacy_target_is_tf_keras_under_the_paths_of_tensorflow(self) -> None:
        table = catalog.for_target(LEGACY)
        assert table.name == "tf_keras"
        assert "tensorflow.keras.layers.LocallyConnected1D" in table
        assert "tensorflow.keras.layers.LocallyConnected1D" not in catalog.for_target(KERAS3)
        assert "tf_keras.layers.LocallyConnected1D" in catalog.load("tf_keras")


class TestPaths:
    def test_a_path_leads_through_the_other_name_of_a_module(self) -> None:
        assert old("keras.layers.core.K.sum", "2.2.4").paths == old("keras.backend.sum", "2.2.4").paths
        assert catalog.legacy("2.2.4").is_module("keras.layers.core.K")

    def test_one_object_has_all_its_paths(self) -> None:
        table = catalog.legacy("2.3.1")
        dense = old("keras.layers.Dense", "2.3.1")
        assert table.paths_of(dense) == ("keras.layers.Dense", "keras.layers.core.Dense")

    def test_split_stops_where_the_release_knows_no_further(self) -> None:
        table = catalog.legacy("2.3.1")
        assert table.split("keras.layers.core.Dense.from_config") == (
            "keras.layers.core.Dense",
            "from_config",
        )
        assert table.split("keras.layers.Nothing.at.all") == ("keras.layers", "Nothing.at.all")
        assert table.split("numpy.array") == ("", "numpy.array")

    def test_nothing_is_found_below_a_class(self) -> None:
        assert "keras.layers.Dense.call" not in catalog.legacy("2.3.1")

    def test_a_name_can_be_a_function_in_one_release_and_a_module_in_another(self) -> None:
        assert old("keras.layers.merge", "1.2.2").kind == "function"
        assert old("keras.layers.merge", "2.2.4").kind == "module"

    def test_modules_can_be_imported(self) -> None:
        assert catalog.legacy("1.2.2").importable("keras.engine.topology")
        assert not catalog.legacy("1.2.2").importable("keras.layers.Dense")
        assert catalog.for_target(KERAS2).importable("tensorflow.keras.preprocessing.image")
        assert not catalog.for_target(KERAS2).importable("tensorflow.keras.layers.core")

    @pytest.mark.parametrize("release", [one for one in KNOWN_RELEASES if Target(one).keras3])
    def test_a_module_can_be_imported_without_being_an_attribute(self, release: str) -> None:
        table = catalog.for_target(Target(release))
        path = "tensorflow.keras.saving.get_registered_name"
        assert table.importable("tensorflow.keras.saving")
        assert table.is_module("tensorflow.keras.saving")
        assert path in table
        assert "saving" not in table.members("tensorflow.keras")
        assert "saving" not in table.star("tensorflow.keras")
        assert not table.reachable("tensorflow.keras.saving")
        assert not table.reachable(path)
        symbol = table.get(path)
        assert symbol is not None
        assert symbol.kind == "function"
        twins = table.get("tensorflow.keras.saving.load_model")
        assert twins is not None
        assert [one for one in twins.paths if table.reachable(one)] == ["tensorflow.keras.models.load_model"]

    def test_what_is_reached_as_an_attribute(self) -> None:
        for target in TARGETS:
            table = catalog.for_target(target)
            for path in ("", ".layers", ".layers.Dense", ".Model", ".preprocessing.image.load_img"):
                assert table.reachable(f"tensorflow.keras{path}")
            for path in ("tensorflow", "tensorflow.keras.nothing", "tensorflow.keras.nothing.at.all", ""):
                assert not table.reachable(path)
        for target in (KERAS2, LEGACY):
            assert catalog.for_target(target).reachable("tensorflow.keras.saving.load_model")
        hidden = catalog.legacy("2.0.8")  # the function `merge` stands before the module
        assert hidden.importable("keras.layers.merge")
        assert not hidden.reachable("keras.layers.merge.Concatenate")
        assert catalog.legacy("2.2.4").reachable("keras.layers.merge.Concatenate")
        assert catalog.legacy("2.2.4").reachable("keras.layers.core.K.sum")

    def test_star_gives_public_names_only(self) -> None:
        names = catalog.legacy("2.1.6").star("keras.layers")
        assert {"Dense", "Convolution2D", "LSTM", "merge"} <= names
        assert not [name for name in names if name.startswith("_")]
        assert catalog.legacy("2.1.6").star("keras.layers.Dense") == frozenset()

    def test_private_names_of_old_keras_are_known(self) -> None:
        assert "keras.layers.merge._Merge" in catalog.legacy("2.2.4")
        assert "keras.layers.pooling._Pooling2D" in catalog.legacy("2.2.4")
        assert "keras.backend.tensorflow_backend._get_available_gpus" in catalog.legacy("2.2.4")

    def test_a_class_has_its_methods_and_those_of_its_bases(self) -> None:
        dense = old("keras.layers.Dense", "2.2.4")
        assert dense.kind == "class"
        assert {"build", "call", "add_weight", "get_config", "__init__", "__call__"} <= set(dense.methods)
        assert "output_shape" in dense.attributes
        assert dense.bases[0] == "keras.layers.core.Dense"
        assert "keras.engine.base_layer.Layer" in dense.bases
        model = catalog.for_target(KERAS3).get("tensorflow.keras.models.Model")
        assert model is not None
        assert "fit_generator" not in model.methods
        assert "fit_generator" in old("keras.models.Model", "2.3.1").methods

    def test_other_names_of_tensorflow(self) -> None:
        for target in TARGETS:
            assert catalog.tensorflow_has("tensorflow.compat.v1.Session", target)
            assert catalog.tensorflow_has("tensorflow.nn.relu6", target)
            assert not catalog.tensorflow_has("tensorflow.Session", target)
            assert catalog.tensorflow_has("tensorflow.keras.layers.Dense", target)
        assert catalog.tensorflow_has("tensorflow.compat.v1.keras.layers.CuDNNLSTM", KERAS2)
        assert not catalog.tensorflow_has("tensorflow.compat.v1.keras.layers.CuDNNLSTM", KERAS3)

    @pytest.mark.parametrize("release", KNOWN_RELEASES)
    @pytest.mark.parametrize(
        ("name", "there"),
        [
            ("ConfigProto", False),
            ("compat.v1.ConfigProto", True),
            ("log", False),
            ("math.log", True),
            ("erf", False),
            ("math.erf", True),
            ("compat.v1.erf", True),
            ("float32", True),
            ("compat.v1.float32", True),
            ("newaxis", True),
            ("compat.v1.raw_ops.Relu", True),
            ("raw_ops.Relu", True),
            ("nn", True),
            ("nn.nothing", False),
            ("nothing.relu", False),
            ("contrib", False),
        ],
    )
    def test_names_of_tensorflow_outside_keras(self, release: str, name: str, there: bool) -> None:
        for legacy in (False, True):
            assert catalog.tensorflow_has(f"tensorflow.{name}", Target(release, legacy)) is there

    @pytest.mark.parametrize(
        ("name", "two", "three"),
        [
            ("compat.v1.keras", True, True),
            ("compat.v1.keras.backend.get_session", True, False),
            ("compat.v1.keras.backend.set_session", True, False),
            ("compat.v1.keras.layers.CuDNNLSTM", True, False),
            ("compat.v1.keras.layers.Dense", True, True),
            ("compat.v1.keras.ops", False, True),
            ("compat.v1.keras.ops.add", False, True),
            ("compat.v1.layers.dense", True, False),
            ("compat.v1.nn.rnn_cell.LSTMCell", True, False),
            ("losses.mean_squared_error", True, False),
            ("optimizers.Lamb", False, True),
        ],
    )
    def test_what_comes_from_keras_in_tensorflow(self, name: str, two: bool, three: bool) -> None:
        path = f"tensorflow.{name}"
        assert catalog.tensorflow_has(path, KERAS2) is two
        assert catalog.tensorflow_has(path, LEGACY) is two
        assert catalog.tensorflow_has(path, Target("2.16", legacy=True)) is two
        assert catalog.tensorflow_has(path, KERAS3) is three

    def test_members_of_tensorflow_modules(self) -> None:
        assert "relu6" in catalog.tensorflow_members("tensorflow.nn", KERAS3)
        assert "get_session" in catalog.tensorflow_members("tensorflow.compat.v1.keras.backend", LEGACY)
        assert catalog.tensorflow_members("tensorflow.compat.v1.keras.ops", LEGACY) == frozenset()
        assert catalog.tensorflow_members("tensorflow.nn.relu6", KERAS3) == frozenset()


class TestSignatures:
    def test_dense(self) -> None:
        dense = signature("keras.layers.Dense", KERAS2)
        assert dense.positional[:3] == ("units", "activation", "use_bias")
        assert dense.default("use_bias") == "True"
        assert dense.default("units") is None
        assert dense.accepts("weights")
        assert dense.accepts("batch_input_shape")
        assert not dense.accepts("output_dim")

    def test_what_keras_3_takes_no_more(self) -> None:
        dense = signature("keras.layers.Dense", KERAS3)
        assert dense.accepts("input_shape")
        assert dense.accepts("input_dim")
        assert not dense.accepts("weights")
        assert not dense.accepts("batch_input_shape")

    def test_recurrent_layers(self) -> None:
        assert signature("keras.layers.LSTM", KERAS2).accepts("implementation")
        assert signature("keras.layers.LSTM", KERAS2).accepts("input_length")
        assert "implementation" in signature("keras.layers.LSTM", KERAS3).ignored
        assert not signature("keras.layers.LSTM", KERAS3).accepts("input_length")
        assert {"consume_less", "input_dim", "input_length"} <= _keywords("keras.layers.LSTM", "1.2.2")

    def test_a_batch_size_counts_although_it_needs_a_shape_beside_it(self) -> None:
        assert signature("keras.layers.LSTM", KERAS2).accepts("batch_size")
        assert not signature("keras.layers.LSTM", KERAS3).accepts("batch_size")

    @pytest.mark.parametrize("name", ["Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"])
    def test_optimizers_swallow_different_keywords(self, name: str) -> None:
        two, three = (
            signature(f"keras.optimizers.{name}", KERAS2),
            signature(f"keras.optimizers.{name}", KERAS3),
        )
        assert "lr" in two.ignored
        assert not two.accepts("lr")
        assert not two.accepts("decay")
        assert "decay" not in two.ignored
        assert not three.accepts("lr")
        assert "lr" not in three.ignored
        assert "decay" in three.ignored
        assert two.accepts("clipnorm")
        assert three.accepts("clipnorm")
        assert {"lr", "clipvalue"} <= _keywords(f"keras.optimizers.{name}", "2.2.4")

    def test_a_model_is_made_of_inputs_and_outputs(self) -> None:
        for target in TARGETS:
            model = signature("keras.models.Model", target)
            assert model.positional[:2] == ("inputs", "outputs")
            assert not model.accepts("input")

    def test_wrapped_functions_are_looked_through(self) -> None:
        for release in ("2.2.4", "2.3.1"):
            vgg = old("keras.applications.vgg16.VGG16", release).signature
            assert vgg is not None
            assert vgg.positional[:2] == ("include_top", "weights")
            fit = old("keras.models.Model", release).methods["fit_generator"]
            assert fit is not None
            assert fit.positional[:2] == ("generator", "steps_per_epoch")

    def test_what_a_method_refuses_in_its_helpers(self) -> None:
        model = catalog.for_target(KERAS2).get("tensorflow.keras.models.Model")
        assert model is not None
        compile_ = model.methods["compile"]
        assert compile_ is not None
        assert compile_.accepts("sample_weight_mode")
        assert not compile_.accepts("target_tensors")
        assert not compile_.accepts("no_such_keyword")

    @pytest.mark.parametrize(
        ("path", "keyword", "two", "three"),
        [
            ("keras.layers.Convolution2D", "border_mode", "refused", "refused"),
            ("keras.layers.Dense", "W_regularizer", "refused", "refused"),
            ("keras.layers.BatchNormalization", "mode", "refused", "refused"),
            ("keras.layers.LSTM", "consume_less", "refused", "refused"),
            ("keras.layers.MaxPooling2D", "dim_ordering", "refused", "refused"),
            ("keras.layers.Convolution1D", "input_length", "refused", "refused"),
            ("keras.layers.Dropout", "p", "refused", "refused"),
            ("keras.layers.SpatialDropout2D", "dim_ordering", "refused", "refused"),
            ("keras.layers.PReLU", "init", "refused", "refused"),
            ("keras.layers.ConvLSTM2D", "nb_row", "refused", "refused"),
            ("keras.preprocessing.image.ImageDataGenerator", "dim_ordering", "refused", "refused"),
            ("keras.layers.Dropout", "batch_input_shape", "accepted", "refused"),
            ("keras.layers.SeparableConv2D", "kernel_initializer", "accepted", "refused"),
            ("keras.layers.Conv2D", "weights", "accepted", "refused"),
            ("keras.layers.LeakyReLU", "alpha", "accepted", "accepted"),
            ("keras.callbacks.ModelCheckpoint", "period", "accepted", "refused"),
            ("keras.callbacks.TensorBoard", "write_grads", "ignored", "refused"),
            ("keras.layers.Embedding", "input_length", "accepted", "ignored"),
            ("keras.optimizers.Adam", "lr", "ignored", "refused"),
            ("keras.optimizers.SGD", "decay", "refused", "ignored"),
        ],
    )
    def test_keywords_behind_kwargs_as_measured(self, path: str, keyword: str, two: str, three: str) -> None:
        for target, expected in ((KERAS2, two), (KERAS3, three)):
            found = signature(path, target)
            outcome = "accepted" if found.accepts(keyword) else "refused"
            assert ("ignored" if keyword in found.ignored else outcome) == expected, target

    def test_stubs(self) -> None:
        table = catalog.for_target(KERAS3)
        adam = table.get("tensorflow.keras.optimizers.legacy.Adam")
        assert adam is not None
        assert adam.stub
        usable = catalog.for_target(KERAS2).get("tensorflow.keras.optimizers.legacy.Adam")
        assert usable is not None
        assert not usable.stub
        yaml = catalog.for_target(KERAS2).get("tensorflow.keras.models.model_from_yaml")
        assert yaml is not None
        assert yaml.stub


def _keywords(path: str, release: str) -> frozenset[str]:
    found = old(path, release).signature
    assert found is not None
    return found.keywords


class TestMoves:
    @pytest.mark.parametrize(
        ("path", "two", "three"),
        [
            ("keras", "keras", "keras"),
            ("keras.layers", "keras.layers", "keras.layers"),
            ("keras.layers.core.Dense", "keras.layers.Dense", "keras.layers.Dense"),
            (
                "keras.layers.core.Dense.from_config",
                "keras.layers.Dense.from_config",
                "keras.layers.Dense.from_config",
            ),
            ("keras.layers.Convolution2D", "keras.layers.Convolution2D", "keras.layers.Convolution2D"),
            ("keras.layers.Deconvolution2D", "keras.layers.Conv2DTranspose", "keras.layers.Conv2DTranspose"),
            ("keras.engine.topology.Layer", "keras.layers.Layer", "keras.layers.Layer"),
            ("keras.engine.Layer", "keras.layers.Layer", "keras.layers.Layer"),
            ("keras.engine.base_layer.Layer", "keras.layers.Layer", "keras.layers.Layer"),
            ("keras.engine.training.Model", "keras.models.Model", "keras.models.Model"),
            ("keras.layers.merge.Concatenate", "keras.layers.Concatenate", "keras.layers.Concatenate"),
            ("keras.constraints.maxnorm", "keras.constraints.max_norm", "keras.constraints.max_norm"),
            ("keras.losses.mean_squared_error", "keras.losses.mean_squared_error", "keras.losses.MSE"),
            ("keras.objectives.mse", "keras.losses.mse", "keras.losses.mse"),
            ("keras.optimizers.rmsprop", "keras.optimizers.RMSprop", "keras.optimizers.RMSprop"),
            (
                "keras.utils.np_utils.to_categorical",
                "keras.utils.to_categorical",
                "keras.utils.to_categorical",
            ),
            ("keras.backend.tensorflow_backend.sum", "keras.backend.sum", "keras.backend.sum"),
            ("keras.backend.load_backend.sum", "keras.backend.sum", "keras.backend.sum"),
            ("keras.backend.tensorflow_backend", "keras.backend", "keras.backend"),
            ("keras.layers.core.K", "keras.backend", "keras.backend"),
            ("keras.layers.core.K.sum", "keras.backend.sum", "keras.backend.sum"),
            ("keras.objectives", "keras.losses", "keras.losses"),
            ("keras.layers.convolutional.conv2d.Conv2D", "keras.layers.Conv2D", "keras.layers.Conv2D"),
            ("keras.optimizers.legacy.Adam", "keras.optimizers.legacy.Adam", None),
            ("keras.backend.learning_phase", "keras.backend.learning_phase", None),
            ("keras.models.model_from_yaml", None, None),
            ("keras.utils.np_utils", None, None),
            ("keras.layers.merge", None, None),
            ("keras.layers.Merge", None, None),
            ("keras.layers.Nothing", None, None),
            ("keras.engine", None, None),
        ],
    )
    def test_destination(self, path: str, two: str | None, three: str | None) -> None:
        assert moves.destination(path, KERAS2) == (two and f"tensorflow.{two}")
        assert moves.destination(path, LEGACY) == (two and f"tensorflow.{two}")
        assert moves.destination(path, KERAS3) == (three and f"tensorflow.{three}")

    @pytest.mark.parametrize("target", TARGETS, ids=str)
    def test_names_of_one_module_go_to_one_module(self, target: Target) -> None:
        for leaf in ("MobileNetV2", "preprocess_input", "decode_predictions"):
            found = moves.destination(f"keras.applications.mobilenetv2.{leaf}", target)
            assert found == f"tensorflow.keras.applications.mobilenet_v2.{leaf}"
        assert (
            moves.destination("keras.applications.mobilenetv2", target)
            == "tensorflow.keras.applications.mobilenet_v2"
        )
        direct = moves.destination("keras.applications.MobileNetV2", target)
        assert direct == "tensorflow.keras.applications.MobileNetV2"

    @pytest.mark.parametrize("target", TARGETS, ids=str)
    def test_nothing_moves_to_where_only_an_import_leads(self, target: Target) -> None:
        table = catalog.for_target(target)
        for release in catalog.LEGACY_RELEASES:
            for path in catalog.legacy(release):
                found = moves.destination(path, target)
                if found is not None and found in table:
                    assert table.reachable(found), path

    @pytest.mark.parametrize(
        ("leaf", "two", "three"),
        [
            ("load_model", "saving", "models"),
            ("get_registered_name", "saving", "utils"),
            ("custom_object_scope", "saving", "utils"),
            ("KerasFileEditor", None, "saving"),  # has no other name
        ],
    )
    def test_an_attribute_is_better_than_what_must_be_imported(
        self, leaf: str, two: str | None, three: str
    ) -> None:
        path = f"keras.saving.{leaf}"
        assert moves.destination(path, KERAS2) == (two and f"tensorflow.keras.{two}.{leaf}")
        assert moves.destination(path, LEGACY) == (two and f"tensorflow.keras.{two}.{leaf}")
        assert moves.destination(path, KERAS3) == f"tensorflow.keras.{three}.{leaf}"
        assert moves.destination("keras.saving", KERAS3) == "tensorflow.keras.saving"

    def test_other_libraries_shine_through(self) -> None:
        for target in TARGETS:
            assert moves.destination("keras.backend.tf", target) == "tensorflow"
            assert moves.destination("keras.backend.tf.reshape", target) == "tensorflow.reshape"
            assert (
                moves.destination("keras.backend.tensorflow_backend.tf.nn.relu", target)
                == "tensorflow.nn.relu"
            )
            assert moves.destination("keras.layers.core.np", target) == "numpy"

    @pytest.mark.parametrize("target", TARGETS, ids=str)
    def test_every_destination_exists_and_works(self, target: Target) -> None:
        table = catalog.for_target(target)
        for release in catalog.LEGACY_RELEASES:
            for path in catalog.legacy(release):
                found = moves.destination(path, target)
                if found is not None and found.startswith("tensorflow.keras"):
                    symbol = table.get(found)
                    assert symbol is not None, (path, found)
                    assert not symbol.stub, (path, found)

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("keras.layers.core.Dense", "keras.layers.Dense"),
            ("keras.engine.topology.Layer", "keras.layers.Layer"),
            ("keras.metrics.mse", "keras.losses.mean_squared_error"),
            ("keras.constraints.maxnorm", "keras.constraints.MaxNorm"),
            ("keras.legacy.layers.Merge", "keras.layers.Merge"),
            ("keras.layers.recurrent.LSTM.get_config", "keras.layers.LSTM.get_config"),
            ("keras.nothing.at.all", "keras.nothing.at.all"),
        ],
    )
    def test_canonical(self, path: str, expected: str) -> None:
        assert moves.canonical(path) == expected

    def test_the_canonical_path_of_a_canonical_path_is_itself(self) -> None:
        for release in catalog.LEGACY_RELEASES:
            for path in catalog.legacy(release):
                once = moves.canonical(path)
                assert moves.canonical(once) == once, path

    def test_known(self) -> None:
        assert moves.known("keras.layers.Merge") == ("1.2.2", "2.0.8", "2.1.6")
        assert moves.known("keras.layers.Dense") == catalog.LEGACY_RELEASES
        assert moves.known("keras.layers.Nothing") == ()

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("keras.layers.Dense", "keras.layers.Dense"),
            ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
            ("tensorflow.python.keras.layers.Dense", "keras.layers.Dense"),
            ("tensorflow.contrib.keras.api.keras.layers.Dense", "keras.layers.Dense"),
            ("tensorflow.contrib.keras.layers.Dense", "keras.layers.Dense"),
            ("keras_applications.vgg16.VGG16", "keras.applications.vgg16.VGG16"),
            ("keras_preprocessing.image", "keras.preprocessing.image"),
            ("keras_contrib.layers.CRF", None),
            ("tensorflow.reshape", None),
        ],
    )
    def test_normalise(self, path: str, expected: str | None) -> None:
        assert moves.normalise(path) == expected
