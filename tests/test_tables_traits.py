"""Which columns may describe a profile, the dictionary, and the contracts between the steps."""

from types import SimpleNamespace

import pandas as pd
import pytest

from icp_helpers.tables.check import check_market
from icp_helpers.tables.contracts import check_frame, empty_frame
from icp_helpers.tables.dictionary import FILE, dictionary
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import Ideal, Trait, load_market
from icp_helpers.tables.market_keys import KEYS
from icp_helpers.tables.readers_table import readers_table
from icp_helpers.tables.traits import choose_traits

FRAME = pd.DataFrame({
    "customer_id": [f"c{n}" for n in range(30)], "amount": 1.0, "industry": ["a", "b", "c"] * 10, "employees": range(30),
    "age": 40, "kunde_navn": "x", "contact": [f"p{n}@firma.dk" for n in range(30)], "hotline": "+45 12 34 56 78",
    "signed": pd.Timestamp("2026-01-01"), "postnr": ["2100"] * 30, "motto": [f"motto {n}" for n in range(30)], "won": True, "empty": None})


def chosen(prospects=None, **said):
    market = SimpleNamespace(ideal=Ideal(weights=None, outcome="won"), traits=said or None)
    return choose_traits(FRAME, market, prospects=prospects)


def test_what_says_nothing_or_too_much_is_left_with_a_reason():
    choice = chosen()
    assert choice.taken == ["industry", "employees"]
    why = dict(choice.left.values.tolist())
    assert set(why) | set(choice.taken) == set(FRAME) - {"customer_id"}
    assert "outcome" in why["won"] and "e-mail" in why["contact"] and "phone" in why["hotline"] and "date" in why["signed"]
    assert "sensitive" in why["age"] and "id" in why["postnr"] and "of her own" in why["motto"]
    assert choice.frame.index.name == "customer_id" and list(choice.frame) == choice.taken


def test_the_market_file_decides_but_not_over_sensitivity_and_time():
    choice = chosen(industry=Trait(known="after"), age=Trait(), postnr=Trait(), gone=Trait())
    assert choice.taken == ["postnr"]
    why = dict(choice.left.values.tolist())
    assert "after the purchase" in why["industry"] and "no reason" in why["age"] and "not in the data" in why["gone"]
    assert chosen(age=Trait(allowed_because="age decides which product fits")).taken == ["age"]


def test_what_prospects_lack_chooses_nobody():
    choice = chosen(prospects=pd.DataFrame({"prospect_id": ["p"], "industry": ["a"]}))
    assert choice.taken == ["industry"] and "prospects lack it" in dict(choice.left.values.tolist())["employees"]


def test_contracts_hold_and_never_print_values():
    good = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["x", None]})
    assert check_frame("segments", good).equals(check_frame("segments", good))
    for bad, said in ((good.assign(customer_id="hemmelig"), "key of another row"), (good.drop(columns="segment"), "segment missing"),
                      (good.assign(more=1), "not in the contract"), (good.assign(customer_id=[None, "b"]), "no value")):
        with pytest.raises(TableError) as caught:
            check_frame("segments", bad)
        assert said in str(caught.value) and "hemmelig" not in str(caught.value) and "04_find_segments" in str(caught.value)


@pytest.mark.parametrize("name", sorted(set(dictionary().contracts) - {"icp"}))
def test_an_empty_frame_keeps_its_contract(name):
    assert check_frame(name, empty_frame(name)).empty


def test_every_column_and_trait_has_words_in_both_languages():
    for place in (*(table.columns for table in dictionary().tables.values()), dictionary().traits):
        for column in place.values():
            assert set(column.label) == {"en", "da"} and column.type in ("text", "number", "date", "datetime", "boolean", "list")


def test_a_check_tells_every_fault_and_what_the_steps_can_say(tmp_path):
    folder = tmp_path / "markets" / "byg"
    folder.mkdir(parents=True)
    (folder / "market.yml").write_text("name: Byg\nkind: b2b\ntables: {customers: c.csv, orders: gone.csv, surveys: s.csv}\n")
    (folder / "c.csv").write_text("customer_id,acquired_on,industry\na,2026-01-01,building\nb,2026-01-02,retail\n")
    (folder / "s.csv").write_text("customer_id,score\na,9\n")
    check = check_market(load_market("byg", data=tmp_path))
    assert len(check.faults) == 2 and "gone.csv" in str(check) and "asked_on" in str(check)
    assert "04 Stable groups: will speak" in str(check) and "order_lines would let it speak" in str(check)


def test_the_readers_table_is_the_dictionary():
    text = (FILE.parent / "README.md").read_text(encoding="utf-8")
    assert text.endswith(readers_table())
    keys = {line.split("|")[1].strip() for line in text.split("## How files")[0].splitlines() if line.startswith("| ")}
    assert keys - {"Key"} == set(KEYS)
