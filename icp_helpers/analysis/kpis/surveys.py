"""What customers answered: NPS and the experience scores, an account's or a person's answers made one first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from icp_helpers.analysis.intervals import wilson
from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.rows import MINIMUM, Reading

LOWEST = {"nps": 0, "csat": 1, "ces": 1}
USUAL_SCALE = {"nps": 10, "csat": 5, "ces": 7}
EASY_FROM = 5  # of 7; in the contract 7 is "very easy"
NO_ANSWERS = pd.DataFrame(columns=["unit", "person", "customer_id", "asked_on", "score", "level", "driver"])


def answers_of(books: Books, kind: str) -> tuple[pd.DataFrame, int]:
    """The valid answers of one kind: unit, person, customer_id, asked_on, score, level, driver. And how many were not.

    Not valid: no date, no whole number, outside the scale, or on another scale than the kind's own. Nothing is
    rescaled: a 4 of 5 is no 8 of 10. CSAT takes the scale that most of its answers are on.
    `unit` is the account or person that counts once; without a customer_id each answer is one.
    """
    mine = books.texts("surveys", "kind").str.strip().str.casefold() == kind
    if not mine.any():
        return NO_ANSWERS, 0
    scale = books.numbers("surveys", "scale_max")[mine].fillna(USUAL_SCALE[kind])
    wanted = scale.mode().iloc[0] if kind == "csat" else USUAL_SCALE[kind]
    customer = books.texts("surveys", "customer_id")[mine]
    alone = pd.Series([f"answer {row}" for row in customer.index], index=customer.index, dtype=object)
    answers = pd.DataFrame({
        "unit": customer.where(customer.notna(), alone), "person": books.texts("surveys", "respondent_id")[mine],
        "customer_id": customer, "asked_on": clock.days(books.column("surveys", "asked_on"), books.timezone)[mine],
        "score": books.numbers("surveys", "score")[mine], "level": books.level(customer),
        "driver": books.texts("surveys", "driver")[mine].str.strip().str.casefold()})
    answers["top"] = wanted
    valid = answers["asked_on"].notna() & answers["score"].between(LOWEST[kind], wanted) & (scale == wanted)
    valid &= answers["score"] == answers["score"].round()
    return answers[valid & (answers["asked_on"] <= books.as_of)], int((~valid).sum())


def nps(books: Books) -> dict[str, Reading]:
    answers, aside = answers_of(books, "nps")
    used, window = clock.recent_enough(answers["asked_on"], clock.last_year(books.as_of), MINIMUM)
    units = _nps_by_unit(answers[used], books.market.kind)
    return {level: nps_reading(rows["mark"], window, aside if level == "all" else 0) for level, rows in books.split(units)}


def nps_of_those_who_left(books: Books) -> dict[str, Reading]:
    """What those who are gone answered while they were customers: a survey of the living alone would not hold it."""
    answers, _ = answers_of(books, "nps")
    left = books.days("customers", "left_on") if books.has("customers", "customer_id", "left_on") else None
    if left is None:
        return {"all": Reading(short="not_supplied", note="left_on")}
    gone = set(books.texts("customers", "customer_id")[left.notna()])
    units = _nps_by_unit(answers[answers["customer_id"].isin(gone)], books.market.kind)
    window = clock.Window(answers["asked_on"].min(), books.as_of + pd.Timedelta(days=1)) if len(units) else None
    return {"all": nps_reading(units["mark"], window, 0)}


def _nps_by_unit(answers: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One mark (+1 promoter, 0 passive, -1 detractor) a person, her last; in B2B then the mean of the account."""
    mark = np.select([answers["score"] >= 9, answers["score"] <= 6], [1.0, -1.0], 0.0)
    answers = answers.assign(mark=mark).sort_values("asked_on", kind="stable")
    person = answers["person"]
    if kind == "b2c":
        return answers.groupby(person.where(person.notna(), answers["unit"])).last()
    last = answers[person.isna() | ~answers.assign(person=person).duplicated(["unit", "person"], keep="last")]
    return last.groupby("unit").agg({"mark": "mean", "level": "first"})


def nps_reading(marks: pd.Series, window: clock.Window | None, aside: int) -> Reading:
    """NPS of one mark a unit. One promoter and one detractor are added for the limits, which keeps their coverage at
    small n and at the ends of the scale (the adjusted Wald interval of Bonett and Price 2012); not for the value."""
    marks, n = np.asarray(marks, dtype=float), len(marks)
    if n == 0:
        return Reading(set_aside=aside, note="no valid answers")
    added = np.concatenate([marks, [1.0, -1.0]])
    half = student.isf(0.025, n + 1) * added.std(ddof=1) / np.sqrt(n + 2)
    low, high = max(-1.0, added.mean() - half), min(1.0, added.mean() + half)
    return Reading(100 * marks.mean(), 100 * min(low, marks.mean()), 100 * max(high, marks.mean()), n, marks.sum(), n,
                   window and window.shown, set_aside=aside)


def cx(books: Books) -> dict[str, Reading]:
    return satisfied(books, None)


def satisfied(books: Books, driver: str | None) -> dict[str, Reading]:
    """The share of CSAT answers in the two top boxes, of all answers or of those about one driver."""
    answers, aside = answers_of(books, "csat")
    if driver is not None:
        if not (answers["driver"] == driver).any():
            return {"all": Reading(short="not_supplied", note=f"no answers about {driver}")}
        answers = answers[answers["driver"] == driver]
    hit = answers["score"] >= (answers["top"] - 1 if len(answers) else 0)
    scale = f"{answers['top'].iloc[0] - 1:.0f}-{answers['top'].iloc[0]:.0f} of {answers['top'].iloc[0]:.0f}" if len(answers) else ""
    return _shares(books, answers.assign(hit=hit.astype(float)), aside, scale)


def effort(books: Books) -> dict[str, Reading]:
    """The share of CES answers of 5 to 7 on the seven-point scale on which 7 is very easy."""
    answers, aside = answers_of(books, "ces")
    return _shares(books, answers.assign(hit=(answers["score"] >= EASY_FROM).astype(float)), aside, "5-7 of 7, 7 is easy")


def _shares(books: Books, answers: pd.DataFrame, aside: int, note: str) -> dict[str, Reading]:
    used, window = clock.recent_enough(answers["asked_on"], clock.last_year(books.as_of), MINIMUM)
    units = answers[used].groupby("unit").agg({"hit": "mean", "level": "first"})
    return {level: share_reading(rows["hit"], window, aside if level == "all" else 0, note)
            for level, rows in books.split(units)}


def share_reading(hits: pd.Series, window: clock.Window | None, aside: int, note: str) -> Reading:
    """The mean of one share (0-1) a unit, with Wilson's limits.

    An account's mean of several answers varies less than one answer does, so the number of units is raised to the
    number of single answers that would vary as much (Korn and Graubard 1998), and never lowered.
    """
    hits, n = np.asarray(hits, dtype=float), len(hits)
    if n == 0:
        return Reading(set_aside=aside, note="no valid answers")
    share = hits.mean()
    spread = hits.var(ddof=1) if n > 1 else 0.0
    worth = max(n, n * share * (1 - share) / spread) if spread > 0 else n
    low, high = wilson(share * worth, worth)
    return Reading(share, low, high, n, hits.sum(), n, window and window.shown, set_aside=aside, note=note)
