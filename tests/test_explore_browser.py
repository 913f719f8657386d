"""explore_profile by hand: JupyterLab as `make lab` starts it, a real Chromium, a slider drawn with the mouse, a hypothesis saved."""

import base64
import json
import os
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from browsing import _send, browser
from lab import PATIENCE, jupyter_lab

from icp_helpers.analysis.exploring import MANY
from icp_helpers.tables.market import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
IDLE = """const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return !!(context?.isReady && context.session?.kernel?.status === 'idle' && document.querySelector('.jp-Notebook .jp-Cell'))"""
SAID = "return [...document.querySelectorAll('.widget-html-content p')].map(p => p.innerText)"
TICK = """const rows = [...document.querySelectorAll('.widget-vbox .widget-hbox')].filter(row => row.querySelectorAll('.widget-checkbox input').length > 5);
    const boxes = rows[0].querySelectorAll('.widget-checkbox input');  // the first puts the trait to use
    if (!boxes[0].checked) boxes[0].click();
    boxes[arguments[0]].click()"""
HANDLE = "return document.querySelectorAll('.widget-vbox .noUi-handle-lower')[arguments[0]]"


class Hand:
    """What a person does at the page."""

    def __init__(self, chromium):
        self.chromium = chromium

    def until(self, script: str, *arguments, what: str = ""):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.chromium.run(script, *arguments):
                return found
            time.sleep(0.3)
        raise AssertionError(f"{what or script}: {self.chromium.run('return document.body.innerText')[-1500:]}")

    def said(self, *, other_than=None) -> list[str]:
        end = time.monotonic() + PATIENCE
        while (said := self.chromium.run(SAID)) == other_than or not said:
            assert time.monotonic() < end, f"nothing else is said than {other_than}"
            time.sleep(0.1)
        return said

    def drag(self, place: int, pixels: int) -> None:
        """Take the lower handle of a slider with the mouse and draw it along."""
        handle = self.chromium.run(HANDLE, place)
        self.chromium.run("arguments[0].scrollIntoView({block: 'center'})", handle)
        steps = [{"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": handle}, {"type": "pointerDown", "button": 0}]
        steps += [{"type": "pointerMove", "duration": 100, "x": pixels, "y": 0, "origin": "pointer"}, {"type": "pointerUp", "button": 0}]
        _send(f"{self.chromium.session}/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}]})

    def screenshot(self, file: Path) -> None:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.chromium.session}/screenshot", timeout=60) as answer:
            file.write_bytes(base64.b64decode(json.loads(answer.read())["value"]))


@pytest.fixture
def lab(small_runs, tmp_path):
    """A Lab over a copy of the small market, so that what is saved by hand reaches no other test."""
    for folder in ("markets", "processed"):
        shutil.copytree(small_runs.data / folder / "signal", tmp_path / "data" / folder / "signal")
    shutil.copytree(small_runs.reports / "signal", tmp_path / "reports" / "signal")
    notebook = tmp_path / "explore_profile.ipynb"
    text = (NOTEBOOKS / notebook.name).read_text(encoding="utf-8")
    notebook.write_text(text.replace('market = \\"nordlys-dk\\"', 'market = \\"signal\\"'), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    with jupyter_lab(home, notebook, NOTEBOOKS / "start.ipynb", data=tmp_path / "data", reports=tmp_path / "reports") as running:
        yield running


def test_a_person_moves_criteria_is_warned_and_saves_a_hypothesis(lab, tmp_path):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{lab.address}api/contents", timeout=30)  # without the token
    assert lab.address.startswith("http://127.0.0.1:")
    with browser() as chromium:
        hand = Hand(chromium)
        chromium.resize(1500, 1500)
        _send(f"{chromium.session}/url", {"url": lab.page("explore_profile.ipynb")})
        hand.until(IDLE, what="the notebook and its kernel")
        assert "What if we chose other criteria?" in hand.until("return document.querySelector('.jp-TableOfContents')?.innerText", what="the table of contents")
        assert not chromium.run("return document.querySelector('.jp-toast, .Toastify__toast, .jp-Dialog')"), "something pops up"
        chromium.run("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        first = hand.said()
        assert "customers" in first[0] and any("as often as all" in text or "no difference" in text for text in first)

        hand.drag(0, 60)
        moved = hand.said(other_than=first)
        assert moved[0] != first[0] and moved[1] != first[1], "coverage and lift follow the slider"
        assert any("found profile" in text and "lose" in text for text in moved)

        for place in range(1, MANY + 5):  # one level more or less at each step, and never the same levels twice (a Gray code)
            chromium.run(TICK, (place & -place).bit_length())
            time.sleep(0.1)
        hand.until(f"return ({{said: () => {{{SAID}}}}}).said().some(text => /by chance alone|tuning to noise/.test(text))", what="a warning")

        chromium.run("const box = [...document.querySelectorAll('.widget-text input')][0]; box.value = 'By hand'; box.dispatchEvent(new Event('change', {bubbles: true}))")
        chromium.run("[...document.querySelectorAll('button.widget-button')].at(-1).click()")
        hand.until("return document.body.innerText.includes('signal-h001.yml')", what="where it was saved")
        if folder := os.environ.get("ICP_TEST_SCREENSHOTS"):
            hand.screenshot(Path(folder) / "explore_profile.png")
    saved = yaml.safe_load((tmp_path / "data" / "markets" / "signal" / "hypotheses" / "signal-h001.yml").read_text(encoding="utf-8"))
    assert saved["status"] == "hypothesis" and saved["profiles"][0]["name"] == "By hand" and saved["profiles"][0]["criteria"]
