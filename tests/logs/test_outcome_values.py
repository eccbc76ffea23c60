"""What each value of a slot says of how something ended."""

import pytest

from analyzer.logs.outcome_values import End, OutcomeKind, read_end


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("http", "204", "well"),
        ("http", "404", "refused"),
        ("http", "503", "failed"),
        ("http", "0", "well"),
        ("grpc", "OK", "well"),
        ("grpc", "0", "well"),
        ("grpc", "NOT_FOUND", "refused"),
        ("grpc", "5", "refused"),
        ("grpc", "DeadlineExceeded", "failed"),
        ("grpc", "14", "failed"),
        ("grpc", "99", "well"),
        ("word", "Timed-Out", "failed"),
        ("word", "denied", "refused"),
        ("word", "shipped", "well"),
        ("flag", "false", "failed"),
        ("flag", "1", "well"),
        ("exit", "0", "well"),
        ("exit", "137", "failed"),
        ("exit", "-1", "failed"),
        ("exit", "SUCCESS", "well"),
        ("fault", "false", "well"),
        ("fault", "True", "failed"),
        ("sqlstate", "00000", "well"),
        ("sqlstate", "40P01", "failed"),
        ("count", "0", "well"),
        ("count", "120", "failed"),
    ],
)
def test_a_value_says(kind: OutcomeKind, text: str, says: End) -> None:
    assert read_end(kind, text) == says
