"""The matrix that the article announces: with every column at hand every P cell is there, and all of them pay for one another."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.kpis import MATRIX, POINTS, by_measuring_point
from icp_helpers.page import kpi_strips
from icp_helpers.page.page import Page

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from worlds_kpis import TODAY, market, null_world

P_CELLS = {(kpi, point) for kpi in MATRIX.index for point in MATRIX.columns if MATRIX.loc[kpi, point] == "P"}


def columns_of(kind: str) -> dict[str, str]:
    """The first column of each point: those of customers and leads alike."""
    return {point.id: (point.b2b if kind == "b2b" else point.b2c)[0] for point in POINTS.values()}


def whole_market(kind: str, missing: tuple = ()) -> dict:
    """Tables from which all ten KPIs can be read, with each point's column drawn by lot; use and success from their tables."""
    rng = np.random.default_rng(4)
    tables, *_ = null_world(rng, 900)
    people = pd.unique(tables["customers"]["customer_id"])
    tables["referrals"] = pd.DataFrame({"referrer_id": people[:400], "referred_id": people[400:800], "referred_on": TODAY})
    kept = [column for point, column in columns_of(kind).items() if point not in (*missing, "use", "success")]
    for name in ("customers", "leads"):
        drawn = {column: rng.choice(["a", "b"], len(tables[name])) for column in kept if column != "channel"}
        tables[name] = tables[name].assign(**drawn)
    tables["leads"]["features_used"] = rng.choice(["0", "1"], len(tables["leads"]))
    tables["leads"]["has_referred"] = rng.choice(["yes", "no"], len(tables["leads"]))
    more = tables["usage"][::2].assign(event="login")
    tables["usage"] = pd.concat([tables["usage"], more], ignore_index=True)
    return tables


@pytest.mark.parametrize("kind", ["b2b", "b2c"])
def test_every_cell_of_primary_evidence_is_there_where_its_column_is(kind):
    levels = by_measuring_point(whole_market(kind), market(kind=kind))
    assert set(zip(levels["kpi"], levels["point"], strict=True)) == P_CELLS
    assert dict(zip(levels["point"], levels["column"], strict=True)) == columns_of(kind)
    page = Page(SimpleNamespace(market=SimpleNamespace(**vars(market(kind=kind)), language="en", traits={}, privacy=SimpleNamespace(smallest_cell=5))),
                "11_evaluate_kpis")
    grid = kpi_strips.point_grid(page, levels)
    drawn = {(kpi, point) for kpi in grid.index for point in grid.columns if grid.loc[kpi, point] in (1, 2)}
    readable = levels[levels["status"].eq("ok")]
    assert drawn == set(zip(readable["kpi"], readable["point"], strict=True)) and len(drawn) >= 0.9 * len(P_CELLS)


def test_a_column_that_is_not_there_takes_its_cells_alone_with_it():
    levels = by_measuring_point(whole_market("b2b", missing=("industry",)), market())
    assert set(zip(levels["kpi"], levels["point"], strict=True)) == {cell for cell in P_CELLS if cell[1] != "industry"}


def test_all_cells_that_are_shown_are_paid_for_together_and_drawn_towards_the_market():
    levels = by_measuring_point(whole_market("b2b"), market())
    told = levels[levels["p"].notna()]
    assert np.allclose(told["p_adjusted"], multipletests(told["p"], method="fdr_bh")[1])
    away, drawn_in = (told["value"] - told["market_value"]).abs(), (told["pooled"] - told["market_value"]).abs()
    assert (drawn_in <= away + 1e-9).all() and (drawn_in < away).mean() > 0.5
