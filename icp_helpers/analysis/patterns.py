"""The rules worth telling, and the contract `patterns` that the next steps read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from icp_helpers.analysis.itemsets import read_baskets

ALPHA = 0.05
COLUMNS = ["kind", "antecedent", "consequent", "support", "confidence", "lift", "low", "high", "baskets", "p_adjusted"]


def chance_check(rules: pd.DataFrame) -> pd.DataFrame:
    """The product rules that chance cannot make, in the order given, without those that a shorter rule says as well.

    A longer rule is told only when its lift interval lies above that of every kept rule with fewer of the same products
    before the arrow and the same one behind it.
    """
    clear = rules[(rules.p_adjusted <= ALPHA) & (rules.low > 1)]
    kept: dict[tuple, float] = {}  # the upper limit of the lift of each rule that is told
    for row in clear.assign(length=clear.antecedent.map(len)).sort_values("length", kind="stable").itertuples():
        parts = (frozenset(part) for size in range(1, row.length) for part in combinations(row.antecedent, size))
        if all(row.low > kept.get((part, row.consequent), 0) for part in parts):
            kept[row.antecedent, row.consequent] = row.high
    told = [rule in kept for rule in zip(clear.antecedent, clear.consequent, strict=True)]
    return clear[np.array(told, dtype=bool)].reset_index(drop=True)


def pair_lifts(baskets: pd.DataFrame, rules: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """How many times as often as by chance two products share a basket: those of the first rules, then the most frequent.

    A square frame with the products on both sides, NaN on the diagonal; empty where there are no rules.
    """
    named = [item for rule in rules.itertuples() for item in (*sorted(rule.antecedent), rule.consequent)]
    if not named:
        return pd.DataFrame()
    read = read_baskets(baskets)
    frequent = np.argsort(-np.diff(read.matrix.indptr), kind="stable")
    chosen = list(dict.fromkeys([*named, *(read.items[place] for place in frequent)]))[:most]
    columns = read.matrix[:, [read.items.index(item) for item in chosen]].astype(np.int32)
    together = (columns.T @ columns).toarray().astype(float)
    alone = np.diag(together)
    lifts = together * read.matrix.shape[0] / np.outer(alone, alone)
    np.fill_diagonal(lifts, np.nan)
    return pd.DataFrame(lifts, index=pd.Index(chosen), columns=pd.Index(chosen))


def patterns_table(success: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """The contract `patterns`: rules to success and rules among products in one table, antecedents as text."""
    told = success.assign(kind="success", antecedent=[" & ".join(map(_text, rule)) for rule in success.antecedent])
    bought = products.assign(kind="products", antecedent=[" & ".join(sorted(map(str, items))) for items in products.antecedent])
    bought = bought.assign(consequent=bought.consequent.astype(str))
    table = pd.concat([part[COLUMNS] for part in (told, bought) if len(part)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    return table.astype(dict.fromkeys(COLUMNS[:3], "str") | dict.fromkeys(COLUMNS[3:], float))


def _text(criterion) -> str:
    value = criterion.value
    return f"{criterion.column} {criterion.op} {list(value) if isinstance(value, tuple) else value}"
