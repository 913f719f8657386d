"""The sample markets, one plan each: which truth is planted in which market, and what its tables lack."""

from __future__ import annotations

from dataclasses import dataclass, field

from .danish import LABELS, LEVELS
from .profiles import B2B, B2C, DRIFT, SMALL

AS_OF = "2026-06-30"
DEFAULT_SEED = 20260630
ROLLOUT = "2026-01-01"
ALL = ("customers", "orders", "order_lines", "leads", "touchpoints", "surveys", "reviews", "tickets", "usage", "referrals", "spend",
       "contacts", "competitors", "market", "prospects", "goals", "actions", "beliefs", "social")
# What a firm writes down as it works with its profile; a market with these also knows its discounts.
PRACTICE = ("campaigns", "products", "approvals", "feedback", "lessons", "cases")


@dataclass(frozen=True)
class Plan:
    """One market to be made. `direction`: 1 members do better, -1 worse, 0 no trait has any effect.

    `share` of the leads are led into each profile; `drift_on`: from that day the second profile carries the effect
    instead of the first; `trend`: how much the pace of orders grows a month, times `direction`; `levels` renames levels, `theirs` the headings of customers.csv, as a market's own CRM would;
    `leaks` adds a column that is known after the purchase only, `flaws` the faults that every export has.
    """

    slug: str
    name: str
    kind: str
    language: str
    currency: str
    timezone: str
    customers: int
    profiles: tuple
    tables: tuple
    purpose: dict
    direction: int = 1
    share: float = 0.02
    months: int = 36
    ordinary: int = 30
    missing: float = 0.07
    middle_order: float = 4000.0
    drift_on: str | None = None
    rollout: str | None = ROLLOUT
    value_event: str | None = None
    segments: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)
    trend: float = 0.01
    leaks: bool = False
    flaws: bool = False
    prospects: int = 600
    accounts: int = 30_000


def _regions(*names):
    return dict(zip(("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland"), names, strict=True))


def _offices(*names):
    return dict(zip(("Copenhagen", "Odense", "Aarhus"), names, strict=True))


MARKETS = (
    Plan("nordlys-dk", "Nordlys Danmark", "b2b", "da", "DKK", "Europe/Copenhagen", 2500, B2B, (*ALL, *PRACTICE, "technologies"),
         {"focus": "Danske virksomheder, der køber jævnligt", "objective": "Flere kunder, der bliver og anbefaler os",
          "hypothesis": "Sælger vi til dem, der ligner vores bedste kunder, stiger andelen af vundne leads"},
         value_event="first_export", segments={"hovedstaden": "region = 'Hovedstaden'"}, levels=LEVELS, labels=LABELS, leaks=True, flaws=True,
         theirs={"kundenr": "customer_id", "kunde_siden": "acquired_on", "stoppet_den": "left_on", "branche": "industry",
                 "ansatte": "employees", "omsaetning": "revenue"}),
    Plan("nordlys-se", "Nordlys Sverige", "b2c", "da", "SEK", "Europe/Stockholm", 2500, B2C, (*ALL, *PRACTICE, "subscriptions"),
         {"focus": "Private husstande i Sverige", "objective": "Flere trofaste kunder og færre returneringer",
          "hypothesis": "Målretter vi budskab og kanal, falder prisen pr. kunde"},
         share=0.005, middle_order=900.0, levels=LEVELS, labels=LABELS, accounts=400_000, value_event="first_export"),
    Plan("nordlys-no", "Nordlys Norge", "b2b", "en", "NOK", "Europe/Oslo", 1500, B2B, ALL,
         {"focus": "Norwegian firms", "objective": "Find out whether there is a profile at all",
          "hypothesis": "Some firms are better customers than others, and we can tell them beforehand"}, direction=0,
         levels={**_regions("Oslo", "Innlandet", "Vestland", "Trøndelag", "Nordland"), **_offices("Oslo", "Bergen", "Trondheim")},
         value_event="first_export"),
    Plan("nordlys-de", "Nordlys Deutschland", "b2b", "en", "EUR", "Europe/Berlin", 1500, DRIFT, (*ALL, "subscriptions"),
         {"focus": "German firms that trade", "objective": "Know in time when the profile changes",
          "hypothesis": "Warehouses are our best customers"}, share=0.05, months=18, middle_order=550.0, drift_on="2026-03-01",
         levels={**_regions("Berlin", "Hamburg", "Bayern", "Hessen", "Sachsen"), **_offices("Berlin", "Hamburg", "München")},
         rollout=None, value_event="first_export", accounts=80_000),
    Plan("nordlys-fi", "Nordlys Finland", "b2b", "en", "EUR", "Europe/Helsinki", 40, (SMALL,),
         ("customers", "orders", "leads", "surveys", "tickets", "referrals", "prospects", "goals", "actions", "beliefs"),
         {"focus": "Finnish builders", "objective": "Grow from the first forty customers",
          "hypothesis": "Building firms with 10 to 50 people fit us best"}, share=0.2, months=24, middle_order=550.0, prospects=200,
         levels={**_regions("Uusimaa", "Pirkanmaa", "Turku", "Oulu", "Lappi"), **_offices("Helsinki", "Turku", "Oulu")}, rollout=None),
    Plan("nordlys-is", "Nordlys Ísland", "b2b", "en", "ISK", "Atlantic/Reykjavik", 0, (SMALL,),
         ("prospects", "market", "beliefs", "goals", "actions", "competitors"),
         {"focus": "Icelandic builders", "objective": "Decide whom to try first",
          "hypothesis": "Building firms with 10 to 50 people buy from us, because they lack reliable subcontractors"},
         share=0.05, prospects=300, accounts=2_500, rollout=None,
         levels={**_regions("Reykjavík", "Suðurnes", "Suðurland", "Norðurland", "Austurland"), **_offices("Reykjavík", "Selfoss", "Akureyri")}),
)


def small_plan(kind: str, customers: int) -> Plan:
    """A market for tests: `signal` (builders do better), `mirror` (the same, they do worse) or `flat` (nothing planted)."""
    direction = {"signal": 1, "mirror": -1, "flat": 0}[kind]
    return Plan(kind, kind.capitalize(), "b2b", "en", "DKK", "Europe/Copenhagen", customers, (SMALL,),
                tuple(name for name in (*ALL, *PRACTICE) if name not in ("competitors", "market", "beliefs", "actions", "social")),
                {"focus": "All firms", "objective": "Loyal customers", "hypothesis": "Builders are better customers"},
                direction=direction, share=0.3, months=36, trend=0.02, ordinary=8, prospects=60, value_event="first_export")
