"""What Argo makes of all templates of one analysis, and refuses."""

from typing import Any

import pytest

from tests.check.traps.places import ANALYSIS, CANARY, WEB, Broken, assert_told, template, wrong

pytestmark = pytest.mark.slow

BOTH = [{"templateName": "judge"}, {"templateName": "two"}]
CLUSTER = [{"templateName": "judge"}, {"templateName": "two", "clusterScope": True}]
GIVEN = {f"{ANALYSIS}/args": [{"name": "team", "value": "x"}]}


def two(kind: str = "AnalysisTemplate", **spec: Any) -> dict[str, Any]:
    return template("two", kind, **({"metrics": [WEB]} | spec))


@pytest.mark.parametrize("given", [{}, GIVEN])
@pytest.mark.parametrize(
    ("references", "kind"), [(BOTH, "AnalysisTemplate"), (CLUSTER, "ClusterAnalysisTemplate")]
)
def test_an_argument_with_two_values(
    broken: Broken, references: Any, kind: str, given: dict[str, Any]
) -> None:
    found = broken(
        {f"{ANALYSIS}/templates": references} | given, two(kind, args=[{"name": "team", "value": "other"}])
    )
    assert_told(
        found,
        "wrong",
        "the argument team has different values in judge, two: Argo refuses the analysis",
        "- analysis:",
    )


@pytest.mark.parametrize(
    "args", [[], [{"name": "team", "value": "shop"}], [{"name": "team"}], [{"name": "other", "value": "x"}]]
)
def test_arguments_that_go_together(broken: Broken, args: list[Any]) -> None:
    assert_told_nothing(broken({f"{ANALYSIS}/templates": BOTH}, two(args=args)))


def test_a_value_of_one_template_is_the_others_too(broken: Broken) -> None:
    needed = {"AnalysisTemplate/spec/args/0": {"name": "team"}, f"{ANALYSIS}/templates": BOTH}
    assert_told(
        broken(needed, two()), "wrong", "judge needs the argument team, and is not given one", "- analysis:"
    )
    assert_told_nothing(broken(needed, two(args=[{"name": "team", "value": "shop"}])))
    assert_told_nothing(broken(needed | GIVEN, two()))


def test_an_argument_that_a_template_may_have_which_is_in_no_file_is_a_note(broken: Broken) -> None:
    needed = {"AnalysisTemplate/spec/args/0": {"name": "team"}, f"{ANALYSIS}/templates": BOTH}
    assert {each.state for each in broken(needed)} == {"note"}


def test_an_argument_that_no_template_has(broken: Broken) -> None:
    found = broken({f"{ANALYSIS}/args": [{"name": "teem", "value": "x"}]})
    assert_told(found, "note", "no template here has an argument teem: Argo drops it", "- name: teem")
    assert found[0].advice == "did you mean team?"


@pytest.mark.parametrize(
    ("references", "kind"), [(BOTH, "AnalysisTemplate"), (CLUSTER, "ClusterAnalysisTemplate")]
)
def test_two_metrics_of_one_name(broken: Broken, references: Any, kind: str) -> None:
    found = broken({f"{ANALYSIS}/templates": references}, two(kind, metrics=[WEB | {"name": "judge"}]))
    assert_told(found, "wrong", "judge and two have a metric of the same name, judge", "- analysis:")


def test_one_template_named_twice_counts_once(broken: Broken) -> None:
    assert broken({f"{ANALYSIS}/templates": [{"templateName": "judge"}, {"templateName": "judge"}]}) == []


@pytest.mark.parametrize("where", ["background", "pre", "post"])
def test_every_kind_of_analysis_is_looked_at(broken: Broken, where: str) -> None:
    analysis = {"templates": BOTH}
    changes: dict[str, Any] = {f"{CANARY}/analysis": analysis | {"startingStep": 2}}
    if where != "background":
        changes = {
            "Rollout/spec/strategy": {
                "blueGreen": {"activeService": "a", f"{where}PromotionAnalysis": analysis}
            }
        }
    found = broken(changes, two(metrics=[WEB | {"name": "judge"}]))
    assert wrong(found) == ["judge and two have a metric of the same name, judge: Argo refuses the analysis"]


def test_templates_that_a_template_names_are_part_of_it(broken: Broken) -> None:
    outer = template("outer", templates=[{"templateName": "judge"}, {"templateName": "two"}])
    one = {f"{ANALYSIS}/templates": [{"templateName": "outer"}]}
    assert_told_nothing(broken(one, outer, two()))
    assert_told(
        broken(one, outer, two(metrics=[WEB | {"name": "judge"}])),
        "wrong",
        "judge and two have a metric of the same name",
        "- analysis:",
    )
    conflict = two(args=[{"name": "team", "value": "other"}])
    assert_told(
        broken(one, outer, conflict), "wrong", "the argument team has different values", "- analysis:"
    )
    needed = one | {"AnalysisTemplate/spec/args/0": {"name": "team"}}
    assert_told(
        broken(needed, outer, two()), "wrong", "judge needs the argument team", "- templateName: outer"
    )


def test_an_experiments_analysis_is_one_of_its_own(broken: Broken) -> None:
    changes = {
        "Experiment/spec/analyses/1": {
            "name": "again",
            "templateName": "outer",
            "requiredForCompletion": True,
        }
    }
    outer = template("outer", templates=[{"templateName": "two"}], metrics=[WEB])
    assert_told(
        broken(changes, outer, two()),
        "wrong",
        "outer and two have a metric of the same name, web",
        "- name: again",
    )


# ---- one template alone


def test_two_metrics_of_one_name_in_one_template(broken: Broken) -> None:
    found = broken({"AnalysisTemplate/spec/metrics/1": WEB | {"name": "judge"}})
    assert_told(found, "wrong", "two metrics have the same name, judge", "- name: judge")


def test_an_argument_twice_or_with_both_a_value_and_a_reference(broken: Broken) -> None:
    found = broken({"AnalysisTemplate/spec/args/1": {"name": "team", "value": "other"}})
    assert_told(found, "wrong", "the argument team is given twice, with different values", "- name: team")
    both = {"name": "region", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    assert_told(
        broken({"AnalysisTemplate/spec/args/1": both}),
        "wrong",
        "region has both a value and a valueFrom",
        "- name: region",
    )


def test_an_analysis_run_has_a_value_for_each_argument(broken: Broken) -> None:
    run = template("run", "AnalysisRun", metrics=[WEB], args=[{"name": "region"}])
    assert_told(broken({}, run), "wrong", "the argument region has no value", "- name: region")


# ---- rules for metrics


@pytest.mark.parametrize("key", ["dryRun", "measurementRetention"])
def test_a_rule_that_finds_no_metric(broken: Broken, key: str) -> None:
    rule = {"metricName": "^judge-it$"} | ({} if key == "dryRun" else {"limit": 5})
    for place in (f"{ANALYSIS}/{key}", f"AnalysisTemplate/spec/{key}"):
        found = [each for each in broken({place: [rule]}) if each.state == "wrong"]
        assert_told(found, "wrong", "rule '^judge-it$' matches no metric", "- metricName: ^judge-it$")
    assert wrong(broken({f"{ANALYSIS}/{key}": [rule | {"metricName": ".*"}]})) == []


def test_a_rule_that_is_there_twice(broken: Broken) -> None:
    rule = [{"metricName": "judge"}]
    found = broken({f"{ANALYSIS}/dryRun": rule, "AnalysisTemplate/spec/dryRun": rule})
    assert wrong(found) == ["two dry-run rules for judge: Argo refuses the analysis"]
    found = broken({"AnalysisTemplate/spec/dryRun": rule * 2})
    assert wrong(found) == ["two dry-run rules for judge: Argo refuses the analysis"]


def assert_told_nothing(found: list[Any]) -> None:
    assert [each for each in found if "none of its metrics runs rollout-analyzer" not in each.what] == []
