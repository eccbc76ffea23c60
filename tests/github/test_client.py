"""The client: imported when it is needed and not before, and what it makes of answers that are none."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.github.client import Repository
from analyzer.github.errors import GitHubError, Refused, Unreachable
from tests.github.server import Answer, GitHub, error
from tests.github.test_tracking import times

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

EXAMPLE = Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz"
Repositories = Callable[..., Repository]


@pytest.mark.slow
def test_a_run_without_a_repository_does_not_import_it() -> None:
    code = (
        "import sys\nfrom analyzer.cli import run\nrun(sys.argv[1:])\nprint(sorted({'github',"
        " 'requests'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "analyze", "--evidence", str(EXAMPLE), "--model", "builtin"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert shown.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(502, "<html>Bad Gateway</html>"), Unreachable, "GitHub answered 502"),
        (Answer(429, {"message": "slow down"}, {"Retry-After": "7"}), Unreachable, "asks to come back later"),
        (error(403, "API rate limit exceeded", x_ratelimit_remaining="0"), Unreachable, "rate limit"),
        (error(451, "Repository access blocked"), Refused, "GitHub answered 451"),
        (Answer(200, {"message": "Moved Permanently"}), Refused, "GitHub's answer cannot be used"),
        (Answer(200, [1, 2]), Refused, "GitHub's answer cannot be used"),
    ],
)
def test_an_answer_that_is_none_is_one_line(
    github: GitHub, repository: Repositories, answer: Answer, kind: type[GitHubError], said: str
) -> None:
    github.checked = False  # what GitHub's description does not have, a proxy may send
    github.faults.append(times(1, answer, "GET", "/issues/*"))
    with pytest.raises(kind, match=said) as raised:
        repository().read_issue(1)
    assert "\n" not in str(raised.value)


def test_the_wait_that_github_asks_for_is_kept(github: GitHub, repository: Repositories) -> None:
    github.checked = False
    github.faults.append(times(1, Answer(429, {"message": "x"}, {"Retry-After": "7"}), "GET", "/issues/*"))
    with pytest.raises(Unreachable) as raised:
        repository().read_issue(1)
    assert raised.value.retry_after == 7
