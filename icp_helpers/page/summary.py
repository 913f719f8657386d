"""A unit's profile in a few sentences, made from icp.yml and findings.json alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from icp_helpers.page.catalogue import _
from icp_helpers.page.numbers import Words
from icp_helpers.page.say import STATUSES
from icp_helpers.page.steps import Question

MOST_KEY_FIGURES = 6
MOST_LEADING = 3
DATA_STEP = "01_collect_data"  # tells of columns, not of customers
LEADING = ("11_evaluate_kpis", "05_explain_drivers", "06_find_patterns", "04_find_segments", "03_define_ideal", "02_know_customers")
PROFILE = {
    "found": _("{criteria:criteria}: {ideal_share:percent} of these customers are ideal, against {base_rate:percent} of all customers."),
    "none": _("No ideal profile found: nothing known before the purchase sets ideal customers apart by more than chance would."),
    "too_few": _("Too few customers to claim a profile yet."),
    "hypothesis": _("No customers yet: the profile is a hypothesis, to be tested on the first leads."),
    None: _("No profile has been made for this market yet."),
}
SIZE = {
    "found": _("{customers:count} of {everyone:count} customers fit the profile."),
    "none": _("{everyone:count} customers were searched, {base_rate:percent} of them ideal."),
    "too_few": _("{everyone:count} customers were looked at, {base_rate:percent} of them ideal."),
}
LIFT = _("Ideal customers are {lift:times} as frequent there as among all customers (95 % interval {low:times} to {high:times}).")
HOLDOUT = _("On {customers:count} customers that the search had not seen, they were {lift:times} as frequent ({low:times} to {high:times}).")
SHUFFLED = _("The same search claimed a profile in {claimed:count} of {copies:count} shuffled copies of these very data.")
STABILITY = _("In repeated samples {stability:percent} of the members stayed the same.")
UNSURE = _("Nothing is claimed, so there is nothing to be sure of.")
DO = {
    "found": (_("Call first the leads and prospects of whom this holds: {criteria:criteria}."),
              _("Try it on a part of the next leads before the whole plan rests on it: this is association, not cause.")),
    "none": (_("Keep all channels open: the data give no reason to narrow them."),
             _("Record more of what is known about a lead before it buys, and run this again.")),
    "too_few": (_("Treat every trait as a hypothesis, and record the same facts about each new customer."),
                _("Run this again when at least 30 customers are known to be ideal.")),
    "hypothesis": (_("Write down which customers are expected to be ideal, and mark each new lead by it."),
                   _("Decide today how many leads are enough to judge it.")),
    None: (_("Run every step for this market, so that a profile can be made."),),
}
STOP = _("Do not call these first: {criteria:criteria}. Of {customers:count} such customers {ideal_share:percent} are ideal.")
NOTHING_TO_STOP = _("No group of customers is clearly worse than the rest: there is nothing to stop.")
NOT_SUPPLIED = _("Not supplied: the data at hand do not answer this.")


def words_of(market) -> Words:
    """The formatter of a market's language, currency and own labels."""
    labels = {column: trait.label for column, trait in (market.traits or {}).items() if trait.label}
    return Words(market.language, market.currency, labels)


@dataclass(frozen=True)
class UnitReport:
    """What a unit's first page is made of. `icp`: icp.yml or None; `run`: run.json; `findings`: the list of findings.json.

    `older` is the link to the last good report where the newest run failed.
    """

    market: object
    segment: str
    unit: str
    run: Mapping
    icp: Mapping | None = None
    findings: Sequence[Mapping] = field(default_factory=list)
    older: str | None = None

    @property
    def words(self) -> Words:
        return words_of(self.market)

    @property
    def status(self) -> str | None:
        return (self.icp or {}).get("status")

    @property
    def profiles(self) -> Sequence[Mapping]:
        return (self.icp or {}).get("profiles") or []

    def steps(self) -> list[Mapping]:
        return list(self.run.get("steps") or [])

    def has_page(self, step: str | None) -> bool:
        """Is there a page of that step beside this one? run.json names every file that the run left."""
        return f"{step}.html" in self.run.get("sha256", {}).get("outputs", {})

    def of_step(self, step: str) -> list[Mapping]:
        """What the step found, strongest first; without plain information where there is more to say."""
        said = [finding for finding in self.findings if finding["step"] == step]
        claims = [finding for finding in said if finding["status"] != "info"] or said
        return sorted(claims, key=lambda finding: STATUSES.index(finding["status"]))


def _facts(report: UnitReport, profile: Mapping | None) -> dict:
    outcome = (report.icp or {}).get("outcome") or {}
    low, high = (profile or {}).get("lift_interval") or (None, None)
    return {"base_rate": outcome.get("base_rate"), "everyone": outcome.get("customers")} | {"low": low, "high": high} | {
        key: (profile or {}).get(key) for key in ("criteria", "ideal_share", "customers", "lift", "stability")}


def say(report: UnitReport, message: str, facts: Mapping | None = None) -> str:
    words = report.words
    return words.say(words.translate(message), facts or {})


def profile_sentence(report: UnitReport) -> str:
    """The profile in a sentence, or why there is none."""
    return say(report, PROFILE[report.status], _facts(report, next(iter(report.profiles), None)))


def further_profiles(report: UnitReport) -> list[str]:
    return [say(report, PROFILE["found"], _facts(report, profile)) for profile in report.profiles[1:]]


def how_many(report: UnitReport) -> str | None:
    message = SIZE.get(report.status)
    return say(report, message, _facts(report, next(iter(report.profiles), None))) if message else None


def how_sure(report: UnitReport) -> list[str]:
    """How wide the interval is, and how far the profile stays the same in other samples."""
    if not report.profiles:
        return [say(report, UNSURE)]
    profile = report.profiles[0]
    sentences = [say(report, LIFT, _facts(report, profile))] if profile.get("lift_interval") else []
    return sentences + ([say(report, STABILITY, profile)] if profile.get("stability") is not None else [])


def how_real(report: UnitReport) -> list[str]:
    """What customers not seen before say, and how often the same search claims something of nothing."""
    held = next(iter(report.profiles), {}).get("holdout") or {}
    sentences = []
    if held.get("lift_interval"):
        low, high = held["lift_interval"]
        sentences.append(say(report, HOLDOUT, {**held, "low": low, "high": high}))
    copies = (report.icp or {}).get("false_claims") or {}
    if copies.get("shuffled_copies"):
        sentences.append(say(report, SHUFFLED, {"claimed": copies["claimed"], "copies": copies["shuffled_copies"]}))
    return sentences


def what_to_do(report: UnitReport) -> list[str]:
    """What follows from the profile or from there being none, then what the plan of step 10 claims."""
    planned = [finding["sentence"] for finding in report.of_step("10_activate_profile") if finding["status"] in ("up", "down", "found")]
    first = next(iter(report.profiles), {})
    own = [say(report, message, {"criteria": first.get("criteria")}) for message in DO[report.status]]
    return [*own, *planned][:MOST_LEADING]


def what_to_stop(report: UnitReport) -> list[str]:
    negative = (report.icp or {}).get("negative_profiles") or []
    return [say(report, STOP, profile) for profile in negative] or [say(report, NOTHING_TO_STOP)]


def leading(report: UnitReport, most: int = MOST_LEADING) -> list[Mapping]:
    """What stands beside the profile: the strongest claim of each step, those nearest to a decision first."""
    claims = [[finding for finding in report.of_step(step) if finding["status"] in ("up", "down", "found")] for step in LEADING]
    return [strongest[0] for strongest in claims if strongest][:most]


def answer(report: UnitReport, question: Question) -> Mapping | None:
    """The finding that answers one of the ten questions best, or None where the data do not answer it."""
    about = [finding for finding in report.findings if finding["step"] != DATA_STEP
             if question.columns & {str(value) for value in finding["facts"].values() if isinstance(value, str)}]
    own = [finding for step in question.steps for finding in report.of_step(step)]
    return next((finding for finding in [*about, *own] if finding["status"] != "not_supplied"), None)
