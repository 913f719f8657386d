"""From a plan to the tables of a market, with the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from . import behaviour, pipeline, practice, surroundings, voices
from .people import standardised, stream
from .plans import AS_OF, Plan
from .population import draw_population, hide

# The CRM keeps leads of the latest months only; open ones are always among them.
LEAD_MONTHS, TOUCH_MONTHS = 24, 12
POPULATION_FOR_MARKET = 4_000


@dataclass(frozen=True)
class SampleMarket:
    """A market made up: its plan, its tables (ours, before any renaming of columns) and what is true of it."""

    plan: Plan
    seed: int
    tables: dict
    truth: dict


def make_market(plan: Plan, seed: int, customers: int | None = None) -> SampleMarket:
    """Every table of one plan; `customers` overrides its size (never of a market that has none)."""
    count = plan.customers if customers is None or plan.customers == 0 else customers
    as_of = pd.Timestamp(AS_OF)
    tables = _around(plan, seed, as_of)
    truth = {"market": plan.slug, "seed": seed, "direction": plan.direction, "drift_on": plan.drift_on,
             "effect": behaviour.EFFECT, "profiles": [profile.as_dict() for profile in plan.profiles], "pair": list(surroundings.PAIR)}
    if count:
        traits, leads, life = _customers(plan, seed, count, as_of)
        won = traits.loc[leads[leads.customer >= 0].sort_values("customer").index]
        ids = np.array([f"C{number:05d}" for number in range(1, len(won) + 1)], dtype=object)
        tables.update(_named(_behaviour(plan, seed, life, won, leads, traits), ids))
        if plan.flaws:
            tables.update(surroundings.with_flaws(stream(seed, plan.slug, "flaws"), tables))
        truth["members"] = {profile.name: list(ids[profile.members(won)]) for profile in plan.profiles}
    kept = {name: tables[name] for name in plan.tables}
    return SampleMarket(plan, seed, {name: _relevelled(frame, plan.levels) for name, frame in kept.items()}, _told(truth, plan))


def _customers(plan, seed, count, as_of):
    """Leads with their traits, and the frame of the customers' life; a customer is a lead that was won."""
    start = as_of.to_period("M").to_timestamp() - pd.DateOffset(months=plan.months - 1)
    size = int(count / 0.08) + 200
    traits = draw_population(stream(seed, plan.slug, "traits"), size, plan.kind, plan.profiles, share=plan.share, ordinary=plan.ordinary)
    member = np.column_stack([profile.members(traits) for profile in plan.profiles])
    drift = np.inf if plan.drift_on is None else (pd.Timestamp(plan.drift_on) - start).days

    def fit(rows, days):
        if plan.drift_on is None:
            return plan.direction * member[rows].any(axis=1).astype(float)
        return plan.direction * np.where(days >= drift, member[rows, 1], member[rows, 0]).astype(float)

    days = float((as_of - start).days + 1)
    leads = pipeline.run_pipeline(stream(seed, plan.slug, "pipeline"), fit, plan.kind, start, days, size, count)
    won = leads[leads.won.notna()].sort_values(["won", "created"], kind="stable")
    leads["customer"] = pd.Series(np.arange(len(won)), won.index).reindex(leads.index, fill_value=-1)
    months = (pd.date_range(start, periods=plan.months, freq="MS") - start).days.to_numpy(dtype=float)
    fits = np.column_stack([fit(won.index.to_numpy(), np.full(len(won), month)) for month in months])
    if plan.rollout:
        fits[:, months >= (pd.Timestamp(plan.rollout) - start).days] *= 1 + behaviour.ROLLOUT / behaviour.EFFECT
    own = stream(seed, plan.slug, "own").standard_normal(len(won))
    big = standardised(traits.employees[won.index]) if plan.kind == "b2b" and plan.direction else np.zeros(len(won))
    life = behaviour.Life(start, as_of, plan.kind, won.won.to_numpy(), fits, own, big, np.full(len(won), np.inf), plan.trend * plan.direction)
    return traits, leads, replace(life, left=behaviour.leaving_days(stream(seed, plan.slug, "left"), life))


def _behaviour(plan, seed, life, won, leads, traits) -> dict:
    def rng(name):
        return stream(seed, plan.slug, name)

    pains = _pains(plan, won)
    seen = hide(rng("missing"), traits.loc[leads.index], plan.missing)
    dates = {"acquired_on": life.dates(life.acquired), "left_on": life.dates(np.where(np.isfinite(life.left), life.left, 0))}
    orders = behaviour.orders(rng("orders"), life, plan.middle_order)
    if "products" in plan.tables:
        orders["discount"] = practice.discounts(rng("discounts"), orders)
    customers = seen.loc[won.index].reset_index(drop=True)
    customers.insert(0, "acquired_on", dates["acquired_on"])
    customers.insert(1, "left_on", dates["left_on"].where(np.isfinite(life.left)))
    if plan.leaks:
        customers["last_invoice"] = orders[orders.amount > 0].groupby("customer").amount.last()
    customers.insert(0, "customer", np.arange(len(customers)))
    referred = behaviour.referrals(rng("referrals"), life)
    made = {
        "customers": customers, "orders": orders.assign(currency=plan.currency), "tickets": behaviour.tickets(rng("tickets"), life),
        "order_lines": surroundings.order_lines(rng("order_lines"), orders),
        "usage": behaviour.usage(rng("usage"), life, plan.value_event or "first_export"),
        "surveys": voices.surveys(rng("surveys"), life, pains, plan.language),
        "reviews": voices.reviews(rng("reviews"), life, pains, plan.language), "social": voices.social(rng("social"), life, plan.language),
        "referrals": referred.assign(referred_on=life.dates(referred.day)).drop(columns="day"),
        "technologies": surroundings.technologies(rng("technologies"), np.arange(len(won)), life.as_of).rename(columns={"customer_id": "customer"}),
    }
    contracts = behaviour.subscriptions(rng("subscriptions"), life, plan.middle_order / 8)
    ended = life.dates(np.where(np.isfinite(contracts.end), contracts.end, 0)).where(np.isfinite(contracts.end).to_numpy())
    made["subscriptions"] = contracts.drop(columns=["start", "end"]).assign(started_on=life.dates(contracts.start), ended_on=ended)
    return {**made, **_sales(plan, rng, life, leads, seen, traits)}


def _sales(plan, rng, life, leads, seen, traits) -> dict:
    """The tables of the sale: leads with their traits, touches, contacts, spend."""
    channels = traits.channels.loc[leads.index]
    table = pipeline.lead_table(rng("leads"), leads, life, channels, surroundings.COMPETITORS[plan.kind])
    table.insert(0, "lead", np.arange(len(table)))
    table.insert(1, "customer", leads.customer.to_numpy())
    recent = (table.created_on > life.as_of - pd.DateOffset(months=LEAD_MONTHS)).to_numpy()
    touched = recent & (table.created_on > life.as_of - pd.DateOffset(months=TOUCH_MONTHS)).to_numpy()
    touches = pipeline.touch_table(rng("touchpoints"), leads, life, channels)
    touches["customer"] = leads.customer.to_numpy()[touches.lead]
    contacts = pipeline.contact_table(rng("contacts"), leads)
    own = seen.drop(columns=[name for name in table.columns if name in seen]).reset_index(drop=True)
    return {"leads": pd.concat([table, own], axis=1)[recent], "touchpoints": touches[touched[touches.lead]],
            "contacts": contacts[recent[contacts.lead]], "spend": pipeline.spend_table(rng("spend"), table[recent])}


def _around(plan, seed, as_of) -> dict:
    def rng(name):
        return stream(seed, plan.slug, name)

    made = {"goals": surroundings.goals(as_of), "actions": surroundings.actions(as_of),
            "beliefs": surroundings.beliefs(plan.kind, plan.profiles, plan.levels),
            "prospects": surroundings.prospects(rng("prospects"), plan.prospects, plan.kind, plan.profiles, plan.share, plan.missing)}
    if "campaigns" in plan.tables:
        made |= {"campaigns": practice.campaigns(rng("campaigns"), plan.direction), "products": practice.products(rng("products")),
                 "approvals": practice.approvals(as_of), "feedback": practice.feedback(rng("feedback"), as_of),
                 "lessons": practice.lessons(rng("lessons"), as_of), "cases": practice.cases(plan.kind, as_of)}
    if {"market", "competitors"} & set(plan.tables):
        everybody = draw_population(rng("market"), POPULATION_FOR_MARKET, plan.kind, plan.profiles, share=plan.share / 2, ordinary=8)
        made["market"] = surroundings.market(rng("market size"), plan.kind, everybody, plan.accounts, as_of)
        made["competitors"] = surroundings.competitors(rng("competitors"), plan.kind, everybody, as_of)
    return made


def _pains(plan, won) -> list:
    pains = [[] for _ in range(len(won))]
    for profile in plan.profiles if plan.direction else ():
        for row in np.flatnonzero(profile.members(won)):
            pains[row] = pains[row] or list(profile.pains)
    return pains


def _named(tables: dict, ids) -> dict:
    """Ids in place of the numbers that the generators count with; a customer's number -1 is nobody."""
    names = {"customer": ("customer_id", ids), "referrer": ("referrer_id", ids), "referred": ("referred_id", ids)}
    named = {}
    for table, frame in tables.items():
        columns = {}
        for column in frame.columns:
            if column in names:
                name, known = names[column]
                number = frame[column].to_numpy()
                columns[name] = np.where(number >= 0, known[np.maximum(number, 0)], None)
            elif column == "lead":
                columns["lead_id"] = np.array([f"L{number + 1:05d}" for number in frame[column]], dtype=object)
            else:
                columns[column] = frame[column].to_numpy()
        named[table] = pd.DataFrame(columns)
    return named


def _relevelled(frame: pd.DataFrame, levels: dict) -> pd.DataFrame:
    def renamed(value):
        return [levels.get(item, item) for item in value] if isinstance(value, list) else levels.get(value, value)

    text = [name for name in frame.columns if frame[name].dtype == object or isinstance(frame[name].dtype, pd.StringDtype)]
    return frame.assign(**{name: frame[name].map(renamed, na_action="ignore") for name in text}) if levels else frame


def _told(truth: dict, plan: Plan) -> dict:
    """The truth in the words of the market's own levels."""
    def said(value):
        return [plan.levels.get(item, item) for item in value] if isinstance(value, list) else plan.levels.get(value, value)

    for profile in truth["profiles"]:
        profile["channels"] = said(profile["channels"])
        for criterion in profile["criteria"]:
            criterion["value"] = said(criterion["value"])
    return truth
