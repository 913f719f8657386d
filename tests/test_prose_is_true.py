"""The same notebooks over a market, its mirror and a flat one: what is said flips, or falls silent."""

import json

import yaml

DIRECTIONAL = {"up", "down"}
OPPOSITE = {"up": "down", "down": "up"}


def about(findings: dict, word: str) -> set[str]:
    """The directions of what is said about ideal customers and a level such as `construction`."""
    return {finding["status"] for key, finding in findings.items() if key[:2] in ("05", "06", "08")
            and finding["status"] in DIRECTIONAL and word in json.dumps(finding["facts"])}


def test_the_three_markets_run_to_the_end(small_runs):
    records = [json.loads((small_runs.reports / unit / "run.json").read_text()) for unit in ("signal", "mirror", "flat")]
    assert small_runs.code == 0
    assert [record["status"] for record in records] == ["ok"] * 3
    assert all(step["status"] == "ok" for record in records for step in record["steps"])


def test_the_planted_trait_is_praised_where_it_helps_and_warned_of_where_it_harms(small_runs):
    assert about(small_runs.findings("signal"), "construction") == {"up"}
    assert about(small_runs.findings("mirror"), "construction") == {"down"}


def test_no_sentence_on_a_trait_says_the_same_of_a_market_and_its_mirror(small_runs):
    signal, mirror = small_runs.findings("signal"), small_runs.findings("mirror")
    both = [key for key in signal.keys() & mirror.keys() if "trait" in signal[key]["facts"]
            and signal[key]["facts"]["trait"] == mirror[key]["facts"]["trait"]
            and signal[key]["facts"].get("level") == mirror[key]["facts"].get("level")
            and {signal[key]["status"], mirror[key]["status"]} <= DIRECTIONAL]
    assert all(mirror[key]["status"] == OPPOSITE[signal[key]["status"]] for key in both)
    assert all(signal[key]["sentence"] != mirror[key]["sentence"] for key in both)


def test_a_flat_market_hears_no_direction(small_runs):
    said = [finding["sentence"] for key, finding in small_runs.findings("flat").items()
            if key.startswith(("04", "05", "06", "08")) and finding["status"] in DIRECTIONAL]
    assert said == []


def test_the_profile_is_found_where_it_was_planted_and_turned_where_it_was_mirrored(small_runs):
    profiles = {unit: yaml.safe_load((small_runs.reports / unit / "icp.yml").read_text(encoding="utf-8"))
                for unit in ("signal", "mirror", "flat")}
    builders = {"column": "industry", "op": "in", "value": ["construction"]}
    assert profiles["signal"]["status"] == "found" and builders in profiles["signal"]["profiles"][0]["criteria"]
    assert builders not in [c for profile in profiles["signal"]["negative_profiles"] for c in profile["criteria"]]
    assert builders in profiles["mirror"]["negative_profiles"][0]["criteria"]
    assert builders not in [c for profile in profiles["mirror"]["profiles"] for c in profile["criteria"]]
    assert profiles["flat"]["status"] == "none" and not profiles["flat"]["negative_profiles"]
