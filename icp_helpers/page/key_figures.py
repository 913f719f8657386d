"""The KPIs that matter on a unit's first page: inside the profile beside all others, or, without a profile, all customers."""

from collections.abc import Mapping

from icp_helpers.page.catalogue import _
from icp_helpers.page.numbers import MISSING
from icp_helpers.page.report import anchor
from icp_helpers.page.summary import UnitReport, said, say, source_of

STEP = "11_evaluate_kpis"
MOST_FIGURES = 6
COMPARED = _("KPIs inside the profile and among all others: the clearest differences first")
ALL = _("KPIs of all customers, with their 95% intervals")
MARKS = {"up": _("higher"), "down": _("lower"), "unclear": _("no clear difference"), "too_few": _("too few")}
BETWEEN = _("{low:text} to {high:text}")


def key_figures(report: UnitReport) -> dict | None:
    """Caption, header and rows of the table of key figures, and what waits for its time; None where step 11 has neither."""
    gaps = [finding for status in ("up", "down", "unclear") for finding in report.named(STEP, "profile_gap")
            if finding["status"] == status]
    waits = next((finding for finding in report.named(STEP, "waiting") if finding["status"] in ("unclear", "found")), None)
    if gaps:
        header = [_("KPI"), _("In the profile"), _("All others"), _("Difference")]
        return _table(report, COMPARED, header, [_gap(report, finding) for finding in gaps[:MOST_FIGURES]], waits)
    read = next(iter(report.named(STEP, "readable")), None)
    shown = (read or {"facts": {}})["facts"].get("figures") or []
    header = [_("KPI"), _("Value"), _("95% interval"), _("n")]
    return _table(report, ALL, header, [_value(report, read, row) for row in shown[:MOST_FIGURES]], waits) if shown or waits else None


def _table(report: UnitReport, caption: str, header: list[str], rows: list[dict], waits: Mapping | None) -> dict:
    """`waits` is the sentence on the KPIs that cannot be read yet, with the days on which they can; it stands below the table."""
    return {"caption": report.words.translate(caption), "header": [report.words.translate(word) for word in header], "rows": rows,
            "waits": said(waits) if waits else None}


def _gap(report: UnitReport, finding: Mapping) -> dict:
    facts, mark = finding["facts"], finding["status"]
    return {"cells": [facts["name"], facts["inside"], facts["outside"], report.words.translate(MARKS[mark])], "mark": mark,
            "source": source_of(finding), "href": _way(report, finding)}


def _value(report: UnitReport, finding: Mapping, row: Mapping) -> dict:
    between = say(report, BETWEEN, row) if row["low"] != MISSING else MISSING
    return {"cells": [row["name"], row["value"], between, report.words.count(row["n"])], "mark": None,
            "source": source_of(finding), "href": _way(report, finding)}


def _way(report: UnitReport, finding: Mapping) -> str | None:
    return f"{STEP}.html#{anchor(finding['id'])}" if report.has_page(STEP) else None
