"""Names of fields: what is misspelt, what stands in the wrong place, and that the table is the CRDs'."""

import os
from typing import Any

import pytest
import yaml

from analyzer.check.traps.names import FIELDS, TYPES
from tests.check.traps.places import ANALYSIS, CANARY, CONTAINER, JOB, METRIC, POD, STEPS, Broken, assert_told
from tests.conftest import ARGO_CRDS

pytestmark = pytest.mark.slow

AS_CRD = {"int": "integer", "bool": "boolean", "text": "string"}
KINDS = {
    "AnalysisTemplate": "analysis-template",
    "ClusterAnalysisTemplate": "cluster-analysis-template",
    "AnalysisRun": "analysis-run",
    "Rollout": "rollout",
    "Experiment": "experiment",
}


@pytest.mark.parametrize(
    ("place", "value", "meant"),
    [
        (f"{JOB}/backofLimit", 2, "did you mean backoffLimit?"),
        (f"{METRIC}/sucessCondition", "x", "did you mean successCondition?"),
        (f"{METRIC}/failurelimit", 0, "did you mean failureLimit?"),
        (f"{METRIC}/failure_limit", 0, "did you mean failureLimit?"),
        (f"{JOB}/podFailurePolcy", {}, "did you mean podFailurePolicy?"),
        (f"{JOB}/podFailurePolicy/rules/0/onPodCondition", [], "did you mean onPodConditions?"),
        (f"{POD}/servicAccountName", "x", "did you mean serviceAccountName?"),
        (f"{CONTAINER}/arg", [], "did you mean args?"),
        (f"{CONTAINER}/env/0/valueForm", {}, "did you mean valueFrom?"),
        (f"{CONTAINER}/resources/limit", {}, "did you mean limits?"),
        (f"{JOB}/serviceAccountName", "x", "serviceAccountName belongs into the pod's spec"),
        (f"{JOB}/restartPolicy", "Never", "restartPolicy belongs into the pod's spec"),
        (f"{METRIC}/backoffLimit", 2, "backoffLimit belongs into the Job's spec"),
        ("AnalysisTemplate/spec/metric", [], "did you mean metrics?"),
        ("AnalysisTemplate/sepc", {}, "did you mean spec?"),
        ("AnalysisTemplate/metadata/lables", {}, "did you mean labels?"),
        ("AnalysisTemplate/spec/args/0/vaule", "x", "did you mean value?"),
        ("AnalysisTemplate/spec/args/0/default", "x", "leave it out; there are: name, value, valueFrom"),
        (f"{STEPS}/0/setWieght", 20, "did you mean setWeight?"),
        (f"{ANALYSIS}/template", [], "did you mean templates?"),
        (f"{ANALYSIS}/templates/0/clusterscope", True, "did you mean clusterScope?"),
        (f"{ANALYSIS}/args", [{"name": "team", "value": "x", "valuefrom": {}}], "did you mean valueFrom?"),
        (f"{CANARY}/step", [], "did you mean steps?"),
        ("Rollout/spec/strategy/bluegreen", {}, "did you mean blueGreen?"),
        ("Rollout/spec/progresDeadlineAbort", True, "did you mean progressDeadlineAbort?"),
        ("Experiment/spec/analyses/0/requiredForCompletition", True, "did you mean requiredForCompletion?"),
    ],
)
def test_a_field_that_there_is_not(broken: Broken, place: str, value: Any, meant: str) -> None:
    (found,) = broken({place: value})
    name = place.rpartition("/")[2] if not isinstance(value, list) or "args" not in place else "valuefrom"
    assert (found.state, found.advice) == ("wrong", meant)
    assert found.about.removeprefix("- ").startswith(f"{name}:")
    assert found.what.startswith(f"there is no field {name!r} in ")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (f"{CONTAINER}/$patch", "merge"),
        ("AnalysisTemplate/status", {"anything": 1}),
        ("AnalysisTemplate/metadata/creationTimestamp", None),
        ("AnalysisTemplate/metadata/managedFields", [{"manager": "kubectl"}]),
        ("Rollout/spec/template/spec/containers/0/anything", 1),
        (f"{POD}/affinity", {"anything": 1}),
        (f"{POD}/volumes", [{"name": "tmp", "emptyDir": {}}]),
        (f"{CONTAINER}/livenessProbe", {"exec": {}}),
        (f"{CANARY}/trafficRouting", {"istio": {"anything": 1}}),
    ],
)
def test_fields_that_there_are_and_what_is_not_looked_into(broken: Broken, place: str, value: Any) -> None:
    assert broken({place: value}) == []


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (f"{CONTAINER}/args", ["analyze", "--quorum", 1], "- 1"),
        (f"{CONTAINER}/env/1", {"name": "NO_COLOR", "value": True}, "value: true"),
        ("AnalysisTemplate/spec/args/0/value", 5, "value: 5"),
        (f"{ANALYSIS}/args", [{"name": "team", "value": 5}], "value: 5"),
        (f"{JOB}/template/metadata/annotations", {"linkerd.io/inject": False}, "linkerd.io/inject: false"),
    ],
)
def test_what_yaml_reads_as_no_text_where_text_is_wanted(
    broken: Broken, place: str, value: Any, line: str
) -> None:
    (found,) = broken({place: value})
    assert (found.state, found.about, found.advice) == ("wrong", line, "write it in quotes")


@pytest.mark.parametrize(
    ("place", "value", "line", "says", "advice"),
    [
        (
            f"{JOB}/backoffLimit",
            "2",
            "backoffLimit: '2'",
            "a whole number, and '2' is none",
            "write a number without quotes",
        ),
        (
            f"{JOB}/completions",
            "{{args.team}}",
            "completions: '{{args.team}}'",
            "has to be a whole number",
            "an argument cannot stand for it",
        ),
        (
            f"{STEPS}/0",
            {"setWeight": "20%"},
            "- setWeight: 20%",
            "a whole number, and '20%' is none",
            "write a number without quotes",
        ),
        (
            f"{ANALYSIS}/templates/0/clusterScope",
            "false",
            "clusterScope: 'false'",
            "true or false, and 'false' is neither",
            "without quotes",
        ),
        (
            f"{METRIC}/initialDelay",
            60,
            "initialDelay: 60",
            "initialDelay has to be text",
            "write it in quotes",
        ),
    ],
)
def test_what_is_no_number_or_no_truth_where_one_is_wanted(
    broken: Broken, place: str, value: Any, line: str, says: str, advice: str
) -> None:
    told = [each for each in broken({place: value}) if "has to be" in each.what]
    assert [(each.state, each.about) for each in told] == [("wrong", line)]
    assert says in told[0].what
    assert advice in told[0].advice


def test_a_misspelt_field_is_told_where_objects_are_in_a_list(broken: Broken) -> None:
    metric = {"name": "web", "provider": {"web": {}}, "intervall": "5m"}
    item = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AnalysisTemplate",
        "metadata": {"name": "x"},
        "spec": {"metrics": [metric]},
    }
    found = broken({}, {"apiVersion": "v1", "kind": "List", "items": [item]})
    assert_told(found, "wrong", "there is no field 'intervall' in a metric", "intervall: 5m")


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_is_as_argo_has_it(kind: str) -> None:
    """Each part of it, at each place where it stands."""
    path = ARGO_CRDS / f"{KINDS[kind]}-crd.yaml"
    if not path.exists():
        reason = f"Argo's CRDs are not at {ARGO_CRDS}: set ARGO_CRDS"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    schema = yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["spec"]["versions"][
        0
    ]["schema"]["openAPIV3Schema"]
    compared: set[str] = set()

    def compare(part: str, schema: Any) -> None:
        schema = schema.get("items", schema)
        compared.add(part)
        if part == "metadata" or "properties" not in schema:
            return
        if part == kind:
            schema["properties"].setdefault("status", {})
        either = (
            {"metadata", "weight", "specRef", "minReadySeconds", "template"}
            if part == "template_of_an_experiment"
            else set()
        )
        assert set(FIELDS[part]) - either == set(schema["properties"]) - either, part
        for name, inner in FIELDS[part].items():
            held = schema["properties"].get(name, {})
            if inner in TYPES:
                one = held.get("items") or held.get("additionalProperties") or held
                assert one.get("type", AS_CRD[inner]) == AS_CRD[inner], (part, name)
            elif inner and held:
                compare(inner, held)

    compare(kind, schema)
    assert {"metadata", kind} < compared
