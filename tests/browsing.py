"""A real Chromium for the tests, driven over WebDriver with the standard library alone. Skipped with a word where missing."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

AXE = Path(__file__).parent / "browser" / "node_modules" / "axe-core" / "axe.min.js"
QUIET = ["--headless=new", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run", "--hide-scrollbars", "--disable-dev-shm-usage"]


class Browser:
    """One page at a time. `asked()` gives what the page has requested since it was opened or last asked, itself aside."""

    def __init__(self, address: str, session: str):
        self.session = f"{address}/session/{session}"

    def open(self, page: Path) -> None:
        _send(f"{self.session}/se/log", {"type": "performance"})  # what an earlier page asked for is not this one's
        self.address = page.resolve().as_uri()
        _send(f"{self.session}/url", {"url": self.address})

    def run(self, script: str, *arguments):
        return _send(f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def asked(self) -> list[str]:
        events = [json.loads(entry["message"])["message"] for entry in _send(f"{self.session}/se/log", {"type": "performance"})]
        urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if url != self.address and not url.startswith(("data:", "chrome:", "chrome-untrusted:"))]

    def violations(self, page: Path) -> list[str]:
        """What axe-core finds against a page, of whatever impact."""
        self.open(page)
        self.run(AXE.read_text(encoding="utf-8"))
        found = _send(f"{self.session}/execute/async", {"args": [], "script": """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ["violations"]}).then(result => done(result.violations.map(
                v => `${v.id} (${v.impact}): ${v.nodes.map(n => n.target.join(" ")).slice(0, 3)}`)));"""})
        return list(found)

    def resize(self, width: int, height: int = 1000) -> None:
        _send(f"{self.session}/window/rect", {"width": width, "height": height})


@contextmanager
def browser():
    """A started Browser; the test is skipped, and says why, where Chromium or its driver is not installed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium or chromedriver is not installed: apt-get install chromium chromium-driver")
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            line = next(line for line in process.stdout if "successfully on port" in line)
            address = f"http://127.0.0.1:{re.search('on port ([0-9]+)', line)[1]}"
            rootless = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to start as root
            options = {"binary": chromium, "args": [*QUIET, *rootless, f"--user-data-dir={profile}"]}
            session = _send(f"{address}/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL"},
                "unhandledPromptBehavior": "dismiss and notify"}}})
            yield Browser(address, session["sessionId"])
            _send(f"{address}/session/{session['sessionId']}", None)
        finally:
            process.terminate()
            process.wait(timeout=20)


def needs_axe() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")


def _send(url: str, content: dict | None):
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, data=data, method="DELETE" if data is None else "POST",
                                     headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.loads(answer.read())["value"]
