"""What the page of the KPIs says of them: how each is worked out, which wait for their time, what stands apart, the goals."""

import re
from collections.abc import Collection, Iterator

import pandas as pd

from icp_helpers.analysis import goal_fit
from icp_helpers.analysis.kpis import KPIS, MATRIX, MINIMUM
from icp_helpers.page.catalogue import _
from icp_helpers.page.kpi_strips import kpi_name, safe_to_show, trait_name, with_words, written
from icp_helpers.page.numbers import lower_first

OR = _("or")
FROM = _("{name:text} (from {day:date})")
NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?)"
BANDS = {re.compile(f"under {NUMBER}"): _("under {low:number}"), re.compile(f"{NUMBER} to {NUMBER}"): _("{low:number} to {high:number}"),
         re.compile(f"{NUMBER} and over"): _("{low:number} and over")}  # as analysis.kpis.grouping names them
WORTH = ("value", "projected", "least", "most", "target")


def formulas(page) -> pd.DataFrame:
    """The registry as a reader reads it, a row a KPI: name, formula, needs, interval, minimum."""
    danish = page.words.language == "da"
    return pd.DataFrame([{"name": kpi_name(kpi.id, page.words.language), "formula": kpi.formula_da if danish else kpi.formula,
                          "needs": _needs(page, kpi), "interval": kpi.interval_da if danish else kpi.interval, "minimum": kpi.minimum}
                         for kpi in KPIS.values()])


def _needs(page, kpi) -> str:
    """The columns that a KPI is made of, table by table; where another table serves as well, that way too."""
    ways = ["; ".join(f"{page.words.name(table)}: {page.words.names(columns)}" for table, columns in needs.items())
            for needs in (kpi.needs, kpi.or_needs) if needs is not None]
    return f", {page.label(OR)} ".join(ways)


def waiting(page, named: pd.DataFrame) -> str:
    """The names of the rows of `with_words`, each with the day on which it can be read, where one is known."""
    return ", ".join(row["name"] if pd.isna(row["readable_on"]) else page.words.say(page.label(FROM), {"name": row["name"], "day": row["readable_on"]})
                     for row in named.to_dict("records"))


def level_name(page, level: str) -> str:
    """A level as the reader writes it: the bands of a number in her words and numbers, any other level as it is."""
    for band, template in BANDS.items():
        if found := band.fullmatch(level):
            ends = [float(end) for end in found.groups()]
            return lower_first(page.words.say(page.label(template), {"low": ends[0], "high": ends[-1]}))
    return page.label(level)


def beside_value(row: pd.Series) -> dict:
    """A row of `kpi_details` that stands beside the lifetime value, as the status and the facts of its sentence."""
    shown = row["status"] == "ok" and pd.notna(row["value"])
    status = "info" if shown else "not_supplied" if row["status"] == "not_supplied" else "too_few"
    return {"status": status, "each": row["value"], "n": row["n"], "needed": MINIMUM}


def clearest(page, levels: pd.DataFrame) -> dict:
    """The level that stands furthest from its market, as facts; none where there is no level."""
    if levels.empty:
        return {}
    first = levels.iloc[0]
    return {"name": kpi_name(first.kpi, page.words.language), "trait": lower_first(trait_name(page, first.column)), "level": level_name(page, first.level),
            "value": written(page, first.kpi, first.value), "market": written(page, first.kpi, first.market_value)}


def safe_levels(page, levels: pd.DataFrame, held: Collection[str]) -> pd.DataFrame:
    """The rows of `kpis.by_measuring_point` that may be shown: no level of a few, none that the others would give away,
    no share that few make, and no KPI in `held`."""
    parts = [page.safe(part, "n") for _place, part in levels[~levels["kpi"].isin(held)].groupby(["kpi", "column"], sort=False)]
    safe = safe_to_show(pd.concat(parts), page.unit.market.privacy.smallest_cell) if parts else levels.head(0)
    return safe[safe["value"].notna()]


def level_rows(page, levels: pd.DataFrame) -> pd.DataFrame:
    """Every level of every cell with its value in words: first the clearest of each cell that has one, then KPI by KPI."""
    clear = levels[levels["p_adjusted"] < 0.05].sort_values("p").drop_duplicates(["kpi", "column"])
    order = pd.MultiIndex.from_product([MATRIX.index, MATRIX.columns])
    rest = levels.drop(clear.index)
    rest = rest.iloc[order.get_indexer(pd.MultiIndex.from_frame(rest[["kpi", "point"]])).argsort(kind="stable")]
    rows = with_words(page, pd.concat([clear, rest]).rename(columns={"market_value": "market"}), ("value", "pooled", "market"))
    levels_told = [f"{trait_name(page, row.column)}: {level_name(page, row.level)}" for row in rows.itertuples()]
    return rows.assign(level=levels_told)


def towards_goals(page, goals: pd.DataFrame, pairs: pd.DataFrame) -> Iterator[tuple[str, str, dict]]:
    """What more customers of the profile would do for each goal: KPI, verdict and the facts of its sentence."""
    fit = with_words(page, goal_fit.goal_fit(goals, pairs), WORTH)
    for row in fit.to_dict("records"):
        yield row["kpi"], row["verdict"], {"name": row["name"], "share": goal_fit.SHIFT, "n": row["n"], "needed": MINIMUM,
                                           **{part: row[f"{part}_text"] for part in WORTH}}
