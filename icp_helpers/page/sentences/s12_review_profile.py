"""What 12_review_profile can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "kept": Sentence(
        up=_("{criteria:criteria} (known on {known_on:date}) does better than before: sales a month lay {before:percent} above other customers', and {after:percent} since {since:month}."),
        down=_("{criteria:criteria} (known on {known_on:date}) no longer does what it did: sales a month lay {before:percent} above other customers', and {after:percent} since {since:month}."),
        unclear=_("{criteria:criteria} (known on {known_on:date}): no evidence of a change since; the largest shift of its sales beside other customers' is no larger than chance gives when one asks every month."),
        too_few=_("{criteria:criteria} (known on {known_on:date}): known too lately, or with too few members, to say whether it still holds (members in a month: {n:count}; {needed:count} on either side over {months:count} {months:month|months} would do)."),
    ),
    "watched": Sentence(
        found=_("{profiles:count} {profiles:profile was|profiles were} watched from the day on which each was known; {changed:count} of them changed beyond chance."),
        none=_("No profile was known early enough to be watched."),
        not_supplied=_("Sales month by month are not supplied, so that no profile can be watched over time; the table orders would do."),
    ),
    "lift": Sentence(
        up=_("Among customers who came in the quarter from {quarter:date}, the newest that can be judged, the profile holds: {lift:times} the average ({low:times} to {high:times}; n = {n:count})."),
        down=_("Among customers who came in the quarter from {quarter:date}, the newest that can be judged, members of the profile are ideal less often than others: {lift:times} the average ({low:times} to {high:times}; n = {n:count})."),
        unclear=_("Among customers who came in the quarter from {quarter:date}, the newest that can be judged, there is no evidence for or against the profile: {lift:times} the average ({low:times} to {high:times}; n = {n:count})."),
        too_few=_("Too few members of the profile came in the newest quarter that can be judged (n = {n:count}; {needed:count} would do)."),
        none=_("There is no profile whose lift could be followed."),
        info=_("The profile is a hypothesis that has not been tested: there is no lift to follow until there are customers."),
    ),
    "replayed": Sentence(
        found=_("As of {quarters:count} past {quarters:quarter end|quarter ends}, with what was known then, a profile would have been found on {found:count}."),
        none=_("As of {quarters:count} past {quarters:quarter end|quarter ends}, with what was known then, no profile would have been found."),
        too_few=_("The data begin too late for a look back: there is no past quarter with customers."),
    ),
    "known": Sentence(
        found=_("{profile:text}: could first have been known on {day:date}, and was found at every quarter end since."),
        none=_("{profile:text}: is new; at the last quarter end it would not yet have been found."),
    ),
    "young": Sentence(
        info=_("Too new to be judged: {customers:count} members who came from {quarter:date} on; they can be read from {day:date}."),
        none=_("No quarter is too new to be judged."),
    ),
    "drift": Sentence(
        found=_("{moved:count} of {traits:count} traits of the newest {newer:count} customers {moved:differs|differ} from those before beyond chance; most of all: {names:names}."),
        none=_("The newest {newer:count} customers look like those before: none of {traits:count} traits differs beyond chance."),
        too_few=_("Too few customers came lately, or before, to compare their traits (the newest: n = {n:count}; {needed:count} on either side would do)."),
    ),
    "growing": Sentence(
        found=_("Growing: {trait:name} {level:text}, {newer_share:percent} of the newest customers ({n:count}) against {older_share:percent} before."),
        none=_("No group of customers grows beyond chance."),
        too_few=_("Too few customers came lately, or before, to say which groups grow."),
    ),
    "version": Sentence(
        found=_("Version {version:count}, of {as_of:date}: {changes:count} {changes:profile differs|profiles differ} from version {before:count} (of {before_on:date})."),
        info=_("Version {version:count}: the first one, so that there is nothing to compare it with."),
        none=_("Version {version:count}: there is no profile in it."),
    ),
    "difference": Sentence(
        found=_("Changed: now {gained:criteria}, no longer {lost:criteria}."),
        info=_("New: {gained:criteria}."),
        none=_("Gone: {lost:criteria}."),
    ),
    "tries": Sentence(
        found=_("Versions so far: {tries:count}. {certain:count} of {profiles:count} {profiles:profile|profiles} {certain:stands|stand} when every try is paid for; where there is no profile, so many tries would still show one in {chance:percent} of all firms."),
        unclear=_("Versions so far: {tries:count}. When every try is paid for, no profile stands (profiles: {profiles:count}); where there is no profile, so many tries would show one in {chance:percent} of all firms."),
        none=_("There is no profile whose tries would have to be paid for."),
        info=_("Versions so far: {tries:count}. The profile is a hypothesis that has not been tested: nothing stands and nothing has failed."),
    ),
    "hypotheses": Sentence(
        found=_("{hypotheses:count} {hypotheses:hypothesis was|hypotheses were} saved by hand; {held:count} {held:holds|hold} on the customers who came since."),
        none=_("No hypothesis has been saved by hand."),
    ),
    "judged": Sentence(
        up=_("{name:text} (saved as of {since:date}) holds: among the {n:count} customers who came since, its members are ideal {lift:times} as often as all ({low:number} to {high:number})."),
        down=_("{name:text} (saved as of {since:date}) is refuted: among the {n:count} customers who came since, its members are ideal less often than all, {lift:times} ({low:number} to {high:number})."),
        unclear=_("{name:text} (saved as of {since:date}) is still open: {lift:times} as often as all ({low:number} to {high:number}), among the {n:count} customers who came since."),
        too_few=_("{name:text} (saved as of {since:date}) cannot be judged yet: fewer than {needed:count} of its members have come since."),
    ),
    "goals": Sentence(
        found=_("{changed:count} {changed:goal is not what it was|goals are not what they were} in the last report: {names:text}."),
        none=_("No goal of {goals:count} has been moved since the last report."),
        not_supplied=_("No goals are supplied."),
        info=_("{goals:count} {goals:goal is|goals are} noted, to be held against the next report."),
    ),
    "kpis": Sentence(
        found=_("{moved:count} of {compared:count} KPIs {moved:has|have} moved beyond {moved:its interval|their intervals} since the last report: {names:text}."),
        none=_("None of {compared:count} KPIs has moved beyond its interval since the last report."),
        too_few=_("No KPI could be read both now and in the last report."),
        not_supplied=_("No KPI can be read; the page of the KPIs says what each of them needs."),
        info=_("{readable:count} {readable:KPI|KPIs} can be read now ({names:text}); the next report is held against {readable:it|them}."),
    ),
    "proposal": Sentence(
        up=_("Keep the profile as it is: nothing speaks against it."),
        down=_("Change the profile: what was relied on no longer holds. Use version {version:count} from now on, and watch it."),
        found=_("Stop relying on the profile: its members no longer buy more than others. Version {version:count} still shows it, for most of its data are from before the change; search again when there are more months since."),
        unclear=_("Do not act on the profile alone: it may be chance (versions so far: {tries:count}). Keep what you do, and look again when there are more customers."),
        too_few=_("Keep what you do: there are too few customers to change anything on."),
        none=_("There is no profile to keep or change."),
        info=_("Test the hypothesis before anything is changed: no customer has shown yet whether it holds. The test plan stands in step 10."),
    ),
}

FIGURES = {
    "kept": Figure(
        caption=_("Sales a month of the members of watched profiles beside other customers', from the day on which each was known; {changed:count} of {profiles:count} changed beyond chance, {drawn:count} {drawn:is|are} drawn. The line at zero is the others."),
        alt=_("Line chart over months, a line a profile with its 95% interval: how far the members' mean sales lie above (or below) other customers', from {lowest:percent} to {highest:percent}. A dashed line marks a month from which a profile changed."),
    ),
    "lift": Figure(
        caption=_("The profile's lift among the customers of each quarter of arrival, with 95% intervals; hollow: too new to be judged, with the day from which it can be read. The grey line is the average customer."),
        alt=_("Dots over quarters with lines for the 95% interval, from {lowest:times} to {highest:times} the average; {quarters:count} {quarters:quarter|quarters}, a grey line at the average."),
    ),
    "replay": Figure(
        caption=_("What the search would have said on past days: the share of ideal customers in the first profile then (blue), on customers it had not seen, and among all (grey crosses). A day without a blue dot: none found."),
        alt=_("Dots over {quarters:count} {quarters:quarter end|quarter ends} with 95% intervals for the share of ideal customers in the profile of that day, {found:count} of them with a profile; grey crosses for the share among all."),
    ),
}

TABLES = {
    "drift": Table(
        caption=_("Traits of the newest customers beside those before, the surest shift first. From {worth:number} a shift is worth a look, if it is beyond chance."),
        columns={"trait": (_("Trait"), "name"), "index": (_("Size of the shift"), "number"), "older": (_("Customers before"), "count"),
                 "newer": (_("Newest customers"), "count"), "word": (_("Verdict"), "text")},
    ),
}

# Verdicts as they stand in the table of traits.
WORDS = [_("beyond chance"), _("no evidence")]

LIMITS = [
    _("A look back takes the traits as they stand today: a customer table keeps no history of them."),
    _("A change is seen, not explained: the profile may have changed, or what is sold to it, or who serves it."),
    _("A profile is watched from the day it was known; what it did before went into finding it, and proves nothing."),
]
