"""What 10_activate_profile can say of the plan: what is lacking, moved, agreed and to be reviewed."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "gaps": Sentence(
        found=_("{gaps:count} of {actions:count} actions {gaps:lacks|lack} something, most often: {gap:text}."),
        none=_("All of the {actions:count} actions have an owner, dates in order, a budget and a known KPI, or are closed."),
        not_supplied=_("The table of actions is not supplied: there is no plan yet, and nobody owns the next step."),
    ),
    "within_budget": Sentence(
        found=_("The plan costs {budget:money}, within the {limit:money} spent in the latest year."),
        not_supplied=_("Whether the plan can be afforded cannot be said: no budget stands in it, or no spending to hold it against."),
    ),
    "over_budget": Sentence(found=_("The plan costs {budget:money}, more than the {limit:money} spent in the latest year: find the money, or drop something.")),
    "follow_up": Sentence(
        found=_("For the next meeting: met {met:count}, not met though their date has come {not_met:count}, still open {still_open:count}."),
        none=_("There is nothing to follow up before there are actions."),
    ),
    "moved": Sentence(
        found=_("Since the plan was first made, put off {later:count}, brought forward {sooner:count} (by up to {days:days}), budgets changed {budgets:count} ({money:money} in all)."),
        none=_("No date and no budget of the plan has been changed since it was first made."),
        not_supplied=_("First dates and budgets are not supplied; they would show how the plan has moved."),
    ),
    "goals": Sentence(
        found=_("{whole:count} of {goals:count} goals can be judged one day; the others lack something, most often: {lacking:name}."),
        none=_("All of the {goals:count} goals have a baseline, a target, a date and an owner."),
        not_supplied=_("Goals are not supplied: without a target and a date nobody can say whether the plan worked."),
    ),
    "told": Sentence(
        info=_("All of the {departments:count} departments have been told of this version of the profile."),
        found=_("{done:count} of {departments:count} departments {done:has|have} been told of this version of the profile. Not yet: {missing:text}."),
        none=_("No department has been told of this version of the profile: {missing:text}."),
        not_supplied=_("Approvals are not supplied; they would show which departments have been told of the profile, and which agree."),
    ),
    "agreed": Sentence(
        info=_("All of the {departments:count} departments have agreed to this version."),
        found=_("{done:count} of {departments:count} departments {done:has|have} agreed to this version. Not yet: {missing:text}."),
        none=_("No department has agreed to this version: {missing:text}."),
        not_supplied=_("Whether the departments agree to the profile is not recorded."),
    ),
    "department": Sentence(
        info=_("{department:text}: open actions {still_open:count}, the next one due {next_due:date}. Owners: {owners:text}."),
        unclear=_("{department:text}: open actions {still_open:count}, none with a date. Owners: {owners:text}."),
        none=_("{department:text}: no open action. What is to be done with the profile there, and who does it?"),
    ),
    "realistic": Sentence(
        found=_("{profile:criteria}: about {accounts:count} accounts in the market ({low:count} to {high:count}; {share:percent} of all): realistic, neither everybody nor a handful."),
        up=_("{profile:criteria}: about {accounts:count} accounts in the market ({low:count} to {high:count}; {share:percent} of all): too broad to guide a choice."),
        down=_("{profile:criteria}: about {accounts:count} accounts in the market ({low:count} to {high:count}; {share:percent} of all): too narrow to live from."),
        unclear=_("{profile:criteria}: about {accounts:count} accounts in the market ({low:count} to {high:count}; {share:percent} of all): whether that is enough, or too many, cannot be told yet."),
        too_few=_("{profile:criteria}: between {low:count} and {high:count} of the {total:count} accounts in the market; there are too few comparable prospects to say it closer (n = {n:count}; {needed:count} would do)."),
        none=_("{profile:criteria}: nobody in the market meets these criteria."),
        not_supplied=_("{profile:criteria}: how many there are in the market cannot be said without the market's table, or prospects with these columns."),
    ),
    "no_reach": Sentence(none=_("Without a profile there is no reach to count.")),
    "supply": Sentence(
        info=_("A year like the last takes {won_year:count} wins, about {contacts_needed:count} contacts at {conversion:percent}; those chosen are {share:percent} of that."),
        none=_("How far the lists reach cannot be said: nobody is chosen, or no lead has been won."),
    ),
    "stand": Sentence(
        found=_("Held against decided leads, {supported:count} of {tested:count} {supported:is|are} supported, {refuted:count} refuted, {still_open:count} open; {hypothesis:count} {hypothesis:is a hypothesis|are hypotheses} still."),
        none=_("There is nothing to test: no profile and no hypothesis."),
    ),
    "sources": Sentence(
        found=_("Sales, survey answers and reviews, each by itself: {supports:count} of {pairs:count} pairs of criterion and source {supports:supports|support} the profile, none contradicts it, {unknown:count} cannot tell. Posts on social media name no customer, and tell nothing of a criterion."),
        unclear=_("Sales, survey answers and reviews, each by itself: {supports:count} of {pairs:count} pairs of criterion and source {supports:supports|support} the profile, {contradicts:count} {contradicts:contradicts|contradict} it, {unknown:count} cannot tell."),
        none=_("Neither sales, nor survey answers, nor reviews say anything of the criteria by themselves (pairs tried: {pairs:count})."),
        not_supplied=_("There are no criteria to hold against sales, survey answers and reviews."),
    ),
    "contradiction": Sentence(found=_("Look again: {criteria:criteria} is contradicted by {source:text} (n = {n:count}).")),
    "files": Sentence(info=_("Version {version:count} of the profile is put to use as {files:count} {files:file|files} with lists ({rows:count} {rows:row|rows}), a query and slides with notes; every page says what its numbers rest on, as known on {as_of:date}.")),
    "review": Sentence(info=_("The first review is on {review:date}: by then each line above is to be counted again.")),
}

FIGURES = {
    "plan": Figure(caption=_("The actions from start to due date; orange ones lack something. The line is {as_of:date}"),
        alt=_("A bar for each of {actions:count} {actions:action|actions} with dates, the earliest due on top; {gaps:count} {gaps:is|are} orange for what they lack.")),
}

TABLES = {
    "departments": Table(
        caption=_("The plan by department"),
        columns={"department": (_("Department"), "text"), "actions": (_("Actions"), "count"), "open": (_("Still open"), "count"),
                 "budget": (_("Budget"), "money"), "with_gaps": (_("With gaps"), "count"), "next_due": (_("Next due"), "date")},
    ),
    "actions": Table(
        caption=_("The actions, the earliest due first, and what they lack"),
        columns={"action": (_("Action"), "text"), "owner": (_("Owner"), "text"), "due": (_("Due"), "date"), "budget": (_("Budget"), "money"),
                 "follow_up": (_("Follow-up"), "text"), "gaps": (_("Lacks"), "text")},
    ),
    "stand": Table(
        caption=_("Where the profile stands on leads that are decided"),
        columns={"criteria": (_("Criteria"), "criteria"), "share": (_("Of the prospects"), "percent"), "leads": (_("Decided leads"), "count"),
                 "low": (_("Times as often won, from"), "times"), "high": (_("to"), "times"), "stands": (_("Stands"), "text")},
    ),
}
