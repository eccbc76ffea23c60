"""The values of what a template masks stand beside it, where they tell more than the template."""

from collections.abc import Iterable
from datetime import timedelta

from healthy import NOW, TARGET

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.streams import mined_stream
from analyzer.findings.grade import grade_findings
from analyzer.findings.interface import Finding
from analyzer.prompt import render
from analyzer.settings import Ask
from analyzer.target import Role


def logs(role: Role, lines: Iterable[str]) -> Logs:
    """A log with a line a second, up to the window's end."""
    written = list(lines)
    times = (NOW - timedelta(seconds=len(written) - number) for number in range(len(written)))
    text = "".join(f"{at.isoformat()} {line}\n" for at, line in zip(times, written, strict=True))
    digest = mined_stream(role, "app", False, (text.encode(),), str)[1]
    return Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=())


def shown(stable: Iterable[str], canary: Iterable[str], *findings: Finding) -> str:
    """Return the section of the log templates."""
    parts = (logs("stable", stable), logs("canary", canary))
    window = Window(start=NOW - timedelta(minutes=10), end=NOW)
    evidence = Evidence(target=TARGET, window=window, nonce="0" * 16, parts=parts)
    text = render(evidence, grade_findings(findings), Ask()).text
    return text.partition("# Log templates")[2].partition("\n#")[0].partition("<<<end")[0]


def kestrel(*statuses: int) -> list[str]:
    return [
        f"Request finished HTTP/1.1 POST http://shop/orders application/json 12 - {status} 0 - 9.98ms"
        for status in statuses
    ]


def test_a_masked_status_is_shown_with_its_counts_on_both_sides() -> None:
    text = shown(kestrel(*[200] * 40), kestrel(*[200] * 10, *[500] * 20))
    assert text.count("\nT") == 1
    assert "| status: stable 200 ×40; canary 500 ×20, 200 ×10\n" in text


def test_a_status_that_is_the_same_on_both_sides_is_said_once() -> None:
    assert "| status: 200 on both sides\n" in shown(kestrel(*[200] * 40), kestrel(*[200] * 30))


def test_a_grpc_code_in_a_field_and_an_exit_code_are_shown() -> None:
    calls = ['msg="finished call" grpc.code={} grpc.time_ms=4', "job ended with exit code {}"]
    text = shown(
        [calls[0].format("OK")] * 30 + [calls[1].format(0)] * 30,
        [calls[0].format("OK")] * 10 + [calls[0].format("Unavailable")] * 20 + [calls[1].format(137)] * 30,
    )
    assert "Unavailable ×20" in text
    assert "| exit code: stable 0 ×30; canary 137 ×30\n" in text


def test_a_measure_is_shown_where_it_differs() -> None:
    line = "order priced took={}ms"
    fast, slow = ([line.format(base + number % 9) for number in range(60)] for base in (20, 2000))
    assert "| took: stable median " in shown(fast, slow)
    shallow, deep = ([f"queue depth={base + number % 9}" for number in range(60)] for base in (20, 700000))
    assert "; canary median 680,000, 95 % up to 680,000\n" in shown(shallow, deep)
    assert " ms; canary median 2.2 s, 95 % up to 2.2 s\n" in shown(fast, slow)  # a bucket is 2 to 2.4 s
    assert "took:" not in shown(fast, fast[:40])


def test_a_line_of_failures_that_counts_none_says_so() -> None:
    text = shown(["order 7 accepted"] * 40, ["order 7 accepted"] * 40 + ["checks: 0/5 failed"] * 9)
    assert "| failed: canary 0 ×9\n" in text


def test_a_code_whose_values_move_is_shown() -> None:
    line = "cart priced by=shop tries={}"
    text = shown([line.format(1)] * 60, [line.format(1)] * 20 + [line.format(2)] * 40)
    assert "| tries: stable 1 ×60; canary 2 ×40, 1 ×20\n" in text


def test_requests_that_differ_by_their_status_alone_are_one_template() -> None:
    line = "method=POST path=/pay status={}"
    text = shown([line.format(200)] * 40, [line.format(200)] * 10 + [line.format(503)] * 20)
    assert (
        "T1 stable 40 (100 %), canary 30 (100 %) [info, error]\n| app: method=POST path=/pay"
        " status=<status>\n"
    ) in text
    assert "| status: stable 200 ×40; canary 503 ×20, 200 ×10\n" in text
    assert text.count("\nT") == 1


def test_a_template_whose_values_differ_is_not_counted_as_equal() -> None:
    """Its share of the lines is the same on both sides."""
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu"]
    calm = [f"{word} {word[::-1]} seen" for word in words for _ in range(60)]
    text = shown(calm + kestrel(*[200] * 30), calm + kestrel(*[500] * 30))
    assert text.index("canary 500 ×30") < text.index("ant tna")
    assert "more are equal on both sides" in text


def finding(kind: str, sentence: str, stable: str, canary: str) -> Finding:
    return Finding(kind=kind, key=f"{kind}/app/x", sentence=sentence, stable=stable, canary=canary)


def test_what_a_finding_has_is_not_repeated() -> None:
    status = finding("failing-status", "67 % fail", "status 200 ×40", "status 500 ×20, 200 ×10")
    text = shown(kestrel(*[200] * 40), kestrel(*[200] * 10, *[500] * 20), status)
    assert "T1 stable 40 (100 %), canary 30 (100 %)" in text
    assert "500" not in text
    calm, new = ["order 7 accepted"] * 40, ["cannot reach the stock"] * 9
    never = finding(
        "new-error-template", "never logs: cannot reach the stock", "0 of 40 lines", "9 of 49 lines"
    )
    text = shown(calm, calm + new, never)
    assert "(those that a finding has are not repeated)" in text
    assert "cannot reach the stock" not in text
    assert "| app: cannot reach the stock\n" in shown(calm, [*calm, *new, new[0]], never)
    only = shown(
        ["cannot reach"] * 9, [], finding("vanished-log-template", "no: cannot reach", "9 of 9", "0 of 0")
    )
    assert (
        only.strip() == ": lines with their parameters masked, and how often each side logged them,"
        " with the share of its container's lines (those that a finding has are not repeated)"
    )
