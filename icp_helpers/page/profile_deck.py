"""The slides on a profile, put together from what the page has said; see slides.py for how they are written."""

import datetime as dt
from pathlib import Path

import pandas as pd

from icp_helpers.analysis.icp_file import Icp
from icp_helpers.page.slides import Bars, Slide, sentences, write_deck

# Title of a slide -> the sentences on it, by their ids.
SAID = {
    "Who are they?": ("realistic", "no_reach"),
    "Whom do we contact?": ("ranked_found", "ranked_score", "ranked_hypothesis", "ranked_none", "left_out", "held_out", "power"),
    "Which channels?": ("channels", "channels_fit", "effort"),
    "What do we say?": ("phrases", "campaign", "message"),
    "What do they need?": ("response", "solution", "cases", "response_effect", "feature"),
    "Who does what?": ("gaps", "within_budget", "over_budget", "follow_up", "agreed"),
    "Hypothesis or tested?": ("stand", "review"),
}


def write_profile_deck(path: Path, page, icp: Icp, channels: pd.DataFrame, messages: pd.DataFrame, departments: pd.DataFrame,
                       as_of: dt.date) -> None:
    """Write the deck: a slide a question, each with its sentences and at most one chart or table, limits at the end.

    channels: channel, cost; messages: phrase; departments: name, open, owners. Only aggregates are taken from them.
    """
    limits = [page.label(text) for text in page.catalogue.limits]
    shown = {
        "Who are they?": _shares(page, icp),
        "Which channels?": Bars(channels["channel"].tolist(), channels["cost"].tolist(), page.label("Cost of a won lead"), "#,##0"),
        "What do we say?": messages[["phrase"]].set_axis([page.label("Phrase")], axis="columns"),
        "Who does what?": departments[["name", "open", "owners"]].replace({"owners": {"": page.label("nobody")}}).set_axis(
            [page.label(word) for word in ("Department", "Still open", "Owners")], axis="columns"),
    }
    made = [_slide(page.label(title), sentences(page, *ids), shown.get(title), limits) for title, ids in SAID.items()]
    made = [slide for slide in made if slide.texts]
    last = Slide(page.label("What does this not show?"), limits)
    market = page.unit.market
    title = page.label("The ideal customer profile")
    write_deck(path, f"{title}: {market.name}", page.words.date(as_of), [*made, last], as_of=as_of, language=market.language)


def _shares(page, icp: Icp) -> Bars | None:
    """The share of ideal customers in each profile beside that of all; None where no profile was shown."""
    shares = [(page.words.criteria(one.criteria), one.ideal_share) for one in icp.profiles if one.ideal_share is not None]
    if not shares:
        return None
    everybody = (page.label("average"), icp.outcome.get("base_rate"))
    names, values = zip(*shares, everybody, strict=True)
    return Bars(list(names), list(values), page.label("Share of ideal customers"))


def _slide(title: str, texts: list[str], shown: Bars | pd.DataFrame | None, limits: list[str]) -> Slide:
    notes = "\n".join([*texts, *limits])
    return Slide(title, texts, shown if isinstance(shown, Bars) else None, shown if isinstance(shown, pd.DataFrame) else None, notes)
