"""The settings that say who is compared, and how the cluster is reached."""

from typing import Annotated

from analyzer.settings.option import LOOKING, REACHING, Group, Section, option


class Where(Group):
    """The target as asked for, and the way to the cluster; empty means not given."""

    namespace: Annotated[
        str,
        option(
            Section.TARGET,
            "Namespace of the Rollout.",
            LOOKING,
            letter="-n",
            default="the namespace of the AnalysisRun, or of the context",
        ),
    ] = ""
    rollout: Annotated[
        str,
        option(
            Section.TARGET,
            "Name of the Rollout. Not needed in the Job of an Argo metric.",
            LOOKING,
            kind="rollout",
        ),
    ] = ""
    stable_hash: Annotated[
        str,
        option(
            Section.TARGET,
            "Pod template hash of the stable side, if no Rollout is named.",
            LOOKING,
            seldom=True,
        ),
    ] = ""
    canary_hash: Annotated[
        str,
        option(Section.TARGET, "Pod template hash of the canary side.", LOOKING, seldom=True),
    ] = ""
    stable_selector: Annotated[
        str,
        option(Section.TARGET, "Label selector of the stable side, if pods carry role labels.", LOOKING),
    ] = ""
    canary_selector: Annotated[str, option(Section.TARGET, "Label selector of the canary side.", LOOKING)] = (
        ""
    )
    context: Annotated[str, option(Section.TARGET, "Context of the kubeconfig.", REACHING, seldom=True)] = ""
    kubeconfig: Annotated[
        str,
        option(Section.TARGET, "Kubeconfig file. Not needed in a pod.", REACHING, kind="file", seldom=True),
    ] = ""
