"""A unit's profile in a few sentences, made from icp.yml and findings.json alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from icp_helpers.page.catalogue import _
from icp_helpers.page.numbers import Words
from icp_helpers.page.say import STATUSES, strength
from icp_helpers.page.steps import Question, is_unanswered
from icp_helpers.tables.published import COMPARISON

MOST_LEADING = 3
PROFILE_FILE = "icp.yml"
LEADING = ("11_evaluate_kpis", "05_explain_drivers", "06_find_patterns", "04_find_segments", "03_define_ideal", "02_know_customers")
PROFILE = {
    "found": _("{criteria:criteria}: {ideal_share:percent} of these customers are ideal, against {base_rate:percent} of all customers."),
    "nearly": _("{criteria:criteria}: nearly all of these customers are ideal, against {base_rate:percent} of all customers."),
    "none": _("No ideal profile found: nothing known before the purchase sets ideal customers apart by more than chance would."),
    "too_few": _("Too few customers to claim a profile yet."),
    "hypothesis": _("No customers yet. The hypothesis, to be tested on the first leads: {criteria:criteria}."),
    None: _("No profile has been made for this market yet."),
}
NO_HYPOTHESIS = _("No customers yet, and no hypothesis: say in the table of beliefs who is expected to be ideal.")
SIZE = {
    "found": _("{customers:count} of {everyone:count} customers {customers:fits|fit} the profile."),
    "none": _("{everyone:count} customers were searched, {base_rate:percent} of them ideal."),
    "too_few": _("{everyone:count} customers were looked at, {base_rate:percent} of them ideal."),
}
FURTHER = _("Further profiles that hold as well: {further:count}. The picture shows them all.")
LIFT = _("Ideal customers are {lift:times} as frequent there as among all customers (95% interval {low:factor} to {high:factor}).")
HOLDOUT = {
    True: _("On {customers:count} customers that the search had not seen, ideal ones were {strength:text} more frequent: {lift:times} the average ({low:factor} to {high:factor})."),
    False: _("On {customers:count} customers that the search had not seen there is no evidence for it: {lift:times} the average ({low:factor} to {high:factor})."),
}
SHUFFLED = _("The same search claimed a profile in {claimed:count} of {copies:count} shuffled copies of these very data.")
STABILITY = _("In repeated samples {stability:percent} of the members stayed the same.")
UNSURE = {
    "none": _("Nothing is claimed. What looked best was no better than what chance gives."),
    "too_few": _("Nothing is claimed yet: with so few ideal customers, chance could give anything that is seen."),
    "hypothesis": _("Not sure at all: nobody has bought yet, and every line is a belief until leads have been counted."),
    None: _("Nothing is claimed, so there is nothing to be sure of."),
}
NOT_SUPPLIED = _("Not supplied: the data at hand do not answer this.")


def words_of(market) -> Words:
    """The formatter of a market's language, currency and own labels."""
    labels = {column: trait.label for column, trait in (market.traits or {}).items() if trait.label}
    return Words(market.language, market.currency, labels)


class Said(str):
    """A sentence that knows where its numbers stand: in `icp.yml`, or as `<step>#<finding>` in findings.json."""

    source: str

    def __new__(cls, text: str, source: str):
        said = super().__new__(cls, text)
        said.source = source
        return said


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

    def named(self, step: str, name: str) -> list[Mapping]:
        """The findings of one sentence of a step: `strongest` and `strongest:1`, in the order in which they were said."""
        return [finding for finding in self.findings if finding["step"] == step and finding["id"].partition(":")[0] == name]

    def of_step(self, step: str) -> list[Mapping]:
        """What the step found, strongest first, or first that it has no answer; no plain information where there is more to say."""
        said = [finding for finding in self.findings if finding["step"] == step]
        claims = [finding for finding in said if finding["status"] != "info"] or said
        return sorted(claims, key=lambda finding: (not is_unanswered(step, finding["id"], finding["status"]), STATUSES.index(finding["status"])))


def _facts(report: UnitReport, profile: Mapping | None) -> dict:
    outcome = (report.icp or {}).get("outcome") or {}
    low, high = (profile or {}).get("lift_interval") or (None, None)
    return {"base_rate": outcome.get("base_rate"), "everyone": outcome.get("customers")} | {"low": low, "high": high} | {
        key: (profile or {}).get(key) for key in ("criteria", "ideal_share", "customers", "lift", "stability")}


def say(report: UnitReport, message: str, facts: Mapping | None = None, source: str = PROFILE_FILE) -> Said:
    """The message in the reader's language with its facts, which stand in `source`."""
    words = report.words
    return Said(words.say(words.translate(message), facts or {}), source)


def said(finding: Mapping) -> Said:
    """What a step said, with the way to its facts."""
    return Said(finding["sentence"], source_of(finding))


def source_of(finding: Mapping) -> str:
    return f"{finding['step']}#{finding['id']}"


def profile_sentence(report: UnitReport) -> Said:
    """The profile in a sentence, or why there is none."""
    if report.status == "hypothesis" and not report.profiles:
        return say(report, NO_HYPOTHESIS)
    facts = _facts(report, next(iter(report.profiles), None))
    held = report.status == "found" and facts["ideal_share"] is None  # it would tell of the few who are not
    return say(report, PROFILE["nearly" if held else report.status], facts)


def further_profiles(report: UnitReport) -> Said | None:
    """That there are more profiles than the first, which the picture shows."""
    further = len(report.profiles) - 1
    return say(report, FURTHER, {"further": further}) if report.status == "found" and further > 0 else None


def how_many(report: UnitReport) -> Said | None:
    message = SIZE.get(report.status)
    return say(report, message, _facts(report, next(iter(report.profiles), None))) if message else None


def how_sure(report: UnitReport) -> list[Said]:
    """How wide the interval is, and how far the profile stays the same in other samples."""
    if report.status != "found":
        return [say(report, UNSURE[report.status])]
    profile = report.profiles[0]
    sentences = [say(report, LIFT, _facts(report, profile))] if profile.get("lift_interval") else []
    return sentences + ([say(report, STABILITY, profile)] if profile.get("stability") is not None else [])


def how_real(report: UnitReport) -> list[Said]:
    """What customers not seen before say, how often the same search claims something of nothing, and the last audit."""
    held = next(iter(report.profiles), {}).get("holdout") or {}
    sentences = []
    if held.get("lift_interval"):
        low, high = held["lift_interval"]
        facts = {**held, "low": low, "high": high, "strength": strength(low, high, baseline=1)}
        sentences.append(say(report, HOLDOUT[low > 1], facts))
    copies = (report.icp or {}).get("false_claims") or {}
    if copies.get("shuffled_copies"):
        sentences.append(say(report, SHUFFLED, {"claimed": copies["claimed"], "copies": copies["shuffled_copies"]}))
    audits = [finding for finding in report.named("08_define_profile", "audit") if finding["status"] != "not_supplied"]
    return sentences + [said(finding) for finding in audits]


def leading(report: UnitReport, most: int = MOST_LEADING) -> list[Mapping]:
    """What stands beside the profile: the strongest claim of each step that has an answer, those nearest to a decision
    first; of the comparison of all markets, which is one step, its first claims."""
    if report.unit == COMPARISON:
        told = report.findings
    else:
        told = [strongest for step in LEADING for strongest in report.of_step(step)[:1]]
    return [finding for finding in told if finding["status"] in ("up", "down", "found")][:most]


def answer(report: UnitReport, question: Question) -> Mapping | None:
    """The finding that answers one of the ten questions best; None where no step has a word on it."""
    told = [sorted(report.named(step, name), key=lambda finding: STATUSES.index(finding["status"])) for step, name in question.findings]
    first = [findings[0] for findings in told if findings]
    return next((finding for finding in first if finding["status"] != "not_supplied"), next(iter(first), None))
