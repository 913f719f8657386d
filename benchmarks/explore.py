"""How long explore_profile takes to answer a change, on 100,000 customers and 5,000 prospects: CPU milliseconds, of the kernel.

    .venv/bin/python benchmarks/explore.py [--customers N]

The aim is 200 ms a change. CPU time and no wall, so that a busy machine measures the same.
"""

import argparse
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.exploring import Explorer
from icp_helpers.page import open_page
from icp_helpers.page.explore import Board
from icp_helpers.tables.market import Market

FOUND = (Criterion("employees", "between", (10, 50)), Criterion("industry", "in", ["construction"]))
MOVES = 40


def world(customers: int, seed: int) -> pd.DataFrame:
    """Twenty traits: numbers with a long tail and gaps, levels, flags and lists."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"industry": rng.choice(["construction", "retail", "food", "other"], customers),
                          "employees": np.round(np.exp(rng.normal(3, 1.2, customers))) + 1, "exports": rng.random(customers) < 0.4,
                          "needs": rng.choice(["speed|price", "price", "care", "care|speed"], customers)})
    for place in range(10):
        frame[f"number {place}"] = np.where(rng.random(customers) < 0.1, np.nan, np.exp(rng.normal(5, 2, customers)))
    for place in range(6):
        frame[f"level {place}"] = rng.choice(list("ABCDEFGHIJ"), customers)
    return frame


def board(customers: int, folder: Path) -> Board:
    frame = world(customers, 1)
    rng = np.random.default_rng(2)
    ideal = rng.random(customers) < np.where(members(frame, FOUND), 0.6, 0.15)
    market = Market("x", "X", "b2b", folder, language="da")
    page = open_page(SimpleNamespace(market=market, name="x"), "explore_profile")
    return Board(page, Explorer(frame, ideal, rng.gamma(2, 500, customers), world(5_000, 3), FOUND), lambda _setting, name: name)


def changes(made: Board, rng) -> dict[str, list[float]]:
    """The milliseconds of each change, by the kind of widget."""
    spent: dict[str, list[float]] = {"slider": [], "level": [], "flag": [], "trait put to use": []}

    def timed(kind: str, widget, value) -> None:
        started = time.process_time()
        widget.value = value
        spent[kind].append(1000 * (time.process_time() - started))

    for name in ("exports", "needs", "number 0", "level 0"):
        timed("trait put to use", made.controls[name].use, True)
    for _ in range(MOVES):
        slider = made.controls[rng.choice(["employees", "number 0"])].setting
        low, high = sorted(rng.choice(len(slider.options), 2, replace=False))
        timed("slider", slider, (slider.options[low][1], slider.options[high][1]))
        box = rng.choice(made.controls["level 0"].setting.children)
        timed("level", box, not box.value)
        timed("flag", made.controls["exports"].setting, bool(rng.random() < 0.5))
    return spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=100_000)
    customers = options.parse_args().customers
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        made = board(customers, Path(folder))
        print(f"{customers:,} customers, {len(made.controls)} traits: the board stands after {1000 * (time.process_time() - started):,.0f} ms")
        for kind, times in changes(made, np.random.default_rng(4)).items():
            print(f"{kind:18} {len(times):3} changes  median {np.median(times):4.0f} ms  slowest {max(times):4.0f} ms")


if __name__ == "__main__":
    main()
