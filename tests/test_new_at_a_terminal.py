"""`icp new` as a person at a terminal meets it: questions in a pseudo-terminal, answered by keys, and what is left when she goes."""

import os
import select
import sys
import time
from pathlib import Path

import pytest

from icp_helpers.tables.market import load_market

pty = pytest.importorskip("pty", reason="no pseudo-terminals on Windows")

ENTER, CTRL_C, CTRL_D = b"\n", b"\x03", b"\x04"
PATIENCE = 120  # seconds
LIST = "id;colour;result\n1;red;won\n2;blue;lost\n3;red;won\n"  # nothing tells its kind, language, currency or last day


class Terminal:
    """`icp new` in a terminal of its own. `answer` waits for a question and types; `end` gives the exit code and all that was seen."""

    def __init__(self, home: Path):
        (home / "from").mkdir(exist_ok=True)
        (home / "from" / "list.csv").write_text(LIST, encoding="utf-8")
        self.data, self.seen, self.asked = home / "data", "", 0
        environment = os.environ | {"ICP_DATA": str(self.data), "TMPDIR": str(home), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-m", "icp_helpers.batch.cli", "new", "mine", "--from", str(home / "from"), "--language", "en"]
        self.process, self.keys = pty.fork()
        if not self.process:
            os.execve(command[0], command, environment)

    def read(self) -> bool:
        """What has come since; False at the end."""
        try:
            part = os.read(self.keys, 4096) if select.select([self.keys], [], [], PATIENCE)[0] else b""
        except OSError:  # Linux says so when the other side is closed
            part = b""
        self.seen += part.decode("utf-8", "replace")
        return bool(part)

    def answer(self, typed: bytes) -> str:
        """Wait for the next question, answer it, and give the question."""
        while not self.seen[self.asked:].endswith("] "):
            assert self.read(), self.seen
        question, self.asked = self.seen[self.asked:], len(self.seen)
        os.write(self.keys, typed)
        return question

    def end(self) -> int:
        while self.read():
            pass
        return self.leave()

    def leave(self) -> int:
        """Close the window, and give the exit code of what ran in it."""
        os.close(self.keys)
        until = time.monotonic() + PATIENCE
        while (ended := os.waitpid(self.process, os.WNOHANG))[0] == 0 and time.monotonic() < until:
            time.sleep(0.02)
        return os.waitstatus_to_exitcode(ended[1])

    def left(self, home: Path) -> list:
        """Every file but the export itself."""
        return [file for file in home.rglob("*") if file.is_file() and file.parent.name != "from"]


def test_enter_takes_the_proposal_and_a_wrong_answer_is_asked_again(tmp_path):
    window = Terminal(tmp_path)
    questions = [window.answer(typed) for typed in
                 (ENTER, b"Min kunde\n", b"c2c\n", b"B2C\n", b"da\n", b"kroner\n", ENTER, b"30-06-2026\n", b"2026-06-30\n")]
    assert window.end() == 0
    assert "list.csv hold (id, colour, result)?" in questions[0] and "[customers]" in questions[0]
    assert "'c2c' is not possible" in questions[3] and "[DKK]" in questions[5] and "'kroner' is not possible" in questions[6]
    assert "'30-06-2026' is no day with its year first" in questions[8] and "Wrote" in window.seen and "Traceback" not in window.seen
    market = load_market("mine", data=window.data)
    assert (market.name, market.kind, market.language, market.currency, str(market.as_of)) == ("Min kunde", "b2c", "da", "DKK", "2026-06-30")
    assert market.ideal.outcome == "result" and "ideal: those for whom 'result' says yes" in window.seen
    assert {file.name for file in window.left(tmp_path)} == {"market.yml", "list.csv"}


def test_who_goes_in_the_middle_leaves_nothing_behind(tmp_path):
    windows = []
    for key in (CTRL_C, CTRL_D, None):
        (home := tmp_path / str(len(windows))).mkdir()
        windows.append((key, home, Terminal(home)))  # side by side: most of the time is the start of Python
    for key, home, window in windows:
        window.answer(ENTER), window.answer(ENTER)
        assert window.left(home), "the copy on which the proposals are tried"
        if key:
            window.answer(key)
        assert (window.end() if key else window.leave()) == (130 if key else 129)
        assert not window.left(home) and "Traceback" not in window.seen
        assert "icp new: stopped" in window.seen or not key
