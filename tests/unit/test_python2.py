"""Python 2 sources, form by form: old code, new code, and what is said about it."""

from __future__ import annotations

import pytest

from keras_migrate import Level, migrate_source
from keras_migrate.documents.python import DocumentError
from keras_migrate.documents.python2 import convert, is_needed


def converted(code: str, location: str = "") -> str:
    """What a Python 2 source becomes."""
    conversion = convert(code, location)
    assert conversion is not None, "not taken for Python 2"
    return conversion.text


def notes(code: str) -> list[tuple[str, str, int]]:
    """The findings beyond the syntax: rule, level, line."""
    conversion = convert("print ''\n" + code)
    assert conversion is not None
    return [
        (each.rule, each.level.value, each.line - 1) for each in conversion.findings if each.rule != "KM890"
    ]


FORMS = {
    "print": ("print x, y\n", "print(x, y)\n"),
    "print of nothing": ("print\nx = `1`\n", "print()\nx = repr(1)\n"),
    "print without a line end": ("print x,\n", "print(x, end=' ')\n"),
    "print of a line end, without another": ("print 'x\\n',\n", "print('x\\n', end='')\n"),
    "print to a file": ("print >>sys.stderr, x\n", "print(x, file=sys.stderr)\n"),
    "print of a tuple": ("print (x, y)\nprint x\n", "print((x, y))\nprint(x)\n"),
    "print in parentheses already": ("print ('%d' % x)\nprint x\n", "print ('%d' % x)\nprint(x)\n"),
    "print with a comment": ("print x  # y\n", "print(x)  # y\n"),
    "print over lines": ("print ('a'\n       'b'), \\\n    x\n", "print(('a'\n       'b'), \\\n    x)\n"),
    "except": (
        "try:\n    pass\nexcept (A, B), error:\n    pass\n",
        "try:\n    pass\nexcept (A, B) as error:\n    pass\n",
    ),
    "raise": ("raise ValueError, 'no'\n", "raise ValueError('no')\n"),
    "raise with a traceback": ("raise E, e, tb\n", "raise E(e).with_traceback(tb)\n"),
    "raise in parentheses": (
        "raise(ValueError('a, b'))\nprint x\n",
        "raise(ValueError('a, b'))\nprint(x)\n",
    ),
    "exec": ("exec code in names\n", "exec(code, names)\n"),
    "backticks": ("x = `y`\n", "x = repr(y)\n"),
    "not equal": ("x = y <> 1\n", "x = y != 1\n"),
    "octal": ("x = 0777\n", "x = 0o777\n"),
    "long": ("x = 10L\n", "x = 10\n"),
    "long octal": ("x = 017L\n", "x = 0o17\n"),
    "raw unicode": ("x = ur'\\d'\n", "x = r'\\d'\n"),
    "unicode stays": ("print u'x'\n", "print(u'x')\n"),
    "no escape in bytes": ("print '\\u1234 \\\\u'\n", "print('\\\\u1234 \\\\u')\n"),
    "xrange": ("for i in xrange(3): print i\n", "for i in range(3): print(i)\n"),
    "range as a list": ("print range(3) + [1]\n", "print(list(range(3)) + [1])\n"),
    "range to iterate over": ("for i in tqdm(range(3)): print i\n", "for i in tqdm(range(3)): print(i)\n"),
    "iteritems": ("for k, v in d.iteritems(): print k\n", "for k, v in d.items(): print(k)\n"),
    "keys as a list": ("k = d.keys()\nk.sort()\nprint k\n", "k = list(d.keys())\nk.sort()\nprint(k)\n"),
    "keys to iterate over": ("for k in d.keys(): print k\n", "for k in d.keys(): print(k)\n"),
    "keys while they change": (
        "for k in d.keys():\n    del d[k]\n    print k\n",
        "for k in list(d.keys()):\n    del d[k]\n    print(k)\n",
    ),
    "membership and number of keys": (
        "print x in d.keys(), len(d.keys())\n",
        "print(x in d.keys(), len(d.keys()))\n",
    ),
    "has_key": ("print d.has_key(x)\n", "print(x in d)\n"),
    "map": ("print map(f, x)[0]\n", "print(list(map(f, x))[0])\n"),
    "zip in dict": ("print dict(zip(a, range(3)))\n", "print(dict(zip(a, range(3))))\n"),
    "izip": (
        "from itertools import izip, chain\nfor i in izip(a, b): print i\n",
        "from itertools import chain\nfor i in zip(a, b): print(i)\n",
    ),
    "izip alone": (
        "import os\nfrom itertools import izip\nimport sys\nprint izip(a, b)\n",
        "import os\nimport sys\nprint(zip(a, b))\n",
    ),
    "izip where there is one": (
        "try:\n    from itertools import izip\nexcept ImportError:\n    izip = zip\nprint izip(a, b)\n",
        "try:\n    izip = zip\nexcept ImportError:\n    izip = zip\nprint(izip(a, b))\n",
    ),
    "izip of the module": (
        "import itertools as it\nprint it.izip(a, b).next(), it.izip_longest(a, b)\n",
        "import itertools as it\nprint(next(zip(a, b)), it.zip_longest(a, b))\n",
    ),
    "next": ("print it.next()\n", "print(next(it))\n"),
    "reduce": ("print reduce(f, x)\n", "from functools import reduce\nprint(reduce(f, x))\n"),
    "builtins": (
        "print raw_input('?'), unicode(x), unichr(3), long(x), file(x)\n",
        "print(input('?'), str(x), chr(3), int(x), open(x))\n",
    ),
    "types of strings": (
        "print isinstance(x, basestring), isinstance(x, (int, long)), isinstance(x, (str, unicode))\n",
        "print(isinstance(x, str), isinstance(x, int), isinstance(x, str))\n",
    ),
    "a name of one's own": ("file = 'x'\nprint file, d.long\n", "file = 'x'\nprint(file, d.long)\n"),
    "pickle": ("import cPickle as pickle\nprint pickle\n", "import pickle\nprint(pickle)\n"),
    "modules": (
        "import ConfigParser, Queue\nprint ConfigParser.ConfigParser(), Queue.Queue()\n",
        "import configparser, queue\nprint(configparser.ConfigParser(), queue.Queue())\n",
    ),
    "StringIO": ("from StringIO import StringIO\nprint ''\n", "from io import StringIO\nprint('')\n"),
    "urllib2": (
        "import urllib2\nprint urllib2.urlopen(x)\n",
        "import urllib.request, urllib.error, urllib.parse\nprint(urllib.request.urlopen(x))\n",
    ),
    "maxint": ("import sys\nprint sys.maxint\n", "import sys\nprint(sys.maxsize)\n"),
    "letters": ("import string\nprint string.letters\n", "import string\nprint(string.ascii_letters)\n"),
    "string types": ("import types\nprint types.StringType\n", "import types\nprint(str)\n"),
    "metaclass": (
        "class A(B):\n    __metaclass__ = M\n    print ''\n",
        "class A(B, metaclass=M):\n    print('')\n",
    ),
    "methods": (
        "class A(B):\n    def next(self): print ''\n    def __nonzero__(self): return 1\n",
        "class A(B):\n    def __next__(self): print('')\n    def __bool__(self): return 1\n",
    ),
    "tuple parameters": (
        "def f(a, (b, c)):\n    print b\n",
        "def f(a, b_c):\n    (b, c) = b_c\n    print(b)\n",
    ),
    "tuple parameters of a lambda": (
        "f = lambda a, (b, c): a + b + x.b\nprint f\n",
        "f = lambda a, b_c: a + b_c[0] + x.b\nprint(f)\n",
    ),
    "sorting": (
        "print sorted(x, cmp=f)\n",
        "from functools import cmp_to_key\nprint(sorted(x, key=cmp_to_key(f)))\n",
    ),
    "names of one's own in a function": (
        "def f(c, file):\n    lat, long = c\n    print long, file(c)\n",
        "def f(c, file):\n    lat, long = c\n    print(long, file(c))\n",
    ),
    "sorting by a function without a name": (
        "x.sort(lambda a, b: a - b)\nprint x\n",
        "from functools import cmp_to_key\nx.sort(key=cmp_to_key(lambda a, b: a - b))\nprint(x)\n",
    ),
    "sorting of arrays": (
        "x.sort(0)\nprint np.sort(x, 1), x.sort(reverse=True), sorted(x, key=f)\n",
        "x.sort(0)\nprint(np.sort(x, 1), x.sort(reverse=True), sorted(x, key=f))\n",
    ),
    "a has_key of one's own": (
        "class A(B):\n    def has_key(self, k): return k\nprint A().has_key(1)\n",
        "class A(B):\n    def has_key(self, k): return k\nprint(A().has_key(1))\n",
    ),
    "attributes of functions": ("print f.func_name\n", "print(f.__name__)\n"),
    "an argument that is called so": (
        "parser.add_argument('--func_name')\nprint args.func_name\n",
        "parser.add_argument('--func_name')\nprint(args.func_name)\n",
    ),
    "unittest": ("self.assertEquals(1, 1)\nprint ''\n", "self.assertEqual(1, 1)\nprint('')\n"),
    "print function": (
        "from __future__ import print_function\nprint('a', end='')\nx = `1`\n",
        "from __future__ import print_function\nprint('a', end='')\nx = repr(1)\n",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_form(form: str) -> None:
    old, new = FORMS[form]
    assert converted(old) == new


@pytest.mark.parametrize("form", FORMS)
def test_second_run(form: str) -> None:
    """What came out is no Python 2 any more."""
    assert not is_needed(FORMS[form][1])


def test_only_lines_that_a_finding_names_differ() -> None:
    for old, _ in FORMS.values():
        conversion = convert(old)
        assert conversion is not None
        assert conversion.origins.changed() <= {each.line for each in conversion.findings}


BYTES = {
    "CRLF": (b"x = 1\r\nprint x\r\n", b"x = 1\r\nprint(x)\r\n"),
    "mixed line ends": (b"x = 1\r\nprint x\ny = 2\n", b"x = 1\r\nprint(x)\ny = 2\n"),
    "no line end": (b"print x", b"print(x)"),
    "no line end after a comment": (b"print x\n# end", b"print(x)\n# end"),
    "a byte order mark": (b"\xef\xbb\xbfprint x\n", b"\xef\xbb\xbfprint(x)\n"),
    "latin-1": (b"# coding: latin-1\nprint '\xe4'\n", b"# coding: latin-1\nprint('\xe4')\n"),
    "a form feed": (b"x = 1\n\x0c\nprint x\n", b"x = 1\n\x0c\nprint(x)\n"),
    "blank lines at the end": (b"print x\n\n\n", b"print(x)\n\n\n"),
    "an added import, CRLF": (
        b"import os\r\nprint reduce(f, x)\r\n",
        b"import os\r\nfrom functools import reduce\r\nprint(reduce(f, x))\r\n",
    ),
}


@pytest.mark.parametrize("what", BYTES)
def test_bytes(what: str) -> None:
    old, new = BYTES[what]
    assert migrate_source(old, python2="convert").after == new


INDENTATION = {
    "a tab for eight spaces": (
        "if x:\n    if y:\n        print 1\n\tprint 2\n",
        "if x:\n    if y:\n        print(1)\n        print(2)\n",
    ),
    "spaces for a tab": ("if x:\n\tprint 1\n        print 2\n", "if x:\n\tprint(1)\n\tprint(2)\n"),
    "tabs that are right": ("if x:\n\tif y:\n\t\tprint 1\n", "if x:\n\tif y:\n\t\tprint(1)\n"),
    "a block of spaces, a block of tabs": (
        "if x:\n    print 1\nif y:\n\tprint 2\n",
        "if x:\n    print(1)\nif y:\n\tprint(2)\n",
    ),
    "lines within brackets": (
        "if x:\n    y = [\n\t1,\n    ]\n    print y\n",
        "if x:\n    y = [\n\t1,\n    ]\n    print(y)\n",
    ),
    "only the tabs": (
        "if x:\n    if y:\n        x = 1\n\ty = 2\n",
        "if x:\n    if y:\n        x = 1\n        y = 2\n",
    ),
}


@pytest.mark.parametrize("what", INDENTATION)
def test_indentation(what: str) -> None:
    old, new = INDENTATION[what]
    assert converted(old) == new


DIVISIONS = {
    "x / 2": ("x / 2", "review"),
    "1 / 2": ("1 // 2", "rewritten"),
    "len(x) / 2": ("len(x) // 2", "rewritten"),
    "len(x) / SIZE": ("len(x) // SIZE", "rewritten"),
    "(len(x) + 1) / (2)": ("(len(x) + 1) // (2)", "rewritten"),
    "x.shape[0] / 2": ("x.shape[0] // 2", "review"),
    "x / 2.0": ("x / 2.0", None),
    "float(x) / y": ("float(x) / y", None),
    "len(x) / RATE": ("len(x) / RATE", None),
    "x.mean() / y": ("x.mean() / y", None),
    "int(x / y)": ("int(x / y)", None),
    "len(x) / either": ("len(x) / either", "review"),
    "f(len(x) / 2, '/')": ("f(len(x) // 2, '/')", "rewritten"),
}
NAMES = "SIZE = 32\nRATE = 0.5\neither = 1\nif RATE:\n    either = 0.5\n"


@pytest.mark.parametrize("division", DIVISIONS)
def test_division(division: str) -> None:
    new, level = DIVISIONS[division]
    conversion = convert(f"{NAMES}print {division}\n")
    assert conversion is not None
    assert conversion.text == f"{NAMES}print({new})\n"
    said = [each.level.value for each in conversion.findings if each.rule == "KM891"]
    assert said == ([level] if level else [])


def test_division_over_lines() -> None:
    code = "print (len(x)  # a / b\n       / 2)\nprint x\n"
    assert converted(code) == code.replace("/ 2", "// 2").replace("print x", "print(x)")


def test_division_in_place() -> None:
    assert converted("n = len(x)\nn /= 2\nprint n\n") == "n = len(x)\nn //= 2\nprint(n)\n"
    assert converted("n = len(x)\nn /= 2.0\nprint n\n") == "n = len(x)\nn /= 2.0\nprint(n)\n"
    assert notes("n = f()\nn /= 2\nn /= 3.0\n") == [("KM891", "review", 2)]


def test_unsure_divisions_of_a_file_are_one_finding() -> None:
    conversion = convert("print x / y\nz = 1\nz = y / z\nz = y / 2.0\n")
    assert conversion is not None
    found = [each for each in conversion.findings if each.rule == "KM891"]
    assert [each.line for each in found] == [1]
    assert "(lines 1 and 3)" in found[0].message


def test_true_division_was_asked_for() -> None:
    assert converted("from __future__ import division\nprint 1 / 2\n").endswith("print(1 / 2)\n")


FILES = {
    "pickle.load(open(x))": "pickle.load(open(x, 'rb'))",
    "pickle.dump(y, open(x, 'w'))": "pickle.dump(y, open(x, 'wb'))",
    "pickle.load(open(x, 'rb'))": "pickle.load(open(x, 'rb'))",
    "csv.reader(open(x, 'rb'))": "csv.reader(open(x, 'r', newline=''))",
    "json.dump(y, open(x, 'wb'))": "json.dump(y, open(x, 'w'))",
}


@pytest.mark.parametrize("call", FILES)
def test_files(call: str) -> None:
    imports = "import csv, json, pickle\n"
    assert converted(f"{imports}print {call}\n") == f"{imports}print({FILES[call]})\n"


def test_a_file_that_has_a_name() -> None:
    old = "import cPickle\nwith open('x', 'w') as f:\n    cPickle.dump(x, f)\nprint x\n"
    new = "import pickle\nwith open('x', 'wb') as f:\n    pickle.dump(x, f)\nprint(x)\n"
    assert converted(old) == new


MEANINGS = {
    "x = round(y)": ("review", 1),
    "x = cmp(1, 2)": ("manual", 1),
    "import sys\nreload(sys)\nsys.setdefaultencoding('utf8')": ("manual", 3),
    "x = 'ab'.encode('hex')": ("manual", 1),
    "import string\nx = string.join(y, ' ')": ("manual", 2),
    "import sets": ("manual", 1),
    "class A(B):\n    def __cmp__(self, other): pass": ("manual", 2),
    "import pickle\nx = pickle.load(f)": ("review", 2),
    "words = set(text)\nx = enumerate(words)": ("review", 2),
    "import random\nrandom.seed(1)\nrandom.shuffle(x)": ("review", 3),
}


@pytest.mark.parametrize("code", MEANINGS)
def test_meaning(code: str) -> None:
    level, line = MEANINGS[code]
    assert notes(code + "\n") == [("KM892", level, line)]


NOT_PYTHON_2 = {
    "Python 3": "print(x)\nfor i in range(3): pass\n",
    "for both, by six": "import six\nx = unicode(y) if six.PY2 else y\n",
    "for both, by what fails": "try:\n    unicode\nexcept NameError:\n    unicode = str\nx = unicode(y)\n",
    "a module that is tried": "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n",
    "for both, by a flag": "from snippets import is_py2\nif is_py2:\n    x = unicode(y)\n",
    "a name that is tried": "try:\n    chr = unichr\nexcept Exception as e:\n    pass\n",
    "a name of its own": "def xrange(n): return range(n)\nfor i in xrange(3): pass\n",
    "broken": "x = [1, 2\ny = 3\n",
    "broken Python 3": "print(f'{x')\nif y:\n  def g(: pass\n",
    "nothing": "",
}


@pytest.mark.parametrize("what", NOT_PYTHON_2)
def test_not_python2(what: str) -> None:
    assert convert(NOT_PYTHON_2[what]) is None


PARSES_AS_BOTH = {
    "#!/usr/bin/env python2\nprint\n": "#!/usr/bin/env python2\nprint()\n",
    "for i in xrange(3): pass\n": "for i in range(3): pass\n",
    "x = d.iteritems()\n": "x = iter(d.items())\n",
    "import cPickle\n": "import pickle\n",
    "print('a', 'b')\nx = unicode(y)\n": "print('a', 'b')\nx = str(y)\n",
}


@pytest.mark.parametrize("code", PARSES_AS_BOTH)
def test_what_only_python2_has(code: str) -> None:
    assert converted(code) == PARSES_AS_BOTH[code]


def test_what_cannot_be_converted_is_named() -> None:
    with pytest.raises(DocumentError) as caught:
        convert("print x\nx = 1\ny = (2\nz = 3 +\n")
    assert caught.value.rule == "KM906"
    result = migrate_source("import keras\nprint x\ny = = 2\n", python2="convert")
    assert result.after == result.before
    assert [(each.rule, each.level, each.line) for each in result.findings] == [("KM906", Level.ERROR, 3)]


def test_conversion_and_migration_speak_of_the_old_lines() -> None:
    """Imports are added above, and a line is taken out."""
    old = (
        "from itertools import izip\n"
        "import keras\n"
        "from keras.layers.core import Dense\n"
        "print reduce(f, x), 'é'\n"
        "model.add(Dense(3, init='uniform'))\n"
    )
    result = migrate_source(old, target="2.15", source="1.2", python2="convert")
    after = result.after.decode().split("\n")
    assert "from functools import reduce" in after
    assert "print(reduce(f, x), 'é')" in after
    for finding in result.findings:
        if finding.new_line is not None and finding.rule != "KM890":
            word = (finding.symbol or "").rpartition(".")[2]
            assert word in old.split("\n")[finding.line - 1]
    lines = {finding.rule: finding.line for finding in result.findings}
    assert lines["KM102"] == 3
    dense = next(each for each in result.findings if each.line == 5)
    assert dense.new_line == len(after) - 1


def test_without_the_option_it_is_reported() -> None:
    result = migrate_source("import keras\nprint x\n")
    assert result.after == result.before
    assert [(each.rule, each.line) for each in result.findings] == [("KM904", 2)]


def test_rules_can_be_left_out() -> None:
    conversion = convert("print len(x) / 2, round(x)\n", enabled=lambda code: code not in ("KM891", "KM892"))
    assert conversion is not None
    assert conversion.text == "print(len(x) / 2, round(x))\n"
    assert {each.rule for each in conversion.findings} == {"KM890"}
