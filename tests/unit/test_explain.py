"""What is answered to questions about rules, symbols, arguments, methods and strings, and how it is shown."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from keras_migrate.answers import Answer, Kind, Outcome
from keras_migrate.cli import main
from keras_migrate.explain import NothingKnownError, explain, rules_of
from keras_migrate.registry import all_rules
from keras_migrate.reports.explanation import ranges
from keras_migrate.target import KNOWN_RELEASES, Target

OLD, NEW = Target("2.15"), Target("2.21")


def one(what: str, *targets: Target) -> Answer:
    (answer,) = explain(what, targets) if targets else explain(what)
    return answer


def run(*arguments: str, stdin: str = "") -> Result:
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("what", ["KM102", "km102", "moved-symbol", "Moved-Symbol"])
def test_rule(what: str) -> None:
    answer = one(what)
    assert (answer.kind, answer.rules) == (Kind.RULE, ("KM102",))


@pytest.mark.parametrize("code", all_rules())
def test_every_rule_is_shown(code: str) -> None:
    shown = run("explain", code).output
    rule = all_rules()[code]
    assert f"{code} {rule.name}" in shown
    assert rule.summary in shown
    assert all(f"    {line}" in shown for line in (rule.before + rule.after).splitlines() if line)


@pytest.mark.parametrize(
    ("what", "subject", "first", "path"),
    [
        ("keras.layers.core.Dense", "keras.layers.core.Dense", "KM102", "tensorflow.keras.layers.Dense"),
        ("tf.keras.layers.Dense", "keras.layers.Dense", "KM101", "tensorflow.keras.layers.Dense"),
        ("Convolution2D", "keras.layers.Convolution2D", "KM101", "tensorflow.keras.layers.Convolution2D"),
        (
            "np_utils.to_categorical",
            "keras.utils.np_utils.to_categorical",
            "KM102",
            "tensorflow.keras.utils.to_categorical",
        ),
        (
            "keras.constraints.maxnorm",
            "keras.constraints.maxnorm",
            "KM103",
            "tensorflow.keras.constraints.max_norm",
        ),
        ("keras.layers.merge", "keras.layers.merge", "KM112", None),
        ("K.image_dim_ordering", "keras.backend.image_dim_ordering", "KM701", None),
        ("keras.layers.Recurrent", "keras.layers.Recurrent", "KM509", None),
    ],
)
def test_symbol(what: str, subject: str, first: str, path: str | None) -> None:
    answer = one(what, NEW)
    assert (answer.kind, answer.subject, answer.rules[0]) == (Kind.SYMBOL, subject, first)
    assert [outcome.path for outcome in answer.outcomes] == [path]
    assert answer.releases


def test_symbol_by_targets() -> None:
    """What lives on in Keras 2 and is gone from Keras 3 has an outcome for each."""
    keras_2, keras_3 = one("keras.backend.function").outcomes
    assert keras_2.targets == ("2.15", "2.21+legacy")
    assert keras_2.path == "tensorflow.keras.backend.function"
    assert keras_3.targets == KNOWN_RELEASES[1:]
    assert keras_3.path is None


def test_symbol_has_what_the_tool_makes_of_it() -> None:
    example = one("keras.constraints.maxnorm", NEW).example
    assert example is not None
    assert example.before == "from keras.constraints import maxnorm\n\nmaxnorm\n"
    assert example.after == "from tensorflow.keras.constraints import max_norm\n\nmax_norm\n"


def test_releases_that_had_it() -> None:
    assert one("keras.initializations.uniform").releases == ("1.2.2",)


def test_name_of_tensorflow_1() -> None:
    assert one("tf.Session", NEW).rules == ("KM711",)
    assert one("tf.set_random_seed").outcomes[0].path == "tensorflow.random.set_seed"


def test_method() -> None:
    for what in ("fit_generator", "model.fit_generator"):
        answer = one(what)
        assert (answer.kind, answer.rules[0]) == (Kind.ATTRIBUTE, "KM401")


@pytest.mark.parametrize(
    ("what", "rule", "says"),
    [
        ("nb_epoch", "KM201", "`nb_epoch` is `epochs`"),
        ("border_mode", "KM208", "`border_mode` is `padding`"),
        ("nb_row", "KM208", "kernel_size=(nb_row, nb_col)"),
        ("schedule_decay", "KM202", "dropped"),
    ],
)
def test_argument(what: str, rule: str, says: str) -> None:
    found = [answer for answer in explain(what) if answer.kind is Kind.ARGUMENT]
    assert any(
        rule in answer.rules and any(says in outcome.message for outcome in answer.outcomes)
        for answer in found
    )


def test_a_name_of_several_things() -> None:
    """``lr`` is an attribute of optimizers, an argument of them and a key of logs."""
    found = {answer.kind: answer.rules[0] for answer in explain("lr")}
    assert found == {Kind.ATTRIBUTE: "KM407", Kind.ARGUMENT: "KM201", Kind.WORD: "KM602"}
    assert Kind.WORD not in {answer.kind for answer in explain("lr", [OLD])}


def test_word() -> None:
    assert "val_accuracy" in one("val_acc").text
    named = [
        answer
        for answer in explain("cosine_proximity", [NEW])
        if answer.subject == "'cosine_proximity', a loss"
    ]
    assert [answer.outcomes[0].message for answer in named] == [
        "`'cosine_proximity'` is `'cosine_similarity'`"
    ]


@pytest.mark.parametrize(
    ("what", "near"), [("fit_genrator", "fit_generator"), ("KM1011", "KM101"), ("Densse", "Dense")]
)
def test_suggestions(what: str, near: str) -> None:
    with pytest.raises(NothingKnownError) as error:
        explain(what)
    assert near in error.value.suggestions
    done = run("explain", what)
    assert done.exit_code == 2
    assert f"nothing is known of {what!r}. Did you mean" in done.output


def test_unknown_error() -> None:
    done = run("explain", "SomeError: of something else")
    assert done.exit_code == 2
    assert "nothing is known of" in done.output


def test_every_named_rule_is_one() -> None:
    for what in ("lr", "keras.layers.merge", "No module named 'keras.layers.core'"):
        answers = explain(what)
        assert list(rules_of(answers)) == list(dict.fromkeys(code for each in answers for code in each.rules))


def test_traceback_from_standard_input() -> None:
    done = run("explain", "-", stdin="Traceback (most recent call last):\n  File …\nKeyError: 'val_acc'\n")
    assert done.exit_code == 0
    assert done.output.startswith("KeyError: 'val_acc'\n")
    assert "KM601 log-key" in done.output
    assert run("explain", "-").exit_code == 2


def test_plain_where_no_one_looks() -> None:
    shown = run("explain", "KM601").output
    assert "\x1b" not in shown
    assert not any(line != line.rstrip() for line in shown.splitlines())
    assert "\x1b" in run("explain", "KM601", "--color", "always").output


def test_json() -> None:
    found = json.loads(
        run("explain", "keras.backend.function", "--target", "2.15", "--format", "json").output
    )
    (answer,) = found["answers"]
    assert answer["kind"] == "symbol"
    assert answer["outcomes"] == [
        {
            "targets": ["2.15"],
            "message": "`keras.backend.function` is `tensorflow.keras.backend.function`",
            "path": "tensorflow.keras.backend.function",
        }
    ]
    assert found["rules"]["KM708"]["before"]


def test_target_is_checked() -> None:
    assert run("explain", "KM101", "--target", "1.4").exit_code == 2


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ((*KNOWN_RELEASES, "2.21+legacy"), "every target"),
        (KNOWN_RELEASES[1:], "2.16 – 2.21"),
        (("2.15", "2.21+legacy"), "2.15, +legacy"),
        (("2.21+legacy",), "2.21+legacy"),
        (("2.15", "2.16"), "2.15, 2.16"),
    ],
)
def test_ranges(targets: tuple[str, ...], said: str) -> None:
    assert ranges(Outcome(targets, "").targets) == said


class TestRules:
    def test_all(self) -> None:
        shown = run("rules").output.splitlines()
        assert [line[:5] for line in shown] == list(all_rules())

    def test_chosen(self) -> None:
        assert all(line.startswith("KM4") for line in run("rules", "KM4").output.splitlines())
        assert "KM417" in run("rules", "accuracy").output
        assert "KM515" not in run("rules", "KM5", "--target", "2.15").output
        assert "KM513" in run("rules", "KM5", "--target", "2.21+legacy").output

    def test_nothing_chosen(self) -> None:
        done = run("rules", "nonsense")
        assert done.exit_code == 2
        assert "no rule fits 'nonsense'" in done.output

    def test_json(self) -> None:
        found = json.loads(run("rules", "KM401", "--format", "json").output)
        assert [(rule["code"], rule["name"]) for rule in found] == [("KM401", "generator-method")]
        assert set(found[0]["levels"]) >= {"rewritten", "manual"}

    def test_markdown(self) -> None:
        head, line, *rows = run("rules", "--format", "markdown").output.splitlines()
        assert head.count("|") == line.count("|") == 6
        assert len(rows) == len(all_rules())

    def test_on_a_terminal(self) -> None:
        assert "generator-method" in run("rules", "KM401", "--color", "always").output
