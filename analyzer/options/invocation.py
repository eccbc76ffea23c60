"""What one command line asks."""

from typing import Annotated, Literal

from analyzer.settings import Settings
from analyzer.settings.evaluation import Evaluation
from analyzer.settings.option import CHECKING, EVALUATING, REPLAYING, REPORTING, Group, Section, option

TERMINATION_LOG = "/dev/termination-log"  # the kubelet's own default


class Invocation(Group):
    """What one command line asks: the settings, what they are applied to, and how the answer is shown.

    `evidence` is empty for a live run, `report` for no page. `termination_log` is empty for the kubelet's,
    where there is one. The help has the options of a section in this order.
    """

    config: Annotated[
        str,
        option(
            Section.OTHER,
            "YAML file with options, queries, gates, severities and secret patterns.",
            kind="file",
        ),
    ] = ""
    format: Annotated[
        Literal["text", "json", "markdown"],
        option(Section.ANSWER, "Format of the report on stdout.", (*REPORTING, *EVALUATING)),
    ] = "text"
    check_format: Annotated[
        Literal["text", "json", "markdown", "sarif", "junit"],
        option(Section.ANSWER, "Format of the results on stdout.", CHECKING, name="--format"),
    ] = "text"
    settings: Settings = Settings()
    evidence: Annotated[
        str,
        option(
            Section.TARGET,
            "Judge a saved bundle or record instead of a cluster. - reads stdin.",
            REPLAYING,
            kind="stream",
            metavar="FILE|configmap:NAMESPACE/NAME",
        ),
    ] = ""
    termination_log: Annotated[
        str,
        option(
            Section.ANSWER,
            "File for the short report.",
            REPORTING,
            kind="path",
            default=f"in a pod {TERMINATION_LOG}",
            seldom=True,
        ),
    ] = ""
    report: Annotated[
        str,
        option(
            Section.ANSWER,
            "Write the report as a page (HTML) to this file, too.",
            REPORTING,
            kind="file",
            metavar="FILE",
            seldom=True,
        ),
    ] = ""
    evaluation: Evaluation = Evaluation()
    verbose: Annotated[
        bool,
        option(Section.OTHER, "Show the causes of errors and the time of each stage.", variable=False),
    ] = False
