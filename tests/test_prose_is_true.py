"""The same notebooks over a market, its mirror and a flat one: what is said flips, or falls silent."""

import json

DIRECTIONAL = {"up", "down"}
OPPOSITE = {"up": "down", "down": "up"}


def about(findings: dict, **facts) -> list[dict]:
    """The directional findings that are about the given facts."""
    return [finding for finding in findings.values() if finding["status"] in DIRECTIONAL
            and all(finding["facts"].get(key) == value for key, value in facts.items())]


def test_the_three_markets_run_to_the_end(small_runs):
    records = [json.loads((small_runs.reports / unit / "run.json").read_text()) for unit in ("signal", "mirror", "flat")]
    assert small_runs.code == 0
    assert [record["status"] for record in records] == ["ok"] * 3
    assert all(step["status"] == "ok" for record in records for step in record["steps"])


def test_sentences_about_the_planted_trait_flip_in_the_mirror(small_runs):
    signal, mirror = (about(small_runs.findings(unit), trait="industry", level="construction") for unit in ("signal", "mirror"))
    assert {finding["status"] for finding in signal} == {"up"}
    assert {finding["status"] for finding in mirror} == {"down"}


def test_no_sentence_on_a_trait_says_the_same_of_a_market_and_its_mirror(small_runs):
    signal, mirror = small_runs.findings("signal"), small_runs.findings("mirror")
    both = [key for key in signal.keys() & mirror.keys() if "trait" in signal[key]["facts"]
            and signal[key]["facts"]["trait"] == mirror[key]["facts"]["trait"]
            and signal[key]["facts"].get("level") == mirror[key]["facts"].get("level")
            and {signal[key]["status"], mirror[key]["status"]} <= DIRECTIONAL]
    assert all(mirror[key]["status"] == OPPOSITE[signal[key]["status"]] for key in both)
    assert all(signal[key]["sentence"] != mirror[key]["sentence"] for key in both)


def test_a_flat_market_hears_no_claim(small_runs):
    findings = small_runs.findings("flat")
    claims = [finding["sentence"] for key, finding in findings.items()
              if key.startswith(("04", "05", "06", "08")) and finding["status"] in DIRECTIONAL | {"found"}]
    assert claims == []


def test_the_profile_is_found_where_it_was_planted_and_nowhere_else(small_runs):
    import yaml

    profiles = {unit: yaml.safe_load((small_runs.reports / unit / "icp.yml").read_text(encoding="utf-8"))
                for unit in ("signal", "mirror", "flat")}
    assert profiles["signal"]["status"] == "found"
    assert {c["column"] for c in profiles["signal"]["profiles"][0]["criteria"]} & {"industry", "employees"}
    assert profiles["flat"]["status"] in ("none", "too_few")
    builders = {"column": "industry", "op": "in", "value": ["construction"]}
    assert builders not in [c for profile in profiles["mirror"]["profiles"] for c in profile["criteria"]]
