"""The jobs that benchmarks/scale.py compares, each run in a process of its own: `python scale_jobs.py JOB IN OUT`.

A job is a generator. What it does up to its first `yield` is not compared: imports, which a warm kernel has done already
and benchmarks/batch.py measures, and what both sides are handed. From there to the next `yield`, or to its end, is the
step. Printed are the CPU seconds of the step, the MB that it took on top of what was there, and the peak of the process.
"""

import gc
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2026, 6, 30)
SUPPORT, ONE_IN = 0.002, 10  # a rule is told where one in ten of those with the antecedent have the consequent
THREADS = 1  # CPU is compared, and threads that wait for one another only blur it
LIMIT = "500MB"


def features_ours(file: str, out: str) -> Iterator[None]:
    import ibis
    import ibis.backends.duckdb  # which ibis would load at the first use

    from icp_helpers.tables.features import customer_features

    yield
    engine = ibis.duckdb.connect(threads=THREADS, memory_limit=LIMIT, temp_directory=out + ".spill", preserve_insertion_order=False)
    customer_features(engine.read_parquet(file), as_of=AS_OF).to_parquet(out)


def features_sql(file: str, out: str) -> Iterator[None]:
    """The same features by an engineer's own SQL."""
    import duckdb

    yield
    known = f"FROM read_parquet('{file}') WHERE ordered_at::DATE <= DATE '{AS_OF}'"
    config = {"threads": THREADS, "memory_limit": LIMIT, "temp_directory": out + ".spill", "preserve_insertion_order": False}
    duckdb.connect(config=config).execute(f"""COPY (
        WITH marked AS (SELECT *, coalesce(refund_of IS NULL AND NOT coalesce(amount < 0, false) AND ordered_at::DATE <= DATE '{AS_OF}', false) AS sale
                        FROM read_parquet('{file}')),
        sales AS (SELECT CASE WHEN sale THEN order_id END AS sale_id, customer_id, ordered_at::DATE AS ordered_on, amount, sale FROM marked),
        refunds AS (
            SELECT refund_of, customer_id AS back_to, ordered_at::DATE AS back_on, abs(amount) AS given,
                   sum(abs(amount)) OVER of_order AS back, row_number() OVER of_order AS place
            {known} AND (refund_of IS NOT NULL OR amount < 0) WINDOW of_order AS (PARTITION BY refund_of)),
        booked AS (
            SELECT CASE WHEN sale IS NULL THEN back_to ELSE customer_id END AS customer_id, coalesce(ordered_on, back_on) AS ordered_on,
                   CASE WHEN sale IS NULL THEN -given ELSE amount - coalesce(back, 0) END AS net,
                   CASE WHEN sale IS NULL THEN given ELSE coalesce(back, 0) END AS refunded,
                   sale IS NOT NULL AND (coalesce(back, 0) = 0 OR amount - back >= 0.005) AS kept
            FROM sales FULL JOIN refunds ON sale_id = refund_of WHERE sale IS NULL OR (sale AND coalesce(place, 1) = 1)),
        bought AS (
            SELECT customer_id, min(CASE WHEN kept THEN ordered_on END) AS first_on, max(CASE WHEN kept THEN ordered_on END) AS last_on,
                   count(CASE WHEN kept THEN 1 END) AS orders, sum(net) AS amount, max(CASE WHEN kept THEN net END) AS largest_amount,
                   sum(refunded) AS refunded_amount,
                   count(CASE WHEN kept AND ordered_on > DATE '{AS_OF}' - 365 THEN 1 END) AS orders_last_year,
                   sum(CASE WHEN ordered_on > DATE '{AS_OF}' - 365 THEN net ELSE 0 END) AS amount_last_year
            FROM booked WHERE customer_id IS NOT NULL GROUP BY customer_id)
        SELECT customer_id, first_on, last_on, orders, amount, amount / nullif(orders, 0) AS mean_amount, largest_amount, refunded_amount,
               DATE '{AS_OF}' - last_on AS recency_days, DATE '{AS_OF}' - first_on AS tenure_days,
               (last_on - first_on) / nullif(orders - 1, 0)::DOUBLE AS mean_gap_days, orders_last_year, amount_last_year
        FROM bought) TO '{out}' (FORMAT parquet)""")


def features_pandas(file: str, out: str) -> Iterator[None]:
    """The same features in vectorised pandas: ids looked up once, groups by whole numbers, no function a group."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  which pandas would load at the first use

    yield
    orders = pd.read_parquet(file)
    orders = orders[orders["ordered_at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)]
    day = ((orders["ordered_at"].to_numpy("datetime64[D]")) - np.datetime64("1970-01-01")).astype("int32")
    refund = (orders["refund_of"].notna() | (orders["amount"] < 0)).to_numpy()
    who, ids = pd.factorize(orders["customer_id"])
    amount = orders["amount"].to_numpy()
    back = orders.loc[refund, "amount"].abs().groupby(orders.loc[refund, "refund_of"]).sum()
    touched = orders["order_id"].isin(back.index).to_numpy() & ~refund
    refunded = np.zeros(len(orders))
    refunded[touched] = orders.loc[touched, "order_id"].map(back).to_numpy()
    stray = refund & ~orders["refund_of"].isin(orders.loc[touched, "order_id"]).to_numpy()
    net = np.where(stray, -abs(amount), amount - refunded)
    refunded[stray] = abs(amount[stray])
    kept = ~refund & ((refunded == 0) | (net >= 0.005))
    recent = day > (AS_OF - timedelta(days=365) - date(1970, 1, 1)).days
    rows = pd.DataFrame({"who": who, "day": np.where(kept, day, np.nan), "net": net, "refunded": refunded, "one": kept, "largest": np.where(kept, net, np.nan),
                         "one_recent": kept & recent, "net_recent": np.where(recent, net, 0.0)})[(~refund | stray) & (who >= 0)]
    made = rows.groupby("who").agg(first=("day", "min"), last=("day", "max"), orders=("one", "sum"), amount=("net", "sum"), largest_amount=("largest", "max"),
                                   refunded_amount=("refunded", "sum"), orders_last_year=("one_recent", "sum"), amount_last_year=("net_recent", "sum"))
    end = (AS_OF - date(1970, 1, 1)).days
    made = made.assign(customer_id=ids[made.index], mean_amount=made["amount"] / made["orders"].where(made["orders"] > 0), recency_days=end - made["last"],
                       tenure_days=end - made["first"], mean_gap_days=(made["last"] - made["first"]) / (made["orders"] - 1).where(made["orders"] > 1))
    made.to_parquet(out, index=False)


def rules_ours(file: str, out: str) -> Iterator[None]:
    import pandas as pd

    from icp_helpers.analysis.itemsets import frequent_sets, least_count, read_baskets

    read = read_baskets(pd.read_parquet(file))
    yield
    _count(frequent_sets(read, least_count(SUPPORT, read.matrix.shape[0]), None), read.items, out)


def rules_mlxtend(file: str, out: str) -> Iterator[None]:
    import pandas as pd
    from mlxtend.frequent_patterns import fpgrowth

    from icp_helpers.analysis.itemsets import read_baskets

    read = read_baskets(pd.read_parquet(file))
    yield
    rows = read.matrix.shape[0]
    found = fpgrowth(pd.DataFrame.sparse.from_spmatrix(read.matrix.astype(bool)), min_support=SUPPORT - 0.5 / rows)
    _count({items: round(support * rows) for support, items in zip(found["support"], found["itemsets"], strict=True)}, read.items, out)


def _count(sets: dict, items: list, out: str) -> None:
    """The sets and, by whole counts, the rules with one consequent that are confident enough."""
    rules = [(sorted(whole - {one}), one, count) for whole, count in sets.items() if len(whole) > 1 for one in whole
             if ONE_IN * count >= sets[whole - {one}]]
    lines = [f"{sorted(int(i) for i in whole)} {count}" for whole, count in sets.items()]
    lines += [f"{[int(i) for i in left]} -> {int(one)} {count}" for left, one, count in rules]
    with open(out, "w", encoding="utf-8") as text:
        text.write("\n".join(sorted(lines)))


def segments_ours(file: str, out: str) -> Iterator[None]:
    """The whole answer: whether there are groups, how many, who is in which, and what each is made of."""
    import pandas as pd

    from icp_helpers.analysis.segments import find_segments

    table = pd.read_parquet(file)
    yield
    labels = find_segments(table.drop(columns="truth"), seed=1).labels
    pd.DataFrame({"label": pd.factorize(labels)[0]}).to_parquet(out)


def segments_step(file: str, out: str) -> Iterator[None]:
    """Everybody into as many groups as there are: ours, fitted on a sample."""
    from icp_helpers.analysis import segments

    table, blocks, sample, everyone, order = _coded(file)
    yield
    mixture = segments._fit(blocks, sample, table["truth"].nunique(), 1)
    labels = segments._assign(mixture, blocks, everyone)
    yield
    _keep(labels, order, out)


def segments_kmeans(file: str, out: str) -> Iterator[None]:
    """The same step by KMeans with ten starts on everybody, in the same space (here FAMD is the standardised measures)."""
    from sklearn.cluster import KMeans

    from icp_helpers.analysis.famd import code

    table, blocks, _sample, everyone, order = _coded(file)
    codes = code(blocks, everyone)
    yield
    labels = KMeans(table["truth"].nunique(), n_init=10, random_state=1).fit_predict(codes)
    yield
    _keep(labels, order, out)


def _coded(file: str) -> tuple:
    """The table, its coding, the sample as coded, everybody as traits, and the order in which they stand."""
    import pandas as pd

    from icp_helpers.analysis import segments
    from icp_helpers.analysis.coding import read_traits
    from icp_helpers.analysis.famd import code, fit_blocks

    table = pd.read_parquet(file)
    traits = sorted(read_traits(table.drop(columns="truth")), key=lambda trait: trait.name)
    order = segments._canonical_order(traits, 1)
    everyone = segments._take(traits, order)
    sample = segments._take(everyone, segments._spread(len(order), min(len(order), segments.FIT_ON)))
    blocks = fit_blocks(list(sample.values()))
    return table, blocks, code(blocks, sample), everyone, order


def _keep(labels, order, out: str) -> None:
    import numpy as np
    import pandas as pd

    placed = np.empty(len(order), dtype=int)
    placed[order] = labels
    pd.DataFrame({"label": placed}).to_parquet(out)


def _memory(what: str) -> float:
    """MB of this process by the system's own count: VmRSS now, VmHWM at the peak."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def main() -> None:
    job = globals()[sys.argv[1]](sys.argv[2], sys.argv[3])
    next(job)
    gc.collect()
    before, there = _memory("VmHWM"), _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here on
    began = time.process_time()
    next(job, None)
    seconds, peak = time.process_time() - began, _memory("VmHWM")
    for _ in job:
        pass
    print(seconds, peak - there, max(before, peak))


if __name__ == "__main__":
    main()
