"""A hundred planted regressions: the commit to blame is found, and none is named where none is to blame."""

from collections import Counter
from pathlib import Path

import pytest

from analyzer.common.deadline import Deadline
from analyzer.github.change import Change, ChangedFile, Commit, read_change
from analyzer.github.client import Repository
from analyzer.github.clues import make_clues
from analyzer.github.credentials import Credentials
from analyzer.github.suspects import Suspect, rank_suspects
from tests.github.history import History
from tests.github.planted import Case, make_case
from tests.github.server import NAME, TOKEN, GitHub, serve


def suspects(case: Case, place: Path) -> tuple[tuple[Suspect, ...], str]:
    """Whom the case's clues name, and who is to blame, by way of the real client."""
    history = History.write(place, case.commits)
    hashes = list(history.commits)
    github = GitHub(history=history)
    with serve(github) as address:
        repository = Repository.connect(NAME, Credentials(url=address, token=TOKEN), Deadline.after(60))
        change = read_change(repository, [hashes[0]], [hashes[-1]], Deadline.after(60))
    assert (github.broken, change.unknown, change.total) == ([], (), 20)
    clues = make_clues(list(case.lines), list(case.lines), list(case.keys))
    return rank_suspects(clues, change), hashes[case.guilty] if case.guilty else ""


def a_commit(sha: str, path: str, patch: str) -> Commit:
    return Commit(sha=sha * 40, subject="A change", files=(ChangedFile(path=path, patch=patch),))


def ranked(commits: list[Commit], lines: list[str], keys: list[str] | None = None) -> list[str]:
    clues = make_clues(lines, lines, keys or [])
    return [suspect.reason for suspect in rank_suspects(clues, Change(commits=tuple(commits)))]


PANIC = ["panic: no", "main.load(0xc0)", "\t/src/cart/prices.go:12 +0x6ef"]


def test_a_line_is_followed_through_later_commits_to_the_one_that_wrote_it() -> None:
    later = a_commit("b", "cart/prices.go", "@@ -1,2 +1,4 @@\n package cart\n+\n+import x\n func a")
    wrote = a_commit("a", "cart/prices.go", "@@ -9,3 +9,3 @@ func load() {\n one\n-two\n+new\n three")
    assert ranked([later, wrote], PANIC)[0] == "cart/prices.go:12, in the trace, was changed by aaaaaaaa"


def test_a_key_that_the_kubelet_misses_is_found_whatever_its_form() -> None:
    renamed = a_commit("a", "deploy/cart.yaml", "@@ -3 +3 @@\n-  key: database-url\n+  key: db-url")
    other = a_commit("b", "deploy/cart.yaml", "@@ -9 +9 @@\n-  replicas: 2\n+  replicas: 3")
    for kind in ("Secret", "ConfigMap"):
        assert ranked([other, renamed], [f"couldn't find key db-url in {kind} shop/cart"]) == [
            "the error names db-url, which is on a line changed by aaaaaaaa in deploy/cart.yaml"
        ]


def test_a_file_of_the_same_name_elsewhere_is_another_file() -> None:
    assert ranked([a_commit("a", "billing/prices.go", "@@ -12 +12 @@\n-a\n+b")], PANIC) == []


def test_a_file_that_is_called_like_an_ending_is_another_file() -> None:
    trace = ["panic: no", "main.main()", "\t/src/main.go:12 +0x6ef"]
    assert ranked([a_commit("a", "go.mod", "@@ -12 +12 @@\n-a\n+b")], trace) == []


def test_a_version_on_a_line_of_its_own_belongs_to_the_package_above_it() -> None:
    patch = (
        "@@ -7,5 +7,5 @@\n <dependency>\n"
        " <groupId>org.hibernate</groupId>\n-<version>6.1</version>\n+<version>6.2</version>"
    )
    trace = ["java.lang.IllegalStateException: no", "\tat org.hibernate.Session.run(Session.java:4)"]
    assert ranked([a_commit("a", "pom.xml", patch)], trace) == [
        "the trace goes through org.hibernate, whose version was changed by aaaaaaaa in pom.xml"
    ]


def test_each_other_clue_has_its_reason() -> None:
    literal = a_commit("a", "a.py", '@@ -1 +1 @@\n-x\n+raise Error(f"no price for {currency}")')
    name = a_commit("b", "deploy/values.yaml", "@@ -1 +1 @@\n-PRICES_URL: x\n+PRICES_ADDRESS: x")
    package = a_commit("c", "requirements.txt", "@@ -1 +1 @@\n-redis==5.0\n+redis==6.0")
    assert ranked([literal], ['level=error msg=failed error="no price for EUR"']) == [
        'the error says "no price for", which was written by aaaaaaaa in a.py'
    ]
    assert ranked([name], ["PRICES_URL is not set"]) == [
        "the error names PRICES_URL, which is on a line changed by bbbbbbbb in deploy/values.yaml"
    ]
    assert ranked([package], ['  File "/usr/lib/python3/site-packages/redis/client.py", line 3, in get']) == [
        "the trace goes through redis, whose version was changed by cccccccc in requirements.txt"
    ]
    assert ranked([name], ["it failed"], ["PRICES_URL"]) == [
        "PRICES_URL differs in the canary's template, and was changed by bbbbbbbb in deploy/values.yaml"
    ]


def test_what_a_trace_quotes_of_the_source_is_no_text_of_the_error() -> None:
    trace = [*PANIC, "main.fetch_address(0xc0)", "\t/src/cart/address.go:9 +0x1"]
    assert ranked([a_commit("a", "search/cart.go", "@@ -1 +1 @@\n-a\n+x := fetch_address(y)")], trace) == []


def test_a_literal_behind_an_empty_one_is_read() -> None:
    commit = a_commit("a", "a.go", '@@ -1 +1 @@\n-x\n+return "", fmt.Errorf("no price for %s", currency)')
    assert ranked([commit], ['error="no price for EUR"']) != []


def test_what_many_commits_touch_is_no_clue() -> None:
    many = [a_commit(str(n), "v.yaml", f"@@ -1 +1 @@\n-PRICES_URL: {n}\n+PRICES_URL: {n}1") for n in range(5)]
    assert ranked(many, ["PRICES_URL is not set"]) == []


@pytest.mark.slow
def test_the_commit_to_blame_is_first_and_none_is_named_without_one(tmp_path: Path) -> None:
    places: Counter[str] = Counter()
    missed = []
    for seed in range(100):
        case = make_case(seed)
        ranked, guilty = suspects(case, tmp_path / str(seed))
        order = [suspect.commit.sha for suspect in ranked]
        place = order.index(guilty) + 1 if guilty in order else 0
        places["first"] += place == 1
        places["among three"] += 1 <= place <= 3
        if place != 1:
            missed.append(f"{seed} {case.kind} {case.language} {place}")
    innocent = [make_case(seed, innocent=True) for seed in range(1000, 1020)]
    named = [case.seed for case in innocent if suspects(case, tmp_path / str(case.seed))[0]]
    assert places["first"] >= 80, missed
    assert places["among three"] >= 95, missed
    assert named == []
