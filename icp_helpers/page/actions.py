"""What a unit's first page tells the reader to do, and to stop: from icp.yml, and from what steps 10 and 12 found."""

from collections.abc import Sequence

from icp_helpers.page.catalogue import _
from icp_helpers.page.summary import Said, UnitReport, said, say

MOST_ACTIONS = 3
ACTIVATION, REVIEW = "10_activate_profile", "12_review_profile"
CALL = _("Call first the leads and prospects of whom this holds: {criteria:criteria}.")
TRY = _("Try it on a part of the next leads before the whole plan rests on it: this is association, not cause.")
OWN = {
    "found": (TRY,),
    "none": (_("Keep all channels open: the data give no reason to narrow them."),
             _("Record more of what is known about a lead before it buys, and run this again.")),
    "too_few": (_("Treat every trait as a hypothesis, and record the same facts about each new customer."),
                _("Run this again when at least 30 customers are known to be ideal.")),
    "hypothesis": (_("Write down which customers are expected to be ideal, and mark each new lead by it."),
                   _("Decide today how many leads are enough to judge it.")),
    None: (_("Run every step for this market, so that a profile can be made."),),
}
FOUND = {  # (step, name of the finding) -> the statuses under which it says what to do; one of each group is enough
    "found": (((REVIEW, "proposal", ("down", "found", "unclear")),),
              ((ACTIVATION, "ranked_found", ("found",)),),
              ((ACTIVATION, "effort", ("up", "down")), (ACTIVATION, "channels_fit", ("found",)), (ACTIVATION, "channels", ("found",)))),
    "none": (((ACTIVATION, "ranked_score", ("found",)), (ACTIVATION, "channels", ("found",))),),
    "too_few": (((ACTIVATION, "channels", ("found",)),),),
    "hypothesis": (((ACTIVATION, "ranked_hypothesis", ("found",)),), ((ACTIVATION, "power", ("info",)),)),
    None: (),
}
STOP = _("Do not call these first: {criteria:criteria}. Of {customers:count} such customers {ideal_share:percent} are ideal.")
STOP_FEW = _("Do not call these first: {criteria:criteria}. Of {customers:count} such customers clearly fewer are ideal than of the others.")
NOTHING_TO_STOP = {
    "found": _("No group of customers is clearly worse than the rest: there is nothing to stop."),
    "none": _("Stop choosing customers by these traits: none of them tells who will be ideal."),
    "too_few": _("Nothing yet: there are too few customers to call any group worse than the rest."),
    "hypothesis": _("Nothing yet: no customer shows what does not work."),
    None: _("Nothing yet: there is no profile to hold customers against."),
}


def what_to_do(report: UnitReport) -> list[Said]:
    """Three actions at most: those that a step claims come before those that follow from the profile's status alone."""
    if any(finding["status"] == "found" for finding in report.named(REVIEW, "proposal")):  # rely on it no longer: call nobody first
        return [*_claims(report, FOUND["found"][0]), *(say(report, message) for message in OWN["none"])][:MOST_ACTIONS]
    claimed = [next(iter(_claims(report, group)), None) for group in FOUND[report.status]]
    if report.status == "found" and claimed[1] is None:
        claimed[1] = say(report, CALL, {"criteria": report.profiles[0]["criteria"]})
    own = [say(report, message) for message in OWN[report.status]]
    told = [sentence for sentence in claimed if sentence]
    return (told + own if report.status in ("found", "hypothesis") else own + told)[:MOST_ACTIONS]


def what_to_stop(report: UnitReport) -> list[Said]:
    """Whom not to call first, or why nothing is to be stopped."""
    negative = (report.icp or {}).get("negative_profiles") or []
    told = [say(report, STOP_FEW if profile.get("ideal_share") is None else STOP, profile) for profile in negative]
    return told or [say(report, NOTHING_TO_STOP[report.status])]


def _claims(report: UnitReport, group: Sequence[tuple]) -> list[Said]:
    return [said(finding) for step, name, statuses in group for finding in report.named(step, name)
            if finding["status"] in statuses]
