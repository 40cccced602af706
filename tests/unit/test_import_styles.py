"""What the engine makes of whole modules: import styles, switched-off rules, names through other modules."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from keras_migrate import ImportStyle, migrate_source
from keras_migrate.engine import migrate_bytes
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.target import Target


def migrated(code: str, *, target: str = "2.21", style: ImportStyle = ImportStyle.FROM) -> str:
    """The new code of one module."""
    return migrate_source(dedent(code), target=target, import_style=style).after.decode()


def test_attribute_style_reaches_all_of_keras_through_tf() -> None:
    old = """\
        import numpy as np
        import keras
        from keras import backend as K
        from keras.layers.core import Dense as D

        def f(x):
            return K.mean(D(3)(x)) + keras.layers.Dropout(0.5)(x)
        """
    new = """\
        import numpy as np
        import tensorflow as tf

        def f(x):
            return tf.keras.backend.mean(tf.keras.layers.Dense(3)(x)) + tf.keras.layers.Dropout(0.5)(x)
        """
    assert migrated(old, style=ImportStyle.ATTRIBUTE) == dedent(new)


def test_attribute_style_keeps_what_the_module_exports() -> None:
    old = """\
        from keras.models import Sequential
        from keras.layers import Dense

        __all__ = ["Sequential"]
        layer = Dense(3)
        """
    new = """\
        import tensorflow as tf
        from tensorflow.keras.models import Sequential

        __all__ = ["Sequential"]
        layer = tf.keras.layers.Dense(3)
        """
    assert migrated(old, style=ImportStyle.ATTRIBUTE) == dedent(new)


def test_attribute_style_does_not_shadow_a_name_in_use() -> None:
    old = """\
        from keras.layers import Dense

        def f(tf):
            return Dense(tf)
        """
    new = """\
        import tensorflow

        def f(tf):
            return tensorflow.keras.layers.Dense(tf)
        """
    assert migrated(old, style=ImportStyle.ATTRIBUTE) == dedent(new)


def test_tensorflow_is_imported_once_after_docstring_and_future() -> None:
    old = '''\
        """What it is for."""

        from __future__ import print_function

        from keras import backend as K

        a = K.tf.reshape(1, [1])
        b = K.tf.abs(K.constant(1))
        '''
    new = '''\
        """What it is for."""

        from __future__ import print_function

        import tensorflow as tf
        from tensorflow.keras import backend as K

        a = tf.reshape(1, [1])
        b = tf.abs(K.constant(1))
        '''
    assert migrated(old) == dedent(new)


def test_a_module_that_imports_keras_late_stays_without_tensorflow_at_its_top() -> None:
    old = """\
        def f(x):
            from keras import backend as K
            return K.tf.abs(K.sum(x))
        """
    new = """\
        def f(x):
            from tensorflow.keras import backend as K
            import tensorflow as tf
            return tf.abs(K.sum(x))
        """
    assert migrated(old) == dedent(new)


def test_comments_of_a_removed_import_stay() -> None:
    old = """\
        # the layers
        import keras.engine as KE
        # the rest
        import keras.layers as KL

        class L(KE.Layer):
            pass
        """
    new = """\
        # the layers
        # the rest
        import tensorflow.keras.layers as KL

        class L(KL.Layer):
            pass
        """
    assert migrated(old) == dedent(new)


def test_a_comment_goes_with_the_name_that_it_is_about() -> None:
    old = """\
        from keras.layers.core import (
            Dropout,  # keep
            Merge,  # for later
        )

        layer = Dropout(0.5)
        """
    new = """\
        from tensorflow.keras.layers import (
            Dropout,  # keep
        )

        layer = Dropout(0.5)
        """
    assert migrated(old) == dedent(new)


def test_a_probe_for_keras_stays_a_probe() -> None:
    old = """\
        try:
            from keras.layers import merge
        except ImportError:
            merge = None
        """
    assert migrated(old) == dedent(old)
    assert [finding.level.value for finding in migrate_source(dedent(old)).findings] == ["review"]


def test_fallbacks_within_fallbacks_collapse() -> None:
    old = """\
        try:
            import keras
        except ImportError:
            try:
                from tensorflow import keras
            except ImportError:
                from tensorflow.python import keras

        layer = keras.layers.Dense(3)
        """
    new = """\
        from tensorflow import keras

        layer = keras.layers.Dense(3)
        """
    assert migrated(old) == dedent(new)


def test_a_name_that_a_star_leaked_is_imported_under_that_name() -> None:
    old = """\
        from keras.objectives import *

        a = K.image_dim_ordering() == 'th'
        b = K.var(1)
        """
    new = """\
        from tensorflow.keras.losses import *
        from tensorflow.keras import backend as K

        a = K.image_data_format() == 'channels_first'
        b = K.var(1)
        """
    assert migrated(old) == dedent(new)


def test_dunders_of_modules_are_there() -> None:
    code = "from tensorflow import keras\nprint(keras.__name__, keras.backend.__dict__)\n"
    assert migrate_source(code).findings == ()


def test_what_the_target_lacks_is_found_under_compat_v1() -> None:
    code = "import tensorflow as tf\ntf.compat.v1.keras.backend.get_session()\n"
    assert [finding.rule for finding in migrate_source(code, target="2.21").findings] == ["KM120"]
    assert migrate_source(code, target="2.15").findings == ()


@pytest.mark.parametrize("ignored", ["KM101", "KM1"])
def test_ignored_rules_change_nothing(ignored: str) -> None:
    old = b"from keras import backend as K\nfrom keras.optimizers import Adam\n\nAdam(lr=K.epsilon())\n"
    options = Options(Target(), ignore=frozenset({ignored}))
    result = migrate_bytes("a.py", old, options, Project())
    assert result.after == old.replace(b"lr=", b"learning_rate=")
    assert {finding.rule for finding in result.findings} <= {"KM120", "KM201"}


def test_selected_rules_alone_change_something() -> None:
    old = b"from keras.layers import Dense\nfrom keras.optimizers import Adam\n\nAdam(lr=0.5)\n"
    options = Options(Target(), select=frozenset({"KM2"}))
    result = migrate_bytes("a.py", old, options, Project())
    assert result.after == old.replace(b"lr=", b"learning_rate=")


class TestOtherModules:
    """Names that come through the project's own modules."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Project:
        package = tmp_path / "pkg"
        (package / "sub").mkdir(parents=True)
        for name, code in {
            "__init__.py": "",
            "sub/__init__.py": "",
            "backend.py": "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\n"
            "from keras import backend as K\nL = keras.layers\nDense = 3\n",
            "keras_tools.py": "from keras import backend as K\n",
            "more.py": "from .keras_tools import K\n",
        }.items():
            (package / name).write_text(code)
        return Project.of([tmp_path])

    def changed(self, project: Project, path: str, code: str) -> str:
        """The new code of one module of the project."""
        return migrate_bytes(path, dedent(code).encode(), Options(), project).after.decode()

    @pytest.mark.parametrize(
        ("path", "statement"),
        [
            ("pkg/a.py", "from .backend import keras"),
            ("pkg/a.py", "from pkg.backend import keras"),
            ("pkg/sub/a.py", "from ..backend import keras"),
            ("run.py", "from pkg.backend import keras"),
        ],
    )
    def test_a_package_through_a_shim(self, project: Project, path: str, statement: str) -> None:
        old = f"{statement}\n\nkeras.layers.core.Dense(3)\nkeras.optimizers.Adam(lr=1)\n"
        new = f"{statement}\n\nkeras.layers.Dense(3)\nkeras.optimizers.Adam(learning_rate=1)\n"
        assert self.changed(project, path, old) == new

    def test_a_module_through_two_shims(self, project: Project) -> None:
        old = "from .more import K  # of keras\n\nK.tf.abs(1)\n"
        new = "import tensorflow as tf\nfrom .more import K  # of keras\n\ntf.abs(1)\n"
        assert self.changed(project, "pkg/a.py", old) == new

    def test_an_assigned_module(self, project: Project) -> None:
        old = "from .backend import L\n\nL.core.Dense(3)\n"
        new = "from .backend import L\n\nL.Dense(3)\n"
        assert self.changed(project, "pkg/a.py", old) == new

    def test_names_that_are_something_else_are_left(self, project: Project) -> None:
        old = "from .backend import Dense  # keras\n\nDense(lr=1)\n"
        assert self.changed(project, "pkg/a.py", old) == old

    def test_a_submodule_wins_over_what_its_package_imports(self, project: Project) -> None:
        package = Path(project.root) / "pkg"
        (package / "__init__.py").write_text("import keras\n")
        (package / "keras.py").write_text("")
        old = "from pkg import keras\n\nkeras.apply(3)\n"
        assert self.changed(project, "run.py", old) == old
