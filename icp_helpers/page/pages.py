"""The first page of a unit and the front page of all: made of findings.json, icp.yml and run.json, never of rows."""

from collections.abc import Mapping, Sequence

from icp_helpers.page import summary
from icp_helpers.page.actions import what_to_do, what_to_stop
from icp_helpers.page.catalogue import _
from icp_helpers.page.errors_told import tell_error
from icp_helpers.page.evidence import evidence_rows
from icp_helpers.page.key_figures import key_figures
from icp_helpers.page.persona_summary import personas
from icp_helpers.page.report import anchor, render
from icp_helpers.page.steps import QUESTIONS, SHORT
from icp_helpers.page.summary import UnitReport
from icp_helpers.tables.published import COMPARISON

STATUS = {"ok": _("ready"), "insufficient": _("too little data"), "failed": _("failed")}


def unit_page(report: UnitReport) -> str:
    """`reports/<unit>/index.html`: the answer, the persona, the evidence, the key figures, ten questions, every step."""
    failed = report.run["status"] == "failed"
    facts = {"failures": _failures(report), "steps": _steps(report)}
    if not failed:
        cards = personas(report)
        facts |= {"profile": summary.profile_sentence(report), "further": summary.further_profiles(report), "gist": _gist(report),
                  "cards": list(cards.values()), "evidence": evidence_rows(report, cards), "to_do": what_to_do(report),
                  "to_stop": what_to_stop(report), "how_sure": summary.how_real(report) + summary.how_sure(report),
                  "key_figures": key_figures(report), "questions": _questions(report)}
    return render("unit.html.j2", report.market.language, market=report.market, segment=report.segment, report=report, failed=failed, **facts)


def _gist(report: UnitReport) -> list[tuple[str, summary.Said]]:
    """The answer in three lines: how many, how sure, what to do."""
    words = report.words
    sure = summary.how_sure(report) if report.status != "found" else summary.how_real(report) + summary.how_sure(report)
    counted = summary.answer(report, next(question for question in QUESTIONS if question.id == "how-big"))
    many = summary.how_many(report) or (summary.said(counted) if counted else None)
    lines = ((_("How many"), many), (_("How sure"), next(iter(sure), None)), (_("What to do"), what_to_do(report)[0]))
    return [(words.translate(name), said) for name, said in lines if said]


def front_page(reports: Sequence[UnitReport]) -> str:
    """`reports/index.html`: a row a unit, in the unit's own language; Danish around them only where all units are."""
    language = "da" if reports and all(report.market.language == "da" for report in reports) else "en"
    return render("front.html.j2", language, units=[_unit_row(report) for report in reports])


def _unit_row(report: UnitReport) -> dict:
    failed = report.run["status"] == "failed"
    return {
        "report": report, "language": report.market.language, "status": report.run["status"],
        "status_word": report.words.translate(STATUS[report.run["status"]]),
        "href": report.older if failed else f"{report.unit}/index.html", "failed": failed, "failures": _failures(report),
        "profile": None if failed or report.unit == COMPARISON else summary.profile_sentence(report),
        "leading": [] if failed else [summary.said(finding) for finding in summary.leading(report)],
        "date": report.words.date(report.market.as_of) if report.market.as_of else "", "older": report.words.translate(_("The last good report")),
    }


def _failures(report: UnitReport) -> list[str]:
    """What failed and what to do, a sentence a failed step; the message of the run where no step was reached."""
    failed = [step for step in report.steps() if step["status"] == "failed"]
    words = report.words
    if not failed and report.run["status"] == "failed":
        return [tell_error(report.run.get("message") or "", words.language) or words.translate(_("The run stopped before its first step."))]
    return [words.say(words.translate(_("{step:text} failed: {message:text}")),
                      {"step": words.translate(SHORT.get(step["step"], step["step"])), "message": tell_error(step.get("message") or "–", words.language)}) for step in failed]


def _linked(report: UnitReport, finding: Mapping) -> dict:
    step = finding["step"]
    return {"status": finding["status"], "sentence": summary.said(finding),
            "href": f"{step}.html#{anchor(finding['id'])}" if report.has_page(step) else None, "step": SHORT.get(step, step)}


def _questions(report: UnitReport) -> list[dict]:
    """The ten questions, each with a sentence and the way to its evidence, or the word that the data do not say."""
    found = report.status == "found"
    own = {
        "who": [summary.profile_sentence(report)] if found else [],
        "how-big": [said for said in [summary.how_many(report)] if said],
        "what-next": what_to_do(report)[:1],
        "is-it-real": summary.how_real(report)[:1],
        "how-sure": summary.how_sure(report)[:1],
        "what-to-stop": what_to_stop(report)[:1],
    }
    return [_question(report, question, own.get(question.id, [])) for question in QUESTIONS]


def _question(report: UnitReport, question, sentences: list) -> dict:
    sentence, finding = next(iter(sentences), None), summary.answer(report, question)
    row = {"id": question.id, "text": report.words.translate(question.text), "status": None, "href": None, "step": None}
    step = question.step
    if sentence:
        return row | {"sentence": sentence, "href": f"{step}.html" if report.has_page(step) else None, "step": SHORT.get(step, step)}
    if finding:
        return row | _linked(report, finding)
    return row | {"status": "not_supplied", "sentence": summary.say(report, summary.NOT_SUPPLIED)}


def _steps(report: UnitReport) -> list[dict]:
    """Every step with the way to its page and the strongest thing it found."""
    rows = []
    for step in report.steps():
        said = report.of_step(step["step"])
        rows.append({"step": step["step"], "status": step["status"], "sentence": summary.said(said[0]) if said else None,
                     "mark": said[0]["status"] if said else None,
                     "href": f"{step['step']}.html" if report.has_page(step["step"]) else None})
    return rows
