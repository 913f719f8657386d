"""The sample markets: the same bytes from a seed, consistent tables, and the truth that each is to show."""

import filecmp
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from icp_helpers.tables.market import list_markets, load_market
from icp_helpers.tables.planting import example_world, make_sample_markets, plant, several_world
from icp_helpers.tables.planting.making import make_market
from icp_helpers.tables.planting.plans import MARKETS
from icp_helpers.tables.planting.profiles import meets

PLANS = {plan.slug: plan for plan in MARKETS}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_sample_markets(folder, seed=5, customers=60)
    return folder


@pytest.fixture(scope="module")
def denmark():
    return make_market(replace(PLANS["nordlys-dk"], flaws=False), 11, 900)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(sample, tmp_path):
    make_sample_markets(tmp_path, seed=5, customers=60)
    names = sorted(str(path.relative_to(sample)) for path in sample.rglob("*.*"))
    same, different, missing = filecmp.cmpfiles(sample, tmp_path, names, shallow=False)
    assert sorted(same) == names and not different and not missing
    make_sample_markets(tmp_path, seed=6, customers=60)
    changed = {name for name in names if not filecmp.cmp(sample / name, tmp_path / name, shallow=False)}
    assert {name for name in names if "customers" in name} <= changed


def test_the_market_files_are_read_and_name_what_lies_beside_them(sample):
    assert list_markets(data=sample) == sorted(PLANS)
    for slug in PLANS:
        market = load_market(slug, data=sample)
        files = {path.name for path in market.folder.iterdir()} - {"market.yml", "truth.yml"}
        assert set(market.tables.values()) == files
    assert load_market("nordlys-is", data=sample).tables.keys().isdisjoint({"customers", "orders"})


def test_only_what_is_missing_is_made_and_an_edited_market_file_stays(sample):
    edited = sample / "markets" / "nordlys-fi" / "market.yml"
    before = edited.read_text(encoding="utf-8")
    edited.write_text(before + "# mine\n", encoding="utf-8")
    (sample / "markets" / "nordlys-fi" / "orders.parquet").unlink()
    assert [folder.name for folder in make_sample_markets(sample, seed=5, customers=60, only_missing=True)] == ["nordlys-fi"]
    assert edited.read_text(encoding="utf-8").endswith("# mine\n")
    edited.write_text(before, encoding="utf-8")


def test_ids_refer_to_rows_that_are_there_and_nothing_happens_before_or_after_its_time(denmark):
    t = denmark.tables
    customers = t["customers"].set_index("customer_id")
    as_of = pd.Timestamp("2026-07-01")
    assert customers.index.is_unique and len(customers) == 900
    for name, column in (("orders", "customer_id"), ("tickets", "customer_id"), ("surveys", "customer_id"), ("referrals", "referrer_id")):
        assert t[name][column].isin(customers.index).all()
    assert t["touchpoints"].lead_id.isin(t["leads"].lead_id).all() and t["contacts"].lead_id.isin(t["leads"].lead_id).all()
    for name, column in (("orders", "ordered_at"), ("tickets", "opened_at"), ("surveys", "asked_on"), ("usage", "at"), ("touchpoints", "at")):
        when = pd.to_datetime(t[name][column])
        assert when.max() < as_of
        if "customer_id" in t[name] and name != "touchpoints":
            first = pd.to_datetime(t[name].customer_id.map(customers.acquired_on))
            last = pd.to_datetime(t[name].customer_id.map(customers.left_on)).fillna(as_of)
            late = t[name].refund_of.notna() if name == "orders" else False
            assert (when.dt.normalize() >= first).all() and ((when.dt.normalize() <= last) | late).all()
    leads = t["leads"]
    for earlier, later in (("created_on", "mql_on"), ("mql_on", "sql_on"), ("sql_on", "won_on"), ("created_on", "lost_on")):
        assert (leads[later].dropna() >= leads[earlier][leads[later].notna()]).all()
    assert not (leads.won_on.notna() & leads.lost_on.notna()).any()


def test_refunds_name_their_order_and_lines_add_up_to_it(denmark):
    orders, lines = denmark.tables["orders"], denmark.tables["order_lines"]
    refunds, placed = orders[orders.refund_of.notna()], orders[orders.refund_of.isna()].set_index("order_id")
    assert 0.01 < len(refunds) / len(placed) < 0.15 and (refunds.amount < 0).all() and (placed.amount > 0).all()
    assert (refunds.ordered_at.to_numpy() > placed.ordered_at[refunds.refund_of].to_numpy()).all()
    assert (refunds.amount.to_numpy() >= -placed.amount[refunds.refund_of].to_numpy() - 1e-9).all()
    added = lines.groupby("order_id").amount.sum()
    assert np.allclose(added[placed.index], placed.amount, atol=0.005)


def test_traits_are_hidden_here_and_there_and_correlated_as_in_life(denmark):
    traits = denmark.tables["customers"].drop(columns=["customer_id", "acquired_on", "left_on", "last_invoice"])
    assert 0.04 < traits.isna().mean().mean() < 0.1 and traits.isna().mean().max() < 0.15
    assert traits.employees.corr(traits.revenue, method="spearman") > 0.7
    office = pd.crosstab(traits.region, traits.sales_office, normalize="index").max(axis=1)
    assert office["Hovedstaden"] > 0.8 and {"byggeri", "rådgivning"} <= set(traits.industry.dropna())


def _value_a_month(market):
    customers = market.tables["customers"].set_index("customer_id")
    spent = market.tables["orders"].groupby("customer_id").amount.sum().reindex(customers.index, fill_value=0)
    until = pd.to_datetime(customers.left_on).fillna(pd.Timestamp("2026-06-30"))
    months = ((until - pd.to_datetime(customers.acquired_on)).dt.days / 30.4).clip(lower=3)
    inside = customers.index.isin([one for members in market.truth["members"].values() for one in members])
    return np.log(spent / months + 1), inside, customers


def _gaps(market):
    """Members minus others, so that more is better: money a month, staying, satisfaction, referrals, peace at the desk."""
    value, inside, customers = _value_a_month(market)
    ids = customers.index
    answers = market.tables["surveys"].assign(share=lambda s: s.score / s.scale_max).groupby("customer_id").share.mean().reindex(ids)
    sent = market.tables["referrals"].groupby("referrer_id").size().reindex(ids, fill_value=0)
    cases = market.tables["tickets"].groupby("customer_id").size().reindex(ids, fill_value=0)
    marks = pd.DataFrame({"value": value, "retention": customers.left_on.isna().astype(float), "satisfaction": answers,
                          "referrals": sent, "ease": -cases})
    return (marks[inside].mean() - marks[~inside].mean()) / marks.std()


def test_members_are_better_on_the_marks_worse_in_the_mirror_and_no_different_where_nothing_is_planted():
    gaps = {kind: pd.concat([_gaps(plant(kind, seed, 400)) for seed in (1, 2)], axis=1).mean(axis=1) for kind in ("signal", "mirror", "flat")}
    assert (gaps["signal"][["value", "retention", "satisfaction", "referrals"]] > 0.25).all()
    assert (gaps["mirror"][["value", "retention", "satisfaction", "referrals"]] < -0.2).all()
    assert (gaps["flat"].abs() < 0.3).all()


def test_no_trait_matters_in_norway_and_another_one_from_month_nine_in_germany():
    value, inside, customers = _value_a_month(make_market(PLANS["nordlys-no"], 3, 900))
    assert abs(value[inside].mean() - value[~inside].mean()) < 0.25
    assert abs(value.corr(customers.employees, method="spearman")) < 0.1
    germany = make_market(PLANS["nordlys-de"], 3, 900)
    orders = germany.tables["orders"]
    late = orders.ordered_at >= germany.truth["drift_on"]
    mean = {name: [orders.amount[orders.customer_id.isin(members) & when & (orders.amount > 0)].mean() for when in (~late, late)]
            for name, members in germany.truth["members"].items()}
    assert mean["warehouses"][0] > 1.2 * mean["warehouses"][1] and mean["web shops"][1] > 1.2 * mean["web shops"][0]


def test_members_write_of_their_pains_and_nobody_else_does_as_often(denmark):
    surveys = denmark.tables["surveys"].dropna(subset=["text"])
    builder = surveys.customer_id.isin(denmark.truth["members"]["contractor"])
    said = surveys.text.str.contains("deadline")
    assert said[builder].mean() > 5 * said[~builder].mean()
    assert surveys.text.str.contains("Friendly staff").any() and surveys.text.str.contains("Venligt personale").any()


@pytest.mark.parametrize("number", range(1, 10))
def test_each_example_profile_raises_the_outcome_and_every_one_of_its_criteria_is_needed(number):
    traits, ideal, criteria = example_world(number, seed=number, customers=6000, missing=0.0)
    held = np.column_stack([meets(traits[c["column"]], c["op"], c["value"]) for c in criteria])
    inside = held.all(axis=1)
    assert 0.05 < inside.mean() < 0.25 and 0.5 < ideal[inside].mean() < 0.7
    for column in range(len(criteria)):
        nearly = ~held[:, column] & np.delete(held, column, axis=1).all(axis=1)
        assert nearly.sum() > 100 and ideal[nearly].mean() < 0.2


def test_several_profiles_at_once_and_the_missing_share_asked_for():
    for kind, profiles in (("b2b", 5), ("b2c", 4)):
        traits, ideal, truths = several_world(kind, seed=2)
        assert len(truths) == profiles and 0.15 < ideal.mean() < 0.3 and 0.07 < traits.isna().mean().mean() < 0.13
    assert yaml.safe_dump(truths)
