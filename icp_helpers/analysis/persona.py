"""A persona for a profile: who stands in the middle of its members, what sets them apart, and what is measured of them.

Every number is a count among the members; the medoid only decides which levels are told, and a level that fewer members
than the smallest cell share is not, so the card describes no single customer. The name is invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom, ttest_ind

from icp_helpers.analysis.candidates import Candidates, make_candidates
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.gower import central_member
from icp_helpers.analysis.intervals import bootstrap_t_mean, difference, newcombe
from icp_helpers.analysis.levels import items_of, numbers_of
from icp_helpers.analysis.trait_columns import read_traits

LEVEL = 0.05
# Given names that women and men bear alike, so that the name says nothing about the customers.
NAMES = ("Alex", "Bo", "Charlie", "Eli", "Jo", "Kim", "Kit", "Lee", "Lou", "Mika", "Nikki", "Noa", "Robin", "Sam", "Sasha", "Toni")
APART = ["column", "criterion", "hits", "n", "rest_hits", "rest_n", "share", "rest", "low", "high", "p_adjusted"]
PORTRAIT = ["column", "criterion", "hits", "n", "share", "low", "high", "rest"]
VALUES = ["column", "inside", "outside", "difference", "low", "high", "p_adjusted", "n"]
# What a description of a customer should hold, by the columns and tables that can hold it. Nothing is inferred from
# other traits: an age tells no personality.
BLOCKS = {
    "who they are": ("industry", "employees", "founded_year", "years_in_business", "ownership", "locations", "region", "postcode", "urbanicity",
                     "country", "age", "gender", "household", "household_size", "housing", "owns_home", "children", "has_children", "education",
                     "occupation", "life_stage"),
    "buying behaviour": ("orders", "sales_channel", "channels", "prefers_subscription", "price_sensitivity", "brand_loyalty", "payment"),
    "motivation": ("surveys", "reviews", "motive_", "motiv_", "recommended_by_family"),
    "experience with earlier suppliers": ("experience_", "erfaring_", "earlier_supplier", "prior_vendor"),
    "values": ("values", "value_", "vaerdi_", "værdi_"),
    "decision process": ("decision_", "decides_", "contacts", "detail_minded", "budget_known"),
    "digital maturity": ("it_maturity", "technologies", "web_shop", "online_share", "erp_system", "own_it_staff"),
    "economic potential": ("revenue", "income", "project_value", "savings", "amount_last_year", "marketing_budget"),
    "needs": ("needs", "need_", "needs_", "behov"),
    "interests": ("interests", "interest_", "interesser"),
    "lifestyle": ("lifestyle", "livsstil"),
    "personality": ("personality", "big5_", "personlighed"),
}


def invented_name(key: str, taken: Iterable[str] = ()) -> str:
    """A given name that `key` (a unit and a profile's id) alone decides, other than those `taken` as long as there are any."""
    free = [name for name in NAMES if name not in set(taken)] or list(NAMES)
    return free[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(free)]


def sets_apart(made: Candidates, members: np.ndarray, *, skip: Iterable[str] = (), level: float = LEVEL) -> pd.DataFrame:
    """The criterion of each trait that members meet more often than all others, the widest gap first.

    made: as `criteria_of` gives; members: a boolean a customer; skip: columns, such as those of the profile's own criteria.
    Counts are among those whose trait is known: hits of n members, rest_hits of rest_n others; share, rest, and the
    interval low, high of their difference (Newcombe). One-sided Fisher, Benjamini-Hochberg over all criteria tried.
    """
    skip, members = set(skip), np.asarray(members, dtype=bool)
    if not 0 < members.sum() < len(members):
        return pd.DataFrame(columns=APART)
    tried = [place for place, one in enumerate(made.criteria) if one.column not in skip]
    if not tried:
        return pd.DataFrame(columns=APART)
    criteria, met = [made.criteria[place] for place in tried], made.met[:, tried]
    known = met + 1 - made.possible[:, tried]
    hits, n, rest_hits, rest_n = (np.rint(rows.astype(np.float64) @ of).astype(int) for rows in (members, ~members) for of in (met, known))
    p = hypergeom.sf(hits - 1, n + rest_n, hits + rest_hits, n)
    low, high = newcombe(hits, n, rest_hits, rest_n)
    share, rest = hits / np.maximum(n, 1), rest_hits / np.maximum(rest_n, 1)
    table = pd.DataFrame({"column": [one.column for one in criteria], "criterion": criteria, "hits": hits, "n": n,
                          "rest_hits": rest_hits, "rest_n": rest_n, "share": share, "rest": rest, "low": low, "high": high,
                          "p_adjusted": false_discovery_control(p)})
    table = table[(table["p_adjusted"] <= level) & (table["low"] > 0)]
    table = table.iloc[np.argsort(-(table["share"] - table["rest"]).to_numpy(), kind="stable")]
    return table.drop_duplicates("column").reset_index(drop=True)


def criteria_of(traits: pd.DataFrame) -> Candidates:
    """The criteria that may set a persona apart."""
    return make_candidates(read_traits(traits, rare=5), len(traits))


def portrait(traits: pd.DataFrame, members: np.ndarray, columns: Iterable[str], *, smallest: int = 5, seed: int = 0) -> pd.DataFrame:
    """What the member in the middle is like, column by column, and how many members are like that.

    A level, a yes or no, or an item of a list is the medoid's own where at least `smallest` members share it; of a number
    the middle half of the members is told, and the medoid's value never. A row a line: column, criterion, hits of n
    members whose trait is known, share with its Newcombe interval against `rest`, the share of the other customers.
    """
    members = np.asarray(members, dtype=bool)
    if not members.any():
        return pd.DataFrame(columns=PORTRAIT)
    own = traits[members]
    middle = own.loc[central_member(own, seed=seed)]
    rows = []
    for column in dict.fromkeys(columns):
        criterion = _of_the_middle(own[column], middle[column])
        if criterion is None:
            continue
        met, known = criterion.mask(traits), traits[column].notna().to_numpy()
        hits, n, rest, rest_n = ((rows_ & side).sum() for side in (members, ~members) for rows_ in (met, known))
        if hits >= smallest:
            low, high = newcombe(hits, n, rest, rest_n)
            rows.append((column, criterion, hits, n, hits / n, low, high, rest / rest_n if rest_n else np.nan))
    return pd.DataFrame(rows, columns=PORTRAIT)


def _of_the_middle(cells: pd.Series, middle) -> Criterion | None:
    """The medoid's level as a criterion; for a number that half of the members lie in."""
    read = read_traits(cells.to_frame(), rare=1).columns
    if not read:
        known = cells.dropna()
        return _same_for_all(known.iloc[0], cells.name) if len(known) else None
    if read[0].kind == "number":
        low, high = (float(f"{quarter:.3g}") for quarter in np.nanquantile(read[0].values, [0.25, 0.75], method="nearest"))
        return Criterion(cells.name, "between", (low, high))
    if read[0].kind == "items":
        held = items_of(middle)
        shares = pd.Series([item for cell in cells for item in items_of(cell)], dtype=object).value_counts()
        best = sorted(held, key=lambda item: (-shares.get(item, 0), item))
        return Criterion(cells.name, "has", best[0]) if best else None
    return None if pd.isna(middle) else _same_for_all(middle, cells.name)


def _same_for_all(level, column: str) -> Criterion | None:
    if isinstance(level, (list, tuple, set, np.ndarray)):
        return Criterion(column, "has", str(sorted(level)[0])) if len(level) else None
    return Criterion(column, "is" if isinstance(level, (bool, np.bool_)) else "in", level if isinstance(level, (bool, np.bool_)) else [level])


def values_apart(traits: pd.DataFrame, members: np.ndarray, *, skip: Iterable[str] = (), seed: int = 0) -> pd.DataFrame:
    """What members value more than others do, on scales asked of all (columns `value_...`), the widest gap first.

    Each answer is taken against the same customer's mean over all values (ipsatised), so that one who says yes to
    everything counts no more than others. inside, outside: the means; difference with its 95 % interval; p_adjusted
    (Welch, Benjamini-Hochberg); n members. Empty where fewer than three values were asked for. The columns `skip`, such
    as those of the profile's own criteria, count in the mean and are not told.
    """
    members = np.asarray(members, dtype=bool)
    columns = [name for name in traits if str(name).lower().startswith(BLOCKS["values"][1:])]
    answers = pd.DataFrame({name: numbers_of(traits[name]) for name in columns}, index=traits.index)
    answers = answers.loc[:, answers.notna().any()]
    if answers.shape[1] < 3 or members.sum() < 2 or (~members).sum() < 2:
        return pd.DataFrame(columns=VALUES)
    centred = answers.sub(answers.mean(axis=1), axis=0)
    rows = []
    for name in centred.columns.difference(list(skip), sort=False):
        one, other = (centred.loc[side, name].dropna().to_numpy() for side in (members, ~members))
        if min(len(one), len(other)) < 2:
            continue
        limits = [bootstrap_t_mean(side, seed) for side in (one, other)]
        low, high = difference(one.mean(), *limits[0], other.mean(), *limits[1])
        rows.append((name, one.mean(), other.mean(), one.mean() - other.mean(), low, high,
                     ttest_ind(one, other, equal_var=False).pvalue, len(one)))
    table = pd.DataFrame(rows, columns=VALUES)
    if len(table):
        table["p_adjusted"] = false_discovery_control(table["p_adjusted"].fillna(1.0))
    return table.sort_values("difference", ascending=False, key=np.abs, ignore_index=True)


def blocks_measured(columns: Iterable[str], tables: Iterable[str] = (), criteria: Iterable[str] = ()) -> pd.DataFrame:
    """Which parts of a description the data hold: block, columns (the names that hold it), measured, and criteria, those
    of the columns that a profile's criteria look at (`criteria`). A column of no known part is in none."""
    names, asked = [*columns, *tables], set(criteria)
    held = {block: [name for name in names if any(name == start or (start.endswith("_") and name.startswith(start)) for start in starts)]
            for block, starts in BLOCKS.items()}
    return pd.DataFrame({"block": list(held), "columns": list(held.values()), "measured": [bool(found) for found in held.values()],
                         "criteria": [[name for name in found if name in asked] for found in held.values()]})
