"""Cases in the shape of what people reported (tests/reported), each with its right answer."""

from pathlib import Path

import pytest

from analyzer.cli import run

pytestmark = pytest.mark.usefixtures("bare_environment")

HERE = Path(__file__).parent / "reported"
ROLLBACK, PROMOTE = {"ROLLBACK"}, {"PROMOTE"}
DOUBT = {"ROLLBACK", "INCONCLUSIVE"}  # either is right

# What the first line may say, and words that the report must have.
JUDGED: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "c01-haproxy": (ROLLBACK, ("500",)),
    "c01-json-code": (ROLLBACK, ("500",)),
    "c01-kestrel": (ROLLBACK, ("500",)),
    "c01-traefik-json": (ROLLBACK, ("500",)),
    "c02-v1-Unavailable-warning": (DOUBT, ("Unavailable",)),
    "c03-php-fpm-fatal": (ROLLBACK, ("PHP Fatal error",)),
    "c04-warn-50pct": (ROLLBACK, ("payment failed",)),
    "c04-warn-x509": (DOUBT, ("certificate",)),
    "c05-http-hang-selectors": (DOUBT, ("expected about", "seen 0")),
    "c05-one-of-3-pods-only-probes": (DOUBT, ("1 of 3 canary pods", "expected about")),
    "c06-level-only-datadog-status": (ROLLBACK, ()),
    "c06-otel-0": (ROLLBACK, ("negative stock",)),
    "c07-pull-dns": (ROLLBACK, ("no such host",)),
    "c07-pull-rate-limit": (ROLLBACK, ("429 Too Many Requests",)),
    "c08-liveness-kill": (ROLLBACK, ("liveness probe",)),
    "c11-go-http-panic": (ROLLBACK, ("panic serving",)),
    "c12-counter-in-text": (DOUBT, ("failed",)),
    "c12-slow-60x": (DOUBT, ("took",)),
    "c14-init-stuck": (DOUBT, ("waiting for orders-db-new",)),
    "c18-format-migration": (PROMOTE, ()),
    "c18-harmless-deprecation-node": (PROMOTE, ()),
    "c18-harmless-health-fail-count": (PROMOTE, ()),
    "c21-nolevel-de": (DOUBT, ("Bestellung konnte nicht gespeichert werden",)),
    "c21-nolevel-ja": (DOUBT, ("注文の処理に失敗しました",)),
}

# How what is found is called, and words of it.
CHECKED = {
    "check-03-template-name-not-found": ("note", "the AnalysisTemplate judgee is in no file here"),
    "check-05-two-templates-same-arg-different-default": ("wrong", "the argument team has different values"),
    "check-06-two-templates-same-metric-name": ("wrong", "have a metric of the same name"),
    "check-11-exit": ("wrong", "swallows the exit code"),
    "check-13-env": ("wrong", "ROLLOUT_ANALYZER_SINCE in the environment"),
    "check-21-quorum": ("wrong", "--quorum 2 can never be reached"),
}


def test_every_case_is_held() -> None:
    assert {path.name.split(".")[0] for path in HERE.iterdir()} - {"README"} == {*JUDGED, *CHECKED}


@pytest.mark.parametrize("name", JUDGED)
def test_a_bundle_is_judged_right(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    right, words = JUDGED[name]
    code = run(["analyze", "--evidence", str(HERE / f"{name}.json.gz"), "--model", "builtin"])
    report = capsys.readouterr().out
    assert report.split()[0] in right, report
    assert code == {"PROMOTE": 0, "ROLLBACK": 3, "INCONCLUSIVE": 4}[report.split()[0]]
    assert [word for word in words if word not in report] == []


@pytest.mark.parametrize("name", CHECKED)
def test_a_manifest_is_checked_right(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    state, words = CHECKED[name]
    code = run(["check", "--offline", "--file", str(HERE / f"{name}.yaml")])
    report = capsys.readouterr().out
    assert code == (2 if state == "wrong" else 0), report
    assert [line.split()[0] for line in report.splitlines() if words in line] == [state]
