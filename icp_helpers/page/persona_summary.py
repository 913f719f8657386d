"""The personas as a unit's first page shows them: the face, who it stands for, and what was found about it in step 09."""

from collections.abc import Mapping

from icp_helpers.page.catalogue import _
from icp_helpers.page.face_shapes import face_picture
from icp_helpers.page.numbers import lower_first
from icp_helpers.page.summary import Said, UnitReport, say, source_of

STEP = "09_describe_personas"
FACE = _("An invented face for {persona:text}.")
STANDS_FOR = _("{persona:text} stands for {customers:count} customers; the name and the face are invented.")
LINES = _("More often than others: {lines:criteria}.")
CHANNELS = _("Met more often than others through: {named:text}.")
VALUES = _("Sets more store by: {named:text}.")
HURTS = _("What hurts: “{named:text}”.")
QUOTE = _("“{quote:text}”")


def personas(report: UnitReport) -> dict[str, dict]:
    """Profile id -> name, face (a data URI), its alt text, who it stands for, lines and a quote, as step 09 found them."""
    unit = (report.icp or {}).get("unit") or report.unit
    return {finding["id"].partition(":")[2]: _card(report, unit, finding) for finding in report.named(STEP, "persona")}


def _card(report: UnitReport, unit: str, finding: Mapping) -> dict:
    facts, profile = finding["facts"], finding["id"].partition(":")[2]
    persona = {"persona": facts["persona"]}
    quote = next((told for told in report.named(STEP, "quote") if told["facts"].get("persona") == facts["persona"]), None)
    return {"name": facts["persona"], "face": face_picture(f"{unit} {profile}"), "alt": say(report, FACE, persona),
            "stands_for": say(report, STANDS_FOR, facts, source_of(finding)), "lines": _lines(report, finding),
            "quote": say(report, QUOTE, quote["facts"], source_of(quote)) if quote else None,
            "href": f"{STEP}.html" if report.has_page(STEP) else None}


def _lines(report: UnitReport, finding: Mapping) -> list[Said]:
    """What sets the members apart, a sentence a subject, where something was found."""
    facts = finding["facts"]

    def told(name: str, status: str) -> list[Mapping]:
        return [said for said in report.named(STEP, name)
                if said["facts"].get("persona") == facts["persona"] and said["status"] == status]

    lines = [say(report, LINES, facts, source_of(finding))] if facts.get("lines") else []
    for message, fact, status, name in ((CHANNELS, "channel", "up", "channel"), (VALUES, "trait", "up", "value"), (HURTS, "word", "down", "tone")):
        if found := told(name, status):
            named = [lower_first(report.words.name(said["facts"][fact])) if fact == "trait" else str(said["facts"][fact]).replace("_", " ") for said in found]
            lines.append(say(report, message, {"named": ", ".join(named)}, source_of(found[0])))
    return lines
