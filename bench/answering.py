"""A Gemini on loopback that answers at once, for runs that are timed or held to a limit."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from parallel import ANSWERS


class Gemini(BaseHTTPRequestHandler):
    """Says promote, and counts how often."""

    asked = 0

    def do_POST(self) -> None:
        Gemini.asked += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(ANSWERS["gemini"]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def gemini() -> Iterator[None]:
    """From here on `--model gemini` is asked of it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Gemini) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        os.environ |= {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": address}
        yield
        server.shutdown()
