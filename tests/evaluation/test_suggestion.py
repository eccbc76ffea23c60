"""The diff of a config file that a suggestion amounts to."""

import pytest

from analyzer.config.nodes import composed
from analyzer.errors import UsageError
from analyzer.evaluation.suggestion import Suggestion, diff

BOTH = Suggestion(ignore=("it's fine",), severity=("oom-kill",))


def added(text: str, suggestion: Suggestion = BOTH) -> list[str]:
    shown = diff(suggestion, text, "config.yaml").splitlines()
    assert shown[0] == "--- config.yaml"
    return [line[1:] for line in shown[2:] if line.startswith("+")]


def patched(text: str) -> str:
    """The whole file with the diff applied: what is taken away and added, in order."""
    lines, kept = diff(BOTH, text, "c").splitlines()[3:], []
    kept = [line[1:] for line in lines if not line.startswith("-")]
    return "\n".join(kept)


def test_missing_keys_are_added_at_the_end() -> None:
    assert added("min_share: 0.7\n") == [
        "ignore:",
        "  - 'it''s fine'",
        "severity:",
        "  oom-kill: info",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ignore:\n  - a\nseverity:\n  evicted: info\n",
        "ignore:\n- a\n# between\nseverity: {evicted: info}\nmin_share: 0.7\n",
        "ignore: [a]\nseverity:\n    evicted: info",
        "ignore: []\nseverity: {}\n",
        "",
    ],
)
def test_the_file_is_yaml_with_the_entries_in_it(text: str) -> None:
    root = composed(patched(text))
    values = {key.value: value for key, value in root.value}
    assert values["ignore"].value[-1].value == "it's fine"
    assert [node.value for node in values["severity"].value[-1]] == ["oom-kill", "info"]
    assert len(root.value) >= 2


def test_nothing_is_suggested_twice_and_no_entry_is_lost() -> None:
    assert added("ignore:\n  - a\n", Suggestion(ignore=("b", "c"))) == ["  - 'b'", "  - 'c'"]


def test_what_is_no_config_file_is_refused() -> None:
    with pytest.raises(UsageError, match="one mapping"):
        diff(BOTH, "- a\n", "config.yaml")
