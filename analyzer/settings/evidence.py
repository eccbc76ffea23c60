"""The settings that say how far to look."""

from typing import Annotated, Literal

from analyzer.settings.option import ANSWERING, GATHERING, LOOKING, Group, Section, option
from analyzer.settings.sections import Prometheus


class Look(Group):
    """How far to look. Times are in seconds.

    `wait`: "auto" is half of the deadline in the Job of an AnalysisRun, else 0.
    `shared_pods` are NAME=SELECTOR.
    """

    since: Annotated[
        float,
        option(
            Section.EVIDENCE,
            "Start of the time window, counted back from now.",
            LOOKING,
            kind="duration",
            ge=1,
        ),
    ] = 600.0
    log_bytes: Annotated[
        int,
        option(
            Section.EVIDENCE,
            "Maximum bytes read from the log of one container.",
            GATHERING,
            kind="bytes",
            seldom=True,
        ),
    ] = 4 * 1024 * 1024
    log_bytes_total: Annotated[
        int,
        option(Section.EVIDENCE, "Maximum bytes read from all logs.", GATHERING, kind="bytes", seldom=True),
    ] = 1536 * 1024 * 1024
    log_pods: Annotated[
        int,
        option(
            Section.EVIDENCE,
            "Maximum pods per side whose logs are read. If there are more, a sample is read.",
            GATHERING,
            kind="pods",
            ge=1,
            seldom=True,
        ),
    ] = 500
    observe: Annotated[
        float,
        option(Section.EVIDENCE, "Watch the pods for this long before judging.", GATHERING, kind="duration"),
    ] = 0.0
    wait: Annotated[
        float | Literal["auto"],
        option(
            Section.ENOUGH,
            "Maximum wait for missing evidence.",
            ANSWERING,
            kind="duration",
            default="auto: half of the deadline in an Argo Job, else 0s",
        ),
    ] = "auto"
    shared_pods: Annotated[
        tuple[str, ...],
        option(
            Section.EVIDENCE,
            "Other pods whose logs may explain a failure, such as gateway=app=gateway.",
            GATHERING,
            kind="line",
            metavar="NAME=SELECTOR",
            seldom=True,
        ),
    ] = ()
    prometheus: Prometheus = Prometheus()
