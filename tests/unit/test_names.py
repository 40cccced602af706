"""Which Keras name each expression stands for, one snippet for each way of binding a name.

``here(…)`` marks an expression. Every expectation is checked twice: it is what the resolver says, and what
Python gives when the snippet is run (`robustness.run_time`), so that the specification cannot be wrong. ``?``
stands for anything that is not of Keras or TensorFlow, or that nobody can know.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping

import libcst as cst
import pytest
from robustness.run_time import OTHER, ROOTS, happens, resolved

from keras_migrate.names import Names
from keras_migrate.scopes import Origin

IMPORTS = {
    "a package": ("import keras; here(keras.layers.Dense)", "keras.layers.Dense"),
    "a package by another name": ("import keras as k; here(k.layers)", "keras.layers"),
    "a module binds its package": ("import keras.layers; here(keras.models)", "keras.models"),
    "a module by another name": ("import keras.layers as L; here(L.Dense)", "keras.layers.Dense"),
    "among others": ("import sys, keras, os; here(keras.layers)", "keras.layers"),
    "the others": ("import sys, keras, os; here(os.path)", OTHER),
    "from a package": ("from keras import layers; here(layers.Dense)", "keras.layers.Dense"),
    "from a package by another name": ("from keras import layers as L; here(L)", "keras.layers"),
    "several in parentheses": ("from keras.layers import (Dense, LSTM as R,); here(R)", "keras.layers.LSTM"),
    "with continuation lines": (
        "from keras.layers import Dense, \\\n    LSTM\nhere(LSTM)",
        "keras.layers.LSTM",
    ),
    "a star": ("from keras.layers import *; here(Dense)", "keras.layers.Dense"),
    "a star that does not give the name": ("len = len\nfrom keras.layers import *; here(len)", OTHER),
    "two stars": (
        "from keras.layers import *\nfrom keras.backend import *\nhere(mean, 0)",
        "keras.backend.mean",
    ),
    "the later of two": ("import tensorflow as K\nimport keras.backend as K\nhere(K)", "keras.backend"),
    "tensorflow": ("import tensorflow as tf; here(tf.keras.layers)", "tensorflow.keras.layers"),
    "in a function": ("def f():\n    import keras\n    here(keras.layers)\nf()", "keras.layers"),
    "in an if": ("if maybe():\n    import keras\n    here(keras.layers)", "keras.layers"),
    "seen after an if": ("if maybe():\n    import keras\nhere(keras.layers)", "keras.layers"),
    "in a with": ("with made:\n    import keras\nhere(keras.layers)", "keras.layers"),
    "in a class": ("class A:\n    from keras import backend as K\n    here(K)", "keras.backend"),
}

ASSIGNMENTS = {
    "of a module": ("import keras\nL = keras.layers\nhere(L.Dense)", "keras.layers.Dense"),
    "of an alias": (
        "import keras\nL = keras.layers\nDense = L.Dense\nhere(Dense)",
        "keras.layers.Dense",
    ),
    "of two at once": ("import keras\na, b = keras.layers, keras.models\nhere(b)", "keras.models"),
    "of two in a list": ("import keras\n[a, b] = [keras.layers, keras.models]\nhere(a)", "keras.layers"),
    "of nested tuples": (
        "import keras as k\n(a, b), c = (k.layers, k.models), 1\nhere(b)",
        "keras.models",
    ),
    "that swaps": (
        "import keras as k\na, b = k.layers, k.models\na, b = b, a\nhere(a)",
        "keras.models",
    ),
    "of what a star unpacks": ("import keras as k\na, b = *[1], k.models\nhere(a)", OTHER),
    "to a starred name": ("import keras as k\na, *b = k.layers, k.models\nhere(b)", OTHER),
    "chained": ("import keras\nx = y = keras.layers\nhere(x)", "keras.layers"),
    "annotated": ("import keras\nL: object = keras.layers\nhere(L)", "keras.layers"),
    "annotated, nothing assigned": ("import keras\nkeras: object\nhere(keras)", "keras"),
    "by a walrus": ("import keras\nif (L := keras.layers):\n    here(L)", "keras.layers"),
    "by a walrus within brackets": ("import keras\nx = [(L := keras.layers), here(L)]", "keras.layers"),
    "of its own attribute": ("import keras\nkeras = keras.layers\nhere(keras.Dense)", "keras.layers.Dense"),
    "of what a call gives": ("import keras\nx = keras.layers.Dense(3)\nhere(x)", OTHER),
    "of an attribute of an object": ("import keras\nmade.keras = 3\nhere(keras)", "keras"),
    "that is augmented": ("import keras\nn = 1\nn += 1\nhere(n)", OTHER),
    "of None first": ("keras = None\nimport keras\nhere(keras.layers)", "keras.layers"),
}
"""``MISSED`` has what is left out."""

SHADOWED = {
    "by a parameter": ("import keras\ndef f(keras):\n    here(keras)\nf(1)", OTHER),
    "by a keyword parameter": ("import keras\ndef f(*, keras=1):\n    here(keras)\nf()", OTHER),
    "by *args": ("import keras\ndef f(*keras):\n    here(keras)\nf()", OTHER),
    "by **kwargs": ("import keras\ndef f(**keras):\n    here(keras)\nf()", OTHER),
    "by a lambda's parameter": ("import keras\n(lambda keras: here(keras))(1)", OTHER),
    "by a local": ("import keras\ndef f():\n    keras = 1\n    here(keras)\nf()", OTHER),
    "by a local function": ("import keras\ndef f():\n    def keras(): pass\n    here(keras)\nf()", OTHER),
    "by a class": ("import keras\nclass keras: pass\nhere(keras)", OTHER),
    "by a comprehension's target": ("import keras\n[here(keras) for keras in [1]]", OTHER),
    "by a second target": ("import keras\n[here(keras) for x in [1] for keras in [2]]", OTHER),
    "by a generator's target": ("import keras\nlist(here(keras) for keras in [1])", OTHER),
    "by a dict's target": ("import keras\n{here(keras): 1 for keras in [1]}", OTHER),
    "but not after a comprehension": ("import keras\n[keras for keras in [1]]\nhere(keras)", "keras"),
    "by a for": ("import keras\nfor keras in [1]:\n    here(keras)", OTHER),
    "by a for's tuple": ("import keras\nfor i, keras in [(1, 2)]:\n    here(keras)", OTHER),
    "by with … as": ("import keras\nwith made as keras:\n    here(keras)", OTHER),
    "by except … as": ("import keras\ntry:\n    1 / 0\nexcept Exception as keras:\n    here(keras)", OTHER),
    "by a match capture": ("import keras\nmatch 1:\n    case keras:\n        here(keras)", OTHER),
    "by a match … as": ("import keras\nmatch 1:\n    case 1 as keras:\n        here(keras)", OTHER),
    "by a match star": ("import keras\nmatch [1]:\n    case [*keras]:\n        here(keras)", OTHER),
    "by a match rest": ("import keras\nmatch {}:\n    case {**keras}:\n        here(keras)", OTHER),
    "by a match class": (
        "import keras\nclass A:\n    x = 1\nmatch A():\n    case A(x=keras):\n        here(keras)",
        OTHER,
    ),
    "by a later value": ("import keras\nkeras = 1\nhere(keras)", OTHER),
    "but not before": ("import keras\nhere(keras)\nkeras = 1", "keras"),
    "by del": ("import keras\nx = keras\ndel keras\nkeras = 1\nhere(keras)", OTHER),
    "by a local of another function, not": (
        "import keras\ndef f():\n    keras = 1\ndef g():\n    here(keras)\nf()\ng()",
        "keras",
    ),
    "by an attribute of the class, not": (
        "import keras\nclass A:\n    keras = 1\n    def f(self):\n        here(keras)\nA().f()",
        "keras",
    ),
    "by an attribute of the class within it": (
        "import keras\nclass A:\n    keras = 1\n    here(keras)",
        OTHER,
    ),
    "by an attribute of the class in a comprehension, not": (
        "import keras\nclass A:\n    keras = 1\n    x = [here(keras) for _ in [1]]",
        "keras",
    ),
    "by an attribute of the class in the first iterable": (
        "import keras\nclass A:\n    keras = [1]\n    x = [y for y in here(keras)]",
        OTHER,
    ),
    "by a later attribute of the class, not yet": (
        "import keras\nclass A:\n    here(keras)\n    keras = 1",
        "keras",
    ),
    "by a later attribute of a class within a function": (
        "import keras\ndef f():\n    keras = 1\n    class A:\n        here(keras)\n        keras = 2\nf()",
        "keras",
    ),
}

SCOPES = {
    "a function reads the module": ("import keras\ndef f():\n    here(keras)\nf()", "keras"),
    "a function reads what is bound later": (
        "def f():\n    here(keras)\nimport keras\nf()",
        "keras",
    ),
    "a nested function reads the outer": (
        "def f():\n    import keras\n    def g():\n        here(keras)\n    g()\nf()",
        "keras",
    ),
    "a method reads the module": (
        "import keras\nclass A:\n    def f(self):\n        here(keras)\nA().f()",
        "keras",
    ),
    "a lambda": ("import keras\n(lambda: here(keras.losses))()", "keras.losses"),
    "an async function": ("import keras\nasync def f():\n    here(keras)\nrun(f())", "keras"),
    "async with": (
        "import keras\nasync def f():\n    async with made as m:\n        here(keras)\nrun(f())",
        "keras",
    ),
    "a decorator": ("import keras\n@here(keras.wrap)\ndef f(): pass", "keras.wrap"),
    "a decorator of a class": ("import keras\n@here(keras.wrap)\nclass A: pass", "keras.wrap"),
    "a default": ("import keras\ndef f(keras=here(keras.layers)): pass", "keras.layers"),
    "a lambda's default": ("import keras\nlambda keras=here(keras.layers): 1", "keras.layers"),
    "an annotation": ("import keras\ndef f(keras: here(keras.Model)): pass", "keras.Model"),
    "an annotation of the result": ("import keras\ndef f(keras) -> here(keras.Model): pass", "keras.Model"),
    "a base class": ("import keras\nclass A(here(keras.Model)): pass", "keras.Model"),
    "a keyword of a class": ("import keras\nclass A(metaclass=type, **{}): here(keras)", "keras"),
    "an f-string": ("import keras\nf'{here(keras.layers)}'", "keras.layers"),
    "an f-string's format": ("import keras\nf'{1:{here(keras.layers) and 1}}'", "keras.layers"),
    "a global": ("import keras\ndef f():\n    global keras\n    here(keras)\nf()", "keras"),
    "a global that a function imports": (
        "def f():\n    global keras\n    import keras\n    here(keras)\nf()",
        "keras",
    ),
    "a global seen by another function": (
        "def f():\n    global keras\n    import keras\ndef g():\n    here(keras)\nf()\ng()",
        "keras",
    ),
    "a global that stays": ("import keras\nglobal keras\nhere(keras)", "keras"),
    "a nonlocal": (
        "def f():\n    import keras\n    def g():\n        nonlocal keras\n        here(keras)\n    g()\nf()",
        "keras",
    ),
    "the condition of a comprehension": ("import keras\n[x for x in [1] if here(keras)]", "keras"),
    "the first iterable of a comprehension": ("import keras\n[k for keras in [1] for k in [here(1)]]", OTHER),
    "a subscript": ("import keras\nx = {}\nx[here(keras.layers)] = 1", "keras.layers"),
    "a slice": ("import keras\n[1][here(keras.layers) and 0:]", "keras.layers"),
    "a del's target": ("import keras\nx = {0: 1}\ndel x[here(keras.layers) and 0]", "keras.layers"),
    "an assert": ("import keras\nassert here(keras.layers)", "keras.layers"),
    "a conditional expression": ("import keras\nx = here(keras.layers) if maybe() else 1", "keras.layers"),
    "a match value": ("import keras\nmatch here(keras.layers):\n    case _: pass", "keras.layers"),
    "a while": ("import keras\nwhile here(keras.layers) and maybe(): pass", "keras.layers"),
    "a finally": ("import keras\ntry:\n    pass\nfinally:\n    here(keras)", "keras"),
    "a yield": ("import keras\ndef f():\n    yield here(keras)\nlist(f())", "keras"),
    "an await": (
        "import keras\nasync def f():\n    return 1\nasync def g():\n    await f(), here(keras)\nrun(g())",
        "keras",
    ),
}

FLOW = {
    "the other arm never ran": (
        "import os as k\nif maybe():\n    import keras as k\nelse:\n    here(k)",
        OTHER,
    ),
    "the other arm ran in an earlier turn": (
        "import os as k\nwhile maybe():\n  if maybe():\n    import keras as k\n  else:\n    here(k)",
        {"keras", OTHER},
    ),
    "a class, before the module binds": (
        "import os as k\nclass A:\n    if maybe():\n        k = 1\n    here(k)\nimport keras as k",
        OTHER,
    ),
    "a class in a function, before the module binds": (
        "def f():\n    class A:\n        if maybe():\n            k = 1\n        here(k)\n"
        "import keras as k\nf()",
        {"keras", OTHER},
    ),
    "one import in each arm": (
        "if maybe():\n    import keras as k\nelse:\n    import tensorflow.keras as k\nhere(k)",
        {"keras", "tensorflow.keras"},
    ),
    "in the arm itself": (
        "if maybe():\n    import keras as k\n    here(k)\nelse:\n    import tensorflow as k",
        "keras",
    ),
    "in the other arm": (
        "if maybe():\n    import keras as k\nelse:\n    import tensorflow as k\n    here(k)",
        "tensorflow",
    ),
    "try keras, except tensorflow": (
        "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\nhere(keras.layers)",
        {"keras.layers", "tensorflow.keras.layers"},
    ),
    "try … except None": (
        "try:\n    import keras\nexcept ImportError:\n    keras = None\nif keras:\n    here(keras.layers)",
        "keras.layers",
    ),
    "try … else": (
        "try:\n    import keras\nexcept ImportError:\n    pass\nelse:\n    here(keras)",
        "keras",
    ),
    "suppressed": (
        "from contextlib import suppress\nk = 1\nwith suppress(ImportError):\n    import keras as k\nhere(k)",
        {"keras", OTHER},
    ),
    "another value in one arm": ("import keras\nif maybe():\n    keras = 1\nhere(keras)", {"keras", OTHER}),
    "another value in a loop": (
        "import keras\nwhile maybe():\n    keras = 1\nhere(keras)",
        {"keras", OTHER},
    ),
    "another value later in the loop": (
        "import keras\nfor i in range(2):\n    here(keras)\n    keras = 1",
        {"keras", OTHER},
    ),
    "another value in the other arm of a loop": (
        "import keras\nfor i in 1, 2:\n    if maybe():\n        keras = 1\n    else:\n        here(keras)",
        {"keras", OTHER},
    ),
    "another value, but each time anew": (
        "for i in range(2):\n    import keras\n    here(keras)\n    keras = 1",
        "keras",
    ),
    "a function that binds a global": (
        "k = 1\ndef f():\n    global k\n    import keras as k\nif maybe():\n    f()\nhere(k)",
        {"keras", OTHER},
    ),
    "a function that binds a nonlocal": (
        """
        def f():
            import keras as k
            def g():
                nonlocal k
                k = 1
            if maybe():
                g()
            here(k)
        f()
        """,
        {"keras", OTHER},
    ),
    "a nonlocal that is bound below": (
        """
        def f():
            def g():
                nonlocal k
                k = 1
            import keras as k
            if maybe():
                g()
            here(k)
        f()
        """,
        {"keras", OTHER},
    ),
    "perhaps a builtin": ("import keras as k\nif maybe():\n    k = len\nhere(k)", {"keras", OTHER}),
    "perhaps a walrus": ("import keras as k\nmaybe() and (k := 1)\nhere(k)", {"keras", OTHER}),
    "perhaps a walrus in a comprehension": (
        "import keras as k\n[k := 1 for _ in range(maybe())]\nhere(k)",
        {"keras", OTHER},
    ),
    "perhaps a walrus in a generator": (
        "import keras as k\nx = (k := 1 for _ in [1])\nif maybe():\n    list(x)\nhere(k)",
        {"keras", OTHER},
    ),
    "a generator that runs later": (
        "import keras as k\nx = (here(k) for _ in [1])\nif maybe():\n    k = 1\nlist(x)",
        {"keras", OTHER},
    ),
    "an attribute of the class, perhaps": (
        "import keras as k\nclass A:\n    if maybe():\n        k = 1\n    here(k)",
        {"keras", OTHER},
    ),
}

MISSED = {
    "through an instance": (
        "import keras\nclass A:\n    K = keras.backend\n    def f(self):\n        here(self.K)\nA().f()"
    ),
    "through a class": "import keras\nclass A:\n    K = keras.backend\nhere(A.K)",
    "through cls": (
        "import keras\nclass A:\n    K = keras.backend\n    @classmethod\n"
        "    def f(cls):\n        here(cls.K)\nA.f()"
    ),
    "through getattr": "import keras\nhere(getattr(keras, 'layers'))",
    "through a container": "import keras\nx = {'a': keras.layers}\nhere(x['a'])",
    "through a conditional expression": "import keras\nx = keras.layers if 1 else 2\nhere(x)",
    "through a for": "import keras\nfor x in (keras.layers, keras.models):\n    here(x)",
    "through what is left of a star": "import keras as k\n*a, b = k.layers, k.models, k.losses\nhere(b)",
    "through a parameter": "import keras\ndef f(x):\n    here(x)\nf(keras.layers)",
}
"""What Python knows and the resolver does not: it then says nothing, and never something else."""

WIDER = {
    "both arms replace it": (
        "import keras as k\nif maybe():\n    k = 1\nelse:\n    k = 2\nhere(k)",
        {"keras", OTHER},
    ),
    "an arm that leaves": (
        "def f():\n    import keras as k\n    if maybe():\n        k = 1\n        return\n    here(k)\nf()",
        {"keras", OTHER},
    ),
    "assigned from itself in a loop": (
        "import keras as k\nfor i in range(2):\n    k = k\nhere(k)",
        {"keras", OTHER},
    ),
    "a match that fails once it has bound the name": (
        "import keras\nmatch 1:\n    case keras if False:\n        pass\n    case _:\n        here(keras)",
        {"keras", OTHER},
    ),
    "read in a function, bound anew in the module": (
        "import keras as k\ndef f():\n    here(k)\nf()\nk = 1",
        {"keras", OTHER},
    ),
}
"""What the resolver holds possible and Python never does: it is then not sure, which is right."""

NEWER = {
    "a type parameter": ("import keras as T\ndef f[T](x: here(T)): pass", OTHER),
    "a type parameter in the body": ("import keras as T\ndef f[T]():\n    here(T)\nf()", OTHER),
    "a type parameter of a class": ("import keras as T\nclass A[T](here(T) and object): pass", OTHER),
    "the default of a generic function": ("import keras as T\ndef f[T](x=here(T)): pass", "keras"),
    "the bound of a type parameter": (
        "import keras\ndef f[T: here(keras.Model)](): pass\nf.__type_params__[0].__bound__",
        "keras.Model",
    ),
    "a type alias": ("import keras\ntype A = here(keras.Model)\nA.__value__", "keras.Model"),
    "a type alias bound later": ("type A = here(keras.Model)\nimport keras\nA.__value__", "keras.Model"),
    "a generic type alias": ("import keras as T\ntype A[T] = here(T)\nA.__value__", OTHER),
    "a generic within a class": (
        "import keras as T\nclass A:\n    K = T\n    def f[X](self, x: here(K)): pass",
        "keras",
    ),
}


def _cases(*tables: Mapping[str, tuple[str, str | set[str]]]) -> list[object]:
    return [
        pytest.param(textwrap.dedent(source), {wanted} if isinstance(wanted, str) else wanted, id=what)
        for table in tables
        for what, (source, wanted) in table.items()
    ]


@pytest.mark.parametrize(("source", "wanted"), _cases(IMPORTS, ASSIGNMENTS, SHADOWED, SCOPES, FLOW))
def test_a_name_stands_for_what_python_gives(source: str, wanted: set[str]) -> None:
    assert happens(source) == {0: wanted}
    assert resolved(source) == {0: wanted}


@pytest.mark.parametrize("source", MISSED.values(), ids=MISSED)
def test_what_is_not_followed_is_not_named(source: str) -> None:
    assert OTHER not in happens(source)[0]
    assert resolved(source) == {0: {OTHER}}


@pytest.mark.parametrize(("source", "wanted"), _cases(WIDER))
def test_what_cannot_be_known_is_not_sure(source: str, wanted: set[str]) -> None:
    assert happens(source)[0] < wanted
    assert resolved(source) == {0: wanted}


@pytest.mark.parametrize(("source", "wanted"), _cases(NEWER))
def test_newer_syntax(source: str, wanted: set[str]) -> None:
    if sys.version_info >= (3, 12):
        assert happens(source) == {0: wanted}
    assert resolved(source) == {0: wanted}


def _names(source: str) -> Names:
    return Names(cst.parse_module(textwrap.dedent(source)), ROOTS)


def test_a_star_gives_what_was_not_bound_before() -> None:
    """Old modules leaked what they had imported, so that a star most likely gives the same thing again."""
    source = "from keras import backend as K\nfrom keras.backend import *\nhere(K)"
    assert resolved(source) == {0: {"keras.backend"}}


@pytest.mark.parametrize(
    "code",
    [
        "x: 'keras.Model'",
        'x: "Optional[keras.Model]" = None',
        "def f(x: List['keras.Model']): pass",
        "def f() -> 'keras.Model': pass",
        "T = TypeVar('T', bound='keras.Model')",
        "y = typing.cast('keras.Model', x)",
        "Models = typing.Union['keras.Model', List[int]]",
        "y = x  # type: keras.Model",
        "y = x  # type: keras.Model  # what was loaded",
        "def f(x):\n    # type: (int) -> keras.Model\n    return x",
        "def f(x):  # type: (keras.Model, int) -> None\n    return x",
    ],
)
def test_annotations_in_strings_and_comments_are_references(code: str) -> None:
    names = _names(f"import keras\n{code}\n")
    assert [names.origins(use) for use in names.references] == [(Origin("keras.Model", names.imports[0]),)]
    assert names.text_of(names.references[0].node) is names.quoted[0].node


@pytest.mark.parametrize(
    "code",
    [
        "def f(x: int) -> 'a model of Keras': return 'keras.Model'",
        "x: Literal['keras.Model']",
        "x['keras.Model']",
        "y = cast('keras.Model')",
        "y = x  # type: ignore[keras.Model]",
        "# type: keras.Model\nf()",
    ],
)
def test_other_strings_and_comments_are_left_alone(code: str) -> None:
    assert _names(f"import keras\n{code}\n").references == []


@pytest.mark.parametrize(
    ("load", "use", "name"),
    [
        ("importlib.import_module('keras.layers')", "x.Dense", "keras.layers.Dense"),
        ("import_module('keras')", "x.layers.Dense", "keras.layers.Dense"),
        ("pytest.importorskip('keras', reason='')", "x.layers", "keras.layers"),
        ("__import__('keras.layers')", "x.layers", "keras.layers"),
        ("__import__('keras.layers', fromlist=['Dense'])", "x.Dense", "keras.layers.Dense"),
    ],
)
def test_a_module_that_a_call_loads(load: str, use: str, name: str) -> None:
    assert resolved(f"x = {load}\nhere({use})") == {0: {name}}


def test_a_star_gives_what_is_bound_again_after_it() -> None:
    source = "from keras.backend import *\nhere(K)\nK = 1"
    assert resolved(source) == {0: {"keras.backend.K"}}
    assert resolved(f"K = 1\n{source}") == {0: {OTHER}}


def test_a_reference_is_found_by_its_node() -> None:
    module = cst.parse_module("import keras\nkeras.layers.Dense\n(1).keras\n")
    names = Names(module, ROOTS)
    chain, other = (cst.ensure_type(cst.ensure_type(line, cst.SimpleStatementLine).body[0], cst.Expr).value
                    for line in module.body[1:])  # fmt: skip
    found = names.reference(cst.ensure_type(chain, cst.Attribute))
    assert found is names.reference(
        cst.ensure_type(cst.ensure_type(chain, cst.Attribute).value, cst.Attribute)
    )
    assert found is not None
    assert [each.name for each in names.origins(found)] == ["keras.layers.Dense"]
    assert names.reference(cst.ensure_type(other, cst.Attribute)) is None


def test_what_comes_between_two_imports() -> None:
    source = "k = 0\nimport keras as k\nk = 1\nfrom mine import *\nfrom tensorflow import keras as k\nk = 2\n"
    names = _names(source)
    first, second = names.imports
    stars = [binding.imported is not None for binding in names.between(first, second)]
    assert stars == [True, False]
    assert list(names.between(first, first)) == []


def test_a_keyword_is_no_reference() -> None:
    names = _names("import keras\nf(keras=1)\nx.keras\nclass A(B, keras=2): pass\n")
    assert names.references == []


@pytest.mark.parametrize(
    "source",
    [
        "__all__ = ['keras', 'K']",
        "__all__ = ('keras',)\n__all__ += ['K']",
        "__all__: list[str] = ['keras'] + ['K']",
        "__all__ = []\n__all__.append('K')\n__all__.extend(['keras'])",
    ],
)
def test_exported_names(source: str) -> None:
    assert _names(f"import keras\n{source}\n").exported == {"keras", "K"}


def test_imports_and_references_come_in_the_order_of_the_program() -> None:
    names = _names("""
        from keras import layers
        layers.Dense
        import keras.backend as K, os
        def f(x=K.mean):
            from tensorflow import keras
            return keras.losses, layers.LSTM
    """)
    assert [imported.target for imported in names.imports] == [
        "keras.layers",
        "keras.backend",
        "tensorflow.keras",
    ]
    assert [names.origins(reference)[0].name for reference in names.references] == [
        "keras.layers.Dense",
        "keras.backend.mean",
        "tensorflow.keras.losses",
        "keras.layers.LSTM",
    ]


def test_an_origin_knows_its_import_unless_it_was_assigned() -> None:
    names = _names("import keras\nL = keras.layers\nL.Dense\n")
    direct, through = (names.origins(reference)[0] for reference in names.references)
    assert direct.imported is names.imports[0]
    assert through.imported is None


def test_a_reference_knows_its_call_and_its_subclass() -> None:
    names = _names("from keras.layers import Dense, Layer\nDense(3)\nclass A(Layer): pass\nf(Dense)\n")
    call, base, argument = names.references
    assert call.called is not None
    assert call.subclass is None
    assert base.subclass is not None
    assert base.called is None
    assert argument.called is None
    assert argument.subclass is None


def test_what_the_project_re_exports() -> None:
    module = cst.parse_module("from .backend import keras, other\nkeras.layers\nother.layers\n")
    names = Names(module, ROOTS, reexport={".backend.keras": "keras"}.get)
    assert [origin.name for use in names.references for origin in names.origins(use)] == ["keras.layers"]


def test_what_a_module_of_the_project_has() -> None:
    module = cst.parse_module("from . import shim\nshim.K\nshim.K.mean\nshim.other\n")
    names = Names(module, ROOTS, reexport={".shim.K": "keras.backend"}.get)
    found = [origin.name for use in names.references for origin in names.origins(use)]
    assert found == ["keras.backend", "keras.backend.mean"]


def test_wanted_attributes_on_any_receiver() -> None:
    module = cst.parse_module("f().fit_generator(x)\nmodel.fit_generator\nmodel.fit\n")
    names = Names(module, ROOTS, wanted_attributes=frozenset({"fit_generator"}))
    assert len(names.attributes) == 2
