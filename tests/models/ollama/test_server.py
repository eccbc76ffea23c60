"""The real Ollama as a cluster has it: several models, many analyses at once, a server that is busy, killed,
or left in mid-answer.
"""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import ollama
import pytest

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.models import create
from analyzer.models import ollama as adapter
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn
from analyzer.models.ollama import client, sizing

pytestmark = pytest.mark.models

ASKED = (Turn(role="user", text="judge"),)
HEALTHY = str(Path(__file__).parents[3] / "examples" / "evidence" / "healthy.json.gz")
ENDLESS = {
    "type": "array",
    "minItems": 100,
    "items": {"type": "array", "minItems": 500, "items": {"type": "boolean"}},
}
ROOM = 60_000  # tokens of it: minutes


def ask(host: str, name: str, question: Question, seconds: float = 240) -> Reply | Calls | Failure:
    (model,) = create((f"ollama:{name}",), {"OLLAMA_HOST": host})
    return model.ask(question, ASKED, Deadline.after(seconds))


@pytest.fixture
def short(question: Question) -> Question:
    return msgspec.structs.replace(question, schema={"type": "boolean"})


@pytest.fixture
def endless(question: Question, monkeypatch: pytest.MonkeyPatch) -> Question:
    """A question whose answer takes minutes, and which there is room for."""
    monkeypatch.setattr(adapter, "ANSWER", ROOM)
    monkeypatch.setattr(sizing, "ANSWER", ROOM)
    return msgspec.structs.replace(question, schema=ENDLESS)


@pytest.fixture
def analyze(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """`analyze(host, *arguments)`: the exit code and the JSON of a whole run on a healthy canary."""

    def running(host: str, *arguments: str) -> tuple[int, Any]:
        monkeypatch.setenv("OLLAMA_HOST", host)
        code = run(
            [
                "analyze",
                "--evidence",
                HEALTHY,
                "--format",
                "json",
                "--prompt-tokens",
                "1400",
                "--deadline",
                "4m",
                *arguments,
            ]
        )
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, json.loads(out)

    return running


def said(result: Any) -> dict[str, tuple[str, str]]:
    return {
        each["model"]: (each["type"], each.get("answer", {}).get("verdict", "") or each["reason"])
        for each in result["verdicts"]
    }


class TestConsensus:
    """`promoter`, `doubter` and `wrecker` answer by our own schema, which the real grammar binds them to."""

    MODELS = ("--model", "builtin", "--model", "ollama:promoter", "--model", "ollama:doubter")

    def test_a_model_and_the_built_in_judge_promote_together(self, ollama_host: str, analyze: Any) -> None:
        code, result = analyze(ollama_host, *self.MODELS[:4])
        assert (code, result["outcome"], result["rule"]) == (0, "promote", "confidence")

    def test_the_built_in_judge_makes_no_majority_of_a_promotion_and_a_doubt(
        self, ollama_host: str, analyze: Any
    ) -> None:
        code, result = analyze(ollama_host, *self.MODELS)
        verdicts = {"builtin": "promote", "ollama:promoter": "promote", "ollama:doubter": "cannot_tell"}
        assert said(result) == {name: ("verdict", verdict) for name, verdict in verdicts.items()}
        assert (code, result["outcome"]) == (4, "inconclusive")
        assert result["reason"].startswith("the built-in judge cannot promote for the models: ")

    def test_who_has_to_be_unanimous_is_not(self, ollama_host: str, analyze: Any) -> None:
        code, result = analyze(ollama_host, *self.MODELS, "--consensus", "unanimous")
        assert (code, result["outcome"]) == (4, "inconclusive")

    def test_a_doubt_that_weighs_more_prevails(self, ollama_host: str, analyze: Any) -> None:
        code, result = analyze(ollama_host, *self.MODELS, "--weight", "ollama:doubter=4")
        assert (code, result["outcome"]) == (4, "inconclusive")

    def test_a_rollback_without_a_word_of_why_is_asked_for_once_more_and_then_no_verdict(
        self, ollama_host: str, analyze: Any
    ) -> None:
        code, result = analyze(
            ollama_host,
            "--model",
            "ollama:promoter",
            "--model",
            "ollama:wrecker",
            "--consensus",
            "any-rollback",
        )
        kind, why = said(result)["ollama:wrecker"]
        assert kind == "abstention"
        assert "without a basis in the evidence" in why
        assert said(result)["ollama:promoter"] == ("verdict", "promote")
        assert code == 4  # one of two is no majority


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def runners(started: Any) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(started.pid)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in found.stdout.split()]


class TestKilled:
    @pytest.fixture
    def killed(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
        """`killed(how)`: when the first piece of an answer is there, it happens."""
        first = client.split_first

        def arrange(how: Callable[[], None]) -> None:
            def then(request: Any) -> Any:
                heard = first(request)
                how()
                return heard

            monkeypatch.setattr(adapter, "split_first", then)

        return arrange

    @pytest.mark.parametrize("beside", [(), ("--model", "builtin")])
    @pytest.mark.usefixtures("endless")
    def test_the_server_in_mid_answer(
        self,
        ollama_of: Callable[..., Any],
        analyze: Any,
        killed: Any,
        beside: tuple[str, ...],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        started = ollama_of()
        monkeypatch.setattr("analyzer.run.judge.answer_schema", lambda: ENDLESS)
        killed(lambda: kill(started.pid, *runners(started)))
        code, result = analyze(started.host, "--model", "ollama:promoter", *beside)
        kind, why = said(result)["ollama:promoter"]
        assert (code, result["outcome"], kind) == (5, "error", "failed")
        assert (
            f"Ollama at {started.host} cannot be reached, or hung up" in why or "broke off its answer" in why
        )

    def test_the_model_s_own_process_as_the_kernel_does_when_memory_runs_out(
        self, ollama_of: Callable[..., Any], endless: Question, killed: Any
    ) -> None:
        started = ollama_of()
        killed(lambda: kill(*runners(started)))
        reply = ask(started.host, "promoter", endless)
        assert isinstance(reply, Failure)
        assert (reply.retryable, reply.abstained) == (True, False)
        assert "broke off its answer" in reply.reason


def test_an_answer_that_is_left_at_the_deadline_is_given_up_by_the_server(
    ollama_of: Callable[..., Any], endless: Question, short: Question, wait_until: Callable[..., None]
) -> None:
    """Or the next analysis would wait behind it: here for minutes, since the model takes one request at a
    time.
    """
    started = ollama_of(OLLAMA_NUM_PARALLEL="1")
    assert isinstance(ask(started.host, "promoter", short), Reply)  # it is loaded
    reply = ask(started.host, "promoter", endless, seconds=2)
    assert isinstance(reply, Failure)
    assert reply.retryable
    wait_until(lambda: len(chats(started)) == 2)  # logged when a request is over
    assert isinstance(ask(started.host, "promoter", short, seconds=30), Reply)


def chats(started: Any, status: str = "") -> list[str]:
    """The questions that the server is done with, as it logs them."""
    return [
        line
        for line in started.log.splitlines()
        if "[GIN]" in line and '"/api/chat"' in line and f"| {status}" in line
    ]


class TestManyAtOnce:
    def test_analyses_that_ask_one_model_wait_for_each_other_whatever_the_queue_s_length(
        self, ollama_of: Callable[..., Any], short: Question
    ) -> None:
        started = ollama_of(OLLAMA_MAX_QUEUE="1", OLLAMA_NUM_PARALLEL="1")
        assert isinstance(ask(started.host, "tiny", short), Reply)  # it is loaded
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: ask(started.host, "tiny", short), range(8)))
        assert all(isinstance(reply, Reply) for reply in replies), replies
        assert chats(started, "503 |") == []

    def test_a_queue_that_is_full_is_told_and_asked_again_until_there_is_room(
        self, ollama_of: Callable[..., Any], short: Question, wait_until: Callable[..., None]
    ) -> None:
        """It fills while one model has to go for another, which it does not before its answers are whole."""
        started = ollama_of(OLLAMA_MAX_QUEUE="1", OLLAMA_MAX_LOADED_MODELS="1", OLLAMA_DEBUG="1")
        with busy(started, wait_until) as free:
            reply = ask(started.host, "tiny", short, seconds=5)
            assert isinstance(reply, Failure)
            assert (reply.retryable, reply.abstained) == (True, False)
            assert "answered 503: server busy" in reply.reason
            assert "--deadline" in reply.advice
            assert "OLLAMA_MAX_QUEUE" in reply.advice
            refused = len(chats(started, "503 |"))
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(ask, started.host, "tiny", short)
                wait_until(lambda: len(chats(started, "503 |")) > refused)
                free()
                later = asked.result()
        assert isinstance(later, Reply), later


@contextmanager
def busy(started: Any, wait_until: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """One model is answering for minutes, another one waits for its place, and the one place of the queue is
    taken. Yields its end.
    """

    def request(name: str) -> None:
        with ollama.Client(started.host) as client, suppress(ollama.ResponseError, OSError):
            client.generate(name, "")

    with ollama.Client(started.host) as client:
        options = {"num_ctx": ROOM, "num_predict": ROOM, "temperature": 0.0}
        answer = client.chat(
            "promoter", [{"role": "user", "content": "x"}], stream=True, format=ENDLESS, options=options
        )
        next(answer)
        threading.Thread(target=request, args=("doubter",), daemon=True).start()
        wait_until(lambda: "waiting for pending requests to complete and unload to occur" in started.log)
        for _ in range(
            2
        ):  # one is queued, the other is told that there is no room: which of them, does not matter
            threading.Thread(target=request, args=("wrecker",), daemon=True).start()
        wait_until(lambda: "| 503 |" in started.log)
        yield answer.close
