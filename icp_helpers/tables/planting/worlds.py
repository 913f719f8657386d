"""Worlds whose truth is known, for benchmarks: one example profile, several at once, and markets for tests."""

from __future__ import annotations

import pandas as pd

from .people import stream
from .population import draw_population, hide
from .profiles import B2B, B2C

# The share of ideal customers inside a planted profile and outside every one of them.
INSIDE, OUTSIDE = 0.6, 0.1


def example_world(number: int, seed: int, customers: int = 1200, nuisance: int = 30, missing: float = 0.1):
    """One of the nine example profiles of the guide (1-9; 1-5 are B2B) among ordinary customers.

    Gives `traits` (a frame indexed by customer_id: the profile's criteria and marks, `channels`, and `nuisance`
    ordinary columns, about `missing` of each column missing), `ideal` (a boolean Series) and the true criteria
    (a list of dicts with column, op, value). Whether a customer is ideal depends on the criteria alone, before
    anything goes missing.
    """
    profile = (*B2B, *B2C)[number - 1]
    kind = "b2b" if number <= len(B2B) else "b2c"
    traits, ideal = _world(f"example {number}", seed, customers, kind, [profile], nuisance, missing, only=())
    return traits, ideal, profile.as_dict()["criteria"]


def several_world(kind: str, seed: int, customers: int = 2500, nuisance: int = 30, missing: float = 0.1):
    """All five B2B, or all four B2C, profiles at once: as `example_world`, with a list of criteria a profile."""
    profiles = B2B if kind == "b2b" else B2C
    traits, ideal = _world(f"several {kind}", seed, customers, kind, profiles, nuisance, missing, only=None)
    return traits, ideal, [profile.as_dict()["criteria"] for profile in profiles]


def _world(name, seed, customers, kind, profiles, nuisance, missing, only):
    share = 0.08 if len(profiles) == 1 else 0.03
    traits = draw_population(stream(seed, name, "traits"), customers, kind, profiles, share=share, ordinary=nuisance, only=only)
    traits.index = pd.Index([f"C{row:06d}" for row in range(1, customers + 1)], name="customer_id")
    inside = pd.concat([pd.Series(profile.members(traits), traits.index) for profile in profiles], axis=1).any(axis=1)
    chance = stream(seed, name, "ideal").random(customers)
    ideal = pd.Series(chance < inside.map({True: INSIDE, False: OUTSIDE}).to_numpy(), traits.index, name="ideal")
    return hide(stream(seed, name, "missing"), traits, missing), ideal
