"""Whom to call, by which channel, in which words, by when: planted, null and flipped worlds, and each guard taken away."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import activation, channels, phrases, plan, reach, service
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import read_icp
from icp_helpers.tables import danish
from icp_helpers.tables.store import open_unit

DAY = dt.date(2026, 6, 30)
BUILDERS = {"column": "industry", "op": "in", "value": ["building"]}


def icp(status="found", share=0.6, score=None):
    profiles = [{"id": "p1", "name": "builders", "criteria": [BUILDERS], "ideal_share": share}] if status in ("found", "hypothesis") else []
    return read_icp({"format": 1, "unit": "x", "version": 1, "as_of": DAY, "status": status, "outcome": {"base_rate": 0.2},
                     "profiles": profiles, "score": score})


def prospects(n=400, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"prospect_id": [f"P{i}" for i in range(n)], "industry": rng.choice(["building", "it", "food"], n),
                         "employees": rng.lognormal(3, 1, n), "ad_protected": rng.random(n) < 0.1, "consent": rng.choice([True, False, None], n)})


def leads(n=60):
    return pd.DataFrame({"lead_id": [f"L{i}" for i in range(n)], "industry": "building", "won_on": pd.NaT, "lost_on": pd.NaT})


NO_LEADS = leads(0)


def test_nobody_who_may_not_be_contacted_is_ranked_or_chosen():
    people = prospects()
    for consumers in (False, True):
        scores = activation.rank_lists(people, NO_LEADS, icp(), consumers=consumers).scores.set_index("id")
        refused = people.set_index("prospect_id").index[people.ad_protected | people.consent.eq(False) | (consumers & people.consent.isna())]
        assert scores.loc[refused, "rank"].isna().all() and (scores.loc[refused, "arm"] == "").all() and (scores.loc[refused, "contact"] != "").all()
        assert scores.drop(refused)["rank"].notna().all() and len(scores) == len(people)


def test_without_the_bar_they_would_be_called(monkeypatch):
    monkeypatch.setattr(activation, "contact_bar", lambda frame, consumers: pd.Series("", frame.index))
    people = prospects()
    chosen = activation.rank_lists(people, NO_LEADS, icp()).campaign
    assert people.set_index("prospect_id").ad_protected.loc[chosen.id].any()


@pytest.mark.parametrize(("status", "expected"), [("found", "found"), ("hypothesis", "hypothesis"), ("none", "none"), ("too_few", "none")])
def test_a_list_is_ranked_only_where_something_was_shown(status, expected):
    ranking = activation.rank_lists(prospects(), leads(), icp(status, 0.6 if status == "found" else None))
    assert ranking.status == expected
    assert ranking.scores["rank"].notna().any() == (expected != "none") == (len(ranking.campaign) > 0)


def test_closed_leads_are_not_called_and_missing_columns_are_named():
    closed = leads(4).assign(won_on=[pd.Timestamp(DAY), pd.NaT, pd.NaT, pd.NaT], lost_on=[pd.NaT, pd.Timestamp(DAY), pd.NaT, pd.NaT])
    ranking = activation.rank_lists(prospects().drop(columns="industry"), closed, icp())
    assert set(ranking.scores.id[ranking.scores.kind == "lead"]) == {"L2", "L3"} and ranking.missing == ["industry"]
    assert activation.rank_lists(prospects(0), NO_LEADS, icp()).scores.empty


def listed(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": [f"P{i}" for i in range(n)], "fit_score": rng.random(n)})
    traits = pd.DataFrame({"industry": rng.choice(list("abcde"), n), "employees": rng.lognormal(3, 1, n), "exports": rng.random(n) < 0.3})
    return frame, traits


def test_the_lot_is_fair_the_same_for_any_order_and_follows_its_seed():
    frame, traits = listed()
    arms = pd.Series(activation.assign_arms(frame, traits, held_out=0.2, seed=5))
    assert arms.eq(activation.HELD_OUT).mean() == pytest.approx(0.2, abs=0.001)
    assert activation.balance(arms, traits).difference.max() < activation.BALANCED
    assert abs(frame.fit_score[arms == activation.HELD_OUT].mean() - frame.fit_score.mean()) < 0.01
    turned = frame.sample(frac=1, random_state=1)
    again = activation.assign_arms(turned, traits.loc[turned.index], held_out=0.2, seed=5)
    assert dict(zip(turned.id, again, strict=True)) == dict(zip(frame.id, arms, strict=True))
    assert (activation.assign_arms(frame, traits, held_out=0.2, seed=6) != arms).any()
    assert set(activation.assign_arms(frame[:20], traits[:20], held_out=0.2, seed=5)) == {activation.CAMPAIGN}


def test_an_unfair_lot_is_seen():
    frame, traits = listed()
    by_size = pd.Series(np.where(traits.employees > traits.employees.median(), activation.HELD_OUT, activation.CAMPAIGN))
    worst = activation.balance(by_size, traits).iloc[0]
    assert worst.trait == "employees" and worst.difference > 0.5 and not worst.alike


def world(rates, prices, n=900, seed=0):
    """Leads of channels with these win rates, and spending with these prices a lead, over two years."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp(DAY) - pd.Timedelta(days=730)
    frame = pd.DataFrame({"channel": rng.choice(list(rates), n), "created_on": start + pd.to_timedelta(rng.integers(0, 730, n), unit="D")})
    won = rng.random(n) < frame.channel.map(rates)
    later = frame.created_on + pd.to_timedelta(rng.integers(10, 60, n), unit="D")
    frame["won_on"] = later.where(won & (later <= pd.Timestamp(DAY)))
    spend = frame.assign(date=frame.created_on, amount=frame.channel.map(prices))[["date", "channel", "amount"]].dropna()
    return frame, spend


def test_the_planted_cheapest_channel_is_found_and_flips_with_the_prices():
    prices = {"a": 100.0, "b": 300.0, "c": 400.0}
    for order in ("abc", "cba"):
        given = dict(zip(order, prices.values(), strict=True))
        found = [channels.channel_costs(*world(dict.fromkeys("abc", 0.2), given, seed=seed), DAY).channels.channel[0] for seed in range(10)]
        assert found.count(order[0]) >= 9


def test_equal_channels_are_ties_and_no_evidence_is_claimed():
    tied = dearer = different = 0
    for seed in range(20):
        costs = channels.channel_costs(*world(dict.fromkeys("abcd", 0.2), dict.fromkeys("abcd", 100.0), seed=seed), DAY)
        tied, dearer = tied + (costs.channels.verdict == "tied").sum(), dearer + (costs.channels.verdict == "dearer").sum()
        different += costs.heterogeneous
    assert dearer <= 4 and tied >= 50 and different <= 4
    rates = {"a": 0.05, "b": 0.4, "c": 0.4, "d": 0.05}
    assert channels.channel_costs(*world(rates, dict.fromkeys("abcd", 100.0)), DAY).heterogeneous


def test_a_channel_without_spending_costs_nothing_that_is_known_and_none_is_dropped():
    frame, spend = world({"a": 0.2, "b": 0.2}, {"a": 100.0})
    spend = pd.concat([spend, pd.DataFrame({"date": [spend.date.min()], "channel": ["fax"], "amount": [500.0]})])
    table = channels.channel_costs(frame, spend, DAY).channels.set_index("channel")
    assert table.verdict.to_dict() == {"a": "cheapest", "b": channels.UNPAID, "fax": channels.FEW} and np.isnan(table.cost["b"])
    assert channels.unknown_channels(frame.channel, spend.channel, pd.Series(["LinkedIn", "trade_fair", "e-mail"])) == ["a", "b", "fax"]
    assert channels.channel_costs(frame[:0], spend[:0], DAY).channels.empty


def test_without_spending_nothing_is_said_of_the_leads_that_fit():
    frame, spend = world(dict.fromkeys("ab", 0.5), dict.fromkeys("ab", 100.0))
    fits = np.ones(len(frame), bool)
    assert set(channels.costs_by_fit(frame, spend, DAY, fits)) == {"all leads", "leads that fit"}
    assert set(channels.costs_by_fit(frame, spend[:0], DAY, fits)) == {"all leads"}


def test_few_leads_are_drawn_towards_the_others():
    frame, spend = world(dict.fromkeys("abcd", 0.2), dict.fromkeys("abcd", 100.0))
    lucky = pd.DataFrame({"channel": "e", "created_on": frame.created_on.min() + pd.Timedelta(days=30), "won_on": pd.Timestamp(DAY)}, index=range(3))
    row = channels.channel_costs(pd.concat([frame, lucky]), spend, DAY).channels.set_index("channel").loc["e"]
    assert row.share == 1 and row.pooled < 0.8


def texts(seed, member_rate):
    rng = np.random.default_rng(seed)
    said = np.array(["We like it a lot.", "The price is too high for us.", "All went well this time.", "Delivery came on the day."])
    rows = [(f"C{i}", said[rng.integers(4)] + (" Mails: a1@b.dk" if i % 9 == 0 else "")) for i in range(400)]
    rows += [(f"C{i}", "We wait three days for an answer!") for i in range(100) if rng.random() < member_rate]
    rows += [(f"C{i}", "we wait THREE days for an answer") for i in range(100, 400) if rng.random() < 0.05]
    return pd.DataFrame(rows, columns=["customer_id", "text"])


def test_planted_words_are_found_verbatim_and_noise_suggests_none():
    members = {f"C{i}" for i in range(100)}
    told = texts(0, 0.4)
    found = phrases.shared_phrases(told, members)
    assert found.phrase[0] == "We wait three days for an answer" and found.members[0] >= 30
    assert all(told.text.str.contains(phrase, regex=False).any() for phrase in found.phrase)
    assert sum(len(phrases.shared_phrases(texts(seed, 0.05), members)) > 0 for seed in range(20)) <= 3
    assert phrases.shared_phrases(told, {"C1", "C2"}).empty and phrases.shared_phrases(told[:0], members).empty


def service_world(seed, factor):
    rng = np.random.default_rng(seed)
    ids = [f"C{i}" for i in range(200)]
    opened = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 9000, 600), unit="min")
    who = rng.choice(ids, 600)
    inside = set(ids[:80])
    hours = rng.lognormal(1, 0.5, 600) * np.where(pd.Series(who).isin(inside), factor, 1)
    tickets = pd.DataFrame({"customer_id": who, "opened_at": opened, "first_response_at": opened + pd.to_timedelta(hours, unit="h"), "closed_at": pd.NaT})
    return tickets, pd.DataFrame({"customer_id": ids, "first_on": pd.Timestamp("2025-01-01"), "left_on": pd.NaT}), inside


@pytest.mark.parametrize(("factor", "side"), [(2.0, 1), (0.5, -1)])
def test_a_planted_wait_is_found_and_flips(factor, side):
    needs = [service.service_needs(*service_world(seed, factor), DAY).set_index("measure").loc["response"] for seed in range(5)]
    assert all(need.low > 1 if side > 0 else need.high < 1 for need in needs)
    assert np.exp(np.mean([np.log(need.ratio) for need in needs])) == pytest.approx(factor, rel=0.1)


def test_no_planted_wait_is_rarely_claimed():
    needs = [service.service_needs(*service_world(seed, 1.0), DAY).iloc[0] for seed in range(20)]
    assert sum(need.low > 1 or need.high < 1 for need in needs) <= 4


def actions(**columns):
    row = {"action": "call", "owner": "seller", "department": "Salg", "start": DAY, "due": DAY + dt.timedelta(30), "budget": 10.0, "kpi": "nps", "status": "doing"}
    return pd.DataFrame([row | columns]).astype({"start": "datetime64[us]", "due": "datetime64[us]"})


@pytest.mark.parametrize(("fault", "gap"), [
    ({}, ""), ({"owner": None}, "no owner"), ({"owner": " "}, "no owner"), ({"department": None}, "no department"), ({"due": None}, "no date"),
    ({"start": DAY + dt.timedelta(60)}, "due before start"), ({"due": DAY - dt.timedelta(1), "start": None}, "past its deadline"),
    ({"budget": None}, "no budget"), ({"kpi": None}, "no KPI"), ({"kpi": "joy"}, "KPI unknown"), ({"budget": 101.0}, "over budget"),
    ({"owner": None, "status": "done"}, ""), ({"kpi": "Frafald"}, "KPI unknown"), ({"kpi": "own goal"}, "")])
def test_each_fault_of_an_action_is_flagged_and_nothing_else(fault, gap):
    made = plan.make_plan(actions(**fault), DAY, kpis=["own goal"], budget=100.0)
    assert made.gaps[0] == gap and made.department[0] in ("sales", None, np.nan) or fault.get("department", 1) is None


def test_the_follow_up_says_met_or_not_met():
    table = pd.concat([actions(status="done"), actions(due=DAY), actions(), actions(status="stopped"), actions(status="Færdig")])
    made = plan.make_plan(table, DAY)
    assert sorted(made.follow_up) == ["met", "met", "not met", "open", "stopped"]
    sections = plan.by_department(made).set_index("department")
    assert list(sections.index[:4]) == list(plan.DEPARTMENTS) and sections.actions["sales"] == 5 and sections.actions["product"] == 0
    assert plan.first_review(DAY, made, pd.DataFrame({"due": [pd.Timestamp("2026-07-03")]})) == dt.date(2026, 7, 3)


def test_the_market_is_counted_where_it_can_be_and_estimated_where_not():
    market = pd.DataFrame({"industry": ["building", "it"], "accounts": [1000.0, 3000.0]})
    small = Criterion("employees", "<=", 20)
    counted = reach.market_reach(market, prospects(), [Criterion.from_dict(BUILDERS)])
    assert (counted["low"], counted["accounts"], counted["high"]) == (1000, 1000, 1000) and reach.realistic(counted) == "found"
    both = reach.market_reach(market, prospects(), [Criterion.from_dict(BUILDERS), small])
    assert 0 < both["low"] < both["accounts"] < both["high"] < 1000 and both["estimated"] == ["employees"]
    assert reach.realistic(reach.market_reach(market, prospects(), [small])) == "up"
    assert reach.realistic(reach.market_reach(market, prospects(20), [small])) == "too_few"
    assert reach.realistic(reach.market_reach(market, prospects(), [Criterion("industry", "in", ["x"])])) == "none"
    assert reach.realistic(reach.market_reach(market[:0], prospects(), [small])) == "not_supplied"


def test_a_criterion_moves_from_hypothesis_to_tested_as_leads_are_decided():
    def stands(n, better, worse):
        rng = np.random.default_rng(3)
        industry = rng.choice(["building", "it"], n)
        won = rng.random(n) < np.where(industry == "building", better, worse)
        decided = pd.DataFrame({"industry": industry, "won_on": pd.Series(pd.Timestamp(DAY), range(n)).where(won), "lost_on": pd.Series(pd.Timestamp(DAY), range(n)).where(~won)})
        return reach.criteria_stand([[Criterion.from_dict(BUILDERS)]], decided, prospects()).stands[0]

    assert stands(30, 0.5, 0.1) == "hypothesis" and stands(1000, 0.4, 0.1) == "supported" and stands(1000, 0.1, 0.4) == "refuted"
    assert reach.groups_to_test([SimpleNamespace(criteria=("a", "b"))], True) == [("a",), ("b",), ("a", "b")]


def test_the_smallest_lift_is_what_the_sample_size_says():
    from icp_helpers.analysis.first_profile import leads_needed

    n = leads_needed(0.1, 2.0)
    assert reach.smallest_lift(0.1, n, n) == pytest.approx(2.0, abs=0.02)
    assert np.isnan(reach.smallest_lift(0.9, 3, 3)) and np.isnan(reach.smallest_lift(np.nan, 100, 100))


@pytest.mark.parametrize(("code", "region"), [(1050, "Hovedstaden"), ("DK-4000", "Sjælland"), ("2690", "Sjælland"), ("4050", "Hovedstaden"), ("0800", "Hovedstaden"),
    ("6900.0", "Midtjylland"), ("7160", "Midtjylland"), ("7900", "Nordjylland"), ("5000", "Syddanmark"), ("9990", "Nordjylland"), ("99", None), (None, None), ("12345", None)])  # fmt: skip
def test_postcodes_have_their_region(code, region):
    assert danish.region_of(code) == region


def test_industry_codes_map_from_one_version_to_the_next():
    assert danish.section_of("43.99.90") == "F" and danish.section_of("11100") == "A" and danish.division_of(11100) == "01"
    assert (danish.section_of("620100"), danish.section_of("620100", "DB25")) == ("J", "K")
    assert danish.to_db25("451120") == ("47", "46", "95") and danish.to_db25("412000") == ("41",) and danish.to_db25("x") == ()
    for version, divisions in (("DB07", 88), ("DB25", 87)):
        assert sum(danish.section_of(f"{n:02}", version) is not None for n in range(1, 100)) == divisions
    assert all(danish.section_of(after, "DB25") for n in range(1, 100) for after in danish.to_db25(f"{n:02}"))


def test_a_list_of_the_register_gets_our_names_and_keeps_its_own_values():
    register = pd.DataFrame({"Reklamebeskyttet": ["1", "nej", None], "postnr": [2100, 8000, None], "ansatte": [1, 2, 3],
                             "antal_ansatte_interval": ["ANTAL_10_19", "1000+", "?"], "branchekode": ["439990", "620100", None]})
    made = danish.from_register(register)
    assert made.ad_protected.tolist() == [True, False, pd.NA] and made.region.tolist()[:2] == ["Hovedstaden", "Midtjylland"]
    assert made.employees.tolist()[:2] == [14.0, 1000.0] and made.industry_section.tolist()[:2] == ["F", "J"]
    assert danish.from_register(register.assign(region="Fyn")).region.eq("Fyn").all()
    assert activation.contact_bar(made, consumers=False).tolist() == [activation.PROTECTED, "", ""]


def test_a_firm_protected_under_the_register_s_own_header_is_never_called(tmp_path, monkeypatch):
    """The clean table has an empty column of ours beside theirs; outside Denmark the right holds as well."""
    folder = tmp_path / "markets" / "x"
    folder.mkdir(parents=True)
    (folder / "market.yml").write_text("name: X\nkind: b2b\nas_of: 2026-06-30\ntimezone: Europe/Berlin\ntables: {prospects: prospects.csv}\n")
    (folder / "prospects.csv").write_text("prospect_id,branche,Reklamebeskyttet\n1,byggeri,Ja\n2,byggeri,Nej\n3,it,\n")
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    unit = open_unit("x")
    unit.clean()
    listed = danish.from_register(unit.frame("prospects"), codes=danish.is_danish(unit.market))
    assert activation.contact_bar(listed, False).tolist() == [activation.PROTECTED, "", ""]
    both = danish.from_register(listed.assign(Reklamebeskyttelse=["Nej", "1", None]))
    assert activation.contact_bar(both, False).tolist() == [activation.PROTECTED, activation.PROTECTED, ""]


def test_small_words_alone_are_no_phrase():
    rows = [(f"M{row}", "Der er for lidt. Varen kom for sent til os.") for row in range(40)] + [(f"O{row}", "Alt var fint i dag.") for row in range(80)]
    found = phrases.shared_phrases(pd.DataFrame(rows, columns=["customer_id", "text"]), {f"M{row}" for row in range(40)})
    assert found.phrase.tolist() == ["Varen kom for sent til os"]
