"""The batch over the sample markets beside a plain loop of papermill over the same notebooks, CPU seconds and ratio.

    python benchmarks/batch.py [--cli] [--markets nordlys-fi,nordlys-is] [--customers N]

`--cli` loops over the command lines `papermill` and `jupyter nbconvert` instead of the API and one exporter.
CPU is user and system time of the whole process tree; wall is told beside it. All three run in this order, alternating
nothing: on a machine that does other work, compare CPU alone.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from icp_helpers.batch.flow import STEPS
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.planting import make_sample_markets

BIN = Path(sys.executable).parent
LOOP = """
import sys
from pathlib import Path
import nbformat, papermill
from nbconvert import HTMLExporter
notebooks, out, steps, markets = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(","), sys.argv[4].split(",")
exporter = HTMLExporter()
for market in markets:
    for step in steps:
        target = out / f"{market}.{step}.ipynb"
        papermill.execute_notebook(notebooks / f"{step}.ipynb", target, {"market": market}, progress_bar=False)
        target.with_suffix(".html").write_text(exporter.from_filename(str(target))[0])
"""


def measured(name: str, commands: list[list[str]], environment: dict) -> tuple[float, float]:
    """CPU and wall seconds of some commands in turn. Stops if one fails: half the work is no measure."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    for command in commands:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall = time.monotonic() - began
    print(f"{name:<44} {cpu:8.1f} CPU s {wall:8.1f} s")
    return cpu, wall


def loop_commands(markets: list[str], steps: list[str], out: Path, cli: bool) -> list[list[str]]:
    notebooks = REPOSITORY / "notebooks"
    if not cli:
        return [[sys.executable, "-c", LOOP, str(notebooks), str(out), ",".join(steps), ",".join(markets)]]
    commands = []
    for market in markets:
        for step in steps:
            target = out / f"{market}.{step}.ipynb"
            commands.append([str(BIN / "papermill"), str(notebooks / f"{step}.ipynb"), str(target), "-p", "market", market])
            commands.append([str(BIN / "jupyter"), "nbconvert", "--to", "html", str(target)])
    return commands


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", action="store_true")
    parser.add_argument("--markets")
    parser.add_argument("--customers", type=int)
    options = parser.parse_args()
    steps = [step.name for step in STEPS]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made = [path.name for path in make_sample_markets(root / "data", customers=options.customers)]
        markets = options.markets.split(",") if options.markets else made
        environment = {**os.environ, "ICP_DATA": str(root / "data"), "ICP_REPORTS": str(root / "reports")}
        icp = [str(BIN / "icp"), "run", *markets]
        print(f"{len(markets)} markets x {len(steps)} notebooks, with HTML")
        (root / "loop").mkdir()
        loop = measured("papermill and nbconvert, command lines" if options.cli else "papermill's API, one exporter",
                        loop_commands(markets, steps, root / "loop", options.cli), {**environment, "OMP_NUM_THREADS": "1"})
        first = measured("icp run", [icp], environment)
        second = measured("icp run again, nothing changed", [icp], environment)
    print(f"icp run: {loop[0] / first[0]:.1f} times less CPU, {loop[1] / first[1]:.1f} times less wall")
    print(f"a second run: {second[0] / first[0]:.1%} of the first's CPU")


if __name__ == "__main__":
    main()
