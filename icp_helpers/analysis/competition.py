"""Where deals are won and lost, to whom and why; who the competitors' customers are said to be, beside ours.

A CRM names the competitor of a lost deal and none of a won one. So the rate against a competitor counts each won deal
as if it had been met there: it is a ceiling, and where no deal was lost to it nothing says that it was ever met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from icp_helpers.analysis.intervals import CONFIDENCE, bootstrap_t_mean, difference, newcombe, wilson

ALL = "all"
OTHER = "(other)"
SMALL = 30  # encounters below which a level's own rate is not to be read by itself
MOST_REASONS = 6  # beyond, the rarest are one
MOST_LEVELS = 20  # a column with more levels splits nothing


def split_column(competitors: pd.DataFrame, market: pd.DataFrame, leads: pd.DataFrame, traits: Sequence[str] = ()) -> str | None:
    """The column that says which part of the market a firm or household is in; None where no text column does.

    Of the columns that describe the market (else of `traits`), the one whose levels the competitors' segments name most
    often; on a tie the first.
    """
    described = [name for name in market.columns if name not in ("accounts", "revenue", "as_of")]
    frames = [frame for frame in (market, leads) if len(frame)]
    named = competitors["segment"].dropna().astype(str)
    best, most = None, -1
    for name in [*described, *(trait for trait in traits if trait not in described)]:
        levels = {level for frame in frames if name in frame for level in _texts(frame[name])}
        hits = int(named.isin(levels).sum())
        if 2 <= len(levels) <= MOST_LEVELS and hits > most:
            best, most = name, hits
    return best


def win_rates(leads: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """A row a competitor and level of `column`, and one a competitor for `all`: `competitor, level, won, lost, n, rate, low, high, pooled, status`.

    leads: `won_on, lost_on, lost_to` and the column. n is won + lost to the competitor, or 0 where none was lost to it:
    then rate is missing and status `no_encounters`. `pooled` draws small levels to the competitor's rate in the whole
    market (beta-binomial, prior by moments); status is `small` below 30 encounters, else `ok`.
    """
    won = leads["won_on"].notna()
    lost_to = leads["lost_to"].where(leads["lost_on"].notna() & ~won).replace("", None)
    level = _texts_of(leads, column)
    rivals = lost_to.value_counts(sort=True).sort_index(kind="stable").sort_values(ascending=False, kind="stable").index
    parts = [_against(rival, won, lost_to == rival, level) for rival in rivals]
    columns = ["competitor", "level", "won", "lost", "n", "rate", "low", "high", "pooled", "status"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _against(rival: str, won: pd.Series, lost: pd.Series, level: pd.Series) -> pd.DataFrame:
    counts = pd.DataFrame({"won": won, "lost": lost}).groupby(level).sum().astype(int)
    counts = pd.concat([pd.DataFrame({"won": [int(won.sum())], "lost": [int(lost.sum())]}, index=[ALL]), counts])
    met = counts["lost"].gt(0)
    n = (counts["won"] + counts["lost"]).where(met, 0)
    low, high = wilson(counts["won"].where(met, 0), n)
    rate = (counts["won"] / n.where(met)).astype(float)
    status = np.where(~met, "no_encounters", np.where(n < SMALL, "small", "ok"))
    made = counts.assign(competitor=rival, n=n, rate=rate, low=low, high=high, status=status).rename_axis("level").reset_index()
    own = made["level"] != ALL
    made["pooled"] = made["rate"]
    made.loc[own, "pooled"] = shrunk(made.loc[own, "won"].to_numpy(), made.loc[own, "n"].to_numpy())
    return made


def shrunk(hits: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Each group's share drawn to that of all, by as much as the groups' differences look like chance; missing where n is 0.

    Beta-binomial with the prior's mean and strength from moments (Kleinman 1973): equal groups share one rate.
    """
    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    met = n > 0
    total = n[met].sum()
    if not total:
        return np.full(len(n), np.nan)
    share = hits[met].sum() / total
    within = share * (1 - share)
    gaps = (n[met] * (hits[met] / n[met] - share) ** 2).sum() - (met.sum() - 1) * within
    spread = max(0.0, gaps / max(total - (n[met] ** 2).sum() / total, 1e-9))
    strength = max(within / spread - 1, 0.0) if spread > 0 else np.inf
    drawn = np.full(len(n), np.nan)
    drawn[met] = share if np.isinf(strength) else (hits[met] + strength * share) / (n[met] + strength)
    return drawn


def departures(rates: pd.DataFrame) -> pd.DataFrame:
    """Each level's rate against the same competitor in the other levels: the columns of `win_rates`, with `gap, low, high`
    of that difference, for levels with 30 encounters or more, the clearest first.
    """
    whole = rates[rates["level"] == ALL].set_index("competitor")
    own = rates[(rates["level"] != ALL) & rates["n"].ge(SMALL)]
    return apart(own, "won", "n", *(own["competitor"].map(whole[name]).to_numpy(float) for name in ("won", "n")))


def apart(rows: pd.DataFrame, hits: str, n: str, all_hits, all_n) -> pd.DataFrame:
    """`rows` with `gap, low, high`, the share of each minus the share of all others, the clearest first.

    hits, n: columns with each row's counts; all_hits, all_n: the counts that the row is part of. The limits hold for
    all rows at once (Bonferroni on Newcombe's). Rows beside which there is nobody else are left out.
    """
    rest, rest_hits = np.asarray(all_n, float) - rows[n].to_numpy(float), np.asarray(all_hits, float) - rows[hits].to_numpy(float)
    made = rows[rest > 0].copy()
    rest, rest_hits = rest[rest > 0], rest_hits[rest > 0]
    confidence = 1 - (1 - CONFIDENCE) / max(len(made), 1)
    low, high = newcombe(made[hits].to_numpy(float), made[n].to_numpy(float), rest_hits, rest, confidence=confidence)
    made["gap"] = made[hits] / made[n] - rest_hits / rest
    made["low"], made["high"] = np.atleast_1d(low), np.atleast_1d(high)
    order = (made["gap"].abs() / (made["high"] - made["low"])).sort_values(ascending=False, kind="stable").index
    return made.loc[order].reset_index(drop=True)


def lost_deals(leads: pd.DataFrame) -> pd.DataFrame:
    """A row a competitor: `competitor, lost, decided, share, low, high`, the share of all decided deals lost to it."""
    won, lost = leads["won_on"].notna(), leads["lost_on"].notna() & leads["won_on"].isna()
    decided = int((won | lost).sum())
    counts = leads["lost_to"].where(lost).replace("", None).value_counts()
    low, high = wilson(counts.to_numpy(), decided)
    return pd.DataFrame({"competitor": counts.index.astype(str), "lost": counts.to_numpy(), "decided": decided,
                         "share": counts.to_numpy() / max(decided, 1), "low": low, "high": high})


def lost_reasons(leads: pd.DataFrame) -> pd.DataFrame:
    """A row a reason: `reason, lost, share, low, high`, shares of the lost deals that have a reason, which sum to 1.

    Spellings that differ in case and blanks are one reason, told as most people wrote it; beyond six the rarest are
    `(other)`. `attrs`: `lost`, `coded`, `uncoded`.
    """
    lost = leads[leads["lost_on"].notna() & leads["won_on"].isna()]
    written = lost["lost_reason"].dropna().astype(str).str.strip()
    written = written[written != ""]
    code = written.str.casefold().str.replace(r"\s+", " ", regex=True)
    spelling = written.groupby(code).agg(lambda texts: texts.value_counts().index[0])
    counts = code.value_counts()
    if len(counts) > MOST_REASONS:
        kept = counts.iloc[: MOST_REASONS - 1]
        counts = pd.concat([kept, pd.Series({OTHER: counts.iloc[MOST_REASONS - 1:].sum()})])
    coded = int(counts.sum())
    low, high = wilson(counts.to_numpy(), coded)
    made = pd.DataFrame({"reason": [spelling.get(name, name) for name in counts.index], "lost": counts.to_numpy(dtype=int),
                         "share": counts.to_numpy() / max(coded, 1), "low": low, "high": high})
    made.attrs = {"lost": len(lost), "coded": coded, "uncoded": len(lost) - coded}
    return made


def sourced(competitors: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The notes that say where they are from and when that was known, and how many do not and are left out."""
    source = competitors["source"].astype("object").where(competitors["source"].notna(), "").astype(str).str.strip()
    kept = (source != "") & competitors["as_of"].notna()
    return competitors[kept.to_numpy(dtype=bool)].reset_index(drop=True), int((~kept).sum())


def theirs_and_ours(notes: pd.DataFrame, ours: pd.Series) -> pd.DataFrame:
    """A row a segment that a sourced note or a customer of ours is in:
    `level, competitors, notes, their_share, customers, our_share, low, high, source, as_of` (the newest note's date).

    notes: from `sourced`; ours: the level of each customer, missing where not known. `their_share` is the share of the
    notes, for how many customers a competitor has in a segment nobody tells us.
    """
    told = notes[notes["segment"].notna()]
    by = told.groupby(told["segment"].astype(str))
    theirs = by.agg(competitors=("competitor", "nunique"), notes=("competitor", "size"), as_of=("as_of", "max"),
                    source=("source", lambda texts: ", ".join(sorted(set(texts.astype(str))))))
    counts = ours.dropna().astype(str).value_counts().rename("customers")
    both = theirs.join(counts, how="outer").rename_axis("level").reset_index()
    both[["competitors", "notes", "customers"]] = both[["competitors", "notes", "customers"]].fillna(0).astype(int)
    known, noted = int(both["customers"].sum()), int(both["notes"].sum())
    both["their_share"] = both["notes"] / noted if noted else np.nan
    both["our_share"] = both["customers"] / known if known else np.nan
    both["low"], both["high"] = (np.asarray(limit, dtype=float) for limit in wilson(both["customers"], known))
    both["source"] = both["source"].where(both["source"].notna(), "")
    return both.sort_values(["notes", "customers", "level"], ascending=[False, False, True], ignore_index=True)


def why_chosen(notes: pd.DataFrame) -> pd.DataFrame:
    """A row a competitor and reason: `competitor, why_chosen, notes, source, as_of`, the most often told first."""
    told = notes[notes["why_chosen"].notna()]
    made = told.groupby([told["competitor"].astype(str), told["why_chosen"].astype(str)]).agg(
        notes=("source", "size"), source=("source", lambda texts: ", ".join(sorted(set(texts.astype(str))))), as_of=("as_of", "max"))
    return made.reset_index().sort_values(["notes", "competitor", "why_chosen"], ascending=[False, True, True], ignore_index=True)


def ratings(reviews: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Mean rating of reviews about us, about competitors, and ours minus theirs: `about, n, rating, low, high`.

    Empty unless both have reviews with a rating; stars are taken as they stand, so both must use one scale.
    """
    parts = {about: reviews.loc[reviews["about"] == about, "rating"].dropna().to_numpy(dtype=float) for about in ("own", "competitor")}
    if not all(len(values) for values in parts.values()):
        return pd.DataFrame(columns=["about", "n", "rating", "low", "high"])
    rows = [(about, len(values), values.mean(), *bootstrap_t_mean(values, seed)) for about, values in parts.items()]
    (_, n, own, low, high), (_, their_n, theirs, their_low, their_high) = rows
    gap = difference(own, low, high, theirs, their_low, their_high)
    return pd.DataFrame([*rows, ("difference", min(n, their_n), own - theirs, *gap)], columns=["about", "n", "rating", "low", "high"])


def _texts(values: pd.Series) -> set[str]:
    """The texts of a column that holds nothing else; none for numbers, yes/no and lists."""
    known = values.dropna()
    return set(known) if len(known) and known.map(lambda value: isinstance(value, str)).all() else set()


def _texts_of(leads: pd.DataFrame, column: str | None) -> pd.Series:
    if column is None or column not in leads:
        return pd.Series(None, index=leads.index, dtype=object)
    return leads[column].astype(object).where(leads[column].notna(), None)
