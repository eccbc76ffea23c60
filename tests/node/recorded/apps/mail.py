"""A consumer: it takes mails from a queue, renders them and files them in the spool."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

QUEUE = os.environ["QUEUE_URL"]
SPOOL = Path(os.environ["STATE_DIR"])
NAME = "mails"
TEMPLATES = {"order": "Your order {number} is on its way.", "welcome": "Welcome, {name}!"}


def say(level, message, **fields):
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"time": now, "level": level, "message": message, **fields}
    print(json.dumps(line), file=sys.stdout, flush=True)


def take():
    with urllib.request.urlopen(f"{QUEUE}/queue/{NAME}/next", timeout=5) as answer:
        return json.load(answer)


def render(job):
    return TEMPLATES[job["template"]].format(**job["values"])


def file(job, text):
    (SPOOL / f"mail-{job['id'] % 50}.txt").write_text(f"To: {job['to']}\n\n{text}\n")


def work():
    started = time.monotonic()
    job = take()
    text = render(job)
    file(job, text)
    took = round(1000 * (time.monotonic() - started), 1)
    say("info", "mail sent", id=job["id"], template=job["template"], ms=took)


def main():
    say("info", "starting mail", queue=NAME)
    say("info", "templates loaded", count=len(TEMPLATES))
    while True:
        try:
            work()
        except Exception as error:
            say("error", "mail failed", error=f"{type(error).__name__}: {error}")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
