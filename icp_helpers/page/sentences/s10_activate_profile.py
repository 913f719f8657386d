"""What 10_activate_profile can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _
from icp_helpers.page.sentences import plan

SENTENCES = {
    "loaded": Sentence(
        info=_("{leads_open:people} open {leads_open:lead|leads} and {prospects:count} {prospects:prospect|prospects} are on the lists; {rows:count} {rows:customer|customers}, observed until {as_of:date}."),
        none=_("There is no list of open leads or prospects: nobody can be called, and what follows is the plan."),
    ),
    "ranked_found": Sentence(
        found=_("{contacts:people} {contacts:is|are} worth contacting first: {leads_open:people} open {leads_open:lead|leads} and {prospects:count} {prospects:prospect|prospects} who fit a profile that was shown, and may be contacted. Each has her reasons in the list."),
        none=_("Nobody on the lists fits a profile and may be contacted."),
        not_supplied=_("A profile was shown, and there is no list of open leads or prospects to use it on."),
    ),
    "ranked_score": Sentence(
        found=_("No profile was shown, but the score tells ideal customers from others on customers it had not seen: {contacts:people} {contacts:has|have} at least twice the odds of the average customer ({leads_open:people} open {leads_open:lead|leads}, {prospects:count} {prospects:prospect|prospects})."),
        none=_("The score tells ideal customers from others, and nobody on the lists who may be contacted stands out by it."),
        not_supplied=_("The score tells ideal customers from others, and there is no list of open leads or prospects to use it on."),
    ),
    "ranked_hypothesis": Sentence(
        found=_("{contacts:people} prospects and open leads fit the hypothesis best. They are a test, not a target: nothing has shown yet that they buy."),
        none=_("Nobody on the lists who may be contacted fits most of the hypothesis."),
        not_supplied=_("There is a hypothesis, and no list of prospects to try it on."),
    ),
    "ranked_none": Sentence(
        none=_("Nobody should be ranked: no profile was shown, and no score tells ideal customers from others on unseen customers. Calling in any order is as good as calling in this one."),
        not_supplied=_("Nobody should be ranked: no profile was shown, no score tells, and there is no list."),
    ),
    "left_out": Sentence(
        found=_("{left_out:people} of {listed:count} {left_out:is|are} left out: {opted_out:people} {opted_out:has|have} opted out, {protected:people} {protected:is|are} protected from advertising, {no_consent:people} {no_consent:has|have} given no consent that is known."),
        none=_("Nobody on the lists has opted out or is protected from advertising."),
        not_supplied=_("No list says who has opted out or is protected from advertising: look that up before anybody is called."),
    ),
    "lacking": Sentence(
        found=_("The lists lack {names:names}, which the profile asks for; whoever meets the rest cannot be told from whoever does not."),
        none=_("The lists hold every column that the profile asks for."),
    ),
    "reasons": Sentence(
        found=_("The most frequent reason is: {reason:text} ({people:count} of the {chosen:people} chosen)."),
        none=_("There are no reasons to show, as nobody is ranked by a score."),
    ),
    "held_out": Sentence(
        found=_("{held_out:people} of {contacts:people} {held_out:is|are} held out by lot and left in peace, so that the campaign can be told from what would have happened anyway. The two groups are alike: the largest difference is {worst:number} standard deviations."),
        unclear=_("{held_out:people} of {contacts:people} {held_out:is|are} held out by lot. The two groups differ by up to {worst:number} standard deviations ({trait:name}), and no draw was better: read the result with that in mind."),
        info=_("{contacts:people} who fit the hypothesis and {compared:people} others, drawn by lot, are to be worked in the same way: the others show what the hypothesis adds."),
        too_few=_("Nobody is held out: with {contacts:people} {contacts:contact|contacts} a campaign cannot be tested ({needed:count} would be the least)."),
        none=_("Nobody is held out, as nobody is ranked."),
    ),
    "power": Sentence(
        found=_("Such a test shows the campaign if it lifts the conversion of {conversion:percent} to at least {lift:times} as much (power {power:percent}). A smaller effect would not be seen."),
        info=_("To show that such leads convert twice as often as others ({conversion:percent} assumed), {needed:count} leads are needed in each of the two groups (power {power:percent})."),
        too_few=_("The groups are too small to show any effect of the campaign."),
        none=_("There is no test to plan, as nobody is held out."),
    ),
    "channels": Sentence(
        found=_("{best:text} brings a won lead at the lowest expected cost: {cost:money} ({low:money} to {high:money}). {dearer:count} other {dearer:channel is|channels are} surely dearer."),
        unclear=_("{best:text} and {tied:text} cannot be told apart as the cheapest: {cost:money} a won lead ({low:money} to {high:money}) by the first. {dearer:count} other {dearer:channel is|channels are} surely dearer."),
        too_few=_("Too few leads of paid channels to compare them by cost."),
        not_supplied=_("The cost of a won lead by channel needs leads with their channel, and spending."),
    ),
    "channels_fit": Sentence(
        found=_("For leads that fit, {best:text} is the cheapest way to a won one: {cost:money} ({low:money} to {high:money}), all of the channel's spending counted against them. {dearer:count} other {dearer:channel is|channels are} surely dearer."),
        unclear=_("For leads that fit, {best:text} and {tied:text} cannot be told apart as the cheapest: {cost:money} a won one ({low:money} to {high:money}) by the first. {dearer:count} other {dearer:channel is|channels are} surely dearer."),
        too_few=_("Too few won leads fit a profile to compare the channels for them alone."),
    ),
    "differ": Sentence(
        found=_("The channels differ in the share of leads that they win by more than chance; channels with few leads are drawn towards the others."),
        none=_("No evidence that the channels differ in the share of leads that they win: what differs is the price of a lead."),
        not_supplied=_("Whether the channels differ in what they win cannot be said without leads and their channels."),
    ),
    "unknown_channels": Sentence(
        found=_("Of no known kind, and kept under other: {names:text}."),
        none=_("Every channel is of a known kind (social media, e-mail, content, search and ads, own website, reviews and forums, people, events and places)."),
        not_supplied=_("No table names a channel."),
    ),
    "new_levels": Sentence(
        found=_("First seen since {since:date}: {names:text}. What is new has too short a history to be judged by it."),
        none=_("No channel and no technology is new since {since:date}."),
        not_supplied=_("Whether a channel or a technology is new cannot be said without leads, touchpoints or spending by date."),
    ),
    "effort": Sentence(
        up=_("Leads that fit take {effort:percent} of the spending and bring {wins:percent} of the wins ({low:points} to {high:points} more than their share): spending more on them is worth a test."),
        down=_("Leads that fit take {effort:percent} of the spending and bring only {wins:percent} of the wins ({low:points} to {high:points} of difference): spending more on them is not supported."),
        unclear=_("Leads that fit take {effort:percent} of the spending and bring {wins:percent} of the wins: no evidence that they bring more than they take."),
        too_few=_("Too few leads with a known cost to compare spending with wins (n = {n:count}; {needed:count} would do)."),
        none=_("Spending cannot be held against a profile, as none was shown or the leads lack its columns."),
        not_supplied=_("Whom the spending reaches cannot be said without spending and leads."),
    ),
    "waste": Sentence(
        found=_("{waste:money} ({waste_share:percent}) of the spending went to leads of the kind that is not worth chasing."),
        none=_("No spending can be called wasted: no group was shown that is not worth chasing."),
    ),
    "phrases": Sentence(
        found=_("{phrases:count} {phrases:phrase is|phrases are} used more by members of the profile than by others. The most frequent: “{phrase:text}” ({members:count} members, {share:percent} of those who wrote; {other_share:percent} of the others)."),
        none=_("No message is suggested: no phrase is shared by enough members and used more by them than by others."),
        not_supplied=_("No message is suggested: there are no answers or reviews by known customers, or no profile."),
    ),
    "campaign": Sentence(
        up=_("{campaign:text}: {rate:percent} of those contacted bought ({won:count} of {people:count}), {others_rate:percent} of those held out ({others_won:count} of {others:count}): the campaign brought {low:points} to {high:points} more."),
        down=_("{campaign:text}: {rate:percent} of those contacted bought ({won:count} of {people:count}), {others_rate:percent} of those held out ({others_won:count} of {others:count}): the campaign cost {low:points} to {high:points}."),
        unclear=_("{campaign:text}: {rate:percent} of those contacted bought ({won:count} of {people:count}), {others_rate:percent} of those held out ({others_won:count} of {others:count}). No evidence that the campaign did anything, after correction for the campaigns tried."),
        too_few=_("{campaign:text}: too few people were contacted or held out to say what it did (n = {n:count})."),
        none=_("{campaign:text}: nobody was held out, so what it did cannot be told from what would have happened anyway."),
    ),
    "no_campaigns": Sentence(not_supplied=_("Campaigns are not supplied; counted by group, contacted and held out, they would show what each has brought.")),
    "message": Sentence(
        found=_("The message that does better than the others: {option:text} ({rate:percent} bought, {others_rate:percent} of those who were told something else; {low:points} to {high:points} more). Comparisons made: {tried:count}."),
        unclear=_("No message is surely better than the others (comparisons made: {tried:count})."),
        too_few=_("Too few people were told each message to compare them."),
        not_supplied=_("Tests of messages are not supplied; a campaign with two messages would show which words work."),
    ),
    "group": Sentence(
        found=_("For {place:text} the campaign to choose is {option:text}: {rate:percent} bought, {others_rate:percent} in other campaigns ({low:points} to {high:points} more). Groups and campaigns compared: {tried:count}."),
        unclear=_("No campaign is surely better than another for any group of customers (compared: {tried:count})."),
        too_few=_("Too few people of each group were in a campaign to choose one for it."),
        not_supplied=_("Which campaign suits which group cannot be said: campaigns are not counted by segment."),
    ),
    "lessons": Sentence(
        up=_("Actions brought more than was expected: {ratio:number} times as much on average ({low:number} to {high:number}; n = {n:count}). The plans were too careful."),
        down=_("Actions brought less than was expected: {ratio:number} times as much on average ({low:number} to {high:number}; {fell_short:count} of {n:count} fell short). Plan with that."),
        unclear=_("No evidence that actions bring more or less than was expected: {ratio:number} times as much on average ({low:number} to {high:number}; n = {n:count})."),
        too_few=_("Too few finished actions with what was expected and what came to learn from them (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Lessons are not supplied; what was expected of each action, and what came, would show how far plans can be trusted."),
    ),
    "response": Sentence(
        up=_("Customers of the profile wait longer for a first answer: {inside:number} hours against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        down=_("Customers of the profile wait less for a first answer: {inside:number} hours against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        unclear=_("No evidence that customers of the profile wait longer or shorter for a first answer: {inside:number} hours against {outside:number} ({low:number} to {high:number} times as much)."),
        too_few=_("Too few customers with cases to compare the time to a first answer (n = {n:count}; {needed:count} would do)."),
    ),
    "solution": Sentence(
        up=_("Their cases take longer to close: {inside:number} hours against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        down=_("Their cases are closed sooner: {inside:number} hours against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        unclear=_("No evidence that their cases take longer or shorter: {inside:number} hours against {outside:number} ({low:number} to {high:number} times as much)."),
        too_few=_("Too few customers with closed cases to compare the time to a solution (n = {n:count}; {needed:count} would do)."),
    ),
    "cases": Sentence(
        up=_("They need service more often: {inside:number} cases a year against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        down=_("They need service less often: {inside:number} cases a year against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        unclear=_("No evidence that they need service more or less often: {inside:number} cases a year against {outside:number} ({low:number} to {high:number} times as much)."),
        too_few=_("Too few customers to compare how often they need service (n = {n:count}; {needed:count} would do)."),
    ),
    "no_needs": Sentence(none=_("What customers of the profile need from service cannot be held against others: no profile was shown, or there are no cases.")),
    "response_effect": Sentence(
        up=_("Fast answers go with satisfied customers: {fast:percent} of those answered within {hours:number} hours on average are satisfied, {slow:percent} of the others ({low:points} to {high:points} more)."),
        down=_("Fast answers go with less satisfied customers: {fast:percent} of those answered within {hours:number} hours on average are satisfied, {slow:percent} of the others ({low:points} to {high:points} of difference)."),
        unclear=_("No evidence that faster answers go with satisfaction: {fast:percent} of those answered within {hours:number} hours on average are satisfied, {slow:percent} of the others ({low:points} to {high:points})."),
        too_few=_("Too few customers with both a case and an answer to say what speed does for satisfaction (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Service needs cannot be told without cases at customer service."),
    ),
    "feature": Sentence(
        up=_("What customers of the profile use more than others: {event:text} ({inside:percent} against {outside:percent}; {low:points} to {high:points} more)."),
        down=_("What customers of the profile use less than others: {event:text} ({inside:percent} against {outside:percent}; {low:points} to {high:points} of difference)."),
        unclear=_("No evidence that customers of the profile use anything more or less than others; the largest difference: {event:text} ({inside:percent} against {outside:percent})."),
        too_few=_("Too few customers inside or outside the profile to compare what they use (n = {n:count}; {needed:count} would do)."),
        none=_("Use cannot be compared: no profile was shown, or too few customers meet it."),
        not_supplied=_("What they use cannot be told without events of use."),
    ),
    **plan.SENTENCES,
}

FIGURES = {
    "tiers": Figure(caption=_("Who is on the lists, by tier: A fits best, C least"),
        alt=_("Bars by tier for those who may be contacted: A {a:people}, B {b:people}, C {c:people}; beside them, in grey, those who may not: {left_out:people}.")),
    "channels": Figure(caption=_("Expected cost of a won lead by channel, with 95% intervals; leads had {days:days} to be won"),
        alt=_("Dots with intervals for {channels:count} {channels:channel|channels}, on a scale of powers of ten, from {cheapest:money} ({best:text}) to {dearest:money} ({worst:text}).")),
    **plan.FIGURES,
}

TABLES = {
    "reasons": Table(
        caption=_("Why the chosen ones fit; a person or firm has up to three reasons"),
        columns={"reason": (_("Reason"), "text"), "people": (_("Chosen"), "count")},
    ),
    "balance": Table(
        caption=_("How alike those who are contacted and those who are held out are, the least alike first"),
        columns={"trait": (_("Trait"), "name"), "alike": (_("Alike"), "level"), "difference": (_("Difference, standard deviations"), "number")},
    ),
    "channels": Table(
        caption=_("The channels, cheapest first; the share won is drawn towards that of all channels where leads are few"),
        columns={"channel": (_("Channel"), "text"), "kind": (_("Kind"), "text"), "leads": (_("Leads"), "count"),
                 "pooled": (_("Won"), "percent"), "cost": (_("Cost of a won lead"), "money"), "verdict": (_("Judgement"), "text")},
    ),
    "campaigns": Table(
        caption=_("Campaigns against those held out by lot, the largest gain first"),
        columns={"campaign": (_("Campaign"), "text"), "people": (_("Contacted"), "count"), "rate": (_("Bought"), "percent"),
                 "others_rate": (_("Bought of those held out"), "percent"), "low": (_("Gain, from"), "points"), "high": (_("to"), "points")},
    ),
    "phrases": Table(
        caption=_("In their own words: phrases that members of the profile use more than others"),
        columns={"phrase": (_("Phrase"), "text"), "members": (_("Members"), "count"), "share": (_("Of members who wrote"), "percent"),
                 "other_share": (_("Of others who wrote"), "percent")},
    ),
    **plan.TABLES,
}

LIMITS = [
    _("The lists say who fits, not who will buy; what the campaign does is known when the group held out has been counted."),
    _("A channel's cost is that of the past: more money in one channel may find dearer leads, and the last touch gets all the credit here."),
    _("Prospects stand for the market only as far as their list was not chosen."),
]

LABELS = [
    _("may be contacted"), _("may not be contacted"), _("opted out"), _("protected from advertising"), _("no consent known"),
    _("lead"), _("prospect"), _("campaign"), _("held out"), _("compared"), _("cheapest"), _("tied"), _("dearer"), _("too few leads"), _("no spending known"),
    _("social media"), _("e-mail"), _("content"), _("search and ads"), _("own website"), _("reviews and forums"), _("people"), _("events and places"), _("other"),
    _("sales"), _("marketing"), _("product"), _("customer service"), _("nobody"),
    _("no owner"), _("no department"), _("no date"), _("due before start"), _("past its deadline"), _("no budget"), _("no KPI"), _("KPI unknown"),
    _("over budget"), _("met"), _("not met"), _("open"), _("stopped"), _("hypothesis"), _("supported"), _("refuted"),
    _("List"), _("Id"), _("Rank"), _("Fit"), _("Tier"), _("Profile"), _("Reasons"), _("Group"), _("Why not"),
    _("all leads"), _("leads that fit"), _("average"), _("Share of ideal customers"), _("Cost of a won lead"), _("Phrase"), _("Department"),
    _("Still open"), _("Owners"), _("The ideal customer profile"), _("Who are they?"), _("Whom do we contact?"), _("Which channels?"),
    _("What do we say?"), _("What do they need?"), _("Who does what?"), _("Hypothesis or tested?"), _("What does this not show?"), _("against"),
    _("surveys"), _("reviews"), _("Open leads and prospects"), _("Tier"), _("Cost of a won lead, on a scale of powers of ten"), _("Start to due date"),
]
