"""What the methods reach on worlds whose truth is known: one table, made of the quality_<area>.py files beside this one.

    python benchmarks/quality.py [--area profile] [--seed 1] [--runs 20]

Each area has `rows(seed, runs) -> list[Row]`; the worlds are made there, from seeds that follow from `seed`.
"""

from __future__ import annotations

import argparse
import importlib
import os
from dataclasses import dataclass
from pathlib import Path

# Before numpy loads: threads that spin would be counted as CPU time of the methods.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True)
class Row:
    """One figure beside what it must reach. `at_least` and `aim` are text, for some figures are ceilings; `n` says on
    how many data sets the value was measured."""

    what: str
    value: str
    at_least: str
    aim: str
    n: int


def main() -> None:
    here = Path(__file__).parent
    areas = sorted(path.stem.removeprefix("quality_") for path in here.glob("quality_*.py"))
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--area", choices=areas, action="append", help="only this one; may be given several times")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--runs", type=int, default=20, help="data sets a figure")
    chosen = options.parse_args()
    rows = []
    for area in chosen.area or areas:
        rows += importlib.import_module(f"quality_{area}").rows(chosen.seed, chosen.runs)
    print(f"seed {chosen.seed}, {chosen.runs} runs")
    print_table([("What", "Measured", "At least", "Aim", "n"), *((r.what, r.value, r.at_least, r.aim, str(r.n)) for r in rows)])


def print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if not number:
            print("  ".join("-" * width for width in widths))


if __name__ == "__main__":
    main()
