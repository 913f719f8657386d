"""What may leave the house: no group smaller than the market's smallest cell, and none that subtraction gives away.

A count below the smallest cell is held back. Where a total is published, one gap could be filled by subtraction, so
further cells of the column are held back, smallest first, until the gaps together are at least two cells and hold at
least the smallest cell. (Primary and complementary suppression: Hundepool et al., Statistical Disclosure Control, 2012.)
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

SMALLEST = 5
EXACT = 1e-6  # a share times its whole is a whole number, but for what floating point leaves
PEOPLE = frozenset({"customers", "ideal", "others", "leads", "accounts", "people", "answers", "members", "hits", "won", "lost", "n"})
WHOLES = {"hits": ("n", "customers", "ideal"), "ideal": ("customers",), "won": ("n",), "lost": ("n",), "decides": ("met",)}  # part -> what it is part of
SHARES = {"share": ("n", "customers"), "rate": ("n", "people"), "customer_share": ("n", "customers"), "others_rate": ("others",), "rest": ("others",)}  # -> of whom
STATED = frozenset({"needed", "baseline", "smallest"})  # thresholds of ours, which tell of nobody
NUMBERS = frozenset({"count", "number", "percent", "points", "money", "times", "days"})


def is_small(count, smallest: int = SMALLEST) -> bool:
    """Is the count one that may not be shown? A zero is nobody, and may."""
    return not pd.isna(count) and 0 < count < smallest


def gives_away(part, whole, smallest: int = SMALLEST) -> bool:
    """Does the part, shown beside its whole, tell of fewer than `smallest`: of those in it, or of the rest?"""
    return is_small(part, smallest) or is_small(whole - part, smallest)


def shares_few(share, whole, smallest: int = SMALLEST) -> bool:
    """Is the share that of a whole number of `whole`, so that both give away a small number of them, or of the rest?"""
    part = share * whole
    return not pd.isna(part) and 0 < share < 1 and abs(part - round(part)) < EXACT and gives_away(round(part), whole, smallest)


def suppress(frame: pd.DataFrame, counts: Sequence[str], *, smallest: int = SMALLEST, total: Mapping[str, int] | None = None,
             whole: Mapping[str, str] | None = None, values: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The frame with every cell held back (missing) that shows fewer than `smallest`, or would let a reader compute it.

    frame: a row a group; the groups do not overlap where a total is published.
    counts: columns of whole numbers. total: count -> the total that stands elsewhere in the report.
    whole: a part -> the count it is part of (`{"ideal": "customers"}`): the rest must not be small either.
    values: a mean, rate or sum -> the count it rests on; it goes when that count goes.
    A row whose whole is held back is held back throughout, for a share and its part give the whole away.
    Raises ValueError where the groups hold more than the total.
    """
    total, whole = dict(total or {}), dict(whole or {})
    known = frame[list(counts)].apply(pd.to_numeric).astype("Float64")
    held = known.map(is_small, smallest=smallest)
    for part, of in whole.items():
        held[part] |= (known[of] - known[part]).map(is_small, smallest=smallest)
    before = None
    while not held.equals(before):
        before = held.copy()
        for part, of in whole.items():
            held[part] |= held[of]
        for column in total:
            held[column] = _complement(known[column], held[column], total[column], smallest)
    return _without(frame, held, dict(values or {}))


def guard_table(frame: pd.DataFrame, formats: Mapping[str, str], smallest: int = SMALLEST) -> pd.DataFrame:
    """A table as it may be shown: a row that rests on too few people keeps its name and loses its numbers.

    formats: column -> format of its values. Columns named in PEOPLE count people; the total over the rows is taken as
    known to the reader, so that a single gap takes a second one with it. Where all but a few of a row's people are in a
    part of them, or in a share, these few could be subtracted: the row goes too.
    """
    counts = [column for column, spec in formats.items() if column in PEOPLE and spec == "count"]
    if not counts or frame.empty:
        return frame
    shares = [column for column, spec in formats.items() if spec == "percent"]
    gone = _held_rows(frame, counts, smallest, shares=shares, beside=[column for column in frame if column in PEOPLE and column not in counts])
    numbers = [column for column, spec in formats.items() if spec in NUMBERS]
    shown = frame.astype(dict.fromkeys(numbers, object))
    shown.loc[gone, numbers] = None
    return shown


def safe_rows(frame: pd.DataFrame, counts: Sequence[str], smallest: int = SMALLEST, *, parts: bool = True) -> pd.DataFrame:
    """The rows that a figure may draw: those of which every one of `counts` is nobody or at least `smallest`, and what
    is left of a whole (WHOLES) likewise.

    parts: the rows are parts of one total that the reader may know, so that a single gap takes a second one with it.
    """
    return frame[~_held_rows(frame, counts, smallest, parts=parts)] if len(frame) else frame


def rounded(counts, smallest: int = SMALLEST) -> np.ndarray:
    """Counts to the nearest multiple of `smallest`, for bars and fields of which none may tell a few people exactly
    (conventional rounding to a base: Hundepool et al., 2012)."""
    return smallest * np.round(np.asarray(counts, dtype=float) / smallest)


def guard_facts(facts: Mapping, smallest: int = SMALLEST, aside: Collection[str] = (), pairs: Collection[tuple[str, str]] = ()) -> dict:
    """A sentence's facts as they may be shown and recorded: a small count of people as `<5`, and no number beside it.

    Of 48, 46 would tell of the other two: such a part is `>43`. A share, mean, rate or interval that rests on so few, or
    on all but so few, goes too; counts of PEOPLE that are large enough stay.
    aside: further counts of people, which are told beside the statement: where one is small it goes alone.
    pairs: parts and their wholes, as the sentence tells them, beyond those of WHOLES.
    """
    held = _held_counts(facts, smallest, aside, pairs)
    told = any(_is_number(facts.get(of)) and _is_number(facts.get(share)) and shares_few(facts[share], facts[of], smallest)
               for share, wholes in SHARES.items() for of in wholes)
    if not told and held.keys().isdisjoint(PEOPLE):
        return dict(facts) | held
    kept = PEOPLE | STATED
    return {key: held.get(key, None if _is_number(value) and key not in kept else value) for key, value in facts.items()}


def _held_counts(facts: Mapping, smallest: int, aside: Collection[str], pairs: Collection[tuple[str, str]]) -> dict[str, str]:
    """The counts of people that may not be told, each as the bound that may."""
    people = PEOPLE | set(aside)
    known = {key: value for key, value in facts.items() if _is_number(value) and not pd.isna(value)}
    own = [(part, of) for part, wholes in WHOLES.items() for of in wholes]
    held = {part: f">{known[of] - smallest:.0f}" for part, of in (*own, *pairs)
            if part in people and {part, of} <= known.keys() and is_small(known[of] - known[part], smallest)}
    return held | {key: f"<{smallest}" for key, value in known.items() if key in people and is_small(value, smallest)}


def _is_number(value) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _held_rows(frame: pd.DataFrame, counts: Sequence[str], smallest: int, *, parts: bool = True, shares: Sequence[str] = (), beside: Sequence[str] = ()) -> pd.Series:
    """Which rows rest on too few people, or on all but a few, and which go with them so that subtraction tells nothing.

    beside: counts of the rows that are not shown there, and that a reader may know from elsewhere."""
    people = frame[list(counts)].apply(pd.to_numeric)
    gone, before = people.map(is_small, smallest=smallest).any(axis="columns"), None
    wholes = frame[[*counts, *beside]].apply(pd.to_numeric, errors="coerce")
    for part, of in ((part, of) for part, known in WHOLES.items() for of in known if part in counts and of in wholes):
        gone |= (wholes[of] - people[part]).map(is_small, smallest=smallest)
    for share, of in ((share, of) for share in shares for of in wholes):
        gone |= pd.Series([shares_few(*pair, smallest) for pair in zip(pd.to_numeric(frame[share]), wholes[of], strict=True)], index=frame.index)
    while parts and not gone.equals(before):
        before = gone.copy()
        for column in counts:
            gone |= _complement(people[column], gone, people[column].sum(), smallest)
    return gone


def _complement(known: pd.Series, held: pd.Series, total: float, smallest: int) -> np.ndarray:
    """Which cells to hold back, smallest first, so that the gap left by subtraction tells nothing."""
    held, size = held.to_numpy().copy(), known.fillna(0).to_numpy(dtype=float)
    unseen = total - size.sum()  # of groups that the frame does not show
    if unseen < 0:
        raise ValueError(f"The groups hold {size.sum():g}, more than the total of {total:g}: they overlap.")
    for row in np.argsort(np.where(size > 0, size, np.inf), kind="stable"):
        gap, cells = size[held].sum() + unseen, int(held.sum()) + (unseen > 0)
        if cells == 0 or (gap >= smallest and gap > cells and (cells > 1 or not held.any())):
            break
        held[row] = True
    return held


def _without(frame: pd.DataFrame, held: pd.DataFrame, values: Mapping[str, str]) -> pd.DataFrame:
    shown = frame.copy()
    for column in held:
        shown[column] = shown[column].astype("Int64").mask(held[column].to_numpy())
    for value, count in values.items():
        shown[value] = shown[value].astype(object).mask(held[count].to_numpy(), None)
    return shown
