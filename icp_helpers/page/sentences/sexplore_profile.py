"""What explore_profile says while criteria are moved by hand."""

from icp_helpers.page.catalogue import Sentence, Table, _

SENTENCES = {
    "loaded": Sentence(
        info=_("{rows:count} {rows:customer|customers} as of {as_of:date}; {unseen:count} of them are kept for judging."),
        none=_("There are no customers to explore.")),
    "start": Sentence(
        found=_("The criteria start from the found profile: {criteria:criteria}."),
        none=_("No profile was found, so nothing is set: whatever you set is a hypothesis.")),
    "seen": Sentence(
        info=_("The customers judged on were kept away from the search."),
        found=_("The market is so small that the search has seen every customer: the found profile's own lift flatters here.")),
    "cover": Sentence(
        info=_("{customers:count} {customers:customer|customers} ({coverage:percent}) {customers:meets the criteria, and brings|meet the criteria; they bring} {revenue:money} ({share:percent} of the revenue)."),
        none=_("Nobody meets all of these criteria.")),
    "lift": Sentence(
        up=_("On unseen customers they are ideal {lift:times} as often as all ({low:number} to {high:number}; {hits:count} of {n:count})."),
        down=_("On unseen customers they are ideal less often than all: {lift:times} ({low:number} to {high:number}; {hits:count} of {n:count})."),
        unclear=_("On unseen customers no difference can be told: {lift:times} ({low:number} to {high:number}; {hits:count} of {n:count})."),
        too_few=_("Too few unseen customers meet the criteria to say how often they are ideal (n = {n:count}; {needed:count} would do).")),
    "reach": Sentence(
        info=_("{prospects:count} {prospects:prospect meets|prospects meet} the criteria ({share:percent})."),
        not_supplied=_("How many prospects meet the criteria cannot be told: there are none, or they lack one of the traits.")),
    "against": Sentence(
        info=_("Against the found profile you lose {lost:count} {lost:customer|customers}, {ideal:count} of them ideal, and gain {gained:count}."),
        none=_("These are the found profile's customers.")),
    "noise": Sentence(
        down=_("You are tuning to noise: after {tries:count} settings, chance alone would show a lift like this one. Save it as a hypothesis, and let new customers decide."),
        info=_("Settings tried: {tries:count}. Interval widened for the tries: {low:number} to {high:number}."),
        unclear=_("You have tried {tries:count} settings: by chance alone, one of so many looks clearly better in {chance:percent} of cases. Interval widened for the tries: {low:number} to {high:number}.")),
    "saved": Sentence(
        found=_("Saved as {file:text}; it will be judged on customers who come after {as_of:date}."),
        none=_("Nothing is set, so there is nothing to save: tick at least one trait.")),
    "name_of": Sentence(info=_("Name of the hypothesis")),
    "save": Sentence(info=_("Save as a hypothesis")),
    "yes_no": Sentence(found=_("Yes"), none=_("No")),
    "judged": Sentence(
        up=_("{name:text} (saved as of {since:date}): of the customers who came since, its members are ideal {lift:times} as often as all ({low:number} to {high:number}; n = {n:count})."),
        down=_("{name:text} (saved as of {since:date}): of the customers who came since, its members are ideal less often than all: {lift:times} ({low:number} to {high:number}; n = {n:count})."),
        unclear=_("{name:text} (saved as of {since:date}) is still open: {lift:times} ({low:number} to {high:number}; n = {n:count})."),
        too_few=_("{name:text} (saved as of {since:date}) waits for customers: {n:count} {n:member has|members have} come since, {needed:count} would do."),
        none=_("No hypothesis has been saved yet.")),
}
FIGURES: dict = {}
TABLES: dict[str, Table] = {}
LIMITS = [_("Criteria that were set by hand after looking are a hypothesis; only customers who come later can confirm it.")]
