"""The time machine uses what was known then: whatever happened later, the answer of that day is the same."""

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import time_machine
from icp_helpers.analysis.ideal import mark_customers
from icp_helpers.tables.features import MEASURES, customer_features, join_features
from icp_helpers.tables.past import features_on
from icp_helpers.tables.planting.making import make_market
from icp_helpers.tables.planting.plans import AS_OF, small_plan

TODAY, DAY = pd.Timestamp(AS_OF), dt.date(2025, 9, 30)
NEXT = pd.Timestamp(DAY) + pd.Timedelta(days=1)
TABLES = {"orders": "ordered_at", "surveys": "asked_on", "referrals": "referred_on", "tickets": "opened_at"}


def now_known() -> dict[str, pd.DataFrame]:
    tables = make_market(small_plan("signal", 500), 5).tables
    return {name: tables[name] for name in ("customers", *TABLES)}


def another_future(tables: dict, how: str) -> dict[str, pd.DataFrame]:
    """The same past; afterwards nothing at all (`none`), or everything otherwise (`other`)."""
    rng, found = np.random.default_rng(1), {}
    for name, when in TABLES.items():
        late = pd.to_datetime(tables[name][when]) >= NEXT
        later = tables[name][late]
        if how == "other":
            later = later.assign(**{column: rng.permutation(later[column].to_numpy(object)) for column in later.columns if column not in (when, "order_id")})
        found[name] = pd.concat([tables[name][~late], later.head(0) if how == "none" else later]).infer_objects()
    customers = tables["customers"]
    left = pd.to_datetime(customers["left_on"])
    stays, moved = left.where(left < NEXT), left.mask(left.isna() | (left >= NEXT), NEXT + pd.Timedelta(days=40))
    found["customers"] = customers.assign(left_on=stays if how == "none" else moved)
    if how == "none":
        found["customers"] = found["customers"][pd.to_datetime(customers["acquired_on"]) < NEXT]
    else:  # every order of before is given back in full, later
        old = found["orders"][(pd.to_datetime(found["orders"]["ordered_at"]) < NEXT) & found["orders"]["refund_of"].isna()]
        back = old.assign(refund_of=old["order_id"], order_id=old["order_id"] + "-back", ordered_at=NEXT + pd.Timedelta(days=3), amount=-old["amount"])
        found["orders"] = pd.concat([found["orders"], back.astype(old.dtypes)], ignore_index=True)
    return found


def as_of_then(tables: dict, *, dated: bool = True):
    """The features of the day, looked back to from today; `dated`: the customers' table says when they came."""
    customers = tables["customers"].drop_duplicates("customer_id")
    customers = customers if dated else customers.assign(acquired_on=pd.NaT)
    orders = ibis.memtable(tables["orders"])
    today = join_features(customers, customer_features(orders, as_of=TODAY.date()).to_pyarrow().to_pandas(date_as_object=False))
    return lambda day: features_on(today, orders, day).sort_values("customer_id", ignore_index=True)


@dataclass(frozen=True)
class Market:
    """What the search needs of a market."""

    as_of: dt.date
    seed: int = 1
    ideal: object = field(default_factory=lambda: SimpleNamespace(outcome=None, share=0.25, weights={
        "value": 0.3, "retention": 0.25, "satisfaction": 0.2, "referrals": 0.15, "ease": 0.1}))


def ideal_then(tables: dict, features: pd.DataFrame) -> pd.DataFrame:
    return mark_customers(features, tables["surveys"], tables["referrals"], tables["tickets"], Market(DAY))


@pytest.mark.parametrize("how", ["none", "other"])
@pytest.mark.parametrize("dated", [True, False])
def test_who_was_a_customer_and_who_was_ideal_does_not_depend_on_what_came_later(how, dated):
    real = now_known()
    changed = another_future(real, how)
    then, otherwise = (as_of_then(tables, dated=dated)(DAY) for tables in (real, changed))
    pd.testing.assert_frame_equal(then, otherwise, check_dtype=False)
    assert len(then) > 100 and then["amount"].sum() > 0 and (pd.to_datetime(then["last_on"]).dropna() < NEXT).all()
    pd.testing.assert_frame_equal(ideal_then(real, then), ideal_then(changed, otherwise), check_dtype=False)
    assert not as_of_then(real)(TODAY.date())[list(MEASURES)].equals(as_of_then(changed)(TODAY.date())[list(MEASURES)])  # today it is another firm


def test_the_whole_answer_of_a_past_day_is_the_same_whatever_came_later():
    real = now_known()
    said = []
    for tables in (real, another_future(real, "other")):
        answers = tables["surveys"], tables["referrals"], tables["tickets"]
        said.append(time_machine.look_back([DAY], as_of_then(tables), *answers, Market(TODAY.date()), ["industry", "employees", "region"]))
    assert said[0] == said[1] and said[0][0].status == "found"
