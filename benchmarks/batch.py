"""What the batch costs beside plain loops of papermill and nbconvert over the same notebooks: CPU seconds and ratios.

    python benchmarks/batch.py                                       all six sample markets, some twenty minutes on two cores
    python benchmarks/batch.py --without-cli --markets nordlys-fi,nordlys-is
    python benchmarks/batch.py --importing                           one more notebook that only imports, alone

CPU is user and system time of the whole process tree; wall is told beside it. Nothing else should run meanwhile: on a
machine that does other work, compare CPU alone.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

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
        parameters = {"units": "all"} if market == "comparison" else {"market": market}
        papermill.execute_notebook(notebooks / f"{step}.ipynb", target, parameters, progress_bar=False)
        target.with_suffix(".html").write_text(exporter.from_filename(str(target))[0])
"""
BATCH = """
import sys
from pathlib import Path
from icp_helpers.batch.flow import Step
from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch
root, steps = Path(sys.argv[1]), sys.argv[2].split(",")
sys.exit(run_batch(Settings(root / "data", root / "reports", root / "notebooks", [Step(name, "", (), (), ()) for name in steps], jobs=1, force=True)))
"""
IMPORTS = "import matplotlib.pyplot, pandas, seaborn, scipy.stats, sklearn.cluster, statsmodels.api, ibis\nimport icp_helpers.page.page"


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
    print(f"{name:<44} {cpu:8.1f} CPU s {wall:8.1f} s", flush=True)
    return cpu, wall


def work_of(markets: list[str]) -> list[tuple[str, list[str]]]:
    """Each market with its steps, and at the end the comparison of all with its own."""
    own = [step.name for step in STEPS if not step.across]
    return [*((market, own) for market in markets), ("comparison", [step.name for step in STEPS if step.across])]


def api_loop(markets: list[str], out: Path) -> list[list[str]]:
    """One process for all markets, and one for their comparison."""
    own, across = ([step.name for step in STEPS if step.across is kind] for kind in (False, True))
    return [[sys.executable, "-c", LOOP, str(REPOSITORY / "notebooks"), str(out), ",".join(steps), names]
            for steps, names in ((own, ",".join(markets)), (across, "comparison"))]


def command_lines(markets: list[str], out: Path) -> list[list[str]]:
    commands = []
    for market, steps in work_of(markets):
        named = ["-p", "units", "all"] if market == "comparison" else ["-p", "market", market]
        for step in steps:
            target = out / f"{market}.{step}.ipynb"
            commands.append([str(BIN / "papermill"), str(REPOSITORY / "notebooks" / f"{step}.ipynb"), str(target), *named])
            commands.append([str(BIN / "jupyter"), "nbconvert", "--to", "html", str(target)])
    return commands


def importing(root: Path) -> None:
    """What one more notebook costs that only imports: the slope between few and more of them."""
    market = root / "data" / "markets" / "one"
    for folder in (market, root / "notebooks", root / "loop"):
        folder.mkdir(parents=True)
    (market / "market.yml").write_text("name: One\nkind: b2b\nas_of: 2026-06-30\ntables: {customers: customers.csv}\n")
    (market / "customers.csv").write_text("customer_id\nc1\n")
    cells = [nbformat.v4.new_markdown_cell("# 01 What do imports cost?"), nbformat.v4.new_code_cell('market = "one"\nsegment = "all"', metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(IMPORTS)]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    names = [f"{number:02}_import" for number in range(1, 25)]
    for name in names:
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), root / "notebooks" / f"{name}.ipynb")
    costs = {}
    for kind, few, more in (("plain", 1, 5), ("warm", 8, 24)):
        spent = []
        for count in (few, more):
            steps = ",".join(names[:count])
            command = ([sys.executable, "-c", LOOP, str(root / "notebooks"), str(root / "loop"), steps, "one"] if kind == "plain"
                       else [sys.executable, "-c", BATCH, str(root), steps])
            spent.append(measured(f"{count} that only import, {kind} kernels", [command], {**os.environ, "OMP_NUM_THREADS": "1"})[0])
        costs[kind] = (spent[1] - spent[0]) / (more - few)
    print(f"one more that only imports: {costs['plain']:.2f} and {costs['warm']:.2f} CPU s, {costs['plain'] / costs['warm']:.1f} times less")


def markets_too(root: Path, options: argparse.Namespace) -> None:
    """The sample markets by the command lines, by the API, by `icp run`, and by `icp run` once more."""
    made = [path.name for path in make_sample_markets(root / "data", customers=options.customers)]
    markets = options.markets.split(",") if options.markets else made
    environment = {**os.environ, "ICP_DATA": str(root / "data"), "ICP_REPORTS": str(root / "reports")}
    loops = {**environment, "OMP_NUM_THREADS": "1"}
    print(f"{len(markets)} markets x {len(STEPS) - 1} notebooks and their comparison, with HTML")
    for name in ("commands", "loop"):
        (root / name).mkdir()
    lines = None if options.without_cli else measured("papermill and nbconvert, command lines", command_lines(markets, root / "commands"), loops)
    api = measured("papermill's API, one exporter", api_loop(markets, root / "loop"), loops)
    icp = [str(BIN / "icp"), "run", *markets, "--segment", "all"]  # the loops have no segments either
    first, second = measured("icp run", [icp], environment), measured("icp run again, nothing changed", [icp], environment)
    for name, loop in (("the command lines", lines), ("the API", api)):
        if loop:
            print(f"icp run beside {name}: {loop[0] / first[0]:.1f} times less CPU, {loop[1] / first[1]:.1f} times less wall")
    print(f"a second run: {second[0] / first[0]:.1%} of the first's CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-cli", action="store_true")
    parser.add_argument("--importing", action="store_true")
    parser.add_argument("--markets")
    parser.add_argument("--customers", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        importing(Path(folder) / "importing")
        if not options.importing:
            markets_too(Path(folder), options)


if __name__ == "__main__":
    main()
