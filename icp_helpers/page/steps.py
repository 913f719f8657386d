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


@dataclass(frozen=True)
class Question:
    """A question that every reader has: answered by a finding about one of `columns`, else by the first of `steps`."""

    id: str
    text: str
    steps: tuple[str, ...]
    columns: frozenset[str] = frozenset()


PLACES = frozenset({"region", "country", "municipality", "city", "postcode", "urbanicity"})
CHANNELS = frozenset({"channel", "channels", "acquisition_channel"})
QUESTIONS = (
    Question("who", _("Who are our ideal customers?"), ("08_define_profile", "03_define_ideal")),
    Question("how-big", _("How many are they?"), ("07_study_competition", "08_define_profile")),
    Question("where", _("Where are they?"), (), PLACES),
    Question("why", _("What sets them apart?"), ("05_explain_drivers", "06_find_patterns")),
    Question("which-channel", _("Which channels reach them?"), ("09_describe_personas",), CHANNELS),
    Question("what-next", _("What do we do next?"), ("10_activate_profile", "12_review_profile")),
    Question("is-it-real", _("Is the profile real?"), ("08_define_profile",)),
    Question("how-sure", _("How sure are we?"), ("08_define_profile",)),
    Question("what-to-stop", _("What do we stop?"), ("08_define_profile",)),
    Question("what-to-measure", _("What do we measure?"), ("11_evaluate_kpis",)),
)


def short_title(step: str, language: str) -> str:
    return translate(SHORT.get(step, step), language, COMMON)
