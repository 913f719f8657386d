"""What many rows cost, beside what an engineer would write otherwise: CPU and peak memory of each, and their ratios.

    python benchmarks/scale.py [PART ...] [--scale 0.01] [--orders 1e8]

PART is one or more of

    features   10 M orders of a million customers, against vectorised pandas and against hand-written SQL
    memory     the same features of --orders orders (100 M by default) under an engine limit of 500 MB; asked for by name alone
    rules      frequent item sets, a million baskets x 2,000 items, against mlxtend's fpgrowth on the sparse table
    segments   a million customers into as many groups as there are, against KMeans with ten starts; and the search for how many
    units      four units side by side against the same four in turn
    market     a market of a million customers through notebooks 01 to 08; asked for by name alone

Each job is a process of its own. What is compared is its step: the CPU it took (user and system time) and the memory on
top of what was there, both sides having imported what they need and, for rules and segments, the same table in hand. The
whole of each process, imports and all, stands beside it. `--scale` makes everything smaller, for a trial; ratios are then
no measure. All data are generated, in a folder that is removed afterwards; `memory` at full size needs 8 GB of disk.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import scale_data
from sklearn.metrics import adjusted_rand_score

JOBS = Path(__file__).with_name("scale_jobs.py")
ICP = Path(sys.executable).with_name("icp")


class Step(NamedTuple):
    """CPU seconds of a step, the MB it took on top of what was there, and the peak MB of its process."""

    cpu: float
    megabytes: float
    peak: float


def measured(name: str, command: list, environment: dict | None = None) -> tuple[float, str]:
    """CPU seconds of a command's process tree, and what it printed."""
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", **(environment or {})}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(part) for part in command], env=quiet, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"  {name:<34} {cpu:9.1f} CPU s", flush=True)
    return cpu, done.stdout


def job(name: str, file: Path, out: Path) -> Step:
    """One job of scale_jobs.py, which says of itself what its step took.

    The system's own peak of a child starts at the size of its parent, and would tell more of this script than of a job.
    """
    step = Step(*map(float, measured(f"{name}, imports and all", [sys.executable, JOBS, name, file, out])[1].split()))
    print(f"    {'the step':<32} {step.cpu:9.2f} CPU s {step.megabytes:8.0f} MB (the process {step.peak:.0f} MB)", flush=True)
    return step


def features(folder: Path, scale: float) -> None:
    file = folder / "orders.parquet"
    scale_data.make_orders(file, int(1e7 * scale), int(1e6 * scale))
    ours, sql, pandas = (job(f"features_{who}", file, folder / f"{who}.parquet") for who in ("ours", "sql", "pandas"))
    for who in ("sql", "pandas"):
        same_features(folder / "ours.parquet", folder / f"{who}.parquet")
    ratio("CPU, pandas over ours", pandas.cpu / ours.cpu, "at least 3, aim 8")
    ratio("memory, pandas over ours", pandas.megabytes / ours.megabytes, "at least 10, aim 25")
    ratio("the same of the whole processes", pandas.peak / ours.peak, "no bound")
    ratio("CPU, ours over hand-written SQL", ours.cpu / sql.cpu, "at most 1.4, aim 1.05")


def same_features(ours: Path, theirs: Path) -> None:
    """Stops unless both hold the same customers with the same numbers."""
    measures = ["orders", "amount", "mean_amount", "largest_amount", "refunded_amount", "recency_days", "tenure_days", "mean_gap_days",
                "orders_last_year", "amount_last_year"]
    apart = " OR ".join(f"abs(coalesce(nullif(a.{m}, 'nan'::DOUBLE), -1) - coalesce(nullif(b.{m}, 'nan'::DOUBLE), -1)) > 1e-4" for m in measures)
    wrong = duckdb.sql(f"SELECT count(*) FROM '{ours}' a FULL JOIN '{theirs}' b USING (customer_id) "
                       f"WHERE a.orders IS NULL OR b.orders IS NULL OR {apart}").fetchone()[0]
    if wrong:
        sys.exit(f"{wrong} customers differ between {ours.name} and {theirs.name}: there is nothing to compare")


def memory(folder: Path, orders: float) -> None:
    file = folder / "orders.parquet"
    if shutil.disk_usage(folder).free < 80 * orders:
        sys.exit("There is too little room on the disk for so many orders.")
    scale_data.make_orders(file, int(orders), int(1e6))
    ratio("MB at the peak", job("features_ours", file, folder / "ours.parquet").peak, "at most 700, aim 400")


def rules(folder: Path, scale: float) -> None:
    file = folder / "baskets.parquet"
    scale_data.make_baskets(file, int(1e6 * scale), 2_000)
    ours, theirs = (job(f"rules_{who}", file, folder / f"{who}.txt") for who in ("ours", "mlxtend"))
    found = (folder / "ours.txt").read_text(encoding="utf-8")
    if found != (folder / "mlxtend.txt").read_text(encoding="utf-8"):
        sys.exit("the sets or the rules differ: there is nothing to compare")
    lines = found.splitlines()
    print(f"  the same {sum('->' not in line for line in lines)} sets and {sum('->' in line for line in lines)} rules")
    ratio("CPU, mlxtend over ours", theirs.cpu / ours.cpu, "at least 10, aim 30")
    ratio("memory, mlxtend over ours", theirs.megabytes / ours.megabytes, "at least 8, aim 16")
    ratio("the same of the whole processes", theirs.peak / ours.peak, "no bound")


def segments(folder: Path, scale: float) -> None:
    file = folder / "customers.parquet"
    scale_data.make_customers(file, int(1e6 * scale))
    jobs = ("step", "kmeans", "ours")
    ours, theirs, whole = (job(f"segments_{who}", file, folder / f"{who}.parquet") for who in jobs)
    truth = pd.read_parquet(file, columns=["truth"])["truth"]
    ari = {who: adjusted_rand_score(truth, pd.read_parquet(folder / f"{who}.parquet")["label"]) for who in jobs}
    ratio("CPU of the step, KMeans with ten starts over ours", theirs.cpu / ours.cpu, "at least 20, aim 90")
    ratio("loss of adjusted Rand index", ari["kmeans"] - ari["step"], "at most .005")
    ratio("the same where ours finds how many there are", ari["kmeans"] - ari["ours"], "at most .005")
    ratio("CPU s of that whole search", whole.cpu, "no bound")


def units(folder: Path, scale: float) -> None:
    environment = {"ICP_DATA": str(folder / "data")}
    names = [f"unit{number}" for number in range(4)]
    for name in names:
        scale_data.make_market(folder / "data" / "markets" / name, int(2e4 * scale), int(1e5 * scale))
    cpu = {}
    for jobs in (1, 4):
        environment["ICP_REPORTS"] = str(folder / f"reports{jobs}")
        command = [ICP, "run", *names, "--steps", "01-05", "--force", "--jobs", jobs]
        cpu[jobs], _ = measured(f"four units, {jobs} at a time", command, environment)
    ratio("CPU, side by side over in turn", cpu[4] / cpu[1], "at most 1.25, aim 1.05")


def market(folder: Path, scale: float) -> None:
    customers = int(1e6 * scale)
    scale_data.make_market(folder / "data" / "markets" / "big", customers, 5 * customers)
    environment = {"ICP_DATA": str(folder / "data"), "ICP_REPORTS": str(folder / "reports")}
    measured(f"{customers:,} customers, notebooks 01 to 08", [ICP, "run", "big", "--steps", "01-08", "--timeout", "7200"], environment)
    for step in json.loads((folder / "reports" / "big" / "run.json").read_text(encoding="utf-8"))["steps"]:
        if step["status"] != "skipped":
            print(f"    {step['step']:<24} {step['status']:<8} {step['seconds']:8.0f} s of wall")


def ratio(what: str, found: float, wanted: str) -> None:
    print(f"  {what:<50} {found:8.3g}   ({wanted})", flush=True)


PARTS = {"features": features, "memory": memory, "rules": rules, "segments": segments, "units": units, "market": market}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], default=["features", "rules", "segments", "units"])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--orders", type=float, default=1e8)
    parser.add_argument("--folder", type=Path, help="where the data are made; the system's folder for temporary files by default")
    options = parser.parse_args()
    for part in options.parts:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            print(part)
            PARTS[part](Path(folder), options.orders * options.scale if part == "memory" else options.scale)


if __name__ == "__main__":
    main()
