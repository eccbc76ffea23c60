"""References to templates: whether Argo would find what they name."""

import pytest

from tests.check.traps.places import ANALYSIS, CANARY, STEPS, WEB, Broken, assert_told, template, wrong

pytestmark = pytest.mark.slow  # each judges whole records or manifests

TEMPLATES = f"{ANALYSIS}/templates"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ({"templateName": "two"}, "the AnalysisTemplate two is in no file here"),
        ({"templateName": "two", "clusterScope": True}, "the ClusterAnalysisTemplate two is in no file here"),
    ],
)
def test_a_template_that_no_file_has_may_be_in_the_cluster(
    broken: Broken, reference: dict[str, object], says: str
) -> None:
    assert_told(broken({f"{TEMPLATES}/1": reference}), "note", says, "- templateName: two")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (
            f"{CANARY}/analysis",
            {"templates": [{"templateName": "two"}], "startingStep": 2},
            "- templateName: two",
        ),
        ("Experiment/spec/analyses/0/templateName", "two", "- name: judge"),
        (
            f"{STEPS}/3",
            {
                "experiment": {
                    "templates": [],
                    "analyses": [{"name": "a", "templateName": "two", "requiredForCompletion": True}],
                }
            },
            "- name: a",
        ),
        ("AnalysisTemplate/spec/templates", [{"templateName": "two"}], "- templateName: two"),
    ],
)
def test_wherever_it_is_named(broken: Broken, place: str, value: object, line: str) -> None:
    assert_told(broken({place: value}), "note", "the AnalysisTemplate two is in no file here", line)


@pytest.mark.slow
def test_a_template_of_another_namespace(broken: Broken) -> None:
    found = broken({"AnalysisTemplate/metadata/namespace": "tools", "Rollout/metadata/namespace": "shop"})
    assert_told(
        found,
        "wrong",
        "judge is in the namespace tools, and is looked for in shop: Argo does not find it",
        "- templateName: judge",
    )
    found = broken(
        {"AnalysisTemplate other/metadata/namespace": "tools", "Experiment/metadata/namespace": "shop"}
    )
    assert_told(found, "wrong", "other is in the namespace tools, and is looked for in shop", "- name: judge")


@pytest.mark.slow
@pytest.mark.parametrize(("of_template", "of_rollout"), [("shop", "shop"), ("shop", ""), ("", "shop")])
def test_a_namespace_that_whoever_applies_it_names_is_the_others(
    broken: Broken, of_template: str, of_rollout: str
) -> None:
    assert (
        broken({"AnalysisTemplate/metadata/namespace": of_template, "Rollout/metadata/namespace": of_rollout})
        == []
    )


def test_of_two_templates_the_one_of_the_namespace_counts(broken: Broken) -> None:
    elsewhere = template("judge", namespace="tools", metrics=[WEB], args=[{"name": "region"}])
    changes = {"AnalysisTemplate/metadata/namespace": "shop", "Rollout/metadata/namespace": "shop"}
    assert wrong(broken(changes, elsewhere)) == []


@pytest.mark.slow
def test_a_template_of_the_cluster_looks_for_others_where_the_rollout_is(broken: Broken) -> None:
    outer = template("outer", "ClusterAnalysisTemplate", templates=[{"templateName": "judge"}])
    changes = {
        TEMPLATES: [{"templateName": "outer", "clusterScope": True}],
        "Rollout/metadata/namespace": "shop",
    }
    assert wrong(broken(changes, outer)) == []
    found = broken(changes | {"AnalysisTemplate/metadata/namespace": "tools"}, outer)
    assert_told(
        found, "wrong", "outer names judge, which is not in the namespace shop", "- templateName: outer"
    )


def test_a_template_of_the_other_kind(broken: Broken) -> None:
    outer = template("outer", "ClusterAnalysisTemplate", metrics=[WEB])
    found = broken({f"{TEMPLATES}/1": {"templateName": "outer"}}, outer)
    assert_told(
        found,
        "wrong",
        "outer is a ClusterAnalysisTemplate here, and clusterScope says otherwise",
        "- templateName: outer",
    )
    assert [each.advice for each in found if each.state == "wrong"] == ["add clusterScope: true"]


def test_templates_that_lead_back_to_themselves(broken: Broken) -> None:
    outer = template("outer", templates=[{"templateName": "inner"}])
    inner = template("inner", templates=[{"templateName": "outer"}, {"templateName": "judge"}])
    found = broken({TEMPLATES: [{"templateName": "outer"}]}, outer, inner)
    says = [
        f"{a} leads back to {b}: Argo follows it without end"
        for a, b in (("inner", "outer"), ("outer", "inner"))
    ]
    assert sorted(wrong(found)) == says


def test_an_analysis_or_a_reference_that_names_none(broken: Broken) -> None:
    assert "an analysis that names no template" in wrong(broken({TEMPLATES: []}))[0]
    assert_told(
        broken({f"{TEMPLATES}/1": {"clusterScope": True}}),
        "wrong",
        "a reference without a templateName",
        "- clusterScope: true",
    )


def test_a_judge_behind_another_template_is_one(broken: Broken) -> None:
    """What is said of a use that judges is said of one that does so by a template's template."""
    outer = template("outer", templates=[{"templateName": "judge"}])
    found = broken(
        {STEPS: [{"analysis": {"templates": [{"templateName": "outer"}]}}, {"setWeight": 20}]}, outer
    )
    assert ["before the first setWeight" in what for what in wrong(found)] == [True]


def test_templates_of_two_namespaces_in_one_analysis(broken: Broken) -> None:
    changes = {"AnalysisTemplate/metadata/namespace": "shop", f"{TEMPLATES}/1": {"templateName": "two"}}
    found = broken(changes, template("two", namespace="tools", metrics=[WEB]))
    assert wrong(found) == [
        "the templates of one analysis are in shop and tools: Argo looks for all of them where the Rollout is"
    ]
