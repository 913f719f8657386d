"""What 09_describe_personas can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "personas": Sentence(
        found=_("Profiles with a persona: {personas:count}. Names and faces are invented; every number is counted among the members."),
        none=_("No profile was found, so there is no persona: somebody invented would say more than the data do."),
        too_few=_("Too few customers for a profile, so there is no persona yet."),
        not_supplied=_("There are no customers yet: the profile is a hypothesis, and nobody stands behind a persona of it."),
    ),
    "persona": Sentence(
        found=_("{persona:text} (an invented name) stands for {customers:count} customers: {criteria:criteria}. More often than others they also show: {lines:criteria}."),
        info=_("{persona:text} (an invented name) stands for {customers:count} customers: {criteria:criteria}. Nothing else sets them apart."),
    ),
    "portrait": Sentence(
        info=_("In the middle of the members, {persona:text} is one of whom this holds: {criterion:criteria}, as of {share:percent} of them ({hits:count} of {n:count}), against {rest:percent} of the other customers."),
        none=_("There is nobody to describe by the middle of her group."),
    ),
    "value": Sentence(
        up=_("{persona:text} sets more store by this than others: {trait:name}, higher by {difference:number} on the scale, beside everything else that was asked ({low:number} to {high:number}; n = {n:count})."),
        down=_("{persona:text} sets less store by this than others: {trait:name}, lower, by {difference:number} on the scale, beside everything else that was asked ({low:number} to {high:number}; n = {n:count})."),
        unclear=_("{persona:text}: of {tried:count} values none is clearly set higher or lower than by others (n = {n:count})."),
        too_few=_("{persona:text}: too few answers to say what is valued (n = {n:count}; {needed:count} would do)."),
        none=_("There is no persona whose values could be set beside those of others."),
        not_supplied=_("What customers value cannot be compared: fewer than three values were asked for on a scale."),
    ),
    "words": Sentence(
        found=_("{persona:text}, in the words of the members: {words:text}. “{word:text}” is written by {share:percent} of the members ({members:count} of {n:count}) and by {rest:percent} of the others."),
        none=_("{persona:text}: of {tried:count} words none is written more often by the members than by others."),
        not_supplied=_("No words can be set beside those of others: there is no persona, or no answer or review whose writer is known."),
    ),
    "tone": Sentence(
        down=_("Where {persona:text} writes “{word:text}”, it is about a pain: {difference:points} of the scale below the other answers ({low:points} to {high:points}; n = {n:count})."),
        up=_("Where {persona:text} writes “{word:text}”, it is a reason to buy: {difference:points} of the scale above the other answers ({low:points} to {high:points}; n = {n:count})."),
        unclear=_("Whether “{word:text}” is a pain or a praise to {persona:text}, the scores do not tell: {difference:points} of the scale ({low:points} to {high:points}; n = {n:count})."),
        too_few=_("Whether “{word:text}” is a pain or a praise to {persona:text} cannot be told (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("There are no words of a persona to hold against scores."),
    ),
    "pains": Sentence(
        found=_("{persona:text}: pains, as the scores are lower where they are written: {pains:text}. Praise, as they are higher: {praise:text}. Not clear: {open:text}."),
        info=_("{persona:text}: no word goes with lower scores, so none is called a pain. Praise, as the scores are higher: {praise:text}. Not clear: {open:text}."),
        none=_("{persona:text}: no word goes with lower or higher scores, so none is called a pain or a praise."),
    ),
    "quote": Sentence(
        info=_("{persona:text}: “{quote:text}” Written by a customer; “{word:text}” is shared by {members:count} of the members."),
        none=_("No sentence may be quoted: none has only words that many customers use."),
    ),
    "measured": Sentence(
        found=_("The data tell of {blocks:text}. Not measured, and so not told: {missing:text}."),
        info=_("The data tell of {blocks:text}: every part of the description is measured."),
        none=_("No part of the description is measured: values, decisions, digital maturity and means would have to be asked for."),
    ),
    "sorted": Sentence(
        found=_("The criteria that say who they are: {criteria:names}. The other criteria are about: {other:text}."),
        info=_("The criteria that say who they are: {criteria:names}. No other part of the description is among the criteria."),
        unclear=_("No criterion says who they are; the criteria are about: {other:text}."),
        none=_("There are no criteria to sort into the parts of a description, or they belong to none of these."),
    ),
    "role": Sentence(
        found=_("{persona:text}: the role that decides most often where it takes part is {role:text}, in {share:percent} of these deals ({hits:count} of {n:count}; {low:percent} to {high:percent}), against {rest:percent} in all other deals."),
        none=_("{persona:text}: too few people are recorded in these deals to say who decides."),
        not_supplied=_("Who decides cannot be told: there is no persona, or no contacts are recorded."),
    ),
    "home": Sentence(
        found=_("{persona:text} at home: {criterion:criteria}, in {share:percent} of the households ({hits:count} of {n:count}; {low:percent} to {high:percent}), against {rest:percent} of the others."),
        none=_("{persona:text}: nothing is known of the households."),
        not_supplied=_("There is no persona whose household could be described."),
    ),
    "funnel": Sentence(
        found=_("{reached:percent} of {n:count} journeys end in a purchase ({low:percent} to {high:percent}); most are lost on the way from {stage:text} to {next:text}, where {kept:percent} go on."),
        not_supplied=_("The journey cannot be followed: no touchpoints with stages are supplied."),
    ),
    "records": Sentence(
        found=_("Touches are missing from the records: more journeys have one at the stage {stage:text} than at the stage before it. {unmapped:count} {unmapped:touch has|touches have} a stage that is not known."),
        info=_("Every touch has a stage that is known but {unmapped:count}."),
        none=_("Every touch has a stage that is known, and no stage has more journeys than the one before."),
    ),
    "buys": Sentence(
        up=_("Journeys of those who fit a profile end in a purchase more often than others: {share:percent} against {rest:percent}, a difference of {difference:points} ({low:points} to {high:points}; n = {n:count})."),
        down=_("Journeys of those who fit a profile end in a purchase less often than others: {share:percent} against {rest:percent}, a difference of {difference:points} ({low:points} to {high:points}; n = {n:count})."),
        unclear=_("Whether those who fit a profile buy more often cannot be told: {share:percent} against {rest:percent} of the journeys ({low:points} to {high:points}; n = {n:count})."),
        too_few=_("Too few journeys of those who fit a profile (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("There is no profile to compare journeys by, or none of its members has a journey."),
    ),
    "time": Sentence(
        found=_("The longest stage is {stage:text}: half of the journeys leave it within {days:days} ({low:count} to {high:count}; n = {n:count}, {open:count} of them still in it)."),
        unclear=_("How long {stage:text} takes cannot be told yet: less than half of {n:count} journeys have left it."),
        not_supplied=_("How long a stage takes cannot be told without touchpoints."),
    ),
    "path": Sentence(
        found=_("The most frequent way to a purchase is {path:text}: {share:percent} ({leads:count} of {n:count}; {low:percent} to {high:percent})."),
        none=_("No way to a purchase was gone by enough journeys to be told (n = {n:count})."),
        not_supplied=_("Without touchpoints no way to a purchase can be told."),
    ),
    "channel": Sentence(
        up=_("{persona:text} is met through {channel:text} more often than others: {share:percent} of the journeys ({hits:count} of {n:count}) against {rest:percent}, a difference of {difference:points} ({low:points} to {high:points})."),
        down=_("{persona:text} is met through {channel:text} less often than others: {share:percent} of the journeys ({hits:count} of {n:count}) against {rest:percent}, a difference of {difference:points} ({low:points} to {high:points})."),
        unclear=_("{persona:text}: no channel is clearly used more or less than by others; the widest gap is {channel:text}, {difference:points} ({low:points} to {high:points}; n = {n:count})."),
        too_few=_("{persona:text}: too few journeys to say which channels reach her (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Which channels reach whom cannot be told: there is no persona, or none of its members has a journey."),
    ),
    "credit": Sentence(
        found=_("{channel:text} gets the largest share of credit: {removal:percent} of the purchases that would be missing without a channel ({low:percent} to {high:percent}), against {first:percent} by first touch and {last:percent} by last. It is a share of credit, not cause."),
        none=_("No channel goes with purchases more than chance would have it ({bought:count} of {journeys:count} journeys); first and last touch would name {first:text} and {last:text} all the same."),
        too_few=_("Too few journeys have ended to share out credit ({bought:count} bought of {journeys:count}); 30 that go on and 30 that do not would do."),
        not_supplied=_("Without touchpoints no channel can be given credit."),
    ),
    "late": Sentence(
        found=_("Left out of the credit because it follows the decision: {channels:text}. By last touch it would have {last:percent}."),
        none=_("No channel is left out for following the decision."),
    ),
}

FIGURES = {
    "cards": Figure(
        caption=_("The personas, drawn and named at will. Bars: share of the members; marks: share of all other customers."),
        alt=_("{personas:count} {personas:card|cards} with an invented face and up to six bars each. The widest gap is {criterion:criteria} of {persona:text}: {share:percent} of the members, {rest:percent} of the others."),
    ),
    "values": Figure(
        caption=_("What each persona values more (to the right) or less than other customers, with 95% intervals"),
        alt=_("Dots with intervals for {shown:count} {shown:value|values}; the line at zero is how others answer. On the scale the highest lies {highest:number} from it, the lowest {lowest:number}."),
    ),
    "deciders": Figure(
        caption=_("Who decides, or how the household is: share among the members with 95% intervals, and among all others"),
        alt=_("Pairs of dots for {shown:count} {shown:line|lines}, members in blue with an interval, all others in grey. The highest share among the members is {highest:percent}, the lowest {lowest:percent}."),
    ),
    "funnel": Figure(
        caption=_("Share of journeys that reach each stage, with 95% intervals (n = {n:count})"),
        alt=_("Lines from discovery to purchase. Of all journeys {research:percent} reach research, {decision:percent} a decision and {purchase:percent} a purchase."),
    ),
    "channels": Figure(
        caption=_("Channels that meet the members more often than others: share of the journeys, with 95% intervals"),
        alt=_("Pairs of dots for {shown:count} {shown:channel|channels}, members in blue with an interval, all others in grey. The widest gap is {channel:text}, {difference:points}."),
    ),
    "ends": Figure(
        caption=_("Where {bought:count} purchases began and ended: first and last touch. Neither is a measure of what a channel did."),
        alt=_("Two dots a channel for {shown:count} {shown:channel|channels}: first touch and last touch. First touch is most often {channel:text}, {share:percent}."),
    ),
    "credit": Figure(
        caption=_("Credit of channels by first touch, last touch and removal (with 95% intervals), over {bought:count} purchases"),
        alt=_("Three dots a channel for {shown:count} {shown:channel|channels}: first touch, last touch, removal. By removal the highest is {channel:text}, {removal:percent}."),
    ),
}

TABLES = {
    "portrait_table": Table(
        caption=_("The middle of each group: levels of its medoid that enough members share, and the middle half of numbers."),
        columns={"persona": (_("Persona (invented)"), "text"), "criteria": (_("In the middle of the members"), "criteria"),
                 "share": (_("Share of the members"), "percent"), "rest": (_("Share of the others"), "percent"),
                 "hits": (_("Members like that"), "count"), "n": (_("Members for whom it is known"), "count")}),
    "words_table": Table(
        caption=_("Words that members write more often than others, counted in customers, each language by itself"),
        columns={"persona": (_("Persona (invented)"), "text"), "word": (_("Word"), "text"),
                 "members": (_("Members who write it"), "count"), "share": (_("Share of the members"), "percent"),
                 "rest_share": (_("Share of the others"), "percent"), "tone": (_("Tone"), "text")}),
    "measured_table": Table(
        caption=_("The parts of a description that the data hold. Nothing is inferred from other traits."),
        columns={"block": (_("Part of the description"), "text"), "columns": (_("Held by"), "names"), "criteria": (_("Of these, criteria of a profile"), "names")}),
    "times_table": Table(
        caption=_("How long journeys stay in each stage; those still in it count as lasting on."),
        columns={"stage": (_("Stage"), "text"), "n": (_("Journeys that entered it"), "count"), "ended": (_("Have left it"), "count"),
                 "days": (_("Half have left within (days)"), "number"), "low": (_("from"), "number"), "high": (_("to"), "number")}),
    "paths_table": Table(
        caption=_("The most frequent ways to a purchase, without what follows the decision"),
        columns={"path": (_("Way"), "text"), "leads": (_("Journeys"), "count"), "share": (_("Share of the purchases"), "percent"),
                 "low": (_("from"), "percent"), "high": (_("to"), "percent")}),
}

LIMITS = [
    _("Names and faces are invented; a persona is the middle of its group, and nobody in it need be like that in every line."),
    _("Those who answer and those whose touches are recorded need not be like those who are silent."),
    _("Credit is shared out by what goes together with purchases; only a trial with a group held out shows what a channel brings about."),
]

LABELS = [_("pain"), _("praise"), _("not clear"), _("discovery"), _("research"), _("decision"), _("purchase"), _("who they are"), _("buying behaviour"), _("motivation"), _("experience with earlier suppliers"), _("values"), _("decision process"), _("digital maturity"),
          _("economic potential"), _("needs"), _("interests"), _("lifestyle"), _("personality")]
