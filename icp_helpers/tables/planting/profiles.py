"""The nine example profiles of the guide, as criteria that raise the outcome and marks that describe the members."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Profile:
    """A planted profile: all `criteria` (column, op, value) must hold; `marks` only occur more often among members.

    A mark's number is the shift of the members on the normal scale that the trait is drawn from (people.Trait); of a trait with levels it is the later ones that are reached.
    """

    name: str
    criteria: tuple
    marks: dict = field(default_factory=dict)
    channels: tuple = ()
    pains: tuple = ()

    def members(self, traits) -> np.ndarray:
        """Who meets every criterion; `traits` is a mapping of columns with nothing missing yet."""
        return np.logical_and.reduce([meets(traits[column], op, value) for column, op, value in self.criteria])

    def as_dict(self) -> dict:
        criteria = [{"column": column, "op": op, "value": value} for column, op, value in self.criteria]
        return {"name": self.name, "criteria": criteria, "marks": sorted(self.marks),
                "channels": list(self.channels), "pains": list(self.pains)}


def meets(values, op: str, value) -> np.ndarray:
    """One criterion on one column without missing values."""
    tests = {
        "in": lambda: np.isin(values, value),
        "is": lambda: np.asarray(values) == value,
        "between": lambda: (values >= value[0]) & (values <= value[1]),
        ">=": lambda: values >= value,
        "<=": lambda: values <= value,
        "has": lambda: np.array([value in items for items in values], dtype=bool),
    }
    return np.asarray(tests[op](), dtype=bool)


B2B = (
    Profile(
        "contractor",
        (("industry", "in", ["construction"]), ("employees", "between", [10, 50]), ("project_value", ">=", 4_000_000)),
        {"value_precision": 1.0, "value_deadlines": 1.1, "value_transparency": 0.9, "prefers_hassle_free": 1.0,
         "price_sensitivity": -1.0},
        ("referral", "phone", "trade_fair"), ("deadlines", "errors"),
    ),
    Profile(
        "food producer",
        (("industry", "in", ["food"]), ("own_production", "is", True), ("sales_channel", "in", ["retail", "export"])),
        {"needs_cold_transport": 1.2, "needs_traceability": 1.1, "needs_flexible_delivery": 0.9, "certificate_count": 0.9,
         "value_process": 1.0},
        ("trade_fair", "google", "email"), ("cold_chain", "documentation"),
    ),
    Profile(
        "industrial firm",
        (("industry", "in", ["manufacturing"]), ("employees", ">=", 30), ("risk_index", ">=", 55)),
        {"needs_industry_expertise": 1.1, "needs_tailored": 1.0, "value_advice": 1.0, "claims": 0.9,
         "premium_focus": 0.8, "crisis_focus": 0.8},
        ("phone", "linkedin", "referral"), ("claims", "adviser"),
    ),
    Profile(
        "property manager",
        (("industry", "in", ["property management"]), ("buildings", ">=", 3), ("internal_staff", "<=", 5)),
        {"prefers_one_vendor": 1.1, "value_flexibility": 0.9, "value_fast_response": 1.1, "value_long_run_cost": 0.9,
         "outsourced_share": 1.0, "value_proactive": 1.0},
        ("google", "phone", "email"), ("response", "many_vendors"),
    ),
    Profile(
        "consultancy",
        (("industry", "in", ["consulting"]), ("new_lease_days", "<=", 90)),
        {"value_brand": 0.9, "needs_ergonomics": 1.0, "needs_aesthetics": 1.0, "needs_function": 0.8,
         "value_design": 1.1, "value_sustainability": 0.8, "value_danish_made": 0.9, "detail_minded": 0.8,
         "budget_known": 1.0},
        ("linkedin", "google", "webinar"), ("noise", "move"),
    ),
)

B2C = (
    Profile(
        "family in a house",
        (("housing", "in", ["detached house"]), ("has_children", "is", True), ("age", "between", [35, 55])),
        {"owns_home": 1.0, "value_security": 1.2, "value_easy_installation": 1.0, "value_service": 0.8,
         "prefers_subscription": 1.0, "value_reliability": 0.9},
        ("google", "trustpilot"), ("burglary", "installation"),
    ),
    Profile(
        "skin care in the city",
        (("age", "between", [20, 30]), ("interests", "has", "skin care"), ("urbanicity", "in", ["city"])),
        {"gender": 1.3, "value_ingredients": 1.1, "value_sustainability": 0.9, "value_aesthetics": 1.0,
         "sensitive_skin": 0.9, "prefers_subscription": 0.6, "decides_by_reviews": 1.0},
        ("instagram", "tiktok"), ("irritation", "ingredients"),
    ),
    Profile(
        "cyclist with gadgets",
        (("age", "between", [35, 50]), ("interests", "has", "cycling"), ("income", ">=", 450_000)),
        {"gender": -1.1, "price_sensitivity": -1.0, "value_expertise": 1.0, "niche_brands": 1.0, "online_share": 0.9,
         "value_returns": 0.9},
        ("forum", "blog"), ("advice", "returns"),
    ),
    Profile(
        "pensioner",
        (("age", ">=", 65), ("value_ease_of_use", ">=", 4)),
        {"value_plain_language": 1.2, "value_telephone_support": 1.1, "recommended_by_family": 1.0, "howto_questions": 0.8},
        ("phone", "shop"), ("complicated", "jargon"),
    ),
)

# The drift market: the first profile carries the effect up to month eight, the second one from month nine on.
DRIFT = (
    Profile("warehouses", (("industry", "in", ["transport"]), ("employees", "between", [10, 50])),
            {"fleet_size": 0.9, "value_deadlines": 0.8}, ("trade_fair", "phone"), ("deadlines", "errors")),
    Profile("web shops", (("web_shop", "is", True), ("sales_channel", "in", ["export"])),
            {"it_maturity": 0.9, "value_process": 0.8}, ("google", "linkedin"), ("documentation", "response")),
)

# Two criteria and many members: enough to be seen among a few dozen or a few hundred customers.
SMALL = Profile("builders", (("industry", "in", ["construction"]), ("employees", "between", [10, 50])),
                {"value_deadlines": 1.0, "price_sensitivity": -0.9}, ("referral", "phone"), ("deadlines", "errors"))
