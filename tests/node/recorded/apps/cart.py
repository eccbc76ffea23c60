"""A cart service: it serves carts, asks a price service, and keeps receipts."""

import json
import logging
import os
import random
import sys
import threading
import time
import urllib.request
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

logging.basicConfig(
    stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
)
log = logging.getLogger("cart")

PORT = 8080
PRICES = os.environ["PRICES_URL"]
CURRENCY = os.environ["CURRENCY"]
RECEIPTS = Path(os.environ["STATE_DIR"])
SKUS = ("lamp", "chair", "table", "shelf")


def read_price(sku):
    try:
        with urllib.request.urlopen(f"{PRICES}/price/{sku}?currency={CURRENCY}", timeout=5) as answer:
            return json.load(answer)["cents"]
    except OSError as error:
        raise ConnectionError(f"no price of {sku}: {error}") from None


def read_cart(cart):
    return {"cart": cart, "items": [SKUS[int(cart) % len(SKUS)]], "quantity": int(cart) % 5 + 1}


def total(cart):
    return sum(read_price(sku) for sku in read_cart(cart)["items"]) * read_cart(cart)["quantity"]


def check_out(cart):
    cents = total(cart)
    path = RECEIPTS / f"receipt-{int(cart) % 20}.json"
    path.write_text(json.dumps({"cart": cart, "cents": cents}))
    log.info("checkout of cart %s completed, %d cents", cart, cents)
    return cents


def answer(path):
    _, _, cart, *action = path.split("/")
    if action == ["total"]:
        return {"cents": total(cart)}
    if action == ["checkout"]:
        return {"cents": check_out(cart)}
    return read_cart(cart)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            self.reply(200, {"status": "ok"})
            return
        started = time.monotonic()
        try:
            status, body = 200, answer(self.path)
        except Exception:
            log.exception("cannot serve %s", self.path)
            status, body = 500, {"error": "internal"}
        self.reply(status, body)
        log.info("GET %s %d %.1f ms", self.path, status, 1000 * (time.monotonic() - started))

    def reply(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """We log ourselves."""


def send_traffic():
    """What customers do, twice a second."""
    for number in range(10**9):
        time.sleep(0.5)
        path = f"/cart/{random.randrange(1000, 9999)}" + ("", "/total", "/checkout")[number % 3]
        try:
            connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            connection.close()
        except (OSError, HTTPException):
            pass


def main():
    log.info("starting cart, currency %s", CURRENCY)
    server = ThreadingHTTPServer(("", PORT), Handler)
    log.info("listening on port %d", PORT)
    threading.Thread(target=send_traffic, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
