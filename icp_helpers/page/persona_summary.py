"""The personas as a unit's first page shows them: the face, who it stands for, and what was found about it in step 09."""

from collections.abc import Mapping

from icp_helpers.page.catalogue import _
from icp_helpers.page.face_shapes import face_picture
from icp_helpers.page.summary import UnitReport, say

STEP = "09_describe_personas"
FACE = _("An invented face for {persona:text}.")
STANDS_FOR = _("{persona:text} stands for {customers:count} customers; the name and the face are invented.")
LINES = _("More often than others: {lines:criteria}.")
CHANNELS = _("Met more often than others through: {channels:text}.")
VALUES = _("Sets more store by: {values:names}.")
HURTS = _("What hurts: “{word:text}”.")
QUOTE = _("“{quote:text}”")


def personas(report: UnitReport) -> dict[str, dict]:
    """Profile id -> name, face (a data URI), its alt text, who it stands for, lines and a quote, as step 09 found them."""
    unit = (report.icp or {}).get("unit") or report.unit
    return {finding["id"].partition(":")[2]: _card(report, unit, finding) for finding in report.named(STEP, "persona")}


def _card(report: UnitReport, unit: str, finding: Mapping) -> dict:
    facts, profile = finding["facts"], finding["id"].partition(":")[2]
    persona = {"persona": facts["persona"]}
    quote = next((said["facts"] for said in report.named(STEP, "quote") if said["facts"].get("persona") == facts["persona"]), None)
    return {"name": facts["persona"], "face": face_picture(f"{unit} {profile}"), "alt": say(report, FACE, persona),
            "stands_for": say(report, STANDS_FOR, facts), "lines": _lines(report, facts),
            "quote": say(report, QUOTE, quote) if quote else None,
            "href": f"{STEP}.html" if report.has_page(STEP) else None}


def _lines(report: UnitReport, facts: Mapping) -> list[str]:
    """What sets the members apart, a sentence a subject, where something was found."""
    def told(name: str, fact: str, status: str) -> list:
        return [said["facts"][fact] for said in report.named(STEP, name)
                if said["facts"].get("persona") == facts["persona"] and said["status"] == status]

    channels, values, pains = told("channel", "channel", "up"), told("value", "trait", "up"), told("tone", "word", "down")
    lines = [say(report, LINES, facts)] if facts.get("lines") else []
    lines += [say(report, CHANNELS, {"channels": ", ".join(channels)})] if channels else []
    lines += [say(report, VALUES, {"values": values})] if values else []
    return lines + ([say(report, HURTS, {"word": pains[0]})] if pains else [])
