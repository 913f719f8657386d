"""The personas of an icp.yml: which members each stands for, its card, and who decides in its deals or lives in its home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import IcpProfile, read_icp
from icp_helpers.analysis.intervals import wilson
from icp_helpers.analysis.persona import criteria_of, invented_name, portrait, sets_apart

BARS = 6
HOUSEHOLD = ("household", "household_size", "has_children", "children", "housing", "owns_home", "life_stage", "cars", "has_pet")
ROLES = ["role", "hits", "n", "share", "low", "high", "rest"]
PERSONAS = ["profile", "persona", "kind", "fiction", "what", "value", "rest", "low", "high", "hits", "n"]


@dataclass(frozen=True)
class Persona:
    """One profile's persona. `name` and the face drawn from `key` are invented; `lines` and `portrait` are counted.

    members: a boolean a row of the traits. lines: as `persona.sets_apart`, six at most; portrait: as `persona.portrait`.
    """

    id: str
    key: str
    name: str
    criteria: tuple[Criterion, ...]
    members: np.ndarray
    lines: pd.DataFrame
    portrait: pd.DataFrame

    @property
    def customers(self) -> int:
        return int(self.members.sum())

    @property
    def columns(self) -> list[str]:
        """The columns of the profile's own criteria."""
        return list(dict.fromkeys(one.column for one in self.criteria))


def make_personas(icp: Mapping, traits: pd.DataFrame, *, smallest: int = 5, seed: int = 0) -> list[Persona]:
    """A persona for each profile that was found and has as many members as the smallest cell; none for a hypothesis."""
    content = read_icp(icp)
    if content.status != "found" or traits.empty:
        return []
    made: list[Persona] = []
    criteria = criteria_of(traits)
    for profile in content.profiles:
        members = profile.members(traits)
        if members.sum() < smallest:
            continue
        key, own = f"{content.unit} {profile.id}", list(dict.fromkeys(one.column for one in profile.criteria))
        apart = sets_apart(criteria, members, skip=own)
        apart = apart[apart["hits"] >= smallest].head(BARS)
        name = invented_name(key, [one.name for one in made])
        made.append(Persona(profile.id, key, name, profile.criteria, members, apart if len(apart) else _of_criteria(profile, traits, members),
                            portrait(traits, members, [*own, *apart["column"]], smallest=smallest, seed=seed)))
    return made


def _of_criteria(profile: IcpProfile, traits: pd.DataFrame, members: np.ndarray) -> pd.DataFrame:
    """Lines for a card where nothing but the criteria sets the members apart: how many others meet each."""
    rest = [float(one.mask(traits[~members]).mean()) if (~members).any() else np.nan for one in profile.criteria]
    return pd.DataFrame({"column": [one.column for one in profile.criteria], "criterion": list(profile.criteria), "hits": int(members.sum()),
                         "n": int(members.sum()), "share": 1.0, "rest": rest, "low": np.nan, "high": np.nan})


def who_decides(personas: Iterable[Persona], journeys: Mapping[str, set[str]], contacts: pd.DataFrame, traits: pd.DataFrame, *, kind: str,
                smallest: int = 5, seed: int = 0) -> dict[str, pd.DataFrame]:
    """For each persona by its id: between firms (`kind` b2b) the roles of its deals, in a home the lines of its household.

    role or criterion (the other missing), hits, n, share, low, high, rest.
    """
    if kind != "b2b":
        return {one.id: households(traits, one, smallest=smallest, seed=seed).assign(role=None) for one in personas}
    leads = {one.id: {name.removeprefix("lead ") for name in journeys[one.id]} for one in personas}
    return {key: deciding_roles(contacts, own, smallest=smallest).assign(criterion=None) for key, own in leads.items()}


def households(traits: pd.DataFrame, persona: Persona, *, smallest: int = 5, seed: int = 0) -> pd.DataFrame:
    """The lines of a persona's household, as `persona.portrait`, the widest gap first; low and high are of the share itself."""
    asked = [name for name in HOUSEHOLD if name in traits and name not in persona.columns]
    lines = portrait(traits, persona.members, asked, smallest=smallest, seed=seed)
    if len(lines):
        lines["low"], lines["high"] = wilson(lines["hits"].to_numpy(), lines["n"].to_numpy())
    return lines.iloc[np.argsort((lines["rest"] - lines["share"]).to_numpy(float), kind="stable")].reset_index(drop=True)


def deciding_roles(contacts: pd.DataFrame, leads: Iterable[str], *, smallest: int = 5) -> pd.DataFrame:
    """Of the deals of `leads` in which a role takes part, in how many it decides: role, hits of n deals, share with its
    Wilson interval, and `rest`, the share in all other deals; the role that decides most often first."""
    known = contacts[contacts["decides"].notna()]
    deals = known.assign(decides=known["decides"].astype(bool)).groupby(["lead_id", "role"])["decides"].any().reset_index()
    inside = deals["lead_id"].isin(set(leads))
    counts = [deals[rows].groupby("role")["decides"].agg(["sum", "size"]) for rows in (inside, ~inside)]
    table = counts[0].join(counts[1].add_suffix("_rest"), how="left").fillna(0.0)
    table = table[table["size"] >= smallest].astype(float)
    low, high = wilson(table["sum"].to_numpy(), table["size"].to_numpy()) if len(table) else (table["sum"], table["sum"])
    rest = (table["sum_rest"] / table["size_rest"]).where(table["size_rest"] > 0)
    made = pd.DataFrame({"role": table.index.astype(object), "hits": table["sum"].to_numpy(int), "n": table["size"].to_numpy(int),
                         "share": (table["sum"] / table["size"]).to_numpy(), "low": low, "high": high, "rest": rest.to_numpy()})
    return made.sort_values(["share", "n"], ascending=False, ignore_index=True)[ROLES]


def member_journeys(persona: Persona, traits: pd.DataFrame, leads: pd.DataFrame) -> set[str]:
    """The journeys of a persona's members: leads whose own traits meet the criteria, and the customers among them.

    Where the leads lack a column of the criteria nobody can say which of them are members, and only customers are told.
    """
    own = {f"customer {one}" for one in traits.index[persona.members]}
    if len(leads) and all(one.column in leads for one in persona.criteria):
        fits = np.logical_and.reduce([one.mask(leads) for one in persona.criteria])
        own |= {f"lead {one}" for one in leads["lead_id"][fits]}
    return own


def personas_table(personas: Iterable[Persona], parts: Mapping[str, Mapping[str, pd.DataFrame]], words) -> pd.DataFrame:
    """The contract `personas`: a row a fact. `parts`: kind -> profile id -> a frame with `what` and counted columns; `words`
    turns a list of criteria into text. Name and face are marked as fiction, everything else is counted."""
    rows = []
    for persona in personas:
        rows.append({"kind": "name", "what": persona.name, "fiction": True, "n": persona.customers})
        lines = [{"kind": "criterion", "what": words([one]), "n": persona.customers} for one in persona.criteria]
        for kind, frame in (("trait", persona.lines), ("portrait", persona.portrait)):
            lines += [{**row, "kind": kind, "what": words([row["criterion"]]), "value": row["share"]} for row in frame.to_dict("records")]
        for kind, by_profile in parts.items():
            lines += [{**row, "kind": kind} for row in by_profile.get(persona.id, pd.DataFrame()).to_dict("records")]
        rows += [{"fiction": False, **line} for line in lines]
        for row in rows:
            row.setdefault("profile", persona.id)
            row.setdefault("persona", persona.name)
    table = pd.DataFrame(rows).reindex(columns=PERSONAS)
    return table.astype({"profile": "str", "persona": "str", "kind": "str", "what": "str", "fiction": bool,
                         **dict.fromkeys(["value", "rest", "low", "high", "hits", "n"], float)})
