"""`--otlp`: a finished run as metrics and one trace, by OpenTelemetry. It comes last, and changes no answer.

Where to, and with what headers, is in the SDK's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and so on). The
SDK is an extra that need not be installed, so it is imported only where a run is to be sent.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from analyzer.common.address import parse_address
from analyzer.common.boundary import ClientError, boundary
from analyzer.common.deadline import Deadline
from analyzer.common.keys import check_encrypted
from analyzer.common.short import cut
from analyzer.errors import UsageError
from analyzer.settings import Tell
from analyzer.telemetry.finished import FinishedRun
from analyzer.telemetry.measurements import measure
from analyzer.telemetry.steps import trace_run

SDK = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
MAX_SECONDS = (
    10.0  # seconds, as OTLP's own default: the answer has been given, and its reader waits for the exit code
)
LABELS = 10
ENDPOINT, HEADERS = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
DISABLED = "OTEL_SDK_DISABLED"
SPOKEN = "http/protobuf"
SIGNALS = {"metrics": "METRICS_", "trace": "TRACES_"}  # as the variables name them
EXPORTERS = {"metrics": "OTEL_METRICS_EXPORTER", "trace": "OTEL_TRACES_EXPORTER"}  # none: not that one
DEFAULT = "http://localhost:4318"
_LABEL = re.compile(r"(?P<name>[a-z][a-z0-9_.]{0,62})=(?P<value>[^\s=][^=]{0,99})")


def check_telemetry(tell: Tell, environ: Mapping[str, str]) -> None:
    """Raise UsageError for labels that cannot be, for a missing SDK, and for variables that it could not use
    or that would send a credential unencrypted. Sends nothing.
    """
    parse_labels(tell.otlp_labels)
    if not tell.otlp:
        return
    if not is_installed():
        raise UsageError(
            "--otlp needs the OpenTelemetry SDK, which is not installed",
            advice="pip install '.[otlp]' in a checkout, or build the image with --build-arg LOCK=otlp",
        )
    for signal in ("", *SIGNALS.values()):
        _check_variables(signal, environ)
    for signal in SIGNALS.values():
        _check_headers(signal, environ)


def send(run: FinishedRun, tell: Tell, environ: Mapping[str, str], deadline: Deadline) -> tuple[str, ...]:
    """Send a run by the deadline, and return what could not be sent, a line each. Raise nothing that a server
    or the SDK can cause.
    """
    if not (tell.otlp and is_installed()) or environ.get(DISABLED, "").lower() == "true":
        return ()
    try:
        check_telemetry(tell, environ)  # a run may end before its settings were checked, or because of these
    except UsageError as error:
        return (f"OpenTelemetry: nothing was sent: {error}",)
    until = Deadline.after(min(MAX_SECONDS, deadline.remaining()))
    if until.expired():
        return ("OpenTelemetry: nothing was sent: no time was left",)
    labels = parse_labels(tell.otlp_labels)
    try:
        with boundary():
            from analyzer.telemetry import otlp

            wanted = [signal for signal, name in EXPORTERS.items() if environ.get(name, "").lower() != "none"]
            faults = otlp.deliver(measure(run, labels), trace_run(run, labels), wanted, until)
    except ClientError as error:
        return (f"OpenTelemetry: nothing was sent: {error}",)
    return tuple(
        f"OpenTelemetry: the {signal} did not reach {_host(signal, environ)}: {why}"
        for signal, why in faults.items()
    )


def parse_labels(labels: tuple[str, ...]) -> dict[str, str]:
    """Return the labels by name. Raise UsageError for one that is not NAME=VALUE, or is there twice."""
    matches = [_LABEL.fullmatch(label) for label in labels]
    for label, match in zip(labels, matches, strict=True):
        if not match or not label.isprintable():
            raise UsageError(
                f"--otlp-label {cut(label, 80)!r} is not NAME=VALUE",
                advice="such as team=checkout: a name in lower case, and at most 100 characters of value",
            )
    named = {match["name"]: match["value"] for match in matches if match}
    if len(named) < len(labels) or len(named) > LABELS:
        raise UsageError(
            f"--otlp-label takes {LABELS} names at most, each once",
            advice="each combination of their values is a series of its own",
        )
    return named


def is_installed() -> bool:
    """Return whether the SDK and its exporter can be imported."""
    try:
        return all(find_spec(name) for name in SDK)
    except ModuleNotFoundError:
        return False


def _check_variables(signal: str, environ: Mapping[str, str]) -> None:
    """Check the variables of a signal (`METRICS_`), or of both (empty)."""
    endpoint, protocol = _name_own(ENDPOINT, signal), _name_own(PROTOCOL, signal)
    spoken, url = environ.get(protocol, ""), environ.get(endpoint, "")
    if spoken not in ("", SPOKEN):
        raise UsageError(
            f"{protocol} is {cut(spoken, 40)!r}, and --otlp speaks {SPOKEN} alone",
            advice=f"set it to {SPOKEN}, and {endpoint} to that port of the collector, 4318 by default",
        )
    parts = parse_address(url)
    if url and (parts is None or "@" in parts.netloc):
        raise UsageError(
            f"{endpoint} is no address", advice="set it to one that begins with http:// or https://"
        )


def _check_headers(signal: str, environ: Mapping[str, str]) -> None:
    """Raise UsageError if a signal's headers, its own or the shared ones, would go unencrypted."""
    headers = _name_own(HEADERS, signal)
    name = headers if environ.get(headers) else HEADERS
    if environ.get(name):
        check_encrypted(name, _read_endpoint(signal, environ))


def _host(signal: str, environ: Mapping[str, str]) -> str:
    """Return the host that a signal (`metrics`, `trace`) goes to. What is behind it may be a credential."""
    return urlsplit(_read_endpoint(SIGNALS[signal], environ) or DEFAULT).hostname or "its address"


def _read_endpoint(signal: str, environ: Mapping[str, str]) -> str:
    """Return where a signal goes: to its own address, else that of both; empty for the SDK's default."""
    return environ.get(_name_own(ENDPOINT, signal)) or environ.get(ENDPOINT, "")


def _name_own(variable: str, signal: str) -> str:
    """Return the variable of one signal (`METRICS_`), or of both (empty)."""
    return variable.replace("OTLP_", f"OTLP_{signal}")
