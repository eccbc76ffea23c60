"""Debian's Chromium without a window, driven over its DevTools protocol."""

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

Json = dict[str, Any]
PATIENCE = 60  # seconds for one answer, on a machine that does other things as well
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # root has none; the pages are our own
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-port=0",
)

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts/truetype/dejavu</dir>
  <cachedir>{cache}</cachedir>
  <include ignore_missing="yes">/etc/fonts/conf.d</include>
</fontconfig>
"""  # whatever else a machine has: a page is to look the same on each


class Tab:
    """One page. `requests` are the addresses it asked for, `complaints` what its console says."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire, self._numbers, self._session = wire, count(1), ""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._seen: set[str] = set()
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> Json:
        """The answer to one command. What happens meanwhile is noted."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._wire.send(json.dumps(message))
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])

    def _receive(self) -> Json:
        message: Json = json.loads(self._wire.recv(timeout=PATIENCE))
        method, said = message.get("method", ""), message.get("params", {})
        self._seen.add(method)
        if method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif method == "Log.entryAdded":
            self.complaints.append(said["entry"]["text"])
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(said))
        return message

    def show(self, path: Path, width: int = 1280, height: int = 800, scheme: str = "light") -> None:
        """Opens a file, and waits until it is loaded."""
        self.requests.clear()
        self.complaints.clear()
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.dress(scheme)
        self._seen.clear()
        self.send("Page.navigate", url=path.as_uri())
        while "Page.loadEventFired" not in self._seen:
            self._receive()

    def dress(self, scheme: str = "light", media: str = "") -> None:
        """Light or dark, on a screen or in print."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)

    def value(self, expression: str) -> Any:
        """What an expression (or its promise) comes to, as JSON. The page itself may run no script; this
        may.
        """
        said = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Presses and lets go of a key, such as `Tab`, by its name and its number (Windows' virtual key)."""
        keys = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **keys)
        self.send("Input.dispatchKeyEvent", type="keyUp", **keys)

    def photograph(self, path: Path, *, whole: bool = False) -> None:
        """Writes what is seen, or the whole page, as PNG."""
        picture = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(picture["data"]))

    def print(self, path: Path) -> None:
        """Writes the page as it prints, as PDF."""
        path.write_bytes(base64.b64decode(self.send("Page.printToPDF")["data"]))


@contextmanager
def browse() -> Iterator[Tab]:
    """A tab of a browser of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        fonts = Path(profile, "fonts.conf")
        fonts.write_text(FONTS.format(cache=profile))
        own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), profile)
        environment = {**os.environ, **own, "FONTCONFIG_FILE": str(fonts)}
        command = ["chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        log = Path(profile, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            with connect(
                _find_address(process, Path(profile, "DevToolsActivePort"), log), max_size=None
            ) as wire:
                yield Tab(wire)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _find_address(process: "subprocess.Popen[bytes]", place: Path, log: Path) -> str:
    """Where the browser is reached, once it says so."""
    until = time.monotonic() + PATIENCE
    while not (place.exists() and place.read_text().count("\n")):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, f"chromium does not start: {log.read_text()}"
        time.sleep(0.05)
    port, path = place.read_text().split()
    return f"ws://127.0.0.1:{port}{path}"
