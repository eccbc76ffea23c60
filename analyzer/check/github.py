"""GitHub: whose token it is, whether the repository takes issues and has the labels, and what agents need."""

from collections.abc import Iterator

from analyzer.check.interface import PASSING, CheckRequest, CheckResult, CheckState, result_of_error
from analyzer.check.prompt import NOW, sample_evidence
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.errors import AnalyzerError, UsageError
from analyzer.github.agent_tasks import COPILOT_TASK, NEEDS, AgentTasks
from analyzer.github.agents import JULES_API, LABELS
from analyzer.github.answers import RepositoryJson
from analyzer.github.change import resolve_revision
from analyzer.github.client import Repository
from analyzer.github.credentials import Credentials, read_credentials
from analyzer.github.issue_text import write_body
from analyzer.github.jules import Jules, JulesError
from analyzer.github.mark import mark_failure
from analyzer.records.record import Judgement, Record
from analyzer.run.judge import build_question
from analyzer.settings import Issues, Settings

CHECK = "github"
COPILOT = "Copilot can be assigned by a user's token alone: GitHub ignores the assignment by any other"
CLAUDE = (
    "Claude's action refuses an app unless its allowed_bots names it, and a workflow's own"
    " GITHUB_TOKEN starts nothing"
)


def check_github(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield the results; nothing if no repository is named. Nothing is written."""
    issues = request.settings.issues
    if not issues.github_repo:
        return
    try:
        length = len(_sample_body(request.settings))
    except UsageError as error:
        yield result_of_error(CHECK, "template", error)
    else:
        yield _result("holds", "template", f"renders, {length:,} characters for a small case")
    if request.offline:
        return
    try:
        credentials = read_credentials(request.environ)
        repository = Repository.connect(issues.github_repo, credentials, request.deadline)
        facts = repository.read()
        labels = repository.list_labels()
    except AnalyzerError as error:
        yield result_of_error(CHECK, issues.github_repo, error)
        return
    yield _result("holds", "token", credentials.kind())
    yield from _check_repository(facts)
    yield from _check_labels(issues, labels)
    yield from _check_commits(repository, request.deadline)
    yield from _check_status(issues, facts)
    yield from _check_agents(issues, credentials)
    if JULES_API in issues.assign:
        yield _check_jules(request)
    if COPILOT_TASK in issues.assign:
        yield _check_tasks(repository, credentials, request.deadline)


def _check_repository(facts: RepositoryJson) -> Iterator[CheckResult]:
    about, may = facts.full_name, facts.permissions
    if facts.archived:
        yield _result(
            "wrong", about, "it is archived: nobody can open an issue", "name another --github-repo"
        )
    elif not facts.has_issues:
        advice = "switch Issues on in the repository's settings, or name another --github-repo"
        yield _result("wrong", about, "its issues are switched off", advice)
    elif may is not None and not (may.get("triage") or may.get("push")):
        what = "this token can read it and set no label, so an issue is found again only among the newest"
        yield _result("note", about, what, "give the token's user the role Triage or Write")
    else:
        yield _result(
            "holds", about, "it is there and takes issues; whether this one may open one shows in a run"
        )


def _check_labels(issues: Issues, labels: set[str]) -> Iterator[CheckResult]:
    wanted = [*issues.issue_label, *(LABELS[agent] for agent in issues.assign if agent in LABELS)]
    for label in dict.fromkeys(wanted):
        if label.lower() in labels:
            yield _result("holds", f"label {label}", "it is there")
        else:
            what = "there is none: GitHub makes it with the first issue, if the token may"
            yield _result("note", f"label {label}", what, "create it")


def _check_commits(repository: Repository, deadline: Deadline) -> Iterator[CheckResult]:
    try:
        readable = bool(resolve_revision(repository, ("HEAD",), deadline))
    except AnalyzerError as error:
        if isinstance(error, PASSING):
            yield result_of_error(CHECK, "commits", error)
            return
        readable = False
    if readable:
        yield _result("holds", "commits", "this token can read them")
    else:
        what = "this token can read no commit, so an issue names none that may be to blame"
        yield _result("note", "commits", what, "grant it Contents: read, and Pull requests: read")


def _check_status(issues: Issues, facts: RepositoryJson) -> Iterator[CheckResult]:
    if issues.github_status == "none":
        return
    right = "Commit statuses" if issues.github_status == "commit" else "Deployments"
    advice = f"grant it {right}: read and write; a user needs the role Write"
    if facts.permissions is not None and not facts.permissions.get("push"):
        yield _result("wrong", "status", "this token's user may set no status", advice)
    else:
        yield _result("note", "status", "whether this token may set one shows in a run", advice)


def _check_jules(request: CheckRequest) -> CheckResult:
    name = request.settings.issues.github_repo
    try:
        source = Jules.connect(request.environ, request.deadline).find_source(name)
    except JulesError as error:
        state: CheckState = "unreachable" if error.may_pass else "wrong"
        return _result(state, JULES_API, str(error), error.advice)
    except UsageError as error:
        return result_of_error(CHECK, JULES_API, error)
    return _result("holds", JULES_API, f"{name} is its source {source.name}")


def _check_tasks(repository: Repository, credentials: Credentials, deadline: Deadline) -> CheckResult:
    if credentials.is_of_user() is False:
        what = f"GitHub starts a task for a user's token alone; this is {credentials.kind()}"
        return _result("wrong", COPILOT_TASK, what, f"it needs {NEEDS}")
    try:
        AgentTasks(repository, deadline).check()
    except AnalyzerError as error:
        return result_of_error(CHECK, COPILOT_TASK, error)
    return _result("holds", COPILOT_TASK, "its tasks can be read; whether one may be started shows in a run")


def _check_agents(issues: Issues, credentials: Credentials) -> Iterator[CheckResult]:
    of_user = credentials.is_of_user()
    if "copilot" in issues.assign and not of_user:
        state: CheckState = "wrong" if of_user is False else "note"
        yield _result(
            state, "copilot", f"{COPILOT}; this is {credentials.kind()}", "use a fine-grained token of a user"
        )
    if "claude" in issues.assign and not of_user:
        yield _result("note", "claude", CLAUDE, "see docs/issues.md, which tells what each agent needs")


def _sample_body(settings: Settings) -> str:
    """Return the issue of a made-up crash loop. Raise UsageError for a template that cannot be used."""
    evidence = sample_evidence()
    prompt, question = build_question(evidence, settings)
    decision = Decision(outcome="rollback", rule="blocking finding", reason="made up")
    judgement = Judgement(
        findings=question.findings, prompt=prompt, exchanges=(), opinions=(), decision=decision
    )
    record = Record(
        settings=settings, evidence=evidence, judges="", judgement=judgement, exit_code=3, finished_at=NOW
    )
    return write_body(record, mark_failure(record), settings.issues.issue_template)


def _result(state: CheckState, about: str, what: str, advice: str = "") -> CheckResult:
    return CheckResult(check=CHECK, state=state, about=about, what=what, advice=advice)
