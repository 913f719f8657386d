"""Executed notebooks and run records made in the test: one step that says, draws and tabulates, and what a batch leaves."""

import sys
import types
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import nbformat.v4 as v4
import pandas as pd

from icp_helpers.page.catalogue import Figure, Sentence, Table
from icp_helpers.page.page import Page
from icp_helpers.page.summary import UnitReport
from icp_helpers.tables.market import Market

STEP = "05_explain_drivers"
FIXTURE = "99_fixture"
STEPS = ("01_collect_data", STEP, "08_define_profile", "09_describe_personas", "11_evaluate_kpis")
TITLE = "# 05 Which traits set them apart?\n\nAll else equal.\n\n| Reads | Writes | Decides |\n|---|---|---|\n| features | drivers | traits |\n\nGuide: A-DAT19"

sentences = types.ModuleType(f"icp_helpers.page.sentences.s{FIXTURE}")
sentences.SENTENCES = {"strongest": Sentence(up="{trait:text}: {effect:points} more (n = {n:count}).", down="{trait:text}: fewer.",
                                          unclear="{trait:text}: cannot tell.", too_few="{trait:text}: too few (n = {n:count}).")}
sentences.FIGURES = {"effects": Figure(caption="Effects of {trait:text}.", alt="Dot chart; {trait:text} is the highest.")}
sentences.TABLES = {"all": Table(caption="Effects beside {trait:text}.",
                                 columns={"trait": ("Trait", "text"), "effect": ("Effect", "points"), "customers": ("Customers", "count")})}
sentences.LIMITS = ["Association, not cause."]
sys.modules[sentences.__name__] = sentences


def make_market(name: str = "Nordlys Danmark", language: str = "en") -> Market:
    return Market(slug="nordlys-dk", name=name, kind="b2b", folder=Path("."), language=language, as_of=date(2026, 6, 30))


def make_notebook(market: Market, trait: str = "Construction", *, outputs: list | None = None):
    """An executed notebook about one trait; `outputs` are what a further cell showed besides."""
    page, shown, cells = Page(SimpleNamespace(market=market), FIXTURE), [], []
    page._publish = lambda text, fallback, record: shown.append(
        v4.new_output("display_data", data={"text/html": text, "text/plain": fallback}, metadata={"icp": record}))

    def code(id: str, show=lambda: None, more=()):
        shown.clear()
        show()
        cells.append(v4.new_code_cell("secret_variable = 1", id=id, outputs=[*shown, *more], execution_count=len(cells) + 1))

    def prose(id: str, text: str):
        cells.append(v4.new_markdown_cell(text, id=id))

    frame = pd.DataFrame({"trait": [trait, "Retail"], "effect": [0.17, -0.06], "customers": [310, 260]})
    prose("title", TITLE)
    code("parameters")
    prose("question-effect", "## Which trait matters most?\n\nA line across zero means *cannot tell*.")
    code("fig-effect", lambda: page.figure(_drawing(trait), "effects", trait=trait))
    code("finding-effect", lambda: page.say("strongest:1", trait=trait, effect=0.17, low=0.12, high=0.21, n=310))
    code("table-effect", lambda: page.table(frame, "all", trait=trait))
    code("finding-other", lambda: page.say("strongest:2", trait="Shipping", effect=0.3, low=-0.1, high=0.7, n=7))
    code("extra", more=outputs or ())
    code("answer", page.answer)
    prose("next", "Next, what occurs together.")
    own = [finding.to_dict() | {"step": STEP} for finding in page.findings.values()]
    return v4.new_notebook(cells=cells), own + make_findings(trait)


def make_findings(text: str) -> list[dict]:
    """What other steps say of a persona, her channels and the KPIs; `text` stands wherever a name from the data may stand."""
    def found(step, id, status, **facts):
        return {"id": id, "step": step, "status": status, "sentence": f"{text} is said.", "facts": facts}

    persona = {"persona": text, "customers": 148, "lines": [{"column": text, "op": "in", "value": [text]}]}
    return [found("09_describe_personas", "persona:p1", "found", **persona),
            found("09_describe_personas", "channel:p1-1", "up", persona=text, channel=text),
            found("09_describe_personas", "value:p1", "up", persona=text, trait=text),
            found("09_describe_personas", "tone:p1", "down", persona=text, word=text),
            found("09_describe_personas", "quote:1", "info", persona=text, quote=text),
            found("11_evaluate_kpis", "profile_gap:aov", "up", name=text, inside=text, outside="EUR 741", n=88, others=1375),
            found("11_evaluate_kpis", "readable", "found", figures=[{"name": text, "value": text, "low": "1%", "high": text, "n": 88}])]


def _drawing(label: str):
    drawing, axes = plt.subplots(figsize=(3, 1.5))
    axes.plot([17, -6], [label.replace("$", ""), "Retail"], "o")
    axes.set(xlabel="Difference, percentage points", ylabel="Trait")
    return drawing


def make_icp(industry: str = "construction", column: str = "industry", status: str = "found") -> dict:
    profile = {"id": "p1", "name": industry, "customers": 148, "ideal_share": 0.61, "lift": 2.9, "lift_interval": [2.3, 3.5],
               "p_value": 0.01, "holdout": {"customers": 61, "lift": 2.7, "lift_interval": [1.9, 3.6]}, "stability": 0.81,
               "criteria": [{"column": column, "op": "in", "value": [industry]},
                            {"column": "employees", "op": "between", "value": [10, 50]}]}
    negative = {"criteria": [{"column": column, "op": "in", "value": [industry]}], "customers": 260, "ideal_share": 0.04}
    found = status == "found"
    return {"format": 1, "status": status, "outcome": {"name": "ideal", "customers": 2500, "base_rate": 0.21},
            "false_claims": {"shuffled_copies": 99, "claimed": 4}, "profiles": [profile] * found, "negative_profiles": [negative] * found}


def make_report(market: Market, findings: list, icp: dict | None, *, segment: str = "all", failure: str | None = None) -> UnitReport:
    """A unit after a good run, or after one whose drivers failed with the message `failure`."""
    steps = [{"step": step, "status": "failed" if failure and step == STEP else "ok", "seconds": 1.0, "message": failure or "",
              "cell": "setup"} for step in STEPS]
    run = {"status": "failed" if failure else "ok", "message": failure or "", "steps": steps,
           "sha256": {"outputs": {f"{step}.html": "" for step in STEPS}}}
    return UnitReport(market, segment, "nordlys-dk", run, icp, findings, older="nordlys-dk/index.html" if failure else None)
