"""Several markets side by side: which criteria of a profile travel and which are local, and which KPIs differ.

A criterion learnt in one market is tested on the customers of each other market, who had no say in it: how many times
as often they are ideal inside it as outside, among those who meet the other criteria of its profile where there are
enough of them. Differences between markets are judged by Cochran's Q and I2, and each market's ratio is drawn to the
common one as far as they agree (random effects: DerSimonian and Laird 1986).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.criteria import Criterion, members

LEVEL = 0.05  # over all tests of criteria in markets that had no say in them
ENOUGH, ENOUGH_IDEAL = 30, 10  # customers, and ideal ones, among whom a criterion is tested
WEAKER = 0.5  # part of the learnt log-ratio below which an effect is called gone
TEST_COLUMNS = ["criterion", "unit", "learnt", "testable", "among", "n", "hits", "rest", "rest_hits", "ratio", "low", "high", "log_ratio", "error", "drawn"]
VERDICT_COLUMNS = ["criterion", "learnt_in", "verdict", "tested", "confirmed", "gone", "common", "low", "high", "q_p", "i2"]


@dataclass(frozen=True)
class Part:
    """One market: `traits` (a row a customer), `ideal` (a boolean a row), and the criteria of each of its profiles."""

    name: str
    traits: pd.DataFrame
    ideal: np.ndarray
    profiles: Sequence[Sequence[Criterion]] = ()


@dataclass(frozen=True)
class Heterogeneity:
    """How far estimates differ beyond chance: Q's p-value, I2 (0-1), the variance between, and the common estimate with
    its standard error. NaN, and I2 0, with fewer than two."""

    p: float
    i2: float
    between: float
    common: float
    error: float

    @classmethod
    def of(cls, values, errors) -> Heterogeneity:
        values, errors = np.asarray(values, float), np.asarray(errors, float)
        if not len(values):
            return cls(np.nan, 0.0, 0.0, np.nan, np.nan)
        weights = 1 / errors**2
        q = float((weights * (values - np.average(values, weights=weights)) ** 2).sum())
        free = len(values) - 1
        scale = weights.sum() - (weights**2).sum() / weights.sum()
        between = max(0.0, (q - free) / scale) if free else 0.0
        weights = 1 / (errors**2 + between)
        return cls(float(chi2.sf(q, free)) if free else np.nan, max(0.0, 1 - free / q) if q > 0 and free else 0.0, between,
                   float(np.average(values, weights=weights)), float(weights.sum() ** -0.5))

    def drawn(self, values, errors) -> np.ndarray:
        """Each estimate drawn to the common one, by as much as it is uncertain and as the others agree."""
        values, errors = np.asarray(values, float), np.asarray(errors, float)
        own = self.between / (self.between + errors**2)
        return own * values + (1 - own) * self.common


def try_criteria(parts: Sequence[Part]) -> pd.DataFrame:
    """A row a criterion and market: TEST_COLUMNS. `criterion` is a Criterion; `learnt`: this market's search chose it.

    `n`, `hits`: customers inside and ideal ones among them; `rest`, `rest_hits`: the same outside, among those whose
    trait is known; `ratio` of the two shares with its 95 % limits; `drawn`: the ratio under partial pooling. `testable`
    is False where the column or the level is unknown in the market, or one side is too small.
    """
    rows = []
    for criterion, mates, learnt in _criteria(parts):
        for part in parts:
            rows.append({"criterion": criterion, "unit": part.name, "learnt": part.name in learnt, **_test(part, criterion, mates)})
    made = pd.DataFrame(rows, columns=TEST_COLUMNS)
    for _criterion, own in made[made["testable"].astype(bool)].groupby("criterion", sort=False):
        spread = Heterogeneity.of(own["log_ratio"], own["error"])
        made.loc[own.index, "drawn"] = np.exp(spread.drawn(own["log_ratio"], own["error"]))
    return made


def judge_criteria(tests: pd.DataFrame) -> pd.DataFrame:
    """A row a criterion: VERDICT_COLUMNS, from `try_criteria`. verdict:

    `travels`: confirmed in another market (inside more often ideal, at 5 % over all tests) and gone in none;
    `local`: gone in another market (less than half of the learnt effect, and not confirmed) and confirmed in none;
    `mixed`: both; `unclear`: neither; `untested`: no other market could test it.
    """
    others = tests[~tests["learnt"].astype(bool) & tests["testable"].astype(bool)]
    bound = norm.isf(LEVEL / max(len(others), 1))
    rows = []
    for criterion, own in tests.groupby("criterion", sort=False):
        usable = own[own["testable"].astype(bool)]
        learnt, elsewhere = usable[usable["learnt"].astype(bool)], usable[~usable["learnt"].astype(bool)]
        elsewhere = usable if len(learnt) > 1 else elsewhere  # two searches chose the same: each is the other's test
        spread = Heterogeneity.of(usable["log_ratio"], usable["error"])
        effect = learnt["log_ratio"].mean() if len(learnt) else np.nan
        confirmed = elsewhere["log_ratio"] - bound * elsewhere["error"] > 0
        gone = ~confirmed & (elsewhere["log_ratio"] + norm.isf(0.025) * elsewhere["error"] < WEAKER * effect)
        counts = (len(elsewhere), int(confirmed.sum()), int(gone.sum()))
        limits = np.exp(spread.common + np.array([0, -1, 1]) * norm.isf(0.025) * spread.error)
        rows.append((criterion, ", ".join(own.loc[own["learnt"].astype(bool), "unit"]), _verdict(*counts), *counts, *limits, spread.p, spread.i2))
    return pd.DataFrame(rows, columns=VERDICT_COLUMNS)


def compare_kpis(kpis: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row a KPI: `kpi, unit, markets, lowest, lowest_in, highest, highest_in, p_adjusted, i2, differs`.

    kpis: by market the frame of the contract `kpis`; whole-market values of status `ok` with an interval are compared.
    Values in several units of measure, such as two currencies, are set side by side and not tested.
    """
    rows = []
    together = [frame[(frame["level"] == "all") & (frame["status"] == "ok")].assign(market=name) for name, frame in kpis.items()]
    known = pd.concat(together, ignore_index=True) if together else pd.DataFrame(columns=["kpi", "value"])
    for kpi, own in known.dropna(subset=["value"]).groupby("kpi", sort=False):
        error = (own["high"] - own["low"]) / (2 * norm.isf(0.025))
        usable = error.gt(0) & np.isfinite(error) & (own["unit"].nunique() == 1)
        spread = Heterogeneity.of(own.loc[usable, "value"], error[usable])
        lowest, highest = own.loc[own["value"].idxmin()], own.loc[own["value"].idxmax()]
        rows.append((kpi, lowest["unit"] if own["unit"].nunique() == 1 else "", len(own), lowest["value"], lowest["market"], highest["value"], highest["market"], spread.p, spread.i2))
    made = pd.DataFrame(rows, columns=["kpi", "unit", "markets", "lowest", "lowest_in", "highest", "highest_in", "p_adjusted", "i2"])
    tested = made["p_adjusted"].notna()
    if tested.any():
        made.loc[tested, "p_adjusted"] = multipletests(made.loc[tested, "p_adjusted"], method="fdr_bh")[1]
    return made.assign(differs=made["p_adjusted"].lt(LEVEL).where(tested, None))


def comparison_rows(tests: pd.DataFrame, verdicts: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """The contract `comparison`: `kind` (test, verdict, kpi), `subject`, `unit`, `verdict`, `value`, `low`, `high`, `n`, `p`."""
    names = {"ratio": "value", "common": "value", "q_p": "p", "p_adjusted": "p", "criterion": "subject", "learnt_in": "unit", "tested": "n"}
    parts = [tests[["criterion", "unit", "ratio", "low", "high", "n"]].rename(columns=names).assign(kind="test"),
             verdicts[["criterion", "learnt_in", "verdict", "common", "low", "high", "tested", "q_p"]].rename(columns=names).assign(kind="verdict"),
             *(kpis[["kpi", f"{end}_in", end, "markets", "p_adjusted"]].rename(columns={**names, "kpi": "subject", f"{end}_in": "unit", end: "value", "markets": "n"})
               .assign(kind="kpi", verdict=end) for end in ("lowest", "highest"))]
    rows = [row for part in parts for row in part.to_dict("records")]
    made = pd.DataFrame(rows, columns=["kind", "subject", "unit", "verdict", "value", "low", "high", "n", "p"])
    made["subject"] = [json.dumps(one.to_dict(), ensure_ascii=False) if isinstance(one, Criterion) else one for one in made["subject"]]
    texts, numbers = ["kind", "subject", "unit", "verdict"], ["value", "low", "high", "n", "p"]
    return made.astype(dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "float64"))


def _criteria(parts: Sequence[Part]) -> list[tuple[Criterion, tuple[Criterion, ...], set[str]]]:
    """Each criterion once, with the other criteria of the first profile that has it, and the markets that learnt it."""
    found: dict[Criterion, tuple] = {}
    for part in parts:
        for profile in part.profiles:
            for criterion in profile:
                mates = tuple(other for other in profile if other is not criterion)
                found.setdefault(criterion, (mates, set()))[1].add(part.name)
    return [(criterion, mates, learnt) for criterion, (mates, learnt) in found.items()]


def _test(part: Part, criterion: Criterion, mates: Sequence[Criterion]) -> dict:
    if criterion.column not in part.traits:
        return {"testable": False, "among": ""}
    inside, known = criterion.mask(part.traits), part.traits[criterion.column].notna().to_numpy()
    context = members(part.traits, [mate for mate in mates if mate.column in part.traits])
    for among, rows in (("profile", context & known), ("all", known)):
        counts = [int((inside & rows).sum()), int((inside & rows & part.ideal).sum()), int((~inside & rows).sum()), int((~inside & rows & part.ideal).sum())]
        n, hits, rest, rest_hits = counts
        if min(n, rest) >= ENOUGH and hits + rest_hits >= ENOUGH_IDEAL:
            log_ratio, error = _log_ratio(*counts)
            low, high = np.exp(log_ratio + np.array([-1, 1]) * norm.isf(0.025) * error)
            return {"testable": True, "among": among, "n": n, "hits": hits, "rest": rest, "rest_hits": rest_hits,
                    "ratio": float(np.exp(log_ratio)), "low": low, "high": high, "log_ratio": log_ratio, "error": error}
    return {"testable": False, "among": "", "n": n, "hits": hits, "rest": rest, "rest_hits": rest_hits}


def _log_ratio(n: int, hits: int, rest: int, rest_hits: int) -> tuple[float, float]:
    """The log of the ratio of two shares and its standard error, with half a case added (Walter 1975; Pettigrew 1986)."""
    value = np.log((hits + 0.5) / (n + 0.5)) - np.log((rest_hits + 0.5) / (rest + 0.5))
    return float(value), float(np.sqrt(max(1 / (hits + 0.5) - 1 / (n + 0.5) + 1 / (rest_hits + 0.5) - 1 / (rest + 0.5), 1e-12)))


def _verdict(tested: int, confirmed: int, gone: int) -> str:
    if not tested:
        return "untested"
    if confirmed and gone:
        return "mixed"
    return "travels" if confirmed else "local" if gone else "unclear"
