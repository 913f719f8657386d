"""icp.yml: written and read without loss, refused with a sentence where it is wrong, compared by version."""

import copy
import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import changes, read_icp, to_icp
from icp_helpers.analysis.scoring import fit_score
from icp_helpers.tables.errors import ParameterError

AS_OF = dt.date(2026, 6, 30)
BUILDERS = (Criterion("industry", "in", ["byg"]), Criterion("employees", "between", [10, 50.123456789]))
SHOPS = (Criterion("industry", "in", ["handel", "Måleri"]), Criterion("exports", "is", True))


def profile(criteria, **more):
    return SimpleNamespace(criteria=criteria, customers=np.int64(148), ideal_share=np.float64(0.6123456), lift=2.9, lift_interval=(2.3, np.inf),
                           p_value=0.01, holdout={"customers": np.int32(61), "lift": np.float32(2.5), "lift_interval": (1.9, 3.6)}, stability=0.81,
                           marks=({**Criterion("region", "is", "x").to_dict(), "inside": np.float64(0.5)},), **more)  # fmt: skip


def result(*rules, status="found"):
    return SimpleNamespace(status=status, profiles=[profile(rule) for rule in rules])


def made(*rules, **more):
    options = {"unit": "u", "as_of": AS_OF, "outcome": {"name": "ideal", "customers": 2500, "base_rate": np.float64(0.21)}}
    return to_icp(result(*rules), **(options | more))


@pytest.mark.parametrize(("hits", "told"), [(0, True), (1, False), (4, False), (5, True), (57, True), (58, False), (61, False), (62, True)])
def test_rates_that_would_tell_a_few_people_are_left_out(hits, told):
    few = profile(SHOPS, unseen=SimpleNamespace(customers=62, hits=hits))
    [negative] = made(BUILDERS, negative=[few], smallest=5)["negative_profiles"]
    assert negative["customers"] == 148
    for name in ("ideal_share", "lift", "lift_interval", "holdout"):
        assert (negative[name] is not None) == told


def test_yaml_keeps_it_byte_for_byte_and_in_the_order_of_the_design():
    traits = pd.DataFrame({"x": np.arange(200) % 7, "y": ["a", "b"] * 100})
    icp = made(BUILDERS, SHOPS, negative=[profile((Criterion("region", "is", "nord"),))], score=fit_score(traits, traits["x"] > 4),
               false_claims={"shuffled_copies": np.int64(99), "claimed": 4})  # fmt: skip
    text = yaml.safe_dump(icp, sort_keys=False, allow_unicode=True)
    again = yaml.safe_load(text)
    assert again == icp and yaml.safe_dump(again, sort_keys=False, allow_unicode=True) == text
    assert list(icp) == ["format", "unit", "version", "as_of", "status", "outcome", "false_claims", "profiles", "negative_profiles", "score"]
    assert list(icp["profiles"][0]) == ["id", "name", "criteria", "customers", "ideal_share", "lift", "lift_interval", "p_value", "holdout", "stability", "marks"]
    assert read_icp(again).profiles[0].criteria == BUILDERS  # no digit of a criterion is lost
    assert icp["profiles"][0]["lift_interval"] == [2.3, None] and icp["profiles"][0]["ideal_share"] == 0.6123
    assert "!!python" not in text and "numpy" not in text


def test_what_is_read_selects_the_same_customers():
    frame = pd.DataFrame({"industry": ["byg", "byg", "handel", None], "employees": [10, 51, 20, 20], "exports": [1.0, 0.0, 1.0, np.nan]})
    icp = read_icp(yaml.safe_load(yaml.safe_dump(made(BUILDERS, SHOPS))))
    assert [one.members(frame).tolist() for one in icp.profiles] == [[True, False, False, False], [False, False, True, False]]


def test_the_version_goes_up_when_the_criteria_change_and_then_alone():
    first = made(BUILDERS, SHOPS)
    assert made(SHOPS, BUILDERS, previous=first, as_of=dt.date(2026, 7, 31))["version"] == 1
    wider = (BUILDERS[0], Criterion("employees", "between", [10, 80]))
    second = made(wider, previous=first)
    assert second["version"] == 2 and second["profiles"][0]["id"] == "p1"
    assert made(wider, previous=second)["version"] == 2
    assert made(previous=second)["version"] == 3


def test_the_difference_of_two_versions_is_said_in_criteria():
    first = made(BUILDERS, SHOPS)
    wider = (BUILDERS[0], Criterion("employees", "between", [10, 80]))
    other = (Criterion("region", "is", "nord"),)
    second = made(other, wider, previous=first)
    assert [entry["id"] for entry in second["profiles"]] == ["p3", "p1"]
    facts = {fact["id"]: fact for fact in changes(first, second)}
    assert {key: fact["change"] for key, fact in facts.items()} == {"p1": "changed", "p2": "removed", "p3": "added"}
    assert facts["p1"]["gained"] == [wider[1]] and facts["p1"]["lost"] == [BUILDERS[1]]
    assert facts["p2"]["lost"] == sorted(SHOPS, key=lambda one: one.column, reverse=False) and not facts["p2"]["negative"]
    assert changes(first, made(SHOPS, BUILDERS, previous=first)) == []


def test_the_evidence_may_change_without_a_new_version_but_not_the_unit():
    first = made(BUILDERS)
    with pytest.raises(ParameterError, match="another unit's"):
        made(BUILDERS, previous=first, unit="v")


def test_none_too_few_and_hypothesis_are_profiles_too():
    for status in ("none", "too_few"):
        assert read_icp(to_icp(result(status=status), unit="u", as_of=AS_OF, outcome={})).status == status
    guess = SimpleNamespace(status="too_few", profiles=[SimpleNamespace(criteria=BUILDERS, name="A guess")])
    icp = read_icp(to_icp(guess, unit="u", as_of=AS_OF, outcome={}, status="hypothesis"))
    assert icp.status == "hypothesis" and icp.profiles[0].lift is None and icp.profiles[0].name == "A guess"


def broken(change):
    icp = copy.deepcopy(made(BUILDERS))
    change(icp)
    return icp


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda icp: icp.update(format=2), "format is unknown"), (lambda icp: icp.update(profile=[]), "Did you mean 'profiles'"),
        (lambda icp: icp.pop("unit"), "'unit' is missing"), (lambda icp: icp.update(version="3"), "whole number"),
        (lambda icp: icp.update(as_of="30/6"), "date is expected"), (lambda icp: icp.update(status="maybe"), "Use one of found"),
        (lambda icp: icp.update(profiles={}), "no list"), (lambda icp: icp["profiles"][0].update(criteria=[]), "no criteria"),
        (lambda icp: icp["profiles"][0].update(ideal_share=1.2), "out of range"), (lambda icp: icp["profiles"][0].update(lift="2"), "number is expected"),
        (lambda icp: icp["profiles"][0].update(lift_interval=[1]), "two ends"), (lambda icp: icp["profiles"].append(icp["profiles"][0]), "same id"),
        (lambda icp: icp["profiles"][0]["criteria"][0].update(op="~"), "operator is unknown"), (lambda icp: icp.update(score=3), "mapping is expected"),
        (lambda icp: icp["outcome"].update(base_rate=-1), "out of range"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_what_and_where(change, message):
    with pytest.raises(ParameterError, match=message):
        read_icp(broken(change))


@pytest.mark.parametrize("content", [None, [], "found", {}])
def test_a_file_that_is_no_profile_is_refused(content):
    with pytest.raises(ParameterError, match="icp.yml"):
        read_icp(content)
