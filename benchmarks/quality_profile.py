"""The profile search on planted and null worlds: found when there, silent when not, right about its own worth."""

from __future__ import annotations

import time

import numpy as np
from quality import Row
from worlds_profile import NULL_KINDS, null_world, planted_world

from icp_helpers.analysis.profile import find_profiles
from icp_helpers.tables.planting.worlds import example_world, several_world


def rows(seed: int, runs: int) -> list[Row]:
    """Every figure on data sets of its own; the null worlds get five kinds times `runs`."""
    seeds = [1_000 * seed + run for run in range(runs)]
    return [*_null(seeds), *_planted(seeds), *_small(seeds), *_examples(seeds), *_several(seeds)]


def _null(seeds):
    claimed = [
        find_profiles(*_both(null_world([seed, number], kind, n=int(np.random.default_rng([seed, number]).choice([300, 1_000, 2_000]))))).status == "found"
        for seed in seeds for number, kind in enumerate(NULL_KINDS)
    ]  # fmt: skip
    return [Row("a profile claimed on null data, five kinds", _percent(claimed), "<= 5 %", "<= 4 %", len(claimed))]


def _planted(seeds):
    exact, steady, ratio, covered, took = [], [], [], [], []
    for seed in seeds:
        world = planted_world(seed)
        start = time.process_time()
        result = find_profiles(world.traits, world.ideal)
        took.append(time.process_time() - start)
        exact.append(len(result.profiles) == 1 and _columns(result.profiles[0]) == {one.column for one in world.rules[0]})
        for profile in result.profiles[:1]:
            truth = _true_lift(world, profile)
            steady.append(profile.stability)
            ratio.append(profile.lift / truth)
            covered.append(profile.lift_interval[0] <= truth <= profile.lift_interval[1])
    n = len(seeds)
    return [
        Row("planted, n = 2,000, base 10 %, lift 5: exact attributes", _percent(exact), "75 %", "95 %", n),
        Row("bootstrap stability, n = 2,000", f"{np.mean(steady):.2f}", ".75", ".9", n),
        Row("cross-validated over true lift", f"{np.mean(ratio):.3f}", ".85-1.1", ".95-1.05", n),
        Row("true lift inside its 95 % interval", _percent(covered), "", "95 %", n),
        Row("search with evidence, 2,000 x 22 (CPU seconds)", f"{np.mean(took):.1f}", "10", "3", n),
    ]


def _small(seeds):
    found, reached = [], []
    for seed in seeds:
        world = planted_world(seed, n=300, base=0.2, lift=3.5, cover=(0.1, 0.2))
        result = find_profiles(world.traits, world.ideal)
        found.append(bool(result.profiles))
        if result.profiles:
            reached.append(_true_lift(world, result.profiles[0]) / 3.5)
    return [
        Row("n = 300, base 20 %: found", f"{np.mean(found):.2f}", ".9", "1.0", len(seeds)),
        Row("n = 300, base 20 %: lift over the best possible", f"{np.mean(reached):.2f}", ".75", ".9", len(reached)),
    ]


def _examples(seeds):
    made = []
    for number in range(1, 10):
        right = []
        for seed in seeds:
            traits, ideal, truth = example_world(number, seed)
            result = find_profiles(traits, ideal)
            right.append(bool(result.profiles) and max(_f1(profile, truth) for profile in result.profiles) >= 0.8)
        made.append(Row(f"example profile {number}, n = 1,200: F1 >= .8", _percent(right), "80 %", "95 %", len(seeds)))
    return made


def _several(seeds):
    made = []
    for kind, count in (("b2b", 5), ("b2c", 4)):
        complete, spurious = [], []
        for seed in seeds:
            traits, ideal, truths = several_world(kind, seed)
            profiles = find_profiles(traits, ideal).profiles
            best = [max((_f1(profile, truth) for profile in profiles), default=0) for truth in truths]
            complete.append(min(best) >= 0.8)
            spurious.append(sum(max(_f1(profile, truth) for truth in truths) < 0.5 for profile in profiles) + max(0, len(profiles) - count))
        made += [
            Row(f"{count} profiles at once ({kind}), n = 2,500: all found, F1 >= .8", _percent(complete), "80 %", "95 %", len(seeds)),
            Row(f"{count} profiles at once ({kind}): spurious ones a run", f"{np.mean(spurious):.2f}", "<= .25", "<= .05", len(seeds)),
        ]
    return made


def _both(world):
    return world.traits, world.ideal


def _columns(profile) -> set[str]:
    return {one.column for one in profile.criteria}


def _f1(profile, truth) -> float:
    """How well the columns asked for are the true ones; a list counts once for each item asked for."""
    own = {_asked(one.column, one.op, one.value) for one in profile.criteria}
    true = {_asked(one["column"], one["op"], one["value"]) for one in truth}
    return 2 * len(own & true) / (len(own) + len(true))


def _asked(column, op, value):
    return (column, value) if op == "has" else (column, None)


def _true_lift(world, profile) -> float:
    """The chance of the outcome among the members that the profile really selects, over that among all."""
    inside, planted = profile.members(world.traits), world.planted()
    return world.chance[inside].mean() / world.chance.mean() if planted.any() else np.nan


def _percent(values) -> str:
    return f"{100 * np.mean(values):.1f} %"
