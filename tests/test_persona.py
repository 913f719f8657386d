"""Personas: each number is a query on the members, nothing tells of one customer, and no profile makes no persona."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import persona, persona_cards, persona_facts
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.gower import central_member
from icp_helpers.page.face import draw_face

OWN = [{"column": "industry", "op": "in", "value": ["construction"]}]


def traits_of(seed: int, *, more: float = 0.4, n: int = 400) -> pd.DataFrame:
    """A hundred builders, of whom `more` beyond 30 % have a web shop and who value deadlines more; all else is noise."""
    rng = np.random.default_rng(seed)
    builder = np.arange(n) < n // 4
    frame = pd.DataFrame({
        "industry": np.where(builder, "construction", rng.choice(["food", "it"], n)), "web_shop": rng.random(n) < 0.3 + more * builder,
        "employees": np.round(np.exp(rng.normal(3, 1, n))), "region": rng.choice(["north", "south", "east"], n),
        "value_deadlines": np.clip(np.round(rng.normal(3 + 2 * more * builder, 1)), 1, 5),
        "value_price": np.clip(np.round(rng.normal(3, 1, n)), 1, 5), "value_design": np.clip(np.round(rng.normal(3, 1, n)), 1, 5),
    }, index=pd.Index([f"C{row:04d}" for row in range(n)], name="customer_id"))
    return frame.mask(rng.random(frame.shape) < np.where(frame.columns == "industry", 0, 0.05))


def icp_of(status: str = "found", criteria=OWN) -> dict:
    profiles = [{"id": "p1", "criteria": criteria}] if status in ("found", "hypothesis") else []
    return {"format": 1, "unit": "acme", "version": 1, "as_of": "2026-06-30", "status": status, "profiles": profiles}


def test_every_number_is_what_a_query_on_the_members_gives():
    traits = traits_of(1)
    one = persona_cards.make_personas(icp_of(), traits)[0]
    own, others = traits[traits.industry == "construction"], traits[traits.industry != "construction"]
    assert one.customers == len(own)
    for line in pd.concat([one.lines, one.portrait], ignore_index=True).itertuples():
        met = line.criterion.mask(own).sum()
        known = own[line.column].notna().sum()
        assert (line.hits, line.n, line.share) == (met, known, pytest.approx(met / known))
        assert line.rest == pytest.approx(line.criterion.mask(others).sum() / others[line.column].notna().sum())


def test_what_is_planted_sets_the_members_apart_and_turns_round():
    for more, flag in ((0.4, True), (-0.25, False)):
        traits = traits_of(2, more=more)
        lines = persona.sets_apart(persona.criteria_of(traits), (traits.industry == "construction").to_numpy(), skip=["industry"])
        assert Criterion("web_shop", "is", flag) in list(lines.criterion)
        assert not set(lines.column) & {"region", "employees", "value_price"} and (lines.low > 0).all()


def test_noise_sets_nobody_apart(monkeypatch):
    worlds = [traits_of(seed, more=0.0) for seed in range(20)]
    def claims():
        return sum(len(persona.sets_apart(persona.criteria_of(one), (one.industry == "construction").to_numpy(), skip=["industry"])) > 0 for one in worlds)
    assert claims() <= 3
    monkeypatch.setattr(persona, "false_discovery_control", lambda p: p)
    assert claims() >= 10, "the correction is what keeps it silent"


def test_the_middle_is_a_member_and_no_average():
    frame = pd.DataFrame({"a": ["x", "x", "y", "x"], "b": [1.0, 2.0, 100.0, 3.0], "c": [["p"], ["p", "q"], ["r"], ["p"]]}, index=list("stuv"))
    assert central_member(frame) in ("s", "v") and central_member(frame.iloc[::-1]) == central_member(frame)
    assert central_member(frame.iloc[:0]) is None and central_member(frame.assign(a=None, b=np.nan)) is not None


def test_a_level_that_few_share_is_not_told(monkeypatch):
    traits = pd.DataFrame({"industry": ["construction"] * 9 + ["food"] * 9, "owner": ["A", "B", "C"] * 6, "size": [4.0, 7, 8, 9, 15, 16, 17, 18, 901] * 2},
                          index=[f"C{row}" for row in range(18)])
    members = (traits.industry == "construction").to_numpy()
    assert "owner" not in set(persona.portrait(traits, members, ["owner", "size"], smallest=5).column)
    assert "owner" in set(persona.portrait(traits, members, ["owner", "size"], smallest=3).column)
    low, high = persona.portrait(traits, members, ["size"], smallest=4).criterion[0].value
    assert (low, high) == (8, 17), "the middle half of the members, and never the value of the one in the middle"


@pytest.mark.parametrize("status", ["none", "too_few", "hypothesis"])
def test_no_profile_no_persona(status):
    assert persona_cards.make_personas(icp_of(status), traits_of(3)) == []


def test_a_profile_of_fewer_than_the_smallest_cell_has_none():
    traits = traits_of(3)
    assert persona_cards.make_personas(icp_of(), traits, smallest=101) == []
    assert persona_cards.make_personas(icp_of(), traits.iloc[:0]) == []


def test_names_are_invented_and_the_same_each_time():
    names = [persona.invented_name(f"acme p{number}") for number in range(50)]
    assert names == [persona.invented_name(f"acme p{number}") for number in range(50)] and set(names) <= set(persona.NAMES)
    taken = []
    for _number in range(len(persona.NAMES)):
        taken.append(persona.invented_name("acme p1", taken))
    assert len(set(taken)) == len(persona.NAMES)


def test_a_face_follows_from_its_key_and_has_no_colour_of_skin():
    def drawn(key):
        drawing, axes = plt.subplots()
        draw_face(axes, key)
        shapes = [(type(shape).__name__, shape.get_facecolor(), shape.get_extents().bounds) for shape in axes.patches]
        plt.close(drawing)
        return shapes
    assert drawn("acme p1") == drawn("acme p1")
    assert len({str(drawn(f"acme p{number}")) for number in range(12)}) >= 10


def test_one_who_says_yes_to_everything_counts_no_more():
    traits = traits_of(4)
    members = (traits.industry == "construction").to_numpy()
    before = persona.values_apart(traits, members)
    values = [name for name in traits if name.startswith("value_")]
    louder = traits.copy()
    louder.loc["C0005", values] += 40
    pd.testing.assert_frame_equal(before, persona.values_apart(louder, members))
    assert before.column[0] == "value_deadlines" and before.difference[0] > 0 and before.p_adjusted[0] < 0.01
    assert persona.values_apart(traits.drop(columns="value_price"), members).empty


def test_what_was_not_asked_is_not_measured():
    blocks = persona.blocks_measured(["age", "value_price", "it_maturity"], ["contacts"]).set_index("block").measured
    assert blocks[["values", "decision process", "digital maturity"]].all()
    assert not blocks[["personality", "lifestyle", "interests", "economic potential"]].any()


def test_who_decides_is_counted_in_deals():
    contacts = pd.DataFrame({"lead_id": [f"L{deal}" for deal in range(20) for _time in (0, 1)], "role": "owner", "decides": [True, False] * 20})
    roles = persona_cards.deciding_roles(contacts, [f"L{deal}" for deal in range(10)])
    assert (roles.hits[0], roles.n[0], roles.share[0], roles.rest[0]) == (10, 10, 1.0, 1.0)
    assert persona_cards.deciding_roles(contacts, ["L0", "L1"]).empty


def test_the_contract_marks_what_is_fiction():
    personas = persona_cards.make_personas(icp_of(), traits_of(1))
    table = persona_cards.personas_table(personas, {}, lambda criteria: str(criteria))
    assert list(table.kind[table.fiction]) == ["name"] and {"criterion", "trait", "portrait"} <= set(table.kind)
    assert persona_cards.personas_table([], {}, str).empty and persona_facts.stacked([], {}, most=5).empty
