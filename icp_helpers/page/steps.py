"""The steps as a reader meets them: a short name for each, and where her ten questions are answered."""

from dataclasses import dataclass

from icp_helpers.page.catalogue import COMMON, _, translate

SHORT = {
    "01_collect_data": _("The data"),
    "02_know_customers": _("The customers"),
    "03_define_ideal": _("Ideal customers"),
    "04_find_segments": _("Segments"),
    "05_explain_drivers": _("Drivers"),
    "06_find_patterns": _("Patterns"),
    "07_study_competition": _("Competition"),
    "08_define_profile": _("The profile"),
    "09_describe_personas": _("Personas"),
    "10_activate_profile": _("Activation"),
    "11_evaluate_kpis": _("Key figures"),
    "12_review_profile": _("Review"),
    "13_compare_markets": _("Markets compared"),
}

# The finding that says whether the step has its answer: where it is "none" or "too few", nothing else speaks for the step.
MAIN = {"03_define_ideal": "definition", "04_find_segments": "groups", "05_explain_drivers": "method", "06_find_patterns": "search",
        "08_define_profile": "verdict", "09_describe_personas": "personas"}
UNANSWERED = ("none", "too_few")


def is_unanswered(step: str, id: str, status: str) -> bool:
    """Is this the finding that the step's question has no answer?"""
    return MAIN.get(step) == id and status in UNANSWERED


@dataclass(frozen=True)
class Question:
    """A question that every reader has, and the findings (step, name) that answer it, the best one first."""

    id: str
    text: str
    findings: tuple[tuple[str, str], ...]

    @property
    def step(self) -> str:
        """The step whose page says most about it."""
        return self.findings[0][0]


QUESTIONS = (
    Question("who", _("Who are our ideal customers?"), (("08_define_profile", "possible"), ("08_define_profile", "verdict"))),
    Question("how-big", _("How many are they?"), (("08_define_profile", "market_size"), ("03_define_ideal", "definition"))),
    Question("where", _("Where are they?"), (("05_explain_drivers", "where"),)),
    Question("why", _("What sets them apart?"), (("05_explain_drivers", "strongest"), ("05_explain_drivers", "hypothesis"),
                                                 ("05_explain_drivers", "method"))),
    Question("which-channel", _("Which channels reach them?"), (("09_describe_personas", "channel"), ("10_activate_profile", "channels_fit"),
                                                                ("10_activate_profile", "channels"), ("09_describe_personas", "credit"))),
    Question("what-next", _("What do we do next?"), (("10_activate_profile", "ranked_found"), ("12_review_profile", "proposal"))),
    Question("is-it-real", _("Is the profile real?"), (("08_define_profile", "verdict"),)),
    Question("how-sure", _("How sure are we?"), (("08_define_profile", "passport"),)),
    Question("what-to-stop", _("What do we stop?"), (("10_activate_profile", "waste"),)),
    Question("what-to-measure", _("What do we measure?"), (("11_evaluate_kpis", "readable"), ("11_evaluate_kpis", "goals"))),
)


def short_title(step: str, language: str) -> str:
    return translate(SHORT.get(step, step), language, COMMON)
