"""An address is one that a client can connect to, before anything is sent."""

import pytest

from analyzer.common.address import parse_address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "host:8000",
        "ftp://host",
        "http://",
        "http://[::1",
        "http://h:0",
        "http://h:port",
        "http://h:99999",
        "http://h h",
        "http://h\n",
        "http://ü",
        "//host",
    ],
)
def test_what_is_no_address_has_no_parts(text: str) -> None:
    assert parse_address(text) is None


def test_an_address_has_its_parts() -> None:
    parts = parse_address("https://me@[fd00::1]:9090/prefix?a=b#c")
    assert parts is not None
    assert (parts.hostname, parts.port, parts.path, parts.query, parts.fragment, parts.username) == (
        "fd00::1",
        9090,
        "/prefix",
        "a=b",
        "c",
        "me",
    )
