"""The command: exit codes, what goes to stdout and what to stderr, and one clear line for bad input."""

import gzip
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from pathlib import Path

import jsonschema
import pytest

from analyzer import __version__
from analyzer.cli import run
from analyzer.cli.analyze import analyze
from analyzer.evidence.bundle import load

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "evidence"
CRASHING, HEALTHY = str(EXAMPLES / "crash-loop.json.gz"), str(EXAMPLES / "healthy.json.gz")

Capture = pytest.CaptureFixture[str]


def scripted(tmp_path: Path, verdict: str, confidence: int = 90) -> str:
    """A model that answers as told."""
    path = tmp_path / f"{verdict}.json"
    path.write_text(
        json.dumps({"answer": {"verdict": verdict, "confidence": confidence, "summary": "as told"}})
    )
    return f"scripted:{path}"


def test_the_version_is_the_packages(capsys: Capture) -> None:
    assert run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("command", ["analyze", "collect", "prompt", "guard"])
def test_the_help_of_each_command_shows_an_example(capsys: Capture, command: str) -> None:
    assert run([command, "--help"]) == 0
    assert f"rollout-analyzer {command} --namespace shop --rollout cart" in capsys.readouterr().out


def test_the_top_help_names_the_exit_codes(capsys: Capture) -> None:
    assert run(["--help"]) == 0
    assert "0 promote, 2 usage, 3 rollback, 4 inconclusive, 5 infrastructure" in capsys.readouterr().out


def test_a_crashing_canary_is_a_rollback(capsys: Capture) -> None:
    assert run(["analyze", "--evidence", CRASHING]) == 3
    out = capsys.readouterr().out
    assert out.startswith("ROLLBACK")
    assert "crash-loop" in out


def test_a_healthy_canary_is_promoted_and_the_choice_of_judge_is_said(capsys: Capture) -> None:
    assert run(["analyze", "--evidence", HEALTHY]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("PROMOTE")
    assert "builtin" in shown.err


def test_no_model_can_promote_over_a_blocking_finding(tmp_path: Path, capsys: Capture) -> None:
    assert run(["analyze", "--evidence", CRASHING, "--model", scripted(tmp_path, "promote", 100)]) == 3
    assert "blocking finding" in capsys.readouterr().out


@pytest.mark.parametrize(("verdict", "code"), [("promote", 0), ("cannot_tell", 4)])
def test_where_nothing_blocks_the_models_decide(tmp_path: Path, verdict: str, code: int) -> None:
    assert run(["analyze", "--evidence", HEALTHY, "--model", scripted(tmp_path, verdict)]) == code


def test_two_models_that_disagree_are_inconclusive(tmp_path: Path) -> None:
    arguments = [
        "--model",
        scripted(tmp_path, "promote"),
        "--model",
        "builtin",
        "--consensus",
        "unanimous",
        "--min-confidence",
        "100",
    ]
    assert run(["analyze", "--evidence", HEALTHY, *arguments]) == 4


def test_where_nothing_is_left_to_judge_no_model_is_asked(tmp_path: Path, capsys: Capture) -> None:
    bundle, record = tmp_path / "bundle.json", tmp_path / "record.json"
    found = json.loads(gzip.decompress(Path(HEALTHY).read_bytes()))
    found["evidence"]["mismatch"] = "the Rollout has moved on"
    bundle.write_text(json.dumps(found))
    assert (
        run(
            [
                "analyze",
                "--evidence",
                str(bundle),
                "--model",
                scripted(tmp_path, "promote"),
                "--save",
                str(record),
            ]
        )
        == 4
    )
    assert "asking no model" in capsys.readouterr().err
    assert json.loads(record.read_text())["judgement"]["exchanges"] == []


def test_a_replay_says_what_it_pays_no_heed_to(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the environment or a file is for live runs as well, and is no mistake here."""
    looking = [
        "--since",
        "1h",
        "--log-pods",
        "3",
        "--shared-pods",
        "gateway=app=gateway",
        "--prometheus",
        "http://prometheus:9090",
    ]
    monkeypatch.setenv("ROLLOUT_ANALYZER_OBSERVE", "60s")
    assert run(["analyze", "--evidence", HEALTHY, "--min-fault-age", "1m", *looking]) == 0
    told = (
        "a replay reads nothing from the cluster, so it ignores --since, --log-pods,"
        " --shared-pods, --prometheus\n"
    )
    assert told in capsys.readouterr().err
    telling = ["--otlp", "--github-repo", "o/r", "--handoff-webhook", "http://h", "--notify", "slack"]
    assert run(["analyze", "--evidence", HEALTHY, "--min-fault-age", "1m", *telling]) == 0
    told = "a replay tells nobody, so it ignores --otlp, --github-repo, --handoff-webhook, --notify\n"
    assert told in capsys.readouterr().err
    assert run(["analyze", "--evidence", HEALTHY, "--min-fault-age", "1m"]) == 0
    assert "ignores" not in capsys.readouterr().err


def without_pods(bundle: str, side: str, tmp_path: Path) -> str:
    """The evidence of a bundle as it would be had that side no pod."""
    found = json.loads(gzip.decompress(Path(bundle).read_bytes()))
    for part in found["evidence"]["parts"]:
        if part["part"] == "pods" and part["side"] == side:
            part["pods"] = []
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(found))
    return str(path)


@pytest.mark.parametrize("side", ["stable", "canary"])
def test_a_side_without_pods_is_judged_by_nobody_who_has_not_seen_it(
    tmp_path: Path, capsys: Capture, side: str
) -> None:
    """`promote, 90 %` of a canary that is not there would be an answer to nothing."""
    assert run(["analyze", "--evidence", without_pods(HEALTHY, side, tmp_path), "--format", "json"]) == 4
    shown = capsys.readouterr()
    assert "asking no model: there is nothing to judge" in shown.err
    told = json.loads(shown.out)
    assert (told["rule"], told["verdicts"]) == ("missing evidence", [])


@pytest.mark.slow
@pytest.mark.parametrize(("verdict", "code"), [("promote", 4), ("rollback", 3), ("cannot_tell", 4)])
def test_a_promote_by_a_prompt_without_the_findings_does_not_count(
    verdict: str, code: int, tmp_path: Path, capsys: Capture
) -> None:
    warned, short = str(EXAMPLES / "new-errors.json.gz"), ["--prompt-tokens", "1570"]
    path = tmp_path / "script.json"
    path.write_text(
        json.dumps({"answer": {"verdict": verdict, "confidence": 95, "summary": "s", "findings": ["F1"]}})
    )
    assert run(["analyze", "--evidence", warned, "--model", f"scripted:{path}", *short]) == code
    said = capsys.readouterr().out
    assert "not shown: F1, F2, so no promote by this prompt counts (raise --prompt-tokens)" in said
    assert ("abstained: it says promote, but the prompt does not show" in said) == (verdict == "promote")
    if verdict == "promote":
        assert run(["analyze", "--evidence", warned, "--model", f"scripted:{path}"]) == 0
        judged = ["analyze", "--evidence", warned, *short, "--model"]
        assert [run([*judged, "builtin"]), run(["analyze", "--evidence", warned, "--model", "builtin"])] == [
            3,
            3,
        ]


def test_a_budget_that_cannot_hold_the_prompt_is_a_usage_error_before_anything_is_read(
    capsys: Capture,
) -> None:
    for command in ("analyze", "prompt"):
        assert run([command, "--evidence", "/nowhere.json.gz", "--prompt-tokens", "500"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "\nerror: --prompt-tokens 500 cannot hold the prompt: its own words take " in f"\n{said.err}"
        assert "reading" not in said.err


def test_a_prompt_above_its_budget_says_so(capsys: Capture) -> None:
    assert run(["prompt", "--evidence", HEALTHY, "--prompt-tokens", "1350"]) == 0
    assert ", more than --prompt-tokens 1350" in capsys.readouterr().err
    assert run(["analyze", "--evidence", HEALTHY, "--prompt-tokens", "1350", "--model", "builtin"]) == 0
    assert "more than --prompt-tokens 1350" in capsys.readouterr().out


def test_what_was_found_on_the_other_side_is_explained_all_the_same(tmp_path: Path, capsys: Capture) -> None:
    assert run(["analyze", "--evidence", without_pods(CRASHING, "stable", tmp_path), "--format", "json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert [each["answer"]["verdict"] for each in told["verdicts"]] == ["cannot_tell"]


def test_evidence_without_logs_is_not_read_as_clean_logs(tmp_path: Path, capsys: Capture) -> None:
    bundle = tmp_path / "bundle.json"
    found = json.loads(gzip.decompress(Path(HEALTHY).read_bytes()))
    # as a guard's record is
    found["evidence"]["parts"] = [part for part in found["evidence"]["parts"] if part["part"] != "logs"]
    bundle.write_text(json.dumps(found))
    assert run(["analyze", "--evidence", str(bundle)]) == 4
    out = capsys.readouterr().out
    assert "logs of the canary side: this evidence has none" in out
    assert "2 things could not be seen" in out


def test_raw_lines_with_times_that_no_calendar_has_are_judged_by_what_they_say(
    tmp_path: Path, capsys: Capture
) -> None:
    bundle = tmp_path / "bundle.json"
    found = json.loads(gzip.decompress(Path(HEALTHY).read_bytes()))
    found["evidence"]["parts"] = [part for part in found["evidence"]["parts"] if part["part"] != "logs"]
    end = load(Path(HEALTHY)).window.end
    served = [
        f"{(end - timedelta(minutes=number % 6)).isoformat()} INFO served request {number}"
        for number in range(300)
    ]
    broken = [
        "0000-00-00T00:00:00Z ERROR cannot reach the database",
        f"{end.isoformat()} ERROR cannot reach the database",
    ] * 30
    pods = (("stable", "a", served), ("canary", "b", served), ("canary", "c", broken))
    found["raw_logs"] = [
        {"side": side, "pod": pod, "container": "cart", "lines": lines} for side, pod, lines in pods
    ]
    bundle.write_text(json.dumps(found))
    assert run(["analyze", "--evidence", str(bundle)]) == 3
    assert "cannot reach the database" in capsys.readouterr().out


def test_a_weight_decides_between_two_models_and_is_shown(tmp_path: Path, capsys: Capture) -> None:
    against = {"verdict": "rollback", "confidence": 90, "summary": "It is slow.", "findings": ["F1"]}
    (tmp_path / "against.json").write_text(json.dumps({"answer": against}))
    other = f"scripted:{tmp_path / 'against.json'}"
    arguments = ["analyze", "--evidence", HEALTHY, "--model", scripted(tmp_path, "promote"), "--model", other]
    assert run(arguments) == 4
    capsys.readouterr()
    assert run([*arguments, "--weight", f"{other}=2"]) == 3
    out = capsys.readouterr().out
    assert f"{other} (weight 2): rollback, 90 %: It is slow." in out
    assert "(90 %, weight 2); scripted:" in out.splitlines()[0]
    assert "they differ" in out


def test_a_rollback_that_rests_on_nothing_is_no_rollback(tmp_path: Path, capsys: Capture) -> None:
    assert run(["analyze", "--evidence", HEALTHY, "--model", scripted(tmp_path, "rollback")]) == 4
    capsys.readouterr()
    answer = {
        "verdict": "rollback",
        "confidence": 90,
        "summary": "No.",
        "quotes": ["You judge a canary deployment."],
    }
    (tmp_path / "instructed.json").write_text(json.dumps([{"answer": answer}, {"answer": answer}]))
    assert run(["analyze", "--evidence", HEALTHY, "--model", f"scripted:{tmp_path / 'instructed.json'}"]) == 4
    assert "without a basis in the evidence" in capsys.readouterr().out


def test_an_inconclusive_answer_that_a_policy_lets_pass_is_loud_everywhere(
    tmp_path: Path, capsys: Capture
) -> None:
    log = tmp_path / "termination-log"
    arguments = [
        "--evidence",
        HEALTHY,
        "--model",
        scripted(tmp_path, "cannot_tell"),
        "--on-inconclusive",
        "pass",
    ]
    assert run(["analyze", *arguments, "--termination-log", str(log)]) == 0
    loud = "NOT JUDGED HEALTHY but passed by --on-inconclusive pass"
    assert loud in capsys.readouterr().out.splitlines()[1]
    assert loud in log.read_text()
    assert run(["analyze", *arguments, "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["outcome"], result["exit_code"], result["passed_by"]) == (
        "inconclusive",
        0,
        "--on-inconclusive pass",
    )


def test_infrastructure_that_a_policy_lets_pass_is_loud_and_a_usage_error_never_passes(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubeconfig = tmp_path / "config"
    context = {"name": "a", "context": {"cluster": "a", "user": "a", "namespace": "shop"}}
    cluster = {"name": "a", "cluster": {"server": "http://127.0.0.1:9"}}
    kubeconfig.write_text(
        json.dumps(
            {
                "clusters": [cluster],
                "users": [{"name": "a", "user": {}}],
                "contexts": [context],
                "current-context": "a",
            }
        )
    )
    arguments = [
        "analyze",
        "--kubeconfig",
        str(kubeconfig),
        "--stable-hash",
        "a",
        "--canary-hash",
        "b",
        "--deadline",
        "2s",
        "--on-error",
        "pass",
    ]
    assert run([*arguments, "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert "NOT JUDGED HEALTHY but passed by --on-error pass" in shown.err
    assert json.loads(shown.out)["passed_by"] == "--on-error pass"
    log = tmp_path / "termination-log"
    assert run([*arguments, "--termination-log", str(log)]) == 0
    assert "NOT JUDGED HEALTHY but passed by --on-error pass" in log.read_text()
    assert run([*arguments, "--context", "nowhere", "--termination-log", str(log)]) == 2
    assert "passed" not in log.read_text()


@pytest.mark.parametrize("layer", ["option", "environment", "config file"])
@pytest.mark.parametrize(
    "wrong",
    [
        ["--evidence", "nowhere.json"],
        ["--evidence", HEALTHY, "--rollout", "cart"],
        ["--evidence", HEALTHY, "--consensus", "loudest"],
        ["--evidence", HEALTHY, "--model", "gpt"],
        ["--evidence", HEALTHY, "--weight", "builtin=0"],
        ["--evidence", HEALTHY, "--previous", "nowhere.json"],
        ["--evidence", HEALTHY, "--template", "nowhere.j2"],
        ["--evidence", HEALTHY, "--no-such-option"],
    ],
)
def test_on_error_never_covers_what_was_asked_wrongly(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, wrong: list[str], layer: str
) -> None:
    policy = {
        "option": ["--on-error", "pass", "--on-inconclusive", "pass"],
        "environment": [],
        "config file": [],
    }[layer]
    if layer == "environment":
        monkeypatch.setenv("ROLLOUT_ANALYZER_ON_ERROR", "pass")
        monkeypatch.setenv("ROLLOUT_ANALYZER_ON_INCONCLUSIVE", "pass")
    elif layer == "config file":
        (tmp_path / "policy.yaml").write_text("on_error: pass\non_inconclusive: pass\n")
        policy = ["--config", str(tmp_path / "policy.yaml")]
    assert run(["analyze", *wrong, *policy]) == 2
    assert "passed by" not in capsys.readouterr().err


def test_a_gate_whose_prometheus_is_out_of_reach_is_worth_another_run_and_says_why(
    tmp_path: Path, capsys: Capture
) -> None:
    bundle, config = tmp_path / "bundle.json", tmp_path / "gates.yaml"
    found = json.loads(gzip.decompress(Path(HEALTHY).read_bytes()))
    gap = {"source": "prometheus", "side": None, "reason": "no connection to Prometheus at http://p:9090"}
    config.write_text("gates: [{query: success-rate, at_least: 0.95}]\n")
    for retryable, code, word in ((True, 5, "ERROR"), (False, 4, "INCONCLUSIVE")):
        found["evidence"]["gaps"] = [{**gap, "retryable": retryable}]
        bundle.write_text(json.dumps(found))
        assert (
            run(["analyze", "--evidence", str(bundle), "--model", "builtin", "--config", str(config)]) == code
        )
        headline, *_ = capsys.readouterr().out.splitlines()
        assert headline.startswith(word)
        assert "no connection to Prometheus at http://p:9090" in headline


def test_a_gate_of_a_query_that_is_nowhere_is_refused_in_a_replay(tmp_path: Path, capsys: Capture) -> None:
    config = tmp_path / "gates.yaml"
    gates = "gates: [{query: nosuch, at_least: 0.95}]\n"
    asked = ["analyze", "--evidence", HEALTHY, "--model", "builtin", "--config", str(config)]
    config.write_text(gates)
    assert run(asked) == 2
    assert "a gate is for the query 'nosuch', and there is none" in capsys.readouterr().err
    config.write_text(f"{gates}prometheus: {{queries: [{{name: nosuch, query: up}}]}}\n")
    assert run(asked) == 4
    assert "the evidence has no answer to the query nosuch" in capsys.readouterr().out


def test_json_is_one_object_on_stdout_and_nothing_else(capsys: Capture) -> None:
    assert run(["analyze", "--evidence", CRASHING, "--format", "json"]) == 3
    result = json.loads(capsys.readouterr().out)
    jsonschema.validate(result, json.loads((ROOT / "docs" / "schema" / "result.json").read_text()))
    assert (result["outcome"], result["exit_code"]) == ("rollback", 3)


def test_an_error_is_an_object_too_and_its_line_is_on_stderr(capsys: Capture) -> None:
    assert run(["analyze", "--evidence", "nowhere.json", "--format", "json"]) == 2
    shown = capsys.readouterr()
    assert json.loads(shown.out)["reason"] == "there is no file nowhere.json"
    assert "error: there is no file nowhere.json" in shown.err


def test_the_termination_message_says_the_outcome_first(tmp_path: Path) -> None:
    path = tmp_path / "termination-log"
    assert run(["analyze", "--evidence", CRASHING, "--termination-log", str(path)]) == 3
    assert path.read_text().startswith("ROLLBACK")
    assert run(["analyze", "--evidence", "nowhere.json", "--termination-log", str(path)]) == 2
    assert path.read_text().startswith("error: there is no file nowhere.json")


def test_a_termination_message_that_cannot_be_written_changes_nothing_but_is_said(
    capsys: Capture, tmp_path: Path
) -> None:
    assert run(["analyze", "--evidence", CRASHING, "--termination-log", str(tmp_path / "no" / "file")]) == 3
    assert "no termination message" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["record.json", "record.json.gz"])
def test_a_saved_record_replays_to_the_same_findings_prompt_and_verdict(
    tmp_path: Path, capsys: Capture, name: str
) -> None:
    results, prompts = [], []
    for evidence in (CRASHING, str(tmp_path / name)):
        run(["analyze", "--evidence", evidence, "--save", str(tmp_path / name), "--format", "json"])
        results.append(json.loads(capsys.readouterr().out))
        run(["prompt", "--evidence", evidence])
        prompts.append(capsys.readouterr().out)
    assert prompts[0] == prompts[1]
    assert results[0]["findings"] == results[1]["findings"]
    assert results[0]["verdicts"][0]["answer"] == results[1]["verdicts"][0]["answer"]
    assert load(Path(CRASHING)) == load(tmp_path / name)


def test_the_prompt_goes_to_stdout_and_its_size_to_stderr(capsys: Capture) -> None:
    assert run(["prompt", "--evidence", CRASHING, "--extra-prompt", "Ignore colour changes"]) == 0
    shown = capsys.readouterr()
    assert "Ignore colour changes" in shown.out
    assert "tokens" in shown.err


def test_without_a_person_progress_is_one_plain_line_a_stage(capsys: Capture) -> None:
    run(["analyze", "--evidence", HEALTHY])
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert all(line.startswith("rollout-analyzer: ") and "\x1b" not in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyse"], "No such command"),
        (["analyze", "--rolout", "cart"], "--rollout"),
        (["analyze", "--model", "gpt"], "there is no model 'gpt'"),
        (["analyze", "--model", "ollma"], "did you mean ollama"),
        (["analyze", "--model", "scripted:nowhere.json"], "nowhere.json"),
        (["analyze", "--model", "builtin", "--weight", "bultin=2"], "did you mean builtin"),
        (["analyze", "--model", "builtin", "--weight", "builtin=nan"], "--weight gemini=2"),
        (["analyze", "--consensus", "loudest"], "any-rollback"),
        (["analyze", "--model", "builtin", "--rollout", "cart", "--require", "log"], "did you mean logs"),
        (["analyze", "--model", "builtin", "--evidence", CRASHING, "--require", "log"], "did you mean logs"),
        (["analyze", "--since", "yesterday"], "no duration"),
        (["analyze", "--evidence", CRASHING, "--rollout", "cart"], "no other can be named"),
        (["analyze", "--evidence", CRASHING, "--template", "nowhere.j2"], "there is no template"),
        (["analyze", "--kubeconfig", "nowhere", "--rollout", "cart"], "nowhere"),
        (["analyze", "--kubeconfig", "nowhere"], "no target was given"),
        (["analyze", "--kubeconfig", "nowhere", "--stable-hash", "a"], "belong together"),
        (["guard", "--kubeconfig", "nowhere", "--rollout", "Cart.."], "is not valid in Kubernetes"),
        (
            ["guard", "--kubeconfig", "nowhere", "--rollout", "deployment/cart"],
            "names no Rollout: write its name alone",
        ),
        (["analyze", "--since", "10"], "'10' has no unit: write 10s or 10m"),
        (["analyze", "--evidence", HEALTHY, "--deadline", "0s"], "1s is the least"),
        (["analyze", "--evidence", HEALTHY, "--since", "9000h"], "longer than a year"),
        (["analyze", "--evidence", HEALTHY, "--min-confidence", "nan"], "no number"),
        (["analyze", "--evidence", HEALTHY, "--extra-prompt", "b\udcffd"], "not UTF-8"),
        (["analyze", "--evidence", HEALTHY, "--previous", "nowhere.json"], "analyze --save FILE"),
        (
            ["analyze", "--evidence", HEALTHY, "--save", "/nowhere/record.json"],
            "there is no directory /nowhere",
        ),
        (
            ["collect", "--rollout", "cart", "--output", "/nowhere/cart.json"],
            "there is no directory /nowhere",
        ),
        (["collect", "--rollout", "cart"], "--output"),
        (["analyze", "--evidence", "configmap:cart", "--namespace", "shop"], "configmap:NAMESPACE/NAME"),
        (["collect", "--rollout", "cart", "--output", "configmap:cart"], "a bundle is kept in a file"),
        (["analyze", "--evidence", HEALTHY, "--previous", "-"], "'-' is none"),
        (["analyze", "--evidence", HEALTHY, "--save", "-"], "'-' is none"),
        (["collect", "--model", "builtin"], "It is one of analyze, settings, check, eval."),
        (["prompt", "--file", "rollout.yaml"], "It is one of check."),
        (["analyze", "--evidence", HEALTHY, "--model", "scripted:nowhere.json"], "--model scripted:FILE"),
    ],
)
def test_bad_input_is_a_clear_line_and_exit_code_2(capsys: Capture, arguments: list[str], says: str) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--since", "10", "--min-fault-age", "soon", "--quorom", "2"],
            ["--since", "--min-fault-age", "--quorom"],
        ),
        (["--min-share", "60", "stray"], ["--min-share", "(stray)"]),
        (["--nothing", "--file=x", "--on-error", "panic"], ["--nothing", "--file", "--on-error"]),
    ],
)
def test_one_bad_option_hides_no_other(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], says: list[str]
) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_LOG_PODS", "none")
    log = tmp_path / "termination-log"
    assert run(["analyze", *arguments, "--termination-log", str(log)]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
    for each in (*says, "ROLLOUT_ANALYZER_LOG_PODS"):
        assert sum(each in line for line in told) == 1
        assert each in log.read_text()
    assert len(told) == len(says) + 1


def test_neither_a_broken_config_file_nor_a_misspelt_variable_hides_the_rest(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, log = tmp_path / "config.yaml", tmp_path / "termination-log"
    monkeypatch.setenv("ROLLOUT_ANALYZER_MODELS", "builtin")
    arguments = [
        "analyze",
        "--config",
        str(file),
        "--termination-log",
        str(log),
        "--since",
        "10",
        "--quorom=2",
    ]
    for text, says in (
        ("min_fault_age: soon\nlog_pods: all\n", ["line 1: min_fault_age", "line 2: log_pods"]),
        ("gats: []", ["gates"]),
    ):
        file.write_text(text)
        assert run(arguments) == 2
        told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
        assert len(told) == 4
        for each in (*says, "--since", "--quorom", "did you mean ROLLOUT_ANALYZER_MODEL?"):
            assert sum(each in line for line in told) == 1
            assert each in log.read_text()


def test_a_config_file_that_is_wrong_alone_is_told_alone(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("min_fault_age: soon\nlog_pods: all\n")
    assert run(["settings", "--config", str(tmp_path / "config.yaml")]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("error: ")
    assert ("line 1: min_fault_age" in told, "line 2: log_pods" in told) == (True, True)


def test_an_option_before_the_command_is_refused_without_the_whole_help(capsys: Capture) -> None:
    assert run(["--namespace", "shop"]) == 2
    assert "Commands:" not in capsys.readouterr().err


def test_variables_that_are_nearly_options_are_named_together(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MODELS", "SINCES"):
        monkeypatch.setenv(f"ROLLOUT_ANALYZER_{name}", "1")
    assert run(["settings"]) == 2
    told = capsys.readouterr().err
    assert "variables ROLLOUT_ANALYZER_MODELS, ROLLOUT_ANALYZER_SINCES\n" in told
    assert "did you mean ROLLOUT_ANALYZER_MODEL, ROLLOUT_ANALYZER_SINCE?" in told


@pytest.mark.usefixtures("bare_environment")
def test_who_is_asked_is_said_once_and_not_before_an_error(capsys: Capture) -> None:
    assert run(["analyze", "--evidence", HEALTHY]) == 0
    shown = capsys.readouterr()
    assert (shown.out + shown.err).count("no key or host of one is set") == 1
    assert run(["analyze", "--evidence", "nowhere.json"]) == 2
    assert "builtin" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["analyze"], ["guard"], ["check"], ["settings"]])
def test_the_help_fits_a_terminal_of_80_columns(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert [line for line in shown.partition("Exit codes")[2].splitlines() if len(line) > 80] == []
    assert not re.search(r"-\n", shown.partition("Exit codes")[2])


def test_the_help_has_its_options_in_sections(capsys: Capture) -> None:
    assert run(["analyze", "--help-all"]) == 0
    sections = re.split(
        r"^(\w[\w ]+):$", capsys.readouterr().out.partition("Exit codes:")[0], flags=re.MULTILINE
    )
    shown = {
        title: re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.MULTILINE)
        for title, text in zip(sections[1::2], sections[2::2], strict=True)
    }
    assert shown["Models"] == ["--model", "--ollama-pull", "--weight"]
    assert {"--namespace", "--rollout", "--evidence"} <= set(shown["Target"])
    assert (list(shown)[-1], shown["Options"][-1]) == ("Options", "--help")
    assert (
        sum(map(len, shown.values()))
        == len(set(chain.from_iterable(shown.values())))
        == len(analyze.params) + 2
    )


def test_the_help_shows_what_most_people_need_and_how_to_see_the_rest(capsys: Capture) -> None:
    assert run(["analyze", "--help"]) == 0
    shown = re.findall(r"^  (?:-\w, )?(--[\w-]+)", capsys.readouterr().out, re.MULTILINE)
    assert len(shown) < 25
    assert {"--rollout", "--model", "--help-all"} <= set(shown)
    assert "--kubeconfig" not in shown


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_options(installed: Callable[..., "subprocess.Popen[str]"], shell: str) -> None:
    """By the variable that the README names."""
    script, _ = installed(env=os.environ | {"_ROLLOUT_ANALYZER_COMPLETE": f"{shell}_source"}).communicate()
    assert "rollout-analyzer" in script
    words = {
        "COMP_WORDS": "rollout-analyzer analyze --on-inc",
        "COMP_CWORD": "2" if shell != "fish" else "--on-inc",
    }
    offered, _ = installed(
        env=os.environ | words | {"_ROLLOUT_ANALYZER_COMPLETE": f"{shell}_complete"}
    ).communicate()
    assert "--on-inconclusive" in offered


def test_verbose_shows_the_causes(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    assert run(["analyze", "--evidence", str(tmp_path / "broken.json"), "--verbose"]) == 2
    assert "caused by msgspec.DecodeError" in capsys.readouterr().err


def test_a_bug_is_a_line_and_exit_code_1_and_never_an_answer(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.run.runs.judge", lambda *_: 1 / 0)
    assert run(["analyze", "--evidence", HEALTHY]) == 1
    shown = capsys.readouterr()
    assert "a bug in rollout-analyzer" in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


@pytest.mark.slow
@pytest.mark.timed
class TestSignals:
    """A run that is told to end, ends: within a second, with nothing reported."""

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
    def test_a_signal_ends_a_run_that_waits_for_a_model(
        self,
        tmp_path: Path,
        installed: Callable[..., "subprocess.Popen[str]"],
        number: signal.Signals,
        code: int,
    ) -> None:
        (tmp_path / "slow.json").write_text(
            json.dumps({"answer": {"verdict": "promote", "confidence": 90, "summary": "x"}, "delay": 60})
        )
        record = tmp_path / "record.json"
        process = installed(
            "analyze",
            "--evidence",
            HEALTHY,
            "--model",
            f"scripted:{tmp_path / 'slow.json'}",
            "--save",
            str(record),
        )
        assert process.stderr is not None
        assert any("; asking scripted" in line for line in process.stderr)
        process.send_signal(number)
        assert process.wait(timeout=1) == code
        assert process.stdout is not None
        assert process.stdout.read() == ""
        assert not record.exists()

    def test_at_the_deadline_the_rules_decide_without_the_model(
        self, tmp_path: Path, installed: Callable[..., "subprocess.Popen[str]"]
    ) -> None:
        (tmp_path / "slow.json").write_text(
            json.dumps({"answer": {"verdict": "promote", "confidence": 90, "summary": "x"}, "delay": 60})
        )
        process = installed(
            "analyze",
            "--evidence",
            HEALTHY,
            "--model",
            f"scripted:{tmp_path / 'slow.json'}",
            "--deadline",
            "1s",
        )
        out, _ = process.communicate(timeout=10)
        assert process.returncode == 5
        assert "no answer by the deadline" in out
