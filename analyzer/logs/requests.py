"""What lines of a log tell of requests, and which of these only probe or scrape."""

import re

from analyzer.logs.methods import ANY_METHOD

# An access log's line: a request line (RFC 9112, 3) or its beginning and the status (Express, Serilog,
# ASP.NET, Gin), or a method and a status under names of their own.
_METHOD = rf"(?:{ANY_METHOD})"
_ASKED, _TOLD = rf"method\W{{1,5}}{_METHOD}\b", r"status\w{0,16}\W{1,5}[1-5][0-9][0-9]\b"
_REQUEST = re.compile(
    rf"\b{_METHOD} /\S* HTTP/[0-9]|\b{_METHOD} (?:/|http)\S*(?: responded| -)? [1-5][0-9][0-9](?: |$)"
    rf"|\[GIN\] (?:(?!\[GIN\] ).)*\b{_METHOD}\b"
    rf"|{_ASKED}(?:(?!{_ASKED}).)*{_TOLD}|{_TOLD}(?:(?!{_TOLD}).)*{_ASKED}"
)
_A_METHOD = re.compile(ANY_METHOD)  # is in each, and found faster
_AGENTS = ("kube-probe", "healthcheck", "googlehc")  # who probe, besides those whose name has a slash
# Who probes or scrapes, or a whole path that is asked for that: `/orders/7/status` is work, and
# `/actuator/health/liveness` is none.
_PROBE = re.compile(
    r"kube-probe|HealthCheck|GoogleHC|Prometheus/|\bgrpc\.health\.v1\.Health/(?:Check|Watch)\b"
    r"|(?:(?<=[\s\"'=(:])|^)(?:https?://[^\s/\"']{1,253}+)?"
    r"(?:/(?:api|actuator|internal|admin|management|q|v[0-9]|-)){0,3}+"
    r"/(?:_?health(?:z|[_-]?check)?|live(?:z|ness)?|ready(?:z|ness)?|readiness|alive|heartbeat|startupz?"
    r"|metrics|ping|statusz?|up|version)(?:/(?:live|ready|startup|readiness)(?:z|ness)?)?/?(?=[\s\"'?;,)]|$)",
    re.IGNORECASE,
)


def probes(line: str) -> bool:
    """Return whether a log's line has what a probe's has, so that it says nothing of the work."""
    if "/" not in line:  # nearly all have a path, which is found fast
        small = line.lower()
        if not any(agent in small for agent in _AGENTS):
            return False
    return bool(_PROBE.search(line))


def is_request(line: str) -> bool:
    """Return whether a log's line tells of a request."""
    return _A_METHOD.search(line) is not None and _REQUEST.search(line) is not None
