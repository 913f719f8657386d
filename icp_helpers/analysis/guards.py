"""What would make a profile look better than it is, looked for before the search.

Each guard gives rows of `column, guard, value, threshold, decision`, one for every column that it stops: `out` (not a
criterion) or `explained` (listed, not proven). A column that passes has no row; copied rows are the business of copies.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact, kruskal, norm, rankdata, spearmanr

from icp_helpers.analysis.marks import customer_spans
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.trait_columns import TraitColumn, read_traits

COLUMNS = ["column", "guard", "value", "threshold", "decision"]
FOLDS = 5
BINS = 10
LONE_AUC = 0.80  # of one trait alone, cross-fitted: better than any honest trait known before a purchase
OUTLIER_AUC = 0.70  # the least that the next guard looks at: honest traits reach .65 where a rule has lift 5
DEVIATIONS = 6.0  # robust ones above the median trait
MISSING_AUC = 0.60  # of "the cell is empty"
CALENDAR = 0.30  # rank correlation with the months since the customer came
CHANCE = 0.001  # p-value above which a small table's figure is taken for chance


def leaks(traits: pd.DataFrame, ideal: pd.Series, *, known_after: Collection[str] = (), prospects: Collection[str] | None = None,
          months: pd.Series | None = None, seed: int = 0) -> pd.DataFrame:
    """The traits that know more than could be known before the purchase, each with the guard that caught it.

    `traits` has a row a customer, `ideal` is boolean in the same order; `known_after` names the columns that the
    market file marks so; `prospects` the columns of the prospects' list, if there is one; `months` how long each has
    been a customer. Guards: known_after, absent_from_prospects, alone_too_good, far_from_the_others,
    missing_by_outcome, follows_the_calendar. A column may be caught by several.
    """
    frame, outcome = plain_frame(traits), np.asarray(ideal, dtype=bool)
    rows = [(name, "known_after", 1.0, 0.0) for name in frame.columns if name in set(known_after)]
    if prospects is not None:
        rows += [(name, "absent_from_prospects", 1.0, 0.0) for name in frame.columns if name not in set(prospects)]
    if 0 < outcome.sum() < len(outcome):
        columns = read_traits(frame, rare=1).columns
        rows += _too_good(columns, outcome, seed)
        rows += [row for name in dict.fromkeys(frame.columns) for row in _missing_by_outcome(name, frame[name], outcome)]
        if months is not None:
            rows += _calendar(columns, pd.to_numeric(months, errors="coerce").to_numpy(float))
    return pd.DataFrame([(*row, "out") for row in rows], columns=COLUMNS)


def without_leaks(traits: pd.DataFrame, ideal: pd.Series, features: pd.DataFrame, as_of: dt.date, *, seed: int = 0) -> tuple[pd.DataFrame, dict]:
    """The traits that may have been known before the purchase, and `status, caught, tried` of those that `leaks` caught.

    `traits` is indexed by customer_id, `ideal` in the same order; `features` is the contract, which tells how long each
    has been a customer on `as_of`.
    """
    months = customer_spans(features, as_of).frame["age"].reindex(traits.index.astype(str))
    caught = leaks(traits, ideal, months=months, seed=seed)["column"].drop_duplicates().tolist()
    status = "not_supplied" if traits.empty else "found" if caught else "none"
    return traits.drop(columns=caught), {"status": status, "caught": caught, "tried": traits.shape[1]}


def lone_auc(column: TraitColumn, outcome: np.ndarray, *, seed: int = 0) -> float:
    """How well one trait alone tells ideal customers, cross-fitted: each is judged by the rate of her bin elsewhere.

    Customers without a value are left out: what a gap knows is another guard's question.
    """
    bins, known = _bins(column)
    bins, hits = bins[known], outcome[known].astype(float)
    if not 0 < hits.sum() < len(hits) or len(hits) < FOLDS:
        return 0.5
    fold = np.random.default_rng(seed).permutation(len(hits)) % FOLDS
    size = int(bins.max()) + 1
    counts, sums = np.zeros((FOLDS, size)), np.zeros((FOLDS, size))
    np.add.at(counts, (fold, bins), 1)
    np.add.at(sums, (fold, bins), hits)
    base = hits.mean()
    elsewhere = (sums.sum(axis=0) - sums + base) / (counts.sum(axis=0) - counts + 1)
    ranks = rankdata(elsewhere[fold, bins])
    positives = hits.sum()
    return float((ranks[hits == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(hits) - positives)))


def coverage(criteria: Mapping[str, np.ndarray], ideal: pd.Series, covered: pd.Series) -> pd.DataFrame:
    """The criteria that sales coverage explains: who was worked on more, not who is better.

    `criteria` holds for each name who meets it, `covered` how each customer was covered (the seller, the region's
    team, the number of visits; numbers are cut at their fifths). A criterion is explained when members have the
    outcome more often, but within the strata of coverage the Mantel-Haenszel risk ratio (interval of Greenland and
    Robins, 1985) includes 1, and less than half of the crude ratio's logarithm is left. `value` is the stratified
    ratio, `threshold` the crude one.
    """
    outcome, strata = np.asarray(ideal, dtype=bool), _strata(covered)
    rows = []
    for name, mask in criteria.items():
        mask = np.asarray(mask, dtype=bool)
        crude, crude_low, _ = risk_ratio(mask, outcome, np.zeros(len(mask), int))
        within, low, _ = risk_ratio(mask, outcome, strata)
        if crude_low > 1 and not low > 1 and not np.log(within) > np.log(crude) / 2:
            rows.append((name, "explained_by_coverage", within, crude, "explained"))
    return pd.DataFrame(rows, columns=COLUMNS)


def contacts_before(touchpoints: pd.DataFrame, leads: pd.DataFrame, features: pd.DataFrame) -> pd.Series | None:
    """How often each customer of `features` was in touch with us up to the day she became one; None where no touchpoint
    belongs to a customer. Later contacts are what customers bring, and explain nothing."""
    through = leads.dropna(subset=["customer_id"]).drop_duplicates("lead_id").set_index("lead_id").customer_id
    customer = touchpoints.customer_id.fillna(touchpoints.lead_id.map(through))
    if not customer.isin(features.customer_id).any():
        return None
    came = features.set_index("customer_id")
    came = pd.to_datetime(came.acquired_on.fillna(came.first_on))
    before = pd.to_datetime(touchpoints["at"]).dt.tz_localize(None).dt.normalize() <= customer.map(came)
    return customer[before].value_counts().reindex(came.index, fill_value=0)


def risk_ratio(mask: np.ndarray, outcome: np.ndarray, strata: np.ndarray) -> tuple[float, float, float]:
    """The Mantel-Haenszel ratio of the outcome's rate inside `mask` to outside, within strata, and its 95 % limits."""
    size = int(strata.max(initial=0)) + 1
    count = [np.bincount(strata[rows], minlength=size).astype(float) for rows in (mask & outcome, mask, ~mask & outcome, ~mask)]
    hits_in, inside, hits_out, outside = count
    total = np.maximum(inside + outside, 1)
    top, bottom = (hits_in * outside / total).sum(), (hits_out * inside / total).sum()
    if top <= 0 or bottom <= 0:
        return np.nan, np.nan, np.nan
    shared = inside * outside * (hits_in + hits_out) - hits_in * hits_out * total
    error = np.sqrt(max((shared / total**2).sum(), 0.0) / (top * bottom))
    ratio, reach = top / bottom, np.exp(norm.isf(0.025) * error)
    return float(ratio), float(ratio / reach), float(ratio * reach)


def small_cells(traits: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The traits of which no level is shared by `smallest` customers: naming one would name a customer."""
    rows = []
    for column in read_traits(plain_frame(traits), rare=1).columns:
        bins, known = _bins(column)
        most = int(np.bincount(bins[known]).max()) if known.any() else 0
        if column.kind != "number" and most < smallest:
            rows.append((column.name, "small_cells", float(most), float(smallest), "out"))
    return pd.DataFrame(rows, columns=COLUMNS)


def _too_good(columns: list[TraitColumn], outcome: np.ndarray, seed: int) -> list[tuple]:
    auc = np.array([lone_auc(column, outcome, seed=seed) for column in columns])
    if not len(auc):
        return []
    middle = np.median(auc)
    spread = 1.4826 * np.median(np.abs(auc - middle))
    far = max(OUTLIER_AUC, middle + DEVIATIONS * spread)
    positives = outcome.sum()
    error = np.sqrt((len(outcome) + 1) / (12 * positives * (len(outcome) - positives)))
    beyond_chance = auc > 0.5 + norm.isf(CHANCE) * error
    rows = []
    for column, value, sure in zip(columns, auc, beyond_chance, strict=True):
        if sure and value >= LONE_AUC:
            rows.append((column.name, "alone_too_good", float(value), LONE_AUC))
        elif sure and len(auc) >= 8 and value > far:
            rows.append((column.name, "far_from_the_others", float(value), float(far)))
    return rows


def _missing_by_outcome(name: str, cells: pd.Series, outcome: np.ndarray) -> list[tuple]:
    gap = cells.isna().to_numpy(bool)
    if not gap.any() or gap.all():
        return []
    auc = 0.5 + abs(gap[outcome].mean() - gap[~outcome].mean()) / 2
    table = [[(gap & outcome).sum(), (gap & ~outcome).sum()], [(~gap & outcome).sum(), (~gap & ~outcome).sum()]]
    if auc < MISSING_AUC or fisher_exact(table).pvalue > CHANCE:
        return []
    return [(name, "missing_by_outcome", float(auc), MISSING_AUC)]


def _calendar(columns: list[TraitColumn], months: np.ndarray) -> list[tuple]:
    rows = []
    for column in columns:
        parts = column.values.T if column.kind == "items" else [column.values]
        value = max((_association(np.asarray(part, float), months, column.kind == "levels") for part in parts), default=0.0)
        if value > CALENDAR:
            rows.append((column.name, "follows_the_calendar", value, CALENDAR))
    return rows


def _association(values: np.ndarray, months: np.ndarray, levels: bool) -> float:
    """Rank correlation with the months, for levels its counterpart (the root of epsilon squared); 0 within chance."""
    known = np.isfinite(values) & np.isfinite(months) & ~(levels & (values < 0))
    values, ranks = values[known], rankdata(months[known])
    if len(np.unique(values)) < 2 or len(np.unique(ranks)) < 2:
        return 0.0
    if not levels:
        test = spearmanr(values, ranks)
        return abs(float(test.statistic)) if test.pvalue < CHANCE else 0.0
    groups = [ranks[values == level] for level in np.unique(values)]
    test = kruskal(*groups)
    explained = (test.statistic - len(groups) + 1) / max(len(ranks) - len(groups), 1)
    return float(np.sqrt(max(explained, 0.0))) if test.pvalue < CHANCE else 0.0


def _bins(column: TraitColumn) -> tuple[np.ndarray, np.ndarray]:
    """A small whole number for each customer, and for whom it is known. A list counts by its best-known items' pattern."""
    if column.kind == "items":
        weights = 2 ** np.arange(min(column.values.shape[1], 4))
        return (column.values[:, : len(weights)] @ weights).astype(int), ~column.missing
    values = np.asarray(column.values, float)
    known = np.isfinite(values) & ~column.missing & (values >= 0 if column.kind == "levels" else True)
    if column.kind != "number":
        return np.where(known, values, 0).astype(int), known
    cuts = np.unique(np.quantile(values[known], np.arange(1, BINS) / BINS)) if known.any() else np.empty(0)
    return np.searchsorted(cuts, np.where(known, values, 0.0), side="right"), known


def _strata(covered: pd.Series) -> np.ndarray:
    """Coverage as whole numbers: fifths of a number, levels of a text; what is missing is a stratum of its own."""
    if pd.api.types.is_numeric_dtype(covered) and covered.nunique() > 5:
        covered = pd.qcut(covered.rank(method="first").where(covered.notna()), 5, labels=False)
    return covered.astype(object).where(covered.notna(), "").map(str).rank(method="dense").astype(int).to_numpy() - 1
