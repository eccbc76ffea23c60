"""`--otlp`: what is refused beforehand, what arrives at a collector, and what is said where nothing does."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from analyzer import telemetry
from analyzer.cli import run
from analyzer.cli.answer import answer as answer_with
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.options.invocation import Invocation
from analyzer.records.record import Record
from analyzer.settings import Settings, Tell
from analyzer.telemetry import check_telemetry, send
from analyzer.telemetry.finished import FinishedRun, from_record
from tests.report.conftest import recorded as recorded  # noqa: PLC0414 - the fixture
from tests.telemetry.collector import Collector, attributes_of

Finished = Callable[..., FinishedRun]
ASKED = Tell(otlp=True, otlp_labels=("team=checkout",))
HEALTHY = str(Path(__file__).parents[2] / "examples/evidence/healthy.json.gz")
NOWHERE = "http://127.0.0.1:9"


class TestChecks:
    def test_what_is_not_asked_for_needs_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(telemetry, "SDK", ("no_such_package.at_all",))
        check_telemetry(Tell(), {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})

    def test_a_missing_sdk_is_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(telemetry, "SDK", ("no_such_package.at_all",))
        with pytest.raises(UsageError, match="needs the OpenTelemetry SDK, which is not installed") as error:
            check_telemetry(ASKED, {})
        assert ".[otlp]" in error.value.advice

    @pytest.mark.parametrize(
        ("label", "says"),
        [
            ("team", "is not NAME=VALUE"),
            ("Team=checkout", "is not NAME=VALUE"),
            ("team=", "is not NAME=VALUE"),
            ("team=a\tb", "is not NAME=VALUE"),
            (f"team={'x' * 200}", "is not NAME=VALUE"),
        ],
    )
    def test_a_label_that_cannot_be(self, label: str, says: str) -> None:
        with pytest.raises(UsageError, match=says):
            check_telemetry(Tell(otlp_labels=(label,)), {})

    def test_a_label_twice_and_too_many(self) -> None:
        many = tuple(f"label{number}=x" for number in range(11))
        for labels in (("team=a", "team=b"), many):
            with pytest.raises(UsageError, match="10 names at most, each once"):
                check_telemetry(Tell(otlp_labels=labels), {})

    @pytest.mark.parametrize(
        ("environ", "says"),
        [
            ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'"),
            ({"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is 'grpc'"),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "otel:4318"}, "is no address"),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://me:hunter2@otel"}, "is no address"),
            ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "ftp://otel"}, "_METRICS_ENDPOINT is no address"),
            (
                {
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318",
                    "OTEL_EXPORTER_OTLP_HEADERS": "k=hunter2",
                },
                "OTEL_EXPORTER_OTLP_HEADERS would go to otel over http",
            ),
            (
                {
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://otel/v1/traces",
                    "OTEL_EXPORTER_OTLP_HEADERS": "k=hunter2",
                },
                "OTEL_EXPORTER_OTLP_HEADERS would go to otel over http",
            ),
            (
                {
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318",
                    "OTEL_EXPORTER_OTLP_METRICS_HEADERS": "k=hunter2",
                },
                "OTEL_EXPORTER_OTLP_METRICS_HEADERS would go to otel over http",
            ),
        ],
    )
    def test_variables_that_cannot_be(self, environ: Mapping[str, str], says: str) -> None:
        with pytest.raises(UsageError, match=says) as error:
            check_telemetry(ASKED, environ)
        assert "hunter2" not in f"{error.value} {error.value.advice}"

    def test_what_was_refused_is_not_sent_by_a_run_that_it_ended(self, finished: Finished) -> None:
        environ = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.1:4318",
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=hunter2",
        }
        (said,) = send(finished(), ASKED, environ, Deadline.after(60))
        assert said.startswith(
            "OpenTelemetry: nothing was sent: OTEL_EXPORTER_OTLP_HEADERS would go to 192.0.2.1"
        )

    def test_a_label_that_a_mask_has_changed_is_a_warning(self, finished: Finished) -> None:
        (said,) = send(finished(), Tell(otlp=True, otlp_labels=("[masked team]",)), {}, Deadline.after(60))
        assert said.startswith("OpenTelemetry: nothing was sent: ")

    def test_variables_that_can_be(self) -> None:
        check_telemetry(ASKED, {})
        check_telemetry(ASKED, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel.observability:4318"})
        check_telemetry(
            ASKED,
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example.com/x",
                "OTEL_EXPORTER_OTLP_HEADERS": "k=v",
            },
        )


@pytest.mark.slow
class TestSending:
    def deliver(self, made: FinishedRun, tell: Tell = ASKED, seconds: float = 10) -> tuple[str, ...]:
        return send(made, tell, os.environ, Deadline.after(seconds))

    def test_metrics_and_one_trace_arrive(
        self, finished: Finished, collector: Collector, endpoint: str
    ) -> None:
        assert self.deliver(finished()) == ()
        points = {point.name: point for point in collector.points()}
        runs, duration = points["rollout_analyzer.runs"], points["rollout_analyzer.run.duration"]
        assert (runs.kind, runs.value, runs.attributes["rollout_analyzer.outcome"]) == ("sum", 1, "rollback")
        assert (duration.kind, duration.unit, duration.value) == ("histogram", "s", 15.0)
        assert sum(duration.counts) == 1
        assert runs.attributes["team"] == "checkout"
        assert runs.resource["service.name"] == "rollout-analyzer"
        spans = {span.name: span for span in collector.spans()}
        assert set(spans) == {
            "canary analysis",
            "gather",
            "judge",
            "effects",
            "chat flash",
            "chat gemma4:12b",
        }
        assert len({span.trace_id for span in spans.values()}) == 1
        root, judge = spans["canary analysis"], spans["judge"]
        assert (root.parent_span_id, judge.parent_span_id) == (b"", root.span_id)
        assert spans["chat flash"].parent_span_id == judge.span_id
        assert (root.end_time_unix_nano - root.start_time_unix_nano) == 15 * 10**9
        assert attributes_of(root)["rollout_analyzer.exit_code"] == 3
        assert (root.status.code, spans["chat gemma4:12b"].status.code) == (0, 2)

    def test_each_run_is_an_instance_of_its_own(
        self, finished: Finished, collector: Collector, endpoint: str
    ) -> None:
        """Or the next run's counter, which is 1 again, would be no increase."""
        for _ in range(2):
            self.deliver(finished())
        instances = {
            point.resource["service.instance.id"]
            for point in collector.points()
            if point.name == "rollout_analyzer.runs"
        }
        assert len(instances) == 2

    def test_the_sdk_s_variables_count(
        self, finished: Finished, collector: Collector, endpoint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OTEL_SERVICE_NAME", "judges")
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=hunter2")
        assert self.deliver(finished()) == ()
        resource = collector.points()[0].resource
        assert (resource["service.name"], resource["deployment.environment.name"]) == ("judges", "prod")
        assert {headers["x-api-key"] for _, headers, _ in collector.requests} == {"hunter2"}
        assert not any(b"hunter2" in body for _, _, body in collector.requests)

    @pytest.mark.parametrize("status", [302, 400, 401, 500])
    def test_a_collector_that_refuses_is_said(
        self, finished: Finished, collector: Collector, endpoint: str, status: int
    ) -> None:
        collector.status = status
        assert self.deliver(finished()) == tuple(
            f"OpenTelemetry: the {signal} did not reach 127.0.0.1: it answered {status}"
            for signal in ("metrics", "trace")
        )
        assert len(collector.requests) == 2  # no redirect is followed

    def test_one_that_is_silent_is_left_by_the_deadline(
        self, finished: Finished, collector: Collector, endpoint: str
    ) -> None:
        collector.silent = True
        try:
            lines = self.deliver(finished(), seconds=0.5)
        finally:
            collector.hung_up.set()
        assert len(lines) == 2
        assert all("no answer" in line for line in lines)

    def test_none_at_all_is_said_without_what_may_be_a_credential(
        self, finished: Finished, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{NOWHERE}/hunter2")
        lines = self.deliver(finished(), seconds=2)
        assert all("did not reach 127.0.0.1: no answer" in line for line in lines)
        assert len(lines) == 2
        shown = capfd.readouterr()
        assert (shown.out, shown.err) == ("", "")  # the SDK would log the whole address

    def test_a_variable_that_the_sdk_cannot_read_is_said(
        self, finished: Finished, collector: Collector, endpoint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OTEL_METRICS_EXEMPLAR_FILTER", "nonsense")
        [line] = self.deliver(finished())
        assert line.startswith("OpenTelemetry: the metrics did not reach 127.0.0.1: ValueError: ")
        assert [path for path, _, _ in collector.requests] == ["/v1/traces"]

    @pytest.mark.parametrize(("variable", "sent"), [("METRICS", "/v1/traces"), ("TRACES", "/v1/metrics")])
    def test_one_of_both_can_be_left_out(
        self,
        finished: Finished,
        collector: Collector,
        endpoint: str,
        monkeypatch: pytest.MonkeyPatch,
        variable: str,
        sent: str,
    ) -> None:
        """Prometheus takes metrics alone."""
        monkeypatch.setenv(f"OTEL_{variable}_EXPORTER", "none")
        assert self.deliver(finished()) == ()
        assert [path for path, _, _ in collector.requests] == [sent]

    def test_a_disabled_sdk_sends_nothing_and_says_nothing(
        self, finished: Finished, collector: Collector, endpoint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        assert self.deliver(finished()) == ()
        assert collector.requests == []

    def test_nothing_is_sent_unasked_or_too_late(
        self, finished: Finished, collector: Collector, endpoint: str
    ) -> None:
        assert self.deliver(finished(), Tell()) == ()
        assert self.deliver(finished(), seconds=0) == ("OpenTelemetry: nothing was sent: no time was left",)
        assert collector.requests == []

    def test_no_text_of_a_workload_leaves(
        self, recorded: Callable[..., Record], collector: Collector, endpoint: str
    ) -> None:
        record = recorded(sample="hunter2 of a log", summary="hunter2 of a model")
        assert self.deliver(from_record(record, 2.0)) == ()
        assert len(collector.requests) == 2
        assert not any(b"hunter2" in body for _, _, body in collector.requests)


@pytest.mark.slow
@pytest.mark.usefixtures("bare_environment")
class TestCommand:
    def test_a_run_that_came_to_nothing_is_an_outcome(
        self, collector: Collector, endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = run([*self.command(tmp_path), "--otlp", "--otlp-label", "team=checkout"])
        assert code == run(self.command(tmp_path)) != 0
        [runs] = [point for point in collector.points() if point.name == "rollout_analyzer.runs"]
        told = {name.removeprefix("rollout_analyzer."): value for name, value in runs.attributes.items()}
        assert (told["outcome"], told["exit_code"], told["rollout"], told["team"]) == (
            "error",
            code,
            "cart",
            "checkout",
        )
        assert "OpenTelemetry" not in capsys.readouterr().err

    def test_one_that_cannot_be_told_exits_alike(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", NOWHERE)
        code = run(self.command(tmp_path))
        capsys.readouterr()
        assert run([*self.command(tmp_path), "--otlp", "--deadline", "2s"]) == code
        assert "warning: OpenTelemetry: the metrics did not reach 127.0.0.1" in capsys.readouterr().err

    @pytest.mark.parametrize("status", [200, 503])
    def test_an_answer_is_shown_and_told_and_exits_alike(
        self,
        recorded: Callable[..., Record],
        collector: Collector,
        endpoint: str,
        capsys: pytest.CaptureFixture[str],
        status: int,
    ) -> None:
        collector.status = status
        settings = Settings(tell=ASKED, deadline=2)
        record = replace(recorded(), settings=settings)
        assert answer_with(Invocation(settings=settings), lambda *_: record) == record.exit_code == 3
        [*_, runs] = [point for point in collector.points() if point.name == "rollout_analyzer.runs"]
        assert runs.attributes["rollout_analyzer.outcome"] == "rollback"
        shown = capsys.readouterr()
        assert shown.out.startswith("ROLLBACK")
        assert ("warning: OpenTelemetry" in shown.err) == (status != 200)

    def test_a_replay_tells_nobody(self, collector: Collector, endpoint: str) -> None:
        assert run(["analyze", "--evidence", HEALTHY, "--model", "builtin", "--otlp"]) == 0
        assert collector.requests == []

    def test_the_sdk_is_imported_only_when_it_is_asked_for(self, tmp_path: Path) -> None:
        code = (
            "import sys; from analyzer.cli import run\n"
            f"run(['analyze', '--evidence', {HEALTHY!r}, '--model', 'builtin'])\n"
            f"run({self.command(tmp_path)!r})\n"
            "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def command(self, folder: Path) -> list[str]:
        absent = str(folder / "no-kubeconfig")
        return ["analyze", "--namespace", "shop", "--rollout", "cart", "--kubeconfig", absent]
