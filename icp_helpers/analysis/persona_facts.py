"""What the page on personas shows: facts for its sentences, rows for its tables and figures, and the two contracts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from icp_helpers.analysis.intervals import newcombe, wilson
from icp_helpers.analysis.persona import LEVEL, blocks_measured
from icp_helpers.analysis.persona_cards import Persona
from icp_helpers.analysis.text import ENOUGH_SCORES, TONES

MOST_CHANNELS = 2  # told of one persona
JOURNEY = ["part", "who", "what", "measure", "value", "low", "high", "hits", "n"]


def stacked(personas: Iterable[Persona], frames: Mapping[str, pd.DataFrame], *, most: int) -> pd.DataFrame:
    """The frames of all personas, one below the other with `persona` before each row: `most` rows in all, and of each
    persona its first ones. No rows, and no columns but persona, where there is nothing."""
    filled = [(one, frames[one.id]) for one in personas if len(frames.get(one.id, ()))]
    each = max(1, most // max(len(filled), 1))
    parts = [frame.head(each).assign(persona=one.name) for one, frame in filled]
    return pd.concat(parts, ignore_index=True).head(most) if parts else pd.DataFrame(columns=["persona"])


def beside_criteria(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of a portrait that do not hold for every member: what all have in common is what found them."""
    return lines[lines["hits"] < lines["n"]].reset_index(drop=True)


def widest_line(personas: Iterable[Persona]) -> dict:
    """The line of all cards with the widest gap: persona, criterion, share, rest."""
    rows = [(row["share"] - row["rest"], one.name, row) for one in personas for row in one.lines.head(1).to_dict("records")]
    gap, name, row = max(rows, key=lambda found: found[0])
    return {"persona": name, "criterion": [row["criterion"]], "share": row["share"], "rest": row["rest"]}


def value_facts(values: pd.DataFrame) -> dict:
    """Facts of the sentence on values (persona.values_apart, not empty); unclear where the widest gap of all may be chance."""
    first = values.iloc[0]
    status = None if first["p_adjusted"] <= LEVEL or first["n"] < 30 else "unclear"
    return {"status": status, "trait": first["column"], "tried": len(values), **first[["difference", "low", "high", "n"]]}


def first_word(words: pd.DataFrame) -> dict:
    """The facts of the word that most members write: word, share, rest, members, n; {} where there is none."""
    if words.empty:
        return {}
    first = words.iloc[0]
    return {"word": first["word"], "share": first["share"], "rest": first["rest_share"], "members": first["members"], "n": first["everybody"]}


def told_tones(personas: Iterable[Persona], words: Mapping[str, pd.DataFrame]) -> list[Persona]:
    """The personas whose tone is told: those of whom a word has a clear one, or, for all without, the first with words."""
    spoken = [one for one in personas if len(words[one.id])]
    return [one for one in spoken if words[one.id]["tone"].ne("not clear").any()] or spoken[:1]


def telling_tone(words: pd.DataFrame) -> dict:
    """The facts of one word's tone, the first pain's or, without one, the first word's: word, difference, low, high, n."""
    pains = words[words["tone"] == "pain"]
    first = (pains if len(pains) else words).iloc[0]
    return {"word": first["word"], "difference": first["difference"], "low": first["tone_low"], "high": first["tone_high"],
            "n": first["tone_n"], "needed": ENOUGH_SCORES}


def pains_and_praise(words: pd.DataFrame) -> dict:
    """The words by their tone: status (found with a pain, info with praise alone, none), pains, praise, open."""
    by = {tone: ", ".join(words["word"][words["tone"] == tone].head(6)) for tone in TONES}
    status = "found" if by["pain"] else "info" if by["praise"] else "none"
    return {"status": status, "pains": by["pain"], "praise": by["praise"] or "–", "open": by["not clear"] or "–"}


def largest_loss(steps: pd.DataFrame) -> dict:
    """Where most journeys are lost, with the share that ends in a purchase; {} where there are no journeys."""
    if not steps["n"].max():
        return {}
    leads = steps["leads"].to_numpy(dtype=float)
    kept = np.divide(leads[1:], leads[:-1], out=np.ones(len(leads) - 1), where=leads[:-1] > 0)
    place, last = int(np.argmin(kept)), steps.iloc[-1]
    return {"stage": steps["stage"][place], "next": steps["stage"][place + 1], "kept": kept[place], "reached": last["share"],
            "low": last["low"], "high": last["high"], "n": int(last["n"])}


def missing_touches(steps: pd.DataFrame) -> str | None:
    """The first stage with more journeys on record than the stage before it; None where there is none."""
    more = steps["recorded"].diff() > 0
    return steps["stage"][more.idxmax()] if more.any() else None


def buys(members: pd.DataFrame, others: pd.DataFrame) -> dict:
    """Facts of the sentence that compares how often journeys of members and of others end in a purchase."""
    one, other = members.iloc[-1], others.iloc[-1]
    if not one["n"] or not other["n"]:
        return {"status": "not_supplied"}
    low, high = newcombe(one["leads"], one["n"], other["leads"], other["n"])
    return {"share": one["share"], "rest": other["share"], "difference": one["share"] - other["share"], "low": low, "high": high,
            "n": int(min(one["n"], other["n"]))}


def longest_stage(times: pd.DataFrame) -> dict:
    """Facts of the sentence on the stage that takes longest; a stage that less than half have left is longer than any."""
    entered = times[times["n"] > 0]
    if entered.empty:
        return {"status": "not_supplied"}
    row = entered.loc[entered["days"].fillna(np.inf).idxmax()]
    facts = {"stage": row["stage"], "n": int(row["n"]), "open": int(row["n"] - row["ended"])}
    if pd.isna(row["days"]):
        return {"status": "unclear", **facts}
    return {"status": "found", **facts, **{key: float(row[key]) for key in ("days", "low", "high")}}


def worded(facts: Mapping, label: Callable[[str], str]) -> dict:
    """The facts with the names of stages in the reader's language."""
    return {key: label(value) if key in ("stage", "next") else value for key, value in facts.items()}


def with_own_interval(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `journey.channel_reach` with low and high of the members' share instead of the difference."""
    low, high = wilson(table["hits"].to_numpy(float), table["n"].to_numpy(float)) if len(table) else (table["low"], table["high"])
    return table.assign(low=low, high=high)


def channels_to_tell(table: pd.DataFrame, clear: pd.DataFrame) -> list[dict]:
    """The facts of a persona's sentences on channels: what she uses clearly more, else the widest gap as unclear."""
    names = ["channel", "share", "rest", "difference", "low", "high", "hits", "n"]
    more = clear[clear["difference"] > 0].head(MOST_CHANNELS)
    if len(more):
        return more[names].to_dict("records")
    less = clear[clear["difference"] < 0].tail(1)
    if len(less) or table.empty:
        return less[names].to_dict("records")
    widest = table.loc[table["difference"].abs().idxmax(), names].to_dict()
    return [{**widest, "status": "too_few" if widest["n"] < 30 else "unclear"}]


def credit_facts(credit: pd.DataFrame, *, found: bool) -> dict:
    """Facts of the sentence on credit; without a proven effect the channels that first and last touch would name."""
    counts = {key: credit.attrs[key] for key in ("journeys", "bought")}
    if credit.empty:
        return counts
    if found:
        return counts | credit.loc[0, ["channel", "removal", "low", "high", "first", "last"]].to_dict()
    return counts | {which: credit["channel"][credit[which].idxmax()] for which in ("first", "last")}


def credit_shown(told: pd.DataFrame, *, proven: bool) -> dict:
    """The facts of the figure on credit: the first channel by removal where that is proven, else by first touch."""
    if proven:
        return {"channel": told["channel"].iloc[0], "removal": told["removal"].iloc[0]}
    row = told.loc[told["first"].idxmax()]
    return {"channel": row["channel"], "share": row["first"]}


def counted(*, values: Mapping, words: Mapping, channels: Mapping, deciders: Mapping, name: Callable, words_of: Callable) -> dict:
    """The further parts of the contract `personas`: kind -> profile -> what, value, rest, low, high, hits, n."""
    def who(frame):
        told = [role if isinstance(role, str) else words_of([one]) for role, one in zip(frame["role"], frame["criterion"], strict=True)]
        return frame.assign(what=told, value=frame["share"])
    return {
        "value": {key: frame.assign(what=frame["column"].map(name), value=frame["difference"], rest=np.nan) for key, frame in values.items()},
        "word": {key: frame.assign(what=frame["word"], value=frame["share"], rest=frame["rest_share"], hits=frame["members"],
                                   n=frame["everybody"], low=np.nan, high=np.nan) for key, frame in words.items()},
        "channel": {key: frame.assign(what=frame["channel"], value=frame["share"], low=np.nan, high=np.nan) for key, frame in channels.items()},
        "decider": {key: who(frame) for key, frame in deciders.items()},
    }


def journey_table(sides: Mapping, times: pd.DataFrame, paths: pd.DataFrame, reach: Mapping, credit: pd.DataFrame) -> pd.DataFrame:
    """The contract `journey`: a row a fact. part: stage, time, path, channel, credit; who: all, members, all others or a profile."""
    parts = [steps.assign(part="stage", who=who, what=steps["stage"], measure="share", value=steps["share"], hits=steps["leads"])
             for who, steps in sides.items()]
    parts += [times.assign(part="time", who="all", what=times["stage"], measure="median days", value=times["days"], hits=times["ended"]),
              paths.assign(part="path", who="all", what=paths["path"], measure="share", value=paths["share"], hits=paths["leads"])]
    parts += [table.assign(part="channel", who=key, what=table["channel"], measure="difference", value=table["difference"])
              for key, table in reach.items()]
    parts += [credit.assign(part="credit", who="all", what=credit["channel"], measure=name, value=credit[name], n=credit["journeys"],
                            low=credit["low"] if name == "removal" else np.nan, high=credit["high"] if name == "removal" else np.nan)
              for name in ("first", "last", "removal")]
    table = pd.concat([part.reindex(columns=JOURNEY) for part in parts if len(part)] or [pd.DataFrame(columns=JOURNEY)], ignore_index=True)
    return table.astype({**dict.fromkeys(JOURNEY[:4], "str"), **dict.fromkeys(JOURNEY[4:], float)})


def parts_measured(personas: Iterable[Persona], columns: Iterable[str], **tables: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """`persona.blocks_measured` of the traits, the tables that hold a row, and the columns of the personas' criteria."""
    held = [name for name, rows in tables.items() if rows.notna().to_numpy().any()]
    return blocks_measured(columns, held, [column for one in personas for column in one.columns])


def measured_facts(measured: pd.DataFrame, label: Callable[[str], str]) -> dict:
    """What is said of `persona.blocks_measured`: status, blocks (the measured parts) and missing, in the words of `label`."""
    have, lack = (", ".join(measured["block"][rows].map(label)) for rows in (measured["measured"], ~measured["measured"]))
    return {"status": "none" if not have else "found" if lack else "info", "blocks": have, "missing": lack}


def sorted_facts(measured: pd.DataFrame, label: Callable[[str], str]) -> dict:
    """How the criteria of the profiles fall on the parts: status (found; none without a criterion in any), criteria (of who
    they are), and other, the parts of the rest in the words of `label`."""
    first, rest = measured.iloc[0], measured.iloc[1:]
    other = ", ".join(label(block) for block in rest["block"][rest["criteria"].map(len) > 0])
    status = "none" if not measured["criteria"].map(len).sum() else "unclear" if not first["criteria"] else "found" if other else "info"
    return {"status": status, "criteria": first["criteria"], "other": other}
