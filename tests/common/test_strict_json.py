import pytest

from analyzer.common.strict_json import decode


@pytest.mark.parametrize("raw", [b'{"a": 1}', '{"a": 1}'.encode("utf-16"), b' {"a": 1}\n'])
def test_a_value_is_read_in_each_encoding_of_json(raw: bytes) -> None:
    assert decode(raw) == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 1}',
        b'{"b": {"a": 1, "a": 2}}',
        b"NaN",
        b"[-Infinity]",
        b"1 2",
        b"\xff\xfe\x00",
    ],
)
def test_what_has_no_one_reading_is_an_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(raw)
