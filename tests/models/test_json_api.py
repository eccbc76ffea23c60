import json
from typing import Any

import pytest

from analyzer.common.deadline import Deadline
from analyzer.common.http import LARGEST_RESPONSE
from analyzer.errors import UsageError
from analyzer.models.json_api import (
    MAPPED,
    Endpoint,
    RefusedRequest,
    Strange,
    check_address,
    explain_http_error,
    parse_complaint,
)

pytestmark = pytest.mark.models

KEY = "sk-this-is-a-secret"


def failed(
    serve: Any, *answers: Any, careful: bool = False, seconds: float = 10, key: str = ""
) -> tuple[Exception, int]:
    """What sending to a server that answers so ends with, and how often it was asked."""
    server = serve(lambda heard: None, *answers)
    with pytest.raises(MAPPED) as raised:
        Endpoint(server.url, key=key, careful=careful).send("POST", "/x", Deadline.after(seconds), {"a": 1})
    return raised.value, len(server.heard)


def test_what_was_asked_arrives_as_json_with_the_key_in_its_header(serve: Any, answered: Any) -> None:
    server = serve(lambda heard: None, answered({"b": 2}))
    assert Endpoint(server.url + "/v1", key=KEY).send("POST", "/x", Deadline.after(10), {"a": "é"}) == {
        "b": 2
    }
    (heard,) = server.heard
    assert (heard.method, heard.path, heard.body, heard.headers["authorization"]) == (
        "POST",
        "/v1/x",
        {"a": "é"},
        f"Bearer {KEY}",
    )


def test_without_a_key_none_is_sent(serve: Any, answered: Any) -> None:
    server = serve(lambda heard: None, answered({}))
    Endpoint(server.url).send("GET", "/x", Deadline.after(10))
    assert "authorization" not in server.heard[0].headers


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(serve: Any, answered: Any, status: int) -> None:
    server = serve(lambda heard: None, answered({"error": "busy"}, status), answered({"ok": True}))
    assert Endpoint(server.url).send("POST", "/x", Deadline.after(10)) == {"ok": True}


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 413, 422, 501])
def test_what_does_not_pass_is_asked_once(serve: Any, answered: Any, status: int) -> None:
    error, asked = failed(serve, answered({"error": "no"}, status))
    assert isinstance(error, RefusedRequest)
    assert (error.status, error.passing, asked) == (status, False, 1)


@pytest.mark.parametrize(("status", "asked"), [(429, 5), (503, 5), (500, 1), (502, 1), (504, 1), (408, 1)])
def test_where_asking_twice_does_harm_only_what_was_turned_away_is_asked_again(
    serve: Any, answered: Any, status: int, asked: int
) -> None:
    assert failed(serve, answered({}, status), careful=True)[1] == asked


def test_a_wait_that_the_deadline_does_not_allow_is_not_begun(serve: Any, answered: Any) -> None:
    error, asked = failed(serve, answered({}, 503, {"Retry-After": "700"}))
    assert isinstance(error, RefusedRequest)
    assert (error.wait, asked) == (700.0, 1)


def test_an_answer_that_breaks_off_is_tried_again_but_not_where_that_does_harm(
    serve: Any, answered: Any
) -> None:
    broken = answered(b"{", headers={"Content-Length": "999"})
    server = serve(lambda heard: None, broken, answered({"ok": True}))
    assert Endpoint(server.url).send("POST", "/x", Deadline.after(10)) == {"ok": True}
    assert failed(serve, broken, careful=True)[1] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!DOCTYPE html><html>Sign in</html>", "with a web page"),
        (b"  <html>", "with a web page"),
        (b"", "with nothing"),
        (b"OK", "with no JSON"),
        (b'{"a": 1', "with no JSON"),
        (b'{"a": 1, "a": 2}', "is there twice"),
        (b'{"a": {"b": 1, "b": 1}}', "is there twice"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[" * 100_000, "with no JSON"),
        (b"\xff\xfe\x00", "with no JSON"),
    ],
)
def test_an_answer_that_is_no_json_is_told_and_not_asked_again(
    serve: Any, answered: Any, body: bytes, said: str
) -> None:
    error, asked = failed(serve, answered(body))
    assert isinstance(error, Strange)
    assert said in str(error)
    assert asked == 1
    assert "check the URL" in explain_http_error(error, "h", "").advice


def test_an_answer_that_is_too_large_is_told_and_not_asked_again(serve: Any, answered: Any) -> None:
    error, asked = failed(serve, answered(b'"' + b"x" * LARGEST_RESPONSE + b'"'))
    failure = explain_http_error(error, "h", "")
    assert (failure.reason, asked) == ("h answered with more than 4 MiB", 1)
    assert "check the URL" in failure.advice


def test_a_redirect_is_not_followed_and_says_where_to(serve: Any, answered: Any) -> None:
    error, asked = failed(serve, answered(b"", 302, {"Location": "https://login.example/"}))
    assert "redirects to https://login.example/" in str(error)
    assert asked == 1


def test_a_page_that_an_error_came_with_is_not_repeated(serve: Any, answered: Any) -> None:
    error, _ = failed(serve, answered(b"<html>a long page</html>", 403))
    assert str(error) == "Forbidden"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "m", "type": "t", "code": "c"}}, ("m", "c")),
        ({"error": {"message": "m", "type": "t", "code": None}}, ("m", "t")),
        ({"error": {"message": "m", "code": 400}}, ("m", "400")),
        ([{"error": {"message": "m", "code": 429, "status": "RESOURCE_EXHAUSTED"}}], ("m", "429")),
        ({"error": "m"}, ("m", "")),
        ({"object": "error", "message": "m", "type": "BadRequestError", "code": 400}, ("m", "400")),
        ({"detail": "m"}, ("m", "")),
        (
            {"detail": [{"loc": ["body", "seed"], "msg": "extra", "input": {"messages": "all of it"}}, 3]},
            ("['body', 'seed'] extra", ""),
        ),
        ({"detail": []}, ("", "")),
        ([1], ("[1]", "")),
        ({}, ("", "")),
    ],
)
def test_an_error_is_read_in_each_form_that_servers_have(body: Any, said: tuple[str, str]) -> None:
    assert parse_complaint(body) == said


def test_the_key_is_in_no_failure_and_a_long_word_is_cut(serve: Any, answered: Any) -> None:
    error, _ = failed(serve, answered({"error": f"bad key {KEY} " + "x" * 900}, 401), key=KEY)
    failure = Endpoint("http://h", key=KEY).failure(error, 0.0, f"not {KEY}")
    assert KEY not in failure.reason + failure.advice
    assert "h answered 401: bad key ***" in failure.reason
    assert len(failure.reason) <= 300
    assert KEY not in repr(Endpoint("http://h", key=KEY))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "vllm:8000",
        "ftp://vllm",
        "http://",
        "http://[::1",
        "http://h:0",
        "http://h:port",
        "http://h:99999",
        "http://h h",
        "http://ü",
    ],
)
def test_what_is_no_address_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="is no address") as raised:
        check_address(url, "--model agent:http://sre:8080")
    assert raised.value.advice == "as in --model agent:http://sre:8080"


@pytest.mark.parametrize(
    "url", [f"http://me:{KEY}@h", f"https://{KEY}@h/v1", f"https://h/v1?key={KEY}", f"https://h/#{KEY}"]
)
def test_a_url_that_may_hold_a_credential_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_address(url, "x")
    assert KEY not in str(raised.value) + raised.value.advice


@pytest.mark.parametrize(
    ("variable", "value"), [("SSL_CERT_FILE", "/nowhere.pem"), ("http_proxy", "ftp://proxy")]
)
def test_an_environment_that_does_not_hold_is_a_failure_that_names_where_to_look(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(MAPPED) as raised:
        Endpoint("http://h.example").send("GET", "/", Deadline.after(1))
    assert json.dumps(explain_http_error(raised.value, "h.example", "").advice).count("proxy")
