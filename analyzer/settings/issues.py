"""The settings for issues: what a failing canary opens on GitHub, and who gets it."""

from typing import Annotated, Literal

from analyzer.settings.option import REPORTING, Group, Section, option

Agent = Literal["jules", "jules-api", "copilot", "copilot-task", "claude"]
Returning = Literal["reopen", "duplicate"]
RevisionMark = Literal["none", "commit", "deployment"]
OnPromote = Literal["comment", "close", "none"]


class Issues(Group):
    """What is filed where. `github_repo` is empty for nowhere. The token is in the environment
    (`github/credentials.py`).
    """

    github_repo: Annotated[
        str,
        option(
            Section.ISSUE,
            "Open a GitHub issue here when a canary is rolled back. The token is in GITHUB_TOKEN.",
            REPORTING,
            metavar="OWNER/NAME",
        ),
    ] = ""
    issue_label: Annotated[
        tuple[str, ...],
        option(
            Section.ISSUE,
            "Label of the issue. Issues are found again by the first one.",
            REPORTING,
            kind="line",
            metavar="LABEL",
            seldom=True,
        ),
    ] = ("canary-rollback",)
    issue_inconclusive: Annotated[
        bool,
        option(Section.ISSUE, "Open an issue when the run is inconclusive, too.", REPORTING, seldom=True),
    ] = False
    issue_returning: Annotated[
        Returning,
        option(
            Section.ISSUE,
            "When a closed failure returns: reopen its issue, or open another that links it.",
            REPORTING,
            seldom=True,
        ),
    ] = "reopen"
    issue_on_promote: Annotated[
        OnPromote,
        option(
            Section.ISSUE,
            "When a later canary of the Rollout is promoted: comment on its open issues, or close them.",
            REPORTING,
            seldom=True,
        ),
    ] = "comment"
    issue_template: Annotated[
        str,
        option(Section.ISSUE, "Jinja template of the issue's text.", REPORTING, kind="file", seldom=True),
    ] = ""
    stable_revision: Annotated[
        str,
        option(
            Section.ISSUE,
            "Commit or tag of --github-repo that stable was built from.",
            REPORTING,
            metavar="REVISION",
            default="what its pod template or its image's tag says",
            seldom=True,
        ),
    ] = ""
    canary_revision: Annotated[
        str,
        option(
            Section.ISSUE,
            "Commit or tag of --github-repo that the canary was built from.",
            REPORTING,
            metavar="REVISION",
            default="what its pod template or its image's tag says",
            seldom=True,
        ),
    ] = ""
    github_status: Annotated[
        RevisionMark,
        option(
            Section.ISSUE,
            "Set a status on the canary's commit, or on the newest deployment of it.",
            REPORTING,
            seldom=True,
        ),
    ] = "none"
    issue_limit: Annotated[
        int,
        option(
            Section.ISSUE,
            "Maximum number of issues of a Rollout that are opened or reopened within 24 hours.",
            REPORTING,
            kind="issues",
            ge=1,
            seldom=True,
        ),
    ] = 10
    assign: Annotated[
        tuple[Agent, ...],
        option(
            Section.ISSUE,
            (
                "Coding agent that is given the issue: by its label, Copilot as assignee or by a task,"
                " jules-api with JULES_API_KEY."
            ),
            REPORTING,
            default="none",
            seldom=True,
        ),
    ] = ()
    assign_min_confidence: Annotated[
        float,
        option(
            Section.ISSUE,
            "Minimum confidence of the models, in percent. Below it, agents are only suggested.",
            REPORTING,
            kind="percent",
            ge=0,
            le=100,
            seldom=True,
        ),
    ] = 80.0
    assign_instructions: Annotated[
        str,
        option(
            Section.ISSUE,
            'Instructions for Copilot, jules-api and the handoff, such as "Add a test that fails first".',
            REPORTING,
            seldom=True,
        ),
    ] = ""
    assign_branch: Annotated[
        str,
        option(
            Section.ISSUE,
            "Branch that Copilot and jules-api start from.",
            REPORTING,
            metavar="BRANCH",
            default="the repository's default branch",
            seldom=True,
        ),
    ] = ""
    jules_skip_approval: Annotated[
        bool,
        option(
            Section.ISSUE,
            "Let jules-api work without a person who approves its plan.",
            REPORTING,
            seldom=True,
        ),
    ] = False
    jules_pull_request: Annotated[
        bool,
        option(Section.ISSUE, "Let jules-api open a pull request by itself.", REPORTING, seldom=True),
    ] = False
    suggest_fix: Annotated[
        str,
        option(
            Section.ISSUE,
            (
                "Model that is shown the suspects' files and suggests a fix on the issue."
                " It is sent source code."
            ),
            REPORTING,
            metavar="MODEL",
            default="none",
            seldom=True,
        ),
    ] = ""
    fix_pull_request: Annotated[
        bool,
        option(
            Section.ISSUE,
            "Open a draft pull request of the suggested fix, on a branch of its own.",
            REPORTING,
            seldom=True,
        ),
    ] = False
