"""A tiny world for the runner: three notebooks, a few markets, and faults that a market's own folder asks for."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from icp_helpers.batch.flow import Step
from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch

FLOW = (
    Step("01_collect_data", "What do we know?", (), ("customers",), ("quality",), sources=True),
    Step("02_know_customers", "Who buys?", (), ("quality",), ("features",)),
    Step("03_define_ideal", "Which are ideal?", (), ("features",), ("ideal",)),
)
MARKET_FILE = "name: {name}\nkind: b2b\nlanguage: en\nas_of: 2026-06-30\ntables: {{customers: customers.csv}}\n"
SETUP = """import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from IPython.display import display

folder = Path(os.environ["ICP_STAGE"])
home = Path(os.environ["ICP_DATA"]) / "markets" / market
customers = (home / "customers.csv").read_text().split()[1:]"""
FAULT = """fault = home / "fault.py"
exec(fault.read_text() if fault.exists() else "")"""
SAY = """sentence = f"{len(customers)} customers of {market} {segment}, through {step}."
finding = {"id": "count", "step": step, "status": "info", "sentence": sentence, "message": sentence, "facts": {"n": len(customers)}}
display({"text/html": f"<p>{sentence}</p>", "text/plain": sentence}, raw=True, metadata={"icp": {"finding": finding}})"""
WRITES = {
    "01_collect_data": ['(folder / "tables").mkdir()', 'pq.write_table(pa.table({"customer_id": customers}), folder / "tables" / "customers.parquet")',
                        'pq.write_table(pa.table({"table": ["customers"], "check": ["rows in"], '
                        '"rows": [float(len(customers))]}), folder / "quality.parquet")'],
    "02_know_customers": ['rows = pq.read_table(folder / "quality.parquet").num_rows',
                          'pq.write_table(pa.table({"customer_id": pa.array(customers, pa.string())}), folder / "features.parquet")'],
    "03_define_ideal": ['ids = pq.read_table(folder / "features.parquet").column("customer_id")',
                        'pq.write_table(pa.table({"customer_id": ids, "marked": [market + segment] * len(ids)}), folder / "ideal.parquet")'],
}


def make_notebook(step: str, *, setup: str = SETUP, faulty: bool = False) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell(f"# {step[:2]} What is it?\n\nA fixture.", id="title"),
             nbformat.v4.new_code_cell('market = "one"\nsegment = "all"', id="parameters", metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(f'{setup}\nstep = "{step}"', id="setup")]
    if faulty:
        cells.append(nbformat.v4.new_code_cell(FAULT, id="fault"))
    cells += [nbformat.v4.new_code_cell(SAY, id="finding-count"),
              nbformat.v4.new_code_cell("\n".join(WRITES[step]), id="write"),
              nbformat.v4.new_markdown_cell("Then the next.", id="next")]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


class World:
    """Folders of their own below `root`, with the markets named; the last notebook asks the market for a fault."""

    def __init__(self, root: Path, markets=("one", "two"), *, steps: int = 3):
        self.open(root, steps)
        self.settings.notebooks.mkdir(parents=True)
        for step in self.settings.steps:
            self.write_notebook(step.name, make_notebook(step.name, faulty=step is self.settings.steps[-1]))
        for market in markets:
            self.add_market(market)

    def open(self, root: Path, steps: int) -> None:
        self.root = root
        self.settings = Settings(data=root / "data", reports=root / "reports", notebooks=root / "notebooks",
                                 steps=FLOW[:steps], jobs=2, seconds=120)

    def write_notebook(self, step: str, notebook) -> None:
        nbformat.write(notebook, self.settings.notebooks / f"{step}.ipynb")

    def add_market(self, market: str, *, customers: int = 3, more: str = "") -> Path:
        folder = self.settings.data / "markets" / market
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "market.yml").write_text(MARKET_FILE.format(name=market) + more)
        (folder / "customers.csv").write_text("customer_id\n" + "".join(f"c{i}\n" for i in range(customers)))
        return folder

    def fault(self, market: str, code: str | None) -> None:
        path = self.settings.data / "markets" / market / "fault.py"
        path.write_text(code) if code is not None else path.unlink(missing_ok=True)

    def run(self, *names: str, segment: str | None = None, **changes) -> tuple[int, str]:
        """Exit code and what was shown."""
        out = io.StringIO()
        settings = Settings(**{**vars(self.settings), **changes})
        code = run_batch(settings, names, segment, out=out)
        return code, out.getvalue()

    def start(self, *names: str, cluster: str = "") -> subprocess.Popen:
        """The same, whatever has changed or not, in a process of its own, to be stopped from outside."""
        program = ("import dataclasses, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
                   "from batch_world import World; from icp_helpers.batch.run import run_batch; w = World.__new__(World);"
                   "w.open(Path(sys.argv[2]), int(sys.argv[3]));"
                   "sys.exit(run_batch(dataclasses.replace(w.settings, force=True, cluster=sys.argv[4] or None), sys.argv[5:]))")
        return subprocess.Popen([sys.executable, "-c", program, str(Path(__file__).parent), str(self.root),
                                 str(len(self.settings.steps)), cluster, *names],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True)

    def published(self, unit: str, *, timed: bool = False) -> dict[str, str]:
        """The hash of each published file; without those that hold times unless `timed`."""
        hashes = {}
        for folder in (self.settings.reports / unit, self.settings.data / "processed" / unit):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and (timed or path.name not in ("run.json", ".run", "state.json")):
                    hashes[f"{folder.parent.name}/{path.relative_to(folder)}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        return hashes

    def record(self, unit: str) -> dict:
        return json.loads((self.settings.reports / unit / "run.json").read_text())

    def index(self) -> str:
        return (self.settings.reports / "index.html").read_text()

    def remains(self) -> list[str]:
        """Stages, half files and processes that a run should not have left; by a walk that bears with what goes meanwhile."""
        files = [os.path.relpath(os.path.join(folder, name), self.root) for folder, folders, names in os.walk(self.root)
                 for name in [*folders, *names] if name == ".stage" or name.endswith((".part", ".old"))]
        return files + [f"process {pid}" for pid in self.processes()]

    def processes(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.fsencode(self.root) in (entry / "environ").read_bytes() and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
            except OSError:  # it ended meanwhile
                continue
        return found
