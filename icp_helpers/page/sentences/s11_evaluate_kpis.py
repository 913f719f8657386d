"""What 11_evaluate_kpis may say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "readable": Sentence(
        found=_("{ready:count} of the ten KPIs can be read: {names:text}."),
        none=_("None of the ten KPIs can be read yet."),
        not_supplied=_("No table that a KPI is made of is supplied: leads, orders, subscriptions, surveys, usage or spend."),
    ),
    "waiting": Sentence(
        info=_("Every KPI that has its tables can be read today."),
        none=_("No KPI waits for its time."),
        unclear=_("Too early to read: {names:text}."),
        found=_("Too early to read, and no day can be named yet: {names:text}."),
    ),
    "few": Sentence(
        none=_("No KPI rests on too few."),
        too_few=_("To be read with care, for there is too little behind them (fewer than {needed:count}): {names:text}."),
    ),
    "missing": Sentence(
        none=_("No KPI lacks a table."),
        not_supplied=_("Not supplied: {names:text}."),
    ),
    "profile_reach": Sentence(
        found=_("The profile takes in {customers:count} of {all_customers:count} customers and {leads:count} of {all_leads:count} leads."),
        none=_("There is no profile to hold the KPIs against: none was found, or the tables lack its columns."),
        info=_("The profile is a hypothesis that has not been tested: there are no customers or leads yet to hold it against."),
    ),
    "profile_gap": Sentence(
        up=_("{name:text}: higher inside the profile, {inside:text} against {outside:text} (n = {n:count} and {others:count})."),
        down=_("{name:text}: lower inside the profile, {inside:text} against {outside:text} (n = {n:count} and {others:count})."),
        unclear=_("{name:text}: no clear difference, {inside:text} inside the profile and {outside:text} outside (n = {n:count} and {others:count})."),
        too_few=_("{name:text}: too few inside or outside the profile to compare (n = {n:count} and {others:count}; {needed:count} each would do)."),
    ),
    "profile_answer": Sentence(
        up=_("Of {compared:count} {compared:KPI|KPIs} that can be compared, {better:count} {better:is|are} clearly better inside the profile and {worse:count} clearly worse."),
        down=_("Of {compared:count} {compared:KPI|KPIs} that can be compared, {worse:count} {worse:is|are} clearly worse inside the profile and {better:count} clearly better."),
        unclear=_("Of {compared:count} {compared:KPI|KPIs} that can be compared, none is clearly better or worse inside the profile."),
        too_few=_("No KPI has enough behind it both inside and outside the profile."),
    ),
    "assumptions": Sentence(
        info=_("Lifetime value assumes a margin of {margin:percent}, a discount rate of {discount:percent} a year and a horizon of {months:count} {months:month|months}."),
        not_supplied=_("Lifetime value is not computed: neither subscriptions nor orders are supplied."),
    ),
    "case_cost": Sentence(
        info=_("{cost:money} for each case at customer service, an assumption too, is taken off: so far {each:money} per customer."),
        too_few=_("{cost:money} for each case at customer service, an assumption too, is taken off; what that comes to per customer cannot be said of so few (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("The cost to serve is not supplied: with the cases at customer service and what one costs, the lifetime value would be what service leaves of it."),
    ),
    "referred": Sentence(
        info=_("Customers whom others recommended have brought {each:money} for each customer so far, from {n:count} recommended; that is no part of the lifetime value, for they have one of their own."),
        too_few=_("What recommended customers have brought cannot be said: they are too few (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Recommendations (referrals) are not supplied; they would show what customers bring who were recommended."),
    ),
    "rollout": Sentence(
        info=_("Compared: the time from {baseline:date} to the roll-out on {rollout:date} with the time after it, before {until:date}, for the profile as it could be shown on {defined_on:date}; {looks:count} {looks:look is|looks are} paid for."),
        none=_("No profile could be shown on {defined_on:date}, before the first month that would be compared: what was put to use on {rollout:date} cannot be judged fairly."),
        too_few=_("Too early: the roll-out on {rollout:date} can first be judged on {readable_on:date}."),
        not_supplied=_("No roll-out is dated in the market's file, or nothing lies before it: there is no before and after to compare."),
    ),
    "working": Sentence(
        up=_("{question:text}: yes, better. {better:count} of {tested:count} measures improved inside the profile beyond the others, more than chance gives."),
        down=_("{question:text}: no, worse. {worse:count} of {tested:count} measures fell back inside the profile beyond the others, more than chance gives."),
        unclear=_("{question:text}: no change that can be told from chance, or changes both ways ({better:count} better, {worse:count} worse of {tested:count} measures)."),
        too_few=_("{question:text}: too few customers, answers or months on one of the four sides to say."),
        not_supplied=_("{question:text}: none of its measures is supplied."),
    ),
    "effect": Sentence(
        up=_("{name:text}: better inside the profile since the roll-out, beyond the change outside: {change:text} ({least:text} to {most:text}; n = {n:count})."),
        down=_("{name:text}: worse inside the profile since the roll-out, beyond the change outside: {change:text} ({least:text} to {most:text}; n = {n:count})."),
        unclear=_("{name:text}: no change that can be told from chance, {change:text} beyond the change outside ({least:text} to {most:text}; n = {n:count})."),
        too_few=_("{name:text}: too few to say (n = {n:count})."),
    ),
    "proof": Sentence(
        found=_("To show a conversion {lift:times} that of other leads ({conversion:percent}) takes {needed:count} leads a group, {months:count} {months:month|months} at today's pace. A year's leads would show one of {provable:times} or more."),
        none=_("To show a conversion {lift:times} that of other leads ({conversion:percent}) takes {needed:count} leads a group, {months:count} {months:month|months} at today's pace; a year's leads would show no difference at all."),
        too_few=_("What could be proved cannot be reckoned: there is no profile, there are no leads inside or outside it, or none was won."),
    ),
    "points": Sentence(
        found=_("A level stands apart from its market in {clear:count} of {cells:count} comparisons. The clearest: {name:text}, {trait:text}: {level:text}, with {value:text} against {market:text} in the market as a whole."),
        none=_("No level stands apart from its market in {cells:count} {cells:comparison|comparisons}."),
        not_supplied=_("No measuring point has a column that its KPIs can be split by."),
    ),
    "points_missing": Sentence(
        none=_("Every measuring point has a column."),
        not_supplied=_("Measuring points without a column: {names:text}."),
        info=_("Measuring points without a column: {names:text}. Against whom deals are won and lost stands in the step on competition."),
    ),
    "goals": Sentence(
        found=_("{met:count} of {goals:count} goals {met:is|are} met, {on_track:count} on track, {off_track:count} off track; {early:count} cannot be told yet, {no_data:count} {no_data:has|have} no data."),
        none=_("None of {goals:count} {goals:goal|goals} can be told yet: {goals:its KPI has|their KPIs have} no data."),
        not_supplied=_("No goals are supplied; a table goals would say what counts as success, and when."),
    ),
    "goal_fit": Sentence(
        found=_("{name:text}: the goal of {target:text} is reached already ({value:text}); the profile is not needed for it."),
        up=_("{name:text}: were {share:percent} of all to move into the profile, and be like those in it, it would go from {value:text} to {projected:text} ({least:text} to {most:text}), towards the goal of {target:text}."),
        down=_("{name:text}: were {share:percent} of all to move into the profile, and be like those in it, it would go from {value:text} to {projected:text} ({least:text} to {most:text}), away from the goal of {target:text}."),
        unclear=_("{name:text}: no evidence that more customers of the profile would bring the goal of {target:text} nearer; were {share:percent} of all to move into it, {projected:text} ({least:text} to {most:text})."),
        too_few=_("{name:text}: too few inside or outside the profile to say what more of them would do for the goal (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("What more customers of the profile would do for the goals cannot be said: it takes a profile, and goals that are not met yet, with KPIs that can be read."),
    ),
}

FIGURES = {
    "kpis": Figure(
        caption=_("{ready:count} of ten KPIs can be read. The line is the 95% interval; a hollow dot cannot be read yet; the orange mark is the goal, and the grey band leads to it from where it began."),
        alt=_("Ten strips, one a KPI on its own scale, each with a dot for the value and a line for its 95% interval. {ready:count} {ready:dot is|dots are} filled, {hollow:count} hollow, {absent:count} {absent:strip has|strips have} no value. A grey band leads from where a goal began to its mark."),
    ),
    "profile": Figure(
        caption=_("Inside the profile (blue) and outside (grey): {apart:count} of {compared:count} KPIs {apart:differs|differ} clearly. A hollow dot cannot be read yet."),
        alt=_("Ten strips, one a KPI on its own scale, each with a blue dot inside the profile above a grey dot outside, and their 95% intervals. {apart:count} of {compared:count} pairs {apart:differs|differ} clearly."),
    ),
    "working": Figure(
        caption=_("What changed inside the profile after the roll-out, beyond what changed outside, with 95% intervals: {better:count} of {tested:count} measures better (blue), {worse:count} worse (orange). The line is no change; grey is no more than chance."),
        alt=_("Horizontal intervals, one a measure, around a line of no change: ratios above, differences in points below. {better:count} of {tested:count} {better:is|are} clearly better, {worse:count} clearly worse."),
    ),
    "points": Figure(
        caption=_("Where a level stands apart from its market: {clear:count} of {at_hand:count} cells that the data can fill."),
        alt=_("A grid of ten KPIs by ten measuring points. {clear:count} {clear:cell is|cells are} blue: some level stands apart. {silent:count} {silent:is|are} grey: no level does. Cells marked with a cross lack a column; empty cells are no primary evidence."),
    ),
}

TABLES = {
    "kpis": Table(
        caption=_("The ten KPIs, with what stands behind them."),
        columns={"name": (_("KPI"), "text"), "value_text": (_("Value"), "text"), "low_text": (_("From"), "text"),
                 "high_text": (_("To"), "text"), "n": (_("n"), "count"), "status_text": (_("Status"), "text")},
    ),
    "formulas": Table(
        caption=_("How each KPI is worked out, and what it takes; with fewer behind it than the last column says it is too few."),
        columns={"name": (_("KPI"), "text"), "formula": (_("Worked out as"), "text"), "needs": (_("Takes"), "text"),
                 "interval": (_("Interval"), "text"), "minimum": (_("At least"), "count")},
    ),
    "details": Table(
        caption=_("Behind the KPIs: sub-scores, medians and costs further down the funnel."),
        columns={"name": (_("Figure"), "text"), "value_text": (_("Value"), "text"), "low_text": (_("From"), "text"),
                 "high_text": (_("To"), "text"), "n": (_("n"), "count"), "status_text": (_("Status"), "text")},
    ),
    "points": Table(
        caption=_("The levels that stand furthest apart ({clear:count}) come first, then every level of every KPI; drawn in is a level drawn towards the market, the more the less is known of it."),
        columns={"name": (_("KPI"), "text"), "level": (_("Level"), "text"), "value_text": (_("Value"), "text"),
                 "pooled_text": (_("Drawn in"), "text"), "market_text": (_("Market"), "text"), "n": (_("n"), "count")},
    ),
    "goals": Table(
        caption=_("Where each goal stands."),
        columns={"name": (_("KPI"), "text"), "baseline_text": (_("Began at"), "text"), "value_text": (_("Today"), "text"), "target_text": (_("Goal"), "text"),
                 "due": (_("Due"), "date"), "status_text": (_("Status"), "text")},
    ),
}

# Statuses, and levels that we name ourselves, as they stand in tables.
WORDS = [_("can be read"), _("too few"), _("too early"), _("nothing to divide by"), _("no whole period yet"), _("not supplied"),
         _("met"), _("on track"), _("off track"), _("no data"), _("not stated"), _("other"), _("yes"), _("no"),
         _("Sales a customer and month"), _("Sales"), _("Loyalty"), _("Service"), _("Change inside the profile, times the change outside"),
         _("Change inside the profile beyond the change outside, points"), _("Measuring point"), _("Features used"), _("Has recommended us")]

LIMITS = [
    _("The profile was found on these very customers: what an ideal customer is made of (value, loyalty, satisfaction) is higher inside it by construction, what happens to leads is not."),
    _("Inside against outside is association, not effect: only a comparison over time, with a control, says what the profile did."),
    _("Use of features and recommendations come after the purchase and grow with the time as a customer; they may follow from a good customer as well as make one."),
]
