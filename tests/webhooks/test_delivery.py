"""One message to one webhook: signed as published, again while nothing was taken, and nowhere else."""

import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.settings import Notices
from analyzer.webhooks.address import HANDOFF, SECRET, VARIABLES, Hook, check_address, read_hook
from analyzer.webhooks.delivery import post_message, sign
from analyzer.webhooks.errors import Unknown, WebhookError, WebhookRefused, WebhookUnreachable
from tests.webhooks.receiver import Receiver, verify

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
Web = Callable[..., str]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)


def the_handoff(url: str, key: str = KEY) -> Hook:
    return read_hook(HANDOFF, Notices(handoff_webhook=url), {SECRET: key})


def send(hook: Hook, seconds: float = 20) -> None:
    post_message(hook, "msg_1", BODY, Deadline.after(seconds))


def test_the_signature_is_the_published_one() -> None:
    """The example that the scheme's own libraries are tested with."""
    key = the_handoff("https://agent.example.com").key
    headers = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verify(KEY, headers, BODY, 1614265330) == ""
    assert verify(KEY, headers, BODY + b" ", 1614265330) == "no signature fits"


def test_a_receiver_takes_what_is_sent(web: Web, answer: Callable[..., None]) -> None:
    receiver = Receiver()
    send(the_handoff(f"{web(receiver.take(answer))}/hooks/canary"))
    (heard,) = receiver.heard
    assert verify(KEY, heard.headers, heard.body, time.time()) == ""
    assert (heard.path, heard.body) == ("/hooks/canary", BODY)
    assert heard.headers["content-type"] == "application/json"


def test_a_key_without_prefix_is_its_characters(web: Web, answer: Callable[..., None]) -> None:
    receiver = Receiver()
    send(the_handoff(web(receiver.take(answer)), "a key of more than 24 bytes".replace(" ", "-")))
    assert verify("YS1rZXktb2YtbW9yZS10aGFuLTI0LWJ5dGVz", receiver.heard[0].headers, BODY, time.time()) == ""


@pytest.mark.slow
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_was_not_taken_is_sent_again_under_the_same_id(
    web: Web, answer: Callable[..., None], status: int
) -> None:
    receiver = Receiver([(status, {"Retry-After": "0"}), (status, {})])
    send(the_handoff(web(receiver.take(answer))))
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == ["msg_1"] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_what_is_refused_is_not_sent_again(web: Web, answer: Callable[..., None], status: int) -> None:
    receiver = Receiver([(status, {})])
    with pytest.raises(WebhookRefused, match=f"answered {status}"):
        send(the_handoff(web(receiver.take(answer))))
    assert len(receiver.heard) == 1


@pytest.mark.slow
def test_retries_are_bounded(web: Web, answer: Callable[..., None]) -> None:
    receiver = Receiver([(503, {})] * 99)
    with pytest.raises(WebhookUnreachable, match="answered 503"):
        send(the_handoff(web(receiver.take(answer))))
    assert len(receiver.heard) == retry.ATTEMPTS


def test_a_wait_beyond_the_deadline_is_not_begun(web: Web, answer: Callable[..., None]) -> None:
    receiver = Receiver([(429, {"Retry-After": "60"})])
    with pytest.raises(WebhookUnreachable) as raised:
        send(the_handoff(web(receiver.take(answer))), 5)
    assert (raised.value.retry_after, len(receiver.heard)) == (60, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(web: Web, answer: Callable[..., None], status: int) -> None:
    elsewhere = Receiver()
    receiver = Receiver([(status, {"Location": web(elsewhere.take(answer))})])
    with pytest.raises(WebhookRefused, match="leads elsewhere"):
        send(the_handoff(web(receiver.take(answer))))
    assert (len(receiver.heard), elsewhere.heard) == (1, [])


@pytest.mark.slow
def test_an_answer_that_is_lost_is_asked_for_again_only_where_ids_are_known(web: Web) -> None:
    asked: list[str] = []

    def hang_up(request: Any) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        asked.append(request.path)
        request.close_connection = True

    url = web(hang_up)
    with pytest.raises(Unknown, match="may have been told"):
        send(Hook("slack", f"{url}/slack"))
    with pytest.raises(Unknown):
        send(the_handoff(f"{url}/own"))
    assert (asked.count("/slack"), asked.count("/own")) == (1, retry.ATTEMPTS)


@pytest.mark.slow
def test_nobody_there_is_said_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hook = Hook("slack", "http://127.0.0.1:9/services/T0/B0/hunter2secret")
    with pytest.raises(WebhookError, match=r"no connection to 127\.0\.0\.1") as raised:
        send(hook)
    assert "hunter2" not in f"{raised.value}{raised.value.advice}{hook!r}{caplog.text}"


def test_no_log_has_the_address_of_a_chat(
    web: Web, answer: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(Hook("slack", f"{web(Receiver().take(answer))}/services/hunter2secret"))
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://agent.example.com/x", "would go to agent.example.com over http"),
        ("agent.example.com", "is no address"),
        ("ftp://agent.example.com", "is no address"),
        ("https://", "is no address"),
        ("https://agent.example.com:port/", "is no address"),
        ("https://[agent", "is no address"),
        ("https://agent.example.com/a\nb", "is no address"),
        ("https://user:hunter2@agent.example.com", "has a user or a password"),
    ],
)
def test_an_address_that_cannot_be_is_said_and_not_shown(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        check_address("SLACK_WEBHOOK_URL", url)
    assert raised.value.advice
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["https://agent.example.com/x", "http://127.0.0.1:8080", "http://localhost/x"]
)
def test_one_that_can_be_holds(url: str) -> None:
    check_address("--handoff-webhook", url)


def test_the_handoffs_address_holds_no_token_because_records_keep_it() -> None:
    with pytest.raises(UsageError, match="has more behind its path") as raised:
        the_handoff("https://agent.example.com/x?token=hunter2")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("key", ["", "whsec_%%%", "whsec_c2hvcnQ=", "short", "whsec_" + "A" * 100])
def test_a_key_that_cannot_be_is_said(key: str) -> None:
    with pytest.raises(UsageError) as raised:
        the_handoff("https://agent.example.com", key)
    assert "openssl rand" in raised.value.advice
    assert key not in str(raised.value) or not key


@pytest.mark.parametrize("chat", VARIABLES)
def test_a_chat_without_its_address_is_said(chat: Any) -> None:
    with pytest.raises(UsageError, match=f"no address for {chat}") as raised:
        read_hook(chat, Notices(notify=(chat,)), {})
    assert VARIABLES[chat] in raised.value.advice
