"""The ten KPIs as ten strips: each on its own scale, its limits as a line, and hollow where it cannot be read yet."""

from collections.abc import Collection

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from icp_helpers.analysis.kpis import DETAILS, KPIS, MATRIX, POINTS
from icp_helpers.page.catalogue import _
from icp_helpers.page.privacy import gives_away

MONEY = ("aov", "aov_median", "ltv", "ltv_to_date", "ltv_referred")  # what customers pay, and nobody can tell of one who pays the most
ONE_ORDER = "aov_top_order"
SPECS = {"percent": "percent", "points": "score", "money": "money", "days": "days", "number": "number"}
MADE = {"features_used": _("Features used"), "has_referred": _("Has recommended us")}
NO_LIMITS = ("conversion_tempo",)  # told without an interval: it divides two groups of leads that are not the same
EARLY = _("too early, from {day:date}")
STATUS = {"ok": _("can be read"), "too_few": _("too few"), "immature": _("too early"), "no_denominator": _("nothing to divide by"),
          "partial_period": _("no whole period yet"), "not_supplied": _("not supplied")}


def safe_to_show(frame: pd.DataFrame, smallest_cell: int, sides=("",), held: Collection[str] = ()) -> pd.DataFrame:
    """The rows without the values that would tell what a few customers did, answered or paid.

    Those are the values of groups smaller than the smallest cell, shares that are so few of n or all but so few, what rests on one order,
    and the KPIs in `held` (MONEY, where one customer dominates the money). `sides` are prefixes of the columns value,
    low, high and n: `inside_` stands for inside, inside_low and inside_n.
    """
    frame = frame.copy()
    share = frame["kpi"].map(lambda kpi: KPIS[kpi].scale if kpi in KPIS else DETAILS[kpi][1]) == "percent"
    for side in sides:
        value = side.rstrip("_") or "value"
        hits = (frame[value] * frame[f"{side}n"]).round().where(share)
        few = [gives_away(*pair, smallest_cell) for pair in zip(hits, frame[f"{side}n"], strict=True)]
        small = (frame[f"{side}n"] < smallest_cell) | pd.Series(few, index=frame.index, dtype=bool) | frame["kpi"].isin({ONE_ORDER, *held})
        frame.loc[small, [value, f"{side}low", f"{side}high"]] = np.nan
    return frame


def kpi_name(kpi: str, language: str) -> str:
    """The article's name of a KPI in the reader's language."""
    return KPIS[kpi].name_da if language == "da" else KPIS[kpi].name_en


def written(page, kpi: str, value) -> str:
    """A KPI's value as the reader writes it: percent, points, money or days."""
    return page.words.format_field(value, SPECS[KPIS[kpi].scale])


def goal_words(page, goal: dict) -> dict:
    """A goal of `analysis.registers.first_goal` as facts: name, baseline and target in words, due, others."""
    kpi = goal["kpi"]
    values = {end: page.words.number(goal[end]) if kpi is None else written(page, kpi, goal[end]) for end in ("baseline", "target")}
    return {"name": goal["name"] if kpi is None else kpi_name(kpi, page.words.language), **values, "due": goal["due"], "others": goal["others"]}


def with_words(page, kpis: pd.DataFrame, columns=("value", "low", "high")) -> pd.DataFrame:
    """The rows with `name`, `status_text` (with the day on which an early value can be read) and, for each of the columns,
    its value in words (`value_text`, ...)."""
    words = {f"{c}_text": [written(page, k, v) for k, v in zip(kpis["kpi"], kpis[c], strict=True)] for c in columns}
    if "status" in kpis:
        words["status_text"] = [_status(page, row) for row in kpis.to_dict("records")]
    return kpis.assign(name=[kpi_name(kpi, page.words.language) for kpi in kpis["kpi"]], **words)


def told(named: pd.DataFrame) -> list[dict]:
    """The rows of `with_words` as facts: name, value, low and high in words, and n."""
    columns = {"name": "name", "value_text": "value", "low_text": "low", "high_text": "high", "n": "n"}
    return named[list(columns)].rename(columns=columns).to_dict("records")


def _status(page, row) -> str:
    """A status in words; of a value that is too early, with the day on which it can be read, where one is known."""
    if row["status"] == "immature" and pd.notna(row.get("readable_on")):
        return page.words.say(page.label(EARLY), {"day": row["readable_on"]})
    return page.label(STATUS.get(row["status"], row["status"]))


def draw_strips(page, series: dict[str, pd.DataFrame], goals: pd.DataFrame | None = None):
    """A strip a KPI, with a dot and its limits for each frame of `series` (label -> rows with kpi, value, low, high,
    status, readable_on). `goals` (kpi, baseline, target) make them bullet charts: a band from where the goal began to the
    mark of its target; of several for one KPI the first listed. The first series is in the colour of the ideal customers."""
    figure, axes = plt.subplots(len(KPIS), 1, figsize=(7.4, 0.62 * len(KPIS) + 0.4))
    colours = dict(zip(series, (page.colours.ideal, page.colours.others), strict=False))
    aims = {} if goals is None else goals.dropna(subset=["kpi", "target"]).drop_duplicates("kpi").set_index("kpi")[["baseline", "target"]].T.to_dict("list")
    for axis, kpi in zip(axes, KPIS, strict=True):
        lines = {label: frame.set_index("kpi").loc[kpi] for label, frame in series.items() if kpi in set(frame["kpi"])}
        _draw_strip(axis, page, kpi, lines, colours, aims.get(kpi))
    figure.subplots_adjust(left=0.42, right=0.97, hspace=0.9)
    return figure


def sides_of(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of `icp_against_others` as the two series that `draw_strips` takes."""
    parts = ["low", "high", "status", "readable_on"]
    return {side: pairs[["kpi", side, *(f"{side}_{part}" for part in parts)]].set_axis(["kpi", "value", *parts], axis=1)
            for side in ("inside", "outside")}


def _draw_strip(axis, page, kpi, lines, colours, aim):
    axis.set(yticks=[], ylim=(-0.6, 0.6))
    axis.grid(False)
    axis.spines["left"].set_visible(False)
    axis.text(-0.02, 0.5, kpi_name(kpi, page.words.language), transform=axis.transAxes, ha="right", va="center", fontsize=9)
    shown = {label: line for label, line in lines.items() if pd.notna(line["value"])}
    if not shown:
        told = _status(page, next(iter(lines.values()))) if lines else page.label(STATUS["not_supplied"])
        axis.set_axis_off()
        axis.text(0.01, 0.5, told, transform=axis.transAxes, va="center", fontsize=9, color=page.colours.others)
        return
    for place, (label, line) in zip(np.linspace(0.25, -0.25, len(lines)) if len(lines) > 1 else [0.0], lines.items(), strict=True):
        if label in shown:
            _draw_dot(axis, line, place, colours[label])
    early = [line for line in shown.values() if line["status"] == "immature"]
    if early:
        axis.text(1, 0.62, _status(page, early[0]), transform=axis.transAxes, ha="right", va="bottom", fontsize=8, color=page.colours.others)
    if aim is not None:
        axis.plot(aim, [0, 0], color=page.colours.grey, linewidth=11, solid_capstyle="butt", zorder=0)
        axis.plot([aim[1], aim[1]], [-0.5, 0.5], color=page.colours.highlight, linewidth=2)
    axis.margins(x=0.15)
    low, high = axis.get_xlim()
    ticks = [tick for tick in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high]
    labels = {written(page, kpi, tick): tick for tick in reversed(ticks)}  # a narrow scale would write the same twice
    axis.set_xticks(list(labels.values()), list(labels))
    axis.tick_params(labelsize=8, pad=1)


def _draw_dot(axis, line, place, colour):
    if pd.notna(line["low"]) and pd.notna(line["high"]):
        axis.plot([line["low"], line["high"]], [place, place], color=colour, linewidth=2, alpha=0.6)
    hollow = line["status"] != "ok"
    axis.plot(line["value"], place, "o", color=colour, markersize=7, markerfacecolor="white" if hollow else colour)


def detail_words(page, details: pd.DataFrame) -> pd.DataFrame:
    """The rows of `kpi_details` with their name, status and values in words."""
    place = 4 if page.words.language == "da" else 3
    details = details.copy()
    details.loc[details["kpi"].isin(NO_LIMITS), ["low", "high"]] = np.nan
    words = {f"{c}_text": [page.words.format_field(value, SPECS[DETAILS[kpi][1]]) for kpi, value in zip(details["kpi"], details[c], strict=True)]
             for c in ("value", "low", "high")}
    return details.assign(name=[DETAILS[kpi][place] for kpi in details["kpi"]], status_text=[_status(page, row) for row in details.to_dict("records")], **words)


def trait_name(page, column: str) -> str:
    """A column's name; those that are made here, and that no table has, included."""
    return page.label(MADE[column]) if column in MADE else page.name(column)


def point_name(point: str, language: str) -> str:
    """The name of a measuring point in the reader's language."""
    return POINTS[point].name_da if language == "da" else POINTS[point].name_en


def point_grid(page, levels: pd.DataFrame) -> pd.DataFrame:
    """KPIs x measuring points: 2 some level stands apart, 1 none does, 0 no column for it, -1 no primary evidence."""
    grid = MATRIX.eq("P").astype(int) - 1
    for (kpi, point), cell in levels[levels["p"].notna()].groupby(["kpi", "point"]):
        grid.loc[kpi, point] = 2 if (cell["p_adjusted"] < 0.05).any() else 1
    return grid


def draw_grid(page, grid: pd.DataFrame):
    """The grid as tiles, KPIs down and measuring points across."""
    language = page.words.language
    figure, axis = plt.subplots(figsize=(7.4, 4.2))
    shades = {2: page.colours.ideal, 1: page.colours.grey, 0: "white", -1: "white"}
    for row, kpi in enumerate(grid.index):
        for column, point in enumerate(grid.columns):
            state = grid.loc[kpi, point]
            axis.add_patch(plt.Rectangle((column - 0.45, row - 0.45), 0.9, 0.9, facecolor=shades[state],
                                         edgecolor=page.colours.grey if state >= 0 else "none"))
            if state == 0:
                axis.text(column, row, "×", ha="center", va="center", color=page.colours.others)
    axis.set(xlim=(-0.5, len(grid.columns) - 0.5), ylim=(len(grid) - 0.5, -0.5), xlabel=page.label("Measuring point"), ylabel=page.label("KPI"))
    axis.set_xticks(range(len(grid.columns)), [point_name(point, language) for point in grid.columns], rotation=40, ha="right", fontsize=8)
    axis.set_yticks(range(len(grid)), [kpi_name(kpi, language) for kpi in grid.index], fontsize=8)
    axis.grid(False)
    return figure
