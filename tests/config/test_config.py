"""The config file: what it may say, what it is refused for and on which line, and which layer wins."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import cli, run
from analyzer.cli.check import parsed
from analyzer.config.nodes import LARGEST_FILE
from analyzer.errors import UsageError
from analyzer.settings import Price, SecretPattern, Settings

pytestmark = pytest.mark.usefixtures("bare_environment")
ROOT = Path(__file__).parents[2]
CRASHING, ERRORS = (
    str(ROOT / "examples" / "evidence" / f"{name}.json.gz") for name in ("crash-loop", "new-errors")
)


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """The path of a config file with this text."""

    def write(text: str | bytes) -> str:
        path = tmp_path / "config.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def settings(*arguments: str) -> Settings:
    return parsed(cli, "analyze", [*arguments])


def refused(path: str) -> UsageError:
    with pytest.raises(UsageError) as error:
        settings("--config", path)
    return error.value


def test_a_value_is_written_as_on_the_command_line(written: Any) -> None:
    given = settings(
        "--config",
        written(
            "since: 1h30m\nlog_bytes: 64KiB\nmin_share: 0.7\nquorum: 2\nmodel: [gemini,"
            " builtin]\nrollout: cart\n"
        ),
    )
    assert (given.look.since, given.look.log_bytes, given.rules.min_share, given.rules.quorum) == (
        5400,
        65536,
        0.7,
        2,
    )
    assert (given.ask.models, given.where.rollout) == (("gemini", "builtin"), "cart")


@pytest.mark.parametrize("text", ["model: builtin", 'model: ["builtin"]', "model:\n  - builtin"])
def test_an_option_that_repeats_takes_one_or_a_list(written: Any, text: str) -> None:
    assert settings("--config", written(text)).ask.models == ("builtin",)


def test_prices_are_a_section_by_the_name_that_reports_give_a_model(written: Any) -> None:
    given = settings(
        "--config",
        written(
            "prices:\n  gemini:gemini-3.8-flash: {tokens_in: 0.6, tokens_out: 3}\n  ollama:gemma4:12b:"
            " {tokens_in: 0, tokens_out: 0.1}\n"
        ),
    )
    assert given.ask.prices == {
        "gemini:gemini-3.8-flash": Price(tokens_in=0.6, tokens_out=3.0),
        "ollama:gemma4:12b": Price(tokens_in=0.0, tokens_out=0.1),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prices:\n  a: {tokens_in: -1, tokens_out: 3}", "line 2"),
        ("prices:\n  a: {tokens_in: 1}", "tokens_out"),
        ("prices:\n  a: {tokens_in: 1, tokens_ot: 3}", "tokens_ot"),
        ("prices:\n  a: 3", "takes a mapping"),
    ],
)
def test_a_price_that_does_not_hold_is_refused(written: Any, text: str, says: str) -> None:
    assert says in str(refused(written(text)))


@pytest.mark.parametrize("text", ["54e123", "0123456", "1234567890", "off", "12:30", "2026-01-01"])
def test_text_is_what_stands_there_whatever_yaml_would_make_of_it(written: Any, text: str) -> None:
    assert settings("--config", written(f"canary_hash: {text}\n")).where.canary_hash == text


def test_default_file_environment_option_in_this_order(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_SINCE", "2s")
    monkeypatch.setenv("ROLLOUT_ANALYZER_DEADLINE", "2s")
    path = written("min_fault_age: 10s\nsince: 20s\ndeadline: 30s\n")
    given = settings("--config", path, "--deadline", "3s")
    assert (given.rules.min_fault_age, given.look.since, given.deadline, given.rules.quorum) == (10, 2, 3, 0)
    assert [given.origins[name] for name in ("min_fault_age", "since", "deadline", "quorum")] == [
        "config file",
        "environment",
        "option",
        "default",
    ]


def test_the_file_may_be_named_by_the_environment(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_CONFIG", written("min_fault_age: 10s"))
    assert settings().rules.min_fault_age == 10


def test_sections_are_values_of_their_types(written: Any) -> None:
    given = settings(
        "--config",
        written(
            "severity: {crash-loop: warning}\nignore: [a, b]\nredact: [{kind: customer, regex: 'C-\\d+'}]\n"
        ),
    )
    assert given.rules.severity == {"crash-loop": "warning"}
    assert given.rules.ignore == ("a", "b")
    assert given.hide.redact == (SecretPattern(kind="customer", regex=r"C-\d+"),)
    assert (given.origins["severity"], given.origins["redact"]) == ("config file", "config file")


def test_prometheus_is_an_address_or_a_section_and_an_option_beats_the_sections_field(written: Any) -> None:
    assert settings("--config", written("prometheus: http://p:9090")).look.prometheus.url == "http://p:9090"
    path = written("prometheus:\n  url: http://file\n  queries: [{name: a, query: up, range: 10m}]\n")
    given = settings("--config", path, "--prometheus", "http://option").look.prometheus
    assert (given.url, given.queries[0].range) == ("http://option", 600)
    assert settings("--config", path).look.prometheus.url == "http://file"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_sets_nothing(written: Any, text: str) -> None:
    assert settings("--config", written(text)).rules == Settings().rules


def test_one_file_serves_every_command(
    written: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written("quorum: 1\nformat: json\nmodel: builtin\n")
    assert run(["prompt", "--evidence", CRASHING, "--config", path]) == 0
    assert (
        run(
            [
                "collect",
                "--output",
                str(tmp_path / "x.json"),
                "--kubeconfig",
                "nowhere",
                "--rollout",
                "x",
                "--config",
                path,
            ]
        )
        == 2
    )
    assert "nowhere" in capsys.readouterr().err
    assert run(["analyze", "--evidence", CRASHING, "--config", path]) == 3
    assert json.loads(capsys.readouterr().out)["outcome"] == "rollback"


def test_a_target_in_the_file_is_no_hindrance_to_a_replay(written: Any) -> None:
    assert (
        run(["analyze", "--evidence", CRASHING, "--config", written("namespace: shop\nrollout: cart\n")]) == 3
    )


REFUSED = [  # (text, line, what is said, advice)
    ("min_fault_agee: 2m", 1, "no key 'min_fault_agee'", "did you mean min_fault_age?"),
    ("a: 1", 1, "no key 'a'", "docs/config.md"),
    ("since: 1m\nmin-fault-age: 2m", 2, "no key 'min-fault-age'", "did you mean min_fault_age?"),
    ("# x\nsince: yesterday", 2, "since: 'yesterday' is no duration", ""),
    ("since: true", 1, "'true' is no duration", ""),
    ("quorum: many", 1, "quorum", ""),
    ("min_share: 60", 1, "0<=x<=1", ""),
    ("consensus: loudest", 1, "any-rollback", ""),
    ("redact_emails: perhaps", 1, "redact_emails", ""),
    ("since: [1m, 2m]", 1, "one value, not a list", ""),
    ("since: {a: b}", 1, "since takes one value", ""),
    ("rollout:", 1, "rollout has no value", "leave the key out"),
    ("model: [[builtin]]", 1, "model[0] takes one value", ""),
    ("severity:\n  crash-lop: warning", 2, "no kind of finding 'crash-lop'", "did you mean crash-loop?"),
    (
        "severity:\n  oom-kill: info\n  crash-loop: wrning",
        3,
        "'wrning' is none of blocking, hold, info, warning",
        "did you mean warning?",
    ),
    ("severity: warning", 1, "severity takes a mapping", ""),
    ("ignore: x", 1, "ignore takes a list", ""),
    ("ignore:\n  - a\n  - '('", 3, "ignore.1: '(' is no pattern: missing )", "RE2"),
    ("ignore: ['a*']", 1, "matches the empty text", ""),
    ("redact:\n- kind: a\n  regex: '(?=x)'", 3, "redact.0.regex", "no look-around"),
    ("redact:\n- kind: a", 2, "missing required field `regex`", ""),
    ("redact:\n- kind: A b!\n  regex: x", 2, "redact[0].kind", ""),
    ("redact:\n- kid: a\n  regex: x", 2, "no key 'kid' in redact[0]", "did you mean kind?"),
    ("prometheus:\n  urll: x", 2, "no key 'urll' in prometheus", "did you mean url?"),
    (
        "prometheus:\n  queries:\n  - name: a\n    range: long",
        4,
        "prometheus.queries[0].range: 'long' is no duration",
        "",
    ),
    ("gates:\n- query: a\n  critical: maybe", 3, "gates[0].critical: 'maybe' is neither true nor false", ""),
    ("since: 1m\nsince: 2m", 2, "the key 'since' is there twice, first on line 1", ""),
    ("severity:\n  oom-kill: info\n  oom-kill: hold", 3, "twice", ""),
    ("- a\n- b", 1, "one mapping", ""),
    ("just text", 1, "one mapping", ""),
    ("since: 'x", 1, "this is no YAML", ""),
    ("since: 1m\n\tmin_fault_age: 2m", 2, "this is no YAML", ""),
    ("a: 1\n---\nb: 2", 2, "single document", ""),
    ("ignore: &a [x]\nrequire: *a", 2, "an alias", "write the value out"),
    ("since: !!python/object/apply:os.system ['true']", 1, "a tag", ""),
    ("ignore: " + "[" * 60_000 + "]" * 60_000, 1, "nested more than 32 levels", ""),
    ("[a, b]: c", 1, "a key is one word", ""),
    ("since: \x07", 1, "this is no YAML", ""),
]


@pytest.mark.parametrize(
    ("text", "line", "says", "advice"),
    REFUSED,
    ids=[f"{index}-{case[2][:20]}" for index, case in enumerate(REFUSED)],
)
def test_what_does_not_hold_is_refused_with_its_line(
    written: Any, text: str, line: int, says: str, advice: str
) -> None:
    error = refused(written(text))
    assert f"config.yaml, line {line}: " in str(error)
    assert says in str(error)
    assert advice in error.advice


def test_a_file_that_cannot_be_read_is_refused(written: Any, tmp_path: Path) -> None:
    assert "No such file" in str(refused(str(tmp_path / "nowhere.yaml")))
    assert "not UTF-8" in str(refused(written(b"since: \xff\xfe")))
    compressed = refused(written(gzip.compress(b"{}")))
    assert "is compressed" in str(compressed)
    assert "'analyze --evidence'" in compressed.advice
    assert "more than 1024 KiB" in str(refused(written(b"#" * (LARGEST_FILE + 1))))


def test_a_bad_file_is_one_line_and_exit_code_2(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "--evidence", CRASHING, "--config", written("min_fault_agee: 2m")]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["  did you mean min_fault_age?"]


def test_a_lowered_severity_changes_the_answer_and_every_report_says_so(
    written: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, termination, script = (
        written("severity: {crash-loop: warning}"),
        tmp_path / "termination",
        tmp_path / "promotes.json",
    )
    script.write_text(json.dumps({"answer": {"verdict": "promote", "confidence": 90, "summary": "fine"}}))
    asked = [
        "analyze",
        "--evidence",
        CRASHING,
        "--model",
        f"scripted:{script}",
        "--termination-log",
        str(termination),
    ]
    assert run(asked) == 3
    assert "overrid" not in capsys.readouterr().out
    assert run([*asked, "--config", written("severity: {crash-loop: blocking}")]) == 3
    assert "overrid" not in capsys.readouterr().out
    path = written("severity: {crash-loop: warning}")
    assert run([*asked, "--config", path]) == 4, (
        "no rollback any more; a canary without a Ready pod is no promote either"
    )
    out = capsys.readouterr().out
    assert "warning (blocking by default) crash-loop" in out
    assert "crash-loop: warning instead of blocking" in out
    assert "crash-loop: warning instead of blocking" in termination.read_text()
    run([*asked, "--config", path, "--format", "json"])
    result = json.loads(capsys.readouterr().out)
    assert result["overridden"] == {"crash-loop": "warning"}
    told = [
        (each["severity"], each["default"])
        for each in result["findings"]
        if each["finding"]["kind"] == "crash-loop"
    ]
    assert told == [("warning", "blocking")]


def test_a_severity_that_changes_nothing_is_said_as_well(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run(
        [
            "analyze",
            "--evidence",
            CRASHING,
            "--model",
            "builtin",
            "--config",
            written("severity: {oom-kill: info}"),
        ]
    )
    assert "oom-kill: info instead of blocking" in capsys.readouterr().out


@pytest.mark.slow
def test_an_ignored_template_is_no_finding_nor_in_the_prompt_and_is_counted(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(*arguments: str) -> tuple[set[str], str]:
        run(["analyze", "--evidence", ERRORS, "--model", "builtin", "--format", "json", *arguments])
        kinds = {each["finding"]["kind"] for each in json.loads(capsys.readouterr().out)["findings"]}
        run(["prompt", "--evidence", ERRORS, *arguments])
        return kinds, capsys.readouterr().out

    before, prompt = found()
    assert {"new-error-template", "error-share"} <= before
    assert "level=ERROR" in prompt
    after, prompt = found(
        "--config", written("ignore: ['level=ERROR', '(?i)error|refused|failed', 'status=5xx']")
    )
    assert not {"new-error-template", "error-share"} & after
    assert "ignored-log-templates" in after
    assert "level=ERROR" not in prompt
    assert "lines ignored" in prompt


@pytest.mark.slow
def test_own_patterns_and_addresses_are_masked_in_a_replay_too(
    written: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = tmp_path / "record.json"
    path = written(
        "redact_emails: true\nredact:\n- kind: amount\n  regex: 'currency=(\\w+)'\nmodel: builtin\n"
    )
    runs = []
    for evidence in (CRASHING, str(record)):
        run(["analyze", "--evidence", evidence, "--config", path, "--save", str(record)])
        run(["prompt", "--evidence", evidence, "--config", path])
        runs.append(capsys.readouterr().out)
    assert "currency=EUR" not in record.read_text()
    assert json.loads(record.read_text())["evidence"]["masked"]["amount"] > 0
    assert "currency=[masked amount]" in runs[0]
    assert runs[0].replace(str(record), CRASHING) == runs[1].replace(str(record), CRASHING)


def test_settings_shows_each_value_and_its_origin_and_can_be_read_back(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(
        "min_fault_age: 2m\nseverity: {oom-kill: hold}\nignore:"
        " ['password=\\S+']\nextra_prompt: 'a # b: \"c\"'\nprometheus: {url: 'http://p', queries: [{name:"
        " up, query: up}]}\n"
    )
    assert run(["settings", "--config", path, "--since", "5m"]) == 0
    shown = capsys.readouterr().out
    assert "min_fault_age: 2m  # config file\n" in shown
    assert "since: 5m  # option\n" in shown
    assert "quorum: 0  # default\n" in shown
    run(["settings", "--config", written(shown)])
    values = [line.rpartition("  # ")[0] for line in capsys.readouterr().out.splitlines()]
    assert values == [line.rpartition("  # ")[0] for line in shown.splitlines()]


def test_settings_shows_what_prometheus_is_asked_line_by_line(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    query = (
        "    - {name: errors, query: 'sum(rate(e{h=\"$hash\"}[$window]))', range: 15m}\n    - {name: ok,"
        " preset: istio-success-rate}\n"
    )
    path = written(
        f"prometheus:\n  url: http://p:9090\n  queries:\n{query}gates:\n  - {{query: ok, at_least: 0.95}}\n"
    )
    assert run(["settings", "--config", path]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith(
        "prometheus:  # config file\n  url: http://p:9090\n  queries:\n"
        '  - name: errors\n    query: sum(rate(e{h="$hash"}[$window]))\n    range: 900\n'
        "  - name: ok\n    preset: istio-success-rate\n"
        "gates:  # config file\n  - query: ok\n    at_least: 0.95\n"
    )
    assert run(["settings", "--config", written(shown)]) == 0
    assert capsys.readouterr().out == shown.replace("# default", "# config file")


def test_settings_refuses_what_analyze_would_and_says_all_of_it(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("prometheus:\n  url: http://p:9090\n  queries: [{name: ok, preset: istio-succes-rate}]\n")
    assert (
        run(
            [
                "analyze",
                "--config",
                path,
                "--rollout",
                "cart",
                "--kubeconfig",
                "nowhere",
                "--model",
                "builtin",
            ]
        )
        == 2
    )
    (refused,) = (line for line in capsys.readouterr().err.splitlines() if line.startswith("error: "))
    assert run(["settings", "--config", path, "--require", "log"]) == 2
    told = capsys.readouterr()
    assert "preset: istio-succes-rate" in told.out
    assert refused in told.err
    assert "istio-success-rate" in told.err
    assert "did you mean logs" in told.err


@pytest.mark.slow
def test_without_a_file_or_a_pattern_neither_yaml_nor_re2_is_imported() -> None:
    code = (
        "import sys\nfrom analyzer.cli import run\nrun(sys.argv[1:])\nprint({'yaml',"
        " 're2'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "prompt", "--evidence", CRASHING],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "set()"
