"""Shared by the tests: three small markets, run once through every notebook as a night run would."""

import gc
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: two workers with two threads each only wait for one another

import pandas as pd
import pytest
import yaml
from browsing import browser

from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch
from icp_helpers.tables.planting import plant_market

HERE = Path(__file__).parent
SEED = 4711
LONG = ("small_runs", "test_real_batch", "test_tutorial", "test_batch_faults", "test_new_market", "test_segments", "test_batch_signals")
CUSTOMERS = 1000  # of whom 145 builders in `mirror`: fewer would not show that they are worse
MARKETS = (("signal", "en"), ("mirror", "da"), ("flat", "en"))
PURPOSE = {"en": {"focus": "All firms", "objective": "Loyal customers", "hypothesis": "Builders buy more"},
           "da": {"focus": "Alle firmaer", "objective": "Loyale kunder", "hypothesis": "Byggefirmaer køber mere"}}
PASSWORD = "hemmeligt-kodeord"
PERSON, EMAIL, PHONE, CPR = "Kanariefugl Æbeltoft", "kanarie@fugl.dk", "+45 11 22 33 44", "010190-1234"
IDS = ("C00001", "C00417", "C00999")
SMALL_LEVEL, DOMINATES = "Kryolitbrud", 4.0  # a level of three customers; how often the others' money one customer brings
CANARIES = (PERSON, EMAIL, PHONE, CPR, PASSWORD, *IDS)


@cache
def world_of(file: str) -> str:
    """The tests that stay with one worker: those of a file, for its fixtures, and those of all files with `small_runs`."""
    return "small_runs" if "small_runs" in (HERE / Path(file).name).read_text(encoding="utf-8") else Path(file).stem


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config) -> int | None:
    """One more than there are processors: the tests of the batch wait for their kernels an eighth of the time. None leaves
    it to xdist, which knows the variable."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A world a worker (`-n 2`): what is costly to make is made once. Marks of `xdist_group` are lost under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class ByWorld(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return world_of(nodeid.split("::")[0])

    return ByWorld(config, log)


def pytest_collection_modifyitems(items):
    """The long ones first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: LONG.index(world_of(item.path.name)) if world_of(item.path.name) in LONG else len(LONG))


def pytest_collection_finish():
    """What was imported stays: collections of garbage, of which Holm's test in statsmodels makes one a call, pass it by."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Runs:
    """The folders of a finished run, and its exit code."""

    data: Path
    reports: Path
    code: int

    def findings(self, unit: str) -> dict[str, dict]:
        """Each finding of the unit by `step id`."""
        content = json.loads((self.reports / unit / "findings.json").read_text(encoding="utf-8"))
        return {f"{finding['step']} {finding['id']}": finding for finding in content["findings"]}


@pytest.fixture(scope="session")
def small_runs(tmp_path_factory) -> Runs:
    """`signal` (builders do better), `mirror` (builders do worse, in Danish) and `flat` (nothing planted), through the batch.

    Each holds persons who may not be found in anything shared.
    """
    root = tmp_path_factory.mktemp("small")
    for kind, language in MARKETS:
        folder = plant_market(kind, root / "data", seed=SEED, customers=CUSTOMERS)
        plant_canaries(folder)
        if kind == "flat":
            plant_few_and_one(folder)
        file = folder / "market.yml"
        settings = yaml.safe_load(file.read_text(encoding="utf-8"))
        file.write_text(yaml.safe_dump(settings | {"language": language, "purpose": PURPOSE[language]}), encoding="utf-8")
    settings = Settings(data=root / "data", reports=root / "reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICP_DB_CANARY", f"postgresql://reader:{PASSWORD}@127.0.0.1:9/none")
        return Runs(settings.data, settings.reports, run_batch(settings))


def plant_canaries(folder: Path) -> None:
    """Who the customers are, in columns of their own and in what they write."""
    customers = pd.read_csv(folder / "customers.csv", dtype=str, keep_default_na=False)
    customers = customers.assign(contact_name=PERSON, email=EMAIL, phone=PHONE)
    customers.to_csv(folder / "customers.csv", index=False)
    surveys = pd.read_csv(folder / "surveys.csv", dtype=str, keep_default_na=False)
    surveys.loc[::40, "text"] = f"Call {PERSON}, {PHONE}, {EMAIL}, CPR {CPR}."
    surveys.to_csv(folder / "surveys.csv", index=False)


def plant_few_and_one(folder: Path) -> None:
    """Three customers and three lost deals in a level of their own, and one customer who brings most of the money."""
    customers = pd.read_csv(folder / "customers.csv", dtype=str, keep_default_na=False)
    customers.loc[[11, 22, 33], ["industry", "region"]] = SMALL_LEVEL
    customers.to_csv(folder / "customers.csv", index=False)
    leads = pd.read_parquet(folder / "leads.parquet")
    leads.loc[leads.index[leads["lost_on"].notna()][[5, 50, 70]], ["lost_to", "lost_reason"]] = SMALL_LEVEL
    leads.to_parquet(folder / "leads.parquet")
    orders = pd.read_parquet(folder / "orders.parquet")
    orders["amount"] = orders["amount"].astype(float)
    largest = orders["customer_id"] == orders["customer_id"].value_counts().index[0]
    orders.loc[largest, "amount"] *= DOMINATES * orders["amount"].sum() / orders.loc[largest, "amount"].sum()
    orders.to_parquet(folder / "orders.parquet")


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests of a worker; where it is missing they are skipped, and say so."""
    with browser() as started:
        yield started
