"""The way of one file: document → names → transforms → verify → result."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice

import libcst as cst

from keras_migrate import dependency_files, prose, transforms
from keras_migrate.bundles import bundles
from keras_migrate.catalog import for_target, moves
from keras_migrate.documents import python2
from keras_migrate.documents.docstrings import docstrings
from keras_migrate.documents.kinds import dependency_kind, document_kind, is_history, is_notebook
from keras_migrate.documents.notebook import Notebook
from keras_migrate.documents.parts import Parted
from keras_migrate.documents.program import Migrated, Program, code_in, unreadable
from keras_migrate.documents.python import DocumentError, PythonDocument
from keras_migrate.documents.text import Text
from keras_migrate.facts import elsewhere, nearby
from keras_migrate.findings import OWN_KERAS, FileResult, Finding, Level, Status
from keras_migrate.ignores import UNUSED_IGNORE, Ignores
from keras_migrate.names import Names, Reexport
from keras_migrate.options import ImportStyle, Options, Python2
from keras_migrate.plugins import FAILED_TRANSFORM
from keras_migrate.printing import EVERY_NODE, Printed, Spliced
from keras_migrate.project import MODULE_SUFFIXES, Project
from keras_migrate.reexports import outside, reexports, takes_keras
from keras_migrate.refusals import Refusals, Refuses
from keras_migrate.scopes import Reference, around
from keras_migrate.transform import AttributeUse, ClassUse, File, Pipeline, StringUse, Use, pipeline
from keras_migrate.values import Values
from keras_migrate.verify import Problem, verify

__all__ = ["ImportStyle", "Options", "migrate_bytes"]

ROOTS = frozenset({"keras", "keras_applications", "keras_preprocessing", "tensorflow"})
"""First parts of the qualified names that lead to Keras."""


def migrate_bytes(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out the migration of one file; writes nothing and never raises for what is in the file.

    Args:
        path: the file, relative to the project's root, with forward slashes.
        data: its bytes.
        options: what the run was asked for.
        project: what is known of the files around it.
    """
    own = project.own_keras(path)
    if own is not None:
        return _left_alone(path, data, own, options)
    if not project.root or dependency_kind(project.locate(path).replace("\\", "/")) is None:
        return _program(path, data, options, project)
    reads = path.endswith(MODULE_SUFFIXES) and (b"keras" in data or options.python2 is Python2.CONVERT)
    result = _program(path, data, options, project) if reads else FileResult(path, data, data)
    if result.status is Status.FAILED:
        return result
    between = result.after.decode("utf-8", "replace")
    ignores = Ignores.of(between) if path.endswith(MODULE_SUFFIXES) else Ignores.of_lines(between)
    if ignores.whole:
        return result
    migrated = dependency_files.migrate(path, result.after, ignores.within(options), project)
    said = [each for each in result.findings if not _is_refuted(each, ignores)]
    if not reads:
        after = migrated.after.decode("utf-8", "replace").splitlines()
        said += ignores.findings(options, lambda line: _same_line(between.splitlines()[line - 1], after))
    return replace(migrated, before=data, findings=_in_order((*said, *migrated.findings)))


def _is_refuted(finding: Finding, ignores: Ignores) -> bool:
    """Whether a comment that a program did not need is in use all the same."""
    return finding.rule == UNUSED_IGNORE.code and ignores.in_use(finding.new_line or 0)


def _same_line(text: str, lines: list[str]) -> int | None:
    """The 1-based number of a line among others; ``None`` where it is not there."""
    return lines.index(text) + 1 if text in lines else None


def _program(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out a file that holds a program."""
    try:
        with _collector_paused():
            return _way(path, data)(path, data, options, project)
    except DocumentError as error:
        return _refused(path, data, error)
    except RecursionError:
        message = "is nested too deeply to be read. Part the longest expression and run again"
        return _refused(path, data, DocumentError("KM905", message))


def _way(path: str, data: bytes) -> Callable[[str, bytes, Options, Project], FileResult]:
    """What works out a file of some kind."""
    if document_kind(path) is not None:
        return _document
    return _notebook if is_notebook(path, data) else _module


def _module(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out a Python source file.

    Raises:
        DocumentError: if it cannot be processed.
    """
    if _concerns_nothing(path, data, options, project):
        return FileResult(path, data, data)
    document = PythonDocument.read(data)
    text, findings = _worked_out(path, document, options, project)
    return FileResult(path, data, document.encode(text), findings, encoding=document.encoding)


def _concerns_nothing(path: str, data: bytes, options: Options, project: Project) -> bool:
    """Whether code has nothing of Keras, neither by name nor through the project's other modules."""
    if b"keras" in data or options.python2 is Python2.CONVERT:
        return False
    return not takes_keras(project, path, data, ROOTS)


def _notebook(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out a notebook: all its code is one program.

    Raises:
        DocumentError: if it cannot be processed.
    """
    notebook = Notebook.read(data)
    reaches = takes_keras(project, path, code_in(path, data), ROOTS)
    migrated = _in_parts(path, notebook, options, project, reaches=reaches)
    if migrated is None:
        return FileResult(path, data, data)
    return FileResult(path, data, migrated.file.data, migrated.findings, cells=migrated.cells)


def _document(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out a document: all blocks of Python in it are one program.

    Raises:
        DocumentError: if it cannot be processed.
    """
    if is_history(path):
        return FileResult(path, data, data)
    old = Text.read(path, data)
    named, of_names = prose.with_names(old, options)
    text = old.with_prose(named)
    installed, of_commands = prose.with_commands(path, text, code_in(path, data), options, project)
    new, findings = _shown(path, text.with_prose(installed), (*of_names, *of_commands), options, project)
    return FileResult(path, data, new.data, findings)


def _shown(
    path: str, text: Text, said: Iterable[Finding], options: Options, project: Project
) -> tuple[Text, tuple[Finding, ...]]:
    """A text with the programs in it migrated, and what is to be said of it.

    Args:
        path: the file.
        text: what it says.
        said: what is to be said of its prose.
        options: what the run was asked for.
        project: what is known of the files around it.
    """
    migrated = _in_parts(path, text, options, project)
    if migrated is None or not isinstance(migrated.file, Text):
        return text, _in_order(said)
    told = (replace(each, cell=None, bundle=-each.bundle) for each in migrated.findings)
    return migrated.file, _in_order((*_moved(said, migrated.file.new_line), *told))


def _in_parts(
    path: str, file: Parted, options: Options, project: Project, *, reaches: bool = False
) -> Migrated | None:
    """What becomes of a file that holds Python in parts: all its parts are one program.

    Args:
        path: the file.
        file: what it holds.
        options: what the run was asked for.
        project: what is known of the files around it.
        reaches: whether it gets something of Keras from other files, though it may not name it.
    Returns:
        ``None`` where nothing is to be said or done.
    Raises:
        DocumentError: if it cannot be processed.
    """
    converts = options.python2 is Python2.CONVERT
    concerned = reaches or any("keras" in cell.source for cell in file.cells)
    if not (concerned or converts):
        return None
    program = Program.of(file, _unconvertible if converts else unreadable)
    try:
        asked = options.on_lines(program.old_line)
        text, findings = _worked_out(path, program.document, asked, project)
    except DocumentError as error:
        raise program.refused(error) from None
    if not concerned and text == program.text:
        return None
    told = [
        program.finding(rule.code, level, message, number, command.line, symbol=symbol)
        for number, command in program.commands()
        for rule, level, message, symbol in transforms.of_command(command.text, options.target)
        if options.allows(rule.code, file.place(number, command.line)[0])
    ]
    return program.migrated(text, (*findings, *told))


def _unconvertible(code: str) -> DocumentError | None:
    """Why code can neither be read as Python 3 nor be brought to it."""
    error = unreadable(code)
    if error is None:
        return None
    try:
        return None if python2.convert(code) is not None else error
    except DocumentError as other:
        return other


def _worked_out(
    path: str, document: PythonDocument, options: Options, project: Project
) -> tuple[str, tuple[Finding, ...]]:
    """The new text of a program, and what is to be said about it.

    Raises:
        DocumentError: if it cannot be processed.
    """
    if Ignores.of(document.text).whole:
        return document.text, ()
    if options.python2 is Python2.CONVERT:
        return _brought_along(path, document, options, project)
    text, findings, _ = _migrate(path, document, options, project)
    return text, findings


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keeps the garbage collector from looking at a growing tree over and over, a third of a file's time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _refused(path: str, data: bytes, error: DocumentError) -> FileResult:
    """The result for a file that cannot be processed."""
    finding = Finding(error.rule, Level.ERROR, str(error), None, error.line, error.column)
    return FileResult(path, data, data, (finding,))


def _brought_along(
    path: str, document: PythonDocument, options: Options, project: Project
) -> tuple[str, tuple[Finding, ...]]:
    """The new text of a file that may be Python 2, and what is to be said about it.

    Raises:
        DocumentError: if it cannot be processed; the line is one of the file.
    """
    conversion = python2.convert(document.text, project.locate(path) if project.root else "", options.enabled)
    if conversion is None and "keras" not in document.text:
        return document.text, ()
    if conversion is None:
        text, findings, new_line = _migrate(path, document, options, project)
        if any(islice(nearby(project, path)(python2.suspected), _AROUND)):
            findings += _moved(python2.doubts(document.text, options.enabled), new_line)
        return text, _in_order(findings)
    try:
        converted = replace(document, text=conversion.text)
        asked = options.on_lines(conversion.origins.old_line)
        text, findings, new_line = _migrate(path, converted, asked, project)
    except DocumentError as error:
        raise conversion.refusal(error) from None
    return text, _in_order((*_moved(conversion.findings, new_line), *map(conversion.traced, findings)))


_AROUND = 2
"""In a file's own folder, in those below and in the one around it Python 2 sources speak for the file."""


def _moved(findings: Iterable[Finding], new_line: Callable[[int], int | None]) -> tuple[Finding, ...]:
    """Findings about a text once it became another one.

    Args:
        findings: with lines of the text as their new lines.
        new_line: where a line of the text is in the other one.
    """
    return tuple(
        replace(each, new_line=None if each.new_line is None else new_line(each.new_line))
        for each in findings
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.column, finding.rule)))


_Migrated = tuple[str, tuple[Finding, ...], Callable[[int], "int | None"]]
"""The new text of a file, what is to be said about it, and which line of it an old one became."""


def _migrate(path: str, document: PythonDocument, options: Options, project: Project) -> _Migrated:
    """Works out a module: what its docstrings show, then its code."""
    text = docstrings(document.text)
    if text is None:
        return _migrate_code(path, document, options, project)
    source = options.source or transforms.source_of(document.text.encode())
    ignores = Ignores.of(document.text)
    asked = replace(ignores.within(options), source=source)
    named, said = prose.with_names(text, asked)
    shown, said = _shown(path, text.with_prose(named), said, asked, project)
    try:
        inner = replace(document, text=shown.text)
        asked = replace(options, source=source).on_lines(shown.old_line)
        new, findings, new_line = _migrate_code(path, inner, asked, project)
    except DocumentError as error:
        line = shown.old_line(error.line)
        raise DocumentError(error.rule, str(error), line, error.column) from None
    traced = [replace(each, line=shown.old_line(each.line)) for each in findings]
    traced = [each for each in traced if each.rule != UNUSED_IGNORE.code or not ignores.in_use(each.line)]

    def became(line: int) -> int | None:
        between = shown.new_line(line)
        return None if between is None else new_line(between)

    return new, _in_order((*_moved(said, new_line), *traced)), became


def _migrate_code(path: str, document: PythonDocument, options: Options, project: Project) -> _Migrated:
    """Works out the code of a module."""
    module = document.parse()
    reexport = reexports(project, path, ROOTS)
    names = _names(module, options, reexport)
    ignores = Ignores.of(document.text)
    refuses = ignores.within(options).refuses
    printed = Printed(module, _places(names) if refuses is None else EVERY_NODE)
    if printed.text != document.text:
        line = _first_difference(printed.text, document.text)
        raise DocumentError("KM903", "cannot be reproduced byte for byte, so it was left alone", line)
    seen = (names.references, names.imports, names.attributes, names.strings, names.foreign, ignores)
    if not any(seen):
        return document.text, (), lambda line: line
    refusals = None if refuses is None else Refusals(refuses, lambda node: printed.position(node)[0])
    file = _planned(path, document, module, names, options, project, refusals)
    while refusals is not None and refusals.grew():
        ignores.forget()
        refusals.again(refusals.kept())
        names = _names(module, options, reexport, untouched=refusals.untouched)
        file = _planned(path, document, module, names, options, project, refusals)
    reported = {report.node for report in file.reports if not printed.knows(report.node)}
    if reported:
        printed = Printed(module, _places(names) | reported)
    changed = file.edited()
    new_names = _names(changed, options, lambda name: _migrated(reexport(name), options))
    problems = list(verify(new_names, options, file.kept))
    spliced = Spliced(printed, changed, {problem.node for problem in problems})
    if file.extended:
        _check_extended(document, spliced.text)
    findings = _findings(file, printed, spliced, problems, refuses)
    of_comments = ignores.findings(options, spliced.new_line)
    return spliced.text, _in_order((*findings, *of_comments)), spliced.new_line


def _planned(
    path: str,
    document: PythonDocument,
    module: cst.Module,
    names: Names,
    options: Options,
    project: Project,
    refusals: Refusals | None,
) -> File:
    """A module on its way, with the findings and edits that the transforms left in it."""
    values = Values(names, transforms.values, outside(project, path, ROOTS))
    source = options.source or transforms.source_of(document.text.encode())
    file = File(
        path,
        module,
        document.text,
        names,
        options,
        source,
        values,
        nearby(project, path),
        elsewhere(project, path),
        document.heads_of_parts(module),
        refusals,
    )
    unreachable = transforms.unreachable(file)
    if unreachable:
        untouched = () if refusals is None else refusals.untouched
        reexport = reexports(project, path, ROOTS)
        file.abandoned = _imports_of(names, unreachable)
        file.names = _names(module, options, reexport, unreachable, untouched)
        file.values = Values(file.names, transforms.values, outside(project, path, ROOTS))
    _plan(file)
    return file


def _check_extended(document: PythonDocument, text: str) -> None:
    """Refuses what edits of other packages' transforms made, if that is no Python.

    Raises:
        DocumentError: where it does not parse.
    """
    try:
        replace(document, text=text).parse()
    except DocumentError as error:
        message = f"with the edits of transforms of other packages it would be no Python any more: {error}"
        raise DocumentError(FAILED_TRANSFORM.code, message) from error


def _migrated(name: str | None, options: Options) -> str | None:
    """What a name that another module of the project imports from Keras is once that module is migrated."""
    old = moves.normalise(name) if name is not None else None
    return name if old is None else moves.destination(old, options.target)


def _imports_of(names: Names, unreachable: frozenset[cst.CSTNode]) -> frozenset[cst.CSTNode]:
    """The imported names, by their nodes, that code which never runs refers to."""
    return frozenset(
        origin.imported.alias
        for reference in names.references
        if any(node in unreachable for node in around(reference.frame))
        for origin in names.origins(reference)
        if origin.imported is not None
    )


def _names(
    module: cst.Module,
    options: Options,
    reexport: Reexport,
    unreachable: frozenset[cst.CSTNode] = frozenset(),
    untouched: Collection[cst.CSTNode] = (),
) -> Names:
    """What the names of a module stand for, but for code that never runs and imports that stay."""

    def star_names(imported: str) -> frozenset[str] | None:
        old = moves.normalise(imported)
        if old is None:
            return None
        given = for_target(options.target).star(imported)
        return given or transforms.star(old)

    table = pipeline()
    return Names(
        module,
        ROOTS,
        wanted_attributes=frozenset(table.on_attribute),
        star_names=star_names,
        reexport=reexport,
        unreachable=unreachable,
        untouched=untouched,
        wanted_strings=table.wanted_strings(),
        wanted_packages=frozenset(table.on_package),
    )


def _places(names: Names) -> set[cst.CSTNode]:
    """The nodes that most findings are about."""
    places: set[cst.CSTNode] = set()
    for imported in names.imports:
        places.add(imported.statement)
        places.add(imported.alias)
    places.update(imported.alias for imported in names.foreign)
    for reference in names.references:
        places.add(names.text_of(reference.node) or reference.node)
        call = reference.called
        if call is not None:
            places.update(call.args)
    for node, frame, _ in names.attributes:
        places.add(node)
        if frame is not None and isinstance(frame[0], cst.Call):
            places.update(frame[0].args)
    return places


def _plan(file: File) -> None:
    """Lets every transform look at the file, leave findings, and ask for edits."""
    table = pipeline()
    file.imports = transforms.plan_imports(file)
    for look in table.on_file:
        file.ask(look)
    for pattern, read in table.on_strings:
        strings = [StringUse(*found) for found in file.names.strings if pattern.search(found[0].value)]
        if strings:
            file.ask(read, strings)
    for imported in file.names.foreign:
        for meet in table.on_package[imported.target.partition(".")[0]]:
            file.ask(meet, imported, about=imported.statement)
    for reference in file.names.references:
        use = _use(file, reference)
        if use is not None:
            for handle in chain(table.on_use.get(use.symbol, ()), table.on_any_use):
                file.ask(handle, use, about=reference.node)
    for node, frame, scope in file.names.attributes:
        for act in table.on_attribute.get(node.attr.value, ()):
            file.ask(act, AttributeUse(node, frame, scope), about=node)
    if table.on_subclass:
        _look_at_classes(file, table)
    for look in table.on_end:
        file.ask(look)
    file.imports.finish()


def _look_at_classes(file: File, table: Pipeline) -> None:
    """Shows the classes that derive from Keras to the transforms that asked for them."""
    for node, frame, _ in file.names.classes:
        if not node.bases:
            continue
        value = file.values.lineage(node)
        handlers = dict.fromkeys(
            handle for symbol in value.lineage for handle in table.on_subclass.get(symbol, ())
        )
        if handlers:
            methods = file.values.methods(node)
            use = ClassUse(node, frame, value.lineage, value.sure, value.standalone, methods)
            for handle in handlers:
                file.ask(handle, use, about=node)


def _use(file: File, reference: Reference) -> Use | None:
    """The symbol of Keras that a reference stands for, if it stands for one."""
    origins = file.names.origins(reference)
    known = [(origin.name, old) for origin in origins if (old := moves.normalise(origin.name)) is not None]
    if not known:
        return None
    split = {
        (moves.canonical(head), rest): head for _, old in known for head, rest in (transforms.split(old),)
    }
    if len(split) != 1:
        return None
    ((symbol, members), path), *_ = split.items()
    standalone = any(not name.startswith("tensorflow.keras") for name, _ in known)
    return Use(reference, symbol, path, members, len(known) == len(origins), standalone)


def _findings(
    file: File, printed: Printed, spliced: Spliced, problems: list[Problem], refuses: Refuses | None
) -> Iterable[Finding]:
    """The findings, each with its line in both texts."""
    found: dict[Finding, None] = {}
    told: dict[str, list[Finding]] = {}
    numbers = bundles(file.names)
    for report in file.reports:
        line, column = printed.position(report.node)
        new_line = spliced.new_line(line)
        bundle = numbers.get(report.node, 0) if report.rule in transforms.MOVES else 0
        made = Finding(
            report.rule, report.level, report.message, report.symbol, line, column, new_line, bundle=bundle
        )
        probe = report.level is Level.REVIEW and isinstance(report.node, cst.ImportAlias)
        if report.level is Level.MANUAL or probe:
            told.setdefault(_leaf(report.symbol), []).append(made)
        else:
            found[made] = None
    for problem in problems:
        place = spliced.position(problem.node)
        if place is None or not file.options.enabled(problem.rule.code):
            continue
        line = spliced.old_line(place[0])
        if refuses is not None and refuses(problem.rule.code, line):
            continue
        near = [each for each in told.get(_leaf(problem.symbol), ()) if abs(each.line - line) <= _NEAR]
        if near:
            same = min(near, key=lambda finding: abs(finding.line - line))
            told[_leaf(problem.symbol)].remove(same)
            found[replace(same, new_line=place[0])] = None
        else:
            message = problem.message
            found[
                Finding(problem.rule.code, Level.MANUAL, message, problem.symbol, line, place[1], place[0])
            ] = None
    found.update(dict.fromkeys(each for findings in told.values() for each in findings))
    return found


_NEAR = 20
"""How many lines a thing that needs a person may move within its statement."""


def _leaf(symbol: str | None) -> str:
    return (symbol or "").rpartition(".")[2]


_KERAS_IMPORT = re.compile(rb"^[ \t]*(?:import[ \t]+keras\b|from[ \t]+keras\b)", re.MULTILINE)


def _left_alone(path: str, data: bytes, own: str, options: Options) -> FileResult:
    """The result for a file whose ``keras`` is a module of the project itself."""
    code = code_in(path, data)
    match = _KERAS_IMPORT.search(code)
    if match is None or not options.enabled(OWN_KERAS.code):
        return FileResult(path, data, data)
    line = data.count(b"\n", 0, match.start() if code is data else data.find(match[0].strip())) + 1
    message = f"`keras` is the project's own `{own}` here, so the file was left alone"
    finding = Finding(OWN_KERAS.code, Level.REVIEW, message, "keras", line, 1, line)
    return FileResult(path, data, data, (finding,), skipped=True)


def _first_difference(one: str, other: str) -> int:
    """The 1-based line at which two texts begin to differ."""
    at = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return other.count("\n", 0, at) + 1
