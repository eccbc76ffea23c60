"""Several models at once: the wall time is the slowest one's, and no more than 0.2 s over it.

Each is a real adapter that asks a server on loopback, over its own SDK or client; the servers answer after a
known delay. The slowest model alone, then all of them together, in turn.
"""

import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.models import create
from analyzer.models.interface import Model, Question
from analyzer.verdicts.dialogue import ask_all
from analyzer.verdicts.verdict import Verdict

RUNS = 5
AT_MOST = 0.2  # seconds over the slowest
DELAYS = {"gemini": 1.0, "ollama": 2.0, "openai": 1.5, "agent": 0.5}  # seconds until an answer begins
SLOWEST = max(DELAYS, key=DELAYS.__getitem__)
ANSWER = json.dumps({"verdict": "promote", "confidence": 95, "summary": "s"})
TOLD = {"analysis": "a", "rootCause": "r", "remediation": "m", "promote": True, "confidence": 95}
CHUNK = {
    "model": "m",
    "message": {"role": "assistant", "content": ANSWER},
    "done": True,
    "done_reason": "stop",
    "prompt_eval_count": 9,
}

AT_ONCE: dict[str, object] = {"/api/show": {"model_info": {}, "capabilities": []}, "/api/ps": {"models": []}}
ANSWERS: dict[str, object] = {
    "gemini": {
        "candidates": [{"content": {"role": "model", "parts": [{"text": ANSWER}]}, "finishReason": "STOP"}]
    },
    "ollama": CHUNK,
    "openai": {
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
        ]
    },
    "agent": TOLD,
}


class Handler(BaseHTTPRequestHandler):
    """One path each judge: `/gemini/…`, but for Ollama, which has the root."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        judge = next((name for name in ANSWERS if self.path.startswith(f"/{name}")), "ollama")
        said = AT_ONCE.get(self.path)
        if said is None:
            time.sleep(DELAYS[judge])
            said = ANSWERS[judge]
        content = json.dumps(said).encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer  # noqa: N815 - the server's own names for it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def server() -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()


def jury(url: str) -> dict[str, Model]:
    environ = {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": f"{url}/gemini", "OLLAMA_HOST": url}
    names = ("gemini", "ollama", f"openai:m@{url}/openai", f"agent:{url}/agent")
    return dict(zip(DELAYS, create(names, environ), strict=True))


def wall(models: tuple[Model, ...]) -> float:
    """Seconds until all have answered. Ends the benchmark when one has not: a failure is no fast answer."""
    question = Question(prompt="judge", schema=answer_schema())
    begun = time.perf_counter()
    heard = ask_all(models, question, Deadline.after(60))
    seconds = time.perf_counter() - begun
    for _, opinion in heard:
        if not isinstance(opinion, Verdict):
            sys.exit(f"{opinion.model}: {opinion.reason}")
    return seconds


def main() -> int:
    with server() as url:
        models = jury(url)
        runs = [(wall((models[SLOWEST],)), wall(tuple(models.values()))) for _ in range(RUNS + 1)][
            1:
        ]  # the first pays for connections
    alone, together = (statistics.median(each) for each in zip(*runs, strict=True))
    over = statistics.median(both - one for one, both in runs)
    worst = max(both - one for one, both in runs)
    held = over <= AT_MOST
    print(
        f"{len(DELAYS)} models at once: {together:.2f} s, the slowest alone {alone:.2f} s: {over:+.3f} s over it (worst of {RUNS} "
        f"{worst:+.3f} s; at most {AT_MOST} s): {'holds' if held else 'DOES NOT HOLD'}"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
