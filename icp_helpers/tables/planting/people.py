"""Who the customers are: the traits that the profiles need, and the ordinary ones that every register is full of."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm, rankdata

LIKERT_CUTS = (-1.3, -0.4, 0.6, 1.4)


@dataclass(frozen=True)
class Trait:
    """One column drawn from a normal score: `loads` on the common factors, the rest of its variance its own.

    kind `number` gives exp(middle + spread x score), `most` at most; `likert` 1-5; `flag` true for the upper `share`;
    `level` one of `levels` by `shares`.
    """

    name: str
    kind: str = "likert"
    loads: dict = field(default_factory=dict)
    middle: float = 0.0
    spread: float = 1.0
    digits: int = 0
    most: float = np.inf
    share: float = 0.3
    levels: tuple = ()
    shares: tuple = ()

    def draw(self, rng, factors: dict, shift=0.0) -> np.ndarray:
        own = np.sqrt(max(0.0, 1.0 - sum(load**2 for load in self.loads.values())))
        score = own * rng.standard_normal(len(next(iter(factors.values()))))
        score = score + sum(load * factors[name] for name, load in self.loads.items()) + shift
        if self.kind == "number":
            return np.round(np.minimum(np.exp(self.middle + self.spread * score), self.most), self.digits)
        if self.kind == "flag":
            return score > norm.ppf(1 - self.share)
        if self.kind == "level":
            place = np.searchsorted(np.cumsum(self.shares)[:-1], norm.cdf(score))
            return np.array(self.levels, dtype=object)[place]
        return 1 + np.searchsorted(LIKERT_CUTS, score)


def stream(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for each named table, so that one table more never changes the others."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def standardised(values) -> np.ndarray:
    """Normal scores of the ranks: a factor that other traits can load on."""
    return norm.ppf((rankdata(values) - 0.5) / max(1, len(values)))


def _number(name, middle, spread=0.6, digits=0, most=np.inf, **loads):
    return Trait(name, "number", loads, middle=float(np.log(middle)), spread=spread, digits=digits, most=most)


def _level(name, levels, shares, **loads):
    return Trait(name, "level", loads, levels=tuple(levels), shares=tuple(shares))


def _flag(name, share, **loads):
    return Trait(name, "flag", loads, share=share)


NUISANCE_B2B = (
    _number("revenue", 30e6, 1.2, -5, size=0.9), _number("locations", 2, 0.6, size=0.7), _number("fleet_size", 4, 0.9, size=0.6),
    _level("region", ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland"), (.33, .14, .2, .23, .1), place=1),
    _level("sales_office", ("Copenhagen", "Odense", "Aarhus"), (.47, .2, .33), place=.97),
    _number("years_in_business", 14, 0.8, size=0.3), _number("growth", 4, 0.9, 1, growth=0.7), _flag("web_shop", 0.4, digital=0.6),
    Trait("it_maturity", loads={"digital": 0.7, "size": 0.3}), _flag("erp_system", 0.45, size=0.5, digital=0.4),
    _level("ownership", ("private", "family", "fund", "public"), (.5, .3, .12, .08), size=0.4),
    _level("credit_rating", ("A", "B", "C", "D"), (.3, .4, .2, .1), growth=-0.3), _flag("iso_certified", 0.25, size=0.4),
    _number("export_share", 12, 0.9, most=100, growth=0.3), _flag("public_customers", 0.3), _number("marketing_budget", 150e3, 1.0, -3, size=0.6),
    _number("payment_terms", 24, 0.35), _flag("newsletter", 0.35, digital=0.3), _flag("parent_company", 0.25, size=0.5),
    _number("apprentices", 1.5, 0.7, size=0.5), _number("remote_share", 18, 0.8, most=100, digital=0.5),
    _level("acquisition_channel", ("search", "referral", "fair", "cold call"), (.35, .25, .2, .2)),
    Trait("innovation", loads={"growth": 0.6, "digital": 0.3}), Trait("risk_appetite", loads={"growth": 0.5}),
    _number("board_members", 3, 0.4, size=0.4), _flag("own_it_staff", 0.3, size=0.6, digital=0.3),
    _level("energy_label", ("A", "B", "C", "D"), (.2, .35, .3, .15)), _number("suppliers", 40, 0.8, size=0.5),
    Trait("openness"), _flag("member_of_association", 0.5), _number("visits_to_site", 6, 0.7, digital=0.3),
    _number("distance_km", 45, 0.8, place=0.6),
)

NUISANCE_B2C = (
    _number("household_size", 2.2, 0.45, children=0.6),
    _level("region", ("Stockholm", "Västra Götaland", "Skåne", "Uppsala", "Norrland"), (.27, .25, .22, .11, .15), place=1),
    _level("store", ("Stockholm", "Göteborg", "Malmö"), (.37, .3, .33), place=.97),
    _level("education", ("school", "vocational", "bachelor", "master"), (.2, .4, .25, .15), wealth=0.5),
    _level("occupation", ("employee", "self-employed", "student", "other"), (.62, .12, .12, .14), age=-0.4),
    _number("cars", 1.1, 0.5, wealth=0.5), _number("commute_km", 14, 0.8, place=0.4), _flag("has_pet", 0.35),
    _flag("newsletter", 0.4, digital=0.3), _level("device_system", ("Android", "iOS"), (.5, .5), wealth=0.3),
    _level("payment", ("card", "invoice", "mobile"), (.5, .25, .25), digital=0.5),
    _number("years_at_address", 7, 0.9, age=0.6), _number("travel_days", 12, 0.8, wealth=0.5), _number("tv_hours", 9, 0.6, age=0.5),
    _flag("club_member", 0.3), _level("delivery", ("home", "parcel shop", "store"), (.4, .4, .2), digital=-0.4),
    _number("distance_to_store", 9, 0.9, place=0.5), _flag("loyalty_card", 0.45, age=0.2), Trait("interest_in_news", loads={"age": 0.4}),
    Trait("outdoor_life"), Trait("eco_focus", loads={"digital": 0.2}), _number("visits_to_site", 6, 0.7, digital=0.4),
    _number("newsletter_opens", 5, 0.8, digital=0.4), _level("first_device", ("phone", "computer", "tablet"), (.5, .35, .15), digital=-0.3),
    _number("streaming_services", 2, 0.5, digital=0.5), _flag("has_garden", 0.45, place=0.4), _flag("has_boat", 0.1),
    Trait("brand_loyalty", loads={"age": 0.3}), Trait("impulsiveness", loads={"age": -0.3}), _number("savings", 90e3, 1.1, -3, wealth=0.7),
    _flag("season_ticket", 0.15), _number("sport_hours", 3, 0.7, digital=-0.1),
)

# What a profile's marks are drawn as where it is not the answer to a question on a scale of one to five.
OTHER_MARKS = {
    trait.name: trait for trait in (
        _number("certificate_count", 1.4, 0.7), _number("claims", 1.5, 0.8), _number("outsourced_share", 25, 0.6, most=100),
        _flag("budget_known", 0.35), _flag("needs_cold_transport", 0.3), _flag("needs_traceability", 0.3),
        _flag("prefers_subscription", 0.4), _flag("owns_home", 0.5, age=0.4), _level("gender", ("man", "woman"), (.5, .5)), _flag("sensitive_skin", 0.25),
        _flag("decides_by_reviews", 0.35, digital=0.3), _flag("niche_brands", 0.2), _number("online_share", .35, 0.5, 2, most=1, digital=0.4),
        _flag("recommended_by_family", 0.25), _number("howto_questions", 1.2, 0.7),
    )
}


def nuisance(kind: str) -> dict:
    """The ordinary traits of a market of that kind, by name; a profile's mark may be one of them."""
    return {trait.name: trait for trait in (NUISANCE_B2B if kind == "b2b" else NUISANCE_B2C)}


def mark(name: str, kind: str) -> Trait:
    return OTHER_MARKS.get(name) or nuisance(kind).get(name) or Trait(name)
