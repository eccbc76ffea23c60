"""Traps of the Job: how often it runs, when it is ended, when it is deleted.

https://kubernetes.io/docs/concepts/workloads/controllers/job/: a pod that fails is replaced `backoffLimit`
(6) times, 10 s, 20 s, 40 s … apart, at most 6 minutes. `activeDeadlineSeconds` ends the Job as failed, even
if its pod is about to answer.
"""

from collections.abc import Iterator

from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import read_settings_with_deadline
from analyzer.errors import UsageError

RETRIES = 6  # Kubernetes' own backoffLimit
FIRST_PAUSE, LONGEST_PAUSE = 10, 360  # seconds of the Job controller's back-off
SOON = 3600  # seconds: what a controller that is down may take to look again


def check_jobs(manifests: Manifests) -> Iterator[Trap]:
    """Check every Job that runs this product."""
    for call in find_calls(manifests):
        yield from check_deadlines(call, manifests)
        yield from _check_retries(call)
        yield from _check_shape(call)


def check_deadlines(call: AnalyzerCall, manifests: Manifests) -> Iterator[Trap]:
    """Check when the Job is ended, against how long a run may take."""
    ends = call.job["activeDeadlineSeconds"]
    if not ends:
        what = (
            "no activeDeadlineSeconds on the Job: a pod that is never scheduled, or whose image never comes,"
            " holds the rollout for good"
        )
        yield Trap(call.job, what, "set activeDeadlineSeconds above all attempts together")
    try:
        settings = read_settings_with_deadline(call, manifests.lines)
    except UsageError:
        return
    limit, retries = ends.number(), call.job["backoffLimit"].number() if call.job["backoffLimit"] else RETRIES
    if settings is None or limit is None or retries is None:
        return
    pauses = sum(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(retry, 10)) for retry in range(min(retries, 1000)))
    least = (retries + 1) * settings.deadline + pauses
    if limit <= settings.deadline:
        what = (
            f"activeDeadlineSeconds {limit} ends the Job before our --deadline of {settings.deadline:.0f} s:"
            " as failed, without an answer"
        )
        yield Trap(ends, what, f"set activeDeadlineSeconds above {least:.0f}, or a shorter --deadline")
    elif limit <= least:
        what = (
            f"activeDeadlineSeconds {limit} does not cover {retries + 1} attempts of --deadline "
            f"{settings.deadline:.0f} s and the {pauses:.0f} s between them: an outage would end as a "
            "failure, which rolls back"
        )
        yield Trap(
            ends, what, f"set it above {least:.0f}, and some for pulling the image, or a shorter --deadline"
        )
    own = call.pod["activeDeadlineSeconds"]
    if (seconds := own.number()) is not None and seconds <= settings.deadline:
        what = (
            f"activeDeadlineSeconds {seconds} of the pod ends it before our --deadline of"
            f" {settings.deadline:.0f} s"
        )
        yield Trap(own, what, "leave it to the Job's")


def _check_retries(call: AnalyzerCall) -> Iterator[Trap]:
    limit = call.job["backoffLimit"]
    if not limit:
        what = (
            f"no backoffLimit: Kubernetes takes {RETRIES}, so a failure that is retried costs"
            f" {RETRIES + 1} runs"
        )
        yield Trap(call.job, what, "set backoffLimit: 2", "note")
    elif limit.number() == 0:
        what = (
            "backoffLimit 0: exit code 5, an outage that passes, fails the analysis at once,"
            " which rolls back a healthy canary"
        )
        yield Trap(limit, what, "set backoffLimit: 2", "note")
    ttl = call.job["ttlSecondsAfterFinished"]
    if (seconds := ttl.number()) is not None:
        what = (
            f"ttlSecondsAfterFinished {seconds}: a Job that is gone before Argo has read it counts as an"
            " error, and runs again"
        )
        advice = "leave it out: Argo deletes its Jobs with the AnalysisRun"
        yield Trap(ttl, what, advice, "wrong" if seconds < SOON else "note")


def _check_shape(call: AnalyzerCall) -> Iterator[Trap]:
    for name in ("completions", "parallelism"):
        if (number := call.job[name].number()) is not None and number != 1:
            yield Trap(
                call.job[name],
                f"{name} {number}: one answer is wanted, and one pod gives it",
                f"leave {name} out",
            )
    if call.job["suspend"].value is True:
        yield Trap(
            call.job["suspend"],
            "suspend: the Job never runs, and the rollout waits for it",
            "leave suspend out",
        )
