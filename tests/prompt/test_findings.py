"""What one finding says, the next does not say again."""

from healthy import NOW, TARGET

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.findings.grade import grade_findings
from analyzer.findings.interface import Finding
from analyzer.logs.digest import Digest
from analyzer.prompt import render
from analyzer.settings import Ask


def finding(key: str, sentence: str, stable: str, canary: str, *samples: str, share: float = 0.0) -> Finding:
    return Finding(
        kind=key.partition("/")[0],
        key=key,
        sentence=sentence,
        stable=stable,
        canary=canary,
        samples=samples,
        share=share,
    )


def shown(*findings: Finding) -> str:
    evidence = Evidence(target=TARGET, window=Window(start=NOW, end=NOW), nonce="0" * 16)
    return render(evidence, grade_findings(findings), Ask()).text


SHARE = finding("error-share/app", "60 % against 0 %", "0 of 9", "6 of 10", "status=500", share=0.6)


def test_the_line_that_a_share_counts_is_named_as_its_line_with_one_sample() -> None:
    text = shown(
        SHARE,
        finding("new-error-template/app/x", "never logs: 5xx", "0 of 9", "2 of 10", "status=500", share=0.2),
    )
    assert "F2 [warning] new-error-template, of the lines that F1 counts\n| never logs: 5xx\n" in text
    assert "# Samples of the findings, raw\nF1, F2\n| status=500\n" in text
    assert text.count("status=500") == 1


def test_the_line_of_another_container_or_kind_stands_for_itself() -> None:
    text = shown(
        SHARE,
        finding("new-error-template/proxy/x", "never logs: 5xx", "0", "5", "status=500"),
        finding("new-failure-template/app/y", "never logs: no disk", "0", "5", "no disk"),
    )
    assert "that F1 counts" not in text


def test_a_share_counts_every_error_and_one_of_failures_what_words_tell_as_well() -> None:
    """Though only three of the lines that it counts are its samples."""
    text = shown(
        SHARE, finding("new-error-template/app/z", "never logs: no stock", "0 of 9", "1 of 10", "no stock")
    )
    assert (
        "F2 [warning] new-error-template, of the lines that F1 counts\n| never logs:"
        " no stock\n| canary: 1 of 10\n"
    ) in text
    failures = finding(
        "error-share/app", "logs failures on 60 %, stable on 0 %", "0", "6", "no disk", share=0.6
    )
    worded = finding(
        "new-failure-template/app/y", "never logs: no disk", "0 of 9", "2 of 10", "no disk", share=0.2
    )
    assert "new-failure-template, of the lines that F1 counts" in shown(failures, worded)


def test_each_line_of_the_samples_stands_once() -> None:
    text = shown(
        finding("crash-loop/app", "crashes", "0", "1", "probe failed", "warming up", "still warming up"),
        finding("probe-failure/app", "its probe failed", "0", "1", "probe failed"),
        finding("new-log-template/app/z", "a line", "0", "1", "still warming up"),
    )
    samples = text.partition("# Samples of the findings, raw\n")[2].partition("<<<end")[0]
    assert samples == "F1, F2\n| probe failed\nF1\n| warming up\nF1, F3\n| still warming up\n"


def test_figures_that_the_sentence_has_are_not_repeated() -> None:
    text = shown(
        finding("image-differs/app", "runs cart:2 in the canary and cart:1", "cart:1", "cart:2"), SHARE
    )
    assert "| runs cart:2 in the canary and cart:1\n\n" in text
    assert text.count("cart:2") == 1
    assert "| canary: 6 of 10\n" in text


def test_a_figure_that_is_only_part_of_another_number_is_shown() -> None:
    assert "| stable: 0\n| canary: 1\n" in shown(finding("restarts/app", "restarted in 10 pods", "0", "1"))


def test_why_two_findings_count_different_lines_is_said() -> None:
    digest = Digest(lines=670)
    parts = (Logs(side="canary", containers=(ContainerLogs(container="app", digest=digest),), streams=()),)
    evidence = Evidence(target=TARGET, window=Window(start=NOW, end=NOW), nonce="0" * 16, parts=parts)
    whole = finding("new-log-template/app/x", "a line", "0 of 9 lines", "7 of 670 lines")
    less = finding("error-share/app", "errors", "0 errors in 9 lines", "9 errors in 664 lines")
    said = "those of its start are left out"
    assert said in render(evidence, grade_findings((whole, less)), Ask()).text
    assert said not in render(evidence, grade_findings((whole,)), Ask()).text
