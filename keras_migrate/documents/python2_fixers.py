"""What has to change for Python 3, one step after the other; most of the work is done by fissix.

fissix is the successor of 2to3. Of its fixers those are used without which the code would fail or mean
something else, and each only where the text has what it looks for. What they put in and the place does not
need is taken back: a ``list`` around what is only iterated over. Its tables of grammar are made anew in
memory, so that nothing is written anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeAlias

from keras_migrate.findings import Level

Tree: TypeAlias = Any
"""A tree or leaf of fissix, which has no types."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a file.

    Attributes:
        siblings: the modules and packages of its folder.
        package: whether the folder is a package itself.
    """

    siblings: frozenset[str] = frozenset()
    package: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of change.

    Attributes:
        apply: changes a tree in place.
        trigger: what the text of a source has that can need it.
        message: what changed and why.
        level: how much it asks of a person.
    """

    apply: Callable[[Tree, Surroundings], None]
    trigger: re.Pattern[str]
    message: str
    level: Level = Level.REWRITTEN


@lru_cache(maxsize=1)
def _fissix() -> Any:
    """The package, with its grammars loaded."""
    package = import_module("fissix")
    driver: Any = import_module("fissix.pgen2.driver")
    pgen = import_module("fissix.pgen2.pgen")
    loads = driver.load_grammar
    driver.load_grammar = pgen.generate_grammar
    try:
        import_module("fissix.pygram")
    finally:
        driver.load_grammar = loads
    for name in ("pytree", "fixer_util", "refactor", "pgen2.tokenize", "pgen2.parse", "pgen2.token"):
        import_module(f"fissix.{name}")
    return package


def tokens(text: str) -> Iterator[tuple[str, int]]:
    """The kinds of Python 2's tokens (``NAME``, ``NEWLINE``) and the 1-based lines that they begin in.

    Raises:
        SyntaxError: where there is no token, or the indentation fits no block.
    """
    import io

    tokenize = _fissix().pgen2.tokenize
    try:
        for kind, _, (line, _), _, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            yield tokenize.tok_name[kind], line
    except tokenize.TokenError as error:
        message, (line, _) = error.args
        raise SyntaxError(message, ("", line, 1, "")) from None


def parse(text: str, *, statements: bool) -> Tree:
    """The tree of a source.

    Args:
        text: the source; ends in a line end.
        statements: whether ``print`` and ``exec`` are statements; otherwise they are functions.
    Raises:
        SyntaxError: if it is not Python 2.
    """
    fissix = _fissix()
    features = fissix.refactor._detect_future_features(text)
    if not statements:
        grammar = fissix.pygram.python_grammar_no_print_and_exec_statement
    elif "print_function" in features:
        grammar = fissix.pygram.python_grammar_no_print_statement
    else:
        grammar = fissix.pygram.python_grammar
    try:
        tree = fissix.pgen2.driver.Driver(grammar, convert=fissix.pytree.convert).parse_string(text)
    except fissix.pgen2.parse.ParseError as error:
        raise SyntaxError(error.msg, ("", error.context[1][0], error.context[1][1] + 1, "")) from None
    except fissix.pgen2.tokenize.TokenError as error:
        raise SyntaxError(error.args[0], ("", error.args[1][0], 1, "")) from None
    tree.future_features = features
    return tree


def nodes(tree: Tree) -> list[Tree]:
    """The nodes and leaves of a tree, each after those that are in it."""
    found = []
    pending = [tree]
    while pending:
        found.append(node := pending.pop())
        pending.extend(node.children)
    return found[::-1]


def leaves(tree: Tree) -> list[Tree]:
    """The leaves of a tree, in order."""
    return [node for node in nodes(tree) if node.type < 256]


def _fix(*names: str) -> Callable[[Tree, Surroundings], None]:
    """Fixers of fissix, one after the other."""

    def apply(tree: Tree, surroundings: Surroundings) -> None:
        for name in names:
            _run(_fixer(name), tree)

    return apply


@lru_cache(maxsize=64)
def _fixer(name: str) -> Any:
    module = import_module(f"fissix.fixes.fix_{name}")
    return getattr(module, "Fix" + name.title().replace("_", ""))({}, [])


def _run(fixer: Any, tree: Tree) -> None:
    """Lets a fixer look at every node that was there when it began, from the inside out."""
    wanted = _fissix().refactor._get_headnode_dict([fixer])
    fixer.start_tree(tree, "")
    for node in nodes(tree):
        if fixer in wanted[node.type] and _is_part(node, tree):
            results = fixer.match(node)
            new = fixer.transform(node, results) if results else None
            if new is not None:
                node.replace(new)
    fixer.finish_tree(tree, "")


def _is_part(node: Tree, tree: Tree) -> bool:
    """Whether a node was not cut off from its tree."""
    while node.parent is not None:
        node = node.parent
    return node is tree


def _is_new(leaf: Tree) -> bool:
    """Whether a leaf was put in by a fixer."""
    return bool(leaf.lineno == 0)


def _imports(tree: Tree, surroundings: Surroundings) -> None:
    """Modules that have another name now, unless the project has one of the old name."""
    names = {leaf.value for leaf in leaves(tree) if leaf.type == _fissix().pgen2.token.NAME}
    for module in ("imports", "imports2"):
        plain = import_module(f"fissix.fixes.fix_{module}")
        mapping = {old: new for old, new in plain.MAPPING.items() if old in names - surroundings.siblings}
        if mapping:
            rare = {
                "_winreg": "winreg",
                "copy_reg": "copyreg",
            }  # a pattern of one name matches in another way
            base = getattr(plain, "Fix" + module.title())
            _run(type(base.__name__, (base,), {"mapping": {**rare, **mapping}})({}, []), tree)
    for node in nodes(tree):
        if node.type == _fissix().pygram.python_symbols.dotted_as_name:
            module, _, name = node.children
            if module.type == name.type and _is_new(module) and module.value == name.value:
                node.replace(module.clone())
    if "urllib2" in names or "urllib" in names:
        _run(_fixer("urllib"), tree)


def _relative_imports(tree: Tree, surroundings: Surroundings) -> None:
    """Imports of modules of the same package, which Python 2 found there without a dot."""
    if surroundings.package:
        base = import_module("fissix.fixes.fix_import").FixImport

        def is_sibling(_: Any, name: str) -> bool:
            return name.split(".")[0] in surroundings.siblings

        for node in nodes(tree):
            if node.type == _fissix().pygram.python_symbols.import_name:
                _part(node, surroundings.siblings)
        _run(type(base.__name__, (base,), {"probably_a_local_import": is_sibling})({}, []), tree)


def _tuple_parameters(tree: Tree, surroundings: Surroundings) -> None:
    """Parameters that are tuples: one parameter, that is unpacked."""
    symbols = _fissix().pygram.python_symbols
    for node in nodes(tree):
        if node.type == symbols.lambdef and len(node.children) == 4:
            given = node.children[1]
            for parameter in list(given.children) if given.type == symbols.varargslist else [given]:
                if parameter.type == symbols.vfpdef:
                    _index(parameter, node.children[-1], tree)
    _run(_fixer("tuple_params"), tree)
    for node in nodes(tree):
        last = node.children[-1] if node.type in (symbols.expr_stmt, symbols.atom) else None
        if last is not None and str(last).strip().startswith(_MADE_UP):
            old, new = last.value, _free_name(node.children[0], tree)
            for leaf in leaves(tree):
                if leaf.value == old:
                    leaf.value = new


_MADE_UP = "xxx_todo_changeme"


def _index(parameter: Tree, body: Tree, tree: Tree) -> None:
    """Makes a lambda's tuple one parameter, and its parts subscripts of that."""
    fixes, util = import_module("fissix.fixes.fix_tuple_params"), _fissix().fixer_util
    parts = fixes.find_params(parameter)
    places = fixes.map_to_index(parts if isinstance(parts, list) else [parts])
    name = _free_name(parameter, tree)
    if isinstance(parts, str):
        places, name = {}, parts
    for leaf in leaves(body):
        if leaf.value in places and util.is_probably_builtin(leaf):
            subscripts = "".join(map(str, places[leaf.value]))
            leaf.replace(util.Name(name + subscripts, prefix=leaf.prefix))
    parameter.replace(util.Name(name, prefix=parameter.prefix))


def _free_name(target: Tree, tree: Tree) -> str:
    """A name for a tuple: the names in it, with underscores."""
    name = "_".join(leaf.value for leaf in leaves(target) if leaf.value.isidentifier())
    taken = {leaf.value for leaf in leaves(tree)}
    while name in taken:
        name += "_"
    return name


def _part(statement: Tree, siblings: frozenset[str]) -> None:
    """Parts an import of modules of the same package and of others into two."""
    modules = [each.strip() for each in "".join(map(str, statement.children[1:])).split(",")]
    near = [each for each in modules if re.split(r"[.\s]", each)[0] in siblings]
    if near and len(near) < len(modules):
        far = ", ".join(each for each in modules if each not in near)
        both = f"import {far}; from . import {', '.join(near)}"
        statement.replace(_fissix().fixer_util.Name(both, prefix=statement.prefix))


_NAMES = {
    "basestring": "str",
    "file": "open",
    "long": "int",
    "raw_input": "input",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
"""Builtin functions and types of Python 2, and what is called so in Python 3."""


def _builtins(tree: Tree, surroundings: Surroundings) -> None:
    """Builtin functions and types that have another name now."""
    util, token = _fissix().fixer_util, _fissix().pgen2.token
    free = _NAMES.keys() - _bound(tree)
    for leaf in leaves(tree):
        if leaf.type != token.NAME or leaf.value not in free or not util.is_probably_builtin(leaf):
            continue
        called = leaf.next_sibling is not None and str(leaf.next_sibling).startswith("(")
        if called or leaf.value != "file":
            leaf.value = _NAMES[leaf.value]
    _run(_fixer("isinstance"), tree)


def _bound(tree: Tree) -> set[str]:
    """The names that a source gives to something itself, wherever that is."""
    symbols, names = _fissix().pygram.python_symbols, set[str]()
    for node in nodes(tree):
        given: list[Tree] = []
        if node.type == symbols.expr_stmt and str(node.children[1]).strip() == "=":
            given = node.children[:-1:2]
        elif node.type in (symbols.for_stmt, symbols.comp_for, symbols.funcdef, symbols.classdef):
            given = node.children[1:2]
        elif node.type in (symbols.parameters, symbols.varargslist, symbols.import_from, symbols.import_name):
            given = [node]
        elif node.type == symbols.lambdef:
            given = node.children[1:2]
        elif node.type == symbols.with_item:
            given = node.children[2:]
        names.update(leaf.value for each in given for leaf in leaves(each))
    return names


_ATTRIBUTES = {
    ("string", "letters"): "ascii_letters",
    ("string", "lowercase"): "ascii_lowercase",
    ("string", "uppercase"): "ascii_uppercase",
}


def _attributes(tree: Tree, surroundings: Surroundings) -> None:
    """Constants of modules that have another name now."""
    before = dot = None
    for leaf in leaves(tree):
        if dot is not None and dot.value == "." and before is not None:
            leaf.value = _ATTRIBUTES.get((before.value, leaf.value), leaf.value)
        before, dot = dot, leaf


def _raise(tree: Tree, surroundings: Surroundings) -> None:
    """``raise E, "message"``; parentheses alone are none of its business."""
    base = import_module("fissix.fixes.fix_raise").FixRaise

    def transform(self: Any, node: Tree, results: Any) -> Tree:
        return base.transform(self, node, results) if "val" in results else None

    _run(type(base.__name__, (base,), {"transform": transform})({}, []), tree)
    _run(_fixer("standarderror"), tree)


def _sorting(tree: Tree, surroundings: Surroundings) -> None:
    """Functions that compare two things, given to ``sort`` and ``sorted``; arrays sort by axes."""
    base = import_module("fissix.fixes.fix_sorted").FixSorted

    def transform(self: Any, node: Tree, results: Any) -> None:
        given = str((results.get("func_arg") or results.get("func_args") or [""])[0]).strip()
        others = "".join(map(str, results.get("func_args") or []))
        builtin = str(node.children[0]).strip() == "sorted" and results.get("func_args")
        compares = given == "cmp" or re.match(r"lambda\s+\w+\s*,\s*\w+\s*:", given) is not None
        if re.search(r"\bcmp\s*=", given + others) or compares or (builtin and "=" not in others):
            base.transform(self, node, results)

    _run(type(base.__name__, (base,), {"transform": transform})({}, []), tree)


def _has_key(tree: Tree, surroundings: Surroundings) -> None:
    """``has_key``, unless the file has a class with a method of that name."""
    if not re.search(r"\bdef\s+has_key\b", str(tree)):
        _run(_fixer("has_key"), tree)


def _function_attributes(tree: Tree, surroundings: Surroundings) -> None:
    """``f.func_name`` and others, unless the file has names of that kind of its own."""
    _run(_fixer("methodattrs"), tree)
    if not re.search(r"(?<![.\w])func_\w|\bfunc_\w+\s*=(?!=)", str(tree)):
        _run(_fixer("funcattrs"), tree)


def _test_methods(tree: Tree, surroundings: Surroundings) -> None:
    """Methods of ``unittest.TestCase`` that have one name only now."""
    names = import_module("fissix.fixes.fix_asserts").NAMES
    before = dot = None
    for leaf in leaves(tree):
        if dot is not None and dot.value == "." and before is not None and before.value == "self":
            leaf.value = names.get(leaf.value, leaf.value)
        before, dot = dot, leaf


_ITERTOOLS = {"ifilter": "filter", "imap": "map", "izip": "zip"}
_STILL_ITERTOOLS = {"ifilterfalse": "filterfalse", "izip_longest": "zip_longest"}


def _itertools(tree: Tree, surroundings: Surroundings) -> None:
    """Functions of ``itertools`` that are builtin now, or have another name.

    What is imported within a block (a ``try``, say) may come from elsewhere too, and keeps its name.
    """
    symbols = _fissix().pygram.python_symbols
    modules, names = {"itertools"}, set[str]()
    for node in nodes(tree):
        if node.type == symbols.dotted_as_name and node.children[0].value == "itertools":
            modules.add(node.children[2].value)
        elif node.type == symbols.import_from and str(node.children[1]).strip() == "itertools":
            imported = [leaf.value for leaf in leaves(node)[3:] if leaf.value.isidentifier()]
            if node.parent.parent is not tree and set(imported) <= _ITERTOOLS.keys():
                assigned = "; ".join(f"{name} = {_ITERTOOLS[name]}" for name in imported)
                node.replace(_fissix().fixer_util.Name(assigned, prefix=node.prefix))
            else:
                names.update(imported)
    _run(_fixer("itertools_imports"), tree)
    for node in nodes(tree):
        if node.type == symbols.power and str(node.children[0]).strip() in modules:
            attribute = node.children[1].children[-1]
            if attribute.value in _ITERTOOLS:
                node.children[0].value = _ITERTOOLS[attribute.value]
                node.children[1].remove()
            attribute.value = _STILL_ITERTOOLS.get(attribute.value, attribute.value)
        elif node.type < 256 and node.value in names and str(node.prev_sibling) != ".":
            renamed = {**_ITERTOOLS, **_STILL_ITERTOOLS}
            node.value = renamed.get(node.value, node.value)


def _literals(tree: Tree, surroundings: Surroundings) -> None:
    """Strings: ``ur""`` is gone, and ``"\\u"`` was no escape in a string of bytes."""
    unicode = "unicode_literals" in tree.future_features
    for leaf in leaves(tree):
        if leaf.type != _fissix().pgen2.token.STRING:
            continue
        if leaf.value[:2].lower() == "ur":
            leaf.value = leaf.value[1:]
        elif not unicode and leaf.value[0] in "'\"" and "\\" in leaf.value:
            leaf.value = _UNICODE_ESCAPE.sub(r"\1\\\\\2", leaf.value)


_UNICODE_ESCAPE = re.compile(r"((?<!\\)(?:\\\\)*)\\([uUN])")


def _print(tree: Tree, surroundings: Surroundings) -> None:
    """``print``; no blank follows a string that ends a line itself, as in Python 2."""
    base = import_module("fissix.fixes.fix_print").FixPrint

    def transform(self: Any, node: Tree, results: Any) -> Tree:
        return None if _in_parentheses(node) else base.transform(self, node, results)

    _run(type(base.__name__, (base,), {"transform": transform})({}, []), tree)
    for leaf in leaves(tree):
        if _is_new(leaf) and leaf.value == "' '" and str(leaf.parent).strip() == "end=' '":
            printed = leaf.parent.prev_sibling.prev_sibling
            text = leaves(printed)[0].value if printed is not None else ""
            if _ENDS_LINE.search(text):
                leaf.value = "''"


def _in_parentheses(statement: Tree) -> bool:
    """Whether a ``print`` statement reads the same as a call: ``print (x)``, and no tuple."""
    if len(statement.children) != 2 or statement.children[1].type != _fissix().pygram.python_symbols.atom:
        return False
    opening, *inner, _ = statement.children[1].children
    return opening.value == "(" and len(inner) == 1 and all(each.value != "," for each in _parts(inner[0]))


def _parts(node: Tree) -> Iterator[Tree]:
    """The leaves among the children of a node."""
    return (each for each in node.children if not each.children)


_ENDS_LINE = re.compile(r"""\\[nrt]["']+\Z""")


def _types(tree: Tree, surroundings: Surroundings) -> None:
    """``types.StringType`` and others; the strings of Python 2 are those of Python 3."""
    _run(_fixer("types"), tree)
    for leaf in leaves(tree):
        if _is_new(leaf) and leaf.value in ("bytes", "(str,)"):
            leaf.value = "str"


def _lists(*names: str) -> Callable[[Tree, Surroundings], None]:
    """Fixers that make lists of what is an iterator now, where a list is needed."""

    def apply(tree: Tree, surroundings: Surroundings) -> None:
        for name in names:
            _run(_fixer(name), tree)
        for leaf in leaves(tree):
            if _is_new(leaf) and leaf.value in ("iter", "list") and _is_part(leaf, tree):
                _take_back(leaf)

    return apply


_ITERATES = frozenset(
    {
        "all", "any", "dict", "enumerate", "frozenset", "iter", "list", "max", "min", "set", "sorted",
        "sum", "tuple", "zip",
    }
)  # fmt: skip
"""Builtin functions that only iterate over what they are given."""


def _take_back(leaf: Tree) -> None:
    """Removes a new call of ``list`` or ``iter`` where what it makes is only iterated over."""
    call = leaf.parent
    if len(call.children) != 2 or len(call.children[1].children) != 3:
        return
    inner = call.children[1].children[1]
    symbols = _fissix().pygram.python_symbols
    if inner.type == symbols.arglist and len(inner.children) == 1:
        inner = inner.children[0]
    if inner.type != symbols.power:
        return
    if _only_iterated(call, inner, symbols):
        inner = inner.clone()
        inner.prefix = call.prefix
        call.replace(inner)


def _only_iterated(call: Tree, inner: Tree, symbols: Any) -> bool:
    is_view = str(inner.children[-2]) in (".keys", ".values", ".items")
    is_range = str(inner).strip().startswith("range(")
    around = call.parent
    if around.type == symbols.arglist:
        around = around.parent
    if around.type == symbols.trailer and around.children[0].value == "(":
        function = around.prev_sibling
        if is_range and around.parent.parent.type == symbols.for_stmt:
            return True
        return function.type == _fissix().pgen2.token.NAME and (
            function.value in _ITERATES or (function.value == "len" and (is_view or is_range))
        )
    if around.type == symbols.comparison and len(around.children) == 3:
        return (
            around.children[2] is call
            and str(around.children[1]).strip() in ("in", "not in")
            and (is_view or is_range)
        )
    if around.type == symbols.comp_for:
        return around.children[-1] is call or around.children[-2] is call
    if around.type == symbols.for_stmt and around.children[3] is call:
        return not is_view or not _changes(inner, around)
    return False


def _changes(inner: Tree, loop: Tree) -> bool:
    """Whether a loop may change the dictionary that it iterates over."""
    name = re.escape("".join(map(str, inner.children[:-2])).strip())
    grows = rf"{name}\s*\[[^\n]*\]\s*=(?!=)|{name}\.(?:pop|popitem|clear|update|setdefault)\b"
    return (
        re.search(rf"(?<![\w.])(?:del\s+{name}\b|{grows})", "".join(map(str, loop.children[4:]))) is not None
    )


def _step(
    apply: Callable[[Tree, Surroundings], None], trigger: str, message: str, level: Level = Level.REWRITTEN
) -> Step:
    return Step(apply, re.compile(trigger), message, level)


STEPS = (
    _step(_literals, r"""[uU][rR]["']|\\[uUN]""", "this string is spelled differently in Python 3"),
    _step(_tuple_parameters, r"\(\s*\(|[,(]\s*\(|lambda\s*\(", "parameters cannot be tuples"),
    _step(_print, r"\bprint\b", "`print` is a function"),
    _step(_fix("except"), r"\bexcept\b[^:\n]*,", "`except E, e` is written `except E as e`"),
    _step(
        _raise,
        r"\braise\b[^\n]*,|StandardError",
        "exceptions are raised and named differently",
    ),
    _step(_fix("throw"), r"\.throw\b", "exceptions are thrown as one object"),
    _step(
        _fix("exec"),
        r"\bexec\b",
        "`exec` is a function. Inside a function it sets no local names any more: check that none is used",
        Level.REVIEW,
    ),
    _step(_fix("execfile"), r"\bexecfile\b", "`execfile` is gone"),
    _step(_fix("ne"), "<>", "`<>` is written `!=`"),
    _step(_fix("repr"), "`", "backticks are written `repr()`"),
    _step(_fix("numliterals", "numliterals"), r"\b0\d|[\da-fA-F][lL]\b", "numbers are written differently"),
    _step(_fix("paren"), r"\bin\b[^\n:]*,", "several things to iterate over need parentheses"),
    _step(_has_key, r"\bhas_key\b", "`has_key` is written `in`"),
    _step(_fix("input"), r"\binput\b", "`input` evaluated what was typed in"),
    _step(
        _lists("dict"),
        r"\b(?:iter|view)?(?:keys|items|values)\b",
        "`keys()`, `values()` and `items()` give no lists",
    ),
    _step(_lists("xrange"), r"\bx?range\b", "`range` stands for `xrange`, and makes no list"),
    _step(
        _lists("map", "filter", "zip"),
        r"\b(?:map|filter|zip)\b",
        "`map`, `filter` and `zip` make no lists",
    ),
    _step(
        _itertools,
        r"\bi(?:map|filter|zip)|ifilterfalse",
        "what `itertools` made iterators of is builtin",
    ),
    _step(_fix("apply"), r"\bapply\b", "`apply` is gone"),
    _step(_fix("reduce"), r"\breduce\b", "`reduce` is in `functools`"),
    _step(_fix("reload"), r"\breload\b", "`reload` is in `importlib`"),
    _step(_fix("intern"), r"\bintern\b", "`intern` is in `sys`"),
    _step(_sorting, r"\bsorted\b|\.sort\b", "sorting takes a key and no function that compares"),
    _step(_fix("next"), r"\.next\b|\bdef\s+next\b", "`it.next()` is written `next(it)`"),
    _step(_fix("nonzero"), r"__nonzero__", "`__nonzero__` is called `__bool__`"),
    _step(_fix("metaclass"), r"__metaclass__", "a metaclass is given where the class is defined"),
    _step(_function_attributes, r"\b(?:im|func)_", "attributes of functions have other names"),
    _step(_fix("operator"), r"\boperator\b", "this function of `operator` is gone"),
    _step(
        _fix("renames", "getcwdu", "sys_exc", "xreadlines"),
        r"sys\.(?:maxint|exc_)|getcwdu|xreadlines",
        "this name is another one",
    ),
    _step(_fix("exitfunc"), r"exitfunc", "`sys.exitfunc` is in `atexit`"),
    _step(_attributes, r"\bstring\s*\.", "this constant of `string` has another name"),
    _step(_types, r"\btypes\s*\.", "this type has a name of its own"),
    _step(_builtins, rf"\b(?:{'|'.join(_NAMES)})\b", "this builtin has another name"),
    _step(
        _test_methods,
        r"\b(?:assert_|assertEquals|assertNot|fail[UI]|failUn)",
        "this method of tests has another name",
    ),
    _step(
        _relative_imports,
        r"\bimport\b",
        "Python 2 found this module beside the file, Python 3 needs the dot. If the file is started as a "
        "script itself, take the dot out",
        Level.REVIEW,
    ),
    _step(_imports, r"\b(?:import)\b", "this module has another name"),
)  # fmt: skip
"""In the order in which they have to go."""
