"""The settings that say what is masked, and where the answer goes."""

from typing import Annotated, Literal

from analyzer.settings.option import REPORTING, Group, Section, described, option
from analyzer.settings.sections import SecretPattern

Telling = Literal["event", "annotations", "none"]


class Hide(Group):
    """What is masked beyond the credentials that always are."""

    redact_emails: Annotated[bool, option(Section.OTHER, "Mask e-mail addresses, too.", seldom=True)] = False
    redact: Annotated[tuple[SecretPattern, ...], described("More shapes of secrets, which are masked.")] = ()


class Tell(Group):
    """Where the answer goes beside the reports. `save` is empty for nowhere, `effects` then `none`."""

    save: Annotated[
        str,
        option(
            Section.ANSWER,
            "Keep the record, to judge it again: file (.gz compresses it), or ConfigMap beside the Rollout.",
            REPORTING,
            kind="file",
            metavar="FILE|configmap:NAME",
        ),
    ] = ""
    effects: Annotated[
        tuple[Telling, ...],
        option(
            Section.ANSWER,
            "Where the answer is written in an Argo Job.",
            REPORTING,
            name="--effect",
            seldom=True,
        ),
    ] = ("event", "annotations")
    link: Annotated[
        str,
        option(
            Section.ANSWER,
            "URL for the annotations, such as the logs of this Job.",
            REPORTING,
            metavar="URL",
            seldom=True,
        ),
    ] = ""
    findings_link: Annotated[
        str,
        option(
            Section.ANSWER,
            "URL of docs/findings.md, which each finding of a page or of Markdown then links to.",
            REPORTING,
            kind="address",
            metavar="URL",
            seldom=True,
        ),
    ] = ""
    otlp: Annotated[
        bool,
        option(
            Section.ANSWER,
            "Send metrics and a trace by OpenTelemetry, to OTEL_EXPORTER_OTLP_ENDPOINT.",
            REPORTING,
            seldom=True,
        ),
    ] = False
    otlp_labels: Annotated[
        tuple[str, ...],
        option(
            Section.ANSWER,
            "Label of what --otlp sends, such as team=checkout.",
            REPORTING,
            name="--otlp-label",
            kind="line",
            metavar="NAME=VALUE",
            default="none",
            seldom=True,
        ),
    ] = ()
