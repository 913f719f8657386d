"""What occurs together? Products with products: association rules in whole counts, corrected for how many were tried."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from numbers import Number

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from icp_helpers.analysis.intervals import lift as lift_interval
from icp_helpers.analysis.itemsets import Baskets, frequent_sets, least_count, read_baskets
from icp_helpers.tables.errors import ParameterError, TableError

COLUMNS = ["antecedent", "consequent", "support", "confidence", "lift", "low", "high", "baskets", "p_adjusted"]


def association_rules(
    baskets: pd.DataFrame, *, min_support: float, min_confidence: float, max_length: int | None = None
) -> pd.DataFrame:
    """The rules "who buys these also buys that" among `baskets`, a long table `basket_id, item`.

    min_support: the least share of all baskets that hold the antecedent and the consequent; min_confidence: the least
    share of the antecedent's baskets that hold the consequent; both inclusive, compared as whole counts. max_length: the
    most items in a rule, antecedent and consequent together.

    Gives a row a rule: `antecedent` (frozenset of items, at least one), `consequent` (one item), `support`,
    `confidence`, `lift` with its 95 % interval `low, high`, `baskets` (that hold all items of the rule), `p_adjusted`
    (one-sided Fisher, Benjamini-Hochberg over every rule that could have been told), the surest first. Empty, with the
    same columns, when there is none. `attrs`: `baskets`, `items`, `tried`. TableError where a column is missing,
    ParameterError where a share or a length is none.

    Apriori's rules (Agrawal and Srikant 1994), the sets by FP-growth (Han, Pei and Yin 2000) or Eclat (Zaki 2000).
    """
    _check(baskets, min_support, min_confidence, max_length)
    read = read_baskets(baskets)
    total = read.matrix.shape[0]
    sets = frequent_sets(read, least_count(min_support, total), max_length)
    table, tried = _candidates(sets, read, max_length)
    table["p_adjusted"] = _corrected(_p_values(table, total), tried)
    table = table[_confident(table, min_confidence)]
    rules = _measured(table, total)
    rules["antecedent"] = [frozenset(read.items[item] for item in items) for items in table["antecedent"]]
    rules["consequent"] = [read.items[item] for item in table["consequent"]]
    names = [(sorted(map(str, a)), str(c)) for a, c in zip(rules["antecedent"], rules["consequent"], strict=True)]
    order = sorted(range(len(rules)), key=lambda i: (-rules["low"].iloc[i], -rules["baskets"].iloc[i], names[i]))
    rules = rules.iloc[order][COLUMNS].reset_index(drop=True)
    rules.attrs = {"baskets": total, "items": len(read.items), "tried": tried}
    return rules


def _check(baskets, min_support, min_confidence, max_length) -> None:
    if not isinstance(baskets, pd.DataFrame):
        raise ParameterError("The baskets are no table", where="baskets", found=type(baskets).__name__,
                             remedy="Give a pandas DataFrame with a row an item in a basket.")
    for name in ("basket_id", "item"):
        if list(baskets.columns).count(name) != 1:
            raise TableError(f"Column '{name}' is missing or there twice", where="baskets", remedy="Give it once, under this name.",
                             found=", ".join(map(str, list(baskets.columns)[:12])) or "no columns")
    for name, share in (("min_support", min_support), ("min_confidence", min_confidence)):
        if isinstance(share, bool) or not isinstance(share, (Number, Decimal)) or not 0 < share <= 1:
            raise ParameterError("A share of the baskets is out of range", where=name, found=str(share)[:40],
                                 remedy="Give a number above 0 and at most 1.")
    if max_length is not None and (isinstance(max_length, bool) or not isinstance(max_length, (int, np.integer)) or max_length < 1):
        raise ParameterError("The length of a rule is no whole number from 1 on", where="max_length", found=str(max_length)[:40],
                             remedy="Give the most items a rule may have, or None for any.")


def _candidates(sets: dict, read: Baskets, max_length: int | None) -> tuple[pd.DataFrame, int]:
    """Every rule with a frequent antecedent and consequent, as counts; and how many could have been told.

    A pair that turned out too rare was tried too: leaving it out would count only the lucky ones.
    """
    rows = [
        (whole - {item}, item, count, sets[whole - {item}], sets[frozenset([item])])
        for whole, count in sets.items()
        if len(whole) > 1
        for item in whole
    ]
    single = sum(len(items) == 1 for items in sets)
    tried = sum(single - len(items) for items in sets if max_length is None or len(items) < max_length)
    return pd.DataFrame(rows, columns=["antecedent", "consequent", "both", "left", "right"]), tried


def _p_values(table: pd.DataFrame, total: int) -> np.ndarray:
    """The chance of so many common baskets if the two had nothing to do with each other."""
    counts = [table[name].to_numpy(dtype=np.int64) for name in ("both", "left", "right")]
    return hypergeom.sf(counts[0] - 1, total, counts[1], counts[2]) if len(table) else np.zeros(0)


def _corrected(p: np.ndarray, tried: int) -> np.ndarray:
    """Benjamini-Hochberg with `tried` tests, those that are not in `p` taken as 1."""
    order = np.argsort(p, kind="stable")
    steps = p[order] * tried / np.arange(1, len(p) + 1)
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return corrected


def _confident(table: pd.DataFrame, min_confidence: float) -> np.ndarray:
    """both / left >= min_confidence in whole numbers, the decimals as written."""
    least = Fraction(str(min_confidence))
    return np.array(
        [both * least.denominator >= least.numerator * left for both, left in zip(table["both"], table["left"], strict=True)],
        dtype=bool,
    )


def _measured(table: pd.DataFrame, total: int) -> pd.DataFrame:
    both, left, right = (table[name].to_numpy(dtype=float) for name in ("both", "left", "right"))
    low, high = lift_interval(both, left, right, np.full(len(both), float(total))) if len(both) else (both, both)
    return pd.DataFrame({
        "support": both / total if total else both,
        "confidence": both / left,
        "lift": both * total / (left * right),
        "low": low,
        "high": high,
        "baskets": both.astype(int),
        "p_adjusted": table["p_adjusted"].to_numpy(dtype=float),
    })
