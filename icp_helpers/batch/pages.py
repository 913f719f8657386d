"""From what a run left in its folders to the HTML that page/ makes of it: step pages, unit pages, the front page."""

import json
from collections.abc import Sequence
from pathlib import Path

import yaml

from icp_helpers.batch.fingerprint import hash_file
from icp_helpers.batch.job import WHOLE, Settings
from icp_helpers.batch.plan import Plan
from icp_helpers.batch.record import UnitRun
from icp_helpers.batch.stage import write_whole
from icp_helpers.tables.errors import IcpError
from icp_helpers.tables.market import Market, load_market, written_language
from icp_helpers.tables.published import COMPARISON, comparison_market

INDEX, INDEX_HASH = "index.html", ".index.sha256"


def step_page(executed: Path, market: Market, step: str, segment: str, previous: str | None, following: str | None) -> str:
    """The HTML page of one executed notebook."""
    import nbformat

    from icp_helpers.page.report import export

    notebook = nbformat.read(executed, as_version=4)
    return export(notebook, market=market, step=step, segment=segment, previous=previous, next=following)


def unit_page(report: Path, market: Market, segment: str) -> str:
    """The first page of a unit, from the run.json, findings.json and icp.yml that lie in its report folder.

    The comparison of all markets is one page, and that is its first.
    """
    if market.slug == COMPARISON:
        return next(iter(sorted(report.glob("[0-9][0-9]_*.html")))).read_text(encoding="utf-8")
    from icp_helpers.page import pages

    return pages.unit_page(_unit_report(report, market, segment, _json(report / "run.json")))


def index_is_current(reports: Path) -> bool:
    """Is the front page there, with the bytes that the last run wrote?"""
    index, digest = reports / INDEX, reports / INDEX_HASH
    return index.is_file() and digest.is_file() and digest.read_text(encoding="utf-8") == hash_file(index)


def write_index(settings: Settings, plan: Plan, runs: Sequence[UnitRun]) -> None:
    """reports/index.html: every unit that has a report or was in this run, failed ones with what failed.

    What this run knows stands above what run.json says, for where a folder cannot be written there is none.
    """
    from icp_helpers.page import pages

    settings.reports.mkdir(parents=True, exist_ok=True)
    known = {path.parent.name: _json(path) for path in sorted(settings.reports.glob("*/run.json"))}
    known |= {run.unit: run.to_dict() for run in runs if run.status == "failed"}
    known |= {name: UnitRun(name, "failed", str(error)).to_dict() for name, error in plan.broken.items()}
    shown = [_unit_report(settings.reports / unit, market, segment, run)
             for unit, run in sorted(known.items()) if run
             for market, segment in [_whose(unit, settings, plan)] if market is not None]
    write_whole(settings.reports / INDEX, pages.front_page(shown))
    write_whole(settings.reports / INDEX_HASH, hash_file(settings.reports / INDEX))


def _unit_report(report: Path, market: Market, segment: str, run: dict):
    from icp_helpers.page.summary import UnitReport

    icp = report / "icp.yml"
    older = f"{report.name}/{INDEX}" if run["status"] == "failed" and (report / INDEX).exists() else None
    return UnitReport(market, segment, report.name, run,
                      icp=yaml.safe_load(icp.read_text(encoding="utf-8")) if icp.exists() else None,
                      findings=_json(report / "findings.json").get("findings", []), older=older)


def _whose(unit: str, settings: Settings, plan: Plan) -> tuple[Market | None, str]:
    """The market and segment of a unit; a market whose file cannot be read by its folder's name; None if it is gone."""
    name, _dashes, segment = unit.partition("--")
    if name == COMPARISON:
        return comparison_market(data=settings.data), WHOLE
    if name in plan.broken:
        language = written_language(name, data=settings.data)
        return Market(slug=name, name=name, kind="b2b", folder=settings.data / "markets" / name, language=language), segment or WHOLE
    try:
        return plan.markets.get(name) or load_market(name, data=settings.data), segment or WHOLE
    except IcpError:
        return None, WHOLE


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
