"""What a firm that works with its profile writes down: campaigns, approvals, remarks, lessons, cases; prices and products."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The share won of those left in peace, and what a call with the message that works adds; the newsletter adds nothing.
WON, GAIN, WORKING = 0.06, 0.12, "Deadlines that hold"
# What an action brings of what was expected of it: people hope for more.
HOPE = 0.6
BARGAIN_HUNTERS, REDUCED_OF_HUNTERS, REDUCED = 0.15, 0.8, 0.05  # shares of customers, and of their orders
FEEDBACK = {"staff": (9, 3), "customer": (14, 2)}  # remarks, and how many of them wait for an answer


def campaigns(rng, direction: int) -> pd.DataFrame:
    """Two campaigns in two groups, each with a part held out by lot."""
    rows = []
    for name, messages, size in (("Call those who fit", (WORKING, "A fixed price"), 240), ("Newsletter", (None,), 400)):
        for segment in ("New customers", "Old customers"):
            arms = [("contacted", message, size, WON + direction * GAIN * (message == WORKING) / (1 if direction > 0 else 3)) for message in messages]
            for arm, message, people, share in (*arms, ("held_out", None, size // 2, WON)):
                rows.append((name, arm, people, rng.binomial(people, share), message, segment))
    return pd.DataFrame(rows, columns=["campaign", "arm", "people", "won", "message", "segment"])


def products(rng) -> pd.DataFrame:
    return pd.DataFrame({"sku": [f"P{number:02d}" for number in range(1, 25)], "complexity": rng.integers(1, 6, 24)})


def discounts(rng, orders: pd.DataFrame) -> np.ndarray:
    """What was taken off each order: nothing, or a tenth to a quarter; some customers hardly buy without. Refunds have none."""
    hunters = rng.random(int(orders.customer.max()) + 1) < BARGAIN_HUNTERS
    reduced = rng.random(len(orders)) < np.where(hunters[orders.customer], REDUCED_OF_HUNTERS, REDUCED)
    off = np.where(reduced, np.round(orders.amount * rng.uniform(0.1, 0.25, len(orders)), 2), 0.0)
    return np.where(orders.refund_of.isna(), off, np.nan)


def approvals(as_of: pd.Timestamp) -> pd.DataFrame:
    """Two departments agree, one was told, and one has not been asked."""
    rows = [("sales", -60, -50), ("marketing", -60, -45), ("product", -30, None)]
    frame = pd.DataFrame(rows, columns=["department", "told_on", "agreed_on"])
    return frame.assign(**{name: as_of + pd.to_timedelta(frame[name], unit="D") for name in ("told_on", "agreed_on")})


def feedback(rng, as_of: pd.Timestamp) -> pd.DataFrame:
    frames = []
    for by, (remarks, waiting) in FEEDBACK.items():
        given = rng.integers(20, 120, remarks)
        answered = np.where(np.arange(remarks) < waiting, np.nan, given - rng.integers(1, 15, remarks))
        frames.append(pd.DataFrame({"given": given, "given_by": by, "answered": answered}))
    frame = pd.concat(frames, ignore_index=True)
    days = {f"{name}_on": as_of - pd.to_timedelta(frame[name], unit="D") for name in ("given", "answered")}
    return frame.assign(department="sales", **days)[["given_on", "given_by", "department", "answered_on"]]


def lessons(rng, as_of: pd.Timestamp, n: int = 14) -> pd.DataFrame:
    """Finished actions with what was expected of them, in points, and what came."""
    expected = np.round(rng.uniform(1, 6, n), 1)
    kpis = ("conversion_rate", "nps", "cx", "lead_to_mql", "mql_to_sql")
    return pd.DataFrame({"action": [f"Action {number}" for number in range(1, n + 1)],
                         "learnt_on": as_of - pd.to_timedelta(rng.integers(10, 500, n), unit="D"),
                         "kpi": [kpis[number % len(kpis)] for number in range(n)], "expected": expected,
                         "observed": np.round(HOPE * expected + rng.normal(0, 0.3, n), 1)})


def cases(kind: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Three cases of others, one of them without a source."""
    column = "employees" if kind == "b2b" else "housing"
    rows = [("How a wholesaler found whom to call", column, "trade press", -200), ("Fewer leads, more wins", None, "trade association", -90),
            ("Heard at a fair", "region", None, -30)]
    frame = pd.DataFrame(rows, columns=["title", "column", "source", "as_of"])
    return frame.assign(as_of=as_of + pd.to_timedelta(frame["as_of"], unit="D"))
