"""Each trap in a manifest that is sound but for it: what is said, how much it weighs, and on which line.
Nothing else is said.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from analyzer.check.files import check_files
from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.check.traps import TRAPS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
METRIC = "AnalysisTemplate/spec/metrics/0"
JOB = f"{METRIC}/provider/job/spec"
POD = f"{JOB}/template/spec"
CONTAINER = f"{POD}/containers/0"
CANARY = "Rollout/spec/strategy/canary"
STEPS = f"{CANARY}/steps"
EXPERIMENT = "Experiment/spec"
RULES = f"{JOB}/podFailurePolicy/rules"

Broken = Callable[[Mapping[str, Any]], list[CheckResult]]


def fail_job(*codes: int, **more: str) -> dict[str, Any]:
    return {
        "action": "FailJob",
        "onExitCodes": {"containerName": "analyzer", "operator": "In", "values": list(codes)} | more,
    }


def ignore(*codes: int) -> dict[str, Any]:
    return fail_job(*codes) | {"action": "Ignore"}


IGNORE = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
INLINE = {"analysis": {"templates": [{"templateName": "judge"}]}}
BACKGROUND = {"templates": [{"templateName": "judge"}]}
HASHES = ["--stable-hash={{args.team}}", "--canary-hash={{args.team}}"]


def test_the_sound_manifests_have_no_trap(broken: Broken) -> None:
    assert broken({}) == []


# ---- the metric


@pytest.mark.parametrize(
    ("changes", "state", "says", "line"),
    [
        (
            {f"{METRIC}/failureLimit": 1},
            "wrong",
            "failureLimit 1 swallows the Job's failure",
            "failureLimit: 1",
        ),
        (
            {f"{METRIC}/failureLimit": "1"},
            "wrong",
            "failureLimit 1 swallows the Job's failure",
            "failureLimit: '1'",
        ),
        (
            {f"{METRIC}/failureLimit": -1},
            "wrong",
            "failureLimit -1 swallows the Job's failure",
            "failureLimit: -1",
        ),
        (
            {f"{METRIC}/failureLimit": 3, f"{METRIC}/count": 3, f"{METRIC}/interval": "5m"},
            "wrong",
            "failureLimit 3 swallows every failure",
            "failureLimit: 3",
        ),
        (
            {f"{METRIC}/failureLimit": 1, f"{METRIC}/count": 3, f"{METRIC}/interval": "5m"},
            "note",
            "failureLimit 1 swallows the first failure",
            "failureLimit: 1",
        ),
        (
            {f"{METRIC}/inconclusiveLimit": 1},
            "wrong",
            "lets an image that cannot be pulled pass",
            "inconclusiveLimit: 1",
        ),
        (
            {f"{METRIC}/consecutiveSuccessLimit": 4, f"{METRIC}/count": 3, f"{METRIC}/interval": "5m"},
            "wrong",
            "can never be Successful",
            "consecutiveSuccessLimit: 4",
        ),
        (
            {f"{METRIC}/consecutiveErrorLimit": 0},
            "note",
            "ends the analysis as Error",
            "consecutiveErrorLimit: 0",
        ),
        ({f"{METRIC}/count": 3}, "wrong", "count 3 without an interval", "count: 3"),
        ({f"{METRIC}/interval": "5m"}, "note", "the interval does nothing", "interval: 5m"),
        (
            {f"{METRIC}/successCondition": "result == 0"},
            "note",
            "successCondition does nothing",
            "successCondition: result == 0",
        ),
        (
            {f"{METRIC}/name": "rollout-analyzer-of-shop-1"},
            "wrong",
            "share one Job",
            "- name: rollout-analyzer-of-shop-1",
        ),
        ({f"{METRIC}/name": "Judge_1"}, "wrong", "no Job is ever created", "- name: Judge_1"),
        ({f"{METRIC}/timeout": "5m"}, "wrong", "there is no field 'timeout' in a metric", "timeout: 5m"),
        (
            {f"{METRIC}/provider/job/backoffLimit": 1},
            "wrong",
            "there is no field 'backoffLimit' in a metric's provider.job",
            "backoffLimit: 1",
        ),
        (
            {"AnalysisTemplate/spec/dryRun": [{"metricName": "jud.*"}]},
            "note",
            "Argo heeds no answer of it",
            "- metricName: jud.*",
        ),
    ],
)
def test_of_the_metric(broken: Broken, changes: dict[str, Any], state: str, says: str, line: str) -> None:
    assert_told(broken(changes), state, says, line)


def test_the_longest_name_of_a_metric_is_the_longest_of_a_job(broken: Broken) -> None:
    assert broken({f"{METRIC}/name": "m" * 24}) == []
    assert_told(
        broken({f"{METRIC}/name": "m" * 25}), "wrong", "longer than the 63 characters", f"- name: {'m' * 25}"
    )
    endless = {f"{METRIC}/name": "m" * 24, f"{METRIC}/count": None, f"{METRIC}/interval": "5m"}
    assert [each.advice for each in broken(endless) if "no Job is ever created" in each.what] == [
        "23 characters at most; it has 24"
    ]


def test_argo_s_own_third_outcome_is_none(broken: Broken) -> None:
    confirm = {"count": 3, "interval": "1m", "failureLimit": 1, "consecutiveSuccessLimit": 2}
    assert broken({f"{METRIC}/{name}": value for name, value in confirm.items()}) == []


# ---- the Job


@pytest.mark.parametrize(
    ("changes", "state", "says", "line"),
    [
        ({f"{JOB}/activeDeadlineSeconds": None}, "wrong", "no activeDeadlineSeconds on the Job", "spec:"),
        (
            {f"{JOB}/activeDeadlineSeconds": 240},
            "wrong",
            "before our --deadline of 300 s",
            "activeDeadlineSeconds: 240",
        ),
        (
            {f"{JOB}/activeDeadlineSeconds": 930},
            "wrong",
            "does not cover 3 attempts",
            "activeDeadlineSeconds: 930",
        ),
        (
            {f"{CONTAINER}/args": ["analyze"], f"{JOB}/activeDeadlineSeconds": 300},
            "wrong",
            "--deadline of 300 s",
            "activeDeadlineSeconds: 300",
        ),
        (
            {
                f"{CONTAINER}/args": ["analyze"],
                f"{CONTAINER}/env/1": {"name": "ROLLOUT_ANALYZER_DEADLINE", "value": "30m"},
            },
            "wrong",
            "before our --deadline of 1800 s",
            "activeDeadlineSeconds: 1200",
        ),
        (
            {f"{POD}/activeDeadlineSeconds": 200},
            "wrong",
            "of the pod ends it before our --deadline",
            "activeDeadlineSeconds: 200",
        ),
        (
            {f"{JOB}/backoffLimit": 0},
            "note",
            "an outage that passes, fails the analysis at once",
            "backoffLimit: 0",
        ),
        (
            {f"{JOB}/backoffLimit": None, f"{JOB}/activeDeadlineSeconds": 9000},
            "note",
            "no backoffLimit: Kubernetes takes 6",
            "spec:",
        ),
        (
            {f"{JOB}/ttlSecondsAfterFinished": 60},
            "wrong",
            "counts as an error, and runs again",
            "ttlSecondsAfterFinished: 60",
        ),
        (
            {f"{JOB}/ttlSecondsAfterFinished": 86400},
            "note",
            "counts as an error, and runs again",
            "ttlSecondsAfterFinished: 86400",
        ),
        ({f"{JOB}/parallelism": 2}, "wrong", "one answer is wanted", "parallelism: 2"),
        ({f"{JOB}/suspend": True}, "wrong", "the Job never runs", "suspend: true"),
        ({f"{CONTAINER}/args": []}, "wrong", "the container names no command", "args: []"),
        (
            {f"{CONTAINER}/args": ["analyze", "--modle=gemini"]},
            "wrong",
            "exit with code 2: No such option",
            "args:",
        ),
        (
            {f"{CONTAINER}/args": ["analyze", "--since=yesterday"]},
            "wrong",
            "'yesterday' is no duration",
            "args:",
        ),
        ({f"{CONTAINER}/args": ["analyze", "--help"]}, "wrong", "prints the help", "args:"),
    ],
)
def test_of_the_job(broken: Broken, changes: dict[str, Any], state: str, says: str, line: str) -> None:
    assert_told(broken(changes), state, says, line)


def test_a_config_file_that_is_in_the_pod_alone_is_no_trap(broken: Broken) -> None:
    for words in (["--config", "/config/config.yaml"], ["--config=/config/config.yaml"]):
        assert broken({f"{CONTAINER}/args": ["analyze", *words, "--since=5m"]}) == []


# ---- its exit codes


@pytest.mark.parametrize(
    ("changes", "says", "line"),
    [
        ({f"{JOB}/podFailurePolicy": None}, "no podFailurePolicy", "spec:"),
        (
            {f"{RULES}/1": fail_job(2, 3)},
            "exit codes 4 (inconclusive) do not fail the Job at once",
            "podFailurePolicy:",
        ),
        ({f"{RULES}/1": fail_job(2, 3, 4, 5)}, "exit code 5 fails the Job at once", "podFailurePolicy:"),
        (
            {f"{RULES}/1": fail_job(1, 2, 3, 4)},
            "exit code 1 fails the Job at once: a crash of rollout-analyzer",
            "podFailurePolicy:",
        ),
        (
            {f"{RULES}/1": fail_job(0, 1, operator="NotIn")},
            "exit code 5 fails the Job at once",
            "podFailurePolicy:",
        ),
        (
            {f"{RULES}/1": fail_job(0, 5, operator="NotIn")},
            "exit code 1 fails the Job at once",
            "podFailurePolicy:",
        ),
        ({f"{RULES}/2": ignore(5)}, "exit code 5 is ignored", "podFailurePolicy:"),
        ({f"{RULES}/2": ignore(1)}, "exit code 1 is ignored", "podFailurePolicy:"),
        ({RULES: [fail_job(2, 3, 4)]}, "a drained node or a preemption counts", "podFailurePolicy:"),
        (
            {RULES: [fail_job(2, 3, 4, 143), IGNORE]},
            "a drained node or a preemption counts",
            "podFailurePolicy:",
        ),
        ({f"{POD}/restartPolicy": "OnFailure"}, "restartPolicy is OnFailure", "restartPolicy: OnFailure"),
        ({f"{POD}/restartPolicy": None}, "no restartPolicy", "spec:"),
    ],
)
def test_of_the_exit_codes(broken: Broken, changes: dict[str, Any], says: str, line: str) -> None:
    assert_told(broken(changes), "wrong", says, line)


def test_a_policy_that_fails_the_job_on_any_failure_is_told_of_each_code_that_is_worth_another_try(
    broken: Broken,
) -> None:
    found = broken({f"{RULES}/1": fail_job(0, operator="NotIn")})
    assert [(each.state, each.what.partition(":")[0], each.advice) for each in found] == [
        (
            "wrong",
            f"exit code {code} fails the Job at once",
            f"action Count on exit code {code}: it is retried",
        )
        for code in (1, 5)
    ]


@pytest.mark.parametrize(
    ("codes", "says", "advice"),
    [
        ((3, 2, 4), "values [3, 2, 4] is not in order", "write [2, 3, 4]"),
        ((2, 3, 3, 4), "values [2, 3, 3, 4] has a code twice", "write [2, 3, 4]"),
        ((0, 2, 3, 4), "values [0, 2, 3, 4] has 0, which is no failure", "leave 0 out"),
    ],
)
def test_values_that_kubernetes_refuses(
    broken: Broken, codes: tuple[int, ...], says: str, advice: str
) -> None:
    found = broken({f"{RULES}/1": fail_job(*codes)})
    assert_told(found, "wrong", f"{says}: Kubernetes refuses the Job", "values:")
    assert found[0].advice == advice


def test_0_may_be_among_those_that_a_rule_is_not_for(broken: Broken) -> None:
    codes = {"containerName": "analyzer", "operator": "NotIn", "values": [0, 1, 5]}
    assert broken({f"{RULES}/1": {"action": "FailJob", "onExitCodes": codes}}) == []


def test_the_older_name_of_a_service_account_is_one(broken: Broken) -> None:
    older = {f"{POD}/serviceAccountName": None, f"{POD}/serviceAccount": "rollout-analyzer"}
    assert broken(older) == []
    assert {each.about for each in broken(older | {"Role/rules/3": {}})} == {
        "serviceAccount: rollout-analyzer"
    }


def test_a_policy_for_another_container_is_two_traps(broken: Broken) -> None:
    refused, unread = sorted(
        broken({f"{RULES}/1": fail_job(2, 3, 4, containerName="judge")}),
        key=lambda each: "refuses" not in each.what,
    )
    assert "'judge' is not one of the pod's containers: Kubernetes refuses the Job" in refused.what
    assert refused.advice == "name ours: analyzer"
    assert "exit codes 2 (usage), 3 (rollback), 4 (inconclusive) do not fail" in unread.what


def test_a_policy_that_names_no_container_reads_all_of_them(broken: Broken) -> None:
    codes = {"operator": "In", "values": [2, 3, 4]}
    alone = {f"{RULES}/1": {"action": "FailJob", "onExitCodes": codes}}
    assert broken(alone) == []
    beside = alone | {f"{POD}/containers/1": {"name": "proxy", "image": "proxy:1"}}
    assert_told(
        broken(beside), "wrong", "the exit codes of analyzer, proxy all count as ours", "onExitCodes:"
    )


# ---- the pod


@pytest.mark.parametrize(
    ("changes", "state", "says", "line"),
    [
        ({f"{POD}/serviceAccountName": None}, "wrong", "no serviceAccountName", "spec:"),
        (
            {f"{POD}/automountServiceAccountToken": False},
            "wrong",
            "nothing can be asked of the cluster",
            "automountServiceAccountToken: false",
        ),
        (
            {f"{POD}/hostNetwork": True},
            "wrong",
            "hostNetwork: the pod's hostname is not its name",
            "hostNetwork: true",
        ),
        (
            {f"{POD}/hostname": "judge"},
            "wrong",
            "hostname: the pod's hostname is not its name",
            "hostname: judge",
        ),
        ({f"{CONTAINER}/resources/requests": None}, "note", "no resource requests", "resources:"),
        ({f"{CONTAINER}/resources/limits": None}, "note", "no memory limit", "resources:"),
        (
            {f"{CONTAINER}/resources/limits/memory": "64Mi"},
            "note",
            "a memory limit of 64Mi is little",
            "memory: 64Mi",
        ),
        (
            {f"{JOB}/template/metadata/labels": {"sidecar.istio.io/inject": "true"}},
            "wrong",
            "lets Istio add a sidecar",
            "sidecar.istio.io/inject: 'true'",
        ),
        ({f"{JOB}/template/metadata": {}}, "note", "nothing keeps a service mesh out", "template:"),
        (
            {f"{CONTAINER}/terminationMessagePath": "/tmp/end"},
            "note",
            "looked for in /tmp/end",
            "terminationMessagePath: /tmp/end",
        ),
        (
            {f"{POD}/terminationGracePeriodSeconds": 0},
            "note",
            "is killed",
            "terminationGracePeriodSeconds: 0",
        ),
    ],
)
def test_of_the_pod(broken: Broken, changes: dict[str, Any], state: str, says: str, line: str) -> None:
    assert_told(broken(changes), state, says, line)


def test_a_hostname_of_its_own_is_made_up_for_by_the_downward_api(broken: Broken) -> None:
    name = {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    assert broken({f"{POD}/hostname": "judge", f"{CONTAINER}/env/1": name}) == []


# ---- what its account is granted


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (0, ["list pods", "list events"]),
        (1, ["get pods/log"]),
        (2, ["list replicasets.apps"]),
        (3, ["get jobs.batch"]),
        (4, ["get analysisruns.argoproj.io", "get rollouts.argoproj.io"]),
    ],
)
def test_of_what_is_granted(broken: Broken, number: int, says: list[str]) -> None:
    found = broken({f"Role/rules/{number}": {}})
    assert {each.about for each in found} == {"serviceAccountName: rollout-analyzer"}
    assert [name for name in says if not any(f"may not {name}:" in each.what for each in found)] == []
    assert all(
        each.state == "wrong" and each.advice.startswith("add to the Role rollout-analyzer: {apiGroups: ")
        for each in found
    )


def test_what_the_arguments_ask_for_is_needed_and_no_more(broken: Broken) -> None:
    pause = {f"{CONTAINER}/args": ["analyze", "--on-inconclusive=pause", "--rollout=cart"]}
    assert_told(
        broken(pause), "wrong", "may not patch rollouts.argoproj.io", "serviceAccountName: rollout-analyzer"
    )
    assert broken({f"{CONTAINER}/args": ["analyze", "--rollout=cart"], "Role/rules/3": {}}) == []
    guard = {f"{CONTAINER}/args": ["guard"], f"{CANARY}/analysis": BACKGROUND, STEPS: [{"setWeight": 20}]}
    assert broken(guard | {"Role/rules/1": {}}) == []


def test_of_a_role_that_was_not_given_nothing_is_said(broken: Broken) -> None:
    nothing: dict[str, Any] = {f"Role/rules/{number}": {} for number in range(5)}
    assert broken(nothing | {"RoleBinding/roleRef/name": "another"}) == []
    assert broken(nothing | {"RoleBinding/subjects/0/name": "another"}) == []


# ---- arguments and secrets


@pytest.mark.parametrize(
    ("changes", "says", "line"),
    [
        (
            {f"{CONTAINER}/args/2": "--extra-prompt={{ findings }}"},
            "{{ findings }} is not an argument of the template",
            "- --extra-prompt={{ findings }}",
        ),
        (
            {f"{CONTAINER}/args/2": "--since={{args.since}}"},
            "{{ args.since }} is not an argument of the template",
            "- --since={{args.since}}",
        ),
        (
            {
                "AnalysisTemplate/spec/args/1": {
                    "name": "key",
                    "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}},
                },
                f"{CONTAINER}/env/0": {"name": "GEMINI_API_KEY", "value": "{{args.key}}"},
            },
            "args.key comes from a Secret and stands in the Job's spec",
            "value: '{{args.key}}'",
        ),
        (
            {f"{CONTAINER}/env/0": {"name": "GEMINI_API_KEY", "value": "abc"}},
            "the value of GEMINI_API_KEY is written out",
            "value: abc",
        ),
        (
            {"AnalysisTemplate/spec/args/1": {"name": "api-token", "value": "abc"}},
            "the value of api-token is written out",
            "value: abc",
        ),
        (
            {f"{CONTAINER}/args/3": "--extra-prompt=ghp_0123456789abcdefghijklmnopqrstuvwxyz"},
            "a secret is written into the container's command line",
            "- --extra-prompt=ghp_0123456789abcdefghijklmnopqrstuvwxyz",
        ),
        (
            {
                "AnalysisTemplate/spec/args/1": {
                    "name": "password",
                    "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}},
                },
                f"{STEPS}/2/analysis/args": [{"name": "password", "value": "hunter2"}],
            },
            "the value of password is written out",
            "value: hunter2",
        ),
    ],
)
def test_of_arguments(broken: Broken, changes: dict[str, Any], says: str, line: str) -> None:
    assert_told(broken(changes), "wrong", says, line)


def test_a_secret_is_found_and_never_shown(broken: Broken) -> None:
    found = broken({f"{CONTAINER}/env/0": {"name": "GEMINI_API_KEY", "value": "hunter2"}})
    assert not any("hunter2" in text for each in found for text in (each.what, each.advice))


# ---- the Rollout


@pytest.mark.parametrize(
    ("changes", "state", "says", "line"),
    [
        (
            {STEPS: [INLINE, {"setWeight": 20}]},
            "wrong",
            "before the first setWeight",
            "- templateName: judge",
        ),
        (
            {STEPS: [{"setWeight": 0}, {"pause": {}}, INLINE]},
            "wrong",
            "before the first setWeight",
            "- templateName: judge",
        ),
        (
            {STEPS: [{"setWeight": 20}, INLINE]},
            "note",
            "no pause before the analysis",
            "- templateName: judge",
        ),
        (
            {STEPS: [{"setWeight": 100}, {"pause": {}}, INLINE]},
            "note",
            "after setWeight 100",
            "- templateName: judge",
        ),
        ({"Rollout/spec/progressDeadlineAbort": None}, "note", "never reaches the analysis step", "spec:"),
        ({STEPS: [{"setWeight": 20}]}, "note", "no analysis at all", "strategy:"),
        (
            {
                f"{CANARY}/analysis": BACKGROUND | {"startingStep": 2},
                f"{METRIC}/count": None,
                f"{METRIC}/interval": "5m",
                f"{STEPS}/2": {"pause": {}},
            },
            None,
            "",
            "",
        ),
        (
            {f"{CANARY}/analysis": BACKGROUND | {"startingStep": 2}},
            "note",
            "slower than the steps blocks nothing",
            "- templateName: judge",
        ),
        (
            {f"{METRIC}/count": None, f"{METRIC}/interval": "5m"},
            "wrong",
            "Argo refuses what never ends",
            "- templateName: judge",
        ),
        (
            {f"{CANARY}/dynamicStableScale": True},
            "note",
            "stable shrinks while the canary grows",
            "dynamicStableScale: true",
        ),
        (
            {"Rollout/spec/analysis/unsuccessfulRunHistoryLimit": 0},
            "note",
            "with its Job, its log",
            "unsuccessfulRunHistoryLimit: 0",
        ),
        ({f"{STEPS}/2/analysis/dryRun": [{"metricName": "judge"}]}, "note", "a dry run", "dryRun:"),
        (
            {f"{STEPS}/2/analysis/templates/0/clusterScope": True},
            "wrong",
            "judge is an AnalysisTemplate here",
            "- templateName: judge",
        ),
        (
            {"AnalysisTemplate/spec/args/1": {"name": "region"}},
            "wrong",
            "needs the argument region",
            "- templateName: judge",
        ),
    ],
)
def test_of_the_rollout(
    broken: Broken, changes: dict[str, Any], state: str | None, says: str, line: str
) -> None:
    found = broken(changes)
    assert_told(found, state, says, line) if state else None
    assert state or found == []


def test_a_judge_in_the_background_from_the_start_has_nothing_to_judge(broken: Broken) -> None:
    told = [each for each in broken({f"{CANARY}/analysis": BACKGROUND}) if each.state == "wrong"]
    assert_told(told, "wrong", "before there is a canary pod to judge", "- templateName: judge")


def test_a_judge_that_waits_a_while_has_something_to_judge(broken: Broken) -> None:
    repeated = {f"{METRIC}/count": None, f"{METRIC}/interval": "10m", f"{METRIC}/initialDelay": "2m"}
    assert broken(repeated | {f"{CANARY}/analysis": BACKGROUND, STEPS: [{"setWeight": 20}]}) == []
    assert broken({f"{METRIC}/initialDelay": "2m", STEPS: [{"setWeight": 20}, INLINE]}) == []


def test_a_guard_in_the_background_is_what_it_is_for(broken: Broken) -> None:
    guard = {
        f"{CONTAINER}/args": ["guard", "--deadline=5m"],
        f"{CANARY}/analysis": BACKGROUND,
        STEPS: [{"setWeight": 20}],
    }
    assert broken(guard) == []


def test_a_pause_after_the_promotion_is_refused(broken: Broken) -> None:
    changes = {
        "Rollout/spec/strategy": {
            "blueGreen": {"activeService": "cart", "postPromotionAnalysis": BACKGROUND}
        },
        f"{CONTAINER}/args": ["analyze", "--on-inconclusive=pause"],
        "Role/rules/4/verbs": ["get", "patch"],
    }
    told = [each for each in broken(changes) if each.state == "wrong"]
    assert_told(told, "wrong", "a pause is ignored in post-promotion", "- templateName: judge")


# ---- the Experiment


@pytest.mark.parametrize(
    ("changes", "state", "says", "line"),
    [
        (
            {f"{EXPERIMENT}/analyses/0/requiredForCompletion": None},
            "wrong",
            "the experiment never ends",
            "spec:",
        ),
        (
            {f"{EXPERIMENT}/analyses/0/requiredForCompletion": False, f"{EXPERIMENT}/duration": "1h"},
            "note",
            "the analysis is ended with the experiment",
            "- name: judge",
        ),
        (
            {f"{EXPERIMENT}/analyses/0/args/0/value": "{{templates.stable.podTemplateHash}}"},
            "wrong",
            "names no template of the experiment",
            "value: '{{templates.stable.podTemplateHash}}'",
        ),
        (
            {f"{EXPERIMENT}/analyses/0/templateName": "judge", f"{EXPERIMENT}/analyses/0/args": []},
            "wrong",
            "does not say which template is which side",
            "- name: judge",
        ),
    ],
)
def test_of_the_experiment(broken: Broken, changes: dict[str, Any], state: str, says: str, line: str) -> None:
    assert_told(broken(changes), state, says, line)


def test_an_experiment_of_a_step_has_other_hashes_than_the_rollout(broken: Broken) -> None:
    hashes = [{"name": "team", "valueFrom": {"podTemplateHashValue": "Latest"}}]
    analyses = [{"name": "judge", "templateName": "judge", "requiredForCompletion": True, "args": hashes}]
    step = {"experiment": {"templates": [{"name": "canary", "specRef": "canary"}], "analyses": analyses}}
    found = broken({STEPS: [step]})
    assert_told(found, "wrong", "the experiment's pods have others", "podTemplateHashValue: Latest")
    del analyses[0]["args"]
    assert broken({STEPS: [step]}) == []


def test_an_experiment_that_passes_both_hashes_is_none(broken: Broken) -> None:
    experiment = {f"{EXPERIMENT}/analyses/0/templateName": "judge", f"{EXPERIMENT}/analyses/0/args": []}
    changes = experiment | {f"{CONTAINER}/args": ["analyze", *HASHES]}
    assert broken(changes) == []


# ---- all


@pytest.mark.parametrize("kind", sorted(TRAPS))
@pytest.mark.parametrize(
    "spec",
    [
        "none",
        [],
        {"metrics": 1, "args": {}, "strategy": [], "analyses": "x"},
        {"metrics": [None, {"provider": 3}]},
    ],
)
def test_what_is_no_such_object_at_all_is_no_crash(
    ask: Callable[..., CheckRequest], tmp_path: Path, kind: str, spec: object
) -> None:
    import yaml

    path = tmp_path / "odd.yaml"
    path.write_text(
        yaml.safe_dump({"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": "?", "spec": spec})
    )
    assert list(check_files(ask(None, str(path))))


def examples() -> list[Path]:
    shown = [path for folder in ("examples", "deploy") for path in (ROOT / folder).rglob("*.yaml")]
    return sorted(
        path for path in shown if re.search(rf"^kind: ({'|'.join(TRAPS)})$", path.read_text(), re.MULTILINE)
    )


def test_our_own_examples_have_no_trap(ask: Callable[..., CheckRequest]) -> None:
    results = list(check_files(ask(None, *map(str, examples()))))
    wrong = [each for each in results if each.state == "wrong"]
    assert [each for each in wrong if "is the examples' placeholder" not in each.what] == []
    assert any(each.state == "holds" for each in results)


def assert_told(found: list[CheckResult], state: str, says: str, line: str) -> None:
    """The one thing that is told, and where; it says what to do."""
    assert [(each.state, each.about) for each in found] == [(state, line)], found
    assert says in found[0].what
    assert found[0].advice
