"""Which traits set ideal customers apart, all else equal? Effects on the chance of being ideal, with honest intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.coding import MISSING, read_traits
from icp_helpers.analysis.driver_terms import Term, drop_collinear, drop_dependent, make_terms, split_levels
from icp_helpers.analysis.firth import Logit, fit_firth, margin
from icp_helpers.analysis.intervals import newcombe, wilson
from icp_helpers.analysis.outcome import line_up
from icp_helpers.analysis.plain import plain_frame

COLUMNS = ["trait", "level", "effect", "low", "high", "p_adjusted", "customers"]
FEWEST = 100  # customers
PER_COLUMN = 10  # ideal customers (or others, whichever are fewer) a column of the regression
MOST_COMPONENTS = 10
FIT_ON = 200_000
Z = ndtri(0.975)


def estimate_drivers(traits: pd.DataFrame, ideal: pd.Series) -> pd.DataFrame:
    """The effect of each trait on the chance of being ideal, the others held equal.

    traits: a row a customer; numbers, text, yes/no, lists of text, gaps. ideal: yes/no on the same index.

    Gives `trait, level, effect, low, high, p_adjusted, customers`, the clearest first. `effect` is a fraction: +0.12 is
    twelve percentage points more. `level` says what is compared: "10 → 50" a number moved from its lower to its upper
    quartile, "≥ 30" those above against those below, "yes" against no, a category or an item of a list against all
    others, "(missing)" the unknown against the known. `low, high`: 95 %. `p_adjusted`: Benjamini-Hochberg over all rows.

    `attrs["mode"]` says how: "adjusted" (one Firth logit with all traits), "screened" (too many columns for one: a logit a
    trait, held equal for the leading components of all others) or "shares" (under 100 customers, or under ten ideal ones
    a column: differences of shares with Newcombe's interval, no p-values: hypotheses). More in attrs: `note` ("" or why
    the frame is empty: empty, one_class, no_traits), `tried`, `dropped` ({column: the one kept}), `left` ({column: why}),
    `customers`, `ideal`, `base_rate`, `fitted_on`. ParameterError where traits and outcome do not go together.

    Firth's (1993) penalised logit, Newcombe's (1998) interval of a difference, Benjamini and Hochberg's (1995) correction.
    """
    traits, hit = _known(traits, ideal)
    facts = {"note": "", "mode": "none", "tried": 0, "dropped": {}, "left": {}, "customers": len(hit), "ideal": int(hit.sum())}
    facts |= {"base_rate": float(hit.mean()) if len(hit) else None, "fitted_on": min(len(hit), FIT_ON)}
    if hit.sum() in (0, len(hit)):
        return _with([], facts | {"note": "one_class" if len(hit) else "empty"})
    rows = np.linspace(0, len(hit) - 1, facts["fitted_on"]).astype(int)
    read = read_traits(traits.iloc[rows])
    facts["left"] = {trait.name: trait.why for trait in read if trait.kind == "left"}
    terms, facts["dropped"] = drop_collinear(make_terms(read))
    if not terms:
        return _with([], facts | {"note": "no_traits"})
    found, facts["mode"], dependent = _estimate(terms, hit[rows])
    facts["dropped"] |= dependent
    return _with(found, facts | {"tried": len(found)})


def plain_shares(traits: pd.DataFrame, ideal: pd.Series, trait: str) -> pd.DataFrame:
    """The share of ideal customers at each level of one trait, nothing held equal; a number in its four quarters.

    Gives `level, hits, n, rate, low, high` (Wilson, 95 %), numbers upwards, levels from the largest share down.
    """
    known, hit = _known(traits, ideal)
    read = read_traits(known[[trait]])[0]
    if read.kind == "left":
        return pd.DataFrame(columns=["level", "hits", "n", "rate", "low", "high"])
    rows = [(level, int(hit[inside].sum()), int(inside.sum())) for level, inside in split_levels(read)]
    shares = pd.DataFrame(rows, columns=["level", "hits", "n"])
    shares = shares[shares.n > 0].assign(rate=lambda part: part.hits / part.n)
    shares["low"], shares["high"] = wilson(shares.hits, shares.n)
    return shares if read.kind == "number" else shares.sort_values("rate", ascending=False, ignore_index=True)


def _known(traits: pd.DataFrame, ideal: pd.Series) -> tuple[pd.DataFrame, np.ndarray]:
    """The customers of whom it is known whether they are ideal, and that, as 0/1."""
    known, outcome, _ = line_up(plain_frame(traits), ideal)
    return known, outcome.astype(float)


def _estimate(terms: list[Term], hit: np.ndarray) -> tuple[list[tuple], str, dict[str, str]]:
    """The rows of the result, how they were found, and which terms the others make up."""
    fewer = min(hit.sum(), len(hit) - hit.sum())
    widths = [term.design.shape[1] for term in terms]
    if len(hit) >= FEWEST and fewer >= PER_COLUMN * sum(widths):
        terms, dependent = drop_dependent(terms)
        return _adjusted(terms, hit), "adjusted", dependent
    if len(hit) >= FEWEST and fewer >= PER_COLUMN * (max(widths) + MOST_COMPONENTS):
        return _screened(terms, hit), "screened", {}
    return [row for term in terms for row in _shares(term, hit)], "shares", {}


def _adjusted(terms: list[Term], hit: np.ndarray) -> list[tuple]:
    design = np.column_stack([np.ones(len(hit)), *(term.design for term in terms)])
    logit = fit_firth(design, hit)
    starts = np.cumsum([1, *(term.design.shape[1] for term in terms)])
    return [row for term, start in zip(terms, starts, strict=False) for row in effects(term, design, int(start), logit)]


def _screened(terms: list[Term], hit: np.ndarray) -> list[tuple]:
    """A logit a trait: its own columns and the leading components of all the others, chosen without the outcome."""
    columns = np.hstack([term.design for term in terms])
    spread = columns.std(axis=0)
    standard = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1)
    axes = np.linalg.eigh(standard.T @ standard)[1][:, ::-1][:, :MOST_COMPONENTS]
    scores, start, rows = standard @ axes, 0, []
    for term in terms:
        own = slice(start, start + term.design.shape[1])
        others = scores - standard[:, own] @ axes[own]
        design = np.column_stack([np.ones(len(hit)), term.design, others])
        rows += effects(term, design, 1, fit_firth(design, hit))
        start = own.stop
    return rows


def effects(term: Term, design: np.ndarray, start: int, logit: Logit) -> list[tuple]:
    """The average marginal effects of one term: (trait, level, effect, low, high, p, customers) a contrast."""
    width = term.columns.shape[1]

    def settled(values, gap: float | None = 0.0) -> tuple:
        moved = design.copy()
        moved[:, start : start + width] = values
        if term.gap is not None and gap is not None:
            moved[:, start + width] = gap
        return margin(logit, moved)

    if term.kind == "levels":
        corners = np.vstack([np.zeros(width), np.eye(width)])
        return _against_rest(term, [settled(corner) for corner in corners], logit)
    rows = [_contrast(term.trait, term.levels[0], term.holders[0], settled(term.values[1]), settled(term.values[0]), logit)]
    if term.gap is not None:
        rows.append(_contrast(term.trait, MISSING, int(term.gap.sum()), settled(0.0, 1.0), settled(0.0, 0.0), logit))
    return rows


def _against_rest(term: Term, margins: list[tuple], logit: Logit) -> list[tuple]:
    """Each level against the others, these weighted by how many customers hold them."""
    rows = []
    for place, (level, holders) in enumerate(zip(term.levels, term.holders, strict=True)):
        weight = np.array(term.holders, dtype=float)
        weight[place] = 0
        rest = tuple(sum(w * part[i] for w, part in zip(weight / weight.sum(), margins, strict=True)) for i in range(3))
        rows.append(_contrast(term.trait, level, holders, margins[place], rest, logit))
    return rows


def _contrast(trait: str, level: str, customers: int, one: tuple, other: tuple, logit: Logit) -> tuple:
    """Delta method for the coefficients, plus the spread of the effect over customers: these are a sample too."""
    effect, gradient = one[0] - other[0], one[1] - other[1]
    error = np.sqrt(gradient @ logit.covariance @ gradient + (one[2] - other[2]).var() / len(one[2]))
    p = 2 * norm.sf(abs(effect) / max(error, 1e-12))
    return trait, level, effect, max(effect - Z * error, -1.0), min(effect + Z * error, 1.0), p, customers


def _shares(term: Term, hit: np.ndarray) -> list[tuple]:
    """Differences of shares between those who hold a level and the rest; no p-value, these are hypotheses."""
    if term.kind == "step":
        known = np.isfinite(term.raw)
        values, middle = term.raw[known], float(np.median(term.raw[known]))
        cut = next(one for one in (float(f"{middle:.3g}"), middle, values[values > values.min()].min()) if values.min() < one <= values.max())
        groups = [(f"≥ {float(cut):g}", known & (term.raw >= cut), known & (term.raw < cut))]
    elif term.kind == "switch":
        known = np.ones(len(hit), dtype=bool) if term.gap is None else term.gap == 0
        groups = [(term.levels[0], known & (term.columns[:, 0] == 1), known & (term.columns[:, 0] == 0))]
    else:
        same = [term.raw == np.array(level, dtype=object) for level in term.levels]  # a plain text would lose a NUL at its end
        groups = [(level, inside, ~inside) for level, inside in zip(term.levels, same, strict=True)]
    if term.gap is not None:
        groups.append((MISSING, term.gap == 1, term.gap == 0))
    return [_share_row(term.trait, level, hit[inside], hit[outside]) for level, inside, outside in groups]


def _share_row(trait: str, level: str, inside: np.ndarray, outside: np.ndarray) -> tuple:
    low, high = newcombe(inside.sum(), len(inside), outside.sum(), len(outside))
    return trait, level, inside.mean() - outside.mean(), float(low), float(high), np.nan, len(inside)


def _with(rows: list[tuple], facts: dict) -> pd.DataFrame:
    """The rows as a frame, p-values corrected, those whose interval stays farthest from zero first."""
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({column: float for column in COLUMNS[2:6]} | {"customers": int})
    if len(frame) and facts["mode"] != "shares":
        frame["p_adjusted"] = multipletests(frame.p_adjusted.to_numpy(), method="fdr_bh")[1]
    clearance = np.maximum(frame.low, -frame.high)
    frame = frame.loc[clearance.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
    frame.attrs = facts
    return frame
